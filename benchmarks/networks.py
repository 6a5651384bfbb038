"""(h) All gradients of tanh networks, beside `sympy.diff` and symengine of the substituted loss.

Each system has a process of its own (`gradients`), symengine an environment of its own too;
network by network the processes take turns.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.measuring import exponent, markdown, milliseconds, progress, times_ours
from benchmarks.reading import Absent, Reader, environment

ROUNDS = 7
_SLOW = 2.0  # seconds: once is enough
DEPTHS: Final = (2, 5, 10, 20, 100)
WIDTHS: Final = (2, 10, 50)
_CHECKED: Final = ([1, 1, 1], [1] * 6, [2, 2, 1], [2, 10, 1])
PEERS = {"symengine": "symengine==0.15.0"}
SYSTEMS = ("ours", "sympy", "symengine")

Found = dict[str, dict[str, Any]]


class System(Reader):
    """A system that differentiates networks, in its own process."""

    module = "benchmarks.gradients"


def table() -> str:
    systems, absent = _systems()
    try:
        for sizes in _CHECKED:
            _agree(systems, sizes)
        depth = _part("depth", DEPTHS, {n: [1] * (n + 1) for n in DEPTHS}, systems)
        width = _part("2 → k → 1, k", WIDTHS, {k: [2, k, 1] for k in WIDTHS}, systems)
    finally:
        for system in systems.values():
            system.close()
    missing = [f"{name}: not measured, {why}." for name, why in absent.items()]
    notes = [f"{', '.join(s.title for s in systems.values())}.", *missing]
    title = "(h) All gradients of tanh networks"
    return "\n".join(
        [markdown(title, *depth), markdown("Networks of one hidden layer", *width, *notes)]
    )


def _systems() -> tuple[dict[str, System], dict[str, str]]:
    systems: dict[str, System] = {}
    absent: dict[str, str] = {}
    for name in SYSTEMS:
        try:
            python = environment(PEERS[name]) if name in PEERS else Path(sys.executable)
            systems[name] = System(name, python)
        except Absent as reason:
            absent[name] = str(reason)
    return systems, absent


def _agree(systems: dict[str, System], sizes: list[int]) -> None:
    """Hold the gradients of all systems against one another, at one point."""
    mine, *others = (system.ask(values=sizes) for system in systems.values())
    for theirs in others:
        assert mine.keys() == theirs.keys()
        assert all(math.isclose(mine[k], theirs[k], rel_tol=1e-9, abs_tol=1e-12) for k in mine)


def _part(
    what: str, counts: Sequence[int], networks: dict[int, list[int]], systems: dict[str, System]
) -> tuple[Sequence[str], list[list[str]]]:
    """The header and rows of one family of networks."""
    found = {count: _measured(networks[count], systems) for count in counts}
    header = [what, "parameters", "network, ms", "gradients, ms", "diff, ms", "diff / ours"]
    header += ["diff / gradients", "symengine, ms", "symengine / ours", "nodes back / forward"]
    rows = [_row(count, networks[count], found[count], systems) for count in counts]
    rows.append(_exponents(counts, found))
    return header, rows


def _measured(sizes: list[int], systems: dict[str, System]) -> Found:
    progress(f"(h) {sizes[:4]}{'…' * (len(sizes) > 4)} {len(sizes) - 1} layers")
    turns: dict[str, list[dict[str, Any]]] = {name: [] for name in systems}
    for _ in range(ROUNDS):
        for name, system in systems.items():
            last = turns[name][-1] if turns[name] else {"gradients": 0}
            if "ended" not in last and last["gradients"] < _SLOW:
                turns[name].append(system.ask(time=sizes))
    return {name: _middle(found) for name, found in turns.items()}


def _middle(found: list[dict[str, Any]]) -> dict[str, Any]:
    if "ended" in found[-1]:
        return found[-1]
    return {key: median(turn[key] for turn in found) for key in found[0]}


def _row(count: int, sizes: list[int], found: Found, systems: dict[str, System]) -> list[str]:
    ours = found["ours"]
    both = ours["network"] + ours["gradients"]
    there, back = systems["ours"].ask(nodes=sizes)
    parameters = sum(b * (a + 1) for a, b in pairwise(sizes))
    diff, engine = (_spent(found.get(name)) for name in ("sympy", "symengine"))
    return [
        *(str(count), str(parameters)),
        *(milliseconds(ours["network"]), milliseconds(ours["gradients"])),
        diff if isinstance(diff, str) else milliseconds(diff),
        *(
            "–" if isinstance(diff, str) else times_ours(diff, by)
            for by in (both, ours["gradients"])
        ),
        engine if isinstance(engine, str) else milliseconds(engine),
        "–" if isinstance(engine, str) else times_ours(engine, both),
        f"{back / there:.2f}",
    ]


def _spent(found: dict[str, Any] | None) -> float | str:
    """The seconds of a peer's `diff`, or why there are none."""
    if found is None:
        return "–"
    ended: str | None = found.get("ended")
    return ended or found["gradients"]


def _exponents(counts: Sequence[int], found: dict[int, Found]) -> list[str]:
    """How the times grow, from the second size on."""

    def grown(name: str, part: str) -> str:
        seconds = [found[count].get(name, {}).get(part, math.nan) for count in counts[-4:]]
        known = [s for s in seconds if not math.isnan(s)]
        return f"{exponent(counts[-4:], seconds):.2f}" if len(known) > 1 else "–"

    ours = [grown("ours", part) for part in ("network", "gradients")]
    peers = [grown("sympy", "gradients"), "", "", grown("symengine", "gradients"), "", ""]
    return ["exponent", "", *ours, *peers]
