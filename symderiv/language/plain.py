"""An expression as plain ASCII text, `exp(-z)/(1 + exp(-z))^2`, that reads back to the same tree.

Here stands how each node is spelled and where it needs parentheses, and nothing
else: no Unicode, no LaTeX, no rearranging.  It lives beside the nodes, and not
with the other printers, because `str(node)` is part of the language: the text and
the tree are two spellings of one thing, and `reading` is bound to read whatever
is written here.  Where the grammar would allow it bare, a quotient beside another
operation keeps its parentheses, `(a/b)*c`, since people disagree about `a/b*c`.

The work is done with a list of pieces still to be written, never by recursion, and
never by joining the text of the parts: a tower of 20,000 functions costs time
and memory in proportion to its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
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
    Transpose,
)
from symderiv.language.indices import ACCENTS, may_be_mark, run_of, stands_alone
from symderiv.language.integrals import Integral
from symderiv.language.names import LETTERED
from symderiv.language.patterns import Letter

Pieces: TypeAlias = "list[str | Expr]"

# How tightly a node holds its parts; a part that holds less tightly needs parentheses.
_RELATION, _SUM, _NEGATIVE, _QUOTIENT, _PRODUCT, _POWER, _ATOM = range(7)


def plain(expr: Expr) -> str:
    """The plain text of an expression, in time proportional to its length."""
    if isinstance(expr, Symbol) and not (expr.layer or expr.indices):
        return expr.name + expr.accent
    written: list[str] = []
    waiting: Pieces = [expr]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            written.append(piece)
        else:
            waiting.extend(reversed(_pieces(piece)))
    return "".join(written)


def _tightness(expr: Expr) -> int:
    match expr:
        case Relation():
            return _RELATION
        case Sum():
            return _SUM
        case Negative():
            return _NEGATIVE
        case Quotient():
            return _QUOTIENT
        case Product():
            return _PRODUCT
        case Power(Constant("e")):
            return _ATOM
        case Power():
            return _POWER
        case _:
            return _ATOM


def _within(expr: Expr, least: int) -> Pieces:
    """A part, in parentheses where it holds less tightly than `least`."""
    return [expr] if _tightness(expr) >= least else ["(", expr, ")"]


def _pieces(expr: Expr) -> Pieces:
    """What is written for one node: its signs, and its parts still to be spelled."""
    match expr:
        case Number(text):
            return [text]
        case Constant(name) | Letter(name):
            return [name]
        case Symbol():
            return _symbol(expr)
        case Sum(terms):
            return _sum(terms)
        case Negative(operand):
            return ["-", *_within(operand, _QUOTIENT)]
        case Product(factors):
            return _joined((_within(factor, _POWER) for factor in factors), "*")
        case Quotient(numerator, denominator):
            return [*_within(numerator, _PRODUCT), "/", *_within(denominator, _POWER)]
        case Power(Constant("e"), exponent):
            return ["exp(", exponent, ")"]
        case Power(base, exponent):
            return [*_within(base, _ATOM), "^", *_exponent(base, exponent)]
        case Relation(terms, signs):
            rest = zip(signs, terms[1:], strict=True)
            tail = [piece for sign, t in rest for piece in (f" {sign} ", *_within(t, _SUM))]
            return [*_within(terms[0], _SUM), *tail]
        case _:
            return _call(expr)


def _call(expr: Expr) -> Pieces:
    """The nodes that are written as a word and its arguments."""
    match expr:
        case Apply(head, arguments):
            return [f"{head.name}(", *_listed(arguments), ")"]
        case Prime(head, order, argument):
            return [f"{head.name}{chr(39) * order}(", argument, ")"]
        case Derivative(body, variable, order, partial):
            word, times = "partial(" if partial else "D(", "" if order == 1 else f", {order}"
            return [word, body, ", ", variable, f"{times})"]
        case Cases(values, conditions):
            pairs = zip(values, conditions, strict=True)
            return ["cases(", *_joined(([value, " if ", when] for value, when in pairs)), ")"]
        case Absolute(operand):
            return ["abs(", operand, ")"]
        case Transpose(operand):
            return ["transpose(", operand, ")"]
        case Elementwise(factors):
            return ["hadamard(", *_listed(factors), ")"]
        case Matrix():
            return _matrix(expr)
        case Indicator(condition):
            return ["indicator(", condition, ")"]
        case IndexedSum(body, index, lower, upper):
            return ["sum(", body, ", ", index, " = ", lower, "..", upper, ")"]
        case Integral():
            return ["int(", *_listed(expr.parts), ")"]
        case _:
            raise TypeError(f"{type(expr).__name__} has no plain spelling")


def _matrix(matrix: Matrix) -> Pieces:
    """`[[a, b], [c, d]]`; one entry alone has a comma, since `[[a]]` is a name in brackets."""
    rows = _joined(["[", *_listed(row), "]"] for row in matrix.rows)
    return ["[", *rows, ",]" if matrix.shape == (1, 1) else "]"]


def _sum(terms: tuple[Expr, ...], plus: str = " + ", minus: str = " - ") -> Pieces:
    pieces = _within(terms[0], _NEGATIVE)
    for term in terms[1:]:
        if isinstance(term, Negative):
            pieces += [minus, *_within(term.operand, _QUOTIENT)]
        else:
            pieces += [plus, *_within(term, _NEGATIVE)]
    return pieces


def _exponent(base: Expr, exponent: Expr) -> Pieces:
    """An exponent; a bare `T` or `l` would be taken for a transpose or a layer.

    And `f^abs(x)` for the value of a function f.
    """
    mark = isinstance(exponent, Symbol) and may_be_mark(base, exponent)
    called = isinstance(base, Symbol) and base.name in LETTERED and exponent.parts
    if mark or (called and not isinstance(exponent, Symbol)):
        return ["(", exponent, ")"]
    return _within(exponent, _ATOM)


def _symbol(symbol: Symbol) -> Pieces:
    """`z`, `yhat`, `x_1`, `W[1,1]`, `x[i+1]`, `z{2}`, `W1[1,1]`, `W{l}[i,j]`."""
    stem = symbol.name + symbol.accent
    inside = _joined(map(_index, symbol.indices), ",")
    match symbol.layer, symbol.indices:
        case "", ():
            return [stem]
        case "", (index,) if stands_alone(symbol.name, index) and run_of(index) not in ACCENTS:
            return [stem, "_", index]
        case layer, ():
            return [f"{stem}{{{layer}}}"]
        case layer, _ if not layer or layer.isdecimal():
            return [f"{stem}{layer}[", *inside, "]"]
        case layer, _:
            return [f"{stem}{{{layer}}}[", *inside, "]"]


def _index(index: Expr) -> Pieces:
    return _sum(index.terms, "+", "-") if isinstance(index, Sum) else [index]


def _listed(items: Iterable[Expr]) -> Pieces:
    return _joined([item] for item in items)


def _joined(groups: Iterable[Pieces], separator: str = ", ") -> Pieces:
    pieces: Pieces = []
    for group in groups:
        if pieces:
            pieces.append(separator)
        pieces += group
    return pieces
