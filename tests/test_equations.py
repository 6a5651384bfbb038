"""Chains of equations, curves and integrals: what makes a line stand, and what makes it fall.

Referees are mpmath (quadrature, roots, differences) and SymPy (real roots, values): neither
shares anything with the balls or with the rules.
"""

from __future__ import annotations

import json
from dataclasses import replace

import mpmath
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

import symderiv as sd
from symderiv.catalogue.rules import algebra
from symderiv.cli import main
from symderiv.deriving.derivation import Derivation, Step
from symderiv.deriving.evidence import check
from symderiv.deriving.monomials import monomial
from symderiv.deriving.values import exact
from symderiv.deriving.zeros import zeros_of
from symderiv.errors import Broken, Mistake, NoRule, Stuck, Unreadable
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.equations import same_equation
from symderiv.judging.motion import Motion
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.language.build import D, symbols
from symderiv.language.domains import read_domain
from symderiv.language.expressions import Expr, Relation

x, y, t = symbols("x y t")
CIRCLE = sd.read("x^2 + y^2 = 25")
ON_CIRCLE = Setting(sd.functions, motion=Motion(x, (y,), CIRCLE, y))


def equation(text: str) -> Relation:
    found = sd.read(text)
    assert isinstance(found, Relation)
    return found


def middle(expr: Expr, setting: Setting, number: int) -> mpf:
    """The middle of a ball, to 30 digits."""
    with precision(192), mp.workdps(40):
        return +mpf(Evaluator(setting, number).value(expr).mid().str(35, radius=False))


# --- curves --------------------------------------------------------------------------------


def test_a_place_on_a_curve_lies_on_it_and_goes_on_as_the_curve_does() -> None:
    """mpmath knows the circle as y = ±√(25 − x²), and takes differences of that."""
    seen = 0

    for number in range(12):
        try:
            a, b, slope, bend = (middle(e, ON_CIRCLE, number) for e in (x, y, D(y, x), D(y, x, 2)))
        except (Undefined, ValueError):
            continue
        seen += 1
        with mp.workdps(40):
            side = mpmath.sign(b)
            branch = lambda u, s=side: s * mpmath.sqrt(25 - u * u)  # noqa: E731
            assert abs(branch(a) - b) < mpf(10) ** -28
            assert abs(mpmath.diff(branch, a) - slope) < mpf(10) ** -20 * (1 + abs(slope))
            assert abs(mpmath.diff(branch, a, 2) - bend) < mpf(10) ** -14 * (1 + abs(bend))
    assert seen >= 6


@pytest.mark.parametrize(
    "wrong",
    [
        "D(y, x) = x/y",
        "D(y, x) = -y/x",
        "2*x + 2*y = 0",
        "2*x + y*D(y, x) = 0",
        "D(y, x, 2) = -25/y^2",
        "D(y, x, 2) = 25/y^3",
        "D(y, x) = -x/y + 1/10^15",
    ],
)
def test_a_line_that_does_not_hold_on_the_curve_is_broken(wrong: str) -> None:
    """A sign, a factor, an exponent: each of them would be a wrong line on a handout."""
    with pytest.raises(Broken):
        check(CIRCLE, equation(wrong), ON_CIRCLE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2*x + 2*y*D(y, x) = 0", "D(y, x) = x/y"),
        ("2*x + 2*y*D(y, x) = 0", "0 = 0"),
        ("D(y, x) = -x/y", "D(y, x) = -x/y + x^2 + y^2 - 25"),
        ("2*x + 2*y*D(y, x) = 0", "0*D(y, x) = 0"),
        ("D(y, x) = -x/y", "D(y, x)^2 = x^2/y^2"),
    ],
)
def test_what_does_not_follow_off_the_curve_is_not_called_proved(before: str, after: str) -> None:
    """An equation in which dy/dx falls out, or is squared, says less than the one before."""

    assert not same_equation(equation(before), equation(after), ON_CIRCLE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x^2 + y^2 = 25", "D(x^2 + y^2, x) = D(25, x)"),
        ("D(x^2 + y^2, x) = D(25, x)", "2*x + 2*y*D(y, x) = 0"),
        ("2*x + 2*y*D(y, x) = 0", "D(y, x) = -x/y"),
        ("x^2 + y^2 = 25", "D(y, x) = -x/y"),
        ("D(y, x, 2) = -(y - x*D(y, x))/y^2", "D(y, x, 2) = -(y + x^2/y)/y^2"),
    ],
)
def test_what_follows_is_proved(before: str, after: str) -> None:
    assert same_equation(equation(before), equation(after), ON_CIRCLE)


def test_a_broken_step_stops_the_page() -> None:
    """The last line of a true chain, replaced by one with the sign turned."""
    true = sd.derive("x^2 + y^2 = 25", wrt="x", of="y")
    wrong = equation("D(y, x) = x/y")
    step = Step(algebra.cancel, true.steps[-1].before, wrong, true.setting)
    false = replace(true, steps=(*true.steps[:-1], step))

    with pytest.raises(Broken):
        sd.render(false, "text")


def test_a_chain_of_equations_ends_in_the_rate_alone() -> None:
    """dy/dx on both sides would be no answer."""
    for text in ("x^3 + y^3 = 6*x*y", "x*exp(y) = x - y", "y^2 = x^2 + sin(x*y)"):
        result = sd.derive(text, wrt="x", of="y").result
        assert isinstance(result, Relation)
        assert result.terms[0] is D(y, x)
        assert "D(" not in str(result.terms[1])


# --- integrals -----------------------------------------------------------------------------

INTEGRALS = [
    ("int(sin(t), t, 0, x)", lambda u: mpmath.quad(mpmath.sin, [0, u])),
    ("int(exp(-t^2), t, x, x^2)", lambda u: mpmath.quad(lambda s: mpmath.exp(-s * s), [u, u * u])),
    ("int(sqrt(1 + t^4), t, 1, x)", lambda u: mpmath.quad(lambda s: mpmath.sqrt(1 + s**4), [1, u])),
    ("int(log(t), t, x, x + 1)", lambda u: mpmath.quad(mpmath.log, [u, u + 1])),
    ("int(sigma(x*t), t, 0, 1)", lambda u: mpmath.quad(lambda s: 1 / (1 + mp.exp(-u * s)), [0, 1])),
    ("int(arctan(t), t, 0, x)", lambda u: mpmath.quad(mpmath.atan, [0, u])),
    ("int(1/t, t, 1, x)", mpmath.log),
]


@pytest.mark.parametrize(("text", "reference"), INTEGRALS, ids=[row[0] for row in INTEGRALS])
def test_an_integral_has_the_value_and_the_slope_that_mpmath_finds(text, reference) -> None:  # type: ignore[no-untyped-def]
    integral = sd.read(text)
    setting = Setting(sd.functions, {x: read_domain(">0")})

    with mp.workdps(40):
        for number in range(4):
            place = middle(x, setting, number)
            value, slope = (middle(e, setting, number) for e in (integral, D(integral, x)))
            assert abs(value - reference(place)) < mpf(10) ** -15 * (1 + abs(value))
            assert abs(slope - mpmath.diff(reference, place)) < mpf(10) ** -10 * (1 + abs(slope))


@pytest.mark.parametrize("text", ["int(1/t, t, -1, 1)", "int(log(t), t, -2, -1)"])
def test_an_integral_over_a_pole_or_a_hole_has_no_value(text: str) -> None:
    with pytest.raises((Undefined, ValueError)), precision(128):
        Evaluator(Setting(sd.functions), 0).value(sd.read(text))


def test_a_forgotten_bound_or_inner_derivative_is_broken() -> None:
    integral, setting = sd.read("int(sin(t), t, x, x^2)"), Setting(sd.functions)

    for wrong in ("sin(x^2)", "sin(x^2) - sin(x)", "2*x*sin(x^2)", "2*x*sin(x^2) + sin(x)"):
        with pytest.raises(Broken):
            check(D(integral, x), sd.read(wrong), setting)


def test_a_variable_of_integration_is_never_mixed_up() -> None:
    with pytest.raises(Unreadable, match="letter of its own"):
        sd.read("int(x^2, x, 0, x)")
    with pytest.raises(NoRule, match="letter of its own"):
        sd.derive("int(t^2, t, 0, 1)", wrt="t")


# --- exact values and zeros ----------------------------------------------------------------


@given(st.integers(-6, 6), st.integers(1, 12), st.sampled_from(["sin", "cos", "tan", "sqrt"]))
def test_an_exact_value_is_the_number_that_sympy_finds(p: int, q: int, name: str) -> None:
    inside = f"({p})*pi/{q}" if name != "sqrt" else f"{abs(p)}/{q}"
    expr = sd.read(f"2*{name}({inside})^2 - {name}({inside})/3")
    theirs = sympy.sympify(0) + sd.to_sympy(expr)

    if theirs.is_finite and abs(sympy.N(theirs)) < 10**6:
        assert abs(sympy.N(sd.to_sympy(exact(expr)) - theirs, 30)) < sympy.Float("1e-20")


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=4), st.integers(1, 3))
def test_the_zeros_of_a_product_of_linear_factors_are_all_found(
    roots: list[int], lead: int
) -> None:
    """SymPy multiplies out; its own real roots are the referee."""
    z = sympy.Symbol("x", real=True)
    polynomial = sympy.expand(lead * sympy.prod([z - r for r in roots]))

    found = zeros_of(sd.from_sympy(polynomial), x).zeros
    assert {sympy.Integer(str(r)) for r in found} == set(sympy.real_roots(polynomial))


@pytest.mark.parametrize("text", ["cos(x)", "x^5 - x - 1", "x - cos(x)", "x^(-2/3)", "exp(x) + x"])
def test_zeros_that_are_not_found_exactly_are_refused(text: str) -> None:
    with pytest.raises(Stuck):
        zeros_of(sd.read(text), x)


def test_a_monomial_is_spelled_as_it_is_read() -> None:
    for text in ("6*x^2*y/z", "-x/3", "x*exp(y)", "2*x*sin(y)^2", "1/(x*y^2)"):
        expr = sd.read(text)
        assert check(expr, monomial(expr).spelled(), Setting(sd.functions)).points >= 20


# --- pages and the command line ------------------------------------------------------------

PROBLEMS = {
    "implicit": lambda: sd.derive("x^4 + y^4 = 16", wrt="x", of="y", order=2),
    "inverse": lambda: sd.inverse("arcsin"),
    "parametric": lambda: sd.parametric(x="t^2", y="t^3", order=2),
    "integral": lambda: sd.derive("int(sin(t), t, 0, x^2)", wrt="x"),
    "gradient": lambda: sd.gradient("x^2*y", ["x", "y"], at={"x": 1, "y": 2}),
    "tangent": lambda: sd.tangent("sin(x)", at={"x": "pi/3"}),
    "critical": lambda: sd.critical_points("x^3 - 3*x"),
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "json"])
def test_every_problem_has_a_page_in_every_format(name: str, form: str) -> None:
    page = sd.render(PROBLEMS[name](), form, detail="full")

    assert "Traceback" not in page
    assert page.endswith("\n")
    if form == "html":
        assert "$" not in page
        assert "\\" not in page
    if form == "json":
        assert len(json.loads(page)) >= 4


def test_the_answer_stands_before_the_derivations() -> None:
    page = sd.render(sd.critical_points("x^3 - 3*x"), "text")

    assert page.index("Local maximum at x = −1") < page.index("First derivative")


def test_the_equation_of_each_line_stands_in_the_json_document() -> None:
    found = json.loads(sd.render(PROBLEMS["implicit"](), "json"))

    assert found["steps"][0]["after"]["plain"] == "D(x^4 + y^4, x) = D(16, x)"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["derive", "x^2+y^2=25", "--wrt", "x", "--of", "y"], "dy/dx = −x/y"),
        (["gradient", "x^2*y", "--by", "x,y"], "∇f = [["),
        (["tangent", "x^2", "--at", "x=2"], "y = 4x − 4"),
        (["critical", "x^3-3*x"], "Local minimum at x = 1"),
        (["parametric", "t^2", "t^3"], "dy/dx = 3t/2"),
        (["inverse", "arctan"], "dy/dx = 1/(1 + x²)"),
        (["inverse", "x^3+x", "--at", "x=2"], "dy/dx = 1/4"),
        (["derive", "int(sin(t), t, 0, x^2)", "--wrt", "x"], "2x sin(x²)"),
    ],
)
def test_a_problem_is_answered_on_the_command_line(
    typed: list[str], answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed) == 0
    assert answer in capsys.readouterr().out


@pytest.mark.parametrize(
    "typed",
    [
        ["derive", "x^2+y^2=25"],
        ["tangent", "x^2"],
        ["tangent", "x^2+y^2=25", "--at", "x=1", "--at", "y=1"],
        ["critical", "sin(x)"],
        ["parametric", "t"],
        ["gradient", "x*y", "--at", "x=1"],
        ["inverse", "arcfoo"],
    ],
)
def test_what_cannot_be_answered_ends_with_two_and_a_reason(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err) > 30


def test_the_interface_refuses_what_it_cannot_ask() -> None:
    with pytest.raises(Mistake, match="given"):
        sd.derive("x^2 + y = 1", wrt="x", of="y", given={"y": "x"})
    with pytest.raises(Mistake, match="order"):
        sd.derive("x^2 + y^2 = 1", wrt="x", of="y", order=99)
    assert isinstance(sd.parametric(x="t", y="t"), Derivation)


def test_an_inverse_is_said_to_exist_only_where_the_slope_is_a_reason() -> None:
    """tan x + x rises wherever it has a value, and takes the value 0 on each of its branches."""
    broken, whole = sd.inverse("tan(x) + x", at="0"), sd.inverse("x + exp(x)", at="1")

    assert "taken from the question" in str(broken.answers[0].words[-1])
    assert str(whole.answers[0].words[-2]) == "1 + exp(y) > 0"
