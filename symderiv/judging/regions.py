"""Regions of the domain: which factors are positive there, which negative, which cannot vanish.

A region is a set of facts "this factor is positive" or "negative".  Facts about one
symbol narrow its interval; the range of any polynomial follows by interval arithmetic, or
from its being a sum of squares.  What is not certain is not said: then the region is split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from symderiv.judging.atoms import Key, Monomial
from symderiv.judging.ranges import INFINITE, NOT_NEGATIVE, Range, both, point, power

_MOST_SQUARES, _MOST_ROWS = 6, 200


def range_of(key: Key, atom: Callable[[int], Range]) -> Range:
    """The interval that certainly holds all values of a polynomial."""
    if len(key) == 1 and key[0][1] == 1 and len(key[0][0]) == 1 and key[0][0][0][1] == 1:
        return atom(key[0][0][0][0])  # most are one atom
    total = point(Fraction())
    for monomial, coefficient in key:
        total = total + point(Fraction(coefficient)) * monomial_range(monomial, atom)
    return total if total.sign is not None else both(total, _by_squares(key, atom))


def monomial_range(monomial: Monomial, atom: Callable[[int], Range]) -> Range:
    """The interval that certainly holds all values of a product of powers."""
    total = point(Fraction(1))
    for number, exponent in monomial:
        total = total * power(atom(number), exponent)
    return total


def linear(key: Key) -> tuple[int, Fraction] | None:
    """The atom and the root of a polynomial a·s + b."""
    if len(key) > 2 or len(key[-1][0]) != 1 or key[-1][0][0][1] != 1:
        return None
    if len(key) == 2 and key[0][0] != ():
        return None
    level = key[0][1] if len(key) == 2 else 0
    return key[-1][0][0][0], Fraction(-level, key[-1][1])


def beside(root: Fraction, sign: int) -> Range:
    """The numbers on one side of a root."""
    return Range(low=root) if sign > 0 else Range(high=root)


# --- sums of squares -----------------------------------------------------------------------


def _by_squares(key: Key, atom: Callable[[int], Range]) -> Range:
    """The range of a quadratic form of monomials without negative squares: x² - 2xy + 2y²."""
    for sign in (1, -1):
        terms = {m: Fraction(sign * c) for m, c in key}
        form = _form(terms, atom)
        if form is not None and (least := _least(form)) is not None:
            found = Range(least, closed=(True, False)) if () in terms else NOT_NEGATIVE
            return found if sign > 0 else -found
    return Range()


def _form(
    terms: Mapping[Monomial, Fraction], atom: Callable[[int], Range]
) -> list[list[Fraction]] | None:
    """The matrix of a polynomial as a quadratic form of monomials, the constant last."""
    squares = {
        tuple((n, e / 2) for n, e in m): m
        for m, c in terms.items()
        if c > 0 and all(e % 2 == 0 or atom(n).low >= 0 for n, e in m)
    }
    roots = sorted(squares, reverse=True)
    if len(roots) > _MOST_SQUARES:
        return None
    left = {m: c for m, c in terms.items() if m not in set(squares.values())}
    form = [[Fraction()] * len(roots) for _ in roots]
    for row, one in enumerate(roots):
        form[row][row] = terms[squares[one]]
        for column, other in enumerate(roots[:row]):
            half = left.pop(_times(one, other), Fraction()) / 2
            form[row][column] = form[column][row] = half
    return None if left else form


def _times(one: Monomial, other: Monomial) -> Monomial:
    exponents = dict(one)
    for number, exponent in other:
        exponents[number] = exponents.get(number, Fraction()) + exponent
    return tuple(sorted(exponents.items()))


def _least(form: list[list[Fraction]]) -> Fraction | None:
    """The last pivot, which bounds the form where its last monomial is 1; None where it is
    negative somewhere."""
    size, last = len(form), Fraction()
    for k in range(size):
        last = form[k][k]
        if last < 0 or (last == 0 and any(form[k][k:])):
            return None
        for row in range(k + 1, size) if last else ():
            factor = form[row][k] / last
            form[row] = [a - factor * b for a, b in zip(form[row], form[k], strict=True)]
    return last


# --- facts that exclude one another ----------------------------------------------------------


class _Row(NamedTuple):
    """A linear combination of monomials that is positive, or (not `strict`) no less than 0."""

    terms: Mapping[Monomial, Fraction]
    strict: bool


def contradictory(facts: Mapping[Key, int], atom: Callable[[int], Range]) -> bool:
    """Whether no point has these signs, by linear combination: a > b > c > a."""
    rows = [_Row({m: Fraction(c * sign) for m, c in key}, True) for key, sign in facts.items()]
    monomials = dict.fromkeys(m for row in rows for m in row.terms if m)
    for monomial in monomials:
        rows += _ends(monomial, monomial_range(monomial, atom))
    for monomial in monomials:
        rows = _without(monomial, rows)
        if len(rows) > _MOST_ROWS:
            return False
    levels = [(row.terms.get((), Fraction()), row.strict) for row in rows]
    return any(level < 0 or (level == 0 and strict) for level, strict in levels)


def _ends(monomial: Monomial, found: Range) -> Iterable[_Row]:
    if found.low != -INFINITE:
        yield _Row({monomial: Fraction(1), (): -Fraction(found.low)}, not found.closed[0])
    if found.high != INFINITE:
        yield _Row({monomial: Fraction(-1), (): Fraction(found.high)}, not found.closed[1])


def _without(monomial: Monomial, rows: list[_Row]) -> list[_Row]:
    """What follows of rows without one monomial (Fourier and Motzkin)."""
    parts: dict[int, list[_Row]] = {-1: [], 0: [], 1: []}
    for row in rows:
        slope = row.terms.get(monomial, Fraction())
        parts[(slope > 0) - (slope < 0)].append(row)
    found = parts[0]
    for one in parts[1]:
        for other in parts[-1]:
            scale = -one.terms[monomial] / other.terms[monomial]
            names = dict.fromkeys((*one.terms, *other.terms))
            sums = {
                m: one.terms.get(m, Fraction()) + scale * other.terms.get(m, Fraction())
                for m in names
                if m != monomial
            }
            found.append(_Row({m: c for m, c in sums.items() if c}, one.strict or other.strict))
    return found
