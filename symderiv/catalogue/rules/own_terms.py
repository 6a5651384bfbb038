"""Laws by which a result is written through a named function, or as papers print it.

They are used where a derivative is to end in a form that is known beforehand.
"""

from symderiv.catalogue.functions.activations import tanh
from symderiv.catalogue.functions.elementary import sign
from symderiv.catalogue.functions.hyperbolic import cosh, sinh
from symderiv.catalogue.rule import Rule
from symderiv.language.build import absolute, exp
from symderiv.language.expressions import Quotient
from symderiv.language.patterns import letters

f, g = letters("f g")

factor_out = Rule(
    "factor out",
    (),
    why="Every term holds the same factor, which is written once, in front of a bracket.",
    example="t*s + t*r -> t*(s + r)",
)

divide_by_exponential = Rule(
    "divide by the exponential",
    (
        exp(-f) / (1 + exp(-f)) >> 1 / (1 + exp(f)),
        exp(f) / (1 + exp(f)) >> 1 / (1 + exp(-f)),
    ),
    why="Numerator and denominator are divided by the same exponential.",
    example="exp(t)/(1 + exp(t)) -> 1/(1 + exp(-t))",
)

quantity_over_absolute_value = Rule(
    "quantity over its absolute value",
    (Quotient(f, absolute(f)) >> sign(f), g * (f / absolute(f)) >> g * sign(f)),
    why="${f} divided by its absolute value is 1 or −1: its sign.",
    example="t/abs(t) -> sign(t)",
    condition=f,
)

hyperbolic_sine_over_cosine = Rule(
    "hyperbolic sine over cosine",
    (sinh(f) / cosh(f) >> tanh(f),),
    why="That is what the hyperbolic tangent is.",
    example="sinh(t)/cosh(t) -> tanh(t)",
)
