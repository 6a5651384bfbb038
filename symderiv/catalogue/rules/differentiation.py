"""The laws of differentiation, as a first course prints them.

In each of them x is the variable, c and n are constants (free of x), and f, g may be
anything that depends on x.  Source: any calculus textbook, for instance Spivak,
*Calculus*, chapter 10; the indexed laws follow from linearity.
"""

from symderiv.catalogue.rule import Misconception, Rule
from symderiv.language.build import D, absolute, exp, total
from symderiv.language.expressions import Apply, Head, Prime
from symderiv.language.patterns import Letter, letters

f, g, h, k = letters("f g h k")
c, n = letters("c n", "constant")
x = Letter("x", "variable")
y = Letter("y", "variable")
u = Letter("u", "variable")
moving = Letter("g", "variable")  # where a condition speaks of the base g, be it x or f
i, j = letters("i j", "variable")
m = Letter("m")
log = Head("log", r"\log")
phi = Head("f")

constant_rule = Rule(
    "constant rule",
    (D(c, x) >> 0,),
    why="${c} does not change when ${x} moves, so its derivative is zero.",
    example="D(7, t) -> 0",
    tag="pedantic",
)

identity_rule = Rule(
    "identity rule",
    (D(x, x) >> 1,),
    why="${x} moves exactly as fast as itself.",
    example="D(t, t) -> 1",
)

constant_term = Rule(
    "constant term",
    (D(c + f, x) >> D(f, x),),
    why="The constant term ${c} does not move, so it drops out.",
    example="D(3 + sin(t), t) -> D(sin(t), t)",
    tag="pedantic",
)

negative_rule = Rule(
    "minus rule",
    (D(-f, x) >> -D(f, x),),
    why="A minus sign is the constant factor −1: it stays in front.",
    example="D(-sin(t), t) -> -D(sin(t), t)",
    tag="pedantic",
)

sum_rule = Rule(
    "sum rule",
    (D(f + g, x) >> D(f, x) + D(g, x),),
    why="Each term moves by itself, and the changes add up.",
    example="D(t^2 + sin(t), t) -> D(t^2, t) + D(sin(t), t)",
)

constant_multiple = Rule(
    "constant multiple rule",
    (D(c * f, x) >> c * D(f, x),),
    why="The constant factor ${c} only scales the change.",
    example="D(3*sin(t), t) -> 3*D(sin(t), t)",
)
constant_differentiated = Misconception(
    "constant factor differentiated away",
    D(c * f, x) >> D(f, x),
    why="A constant term drops out; a constant factor stays.",
    example="D(3*sin(t), t) -> D(sin(t), t)",
    instead=constant_multiple,
)

constant_divisor = Rule(
    "constant divisor",
    (D(f / c, x) >> D(f, x) / c, D(f / (c * g), x) >> D(f / g, x) / c),
    why="Dividing by the constant ${c} only scales the change.",
    example="D(sin(t)/5, t) -> D(sin(t), t)/5",
    condition=Letter("c", "constant"),
)

linearity = Rule(
    "linearity",
    (D(c * f + n * g, x) >> c * D(f, x) + n * D(g, x),),
    why="Terms are differentiated one by one, and constant factors and signs stay in front.",
    example="D(3*sin(t) + 5*exp(t), t) -> 3*D(sin(t), t) + 5*D(exp(t), t)",
)

product_rule = Rule(
    "product rule",
    (D(f * g, x) >> D(f, x) * g + f * D(g, x),),
    why="Let ${f} move while ${g} stands still, then the other way round, and add.",
    example="D(t*exp(t), t) -> D(t, t)*exp(t) + t*D(exp(t), t)",
)
product_of_derivatives = Misconception(
    "product of derivatives",
    D(f * g, x) >> D(f, x) * D(g, x),
    why="Derivatives distribute over sums, not over products.",
    example="D(t*exp(t), t) -> D(t, t)*D(exp(t), t)",
    instead=product_rule,
)

product_rule_for_several_factors = Rule(
    "product rule for several factors",
    (
        D(f * g * h * k, x)
        >> D(f, x) * g * h * k + f * D(g, x) * h * k + f * g * D(h, x) * k + f * g * h * D(k, x),
        D(f * g * h, x) >> D(f, x) * g * h + f * D(g, x) * h + f * g * D(h, x),
    ),
    why="Let one factor move at a time while the others stand still, and add.",
    example="D(t*exp(t)*sin(t), t) -> D(t, t)*exp(t)*sin(t) + t*D(exp(t), t)*sin(t) "
    "+ t*exp(t)*D(sin(t), t)",
)

quotient_rule = Rule(
    "quotient rule",
    (D(f / g, x) >> (D(f, x) * g - f * D(g, x)) / g**2,),
    why="Numerator differentiated times denominator, minus the other way round, "
    "over the denominator squared.",
    example="D(t/exp(t), t) -> (D(t, t)*exp(t) - t*D(exp(t), t))/exp(t)^2",
    condition=g,
)
quotient_sign_turned = Misconception(
    "quotient rule with the sign turned",
    D(f / g, x) >> (f * D(g, x) - D(f, x) * g) / g**2,
    why="The numerator's derivative comes first; the other order changes the sign.",
    example="D(t/exp(t), t) -> (t*D(exp(t), t) - D(t, t)*exp(t))/exp(t)^2",
    instead=quotient_rule,
)
quotient_without_square = Misconception(
    "quotient rule without the square",
    D(f / g, x) >> (D(f, x) * g - f * D(g, x)) / g,
    why="The denominator enters twice: once from each of the two fractions.",
    example="D(t/exp(t), t) -> (D(t, t)*exp(t) - t*D(exp(t), t))/exp(t)",
    instead=quotient_rule,
)

reciprocal_rule = Rule(
    "reciprocal rule",
    (D(c / g, x) >> -(c * D(g, x)) / g**2,),
    why="When ${g} grows, its reciprocal shrinks, by the square of ${g}.",
    example="D(3/exp(t), t) -> -(3*D(exp(t), t))/exp(t)^2",
    condition=g,
)
reciprocal_of_derivative = Misconception(
    "reciprocal of the derivative",
    D(c / g, x) >> c / D(g, x),
    why="The derivative of a reciprocal is not the reciprocal of the derivative.",
    example="D(3/exp(t), t) -> 3/D(exp(t), t)",
    instead=reciprocal_rule,
)

reciprocal_of_a_power = Rule(
    "reciprocal of a power",
    (
        D(c / moving**n, moving) >> -(n * c) / moving ** (n + 1),
        D(c / g**n, x) >> -(n * c * D(g, x)) / g ** (n + 1),
    ),
    why="Below the bar the exponent is ${n} with a minus sign: it comes down in front, and one "
    "less is one more below the bar.",
    example="D(3/t^2, t) -> -(2*3)/t^3",
    condition=g,
)
exponent_lowered_below_the_bar = Misconception(
    "exponent lowered below the bar",
    D(c / x**n, x) >> -(n * c) / x ** (n - 1),
    why="One less than minus two is minus three: below the bar the exponent grows.",
    example="D(3/t^2, t) -> -(2*3)/t",
    instead=reciprocal_of_a_power,
)

power_rule = Rule(
    "power rule",
    (D(x**n, x) >> n * x ** (n - 1),),
    why="The exponent ${n} comes down in front and goes down by one.",
    example="D(t^5, t) -> 5*t^4",
)
exponent_not_lowered = Misconception(
    "exponent not lowered",
    D(x**n, x) >> n * x**n,
    why="The exponent comes down in front, and then it is one smaller.",
    example="D(t^5, t) -> 5*t^5",
    instead=power_rule,
)

power_chain_rule = Rule(
    "power and chain rule",
    (D(f**n, x) >> n * f ** (n - 1) * D(f, x),),
    why="The power rule for the outside, times the derivative of the inside ${f}.",
    example="D(sin(t)^3, t) -> 3*sin(t)^2*D(sin(t), t)",
)
inner_derivative_of_power_forgotten = Misconception(
    "inner derivative of a power forgotten",
    D(f**n, x) >> n * f ** (n - 1),
    why="The inside moves too: its derivative is a factor.",
    example="D(sin(t)^3, t) -> 3*sin(t)^2",
    instead=power_chain_rule,
)

exponential_rule = Rule(
    "exponential rule",
    (D(exp(x), x) >> exp(x),),
    why="The exponential is its own derivative.",
    example="D(exp(t), t) -> exp(t)",
)
power_rule_on_exponential = Misconception(
    "power rule on an exponential",
    D(exp(x), x) >> x * exp(x - 1),
    why="The power rule is for a moving base; here the exponent moves.",
    example="D(exp(t), t) -> t*exp(t - 1)",
    instead=exponential_rule,
)

exponential_chain_rule = Rule(
    "exponential and chain rule",
    (D(exp(f), x) >> exp(f) * D(f, x),),
    why="The exponential is its own derivative, times the derivative of its exponent ${f}.",
    example="D(exp(-t), t) -> exp(-t)*D(-t, t)",
)
inner_derivative_of_exponential_forgotten = Misconception(
    "inner derivative of an exponential forgotten",
    D(exp(f), x) >> exp(f),
    why="The exponent moves too: its derivative is a factor.",
    example="D(exp(-t), t) -> exp(-t)",
    instead=exponential_chain_rule,
)

constant_base_rule = Rule(
    "exponential of a constant base",
    (D(c**f, x) >> c**f * Apply(log, (c,)) * D(f, x),),
    why="Write ${c} as the exponential of its logarithm; the logarithm stays as a factor.",
    example="D(2^t, t) -> 2^t*log(2)*D(t, t)",
    condition=c > 0,
)

logarithmic_rule = Rule(
    "logarithmic differentiation",
    (D(f**g, x) >> f**g * D(g * Apply(log, (f,)), x),),
    why="Base and exponent both move: write the power as the exponential of its logarithm.",
    example="D(t^sin(t), t) -> t^sin(t)*D(sin(t)*log(t), t)",
    condition=f > 0,
)

derivative_by_the_logarithm = Rule(
    "derivative by the logarithm",
    (D(f, x) >> f * D(Apply(log, (f,)), x),),
    why="The logarithm of ${f} has the derivative of ${f} over ${f}; multiplied by ${f} it is "
    "the derivative itself.",
    example="D(t*exp(t), t) -> t*exp(t)*D(log(t*exp(t)), t)",
    condition=f > 0,
)

chain_rule = Rule(
    "chain rule",
    (D(Apply(phi, (g,)), x) >> Prime(phi, 1, g) * D(g, x),),
    why="The outer derivative at the inside, times the derivative of the inside ${g}.",
    example="D(f(t^2), t) -> f'(t^2)*D(t^2, t)",
)

prime_notation = Rule(
    "prime notation",
    (D(Apply(phi, (x,)), x) >> Prime(phi, 1, x),),
    why="The derivative of a function by its own argument ${x} is written with a prime.",
    example="D(f(t), t) -> f'(t)",
    tag="pedantic",
)

absolute_value_rule = Rule(
    "derivative of the absolute value",
    (D(absolute(f), x) >> f / absolute(f) * D(f, x),),
    why="Its slope is the sign of ${f}, which is ${f} over its absolute value, "
    "times the derivative of ${f}.",
    example="D(abs(t^3), t) -> t^3/abs(t^3)*D(t^3, t)",
    condition=f,
)

chain_by_name = Rule(
    "chain rule through a named quantity",
    (D(m, x) >> D(m, y) * D(y, x),),
    why="${m} depends on ${x} only through ${y}, so the outer rate multiplies the inner rate.",
    example="D(L, z) -> partial(L, a)*D(a, z)",
)

chain_along_every_path = Rule(
    "chain rule along every path",
    (D(m, x) >> D(m, y) * D(y, u) * D(u, x), D(m, x) >> D(m, y) * D(y, x)),
    why="Rates multiply along a path from ${m} to ${x}, and the paths add up.",
    example="D(L, z) -> partial(L, a)*D(a, z)",
)

derivative_of_indexed_sum = Rule(
    "sum rule for an indexed sum",
    (D(total(f, j, g, h), x) >> total(D(f, x), j, g, h),),
    why="Each term of the sum moves by itself, and the changes add up.",
    example="D(sum(t*a_j, j = 1..n), t) -> sum(D(t*a_j, t), j = 1..n)",
)

only_one_term = Rule(
    "only one term moves",
    (),
    why="Only the term of the sum in which ${x} stands depends on it; all others are constants.",
    example="sum(partial(a_j^2, a_i), j = 1..n) -> partial(a_i^2, a_i)",
)

differentiate_pieces = Rule(
    "differentiate each piece",
    (),
    why="Inside each interval the function is one formula, so it is differentiated as such; "
    "at the border between two pieces nothing is claimed yet.",
    example="D(cases(t if t > 0, 0 if t <= 0), t) -> cases(D(t, t) if t > 0, D(0, t) if t < 0)",
)

convention_at_kink = Rule(
    "convention at the kink",
    (),
    why="At the kink there is no derivative; a framework returns a number all the same, "
    "and it is put here by convention.",
    example="cases(1 if t > 0, 0 if t < 0) -> cases(1 if t > 0, 0 if t <= 0)",
)

higher_derivative = Rule(
    "higher derivative",
    (D(f, x, 2) >> D(D(f, x), x),),
    why="The second derivative is the derivative of the first.",
    example="D(t^3, t, 2) -> D(D(t^3, t), t)",
)

derivatives_of_the_parts = Rule(
    "derivatives of the parts",
    (),
    why="Each derivative that still stands is carried out by itself and put in.",
    example="2*D(t, t) -> 2",
)

local_derivatives = Rule(
    "local derivatives",
    (),
    why="Each rate on the way is derived from its own statement, the rest held still, and put in.",
    example="2*D(t, t) -> 2",
)
