"""A fraction in lowest terms: fractions inside it cleared, common factors cancelled.

Each change is a step with a rule.  What is meant are fractions of sums of monomials, such
as implicit differentiation leaves; nothing is factored that has to be searched for.
"""

from __future__ import annotations

from symderiv.catalogue.rules import algebra, equations
from symderiv.deriving.applying import put
from symderiv.deriving.conditions import nonzero
from symderiv.deriving.lines import Lines
from symderiv.deriving.monomials import (
    Monomial,
    added,
    common,
    least_denominator,
    monomial,
    terms_of,
    total,
)
from symderiv.deriving.simplifying import expanded
from symderiv.language.expressions import Expr, Negative, Number, Product, Quotient, Sum
from symderiv.language.walks import Place, at, size

_ONE = Number("1")
_MINUS = Negative(_ONE)
_OPPOSITE = monomial(_MINUS)


def lowest_terms(lines: Lines, place: Place = ()) -> None:
    """Bring what stands at `place` to one fraction without fractions inside, and cancel."""
    _turn(lines, place)
    _gather(lines, place)
    _clear(lines, place)
    _expand(lines, place)
    _cancel(lines, place)
    _turn(lines, place)


def _sides(node: Expr) -> tuple[bool, Expr, Expr]:
    """Whether a minus stands before a fraction, its numerator, its denominator."""
    minus = isinstance(node, Negative)
    body = node.parts[0] if minus else node
    if isinstance(body, Quotient):
        return minus, body.numerator, body.denominator
    return minus, body, _ONE


def _monomials(side: Expr) -> list[Monomial]:
    return [monomial(term) for term in terms_of(side)]


def _spelled(minus: bool, above: list[Monomial], below: list[Monomial]) -> Expr:
    """The fraction, its sign in front of all; a denominator of one falls away."""
    above, below = added(above), added(below)
    for side in (above, below):
        if side and all(m.number < 0 for m in side):
            side[:] = [Monomial(-m.number, m.powers) for m in side]
            minus = not minus
    if not above:
        return Number("0")
    bottom = total(below)
    body = total(above) if bottom is _ONE else Quotient(total(above), bottom)
    return Negative(body) if minus else body


def _gather(lines: Lines, place: Place) -> None:
    """Equal factors of each term as one power, equal terms counted together."""
    minus, over, under = _sides(at(lines.line, place))
    above, below = _monomials(over), _monomials(under)
    new = _spelled(minus, above, below)
    if _written(at(lines.line, place)) != _written(new):
        fewer = len(added(above)) < len(above) or len(added(below)) < len(below)
        rule = algebra.like_terms if fewer else algebra.arithmetic
        lines.add(rule, put(lines.line, place, new), places=(place,))


def _turn(lines: Lines, place: Place) -> None:
    """Minus signs above and a difference below: the difference is turned round, b − a."""
    node = at(lines.line, place)
    minus, over, under = _sides(node)
    above, below = _monomials(over), _monomials(under)
    negative = minus != all(m.number < 0 for m in above)
    mixed = any(m.number < 0 for m in below) and any(m.number > 0 for m in below)
    if negative and mixed:
        turned = [m.times(_OPPOSITE) for m in below]
        shown = above if minus else [m.times(_OPPOSITE) for m in above]
        new = Quotient(total(shown), total(turned))
        lines.add(equations.turn_difference, put(lines.line, place, new), places=(place,))


def _written(node: Expr) -> object:
    """How a fraction is written, but for the order of its terms and of their factors."""
    minus, over, under = _sides(node)
    sides = [
        sorted(sorted(map(str, _factors(term))) for term in terms_of(side))
        for side in (over, under)
    ]
    return minus, sides


def _factors(term: Expr) -> tuple[Expr, ...]:
    if isinstance(term, Negative):
        return (_MINUS, *_factors(term.operand))
    return term.factors if isinstance(term, Product) else (term,)


def _clear(lines: Lines, place: Place) -> None:
    """Fractions inside the fraction: extend it by their common denominator."""
    minus, over, under = _sides(at(lines.line, place))
    above, below = _monomials(over), _monomials(under)
    factor = least_denominator([*above, *below])
    if factor.is_one or (under is _ONE and len(above) == 1):
        return
    wider = [[m.times(factor) for m in side] for side in (above, below)]
    rule = equations.extend_fraction if under is not _ONE else equations.over_one_denominator
    _require(lines, factor)
    new = _spelled(minus, *wider)
    letters = {"h": factor.spelled()}
    lines.add(rule, put(lines.line, place, new), places=(place,), letters=letters)


def _expand(lines: Lines, place: Place) -> None:
    """Multiply out the brackets above and below, if that is shorter."""
    node = at(lines.line, place)
    minus, over, under = _sides(node)
    opened_sides = [
        [monomial(part) for term in terms_of(side) for part in expanded(term)]
        for side in (over, under)
    ]
    new = _spelled(minus, *opened_sides)
    if size(new) < size(node):
        lines.add(algebra.expand, put(lines.line, place, new), places=(place,))


def _cancel(lines: Lines, place: Place) -> None:
    """Divide numerator and denominator by what all their terms share."""
    minus, over, under = _sides(at(lines.line, place))
    if under is _ONE:
        return
    above, below = _monomials(over), _monomials(under)
    factor = common([*above, *below])
    if not factor.is_one:
        _require(lines, factor)
        lower = [[m.times(factor, -1) for m in side] for side in (above, below)]
        new = _spelled(minus, *lower)
        letters = {"g": factor.spelled()}
        lines.add(algebra.cancel, put(lines.line, place, new), places=(place,), letters=letters)


def _require(lines: Lines, factor: Monomial) -> None:
    for base in factor.powers:
        lines.require(nonzero(base))


def primitive(node: Expr) -> tuple[Expr, ...]:
    """What must not be zero so that a sum or product is not: its factors without numbers."""
    terms = _monomials(node)
    shared = common(terms)
    rest = total(m.times(shared, -1) for m in terms)
    return (*shared.powers, *(() if isinstance(rest, Number) else (rest,)))


def opened(term: Expr, unknown: Expr, held: set[Expr]) -> list[Expr]:
    """The terms of a product with a sum that holds `unknown`, multiplied out; `[term]` if none."""
    m = monomial(term)
    sums = [base for base, k in m.powers.items() if isinstance(base, Sum) and base in held]
    if len(sums) != 1 or m.powers[sums[0]] != 1 or unknown in m.powers:
        return [term]
    rest = m.times(monomial(sums[0]), -1)
    return [monomial(Product((rest.spelled(), t))).spelled() for t in terms_of(sums[0])]
