"""The forms in which a result may be asked for: a textbook's, expanded, factored, one fraction.

Each is reached from the textbook's form by the same named steps; where there is nothing
to expand or to factor, the result stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from symderiv.deriving.combining import (
    combine,
    factor_out,
    multiply_out_powers,
    one_denominator,
    put_in_order,
)
from symderiv.deriving.factoring import factor_polynomial
from symderiv.deriving.finishing import finish, graft
from symderiv.deriving.lines import Lines
from symderiv.deriving.reducing import reduce_term
from symderiv.language.expressions import Expr, Negative, Product, Quotient, Sum
from symderiv.language.walks import Place, at

_ROUNDS = 40


def write_in_form(lines: Lines, form: str) -> None:
    """Bring the line to the form of this name, one of `FORMS`."""
    FORMS[form](lines)


def _as_differentiated(lines: Lines) -> None:
    """Nothing is done: the line stays as the laws of differentiation left it."""


def _expanded(lines: Lines) -> None:
    """Every bracket above the bar multiplied out, like terms combined."""
    if not isinstance(lines.line, Sum):
        finish(lines)
    for _ in range(_ROUNDS):
        place = _numerator(lines.line)
        node = at(lines.line, place)
        terms = [(*place, k) for k in range(len(node.parts))] if isinstance(node, Sum) else []
        if not (
            any(reduce_term(lines, term) for term in terms)
            or multiply_out_powers(lines, place)
            or combine(lines, place)
        ):
            break
    put_in_order(lines, _numerator(lines.line))


def _one_fraction(lines: Lines) -> None:
    """One bar for all terms of a sum, reduced."""
    finish(lines)
    if isinstance(lines.line, Sum) and one_denominator(lines):
        finish(lines)


def _factored(lines: Lines) -> None:
    """A product: common factors taken out, polynomials split into irreducible ones."""
    _one_fraction(lines)
    if isinstance(lines.line, Sum):
        factor_out(lines)
    for _ in range(_ROUNDS):
        if not any(factor_polynomial(lines, place) for place in _sums(lines.line)):
            break
        _reduced(lines)


def _reduced(lines: Lines) -> None:
    """The whole line as one term, and what stands in its brackets, in the shortest form."""
    inner = Lines(lines.line, lines.setting, lines.phase)
    for _ in range(_ROUNDS):
        if not reduce_term(inner):
            break
    for place in _sums(inner.line):
        if combine(inner, place):
            break
    graft(lines, (), inner.done())


FORMS: Final[Mapping[str, Callable[[Lines], None]]] = {
    "textbook": finish,
    "expanded": _expanded,
    "factored": _factored,
    "one fraction": _one_fraction,
    "as differentiated": _as_differentiated,
}


def _numerator(line: Expr) -> Place:
    """Where what stands above the bar stands; the whole line where there is no bar."""
    place: Place = (0,) if isinstance(line, Negative) and isinstance(line.operand, Quotient) else ()
    return (*place, 0) if isinstance(at(line, place), Quotient) else place


def _sums(line: Expr) -> list[Place]:
    """The places of the sums among the factors of a line, above and below its bar."""
    found: list[Place] = []
    waiting: list[tuple[Place, Expr]] = [((), line)]
    while waiting:
        place, part = waiting.pop(0)
        if isinstance(part, Sum):
            found.append(place)
        elif isinstance(part, (Product, Quotient, Negative)):
            waiting += [((*place, k), p) for k, p in enumerate(part.parts)]
    return found
