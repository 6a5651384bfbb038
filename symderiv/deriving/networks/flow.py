"""One gradient as a derivation: the chain of named rates from the loss to a quantity.

Where few paths lead to it they are written out, factor by factor; in a deeper network the
chain goes one statement back and the rest is named δ, so that a page grows with the number
of statements and not with the number of paths.  Each factor keeps its own derivation, as a
lemma, and its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.applying import carry
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import DIFFERENTIATE
from symderiv.deriving.lines import Lines
from symderiv.deriving.networks.backward import Backward
from symderiv.deriving.networks.locals import Locals
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.values import Values
from symderiv.deriving.quantities import naming
from symderiv.errors import Mistake
from symderiv.judging.points import Setting
from symderiv.language.expressions import Derivative, Expr, Product, Rewrite, Sum, Symbol
from symderiv.language.patterns import join
from symderiv.language.walks import nodes, places

_MOST_PATHS, _LONGEST_PATH = 4, 8
Path = tuple[Symbol, ...]
"""Quantities from the loss back to the one that moves."""
Pair = tuple[Symbol, Symbol]
"""A quantity and one by which it is differentiated."""
Shape = Sequence[tuple[Sequence[Pair], Sequence[Pair]]]
"""For each path the total derivatives in it, and the local ones."""


@dataclass(frozen=True)
class Factor:
    """One rate on a path: ∂`name`/∂`by`, its formula, and how it is derived."""

    name: Symbol
    by: Symbol
    rate: Derivative
    value: Expr
    derivation: Derivation


@dataclass(frozen=True, eq=False, repr=False)
class Flow(Derivation):
    """∂L/∂q in a network, as a derivation; `paths` are the factors along each path written out."""

    network: Network = field(kw_only=True)
    wrt: Symbol = field(kw_only=True)
    paths: tuple[tuple[Factor, ...], ...] = field(kw_only=True)

    @cached_property
    def backward(self) -> Backward:
        """The backward pass of the network."""
        return Backward(self.network)

    @cached_property
    def values(self) -> Values | None:
        """The numbers, where the network has them all."""
        try:
            return Values(self.network)
        except Mistake:
            return None

    @property
    def passed(self) -> tuple[Symbol, ...]:
        """The outputs that a factor passes over, where loss and activation collapse."""
        users = self.network.users
        far = [f for f in self.factors if f.name not in users[f.by]]
        return tuple(u for f in far for u in users[f.by] if f.name in users[u])

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The rates on all paths, each once."""
        return tuple(dict.fromkeys(factor for path in self.paths for factor in path))


def flow(network: Network, wrt: Symbol) -> Flow:
    """∂L/∂wrt; `Mistake` where the loss does not depend on it."""
    if wrt not in network.matters or wrt == network.loss:
        raise Mistake(f"{network.loss} does not depend on {wrt}.")
    return _Flowing(network, wrt).flow()


class _Flowing:
    """The derivation of one gradient while it is written."""

    def __init__(self, network: Network, wrt: Symbol) -> None:
        self.network, self.wrt = network, wrt
        self.backward = Backward(network)
        self.locals = self.backward.locals
        self.start = Derivative(network.loss, wrt, 1, True)
        self._made: dict[Pair, Factor] = {}

    def flow(self) -> Flow:
        paths = few_paths(self.network, self.wrt)
        factors = tuple(self._factors(path) for path in paths)
        lines = self._written_out(factors) if paths else self._one_back()
        made = lines.done(f"The gradient of {_words(self.network)} by a {_kind(self)}")
        return Flow(
            made.start, made.steps, made.setting, made.title, made.note, made.own_needs,
            made.own_kinks, network=self.network, wrt=self.wrt, paths=factors,
        )  # fmt: skip

    # --- every path written out ------------------------------------------------------------

    def _factors(self, path: Path) -> tuple[Factor, ...]:
        """The rates along a path; the output and the loss in one where they collapse."""
        first = self._past_output(path)
        pairs = list(pairwise(path))
        rest = pairs if first is None else pairs[2:]
        return (*([first] if first else []), *(self._factor(*pair) for pair in rest))

    def _past_output(self, path: Path) -> Factor | None:
        """∂L/∂z as one factor, where the output's slope cancels."""
        if len(path) < 3:
            return None
        pair = (path[0], path[2])
        if pair not in self._made:
            derivation = self.locals.collapsed(path[2])
            if derivation is None:
                return None
            self._made[pair] = Factor(*pair, self.rate(*pair), derivation.result, derivation)
        return self._made[pair]

    def rate(self, name: Symbol, by: Symbol) -> Derivative:
        """∂name/∂by as it is written."""
        local = by in self.network.uses[name]
        return self.locals.derivative(name, by) if local else Derivative(name, by, 1, True)

    def _factor(self, name: Symbol, by: Symbol) -> Factor:
        if (name, by) not in self._made:
            rate = self.rate(name, by)
            value, derivation = self.locals.value(name, by), self.locals.derivation(name, by)
            self._made[name, by] = Factor(name, by, rate, value, derivation)
        return self._made[name, by]

    def _written_out(self, paths: Sequence[Sequence[Factor]]) -> Lines:
        lines = Lines(self.start, self.network.setting(self._needed()), DIFFERENTIATE)
        shape = [_shape(path, self.network) for path in paths]
        factors = list(dict.fromkeys(factor for path in paths for factor in path))
        if len(factors) > 1 or factors[0].rate is self.start:
            self._put_in(lines, shape, factors, {})
        else:
            lines.add(laws.chain_along_every_path, factors[0].rate, letters=self._letters())
            lines.extend(factors[0].derivation)
        return lines

    def _put_in(
        self, lines: Lines, shape: Shape, factors: Iterable[Factor], named: dict[Expr, Symbol]
    ) -> None:
        """The chain rule, a name for each gradient in `named`, and the local derivatives.

        A rate that its own notation does not tell from a total one is put in at once.
        """
        apart = [f for f in factors if self._ambiguous(f.name, f.by)]
        rest = [f for f in factors if f not in apart]
        lines.add(laws.chain_along_every_path, self.chain(shape), letters=self._letters(),
                  lemmas=tuple(f.derivation for f in apart))  # fmt: skip
        for rate, name in named.items():
            lines.add(naming(Rewrite(rate, name)), carry(lines.line, {rate: name}, {}))
        standing = tuple(places(lines.line, lambda node: isinstance(node, Derivative)))
        lines.add(laws.local_derivatives, carry(lines.line, {f.rate: f.value for f in rest}, {}),
                  places=standing, lemmas=tuple(f.derivation for f in rest))  # fmt: skip

    def chain(self, paths: Shape) -> Expr:
        """The sum over paths of their rates, total ones before local ones, as it is written."""
        rates = [[self.rate(*pair) for pair in (*total, *local)] for total, local in paths]
        apart = [pair for _, local in paths for pair in local if self._ambiguous(*pair)]
        values: dict[Expr, Expr] = {self.rate(*p): self.locals.value(*p) for p in apart}
        return carry(_sum_of(rates), values, {})

    def _ambiguous(self, name: Symbol, by: Symbol) -> bool:
        local = by in self.network.uses[name]
        return local and not self.network.alone(name, by)

    def _letters(self) -> dict[str, Expr]:
        return {"m": self.network.loss, "x": self.wrt}

    def _needed(self) -> list[Symbol]:
        return [s for s in self.network.statements if s in self.network.matters]

    # --- one statement back, the rest by name ------------------------------------------------

    def _one_back(self) -> Lines:
        """∂L/∂q through the statements in which q stands, whose own gradients are named δ."""
        network = self.network
        through = [s for s in network.users[self.wrt] if s in network.matters]
        arriving = {s: self.rate(network.loss, s) for s in through if s is not network.loss}
        named: dict[Expr, Symbol] = {rate: self.backward.delta(s) for s, rate in arriving.items()}
        lines = Lines(self.start, self._setting(named), DIFFERENTIATE)
        shape = [([(network.loss, s)] if s in arriving else [], [(s, self.wrt)]) for s in through]
        self._put_in(lines, shape, [self._factor(s, self.wrt) for s in through], named)
        return lines

    def _setting(self, named: Mapping[Expr, Symbol]) -> Setting:
        """The problem with each δ as the gradient that it names."""
        whole = self.network.setting(self._needed())
        deltas = {name: rate for rate, name in named.items()}
        return replace(whole, definitions={**whole.definitions, **deltas})


# --- recognised again ------------------------------------------------------------------------


def chains(setting: Setting, node: Derivative) -> Iterator[Expr]:
    """The chain rule along every path of a problem's named quantities: all written out, with
    the output passed over, and one statement back."""
    name, wrt = node.body, node.variable
    if not (isinstance(name, Symbol) and isinstance(wrt, Symbol)):
        return
    network = Network(setting.definitions, name, where=setting.where, functions=setting.functions)
    if wrt not in network.matters or wrt is name:
        return
    flowing = _Flowing(network, wrt)
    local = [list(pairwise(path)) for path in few_paths(network, wrt)]
    back = [(s, wrt) for s in network.users[wrt] if s in network.matters]
    shapes: list[Shape] = [
        [([], pairs) for pairs in local],
        [([(name, pairs[1][1])], pairs[2:]) for pairs in local if len(pairs) > 1],
        [([(name, s)] if s is not name else [], [(s, wrt)]) for s, _ in back],
    ]
    for shape in filter(None, shapes):
        yield flowing.chain(shape)


def with_local_derivatives(line: Expr, setting: Setting) -> Expr:
    """`line` with each rate between named quantities put in, as the statements give it."""
    results: dict[Expr, Expr] = {}
    for node in nodes(line):
        if isinstance(node, Derivative) and node.body in setting.definitions:
            found = _put_in(node, setting)
            results |= {} if found is None else {node: found}
    return carry(line, results, {})


def _put_in(node: Derivative, setting: Setting) -> Expr | None:
    name, by = node.body, node.variable
    assert isinstance(name, Symbol)  # noqa: S101 (it names a statement)
    network = Network(setting.definitions, name, where=setting.where, functions=setting.functions)
    if not isinstance(by, Symbol) or by not in network.matters:
        return None
    locals_ = Locals(network)
    if by in network.uses[name]:
        return locals_.value(name, by) if network.alone(name, by) else None
    collapsed = locals_.collapsed(by)
    return None if collapsed is None else collapsed.result


def _shape(path: Sequence[Factor], network: Network) -> tuple[list[Pair], list[Pair]]:
    pairs = [(factor.name, factor.by) for factor in path]
    total = [(name, by) for name, by in pairs if by not in network.uses[name]]
    return total, pairs[len(total) :]


def _sum_of(paths: Sequence[Sequence[Expr]]) -> Expr:
    """The sum over paths of the product of their rates."""
    products = [join(Product, path) for path in paths]
    return products[0] if len(products) == 1 else Sum(products)


def few_paths(network: Network, wrt: Symbol) -> tuple[Path, ...]:
    """The paths from the loss back to `wrt`, or none where they are many or long."""
    found: list[Path] = []
    waiting: list[Path] = [(wrt,)]
    while waiting:
        path = waiting.pop()
        if path[0] == network.loss:
            found.append(path)
            continue
        users = [s for s in network.users[path[0]] if s in network.matters]
        waiting += [(user, *path) for user in reversed(users)]
        if len(found) + len(waiting) > _MOST_PATHS or len(path) >= _LONGEST_PATH:
            return ()
    return tuple(found)


def _words(network: Network) -> str:
    return "the loss" if network.loss.name in ("L", "J") else str(network.loss)


def _kind(flowing: _Flowing) -> str:
    """What moves, in words: a weight, a bias, an input."""
    network, wrt = flowing.network, flowing.wrt
    for layer in network.layers:
        if any(wrt in row for row in layer.weights):
            return "weight"
        if wrt in layer.bias:
            return "bias"
    return "quantity" if wrt in network.statements else "parameter"
