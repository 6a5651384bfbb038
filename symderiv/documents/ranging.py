"""Where the values of a function lie, as a page says it, and that it is so.

What the catalogue declares is evaluated at points of the domain before it is said.  Where it
declares nothing, a function with one lowest point is followed down to it: the zero of its
slope, enclosed by halving with rigorous signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from symderiv.catalogue.families import Functions
from symderiv.catalogue.function import Function, Reached
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.evidence import WANTED
from symderiv.deriving.networks.numbers import rounded
from symderiv.documents.document import Prose
from symderiv.documents.tracing import Traced
from symderiv.errors import Broken
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.language.build import equal
from symderiv.language.domains import Domain, number
from symderiv.language.expressions import Expr

EVERYTHING = ("all real numbers",)
"""What is said where there is nothing to check."""
_TRIES = 200
_HALVINGS = 60
_DIGITS = 4


@dataclass(frozen=True)
class Ranged:
    """What is said of the values, and at how many points it was found to hold."""

    said: Prose
    points: int


def ranged(traced: Traced) -> Ranged | None:
    """Where the values lie; None where nothing is known.  `Broken` where one lies elsewhere."""
    function = traced.function
    if not (function.range or function.reach):
        return _above_the_lowest(traced)
    if function.spread is not None:
        said, held = tuple(_domain_said(function.applied, function.spread)), _domain_holds
    else:
        said, held = tuple(_alternatives(function.reached)), _one_holds
    setting = Setting(Functions(shipped().functions).also(function), function.domains)
    points = 0
    for k in range(_TRIES):
        with precision(256):
            here = held(function, Evaluator(setting, k))
        if here is False:
            raise Broken(f"A value of {function.words} lies outside of the range that is declared.")
        points += here is True
        if points == WANTED:
            break
    return Ranged(said, points)


def _domain_holds(function: Function, place: Evaluator) -> bool | None:
    """Whether a value lies in the declared domain; None where it has none, or cannot be told."""
    domain = function.spread
    assert domain is not None  # noqa: S101 (asked for by whoever calls)
    try:
        value = place.value(function.applied)
    except (Undefined, ValueError, ZeroDivisionError):
        return None
    if not value.is_finite():
        return None
    if domain.members:
        return any(value == int(member) for member in domain.members)
    if domain.integer:
        return bool(value.is_integer())
    low, high = (None if end is None else place.value(number(end)) for end in (
        domain.lower, domain.upper))  # fmt: skip
    below = low is not None and (value < low or (value == low and not domain.closed[0]))
    above = high is not None and (value > high or (value == high and not domain.closed[1]))
    return not (below or above or any(value == int(point) for point in domain.without))


def _one_holds(function: Function, place: Evaluator) -> bool | None:
    """Whether one of the formulas that are declared holds of a value."""
    unsure = False
    for reached in function.reached:
        try:
            if reached.where is not None and not place.value(reached.where):
                continue
            value = place.value(function.applied if reached.says is None else reached.says)
            if value is True or (reached.says is None and value.is_finite()):
                return True
        except (Undefined, ValueError, ZeroDivisionError):
            unsure = True
    try:
        known = place.value(function.applied).is_finite()
    except (Undefined, ValueError, ZeroDivisionError):
        return None
    return None if unsure or not known else False


def _domain_said(applied: Expr, domain: Domain) -> Iterator[str | Expr]:
    condition = domain.condition(applied)
    if condition is not None:
        yield condition
    elif domain.members:
        yield from listed(applied, domain)
    else:
        yield from ("whole numbers",) if domain.integer else EVERYTHING


def listed(of: Expr, domain: Domain) -> Iterator[str | Expr]:
    """A quantity and the few values that it may have: y = −1 or y = 1."""
    for k, member in enumerate(domain.members):
        yield " or " if k and k == len(domain.members) - 1 else ", " if k else ""
        yield equal(of, number(member))


def _alternatives(reach: tuple[Reached, ...]) -> Iterator[str | Expr]:
    for k, reached in enumerate(reach):
        yield " or " if k else ""
        yield from EVERYTHING if reached.says is None else (reached.says,)
        if reached.where is not None:
            yield " where "
            yield reached.where


def _above_the_lowest(traced: Traced) -> Ranged | None:
    """The lowest value of a function that first falls and then rises, rounded; else None."""
    bracket = _bracket(traced)
    if bracket is None:
        return None
    low, high = bracket
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        slope = traced.slope_at(middle)
        if slope is None:
            return None
        low, high = (middle, high) if slope < 0 else (low, middle)
    value = traced.value_at(high)
    if value is None:
        return None
    heights = [traced.value_at(Fraction(k, 8)) for k in range(-WANTED * 8, WANTED * 8)]
    if any(height is not None and height < value for height in heights):
        return None
    at, least = rounded(high, _DIGITS), rounded(Fraction(value), _DIGITS)
    lowest = equal(traced.variable, at)
    return Ranged(("from ", least, " upwards, least at ", lowest, " (rounded)"), len(heights))


def _bracket(traced: Traced) -> tuple[Fraction, Fraction] | None:
    """Two neighbouring places between which the slope turns from falling to rising, if one pair."""
    grid = [Fraction(k, 4) for k in range(-WANTED, WANTED + 1)]
    slopes = [traced.slope_at(place) for place in grid]
    turns = [
        k for k in range(1, len(grid))
        if (a := slopes[k - 1]) is not None and (b := slopes[k]) is not None and a * b <= 0
    ]  # fmt: skip
    if len(turns) != 1 or (slopes[turns[0]] or 0) <= 0:
        return None
    return grid[turns[0] - 1], grid[turns[0]]
