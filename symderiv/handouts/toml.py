"""Where things stand in a TOML file: tomllib reads the values, this finds their places.

The text has been accepted by tomllib before, so that the walk over it need not look for
mistakes; it never decides what a value is.
"""

from __future__ import annotations

import re
import tomllib

from symderiv.deriving.networks.tables import parsed
from symderiv.errors import Mistake
from symderiv.handouts.located import Path, Source, Spot, Table

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)
_PLAIN = re.compile(r"[^,\]\}\n#]*")


def read_toml(source: Source, what: str) -> Table:
    """The tables of a TOML file; `Mistake` with the line where it is none."""
    try:
        values = parsed(source.text)
    except Mistake as mistake:
        cause = mistake.__cause__
        place = re.search(r"line (\d+), column (\d+)", str(cause))
        if isinstance(cause, tomllib.TOMLDecodeError):
            said = re.sub(r" \(at .*\)$", "", str(cause)).rstrip(".")
            raise source.mistake(_position(source.text, place), f"This is no TOML: {said}.") from (
                mistake
            )
        raise Mistake(f"{source.name}: {mistake}") from mistake
    return Table(source, values, _Walk(source.text).spots(), (), what)


def _position(text: str, place: re.Match[str] | None) -> int:
    """The index of a line and a column; the end where tomllib names none."""
    if place is None:
        return len(text.rstrip())
    line, column = int(place[1]), int(place[2])
    begin = sum(len(row) for row in text.splitlines(keepends=True)[: line - 1])
    return begin + column - 1


class _Walk:
    """One walk over the text of a TOML file, statement by statement."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Path, Spot] = {}
        self.rows: dict[Path, int] = {}  # how many tables each [[list]] has so far

    def spots(self) -> dict[Path, Spot]:
        """Where each key and its value begin."""
        base: Path = ()
        while self._skip(_BLANK) < len(self.text):
            start = self.at
            if self.text.startswith("[[", start):
                base = self._header(2)
                self.rows[base] = self.rows.get(base, -1) + 1
                base = (*base, self.rows[base])
                self.found[base] = Spot(start, start)
            elif self.text.startswith("[", start):
                base = self._header(1)
                self.found[base] = Spot(start, start)
            else:
                self._pair(base)
            if self.at == start:  # never for what tomllib accepts
                break
        return self.found

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _header(self, brackets: int) -> Path:
        """The path of a header; the name of a list of tables means its last one."""
        self.at += brackets
        path: Path = ()
        for key in self._keys():
            path = (*path, self.rows[path]) if path in self.rows else path
            path = (*path, key)
        self.at += brackets
        if brackets == 1 and path in self.rows:
            return (*path, self.rows[path])
        return path

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] in ('"', "'"):
                start, end = self.at, self._string()
                keys.append(self.text[start + 1 : end - 1])
            else:
                start = self.at
                keys.append(self.text[start : self._skip(_BARE)])
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] != ".":
                return keys
            self.at += 1

    def _string(self) -> int:
        for pattern in _STRINGS:
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                break
        else:  # never for what tomllib accepts
            self.at += 1
        return self.at

    def _pair(self, base: Path) -> None:
        start = self.at
        path = (*base, *self._keys())
        self._skip(_SPACE)
        self.at += 1  # the sign of equality
        self._skip(_SPACE)
        self._value(path, start)

    def _value(self, path: Path, key: int) -> None:
        start, sign = self.at, self.text[self.at : self.at + 1]
        if sign == "[":
            self.found[path] = Spot(key, start)
            self._entries(path)
        elif sign == "{":
            self.found[path] = Spot(key, start)
            self._inline(path)
        elif sign and sign in "\"'":
            end = self._string()
            self.found[path] = _string_spot(self.text[start:end], key, start)
        else:
            self.found[path] = Spot(key, start)
            self._skip(_PLAIN)

    def _entries(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self._skip(_BLANK) < len(self.text) and self.text[self.at] != "]":
            self._value((*path, number), self.at)
            number += 1
            if self._skip(_BLANK) < len(self.text) and self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._skip(_BLANK) < len(self.text) and self.text[self.at] != "}":
            self._pair(path)
            if self._skip(_BLANK) < len(self.text) and self.text[self.at] == ",":
                self.at += 1
        self.at += 1


def _string_spot(written: str, key: int, start: int) -> Spot:
    """Where the letters of a text begin; one with escapes is not there letter by letter."""
    if written.startswith(("'''", '"""')):
        opened = 3 + (written[3:4] == "\n")
        return Spot(key, start + opened, "\\" not in written or written[0] == "'")
    return Spot(key, start + 1, "\\" not in written or written[0] == "'")
