"""A handout's files: which are written where, for one class or for each student, and again when
their sources change.

Each file is written whole or not at all; what stands in them is made elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from symderiv.documents.document import Document
from symderiv.documents.files import write_file
from symderiv.documents.formats import ENDINGS, NAMES
from symderiv.documents.rendering import render, render_pdf
from symderiv.documents.writing import picture_files
from symderiv.errors import Mistake
from symderiv.handouts.composing import compose_handout
from symderiv.handouts.deriving import Deriver
from symderiv.handouts.drawing import Drawing
from symderiv.handouts.keys import Keys
from symderiv.handouts.located import meant
from symderiv.handouts.parameters import Draw
from symderiv.handouts.specification import read_spec
from symderiv.handouts.withholding import VARIANTS
from symderiv.marking.naming import file_names

_PAUSE = 0.4  # seconds between two looks at the sources


@dataclass(frozen=True)
class Order:
    """What is to be built: of which file, in which formats and variants, for whom, to where."""

    path: Path
    folder: Path
    formats: tuple[str, ...] = ("html",)
    variants: tuple[str, ...] = ("solution",)
    seed: str = "0"
    students: tuple[str, ...] = ()
    detail: str = ""
    templates: tuple[str, ...] = ()
    language: str = ""
    pdf_by: str = ""


def formats_of(typed: str) -> tuple[str, ...]:
    """The formats that were typed, by name or by the ending of their files."""
    known = {**{end: name for name, end in ENDINGS.items()}, **{name: name for name in NAMES}}
    return _listed(typed, known, "format") or ("html",)


def variants_of(typed: str) -> tuple[str, ...]:
    """The variants that were typed."""
    return _listed(typed, {name: name for name in VARIANTS}, "variant") or ("solution",)


def _listed(typed: str, known: Mapping[str, str], what: str) -> tuple[str, ...]:
    words = [word.strip() for word in typed.split(",") if word.strip()]
    for word in words:
        if word not in known:
            raise Mistake(f"No {what} {word[:40]!r}. {meant(word, [*known])}")
    return tuple(dict.fromkeys(known[word] for word in words))


def build(
    order: Order, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Iterator[Path]:
    """Write the files of a handout, and say of each where it is."""
    yield from _Building(order).build(progress)


class _Building:
    """One handout while its files are written."""

    def __init__(self, order: Order) -> None:
        self.order = order
        spec = read_spec(order.path)
        detail, language = order.detail or spec.detail, order.language or spec.language
        self.spec = replace(spec, detail=detail, language=language)
        self.deriver = Deriver(self.spec)
        self.drawing = Drawing(self.spec, self.deriver, order.seed)
        self.keys = Keys(self.spec, self.deriver)

    def build(self, progress: Callable[[int, int], None]) -> Iterator[Path]:
        order, stem = self.order, self.order.path.stem
        if not order.students:
            yield from self._sheets(stem, order.folder, "")
            if "solution" in order.variants:
                yield from self._key(stem, "")
            return
        names = file_names(order.students)
        for k, (student, name) in enumerate(names.items(), 1):
            yield from self._sheets(name, order.folder / "sheets", student)
            yield from self._key(name, student)
            progress(k, len(names))

    def _draw(self, student: str) -> Draw:
        """What a student gets, or the class."""
        return self.drawing.of(student) if student else self.drawing.first

    def _sheets(self, name: str, folder: Path, student: str) -> Iterator[Path]:
        draw = self._draw(student)
        for variant in self.order.variants:
            file = name if variant == "solution" else f"{name}-{variant}"
            page = compose_handout(self.spec, self.deriver, draw, variant, file, student)
            for path, text in self._texts(page, folder / file):
                write_file(path, text)
                yield path

    def _texts(self, page: Document, base: Path) -> Iterator[tuple[Path, str | bytes]]:
        order, detail = self.order, self.spec.detail
        for form in order.formats:
            path = base.with_name(f"{base.name}.{ENDINGS[form]}")
            if form == "pdf":
                folders, engine = order.templates, order.pdf_by
                yield path, render_pdf(page, detail=detail, templates=folders, dialect=engine)
            else:
                yield path, render(page, form, detail=detail, templates=order.templates)
        if "markdown" in order.formats:
            for name, text in picture_files([page]).items():
                yield base.with_name(name), text

    def _key(self, name: str, student: str) -> Iterator[Path]:
        text = self.keys.text(self._draw(student))
        if text:
            path = self.order.folder / "keys" / f"{name}.toml"
            write_file(path, text)
            yield path


# --- again when something changes -------------------------------------------------------------


def watch(
    order: Order,
    say: Callable[[str], None],
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Build, and build again whenever a source changes; ends where `wait` is interrupted.

    Each build is one line; a mistake in a source is said and waited on.
    """
    files: Sequence[Path] = (order.path,)
    seen: tuple[float, ...] | None = None
    while True:
        now = _times(files)
        if now != seen:
            try:
                files = read_spec(order.path).files
                count = sum(1 for _ in build(order))
                say(f"{order.path.name}: {count} files written to {order.folder}")
            except Mistake as mistake:
                say(str(mistake))
            seen = now if len(now) == len(files) else _times(files)
        wait(_PAUSE)


def _times(files: Sequence[Path]) -> tuple[float, ...]:
    """When each file was changed last; 0 for one that is not there just now."""
    found = []
    for path in files:
        try:
            found.append(path.stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)
