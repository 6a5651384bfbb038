"""The hyperbolic functions and their inverses, with the slopes of a textbook's table.

The hyperbolic tangent stands among the activations, which derive it from its definition.
Source: any calculus textbook, for instance Stewart, *Calculus*, section 3.11.
"""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.activations import tanh
from symderiv.catalogue.functions.elementary import sqrt
from symderiv.language.build import absolute

sinh: Function = Function(
    name="sinh",
    latex=r"\sinh",
    title="the hyperbolic sine",
    slope=lambda x: cosh(x),
    reach="reals",
    drawn={"x": "[-3,3]"},
)

cosh: Function = Function(
    name="cosh",
    latex=r"\cosh",
    title="the hyperbolic cosine",
    slope=lambda x: sinh(x),
    range=">=1",
    drawn={"x": "[-3,3]"},
)

coth: Function = Function(
    name="coth",
    latex=r"\coth",
    title="the hyperbolic cotangent",
    slope=lambda x: -(csch(x) ** 2),
    where={"x": "!=0"},
    reach=lambda v: absolute(v) > 1,
)

sech: Function = Function(
    name="sech",
    title="the hyperbolic secant",
    slope=lambda x: -(sech(x) * tanh(x)),
    reach="(0,1]",
)

csch: Function = Function(
    name="csch",
    also_called=("cosech",),
    title="the hyperbolic cosecant",
    slope=lambda x: -(csch(x) * coth(x)),
    where={"x": "!=0"},
    reach="!=0",
)

arcsinh: Function = Function(
    name="arcsinh",
    also_called=("asinh", "arsinh"),
    title="the inverse hyperbolic sine",
    slope=lambda x: 1 / sqrt(x**2 + 1),
    reach="reals",
)

arccosh: Function = Function(
    name="arccosh",
    also_called=("acosh", "arcosh"),
    title="the inverse hyperbolic cosine",
    slope=lambda x: 1 / sqrt(x**2 - 1),
    where={"x": ">1"},
    reach=">=0",
)

arctanh: Function = Function(
    name="arctanh",
    also_called=("atanh", "artanh"),
    title="the inverse hyperbolic tangent",
    slope=lambda x: 1 / (1 - x**2),
    where={"x": "(-1,1)"},
    reach="reals",
)

arccoth: Function = Function(
    name="arccoth",
    also_called=("acoth", "arcoth"),
    title="the inverse hyperbolic cotangent",
    slope=lambda x: 1 / (1 - x**2),
    reach="!=0",
    note="Defined for |x| > 1.",
)

arcsech: Function = Function(
    name="arcsech",
    also_called=("asech", "arsech"),
    title="the inverse hyperbolic secant",
    slope=lambda x: -(1 / (x * sqrt(1 - x**2))),
    where={"x": "(0,1)"},
    reach=">=0",
)

arccsch: Function = Function(
    name="arccsch",
    also_called=("acsch", "arcsch"),
    title="the inverse hyperbolic cosecant",
    slope=lambda x: -(1 / (absolute(x) * sqrt(x**2 + 1))),
    where={"x": "!=0"},
    reach="!=0",
)
