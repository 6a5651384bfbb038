"""Lines of a derivation in columns for a terminal: number, left side, `=`, reason.

Only spaces are decided here: the `=` signs stand below one another, and a reason that
finds no room beside its formula goes to a line of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from symderiv.documents.document import Line
from symderiv.language.expressions import Expr
from symderiv.printing.unicode import unicode_text

_WIDTH = 96
_REASON_FROM = 60


def width(text: str) -> int:
    """How many columns a text takes: accents that combine take none."""
    return sum(not unicodedata.combining(ch) for ch in text)


def aligned(lines: Sequence[Line], start: Expr, detail: str) -> str:
    """The lines as text; in brief, the phase is said in the place of the rules."""
    left = unicode_text(start)
    indent = width(left) if width(left) <= 24 else 4
    margin = len(str(lines[-1].number)) + 2 if lines else 3
    rows = [] if indent == width(left) else [" " * (margin + 2) + left]
    for k, line in enumerate(lines):
        side = left.rjust(indent) if k == 0 and not rows else " " * indent
        rows += _row(f"({line.number})".rjust(margin), side, line, _reason(line, detail))
    return "\n".join(rows)


def _reason(line: Line, detail: str) -> str:
    return line.phase.lower() if detail == "brief" else ", ".join(r.name for r in line.reasons)


def _row(number: str, side: str, line: Line, reason: str) -> list[str]:
    formula = f"{number}  {side} = {unicode_text(line.expr)}"
    if not reason:
        return [formula]
    column = max(_REASON_FROM, width(formula) + 3)
    if column + width(reason) <= _WIDTH:
        return [formula + " " * (column - width(formula)) + reason]
    return [formula, " " * max(_WIDTH - width(reason), len(number) + 4) + reason]
