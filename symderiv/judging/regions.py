"""Regions of the domain: which factors are positive there, which negative, which cannot vanish.

A region is a set of facts "this factor is positive" or "negative".  Facts about one
symbol narrow its interval; the range of any polynomial follows by interval arithmetic.
What is not certain is not said: then the region is split.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from symderiv.judging.factors import Key
from symderiv.language.domains import Domain

INFINITE = float("inf")
End: TypeAlias = "Fraction | float"


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
    def empty(self) -> bool:
        """Whether there is no open interval."""
        return self.low >= self.high

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
        zero = (Fraction(), True)
        for one, two in ((self, other), (other, self)):
            if (one.low == 0 and one.closed[0]) or (one.high == 0 and one.closed[1]):
                ends.append(zero)
            del two
        low, high = min(e[0] for e in ends), max(e[0] for e in ends)
        at = [any(e[0] == end and e[1] for e in ends) for end in (low, high)]
        return Range(low, high, (at[0], at[1]))


def _end(a: End, b: End, closed: bool) -> tuple[End, bool]:
    return (Fraction(), closed) if a == 0 or b == 0 else (a * b, closed)


def point(value: Fraction) -> Range:
    """One number."""
    return Range(value, value, (True, True))


POSITIVE = Range(Fraction())
NOT_NEGATIVE = Range(Fraction(), closed=(True, False))


def of_domain(domain: Domain) -> Range:
    """The interval in which a domain lies."""
    if domain.members:
        return Range(min(domain.members), max(domain.members), (True, True))
    low = -INFINITE if domain.lower is None else domain.lower
    high = INFINITE if domain.upper is None else domain.upper
    return Range(low, high, domain.closed)


def power(base: Range, exponent: Fraction) -> Range:
    """The range of a power with a positive exponent, a fraction only of positive bases."""
    if exponent.denominator != 1:
        return POSITIVE
    count = int(exponent)
    if count > 64:
        return NOT_NEGATIVE if count % 2 == 0 else Range()
    if count % 2 == 0 and base.low < 0 < base.high:
        far = max(-base.low, base.high)
        met = any(
            c and abs(e) == far for e, c in zip((base.low, base.high), base.closed, strict=True)
        )
        return Range(Fraction(), far**count, (True, met))
    ends = sorted(
        ((base.low**count, base.closed[0]), (base.high**count, base.closed[1])),
        key=lambda end: end[0],
    )
    return Range(ends[0][0], ends[1][0], (ends[0][1], ends[1][1]))


def range_of(key: Key, atom: Callable[[int], Range]) -> Range:
    """The interval that certainly holds all values of a polynomial."""
    total: Range | None = None
    for monomial, coefficient in key:
        term = point(Fraction(coefficient))
        for number, exponent in monomial:
            term = term * power(atom(number), exponent)
        total = term if total is None else total + term
    assert total is not None  # noqa: S101 (a key has terms)
    return _without_roots(key, total)


def _without_roots(key: Key, found: Range) -> Range:
    """A quadratic in one atom without real roots has one sign."""
    atoms = {n for monomial, _ in key for n, _ in monomial}
    if found.sign is not None or len(atoms) != 1 or len(key) != 3:
        return found
    terms = {monomial[0][1] if monomial else Fraction(): c for monomial, c in key}
    (zero, c), (low, b), (high, a) = sorted(terms.items())
    if zero == 0 and high == 2 * low and b * b < 4 * a * c:
        return Range(0, found.high) if c > 0 else Range(found.low, 0)
    return found


def linear(key: Key) -> tuple[int, Fraction] | None:
    """The atom and the root of a polynomial a·s + b."""
    if len(key) > 2 or len(key[-1][0]) != 1 or key[-1][0][0][1] != 1:
        return None
    if len(key) == 2 and key[0][0] != ():
        return None
    level = key[0][1] if len(key) == 2 else 0
    return key[-1][0][0][0], Fraction(-level, key[-1][1])


def narrowed(found: Range, root: Fraction, sign: int) -> Range:
    """The part of an interval on one side of a root."""
    if sign > 0:
        low, closed = (root, False) if root >= found.low else (found.low, found.closed[0])
        return Range(low, found.high, (closed, found.closed[1]))
    high, closed = (root, False) if root <= found.high else (found.high, found.closed[1])
    return Range(found.low, high, (found.closed[0], closed))
