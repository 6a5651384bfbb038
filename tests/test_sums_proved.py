"""Sums over an index are proved for any number of terms; and a stranger adds them up.

Each row is a claim about n terms.  The referee below knows nothing of us: it takes three
terms, numbers for the entries, every choice of the free indices, and mpmath's differences
for the derivatives.  What holds there is proved for every n; what fails there is refuted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import NamedTuple

import mpmath
import pytest
from mpmath import mpf

import symderiv as sd
from symderiv.judging.points import Setting
from symderiv.judging.proving import Proof, Unproved, prove
from symderiv.language.build import symbol
from symderiv.language.domains import read_domain
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Derivative,
    Expr,
    IndexedSum,
    Indicator,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes

TERMS = 3
WHOLE = "sum(exp(z_j), j = 1..n)"
SOFTMAX, OTHER = f"exp(z_i)/{WHOLE}", f"exp(z_k)/{WHOLE}"
LOSS = "-sum(y_j*log(exp(z_j)/sum(exp(z_k), k = 1..n)), j = 1..n)"
NORM = "sqrt(sum(x_j^2, j = 1..n))"


class Row(NamedTuple):
    left: str
    right: str
    why: str
    where: Mapping[str, str] = {}
    conditions: str = ""


INSIDE = "1 <= i <= n"
EQUAL = [
    # linear
    Row("sum(a_j, j = 1..n)", "sum(a_k, k = 1..n)", "an index has no name of its own"),
    Row("sum(2*x*a_j + b, j = 1..n)", "2*x*sum(a_j, j = 1..n) + n*b", "constants go in front"),
    Row("sum(sigma(z_j), j = 1..n) + sum(1 - sigma(z_j), j = 1..n)", "n", "σ and 1 − σ"),
    Row("sum(sum(x_i*y_j, j = 1..n), i = 1..n)", "sum(x_j, j = 1..n)*sum(y_i, i = 1..n)",
        "a double sum of products"),
    Row("sum(exp(z_j - c), j = 1..n)", f"exp(-c)*{WHOLE}", "a shift goes in front"),
    Row("exp(z_i - c)/sum(exp(z_j - c), j = 1..n)", SOFTMAX, "softmax does not feel a shift"),
    Row("log(sum(2*exp(z_j), j = 1..n))", f"log(2) + log({WHOLE})", "a factor leaves the log"),
    Row("sum(abs(a_j)^2, j = 1..n)", "sum(a_j^2, j = 1..n)", "any sign has the same square"),
    Row("sum(log(a_j^2), j = 1..n)", "2*sum(log(abs(a_j)), j = 1..n)", "log a² is 2 log|a|"),
    Row("sum(x^2*a_j, j = 1..3)", "x^2*(a_1 + a_2 + a_3)", "three terms written out"),
    # one entry moves
    Row("D(sum((yhat_j - y_j)^2, j = 1..n), yhat_i)", "2*(yhat_i - y_i)",
        "the squared error (Goodfellow et al., 5.1.4)", {}, INSIDE),
    Row("sum(D((yhat_j - y_j)^2, yhat_i), j = 1..n)", "D((yhat_i - y_i)^2, yhat_i)",
        "only one term moves", {}, INSIDE),
    Row(f"D(log({WHOLE}), z_i)", SOFTMAX, "the slope of log-sum-exp is softmax", {}, INSIDE),
    Row(f"D({SOFTMAX}, z_i)", f"{SOFTMAX}*(1 - {SOFTMAX})", "softmax by its own entry", {}, INSIDE),
    Row("D(-sum(y_j*log(yhat_j), j = 1..n), yhat_i)", "-y_i/yhat_i", "the cross-entropy",
        {"yhat": "(0,1)"}, INSIDE),
    Row(f"D({LOSS}, z_i)", f"{SOFTMAX}*sum(y_j, j = 1..n) - y_i", "through a softmax", {}, INSIDE),
    Row(f"D({NORM}, x_i)", f"x_i/{NORM}", "a norm", {}, INSIDE),
    Row("D(sum(y_j^2, j = 1..3), y_i)", "2*y_i", "three terms", {}, "1 <= i <= 3"),
    Row("D(sum(y_j^2, j = 1..3), y_2)", "2*y_2", "the second of three"),
    Row("D(sum(sum(W_ij*x_j, j = 1..n), i = 1..n), W_ab)", "x_b", "one entry of a matrix", {},
        "1 <= a <= n, 1 <= b <= n"),
    # two free indices
    Row(f"D({SOFTMAX}, z_k)", f"{SOFTMAX}*(indicator(i = k) - {OTHER})", "softmax by any entry",
        {}, "1 <= k <= n"),
    Row(f"D({SOFTMAX}, z_k)",
        f"cases({SOFTMAX}*(1 - {SOFTMAX}) if i = k, -{SOFTMAX}*{OTHER} if i != k)",
        "the same by cases", {}, "1 <= k <= n"),
    Row("D(z_i^2, z_k)", "2*z_k*indicator(i = k)", "one entry by another"),
    # a shared parameter moves
    Row("D(sum(x^2*a_j, j = 1..n), x)", "2*x*sum(a_j, j = 1..n)", "term by term"),
    Row("D(sum((sigma(w*x_j + b) - y_j)^2, j = 1..n), w)",
        "2*sum((sigma(w*x_j + b) - y_j)*sigma(w*x_j + b)*(1 - sigma(w*x_j + b))*x_j, j = 1..n)",
        "a neuron over all samples"),
]  # fmt: skip
DIFFERENT = [
    Row("sum(a_j*b_j, j = 1..n)", "sum(a_j, j = 1..n)*sum(b_j, j = 1..n)", "not a product of sums"),
    Row("sum(abs(a_j), j = 1..n)", "sum(a_j, j = 1..n)", "a sign for each term"),
    Row("sum(a_j, j = 1..n)", "n*a_1", "not all entries are alike"),
    Row("sum(sum(W_ij, j = 1..n), i = 1..n)", "n*sum(W_ii, i = 1..n)", "not the diagonal alone"),
    Row("D(sum((yhat_j - y_j)^2, j = 1..n), yhat_i)", "2*sum(yhat_j - y_j, j = 1..n)",
        "one term moves, not all"),
    Row("sum(D(a_j^2, a_i), j = 1..n)", "0", "the term in which j is i"),
    Row(f"D({SOFTMAX}, z_k)", f"{SOFTMAX}*(1 - {SOFTMAX})", "true for i = k alone"),
    Row(f"D({SOFTMAX}, z_k)", f"-{SOFTMAX}*{OTHER}", "true for i ≠ k alone"),
    Row("D(z_i^2, z_k)", "0", "true for i ≠ k alone"),
    Row("D(z_i^2, z_k)", "2*z_k", "true for i = k alone"),
    Row("D(sum(z_k^2, k = 1..n), z_k)", "2*sum(z_k, k = 1..n)", "k inside is not k outside"),
]  # fmt: skip
UNPROVED = [
    Row("sum(1, j = 1..n)", "n", "an n below 0 adds nothing", {"n": "integer"}),
    Row("D(sum(sum(W_ij*x_j, j = 1..i), i = 1..n), W_ab)", "x_b", "0 above the diagonal"),
    Row("sum(log(a_j) - log(a_j), j = 1..n)", "0", "the left has no value for negative entries"),
    Row("sum(indicator(j < i)*a_j, j = 1..n)", "sum(a_j, j = 1..n)", "not all are counted"),
]


def name(row: Row) -> str:
    return f"{row.left} | {row.right}"[:80]


def proved(row: Row) -> Proof | Unproved:
    where = {"n": "positive integer", **row.where}
    domains = {symbol(key): read_domain(text) for key, text in where.items()}
    return prove(sd.read(row.left), sd.read(row.right), Setting(sd.functions, domains))


@pytest.mark.parametrize("row", EQUAL, ids=name)
def test_what_holds_for_any_number_of_terms_is_proved(row: Row) -> None:
    found = proved(row)

    assert isinstance(found, Proof), f"{row.why}: {found}"
    assert ", ".join(map(str, found.conditions)) == row.conditions


@pytest.mark.parametrize("row", [*DIFFERENT, *UNPROVED], ids=name)
def test_what_does_not_hold_is_not_proved(row: Row) -> None:
    assert isinstance(proved(row), Unproved), row.why


@pytest.mark.parametrize("row", EQUAL + DIFFERENT, ids=name)
def test_the_judge_says_what_the_table_says(row: Row) -> None:
    """The balls add up as many terms as n says, with i among them."""
    found = sd.compare(row.left, row.right, where=row.where)

    assert found.verdict == ("equal" if row in EQUAL else "different"), f"{row.why}: {found}"


# --- a stranger adds up three terms -----------------------------------------------------------


@pytest.mark.parametrize("row", EQUAL, ids=name)
def test_three_terms_agree_for_all_indices(row: Row) -> None:
    assert all(abs(left - right) < mpf("1e-12") for left, right in both_sides(row)), row.why


@pytest.mark.parametrize("row", DIFFERENT, ids=name)
def test_three_terms_disagree_for_some_indices(row: Row) -> None:
    assert any(abs(left - right) > mpf("1e-6") for left, right in both_sides(row)), row.why


def both_sides(row: Row) -> Iterator[tuple[mpf, mpf]]:
    """Both values at each choice of the free indices, with numbers for all entries."""
    sides = [sd.read(text) for text in (row.left, row.right)]
    bound = {n.index for side in sides for n in nodes(side) if isinstance(n, IndexedSum)}
    entries = [n for side in sides for n in nodes(side) if isinstance(n, Symbol) and n.indices]
    free = dict.fromkeys(i for e in entries for i in e.indices if isinstance(i, Symbol))
    moving = {n.variable for side in sides for n in nodes(side) if isinstance(n, Derivative)}
    outside = {i for variable in moving for i in variable.parts}
    alone = [i for i in free if i not in bound or i in outside]
    with mpmath.workdps(40):
        for values in product(range(1, TERMS + 1), repeat=len(alone)):
            at: dict[Expr, mpf] = dict(zip(alone, map(mpf, values), strict=True))
            yield worth(sides[0], at), worth(sides[1], at)


def worth(expr: Expr, at: Mapping[Expr, mpf]) -> mpf:
    """The value by mpmath; names and entries have numbers of their own."""
    inside = lambda part: worth(part, at)  # noqa: E731
    match expr:
        case Number():
            return mpf(expr.value.numerator) / expr.value.denominator
        case Symbol():
            return number(entry(expr, at), at)
        case Sum(terms):
            return mpmath.fsum(map(inside, terms))
        case Product(factors):
            return mpmath.fprod(map(inside, factors))
        case Negative(operand):
            return -inside(operand)
        case Quotient(top, bottom):
            return inside(top) / inside(bottom)
        case Power(base, exponent):
            return (
                mpmath.e ** inside(exponent)
                if str(base) == "e"
                else inside(base) ** inside(exponent)
            )
        case Absolute(operand):
            return abs(inside(operand))
        case Apply(head, (u,)):
            return FUNCTIONS[head.name](inside(u))
        case Indicator(Relation((one, other), _)):
            return mpf(inside(one) == inside(other))
        case Cases((first, second), (Relation((one, other), ("=",)), _)):
            return inside(first if inside(one) == inside(other) else second)
        case IndexedSum(body, index, lower, upper):
            rows = range(int(inside(lower)), int(inside(upper)) + 1)
            return mpmath.fsum(worth(body, {**at, index: mpf(k)}) for k in rows)
        case Derivative(body, Symbol() as variable, 1):
            moved = entry(variable, at)
            return mpmath.diff(lambda t: worth(body, {**at, moved: t}), number(moved, at))
    raise AssertionError(expr)


FUNCTIONS = {
    "log": mpmath.log, "sqrt": mpmath.sqrt, "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
}  # fmt: skip


def entry(node: Symbol, at: Mapping[Expr, mpf]) -> Symbol:
    """An entry with numbers for its indices."""
    if not node.indices or node in at:
        return node
    return node.at(*(int(worth(index, at)) for index in node.indices))


def number(node: Symbol, at: Mapping[Expr, mpf]) -> mpf:
    """What a name stands for: n for the number of terms, anything else for itself."""
    if node in at:
        return at[node]
    if str(node) == "n":
        return mpf(TERMS)
    sign = -1 if str(node)[0] in "za" and Random(f"{node}|").random() < 0.4 else 1  # noqa: S311
    return sign * mpf(Random(str(node)).randint(100, 900)) / 1000  # noqa: S311


def test_a_condition_on_an_index_is_that_it_is_counted() -> None:
    """It is left out where it is certain."""
    certain = proved(Row("D(sum(y_j^2, j = 1..n), y_1)", "2*y_1", ""))

    assert isinstance(certain, Proof)
    assert certain.conditions == ()
