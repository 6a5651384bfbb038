"""The derivative of a sum, term by term, as the law of linearity writes it.

When it is used stands in `differentiating`, how it is recognised in `computing`.
"""

from __future__ import annotations

from collections.abc import Callable

from symderiv.deriving.applying import coefficient
from symderiv.language.expressions import Derivative, Expr, Negative, Sum
from symderiv.language.patterns import join


def term_by_term(node: Derivative, depends: Callable[[Expr], bool]) -> tuple[Expr, bool]:
    """The derivative of a sum as the sum of its terms' derivatives, constant factors in front;
    and whether only signs stand in front, so that the sum rule alone was needed."""
    parts = [coefficient(term, depends) for term in node.body.parts]
    moved = [around(Derivative(core, node.variable, 1, node.partial)) for around, core in parts]
    bare = all(
        core is (term.operand if isinstance(term, Negative) else term)
        for (_, core), term in zip(parts, node.body.parts, strict=True)
    )
    return join(Sum, moved), bare
