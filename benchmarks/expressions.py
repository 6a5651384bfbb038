"""The inputs: random expressions of a given size, and towers of functions; seeded, never typed."""

from __future__ import annotations

from random import Random

from symderiv.language.build import E, symbol
from symderiv.language.expressions import (
    Apply,
    Expr,
    Head,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from symderiv.language.walks import size

X = symbol("x")
_CALLED = ("sin", "cos", "log")
_UNARY = (*_CALLED, "exp", "power")
_BINARY = (Sum, Sum, Product, Product, Quotient)
_CHAIN = ("sin", "cos", "exp")


def random_expression(nodes: int, seed: int) -> Expr:
    """An expression in x of exactly `nodes` nodes: + * / ^n sin cos exp log, about balanced."""
    made = _grown(nodes, Random(seed))  # noqa: S311 (no secret: the same inputs in every run)
    assert size(made) == nodes, size(made)
    return made


def _grown(nodes: int, random: Random) -> Expr:
    if nodes == 1:
        return X if random.random() < 0.7 else Number(str(random.randint(2, 9)))
    if nodes == 2:
        return _called(random.choice(_CALLED), X)
    if nodes < 5 or random.random() < 0.35:
        return _applied(random.choice(_UNARY), nodes, random)
    left = (nodes - 1) // 2 + random.randint(-(nodes // 6), nodes // 6)
    kind = random.choice(_BINARY)
    parts = (_grown(left, random), _grown(nodes - 1 - left, random))
    return Quotient(*parts) if kind is Quotient else kind(parts)


def _applied(name: str, nodes: int, random: Random) -> Expr:
    if name == "power":
        return Power(_grown(nodes - 2, random), Number(str(random.randint(2, 4))))
    if name == "exp":
        return Power(E, _grown(nodes - 2, random))
    return _called(name, _grown(nodes - 1, random))


def _called(name: str, argument: Expr) -> Expr:
    return Apply(Head(name, f"\\{name}"), (argument,))


def tower(levels: int) -> Expr:
    """sin(cos(exp(sin(…x…)))) with so many functions."""
    expr: Expr = X
    for level in range(levels):
        name = _CHAIN[level % 3]
        expr = Power(E, expr) if name == "exp" else _called(name, expr)
    return expr
