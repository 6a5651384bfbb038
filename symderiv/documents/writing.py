"""Documents as files: which pages there are, and what each of their files is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Rule
from symderiv.documents.cardindex import card_object, compose_index
from symderiv.documents.cards import compose_card
from symderiv.documents.chainrule import chain_rule_handout
from symderiv.documents.composing import compose
from symderiv.documents.document import Document, Passage, Picture
from symderiv.documents.files import write_file
from symderiv.documents.formats import ENDINGS
from symderiv.documents.glossary import compose_rules
from symderiv.documents.linking import page_name
from symderiv.documents.networks import anchor_network, compose_network
from symderiv.documents.phrasebook import ENGLISH
from symderiv.documents.post import derive_topics
from symderiv.documents.rendering import render, render_as, render_pdf
from symderiv.documents.svg import scene_svg
from symderiv.documents.translating import translated
from symderiv.errors import Unknown

Files: TypeAlias = dict[str, str | bytes]
"""Pages by the names of their files: text, or the bytes of a PDF."""

SHOWROOM = (
    ("markdown", "github", "md"),
    ("markdown", "plain", "plain.md"),
    ("latex", "", "tex"),
    ("html", "", "html"),
    ("typst", "", "typ"),
    ("text", "", "txt"),
    ("json", "", "json"),
)
"""The formats of the handout that are text: format, dialect, ending."""


def post_files(
    formats: Iterable[str] = (),
    detail: str = "standard",
    templates: tuple[str, ...] = (),
    report: Callable[[str], None] = lambda _: None,
    language: str = ENGLISH,
) -> Files:
    """The documents of the post by file name: the whole handout, and a page for each derivation.

    All that is text where no format is named; PDFs where `pdf` is among them.
    """
    wanted = tuple(formats) or tuple(dict.fromkeys(name for name, _, _ in SHOWROOM))
    derivations = derive_topics(report)
    pages = {"handout": chain_rule_handout(derivations, report=report)}
    pages |= {"network": compose_network(anchor_network())}
    pages |= {name: compose(derivation, name) for name, derivation in derivations.items()}
    pages = {name: translated(page, language) for name, page in pages.items()}
    texts: Files = {
        f"{name}.{ending}": render(
            derivations.get(name, page) if form == "json" else page,
            form,
            detail=detail,
            dialect=dialect,
            templates=templates,
        )
        for name, page in pages.items()
        for form, dialect, ending in SHOWROOM
        if form in wanted
    }
    if "pdf" in wanted:
        texts |= {
            f"{name}.pdf": render_pdf(page, detail=detail, templates=templates)
            for name, page in pages.items()
        }
    drawn = picture_files(pages.values()) if "markdown" in wanted else {}
    return {**texts, **drawn}


def rule_files(rules: Sequence[Rule], name: str, form: str, **options: Any) -> Files:
    """The glossary of these rules as one page."""
    return {f"{name}.{ending_of(form)}": render_as(form, compose_rules(rules), **options)}


def card_files(functions: Sequence[Function], form: str, **options: Any) -> Files:
    """A page for each function, by file name, with the pictures that a page shows as files."""
    found: Files = {}
    for function in functions:
        name = f"{page_name(function.name)}.{ending_of(form)}"
        page = compose_card(function, in_site=bool(options.get("links")))
        page = translated(page, options.get("language") or page.language)
        data = as_json(card_object(function)) if form == "json" else ""
        found[name] = data or render_as(form, page, **options)
        found |= picture_files([page]) if form == "markdown" else {}
    return found


def index_files(functions: Sequence[Function], form: str, **options: Any) -> Files:
    """The list of these functions as one page."""
    name = f"index.{ending_of(form)}"
    if form == "json":
        return {name: as_json({"functions": [card_object(function) for function in functions]})}
    return {name: render_as(form, compose_index(functions), **options)}


def function_files(functions: Sequence[Function], form: str, **options: Any) -> Files:
    """The list and the page of every function."""
    return {**index_files(functions, form, **options), **card_files(functions, form, **options)}


def ending_of(form: str) -> str:
    """The ending of the files of a format; `Unknown` for one that is not there."""
    if form not in ENDINGS:
        raise Unknown(f"No format {form!r}; there are: {', '.join(ENDINGS)}.")
    return ENDINGS[form]


def as_json(data: dict[str, Any]) -> str:
    """Plain data as a JSON file."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def picture_files(pages: Iterable[Document]) -> dict[str, str]:
    """The pictures of these pages as SVG files, which Markdown shows from beside the page."""
    scenes = [
        part.wide
        for page in pages
        for section in page.sections
        if isinstance(section, Passage)
        for part in section.blocks
        if isinstance(part, Picture)
    ]
    return {f"{scene.name}.svg": scene_svg(scene, "file") + "\n" for scene in scenes}


def write_pictures(page: Document, beside: str) -> None:
    """Write the pictures of a page beside the file in which it stands."""
    for name, text in picture_files([page]).items():
        write_file(Path(beside).parent / name, text)


def ending(path: str) -> str:
    """The format that a file's ending asks for, empty where it has none; `Unknown` for others."""
    suffix = Path(path).suffix.removeprefix(".")
    found = next((name for name, end in ENDINGS.items() if end == suffix), "")
    if suffix and not found:
        known = ", ".join(f".{end}" for end in ENDINGS.values())
        raise Unknown(f"No format for the ending .{suffix}; name one with -f, or end in {known}.")
    return found
