"""Where a quantity may lie: an interval, all but some points, a few values, the integers.

Here belong the spellings `(0,1)`, `[0,1]`, `>0`, `>=0`, `!=0`, `>0, !=1`, `{-1,1}`, `integer`
and what they say as a condition.  Choosing points in a domain belongs to `judging`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from symderiv.errors import Unreadable
from symderiv.language.expressions import (
    Expr,
    IndexedSum,
    Negative,
    Number,
    Quotient,
    Relation,
    Symbol,
)

_HINT = (
    "A domain is written (0,1), [0,1], >0, >=0, <0, !=0, {-1,1}, "
    '"integer", "reals" or "probabilities over n".'
)
_LONGEST = 400  # characters
_NUMBER = r"-?\d{1,40}(?:\.\d{1,40}|/\d{1,40})?"


@dataclass(frozen=True)
class Domain:
    """A set of reals: between `lower` and `upper` (None: no bound), `closed` at either end.

    `without` are points left out, `members` the only values there are (where given),
    `integer` says that only whole numbers count.
    `over` is for a vector whose entries 1 to `over` (a name or a number) are probabilities
    that add up to one.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    closed: tuple[bool, bool] = (False, False)
    without: tuple[Fraction, ...] = ()
    members: tuple[Fraction, ...] = ()
    integer: bool = False
    over: str = ""

    def __contains__(self, value: Fraction) -> bool:
        if self.members:
            return value in self.members
        if value in self.without or (self.integer and value.denominator != 1):
            return False
        above = self.lower is None or value > self.lower or (self.closed[0] and value == self.lower)
        below = self.upper is None or value < self.upper or (self.closed[1] and value == self.upper)
        return above and below

    def condition(self, symbol: Expr) -> Relation | None:
        """What the domain says of `symbol`, as one relation; None where it says nothing more
        than a real (or whole) number, or cannot be said in one."""
        if self.over and isinstance(symbol, Symbol):
            index = Symbol("i")
            end = Number(self.over) if self.over.isdecimal() else Symbol(self.over)
            everything = IndexedSum(symbol.at(index), index, Number("1"), end)
            return Relation((everything, Number("1")), ("=",))
        lower = None if self.lower is None else number(self.lower)
        upper = None if self.upper is None else number(self.upper)
        rising = ("<=" if self.closed[0] else "<", "<=" if self.closed[1] else "<")
        match lower, upper:
            case Expr(), Expr():
                return Relation((lower, symbol, upper), rising)
            case Expr(), None:
                return Relation((symbol, lower), (">=" if self.closed[0] else ">",))
            case None, Expr():
                return Relation((symbol, upper), (rising[1],))
        if len(self.without) == 1:
            return self._apart(symbol, self.without[0])
        return None

    def conditions(self, symbol: Expr) -> tuple[Relation, ...]:
        """The same, and which points between the bounds are left out."""
        said = self.condition(symbol)
        bounded = self.lower is not None or self.upper is not None
        apart = [self._apart(symbol, point) for point in self.without if bounded]
        return (*([said] if said is not None else ()), *apart)

    @staticmethod
    def _apart(symbol: Expr, point: Fraction) -> Relation:
        return Relation((symbol, number(point)), ("!=",))


REALS = Domain()


def number(value: Fraction) -> Expr:
    """A rational number as an expression, a fraction as a quotient."""
    size = abs(value)
    node: Expr = Number(str(size.numerator))
    if size.denominator != 1:
        node = Quotient(node, Number(str(size.denominator)))
    return Negative(node) if value < 0 else node


@lru_cache(maxsize=256)
def read_domain(text: str) -> Domain:
    """The domain that `text` spells; `Unreadable` with the accepted spellings where it is none."""
    packed = "".join(text[:_LONGEST].split())
    named = {"": REALS, "real": REALS, "reals": REALS, "integer": Domain(integer=True)}
    named["positiveinteger"] = Domain(Fraction(1), closed=(True, False), integer=True)
    if len(text) > _LONGEST:
        raise Unreadable(text, _LONGEST, "This is too long for a domain.", _HINT)
    if packed in named:
        return named[packed]
    if shared := re.fullmatch(r"probabilitiesover([A-Za-z]|\d{1,2})", packed):
        return Domain(Fraction(0), Fraction(1), (True, True), over=shared[1])
    if interval := re.fullmatch(rf"([(\[])({_NUMBER}),({_NUMBER})([)\]])", packed):
        low, high = Fraction(interval[2]), Fraction(interval[3])
        if low < high:
            return Domain(low, high, (interval[1] == "[", interval[4] == "]"))
    if bound := re.fullmatch(rf"(>=|<=|>|<|!=|≥|≤|≠)({_NUMBER})", packed):
        return _bounded(bound[1], Fraction(bound[2]))
    if bound := re.fullmatch(rf"(>=|<=|>|<|≥|≤)({_NUMBER}),(?:!=|≠)({_NUMBER})", packed):
        return replace(_bounded(bound[1], Fraction(bound[2])), without=(Fraction(bound[3]),))
    if re.fullmatch(rf"\{{{_NUMBER}(?:,{_NUMBER})*\}}", packed):
        return Domain(members=tuple(Fraction(part) for part in packed[1:-1].split(",")))
    raise Unreadable(text, 0, "This is not a domain.", _HINT)


def _bounded(sign: str, value: Fraction) -> Domain:
    match sign:
        case ">" | ">=" | "≥":
            return Domain(lower=value, closed=(sign != ">", False))
        case "<" | "<=" | "≤":
            return Domain(upper=value, closed=(False, sign != "<"))
        case _:
            return Domain(without=(value,))
