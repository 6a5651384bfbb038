"""Laws over everything in the catalogue: a rule, a slip or a function is tested by existing.

Two referees judge, and neither knows a rule of ours: rigorous balls (`deriving.evidence`)
and mpmath's numerical differentiation, through the small evaluator below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from importlib import import_module
from itertools import chain, pairwise, product
from operator import eq, ge, gt, le, lt, ne
from pkgutil import iter_modules

import mpmath
import pytest
from mpmath import mp, mpf

from symderiv.catalogue import functions, rules
from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import gather, shipped
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import differentiation
from symderiv.deriving.evidence import check
from symderiv.deriving.recognising import recognise
from symderiv.deriving.strategy import derive_function
from symderiv.errors import Broken
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.points import Setting, coordinate, index_value
from symderiv.judging.primitives import is_known, precision
from symderiv.language.domains import Domain, read_domain
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
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
    Relation,
    Rewrite,
    Sum,
    Symbol,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter, fill
from symderiv.language.walks import nodes, substitute
from symderiv.reading import read

CATALOGUE = shipped()
RULES = list(CATALOGUE.rules.values())
SLIPS = list(CATALOGUE.misconceptions.values())
FUNCTIONS = list(CATALOGUE.functions.values())
OF_FUNCTIONS = [
    rule
    for f in FUNCTIONS
    for rule in (f.slope_rule, *((f.defining_rule, f.folding_rule) if f.definition else ()))
    if ("_" not in f.by and not f.is_discrete) or rule is not f.slope_rule
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
    # of an equation both sides are equal to begin with
    "differentiate both sides": [{"f": "(x + k)^2", "g": "x^2 + 2*x*k + k^2", "x": "x"}],
    "swap the sides": [{"f": "(x + k)^2", "g": "x^2 + 2*x*k + k^2"}],
    "bring terms to the other side": [
        {"f": "x^2", "g": "k", "h": "x^2 + k"},
        {"f": "x^2", "g": "k", "h": "x^2 - k"},
        {"f": "x^2 + k", "g": "x^2", "h": "k"},
    ],
    "fundamental theorem of calculus": [{"y": "t", "c": "1", "x": "x"}],
    "Leibniz rule for moving bounds": [{"y": "t", "g": "sin(x)", "h": "x^2", "x": "x"}],
    "value at the lower bound subtracted": [{"y": "t", "c": "1", "x": "x"}],
    "parametric derivative": [{"f": "L", "g": "a", "x": "x"}],
    "cosine from the sine": [{"f": "1/(1 + x^2)"}, {"f": "-x/(1 + x^2)"}],
    "sine from the cosine": [{"f": "1/(1 + x^2)"}, {"f": "3/(1 + x^4)"}],
    "multiply both sides": [{"f": "x^2 + x", "h": "x", "g": "x + 1"}],
    "divide both sides": [{"h": "x", "f": "x + 1", "g": "x^2 + x"}],
    **{
        f"{law} the focal loss": [{letter: "1/(1 + x^2)", "x": "x"}]
        for law, letter in (("derivative of", "f"), ("definition of", "p"), ("recognise", "p"))
    },
    "sum of sums": [{"f": "x*w_j", "g": "w_j^2", "j": "j", "a": "1", "b": "3"}],
    **{
        f"{law} {name}": [{"i": "i"}, {"i": "2"}]
        for law in ("definition of the", "recognise the")
        for name in ("softmax", "logarithm of the softmax")
    },
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


SHARES = {Symbol("y"): read_domain("probabilities over n")}  # for the law that needs them


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
    """Concrete equations that the law claims; of a form on equations, where the first one holds."""
    for form in law.forms if isinstance(law, Rule) else (law.form,):
        for meaning in fillings(law.name, form):
            if isinstance(form.left, Relation) and not holds(fill(form.left, meaning)):
                continue
            yield fill(form.left, meaning), fill(form.right, meaning)


def holds_at(condition: Expr, at: Callable[[Expr], mpf]) -> bool:
    """Whether a chain of comparisons holds in mpmath's numbers."""
    assert isinstance(condition, Relation)
    signs = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}
    pairs = zip(pairwise(condition.terms), condition.signs, strict=True)
    return all(signs[sign](at(one), at(other)) for (one, other), sign in pairs)


def holds(equation: Expr) -> bool:
    """Whether an equation holds at a point, and so everywhere, as the fillings are made."""
    left, right = equation.parts
    try:
        return check(left, right, SETTING).points > 0
    except Broken:
        return False


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
        case Cases(values, conditions):
            return at(next(v for v, c in zip(values, conditions, strict=True) if holds_at(c, at)))
        case Apply(head, (argument,)):
            return outer(head.name)(at(argument))
        case Prime(head, order, argument):
            return mp.diff(outer(head.name), at(argument), order)
        case Derivative(body, variable, order):
            return mp.diff(lambda t: numeric(body, {**point, variable: t}), at(variable), order)
        case Integral(body, variable, lower, upper):
            inside = lambda t: numeric(body, {**point, variable: t})  # noqa: E731
            return mp.quad(inside, [at(lower), at(upper)])
        case IndexedSum(body, index, Number() as low, Number() as high):
            rows = range(int(low.text), int(high.text) + 1)
            return mp.fsum(
                numeric(body, point | {Symbol("w", "", "", (index,)): mpf(k) / 7}) for k in rows
            )
    raise AssertionError(f"no value for {expr!r}")


def outer(name: str) -> Callable[[mpf], mpf]:
    """mpmath's function of this name; for f, of which only the name is known, a smooth one."""
    return (
        REFERENCES.get(name)
        or DEEP_LEARNING.get(name)
        or getattr(mpmath, name, lambda u: mp.sin(u) + u**3 / 5)
    )


def _silu(z: mpf) -> mpf:
    return z / (1 + mp.exp(-z))


def _clipped(z: mpf, low: int, high: int) -> mpf:
    return min(max(z, mpf(low)), mpf(high))


DEEP_LEARNING: Mapping[str, Callable[..., mpf]] = {  # as PyTorch's documentation defines them
    "identity": lambda z: z,
    "leaky_relu": lambda z, a: max(z, 0) + a * min(z, 0),
    "prelu": lambda z, a: max(z, 0) + a * min(z, 0),
    "relu6": lambda z: _clipped(z, 0, 6),
    "hardtanh": lambda z: _clipped(z, -1, 1),
    "hardsigmoid": lambda z: _clipped(z + 3, 0, 6) / 6,
    "hardswish": lambda z: z * _clipped(z + 3, 0, 6) / 6,
    "hardshrink": lambda z, k: z if abs(z) > k else mpf(0),
    "softshrink": lambda z, k: mp.sign(z) * max(abs(z) - k, 0),
    "threshold": lambda z, t, v: z if z > t else v,
    "elu": lambda z, a: max(z, 0) + min(0, a * mp.expm1(z)),
    "selu": lambda z, a, k: k * (max(z, 0) + min(0, a * mp.expm1(z))),
    "celu": lambda z, a: max(z, 0) + min(0, a * mp.expm1(z / a)),
    "softplus": lambda z: mp.log1p(mp.exp(z)),
    "logsigmoid": lambda z: -mp.log1p(mp.exp(-z)),
    "silu": _silu,
    "mish": lambda z: z * mp.tanh(mp.log1p(mp.exp(z))),
    "normal_cdf": mp.ncdf,
    "gelu": lambda z: z * mp.ncdf(z),
    "gelu_tanh": lambda z, c: z / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (z + c * z**3))),
    "tanhshrink": lambda z: z - mp.tanh(z),
    "softsign": lambda z: z / (1 + abs(z)),
    "mae": lambda p, y: abs(p - y),
    "huber": lambda p, y, d: _huber(abs(p - y), d),
    "smooth_l1": lambda p, y, b: _huber(abs(p - y), b) / b,
    "log_cosh": lambda p, y: mp.log(mp.cosh(p - y)),
    "quantile": lambda p, y, t: max(t * (y - p), (t - 1) * (y - p)),
    "poisson_nll": lambda z, y: mp.exp(z) - y * z,
    "gaussian_nll": lambda m, y, v: (mp.log(v) + (m - y) ** 2 / v) / 2,
    "bce_logits": lambda z, y: max(z, 0) - z * y + mp.log1p(mp.exp(-abs(z))),
    "bce_logits_stable": lambda z, y: mp.log1p(mp.exp(z)) - z * y,
    "nll": lambda p: -mp.log(p),
    "focal": lambda p, a, g: -a * (1 - p) ** g * mp.log(p),
    "hinge": lambda s, y: max(0, 1 - y * s),
    "squared_hinge": lambda s, y: max(0, 1 - y * s) ** 2,
    "soft_margin": lambda s, y: mp.log1p(mp.exp(-y * s)),
}


def _huber(size: mpf, delta: mpf) -> mpf:
    return size**2 / 2 if size < delta else delta * (size - delta / 2)


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

    assert law in recognise(before, after, CATALOGUE, Setting(CATALOGUE.functions, SHARES))


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_the_example_of_a_law_is_true(rule: Rule) -> None:
    """A worked example with a wrong sign would teach the wrong sign."""
    before, after = (understood(side) for side in rule.example.split(" -> "))
    a, z = understood("a"), understood("z")
    given = {understood("L"): a**3 + a, a: z**2} if "L" in rule.example else {}
    where = {understood("n"): read_domain("positive integer"), **SHARES}

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
    "pythagoras",
    "secant_squared",
    "hyperbola",
    "hyperbolic_tangent",
    "negative_exponent_as_sign",
    "maximum",  # `max` is Python's own
    "minimum",
}


def test_names_match_their_variables() -> None:
    """One finds a rule by the name on a page: the variable's words stand in it, in order."""
    declared = {
        variable: value.name
        for module in _modules()
        for variable, value in vars(module).items()
        if isinstance(value, (Rule, Misconception, Function))
    }

    otherwise = {v for v, name in declared.items() if not _said_in_order(v, name)}

    assert otherwise <= NAMED_OTHERWISE
    assert {v for v in NAMED_OTHERWISE if v in declared} <= otherwise, "strike it off the list"


NAMED_BY_THE_BELIEF = {"bent_laws", "bent_slopes", "mistaken"}  # may only shrink


def _modules() -> Iterator[object]:
    """Every module that holds knowledge, by looking into the two folders."""
    for folder in (rules, functions):
        names = (found.name for found in iter_modules(folder.__path__))
        for name in (n for n in names if n not in NAMED_BY_THE_BELIEF):
            yield import_module(f"{folder.__name__}.{name}")


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
ONE_BY_ONE = [
    f for f in FUNCTIONS if not (f.vectors or f.is_discrete)
]  # by an argument, not by an entry of one


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


def _softmax(z: list[mpf], i: int) -> mpf:
    return mp.exp(z[i]) / mp.fsum(map(mp.exp, z))


def _cosine(a: list[mpf], b: list[mpf]) -> mpf:
    return mp.fdot(a, b) / mp.sqrt(mp.fdot(a, a) * mp.fdot(b, b))


def _entropy(p: list[mpf], y: list[mpf]) -> mpf:
    return -mp.fsum(t * mp.log(q) for q, t in zip(p, y, strict=True))


OF_VECTORS: Mapping[str, Callable[..., mpf]] = {
    "mse_n": lambda p, y: mp.fsum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / len(p),
    "logsumexp": lambda z: mp.log(mp.fsum(map(mp.exp, z))),
    "softmax": _softmax,
    "log_softmax": lambda z, i: mp.log(_softmax(z, i)),
    "cross_entropy": _entropy,
    "softmax_cross_entropy": lambda z, y: _entropy([_softmax(z, i) for i in range(len(z))], y),
    "kl": lambda q, p: _entropy(q, p) - _entropy(p, p),
    "norm": lambda a: mp.sqrt(mp.fdot(a, a)),
    "cosine": _cosine,
    "cosine_loss": lambda a, b: 1 - _cosine(a, b),
}


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f.vectors], ids=named)
def test_slopes_by_an_entry_agree_with_differences(function: Function) -> None:
    """Of softmax with equal and with unequal indices: there the Kronecker delta is 1 and 0."""
    setting, seen = Setting(CATALOGUE.functions, function.domains), set[bool]()
    below = function.arguments[len(function.arguments) - function.below :]
    (moved,) = function.variable.indices

    with mp.workdps(50):
        for number in range(24):
            n = int(setting.coordinate(Symbol("n"), number))
            entries = [[v.at(k) for k in range(1, n + 1)] for v in function.vectors]
            rows = [[mpf(str(setting.coordinate(e, number))) for e in row] for row in entries]
            at = [int(index_value(symbol, number).text) - 1 for symbol in (*below, moved)]
            row = function.vectors.index(Symbol(function.variable.name, function.variable.accent))
            value, slope = (balls(function, e, number) for e in (function.applied, function.claim))
            assert value is not None
            assert slope is not None
            reference = _moving(OF_VECTORS[function.name], rows, row, at)
            start = rows[row][at[-1]]
            assert abs(value - reference(start)) < mpf(10) ** -30 * (1 + abs(value))
            assert abs(slope - mp.diff(reference, start)) < mpf(10) ** -20 * (1 + abs(slope))
            seen.add(len(set(at)) == 1)

    assert seen == ({True, False} if below else {True})


def _moving(
    reference: Callable[..., mpf], rows: list[list[mpf]], row: int, at: list[int]
) -> Callable[[mpf], mpf]:
    """The reference as a function of one entry."""
    *below, moved = at

    def of(entry: mpf) -> mpf:
        changed = [[*r] for r in rows]
        changed[row][moved] = entry
        return reference(*changed, *below)

    return of


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


@pytest.mark.parametrize("function", [f for f in ONE_BY_ONE if f.range or f.reach], ids=named)
def test_values_lie_in_the_stated_range(function: Function) -> None:
    """Conditions such as 0 < ŷ < 1 are dropped because of it: it must hold everywhere."""
    seen = 0

    for point in points_in(function):
        for digits in (60, 4500) if len(point) == 1 else (60,):  # 1 − erf(100) is 10^−4346
            with mp.workdps(digits):
                value = outer(function.name)(*point)
                inside = in_range(function, value, point)
                ends = [end for end in ends_of(function, point) if end is not None]
                if ends and all(abs(value - end) > mpf(10) ** -30 for end in ends):
                    break
        assert inside, point
        seen += 1

    assert seen >= 24


@pytest.mark.parametrize("function", [f for f in ONE_BY_ONE if f.range or f.reach], ids=named)
def test_values_come_near_each_end_of_the_stated_range(function: Function) -> None:
    """A range that is too wide is true of everything, and says nothing on a page."""
    with mp.workdps(60):
        gaps = []
        for point in (*points_in(function), *far_points(function)):
            value, (low, high) = outer(function.name)(*point), ends_of(function, point)
            gaps.append(
                (value if low is None else value - low, value, high is None or high - value)
            )
        ends = ends_of(function, next(points_in(function)))

        assert min(gap[0] for gap in gaps) < (mpf(-1.5) if ends[0] is None else mpf("0.1"))
        if ends[1] is None:
            assert max(gap[1] for gap in gaps) > 2
        else:
            assert min(gap[2] for gap in gaps) < mpf("0.1")


def far_points(function: Function) -> Iterator[list[mpf]]:
    """Points at the ends of what a function takes, with its other arguments at theirs."""
    by, domain = function.arguments.index(function.variable), function.domains.get(
        function.variable, read_domain(""))  # fmt: skip
    ends = [1 - Fraction(1, 10**12), Fraction(1, 10**12), 1 + Fraction(1, 10**12), Fraction(10**6)]
    others = [read_domain("[0,1]"), *function.domains.values()]
    for place in (sign * end for end in ends for sign in (1, -1)):
        if place in domain and is_real_at(function, place):
            point = point_of(function, 0)
            point[by] = mpf(place.numerator) / place.denominator
            yield point
            for k, name in enumerate(function.arguments):
                if k != by and function.domains.get(name) in others[:1]:
                    yield from ([*point[:k], mpf(end), *point[k + 1 :]] for end in (0, 1))


def points_in(function: Function) -> Iterator[list[mpf]]:
    """Points at which a function has a value, near and far, for mpmath."""
    for number in range(60):
        if balls(function, function.applied, number) is not None:
            yield point_of(function, number)
    by = function.arguments.index(function.variable)
    domain = function.domains.get(function.variable, read_domain(""))
    for number, k in product(range(2), range(-3, 3)):
        for far in (Fraction(10) ** k, -(Fraction(10) ** k), 1 - Fraction(10) ** (k - 3)):
            if far in domain and is_real_at(function, far):
                point = point_of(function, number)
                yield [*point[:by], mpf(far.numerator) / far.denominator, *point[by + 1 :]]


def is_real_at(function: Function, place: Fraction) -> bool:
    """Whether a function taken by itself has a value at `place` of its first argument."""
    where = {**function.domains, function.variable: Domain(members=(place,))}
    with precision(256):
        try:
            value = Evaluator(Setting(CATALOGUE.functions, where), 0).value(function.applied)
        except Undefined:
            return False
        return bool(value.is_finite())


def in_range(function: Function, value: mpf, point: list[mpf]) -> bool:
    """Whether a value lies where the catalogue says, told by mpmath."""
    domain = function.spread
    if domain is not None:
        low, high = ends_of(function, point)
        if domain.members:
            return any(value == int(member) for member in domain.members)
        if domain.integer:
            return value == mp.floor(value)
        above = low is None or value > low or (value == low and domain.closed[0])
        below = high is None or value < high or (value == high and domain.closed[1])
        return above and below and value not in [mpf(int(v)) for v in domain.without]
    at = {**named_at(function, point), Symbol("w"): value}
    told = lambda part: numeric(substitute(part, {function.applied: Symbol("w")}), at)  # noqa: E731
    return any(
        reached.says is None or holds_at(reached.says, told)
        for reached in function.reached
        if reached.where is None or holds_at(reached.where, told)
    )


def ends_of(function: Function, point: list[mpf]) -> tuple[mpf | None, mpf | None]:
    """The ends of a range, None where it has no bound on that side."""
    domain = function.spread
    if domain is not None:
        ends = (min(domain.members), max(domain.members)) if domain.members else (
            domain.lower, domain.upper)  # fmt: skip
        low, high = (None if e is None else mpf(e.numerator) / e.denominator for e in ends)
        return low, high
    low, high = [], []
    at = named_at(function, point)
    for says, where in function.reached:
        if where is not None and not holds_at(where, lambda part: numeric(part, at)):
            continue
        assert says is None or isinstance(says, Relation)
        pairs = zip(pairwise(says.terms), says.signs, strict=True) if says else ()
        for (a, b), sign in pairs:
            if function.applied in (a, b):
                low += [numeric(a, at)] if b is function.applied and sign in ("<", "<=") else []
                high += [numeric(b, at)] if a is function.applied and sign in ("<", "<=") else []
                low += [numeric(b, at)] if a is function.applied and sign in (">", ">=") else []
    return min(low, default=None), max(high, default=None)


def named_at(function: Function, point: list[mpf]) -> dict[Expr, mpf]:
    """The names of what stands in a definition with their values at a point."""
    free = [s for s in function.domains if s not in function.arguments]
    return dict(zip((*function.arguments, *free), point, strict=True))


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
    kinks = derive_function(function).kinks

    for framework in function.at_kink:
        taken = function.taken(framework)
        assert len(taken) in (1, len(kinks))
        for kink, value in zip(kinks, taken * len(kinks), strict=False):
            for number in range(8):
                sides = [balls(function, side, number) for side in (kink.left, kink.right, value)]
                left, right, chosen = (side for side in sides if side is not None)
                assert min(left, right) <= chosen <= max(left, right)
