"""Short ways to write expressions in Python: `D(f, x)`, `exp(u)`, `cases(...)`.

The catalogue and the tests are written with these; they build nodes and decide nothing.
"""

from __future__ import annotations

from symderiv.language.expressions import (
    Absolute,
    Cases,
    Constant,
    Derivative,
    Expr,
    IndexedSum,
    Number,
    Operand,
    Power,
    Relation,
    Symbol,
    as_expr,
)

E = Constant("e")
PI = Constant("pi")


def symbols(names: str) -> tuple[Symbol, ...]:
    """Symbols from their plain spellings, separated by blanks; `yhat` carries its hat.

    >>> [str(s) for s in symbols("z yhat")]
    ['z', 'yhat']
    """
    return tuple(symbol(name) for name in names.split())


def symbol(name: str) -> Symbol:
    """One symbol from its plain spelling; the ending `hat`, `bar` or `tilde` is an accent."""
    for accent in ("hat", "bar", "tilde"):
        stem = name.removesuffix(accent)
        if stem != name and len(stem) == 1:
            return Symbol(stem, accent)
    return Symbol(name)


def D(body: Operand, variable: Expr, order: int = 1, partial: bool = False) -> Derivative:  # noqa: N802 (the field's own letter)
    """The derivative of `body` by `variable`, still to be taken."""
    return Derivative(as_expr(body), variable, order, partial)


def exp(exponent: Operand) -> Expr:
    """The exponential: the power of the constant e."""
    return Power(E, as_expr(exponent))


def equal(left: Operand, right: Operand) -> Relation:
    """An equation."""
    return Relation((as_expr(left), as_expr(right)), ("=",))


def absolute(operand: Operand) -> Expr:
    """The absolute value."""
    return Absolute(as_expr(operand))


def cases(*pieces: tuple[Operand, Expr]) -> Cases:
    """A function by pieces, each a value and the condition under which it holds."""
    return Cases(tuple(as_expr(value) for value, _ in pieces), tuple(when for _, when in pieces))


def total(body: Expr, index: Expr, lower: Operand, upper: Operand) -> IndexedSum:
    """The sum of `body` for `index` from `lower` to `upper`."""
    return IndexedSum(body, index, as_expr(lower), as_expr(upper))


def between(low: Operand, middle: Expr, high: Operand) -> Relation:
    """The condition low < middle < high."""
    return Relation((as_expr(low), middle, as_expr(high)), ("<", "<"))


def within(low: Operand, middle: Expr, high: Operand) -> Relation:
    """The condition low ≤ middle ≤ high."""
    return Relation((as_expr(low), middle, as_expr(high)), ("<=", "<="))


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def subject_first(node: Expr) -> Expr:
    """A comparison with the number on its right, as one says it: x > 0 for 0 < x."""
    match node:
        case Relation((Number() as one, other), (sign,)) if not isinstance(other, Number):
            return Relation((other, one), (_TURNED[sign],))
    return node


def up_to(low: Operand, middle: Expr, high: Operand) -> Relation:
    """The condition low ≤ middle < high."""
    return Relation((as_expr(low), middle, as_expr(high)), ("<=", "<"))


def beyond(low: Operand, middle: Expr, high: Operand) -> Relation:
    """The condition low < middle ≤ high."""
    return Relation((as_expr(low), middle, as_expr(high)), ("<", "<="))
