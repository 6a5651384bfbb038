"""Laws over everything in the catalogue: a rule, a slip or a function is tested by existing.

Two referees judge, and neither knows a rule of ours: rigorous balls (`deriving.evidence`)
and mpmath's numerical differentiation, through the small evaluator below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import chain

import mpmath
import pytest
from mpmath import mp, mpf

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import gather, shipped
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import algebra, differentiation
from symderiv.deriving.evidence import check
from symderiv.deriving.recognising import recognise
from symderiv.deriving.strategy import derive_function
from symderiv.errors import Broken
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.points import Setting, coordinate
from symderiv.judging.primitives import is_known, precision
from symderiv.language.domains import read_domain
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Constant,
    Derivative,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Rewrite,
    Sum,
    Symbol,
)
from symderiv.language.patterns import Letter, fill
from symderiv.language.walks import nodes
from symderiv.reading import read

CATALOGUE = shipped()
RULES = list(CATALOGUE.rules.values())
SLIPS = list(CATALOGUE.misconceptions.values())
FUNCTIONS = list(CATALOGUE.functions.values())
OF_FUNCTIONS = [
    rule
    for f in FUNCTIONS
    for rule in (f.slope_rule, *((f.defining_rule, f.folding_rule) if f.definition else ()))
    if "_" not in f.by or rule is not f.slope_rule
]


def named(value: Rule | Misconception | Function) -> str:
    return value.name.replace(" ", "_")


# --- letters filled with something concrete ---------------------------------------------

ANYTHING = [  # positive where x > 0, so that logarithms and powers exist
    ("x^2 + 3", "2 + sin(3*x)", "exp(x) + 1", "x*log(x + 5)"),
    ("exp(2*x)", "x", "x^3 + x", "2 + cos(x)"),
    ("sqrt(x + 1)", "log(x + 2)", "sin(x)^2 + 1", "exp(-x)"),
]
CONSTANT = [("5", "3"), ("k", "4"), ("7/2", "k^2")]
NUMBER = [("2", "3"), ("3", "7"), ("5", "1/2")]
GROUP = [("x^2 + 1", "x + 3"), ("exp(x) + 1", "2 + sin(x)"), ("x + k", "k + 1")]
NAMED = [("a", "L")] * 3  # what the setting below gives a meaning
COUNT = [("n", "k")] * 3
POOLS = {
    "anything": ANYTHING,
    "constant": CONSTANT,
    "number": NUMBER,
    "group": GROUP,
    "named": NAMED,
    "count": COUNT,
}

PARTICULAR: Mapping[str, list[dict[str, str]]] = {  # letters with a meaning of their own
    "chain rule through a named quantity": [{"m": "L", "y": "a", "x": "x"}],
    "sum rule for an indexed sum": [{"f": "(x*w_j + 1)^2", "j": "j", "g": "1", "h": "3", "x": "x"}],
    "derivative of the absolute value": [{"f": "x^2 - 2", "x": "x"}, {"f": "sin(x)", "x": "x"}],
    "derivative of the binary cross-entropy": [{"f": "1/(1 + x^2)", "y": "1/3", "x": "x"}],
    "derivative of the root": [
        {"f": "x^2 + 3", "n": "3", "x": "x"},
        {"f": "x", "n": "5", "x": "x"},
    ],
    **{
        f"derivative of the {name}": [{"f": "1/(1 + x^2)", "x": "x"}]
        for name in (
            "arcsine",
            "arccosine",
            "inverse hyperbolic tangent",
            "inverse hyperbolic secant",
        )
    },
    "wrong variable": [{"f": "x^2*k", "x": "x", "y": "k"}],
    "one quantity for another": [{"x": "x", "y": "k"}],
    "chain broken off": [{"m": "L", "x": "x", "y": "a"}],
    "stopped at a quantity on the way": [{"m": "L", "x": "x", "v": "a"}],
    "begun at a quantity on the way": [{"m": "L", "x": "x", "v": "a"}],
    "local derivative missing": [{"f": "x^2", "w": "a", "u": "x"}],
    "local derivative doubled": [{"f": "x^2", "w": "a", "u": "x"}],
    **{
        name: [{"f": "1/(1 + x^2)", "c": "1/3", "x": "x"}]
        for name in (
            "cross-entropy with the sign turned",
            "minus of the cross-entropy's second logarithm lost",
            "second term of the cross-entropy left out",
            "slope of the cross-entropy taken at the pre-activation",
        )
    },
    "absolute value left out": [{"f": "x - 4", "x": "x"}],
    "relu differentiated to one everywhere": [{"f": "x - 4", "x": "x"}],
    "minus inside a logarithm lost": [{"c": "9", "f": "1/(1 + x)", "x": "x"}],
    "definition of the binary cross-entropy": [{"yhat": "1/(1 + x^2)", "y": "1/3"}],
    "recognise the binary cross-entropy": [{"yhat": "1/(1 + x^2)", "y": "1/3"}],
    "definition of the mean squared error over n samples": [{"yhat": "yhat", "y": "y"}],
    "recognise the mean squared error over n samples": [{"yhat": "yhat", "y": "y"}],
}


def understood(text: str) -> Expr:
    return read(text, CATALOGUE.names)


SETTING = Setting(
    functions=CATALOGUE.functions,
    where={
        Symbol("x"): read_domain(">0"),
        Symbol("k"): read_domain(">0"),
        Symbol("n"): read_domain("positive integer"),
    },
    definitions={Symbol("L"): understood("a^2 + sin(a)"), Symbol("a"): understood("exp(x) + x")},
)


def letters_of(*sides: Expr) -> list[Letter]:
    found = chain.from_iterable(nodes(side) for side in sides)
    return list(dict.fromkeys(node for node in found if isinstance(node, Letter)))


def fillings(name: str, form: Rewrite) -> Iterator[dict[str, Expr]]:
    """What the letters of a form may stand for, several times over, each letter by its kind."""
    letters = letters_of(*form)
    if name in PARTICULAR:
        yield from ({k: understood(v) for k, v in meaning.items()} for meaning in PARTICULAR[name])
        return
    for choice in range(3):
        pools = {kind: iter(pool[choice]) for kind, pool in POOLS.items()}
        yield {
            letter.name: Symbol("x")
            if letter.kind == "variable"
            else understood(next(pools[letter.kind]))
            for letter in letters
        }


def equations(law: Rule | Misconception) -> Iterator[tuple[Expr, Expr]]:
    """Concrete equations that the law claims."""
    for form in law.forms if isinstance(law, Rule) else (law.form,):
        for meaning in fillings(law.name, form):
            yield fill(form.left, meaning), fill(form.right, meaning)


# --- a second referee: mpmath ------------------------------------------------------------


def numeric(expr: Expr, point: Mapping[Expr, mpf]) -> mpf:
    """The value by mpmath alone; a derivative that still stands is mpmath's own difference."""
    at: Callable[[Expr], mpf] = lambda part: numeric(part, point)  # noqa: E731
    match expr:
        case Number():
            return mpf(expr.value.numerator) / expr.value.denominator
        case Constant(name):
            return mp.e if name == "e" else mp.pi
        case Symbol():
            return point[expr] if expr in point else at(SETTING.definitions[expr])
        case Sum(terms):
            return mp.fsum(at(term) for term in terms)
        case Product(factors):
            return mp.fprod(at(factor) for factor in factors)
        case Negative(operand):
            return -at(operand)
        case Quotient(numerator, denominator):
            return at(numerator) / at(denominator)
        case Power(base, exponent):
            return mp.power(at(base), at(exponent))
        case Absolute(operand):
            return abs(at(operand))
        case Apply(head, (argument,)):
            return outer(head.name)(at(argument))
        case Prime(head, order, argument):
            return mp.diff(outer(head.name), at(argument), order)
        case Derivative(body, variable, order):
            return mp.diff(lambda t: numeric(body, {**point, variable: t}), at(variable), order)
        case IndexedSum(body, index, Number() as low, Number() as high):
            rows = range(int(low.text), int(high.text) + 1)
            return mp.fsum(
                numeric(body, point | {Symbol("w", "", "", (index,)): mpf(k) / 7}) for k in rows
            )
    raise AssertionError(f"no value for {expr!r}")


def outer(name: str) -> Callable[[mpf], mpf]:
    """mpmath's function of this name; for f, of which only the name is known, a smooth one."""
    return REFERENCES.get(name) or getattr(mpmath, name, lambda u: mp.sin(u) + u**3 / 5)


HYPERBOLIC = ("sinh", "cosh", "tanh", "coth", "sech", "csch")
REFERENCES: Mapping[str, Callable[..., mpf]] = {  # from the post's table, where mpmath has none
    "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
    "relu": lambda z: max(mpf(0), z),
    "max": lambda a, b: max(a, b),
    "mse": lambda yhat, y, n: (yhat - y) ** 2 / n,
    "bce": lambda yhat, y: -y * mp.log(yhat) - (1 - y) * mp.log(1 - yhat),
    "min": lambda a, b: min(a, b),
    "log2": lambda x: mp.log(x, 2),
    "root": lambda x, n: mp.sign(x) * abs(x) ** (1 / n),
    "arccot": lambda x: mp.pi / 2 - mp.atan(x),  # mpmath's acot jumps at 0
    **{
        f"arc{name}": getattr(mp, f"a{name}")
        for name in ("sin", "cos", "tan", "sec", "csc", *HYPERBOLIC)
    },
}


# --- rules ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [*RULES, *OF_FUNCTIONS], ids=named)
def test_a_law_keeps_the_value(rule: Rule) -> None:
    """A rule that changes a value would make every page that uses it wrong."""

    for before, after in equations(rule):
        assert check(before, after, SETTING).points >= 24


@pytest.mark.parametrize("rule", [r for r in RULES if r.differentiates], ids=named)
@pytest.mark.parametrize("x", ["0.7", "1.9"])
def test_a_law_of_differentiation_agrees_with_finite_differences(rule: Rule, x: str) -> None:
    """The balls read derivatives off Taylor series; mpmath takes differences. Both must agree."""
    point = {Symbol("x"): mpf(x), Symbol("k"): mpf("1.3")}

    with mp.workdps(40):
        for before, after in equations(rule):
            left, right = numeric(before, point), numeric(after, point)
            assert abs(left - right) < mpf(10) ** -12 * (1 + abs(left)), f"{before} = {after}"


WITHOUT_VALUE = {"transpose forgotten"}  # of matrices; entry by entry, see test_homework
NUMERIC_SLIPS = [slip for slip in SLIPS if slip.name not in WITHOUT_VALUE]


@pytest.mark.parametrize("slip", NUMERIC_SLIPS, ids=named)
def test_a_misconception_changes_the_value_somewhere(slip: Misconception) -> None:
    """A slip that were true would be a law, and a student would be marked down for it."""
    refused = 0

    for before, after in equations(slip):
        try:
            check(before, after, SETTING)
        except Broken:
            refused += 1

    assert refused > 0


BENT = [slip for slip in SLIPS if slip.scope == "law"]


@pytest.mark.parametrize("law", [*RULES, *BENT], ids=named)
def test_the_example_is_one_step_by_that_very_law(law: Rule | Misconception) -> None:
    """The glossary prints the example, and the homework checker recognises steps like it."""
    before, after = (understood(side) for side in law.example.split(" -> "))

    assert law in recognise(before, after, CATALOGUE, Setting(CATALOGUE.functions))


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_the_example_of_a_law_is_true(rule: Rule) -> None:
    """A worked example with a wrong sign would teach the wrong sign."""
    before, after = (understood(side) for side in rule.example.split(" -> "))
    a, z = understood("a"), understood("z")
    given = {understood("L"): a**3 + a, a: z**2} if "L" in rule.example else {}
    where = {understood("n"): read_domain("positive integer")}

    assert check(before, after, Setting(CATALOGUE.functions, where, given)).points >= 20


@pytest.mark.parametrize("slip", NUMERIC_SLIPS, ids=named)
def test_the_example_of_a_slip_is_false(slip: Misconception) -> None:
    """What is shown as a mistake must be one."""
    before, after = (understood(side) for side in slip.example.split(" -> "))
    a, z = understood("a"), understood("z")
    given = {understood("L"): a**3 + a, a: z**2} if "L" in slip.example else {}
    where = {understood("n"): read_domain("positive integer")}

    with pytest.raises(Broken):
        check(before, after, Setting(CATALOGUE.functions, where, given))


@pytest.mark.parametrize("law", [*RULES, *SLIPS, *OF_FUNCTIONS], ids=named)
def test_the_reason_names_only_letters_of_the_law(law: Rule | Misconception) -> None:
    """`${g}` in a reason is filled from the match; a letter that no match binds stays bare."""
    spoken = set(re.findall(r"\$\{(\w+)\}", law.why))
    forms = law.forms if isinstance(law, Rule) else (law.form,)

    for form in forms:
        assert spoken <= {letter.name for letter in letters_of(*form)}


@pytest.mark.parametrize("law", [*RULES, *SLIPS], ids=named)
def test_a_reason_is_a_sentence(law: Rule | Misconception) -> None:
    """It stands beside a formula, where a fragment would read like a mistake."""

    assert re.fullmatch(r"([A-Z$0-9]|e to ).*\.", law.why, re.DOTALL)
    assert "  " not in law.why


@pytest.mark.parametrize("slip", SLIPS, ids=named)
def test_a_slip_stands_for_a_law_of_the_catalogue(slip: Misconception) -> None:
    """The feedback says what holds instead; it must be a law one can look up."""

    assert any(law is slip.instead for law in (*RULES, *OF_FUNCTIONS))
    if slip.scope == "law":
        assert any(type(form.left) is type(slip.form.left) for form in slip.instead.forms)


NAMED_OTHERWISE = {  # may only shrink
    "negative_rule",
    "constant_base_rule",
    "logarithmic_rule",
    "absolute_value_rule",
    "chain_by_name",
    "derivative_of_indexed_sum",
    "differentiate_pieces",
    "square_of_exponential",
    "equal_over_equal",
    "complete_the_square",
    "larger_of_two",
    "maximum",  # `max` is Python's own
    "minimum",
}


def test_names_match_their_variables() -> None:
    """One finds a rule by the name on a page: the variable's words stand in it, in order."""
    declared = {
        variable: value.name
        for module in (algebra, differentiation, *_function_modules())
        for variable, value in vars(module).items()
        if isinstance(value, (Rule, Misconception, Function))
    }

    otherwise = {v for v, name in declared.items() if not _said_in_order(v, name)}

    assert otherwise <= NAMED_OTHERWISE
    assert {v for v in NAMED_OTHERWISE if v in declared} <= otherwise, "strike it off the list"


def _function_modules() -> tuple[object, ...]:
    from symderiv.catalogue.functions import (
        activations,
        elementary,
        hyperbolic,
        losses,
        trigonometric,
    )

    return activations, elementary, hyperbolic, losses, trigonometric


def _said_in_order(variable: str, name: str) -> bool:
    words = iter(re.split(r"[ _]", name))
    return all(word in words for word in variable.split("_"))


def test_a_name_is_declared_once() -> None:
    """A catalogue in which one name means two rules would print the wrong reason."""

    class Twice:
        """A module of a user that declares the product rule again."""

        __name__ = "twice"
        again = Rule("product rule", (), "Once more.", "")

    with pytest.raises(ValueError, match="product rule"):
        gather((differentiation, Twice))  # type: ignore[arg-type]


# --- functions -----------------------------------------------------------------------------

DEFINED = [f for f in FUNCTIONS if f.definition is not None]
ONE_BY_ONE = [f for f in FUNCTIONS if "_" not in f.by]  # by an argument, not by an entry of one


@pytest.mark.parametrize("function", DEFINED, ids=named)
def test_a_claimed_slope_is_derived(function: Function) -> None:
    """The slope stands in the catalogue as a claim; the engine arrives at it, line by line."""

    assert derive_function(function).checked().result is function.claim


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f.definition is None], ids=named)
def test_a_function_without_definition_can_be_evaluated(function: Function) -> None:
    """What is taken as known must at least be known to the referee."""

    assert is_known(function.name, {})


def balls(function: Function, expr: Expr, number: int) -> mpf | None:
    """The middle of the ball of `expr` at a point of the function's domain, None if undefined."""
    with precision(256):
        try:
            value = Evaluator(Setting(CATALOGUE.functions, function.domains), number).value(expr)
        except Undefined:
            return None
        return mpf(value.mid().str(60, radius=False)) if value.is_finite() else None


def point_of(function: Function, number: int) -> list[mpf]:
    """The same point for mpmath: the arguments, and what else the definition mentions."""
    free = [s for s in function.domains if s not in function.arguments]
    places = (
        coordinate(s, number, function.domains.get(s, read_domain("")))
        for s in (*function.arguments, *free)
    )
    return [mpf(place.numerator) / place.denominator for place in places]


@pytest.mark.parametrize("function", ONE_BY_ONE, ids=named)
def test_values_and_slopes_agree_with_mpmath(function: Function) -> None:
    """An independent library, and differences instead of rules: a wrong declaration shows here."""
    reference, compared = outer(function.name), 0

    with mp.workdps(50):
        for number in range(48):  # of the inverse secant's, three in four lie where it has none
            point = point_of(function, number)
            by = function.arguments.index(function.variable)
            value = balls(function, function.applied, number)
            slope = balls(function, function.claim, number)
            moved = lambda t, p=point, k=by: reference(*p[:k], t, *p[k + 1 :])  # noqa: E731
            if value is not None and slope is not None and compared < 16:
                compared += 1
                assert abs(value - reference(*point)) < mpf(10) ** -30 * (1 + abs(value))
                assert abs(slope - mp.diff(moved, point[by])) < mpf(10) ** -20 * (1 + abs(slope))

    assert compared >= 8


@pytest.mark.parametrize("n", [2, 3, 5])
def test_the_mean_squared_error_moves_with_one_prediction(n: int) -> None:
    """∂MSE/∂ŷ_i = 2(ŷ_i − y_i)/n, as the post has it, against differences of the whole sum."""
    predictions = [mpf(k * k + 1) / 7 for k in range(n)]
    targets = [mpf(3 - k) / 5 for k in range(n)]

    def mse(moved: mpf) -> mpf:
        return (
            sum((p - t) ** 2 for p, t in zip([moved, *predictions[1:]], targets, strict=True)) / n
        )

    entry = Symbol("i")
    claim = CATALOGUE.functions["mse_n"].claim
    point = {
        Symbol("y", "hat", "", (entry,)): predictions[0],
        Symbol("y", "", "", (entry,)): targets[0],
        Symbol("n"): mpf(n),
    }

    assert abs(mp.diff(mse, predictions[0]) - numeric(claim, point)) < mpf(10) ** -12


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f.range], ids=named)
def test_values_lie_in_the_stated_range(function: Function) -> None:
    """Conditions such as 0 < ŷ < 1 are dropped because of it: it must hold everywhere."""
    reach = function.values

    for z in (mpf(10) ** k * sign for k in range(-2, 3) for sign in (1, -1)):
        with mp.workdps(400):
            value = outer(function.name)(z)
            assert reach.lower is None or value > mpf(reach.lower.numerator)
            assert reach.upper is None or value < mpf(reach.upper.numerator)
    for number in range(24):
        value = balls(function, function.applied, number)
        assert value is None or Fraction(str(value)) in reach


def test_a_spelling_means_one_function() -> None:
    """`sigma` must not mean two things, nor hide the number e."""
    spelled = [s for f in FUNCTIONS for s in (f.name, *f.also_called)]

    assert len(spelled) == len(set(spelled))
    assert not {"e", "pi", "d", "D", "exp", "abs", "sum", "cases", "partial"} & set(spelled)


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
def test_every_spelling_reads_as_the_function(function: Function) -> None:
    """What the glossary lists can be typed."""
    arguments = ", ".join(str(a) for a in function.arguments)

    for spelling in (function.name, *function.also_called):
        assert understood(f"{spelling}({arguments})") is function.applied


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f.at_kink], ids=named)
def test_a_convention_is_one_of_the_two_slopes_or_between(function: Function) -> None:
    """A subgradient lies between the left and the right derivative (Rockafellar, section 23)."""
    (kink,) = derive_function(function).kinks
    left, right = (Fraction(str(side)) for side in (kink.left, kink.right))

    for value in function.at_kink.values():
        assert min(left, right) <= value <= max(left, right)
