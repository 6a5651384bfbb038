"""Where an expression is zero: on a whole region of the domain, or only here and there.

ReLU(y) is zero for every y < 0, and y - 1 is so at one point.  Whoever differentiates a
function with a kink at 0 must know which: where its argument stands still at the kink,
the function stands still as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symderiv.judging.exploring import Exploration
from symderiv.judging.ground import UNDEFINED
from symderiv.judging.points import Setting
from symderiv.judging.preparing import is_switch
from symderiv.judging.residues import FewPoints, Unprovable, Value
from symderiv.judging.towers import Tower
from symderiv.language.expressions import Expr
from symderiv.language.walks import nodes

FUEL = 300_000


@dataclass(frozen=True)
class Zeros:
    """`whole` says that there is a region on which the expression is zero; elsewhere it is so
    at most where one of `borders` is."""

    whole: bool
    borders: tuple[Expr, ...]


def zeros(expr: Expr, setting: Setting) -> Zeros | None:
    """Where `expr` is zero; None where that was not found out."""
    borders: dict[Expr, None] = {}
    whole = False

    def look(tower: Tower, values: list[Value]) -> None:
        nonlocal whole
        if values[0] is UNDEFINED:
            return
        if not tower.field.decisive:
            raise FewPoints
        if tower.field.is_zero(values[0]):
            whole = True
        elif any(True for _ in tower.vanishing(expr)):
            borders[tower.decided(expr)] = None

    if not any(is_switch(node, setting) for node in nodes(expr)):
        return Zeros(False, (expr,))
    try:
        Exploration((expr,), setting, FUEL).visit(look)
    except Unprovable:
        return None
    return Zeros(whole, tuple(borders))


def vanishes_with(expr: Expr, others: Sequence[Expr], setting: Setting) -> bool:
    """Whether `expr` is certainly zero only where one of `others` is: its factors are theirs."""
    seen = False

    def look(tower: Tower, values: list[Value]) -> None:
        nonlocal seen
        if UNDEFINED in values or any(tower.field.is_zero(value) for value in values):
            raise Unprovable("Where it vanishes is not known.")
        held = {key for other in others for key in tower.vanishing(other)}
        if not held.issuperset(tower.vanishing(expr)):
            raise Unprovable("It may vanish by itself.")
        seen = True

    try:
        Exploration((expr, *others), setting, FUEL).visit(look)
    except Unprovable:
        return False
    return seen
