"""An equation that is linear in one quantity, solved for it as on the board, step by step.

Fractions are cleared, brackets around the quantity multiplied out, its terms collected on
the left, the quantity factored out, and both sides divided.  Where the equation is not
linear in it, `Stuck` says so.
"""

from __future__ import annotations

from symderiv.catalogue.rules import algebra, equations
from symderiv.deriving.conditions import nonzero
from symderiv.deriving.fractions import lowest_terms
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
from symderiv.errors import Stuck
from symderiv.language.build import equal
from symderiv.language.expressions import Expr, Negative, Number, Product, Quotient, Relation, Sum
from symderiv.language.walks import nodes

_ZERO, _ONE = Number("0"), Number("1")
_ROUNDS = 8


def solve_for(lines: Lines, unknown: Expr) -> None:
    """Go on from an equation until it says `unknown = ...`; `Stuck` where that cannot be done."""
    if not any(unknown in nodes(side) for side in _sides(lines)):
        raise Stuck(f"{unknown} fell out of {lines.line}, so nothing follows for it.")
    _clear_fractions(lines, unknown)
    _multiply_out(lines, unknown)
    _collect(lines, unknown)
    _isolate(lines, unknown)
    lowest_terms(lines, (1,))


def _sides(lines: Lines) -> tuple[Expr, Expr]:
    assert isinstance(lines.line, Relation)  # noqa: S101 (only equations are solved)
    left, right = lines.line.terms
    return left, right


def _holds(term: Expr, unknown: Expr) -> bool:
    return unknown in nodes(term)


def _holding(lines: Lines, unknown: Expr) -> list[Expr]:
    return [t for side in _sides(lines) for t in terms_of(side) if _holds(t, unknown)]


def _clear_fractions(lines: Lines, unknown: Expr) -> None:
    """Multiply both sides by the denominators under the unknown, where it stands several times."""
    for _ in range(_ROUNDS):
        found = [monomial(term) for term in _holding(lines, unknown)]
        inside = any(
            isinstance(base, Sum) and k > 0 and _holds(base, unknown)
            for m in found
            for base, k in m.powers.items()
        )
        factor = least_denominator(found)
        if factor.is_one or not (inside or len(found) > 1):
            return
        if any(_holds(base, unknown) for base in factor.powers):
            raise Stuck(f"{lines.line} is not linear in {unknown}.")
        _multiply(lines, factor)


def _multiply(lines: Lines, factor: Monomial) -> None:
    sides = [total(monomial(t).times(factor) for t in terms_of(s)) for s in _sides(lines)]
    for base in factor.powers:
        lines.require(nonzero(base))
    letters = {"h": factor.spelled()}
    lines.add(equations.multiply_both_sides, equal(*sides), letters=letters)


def _multiply_out(lines: Lines, unknown: Expr) -> None:
    """Multiply out the brackets that hold the unknown."""
    for _ in range(_ROUNDS):
        held = {n for s in _sides(lines) for n in nodes(s) if _holds(n, unknown)}
        new, changed = [], False
        for side in _sides(lines):
            terms = [part for term in terms_of(side) for part in opened(term, unknown, held)]
            changed |= len(terms) > len(terms_of(side))
            new.append(_sum(terms))
        if not changed:
            return
        lines.add(algebra.expand, equal(*new), places=((0,), (1,)))


def _sum(terms: list[Expr]) -> Expr:
    if not terms:
        return _ZERO
    return terms[0] if len(terms) == 1 else Sum(terms)


def _minus(term: Expr) -> Expr:
    return term.operand if isinstance(term, Negative) else Negative(term)


def _collect(lines: Lines, unknown: Expr) -> None:
    """The terms with the unknown on the left, all others on the right."""
    left, right = _sides(lines)
    if not _holds(left, unknown) and all(_holds(t, unknown) for t in terms_of(right)):
        lines.add(equations.swap_sides, equal(right, left))
        left, right = right, left
    mine = [t for t in terms_of(left) if _holds(t, unknown)]
    mine += [_minus(t) for t in terms_of(right) if _holds(t, unknown)]
    others = [t for t in terms_of(right) if not _holds(t, unknown)]
    others += [_minus(t) for t in terms_of(left) if not _holds(t, unknown)]
    if all(isinstance(t, Negative) for t in mine):
        mine, others = [_minus(t) for t in mine], [_minus(t) for t in others]
    ordered = sorted(others, key=lambda t: isinstance(t, Negative))
    new = equal(_sum(mine), _sum(ordered))
    if set(terms_of(left)) != set(mine) or set(terms_of(right)) != set(others):
        lines.add(equations.terms_to_the_other_side, new)
    shorter = [added([monomial(t) for t in terms_of(side)]) for side in new.terms]
    if any(len(m) < len(terms_of(side)) for m, side in zip(shorter, new.terms, strict=True)):
        lines.add(algebra.like_terms, equal(*(total(side) for side in shorter)))


def _isolate(lines: Lines, unknown: Expr) -> None:
    """Factor the unknown out and divide by what stands before it."""
    left, right = _sides(lines)
    alone = Monomial(monomial(_ONE).number, {unknown: 1})
    before = [monomial(t).times(alone, -1) for t in terms_of(left)]
    if any(_holds(base, unknown) for m in before for base in m.powers):
        raise Stuck(f"{lines.line} is not linear in {unknown}.")
    if len(before) == 1:
        (single,) = before
        if not single.below.is_one:
            _multiply(lines, single.below)
            single = single.times(single.below)
            right = _sides(lines)[1]
        factor = single.spelled()
    else:
        factor = total(before)
        if isinstance(factor, Sum):
            lines.add(algebra.factor_out, equal(Product((factor, unknown)), right))
        else:
            lines.add(algebra.like_terms, equal(Product((factor, unknown)), right))
    if factor is _ONE:
        return
    if factor is _ZERO:
        raise Stuck(f"{unknown} falls out of {lines.line}, so nothing follows for it.")
    for need in primitive(factor):
        lines.require(nonzero(need))
    letters = {"h": factor}
    lines.add(equations.divide_both_sides, equal(unknown, _over(right, factor)), letters=letters)


def _over(right: Expr, factor: Expr) -> Expr:
    """A fraction with its sign in front of it."""
    if right is _ZERO:
        return _ZERO
    minus = isinstance(right, Negative) != isinstance(factor, Negative)
    above = right.parts[0] if isinstance(right, Negative) else right
    below = factor.parts[0] if isinstance(factor, Negative) else factor
    body = Quotient(above, below)
    return Negative(body) if minus else body


def primitive(node: Expr) -> tuple[Expr, ...]:
    """What must not be zero so that a sum or product is not: its factors without numbers."""
    terms = [monomial(term) for term in terms_of(node)]
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
