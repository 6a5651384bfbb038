"""A language's words: one file in `templates/languages/`, and how a sentence is found in it.

The file maps English sentences to those of the language.  In both stand slots: `{0}`, `{1}` are
formulas (or lists of them), `{n}`, `{m}` numbers, `{w}` words that are looked up in turn, `{t}`
words that need no translation (a name that was typed), `{s}` one such word; a digit behind the
letter tells slots of one kind apart.  They may come in another order in the language.  Where a
form depends on the number `{n}`, the value is a table of forms by patterns of its digits, the
first that fits: `{"1" = "{n} Punkt", ".*" = "{n} Punkte"}`.

A picture was laid out with its English labels: one that grows too long has a shorter form under
`label: ` and the English words.

A sentence is sought as it stands, then with a small letter first, then without its stop, then in
parts: behind each stop, colon or semicolon, and between the commas of a list of names.

Here only text is known, in which each formula is one private character; what a document is,
stands in `translating`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from symderiv.documents.folders import our_templates
from symderiv.errors import Unknown

ENGLISH: Final = "en"
LABEL: Final = "label: "  # before a sentence that has a shorter form inside of a picture
FIRST: Final = 0xF0000  # the private character of the first formula of a sentence
_FORMULA: Final = "[\U000f0000-\U000ffffd]"
_ANY: Final = "\ufffc"  # in the place of a formula, whichever it is
_LIST: Final = rf"{_FORMULA}(?:(?:, | and | or |, and |, or ){_FORMULA})*"
_NUMBER: Final = r"−?\d+(?:[.,\u202f]\d+)*(?:e[−+]?\d+)?"
_SLOT: Final = re.compile(r"\{(\w+)\}")
_KINDS: Final = {"w": r"(\S(?:.*?\S)?)", "t": r"(\S(?:.*\S)?)", "s": r"(\S+)"}
_JOINED: Final = re.compile(r",? (and|or) ")
_BREAK: Final = re.compile(r"(?<=[.:;?!]) +")
_SENTENCE: Final = re.compile(r"(?<=[.?!]) +")
_MOST: Final = 20_000  # sentences that are remembered

Said: TypeAlias = "str | Mapping[str, str]"
"""A sentence of the language, or its forms by number."""


class _Pattern(NamedTuple):
    """A sentence with slots as an expression, and the names of its slots in their order."""

    form: re.Pattern[str]
    slots: tuple[str, ...]
    said: Said


def languages() -> tuple[str, ...]:
    """The languages that there are, English first."""
    files = sorted((our_templates() / "languages").glob("*.toml"))
    return (ENGLISH, *(file.stem for file in files))


def check_language(language: str) -> str:
    """The language; `Unknown` for one that is not there."""
    known = languages()
    if language in known:
        return language
    spelled = {word.lower(): name for name in known for word in phrasebook(name).names}
    near = get_close_matches(language.lower(), [*known, *spelled], 1)
    meant = f"Did you mean {spelled.get(near[0], near[0])!r}? " if near else ""
    raise Unknown(f"No language {language[:40]!r}. {meant}There are: {', '.join(known)}.")


@lru_cache(maxsize=8)
def phrasebook(language: str) -> Phrasebook:
    """The words of a language that is there."""
    if language == ENGLISH:
        return Phrasebook({"names": ["English"], "words": {}})
    text = (our_templates() / "languages" / f"{language}.toml").read_text(encoding="utf-8")
    return Phrasebook(tomllib.loads(text))


class Phrasebook:
    """The words of one language, as its file tells them."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(told["names"])
        self.babel: str = told.get("babel", "")
        self.date: str = told.get("date", "%Y-%m-%d")
        self.words: Mapping[str, Said] = told["words"]
        self._capital_nouns: bool = told.get("capital_nouns", False)
        self._exact: dict[str, tuple[tuple[str, ...], Said]] = {}
        self._patterns: list[_Pattern] = []
        self._found: dict[str, str | None] = {}
        for english, said in self.words.items():
            self._enter(english, said)
        self._patterns.sort(key=lambda pattern: -len(_SLOT.sub("", pattern.form.pattern)))

    def _enter(self, english: str, said: Said) -> None:
        slots = tuple(_SLOT.findall(english))
        bare = _SLOT.sub("", english)
        if all(slot.isdigit() for slot in slots):
            self._exact[_SLOT.sub(_ANY, english)] = slots, said
        elif {slot[0] for slot in slots} <= {*"0123456789nm"} and not re.search(r"\d", bare):
            signs = _SLOT.sub(lambda slot: _ANY if slot[1].isdigit() else "#", english)
            self._exact[signs] = slots, said
        else:
            form = "".join(map(_expression, re.split(r"(\{\w+\})", english)))
            self._patterns.append(_Pattern(re.compile(form, re.DOTALL), slots, said))

    # --- words of templates ----------------------------------------------------------------

    def said(self, english: str, **slots: object) -> str:
        """A sentence of a template with its slots filled by what is in the language already."""
        filled = {name: str(value) for name, value in slots.items()}
        return _filled(self.words.get(english, english), filled)

    def inside(self, words: str) -> str:
        """A heading as it stands inside a line."""
        return words if self._capital_nouns else words.lower()

    # --- sentences -------------------------------------------------------------------------

    def translated(self, text: str) -> str | None:
        """A sentence, or several, in the language; None where one of them has no translation."""
        if text not in self._found:
            if len(self._found) > _MOST:
                self._found.clear()
            self._found[text] = self._whole(text) or self._parted(text)
        return self._found[text]

    def best(self, text: str) -> tuple[str, list[str]]:
        """The same with each sentence left in English that has no translation, and those."""
        found = self.translated(text)
        if found is not None:
            return found, []
        missing, said = [], []
        for sentence in _SENTENCE.split(text):
            clauses = _BREAK.split(sentence)
            known = [self.translated(clause) for clause in clauses]
            whole = self.translated(sentence)
            said.append(whole or " ".join(k or c for k, c in zip(known, clauses, strict=True)))
            if whole is None and any(known):
                missing += [c for k, c in zip(known, clauses, strict=True) if k is None]
            elif whole is None:
                missing.append(sentence)
        return " ".join(said), missing

    def _parted(self, text: str) -> str | None:
        """A text whose first sentences are known, and the rest in turn."""
        for at in reversed([*_BREAK.finditer(text)]):
            head, rest = self._whole(text[: at.start()]), None
            if head is not None:
                rest = self.translated(text[at.end() :])
            if head is not None and rest is not None:
                return f"{head} {rest}"
        return None

    def _whole(self, text: str) -> str | None:
        """A text that stands in the file: as it is, with a small letter first, without its stop."""
        if not re.search(r"[^\W\d_]", re.sub(_FORMULA, "", text)):
            return text
        found = self._entry(text) or self._by_pattern(text)
        if found is None and text[:1].isupper():
            small = text[:1].lower() + text[1:]
            found = self._entry(small) or self._by_pattern(small)
            if found is not None and found[1:2].isalpha():  # else it begins with a symbol's name
                found = found[:1].upper() + found[1:]
        if found is None and text.endswith((".", ":", ";")):
            found = self._whole(text[:-1])
            return found and found + text[-1]
        return found or self._enumerated(text)

    def _enumerated(self, text: str) -> str | None:
        """Names with commas between them, each of which is known."""
        names = [self._whole(name) for name in text.split(", ")] if ", " in text else []
        return ", ".join(map(str, names)) if names and None not in names else None

    def _entry(self, text: str) -> str | None:
        for kept in (f"({_FORMULA})", f"({_LIST})"):
            signs = re.sub(kept, _ANY, text)
            found = self._exact.get(signs)
            parts = re.findall(kept, text)
            if found is None:
                found = self._exact.get(re.sub(_NUMBER, "#", signs))
                parts = re.findall(f"({kept[1:-1]}|{_NUMBER})", text)
            if found is not None:
                slots, said = found
                return _filled(said, dict(zip(slots, map(self._listed, parts), strict=True)))
        return None

    def _by_pattern(self, text: str) -> str | None:
        for form, slots, said in self._patterns:
            match = form.fullmatch(text)
            if match is None:
                continue
            filled = {s: self._slot(s, part) for s, part in zip(slots, match.groups(), strict=True)}
            if None not in filled.values():
                return _filled(said, filled)  # type: ignore[arg-type]  # none of them is None
        return None

    def _slot(self, slot: str, part: str) -> str | None:
        if slot[0] == "w":
            return self.translated(part)
        if slot[0] in "ts":
            return self.translated(part) or part
        return self._listed(part)

    def _listed(self, part: str) -> str:
        """Formulas with commas and the language's own "and" between them."""
        return _JOINED.sub(lambda word: f" {self.words.get(word[1], word[1])} ", part)


def _expression(piece: str) -> str:
    """A piece of an English sentence as it is recognised."""
    slot = _SLOT.fullmatch(piece)
    if slot is None:
        return re.escape(piece)
    kind = slot[1][0]
    return f"({_LIST})" if kind.isdigit() else _KINDS.get(kind, f"({_NUMBER})")


def _filled(said: Said, slots: Mapping[str, str]) -> str:
    """The sentence, in the form that its number asks for, with its slots filled."""
    if not isinstance(said, str):
        number = slots.get("n", "")
        said = next(form for digits, form in said.items() if re.fullmatch(digits, number))
    return _SLOT.sub(lambda slot: slots.get(slot[1], slot[0]), said)
