"""One gradient followed along its path: the derivation, its factors, the trace.

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
from symderiv.documents.document import Block, Paragraph, Passage, Prose, Section, Table
from symderiv.documents.passages import equation, with_numbers
from symderiv.language.expressions import (
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
from symderiv.language.walks import nodes, symbols_in

_MOST_GIVEN = 12


def flow_section(flow: Flow, name: str) -> Section:
    """The derivation, with the statements on its path as what is given."""
    section = compose_section(flow.checked(), name)
    given = tuple(_given(flow))
    spoken = {s for line in given for s in symbols_in(line)} | {flow.wrt}
    conditions = tuple(c for c in section.conditions if spoken.issuperset(symbols_in(c)))
    return replace(section, given=given, conditions=conditions)


def _given(flow: Flow) -> Iterator[Expr]:
    """The statements that the derivation looks at, the gradients that it names, and the slopes
    that it writes with a prime."""
    network = flow.network
    wanted = {factor.name for factor in flow.factors} | {f.by for f in flow.factors}
    wanted |= {*flow.passed} if flow.paths else {*network.users[flow.wrt]}
    shown = [s for s in network.statements if s in wanted][:_MOST_GIVEN]
    yield from (equation(name, network.statements[name]) for name in shown)
    for s in shown if not flow.paths else ():
        gradient = flow.backward.gradients.get(s)
        if gradient is not None and gradient.name is not None:
            yield equation(gradient.name, Derivative(network.loss, s, 1, True), gradient.value)
    written = [node for step in flow.steps for node in nodes(step.after)]
    for head in dict.fromkeys(node.head for node in written if isinstance(node, Prime)):
        function = network.functions[head.name]
        yield equation(Prime(head, 1, function.variable), function.claim)


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
