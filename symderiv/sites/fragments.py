"""Pieces as files with stable names, for whoever builds pages in a way of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from symderiv.documents.rendering import latex_macros, render
from symderiv.errors import Mistake, Unknown
from symderiv.sites.making import Made, made, picture_files, spelled
from symderiv.sites.pieces import GITHUB, HTML, LATEX, TEXT, Site, anchor, network_file
from symderiv.sites.styling import NAME, site_css
from symderiv.sites.wishes import Wish, near

FORMATS: Final = ("html", "markdown", "latex", "svg", "json")
_SPELLED: Final = {"html": HTML, "markdown": GITHUB, "latex": LATEX, "text": TEXT}
_ENDINGS: Final = {"html": "html", "markdown": "md", "latex": "tex", "text": "txt"}
_PACKAGES: Final = "amsmath,amssymb,graphicx,xcolor,hyperref"


def fragment_files(
    wishes: Iterable[Wish],
    formats: Sequence[str],
    links: str,
    folder: Path,
    *,
    script: bool = False,
    templates: tuple[str, ...] = (),
) -> Iterator[tuple[str, str]]:
    """The files of these wishes, by name, and what they need: a style sheet, a LaTeX package.

    With a `script` exercises have a box for an answer.
    """
    known = (*FORMATS, "text")
    for form in formats:
        if form not in known:
            raise Unknown(f"There is no format {form!r}. {near(form, known)}")
    for path in templates:
        if not Path(path).is_dir():
            raise Unknown(f"There is no folder of templates {path!r}.")
    taken: set[str] = set()
    for wish in wishes:
        asked = _drawn(wish) if "svg" in formats else wish
        name = anchor(asked, taken)
        if {name, f"sd-{name}", name.removeprefix("sd-")} & taken:
            raise Mistake(f"Two pieces would be files named {name.removeprefix('sd-')}.")
        taken.add(name)
        if asked.exercise and not asked.quiz:
            asked = replace(asked, quiz="may" if script else "no")
        found = made(asked, name, network_file(asked, Site(folder=folder)), links)
        yield from _files(found, asked, formats, (links, templates))
    if "html" in formats:
        yield NAME, site_css()
    if "latex" in formats:
        yield "symderiv.sty", _style()


def _drawn(wish: Wish) -> Wish:
    """A wish whose picture is shown, where there can be one."""
    drawn = wish.subject != "expr" or bool(wish.given)
    return replace(wish, show=(*wish.show, "graph")) if drawn and "graph" not in wish.show else wish


def _files(
    found: Made, wish: Wish, formats: Sequence[str], options: tuple[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    name = found.page.sections[0].id.removeprefix("sd-")
    for form in formats:
        if form in _SPELLED:
            yield f"{name}.{_ENDINGS[form]}", spelled(found, wish, _SPELLED[form], *options)
        elif form == "json":
            yield f"{name}.json", render(found.derivation or found.page, "json")
    if {"svg", "markdown"} & {*formats}:
        yield from picture_files([found.page]).items()


def _style() -> str:
    """What the pieces in LaTeX need, as a package."""
    head = "\\NeedsTeXFormat{LaTeX2e}\n\\ProvidesPackage{symderiv}\n"
    needed = "".join(f"\\RequirePackage{{{name}}}\n" for name in _PACKAGES.split(","))
    return f"{head}{needed}{latex_macros()}"
