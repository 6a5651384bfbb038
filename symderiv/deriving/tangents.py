"""The tangent line at a point: of a graph y = f(x), or of a curve given by an equation.

The slope is the derivative at the point, and the line goes through the point:
y = f(a) + f′(a)·(x − a).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symderiv.catalogue.gathering import Catalogue, shipped
from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.evidence import check
from symderiv.deriving.implicit import derive_implicitly
from symderiv.deriving.lines import Lines
from symderiv.deriving.problem import RESULT, Answer, Problem, named_function, value_at
from symderiv.deriving.strategy import derive_expression, parameters
from symderiv.deriving.values import exact
from symderiv.errors import Mistake
from symderiv.judging.numbers import has_value
from symderiv.judging.points import Setting
from symderiv.language.build import equal
from symderiv.language.domains import Domain
from symderiv.language.expressions import Apply, Expr, Prime, Relation, Rewrite, Sum, Symbol
from symderiv.language.walks import substitute, symbols_in

_Y = Symbol("y")


def tangent_of_graph(
    body: Expr,
    variable: Symbol,
    point: Expr,
    *,
    where: Mapping[Symbol, Domain] | None = None,
    catalogue: Catalogue | None = None,
) -> Problem:
    """The tangent of y = body at variable = point; `Mistake` where the function has no value."""
    slope = derive_expression(body, variable, where=where, catalogue=catalogue)
    head, setting = named_function(body, variable, _setting(body, where, catalogue))
    for formula, lacks in ((body, "no value"), (slope.result, "no slope")):
        if not has_value(formula, variable, point, setting):
            raise Mistake(f"{body} has {lacks} at {variable} = {point}, so there is no tangent.")
    place = {variable: point}
    height = value_at(Apply(head, (point,)), body, place, setting, "The height at the point")
    rise, title = Prime(head, 1, point), "The slope at the point"
    steepness = value_at(rise, slope.result, place, setting, title)
    start = height.start + steepness.start * (variable - point)
    line = _line(start, height, steepness, variable, setting)
    name = _Y if variable is not _Y else Symbol("z")
    equation = equal(name, line.result)
    return Problem(
        "Tangent line",
        ("Find the tangent line of ", equal(name, body), " at ", equal(variable, point), "."),
        (Answer((equation,), line.evidence),),
        (replace(slope, title="The derivative"), height, steepness, line),
        equation,
    )


def _setting(
    body: Expr, where: Mapping[Symbol, Domain] | None, catalogue: Catalogue | None
) -> Setting:
    known = catalogue or shipped()
    return Setting(known.functions, {**parameters((body,), known), **(where or {})})


def _line(
    start: Expr, height: Derivation, steepness: Derivation, variable: Symbol, setting: Setting
) -> Derivation:
    """The point-slope form, with what was found put in, and then written as mx + b."""
    lines = Lines(start, setting, RESULT)
    found = {part.start: part.result for part in (height, steepness)}
    put = substitute(start, dict(found.items()))
    forms = tuple(Rewrite(name, value) for name, value in found.items())
    rule = Rule("put in height and slope", forms, "Both were found above.", "")
    lines.add(rule, put)
    lines.add(algebra.expand, _falling(exact(put), variable))
    return lines.done("The line")


def _falling(line: Expr, variable: Symbol) -> Expr:
    """A line with its slope first, 4x − 4."""
    if not isinstance(line, Sum):
        return line
    return Sum(sorted(line.terms, key=lambda term: variable not in symbols_in(term)))


def tangent_of_curve(
    curve: Relation,
    name: Symbol,
    by: Symbol,
    point: Mapping[Symbol, Expr],
    *,
    catalogue: Catalogue | None = None,
) -> Problem:
    """The tangent of a curve at one of its points; `Mistake` where the point lies elsewhere."""
    known = catalogue or shipped()
    setting = Setting(known.functions, parameters((curve,), known))
    left, right = (exact(substitute(side, dict(point.items()))) for side in curve.terms)
    if left is not right:
        where = ", ".join(f"{s} = {v}" for s, v in point.items())
        raise Mistake(f"{where} is no point of {curve}: there {left} is not {right}.")
    slope = derive_implicitly(curve, name, by, catalogue=catalogue)
    assert isinstance(slope.result, Relation)  # noqa: S101 (a chain of equations ends in one)
    formula = slope.result.terms[1]
    at_point = substitute(formula, dict(point.items()))
    steepness = value_at(at_point, formula, point, setting, "The slope at the point")
    x, y = point[by], point[name]
    start = y + steepness.result * (by - x)
    lines = Lines(start, setting, RESULT)
    lines.add(algebra.expand, _falling(exact(start), by))
    line = lines.done("The line")
    return Problem(
        "Tangent line",
        ("Find the tangent line of ", curve, " at the point ",
         equal(by, x), ", ", equal(name, y), "."),
        (
            Answer((equal(slope.result.terms[0], steepness.result), " there."), slope.evidence),
            Answer((equal(name, line.result),), check(start, line.result, setting)),
        ),
        (slope, steepness, line),
        equal(name, line.result),
    )  # fmt: skip
