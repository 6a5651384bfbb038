"""What stands in a TOML table, each value of its kind, or a sentence that says of which kind.

Numbers keep the digits that were typed, and are of moderate size: a file cannot ask for a power
of ten with a billion digits.  What the keys mean for a network stands in `specification`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from symderiv.errors import Mistake

T = TypeVar("T")
Table: TypeAlias = Mapping[str, Any]

_LONGEST = 4_000_000  # characters of a file
_LONGEST_NUMBER = 80  # characters
_LARGEST = 300  # digits before or after the point: what a float holds, for drawing
_LONGEST_QUOTE = 60  # characters of a value that is quoted in a message


def read_text(path: Path) -> str:
    """The text of a file; `Mistake` where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST + 1).decode()
    except (OSError, ValueError) as error:  # a name with a null character is a ValueError too
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise Mistake(f"{path} cannot be read: {reason}.") from error


def parsed(text: str) -> Table:
    """The tables of a TOML text."""
    if len(text) > _LONGEST:
        raise Mistake(f"A network's file has at most {_LONGEST:,} characters.")
    try:
        return tomllib.loads(text, parse_float=_typed)
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"This is no TOML: {error}.") from error
    except ValueError as error:
        raise Mistake("A whole number in the file has thousands of digits.") from error
    except RecursionError as error:
        raise Mistake("Brackets in the file are nested too deeply.") from error


def only(table: Table, keys: Sequence[str], place: str) -> None:
    """Refuse a key that means nothing here, with the nearest that does."""
    for key in table:
        if key not in keys:
            raise Mistake(f"{place} has no {key[:_LONGEST_QUOTE]!r}.{nearest(key, keys)}")


def nearest(word: str, words: Iterable[str]) -> str:
    """Which of `words` may have been meant, as a sentence with a space before it."""
    known = [*words]
    near = get_close_matches(word, known, 1)
    return f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(known[:12])}."


def subtable(table: Table, key: str) -> Table:
    """The table under `key`, empty where there is none."""
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise Mistake(f"Write [{key}] as a table.")
    return found


# --- single values ---------------------------------------------------------------------------


def string(value: Any, key: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Mistake(f"{key} is a text in quotes, not {_quoted(value)}.")
    return value


def one_of(table: Table, key: str, choices: Sequence[str]) -> str:
    """One of a few words, the first where nothing is said."""
    word = string(table.get(key, choices[0]), key)
    if word not in choices:
        raise Mistake(f"{key} is {' or '.join(map(repr, choices))}, not {word!r}.")
    return word


def truth(value: Any, key: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Mistake(f"{key} is true or false, not {_quoted(value)}.")
    return value


def whole(value: Any, key: str) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Mistake(f"{key} is a whole number, not {_quoted(value)}.")
    return value


def decimal(value: Any, key: str) -> Fraction:
    """A number with the digits that were typed."""
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise Mistake(f"{key} holds {_quoted(value)}, which is no number.")
    number = Fraction(value)
    return number if abs(number) < 10**_LARGEST else _too_much(str(value))


def _typed(text: str) -> Fraction:
    """A number with a point or an exponent: 0.1 is one tenth."""
    if "n" in text:  # inf, nan
        raise Mistake(f"{text} is no finite number.")
    try:
        exponent = Decimal(text).adjusted() if len(text) <= _LONGEST_NUMBER else _LARGEST
    except ArithmeticError:  # an exponent beyond what Decimal holds
        exponent = _LARGEST
    return Fraction(text) if abs(exponent) < _LARGEST else _too_much(text)


def _too_much(text: str) -> Fraction:
    shown = text if len(text) <= 24 else f"{text[:20]}…"
    raise Mistake(
        f"The number {shown} is too much: write at most {_LONGEST_NUMBER} characters, and keep "
        f"its size between 10^-{_LARGEST} and 10^{_LARGEST}."
    )


def _quoted(value: Any) -> str:
    """A value of another kind as it may have been written."""
    match value:
        case bool():
            return str(value).lower()
        case Fraction():
            return f"{float(value):g}"
        case dict():
            return "a table"
        case list():
            return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


# --- lists -------------------------------------------------------------------------------------


def entries(value: Any, key: str, entry: Callable[[Any, str], T]) -> list[T]:
    """A list whose entries are all of one kind."""
    if not isinstance(value, list):
        raise Mistake(f"{key} is a list in square brackets, not {_quoted(value)}.")
    return [entry(item, key) for item in value]


def vector(value: Any, key: str) -> list[Fraction]:
    """A list of numbers."""
    return entries(value, key, decimal)


def grid(value: Any, key: str) -> list[list[Fraction]]:
    """A list of rows of one length."""
    rows = entries(value, key, vector)
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise Mistake(f"The rows of {key} have different lengths: {sorted(widths)}.")
    return rows
