"""The command `symderiv check`: an answer, a whole derivation, or a file of answers.

What is judged stands in `homework`, files of answers in `marking`; here only what was typed
becomes a call and what comes back is said.  The parts are imported when the command runs.
"""

from __future__ import annotations

import argparse
import os
import sys

from symderiv.errors import Mistake
from symderiv.terminal import (
    FORMATS,
    bar,
    domains,
    format_of,
    language_option,
    pairs,
    text_of,
    write,
)

TYPE_CHECKING = False  # as in typing, which costs 5 ms to import
if TYPE_CHECKING:
    from typing import Any

    from symderiv.homework.results import Check, Marked


def _check(typed: argparse.Namespace) -> int:
    import symderiv  # lazily: see the module's docstring
    from symderiv.homework.telling import told

    if typed.key is not None:
        return _mark(typed)
    if (typed.answer is None) is (typed.lines is None):
        raise Mistake("Give an answer, or a derivation with --lines FILE.")
    options = {name: getattr(typed, name) for name in ("form", "digits", "tolerance")}
    where, given = domains(typed.where), pairs(typed.given, "--given")
    problem = symderiv.problem(typed.question, typed.wrt, where=where, given=given, **options)
    said: Check | Marked = (
        symderiv.check(problem, typed.answer)
        if typed.lines is None
        else symderiv.check_lines(problem, text_of(typed.lines))
    )
    if typed.format or typed.language or typed.output != "-":
        from symderiv.documents.feedback import compose_feedback  # lazily, with all of the pages

        form = typed.format or format_of(typed.output)
        page = compose_feedback(said, typed.hints)
        write(symderiv.render(page, form, language=typed.language), typed.output)
    else:
        print(told(said, typed.hints))
    return {"correct": 0, "incorrect": 1}.get(said.verdict, 3)


def _mark(typed: argparse.Namespace) -> int:
    from pathlib import Path  # lazily: see the module's docstring

    from symderiv.documents.formats import check_format  # lazily, with all of the pages
    from symderiv.documents.typesetting import check_typesetter
    from symderiv.marking.report import mark_file

    if typed.answer is not None or typed.lines is not None:
        raise Mistake("With --key, give one file or folder of answers and no answer.")
    if typed.language not in ("", "en"):
        raise Mistake("Reports on a file of answers (--key) are written in English so far.")
    folder = Path("report" if typed.output == "-" else typed.output)
    workers = typed.workers or os.cpu_count() or 1
    formats = [name.strip() for name in (typed.format or "html").split(",")]
    for name in formats:
        check_format(name)
    check_typesetter(formats)
    progress = bar if sys.stderr.isatty() else lambda _done, _all: None
    try:
        report = mark_file(
            Path(typed.key), Path(typed.question), folder,
            workers=workers, progress=progress, formats=tuple(dict.fromkeys(formats)),
        )  # fmt: skip
    except KeyboardInterrupt:
        print(f"What is done is kept in {folder}: the same command goes on.", file=sys.stderr)
        raise
    print("\n".join(map(str, report.files)))
    said = f"{report.answers} answers, {report.waiting} for a person to look at (review.csv)"
    print(said, file=sys.stderr)
    return 0


def check_parser(commands: Any) -> None:
    """The options of `symderiv check`."""
    check = commands.add_parser("check", help="judge an answer, or a whole derivation")
    check.add_argument(
        "question",
        help="such as 'D(x*sin(x), x)', or what to differentiate; with --key the answers: "
        "a CSV file, JSON Lines, or a folder",
    )
    check.add_argument("answer", nargs="?", help="what a student wrote")
    check.add_argument("--lines", metavar="FILE", help="a derivation, a line each, LaTeX, Markdown")
    check.add_argument("--wrt", metavar="X", help="by which symbol (if there are several)")
    check.add_argument("--where", action="append", default=[], metavar="X=DOMAIN")
    check.add_argument("--given", action="append", default=[], metavar="A=EXPR")
    check.add_argument("--form", default="", help="factored, expanded, 'in terms of sigma', …")
    check.add_argument("--digits", type=int, metavar="N", help="significant digits of a number")
    check.add_argument("--tolerance", metavar="T", help="how far a number may be off: 0.01 or 1%%")
    check.add_argument(
        "--hints", type=int, choices=range(4), default=3,
        help="how much is given away: 0 nothing, 1 where, 2 which rule, 3 the next line and the "
        "solution (the default; a key says it for itself)",
    )  # fmt: skip
    check.add_argument("--key", metavar="KEY.toml", help="the questions to a file of answers")
    check.add_argument("--workers", type=int, default=0, metavar="N", help="processes (all cores)")
    check.add_argument(
        "-f",
        "--format",
        default="",
        help=f"of the feedback: {FORMATS}; with --key several, with commas between them",
    )
    check.add_argument(
        "-o", "--output", default="-", metavar="FILE", help="a page; with --key a folder (report)"
    )
    language_option(check)
    check.set_defaults(run=_check)
