"""A page in another language: each of its words is looked up once, at the end.

Everything is composed in English; formulas, numbers and whatever an author wrote (`Own`) stay as
they are.  Which fields of a page are words, their annotations say: `Words` and `Prose`.
The sentences themselves stand in `templates/languages/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from symderiv.documents.document import Document, Known, Own, Prose
from symderiv.documents.phrasebook import FIRST, LABEL, check_language, phrasebook
from symderiv.documents.scene import Label
from symderiv.language.expressions import Expr

_Part = TypeVar("_Part")
_SILENT = ("str", "int", "bool", "float", "Expr", "Marks", "Fraction")
_MOST = 0xFFFD  # formulas in one sentence


def translated(
    page: Document, language: str, missing: Callable[[str], None] = lambda _: None
) -> Document:
    """The page in a language; each sentence that has no translation stays, and is told."""
    if check_language(language) == page.language:
        return page
    return _Translator(language, missing).of(page)


class _Translator:
    """One page while it is translated."""

    def __init__(self, language: str, missing: Callable[[str], None]) -> None:
        self.language, self.missing = language, missing
        self.book = phrasebook(language)

    def of(self, part: _Part) -> _Part:
        """A part of a page with all its words, and those of its own parts, in the language."""
        if isinstance(part, tuple) and type(part) is tuple:
            return tuple(map(self.of, part))  # type: ignore[return-value]  # of the same type
        if isinstance(part, Label):
            return replace(part, prose=self._prose(part.prose, LABEL))
        if not is_dataclass(part) or isinstance(part, type):
            return part
        said = {}
        for name, kind, depth in _spoken(type(part)):
            value = getattr(part, name)
            say = self._prose if kind == "Prose" else self._words
            said[name] = self._deep(value, say, depth) if kind else self.of(value)
        if "language" in said:
            said["language"] = self.language
        changed = {name: value for name, value in said.items() if value is not getattr(part, name)}
        return replace(part, **changed) if changed else part

    def _deep(self, value: Any, say: Callable[[Any], Any], depth: int) -> Any:
        if depth == 0:
            return say(value)
        return tuple(self._deep(part, say, depth - 1) for part in value)

    def _words(self, words: str) -> str:
        if isinstance(words, Known):
            return Own(self.book.translated(words) or words)
        return words if isinstance(words, Own) else self._said(words)

    def _prose(self, prose: Prose, kind: str = "") -> Prose:
        """Words and formulas, the latter perhaps in another order."""
        prose = tuple(self._words(part) if isinstance(part, Known) else part for part in prose)
        opaque = [part for part in prose if isinstance(part, (Own, Expr))]
        if not any(_is_spoken(part) for part in prose) or len(opaque) > _MOST:
            return prose
        signs = iter(range(FIRST, FIRST + len(opaque)))
        text = "".join(chr(next(signs)) if isinstance(p, (Own, Expr)) else str(p) for p in prose)
        pieces = re.split("([\U000f0000-\U000ffffd])", self._said(text, kind))
        return tuple(opaque[ord(p) - FIRST] if k % 2 else p for k, p in enumerate(pieces) if p)

    def _said(self, text: str, kind: str = "") -> str:
        bare = text.strip()
        if not bare:
            return text
        short = self.book.translated(kind + bare) if kind else None
        found, missing = (short, []) if short else self.book.best(bare)
        for sentence in missing:
            self.missing(slotted(sentence))
        start = len(text) - len(text.lstrip())
        return text[:start] + found + text[start + len(bare) :]


def slotted(sentence: str) -> str:
    """A sentence as it is written in a language's file, its formulas as slots."""
    found = iter(range(len(sentence)))
    return re.sub("[\U000f0000-\U000ffffd]", lambda _: f"{{{next(found)}}}", sentence)


def _is_spoken(part: object) -> bool:
    return isinstance(part, str) and not isinstance(part, Own) and any(ch.isalpha() for ch in part)


@lru_cache(maxsize=64)
def _spoken(kind: type) -> tuple[tuple[str, str, int], ...]:
    """The fields that hold words (`Words`, `Prose`), and how deep in tuples; `""` for parts."""
    found = []
    for field in fields(kind):
        spelled = str(field.type)
        word = re.search(r"\b(Words|Prose)\b", spelled)
        if word is not None:
            found.append((field.name, word[1], spelled[: word.start()].count("tuple[")))
        elif field.name == "language" or spelled not in _SILENT:
            found.append((field.name, "", 0))
    return tuple(found)
