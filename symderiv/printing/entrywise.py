"""How the notation of matrices is laid out: δ ⊙ f′(z), and a matrix row by row.

Here belongs what all formats share of it; which signs they set stands in their tables.
Side by side binds tighter than ⊙, as textbooks have it, `W x ⊙ y`; any other product among
the factors stands in brackets, since nobody could tell which of two signs comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.expressions import Expr, Product
from symderiv.printing import layout
from symderiv.printing.layout import Fences, Item


def elementwise(
    node: Elementwise,
    sign: str,
    pair: Fences,
    closed: Callable[[Expr], Sequence[Item]],
    *,
    kinds: layout.Kinds = layout.IN_ELEMENTWISE,
    side_by_side: Callable[[Product], bool] | None = None,
) -> list[Item]:
    """The factors with `sign` between them, in brackets where they are one of `kinds`.

    `closed` spells a factor that would reach over the next one; `side_by_side` says whether
    a format sets a product without any sign.
    """
    is_bare = side_by_side or _side_by_side
    items: list[Item] = []
    for factor in node.factors:
        inner = layout.bare(factor)
        items.append(sign if items else "")
        if type(inner) in layout.UNFINISHED:
            items += closed(factor)
        elif isinstance(inner, Product) and not (is_bare(inner) and _ends(inner)):
            items += layout.guarded(factor, kinds | {Product}, pair)
        else:
            items += layout.guarded(factor, kinds, pair)
    return items


def _side_by_side(product: Product) -> bool:
    factors = [layout.bare(factor) for factor in product.factors]
    dotted = any(layout.needs_dot(left, right) for left, right in pairwise(factors))
    return not (dotted or layout.spelled(factors))


def _ends(product: Product) -> bool:
    """Whether nothing in a product would reach over what follows."""
    return type(layout.bare(product.factors[-1])) not in layout.UNFINISHED


def matrix(node: Matrix, opening: str, closing: str, row: str, column: str) -> list[Item]:
    """The entries, with `column` between two of a row and `row` between two rows."""
    items: list[Item] = []
    for entries in node.rows:
        items.append(row if items else opening)
        for number, entry in enumerate(entries):
            items += (column if number else "", entry)
    return [*items, closing]
