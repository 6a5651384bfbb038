"""One term brought to its shortest form: numbers, equal bases, what stands above and below.

Each function here looks at the term at one place and takes at most one step, by one
named rule; it says whether it did.  Sums are brought together in `combining`; which
of the possible forms a page prints is chosen in `finishing`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra, powers, trigonometry
from symderiv.deriving.applying import put, rational
from symderiv.deriving.bars import (
    ONE,
    Bar,
    Bases,
    Key,
    Raised,
    bar,
    has_inner_bar,
    is_negative,
    number_of,
    ordered,
    plus,
    power,
    raised,
    written,
)
from symderiv.deriving.conditions import nonzero
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
    new = power(one.base, one.exponent, root=one.root)
    lines.add(powers.power_of_a_power, put(lines.line, place, new), places=(place,))
    return True


def _factor_places(node: Expr) -> list[Place]:
    """The places of powers among the factors of a term."""
    found: list[Place] = []
    waiting: list[tuple[Place, Expr]] = [((), node)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, Power):
            if isinstance(part.base, (Product, Quotient, Power, Apply, Absolute)):
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
    new = written(part.number * value / below_value, above, below)
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
    bases = Bases()
    above, below = (_merged(side, bases) for side in (part.above, part.below))
    if above is part.above and below is part.below:
        return False
    new = written(part.number, above, below)
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
    merged = (
        group[0] if len(group) == 1 else _rewritten(bases.collected(group))
        for group in groups.values()
    )
    return tuple(factor for factor in merged if factor is not None)


def _rewritten(found: dict[Key, Raised]) -> Expr | None:
    (one,) = found.values()
    return power(one.base, one.exponent, root=one.root) if one.exponent else None


def _struck(lines: Lines, place: Place) -> bool:
    """Factors that stand above and below the bar in the same words."""
    node = at(lines.line, place)
    return cancel(lines, (*place, 0) if isinstance(node, Negative) else place)


def cancel_powers(lines: Lines, place: Place = ()) -> bool:
    """A base above and below the bar is struck out as often as it stands on both sides."""
    part = bar(at(lines.line, place))
    bases = Bases()
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
    new = written(part.number, _factors(part.above, up, bases), _factors(part.below, down, bases))
    letters = {"g": struck[0] if len(struck) == 1 else Product(struck)}
    lines.add(algebra.cancel, put(lines.line, place, new), places=(place,), letters=letters)
    return True


def _comparable(one: Raised, other: Raised) -> bool:
    """Whether the difference of the exponents has a clear sign."""
    left = plus(one.exponent, other.exponent, -1)
    return not left or is_negative(left) or all(times > 0 for times in left.values())


def _factors(before: tuple[Expr, ...], left: dict[Key, Raised], bases: Bases) -> list[Expr]:
    """One side of the bar after cancelling: what did not change stands as it stood."""
    done: dict[Key, Expr | None] = {}
    old = bases.collected(before)
    for factor in before:
        key = bases.key(raised(factor).base)
        if key in done or key not in left:
            continue
        kept = left[key].exponent == old[key].exponent
        one = left[key]
        new = factor if kept else power(one.base, one.exponent, root=one.root)
        done[key] = new if one.exponent else None
    return [factor for factor in done.values() if factor is not None]


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
    new = written(part.number, above, below)
    lines.add(powers.negative_exponent, put(lines.line, place, new), places=(place,))
    return True


def tangents(lines: Lines, place: Place = ()) -> bool:
    """A term whose only functions are sine over cosine is a tangent."""
    part = bar(at(lines.line, place))
    functions = [f for f in (*part.above, *part.below) if isinstance(f, Apply)]
    if len(functions) != 2 or len(part.below) != 1 or functions[1] is not part.below[0]:
        return False
    made = {("sin", "cos"): "tan", ("cos", "sin"): "cot"}
    name = made.get((functions[0].head.name, functions[1].head.name))
    if name is None or functions[0].arguments != functions[1].arguments:
        return False
    outer = trigonometry.tan if name == "tan" else trigonometry.cot
    new = outer(*functions[0].arguments)
    above = [new if f is functions[0] else f for f in part.above]
    after = written(part.number, above)
    lines.add(trigonometry.tangent, put(lines.line, place, after), places=(place,))
    return True


def turn_bracket(lines: Lines, place: Place = ()) -> bool:
    """A minus sign goes into the one bracket above the bar that has as many minus signs as plus."""
    part = bar(at(lines.line, place))
    brackets = [f for f in part.above if isinstance(f, Sum)]
    if part.number >= 0 or len(brackets) != 1:
        return False
    minus = sum(isinstance(term, Negative) for term in brackets[0].parts)
    if 2 * minus < len(brackets[0].parts):
        return False
    turned = [t.operand if isinstance(t, Negative) else Negative(t) for t in brackets[0].parts]
    bracket = Sum(sorted(turned, key=lambda term: isinstance(term, Negative)))
    above = [bracket if factor is brackets[0] else factor for factor in part.above]
    new = written(-part.number, above, part.below)
    lines.add(algebra.turn_the_bracket, put(lines.line, place, new), places=(place,))
    return True


def symbols_first(lines: Lines, place: Place = ()) -> bool:
    """x and its powers stand before functions and brackets."""
    part = bar(at(lines.line, place))
    new = written(part.number, ordered(part.above), ordered(part.below))
    return _replaced(lines, place, new, algebra.rearrange)


_STEPS: tuple[Callable[[Lines, Place], bool], ...] = (
    _signs,
    _struck,
    merge_bars,
    open_powers,
    cancel_powers,
    numbers,
    add_exponents,
    negative_exponents,
    tangents,
    turn_bracket,
    symbols_first,
)


def reduced(term: Expr, setting: Lines) -> Expr:
    """A term in its shortest form, without telling the way."""
    attempt = Lines(term, setting.setting)
    for _ in range(40):
        if not reduce_term(attempt):
            break
    return attempt.line


def merged_term(part: Bar) -> Expr:
    """A term with its equal bases brought together and its symbols first."""
    bases = Bases()
    value, above = _worked_out(_merged(part.above, bases))
    return written(part.number * value, ordered(above), part.below)


def is_sum(node: Expr) -> bool:
    """Whether a node, or what its minus sign stands before, is a sum."""
    return isinstance(node.operand if isinstance(node, Negative) else node, Sum)
