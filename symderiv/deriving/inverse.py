"""The derivative of an inverse function: from f(y) = x, by implicit differentiation.

dy/dx = 1/f′(y), and where f′ can be written by f itself, as cos y = √(1 − sin² y), the
answer is one in x: so the slope of the arcsine follows from that of the sine.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symderiv.catalogue.functions.inverses import INVERSES
from symderiv.deriving.absolutes import SMOOTH
from symderiv.deriving.applying import rational
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.implicit import derive_implicitly
from symderiv.deriving.problem import Answer, Problem, Words, value_at
from symderiv.deriving.strategy import derive_expression
from symderiv.deriving.values import exact
from symderiv.deriving.zeros import rational_zeros, zeros_of
from symderiv.errors import Mistake, Stuck, Unknown
from symderiv.judging.balls import Undefined
from symderiv.judging.numbers import sign_at, sign_everywhere
from symderiv.judging.points import Setting
from symderiv.language.build import PI, E, equal
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Apply,
    Constant,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes, substitute, symbols_in

_X, _Y = Symbol("x"), Symbol("y")


def derive_inverse(name: str) -> Derivation:
    """The derivative of a known inverse function, from the function that it turns round."""
    entry = INVERSES.get(name)
    if entry is None:
        known = ", ".join(INVERSES)
        raise Unknown(f"No inverse function {name!r} to be derived; there are: {known}.")
    branch = entry.branch(_Y) if entry.branch else None
    derivation = derive_implicitly(
        equal(entry.of(_Y), _X), _Y, _X, branch=branch, identities=entry.identities
    )
    return replace(derivation, title=f"Derivative of {entry.words}")


_BY_INSPECTION = (*(number(Fraction(n)) for n in (0, 1, -1, 2, -2, 3, -3)), E, PI, -PI)
"""Where one looks first: at these places an exercise's function has a value one knows."""


def _places(height: Expr, name: Symbol, setting: Setting) -> tuple[Expr, ...]:
    """Where f reaches the height, exactly: solved, or seen at one of a few places."""
    if height is Number("0"):
        return ()
    try:
        return zeros_of(height, name).zeros
    except Stuck:
        found = rational_zeros(height, name) or tuple(
            place for place in _BY_INSPECTION if _is_zero(height, name, place, setting)
        )
        if len(found) != 1:
            raise
        return found


def _is_zero(height: Expr, name: Symbol, place: Expr, setting: Setting) -> bool:
    try:
        return sign_at(height, name, place, setting) == 0
    except Undefined:
        return False


def _one_to_one(body: Expr, name: Symbol, setting: Setting) -> Words:
    """Why there is an inverse: f rises or falls everywhere; else that it was taken as given.

    A slope of one sign is a reason on one interval only: tan x + x rises wherever it has a value.
    """
    rate = derive_expression(body, name, where=setting.where).result
    sign = sign_everywhere(rate, setting) if _is_unbroken(body) else None
    if sign is None:
        return (". That the function has an inverse is taken from the question.",)
    border = Relation((rate, Number("0")), (">" if sign > 0 else "<",))
    return (". There is an inverse since ", border, " everywhere.")


def _is_unbroken(body: Expr) -> bool:
    """Whether f surely has a value, and bends without a break, on the whole line."""
    for node in nodes(body):
        match node:
            case Number() | Constant() | Symbol() | Sum() | Product() | Negative():
                pass
            case Quotient(_, below) if not symbols_in(below):
                pass
            case Power(base, exponent) if base is E or (rational(exponent) or 0) in range(1, 100):
                pass
            case Apply(head, _) if head.name in SMOOTH:
                pass
            case _:
                return False
    return True


def derive_inverse_of(body: Expr, variable: Symbol, at: Expr | None) -> Derivation | Problem:
    """The derivative of the inverse of x ↦ body, and its value `at` a height of f.

    Raises `Stuck` where f(y) = at is not solved exactly, `Mistake` where it has several answers.
    """
    other = _Y if variable is not _Y else Symbol("x")
    curve = equal(substitute(body, {variable: other}), variable)
    slope = replace(derive_implicitly(curve, other, variable), title="Derivative of the inverse")
    if at is None:
        return slope
    height = exact(curve.terms[0] - at)
    places = _places(height, other, slope.setting)
    if len(places) != 1:
        found = ", ".join(map(str, places)) or "none"
        raise Mistake(f"Where {curve.terms[0]} is {at} must be one place; found: {found}.")
    assert isinstance(slope.result, Relation)  # noqa: S101 (a chain of equations ends in one)
    formula = slope.result.terms[1]
    point = {other: places[0], variable: at}
    value = value_at(substitute(formula, dict(point.items())), formula, point, slope.setting)
    if value.result is Number("0"):
        raise Stuck("The inverse has no slope there.")
    task = (
        "Find the slope of the inverse of ",
        equal(other, body),
        " at ",
        equal(variable, at),
        ".",
    )
    reason = _one_to_one(curve.terms[0], other, slope.setting)
    words = (equal(slope.result.terms[0], value.result), " at ", equal(variable, at),
             ", where ", equal(other, places[0]), *reason)  # fmt: skip
    answer = Answer(words, value.evidence)
    return Problem("Slope of an inverse", task, (answer,), (slope, value), value.result)
