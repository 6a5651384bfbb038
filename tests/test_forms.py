"""Other forms of a result, other ways to it, and what is refused with its reason."""

from __future__ import annotations

import pytest

import symderiv as sd
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.forms import FORMS
from symderiv.deriving.preferring import WAYS
from symderiv.deriving.recognising import leads
from symderiv.errors import NoRule, Unknown

FORM = {  # (what is asked, form): the form as a textbook would write it out
    ("x^3 - 3*x", "factored"): "3*(x - 1)*(x + 1)",
    ("x^4/4 - x^2/2", "factored"): "x*(x - 1)*(x + 1)",
    ("x + 1/x", "factored"): "(x - 1)*(x + 1)/x^2",
    ("x^2*sin(x)", "factored"): "x*(2*sin(x) + x*cos(x))",
    ("(x + 1)^3", "expanded"): "3*x^2 + 6*x + 3",
    ("x*exp(x)", "expanded"): "exp(x) + x*exp(x)",
    ("(x^2 + 1)^2*(x - 1)", "expanded"): "5*x^4 - 4*x^3 + 6*x^2 - 4*x + 1",
    ("x + 1/x", "one fraction"): "(x^2 - 1)/x^2",
    ("1/x + 1/(x + 1)", "one fraction"): "-((x + 1)^2 + x^2)/(x^2*(x + 1)^2)",
    ("x*exp(x)", "as differentiated"): "exp(x) + x*exp(x)",
    ("x/(x + 1)", "as differentiated"): "(x + 1 - x)/(x + 1)^2",
}

WAY = {  # (what is asked, way): the result, and the rule that shows the way
    ("1/(x^2 + 1)", "power"): ("-2*x/(x^2 + 1)^2", "quotient as a product"),
    ("1/(x^2 + 1)", "quotient"): ("-2*x/(x^2 + 1)^2", "quotient rule"),
    ("x/(x + 1)", "product"): ("1/(x + 1)^2", "quotient as a product"),
    ("sin(x)^2", "product"): ("2*cos(x)*sin(x)", "power as a product"),
    ("tan(x)", "quotient"): ("1/cos(x)^2", "tangent as a quotient"),
    ("sqrt(x^2 + 1)", "power"): ("x/(x^2 + 1)^(1/2)", "root as a power"),
    ("x^x", "logarithmic"): ("x^x*(log(x) + 1)", "derivative by the logarithm"),
    ("x^2*exp(x)*sin(x)", "logarithmic"): (
        "x^2*exp(x)*sin(x)*(2/x + 1 + cot(x))",
        "logarithm of a product",
    ),
}


def names(derivation: Derivation) -> list[str]:
    return [s.rule.name for one in derivation.with_lemmas() for s in one.steps]


@pytest.mark.parametrize(("text", "form"), FORM)
def test_another_form_is_reached_by_named_steps(text: str, form: str) -> None:
    """A teacher who wants it expanded gets the steps of expanding, each checked."""
    derivation = sd.derive(text, form=form).checked()

    assert str(derivation.result) == FORM[text, form]


@pytest.mark.parametrize(("text", "way"), WAY)
def test_another_way_is_taken_where_it_is_preferred(text: str, way: str) -> None:
    """Quotient rule or a power with −1: the class has learnt one of them."""
    derivation = sd.derive(text, prefer=way).checked()
    result, rule = WAY[text, way]

    assert str(derivation.result) == result
    assert rule in names(derivation)


@pytest.mark.parametrize(
    "options",
    [*({"form": f, "text": t} for t, f in FORM), *({"prefer": w, "text": t} for t, w in WAY)],
)
def test_each_of_these_steps_is_recognised_by_its_own_rule(options: dict[str, str]) -> None:
    """The loop holds for every form and way."""
    text = options.pop("text")

    for one in sd.derive(text, **options).with_lemmas():
        for step in one.steps:
            found = leads(step.rule, step.before, step.after, shipped(), step.setting)
            assert found, f"{step.rule.name}: {step.before} -> {step.after}"


@pytest.mark.parametrize(("option", "known"), [("form", tuple(FORMS)), ("prefer", WAYS)])
def test_an_unknown_name_is_answered_with_the_list(option: str, known: tuple[str, ...]) -> None:
    with pytest.raises(Unknown) as refusal:
        sd.derive("x^2", **{option: "shortest"})

    assert all(name in str(refusal.value) for name in known)


# --- what is refused, and what is answered with a condition ----------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("floor(x)", "jumps at every whole number"),
        ("x*floor(x^2)", "jumps at every whole number"),
        ("sqrt(-1 - x^2)", "no real value"),
        ("log(-2)*x", "no real value"),
        ("log(-x^2 - 3)", "negative everywhere"),
        ("(-x^2 - 1)^(3/2)", "no real value"),
        ("f(x, x)", "several arguments"),
    ],
)
def test_a_refusal_names_the_form_and_the_reason(text: str, said: str) -> None:
    """Never a wrong answer, and never a bare no."""
    with pytest.raises(NoRule, match=said):
        sd.derive(text, wrt="x")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("abs(x)", "x != 0"),
        ("sign(x)", "x != 0"),
        ("x*sin(1/x)", "x != 0"),
        ("abs(x^3 - 8)", "x^3 - 8 != 0"),
        ("root(x, 3)", "x != 0"),
        ("log(abs(x))", "x != 0"),
        ("arcsin(x)", "-1 < x < 1"),
        ("3/x^2", "x != 0"),
    ],
)
def test_where_there_is_no_derivative_the_page_says_so(text: str, condition: str) -> None:
    """|x| at 0, x·sin(1/x) at 0, the sign at its jump: left out by a condition, said once."""
    derivation = sd.derive(text, wrt="x").checked()

    assert [str(c) for c in derivation.conditions] == [condition]


def test_decimals_stay_decimals() -> None:
    """A cost of 0.02q² has the marginal cost 0.04q, as every book of business calculus prints."""

    assert str(sd.derive("0.02*q^2 + 0.3*q^1.5").result) == "0.04*q + 0.45*q^0.5"


def test_a_quantity_with_index_nought_is_another_quantity() -> None:
    """T_0 is the temperature outside, and does not move with T."""

    assert str(sd.derive("k*(T - T_0)^2", wrt="T").checked().result) == "2*k*(T - T_0)"
