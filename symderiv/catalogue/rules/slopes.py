"""The slips that bend a function's own slope: a minus lost, an inside forgotten, a base ignored.

The laws that they bend are the functions' slopes, which stand with the functions.
"""

from symderiv.catalogue.functions.elementary import log, log10, sqrt
from symderiv.catalogue.functions.trigonometric import cos, sin, tan
from symderiv.catalogue.rule import Misconception
from symderiv.catalogue.rules.differentiation import constant_base_rule
from symderiv.language.build import D
from symderiv.language.patterns import Letter, letters

f = Letter("f")
x = Letter("x", "variable")
(c,) = letters("c", "constant")

minus_of_the_cosine_lost = Misconception(
    "minus of the cosine lost",
    D(cos(f), x) >> sin(f) * D(f, x),
    why="The cosine falls where the sine is positive: its slope is minus the sine.",
    example="D(cos(t), t) -> sin(t)*D(t, t)",
    instead=cos.slope_rule,
)
minus_added_to_the_sine = Misconception(
    "minus added to the sine",
    D(sin(f), x) >> -(cos(f) * D(f, x)),
    why="The sine rises where the cosine is positive; the minus belongs to the cosine's slope.",
    example="D(sin(t), t) -> -(cos(t)*D(t, t))",
    instead=sin.slope_rule,
)
inner_derivative_of_the_sine_forgotten = Misconception(
    "inner derivative of the sine forgotten",
    D(sin(f), x) >> cos(f),
    why="The inside moves too: its derivative is a factor.",
    example="D(sin(3*t), t) -> cos(3*t)",
    instead=sin.slope_rule,
)
inner_derivative_of_the_cosine_forgotten = Misconception(
    "inner derivative of the cosine forgotten",
    D(cos(f), x) >> -sin(f),
    why="The inside moves too: its derivative is a factor.",
    example="D(cos(3*t), t) -> -sin(3*t)",
    instead=cos.slope_rule,
)
square_of_the_secant_forgotten = Misconception(
    "square of the secant forgotten",
    D(tan(f), x) >> 1 / cos(f) * D(f, x),
    why="The slope of the tangent is one over the cosine squared.",
    example="D(tan(t), t) -> (1/cos(t))*D(t, t)",
    instead=tan.slope_rule,
)
inner_derivative_of_the_logarithm_forgotten = Misconception(
    "inner derivative of the logarithm forgotten",
    D(log(f), x) >> 1 / f,
    why="The inside moves too: its derivative stands above the bar.",
    example="D(log(t^2 + 1), t) -> 1/(t^2 + 1)",
    instead=log.slope_rule,
)
base_of_the_logarithm_forgotten = Misconception(
    "base of the logarithm forgotten",
    D(log10(f), x) >> 1 / f * D(f, x),
    why="Only the natural logarithm has the slope one over x; to base ten a factor log(10) stays "
    "below the bar.",
    example="D(log10(t), t) -> (1/t)*D(t, t)",
    instead=log10.slope_rule,
)
inner_derivative_of_the_root_forgotten = Misconception(
    "inner derivative of the root forgotten",
    D(sqrt(f), x) >> 1 / (2 * sqrt(f)),
    why="The inside moves too: its derivative stands above the bar.",
    example="D(sqrt(t^2 + 1), t) -> 1/(2*sqrt(t^2 + 1))",
    instead=sqrt.slope_rule,
)
power_rule_on_a_constant_base = Misconception(
    "power rule on a constant base",
    D(c**f, x) >> f * c ** (f - 1),
    why="The power rule is for a moving base; here the exponent moves.",
    example="D(2^t, t) -> t*2^(t - 1)",
    instead=constant_base_rule,
)
logarithm_of_the_base_forgotten = Misconception(
    "logarithm of the base forgotten",
    D(c**f, x) >> c**f * D(f, x),
    why="Only for the base e is that logarithm one.",
    example="D(2^t, t) -> 2^t*D(t, t)",
    instead=constant_base_rule,
)
