"""Lines of a derivation in columns for a terminal: number, left side, `=`, reason.

Only spaces are decided here: the `=` signs stand below one another, and a reason that
finds no room beside its formula goes to a line of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from textwrap import wrap

from symderiv.documents.document import Chain, Gap, Line, Prose
from symderiv.language.expressions import Expr
from symderiv.printing.unicode import unicode_text

_WIDTH = 100
_LEFT = 24
_RULED = "_" * 34  # where a line is to be written
_COLUMN = 64  # a formula that reaches further has its reason wherever there is room


def one_line(text: str) -> str:
    """Words on one line and without control characters: a paragraph cannot be broken out of."""
    return "".join(ch for ch in re.sub(r"\s+", " ", text) if ch.isprintable())


def width(text: str) -> int:
    """How many columns a text takes: accents that combine take none."""
    return sum(not unicodedata.combining(ch) for ch in text)


def wide(start: Expr) -> bool:
    """Whether a left side is too long to stand before the `=`: it gets a line of its own."""
    return width(unicode_text(start)) > _LEFT


def aligned(
    lines: Sequence[Line], chain: Chain, detail: str, inside: Callable[[str], str] = str.lower
) -> str:
    """The lines as text, then the room for those left out; in brief, the phase is said in the
    place of the rules, as it is spelled `inside` a line."""
    start = chain.start
    left = "" if chain.of_equations else unicode_text(start)
    numbers = [line.number for line in lines] + [gap.number for gap in chain.gaps]
    margin = len(str(numbers[-1])) + 2 if numbers else 3
    own = [unicode_text(line.left) for line in lines if line.left is not None]
    rows = [" " * (margin + 2) + left] if wide(start) and left else []
    shown = own or ["" if rows else left, *[""] * (len(numbers) - 1)]
    shown += [""] * (len(numbers) - len(shown))
    indent = 4 if rows else max(map(width, shown), default=0)
    said = [f"= {unicode_text(line.expr)}" for line in lines]
    said += [_RULED if chain.of_equations else f"= {_RULED}"] * len(chain.gaps)
    formulas = [
        f"{f'({number})'.rjust(margin)}  {' ' * (indent - width(side))}{side} {text}"
        for number, side, text in zip(numbers, shown, said, strict=True)
    ]
    column = max((width(f) for f in formulas if width(f) <= _COLUMN), default=0) + 3
    for formula, line in zip(formulas, lines, strict=False):
        rows += _row(formula, _reason(line, detail, inside), column)
    for formula, gap in zip(formulas[len(lines) :], chain.gaps, strict=True):
        rows += [*[""] * gap.rows, *_row(formula, ", ".join(map(one_line, gap.reasons)), column)]
        rows += _hint(gap, indent + margin + 5)
    return "\n".join(row.rstrip() for row in rows)


def _hint(gap: Gap, indent: int) -> list[str]:
    """Why the rules of a line hold, below the room for it."""
    said = "".join(p if isinstance(p, str) else unicode_text(p) for p in gap.hint)
    return wrap(one_line(said), _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)


def columns(rows: Sequence[Sequence[Prose]], spell: Callable[[Prose], str]) -> str:
    """A table: columns below one another, the first row as its head."""
    cells = [[spell(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    lines = [
        "   ".join(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    rule = "   ".join("-" * w for w in widths)
    return "\n".join(f"    {line}" for line in (lines[0], rule, *lines[1:]))


def _reason(line: Line, detail: str, inside: Callable[[str], str]) -> str:
    if detail == "brief":
        return inside(line.phase) + (f" [{line.worth}]" if line.worth else "")
    struck = ", ".join(unicode_text(expr) for expr in line.cancelled)
    names = ", ".join(one_line(reason.name) for reason in line.reasons)
    worth = f" [{line.worth}]" if line.worth else ""
    return names + (f": {struck}" if struck else "") + worth


def _row(formula: str, reason: str, column: int) -> list[str]:
    """The formula with its reason beside it, from `column` on if there is room, else below."""
    start = max(column, width(formula) + 3)
    if start + width(reason) > _WIDTH:
        start = max(width(formula) + 3, _WIDTH - width(reason))
    if start + width(reason) <= _WIDTH:
        return [formula + " " * (start - width(formula)) + reason]
    return [formula, " " * max(_WIDTH - width(reason), 6) + reason]
