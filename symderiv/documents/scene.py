"""A picture before any format: boxes, lines, circles and labels, each with a role.

A scene is a frozen list of things to draw, later ones over earlier ones, in pixels of a
page whose y points down.  A role says what a thing *is* (ink, muted, the second factor of
a chain); what that looks like is one table here, which names the variables of the page's
style and their values on paper.  Labels hold expressions, never pasted text, and know how
much room they take, so that whoever places them can tell that nothing overlaps.  How a
format spells a thing never belongs here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias
from unicodedata import combining, normalize

from symderiv.documents.document import Prose, Words
from symderiv.language.expressions import Expr
from symderiv.printing.advances import advance
from symderiv.printing.inline import Run, runs, word_runs

Role: TypeAlias = str
"""`ink`, `muted`, `line`, `panel`, `ground`, or `factor1`, `factor2`, and so on."""

Point: TypeAlias = tuple[float, float]


class Colour(NamedTuple):
    """The variable of the page's style, and its value on white paper."""

    variable: str
    paper: str


_COLOURS: Final[dict[Role, Colour]] = {
    "ink": Colour("--sd-ink", "#1b1d22"),
    "muted": Colour("--sd-soft", "#5b616c"),
    "line": Colour("--sd-line", "#dfe2e8"),
    "panel": Colour("--sd-panel", "#f6f7f9"),
    "ground": Colour("--sd-on", "#fff"),
}
_FACTORS: Final = (
    Colour("--sd-1", "#9a4a00"),
    Colour("--sd-2", "#0b5f78"),
    Colour("--sd-3", "#6b2fa0"),
    Colour("--sd-ok", "#1a6e36"),
)
_UNDERLINES: Final = ("", "6 3", "1.5 2.5", "9 3 1.5 3")
"""Solid, dashed and dotted as in the page's style, then dash and dot for its double line."""


def colour(role: Role) -> Colour:
    """What a role looks like; beyond four factors the colours come again."""
    number = role.removeprefix("factor")
    return _COLOURS[role] if role in _COLOURS else _FACTORS[(int(number) - 1) % len(_FACTORS)]


def underline(factor: int) -> str:
    """The dash of the line under a factor's label, so that it is told without its colour."""
    return _UNDERLINES[(factor - 1) % len(_UNDERLINES)]


class Rect(NamedTuple):
    """A rectangle from its left upper to its right lower corner."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Rect, margin: float = 0) -> bool:
        """Whether the two overlap, or come nearer than `margin`."""
        return (
            self.left < other.right + margin
            and other.left < self.right + margin
            and self.top < other.bottom + margin
            and other.top < self.bottom + margin
        )


@dataclass(frozen=True)
class Box:
    """A rectangle with rounded corners, with a rim in `role` (none where empty) and filled."""

    x: float
    y: float
    width: float
    height: float
    role: Role = "ink"
    fill: Role = ""
    radius: float = 0
    dash: str = ""
    stroke: float = 1


@dataclass(frozen=True)
class Line:
    """A line through points; an arrow has its head at the last one."""

    points: tuple[Point, ...]
    role: Role = "ink"
    dash: str = ""
    stroke: float = 1.2
    arrow: bool = False


@dataclass(frozen=True)
class Curve:
    """A cubic curve: start, two control points, end; an arrow has its head at the end."""

    points: tuple[Point, ...]
    role: Role = "ink"
    dash: str = ""
    stroke: float = 1.2
    arrow: bool = False


@dataclass(frozen=True)
class Area:
    """A filled polygon: arrow heads, and the markers of curves."""

    points: tuple[Point, ...]
    role: Role = "ink"


@dataclass(frozen=True)
class Circle:
    """A circle, filled with its own role or, when `fill` names another, with that one."""

    x: float
    y: float
    radius: float
    role: Role = "ink"
    fill: Role = ""
    stroke: float = 1.2


@dataclass(frozen=True)
class Label:
    """Words and formulas on one line.

    `y` is the baseline; `anchor` is `start`, `middle` or `end` and says which part of the
    line stands at `x`.
    """

    x: float
    y: float
    prose: Prose
    role: Role = "ink"
    size: float = 13
    anchor: str = "middle"


Item: TypeAlias = Box | Line | Curve | Area | Circle | Label


@dataclass(frozen=True)
class Scene:
    """A picture of `width` by `height` pixels; `name` makes its ids, so it is unique on a page.

    `title` and `description` say in words what is seen, the latter with its formulas.
    `language` is the one of these words.
    """

    name: str
    title: Words
    description: Prose
    width: float
    height: float
    items: tuple[Item, ...]
    language: str = "en"

    def told(self, spell: Callable[[Expr], str]) -> str:
        """The description as a text, in which `spell` writes the formulas."""
        return "".join(part if isinstance(part, str) else spell(part) for part in self.description)


_SMALL: Final = 0.8  # of an em: how far a capital reaches up, with a little air
_HIGH: Final = 0.98  # with a hat
_DEEP: Final = 0.25


def label_runs(prose: Prose) -> tuple[Run, ...]:
    """The letters of a label, words upright."""
    found: list[Run] = []
    for part in prose:
        found += word_runs(part) if isinstance(part, str) else runs(part)
    return tuple(found)


def label_width(prose: Prose, size: float) -> float:
    """How wide a label is at most, in pixels."""
    pen = reach = 0.0
    for run in label_runs(prose):
        pen += run.step + run.size * advance(run.text)
        reach = max(reach, pen)
    return reach * size


def label_height(prose: Prose, size: float) -> tuple[float, float]:
    """How far a label reaches above and below its baseline, in pixels."""
    found = label_runs(prose)
    has_hat = any(map(combining, normalize("NFD", "".join(run.text for run in found))))
    up = max([_HIGH if has_hat else _SMALL, *(run.rise + run.size * _SMALL for run in found)])
    down = max([_DEEP, *(run.size * _DEEP - run.rise for run in found)])
    return up * size, down * size


def bounds(item: Item) -> Rect:
    """The rectangle that a thing stays inside (without the width of its strokes)."""
    match item:
        case Box(x, y, width, height):
            return Rect(x, y, x + width, y + height)
        case Circle(x, y, radius):
            return Rect(x - radius, y - radius, x + radius, y + radius)
        case Label(x, y, prose, _, size, anchor):
            width, (up, down) = label_width(prose, size), label_height(prose, size)
            left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
            return Rect(left, y - up, left + width, y + down)
        case Line(points) | Curve(points) | Area(points):
            across, down_ = [p[0] for p in points], [p[1] for p in points]
            return Rect(min(across), min(down_), max(across), max(down_))


def moved(item: Item, right: float, down: float) -> Item:
    """The same thing elsewhere."""
    match item:
        case Line(points) | Curve(points) | Area(points):
            return replace(item, points=tuple((x + right, y + down) for x, y in points))
        case _:
            return replace(item, x=item.x + right, y=item.y + down)


def framed(
    name: str, title: str, description: Prose, items: Iterable[Item], margin: float = 8
) -> Scene:
    """A scene that is as large as what stands in it, with a margin around."""
    items = tuple(items)
    rects = [bounds(item) for item in items]
    left, top = min(r.left for r in rects), min(r.top for r in rects)
    width, height = max(r.right for r in rects) - left, max(r.bottom for r in rects) - top
    placed = tuple(moved(item, margin - left, margin - top) for item in items)
    return Scene(name, title, description, width + 2 * margin, height + 2 * margin, placed)


_HEAD_LENGTH: Final = 7.0
_HEAD_HALF: Final = 3.2


def arrow_head(item: Line | Curve) -> tuple[Line | Curve, Area]:
    """The shaft of an arrow, ended inside its head, and the head."""
    *_, (fx, fy), (x, y) = item.points
    length = ((x - fx) ** 2 + (y - fy) ** 2) ** 0.5 or 1.0
    ux, uy = (x - fx) / length, (y - fy) / length
    bx, by = x - _HEAD_LENGTH * ux, y - _HEAD_LENGTH * uy
    left = (bx - _HEAD_HALF * uy, by + _HEAD_HALF * ux)
    right = (bx + _HEAD_HALF * uy, by - _HEAD_HALF * ux)
    end = (x - (_HEAD_LENGTH - 1) * ux, y - (_HEAD_LENGTH - 1) * uy)
    shaft = replace(item, points=(*item.points[:-1], end), arrow=False)
    return shaft, Area(((x, y), left, right), item.role)
