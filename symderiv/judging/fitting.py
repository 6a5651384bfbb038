"""Which numbers, put for some names, make one expression equal to another at many points.

They are found from as many points as there are names, where the expression is linear in
them, and must serve at all the others.  This is what a measurement would show, with some
sixty digits, and no proof: whoever uses it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from symderiv.errors import Mistake
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.places import place
from symderiv.judging.points import Setting
from symderiv.judging.primitives import Ball, ball, flint, precision
from symderiv.language.expressions import Expr, Symbol

_BITS: Final = 256
_POINTS: Final = 24
_FURTHER: Final = 6  # points at which the numbers found must serve

Row: TypeAlias = tuple[Ball, list[Ball], Ball]
"""At one point: the formula without its numbers, what each of them is multiplied by, the truth."""


class Fit:
    """A formula and the truth at points of the domain; numbers are to be put for the names."""

    def __init__(
        self, formula: Expr, truth: Expr, names: Sequence[Symbol], setting: Setting
    ) -> None:
        self.formula, self.truth, self.names, self.setting = formula, truth, names, setting

    def possible(self, ends: Sequence[tuple[Fraction, Fraction]]) -> bool:
        """Whether the truth is among the values that the formula has with numbers between these
        ends, as far as can be seen."""
        with precision(_BITS):
            return self._met([ball(low).union(ball(high)) for low, high in ends])

    def numbers(
        self, ends: Sequence[tuple[Fraction, Fraction]], digits: Sequence[int]
    ) -> tuple[str, ...] | None:
        """The numbers, each to so many digits, that make the formula the truth at every point.

        Empty where they do not lie between these ends; None where there are none, or the formula
        is not linear in them.
        """
        with precision(_BITS):
            found = self._solved()
            if found is None:
                return None
            for value, (low, high) in zip(found, ends, strict=True):
                if value < ball(low) or value > ball(high):
                    return ()
            pairs = zip(found, digits, strict=True)
            return tuple(str(value.str(count, radius=False)) for value, count in pairs)

    def _met(self, boxes: Sequence[Ball]) -> bool:
        pairs = [(self._value(self.formula, k, boxes), self._truth(k)) for k in range(_POINTS)]
        known = [(one, other) for one, other in pairs if one is not None and other is not None]
        return len(known) >= _FURTHER and all(one.overlaps(other) for one, other in known)

    def _solved(self) -> tuple[Ball, ...] | None:
        count = len(self.names)
        rows = [row for k in range(_POINTS) if (row := self._row(k)) is not None]
        if len(rows) < count + _FURTHER:
            return None
        system = flint().arb_mat([row[1] for row in rows[:count]])
        right = flint().arb_mat([[row[2] - row[0]] for row in rows[:count]])
        try:
            found = system.solve(right)
        except (ZeroDivisionError, ValueError):
            return None
        values = tuple(found[k, 0] for k in range(count))
        for start, factors, truth in rows[count:]:
            made = sum((f * v for f, v in zip(factors, values, strict=True)), start)
            if not made.overlaps(truth):
                return None
        return values

    def _row(self, number: int) -> Row | None:
        count = len(self.names)
        units = [[ball(Fraction(int(j == k))) for j in range(count)] for k in range(count)]
        trial = [ball(Fraction(3 + 2 * j)) for j in range(count)]
        truth = self._truth(number)
        start = self._value(self.formula, number, [ball(Fraction())] * count)
        ends = [self._value(self.formula, number, unit) for unit in units]
        tried = self._value(self.formula, number, trial)
        if truth is None or start is None or tried is None:
            return None
        factors = [end - start for end in ends if end is not None]
        if len(factors) < count:
            return None
        linear = sum((f * v for f, v in zip(factors, trial, strict=True)), start)
        return (start, factors, truth) if linear.overlaps(tried) else None

    def _truth(self, number: int) -> Ball | None:
        return self._value(self.truth, number, ())

    def _value(self, expr: Expr, number: int, values: Sequence[Ball]) -> Ball | None:
        bound: dict[Expr, Ball] = dict(zip(self.names, values, strict=False))
        here = place(self.setting, number, "dyadic")
        try:
            value = Evaluator(here, number, bound=bound).value(expr)
        except (Undefined, ArithmeticError, ValueError, Mistake):
            return None
        return value if value.is_finite() else None
