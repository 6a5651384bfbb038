"""Dense layers become statements: z = W·a + b entry by entry, a = f(z), the loss at the end.

A weight W⁽ˡ⁾_ij belongs to unit i and input j, so a matrix of weights has the shape
units × inputs.  An index that could only be 1 is not written: with one unit W⁽²⁾_j, z⁽²⁾.
Here belong the names, the shapes and their errors; reading a file stands in
`specification`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from symderiv.catalogue.function import Function
from symderiv.deriving.networks.network import Layer, Network
from symderiv.errors import Mistake
from symderiv.language.expressions import Apply, Expr, IndexedSum, Number, Product, Sum, Symbol
from symderiv.language.walks import substitute, symbols_in, transform

Grid: TypeAlias = Sequence[Sequence[Fraction]]
_LARGEST = 4_096  # units of a layer, and layers
_MOST_WEIGHTS = 250_000


@dataclass(frozen=True)
class Dense:
    """What is said of one layer: units, activation (None: linear), and perhaps its numbers.

    `weights` are units × inputs, one row per unit; `bias` one number per unit.
    """

    units: int
    activation: Function | None
    weights: Grid | None = None
    bias: Sequence[Fraction] | None = None


@dataclass(frozen=True)
class Words:
    """What the quantities are called."""

    input: str = "x"
    target: str = "y"
    output: Symbol = field(default_factory=lambda: Symbol("y", "hat"))
    weights: str = "W"
    bias: str = "b"
    before: str = "z"
    after: str = "a"
    loss: str = "L"

    def __post_init__(self) -> None:
        alone = (Symbol(self.input), Symbol(self.target), self.output, Symbol(self.loss))
        layered = (self.weights, self.bias, self.before, self.after)
        for names in (alone, layered):
            twice = [name for k, name in enumerate(names) if name in names[:k]]
            if twice:
                raise Mistake(f"Two quantities are called {twice[0]}: give each another name.")


def network_of_layers(
    inputs: int,
    layers: Sequence[Dense],
    loss: Function,
    *,
    words: Words | None = None,
    samples: Sequence[tuple[Sequence[Fraction], Sequence[Fraction]]] = (),
    constants: Mapping[Symbol, Fraction] | None = None,
) -> Network:
    """A network of dense layers with a loss between its outputs and the targets.

    `samples` are pairs of input (length `inputs`) and target (length of the last layer).
    Raises `Mistake` where shapes do not fit, naming both.
    """
    build = _Building(words or Words(), constants or {})
    _check_sizes(inputs, layers)
    entering = _vector(Symbol(build.words.input), inputs)
    coming = entering
    for number, dense in enumerate(layers, 1):
        coming = build.layer(number, dense, coming, last=number == len(layers))
    targets = _vector(Symbol(build.words.target), len(coming))
    name = Symbol(build.words.loss)
    build.statements[name] = _loss(loss, coming, targets)
    build.constants.update({s: Fraction(len(coming)) for s in _counts(loss)})
    tables = [_sample(k, pair, entering, targets) for k, pair in enumerate(samples, 1)]
    return Network(
        build.statements,
        name,
        {**build.constants, **build.values, **(tables[0] if tables else {})},
        layers=tuple(build.layers),
        samples=tuple(tables) if len(tables) > 1 else (),
        inputs=entering,
        targets=targets,
    )


class _Building:
    """Statements and values while layers are added."""

    def __init__(self, words: Words, constants: Mapping[Symbol, Fraction]) -> None:
        self.words = words
        self.constants = dict(constants)
        self.statements: dict[Symbol, Expr] = {}
        self.values: dict[Symbol, Fraction] = {}
        self.layers: list[Layer] = []

    def layer(
        self, number: int, dense: Dense, coming: tuple[Symbol, ...], last: bool
    ) -> tuple[Symbol, ...]:
        """Add a layer; what leaves it."""
        words, label = self.words, str(number)
        weights = _matrix(Symbol(words.weights, layer=label), dense.units, len(coming))
        bias = _vector(Symbol(words.bias, layer=label), dense.units)
        before = _vector(Symbol(words.before, layer=label), dense.units)
        after = _vector(words.output if last else Symbol(words.after, layer=label), dense.units)
        if dense.activation is None:
            before = after = after if last else before
        for z, row, b in zip(before, weights, bias, strict=True):
            terms = [Product((w, a)) for w, a in zip(row, coming, strict=True)]
            self.statements[z] = Sum((*terms, b))
        if dense.activation is not None:
            for z, a in zip(before, after, strict=True):
                held = dense.activation.arguments[1:]
                self.statements[a] = Apply(dense.activation.head, (z, *held))
        self._numbers(number, dense, weights, bias)
        layer = Layer(number, dense.activation, weights, bias, coming, before, after)
        self.layers.append(layer)
        return after

    def _numbers(
        self,
        number: int,
        dense: Dense,
        weights: tuple[tuple[Symbol, ...], ...],
        bias: tuple[Symbol, ...],
    ) -> None:
        units, inputs = len(weights), len(weights[0])
        words = self.words
        if dense.weights is not None:
            _check_shape(f"{words.weights}{number}", number, dense.weights, units, inputs)
            for row, values in zip(weights, dense.weights, strict=True):
                self.values.update(zip(row, values, strict=True))
        if dense.bias is not None:
            if len(dense.bias) != units:
                raise Mistake(
                    f"{words.bias}{number} has {_counted(len(dense.bias), 'entry')}, but layer "
                    f"{number} has {_counted(units, 'unit')}: one bias for each unit."
                )
            self.values.update(zip(bias, dense.bias, strict=True))


# --- names ---------------------------------------------------------------------------------


def _vector(name: Symbol, size: int) -> tuple[Symbol, ...]:
    return (name,) if size == 1 else tuple(name.at(k) for k in range(1, size + 1))


def _matrix(name: Symbol, rows: int, columns: int) -> tuple[tuple[Symbol, ...], ...]:
    """The entries; an index that could only be 1 is left out."""
    if rows == columns == 1:
        return ((name,),)
    return tuple(
        tuple(
            name.at(*([i] if rows > 1 else []), *([j] if columns > 1 else []))
            for j in range(1, columns + 1)
        )
        for i in range(1, rows + 1)
    )


# --- the loss --------------------------------------------------------------------------------


def _loss(loss: Function, outputs: tuple[Symbol, ...], targets: tuple[Symbol, ...]) -> Expr:
    """The loss of one sample: of one output, or the sum over several."""
    if len(loss.arguments) < 2:
        raise Mistake(f"{loss.name} is no loss: it takes no target.")
    if loss.variable.indices:
        return _written_out(loss, outputs, targets)
    terms = [loss(yhat, y, *loss.arguments[2:]) for yhat, y in zip(outputs, targets, strict=True)]
    return terms[0] if len(terms) == 1 else Sum(terms)


def _written_out(loss: Function, outputs: tuple[Symbol, ...], targets: tuple[Symbol, ...]) -> Expr:
    """The loss of a vector by its definition, with its sums written out term by term."""
    if loss.definition is None:
        raise Mistake(f"{loss.words} has no definition that could be written out.")
    count = len(outputs)
    entries: dict[Expr, Expr] = {
        vector.at(k): quantity
        for vector, family in zip(loss.arguments, (outputs, targets), strict=False)
        for k, quantity in enumerate(family, 1)
    }

    def written(node: Expr) -> Expr:
        if not isinstance(node, IndexedSum):
            return entries.get(node, node)
        terms = [
            substitute(substitute(node.body, {node.index: Number(str(k))}), entries)
            for k in range(1, count + 1)
        ]
        return terms[0] if count == 1 else Sum(terms)

    return transform(loss.definition.right, written, {})


def _counts(loss: Function) -> tuple[Symbol, ...]:
    """The symbols of a loss that count its outputs."""
    body = loss.definition.right if loss.definition else loss.claim
    return tuple(s for s in symbols_in(body) if s in loss.domains and loss.domains[s].integer)


# --- shapes ----------------------------------------------------------------------------------


def _check_sizes(inputs: int, layers: Sequence[Dense]) -> None:
    if not layers:
        raise Mistake("A network has at least one layer.")
    sizes = [inputs, *(dense.units for dense in layers)]
    if any(size < 1 or size > _LARGEST for size in sizes) or len(layers) > _LARGEST:
        raise Mistake(f"A layer has 1 to {_LARGEST} units, and a network that many layers.")
    if sum(a * b for a, b in pairwise(sizes)) > _MOST_WEIGHTS:
        raise Mistake(f"These layers have more than {_MOST_WEIGHTS} weights.")


def _check_shape(name: str, number: int, grid: Grid, units: int, inputs: int) -> None:
    """Refuse weights of another shape; both shapes are named."""
    widths = {len(row) for row in grid}
    if len(widths) > 1:
        raise Mistake(f"The rows of {name} have different lengths: {sorted(widths)}.")
    found = (len(grid), *widths) if grid else (0, 0)
    if found == (units, inputs):
        return
    wanted = f"{_counted(units, 'unit')} and {_counted(inputs, 'input')}"
    hint = ""
    if found == (inputs, units):
        hint = " It is written as inputs × units: say transposed = true, or write one row per unit."
    raise Mistake(
        f"{name} is {found[0]} × {found[1]}, but layer {number} has {wanted}, so that it must be "
        f"{units} × {inputs} (units × inputs).{hint}"
    )


def _sample(
    number: int,
    pair: tuple[Sequence[Fraction], Sequence[Fraction]],
    inputs: tuple[Symbol, ...],
    targets: tuple[Symbol, ...],
) -> dict[Symbol, Fraction]:
    """The values of one sample, by name."""
    table: dict[Symbol, Fraction] = {}
    for what, names, values in zip(("input", "target"), (inputs, targets), pair, strict=True):
        if len(names) != len(values):
            raise Mistake(
                f"The {what} of sample {number} has {_counted(len(values), 'entry')}, but the "
                f"network has {_counted(len(names), what)}."
            )
        table.update(zip(names, values, strict=True))
    return table


def _counted(count: int, word: str) -> str:
    plural = "entries" if word == "entry" else f"{word}s"
    return f"{count} {word if count == 1 else plural}"
