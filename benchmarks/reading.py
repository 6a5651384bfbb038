"""(f) Formulas of this field, read by symderiv, latex2sympy2 and Math-Verify's parser.

The peers want other versions of antlr's runtime than each other, so each lives in an
environment of its own, made once below the user's cache folder, and in a process of its
own (`worker`); so does ours.  Formula by formula, the processes take turns.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.formulas import AMBIGUOUS, FORMULAS
from benchmarks.measuring import markdown, milliseconds, progress, times_ours
from benchmarks.values import Value, agree, values

ROUNDS = 3
PEERS = {"latex2sympy2": "latex2sympy2==1.9.1", "math_verify": "math-verify[antlr4_13_2]==0.9.0"}
OURS = "symderiv"
ROOT = Path(__file__).parents[1]


class Absent(Exception):
    """A peer that cannot be installed or started here; the message says why."""


class Reader:
    """A reader in its own process, which stays until `close`."""

    module = "benchmarks.worker"

    def __init__(self, name: str, python: Path | str, *task: str) -> None:
        self.process = subprocess.Popen(
            [python, "-m", self.module, name, *task],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self.title: str = self._answer()["title"]
        self.first: dict[str, float] = {}

    def ask(self, **question: Any) -> Any:
        assert self.process.stdin
        print(json.dumps(question), file=self.process.stdin, flush=True)
        return self._answer()

    def verdict(self, text: str, meant: list[Value]) -> str:
        """`right`, `wrong` (and silent about it) or `refused`; the first reading is timed."""
        answer = self.ask(read=text)
        if "refused" in answer:
            return "refused"
        self.first[text] = answer["seconds"]
        return "right" if agree(meant, answer["values"]) else "wrong"

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()

    def _answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise Absent(f"its process ended with {self.process.wait()}")
        return json.loads(line)


def table() -> str:
    readers, absent = _readers()
    try:
        verdicts = {text: _judged(text, meaning, readers) for text, meaning in FORMULAS}
        shared = [text for text, found in verdicts.items() if set(found.values()) == {"right"}]
        again = _timed(shared, readers)
        first = {name: [reader.first[t] for t in shared] for name, reader in readers.items()}
        rows = [_row(name, readers[name], verdicts, first, again) for name in readers]
    finally:
        for reader in readers.values():
            reader.close()
    blank = [""] * 8
    rows += [[f"{PEERS[name]}: not measured, {why}", *blank] for name, why in absent.items()]
    header = (
        *("reader", "right", "silently wrong", "refused", "ambiguous, read unasked"),
        *("first reading, ms", "of ours", "read again, ms", "of ours"),
    )
    title = f"(f) Reading LaTeX: {len(FORMULAS)} formulas of this field"
    return markdown(title, header, rows, *_notes(verdicts, first, again))


def _readers() -> tuple[dict[str, Reader], dict[str, str]]:
    """The processes by name, ours first, and why each that is missing is missing."""
    readers, absent = {OURS: Reader(OURS, Path(sys.executable))}, {}
    for name, requirement in PEERS.items():
        try:
            readers[name] = Reader(name, environment(requirement))
        except Absent as reason:
            absent[name] = str(reason)
    return readers, absent


def environment(requirement: str) -> Path:
    """The Python of an environment with this package alone, made when it is first wanted."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = re.sub(r"[^\w.]+", "-", f"{requirement}-{sys.implementation.cache_tag}")
    folder = cache / "symderiv-benchmarks" / name
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        progress(f"installing {requirement} into {folder}")
        pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
        for command in ([sys.executable, "-m", "venv", "--clear", folder], [python, *pip]):
            run = subprocess.run(command, capture_output=True, text=True)
            if run.returncode:
                raise Absent((run.stderr.strip().splitlines() or ["no reason given"])[-1])
        done.touch()
    return python


def _judged(text: str, meaning: Any, readers: dict[str, Reader]) -> dict[str, str]:
    progress(f"(f) {text}")
    meant = values(meaning)
    return {name: reader.verdict(text, meant) for name, reader in readers.items()}


def _timed(texts: list[str], readers: dict[str, Reader]) -> dict[str, list[float]]:
    """The median CPU seconds of each formula by each reader; the readers take turns."""
    spent: dict[str, list[float]] = {name: [] for name in readers}
    for number, text in enumerate(texts, 1):
        progress(f"(f) timing {number} of {len(texts)}")
        turns: dict[str, list[float]] = {name: [] for name in readers}
        for _ in range(ROUNDS):
            for name, reader in readers.items():
                turns[name].append(reader.ask(time=text)["seconds"])
        for name, found in turns.items():
            spent[name].append(median(found))
    return spent


def _row(
    name: str,
    reader: Reader,
    verdicts: dict[str, dict[str, str]],
    first: dict[str, list[float]],
    again: dict[str, list[float]],
) -> list[str]:
    counts = Counter(found[name] for found in verdicts.values())
    taken = sum("refused" not in reader.ask(read=text) for text in AMBIGUOUS)
    cells = [reader.title, *(str(counts[verdict]) for verdict in ("right", "wrong", "refused"))]
    cells.append(f"{taken} of {len(AMBIGUOUS)}")
    for spent in (first, again):
        if not spent[name]:
            return [*cells, *["–"] * 4]
        middle = median(spent[name])
        cells += [milliseconds(middle), times_ours(middle, median(spent[OURS]))]
    return cells


def _notes(
    verdicts: dict[str, dict[str, str]],
    first: dict[str, list[float]],
    again: dict[str, list[float]],
) -> list[str]:
    """How many formulas the times are of, and how much the ratio differs between them."""
    mine = [found for found in verdicts.values() if found[OURS] == "right"]
    alone = sum(list(found.values()).count("right") == 1 for found in mine)
    notes = [
        f"Times: the median of the {len(again[OURS])} formulas that all of them read right;",
        f"{alone} more are read right by us alone. Formula by formula, times ours, the lowest",
        "tenth, the middle and the highest tenth:",
    ]
    for name in [name for name in again if name != OURS and again[name]]:
        for title, spent in (("first reading", first), ("again", again)):
            ratios = sorted(a / b for a, b in zip(spent[name], spent[OURS], strict=True))
            tenths = (ratios[len(ratios) // 10], median(ratios), ratios[-1 - len(ratios) // 10])
            shown = ", ".join(f"{ratio:.3g}×" for ratio in tenths)
            notes.append(f"{name}, {title}: {shown};")
    return [*notes[:-1], notes[-1].rstrip(";") + "."]
