"""The table of problems: each derived, in the textbook's form, and every line of it sound.

A teacher reads and extends `problems.txt`; what each row must fulfil stands here once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

import symderiv as sd
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation, Step
from symderiv.deriving.likeness import Alike
from symderiv.deriving.recognising import leads
from symderiv.language.walks import at
from symderiv.printing.latex import latex

TABLE = Path(__file__).parent / "problems.txt"
ORDERS = {"": 1, "twice": 2, "three times": 3}


class Problem(NamedTuple):
    """One row of the table."""

    line: int
    course: str
    text: str
    variable: str
    order: int
    where: dict[str, str]
    answer: str
    about: str


def problems() -> Iterator[Problem]:
    for number, row in enumerate(TABLE.read_text().splitlines(), 1):
        if row and not row.startswith("#"):
            course, text, by, answer, about = (cell.strip() for cell in row.split("|"))
            variable, _, where = by.partition(";")
            name, _, often = variable.partition(" ")
            domains = dict(_domain(part) for part in re.split(r",\s+", where.strip()) if part)
            yield Problem(number, course, text, name, ORDERS[often], domains, answer, about)


def _domain(text: str) -> tuple[str, str]:
    """`x>0` or `x=(0,1)` as a name and its domain."""
    name, sign, rest = re.fullmatch(r"(\w+)\s*(=|>=?|<=?|!=)(.+)", text).groups()  # type: ignore[union-attr]
    return name, rest if sign == "=" else sign + rest


ROWS = list(problems())
EVERY = pytest.mark.parametrize(
    "row", ROWS, ids=[f"{r.line}-{r.text}".replace(" ", "") for r in ROWS]
)

IN_ANOTHER_ORDER = {  # coefficients as the field is used to write them; may only shrink
    "p*(a - b*p)",
    "exp(lambda*(exp(t) - 1))",
    "K/(1 + A*exp(-r*t))",
    "c/(1 + k*c*t)",
    "sqrt((x - 1)/(x + 1))",
    "log(x)/(1 + x)",
    "log(log(log(x)))",
    "arcsin(x)/sqrt(1 - x^2)",
}


@cache
def _derived(number: int) -> Derivation:
    row = ROWS[number]
    return sd.derive(row.text, row.variable, where=row.where, order=row.order)


def derived(row: Problem) -> Derivation:
    return _derived(ROWS.index(row))


def steps(derivation: Derivation) -> list[Step]:
    return [step for one in derivation.with_lemmas() for step in one.steps]


def test_the_table_is_as_long_as_was_promised() -> None:
    """Three hundred problems of at least ten kinds of courses, none twice."""

    assert len(ROWS) >= 300
    assert len({row.course for row in ROWS}) >= 10
    assert (
        max(
            Counter(
                (r.text, r.variable, r.order) for r in ROWS if r.course == "calculus I"
            ).values()
        )
        == 1
    )


@EVERY
def test_the_answer_is_the_textbooks(row: Problem) -> None:
    """In value and in form: what a student would find in the back of the book."""
    result = derived(row).result
    wanted = sd.read(row.answer, sd.Names.mentioned(derived(row).start))

    if row.text in IN_ANOTHER_ORDER:
        alike = Alike()
        assert result is not wanted, "strike it off the list"
        assert alike(result) == alike(wanted)
    else:
        assert str(result) == str(wanted)


@EVERY
def test_every_step_is_proved_or_supported(row: Problem) -> None:
    """Balls at two dozen points, and an exact proof where the judge has one."""

    for step in steps(derived(row).checked()):
        assert step.evidence.proved or step.evidence.points >= 20


ARTEFACTS = {
    "an idle factor": r"(?<![\d.\w])1\*|\*1(?![\d.])|(?<![\d.])0\*",
    "an idle term": r"(?<![\w.^])0 [+-]|[+-] 0(?![\d.])",
    "two signs": r"[-+]\s*[-+]",
    "an idle exponent": r"\^1(?![\d.])|\^0(?![\d.])|\^\(1\)",
    "an idle bar": r"/1(?![\d.])",
    "a foreign function": r"Heaviside|DiracDelta|Derivative|Subs|Piecewise",
}


@EVERY
def test_no_line_holds_an_artefact(row: Problem) -> None:
    """`1·x`, `0 + u`, `x^1`, `+ −`: what gives away that a machine wrote it."""

    for step in steps(derived(row)):
        for name, pattern in ARTEFACTS.items():
            assert not re.search(pattern, str(step.after)), f"{name} in {step.after}"


@EVERY
def test_no_line_is_written_twice(row: Problem) -> None:
    """A line that stood before is a circle or a step that does nothing."""
    for one in derived(row).with_lemmas():
        lines = [one.start, *(step.after for step in one.steps)]
        assert len(lines) == len(set(lines))
        assert all(before != after for before, after in pairwise(map(latex, lines)))


@EVERY
def test_every_step_is_recognised_by_its_own_rule(row: Problem) -> None:
    """A checker that sees only two lines of ours accepts them, by the same law."""
    unrecognised = [
        f"{step.rule.name}: {step.before} -> {step.after}"
        for step in steps(derived(row))
        if not leads(step.rule, step.before, step.after, shipped(), step.setting)
    ]

    assert unrecognised == []


@EVERY
def test_a_reason_is_filled_and_a_place_is_a_place(row: Problem) -> None:
    """ "The constant factor c" is a poor reason where c is 3; marks need a place to stand."""
    for step in steps(derived(row)):
        assert set(re.findall(r"\$\{(\w+)\}", step.rule.why)) <= set(step.letters)
        for place in (*step.places, *step.cancelled):
            at(step.before, place)
