"""Values of quantities that move together: a place on a curve, and how it goes on from there.

y on the curve x² + y² = 25 is a ball that certainly holds a solution, and its Taylor series
in x follows from the equation alone, coefficient by coefficient.  So a line such as
dy/dx = −x/y is checked against the slope that the curve really has, and no rule of
differentiation is used.  A quantity of which nothing is known moves by a fixed series.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symderiv.judging.points import coordinate
from symderiv.judging.primitives import Ball, ball, coefficient, flint
from symderiv.language.domains import REALS
from symderiv.language.expressions import Derivative, Symbol

if TYPE_CHECKING:
    from symderiv.judging.balls import Evaluator

_STARTS, _ROUNDS, _FEW_BITS = 4, 25, 64


def moved(evaluator: Evaluator, name: Symbol) -> Ball:
    """The value, or the Taylor series, of a name that moves and has no formula.

    Raises ValueError where no place on the curve is found, or it has no slope there.
    """
    motion = evaluator.setting.motion
    if motion is not None and evaluator.moving == motion.by and not evaluator.alone:
        return series_of(evaluator, name, evaluator.terms)
    value = value_of(evaluator, name)
    return value if evaluator.moving is None else flint().arb_series([value], prec=evaluator.terms)


def along(evaluator: Evaluator, node: Derivative) -> Ball:
    """A derivative by a quantity that moves itself: dy/dx on the path x(t), y(t)."""
    motion, variable = evaluator.setting.motion, node.variable
    assert motion is not None  # noqa: S101 (asked where there is one)
    assert isinstance(variable, Symbol)  # noqa: S101 (told apart by the caller)
    terms = evaluator.terms + node.order
    value = evaluator.going(motion.by, terms).value(node.body)
    path = evaluator.going(motion.by, terms).value(variable)
    if evaluator.moving is None:  # y as a series in x: x(t) is turned round and put in
        if path[1].contains(0):
            raise ValueError("the path stands still or turns here")
        path = flint().arb_series([0, *path.coeffs()[1:]], prec=terms)
        return coefficient(value(path.reversion()), node.order)
    if evaluator.moving != motion.by:
        raise ValueError("a mixed derivative")
    for _ in range(node.order):
        value = evaluator.divided(value.derivative(), path.derivative())
    return value


def value_of(evaluator: Evaluator, name: Symbol) -> Ball:
    """The value of a name that moves: solved from the curve, or chosen like any other."""
    motion, setting = evaluator.setting.motion, evaluator.setting
    if motion is None or name != motion.solved:
        return ball(setting.coordinate(name, evaluator.number))
    key = ("place", name, evaluator.number, flint().ctx.prec)
    if key not in setting.memo:
        setting.memo[key] = _solved(evaluator, name)
    found = setting.memo[key]
    if found is None:
        raise ValueError("no place on the curve was found")
    return found


def series_of(evaluator: Evaluator, name: Symbol, terms: int) -> Ball:
    """The Taylor series of a name in what it moves by, with so many terms."""
    motion, setting = evaluator.setting.motion, evaluator.setting
    known = [value_of(evaluator, name)]
    if motion is None or name != motion.solved:
        for k in range(1, terms):
            chosen = coordinate(Symbol(f"{name}~{k}"), evaluator.number, REALS)
            known.append(ball(chosen))
        return flint().arb_series(known, prec=terms)
    key = ("series", name, evaluator.number, flint().ctx.prec, terms)
    if key not in setting.memo:
        slope = _along_name(evaluator, name, known[0])
        if slope.contains(0):
            raise ValueError("the curve has no slope here")
        for k in range(1, terms):
            series = flint().arb_series(known, prec=k + 1)
            going = evaluator.inside({name: series}, motion.by, k + 1)
            known.append(-going.value(motion.difference)[k] / slope)
        setting.memo[key] = flint().arb_series(known, prec=terms)
    return setting.memo[key]


def _along_name(evaluator: Evaluator, name: Symbol, place: Ball) -> Ball:
    """How fast the curve's difference changes when `name` alone moves."""
    motion = evaluator.setting.motion
    assert motion is not None  # noqa: S101 (asked where there is one)
    series = flint().arb_series([place, 1], prec=2)
    going = evaluator.inside({name: series}, name, 2)
    return going.value(motion.difference)[1]


def _solved(evaluator: Evaluator, name: Symbol) -> Ball | None:
    """A ball that certainly holds exactly one solution, on the branch that is meant."""
    motion = evaluator.setting.motion
    assert motion is not None  # noqa: S101 (asked where there is one)
    still = evaluator.inside({}, None, 1)

    def value(place: Ball) -> Ball:
        return still.inside({name: place}, None, 1).value(motion.difference)

    def slope(place: Ball) -> Ball:
        return _along_name(still, name, place)

    def meant(place: Ball) -> bool:
        inside = _inside(place, evaluator.setting.domain(name))
        placed = still.inside({name: place}, None, 1)
        return inside and (motion.branch is None or bool(placed.value(motion.branch)))

    for near in _nearby(evaluator, name, value, slope):
        try:
            found = _enclosed(value, slope, _approached(value, slope, near))
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
) -> list[Ball]:
    """Where Newton's method settles from several starts, found once and with few digits."""
    setting, key = evaluator.setting, ("near", name, evaluator.number)
    if key not in setting.memo:
        found: list[Ball] = []
        with flint().ctx.workprec(_FEW_BITS):
            for k in range(_STARTS):
                chosen = ball(setting.coordinate(name, evaluator.number + 1000 * k))
                try:
                    found.append(_approached(value, slope, chosen))
                except (ArithmeticError, ValueError):
                    continue
        setting.memo[key] = found
    return setting.memo[key]  # type: ignore[return-value]


def _inside(found: Ball, domain: Any) -> bool:
    above = domain.lower is None or found > ball(domain.lower)
    below = domain.upper is None or found < ball(domain.upper)
    apart = not any(found.contains(ball(point)) for point in domain.without)
    return bool(above and below and apart)


def _approached(value: Callable[[Ball], Ball], slope: Callable[[Ball], Ball], place: Ball) -> Ball:
    """Where Newton's method ends, without any certainty."""
    near = flint().arb(2) ** (16 - flint().ctx.prec)
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
