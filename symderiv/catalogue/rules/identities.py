"""The identities between sine and cosine, and between their hyperbolic sisters, that slopes need.

A root has one sign, so those that draw one hold on one branch only, which the condition says.
"""

from symderiv.catalogue.functions.elementary import sqrt
from symderiv.catalogue.functions.hyperbolic import cosh, sinh
from symderiv.catalogue.functions.trigonometric import cos, sec, sin, tan
from symderiv.catalogue.rule import Rule
from symderiv.language.patterns import letters

(f,) = letters("f")

cosine_from_the_sine = Rule(
    "cosine from the sine",
    (cos(f) >> sqrt(1 - sin(f) ** 2),),
    why="The squares of sine and cosine add up to one, and the cosine is positive here.",
    example="cos(1/(1 + t^2)) -> sqrt(1 - sin(1/(1 + t^2))^2)",
    condition=cos(f) > 0,
)

sine_from_the_cosine = Rule(
    "sine from the cosine",
    (sin(f) >> sqrt(1 - cos(f) ** 2),),
    why="The squares of sine and cosine add up to one, and the sine is positive here.",
    example="sin(1/(1 + t^2)) -> sqrt(1 - cos(1/(1 + t^2))^2)",
    condition=sin(f) > 0,
)

secant_from_the_tangent = Rule(
    "secant from the tangent",
    (sec(f) ** 2 >> 1 + tan(f) ** 2, 1 / cos(f) ** 2 >> 1 + tan(f) ** 2),
    why="The Pythagorean identity, divided by the square of the cosine.",
    example="1/cos(t)^2 -> 1 + tan(t)^2",
)

hyperbolic_cosine_from_the_sine = Rule(
    "hyperbolic cosine from the hyperbolic sine",
    (cosh(f) >> sqrt(1 + sinh(f) ** 2),),
    why="The square of the hyperbolic cosine is one more than that of the hyperbolic sine.",
    example="cosh(t) -> sqrt(1 + sinh(t)^2)",
)
