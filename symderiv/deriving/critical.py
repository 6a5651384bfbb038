"""The critical points of a function of one variable, and what kind each of them is.

f′ is derived and factored; its zeros, and the places where it does not exist while f does,
are the critical points.  The second derivative decides where it is not zero; elsewhere the
sign of f′ on either side does, between one zero or pole and the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from symderiv.catalogue.gathering import Catalogue
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.evidence import check
from symderiv.deriving.lines import Lines
from symderiv.deriving.problem import Answer, Problem, Words, named_function, together, value_at
from symderiv.deriving.strategy import derive_expression
from symderiv.deriving.zeros import factor, zeros_of
from symderiv.judging.numbers import interval, sign_at
from symderiv.judging.points import Setting
from symderiv.language.build import equal
from symderiv.language.domains import Domain, number
from symderiv.language.expressions import Apply, Expr, Number, Prime, Relation, Symbol
from symderiv.language.walks import substitute

_ZERO = Number("0")
MINIMUM, MAXIMUM, NEITHER = "local minimum", "local maximum", "no extremum"
_SIGNS = {MINIMUM: ">", MAXIMUM: "<"}
_CHANGES = {
    MINIMUM: ", and the function falls before it and rises after it.",
    MAXIMUM: ", and the function rises before it and falls after it.",
    NEITHER: ", and the derivative has the same sign on either side.",
}


@dataclass(frozen=True)
class CriticalPoint:
    """A place where f′ is zero or does not exist, and whether it is a minimum or a maximum."""

    at: Expr
    value: Expr
    kind: str
    second: Expr | None = None

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}, value {self.value}"


def critical_points(
    body: Expr,
    variable: Symbol,
    *,
    where: Mapping[Symbol, Domain] | None = None,
    catalogue: Catalogue | None = None,
) -> Problem:
    """All critical points, from left to right; `Stuck` where f′ = 0 is not solved exactly."""
    first = derive_expression(body, variable, where=where, catalogue=catalogue)
    asked = _Asked(body, variable, first)
    points = asked.points()
    title = "Critical points"
    task = ("Find the critical points of ", equal(asked.of(variable), body), ".")
    if not points:
        words: Words = (equal(asked.prime(variable), _ZERO), " has no solution where ",
                        asked.of(variable), " exists: there is no critical point.")  # fmt: skip
        return Problem(title, task, (Answer(words, asked.slope.evidence),), asked.parts, ())
    answers = tuple(asked.answer(point) for point in points)
    return Problem(title, task, answers, asked.parts, tuple(points))


class _Asked:
    """One function: its slope, factored, and its second derivative."""

    def __init__(self, body: Expr, variable: Symbol, first: Derivation) -> None:
        self.body, self.variable = body, variable
        self.head, self.setting = named_function(body, variable, first.setting)
        lines = Lines(first.result, first.setting, "Factor")
        factor(lines, variable)
        self.slope = lines.done("The derivative as a product")
        self.parts: tuple[Derivation, ...] = (replace(first, title="First derivative"),)
        if self.slope.steps:
            self.parts += (self.slope,)
        self.second: Derivation | None = None
        self.rests: dict[Expr, tuple[Derivation, ...]] = {}

    def of(self, place: Expr) -> Expr:
        """f at a place."""
        return Apply(self.head, (place,))

    def prime(self, place: Expr, order: int = 1) -> Expr:
        """f′ or f″ at a place."""
        return Prime(self.head, order, place)

    def points(self) -> list[CriticalPoint]:
        found = zeros_of(self.slope.result, self.variable)
        inside = self.setting.domain(self.variable)
        places = sorted((*found.zeros, *found.poles), key=lambda e: interval(e, self.setting)[0])
        meant = [p for p in places if self._exists(p) and _lies(p, inside, self.setting)]
        if any(p in found.zeros for p in meant):
            self._second_derivative()
        return [self._point(n, p, places, p in found.zeros) for n, p in enumerate(meant, 1)]

    def _exists(self, place: Expr) -> bool:
        return sign_at(self.body, self.variable, place, self.setting) is not None

    def _second_derivative(self) -> None:
        again = derive_expression(self.slope.start, self.variable, where=self.setting.where)
        self.second = replace(again, title="Second derivative")
        self.parts += (self.second,)

    def _point(self, n: int, place: Expr, places: list[Expr], is_zero: bool) -> CriticalPoint:
        at = {self.variable: place}
        height = value_at(self.of(place), self.body, at, self.setting, f"Point {n}: value")
        self.parts += (height,)
        self.rests[place] = (height,)
        second: Expr | None = None
        if is_zero:
            _check_zero(self.slope.result, at, self.setting)
            assert self.second is not None  # noqa: S101 (derived where there is a zero)
            bend, title = self.prime(place, 2), f"Point {n}: second derivative"
            curved = value_at(bend, self.second.result, at, self.setting, title)
            self.parts += (curved,)
            self.rests[place] = (height, curved)
            second = curved.result
            sign = sign_at(self.second.result, self.variable, place, self.setting)
            if sign:
                kind = MINIMUM if sign > 0 else MAXIMUM
                return CriticalPoint(place, height.result, kind, second)
        return CriticalPoint(place, height.result, self._by_change(place, places), second)

    def _by_change(self, place: Expr, places: list[Expr]) -> str:
        """The kind by the sign of f′ on either side, up to the next zero or pole."""
        k = places.index(place)
        before, after = places[k - 1] if k else None, places[k + 1 : k + 2]
        left = self._sign_between(before, place)
        right = self._sign_between(place, after[0] if after else None)
        if left is None or right is None:
            return "end of the domain"
        if left == right:
            return NEITHER
        return MINIMUM if left < right else MAXIMUM

    def _sign_between(self, low: Expr | None, high: Expr | None) -> int | None:
        if low is not None and high is not None:
            middle = (interval(low, self.setting)[1] + interval(high, self.setting)[0]) / 2
        elif low is not None:
            middle = interval(low, self.setting)[1] + Fraction(1, 2)
        else:
            assert high is not None  # noqa: S101 (one of them is a critical point)
            middle = interval(high, self.setting)[0] - Fraction(1, 2)
        return sign_at(self.slope.result, self.variable, number(middle), self.setting)

    def answer(self, point: CriticalPoint) -> Answer:
        """What is said of one point, with the reason for its kind."""
        height = equal(self.of(point.at), point.value)
        words: tuple[str | Expr, ...] = (
            _article(point.kind), " at ", equal(self.variable, point.at), ": ", height,
        )  # fmt: skip
        return Answer((*words, *self._because(point)), together(self.rests[point.at]))

    def _because(self, point: CriticalPoint) -> Words:
        """Why a point is of its kind."""
        if point.second is None:
            return ("; the derivative does not exist there", _CHANGES.get(point.kind, "."))
        curved = self.prime(point.at, 2)
        if point.second is _ZERO or point.kind == NEITHER:
            return ("; ", equal(curved, _ZERO), " decides nothing", _CHANGES.get(point.kind, "."))
        relation = Relation((curved, point.second, _ZERO), ("=", _SIGNS[point.kind]))
        return (", since ", relation, ".")


def _article(kind: str) -> str:
    return f"{kind[:1].upper()}{kind[1:]}"


def _lies(place: Expr, domain: Domain, setting: Setting) -> bool:
    """Whether a place lies in the stated domain, its ends left out."""
    low, high = interval(place, setting)
    above = domain.lower is None or low > domain.lower
    return above and (domain.upper is None or high < domain.upper)


def _check_zero(slope: Expr, at: Mapping[Symbol, Expr], setting: Setting) -> None:
    """f′ is zero there by balls, or we are wrong (`Broken`); `Stuck` where it has no value."""
    check(substitute(slope, dict(at.items())), _ZERO, setting)
