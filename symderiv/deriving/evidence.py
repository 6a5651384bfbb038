"""How a line is known to equal the line before it: by rigorous balls, and by the judge's proof.

Neither way uses a rule of the catalogue, nor the other.  Both ends are evaluated at up to
24 exact points, on both sides of every kink, with rising precision; one point at which the
two balls do not meet refutes the step, and a refuted step is never printed.  Besides, the
judge looks for an exact proof; where it finds none, the page says how many points were
checked, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TypeGuard

from symderiv.errors import Broken, Stuck
from symderiv.judging.balls import Evaluator, NoCase, Plans, Sides, Undefined
from symderiv.judging.differing import differing
from symderiv.judging.equations import same_equation
from symderiv.judging.places import discrete
from symderiv.judging.points import Setting
from symderiv.judging.primitives import Ball, precision
from symderiv.judging.proving import Proof, Unproved, prove
from symderiv.language.expressions import Absolute, Expr, Negative, Number, Relation, Sum
from symderiv.language.patterns import join
from symderiv.language.walks import symbols_in

_ZERO = Number("0")

WANTED = 24
_TRIES = 400
_BITS = (128, 512, 2048)
_CLOSE = 1e-20  # of their size
_HELD = 5_000  # balls at one point: some 20 MB at all points


@dataclass(frozen=True)
class Evidence:
    """What was checked: `points` at which both sides agree to at least `digits` digits.

    `proof` is an exact proof besides, where there is one, with what it holds except for;
    `constant` says that nothing moves, so that there is one value alone.
    """

    points: int
    digits: int
    proof: Proof | None = None
    constant: bool = False

    @property
    def proved(self) -> bool:
        """Whether there is an exact proof besides."""
        return self.proof is not None

    def said(self, stated: Callable[[Expr], bool] = lambda _: False) -> Iterator[str | Expr]:
        """What was checked, in words and formulas, with the conditions that are not `stated`."""
        points = f"{self.points} point{'s' * (self.points != 1)}"
        if self.proof is None:
            yield f"checked to {self.digits} digits" if self.constant else f"checked at {points}"
            return
        yield "proved"
        unsaid = [c for c in self.proof.conditions if not stated(c)]
        yield from _listed(" where ", [c for c in unsaid if not _is_exception(c)])
        yield from _listed(" except where ", _borders([c for c in unsaid if _is_exception(c)]))
        if not self.constant:
            yield f"; {points}"

    def __str__(self) -> str:
        return "".join(map(str, self.said()))


def _is_exception(condition: Expr) -> TypeGuard[Relation]:
    return isinstance(condition, Relation) and condition.signs == ("!=",)


def _borders(exceptions: Sequence[Relation]) -> list[Expr]:
    """The places that are left out, as one writes them: |u| = v for u = v and −u = v."""
    sides = dict.fromkeys(_sides(*exception.terms) for exception in exceptions)
    found: dict[Expr, None] = {}
    for left, right in sides:
        if (Negative(left), right) in sides:
            left = Absolute(left)
        elif isinstance(left, Negative) and (left.operand, right) in sides:
            continue
        found[Relation((left, right), ("=",))] = None
    return list(found)


def _sides(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """An equation with its last term brought to the right where that has a minus sign."""
    while isinstance(left, Absolute) and right is _ZERO:
        left = left.operand
    match left:
        case Sum((*first, Negative(last))) if right is _ZERO:
            return join(Sum, first), last
    return left, right


def _listed(word: str, formulas: Sequence[Expr]) -> Iterator[str | Expr]:
    """Formulas with words between them: where x = 0, y = 0 or z = 0."""
    for k, formula in enumerate(formulas):
        last = k == len(formulas) - 1
        yield word if k == 0 else " or " if last else ", "
        yield formula


def check(before: Expr, after: Expr, setting: Setting, *, proof: Proof | None = None) -> Evidence:
    """The evidence that `before` equals `after` in `setting`, or that both equations hold.

    `proof` is one that there is already, such as one of each step on the way.
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
    found = proof or _proof(before, after, setting)
    if isinstance(found, Unproved) and found.right_lost and _without_case(after, setting):
        raise Broken(f"{after} has no value in a part of the domain where {before} has one.")
    evidence = Evidence(points, digits, found if isinstance(found, Proof) else None, constant)
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


def _proof(before: Expr, after: Expr, setting: Setting) -> Proof | Unproved:
    """The judge's proof, of the parts that differ or of the lines."""
    if isinstance(before, Relation) and isinstance(after, Relation):
        same = same_equation(before, after, setting)
        return Proof((), "with the same root") if same else Unproved("The roots may differ.")
    parts = differing(before, after)
    found = prove(*parts, setting, one_way=True)
    if isinstance(found, Proof) or parts == (before, after):
        return found
    return prove(before, after, setting, one_way=True)


def _without_case(line: Expr, setting: Setting) -> bool:
    """Whether at some point none of the cases of `line` holds."""
    return any(line in at.without_case for at in setting.memo.values() if isinstance(at, _Point))


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
        self.without_case: set[Expr] = set()  # lines that surely have no value here

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
        except NoCase:
            if not any(discrete(name, self._setting) for name in symbols_in(expr)):
                self.without_case.add(expr)  # nor around here: no point is chosen on a border
            return None
        except (Undefined, ValueError, ZeroDivisionError):
            return None
        return value if value.is_finite() else None


def _plans(setting: Setting) -> Plans:
    """In which order the lines that are being checked are evaluated, the same at each point."""
    plans: Plans = setting.memo.setdefault("plans", {})  # type: ignore[assignment]
    return plans
