"""Polynomials as products, and the factors that stand above and below a bar in disguise.

(t² − 1)/(t² + t − 2) hides the factor t − 1 twice, e^(−x) + x·e^(−x) the factor e^(−x):
such a sum is written as a product, but only where something cancels then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from symderiv.catalogue.rules import algebra
from symderiv.deriving.applying import put
from symderiv.deriving.bars import ONE, Bases, Key, Raised, bar, order_of, power, raised, written
from symderiv.deriving.combining import common_factor, factor_out, in_good_order
from symderiv.deriving.lines import Lines
from symderiv.judging.polynomials import Monomial, factors
from symderiv.language.expressions import Expr, Negative, Power, Product, Quotient, Sum
from symderiv.language.patterns import join
from symderiv.language.walks import Place, at, symbols_in


def share_factors(lines: Lines) -> bool:
    """A sum above or below the bar of the line as a product, where a factor then cancels."""
    places = list(_sums(lines.line))
    above = [place for place, up in places if up]
    below = [place for place, up in places if not up]
    return any(_takes_out_what_cancels(lines, place) for place in below) or any(
        _splits_into_what_cancels(lines, one, other) for one in above for other in below
    )


def _sums(line: Expr) -> Iterator[tuple[Place, bool]]:
    """The places of the brackets among the factors of a term, and whether they stand above."""
    waiting: list[tuple[Place, Expr, bool]] = [((), line, True)]
    while waiting:
        place, part, up = waiting.pop()
        if isinstance(part, Sum) and place:
            yield place, up
        elif isinstance(part, (Product, Negative)):
            waiting += [((*place, k), p, up) for k, p in enumerate(part.parts)]
        elif isinstance(part, Quotient):
            waiting += [((*place, 0), part.numerator, up), ((*place, 1), part.denominator, not up)]
        elif isinstance(part, Power):
            waiting.append(((*place, 0), part.base, up))


def _takes_out_what_cancels(lines: Lines, place: Place) -> bool:
    """A common factor of the terms below the bar is taken out if it stands above the bar too."""
    bases = Bases.of(lines.setting)
    node = at(lines.line, place)
    _, shared = common_factor([bar(term) for term in node.parts], bases)
    above = bases.collected(bar(lines.line).above)
    return any(key in above for key in shared) and factor_out(lines, place)


def _splits_into_what_cancels(lines: Lines, above: Place, below: Place) -> bool:
    """One of two brackets as a product, where both hold the same factor."""
    over, under = at(lines.line, above), at(lines.line, below)
    if not set(symbols_in(over)) & set(symbols_in(under)):
        return False
    several = [_keys(lines, bracket) for bracket in (over, under)]
    if not several[0] & several[1]:
        return False
    return factor_polynomial(lines, above) or factor_polynomial(lines, below)


def _keys(lines: Lines, bracket: Expr) -> frozenset[Key]:
    """What the factors of a polynomial are, whatever their signs."""
    product = Lines(bracket, lines.setting)
    factor_polynomial(product)
    bases = Bases.of(lines.setting)
    found = [raised(factor).base for factor in bar(product.line).above]
    turned = [Sum([_negated(t) for t in one.terms]) for one in found if isinstance(one, Sum)]
    return frozenset(map(bases.key, (*found, *turned)))


def _negated(term: Expr) -> Expr:
    return term.operand if isinstance(term, Negative) else Negative(term)


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
        return Negative(Sum(map(_negated, bracket.terms)))
    return bracket
