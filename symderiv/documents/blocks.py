"""Labels of several lines, sized before they stand anywhere.

A block is a small picture of known width and height: one line, a fraction, a column of
blocks.  Cards of nodes and notes beside arrows are built of these, so that sizes are
computed in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from symderiv.documents.document import Prose
from symderiv.documents.scene import Item, Label, Line, Role, label_height, label_width, moved
from symderiv.language.expressions import Expr, Negative, Quotient

_BAR: Final = 3.0
"""Pixels between a fraction's bar and what stands above and below it."""
_INK: Final = 0.9
"""Of the width in the table: what the letters of most fonts take."""


@dataclass(frozen=True)
class Block:
    """Things drawn from (0, 0) to (width, height)."""

    width: float
    height: float
    items: tuple[Item, ...]

    def at(self, left: float, top: float) -> tuple[Item, ...]:
        """The things with the block's left upper corner there."""
        return tuple(moved(item, left, top) for item in self.items)


NOTHING: Final = Block(0, 0, ())


def words(prose: Prose, role: Role = "ink", size: float = 13, anchor: str = "middle") -> Block:
    """One line, which begins or stands in the middle; nothing where it has no letters."""
    if not any(prose):
        return NOTHING
    up, down = label_height(prose, size)
    width = label_width(prose, size)
    x = 0.0 if anchor == "start" else width / 2
    return Block(width, up + down, (Label(x, up, prose, role, size, anchor),))


def underlined(block: Block, width: float, role: Role, dash: str) -> Block:
    """A block with a line below the letters of its first `width` pixels, dashed or not."""
    low, letters = block.height + 1.5, _INK * width  # less than the room that they may take
    left = (width - letters) / 2 if block.width == width else 0.0
    line = Line(((left, low), (left + letters, low)), role, dash, 1.5)
    return Block(block.width, low + 1.5, (*block.items, line))


def column(*blocks: Block, gap: float = 3) -> Block:
    """Blocks below one another, each in the middle; empty ones take no room."""
    shown = [block for block in blocks if block.items]
    width = max((block.width for block in shown), default=0.0)
    items: list[Item] = []
    top = 0.0
    for block in shown:
        items += block.at((width - block.width) / 2, top)
        top += block.height + gap
    return Block(width, top - gap, tuple(items)) if shown else NOTHING


def row(*blocks: Block, gap: float = 4) -> Block:
    """Blocks beside one another, each at half height; those without width take no room."""
    shown = [block for block in blocks if block.width]
    height = max((block.height for block in shown), default=0.0)
    items: list[Item] = []
    left = 0.0
    for block in shown:
        items += block.at(left, (height - block.height) / 2)
        left += block.width + gap
    return Block(left - gap, height, tuple(items)) if shown else NOTHING


def formula(expr: Expr, role: Role = "ink", size: float = 13) -> Block:
    """An expression; one that is a fraction has a bar and not a slash."""
    if isinstance(expr, Negative) and isinstance(expr.operand, Quotient):
        return row(words(("−",), role, size), formula(expr.operand, role, size), gap=2)
    if not isinstance(expr, Quotient):
        return words((expr,), role, size)
    above = words((expr.numerator,), role, size)
    below = words((expr.denominator,), role, size)
    width, middle = max(above.width, below.width) + 4, above.height + _BAR
    items = (
        *above.at((width - above.width) / 2, 0),
        Line(((0, middle), (width, middle)), role, "", 1),
        *below.at((width - below.width) / 2, middle + _BAR),
    )
    return Block(width, middle + _BAR + below.height, items)
