"""Where the value of an expression certainly lies: interval arithmetic over its nodes.

log(1 + e^x) is positive wherever x lies, and cos 2 is negative: such signs need no splitting
of the domain.  What is known of a node beforehand (a symbol's domain, the facts of a region)
comes from whoever asks; which signs are asked for stands in `ground`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from operator import add, mul

from symderiv.judging.ranges import (
    ANYTHING,
    NOT_NEGATIVE,
    POSITIVE,
    Range,
    absolute,
    both,
    bounded,
    coarse,
    hull,
    inverse,
    point,
    power,
    rising,
)
from symderiv.judging.residues import Unprovable
from symderiv.language.build import E
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Expr,
    IndexedSum,
    Indicator,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
)

_UNIT = Range(Fraction(-1), Fraction(1), (True, True))
_PI = Range(Fraction(3), Fraction(22, 7))
_FUNCTIONS: dict[str, Callable[[Range], Range]] = {
    "log": lambda u: rising("log", both(u, POSITIVE)),
    "sqrt": lambda u: rising("sqrt", both(u, NOT_NEGATIVE)),
    "sin": lambda u: bounded("sin", u),
    "cos": lambda u: bounded("cos", u),
    "arctan": lambda u: rising("atan", u),
    "arcsin": lambda u: rising("asin", both(u, _UNIT)),
}


class Bounds:
    """The ranges of nodes, each found once.

    `meaning` says what a node stands for, or None; `known` is the range of a node as far as
    it is known without looking into it; `constant` the rational number that an exponent is.
    """

    def __init__(
        self,
        meaning: Callable[[Expr], Expr | None],
        known: Callable[[Expr], Range | None],
        constant: Callable[[Expr], Fraction | None],
        spend: Callable[[int], None],
    ) -> None:
        self._meaning, self._known = meaning, known
        self._constant, self._spend = constant, spend
        self._found: dict[Expr, Range] = {}

    def of(self, expr: Expr) -> Range:
        """The range of `expr`, wherever it has a value."""
        found, path, stack = self._found, set[Expr](), [expr]
        while stack:
            node = stack[-1]
            if node in found:
                stack.pop()
                continue
            meaning = self._meant(node)
            parts = _parts(node) if meaning is None else (meaning,)
            missing = [part for part in parts if part not in found]
            if missing:
                if any(part in path for part in missing):
                    raise Unprovable("A quantity is defined by itself.")
                path.add(node)
                stack += missing
                continue
            path.discard(node)
            self._spend(4)
            inside = found[meaning] if meaning is not None else coarse(self._node(node))
            beforehand = self._known(node)
            found[stack.pop()] = inside if beforehand is None else both(inside, beforehand)
        return found[expr]

    def _meant(self, node: Expr) -> Expr | None:
        try:
            return self._meaning(node)
        except Unprovable:
            return None

    def _node(self, node: Expr) -> Range:
        found = self._found
        match node:
            case Number():
                return point(node.value)
            case Constant("e"):
                return rising("exp", point(Fraction(1)))
            case Constant("pi"):
                return _PI
            case Indicator():
                return both(_UNIT, NOT_NEGATIVE)
            case Sum(terms):
                return reduce(add, [found[term] for term in terms])
            case Product(factors):
                times = Counter(factors)
                return reduce(mul, [power(found[f], Fraction(n)) for f, n in times.items()])
            case Negative(u):
                return -found[u]
            case Quotient(top, bottom):
                return found[top] * inverse(found[bottom])
            case Absolute(u):
                return absolute(found[u])
            case Power(base, exponent):
                return self._power(base, exponent)
            case Cases(values, conditions):
                pieces = zip(values, conditions, strict=True)
                return reduce(hull, [self._piece(*piece) for piece in pieces])
            case Apply(head, (u,)) if head.name in _FUNCTIONS:
                return _FUNCTIONS[head.name](found[u])
            case IndexedSum(body, _, lower, upper):
                return self._several(found[body], found[lower], found[upper])
        return ANYTHING

    def _power(self, base: Expr, exponent: Expr) -> Range:
        if base is E:
            return rising("exp", self._found[exponent])
        constant = self._constant(exponent)
        if constant is not None:
            return power(self._found[base], constant)
        return POSITIVE if self._found[base].low > 0 else ANYTHING

    def _piece(self, value: Expr, condition: Expr) -> Range:
        """One case: what is compared in its condition lies on that side of the other."""
        inside = self._found[value]
        match condition:
            case Relation((one, other), (("<" | "<=" | ">" | ">=") as sign,)):
                for this, limit, up in ((one, other, sign[0] == ">"), (other, one, sign[0] == "<")):
                    if this is value:
                        inside = both(inside, _beyond(self._found[limit], up, len(sign) == 2))
        return inside

    def _several(self, body: Range, lower: Range, upper: Range) -> Range:
        """A sum of any number of terms, of at least one where the limits say so."""
        if body.sign == -1:
            return -self._several(-body, lower, upper)
        if body.sign is None:
            return ANYTHING
        some = upper.low >= lower.high
        if not (some and body.avoids_zero):
            return NOT_NEGATIVE
        return Range(body.low, closed=(body.closed[0], False))


def _beyond(limit: Range, up: bool, closed: bool) -> Range:
    """Above or below what lies in an interval."""
    if not up:
        return -_beyond(-limit, True, closed)
    return Range(limit.low, closed=(closed and limit.closed[0], False))


def _parts(node: Expr) -> tuple[Expr, ...]:
    """What the range of a node is found from."""
    match node:
        case Cases(values, conditions):
            compared = [c.terms for c in conditions if isinstance(c, Relation)]
            return (*values, *(term for terms in compared for term in terms))
        case Indicator():
            return ()
        case IndexedSum(body, _, lower, upper):
            return (body, lower, upper)
    return node.parts
