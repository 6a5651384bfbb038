"""A handout as Markdown: headings, paragraphs, and fences that say what is to be derived.

Between `---` lines at the top stand `key: value` lines, `# …` is the title and `## …` begins a
section; a fence ```` ```derivation ```` or ```` ```exercise ```` holds `key: value` lines, and
```` ```parameters ```` says what is drawn.  The result is the table that the same handout has
as TOML; no other Markdown is understood, and what stands in a paragraph is words and `$…$`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symderiv.handouts.located import Path, Source, Spot, Table, meant

FENCES = ("derivation", "exercise", "parameters")
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?")
_TABLES = ("where", "given", "values", "marks")
_LISTS = ("show",)
_PAIR = re.compile(r"\s*([^<>=!;]+?)\s*(>=|<=|!=|[=<>])\s*(.*)", re.DOTALL)
_KEY = re.compile(r"\s*([A-Za-z_]\w*)\s*:\s*(.*)")


def read_markdown(source: Source, what: str) -> Table:
    """The tables of a handout that is written as Markdown."""
    reader = _Reader(source)
    reader.read()
    return Table(source, reader.values, reader.spots, (), what)


@dataclass
class _Reader:
    """What has been read so far: the values, and where each of them stands."""

    source: Source
    values: dict[str, Any] = field(default_factory=dict)
    spots: dict[Path, Spot] = field(default_factory=dict)

    def read(self) -> None:
        rows = list(_rows(self.source.text))
        k = self._front(rows)
        while k < len(rows):
            start, line = rows[k]
            if re.match(r"(```|~~~)", line):
                k = self._fence(rows, k)
            elif line.startswith("## "):
                self._section(start)["title"] = line[3:].strip()
                self.spots[(*self._path(), "title")] = Spot(start, start + 3, True)
                k += 1
            elif line.startswith("# "):
                self._title(start, line[2:].strip())
                k += 1
            elif line.strip():
                k = self._text(rows, k)
            else:
                k += 1

    def _title(self, start: int, title: str) -> None:
        if "title" in self.values:
            raise self.source.mistake(start, "The title is written twice.", "A section has ##.")
        self.values["title"] = title
        self.spots["title",] = Spot(start, start + 2, True)

    # --- sections --------------------------------------------------------------------------

    def _section(self, start: int) -> dict[str, Any]:
        sections = self.values.setdefault("section", [])
        sections.append({})
        self.spots[self._path()] = Spot(start, start)
        found: dict[str, Any] = sections[-1]
        return found

    def _path(self) -> Path:
        return ("section", len(self.values["section"]) - 1)

    def _open(self, start: int, taken: tuple[str, ...]) -> dict[str, Any]:
        """The section that is being written, or a new one where it has such a thing already."""
        sections = self.values.get("section")
        if not sections or any(key in sections[-1] for key in taken):
            return self._section(start)
        found: dict[str, Any] = sections[-1]
        return found

    def _text(self, rows: list[tuple[int, str]], k: int) -> int:
        """Paragraphs up to the next heading or fence, letter by letter."""
        start = end = rows[k][0]
        while k < len(rows) and not re.match(r"(```|~~~|#{1,2} )", rows[k][1]):
            if rows[k][1].strip():
                end = rows[k][0] + len(rows[k][1])
            k += 1
        section = self._open(start, ("text", "derive", "function", "network", "exercise"))
        section["text"] = self.source.text[start:end]
        self.spots[(*self._path(), "text")] = Spot(start, start, True)
        return k

    # --- fences ----------------------------------------------------------------------------

    def _fence(self, rows: list[tuple[int, str]], k: int) -> int:
        start, line = rows[k]
        mark, name = line[:3], line.strip("`~ \t")
        if name not in FENCES:
            raise self.source.mistake(start + 3, f"No fence {name[:40]!r}.", meant(name, FENCES))
        end = next((j for j in range(k + 1, len(rows)) if rows[j][1].startswith(mark)), None)
        if end is None:
            raise self.source.mistake(start, "This fence is not closed.", f"Write {mark} below.")
        inner = rows[k + 1 : end]
        if name == "parameters":
            self._lines(inner, self.values.setdefault("parameters", {}), ("parameters",))
        elif name == "exercise":
            self._exercise(start, inner)
        else:
            section = self._open(start, ("derive", "function", "network", "exercise"))
            self._lines(inner, section, self._path())
        return end + 1

    def _exercise(self, start: int, inner: list[tuple[int, str]]) -> None:
        entries = self._open(start, ()).setdefault("exercise", [])
        path: Path = (*self._path(), "exercise", len(entries))
        entries.append({})
        self.spots[path] = Spot(start, start)
        self._lines(inner, entries[-1], path)

    def _front(self, rows: list[tuple[int, str]]) -> int:
        """The lines between `---` at the top; the number of the first row after them."""
        if not rows or rows[0][1].strip() != "---":
            return 0
        end = next((j for j in range(1, len(rows)) if rows[j][1].strip() == "---"), None)
        if end is None:
            raise self.source.mistake(0, "The lines at the top are not closed.", "Write --- below.")
        self._lines(rows[1:end], self.values, ())
        return end + 1

    def _lines(self, rows: list[tuple[int, str]], into: dict[str, Any], path: Path) -> None:
        """`key: value` lines; a line with more on the left goes on with the value before."""
        for start, line in rows:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            match = _KEY.fullmatch(line)
            if match is None:
                hint = "Write a key, a colon and its value: derive: x^2*sin(x)"
                raise self.source.mistake(start, "This line has no key.", hint)
            key, written = match[1], match[2].strip()
            spot = Spot(start + match.start(1), start + match.start(2), True)
            if key in into:
                raise self.source.mistake(spot.key, f"{key} is written twice.")
            self.spots[(*path, key)] = spot
            into[key] = self._value(key, written, (*path, key), spot)

    def _value(self, key: str, written: str, path: Path, spot: Spot) -> Any:
        if key in _LISTS:
            return [word.strip() for word in written.split(",") if word.strip()]
        if key in _TABLES and not (key == "marks" and "=" not in written):
            return self._table(key, written, path, spot)
        if _NUMBER.fullmatch(written) and path[0] != "parameters" and key not in _WORDS:
            return int(written) if "." not in written else Fraction(written)
        return {"true": True, "false": False}.get(written, written)

    def _table(self, key: str, written: str, path: Path, spot: Spot) -> dict[str, Any]:
        """`x > 0; y = (0, 1)` as a table."""
        found: dict[str, Any] = {}
        begin = spot.value
        for piece in written.split(";"):
            match = _PAIR.fullmatch(piece)
            if match is None:
                hint = f"Such as {key}: " + {"marks": "answer = 1; product rule = 2"}.get(
                    key, "x > 0; y = (0, 1)" if key == "where" else "a = x + 1; b = 2*a"
                )
                raise self.source.mistake(begin, f"{key} takes names and what they are.", hint)
            name, sign, rest = match.groups()
            value = (rest if sign == "=" else f"{sign} {rest}").strip()
            self.spots[(*path, name)] = Spot(
                begin + match.start(1), begin + match.start(3), sign == "="
            )
            number = key in ("marks", "values") and _NUMBER.fullmatch(value)
            found[name] = (int(value) if "." not in value else Fraction(value)) if number else value
            begin += len(piece) + 1
        return found


_WORDS = ("title", "course", "author", "date", "derive", "wrt", "of", "text", "note")
"""What is a text, though it may look like a number."""


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the index at which it begins."""
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1
