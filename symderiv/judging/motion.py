"""How the quantities of a problem move together: on a curve, along a path, or by a parameter.

Where y is no formula but moves with x, for instance on the curve x² + y² = 25, dy/dx is a
quantity of its own.  Here belongs what is said of such names, and what follows for the
order in which rates follow one another; values on a curve are found in `curves`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from symderiv.language.expressions import Derivative, Expr, Relation, Symbol

HIGHEST = 12  # the order of a rate that still has a name


@dataclass(frozen=True)
class Motion:
    """`names` move with `by`; a derivative by one of them is taken along the path.

    A name that is defined (given) moves as its definition does.  Of the others nothing is
    known but `curve`, an equation that holds all along, which determines `solved`;
    `branch` is what must hold besides, such as −π/2 < y < π/2.
    """

    by: Symbol
    names: tuple[Symbol, ...]
    curve: Relation | None = None
    solved: Symbol | None = None
    branch: Relation | None = None

    @property
    def difference(self) -> Expr:
        """What is zero on the curve: its left side minus its right side."""
        assert self.curve is not None  # noqa: S101 (asked where there is one)
        left, right = self.curve.terms
        return left - right

    @cached_property
    def rates(self) -> Mapping[Symbol, Symbol]:
        """For each name of which no formula is given, the symbol of its rate dy/dx, and so on."""
        found: dict[Symbol, Symbol] = {}
        for name in self.names:
            ladder = [name, *(rate(name, self.by, k) for k in range(1, HIGHEST + 1))]
            found.update(pairwise(ladder))
        return found


def rate(name: Symbol, by: Symbol, order: int) -> Symbol:
    """The symbol that stands for a derivative of which nothing else is known."""
    return Symbol(str(Derivative(name, by, order)))
