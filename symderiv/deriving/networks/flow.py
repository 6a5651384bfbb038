"""One gradient as a derivation: the chain of named rates from the loss to a quantity.

Where few paths lead to it they are written out, factor by factor; in a deeper network the
chain goes one statement back and the rest is named δ, so that a page grows with the number
of statements and not with the number of paths.  Each factor keeps its own derivation, as a
lemma, and its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.applying import carry
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import DIFFERENTIATE
from symderiv.deriving.lines import Lines
from symderiv.deriving.moving import naming
from symderiv.deriving.networks.backward import Backward, delta
from symderiv.deriving.networks.locals import Locals
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.values import Values
from symderiv.errors import Mistake
from symderiv.judging.points import Setting
from symderiv.language.expressions import Derivative, Expr, Product, Rewrite, Sum, Symbol
from symderiv.language.patterns import join
from symderiv.language.walks import Place, nodes

_MOST_PATHS, _LONGEST_PATH = 4, 8
Path = tuple[Symbol, ...]
"""Quantities from the loss back to the one that moves."""


@dataclass(frozen=True)
class Factor:
    """One rate on a path: ∂`name`/∂`by`, its formula, and how it is derived."""

    name: Symbol
    by: Symbol
    rate: Derivative
    value: Expr
    derivation: Derivation


@dataclass(frozen=True, eq=False)
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
        self._made: dict[tuple[Symbol, Symbol], Factor] = {}

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
        chain = _sum_of([[factor.rate for factor in path] for path in paths])
        lines.add(laws.chain_along_every_path, chain, letters=self._letters())
        factors = list(dict.fromkeys(factor for path in paths for factor in path))
        if len(factors) > 1 or chain is self.start:
            results: dict[Expr, Expr] = {factor.rate: factor.value for factor in factors}
            lines.add(
                laws.local_derivatives,
                carry(lines.line, results, {}),
                places=tuple(_places(chain)),
                lemmas=tuple(factor.derivation for factor in factors),
            )
        else:
            lines.extend(factors[0].derivation)
        return lines

    def _letters(self) -> dict[str, Expr]:
        return {"m": self.network.loss, "x": self.wrt}

    def _needed(self) -> list[Symbol]:
        return [s for s in self.network.statements if s in self.network.matters]

    # --- one statement back, the rest by name ------------------------------------------------

    def _one_back(self) -> Lines:
        """∂L/∂q through the statements in which q stands, whose own gradients are named δ."""
        network, gradients = self.network, self.backward.gradients
        through = [s for s in network.users[self.wrt] if s in network.matters]
        known = {g.name: g.value for g in gradients.values() if g.name is not None}
        named = {s: delta(s) for s in through if s in gradients}
        known |= {delta(s): gradients[s].value for s in named}
        setting = self._setting(known)
        lines = Lines(self.start, setting, DIFFERENTIATE)
        arriving = {s: self.rate(network.loss, s) for s in through}
        chain = _sum_of([[arriving[s], self.rate(s, self.wrt)] for s in through])
        lines.add(laws.chain_along_every_path, chain, letters=self._letters())
        for s, name in named.items():
            rule = naming(Rewrite(arriving[s], name))
            lines.add(rule, carry(lines.line, {arriving[s]: name}, {}))
        factors = [self._factor(s, self.wrt) for s in through]
        after = carry(lines.line, {f.rate: f.value for f in factors}, {})
        lemmas = tuple(factor.derivation for factor in factors)
        lines.add(laws.local_derivatives, after, places=tuple(_places(lines.line)),
                  lemmas=lemmas)  # fmt: skip
        return lines

    def _setting(self, known: dict[Symbol, Expr]) -> Setting:
        network = self.network
        statements = {s: network.statements[s] for s in self._needed()}
        return Setting(network.functions, network.domains, {**statements, **known})


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
    paths = few_paths(network, wrt)
    pairs = [list(pairwise(path)) for path in paths]
    for rates in (pairs, [[(p[0][0], p[1][1]), *p[2:]] for p in pairs if len(p) > 1]):
        if rates:
            yield _sum_of([[flowing.rate(*pair) for pair in path] for path in rates])
    back = [s for s in network.users[wrt] if s in network.matters]
    yield _sum_of([[flowing.rate(name, s), flowing.rate(s, wrt)] for s in back])


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
        return locals_.value(name, by)
    collapsed = locals_.collapsed(by)
    return None if collapsed is None else collapsed.result


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


def _places(chain: Expr) -> Iterator[Place]:
    """The places of the derivatives in a product or a sum of products."""
    if isinstance(chain, Derivative):
        yield ()
        return
    for k, part in enumerate(chain.parts):
        yield from ((k, *place) for place in _places(part))


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
