"""Vanishing gradients on a page: the bound, a table by layer, and the curves.

The numbers come from `deriving.networks.vanishing`, the curves from `plotting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.networks.numbers import as_float, rounded
from symderiv.deriving.networks.vanishing import Chained, chain, chained, steepest_slope
from symderiv.documents.document import Block, Paragraph, Passage, Picture, Prose, Table
from symderiv.documents.passages import decimal
from symderiv.documents.plotting import Axis, Plot, draw_plot, draw_plot_narrow, values
from symderiv.errors import Broken
from symderiv.judging.comparing import compare
from symderiv.judging.points import Setting
from symderiv.language.build import symbols
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Derivative,
    Head,
    Number,
    Power,
    Prime,
    Relation,
    Symbol,
)

_FUNCTIONS = shipped().functions
ACTIVATIONS = ("sigmoid", "tanh", "relu")
WEIGHT, START = Fraction(1), Fraction(1, 2)
_Z, _L = symbols("z L")


def vanishing_passage(depths: Sequence[int] = (10, 50), digits: int = 3) -> Passage:
    """Deep chains of one unit per layer: what arrives at each layer, for each activation."""
    blocks: list[Block] = [Paragraph(prose) for prose in _reasons()]
    for depth in depths:
        chains = [_chain(_FUNCTIONS[name], depth) for name in ACTIVATIONS]
        blocks.append(_table(chains, digits))
        blocks.append(_plot(chains))
    return Passage("vanishing", "Vanishing gradients", tuple(blocks))


def _chain(activation: Function, depth: int) -> Chained:
    network = chain(activation, depth, _FUNCTIONS["mse"], weight=WEIGHT, start=START)
    return chained(activation, network)


def _reasons() -> tuple[Prose, ...]:
    """Why the product shrinks, and the bound, which is proved here and not only said."""
    sigmoid = _FUNCTIONS["sigmoid"]
    steepest = steepest_slope(sigmoid)
    assert steepest is not None  # noqa: S101 (the catalogue names it)
    bound = number(steepest)
    value = sigmoid(_Z)
    gap, square = bound - value * (1 - value), (number(Fraction(1, 2)) - value) ** 2
    if compare(gap, square, Setting(_FUNCTIONS)).verdict != "equal":
        raise Broken(f"{gap} is not {square}.")
    (count,) = symbols("n")
    rate = Derivative(_L, Symbol("W", layer="l"), 1, True)
    return (
        (
            "Between the loss and an early layer stands one factor ",
            Prime(Head("f"), 1, _Z),
            " for each activation. For the sigmoid every one of them is at most ",
            bound,
            ", because ",
            Relation((gap, square, Number("0")), ("=", ">=")),
            " (proved), so ",
            count,
            " of them are at most ",
            Power(bound, count),
            ".",
        ),
        (
            "Take a chain of one unit per layer with every weight ",
            decimal(WEIGHT),
            ", every bias 0, the input ",
            decimal(START),
            " and the target 0, and look at ",
            rate,
            " from the last layer back to the first:",
        ),
    )


def _table(chains: Sequence[Chained], digits: int) -> Table:
    """Layer by layer from the last: the product of the sigmoid's slopes, and all gradients."""
    depth = len(chains[0].slopes)
    head: list[Prose] = [("Layer",), ("Product of slopes, sigmoid",), ("At most",)]
    rate = Derivative(_L, Symbol("W", layer="l"), 1, True)
    head += [(Absolute(rate), f", {c.activation.words.removeprefix('the ')}") for c in chains]
    rows = []
    for k in _layers(depth):
        bound = chains[0].bounds[k - 1]
        assert bound is not None  # noqa: S101 (the sigmoid has one)
        cells: list[Prose] = [(str(k),), (rounded(chains[0].products[k - 1], digits),)]
        cells.append((rounded(bound, digits),))
        cells += [(rounded(c.gradients[k - 1], digits),) for c in chains]
        rows.append(tuple(cells))
    which = "every layer" if len(rows) == depth else "every tenth layer"
    return Table(tuple(head), tuple(rows), (f"A chain of {depth} layers, {which}.",))


def _layers(depth: int) -> list[int]:
    """All layers of a short chain, every tenth of a long one, from the last to the first."""
    if depth <= 12:
        return list(range(depth, 0, -1))
    return [*range(depth, 1, -10), 1]


def _plot(chains: Sequence[Chained]) -> Picture:
    depth = len(chains[0].slopes)
    series = [
        values(
            (c.activation.words.removeprefix("the "),),
            tuple((float(k), as_float(g)) for k, g in enumerate(c.gradients, 1)),
        )
        for c in chains
    ]
    bound = tuple((float(k), float(b)) for k, b in enumerate(chains[0].bounds, 1) if b is not None)
    series.append(values(("bound for the sigmoid",), bound, reference=True))
    rate = Absolute(Derivative(_L, Symbol("W", layer="l"), 1, True))
    plot = Plot(
        tuple(series),
        Axis(("layer ", Symbol("l")), whole=True),
        Axis((rate,), log=True),
        f"vanishing-{depth}",
        f"Gradients by layer in a chain of {depth} layers",
    )
    caption: Prose = (
        f"{depth} layers: with sigmoids the gradient shrinks at each, with the hyperbolic tangent "
        "slowly, and ReLU passes it on unchanged where its input is positive.",
    )
    return Picture(draw_plot(plot), draw_plot_narrow(plot), caption)
