"""A place: a point whose coordinates are chosen when asked for, and remembered.

Small readable numbers first (2, -1, 1/2), then dyadic ones from the names, then the same
stretched to other scales: always inside the stated domain, the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from symderiv.judging.points import Setting
from symderiv.language.domains import Domain
from symderiv.language.expressions import Expr, Relation, Symbol
from symderiv.language.walks import bound_by, nodes, symbols_in

Manner = Literal["simple", "dyadic", "far", "near"]

_HALF, _QUARTER = Fraction(1, 2), Fraction(1, 4)
_READABLE = (2, -1, _HALF, 3, -2, 1, -_HALF, 4, -3, _QUARTER, Fraction(3, 2), -4, 5, 0)
_SHARES = (_HALF, _QUARTER, 3 * _QUARTER, Fraction(1, 8), Fraction(7, 8), Fraction(3, 8))
_STRETCH = 64


@dataclass(frozen=True, eq=False)
class Place(Setting):
    """One point: `number` and `manner` say how coordinates are chosen that are not in `chosen`.

    `borders` notes which comparisons have two equal sides here.
    """

    number: int = 0
    manner: Manner = "simple"
    chosen: dict[Symbol, Fraction] = field(default_factory=dict)
    borders: dict[Relation, None] = field(default_factory=dict)

    def coordinate(self, symbol: Symbol, number: int) -> Fraction:
        """The value of `symbol` here, chosen at the first time of asking."""
        if symbol not in self.chosen:
            self.chosen[symbol] = self._choice(symbol, number)
        return self.chosen[symbol]

    def _choice(self, symbol: Symbol, number: int) -> Fraction:
        domain = self.domain(symbol)
        if domain.over:  # its entries hang together: none is chosen by itself
            return super().coordinate(symbol, number)
        if self.manner == "simple":
            values = readable(domain)
            return values[(number + len(self.chosen)) % len(values)]
        value = super().coordinate(symbol, number)
        return value if self.manner == "dyadic" else _stretched(value, domain, self.manner)

    def touch(self, one: Expr, other: Expr) -> None:
        """Note that this place lies on the border between two cases."""
        self.borders[Relation((one, other), ("!=",))] = None


def place(
    setting: Setting, number: int, manner: Manner, chosen: Mapping[Symbol, Fraction] | None = None
) -> Place:
    """The place of this number in `setting`, with some coordinates given."""
    return Place(
        *(setting.functions, setting.where, setting.definitions, setting.kinks),
        motion=setting.motion,
        number=number,
        manner=manner,
        chosen=dict(chosen or {}),
    )


@lru_cache(maxsize=256)
def readable(domain: Domain) -> tuple[Fraction, ...]:
    """Numbers in a domain that are easily put in by hand; never its ends."""
    lower, upper = domain.lower, domain.upper
    if domain.members:
        return domain.members
    if domain.integer:
        start = lower if lower is not None else upper - 8 if upper is not None else Fraction()
        first = -(-start.numerator // start.denominator)
        whole = [Fraction(v) for v in (*_READABLE, *range(first + 1, first + 4), first)]
        return tuple(dict.fromkeys(v for v in whole if v in domain)) or (Fraction(first),)
    if lower is not None and upper is not None:
        found = [lower + (upper - lower) * share for share in _SHARES]
    elif lower is not None:
        found = [lower + v for v in _READABLE if v > 0]
    elif upper is not None:
        found = [upper - v for v in _READABLE if v > 0]
    else:
        found = [Fraction(v) for v in _READABLE]
    inside = [v for v in found if v not in domain.without]
    return tuple(inside) or (found[0] + Fraction(1, 4096),)


def _stretched(value: Fraction, domain: Domain, manner: Manner) -> Fraction:
    """A value farther out, or nearer to the end of the domain (or to 0)."""
    if domain.members or domain.integer:
        return value
    lower, upper = domain.lower, domain.upper
    factor = Fraction(_STRETCH) if manner == "far" else Fraction(1, _STRETCH)
    if lower is not None and upper is not None:
        moved = lower + (value - lower) / _STRETCH
        moved = moved if manner == "near" else upper - (moved - lower)
    else:
        start = lower if lower is not None else upper if upper is not None else Fraction()
        moved = start + (value - start) * factor
    return value if moved in domain.without else moved


def discrete(symbol: Symbol, setting: Setting) -> bool:
    """Whether the values that `symbol` may have lie apart."""
    domain = setting.domain(symbol)
    return bool(domain.members) or domain.integer


def moving(expr: Expr, setting: Setting) -> list[Symbol]:
    """The symbols in `expr` that may have any value in an interval."""
    free = (s for s in symbols_in(expr) if not setting.domain(s).over)
    return [s for s in free if not discrete(s, setting)]


def bound_indices(expr: Expr) -> set[Expr]:
    """The indices over which a sum in `expr` runs."""
    return {index for node in nodes(expr) if (index := bound_by(node)) is not None}
