"""Whole derivations with their first wrong line and slip: `derivations/*.txt`, for teachers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import symderiv as sd
from symderiv.homework.results import MarkedLine

TABLES = sorted((Path(__file__).parent / "derivations").glob("*.txt"))


class Case(NamedTuple):
    """One derivation: where it stands, the question with its options, the rows with their marks."""

    where: str
    question: str
    options: dict[str, Any]
    rows: list[str]
    marks: dict[int, str]


def cases() -> Iterator[Case]:
    for path in TABLES:
        blocks = path.read_text().split("\n\n")
        for block in blocks:
            rows = [row for row in block.splitlines() if row and not row.startswith("#")]
            if rows:
                yield _case(f"{path.stem}: {rows[0]}", rows)


def _case(where: str, rows: list[str]) -> Case:
    text, *conditions = (part.strip() for part in rows[0].removeprefix("?").split(";"))
    options: dict[str, Any] = {"given": {}}
    for condition in conditions:
        kind, _, rest = condition.partition(" ")
        if kind == "given":
            name, _, value = rest.partition(" = ")
            options["given"][name] = value
        else:
            options[kind] = rest
    cells = [row.partition("<-") for row in rows[1:]]
    marks = {k: mark.strip() for k, (_, arrow, mark) in enumerate(cells) if arrow}
    return Case(where, text, options, [cell[0].strip() for cell in cells], marks)


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[f"{k}-{c.where}" for k, c in enumerate(CASES)])
def test_each_line_is_marked_as_the_table_says(case: Case) -> None:
    marked = sd.check_lines(case.question, case.rows, **case.options)
    wrong = [k for k, mark in case.marks.items() if mark.startswith("wrong")]

    assert marked.first_wrong == (wrong[0] if wrong else None)
    for number, line in enumerate(last_of_each_row(marked.lines)):
        _hold(line, case.marks.get(number, ""))
    if not case.marks or all(mark.startswith("by") for mark in case.marks.values()):
        assert marked.verdict == "correct", marked.reason


def last_of_each_row(lines: tuple[MarkedLine, ...]) -> list[MarkedLine]:
    """A row `dL/dz = a = b` has two lines; the mark is about what it ends with."""
    rows: dict[str, MarkedLine] = {}
    for line in lines:
        rows[line.text] = line
    return [*rows.values()]


def _hold(line: MarkedLine, mark: str) -> None:
    kind, _, name = mark.partition(" ")
    verdict, own = line.verdict, line.follow_through
    match kind:
        case "wrong:":
            assert verdict == "wrong", line
            if not name.startswith("("):
                assert name in [found.name for found in line.misconceptions]
        case "own":
            assert verdict in ("follows", "equal"), line
            assert own
        case "true" | "unreadable":
            assert verdict == kind, line
        case "by":
            assert name in [rule.name for rule in line.rules]
        case _:
            assert verdict in ("follows", "equal", "given"), line
            assert not own


def test_there_are_as_many_as_was_promised() -> None:
    assert len(CASES) >= 40
