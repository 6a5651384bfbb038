"""(a) The five functions of the seed post, derived with every step, beside `sympy.diff`."""

from __future__ import annotations

import sympy

from benchmarks.measuring import (
    Call,
    cleared,
    interleaved,
    markdown,
    milliseconds,
    progress,
    times_ours,
)
from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.strategy import derive_function
from symderiv.printing.sympy import to_sympy

NAMES = ("sigmoid", "tanh", "relu", "mse", "bce")
ROUNDS = 15
COLUMNS = (
    "ours", "ours, checked", "diff", "diff, cached", "simplify(diff)", "simplify(diff), cached"
)  # fmt: skip


def _calls(function: Function) -> dict[str, Call]:
    assert function.definition is not None
    body, by = to_sympy(function.definition.right), to_sympy(function.variable)

    def differentiated() -> object:
        return sympy.diff(body, by)

    def simplified() -> object:
        return sympy.simplify(sympy.diff(body, by))

    calls = (
        lambda: derive_function(function),
        lambda: derive_function(function).checked(),
        cleared(differentiated),
        differentiated,
        cleared(simplified),
        simplified,
    )
    return dict(zip(COLUMNS, calls, strict=True))


def table() -> str:
    rows, sums = [], dict.fromkeys(COLUMNS, 0.0)
    for name in NAMES:
        progress(f"(a) {name}")
        function = shipped().functions[name]
        found = interleaved(_calls(function), ROUNDS)
        steps = len(derive_function(function).steps)
        rows.append(_row(name, str(steps), found))
        sums = {column: sums[column] + found[column] for column in COLUMNS}
    rows.append(_row("all five", "", sums))
    header = (
        "function", "steps", *(f"{c}, ms" for c in COLUMNS), "diff / ours", "simplify / ours"
    )  # fmt: skip
    return markdown("(a) The five seed functions, with steps", header, rows)


def _row(name: str, steps: str, found: dict[str, float]) -> list[str]:
    ours = found["ours"]
    ratios = (times_ours(found[c], ours) for c in ("diff", "simplify(diff)"))
    return [name, steps, *(milliseconds(found[c]) for c in COLUMNS), *ratios]
