"""Ways to look at an expression and to put something else in its place.

A place is the path of child numbers from the root, `(1, 0)` the first child of
the second child.  Everything here is a loop with a stack: nothing recurses over
the input's depth, and a shared subexpression is visited once.  What the nodes
*mean* belongs elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from symderiv.language.expressions import Apply, Expr, IndexedSum, Number, Symbol
from symderiv.language.indices import is_label, offset
from symderiv.language.integrals import Integral

Place: TypeAlias = tuple[int, ...]


def nodes(expr: Expr, known: Container[Expr] = ()) -> list[Expr]:
    """Every different node of `expr` that is not in `known`, children before parents."""
    return nodes_of((expr,), known)


def nodes_of(exprs: Iterable[Expr], known: Container[Expr] = ()) -> list[Expr]:
    """Every different node of all of `exprs`, children before parents, the first one's first."""
    done: dict[Expr, None] = {}
    stack: list[Expr | None] = [*exprs]
    stack.reverse()
    pop, push = stack.pop, stack.append
    while stack:  # the hottest loop: children are not looked at twice
        node = pop()
        if node is None:  # all children of the node below this mark are done
            done[pop()] = None  # type: ignore[index]
        elif node not in done and node not in known:
            if node.parts:
                push(node)
                push(None)
                stack += node.parts[::-1]
            else:
                done[node] = None
    return list(done)


def transform(expr: Expr, change: Callable[[Expr], Expr], done: dict[Expr, Expr]) -> Expr:
    """`expr` with `change` applied to every node, children first; `done` holds fixed results.

    A node that stands in `done` beforehand is replaced and not looked into.
    """
    for node in nodes(expr, done):
        parts = tuple([done[part] for part in node.parts])
        done[node] = change(node if parts == node.parts else node.with_parts(parts))
    return done[expr]


def substitute(expr: Expr, replacements: Mapping[Expr, Expr]) -> Expr:
    """`expr` with each key of `replacements` replaced, everywhere and at once.

    Bound indices are replaced like any symbol: a caller never replaces one.
    """
    return transform(expr, lambda node: node, dict(replacements))


def fill_in(form: Sequence[Expr], replacements: Mapping[Expr, Expr]) -> Expr:
    """`substitute` in an expression of which the `nodes` are at hand, as where it is a form that
    is filled time and again; a third of the time."""
    done = dict(replacements)
    for node in form:
        if node not in done:
            parts = tuple([done[part] for part in node.parts]) if node.parts else ()
            done[node] = node if parts == node.parts else node.with_parts(parts)
    return done[form[-1]]


def at(expr: Expr, place: Place) -> Expr:
    """The subexpression at a place."""
    for number in place:
        expr = expr.parts[number]
    return expr


def replace(expr: Expr, place: Place, new: Expr) -> Expr:
    """`expr` with `new` at `place`."""
    path = [expr]
    for number in place:
        path.append(path[-1].parts[number])
    for number, parent in zip(reversed(place), reversed(path[:-1]), strict=True):
        parts = parent.parts
        new = parent.with_parts((*parts[:number], new, *parts[number + 1 :]))
    return new


def places(expr: Expr, found: Callable[[Expr], bool]) -> Iterator[Place]:
    """The places of the outermost nodes that `found` accepts, from left to right."""
    stack: list[tuple[Expr, Place]] = [(expr, ())]
    while stack:
        node, place = stack.pop()
        if found(node):
            yield place
        else:
            stack.extend((node.parts[k], (*place, k)) for k in reversed(range(len(node.parts))))


def size(expr: Expr) -> int:
    """The number of nodes, shared ones counted each time that they are written."""
    counts: dict[Expr, int] = {}
    for node in nodes(expr):
        counts[node] = 1 + sum(counts[part] for part in node.parts)
    return counts[expr]


def symbols_in(expr: Expr) -> tuple[Symbol, ...]:
    """The symbols that stand in `expr` in the order of their first appearance.

    Bound indices and variables of integration do not count, nor does the index of an entry:
    ŷ_j counts as ŷ_j.
    """
    found: dict[Symbol, None] = {}
    bound: set[Expr] = set()
    seen: set[Expr] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Symbol):
            found[node] = None
        elif node.parts and node not in seen:
            seen.add(node)
            stack += node.parts[::-1]
            if isinstance(node, (IndexedSum, Integral)):
                bound.add(node.parts[1])
    return tuple([s for s in found if s not in bound] if bound else found)


def bound_by(node: Expr) -> Expr | None:
    """The index of a sum, the variable of an integral; None for other nodes."""
    match node:
        case IndexedSum(_, index):
            return index
        case Integral(_, variable):
            return variable
    return None


def may_be_same(one: Expr, other: Expr) -> bool:
    """Whether two symbols can name one quantity: ŷ_j may be ŷ_i, ŷ_1 is never ŷ_2.

    Nor is ŷ_{i+1} ever ŷ_i, nor w_in ever w_out or w_i; T_0 and x_max are no entries of T and x
    but names of their own.
    """
    if one is other:
        return True
    if not (isinstance(one, Symbol) and isinstance(other, Symbol)):
        return False
    if (one.name, one.accent, one.layer) != (other.name, other.accent, other.layer):
        return False
    if not one.indices or not other.indices:  # a whole vector and an entry of it, or T and T_0
        return not any(map(_names_another, (*one.indices, *other.indices)))
    if any(is_label(i) or is_label(j) for i, j in zip(one.indices, other.indices, strict=False)
           if i is not j):  # fmt: skip
        return False
    pairs = zip(map(offset, one.indices), map(offset, other.indices), strict=False)
    return not any(start is begin and a != b for (start, a), (begin, b) in pairs)


def _names_another(index: Expr) -> bool:
    """Whether an index is no count: 0, as in T_0, or a word, as in x_max."""
    if isinstance(index, Symbol):
        return len(index.name) > 1 and not index.indices and index.name.isascii()
    return isinstance(index, Number) and index.text == "0"


class Dependence:
    """Whether an expression depends on `variable`; answers are remembered node by node.

    `definitions` lets a named quantity depend on what it stands for; `hidden` says of a
    function's name which parameters it has that do not stand among the arguments.
    """

    def __init__(
        self,
        variable: Expr,
        definitions: Mapping[Symbol, Expr] | None = None,
        hidden: Callable[[str], Iterable[Symbol]] = lambda _: (),
    ) -> None:
        self.variable = variable
        self._definitions = definitions or {}
        self._hidden = hidden
        self._known: dict[Expr, bool] = {}

    def __call__(self, expr: Expr) -> bool:
        known = self._known
        answer = known.get(expr)
        if answer is not None:
            return answer
        for node in nodes(expr, known):
            below = any(known[part] for part in node.parts)
            known[node] = below or self._itself(node)
        return known[expr]

    def _itself(self, node: Expr) -> bool:
        if isinstance(node, Apply):
            return any(self._itself(symbol) for symbol in self._hidden(node.head.name))
        if not isinstance(node, Symbol):
            return False
        if node in self._definitions and not may_be_same(node, self.variable):
            self._known[node] = False  # a name that stands for itself ends here
            return self(self._definitions[node])
        return may_be_same(node, self.variable)
