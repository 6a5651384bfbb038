"""What functions of one argument make of one another: sin² + cos² is 1, u² over |u| is |u|.

Each function takes one step by one identity at one place, or none; where it pays is
decided in `finishing`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.activations import tanh
from symderiv.catalogue.functions.hyperbolic import coth
from symderiv.catalogue.functions.trigonometric import cos, cot, sin, tan
from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra, powers, trigonometry
from symderiv.deriving.applying import fresh_places, put
from symderiv.deriving.bars import (
    ONE,
    Bar,
    Bases,
    asked,
    bar,
    degree,
    number_of,
    power,
    raised,
    written,
)
from symderiv.deriving.conditions import holds_anyway, negated, nonzero, positive_parts
from symderiv.deriving.lines import Lines
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
)
from symderiv.language.patterns import join
from symderiv.language.walks import Place, at, nodes

_TWO = Number("2")
_LARGEST = 400  # nodes of a line that is looked through
_MOST_BARS = 20  # absolute values of a known sign in one line


def tangents(lines: Lines, place: Place = ()) -> bool:
    """A term whose only functions are sine over cosine is a tangent."""
    part = bar(at(lines.line, place))
    functions = [f for f in (*part.above, *part.below) if isinstance(f, Apply)]
    if len(functions) != 2 or len(part.below) != 1 or functions[1] is not part.below[0]:
        return False
    one, other = functions
    found = _TANGENTS.get((one.head.name, other.head.name))
    if found is None or one.arguments != other.arguments:
        return False
    outer, rule = found
    above = [outer(*one.arguments) if f is one else f for f in part.above]
    lines.add(rule, put(lines.line, place, part.but(above=above, below=())), places=(place,))
    return True


_TANGENTS: dict[tuple[str, str], tuple[Function, Rule]] = {
    ("sin", "cos"): (tan, trigonometry.tangent),
    ("cos", "sin"): (cot, trigonometry.tangent),
    ("sinh", "cosh"): (tanh, trigonometry.hyperbolic_tangent),
    ("cosh", "sinh"): (coth, trigonometry.hyperbolic_tangent),
}


def absolute_values(lines: Lines, place: Place = ()) -> bool:
    """u² over |u| is |u|."""
    part = bar(at(lines.line, place))
    for factor in part.below:
        if isinstance(factor, Absolute):
            square = next((f for f in part.above if f is Power(factor.operand, _TWO)), None)
            if square is not None:
                above = [factor if f is square else f for f in part.above]
                new = part.but(above=above, below=[f for f in part.below if f is not factor])
                letters = {"f": factor.operand}
                rule = powers.square_over_the_absolute_value
                lines.require(nonzero(factor.operand))
                lines.add(rule, put(lines.line, place, new), places=(place,), letters=letters)
                return True
    return False


def known_sign(lines: Lines, place: Place = ()) -> bool:
    """|u| is u, or −u, where the domains say which sign u has."""
    node = at(lines.line, place)
    if not isinstance(node, Absolute):
        return False
    inside = node.operand
    opposite = _turned(inside) if isinstance(inside, Sum) else negated(inside)
    for value, rule in (
        (inside, powers.absolute_value_of_what_is_positive),
        (opposite, powers.absolute_value_of_what_is_negative),
    ):
        if holds_anyway(Relation((value, Number("0")), (">",)), lines.setting):
            after = put(lines.line, place, value)
            lines.add(rule, after, places=(place,), letters={"f": inside})
            return True
    return False


def without_bars(lines: Lines) -> None:
    """Every absolute value of a known sign without its bars, innermost first."""
    for _ in range(_MOST_BARS):
        order = nodes(lines.line)
        if len(order) > _LARGEST or Absolute not in map(type, order):
            return  # the places of a long line are too many to write down
        if not any(known_sign(lines, p) for p in reversed([*fresh_places(lines.line, ())])):
            return


def root_of_fraction(lines: Lines, place: Place = ()) -> bool:
    """√(u/4) is √u/2, and √(u/a²) is √u/a where a is positive."""
    node = at(lines.line, place)
    if not (isinstance(node, Apply) and node.head.name == "sqrt"):
        return False
    part = bar(node.arguments[0])
    below = root_below(part, lines.setting)
    if below is None:
        return False
    inside = part.but(Fraction(part.number.numerator), below=())
    new = Quotient(node.with_parts((inside,)), below)
    lines.add(powers.root_of_a_fraction, put(lines.line, place, new), places=(place,))
    return True


def root_below(part: Bar, setting: Setting) -> Expr | None:
    """The positive number or quantity whose square stands below a term's bar, if there is one."""
    size = isqrt(part.number.denominator)
    if part.number <= 0 or size * size != part.number.denominator:
        return None
    factors: list[Expr] = [Number(str(size))] if size > 1 else []
    for factor in part.below:
        base = factor.parts[0] if isinstance(factor, Power) and factor.exponent is _TWO else None
        if base is None or base not in positive_parts(base, setting):
            return None
        factors.append(base)
    return join(Product, factors) if factors else None


def turn_bracket(lines: Lines, place: Place = ()) -> bool:
    """A minus sign goes into the one bracket above the bar that has as many minus signs as plus."""
    part = bar(at(lines.line, place))
    brackets = [f for f in part.above if isinstance(f, Sum)]
    if part.number >= 0 or len(brackets) != 1 or brackets[0] in asked(lines.setting.question):
        return False
    minus = sum(isinstance(term, Negative) for term in brackets[0].parts)
    if 2 * minus < len(brackets[0].parts) and not _rises_to_a_minus(brackets[0]):
        return False
    bracket = _turned(brackets[0])
    above = [bracket if factor is brackets[0] else factor for factor in part.above]
    new = part.but(-part.number, above)
    lines.add(algebra.turn_the_bracket, put(lines.line, place, new), places=(place,))
    return True


def _rises_to_a_minus(bracket: Sum) -> bool:
    """Whether a polynomial is written by rising powers for its minus sign: 1 + 2t − t²."""
    degrees = [degree(term) for term in bracket.terms]
    rising = [found[0] for found in degrees if found is not None]
    one = len({found[1] for found in degrees if found is not None} - {None}) == 1
    return (
        one
        and len(rising) == len(degrees) > 2
        and rising == sorted(rising)
        and isinstance(bracket.terms[-1], Negative)
    )


def turn_to_cancel(lines: Lines, place: Place = ()) -> bool:
    """A bracket above the bar is turned where its opposite stands below."""
    part = bar(at(lines.line, place))
    bases = Bases.of(lines.setting)
    below = {bases.key(raised(factor).base) for factor in part.below}
    for factor in part.above:
        if isinstance(factor, Sum):
            turned = _turned(factor)
            if bases.key(turned) in below:
                above = [turned if f is factor else f for f in part.above]
                new = part.but(-part.number, above)
                rule = algebra.turn_the_bracket
                lines.add(rule, put(lines.line, place, new), places=(place,))
                return True
    return False


def _turned(bracket: Sum) -> Sum:
    """The bracket with all its signs turned, a plus sign first."""
    terms = [t.operand if isinstance(t, Negative) else Negative(t) for t in bracket.terms]
    return Sum(sorted(terms, key=lambda term: isinstance(term, Negative)))


class Square(NamedTuple):
    """A term with the square of a function of the circle or hyperbola among its factors."""

    name: str
    angle: Expr
    rest: Bar
    kind: object
    """The same for rests that differ by a number only."""


def make_one(lines: Lines, place: Place = ()) -> bool:
    """sin² + cos² is 1, in a sum of more terms and with a common factor too."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    bases = Bases.of(lines.setting)
    squares = [_square_in(bar(term), bases) for term in node.terms]
    pairs = ((k, n) for k, one in enumerate(squares) for n in range(len(squares)) if one and n != k)
    for k, n in pairs:
        one, other = squares[k], squares[n]
        found = _IDENTITIES.get((one.name, other.name)) if one and other else None
        if one is None or other is None or found is None:
            continue
        sign, rule = found
        same = one.angle is other.angle and one.kind == other.kind
        if same and one.rest.number == sign * other.rest.number:
            _join(lines, place, (k, n), one.rest.written, rule, one.angle)
            return True
    return False


_IDENTITIES: dict[tuple[str, str], tuple[int, Rule]] = {
    ("sin", "cos"): (1, trigonometry.pythagoras),
    ("sec", "tan"): (-1, trigonometry.secant_squared),
    ("cosh", "sinh"): (-1, trigonometry.hyperbola),
}
_SQUARED = frozenset(name for pair in _IDENTITIES for name in pair)


def square_from_one(lines: Lines, place: Place = ()) -> bool:
    """1 − sin² is cos², and the other way round, with a common factor too."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return False
    bases = Bases.of(lines.setting)
    parts = [bar(term) for term in node.terms]
    for k, part in enumerate(parts):
        one = _square_in(part, bases)
        other = _OTHER.get(one.name) if one else None
        if one is None or other is None:
            continue
        for n, rest in enumerate(parts):
            if rest.number == -part.number and bases.weigh(rest) == one.kind:
                made = rest.but(above=(*rest.above, other(one.angle) ** 2))
                _join(lines, place, (k, n), made, trigonometry.pythagoras, one.angle)
                return True
    return False


_OTHER: dict[str, Function] = {"sin": cos, "cos": sin}


def _square_in(part: Bar, bases: Bases) -> Square | None:
    for factor in part.above:
        if isinstance(factor, Power) and factor.exponent is _TWO:
            inner = factor.base
            if isinstance(inner, Apply) and inner.head.name in _SQUARED:
                above = tuple(f for f in part.above if f is not factor)
                rest = replace(part, above=above)
                return Square(inner.head.name, inner.arguments[0], rest, bases.weigh(rest))
    return None


def _join(
    lines: Lines, place: Place, pair: tuple[int, int], made: Expr, rule: Rule, angle: Expr
) -> None:
    """One term in the place of two."""
    terms = [*at(lines.line, place).parts]
    terms[min(pair)] = made
    del terms[max(pair)]
    lines.add(rule, put(lines.line, place, join(Sum, terms)), places=(place,), letters={"f": angle})


def perfect_square(lines: Lines, place: Place = ()) -> bool:
    """u² − 2uv + v² is the square of u − v, for u and v without a bracket."""
    node = at(lines.line, place)
    if not isinstance(node, Sum) or len(node.terms) != 3:
        return False
    parts = [bar(term) for term in node.terms]
    roots = [_root_of(part) for part in parts]
    for middle in (1, 0, 2):
        first, second = (root for k, root in enumerate(roots) if k != middle)
        if first is None or second is None:
            continue
        bases, wanted = Bases.of(lines.setting), bar(first * second)
        same = bases.weigh(parts[middle]) == bases.weigh(wanted)
        if same and abs(parts[middle].number) == 2 * wanted.number:
            square = (first - second if parts[middle].number < 0 else first + second) ** 2
            after = put(lines.line, place, square)
            rule = algebra.complete_the_square
            lines.add(rule, after, places=(place,), letters={"f": square})
            return True
    return False


def _root_of(part: Bar) -> Expr | None:
    """What squares to a term, if that is a whole number times powers with even exponents."""
    size = isqrt(part.number.numerator) if part.number > 0 else 0
    if part.below or part.number.denominator != 1 or size * size != part.number or not size:
        return None
    factors = []
    for factor in part.above:
        one = raised(factor)
        value = number_of(one.exponent)
        if value is None or value.denominator != 1 or value % 2:
            return None
        factors.append(power(one.base, {ONE: value / 2}))
    return written(Fraction(size), factors)
