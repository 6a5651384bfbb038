"""Where the formulas stand in a written document: it is laid over its own layout.

The layout is the document with a sign in the place of each formula.  What stands between
the signs must stand in the file letter by letter; what stands in their place is given back
as text.  What such a text means is not asked here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from symderiv.language.expressions import Expr
from symderiv.printing.latex import latex

_SIGN: Final = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True)
class Fault:
    """A place where the file does not say what was meant."""

    line: int
    printed: str
    expected: str
    because: str


@dataclass(frozen=True)
class Printed:
    """A formula in a file, and what it should say."""

    line: int
    text: str
    expr: Expr
    marks: Counter[str]


def sign(place: int) -> str:
    """What stands in a layout for the formula with this number."""
    return f"\ue000{place}\ue001"


def fitted(
    lines: Sequence[str],
    layout: Sequence[str],
    meant: Sequence[tuple[Expr, Counter[str]]],
    escaped: bool,
) -> tuple[list[Printed], list[Fault]]:
    """Each formula from where a sign stands in the layout; a line that does not fit is a fault."""
    printed: list[Printed] = []
    faults: list[Fault] = []
    for k, row in enumerate(layout):
        line = lines[k] if k < len(lines) else ""
        pieces = _SIGN.split(row)
        texts = _between(line, pieces[::2])
        wanted = [meant[int(place)] for place in pieces[1::2]]
        if texts is None:
            filled = _SIGN.sub(lambda found: latex(meant[int(found[1])][0]), row)
            faults.append(Fault(k + 1, line, filled, "this line is not that of the document"))
            if len(lines) != len(layout):  # a line is lost or added: the rest cannot be told
                break
            continue
        for text, (expr, marks) in zip(texts, wanted, strict=True):
            found = _unescaped(text) if escaped else text
            if found is None:
                faults.append(Fault(k + 1, text, latex(expr), "this is no text in JSON"))
            else:
                printed.append(Printed(k + 1, found, expr, marks))
    if not faults and len(lines) > len(layout):
        faults.append(Fault(len(layout) + 1, lines[len(layout)], "", "the document has ended"))
    return printed, faults


def _between(line: str, words: Sequence[str]) -> list[str] | None:
    """What stands between these words on a line, each with its braces closed; else None."""
    if not line.startswith(words[0]) or (len(words) == 1 and line != words[0]):
        return None
    texts: list[str] = []
    start = len(words[0])
    for k, word in enumerate(words[1:], 1):
        if k == len(words) - 1:
            end = len(line) - len(word) if line.endswith(word) else -1
        else:
            end = line.find(word, start)
            while end >= 0 and not _balanced(line[start:end]):
                end = line.find(word, end + 1)
        if end < start:
            return None
        texts.append(line[start:end])
        start = end + len(word)
    return texts


def _balanced(text: str) -> bool:
    return text != "" and text.count("{") == text.count("}")


def _unescaped(text: str) -> str | None:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return None
