"""What is apart from zero by its form alone: e^u, 1 + x^2, products of these.

A quick look at denominators, before their factors are asked for.  What is not seen here may
be apart from zero all the same: that is decided in `bounds` and `regions`.
"""

from __future__ import annotations

from collections.abc import Mapping
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


def apart_from_zero(expr: Expr, setting: Setting) -> bool:
    """Whether the form of `expr` and the domains say that it is nowhere zero."""
    found: dict[Expr, Form] = {}
    for node in nodes(expr):
        found[node] = _form(node, found, setting)
    return found[expr] in _APART


def _form(node: Expr, found: Mapping[Expr, Form], setting: Setting) -> Form:
    match node:
        case Number():
            return Form.POSITIVE if node.value else Form.NOT_NEGATIVE
        case Constant():
            return Form.POSITIVE
        case Symbol():
            return _symbol(node, setting)
        case Sum(terms):
            return _sum(terms, found, setting)
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


def _symbol(symbol: Symbol, setting: Setting) -> Form:
    domain = setting.domain(symbol)
    if domain is REALS or symbol in setting.definitions:
        return Form.NOTHING
    low = min(domain.members) if domain.members else domain.lower
    apart = Fraction() not in domain
    if low is not None and low >= 0:
        return Form.POSITIVE if apart else Form.NOT_NEGATIVE
    return Form.NONZERO if apart else Form.NOTHING


def _sum(terms: tuple[Expr, ...], found: Mapping[Expr, Form], setting: Setting) -> Form:
    least = min(found[term] for term in terms)
    if least >= Form.NOT_NEGATIVE:
        return max(found[term] for term in terms)
    match terms:
        case (Number() as level, Negative(Symbol() as symbol)) if level.value not in (
            setting.domain(symbol)
        ):
            return Form.NOTHING if symbol in setting.definitions else Form.NONZERO
    return Form.NOTHING


def _product(forms: list[Form]) -> Form:
    least = min(forms)
    if least != Form.NONZERO or Form.NOT_NEGATIVE not in forms:
        return least
    return Form.NOTHING


def _power(base: Form, exponent: Expr) -> Form:
    if isinstance(exponent, Number) and exponent.value % 2 == 0:
        return Form.POSITIVE if base in _APART or not exponent.value else Form.NOT_NEGATIVE
    if base is Form.POSITIVE or isinstance(exponent, Number):
        return base
    return Form.NOTHING
