"""The derivations of the post, line by line, and sixty more by what they must not be.

Expected lines are copied by hand from the post (`chain-rule-post.txt`) or a textbook;
values are mpmath's, of Python functions written here and never of our own output.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from mpmath import mp, mpf

import symderiv as sd
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation, Step
from symderiv.deriving.recognising import recognise
from symderiv.deriving.strategy import derive_function
from symderiv.errors import Mistake, NoRule
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.points import coordinate
from symderiv.judging.primitives import precision
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.walks import at, nodes
from symderiv.printing.latex import latex
from symderiv.printing.unicode import unicode_text

CATALOGUE = shipped()


def tree(text: str) -> Expr:
    return sd.read(text)


# --- the derivations of the post ---------------------------------------------------------


@cache
def seed(name: str) -> Derivation:
    match name:
        case "bce after sigmoid":
            return sd.derive("L", wrt="z", given={"L": "bce(yhat, y)", "yhat": "sigma(z)"})
        case "bce of sigmoid":
            return sd.derive("bce(sigma(z), y)", wrt="z")
        case "relu by torch":
            return sd.derive(sd.functions["relu"], kinks="torch")
        case _:
            return derive_function(sd.functions[name])


SEEDS = [
    "sigmoid",
    "tanh",
    "relu",
    "relu by torch",
    "mse",
    "mse_n",
    "bce",
    "bce after sigmoid",
    "bce of sigmoid",
]

RESULTS = {  # the table of the post
    "sigmoid": "sigma(z)*(1 - sigma(z))",
    "tanh": "1 - tanh(z)^2",
    "relu": "cases(1 if z > 0, 0 if z < 0)",
    "relu by torch": "cases(1 if z > 0, 0 if z <= 0)",
    "mse": "2*(yhat - y)/n",
    "mse_n": "2*(yhat_i - y_i)/n",
    "bce": "(yhat - y)/(yhat*(1 - yhat))",
    "bce after sigmoid": "yhat - y",
    "bce of sigmoid": "sigma(z) - y",
}

LINES = {  # lines that the post shows on the way, in its order
    "sigmoid": [
        "D(1/(1 + exp(-z)), z)",
        "exp(-z)/(1 + exp(-z))^2",
        "(1/(1 + exp(-z)))*(exp(-z)/(1 + exp(-z)))",
        "(1/(1 + exp(-z)))*(((1 + exp(-z)) - 1)/(1 + exp(-z)))",
        "(1/(1 + exp(-z)))*(1 - 1/(1 + exp(-z)))",
    ],
    "tanh": [
        "D((exp(z) - exp(-z))/(exp(z) + exp(-z)), z)",
        "((exp(z) + exp(-z))*(exp(z) + exp(-z)) - (exp(z) - exp(-z))*(exp(z) - exp(-z)))"
        "/(exp(z) + exp(-z))^2",
        "((exp(z) + exp(-z))^2 - (exp(z) - exp(-z))^2)/(exp(z) + exp(-z))^2",
        "4/(exp(z) + exp(-z))^2",
    ],
    "relu": [
        "D(max(0, z), z)",
        "D(cases(z if z > 0, 0 if z <= 0), z)",
        "cases(D(z, z) if z > 0, D(0, z) if z < 0)",
    ],
    "mse": ["partial((yhat - y)^2/n, yhat)", "partial((yhat - y)^2, yhat)/n"],
    "mse_n": [
        "partial((1/n)*sum((yhat_j - y_j)^2, j = 1..n), yhat_i)",
        "(1/n)*sum(partial((yhat_j - y_j)^2, yhat_i), j = 1..n)",
        "(1/n)*partial((yhat_i - y_i)^2, yhat_i)",
    ],
    "bce": [
        "partial(-y*log(yhat) - (1 - y)*log(1 - yhat), yhat)",
        "-y*(1/yhat) - (1 - y)*(-1/(1 - yhat))",
        "-y/yhat + (1 - y)/(1 - yhat)",
        "(-y*(1 - yhat) + (1 - y)*yhat)/(yhat*(1 - yhat))",
    ],
    "bce after sigmoid": [
        "partial(L, yhat)*D(yhat, z)",
        "((yhat - y)/(yhat*(1 - yhat)))*D(yhat, z)",
        "((yhat - y)/(yhat*(1 - yhat)))*yhat*(1 - yhat)",
    ],
}


@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_derivation_ends_as_the_post_does(name: str) -> None:
    """The form counts, not only the value: σ(z)(1 − σ(z)) is what a reader looks for."""

    assert seed(name).checked().result is tree(RESULTS[name])


@pytest.mark.parametrize("name", LINES)
def test_a_seed_derivation_shows_the_lines_of_the_post(name: str) -> None:
    """Who reads the post beside our page must find each of its lines, in the same order."""
    lines = [seed(name).start, *(step.after for step in seed(name).steps)]

    places = [lines.index(tree(line)) for line in LINES[name]]

    assert places == sorted(places)


def test_the_sign_of_the_second_logarithm_is_shown() -> None:
    """Two minus signs meet in −(1 − y)·(−1/(1 − ŷ)): where most students lose one."""
    (lemma,) = (
        lemma
        for step in seed("bce").steps
        for lemma in step.lemmas
        if lemma.start is tree("partial(log(1 - yhat), yhat)")
    )

    assert lemma.result is tree("-1/(1 - yhat)")
    assert tree("(1/(1 - yhat))*partial(1 - yhat, yhat)") in [s.after for s in lemma.steps]


def test_both_factors_of_the_chain_are_derived() -> None:
    """∂L/∂ŷ and dŷ/dz are lemmas with lines of their own, the table's two rows."""
    lemmas = {
        lemma.start: lemma.result
        for step in seed("bce after sigmoid").steps
        for lemma in step.lemmas
    }

    assert lemmas == {
        tree("partial(L, yhat)"): tree("(yhat - y)/(yhat*(1 - yhat))"),
        tree("D(yhat, z)"): tree("yhat*(1 - yhat)"),
    }


def test_what_cancels_is_struck_out_above_and_below() -> None:
    """The page strikes these places: they must be the same factors above and below the bar."""
    step = seed("bce after sigmoid").steps[-1]

    struck = [at(step.before, place) for place in step.cancelled]

    assert step.rule.name == "cancel"
    assert sorted(map(str, struck)) == sorted(2 * ["yhat", "1 - yhat"])


def test_relu_has_a_kink_and_no_derivative_there() -> None:
    """From the left 0, from the right 1; at 0 nothing, unless a framework is named."""
    (kink,) = seed("relu").kinks

    assert (kink.at, kink.left, kink.right) == (tree("z = 0"), Number("0"), Number("1"))
    assert (kink.convention, kink.taken) == ("undefined", None)
    assert tree("z != 0") in seed("relu").conditions


@pytest.mark.parametrize("framework", ["torch", "jax"])
def test_a_framework_takes_nought_at_the_kink(framework: str) -> None:
    """The post: frameworks use a subgradient of 0 there.  The step says that it is a convention."""
    derivation = sd.derive(sd.functions["relu"], kinks=framework)
    (kink,) = derivation.kinks

    assert (kink.left, kink.right, kink.taken) == (Number("0"), Number("1"), Number("0"))
    assert kink.convention == framework
    assert derivation.steps[-1].rule.name == "convention at the kink"
    assert tree("z != 0") not in derivation.conditions


@pytest.mark.parametrize("name", ["bce", "bce after sigmoid"])
def test_the_prediction_lies_strictly_between_nought_and_one(name: str) -> None:
    """At ŷ = 0 or 1 the logarithm and the fraction have no value; the page must say so."""
    conditions = seed(name).conditions

    assert tree("0 < yhat < 1") in conditions
    assert not {tree("yhat != 0"), tree("1 - yhat != 0"), tree("yhat > 0")} & set(conditions)


def test_the_entry_that_moves_is_one_of_those_summed_over() -> None:
    """Beyond the n-th prediction no term of the sum moves, and the slope is nought."""

    assert seed("mse_n").conditions == (tree("1 <= i <= n"),)
    assert seed("mse_n").kinks == ()


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "mse"])
def test_nothing_is_demanded_where_nothing_can_go_wrong(name: str) -> None:
    """1 + e^(−z) is never nought: a condition there would puzzle a reader."""

    assert seed(name).conditions == ()
    assert seed(name).kinks == ()


# --- sixty more --------------------------------------------------------------------------


class Case(NamedTuple):
    """What is typed, and the same function in Python; its parameters are the quantities."""

    text: str
    function: Callable[..., Any]
    options: dict[str, Any]


def case(text: str, function: Callable[..., Any], **options: Any) -> Case:
    return Case(text, function, options)


def s(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


def r(z: Any) -> Any:
    return z if z > 0 else mpf(0)


POSITIVE = {"x": ">0"}
SAMPLE = {"yhat": "(0,1)", "y": "[0,1]"}

CASES = [
    case("x^5", lambda x: x**5),
    case("3*x^2 - 5*x + 7", lambda x: 3 * x**2 - 5 * x + 7),
    case("x^3/3 - x/2", lambda x: x**3 / 3 - x / 2),
    case("(x + 1)*(x - 2)", lambda x: (x + 1) * (x - 2)),
    case("(2*x - 3)^4", lambda x: (2 * x - 3) ** 4),
    case("-(x^2 - 1)^3", lambda x: -((x**2 - 1) ** 3)),
    case("7", lambda x: 0 * x + 7, wrt="x"),
    case("x", lambda x: x),
    case("-x", lambda x: -x),
    case("2*x*3", lambda x: 6 * x),
    case("x^-2", lambda x: x**-2),
    case("x^(1/2)", lambda x: mp.sqrt(x), where=POSITIVE),
    case("x^2.5", lambda x: x ** mpf("2.5"), where=POSITIVE),
    case("x^n", lambda x, n: x**n, wrt="x", where=POSITIVE),
    case("x^2*sin(x)", lambda x: x**2 * mp.sin(x)),
    case("x*exp(x)*cos(x)", lambda x: x * mp.exp(x) * mp.cos(x)),
    case("sin(x)*cos(x)", lambda x: mp.sin(x) * mp.cos(x)),
    case("cos(x) + sin(x)", lambda x: mp.cos(x) + mp.sin(x)),
    case("x - cos(x)", lambda x: x - mp.cos(x)),
    case("sin(x)/x", lambda x: mp.sin(x) / x),
    case("x/(1 + x^2)", lambda x: x / (1 + x**2)),
    case("(x - 1)/(x + 1)", lambda x: (x - 1) / (x + 1)),
    case("1/x", lambda x: 1 / x),
    case("1/x + 1/(x + 1)", lambda x: 1 / x + 1 / (x + 1)),
    case("3/(x^2 + 4)", lambda x: 3 / (x**2 + 4)),
    case("sin(x)/5", lambda x: mp.sin(x) / 5),
    case("(exp(x) + exp(-x))/2", lambda x: mp.cosh(x)),
    case("1/(1 - x)^2", lambda x: (1 - x) ** -2),
    case("sin(x^2)", lambda x: mp.sin(x**2)),
    case("sin(cos(x))", lambda x: mp.sin(mp.cos(x))),
    case("cos(3*x - 1)", lambda x: mp.cos(3 * x - 1)),
    case("sin(x)^3", lambda x: mp.sin(x) ** 3),
    case("exp(-x^2)", lambda x: mp.exp(-(x**2))),
    case("exp(2*x)", lambda x: mp.exp(2 * x)),
    case("exp(sin(x))", lambda x: mp.exp(mp.sin(x))),
    case("2^x", lambda x: mpf(2) ** x),
    case("3^(2*x)", lambda x: mpf(9) ** x),
    case("exp(-(x - 1)^2/2)", lambda x: mp.exp(-((x - 1) ** 2) / 2)),
    case("log(x)", lambda x: mp.log(x), where=POSITIVE),
    case("log(x^2 + 1)", lambda x: mp.log(x**2 + 1)),
    case("log(1 + exp(x))", lambda x: mp.log(1 + mp.exp(x))),
    case("x*log(x) - x", lambda x: x * mp.log(x) - x, where=POSITIVE),
    case("log(x)/x", lambda x: mp.log(x) / x, where=POSITIVE),
    case("x^x", lambda x: x**x, where=POSITIVE),
    case("x^sin(x)", lambda x: x ** mp.sin(x), where=POSITIVE),
    case("sqrt(x)", lambda x: mp.sqrt(x), where=POSITIVE),
    case("sqrt(x^2 + 1)", lambda x: mp.sqrt(x**2 + 1)),
    case("1/sqrt(x)", lambda x: 1 / mp.sqrt(x), where=POSITIVE),
    case("sigma(w*x + b)", lambda w, x, b: s(w * x + b), wrt="w"),
    case("sigma(3*x)", lambda x: s(3 * x)),
    case("sigma(-x)", lambda x: s(-x)),
    case("log(sigma(x))", lambda x: mp.log(s(x))),
    case("x*sigma(x)", lambda x: x * s(x)),
    case("tanh(w*x + b)", lambda w, x, b: mp.tanh(w * x + b), wrt="x"),
    case("tanh(x)^2", lambda x: mp.tanh(x) ** 2),
    case("tanh(sin(x))", lambda x: mp.tanh(mp.sin(x))),
    case("relu(w*x + b)", lambda w, x, b: r(w * x + b), wrt="w"),
    case("relu(2*x - 1)^2", lambda x: r(2 * x - 1) ** 2),
    case("abs(x)", lambda x: abs(x)),
    case("abs(x^3 - 2)", lambda x: abs(x**3 - 2)),
    case("x*abs(x)", lambda x: x * abs(x)),
    case("cases(x^2 if x > 1, 2*x - 1 if x <= 1)", lambda x: x**2 if x > 1 else 2 * x - 1),
    case("bce(yhat, y)", lambda yhat, y: -y * mp.log(yhat) - (1 - y) * mp.log(1 - yhat),
         wrt="yhat", where=SAMPLE),
    case("(yhat - y)^2", lambda yhat, y: (yhat - y) ** 2, wrt="yhat"),
    case("x^5", lambda x: x**5, order=2),
    case("sin(x)*x", lambda x: mp.sin(x) * x, order=2),
    case("exp(-x^2)", lambda x: mp.exp(-(x**2)), order=2),
    case("sigma(x)", lambda x: s(x), order=2),
    case("log(x)", lambda x: mp.log(x), order=3, where=POSITIVE),
    case("a", lambda w, x, b: s(w * x + b), wrt="w", given={"a": "sigma(z)", "z": "w*x + b"}),
    case("L", lambda z, y: -y * mp.log(s(z)) - (1 - y) * mp.log(1 - s(z)), wrt="z",
         where=SAMPLE, given={"L": "bce(yhat, y)", "yhat": "sigma(z)"}),
    case("L", lambda w, x, y: (mp.tanh(w * x) - y) ** 2, wrt="w",
         given={"L": "(a - y)^2", "a": "tanh(z)", "z": "w*x"}),
    case("L", lambda x: mp.exp(mp.sin(x)) * x, wrt="x", given={"L": "u*x", "u": "exp(v)",
                                                               "v": "sin(x)"}),
    case("L", lambda w, x: s(w * x) ** 2 + mp.sin(s(w * x)) * w * x, wrt="w",
         given={"L": "a^2 + sin(a)*z", "a": "sigma(z)", "z": "w*x"}),
    case("L", lambda x: mp.sin(x) * mp.exp(x), given={"L": "u*v", "u": "sin(x)", "v": "exp(x)"},
         wrt="x"),
]  # fmt: skip

STANDING_STILL = [  # what stands inside is at a kink on a whole region, and does not move there
    case("relu(tanh(relu(y)))", lambda y: r(mp.tanh(r(y)))),
    case("relu(relu(y)*(y - 2))", lambda y: r(r(y) * (y - 2))),
    case("relu(abs(y) - y)", lambda y: r(abs(y) - y)),
    case("abs(relu(x))^3", lambda x: abs(r(x)) ** 3),
    case("abs(sin(relu(3*x)))", lambda x: abs(mp.sin(r(3 * x)))),
    case("max(relu(x), 0)", lambda x: max(r(x), mpf(0))),
    case("sigma(relu(relu(-x)))", lambda x: s(r(r(-x)))),
    case("relu(relu(w)/(1 + x^2))", lambda w, x: r(r(w) / (1 + x**2)), wrt="x"),
    case("relu(sigma(-b)*relu(w)/b)", lambda b, w: r(s(-b) * r(w) / b), wrt="w"),
]
CASES += STANDING_STILL

ABSTRACT = {  # functions of which only the name is known (the post: dy/dx = f'(g(x)) g'(x))
    "f(g(x))": "f'(g(x))*g'(x)",
    "f(x^2)": "2*x*f'(x^2)",
    "x*f(x)": "f(x) + x*f'(x)",
    "f(x)^2": "2*f(x)*f'(x)",
    "sin(f(x))": "cos(f(x))*f'(x)",
}


def label(case: Case) -> str:
    return f"{case.text}{case.options or ''}".replace(" ", "")


@cache
def _derived(number: int) -> Derivation:
    return sd.derive(CASES[number].text, **CASES[number].options)


NUMBERS = pytest.mark.parametrize("number", range(len(CASES)), ids=[label(c) for c in CASES])


@NUMBERS
def test_a_derivative_agrees_with_mpmath(number: int) -> None:
    """Twenty-five digits of differences, by a library that knows none of our rules."""
    asked, derivation = CASES[number], _derived(number).checked()
    names = list(inspect.signature(asked.function).parameters)
    wrt = names.index(asked.options.get("wrt", names[0]))
    order = asked.options.get("order", 1)
    compared = 0

    for point in range(40):
        found = _at_point(derivation, derivation.result, point)
        places = [_coordinate(derivation, tree(name), point) for name in names]
        if found is None or compared == 6:
            continue
        with mp.workdps(90):
            moved = lambda t, p=places, k=wrt: asked.function(*p[:k], t, *p[k + 1 :])  # noqa: E731
            expected = mp.diff(moved, places[wrt], order)
            assert abs(found - expected) < mpf(10) ** -25 * (1 + abs(expected))
        compared += 1

    assert compared == 6


@pytest.mark.parametrize("asked", STANDING_STILL, ids=label)
def test_what_stands_still_has_the_slope_nought_there(asked: Case) -> None:
    """ReLU'(0) has no value; ReLU(tanh(ReLU(y))) has a derivative for every y < 0."""
    derivation = _derived(CASES.index(asked))

    assert all(_at_point(derivation, derivation.result, point) is not None for point in range(40))
    assert derivation.evidence.proved


def _at_point(derivation: Derivation, expr: Expr, number: int) -> mpf | None:
    """The middle of the ball of `expr` at a point, None where it has no value."""
    with precision(400), mp.workdps(90):
        try:
            value = Evaluator(derivation.setting, number).value(expr)
        except Undefined:
            return None
        return mpf(value.mid().str(100, radius=False)) if value.is_finite() else None


def _coordinate(derivation: Derivation, name: Expr, number: int) -> mpf:
    assert isinstance(name, Symbol)
    place = coordinate(name, number, derivation.setting.domain(name))
    with mp.workdps(90):
        return mpf(place.numerator) / place.denominator


@pytest.mark.parametrize("text", ABSTRACT)
def test_a_function_known_by_name_gets_a_prime(text: str) -> None:
    """The chain rule itself, as the post states it."""

    assert sd.derive(text, wrt="x").checked().result is tree(ABSTRACT[text])


TEXTBOOK = {  # forms, not only values: Spivak, Calculus, chapter 10; Stewart, section 3.4
    "x^5": "5*x^4",
    "3*x^2 - 5*x + 7": "6*x - 5",
    "x^2*sin(x)": "2*x*sin(x) + x^2*cos(x)",
    "sin(x)/x": "(x*cos(x) - sin(x))/x^2",
    "sin(x^2)": "2*x*cos(x^2)",
    "sin(x)^3": "3*sin(x)^2*cos(x)",
    "exp(-x^2)": "-2*x*exp(-x^2)",
    "exp(2*x)": "2*exp(2*x)",
    "log(x)": "1/x",
    "log(x^2 + 1)": "2*x/(x^2 + 1)",
    "1/x": "-1/x^2",
    "(2*x - 3)^4": "8*(2*x - 3)^3",
    "sqrt(x)": "1/(2*sqrt(x))",
    "sqrt(x^2 + 1)": "x/sqrt(x^2 + 1)",
    "x*log(x) - x": "log(x)",
    "x^x": "x^x*(log(x) + 1)",
    "cos(3*x - 1)": "-3*sin(3*x - 1)",
    "(x - 1)/(x + 1)": "2/(x + 1)^2",
    "x/(1 + x^2)": "(1 - x^2)/(1 + x^2)^2",
    "(x + 1)*(x - 2)": "2*x - 1",
    "2*x*3": "6",
    "log(sigma(x))": "1 - sigma(x)",
    "log(1 + exp(x))": "exp(x)/(1 + exp(x))",
}


@pytest.mark.parametrize("text", TEXTBOOK)
def test_an_answer_has_the_form_of_a_textbook(text: str) -> None:
    """cos(x²)·2x is right and nobody prints it."""

    assert sd.derive(text).result is tree(TEXTBOOK[text])


# --- laws over every line of all of them -------------------------------------------------

ALL = [*SEEDS, *range(len(CASES)), *ABSTRACT]
EVERY = pytest.mark.parametrize(
    "which", ALL, ids=[label(CASES[w]) if isinstance(w, int) else w for w in ALL]
)


def derivation_of(which: int | str) -> Derivation:
    if isinstance(which, int):
        return _derived(which)
    return seed(which) if which in SEEDS else sd.derive(which, wrt="x")


def with_lemmas(derivation: Derivation) -> Iterator[Derivation]:
    """The derivation, its lemmas, and theirs, each once."""
    waiting, seen = [derivation], set()
    while waiting:
        one = waiting.pop()
        if one.start not in seen:
            seen.add(one.start)
            yield one
            waiting.extend(lemma for step in one.steps for lemma in step.lemmas)


def all_steps(derivation: Derivation) -> list[Step]:
    return [step for one in with_lemmas(derivation) for step in one.steps]


FOREIGN = {"Heaviside", "DiracDelta", "cosh", "sinh", "sech", "Derivative", "Subs", "Piecewise"}
_NOUGHT, _ONE = Number("0"), Number("1")


def artefacts(line: Expr, typed: set[Expr]) -> Iterator[str]:
    """What no one would write on paper; what was typed by the person who asks does not count."""
    for node in nodes(line):
        if node in typed:
            continue
        match node:
            case Product(factors) if {_ONE, _NOUGHT} & set(factors):
                yield f"an idle factor in {node}"
            case Product(factors) if isinstance(factors[0], Negative):
                yield f"a minus inside the first factor of {node}"
            case Sum(terms) if _NOUGHT in terms:
                yield f"an idle term in {node}"
            case Sum((Negative(Symbol() | Number()), second)) if not isinstance(second, Negative):
                yield f"a minus in front of {node}"
            case Negative(Negative()):
                yield f"two minus signs in {node}"
            case Power(_, exponent) if exponent in (_ONE, _NOUGHT):
                yield f"an idle exponent in {node}"
            case Quotient(numerator, denominator) if denominator is _ONE or numerator is _NOUGHT:
                yield f"an idle fraction bar in {node}"
            case Apply(head, _) if head.name in FOREIGN:
                yield f"a foreign function in {node}"


@EVERY
def test_no_line_holds_an_artefact(which: int | str) -> None:
    """`1·x`, `0 + u`, `x^1`, `−y + ŷ`: what gives away that a machine wrote it.

    Two minus signs may meet on the way, where a later line says that they cancel.
    """
    derivation = derivation_of(which)
    typed = set(nodes(derivation.start))
    for meaning in derivation.setting.definitions.values():
        typed |= set(nodes(meaning))
    for function in sd.functions.values():
        typed |= set(nodes(function.definition.right)) if function.definition else set()

    found = [
        f"{problem}, by {step.rule.name}"
        for one in with_lemmas(derivation)
        for k, step in enumerate(one.steps)
        for problem in artefacts(step.after, typed)
        if not ("two minus" in problem and "two minus signs cancel" in _rules(one.steps[k + 1 :]))
    ]

    assert found == []


def _rules(steps: tuple[Step, ...]) -> list[str]:
    return [step.rule.name for step in steps]


@EVERY
def test_no_line_prints_two_signs_side_by_side(which: int | str) -> None:
    """`x + −y` and `x − −y` are never written; brackets or one sign are."""
    for step in all_steps(derivation_of(which)):
        for written in (str(step.after), unicode_text(step.after), latex(step.after)):
            assert not re.search(r"[-+−]\s*[-+−]", written), written


@EVERY
def test_no_line_is_written_twice(which: int | str) -> None:
    """A line that stood before is a circle or a step that does nothing."""
    for one in with_lemmas(derivation_of(which)):
        lines = [one.start, *(step.after for step in one.steps)]
        assert len(lines) == len(set(lines))
        printed = [latex(line) for line in lines]
        assert all(before != after for before, after in pairwise(printed))


@EVERY
def test_no_derivative_is_left_standing(which: int | str) -> None:
    """A result that still holds d/dx is not one."""
    result = derivation_of(which).result

    assert not any(isinstance(node, Derivative) for node in nodes(result))


@EVERY
def test_every_step_is_recognised_by_its_own_rule(which: int | str) -> None:
    """The loop: what we derive, a checker that sees only two lines accepts, by the same law."""
    derivation = derivation_of(which)

    unrecognised = [
        f"{step.rule.name}: {step.before} -> {step.after}"
        for step in all_steps(derivation)
        if step.rule not in recognise(step.before, step.after, CATALOGUE, step.setting)
    ]

    assert unrecognised == []


@EVERY
def test_every_letter_in_a_reason_is_filled(which: int | str) -> None:
    """ "The constant factor c only scales" is a poor reason where c is 3."""
    for step in all_steps(derivation_of(which)):
        spoken = set(re.findall(r"\$\{(\w+)\}", step.rule.why))
        assert spoken <= set(step.letters), f"{step.rule.name}: {step.before} -> {step.after}"


@EVERY
def test_a_condition_is_printed_once(which: int | str) -> None:
    """And only one that could fail: x² + 1 ≠ 0 would make a reader look for the trick."""
    printed = [str(condition) for condition in derivation_of(which).conditions]

    assert len(printed) == len(set(printed))
    assert not any("^2 + " in condition and "!=" in condition for condition in printed)


@EVERY
def test_a_place_is_a_place_of_the_line(which: int | str) -> None:
    """Pages mark where a rule was applied and strike what cancels: the places must exist."""
    for step in all_steps(derivation_of(which)):
        for place in (*step.places, *step.cancelled):
            assert isinstance(at(step.before, place), Expr)


# --- what cannot be derived --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("x*y", {}, "wrt"),
        ("x^2", {"order": 0}, "order"),
        ("x^2", {"kinks": "numpy"}, "numpy"),
        ("max(sin(x), cos(x), x)", {}, "max"),
    ],
)
def test_what_cannot_be_asked_is_a_mistake_with_a_word_on_it(
    text: str, options: dict[str, Any], said: str
) -> None:
    """A person learns what to write instead; no traceback of ours."""

    with pytest.raises(Mistake, match=said):
        sd.derive(text, **options)


def test_a_function_of_several_unknown_arguments_has_no_rule() -> None:
    """Nothing is guessed about f(x, y)."""

    with pytest.raises(NoRule, match="f"):
        sd.derive("f(x, x)", wrt="x")


def test_numbers_stay_exact() -> None:
    """0.1 is a tenth, and a third stays a third."""
    derivation = sd.derive("0.1*x^3/3")

    (value,) = {_fraction(derivation, 4)}

    x = coordinate(Symbol("x"), 4, derivation.setting.domain(Symbol("x")))
    assert value == Fraction(1, 10) * x * x


def _fraction(derivation: Derivation, number: int) -> Fraction:
    with precision(400):
        value = Evaluator(derivation.setting, number).value(derivation.result)
    return Fraction(value.mid().str(60, radius=False)).limit_denominator(10**12)


def test_what_is_shown_at_a_prompt_fits_on_a_line_or_two() -> None:
    """A result that is looked at in Python says what it is; its parts are asked for by name."""
    derivation = sd.derive("x^2*sin(x)")
    shown = [derivation, derivation.steps[0], sd.inverse("x^3 + x", at="2"), sd.functions["gelu"],
             sd.check("D(x^2, x)", "2x"), sd.check_lines("D(x^2, x)", ["2x"]),
             sd.problem("D(x^2, x)"), sd.Network.from_toml("examples/two_layer.toml")]  # fmt: skip

    assert all(len(repr(one)) < 240 for one in shown)
    assert repr(derivation) == "<Derivation D(x^2*sin(x), x) = 2*x*sin(x) + x^2*cos(x), 2 steps>"


# --- what is asked of letters that nobody typed ---------------------------------------------


@pytest.mark.parametrize(
    ("question", "conditions"),
    [
        ("log_a(x)", {"x > 0", "a > 0", "a != 1"}),
        ("leaky_relu(x)", {"x != 0", "0 < alpha < 1"}),
        ("elu(x)^2", {"x != 0", "alpha > 0"}),
        ("x/log(x)", {"x > 0", "x != 1"}),  # a textbook's words for log(x) ≠ 0
        ("sigmoid(x)", set()),
    ],
)
def test_a_page_states_where_its_letters_lie(question: str, conditions: set[str]) -> None:
    """α stands in the definition of the leaky ReLU alone, the base of a logarithm in its name."""
    assert {str(said) for said in sd.derive(question, "x").conditions} == conditions


def test_a_count_of_samples_is_no_condition() -> None:
    assert not any("n >" in str(said) for said in sd.derive(sd.functions["mse_n"]).conditions)
