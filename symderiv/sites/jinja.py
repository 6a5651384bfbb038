"""`{{ derive("sigmoid") }}` and `{{ exercise("tanh") }}` in a site's own Jinja templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from symderiv.sites.pieces import AUTO, HTML, Site, anchor, box, named_folders, piece
from symderiv.sites.reporting import Where, report
from symderiv.sites.styling import piece_css
from symderiv.sites.wishes import DERIVATION, EXERCISE, Misasked, Value, Wish, subject_of, wished

_TAKEN = "symderiv taken"  # no name that a template could have


def install(
    environment: Environment,
    *,
    links: str = "",
    folder: str | Path = "",
    cache: str = AUTO,
    on_error: str = "raise",
    quiz_script: bool = False,
    language: str = "",
    templates: str | Sequence[str] = (),
) -> None:
    """Give the templates of an environment `derive`, `exercise` and `symderiv_css`.

    `templates` are folders whose blocks replace ours.
    """
    folders = named_folders(templates, Path())
    site = Site(links, Path(folder), cache, quiz_script, language, folders)

    @pass_context
    def derive(context: Context, what: str = "", **asked: Value) -> Markup:
        return _shown(context, (what, asked, DERIVATION), site, on_error)

    @pass_context
    def exercise(context: Context, what: str = "", **asked: Value) -> Markup:
        return _shown(context, (what, asked, EXERCISE), site, on_error)

    environment.globals["derive"] = derive
    environment.globals["exercise"] = exercise
    environment.globals["symderiv_css"] = lambda: Markup(piece_css())  # noqa: S704 (our own)


def _shown(
    context: Context, call: tuple[str, dict[str, Value], str], site: Site, on_error: str
) -> Markup:
    """The piece of one call; its anchors are taken for the rest of the page."""
    taken: set[str] = context.parent.setdefault(_TAKEN, set())
    try:
        wish = _wish(*call)
        html = piece(wish, HTML, site, taken)
        taken.add(anchor(wish, taken))
    except Misasked as mistake:
        place = Where(context.name or "a template", 0)
        report(mistake, place, on_error)
        html = box(str(mistake), place.file)
    return Markup(html)  # noqa: S704 (printed from our tree, or escaped)


def _wish(what: str, asked: dict[str, Any], kind: str) -> Wish:
    """The wish of a call: a name first, or one of the keys of a fence."""
    first = [(subject_of(what), what, 1)] if what else []
    return wished([*first, *((key, value, 1) for key, value in asked.items())], kind)
