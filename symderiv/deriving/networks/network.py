"""A network: named statements in the order in which they are computed, and its quantities.

`z = w*x + b`, then `a = σ(z)`, then the loss: each statement uses what stands before it.
Here belongs the type and what can be read off it (who uses whom, what is a parameter);
how layers become statements stands in `layering`, how a file is read in `specification`,
how gradients flow back in `backward`, and numbers in `values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.errors import Mistake, Unknown, Unreadable
from symderiv.judging.points import Setting
from symderiv.language.domains import Domain
from symderiv.language.expressions import Apply, Expr, Symbol
from symderiv.language.names import Names
from symderiv.language.walks import nodes, symbols_in
from symderiv.printing.glyphs import layers_in
from symderiv.reading import read

if TYPE_CHECKING:
    from symderiv.deriving.networks.flow import Flow

REDUCTIONS = ("mean", "sum")
LAYERED = ("W", "z", "a", "b", "delta", "h", "w")
"""Names behind which a number is a layer: z1, W2[1], delta1[2]."""


@dataclass(frozen=True)
class Layer:
    """A dense layer: its number, its units and inputs, its quantities, unit by unit.

    `weights[i][j]` belongs to unit i and input j; `inward` are the quantities that come in,
    `before` the pre-activations z and `after` the activations (the same where the layer is
    linear).  `activation` is the catalogue's function, None where there is none.
    """

    number: int
    activation: Function | None
    weights: tuple[tuple[Symbol, ...], ...]
    bias: tuple[Symbol, ...]
    inward: tuple[Symbol, ...]
    before: tuple[Symbol, ...]
    after: tuple[Symbol, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Units × inputs: the shape of the weights."""
        return len(self.weights), len(self.inward)


@dataclass(frozen=True, eq=False)
class Network:
    """Named statements from inputs to `loss`, with values where there are any.

    `statements` maps each name to what it is, each after the names that it uses; `values`
    gives numbers to inputs, targets and parameters; `where` bounds them; `samples` holds the
    inputs and targets of further samples, each a table like `values`.  `layers` is empty
    for a network that was not built from layers.  `notation` are the brackets around a layer's
    number where it is printed: `()` for W^{(1)}, `[]` for W^{[1]}; `reduction` says whether the
    loss over several samples is their `mean` or their `sum`.
    """

    statements: Mapping[Symbol, Expr]
    loss: Symbol
    values: Mapping[Symbol, Fraction] = field(default_factory=dict)
    where: Mapping[Symbol, Domain] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()
    samples: tuple[Mapping[Symbol, Fraction], ...] = ()
    inputs: tuple[Symbol, ...] = ()
    targets: tuple[Symbol, ...] = ()
    title: str = ""
    remarks: tuple[str, ...] = ()
    notation: str = "()"
    reduction: str = "mean"
    functions: Mapping[str, Function] = field(default_factory=lambda: shipped().functions)
    uses: Mapping[Symbol, tuple[Symbol, ...]] = field(init=False, repr=False)
    """What stands in each statement."""

    def __repr__(self) -> str:
        return f"<Network {self.title}: {len(self.statements)} statements>"

    def __post_init__(self) -> None:
        uses = {name: symbols_in(body) for name, body in self.statements.items()}
        ordered = in_order(uses)
        object.__setattr__(self, "statements", {name: self.statements[name] for name in ordered})
        object.__setattr__(self, "uses", {name: uses[name] for name in ordered})
        if self.loss not in self.statements:
            raise Mistake(f"Nothing says how the loss {self.loss} is computed.")

    @classmethod
    def from_toml(cls, path: str | Path) -> Network:
        """The network that a file describes; `Mistake` with the place where it cannot be read."""
        from symderiv.deriving.networks.specification import read_file  # it builds networks

        return read_file(Path(path))

    @cached_property
    def users(self) -> dict[Symbol, tuple[Symbol, ...]]:
        """In which statements a quantity stands, in their order."""
        found: dict[Symbol, list[Symbol]] = {name: [] for name in self.statements}
        for name, used in self.uses.items():
            for quantity in used:
                found.setdefault(quantity, []).append(name)
        return {quantity: tuple(names) for quantity, names in found.items()}

    @cached_property
    def leaves(self) -> tuple[Symbol, ...]:
        """What is not computed: inputs, targets, parameters, in order of first use."""
        used = dict.fromkeys(s for body in self.uses.values() for s in body)
        return tuple(s for s in used if s not in self.statements)

    @cached_property
    def counts(self) -> tuple[Symbol, ...]:
        """What a definition of the catalogue holds besides its arguments, such as n in 1/n."""
        heads = [n.head for body in self.statements.values() for n in nodes(body)
                 if isinstance(n, Apply)]  # fmt: skip
        used = [self.functions[head.name] for head in dict.fromkeys(heads)
                if head.name in self.functions]  # fmt: skip
        return tuple(dict.fromkeys(s for function in used for s in function.hidden))

    @cached_property
    def parameters(self) -> tuple[Symbol, ...]:
        """The leaves that are neither inputs nor targets: weights and biases."""
        still = {*self.inputs, *self.targets}
        return tuple(s for s in self.leaves if s not in still)

    @cached_property
    def matters(self) -> frozenset[Symbol]:
        """The quantities on which the loss depends."""
        found, waiting = {self.loss}, [self.loss]
        while waiting:
            fresh = [s for s in self.uses.get(waiting.pop(), ()) if s not in found]
            found.update(fresh)
            waiting += fresh
        return frozenset(found)

    def alone(self, name: Symbol, by: Symbol) -> bool:
        """Whether nothing that stands in `name` moves with `by`, but `by` itself.

        Where something does, as in a shared weight or a residual connection, ∂name/∂by may
        mean the local derivative or the total one.
        """
        waiting = [s for s in self.uses.get(name, ()) if s is not by]
        seen = set(waiting)
        while waiting:
            used = self.uses.get(waiting.pop(), ())
            if by in used:
                return False
            fresh = [s for s in used if s not in seen]
            seen.update(fresh)
            waiting += fresh
        return True

    @cached_property
    def domains(self) -> dict[Symbol, Domain]:
        """Where quantities may lie: as stated, else as the functions that are applied need it."""
        implied: dict[Symbol, Domain] = {}
        for body in self.statements.values():
            for node in nodes(body):
                function = self.functions.get(node.head.name) if isinstance(node, Apply) else None
                if function is None:
                    continue
                for symbol, argument in zip(function.arguments, node.parts, strict=False):
                    if isinstance(argument, Symbol) and symbol in function.domains:
                        implied.setdefault(argument, function.domains[symbol])
                implied |= {
                    s: d for s, d in function.domains.items() if s not in function.arguments
                }
        return {**implied, **self.where}

    def setting(self, names: Iterable[Symbol] | None = None) -> Setting:
        """The problem for the engine: all definitions, or those of `names` alone."""
        chosen = self.statements if names is None else {n: self.statements[n] for n in names}
        return Setting(self.functions, self.domains, chosen)

    @cached_property
    def names(self) -> Names:
        """How this network's quantities are read: layers, indices, its own words."""
        quantities = (*self.statements, *self.leaves)
        layered = {s.name for s in quantities if s.layer} | {"delta"}
        kinds = dict.fromkeys(sorted(layered), "layered")
        matrices = {s.name for s in quantities if s.layer and len(s.indices) == 2}
        kinds |= dict.fromkeys(sorted(matrices), "layered matrix")
        plain = {s.name: Symbol(s.name) for s in quantities if s.name not in kinds}
        return Names(symbols=plain, kinds=kinds)

    def quantity(self, name: str | Symbol) -> Symbol:
        """The quantity that a text names; `Unknown` with the nearest names where there is none."""
        symbol = read(name, self.names) if isinstance(name, str) else name
        known = (*self.statements, *self.leaves)
        if isinstance(symbol, Symbol) and symbol in known:
            return symbol
        family = [s for s in known if isinstance(symbol, Symbol) and s.name == symbol.name]
        listed = ", ".join(map(str, (family or known)[:12]))
        problem = f"The network has no quantity {name}."
        raise (
            Unreadable(name, 0, problem, f"It has: {listed}.")
            if isinstance(name, str)
            else Unknown(f"{problem} It has: {listed}.")
        )

    def until(self, name: Symbol) -> Network:
        """The part of the network that computes `name`, which takes the place of the loss."""
        if name == self.loss:
            return self
        if name not in self.statements:
            raise Mistake(f"{name} is given and not computed: it has no derivative here.")
        return replace(self, loss=name)

    def derive(self, what: str | Symbol = "", wrt: str | Symbol = "") -> Flow:
        """∂what/∂wrt as a chain of named local derivatives, with numbers where values are given.

        `what` is the loss where nothing is said.  Raises `Unknown` (or `Unreadable`) for a
        quantity that there is not, `Mistake` where `what` does not depend on `wrt`.
        """
        from symderiv.deriving.networks.flow import flow  # it derives in networks

        with layers_in(self.notation):  # names of quantities stand in the names of rules
            return flow(self.until(self.quantity(what or self.loss)), self.quantity(wrt))


def in_order(uses: Mapping[Symbol, Sequence[Symbol]]) -> list[Symbol]:
    """The names, each after those that it uses; `Mistake` where one uses itself."""
    done: dict[Symbol, None] = {}
    open_: set[Symbol] = set()
    for name in uses:
        stack = [name]
        while stack:
            top = stack[-1]
            if top in done:
                stack.pop()
                continue
            missing = [s for s in uses[top] if s in uses and s not in done]
            if not missing:
                done[stack.pop()] = None
                open_.discard(top)
                continue
            open_.add(top)
            if any(s in open_ for s in missing):
                raise Mistake(f"{top} is computed from itself.")
            stack += reversed(missing)
    return list(done)
