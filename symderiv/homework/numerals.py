"""Answers in numbers: right exactly, to the digits shown, within a tolerance or the rounding.

A decimal says how precisely it was written, and is judged by that: 2.157 is right for
2.157196 and 2.158 is not.  Where values that were rounded are shown on the way, an answer
may be off by what they allow: 2.153 computed from ŷ = 0.536.  Which of two formulas are
equal is no question of this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from symderiv.deriving.networks.numbers import Arithmetic, Real, bounds
from symderiv.errors import Mistake
from symderiv.homework.problems import Problem
from symderiv.homework.results import Within
from symderiv.judging.preparing import without_definitions
from symderiv.language.expressions import Expr, Negative, Number, Power, Product, Symbol
from symderiv.language.walks import nodes, substitute, symbols_in

ENOUGH = 2  # significant digits that a decimal must show where nothing is asked
_COARSEST = Fraction(1, 2000)  # half a unit of a value on the way: it shows three decimals at least
_MOST_DECIMALS = 12  # of a formula in numbers
_MOST_EXPONENT = 1 << 14  # of two
_FAR = 100  # halves of a unit beyond which no rounding of other values is looked into
_ROUNDED = 3  # significant digits from which on a given number is taken for a rounded one


class Numeral(NamedTuple):
    """A number as typed: half a unit of its last digit, and how many digits are significant."""

    half: Fraction
    digits: int


class Nearness(NamedTuple):
    """Whether a number is near enough; `within` by what, `coarse` if it shows too few digits.

    `shown` are the answer and the truth as decimals.
    """

    near: bool
    within: Within
    coarse: bool
    shown: tuple[str, str]


def nearness(answer: Expr, truth: Expr, problem: Problem) -> Nearness | None:
    """How near a number is to the truth; None where one of them is no number."""
    values = Values(problem)
    found, right = values.of(answer), values.of(truth)
    if found is None or right is None:
        return None
    off = _apart(found, right)
    shown = (decimal(found), decimal(right))
    if problem.tolerance is not None:
        allowed = problem.tolerance * (_size(right) if problem.relative else 1)
        return Nearness(off <= allowed, "tolerance", False, shown)
    if found == right and isinstance(found, Fraction):
        return Nearness(True, "", False, shown)
    slack, digits = values.slack(answer)
    asked = problem.digits
    if asked and _size(right) and off <= _half_unit(_size(right), asked):
        return Nearness(True, "digits", digits < asked, shown)
    coarse = digits < (asked or ENOUGH)
    if off <= slack:
        return Nearness(True, "digits", coarse, shown)
    if slack and off <= _FAR * slack and off <= slack + values.spread(truth, slack):
        return Nearness(True, "values shown", coarse, shown)
    return Nearness(False, "", False, shown)


class Values:
    """The values of expressions where the quantities of a problem are numbers."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.arithmetic = Arithmetic(problem.setting.functions)

    def of(self, expr: Expr, moved: Mapping[Symbol, Real] | None = None) -> Real | None:
        """The value of `expr`, with some quantities moved from where they are; None if none."""
        moved = moved or {}
        definitions = self.problem.numeric.definitions
        kept = {name: value for name, value in definitions.items() if name not in moved}
        try:
            found = self.arithmetic.value(without_definitions(expr, kept), moved)
        except (Mistake, KeyError):
            return None
        return found if _is_handy(found) else None

    def slack(self, answer: Expr) -> Numeral:
        """How far what was typed may be from what it was rounded from: of a number half a unit,
        of a formula what its decimals allow, each in its turn."""
        typed = numeral(answer)
        if typed is not None:
            return typed
        start, total, digits = self.of(answer), Fraction(0), 99
        decimals = [n for n in nodes(answer) if isinstance(n, Number) and "." in n.text]
        for number in decimals[:_MOST_DECIMALS]:
            half, shown = numeral(number) or Numeral(Fraction(0), 99)
            name = Symbol("·")
            formula = substitute(answer, {number: name})
            moved = (self.of(formula, {name: end}) for end in _around(number.value, half))
            if start is not None:
                total += max((_apart(end, start) for end in moved if end is not None), default=0)
            digits = min(digits, shown)
        return Numeral(total, digits)

    def spread(self, truth: Expr, half: Fraction) -> Fraction:
        """How far the truth moves while each value shown moves within its rounding.

        A named intermediate is taken to be shown with as many decimals as the answer and three
        at least, a given number as it was typed where it has at least three significant digits.
        """
        start, total = self.of(truth), Fraction(0)
        if start is None:
            return total
        for name in symbols_in(truth):
            value = self.of(name)
            number = self.problem.numbers.get(name)
            shown = Numeral(min(half, _COARSEST), _ROUNDED)
            typed = shown if number is None else numeral(number)
            if value is None or typed is None or typed.digits < _ROUNDED:
                continue
            moved = (self.of(truth, {name: end}) for end in _around(value, typed.half))
            total += max((_apart(end, start) for end in moved if end is not None), default=0)
        return total


def numeral(expr: Expr) -> Numeral | None:
    """A number as typed, with its sign and a power of ten; None for anything else."""
    if isinstance(expr, Negative):
        return numeral(expr.operand)
    match expr:
        case Number(text):
            whole, _, behind = text.partition(".")
            digits = len((whole + behind).lstrip("0")) or 1
            return Numeral(Fraction(1, 2 * 10 ** len(behind)), digits)
        case Product((Number() as mantissa, Power(Number("10"), exponent))):
            power = exponent.operand if isinstance(exponent, Negative) else exponent
            if isinstance(power, Number) and power.value.denominator == 1 and power.value <= 40:
                scale = Fraction(10) ** int(power.value)
                half, digits = numeral(mantissa) or Numeral(Fraction(0), 0)
                return Numeral(half / scale if power is not exponent else half * scale, digits)
    return None


def has_decimals(expr: Expr) -> bool:
    """Whether a number in it was typed with a decimal point."""
    return any(isinstance(node, Number) and "." in node.text for node in nodes(expr))


def is_numeric(expr: Expr) -> bool:
    """Whether nothing stands in it that has a name."""
    return not any(isinstance(node, Symbol) for node in nodes(expr))


def _is_handy(value: Real) -> bool:
    """Whether a number can be written down: 2^(10^30) has more digits than there is memory."""
    if isinstance(value, Fraction):
        return True
    ends = (value.lower(), value.upper()) if value.is_finite() else ()
    return bool(ends) and all(abs(int(end.man_exp()[1])) <= _MOST_EXPONENT for end in ends)


def _half_unit(size: Fraction, digits: int) -> Fraction:
    """Half a unit of this significant digit."""
    exponent = len(str(int(size))) if size >= 1 else 0
    while size < Fraction(10) ** (exponent - 1):
        exponent -= 1
    return Fraction(10) ** (exponent - digits) / 2


def _around(value: Real, half: Fraction) -> Iterable[Fraction]:
    """The ends of what is shown as the same decimal."""
    low, _ = bounds(value)
    shown = round(low / (2 * half)) * 2 * half
    return shown - half, shown + half


def _apart(one: Real, other: Real) -> Fraction:
    """How far apart two numbers are, at the nearest."""
    (low, high), (first, last) = bounds(one), bounds(other)
    return max(first - high, low - last, Fraction(0))


def _size(value: Real) -> Fraction:
    return max(map(abs, bounds(value)))


def decimal(value: Real) -> str:
    """A number with six significant digits, for the eye."""
    low, high = bounds(value)
    return f"{float((low + high) / 2):.6g}"
