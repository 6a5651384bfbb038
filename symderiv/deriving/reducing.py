"""One term brought to its shortest form: numbers, equal bases, what stands above and below.

Each function here looks at the term at one place and takes at most one step, by one
named rule; it says whether it did.  Sums are brought together in `combining`; which
of the possible forms a page prints is chosen in `finishing`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra, powers
from symderiv.deriving.applying import has_point, put, rational
from symderiv.deriving.bars import (
    ONE,
    Bar,
    Bases,
    Key,
    Order,
    Raised,
    bar,
    exponent_of,
    exponent_written,
    has_inner_bar,
    is_negative,
    number_of,
    order_of,
    plus,
    power,
    raised,
    written,
)
from symderiv.deriving.conditions import nonzero
from symderiv.deriving.identities import absolute_values, tangents, turn_to_cancel
from symderiv.deriving.lines import Lines
from symderiv.deriving.simplifying import cancel
from symderiv.language.build import E
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from symderiv.language.walks import Place, at

_BRACKETED = (Product, Quotient)
_LARGEST_POWER = 64  # of a number that is worked out


def is_term(node: Expr) -> bool:
    """Whether a node is read as one term with factors."""
    return isinstance(node, (Product, Quotient, Negative, Power))


def reduce_term(lines: Lines, place: Place = ()) -> bool:
    """One step towards the shortest form of the term at `place`; False where it has it."""
    return is_term(at(lines.line, place)) and any(step(lines, place) for step in _STEPS)


def _signs(lines: Lines, place: Place) -> bool:
    node = at(lines.line, place)
    inside = [(*place, k) for k in range(len(node.parts))]
    rules = (algebra.two_minus_signs, algebra.minus_in_front)
    return any(lines.rewrite(rule, (place, *inside)) for rule in rules)


def merge_bars(lines: Lines, place: Place) -> bool:
    """Fractions in products and fractions come under one bar."""
    node = at(lines.line, place)
    if not has_inner_bar(node):
        return False
    inner = (0,) if isinstance(node, Negative) else ()
    where = [(*place, *inner), *((*place, *inner, k) for k in range(len(at(node, inner).parts)))]
    rules = (algebra.fraction_of_fraction, algebra.multiply_into_fraction)
    return any(lines.rewrite(rule, where) for rule in rules)


def open_powers(lines: Lines, place: Place) -> bool:
    """Powers of products, fractions, roots and powers among the factors are carried out."""
    node = at(lines.line, place)
    found = [(*place, *spot) for spot in _factor_places(node)]
    if any(lines.rewrite(rule, found) for rule in _OPENING) or _roots(lines, place):
        return True
    return any(power_of_a_power(lines, where) for where in found)


_OPENING = (
    powers.square_of_a_root,
    powers.square_of_an_absolute_value,
    powers.power_of_a_product,
    algebra.square_of_exponential,
)


def power_of_a_power(lines: Lines, place: Place = ()) -> bool:
    """(u²)³ is u⁶, and √u³ is u to the three halves."""
    node = at(lines.line, place)
    if not isinstance(node, Power) or not isinstance(node.base, (Power, Apply)):
        return False
    one = raised(node)
    if one.base is node.base or one.base is E:
        return False
    if isinstance(node.base, Apply) and node.base.head.name == "root":
        return False  # the power of a root of higher degree reads well as it stands
    new = one._replace(factor=None).written
    lines.add(powers.power_of_a_power, put(lines.line, place, new), places=(place,))
    return True


def _factor_places(node: Expr, *, every: bool = False) -> list[Place]:
    """The places of powers among the factors of a term."""
    found: list[Place] = []
    waiting: list[tuple[Place, Expr]] = [((), node)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, Power):
            if every or isinstance(part.base, (Product, Quotient, Power, Apply, Absolute)):
                found.append(place)
        elif isinstance(part, (Product, Quotient, Negative)):
            waiting += [((*place, k), p) for k, p in enumerate(part.parts)]
    return found


def _roots(lines: Lines, place: Place) -> bool:
    """√u·√u is u; so is |u|·|u| the square."""
    rules = (powers.square_of_a_root, powers.square_of_an_absolute_value)
    inside = [place, *((*place, k) for k in range(len(at(lines.line, place).parts)))]
    return any(lines.rewrite(rule, inside) for rule in rules)


def numbers(lines: Lines, place: Place = ()) -> bool:
    """Numbers multiplied, powers of numbers worked out, the number in front."""
    node = at(lines.line, place)
    part = bar(node)
    value, above = _worked_out(part.above)
    below_value, below = _worked_out(part.below)
    decimal = part.decimal or any(map(has_point, _bases(part)))
    new = written(part.number * value / below_value, above, below, decimal=decimal)
    return _replaced(lines, place, new, algebra.arithmetic)


def _worked_out(factors: tuple[Expr, ...]) -> tuple[Fraction, tuple[Expr, ...]]:
    """The product of the powers of numbers among the factors, and the others."""
    value, rest = Fraction(1), list[Expr]()
    for factor in factors:
        known = _value(factor)
        if known is None:
            rest.append(factor)
        else:
            value *= known
    return value, tuple(rest)


def _bases(part: Bar) -> list[Expr]:
    return [f.base for f in (*part.above, *part.below) if isinstance(f, Power)]


def _value(factor: Expr) -> Fraction | None:
    if isinstance(factor, Power):
        base, exponent = rational(factor.base), rational(factor.exponent)
        if base is not None and exponent is not None and exponent.denominator == 1:
            small = 0 <= exponent <= _LARGEST_POWER and base.numerator.bit_length() <= 32
            return base ** int(exponent) if small else None
    return None


def _replaced(lines: Lines, place: Place, new: Expr, rule: Rule) -> bool:
    if new is at(lines.line, place):
        return False
    lines.add(rule, put(lines.line, place, new), places=(place,))
    return True


def add_exponents(lines: Lines, place: Place = ()) -> bool:
    """Powers of one base on one side of the bar become one power."""
    part = bar(at(lines.line, place))
    bases = Bases.of(lines.setting)
    above, below = (_merged(side, bases) for side in (part.above, part.below))
    if above is part.above and below is part.below:
        return False
    new = part.but(above=above, below=below)
    squares = all(f in part.above or _is_square(f) for f in above) and below is part.below
    rule = algebra.equal_factors if squares else powers.add_exponents
    letters = {"f": next((f.parts[0] for f in above if f not in part.above and f.parts), ONE)}
    lines.add(rule, put(lines.line, place, new), places=(place,), letters=letters)
    return True


def _is_square(factor: Expr) -> bool:
    square = isinstance(factor, Power) and factor.parts[1] is Number("2")
    return (square and not isinstance(factor.parts[0], (Power, Apply))) or _square_of_value(factor)


def _square_of_value(factor: Expr) -> bool:
    return (
        isinstance(factor, Power)
        and factor.exponent is Number("2")
        and isinstance(factor.base, Apply)
        and factor.base.head.name not in ("sqrt", "root")
    )


def _merged(factors: tuple[Expr, ...], bases: Bases) -> tuple[Expr, ...]:
    """The factors with powers of one base brought together, where the first of them stood."""
    groups: dict[Key, list[Expr]] = {}
    for factor in factors:
        groups.setdefault(bases.key(raised(factor).base), []).append(factor)
    if all(len(group) == 1 for group in groups.values()):
        return factors
    merged: list[Expr | None] = []
    for group in groups.values():
        together = _together(group, bases)
        merged += group if together is None else [_rewritten(together)]
    if len(merged) == len(factors):
        return factors
    return tuple(factor for factor in merged if factor is not None)


def _together(group: list[Expr], bases: Bases) -> Raised | None:
    """The one power that several of one base make; None where nothing would come together.

    e^x·e^(2x) is e^(3x), but e^x·e^(e^x) reads better as it stands.
    """
    (one,) = bases.collected(group).values()
    if len(group) == 1:
        return None
    several = sum(len(raised(factor).exponent) for factor in group)
    return one if one.base is not E or len(one.exponent) < several else None


def _rewritten(one: Raised) -> Expr | None:
    return one.written if one.exponent else None


def _struck(lines: Lines, place: Place) -> bool:
    """Factors that stand above and below the bar in the same words."""
    node = at(lines.line, place)
    return cancel(lines, (*place, 0) if isinstance(node, Negative) else place)


def cancel_powers(lines: Lines, place: Place = ()) -> bool:
    """A base above and below the bar is struck out as often as it stands on both sides."""
    part = bar(at(lines.line, place))
    bases = Bases.of(lines.setting)
    up, down = bases.collected(part.above), bases.collected(part.below)
    common = [key for key in up if key in down and _comparable(up[key], down[key])]
    if not common:
        return False
    struck = []
    for key in common:
        left = plus(up[key].exponent, down[key].exponent, -1)
        struck.append(up[key].base)
        lines.require(nonzero(up[key].base))
        root = up[key].root or down[key].root
        side, other = (down, up) if is_negative(left) else (up, down)
        exponent = {c: -t for c, t in left.items()} if is_negative(left) else left
        side[key] = Raised(side[key].base, exponent, root)
        del other[key]
    new = part.but(above=_factors(part.above, up, bases), below=_factors(part.below, down, bases))
    letters = {"g": struck[0] if len(struck) == 1 else Product(struck)}
    lines.add(algebra.cancel, put(lines.line, place, new), places=(place,), letters=letters)
    return True


def _comparable(one: Raised, other: Raised) -> bool:
    """Whether the difference of the exponents has a clear sign."""
    left = plus(one.exponent, other.exponent, -1)
    return not left or is_negative(left) or all(times > 0 for times in left.values())


def _factors(before: tuple[Expr, ...], left: dict[Key, Raised], bases: Bases) -> list[Expr]:
    """One side of the bar after cancelling: what did not change stands as it stood."""
    old, done, found = bases.collected(before), set[Key](), list[Expr]()
    for factor in before:
        key = bases.key(raised(factor).base)
        if key not in left:
            continue
        if left[key].exponent == old[key].exponent:
            found.append(factor)
        elif key not in done and left[key].exponent:
            found.append(left[key].written)
        done.add(key)
    return found


def negative_exponents(lines: Lines, place: Place = ()) -> bool:
    """A power with a negative number for its exponent goes to the other side of the bar."""
    part = bar(at(lines.line, place))
    above, below = list[Expr](), list[Expr]()
    turned: list[Raised] = []
    for side, other, factors in ((above, below, part.above), (below, above, part.below)):
        for factor in factors:
            one = raised(factor)
            value = number_of(one.exponent)
            written_so = isinstance(factor, Power) and isinstance(factor.exponent, Negative)
            if value is not None and value < 0 and one.base is not E and written_so:
                other.append(power(one.base, {ONE: -value}, root=one.root))
                turned.append(one)
            else:
                side.append(factor)
    if not turned:
        return False
    for one in turned:
        lines.require(nonzero(one.base))
    new = part.but(above=above, below=below)
    lines.add(powers.negative_exponent, put(lines.line, place, new), places=(place,))
    return True


def _exponents(lines: Lines, place: Place) -> bool:
    """The numbers in an exponent are added."""
    node = at(lines.line, place)
    for inner in _factor_places(node, every=True):
        where = (*place, *inner, 1)
        exponent = at(lines.line, where)
        if isinstance(exponent, Sum) and sum(rational(t) is not None for t in exponent.terms) > 1:
            new = exponent_written(exponent_of(exponent))
            lines.add(algebra.like_terms, put(lines.line, where, new), places=(where,))
            return True
    return False


def symbols_first(lines: Lines, place: Place = ()) -> bool:
    """x and its powers stand before functions and brackets."""
    part = bar(at(lines.line, place))
    order = order_of(lines.setting.question)
    new = part.but(above=order(part.above), below=order(part.below))
    return _replaced(lines, place, new, algebra.rearrange)


_STEPS: tuple[Callable[[Lines, Place], bool], ...] = (
    _signs,
    _struck,
    merge_bars,
    open_powers,
    cancel_powers,
    turn_to_cancel,
    _exponents,
    numbers,
    add_exponents,
    negative_exponents,
    absolute_values,
    tangents,
    symbols_first,
)


def merged_term(part: Bar, order: Order, bases: Bases) -> Expr:
    """A term with its equal bases brought together and its symbols first."""
    value, above = _worked_out(_merged(part.above, bases))
    return part.but(part.number * value, order(above))
