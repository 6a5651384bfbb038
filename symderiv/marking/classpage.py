"""The page of a class: how it went, which answers were equal, what was believed how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import symderiv
from symderiv.catalogue.gathering import shipped
from symderiv.documents.composing import reason_of
from symderiv.documents.crediting import shown
from symderiv.documents.document import Block, Document, Paragraph, Passage, Prose, Table
from symderiv.documents.feedback import question_blocks
from symderiv.errors import Mistake
from symderiv.judging.signatures import POINTS
from symderiv.marking.judging import marks_of
from symderiv.marking.keys import Key, Question
from symderiv.marking.tabulating import Marking
from symderiv.reading import read

_VERDICTS: Final = ("correct", "incorrect", "undecided", "unreadable")
_GROUPS: Final = 40  # of equal answers that are listed for a question


def class_page(key: Key, marked: tuple[Marking, ...]) -> Document:
    """The page; of several attempts of a student the last one counts."""
    last = {(one.answer.student, one.answer.question): one for one in marked}
    by_question: dict[str, list[Marking]] = {name: [] for name in key.questions}
    for one in last.values():
        by_question.get(one.answer.question, []).append(one)
    sections = [_overview(key, by_question), *_misconceptions(by_question)]
    for name, theirs in by_question.items():
        if theirs:
            sections.append(_question(key.questions[name], theirs))
    return Document(key.title, tuple(sections), version=symderiv.__version__)


def _overview(key: Key, by_question: dict[str, list[Marking]]) -> Passage:
    head: tuple[Prose, ...] = (
        ("Question",), ("Answers",), *((name.capitalize(),) for name in _VERDICTS),
        ("Mean mark",), ("Of",),
    )  # fmt: skip
    rows = tuple(_overview_row(key.questions[n], theirs) for n, theirs in by_question.items())
    students = {one.answer.student for theirs in by_question.values() for one in theirs}
    said = Paragraph((f"{len(students)} students. What is undecided or could not be read stands in "
                      "review.csv and is in no mean.",))  # fmt: skip
    return Passage("overview", "Overview", (Table(head, rows), said))


def _overview_row(question: Question, theirs: list[Marking]) -> tuple[Prose, ...]:
    counts = Counter(one.record["verdict"] for one in theirs)
    marks = [m for one in theirs if (m := marks_of(one.record)) is not None]
    mean = Fraction(round(100 * sum(marks, Fraction()) / len(marks)), 100) if marks else None
    return (
        (question.title,),
        (str(len(theirs)),),
        *((str(counts[name]),) for name in _VERDICTS),
        (shown(mean),),
        (shown(question.rubric.marks),),
    )


def _misconceptions(by_question: dict[str, list[Marking]]) -> Iterator[Passage]:
    """How many answers are consistent with which misconception."""
    counts = Counter(
        name
        for theirs in by_question.values()
        for one in theirs
        for name in one.record["misconceptions"]
    )
    if not counts:
        return
    known = shipped().misconceptions
    head: tuple[Prose, ...] = (("Consistent with",), ("Answers",), ("What holds",))
    rows = tuple(
        ((name,), (str(count),), reason_of(known[name]) if name in known else ("",))
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    yield Passage("misconceptions", "What was believed", (Table(head, rows),))


def _question(question: Question, theirs: list[Marking]) -> Passage:
    """Equal answers together: those of the same verdict with the same values at some points."""
    groups: dict[tuple[Any, ...], list[Marking]] = {}
    for one in theirs:
        groups.setdefault(_group(one), []).append(one)
    ordered = sorted(groups.values(), key=len, reverse=True)
    head: tuple[Prose, ...] = (("Answer",), ("Students",), ("Verdict",), ("Consistent with",))
    rows = tuple(_group_row(question, group) for group in ordered[:_GROUPS])
    if all(row[-1] == ("",) for row in rows):
        head, rows = head[:-1], tuple(row[:-1] for row in rows)
    blocks: list[Block] = [*question_blocks(question.problem.derivation), Table(head, rows)]
    rest = len(ordered) - len(rows)
    if rest:
        blocks.append(Paragraph((f"… and {rest} further groups.",)))
    blocks.append(Paragraph((f"Answers stand together where their values agree at {POINTS} points; "
                             "the first of them is shown.",)))  # fmt: skip
    return Passage(question.name, question.title, tuple(blocks))


def _group(one: Marking) -> tuple[Any, ...]:
    """What answers of one group have in common; of derivations, the first wrong line."""
    record = one.record
    alike = record["group"] or one.answer.text
    alike_in = ("verdict", "form_ok", "first_wrong")
    return *(record[name] for name in alike_in), *record["misconceptions"], alike


def _group_row(question: Question, group: list[Marking]) -> tuple[Prose, ...]:
    record = group[0].record
    further = f" in line {record['first_wrong']}" if record["first_wrong"] else ""
    further += ", in another form" if record["form_ok"] is False else ""
    slips: Prose = (", ".join(record["misconceptions"]),)
    return (
        _shown(question, group[0]), (str(len(group)),), (record["verdict"] + further,), slips
    )  # fmt: skip


def _shown(question: Question, one: Marking) -> Prose:
    """An answer as a formula; as words where it is long or was not read."""
    spelled = one.record["plain"]
    try:
        return (read(spelled, question.problem.names),) if spelled else (_clipped(one),)
    except Mistake:
        return (_clipped(one),)


def _clipped(one: Marking) -> str:
    text = one.record["read"] or one.answer.text
    return text if len(text) <= 80 else text[:80] + "…"
