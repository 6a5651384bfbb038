"""The laws of school algebra with which a derivative is brought to the form of a textbook.

Simplification is told with these, one at a time; there is no step called "simplify".
Letters may stand for anything; a and b stand for numbers.
"""

from symderiv.catalogue.rule import Misconception, Rule
from symderiv.language.build import exp
from symderiv.language.expressions import Negative, Product, Quotient, Sum
from symderiv.language.patterns import letters

f, g, h, k = letters("f g h k")
a, b = letters("a b", "number")
whole, other = letters("v w", "group")

two_minus_signs = Rule(
    "two minus signs cancel",
    (
        -Quotient(-f, g) >> f / g,
        -(f * (-g)) >> f * g,
        Negative(-f) >> f,
    ),
    why="Minus times minus is plus.",
    example="-(-exp(-t))/t^2 -> exp(-t)/t^2",
)

minus_in_front = Rule(
    "minus sign in front",
    (
        f * (-g) >> -(f * g),
        f / (-g) >> -(f / g),
        Quotient(-f, g) >> -(f / g),
    ),
    why="A minus sign of a factor is a minus sign of the product.",
    example="exp(-t)*(-1) -> -exp(-t)",
    reach="factors",
    tag="cosmetic",
)

turn_the_bracket = Rule(
    "turn the bracket",
    (-(f - g) >> g - f, -(f * (g - h)) >> f * (h - g), -((f * (g - h)) / k) >> f * (h - g) / k),
    why="A minus sign before a difference turns it round.",
    example="-(s - t) -> t - s",
)

multiply_into_fraction = Rule(
    "multiply into the fraction",
    (
        (f / g) * (h / k) >> (f * h) / (g * k),
        Product((f, g, h / k)) >> Product((f, g, h)) / k,
        f * (g / h) >> (f * g) / h,
        (g / h) * f >> (g * f) / h,
    ),
    why="A factor multiplies the numerator.",
    example="t*(1/s) -> t/s",
    reach="factors",
)

fraction_of_fraction = Rule(
    "fraction of a fraction",
    (Quotient(f / g, h) >> f / (g * h), f / (g / h) >> f * h / g),
    why="Dividing by a fraction is multiplying by its reciprocal; dividing twice is "
    "dividing by the product.",
    example="(t/s)/r -> t/(s*r)",
)

equal_factors = Rule(
    "equal factors make a square",
    (f * f >> f**2,),
    why="${f} times itself is its square.",
    example="sin(t)*sin(t) -> sin(t)^2",
    reach="factors",
)

difference_of_squares = Rule(
    "difference of squares",
    ((f + g) ** 2 - (f - g) ** 2 >> 4 * f * g,),
    why="In (a + b)² − (a − b)² the squares cancel and four times the product ab is left; "
    "here a = ${f} and b = ${g}.",
    example="(s + t)^2 - (s - t)^2 -> 4*s*t",
)

inverse_exponentials = Rule(
    "inverse exponentials",
    (exp(f) * exp(-f) >> 1,),
    why="e to a power, times e to minus that power, is one.",
    example="exp(t)*exp(-t) -> 1",
    reach="factors",
)

square_of_exponential = Rule(
    "power of an exponential",
    (exp(-f) ** a >> exp(-(a * f)), exp(f) ** a >> exp(a * f)),
    why="The exponents multiply.",
    example="exp(t)^2 -> exp(2*t)",
)

binomial = Rule(
    "binomial formula",
    ((f - g) ** 2 >> f**2 - 2 * f * g + g**2, (f + g) ** 2 >> f**2 + 2 * f * g + g**2),
    why="Square of the first, twice the product, square of the second.",
    example="(s - t)^2 -> s^2 - 2*s*t + t^2",
)

expand = Rule(
    "expand",
    (
        -(f * (g + h)) >> -(f * g) - f * h,
        -((g + h) * f) >> -(g * f) - h * f,
        -(f + g) >> -f - g,
        f * (g + h) >> f * g + f * h,
        (g + h) * f >> g * f + h * f,
    ),
    why="Multiply each term in the bracket.",
    example="s*(1 - t) -> s - s*t",
)

like_terms = Rule(
    "combine like terms",
    (),
    why="Terms that are equal up to a number are counted together; opposite ones cancel.",
    example="-s + s*t + t - s*t -> t - s",
    reach="terms",
)

common_denominator = Rule(
    "common denominator",
    (
        -(f / g) + h / k >> (-(f * k) + h * g) / (g * k),
        f / g - h / k >> (f * k - h * g) / (g * k),
        f / g + h / k >> (f * k + h * g) / (g * k),
    ),
    why="Extend the first fraction by ${k} and the second by ${g}.",
    example="-s/t + (1 - s)/(1 - t) -> (-s*(1 - t) + (1 - s)*t)/(t*(1 - t))",
)

one_denominator = Rule(
    "one denominator for all terms",
    (f + g / h >> (f * h + g) / h, f - g / h >> (f * h - g) / h, g / h + f >> (g + f * h) / h),
    why="Every term is extended until it has the denominator ${h}.",
    example="t + 1/t -> (t*t + 1)/t",
)

factor_out = Rule(
    "factor out",
    (f * g + f * h >> f * (g + h), f * g - f * h >> f * (g - h)),
    why="Each term holds the factor ${f}; it is written once, in front of a bracket.",
    example="t*exp(t) + exp(t) -> exp(t)*(t + 1)",
    reach="terms",
)
factor_taken_out_of_one_term = Misconception(
    "factor taken out of one term",
    f * g + h >> f * (g + h),
    why="A factor may be taken out only if every term holds it.",
    example="2*t + 3 -> 2*(t + 3)",
    instead=factor_out,
)

factor_the_polynomial = Rule(
    "factor the polynomial",
    (),
    why="Multiplied out, the factors give the polynomial again.",
    example="t^2 - 4 -> (t - 2)*(t + 2)",
)

split_fraction = Rule(
    "split the fraction",
    (
        (whole - other) / h >> whole / h - other / h,
        (f + g) / h >> f / h + g / h,
    ),
    why="Each term of the numerator gets the denominator ${h}.",
    example="(s - t)/r -> s/r - t/r",
)

split_factors = Rule(
    "split into two factors",
    (f / g**2 >> (1 / g) * (f / g),),
    why="The squared denominator is two denominators; each factor gets one.",
    example="t/(1 + t)^2 -> (1/(1 + t))*(t/(1 + t))",
)

add_and_subtract = Rule(
    "add and subtract the same",
    (
        f / (a + f) >> Sum((a + f, -a)) / (a + f),
        f / g >> (g - (g - f)) / g,
    ),
    why="Nothing changes when the same is added and taken away, "
    "and the numerator now contains the denominator.",
    example="exp(-t)/(1 + exp(-t)) -> ((1 + exp(-t)) - 1)/(1 + exp(-t))",
)

equal_over_equal = Rule(
    "a quantity over itself is one",
    (f / f >> 1,),
    why="${f} divided by itself is one.",
    example="(1 + t)/(1 + t) -> 1",
    condition=f,
)

cancel = Rule(
    "cancel",
    ((f / g) * g >> f, (f / (g * h)) * g >> f / h, (f * g) / (h * g) >> f / h),
    why="${g} stands above and below the fraction bar and is not zero, so it cancels.",
    example="(s/t)*t -> s",
    condition=g,
    reach="factors",
)

term_cancelled = Misconception(
    "term cancelled instead of a factor",
    (f + g) / f >> g,
    why="Only a factor of the whole numerator cancels, never one of its terms.",
    example="(s + t)/s -> t",
    instead=cancel,
)

complete_the_square = Rule(
    "write as a square",
    (),
    why="Multiplied out, both sides are the same; so the numerator is the square ${f}.",
    example="(s + t)^2 - 4*s*t -> (s - t)^2",
)

quotient_of_squares = Rule(
    "quotient of squares",
    (f**2 / g**2 >> (f / g) ** 2,),
    why="A quotient of squares is the square of the quotient.",
    example="sin(t)^2/t^2 -> (sin(t)/t)^2",
)

larger_of_two = Rule(
    "maximum by cases",
    (),
    why="The larger of the two is the second where it is above the first.",
    example="max(0, t) -> cases(t if t > 0, 0 if t <= 0)",
)

arithmetic = Rule(
    "arithmetic",
    (),
    why="Numbers are multiplied, and the number stands first.",
    example="3*(2*t) -> 6*t",
    tag="arithmetic",
)

rearrange = Rule(
    "rearrange",
    (),
    why="The order of terms and of factors does not matter.",
    example="-t + s -> s - t",
    tag="rearrangement",
)
