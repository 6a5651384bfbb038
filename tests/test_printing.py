"""How expressions look: the strings here are written by hand, as textbooks and the post write.

Referees from outside: an XML parser, and Hypothesis.  The engines that set formulas are asked
in test_engines.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product as pairs
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symderiv.errors import Unknown
from symderiv.language import arrays, expressions
from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.build import PI, D, E, absolute, cases, exp, symbols, total
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Derivative,
    Expr,
    Head,
    IndexedSum,
    Indicator,
    Negative,
    Number,
    Operand,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    Transpose,
    as_expr,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter
from symderiv.printing import inline as inline_module
from symderiv.printing import latex as latex_module
from symderiv.printing import mathml as mathml_module
from symderiv.printing import speech as speech_module
from symderiv.printing import typst as typst_module
from symderiv.printing import unicode as unicode_module
from symderiv.printing.latex import DIALECTS, latex
from symderiv.printing.mathml import math_element, mathml
from symderiv.printing.speech import speech
from symderiv.printing.typst import typst
from symderiv.printing.unicode import unicode_text

x, y, z, n, i, j, l, t, L, W, a, T = symbols("x y z n i j l t L W a T")  # noqa: E741 (the layer's letter)
yhat, alpha, beta, eta = symbols("yhat alpha beta eta")
SIGMA = Head("sigmoid", r"\sigma")
F, G = Head("f"), Head("g")
RELU = Head("relu", r"\mathrm{ReLU}")
BCE = Head("bce", r"\operatorname{BCE}")
W11 = Symbol("W", "", "1", (Number("1"), Number("1")))
Z1, Z2 = Symbol("z", "", "1"), Symbol("z", "", "2")
W2, DELTA2 = Symbol("W", "", "2"), Symbol("delta", "", "2")
A11 = Symbol("a", "", "1", (Number("1"),))


def sigma(u: Operand) -> Expr:
    return Apply(SIGMA, (as_expr(u),))


def word(name: str, *arguments: Operand) -> Expr:
    return Apply(Head(name), tuple(as_expr(u) for u in arguments))


def log(u: Operand) -> Expr:
    return word("log", u)


def partial(body: Expr, variable: Expr) -> Derivative:
    return D(body, variable, partial=True)


def root(u: Operand, degree: Operand) -> Expr:
    return word("root", u, degree)


def bare(names: str) -> Expr:
    """A product of letters."""
    return Product(symbols(names))


half = Quotient(as_expr(1), as_expr(2))
d, p = r"\mathrm{d}", r"\partial "
dz = rf"\frac{{{d}}}{{{d}z}}"
dx = rf"\frac{{{d}}}{{{d}x}}"

# what is meant, how it stands in a textbook's LaTeX, and on one line of a terminal
FORMULAS: list[tuple[Expr, str, str]] = [
    # the post's functions and their slopes
    (sigma(z) * (1 - sigma(z)), r"\sigma(z)(1 - \sigma(z))", "σ(z)(1 − σ(z))"),
    (exp(-z) / (1 + exp(-z)) ** 2, r"\frac{e^{-z}}{(1 + e^{-z})^{2}}", "e^(−z)/(1 + e^(−z))²"),
    (1 - word("tanh", z) ** 2, r"1 - \tanh^{2}(z)", "1 − tanh²(z)"),
    (4 * exp(z) * exp(-z), r"4e^{z}e^{-z}", "4e^z · e^(−z)"),
    (
        cases((z, z > 0), (0, z <= 0)),
        r"\begin{cases} z & \text{if } z > 0 \\ 0 & \text{if } z \le 0 \end{cases}",
        "{ z if z > 0; 0 if z ≤ 0 }",
    ),
    (word("max", 0, z), r"\max(0, z)", "max(0, z)"),
    (
        -y * log(yhat) - (1 - y) * log(1 - yhat),
        r"-y\log(\hat{y}) - (1 - y)\log(1 - \hat{y})",
        "−y log(ŷ) − (1 − y) log(1 − ŷ)",
    ),
    (
        (-y) / yhat + (1 - y) / (1 - yhat),
        r"-\frac{y}{\hat{y}} + \frac{1 - y}{1 - \hat{y}}",
        "−y/ŷ + (1 − y)/(1 − ŷ)",
    ),
    (
        -y * (1 - yhat) + (1 - y) * yhat,
        r"-y(1 - \hat{y}) + (1 - y)\hat{y}",
        "−y(1 − ŷ) + (1 − y)ŷ",
    ),
    (
        (yhat - y) / (yhat * (1 - yhat)),
        r"\frac{\hat{y} - y}{\hat{y}(1 - \hat{y})}",
        "(ŷ − y)/(ŷ(1 − ŷ))",
    ),
    (2 * (yhat - y) / n, r"\frac{2(\hat{y} - y)}{n}", "2(ŷ − y)/n"),
    # derivatives still to be taken
    (
        partial(L, yhat) * D(yhat, z),
        rf"\frac{{{p}L}}{{{p}\hat{{y}}}} \cdot \frac{{{d}\hat{{y}}}}{{{d}z}}",
        "∂L/∂ŷ · dŷ/dz",
    ),
    (
        partial(Z2, A11) * partial(A11, W11),
        rf"\frac{{{p}z^{{(2)}}}}{{{p}a^{{(1)}}_{{1}}}} \cdot "
        rf"\frac{{{p}a^{{(1)}}_{{1}}}}{{{p}W^{{(1)}}_{{11}}}}",
        "∂z⁽²⁾/∂a⁽¹⁾₁ · ∂a⁽¹⁾₁/∂W⁽¹⁾₁₁",
    ),
    (
        D(1 / (1 + exp(-z)), z),
        rf"{dz}\left[\frac{{1}}{{1 + e^{{-z}}}}\right]",
        "d/dz [1/(1 + e^(−z))]",
    ),
    (D(sigma(z), z), rf"{dz}\sigma(z)", "d/dz σ(z)"),
    (D(Apply(BCE, (yhat, y)), z), rf"{dz}\,\mathrm{{BCE}}(\hat{{y}}, y)", "d/dz BCE(ŷ, y)"),
    (
        D(sigma(z), z) * x,
        rf"{dz}\left[\sigma(z)\right] \cdot x",
        "d/dz [σ(z)] · x",
    ),
    (
        D(x**2, x) * word("sin", x) + x**2 * D(word("sin", x), x),
        rf"{dx}\left[x^{{2}}\right] \cdot \sin(x) + x^{{2}} \cdot {dx}\sin(x)",
        "d/dx [x²] · sin(x) + x² · d/dx sin(x)",
    ),
    (D(y, x, 2), rf"\frac{{{d}^{{2}}y}}{{{d}x^{{2}}}}", "d²y/dx²"),
    (
        D(L, Z2, 2, partial=True),
        r"\frac{\partial^{2}L}{\partial(z^{(2)})^{2}}",
        "∂²L/∂(z⁽²⁾)²",
    ),
    (
        Prime(F, 1, Apply(G, (x,))) * Prime(G, 1, x),
        r"f'(g(x)) \cdot g'(x)",
        "f′(g(x)) · g′(x)",
    ),
    (Prime(SIGMA, 1, z) * x, r"\sigma'(z) \cdot x", "σ′(z) · x"),
    (2 * Prime(F, 2, x), r"2f''(x)", "2f″(x)"),
    (Prime(F, 4, x), r"f^{(4)}(x)", "f⁽⁴⁾(x)"),
    # signs and brackets
    (x - (y + z), r"x - (y + z)", "x − (y + z)"),
    (x + Sum((y, z)), r"x + (y + z)", "x + (y + z)"),
    (Sum((Sum((x, y)), z)), r"(x + y) + z", "(x + y) + z"),
    (x - Negative(y), r"x - (-y)", "x − (−y)"),
    (Negative(x + y), r"-(x + y)", "−(x + y)"),
    (Negative(x * y), r"-x y", "−xy"),
    (Negative(x / y), r"-\frac{x}{y}", "−x/y"),
    (Quotient(-x, y), r"\frac{-x}{y}", "(−x)/y"),
    (x * Negative(y), r"x \cdot (-y)", "x · (−y)"),
    (Product((Negative(x), y)), r"(-x)y", "(−x)y"),
    (x * Product((y, z)), r"x(y z)", "x(yz)"),
    ((-x) ** 2, r"(-x)^{2}", "(−x)²"),
    ((x**y) ** z, r"(x^{y})^{z}", "(x^y)^z"),
    (x ** (y**z), r"x^{y^{z}}", "x^(y^z)"),
    ((x / y) ** 2, r"\left(\frac{x}{y}\right)^{2}", "(x/y)²"),
    (x / (y / z), r"\frac{x}{\frac{y}{z}}", "x/(y/z)"),
    ((x / y) / z, r"\frac{\frac{x}{y}}{z}", "(x/y)/z"),
    (1 / (2 * x), r"\frac{1}{2x}", "1/(2x)"),
    # products: a sign only where one is needed
    (half * x, r"\frac{1}{2}x", "(1/2)x"),
    (half * (x / y), r"\frac{1}{2} \cdot \frac{x}{y}", "(1/2) · (x/y)"),
    (x / y * (z + 1), r"\frac{x}{y} \cdot (z + 1)", "(x/y) · (z + 1)"),
    (2 * x * word("sin", x), r"2x\sin(x)", "2x sin(x)"),
    (x * Apply(RELU, (z,)), r"x\,\mathrm{ReLU}(z)", "x ReLU(z)"),
    (as_expr(2) * 3, r"2 \cdot 3", "2 · 3"),
    (x * as_expr(2), r"x \cdot 2", "x · 2"),
    (Number("0.50") * as_expr(2) ** x, r"0.50 \cdot 2^{x}", "0.50 · 2^x"),
    (alpha * x + beta * alpha * yhat, r"\alpha x + \beta \alpha \hat{y}", "αx + βαŷ"),
    (alpha * (x + 1), r"\alpha(x + 1)", "α(x + 1)"),
    (Symbol("f") * (x + 1), r"f \cdot (x + 1)", "f · (x + 1)"),
    (Symbol("MSE") * x, r"\mathrm{MSE} \cdot x", "MSE · x"),
    (2 * Indicator(z > 0), r"2 \cdot \mathbf{1}[z > 0]", "2 · 𝟙[z > 0]"),
    (2 * PI * x, r"2\pi x", "2πx"),
    # functions and their powers
    (sigma(x / y), r"\sigma\mathopen{}\left(\frac{x}{y}\right)", "σ(x/y)"),
    (sigma(z) ** 2, r"\sigma(z)^{2}", "σ(z)²"),
    (word("tanh", z) ** Negative(as_expr(1)), r"(\tanh(z))^{-1}", "(tanh(z))^(−1)"),
    (x**half, r"x^{\frac{1}{2}}", "x^(1/2)"),
    (word("sqrt", 1 + x**2), r"\sqrt{1 + x^{2}}", "√(1 + x²)"),
    (word("softplus", z), r"\mathrm{softplus}(z)", "softplus(z)"),
    (absolute(x) / x, r"\frac{|x|}{x}", "|x|/x"),
    (absolute(-x), r"\left|-x\right|", "|−x|"),
    (Relation((as_expr(0), yhat, as_expr(1)), ("<", "<")), r"0 < \hat{y} < 1", "0 < ŷ < 1"),
    (Relation((z, as_expr(0)), ("!=",)), r"z \ne 0", "z ≠ 0"),
    # names, layers, indices, sums over an index
    (W11 * x.at(1) + Symbol("b").at(1), r"W^{(1)}_{11}x_{1} + b_{1}", "W⁽¹⁾₁₁x₁ + b₁"),
    (Z2**2, r"(z^{(2)})^{2}", "(z⁽²⁾)²"),
    (yhat.at(i) ** 2, r"\hat{y}_{i}^{2}", "ŷ_i²"),
    (Symbol("W", "", "l-1", (i, j)), r"W^{(l-1)}_{ij}", "W⁽ˡ⁻¹⁾_{ij}"),
    (W.at(10, 2), r"W_{10,2}", "W_{10,2}"),
    (Symbol("x", "bar"), r"\bar{x}", "x̄"),
    (
        total((yhat.at(j) - y.at(j)) ** 2, j, 1, n) / n,
        r"\frac{\sum_{j=1}^{n} (\hat{y}_{j} - y_{j})^{2}}{n}",
        "(Σ_{j=1}^{n} (ŷ_j − y_j)²)/n",
    ),
    (half * total(x.at(j), j, 1, n), r"\frac{1}{2}\sum_{j=1}^{n} x_{j}", "(1/2)Σ_{j=1}^{n} x_j"),
    (
        Product((total(x.at(j), j, 1, n), y)),
        r"\left(\sum_{j=1}^{n} x_{j}\right)y",
        "(Σ_{j=1}^{n} x_j)y",
    ),
    (Letter("f") + Letter("alpha"), r"f + \alpha", "f + α"),
    # indices without a comma only where they are read apart again
    (W.at(11), r"W_{{11}}", "W[11]"),
    (x.at(11), r"x_{11}", "x₁₁"),
    (x.at(1, 2), r"x_{1,2}", "x_{1,2}"),
    (W.at(1, 1, 1), r"W_{1,1,1}", "W_{1,1,1}"),
    (W.at(1, j), r"W_{1,j}", "W_{1,j}"),
    (W.at(i, t), r"W_{it}", "W_{it}"),
    (W.at(a, t), r"W_{a,t}", "W_{a,t}"),  # at is a word
    (W.at(alpha, j), r"W_{\alpha,j}", "W_{α,j}"),
    (x.at(Symbol("max")), r"x_{\mathrm{max}}", "x_{max}"),
    (W.at(Symbol("hx")), r"W_{\mathrm{hx}}", "W[hx]"),
    (x.at(i + 1), r"x_{i+1}", "x_{i+1}"),
    (a.at(l - 1, j), r"a_{l-1,j}", "a_{l−1,j}"),
    # transposes and roots
    (Transpose(W) * x, r"W^{\top}x", "Wᵀx"),
    (Transpose(W * x), r"(W x)^{\top}", "(Wx)ᵀ"),
    (Transpose(x / y), r"\left(\frac{x}{y}\right)^{\top}", "(x/y)ᵀ"),
    (Transpose(Z2), r"z^{(2)\top}", "z⁽²⁾ᵀ"),
    (Transpose(W) ** 2, r"(W^{\top})^{2}", "(Wᵀ)²"),
    (W**T, r"W^{{T}}", "W^(T)"),
    (as_expr(2) ** T, r"2^{T}", "2^T"),
    (a ** (l - 1), r"a^{{l - 1}}", "a^(l − 1)"),
    (2 * root(x, 3), r"2\sqrt[3]{x}", "2∛(x)"),
    # the matrix form of backpropagation
    (
        Elementwise((Transpose(W2) * DELTA2, Prime(F, 1, Z1))),
        r"W^{(2)\top}\delta^{(2)} \odot f'(z^{(1)})",
        "W⁽²⁾ᵀδ⁽²⁾ ⊙ f′(z⁽¹⁾)",
    ),
    (
        Elementwise((partial(L, a), Prime(F, 1, z))) - x,
        r"\frac{\partial L}{\partial a} \odot f'(z) - x",
        "∂L/∂a ⊙ f′(z) − x",
    ),
    (Elementwise((x, y, z)), r"x \odot y \odot z", "x ⊙ y ⊙ z"),
    (Elementwise((x, Elementwise((y, z)))), r"x \odot (y \odot z)", "x ⊙ (y ⊙ z)"),
    (Negative(Elementwise((x, y))), r"-x \odot y", "−x ⊙ y"),
    (Elementwise((-x, y + z)), r"(-x) \odot (y + z)", "(−x) ⊙ (y + z)"),
    (x * Elementwise((y, z)), r"x(y \odot z)", "x(y ⊙ z)"),
    (Elementwise((x * as_expr(2), y)), r"(x \cdot 2) \odot y", "(x · 2) ⊙ y"),
    (Elementwise((x, y)) ** 2, r"(x \odot y)^{2}", "(x ⊙ y)²"),
    (Elementwise((x, y)) / n, r"\frac{x \odot y}{n}", "(x ⊙ y)/n"),
    (
        Elementwise((total(x.at(j), j, 1, n), y)),
        r"\left(\sum_{j=1}^{n} x_{j}\right) \odot y",
        "(Σ_{j=1}^{n} x_j) ⊙ y",
    ),
    (
        total(Elementwise((x.at(j), y)), j, 1, n),
        r"\sum_{j=1}^{n} (x_{j} \odot y)",
        "Σ_{j=1}^{n} (x_j ⊙ y)",
    ),
    (
        Matrix([[x, y / z], [0 - z, as_expr(2)]]),
        r"\begin{bmatrix} x & \frac{y}{z} \\ 0 - z & 2 \end{bmatrix}",
        "[[x, y/z], [0 − z, 2]]",
    ),
    (
        W * Matrix([[x], [y]]),
        r"W\begin{bmatrix} x \\ y \end{bmatrix}",
        "W [[x], [y]]",
    ),
    (
        Transpose(Matrix([[x], [y]])) * z,
        r"\begin{bmatrix} x \\ y \end{bmatrix}^{\top}z",
        "[[x], [y]]ᵀ z",
    ),
    (
        sigma(Matrix([[x, y]])),
        r"\sigma\mathopen{}\left(\begin{bmatrix} x & y \end{bmatrix}\right)",
        "σ([[x, y]])",
    ),
    (Matrix([[x]]), r"\begin{bmatrix} x \end{bmatrix}", "[[x]]"),
    (root(x, n + 1), r"\sqrt[{n + 1}]{x}", "root(x, n + 1)"),
    # what could be read in two ways
    (2 * half, r"2 \cdot \frac{1}{2}", "2 · (1/2)"),
    (x * Z2**2, r"x \cdot (z^{(2)})^{2}", "x · (z⁽²⁾)²"),
    (x**2 * half**2, r"x^{2} \cdot \left(\frac{1}{2}\right)^{2}", "x² · (1/2)²"),
    (Symbol("f") ** 2 * (x + 1), r"f^{2} \cdot (x + 1)", "f² · (x + 1)"),
    (bare("d y") / bare("d x"), r"\frac{d \cdot y}{d \cdot x}", "(d · y)/(d · x)"),
    (bare("x i"), r"x \cdot i", "x · i"),
    (
        Product((*symbols("s i n"), Apply(Head("h"), (x,)))),
        r"s \cdot i \cdot n \cdot h(x)",
        "s · i · n · h(x)",
    ),
    (absolute(x) * absolute(y), r"|x| \cdot |y|", "|x| · |y|"),
    (absolute(absolute(x) + 1), r"\left||x| + 1\right|", "||x| + 1|"),
    (Symbol("e") * exp(x), r"\mathit{e} \mathrm{e}^{x}", "ee^x"),
]
EXPRESSIONS = [row[0] for row in FORMULAS]


@pytest.mark.parametrize(("expr", "textbook", "line"), FORMULAS, ids=[row[2] for row in FORMULAS])
def test_a_formula_prints_as_a_textbook_writes_it(expr: Expr, textbook: str, line: str) -> None:
    assert latex(expr) == textbook
    assert unicode_text(expr) == line


PRINTERS = [latex_module, mathml_module, unicode_module, inline_module, typst_module, speech_module]


@pytest.mark.parametrize("module", PRINTERS)
def test_every_class_of_node_has_a_spelling(module: object) -> None:
    known = {**vars(expressions), **vars(arrays)}.values()
    classes = {c for c in known if isinstance(c, type) and issubclass(c, Expr)}
    spellers = vars(module).get("_SPELLERS") or vars(module)["SPELLERS"]

    assert classes - {Expr} | {Letter, Integral} <= set(spellers)


# MathML


def inside(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<math>{markup}</math>")  # noqa: S314 (our own markup)


def test_a_third_root_and_a_transpose_have_marks_of_their_own() -> None:
    top = '<mo lspace="0" rspace="0">⊤</mo>'

    strut = '<mspace height="0.7em"/>'  # the sign of a low letter's root would hang down

    assert mathml(root(x, 3)) == f"<mroot><mrow>{strut}<mi>x</mi></mrow><mn>3</mn></mroot>"
    assert mathml(Transpose(W)) == f"<msup><mrow><mi>W</mi></mrow>{top}</msup>"


def test_a_transpose_stands_beside_a_layer_and_not_above_it() -> None:
    low, top = '<mo stretchy="false">{}</mo>', '<mo lspace="0" rspace="0">⊤</mo>'
    layer = f"<mrow>{low.format('(')}<mn>2</mn>{low.format(')')}{top}</mrow>"

    assert mathml(Transpose(Z2)) == f"<msup><mi>z</mi>{layer}</msup>"


def test_indices_have_a_comma_where_they_would_be_read_as_one() -> None:
    comma = '<mo lspace="0" rspace="0">,</mo>'

    assert comma not in mathml(W.at(1, 1))
    assert mathml(x.at(1, 2)) == f"<msub><mi>x</mi><mrow><mn>1</mn>{comma}<mn>2</mn></mrow></msub>"


def test_a_hat_sits_on_an_italic_letter_as_an_accent() -> None:
    assert mathml(yhat) == ('<mover accent="true"><mi>y</mi><mo stretchy="false">ˆ</mo></mover>')


def test_a_prime_stands_beside_its_function_and_not_in_a_superscript() -> None:
    assert mathml(Prime(SIGMA, 1, z)) == (
        '<mi>σ</mi><mo lspace="0" rspace="0">′</mo>'
        '<mo stretchy="false">(</mo><mi>z</mi><mo stretchy="false">)</mo>'
    )


def test_the_d_of_a_derivative_is_upright_and_its_variable_italic() -> None:
    upright = '<mo lspace="0" rspace="0">d</mo>'

    assert mathml(D(y, x)) == (
        f"<mfrac><mrow>{upright}<mi>y</mi></mrow><mrow>{upright}<mi>x</mi></mrow></mfrac>"
    )


def test_a_function_name_has_air_before_it_only_where_something_stands_there() -> None:
    name = '<mo lspace="0" rspace="0">log</mo>'

    assert mathml(log(x)).startswith(name)
    assert mathml(y * log(x)).startswith(f'<mi>y</mi><mspace width="0.167em"/>{name}')


def test_brackets_stretch_around_tall_content_only() -> None:
    assert 'stretchy="false">(' in mathml(sigma(z))
    assert "<mrow><mo>(</mo><mfrac>" in mathml(sigma(x / y))


def test_brackets_know_their_height_when_only_some_of_the_nested_ones_are_tall() -> None:
    assert latex(sigma(x / y) * sigma(z)) == r"\sigma\mathopen{}\left(\frac{x}{y}\right)\sigma(z)"
    assert latex(sigma(sigma(z)) * (x + x / y)) == (
        r"\sigma(\sigma(z))\left(x + \frac{x}{y}\right)"
    )


def test_minus_is_the_mathematical_sign_and_a_leading_one_is_a_prefix() -> None:
    assert mathml(-x) == '<mo form="prefix">−</mo><mi>x</mi>'
    assert mathml(x - y) == "<mi>x</mi><mo>−</mo><mi>y</mi>"


def test_cases_have_one_brace_that_stretches_and_cells_without_a_style_of_their_own() -> None:
    row = inside(mathml(cases((z, z > 0), (0, z <= 0))))
    brace, table = row[0]

    assert (brace.text, brace.get("stretchy"), table.get("class")) == ("{", "true", "sd-cases")
    assert not any(cell.get("style") for cell in table.iter("mtd"))  # a strict CSP forbids it
    assert len(list(table.iter("mtr"))) == 2


def test_the_math_element_says_its_formula_in_words_and_sorts_its_attributes() -> None:
    formula = Relation((x / y, as_expr(1)), ("<",))

    assert math_element(formula).startswith('<math alttext="x over y is less than one"><mfrac>')
    assert math_element(formula, display=True).startswith(
        '<math alttext="x over y is less than one" displaystyle="true"><mfrac>'
    )
    assert inside(mathml(formula, display=True))[0].get("displaystyle") == "true"


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=map(unicode_text, EXPRESSIONS))
def test_mathml_is_well_formed_and_fractions_and_scripts_have_the_parts_they_need(
    expr: Expr,
) -> None:
    for element in inside(mathml(expr)).iter():
        wanted = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "mover": 2, "munderover": 3}
        assert len(element) == wanted.get(element.tag, len(element))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x>', r"}\input{/etc/passwd}", "a_b&c%", "$x$"]
)
def test_a_name_that_somebody_typed_cannot_leave_its_place(name: str) -> None:
    """What is typed is printed again from our tree, never pasted."""
    expr = Symbol(name) + Apply(Head(name), (x,)) + Letter(name) + Symbol("W", "", name)
    markup = inside(math_element(expr))

    assert {"script", "img"}.isdisjoint(element.tag for element in markup.iter())
    assert r"\input" not in latex(expr)
    unescaped = re.sub(r"\\[{}_#$%&]", "", latex(expr))
    assert unescaped.count("{") == unescaped.count("}")
    assert not re.search(r"[#$%&]", unescaped)


# marks

CHAIN = Product(((yhat - y) / (yhat * (1 - yhat)), yhat, 1 - yhat))
CANCELLED = {(0, 1): "cancelled", (1,): "cancelled", (2,): "cancelled"}


def test_a_cancelled_part_is_struck_out_with_its_brackets() -> None:
    fraction = r"\frac{\hat{y} - y}{\cancel{\hat{y}(1 - \hat{y})}}"

    for dialect in ("github", "katex", "mathjax"):
        assert latex(CHAIN, dialect=dialect, marks=CANCELLED) == (
            fraction + r" \cdot \cancel{\hat{y}}\cancel{(1 - \hat{y})}"
        )


def test_a_latex_document_strikes_out_and_colours_with_macros_of_its_own() -> None:
    chain = D(L, yhat) * D(yhat, z)
    marks = {(0,): "factor-1", (1,): "factor-2 cancelled"}

    assert latex(chain, dialect="latex", marks=marks) == (
        rf"\sdfactor{{1}}{{\frac{{{d}L}}{{{d}\hat{{y}}}}}} \cdot "
        rf"\sdfactor{{2}}{{\sdcancel{{\frac{{{d}\hat{{y}}}}{{{d}z}}}}}}"
    )


def test_a_mark_on_the_base_of_a_power_at_the_name_covers_both_of_its_halves() -> None:
    squared = word("tanh", z) ** 2

    assert latex(squared, dialect="katex", marks={(0,): "cancelled"}) == (
        r"\cancel{\tanh}^{2}\cancel{(z)}"
    )


def test_equal_factors_that_end_a_product_and_stand_inside_it_are_told_apart() -> None:
    """Equal nodes are one object, so that only its place says which factor comes last."""
    slope = D(sigma(z), z)

    assert latex(slope * slope) == rf"{dz}\left[\sigma(z)\right] \cdot {dz}\sigma(z)"


def test_the_portable_dialect_shows_no_marks() -> None:
    assert latex(CHAIN, marks=CANCELLED) == latex(CHAIN)


def test_a_mark_on_a_subtracted_term_covers_sign_and_term() -> None:
    marks = {(1,): "cancelled"}

    assert latex(x - y + z, dialect="katex", marks=marks) == r"x \cancel{{} - y} + z"
    assert mathml(x - y, marks=marks) == (
        '<mi>x</mi><mrow class="sd-cancelled"><mo form="infix">−</mo><mi>y</mi></mrow>'
    )


def test_a_mark_may_stand_inside_another_and_in_any_part() -> None:
    pieces = cases((z, z > 0), (0, z <= 0))
    nested = {(0,): "factor-1", (0, 1): "cancelled"}

    assert mathml(pieces, marks={(2,): "factor-3"}).count('class="sd-factor-3"') == 1
    assert latex(Sum((x * y, z)), dialect="latex", marks=nested) == (
        r"\sdfactor{1}{x \sdcancel{y}} + z"
    )


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=map(unicode_text, EXPRESSIONS))
def test_marks_change_nothing_but_what_they_add(expr: Expr) -> None:
    """A mark at every place at once: without the wrappers the markup is as before."""
    marks = dict.fromkeys(every_place(expr), "factor-1")
    printed = latex(expr, dialect="latex", marks=marks)
    inside(mathml(expr, marks=marks))

    inner = r"\{[^{}]*\}"
    for _ in range(2):
        inner = rf"\{{(?:[^{{}}]|{inner})*\}}"
    for _ in marks:
        printed = re.sub(rf"\\sdfactor\{{1\}}\{{((?:[^{{}}]|{inner})*)\}}", r"\1", printed)

    assert printed.replace("{} - ", "- ") == latex(expr)


def every_place(expr: Expr) -> Iterator[tuple[int, ...]]:
    stack: list[tuple[Expr, tuple[int, ...]]] = [(expr, ())]
    while stack:
        node, place = stack.pop()
        yield place
        stack += [(part, (*place, number)) for number, part in enumerate(node.parts)]


def test_a_dialect_nobody_speaks_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(Unknown, match="portable, github, katex, mathjax, latex"):
        latex(x, dialect="word")


def test_no_dialect_uses_operatorname_which_github_forbids() -> None:
    assert all(r"\operatorname" not in latex(Apply(BCE, (yhat, y)), dialect=k) for k in DIALECTS)


# depth


def nested_functions(depth: int) -> Expr:
    expr: Expr = z
    for _ in range(depth):
        expr = sigma(expr)
    return expr


def alternation(depth: int) -> Expr:
    expr: Expr = z
    steps: list[Callable[[Expr], Expr]] = [
        lambda u: Quotient(u, x),
        lambda u: Sum((u, y)),
        lambda u: Power(u, as_expr(2)),
        Negative,
    ]
    for number in range(depth):
        expr = steps[number % 4](expr)
    return expr


@pytest.mark.parametrize("deep", [nested_functions(5000), alternation(5000)], ids=["σ", "mixed"])
def test_no_depth_is_too_deep(deep: Expr) -> None:
    assert latex(deep).count("z") == unicode_text(deep).count("z") == 1
    assert math_element(deep).count("<mi>z</mi>") == typst(deep).count("z ") == 1
    assert "cancelled" in mathml(deep, marks={(0,) * 4000: "cancelled"})


# laws over everything that a generator can think of

LEAVES = st.sampled_from(
    (
        *(x, y, alpha, yhat, E, PI, Z2, W11, yhat.at(j), Symbol("MSE"), Symbol("f"), Letter("g")),
        *map(Number, ("2", "0", "10", "0.5")),
    )
)
VARIABLES = st.sampled_from([x, z, W11])
HEADS = st.sampled_from([SIGMA, RELU, F, Head("log"), Head("tanh"), Head("sqrt")])
INDICES = st.sampled_from(
    [*map(Number, ("1", "2", "11", "12")), i, j, x, Symbol("ij"), Symbol("max"), i + 1, i - 1]
)


def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, min_size=2, max_size=3)
    relation = st.builds(
        lambda a, b, s: Relation((a, b), (s,)), inner, inner, st.sampled_from("<=")
    )
    return st.one_of(
        st.builds(Sum, several),
        st.builds(Product, several),
        st.builds(Negative, inner),
        st.builds(Quotient, inner, inner),
        st.builds(Power, inner, inner),
        st.builds(lambda head, u: Apply(head, (u,)), HEADS, inner),
        st.builds(lambda u, v: Apply(Head("max"), (u, v)), inner, inner),
        st.builds(Prime, HEADS, st.integers(1, 4), inner),
        st.builds(Derivative, inner, VARIABLES, st.integers(1, 2), st.booleans()),
        st.builds(Absolute, inner),
        st.builds(Transpose, inner),
        st.builds(root, inner, inner),
        st.builds(Elementwise, several),
        st.builds(
            lambda parts, tall: Matrix([[p] for p in parts] if tall else [parts]),
            several,
            st.booleans(),
        ),
        st.builds(lambda u, v: Matrix([[u, v], [v, u]]), inner, inner),
        st.builds(Indicator, relation),
        st.builds(lambda u: IndexedSum(u, j, as_expr(1), n), inner),
        st.builds(lambda u, v, r: cases((u, r), (v, r)), inner, inner, relation),
    )


TREES = st.recursive(LEAVES, grown, max_leaves=12)


@given(TREES)
def test_any_tree_prints_without_doubled_signs_and_with_balanced_brackets(expr: Expr) -> None:
    text, line = latex(expr), unicode_text(expr)
    inside(mathml(expr))

    assert not re.search(r"[-+] ?-", text)
    assert not re.search(r"[−+] ?−", line)
    assert text.count("{") == text.count("}")
    assert text.count(r"\left") == text.count(r"\right")
    assert line.count("(") == line.count(")")


@given(TREES, TREES)
def test_two_trees_print_alike_only_if_they_are_one(one: Expr, other: Expr) -> None:
    for printer in (latex, typst, speech):
        assert (printer(one) == printer(other)) == (one is other)


@given(st.lists(INDICES, min_size=1, max_size=3), st.lists(INDICES, min_size=1, max_size=3))
def test_two_entries_print_alike_only_if_they_are_one(one: list[Expr], other: list[Expr]) -> None:
    for printer in (str, latex, unicode_text, mathml, speech):
        for name in (W, x, Z2):
            alike = printer(name.at(*one)) == printer(name.at(*other))
            assert alike == (one == other)


def small_trees(leaves: tuple[Expr, ...]) -> list[Expr]:
    """Every tree of one operation over `leaves`, and the leaves."""
    one: list[Callable[[Expr], Expr]] = [
        Negative, Absolute, sigma, lambda u: word("tanh", u), lambda u: D(u, x),
        lambda u: Prime(SIGMA, 1, u), lambda u: word("sqrt", u), lambda u: total(u, j, 1, n),
        Transpose, lambda u: root(u, 3), lambda u: Matrix([[u], [u]]),
    ]  # fmt: skip
    two: list[Callable[[Expr, Expr], Expr]] = [
        lambda u, v: Sum((u, v)), lambda u, v: Product((u, v)), Quotient, Power,
        lambda u, v: Elementwise((u, v)),
    ]  # fmt: skip
    found: list[Expr] = [*leaves]
    found += [make(u) for make in one for u in leaves]
    found += [make(u, v) for make in two for u, v in pairs(leaves, leaves)]
    found += [make((u, v, u)) for make in (Sum, Product) for u, v in pairs(leaves, leaves)]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("printer", [latex, mathml, unicode_text, typst, speech])
def test_all_small_trees_print_differently(printer: Callable[[Expr], str]) -> None:
    """Every tree of two operations over three leaves, about 70,000 of them."""
    owner: dict[str, Expr] = {}

    for expr in small_trees(tuple(small_trees((x, Z2, as_expr(2))))):
        text = printer(expr)
        assert owner.setdefault(text, expr) is expr, text


# sums in sums


def test_a_sum_that_would_seem_to_reach_over_the_next_term_stands_in_brackets() -> None:
    summed = total(x.at(i), i, 1, Symbol("n"))

    assert latex(y - summed + x.at(i)) == r"y - \left(\sum_{i=1}^{n} x_{i}\right) + x_{i}"
    assert latex(summed + y) == r"\sum_{i=1}^{n} x_{i} + y"
    assert unicode_text(summed + x.at(i)) == "(Σ_{i=1}^{n} x_i) + x_i"
