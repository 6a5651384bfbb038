"""What factors are written over: numbered atoms, the same in all regions of one proof.

An atom is an expression that does not come apart, the exponential of an independent
exponent, or the tangent of half an angle.  Here belongs their numbering, what has been
found out about them for good, and how a factor is written as an expression.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias, assert_never

from symderiv.judging.slopes import COS, ONE, SIN
from symderiv.language.build import exp
from symderiv.language.domains import number as fraction
from symderiv.language.expressions import (
    Apply,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)

Monomial: TypeAlias = tuple[tuple[int, Fraction], ...]
Key: TypeAlias = tuple[tuple[Monomial, int], ...]
"""A factor: its terms over numbered atoms, primitive, the leading one positive."""


@dataclass(frozen=True)
class Exponential:
    """e to an independent exponent."""

    exponent: Expr


@dataclass(frozen=True)
class HalfAngle:
    """The tangent of half of `step` twelfths of an independent angle; 0 where it may be any."""

    angle: Expr
    step: int = 0


@dataclass(frozen=True)
class Parity:
    """(-1) to a whole number."""

    symbol: Symbol


Atom: TypeAlias = Expr | Exponential | HalfAngle | Parity


def of_atom(atom: Atom) -> Expr:
    """The expression that an atom is made of."""
    match atom:
        case Exponential(exponent):
            return exponent
        case HalfAngle(angle):
            return angle
        case Parity(symbol):
            return symbol
    return atom


TWELFTH = 12  # angles are counted in twelfths


class Atoms:
    """Numbers for what factors are written over.

    `tangents` says which written quotients are tangents of half an angle;
    `no_squares` are factors that were seen to be no square next to certain roots; `squares`
    the whole numbers that must be squares modulo the prime.
    """

    def __init__(self) -> None:
        self._numbers: dict[Atom, int] = {}
        self.all: list[Atom] = []
        self.no_squares: set[object] = set()
        self.squares: dict[int, None] = {}
        self.tangents: dict[Expr, HalfAngle] = {}
        self.steps: dict[Expr, Fraction] = {}
        self.refined = False
        self._written: dict[Key, Expr] = {}

    def number(self, what: Atom) -> int:
        """The number of an atom."""
        if what not in self._numbers:
            self._numbers[what] = len(self.all)
            self.all.append(what)
        return self._numbers[what]

    def step(self, exponent: Expr, step: Fraction) -> Fraction:
        """The measure in which the multiples of an exponent are counted in all factors.

        1 + e^(6x) has other factors over e^(2x): where a finer measure is met, what was
        factored before is to be factored again (`refined`).
        """
        known = self.steps.get(exponent)
        found = abs(step) if known is None else common_measure(known, abs(step))
        self.refined |= known is not None and found != known
        self.steps[exponent] = found
        return found

    def find(self, what: Atom) -> int | None:
        """The number of an atom, if it has been given one."""
        return self._numbers.get(what)

    def written(self, key: Key) -> Expr:
        """A factor as an expression."""
        if key not in self._written:
            terms = [self._term(*term) for term in reversed(key)]
            self._written[key] = Sum(terms) if len(terms) > 1 else terms[0]
        return self._written[key]

    def plain(self, key: Key) -> bool:
        """Whether a factor vanishes where what is written vanishes: it holds no half angle."""
        atoms = (self.all[atom] for monomial, _ in key for atom, _ in monomial)
        return not any(isinstance(what, HalfAngle) for what in atoms)

    def _term(self, monomial: Monomial, coefficient: int) -> Expr:
        factors = [self._power(atom, exponent) for atom, exponent in monomial]
        if abs(coefficient) != 1 or not factors:
            factors.insert(0, Number(str(abs(coefficient))))
        term = product(factors)
        return Negative(term) if coefficient < 0 else term

    def _power(self, number: int, exponent: Fraction) -> Expr:
        match self.all[number]:
            case Exponential(what):
                return exp(multiple(exponent, what))
            case HalfAngle(what, step) as half:
                base = _tangent_of_half(multiple(Fraction(step, TWELFTH), what))
                self.tangents[base] = half
            case Parity(symbol):
                base = Power(Negative(ONE), symbol)
            case Expr() as base:
                pass
            case never:
                assert_never(never)
        return base if exponent == 1 else Power(base, fraction(exponent))


def common_measure(one: Fraction, other: Fraction) -> Fraction:
    """The greatest common measure of two positive fractions."""
    bottom = lcm(one.denominator, other.denominator)
    return Fraction(gcd(int(one * bottom), int(other * bottom)), bottom)


def _tangent_of_half(angle: Expr) -> Expr:
    return Quotient(Apply(SIN, (angle,)), Sum((ONE, Apply(COS, (angle,)))))


def multiple(times: Fraction, expr: Expr) -> Expr:
    """A rational multiple as it is written."""
    return expr if times == 1 else Product((fraction(times), expr))


def product(factors: Iterable[Expr]) -> Expr:
    """Any number of factors as one expression."""
    parts = tuple(factors)
    return Product(parts) if len(parts) > 1 else parts[0] if parts else ONE
