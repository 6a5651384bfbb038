"""One gradient followed along its path: the derivation, its factors, the trace, the graph.

The tables are the chain-rule post's: what each factor means, and the walk from the loss back
with the numbers put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from symderiv.deriving.networks.flow import Factor, Flow
from symderiv.deriving.networks.numbers import rounded
from symderiv.deriving.networks.values import Values
from symderiv.documents.composing import compose_section, factor_mark
from symderiv.documents.document import Block, Paragraph, Passage, Picture, Prose, Section, Table
from symderiv.documents.graphing import Edge, Graph, Node, draw, draw_narrow, folded
from symderiv.documents.passages import equation, with_numbers
from symderiv.language.expressions import (
    Apply,
    Cases,
    Derivative,
    Expr,
    Prime,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.patterns import join
from symderiv.language.walks import nodes
from symderiv.printing.unicode import unicode_text

_MOST_NODES = 16  # of a graph that is drawn quantity by quantity
_MOST_GIVEN = 12


def flow_section(flow: Flow, name: str) -> Section:
    """The derivation, with the statements on its path as what is given."""
    section = compose_section(flow.checked(), name)
    return replace(section, given=tuple(_given(flow)))


def _given(flow: Flow) -> Iterator[Expr]:
    """The statements that the derivation looks at, and the slopes that it writes with a prime."""
    network = flow.network
    on_path = {factor.name for factor in flow.factors} | {f.by for f in flow.factors}
    if not flow.paths:
        on_path = set(network.users[flow.wrt])
    statements = {**network.statements, **flow.setting.definitions}
    wanted = on_path | _passed(flow)
    shown = [s for s in statements if s in wanted][:_MOST_GIVEN]
    for name in shown:
        yield equation(name, statements[name])
    primes = {
        n.head.name: n for step in flow.steps for n in nodes(step.after) if isinstance(n, Prime)
    }
    for prime in primes.values():
        function = network.functions[prime.head.name]
        yield equation(Prime(prime.head, 1, function.variable), function.claim)


def _passed(flow: Flow) -> set[Symbol]:
    """The outputs that a collapsed factor passes over."""
    users = flow.network.users
    return {user for factor in flow.factors for user in users.get(factor.by, ())
            if factor.name in users.get(user, ())}  # fmt: skip


# --- factors ---------------------------------------------------------------------------------


def factors_passage(flow: Flow, values: Values, digits: int) -> Passage:
    """What each factor of the chain means, what it is, and its number."""
    rows = tuple(_factor_row(factor, values, digits) for factor in flow.factors)
    head: tuple[Prose, ...] = (("Factor",), ("Meaning",), ("Formula",), ("Value",))
    marks = tuple(factor_mark(_number(factor, flow)) for factor in flow.factors)
    blocks: list[Block] = [Table(head, rows, marks=marks)]
    if len(flow.paths) == 1:
        blocks.append(Paragraph(_multiplied(flow, values, digits)))
    return Passage("factors", "What each factor means", tuple(blocks))


def _number(factor: Factor, flow: Flow) -> int:
    """Where a factor stands on the first path that holds it, counted from the loss."""
    return next(path.index(factor) + 1 for path in flow.paths if factor in path)


def _factor_row(factor: Factor, values: Values, digits: int) -> tuple[Prose, ...]:
    name: str | Expr = "the loss" if factor.name == Symbol("L") else factor.name
    meaning: Prose = ("How much ", name, " changes per unit change in ", factor.by)
    value = values.at(factor.value, values.forward)
    return (factor.rate,), meaning, (factor.value,), (rounded(value, digits),)


def _multiplied(flow: Flow, values: Values, digits: int) -> Prose:
    """All factors multiplied, in rounded numbers."""
    numbers = [rounded(values.at(f.value, values.forward), digits) for f in flow.paths[0]]
    product = numbers[0] if len(numbers) == 1 else Product(numbers)
    result = rounded(values.checked(flow.wrt), digits)
    return ("Multiplied: ", flow.start, " ≈ ", product, " ≈ ", result, ".")


# --- the trace -------------------------------------------------------------------------------


def trace_passage(flow: Flow, values: Values, digits: int) -> Passage | None:
    """The walk from the loss back along the one path, step by step with its numbers."""
    path = _path(flow)
    if path is None:
        return None
    rows: list[tuple[Prose, ...]] = []
    for name, by in pairwise(path):
        rows += _trace_rows(name, by, values, digits)
    head: tuple[Prose, ...] = (("Step",), ("Expression",), ("With numbers",), ("Result",))
    caption: Prose = (f"Full precision inside, {digits} decimals shown.",)
    return Passage("trace", "Step by step with numbers", (Table(head, tuple(rows), caption),))


def _path(flow: Flow) -> list[Symbol] | None:
    """The quantities from the loss to what moves, on the one path; None where there are more."""
    network, place = flow.network, flow.wrt
    path = [place]
    while place != network.loss:
        users = [s for s in network.users[place] if s in network.matters]
        if len(users) != 1:
            return None
        place = users[0]
        path.append(place)
    return path[::-1]


def _trace_rows(
    name: Symbol, by: Symbol, values: Values, digits: int
) -> Iterator[tuple[Prose, ...]]:
    """The rows of one edge: its own rate, and what has arrived so far times it.

    A rate that is itself a formula in quantities, such as ŷ(1 − ŷ), is multiplied at once.
    """
    loss, known = values.network.loss, dict(values.forward)
    local, rate = (
        values.backward.locals.value(name, by),
        values.backward.locals.derivative(name, by),
    )
    own = rounded(values.at(local, known), digits)
    if name == loss:
        yield (rate,), (local,), with_numbers(local, values.forward, digits), (own,)
        return
    arriving, total = Derivative(loss, name, 1, True), Derivative(loss, by, 1, True)
    arrived = rounded(values.gradients[name], digits)
    result = rounded(values.gradients[by], digits)
    if isinstance(local, (Sum, Product, Quotient)):
        numbers = with_numbers(local, values.forward, digits)
        factors = [arrived, *(n for n in numbers if not isinstance(n, str))]
        slope = Product((arriving, rate))
        yield (
            (total,),
            (equation(slope, join(Product, (arriving, local))),),
            (join(Product, factors),),
            (result,),
        )
        return
    yield (rate,), (local,), tuple(_where(local, values, digits)), (own,)
    yield (total,), (Product((arriving, rate)),), (Product((arrived, own)),), (result,)


def _where(local: Expr, values: Values, digits: int) -> Iterator[str | Expr]:
    """On which side of its kink a primed slope is taken; a dash for a quantity."""
    if not isinstance(local, Prime):
        yield "—"
        return
    claim = values.network.functions[local.head.name].claim
    pieces = next((n for n in nodes(claim) if isinstance(n, Cases)), None)
    point = local.argument
    assert isinstance(point, Symbol)  # noqa: S101 (of a named quantity)
    level = values.forward[point]
    yield equation(point, rounded(level, digits))
    if pieces is not None and level != 0:
        yield " > 0" if level > 0 else " < 0"


# --- the graph --------------------------------------------------------------------------------


def graph_passage(flow: Flow, values: Values | None, digits: int, name: str) -> Passage:
    """The picture of the computation: values forward, rates and the flowing product back."""
    graph = network_graph(flow, values, digits, name)
    if len(graph.nodes) > _MOST_NODES:
        graph = folded(graph)
    caption: Prose = (
        "Solid arrows carry values forward; dashed arrows carry the local derivatives back. "
        "Below each quantity stands the derivative of the loss that has arrived there.",
    )
    return Passage(
        f"{name}-graph",
        "How the gradient flows",
        (Picture(draw(graph), draw_narrow(graph), caption),),
    )


def network_graph(flow: Flow, values: Values | None, digits: int, name: str) -> Graph:
    """The graph of the statements, the factors of the chain numbered from the loss."""
    network = flow.network
    shown = [
        s for s in (*network.inputs, *network.targets, *network.statements) if s in network.matters
    ]
    if flow.wrt not in shown:
        shown = [flow.wrt, *shown]
    numbers = _numbers(flow)
    edges = [
        _edge(user, s, numbers, flow, values, digits)
        for s in shown
        for user in network.users.get(s, ())
        if user in network.matters
    ]
    cards = [_node(s, flow, values, digits) for s in shown]
    return Graph(tuple(cards), tuple(edges), f"{name}-picture", "Computational graph")


def _numbers(flow: Flow) -> dict[tuple[Symbol, Symbol], int]:
    """Which factor each edge belongs to, counted from the loss; a collapsed one has two edges."""
    found: dict[tuple[Symbol, Symbol], int] = {}
    for path in flow.paths:
        for k, factor in enumerate(path, 1):
            through = [
                u
                for u in flow.network.users[factor.by]
                if factor.name in flow.network.users.get(u, ())
            ]
            direct = factor.name in flow.network.users[factor.by]
            pairs = [(factor.name, factor.by)] if direct else [
                pair for u in through for pair in ((factor.name, u), (u, factor.by))
            ]  # fmt: skip
            found |= dict.fromkeys(pairs, k)
    return found


def _edge(
    user: Symbol, s: Symbol, numbers: dict[tuple[Symbol, Symbol], int], flow: Flow,
    values: Values | None, digits: int,
) -> Edge:  # fmt: skip
    body = flow.network.statements[user]
    done = unicode_text(body).partition("(")[0] if isinstance(body, Apply) else ""
    number = numbers.get((user, s), 0)
    if not number:
        return Edge(str(s), str(user), done)
    rates = flow.backward.locals
    local = rates.value(user, s)
    value = unicode_text(rounded(values.at(local, values.forward), digits)) if values else ""
    return Edge(str(s), str(user), done, rates.derivative(user, s), local, value, number)


def _node(s: Symbol, flow: Flow, values: Values | None, digits: int) -> Node:
    network = flow.network
    kind = "loss" if s == network.loss else "quantity" if s in network.statements else (
        "input" if s in (*network.inputs, *network.targets) else "parameter"
    )  # fmt: skip
    on_path = s == flow.wrt or any(s in (f.name, f.by) for f in flow.factors) or s in _passed(flow)
    value = unicode_text(rounded(values.forward[s], digits)) if values else ""
    if not on_path or s == network.loss:
        return Node(str(s), s, value, kind)
    arrived = (
        unicode_text(rounded(values.gradients[s], digits))
        if values and s in values.gradients
        else ""
    )
    return Node(str(s), s, value, kind, Derivative(network.loss, s, 1, True), arrived)
