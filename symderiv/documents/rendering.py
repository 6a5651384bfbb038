"""A document becomes text: each format's printer, its escaping, and its templates.

The templates stand in the top-level folder `templates/` (in a wheel: beside this
package) and spell; what a line is, and which lines are shown, is decided before.
Users' folders come first and may replace one block; they run in Jinja's sandbox.
"""

from __future__ import annotations

import json
import os
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.network import Network
from symderiv.deriving.problem import Problem
from symderiv.documents.aligning import aligned, columns, one_line, wide
from symderiv.documents.answering import compose_problem
from symderiv.documents.composing import compose
from symderiv.documents.document import LEVELS, Chain, Document, Line, Marks, Picture, Prose
from symderiv.documents.feedback import compose_check, compose_marked
from symderiv.documents.networks import compose_flow, compose_network
from symderiv.documents.objects import as_object, spell_both
from symderiv.documents.svg import scene_svg
from symderiv.documents.tex import scene_latex
from symderiv.documents.texts import tex_typed, tex_words, visible
from symderiv.documents.typ import (
    typst_cell,
    typst_inline,
    typst_picture,
    typst_string,
    typst_typed,
    typst_words,
)
from symderiv.documents.typesetting import typeset
from symderiv.errors import Mistake, Unknown
from symderiv.homework.results import Check, Marked
from symderiv.language.expressions import Expr
from symderiv.language.walks import Place
from symderiv.printing.glyphs import layers_in
from symderiv.printing.latex import latex
from symderiv.printing.mathml import math_element
from symderiv.printing.speech import speech
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
_DELIMITERS = {
    ".tex": dict(zip(_SIGNS, (r"\BLOCK{", "}", r"\VAR{", "}", r"\#{", "}"), strict=True)),
    ".typ": dict(zip(_SIGNS, ("<%", "%>", "<<", ">>", "<#", "#>"), strict=True)),
}
"""Where Jinja's own braces would stand among those of the format."""


_OPENERS = re.compile(r"^( ?\d{1,9})(?=[.)])|^( ?)(?=[-+=])")


def _markdown_words(text: str) -> str:
    escaped = "".join("\\" + ch if ch in r"\`*_{}[]<>#|$~&" else ch for ch in text)
    return _OPENERS.sub(r"\1\2\\", escaped)  # a paragraph must not begin like a list or a rule


def _label(text: str) -> str:
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
    return f"Picture: {picture.wide.title}. {picture.wide.told(unicode_text)}"


def _beside(picture: Picture) -> str:
    """A picture that stands as a file beside the page, with what it shows in words."""
    words = _markdown_words(one_line(f"{picture.wide.title}. {picture.wide.told(speech)}"))
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


def render(
    what: Derivation | Problem | Document | Network | Check | Marked,
    format: str,  # noqa: A002 (the field's own word)
    *,
    detail: str = "standard",
    dialect: str = "",
    templates: tuple[str, ...] = (),
) -> str:
    """The page as text in `format`; `Unknown` for a format, dialect or level that is not there."""
    check_detail(detail)
    if format not in NAMES or format == "pdf":  # which is no text: `render_pdf`
        raise Unknown(f"No format {format!r}; there are: {', '.join(NAMES)}.")
    for folder in templates:
        if not os.path.isdir(folder):  # False, and no error, for a name that cannot be one
            raise Unknown(f"There is no folder of templates {folder!r}.")
    form = _form(format, dialect)
    page = page_of(what)
    with layers_in(page.layers):
        if form is None:
            chain = what.checked() if isinstance(what, (Derivation, Problem)) else page
            return _json(chain, spell_both)
        return _spelled(page, form, detail, templates)


def render_pdf(
    what: Derivation | Problem | Document | Network | Check | Marked,
    *,
    detail: str = "standard",
    dialect: str = "",
    templates: tuple[str, ...] = (),
) -> bytes:
    """The page as a PDF, by way of Typst."""
    if dialect:
        raise Unknown(f"No dialect {dialect!r} of pdf; there are: none.")
    return typeset(render(what, "typst", detail=detail, templates=templates), templates)


def page_of(what: Derivation | Problem | Document | Network | Check | Marked) -> Document:
    """The page of what is to be rendered."""
    match what:
        case Document():
            return what
        case Network():
            return compose_network(what)
        case Flow():
            return compose_flow(what)
        case Problem():
            return compose_problem(what)
        case Check():
            return compose_check(what)
        case Marked():
            return compose_marked(what)
        case _:
            return compose(what)


def check_detail(detail: str) -> None:
    """`Unknown` for a level of detail that is not there."""
    if detail not in LEVELS:
        raise Unknown(f"No level of detail {detail!r}; there are: {', '.join(LEVELS)}.")


def trace(
    what: Derivation | Document, page: Document, form: tuple[str, str], detail: str,
    note: Callable[[Expr, Marks], str],
) -> str:  # fmt: skip
    """The page with `note(expr, marks)` in the place of each formula, and all else as it is.

    `form` is a format and its dialect; JSON is made of `what`, everything else of its `page`.
    """
    found = _form(*form)
    if found is None:
        return _json(what, lambda expr: {"plain": str(expr), "latex": note(expr, {})})
    spell = found.formula

    def inline(expr: Expr) -> str:
        return found.inline(expr).replace(spell(expr, {}), note(expr, {}), 1)

    return _spelled(page, replace(found, inline=inline, formula=note), detail, ())


def _json(what: Derivation | Problem | Document, spell: Callable[[Expr], dict[str, str]]) -> str:
    return json.dumps(as_object(what, spell), ensure_ascii=False, indent=2) + "\n"


def _form(name: str, dialect: str) -> Format | None:
    """How `name` is spelled in `dialect`; None for JSON, which has no template."""
    dialects = [known for other, known in FORMATS if other == name]
    wanted = dialect or _DEFAULT_DIALECT.get(name, "")
    if wanted not in (dialects or [""]):
        known = ", ".join(filter(None, dialects)) or "none"
        raise Unknown(f"No dialect {dialect!r} of {name}; there are: {known}.")
    return FORMATS.get((name, wanted))


def render_fragment(page: Document, format: str) -> str:  # noqa: A002 (as above)
    """The sections of a page in `html` or `text`, without head and foot, to stand among others.

    The anchors of its rules begin with that of its first section: each piece explains its own.
    """
    form = FORMATS[format, ""]
    kind, _, ending = form.template.rpartition(".")
    with layers_in(page.layers):
        name = f"{kind.partition('/')[0]}/fragment.{ending}"
        return _spelled(page, form, "standard", (), name, rules=f"{page.sections[0].id}-")


def render_assembled(page: Document, fragments: Iterable[str]) -> str:
    """An HTML page whose sections begin with fragments that `render_fragment` made."""
    made = tuple(Markup(fragment) for fragment in fragments)  # noqa: S704 (made by our templates)
    return _spelled(page, FORMATS["html", ""], "standard", (), fragments=made)


def _spelled(
    page: Document,
    form: Format,
    detail: str,
    folders: tuple[str, ...],
    name: str = "",
    **pieces: str | tuple[str, ...],
) -> str:
    """The page by its template; whatever goes wrong in a user's template is a `Mistake`."""
    told = {"document": page, "detail": detail, "rules": "", "fragments": (), **pieces}
    try:
        template = _environment(form, folders).get_template(name or form.template)
        text = template.render(**told, **form.options)
    except Exception as error:
        if not folders:
            raise
        raise Mistake(f"The template {_where(error, form)} cannot be used: {error}") from error
    return text.strip("\n") + "\n"


def _where(error: Exception, form: Format) -> str:
    """File and line of a template where an error arose."""
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename[-3:] != ".py"]
    if line is None and frames:
        name, line = frames[-1].filename, frames[-1].lineno
    return f"{name or form.template}, line {line}," if line else form.template


@lru_cache(maxsize=16)
def _environment(form: Format, folders: tuple[str, ...]) -> ImmutableSandboxedEnvironment:
    """One environment per format and list of users' folders: templates are compiled once."""
    ours = FileSystemLoader(_our_templates())
    users = [FileSystemLoader(folder) for folder in folders]
    html = form.template.endswith(".html")
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*users, ours, PrefixLoader({"symderiv": ours})]),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **_DELIMITERS.get(form.template[-4:], {}),
    )
    environment.filters.update(_filters(form, html))
    return environment


def _our_templates() -> Path:
    """In a checkout the top-level folder, in an installed package the one beside the code."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "templates"
    return checkout if checkout.is_dir() else package / "templates"


def _filters(form: Format, html: bool) -> dict[str, Callable[..., Any]]:
    def words(text: str) -> str:
        said = form.words(one_line(text))
        return Markup(said) if html else said  # noqa: S704 (escaped)

    def prose(parts: Prose) -> str:
        said = "".join(words(p) if isinstance(p, str) else form.inline(p) for p in parts)
        return Markup(said) if html else said  # noqa: S704 (words escaped, formulas printed)

    def cell(parts: Prose, mark: str = "") -> str:
        said = [words(p) if isinstance(p, str) else form.cell(p, mark) for p in parts]
        return Markup("").join(said) if html else "".join(said)

    return {
        "math": form.inline,
        "formula": lambda expr, marks=None: form.formula(expr, marks or {}),
        "prose": prose,
        "words": words,
        "label": _label,
        "shown": shown,
        "aligned": aligned,
        "wide": wide,
        "picture": form.picture,
        "columns": lambda table: columns([table.head, *table.rows], prose),
        "cell": cell,
        "typed": form.typed,
        "spoken": lambda expr, marks=None: speech(expr, marks=marks or {}),
        "string": typst_string,
    }


def shown(chain: Chain, detail: str) -> list[Line]:
    """The lines of a chain that a level of detail shows; the last one always."""
    deepest = LEVELS.index(detail)
    return [line for line in chain.lines if line.last or LEVELS.index(line.level) <= deepest]
