"""Expressions as products: irreducible factors with their multiplicities, signs and ranges.

The logarithm of a product, the root of one, its sign and whether it may be zero are all
questions about its factors.  Products, quotients and powers come apart as they are
written; a sum becomes a polynomial over what cannot come apart (atoms), and FLINT factors
it.  A polynomial that is too large stays one atom: a coarser answer, never a wrong one.

A factor is known by its `Key`: its terms over numbered atoms, primitive, the leading one
positive, so that the same factor is met again in another region and on the other side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from symderiv.judging.atoms import Key
from symderiv.judging.residues import Unprovable, flint
from symderiv.judging.rings import HIGHEST, Ring, Source, TooLarge
from symderiv.judging.slopes import ONE
from symderiv.language.build import E
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Constant,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
)

_MOST_FACTORED = 150  # terms
_SMALL = 64  # bits of a whole number that is factored


@dataclass
class Factored:
    """sign · product of numbers, factors and exponentials, each to its power.

    `odd` counts how often a factor's sign enters: that of an even root's radicand does not.
    """

    sign: int = 1
    numbers: dict[int, Fraction] = field(default_factory=dict)
    powers: dict[Key, Fraction] = field(default_factory=dict)
    odd: dict[Key, int] = field(default_factory=dict)
    exponents: list[tuple[Fraction, Expr]] = field(default_factory=list)

    def number(self, value: int, power: Fraction) -> None:
        """Enter a positive whole number by its primes; a long one as it is."""
        if value == 0:
            raise Unprovable("A factor is zero.")
        short = 1 < value.bit_length() <= _SMALL
        primes = flint().fmpz(value).factor() if short else [(value, 1)] * (value > 1)
        for prime, times in primes:
            total = self.numbers.get(int(prime), Fraction()) + power * int(times)
            self.numbers[int(prime)] = total

    def factor(self, key: Key, power: Fraction, signed: bool) -> None:
        """Enter a factor."""
        self.powers[key] = self.powers.get(key, Fraction()) + power
        if signed:
            self.odd[key] = self.odd.get(key, 0) + power.numerator


def factored(source: Source, expr: Expr) -> Factored:
    """The factors of what is not identically zero."""
    found = Factored()
    stack = [(expr, Fraction(1), True)]
    while stack:
        node, power, signed = stack.pop()
        source.spend(8)
        if (plainer := source.plainer(node)) is not None:
            stack.append((plainer, power, signed))
            continue
        match node:
            case Number():
                found.number(node.value.numerator, power)
                found.number(node.value.denominator, -power)
            case Constant("e"):
                found.exponents.append((power, ONE))
            case Absolute(operand):
                stack.append((operand, power, False))
            case Negative(operand):
                if signed and power.numerator % 2:
                    found.sign = -found.sign
                stack.append((operand, power, signed))
            case Product(factors):
                stack += [(f, power, signed) for f in factors]
            case Quotient(top, bottom):
                stack += [(top, power, signed), (bottom, -power, signed)]
            case Power(base, exponent) if base is E:
                found.exponents.append((power, exponent))
            case Power(base, exponent) if (times := source.constant(exponent)) is not None:
                stack.append((base, power * times, signed and times.denominator % 2 == 1))
            case Apply(head, (u,)) if head.name == "sqrt":
                stack.append((u, power / 2, False))
            case _:
                _enter(source, found, node, power, signed)
    return found


def _enter(source: Source, found: Factored, node: Expr, power: Fraction, signed: bool) -> None:
    """Enter a sum or an atom, by way of its polynomial where there is one."""
    leaf = source.leaf(node)
    if leaf is None or leaf[0] == "trig":
        try:
            _factor(source, found, node, power, signed)
        except TooLarge:
            pass
        else:
            return
    what = leaf[1] if leaf is not None and leaf[0] == "atom" else node
    found.factor(((((source.atom(what), Fraction(1)),), 1),), power, signed)


def _factor(source: Source, found: Factored, node: Expr, power: Fraction, signed: bool) -> None:
    ring = Ring(source, node)
    top, bottom = ring.fraction(node)
    if not top or not bottom:
        raise TooLarge
    entries: list[tuple[Key, Fraction, int]] = []
    for poly, way in ((top, 1), (bottom, -1)):
        if len(poly) > _MOST_FACTORED or max(poly.degrees(), default=0) > HIGHEST:
            raise TooLarge
        source.spend(40 * len(poly))
        content, factors = poly.factor()
        entries.append(((), power * way, int(content)))
        for factor, times in factors:
            key, turned = ring.key(factor)
            entries.append((key, power * way * int(times), -1 if turned and times % 2 else 1))
    for key, exponent, number in entries:
        if number < 0 and signed and power.numerator % 2:
            found.sign = -found.sign
        if key == ():
            found.number(abs(number), exponent)
        elif (exponential := ring.exponential(key)) is not None:
            found.exponents.append((exponent * exponential[0], exponential[1]))
        else:
            found.factor(key, exponent, signed)
