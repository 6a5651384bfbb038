"""How each node is spelled in plain text, and that its parentheses are those of the tree."""

import time

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.build import PI, D, E, absolute, cases, exp, symbols, total
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
    Head,
    IndexedSum,
    Indicator,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    Transpose,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter
from symderiv.language.plain import plain
from symderiv.language.walks import nodes

a, b, c, i, j, l, n, x, y, z, yhat, L, T, W = symbols(  # noqa: E741 (the layer's letter)
    "a b c i j l n x y z yhat L T W"
)
one, two = Number("1"), Number("2")
sigmoid, f = Head("sigmoid", r"\sigma"), Head("f")


def sigma(u: Expr) -> Expr:
    return Apply(sigmoid, (u,))


SPELLED = [
    (Number("0.10"), "0.10"),
    (E, "e"),
    (PI, "pi"),
    (yhat, "yhat"),
    (Symbol("theta", "hat"), "thetahat"),
    (x.at(1), "x_1"),
    (yhat.at(i), "yhat_i"),
    (x.at(yhat), "x_yhat"),
    (x.at(i.at(1)), "x[i_1]"),
    (W.at(1, 1), "W[1,1]"),
    (W.at(i, j), "W[i,j]"),
    (W.at(1), "W_1"),
    (W.at(11), "W[11]"),  # W_11 has two indices
    (W.at(111), "W[111]"),
    (x.at(11), "x_11"),
    (x.at(Symbol("max")), "x_max"),
    (W.at(Symbol("out")), "W_out"),
    (W.at(Symbol("hx")), "W[hx]"),
    (x.at(Symbol("hat")), "x[hat]"),  # x_hat wears a hat
    (x.at(i + 1), "x[i+1]"),
    (Symbol("a", layer="l", indices=(n - 1, j)), "a{l}[n-1,j]"),
    (Power(W, T), "W^(T)"),  # W^T is a transpose
    (Power(two, T), "2^T"),
    (Power(a, l), "a^(l)"),  # a^l may be a layer
    (Transpose(W), "transpose(W)"),
    (Power(Transpose(W * x), two), "transpose(W*x)^2"),
    (Apply(Head("root"), (x, Number("3"))) * y, "root(x, 3)*y"),
    (Elementwise((W * x, y, -z)), "hadamard(W*x, y, -z)"),
    (Matrix([[a, b], [c, -x]]), "[[a, b], [c, -x]]"),
    (W * Matrix([[x], [y]]), "W*[[x], [y]]"),
    (Power(Matrix([[x + y]]), two), "[[x + y],]^2"),  # [[x + y]] is a sum in brackets
    (Symbol("z", layer="2"), "z{2}"),
    (Symbol("W", layer="1", indices=(one, one)), "W1[1,1]"),
    (Symbol("W", layer="l", indices=(i, j)), "W{l}[i,j]"),
    (yhat - y, "yhat - y"),
    (-(a + b), "-(a + b)"),
    (-a + b, "-a + b"),
    (a - (b - c), "a - (b - c)"),
    (Sum((a, b + c)), "a + (b + c)"),
    (Sum((a, Negative(Negative(b)))), "a - (-b)"),
    (Negative(Negative(x)), "-(-x)"),
    (Negative(a * b), "-a*b"),
    (Product((Negative(a), b)), "(-a)*b"),
    (Product((a, Negative(b))), "a*(-b)"),
    (Product((a, b * c)), "a*(b*c)"),
    (Product((a + b, c)), "(a + b)*c"),
    (2 * x * Apply(Head("sin"), (x,)), "2*x*sin(x)"),
    (a * b / c, "a*b/c"),
    (Product((Quotient(a, b), c)), "(a/b)*c"),
    (Product((a, Quotient(b, c))), "a*(b/c)"),
    (Quotient(a, b * c), "a/(b*c)"),
    (Quotient(Quotient(a, b), c), "(a/b)/c"),
    (Quotient(a, Quotient(b, c)), "a/(b/c)"),
    (Quotient(Negative(a), b), "(-a)/b"),
    (Negative(Quotient(a, b)), "-a/b"),
    (x**2, "x^2"),
    (x**-1, "x^(-1)"),
    ((-x) ** 2, "(-x)^2"),
    (-(x**2), "-x^2"),
    (Power(x, Power(y, two)), "x^(y^2)"),
    (Power(Power(x, y), two), "(x^y)^2"),
    (Power(x, Quotient(one, two)), "x^(1/2)"),
    (Power(x, sigma(z)), "x^sigmoid(z)"),
    (Power(Symbol("f"), sigma(z)), "f^(sigmoid(z))"),  # f^sigmoid(z) looks like f's value
    (exp(-z) / (1 + exp(-z)) ** 2, "exp(-z)/(1 + exp(-z))^2"),
    (Power(exp(x), two), "exp(x)^2"),
    (sigma(z) * (1 - sigma(z)), "sigmoid(z)*(1 - sigmoid(z))"),
    (Apply(Head("max"), (Number("0"), z)), "max(0, z)"),
    (Prime(sigmoid, 1, z), "sigmoid'(z)"),
    (Prime(f, 2, x), "f''(x)"),
    (D(L, z) * D(z, x), "D(L, z)*D(z, x)"),
    (D(x * y, x, 2), "D(x*y, x, 2)"),
    (D(x * y, x, partial=True), "partial(x*y, x)"),
    (D(x * y, x, 2, partial=True), "partial(x*y, x, 2)"),
    (Relation((Number("0"), yhat, one), ("<", "<=")), "0 < yhat <= 1"),
    (Relation((a, b), ("!=",)), "a != b"),
    (cases((z, z > 0), (0, z <= 0)), "cases(z if z > 0, 0 if z <= 0)"),
    (absolute(x) ** 2, "abs(x)^2"),
    (Indicator(z > 0), "indicator(z > 0)"),
    (total((yhat.at(j) - y.at(j)) ** 2, j, 1, n), "sum((yhat_j - y_j)^2, j = 1..n)"),
    (D(Letter("f") * Letter("g"), Letter("x", "variable")), "D(f*g, x)"),
]


@pytest.mark.parametrize(("expr", "text"), SPELLED, ids=[row[1] for row in SPELLED])
def test_an_expression_is_spelled_as_it_stands(expr: Expr, text: str) -> None:
    assert plain(expr) == text
    assert str(expr) == text


def test_a_node_shows_its_kind_and_its_text() -> None:
    assert repr(1 - x) == "<Sum 1 - x>"


@settings(max_examples=100)
@given(data=st.data())
def test_plain_text_is_ascii_on_one_line(
    data: st.DataObject, expressions: st.SearchStrategy[Expr]
) -> None:
    text = plain(data.draw(expressions))

    assert text.isascii()
    assert text.isprintable()


KINDS = [Absolute, Apply, Cases, Constant, Derivative, IndexedSum, Indicator, Negative, Number]
KINDS += [Power, Prime, Product, Quotient, Relation, Sum, Symbol, Transpose]
KINDS += [Elementwise, Integral, Matrix]


def test_the_table_of_kinds_is_complete() -> None:
    ours = {kind for kind in Expr.__subclasses__() if "symderiv.language." in kind.__module__}

    assert ours == {*KINDS, Letter}


@pytest.mark.parametrize("kind", KINDS)
def test_the_generated_trees_have_every_kind_of_node(
    kind: type[Expr], expressions: st.SearchStrategy[Expr]
) -> None:
    """A round trip over trees that lack a kind would prove nothing about it."""
    search = settings(max_examples=2_000, phases=[Phase.generate], derandomize=True)

    assert find(
        expressions, lambda e: any(type(node) is kind for node in nodes(e)), settings=search
    )


def tower_of_functions(levels: int) -> Expr:
    expr: Expr = x
    for _ in range(levels):
        expr = sigma(expr)
    return expr


def tower_of_sums(levels: int) -> Expr:
    expr: Expr = x
    for _ in range(levels):
        expr = Sum((one, Negative(expr)))
    return expr


@pytest.mark.parametrize("tower", [tower_of_functions, tower_of_sums])
def test_twenty_thousand_levels_are_printed_in_time_proportional_to_the_text(tower) -> None:
    expr, start = tower(20_000), time.perf_counter()
    text = plain(expr)

    assert len(text) > 80_000
    assert text.count("(") == text.count(")")
    assert time.perf_counter() - start < 2
