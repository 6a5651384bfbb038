"""What a student's page leaves out: lines, claims and numbers are taken away, never hidden.

A page is made of what is here left of the solution, so that nothing of it can stand in a file:
not in alt text, not in an anchor, not in JSON.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from symderiv.documents.document import (
    Blank,
    Block,
    Chain,
    Formulas,
    Gap,
    Glossed,
    Line,
    Paragraph,
    Passage,
    Prose,
    Section,
    Steps,
    Table,
)
from symderiv.documents.showing import shown
from symderiv.language.expressions import Derivative, Expr, Prime, Relation, Symbol
from symderiv.language.walks import nodes, symbols_in

VARIANTS = ("solution", "student", "faded", "hints")
"""The complete pages; steps to fill in; worked examples of which each leaves out one line more
(Renkl and Atkinson 2003); the reason of each step, without its line."""


@dataclass(frozen=True)
class Withholding:
    """How much is left out of one derivation: all lines but the first `kept`.

    `reasons` says whether the rules of these lines are named, `hints` what they say of
    themselves, by anchor; `known` is what the question shows; `space` is the height of each blank.
    """

    kept: int
    detail: str
    space: Fraction
    reasons: bool = False
    hints: Mapping[str, Prose] | None = None
    known: frozenset[Expr] = frozenset()

    def chain(self, chain: Chain) -> Chain:
        """The lines that are kept, and room for the others."""
        lines = shown(chain, self.detail)
        kept = tuple(replace(line, last=False, worth="") for line in lines[: self.kept])
        return Chain(chain.start, kept, tuple(map(self._gap, lines[self.kept :])))

    def _gap(self, line: Line) -> Gap:
        if not self.reasons:
            return Gap(line.number, line.id, self.space)
        names = tuple(reason.name for reason in line.reasons)
        return Gap(line.number, line.id, self.space, names, self._hint(line))

    def _hint(self, line: Line) -> Prose:
        """Why a line holds: in the letters of the question where these are enough to say it."""
        if self.hints is None:
            return ()
        spoken = [part for part in line.why if not isinstance(part, str)]
        if len(line.reasons) == 1 and all(self.known.issuperset(nodes(part)) for part in spoken):
            return line.why
        return joined(self.hints[r.id] for r in line.reasons if r.id in self.hints)


def joined(sentences: Iterable[Prose]) -> Prose:
    """Sentences with a space between them."""
    found: list[str | Expr] = []
    for sentence in sentences:
        found += [" ", *sentence] if found else [*sentence]
    return tuple(found)


def withheld_passage(section: Section, how: Withholding, stated: Container[str]) -> Passage:
    """A derivation as a student gets it: the task, what is given, and its lines so far."""
    title = section.title if section.headed else ""
    steps = Steps(section.id, section.title, how.chain(section.chain))
    return Passage(section.id, title, (*posed(section, stated), steps))


def shown_in(section: Section) -> frozenset[Expr]:
    """All that the question shows: what is differentiated, and what is given."""
    parts = [section.chain.start, *(p for p in section.task if not isinstance(p, str))]
    given = [part for line in _given(section) for part in nodes(line)]
    return frozenset([*(node for part in parts for node in nodes(part)), *given])


def posed(section: Section, stated: Container[str]) -> Iterator[Block]:
    """The task of a section and what is given, without anything that only a solution knows.

    `stated` are the names of which the teacher states a domain.
    """
    yield Paragraph(section.task)
    given = tuple(line for line in _given(section, stated) if line not in section.task)
    if given:
        yield Paragraph(("Given:",))
        yield Formulas(given)


def _given(section: Section, stated: Container[str] = ()) -> Iterator[Expr]:
    """Definitions and domains: no gradient, no slope, no condition of a later line, such as that
    by which it divides."""
    for line in section.given:
        if not any(isinstance(node, (Derivative, Prime)) for node in nodes(line)):
            yield line
    for condition in section.conditions:
        if not isinstance(condition, Relation):
            continue
        bare = all(isinstance(t, Symbol) or not symbols_in(t) for t in condition.terms)
        if bare and ("!=" not in condition.signs or str(condition.terms[0]) in stated):
            yield condition


def withheld_table(passage: Passage, columns: int) -> Passage:
    """A passage whose tables keep their first columns; the others are to be filled in."""
    blocks = tuple(
        Table(part.head, tuple(_emptied(row, columns) for row in part.rows))
        if isinstance(part, Table)
        else part
        for part in passage.blocks
    )
    return replace(passage, blocks=blocks)


def _emptied(row: tuple[Prose, ...], columns: int) -> tuple[Prose, ...]:
    return (*row[:columns], *(("",) for _ in row[columns:]))


def withheld_answer(section: Section, how: Withholding, stepwise: bool) -> Block:
    """The room for the answer to an exercise: for each line, or one for all of them."""
    if stepwise:
        return Steps(section.id, section.title, how.chain(section.chain))
    lines = len(shown(section.chain, how.detail))
    return Blank(how.space * max(lines, 1), f"Room for {section.title.lower()}")


def secrets(chain: Chain, how: Withholding) -> Iterator[Expr]:
    """What must not be said: the lines that are left out, and those of the derivations inside."""
    waiting = shown(chain, how.detail)[how.kept :]
    while waiting:
        line = waiting.pop()
        yield from (side for side in (line.whole, line.expr) if side.parts)
        waiting += [inner for lemma in line.lemmas for inner in lemma.lines]


def allowed(
    glossary: Iterable[Glossed], named: Iterable[str], hidden: Iterable[Expr]
) -> tuple[Glossed, ...]:
    """The rules that a page names, each without a statement that says what was left out."""
    ids, never = {*named}, {*hidden}
    return tuple(
        rule if never.isdisjoint(_said(rule)) else replace(rule, statements=(), condition=None)
        for rule in glossary
        if rule.id in ids
    )


def _said(rule: Glossed) -> set[Expr]:
    sides = [side for statement in rule.statements for side in (statement.left, statement.right)]
    return {node for side in sides for node in nodes(side)}
