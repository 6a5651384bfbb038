"""What a worker does with one answer: check it, credit it, and say it for the report.

A record is plain texts and numbers, ready for JSON; a piece of a page is printed here, in the
process that has limits, so that printing a monster harms nobody either.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, TypeAlias

from symderiv.documents.composing import glossed
from symderiv.documents.crediting import credit_block
from symderiv.documents.document import Block, Document, Paragraph, Passage
from symderiv.documents.feedback import (
    VERDICTS,
    check_passage,
    laws_of,
    marked_passage,
    question_blocks,
    solution_document,
)
from symderiv.documents.rendering import render_fragment
from symderiv.homework.results import Check, Marked, MarkedLine
from symderiv.homework.rubric import credit
from symderiv.interface import check, check_lines
from symderiv.judging.signatures import signature
from symderiv.language.expressions import Expr, Relation
from symderiv.marking.keys import Question, read_key
from symderiv.marking.worker import Job, serve
from symderiv.marking.workers import Limits
from symderiv.printing.unicode import unicode_text

Formats: TypeAlias = tuple[str, ...]
"""The formats in which a student's page is written."""

HTML: Final = ("html",)
_SHOWN: Final = 200  # letters of an answer that the class page shows


def make_job(setup: Mapping[str, Any]) -> Job:
    """The job of a worker: the key is read and posed once, then answered to."""
    key, formats = read_key(setup["key"]), tuple(setup.get("formats", HTML))

    def judge(task: Mapping[str, str]) -> dict[str, Any]:
        question = key.questions[task["question"]]
        if "text" not in task:
            return solved(question, formats)
        return judged(question, task["text"], key.hints, formats)

    return judge


def judged(
    question: Question, text: str, strength: int = 3, formats: Formats = HTML
) -> dict[str, Any]:
    """What is said of one answer, for the tables and as pieces of a page with hints."""
    found: Check | Marked
    if question.lines:
        found = check_lines(question.problem, text)
        passage = marked_passage(found, question.name, question.title, strength)
    else:
        found = check(question.problem, text)
        passage = check_passage(found, question.name, question.title, strength)
    earned = credit(found, question.rubric)
    marks = None if earned.marks is None else str(earned.marks)
    whole = Passage(passage.id, passage.title, (*passage.blocks, credit_block(earned)))
    page = Document("", (whole,), glossary=tuple(map(glossed, laws_of(found, strength))))
    credited = {"marks": marks, "meanwhile": str(earned.meanwhile)}
    return {**_said(found, question), **credited, **_pieces(page, formats)}


def _said(found: Check | Marked, question: Question) -> dict[str, Any]:
    """Verdict, misconceptions, and what is alike between answers."""
    if isinstance(found, Check):
        slips, value, wrong, form_ok = found.misconceptions, found.read, None, found.form_ok
        reason = _witness(found) or found.reason
    else:
        wrong, form_ok, reason = found.first_wrong, None, found.reason
        lines = found.lines
        line = lines[wrong] if wrong is not None else lines[-1] if lines else None
        slips, value = (line.misconceptions, line.read) if line else ((), None)
        reason = _witness(line) if line else reason
        waiting = [k for k in lines if k.verdict in ("undecided", "unreadable") and k.reason]
        reason = reason or (waiting[0].reason if waiting else "")
    return {
        "verdict": found.verdict,
        "form_ok": form_ok,
        "first_wrong": None if wrong is None else wrong + 1,
        "reason": " ".join(reason.split()) if found.verdict != "correct" else "",
        "misconceptions": [slip.name for slip in slips[:1]],
        "read": "" if value is None else unicode_text(value)[:_SHOWN],
        "plain": _short(value),
        "group": "" if value is None else _alike(value, question),
    }


def _witness(found: Check | MarkedLine) -> str:
    """A point and both values there, where something is wrong; else empty."""
    if found.verdict not in ("incorrect", "wrong") or found.values == ("", ""):
        return ""
    at = ", ".join(f"{name} = {value}" for name, value in found.witness.items())
    return f"{f'At {at}' if at else 'It is'}: {found.values[0]} instead of {found.values[1]}."


def _short(value: Expr | None) -> str:
    """A formula in plain text that reads back, if it is short enough for a table."""
    spelled = "" if value is None else str(value)
    return spelled if len(spelled) <= _SHOWN else ""


def _alike(value: Expr, question: Question) -> str:
    if isinstance(value, Relation):
        value = value.terms[-1]
    return signature(value, question.problem.setting)


def solved(question: Question, formats: Formats = HTML) -> dict[str, Any]:
    """Our own derivation of a question, as a piece of a page."""
    page = solution_document(question.problem.derivation, question.name)
    return _pieces(page, formats, "Rules used in the solution")


def _pieces(page: Document, formats: Formats, title: str = "Rules used") -> dict[str, str]:
    """The page as it stands on a student's in each format, and as Gradescope shows it."""
    wanted = dict.fromkeys((*formats, "text"))
    return {form: render_fragment(page, form, title) for form in wanted}


# --- where nothing came of it -------------------------------------------------------------------


def failed(
    question: Question | None, failure: str, limits: Limits, formats: Formats = HTML
) -> dict[str, Any]:
    """The record of an answer with which no worker came to an end: a person will look."""
    reasons = {
        "time": f"Checking this took more than {limits.seconds} seconds of computing.",
        "memory": f"Checking this took more than {limits.megabytes} megabytes.",
        "waited": f"Nothing came of checking this for {limits.patience:g} seconds.",
        "crashed": "The process that checked this ended twice.",
    }
    reason = reasons.get(failure, f"Checking this failed: {failure}")
    return unjudged(question, "undecided", reason, formats)


def unjudged(
    question: Question | None, verdict: str, reason: str, formats: Formats = HTML
) -> dict[str, Any]:
    """The record of an answer that was not judged, with the reason."""
    said: tuple[Block, ...] = (Paragraph((reason,), verdict),)
    if verdict == "undecided":
        said = (Paragraph((VERDICTS[verdict],), verdict), Paragraph((reason,)))
    if question is None:
        passage = Passage("other", "An answer that belongs to no question", said)
    else:
        asked = tuple(question_blocks(question.problem.derivation))
        passage = Passage(question.name, question.title, (*asked, *said))
    worth = Fraction() if question is None else question.rubric.marks
    record: dict[str, Any] = {
        "meanwhile": str(worth),
        "form_ok": None,
        "first_wrong": None,
        "misconceptions": [],
        "read": "",
        "plain": "",
        "group": "",
    }
    pieces = _pieces(Document("", (passage,)), formats)
    return {"verdict": verdict, "reason": reason, "marks": None, **record, **pieces}


def marks_of(record: Mapping[str, Any]) -> Fraction | None:
    """The marks in a record; None where a person must look first."""
    return None if record["marks"] is None else Fraction(record["marks"])


if __name__ == "__main__":
    serve(make_job)
