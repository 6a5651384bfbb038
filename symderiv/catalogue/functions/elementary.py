"""The elementary functions that are taken as known, with the slopes that a textbook's table gives.

Logarithm, roots, and what is defined by comparing: maximum, minimum, sign.  The
trigonometric and the hyperbolic functions stand in modules of their own.
"""

from symderiv.catalogue.function import Function
from symderiv.language.build import cases, equal, symbols
from symderiv.language.expressions import as_expr

(n,), minus_one = symbols("n"), as_expr(-1)

log: Function = Function(
    name="log",
    latex=r"\log",
    also_called=("ln",),
    title="the logarithm",
    slope=lambda x: 1 / x,
    where={"x": ">0"},
    reach="reals",
    note="Always the natural logarithm, as in the deep-learning literature.",
)

log2: Function = Function(
    name="log2",
    latex=r"\log_{2}",
    also_called=("log_2", "lb", "ld"),
    title="the binary logarithm",
    value=lambda x: log(x) / log(2),
    slope=lambda x: 1 / (x * log(2)),
    where={"x": ">0"},
    reach="reals",
)

log10: Function = Function(
    name="log10",
    latex=r"\log_{10}",
    also_called=("log_10",),
    title="the decadic logarithm",
    value=lambda x: log(x) / log(10),
    slope=lambda x: 1 / (x * log(10)),
    where={"x": ">0"},
    reach="reals",
    note="One decade more of x is one more of its value.",
)

sqrt: Function = Function(
    name="sqrt",
    latex=r"\sqrt",
    also_called=("√",),
    title="the square root",
    slope=lambda x: 1 / (2 * sqrt(x)),
    where={"x": ">0"},
    reach=">=0",
)

root: Function = Function(
    name="root",
    title="the root",
    slope=lambda x, n: 1 / (n * root(x, n) ** (n - 1)),
    where={"x": "!=0", "n": "positive integer"},
    reach=lambda w: ((None, equal(minus_one**n, -1)), (w >= 0, equal(minus_one**n, 1))),
    drawn={"n": "{3}"},
    note="The n-th root of x; of a negative number where n is odd. At 0 the tangent is vertical.",
)

maximum: Function = Function(
    name="max",
    latex=r"\max",
    title="the maximum",
    value=lambda a, b: cases((b, b > a), (a, b <= a)),
    slope=lambda a, b: cases((0, b > a), (1, b < a)),
    reach="reals",
)

minimum: Function = Function(
    name="min",
    latex=r"\min",
    title="the minimum",
    value=lambda a, b: cases((b, b < a), (a, b >= a)),
    slope=lambda a, b: cases((0, b < a), (1, b > a)),
    reach="reals",
)

floor: Function = Function(
    name="floor",
    title="the floor",
    slope=lambda x: 0,  # noqa: ARG005 (the slope between the jumps)
    reach="integer",
    drawn={"x": "[-3.5,3.5]"},
    refused="It jumps at every whole number, and between them it stands still.",
)

sign: Function = Function(
    name="sign",
    also_called=("sgn",),
    latex=r"\mathrm{sgn}",
    title="the sign",
    slope=lambda x: 0,  # noqa: ARG005 (the slope is the same everywhere)
    where={"x": "!=0"},
    reach="{-1,0,1}",
    note="It jumps at 0, where it has no derivative; everywhere else it stands still.",
)
