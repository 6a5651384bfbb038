"""A scene as SVG: inside a page, where the page's style has the colours, or as a file.

Nothing is decided here: a thing is spelled as it stands in the scene, numbers with two
decimals, so that the same scene gives the same bytes.  There is no style attribute and
no script (a strict policy of a site would forbid them), and letters stay letters, which
can be searched and copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

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
    label_runs,
)
from symderiv.errors import Unknown
from symderiv.printing.speech import speech
from symderiv.printing.unicode import unicode_text

VARIANTS: Final = ("page", "file")
# Libertinus stands in every Typst, which sets a whole label in another font, upright, where
# the first that it has lacks one letter (Latin Modern lacks ∂)
_FONTS: Final = (
    "'STIX Two Text','Libertinus Serif','Latin Modern Roman','Times New Roman',"
    "'Liberation Serif',serif"
)


def scene_svg(scene: Scene, variant: str = "page", *, classes: str = "") -> str:
    """The picture as one `<svg>` element.

    The variant `page` stands inside HTML and takes its colours from the variables of the
    page's style; `file` stands alone, on white, with its colours written out.  `classes`
    are further classes of the element in a page.
    """
    if variant not in VARIANTS:
        raise Unknown(f"No variant {variant!r} of a picture; there are: {', '.join(VARIANTS)}.")
    in_page = variant == "page"
    title, description = f"{scene.name}-title", f"{scene.name}-desc"
    width, height = number(scene.width), number(scene.height)
    kind = f'class="{" ".join(filter(None, ("sd-picture", classes)))}" ' if in_page else ""
    space = "" if in_page else 'xmlns="http://www.w3.org/2000/svg" '
    space += "" if in_page or scene.language == "en" else f'xml:lang="{escape(scene.language)}" '
    head = (
        f'<svg {space}{kind}role="img" aria-labelledby="{escape(title)} {escape(description)}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{_FONTS}" text-rendering="geometricPrecision">'
    )
    named = (
        f'<title id="{escape(title)}">{escape(scene.title)}</title>\n'
        f'<desc id="{escape(description)}">{escape(aloud(scene))}</desc>'
    )
    paper = [] if in_page else [f'<rect width="{width}" height="{height}" fill="#fff"/>']
    drawn = (line for item in scene.items for line in _spell(item, in_page))
    return "\n".join([head, named, *paper, *drawn, "</svg>"])


def aloud(scene: Scene) -> str:
    """What a picture shows, as one would say it; formulas have English words, or none."""
    return scene.told(speech if scene.language == "en" else unicode_text)


def number(value: float) -> str:
    """A length with at most two decimals, and no sign before a zero."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _spell(item: Item, in_page: bool) -> Iterator[str]:
    match item:
        case Line(arrow=True) | Curve(arrow=True):
            for part in arrow_head(item):
                yield from _spell(part, in_page)
        case Line(points) | Curve(points):
            yield f'<path d="{_way(item)}" fill="none"{_stroke(item, in_page)}/>'
        case Area(points, role):
            corners = " ".join(map(_point, points))
            yield f'<polygon points="{corners}" fill="{_paint(role, in_page)}"/>'
        case Box(x, y, width, height):
            place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" '
            round_ = f' rx="{number(item.radius)}"' if item.radius else ""
            yield (
                f'<rect {place}height="{number(height)}"{round_}'
                f' fill="{_paint(item.fill, in_page)}"{_stroke(item, in_page)}/>'
            )
        case Circle(x, y, radius, role, fill):
            inside = _paint(fill or role, in_page)
            yield (
                f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
                f' fill="{inside}"{_stroke(item, in_page)}/>'
            )
        case Label():
            yield _text(item, in_page)


def _paint(role: Role, in_page: bool) -> str:
    if not role:
        return "none"
    look = colour(role)
    return f"var({look.variable},{look.paper})" if in_page else look.paper


def _stroke(item: Box | Line | Curve | Circle, in_page: bool) -> str:
    if not item.role:
        return ""
    dash = "" if isinstance(item, Circle) else item.dash
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    width = "" if item.stroke == 1 else f' stroke-width="{number(item.stroke)}"'
    return f' stroke="{_paint(item.role, in_page)}"{width}{dashed}'


def _point(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def _way(item: Line | Curve) -> str:
    start, *others = map(_point, item.points)
    return f"M{start}{'C' if isinstance(item, Curve) else 'L'}{' '.join(others)}"


def _text(label: Label, in_page: bool) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    runs = "".join(_runs(label))
    return (
        f'<text x="{number(label.x)}" y="{number(label.y)}" font-size="{number(label.size)}"'
        f'{anchor} fill="{_paint(label.role, in_page)}">{runs}</text>'
    )


def _runs(label: Label) -> Iterator[str]:
    """The letters; where their look changes, in a `<tspan>` that says how."""
    height = 0.0
    for run in label_runs(label.prose):
        letters = escape(run.text.replace(" ", "\u00a0"), quote=False)
        changes = {
            "dx": number(run.step * label.size),
            "dy": number((height - run.rise) * label.size),
            "font-size": number(run.size * label.size) if run.size != 1 else "0",
        }
        height = run.rise
        said = "".join(f' {name}="{value}"' for name, value in changes.items() if value != "0")
        said += ' font-style="italic"' if run.slanted else ""
        yield f"<tspan{said}>{letters}</tspan>" if said else letters
