"""The laws of powers, roots and fractions of powers, with which terms are brought together.

Letters may stand for anything; a and b stand for numbers.
"""

from symderiv.catalogue.rule import Misconception, Rule
from symderiv.language.build import absolute, exp
from symderiv.language.expressions import Apply, Head, Number
from symderiv.language.patterns import letters

f, g = letters("f g")
a, b, n = letters("a b n", "number")
root = Head("sqrt", r"\sqrt")

add_exponents = Rule(
    "add exponents",
    (f**a * f**b >> f ** (a + b), f * f**a >> f ** (1 + a), exp(f) * exp(g) >> exp(f + g)),
    why="Powers of one base are multiplied by adding their exponents.",
    example="t*t^2 -> t^3",
    reach="factors",
)
multiply_exponents = Misconception(
    "multiply exponents of a product",
    f**a * f**b >> f ** (a * b),
    why="Exponents are added where powers are multiplied; they are multiplied in a power of a "
    "power.",
    example="t^2*t^3 -> t^(2*3)",
    instead=add_exponents,
)

power_of_a_power = Rule(
    "power of a power",
    ((f**a) ** b >> f ** (a * b),),
    why="In a power of a power the exponents multiply.",
    example="(t^2)^3 -> t^6",
)

power_of_a_product = Rule(
    "power of a product",
    ((f * g) ** a >> f**a * g**a, (f / g) ** a >> f**a / g**a),
    why="Each factor is raised to the power ${a}.",
    example="(2*t)^2 -> 2^2*t^2",
)
power_of_one_factor = Misconception(
    "power of one factor only",
    (f * g) ** a >> f * g**a,
    why="The exponent stands at the whole bracket, so every factor is raised.",
    example="(2*t)^2 -> 2*t^2",
    instead=power_of_a_product,
)
power_of_a_sum = Misconception(
    "power of a sum term by term",
    (f + g) ** a >> f**a + g**a,
    why="A power distributes over factors, not over terms.",
    example="(s + t)^2 -> s^2 + t^2",
    instead=power_of_a_product,
)

square_of_a_root = Rule(
    "square of a root",
    (Apply(root, (f,)) ** 2 >> f, Apply(root, (f,)) * Apply(root, (f,)) >> f),
    why="The root of ${f} is the number whose square is ${f}.",
    example="sqrt(t)^2 -> t",
    condition=f >= 0,
    reach="factors",
)

square_of_an_absolute_value = Rule(
    "square of an absolute value",
    (absolute(f) ** 2 >> f**2, absolute(f) * absolute(f) >> f**2),
    why="A square does not see the sign.",
    example="abs(t)^2 -> t^2",
    reach="factors",
)

square_over_the_absolute_value = Rule(
    "square over the absolute value",
    (f**2 / absolute(f) >> absolute(f), f / absolute(f) * f >> absolute(f)),
    why="The square of ${f} is the square of its absolute value, which cancels once.",
    example="t^2/abs(t) -> abs(t)",
    condition=f,
)

absolute_value_of_what_is_positive = Rule(
    "absolute value of what is positive",
    (),
    why="${f} is positive here, so it is its own absolute value.",
    example="abs(t^2 + 1) -> t^2 + 1",
)
absolute_value_of_what_is_negative = Rule(
    "absolute value of what is negative",
    (),
    why="${f} is negative here, so its absolute value is its opposite.",
    example="abs(-exp(t)) -> exp(t)",
)

root_of_a_fraction = Rule(
    "root of a fraction",
    (
        Apply(root, (f / a**2,)) >> Apply(root, (f,)) / a,
        Apply(root, (f / g**2,)) >> Apply(root, (f,)) / absolute(g),
    ),
    why="The root of a fraction is the root above over the root below.",
    example="sqrt((4 - t^2)/4) -> sqrt(4 - t^2)/2",
)

negative_exponent = Rule(
    "negative exponent",
    (f ** (-a) >> 1 / f**a,),
    why="A power with a negative exponent is the reciprocal of the power.",
    example="t^(-3) -> 1/t^3",
    condition=f,
)
negative_exponent_as_sign = Misconception(
    "negative exponent taken for a minus sign",
    f ** (-a) >> -(f**a),
    why="A minus sign in the exponent makes a reciprocal, not a negative number.",
    example="t^(-3) -> -t^3",
    instead=negative_exponent,
)

quotient_as_a_product = Rule(
    "quotient as a product",
    (f / g**a >> f * g ** (-a), f / g >> f * g ** (-Number("1"))),
    why="Dividing by ${g} is multiplying by a power of it with a negative exponent.",
    example="sin(t)/t^2 -> sin(t)*t^(-2)",
)

power_as_a_product = Rule(
    "power as a product",
    (f ** Number("2") >> f * f, f ** Number("3") >> f * f * f),
    why="A whole power is the base times itself.",
    example="sin(t)^2 -> sin(t)*sin(t)",
)

root_as_a_power = Rule(
    "root as a power",
    (
        Apply(root, (f,)) >> f ** (Number("1") / Number("2")),
        Apply(Head("root"), (f, n)) >> f ** (Number("1") / n),
    ),
    why="A root of ${f} is a power with a fraction for its exponent.",
    example="sqrt(t) -> t^(1/2)",
)

multiply_out_the_power = Rule(
    "multiply out the power",
    (),
    why="The bracket is multiplied by itself as often as the exponent says.",
    example="(s + t)^3 -> s^3 + 3*s^2*t + 3*s*t^2 + t^3",
)
