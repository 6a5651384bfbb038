"""Formulas with decimals that were rounded: 6.28·x for 2πx.

A decimal stands for every number that is rounded to it.  An answer is right within the
rounding of the values shown if some choice of such numbers makes it the truth: where the
answer is linear in its decimals they are found from as many points as there are decimals,
and must serve at many others.  Where that is not so the answer may still be right, and
goes to a person.  Numbers without names are judged in `numerals`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, NamedTuple

from symderiv.deriving.applying import put, spots
from symderiv.homework.numerals import numeral
from symderiv.judging.fitting import Fit
from symderiv.judging.points import Setting
from symderiv.language.expressions import Expr, Number, Symbol

_MOST_DECIMALS: Final = 4
_SHOWN: Final = 6  # digits at least of what a decimal stands for


class Rounded(NamedTuple):
    """Whether the truth is what the decimals were rounded from; `stand_for` are these numbers, to
    six digits, and `digits` the fewest that a decimal shows."""

    verdict: Literal["equal", "different", "undecided"]
    shown: tuple[str, ...] = ()
    stand_for: tuple[str, ...] = ()
    digits: int = 0


def within_rounding(answer: Expr, truth: Expr, setting: Setting) -> Rounded:
    """Whether `answer`, which is not equal to `truth`, is so with numbers that are rounded to its
    decimals."""
    found = [(at, n) for at, n in spots(answer) if isinstance(n, Number) and "." in n.text]
    if len(found) > _MOST_DECIMALS:
        return Rounded("undecided")
    formula, ends, digits = answer, list[tuple[Fraction, Fraction]](), list[int]()
    names = [Symbol(f"·{number}") for number in range(len(found))]
    for (at, node), name in zip(found, names, strict=True):
        formula = put(formula, at, name)
        typed = numeral(node)
        half = typed.half if typed else Fraction()
        ends.append((node.value - half, node.value + half))
        digits.append(typed.digits if typed else 1)
    fit = Fit(formula, truth, names, setting)
    if not found or not fit.possible(ends):
        return Rounded("different")
    numbers = fit.numbers(ends, [max(_SHOWN, count + 2) for count in digits])
    if numbers is None:
        return Rounded("undecided")
    if not numbers:
        return Rounded("different")
    return Rounded("equal", tuple(node.text for _, node in found), numbers, min(digits))
