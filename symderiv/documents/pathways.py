"""The picture of one gradient: the computation forward, and what flows back through it.

Here a flow becomes a graph: which quantities are drawn, what stands at each arrow, and which
factor of the chain it is.  How a graph is laid out stands in `graphing`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.numbers import Real, rounded
from symderiv.documents.document import Passage, Picture, Prose
from symderiv.documents.graphing import Edge, Graph, Node, draw, draw_narrow, folded
from symderiv.language.expressions import Apply, Derivative, Symbol
from symderiv.printing.glyphs import raised
from symderiv.printing.unicode import unicode_text

_MOST_NODES = 16  # of a graph that is drawn quantity by quantity
_MOST_FOLDED, _SHOWN_ENDS = 24, 6
_TENTH_POWER = re.compile(r"10\^\(−(\d+)\)")


def graph_passage(flow: Flow, digits: int, name: str) -> Passage:
    """The picture of the computation: values forward, rates and the flowing product back."""
    graph = _Drawing(flow, digits).graph(name)
    if len(graph.nodes) > _MOST_NODES:
        graph = folded(graph)
    if len(graph.nodes) > _MOST_FOLDED:
        graph = _ends(graph)
    caption: Prose = (
        "Solid arrows carry values forward; dashed arrows carry the local derivatives back. "
        "Below each quantity stands the derivative of the loss that has arrived there.",
    )
    picture = Picture(draw(graph), draw_narrow(graph), caption)
    return Passage(f"{name}-graph", "How the gradient flows", (picture,))


def _ends(graph: Graph) -> Graph:
    """The first and the last quantities of a long computation, with dots between."""
    cards = graph.nodes
    kept = [*cards[:_SHOWN_ENDS], *cards[-_SHOWN_ENDS:]]
    ids = {node.id for node in kept}
    edges = [edge for edge in graph.edges if edge.source in ids and edge.target in ids]
    first, last = cards[_SHOWN_ENDS - 1].id, cards[-_SHOWN_ENDS].id
    dots = Node("dots", Symbol("…"))
    edges += [Edge(first, dots.id), Edge(dots.id, last)]
    return replace(graph, nodes=(*kept, dots), edges=tuple(edges))


class _Drawing:
    """What is drawn of a flow: the quantities that feel the one that moves are its way."""

    def __init__(self, flow: Flow, digits: int) -> None:
        self.flow, self.network, self.values = flow, flow.network, flow.values
        self.digits = digits
        self.felt = self._felt()
        self.numbers = self._along_paths() if flow.paths else self._by_rank()

    def graph(self, name: str) -> Graph:
        """The statements as a graph, the factors of the chain numbered from the loss."""
        network = self.network
        quantities = (*network.inputs, *network.targets, *network.statements)
        shown = dict.fromkeys((self.flow.wrt, *quantities))
        drawn = [s for s in shown if s in network.matters]
        edges = [
            self._edge(user, s)
            for s in drawn
            for user in network.users.get(s, ())
            if user in network.matters
        ]
        cards = tuple(self._node(s) for s in drawn)
        return Graph(cards, tuple(edges), f"{name}-picture", "Computational graph")

    def _felt(self) -> set[Symbol]:
        """What moves with the quantity by which the loss is differentiated."""
        felt = {self.flow.wrt}
        for name in self.network.statements:
            if name in self.network.matters and not felt.isdisjoint(self.network.uses[name]):
                felt.add(name)
        return felt

    def _along_paths(self) -> dict[tuple[Symbol, Symbol], int]:
        """Which factor each edge belongs to; one that collapses has the two edges it passes."""
        found: dict[tuple[Symbol, Symbol], int] = {}
        users, passed = self.network.users, self.flow.passed
        for path in self.flow.paths:
            for k, factor in enumerate(path, 1):
                found[factor.name, factor.by] = k
                for between in (u for u in users[factor.by] if u in passed):
                    found[factor.name, between] = found[between, factor.by] = k
        return found

    def _by_rank(self) -> dict[tuple[Symbol, Symbol], int]:
        """Where no path is written out: each statement's own number, counted from the loss."""
        ranks = [name for name in reversed([*self.network.statements]) if name in self.felt]
        return {
            (name, s): k
            for k, name in enumerate(ranks, 1)
            for s in self.network.uses[name]
            if s in self.felt
        }

    def _edge(self, user: Symbol, s: Symbol) -> Edge:
        body = self.network.statements[user]
        done = unicode_text(body).partition("(")[0] if isinstance(body, Apply) else ""
        number = self.numbers.get((user, s), 0)
        if not number:
            return Edge(str(s), str(user), done)
        rates = self.flow.backward.locals
        local = rates.value(user, s)
        value = self._shown(self.values.local(user, s)) if self.values else ""
        value = "" if value == unicode_text(local) else value
        return Edge(str(s), str(user), done, rates.derivative(user, s), local, value, number)

    def _node(self, s: Symbol) -> Node:
        network, values = self.network, self.values
        value = self._shown(values.forward[s]) if values else ""
        if s == network.loss or s not in self.felt:
            return Node(str(s), s, value, self._kind(s))
        arrived = self._shown(values.gradients[s]) if values and s in values.gradients else ""
        rate = Derivative(network.loss, s, 1, True)
        return Node(str(s), s, value, self._kind(s), rate, arrived)

    def _kind(self, s: Symbol) -> str:
        if s in self.network.statements:
            return "loss" if s == self.network.loss else "quantity"
        return "input" if s in (*self.network.inputs, *self.network.targets) else "parameter"

    def _shown(self, value: Real) -> str:
        """A number as it stands in a picture, powers of ten raised."""
        text = unicode_text(rounded(value, self.digits))
        return _TENTH_POWER.sub(lambda found: f"10{raised('−' + found[1])}", text)
