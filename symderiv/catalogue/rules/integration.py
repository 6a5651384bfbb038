"""The laws for the derivative of an integral: the fundamental theorem, and Leibniz' rule.

In each of them x is the variable, y the variable of integration, c a constant.
Source: Stewart, *Calculus*, section 5.3; for the last one, any text on advanced calculus.
"""

from symderiv.catalogue.rule import Misconception, Rule
from symderiv.language.build import D
from symderiv.language.expressions import Apply, Head
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter, letters

g, h = letters("g h")
c = Letter("c", "constant")
x, y = letters("x y", "variable")
phi = Head("f")

fundamental_theorem = Rule(
    "fundamental theorem of calculus",
    (D(Integral(Apply(phi, (y,)), y, c, x), x) >> Apply(phi, (x,)),),
    why="When the upper bound moves, the area grows at the rate of the height at the bound.",
    example="D(int(cos(s), s, 1, t), t) -> cos(t)",
)
lower_bound_subtracted = Misconception(
    "value at the lower bound subtracted",
    D(Integral(Apply(phi, (y,)), y, c, x), x) >> Apply(phi, (x,)) - Apply(phi, (c,)),
    why="The lower bound stands still, so it contributes nothing to the rate.",
    example="D(int(f(s), s, 1, t), t) -> f(t) - f(1)",
    instead=fundamental_theorem,
)

moving_bounds = Rule(
    "Leibniz rule for moving bounds",
    (
        D(Integral(Apply(phi, (y,)), y, g, h), x)
        >> Apply(phi, (h,)) * D(h, x) - Apply(phi, (g,)) * D(g, x),
    ),
    why="Each bound carries area in or out: the height there times the speed of the bound.",
    example="D(int(cos(s), s, t, t^2), t) -> cos(t^2)*D(t^2, t) - cos(t)*D(t, t)",
)

under_the_integral_sign = Rule(
    "Leibniz rule under the integral sign",
    (),
    why="The bounds carry area in and out, and between them the height itself moves.",
    example="D(int(exp(s*t), s, 0, 1), t) -> int(exp(s*t)*s, s, 0, 1)",
)
