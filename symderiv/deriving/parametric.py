"""Parametric curves: dy/dx = (dy/dt)/(dx/dt), and the second derivative by doing it again.

x and y are given by a parameter t; a line is checked with y as a Taylor series in x, which
comes from turning the series x(t) round.
"""

from __future__ import annotations

from collections.abc import Mapping

from symderiv.catalogue.gathering import Catalogue, shipped
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules import equations
from symderiv.deriving.conditions import nonzero
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import (
    DEFINITION,
    DIFFERENTIATE,
    SIMPLIFY,
    Differentiator,
)
from symderiv.deriving.finishing import finish
from symderiv.deriving.fractions import lowest_terms
from symderiv.deriving.lines import Lines
from symderiv.deriving.quantities import defining
from symderiv.deriving.solving import primitive
from symderiv.deriving.strategy import HIGHEST, parameters
from symderiv.errors import Mistake
from symderiv.judging.motion import Motion
from symderiv.judging.points import Setting
from symderiv.language.domains import Domain
from symderiv.language.expressions import Derivative, Expr, Number, Quotient, Rewrite, Symbol
from symderiv.language.walks import symbols_in


def derive_parametric(
    across: tuple[Symbol, Expr],
    up: tuple[Symbol, Expr],
    by: Symbol,
    *,
    where: Mapping[Symbol, Domain] | None = None,
    order: int = 1,
    catalogue: Catalogue | None = None,
) -> Derivation:
    """The derivative of the second coordinate by the first along a path with parameter `by`.

    Raises `Mistake` where the path does not move across, so that there is no slope.
    """
    known = catalogue or shipped()
    given = dict((across, up))
    if len(given) != 2 or by in given or by not in symbols_in(across[1]):
        raise Mistake(f"A path has two coordinates, the first of which moves with {by}.")
    if not 1 <= order <= HIGHEST:
        raise Mistake(f"The order of a derivative is a whole number from 1 to {HIGHEST}.")
    domains = {**parameters(tuple(given.values()), known), **(where or {})}
    setting = Setting(known.functions, domains, given, motion=Motion(by, (across[0], up[0])))
    return _Path(across[0], up[0], by, setting).derivation(order)


class _Path:
    """One path: the rate across it is derived once."""

    def __init__(self, across: Symbol, up: Symbol, by: Symbol, setting: Setting) -> None:
        self.across, self.up, self.by, self.setting = across, up, by, setting
        self.engine = Differentiator(setting)
        self.rate = self._rate(across)
        if self.rate.result is Number("0"):
            raise Mistake(f"{across} does not move with {by}.")

    def derivation(self, order: int, *, finished: bool = True) -> Derivation:
        """The derivative of this order, those below it as lemmas."""
        start = Derivative(self.up, self.across, order)
        lines = Lines(start, self.setting, DIFFERENTIATE)
        below = self.derivation(order - 1, finished=False) if order > 1 else None
        inner = below.start if below else self.up
        lines.add(laws.higher_derivative, Derivative(inner, self.across))
        sides = Derivative(inner, self.by), Derivative(self.across, self.by)
        letters = {"f": inner, "g": self.across, "x": self.by}
        lines.add(equations.parametric_derivative, Quotient(*sides), letters=letters)
        for need in primitive(self.rate.result):
            lines.require(nonzero(need))
        over = self._again(below) if below else self._rate(self.up)
        slope = Quotient(over.result, self.rate.result)
        rule = laws.derivatives_of_the_parts
        lines.add(rule, slope, places=((0,), (1,)), lemmas=(over, self.rate))
        lines.phase = SIMPLIFY
        lowest_terms(lines)
        if finished:
            finish(lines)
        return lines.done("Slope of a parametric curve")

    def _rate(self, name: Symbol) -> Derivation:
        """The rate of a coordinate, from what it is given as."""
        value = self.setting.definitions[name]
        lines = Lines(Derivative(name, self.by), self.setting, DEFINITION)
        moved = Derivative(value, self.by)
        lines.add(defining(Rewrite(name, value)), moved)
        lines.extend(self.engine.derive(moved))
        return lines.done()

    def _again(self, below: Derivation) -> Derivation:
        """The rate of a derivative that was found before."""
        lines = Lines(Derivative(below.start, self.by), self.setting, DIFFERENTIATE)
        found = Derivative(below.result, self.by)
        lines.add(laws.derivatives_of_the_parts, found, places=((0,),), lemmas=(below,))
        lines.extend(self.engine.derive(found))
        lines.phase = SIMPLIFY
        lowest_terms(lines)
        return lines.done()
