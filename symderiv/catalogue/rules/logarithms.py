"""The laws of logarithms, with which a product of many factors becomes a sum."""

from symderiv.catalogue.functions.elementary import log, sqrt
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.language.build import exp
from symderiv.language.patterns import letters

f, g = letters("f g")

logarithm_of_a_product = Rule(
    "logarithm of a product",
    (log(f * g) >> log(f) + log(g),),
    why="Logarithms make sums of products.",
    example="log(t*s) -> log(t) + log(s)",
    condition=f > 0,
)
logarithm_of_a_sum = Misconception(
    "logarithm of a sum term by term",
    log(f + g) >> log(f) + log(g),
    why="A logarithm splits a product, never a sum.",
    example="log(t + s) -> log(t) + log(s)",
    instead=logarithm_of_a_product,
)

logarithm_of_a_quotient = Rule(
    "logarithm of a quotient",
    (log(f / g) >> log(f) - log(g),),
    why="Logarithms make differences of quotients.",
    example="log(t/s) -> log(t) - log(s)",
    condition=f > 0,
)
quotient_of_logarithms = Misconception(
    "quotient of logarithms",
    log(f / g) >> log(f) / log(g),
    why="The logarithm of a quotient is a difference, not a quotient.",
    example="log(t/s) -> log(t)/log(s)",
    instead=logarithm_of_a_quotient,
)

logarithm_of_a_power = Rule(
    "logarithm of a power",
    (log(exp(f)) >> f, log(sqrt(f)) >> log(f) / 2, log(f**g) >> g * log(f)),
    why="The exponent comes down in front of the logarithm.",
    example="log(t^3) -> 3*log(t)",
)
power_of_the_logarithm = Misconception(
    "power of the logarithm",
    log(f**g) >> log(f) ** g,
    why="The exponent comes down in front of the logarithm; it does not go outside as a power.",
    example="log(t^3) -> log(t)^3",
    instead=logarithm_of_a_power,
)
