"""The nodes of matrix notation: the elementwise product, and a matrix written out.

As with all nodes, nothing is worked out and nothing is tidied: `a ⊙ b` stays in that order,
and a matrix holds the entries that were written.  Products of matrices are `Product`, in
written order, and their transposes `Transpose`.  What matrices *become* when they are
multiplied stands in `matrices`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self, TypeAlias

from symderiv.errors import Mistake
from symderiv.language.expressions import Expr
from symderiv.language.interning import intern

Rows: TypeAlias = tuple[tuple[Expr, ...], ...]


class Elementwise(Expr):
    """Two or more factors of one shape multiplied entry by entry, in written order: δ ⊙ f′(z)."""

    __slots__ = ("factors",)
    __match_args__ = ("factors",)
    factors: tuple[Expr, ...]

    def __new__(cls, factors: Iterable[Expr]) -> Self:
        factors = tuple(factors)
        return intern(cls, (factors,), factors)  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Elementwise:
        return Elementwise(parts)


class Matrix(Expr):
    """A matrix written out row by row; a column vector has one entry in each row.

    Raises Mistake where a row is empty or of another length than the first.
    """

    __slots__ = ("rows",)
    __match_args__ = ("rows",)
    rows: Rows

    def __new__(cls, rows: Iterable[Iterable[Expr]]) -> Self:
        table = tuple(map(tuple, rows))
        widths = [len(row) for row in table]
        if not widths or min(widths) == 0 or min(widths) != max(widths):
            counts = ", ".join(map(str, widths)) or "none"
            raise Mistake(f"The rows of a matrix are of one length; these have {counts} entries.")
        entries = tuple(entry for row in table for entry in row)
        return intern(cls, (table,), entries)  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.rows), len(self.rows[0])

    def with_parts(self, parts: tuple[Expr, ...]) -> Matrix:
        return in_rows(parts, self.shape[1])


def in_rows(entries: tuple[Expr, ...], width: int) -> Matrix:
    """The matrix of these entries, read row by row, with `width` of them in each."""
    return Matrix(entries[k : k + width] for k in range(0, len(entries), width))
