"""In which order the nodes of an expression are evaluated.

Only what is asked for stands here; what a value is stands in `balls`.
"""

from __future__ import annotations

from collections.abc import Iterable

from symderiv.language.expressions import Derivative, Expr, IndexedSum, Symbol
from symderiv.language.walks import nodes

_CLOSED = frozenset((Derivative, IndexedSum, Symbol))


def evaluated(expr: Expr, order: Iterable[Expr] | None = None) -> list[Expr]:
    """The nodes to evaluate, children first, without those below a bound variable.

    Names come first, in an order that must stay: points give them their values in turn.
    `order` may give the nodes of `expr`, children first, among others.
    """
    closed: dict[Expr, None] = {}
    stack, seen = [expr], {expr}
    pop, push, add = stack.pop, stack.append, seen.add
    while stack:
        node = pop()
        if type(node) in _CLOSED:
            closed[node] = None
            continue
        for part in node.parts:
            if part not in seen:
                add(part)
                push(part)
    if order is None:
        return [*closed, *nodes(expr, closed)]
    return [*closed, *(node for node in order if node in seen and node not in closed)]
