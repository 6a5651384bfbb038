"""Which text is which tree, and which is refused, where, and with what advice.

A silent misreading is worse than a refusal: the first table says what is read, the
second what is not.  Expected trees are written with Python's operators, which build
exactly the nodes that are written and simplify nothing.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.errors import Unreadable
from symderiv.language.build import PI, D, E, absolute, cases, exp, symbols, total
from symderiv.language.expressions import (
    Apply,
    Expr,
    Head,
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
)
from symderiv.language.names import Names
from symderiv.language.plain import plain
from symderiv.reading import read

a, b, c, d, f, i, j, n, p, t = symbols("a b c d f i j n p t")
w, x, y, z, yhat, L, W = symbols("w x y z yhat L W")
alpha, theta = Symbol("alpha"), Symbol("theta")
one, two, three = Number("1"), Number("2"), Number("3")
half = Quotient(one, two)


def of(name: str, *arguments: Expr, latex: str = "") -> Expr:
    return Apply(Head(name, latex), arguments)


def sigma(u: Expr) -> Expr:
    return of("sigmoid", u, latex=r"\sigma")


def sin(u: Expr) -> Expr:
    return of("sin", u)


def cos(u: Expr) -> Expr:
    return of("cos", u)


def log(u: Expr) -> Expr:
    return of("log", u, latex=r"\log")


def slope(name: str, u: Expr, order: int = 1, latex: str = "") -> Expr:
    return Prime(Head(name, latex), order, u)


READ = [
    # numbers and constants keep their digits and their names
    ("3", three),
    ("0.10", Number("0.10")),
    (".5", Number(".5")),
    ("007", Number("007")),
    ("e", E),
    ("pi + π", PI + PI),
    # symbols, accents, indices, layers
    ("alpha", alpha),
    ("α", alpha),
    ("yhat", yhat),
    ("y_hat", yhat),
    ("ŷ", yhat),
    ("y\u0302", yhat),
    ("theta_hat", Symbol("theta", "hat")),
    ("θ̂", Symbol("theta", "hat")),
    ("xbar + x̄", Symbol("x", "bar") + Symbol("x", "bar")),
    ("x_1", x.at(1)),
    ("x1", x.at(1)),
    ("x₁", x.at(1)),
    ("x_12", x.at(12)),
    ("W_12", W.at(1, 2)),
    ("x_max", x.at(Symbol("max"))),
    ("W_ij", W.at(i, j)),
    ("W1_11", Symbol("W", layer="1", indices=(one, one))),
    ("a1₁", Symbol("a", layer="1", indices=(one,))),
    ("x[i+1]", x.at(i + 1)),
    ("yhat_i", yhat.at(i)),
    ("ŷ_i", yhat.at(i)),
    ("ŷᵢ", yhat.at(i)),
    ("y_hat_i", yhat.at(i)),
    ("x_alpha", x.at(alpha)),
    ("W[1,1]", W.at(1, 1)),
    ("W_{1,j}", W.at(1, j)),
    ("W1[1,1]", Symbol("W", layer="1", indices=(one, one))),
    ("W{l}[i,j]", Symbol("W", layer="l", indices=(i, j))),
    ("z{2}", Symbol("z", layer="2")),
    ("e_1", Symbol("e", indices=(one,))),
    # sums, minus signs, products, quotients: as written
    ("a - b + c", Sum((a, Negative(b), c))),
    ("a − b", a - b),
    ("a - (b - c)", Sum((a, Negative(b - c)))),
    ("(a + b) + c", Sum((a + b, c))),
    ("a + -b", a - b),
    ("a - -b", Sum((a, Negative(Negative(b))))),
    ("--x", Negative(Negative(x))),
    ("-a*b", Negative(Product((a, b)))),
    ("(-a)*b", Product((Negative(a), b))),
    ("a*-b", Product((a, Negative(b)))),
    ("a*b*c", Product((a, b, c))),
    ("a*(b*c)", Product((a, Product((b, c))))),
    ("a·b×c", Product((a, b, c))),
    ("a*b/c", Quotient(Product((a, b)), c)),
    ("a/b*c", Product((Quotient(a, b), c))),
    ("a*(b/c)", Product((a, Quotient(b, c)))),
    ("a/b/c", Quotient(Quotient(a, b), c)),
    ("a/(b*c)", Quotient(a, Product((b, c)))),
    ("a/-b", Quotient(a, Negative(b))),
    ("-a/b", Negative(Quotient(a, b))),
    ("a÷b", a / b),
    ("1/2*x", Product((half, x))),
    ("(1/2)x", Product((half, x))),
    # side by side
    ("2x", two * x),
    ("2x/3", Quotient(two * x, three)),
    ("2x^2", two * x**2),
    ("x y", x * y),
    ("2π r", Product((two, PI, Symbol("r")))),
    ("2πr", Product((two, PI, Symbol("r")))),
    ("xŷ", x * yhat),
    ("(a)(b)", a * b),
    ("x(1-x)", x * (1 - x)),
    ("ŷ(1−ŷ)", yhat * (1 - yhat)),
    ("2(x+1)(x-1)", Product((two, x + 1, x - 1))),
    ("[a + b] c", (a + b) * c),
    ("x^2 y", x**2 * y),
    ("x²y", x**2 * y),
    ("e^x (1 - x)", exp(x) * (1 - x)),
    # powers
    ("-x^2", Negative(Power(x, two))),
    ("(-x)^2", Power(Negative(x), two)),
    ("x^2^3", Power(x, Power(two, three))),
    ("x**2", x**2),
    ("x^10", x**10),
    ("x⁻¹", Power(x, Negative(one))),
    ("x^-1", Power(x, Negative(one))),
    ("2^-x", Power(two, Negative(x))),
    ("e^-x^2", exp(Negative(x**2))),
    ("e^-z/(1+e^-z)^2", exp(-z) / (1 + exp(-z)) ** 2),
    ("exp(-z)", exp(-z)),
    ("exp x", exp(x)),
    # functions
    ("sigma(z)*(1-sigma(z))", sigma(z) * (1 - sigma(z))),
    ("σ(z)(1−σ(z))", sigma(z) * (1 - sigma(z))),
    ("ln(x)", log(x)),
    ("ReLU(z)", of("relu", z, latex=r"\mathrm{ReLU}")),
    ("max(0, z)", of("max", Number("0"), z)),
    ("sin x cos x", sin(x) * cos(x)),
    ("2 sin(x)", two * sin(x)),
    ("sin(x) cos(x)", sin(x) * cos(x)),
    ("sin x/cos x", sin(x) / cos(x)),
    ("y log yhat + (1-y) log(1-yhat)", y * log(yhat) + (1 - y) * log(1 - yhat)),
    ("log sigma(z)", log(sigma(z))),
    ("log |x|", log(absolute(x))),
    ("sin^2(x)", Power(sin(x), two)),
    ("sin²x", Power(sin(x), two)),
    ("sin^n x", Power(sin(x), n)),
    ("sin^-1 x", of("arcsin", x)),
    ("sin 2x", sin(two * x)),
    ("cos 2πt", cos(Product((two, PI, t)))),
    ("√x", of("sqrt", x)),
    ("2√(x + 1)", two * of("sqrt", x + 1)),
    ("f(x)", of("f", x)),
    ("g(x, y)", of("g", x, y)),
    ("f*x", f * x),
    ("sigma'(z)", slope("sigmoid", z, latex=r"\sigma")),
    ("σ′(z)", slope("sigmoid", z, latex=r"\sigma")),
    ("f''(x)", slope("f", x, 2)),
    ("f″(x)", slope("f", x, 2)),
    # derivatives
    ("D(x*y, x)", D(x * y, x)),
    ("D(f(x), x, 2)", D(of("f", x), x, 2)),
    ("partial(x*y, x)", D(x * y, x, partial=True)),
    ("dL/dz", D(L, z)),
    ("dL/dyhat", D(L, yhat)),
    ("dσ/dz", D(sigma(z), z)),
    ("dL/dz dz/dw", D(L, z) * D(z, w)),
    ("∂L/∂ŷ", D(L, yhat, partial=True)),
    ("dL/dW1[1,1]", D(L, Symbol("W", layer="1", indices=(one, one)))),
    ("d/dx(x^2)", D(x**2, x)),
    ("d/dx [x^2]", D(x**2, x)),
    ("d^2y/dx^2", D(y, x, 2)),
    ("d/dx x^2", D(x**2, x)),
    ("∂²f/∂x∂y", D(D(f, y, partial=True), x, partial=True)),
    ("∂²L/∂w²", D(L, w, 2, partial=True)),
    ("d^2/dx^2 (x^3)", D(x**3, x, 2)),
    ("d/b + d^2", d / b + d**2),
    # bars, comparisons, cases, indicators, indexed sums
    ("|x|", absolute(x)),
    ("2|x| + 3|y|", two * absolute(x) + three * absolute(y)),
    ("||x| - 1|", absolute(absolute(x) - 1)),
    ("|x||y|", absolute(x) * absolute(y)),
    ("a = b", Relation((a, b), ("=",))),
    ("0 < yhat < 1", Relation((Number("0"), yhat, one), ("<", "<"))),
    ("x ≤ 3 ≠ y", Relation((x, three, y), ("<=", "!="))),
    ("cases(z if z > 0, 0 if z <= 0)", cases((z, z > 0), (0, z <= 0))),
    ("indicator(z > 0)", Indicator(z > 0)),
    ("𝟙[z > 0]", Indicator(z > 0)),
    ("1[z > 0]", Indicator(z > 0)),
    ("{ z if z > 0; 0 if z ≤ 0 }", cases((z, z > 0), (0, z <= 0))),
    ("sum((yhat_j - y_j)^2, j = 1..n)", total((yhat.at(j) - y.at(j)) ** 2, j, 1, n)),
]


@pytest.mark.parametrize(("text", "tree"), READ, ids=[row[0] for row in READ])
def test_text_is_read_as_it_is_written(text: str, tree: Expr, names: Names) -> None:
    assert read(text, names) is tree


REFUSED = [
    # ‸ stands before the place of the caret; the last column must occur in the advice
    ("‸", "x^2*sin(x)"),
    ("‸  ", "x^2*sin(x)"),
    # words that mean nothing are never products of letters
    ("‸wx + b", "w*x"),
    ("‸sigmod(z)", "'sigmoid'"),
    ("a/‸bc", "b*c"),
    ("‸sinx", "sin(x)"),
    ("‸xsin(x)", "x*sin(...)"),
    ("‸alhpa", "'alpha'"),
    ("‸dx", "D(..., x)"),
    ("‸x1_2_3", "x[1,2]"),
    # two readings
    ("1/2‸x", "write (1/2)*x"),
    ("1/2‸(x + 1)", "write (1/2)*(x + 1)"),
    ("a/b ‸c", "write a/(b*c)"),
    ("sin 2x ‸y", "write sin(2x*y)"),
    ("sin x‸*y", "write sin(x*y)"),
    ("sin x ‸/ x", "write sin(x)/x"),
    ("sin x‸^2", "write (sin(x))^2"),
    ("ln x‸(1-x)", "write ln(x*(1-x))"),
    ("√x ‸y", "√(x*y)"),
    ("f‸^-1(x)", "1/(f(x))"),
    ("ln‸⁻¹(x)", "1/(ln(x))"),
    ("sin‸^-2(x)", "(sin(x))^-2"),
    ("e^2‸x", "write e^(2*x)"),
    ("x^2‸y", "write x^(2*y)"),
    ("e^x‸(1-x)", "write e^(x)*(1-x)"),
    ("x‸(y)", "a function x, once it is declared"),
    ("L‸(w)", "write L*(w)"),
    ("f_1‸(x + 1)", "f_1*(x + 1)"),
    ("f‸²(x)", "write (f(x))²"),
    ("f‸[x]", "f(x)"),
    ("W[1‸-x]", "x*(1 - x)"),
    ("|a|b‸|c|", "write abs(a)*b*abs(c)"),
    ("a/‸dL/dz", "a/(dL/dz)"),
    ("dL/dz‸^2", "write (D(L, z))^2"),
    ("dL/dz‸(1-z)", "dL/dz*(...)"),
    ("‸1e-3", "1*10^(-3)"),
    ("x²‸^3", "(x^2)^3"),
    ("2 ‸3", "x*2"),
    ("x ‸2", "x_2"),
    # functions and forms without their parts
    ("1 + ‸sin", "sin(x)"),
    ("‸max x", "max(x, y)"),
    ("‸max(0)", "2 arguments; here it has 1"),
    ("‸sin(x, y)", "1 argument; here it has 2"),
    ("sin(‸)", "argument"),
    ("‸sigma' z", "sigma'(x)"),
    ("y‸'", "D(y, x)"),
    ("D(x‸)", "D(what, variable)"),
    ("D(x, ‸2)", "by a number"),
    ("D(x, x, ‸0)", "from 1 to 99"),
    ("D(x, x, ‸10000000)", "from 1 to 99"),
    ("d/dx x^2 ‸y", "d/dx(x^2*y)"),
    ("d/dx x^2 ‸+ y", "d/dx(x^2) + y"),
    ("‸∂²f/∂x", "2 times"),
    ("‸∂f + 1", "∂L/∂w"),
    ("‸dL/de", "Unknown name 'dL'"),
    ("‸∂L/∂e", "∂L/∂w"),
    ("cases(z‸)", "value if condition"),
    ("cases(z if ‸z)", "z > 0"),
    ("sum(x_j‸)", "j = 1..n"),
    ("2[z ‸> 0]", "indicator(...)"),
    # what does not end, does not begin, or does not belong
    ("x +‸", "number, a name or a bracket"),
    ("‸(x", "never closed"),
    ("(x‸]", "')' would close"),
    ("x‸)", "No '(' is open"),
    ("‸|x", "never closed"),
    ("‸+x", "between two terms"),
    ("x = ‸= y", "stands alone"),
    ("(a ‸= b) + 1", "stands alone"),
    ("0‸,5", "0.5"),
    ("L(y‸, yhat)", "Declare L as a function"),
    ("‸if", "cases"),
    ("1‸.", "0.5"),
    ("x‸!", "Factorials"),
    ("‸\\foo{x}", "Unknown command"),
    ("‸{a}", "parentheses"),
    ("x ‸→ y", "RIGHTWARDS ARROW"),
    ("‸а + 1", "CYRILLIC SMALL LETTER A"),
    ("x‸\u202ey", "RIGHT-TO-LEFT OVERRIDE"),
    ("x‸\u200by", "ZERO WIDTH SPACE"),
    ("x‸\x00", "U+0000"),
    ("‸\ud800", "U+D800"),
    ("‸x\u0302\u0304", "one accent"),
]


@pytest.mark.parametrize(("marked", "advice"), REFUSED, ids=[ascii(row[0]) for row in REFUSED])
def test_what_is_unclear_is_refused_with_the_caret_at_the_place(
    marked: str, advice: str, names: Names
) -> None:
    text = marked.replace("‸", "")

    with pytest.raises(Unreadable) as refusal:
        read(text, names)

    assert refusal.value.position == marked.index("‸")
    assert advice in str(refusal.value)


def test_declared_names_count_before_every_rule_about_letters() -> None:
    loss, second = Symbol("loss"), Symbol("z", layer="2")
    names = Names(
        functions={"L": Head("L"), "sigma": Head("sigmoid")},
        arity={"L": 2},
        symbols={"loss": loss, "z2": second, "f": f, "x": x, "e": Symbol("e")},
    )

    assert read("loss_1 + losshat", names) is loss.at(1) + Symbol("loss", "hat")
    assert read("z2", names) is second
    assert read("z2[1]", names) is second.at(1)
    assert read("f(x)", names) is f * x
    assert read("x(y)", names) is x * y
    assert read("x_1(y)", names) is x.at(1) * y
    assert read("L(y, yhat)", names) is of("L", y, yhat)
    assert read("e", names) is Symbol("e")


def test_a_name_that_is_both_symbol_and_function_is_refused_in_front_of_a_bracket() -> None:
    names = Names(functions={"sigma": Head("sigmoid")}, symbols={"sigma": Symbol("sigma")})

    assert read("sigma*x", names) is Symbol("sigma") * x
    with pytest.raises(Unreadable, match="as a symbol and as a function"):
        read("sigma(x)", names)


def test_without_declared_names_only_letters_and_the_forms_are_known() -> None:
    assert read("exp(x) + abs(y)") is exp(x) + absolute(y)
    with pytest.raises(Unreadable, match="Unknown name 'swish'"):
        read("swish(x)")


@settings(max_examples=150)
@given(data=st.data())
def test_what_is_printed_reads_back_to_the_same_tree(
    data: st.DataObject, expressions: st.SearchStrategy[Expr], names: Names
) -> None:
    """The loop that everything else leans on: a line that we print is a line that we accept."""
    expr = data.draw(expressions)

    assert read(plain(expr), names) is expr
