"""Slips that bend no law of differentiation: another question answered, a line miscopied.

Here belongs what is mistaken about the question as a whole, about the result as a whole, or
in writing a line off.  Slips that bend one law where it is used stand beside the laws.
"""

from symderiv.catalogue.rule import Misconception
from symderiv.catalogue.rules import algebra, powers
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules.algebra import whole
from symderiv.catalogue.rules.differentiation import f, g, h, k
from symderiv.language.build import D, exp
from symderiv.language.expressions import Negative, Transpose
from symderiv.language.patterns import Letter, letters

x, y, u, m = letters("x y u m", "variable")
way, named = letters("v w", "named")
n = Letter("n", "count")

# --- another question is answered -------------------------------------------------------------

not_differentiated = Misconception(
    "not differentiated",
    D(f, x) >> f,
    why="What was to be differentiated was written off.",
    example="D(t^2*sin(t), t) -> t^2*sin(t)",
    instead=laws.derivatives_of_the_parts,
    scope="question",
)
wrong_variable = Misconception(
    "wrong variable",
    D(f, x) >> D(f, y),
    why="Say by which letter to differentiate, and hold every other one still.",
    example="D(t^2*sin(s), t) -> t^2*cos(s)",
    instead=laws.constant_rule,
    scope="question",
)
outer_rate_only = Misconception(
    "stopped at a quantity on the way",
    D(m, x) >> D(m, way),
    why="The chain goes on: from the quantity on the way there is a factor for the rest of it.",
    example="D(L, z) -> partial(L, a)",
    instead=laws.chain_by_name,
    scope="question",
)
inner_rate_only = Misconception(
    "begun at a quantity on the way",
    D(m, x) >> D(way, x),
    why="The chain begins at what is differentiated: its own rate is the first factor.",
    example="D(L, z) -> D(a, z)",
    instead=laws.chain_by_name,
    scope="question",
)
differentiated_twice = Misconception(
    "differentiated twice",
    D(f, x) >> D(D(f, x), x),
    why="The first derivative was asked for.",
    example="D(t^2*sin(t), t) -> 2*sin(t) + 4*t*cos(t) - t^2*sin(t)",
    instead=laws.higher_derivative,
    scope="question",
)
integrated_instead = Misconception(
    "integrated instead",
    D(D(f, x), x) >> f,
    why="This has the question as its derivative: it is the way back.",
    example="D(t^2 + cos(t), t) -> t^3/3 + sin(t)",
    instead=laws.higher_derivative,
    scope="question",
)

# --- the result as a whole is off by a factor -------------------------------------------------

sign_of_the_result_turned = Misconception(
    "sign of the result turned",
    f >> -f,
    why="A minus sign was lost, or one came in, on the way.",
    example="D(t^2*exp(-t), t) -> t^2*exp(-t) - 2*t*exp(-t)",
    instead=laws.negative_rule,
    scope="result",
)
two_lost = Misconception(
    "two lost",
    f >> f / 2,
    why="A factor two is missing, as from a square.",
    example="D((t - s)^2, t) -> t - s",
    instead=laws.power_chain_rule,
    scope="result",
)
two_too_many = Misconception(
    "two too many",
    f >> 2 * f,
    why="A factor two came in, or a half was lost.",
    example="D((t - s)^2/2, t) -> 2*(t - s)",
    instead=laws.constant_divisor,
    scope="result",
)
count_lost = Misconception(
    "one over n lost",
    f >> n * f,
    why="A mean is a sum divided by the number of samples, and so is its derivative.",
    example="D((t - s)^2/n, t) -> 2*(t - s)",
    instead=laws.constant_divisor,
    scope="result",
)
count_too_many = Misconception(
    "one over n too many",
    f >> f / n,
    why="Nothing was averaged here, or it was already.",
    example="D(n*(t - s)^2, t) -> 2*(t - s)",
    instead=laws.constant_multiple,
    scope="result",
)
rate_missing = Misconception(
    "local derivative missing",
    f >> f / D(named, u),
    why="Every quantity on the way brings its own rate; one of them is missing.",
    example="D(L, z) -> partial(L, a)",
    instead=laws.chain_by_name,
    scope="result",
)
rate_doubled = Misconception(
    "local derivative doubled",
    f >> f * D(named, u),
    why="Every quantity on the way brings its rate once; one of them stands there twice.",
    example="D(L, z) -> D(L, z)*D(a, z)",
    instead=laws.chain_by_name,
    scope="result",
)
result_turned_over = Misconception(
    "result turned over",
    f >> 1 / f,
    why="This is the rate of the variable by the function: the fraction stands upside down.",
    example="D(t^2*sin(t), t) -> 1/(2*t*sin(t) + t^2*cos(t))",
    instead=laws.reciprocal_rule,
    scope="result",
)

# --- a line was written off, or rewritten, wrongly --------------------------------------------

bracket_half_turned = Misconception(
    "minus before a bracket for its first term only",
    Negative(f + g) >> -f + g,
    why="A minus before a bracket turns the sign of every term in it.",
    example="-(exp(t) + t^2) -> -exp(t) + t^2",
    instead=algebra.turn_the_bracket,
    scope="line",
)
bracket_half_multiplied = Misconception(
    "bracket multiplied for its first term only",
    f * (g + h) >> f * g + h,
    why="A factor before a bracket goes to every term in it.",
    example="t*(exp(t) + t^2) -> t*exp(t) + t^2",
    instead=algebra.expand,
    scope="line",
)
exponentials_added = Misconception(
    "exponential of a sum term by term",
    exp(f + g) >> exp(f) + exp(g),
    why="An exponential makes products of sums.",
    example="exp(t^2 + t) -> exp(t^2) + exp(t)",
    instead=powers.add_exponents,
    scope="line",
)
fraction_split_below_the_bar = Misconception(
    "fraction split below the bar",
    f / (g + h) >> f / g + f / h,
    why="A fraction may be split above the bar, never below.",
    example="3/(t + exp(t)) -> 3/t + 3/exp(t)",
    instead=algebra.split_fraction,
    scope="line",
)
fraction_turned_over = Misconception(
    "fraction turned over",
    f / g >> g / f,
    why="What stands above the bar and what stands below have changed places.",
    example="1 + t^2/exp(t) -> 1 + exp(t)/t^2",
    instead=algebra.rearrange,
    scope="line",
)
fractions_added_across = Misconception(
    "fractions added above and below",
    f / g + h / k >> (f + h) / (g + k),
    why="Fractions are brought to a common denominator before they are added.",
    example="3/t + t^2/exp(t) -> (3 + t^2)/(t + exp(t))",
    instead=algebra.common_denominator,
    scope="line",
)
path_left_out = Misconception(
    "term or path left out",
    f + g >> f,
    why="Every term counts, and every path along which a change can travel.",
    example="exp(t) + t^2 -> exp(t)",
    instead=laws.chain_along_every_path,
    scope="line",
)
first_term_left_out = Misconception(
    "first term or path left out",
    f + g >> g,
    why="Every term counts, and every path along which a change can travel.",
    example="exp(t) + t^2 -> t^2",
    instead=laws.chain_along_every_path,
    scope="line",
)
sign_of_a_term_turned = Misconception(
    "sign of a term turned",
    f + g >> f - g,
    why="One term has the other sign.",
    example="exp(t) + t^2 -> exp(t) - t^2",
    instead=algebra.rearrange,
    scope="line",
)
factor_lost = Misconception(
    "factor lost",
    f * g >> f,
    why="One factor was left behind in writing the line off.",
    example="exp(t)*t^2 -> exp(t)",
    instead=algebra.rearrange,
    scope="line",
)
first_factor_lost = Misconception(
    "first factor lost",
    f * g >> g,
    why="One factor was left behind in writing the line off.",
    example="exp(t)*t^2 -> t^2",
    instead=algebra.rearrange,
    scope="line",
)
factor_doubled = Misconception(
    "factor doubled",
    f * g >> f * g * g,
    why="One factor stands there twice.",
    example="exp(t)*t^2 -> exp(t)*t^2*t^2",
    instead=algebra.rearrange,
    scope="line",
)
first_factor_doubled = Misconception(
    "first factor doubled",
    f * g >> f * f * g,
    why="One factor stands there twice.",
    example="exp(t)*t^2 -> exp(t)*exp(t)*t^2",
    instead=algebra.rearrange,
    scope="line",
)
product_for_a_sum = Misconception(
    "product for a sum",
    f + g >> f * g,
    why="The changes add up; they multiply only along one path.",
    example="exp(t) + t^2 -> exp(t)*t^2",
    instead=laws.chain_along_every_path,
    scope="line",
)
one_quantity_for_another = Misconception(
    "one quantity for another",
    x >> y,
    why="Two letters were taken for one another, as a weight for its input.",
    example="s*exp(t) -> t*exp(t)",
    instead=algebra.rearrange,
    scope="line",
)
transpose_forgotten = Misconception(
    "transpose forgotten",
    Transpose(whole) >> whole,
    why="Going back through a layer uses the transpose of its weights: the shapes must fit.",
    example="transpose(W)*d -> W*d",
    instead=algebra.rearrange,
    scope="line",
)
