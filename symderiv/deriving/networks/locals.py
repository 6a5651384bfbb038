"""Local derivatives: how fast one statement moves with one quantity that stands in it.

∂z/∂w = x, ∂a/∂z = a(1 − a), ∂L/∂ŷ.  Each is derived by the engine, from the statement
alone, the other quantities held still; statements of one form (all the units of a layer)
share one derivation.  A sum of products needs no search: `linear` reads it off, and so is
the slope of a function of the catalogue; tests hold that the engine says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property

from symderiv.catalogue.function import Function
from symderiv.catalogue.rules import algebra
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import DEFINITION, DIFFERENTIATE, Differentiator
from symderiv.deriving.lines import Lines
from symderiv.deriving.networks.network import Network
from symderiv.deriving.pieces import borders
from symderiv.deriving.quantities import defining
from symderiv.deriving.strategy import derive_expression
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Apply,
    Cases,
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Rewrite,
    Sum,
    Symbol,
)
from symderiv.language.walks import fill_in, nodes, substitute, symbols_in

_ONE = Number("1")
_BODY = Symbol("·")


class Locals:
    """The local derivatives of a network, each worked out when it is asked for."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._linear: dict[Symbol, dict[Symbol, Expr] | None] = {}
        self._sums: dict[Symbol, dict[Symbol, Expr]] = {}
        self._forms: dict[object, Expr | None] = {}

    def value(self, name: Symbol, by: Symbol) -> Expr:
        """∂name/∂by as a formula in the network's quantities."""
        if name not in self._linear:
            self._linear[name] = linear(self.network.statements[name])
        slopes = self._linear[name]
        if slopes is not None:
            return slopes[by]
        read = self._read_off(name, by)
        if read is not None:
            return read
        found = self._by_form((name,), by, lambda: self.derivation(name, by).result)
        assert found is not None  # noqa: S101 (a derivation has a result)
        return found

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

    # --- the output and the loss in one --------------------------------------------------------

    def collapsed(self, name: Symbol) -> Derivation | None:
        """The derivation of ∂L/∂name where it passes through the output and something cancels.

        So it is for the pre-activation of an output whose loss divides by the slope of the
        activation: a sigmoid before the binary cross-entropy leaves ŷ − y.
        """
        network, output = self.network, self._output(name)
        if output is None:
            return None
        given = {s: network.statements[s] for s in (network.loss, output)}
        derivation = derive_expression(network.loss, name, where=network.domains, given=given)
        cancels = any(step.rule is algebra.cancel for step in derivation.steps)
        return derivation if cancels else None

    def collapsed_value(self, name: Symbol) -> Expr | None:
        """What `collapsed` ends with; outputs of one form share one derivation."""
        output = self._output(name)
        if output is None:
            return None

        def found() -> Expr | None:
            derivation = self.collapsed(name)
            return None if derivation is None else derivation.result

        return self._by_form((self.network.loss, output), name, found)

    def _output(self, name: Symbol) -> Symbol | None:
        """The output before which `name` stands, where one of the two rates is a fraction of
        which they are the denominator, so that something can cancel."""
        output = self.before_outputs.get(name)
        if output is None or linear(self.network.statements[output]) is not None:
            return None
        rates = (self.value(self.network.loss, output), self.value(output, name))
        return output if any(_divides(rate, (output, name)) for rate in rates) else None

    @cached_property
    def before_outputs(self) -> dict[Symbol, Symbol]:
        """The computed quantities that feed one output alone, which feeds the loss alone."""
        network = self.network
        users, statements, loss = network.users, network.statements, network.loss
        outputs = [s for s in network.uses[loss] if s in statements and users[s] == (loss,)]
        return {
            name: output
            for output in outputs
            for name in network.uses[output]
            if name in statements and users[name] == (output,)
        }

    def _read_off(self, name: Symbol, by: Symbol) -> Expr | None:
        """The claimed slope of a function of the catalogue that is applied to names."""
        body, term = self.network.statements[name], self._felt(name, by)
        function = self.network.functions.get(term.head.name) if isinstance(term, Apply) else None
        if function is None or function.variable not in function.arguments:
            return None
        arguments = function.arguments
        if term.parts[arguments.index(function.variable)] is not by:
            return None
        put: dict[Expr, Expr] = dict(zip(arguments, term.parts, strict=False))
        if len({p for p in term.parts if isinstance(p, Symbol)}) < len(arguments):
            return None
        if term is not body:
            return substitute(function.claim, put)
        if len(arguments) == 1 and _by_cases(function):
            return Prime(function.head, 1, by)
        put[_BODY] = name
        return fill_in(_folded(function), put)

    # --- statements of one form ----------------------------------------------------------------

    def _by_form(
        self, chain: tuple[Symbol, ...], by: Symbol, derived: Callable[[], Expr | None]
    ) -> Expr | None:
        """What is `derived` of the last of these statements by `by` through all of them, or what
        was derived before of others that read the same but for the names of quantities."""
        middle = (*chain[1:], by)
        bodies = [self._felt(name, s) for name, s in zip(chain, middle, strict=True)]
        quantities = tuple(dict.fromkeys((*chain, by, *(s for b in bodies for s in symbols_in(b)))))
        put: dict[Expr, Expr] = dict(zip(quantities, _blanks(len(quantities)), strict=True))
        form = (  # a term alone is not the quantity, whose name may stand in its own slope
            *(b is self.network.statements[s] for s, b in zip(chain, bodies, strict=True)),
            *(self.network.domains.get(s) for s in quantities),
            *(substitute(body, put) for body in bodies),
        )
        if form in self._forms:
            known = self._forms[form]
            return None if known is None else substitute(known, {b: q for q, b in put.items()})
        result = derived()
        if result is None or set(symbols_in(result)) <= {*quantities, *self.network.counts}:
            self._forms[form] = None if result is None else substitute(result, put)
        return result

    def _felt(self, name: Symbol, by: Symbol) -> Expr:
        """The statement without the terms of its sum in which `by` does not stand."""
        if name not in self._sums:
            self._sums[name] = _by_terms(self.network.statements[name])
        return self._sums[name].get(by, self.network.statements[name])

    def _broken(self, body: Expr) -> Function | None:
        """The function that is applied, if its slope goes by cases: its derivative is primed."""
        if not isinstance(body, Apply) or not all(isinstance(p, Symbol) for p in body.parts):
            return None
        function = self.network.functions.get(body.head.name)
        if function is None or len(body.parts) != 1:
            return None
        return function if _by_cases(function) else None

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
        for factor in factors:
            if not isinstance(factor, Symbol):
                return None
            rest = [f for f in factors if f is not factor]
            if len(rest) != len(factors) - 1:
                return None
            slope = rest[0] if len(rest) == 1 else Product(rest) if rest else _ONE
            slopes.setdefault(factor, []).append(slope)
    return {s: parts[0] if len(parts) == 1 else Sum(parts) for s, parts in slopes.items()}


def _by_terms(body: Expr) -> dict[Symbol, Expr]:
    """For each symbol of a sum the terms in which it stands; of a sum times or over what holds
    none of them, these terms times or over it."""
    sums = [part for part in body.parts if isinstance(part, Sum)]
    total = body if isinstance(body, Sum) else sums[0] if len(sums) == 1 else None
    if total is None or not isinstance(body, (Sum, Product, Quotient)):
        return {}
    terms: dict[Symbol, list[Expr]] = {}
    for term in total.terms:
        for symbol in symbols_in(term):
            terms.setdefault(symbol, []).append(term)
    beside = {s for part in body.parts if body is not total and part is not total
              for s in symbols_in(part)}  # fmt: skip
    found = {s: t[0] if len(t) == 1 else Sum(t) for s, t in terms.items() if s not in beside}
    if body is total:
        return found
    around = {s: tuple(new if p is total else p for p in body.parts) for s, new in found.items()}
    return {s: body.with_parts(parts) for s, parts in around.items()}


def _divides(rate: Expr, by: tuple[Symbol, ...]) -> bool:
    """Whether a rate is, or holds, a fraction with one of these below the line."""
    below = [n.denominator for n in nodes(rate) if isinstance(n, Quotient)]
    powers = [n for n in nodes(rate) if isinstance(n, Power)]
    below += [n.base for n in powers if isinstance(n.exponent, Negative)]
    return any(s in by for expr in below for s in symbols_in(expr))


@cache
def _by_cases(function: Function) -> bool:
    """Whether its slope goes by cases."""
    return any(isinstance(node, Cases) for node in nodes(function.claim))


@cache
def _folded(function: Function) -> list[Expr]:
    """The claimed slope with a mark for the function itself: 1 − tanh²(z) as 1 − ·²."""
    return nodes(substitute(function.claim, {function.applied: _BODY}))


@cache
def _blanks(count: int) -> tuple[Symbol, ...]:
    return tuple(Symbol("q", indices=(Number(str(k)),)) for k in range(count))
