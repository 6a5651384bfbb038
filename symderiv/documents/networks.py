"""The pages of a network: what it computes, how a gradient flows back, and every number.

What each part says stands in `passages` and `flowing`; here is their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import symderiv
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.network import Network
from symderiv.documents.composing import glossary
from symderiv.documents.document import Document, Known, Passage, Section
from symderiv.documents.flowing import factors_passage, flow_section, trace_passage
from symderiv.documents.passages import (
    DIGITS,
    differences_passage,
    forward_passage,
    gradients_passage,
    matrices_passage,
    network_passage,
    samples_passage,
)
from symderiv.documents.pathways import graph_passage
from symderiv.errors import Mistake
from symderiv.language.expressions import Symbol
from symderiv.printing.glyphs import layers_in

_TITLE = "Gradients of a network, step by step"


def anchor_network() -> Network:
    """The post's two-layer network, from the file that is shipped."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "examples" / "two_layer.toml"
    return Network.from_toml(
        checkout if checkout.is_file() else package / "examples" / "two_layer.toml"
    )


def compose_network(
    network: Network,
    wrt: Symbol | None = None,
    digits: int = DIGITS,
    report: Callable[[str], None] = lambda _: None,
) -> Document:
    """The page of a network: all of it, and one gradient followed from the loss to `wrt`.

    Where nothing is said that is the first weight of the first layer.
    """
    flow = network.derive(network.loss, wrt or _first(network))
    with layers_in(network.notation):  # pictures are described in words here
        sections = tuple(_sections(flow, digits, report))
    return Document(
        Known(network.title) if network.title else _TITLE,
        sections,
        glossary=glossary([flow]),
        version=symderiv.__version__,
        layers=network.notation,
    )


def compose_flow(flow: Flow, digits: int = DIGITS) -> Document:
    """The page of one gradient: its derivation, and its factors with numbers where there are."""
    with layers_in(flow.network.notation):  # pictures are described in words here
        followed = tuple(_followed(flow, digits))
        sections: tuple[Section | Passage, ...] = (flow_section(flow, "gradient"), *followed)
    return Document(
        flow.title,
        sections,
        glossary=glossary([flow]),
        version=symderiv.__version__,
        layers=flow.network.notation,
    )


def _sections(
    flow: Flow, digits: int, report: Callable[[str], None]
) -> Iterator[Section | Passage]:
    network, values = flow.network, flow.values
    yield network_passage(network)
    if values is not None:
        report("the forward pass")
        yield forward_passage(values, digits)
    report(f"the gradient by {flow.wrt}")
    yield flow_section(flow, "gradient")
    yield from _followed(flow, digits)
    report("the backward pass in matrices")
    matrices = matrices_passage(network, values, digits)
    if matrices is not None:
        yield matrices
    if values is not None:
        report("every gradient, and finite differences")
        yield gradients_passage(values, digits)
        yield differences_passage(values, flow.wrt, digits)
    if network.samples:
        yield samples_passage(network, digits)


def _followed(flow: Flow, digits: int) -> Iterator[Passage]:
    """The graph, the factors and the trace of one gradient."""
    values = flow.values
    yield graph_passage(flow, digits, "gradient")
    if values is not None and flow.paths:
        yield factors_passage(flow, values, digits)
        trace = trace_passage(flow, values, digits)
        if trace is not None:
            yield trace


def _first(network: Network) -> Symbol:
    moving = [s for s in network.parameters if s in network.matters]
    if not moving:
        raise Mistake("The network has no parameter by which its loss could be differentiated.")
    return network.layers[0].weights[0][0] if network.layers else moving[0]
