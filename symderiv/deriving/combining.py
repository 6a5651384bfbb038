"""Terms brought together: like terms, a common factor, a common denominator, brackets opened.

Each function takes one step by one named rule at a sum (or at a term that holds one), or
none; whether the step is worth a line is decided in `finishing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from symderiv.catalogue.rules import algebra, powers
from symderiv.deriving.applying import apply, put
from symderiv.deriving.bars import (
    ONE,
    Bar,
    Bases,
    Exponent,
    Key,
    Order,
    Raised,
    bar,
    degree,
    is_negative,
    order_of,
    plus,
    power,
    raised,
    terms_of,
    written,
)
from symderiv.deriving.lines import Lines
from symderiv.deriving.reducing import merged_term
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Expr,
    Negative,
    Number,
    Power,
    Sum,
)
from symderiv.language.patterns import join
from symderiv.language.walks import Place, at

MOST_TERMS = 64
_HIGHEST = 8  # exponent of a bracket that is multiplied out


def combine(lines: Lines, place: Place = ()) -> bool:
    """Terms that differ by a number are counted together; opposite ones cancel."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    bases, groups = Bases.of(lines.setting), dict[object, list[int]]()
    parts = [bar(term) for term in node.terms]
    for k, part in enumerate(parts):
        groups.setdefault(bases.weigh(part), []).append(k)
    if len(groups) == len(parts):
        return False
    terms: list[Expr] = []
    gone: list[Place] = []
    for ks in groups.values():
        total = sum((parts[k].number for k in ks), Fraction())
        if not total:
            gone += [(*place, k) for k in ks]
        elif len(ks) == 1:
            terms.append(node.terms[ks[0]])
        else:
            first = parts[ks[0]]
            decimal = any(parts[k].decimal for k in ks)
            terms.append(written(total, first.above, first.below, decimal=decimal))
    new = _sum(_plus_first(terms))
    lines.add(
        algebra.like_terms, put(lines.line, place, new), places=(place,), cancelled=tuple(gone)
    )
    return True


def _sum(terms: Sequence[Expr]) -> Expr:
    return join(Sum, terms) if terms else Number("0")


def _plus_first(terms: list[Expr]) -> list[Expr]:
    """A sum begins with a term without a minus sign, where there is one."""
    if terms and isinstance(terms[0], Negative):
        return sorted(terms, key=lambda term: isinstance(term, Negative))
    return terms


# --- a common factor -----------------------------------------------------------------------


def common_factor(parts: Sequence[Bar], bases: Bases) -> tuple[int, dict[Key, Raised]]:
    """The number and the powers that every one of these terms holds above the bar."""
    several = [bases.signed(part) for part in parts]
    shared: dict[Key, Raised] = {}
    for key, one in several[0].items():
        exponents = [held[key].exponent if key in held else {} for held in several]
        least = _least(exponents)
        if least:
            as_written = next((h[key].factor for h in several if h[key].exponent == least), None)
            rooted = any(h[key].root for h in several)
            shared[key] = Raised(one.base, least, rooted, as_written)
    whole = not any(part.decimal for part in parts)
    content = reduce(gcd, (abs(part.number.numerator) for part in parts)) if whole else 1
    return content, shared


def _least(exponents: Sequence[Exponent]) -> dict[Expr, Fraction]:
    """The least of several exponents; nothing where they do not compare, or it is below zero.

    e^(−x) in every term is one to take out; e^x and e^(−x) have nothing in common.
    """
    least = dict(exponents[0])
    for other in exponents[1:]:
        left = plus(least, other, -1)
        if left and not is_negative(left):
            if not all(times > 0 for times in left.values()):
                return {}
            least = dict(other)
    same = all(dict(other) == least for other in exponents)
    positive = all(times > 0 for times in least.values())
    symbolic = bool(set(least) - {ONE})
    return least if positive or (symbolic and (same or not is_negative(least))) else {}


def factor_out(lines: Lines, place: Place = ()) -> bool:
    """The factors that all terms of a sum hold are written once, in front of a bracket."""
    node = at(lines.line, place)
    outer = isinstance(node, Negative) and isinstance(node.operand, Sum)
    body = node.parts[0] if outer else node
    if not isinstance(body, Sum):
        return False
    bases = Bases.of(lines.setting)
    parts = [bar(term) for term in body.terms]
    content, shared = common_factor(parts, bases)
    minus = all(part.number < 0 for part in parts)
    if content == 1 and not shared and not minus:
        return False
    sign = -content if minus else content
    inside = [_without(part, sign, shared, bases) for part in parts]
    front = [one.written for one in shared.values()]
    bracket = in_good_order(_sum(_plus_first(inside)))
    total = Fraction(sign) * (-1 if outer else 1)
    order = order_of(lines.setting.question)
    new = written(total, order((*front, bracket)))
    letters = {"f": written(Fraction(content), order(front))}
    lines.add(algebra.factor_out, put(lines.line, place, new), places=(place,), letters=letters)
    return True


def _without(part: Bar, sign: int, shared: dict[Key, Raised], bases: Bases) -> Expr:
    """A term divided by the common factor: where a factor is just what is taken out, it goes."""
    above: list[Expr | None] = [*part.above]
    for key, held in shared.items():
        of_base = {
            k: one for k, f in enumerate(part.above) if bases.key((one := raised(f)).base) == key
        }
        exact = [k for k, one in of_base.items() if one.exponent == held.exponent]
        for k in exact[:1] or of_base:
            above[k] = None
        if not exact:
            total: dict[Expr, Fraction] = {}
            for one in of_base.values():
                total = plus(total, one.exponent)
            left = plus(total, held.exponent, -1)
            if left:
                root = bases.roots or held.root or any(one.root for one in of_base.values())
                rest = power(held.base, left, root=root)
                if of_base:
                    above[min(of_base)] = rest
                else:  # the factor stands below the bar of this term alone
                    above.append(rest)
    return part.but(part.number / sign, [f for f in above if f is not None])


# --- brackets ---------------------------------------------------------------------------------


def multiply_out(lines: Lines, place: Place = (), *, also_powers: bool = False) -> bool:
    """Every product with a bracket in the terms at `place` is multiplied out."""
    node = at(lines.line, place)
    terms = node.terms if isinstance(node, Sum) else (node,)
    order = order_of(lines.setting.question)
    bases = Bases.of(lines.setting)
    opened = [_opened(term, also_powers, order, bases) for term in terms]
    flat = [term for some in opened for term in some]
    if len(flat) == len(terms) or len(flat) > MOST_TERMS:
        return False
    done = [(*place, k) for k, some in enumerate(opened) if len(some) > 1]
    rule = powers.multiply_out_the_power if also_powers else algebra.expand
    where = tuple(done) if isinstance(node, Sum) else (place,)
    lines.add(rule, put(lines.line, place, _sum(flat)), places=where)
    return True


def multiply_out_powers(lines: Lines, place: Place = ()) -> bool:
    """Brackets with a whole exponent are multiplied out too."""
    return multiply_out(lines, place, also_powers=True)


def _opened(term: Expr, also_powers: bool, order: Order, bases: Bases) -> list[Expr]:
    """The terms to which a term multiplies out, equal bases together."""
    part = bar(term)
    if any(isinstance(factor, Sum) for factor in part.below) or not any(
        _bracket(factor, also_powers) for factor in part.above
    ):
        return [term]
    products: list[tuple[Fraction, tuple[Expr, ...]]] = [(part.number, ())]
    decimal = part.decimal
    for factor in part.above:
        bracket = _bracket(factor, also_powers)
        if bracket is None:
            products = [(value, (*factors, factor)) for value, factors in products]
            continue
        inner = [bar(t) for t in bracket]
        if any(piece.below for piece in inner) or len(products) * len(inner) > MOST_TERMS:
            return [term]
        decimal = decimal or any(piece.decimal for piece in inner)
        products = [
            (value * piece.number, (*factors, *piece.above))
            for value, factors in products
            for piece in inner
        ]
    return [
        merged_term(Bar(value, factors, part.below, decimal), order, bases)
        for value, factors in products
    ]


def _bracket(factor: Expr, also_powers: bool) -> tuple[Expr, ...] | None:
    """The terms of a bracket among the factors, of its power where these are opened too."""
    if isinstance(factor, Sum):
        return factor.terms
    match factor:
        case Power(Sum() as inner, Number() as exponent) if also_powers:
            count = exponent.value
            if count.denominator == 1 and count <= _HIGHEST:
                return _raised(inner, int(count))
    return None


def _raised(inner: Sum, count: int) -> tuple[Expr, ...]:
    """The terms of a sum multiplied by itself, like ones together."""
    lines, bases = Lines(inner, Setting()), Bases()
    for _ in range(count - 1):
        terms = [
            merged_term(
                Bar(a.number * b.number, (*a.above, *b.above), (*a.below, *b.below)), Order(), bases
            )
            for a in terms_of(lines.line)
            for b in terms_of(inner)
        ]
        lines = Lines(_sum(terms), lines.setting)
        combine(lines)
    return lines.line.parts if isinstance(lines.line, Sum) else (lines.line,)


# --- one denominator ------------------------------------------------------------------------


def one_denominator(lines: Lines, place: Place = ()) -> bool:
    """The fractions of a sum are extended to a common denominator."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    bases = Bases.of(lines.setting)
    parts = [bar(term) for term in node.terms]
    number = lcm(*(1 if part.decimal else part.number.denominator for part in parts))
    if number == 1 and not any(part.below for part in parts):
        return False
    needed: dict[Key, Raised] = {}
    for part in parts:
        for key, one in bases.collected(part.below).items():
            held = needed.get(key)
            if held is None:
                needed[key] = one
            elif all(t > 0 for t in plus(one.exponent, held.exponent, -1).values()):
                needed[key] = Raised(held.base, one.exponent, held.root or one.root)
    terms = [_extended(part, number, needed, bases) for part in parts]
    below = [one.written for one in needed.values()]
    new = written(Fraction(1, number), (_sum(terms),), below)
    two = apply(algebra.common_denominator, node)
    if two is not None and two[0] is new:
        return lines.rewrite(algebra.common_denominator, (place,))
    letters = {"h": written(Fraction(number), below)}
    lines.add(
        algebra.one_denominator, put(lines.line, place, new), places=(place,), letters=letters
    )
    return True


def _extended(part: Bar, number: int, needed: dict[Key, Raised], bases: Bases) -> Expr:
    """A term's numerator over the common denominator."""
    own = bases.collected(part.below)
    missing = []
    for key, one in needed.items():
        held = own.get(key)
        left = plus(one.exponent, held.exponent if held else {}, -1)
        if left:
            missing.append(power(one.base, left, root=bases.roots or one.root))
    return part.but(part.number * number, (*part.above, *missing), ())


# --- order ------------------------------------------------------------------------------------


def in_good_order(node: Expr) -> Expr:
    """A polynomial in one symbol by falling powers, or as it stands where that begins with −.

    Any other sum has its number last: log(x) + 1.
    """
    if not isinstance(node, Sum):
        return node
    degrees = [degree(term) for term in node.terms]
    symbols = {s for _, s in filter(None, degrees) if s is not None}
    if None in degrees or len(symbols) > 1:
        return node if not isinstance(node.terms[0], Negative) else _sum(_plus_first([*node.terms]))
    pairs = sorted(zip(degrees, node.terms, strict=True), key=lambda p: -p[0][0])  # type: ignore[index]
    terms = [term for _, term in pairs]
    if isinstance(terms[0], Negative):
        terms.reverse()
        if isinstance(terms[0], Negative):
            return Sum(_plus_first([*node.terms]))
    return node if tuple(terms) == node.terms else Sum(terms)


def put_in_order(lines: Lines, place: Place = ()) -> bool:
    """The terms of a polynomial in their order."""
    node = at(lines.line, place)
    new = in_good_order(node)
    if new is node:
        return False
    lines.add(algebra.rearrange, put(lines.line, place, new), places=(place,))
    return True


def is_minus_first(node: Expr) -> bool:
    """Whether a sum begins with a minus sign, though a term without one stands in it."""
    if not isinstance(node, Sum) or not isinstance(node.terms[0], Negative):
        return False
    return not all(isinstance(term, Negative) for term in node.terms)


def plus_first(lines: Lines, place: Place = ()) -> bool:
    """A term without a minus sign stands first."""
    node = at(lines.line, place)
    if not is_minus_first(node):
        return False
    new = Sum(_plus_first([*node.parts]))
    lines.add(algebra.rearrange, put(lines.line, place, new), places=(place,))
    return True
