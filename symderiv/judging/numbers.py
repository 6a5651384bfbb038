"""Constants that are written exactly, such as 1 + √2: where they lie, and the sign at them.

And the sign that an expression has wherever it has a value, where that is certain.  Only
certain answers are given: an interval that surely holds the number, a sign that no rounding
can turn.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.judging.proving import Proof, prove
from symderiv.judging.residues import Unprovable
from symderiv.judging.shared import Shared
from symderiv.language.expressions import Expr, Number, Symbol
from symderiv.language.walks import substitute

_BITS = (128, 1024)


def interval(value: Expr, setting: Setting) -> tuple[Fraction, Fraction]:
    """Two fractions between which a constant surely lies."""
    with precision(_BITS[0]):
        found = Evaluator(setting, 0).value(value)
        ends = (found.lower().fmpq(), found.upper().fmpq())
    low, high = (Fraction(int(end.p), int(end.q)) for end in ends)
    return low, high


def has_value(expr: Expr, variable: Symbol, place: Expr, setting: Setting) -> bool:
    """Whether an expression surely has a value at a place."""
    try:
        return sign_at(expr, variable, place, setting) is not None
    except Undefined:  # a value, of which only the sign is not certain
        return True


def sign_everywhere(expr: Expr, setting: Setting) -> int | None:
    """The sign of an expression in the whole domain: 2 − sin x is positive; None where unclear."""
    try:
        found = Shared(replace(setting, memo={}), _free_of_charge).bounds.of(expr)
    except Unprovable:
        return None
    return found.sign if found.avoids_zero else None


def _free_of_charge(_: int) -> None:
    """One walk over the nodes needs no fuel."""


def sign_at(expr: Expr, variable: Symbol, place: Expr, setting: Setting) -> int | None:
    """The sign of an expression at a place, 0 where it is proved zero; None where it has no value.

    Raises `Undefined` where the sign is neither certain nor proved.
    """
    there = substitute(expr, {variable: place})
    for bits in _BITS:
        with precision(bits):
            try:
                value = Evaluator(replace(setting, memo={}), 0).value(there)
            except (Undefined, ValueError, ZeroDivisionError):
                return None
            if not value.is_finite():
                return None
            if value > 0:
                return 1
            if value < 0:
                return -1
            if value.is_zero():
                return 0
    if isinstance(prove(there, Number("0"), setting), Proof):
        return 0
    raise Undefined(f"the sign of {there} is not certain")
