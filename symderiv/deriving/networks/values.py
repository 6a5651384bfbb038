"""A network with numbers: forward, backward, and checked by finite differences.

The forward pass computes each quantity once, the backward pass each gradient once.  A finite
difference moves one quantity and runs forward again: it knows nothing of derivatives.  Here
belong the passes and their cost; how a number is computed and rounded stands in `numbers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, reduce

from symderiv.deriving.networks.backward import Backward
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.numbers import Arithmetic, Real, agree, first_order, over, plus
from symderiv.deriving.pieces import borders
from symderiv.errors import Broken, Mistake
from symderiv.language.expressions import Absolute, Apply, Cases, Expr, Symbol
from symderiv.language.walks import nodes, substitute


class Values:
    """The numbers of a network at its values, or at those of one sample.

    Raises `Mistake` where a quantity has no value, or a formula none at these numbers.
    """

    def __init__(self, network: Network, given: Mapping[Symbol, Fraction] | None = None) -> None:
        self.network = network
        self.given = {**network.values, **(given or {})}
        self.backward = Backward(network)
        self.arithmetic = Arithmetic(network.functions)
        missing = [s for s in self._needed() if s not in self.given]
        if missing:
            listed = ", ".join(map(str, missing[:8]))
            raise Mistake(f"There are no numbers for {listed}: give them values.")

    def _needed(self) -> list[Symbol]:
        network = self.network
        return [*(s for s in network.leaves if s in network.matters), *network.counts]

    @cached_property
    def forward(self) -> dict[Symbol, Real]:
        """Every quantity, from the inputs to the loss."""
        return self.run({})

    def run(self, moved: Mapping[Symbol, Real]) -> dict[Symbol, Real]:
        """A forward pass with some quantities moved; what does not feel it is not computed anew."""
        network = self.network
        before = self.forward if moved else {}
        known: dict[Symbol, Real] = {**self.given, **before, **moved}
        felt = set(moved)
        for name, body in network.statements.items():
            if name in network.matters and name not in moved:
                if before and felt.isdisjoint(network.uses[name]):
                    continue
                known[name] = self.at(body, known)
                felt.add(name)
        return known

    def sides(self, known: Mapping[Symbol, Real]) -> list[tuple[Symbol, int]]:
        """For each statement with a kink, on which side of it its argument lies; 0 on the kink."""
        found = []
        for name, body in self.network.statements.items():
            for border in self._borders(body) if name in self.network.matters else ():
                level = self.at(border, known)
                found.append((name, (level > 0) - (level < 0)))
        return found

    def _borders(self, body: Expr) -> Iterator[Expr]:
        """What is zero on the kinks of what a statement applies."""
        for node in nodes(body):
            if isinstance(node, Absolute):
                yield node.operand
            slope, put = self._slope(node)
            cases = [n for n in nodes(slope) if isinstance(n, Cases)] if slope else []
            for line in (border for case in cases for border in borders(case)):
                one, other = line.terms
                yield substitute(one - other, put)

    def _slope(self, node: Expr) -> tuple[Expr | None, dict[Expr, Expr]]:
        """The slope of an applied function, and what its arguments are; cases as they are."""
        if isinstance(node, Cases):
            return node, {}
        function = self.network.functions.get(node.head.name) if isinstance(node, Apply) else None
        if function is None:
            return None, {}
        return function.claim, dict(zip(function.arguments, node.parts, strict=True))

    @cached_property
    def on_kinks(self) -> tuple[Symbol, ...]:
        """The statements whose argument lies exactly on a kink: there a convention is used."""
        sides = self.sides(self.forward)
        return tuple(dict.fromkeys(name for name, side in sides if side == 0))

    def at(self, expr: Expr, known: Mapping[Symbol, Real]) -> Real:
        """The value of a formula in quantities that are known."""
        return self.arithmetic.value(expr, known)

    @cached_property
    def gradients(self) -> dict[Symbol, Real]:
        """∂L/∂q for every quantity, from the loss back; δ's stand beside the quantities."""
        known = dict(self.forward)
        found: dict[Symbol, Real] = {}
        for quantity, gradient in self.backward.gradients.items():
            found[quantity] = self.at(gradient.value, known)
            if gradient.name is not None:
                known[gradient.name] = found[quantity]
        return found

    def local(self, name: Symbol, by: Symbol) -> Real:
        """The value of ∂name/∂by."""
        return self.at(self.backward.locals.value(name, by), self.forward)

    def checked(self, wrt: Symbol) -> Real:
        """∂L/∂wrt, checked by Taylor arithmetic through the statements, which knows no rule.

        Raises `Broken` where the two disagree.  On a kink there is no series, and the value is
        the framework's: nothing is checked then.
        """
        value = self.gradients[wrt]
        if not self.on_kinks and not agree(value, self.by_series(wrt)):
            raise Broken(f"The gradient of {self.network.loss} by {wrt} is not {value}.")
        return value

    def by_series(self, wrt: Symbol) -> Real:
        """∂L/∂wrt as the first coefficient of the loss in ε, where wrt moves by ε."""
        network, forward = self.network, self.forward
        known = {s: first_order(v, 0) for s, v in forward.items()}
        known[wrt] = first_order(forward[wrt], 1)
        felt = {wrt}
        for name, body in network.statements.items():
            if name != wrt and not felt.isdisjoint(network.uses[name]):
                known[name] = self.arithmetic.series(body, known)
                felt.add(name)
        return known[network.loss][1]


class Batch:
    """A network at several samples: its loss J is the mean of theirs, or their sum.

    J = (1/n) Σ L_s, and ∂J/∂w = (1/n) Σ ∂L_s/∂w since each term moves by itself.  Which of the
    two it is says `reduction` of the network.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.samples = tuple(Values(network, given) for given in network.samples or ({},))

    @property
    def loss(self) -> Real:
        """The loss over all samples."""
        return self._reduced([sample.forward[self.network.loss] for sample in self.samples])

    def gradient(self, wrt: Symbol) -> Real:
        """∂J/∂wrt, each sample's share checked."""
        return self._reduced([sample.checked(wrt) for sample in self.samples])

    def _reduced(self, numbers: Sequence[Real]) -> Real:
        total = reduce(plus, numbers)
        mean = self.network.reduction == "mean"
        return over(total, Fraction(len(numbers))) if mean else total
