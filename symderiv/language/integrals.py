"""The node of an integral with bounds: ∫ from `lower` to `upper` of `body` by `variable`.

As with all nodes nothing is worked out.  The variable of integration is bound: it means
nothing outside, and must not stand in the bounds, which the reader sees to.
"""

from __future__ import annotations

from typing import Self

from symderiv.language.expressions import Expr
from symderiv.language.interning import intern


class Integral(Expr):
    """The integral of `body` for `variable` from `lower` to `upper`."""

    __slots__ = ("body", "lower", "upper", "variable")
    __match_args__ = ("body", "variable", "lower", "upper")
    body: Expr
    variable: Expr
    lower: Expr
    upper: Expr

    def __new__(cls, body: Expr, variable: Expr, lower: Expr, upper: Expr) -> Self:
        parts = (body, variable, lower, upper)
        return intern(cls, parts, parts)  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Integral:
        return Integral(*parts)
