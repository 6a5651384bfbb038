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
from math import gcd, lcm
from typing import Any, Protocol, TypeAlias

from symderiv.judging.residues import Unprovable, flint
from symderiv.judging.slopes import ONE
from symderiv.language.build import E
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
)

Monomial: TypeAlias = tuple[tuple[int, Fraction], ...]
Key: TypeAlias = tuple[tuple[Monomial, int], ...]
Poly: TypeAlias = Any  # flint.fmpz_mpoly; python-flint ships no types
Leaf: TypeAlias = "tuple[str, Any, Any]"

_MOST_TERMS, _MOST_NODES, _HIGHEST = 600, 400, 64
_MOST_FACTORED = 150  # terms


class TooLarge(Exception):
    """A polynomial that is not worth writing out."""


@dataclass
class Factored:
    """sign · product of numbers, factors and exponentials, each to its power.

    `odd` counts how often a factor's sign enters: the sign of a root's radicand does not.
    """

    sign: int = 1
    numbers: dict[int, Fraction] = field(default_factory=dict)
    powers: dict[Key, Fraction] = field(default_factory=dict)
    odd: dict[Key, int] = field(default_factory=dict)
    exponents: list[tuple[Fraction, Expr]] = field(default_factory=list)

    def number(self, value: int, power: Fraction) -> None:
        """Enter a positive whole number, its small primes apart."""
        if value == 0:
            raise Unprovable("A factor is zero.")
        for prime in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43):
            while value % prime == 0:
                value //= prime
                self.numbers[prime] = self.numbers.get(prime, Fraction()) + power
        if value != 1:
            self.numbers[value] = self.numbers.get(value, Fraction()) + power

    def factor(self, key: Key, power: Fraction, signed: bool) -> None:
        """Enter a factor."""
        self.powers[key] = self.powers.get(key, Fraction()) + power
        if signed:
            self.odd[key] = self.odd.get(key, 0) + int(power)


class Source(Protocol):
    """What factoring asks of a tower."""

    meaning: dict[Expr, Expr]

    def leaf(self, node: Expr) -> Leaf | None:
        """How a node is written over atoms; None where it comes apart."""

    def atom(self, what: object) -> int:
        """The number of an atom."""

    def constant(self, expr: Expr) -> Fraction | None:
        """The rational number that an exponent is."""

    def step(self, angle: object) -> int:
        """The measure in which the multiples of an angle are counted."""

    def spend(self, amount: int) -> None:
        """Count work."""


def factored(source: Source, expr: Expr) -> Factored:
    """The factors of what is not identically zero."""
    found = Factored()
    stack = [(expr, Fraction(1), True)]
    while stack:
        node, power, signed = stack.pop()
        source.spend(8)
        if (meaning := source.meaning.get(node)) is not None:
            stack.append((meaning, power, signed))
            continue
        match node:
            case Number():
                found.number(node.value.numerator, power)
                found.number(node.value.denominator, -power)
            case Constant("e"):
                found.exponents.append((power, ONE))
            case Negative(operand):
                if signed and power.numerator % 2:
                    found.sign = -found.sign
                stack.append((operand, power, signed))
            case Product(factors):
                stack += [(f, power, signed) for f in factors]
            case Quotient(top, bottom):
                stack += [(top, power, signed), (bottom, -power, signed)]
            case Power(base, exponent):
                if base is E:
                    found.exponents.append((power, exponent))
                    continue
                value = source.constant(exponent)
                if value is None:
                    _enter(source, found, node, power, signed)
                else:
                    whole = signed and value.denominator == 1
                    stack.append((base, power * value, whole))
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
    found.factor(((((source.atom(node), Fraction(1)),), 1),), power, signed)


def _factor(source: Source, found: Factored, node: Expr, power: Fraction, signed: bool) -> None:
    ring = Ring(source, node)
    top, bottom = ring.fraction(node)
    if not top or not bottom:
        raise TooLarge
    entries: list[tuple[Key, Fraction, int]] = []
    for poly, way in ((top, 1), (bottom, -1)):
        if len(poly) > _MOST_FACTORED or max(poly.degrees(), default=0) > _HIGHEST:
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
        elif not ring.is_exponential(key, exponent, found):
            found.factor(key, exponent, signed)


class Ring:
    """The polynomials over the atoms of one expression."""

    def __init__(self, source: Source, expr: Expr) -> None:
        self.source = source
        self.order = self._collect(expr)
        names = tuple(f"v{k}" for k in range(max(1, len(self.atoms))))
        self.context = flint().fmpz_mpoly_ctx.get(names, "lex")
        self.one = self.context.constant(1)

    def _collect(self, expr: Expr) -> list[Expr]:
        """The nodes, children first; and the atoms with the smallest steps of each."""
        self.leaves: dict[Expr, Leaf] = {}
        self.steps: dict[object, Fraction] = {}
        done: dict[Expr, None] = {}
        stack = [expr]
        while stack:
            node = stack[-1]
            if node in done:
                stack.pop()
                continue
            leaf = self.source.leaf(node)
            parts = () if leaf else self._parts(node)
            missing = [part for part in parts if part not in done]
            if missing:
                stack += missing
                continue
            if leaf:
                self.leaves[node] = leaf
                self._step(leaf)
            done[stack.pop()] = None
            if len(done) > _MOST_NODES:
                self.source.spend(8 * len(done))  # what is given up was work as well
                raise TooLarge
        self.source.spend(8 * len(done))
        self.atoms = {what: k for k, what in enumerate(self.steps)}
        self.numbers = [
            self.source.atom(("half", what[1], self.steps[what]))
            if isinstance(what, tuple) and what[0] == "half"
            else self.source.atom(what)
            for what in self.atoms
        ]
        self.units = [
            self.steps[what] if isinstance(what, tuple) and what[0] == "exp" else Fraction(1)
            for what in self.atoms
        ]
        return list(done)

    def _parts(self, node: Expr) -> tuple[Expr, ...]:
        meaning = self.source.meaning.get(node)
        if meaning is not None:
            return (meaning,)
        return (node.parts[0],) if isinstance(node, Power) else node.parts

    def _step(self, leaf: Leaf) -> None:
        kind, what, _ = leaf
        entries: list[tuple[object, Fraction]] = [(what, Fraction(1))]
        if kind == "exp":
            entries = [(("exp", b), c) for b, c in what]
        elif kind == "trig":
            entries = [(("half", what), Fraction(self.source.step(what)))]
        for atom, step in entries:
            known = self.steps.get(atom)
            self.steps[atom] = abs(step) if known is None else _common(known, abs(step))

    def fraction(self, expr: Expr) -> tuple[Poly, Poly]:
        """Numerator and denominator."""
        known: dict[Expr, tuple[Poly, Poly]] = {}
        for node in self.order:
            top, bottom = known[node] = self._node(node, known)
            if len(top) > _MOST_TERMS or len(bottom) > _MOST_TERMS:
                raise TooLarge
            self.source.spend(4 * (len(top) + len(bottom)))
        return known[expr]

    def _node(self, node: Expr, known: dict[Expr, tuple[Poly, Poly]]) -> tuple[Poly, Poly]:
        if node in self.leaves:
            return self._leaf(self.leaves[node])
        meaning = self.source.meaning.get(node)
        if meaning is not None:
            return known[meaning]
        match node:
            case Number():
                numerator, denominator = node.value.numerator, node.value.denominator
                return self.context.constant(numerator), self.context.constant(denominator)
            case Negative(operand):
                return -known[operand][0], known[operand][1]
            case Sum(terms):
                total = known[terms[0]]
                for term in terms[1:]:
                    total = self._added(total, known[term])
                return total
            case Product(factors):
                total = known[factors[0]]
                for factor in factors[1:]:
                    total = self._multiplied(total, known[factor])
                return total
            case Quotient(top, bottom):
                return self._multiplied(known[top], known[bottom][::-1])
            case Power(base, exponent):
                return self._power(known[base], self.source.constant(exponent))
        raise TooLarge

    def _leaf(self, leaf: Leaf) -> tuple[Poly, Poly]:
        kind, what, how = leaf
        if kind == "atom":
            return self.context.gen(self.atoms[what]), self.one
        if kind == "exp":
            top = bottom = self.one
            for basis, c in what:
                times = c / self.steps["exp", basis]
                power = self.context.gen(self.atoms["exp", basis]) ** abs(int(times))
                top, bottom = (top * power, bottom) if times > 0 else (top, bottom * power)
            return top, bottom
        which, count = how
        times = count / self.steps["half", what]
        if abs(times) > 8:
            raise TooLarge
        t = self.context.gen(self.atoms["half", what])
        real, imaginary = self.one, 0 * self.one
        for _ in range(2 * abs(int(times))):
            real, imaginary = real - imaginary * t, imaginary + real * t
        if times < 0:
            imaginary = -imaginary
        return (real if which == "cos" else imaginary), (1 + t * t) ** abs(int(times))

    def _added(self, one: tuple[Poly, Poly], other: tuple[Poly, Poly]) -> tuple[Poly, Poly]:
        if one[1] == other[1]:
            return one[0] + other[0], one[1]
        self._check(one[0], other[1])
        self._check(other[0], one[1])
        self._check(one[1], other[1])
        return one[0] * other[1] + other[0] * one[1], one[1] * other[1]

    def _multiplied(self, one: tuple[Poly, Poly], other: tuple[Poly, Poly]) -> tuple[Poly, Poly]:
        self._check(one[0], other[0])
        self._check(one[1], other[1])
        return one[0] * other[0], one[1] * other[1]

    def _power(self, base: tuple[Poly, Poly], exponent: Fraction | None) -> tuple[Poly, Poly]:
        if exponent is None or exponent.denominator != 1 or abs(exponent) > _HIGHEST:
            raise TooLarge
        count = abs(int(exponent))
        if any(len(p) > 1 and len(p) ** min(count, 4) * count > _MOST_TERMS * 4 for p in base):
            raise TooLarge
        top, bottom = base if exponent >= 0 else base[::-1]
        return top**count, bottom**count

    def _check(self, one: Poly, other: Poly) -> None:
        if len(one) * len(other) > 4 * _MOST_TERMS:
            raise TooLarge

    def key(self, poly: Poly) -> tuple[Key, bool]:
        """The key of an irreducible polynomial; and whether it is that of its negative."""
        terms: list[tuple[Monomial, int]] = []
        for powers, coefficient in poly.to_dict().items():
            monomial = [
                (self.numbers[k], int(e) * self.units[k]) for k, e in enumerate(powers) if e
            ]
            terms.append((tuple(sorted(monomial)), int(coefficient)))
        terms.sort()
        turned = terms[-1][1] < 0
        return tuple((m, -c if turned else c) for m, c in terms), turned

    def is_exponential(self, key: Key, power: Fraction, found: Factored) -> bool:
        """Enter a power of e as what it is."""
        if len(key) != 1 or len(key[0][0]) != 1:
            return False
        number, exponent = key[0][0][0]
        what = next(w for w, k in self.atoms.items() if self.numbers[k] == number)
        if not (isinstance(what, tuple) and what[0] == "exp"):
            return False
        found.exponents.append((power * exponent, what[1]))
        return True


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The greatest common measure of two positive fractions."""
    bottom = lcm(one.denominator, other.denominator)
    return Fraction(gcd(int(one * bottom), int(other * bottom)), bottom)


__all__ = ["Factored", "Key", "Leaf", "Monomial", "Source", "TooLarge", "factored"]
