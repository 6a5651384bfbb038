"""The engine with a law bent: the same derivation as a student would carry it on.

`Bent` takes each derivative by one law, or by the bent law where it is told to, and puts
the results in without tidying up: what comes out is compared by value, not by its form.
Which laws to bend, and where, is decided in `diagnosis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.applying import apply, carry, derivatives_in
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import Differentiator, Work
from symderiv.deriving.lines import Lines
from symderiv.errors import Stuck
from symderiv.judging.points import Setting
from symderiv.language.expressions import Derivative, Expr, Sum
from symderiv.language.patterns import join

_MOST_DERIVATIVES = 300


class Bent(Differentiator):
    """Derives with the rules of `everywhere` before all others, and with `at` at single places.

    `at` says for a derivative what stands in its place; without both it is the engine, each
    law a step.
    """

    def __init__(
        self,
        setting: Setting,
        everywhere: Iterable[Rule] = (),
        at: Mapping[Derivative, Expr] | None = None,
    ) -> None:
        super().__init__(setting)
        self.everywhere, self.at = tuple(everywhere), at or {}
        self.first: dict[Derivative, tuple[Rule, Expr]] = {}
        self._work_left = _MOST_DERIVATIVES

    def value(self, expr: Expr) -> Expr:
        """`expr` with every derivative taken; `Mistake` where there is no rule for one."""
        self._work_left = _MOST_DERIVATIVES
        results: dict[Expr, Expr] = {
            rate: self.derive(rate).result for _, rate in derivatives_in(expr, {})
        }
        return carry(expr, results, ()) if results else expr

    def _work(self, lines: Lines, node: Derivative) -> Work:
        self._work_left -= bool(self.everywhere or self.at)
        if self._work_left < 0:  # a bent law may lead in a circle
            raise Stuck(f"The bent law leads nowhere from {node}.")
        bent = self.at.get(node)
        rules = iter(self.everywhere)
        while bent is None and (rule := next(rules, None)) is not None:
            found = apply(rule, node, self.depends(node.variable))
            bent = found[0] if found and found[0] is not node else None
        if bent is None:
            yield from super()._work(lines, node)
        else:
            lines.add(laws.derivatives_of_the_parts, bent)
            yield from self._finish(lines, ())
        if lines.steps:
            self.first[node] = lines.steps[0].rule, lines.steps[0].after

    def _sum(self, lines: Lines, node: Derivative) -> Work:
        """Term by term, signs and constant factors inside: there too a law may be bent."""
        terms = [node.with_parts((term, node.variable)) for term in node.body.parts]
        lines.add(laws.sum_rule, join(Sum, terms))
        yield from self._finish(lines, ())

    def _finish(self, lines: Lines, written: object) -> Work:  # noqa: ARG002 (the engine's own)
        results: dict[Expr, Expr] = {}
        for _, rate in derivatives_in(lines.line, {}):
            results[rate] = (yield rate).result
        if results:
            lines.add(laws.derivatives_of_the_parts, carry(lines.line, results, ()))

    def in_form(self, lemma: Derivation) -> Derivation:
        """A first derivative as it is: no form is needed to go on."""
        return lemma
