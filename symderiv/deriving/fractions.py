"""A fraction in lowest terms: fractions inside it cleared, common factors cancelled.

Each change is a step with a rule.  What is meant are fractions of sums of monomials, such
as implicit differentiation leaves; nothing is factored that has to be searched for.
"""

from __future__ import annotations

from fractions import Fraction

from symderiv.catalogue.rules import algebra, equations, trigonometry
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
from symderiv.language.expressions import (
    Apply,
    Expr,
    Head,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
)
from symderiv.language.walks import Place, at, places, size

_ONE = Number("1")
_COS = Head("cos", r"\cos")
_MINUS = Negative(_ONE)
_OPPOSITE = monomial(_MINUS)


def lowest_terms(lines: Lines, place: Place = ()) -> None:
    """Bring what stands at `place` to one fraction without fractions inside, and cancel."""
    _add_squares(lines, place)
    _turn(lines, place)
    _gather(lines, place)
    _clear(lines, place)
    _expand(lines, place)
    _cancel(lines, place)
    _turn(lines, place)


def _add_squares(lines: Lines, place: Place) -> None:
    """sin² u + cos² u is one, with a common factor too."""
    for inside in places(at(lines.line, place), lambda node: isinstance(node, Sum)):
        here = (*place, *inside)
        new = _without_squares(at(lines.line, here))
        if new is not None:
            after = put(lines.line, here, new)
            lines.add(trigonometry.pythagoras, after, places=(here,))
            return


def _without_squares(node: Expr) -> Expr | None:
    """A sum in which k·sin² u + k·cos² u is written as k; None where nothing is."""
    terms = _monomials(node)
    for k, one in enumerate(terms):
        for base, power in one.powers.items():
            if power != 2 or not (isinstance(base, Apply) and base.head.name == "sin"):
                continue
            rest = one.times(Monomial(Fraction(1), {base: -2}))
            partner = rest.times(Monomial(Fraction(1), {Apply(_COS, base.arguments): 2}))
            if partner in terms:
                left = [m for n, m in enumerate(terms) if n != k and m != partner]
                return total([rest, *left])
    return None


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
        lines.add(algebra.turn_the_bracket, put(lines.line, place, new), places=(place,))


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
    rule = equations.extend_fraction if under is not _ONE else algebra.one_denominator
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
    whole = _as_factor(above, below)
    if whole is not None:  # (a - b)/(b - a)^2 is -1/(b - a)
        above = [whole]
    factor = common([*above, *below])
    if not factor.is_one:
        _require(lines, factor)
        lower = [[m.times(factor, -1) for m in side] for side in (above, below)]
        new = _spelled(minus, *lower)
        letters = {"g": factor.spelled()}
        lines.add(algebra.cancel, put(lines.line, place, new), places=(place,), letters=letters)


def _as_factor(above: list[Monomial], below: list[Monomial]) -> Monomial | None:
    """A numerator of several terms as a number times a bracket that stands below, if it is one."""
    if len(below) != 1 or len(above) < 2:
        return None
    for base in below[0].powers:
        terms = _monomials(base)
        ratio = _ratio(above, terms)
        scaled = {(m.key, m.number * ratio) for m in terms}
        if ratio and scaled == {(m.key, m.number) for m in above}:
            return Monomial(ratio, {base: 1})
    return None


def _ratio(above: list[Monomial], terms: list[Monomial]) -> Fraction:
    """By how much the term that is like the first one differs from it; 0 where none is."""
    like = [m for m in terms if m.key == above[0].key]
    return above[0].number / like[0].number if like else Fraction(0)


def _require(lines: Lines, factor: Monomial) -> None:
    for base in factor.powers:
        lines.require(nonzero(base))
