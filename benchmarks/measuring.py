"""The clock and the table: interleaved rounds in one process, CPU time, medians, ratios.

What is compared takes turns, so that a busy machine slows every side alike; each turn is
timed by itself with `time.process_time`, after a garbage collection outside the clock.
"""

from __future__ import annotations

import gc
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

Call = Callable[[], object]
Row = Sequence[str]

_TURN = 0.01  # seconds


def interleaved(calls: Mapping[str, Call], rounds: int) -> dict[str, float]:
    """The median CPU seconds of each call; `math.nan` for one that raises RecursionError.

    A quick call is made several times in a row, so that a turn takes 10 ms or more.
    """
    repeats = {name: _repeats(_timed(call, 1)) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(_timed(call, repeats[name]))
    return {name: median(spent) for name, spent in times.items()}


def _repeats(once: float) -> int:
    return 1 if math.isnan(once) else max(1, min(200, math.ceil(_TURN / once)))


def _timed(call: Call, repeats: int) -> float:
    gc.collect()
    gc.freeze()  # what lives already is not looked at again: it belongs to none of the calls
    start = time.process_time()
    try:
        for _ in range(repeats):
            call()  # the result is dropped at once: nothing of it is left for the next call
        return (time.process_time() - start) / repeats
    except RecursionError:
        return math.nan
    finally:
        gc.unfreeze()


def cleared(call: Call) -> Call:
    """The call with SymPy's cache emptied before it; emptying costs 0.1 ms and is in the clock."""
    from sympy.core.cache import clear_cache

    def run() -> object:
        clear_cache()
        return call()

    return run


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of log(time) over log(size) by least squares: 1 is linear."""
    points = [
        (math.log(size), math.log(spent))
        for size, spent in zip(sizes, times, strict=True)
        if not math.isnan(spent)
    ]
    across = sum(x for x, _ in points) / len(points)
    up = sum(y for _, y in points) / len(points)
    rise = sum((x - across) * (y - up) for x, y in points)
    return rise / sum((x - across) ** 2 for x, _ in points)


def milliseconds(seconds: float) -> str:
    return "RecursionError" if math.isnan(seconds) else f"{seconds * 1000:.3g}"


def times_ours(peer: float, ours: float) -> str:
    """How many times our time the peer takes."""
    return "–" if math.isnan(peer) else f"{peer / ours:.3g}×"


def markdown(title: str, header: Row, rows: Sequence[Row], *notes: str) -> str:
    """A heading, a table, and what must be known to read it."""
    lines = [f"### {title}", "", _line(header), _line(["---"] + ["---:"] * (len(header) - 1))]
    lines += [_line(row) for row in rows]
    return "\n".join([*lines, "", *notes, ""])


def _line(cells: Row) -> str:
    return f"| {' | '.join(cells)} |"


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
