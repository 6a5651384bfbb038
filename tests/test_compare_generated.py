"""The judge on pairs that nobody chose: rewritten by laws, or with one node changed.

Expressions of this field are drawn from a seed.  An equal pair is one of them and what our
own laws, its definitions, and SymPy's `expand`, `factor`, `together` make of it; a different
pair has one operator, number, sign, symbol or function changed, and mpmath sees the change
at 50 digits.  No verdict may be wrong, and at most 2 % may be undecided.

By default an eighth of the pairs are drawn; `SYMDERIV_ALL=1` draws all 2,000 + 2,000.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from random import Random

import mpmath
import pytest
import sympy

import symderiv as sd
from symderiv.errors import NoRule
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.bounds import Bounds
from symderiv.judging.meanings import Meanings
from symderiv.judging.points import Setting, coordinate
from symderiv.judging.primitives import precision
from symderiv.judging.proving import Proof, prove
from symderiv.judging.ranges import Range, of_domain
from symderiv.judging.refuting import Search
from symderiv.language.build import E, cases, exp, symbols
from symderiv.language.domains import REALS
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Rewrite,
    Sum,
    Symbol,
    as_expr,
)
from symderiv.language.patterns import Letter, fill, match
from symderiv.language.walks import Dependence, Place, at, nodes, places, replace, size

COUNT = 2000 if os.environ.get("SYMDERIV_ALL") else 250
NAMES = symbols("x y z w b")
MOST_UNDECIDED = 0.02
UNDECIDED_KINDS = {
    "Nothing says how": "a law left dz/dx, and z may depend on x",
    "side is without a value": "a/(b/relu(x)) has none where relu(x) is 0, and a*relu(x)/b has",
    "A root of what may itself be a square": "e^(-log(1 + x^2)/4) beside sqrt(x^2 + 1)",
    "Neither side has a value": "1/sin(x - x) and its like",
}
"""What the judge is known to leave to a person, and why; it may only shrink."""

f = sd.functions
ONE = as_expr(1)


# --- expressions ---------------------------------------------------------------------------


def leaf(draw: Random) -> Expr:
    return draw.choice(NAMES) if draw.random() < 0.75 else as_expr(draw.randint(1, 4))


GROWN: list[Callable[[Expr, Expr], Expr]] = [
    lambda u, v: u + v,
    lambda u, v: u - v,
    lambda u, v: Product((u, v)),
    lambda u, v: Product((u, v)),
    lambda u, v: Quotient(u, 1 + v**2),
    lambda u, v: Quotient(u, v),
    lambda u, _: -u,
    lambda u, _: u**2,
    lambda u, _: u**3,
    lambda u, _: f["sigmoid"](u),
    lambda u, _: f["sigmoid"](u),
    lambda u, _: f["tanh"](u),
    lambda u, _: exp(u),
    lambda u, _: exp(-u),
    lambda u, _: f["log"](1 + exp(u)),
    lambda u, _: f["log"](1 + u**2),
    lambda u, _: f["sqrt"](1 + u**2),
    lambda u, _: f["relu"](u),
    lambda u, _: Absolute(u),
    lambda u, _: f["sin"](u),
    lambda u, _: f["cos"](u),
]


def grown(draw: Random, depth: int) -> Expr:
    if depth == 0 or draw.random() < 0.15:
        return leaf(draw)
    return draw.choice(GROWN)(grown(draw, depth - 1), grown(draw, depth - 1))


def drawn(draw: Random) -> Expr:
    while True:
        expr = grown(draw, draw.choice((2, 3, 3, 4)))
        if 3 <= size(expr) <= 40 and any(isinstance(n, Symbol) for n in nodes(expr)):
            return expr


# --- equal pairs ---------------------------------------------------------------------------


def letters_in(pattern: Expr) -> set[str]:
    return {node.name for node in nodes(pattern) if isinstance(node, Letter)}


ON_A_BRANCH = {  # for positive bases alone, and for angles whose cosine or sine is positive
    "logarithmic differentiation",
    "cosine from the sine",
    "sine from the cosine",
}
LAWS = [
    form
    for rule in sd.rules.values()
    for form in rule.forms
    if letters_in(form.right) <= letters_in(form.left)  # else somebody has to choose one
    and rule.name not in ON_A_BRANCH
    and not isinstance(rule.condition, Relation)  # for positive bases alone
]


def by_a_law(draw: Random, expr: Expr) -> Expr | None:
    """One of the shipped laws at the first place that it fits."""
    own = Random(draw.random())  # noqa: S311 (one draw: a new law must not turn all others)
    for form in own.sample(LAWS, len(LAWS)):
        for place in places(expr, lambda node, form=form: fits(form, node) is not None):
            found = fits(form, at(expr, place))
            assert found is not None
            return replace(expr, place, fill(form.right, found))
    return None


def fits(form: Rewrite, node: Expr) -> dict[str, Expr] | None:
    if isinstance(node, Derivative):
        return match(form.left, node, Dependence(node.variable))
    return match(form.left, node)


def by_a_definition(draw: Random, expr: Expr) -> Expr | None:
    """A function written out by its definition, or its derivative by the slope that it claims."""
    spots = list(places(expr, lambda n: isinstance(n, Apply) and f[n.head.name].value is not None))
    if not spots:
        return None
    place = draw.choice(spots)
    applied = at(expr, place)
    assert isinstance(applied, Apply)
    return replace(expr, place, f[applied.head.name].unfolded(applied))


def turned_round(draw: Random, expr: Expr) -> Expr | None:
    spots = list(places(expr, lambda n: isinstance(n, (Sum, Product))))
    if not spots:
        return None
    place = draw.choice(spots)
    node = at(expr, place)
    return replace(expr, place, node.with_parts(node.parts[::-1]))


def by_sympy(draw: Random, expr: Expr) -> Expr | None:
    change = draw.choice((sympy.expand, sympy.factor, sympy.together))
    try:
        return sd.from_sympy(change(sd.to_sympy(expr)))
    except (NoRule, sd.Mistake):
        return None


def by_a_slope(draw: Random, expr: Expr) -> Expr | None:
    """The derivative that stands, and the one that our engine derives."""
    symbols = [n for n in nodes(expr) if isinstance(n, Symbol)]
    if not symbols:
        return None
    variable = draw.choice(symbols)
    try:
        return sd.derive(expr, variable).result - Derivative(expr, variable) + expr
    except sd.Mistake:
        return None


REWRITINGS = (by_a_law, by_a_law, by_a_definition, turned_round, by_sympy, by_sympy, by_a_slope)


def equal_pairs(seed: int) -> Iterator[tuple[Expr, Expr, str]]:
    draw = Random(seed)  # noqa: S311 (not for secrets)
    while True:
        expr = other = drawn(draw)
        told = []
        for _ in range(draw.randint(1, 3)):
            rewriting = draw.choice(REWRITINGS)
            made = rewriting(draw, other)
            if made is not None and size(made) <= 200:
                other = made
                told.append(rewriting.__name__)
        if other is not expr:
            yield expr, other, " ".join(told)


# --- different pairs -----------------------------------------------------------------------


def mutants(seed: int) -> Iterator[tuple[Expr, Expr, str]]:
    draw = Random(seed)  # noqa: S311 (not for secrets)
    while True:
        expr = drawn(draw)
        place = draw.choice(list(all_places(expr)))
        changed = draw.choice(CHANGES)(draw, at(expr, place))
        if changed is not None:
            other = replace(expr, place, changed)
            if seen_to_differ(expr, other):
                yield expr, other, f"at {place}"


def all_places(expr: Expr) -> Iterator[Place]:
    stack: list[tuple[Place, Expr]] = [((), expr)]
    while stack:
        place, node = stack.pop()
        yield place
        stack.extend(((*place, k), part) for k, part in enumerate(node.parts))


def operator(draw: Random, node: Expr) -> Expr | None:
    match node:
        case Sum((one, other)):
            return draw.choice((Product((one, other)), one - other))
        case Product((one, other)):
            return draw.choice((one + other, Quotient(one, 1 + other**2)))
        case Quotient(one, other):
            return draw.choice((Product((one, other)), Quotient(other, one)))
        case Power(base, exponent) if base is not E:
            return Product((base, exponent))
    return None


def digits(draw: Random, node: Expr) -> Expr | None:
    if isinstance(node, Number):
        return as_expr(int(node.value) + draw.choice((1, 2)))
    return None


def sign(_: Random, node: Expr) -> Expr:
    return node.operand if isinstance(node, Negative) else -node


def letter(draw: Random, node: Expr) -> Expr | None:
    return draw.choice(NAMES) if isinstance(node, Symbol) else None


def function(draw: Random, node: Expr) -> Expr | None:
    if isinstance(node, Apply):
        return f[draw.choice(("sigmoid", "tanh", "relu", "sin", "cos"))](*node.arguments[:1])
    return node.operand if isinstance(node, Absolute) else None


CHANGES = (operator, digits, sign, letter, function)


# --- the referee: mpmath ---------------------------------------------------------------------


def seen_to_differ(one: Expr, other: Expr) -> bool:
    """Whether two real values differ clearly at one of several points, at 50 digits."""
    draw = Random(7)  # noqa: S311
    with mpmath.workdps(50):
        for _ in range(8):
            point = {name: mpmath.mpf(draw.randint(-3000, 3000)) / 1024 for name in NAMES}
            values = [worth(side, point) for side in (one, other)]
            if None not in values and abs(values[0] - values[1]) > 1e-30 * (1 + abs(values[0])):  # type: ignore[operator, arg-type]
                return True
    return False


def worth(expr: Expr, point: dict[Symbol, mpmath.mpf]) -> mpmath.mpf | None:
    """The real value of an expression at a point; None where it has none."""
    known: dict[Expr, mpmath.mpf] = dict(point)
    try:
        for node in nodes(expr, known):
            known[node] = _node(node, [known[part] for part in node.parts])
            if not (isinstance(known[node], mpmath.mpf) and mpmath.isfinite(known[node])):
                return None
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return known[expr]


_APPLIED = {
    "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
    "tanh": mpmath.tanh, "relu": lambda u: max(u, mpmath.mpf(0)), "log": mpmath.log,
    "sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos,
}  # fmt: skip


def _node(node: Expr, parts: list[mpmath.mpf]) -> mpmath.mpf:
    match node:
        case Number():
            return mpmath.mpf(node.value.numerator) / node.value.denominator
        case Sum():
            return mpmath.fsum(parts)
        case Product():
            return mpmath.fprod(parts)
        case Negative():
            return -parts[0]
        case Quotient():
            return parts[0] / parts[1]
        case Power():
            if parts[1] > 10**6:
                raise OverflowError
            return parts[0] ** parts[1]
        case Absolute():
            return abs(parts[0])
        case Apply():
            return _APPLIED[node.head.name](*parts)
        case _ if node is E:
            return +mpmath.e
    raise ValueError(node)


# --- the laws ------------------------------------------------------------------------------


def verdicts(pairs: Iterator[tuple[Expr, Expr, str]]) -> tuple[list[str], list[str]]:
    """The pairs that were found equal or different, and how; and the undecided ones."""
    found: dict[str, list[str]] = {"equal": [], "different": [], "undecided": []}
    for one, other, how in islice(pairs, COUNT):
        verdict = sd.compare(one, other)
        found[verdict.verdict].append(f"{one} | {other} ({how}): {verdict.reason}")
    new = [text for text in found["undecided"] if not any(k in text for k in UNDECIDED_KINDS)]
    assert len(found["undecided"]) <= MOST_UNDECIDED * COUNT, "\n".join(found["undecided"])
    assert new == []
    return found["equal"], found["different"]


def test_no_equal_pair_is_called_different() -> None:
    _, wrong = verdicts(equal_pairs(1))

    assert wrong == []


def test_no_different_pair_is_called_equal() -> None:
    wrong, _ = verdicts(mutants(2))

    assert wrong == []


def test_proofs_and_balls_never_contradict_each_other() -> None:
    """Where the field proves, 24 further points refute nothing but what has no value."""
    contradictions = []
    for one, other, _ in islice(equal_pairs(3), COUNT // 2):
        setting = Setting(sd.functions)
        if isinstance(prove(one, other, setting), Proof):
            witness = Search(one, other, setting).rest()
            if witness is not None and "undefined" not in witness.values:
                contradictions.append(f"{one} | {other}: {witness}")

    assert contradictions == []


def test_no_mutant_is_proved() -> None:
    """The prover alone, without the balls that would save it."""
    proved = [
        f"{one} | {other}"
        for one, other, _ in islice(mutants(4), COUNT)
        if isinstance(prove(one, other, Setting(sd.functions)), Proof)
    ]

    assert proved == []


def test_no_equal_pair_is_refuted() -> None:
    """The balls alone, on what SymPy and our laws made; a kink is no refutation."""
    refuted = []
    for one, other, how in islice(equal_pairs(5), COUNT // 2):
        search = Search(one, other, Setting(sd.functions))
        if search.first() or search.rest():
            refuted.append(f"{one} | {other} ({how})")

    assert refuted == []


@pytest.mark.parametrize("seed", range(6))
def test_a_derivative_is_told_from_finite_differences(seed: int) -> None:
    """What we derive is proved equal to the derivative, and agrees with (f(x+h) − f(x−h))/2h."""
    draw = Random(seed)  # noqa: S311
    checked = 0
    while checked < 5:
        expr = drawn(draw)
        x = NAMES[0]
        if x not in nodes(expr):
            continue
        slope = sd.derive(expr, x).result
        point = {name: mpmath.mpf(draw.randint(200, 1000)) / 1024 for name in NAMES}
        with mpmath.workdps(60):
            step = mpmath.mpf(10) ** -20
            ends = [worth(expr, {**point, x: point[x] + s * step}) for s in (1, -1)]
            mine = worth(slope, point) if not _has_cases(slope) else None
            if mine is None or None in ends:
                continue
            quotient = (ends[0] - ends[1]) / (2 * step)  # type: ignore[operator]
            assert abs(quotient - mine) <= mpmath.mpf("1e-25") * (1 + abs(mine)) ** 3
        assert sd.compare(Derivative(expr, x), slope).verdict != "different"
        assert sd.compare(Derivative(expr, x), slope + 1).verdict == "different"
        checked += 1


def _has_cases(expr: Expr) -> bool:
    return any(isinstance(node, type(cases((1, NAMES[0] > 0)))) for node in nodes(expr))


def test_a_wrong_prover_would_be_noticed() -> None:
    """The referee sees one part in 10^12: the tests above are worth something."""
    x = NAMES[0]
    near = x + Quotient(ONE, as_expr(10**12))

    assert seen_to_differ(x, near)
    assert sd.compare(x, near).verdict == "different"
    assert isinstance(sd.compare(x, near).witness["x"], Fraction)


# --- the two ways, each by itself, against strangers -----------------------------------------
#
# Balls refute and the field proves; they share no code.  SymPy differentiates, mpmath
# evaluates and takes differences.  Whatever one of them says, the others must not contradict.

X, HERE = NAMES[0], Setting(sd.functions)
SMOOTH = frozenset(("sigmoid", "tanh", "log", "sqrt", "sin", "cos"))


def smooth(seed: int) -> Iterator[Expr]:
    """Expressions without a kink in which x stands."""
    draw = Random(seed)  # noqa: S311 (not for secrets)
    while True:
        expr = drawn(draw)
        kinds = {type(node).__name__ for node in nodes(expr)}
        heads = {node.head.name for node in nodes(expr) if hasattr(node, "head")}
        if X in nodes(expr) and "Absolute" not in kinds and heads <= SMOOTH:
            yield expr


def by_sympy(expr: Expr) -> Expr | None:
    """SymPy's derivative, in our words."""
    try:
        return sd.from_sympy(sympy.diff(sd.to_sympy(expr), sd.to_sympy(X)))
    except (NoRule, sd.Mistake):
        return None


def refuted(one: Expr, other: Expr) -> bool:
    search = Search(one, other, HERE)
    return bool(search.first() or search.rest())


# ... derivatives: SymPy's against each way ...


@pytest.mark.parametrize("seed", range(4))
def test_the_field_proves_and_the_balls_pass_what_sympy_derives(seed: int) -> None:
    """Each way has its own differentiation: rules of a field, and Taylor series."""
    unproved = []
    for expr in islice(smooth(seed), 15):
        slope = by_sympy(expr)
        if slope is not None:
            asked = Derivative(expr, X)
            if not isinstance(prove(asked, slope, HERE), Proof):
                unproved.append(f"{asked} = {slope}")
            assert not refuted(asked, slope)

    assert unproved == []


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_see_a_term_that_sympy_does_not_have(seed: int) -> None:
    """The smallest slip: a derivative with a little too much of one variable."""
    for expr in islice(smooth(seed + 10), 15):
        slope = by_sympy(expr)
        if slope is not None:
            asked, wrong = Derivative(expr, X), slope + X / sd.read("10^9")
            assert not isinstance(prove(asked, wrong, HERE), Proof)
            assert refuted(asked, wrong)


# ... values: mpmath against the balls ...


def place(number: int) -> dict[Symbol, mpmath.mpf]:
    values = {name: coordinate(name, number, REALS) for name in NAMES}
    return {name: mpmath.mpf(v.numerator) / v.denominator for name, v in values.items()}


def ball(expr: Expr, number: int) -> mpmath.mpf | None:
    """The middle of a ball, which is small."""
    with precision(200):
        try:
            found = Evaluator(HERE, number).value(expr)
        except (Undefined, ValueError, ZeroDivisionError):
            return None
        return mpmath.mpf(found.mid().str(50, radius=False)) if found.is_finite() else None


@pytest.mark.parametrize("seed", range(4))
def test_balls_hold_mpmaths_values(seed: int) -> None:
    draw, seen = Random(seed), 0  # noqa: S311
    with mpmath.workdps(50):
        for expr in (drawn(draw) for _ in range(40)):
            for number in range(3):
                ours, theirs = ball(expr, number), worth(expr, place(number))
                if ours is not None and theirs is not None:
                    seen += 1
                    assert abs(ours - theirs) <= mpmath.mpf("1e-30") * (1 + abs(theirs)), str(expr)

    assert seen > 60


@pytest.mark.parametrize("seed", range(3))
def test_taylor_series_agree_with_finite_differences(seed: int) -> None:
    seen = 0
    with mpmath.workdps(60):
        step = mpmath.mpf(10) ** -20
        for expr in islice(smooth(seed + 20), 12):
            at = place(seed)
            ends = [worth(expr, {**at, X: at[X] + way * step}) for way in (1, -1)]
            slope = ball(Derivative(expr, X), seed)
            if slope is not None and None not in ends:
                seen += 1
                quotient = (ends[0] - ends[1]) / (2 * step)  # type: ignore[operator]
                assert abs(slope - quotient) <= mpmath.mpf("1e-25") * (1 + abs(slope)) ** 3

    assert seen > 5


# ... one way against the other ...


@pytest.mark.parametrize("seed", range(3))
def test_what_mpmath_tells_apart_is_refuted_and_never_proved(seed: int) -> None:
    for one, other, _ in islice(mutants(seed + 40), 60):
        assert not isinstance(prove(one, other, HERE), Proof), f"{one} | {other}"
        assert refuted(one, other), f"{one} | {other}"


# ... ranges: mpmath against interval arithmetic ...


@pytest.mark.parametrize("seed", range(3))
def test_the_range_of_an_expression_holds_all_its_values(seed: int) -> None:
    """Signs rest on these ranges: too narrow a one could prove what is false."""
    draw = Random(seed + 60)  # noqa: S311
    meanings = Meanings(HERE, lambda _: None)
    for expr in (drawn(draw) for _ in range(60)):
        bounds = Bounds(meanings.of, domain, meanings.constant, lambda _: None)
        found = bounds.of(expr)
        for _ in range(8):
            at = {name: mpmath.mpf(draw.randint(-4000, 4000)) / 1024 for name in NAMES}
            value = worth(expr, at)
            if value is not None:
                assert _end(found.low) - value <= 1e-9, str(expr)
                assert value - _end(found.high) <= 1e-9, str(expr)


def domain(node: Expr) -> Range | None:
    return of_domain(REALS) if isinstance(node, Symbol) else None


def _end(end: object) -> mpmath.mpf:
    if isinstance(end, float):
        return mpmath.mpf(end)
    return mpmath.mpf(end.numerator) / end.denominator  # type: ignore[attr-defined]
