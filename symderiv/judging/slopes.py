"""Derivatives as expressions, for lines in which one still stands.

This is the judge's own differentiation: it knows the rules of a differential field and
nothing of the catalogue's laws, so that it can contradict them.  It neither simplifies
nor decides where a derivative exists.  Cases are differentiated case by case: that holds
inside a region, also where a comparison is a tie on a whole region, and says nothing at a
border between two, which whoever asks must except.
"""

from __future__ import annotations

from collections.abc import Callable

from symderiv.judging.residues import Unprovable
from symderiv.language.build import E
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
    Head,
    IndexedSum,
    Indicator,
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
from symderiv.language.walks import may_be_same, nodes

ZERO, ONE, TWO = Number("0"), Number("1"), Number("2")
LOG, SQRT, SIN, COS = Head("log", r"\log"), Head("sqrt", r"\sqrt"), Head("sin"), Head("cos")


def _sum(terms: list[Expr]) -> Expr:
    kept = [t for t in terms if t is not ZERO]
    return Sum(kept) if len(kept) > 1 else kept[0] if kept else ZERO


def _times(*factors: Expr) -> Expr:
    if ZERO in factors:
        return ZERO
    kept = [f for f in factors if f is not ONE]
    return Product(kept) if len(kept) > 1 else kept[0] if kept else ONE


def _over(top: Expr, bottom: Expr) -> Expr:
    return ZERO if top is ZERO else Quotient(top, bottom)


def _minus(expr: Expr) -> Expr:
    return ZERO if expr is ZERO else Negative(expr)


_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}


def one_minus_square(u: Expr) -> Expr:
    """1 - u^2."""
    return Sum((ONE, Negative(Power(u, TWO))))


OUTER: dict[str, Callable[[Expr], Expr]] = {
    "log": lambda u: Quotient(ONE, u),
    "sin": lambda u: Apply(COS, (u,)),
    "cos": lambda u: Negative(Apply(SIN, (u,))),
    "sqrt": lambda u: Quotient(ONE, Product((TWO, Apply(SQRT, (u,))))),
    "arcsin": lambda u: Quotient(ONE, Apply(SQRT, (one_minus_square(u),))),
    "arccos": lambda u: Negative(Quotient(ONE, Apply(SQRT, (one_minus_square(u),)))),
    "arctan": lambda u: Quotient(ONE, Sum((ONE, Power(u, TWO)))),
}
"""The slopes of the functions that stand for themselves."""


class Slope:
    """Derivatives by one symbol; `meaning` says what a node stands for, or None for itself."""

    def __init__(
        self,
        variable: Symbol,
        meaning: Callable[[Expr], Expr | None],
        spend: Callable[[int], None],
    ) -> None:
        self.variable, self._meaning, self._spend = variable, meaning, spend
        self._known: dict[Expr, Expr] = {}

    def of(self, expr: Expr) -> Expr:
        """The derivative of `expr`."""
        known, path, stack = self._known, set(), [expr]
        while stack:
            node = stack[-1]
            if node in known:
                stack.pop()
                continue
            parts = self._parts(node)
            missing = [part for part in parts if part not in known]
            if missing:
                if node in path:
                    raise Unprovable("A quantity is defined by itself.")
                path.add(node)
                stack += missing
                continue
            self._spend(16)
            path.discard(node)
            known[node] = self._node(node, [known[part] for part in parts])
        return known[expr]

    def _parts(self, node: Expr) -> tuple[Expr, ...]:
        if node is self.variable or isinstance(node, (Number, Constant)):
            return ()
        if (meaning := self._meaning(node)) is not None:
            return (meaning,)
        match node:
            case Symbol():
                return ()
            case Cases(values, conditions):
                return (*values, *(term for c in conditions for term in _compared(c)))
            case Indicator(condition):
                return _compared(condition)
            case IndexedSum(body, index):
                if index in nodes(self.variable):
                    raise Unprovable("A derivative by what a sum counts is not proved.")
                return (body, *node.parts[2:])
            case Relation():
                raise Unprovable("A derivative of a condition is not proved.")
        return node.parts

    def _node(self, node: Expr, slopes: list[Expr]) -> Expr:
        if node is self.variable:
            return ONE
        if isinstance(node, (Number, Constant)):
            return ZERO
        if isinstance(node, Symbol) and not slopes:
            return _same(node, self.variable)
        if self._meaning(node) is not None:
            return slopes[0]
        match node:
            case Sum():
                return _sum(slopes)
            case Negative():
                return _minus(slopes[0])
            case Product(factors):
                return _product(factors, slopes)
            case Quotient(_, bottom):
                first = _over(slopes[0], bottom)
                second = _over(_times(slopes[1], node), bottom)
                return _sum([first, _minus(second)])
            case Power():
                return _power(node, *slopes)
            case _ if set(slopes) == {ZERO}:
                return ZERO
            case IndexedSum():
                if slopes[1] is not ZERO or slopes[2] is not ZERO:
                    raise Unprovable("A derivative by the limit of a sum is not proved.")
                return node.with_parts((where_defined(slopes[0], node.body), *node.parts[1:]))
            case Absolute(u):
                return Cases((slopes[0], _minus(slopes[0])), (u >= 0, u < 0))
            case Cases(values, conditions):
                return Cases(tuple(slopes[: len(values)]), conditions)
            case Indicator(condition):
                return Cases((ZERO, ZERO), (condition, _opposite(condition)))
            case Apply():
                return _applied(node, slopes)
            case Prime(head, order, u):
                return _times(Prime(head, order + 1, u), slopes[0])
        raise Unprovable(f"A derivative of this kind of node is not proved: {type(node).__name__}.")


def where_defined(slope: Expr, body: Expr) -> Expr:
    """A derivative in a sum, without a value where the body has none; a single term of the
    sum, which is looked at by itself, shows it."""
    return Sum((slope, Product((ZERO, body))))


def _same(entry: Symbol, variable: Symbol) -> Expr:
    """The derivative of one entry by another: 1 if their indices are equal, else 0."""
    if not may_be_same(entry, variable):
        return ZERO
    if len(entry.indices) != len(variable.indices):
        raise Unprovable(f"Whether {entry} is {variable} is not known.")
    pairs = zip(entry.indices, variable.indices, strict=True)
    return _times(*(Indicator(Relation((a, b), ("=",))) for a, b in pairs if a is not b))


def _compared(condition: Expr) -> tuple[Expr, ...]:
    if not isinstance(condition, Relation):
        raise Unprovable("A derivative of cases with such conditions is not proved.")
    return condition.terms


def _opposite(condition: Expr) -> Relation:
    if not isinstance(condition, Relation) or len(condition.signs) != 1:
        raise Unprovable("A derivative of an indicator of a chain is not proved.")
    return Relation(condition.terms, (_OPPOSITE[condition.signs[0]],))


def _product(factors: tuple[Expr, ...], slopes: list[Expr]) -> Expr:
    """Factor by factor, so that a long product stays linear in its length."""
    done, slope = factors[0], slopes[0]
    for factor, its in zip(factors[1:], slopes[1:], strict=True):
        slope = _sum([_times(slope, factor), _times(done, its)])
        done = _times(done, factor)
    return slope


def _power(node: Power, base: Expr, exponent: Expr) -> Expr:
    if node.base is E:
        return _times(node, exponent)
    if exponent is ZERO:
        if base is ZERO:
            return ZERO
        lower = Power(node.base, Sum((node.exponent, Negative(ONE))))
        return _times(node.exponent, lower, base)
    growth = [_times(exponent, Apply(LOG, (node.base,)))]
    growth.append(_over(_times(node.exponent, base), node.base))
    return _times(node, _sum(growth))


def _applied(node: Apply, slopes: list[Expr]) -> Expr:
    if all(slope is ZERO for slope in slopes):
        return ZERO
    if len(slopes) != 1:
        raise Unprovable(f"The partial derivatives of {node.head.name} are not known.")
    outer = OUTER.get(node.head.name)
    u = node.arguments[0]
    return _times(outer(u) if outer else Prime(node.head, 1, u), slopes[0])


def differentiated(body: Expr, variable: Expr, order: int, slope: Callable[[Expr], Expr]) -> Expr:
    """The derivative of that order."""
    if not isinstance(variable, Symbol):
        raise Unprovable("A derivative by what is not a symbol is not proved.")
    for _ in range(order):
        body = slope(body)
    return body


__all__ = [
    "COS",
    "LOG",
    "ONE",
    "OUTER",
    "SIN",
    "SQRT",
    "TWO",
    "ZERO",
    "Derivative",
    "Slope",
    "differentiated",
    "one_minus_square",
]
