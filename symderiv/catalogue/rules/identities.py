"""The identities between sine and cosine, and between their hyperbolic sisters, that slopes need.

A root has one sign, so those that draw one hold on one branch only, which the condition says.
"""

from symderiv.catalogue.rule import Rule
from symderiv.language.expressions import Apply, Head
from symderiv.language.patterns import letters

(f,) = letters("f")
sin_f, cos_f = Apply(Head("sin", r"\sin"), (f,)), Apply(Head("cos", r"\cos"), (f,))
tan_f, sec_f = Apply(Head("tan"), (f,)), Apply(Head("sec"), (f,))
sinh_f, cosh_f = Apply(Head("sinh"), (f,)), Apply(Head("cosh"), (f,))
SQRT = Head("sqrt", r"\sqrt")

pythagorean_identity = Rule(
    "Pythagorean identity",
    (sin_f**2 + cos_f**2 >> 1, cos_f**2 + sin_f**2 >> 1),
    why="Sine and cosine of ${f} are the legs of a right triangle with hypotenuse one.",
    example="sin(t)^2 + cos(t)^2 -> 1",
)

cosine_from_the_sine = Rule(
    "cosine from the sine",
    (cos_f >> Apply(SQRT, (1 - sin_f**2,)),),
    why="The squares of sine and cosine add up to one, and the cosine is positive here.",
    example="cos(1/(1 + t^2)) -> sqrt(1 - sin(1/(1 + t^2))^2)",
    condition=cos_f > 0,
)

sine_from_the_cosine = Rule(
    "sine from the cosine",
    (sin_f >> Apply(SQRT, (1 - cos_f**2,)),),
    why="The squares of sine and cosine add up to one, and the sine is positive here.",
    example="sin(1/(1 + t^2)) -> sqrt(1 - cos(1/(1 + t^2))^2)",
    condition=sin_f > 0,
)

secant_from_the_tangent = Rule(
    "secant from the tangent",
    (sec_f**2 >> 1 + tan_f**2, 1 / cos_f**2 >> 1 + tan_f**2),
    why="The Pythagorean identity, divided by the square of the cosine.",
    example="1/cos(t)^2 -> 1 + tan(t)^2",
)

hyperbolic_cosine_from_the_sine = Rule(
    "hyperbolic cosine from the hyperbolic sine",
    (cosh_f >> Apply(SQRT, (1 + sinh_f**2,)),),
    why="The square of the hyperbolic cosine is one more than that of the hyperbolic sine.",
    example="cosh(t) -> sqrt(1 + sinh(t)^2)",
)
