"""`python -m benchmarks`: one Markdown table per part on stdout, progress on stderr.

With `--write` each table takes its place in README.md; the parts that were not asked for
stay as they were, with their day and machine.
"""

from __future__ import annotations

import argparse
import platform
import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import (
    growth,
    handouts,
    judging,
    marking,
    networks,
    printing,
    reading,
    seeds,
    sites,
    starting,
    textbook,
)

PARTS: dict[str, Callable[[], str]] = {
    "a": seeds.table,
    "b": growth.table,
    "c": growth.towers,
    "d": printing.table,
    "e": starting.table,
    "f": reading.table,
    "g": judging.table,
    "h": networks.table,
    "i": marking.table,
    "j": textbook.table,
    "k": sites.table,
    "l": handouts.table,
}
README = Path(__file__).parent / "README.md"
MARK = "<!-- everything below is written by `python -m benchmarks --write` -->"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--parts", default="".join(PARTS), help="which parts, such as ac (default: all)"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into README.md too")
    options = parser.parse_args()
    for name in (name for name in PARTS if name in options.parts):
        table = _dated(PARTS[name]())
        print(table, flush=True)
        if options.write:
            _write(name, table)


def _write(name: str, table: str) -> None:
    """Put one table into its place at once: what was measured is not lost if the next fails."""
    kept, _, old = README.read_text(encoding="utf-8").partition(MARK)
    everything = _by_part(old) | {name: table}
    text = "\n".join(everything[name] for name in sorted(everything))
    README.write_text(f"{kept}{MARK}\n\n{text}", encoding="utf-8")


def _by_part(written: str) -> dict[str, str]:
    """The tables that stand in a text, by their letters."""
    pieces = re.split(r"^(?=### \()", written, flags=re.MULTILINE)
    return {piece[len("### (")]: piece.rstrip() + "\n" for piece in pieces[1:]}


def _dated(table: str) -> str:
    """A table with the day and the machine under its heading."""
    heading, _, rest = table.partition("\n")
    return f"{heading}\n\n{_machine()}{rest}"


def _machine() -> str:
    day = datetime.now(UTC).date().isoformat()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{day}, {python}, SymPy {version('sympy')}, {platform.machine()}.\n"


if __name__ == "__main__":
    main()
