"""Patterns: expressions with letters, matched as written and filled again.

A letter stands for any expression of its kind.  A product or sum of two letters
matches one of many parts: a letter for constants takes every constant part, a
letter for anything takes the first, and the last letter takes the rest.  Nothing
is reordered here (only constants are picked out), and nothing is simplified:
filling joins a sum into a sum and a product into a product, as on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Self

from symderiv.language.arrays import Matrix
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Negative,
    Number,
    Prime,
    Product,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.interning import intern

Letters = Mapping[str, Expr]


_bits: dict[type[Expr], int] = {}
_REPEATS = 1  # the lowest bit: some part stands twice


def glance(node: Expr) -> int:
    """What a glance at the parts of a node shows, as bits: for each kind, one and a second.

    A pattern can only match a node that shows all of the pattern's bits (its letters show none).
    """
    seen, parts = 0, node.parts
    for part in parts:
        kind = type(part)
        if kind is not Letter:
            bit = _bits.get(kind) or _bits.setdefault(kind, 2 << 2 * len(_bits))
            seen |= bit << 1 if seen & bit else bit
    if len(parts) > 1 and len(set(parts)) < len(parts):
        seen |= _REPEATS
    return seen


class Letter(Expr):
    """A letter of a pattern.

    `kind` says what it may stand for: `anything`, `constant` (free of the variable
    of differentiation), `number`, `variable` (a symbol), or `group`: anything, and
    its brackets stay where it is filled into a sum of sums or a product of products.
    """

    __slots__ = ("kind", "name")
    __match_args__ = ("name", "kind")
    name: str
    kind: str

    def __new__(cls, name: str, kind: str = "anything") -> Self:
        return intern(cls, (name, kind), ())  # type: ignore[no-any-return]


def letters(names: str, kind: str = "anything") -> tuple[Letter, ...]:
    """Letters of one kind, separated by blanks."""
    return tuple(Letter(name, kind) for name in names.split())


def match(
    pattern: Expr, expr: Expr, depends: Callable[[Expr], bool] = lambda _: False
) -> dict[str, Expr] | None:
    """What each letter stands for if `expr` is of the form `pattern`, else None.

    `depends` tells whether an expression depends on the variable of differentiation.
    A letter that stands twice must stand for the same expression.
    """
    found: dict[str, Expr] = {}
    stack = [(pattern, expr)]
    while stack:
        wanted, given = stack.pop()
        if isinstance(wanted, Letter):
            held = found.setdefault(wanted.name, given)
            if held is not given or not _is_kind(wanted.kind, given, depends):
                return None
        elif wanted is given:
            continue
        elif type(wanted) is not type(given) or not wanted.parts:
            return None
        elif isinstance(wanted, (Sum, Product)):
            pairs = _pair(wanted, given, depends)
            if pairs is None:
                return None
            stack += pairs
        elif _same_atoms(wanted, given):
            stack += zip(wanted.parts, given.parts, strict=True)
        else:
            return None
    return found


def _is_kind(kind: str, expr: Expr, depends: Callable[[Expr], bool]) -> bool:
    if kind in ("anything", "group"):
        return True
    if kind == "constant":
        return not depends(expr)
    if kind == "number":
        return is_numeric(expr)
    return isinstance(expr, Symbol)


def is_numeric(expr: Expr) -> bool:
    """Whether `expr` is a number with its sign, or a fraction of two numbers."""
    if isinstance(expr, Negative):
        expr = expr.operand
    return isinstance(expr, Number) or (
        len(expr.parts) == 2
        and type(expr).__name__ == "Quotient"
        and all(isinstance(part, Number) for part in expr.parts)
    )


_ATOMS: dict[type[Expr], tuple[str, ...]] = {
    Apply: ("head",),
    Prime: ("head", "order"),
    Derivative: ("order",),
    Relation: ("signs",),
    Matrix: ("shape",),
    Symbol: ("name", "accent", "layer"),
}


def _same_atoms(wanted: Expr, given: Expr) -> bool:
    """Whether two nodes of one class agree in what is not a child."""
    if len(wanted.parts) != len(given.parts):
        return False
    names = _ATOMS.get(type(wanted), ())
    return all(getattr(wanted, name) == getattr(given, name) for name in names)


def _pair(
    wanted: Sum | Product, given: Expr, depends: Callable[[Expr], bool]
) -> list[tuple[Expr, Expr]] | None:
    """Which part of the pattern meets which part of the expression."""
    parts = given.parts
    pairs: list[tuple[Expr, Expr]] = []
    open_parts: list[Expr] = []
    for part in wanted.parts:
        if isinstance(part, Letter) and part.kind == "constant" and _has_open(wanted):
            taken = [p for p in parts if not depends(p)]
            if not taken:
                return None
            pairs.append((part, join(type(wanted), taken)))
            parts = tuple(p for p in parts if depends(p))
        else:
            open_parts.append(part)
    if len(parts) < len(open_parts):
        return None
    if len(parts) > len(open_parts):
        if not open_parts or not isinstance(open_parts[-1], Letter):
            return None
        last = len(open_parts) - 1
        parts = (*parts[:last], join(type(wanted), parts[last:]))
    return pairs + list(zip(open_parts, parts, strict=True))


def _has_open(pattern: Expr) -> bool:
    """Whether a part of the pattern other than a constant is there to take the rest."""
    return any(not (isinstance(p, Letter) and p.kind == "constant") for p in pattern.parts)


def _joined_as_written(pattern: Sum | Product, parts: Iterable[Expr]) -> Expr:
    """A sum or product of these parts; what a letter brought is opened, written brackets stay."""
    kind = type(pattern)
    flat: list[Expr] = []
    for part, filled in zip(pattern.parts, parts, strict=True):
        brought = isinstance(part, Letter) and part.kind != "group"
        flat.extend(filled.parts if brought and _opens(filled, kind) else (filled,))
    if kind is Product and isinstance(flat[0], Negative):
        return Negative(Product((flat[0].operand, *flat[1:])))
    return kind(flat)


_LONG = 12  # a longer product keeps its brackets: opening it at each of n levels costs n²


def _opens(part: Expr, kind: type[Expr]) -> bool:
    return type(part) is kind and (kind is Sum or len(part.parts) <= _LONG)


def join(kind: type[Expr], parts: Iterable[Expr]) -> Expr:
    """A sum or product of these parts, with sums in a sum and products in a product opened.

    A minus of the first factor comes out to the front, where it is read anyway.
    """
    flat: list[Expr] = []
    for part in parts:
        flat.extend(part.parts if _opens(part, kind) else (part,))
    if len(flat) == 1:
        return flat[0]
    if kind is Sum:
        return Sum(flat)
    if isinstance(flat[0], Negative):
        return Negative(join(Product, (flat[0].operand, *flat[1:])))
    return Product(flat)


def fill(
    pattern: Expr,
    meaning: Letters,
    *,
    partial: bool = False,
    finish: Callable[[Expr], Expr] = lambda made: made,
) -> Expr:
    """`pattern` with its letters replaced; derivatives in it are partial if `partial` says so.

    `finish` may change each node that is made, children first; what a letter brings stays.
    """
    if isinstance(pattern, Letter):
        return meaning[pattern.name]
    if not pattern.parts:
        return pattern
    if isinstance(pattern, (Sum, Product)):
        parts = [fill(p, meaning, partial=partial, finish=finish) for p in pattern.parts]
        return finish(_joined_as_written(pattern, parts))
    filled = tuple([fill(p, meaning, partial=partial, finish=finish) for p in pattern.parts])
    if isinstance(pattern, Derivative):
        return finish(Derivative(filled[0], filled[1], pattern.order, partial))
    return finish(pattern.with_parts(filled))
