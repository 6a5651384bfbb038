"""Where two expressions differ: an exact point inside the domain, and both values there.

Both sides are evaluated as balls (`balls`) at small readable points first, then at dyadic
ones of several scales and signs, on both sides of every switch and exactly on it where it
can be reached.  Balls that do not meet prove a difference.  So does a side that has no
value anywhere around a point where the other has one.  On a border between two cases a
difference is no proof: it is an exception, such as z != 0, to what holds elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from symderiv.judging.balls import Evaluator, ball, precision
from symderiv.judging.places import Manner, Place, discrete, moving, place
from symderiv.judging.points import Setting, index_value
from symderiv.judging.preparing import with_switches, work
from symderiv.judging.primitives import Ball, Undefined
from symderiv.judging.proving import Proof, prove
from symderiv.judging.switches import divisors, guards, is_plain, names_to_move, switches, unwatched
from symderiv.language.domains import Domain
from symderiv.language.expressions import Expr, IndexedSum, Relation, Symbol
from symderiv.language.walks import nodes

FUEL = 400_000
"""Nodes that one comparison may evaluate, at 128 bits; about two seconds."""

_BITS, _MORE_BITS = (128, 512), (2048, 8192)
_FIRST, _SIMPLE, _DYADIC = 1, 8, 16
_BESIDE = tuple(Fraction(n, 8) for n in (8, -8, 1, -1))
_MOST_SWITCHES = 8
_FURTHER = 6  # points after a difference that is too small to see
_MOST_EXPONENT = 4096
_AROUND = Fraction(1, 2**20)
_VISIBLE = 1e-5  # of their size


class Gap(Enum):
    """What stands for a value where there is none."""

    UNDEFINED = "undefined"  # surely, and everywhere around
    UNKNOWN = "unknown"


Outcome: TypeAlias = "Ball | Gap"


@dataclass(frozen=True)
class Witness:
    """A point at which two expressions differ, and their values there."""

    point: Mapping[Symbol, Fraction]
    values: tuple[str, str]
    visible: bool = field(default=True, compare=False)  # in the first digits


def refute(left: Expr, right: Expr, setting: Setting) -> Witness | None:
    """A point at which two expressions differ; None where none was found."""
    search = Search(left, right, setting)
    return search.first() or search.rest() or search.harder()


class Search:
    """A search for a point at which `left` and `right` differ.

    `agreed` counts the points at which both sides had values that meet; `exceptions` are
    borders on which they do not.
    """

    def __init__(self, left: Expr, right: Expr, setting: Setting, fuel: int = FUEL) -> None:
        self.setting, self.fuel = setting, fuel
        self.plain = is_plain((left, right), setting)
        self.sides = (left, right)
        if not self.plain:
            self.sides = (with_switches(left, setting), with_switches(right, setting))
        self.work = sum(work(side, setting) for side in self.sides)
        self.exceptions: dict[Relation, None] = {}
        self.agreed = 0
        self._open: list[Place] = []  # where the balls meet without being exact
        self._ties: dict[Relation, bool] = {}

    @cached_property
    def switches(self) -> list[Expr]:
        found = [] if self.plain else switches(self.sides, self.setting)
        return found[:_MOST_SWITCHES]

    @cached_property
    def guards(self) -> tuple[list[Expr], list[Expr]]:
        if self.plain:
            return [], []
        left, right = (guards(side, self.setting) for side in self.sides)
        return left, right

    @cached_property
    def divisors(self) -> tuple[list[Expr], list[Expr]]:
        if self.plain:
            return [], []
        left, right = (divisors(side, self.setting) for side in self.sides)
        return left, right

    @cached_property
    def delicate(self) -> bool:
        """Whether a few points say little: there are cases, or not everything has a value."""
        return bool(self.switches or any(self.guards) or any(self.divisors))

    def first(self) -> Witness | None:
        """One readable point: most different pairs differ there."""
        return self._best(place(self.setting, k, "simple") for k in range(_FIRST))

    def rest(self) -> Witness | None:
        """All the other points at which a difference is looked for in earnest."""
        return self._best(self._places())

    def around(self) -> Witness | None:
        """Both sides of every switch, for a pair that is proved where it has values."""
        simple = (place(self.setting, k, "simple") for k in range(_FIRST, 4))
        return self._best((*simple, *self._on_switches(_BESIDE[:2])))

    def harder(self) -> Witness | None:
        """Farther out and nearer to the ends, and with more bits where balls still meet."""
        manners: tuple[Manner, ...] = ("far", "near")
        outer = (place(self.setting, k, m) for k in range(_SIMPLE) for m in manners)
        return self._best(outer) or self._sharper()

    def borders(self) -> None:
        """Compare exactly on the switches that can be reached: what differs is an exception."""
        for at in self._on_switches((Fraction(),)):
            self._tried(at, _BITS[:1])

    # --- which points ---

    def _places(self) -> Iterator[Place]:
        yield from (place(self.setting, k, "simple") for k in range(_FIRST, _SIMPLE))
        yield from self._on_switches(_BESIDE)
        yield from (place(self.setting, k, "dyadic") for k in range(_DYADIC))

    def _on_switches(self, beside: Iterable[Fraction]) -> Iterator[Place]:
        """Points so far beside the border of a switch that is linear in one of its names."""
        watched = [*self.switches, *(g for gs in self.guards for g in gs)]
        for switch in dict.fromkeys(watched[: 2 * _MOST_SWITCHES]):
            for name in names_to_move(switch, self.setting):
                border = self._border(switch, name)
                for step in beside if border else ():
                    moved = border[name] + step
                    if moved in self.setting.domain(name):
                        yield place(self.setting, 0, "simple", {**border, name: moved})

    def _border(self, switch: Expr, name: Symbol) -> dict[Symbol, Fraction]:
        """Where a switch is zero if only `name` moves, as long as it does so on a line."""
        base = place(self.setting, 0, "simple")
        values = []
        for number in (Fraction(), Fraction(1), Fraction(2)):
            base.chosen[name] = number
            values.append(self._exactly(switch, base))
        zero, one, two = values
        if zero is None or one is None or two is None or zero + two != 2 * one or zero == one:
            return {}
        return {**base.chosen, name: -zero / (one - zero)}

    def _exactly(self, expr: Expr, at: Place) -> Fraction | None:
        value = self._evaluated(expr, at, _BITS[-1])
        if isinstance(value, Gap) or not value.is_exact():
            return None
        mantissa, exponent = value.man_exp()
        if abs(int(exponent)) > _MOST_EXPONENT:
            return None
        return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)

    # --- at one point ---

    def _best(self, places: Iterable[Place]) -> Witness | None:
        """The first point with a difference that shows in the first digits, else the first."""
        found: Witness | None = None
        further = _FURTHER
        for at in places:
            if self.fuel < self.work or not further:
                break
            witness = self._tried(at, _BITS[:1])
            if witness is not None and witness.visible:
                return witness
            found = found or witness
            further -= found is not None
        return found and (self._readable() or found)

    def _readable(self) -> Witness | None:
        """A difference too small to see in the first digits, at a point that is easy to put in."""
        simple = (place(self.setting, k, "simple") for k in range(4))
        return next(filter(None, (self._tried(at, (*_BITS, *_MORE_BITS)) for at in simple)), None)

    def _sharper(self) -> Witness | None:
        """The points where the balls still meet, with more and more bits at fewer of them."""
        for bits, count in zip((*_BITS[1:], *_MORE_BITS), (_DYADIC, 4, 2), strict=True):
            for at in self._open[:count]:
                if self.fuel < self.work * bits // 256:
                    return None
                if witness := self._tried(at, (bits,)):
                    return witness
        return None

    def _tried(self, at: Place, levels: tuple[int, ...]) -> Witness | None:
        """The witness that this place is, if it is one."""
        left, right, differ = self._compared(at, levels)
        if differ and (borders := self._borders(at)):
            self.exceptions.update(dict.fromkeys(borders))
            return None
        if differ is None or not self._inside(at):
            return None
        if not differ:
            self.agreed += 1
            return None
        point = sorted(self._point(at).items(), key=lambda entry: str(entry[0]))
        return Witness(dict(point), *_shown(left, right))

    def _compared(self, at: Place, levels: tuple[int, ...]) -> tuple[Outcome, Outcome, bool | None]:
        """Both values and whether they differ; None where that cannot be said."""
        left: Outcome = Gap.UNKNOWN
        right: Outcome = Gap.UNKNOWN
        for bits in levels:
            self.fuel -= self.work * max(1, bits // 512)
            left, right = (self._outcome(k, at, bits) for k in (0, 1))
            if isinstance(left, Gap) or isinstance(right, Gap):
                one_has_none = Gap.UNDEFINED in (left, right) and left is not right
                known = Gap.UNKNOWN not in (left, right)
                return left, right, True if one_has_none and known else None
            with precision(bits):
                difference = left - right
            if not difference.contains(0):
                return left, right, True
            if difference.is_zero():
                return left, right, False
        if at not in self._open:
            self._open.append(at)
        return left, right, False

    def _outcome(self, side: int, at: Place, bits: int) -> Outcome:
        """The value of a side; `UNDEFINED` where it surely has none, nor has it around here."""
        for guard in self.guards[side]:
            level = self._evaluated(guard, at, bits)
            if isinstance(level, Gap):
                return Gap.UNKNOWN
            if level < 0:
                return Gap.UNKNOWN if self._unwatched else Gap.UNDEFINED
            if not level > 0 and moving(guard, self.setting):
                return Gap.UNKNOWN
        for divisor in self.divisors[side]:
            level = self._evaluated(divisor, at, bits)
            if not isinstance(level, Gap) and level.is_zero():
                return Gap.UNDEFINED
        return self._evaluated(self.sides[side], at, bits)

    @cached_property
    def _unwatched(self) -> bool:
        return unwatched(self.sides, self.setting)

    def _evaluated(self, expr: Expr, at: Place, bits: int) -> Outcome:
        with precision(bits):
            try:
                value = Evaluator(at, at.number).value(expr)
            except (Undefined, ArithmeticError, ValueError):
                return Gap.UNKNOWN
        return value if value.is_finite() else Gap.UNKNOWN

    # --- which borders count, and what the point is called ---

    def _borders(self, at: Place) -> list[Relation]:
        """The comparisons that are a tie here and not around here."""
        return [
            border
            for border in at.borders
            if moving(border, self.setting)
            and not self._tie_around(border, at)
            and not self._tie_everywhere(border)
        ]

    def _tie_around(self, border: Relation, at: Place) -> bool:
        """Whether both sides are one number all around a place, as ReLU's slope is on the left."""
        around = Evaluator(at, at.number)
        with precision(_BITS[0]):
            around.bound = {
                name: ball(value).union(ball(value + _AROUND))
                for name, value in at.chosen.items()
                if not discrete(name, self.setting)
            }
            try:
                one, other = (around.value(term) for term in border.terms)
            except (Undefined, ArithmeticError, ValueError):
                return False
            return bool((one - other).is_zero())

    def _tie_everywhere(self, border: Relation) -> bool:
        """Whether both sides of a comparison are proved equal everywhere, as in |x − x|."""
        if border not in self._ties:
            one, other = border.terms
            self._ties[border] = isinstance(prove(one, other, self.setting), Proof)
        return self._ties[border]

    def _inside(self, at: Place) -> bool:
        """Whether named quantities that have a definition and a domain lie in it, too."""
        return all(
            self._between(name, domain, at)
            for name, domain in self.setting.where.items()
            if name in self.setting.definitions
        )

    def _between(self, name: Symbol, domain: Domain, at: Place) -> bool:
        value = self._evaluated(name, at, _BITS[0])
        if isinstance(value, Gap) or domain.members or domain.integer:
            return False
        above = domain.lower is None or value > ball(domain.lower)
        below = domain.upper is None or value < ball(domain.upper)
        return bool(above and below and not any(value.overlaps(ball(w)) for w in domain.without))

    def _point(self, at: Place) -> dict[Symbol, Fraction]:
        """What was put in: the coordinates, and the free indices of entries."""
        indices = [
            i
            for side in self.sides
            for node in nodes(side)
            if isinstance(node, Symbol)
            for i in node.indices
            if isinstance(i, Symbol)
        ]
        bound = {n.index for side in self.sides for n in nodes(side) if isinstance(n, IndexedSum)}
        free = dict.fromkeys(i for i in indices if i not in bound)
        return {i: index_value(i, at.number).value for i in free} | at.chosen


def _shown(left: Outcome, right: Outcome) -> tuple[tuple[str, str], bool]:
    """Both values with six digits, or as many more as it takes to tell them apart."""
    if isinstance(left, Gap) or isinstance(right, Gap):
        return (_decimal(left, 6), _decimal(right, 6)), True
    visible = bool(abs(left - right) > (abs(left) + abs(right)) * _VISIBLE)
    digits = 6
    while digits < 60 and left.str(digits, radius=False) == right.str(digits, radius=False):
        digits += 6
    return (_decimal(left, digits), _decimal(right, digits)), visible


def _decimal(value: Outcome, digits: int) -> str:
    if isinstance(value, Gap):
        return value.value
    text = str(value.str(digits, radius=False))
    short = value.is_exact() and "." in text and "e" not in text
    return text.rstrip("0").rstrip(".") if short else text
