"""(i) Marking: answers in LaTeX a second, with the question known or not, and whole derivations.

What is timed is what marking takes: reading the answer and judging it (ours looks for the
slip too, where it is wrong).  Processes and turns are those of (g).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any, Final, NamedTuple

import sympy

import symderiv as sd
from benchmarks.answers import ENTRIES, QUESTIONS
from benchmarks.measuring import markdown, progress, times_ours
from benchmarks.reading import PEERS, Absent, Reader, environment

ROUNDS: Final = 3
_SLOW: Final = 0.02  # seconds: once is enough
CACHED: Final = "mark"
MARKERS: Final = ("mark", "mark_cold", "math_verify_mark", "math_verify_mark_cold", "simplify")


class Asked(NamedTuple):
    """An answer as it is handed to the processes, and whether it is right."""

    question: Mapping[str, Any]
    right: bool


def table() -> str:
    asked = list(_asked())
    markers, absent = _markers()
    try:
        found = {name: _times(name, marker, asked) for name, marker in markers.items()}
        titles = {name: marker.title for name, marker in markers.items()}
    finally:
        for marker in markers.values():
            marker.close()
    rows = [_row(titles[name], found[name], found[CACHED], asked) for name in titles]
    rows += [[f"{name}: not measured, {why}", *[""] * 8] for name, why in absent.items()]
    header = (
        *("what", "right", "wrong", "undecided", "right answers a second", "slips a second"),
        *("median, ms", "median of ours, cached", "mean of ours, cached"),
    )
    right = sum(answer.right for answer in asked)
    title = f"(i) Marking {right} right answers and {len(asked) - right} slips, from LaTeX"
    return markdown(title, header, rows, *_lines())


def _asked() -> list[Asked]:
    found = []
    for entry, (function, wrt) in zip(ENTRIES, QUESTIONS, strict=True):
        gold = _latex(entry.textbook)
        for text, right in [(t, True) for t in entry.right] + [(t, False) for t in entry.slips]:
            answer = _latex(text)
            question = {
                "asked": function, "wrt": wrt, "where": dict(entry.where),
                "gold": gold, "answer": answer,
                "plain": (entry.textbook, text), "latex": (gold, answer),
            }  # fmt: skip
            found.append(Asked(question, right))
    return found


def _latex(text: str) -> str:
    """Written by SymPy, in elementary functions: a LaTeX that is nobody's own."""
    return sympy.latex(sd.to_sympy(text))


def _markers() -> tuple[dict[str, Reader], dict[str, str]]:
    markers: dict[str, Reader] = {}
    absent: dict[str, str] = {}
    for name in MARKERS:
        try:
            peer = "math_verify" if name.startswith("math_verify") else ""
            python = environment(PEERS[peer]) if peer else sys.executable
            markers[name] = Reader(name, python, "judge")
        except Absent as reason:
            absent[name] = str(reason)
    return markers, absent


def _times(name: str, marker: Reader, asked: list[Asked]) -> list[tuple[str, float]]:
    """What it says of each answer, and the median of its times."""
    progress(f"(i) {name}")
    spent: list[list[float]] = [[] for _ in asked]
    said = [""] * len(asked)
    if name == CACHED:  # a class: the ways to go wrong were worked out for the first who did
        marker.ask(judge=[answer.question for answer in asked])
    for _ in range(ROUNDS):
        wanted = [k for k, s in enumerate(spent) if not s or s[0] <= _SLOW]
        replies = marker.ask(judge=[asked[k].question for k in wanted])
        for k, reply in zip(wanted, replies, strict=True):
            spent[k].append(reply["seconds"])
            said[k] = reply["verdict"]
    return [(verdict, median(times)) for verdict, times in zip(said, spent, strict=True)]


def _row(
    title: str,
    found: list[tuple[str, float]],
    ours: list[tuple[str, float]],
    asked: list[Asked],
) -> list[str]:
    marks = Counter(_mark(a, verdict) for a, (verdict, _) in zip(asked, found, strict=True))
    times = [seconds for _, seconds in found]
    own = [seconds for _, seconds in ours]
    return [
        title,
        *(str(marks[mark]) for mark in ("right", "wrong", "undecided")),
        *(_rate([s for (_, s), a in zip(found, asked, strict=True) if a.right == right])
          for right in (True, False)),
        f"{median(times) * 1000:.3g}",
        times_ours(median(times), median(own)),
        times_ours(sum(times), sum(own)),
    ]  # fmt: skip


def _mark(asked: Asked, verdict: str) -> str:
    if verdict == "undecided":
        return verdict
    return "right" if (verdict == "equal") == asked.right else "wrong"


def _rate(times: list[float]) -> str:
    """How many a second, one after the other on one core."""
    return f"{len(times) / sum(times):,.0f}"


def _lines() -> list[str]:
    """Our own derivations as they are printed, marked line by line."""
    marker = Reader("mark_lines", sys.executable, "judge")
    try:
        asked, counts = [], []
        for entry, (function, wrt) in zip(ENTRIES, QUESTIONS, strict=True):
            derivation = sd.derive(function, wrt, where=entry.where)
            lines = [str(derivation.start), *(f"= {step.after}" for step in derivation.steps)]
            asked.append({"asked": function, "wrt": wrt, "where": dict(entry.where),
                          "lines": lines})  # fmt: skip
            counts.append(len(lines))
        rounds = [marker.ask(judge=asked) for _ in range(ROUNDS)]
    finally:
        marker.close()
    times = [median(r[k]["seconds"] for r in rounds) for k in range(len(asked))]
    good = sum(reply["verdict"] == "correct" for reply in rounds[0])
    return [
        f"Whole derivations (`sd.check_lines`): {len(asked)} of ours, {sum(counts)} lines, "
        f"{good} found correct: {sum(counts) / sum(times):,.0f} lines a second."
    ]
