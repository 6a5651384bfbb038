"""The backward pass: from the loss back to every quantity, each gradient named once.

∂L/∂q is the sum, over the statements in which q stands, of what arrives there times the
local derivative.  A gradient that is used more than once gets a name, δ; one that is used
once stands where it is used.  So the pass has a few nodes for each node forward, however
deep the network.  Source: Rumelhart, Hinton, Williams (1986); Nielsen, *Neural Networks and
Deep Learning* (2015), chapter 2, equations BP1 to BP4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from symderiv.deriving.networks.locals import Locals
from symderiv.deriving.networks.network import Network
from symderiv.language.expressions import Expr, Number, Product, Sum, Symbol
from symderiv.language.patterns import join

_ONE = Number("1")


class Gradient(NamedTuple):
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
        network, matters = self.network, self.network.matters
        through = tuple([s for s in network.users[quantity] if s in matters])
        value = None
        if quantity in self.locals.before_outputs:
            value = self.locals.collapsed_value(quantity)
        if value is None:
            terms = [self._along(user, quantity, found) for user in through]
            value = terms[0] if len(terms) == 1 else join(Sum, terms)
        many = len(network.uses.get(quantity, ())) > 1 and not isinstance(value, Number)
        return Gradient(quantity, through, value, self.delta(quantity) if many else None)

    def _along(self, user: Symbol, quantity: Symbol, found: Mapping[Symbol, Gradient]) -> Expr:
        """What arrives at a statement, times its local derivative."""
        local = self.locals.value(user, quantity)
        if user is self.network.loss:
            return local
        arriving = found[user].name or found[user].value
        if local is _ONE or arriving is _ONE:
            return arriving if local is _ONE else local
        return join(Product, (arriving, local))

    def delta(self, quantity: Symbol) -> Symbol:
        """The name of ∂L/∂quantity, another one for each quantity of this network."""
        alone = self._first.get(_place(quantity), quantity) is quantity
        name = delta(quantity) if alone or quantity.accent else _by_name(quantity)
        network = self.network
        free = name not in network.users and name not in network.statements
        usual = free and (alone or not quantity.accent)
        return name if usual else Symbol("delta", indices=(quantity,))

    @cached_property
    def _first(self) -> dict[object, Symbol]:
        """To which quantity δ⁽ˡ⁾_i belongs: the first of that layer and place, which is z."""
        found: dict[object, Symbol] = {}
        for quantity in self.network.statements:
            if quantity.layer or quantity.accent:
                found.setdefault(_place(quantity), quantity)
        return found

    def nodes(self) -> tuple[int, int]:
        """How many different nodes the forward and the backward pass have."""
        forward = _count(self.network.statements.values())
        return forward, _count(g.value for g in self.gradients.values())


def delta(quantity: Symbol) -> Symbol:
    """The name of ∂L/∂quantity: δ⁽ˡ⁾_i for a quantity of a layer, else its own with a bar."""
    if quantity.layer:
        return Symbol("delta", layer=quantity.layer, indices=quantity.indices)
    return _by_name(quantity)


def _place(quantity: Symbol) -> tuple[str, tuple[Expr, ...]]:
    return quantity.layer, quantity.indices


def _by_name(quantity: Symbol) -> Symbol:
    """z̄ for z, as in automatic differentiation; δ for what has an accent already, such as ŷ."""
    if quantity.accent:
        return Symbol("delta", layer=quantity.layer, indices=quantity.indices)
    return Symbol(quantity.name, "bar", quantity.layer, quantity.indices)


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
