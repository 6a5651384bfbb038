"""Numbers of a network: exact where a formula is rational, else balls; rounded when shown.

A quantity is a `Fraction` as long as it is computed with +, −, ·, / and cases alone, so that
a pre-activation of exactly 0 is known to lie on ReLU's kink; behind a sigmoid it is an Arb
ball of `BITS` bits.  `rounded` gives the digits to show and refuses to guess one: the ball
must decide it.  Which quantity has which value stands in `values`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor, inf, prod
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import TypeAlias

from symderiv.catalogue.function import Function
from symderiv.deriving.pieces import all_closed
from symderiv.errors import Mistake
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.points import Setting
from symderiv.judging.primitives import Ball, ball, precision, series
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Expr,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes, substitute, symbols_in, transform

Real: TypeAlias = "Fraction | Ball"

BITS = 512
_LONGEST = 4_000  # bits of a fraction: beyond, a ball serves
_LARGEST_POWER = 64
_NOTHING = Symbol("·")  # what moves in a series whose symbols are series themselves


class Arithmetic:
    """Values of expressions in numbers, with these functions; kinks as a framework takes them."""

    def __init__(self, functions: Mapping[str, Function], kinks: str = "torch") -> None:
        self.setting = Setting(functions)
        self.kinks = kinks
        self._plain: dict[Expr, Expr] = {}
        self._written: dict[Expr, Expr] = {}

    def value(self, expr: Expr, known: Mapping[Symbol, Real]) -> Real:
        """The value of `expr`; `Mistake` where it has none.  `known` holds its symbols."""
        plain = self.plain(expr)
        exact = self._exact(plain, known)
        if exact is not None and exact.denominator.bit_length() < _LONGEST:
            return exact
        with precision(BITS):
            used = {s: known[s] for s in symbols_in(plain)}
            balls = {s: ball(v) if isinstance(v, Fraction) else v for s, v in used.items()}
            try:
                value = Evaluator(self.setting, 0, bound=balls).value(plain)  # type: ignore[arg-type]
            except (Undefined, ValueError, ZeroDivisionError) as problem:
                raise Mistake(f"{expr} has no value here: {problem}.") from problem
        if not value.is_finite():
            raise Mistake(f"{expr} has no finite value here.")
        return value

    def series(self, expr: Expr, known: Mapping[Symbol, Ball]) -> Ball:
        """The Taylor series of `expr` to first order, from those of its symbols."""
        plain = self.plain(expr)
        with precision(BITS):
            bound = {s: known[s] for s in symbols_in(plain)}
            evaluator = Evaluator(self.setting, 0, bound=bound, moving=_NOTHING, terms=2)  # type: ignore[arg-type]
            try:
                return evaluator.value(plain)
            except (Undefined, ValueError, ZeroDivisionError) as problem:
                raise Mistake(f"{expr} has no Taylor series here: {problem}.") from problem

    def plain(self, expr: Expr) -> Expr:
        """`expr` in which every quantity is named: slopes and counts are written out."""
        if expr not in self._plain:
            self._plain[expr] = transform(expr, self._spelled, {})
        return self._plain[expr]

    def _spelled(self, node: Expr) -> Expr:
        """σ′(z) by its slope, with the framework's value on a kink; 1/n where n is hidden."""
        if isinstance(node, Apply):
            function = self.setting.functions.get(node.head.name)
            return node if function is None or not function.hidden else function.unfolded(node)
        if not isinstance(node, Prime) or node.order != 1:
            return node
        function = self.setting.functions.get(node.head.name)
        if function is None:
            raise Mistake(f"Nothing is known of {node.head.name}.")
        slope = substitute(function.claim, {function.variable: node.argument})
        taken = function.taken(self.kinks)
        return all_closed(slope, taken) if taken else slope

    def _exact(self, expr: Expr, known: Mapping[Symbol, Real]) -> Fraction | None:
        """The value of a rational formula of rational numbers; None for any other."""
        if expr not in self._written:
            self._written[expr] = written_out(expr, self.setting.functions)
        found: dict[Expr, Fraction | bool | None] = {}
        expr = self._written[expr]
        for node in nodes(expr):
            found[node] = _step(node, found, known)
        value = found[expr]
        return value if isinstance(value, Fraction) else None


def written_out(expr: Expr, functions: Mapping[str, Function]) -> Expr:
    """`expr` with ReLU, max and their like by their cases; other functions stay."""

    def change(node: Expr) -> Expr:
        function = functions.get(node.head.name) if isinstance(node, Apply) else None
        if function is None or function.definition is None or function.variable.indices:
            return node
        body = function.unfolded(node)
        apart = any(isinstance(n, (Cases, Absolute)) for n in nodes(body))
        inner = any(isinstance(n, Apply) and n is not node for n in nodes(body, node.parts))
        return written_out(body, functions) if apart or inner else node

    return transform(expr, change, {})


def _step(
    node: Expr, found: Mapping[Expr, Fraction | bool | None], known: Mapping[Symbol, Real]
) -> Fraction | bool | None:
    """The value of one node from those of its parts, where it is rational."""
    parts = [found[part] for part in node.parts]
    match node:
        case Number():
            return node.value
        case Symbol():
            value = known.get(node)
            return value if isinstance(value, Fraction) else None
        case Cases(values, _):
            holding = parts[len(values) :]
            chosen = next((k for k, holds in enumerate(holding) if holds), None)
            return None if chosen is None or None in holding else parts[chosen]
    numbers = [p for p in parts if isinstance(p, Fraction)]
    if len(numbers) < len(parts):
        return None
    return _operation(node, numbers)


def _operation(node: Expr, numbers: list[Fraction]) -> Fraction | bool | None:
    match node:
        case Sum():
            return sum(numbers, Fraction())
        case Product():
            return prod(numbers, start=Fraction(1))
        case Negative():
            return -numbers[0]
        case Absolute():
            return abs(numbers[0])
        case Quotient():
            return numbers[0] / numbers[1] if numbers[1] else None
        case Power():
            base, exponent = numbers
            small = exponent.denominator == 1 and 0 <= exponent <= _LARGEST_POWER
            return base ** int(exponent) if small else None
        case Relation(_, signs):
            pairs = zip(numbers, signs, numbers[1:], strict=False)
            return all(_COMPARE[sign](one, other) for one, sign, other in pairs)
    return None


_COMPARE = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


# --- what is shown ---------------------------------------------------------------------------


def rounded(value: Real, digits: int) -> Expr:
    """`value` with `digits` decimals, or digits in all where it is so small that decimals hide it.

    Half a unit is rounded away from zero.  A ball that is tiny and holds 0 is 0, and one that
    is tiny and holds half a unit is half a unit; a wider one that does not decide its digits
    is a `Mistake`.
    """
    size = magnitude(value)
    low, high = bounds(size)
    if high == 0 or (low <= 0 and high < _tiny(digits)):
        return Number("0")
    exponent = _exponent(high)
    if digits + exponent + 1 < max(1, min(2, digits)) or exponent > 14:
        shown = _scientific(size, exponent, max(digits - 1, 0))
    else:
        shown = _decimal(size, digits)
    return Negative(shown) if value < 0 else shown


def _tiny(digits: int) -> Fraction:
    return Fraction(1, 10 ** (digits + 60))


def _scientific(size: Real, exponent: int, digits: int) -> Expr:
    mantissa = _decimal(times(size, Fraction(10) ** -exponent), digits)
    if mantissa.value >= 10:  # 9.99 is 10.0
        return _scientific(size, exponent + 1, digits)
    return Product((mantissa, Power(Number("10"), number(Fraction(exponent)))))


def _exponent(size: Fraction) -> int:
    """The power of ten of the leading digit."""
    exponent = len(str(size.numerator)) - len(str(size.denominator))
    return exponent if size >= Fraction(10) ** exponent else exponent - 1


def _decimal(size: Real, digits: int) -> Number:
    """A number that is not negative with so many decimals, without idle zeros."""
    low, high = bounds(size)
    first, last = (floor(end * 10**digits + Fraction(1, 2)) for end in (low, high))
    if first != last and high - low > _tiny(digits):
        raise Mistake(f"The digits of {size} are not certain: ask for fewer.")
    whole, rest = divmod(last, 10**digits)
    text = f"{whole}.{rest:0{digits}d}" if digits else str(whole)
    exact = isinstance(size, Fraction) and size == Fraction(last, 10**digits)
    return Number(text.rstrip("0").rstrip(".") if exact and "." in text else text)


def first_order(value: Real, slope: int) -> Ball:
    """value + slope·ε as a series."""
    with precision(BITS):
        start = ball(value) if isinstance(value, Fraction) else value
        return series((start, ball(Fraction(slope))))


def magnitude(value: Real) -> Real:
    """The absolute value, of a ball with all its bits."""
    with precision(BITS):
        return abs(value)


def plus(one: Real, other: Real) -> Real:
    """The sum of two numbers, exact where both are."""
    return _combined(add, one, other)


def minus(one: Real, other: Real) -> Real:
    """The difference of two numbers, exact where both are."""
    return _combined(sub, one, other)


def times(one: Real, other: Real) -> Real:
    """Their product, exact where both are."""
    return _combined(mul, one, other)


def over(one: Real, other: Real) -> Real:
    """Their quotient, exact where both are."""
    return _combined(truediv, one, other)


def _combined(operation: Callable[[Real, Real], Real], one: Real, other: Real) -> Real:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return operation(one, other)
    with precision(BITS):
        return operation(*(ball(v) if isinstance(v, Fraction) else v for v in (one, other)))


def agree(one: Real, other: Real) -> bool:
    """Whether two numbers can be the same: equal fractions, or balls that meet."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one == other
    with precision(BITS):
        balls = [ball(v) if isinstance(v, Fraction) else v for v in (one, other)]
        return bool(balls[0].overlaps(balls[1]))


def bounds(size: Real) -> tuple[Fraction, Fraction]:
    """Rational bounds of a number."""
    if isinstance(size, Fraction):
        return size, size
    with precision(BITS):
        low, high = (_fraction(end) for end in (size.lower(), size.upper()))
    return low, high


def _fraction(point: Ball) -> Fraction:
    """The exact value of a ball of radius 0."""
    mantissa, exponent = (int(part) for part in point.man_exp())
    return mantissa * Fraction(2) ** exponent


def as_float(value: Real) -> float:
    """The nearest float, for drawing and for callers who compute on."""
    try:
        return float(value)
    except OverflowError:  # a fraction beyond what a float holds
        return inf if value > 0 else -inf
