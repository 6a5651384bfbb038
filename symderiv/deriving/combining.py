"""Terms brought together: like terms, a common factor, a common denominator, brackets opened.

Each function takes one step by one named rule at a sum (or at a term that holds one), or
none; whether the step is worth a line is decided in `finishing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from symderiv.catalogue.rules import algebra, powers, trigonometry
from symderiv.deriving.applying import apply, put
from symderiv.deriving.bars import (
    ONE,
    Bar,
    Bases,
    Key,
    Raised,
    bar,
    is_negative,
    number_of,
    ordered,
    plus,
    power,
    raised,
    terms_of,
    written,
)
from symderiv.deriving.lines import Lines
from symderiv.deriving.reducing import merged_term
from symderiv.judging.points import Setting
from symderiv.language.expressions import Apply, Expr, Negative, Number, Power, Sum, Symbol
from symderiv.language.patterns import join
from symderiv.language.walks import Place, at, nodes

MOST_TERMS = 64
_NOWHERE = Setting()
_HIGHEST = 8  # exponent of a bracket that is multiplied out


def combine(lines: Lines, place: Place = ()) -> bool:
    """Terms that differ by a number are counted together; opposite ones cancel."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    bases, groups = Bases(), dict[object, list[int]]()
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
            terms.append(written(total, first.above, first.below))
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


def make_one(lines: Lines, place: Place = ()) -> bool:
    """sin² + cos² is 1, in a sum of more terms and with a common factor too."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    bases = Bases()
    squares = [_square_in(bar(term), bases) for term in node.terms]
    for k, one in enumerate(squares):
        for n, other in enumerate(squares):
            for first, second, sign, rule in _IDENTITIES:
                if one and other and (one[0], other[0]) == (first, second):
                    same = one[1] is other[1] and one[2] == other[2]
                    if same and one[3].number == sign * other[3].number:
                        return _made_one(lines, place, (k, n), one[3], rule)
    return False


_IDENTITIES = (
    ("sin", "cos", 1, trigonometry.pythagoras),
    ("sec", "tan", -1, trigonometry.secant_squared),
    ("cosh", "sinh", -1, trigonometry.hyperbola),
)
_SQUARED = frozenset(name for first, second, *_ in _IDENTITIES for name in (first, second))


def _square_in(part: Bar, bases: Bases) -> tuple[str, Expr, object, Bar] | None:
    """The function that stands squared in a term, its argument, and the other factors."""
    for factor in part.above:
        if isinstance(factor, Power) and factor.exponent is Number("2"):
            inner = factor.base
            if isinstance(inner, Apply) and inner.head.name in _SQUARED:
                rest = Bar(part.number, tuple(f for f in part.above if f is not factor), part.below)
                return inner.head.name, inner.arguments[0], bases.weigh(rest), rest
    return None


def _made_one(lines: Lines, place: Place, pair: tuple[int, int], rest: Bar, rule: object) -> bool:
    node = at(lines.line, place)
    first, second = min(pair), max(pair)
    terms = [*node.parts]
    terms[first] = rest.written
    del terms[second]
    one, other = node.parts[pair[0]], node.parts[pair[1]]
    (angle,) = {
        n.arguments[0] for n in nodes(one) if isinstance(n, Apply) and n in nodes(other)
    } or (one,)
    after = put(lines.line, place, _sum(terms))
    lines.add(rule, after, places=(place,), letters={"f": angle})  # type: ignore[arg-type]
    return True


# --- a common factor -----------------------------------------------------------------------


def common_factor(parts: Sequence[Bar], bases: Bases) -> tuple[int, dict[Key, Raised]]:
    """The number and the powers that every one of these terms holds above the bar."""
    several = [bases.signed(part) for part in parts]
    shared: dict[Key, Raised] = {}
    for key, one in several[0].items():
        exponents = [held[key].exponent if key in held else {} for held in several]
        least = _least(exponents)
        if least:
            shared[key] = Raised(one.base, least, any(h[key].root for h in several if key in h))
    content = reduce(gcd, (abs(part.number.numerator) for part in parts))
    return content, shared


def _least(exponents: list[dict[Expr, Fraction]] | list[object]) -> dict[Expr, Fraction]:
    """The least of several exponents, if it is above zero; nothing where they do not compare."""
    least: dict[Expr, Fraction] = dict(exponents[0])  # type: ignore[call-overload]
    for other in exponents[1:]:
        left = plus(least, other, -1)  # type: ignore[arg-type]
        if left and not is_negative(left):
            if not all(times > 0 for times in left.values()):
                return {}
            least = dict(other)  # type: ignore[call-overload]
    positive = all(times > 0 for times in least.values())
    return least if positive or _is_exponential(least) else {}


def _is_exponential(exponent: dict[Expr, Fraction]) -> bool:
    return bool(set(exponent) - {ONE})


def factor_out(lines: Lines, place: Place = ()) -> bool:
    """The factors that all terms of a sum hold are written once, in front of a bracket."""
    node = at(lines.line, place)
    outer = isinstance(node, Negative) and isinstance(node.operand, Sum)
    body = node.parts[0] if outer else node
    if not isinstance(body, Sum):
        return False
    bases = Bases()
    parts = [bar(term) for term in body.terms]
    content, shared = common_factor(parts, bases)
    minus = all(part.number < 0 for part in parts)
    if content == 1 and not shared and not minus:
        return False
    sign = -content if minus else content
    inside = [_without(part, sign, shared, bases) for part in parts]
    front = [power(one.base, one.exponent, root=one.root) for one in shared.values()]
    bracket = in_good_order(_sum(_plus_first(inside)))
    total = Fraction(sign) * (-1 if outer else 1)
    new = written(total, (*ordered(front), bracket))
    letters = {"f": written(Fraction(content), ordered(front))}
    lines.add(algebra.factor_out, put(lines.line, place, new), places=(place,), letters=letters)
    return True


def _without(part: Bar, sign: int, shared: dict[Key, Raised], bases: Bases) -> Expr:
    """A term divided by the common factor."""
    left = dict(shared)
    above: list[Expr] = []
    for factor in part.above:
        one = raised(factor)
        key = bases.key(one.base)
        held = left.pop(key, None)
        if held is None:
            above.append(factor)
            continue
        exponent = plus(one.exponent, held.exponent, -1)
        if exponent:
            above.append(power(one.base, exponent, root=one.root or held.root))
    return written(part.number / sign, above, part.below)


# --- brackets ---------------------------------------------------------------------------------


def multiply_out(lines: Lines, place: Place = (), *, also_powers: bool = False) -> bool:
    """Every product with a bracket in the terms at `place` is multiplied out."""
    node = at(lines.line, place)
    terms = node.terms if isinstance(node, Sum) else (node,)
    opened = [_opened(term, also_powers) for term in terms]
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


def _opened(term: Expr, also_powers: bool) -> list[Expr]:
    """The terms to which a term multiplies out, equal bases together."""
    part = bar(term)
    if any(isinstance(factor, Sum) for factor in part.below) or not any(
        _bracket(factor, also_powers) for factor in part.above
    ):
        return [term]
    products: list[tuple[Fraction, tuple[Expr, ...]]] = [(part.number, ())]
    for factor in part.above:
        bracket = _bracket(factor, also_powers)
        if bracket is None:
            products = [(value, (*factors, factor)) for value, factors in products]
            continue
        inner = [bar(t) for t in bracket]
        if any(piece.below for piece in inner) or len(products) * len(inner) > MOST_TERMS:
            return [term]
        products = [
            (value * piece.number, (*factors, *piece.above))
            for value, factors in products
            for piece in inner
        ]
    return [merged_term(Bar(value, factors, part.below)) for value, factors in products]


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
    lines = Lines(inner, _NOWHERE)
    for _ in range(count - 1):
        terms = [
            merged_term(Bar(a.number * b.number, (*a.above, *b.above), (*a.below, *b.below)))
            for a in terms_of(lines.line)
            for b in terms_of(inner)
        ]
        lines = Lines(_sum(terms), _NOWHERE)
        combine(lines)
    return lines.line.parts if isinstance(lines.line, Sum) else (lines.line,)


# --- one denominator ------------------------------------------------------------------------


def one_denominator(lines: Lines, place: Place = ()) -> bool:
    """The fractions of a sum are extended to a common denominator."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    bases = Bases()
    parts = [bar(term) for term in node.terms]
    number = lcm(*(part.number.denominator for part in parts))
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
    below = [power(one.base, one.exponent, root=one.root) for one in needed.values()]
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
            missing.append(power(one.base, left, root=one.root))
    return written(part.number * number, (*part.above, *missing))


# --- order ------------------------------------------------------------------------------------


def in_good_order(node: Expr) -> Expr:
    """A polynomial in one symbol by falling powers, or as it stands where that begins with −.

    Any other sum has its number last: log(x) + 1.
    """
    if not isinstance(node, Sum):
        return node
    degrees = [_degree(term) for term in node.terms]
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


def _degree(term: Expr) -> tuple[Fraction, Expr | None] | None:
    """The degree of a number times a power of one symbol, and the symbol."""
    part = bar(term)
    if part.below or len(part.above) > 1:
        return None
    if not part.above:
        return Fraction(), None
    one = raised(part.above[0])
    degree = number_of(one.exponent)
    return (degree, one.base) if isinstance(one.base, Symbol) and degree is not None else None


def put_in_order(lines: Lines, place: Place = ()) -> bool:
    """The terms of a polynomial in their order."""
    node = at(lines.line, place)
    new = in_good_order(node)
    if new is node:
        return False
    lines.add(algebra.rearrange, put(lines.line, place, new), places=(place,))
    return True
