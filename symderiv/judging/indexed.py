"""Sums over an index, rewritten before anything is computed: names of indices, single terms.

Each sum counts by a name of its own, the same for sums of the same depth, so that
Σ_j a_j and Σ_k a_k are one node.  A term of which the index is compared with something,
[j = i], is taken out: Σ_j f(j) is Σ_j g(j) + f(i) - g(i) with the comparison failed in g,
if i is one of the values of j.  Here belongs what can be seen from the form alone; how a
sum is computed stands in `sums`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from symderiv.language.build import E
from symderiv.language.expressions import (
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes, substitute, symbols_in, transform

_FIRST = ord("①")  # a letter of its own, as indices are, that no reader reads
_NODES = 2_000  # of sums that are written out
_FAILED = {sign: Relation((Number("1"), Number("0")), (sign,)) for sign in ("=", "!=")}


class Indices:
    """The names by which the sums of one proof count."""

    def __init__(self) -> None:
        self._names: list[Symbol] = []
        self._written: dict[Expr, Expr] = {}
        self._free: dict[Expr, frozenset[Expr]] = {}
        self._without: set[Expr] = set()  # nodes in which no sum stands
        self.limits: dict[Expr, set[tuple[Expr, Expr]]] = {}

    def renamed(self, expr: Expr) -> Expr:
        """`expr` with each sum counting by the name for its depth."""
        new = nodes(expr, self._without)
        if any(isinstance(node, IndexedSum) for node in new):
            return transform(expr, self._rename, {})
        self._without.update(new)
        return expr

    def _rename(self, node: Expr) -> Expr:
        return self.name(node) if isinstance(node, IndexedSum) else node

    def name(self, node: IndexedSum) -> IndexedSum:
        """A sum counting by the name for its depth; those inside it have their names already."""
        name = self._name_for(node)
        self._written.setdefault(name, node.index)
        body = _apart(substitute(node.body, {node.index: name}), name)
        self.limits.setdefault(name, set()).add((node.lower, node.upper))
        return IndexedSum(body, name, node.lower, node.upper)

    def apart(self, body: Expr, index: Expr) -> Expr:
        """`body` with no sum in it that counts by `index`, which runs around it."""
        name = self._name_for(IndexedSum(body, index, Number("1"), Number("1")))

        def change(node: Expr) -> Expr:
            if not isinstance(node, IndexedSum) or node.index is not index:
                return node
            self._written.setdefault(name, node.index)
            self.limits.setdefault(name, set()).add((node.lower, node.upper))
            return node.with_parts((substitute(node.body, {index: name}), name, *node.parts[2:]))

        return transform(body, change, {})

    def _name_for(self, node: IndexedSum) -> Symbol:
        """The first name that means nothing else in the body, and is no inner sum's."""
        listed = set(nodes(node.body)) - {node.index}
        inner = {n.index for n in listed if isinstance(n, IndexedSum)}
        taken = [k for k, name in enumerate(self._names) if name in listed or name in inner]
        depth = max(taken, default=-1) + 1
        while len(self._names) <= depth:
            self._names.append(Symbol(chr(_FIRST + len(self._names))))
        return self._names[depth]

    def bound(self, expr: Expr) -> bool:
        """Whether an index of a sum stands in `expr` that runs outside of it."""
        return bool(self._written and self._running(expr))

    def runs(self, index: Expr, expr: Expr) -> bool:
        """Whether `expr` changes with this index of a sum around it."""
        return index in self._running(expr)

    def _running(self, expr: Expr) -> frozenset[Expr]:
        """The indices of sums in `expr` that run outside of it."""
        free = self._free
        for node in nodes(expr, free):
            inside = frozenset().union(*(free[part] for part in node.parts))
            if isinstance(node, IndexedSum):
                inside -= {node.index}
            free[node] = inside | {node} if node in self._written else inside
        return free[expr]

    def counts(self, expr: Expr) -> bool:
        """Whether `expr` is computed with the index of a sum, not only with entries."""
        return not self._written.keys().isdisjoint(symbols_in(expr))

    def written(self, expr: Expr) -> Expr:
        """`expr` with the indices as they were typed."""
        return substitute(expr, self._written)


class Split(NamedTuple):
    """A sum with single terms taken out, and which values its index must have for that."""

    expr: Expr
    within: tuple[tuple[Expr, Expr, Expr], ...]


def split(node: IndexedSum) -> Split | None:
    """The terms of a sum with whose index something is compared; None where nothing is."""
    compared = dict(_compared(node))
    if not compared:
        return None
    failed: Mapping[Expr, Expr] = {relation: _FAILED[relation.signs[0]] for relation in compared}
    rest = substitute(node.body, failed)
    terms: list[Expr] = [node.with_parts((rest, *node.parts[1:]))]
    values = dict.fromkeys(compared.values())
    for value in values:
        put = {node.index: value}
        terms += [substitute(node.body, put), Negative(substitute(rest, put))]
    return Split(Sum(terms), tuple((node.lower, value, node.upper) for value in values))


def in_full(expr: Expr) -> Expr:
    """`expr` with each sum written out whose limits are numbers, as long as it stays short."""
    left = _NODES

    def change(node: Expr) -> Expr:
        nonlocal left
        match node:
            case IndexedSum(body, index, Number() as lower, Number() as upper):
                count = max(0, int(upper.value) - int(lower.value) + 1)
                left -= count * len(nodes(body))
                if left < 0:
                    return node
                values = [Number(str(int(lower.value) + k)) for k in range(count)]
                terms = [substitute(body, {index: value}) for value in values]
                return Sum(terms) if len(terms) > 1 else terms[0] if terms else Number("0")
        return node

    return transform(expr, change, {})


def _compared(node: IndexedSum) -> Iterator[tuple[Relation, Expr]]:
    """The equations in a sum between its index and something else, and what that is."""
    listed = nodes(node.body)
    inner = {n.index for n in listed if isinstance(n, IndexedSum)}
    for relation in listed:
        if not isinstance(relation, Relation) or relation.signs not in (("=",), ("!=",)):
            continue
        one, other = relation.terms
        for index, value in ((one, other), (other, one)):
            inside = set(nodes(value))
            if index is node.index and index not in inside and inside.isdisjoint(inner):
                yield relation, value
                break


def _apart(body: Expr, index: Symbol) -> Expr:
    """`body` with e^(z_j + b) as e^(z_j) · e^b, so that what does not count can be taken out."""

    def change(node: Expr) -> Expr:
        if not isinstance(node, Power) or node.base is not E or not isinstance(node.exponent, Sum):
            return node
        parts: dict[bool, list[Expr]] = {True: [], False: []}
        for term in node.exponent.terms:
            parts[index in nodes(term)].append(term)
        if not all(parts.values()):
            return node
        sums = [terms[0] if len(terms) == 1 else Sum(terms) for terms in parts.values()]
        return Product(Power(E, exponent) for exponent in sums)

    return transform(body, change, {})
