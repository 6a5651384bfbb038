"""What a person typed and where: values of a file with their line and column.

A mistake is told with the file, the line as it was typed, a caret and what was meant.  What the
keys mean stands in `specification`; how a file becomes such tables in `toml` and `markdown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, TypeAlias

from symderiv.errors import Mistake, Unreadable

Path: TypeAlias = "tuple[str | int, ...]"
"""The keys that lead to a value: `("section", 0, "where", "x")`."""

_LONGEST = 100  # characters of a line that is shown
_UNSEEN = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, and blanks on the page


@dataclass(frozen=True)
class Spot:
    """Where a key and its value begin: index into the text.

    `verbatim` says that the value's letters stand there one by one.
    """

    key: int
    value: int
    verbatim: bool = False


@dataclass(frozen=True)
class Source:
    """A file: its name and what stands in it."""

    name: str
    text: str

    def mistake(self, position: int, problem: str, hint: str = "") -> Mistake:
        """What is wrong at a place of the file, with its line and a caret."""
        position = min(max(position, 0), len(self.text))
        begin = self.text.rfind("\n", 0, position) + 1
        number = self.text.count("\n", 0, begin) + 1
        line = self.text[begin:].split("\n", 1)[0].rstrip("\r")
        column = min(position - begin, len(line))
        cut = max(0, column - _LONGEST // 2)
        shown = "".join(
            ch if ch.isprintable() and ch not in _UNSEEN else " " if ch == "\t" else "·"
            for ch in line[cut : cut + _LONGEST]
        )
        tail = f"\n{hint}" if hint else ""
        caret = " " * (column - cut)
        return Mistake(f"{self.name}, line {number}: {problem}\n  {shown}\n  {caret}^{tail}")


@dataclass(frozen=True)
class Table:
    """A table of a file; `what` is how it is named in a sentence."""

    source: Source
    values: Mapping[str, Any]
    spots: Mapping[Path, Spot]
    path: Path
    what: str

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def fail(
        self, key: str | Path, problem: str, hint: str = "", offset: int | None = None
    ) -> Mistake:
        """A mistake at a value; at a letter of it where it stands as it was typed."""
        path: Path = (key,) if isinstance(key, str) else key
        spot = self.spot(path)
        if offset is not None and spot.verbatim:
            return self.source.mistake(spot.value + offset, problem, hint)
        return self.source.mistake(spot.value, problem, hint)

    def spot(self, path: Path) -> Spot:
        """Where a value stands, or the nearest thing around it of which that is known."""
        full = (*self.path, *path)
        for length in range(len(full), -1, -1):
            if full[:length] in self.spots:
                return self.spots[full[:length]]
        return Spot(0, 0)

    def told(self, mistake: Mistake, keys: Iterator[Path] | Sequence[Path]) -> Mistake:
        """A mistake of ours as one of the file: at the letter where it is, as far as is known."""
        listed = list(keys)
        if isinstance(mistake, Unreadable):
            for key in listed:
                if self._at(key) == mistake.text:
                    return self.fail(key, mistake.problem, mistake.hint, mistake.position)
        return self.fail(listed[0] if listed else (), str(mistake))

    def _at(self, path: Path) -> Any:
        value: Any = self.values
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    # --- what there may be -----------------------------------------------------------------

    def only(self, keys: Sequence[str]) -> None:
        """Refuse a key that means nothing here, with the nearest that does."""
        for key in self.values:
            if key not in keys:
                spot = self.spots.get((*self.path, key)) or self.spot((key,))
                known = ", ".join(keys)
                near = get_close_matches(key, keys, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"There are: {known}."
                problem = f"{self.what} has no {key[:60]!r}."
                raise self.source.mistake(spot.key, problem[:1].upper() + problem[1:], hint)

    def string(self, key: str, default: str = "") -> str:
        """A text."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.fail(key, f"{key} is a text in quotes, not {quoted(value)}.")
        return value

    def one_of(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of a few words."""
        word = self.string(key, default)
        if word not in choices:
            raise self.fail(key, f"{key} cannot be {word[:60]!r}.", meant(word, choices))
        return word

    def truth(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, f"{key} is true or false, not {quoted(value)}.")
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number between two bounds."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(key, f"{key} is a whole number, not {quoted(value)}.")
        if not low <= value <= high:
            raise self.fail(key, f"{key} lies between {low} and {high}.")
        return value

    def number(self, key: str, default: Fraction, low: int, high: int) -> Fraction:
        """A number between two bounds, with the digits that were typed."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
            raise self.fail(key, f"{key} is a number, not {quoted(value)}.")
        if not low <= value <= high:
            raise self.fail(key, f"{key} lies between {low} and {high}.")
        return Fraction(value)

    def texts(self, key: str) -> dict[str, str]:
        """A table of texts; a number may stand without quotes."""
        table = self.table(key)
        found = {}
        for name, value in table.values.items():
            if isinstance(value, bool) or not isinstance(value, (str, int, Fraction)):
                raise table.fail(name, f"{name} is a text in quotes, not {quoted(value)}.")
            found[name] = value if isinstance(value, str) else spelled(value)
        return found

    def table(self, key: str) -> Table:
        """The table under a key, empty where there is none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, f"{key} is a table, such as {{x = ...}}, not {quoted(value)}.")
        return Table(self.source, value, self.spots, (*self.path, key), key)

    def list_of(self, key: str, read: Callable[[Table, int, Any], Any]) -> list[Any]:
        """The entries of a list, each read by `read(table, number, value)`."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, f"{key} is a list in square brackets, not {quoted(value)}.")
        return [read(self, k, entry) for k, entry in enumerate(value)]

    def inner(self, key: str, number: int, what: str) -> Table:
        """The table that is an entry of a list."""
        value = self.values[key][number]
        if not isinstance(value, dict):
            raise self.fail((key, number), f"{what} is a table, not {quoted(value)}.")
        return Table(self.source, value, self.spots, (*self.path, key, number), what)


def spelled(value: int | Fraction) -> str:
    """A number as it is typed: a fraction of TOML has a decimal that ends."""
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    digits = next(k for k in range(1, 400) if (value * 10**k).denominator == 1)
    whole, rest = divmod(abs(int(value * 10**digits)), 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{digits}d}"


def meant(word: str, choices: Sequence[str]) -> str:
    """Which of `choices` may have been meant, as a sentence."""
    near = get_close_matches(word, choices, 1)
    return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(choices)}."


def quoted(value: Any) -> str:
    """A value of another kind as it may have been written."""
    match value:
        case bool():
            return str(value).lower()
        case Fraction():
            return spelled(value)
        case dict():
            return "a table"
        case list():
            return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
