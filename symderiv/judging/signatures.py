"""What an expression is worth at a few points, as one short text: for sorting, not for judging.

Equal expressions have equal signatures wherever both have a value; two signatures that are
equal prove nothing.  A verdict never rests on one.
"""

from __future__ import annotations

from typing import Final

from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.places import place
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.language.expressions import Expr

POINTS: Final = 4
_BITS: Final = 256
_DIGITS: Final = 12


def signature(expr: Expr, setting: Setting) -> str:
    """The values of `expr` at four points of its domain, to twelve digits.

    >>> from symderiv.language.build import symbols
    >>> x, y = symbols("x y")
    >>> signature(x + y, Setting()) == signature(y + x, Setting())
    True
    """
    with precision(_BITS):
        return " ".join(_value(expr, setting, number) for number in range(POINTS))


def _value(expr: Expr, setting: Setting, number: int) -> str:
    try:
        value = Evaluator(place(setting, number, "dyadic"), number).value(expr)
    except (Undefined, ArithmeticError, ValueError):
        return "undefined"
    if value.contains(0):
        return "0"
    return str(value.str(_DIGITS, radius=False)) if value.is_finite() else "undefined"
