"""How a line is known to equal the line before it: by rigorous balls, and by the judge's proof.

Neither way uses a rule of the catalogue, nor the other.  Both ends are evaluated at up to
24 exact points, on both sides of every kink, with rising precision; one point at which the
two balls do not meet refutes the step, and a refuted step is never printed.  Besides, the
judge looks for an exact proof; where it finds none, the page says how many points were
checked, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from symderiv.errors import Broken, Stuck
from symderiv.judging.balls import Evaluator, precision
from symderiv.judging.points import Setting
from symderiv.judging.primitives import Ball, Undefined
from symderiv.judging.proving import Proof, prove
from symderiv.language.expressions import Expr

WANTED = 24
_TRIES = 400
_BITS = (128, 512, 2048)


@dataclass(frozen=True)
class Evidence:
    """What was checked: `points` at which both sides agree to at least `digits` digits.

    `proved` says that there is an exact proof besides.
    """

    points: int
    digits: int
    proved: bool = False

    def __str__(self) -> str:
        points = f"{self.points} point{'s' * (self.points != 1)}"
        return f"proved; {points}" if self.proved else f"checked at {points}"


def check(before: Expr, after: Expr, setting: Setting) -> Evidence:
    """The evidence that `before` equals `after` in `setting`.

    Raises `Broken` where they differ, `Stuck` where there is no point at which both have a value.
    """
    key = (before, after)
    known = setting.memo.get(key)
    if isinstance(known, Evidence):
        return known
    sides: dict[Expr, set[bool]] = {}
    points, digits = 0, 1000
    for number in range(_TRIES):
        agreed = _agree(before, after, setting, number, sides)
        if agreed is not None:
            points, digits = points + 1, min(digits, agreed)
        if points >= WANTED and all(len(seen) == 2 for seen in sides.values()):
            break
        if points >= 2 * WANTED:  # a condition that never fails here has no other side
            break
    if points == 0:
        raise Stuck(
            f"{before} has no value at any of the points that were tried, so that nothing can be "
            "checked. Say where its names lie (where, or --where on the command line)."
        )
    proved = isinstance(prove(before, after, setting), Proof)
    evidence = Evidence(points, digits, proved)
    setting.memo[key] = evidence
    return evidence


def _agree(
    before: Expr, after: Expr, setting: Setting, number: int, sides: dict[Expr, set[bool]]
) -> int | None:
    """To how many digits both sides agree at a point; None where one of them has no value."""
    for bits in _BITS:
        one = _value(before, setting, number, bits, sides)
        other = _value(after, setting, number, bits, sides)
        if one is None or other is None:
            continue
        with precision(bits):
            difference = one - other
            if not difference.contains(0):
                raise Broken(
                    f"{before} = {after} does not hold at point {number}: "
                    f"{one.str(20)} on the left, {other.str(20)} on the right."
                )
            scale = abs(one).upper() + 1
            accuracy = -int(
                (difference.rad() / scale + 2.0**-1000).log_base(10).upper().floor().unique_fmpz()
            )
        if accuracy >= 20:
            return accuracy
    return None


def _value(
    expr: Expr, setting: Setting, number: int, bits: int, sides: dict[Expr, set[bool]]
) -> Ball | None:
    """The ball of `expr` at a point, remembered; None where it has no value there."""
    key = (expr, number, bits)
    if key not in setting.memo:
        seen: dict[Expr, set[bool]] = {}
        with precision(bits):
            try:
                value = Evaluator(setting, number, seen).value(expr)
            except (Undefined, ValueError, ZeroDivisionError):
                value = None
            if value is not None and not value.is_finite():
                value = None
        setting.memo[key] = (value, seen)
    value, seen = setting.memo[key]  # type: ignore[misc]
    for condition, answers in seen.items():
        sides.setdefault(condition, set()).update(answers)
    return value
