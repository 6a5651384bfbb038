"""The plugin of MkDocs: it switches the fence on, brings style and script, and minds the search.

What a fence says and shows is never decided here: the extension of `python_markdown` does that,
and without this plugin too.  MkDocs' search reads a page's HTML; it would find the letters of
formulas or, where it leaves them out, sentences with holes.  Here it reads the question and its
answer in words instead, which is also most of the time that a derivation costs a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File

from symderiv.documents.folders import FONT, font_data
from symderiv.sites.styling import NAME, SCRIPT, quiz_script, site_css

_EXTENSION: Final = "symderiv"
_PIECE: Final = re.compile(
    r'<div class="sd-page sd-embed[^>]*>\s*<section [^>]*data-search-exclude>'
)
_DIV: Final = re.compile(r"<(/?)div\b[^>]*>")
_REST: Final = re.compile(r'<(?:(?:details|fieldset|ol|figure)\b|p class="sd-heading")')
_FORMULA: Final = re.compile(r'<math [^>]*?alttext="([^"]*)".*?</math>', re.DOTALL)
_MARKUP: Final = re.compile(r'<span class="sd-ok">.*?</span>|<[^>]*>', re.DOTALL)


class DerivationPlugin(BasePlugin):  # type: ignore[misc]  # mkdocs has no types for mypy here
    """The plugin `symderiv`; it has no options, those of a site are the extension's."""

    def __init__(self) -> None:
        self.pieces: dict[str, str] = {}  # of the page that search reads, by what stands for them

    def on_config(self, config: Any) -> None:
        """Switch the extension on, and name the style sheet and the script on every page."""
        if _EXTENSION not in config.markdown_extensions:
            config.markdown_extensions.append(_EXTENSION)
        if NAME not in config.extra_css:
            config.extra_css.insert(0, NAME)  # the author's own come after it
        if _quizzes(config) and SCRIPT not in map(str, config.extra_javascript):
            config.extra_javascript.append(SCRIPT)

    def on_files(self, files: Any, *, config: Any) -> None:
        """Give the site our files, where the author has none of these names."""
        ours: dict[str, str | bytes] = {NAME: site_css(), FONT: font_data()}
        if _quizzes(config):
            ours[SCRIPT] = quiz_script()
        for name, content in ours.items():
            if files.get_file_from_path(name) is None:
                files.append(File.generated(config, name, content=content))

    @event_priority(100)  # type: ignore[untyped-decorator]
    def _hide(self, context: Any, *, page: Any, **_more: Any) -> Any:
        """Before search reads the page: words for each piece."""
        self.pieces = {
            f"<!--symderiv {number}-->{_said(piece)}": piece
            for number, piece in enumerate(_pieces(page.content))
        }
        for words, piece in self.pieces.items():
            page.content = page.content.replace(piece, words, 1)
        return context

    @event_priority(-100)  # type: ignore[untyped-decorator]
    def _show(self, context: Any, *, page: Any, **_more: Any) -> Any:
        """After it: the pieces again."""
        for words, piece in self.pieces.items():
            page.content = page.content.replace(words, piece, 1)
        return context

    on_page_context = CombinedEvent(_hide, _show)


def _quizzes(config: Any) -> bool:
    return bool((config.mdx_configs.get(_EXTENSION) or {}).get("quiz_script"))


def _pieces(html: str) -> Iterator[str]:
    """The derivations and exercises on a page, each a block from its first tag to its last."""
    for begun in _PIECE.finditer(html):
        depth = 0
        for found in _DIV.finditer(html, begun.start()):
            depth += -1 if found[1] else 1
            if not depth:
                yield html[begun.start() : found.end()]
                break


def _said(piece: str) -> str:
    """What a piece asks, and the answer where it stands at the head of a derivation, in words.

    >>> _said('<p>Differentiate <math alttext="x squared"><mi>x</mi></math>.</p><details>')
    '<p>Differentiate x squared.</p>'
    """
    head = _REST.split(piece, maxsplit=1)[0]
    words = _MARKUP.sub(" ", _FORMULA.sub(r"\1", head))
    return f"<p>{' '.join(words.split()).replace(' .', '.')}</p>"
