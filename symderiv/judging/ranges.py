"""Intervals, and what functions make of them: bounds that certainly hold.

Ends are fractions or infinite, and `closed` says at each end whether the end itself may be
a value.  Sums, products and powers are exact; the ends of exp, log, sqrt, sin are balls of
Arb, rounded outward.  Here belongs arithmetic only: what is known to lie where stands in
`bounds` and `regions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from symderiv.judging.residues import flint
from symderiv.language.domains import Domain

INFINITE = float("inf")
End: TypeAlias = "Fraction | float"
_BITS = 64
_LARGEST = 1 << _BITS
_EXACT = {"exp": (0, 1), "log": (1, 0), "sqrt": (0, 0), "atan": (0, 0), "asin": (0, 0)}
"""A point at which each of the rising functions has an exact value, and that value."""
_LIMITS = {"exp": (0, INFINITE), "log": (-INFINITE, INFINITE), "sqrt": (0, INFINITE)}


@dataclass(frozen=True)
class Range:
    """An interval; `closed` says at each end whether the end itself is a value."""

    low: End = -INFINITE
    high: End = INFINITE
    closed: tuple[bool, bool] = (False, False)

    @property
    def sign(self) -> int | None:
        """1 or -1 where all values have that sign, or are zero at most on the way; else None."""
        if self.low >= 0:
            return 1
        return -1 if self.high <= 0 else None

    @property
    def avoids_zero(self) -> bool:
        """Whether no value is zero."""
        if self.low > 0 or self.high < 0:
            return True
        return (self.low == 0 and not self.closed[0]) or (self.high == 0 and not self.closed[1])

    @property
    def touches_zero(self) -> bool:
        """Whether an end is zero and a value."""
        return (self.low == 0 and self.closed[0]) or (self.high == 0 and self.closed[1])

    @property
    def empty(self) -> bool:
        """Whether there is no open interval."""
        return self.low >= self.high

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low, self.closed[::-1])

    def __add__(self, other: Range) -> Range:
        low, high = self.low + other.low, self.high + other.high
        closed = tuple(a and b for a, b in zip(self.closed, other.closed, strict=True))
        return Range(low, high, closed)  # type: ignore[arg-type]

    def __mul__(self, other: Range) -> Range:
        ends = [
            _end(a, b, c and d)
            for a, c in zip((self.low, self.high), self.closed, strict=True)
            for b, d in zip((other.low, other.high), other.closed, strict=True)
        ]
        ends += [(Fraction(), True)] * (self.touches_zero or other.touches_zero)
        low, high = min(e[0] for e in ends), max(e[0] for e in ends)
        at = [any(e[0] == end and e[1] for e in ends) for end in (low, high)]
        return Range(low, high, (at[0], at[1]))


def _end(a: End, b: End, closed: bool) -> tuple[End, bool]:
    return (Fraction(), closed) if a == 0 or b == 0 else (a * b, closed)


ANYTHING = Range()
UNIT = Range(Fraction(-1), Fraction(1), (True, True))
POSITIVE = Range(Fraction())
NOT_NEGATIVE = Range(Fraction(), closed=(True, False))


def point(value: Fraction) -> Range:
    """One number."""
    return Range(value, value, (True, True))


def of_domain(domain: Domain) -> Range:
    """The interval in which a domain lies."""
    if domain.members:
        return Range(min(domain.members), max(domain.members), (True, True))
    low = -INFINITE if domain.lower is None else domain.lower
    high = INFINITE if domain.upper is None else domain.upper
    return Range(low, high, domain.closed)


def both(one: Range, other: Range) -> Range:
    """What lies in two intervals."""
    low, below = max((one.low, not one.closed[0]), (other.low, not other.closed[0]))
    high, above = min((one.high, one.closed[1]), (other.high, other.closed[1]))
    return Range(low, high, (not below, above))


def hull(one: Range, other: Range) -> Range:
    """The interval around two."""
    low, below = min((one.low, not one.closed[0]), (other.low, not other.closed[0]))
    high, above = max((one.high, one.closed[1]), (other.high, other.closed[1]))
    return Range(low, high, (not below, above))


def absolute(u: Range) -> Range:
    """|u|."""
    if u.sign is not None:
        return u if u.sign > 0 else -u
    return both(hull(u, -u), NOT_NEGATIVE)


def inverse(u: Range) -> Range:
    """1/u, where it has a value."""
    if u.sign is None:
        return ANYTHING
    if u.sign < 0:
        return -inverse(-u)
    low, high = _over(u.high), _over(u.low)
    return Range(low, high, (u.closed[1] and low > 0, u.closed[0] and high < INFINITE))


def _over(end: End) -> End:
    if end == 0:
        return INFINITE
    return Fraction() if end == INFINITE else 1 / end


def power(base: Range, exponent: Fraction) -> Range:
    """The range of a power with a constant exponent; an odd root may be negative."""
    if exponent < 0:
        return inverse(power(base, -exponent))
    if exponent.denominator != 1:
        if exponent.denominator % 2 == 0 or base.low >= 0:
            return _root(base)
        if exponent.numerator % 2 == 0:
            return _root(absolute(base))
        return -_root(-base) if base.high <= 0 else ANYTHING
    count = int(exponent)
    if count == 0:
        return point(Fraction(1))
    if count > _BITS:
        return NOT_NEGATIVE if count % 2 == 0 or base.low >= 0 else ANYTHING
    if count % 2 == 0:
        base = absolute(base)
    return Range(base.low**count, base.high**count, base.closed)


def _root(base: Range) -> Range:
    """A power with a fraction for its exponent: on which side of 1 it is."""
    base = both(base, NOT_NEGATIVE)
    low = Fraction(1 if base.low >= 1 else 0)
    high = Fraction(1) if base.high <= 1 else INFINITE
    return Range(low, high, (base.closed[0] if base.low == low else False, high == 1))


# --- functions -----------------------------------------------------------------------------


def rising(name: str, u: Range) -> Range:
    """exp, log, sqrt, atan or asin of an interval in which it has values."""
    (low, below), (high, above) = (_value(name, end, k) for k, end in enumerate((u.low, u.high)))
    return Range(low, high, (below and u.closed[0], above and u.closed[1]))


def _value(name: str, end: End, side: int) -> tuple[End, bool]:
    """A bound of the function on one side, and whether it is exact."""
    place, exactly = _EXACT[name]
    if end == place:
        return Fraction(exactly), True
    if abs(end) == INFINITE or (end == 0 and name == "log"):
        return _LIMITS.get(name, (-2, 2))[side], False
    return _ends(getattr(_ball(end), name)())[side], False


def periodic(name: str, u: Range) -> Range:
    """sin, cos or tan of an interval."""
    whole = ANYTHING if name == "tan" else UNIT
    if abs(u.low) == INFINITE or abs(u.high) == INFINITE:
        return whole
    ball = _ball(u.low) if u.low == u.high else _ball(u.low).union(_ball(u.high))
    return both(whole, Range(*_ends(getattr(ball, name)()), (True, True)))


def tangent_of_half(angle: Range, twelfths: int) -> Range:
    """The tangent of half of so many twelfths of an angle."""
    return periodic("tan", coarse(angle * point(Fraction(twelfths, 24))))


def _ball(value: End) -> Any:
    library = flint()
    exact = Fraction(value)
    return library.arb(library.fmpq(exact.numerator, exact.denominator))


def _ends(ball: Any) -> tuple[End, End]:
    """The ends of a ball, rounded outward."""
    if not ball.is_finite():
        return -INFINITE, INFINITE
    return _dyadic(ball.lower(), -1), _dyadic(ball.upper(), 1)


def _dyadic(end: Any, way: int) -> End:
    mantissa, exponent = map(int, end.man_exp())
    if mantissa.bit_length() + exponent > 2 * _BITS:  # sizes that nobody writes out
        exponent = 2 * _BITS
    elif exponent < -8 * _BITS:
        mantissa, exponent = (mantissa > 0) - (mantissa < 0), -8 * _BITS
    return _rounded(Fraction(mantissa) * Fraction(2) ** exponent, way)


def coarse(u: Range) -> Range:
    """An interval around `u` whose ends are short; short ones stay."""
    low, high = _rounded(u.low, -1), _rounded(u.high, 1)
    if low is u.low and high is u.high:
        return u
    return Range(low, high, (u.closed[0] and low == u.low, u.closed[1] and high == u.high))


def _rounded(end: End, way: int) -> End:
    """A number that is no larger (`way` -1) or no smaller (1) and has few digits."""
    if not isinstance(end, Fraction) or (
        max(end.numerator.bit_length(), end.denominator.bit_length()) <= 2 * _BITS
    ):
        return end
    if abs(end) >= _LARGEST:
        return INFINITE * way if (end > 0) == (way > 0) else Fraction(-_LARGEST * way)
    return Fraction(-(-end.numerator * way * _LARGEST // end.denominator) * way, _LARGEST)
