"""What a student wrote, taken apart: rows of text into statements, labels, and lines to judge.

A row is read by itself, so that one which cannot be read spoils no other.  A text may be
LaTeX with align blocks, Markdown with formulas between dollars, or plain rows.  Nothing is
judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symderiv.errors import Unreadable
from symderiv.homework.answers import read_answer, readings
from symderiv.homework.problems import Problem
from symderiv.language.expressions import Apply, Derivative, Expr, Prime, Relation, Symbol
from symderiv.language.names import Names
from symderiv.language.walks import symbols_in
from symderiv.reading import read_lines

_MOST_ROWS = 200
_LONGEST = 40_000  # characters
_MATHS = re.compile(
    r"\$\$(?P<a>.+?)\$\$|\\\[(?P<b>.+?)\\\]|\\begin\{(?P<n>align|aligned|gather|eqnarray|equation)"
    r"(?P<s>\*?)\}(?P<c>.+?)\\end\{(?P=n)(?P=s)\}|(?<![\\$])\$(?P<d>[^$]+?)\$|\\\((?P<e>.+?)\\\)",
    re.DOTALL,
)
_BULLET = re.compile(r"^\s*(?:[-*+>]\s+|\d{1,3}[.)]\s+|#+\s+)?")
_SIGN = re.compile(r"^\s*&?\s*(?:=|\\equiv|⇒|=>|\\Rightarrow|\\implies|->|→)\s*&?")
_ALIGNED = re.compile(r"&\s*(?==)|(?<==)\s*&")
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?\s*|\n")
_REMARK = re.compile(r"\s*[A-Za-z']+(?:[ ,]+[A-Za-z'-]+){2,}\s*[.:,;]?\s*")
_FENCE = re.compile(r"^\s*(?:```.*|~~~.*|\$\$|\\\[|\\\]|%.*)\s*$")


@dataclass(frozen=True)
class Written:
    """One line as typed and as read: `expr` is None where it could not be, `problem` says why.

    `label` stands before it in its row, `states` is the rate that it is said to be, `goes_on`
    says that it hangs on the line before.  Of a row that can be read in several ways `ways` are
    the lines of each.
    """

    text: str
    expr: Expr | None
    problem: str = ""
    label: Expr | None = None
    goes_on: bool = True
    ways: tuple[tuple[Written, ...], ...] = ()


def written(lines: str | Sequence[str], problem: Problem) -> Iterator[Written]:
    """The lines of a derivation, in their order."""
    rows = list(rows_of(lines)) if isinstance(lines, str) else list(lines)
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            yield Written(row[:80], None, f"A derivation has at most {_MOST_ROWS} rows.")
            return
        if row.strip():
            yield from _row(row, problem)


def rows_of(text: str) -> Iterator[str]:
    """The rows of a text: those of its formulas where it has any, else all."""
    text = text[:_LONGEST]
    blocks = [next(filter(None, found.group(*"abcde"))) for found in _MATHS.finditer(text)]
    for block in blocks or [text]:
        for row in _ROW_END.split(block):
            bare = row if blocks else _BULLET.sub("", row)
            if bare.strip() and not _FENCE.match(bare):
                yield bare.strip()


def _row(row: str, problem: Problem) -> Iterator[Written]:
    """The lines of one row; a label in front of them is no line."""
    row = _ALIGNED.sub("", row)
    sign = _SIGN.match(row)
    body = row[sign.end() :] if sign else row

    def read_in(text: str) -> tuple[Written, ...]:
        return tuple(_lines(row, bool(sign), _members(text, problem.names), problem))

    try:
        yield from read_in(body.rstrip().rstrip("\\&,;. "))
    except Unreadable as unreadable:
        if not _REMARK.fullmatch(row):
            ways = tuple(readings(unreadable, read_in, problem))
            yield Written(row, None, str(unreadable), ways=ways)


def _lines(row: str, signed: bool, members: list[Expr], problem: Problem) -> Iterator[Written]:
    """The lines of a row that was read; with a sign in front it hangs on the row before."""
    label = members.pop(0) if len(members) > 1 and is_label(members[0], problem) else None
    for number, member in enumerate(members):
        yield Written(row, member, label=label, goes_on=signed or number > 0)


def _members(body: str, names: Names) -> list[Expr]:
    try:
        return [line.expr for line in read_lines(body, names)]
    except Unreadable:
        whole = read_answer(body, names)  # a label such as y' may stand in front
        return list(whole.terms) if isinstance(whole, Relation) else [whole]


def is_label(expr: Expr, problem: Problem) -> bool:
    """Whether it only names what the row is about: y, f(x), f'(x), dy/dx, ∂L/∂z, the question."""
    if expr is problem.question:
        return True
    if isinstance(expr, Derivative):
        return isinstance(expr.body, (Symbol, Apply))
    if isinstance(expr, (Prime, Apply)) and len(expr.parts) == 1:
        head = expr.head.name
        return head not in problem.setting.functions
    if isinstance(expr, Symbol):
        known = (*problem.setting.definitions, *symbols_in(problem.question))
        return expr in problem.setting.definitions or expr not in known
    return False
