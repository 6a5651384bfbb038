"""Marks on a page: what each milestone earned, and what waits for a person."""

from __future__ import annotations

from fractions import Fraction

from symderiv.documents.document import Prose, Table
from symderiv.homework.rubric import Credit, Earned


def credit_block(credit: Credit) -> Table:
    """The marks, milestone by milestone, with their sum where there are several."""
    head: tuple[Prose, ...] = (("For",), ("Marks",), ("Of",), ("Because",))
    rows = [_row(item) for item in credit.earned]
    if len(rows) > 1:
        rows.append((("together",), (shown(credit.marks),), (shown(credit.of),), ("",)))
    count = 4 if any(row[3] != ("",) for row in rows) else 3
    return Table(head[:count], tuple(row[:count] for row in rows))


def _row(item: Earned) -> tuple[Prose, ...]:
    milestone = item.milestone
    why = item.why if item.marks is not None else "waits for a person"
    return ((milestone.name,), (shown(item.marks),), (shown(milestone.marks),), (why,))


def shown(marks: Fraction | None) -> str:
    """Marks as teachers write them: a decimal where it ends within two places.

    >>> shown(Fraction(1, 2)), shown(Fraction(1, 3)), shown(Fraction(3)), shown(None)
    ('0.5', '1/3', '3', '–')
    """
    if marks is None:
        return "–"
    hundredths = marks * 100
    if marks.denominator == 1 or hundredths.denominator != 1:
        return str(marks)
    return f"{float(marks):.2f}".rstrip("0")
