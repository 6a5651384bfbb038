"""The tables of a report: results.csv, review.csv, and what Gradescope reads.

One row for each answer, in the order in which they came.  What is typed by students
stands here only after `tables` has made it harmless.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from symderiv.documents.crediting import shown
from symderiv.marking.answers import Answer
from symderiv.marking.judging import marks_of
from symderiv.marking.keys import Key
from symderiv.marking.tables import csv_text

_HEAD: Final = (
    *("student", "question", "attempt", "verdict", "form", "first wrong line", "marks", "of"),
    *("consistent with", "answer", "read as", "reason", "feedback"),
)
_WAITING: Final = (
    "What could not be decided is counted in full here until a person has looked at it; "
    "nothing is deducted for it."
)
_UNREAD: Final = (
    "Not counted yet, since it could not be read: hand it in again as it says below, or a person "
    "will look at it."
)
_SHOWN: Final = 1000  # letters of an answer in a table
_FORMS: Final = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True)
class Marking:
    """An answer, what a worker said of it, and which attempt at its question it was."""

    answer: Answer
    record: Mapping[str, Any]
    attempt: int

    @property
    def waits(self) -> bool:
        """Whether a person must look at it."""
        return self.record["verdict"] in ("undecided", "unreadable")


def results_csv(key: Key, marked: Iterable[Marking], pages: Mapping[str, str]) -> str:
    """Every answer."""
    return csv_text(_HEAD, (_row(key, one, pages) for one in marked))


def review_csv(key: Key, marked: Iterable[Marking], pages: Mapping[str, str]) -> str:
    """Those that a person must look at, and no others."""
    return csv_text(_HEAD, (_row(key, one, pages) for one in marked if one.waits))


def _row(key: Key, one: Marking, pages: Mapping[str, str]) -> tuple[str, ...]:
    answer, record = one.answer, one.record
    marks = marks_of(record)
    text = answer.text if len(answer.text) <= _SHOWN else answer.text[:_SHOWN] + "…"
    return (
        answer.student,
        answer.question,
        str(one.attempt),
        record["verdict"],
        _FORMS[record["form_ok"]],
        str(record["first_wrong"] or ""),
        "" if marks is None else shown(marks),
        shown(_of(key, answer)),
        "; ".join(record["misconceptions"]),
        text,
        record["read"],
        record["reason"],
        pages[answer.student],
    )


def _of(key: Key, answer: Answer) -> Fraction:
    question = key.questions.get(answer.question)
    return Fraction() if question is None else question.rubric.marks


def gradescope(key: Key, marked: tuple[Marking, ...], *, named: bool) -> str:
    """Results as Gradescope's autograder reads them: one test for each answer that counts.

    That is the last to each question.  What is undecided is counted in full until a person has
    looked at it, what could not be read is not: it can be handed in again.  The text says so.
    """
    last = {(one.answer.student, one.answer.question): one for one in marked}
    results = {"tests": list(_tests(key, last.values(), named)), "output_format": "text"}
    return json.dumps(results, ensure_ascii=False, indent=2) + "\n"


def _tests(key: Key, marked: Iterable[Marking], named: bool) -> Iterator[dict[str, object]]:
    for one in marked:
        question = key.questions.get(one.answer.question)
        title = one.answer.question if question is None else question.title
        of = float(_of(key, one.answer))
        marks = marks_of(one.record)
        text = one.record["text"].strip("\n")
        if marks is None:
            unread = one.record["verdict"] == "unreadable"
            marks = Fraction() if unread else Fraction(one.record["meanwhile"])
            text = f"{_UNREAD if unread else _WAITING}\n\n{text}"
        yield {
            "name": f"{one.answer.student}: {title}" if named else title,
            "score": float(marks),
            "max_score": of,
            "output": text,
            "output_format": "text",
            "visibility": "visible",
        }
