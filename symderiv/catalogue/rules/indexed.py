"""Laws of sums over an index, and of the Kronecker delta that tells two indices apart.

δ_{ik} is 1 where i and k are the same and 0 where they are not.  It is a function whose
two arguments are indices, and no node of its own: so whoever evaluates it knows that they
are indices and no quantities.  Source: Magnus, Neudecker, *Matrix differential calculus*
(2019), chapter 1; Goodfellow, Bengio, Courville, *Deep Learning* (2016), section 6.2.2.3.
"""

from symderiv.catalogue.rule import Rule
from symderiv.language.build import total
from symderiv.language.patterns import Letter, letters

f, g, a, b = letters("f g a b")
j = Letter("j", "variable")

entry_by_entry = Rule(
    "entry by entry",
    (),
    why="Each entry moves by itself: the slope is 1 where both are the same entry, and 0 where "
    "they are not.",
    example="partial(t_i, t_k) -> kronecker(i, k)",
)

index_renamed = Rule(
    "index renamed",
    (),
    why="The index of a sum may be called by any letter that is free.",
    example="sum(t_i^2, i = 1..n) -> sum(t_j^2, j = 1..n)",
)

sum_of_sums = Rule(
    "sum of sums",
    (
        total(f - g, j, a, b) >> total(f, j, a, b) - total(g, j, a, b),
        total(f + g, j, a, b) >> total(f, j, a, b) + total(g, j, a, b),
    ),
    why="Terms may be added in any order, so that each part has a sum of its own.",
    example="sum(s_j + t_j, j = 1..n) -> sum(s_j, j = 1..n) + sum(t_j, j = 1..n)",
)

factor_before_the_sum = Rule(
    "factor before the sum",
    (),
    why="What does not depend on the index is the same in every term, and is written once.",
    example="sum(t*s_j, j = 1..n) -> t*sum(s_j, j = 1..n)",
)

delta_picks = Rule(
    "the delta picks one term",
    (),
    why="All terms are 0 but the one whose index is named by the delta.",
    example="sum(t_j*kronecker(j, k), j = 1..n) -> t_k",
)

probabilities_add_up_to_one = Rule(
    "probabilities add up to one",
    (),
    why="They are the probabilities of all that may happen, and their sum is 1.",
    example="sum(y_j, j = 1..n) -> 1",
)
