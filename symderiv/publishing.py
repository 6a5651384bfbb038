"""The commands for other people's pages: `symderiv fragments` and `symderiv inject`.

What is put where stands in `sites`; here what was typed becomes a call, and files are written.
The parts are imported when a command runs, as in `cli`.
"""

from __future__ import annotations

import argparse
import sys

from symderiv.errors import Mistake

TYPE_CHECKING = False  # as in typing, which costs 5 ms to import
if TYPE_CHECKING:
    from typing import Any


def publishing_parsers(commands: Any) -> None:
    """The two commands and their options."""
    fragments = commands.add_parser("fragments", help="pieces of pages as files, and their style")
    fragments.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="such as sigmoid, or 'sigmoid detail=full', or 'exercise sigmoid'",
    )
    fragments.add_argument("--css", action="store_true", help="write the style sheet of a site")
    fragments.add_argument(
        "--script", action="store_true", help="write the script of quizzes below exercises"
    )
    fragments.add_argument(
        "-f", "--format", default="", help="html,markdown,latex,svg,json (all of them), text"
    )
    fragments.add_argument("--links", default="", metavar="BASE", help="the site of the glossary")
    fragments.add_argument(
        "--templates", action="append", default=[], metavar="DIR", help="blocks that replace ours"
    )
    fragments.add_argument("-o", "--output", default="", metavar="DIR", help="a folder; here")
    fragments.set_defaults(run=_fragments)
    inject = commands.add_parser(
        "inject", help="put pieces between <!-- symderiv: NAME --> and <!-- /symderiv -->"
    )
    inject.add_argument("files", nargs="+", metavar="FILE", help="pages in Markdown")
    inject.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where a file would change"
    )
    inject.add_argument("-f", "--format", default="github", help="github, plain or html")
    inject.add_argument("--links", default="", metavar="BASE", help="the site of the glossary")
    inject.add_argument(
        "--templates", action="append", default=[], metavar="DIR", help="blocks that replace ours"
    )
    inject.set_defaults(run=_inject)


def _fragments(typed: argparse.Namespace) -> None:
    from pathlib import Path  # lazily: see the module's docstring

    from symderiv.documents.files import write_file  # lazily, with all that makes pages
    from symderiv.sites.fragments import FORMATS, fragment_files
    from symderiv.sites.styling import NAME, SCRIPT, quiz_script, site_css
    from symderiv.sites.wishes import read_line

    if not (typed.names or typed.css or typed.script):
        raise Mistake("Name what is to be derived, such as sigmoid; or ask for --css or --script.")
    formats = [name.strip() for name in typed.format.split(",") if name.strip()] or [*FORMATS]
    wishes = [read_line(name) for name in typed.names]
    options = {"script": typed.script, "templates": tuple(typed.templates)}
    asked = fragment_files(wishes, formats, typed.links, Path(), **options)
    files = dict(asked) if wishes else {}
    files |= {NAME: site_css()} if typed.css else {}
    files |= {SCRIPT: quiz_script()} if typed.script else {}
    for name, text in files.items():
        write_file(Path(typed.output) / name, text)
        print(Path(typed.output) / name)


def _inject(typed: argparse.Namespace) -> int:
    from dataclasses import replace  # lazily: see the module's docstring
    from pathlib import Path  # lazily: see the module's docstring

    from symderiv.documents.files import write_file  # lazily, with all that makes pages
    from symderiv.sites.injecting import injected, shared_pictures
    from symderiv.sites.pieces import GITHUB, HTML, PLAIN, Site
    from symderiv.sites.wishes import near

    forms = {"github": GITHUB, "plain": PLAIN, "html": HTML}
    if typed.format not in forms:
        raise Mistake(f"There is no format {typed.format!r}. {near(typed.format, forms)}")
    paths = [Path(name) for name in dict.fromkeys(typed.files)]
    site = Site(typed.links, templates=tuple(typed.templates))
    form = forms[typed.format]
    pages = [injected(path, form, replace(site, folder=path.parent)) for path in paths]
    mistakes = [mistake for page in pages for mistake in page.mistakes]
    mistakes += shared_pictures(pages)
    if mistakes:
        raise Mistake("nothing was written.\n" + "\n".join(mistakes))
    changes = [change for page in pages for change in page.changes()]
    for path, text in changes:
        if typed.check:
            print(f"{path} would change.", file=sys.stderr)
        else:
            write_file(path, text)
            print(path)
    return 1 if typed.check and changes else 0
