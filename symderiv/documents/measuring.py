"""A derivative in numbers: its value at a point, and the difference quotient there.

The quotient is taken of what was differentiated, with numbers that are exact or balls of
hundreds of bits, so it shares nothing with the rules that gave the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import comb

from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.numbers import (
    Arithmetic,
    Real,
    as_float,
    magnitude,
    minus,
    over,
    plus,
    rounded,
    times,
)
from symderiv.documents.document import Passage, Prose, Table
from symderiv.documents.passages import decimal, equation
from symderiv.errors import Mistake
from symderiv.language.expressions import Derivative, Expr, Symbol
from symderiv.language.walks import substitute, symbols_in

_STEP = Fraction(1, 10**5)
_FAR = 1e-3  # of the value: beyond, the quotient sees something else than a slope
_DEEPEST = 40  # names that stand for names


def measured_passage(
    derivation: Derivation, at: Mapping[Symbol, Fraction], digits: int, name: str
) -> Passage:
    """The result at a point, beside the central difference of what was differentiated.

    Raises `Mistake` where the point lies outside the domain, where a name has no number, and
    where there is no derivative.
    """
    start = derivation.start
    if not isinstance(start, Derivative):
        raise Mistake("Numbers are put into the derivative of an expression, not of an equation.")
    written = _Written(derivation, at)
    value = written.value(derivation.result, at)
    seen = _difference(written, start, at)
    known = [equation(symbol, decimal(number)) for symbol, number in at.items()]
    where: Prose = tuple(p for k, e in enumerate(known) for p in (", " if k else "At ", e))
    head: tuple[Prose, ...] = (where, ("Value",), ("Difference quotient",), ("Apart by",))
    row: tuple[Prose, ...] = (
        (start,),
        (rounded(value, digits),),
        (rounded(seen, digits),),
        (rounded(magnitude(minus(seen, value)), 1),),
    )
    caption = _said(start.order, near=as_float(magnitude(minus(seen, value))) < _FAR)
    return Passage(f"{name}-check", "In numbers", (Table(head, (row,), caption),))


def _said(order: int, *, near: bool) -> Prose:
    """What the quotient is; one that is far off has met a kink, as ReLU's does at 0."""
    step = f"1/{_STEP.denominator:,}".replace(",", "\u202f")
    which = "central difference" if order == 1 else f"central difference of order {order}"
    said = f"The quotient is the {which} with a step of {step}; it uses none of the rules."
    turns = " Within the step the function has a kink or turns sharply: there it is no slope."
    return (said if near else said + turns,)


class _Written:
    """What was differentiated and its result with every name written out, in numbers."""

    def __init__(self, derivation: Derivation, at: Mapping[Symbol, Fraction]) -> None:
        self.setting = derivation.setting
        kinks = self.setting.kinks
        self.arithmetic = Arithmetic(self.setting.functions, kinks)
        missing = [s for s in symbols_in(self.out(derivation.subject)) if s not in at]
        if missing:
            raise Mistake(f"The point says nothing of {', '.join(map(str, missing))}.")
        for symbol, number in at.items():
            domain = self.setting.domain(symbol)
            if number not in domain:
                said = " and ".join(map(str, domain.conditions(symbol))) or "its domain"
                raise Mistake(f"{symbol} = {number} is outside of {said}.")

    def out(self, expr: Expr) -> Expr:
        """The expression in which no name stands for anything else."""
        names: dict[Expr, Expr] = dict(self.setting.definitions.items())
        for _ in range(_DEEPEST):
            if not any(s in names for s in symbols_in(expr)):
                break
            expr = substitute(expr, names)
        return expr

    def value(self, expr: Expr, at: Mapping[Symbol, Real]) -> Real:
        return self.arithmetic.value(self.out(expr), at)


def _difference(written: _Written, start: Derivative, at: Mapping[Symbol, Fraction]) -> Real:
    """The central difference of the order that is asked for."""
    body, moving, order = written.out(start.body), start.variable, start.order
    if not isinstance(moving, Symbol):
        raise Mistake(f"No number can move {moving}.")
    total: Real = Fraction()
    for k in range(order + 1):
        step = (Fraction(order, 2) - k) * _STEP * (2 if order == 1 else 1)
        value = written.value(body, {**at, moving: at[moving] + step})
        total = plus(total, times(value, Fraction((-1) ** k * comb(order, k))))
    return over(total, (2 * _STEP if order == 1 else _STEP**order))
