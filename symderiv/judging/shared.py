"""What all regions of one proof share: meanings, atoms, and ranges in the whole domain.

Here belongs what does not depend on the signs that a region fixes.
"""

from __future__ import annotations

from collections.abc import Callable

from symderiv.judging.atoms import Atoms, Exponential, HalfAngle, Key
from symderiv.judging.bounds import Bounds
from symderiv.judging.meanings import Meanings
from symderiv.judging.points import Setting
from symderiv.judging.ranges import Range, of_domain, rising, tangent_of_half
from symderiv.judging.regions import linear, range_of
from symderiv.language.expressions import Expr, Symbol


class Shared:
    """What all regions of one proof share: meanings, atoms, and ranges in the whole domain."""

    def __init__(self, setting: Setting, spend: Callable[[int], None]) -> None:
        self.setting, self.atoms = setting, Atoms()
        self.meanings = Meanings(setting, spend)
        self.bounds = Bounds(self.meanings.of, self.domain, self.meanings.constant, spend)

    def domain(self, node: Expr) -> Range | None:
        """Where a symbol may lie."""
        return of_domain(self.setting.domain(node)) if isinstance(node, Symbol) else None

    def never_zero(self, key: Key) -> bool:
        """Whether a factor certainly has no zero in the domain."""
        found = linear(key)
        if found is not None:
            atom = self.atoms.all[found[0]]
            if isinstance(atom, Symbol) and found[1] not in self.setting.domain(atom):
                return True
        return range_of(key, self._atom).avoids_zero

    def _atom(self, number: int) -> Range:
        match self.atoms.all[number]:
            case Expr() as node:
                return self.bounds.of(node)
            case Exponential(exponent):
                return rising("exp", self.bounds.of(exponent))
            case HalfAngle(angle, step):
                return tangent_of_half(self.bounds.of(angle), step)
        return Range()
