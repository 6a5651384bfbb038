"""Plots: values by layer on a logarithmic axis, functions with their derivatives.

A plot is series of points and two axes; here it becomes a scene, with ticks at nice
numbers and a legend above.  Series differ by dash and marker besides their colour.  The
values are computed by whoever asks; nothing here knows a function by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil, isfinite, log10
from typing import Final

from symderiv.documents.blocks import Block, words
from symderiv.documents.curves import Break, Piece, Value, cut, sampled, thinned
from symderiv.documents.document import Prose
from symderiv.documents.scene import (
    Area,
    Box,
    Circle,
    Item,
    Label,
    Line,
    Point,
    Rect,
    Role,
    Scene,
    framed,
    label_width,
    underline,
)
from symderiv.documents.svg import scene_svg
from symderiv.documents.ticking import Tick, powers, ticks
from symderiv.language.expressions import Expr

_WIDE, _NARROW = (640.0, 340.0), (304.0, 300.0)
_TICK: Final = 5.0
_SMALL: Final = 12.0
_DOT: Final = 3.2
_MARK_APART: Final = 18.0
_ROOM: Final = 0.06  # of the range of values, left free above and below


@dataclass(frozen=True)
class Axis:
    """What an axis measures; where `low` or `high` is None it is found from the values."""

    label: Prose
    low: float | None = None
    high: float | None = None
    log: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Series:
    """One curve or row of values, in pieces that are not joined.

    `breaks` are marked by open and filled points.  `markers` puts a mark at each point; a
    `reference` (a bound, say) is drawn muted.
    """

    label: Prose
    pieces: tuple[Piece, ...]
    breaks: tuple[Break, ...] = ()
    markers: bool = False
    reference: bool = False


@dataclass(frozen=True)
class Plot:
    """Series over a common pair of axes; `name` makes the ids and must be unique on its page."""

    series: tuple[Series, ...]
    x: Axis
    y: Axis
    name: str = "plot"
    title: str = "Plot"


def values(label: Prose, points: tuple[Point, ...], *, reference: bool = False) -> Series:
    """A row of values, such as a gradient by layer."""
    return Series(label, (points,), markers=not reference, reference=reference)


def function(
    label: Prose, value: Value, low: float, high: float, breaks: tuple[Break, ...] = ()
) -> Series:
    """The curve of a function that gives None where it has no value."""
    return Series(label, sampled(value, low, high, breaks), breaks)


def draw_plot(plot: Plot) -> Scene:
    """The picture for a page."""
    return _Frame(plot, *_WIDE).scene()


def draw_plot_narrow(plot: Plot) -> Scene:
    """The picture for a phone."""
    return _Frame(replace(plot, name=f"{plot.name}-narrow"), *_NARROW).scene()


def plot_html(plot: Plot) -> str:
    """Both pictures for a page, whose style shows the one that fits."""
    return "\n".join(
        [
            scene_svg(draw_plot(plot), classes="sd-broad"),
            scene_svg(draw_plot_narrow(plot), classes="sd-narrow"),
        ]
    )


class _Frame:
    """Where a value stands on the page: the ranges of both axes, and the room between them."""

    def __init__(self, plot: Plot, width: float, height: float) -> None:
        self.plot = plot
        self.roles = _roles(plot)
        found = [[_scaled(plot, p) for piece in s.pieces for p in piece] for s in plot.series]
        shown = [[p for p in points if p is not None] for points in found]
        self.x = _range(plot.x, [[p[0] for p in points] for points in shown], room=0)
        self.y = _range(plot.y, [[p[1] for p in points] for points in shown], room=_ROOM)
        self.down = self._ticks(plot.y, self.y, int(height / 45))
        left = max(label_width(tick.says, _SMALL) for tick in self.down) + 12
        self.legend, legend_height = _legend(plot, self.roles, width - left)
        top = (22 if any(plot.y.label) else 8) + legend_height
        self.room = Rect(left, top, width - 6, top + height - 80)
        self.across = self._ticks(plot.x, self.x, int((width - left) / 50))

    def _ticks(self, axis: Axis, ends: tuple[float, float], most: int) -> tuple[Tick, ...]:
        most = max(most, 3)
        return powers(*ends, most) if axis.log else ticks(*ends, most, whole=axis.whole)

    def at(self, point: Point) -> Point:
        """A point of the (scaled) values as a point of the page."""
        (low, high), (bottom, top), room = self.x, self.y, self.room
        right = room.left + (point[0] - low) / (high - low) * (room.right - room.left)
        return right, room.bottom - (point[1] - bottom) / (top - bottom) * (room.bottom - room.top)

    def scene(self) -> Scene:
        items = [*self._grid(), *self._series(), *self.legend.at(self.room.left, 0)]
        items += self._names()
        return framed(self.plot.name, self.plot.title, described(self.plot), items)

    def _grid(self) -> Iterator[Item]:
        left, top, right, bottom = self.room
        for place, says in self.down:
            _, y = self.at((self.x[0], place))
            is_zero = place == 0 and not self.plot.y.log
            yield Line(((left, y), (right, y)), "muted" if is_zero else "line", stroke=1)
            yield Label(left - 7, y + 4, says, "muted", _SMALL, "end")
        for place, says in self.across:
            x, _ = self.at((place, self.y[0]))
            is_zero = place == 0 and self.x[0] < 0 < self.x[1]
            if is_zero:
                yield Line(((x, top), (x, bottom)), "muted", stroke=1)
            yield Line(((x, bottom), (x, bottom + _TICK)), "muted", stroke=1)
            yield Label(x, bottom + 20, says, "muted", _SMALL)
        yield Line(((left, top), (left, bottom), (right, bottom)), "muted", stroke=1)

    def _names(self) -> Iterator[Item]:
        room = self.room
        yield Label((room.left + room.right) / 2, room.bottom + 41, self.plot.x.label, "ink")
        if any(self.plot.y.label):
            yield Label(0, room.top - 10, self.plot.y.label, "ink", anchor="start")

    def _series(self) -> Iterator[Item]:
        for number, series in enumerate(self.plot.series):
            role, dash, mark = self.roles[number]
            for piece in series.pieces:
                yield from self._curve(piece, role, dash)
                if series.markers:
                    yield from self._markers(piece, role, mark)
        yield from self._breaks()

    def _breaks(self) -> Iterator[Item]:
        """Open points, then filled ones, which are smaller: both are seen where they meet."""
        for filled in (False, True):
            for (role, _, _), series in zip(self.roles, self.plot.series, strict=True):
                marked = [p for b in series.breaks for p, closed in b.points() if closed == filled]
                for point in filter(None, map(self._inside, marked)):
                    radius = _DOT - 0.8 if filled else _DOT + 0.8
                    yield Circle(*self.at(point), radius, role, "" if filled else "ground")

    def _inside(self, point: Point) -> Point | None:
        scaled = _scaled(self.plot, point)
        if scaled is None or not self.x[0] <= scaled[0] <= self.x[1]:
            return None
        return scaled if self.y[0] <= scaled[1] <= self.y[1] else None

    def _curve(self, piece: Piece, role: Role, dash: str) -> Iterator[Item]:
        for run in _runs(_scaled(self.plot, point) for point in piece):
            for part in cut(run, *self.y):
                points = thinned([self.at(point) for point in part], 0.1)
                yield Line(points, role, dash, 1.8)

    def _markers(self, piece: Piece, role: Role, mark: Marker) -> Iterator[Item]:
        """A mark at each point, or at every so many where they would run together."""
        most = (self.room.right - self.room.left) / _MARK_APART
        for point in filter(None, map(self._inside, piece[:: ceil(len(piece) / most)])):
            yield mark(self.at(point), role)


Marker = Callable[[Point, Role], Item]


def _disc(point: Point, role: Role) -> Item:
    return Circle(*point, _DOT - 0.4, role)


def _square(point: Point, role: Role) -> Item:
    x, y = point
    return Box(x - 2.6, y - 2.6, 5.2, 5.2, role, role)


def _triangle(point: Point, role: Role) -> Item:
    x, y = point
    return Area(((x, y - 4.2), (x + 3.8, y + 2.8), (x - 3.8, y + 2.8)), role)


def _diamond(point: Point, role: Role) -> Item:
    x, y = point
    return Area(((x, y - 4.4), (x + 4, y), (x, y + 4.4), (x - 4, y)), role)


def _ring(point: Point, role: Role) -> Item:
    return Circle(*point, _DOT, role, "ground")


_MARKERS: Final[tuple[Marker, ...]] = (_disc, _square, _triangle, _diamond, _ring)


def _roles(plot: Plot) -> list[tuple[Role, str, Marker]]:
    """Colour, dash and marker of each series: references are muted and take none of these."""
    found: list[tuple[Role, str, Marker]] = []
    number = 0
    for series in plot.series:
        if series.reference:
            found.append(("muted", "2 4", _disc))
            continue
        mark = _MARKERS[number % len(_MARKERS)]
        number += 1
        found.append((f"factor{number}", underline(number), mark))
    return found


def _scaled(plot: Plot, point: Point) -> Point | None:
    """A point on its axes; None where a logarithmic axis has no place for it."""
    found = []
    for axis, value in zip((plot.x, plot.y), point, strict=True):
        if not isfinite(value) or (axis.log and value <= 0):
            return None
        found.append(log10(value) if axis.log else value)
    return found[0], found[1]


def _runs(points: Iterator[Point | None]) -> Iterator[Piece]:
    run: list[Point] = []
    for point in points:
        if point is not None:
            run.append(point)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _range(axis: Axis, found: list[list[float]], room: float) -> tuple[float, float]:
    """The ends of an axis: as given, else around the values of all series, poles left out."""
    ends = [_usual(values) for values in found if values] or [(0.0, 1.0)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    extra = (high - low) * room
    low = _end(axis, axis.low, low - extra)
    high = _end(axis, axis.high, high + extra)
    return (low, high) if low < high else (low - 1, high + 1)


def _end(axis: Axis, given: float | None, found: float) -> float:
    if given is None:
        return found
    return log10(given) if axis.log else given


def _usual(found: list[float]) -> tuple[float, float]:
    """The least and the greatest value; near a pole, those that nine tenths stay within."""
    values = sorted(found)
    low, high = values[len(values) // 20], values[-1 - len(values) // 20]
    if len(values) > 100 and values[-1] - values[0] > 6 * (high - low):
        return low, high
    return values[0], values[-1]


def _legend(plot: Plot, roles: list[tuple[Role, str, Marker]], width: float) -> tuple[Block, float]:
    """Samples of the lines with their names, in as many rows as they need; and their height."""
    items: list[Item] = []
    right, top = 0.0, 0.0
    for series, (role, dash, mark) in zip(plot.series, roles, strict=True):
        name = words(series.label, "ink", 13)
        if right and right + 34 + name.width > width:
            right, top = 0.0, top + 22
        items.append(Line(((right, top + 9), (right + 28, top + 9)), role, dash, 1.8))
        if series.markers:
            items.append(mark((right + 14, top + 9), role))
        items += name.at(right + 34, top + 9 - name.height / 2)
        right += 34 + name.width + 18
    return Block(width, top + 20, tuple(items)), top + 20


def described(plot: Plot) -> Prose:
    """The plot in words: what is shown, from where to where."""
    over: Prose = (" over ", *plot.x.label) if any(plot.y.label) else ("Over ", *plot.x.label)
    scale = " on a logarithmic scale." if plot.y.log else "."
    parts: list[str | Expr] = [*plot.y.label, *over, scale]
    for series in plot.series:
        points = [p for piece in series.pieces for p in piece if _shown(plot.y, p)]
        if not points:
            continue
        ends = " to ".join(f"{_short(y)} at {_short(x)}" for x, y in (points[0], points[-1]))
        hidden = sum(_scaled(plot, point) is None for point in points)
        unseen = f"; {hidden} values that are 0 are not shown." if hidden else "."
        parts += (" ", *series.label, f": from {ends}{unseen}")
    return tuple(parts)


def _shown(axis: Axis, point: Point) -> bool:
    """Whether a point is not above or below the ends that were given for the axis."""
    above = axis.high is not None and point[1] > axis.high
    return not above and (axis.low is None or point[1] >= axis.low)


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
