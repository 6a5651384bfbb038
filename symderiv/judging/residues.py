"""Columns of residues: what an expression is at many random points, modulo one prime.

Here belongs arithmetic only: the choice of the prime, pseudo-random numbers, sums,
products, inverses, roots, and rational relations between columns.  What an expression
means, and which rewriting is allowed, stands in `towers`.

The prime is chosen by a digest of the question, so that no number in a question can be
built to vanish; it is -1 modulo 8·3·5·7·11·13.  Then -1 is no square, those primes are,
and every square has exactly one root that is a square again: squares behave as positive
numbers do.  Each value carries a bound of its degree, since x^p - x vanishes everywhere.

Residues are FLINT's `nmod`: a power to half the prime takes 0.5 µs, with `pow` 9 µs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from functools import cache
from hashlib import blake2b
from math import gcd
from operator import add, mul, neg
from typing import Any, TypeAlias

Residue: TypeAlias = Any  # flint.nmod; python-flint ships no types

_STEP = 8 * 3 * 5 * 7 * 11 * 13
_BITS = 62
FOR_ROOTS = 24  # points: a root of what may be negative has a value at half of them
_SURE = 252  # bits: that a verdict is wrong has a probability below 2^-252
_HIGHEST = 1 << 44  # degree: at most 2^-18 of all points are zeros of what is not zero
_SMALL = 1 << 24  # numerator and denominator of a coefficient in a relation


SQUARE = "A root of what may itself be a square is not proved."
_MOST_SQUARES = 10


class Unprovable(Exception):
    """The proof ends here, for the reason given."""


class FewPoints(Exception):
    """Too many points were given up: another attempt with more is worth it."""


class OtherPrime(Exception):
    """Modulo this prime nothing can be said of a root; another is worth trying."""


@cache
def flint() -> Any:
    """The library, imported when it is first needed: it costs 40 ms."""
    import flint as library  # lazily: see above

    return library


def choose_prime(seed: bytes, squares: Collection[int] = ()) -> int:
    """A prime of 62 bits that `seed` chooses, modulo which these numbers are squares."""
    if len(squares) > _MOST_SQUARES:
        raise Unprovable("There are too many roots of numbers.")
    digest = int.from_bytes(blake2b(seed, digest_size=8).digest(), "big")
    low = (1 << (_BITS - 1)) // _STEP + 1
    p = _STEP * (low + digest % low) - 1
    fmpz = flint().fmpz
    while not (fmpz(p).is_prime() and all(pow(n, p // 2, p) == 1 for n in squares)):
        p += _STEP
    return p


class Value:
    """Residues at the points, with bounds for the degrees of numerator and denominator."""

    __slots__ = ("bottom", "column", "top")

    def __init__(self, column: list[Residue], top: int = 0, bottom: int = 0) -> None:
        self.column, self.top, self.bottom = column, top, bottom


class Field:
    """Columns over one prime; `width` points at first, of which some may be given up."""

    def __init__(self, prime: int, width: int, seed: bytes, fuel: int) -> None:
        self.p, self.width, self.fuel = prime, width, fuel
        self._seed, self._count = seed, 0
        self._highest, self._narrow = 1, width < FOR_ROOTS
        self._all: list[Value] = []
        self._nmod = flint().nmod
        self._one = self._nmod(1, prime)

    def spend(self, amount: int) -> None:
        """Count work; the proof ends where the fuel does."""
        self.fuel -= amount
        if self.fuel < 0:
            raise Unprovable("The fuel is spent: the expressions are too large to be proved equal.")

    def new(self, column: list[Residue], top: int, bottom: int) -> Value:
        """A value that forgets the points which are given up."""
        if top + bottom > self._highest:
            self._highest = top + bottom
            if self._highest > _HIGHEST:
                raise Unprovable("The degrees are too high for a proof by points.")
        self.spend(len(column))
        value = Value(column, top, bottom)
        self._all.append(value)
        return value

    def random(self) -> list[Residue]:
        """One pseudo-random residue for each point."""
        numbers: list[Residue] = []
        nmod, p = self._nmod, self.p
        while len(numbers) < self.width:
            digest = blake2b(self._count.to_bytes(8, "big"), key=self._seed[:64]).digest()
            self._count += 1
            numbers += [
                nmod(int.from_bytes(digest[k : k + 8], "big") % (p - 2) + 1, p)
                for k in range(0, 64, 8)
            ]
        return numbers[: self.width]

    def free(self, sign: int | None = None) -> Value:
        """An independent quantity; one of known sign is plus or minus a square."""
        column = self.random()
        if sign is None:
            return self.new(column, 1, 0)
        squares = list(map(mul, column, column))
        return self.new(squares if sign > 0 else list(map(neg, squares)), 2, 0)

    def number(self, value: Fraction) -> Value:
        """A rational number."""
        residue = self._nmod(value.numerator, self.p)
        if value.denominator != 1:
            if value.denominator % self.p == 0:
                raise Unprovable("A number does not suit the prime.")
            residue /= self._nmod(value.denominator, self.p)
        return self.new([residue] * self.width, 0, 0)

    def keep(self, indices: Sequence[int]) -> None:
        """Give up all other points."""
        if len(indices) == self.width:
            return
        if len(indices) < 4:
            raise FewPoints
        self.width = len(indices)
        self.spend(len(self._all))
        for value in self._all:
            value.column = [value.column[k] for k in indices]

    def few(self) -> None:
        """Ask for another attempt where this one has not as many points as roots need."""
        if self._narrow:
            raise FewPoints

    @property
    def decisive(self) -> bool:
        """Whether values of these degrees that agree at all these points are surely equal.

        Two of degree d agree by chance at a point with a probability below 2d/p, and p is
        at least 2^61; four bits more, since some of the points may have been given up.
        """
        return self.width * (_BITS - 6 - self._highest.bit_length()) >= _SURE

    def is_zero(self, value: Value) -> bool:
        """Whether the value vanishes at every point."""
        return not any(value.column)

    def add(self, values: Sequence[Value]) -> Value:
        """The sum."""
        column, top, bottom = values[0].column, values[0].top, values[0].bottom
        for v in values[1:]:
            top, bottom = max(top + v.bottom, v.top + bottom), bottom + v.bottom
            column = list(map(add, column, v.column))
        self.spend(len(values) * self.width)
        return self.new(column, top, bottom)

    def multiply(self, one: Value, other: Value) -> Value:
        """The product of two."""
        column = list(map(mul, one.column, other.column))
        return self.new(column, one.top + other.top, one.bottom + other.bottom)

    def product(self, values: Iterable[Value]) -> Value:
        """The product of any number."""
        total: Value | None = None
        for value in values:
            total = value if total is None else self.multiply(total, value)
        return self.number(Fraction(1)) if total is None else total

    def scaled(self, value: Value, factor: int) -> Value:
        """A multiple by a whole number."""
        if factor == -1:
            return self.new(list(map(neg, value.column)), value.top, value.bottom)
        times = self._nmod(factor, self.p)
        return self.new([a * times for a in value.column], value.top, value.bottom)

    def inverse(self, value: Value) -> Value | None:
        """One over the value; None where it is zero everywhere.  Points at which it is are left."""
        if not all(value.column):
            if self.is_zero(value):
                return None
            self.keep([k for k, a in enumerate(value.column) if a])
        one = self._one
        return self.new([one / a for a in value.column], value.bottom, value.top)

    def power(self, value: Value, exponent: int) -> Value | None:
        """A power with a whole exponent; None for a negative one of zero."""
        if exponent < 0:
            inverted = self.inverse(value)
            return None if inverted is None else self.power(inverted, -exponent)
        if exponent == 1:
            return value
        p = self.p
        self.spend(self.width * exponent.bit_length() // 8)
        if max(value.top, value.bottom, 1) * exponent > _HIGHEST and any(
            a not in (0, 1, p - 1) for a in value.column
        ):
            raise Unprovable("The degrees are too high for a proof by points.")
        if exponent == 2:
            column = list(map(mul, value.column, value.column))
        else:
            column = [a**exponent for a in value.column]
        return self.new(column, value.top * exponent, value.bottom * exponent)

    def turns(self, x: Value, y: Value, count: int) -> tuple[Value, Value]:
        """A point of the circle turned by itself so often: cos and sin of a multiple."""
        found = []
        bits = bin(abs(count))[3:]
        self.spend(self.width * (len(bits) + 1))
        for a, b in zip(x.column, y.column, strict=True):
            b = b if count > 0 else -b
            c, s = a, b
            for bit in bits:
                both = c * s
                c, s = c * c - s * s, both + both
                if bit == "1":
                    c, s = c * a - s * b, c * b + s * a
            found.append((c, s))
        top, bottom = (max(x.top, y.top) * abs(count), max(x.bottom, y.bottom) * abs(count))
        return (
            self.new([c for c, _ in found], top, bottom),
            self.new([s for _, s in found], top, bottom),
        )

    def squares(self, value: Value) -> list[int]:
        """The points at which the value is a square."""
        half, one = (self.p - 1) // 2, self._one
        self.spend(4 * self.width)
        return [k for k, a in enumerate(value.column) if a**half == one]

    def root(self, value: Value, order: int) -> Value:
        """The root that is a square, of a value that is a square at every point."""
        p, odd = self.p, order
        exponent = 1
        while odd % 2 == 0:
            odd //= 2
            exponent = exponent * (p + 1) // 4 % ((p - 1) // 2)
        if gcd(odd, p - 1) != 1:
            raise Unprovable(f"Roots of order {order} are not proved.")
        exponent = exponent * pow(odd, -1, (p - 1) // 2) % ((p - 1) // 2)
        self.spend(4 * self.width)
        column = [a**exponent for a in value.column]
        return self.new(column, 2 * value.top, 2 * value.bottom)

    def relation(self, basis: Sequence[Value], value: Value) -> list[Fraction] | None:
        """The rational coefficients by which `basis` gives `value`; None where there are none."""
        if len(basis) > self.width - 4:
            raise FewPoints
        self.spend(self.width * (len(basis) + 1) ** 2 // 4)
        rows = [[b.column[k] for b in basis] + [value.column[k]] for k in range(self.width)]
        count, done = len(basis), 0
        for column in range(count):
            pivot = next((k for k in range(done, len(rows)) if rows[k][column]), None)
            if pivot is None:
                return None
            rows[done], rows[pivot] = rows[pivot], rows[done]
            scale = self._one / rows[done][column]
            rows[done] = lead = [a * scale for a in rows[done]]
            for k, row in enumerate(rows):
                if k != done and row[column]:
                    factor = row[column]
                    rows[k] = [a - factor * b for a, b in zip(row, lead, strict=True)]
            done += 1
        if any(row[count] for row in rows[done:]):
            return None
        found = [rational(rows[k][count], self.p) for k in range(count)]
        return None if None in found else [c for c in found if c is not None]


def rational(residue: Residue, p: int) -> Fraction | None:
    """The fraction of small numbers that a residue stands for, if there is one."""
    a, b, u, v = p, int(residue), 0, 1
    while b > _SMALL:
        q = a // b
        a, b, u, v = b, a - q * b, v, u - q * v
    if not 0 < abs(v) <= _SMALL:
        return None
    return Fraction(b, v)
