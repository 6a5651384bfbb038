"""The rational number that an expression is by its form: 1/3 − 1, or 2x + 1 where x is 3.

Here belongs exact arithmetic with numbers that stand there; a function has no value here,
and whether an expression equals a number in another way is for `judging`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod

from symderiv.language.expressions import (
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from symderiv.language.walks import nodes

_LONGEST = 4000  # bits of a number that is worked out
_NOTHING: Mapping[Expr, Fraction] = {}


def rational_value(expr: Expr, known: Mapping[Expr, Fraction] = _NOTHING) -> Fraction | None:
    """The value of `expr` where the values of some of its nodes are known; None without one."""
    found: dict[Expr, Fraction | None] = {}
    for node in nodes(expr):
        parts = [found.get(part) for part in node.parts]
        values = [value for value in parts if value is not None]
        here = known.get(node)
        if here is None and len(values) == len(parts):
            here = _worked_out(node, values)
        found[node] = here
    return found[expr]


def _worked_out(node: Expr, values: list[Fraction]) -> Fraction | None:
    match node:
        case Number():
            return node.value
        case Negative():
            return -values[0]
        case Sum():
            return sum(values, Fraction())
        case Product():
            total = prod(values, start=Fraction(1))
            return total if max(_bits(total), 1) < _LONGEST else None
        case Quotient():
            return values[0] / values[1] if values[1] else None
        case Power():
            base, exponent = values
            small = exponent.denominator == 1 and abs(exponent) * _bits(base) <= _LONGEST
            if small and (base or exponent > 0):
                return base ** int(exponent)
    return None


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())
