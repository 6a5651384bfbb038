"""How a line is known to equal the line before it: by rigorous balls, and by the judge's proof.

Neither way uses a rule of the catalogue, nor the other.  Both ends are evaluated at up to
24 exact points, on both sides of every kink, with rising precision; one point at which the
two balls do not meet refutes the step, and a refuted step is never printed.  Besides, the
judge looks for an exact proof; where it finds none, the page says how many points were
checked, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from symderiv.errors import Broken, Stuck
from symderiv.judging.balls import Evaluator, Plans, Sides, Undefined
from symderiv.judging.differing import differing
from symderiv.judging.equations import same_equation
from symderiv.judging.points import Setting
from symderiv.judging.primitives import Ball, precision
from symderiv.judging.proving import Proof, prove
from symderiv.language.expressions import Expr, Relation
from symderiv.language.walks import symbols_in

WANTED = 24
_TRIES = 400
_BITS = (128, 512, 2048)
_CLOSE = 1e-20  # of their size
_HELD = 5_000  # balls at one point: some 20 MB at all points


@dataclass(frozen=True)
class Evidence:
    """What was checked: `points` at which both sides agree to at least `digits` digits.

    `proved` says that there is an exact proof besides; `constant`, that nothing in it moves,
    so that there is one value alone.
    """

    points: int
    digits: int
    proved: bool = False
    constant: bool = False

    def __str__(self) -> str:
        if self.constant:
            return "proved" if self.proved else f"checked to {self.digits} digits"
        points = f"{self.points} point{'s' * (self.points != 1)}"
        return f"proved; {points}" if self.proved else f"checked at {points}"


def check(before: Expr, after: Expr, setting: Setting, *, proved: bool = False) -> Evidence:
    """The evidence that `before` equals `after` in `setting`, or that both equations hold.

    `proved` says that there is a proof already, such as one of each step on the way.
    Raises `Broken` where they differ, `Stuck` where there is no point at which both have a value.
    """
    key = (before, after)
    known = setting.memo.get(key)
    if isinstance(known, Evidence):
        return known
    sides: Sides = {}
    points, digits = 0, 1000
    pairs = _pairs(before, after)
    constant = not symbols_in(before) and not symbols_in(after)
    for number in range(1 if constant else _TRIES):
        agreed = [_agree(one, other, setting, number, sides) for one, other in pairs]
        if None not in agreed:
            points, digits = points + 1, min(digits, *(a for a in agreed if a is not None))
        if points >= WANTED and all(len(seen) == 2 for seen in sides.values()):
            break
        if points >= 2 * WANTED:  # a condition that never fails here has no other side
            break
    if points == 0:
        raise Stuck(
            f"{before} has no value at any of the points that were tried, so that nothing can be "
            "checked. Say where its names lie (where, or --where on the command line)."
        )
    evidence = Evidence(points, digits, proved or _is_proved(before, after, setting), constant)
    _plans(setting).clear()
    setting.memo[key] = evidence
    return evidence


def _pairs(before: Expr, after: Expr) -> tuple[tuple[Expr, Expr], ...]:
    """What must be equal: the two lines, or of two equations the sides of each."""
    if isinstance(before, Relation) and isinstance(after, Relation):
        lines = (before, after)
        if all(line.signs == ("=",) for line in lines):
            return tuple((line.terms[0], line.terms[1]) for line in lines)
    return ((before, after),)


def _is_proved(before: Expr, after: Expr, setting: Setting) -> bool:
    """Whether the judge has a proof, of the parts that differ or of the lines."""
    if isinstance(before, Relation) and isinstance(after, Relation):
        return same_equation(before, after, setting)
    parts = differing(before, after)
    if parts != (before, after) and isinstance(prove(*parts, setting, one_way=True), Proof):
        return True
    return isinstance(prove(before, after, setting, one_way=True), Proof)


def _agree(before: Expr, after: Expr, setting: Setting, number: int, sides: Sides) -> int | None:
    """To how many digits both sides agree at a point; None where one of them has no value."""
    for bits in _BITS:
        at = _point(setting, number, bits)
        with precision(bits):
            one, other = at.value(before, sides), at.value(after, sides)
            if one is None or other is None:
                continue
            difference = one - other
            if not difference.contains(0):
                raise Broken(
                    f"{before} = {after} does not hold at point {number}: "
                    f"{one.str(20)} on the left, {other.str(20)} on the right."
                )
            apart = float(difference.rad() / (abs(one).upper() + 1)) + 2.0**-1000
        if apart < _CLOSE:
            return -floor(log10(apart))
    return None


def _point(setting: Setting, number: int, bits: int) -> _Point:
    """What has been found at a point in one precision."""
    key = (number, bits)
    at = setting.memo.get(key)
    if not isinstance(at, _Point):
        at = setting.memo[key] = _Point(setting, number)
    return at


class _Point:
    """The values of lines at one point: what two lines have in common is evaluated once."""

    def __init__(self, setting: Setting, number: int) -> None:
        self._setting, self._number = setting, number
        self._evaluator = self._new()
        self._found: dict[Expr, tuple[Ball | None, Sides]] = {}

    def _new(self) -> Evaluator:
        return Evaluator(self._setting, self._number, plans=_plans(self._setting))

    def value(self, expr: Expr, sides: Sides) -> Ball | None:
        """The ball of a line, None where it has none; the conditions that are met enter `sides`."""
        found = self._found.get(expr)
        if found is None:
            found = self._found[expr] = self._evaluated(expr), self._evaluator.sides(expr)
            if len(self._evaluator.known) > _HELD:
                self._evaluator = self._new()
        value, seen = found
        for condition, answers in seen.items():
            sides.setdefault(condition, set()).update(answers)
        return value

    def _evaluated(self, expr: Expr) -> Ball | None:
        try:
            value = self._evaluator.value(expr)
        except (Undefined, ValueError, ZeroDivisionError):
            return None
        return value if value.is_finite() else None


def _plans(setting: Setting) -> Plans:
    """In which order the lines that are being checked are evaluated, the same at each point."""
    plans: Plans = setting.memo.setdefault("plans", {})  # type: ignore[assignment]
    return plans
