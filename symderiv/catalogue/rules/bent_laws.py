"""The laws of differentiation as students bend them, further to those that stand beside them.

Here belongs every slip that bends one law of `differentiation` at the place where it is
used.  Slips about the slope of one function stand in `functions/bent_slopes`, slips that
bend no law in `mistaken`.  Sources: Donaldson (1963) for the kinds of error, Orton,
*Students' understanding of differentiation* (1983), and what tutors of calculus and of
deep learning mark every year.
"""

from symderiv.catalogue.rule import Misconception
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules.differentiation import c, f, g, h, log, n, phi, x
from symderiv.language.build import D, absolute, exp
from symderiv.language.expressions import Apply, Prime
from symderiv.language.patterns import Letter

m = Letter("m", "variable")
between = Letter("y", "named")

constant_kept = Misconception(
    "constant kept",
    D(c, x) >> c,
    why="A constant does not change, so its derivative is zero, not the constant.",
    example="D(7, t) -> 7",
    instead=laws.constant_rule,
)
constant_becomes_one = Misconception(
    "constant becomes one",
    D(c, x) >> 1,
    why="Only the variable itself has the derivative one; a constant has the derivative zero.",
    example="D(7, t) -> 1",
    instead=laws.constant_rule,
)

variable_kept = Misconception(
    "variable kept",
    D(x, x) >> x,
    why="The variable moves exactly as fast as itself: its derivative is one.",
    example="D(t, t) -> t",
    instead=laws.identity_rule,
)
variable_becomes_zero = Misconception(
    "variable becomes zero",
    D(x, x) >> 0,
    why="The variable is what moves; only constants have the derivative zero.",
    example="D(t, t) -> 0",
    instead=laws.identity_rule,
)

constant_term_kept = Misconception(
    "constant term kept",
    D(c + f, x) >> c + D(f, x),
    why="A constant term does not move, so it drops out.",
    example="D(3 + sin(t), t) -> 3 + D(sin(t), t)",
    instead=laws.constant_term,
)

minus_sign_lost = Misconception(
    "minus sign lost",
    D(-f, x) >> D(f, x),
    why="The minus sign is a factor −1, and it stays in front.",
    example="D(-sin(t), t) -> D(sin(t), t)",
    instead=laws.negative_rule,
)

only_first_term_differentiated = Misconception(
    "only first term differentiated",
    D(f + g, x) >> D(f, x) + g,
    why="Every term of the sum moves, and every one is differentiated.",
    example="D(t^2 + sin(t), t) -> D(t^2, t) + sin(t)",
    instead=laws.sum_rule,
)
terms_multiplied = Misconception(
    "sum differentiated like a product",
    D(f + g, x) >> D(f, x) * g + f * D(g, x),
    why="The changes of two terms simply add up; the product rule is for products.",
    example="D(t^2 + sin(t), t) -> D(t^2, t)*sin(t) + t^2*D(sin(t), t)",
    instead=laws.sum_rule,
)

constant_factor_taken_for_a_term = Misconception(
    "constant factor taken for a term",
    D(c * f, x) >> 0,
    why="A constant factor scales the change; it does not make the product constant.",
    example="D(3*sin(t), t) -> 0",
    instead=laws.constant_multiple,
)

second_term_of_product_rule_left_out = Misconception(
    "second term of the product rule left out",
    D(f * g, x) >> D(f, x) * g,
    why="The second factor moves too: its change adds a second term.",
    example="D(t*exp(t), t) -> D(t, t)*exp(t)",
    instead=laws.product_rule,
)
first_term_of_product_rule_left_out = Misconception(
    "first term of the product rule left out",
    D(f * g, x) >> f * D(g, x),
    why="The first factor moves too: its change adds a term of its own.",
    example="D(t*exp(t), t) -> t*D(exp(t), t)",
    instead=laws.product_rule,
)
product_rule_with_a_minus = Misconception(
    "product rule with a minus",
    D(f * g, x) >> D(f, x) * g - f * D(g, x),
    why="The two terms are added; the minus belongs to the quotient rule.",
    example="D(t*exp(t), t) -> D(t, t)*exp(t) - t*D(exp(t), t)",
    instead=laws.product_rule,
)
sum_of_derivatives = Misconception(
    "sum of derivatives for a product",
    D(f * g, x) >> D(f, x) + D(g, x),
    why="Each factor's change is scaled by the other factor before the two are added.",
    example="D(t*exp(t), t) -> D(t, t) + D(exp(t), t)",
    instead=laws.product_rule,
)
factor_left_undifferentiated = Misconception(
    "one factor never differentiated in a product of several",
    D(f * g * h, x) >> D(f, x) * g * h + f * D(g, x) * h,
    why="Each factor moves once: three factors make three terms.",
    example="D(t*exp(t)*sin(t), t) -> D(t, t)*exp(t)*sin(t) + t*D(exp(t), t)*sin(t)",
    instead=laws.product_rule_for_several_factors,
)

quotient_of_derivatives = Misconception(
    "quotient of derivatives",
    D(f / g, x) >> D(f, x) / D(g, x),
    why="Derivatives distribute over sums, not over quotients.",
    example="D(sin(t)/exp(t), t) -> D(sin(t), t)/D(exp(t), t)",
    instead=laws.quotient_rule,
)
quotient_with_a_plus = Misconception(
    "quotient rule with a plus",
    D(f / g, x) >> (D(f, x) * g + f * D(g, x)) / g**2,
    why="A growing denominator makes the quotient smaller: its term is subtracted.",
    example="D(t/exp(t), t) -> (D(t, t)*exp(t) + t*D(exp(t), t))/exp(t)^2",
    instead=laws.quotient_rule,
)
denominator_taken_for_a_constant = Misconception(
    "denominator taken for a constant",
    D(f / g, x) >> D(f, x) / g,
    why="The denominator moves too, and its change counts.",
    example="D(t/exp(t), t) -> D(t, t)/exp(t)",
    instead=laws.quotient_rule,
)
denominator_differentiated_before_squaring = Misconception(
    "denominator differentiated before squaring",
    D(f / g, x) >> (D(f, x) * g - f * D(g, x)) / D(g, x) ** 2,
    why="Below the bar stands the square of the denominator itself.",
    example="D(t/sin(t), t) -> (D(t, t)*sin(t) - t*D(sin(t), t))/D(sin(t), t)^2",
    instead=laws.quotient_rule,
)

minus_of_a_reciprocal_lost = Misconception(
    "minus of a reciprocal lost",
    D(c / g, x) >> c * D(g, x) / g**2,
    why="When the denominator grows, the reciprocal shrinks: there is a minus in front.",
    example="D(3/exp(t), t) -> 3*D(exp(t), t)/exp(t)^2",
    instead=laws.reciprocal_rule,
)
reciprocal_without_square = Misconception(
    "reciprocal rule without the square",
    D(c / g, x) >> -(c * D(g, x)) / g,
    why="The denominator is squared: a reciprocal falls off faster where it is steep.",
    example="D(3/exp(t), t) -> -(3*D(exp(t), t))/exp(t)",
    instead=laws.reciprocal_rule,
)
inner_derivative_of_a_reciprocal_forgotten = Misconception(
    "inner derivative of a reciprocal forgotten",
    D(c / g, x) >> -c / g**2,
    why="The denominator moves at its own speed, which is a factor.",
    example="D(3/exp(t), t) -> -3/exp(t)^2",
    instead=laws.reciprocal_rule,
)
logarithm_for_a_reciprocal = Misconception(
    "logarithm for a reciprocal",
    D(c / g, x) >> c * Apply(log, (g,)),
    why="The logarithm is what has the reciprocal as its derivative, not the other way round.",
    example="D(3/t, t) -> 3*log(t)",
    instead=laws.reciprocal_rule,
)

exponent_not_brought_down = Misconception(
    "exponent not brought down",
    D(f**n, x) >> f ** (n - 1) * D(f, x),
    why="The exponent comes down in front as a factor before it is lowered.",
    example="D(sin(t)^3, t) -> sin(t)^2*D(sin(t), t)",
    instead=laws.power_chain_rule,
)
exponent_raised = Misconception(
    "exponent raised",
    D(x**n, x) >> n * x ** (n + 1),
    why="Differentiating lowers the exponent by one; integrating raises it.",
    example="D(t^5, t) -> 5*t^6",
    instead=laws.power_rule,
)
power_integrated = Misconception(
    "power integrated",
    D(x**n, x) >> x ** (n + 1) / (n + 1),
    why="This is what has the power as its derivative: the exponent comes down instead.",
    example="D(t^5, t) -> t^6/6",
    instead=laws.power_rule,
)
exponent_of_a_power_not_lowered = Misconception(
    "exponent of a power not lowered",
    D(f**n, x) >> n * f**n * D(f, x),
    why="The exponent comes down in front, and then it is one smaller.",
    example="D(sin(t)^3, t) -> 3*sin(t)^3*D(sin(t), t)",
    instead=laws.power_chain_rule,
)
power_of_the_derivative = Misconception(
    "power of the derivative",
    D(f**n, x) >> n * D(f, x) ** (n - 1),
    why="The outside is differentiated at the inside as it is; the inner derivative is a factor.",
    example="D(sin(t)^3, t) -> 3*D(sin(t), t)^2",
    instead=laws.power_chain_rule,
)

power_rule_on_an_exponential_function = Misconception(
    "power rule on an exponential function",
    D(exp(f), x) >> f * exp(f - 1),
    why="The power rule is for a moving base; here the exponent moves.",
    example="D(exp(t^2), t) -> t^2*exp(t^2 - 1)",
    instead=laws.exponential_chain_rule,
)
power_rule_and_chain_on_an_exponential = Misconception(
    "power and chain rule on an exponential",
    D(exp(f), x) >> f * exp(f - 1) * D(f, x),
    why="The power rule is for a moving base; here the exponent moves.",
    example="D(exp(t^2), t) -> t^2*exp(t^2 - 1)*D(t^2, t)",
    instead=laws.exponential_chain_rule,
)
exponential_of_the_derivative = Misconception(
    "exponential of the derivative",
    D(exp(f), x) >> exp(D(f, x)),
    why="The exponent stays as it is; its derivative is a factor beside the exponential.",
    example="D(exp(t^2), t) -> exp(D(t^2, t))",
    instead=laws.exponential_chain_rule,
)
minus_of_an_exponent_lost = Misconception(
    "minus of an exponent lost",
    D(exp(-f), x) >> exp(-f) * D(f, x),
    why="The exponent's own minus is part of its derivative.",
    example="D(exp(-t), t) -> exp(-t)*D(t, t)",
    instead=laws.exponential_chain_rule,
)

power_rule_where_the_exponent_moves = Misconception(
    "power rule where the exponent moves",
    D(f**g, x) >> g * f ** (g - 1) * D(f, x),
    why="The exponent moves as well: write the power as the exponential of its logarithm.",
    example="D(t^sin(t), t) -> sin(t)*t^(sin(t) - 1)*D(t, t)",
    instead=laws.logarithmic_rule,
)
exponential_rule_where_the_base_moves = Misconception(
    "exponential rule where the base moves",
    D(f**g, x) >> f**g * Apply(log, (f,)) * D(g, x),
    why="The base moves as well: write the power as the exponential of its logarithm.",
    example="D(t^sin(t), t) -> t^sin(t)*log(t)*D(sin(t), t)",
    instead=laws.logarithmic_rule,
)

inner_derivative_forgotten = Misconception(
    "inner derivative forgotten",
    D(Apply(phi, (g,)), x) >> Prime(phi, 1, g),
    why="The inside moves at its own speed, which is a factor.",
    example="D(f(t^2), t) -> f'(t^2)",
    instead=laws.chain_rule,
)
outer_function_of_the_inner_derivative = Misconception(
    "outer derivative at the inner derivative",
    D(Apply(phi, (g,)), x) >> Prime(phi, 1, D(g, x)),
    why="The outer derivative is taken at the inside itself, and multiplied by its derivative.",
    example="D(f(t^2), t) -> f'(D(t^2, t))",
    instead=laws.chain_rule,
)

absolute_value_left_out = Misconception(
    "absolute value left out",
    D(absolute(f), x) >> D(f, x),
    why="Where the inside is negative, the absolute value falls as the inside grows.",
    example="D(abs(t^3), t) -> D(t^3, t)",
    instead=laws.absolute_value_rule,
)

chain_broken_off = Misconception(
    "chain broken off",
    D(m, x) >> D(m, between),
    why="The rate by a quantity on the way is one factor only: the rest of the way is another.",
    example="D(L, z) -> partial(L, a)",
    instead=laws.chain_by_name,
)
