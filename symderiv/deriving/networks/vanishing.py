"""Gradients of deep chains: how the product of local derivatives shrinks from layer to layer.

A chain is a network of one unit per layer.  |∂L/∂W⁽ˡ⁾| holds one factor f′(z⁽ᵏ⁾) for each
activation between layer l and the loss; where every one is at most m, so many of them are at
most m to that power: (1/4)ⁿ for n sigmoids.  Source: the chain-rule post, "Limitations";
Goodfellow, Bengio, Courville, *Deep Learning* (2016), section 8.2.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symderiv.catalogue.function import Function
from symderiv.deriving.applying import rational
from symderiv.deriving.networks.layering import Dense, network_of_layers
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.numbers import Real, magnitude, times
from symderiv.deriving.networks.values import Values
from symderiv.errors import Mistake
from symderiv.language.expressions import as_expr


@dataclass(frozen=True)
class Chained:
    """What a chain of `len(slopes)` layers shows, layer by layer from the first.

    `slopes` are f′(z⁽ˡ⁾), `products` those from layer l to the last multiplied, `bounds` what
    these can be at most (None where the catalogue names no steepest slope), `gradients`
    |∂L/∂W⁽ˡ⁾|.
    """

    activation: Function
    network: Network
    slopes: tuple[Real, ...]
    products: tuple[Real, ...]
    bounds: tuple[Fraction | None, ...]
    gradients: tuple[Real, ...]


def chain(
    activation: Function, layers: int, loss: Function, *, weight: Fraction, start: Fraction
) -> Network:
    """A network of `layers` layers of one unit, each with this weight and the bias 0."""
    dense = Dense(1, activation, [[weight]], [Fraction()])
    return network_of_layers(1, [dense] * layers, loss, samples=[([start], [Fraction()])])


def chained(activation: Function, network: Network) -> Chained:
    """The slopes, their products and the gradients of a chain at its values."""
    values = Values(network)
    layers = network.layers
    slopes = tuple(values.local(layer.after[0], layer.before[0]) for layer in layers)
    gradients = tuple(magnitude(values.checked(layer.weights[0][0])) for layer in layers)
    steepest = steepest_slope(activation)
    count = len(layers)
    bounds = tuple(None if steepest is None else steepest ** (count - k) for k in range(count))
    return Chained(activation, network, slopes, _from_the_end(slopes), bounds, gradients)


def steepest_slope(activation: Function) -> Fraction | None:
    """The largest |f′|, where the catalogue names it."""
    if activation.steepest is None:
        return None
    value = rational(as_expr(activation.steepest))
    if value is None:
        raise Mistake(f"The steepest slope of {activation.words} is no rational number.")
    return value


def _from_the_end(slopes: Sequence[Real]) -> tuple[Real, ...]:
    """The product of each slope and all behind it."""
    products: list[Real] = []
    for slope in reversed(slopes):
        products.append(slope if not products else times(slope, products[-1]))
    return tuple(reversed(products))
