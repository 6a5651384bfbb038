"""Pieces between marker comments of a Markdown file: `<!-- symderiv: sigmoid -->`.

The file stays what its author wrote; only what stands between the two comments is ours, and it
is the same however often it is put there.  Nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from symderiv.errors import Mistake
from symderiv.sites.pieces import GITHUB, Site, anchor, pieces
from symderiv.sites.wishes import Misasked, read_line

_OPEN: Final = re.compile(r" {0,3}<!--\s*symderiv:\s*(?P<asked>.*?)\s*-->\s*")
_CLOSE: Final = re.compile(r" {0,3}<!--\s*/\s*symderiv\s*-->\s*")
_ALIKE: Final = re.compile(r" {0,3}<!--\s*/?\s*symderiv\b")
_FENCE: Final = re.compile(r"\s*(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)")
_SAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LARGEST: Final = 10_000_000  # bytes of a file


@dataclass
class Injected:
    """What a file is with its pieces in place, and the pictures beside it."""

    path: Path
    before: str
    after: str = ""
    pictures: dict[str, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    def changes(self) -> Iterator[tuple[Path, str]]:
        """The files that are not what they would be, with their new text."""
        if self.after != self.before:
            yield self.path, self.after
        for name, text in self.pictures.items():
            path = self.path.parent / name
            if not path.is_file() or path.read_bytes() != text.encode():
                yield path, text


def injected(path: Path, form: tuple[str, str] = GITHUB, site: Site = Site()) -> Injected:  # noqa: B008 (frozen)
    """The file with each piece between its markers; its mistakes are told with file and line."""
    found = Injected(path, _text(path))
    ends = "\r\n" if "\r\n" in found.before else "\n"
    lines = found.before.replace("\r\n", "\n").split("\n")
    found.after = ends.join(_lines(lines, found, form, site))
    return found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise Mistake(f"{path} is too large for a page: {path.stat().st_size} bytes.")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Mistake(f"{path} is no text in UTF-8.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Mistake(f"{path} cannot be read: {reason}.") from error


def _lines(lines: list[str], found: Injected, form: tuple[str, str], site: Site) -> Iterator[str]:
    """The lines of a page, those between markers made anew; code is left alone."""
    taken: set[str] = set()
    k, fence = 0, ""
    while k < len(lines):
        line, fence = lines[k], _fence(lines[k], fence)
        yield line
        k, begun = k + 1, k + 1
        if fence or not _ALIKE.match(line):
            continue
        try:
            asked, end = _marked(lines, k - 1)
            k = end + 1
            indent = line[: len(line) - len(line.lstrip())]  # of a list's item, which holds it
            made = _made(asked, found, (form, site), taken)
            yield from (indent + text if text else text for text in made)
            yield lines[end]
        except Misasked as mistake:
            found.mistakes.append(f"{found.path}:{begun}: {mistake}")


def _fence(line: str, fence: str) -> str:
    """The fence that is open behind this line; empty where none is."""
    seen = _FENCE.fullmatch(line)
    if seen is None:
        return fence
    if not fence:
        return seen["fence"]
    closes = seen["fence"].startswith(fence) and not seen["info"].strip()
    return "" if closes else fence


def _marked(lines: list[str], at: int) -> tuple[str, int]:
    """What the marker on a line asks for, and the line that closes it; `Misasked` without one."""
    opened = _OPEN.fullmatch(lines[at])
    if _CLOSE.fullmatch(lines[at]):
        raise Misasked("This closes a piece that was never opened.")
    if opened is None:
        raise Misasked("A marker is `<!-- symderiv: sigmoid -->`, on one line by itself.")
    for k in range(at + 1, len(lines)):
        if _CLOSE.fullmatch(lines[k]):
            return opened["asked"], k
        if _OPEN.fullmatch(lines[k]):
            break
    raise Misasked("Below this marker stands no `<!-- /symderiv -->`.")


def _made(
    asked: str, found: Injected, how: tuple[tuple[str, str], Site], taken: set[str]
) -> Iterator[str]:
    form, site = how
    wish = read_line(asked)
    texts = pieces(wish, {"piece": form}, site, taken)
    taken.add(anchor(wish, taken))
    text = texts.pop("piece")
    for name, picture in texts.items():
        own = f"{_SAFE.sub('-', found.path.stem)}-{name}"  # pages of one folder share no picture
        found.pictures[own] = picture
        text = text.replace(f"({name})", f"({own})")
    yield from ("", *text.strip("\n").split("\n"), "")


def shared_pictures(pages: Iterable[Injected]) -> Iterator[str]:
    """What is wrong where two pages would write different pictures to one file."""
    written: dict[Path, str] = {}
    for page in pages:
        for name, text in page.pictures.items():
            if written.setdefault(page.path.parent / name, text) != text:
                yield f"{page.path}: another page has a picture {name} too: give this one an id."
