"""Functions by pieces: each differentiated inside its interval, and what happens at the border.

At the border of two pieces no derivative is claimed.  Where the pieces meet but
their slopes differ there is a kink, which is reported with its left and right
derivative; a framework's convention may be put there, by name, and only then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from symderiv.deriving.applying import rational, tidy
from symderiv.deriving.conditions import nonzero
from symderiv.deriving.derivation import Kink
from symderiv.judging.points import Setting
from symderiv.judging.vanishing import zeros
from symderiv.language.expressions import Cases, Derivative, Expr, Operand, Relation, as_expr
from symderiv.language.walks import nodes, substitute

_OPEN = {"<=": "<", ">=": ">", "<": "<", ">": ">"}
_CLOSED = {"<": "<=", ">": ">="}
_HELD = (("<=",), (">=",), ("=",))


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


def borders(pieces: Cases) -> tuple[Relation, ...]:
    """The borders between pieces that open conditions leave out, `z = 0` for z > 0 and z < 0."""
    found: dict[Relation, None] = {}
    for condition in pieces.conditions:
        if isinstance(condition, Relation) and condition.signs in (("<",), (">",)):
            found[Relation(condition.terms, ("=",))] = None
    held = [c.terms for c in pieces.conditions if isinstance(c, Relation) and c.signs in _HELD]
    return tuple(border for border in found if border.terms not in held)


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


def kinks(pieces: Cases, slopes: Cases, variable: Expr) -> Iterator[Kink]:
    """The borders at a number where the pieces meet and their slopes differ."""
    for border in borders(slopes):
        point = border.terms[1]
        if border.terms[0] is not variable or rational(point) is None:
            continue
        sides = {"<": [], ">": []}  # type: dict[str, list[tuple[Expr, Expr]]]
        for value, slope, condition in zip(
            pieces.values, slopes.values, slopes.conditions, strict=True
        ):
            if isinstance(condition, Relation) and condition.terms == border.terms:
                sides[condition.signs[0]].append(
                    (_put(value, variable, point), _put(slope, variable, point))
                )
        if len(sides["<"]) == len(sides[">"]) == 1:
            (low, left), (high, right) = sides["<"][0], sides[">"][0]
            if low is high and left is not right:
                yield Kink(border, left, right)


def _put(expr: Expr, variable: Expr, point: Expr) -> Expr:
    return tidy(substitute(expr, {variable: point}), ())


def closed(slopes: Cases, border: Relation, value: Operand) -> Cases:
    """`slopes` with `value` at the border: by widening the piece that has it, or as its own."""
    taken = as_expr(value)
    for k, (piece, condition) in enumerate(zip(slopes.values, slopes.conditions, strict=True)):
        if piece is taken and isinstance(condition, Relation) and condition.terms == border.terms:
            wider = Relation(condition.terms, (_CLOSED[condition.signs[0]],))
            conditions = (*slopes.conditions[:k], wider, *slopes.conditions[k + 1 :])
            return Cases(slopes.values, conditions)
    return Cases((*slopes.values, taken), (*slopes.conditions, border))


def all_closed(expr: Expr, value: Operand, kept: Iterable[Expr] = ()) -> Expr:
    """`expr` with `value` at every border of its functions by pieces, but not inside `kept`."""
    fixed = {node: node for node in kept}
    for pieces in [node for node in nodes(expr, fixed) if isinstance(node, Cases)]:
        shut = pieces
        for border in borders(pieces):
            shut = closed(shut, border, value)
        expr = substitute(expr, {**fixed, pieces: shut})
    return expr
