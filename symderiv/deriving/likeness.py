"""Lines that say the same in another order: what a comparison of two lines looks through.

Two lines are alike when they differ only in the order of terms and factors, in sums
nested in sums and products in products, in where the sign of a product or fraction
stands, in d for ∂, and in idle units (1·u, u + 0, u/1, u¹).  Nothing else is looked
through: u·u is not u², and a fraction that could be cancelled is another line.
Here belongs this comparison only; which rule leads from line to line is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import prod
from typing import Any, TypeAlias

from symderiv.language.expressions import (
    Cases,
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
from symderiv.language.patterns import Letter
from symderiv.language.walks import nodes

Weighed: TypeAlias = tuple[Fraction, int]
"""A factor in front (a bare sign where numbers are not counted), and the number of a kind."""

_PLUS = Fraction(1)
_ZERO, _UNIT = 0, 1
_LARGEST_EXPONENT = 64


class Alike:
    """Weighs expressions: equal weights for lines that say the same in another order.

    With `counting`, numbers are multiplied and added too: 2·(3x) is 6x.
    """

    def __init__(self, *, counting: bool = False) -> None:
        self._counting = counting
        self._known: dict[Expr, Weighed] = {}
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._keys: list[tuple[Any, ...]] = []
        for value in (0, 1):  # the kinds _ZERO and _UNIT
            self._kind("number", Fraction(value))

    def __call__(self, expr: Expr) -> Weighed:
        """The weight of `expr`, each different node weighed once."""
        for node in nodes(expr, self._known):
            self._known[node] = self._weigh(node, [self._known[part] for part in node.parts])
        return self._known[expr]

    def _kind(self, *key: Any) -> int:
        kind = self._kinds.setdefault(key, len(self._keys))
        if kind == len(self._keys):
            self._keys.append(key)
        return kind

    def _weigh(self, node: Expr, parts: list[Weighed]) -> Weighed:
        match node:
            case Number():
                return self._number(node.value)
            case Symbol() | Constant() | Letter():
                return _PLUS, self._kind("leaf", node)
            case Negative():
                return self._product([(-_PLUS, _UNIT), *parts])
            case Product():
                return self._product(parts)
            case Sum():
                return self._sum(parts)
            case Quotient():
                return self._quotient(*parts)
            case Power():
                return self._power(*parts)
            case Cases():
                half = len(parts) // 2
                pieces = zip(parts[:half], parts[half:], strict=True)
                return _PLUS, self._kind("cases", *sorted(pieces))
            case Derivative():
                return _PLUS, self._kind("derivative", node.order, *parts)
            case _:
                atoms = (getattr(node, name, None) for name in ("head", "order", "signs", "shape"))
                return _PLUS, self._kind(type(node).__name__, *atoms, *parts)

    def _number(self, value: Fraction) -> Weighed:
        if not value or self._counting:
            return (value, _UNIT) if value else (_PLUS, _ZERO)
        return (_PLUS if value > 0 else -_PLUS), self._kind("number", abs(value))

    def _product(self, parts: Iterable[Weighed]) -> Weighed:
        parts = list(parts)
        kinds = [kind for _, kind in parts if kind != _UNIT]
        if _ZERO in kinds:
            return _PLUS, _ZERO
        factors = [f for kind in kinds for f in self._opened("product", kind)]
        return prod((factor for factor, _ in parts), start=_PLUS), self._joined("product", factors)

    def _opened(self, name: str, kind: int) -> tuple[Any, ...]:
        key = self._keys[kind]
        return key[1:] if key[0] == name else (kind,)

    def _joined(self, name: str, parts: list[int]) -> int:
        if len(parts) > 1:
            return self._kind(name, *sorted(parts))
        return parts[0] if parts else _UNIT

    def _sum(self, parts: list[Weighed]) -> Weighed:
        terms: list[Weighed] = []
        for sign, kind in parts:
            nested = sign == _PLUS and self._keys[kind][0] == "sum"
            terms.extend(self._keys[kind][1:] if nested else [(sign, kind)])
        terms = [term for term in terms if term[1] != _ZERO]
        numbers = [term for term in terms if self._keys[term[1]][0] == "number"]
        if self._counting or len(numbers) == len(terms):
            total = sum((sign * self._keys[kind][1] for sign, kind in numbers), Fraction())
            terms = [term for term in terms if term not in numbers]
            terms += [self._number(total)] if total or not terms else []
        return terms[0] if len(terms) == 1 else (_PLUS, self._kind("sum", *sorted(terms)))

    def _quotient(self, above: Weighed, below: Weighed) -> Weighed:
        if _ZERO in (above[1], below[1]):
            return (_PLUS, _ZERO) if below[1] != _ZERO else (_PLUS, self._kind("nothing", above))
        kind = above[1] if below[1] == _UNIT else self._kind("quotient", above[1], below[1])
        return above[0] / below[0], kind

    def _power(self, base: Weighed, exponent: Weighed) -> Weighed:
        if exponent[1] == _ZERO:
            return _PLUS, _UNIT
        if exponent == (_PLUS, _UNIT):
            return base
        power = exponent[0]
        counted = base[1] == exponent[1] == _UNIT and power.denominator == 1
        if self._counting and counted and abs(power) <= _LARGEST_EXPONENT:
            return self._number(base[0] ** int(power))
        return _PLUS, self._kind("power", base, exponent)
