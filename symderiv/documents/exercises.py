"""The five exercises of the chain-rule post, each answered by the engine.

The questions are the post's, in our words; no number of an answer is typed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import factorial

from symderiv.catalogue.gathering import shipped
from symderiv.deriving.networks.differences import SCHEMES, measured
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.numbers import Real, over, rounded, times
from symderiv.deriving.networks.specification import read_network
from symderiv.deriving.networks.values import Values
from symderiv.deriving.networks.vanishing import chain, chained, steepest_slope
from symderiv.documents.depths import START, WEIGHT
from symderiv.documents.document import (
    Block,
    Formulas,
    Paragraph,
    Passage,
    Prose,
    Section,
    Table,
)
from symderiv.documents.flowing import factors_passage, flow_section
from symderiv.documents.passages import equation
from symderiv.language.build import symbols
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Head,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.patterns import join

_FUNCTIONS = shipped().functions
_EPSILON, _Z = symbols("epsilon z")
_F = Head("f")
_TERMS = 4  # of the Taylor series that are written out
_TANH_NEURON = """
loss = "y"
[statements]
z = "w*x + b"
y = "tanh(z)"
[values]
w = 0.3
x = 0.5
b = 0.0
"""


def exercise_flows(anchor: Network) -> tuple[Flow, Flow]:
    """The gradients of exercises 1 and 2: of a tanh neuron, and to the second hidden neuron."""
    return (
        read_network(_TANH_NEURON).derive("y", wrt="w"),
        anchor.derive(anchor.loss, "W1[2,1]"),
    )


def exercises(
    anchor: Network, flows: tuple[Flow, Flow], digits: int
) -> Iterator[Section | Passage]:
    """The five exercises in their order; `anchor` is the post's two-layer network."""
    titles = ("a tanh neuron", "the second hidden neuron")
    for k, (flow, title) in enumerate(zip(flows, titles, strict=True), 1):
        yield from _followed(k, flow, title, digits)
    yield _with_sigmoid(anchor, digits)
    yield _orders(anchor)
    yield _ten_layers(digits)


def _followed(k: int, flow: Flow, title: str, digits: int) -> Iterator[Section | Passage]:
    """A gradient and what its factors are in numbers."""
    yield replace(flow_section(flow, f"exercise-{k}"), title=f"Exercise {k}: {title}")
    assert flow.values is not None  # noqa: S101 (its network has all its numbers)
    numbers = factors_passage(flow, flow.values, digits)
    yield replace(numbers, id=f"exercise-{k}-numbers", title=f"Exercise {k} with numbers")


# --- exercise 3 ----------------------------------------------------------------------------------


def with_hidden(network: Network, name: str) -> Network:
    """The network with another activation in its hidden layers."""
    head = _FUNCTIONS[name].head
    hidden = {a: z for la in network.layers[:-1] for a, z in zip(la.after, la.before, strict=True)}
    statements = {
        s: Apply(head, (hidden[s],)) if s in hidden else body
        for s, body in network.statements.items()
    }
    last = len(network.layers) - 1
    layers = tuple(
        replace(layer, activation=_FUNCTIONS[name]) if k < last else layer
        for k, layer in enumerate(network.layers)
    )
    return replace(network, statements=statements, layers=layers)


def _with_sigmoid(anchor: Network, digits: int) -> Passage:
    """Exercise 3: a sigmoid in the place of ReLU, read in both ways."""
    other = with_hidden(anchor, "sigmoid")
    before, after = Values(anchor), Values(other)
    a, z, w = (anchor.quantity(name) for name in ("a1[1]", "z1[1]", "W1[1,1]"))
    rate = before.backward.locals.derivative(a, z)
    slope = after.local(a, z)
    kept = times(over(before.checked(w), before.local(a, z)), slope)
    output = anchor.layers[-1].before[0]
    loss = Derivative(anchor.loss, output, 1, True)
    rows: list[tuple[Expr, Real, Real, Real]] = [
        (a, before.forward[a], before.forward[a], after.forward[a]),
        (output, before.forward[output], before.forward[output], after.forward[output]),
        (loss, before.gradients[output], before.gradients[output], after.gradients[output]),
        (rate, before.local(a, z), slope, slope),
        (Derivative(anchor.loss, w, 1, True), before.checked(w), kept, after.checked(w)),
    ]
    head: tuple[Prose, ...] = (
        ("Quantity",), ("ReLU",), ("Only this factor replaced",), ("Network computed anew",)
    )  # fmt: skip
    table = Table(head, tuple(
        ((name,), *((rounded(value, digits),) for value in numbers)) for name, *numbers in rows
    ))  # fmt: skip
    return Passage("exercise-3", "Exercise 3: a sigmoid in the place of ReLU", (
        Paragraph(("At ", equation(z, rounded(before.forward[z], digits)), " the slope of ReLU is ",
                   rounded(before.local(a, z), digits), "; the slope of the sigmoid is ",
                   other.derive(a, z).result, " ≈ ", rounded(slope, digits), ".")),
        Paragraph(("The question can be read in two ways. Either only this factor is replaced in "
                   "the product and all else is kept, or the sigmoid is put into the hidden layer "
                   "and the network is computed anew, which moves the activations and the error "
                   "as well:",)),
        table,
        Paragraph(("The gradient is ", rounded(over(before.checked(w), kept), 1), " times smaller "
                   "when the factor alone is replaced, and ",
                   rounded(over(before.checked(w), after.checked(w)), 1), " times when the network "
                   "is computed anew: a sigmoid passes on at most ", number(_steepest("sigmoid")),
                   " of what arrives.")),
    ))  # fmt: skip


def _steepest(name: str) -> Fraction:
    steepest = steepest_slope(_FUNCTIONS[name])
    assert steepest is not None  # noqa: S101 (the catalogue names it)
    return steepest


# --- exercise 4 ----------------------------------------------------------------------------------


def _orders(anchor: Network) -> Passage:
    """Exercise 4: why the central difference is the better one."""
    argument = {1: Sum((_Z, _EPSILON)), -1: _Z - _EPSILON}
    expansions = [equation(Apply(_F, (argument[s],)), _series(s)) for s in (1, -1)]
    values = Values(anchor)
    w = anchor.layers[0].weights[0][0]
    epsilons = [Fraction(1, 10**k) for k in (1, 2, 3)]
    rows = tuple(((_power_of_ten(e),), *_errors(values, w, e)) for e in epsilons)
    head: tuple[Prose, ...] = ((_EPSILON,), *((f"Error, {s.name}",) for s in SCHEMES))
    blocks: list[Block] = [
        Paragraph(("Taylor's theorem expands ", Apply(_F, (_Z,)), " around ", _Z, ":")),
        Formulas(tuple(expansions)),
        Paragraph(("The forward difference keeps the term with ", Prime(_F, 2, _Z), ": its error "
                   "is of first order in ", _EPSILON, ". In the central difference the terms of "
                   "even order are the same on both sides and cancel, so that its error is of "
                   "second order:")),
        Formulas((_left(1), _left(2))),
        Paragraph(("Measured on the gradient by ", w, ", the errors shrink by ten, by a hundred "
                   "and by ten thousand (Richardson) when ", _EPSILON, " is divided by ten:")),
        Table(head, rows),
    ]  # fmt: skip
    return Passage("exercise-4", "Exercise 4: forward and central differences", tuple(blocks))


def _coefficient(order: int, sign: int) -> Fraction:
    """Of f⁽ᵏ⁾(z) εᵏ in the expansion of f(z ± ε)."""
    return Fraction(sign**order, factorial(order))


def _term(coefficient: Fraction, order: int, power: int) -> Expr:
    """coefficient · ε^power · f⁽ᵏ⁾(z), as it is written."""
    size = abs(coefficient)
    epsilon = [_EPSILON if power == 1 else Power(_EPSILON, Number(str(power)))] if power else []
    slope = Prime(_F, order, _Z) if order else Apply(_F, (_Z,))
    if size.numerator == 1 and size.denominator > 1 and epsilon:
        body = join(Product, (Quotient(epsilon[0], Number(str(size.denominator))), slope))
    else:
        body = join(Product, (*([number(size)] if size != 1 else []), *epsilon, slope))
    return -body if coefficient < 0 else body


def _dots() -> Symbol:
    return Symbol("…")


def _series(sign: int) -> Expr:
    """The first terms of the expansion of f(z ± ε)."""
    terms = [_term(_coefficient(k, sign), k, k) for k in range(_TERMS)]
    return Sum((*terms, _dots()))


def _left(order: int) -> Expr:
    """A difference and the first terms that are left of it: `order` 1 is forward, 2 central."""
    forward = order == 1
    moved = Apply(_F, (Sum((_Z, _EPSILON)),))
    other = Apply(_F, (_Z,)) if forward else Apply(_F, (_Z - _EPSILON,))
    width = Fraction(1 if forward else 2)
    below: Expr = _EPSILON if forward else Product((Number("2"), _EPSILON))
    behind = 0 if forward else -1
    left = [
        ((_coefficient(k, 1) - (_coefficient(k, -1) if behind else Fraction(k == 0))) / width, k)
        for k in range(1, _TERMS)
    ]
    terms = [_term(c, k, k - 1) for c, k in left if c][:2]
    return equation(Quotient(moved - other, below), Sum((*terms, _dots())))


def _errors(values: Values, w: Symbol, epsilon: Fraction) -> list[Prose]:
    return [(rounded(measured(values, w, s, epsilon).error, 2),) for s in SCHEMES]


def _power_of_ten(value: Fraction) -> Expr:
    exponent = len(str(value.denominator)) - 1
    return Power(Number("10"), -Number(str(exponent)))


# --- exercise 5 ----------------------------------------------------------------------------------


def _ten_layers(digits: int) -> Passage:
    """Exercise 5: ten sigmoid layers."""
    sigmoid = _FUNCTIONS["sigmoid"]
    steepest = _steepest("sigmoid")
    depth = 10
    found = chained(sigmoid, chain(sigmoid, depth, _FUNCTIONS["mse"], weight=WEIGHT, start=START))
    ratio = over(found.gradients[0], found.gradients[-1])
    rates = [Derivative(Symbol("L"), Symbol("W", layer=str(k)), 1, True) for k in (1, depth)]
    bound = steepest ** (depth - 1)
    return Passage("exercise-5", "Exercise 5: ten layers of sigmoids", (
        Paragraph(("Between the weights of layer 1 and those of layer ", str(depth), " stand ",
                   str(depth - 1), " more activations, each with a slope of at most ",
                   number(steepest), ". With weights of size 1 the quotient of ", rates[0], " and ",
                   rates[1], " is therefore of the order of at most ",
                   Power(number(steepest), Number(str(depth - 1))), " ≈ ",
                   rounded(bound, digits), ".")),
        Paragraph(("In the chain of ", str(depth), " layers above it is ", rounded(ratio, digits),
                   ": the first layer learns about ", rounded(over(Fraction(1), ratio), 0),
                   " times more slowly than the last. A step that moves the last weights well "
                   "hardly moves the first at all.")),
    ))  # fmt: skip
