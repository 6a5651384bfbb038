"""What makes the judge quick may not make it wrong: shared values, parts, forms, few points.

No time is measured here.  Each short cut is held against the long way round, or against
another library.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from mpmath import mp

import symderiv as sd
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.evidence import check
from symderiv.errors import Broken
from symderiv.judging.balls import Evaluator
from symderiv.judging.differing import differing
from symderiv.judging.nonzero import Forms
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.judging.residues import FOR_ROOTS, Field, choose_prime
from symderiv.language.build import symbol
from symderiv.language.domains import read_domain
from symderiv.language.expressions import Expr
from symderiv.language.walks import nodes, nodes_of

DERIVED: list[Derivation] = [
    *(sd.derive(sd.functions[name]) for name in ("sigmoid", "tanh", "relu", "mse_n", "bce")),
    sd.derive("exp(-x^2)*sin(3*x)/(1 + x^2) + abs(x)*log(1 + exp(x))"),
]
TITLES = [str(derivation.start)[:40] for derivation in DERIVED]


def setting(where: dict[str, str]) -> Setting:
    return Setting(sd.functions, {symbol(n): read_domain(text) for n, text in where.items()})


# --- values that lines share ------------------------------------------------------------------


@pytest.mark.parametrize("derivation", DERIVED, ids=TITLES)
def test_a_step_is_checked_alone_as_it_is_among_others(derivation: Derivation) -> None:
    """Remembered values are those that would be found again, and so are the conditions met."""
    derivation.checked()

    for step in derivation.steps:
        alone = check(step.before, step.after, replace(step.setting, memo={}))
        assert alone == step.evidence


@pytest.mark.parametrize("derivation", DERIVED, ids=TITLES)
def test_a_bent_line_is_refused_after_all_others_were_checked(derivation: Derivation) -> None:
    """Nothing that is remembered of the right lines hides a wrong one."""
    step = derivation.checked().steps[-1]

    with pytest.raises(Broken):
        check(step.before, step.after + 1, step.setting)


def test_an_evaluator_gives_a_part_the_value_it_has_alone() -> None:
    """Below a derivative, in a function's definition, and between lines."""
    texts = ("sigma(x)", "D(sigma(x)^2, x)", "D(x*sigma(x)^2, x) - sigma(x)", "relu(x) + sigma(x)")
    here = Setting(sd.functions)
    shared = Evaluator(here, 3)

    with precision(128):
        for expr in map(sd.read, texts):
            alone = Evaluator(here, 3).value(expr)
            assert shared.value(expr).str(60, more=True) == alone.str(60, more=True)


# --- the parts that differ -----------------------------------------------------------------------

PARTS = [  # two lines, and in what they differ
    ("x*sin(x)^2 + y", "x*sin(y)^2 + y", "x", "y"),
    ("a + b*c + d", "a + c*b + d", "b*c", "c*b"),
    ("a + x + x + d", "a + 2*x + d", "x + x", "2*x"),
    ("a*(b + c)/d", "(a*b + a*c)/d", "a*(b + c)", "a*b + a*c"),
    ("2*x*x*y", "2*x^2*y", "x*x", "x^2"),
    ("(a + b)/(c + d)", "(b + a)/(d + c)", "(a + b)/(c + d)", "(b + a)/(d + c)"),
    ("a*b", "a*b*1", "a*b", "a*b*1"),
    ("abs(x + y)", "abs(y + x)", "x + y", "y + x"),
    ("f(x + y)", "g(x + y)", "f(x + y)", "g(x + y)"),
    ("D(x^2, x)", "D(x, x)", "D(x^2, x)", "D(x, x)"),  # x^2 is x for 0 and 1
    ("sum(a_i, i = 1..2)", "sum(b_i, i = 1..2)", "sum(a_i, i = 1..2)", "sum(b_i, i = 1..2)"),
    ("x_1 + y", "x_2 + y", "x_1", "x_2"),
]


@pytest.mark.parametrize(("one", "other", "part", "instead"), PARTS)
def test_where_two_lines_differ(one: str, other: str, part: str, instead: str) -> None:
    left, right, *expected = map(sd.read, (one, other, part, instead))

    assert differing(left, right) == tuple(expected)
    assert differing(right, left) == tuple(expected[::-1])


@pytest.mark.parametrize("derivation", DERIVED, ids=TITLES)
def test_the_parts_of_a_step_differ_by_as_much_as_nothing(derivation: Derivation) -> None:
    """The lines of a step are equal, and so are their parts: at eight points, by balls."""
    for step in derivation.steps:
        one, other = differing(step.before, step.after)
        for number in range(8):
            at = Evaluator(step.setting, number)
            with precision(256):
                try:
                    apart = at.value(one) - at.value(other)
                except ArithmeticError:
                    continue
                assert apart.contains(0)


def test_a_slope_is_not_proved_by_values_that_lie_apart() -> None:
    """x^2 = x for 0 and 1; their slopes are not equal, and no proof says so."""
    with pytest.raises(Broken):
        check(sd.read("y + D(x^2, x)"), sd.read("y + D(x, x)"), setting({"x": "{0, 1}"}))


# --- apart from zero by its form -----------------------------------------------------------------

APART = [
    ("1 + exp(-x)", {}),
    ("(exp(x) + exp(-x))/2", {}),
    ("x^2 + 1", {}),
    ("x^2*y^4 + 1/2", {}),
    ("-(1 + x^2)^3", {}),
    ("cosh(x)^2*exp(y)", {}),
    ("sqrt(x^2 + 1)", {}),
    ("x*(1 + x)", {"x": ">0"}),
    ("x*y", {"x": "!=0", "y": "(0,1)"}),
    ("y*(1 - y)", {"y": "(0,1)"}),
    ("x^(-2)", {"x": ">0"}),
    ("x + sqrt(y)", {"x": ">0", "y": ">=0"}),
    ("x^3", {"x": "!=0"}),
    ("x", {"x": "{-1, 1}"}),
]
NOT_APART = [  # each is zero somewhere in its domain
    ("x", {}),
    ("x^2", {}),
    ("x^2*y^2", {}),
    ("1 - y", {"y": "(0,2)"}),
    ("y*(1 - y)", {"y": "[0,1)"}),
    ("1 + x", {"x": "!=0"}),
    ("x^2 - 1", {}),
    ("exp(x) - 1", {}),
    ("x*(2 - x)", {"x": ">0"}),
    ("sqrt(x)", {"x": ">=0"}),
    ("x^2 + abs(y)", {}),
    ("1 - x^2", {}),
    ("x/(1 + x^2)", {}),
    ("0*exp(x)", {}),
    ("1 + sin(x)", {}),
    ("x + y", {"x": "!=0", "y": "!=0"}),
]


def forms(text: str, where: dict[str, str]) -> bool:
    return Forms(setting(where)).apart_from_zero(sd.read(text))


@pytest.mark.parametrize(("text", "where"), APART)
def test_what_is_apart_from_zero_by_its_form_is_so_to_mpmath(
    text: str, where: dict[str, str]
) -> None:
    """On a grid through the domain SymPy and mpmath find no zero."""
    expr = sd.to_sympy(text)
    names = sorted(expr.free_symbols, key=str)
    domains = [read_domain(where.get(str(name), "")) for name in names]
    grid = [Fraction(k, 16) for k in range(-48, 49)]

    assert forms(text, where)
    for point in product(*([v for v in grid if v in d][:: len(names)] for d in domains)):
        value = expr.subs(
            {n: mp.mpf(v.numerator) / v.denominator for n, v in zip(names, point, strict=True)}
        )
        assert abs(value.evalf()) > 1e-9


@pytest.mark.parametrize(("text", "where"), NOT_APART)
def test_what_has_a_zero_is_never_called_apart_from_it(text: str, where: dict[str, str]) -> None:
    assert not forms(text, where)


def test_a_name_with_a_definition_is_what_it_stands_for() -> None:
    """a is stated to be positive, and defined as something that is not."""
    here = replace(setting({"a": ">0"}), definitions={symbol("a"): sd.read("x")})

    assert not Forms(here).apart_from_zero(sd.read("a"))


# --- how many points are enough ---------------------------------------------------------------


def field(width: int) -> Field:
    return Field(choose_prime(b"a"), width, b"a", 10**6)


def test_high_degrees_ask_for_more_points() -> None:
    """Two polynomials of degree d agree at a random point with a chance of up to d/p."""
    few, many = field(8), field(FOR_ROOTS)
    for numbers in (few, many):
        numbers.power(numbers.free(), 2**20)
    assert few.decisive
    assert many.decisive
    for numbers in (few, many):
        numbers.power(numbers.free(), 2**40)

    assert not few.decisive
    assert many.decisive


def test_points_that_were_given_up_do_not_count() -> None:
    numbers = field(8)
    numbers.free()
    assert numbers.decisive
    numbers.keep([0, 1, 2, 3])

    assert not numbers.decisive


# --- one walk for both sides -----------------------------------------------------------------


def recursive(expr: Expr, done: dict[Expr, None]) -> None:
    for part in expr.parts:
        recursive(part, done)
    done.setdefault(expr)


@pytest.mark.parametrize("derivation", DERIVED, ids=TITLES)
def test_nodes_come_in_the_order_in_which_they_are_written(derivation: Derivation) -> None:
    """Children before parents, each once, as the plainest recursion meets them."""
    lines = [derivation.start, *(step.after for step in derivation.steps)]
    expected: dict[Expr, None] = {}
    for line in lines:
        recursive(line, expected)
    first, *others = lines

    assert nodes_of(lines) == list(expected)
    assert nodes(first) + nodes_of(others, set(nodes(first))) == list(expected)
