"""Values of quantities that move together: a place on a curve, and how it goes on from there.

y on the curve x² + y² = 25 is a ball that certainly holds a solution, and its Taylor series
in x follows from the equation alone, coefficient by coefficient.  So a line such as
dy/dx = −x/y is checked against the slope that the curve really has, and no rule of
differentiation is used.  A quantity of which nothing is known moves by a fixed series.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from symderiv.judging.points import coordinate
from symderiv.language.domains import REALS
from symderiv.language.expressions import Derivative, Symbol

if TYPE_CHECKING:
    from symderiv.judging.balls import Evaluator

Ball: TypeAlias = Any  # flint.arb or flint.arb_series; python-flint ships no types

_STARTS, _ROUNDS, _FEW_BITS = 4, 25, 64


def moved(evaluator: Evaluator, name: Symbol, flint: Any) -> Ball:
    """The value, or the Taylor series, of a name that moves and has no formula.

    Raises ValueError where no place on the curve is found, or it has no slope there.
    """
    motion = evaluator.setting.motion
    if motion is not None and evaluator.moving == motion.by and not evaluator.held:
        return series_of(evaluator, name, evaluator.terms, flint)
    value = value_of(evaluator, name, flint)
    return value if evaluator.moving is None else flint.arb_series([value], prec=evaluator.terms)


def along(evaluator: Evaluator, node: Derivative, flint: Any) -> Ball:
    """A derivative by a quantity that moves itself: dy/dx on the path x(t), y(t)."""
    motion, variable = evaluator.setting.motion, node.variable
    assert motion is not None  # noqa: S101 (asked where there is one)
    assert isinstance(variable, Symbol)  # noqa: S101 (told apart by the caller)
    terms = evaluator.terms + node.order
    value = evaluator.series(node.body, motion.by, terms)
    path = evaluator.series(variable, motion.by, terms)
    if evaluator.moving is None:  # y as a series in x: x(t) is turned round and put in
        if path[1].contains(0):
            raise ValueError("the path stands still or turns here")
        path = flint.arb_series([0, *path.coeffs()[1:]], prec=terms)
        return coefficient(value(path.reversion()), node.order)
    if evaluator.moving != motion.by:
        raise ValueError("a mixed derivative")
    for _ in range(node.order):
        value = evaluator.divided(value.derivative(), path.derivative())
    return value


def coefficient(series: Ball, order: int) -> Ball:
    """The derivative of this order that a Taylor series holds."""
    value = series[order]
    for k in range(2, order + 1):
        value *= k
    return value


def value_of(evaluator: Evaluator, name: Symbol, flint: Any) -> Ball:
    """The value of a name that moves: solved from the curve, or chosen like any other."""
    motion, setting = evaluator.setting.motion, evaluator.setting
    if motion is None or name != motion.solved:
        return _ball(setting.coordinate(name, evaluator.number), flint)
    key = ("place", name, evaluator.number, flint.ctx.prec)
    if key not in setting.memo:
        setting.memo[key] = _solved(evaluator, name, flint)
    found = setting.memo[key]
    if found is None:
        raise ValueError("no place on the curve was found")
    return found


def series_of(evaluator: Evaluator, name: Symbol, terms: int, flint: Any) -> Ball:
    """The Taylor series of a name in what it moves by, with so many terms."""
    motion, setting = evaluator.setting.motion, evaluator.setting
    known = [value_of(evaluator, name, flint)]
    if motion is None or name != motion.solved:
        for k in range(1, terms):
            chosen = coordinate(Symbol(f"{name}~{k}"), evaluator.number, REALS)
            known.append(_ball(chosen, flint))
        return flint.arb_series(known, prec=terms)
    key = ("series", name, evaluator.number, flint.ctx.prec, terms)
    if key not in setting.memo:
        slope = _along_name(evaluator, name, known[0], flint)
        if slope.contains(0):
            raise ValueError("the curve has no slope here")
        still = replace(evaluator, moving=motion.by)
        for k in range(1, terms):
            series = flint.arb_series(known, prec=k + 1)
            going = replace(still, terms=k + 1, bound={name: series})
            known.append(-going.value(motion.difference)[k] / slope)
        setting.memo[key] = flint.arb_series(known, prec=terms)
    return setting.memo[key]


def _along_name(evaluator: Evaluator, name: Symbol, place: Ball, flint: Any) -> Ball:
    """How fast the curve's difference changes when `name` alone moves."""
    motion = evaluator.setting.motion
    assert motion is not None  # noqa: S101 (asked where there is one)
    series = flint.arb_series([place, 1], prec=2)
    going = replace(evaluator, moving=name, terms=2, bound={name: series})
    return going.value(motion.difference)[1]


def _solved(evaluator: Evaluator, name: Symbol, flint: Any) -> Ball | None:
    """A ball that certainly holds exactly one solution, on the branch that is meant."""
    motion = evaluator.setting.motion
    assert motion is not None  # noqa: S101 (asked where there is one)
    still = replace(evaluator, moving=None, terms=1, bound={}, held=False)

    def value(place: Ball) -> Ball:
        return replace(still, bound={name: place}).value(motion.difference)

    def slope(place: Ball) -> Ball:
        return _along_name(still, name, place, flint)

    def meant(place: Ball) -> bool:
        inside = _inside(place, evaluator.setting.domain(name), flint)
        placed = replace(still, bound={name: place})
        return inside and (motion.branch is None or bool(placed.value(motion.branch)))

    for near in _nearby(evaluator, name, value, slope, flint):
        try:
            found = _enclosed(value, slope, _approached(value, slope, near, flint))
            if found is not None and meant(found):
                return found
        except (ArithmeticError, ValueError):
            continue
    return None


def _nearby(
    evaluator: Evaluator,
    name: Symbol,
    value: Callable[[Ball], Ball],
    slope: Callable[[Ball], Ball],
    flint: Any,
) -> list[Ball]:
    """Where Newton's method settles from several starts, found once and with few digits."""
    setting, key = evaluator.setting, ("near", name, evaluator.number)
    if key not in setting.memo:
        found: list[Ball] = []
        with flint.ctx.workprec(_FEW_BITS):
            for k in range(_STARTS):
                chosen = _ball(setting.coordinate(name, evaluator.number + 1000 * k), flint)
                try:
                    found.append(_approached(value, slope, chosen, flint))
                except (ArithmeticError, ValueError):
                    continue
        setting.memo[key] = found
    return setting.memo[key]  # type: ignore[return-value]


def _inside(found: Ball, domain: Any, flint: Any) -> bool:
    above = domain.lower is None or found > _ball(domain.lower, flint)
    below = domain.upper is None or found < _ball(domain.upper, flint)
    apart = not any(found.contains(_ball(point, flint)) for point in domain.without)
    return bool(above and below and apart)


def _approached(
    value: Callable[[Ball], Ball], slope: Callable[[Ball], Ball], place: Ball, flint: Any
) -> Ball:
    """Where Newton's method ends, without any certainty."""
    near = flint.arb(2) ** (16 - flint.ctx.prec)
    for _ in range(_ROUNDS):
        moved = (place - value(place).mid() / slope(place).mid()).mid()
        if not moved.is_finite():
            raise ArithmeticError("Newton's method runs away")
        if abs(moved - place) < near * (abs(moved) + 1):
            return moved
        place = moved
    raise ArithmeticError("Newton's method does not settle")


def _enclosed(
    value: Callable[[Ball], Ball], slope: Callable[[Ball], Ball], place: Ball
) -> Ball | None:
    """A ball around `place` that Newton's interval step maps into itself: it holds one zero.

    Moore, Kearfott, Cloud: Introduction to Interval Analysis (2009), chapter 8.
    """
    arb = type(place)
    for digits in (-60, -30, -15):
        reach = ((abs(place) + 1) * arb(2) ** digits).upper()
        wide = place + reach * arb(0, 1)
        inner = place - value(place) / slope(wide)
        if inner.is_finite() and wide.contains_interior(inner):
            return place - value(place) / slope(inner)
    return None


def _ball(value: Any, flint: Any) -> Ball:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))
