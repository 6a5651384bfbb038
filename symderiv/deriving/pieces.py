"""Functions by pieces: each differentiated inside its interval, and what happens at the border.

At the border of two pieces no derivative is claimed at first.  Then the two sides are
compared, with the judge's proof: where the values differ there is a jump; where they agree
and the slopes do not, a kink, which is reported with its left and right derivative; where
both agree the derivative exists there too.  What is not proved is not claimed.  A
framework's convention may be put at a border, by name, and only then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from math import prod

from symderiv.catalogue.function import Function
from symderiv.deriving.applying import rational, tidy
from symderiv.deriving.conditions import holds_anyway, nonzero
from symderiv.deriving.derivation import Kink
from symderiv.deriving.simplifying import number_between
from symderiv.judging.comparing import compare
from symderiv.judging.points import Setting
from symderiv.judging.proving import Proof, prove
from symderiv.judging.vanishing import zeros
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
)
from symderiv.language.walks import Dependence, nodes, substitute, symbols_in, transform

_OPEN = {"<=": "<", ">=": ">", "<": "<", ">": ">"}
_CLOSED = {"<": "<=", ">": ">="}
_EXPONENTS = frozenset(map(Fraction, range(1, 9)))
_TURNED = {"<": ">", "<=": ">="}


@dataclass(frozen=True)
class Border:
    """Where pieces meet, `at` u = p: the numbers of the pieces where u < p and where u > p."""

    at: Relation
    low: int
    high: int


def opened(pieces: Cases, derivative: Derivative, ties: Collection[Relation] = ()) -> Cases:
    """The derivative of each piece, on the inside of its interval.

    `ties` are borders that hold on a whole region: there the piece that has them is kept.
    """
    values = tuple(
        Derivative(value, derivative.variable, 1, derivative.partial) for value in pieces.values
    )
    return Cases(values, tuple(_inside(condition, ties) for condition in pieces.conditions))


def _inside(condition: Expr, ties: Collection[Relation]) -> Expr:
    if not isinstance(condition, Relation) or Relation(condition.terms, ("=",)) in ties:
        return condition
    return Relation(condition.terms, tuple(_OPEN.get(sign, sign) for sign in condition.signs))


def _sides(condition: Expr) -> Iterator[tuple[Relation, str]]:
    """The borders of a condition, each as u = p, and the side of it: u < p, or u >= p."""
    match condition:
        case Relation((u, p), (sign,)) if sign in (*_OPEN, "="):
            yield Relation((u, p), ("=",)), sign
        case Relation((low, u, high), (first, second)) if {first, second} <= {*_TURNED}:
            yield Relation((u, low), ("=",)), _TURNED[first]
            yield Relation((u, high), ("=",)), second


def borders(pieces: Cases) -> tuple[Relation, ...]:
    """The borders between pieces that open conditions leave out, `z = 0` for z > 0 and z < 0."""
    sides = [side for condition in pieces.conditions for side in _sides(condition)]
    held = {border for border, sign in sides if sign not in _CLOSED}
    return tuple(dict.fromkeys(border for border, _ in sides if border not in held))


def ties(found: Iterable[Relation], setting: Setting) -> dict[Relation, tuple[Relation, ...]]:
    """The borders that hold on a whole region, where what is compared stands still; with each,
    what must hold elsewhere, so that no other part of the border is met."""
    held: dict[Relation, tuple[Relation, ...]] = {}
    for border in found:
        one, other = border.terms
        where = zeros(one if rational(other) == 0 else one - other, setting)
        if where is not None and where.whole:
            held[border] = tuple(nonzero(tidy(expr, ())) for expr in where.borders)
    return held


def excepted(pieces: Cases, held: Mapping[Relation, tuple[Relation, ...]]) -> Iterator[Relation]:
    """That no border between pieces is met; of one that holds on a whole region only what is
    a border indeed."""
    for border in dict.fromkeys((*borders(pieces), *held)):
        yield from held.get(border, (Relation(border.terms, ("!=",)),))


def pieces_in(slope: Expr, body: Apply) -> list[Cases]:
    """The functions by pieces in the slope of `body`, but not in its arguments."""
    return [node for node in nodes(slope, body.arguments) if isinstance(node, Cases)]


def exceptions(slope: Expr, body: Apply) -> Iterator[Relation]:
    """The borders at which the slope of `body` has no value."""
    for pieces in pieces_in(slope, body):
        yield from excepted(pieces, {})


def rests(function: Function, slope: Expr, body: Apply, setting: Setting) -> bool:
    """Whether the argument stays on a border of the slope for a while, as in ReLU(ReLU(y)):
    then the definition tells the derivative there, and the slope does not."""
    if function.definition is None or function.taken(setting.kinks):
        return False
    return any(ties(borders(pieces), setting) for pieces in pieces_in(slope, body))


def touched(condition: Expr) -> tuple[Relation, ...]:
    """The borders of the interval that a condition describes."""
    return tuple(border for border, _ in _sides(condition))


def _meetings(slopes: Cases) -> Iterator[Border]:
    """The borders at which just two pieces meet."""
    for at in borders(slopes):
        sides: dict[str, list[int]] = {"<": [], ">": []}
        for k, condition in enumerate(slopes.conditions):
            for border, sign in _sides(condition):
                if border is at:
                    sides[sign].append(k)
        if len(sides["<"]) == len(sides[">"]) == 1:
            yield Border(at, sides["<"][0], sides[">"][0])


def kinks(pieces: Cases, slopes: Cases, variable: Expr, setting: Setting) -> Iterator[Kink]:
    """The borders where the slopes of two pieces differ, or the pieces do not meet at all.

    `pieces` is the function, `slopes` its derivative piece by piece, in the same order.
    """
    moves = Dependence(variable, setting.definitions)
    for border in _meetings(slopes):
        if not crossed(border.at.terms[0], variable):
            continue
        for point in _points(border.at):
            low, high = _ends(pieces, border, point)
            left, right = _ends(slopes, border, point)
            if any(map(moves, (low, high, left, right))):
                continue
            if differ(low, high, setting):
                unless = agreement(low, high, setting)
                yield Kink(border.at, left, right, jump=(low, high), unless=unless)
            elif same(low, high, setting) and differ(left, right, setting):
                yield Kink(border.at, left, right, unless=agreement(left, right, setting))


def smooth_borders(
    pieces: Cases, slopes: Cases, variable: Expr, setting: Setting
) -> Iterator[Border]:
    """The borders at which both pieces have the same value and the same slope, by proof."""
    moves = Dependence(variable, setting.definitions)
    for border in _meetings(slopes):
        ends = [
            _ends(whole, border, point)
            for point in _points(border.at)
            for whole in (pieces, slopes)
        ]
        still = not any(moves(side) for end in ends for side in end)
        if still and all(same(low, high, setting) for low, high in ends):
            yield border


def _points(border: Relation) -> tuple[dict[Expr, Expr], ...]:
    """What to put in at a border: |r| = δ is r = δ and r = −δ."""
    u, p = border.terms
    if isinstance(u, Absolute):
        minus = tidy(Negative(p), ())
        return ({u: p, u.operand: p}, {u: p, u.operand: minus})
    return ({u: p},)


def implied(pieces: Cases, setting: Setting) -> Iterator[Relation]:
    """That u is not zero, where |u| stands only in a piece that holds for |u| > p and p > 0."""
    for k, condition in enumerate(pieces.conditions):
        match condition:
            case Relation((Absolute(u) as size, p), (">" | ">=",)):
                others = [value for n, value in enumerate(pieces.values) if n != k]
                elsewhere = any(size in nodes(value) for value in others)
                if not elsewhere and holds_anyway(Relation((p, Number("0")), (">",)), setting):
                    yield nonzero(u)


def crossed(u: Expr, variable: Expr) -> bool:
    """Whether `u` surely passes through its border, one side after the other: u is linear."""
    moves = Dependence(variable)
    while u is not variable:
        match u:
            case Negative():
                u = u.operand
            case Product() | Sum():
                moving = [part for part in u.parts if moves(part)]
                if len(moving) != 1:
                    return False
                u = moving[0]
            case _:
                return False
    return True


def _ends(whole: Cases, border: Border, point: dict[Expr, Expr]) -> tuple[Expr, Expr]:
    """What the pieces below and above a border come to there."""
    return put_in(whole.values[border.low], point), put_in(whole.values[border.high], point)


def put_in(expr: Expr, point: Mapping[Expr, Expr]) -> Expr:
    """`expr` at a point, with numbers computed."""
    return transform(tidy(substitute(expr, point), ()), _computed, {})


def _computed(node: Expr) -> Expr:
    """A sum, product or fraction of numbers as one number."""
    values = [rational(part) for part in node.parts]
    known = [value for value in values if value is not None]
    if not values or len(known) < len(values):
        return node
    match node:
        case Sum():
            return number(sum(known, Fraction()))
        case Product():
            return number(prod(known, start=Fraction(1)))
        case Quotient() if known[1]:
            return number(known[0] / known[1])
        case Power() if known[1] in _EXPONENTS:
            return number(known[0] ** int(known[1]))
        case _:
            return node


def same(one: Expr, other: Expr, setting: Setting) -> bool:
    """Whether two sides are equal by proof."""
    return one is other or isinstance(prove(one, other, setting), Proof)


def differ(one: Expr, other: Expr, setting: Setting) -> bool:
    """Whether there is a point at which two sides differ."""
    return one is not other and compare(one, other, setting).verdict == "different"


def agreement(one: Expr, other: Expr, setting: Setting) -> Relation | None:
    """The equation under which two sides agree after all; None where they surely differ."""
    known: dict[Expr, Expr] = {
        s: number(setting.domain(s).members[0])
        for s in (*symbols_in(one), *symbols_in(other))
        if len(setting.domain(s).members) == 1
    }
    left, right = (put_in(side, known) for side in (one, other))
    if number_between(left, right) or holds_anyway(nonzero(_difference(left, right)), setting):
        return None
    return Relation((one, other), ("=",))


def _difference(one: Expr, other: Expr) -> Expr:
    return one if rational(other) == 0 else other if rational(one) == 0 else one - other


def closed(slopes: Cases, border: Relation, value: Expr) -> Cases:
    """`slopes` with `value` at the border: by widening the piece that has it, or as its own."""
    for k, piece in enumerate(slopes.values):
        if piece is value and any(at is border for at, _ in _sides(slopes.conditions[k])):
            return widened(slopes, border, k)
    return Cases((*slopes.values, value), (*slopes.conditions, border))


def widened(slopes: Cases, border: Relation, k: int) -> Cases:
    """`slopes` with piece number `k` holding at the border too."""
    condition = slopes.conditions[k]
    assert isinstance(condition, Relation)  # noqa: S101 (it has this border)
    signs = tuple(
        _CLOSED.get(sign, sign) if side is border else sign
        for sign, (side, _) in zip(condition.signs, _sides(condition), strict=True)
    )
    wider = Relation(condition.terms, signs)
    return Cases(slopes.values, (*slopes.conditions[:k], wider, *slopes.conditions[k + 1 :]))


def joined(slopes: Cases, border: Border, pieces: Cases) -> Cases:
    """`slopes` with the border given to the piece that holds it in the function."""
    holding = [
        k
        for k in (border.low, border.high)
        if any(at is border.at and sign not in _CLOSED for at, sign in _sides(pieces.conditions[k]))
    ]
    return widened(slopes, border.at, (*holding, border.high)[0])


def all_closed(expr: Expr, values: Sequence[Expr], kept: Iterable[Expr] = ()) -> Expr:
    """`expr` with `values` at the borders of its functions by pieces, but not inside `kept`.

    The values are those of a function's borders in order; the last one counts for all further.
    """
    fixed = {node: node for node in kept}
    for pieces in [node for node in nodes(expr, fixed) if isinstance(node, Cases)]:
        shut, ends = pieces, borders(pieces)
        for border, value in zip_longest(ends, values[: len(ends)], fillvalue=values[-1]):
            assert isinstance(border, Relation)  # noqa: S101 (never shorter than the values)
            shut = closed(shut, border, value)
        expr = substitute(expr, {**fixed, pieces: shut})
    return expr


def merged(pieces: Cases) -> Expr:
    """The one formula of pieces that are all the same and leave no border out; else as it is."""
    if len(set(pieces.values)) == 1 and not borders(pieces) and _everywhere(pieces):
        return pieces.values[0]
    return pieces


def _everywhere(pieces: Cases) -> bool:
    """Whether two conditions are the two sides of one border."""
    match pieces.conditions:
        case Relation(one, (first,)), Relation(other, (second,)):
            return one == other and {first[0], second[0]} == {"<", ">"}
    return False
