"""A table of rates, ∂L/∂ŷ, ∂L/∂z, …: what each should be, and what follows from the student's own.

A derivation through a network branches; each rate that is stated is a node.  Where one
stated earlier is wrong, a later one may follow from it by the chain rule: gradients are
carried back through the student's own values.  Source: the rule of Rumelhart, Hinton,
Williams (1986), ∂L/∂q = Σ ∂L/∂u · ∂u/∂q over the quantities u that use q.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symderiv.deriving.differentiating import Differentiator
from symderiv.errors import Mistake
from symderiv.homework.problems import Problem
from symderiv.language.expressions import Derivative, Expr, Number, Product, Sum, Symbol
from symderiv.language.patterns import join
from symderiv.language.walks import symbols_in

_MOST_NODES = 200


@dataclass
class Table:
    """The rates that a student stated so far, each with what was written for it."""

    problem: Problem
    stated: dict[tuple[Expr, Expr], Expr] = field(default_factory=dict)

    def node(self, label: Expr | None) -> Derivative | None:
        """The label where it names a rate between quantities of the problem."""
        definitions = self.problem.setting.definitions
        if isinstance(label, Derivative) and label.order == 1 and label.body in definitions:
            return label
        return None

    def state(self, rate: Derivative, value: Expr) -> None:
        """Note what the student says a rate is."""
        self.stated[rate.body, rate.variable] = value

    def own(self, rate: Derivative) -> Expr | None:
        """What the rate would be by the chain rule through the student's own values; None where
        no rule gives it, or nothing that was stated is used."""
        top, wanted = rate.body, rate.variable
        known: dict[Expr, Expr] = {}
        if not self.stated:
            return None
        try:
            for quantity in self._backward(top, wanted):
                known[quantity] = self._arriving(top, quantity, known)
        except Mistake:
            return None
        return known.get(wanted)

    def _arriving(self, top: Expr, quantity: Expr, known: Mapping[Expr, Expr]) -> Expr:
        """What arrives at a quantity: as stated, else over all that use it."""
        if quantity is top:
            return Number("1")
        definitions = self.problem.setting.definitions
        users = [name for name in known if quantity in symbols_in(definitions[name])]  # type: ignore[index]
        terms = [
            join(Product, (self._known(top, u, known), self._local(u, quantity))) for u in users
        ]
        return join(Sum, terms) if terms else Number("0")

    def _known(self, top: Expr, user: Expr, known: Mapping[Expr, Expr]) -> Expr:
        return self.stated.get((top, user), known[user])

    def _local(self, user: Expr, quantity: Expr) -> Expr:
        """∂user/∂quantity with everything else held: as stated, else derived."""
        stated = self.stated.get((user, quantity))
        if stated is not None and user is not quantity:
            return stated
        setting = self.problem.setting
        alone = Differentiator(replace(setting, definitions={}, memo={}))
        return alone.derive(Derivative(setting.definitions[user], quantity, 1, True)).result  # type: ignore[index]

    def _backward(self, top: Expr, wanted: Expr) -> list[Expr]:
        """The quantities from `top` back to `wanted`, each behind those that use it."""
        definitions = self.problem.setting.definitions
        order: dict[Expr, None] = {}
        stack: list[tuple[Expr, bool]] = [(top, False)]
        while stack and len(order) < _MOST_NODES:
            node, done = stack.pop()
            if done:
                order[node] = None
            elif node not in order:
                stack.append((node, True))
                used = (
                    symbols_in(definitions[node])
                    if isinstance(node, Symbol) and node in definitions
                    else ()
                )
                stack += [(s, False) for s in used if s in definitions and s not in order]
        backward = [node for node in reversed([*order]) if node is not wanted]
        return [*backward, wanted]
