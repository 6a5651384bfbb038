"""How a rule is applied to an expression: match the left side, fill the right.

Here belongs the mechanics that every rule shares (pairs of factors, units that fall
away, all places of a line at once); which rule to apply is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from typing import TypeAlias

from symderiv.catalogue.rule import Rule
from symderiv.language.build import subject_first
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
)
from symderiv.language.patterns import fill, glance, join, match
from symderiv.language.walks import Place, at, replace, transform

Applied: TypeAlias = tuple[Expr, dict[str, Expr]]
"""What stands there afterwards, and what the rule's letters stood for."""

Spot: TypeAlias = tuple[Place, Expr]
"""A place and the node that stands there."""

_ONE, _ZERO = Number("1"), Number("0")
_MINUS_ONE = Negative(_ONE)
_MOST_DIGITS = 12  # behind the point of a decimal that is computed
_POINT = 10**12
_MOST_FACTORS = 12  # pairs of factors are tried one by one: beyond this a product is left alone


def never(_: Expr) -> bool:
    """Nothing depends on the variable: for rules of algebra, which have none."""
    return False


def apply(rule: Rule, node: Expr, depends: Callable[[Expr], bool] = never) -> Applied | None:
    """The first form of `rule` that fits `node`, applied; None where none fits."""
    for form in rule.forms:
        letters = match(form.left, node, depends)
        if letters is not None:
            partial = isinstance(node, Derivative) and node.partial
            made = fill(form.right, letters, partial=partial, finish=_without_units)
            return made, letters
    return next(applied_to_pairs(rule, node), None)


def applied_to_pairs(rule: Rule, node: Expr) -> Iterator[Applied]:
    """`rule` for two factors of a product, wherever they stand; the others stay in place."""
    if rule.reach != "factors" or not isinstance(node, Product):
        return
    factors = node.factors
    if len(factors) > _MOST_FACTORS:
        return
    seen = glance(node)
    forms = [form for form in rule.forms if not glance(form.left) & ~seen]
    pairs = sorted(permutations(range(len(factors)), 2), key=lambda pair: pair[0] > pair[1])
    for one, other in pairs if forms else ():
        pair = Product((factors[one], factors[other]))
        for form in forms:
            letters = match(form.left, pair)
            if letters is not None:
                made = fill(form.right, letters, finish=_without_units)
                yield _in_place_of(factors, one, other, made), letters


def _in_place_of(factors: tuple[Expr, ...], one: int, other: int, made: Expr) -> Expr:
    """The product with `made` where the first of two factors stood, and without the second."""
    first, second = min(one, other), max(one, other)
    rest = (*factors[:first], made, *factors[first + 1 : second], *factors[second + 1 :])
    return tidy(join(Product, rest), dict.fromkeys(rest))


def tidy(expr: Expr, fixed: Iterable[Expr]) -> Expr:
    """`expr` without idle units: 1·u, u/1, u¹, 0·u, 0 + u; exponents of numbers computed.

    Nodes in `fixed` are what a person wrote or an earlier line ended with: left alone.
    """
    return transform(expr, _without_units, {node: node for node in fixed})


def _without_units(node: Expr) -> Expr:
    match node:
        case Product(factors):
            if _ZERO in factors:
                return _ZERO
            if factors[0] is _MINUS_ONE:
                return Negative(_without_units(join(Product, factors[1:])))
            return join(Product, [f for f in factors if f is not _ONE] or [_ONE])
        case Sum(terms):
            kept = [t for t in terms if t is not _ZERO] or [_ZERO]
            values = [rational(t) for t in kept]
            if all(value is not None for value in values):
                total = sum((v for v in values if v is not None), Fraction())
                return numeral(total, decimal=any(map(has_point, (*kept, *_inner(kept)))))
            return kept[0] if len(kept) == 1 else Sum(kept)
        case Quotient(numerator, denominator):
            if numerator is _ZERO:
                return _ZERO
            return numerator if denominator is _ONE else node
        case Power(base, exponent):
            if exponent is _ZERO:
                return _ONE
            return base if exponent is _ONE else node
        case Relation():
            return subject_first(node)
        case Negative(Product(factors)) if factors[0] is _ONE:  # −1·u is −u
            return Negative(join(Product, factors[1:]))
        case Negative(operand):
            return _ZERO if operand is _ZERO else node
        case _:
            return node


def _inner(terms: Iterable[Expr]) -> list[Expr]:
    return [part for term in terms for part in term.parts]


def derivatives_in(expr: Expr, old: Container[Expr]) -> list[tuple[Place, Derivative]]:
    """The derivatives that still stand in what is new of `expr`, outermost, left to right."""
    found: list[tuple[Place, Derivative]] = []
    for place, node in spots(expr, old):
        inside = any(place[: len(outer)] == outer for outer, _ in found[-1:])
        if isinstance(node, Derivative) and not inside:
            found.append((place, node))
    return found


def carry(expr: Expr, results: Mapping[Expr, Expr], old: Iterable[Expr]) -> Expr:
    """`expr` with derivatives replaced by their results; a 1 or 0 among them leaves no trace."""
    return transform(expr, _joined, {**{node: node for node in old}, **results})


def _joined(node: Expr) -> Expr:
    return _without_units(join(Sum, node.terms) if isinstance(node, Sum) else node)


def coefficient(term: Expr, depends: Callable[[Expr], bool]) -> tuple[Callable[[Expr], Expr], Expr]:
    """How a term's constant factors and sign stand around the rest of it, and that rest."""
    if isinstance(term, Negative):
        around, core = coefficient(term.operand, depends)
        return lambda moved: Negative(around(moved)), core
    if isinstance(term, Product):
        still = [factor for factor in term.factors if not depends(factor)]
        moving = [factor for factor in term.factors if depends(factor)]
        if still and moving:
            return lambda moved: join(Product, (*still, moved)), join(Product, moving)
    if isinstance(term, Quotient) and not depends(term.denominator):
        return lambda moved: Quotient(moved, term.denominator), term.numerator
    return lambda moved: moved, term


def rational(expr: Expr) -> Fraction | None:
    """The value of a number, with its sign or as a fraction of two; None for anything else."""
    match expr:
        case Number():
            return expr.value
        case Negative(Number() as size):
            return -size.value
        case Quotient(Number() as above, Number() as below) if below.value:
            return above.value / below.value
        case Negative(Quotient(Number() as above, Number() as below)) if below.value:
            return -above.value / below.value
        case _:
            return None


def has_point(expr: Expr) -> bool:
    """Whether a number was typed with a decimal point."""
    return any("." in part.text for part in (expr, *expr.parts) if isinstance(part, Number))


def is_terminating(value: Fraction) -> bool:
    """Whether a fraction has a decimal that ends, and not too late."""
    return not _POINT % value.denominator


def numeral(value: Fraction, *, decimal: bool) -> Expr:
    """A rational number as an expression; with a point if `decimal` and it ends."""
    if not decimal or value.denominator == 1 or not is_terminating(value):
        return number(value)
    digits = next(d for d in range(1, _MOST_DIGITS + 1) if 10**d % value.denominator == 0)
    whole, rest = divmod(abs(value) * 10**digits, 10**digits)
    size = Number(f"{int(whole)}.{int(rest):0{digits}d}")
    return Negative(size) if value < 0 else size


def fresh_places(expr: Expr, old: Container[Expr]) -> Iterator[Place]:
    """The places of the nodes that are not in `old` or below it, from the root down."""
    return (place for place, _ in spots(expr, old))


def spots(expr: Expr, old: Container[Expr] = ()) -> Iterator[Spot]:
    """The fresh places, each with the node that stands there."""
    stack: list[Spot] = [((), expr)]
    while stack:
        spot = stack.pop()
        place, node = spot
        if node in old:
            continue
        yield spot
        parts = node.parts
        if parts:
            stack += [((*place, k), parts[k]) for k in range(len(parts) - 1, -1, -1)]


def put(expr: Expr, place: Place, new: Expr) -> Expr:
    """`expr` with `new` at `place`, joined into the sum or product that it stands in."""
    if not place:
        return new
    above = at(expr, place[:-1])
    if new is _ONE and isinstance(above, Product):
        others = [f for k, f in enumerate(above.factors) if k != place[-1]]
        return replace(expr, place[:-1], join(Product, others))
    if type(new) in (Sum, Product) and type(above) is type(new):
        k = place[-1]
        joined = join(type(new), (*above.parts[:k], new, *above.parts[k + 1 :]))
        return replace(expr, place[:-1], joined)
    if isinstance(new, Negative) and isinstance(above, Product):
        k = place[-1]
        if k == 0:
            joined = join(Product, (new, *above.parts[1:]))
            return replace(expr, place[:-1], joined)
    return replace(expr, place, new)
