"""The graph of a computation: what flows forward through it, and what flows back.

A graph says what is computed from what, with values and derivatives that somebody else
has derived; here it becomes a scene.  Values go forward on solid arrows, local
derivatives come back on dashed ones, in the colour of their factor; each node shows its
value and, below a dashed line, the derivative of the loss that has arrived there.  What
finds no free place beside its arrow stands in a list below, with a number on the arrow.
Nothing is differentiated, evaluated or rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from symderiv.documents.blocks import NOTHING, Block, column, formula, row, underlined, words
from symderiv.documents.document import Prose
from symderiv.documents.layering import depths
from symderiv.documents.planning import Arrow, Card
from symderiv.documents.routing import routed
from symderiv.documents.scene import Box, Line, Scene, framed, underline
from symderiv.documents.svg import scene_svg
from symderiv.errors import Mistake, Unknown
from symderiv.language.expressions import Derivative, Expr, Symbol

WIDE: Final = 720.0
"""The widest picture that stands in a page beside nothing, in pixels."""
NARROW: Final = 320.0
"""What a phone of 360 pixels has between its margins."""

KINDS: Final[dict[str, Box]] = {
    "input": Box(0, 0, 0, 0, "ink", "panel", 0),
    "parameter": Box(0, 0, 0, 0, "muted", "panel", 0, "4 3"),
    "quantity": Box(0, 0, 0, 0, "ink", "panel", 8),
    "loss": Box(0, 0, 0, 0, "ink", "panel", 8, stroke=2.2),
}
"""What a node is, told by its corners and its rim."""


@dataclass(frozen=True)
class Node:
    """A quantity: its name as an expression, its value as it is to be printed (or none).

    `kind` is `input`, `parameter`, `quantity` or `loss`.  `gradient` is the derivative of the
    loss by it, such as ∂L/∂z, with its value as it is to be printed.
    """

    id: str
    formula: Expr
    value: str = ""
    kind: str = "quantity"
    gradient: Expr | None = None
    gradient_value: str = ""


@dataclass(frozen=True)
class Edge:
    """One quantity goes into another.

    `forward` names what is done (`σ`, `linear`).  `local` is the local derivative of target by
    source, `formula` what it is, `value` its value as printed; each may be missing.
    `factor` is its number in the chain that is followed, 0 where it is not part of it.
    """

    source: str
    target: str
    forward: str = ""
    local: Expr | None = None
    formula: Expr | None = None
    value: str = ""
    factor: int = 0


@dataclass(frozen=True)
class Graph:
    """A computation; `name` makes the ids of its pictures and must be unique on its page."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    name: str = "graph"
    title: str = "Computational graph"

    def __post_init__(self) -> None:
        known = [node.id for node in self.nodes]
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in known:
                    raise Unknown(f"An edge ends at {end!r}, but the graph has no such node.")
        for node in self.nodes:
            if node.kind not in KINDS:
                raise Unknown(f"No kind of node {node.kind!r}; there are: {', '.join(KINDS)}.")
        if len(set(known)) < len(known) or not known:
            raise Mistake("Each node of a graph needs an id of its own, and there must be one.")
        if not self.levels():
            raise Mistake("The edges of the graph run in a circle: nothing could be computed.")

    def levels(self) -> dict[str, int]:
        """The layer of each node; nothing where the edges run in a circle."""
        return depths([n.id for n in self.nodes], [(e.source, e.target) for e in self.edges])


def draw(graph: Graph) -> Scene:
    """The picture for a page: along the line where it is at most `WIDE`, else down the page."""
    scene = _scene(graph, upright=False, width=WIDE)
    return scene if scene.width <= WIDE else _scene(graph, upright=True, width=WIDE)


def draw_narrow(graph: Graph) -> Scene:
    """The picture for a phone, down the page."""
    return _scene(replace(graph, name=f"{graph.name}-narrow"), upright=True, width=NARROW)


def graph_html(graph: Graph) -> str:
    """Both pictures for a page, whose style shows the one that fits."""
    wide, narrow = draw(graph), draw_narrow(graph)
    if wide.width <= NARROW:
        return scene_svg(wide)
    return "\n".join([scene_svg(wide, classes="sd-broad"), scene_svg(narrow, classes="sd-narrow")])


def folded(graph: Graph) -> Graph:
    """The graph with one node for each vector: entries of one symbol in one layer.

    z₁, z₂, z₃ become z, with "3 entries" for its value; the local derivatives between vectors
    are their Jacobians, of which only the name is shown.  For nets of more than some 16
    nodes.
    """
    level = graph.levels()
    groups: dict[tuple[int, Expr], list[Node]] = {}
    for node in graph.nodes:
        groups.setdefault((level[node.id], _vector(node.formula)), []).append(node)
    first = {node.id: group[0].id for group in groups.values() for node in group}
    nodes = {group[0].id: _one(group) for group in groups.values()}
    edges: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        edges.setdefault((first[edge.source], first[edge.target]), []).append(edge)
    joined = tuple(_join(group, nodes[s], nodes[t]) for (s, t), group in edges.items())
    return replace(graph, nodes=tuple(nodes.values()), edges=joined)


def _vector(expr: Expr) -> Expr:
    """What an expression is an entry of: z of z₁; anything else stands for itself."""
    return expr.with_parts(()) if isinstance(expr, Symbol) else expr


def _one(group: list[Node]) -> Node:
    node, *others = group
    if not others:
        return node
    vector = _vector(node.formula)
    gradient = node.gradient
    if isinstance(gradient, Derivative):
        gradient = gradient.with_parts((gradient.body, vector))
    return replace(node, formula=vector, value=f"{len(group)} entries", gradient=gradient,
                   gradient_value="")  # fmt: skip


def _join(group: list[Edge], source: Node, target: Node) -> Edge:
    edge, *others = group
    forward = ", ".join(dict.fromkeys(e.forward for e in group if e.forward))
    factor = min((e.factor for e in group if e.factor), default=0)
    ends = replace(edge, source=source.id, target=target.id, forward=forward, factor=factor)
    if not others:
        return ends
    returns = any(e.local is not None for e in group)
    local = Derivative(target.formula, source.formula, partial=True) if returns else None
    return replace(ends, local=local, formula=None, value="")


def _scene(graph: Graph, *, upright: bool, width: float) -> Scene:
    level = graph.levels()
    crowd = list(level.values())
    done = {node.id: _done(graph, node) for node in graph.nodes}
    cards = {
        node.id: _card(node, done[node.id], not upright or crowd.count(level[node.id]) > 1)
        for node in graph.nodes
    }
    arrows = [_arrow(edge, "" if done[edge.target] else edge.forward) for edge in graph.edges]
    items = routed(cards, arrows, upright=upright, width=width - 16)
    return framed(graph.name, graph.title, described(graph), items)


def _done(graph: Graph, node: Node) -> str:
    """What makes a node out of several others: it stands in its card, and not at each arrow."""
    names = [edge.forward for edge in graph.edges if edge.target == node.id]
    return ", ".join(dict.fromkeys(filter(None, names))) if len(names) > 1 else ""


def _card(node: Node, done: str, stacked: bool) -> Card:
    above = column(
        words((done,), "muted", 11),
        words((node.formula,), "ink", 17),
        words((node.value,), "ink", 13),
        gap=2,
    )
    if node.gradient is None:
        return Card(above, KINDS[node.kind])
    said = (node.gradient, node.gradient_value and f" = {node.gradient_value}")
    below = words(said, "muted")
    if stacked:
        below = column(words(said[:1], "muted"), words((node.gradient_value,), "muted"))
    width = max(above.width, below.width)
    bar = Block(width, 1, (Line(((0, 0.5), (width, 0.5)), "muted", "3 3", 1),))
    return Card(column(above, bar, below, gap=5), KINDS[node.kind])


def _arrow(edge: Edge, forward: str) -> Arrow:
    role = f"factor{edge.factor}" if edge.factor else "muted"
    ahead = words((forward,), "ink" if edge.factor else "muted")
    if edge.local is None:
        return Arrow(edge.source, edge.target, role, ahead, listed=ahead)
    name = words((edge.local,), role)
    value = words((edge.value and f"= {edge.value}",), role)
    prose: Prose = (edge.local, edge.value and f" = {edge.value}")
    middle = NOTHING
    if edge.formula is not None:
        middle = row(words(("=",), role), formula(edge.formula, role))
        prose = (edge.local, " = ", edge.formula, *prose[1:])
    line = words(prose, role, anchor="start")
    if edge.factor:
        dash = underline(edge.factor)
        name, line = (underlined(b, name.width, role, dash) for b in (name, line))
    back, listed = column(name, middle, value), row(ahead, line, gap=10)
    return Arrow(edge.source, edge.target, role, ahead, back, listed, returns=True)


def described(graph: Graph) -> Prose:
    """The graph in words, for those who do not see it."""
    formulas = {node.id: node.formula for node in graph.nodes}
    forward = [_forward(graph, node, formulas) for node in graph.nodes]
    local = [
        _equation(edge.local, edge.formula, edge.value)
        for edge in graph.edges
        if edge.local is not None
    ]
    arrived = [
        _equation(node.gradient, None, node.gradient_value)
        for node in graph.nodes
        if node.gradient is not None
    ]
    said = {
        "Forward along solid arrows: ": forward,
        "Local derivatives back along dashed arrows: ": local,
        "Derivatives of the loss that arrive: ": arrived,
    }
    told = [(what, *_joined(parts, "; "), ".") for what, parts in said.items() if parts]
    return _joined(told, " ")


def _joined(parts: Iterable[Prose], between: str) -> Prose:
    """Pieces of prose with words between them."""
    joined = [item for part in parts for item in (between, *part)]
    return tuple(joined[1:])


def _forward(graph: Graph, node: Node, formulas: dict[str, Expr]) -> Prose:
    edges = [edge for edge in graph.edges if edge.target == node.id]
    value = f" = {node.value}" if node.value else ""
    if not edges:
        return formulas[node.id], value
    done = ", ".join(dict.fromkeys(edge.forward for edge in edges if edge.forward))
    sources = _joined([(formulas[edge.source],) for edge in edges], " and ")
    return formulas[node.id], f"{value} from ", *sources, f" by {done}" if done else ""


def _equation(left: Expr, middle: Expr | None, value: str) -> Prose:
    parts = [part for part in (left, middle, value) if part is not None and part != ""]
    return _joined([(part,) for part in parts], " = ")
