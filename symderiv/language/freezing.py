"""An expression as a flat list of rows, for pickling: nothing recurses over its depth.

A row is a node's class, what it holds besides nodes, and the numbers of the rows of
its children.  Only pickling belongs here.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from symderiv.language.arrays import Elementwise, Matrix, in_rows
from symderiv.language.expressions import (
    Apply,
    Cases,
    Expr,
    Head,
    Product,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes

Row: TypeAlias = tuple[Any, tuple[Any, ...], list[int]]


def freeze(expr: Expr) -> list[Row]:
    """The nodes below `expr`, children first, for pickling at any depth."""
    places: dict[Expr, int] = {}
    rows: list[Row] = []
    for node in nodes(expr):
        places[node] = len(rows)
        fields = [getattr(node, name) for name in node.__match_args__]
        atoms = tuple(None if _holds_nodes(field) else field for field in fields)
        if isinstance(node, Matrix):  # nodes in tuples in a tuple: what holds no nodes is its width
            atoms = (node.shape[1],)
        rows.append((type(node), atoms, [places[part] for part in node.parts]))
    return rows


def _holds_nodes(value: object) -> bool:
    if isinstance(value, tuple) and not isinstance(value, Head):
        return all(isinstance(item, Expr) for item in value)
    return isinstance(value, Expr)


def thaw(rows: list[Row]) -> Expr:
    """The expression that these rows describe."""
    made: list[Expr] = []
    for cls, atoms, places in rows:
        made.append(_rebuild(cls, atoms, tuple(made[place] for place in places)))
    return made[-1]


def _rebuild(cls: Any, atoms: tuple[Any, ...], parts: tuple[Expr, ...]) -> Expr:
    """A node from its atoms (None where a child or children stood) and its children."""
    if cls in (Sum, Product, Elementwise):
        return cls(parts)  # type: ignore[no-any-return]
    if cls is Matrix:
        return in_rows(parts, *atoms)
    if cls is Cases:
        half = len(parts) // 2
        return Cases(parts[:half], parts[half:])
    tuples = {Symbol: "indices", Apply: "arguments", Relation: "terms"}
    rest = iter(parts)
    fields = [
        (parts if name == tuples.get(cls) else next(rest)) if atom is None else atom
        for name, atom in zip(cls.__match_args__, atoms, strict=True)
    ]
    return cls(*fields)  # type: ignore[no-any-return]
