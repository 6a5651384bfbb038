"""The picture of a function and its slope: two curves, what was held, and what is marked.

What is computed stands in `tracing`, how it is drawn in `plotting`; here is only what a
picture says of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from symderiv.documents.curves import Break, Piece
from symderiv.documents.document import Picture
from symderiv.documents.passages import decimal
from symderiv.documents.plotting import Axis, Plot, Series, draw_plot, draw_plot_narrow, function
from symderiv.documents.tracing import FAR, Traced
from symderiv.language.build import equal
from symderiv.language.expressions import Derivative, Expr, Prime, Symbol

_ROOM: Final = 0.35  # of the usual heights, beyond them where a curve grows without bound
_RADICAL: Final = r"\sqrt"  # a prime cannot stand at it
_TALLEST: Final = 1.0  # the heights of the slope against those of the function


def portrait(traced: Traced, name: str) -> Picture:
    """The picture for a page and for a phone; `name` makes its ids and the name of its file."""
    plot = portrait_plot(traced, name)
    return Picture(draw_plot(plot), draw_plot_narrow(plot), tuple(_caption(traced)))


def portrait_plot(traced: Traced, name: str) -> Plot:
    """The function and its slope along its variable."""
    low, high = map(float, traced.window)
    values, slopes = traced.breaks
    curves = [function((traced.value,), traced.curve, low, high, values)]
    if not traced.function.refused:
        curves.append(function((_slope(traced),), traced.slope_curve, low, high, slopes))
    bottom, top = _heights(curves)
    return Plot(
        tuple(curves),
        Axis((traced.variable,), low, high),
        Axis((), bottom, top),
        name,
        _title(traced),
    )


def _title(traced: Traced) -> str:
    words = traced.function.words
    said = words if traced.function.refused else f"{words} and its slope"
    return said[:1].upper() + said[1:]


def _slope(traced: Traced) -> Expr:
    """σ′(z), or ∂MSE/∂ŷ where several quantities could move."""
    function_ = traced.function
    if function_.is_partial or function_.latex == _RADICAL:
        return Derivative(traced.value, traced.variable, 1, function_.is_partial)
    return Prime(function_.head, 1, traced.variable)


def _heights(curves: Sequence[Series]) -> tuple[float, float]:
    """The ends of the axis: around all of the function, and of its slope what is not too tall."""
    low, high = _ends(curves[0])
    for series in curves[1:]:
        below, above = _ends(series)
        most = _TALLEST * max(high - low, 0.5)
        low, high = min(low, max(below, low - most)), max(high, min(above, high + most))
    extra = (high - low) * 0.06 or 1.0
    return low - extra, high + extra


def _ends(series: Series) -> tuple[float, float]:
    """The least and the greatest value of a curve; of one without bound those it mostly has."""
    values = sorted(y for piece in series.pieces for _, y in piece)
    if not values:
        return 0.0, 1.0
    if max(-values[0], values[-1]) < FAR:
        return values[0], values[-1]
    finite = [v for v in values if abs(v) < FAR]
    low, high = finite[len(finite) // 7], finite[-1 - len(finite) // 7]
    room = (high - low) * _ROOM
    below = low - room if _unbounded(series.breaks, -1) else finite[0]
    above = high + room if _unbounded(series.breaks, 1) else finite[-1]
    return below, above


def _unbounded(breaks: Sequence[Break], side: int) -> bool:
    limits = (limit for place in breaks for limit in (place.left, place.right))
    return any(limit is not None and limit * side >= FAR for limit in limits)


def _caption(traced: Traced) -> Iterator[str | Expr]:
    """What was held at which number, and what open and filled points say."""
    held = [equal(n, decimal(v)) for n, v in traced.held.items() if not _fixed(n, traced)]
    for k, equation in enumerate(held):
        yield "Drawn with " if k == 0 else " and " if k == len(held) - 1 else ", "
        yield equation
    if held:
        yield ". "
    marked = [
        p for breaks in traced.breaks for b in breaks for p in b.points() if abs(p[0][1]) < FAR
    ]
    if any(not filled for _, filled in marked):
        yield "An open point does not belong to its curve, a filled one does."


def _fixed(name: Symbol, traced: Traced) -> bool:
    """Whether a name always stands for the same number, such as the λ of SELU."""
    domain = traced.function.domains.get(name)
    return domain is not None and len(domain.members) == 1


def pieces_of(plot: Plot) -> tuple[tuple[Piece, ...], ...]:
    """The curves as they are drawn, before they are cut at the frame."""
    return tuple(series.pieces for series in plot.series)
