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
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.network import Network
from symderiv.deriving.problem import Problem
from symderiv.documents.aligning import aligned, columns, one_line, wide
from symderiv.documents.answering import compose_problem
from symderiv.documents.composing import compose
from symderiv.documents.document import LEVELS, NOTATIONS, Document, Link, Marks, Prose
from symderiv.documents.feedback import compose_feedback
from symderiv.documents.folders import our_templates
from symderiv.documents.formats import (
    DELIMITERS,
    FORMATS,
    Format,
    check_format,
    form_of,
    label,
    spoken_in,
)
from symderiv.documents.linking import SPELLED, address, checked_base, of_reason
from symderiv.documents.networks import compose_flow, compose_network
from symderiv.documents.objects import as_object, spell_both
from symderiv.documents.phrasebook import ENGLISH, phrasebook
from symderiv.documents.priming import in_prime_notation
from symderiv.documents.reaching import focusable, labelled
from symderiv.documents.showing import glossary_of, shown
from symderiv.documents.translating import translated
from symderiv.documents.typ import typst_string, wordy
from symderiv.documents.typesetting import set_by_latex, typeset
from symderiv.errors import Mistake, Unknown
from symderiv.homework.results import Check, Marked
from symderiv.language.expressions import Expr
from symderiv.printing.glyphs import conditions_said, layers_in
from symderiv.printing.speech import speech

_BEFORE_A_STOP = re.compile(r"(<math\b(?:(?!</math>).)*</math>[,.;:!?)]+)", re.DOTALL)
"""A formula and the stop behind it: a browser would begin a line with a comma."""


def render(
    what: Derivation | Problem | Document | Network | Check | Marked,
    format: str,  # noqa: A002 (the field's own word)
    *,
    detail: str = "standard",
    dialect: str = "",
    templates: tuple[str, ...] = (),
    links: str = "",
    notation: str = "",
    language: str = "",
) -> str:
    """The page as text in `format`; `Unknown` for a format, dialect or level that is not there.

    `links` is the base address of a site that has the glossary and the functions' pages;
    `notation` is `leibniz` or `prime`, the page's own where nothing is said.
    `language` is that of the words, the page's own where it is empty.
    """
    check_detail(detail)
    links = checked_base(links)
    check_format(format)
    for folder in templates:
        if not os.path.isdir(folder):  # False, and no error, for a name that cannot be one
            raise Unknown(f"There is no folder of templates {folder!r}.")
    form = form_of(format, dialect)
    page = _noted(page_of(what), notation)
    page = translated(page, language or page.language)
    with layers_in(page.layers):
        if form is None:
            chain = what.checked() if isinstance(what, (Derivation, Problem)) else page
            return _json(chain, spell_both)
        return _spelled(page, form, detail, templates, links=links)


def render_pdf(
    what: Derivation | Problem | Document | Network | Check | Marked,
    *,
    detail: str = "standard",
    dialect: str = "",
    templates: tuple[str, ...] = (),
    links: str = "",
    notation: str = "",
    language: str = "",
) -> bytes:
    """The page as a PDF, by way of `typst` or, as its `dialect` may ask, of `latex`."""
    setters = {"": typeset, "typst": typeset, "latex": set_by_latex}
    if dialect not in setters:
        raise Unknown(f"No dialect {dialect!r} of pdf; there are: typst, latex.")
    asked = {"detail": detail, "links": links, "notation": notation, "language": language}
    source = render(what, dialect or "typst", templates=templates, **asked)
    return setters[dialect](source, templates)


def render_as(format: str, what: Document, **options: Any) -> str | bytes:  # noqa: A002 (as above)
    """The page in any format: as text, or as the bytes of a PDF."""
    return render_pdf(what, **options) if format == "pdf" else render(what, format, **options)


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
        case Check() | Marked():
            return compose_feedback(what)
        case _:
            return compose(what)


def _noted(page: Document, notation: str) -> Document:
    """The page in this notation."""
    if notation not in ("", *NOTATIONS):
        raise Unknown(f"No notation {notation!r}; there are: {', '.join(NOTATIONS)}.")
    return replace(page, primes=notation == "prime") if notation else page


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
    found = form_of(*form)
    if found is None:
        return _json(what, lambda expr: {"plain": str(expr), "latex": note(expr, {})})
    spell = found.formula

    def inline(expr: Expr) -> str:
        return found.inline(expr).replace(spell(expr, {}), note(expr, {}), 1)

    return _spelled(page, replace(found, inline=inline, formula=note), detail, ())


def _json(what: Derivation | Problem | Document, spell: Callable[[Expr], dict[str, str]]) -> str:
    return json.dumps(as_object(what, spell), ensure_ascii=False, indent=2) + "\n"


def render_fragment(page: Document, format: str, rules_title: str = "Rules used") -> str:  # noqa: A002 (as above)
    """The sections of a page in a format, without head and foot, to stand among others.

    The anchors of its rules begin with that of its first section: each piece explains its own.
    Of a PDF the pieces are Typst.
    """
    form = form_of("typst" if format == "pdf" else format, "")
    with layers_in(page.layers):
        if form is None:
            return _json(page, spell_both)
        kind, _, ending = form.template.rpartition(".")
        name = f"{kind.partition('/')[0]}/fragment.{ending}"
        return _spelled(page, form, "standard", (), name, rules=f"{page.sections[0].id}-",
            rules_title=rules_title)  # fmt: skip


def render_assembled(
    page: Document,
    fragments: Iterable[str],
    format: str = "html",  # noqa: A002 (as above)
) -> str | bytes:
    """A page in a format whose sections begin with fragments that `render_fragment` made."""
    if format == "pdf":
        return typeset(str(render_assembled(page, fragments, "typst")))
    form = form_of(format, "")
    if form is None:
        parts = [json.loads(fragment) for fragment in fragments]
        told = {"title": page.title, "answers": parts, "version": page.version}
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    made = tuple(fragment.strip("\n") for fragment in fragments)
    if format == "html":
        made = tuple(map(Markup, made))  # made by our templates
    return _spelled(page, form, "standard", (), fragments=made)


def render_embedded(
    page: Document,
    form: tuple[str, str],
    parts: tuple[str, ...] = (),
    detail: str = "standard",
    links: str = "",
    kind: str = "embed",
    around: Mapping[str, str] | None = None,
    templates: tuple[str, ...] = (),
) -> str:
    """The parts (`claim`, `steps`) of a page as a piece for somebody else's page.

    Its anchors begin with that of its first section, so that they are unique where that one is.
    `kind` names the template, which may take pieces made before into itself (`around`).
    """
    found = form_of(*form)
    if found is None:
        raise Unknown(f"No piece is made in the format {form[0]}.")
    folder, _, ending = found.template.rpartition(".")
    name = f"{folder.partition('/')[0]}/{kind}.{ending}"
    rules, links = f"{page.sections[0].id}-", checked_base(links)
    told = {"rules": rules, "links": links, **(around or {})}
    if page.derivations:  # a rule that the site explains is not explained once more
        here = (rule for rule in page.glossary if of_reason(rule.id, rules, links).startswith("#"))
        page = replace(page, glossary=tuple(here))
    with layers_in(page.layers):
        return _spelled(page, found, detail, templates, name, parts=parts, **told)


def latex_macros() -> str:
    """The definitions that a piece in LaTeX needs in the preamble of its document."""
    template = _environment(FORMATS["latex", ""], (), ENGLISH).get_template("latex/derivation.tex")
    return "".join(template.blocks["macros"](template.new_context())).strip("\n") + "\n"


def _spelled(
    page: Document,
    form: Format,
    detail: str,
    folders: tuple[str, ...],
    name: str = "",
    **pieces: str | tuple[str, ...],
) -> str:
    """The page by its template; whatever goes wrong in a user's template is a `Mistake`."""
    page = in_prime_notation(page) if page.primes else page
    if not form.template.endswith(".html"):
        page = replace(page, glossary=glossary_of(page, detail))
    told = {"document": page, "detail": detail, "rules": "", "links": "", "fragments": (), **pieces}
    try:
        template = _environment(form, folders, page.language).get_template(name or form.template)
        with conditions_said(phrasebook(page.language).said("if")):
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
def _environment(
    form: Format, folders: tuple[str, ...], language: str
) -> ImmutableSandboxedEnvironment:
    """One environment per format, users' folders and language: templates are compiled once."""
    ours = FileSystemLoader(our_templates())
    users = [FileSystemLoader(folder) for folder in folders]
    html = form.template.endswith(".html")
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*users, ours, PrefixLoader({"symderiv": ours})]),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **DELIMITERS.get(form.template[-4:], {}),
    )
    environment.filters.update(_filters(spoken_in(form, language), html))
    environment.filters.update(_worded(language))
    environment.globals["babel"] = phrasebook(language).babel
    return environment


def _worded(language: str) -> dict[str, Callable[..., Any]]:
    """The filters that know the language: a template's own words, and headings inside a line."""
    book = phrasebook(language)
    return {
        "said": lambda words, **slots: one_line(book.said(words, **slots)),
        "inside": book.inside,
        "aligned": partial(aligned, inside=book.inside),
    }


def _unbroken(said: str) -> Markup:
    """Words and formulas in HTML, each formula on one line with the stop behind it."""
    joined = _BEFORE_A_STOP.sub(r'<span class="sd-nb">\1</span>', said)
    return Markup(joined)  # noqa: S704 (words escaped, formulas printed)


def _filters(form: Format, html: bool) -> dict[str, Callable[..., Any]]:
    def words(text: str) -> str:
        said = form.words(one_line(text))
        return Markup(said) if html else said  # noqa: S704 (escaped)

    def prose(parts: Prose) -> str:
        said = "".join(words(p) if isinstance(p, str) else form.inline(p) for p in parts)
        return _unbroken(said) if html else said

    def cell(parts: Prose, mark: str = "") -> str:
        said = [words(p) if isinstance(p, str) else form.cell(p, mark) for p in parts]
        return Markup("").join(said) if html else "".join(said)

    ending = form.template.rpartition(".")[2]

    def link(to: Link, base: str) -> str:
        said = SPELLED[ending](words(to.name), address(to, base, ending))
        return Markup(said) if html else said  # noqa: S704 (words and address escaped)

    return {
        "math": form.inline,
        "formula": lambda expr, marks=None: form.formula(expr, marks or {}),
        "prose": prose,
        "words": words,
        "label": label,
        "shown": shown,
        "wide": wide,
        "picture": form.picture,
        "columns": lambda table: columns([table.head, *table.rows], prose),
        "cell": cell,
        "typed": form.typed,
        "spoken": lambda expr, marks=None: speech(expr, marks=marks or {}),
        "string": typst_string,
        "wordy": wordy,
        "link": link,
        "address": of_reason,
        "focusable": focusable,
        "labelled": labelled,
    }
