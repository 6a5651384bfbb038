"""The forms in which a result may be asked for: a textbook's, expanded, factored, one fraction.

Each is reached from the textbook's form by the same named steps; where there is nothing
to expand or to factor, the result stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from symderiv.catalogue.rules import algebra
from symderiv.deriving.applying import put
from symderiv.deriving.bars import ONE, Bases, Key, Raised, bar, order_of, power, written
from symderiv.deriving.combining import (
    combine,
    factor_out,
    in_good_order,
    multiply_out_powers,
    one_denominator,
    put_in_order,
)
from symderiv.deriving.finishing import finish, graft
from symderiv.deriving.lines import Lines
from symderiv.deriving.reducing import reduce_term
from symderiv.judging.polynomials import Monomial, factors
from symderiv.language.expressions import Expr, Negative, Product, Quotient, Sum
from symderiv.language.patterns import join
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


def factor_polynomial(lines: Lines, place: Place = ()) -> bool:
    """A sum as the product of its irreducible factors, if it has several."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    table = _polynomial(node, Bases.of(lines.setting))
    found = factors(table[1]) if table else None
    if table is None or found is None or sum(power for _, power in found[1]) < 2:
        return False
    number, several = found
    brackets = [_bracket(terms, table[0], lines) for terms, _ in several]
    signs = [isinstance(one, Negative) for one in brackets]
    whole = Fraction(number)
    made = []
    for one, turned, (_, times) in zip(brackets, signs, several, strict=True):
        whole *= (-1) ** times if turned else 1
        made.append(power(one.parts[0] if turned else one, {ONE: Fraction(times)}))
    new = written(whole, order_of(lines.setting.question)(made))
    lines.add(algebra.factor_the_polynomial, put(lines.line, place, new), places=(place,))
    return True


def _polynomial(node: Sum, bases: Bases) -> tuple[list[Raised], dict[Monomial, int]] | None:
    """The bases of a sum, and its terms by their exponents; None where one is no whole number."""
    parts = [bar(term) for term in node.terms]
    collected = [bases.collected(part.above) for part in parts]
    known: dict[Key, Raised] = {}
    for held in collected:
        for key, one in held.items():
            known.setdefault(key, one)
    terms: dict[Monomial, int] = {}
    for part, held in zip(parts, collected, strict=True):
        exponents = [held[key].exponent if key in held else {} for key in known]
        values = [exponent.get(ONE, Fraction()) for exponent in exponents]
        whole = all(v.denominator == 1 and v >= 0 for v in values)
        plain = all(set(exponent) <= {ONE} for exponent in exponents)
        if part.below or part.number.denominator != 1 or not (whole and plain):
            return None
        monomial = tuple(int(v) for v in values)
        terms[monomial] = terms.get(monomial, 0) + int(part.number)
    return list(known.values()), terms


def _bracket(terms: Mapping[Monomial, int], bases: list[Raised], lines: Lines) -> Expr:
    """A factor as an expression; the negative of one that would begin with a minus sign."""
    order = order_of(lines.setting.question)
    made: list[Expr] = []
    for monomial, coefficient in terms.items():
        pairs = zip(bases, monomial, strict=True)
        above = [power(one.base, {ONE: Fraction(n)}) for one, n in pairs if n]
        made.append(written(Fraction(coefficient), order(above)))
    bracket = in_good_order(join(Sum, made))
    if isinstance(bracket, Sum) and isinstance(bracket.terms[0], Negative):
        turned = [t.operand if isinstance(t, Negative) else Negative(t) for t in bracket.terms]
        return Negative(Sum(turned))
    return bracket
