"""Functions by pieces: each differentiated inside its interval, and what happens at the border.

At the border of two pieces no derivative is claimed at first.  Then the two sides are
compared, with the judge's proof: where the values differ there is a jump; where they agree
and the slopes do not, a kink, which is reported with its left and right derivative; where
both agree the derivative exists there too.  What is not proved is not claimed.  A
framework's convention may be put at a border, by name, and only then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from symderiv.deriving.applying import rational, tidy
from symderiv.deriving.conditions import holds_anyway, nonzero
from symderiv.deriving.derivation import Kink
from symderiv.deriving.simplifying import number_between
from symderiv.judging.comparing import compare
from symderiv.judging.points import Setting
from symderiv.judging.proving import Proof, prove
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Cases,
    Derivative,
    Expr,
    Negative,
    Product,
    Relation,
    Sum,
)
from symderiv.language.walks import Dependence, nodes, substitute, symbols_in

_OPEN = {"<=": "<", ">=": ">", "<": "<", ">": ">"}
_CLOSED = {"<": "<=", ">": ">="}
_TURNED = {"<": ">", "<=": ">="}


@dataclass(frozen=True)
class Border:
    """Where pieces meet, `at` u = p: the numbers of the pieces where u < p and where u > p."""

    at: Relation
    low: int
    high: int


def opened(pieces: Cases, derivative: Derivative) -> Cases:
    """The derivative of each piece, on the inside of its interval."""
    values = tuple(
        Derivative(value, derivative.variable, 1, derivative.partial) for value in pieces.values
    )
    return Cases(values, tuple(_inside(condition) for condition in pieces.conditions))


def _inside(condition: Expr) -> Expr:
    if not isinstance(condition, Relation):
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
        if not _crossed(border.at.terms[0], variable):
            continue
        for point in _points(border.at):
            low, high = _ends(pieces, border, point)
            left, right = _ends(slopes, border, point)
            if any(map(moves, (low, high, left, right))):
                continue
            if _differ(low, high, setting):
                unless = _agreement(low, high, setting)
                yield Kink(border.at, left, right, jump=(low, high), unless=unless)
            elif _same(low, high, setting) and _differ(left, right, setting):
                yield Kink(border.at, left, right, unless=_agreement(left, right, setting))


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
        if not any(moves(side) for end in ends for side in end):
            if all(_same(low, high, setting) for low, high in ends):
                yield border


def _points(border: Relation) -> tuple[dict[Expr, Expr], ...]:
    """What to put in at a border: |r| = δ is r = δ and r = −δ."""
    u, p = border.terms
    if isinstance(u, Absolute):
        minus = tidy(Negative(p), ())
        return ({u: p, u.operand: p}, {u: p, u.operand: minus})
    return ({u: p},)


def _crossed(u: Expr, variable: Expr) -> bool:
    """Whether `u` surely passes through its border, one side after the other: u is linear."""
    if u is variable:
        return True
    return isinstance(u, (Product, Sum)) and u.parts.count(variable) == 1 and not any(
        Dependence(variable)(part) for part in u.parts if part is not variable
    )


def _ends(whole: Cases, border: Border, point: dict[Expr, Expr]) -> tuple[Expr, Expr]:
    """What the pieces below and above a border come to there."""
    return _put(whole.values[border.low], point), _put(whole.values[border.high], point)


def _put(expr: Expr, point: dict[Expr, Expr]) -> Expr:
    return tidy(substitute(expr, point), ())


def _same(one: Expr, other: Expr, setting: Setting) -> bool:
    return one is other or isinstance(prove(one, other, setting), Proof)


def _differ(one: Expr, other: Expr, setting: Setting) -> bool:
    """Whether there is a point at which two sides differ."""
    return one is not other and compare(one, other, setting).verdict == "different"


def _agreement(one: Expr, other: Expr, setting: Setting) -> Relation | None:
    """The equation under which two sides agree after all; None where they surely differ."""
    known: dict[Expr, Expr] = {
        s: number(setting.domain(s).members[0])
        for s in (*symbols_in(one), *symbols_in(other))
        if len(setting.domain(s).members) == 1
    }
    left, right = (tidy(substitute(side, known), ()) for side in (one, other))
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
