"""The notation of a handout: primes or Leibniz's d, brackets around layers, entries or matrices.

Three choices that an author makes once, each by one word, in any order.  How a choice is
printed is decided in `printing` and `documents`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from symderiv.documents.document import NOTATIONS
from symderiv.handouts.located import Table, meant, quoted
from symderiv.printing.glyphs import LAYER_BRACKETS

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "derivatives": NOTATIONS,
    "layers": LAYER_BRACKETS,
    "gradients": ("index", "matrix"),
}


@dataclass(frozen=True)
class Notation:
    """What the words of a file chose; empty where nothing was said.

    `derivatives`: `leibniz` or `prime`; `layers`: the brackets around a layer's number;
    `gradients`: a network by `index` or by `matrix`, both where nothing was said.
    """

    derivatives: str = ""
    layers: str = ""
    gradients: str = ""


def read_notation(table: Table, key: str = "notation") -> Notation:
    """One word, or a list of several: `"prime"`, `["prime", "[]"]`."""
    said = table.values.get(key, [])
    words = said if isinstance(said, list) else [said]
    found: dict[str, str] = {}
    for number, word in enumerate(words):
        place = (key, number) if isinstance(said, list) else key
        choice = _choice_of(word)
        if choice is None:
            known = [w for words in _CHOICES.values() for w in words]
            raise table.fail(place, f"{key} cannot be {quoted(word)}.", meant(str(word), known))
        if found.setdefault(choice, word) != word:
            raise table.fail(place, f"{key} is {found[choice]!r} or {word!r}, not both.")
    return Notation(**found)


def _choice_of(word: object) -> str | None:
    choices: Iterable[tuple[str, tuple[str, ...]]] = _CHOICES.items()
    return next((choice for choice, words in choices if word in words), None)
