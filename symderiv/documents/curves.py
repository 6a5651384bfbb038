"""Curves from values: sampled, cut at the frame, and thinned to what the eye can see.

A function is a callback that gives None where it has no value; what it is, is never
known here.  Jumps are not joined: the caller says where they are, with the limits from
the two sides, and they are shown by open and filled points.  A pole leaves the frame
and comes back at the other side, with no line between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import Final, NamedTuple, TypeAlias

from symderiv.documents.scene import Point

Value: TypeAlias = Callable[[float], "float | None"]
Piece: TypeAlias = tuple[Point, ...]

_SAMPLES: Final = 400
_CLOSER: Final = 12  # more samples at the ends of a piece, each at half the distance


class Break(NamedTuple):
    """A place where a curve has a kink or a jump: its limits from both sides, and its value.

    What does not exist is None.
    """

    x: float
    left: float | None
    right: float | None
    value: float | None = None

    def points(self) -> Iterator[tuple[Point, bool]]:
        """The points to mark, each with whether it is filled: it belongs to the curve."""
        if self.value is not None:
            yield (self.x, self.value), True
        for limit in dict.fromkeys((self.left, self.right)):
            if limit is not None and limit != self.value:
                yield (self.x, limit), False


def sampled(
    value: Value, low: float, high: float, breaks: Iterable[Break] = ()
) -> tuple[Piece, ...]:
    """The pieces of a curve from `low` to `high`, cut where it breaks or has no value."""
    inside = sorted(b for b in breaks if low <= b.x <= high)
    pieces: list[Piece] = []
    left, first = low, _finite(value(low))
    for place in inside:
        pieces += _piece(value, (left, first), (place.x, place.left))
        left, first = place.x, place.right
    return (*pieces, *_piece(value, (left, first), (high, _finite(value(high)))))


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _piece(
    value: Value, start: tuple[float, float | None], end: tuple[float, float | None]
) -> Iterator[Piece]:
    """The samples between two places whose values are known, in runs that have values."""
    if start[0] >= end[0]:
        return
    length = end[0] - start[0]
    shares = [k / _SAMPLES for k in range(1, _SAMPLES)]
    closer = [0.5**k / _SAMPLES for k in range(1, _CLOSER)]  # where it may be steepest
    shares = [*reversed(closer), *shares, *(1 - share for share in closer)]
    xs = [start[0] + length * share for share in shares]
    samples = [start, *((x, _finite(value(x))) for x in xs), end]
    run: list[Point] = []
    for x, y in samples:
        if y is not None:
            run.append((x, y))
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def cut(piece: Piece, low: float, high: float) -> Iterator[Piece]:
    """The parts of a piece whose y is between `low` and `high`.

    A step from below the frame to above it is a pole, and nothing is drawn between.
    """
    run: list[Point] = [piece[0]] if low <= piece[0][1] <= high else []
    for before, after in pairwise(piece):
        ends = _clipped(before, after, low, high)
        if not ends:
            continue
        if not run:
            run = [ends[0]]
        run.append(ends[1])
        if ends[1] != after:
            yield tuple(run)
            run = []
    if len(run) > 1:
        yield tuple(run)


def _clipped(a: Point, b: Point, low: float, high: float) -> tuple[Point, Point] | None:
    """The part of a segment inside; None where there is none, or where it leaps over all."""
    inside = [low <= p[1] <= high for p in (a, b)]
    if all(inside):
        return a, b
    if not any(inside):
        return None
    edge = min(max(b[1] if inside[0] else a[1], low), high)
    along = (edge - a[1]) / (b[1] - a[1])
    border = (a[0] + along * (b[0] - a[0]), edge)
    return (a, border) if inside[0] else (border, b)


def thinned(points: Sequence[Point], error: float) -> Piece:
    """The fewest of the points such that none is further than `error` from the line (in y)."""
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        (x, y), (x2, y2) = points[first], points[last]
        slope = (y2 - y) / (x2 - x) if x2 != x else 0.0
        worst = max(
            range(first + 1, last),
            key=lambda k: abs(points[k][1] - y - slope * (points[k][0] - x)),
            default=first,
        )
        if abs(points[worst][1] - y - slope * (points[worst][0] - x)) > error:
            kept.add(worst)
            spans += [(first, worst), (worst, last)]
    return tuple(points[k] for k in sorted(kept))
