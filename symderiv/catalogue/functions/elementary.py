"""The elementary functions: taken as known, with the slopes that a textbook's table gives."""

from symderiv.catalogue.function import Function
from symderiv.language.build import cases

log: Function = Function(
    name="log",
    latex=r"\log",
    also_called=("ln",),
    title="the logarithm",
    slope=lambda x: 1 / x,
    where={"x": ">0"},
    note="Always the natural logarithm, as in the deep-learning literature.",
)

sin: Function = Function(name="sin", latex=r"\sin", title="the sine", slope=lambda x: cos(x))

cos: Function = Function(name="cos", latex=r"\cos", title="the cosine", slope=lambda x: -sin(x))

sqrt: Function = Function(
    name="sqrt",
    latex=r"\sqrt",
    also_called=("√",),
    title="the square root",
    slope=lambda x: 1 / (2 * sqrt(x)),
    where={"x": ">0"},
)

maximum: Function = Function(
    name="max",
    latex=r"\max",
    title="the maximum",
    value=lambda a, b: cases((b, b > a), (a, b <= a)),
    slope=lambda a, b: cases((0, b > a), (1, b < a)),
)
