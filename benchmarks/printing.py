"""(d) The LaTeX of random expressions beside `sympy.latex`."""

from __future__ import annotations

from statistics import median

import sympy

from benchmarks.expressions import random_expression
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
from symderiv.language.expressions import Expr
from symderiv.printing.latex import latex
from symderiv.printing.sympy import to_sympy

SIZES = (10, 30, 100, 300, 1000)
SEEDS = range(5)
ROUNDS = 5
COLUMNS = ("ours", "sympy.latex", "sympy.latex, cached")


def table() -> str:
    rows, medians = [], {column: [] for column in COLUMNS}
    for nodes in SIZES:
        progress(f"(d) {nodes} nodes")
        found = [interleaved(_calls(random_expression(nodes, seed)), ROUNDS) for seed in SEEDS]
        for column in COLUMNS:
            medians[column].append(median(f[column] for f in found))
        shown = [milliseconds(medians[column][-1]) for column in COLUMNS]
        ratios = [times_ours(medians[column][-1], medians["ours"][-1]) for column in COLUMNS[1:]]
        rows.append([str(nodes), *shown, *ratios])
    rows.append(["exponent", *(f"{exponent(SIZES, medians[c]):.2f}" for c in COLUMNS), "", ""])
    header = ("nodes", *(f"{c}, ms" for c in COLUMNS), "sympy / ours", "cached / ours")
    return markdown("(d) Printing LaTeX", header, rows)


def _calls(expr: Expr) -> dict[str, Call]:
    foreign = to_sympy(expr)

    def theirs() -> str:
        return sympy.latex(foreign)

    return dict(zip(COLUMNS, (lambda: latex(expr), cleared(theirs), theirs), strict=True))
