"""The fences in Python-Markdown: an extension that is switched on by its name.

It serves MkDocs, Material for MkDocs, Pelican and Nikola, and as a formatter of
pymdownx.superfences whatever takes one.  What a fence says is read in `wishes`; here it is
found among the lines of a page and replaced by HTML that Markdown does not look into.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from symderiv.sites.hosting import place_of
from symderiv.sites.pieces import AUTO, Site, box, named_folders, piece
from symderiv.sites.reporting import ON_ERROR, report, unswallowed
from symderiv.sites.wishes import DERIVATION, EXERCISE, Misasked, near, read_fence

FENCES: Final = (DERIVATION, EXERCISE)
_OPEN: Final = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")
_HOLDS: Final = re.compile(r"\s*(?:[-+*]|\d+[.)])\s|\s*(?:!!!|\?\?\?|===|///|:\s|\[\^)")
_QUOTED: Final = re.compile(rf" {{0,3}}>[>\s]*(?:`{{3,}}|~{{3,}})\s*(?:{'|'.join(FENCES)})\s*$")
_PRIORITY: Final = 27  # before superfences and fenced code (25), after blanks are tidied (30)
_IDS: Final = re.compile(r'<(?:section|li|dt|title|desc)\b[^>]* id="([^"]+)"')


class DerivationExtension(Extension):  # type: ignore[misc]  # markdown has no types for mypy here
    """The extension `symderiv`: its options are those of a site, and what to do on a mistake."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "on_error": ["warn", "warn: a box and a warning; raise: the build ends"],
            "links": [
                "",
                "the address of the glossary, such as ./rules/# (a dot is the site's root)",
            ],
            "cache": [AUTO, "the folder of what is kept; empty for none"],
            "folder": ["", "where files of networks lie, if not beside the pages"],
            "language": ["", "of the words, such as de, where a fence names none"],
            "templates": [[], "folders whose blocks replace ours, beside mkdocs.yml"],
            "quiz_script": [
                False,
                "exercises have a box for an answer; extra_javascript names symderiv-quiz.js",
            ],
        }
        super().__init__(**options)

    def setConfig(self, key: str, value: Any) -> None:  # noqa: N802 (their name)
        """Take an option; one that is not there is told by ours that is nearest."""
        if key not in self.config:
            raise ValueError(f"symderiv has no option {key!r}. {near(key, self.config)}")
        super().setConfig(key, value)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (their name)
        """Put the fence before every other reader of fences."""
        chosen = _checked(self.getConfigs())
        md.preprocessors.register(_Fences(md, chosen), "symderiv", _PRIORITY)


def makeExtension(**options: Any) -> DerivationExtension:  # noqa: N802 (their name)
    """The extension, as Python-Markdown asks for it."""
    return DerivationExtension(**options)


def formatter(
    on_error: str = "warn",
    links: str = "",
    cache: str = AUTO,
    folder: str = "",
    quiz_script: bool = False,
    language: str = "",
    templates: str | Sequence[str] = (),
) -> Callable[..., str]:
    """A formatter for `custom_fences` of pymdownx.superfences, with these options.

    It makes an exercise of a fence with that name, and a derivation of any other.
    """
    chosen = _checked(
        {
            "on_error": on_error,
            "links": links,
            "cache": cache,
            "folder": folder,
            "quiz_script": quiz_script,
            "language": language,
            "templates": templates,
        }
    )

    def format_fence(
        source: str, language: str, _class: str, _options: Any, md: Markdown, **_more: Any
    ) -> str:
        line = _found(source.splitlines(), md.lines)
        kind = EXERCISE if language == EXERCISE else DERIVATION
        try:
            return _shown(source, md, chosen, line, kind)
        except Exception as error:
            # superfences would show the fence as code, and nobody would know
            raise unswallowed(error, place_of(md).where(line)) from error

    return format_fence


def _checked(chosen: dict[str, Any]) -> dict[str, Any]:
    if chosen["on_error"] not in ON_ERROR:
        said = f"on_error of symderiv is one of {', '.join(ON_ERROR)}, not {chosen['on_error']!r}."
        raise ValueError(said)
    return chosen


class _Fences(Preprocessor):  # type: ignore[misc]  # as above
    """Replaces each fence by a placeholder, at its own indentation."""

    def __init__(self, md: Markdown, chosen: dict[str, Any]) -> None:
        super().__init__(md)
        self.chosen = chosen

    def run(self, lines: list[str]) -> list[str]:
        """The lines of a page without the fences of ours."""
        return list(self._replaced(lines))

    def _replaced(self, lines: list[str]) -> Iterator[str]:
        k = 0
        while k < len(lines):
            opened = _OPEN.fullmatch(lines[k])
            if opened is None:
                if _QUOTED.match(lines[k]):
                    said = "A fence in a quotation is not read: write it outside."
                    yield from ("", self.md.htmlStash.store(self._mistaken(said, k + 1)), "")
                yield lines[k]
                k += 1
                continue
            end = _closing(lines, k, opened)
            kind = opened["info"].strip()
            if kind in FENCES and _is_block(lines, k, len(opened["indent"])):
                inner = [text.removeprefix(opened["indent"]) for text in lines[k + 1 : end]]
                html = self._html("\n".join(inner), kind, k + 1, end < len(lines))
                yield from ("", opened["indent"] + self.md.htmlStash.store(html), "")
            elif end < len(lines):
                yield from lines[k : end + 1]
            else:
                yield lines[k]  # opened and never closed: Markdown takes it for text
                end = k
            k = end + 1

    def _html(self, source: str, kind: str, line: int, closed: bool) -> str:
        if not closed:
            return self._mistaken("This fence is never closed.", line)
        return _shown(source, self.md, self.chosen, line, kind)

    def _mistaken(self, said: str, line: int) -> str:
        return _failed(Misasked(said), self.md, self.chosen, line)


def _closing(lines: Sequence[str], start: int, opened: re.Match[str]) -> int:
    """The line that closes a fence; the number of lines where none does."""
    sign, count = opened["fence"][0], len(opened["fence"])
    closing = re.compile(rf"[ \t]*{re.escape(sign)}{{{count},}}[ \t]*")
    return next(
        (k for k in range(start + 1, len(lines)) if closing.fullmatch(lines[k])), len(lines)
    )


def _is_block(lines: Sequence[str], at: int, indent: int) -> bool:
    """Whether a fence so far to the right stands in a list or the like, and is no quoted code."""
    for line in reversed(lines[:at]):
        if indent < 4:
            break
        left = len(line) - len(line.lstrip())
        if line.strip() and left < indent:
            if not _HOLDS.match(line):
                return False
            indent = left
    return indent < 4


def _shown(source: str, md: Markdown, chosen: dict[str, Any], line: int, kind: str) -> str:
    """The piece that a fence asks for, or what is said of its mistake.

    `line` is that of the fence among the lines of the page, from 1.
    """
    place = place_of(md)
    site = Site(
        place.links(chosen["links"]),
        Path(chosen["folder"] or place.docs),
        chosen["cache"],
        chosen["quiz_script"],
        chosen["language"],
        named_folders(chosen["templates"], place.root),
        None if chosen["folder"] else place.beside,
    )
    taken = {name for html in md.htmlStash.rawHtmlBlocks for name in _IDS.findall(str(html))}
    try:
        return piece(read_fence(source, kind), site=site, taken=taken)
    except Misasked as mistake:
        return _failed(mistake, md, chosen, line + mistake.line)


def _failed(mistake: Misasked, md: Markdown, chosen: dict[str, Any], line: int) -> str:
    where = place_of(md).where(line)
    report(mistake, where, chosen["on_error"])
    return box(str(mistake), str(where))


def _found(inner: Sequence[str], lines: Sequence[str]) -> int:
    """The line of the fence with these lines inside; 0 where it is not found."""
    asked = [line.strip() for line in inner]
    for k in range(1, len(lines) - len(asked) + 1):
        named = any(name in lines[k - 1] for name in FENCES)
        if named and [x.strip() for x in lines[k : k + len(asked)]] == asked:
            return k
    return 0


superfence = formatter()
"""The formatter with the options as they are where nothing is said."""
