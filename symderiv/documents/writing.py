"""Documents as files: which file is written where, and nothing half-written.

A file is written beside its place and moved there, so that an interrupted run leaves
either the old file or the new one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from symderiv.documents.chainrule import chain_rule_handout
from symderiv.documents.composing import compose
from symderiv.documents.document import Document, Passage, Picture
from symderiv.documents.networks import anchor_network, compose_network
from symderiv.documents.post import derive_topics
from symderiv.documents.rendering import ENDINGS, render, render_pdf
from symderiv.documents.svg import scene_svg
from symderiv.errors import Mistake, Unknown

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
) -> dict[str, str | bytes]:
    """The documents of the post by file name: the whole handout, and a page for each derivation.

    All that is text where no format is named; PDFs where `pdf` is among them.
    """
    wanted = tuple(formats) or tuple(dict.fromkeys(name for name, _, _ in SHOWROOM))
    derivations = derive_topics(report)
    pages = {"handout": chain_rule_handout(derivations, report=report)}
    pages |= {"network": compose_network(anchor_network())}
    pages |= {name: compose(derivation, name) for name, derivation in derivations.items()}
    texts: dict[str, str | bytes] = {
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


def write_file(path: Path, page: str | bytes) -> None:
    """Write a page to `path` at once or not at all; `Mistake` where that cannot be done.

    A link is followed, and what is no file (a pipe, a device) is written to and never replaced.
    """
    try:
        data = page.encode() if isinstance(page, str) else page
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Mistake(f"{path} cannot be written: {reason}.") from error


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".symderiv-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def ending(path: str) -> str:
    """The format that a file's ending asks for, empty where it has none; `Unknown` for others."""
    suffix = Path(path).suffix.removeprefix(".")
    found = next((name for name, end in ENDINGS.items() if end == suffix), "")
    if suffix and not found:
        known = ", ".join(f".{end}" for end in ENDINGS.values())
        raise Unknown(f"No format for the ending .{suffix}; name one with -f, or end in {known}.")
    return found
