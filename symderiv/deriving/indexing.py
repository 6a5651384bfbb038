"""Sums over an index brought to a form without one: what is taken out, picked, or added up.

Each function says what one rule makes of one sum over an index, or nothing where the rule
does not apply.  When to apply them is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from symderiv.catalogue.functions.vectors import kronecker
from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra, indexed
from symderiv.deriving.applying import apply, put, spots, tidy
from symderiv.deriving.lines import Lines
from symderiv.deriving.simplifying import expanded
from symderiv.errors import NoRule
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.patterns import join
from symderiv.language.walks import Dependence, nodes, substitute

Made: TypeAlias = Iterator[Expr]


def entry_by_entry(node: Expr, _: Setting) -> Made:
    """∂z_i/∂z_k is δ_{ik}."""
    match node:
        case Derivative(Symbol() as entry, Symbol() as variable, 1):
            same = (entry.name, entry.accent, entry.layer)
            alike = same == (variable.name, variable.accent, variable.layer)
            if alike and len(entry.indices) == len(variable.indices) == 1:
                yield kronecker(*entry.indices, *variable.indices)


_FREE = tuple(map(Symbol, "jklmpqrs"))


def index_renamed(node: IndexedSum, taken: Expr) -> IndexedSum:
    """A sum with another letter for its index, which stands neither in it nor in `taken`."""
    used = {*nodes(node), *nodes(taken)}
    fresh = next((letter for letter in _FREE if letter not in used), None)
    if fresh is None:
        raise NoRule(f"No letter is left for the index of {node}.")
    return IndexedSum(*(substitute(part, {node.index: fresh}) for part in node.parts))


def refuse_whole_vectors(name: Expr, definition: Expr, between: Iterable[Symbol]) -> None:
    """`NoRule` where a quantity depends on its variable through all entries of a vector."""
    summed = {n.index for n in nodes(definition) if isinstance(n, IndexedSum)}
    for entry in between:
        if not summed.isdisjoint(entry.indices):
            problem = f"{name} depends on every entry of {entry.name}, summed over its index"
            raise NoRule(f"{problem}: write what the entries are into {name}.")


def with_other_letters(node: Expr, _: Setting) -> Made:
    """A sum with each free letter for its index."""
    if isinstance(node, IndexedSum):
        used = {*nodes(node)}
        yield from (substitute(node, {node.index: f}) for f in _FREE if f not in used)


def settle_sums(lines: Lines) -> None:
    """Take out of sums over an index what a delta picks or what adds up to one, step by step."""
    for _ in range(_ROUNDS):
        open_sums = {node for node in nodes(lines.line) if _can_be_settled(node, lines.setting)}
        if not open_sums:
            return  # without a look at all places: a tower has the square of its nodes
        for place, node in [spot for spot in spots(lines.line) if spot[1] in open_sums]:
            made = next(_settled(node, lines.setting), None)
            if made is not None:
                rule, new = made
                line = tidy(put(lines.line, place, new), nodes(lines.line))
                lines.add(rule, line, places=(place,))
                break
        else:
            return


_ROUNDS = 40


def _can_be_settled(node: Expr, setting: Setting) -> bool:
    """Whether a sum has a delta in it, or is a factor before a sum that adds up to one."""
    if not isinstance(node, IndexedSum):
        return False
    entries = (n for n in nodes(node.body) if isinstance(n, Symbol) and n.indices == (node.index,))
    deltas = (n for n in nodes(node.body) if isinstance(n, Apply) and n.head == kronecker.head)
    shares = any(setting.domain(entry).over == str(node.upper) for entry in entries)
    return shares or any(node.index in delta.parts for delta in deltas)


def _settled(node: Expr, setting: Setting) -> Iterator[tuple[Rule, Expr]]:
    """What may be done to such a sum, the shortest way first."""
    for rule in SETTLING:
        yield from ((rule, new) for new in INDEXED[rule](node, setting))
    yield from ((algebra.expand, new) for new in multiplied_out(node, setting))


def write_entry(lines: Lines, entry: Symbol, variable: Expr) -> None:
    """The derivative of one entry of a vector by another; `NoRule` for those of matrices."""
    for delta in entry_by_entry(lines.line, lines.setting):
        lines.add(indexed.entry_by_entry, delta, letters={"x": variable})
        return
    raise NoRule(f"No rule differentiates {entry} by {variable}.")


def sum_of_sums(node: Expr, _: Setting) -> Made:
    """A sum of differences is a difference of sums."""
    if made := apply(indexed.sum_of_sums, node):
        yield made[0]


def multiplied_out(node: Expr, _: Setting) -> Made:
    """The brackets in each term of a sum over an index are opened."""
    if isinstance(node, IndexedSum):
        terms = expanded(node.body)
        if terms != [node.body] and len(terms) > 1:
            yield IndexedSum(Sum(terms), *node.parts[1:])


def factor_before_the_sum(node: Expr, _: Setting) -> Made:
    """What does not depend on the index stands in front; a minus sign too."""
    match node:
        case IndexedSum(Negative(body), index, lower, upper):
            yield Negative(IndexedSum(body, index, lower, upper))
        case IndexedSum(Product(factors), index, lower, upper):
            depends = Dependence(index)
            still = [factor for factor in factors if not _holds(factor, depends)]
            rest = [factor for factor in factors if factor not in still]
            if still and rest:
                yield join(Product, (*still, IndexedSum(join(Product, rest), index, lower, upper)))
        case IndexedSum(Quotient(above, below), index, lower, upper):
            if not _holds(below, Dependence(index)):
                yield Quotient(IndexedSum(above, index, lower, upper), below)


def _holds(expr: Expr, depends: Dependence) -> bool:
    """Whether an index stands anywhere in `expr`, as the index of an entry too."""
    stack = [expr]
    while stack:
        node = stack.pop()
        if depends(node) and node is depends.variable:
            return True
        stack.extend(node.parts)
    return False


def delta_picks(node: Expr, _: Setting) -> Made:
    """Of all terms, the one whose index the delta names."""
    if not isinstance(node, IndexedSum):
        return
    factors = node.body.factors if isinstance(node.body, Product) else (node.body,)
    for factor in factors:
        match factor:
            case Apply(head, (one, other)) if head == kronecker.head and node.index in (one, other):
                named = other if one is node.index else one
                rest = [f for f in factors if f is not factor] or [Number("1")]
                if named is not node.index:
                    yield tidy(substitute(join(Product, rest), {node.index: named}), ())


def probabilities_add_up_to_one(node: Expr, setting: Setting) -> Made:
    """Probabilities of all that may happen."""
    match node:
        case IndexedSum(Symbol() as entry, index, Number("1"), upper) if entry.indices == (index,):
            if setting.domain(entry).over == str(upper):
                yield Number("1")


INDEXED: Mapping[Rule, Callable[[Expr, Setting], Made]] = {
    indexed.entry_by_entry: entry_by_entry,
    indexed.index_renamed: with_other_letters,
    indexed.sum_of_sums: sum_of_sums,
    indexed.factor_before_the_sum: factor_before_the_sum,
    indexed.delta_picks: delta_picks,
    indexed.probabilities_add_up_to_one: probabilities_add_up_to_one,
}
"""What each rule of sums over an index makes of a node."""

SETTLING = (
    indexed.delta_picks,
    indexed.probabilities_add_up_to_one,
    indexed.factor_before_the_sum,
    indexed.sum_of_sums,
)
"""The rules that take something out of a sum over an index, in the order of use."""
