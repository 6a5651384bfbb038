"""Generators: exponentials, logarithms, roots and angles as free or algebraic quantities.

exp has one unit for each rationally independent exponent, log one quantity for each
irreducible factor, sin and cos a point of the circle for each independent angle.  A root
is entered only if its radicand is certainly no square already: with the other sign it
would prove what is false.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from symderiv.judging.atoms import TWELFTH, Key
from symderiv.judging.factors import Factored
from symderiv.judging.forms import Forms, entries
from symderiv.judging.ground import PENDING, ROOTS_OF_E, UNDEFINED
from symderiv.judging.residues import SQUARE, OtherPrime, Unprovable, Value, flint
from symderiv.judging.slopes import ONE
from symderiv.language.build import PI, E
from symderiv.language.expressions import (
    Apply,
    Constant,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)


class Generators(Forms):
    """A ground on which functions have values."""

    def _exponential(self, node: Expr, written: Expr, exponent: Value) -> Value:
        """exp of a value: a power product of units, one for each independent exponent."""
        basis, numbers = self._exponents, self.field
        logs = [(key, log) for key, log in self._logs.items() if any(log.column)]
        coefficients = self._coefficients(exponent, [*basis.values, *(v for _, v in logs)])
        if coefficients is None:
            basis.exprs.append(written)
            basis.values.append(exponent)
            unit = numbers.free(1)
            basis.units.append((unit,))
            logs, coefficients = [], [*[Fraction()] * (len(basis.values) - 1), Fraction(1)]
        used = list(zip(basis.exprs, coefficients, strict=False))
        exponents = [(b, c) for b, c in used if c]
        held = zip((key for key, _ in logs), coefficients[len(basis.values) :], strict=True)
        powers = [(key, c) for key, c in held if c]
        if powers:
            self._exponent_parts[node] = exponents, powers
        else:
            self._leaves[node] = ("exp", exponents, None)
        factors: list[Value] = []
        for (unit,), c in zip(basis.units, coefficients, strict=False):
            if c:
                factors.append(self._whole_power(unit, int(c * ROOTS_OF_E)))
        factors += [self._size_power(key, c) for key, c in powers]
        return PENDING if PENDING in factors else numbers.product(factors)

    def _coefficients(self, exponent: Value, basis: list[Value]) -> list[Fraction] | None:
        """How the basis gives an exponent, in multiples that have a value."""
        if not any(exponent.column):
            return [Fraction()] * len(basis)
        for way in (self.field.relation, self.field.short_relation):
            found = way(basis, exponent)
            if found is not None and not any(ROOTS_OF_E % c.denominator for c in found):
                return found
        return None

    def _logarithm(self, factors: Factored) -> Value:
        """log of the absolute value."""
        numbers = self.field
        terms: list[Value] = [numbers.number(Fraction(0))]
        for key, power in entries(factors):
            if power:
                if key not in self._logs:
                    self._logs[key] = numbers.free()
                log = self._logs[key]
                terms.append(numbers.multiply(numbers.number(power), log))
        for power, exponent in factors.exponents:
            terms.append(numbers.multiply(numbers.number(power), self.value(exponent)))
        return numbers.add(terms)

    def _root(self, base: Expr, value: Value, power: Fraction) -> Value:
        """A power with a fraction for its exponent: of what is not negative, or an odd root."""
        if self.field.is_zero(value):
            return value if power > 0 else UNDEFINED
        sign = self._sign(base)
        if sign is None:
            return PENDING
        if sign < 0 and power.denominator % 2 == 0:
            return UNDEFINED
        factors = self.factors_of(base)
        found: list[Value] = []
        for key, m in entries(factors):
            part = self._size_power(key, m * power)
            if part is PENDING:
                return PENDING
            found.append(part)
        for m, exponent in factors.exponents:
            node = Power(E, Product((exponent, _number(m * power))))
            found.append(self.value(node))
        if UNDEFINED in found or PENDING in found:
            raise Unprovable("A root of this kind is not proved.")
        size = self.field.product(found)
        return self.field.scaled(size, -1) if sign < 0 and power.numerator % 2 else size

    def _size_power(self, key: Key | int, power: Fraction) -> Value:
        """A power of the absolute value of one factor; PENDING where its sign is needed."""
        if isinstance(key, int):
            value, sign = self.field.number(Fraction(key)), 1
        else:
            value = self._factor(key)
            if power.denominator == 1 and power.numerator % 2 == 0:
                return self._whole_power(value, power.numerator)
            known = self.sign_of(key)
            if known is None:
                self.requests.setdefault(key)
                return PENDING
            sign = known
        if power.denominator != 1:
            root = self._root_of(key, value, sign, power.denominator)
            return self._whole_power(root, power.numerator)
        return self._whole_power(self.field.scaled(value, sign), power.numerator)

    def _root_of(self, key: Key | int, value: Value, sign: int, order: int) -> Value:
        """The root of a factor's absolute value, of one order; roots of one factor agree."""
        if (key, order) in self._roots:
            return self._roots[key, order]
        size = self.field.scaled(value, sign)
        squares = self.field.squares(size)
        if isinstance(key, int):
            self._check_prime(key, squares)
        elif order % 2 == 0:
            self._check_no_square(key, size, sign, squares)
        self.field.keep(squares)
        root = self._roots[key, order] = self.field.root(size, order)
        return root

    def _check_prime(self, number: int, squares: list[int]) -> None:
        """A root of a prime is no rational number; but the prime must be a square modulo p."""
        if not flint().fmpz(number).is_prime():
            raise Unprovable("A root of a number that was not factored is not proved.")
        if not squares:
            self._atoms.squares[number] = None
            raise OtherPrime

    def _check_no_square(self, key: Key, size: Value, sign: int, squares: list[int]) -> None:
        """A factor must be no square in the field so far.

        A variable is none, though it is sampled as plus or minus a square; anything else
        shows it by points at which it is none, a number perhaps modulo another prime.
        """
        here = (key, sign, *self._roots)
        if len(squares) < self.field.width:
            self._atoms.no_squares.add(here)
        constant = len(set(size.column)) == 1
        if here not in self._atoms.no_squares and not self._is_variable(key):
            if constant:
                raise OtherPrime
            self.field.few()
            raise Unprovable(SQUARE)
        if constant and not squares:
            raise OtherPrime

    def _is_variable(self, key: Key) -> bool:
        atoms = [n for monomial, _ in key for n, _ in monomial]
        if len(atoms) != 1 or len(key) != 1:
            return False
        return isinstance(self._atoms.all[atoms[0]], (Symbol, Constant))

    def _odd(self, node: Apply, name: str, value: Value) -> Value:
        """arcsin, arctan and erf: free quantities, odd in their arguments."""
        if self.field.is_zero(value):
            return value
        if name == "arcsin":
            within = Sum((ONE, Negative(Power(node.arguments[0], Number("2")))))
            inside = self.value(within)
            if self.field.is_zero(inside):
                raise Unprovable("arcsin at the end of its domain is not proved.")
            sign = self._sign(within)
            if sign is None or sign < 0:
                return PENDING if sign is None else UNDEFINED
        turned = self._find((name, 0), [self.field.scaled(value, -1)])
        if turned is not None:
            return self.field.scaled(turned, -1)
        return self._called_with((name, 0), [value])

    def _angle(self, node: Expr, name: str, value: Value) -> Value:
        """sin or cos of an angle: a point of the circle for each independent angle."""
        basis, numbers = self._angles, self.field
        if not basis.values:
            self._pi_angle()
        found = numbers.relation(basis.values, value)
        if found is None or any(TWELFTH % c.denominator for c in found):
            basis.exprs.append(node.parts[0])
            basis.values.append(value)
            basis.units.append(self._circle())
            found = [*[Fraction()] * (len(basis.values) - 1), Fraction(1)]
        x, y = numbers.number(Fraction(1)), numbers.number(Fraction(0))
        counts = [int(c * TWELFTH) for c in found]
        for (a, b), count in zip(basis.units, counts, strict=False):
            if count:
                x, y = self._turned((x, y), self.field.turns(a, b, count))
        used = [k for k, count in enumerate(counts) if count]
        if len(used) == 1 and used[0] > 0:
            what = basis.exprs[used[0]]
            count = counts[used[0]]
            self._leaves[node] = ("trig", what, (name, Fraction(count)))
            self._steps[what] = gcd(self._steps.get(what, 0), count)
        return x if name == "cos" else y

    def _pi_angle(self) -> None:
        """A twelfth of pi, as the difference of a quarter and a sixth."""
        numbers = self.field
        half = numbers.number(Fraction(1, 2))
        two = numbers.multiply(half, self._root_of(2, numbers.number(Fraction(2)), 1, 2))
        three = numbers.multiply(half, self._root_of(3, numbers.number(Fraction(3)), 1, 2))
        minus = numbers.scaled(half, -1)
        self._angles.exprs.append(PI)
        self._angles.values.append(self._free(PI, 1))
        self._angles.units.append(self._turned((two, two), (three, minus)))

    def _circle(self) -> tuple[Value, Value]:
        """A free point of the circle."""
        numbers = self.field
        t, one = numbers.free(), numbers.number(Fraction(1))
        square = numbers.multiply(t, t)
        below = numbers.inverse(numbers.add([one, square]))
        assert below is not None  # noqa: S101 (-1 is no square)
        x = numbers.multiply(numbers.add([one, numbers.scaled(square, -1)]), below)
        return x, numbers.multiply(numbers.scaled(t, 2), below)

    def _turned(self, one: tuple[Value, Value], by: tuple[Value, Value]) -> tuple[Value, Value]:
        (a, b), (c, d), times = one, by, self.field.multiply
        x = self.field.add([times(a, c), self.field.scaled(times(b, d), -1)])
        return x, self.field.add([times(a, d), times(b, c)])


def _number(value: Fraction) -> Expr:
    size = Quotient(Number(str(abs(value.numerator))), Number(str(value.denominator)))
    return Negative(size) if value < 0 else size
