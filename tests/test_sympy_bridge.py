"""The border to SymPy: what crosses it keeps its value, both ways, or is refused by name."""

from fractions import Fraction

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.catalogue.gathering import shipped
from symderiv.deriving.strategy import derive_expression
from symderiv.errors import Mistake, NoRule
from symderiv.language.build import symbol
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Expr,
    Head,
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
from symderiv.printing.sympy import from_sympy, to_sympy
from symderiv.reading import read

CATALOGUE = shipped()
NAMES = CATALOGUE.names
X, Y = sympy.symbols("x y", real=True)
POINTS = tuple(
    dict(zip("xyabnzw", map(Fraction, values.split()), strict=True))
    for values in (
        "3/7 2/9 5/4 1/3 3 4/5 9/7",
        "11/5 1/8 2/3 7/4 2 1/6 3/8",
        "5/9 13/4 1/5 6/5 4 7/3 1/2",
    )
)


def unfold(node: Apply) -> Expr:
    function = CATALOGUE.functions.get(node.head.name)
    return function.unfolded(node) if function and function.definition else node


def value(expr: Expr, at: dict[str, Fraction]) -> mpmath.mpf:
    """The value at a point, by mpmath and nothing of symderiv or SymPy."""
    match expr:
        case Number(text):
            return fraction(Fraction(text))
        case Constant(name):
            return {"e": mpmath.e, "pi": mpmath.pi}[name]
        case Symbol(name):
            return fraction(at[name])
    if isinstance(expr, Cases):
        return next(
            value(v, at) for v, c in zip(expr.values, expr.conditions, strict=True) if holds(c, at)
        )
    if isinstance(expr, Indicator):
        return mpmath.mpf(holds(expr.condition, at))
    parts = [value(part, at) for part in expr.parts]
    match expr:
        case Sum():
            return mpmath.fsum(parts)
        case Product():
            return mpmath.fprod(parts)
        case Negative():
            return -parts[0]
        case Quotient():
            return parts[0] / parts[1]
        case Power():
            return parts[0] ** parts[1]
        case Absolute():
            return abs(parts[0])
        case Apply(head):
            return _FUNCTIONS[head.name](*parts)
    raise AssertionError(f"the test cannot evaluate {expr!r}")


_FUNCTIONS = {
    "max": max,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "relu": lambda z: max(0, z),
    "bce": lambda p, y: -y * mpmath.log(p) - (1 - y) * mpmath.log(1 - p),
    **{name: getattr(mpmath, name) for name in ("sin", "cos", "tanh", "log", "sqrt")},
}


def fraction(exact: Fraction) -> mpmath.mpf:
    return mpmath.mpf(exact.numerator) / exact.denominator


def holds(relation: Expr, at: dict[str, Fraction]) -> bool:
    assert isinstance(relation, Relation)
    compare = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    terms = [value(term, at) for term in relation.terms]
    links = zip(terms, relation.signs, terms[1:], strict=False)
    return all(getattr(left, f"__{compare[sign]}__")(right) for left, sign, right in links)


def numeric(foreign: sympy.Expr, at: dict[str, Fraction]) -> mpmath.mpf:
    exact = {
        sympy.Symbol(name, real=True): sympy.Rational(v.numerator, v.denominator)
        for name, v in at.items()
    }
    return mpmath.mpmathify(foreign.subs(exact).evalf(60))


def assert_near(one: mpmath.mpf, other: mpmath.mpf) -> None:
    assert abs(one - other) <= mpmath.mpf(10) ** -48 * max(1, abs(one))


CROSSING = """
x - 1 | 1 - x | y - x - 1 | -x*y/3 | 0.10*x | x/y/2 | 1/sqrt(x) | sqrt(x + 1)/2 | x^(-3) | x^y
2^x | e^(-x)/(1 + e^(-x))^2 | (a - b)/(a*(1 - a)) | pi*x | x^(3/2) | x^(1/3) | 1/(2*x^2*y)
sin(cos(x)) | log(x)^2 | tanh(x)/x | exp(x^2) | abs(x - 1) | max(x, y) | max(0, x - 1)
sigmoid(x)*(1 - sigmoid(x)) | relu(x - 1) | bce(sigmoid(x), y) | indicator(x > 1)
cases(1 if x > 1, 0 if x < 1) | cases(x if x < 1, x^2 if 1 <= x <= 2, 3 if x > 2)
cases(x if x > y, y if x <= y) | -(x - 1) | -(-x) | x*(y*(a*b)) | (x + 1)*2*3 | 1/(1/x) | 3 - 2*x
"""


@pytest.mark.parametrize(
    "text", [t.strip() for t in CROSSING.replace("\n", "|").split("|") if t.strip()]
)
def test_what_goes_to_sympy_and_comes_back_has_the_same_value(text: str) -> None:
    expr = read(text, NAMES)
    back = from_sympy(to_sympy(expr), NAMES)
    unfolded = from_sympy(to_sympy(expr, unfold=unfold), NAMES)

    with mpmath.workdps(60):
        for at in POINTS:
            assert_near(value(expr, at), value(back, at))
            assert_near(value(expr, at), value(unfolded, at))


@given(data=st.data())
@settings(max_examples=150)
def test_every_expression_crosses_or_is_refused_as_a_mistake(
    data: st.DataObject, expressions: st.SearchStrategy[Expr]
) -> None:
    """Whatever somebody typed, the border answers with an expression or with a sentence."""
    expr = data.draw(expressions)
    try:
        crossed = from_sympy(to_sympy(expr), NAMES)
    except Mistake:
        return

    assert isinstance(crossed, Expr)


DERIVED = """
x^5 | 3*x^2 - 2*x + 7 | 1/x | 1/(1 + x^2) | x/(1 + x) | (x^2 + 1)/(x - 5) | sqrt(x) | sqrt(1 + x^2)
x^(3/2) | x^a | a^x | x^x | exp(x) | exp(-x) | exp(a*x + b) | exp(-x^2/2) | x*exp(x) | exp(x)/x
log(x) | log(1 + x^2) | x*log(x) - x | log(x)/x | log(log(2 + x)) | sin(x) | cos(x) | sin(x)*cos(x)
sin(x^2) | sin(x)^2 | x^2*sin(x) | sin(x)/x | cos(exp(x)) | exp(sin(x)) | sin(cos(sin(x)))
tanh(x) | tanh(a*x + b) | x*tanh(x) | 1 - tanh(x)^2 | log(cos(x)^2 + 1) | sin(x)^2 + cos(x)^2
sigmoid(x) | sigmoid(a*x + b) | x*sigmoid(x) | log(sigmoid(x)) | sigmoid(x)*(1 - sigmoid(x))
relu(x) | relu(a*x - 1)^2 | abs(x) | abs(x^2 - 9) | abs(sin(x)) | max(0, x)*x
bce(sigmoid(x), y) | (sigmoid(w*x + b) - y)^2 | (a - x)^2/n | a*x^2 + b*x + 1 | 7 | a*b
x*(x + 1)*(x + 2) | (x + 1)^3*(x - 2)^2 | (2*x + 1)^10 | x^2*exp(x)*sin(x) | exp(x)/(1 + exp(x))
(x + 1/x)^2 | 1/(x*(x + 1)) | x^2/y + y^2/x | cases(x^2 if x > 1, 2*x - 1 if x <= 1) | 2^(x^2)
"""


@pytest.mark.parametrize(
    "text", [t.strip() for t in DERIVED.replace("\n", "|").split("|") if t.strip()]
)
def test_our_derivatives_have_the_values_of_sympys(text: str) -> None:
    expr = read(text, NAMES)
    theirs = sympy.diff(to_sympy(expr, unfold=unfold), X)
    ours = derive_expression(expr, symbol("x")).result

    with mpmath.workdps(60):
        for at in POINTS:
            assert_near(value(ours, at), numeric(theirs, at))


@pytest.mark.parametrize(
    "text", ["z", "yhat", "x_1", "W1[1,1]", "W{l}[i,j]", "alpha_i", "b{2}", "xbar_n", "vtilde[1,2]"]
)
def test_a_symbol_crosses_under_its_plain_name_and_comes_back_as_itself(text: str) -> None:
    ours = read(text)

    assert to_sympy(ours) == sympy.Symbol(text, real=True)
    assert from_sympy(to_sympy(ours)) is ours


def test_a_decimal_becomes_an_exact_fraction() -> None:
    assert to_sympy(read("0.10")) == sympy.Rational(1, 10)


@pytest.mark.parametrize("text", ["x < y", "x <= y", "x = y", "x != y", "0 < x < 1", "1 = 1"])
def test_a_comparison_stays_one(text: str) -> None:
    assert str(from_sympy(to_sympy(read(text)))) == text


@pytest.mark.parametrize(
    "text", ["D(x^2, x)", "D(f(x), x, 3)", "f'(x^2)", "f''(x)", "partial(x*y, x)", "D(f(x), x)"]
)
def test_a_derivative_still_to_be_taken_stays_one(text: str) -> None:
    ours = read(text)
    back = from_sympy(to_sympy(ours))

    assert str(back) == text


def test_an_indexed_sum_means_the_same_to_sympy() -> None:
    """A plain symbol `x_j` would stand still while j runs."""
    total = to_sympy(read("sum(x_j^2, j = 1..n)"))
    x = sympy.IndexedBase("x", real=True)

    assert total.subs(sympy.Symbol("n", real=True), 2).doit() == x[1] ** 2 + x[2] ** 2
    assert str(from_sympy(total)) == "sum(x_j^2, j = 1..n)"


def test_functions_that_sympy_lacks_keep_their_names_unless_they_are_unfolded() -> None:
    expr = read("sigmoid(x)", NAMES)

    assert to_sympy(expr) == sympy.Function("sigmoid")(X)
    assert to_sympy(expr, unfold=unfold) == 1 / (1 + sympy.exp(-X))
    assert from_sympy(to_sympy(expr), NAMES) is expr


def test_the_heads_that_need_no_declaration_are_the_catalogues() -> None:
    """Otherwise `sin(x)` from SymPy and `sin(x)` from a person would be two functions."""
    foreign = sympy.sin(X) + sympy.log(X) * sympy.sqrt(X) + sympy.Max(X, 1) + sympy.tanh(X)

    assert from_sympy(foreign) is from_sympy(foreign, NAMES)


@pytest.mark.parametrize(
    ("foreign", "text"),
    [
        (Y - X, "-x + y"),
        (X / Y, "x/y"),
        (-3 * X / 2, "-3*x/2"),
        (sympy.Rational(-1, 2), "-1/2"),
        (sympy.exp(-X) / (1 + sympy.exp(-X)) ** 2, "exp(-x)/(1 + exp(-x))^2"),
        (1 / sympy.sqrt(X), "1/sqrt(x)"),
        (sympy.Float("0.25") * X, "0.25*x"),
        (sympy.Max(X, Y, 0), "max(0, max(x, y))"),
        (
            sympy.Piecewise((1, X < 0), (X, X <= 2), (3, True)),
            "cases(1 if x < 0, x if 0 <= x <= 2, 3 if x > 2)",
        ),
        (
            sympy.Piecewise((1, (X > 0) & (X < 1)), (2, True)),
            "cases(1 if 0 < x < 1, 2 if x <= 0, 2 if x >= 1)",
        ),
        (sympy.Piecewise((X, sympy.Or(X < 0, X > 1))), "cases(x if x < 0, x if x > 1)"),
        (sympy.Piecewise((X, X > Y), (Y, True)), "cases(x if x > y, y if x <= y)"),
        (sympy.Function("f")(2 * X).diff(X), "2*f'(2*x)"),
    ],
)
def test_sympy_is_written_as_a_textbook_would(foreign: sympy.Basic, text: str) -> None:
    assert str(from_sympy(foreign, NAMES)) == text


@pytest.mark.parametrize(
    ("foreign", "name"),
    [
        (sympy.Integral(X, X), "Integral"),
        (sympy.I * X, "ImaginaryUnit"),
        (sympy.oo, "Infinity"),
        (sympy.zoo + X, "ComplexInfinity"),
        (sympy.nan, "NaN"),
        (sympy.DiracDelta(X), "DiracDelta"),
        (sympy.Heaviside(X), "Heaviside"),
        (sympy.MatrixSymbol("A", 2, 2), "MatrixSymbol"),
        (sympy.true, "BooleanTrue"),
        (sympy.Piecewise((1, X > 0), (2, Y > 0), (3, True)), "Piecewise"),
        (sympy.Symbol("A", commutative=False), "A"),
        (sympy.Symbol("u", imaginary=True), "u"),
    ],
)
def test_what_has_no_place_here_is_refused_by_its_name(foreign: sympy.Basic, name: str) -> None:
    with pytest.raises(NoRule, match=name):
        from_sympy(foreign, NAMES)


@pytest.mark.parametrize("foreign", ["x + 1", "__import__('os').getcwd()", 1.5, None, [X]])
def test_text_and_other_objects_are_never_taken_for_sympys(foreign: object) -> None:
    with pytest.raises(Mistake, match="SymPy expression"):
        from_sympy(foreign)


def test_two_symbols_of_sympy_are_never_taken_for_one() -> None:
    with pytest.raises(Mistake, match="both called x"):
        from_sympy(sympy.Symbol("x") + sympy.Symbol("x", positive=True))
    with pytest.raises(Mistake, match="both called x_1"):
        from_sympy(sympy.Symbol("x1") - sympy.Symbol("x_1"))


def test_a_power_that_would_fill_the_memory_is_not_computed() -> None:
    tower = read("9^9^9*x + x")

    assert str(from_sympy(to_sympy(tower))) == "x + 9^387420489*x"


def _tower(kind: str, levels: int) -> Expr:
    expr: Expr = Symbol("x")
    one, two = Number("1"), Number("2")
    for k in range(levels):
        name = ("sin", "cos", "tanh")[k % 3]
        match kind:
            case "function":
                expr = Apply(Head(name, f"\\{name}"), (expr,))
            case "sum":
                expr = Sum((Product((two, expr)), one))
            case "quotient":
                expr = Quotient(one, Sum((one, expr)))
            case "power":
                expr = Power(expr, two)
    return expr


@pytest.mark.parametrize("kind", ["function", "sum", "quotient", "power"])
def test_five_thousand_levels_cross_without_recursion(kind: str) -> None:
    tower = _tower(kind, 5_000)
    back = from_sympy(to_sympy(tower))

    assert len(str(back)) > 5_000
    assert kind != "function" or back is tower


def test_what_sympy_cannot_hold_at_that_depth_is_a_mistake_with_its_reason() -> None:
    deep = Apply(Head("max"), (_tower("function", 5_000), Symbol("y")))

    with pytest.raises(Mistake, match="levels"):
        to_sympy(deep)
