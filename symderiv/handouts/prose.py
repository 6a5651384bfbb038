"""A teacher's words: paragraphs, in which what stands between dollar signs is a formula.

A formula goes through our reader and is printed from our tree; everything else is words, and
escaped like all words.  Nothing of Markdown, HTML or LaTeX is understood outside of `$…$`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from symderiv.documents.document import Own, Prose
from symderiv.errors import Mistake, Unreadable
from symderiv.handouts.located import Path, Table
from symderiv.language.expressions import Expr

_PIECES = re.compile(r"\\\$|\$\$?|[^$\\]+|\\")
_MOST = 200_000  # characters of one text


def paragraphs(table: Table, key: str, read: Callable[[str], Expr]) -> tuple[Prose, ...]:
    """The paragraphs of a text, with their formulas read."""
    text = table.string(key)
    if len(text) > _MOST:
        raise table.fail(key, f"{key} has at most {_MOST:,} characters.")
    found, start = [], 0
    for piece in re.split(r"(\n[ \t]*\n\s*)", text):
        if piece.strip():
            found.append(tuple(_prose(piece, start, table, (key,), read)))
        start += len(piece)
    return tuple(found)


def _prose(
    text: str, start: int, table: Table, key: Path, read: Callable[[str], Expr]
) -> Iterator[str | Expr]:
    """Words and formulas; `start` is where the text begins in the value."""
    words, at, opened = "", len(text) - len(text.lstrip()), -1
    text = text.rstrip()
    while at < len(text):
        match = _PIECES.match(text, at)
        assert match is not None  # noqa: S101 (every letter is matched by one of the pieces)
        piece, at = match[0], match.end()
        if piece in ("$", "$$"):
            opened = match.start()
            end = text.find(piece, at)
            if end < 0:
                hint = "A formula stands between two of them; write \\$ for the sign itself."
                raise table.fail(key, "This dollar sign has no partner.", hint, start + opened)
            if words:
                yield Own(words)
            words = ""
            yield _formula(text[at:end], start + at, table, key, read)
            at = end + len(piece)
        else:
            words += "$" if piece == "\\$" else piece
    if words:
        yield Own(words)


def _formula(text: str, start: int, table: Table, key: Path, read: Callable[[str], Expr]) -> Expr:
    try:
        return read(text)
    except Unreadable as error:
        raise table.fail(key, error.problem, error.hint, start + error.position) from error
    except Mistake as error:
        raise table.fail(key, str(error), "", start) from error
