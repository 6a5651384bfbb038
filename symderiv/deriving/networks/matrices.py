"""The backward pass of dense layers in vectors and matrices, shown equal to the entries.

δ⁽ᴸ⁾ at the output, δ⁽ˡ⁾ = W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾ ⊙ f′(z⁽ˡ⁾) below it, ∂L/∂W⁽ˡ⁾ = δ⁽ˡ⁾ a⁽ˡ⁻¹⁾ᵀ and
∂L/∂b⁽ˡ⁾ = δ⁽ˡ⁾.  Each equation is multiplied out entry by entry and held against the gradients
that were derived entry by entry; one that differs is `Broken` and never shown.
Source: Nielsen, *Neural Networks and Deep Learning* (2015), equations BP1 to BP4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symderiv.deriving.likeness import Alike
from symderiv.deriving.networks.backward import Backward, delta
from symderiv.deriving.networks.network import Layer, Network
from symderiv.errors import Broken
from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Prime,
    Product,
    Relation,
    Sum,
    Symbol,
    Transpose,
)
from symderiv.language.matrices import elementwise, multiply, transpose
from symderiv.language.walks import substitute

_MOST_SHOWN = 16  # entries of a matrix that is written out beside its formula


@dataclass(frozen=True)
class MatrixForm:
    """One layer: what it computes, and its three gradients, each an equation in vectors.

    `weights` ends with the entries written out where they are few; `checked` counts the
    entries that were held against the gradients derived one by one.
    """

    layer: Layer
    forward: tuple[Relation, ...]
    delta: Relation
    weights: Relation
    bias: Relation
    checked: int


def matrix_forms(network: Network) -> tuple[MatrixForm, ...]:
    """The layers from the last to the first; none for a network without layers."""
    if not network.layers:
        return ()
    backward = Backward(network)
    above: list[Layer | None] = [*network.layers[1:], None]
    pairs = list(zip(network.layers, above, strict=True))
    return tuple(_Form(network, backward, *pair).form() for pair in reversed(pairs))


def forward_equations(layer: Layer) -> tuple[Relation, ...]:
    """z = W a + b, and a = f(z) where there is an activation."""
    before, inward = whole(layer.before), whole(layer.inward)
    weights, bias = whole(layer.weights[0]), whole(layer.bias)
    linear = Relation((before, Sum((Product((weights, inward)), bias))), ("=",))
    if layer.activation is None:
        return (linear,)
    applied = Apply(layer.activation.head, (before, *layer.activation.arguments[1:]))
    return linear, Relation((whole(layer.after), applied), ("=",))


def whole(entries: Sequence[Symbol]) -> Symbol:
    """The vector or matrix of which these are entries."""
    first = entries[0]
    return Symbol(first.name, first.accent, first.layer)


class _Form:
    """The equations of one layer, with the layer above it (None above the last)."""

    def __init__(
        self, network: Network, backward: Backward, layer: Layer, above: Layer | None
    ) -> None:
        self.network, self.backward = network, backward
        self.layer, self.above = layer, above
        self.same = Alike()
        self.checked = 0

    def form(self) -> MatrixForm:
        layer = self.layer
        name = self._delta(layer)
        deltas = _column([delta(z) for z in layer.before])
        outer = multiply(deltas, transpose(_column(layer.inward)))
        self._hold(outer, layer.weights)
        self._hold(deltas, [[b] for b in layer.bias])
        sides: list[Expr] = [
            Derivative(self.network.loss, whole(layer.weights[0]), 1, True),
            Product((name, self._turned(layer.inward))),
        ]
        if 1 < outer.shape[0] * outer.shape[1] <= _MOST_SHOWN:
            sides.append(outer)
        return MatrixForm(
            layer,
            forward_equations(layer),
            Relation((name, *self._errors()), ("=",) * len(self._errors())),
            Relation(tuple(sides), ("=",) * (len(sides) - 1)),
            Relation((Derivative(self.network.loss, whole(layer.bias), 1, True), name), ("=",)),
            self.checked,
        )

    def _delta(self, layer: Layer) -> Symbol:
        return delta(whole(layer.before))

    def _turned(self, entries: Sequence[Symbol]) -> Expr:
        """A vector as a row; a number as it is."""
        return whole(entries) if len(entries) == 1 else Transpose(whole(entries))

    def _errors(self) -> tuple[Expr, ...]:
        """What δ is: at the output, or from the layer above."""
        return self._at_output() if self.above is None else (self._from_above(self.above),)

    def _from_above(self, above: Layer) -> Expr:
        """W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾ ⊙ f′(z⁽ˡ⁾)."""
        layer = self.layer
        weights = Matrix(above.weights)
        arriving = multiply(transpose(weights), _column([delta(z) for z in above.before]))
        single = weights.shape == (1, 1)
        turned = whole(above.weights[0]) if single else Transpose(whole(above.weights[0]))
        formula: Expr = Product((turned, self._delta(above)))
        if layer.activation is not None:
            pairs = zip(layer.after, layer.before, strict=True)
            slopes = _column([self.backward.locals.value(a, z) for a, z in pairs])
            arriving = elementwise(arriving, slopes)
            primed = Prime(layer.activation.head, 1, whole(layer.before))
            many = len(layer.before) > 1
            formula = (
                Elementwise((formula, primed))
                if many
                else Product((turned, self._delta(above), primed))
            )
        self._hold(arriving, [[z] for z in layer.before])
        return formula

    def _at_output(self) -> tuple[Expr, ...]:
        """δ of the last layer: ŷ − y where the loss and the activation collapse."""
        layer, loss = self.layer, self.network.loss
        found = list(dict.fromkeys(self._in_vectors()))
        by_name = Derivative(loss, whole(layer.before), 1, True)
        return (by_name, *found) if len(found) == 1 else (by_name,)

    def _in_vectors(self) -> Iterator[Expr]:
        """Each unit's δ with its own quantities written as the vectors that they are entries of."""
        layer = self.layer
        families = (layer.before, layer.after, self.network.targets)
        for k, z in enumerate(layer.before):
            put: dict[Expr, Expr] = {f[k]: whole(f) for f in families if len(f) > k}
            value = substitute(self.backward.gradients[z].value, put)
            yield value if len(layer.before) == 1 else _elementwise(value)

    def _hold(self, entries: Matrix, quantities: Sequence[Sequence[Symbol]]) -> None:
        """Hold entries against the gradients by these quantities."""
        for row, names in zip(entries.rows, quantities, strict=True):
            for entry, name in zip(row, names, strict=True):
                gradient = self.backward.gradients[name]
                if self.same(entry) != self.same(gradient.value) and entry is not gradient.name:
                    raise Broken(
                        f"The matrix form gives {entry} for the gradient by {name}, which is "
                        f"{gradient.value}."
                    )
                self.checked += 1


def _column(entries: Sequence[Expr]) -> Matrix:
    return Matrix([[entry] for entry in entries])


def _elementwise(value: Expr) -> Expr:
    """A product of entries as the elementwise product of vectors; other formulas as they are."""
    return Elementwise(value.factors) if isinstance(value, Product) else value
