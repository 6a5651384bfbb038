r"""Struck, boxed and coloured parts show through: `\cancel{x} y` is read as x y.

Here belongs which of these commands can be left out without changing what is read: those
around one factor, around all between two brackets, or around a term with its sign.  The
others, `2\cancel{a + b}`, stay: TeX shows no brackets there, and the reader asks.
"""

from __future__ import annotations

from symderiv.reading.beside import BEFORE_GROUP, BEHIND_GROUP, Beside


def without_marks(reader: Beside) -> None:
    """Leave out of a reader's tokens the marks that change nothing."""
    dropped: set[int] = set()
    marks = [number for number, token in enumerate(reader.tokens) if token.kind == "shown"]
    for mark in marks:
        closing = reader.partner(mark + 1)
        if reader.tokens[mark + 1].kind == "{" and reader.tokens[closing].kind == "}":
            dropped |= _dropped(reader, mark, closing)
    if dropped:
        kept = [token for number, token in enumerate(reader.tokens) if number not in dropped]
        reader.replace_tokens(kept)


def _dropped(reader: Beside, mark: int, closing: int) -> set[int]:
    """The numbers of the tokens of one mark that can be left out."""
    tokens, first = reader.tokens, mark + 2
    shell = {mark, mark + 1, closing}
    if _is_signed(reader, mark):
        return shell | {first, first + 1}  # \\cancel{{} - z}
    signed = tokens[first].kind in ("+", "-") and _is_in_index(reader, mark)
    raised = tokens[closing + 1].kind in ("^", "_", "raised", "primes")
    if reader.after(first + signed) >= closing or not (raised or _is_sum(reader, first, closing)):
        return shell
    before, behind = mark - 1, closing + 1
    while before > 0 and tokens[before].kind == "{" and tokens[before - 1].kind == "shown":
        before -= 2
    while tokens[behind].kind == "}" and tokens[_opening(reader, behind) - 1].kind == "shown":
        behind += 1
    free = before < 0 or tokens[before].kind in BEFORE_GROUP or tokens[before].text == "if"
    while [token.kind for token in tokens[behind : behind + 3]] == ["shown", "{", "shown"]:
        behind += 2
    ends = tokens[behind].kind in BEHIND_GROUP or _is_signed(reader, behind)
    return shell if free and ends else set()


def _is_signed(reader: Beside, mark: int) -> bool:
    """Whether a mark stands here that holds a term with its sign, `\\cancel{{} - z}`."""
    kinds = [token.kind for token in reader.tokens[mark : mark + 4]]
    return kinds == ["shown", "{", "{", "}"]


def _is_in_index(reader: Beside, number: int) -> bool:
    """Whether a token stands in the braces of an index, `x_{i\\cancel{+1}}`."""
    for opening in range(number, 0, -1):
        if reader.tokens[opening].kind == "{" and reader.partner(opening) > number:
            before = reader.tokens[opening - 1].kind
            if before != "shown":
                return before == "_"
    return False


def _is_sum(reader: Beside, first: int, behind: int) -> bool:
    """Whether a plus or minus stands between these tokens, outside of brackets."""
    at = first
    while at < behind:
        if reader.tokens[at].kind in ("+", "-"):
            return True
        at = reader.after(at)
    return False


def _opening(reader: Beside, closing: int) -> int:
    """The number of the brace that a closing brace closes; 0 for none."""
    return next((n for n in range(closing) if reader.partner(n) == closing), 0)
