r"""A scene as LaTeX that pdflatex sets with Debian's base and recommended packages alone.

Neither TikZ nor pict2e is among these, so lines are drawn as pict2e draws them, with the
page description of PDF itself, and letters are TeX's own in a `picture`.  Three engines
spell that description in three ways (`\sdpath`); an engine that writes no PDF leaves the
lines out.  Needs xcolor.  Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from symderiv.documents.document import Prose
from symderiv.documents.scene import (
    Area,
    Box,
    Circle,
    Curve,
    Item,
    Label,
    Line,
    Point,
    Role,
    Scene,
    arrow_head,
    colour,
)
from symderiv.documents.svg import aloud, number
from symderiv.documents.texts import tex_words
from symderiv.printing.inline import inline_latex

_SCALE: Final = 0.66
_WIDTH, _HEIGHT = 440.0, 620.0
"""Points of PDF: what a page of A4 has between margins of 25 mm, with room for a line above."""
_SIZES: Final = (5, 6, 7, 8, 9, 10, 12)
"""The sizes in points of which Computer Modern has drawings: any other would be replaced."""
_KAPPA: Final = 0.5523  # how far the control points of a quarter of a circle are from its ends
_PATH: Final = (
    r"\providecommand{\sdpath}[1]{\ifdefined\pdfliteral\ifnum\pdfoutput>0 \pdfliteral{#1}\fi"
    r"\else\ifdefined\pdfextension\pdfextension literal{#1}"
    r"\else\special{pdf:literal direct #1}\fi\fi}%"
)


def scene_latex(scene: Scene) -> str:
    r"""The picture as a `picture` environment, made to fit the width and height of a page."""
    scale = min(_SCALE, _WIDTH / scene.width, _HEIGHT / scene.height)
    pen = _Pen(scale, scene.height)
    drawn = [text for item in scene.items for text in pen.draw(item)]
    size = f"({number(scene.width)},{number(scene.height)})"
    return "\n".join(
        [
            rf"{{\setlength{{\unitlength}}{{{scale:.4f}bp}}%",
            _PATH,
            rf"\begin{{picture}}{size}%",
            rf"\put(0,0){{\sdpath{{/Span <</Alt <{_alternative(scene)}>>> BDC}}}}%",
            *drawn,
            r"\put(0,0){\sdpath{EMC}}%",
            r"\end{picture}}",
        ]
    )


def _alternative(scene: Scene) -> str:
    """What the picture shows, as PDF stores text: no letter of it can be an order."""
    words = f"{scene.title}. {aloud(scene)}"
    return ("\ufeff" + words).encode("utf-16-be").hex().upper()


class _Pen:
    """Where a point of the scene is on paper: y points up there, and all is scaled."""

    def __init__(self, scale: float, height: float) -> None:
        self.scale, self.height = scale, height

    def draw(self, item: Item) -> Iterator[str]:
        """The lines of TeX that show a thing."""
        match item:
            case Line(arrow=True) | Curve(arrow=True):
                for part in arrow_head(item):
                    yield from self.draw(part)
            case Label():
                yield self._label(item)
            case Line(points) | Curve(points):
                yield self._path(self._way(item), item.role, "", item.stroke, item.dash)
            case Area(points, role):
                yield self._path(self._polygon(points), "", role, 1, "")
            case Box():
                yield self._path(self._box(item), item.role, item.fill, item.stroke, item.dash)
            case Circle(x, y, radius, role, fill, stroke):
                round_ = Box(x - radius, y - radius, 2 * radius, 2 * radius, radius=radius)
                yield self._path(self._box(round_), role, fill or role, stroke, "")

    def _at(self, point: Point) -> str:
        return f"{number(point[0])} {number(self.height - point[1])}"

    def _path(self, way: str, role: Role, fill: Role, stroke: float, dash: str) -> str:
        """A path with its colours; its lengths are the scene's, scaled by PDF."""
        paint = {(True, True): "B", (True, False): "S", (False, True): "f"}[bool(role), bool(fill)]
        parts = [
            f"q {self.scale:.4f} 0 0 {self.scale:.4f} 0 0 cm 1 J"
            if not dash
            else f"q {self.scale:.4f} 0 0 {self.scale:.4f} 0 0 cm"
        ]
        parts += [f"{number(stroke)} w {_rgb(role)} RG"] if role else []
        parts += [f"[{dash}] 0 d"] if dash else []
        parts += [f"{_rgb(fill)} rg"] if fill else []
        return rf"\put(0,0){{\sdpath{{{' '.join(parts)} {way} {paint} Q}}}}%"

    def _way(self, item: Line | Curve) -> str:
        start, *others = map(self._at, item.points)
        if isinstance(item, Curve):
            return f"{start} m {' '.join(others)} c"
        return f"{start} m {' '.join(f'{point} l' for point in others)}"

    def _polygon(self, points: tuple[Point, ...]) -> str:
        start, *others = map(self._at, points)
        return f"{start} m {' '.join(f'{point} l' for point in others)} h"

    def _box(self, box: Box) -> str:
        """A rectangle whose corners are quarters of a circle, clockwise from above left."""
        x, y, radius = box.x, box.y, box.radius
        right, low, k = x + box.width, y + box.height, box.radius * (1 - _KAPPA)
        if not radius:
            return self._polygon(((x, y), (right, y), (right, low), (x, low)))
        corners = (
            ((right - radius, y), (right - k, y), (right, y + k), (right, y + radius)),
            ((right, low - radius), (right, low - k), (right - k, low), (right - radius, low)),
            ((x + radius, low), (x + k, low), (x, low - k), (x, low - radius)),
            ((x, y + radius), (x, y + k), (x + k, y), (x + radius, y)),
        )
        parts = [f"{self._at((x + radius, y))} m"]
        for start, *curve in corners:
            parts.append(f"{self._at(start)} l {' '.join(map(self._at, curve))} c")
        return " ".join([*parts, "h"])

    def _label(self, label: Label) -> str:
        place = f"({number(label.x)},{number(self.height - label.y)})"
        side = {"start": "[l]", "middle": "[c]", "end": "[r]"}[label.anchor]
        points = label.size * self.scale * 72.27 / 72
        size = max([s for s in _SIZES if s <= points], default=_SIZES[0])
        letters = f"\\fontsize{{{size}}}{{{size}}}\\selectfont {_words(label.prose)}"
        ink = colour(label.role).paper
        return (
            rf"\put{place}{{\makebox[0pt]{side}{{\textcolor[HTML]{{{_hex(ink)}}}{{{letters}}}}}}}%"
        )


def _words(prose: Prose) -> str:
    return "".join(
        tex_words(part) if isinstance(part, str) else f"${inline_latex(part)}$" for part in prose
    )


def _hex(paper: str) -> str:
    """`#1b1d22` as xcolor has it, and `#fff` in full."""
    digits = paper.removeprefix("#").upper()
    return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)


def _rgb(role: Role) -> str:
    digits = _hex(colour(role).paper)
    return " ".join(number(int(digits[k : k + 2], 16) / 255) for k in (0, 2, 4))
