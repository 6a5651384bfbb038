"""Values at a few points that are the same for all expressions of one problem.

Two expressions whose balls do not meet at a point inside the domain are not equal: one look
tells most of a thousand candidates from an answer, where a comparison from the start would
take a thousand times as long.  What meets everywhere is still to be judged: that is for
`comparing`, and nothing here says that two expressions are equal.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final, TypeAlias

from symderiv.errors import Mistake
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.places import Manner, Place, place
from symderiv.judging.points import Setting
from symderiv.judging.primitives import Ball, ball, precision
from symderiv.language.domains import Domain
from symderiv.language.expressions import Expr, IndexedSum, Symbol
from symderiv.language.walks import nodes

Trace: TypeAlias = tuple[Ball | None, ...]
"""The balls of an expression at the points; None where nothing is known."""

Spot: TypeAlias = tuple[int, Manner]
"""The number of a point, and how its coordinates are chosen."""

_FEW: Final[tuple[Spot, ...]] = tuple((k, "dyadic") for k in range(4))
_BITS: Final = 128


class Probe:
    """The points of one setting, with what was evaluated there.

    An expression `kept` shares the values of its parts with the others; another is forgotten.
    """

    def __init__(self, setting: Setting, spots: tuple[Spot, ...] = _FEW) -> None:
        self.setting, self.spots = setting, spots

    def trace(self, expr: Expr, *, kept: bool = True) -> Trace:
        """The balls of `expr`; none where free indices or a named quantity outside its domain would
        make a difference at a point prove nothing."""
        if any(_is_indexed(node) for node in nodes(expr)):
            return ()
        shared = self._shared if kept else self._fresh()
        with precision(_BITS):
            pairs = zip(shared, self._inside, strict=True)
            return tuple(_value(expr, at) if inside else None for at, inside in pairs)

    @cached_property
    def _shared(self) -> tuple[Evaluator, ...]:
        return self._fresh()

    def _fresh(self) -> tuple[Evaluator, ...]:
        return tuple(Evaluator(place(self.setting, k, manner), k) for k, manner in self.spots)

    @cached_property
    def _inside(self) -> tuple[bool, ...]:
        """Of each point, whether every named quantity lies inside the domain it is said to have."""
        where, definitions = self.setting.where, self.setting.definitions
        named = [(name, domain) for name, domain in where.items() if name in definitions]
        with precision(_BITS):
            return tuple(
                all(_between(_value(name, at), domain) for name, domain in named)
                for at in self._fresh()
            )


def apart(one: Trace, other: Trace) -> bool:
    """Whether two expressions are certainly not equal."""
    return any(
        a is not None and b is not None and not a.overlaps(b)
        for a, b in zip(one, other, strict=False)
    )


def nowhere_together(one: Trace, other: Trace) -> bool:
    """Whether only one of two expressions was seen to have values, at no point both."""
    met = any(a is not None and b is not None for a, b in zip(one, other, strict=False))
    return not met and any(a is not None for a in (*one, *other))


def _between(value: Ball | None, domain: Domain) -> bool:
    """Whether a value certainly lies in a domain."""
    if value is None or domain.members or domain.integer or domain.over:
        return False
    above = domain.lower is None or value > ball(domain.lower)
    below = domain.upper is None or value < ball(domain.upper)
    return bool(above and below and not any(value.overlaps(ball(w)) for w in domain.without))


def _is_indexed(node: Expr) -> bool:
    """Whether a value depends on what a free index is taken to be."""
    if isinstance(node, IndexedSum):
        return True
    return isinstance(node, Symbol) and any(isinstance(i, Symbol) for i in node.indices)


def _value(expr: Expr, evaluator: Evaluator) -> Ball | None:
    """The ball; None where there is none, or the point lies on a border between two cases."""
    try:
        value = evaluator.value(expr)
    except (Undefined, ArithmeticError, ValueError, Mistake):
        return None
    at = evaluator.setting
    on_border = isinstance(at, Place) and bool(at.borders)
    return value if value.is_finite() and not on_border else None
