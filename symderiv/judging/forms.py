"""Logarithms, roots and powers of e, written over independent ones.

log(12 x²) is 2 log 2 + log 3 + log x², √8 is 2 √2, and e^(-log u) is 1/u: whoever looks
into a sum must meet one form of each, or 2 + √(1+y²)² and 3 + y² would seem to have nothing
in common.  Here belongs how these forms are written down; what their values are stands in
`generators`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from symderiv.judging.atoms import Atom, Key, multiple, product
from symderiv.judging.factors import Factored
from symderiv.judging.ground import PENDING, UNDEFINED, Ground
from symderiv.judging.rings import Root
from symderiv.judging.slopes import LOG, SQRT, TWO
from symderiv.language.build import E, exp
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Sum,
)


class Forms(Ground):
    """A ground on which functions are written in one form."""

    def plainer(self, node: Expr) -> Expr | None:
        """What stands for a node in a polynomial; None where it stands for itself."""
        meaning = self.meaning.get(node)
        if meaning is not None or not isinstance(node, (Apply, Power, Absolute, IndexedSum)):
            return meaning
        if node not in self._plainer:
            self._plainer[node] = None  # while it is looked for
            self._plainer[node] = self._plain(node)
        return self._plainer[node]

    def _plain(self, node: Expr) -> Expr | None:
        value = self.known.get(node)
        if value is None or value is UNDEFINED or value is PENDING:
            return None
        constant = self.field.constant(value)
        if constant is not None:
            return number(constant)
        found = self._form(node)
        if found is None or found is node or self.value(found) in (UNDEFINED, PENDING):
            return None
        return found

    def _form(self, node: Expr) -> Expr | None:
        """A logarithm, root or power of e in its one form."""
        match node:
            case Apply(head, (u,)) if head.name == "log":
                return self._sum_of_logs(self.factors_of(u))
            case Apply(head, (u,)) if head.name == "sqrt":
                return self._powers(self.factors_of(u), Fraction(1, 2))
            case Power(base, exponent) if base is E:
                return self._exponential_form(node)
            case Power(base, exponent):
                power = self.constant(exponent)
                if power is not None and power.denominator != 1:
                    return self._odd_root(base, power)
        return None

    def root(self, atom: Atom) -> Root | None:
        """What an atom is a root of; None where it is none."""
        return self._root_atoms.get(atom)

    def _exponential_form(self, node: Expr) -> Expr | None:
        """A power of e whose exponent holds logarithms: e^(x - log u) is e^x / u."""
        parts = self._exponent_parts.get(node)
        if parts is None:
            return None
        exponents, logs = parts
        return self._product(logs, [exp(multiple(times, basis)) for basis, times in exponents])

    def _odd_root(self, base: Expr, power: Fraction) -> Expr | None:
        """A power with a fraction for its exponent, with the sign that an odd root keeps."""
        sign = self._sign(base)
        size = self._powers(self.factors_of(base), power) if sign is not None else None
        turned = sign == -1 and power.numerator % 2 == 1
        return Negative(size) if turned and size is not None else size

    def _powers(self, factors: Factored, power: Fraction) -> Expr | None:
        """A power of the absolute value, factor by factor."""
        sizes = [(key, times * power) for key, times in entries(factors)]
        exponents = [exp(multiple(times * power, u)) for times, u in factors.exponents]
        return self._product(sizes, exponents)

    def _product(
        self, entries: Iterable[tuple[Key | int, Fraction]], further: list[Expr]
    ) -> Expr | None:
        sizes = [self._size(key, times) for key, times in entries if times]
        found = [size for size in sizes if size is not None]
        return product([*found, *further]) if len(found) == len(sizes) else None

    def _size(self, key: Key | int, power: Fraction) -> Expr | None:
        """A power of a factor's absolute value; None where its sign is needed and not known."""
        sign: int | None = 1
        if not isinstance(key, int) and (power.denominator != 1 or power % 2):
            sign = self.sign_of(key)
        if sign is None:
            return None
        signed = self._signed(key, sign)
        order = power.denominator
        if order > 1:
            share = number(Fraction(1, order))
            signed = Apply(SQRT, (signed,)) if order == 2 else Power(signed, share)
            self._root_atoms[signed] = Root(key, order, sign)
        times = power.numerator
        return signed if times == 1 else Power(signed, number(Fraction(times)))

    def _sum_of_logs(self, factors: Factored) -> Expr:
        """The logarithm of the absolute value, factor by factor."""
        terms = [self._log_of_size(key, times) for key, times in entries(factors) if times]
        terms += [multiple(times, u) for times, u in factors.exponents]
        return Sum(terms) if len(terms) > 1 else terms[0] if terms else Number("0")

    def _log_of_size(self, key: Key | int, times: Fraction) -> Expr:
        """A multiple of the logarithm of a factor; of its square where its sign is not known."""
        sign = 1 if isinstance(key, int) else self.sign_of(key)
        if sign is None:
            return multiple(times / 2, Apply(LOG, (Power(self._signed(key, 1), TWO),)))
        return multiple(times, Apply(LOG, (self._signed(key, sign),)))

    def _signed(self, key: Key | int, sign: int) -> Expr:
        """A factor or its negative as an expression, of which everything is known already."""
        if isinstance(key, int):
            return Number(str(key))
        written = self._atoms.written(key)
        signed = written if sign > 0 else Negative(written)
        if signed not in self._factored:
            self._factored[signed] = Factored(sign, powers={key: Fraction(1)}, odd={key: 1})
            self.known.setdefault(signed, self.field.scaled(self._factor(key), sign))
        return signed


def entries(factors: Factored) -> Iterator[tuple[Key | int, Fraction]]:
    """The numbers and factors of a product, each with its power."""
    yield from factors.numbers.items()
    yield from factors.powers.items()
