"""The backward pass: from the loss back to every quantity, each gradient named once.

∂L/∂q is the sum, over the statements in which q stands, of what arrives there times the
local derivative.  A gradient that is used more than once gets a name, δ; one that is used
once stands where it is used.  So the pass has a few nodes for each node forward, however
deep the network.  Source: Rumelhart, Hinton, Williams (1986); Nielsen, *Neural Networks and
Deep Learning* (2015), chapter 2, equations BP1 to BP4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from symderiv.deriving.networks.locals import Locals
from symderiv.deriving.networks.network import Network
from symderiv.language.expressions import Expr, Number, Product, Sum, Symbol
from symderiv.language.patterns import join

_ONE = Number("1")


@dataclass(frozen=True)
class Gradient:
    """∂L/∂`of`: what it is, `value`, in quantities and in δ's; `name` is its own δ, if it has one.

    `through` are the statements in which the quantity stands.
    """

    of: Symbol
    through: tuple[Symbol, ...]
    value: Expr
    name: Symbol | None


class Backward:
    """The gradients of a network's loss, each worked out once."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.locals = Locals(network)

    @cached_property
    def gradients(self) -> dict[Symbol, Gradient]:
        """Every gradient, from the loss back to inputs and parameters."""
        network = self.network
        order = [s for s in reversed([*network.statements]) if s in network.matters]
        found: dict[Symbol, Gradient] = {}
        leaves = [s for s in network.leaves if s in network.matters and s not in network.targets]
        for quantity in (*order[1:], *leaves):
            found[quantity] = self._gradient(quantity, found)
        return found

    @cached_property
    def names(self) -> dict[Symbol, Expr]:
        """What each δ stands for, from the loss back."""
        return {g.name: g.value for g in self.gradients.values() if g.name is not None}

    def _gradient(self, quantity: Symbol, found: Mapping[Symbol, Gradient]) -> Gradient:
        network = self.network
        through = tuple(s for s in network.users[quantity] if s in network.matters)
        name = self._name(quantity)
        collapsed = self.locals.collapsed(quantity) if quantity in network.statements else None
        if collapsed is not None:
            return Gradient(quantity, through, collapsed.result, name)
        terms = []
        for user in through:
            local = self.locals.value(user, quantity)
            arriving = _ONE if user == network.loss else found[user].name or found[user].value
            terms.append(times(arriving, local))
        value = terms[0] if len(terms) == 1 else Sum(terms)
        return Gradient(quantity, through, value, name)

    def _name(self, quantity: Symbol) -> Symbol | None:
        """The name of a gradient that is used more than once."""
        if len(self.network.uses.get(quantity, ())) < 2:
            return None
        return delta(quantity)

    def nodes(self) -> tuple[int, int]:
        """How many different nodes the forward and the backward pass have."""
        forward = _count(self.network.statements.values())
        return forward, _count(g.value for g in self.gradients.values())


def delta(quantity: Symbol) -> Symbol:
    """The name of ∂L/∂quantity: δ⁽ˡ⁾_i for a quantity of a layer, else as in automatic
    differentiation z̄ for z, and δ for a quantity that has an accent already, such as ŷ."""
    if quantity.layer or quantity.accent:
        return Symbol("delta", layer=quantity.layer, indices=quantity.indices)
    return Symbol(quantity.name, "bar", indices=quantity.indices)


def times(one: Expr, other: Expr) -> Expr:
    """A product without idle ones."""
    factors = [f for f in (one, other) if f is not _ONE] or [_ONE]
    return join(Product, factors)


def _count(exprs: Iterable[Expr]) -> int:
    """The inner nodes of these expressions, shared ones once: operations, not names."""
    seen: set[Expr] = set()
    waiting = list(exprs)
    while waiting:
        node = waiting.pop()
        if node in seen or isinstance(node, (Symbol, Number)):
            continue
        seen.add(node)
        waiting += node.parts
    return len(seen)
