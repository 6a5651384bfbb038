"""The chain-rule post as one handout: its sections in their order, worked by the engine.

Only the questions and the words between the formulas stand here, in our own wording; every
line, number and picture comes out of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import symderiv
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.differences import CENTRAL, difference
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.numbers import Real, magnitude, minus, rounded, times
from symderiv.deriving.networks.specification import read_network
from symderiv.deriving.networks.values import Values
from symderiv.deriving.strategy import derive_expression
from symderiv.documents.composing import compose_section, glossary, table
from symderiv.documents.depths import vanishing_passage
from symderiv.documents.document import (
    Block,
    Document,
    Formulas,
    Paragraph,
    Passage,
    Prose,
    Section,
    Table,
)
from symderiv.documents.exercises import exercise_flows, exercises
from symderiv.documents.flowing import factors_passage, flow_section, trace_passage
from symderiv.documents.networks import anchor_network
from symderiv.documents.passages import (
    DIGITS,
    differences_passage,
    equation,
    forward_passage,
    gradients_passage,
    matrices_passage,
    network_passage,
)
from symderiv.documents.pathways import graph_passage
from symderiv.documents.post import IN_TABLE, TOPICS
from symderiv.language.build import symbols
from symderiv.language.expressions import Apply, Derivative, Expr, Head, Number, Product, Symbol

TITLE = "The chain rule, from one neuron to a network"
_FUNCTIONS = shipped().functions
_L, _Z, _B = symbols("L z b")
_W1, _W2, _X1, _X2 = (Symbol(n).at(k) for n in "wx" for k in (1, 2))
_EPSILON = Fraction(1, 10**5)
_NEURON = """
loss = "y"
[statements]
z = "w*x + b"
y = "sigma(z)"
[values]
w = 0.6
x = 0.5
b = 0.1
"""


def chain_rule_handout(
    derivations: Mapping[str, Derivation],
    digits: int = DIGITS,
    report: Callable[[str], None] = lambda _: None,
) -> Document:
    """The whole post; `derivations` are those of its common derivatives, by anchor."""
    anchor = anchor_network()
    derived = {topic.function: topic.id for topic in TOPICS if topic.function}
    report("the chain rule through one neuron")
    general, several = _general(), _several()
    neuron = read_network(_NEURON).derive("y", wrt="w")
    report("the anchor network")
    flow = anchor.derive(anchor.loss, "W1[1,1]")
    sections: list[Section | Passage] = [
        _why(anchor),
        replace(compose_section(general, "chain-rule"), title="The chain rule for one variable"),
        *_one_neuron(neuron, digits),
        replace(compose_section(several, "several-inputs"), title="Several inputs"),
        _several_in_numbers(flow, digits),
        *_network(flow, digits),
        *(compose_section(d, name, derived) for name, d in derivations.items()),
    ]
    report("finite differences")
    sections += _verified(neuron, flow, digits)
    report("deep chains, and the exercises")
    answers = exercise_flows(anchor)
    sections += [_limits(), vanishing_passage(digits=digits), *exercises(anchor, answers, digits)]
    used = [general, neuron, several, flow, *derivations.values(), *answers]
    return Document(
        TITLE,
        tuple(sections),
        table=table((_FUNCTIONS[name], derivations[name]) for name in IN_TABLE),
        glossary=glossary(used, derived),
        version=symderiv.__version__,
    )


# --- why, and one neuron ----------------------------------------------------------------------


def _why(anchor: Network) -> Passage:
    """A network is functions inside functions, and the loss names none of the weights."""
    hidden, last = anchor.layers
    inner: Expr = Symbol("x")
    for layer in (hidden, last):
        assert layer.activation is not None  # noqa: S101 (of the anchor)
        weights, bias = (Symbol(n, layer=str(layer.number)) for n in ("W", "b"))
        inner = layer.activation(Product((weights, inner)) + bias)
    output = last.after[0]
    body = anchor.statements[anchor.loss]
    blocks: list[Block] = [
        Paragraph(("A network is functions inside functions:",)),
        Formulas((equation(output, inner), equation(anchor.loss, body))),
        Paragraph(("Training needs to know how the loss moves with each weight, ",
                   Derivative(anchor.loss, Symbol("W", layer="1"), 1, True), ". But the formula of "
                   "the loss holds no weight: the loss depends on ", output, ", which depends on ",
                   last.before[0], ", and so on down to the weights. The chain rule follows that "
                   "way back, one step at a time, and multiplies what it finds.")),
    ]  # fmt: skip
    return Passage("why", "Why the chain rule", tuple(blocks))


def _general() -> Derivation:
    """The derivative of f(g(x))."""
    x = Symbol("x")
    return derive_expression(Apply(Head("f"), (Apply(Head("g"), (x,)),)), x).checked()


def _one_neuron(flow: Flow, digits: int) -> Iterator[Section | Passage]:
    """dy/dw of a sigmoid neuron, with the post's numbers."""
    yield replace(flow_section(flow, "neuron"), title="A single neuron")
    values = flow.values
    assert values is not None  # noqa: S101 (they stand in its file)
    yield replace(forward_passage(values, digits), id="neuron-forward", title="The neuron forward")
    yield graph_passage(flow, digits, "neuron")
    yield replace(factors_passage(flow, values, digits), id="neuron-numbers",
                  title="The neuron's derivative with numbers")  # fmt: skip


# --- several inputs ---------------------------------------------------------------------------


_WEIGHTED = Product((_W1, _X1)) + Product((_W2, _X2)) + _B


def _several() -> Derivation:
    """z = w₁x₁ + w₂x₂ + b below any loss: each weight's rate is its own input."""
    given = {_L: Apply(Head("f"), (_Z,)), _Z: _WEIGHTED}
    return derive_expression(Derivative(_L, _W1, 1, True), given=given).checked()


def _several_in_numbers(anchor: Flow, digits: int) -> Passage:
    """Each weight of a neuron with two inputs, with the anchor's numbers."""
    values = anchor.values
    assert values is not None  # noqa: S101 (the anchor has all its numbers)
    network = Network({_Z: _WEIGHTED}, _Z)
    known: dict[Symbol, Real] = {
        _X1: values.forward[Symbol("x").at(1)], _X2: values.forward[Symbol("x").at(2)]
    }  # fmt: skip
    incoming = values.gradients[anchor.network.layers[-1].before[0]]
    rates = Values(network, {s: Fraction() for s in network.leaves} | known)
    rows = tuple(_input_row(w, rates, incoming, digits) for w in (_W1, _W2, _B))
    head: tuple[Prose, ...] = (("Local derivative",), ("Value",), ("Gradient",), ("Value",))
    intro: Prose = ("With ", equation(_X1, rounded(known[_X1], digits)), ", ",
                    equation(_X2, rounded(known[_X2], digits)), " and an incoming gradient ",
                    Derivative(_L, _Z, 1, True), " ≈ ", rounded(incoming, digits),
                    ", each weight gets what arrives times its own input:")  # fmt: skip
    return Passage("several-inputs-numbers", "Several inputs with numbers",
                  (Paragraph(intro), Table(head, rows)))  # fmt: skip


def _input_row(w: Symbol, rates: Values, incoming: Real, digits: int) -> tuple[Prose, ...]:
    """∂z/∂w and ∂L/∂w = ∂L/∂z · ∂z/∂w."""
    local = rates.backward.locals.value(_Z, w)
    value = rates.local(_Z, w)
    shown = rounded(value, digits)
    rate = Derivative(_Z, w, 1, True)
    product = Product((rounded(incoming, digits), shown))
    gradient: Prose = (Derivative(_L, w, 1, True), " ≈ ", product)
    return (equation(rate, local),), (shown,), gradient, (rounded(times(incoming, value), digits),)


# --- the network ------------------------------------------------------------------------------


def _network(flow: Flow, digits: int) -> Iterator[Section | Passage]:
    """The anchor network: forward, one gradient along its path, and all of them."""
    network, values = flow.network, flow.values
    assert values is not None  # noqa: S101 (the anchor has all its numbers)
    yield replace(network_passage(network), title="The two-layer network")
    yield forward_passage(values, digits)
    yield replace(flow_section(flow, "gradient"), title="Through the layers to a weight")
    yield factors_passage(flow, values, digits)
    yield graph_passage(flow, digits, "gradient")
    trace = trace_passage(flow, values, digits)
    matrices = matrices_passage(network, values, digits)
    yield from (part for part in (trace, matrices) if part is not None)
    yield gradients_passage(values, digits)


# --- verified, and limits ---------------------------------------------------------------------


def _verified(neuron: Flow, flow: Flow, digits: int) -> Iterator[Passage]:
    """The post's program, in exact numbers, and the same for the network."""
    values = neuron.values
    assert values is not None and flow.values is not None  # noqa: S101, PT018 (both have numbers)
    exact = values.checked(neuron.wrt)
    central = difference(values, neuron.wrt, CENTRAL, _EPSILON)
    rate = neuron.start
    rows: tuple[tuple[Prose, ...], ...] = (
        (("By the chain rule",), (rounded(exact, 6),)),
        (("By a central difference",), (rounded(central, 6),)),
        (("Apart by",), (rounded(magnitude(minus(central, exact)), 2),)),
    )
    text: Prose = (
        "The same slope without any calculus: move ", neuron.wrt, " a little to both sides, run "
        "forward twice, and divide. Both numbers are ", rate, ":",
    )  # fmt: skip
    head: tuple[Prose, ...] = (("Way",), ("Value",))
    yield Passage("program", "Verifying with finite differences", (
        Paragraph(text), Table(head, rows),
    ))  # fmt: skip
    yield differences_passage(flow.values, flow.wrt, digits)


def _limits() -> Passage:
    """What the chain rule asks of its functions."""
    relu = _FUNCTIONS["relu"]
    frameworks = sorted({str(value) for value in relu.at_kink.values()})
    return Passage("limits", "Limits", (
        Paragraph(("Finite differences are for checking a backward pass, not for training: they "
                   "take two forward passes for each parameter.",)),
        Paragraph(("The chain rule needs every function on the way to have a derivative where it "
                   "is taken. ", relu.applied, " has none at ", equation(_Z, Number("0")),
                   ": from the left its slope is ", relu.claim.parts[1], ", from the right ",
                   relu.claim.parts[0], f". Frameworks return {' or '.join(frameworks)} there, "
                   "by convention, and training goes on, since a pre-activation is hardly ever "
                   "exactly nought.")),
    ))  # fmt: skip
