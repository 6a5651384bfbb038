"""What the commands share: options that are pairs, files that are read, pages that are written.

Nothing of mathematics stands here; what a command does stands in `cli` and `checking`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from symderiv.errors import Mistake, Unreadable

FORMATS = "text, markdown, latex, html, typst, pdf, json"


def language_option(command: argparse.ArgumentParser) -> None:
    """The option of every command that writes pages."""
    command.add_argument("--language", default="", metavar="XX", help="of the words, such as de")


def text_of(name: str) -> str:
    """The text of a file, of standard input for -; bytes that are no text are shown as such."""
    from pathlib import Path  # lazily: see the module's docstring

    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Mistake(f"{name} cannot be read: {error.strerror or error}.") from error
    return data.decode("utf-8-sig", errors="replace")


def pairs(typed: Sequence[str], option: str) -> dict[str, str]:
    """NAME=TEXT options as a table."""
    for pair in typed:
        if "=" not in pair:
            raise Unreadable(pair, len(pair), f"{option} takes NAME=TEXT.", "Such as 'a=...'.")
    return {name.strip(): text for name, _, text in (pair.partition("=") for pair in typed)}


def told_apart(arguments: Sequence[str]) -> list[str]:
    """The arguments, a formula that begins with a minus sign marked as none of the options.

    argparse takes -x/2 for options; with a blank behind it, it is an argument.
    """
    return [a if not a.startswith("-") or _OPTION.fullmatch(a) else f"{a} " for a in arguments]


_OPTION = re.compile(r"-|--.*|-h|-o.*|-f[a-z,]*", re.DOTALL)


def domains(typed: Sequence[str]) -> dict[str, str]:
    """The domains of --where: `yhat=(0,1)`, or `x>0` as it is written on paper."""
    found: dict[str, str] = {}
    for text in typed:
        parts = _DOMAIN.fullmatch(text)
        if parts is None:
            hint = "Such as 'yhat=(0,1)' or 'x>0'."
            raise Unreadable(text, len(text), "--where takes a name and its domain.", hint)
        name, sign, rest = parts.groups()
        found[name] = rest if sign == "=" else sign + rest
    return found


_DOMAIN = re.compile(r"\s*([^<>=!\s]+)\s*(>=|<=|!=|[=<>])\s*(.*)", re.DOTALL)


def format_of(output: str) -> str:
    """The format that a file's ending asks for, text for the terminal."""
    from symderiv.documents.writing import ending  # lazily: see the module's docstring

    return ending(output) or "text"


def write(page: str | bytes, output: str) -> None:
    """Write to a file, or to standard output for `-`, which for a PDF must not be a terminal."""
    from pathlib import Path  # lazily: see the module's docstring

    from symderiv.documents.files import write_file

    if output != "-":
        write_file(Path(output), page)
    elif isinstance(page, str):
        print(page, end="")
    elif sys.stdout.isatty():
        raise Mistake("A PDF is nothing for a terminal: name a file with -o.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(page)


def progress(topic: str) -> None:
    """What is being derived, for one who waits at a terminal."""
    print(f"deriving and checking {topic} …", file=sys.stderr)


def bar(done: int, total: int) -> None:
    """How far a long run is, on one line of the terminal."""
    full = 30 * done // total
    ends = "\n" if done == total else ""
    shown = f"\r\033[K[{'#' * full}{'.' * (30 - full)}] {done} of {total}"
    print(shown, end=ends, file=sys.stderr, flush=True)
