"""The trigonometric functions and their inverses, with the slopes of a textbook's table.

Source: any calculus textbook, for instance Stewart, *Calculus*, sections 3.3 and 3.5;
the inverses of secant and cosecant have values in [0, pi] and [-pi/2, pi/2], so that
their slopes carry |x|.
"""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.elementary import sqrt
from symderiv.language.build import PI, absolute, between, beyond, up_to, within

sin: Function = Function(
    name="sin",
    latex=r"\sin",
    title="the sine",
    slope=lambda x: cos(x),
    reach="[-1,1]",
    drawn={"x": "[-6.3,6.3]"},
)

cos: Function = Function(
    name="cos",
    latex=r"\cos",
    title="the cosine",
    slope=lambda x: -sin(x),
    reach="[-1,1]",
    drawn={"x": "[-6.3,6.3]"},
)

tan: Function = Function(
    name="tan",
    latex=r"\tan",
    also_called=("tg",),
    title="the tangent",
    slope=lambda x: sec(x) ** 2,
    reach="reals",
    note="The slope 1/cos² is never below 1; at the zeros of the cosine there is no value.",
)

cot: Function = Function(
    name="cot",
    latex=r"\cot",
    also_called=("ctg", "cotan"),
    title="the cotangent",
    slope=lambda x: -(csc(x) ** 2),
    reach="reals",
)

sec: Function = Function(
    name="sec",
    latex=r"\sec",
    title="the secant",
    slope=lambda x: sec(x) * tan(x),
    reach=lambda v: absolute(v) >= 1,
)

csc: Function = Function(
    name="csc",
    latex=r"\csc",
    also_called=("cosec",),
    title="the cosecant",
    slope=lambda x: -(csc(x) * cot(x)),
    reach=lambda v: absolute(v) >= 1,
)

arcsin: Function = Function(
    name="arcsin",
    latex=r"\arcsin",
    also_called=("asin",),
    title="the arcsine",
    slope=lambda x: 1 / sqrt(1 - x**2),
    where={"x": "(-1,1)"},
    reach=lambda v: within(-PI / 2, v, PI / 2),
)

arccos: Function = Function(
    name="arccos",
    latex=r"\arccos",
    also_called=("acos",),
    title="the arccosine",
    slope=lambda x: -(1 / sqrt(1 - x**2)),
    where={"x": "(-1,1)"},
    reach=lambda v: within(0, v, PI),
)

arctan: Function = Function(
    name="arctan",
    latex=r"\arctan",
    also_called=("atan", "arctg"),
    title="the arctangent",
    slope=lambda x: 1 / (1 + x**2),
    reach=lambda v: between(-PI / 2, v, PI / 2),
)

arccot: Function = Function(
    name="arccot",
    also_called=("acot",),
    title="the arccotangent",
    slope=lambda x: -(1 / (1 + x**2)),
    reach=lambda v: between(0, v, PI),
    note="Its values lie between 0 and pi.",
)

arcsec: Function = Function(
    name="arcsec",
    also_called=("asec",),
    title="the arcsecant",
    slope=lambda x: 1 / (absolute(x) * sqrt(x**2 - 1)),
    reach=lambda v: (up_to(0, v, PI / 2), beyond(PI / 2, v, PI)),
    note="Defined where |x| is at least 1, with values in [0, pi]; a slope exists for |x| > 1.",
)

arccsc: Function = Function(
    name="arccsc",
    also_called=("acsc", "arccosec"),
    title="the arccosecant",
    slope=lambda x: -(1 / (absolute(x) * sqrt(x**2 - 1))),
    reach=lambda v: (up_to(-PI / 2, v, 0), beyond(0, v, PI / 2)),
    note="Defined where |x| is at least 1, with values in [-pi/2, pi/2]; a slope for |x| > 1.",
)
