"""What is apart from zero by its form alone: e^u, 1 + x^2, products of these.

A quick look at denominators, before their factors are asked for.  What is not seen here may
be apart from zero all the same: that is decided in `bounds` and `regions`.
"""

from __future__ import annotations

from enum import IntEnum
from fractions import Fraction

from symderiv.judging.points import Setting
from symderiv.language.build import E
from symderiv.language.domains import REALS
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
from symderiv.language.walks import nodes


class Form(IntEnum):
    """What the form of an expression says of its sign, wherever it has a value."""

    NOTHING = 0
    NONZERO = 1
    NOT_NEGATIVE = 2
    POSITIVE = 3


_APART = (Form.NONZERO, Form.POSITIVE)


class Forms:
    """The forms of expressions in one setting, each node looked at once."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._found: dict[Expr, Form] = {}

    def apart_from_zero(self, expr: Expr) -> bool:
        """Whether the form of `expr` and the domains say that it is nowhere zero."""
        for node in nodes(expr, self._found):
            self._found[node] = self._form(node)
        return self._found[expr] in _APART

    def _form(self, node: Expr) -> Form:
        found = self._found
        match node:
            case Number():
                return Form.POSITIVE if node.value else Form.NOT_NEGATIVE
            case Constant():
                return Form.POSITIVE
            case Symbol():
                return _symbol(node, self._setting)
            case Sum(terms):
                return self._sum(terms)
            case Product(factors):
                return _product([found[factor] for factor in factors])
            case Quotient(top, bottom):  # where it has a value, the denominator is not zero
                return _product([found[top], max(found[bottom], Form.NONZERO)])
            case Negative(operand):
                return Form.NONZERO if found[operand] in _APART else Form.NOTHING
            case Power(base, exponent):
                return Form.POSITIVE if base is E else _power(found[base], exponent)
            case Apply(head, (u,)) if head.name == "sqrt":
                return Form.POSITIVE if found[u] in _APART else Form.NOT_NEGATIVE
            case Apply(head) if head.name == "cosh":
                return Form.POSITIVE
        return Form.NOTHING

    def _sum(self, terms: tuple[Expr, ...]) -> Form:
        forms = [self._found[term] for term in terms]
        if min(forms) >= Form.NOT_NEGATIVE:
            return max(forms)
        match terms:
            case (Number() as level, Negative(Symbol() as symbol)):
                outside = level.value not in self._setting.domain(symbol)
                if outside and symbol not in self._setting.definitions:
                    return Form.NONZERO
        return Form.NOTHING


def _symbol(symbol: Symbol, setting: Setting) -> Form:
    domain = setting.domain(symbol)
    if domain is REALS or symbol in setting.definitions:
        return Form.NOTHING
    low = min(domain.members) if domain.members else domain.lower
    apart = Fraction() not in domain
    if low is not None and low >= 0:
        return Form.POSITIVE if apart else Form.NOT_NEGATIVE
    return Form.NONZERO if apart else Form.NOTHING


def _product(forms: list[Form]) -> Form:
    least = min(forms)
    if least != Form.NONZERO or Form.NOT_NEGATIVE not in forms:
        return least
    return Form.NOTHING


def _power(base: Form, exponent: Expr) -> Form:
    value = exponent.value if isinstance(exponent, Number) else None
    if value is not None and value.numerator % 2 == 0 and value.denominator == 1:
        return Form.POSITIVE if base in _APART or not value else Form.NOT_NEGATIVE
    if base is Form.POSITIVE or value is not None:
        return base
    return Form.NOTHING
