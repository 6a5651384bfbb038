"""Where an expression changes its form, or ceases to have a value: read from the expression.

A switch is a quantity whose sign decides between cases: u in |u|, a − b in a condition
a > b.  A guard is one that may not be negative: u in log u and √u.  Here belongs only
what is read off; visiting both sides of it belongs to `refuting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from symderiv.catalogue.function import Function
from symderiv.judging.places import bound_indices, moving
from symderiv.judging.points import Setting
from symderiv.judging.preparing import has_switches, unfold
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
    IndexedSum,
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
from symderiv.language.integrals import Integral
from symderiv.language.walks import nodes, symbols_in

_E = Constant("e")


_PLAIN = frozenset((Number, Constant, Symbol, Sum, Product, Negative, Quotient))
_PERHAPS = _PLAIN | {Power, Apply}
_SMOOTH = frozenset(("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "coth", "arctan"))


def is_plain(order: Sequence[Expr], setting: Setting) -> bool:
    """Whether there is nothing to read off these nodes: no case, no root, no logarithm, no sum."""
    if not _PERHAPS.issuperset(map(type, order)):
        return False
    if any(d.members or d.integer for s, d in setting.where.items() if s in order):
        return False
    return all(_plain(node, setting.functions) for node in order if type(node) not in _PLAIN)


def _plain(node: Expr, functions: Mapping[str, Function]) -> bool:
    if isinstance(node, Power):
        return node.base is _E or (
            isinstance(node.exponent, Number) and node.exponent.text.isdigit()
        )
    if not isinstance(node, Apply):
        return type(node) in _PLAIN
    name = node.head.name
    return name in _SMOOTH or (name in functions and _plain_function(functions[name]))


@lru_cache(maxsize=256)
def _plain_function(function: Function) -> bool:
    """Whether a function is defined by what is plain, as the sigmoid is by exponentials."""
    return function.definition is not None and all(
        _plain(node, {}) for node in nodes(function.definition.right)
    )


def switches(exprs: Iterable[Expr], setting: Setting) -> list[Expr]:
    """The quantities whose sign decides between cases, each once."""
    found: dict[Expr, None] = {}
    for node in (n for e in exprs for n in nodes(e)):
        match node:
            case Absolute(operand):
                found[operand] = None
            case Relation(terms):
                found.update({_difference(a, b): None for a, b in pairwise(terms)})
            case Prime(head, _, argument) if has_switches(Apply(head, (argument,)), setting):
                found[argument] = None
    return list(found)


def _difference(one: Expr, other: Expr) -> Expr:
    return one if isinstance(other, Number) and other.value == 0 else one - other


def guards(expr: Expr, setting: Setting) -> list[Expr]:
    """The quantities where `expr` surely has no value as soon as one of them is negative.

    What stands in a case or in a sum is not asked: it may not be needed, or have an index.
    """
    found: dict[Expr, None] = {}
    unfolded = unfold(expr, setting, lambda applied: _partial(applied, setting))
    stack, seen = [unfolded], set[Expr]()
    while stack:
        node = stack.pop()
        if node in seen or isinstance(node, (Cases, IndexedSum, Integral)):
            continue
        seen.add(node)
        found.update({g: None for g in _guard(node, setting) if not _surely_positive(g, setting)})
        stack.extend([node.body] if isinstance(node, Derivative) else node.parts)
    return list(found)


def divisors(expr: Expr, setting: Setting) -> list[Expr]:
    """The denominators that can be zero only at values which lie apart: y in 1/y for 0 or 1.

    There `expr` has no value, and such a point is no border of anything.
    """
    found: dict[Expr, None] = {}
    if not any(domain.members or domain.integer for domain in setting.where.values()):
        return []
    stack, seen = [expr], set[Expr]()
    while stack:
        node = stack.pop()
        if node in seen or isinstance(node, (Cases, IndexedSum, Integral)):
            continue
        seen.add(node)
        below = node.denominator if isinstance(node, Quotient) else None
        if below is not None and symbols_in(below) and not moving(below, setting):
            found[below] = None
        stack.extend([node.body] if isinstance(node, Derivative) else node.parts)
    return list(found)


def _partial(applied: Apply, setting: Setting) -> bool:
    function = setting.functions.get(applied.head.name)
    if function is None or function.definition is None or function.variable.indices:
        return False
    return any(True for node in nodes(function.definition.right) for _ in _guard(node, setting))


def _guard(node: Expr, setting: Setting) -> Iterator[Expr]:
    match node:
        case Apply(head, (argument,)):
            if head.name in ("log", "sqrt"):
                yield argument
            elif head.name in ("arcsin", "arccos", "arctanh"):
                yield 1 - argument**2
            elif head.name == "arccosh":
                yield argument - 1
            elif head.name in ("arcsec", "arccsc", "arccoth"):
                yield argument**2 - 1
            elif head.name == "arcsech":
                yield argument
                yield 1 - argument
        case Power(base, exponent) if base is not _E and _is_root(exponent, setting):
            yield base


def _is_root(exponent: Expr, setting: Setting) -> bool:
    """Whether a negative base has no power of this exponent, nor of those around it."""
    value = rational(exponent)
    if value is not None:
        return value.denominator % 2 == 0
    return isinstance(exponent, Constant) or bool(moving(exponent, setting))


def rational(expr: Expr) -> Fraction | None:
    """The value of a number, with its sign or as a fraction of two; None for anything else."""
    match expr:
        case Number():
            return expr.value
        case Negative(operand):
            size = rational(operand)
            return None if size is None else -size
        case Quotient(Number() as above, Number() as below) if below.value:
            return above.value / below.value
        case _:
            return None


def _surely_positive(expr: Expr, setting: Setting) -> bool:
    """Whether a guard needs no watching: a number, a name or 1 − name with such a domain."""
    value = rational(expr)
    if value is not None:
        return value > 0
    match expr:
        case Symbol():
            lower = setting.domain(expr).lower
            return lower is not None and lower >= 0
        case Sum((Number() as one, Negative(Symbol() as name))) if one.value == 1:
            upper = setting.domain(name).upper
            return upper is not None and upper <= 1
    return False


def unwatched(exprs: Iterable[Expr], setting: Setting) -> bool:
    """Whether a guard stands in a sum, where its sign is not asked."""
    return any(
        True
        for e in exprs
        for total in nodes(e)
        if isinstance(total, (IndexedSum, Integral))
        for node in nodes(total.body)
        for _ in _guard(node, setting)
    )


def names_to_move(expr: Expr, setting: Setting) -> list[Symbol]:
    """The symbols by which a switch can be brought to its border; none below a sum's index."""
    if bound_indices(expr):
        return []
    return moving(expr, setting)[:3]
