"""What was found out about an answer becomes a page for the one who gave it.

First what was read, the verdict and what it rests on; then what may have been believed,
in the words "consistent with"; then hints of growing strength, shut until they are wanted;
last the solution.  What somebody typed is printed from our tree, or quoted where it could
not be read.  Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import symderiv
from symderiv.catalogue.rule import Rule
from symderiv.deriving.derivation import Derivation
from symderiv.documents.composing import compose_section, given_in, glossary, glossed
from symderiv.documents.document import (
    Block,
    Document,
    Folded,
    Formulas,
    Named,
    Own,
    Paragraph,
    Passage,
    Prose,
    Steps,
    Table,
)
from symderiv.documents.remarks import (
    because,
    hints,
    link,
    slips_in,
    step_hint,
    suspected,
    where,
)
from symderiv.homework.results import Check, Marked, MarkedLine
from symderiv.language.expressions import Relation

VERDICTS: Final = {
    "correct": "Correct.",
    "incorrect": "Not correct.",
    "undecided": "This could not be decided: a person will look at it, and nothing is deducted.",
    "unreadable": "This could not be read: write it as below, or a person will look at it.",
}


def compose_feedback(what: Check | Marked, strength: int = 3) -> Document:
    """The page of an answer or a whole derivation; with hints of full strength the solution too."""
    if isinstance(what, Check):
        title, passage = "Feedback on an answer", check_passage(what, "answer", "", strength)
    else:
        title, passage = (
            "Feedback on a derivation",
            marked_passage(what, "derivation", "", strength),
        )
    whole = strength > 2
    shown = glossary([what.derivation]) if whole else ()
    named = {entry.name for entry in shown}
    further = (entry for entry in map(glossed, laws_of(what, strength)) if entry.name not in named)
    return Document(
        title,
        (passage, solution_passage(what.derivation, passage.id)) if whole else (passage,),
        glossary=(*shown, *further),
        version=symderiv.__version__,
    )


def check_passage(check: Check, name: str, title: str = "", strength: int = 3) -> Passage:
    """What is said of one answer, without the solution; hints up to a strength of 3."""
    return Passage(name, title, tuple(_of_check(check, strength)))


def marked_passage(marked: Marked, name: str, title: str = "", strength: int = 3) -> Passage:
    """What is said of a whole derivation, without the solution; hints as above."""
    return Passage(name, title, tuple(_of_marked(marked, strength)))


def solution_passage(derivation: Derivation, name: str) -> Passage:
    """Our own derivation, every step of it checked, shut until it is wanted."""
    section = compose_section(derivation.checked(), f"{name}-solution")
    result = Relation((section.claim.left, section.claim.right), ("=",))
    steps = Steps(section.id, section.title, section.chain)
    remarks = tuple(Paragraph(remark) for remark in section.remarks)
    said = Paragraph(("Every line was checked: ", *section.evidence, "."))
    blocks: tuple[Block, ...] = (Formulas((result,)), *where(section.conditions), said)
    return Passage(section.id, "", (Folded(("Solution",), (*blocks, steps, *remarks)),))


def solution_document(derivation: Derivation, name: str) -> Document:
    """The solution with the rules that it uses, to stand among others on a page."""
    return Document("", (solution_passage(derivation, name),), glossary=glossary([derivation]))


def laws_of(what: Check | Marked, strength: int = 3) -> tuple[Rule, ...]:
    """The laws that feedback names, each once: of misconceptions and hints from a strength of 2."""
    hints = [what.hint.rule] if what.hint and what.verdict == "incorrect" else []
    if isinstance(what, Check):
        named = [slip.misconception.instead for slip in slips_in(what.misconceptions)]
        return tuple(dict.fromkeys([*named, *hints])) if strength > 1 else ()
    lines = [rule for line in what.lines for rule in line.rules]
    named = [s.misconception.instead for line in what.lines for s in slips_in(line.misconceptions)]
    return tuple(dict.fromkeys([*lines, *([*named, *hints] if strength > 1 else [])]))


# --- one answer ---------------------------------------------------------------------------------


def _of_check(check: Check, strength: int) -> Iterator[Block]:
    yield from question_blocks(check.derivation)
    if check.read is not None:
        yield Paragraph(("Your answer was read as:",))
        yield Formulas((check.read,))
    yield Paragraph((_said(check),), check.verdict)
    if check.within:
        yield Paragraph((check.reason.replace("-", "−"),))
    if check.remark:
        yield Paragraph((check.remark,))
    yield from where(check.conditions)
    yield from because(check)
    if check.verdict == "incorrect":
        yield from suspected(check.misconceptions, strength)
        yield from hints(check.misconceptions, check.hint, strength)


def question_blocks(derivation: Derivation) -> Iterator[Block]:
    """What was asked, with what its names stand for."""
    given = tuple(given_in(derivation))
    yield Paragraph(("The question: ", derivation.start, ", given" if given else "."))
    if given:
        yield Formulas(given)


def _said(check: Check) -> str:
    if check.correct and check.form_ok is False and check.within:
        return "The value is right, but it shows too few digits."
    if check.correct and check.form_ok is False:
        return "The value is right, but the form is not the one that was asked for."
    return VERDICTS[check.verdict]


# --- a whole derivation -------------------------------------------------------------------------


_LINES: Final = {
    "given": "the question",
    "follows": "follows",
    "equal": "holds, though none of our rules explains it",
    "true": "is true, but does not follow from the line before",
    "wrong": "is wrong",
    "undecided": "for a person to decide",
    "unreadable": "could not be read",
}


def _of_marked(marked: Marked, strength: int) -> Iterator[Block]:
    yield from question_blocks(marked.derivation)
    yield Paragraph(_outcome(marked), marked.verdict)
    if marked.reason and marked.verdict != "correct":
        yield Paragraph((marked.reason,))
    head: tuple[Prose, ...] = (("Line",), ("Verdict",), ("Read as",))  # a phone shows the left
    yield Table(head, tuple(_row(k, line) for k, line in enumerate(marked.lines, 1)))
    for k, line in enumerate(marked.lines, 1):
        yield from _of_line(k, line, strength)
        if marked.first_wrong == k - 1:
            yield from _hints_to(marked, k, strength)


def _hints_to(marked: Marked, number: int, strength: int) -> tuple[Block, ...]:
    """Hints to the first wrong line; where nothing is known of it, to the line before."""
    line, before = marked.lines[number - 1], marked.lines[number - 2].read if number > 1 else None
    found = hints(line.misconceptions, marked.hint, strength)
    return found or step_hint(number, before, strength)


def _outcome(marked: Marked) -> Prose:
    wrong = marked.first_wrong
    if wrong is None:
        return (VERDICTS[marked.verdict],)
    said = f"The first wrong line is line {wrong + 1}."
    if marked.right_through_wrong:
        return (f"{said} The last line is right all the same: look how it came out.",)
    return (said,)


def _row(number: int, line: MarkedLine) -> tuple[Prose, ...]:
    read: Prose = (Own(line.text),) if line.shown is None else (line.shown,)
    said = "follows from your own line" if line.follow_through else _LINES[line.verdict]
    if line.rules and (line.follow_through or line.verdict == "follows"):
        said = f"{said} by {', '.join(rule.name for rule in line.rules)}"
    return ((str(number),), (said,), read)


def _of_line(number: int, line: MarkedLine, strength: int) -> Iterator[Block]:
    """What is said of one line below the table: of a wrong one why, of an unread one where."""
    yield from _with_number(number, where(line.conditions))
    if line.remark:
        yield Paragraph((f"Line {number}. {line.remark}",))
    if line.verdict == "wrong":
        yield from _with_number(number, because(line))
        yield from suspected(line.misconceptions, strength)
        if line.rules:
            yield Named(("The line was to follow by: ",), tuple(link(rule) for rule in line.rules))
    elif line.verdict in ("undecided", "unreadable"):
        yield from _with_number(number, because(line))


def _with_number(number: int, blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks, the first of which says of which line it speaks."""
    for k, block in enumerate(blocks):
        if k == 0 and isinstance(block, Paragraph):
            yield Paragraph((f"Line {number}. ", *block.prose))
        else:
            yield block
