"""The exact value of an expression at a point: numbers, roots, π and e, as a textbook leaves them.

What is put in is multiplied out and counted together; roots are drawn as far as they go, and
the sine, the logarithm and their like have the values that are learned by heart.  What has
no such value stays as it is.  The judge checks every result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isqrt
from types import MappingProxyType
from typing import Final, TypeAlias

from symderiv.deriving.applying import rational
from symderiv.deriving.monomials import ONE, Monomial, added, monomial, total
from symderiv.language.build import PI, E
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Expr,
    Head,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from symderiv.language.walks import nodes

Known: TypeAlias = "Callable[[Expr], list[Monomial] | None]"

_MOST_TERMS = 24
_MOST_DIGITS = 60
_SQRT: Final = Head("sqrt", r"\sqrt")
_LOG: Final = Head("log", r"\log")
_HALF: Final = Fraction(1, 2)
_QUARTER_SINES: Final[Mapping[Fraction, tuple[Fraction, int]]] = MappingProxyType(
    {
        Fraction(0): (Fraction(0), 1),
        Fraction(1, 6): (_HALF, 1),
        Fraction(1, 4): (_HALF, 2),
        Fraction(1, 3): (_HALF, 3),
        Fraction(1, 2): (Fraction(1), 1),
    }
)
"""sin(qπ) as a rational times the root of a whole number, for q up to one half."""


def exact(expr: Expr) -> Expr:
    """The value of `expr` written out; symbols in it stay, and their terms are collected."""
    return total(_Value().terms(expr))


class _Value:
    """One evaluation: each node as a sum of monomials, children first."""

    def __init__(self) -> None:
        self.known: dict[Expr, list[Monomial]] = {}

    def terms(self, expr: Expr) -> list[Monomial]:
        for node in nodes(expr):
            self.known[node] = self._node(node)
        return self.known[expr]

    def _node(self, node: Expr) -> list[Monomial]:
        value = rational(node)
        if value is not None:
            return [Monomial(value, {})] if value else []
        match node:
            case Sum(terms):
                return added(m for term in terms for m in self.known[term])
            case Negative(operand):
                return [m.times(_MINUS) for m in self.known[operand]]
            case Product(factors):
                return self._product([self.known[f] for f in factors])
            case Quotient(over, under):
                return self._quotient(self.known[over], self.known[under])
            case Power(base, exponent):
                return self._power(base, self.known[exponent])
            case Apply(head, arguments):
                return self._applied(head, [total(self.known[a]) for a in arguments])
            case Absolute(operand):
                return self._absolute(total(self.known[operand]))
        return [Monomial(Fraction(1), {node: 1})]

    def _product(self, factors: list[list[Monomial]]) -> list[Monomial]:
        found = [ONE]
        for factor in factors:
            if len(found) * len(factor) > _MOST_TERMS:
                found, factor = [monomial(total(found))], [monomial(total(factor))]
            found = added(_rooted(one.times(other)) for one in found for other in factor)
        return found

    def _quotient(self, over: list[Monomial], under: list[Monomial]) -> list[Monomial]:
        if len(under) != 1:
            bottom = Monomial(Fraction(1), {total(under): -1})
            if not under:  # by zero: left as it stands, for the judge to refuse
                bottom = Monomial(Fraction(1), {Quotient(Number("1"), Number("0")): 1})
            return [m.times(bottom) for m in over]
        return added(_rooted(m.times(under[0], -1)) for m in over)

    def _power(self, base: Expr, exponent: list[Monomial]) -> list[Monomial]:
        power, count = total(exponent), rational(total(exponent))
        if base is E:
            return _exponential(power, count)
        terms = self.known[base]
        if count is None or abs(count) > 32:
            return [Monomial(Fraction(1), {Power(total(terms), power): 1})]
        if count.denominator == 1:
            if count >= 0:
                return self._product([terms] * int(count))
            return self._quotient([ONE], self._product([terms] * int(-count)))
        found = self._root_of_power(terms, abs(count.numerator), count.denominator)
        if found is not None:
            return self._quotient([ONE], found) if count < 0 else found
        return [Monomial(Fraction(1), {Power(total(terms), power): 1})]

    def _root_of_power(
        self, terms: list[Monomial], power: int, degree: int
    ) -> list[Monomial] | None:
        """The power of the root where the root comes out, or the root of the power."""
        root = _whole_root(terms, degree)
        if root is not None:
            return self._product([root] * power)
        return _whole_root(self._product([terms] * power), degree) if degree % 2 else None

    def _absolute(self, inner: Expr) -> list[Monomial]:
        value = rational(inner)
        if value is None:
            return [Monomial(Fraction(1), {Absolute(inner): 1})]
        return [Monomial(abs(value), {})] if value else []

    def _applied(self, head: Head, arguments: list[Expr]) -> list[Monomial]:
        table = _KNOWN.get(head.name)
        found = table(arguments[0]) if table is not None and len(arguments) == 1 else None
        if found is None:
            return [Monomial(Fraction(1), {Apply(head, tuple(arguments)): 1})]
        return [m for m in found if m.number]


_MINUS = Monomial(Fraction(-1), {})


def _root(value: Fraction) -> list[Monomial]:
    """The square root of a positive rational number, squares drawn out, none below a line."""
    if value < 0 or len(str(value)) > _MOST_DIGITS or value.denominator > 10**9:
        return [Monomial(Fraction(1), {Apply(_SQRT, (number(value),)): 1})]
    inside, outside = value.numerator * value.denominator, Fraction(1, value.denominator)
    for k in range(2, min(isqrt(inside), 2000) + 1):
        while inside % (k * k) == 0:
            inside, outside = inside // (k * k), outside * k
    root = isqrt(inside)
    if root * root == inside:
        return [Monomial(outside * root, {})] if value else []
    return [Monomial(outside, {Apply(_SQRT, (Number(str(inside)),)): 1})]


def _whole_root(terms: list[Monomial], degree: int) -> list[Monomial] | None:
    """The root of a number: of degree two always, of another where it comes out."""
    if not terms:
        return []
    if len(terms) != 1 or len(str(terms[0].number)) > _MOST_DIGITS:
        return None
    value, under = terms[0].number, [*terms[0].powers.items()]
    if len(under) == 1 and under[0][1] == 1 and _is_root(under[0][0]) and degree % 2:
        squared = rational(under[0][0].parts[0])  # c·√k is the root of c²k, but for its sign
        inner = _whole_root([Monomial(value**2 * (squared or 0), {})], degree)
        root = _root(inner[0].number) if inner and not inner[0].powers else None
        return root and [m if value > 0 else m.times(_MINUS) for m in root]
    if under:
        return None
    if value < 0:
        turned = _whole_root([terms[0].times(_MINUS)], degree) if degree % 2 else None
        return turned and [m.times(_MINUS) for m in turned]
    if degree == 2:
        return _root(value)
    parts = [round(part ** (1 / degree)) for part in (value.numerator, value.denominator)]
    found = Fraction(*parts) if parts[1] else Fraction()
    return [Monomial(found, {})] if found**degree == value else None


def _rooted(m: Monomial) -> Monomial:
    """√2·√2 is 2, √2·√3 is √6, and 1/√2 is √2/2."""
    roots = {b: k for b, k in m.powers.items() if _is_root(b)}
    if not roots or list(roots.values()) == [1]:
        return m
    inside, rest = (
        Fraction(1),
        Monomial(m.number, {b: k for b, k in m.powers.items() if b not in roots}),
    )
    for base, k in roots.items():
        value = rational(base.parts[0])
        inside *= (value or Fraction(1)) ** k
    (found,) = _root(inside)
    return rest.times(found)


def _is_root(base: Expr) -> bool:
    return (
        isinstance(base, Apply) and base.head.name == "sqrt" and rational(base.parts[0]) is not None
    )


def _exponential(power: Expr, count: Fraction | None) -> list[Monomial]:
    if count is not None and count.denominator == 1:
        return [Monomial(Fraction(1), {E: int(count)} if count else {})]
    match power:  # e to a logarithm is what the logarithm is of
        case Apply(Head("log"), (inner,)):
            return [monomial(inner)]
        case Negative(Apply(Head("log"), (inner,))):
            return [ONE.times(monomial(inner), -1)]
        case Product((Number() as times, Apply(Head("log"), (inner,)))) if rational(inner):
            if times.value.denominator == 1 and times.value <= 32:
                return [ONE.times(monomial(inner), int(times.value))]
    return [Monomial(Fraction(1), {Power(E, power): 1})]


def _turns(angle: Expr) -> Fraction | None:
    """How often π an angle is, None where it is no rational multiple."""
    m = monomial(angle)
    if rational(angle) == 0:
        return Fraction(0)
    return m.number if dict(m.powers) == {PI: 1} else None


def _sine(angle: Expr) -> list[Monomial] | None:
    turns = _turns(angle)
    if turns is None:
        return None
    turns %= 2
    sign = -1 if turns > 1 else 1
    turns %= 1
    found = _QUARTER_SINES.get(min(turns, 1 - turns))
    if found is None:
        return None
    factor, inside = found
    return [m.times(Monomial(sign * factor, {})) for m in _root(Fraction(inside)) if factor]


def _cosine(angle: Expr) -> list[Monomial] | None:
    turns = _turns(angle)
    return None if turns is None else _sine(total([Monomial(turns + _HALF, {PI: 1})]))


def _tangent(angle: Expr) -> list[Monomial] | None:
    above, below = _sine(angle), _cosine(angle)
    if above is None or not below:
        return None
    return [_rooted(m.times(below[0], -1)) for m in above]


def _logarithm(inner: Expr) -> list[Monomial] | None:
    m, value = monomial(inner), rational(inner)
    if inner is Number("1"):
        return []
    if value is not None and value > 0 and value.numerator == 1:
        return [Monomial(Fraction(-1), {Apply(_LOG, (Number(str(value.denominator)),)): 1})]
    if isinstance(inner, Power) and inner.base is E:
        return [monomial(inner.exponent)]
    if m.number == 1 and list(m.powers) == [E]:
        return [Monomial(Fraction(m.powers[E]), {})]
    return None


def _square_root(inner: Expr) -> list[Monomial] | None:
    value = rational(inner)
    return None if value is None else _root(value)


def _angle(
    of: Callable[[Expr], list[Monomial] | None], low: Fraction, high: Fraction
) -> Callable[[Expr], list[Monomial] | None]:
    """The inverse of a function with known values, on the interval from low·π to high·π."""

    def inverse(value: Expr) -> list[Monomial] | None:
        for twelfths in range(int(low * 12), int(high * 12) + 1):
            turns = Fraction(twelfths, 12)
            there = of(total([Monomial(turns, {PI: 1})] if turns else []))
            if there is not None and total(there) is value:
                return [Monomial(turns, {PI: 1})] if turns else []
        return None

    return inverse


_KNOWN: Final[Mapping[str, Known]] = MappingProxyType(
    {
        "sin": _sine,
        "cos": _cosine,
        "tan": _tangent,
        "log": _logarithm,
        "sqrt": _square_root,
        "arcsin": _angle(_sine, -_HALF, _HALF),
        "arccos": _angle(_cosine, Fraction(0), Fraction(1)),
        "arctan": _angle(_tangent, Fraction(-5, 12), Fraction(5, 12)),
    }
)
"""What is known of each function's values."""
