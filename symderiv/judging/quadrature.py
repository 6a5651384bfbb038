"""The value of an integral, rigorously: by Arb's quadrature on complex balls (Johansson 2018).

The interval is mapped to [0, 1], and the integrand evaluated there; where it moves, it is a
Taylor series for every place of integration, whose coefficients are integrated.  So the
derivative of an integral with moving bounds is found without the law of its bounds.
A logarithm or a root whose argument may cross the negative axis is told to be not analytic.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symderiv.judging.primitives import PRIMITIVES, Ball, flint, some_function
from symderiv.language.expressions import (
    Apply,
    Constant,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.integrals import Integral
from symderiv.language.walks import nodes

if TYPE_CHECKING:
    from symderiv.judging.balls import Evaluator

_MEROMORPHIC = frozenset(
    ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch")
)
_MOST_TERMS = 6  # of a series under the integral sign
_MOST_EVALUATIONS = 2_000
_PROBES = (0.015625, 0.328125, 0.5, 0.671875, 0.984375)
_E = Constant("e")


class Unintegrable(ValueError):
    """The integral has no certain value here."""


def integrated(evaluator: Evaluator, node: Integral) -> Ball:
    """The ball or the Taylor series of an integral; `Unintegrable` where it has none."""
    terms = evaluator.terms if evaluator.moving is not None else 1
    if not isinstance(node.variable, Symbol) or terms > _MOST_TERMS:
        raise Unintegrable("an integral of this kind is not evaluated")
    if any(isinstance(inner, Integral) for inner in nodes(node.body)):
        raise Unintegrable("an integral in an integral is not evaluated")
    integrand = _Integrand(evaluator, node)
    try:
        found = [integrand.coefficient(k) for k in range(terms)]
    except Unintegrable:
        if terms == 1:
            raise
        integrand.begin_half_way()
        found = [flint().arb("nan"), *map(integrand.coefficient, range(1, terms))]
    return found[0] if evaluator.moving is None else flint().arb_series(found, prec=terms)


class _Integrand:
    """The integrand on [0, 1], as a function of a complex place."""

    def __init__(self, evaluator: Evaluator, node: Integral) -> None:
        self.evaluator, self.node = evaluator, node
        self.series = evaluator.moving is not None
        self.low = self.complex(evaluator.value(node.lower))
        self.width = self.complex(evaluator.value(node.upper)) - self.low
        self.moving = [n for n in nodes(node.body) if node.variable in nodes(n)]
        still = {part for n in self.moving for part in n.parts if part not in self.moving}
        self.still = {part: self.complex(evaluator.value(part)) for part in still}
        if node.body not in self.moving:
            self.still[node.body] = self.complex(evaluator.value(node.body))
        self.spent = 0

    def complex(self, value: Any) -> Ball:
        """A real ball or series as a complex one."""
        if not self.series:
            return flint().acb(value)
        coefficients = value.coeffs() if isinstance(value, flint().arb_series) else [value]
        return flint().acb_series([*coefficients], prec=self.evaluator.terms)

    def coefficient(self, order: int) -> Ball:
        """One Taylor coefficient of the integral, as a real ball."""

        def value(place: Ball, analytic: bool) -> Ball:
            self.spent += 1
            if self.spent > _MOST_EVALUATIONS:
                return flint().acb("nan", "nan")
            try:
                found = self.at(self.low + self.width * place, analytic) * self.width
            except (ArithmeticError, ValueError):
                return flint().acb("nan", "nan")
            return found[order] if self.series else found

        self.spent = 0
        for share in _PROBES:  # most of what has no value is found at once
            probe = value(flint().acb(share), False)
            if not (probe.is_finite() and probe.imag.contains(0)):
                raise Unintegrable("the integrand has no value between the bounds")
        enough = flint().arb(2) ** (32 - flint().ctx.prec)
        found = flint().acb.integral(value, 0, 1, rel_tol=enough, eval_limit=_MOST_EVALUATIONS)
        if not (found.is_finite() and found.imag.contains(0)):
            raise Unintegrable("the integrand has no value somewhere between the bounds")
        return found.real

    def begin_half_way(self) -> None:
        """Leave out where the integral begins, of which its rates say nothing.

        That is so where only the upper bound moves, and the integral exists where the
        integrand is bounded on the part that is left out: √t from 0 is no Taylor series there.
        """
        if any(not c.is_zero() for v in (self.low, *self.still.values()) for c in _moving(v)):
            raise Unintegrable("the integrand moves, or where the integral begins")
        half, zero = self.width[0] / 2, flint().acb(0)
        left_out = self.complex(zero.union(half) + self.low[0])
        if not self.at(left_out, False)[0].is_finite():
            raise Unintegrable("the integrand is not surely bounded near where it begins")
        self.low, self.width = self.low + half, self.width - half

    def at(self, place: Ball, analytic: bool) -> Ball:
        """The integrand at a place, node by node."""
        known = {**self.still, self.node.variable: place}
        for node in self.moving:
            if node not in known:
                known[node] = self.applied(node, [known[part] for part in node.parts], analytic)
        return known[self.node.body]

    def applied(self, node: Expr, parts: list[Ball], analytic: bool) -> Ball:
        """One node from its parts."""
        match node:
            case Sum() | Product():
                found = parts[0]
                for part in parts[1:]:
                    found = found + part if isinstance(node, Sum) else found * part
                return found
            case Negative():
                return -parts[0]
            case Quotient():
                return parts[0] / parts[1]
            case Power():
                return self.power(node, parts, analytic)
            case Apply(head, (_,)):
                return self.function(head.name, parts[0], analytic)
        raise Unintegrable(f"{type(node).__name__} is not evaluated on complex places")

    def power(self, node: Power, parts: list[Ball], analytic: bool) -> Ball:
        """A power: of e, whole, or by the logarithm."""
        if node.base is _E:
            return parts[1].exp()
        exponent = node.exponent
        if isinstance(exponent, Negative):
            exponent = exponent.operand
        if isinstance(exponent, Number) and exponent.text.isdigit():
            raised = parts[0] ** int(exponent.text)
            return raised if exponent is node.exponent else 1 / raised
        self.guard(parts[0], analytic)
        return (parts[1] * parts[0].log()).exp()

    def function(self, name: str, argument: Ball, analytic: bool) -> Ball:
        """A function by FLINT's own, or by its definition."""
        if name in ("log", "sqrt"):
            self.guard(argument, analytic)
        elif name == "arctan":
            lead = argument[0] if self.series else argument
            if not abs(lead.imag) < 1:
                raise Unintegrable("too near to where the arctangent jumps")
        elif name not in _MEROMORPHIC and name in PRIMITIVES:
            raise Unintegrable(f"{name} is not evaluated on complex places")
        found: Callable[[Ball], Ball] | None = PRIMITIVES.get(name)
        if found is not None:
            return found(argument)
        function = self.evaluator.setting.functions.get(name)
        if function is None and not name.startswith("arc"):
            return some_function(name, argument)
        if function is None or function.definition is None or len(function.arguments) != 1:
            raise Unintegrable(f"{name} is not evaluated on complex places")
        known: dict[Expr, Ball] = {function.arguments[0]: argument}
        for inner in nodes(function.definition.right, known):
            known[inner] = self.inside(inner, known, analytic)
        return known[function.definition.right]

    def inside(self, node: Expr, known: dict[Expr, Ball], analytic: bool) -> Ball:
        """A node of a definition."""
        if not node.parts:
            return self.complex(self.evaluator.value(node))
        return self.applied(node, [known[part] for part in node.parts], analytic)

    def guard(self, argument: Ball, analytic: bool) -> None:
        """Refuse a place at which a logarithm may jump from one branch to another."""
        lead = argument[0] if self.series else argument
        if analytic and not lead.real > 0 and lead.imag.contains(0):
            raise Unintegrable("not analytic here")


def _moving(value: Ball) -> list[Ball]:
    """The Taylor coefficients of a value beyond the first."""
    return value.coeffs()[1:] if isinstance(value, flint().acb_series) else []
