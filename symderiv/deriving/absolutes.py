"""Where an absolute value bends: a slope after all, or a kink with both one-sided slopes.

The law for |u| holds where u is not zero.  What is true at u = 0 is read off the finished
formula: its limits from both sides, with |u| written as u and as −u.  The function itself
is continuous there, if it is made of nothing that jumps.
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.catalogue.functions.elementary import maximum, sign
from symderiv.deriving.applying import rational, tidy
from symderiv.deriving.conditions import nonzero
from symderiv.deriving.derivation import Kink
from symderiv.deriving.lines import Lines
from symderiv.deriving.pieces import agreement, crossed, differ, put_in, same
from symderiv.language.build import absolute, cases
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Expr,
    Head,
    Negative,
    Number,
    Power,
    Quotient,
    Relation,
    Symbol,
)
from symderiv.language.walks import Dependence, nodes, substitute, transform

_ZERO, _ONE = Number("0"), Number("1")
SMOOTH = frozenset({"sin", "cos", "arctan", "sinh", "cosh", "erf", "sigmoid", "tanh", "softplus"})
"""Functions that have a value everywhere, and no kink."""


def settle(lines: Lines, body: Expr, variable: Expr) -> None:
    """Say what holds where an absolute value in `body` is zero; the line is its derivative."""
    if not isinstance(variable, Symbol) or not _is_continuous(body):
        return
    for u in _bends(body):
        condition = nonzero(u)
        sides = _limits(lines.line, u) if crossed(u, variable) else None
        moves = Dependence(variable, lines.setting.definitions)
        if sides is None or any(map(moves, sides)):
            continue
        at = Relation(condition.terms, ("=",))
        if same(*sides, lines.setting):
            lines.settled[condition] = None
            lines.kinks[Kink(at, sides[0], sides[0])] = None
        elif differ(*sides, lines.setting):
            lines.kinks[Kink(at, *sides, unless=agreement(*sides, lines.setting))] = None


def value_at(slope: Expr, border: Relation) -> Expr:
    """What a formula says at a = b by itself: there the sign of a − b is 0."""
    one, other = border.terms
    u = one if other is _ZERO else one - other
    return substitute(slope, {sign(u): _ZERO})


def told_apart(body: Expr, variable: Expr) -> Cases | None:
    """`body` by the sign of the variable, where several of its parts ask for that sign."""
    above: dict[Expr, Expr] = {absolute(variable): variable, maximum(0, variable): variable}
    below: dict[Expr, Expr] = {absolute(variable): -variable, maximum(0, variable): _ZERO}
    if sum(node in above for node in nodes(body)) < 2:
        return None
    high, low = (_signs_taken(tidy(substitute(body, known), ())) for known in (above, below))
    return cases((high, variable > 0), (low, variable <= 0))


def _bends(body: Expr) -> Iterator[Expr]:
    """What stands between bars, each once."""
    return iter(dict.fromkeys(n.operand for n in nodes(body) if isinstance(n, Absolute)))


def _is_continuous(body: Expr) -> bool:
    """Whether an expression is surely continuous wherever it is defined."""
    for node in nodes(body):
        if isinstance(node, (Cases, Relation)):
            return False
        if isinstance(node, Apply) and node.head.name not in SMOOTH | {"log", "sqrt", "exp"}:
            return False
    return True


def _limits(slope: Expr, u: Expr) -> tuple[Expr, Expr] | None:
    """What a slope tends to where u rises to zero, and where it falls to it; None if unclear."""
    if any(isinstance(node, Cases) for node in nodes(slope)):
        return None
    size = absolute(u)
    ends = []
    for value, side in ((Negative(_ONE), Negative(u)), (_ONE, u)):
        known = {Quotient(u, size): value, sign(u): value, size: side}
        there = put_in(_signs_taken(substitute(slope, known)), {u: _ZERO})
        if not _is_defined(there):
            return None
        ends.append(there)
    return ends[0], ends[1]


def _signs_taken(expr: Expr) -> Expr:
    return transform(expr, lambda n: n.operand.operand if _twice(n) else n, {})  # type: ignore[attr-defined]


def _twice(node: Expr) -> bool:
    return isinstance(node, Negative) and isinstance(node.operand, Negative)


def _is_defined(expr: Expr) -> bool:
    """Whether nothing is divided by zero, and no sign or size of zero is left."""
    for node in nodes(expr):
        match node:
            case Quotient(_, below) if rational(below) == 0:
                return False
            case Power(base, exponent) if rational(base) == 0:
                return (rational(exponent) or 0) > 0
            case Apply(Head("sign"), _) | Absolute():
                return False
    return True
