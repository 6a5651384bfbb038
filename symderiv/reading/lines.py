r"""Texts with several lines: chains `a = b = c`, align blocks, one equation a line.

Here belongs how a text is cut into rows and the rows into the members of chains, each with
its place; what a member means stands in `reader`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symderiv.errors import Unreadable
from symderiv.language.expressions import Expr, Relation
from symderiv.language.names import Names
from symderiv.reading.commands import BLOCKS, DELIMITERS
from symderiv.reading.cursor import COMPARISONS
from symderiv.reading.reader import NOTHING_DECLARED, Reader
from symderiv.reading.tokens import CHARACTERS as FORMULA
from symderiv.reading.tokens import is_latex, tokenize

CHARACTERS, ROWS = 12_000, 200
_DELIMITERS_AROUND = 4  # such as $$ \begin{equation} \begin{split}
_NAMES = "|".join((*DELIMITERS, *BLOCKS))
_OPENING = re.compile(
    rf"\s*(?:(?P<dollar>\$\$?)|\\(?P<bracket>[(\[])|\\begin\{{(?P<name>{_NAMES})(?P<star>\*?)\}}"
    r"(?:\{[0-9]*\})?)"
)
_BREAK = re.compile(
    r"\\\\(?:\[[0-9.a-z ]{0,9}\])?|\\(?P<begin>begin)\{[a-z]*\*?\}"
    r"|\\(?P<finish>end)\{[a-z]*\*?\}|\\.|(?P<open>\{)|(?P<close>\})|(?P<line>\n)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Line:
    """One member of a chain of equations.

    `sign` is how it hangs on the line before, empty where a new statement begins;
    `position` and `end` are its 0-based place in the whole text; `note` is a remark in words
    behind it.
    """

    expr: Expr
    sign: str
    position: int
    end: int
    note: str = ""


def read(text: str, names: Names = NOTHING_DECLARED) -> Expr:
    """The expression that `text` writes; raises Unreadable with the place and what to write.

    Raises Ambiguous, which is Unreadable too, where people or systems read it in different
    ways.  A chain `a = b = c`, also in an align block, is one Relation.
    """
    if len(text) > FORMULA:
        problem = f"A formula has at most {FORMULA:,} characters."
        raise Unreadable(text, FORMULA, problem, "Split it up.")
    latex = is_latex(text)
    start, stop, block = _peeled(text) if latex else (0, len(text), False)
    if not block:
        return Reader(text, names, tokenize(text, start, stop, latex=latex), latex=latex).whole()
    lines = _rows(text, start, stop, names, by_line=False)
    if len(lines) > 1 and all(line.sign for line in lines[1:]):
        return Relation(tuple(line.expr for line in lines), tuple(line.sign for line in lines[1:]))
    if len(lines) == 1:
        return lines[0].expr
    second = next((line for line in lines[1:] if not line.sign), None)
    if second is None:
        raise Unreadable(text, start, "There is nothing to read.", "Write a formula: x^2*sin(x).")
    hint = "Read several statements with read_lines, or begin the line with =."
    raise Unreadable(text, second.position, "A second statement begins here.", hint)


def read_lines(text: str, names: Names = NOTHING_DECLARED) -> list[Line]:
    r"""The lines of a derivation: of a chain, an align block, or one equation a line.

    A row that begins with a sign goes on with the chain before it.  Raises Unreadable with
    the place in the whole text; each row is under the limits of `read`, all of them hold at
    most 12,000 characters.

    >>> [(str(line.expr), line.sign) for line in read_lines("y = x x = x^2")]
    [('y', ''), ('x*x', '='), ('x^2', '=')]
    """
    if len(text) > CHARACTERS:
        problem = f"A text has at most {CHARACTERS:,} characters."
        raise Unreadable(text, CHARACTERS, problem, "Split it up.")
    start, stop, block = _peeled(text) if is_latex(text) else (0, len(text), False)
    lines = _rows(text, start, stop, names, by_line=not block)
    if not lines:
        raise Unreadable(text, 0, "There is nothing to read.", "Write one equation a line.")
    return lines


def _peeled(text: str) -> tuple[int, int, bool]:
    """Where the formula stands between its delimiters, and whether these hold lines."""
    start, stop, block = 0, len(text), False
    for _ in range(_DELIMITERS_AROUND):
        found = _OPENING.match(text, start, stop)
        if found is None:
            break
        closing = _closing(found)
        end = len(text[start:stop].rstrip()) + start
        if not text.startswith(closing, end - len(closing)) or end - len(closing) < found.end():
            hint = f"Write {closing} where it ends, and nothing behind it."
            at = found.start() + len(found.group()) - len(found.group().lstrip())
            raise Unreadable(text, at, f"{found.group().strip()!r} is never closed.", hint)
        start, stop = found.end(), end - len(closing)
        block = block or found["name"] in BLOCKS
    return start, stop, block


def _closing(found: re.Match[str]) -> str:
    if found["dollar"]:
        return found["dollar"]
    if found["bracket"]:
        return "\\)" if found["bracket"] == "(" else "\\]"
    return f"\\end{{{found['name']}{found['star']}}}"


def _rows(text: str, start: int, stop: int, names: Names, *, by_line: bool) -> list[Line]:
    """The lines of all rows between two places."""
    lines: list[Line] = []
    latex, rows = is_latex(text), 0
    for first, last in _breaks(text, start, stop, by_line=by_line):
        if not text[first:last].strip():
            continue
        rows += 1
        if rows > ROWS:
            problem = f"A text has at most {ROWS} lines."
            raise Unreadable(text, first, problem, "Split it up.")
        lines += _row(text, first, last, names, latex, bool(lines))
    return lines


def _breaks(text: str, start: int, stop: int, *, by_line: bool) -> list[tuple[int, int]]:
    """Where rows begin and end: at \\\\ outside braces and environments, or at line ends."""
    rows, depth, first = [], 0, start
    for found in _BREAK.finditer(text, start, stop):
        if found["begin"] or found["open"]:
            depth += 1
        elif found["finish"] or found["close"]:
            depth -= 1
        elif depth <= 0 and (found.group().startswith("\\\\") or (found["line"] and by_line)):
            rows.append((first, found.start()))
            first = found.end()
    return [*rows, (first, stop)]


def _row(text: str, first: int, last: int, names: Names, latex: bool, follows: bool) -> list[Line]:
    """The members of one row."""
    depth, kept = 0, []
    for token in tokenize(text, first, last, latex=latex):
        depth += (token.kind == "begin") - (token.kind == "finish")
        if token.kind != "&" or depth:
            kept.append(token)
    note = ""
    while len(kept) > 1 and kept[-2].kind in ("note", ",", ";"):
        note = kept[-2].text if kept[-2].kind == "note" else note
        del kept[-2]
    if len(kept) == 1:
        return []
    return _members(Reader(text, names, kept, latex=latex), follows, note)


def _members(reader: Reader, follows: bool, note: str) -> list[Line]:
    lines: list[Line] = []
    sign = ""
    if reader.token.kind in COMPARISONS:
        if not follows:
            hint = "Write what it is equal to in front of it."
            raise reader.refusal(reader.token, "Nothing stands before this sign.", hint)
        sign = reader.take().kind
    while True:
        place = reader.token.position
        expr = reader.bounded(reader.arithmetic)
        before = reader.peek(-1)
        lines.append(Line(expr, sign, place, before.position + len(before.raw)))
        if reader.token.kind not in COMPARISONS:
            break
        sign = reader.take().kind
    reader.end()
    lines[-1] = Line(expr, lines[-1].sign, place, lines[-1].end, note)
    return lines
