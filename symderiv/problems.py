"""The problems around a derivative, asked as a person asks: a tangent, a gradient, a path.

Each takes texts, SymPy expressions or our own, understands the names, and hands the request
to the engine.  No mathematics is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from symderiv.catalogue.function import Function
from symderiv.deriving.critical import critical_points as _critical_points
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.inverse import derive_inverse, derive_inverse_of
from symderiv.deriving.parametric import derive_parametric
from symderiv.deriving.problem import Problem
from symderiv.deriving.tangents import tangent_of_curve, tangent_of_graph
from symderiv.deriving.vectors import gradient as _gradient
from symderiv.deriving.vectors import hessian as _hessian
from symderiv.deriving.vectors import jacobian as _jacobian
from symderiv.errors import Mistake
from symderiv.interface import Readable, Request, understood
from symderiv.language.expressions import Expr, Relation, Symbol
from symderiv.language.walks import symbols_in

Point: TypeAlias = "Mapping[str, Readable | int]"
Where: TypeAlias = "Mapping[str, str] | None"


def gradient(
    what: Readable,
    names: Iterable[str] = (),
    *,
    at: Point | None = None,
    where: Where = None,
) -> Problem:
    """The gradient of one expression by `names` (all its symbols), and its value `at` a point.

    >>> print(gradient("x^2*y", ["x", "y"], at={"x": 1, "y": 2}).result)
    [[4], [1]]
    """
    asked, point = _asked([what], names, at, where)
    return _gradient(asked.expressions[0], _names(asked), at=point, where=asked.where)


def jacobian(
    what: Iterable[Readable],
    names: Iterable[str] = (),
    *,
    at: Point | None = None,
    where: Where = None,
) -> Problem:
    """The Jacobian matrix of several expressions, a row for each of them.

    >>> print(jacobian(["x^2 + y", "sin(y)"], ["x", "y"]).result)
    [[2*x, 1], [0, cos(y)]]
    """
    asked, point = _asked(what, names, at, where)
    return _jacobian(asked.expressions, _names(asked), at=point, where=asked.where)


def hessian(
    what: Readable,
    names: Iterable[str] = (),
    *,
    at: Point | None = None,
    where: Where = None,
) -> Problem:
    """The Hessian matrix of the second partial derivatives of one expression.

    >>> print(hessian("x^3 + y^3", ["x", "y"]).result)
    [[6*x, 0], [0, 6*y]]
    """
    asked, point = _asked([what], names, at, where)
    return _hessian(asked.expressions[0], _names(asked), at=point, where=asked.where)


def tangent(what: Readable, *, at: Point, of: str | None = None, where: Where = None) -> Problem:
    """The tangent line of a graph `at` a place, or of a curve given by an equation at a point.

    On a curve both coordinates are given; `of` names the one that stands upright (y).
    Raises `Mistake` where the point is not on the curve.

    >>> print(tangent("x^2", at={"x": 2}).result)
    y = 4*x - 4
    >>> print(tangent("x^2 + y^2 = 25", at={"x": 3, "y": 4}).result)
    y = -3*x/4 + 25/4
    """
    asked, point = _asked([what], [of] if of else [], at, where)
    (expression,), places = asked.expressions, tuple(point)
    if isinstance(expression, Relation):
        if len(places) != 2:
            raise Mistake("The tangent of a curve needs both coordinates of the point (at).")
        name = (_names(asked) or (Symbol("y") if Symbol("y") in places else places[1],))[0]
        others = [s for s in places if s is not name]
        return tangent_of_curve(expression, name, others[0], point)
    if len(places) != 1:
        raise Mistake("The tangent of a graph is asked for at one place (at), such as x = 2.")
    return tangent_of_graph(expression, places[0], point[places[0]], where=asked.where)


def critical_points(what: Readable, wrt: str | None = None, *, where: Where = None) -> Problem:
    """The critical points of a function of one variable, each with its value and its kind.

    `result` lists them from left to right.  Raises `Stuck` where f′ = 0 is not solved exactly.

    >>> print(*critical_points("x^3 - 3*x").result, sep="; ")
    local maximum at -1, value 2; local minimum at 1, value -2
    """
    asked, _ = _asked([what], [wrt] if wrt else [], None, where)
    (expression,) = asked.expressions
    return _critical_points(expression, _only(asked, expression), where=asked.where)


def parametric(
    *, x: Readable, y: Readable, by: str = "t", order: int = 1, where: Where = None
) -> Derivation:
    """dy/dx, and higher, along the path on which `x` and `y` are given by a parameter.

    >>> print(parametric(x="t^2", y="t^3 - 3*t").result)
    3*(t^2 - 1)/(2*t)
    """
    asked, _ = _asked([x, y], ["x", "y", by], None, where)
    across, up, parameter = _names(asked)
    one, other = asked.expressions
    return derive_parametric((across, one), (up, other), parameter, where=asked.where, order=order)


def inverse(
    what: Readable | Function, wrt: str | None = None, *, at: Readable | int | None = None
) -> Derivation | Problem:
    """The derivative of an inverse function: of a catalogue entry by name, or of an expression.

    `inverse("arcsin")` derives the arcsine from the sine; `inverse("x^3 + x", at=2)` gives
    (f⁻¹)′(2), where f(x) = x³ + x.

    >>> print(inverse("arcsin").result)
    D(y, x) = 1/sqrt(1 - x^2)
    >>> print(inverse("x^3 + x", at=2).result)
    1/4
    """
    if isinstance(what, Function):
        what = what.name
    if isinstance(what, str) and what.isalpha():
        return derive_inverse(what)
    asked, point = _asked([what], [wrt] if wrt else [], None if at is None else {"x": at}, None)
    (expression,) = asked.expressions
    value = next(iter(point.values()), None)
    return derive_inverse_of(expression, _only(asked, expression), value)


def _asked(
    what: Iterable[Readable], names: Iterable[str], at: Point | None, where: Where
) -> tuple[Request, dict[Symbol, Expr]]:
    """The request, and the point as expressions."""
    at = at or {}
    values = [str(value) if isinstance(value, int) else value for value in at.values()]
    names = tuple(names)
    listed = tuple(what)
    asked = understood([*listed, *values], where, {}, [*names, *at])
    count = len(names)
    places = zip(asked.symbols[count:], asked.expressions[len(listed) :], strict=True)
    point = {place: value for place, value in places if place is not None}
    for place, value in point.items():
        if symbols_in(value):
            raise Mistake(f"A point is given by numbers, and {place} = {value} is none.")
    short = asked._replace(expressions=asked.expressions[: len(listed)])
    return short._replace(symbols=asked.symbols[:count]), point


def _names(asked: Request) -> tuple[Symbol, ...]:
    return tuple(symbol for symbol in asked.symbols if symbol is not None)


def _only(asked: Request, expression: Expr) -> Symbol:
    """The variable that was named, or the only one there is."""
    found = _names(asked) or symbols_in(expression)
    if len(found) != 1:
        names = ", ".join(map(str, found)) or "none"
        raise Mistake(f"Say which symbol is the variable (wrt, --wrt); there are: {names}.")
    return found[0]
