"""The shape of an expression: what must come back when another program reads what we print.

A shape is a nest of tuples in written order.  It forgets what LaTeX does not show: whether
`a + (b + c)` was built as one sum or two, a quotient from a product with an inverse, which
factor bore the sign.  It keeps all else: order, brackets, names letter by letter.  Two shapes are
equal or they are not; nothing is simplified and no value is computed.  How a name is
spelled is said here a second time and on purpose: a printer that prints the wrong letter
must not be its own judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final, TypeAlias

from symderiv.language.arrays import Elementwise, Matrix
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
    Transpose,
)
from symderiv.language.indices import stand_beside
from symderiv.language.integrals import Integral

Shape: TypeAlias = tuple["str | Fraction | Shape", ...]

SYMBOL_E: Final = "symbol e"  # printed apart from the number e
TRANSPOSED: Final = "transposed"  # what a T in the exponent is read as
_WORD: Final = re.compile(r"\\(?:mathrm|operatorname|text)\{(.+)\}|\\?(.+)")


def number(value: Fraction) -> Shape:
    """The shape of a number."""
    return "number", value


_TWO: Final = number(Fraction(2))


def name(spelled: str) -> Shape:
    """The shape of a symbol."""
    return "name", spelled


def total(terms: Iterable[Shape]) -> Shape:
    """The shape of a sum: brackets around a sum in a sum show nothing else."""
    return "total", *_flat(terms, "total")


def product(factors: Iterable[Shape]) -> Shape:
    """The shape of a product: flat, and all its signs as one -1 in front."""
    kept: list[Shape] = []
    negative = False
    for factor in _flat(factors, "product"):
        value = factor[1]
        if isinstance(value, Fraction) and value < 0:
            negative = not negative
            if value != -1:
                kept.append(number(-value))
        else:
            kept.append(factor)
    if negative:
        return _negated(kept)
    return kept[0] if len(kept) == 1 else ("product", *kept) if kept else number(Fraction(1))


def _negated(factors: list[Shape]) -> Shape:
    if not factors:
        return number(Fraction(-1))
    value = factors[0][1]
    if len(factors) == 1 and isinstance(value, Fraction) and value != 0:  # -0 is not 0
        return number(-value)
    return "product", number(Fraction(-1)), *factors


def _flat(parts: Iterable[Shape], kind: str) -> list[Shape]:
    flat: list[Shape] = []
    for part in parts:
        flat += part[1:] if part[0] == kind else (part,)  # type: ignore[arg-type]
    return flat


def power(base: Shape, exponent: Shape) -> Shape:
    """The shape of a power."""
    return "power", base, exponent


def quotient(over: Shape, under: Shape) -> Shape:
    """The shape of a fraction."""
    return product((over, power(under, number(Fraction(-1)))))


def head_name(head: Head) -> str:
    """A function's name without commands: `sigma`, `ReLU`, `tanh`."""
    found = _WORD.fullmatch(head.latex or head.name)
    return (found[1] or found[2]) if found else head.name


def symbol_name(node: Symbol) -> str:
    """A symbol's name with all that stands around it: `hat y_i`, `W^(l-1)_11`."""
    own = SYMBOL_E if node.name == "e" and not node.accent else node.name
    spelled = f"{node.accent} {own}" if node.accent else own
    layer = f"^({node.layer.replace(' ', '')})" if node.layer else ""
    return spelled + layer + (f"_{_below(node)}" if node.indices else "")


def _below(node: Symbol) -> str:
    """The indices, with the commas that tell 1, 2 from 12."""
    comma = "" if stand_beside(node.name, node.indices) else ","
    return comma.join(map(_index, node.indices))


def _index(node: Expr) -> str:
    match node:
        case Symbol():
            return symbol_name(node)
        case Sum(terms):
            return "+".join(map(_index, terms)).replace("+-", "-")
        case Negative(operand):
            return f"-{_index(operand)}"
        case _:
            return str(node)


def shape_of(node: Expr) -> Shape:
    """The shape of one of our expressions."""
    match node:
        case Number(text):
            return _number(text)
        case Constant(spelled):
            return name(spelled)
        case Symbol():
            return name(symbol_name(node))
        case Sum(terms):
            return total(map(shape_of, terms))
        case Product(factors):
            return product(map(shape_of, factors))
        case Negative(operand):
            return product((number(Fraction(-1)), shape_of(operand)))
        case Quotient(over, under):
            return quotient(shape_of(over), shape_of(under))
        case Power(base, exponent):
            return power(shape_of(base), shape_of(exponent))
        case _:
            return _other(node)


def _number(text: str) -> Shape:
    digits, _, exponent = text.lower().partition("e")
    if exponent:
        return product((number(Fraction(digits)), power(number(Fraction(10)), _number(exponent))))
    over, _, under = text.partition("/")
    return quotient(_number(over), _number(under)) if under else number(Fraction(text))


def _other(node: Expr) -> Shape:
    parts = [shape_of(part) for part in node.parts]
    match node:
        case Apply(head):
            if (head.name, len(parts)) in (("sqrt", 1), ("root", 2)):
                return _root(*parts)
            return "call", head_name(head), *parts
        case Prime(head, order):
            return "prime", head_name(head), str(order), *parts
        case Derivative(_, _, order, partial):
            return "derivative", "partial" if partial else "d", str(order), *parts
        case Relation(_, signs):
            return "relation", " ".join(signs), *parts
        case Cases(values):
            pieces = zip(parts[: len(values)], parts[len(values) :], strict=True)
            return "cases", *(part for piece in pieces for part in piece)
        case Transpose():
            return power(parts[0], name(TRANSPOSED))
        case Absolute():
            return "call", "abs", *parts
        case Elementwise():
            return "elementwise", *parts
        case Matrix():
            return "matrix", str(node.shape[1]), *parts
        case Indicator():
            return "indicator", *parts
        case IndexedSum():
            return "sum", *parts
        case Integral():
            return "integral", *parts
    raise TypeError(f"{type(node).__name__} has no shape")


def _root(operand: Shape, degree: Shape = _TWO) -> Shape:
    value = degree[1]
    if isinstance(value, Fraction) and value:
        return power(operand, number(Fraction(1) / value))
    return power(operand, power(degree, number(Fraction(-1))))
