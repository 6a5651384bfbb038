"""The formats: how each spells a formula, words, a picture, and where its template stands.

What a format cannot know belongs elsewhere: which page is made of what, and what fills the
templates, stands in `rendering`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from symderiv.documents.aligning import one_line
from symderiv.documents.document import Marks, Picture
from symderiv.documents.phrasebook import ENGLISH, phrasebook
from symderiv.documents.svg import aloud, scene_svg
from symderiv.documents.tex import scene_latex
from symderiv.documents.texts import tex_typed, tex_words, visible
from symderiv.documents.typ import (
    typst_cell,
    typst_inline,
    typst_picture,
    typst_typed,
    typst_words,
)
from symderiv.errors import Unknown
from symderiv.language.expressions import Expr
from symderiv.language.walks import Place
from symderiv.printing.latex import latex
from symderiv.printing.mathml import math_element
from symderiv.printing.typst import typst
from symderiv.printing.unicode import unicode_text


@dataclass(frozen=True, eq=False)
class Format:
    """How a format is spelled: its template, a formula in prose, one in a grid, words."""

    template: str
    inline: Callable[[Expr], str]
    formula: Callable[[Expr, Mapping[Place, str]], str]
    words: Callable[[str], str]
    cell: Callable[[Expr, str], str]
    picture: Callable[[Picture], str]
    options: Mapping[str, str | bool]
    typed: Callable[[str], str] = visible


_SIGNS = ("block_start_string", "block_end_string", "variable_start_string",
          "variable_end_string", "comment_start_string", "comment_end_string")  # fmt: skip
DELIMITERS = {
    ".tex": dict(zip(_SIGNS, (r"\BLOCK{", "}", r"\VAR{", "}", r"\#{", "}"), strict=True)),
    ".typ": dict(zip(_SIGNS, ("<%", "%>", "<<", ">>", "<#", "#>"), strict=True)),
}
"""Where Jinja's own braces would stand among those of the format."""


_OPENERS = re.compile(r"^( ?\d{1,9})(?=[.)](?:\s|$))|^( ?)(?=[-+=])")


def _markdown_words(text: str) -> str:
    escaped = "".join("\\" + ch if ch in r"\`*_{}[]<>#|$~&" else ch for ch in text)
    return _OPENERS.sub(r"\1\2\\", escaped)  # a paragraph must not begin like a list or a rule


def label(text: str) -> str:
    """Words inside a formula, in a dialect that every renderer knows."""
    kept = "".join(ch for ch in one_line(text) if ch not in "\\^~`")
    return _untagged("".join("\\" + ch if ch in "{}$&#_%" else ch for ch in kept))


def _portable(dialect: str) -> Callable[[Expr, Mapping[Place, str]], str]:
    return lambda expr, marks: latex(expr, dialect=dialect, marks=marks)


def _tex_inline(expr: Expr) -> str:
    """A formula in a sentence; TeX cannot break a long one, which is made to fit."""
    spelled = latex(expr, dialect="latex")
    return rf"\sdfit{{\linewidth}}{{${spelled}$}}" if len(spelled) > 100 else f"${spelled}$"


def _in_words(picture: Picture) -> str:
    """What a picture shows, where none can be drawn."""
    wide = picture.wide
    words = phrasebook(wide.language).said("Picture: {t}.", t=wide.title)
    return f"{words} {wide.told(unicode_text)}"


def _beside(picture: Picture) -> str:
    """A picture that stands as a file beside the page, with what it shows in words."""
    words = _markdown_words(one_line(f"{picture.wide.title}. {aloud(picture.wide)}"))
    return f"![{words}]({picture.wide.name}.svg)"


def _inline_pictures(picture: Picture) -> str:
    if picture.narrow is None:
        return scene_svg(picture.wide)
    wide = scene_svg(picture.wide, classes="sd-broad")
    return f"{wide}\n{scene_svg(picture.narrow, classes='sd-narrow')}"


def _displayed(expr: Expr, mark: str) -> Markup:
    """A formula in a cell of an HTML table, as large as on a line of its own."""
    marks: Marks = {(): mark} if mark else {}
    return Markup(math_element(expr, marks=marks, display=True))  # noqa: S704 (from our tree)


def _tex_displayed(expr: Expr, mark: str) -> str:
    """A formula in a cell of a LaTeX table."""
    return rf"\sdcell{{{latex(expr, dialect='latex', marks={(): mark} if mark else {})}}}"


def _untagged(formula: str) -> str:
    """A formula in which Markdown sees no HTML tag, whatever a name in it looks like."""
    return re.sub(r"<(?=[A-Za-z/!?])", "{<}", formula)


FORMATS: Mapping[tuple[str, str], Format] = {
    ("text", ""): Format(
        "text/derivation.txt",
        unicode_text,
        lambda e, _: unicode_text(e),
        str,
        lambda e, _: unicode_text(e),
        _in_words,
        {},
    ),
    ("markdown", "github"): Format(
        "markdown/derivation.md",
        lambda e: f"$`{latex(e, dialect='github')}`$",
        _portable("github"),
        _markdown_words,
        lambda e, _: f"$`{latex(e, dialect='github')}`$".replace("|", "\\|"),
        _beside,
        {"fence_open": "```math", "fence_close": "```", "strikes": True},
    ),
    ("markdown", "plain"): Format(
        "markdown/derivation.md",
        lambda e: f"${_untagged(latex(e, dialect='portable'))}$",
        lambda e, marks: _untagged(latex(e, dialect="portable", marks=marks)),
        _markdown_words,
        lambda e, _: f"${_untagged(latex(e, dialect='portable'))}$".replace("|", "\\|"),
        _beside,
        {"fence_open": "$$", "fence_close": "$$", "strikes": False},
    ),
    ("latex", ""): Format(
        "latex/derivation.tex",
        _tex_inline,
        _portable("latex"),
        tex_words,
        _tex_displayed,
        lambda picture: scene_latex(picture.wide),
        {},
        tex_typed,
    ),
    ("typst", ""): Format(
        "typst/derivation.typ",
        typst_inline,
        lambda e, marks: typst(e, marks=marks),
        typst_words,
        typst_cell,
        typst_picture,
        {},
        typst_typed,
    ),
    ("html", ""): Format(
        "html/derivation.html",
        lambda e: Markup(math_element(e)),  # noqa: S704 (printed from our tree, escaped there)
        lambda e, marks: Markup(math_element(e, marks=marks, display=True)),  # noqa: S704
        lambda text: str(escape(text)),
        _displayed,
        lambda picture: Markup(_inline_pictures(picture)),  # noqa: S704 (printed from a scene)
        {},
        lambda text: escape(visible(text)),
    ),
}
_DEFAULT_DIALECT = {"markdown": "github"}
NAMES = ("text", "markdown", "latex", "html", "typst", "pdf", "json")
ENDINGS = {
    "text": "txt", "markdown": "md", "latex": "tex", "html": "html", "typst": "typ",
    "pdf": "pdf", "json": "json",
}  # fmt: skip


def spoken_in(form: Format, language: str) -> Format:
    """The format on a page in a language: what is said of HTML's formulas stays English."""
    if language == ENGLISH or not form.template.endswith(".html"):
        return form

    def marked(spell: Callable[..., str]) -> Callable[..., str]:
        def said(*asked: object) -> Markup:
            text = str(spell(*asked))  # a Markup would escape what is put in
            return Markup(text.replace("<math ", '<math lang="en" '))  # noqa: S704 (from our tree)

        return said

    return replace(
        form,
        inline=marked(form.inline),
        formula=marked(form.formula),
        cell=marked(form.cell),
    )


def form_of(name: str, dialect: str) -> Format | None:
    """How `name` is spelled in `dialect`; None for JSON, which has no template."""
    dialects = [known for other, known in FORMATS if other == name]
    wanted = dialect or _DEFAULT_DIALECT.get(name, "")
    if wanted not in (dialects or [""]):
        known = ", ".join(filter(None, dialects)) or "none"
        raise Unknown(f"No dialect {dialect!r} of {name}; there are: {known}.")
    return FORMATS.get((name, wanted))


def check_format(format: str) -> None:  # noqa: A002 (the field's own word)
    """`Unknown` for a format that is not there."""
    if format not in NAMES:
        raise Unknown(f"No format {format!r}; there are: {', '.join(NAMES)}.")
