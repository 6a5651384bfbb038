"""(b) Random expressions of growing size, and (c) towers of functions, beside `sympy.diff`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import sympy

from benchmarks.expressions import X, random_expression, tower
from benchmarks.measuring import (
    Call,
    cleared,
    exponent,
    interleaved,
    markdown,
    milliseconds,
    progress,
    times_ours,
)
from symderiv.deriving.strategy import derive_expression
from symderiv.language.expressions import Derivative, Expr
from symderiv.language.walks import nodes
from symderiv.printing.sympy import to_sympy

SIZES = (30, 55, 100, 180, 320, 560, 1000)
SEEDS = range(5)
ROUNDS = 3
LEVELS = (30, 60, 125, 250, 500, 1000, 2000, 4000)
FIT_FROM = 125


def table() -> str:
    """Random expressions."""
    ours, peer = [], []
    for size in SIZES:
        progress(f"(b) {size} nodes")
        found = [_measured(random_expression(size, seed)) for seed in SEEDS]
        ours.append(median(f["ours"] for f in found))
        peer.append(median(f["diff"] for f in found))
    rows = _rows(SIZES, ours, peer)
    rows.append(["exponent", f"{exponent(SIZES, ours):.2f}", f"{exponent(SIZES, peer):.2f}", ""])
    header = ("nodes", "ours, ms", "diff, ms", "diff / ours")
    return markdown("(b) Random expressions", header, rows)


def towers() -> str:
    """Functions in functions."""
    ours, peer = [], []
    for levels in LEVELS:
        progress(f"(c) {levels} levels")
        found = _measured(tower(levels))
        ours.append(found["ours"])
        peer.append(found["diff"])
    rows = _rows(LEVELS, ours, peer)
    start = LEVELS.index(FIT_FROM)
    growth = exponent(LEVELS[start:], ours[start:])
    rows.append([f"exponent from {FIT_FROM}", f"{growth:.2f}", "", ""])
    header = ("functions", "ours, ms", "diff, ms", "diff / ours")
    return markdown("(c) Towers of functions, sin(cos(exp(…)))", header, rows)


def _measured(expr: Expr) -> dict[str, float]:
    answer = derive_expression(expr, X).result
    assert not any(isinstance(node, Derivative) for node in nodes(answer)), "not derived to its end"
    body, by = to_sympy(expr), to_sympy(X)
    calls: dict[str, Call] = {
        "ours": lambda: derive_expression(expr, X),
        "diff": cleared(lambda: sympy.diff(body, by)),
    }
    return interleaved(calls, ROUNDS)


def _rows(sizes: Sequence[int], ours: Sequence[float], peer: Sequence[float]) -> list[list[str]]:
    show: Callable[[float], str] = milliseconds
    return [
        [str(size), show(our), show(their), times_ours(their, our)]
        for size, our, their in zip(sizes, ours, peer, strict=True)
    ]
