"""What differs from sheet to sheet: letters that stand for numbers, functions or expressions.

A parameter is a name with its choices, `w = "-3..3 nonzero"` or `f = "one of: sigmoid, tanh"`.
It is put in as a tree, never as text, and tidied as one writes it: 1·x is x, −(−2) is 2.
How a choice comes about stands in `drawing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from symderiv.errors import Mistake, Unreadable
from symderiv.handouts.located import Table, quoted
from symderiv.interface import functions, read
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Head,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    as_expr,
)
from symderiv.language.patterns import join
from symderiv.language.walks import nodes_of, transform

Choice: TypeAlias = "Expr | Head"
"""An expression, or the head of a function."""
Draw: TypeAlias = Mapping[str, Choice]

_RANGE = re.compile(r"\s*(-?\d{1,6})\s*\.\.\s*(-?\d{1,6})\s*(nonzero)?\s*")
_ONE_OF = re.compile(r"\s*one of\s*:(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_MOST = 1_000  # choices of one parameter
_HINT = 'Such as w = "-3..3 nonzero" for whole numbers, or f = "one of: sigmoid, tanh".'


@dataclass(frozen=True)
class Parameter:
    """A name and what may be put in its place."""

    name: str
    choices: tuple[Choice, ...]

    @property
    def is_function(self) -> bool:
        """Whether it stands for functions."""
        return isinstance(self.choices[0], tuple)


def read_parameters(table: Table) -> tuple[Parameter, ...]:
    """The parameters of a handout, in their order."""
    return tuple(_parameter(table, name, value) for name, value in table.values.items())


def _parameter(table: Table, name: str, value: object) -> Parameter:
    if not isinstance(value, str):
        raise table.fail(name, f"{name} is a text in quotes, not {quoted(value)}.", _HINT)
    if not _NAME.fullmatch(name):
        raise table.fail(name, f"A parameter is named by letters, not {name[:40]!r}.")
    span, listed = _RANGE.fullmatch(value), _ONE_OF.fullmatch(value)
    if span:
        numbers = range(int(span[1]), int(span[2]) + 1)
        if len(numbers) > _MOST:
            raise table.fail(name, f"{name} has more than {_MOST:,} choices.")
        choices: tuple[Choice, ...] = tuple(as_expr(k) for k in numbers if k or not span[3])
        if not choices:
            raise table.fail(name, f"No number is left in {value.strip()!r}.", _HINT)
        return Parameter(name, choices)
    if listed is None:
        raise table.fail(name, f"{name} says nothing that can be drawn.", _HINT)
    return Parameter(name, _listed(table, name, value, listed))


def _listed(table: Table, name: str, value: str, listed: re.Match[str]) -> tuple[Choice, ...]:
    found: list[Choice] = []
    spelled = {word: f for f in functions.values() for word in (f.name, *f.also_called)}
    begin = listed.start(1)
    for piece in _pieces(value[begin:]):
        word = piece.strip()
        place = begin + len(piece) - len(piece.lstrip())
        begin += len(piece) + 1
        if word in spelled:
            found.append(spelled[word].head)
            continue
        try:
            found.append(read(word))
        except Unreadable as error:
            where = place + error.position
            raise table.fail(name, error.problem, error.hint, where) from error
    if len({isinstance(choice, Head) for choice in found}) > 1:
        hint = "Functions stand by their names alone, or all with their arguments."
        raise table.fail(name, f"{name} mixes functions and expressions.", hint)
    return tuple(dict.fromkeys(found))


def _pieces(text: str) -> list[str]:
    """The entries of a list, parted at commas that stand in no bracket."""
    found, depth = [""], 0
    for ch in text:
        depth += (ch in "([{") - (ch in ")]}")
        if ch == "," and depth == 0:
            found.append("")
        else:
            found[-1] += ch
    return found


def used_in(expressions: Iterable[Expr], parameters: Iterable[Parameter]) -> tuple[str, ...]:
    """The names of the parameters that stand in expressions, in their order."""
    found: set[str] = set()
    for node in nodes_of(expressions):
        if isinstance(node, Symbol) and node is Symbol(node.name):
            found.add(node.name)
        elif isinstance(node, Apply):
            found.add(node.head.name)
    return tuple(p.name for p in parameters if p.name in found)


def put_in(expr: Expr, draw: Draw) -> Expr:
    """An expression with what was drawn, tidied where something was put in."""
    if not draw:
        return expr

    def change(node: Expr) -> Expr:
        match node:
            case Symbol(name) if node is Symbol(name) and name in draw:
                choice = draw[name]
                if isinstance(choice, Head):
                    raise Mistake(f"{name} stands for a function: write {name}(x).")
                return choice
            case Apply(head, arguments) if head.name in draw:
                chosen = draw[head.name]
                if not isinstance(chosen, Head):
                    raise Mistake(f"{head.name} stands for no function here.")
                known = functions.get(chosen.name)
                if known is not None and len(known.arguments) != len(arguments):
                    wanted = len(known.arguments)
                    raise Mistake(f"{chosen.name} takes {wanted} arguments, not {len(arguments)}.")
                return Apply(chosen, arguments)
            case Derivative(_, variable) if not isinstance(variable, Symbol):
                raise Mistake(f"One does not differentiate by {variable}, which was drawn.")
            case _:
                return tidied(node)

    return transform(expr, change, {})


def tidied(node: Expr) -> Expr:
    """A node as one writes it: no factor 1, no term 0, no two signs beside one another."""
    match node:
        case Negative(Negative(inner)):
            return inner
        case Negative(Number(value=value)) if value == 0:
            return node.operand
        case Power(base, Number("1")):
            return base
        case Power(base, Number("0")) if base is not Number("0"):
            return Number("1")
        case Quotient():
            return _quotient(node)
        case Product(factors):
            return _product(factors)
        case Sum(terms):
            flat = [part for t in terms for part in (t.terms if isinstance(t, Sum) else (t,))]
            kept = [term for term in flat if term is not Number("0")]
            return join(Sum, tuple(kept)) if kept else Number("0")
    return node


def _signed(part: Expr) -> tuple[int, Expr]:
    """The sign of a factor, and the factor without it."""
    return (-1, part.operand) if isinstance(part, Negative) else (1, part)


def _product(factors: tuple[Expr, ...]) -> Expr:
    flat: list[Expr] = []
    sign = 1
    for factor in factors:
        own, body = _signed(factor)
        sign *= own
        flat += body.factors if isinstance(body, Product) else (body,)
    numbers = [f.value for f in flat if isinstance(f, Number) and f.value.denominator == 1]
    coefficient = reduce(lambda a, b: a * b, numbers, Fraction(1))
    rest = [f for f in flat if not (isinstance(f, Number) and f.value.denominator == 1)]
    if coefficient == 0:
        return Number("0")
    front = [Number(str(coefficient))] if coefficient != 1 or not rest else []
    body = join(Product, (*front, *rest))
    return Negative(body) if sign < 0 else body


def _quotient(node: Quotient) -> Expr:
    (above, top), (below, bottom) = _signed(node.numerator), _signed(node.denominator)
    body: Expr = Quotient(top, bottom)
    if isinstance(top, Number) and isinstance(bottom, Number) and bottom.value:
        ratio = top.value / bottom.value
        body = Number(str(ratio.numerator))
        if ratio.denominator != 1:
            body = Quotient(body, Number(str(ratio.denominator)))
    elif bottom is Number("1") or top is Number("0"):
        body = top
    if body is Number("0"):
        return body
    return Negative(body) if above * below < 0 else body
