"""Where a label can stand: beside its arrow, and clear of everything else.

A field knows the lines and rectangles that are taken.  A label is tried at several places
along its arrow, on its own side first, and the first free one is taken; there may be
none, and whoever asks decides what to do.  Points and rectangles only: nothing here
knows what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import dist
from typing import Final, TypeAlias

from symderiv.documents.scene import Point, Rect

Segment: TypeAlias = tuple[Point, Point]

_ALONG: Final = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
_UPON: Final = tuple(0.5 + sign * 0.025 * k for k in range(16) for sign in (1, -1))
_AWAY: Final = (0.0, 4.0, 10.0)
AIR: Final = 4.0
"""Pixels that a label keeps from everything else."""


def segment_meets(segment: Segment, rect: Rect, margin: float = 0) -> bool:
    """Whether a segment passes through a rectangle that is larger by `margin` on all sides."""
    (x, y), (x2, y2) = segment
    left, top, right, bottom = rect
    left, top, right, bottom = left - margin, top - margin, right + margin, bottom + margin
    if (
        (x <= left and x2 <= left)
        or (x >= right and x2 >= right)
        or (y <= top and y2 <= top)
        or (y >= bottom and y2 >= bottom)
    ):
        return False
    dx, dy = x2 - x, y2 - y  # the line parts the corners, or it passes all on one side
    near, far = dx * (top - y), dx * (bottom - y)
    one, other = dy * (left - x), dy * (right - x)
    return min(near, far) < max(one, other) and min(one, other) < max(near, far)


class Field:
    """What is taken: rectangles and segments."""

    def __init__(self) -> None:
        self.rects: list[Rect] = []
        self.segments: list[Segment] = []

    def is_free(self, rect: Rect, segments: Iterable[Segment]) -> bool:
        """Whether none of the rectangles and of these segments comes near a rectangle."""
        return not (
            any(rect.meets(other, AIR) for other in self.rects)
            or any(segment_meets(segment, rect, AIR) for segment in segments)
        )

    def beside(
        self, segments: Sequence[Segment], width: float, height: float, side: int
    ) -> Rect | None:
        """A free place beside one of the segments, or none.

        `side` is 1 for the left hand of one who walks along them, -1 for the right hand.
        """
        for segment in segments:
            for rect in _beside(segment, width, height, side):
                if self.is_free(rect, self.segments):
                    return rect
        return None

    def upon(self, segments: Sequence[Segment], size: float, own: Sequence[Segment]) -> Rect | None:
        """A free square upon a segment, a long one first; the lines `own` may cross it."""
        others = [segment for segment in self.segments if segment not in own]
        for segment in sorted(segments, key=_length, reverse=True):
            for along in _UPON:
                x, y = _point(segment, along)
                rect = Rect(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
                if self.is_free(rect, others):
                    return rect
        return None


def _length(segment: Segment) -> float:
    return dist(*segment)


def _point(segment: Segment, along: float) -> Point:
    (x, y), (x2, y2) = segment
    return x + along * (x2 - x), y + along * (y2 - y)


def _beside(segment: Segment, width: float, height: float, side: int) -> Iterator[Rect]:
    """Places that touch the air around a segment with a corner or a side."""
    (x, y), (x2, y2) = segment
    length = _length(segment) or 1.0
    nx, ny = side * (y2 - y) / length, -side * (x2 - x) / length
    clear = abs(nx) * width / 2 + abs(ny) * height / 2 + AIR + 0.5
    for away in _AWAY:
        for along in _ALONG:
            px, py = _point(segment, along)
            cx, cy = px + nx * (clear + away), py + ny * (clear + away)
            yield Rect(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
