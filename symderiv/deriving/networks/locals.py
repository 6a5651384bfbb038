"""Local derivatives: how fast one statement moves with one quantity that stands in it.

∂z/∂w = x, ∂a/∂z = a(1 − a), ∂L/∂ŷ.  Each is derived by the engine, from the statement
alone, the other quantities held still; statements of one form (all the units of a layer)
share one derivation.  A sum of products needs no search: `linear` reads it off, and a test
holds that the engine says the same.
"""

from __future__ import annotations

from symderiv.catalogue.function import Function
from symderiv.catalogue.rules import algebra
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import DEFINITION, DIFFERENTIATE, Differentiator
from symderiv.deriving.lines import Lines
from symderiv.deriving.moving import defining
from symderiv.deriving.networks.network import Network
from symderiv.deriving.pieces import borders
from symderiv.deriving.strategy import derive_expression
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Apply,
    Cases,
    Derivative,
    Expr,
    Number,
    Prime,
    Product,
    Relation,
    Rewrite,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes, substitute

_ONE = Number("1")


class Locals:
    """The local derivatives of a network, each worked out when it is asked for."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._linear: dict[Symbol, dict[Symbol, Expr] | None] = {}
        self._forms: dict[Expr, dict[int, Expr]] = {}

    def value(self, name: Symbol, by: Symbol) -> Expr:
        """∂name/∂by as a formula in the network's quantities."""
        if name not in self._linear:
            self._linear[name] = linear(self.network.statements[name])
        slopes = self._linear[name]
        return slopes[by] if slopes is not None else self._by_form(name, by)

    def derivation(self, name: Symbol, by: Symbol) -> Derivation:
        """The derivation of ∂name/∂by."""
        body = self.network.statements[name]
        function = self._broken(body)
        if function is not None and body.parts[0] is by:
            return self._with_prime(name, function, by)
        return Differentiator(self.setting(name)).derive(self.derivative(name, by))

    def derivative(self, name: Symbol, by: Symbol) -> Derivative:
        """∂name/∂by as it is written: d where nothing else moves."""
        return Derivative(name, by, 1, len(self.network.uses[name]) > 1)

    def setting(self, name: Symbol) -> Setting:
        """The problem in which only this statement is known."""
        return self.network.setting((name,))

    def collapsed(self, name: Symbol) -> Derivation | None:
        """The derivation of ∂L/∂name where it passes through the output and something cancels.

        So it is for the pre-activation of an output whose loss divides by the slope of the
        activation: a sigmoid before the binary cross-entropy leaves ŷ − y.
        """
        network = self.network
        outputs = network.users.get(name, ())
        if len(outputs) != 1 or network.users[outputs[0]] != (network.loss,):
            return None
        if linear(network.statements[outputs[0]]) is not None:
            return None
        given = {s: network.statements[s] for s in (network.loss, outputs[0])}
        derivation = derive_expression(network.loss, name, where=network.domains, given=given)
        cancels = any(step.rule is algebra.cancel for step in derivation.steps)
        return derivation if cancels else None

    def _by_form(self, name: Symbol, by: Symbol) -> Expr:
        """The local derivative of a statement of which others have the same form."""
        body = self.network.statements[name]
        quantities = (name, *self.network.uses[name])
        blanks = [Symbol("q", indices=(Number(str(k)),)) for k in range(len(quantities))]
        put: dict[Expr, Expr] = dict(zip(quantities, blanks, strict=True))
        known = self._forms.setdefault(substitute(body, put), {})
        k = quantities.index(by)
        if k not in known:
            known[k] = substitute(self.derivation(name, by).result, put)
        return substitute(known[k], dict(zip(blanks, quantities, strict=True)))

    def _broken(self, body: Expr) -> Function | None:
        """The function that is applied, if its slope goes by cases: its derivative is primed."""
        if not isinstance(body, Apply) or not all(isinstance(p, Symbol) for p in body.parts):
            return None
        function = self.network.functions.get(body.head.name)
        if function is None or len(body.parts) != 1:
            return None
        return function if any(isinstance(n, Cases) for n in nodes(function.claim)) else None

    def _with_prime(self, name: Symbol, function: Function, by: Symbol) -> Derivation:
        """da/dz = ReLU′(z): the cases stand once, where the function is derived."""
        body = function(by)
        lines = Lines(self.derivative(name, by), self.setting(name), DEFINITION)
        lines.add(defining(Rewrite(name, body)), Derivative(body, by))
        lines.phase = DIFFERENTIATE
        lines.add(laws.prime_notation, Prime(function.head, 1, by), letters={"x": by})
        slope = substitute(function.claim, {function.variable: by})
        for border in (b for n in nodes(slope) if isinstance(n, Cases) for b in borders(n)):
            lines.require(Relation(border.terms, ("!=",)))
        return lines.done()


def linear(body: Expr) -> dict[Symbol, Expr] | None:
    """∂body/∂s for each symbol of a sum of products of different symbols; None for others."""
    slopes: dict[Symbol, list[Expr]] = {}
    for term in body.terms if isinstance(body, Sum) else (body,):
        factors = term.factors if isinstance(term, Product) else (term,)
        if not all(isinstance(f, Symbol) for f in factors) or len(set(factors)) < len(factors):
            return None
        for factor in factors:
            assert isinstance(factor, Symbol)  # noqa: S101 (just seen)
            rest = [f for f in factors if f is not factor]
            slope = rest[0] if len(rest) == 1 else Product(rest) if rest else _ONE
            slopes.setdefault(factor, []).append(slope)
    return {s: parts[0] if len(parts) == 1 else Sum(parts) for s, parts in slopes.items()}
