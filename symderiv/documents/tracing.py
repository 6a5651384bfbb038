"""A function of the catalogue as a curve: where it is drawn, what is held, its values there.

Values come from the judge's rigorous evaluation and from nothing else.  A place at which a
curve breaks is known from the derivation (a kink), from the domain (an end, a point left
out), or found by halving where two neighbouring samples do not fit; what stands on its two
sides is evaluated next to it.  How curves are drawn stands in `plotting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import copysign
from typing import Final, NamedTuple, TypeAlias

from symderiv.catalogue.families import Functions
from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.documents.curves import Break
from symderiv.judging.balls import Evaluator, Plans, Undefined
from symderiv.judging.places import readable
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.language.build import symbol
from symderiv.language.domains import REALS, Domain, read_domain
from symderiv.language.expressions import Expr, Number, Relation, Symbol
from symderiv.language.walks import substitute, symbols_in

Curve: TypeAlias = Callable[[Fraction], "float | None"]

FAR: Final = 1e12
"""What stands for a value that grows without bound."""
_BITS: Final = 128
_BITS_OF_LIMITS: Final = 768
_STEPS: Final = 240
_HALVINGS: Final = 70
_NEAR: Final = (Fraction(1, 2**80), Fraction(1, 2**160))  # of a place that is exact
_BESIDE: Final = (Fraction(1, 10**10), Fraction(1, 10**12))  # of one that is not
_SAME: Final = 1e-6
_HALF_WIDTH: Final = Fraction(4)
_COUNT: Final = Symbol("n")
_MARGIN: Final = Fraction(1, 12)  # of the width, beyond an end of the domain


class Window(NamedTuple):
    """From where to where the variable runs in the picture."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, eq=False)
class Traced:
    """A function along its variable, with numbers for everything else.

    `derivation` is that of its slope, where there is one: its kinks are known places.
    """

    function: Function
    derivation: Derivation | None = None
    _plans: Plans = field(default_factory=dict)
    _values: dict[Fraction, float | None] = field(default_factory=dict)

    # what is drawn

    @cached_property
    def variable(self) -> Symbol:
        """What runs: the variable of the slope, an entry with its number."""
        return self._numbered(self.function.variable)

    @cached_property
    def value(self) -> Expr:
        """The function as the picture names it, with numbers for its indices."""
        below = {a: Number("1") for a in self.function.arguments if a in self._indices}
        return substitute(self.function.applied, dict(below.items()))

    @cached_property
    def _indices(self) -> dict[Expr, Expr]:
        """Each free index stands for the first entry."""
        function = self.function
        below = function.arguments[len(function.arguments) - function.below :]
        return dict.fromkeys((*below, *function.variable.indices), Number("1"))

    def _numbered(self, entry: Symbol) -> Symbol:
        if not entry.indices:
            return entry
        stem = Symbol(entry.name, entry.accent, entry.layer)
        return stem.at(*(self._indices.get(index, index) for index in entry.indices))

    @cached_property
    def domain(self) -> Domain:
        """Where the variable may lie: as stated for it, or for its vector."""
        return Setting(where=self.function.domains).domain(self.variable)

    @cached_property
    def _drawn(self) -> dict[Symbol, Domain]:
        return {_spelled(name): read_domain(text) for name, text in self.function.drawn.items()}

    @cached_property
    def held(self) -> dict[Symbol, Fraction]:
        """The numbers of what does not run: as declared, else a framework's, else plain ones."""
        found = {symbol(name): Fraction(text) for name, text in self.function.defaults.items()}
        found |= {name: at.members[0] for name, at in self._drawn.items() if at.members}
        for name in self._others():
            found.setdefault(name, _usual(self.function.domains.get(name, REALS)))
        for vector in self.function.vectors:
            domain = self.function.domains.get(vector, REALS)
            count = int(found[_COUNT])
            share = Fraction(1, count) if domain.over else _usual(domain)
            for k in range(1, count + 1):
                found.setdefault(vector.at(Number(str(k))), share)
        return {name: found[name] for name in sorted(found, key=str) if name is not self.variable}

    def _others(self) -> Iterator[Symbol]:
        """The names in definition and slope that are no entries."""
        function = self.function
        skipped = {*function.vectors, *self._indices, self.variable}
        names = {*function.arguments, *function.parameters, *symbols_in(function.claim)}
        names |= {_COUNT} if function.vectors else set()
        yield from (s for s in sorted(names - skipped, key=str) if not s.indices)

    @cached_property
    def window(self) -> Window:
        """As declared, else the domain with a margin, else around 0 with every kink inside."""
        chosen = self._drawn.get(self.variable)
        if chosen is not None and chosen.lower is not None and chosen.upper is not None:
            return Window(chosen.lower, chosen.upper)
        low, high = self.domain.lower, self.domain.upper
        if low is not None and high is not None:
            extra = (high - low) * _MARGIN
            return Window(low - extra, high + extra)
        if low is not None:
            return Window(low - _HALF_WIDTH * _MARGIN, low + _HALF_WIDTH)
        if high is not None:
            return Window(high - _HALF_WIDTH, high + _HALF_WIDTH * _MARGIN)
        reach = max([_HALF_WIDTH, *(abs(place) * 5 / 3 for place in self.kinks)])
        return Window(-reach, reach)

    # values

    def number(self, expr: Expr, place: Fraction) -> float | None:
        """The value of `expr` where the variable is at `place`, None where it has none."""
        with precision(_BITS):
            found = self._mean(expr, place)
        return None if found is None else max(-FAR, min(FAR, found))

    def _mean(self, expr: Expr, place: Fraction) -> float | None:
        """The middle of the ball, in the precision that is set; infinite where it is large."""
        domain = self.domain
        below = domain.lower is not None and place < domain.lower
        if below or (domain.upper is not None and place > domain.upper):
            return None
        try:
            value = self._evaluator(place).value(expr)
        except (Undefined, ValueError, ZeroDivisionError):
            return None
        return float(value.mid()) if value.is_finite() else None

    def _evaluator(self, place: Fraction) -> Evaluator:
        where = {name: Domain(members=(at,)) for name, at in self.held.items()}
        setting = Setting(self._functions, where | {self.variable: Domain(members=(place,))})
        return Evaluator(setting, 0, indices=self._indices, plans=self._plans)

    @cached_property
    def _functions(self) -> Mapping[str, Function]:
        return Functions(shipped().functions).also(self.function)

    def value_at(self, place: Fraction) -> float | None:
        """The value of the function; its slope is asked for at the same places."""
        if place not in self._values:
            self._values[place] = self.number(self.function.applied, place)
        return self._values[place]

    def slope_at(self, place: Fraction) -> float | None:
        """The slope: none at the ends of the domain, where a point is left out, or at a kink."""
        if place not in self.domain or place in self.kinks or self.value_at(place) is None:
            return None
        return self.number(self.function.claim, place)

    def limit(self, expr: Expr, place: Fraction, side: int) -> float | None:
        """What `expr` comes to from one side; `FAR` with its sign where it grows without bound."""
        steps = _NEAR if place.denominator < 2**32 else _BESIDE
        with precision(_BITS_OF_LIMITS):
            there = [self._mean(self.function.applied, place + side * step) for step in steps]
            one, two = (self._mean(expr, place + side * step) for step in steps)
        if one is None or two is None or None in there:  # no slope where there is no value
            return None
        grows = abs(one - two) > _SAME * (1 + abs(two))
        return copysign(FAR, two) if grows else two

    # where it breaks

    @cached_property
    def kinks(self) -> tuple[Fraction, ...]:
        """Where the derivation found a kink or a jump."""
        kinks = self.derivation.kinks if self.derivation else ()
        places = (self._solved(kink.at) for kink in kinks if not kink.is_smooth)
        return tuple(place for place in places if place is not None)

    def _solved(self, equation: Relation) -> Fraction | None:
        """The place at which a linear equation holds, None where it is not linear."""
        gap = equation.terms[0] - equation.terms[1]
        one, two = (self.number(gap, Fraction(k)) for k in (0, 1))
        if one is None or two is None or one == two:
            return None
        place = _simple(Fraction(one) / (Fraction(one) - Fraction(two)))
        there = self.number(gap, place)
        return place if there is not None and abs(there) < _SAME else None

    @cached_property
    def _places(self) -> tuple[Fraction, ...]:
        """Every place in the window where one of the two curves may break."""
        low, high = self.window
        ends = [end for end in (self.domain.lower, self.domain.upper) if end is not None]
        known = [*self.kinks, *self.domain.without, *ends]
        for curve in (self.value_at, self.slope_at):
            known += [p for p in self._found(curve) if all(abs(p - k) > 1e-9 for k in known)]
        return tuple(sorted({place for place in known if low <= place <= high}))

    def _found(self, curve: Curve) -> Iterator[Fraction]:
        """Places at which neighbouring samples do not fit, found by halving."""
        low, high = self.window
        grid = [low + (high - low) * k / _STEPS for k in range(_STEPS + 1)]
        samples = [(at, curve(at)) for at in grid]
        heights = sorted(v for _, v in samples if v is not None)
        least = (heights[-len(heights) // 10] - heights[len(heights) // 10]) / 50 if heights else 0
        for (a, va), (b, vb) in pairwise(samples):
            both = va is not None and vb is not None
            if (va is None) != (vb is None) or (both and abs(vb - va) > least):  # type: ignore[operator]
                place = _halved(curve, (a, va), (b, vb), least / 20)
                if place is not None:
                    yield place

    @cached_property
    def _broken(self) -> tuple[tuple[Break, Break], ...]:
        """Each place with what happens there to the function, and to its slope."""
        value, slope = self.function.applied, self.function.claim
        return tuple(
            (
                self._break(value, place, self.value_at(place)),
                self._break(slope, place, self.slope_at(place)),
            )
            for place in self._places
        )

    @cached_property
    def breaks(self) -> tuple[tuple[Break, ...], tuple[Break, ...]]:
        """The breaks of the function and of its slope, kinks of the function too."""
        values = tuple(v for v, s in self._broken if not _whole(v) or _steps(s))
        slopes = tuple(s for v, s in self._broken if not (_whole(s) or _closes(v, s)))
        return values, slopes

    @cached_property
    def closed(self) -> dict[float, float]:
        """The slope where the claim leaves it open and both sides agree after all."""
        return {s.x: s.left for v, s in self._broken if s.left is not None and _closes(v, s)}

    def curve(self, place: float) -> float | None:
        """The function for a plot."""
        return self.value_at(Fraction(place))

    def slope_curve(self, place: float) -> float | None:
        """The slope for a plot."""
        return self.closed.get(place, self.slope_at(Fraction(place)))

    def _break(self, expr: Expr, place: Fraction, there: float | None) -> Break:
        left, right = (_like(self.limit(expr, place, side), there) for side in (-1, 1))
        value = None if there is not None and abs(there) >= FAR else there
        return Break(float(place), left, _like(right, left), value)


def _like(value: float | None, other: float | None) -> float | None:
    """A limit as the number that it is equal to, but for rounding."""
    near = value is not None and other is not None and abs(value - other) < _SAME * (1 + abs(other))
    return other if near else value


def _steps(slope: Break) -> bool:
    """Whether a slope has a value on either side, and not the same."""
    return None not in (slope.left, slope.right) and slope.left != slope.right


def _closes(value: Break, slope: Break) -> bool:
    """Whether there is a slope though none is claimed: a continuous function has the one to
    which the slopes on both sides come."""
    left, there = slope.left, slope.value
    return (
        _whole(value)
        and there is None
        and left == slope.right
        and left is not None
        and abs(left) < FAR
    )


def _whole(place: Break) -> bool:
    """Whether nothing breaks: both limits are the value."""
    return place.left is not None and place.left == place.right == place.value


def _usual(domain: Domain) -> Fraction:
    """A plain number in a domain: 1, or else one that is easily put in by hand."""
    if domain.members:
        return domain.members[-1]
    return Fraction(1) if Fraction(1) in domain else readable(domain)[0]


def _spelled(name: str) -> Symbol:
    """A name of `drawn`: `z`, or the entry `z_1`."""
    stem, _, index = name.partition("_")
    return symbol(stem).at(Number(index)) if index else symbol(stem)


def _simple(place: Fraction) -> Fraction:
    """The short fraction that a place is, but for rounding; else the place."""
    short = place.limit_denominator(1000)
    return short if abs(short - place) < Fraction(1, 10**12) else place


def _halved(
    curve: Curve,
    start: tuple[Fraction, float | None],
    end: tuple[Fraction, float | None],
    least: float,
) -> Fraction | None:
    """The place between two samples where the curve jumps or ends, None where it does neither.

    A change below `least` is not looked at: halved so often, a slope comes to nothing.
    """
    (a, va), (b, vb) = start, end
    for _ in range(_HALVINGS):
        middle = (a + b) / 2
        there = curve(middle)
        if (va is None) != (vb is None):
            a, va, b, vb = (middle, there, b, vb) if (there is None) == (va is None) else (
                a, va, middle, there)  # fmt: skip
            continue
        if there is None or va is None or vb is None:
            return _simple(middle)
        if abs(vb - va) < least:
            return None
        if abs(there - va) > abs(vb - there):
            b, vb = middle, there
        else:
            a, va = middle, there
    apart = va is None or vb is None or abs(vb - va) > _SAME * (1 + min(abs(va), abs(vb)))
    return _simple(b) if apart else None
