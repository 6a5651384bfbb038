"""Terms as a number times whole powers: what a term shares with others, times and over another.

`6x²y/z` is 6 · x² · y · z⁻¹; whatever is no product, quotient or whole power is a base of
its own, a sum or cos(y) too.  Bases keep the order in which they were written.  Nothing
here is a step of its own: whoever uses it names the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from symderiv.deriving.applying import rational
from symderiv.language.expressions import (
    Constant,
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.patterns import join

_LARGEST = 64  # of an exponent that is counted


@dataclass(frozen=True)
class Monomial:
    """`number` times each base to its whole power, none of which is zero."""

    number: Fraction
    powers: Mapping[Expr, int]

    def times(self, other: Monomial, power: int = 1) -> Monomial:
        """The product with a power of another; equal bases are counted together."""
        powers = dict(self.powers)
        for base, exponent in other.powers.items():
            powers[base] = powers.get(base, 0) + power * exponent
        number = self.number * other.number**power
        return Monomial(number, {base: k for base, k in powers.items() if k})

    @property
    def key(self) -> frozenset[tuple[Expr, int]]:
        """The same for monomials that differ in their number alone."""
        return frozenset(self.powers.items())

    @property
    def below(self) -> Monomial:
        """What stands in the denominator."""
        return Monomial(
            Fraction(self.number.denominator), {b: -k for b, k in self.powers.items() if k < 0}
        )

    @property
    def is_one(self) -> bool:
        """Whether nothing is multiplied."""
        return self.number == 1 and not self.powers

    def spelled(self) -> Expr:
        """The monomial as it is written, its sign in front of all."""
        above = _spelled(abs(self.number.numerator), self.powers, 1)
        down = self.below
        body = above
        if not down.is_one:
            body = Quotient(above, _spelled(self.number.denominator, self.powers, -1))
        return Negative(body) if self.number < 0 else body


ONE = Monomial(Fraction(1), {})


def _spelled(number: int, powers: Mapping[Expr, int], sign: int) -> Expr:
    """Number, symbols by name, everything else, and rates last: 2xy sin(y) dy/dx."""
    factors: list[Expr] = [Number(str(number))] if number != 1 else []
    for base, exponent in sorted(powers.items(), key=_rank):
        if exponent * sign > 0:
            size = exponent * sign
            factors.append(base if size == 1 else Power(base, Number(str(size))))
    return join(Product, factors) if factors else Number("1")


def _rank(power: tuple[Expr, int]) -> tuple[int, str]:
    base = power[0]
    if isinstance(base, (Symbol, Constant)):
        return 0, str(base)
    return (2 if isinstance(base, Derivative) else 1), ""


def monomial(term: Expr) -> Monomial:
    """A term as a monomial."""
    found = ONE
    waiting: list[tuple[Expr, int]] = [(term, 1)]
    while waiting:
        node, power = waiting.pop()
        value = rational(node)
        match node:
            case _ if value is not None and (value or power > 0) and abs(power) <= _LARGEST:
                found = found.times(Monomial(value, {}), power)
            case Negative(operand):
                sign = Monomial(Fraction(-1 if power % 2 else 1), {})
                found = found.times(sign)
                waiting.append((operand, power))
            case Product(factors):
                waiting += [(factor, power) for factor in reversed(factors)]
            case Quotient(over, under):
                waiting += [(under, -power), (over, power)]
            case Power(base, exponent) if not isinstance(base, Constant):
                count = rational(exponent)
                whole = count is not None and count.denominator == 1
                if count is not None and whole and 0 < abs(count * power) <= _LARGEST:
                    waiting.append((base, power * int(count)))
                else:
                    found = found.times(Monomial(Fraction(1), {node: power}))
            case _:
                found = found.times(Monomial(Fraction(1), {node: power}))
    return found


def terms_of(side: Expr) -> tuple[Expr, ...]:
    """The terms of a sum, of minus a sum each with its sign; none of zero."""
    if side is Number("0"):
        return ()
    match side:
        case Sum(terms):
            return terms
        case Negative(Sum(terms)):
            return tuple(t.operand if isinstance(t, Negative) else Negative(t) for t in terms)
        case _:
            return (side,)


def added(monomials: Iterable[Monomial]) -> list[Monomial]:
    """Equal ones counted together, zeros left out, in the order of their first appearance."""
    sums: dict[frozenset[tuple[Expr, int]], Monomial] = {}
    for m in monomials:
        held = sums.get(m.key)
        sums[m.key] = m if held is None else Monomial(held.number + m.number, held.powers)
    return [m for m in sums.values() if m.number]


def total(monomials: Iterable[Monomial]) -> Expr:
    """Their sum as it is written, a positive term first where there is one."""
    found = sorted(added(monomials), key=lambda m: m.number < 0)
    spelled = [m.spelled() for m in found] or [Number("0")]
    return spelled[0] if len(spelled) == 1 else Sum(spelled)


def common(monomials: Iterable[Monomial]) -> Monomial:
    """The largest monomial with a positive number that divides all of them."""
    found = list(monomials)
    if not found:
        return ONE
    above = gcd(*(m.number.numerator for m in found))
    below = lcm(*(m.number.denominator for m in found))
    first, *rest = found
    powers = {
        base: min(k, *(m.powers.get(base, 0) for m in rest)) if rest else k
        for base, k in first.powers.items()
    }
    for m in rest:
        for base, k in m.powers.items():
            if base not in powers and k < 0:
                powers[base] = min(0, *(other.powers.get(base, 0) for other in found))
    return Monomial(Fraction(above, below) or Fraction(1), {b: k for b, k in powers.items() if k})


def least_denominator(monomials: Iterable[Monomial]) -> Monomial:
    """The smallest monomial by which all of them lose their denominators."""
    number, powers = 1, dict[Expr, int]()
    for m in monomials:
        number = lcm(number, m.number.denominator)
        for base, k in m.powers.items():
            if k < 0:
                powers[base] = max(powers.get(base, 0), -k)
    return Monomial(Fraction(number), powers)
