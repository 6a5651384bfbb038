"""The command `symderiv handout`: a handout from a file, or the post's where no file is named.

What a file may say stands in `handouts`; here only what was typed becomes a call.  The parts
are imported when the command runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from symderiv.errors import Mistake
from symderiv.terminal import FORMATS, bar, language_option, progress

TYPE_CHECKING = False  # as in typing, which costs 5 ms to import
if TYPE_CHECKING:
    from typing import Any

    from symderiv.handouts.building import Order


def _handout(typed: argparse.Namespace) -> None:
    if typed.file is None:
        _post(typed)
        return
    from symderiv.handouts.building import build, watch  # lazily: see the module's docstring

    order = _order(typed)
    if typed.watch:
        try:
            watch(order, lambda line: print(line, file=sys.stderr, flush=True))
        except KeyboardInterrupt:  # how one ends it
            return
    seen = sys.stderr.isatty()
    for path in build(order, bar if seen else lambda _done, _all: None):
        if not (seen and order.students and sys.stdout.isatty()):  # the bar has the line
            print(path, flush=True)


def _order(typed: argparse.Namespace) -> Order:
    from pathlib import Path  # lazily: see the module's docstring

    from symderiv.documents.phrasebook import check_language  # as above
    from symderiv.documents.rendering import check_detail
    from symderiv.handouts.building import Order, formats_of, variants_of
    from symderiv.handouts.drawing import read_students

    if typed.detail:
        check_detail(typed.detail)
    if typed.language:
        check_language(typed.language)
    return Order(
        Path(typed.file),
        Path(typed.output),
        tuple(_possible(formats_of(typed.format), typed.pdf_by)),
        variants_of(typed.variant),
        typed.seed,
        read_students(typed.students) if typed.students else (),
        typed.detail,
        tuple(typed.templates),
        typed.language,
        typed.pdf_by,
    )


def _post(typed: argparse.Namespace) -> None:
    """The whole chain-rule post, and a page for each of its derivations."""
    from pathlib import Path  # lazily, with all that makes pages

    from symderiv.documents.files import write_file
    from symderiv.documents.writing import post_files

    asked = {"students": typed.students, "variant": typed.variant, "watch": typed.watch}
    for option, value in (asked | {"pdf-by latex": typed.pdf_by == "latex"}).items():
        if value:
            raise Mistake(f"--{option} needs a handout's file: symderiv handout SPEC.toml.")
    formats = [name.strip() for name in typed.format.split(",")] if typed.format else []
    unknown = [name for name in formats if name not in FORMATS.split(", ")]
    if unknown:
        raise Mistake(f"No format {unknown[0]!r}; there are: {FORMATS}.")
    formats = _possible(formats, typed.pdf_by)
    report = progress if sys.stderr.isatty() else lambda _: None
    detail = typed.detail or "standard"
    folders, language = tuple(typed.templates), typed.language or "en"
    for name, text in post_files(formats, detail, folders, report, language).items():
        write_file(Path(typed.output) / name, text)
        print(Path(typed.output) / name)


def _possible(formats: Sequence[str], pdf_by: str) -> list[str]:
    """The formats that can be made: all but a PDF where the extra for it is not installed."""
    from symderiv.documents.typesetting import lacking  # lazily, with all that makes pages

    problem = lacking(pdf_by) if "pdf" in formats else ""
    if problem and list(formats) == ["pdf"]:
        raise Mistake(problem)
    if problem:
        print(f"symderiv: {problem}", file=sys.stderr)
    return [name for name in formats if name != "pdf" or not problem]


def handout_parser(commands: Any) -> None:
    """The options of `symderiv handout`."""
    handout = commands.add_parser("handout", help="a handout from a file, or the seed post's")
    handout.add_argument("file", nargs="?", metavar="SPEC", help=".toml or .md; the post, if none")
    handout.add_argument("-o", "--output", default="output", metavar="DIR", help="a folder")
    handout.add_argument(
        "-f", "--format", default="", help=f"one or several: {FORMATS}; or endings"
    )
    handout.add_argument(
        "--variant", default="", help="one or several: solution, student, faded, hints"
    )
    handout.add_argument("--seed", default="0", metavar="S", help="of what is drawn ([parameters])")
    handout.add_argument(
        "--students",
        default="",
        metavar="N|FILE",
        help="a sheet and a key for each: CSV, or how many",
    )
    handout.add_argument(
        "--pdf-by", default="typst", choices=("typst", "latex"), help="which engine sets a PDF"
    )
    handout.add_argument("--watch", action="store_true", help="build again when a source changes")
    handout.add_argument("--detail", default="", help="brief, standard or full")
    handout.add_argument(
        "--templates", action="append", default=[], metavar="DIR", help="blocks that replace ours"
    )
    language_option(handout)
    handout.set_defaults(run=_handout)
