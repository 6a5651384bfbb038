"""Prime notation, and the other choices of notation: where a prime stands, and where it must not.

What textbooks print is written here by hand: (fg)′ = f′g + fg′ as in Stewart's "Calculus" 3.2 and
in every German school book; a prime behind a function says the slope at that place.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import symderiv as sd
from symderiv.cli import main
from symderiv.documents.composing import compose
from symderiv.documents.priming import in_prime_notation
from symderiv.handouts.specification import read_spec
from symderiv.language.expressions import Derivative
from symderiv.language.walks import transform
from symderiv.printing.latex import latex
from symderiv.printing.mathml import mathml
from symderiv.printing.primes import Primed, in_primes
from symderiv.printing.speech import speech
from symderiv.printing.typst import typst
from symderiv.printing.unicode import unicode_text

X = sd.read("x")


@pytest.mark.parametrize(
    ("plain", "printed", "shown"),
    [
        ("D(x^2*sin(x), x)", r"(x^{2}\sin(x))'", "(x² sin(x))′"),
        ("D(x^2, x)*sin(x)", r"(x^{2})' \cdot \sin(x)", "(x²)′ · sin(x)"),
        ("x^2*D(sin(x), x)", r"x^{2} \cdot (\sin(x))'", "x² · (sin(x))′"),
        ("D(sigma(x), x)", r"\sigma'(x)", "σ′(x)"),
        ("D(sigma(2*x), x)", r"(\sigma(2x))'", "(σ(2x))′"),
        ("D(tanh(x), x)", r"(\tanh(x))'", "(tanh(x))′"),
        ("D(y, x)", "y'", "y′"),
        ("D(yhat, x)", r"\hat{y}'", "ŷ′"),
        ("D(x, x)", "(x)'", "(x)′"),
        ("D(x^5, x, 2)", "(x^{5})''", "(x⁵)″"),
        ("D(x^5, x, 4)", "(x^{5})^{(4)}", "(x⁵)⁽⁴⁾"),
        ("D(y, x)^2", "(y')^{2}", "(y′)²"),
        ("-D(x^2, x)", "-(x^{2})'", "−(x²)′"),
        ("2*D(x^2, x)", r"2 \cdot (x^{2})'", "2 · (x²)′"),
    ],
)
def test_a_prime_stands_where_textbooks_set_it(plain: str, printed: str, shown: str) -> None:
    expr = in_primes(sd.read(plain))

    assert latex(expr) == printed
    assert unicode_text(expr) == shown


@pytest.mark.parametrize(
    "plain",
    ["D(x^2*sin(x), x)", "D(x/(x + 1), x)", "D(x^5, x, 2)", "D(y, x)^2", "x*D(y, x) + y",
     "D(D(x^3, x)*x, x)", "D(x^2, x)*sin(x) + x^2*D(sin(x), x)"],
)  # fmt: skip
def test_what_is_printed_with_primes_is_read_back(plain: str) -> None:
    """A student answers in the notation of the sheet."""
    expr = sd.read(plain)
    names = sd.Names(by=X)

    assert sd.read(latex(in_primes(expr)), names=names) is expr
    assert sd.read(unicode_text(in_primes(expr)), names=names) is expr


def test_a_prime_says_what_a_derivative_says() -> None:
    """It is spoken in full, marks keep their places, and plain text knows no primes."""
    expr = sd.read("D(x^2, x)*sin(x)")
    shown = in_primes(expr)

    assert speech(shown) == speech(expr)
    assert str(shown) == str(expr)
    assert isinstance(shown.parts[0], Primed)
    assert r"\color" not in latex(shown)
    assert "sd-factor-1" in mathml(shown, marks={(0,): "factor-1"})
    assert typst(shown).count("'") == 1
    assert transform(shown, _plain, {}) is expr


def _plain(node: sd.Expr) -> sd.Expr:
    match node:
        case Derivative(body, variable, order, partial):
            return Derivative(body, variable, order, partial)
        case _:
            return node


def test_a_derivation_by_one_variable_is_shown_with_primes() -> None:
    text = sd.render(sd.derive("x^2*sin(x)"), "text", notation="prime")

    assert "(x² sin(x))′ = (x²)′ · sin(x) + x² · (sin(x))′" in text
    assert "d/dx" not in text


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ("L", {"L": "log(yhat)", "yhat": "sigma(z)"}, "dŷ/dz"),
        ("partial(a*x^2, x)", {}, "∂/∂x"),
    ],
)
def test_where_a_prime_does_not_say_by_what_leibniz_stays(
    question: str, given: dict[str, str], kept: str
) -> None:
    """dL/dŷ · dŷ/dz with primes would be L′ · ŷ′, two derivatives by two variables."""
    derivation = sd.derive(question, "z" if given else None, given=given)
    text = sd.render(derivation, "text", notation="prime")
    line = next(line for line in text.splitlines() if line.startswith("(1)"))

    assert kept in line
    assert "′" not in line


def test_a_network_keeps_leibniz() -> None:
    page = sd.render(sd.Network.from_toml("examples/two_layer.toml"), "text", notation="prime")

    assert page == sd.render(sd.Network.from_toml("examples/two_layer.toml"), "text")


def test_the_glossary_states_rules_with_primes() -> None:
    page = in_prime_notation(compose(sd.derive("x^2*sin(x)")))
    product = next(rule for rule in page.glossary if rule.name.lower() == "product rule")
    statement = product.statements[0]

    assert latex(statement.left).replace(" ", "") == "(fg)'"
    assert latex(statement.right) == r"f' \cdot g + f \cdot g'"


def test_homework_in_prime_notation_is_marked() -> None:
    """The law and its misconception are told apart in it as in Leibniz's notation."""
    question = "D(a*x^2*sin(x), x)"
    right = sd.check_lines(
        question, ["(a x^2)' sin(x) + a x^2 (sin(x))'", "2a x sin x + a x^2 cos x"]
    )
    wrong = sd.check_lines("D(x^2*sin(x), x)", ["(x^2)' (sin(x))'", "2x cos x"])

    assert right.verdict == "correct"
    assert wrong.first_wrong == 0
    assert wrong.lines[0].misconceptions[0].name == "product of derivatives"
    assert sd.check("D(x^2, x)", "(x^2)' = 2x").verdict == "correct"
    assert sd.check("D(x^2, x)", "(x^2)' = 3x").verdict == "incorrect"


@pytest.mark.parametrize("words", [["--notation", "prim"], ["--notation", "newton"]])
def test_another_notation_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "x^2", *words]) == 2
    assert "there are: leibniz, prime" in capsys.readouterr().err


# --- in a handout --------------------------------------------------------------------------------


def sheet(folder: Path, notation: str, show: str = "") -> Path:
    network = Path("examples/two_layer.toml").read_text(encoding="utf-8")
    (folder / "two_layer.toml").write_text(network, encoding="utf-8")
    path = folder / "sheet.toml"
    path.write_text(
        f'title = "Notations"\nnotation = {notation}\n'
        '[[section]]\nderive = "x^2*sin(x)"\nexercise = ["x^3*exp(x)"]\n'
        f'[[section]]\nnetwork = "two_layer.toml"\nwrt = "W1[1,1]"\n{show}\n',
        encoding="utf-8",
    )
    return path


def built(path: Path, folder: Path, variant: str = "solution") -> str:
    assert main(["handout", str(path), "-o", str(folder), "-f", "text", "--variant", variant]) == 0
    suffix = "" if variant == "solution" else f"-{variant}"
    return (folder / f"sheet{suffix}.txt").read_text(encoding="utf-8")


def test_a_handout_says_its_notation_in_words(tmp_path: Path) -> None:
    """Each word is one choice, and their order does not matter."""
    text = built(sheet(tmp_path, '["[]", "prime", "matrix"]'), tmp_path)

    assert "(x² sin(x))′ = (x²)′ · sin(x) + x² · (sin(x))′" in text
    assert "(x³e^x)′" in text
    assert "∂L/∂W⁽²⁾" not in text
    assert "∂L/∂W^{[2]} = δ^{[2]}a^{[1]}ᵀ" in text.replace("⁽", "(") or "δ" in text
    assert "Entry by entry" not in text
    assert "L = BCE(ŷ, y)" in text


def test_a_network_is_shown_by_index_or_by_matrix(tmp_path: Path) -> None:
    by_index = built(sheet(tmp_path, '"index"'), tmp_path)
    by_both = built(sheet(tmp_path, "[]"), tmp_path)

    assert "W⁽¹⁾x + b⁽¹⁾" not in by_index
    assert "W⁽¹⁾₁₁x₁ + W⁽¹⁾₁₂x₂ + b⁽¹⁾₁" in by_index
    assert "Entry by entry" in by_both


def test_a_student_s_sheet_has_the_notation_too(tmp_path: Path) -> None:
    """The room for the lines begins with the question as the sheet writes it."""
    text = built(sheet(tmp_path, '"prime"'), tmp_path, "student")

    assert "(x² sin(x))′" in text
    assert "d/dx" not in text


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ('"primes"', "Did you mean 'prime'?"),
        ('["prime", "leibniz"]', "not both"),
        ('["prime", 3]', "cannot be"),
        ('"(]"', "cannot be"),
    ],
)
def test_a_wrong_notation_is_told_with_its_line(notation: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(sd.Mistake, match="line 2") as mistake:
        read_spec(sheet(tmp_path, notation))

    assert said in str(mistake.value)


def test_feedback_is_in_words() -> None:
    """Both results say in plain text what a person is told."""
    slip = sd.check("x*sin(x)", "cos(x)")

    assert slip.feedback.startswith("incorrect")
    assert "product of derivatives" in slip.feedback
    assert "line 1 is wrong" in sd.check_lines("x*sin(x)", ["cos(x)"]).feedback


def test_a_line_that_looks_like_the_one_before_is_left_out() -> None:
    """d/dx g(x) = g′(x) is a change of notation, and in primes none."""
    text = sd.render(sd.derive("f(g(x))"), "text", notation="prime")
    lines = [line for line in text.splitlines() if line.startswith("(")]

    assert lines == ["(1)  (f(g(x)))′ = f′(g(x)) · g′(x)   Chain rule"]
