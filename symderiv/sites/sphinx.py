"""The directives and the role in Sphinx, for reStructuredText and MyST.

A piece is spelled in every format when its page is read, so that the page can be kept and
written by any builder; nothing is changed while pages are read, so that Sphinx may read
several at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

import symderiv
from symderiv.documents.files import write_file
from symderiv.sites.pieces import (
    AUTO,
    HTML,
    LATEX,
    TEXT,
    Site,
    anchor,
    from_page,
    named_folders,
    network_file,
    pieces,
    template_files,
)
from symderiv.sites.reporting import ON_ERROR
from symderiv.sites.styling import NAME, SCRIPT, quiz_script, site_css
from symderiv.sites.wishes import (
    DERIVATION,
    EXERCISE,
    Misasked,
    Wish,
    read_line,
    subject_of,
    wished,
)

_LOG: Final = logging.getLogger(__name__)
_PACKAGES: Final = "amsmath,amssymb,graphicx,xcolor"
_FORMS: Final = {"html": HTML, "latex": LATEX, "text": TEXT}
_CLAIMS: Final = {name: ("claim", name) for name in _FORMS}


class piece_node(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 (as nodes are named)
    """A piece on a line of its own, spelled in every format."""


class claim_node(nodes.Inline, nodes.Element):  # type: ignore[misc]  # noqa: N801 (as above)
    """A result inside a sentence, spelled in every format."""


class _AnyOption(dict):  # type: ignore[type-arg]
    """Takes every option as it is written: which there are, and which was meant, we say."""

    def __missing__(self, key: str) -> Callable[[str | None], str]:
        return lambda text: text or ""


class DerivationDirective(SphinxDirective):  # type: ignore[misc]  # no types for mypy here
    """`.. derivation:: sigmoid` with the keys of a fence as its options."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = _AnyOption({"name": directives.unchanged})
    kind: ClassVar[str] = DERIVATION

    def run(self) -> list[nodes.Node]:
        """The piece, or what is said of its mistake."""
        taken = _taken(self.state.document)
        try:
            what = self.arguments[0] if self.arguments else ""
            first = [(subject_of(what), what, 1)] if what else []
            asked = ((key, said, 1) for key, said in self.options.items())
            wish = wished([*first, *asked], self.kind)
            found = _spelled(self, wish, _FORMS, {*taken, *self.state.document.ids})
            taken.add(anchor(wish, {*taken, *self.state.document.ids}))
        except Misasked as mistake:
            return _failed(self, mistake)
        return [piece_node("", **found)]


class ExerciseDirective(DerivationDirective):
    """`.. exercise:: sigmoid` with the keys of a fence as its options."""

    kind: ClassVar[str] = EXERCISE


class DerivationRole(SphinxRole):  # type: ignore[misc]  # as above
    """:derivation:`sigmoid` is the result inside a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The formula, or what is said of its mistake."""
        try:
            found = _spelled(self, read_line(self.text), _CLAIMS, ())
        except Misasked as mistake:
            return _failed(self, mistake), []
        return [claim_node("", **found)], []


def _taken(document: nodes.document) -> set[str]:
    """The anchors of the pieces on a page so far."""
    if not hasattr(document, "symderiv_taken"):
        document.symderiv_taken = set()
    taken: set[str] = document.symderiv_taken
    return taken


def _spelled(
    place: DerivationDirective | DerivationRole, wish: Wish, forms: Any, taken: Any
) -> dict[str, str]:
    """The formats of a piece; the page is made anew when a file that it is made of changes."""
    env, config = place.env, place.env.config
    depth = env.docname.count("/") + (env.app.builder.name == "dirhtml")
    links, folder = from_page(config.symderiv_links, depth), Path(env.srcdir)
    site = Site(
        links,
        folder,
        config.symderiv_cache,
        config.symderiv_quiz_script,
        config.symderiv_language,
        named_folders(config.symderiv_templates, Path(env.app.confdir)),
        Path(env.doc2path(env.docname)).parent,
    )
    file = network_file(wish, site)
    for path in (*([file] if file is not None else ()), *template_files(wish, site)):
        env.note_dependency(str(path))
    return {name: text for name, text in pieces(wish, forms, site, taken).items() if name in forms}


def _failed(place: DerivationDirective | DerivationRole, mistake: Misasked) -> list[nodes.Node]:
    """A warning with file and line, which `-W` turns into an error, and the mistake on the page."""
    source, line = place.get_source_info()
    if place.env.config.symderiv_on_error == "raise":
        raise ExtensionError(f"{source}:{line}: {mistake}")
    _LOG.warning("%s", mistake, location=(place.env.docname, line), type="symderiv")
    text = f"symderiv: {mistake}"
    if isinstance(place, DerivationRole):
        return [nodes.strong(text, text)]
    return [nodes.error("", nodes.literal_block(text, text))]


# --- builders ------------------------------------------------------------------------------------


def _write_html(self: Any, node: nodes.Element) -> None:
    self.body.append(node["html"])
    raise nodes.SkipNode


def _write_latex(self: Any, node: nodes.Element) -> None:
    inline = isinstance(node, claim_node)
    text = node["latex"]
    self.body.append(text if inline else f"\n\n{{\\parindent=0pt\n{text}}}\n\n")
    raise nodes.SkipNode


def _write_text(self: Any, node: nodes.Element) -> None:
    if isinstance(node, claim_node):
        self.add_text(node["text"])
        raise nodes.SkipNode
    self.new_state(0)
    self.add_text(node["text"])
    self.end_state(wrap=False)
    raise nodes.SkipNode


def _with_style(app: Sphinx) -> None:
    """The style sheet stands among the site's static files, for builders of HTML, and the script
    of quizzes where the site allows one."""
    if app.builder.format != "html":
        return
    folder = Path(app.doctreedir) / "symderiv"
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / NAME, site_css())
    app.config.html_static_path.append(str(folder))
    app.add_css_file(NAME)
    if app.config.symderiv_quiz_script:
        (folder / SCRIPT).write_text(quiz_script(), encoding="utf-8", newline="\n")
        app.add_js_file(SCRIPT, loading_method="defer")


def _with_macros(_app: Sphinx, config: Any) -> None:
    """What our LaTeX needs, in the preamble of the site's own."""
    from symderiv.documents.rendering import latex_macros  # lazily, with all that makes pages

    needed = "".join(f"\\usepackage{{{name}}}\n" for name in _PACKAGES.split(","))
    before = config.latex_elements.get("preamble", "")
    config.latex_elements["preamble"] = f"{before}\n{needed}{latex_macros()}"
    if config.symderiv_on_error not in ON_ERROR:
        raise ExtensionError(f"symderiv_on_error is one of {', '.join(ON_ERROR)}.")


def setup(app: Sphinx) -> dict[str, object]:
    """Called by Sphinx for `extensions = ["symderiv.sites.sphinx"]`."""
    app.add_config_value("symderiv_links", "", "env")
    app.add_config_value("symderiv_cache", AUTO, "")
    app.add_config_value("symderiv_language", "", "env")
    app.add_config_value("symderiv_on_error", "warn", "")
    app.add_config_value("symderiv_quiz_script", False, "env")
    app.add_config_value("symderiv_templates", [], "env", (list, tuple, str))
    writers = {"html": _write_html, "latex": _write_latex, "text": _write_text}
    for node in (piece_node, claim_node):
        app.add_node(node, **{name: (write, None) for name, write in writers.items()})
    app.add_directive(DERIVATION, DerivationDirective)
    app.add_directive(EXERCISE, ExerciseDirective)
    app.add_role("derivation", DerivationRole())
    app.connect("config-inited", _with_macros)
    app.connect("builder-inited", _with_style)
    return {
        "version": symderiv.__version__,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
