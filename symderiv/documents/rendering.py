"""A document becomes text: each format's printer, its escaping, and its templates.

The templates stand in the top-level folder `templates/` (in a wheel: beside this
package) and spell; what a line is, and which lines are shown, is decided before.
Users' folders come first and may replace one block; they run in Jinja's sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from symderiv.deriving.derivation import Derivation
from symderiv.documents.aligning import aligned
from symderiv.documents.composing import compose
from symderiv.documents.document import LEVELS, Chain, Document, Line, Prose
from symderiv.documents.objects import as_object
from symderiv.errors import Mistake, Unknown
from symderiv.language.expressions import Expr
from symderiv.language.walks import Place
from symderiv.printing.latex import latex
from symderiv.printing.mathml import math_element
from symderiv.printing.unicode import unicode_text


@dataclass(frozen=True, eq=False)
class Format:
    """How a format is spelled: its template, a formula in prose, one in a grid, words."""

    template: str
    inline: Callable[[Expr], str]
    formula: Callable[[Expr, Mapping[Place, str]], str]
    words: Callable[[str], str]
    options: Mapping[str, str | bool]


_TEX = {
    "block_start_string": r"\BLOCK{",
    "block_end_string": "}",
    "variable_start_string": r"\VAR{",
    "variable_end_string": "}",
    "comment_start_string": r"\#{",
    "comment_end_string": "}",
}


def _tex_words(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    special |= {ch: "\\" + ch for ch in "{}$&#_%"}
    special |= {"−": "$-$", "′": "$'$", "²": r"\textsuperscript{2}", "σ": r"$\sigma$"}
    special |= {"ŷ": r"$\hat{y}$", "·": r"$\cdot$", "…": r"\dots{}"}
    return "".join(special.get(ch, ch) for ch in text)


def _markdown_words(text: str) -> str:
    return "".join("\\" + ch if ch in r"\`*_{}[]<>#|$" else ch for ch in text)


def _portable(dialect: str) -> Callable[[Expr, Mapping[Place, str]], str]:
    return lambda expr, marks: latex(expr, dialect=dialect, marks=marks)


FORMATS: Mapping[tuple[str, str], Format] = {
    ("text", ""): Format(
        "text/derivation.txt", unicode_text, lambda e, _: unicode_text(e), str, {}
    ),
    ("markdown", "github"): Format(
        "markdown/derivation.md",
        lambda e: f"$`{latex(e, dialect='github')}`$",
        _portable("github"),
        _markdown_words,
        {"fence_open": "```math", "fence_close": "```", "strikes": True},
    ),
    ("markdown", "plain"): Format(
        "markdown/derivation.md",
        lambda e: f"${latex(e, dialect='portable')}$",
        _portable("portable"),
        _markdown_words,
        {"fence_open": "$$", "fence_close": "$$", "strikes": False},
    ),
    ("latex", ""): Format(
        "latex/derivation.tex",
        lambda e: f"${latex(e, dialect='latex')}$",
        _portable("latex"),
        _tex_words,
        {},
    ),
    ("html", ""): Format(
        "html/derivation.html",
        lambda e: Markup(math_element(e)),  # noqa: S704 (printed from our tree, escaped there)
        lambda e, marks: Markup(math_element(e, marks=marks, display=True)),  # noqa: S704
        lambda text: str(escape(text)),
        {},
    ),
}
_DEFAULT_DIALECT = {"markdown": "github"}
NAMES = ("text", "markdown", "latex", "html", "json")
ENDINGS = {"text": "txt", "markdown": "md", "latex": "tex", "html": "html", "json": "json"}


def render(
    what: Derivation | Document,
    format: str,  # noqa: A002 (the field's own word)
    *,
    detail: str = "standard",
    dialect: str = "",
    templates: tuple[str, ...] = (),
) -> str:
    """The page as text in `format`; `Unknown` for a format, dialect or level that is not there."""
    if detail not in LEVELS:
        raise Unknown(f"No level of detail {detail!r}; there are: {', '.join(LEVELS)}.")
    if format not in NAMES:
        raise Unknown(f"No format {format!r}; there are: {', '.join(NAMES)}.")
    if isinstance(what, Derivation):
        if format == "json":
            return json.dumps(as_object(what.checked()), ensure_ascii=False, indent=2) + "\n"
        what = compose(what)
    if format == "json":
        return json.dumps(as_object(what), ensure_ascii=False, indent=2) + "\n"
    form = FORMATS.get((format, dialect or _DEFAULT_DIALECT.get(format, "")))
    if form is None:
        known = ", ".join(d for f, d in FORMATS if f == format and d) or "none"
        raise Unknown(f"No dialect {dialect!r} of {format}; there are: {known}.")
    try:
        page = _environment(form, templates).get_template(form.template)
        text = page.render(document=what, detail=detail, **form.options)
    except TemplateError as error:
        raise Mistake(f"The template {_where(error, form)} cannot be used: {error}") from error
    return text.strip("\n") + "\n"


def _where(error: TemplateError, form: Format) -> str:
    name = getattr(error, "name", None) or form.template
    line = getattr(error, "lineno", None)
    return f"{name}, line {line}," if line else str(name)


@lru_cache(maxsize=16)
def _environment(form: Format, folders: tuple[str, ...]) -> ImmutableSandboxedEnvironment:
    """One environment per format and list of users' folders: templates are compiled once."""
    for folder in folders:
        if not Path(folder).is_dir():
            raise Unknown(f"There is no folder of templates {folder!r}.")
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
        **(_TEX if form.template.endswith(".tex") else {}),
    )
    environment.filters.update(_filters(form, html))
    return environment


def _our_templates() -> Path:
    """In a checkout the top-level folder, in an installed package the one beside the code."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "templates"
    return checkout if checkout.is_dir() else package / "templates"


def _filters(form: Format, html: bool) -> dict[str, Callable[..., Any]]:
    def prose(parts: Prose) -> str:
        text = "".join(form.words(p) if isinstance(p, str) else form.inline(p) for p in parts)
        return Markup(text) if html else text  # noqa: S704 (words escaped, formulas printed)

    def words(text: str) -> str:
        return Markup(form.words(text)) if html else form.words(text)  # noqa: S704

    return {
        "math": form.inline,
        "formula": lambda expr, marks=None: form.formula(expr, marks or {}),
        "prose": prose,
        "words": words,
        "shown": shown,
        "aligned": aligned,
    }


def shown(chain: Chain, detail: str) -> list[Line]:
    """The lines of a chain that a level of detail shows; the last one always."""
    deepest = LEVELS.index(detail)
    return [line for line in chain.lines if line.last or LEVELS.index(line.level) <= deepest]
