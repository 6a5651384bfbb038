"""Laws by which a result is written through a named function, or as papers print it.

They are used where a derivative is to end in a form that is known beforehand.
"""

from symderiv.catalogue.functions.activations import sigmoid
from symderiv.catalogue.functions.elementary import sign, sqrt
from symderiv.catalogue.rule import Rule
from symderiv.language.build import absolute, exp
from symderiv.language.expressions import Quotient
from symderiv.language.patterns import letters

f, g, h = letters("f g h")

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

square_over_absolute_value = Rule(
    "square over its absolute value",
    (Quotient(f**2, absolute(f)) >> absolute(f), Quotient(f * f, absolute(f)) >> absolute(f)),
    why="The square of ${f} is the square of its absolute value, of which one factor cancels.",
    example="t^2/abs(t) -> abs(t)",
    condition=f,
)

factor_before_fraction = Rule(
    "factor before the fraction",
    (f * g / h >> f * (g / h),),
    why="A factor of the numerator may as well stand before the fraction.",
    example="t*s/r -> t*(s/r)",
)

square_of_fraction_with_root = Rule(
    "square of a fraction with a root",
    ((f / sqrt(g)) ** 2 >> f**2 / g,),
    why="Numerator and denominator are squared, and the square of a root is what stands in it.",
    example="(t/sqrt(3))^2 -> t^2/3",
    condition=g > 0,
)

product_of_roots = Rule(
    "product of roots",
    (sqrt(f) * sqrt(g) >> sqrt(f * g),),
    why="The roots of two quantities that are not negative multiply to the root of the product.",
    example="sqrt(2)*sqrt(t) -> sqrt(2*t)",
    condition=f > 0,
)

two_fractions = Rule(
    "two fractions",
    (f * g / h**2 >> (f / h) * (g / h),),
    why="The squared denominator is two denominators; each factor gets one.",
    example="t*s/r^2 -> (t/r)*(s/r)",
    condition=h,
)

sigmoid_of_minus = Rule(
    "sigmoid of minus",
    (sigmoid(-f) >> 1 - sigmoid(f),),
    why="What the sigmoid gives on one side is missing to one on the other.",
    example="sigmoid(-t) -> 1 - sigmoid(t)",
)
