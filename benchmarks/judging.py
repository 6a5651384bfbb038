"""(g) Answers of students against the textbook's, judged by symderiv, SymPy and Math-Verify.

Each judge lives in a process of its own (`worker`), Math-Verify in an environment of its
own; question by question the processes take turns, and each judges the pile of answers to
it, one after the other.  Every judge gets expressions that are read
already, and names that are known to be real (or positive, where the domain says so).
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import groupby
from statistics import median
from typing import Final

import sympy

import symderiv as sd
from benchmarks.answers import Answer, answers
from benchmarks.measuring import markdown, milliseconds, progress, times_ours
from benchmarks.reading import PEERS, Absent, Reader, environment

ROUNDS = 3
_SLOW = 0.3  # seconds: once is enough
JUDGES: Final = ("symderiv", "simplify", "equals", "math_verify")
OURS = JUDGES[0]


def table() -> str:
    asked = list(answers())
    judges, absent = _judges()
    try:
        piles = [list(pile) for _, pile in groupby(asked, key=lambda answer: answer.textbook)]
        found = [verdicts for pile in piles for verdicts in _judged(pile, judges)]
    finally:
        for judge in judges.values():
            judge.close()
    rows = [_row(judge.title, name, asked, found) for name, judge in judges.items()]
    rows += [[f"{name}: not measured, {why}", *[""] * 7] for name, why in absent.items()]
    right = sum(answer.right for answer in asked)
    title = f"(g) Judging {right} right answers and {len(asked) - right} slips"
    header = (
        *("judge", "right", "wrong", "undecided", "median, ms", "of ours"),
        *("slowest, ms", "total, s"),
    )
    return markdown(title, header, rows, *_notes(asked, found, list(judges)))


def _judges() -> tuple[dict[str, Reader], dict[str, str]]:
    judges: dict[str, Reader] = {}
    absent: dict[str, str] = {}
    for name in JUDGES:
        try:
            python = environment(PEERS[name]) if name in PEERS else sys.executable
            judges[name] = Reader(name, python, "judge")
        except Absent as reason:
            absent[name] = str(reason)
    return judges, absent


def _judged(pile: list[Answer], judges: dict[str, Reader]) -> list[dict[str, tuple[str, float]]]:
    """What each judge says of each answer, and the median of its times."""
    progress(f"(g) {pile[0].textbook}")
    spent: list[dict[str, list[float]]] = [{name: [] for name in judges} for _ in pile]
    said: list[dict[str, str]] = [{} for _ in pile]
    for _ in range(ROUNDS):
        for name, judge in judges.items():
            wanted = [k for k in range(len(pile)) if not _is_slow(spent[k][name])]
            replies = judge.ask(judge=[_question(pile[k]) for k in wanted])
            for k, reply in zip(wanted, replies, strict=True):
                spent[k][name].append(reply["seconds"])
                said[k][name] = reply["verdict"]
    return [
        {name: (said[k][name], median(spent[k][name])) for name in judges} for k in range(len(pile))
    ]


def _is_slow(spent: list[float]) -> bool:
    return bool(spent) and spent[0] > _SLOW


def _question(answer: Answer) -> dict[str, object]:
    """The pair as text for us and SymPy, and as LaTeX of the elementary functions."""
    sides = (answer.textbook, answer.answer)
    return {
        "plain": sides,
        "latex": [sympy.latex(sd.to_sympy(side)) for side in sides],
        "where": answer.where,
    }


def _mark(answer: Answer, verdict: str) -> str:
    if verdict == "undecided":
        return verdict
    return "right" if (verdict == "equal") == answer.right else "wrong"


def _row(
    title: str, name: str, asked: list[Answer], found: list[dict[str, tuple[str, float]]]
) -> list[str]:
    marks = Counter(_mark(a, f[name][0]) for a, f in zip(asked, found, strict=True))
    spent = [f[name][1] for f in found]
    middle = median(spent)
    return [
        title,
        *(str(marks[mark]) for mark in ("right", "wrong", "undecided")),
        milliseconds(middle),
        times_ours(middle, median(f[OURS][1] for f in found)),
        milliseconds(max(spent)),
        f"{sum(spent):.3g}",
    ]


def _notes(
    asked: list[Answer], found: list[dict[str, tuple[str, float]]], names: list[str]
) -> list[str]:
    """How the ratio differs between pairs, and what was judged wrong."""
    notes = ["Pair by pair, times ours, the lowest tenth, the middle and the highest tenth:"]
    for name in names[1:]:
        ratios = sorted(f[name][1] / f[OURS][1] for f in found)
        tenths = (ratios[len(ratios) // 10], median(ratios), ratios[-1 - len(ratios) // 10])
        notes.append(f"{name}: {', '.join(f'{ratio:.3g}×' for ratio in tenths)};")
    notes[-1] = notes[-1].rstrip(";") + "."
    mine = [
        f"`{a.answer}` for `{a.textbook}`: {f[OURS][0]}"
        for a, f in zip(asked, found, strict=True)
        if _mark(a, f[OURS][0]) != "right"
    ]
    return [*notes, *(["Not right by ours: " + "; ".join(mine) + "."] if mine else [])]
