"""The commands that look things up: `symderiv rules` and `symderiv functions`.

Without a format they print what is known in a few lines; with one, or in another language, they
make the page of a rule or a function, and with a folder the pages of all.  The parts are
imported when a command runs, as in `cli`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from typing import Any

from symderiv.errors import Unreadable
from symderiv.terminal import FORMATS, format_of, language_option, write


def glossary_parsers(commands: Any) -> None:
    """The two commands and their options."""
    runs: tuple[tuple[str, Callable[[argparse.Namespace], None]], ...]
    runs = (("rules", rules), ("functions", functions))
    for name, run in runs:
        glossary = commands.add_parser(name, help=f"the {name} that symderiv knows")
        glossary.add_argument("name", nargs="?", help="only this one")
        glossary.add_argument("-f", "--format", default="", help=f"a page: {FORMATS}")
        glossary.add_argument("--detail", default="standard", help="brief, standard or full")
        glossary.add_argument("--dialect", default="", help="of Markdown: github or plain")
        glossary.add_argument(
            "--links", default="", metavar="BASE", help="the site with rules/ and functions/"
        )
        glossary.add_argument(
            "--templates", action="append", default=[], metavar="DIR", help="blocks of your own"
        )
        glossary.add_argument(
            "-o", "--output", default="-", metavar="FILE|DIR", help="a folder takes all pages"
        )
        language_option(glossary)
        glossary.set_defaults(run=run)


def rules(typed: argparse.Namespace) -> None:
    """Rules in a few lines each, or as a page."""
    import symderiv  # lazily: see the module's docstring
    from symderiv.documents import glossing, writing  # lazily, with all that makes pages

    found = _chosen(symderiv.rules, typed.name, "rule")
    if not _is_page(typed):
        print("\n\n".join(map(glossing.rule_text, found)))
        return
    name = found[0].id if typed.name else "index"
    _write(typed, lambda options: writing.rule_files(found, name, **options))


def functions(typed: argparse.Namespace) -> None:
    """Functions in a few lines each, or as pages: one, or all with an index."""
    import symderiv  # lazily: see the module's docstring
    from symderiv.documents import glossing, writing  # lazily, with all that makes pages

    found = _chosen(symderiv.functions, typed.name, "function")
    if not _is_page(typed):
        print("\n\n".join(map(glossing.function_text, found)))
    elif typed.name:
        _write(typed, lambda options: writing.card_files(found, **options))
    elif _is_folder(typed.output):
        _write(typed, lambda options: writing.function_files(found, **options))
    else:
        _write(typed, lambda options: writing.index_files(found, **options))


def _is_page(typed: argparse.Namespace) -> bool:
    return bool(typed.format or typed.language) or typed.output != "-"


def _is_folder(output: str) -> bool:
    """Whether all pages go there: a folder, or a name without an ending."""
    named = output.endswith(("/", os.sep)) or not os.path.splitext(output)[1]
    return output != "-" and (named or os.path.isdir(output))


def _write(
    typed: argparse.Namespace, make: Callable[[dict[str, Any]], Mapping[str, str | bytes]]
) -> None:
    """Make the files and write them: into a folder each, else the page to where it is wanted."""
    from pathlib import Path  # lazily: see the module's docstring

    from symderiv.documents.files import write_file
    from symderiv.documents.linking import BESIDE  # lazily, with all that makes pages

    folder = _is_folder(typed.output)
    form = typed.format or ("text" if folder else format_of(typed.output))
    options = {"detail": typed.detail, "dialect": typed.dialect, "language": typed.language}
    options |= {"templates": tuple(typed.templates)}
    links = typed.links or (BESIDE if folder else "")
    files = make({"form": form, "links": links, **options})
    (page, text), *pictures = files.items()
    if typed.output == "-":
        write(text, "-")
        return
    beside = Path(typed.output) if folder else Path(typed.output).parent
    write_file(beside / page if folder else Path(typed.output), text)
    for name, picture in pictures:
        write_file(beside / name, picture)
    if folder:
        print("\n".join(str(beside / name) for name in files))


def _chosen(table: Any, name: str | None, kind: str) -> list[Any]:
    """One entry by its name, or all; a misspelt name is answered with the nearest."""
    from difflib import get_close_matches  # lazily: only a misspelling needs it

    if name is None:
        return list(table.values())
    if name in table:
        return [table[name]]
    near = get_close_matches(name, table, 1)
    hint = f"Did you mean {near[0]!r}?" if near else f"See symderiv {kind}s."
    raise Unreadable(name, 0, f"There is no such {kind}.", hint)
