"""The table of answers: a teacher reads and extends `answers.txt`; what a row claims is tested."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import symderiv as sd
from symderiv.homework.problems import Problem

TABLE = Path(__file__).parent / "answers.txt"


class Row(NamedTuple):
    """One row of the table."""

    line: int
    question: str
    answer: str
    verdict: str
    because: str


def rows() -> Iterator[Row]:
    asked = ""
    for number, text in enumerate(TABLE.read_text().splitlines(), 1):
        if text and not text.startswith("#"):
            question, answer, verdict, because = _cells(text)
            asked = question or asked
            yield Row(number, asked, answer, verdict, because)


def _cells(text: str) -> list[str]:
    """Four cells; a bar stands for itself between brackets only, as in |x|: none is used."""
    cells = [cell.strip() for cell in text.split("|")]
    assert len(cells) == 4, text
    return cells


@cache
def problem(question: str) -> Problem:
    """The question with what stands behind it."""
    text, *conditions = (part.strip() for part in question.split(";"))
    options: dict[str, Any] = {"where": {}, "given": {}}
    for condition in conditions:
        kind, _, rest = condition.partition(" ")
        if kind in ("where", "given"):
            name, _, value = rest.partition(" = ")
            options[kind][name] = value
        else:
            options[kind] = int(rest) if kind == "digits" else rest
    return sd.problem(text, **options)


ROWS = list(rows())
IDS = [re.sub(r"\W+", "-", f"{r.line} {r.question} {r.answer}")[:60] for r in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_an_answer_gets_the_verdict_of_the_table(row: Row) -> None:
    said = sd.check(problem(row.question), row.answer)
    named = [found.name for found in said.misconceptions]

    if row.verdict == "form":
        assert (said.verdict, said.form_ok) == ("correct", False), said.reason
    else:
        assert said.verdict == row.verdict, said.reason
        assert said.form_ok is not False
    if row.because in sd.misconceptions:
        assert row.because in named
    if row.verdict == "incorrect":
        assert row.because in sd.misconceptions or row.because.startswith("(")
        assert set(said.values) - {""}, "nothing is wrong without both values"


def test_the_table_is_as_large_as_was_promised() -> None:
    verdicts = Counter(row.verdict for row in ROWS)

    assert len(ROWS) >= 300
    assert verdicts["correct"] >= 120
    assert verdicts["incorrect"] >= 120
    assert len({row.because for row in ROWS} & {*sd.misconceptions}) >= 60
