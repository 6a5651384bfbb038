"""(j) The textbook problems of tests/problems.txt: the time, and who ends in the book's form.

Each row is derived by us with every step, by `sympy.diff`, by `sympy.simplify` of that, and by
symengine where it is installed beside us.  A result has the book's form if it says the same as
the book's answer up to the order of terms and factors; a peer's also if SymPy, given the book's
answer, makes the same expression of it as its own.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import sympy

import symderiv as sd
from benchmarks.measuring import (
    cleared,
    interleaved,
    markdown,
    milliseconds,
    progress,
    times_ours,
)
from symderiv.deriving.likeness import Alike
from symderiv.language.expressions import Derivative, Expr

PROBLEMS = Path(__file__).parent.parent / "tests" / "problems.txt"
ORDERS = {"": 1, "twice": 2, "three times": 3}
ROUNDS = 1  # the median is over the problems
PEERS = ("diff", "simplify(diff)", "symengine")


class Problem(NamedTuple):
    """A row of the table: what is differentiated by what, and the book's answer."""

    body: Expr
    variable: Expr
    order: int
    where: dict[str, str]
    answer: Expr


def table() -> str:
    problems = list(_problems())
    spent: dict[str, list[float]] = {}
    ends: dict[str, list[bool]] = {}
    steps = 0
    for number, problem in zip(count(1), problems, strict=False):
        if number % 50 == 0:
            progress(f"(j) {number} of {len(problems)}")
        calls = _calls(problem)
        for name, seconds in interleaved(calls, ROUNDS).items():
            spent.setdefault(name, []).append(seconds)
        derivation = calls["ours"]()
        steps += len(derivation.steps)
        ends.setdefault("ours", []).append(_alike(derivation.result, problem))
        for name in calls:
            if name != "ours":
                ends.setdefault(name, []).append(_is_books(calls[name](), problem))
    rows = [_row(name, spent, ends) for name in ("ours", *PEERS) if name in spent]
    notes = [
        f"{steps} steps in all, each with its rule and reason; checking them is not in the time.",
        *([] if "symengine" in spent else ["symengine is not installed here: not measured."]),
    ]
    title = f"(j) {len(problems)} textbook problems"
    header = ("system", "median, ms", "of ours", "total, s", "in the book's form")
    return markdown(title, header, rows, *notes)


def _problems() -> Iterator[Problem]:
    for row in PROBLEMS.read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        _, text, by, answer, _ = (cell.strip() for cell in row.split("|"))
        name, _, where = by.partition(";")
        variable, _, often = name.strip().partition(" ")
        domains = dict(_domain(part) for part in re.split(r",\s+", where.strip()) if part)
        asked = sd.derive(text, variable, where=domains).start  # names as this question means them
        assert isinstance(asked, Derivative)
        read = sd.read(answer, sd.Names.mentioned(asked))
        try:
            sd.to_sympy(asked.body), sd.to_sympy(read)
        except sd.NoRule:
            continue  # SymPy is given no real root but the square root, and no f(x)
        yield Problem(asked.body, asked.variable, ORDERS[often], domains, read)


def _domain(text: str) -> tuple[str, str]:
    name, sign, rest = re.fullmatch(r"(\w+)\s*(=|>=?|<=?|!=)(.+)", text).groups()  # type: ignore[union-attr]
    return name, rest if sign == "=" else sign + rest


def _calls(problem: Problem) -> dict[str, Callable[[], Any]]:
    body, variable, order, where, _ = problem
    formula, by = sd.to_sympy(body), sd.to_sympy(variable)

    def derived() -> Any:
        return sd.derive(body, str(variable), where=where, order=order)

    calls: dict[str, Callable[[], Any]] = {
        "ours": derived,
        "diff": cleared(lambda: sympy.diff(formula, by, order)),
        "simplify(diff)": cleared(lambda: sympy.simplify(sympy.diff(formula, by, order))),
    }
    if importlib.util.find_spec("symengine"):
        library = sys.modules.get("symengine") or importlib.import_module("symengine")
        try:
            same, name = library.sympify(formula), library.sympify(by)
        except (RuntimeError, TypeError, ValueError, NotImplementedError):
            return calls  # a form that symengine does not have, such as f(x)
        calls["symengine"] = lambda: library.diff(same, name, order)
    return calls


def _alike(result: Expr, problem: Problem) -> bool:
    alike = Alike(counting=True)
    return bool(alike(result) == alike(problem.answer))


def _is_books(result: Any, problem: Problem) -> bool:
    """Whether a peer ends as the book does, or makes the same of the book's answer."""
    found = sympy.sympify(result)
    if found == sd.to_sympy(problem.answer):
        return True
    try:
        return _alike(sd.from_sympy(found), problem)
    except sd.Mistake:  # a form of SymPy's that nobody writes: Subs, Derivative at a place
        return False


def _row(name: str, spent: dict[str, list[float]], ends: dict[str, list[bool]]) -> tuple[str, ...]:
    times, own = spent[name], spent["ours"]
    shared = own if len(own) == len(times) else own[: len(times)]
    share = f"{sum(ends[name])} of {len(ends[name])} ({sum(ends[name]) / len(ends[name]):.0%})"
    return (
        name,
        milliseconds(median(times)),
        times_ours(median(times), median(shared)),
        f"{sum(times):.3g}",
        share,
    )
