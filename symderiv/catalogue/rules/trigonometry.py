"""The identities of trigonometric and hyperbolic functions that a derivative may end with."""

from symderiv.catalogue.functions.activations import tanh
from symderiv.catalogue.functions.hyperbolic import cosh, coth, sinh
from symderiv.catalogue.functions.trigonometric import cos, cot, csc, sec, sin, tan
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.language.patterns import letters

(f,) = letters("f")

pythagoras = Rule(
    "sine and cosine squared make one",
    (
        sin(f) ** 2 + cos(f) ** 2 >> 1,
        cos(f) ** 2 + sin(f) ** 2 >> 1,
        1 - sin(f) ** 2 >> cos(f) ** 2,
        1 - cos(f) ** 2 >> sin(f) ** 2,
    ),
    why="The point (cos ${f}, sin ${f}) lies on the circle of radius one.",
    example="cos(t)^2 + sin(t)^2 -> 1",
    reach="terms",
)
sine_and_cosine_make_one = Misconception(
    "sine and cosine make one without squares",
    sin(f) + cos(f) >> 1,
    why="It is the squares of sine and cosine that add up to one.",
    example="sin(t) + cos(t) -> 1",
    instead=pythagoras,
)

secant_squared = Rule(
    "tangent squared and one",
    (
        sec(f) ** 2 - tan(f) ** 2 >> 1,
        1 + tan(f) ** 2 >> sec(f) ** 2,
        tan(f) ** 2 + 1 >> sec(f) ** 2,
    ),
    why="Sine and cosine squared make one; divided by the cosine squared this is 1 + tan² = sec².",
    example="sec(t)^2 - tan(t)^2 -> 1",
    reach="terms",
)

hyperbola = Rule(
    "difference of the hyperbolic squares",
    (cosh(f) ** 2 - sinh(f) ** 2 >> 1,),
    why="The point (cosh ${f}, sinh ${f}) lies on the hyperbola.",
    example="cosh(t)^2 - sinh(t)^2 -> 1",
    reach="terms",
)

tangent = Rule(
    "sine over cosine is the tangent",
    (sin(f) / cos(f) >> tan(f), cos(f) / sin(f) >> cot(f)),
    why="This is what the tangent, and turned over the cotangent, is.",
    example="sin(t)/cos(t) -> tan(t)",
)

tangent_as_a_quotient = Rule(
    "tangent as a quotient",
    (
        tan(f) >> sin(f) / cos(f),
        cot(f) >> cos(f) / sin(f),
        sec(f) >> 1 / cos(f),
        csc(f) >> 1 / sin(f),
    ),
    why="Tangent, cotangent, secant and cosecant are quotients of sine, cosine and one.",
    example="tan(t) -> sin(t)/cos(t)",
)

hyperbolic_tangent = Rule(
    "hyperbolic sine over cosine",
    (sinh(f) / cosh(f) >> tanh(f), cosh(f) / sinh(f) >> coth(f)),
    why="This is what the hyperbolic tangent, and turned over the cotangent, is.",
    example="sinh(t)/cosh(t) -> tanh(t)",
)
