"""Tables that other programs open: CSV without formulas, and Gradescope's JSON.

A spreadsheet runs a cell that begins with = + - @, a tab or a line break; such a cell gets
an apostrophe in front, which spreadsheets show as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_RUN: Final = "=+-@＝＋－＠"


def csv_text(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file: one line a row, fields quoted where they must be, no cell that is run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs, and that no control character hides in.

    >>> harmless("=1+1"), harmless("-x"), harmless("2*x"), harmless("-0.5")
    ("'=1+1", "'-x", '2*x', '-0.5')
    """
    begins = next((ch for ch in cell if ch.isprintable() and not ch.isspace()), "")
    runs = (begins != "" and begins in _RUN) or cell[:1] in ("\t", "\r", "\n")
    seen = "".join(ch if ch.isprintable() or ch in "\n\t" else "·" for ch in cell)
    return f"'{seen}" if runs and not _is_number(cell) else seen


def _is_number(cell: str) -> bool:
    digits = cell.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
