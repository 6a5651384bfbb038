"""Whether what a student wrote says the same as what is true, on the question's own terms.

The judge compares two expressions; here stands what a question adds: rates between named
quantities are taken first, numbers are right to the digits shown, and where the question
itself has no value nothing is asked, so nothing there is a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from symderiv.deriving.applying import carry, derivatives_in
from symderiv.errors import Mistake
from symderiv.homework.numerals import ENOUGH, Nearness, has_decimals, is_numeric, nearness
from symderiv.homework.problems import Problem
from symderiv.homework.results import Within
from symderiv.homework.rounded import within_rounding
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.comparing import compare
from symderiv.judging.places import Place, place
from symderiv.judging.points import Setting
from symderiv.judging.primitives import Ball, precision
from symderiv.judging.verdict import Verdict
from symderiv.language.expressions import Derivative, Expr
from symderiv.language.walks import symbols_in

_BITS = 128
_POINTS, _SIMPLE = 48, 24  # points that are tried, and how many of them are readable ones
_EASY = 16  # up to this denominator a coordinate is easily put in by hand
_MOST_RATES = 24  # rates in one line that are taken


@dataclass(frozen=True)
class Agreement:
    """Whether two expressions agree; the fields are those of `Check`, and `coarse` says that a
    number shows fewer digits than were asked for."""

    verdict: Literal["equal", "different", "undecided"]
    reason: str = ""
    within: Within = ""
    coarse: bool = False
    conditions: tuple[Expr, ...] = ()
    witness: Mapping[str, Fraction] = field(default_factory=dict)
    values: tuple[str, str] = ("", "")


def agree(answer: Expr, truth: Expr, problem: Problem) -> Agreement:
    """Whether `answer` is equal to `truth` in this problem; `values` are in this order.

    A difference counts only at a point where the question has a value and both sides do.
    """
    answer, truth = resolved(answer, problem), resolved(truth, problem)
    if has_decimals(answer) or (problem.numbers and is_numeric(answer)):
        near = nearness(answer, truth, problem)
        if near is not None and (near.near or is_numeric(answer)):
            return _of_numbers(near)
    found = _judged(answer, truth, problem, problem.setting)
    if found.verdict == "different" and problem.numbers:
        near = nearness(answer, truth, problem)
        if near is not None:
            return _of_numbers(near)
    if found.verdict == "different" and has_decimals(answer):
        return _of_decimals(found, answer, truth, problem)
    return found


def _of_decimals(found: Agreement, answer: Expr, truth: Expr, problem: Problem) -> Agreement:
    """A formula with decimals that differs from the truth may be it with rounded numbers."""
    near = within_rounding(answer, truth, problem.setting)
    if near.verdict == "different":
        return found
    if near.verdict == "undecided":
        reason = "It may be right within the rounding of its decimals, which was not found out."
        return replace(found, verdict="undecided", reason=f"{found.reason} {reason}")
    pairs = zip(near.shown, near.stand_for, strict=True)
    said = ", ".join(f"{shown} for {number}" for shown, number in pairs if shown != number)
    reason = f"It is right within the rounding of the values shown: {said}."
    coarse = near.digits < (problem.digits or ENOUGH)
    return Agreement("equal", reason, "values shown", coarse)


def resolved(expr: Expr, problem: Problem) -> Expr:
    """`expr` with every rate between quantities of the problem taken: ∂L/∂z by our own engine.

    A rate for which there is no rule stays as it stands.
    """
    results: dict[Expr, Expr] = {}
    definitions = problem.setting.definitions
    for _, rate in derivatives_in(expr, {})[:_MOST_RATES]:
        if rate.body in definitions or rate.variable in definitions or _known(rate, problem):
            try:
                results[rate] = problem.engine.derive(rate).result
            except Mistake:  # no rule for it: the judge may know it all the same
                continue
    return carry(expr, results, ()) if results else expr


def _known(rate: Derivative, problem: Problem) -> bool:
    """Whether something named stands inside, so that the judge would put in what it stands for."""
    return any(s in problem.setting.definitions for s in symbols_in(rate))


def _of_numbers(near: Nearness) -> Agreement:
    if not near.near:
        reason = f"The answer is {near.shown[0]}, and the value is {near.shown[1]}."
        return Agreement("different", reason, values=near.shown)
    said = {
        "digits": "It is right to the digits shown",
        "tolerance": "It is right within the tolerance",
        "values shown": "It is right within the rounding of the values shown",
    }
    reason = f"{said.get(near.within, 'It is right')}: the value is {near.shown[1]}."
    return Agreement("equal", reason, near.within, near.coarse, values=near.shown)


def _judged(answer: Expr, truth: Expr, problem: Problem, setting: Setting) -> Agreement:
    """What the judge says; a witness at which one side has no value proves nothing here."""
    try:
        found = compare(answer, truth, setting)
    except Mistake as problem_:
        return Agreement("undecided", str(problem_))
    if found.verdict == "different" and "undefined" in found.values:
        found = _taken(answer, truth, problem, setting) or found
    if found.verdict != "different":
        return Agreement(found.verdict, found.reason, conditions=found.conditions)
    witness, values = found.witness, found.values
    no_value = "undefined" in values or not _has_value(problem.question, witness, setting)
    if no_value or any(value.denominator > _EASY for value in witness.values()):
        other = _elsewhere(answer, truth, problem, setting, _POINTS if no_value else _SIMPLE)
        if other is None and not no_value:
            other = witness, values
        if other is None:
            where = "No point was seen where the question and both sides have a value and differ."
            return Agreement("undecided", f"{found.reason} {where}", witness=witness, values=values)
        witness, values = other
    values = _plain(values[0]), _plain(values[1])
    at = ", ".join(f"{name} = {value}" for name, value in witness.items())
    reason = "{} what was written is {} and the right value is {}.".format(
        f"At {at}" if at else "There", *values
    )
    return Agreement("different", reason, witness=witness, values=values)


def _plain(value: str) -> str:
    """A decimal as one writes it: a nought that was computed is 0, not 0e-38."""
    return "0" if value.lstrip("-").startswith("0e") else value


def _taken(answer: Expr, truth: Expr, problem: Problem, setting: Setting) -> Verdict | None:
    """The verdict once every derivative is taken: (log u)′ has a value only where log u has, and
    u′/u elsewhere too; None where none was left, or there is no rule for one."""
    sides = []
    for side in (answer, truth):
        rates = [rate for _, rate in derivatives_in(side, {})[:_MOST_RATES]]
        try:
            sides.append(carry(side, {r: problem.engine.derive(r).result for r in rates}, ()))
        except Mistake:
            return None
    return None if sides == [answer, truth] else compare(sides[0], sides[1], setting)


def _elsewhere(
    answer: Expr, truth: Expr, problem: Problem, setting: Setting, points: int = _POINTS
) -> tuple[Mapping[str, Fraction], tuple[str, str]] | None:
    """A point at which the question and both sides have values, and the two certainly differ."""
    for number in range(points):
        here = place(setting, number, "simple" if number < _SIMPLE else "dyadic")
        asked, one, other = (_value(expr, here) for expr in (problem.question, answer, truth))
        if asked is None or one is None or other is None:
            continue
        with precision(_BITS):
            if not (one - other).contains(0):
                shown = one.str(6, radius=False), other.str(6, radius=False)
                return {str(s): value for s, value in here.chosen.items()}, shown
    return None


def _has_value(expr: Expr, witness: Mapping[str, Fraction], setting: Setting) -> bool:
    """Whether `expr` has a value at a witness."""
    names = {str(s): s for s in symbols_in(expr)}
    chosen = {names[text]: value for text, value in witness.items() if text in names}
    return _value(expr, place(setting, 0, "simple", chosen)) is not None


def _value(expr: Expr, here: Place) -> Ball | None:
    """The value of an expression at a place, None where it has none."""
    try:
        with precision(_BITS):
            value = Evaluator(here, here.number).value(expr)
    except (Undefined, ValueError, ZeroDivisionError, Mistake):
        return None
    return value if value.is_finite() else None
