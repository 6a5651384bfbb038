"""What is done to two expressions before they are judged, and how much work they will be.

Definitions are put in, functions with a kink are written out, and derivatives of which
nothing is known become names.  Here belong only changes that no value can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from symderiv.errors import Mistake, NoRule
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Derivative,
    Expr,
    IndexedSum,
    Indicator,
    Number,
    Relation,
    Symbol,
)
from symderiv.language.indices import is_label
from symderiv.language.integrals import Integral
from symderiv.language.walks import nodes, substitute, transform

BOUNDLESS = 10**9  # more work than anybody has
_MOST_UNFOLDINGS = 20  # of functions whose definition uses functions
_TERMS = 8  # of a sum whose limit is a name
_PLACES = 500  # at which an integrand is evaluated
_DEEPEST = 30  # sums and derivatives in one another


# --- definitions ---------------------------------------------------------------------------


def without_definitions(expr: Expr, definitions: Mapping[Symbol, Expr]) -> Expr:
    """`expr` with what its names stand for; a name by which is differentiated stays.

    Raises `Mistake` where a name is defined by itself.
    """
    if not definitions:
        return expr
    known = dict(definitions)
    for by in _variables((expr, *definitions.values())):
        if isinstance(by, Symbol):
            known.pop(by, None)
    done: dict[Expr, Expr] = {}
    begun: set[Expr] = set()
    # a name, and what it stands for
    stack: list[tuple[Expr, Expr]] = [(expr, expr)]
    if isinstance(expr, Symbol):
        stack = [(expr, known.get(expr, expr))]
    while stack:
        name, body = stack[-1]
        waiting = [] if name in done else _named(body, done, known)
        if not waiting:
            stack.pop()
            done[name] = transform(body, lambda node: node, done)
            continue
        begun.add(name)
        for other in waiting:
            if other in begun:
                raise Mistake(f"{other} is defined by itself: say what it is without it.")
            stack.append((other, known[other]))
    return done[expr]


def _variables(exprs: Iterable[Expr]) -> set[Expr]:
    return {n.variable for e in exprs for n in nodes(e) if isinstance(n, Derivative)}


def _named(body: Expr, done: Mapping[Expr, Expr], known: dict[Symbol, Expr]) -> list[Symbol]:
    """The symbols in `body` that stand for something, an entry ŷ_2 by what ŷ_i is."""
    found = []
    for node in nodes(body, done):
        if isinstance(node, Symbol):
            if node.indices and node not in known:
                take_entry(node, known)
            if node in known:
                found.append(node)
    return list(dict.fromkeys(found))


def take_entry(entry: Symbol, known: dict[Symbol, Expr]) -> None:
    """Add to `known` what ŷ_2 is, where it says what ŷ_i is for every i."""
    for pattern, body in known.items():
        same = (pattern.name, pattern.accent, pattern.layer, len(pattern.indices)) == (
            *(entry.name, entry.accent, entry.layer),
            len(entry.indices),
        )
        if same and all(isinstance(i, Symbol) and not is_label(i) for i in pattern.indices):
            bound = {n.index for n in nodes(body) if isinstance(n, IndexedSum)}
            fresh: dict[Expr, Expr] = {
                i: Symbol(i.name, "bar", i.layer) for i in bound if isinstance(i, Symbol)
            }
            body = substitute(body, fresh)
            known[entry] = substitute(body, dict(zip(pattern.indices, entry.indices, strict=True)))
            return


# --- functions with a kink -----------------------------------------------------------------


def with_switches(expr: Expr, setting: Setting) -> Expr:
    """`expr` with every function written out that is defined by cases, such as ReLU."""
    return unfold(expr, setting, lambda applied: has_switches(applied, setting))


def unfold(expr: Expr, setting: Setting, wanted: Callable[[Apply], bool]) -> Expr:
    """`expr` with the functions that are `wanted` replaced by their definitions."""

    def change(node: Expr) -> Expr:
        if not isinstance(node, Apply) or not wanted(node):
            return node
        try:
            return setting.functions[node.head.name].unfolded(node)
        except NoRule:  # of vectors that have no name
            return node

    for _ in range(_MOST_UNFOLDINGS):
        if not any(isinstance(node, Apply) and wanted(node) for node in nodes(expr)):
            break
        expr = transform(expr, change, {})
    return expr


def has_switches(applied: Apply, setting: Setting, depth: int = _MOST_UNFOLDINGS) -> bool:
    """Whether the definition of a function has cases in it, or a function that has."""
    function = setting.functions.get(applied.head.name)
    if function is None or function.definition is None or depth == 0:
        return False
    return any(
        isinstance(node, (Absolute, Cases, Indicator, Relation))
        or (isinstance(node, Apply) and has_switches(node, setting, depth - 1))
        for node in nodes(function.definition.right)
    )


def is_switch(node: Expr, setting: Setting) -> bool:
    """Whether a node is one thing here and another there."""
    return isinstance(node, (Absolute, Cases, Indicator)) or (
        isinstance(node, Apply) and has_switches(node, setting)
    )


# --- what is not known ---------------------------------------------------------------------


def with_names_for_unknowns(expr: Expr) -> Expr:
    """`expr` with a name for ∂L/∂z where nothing is said of how L depends on z."""
    return transform(expr, lambda node: Symbol(str(node)) if is_unknown(node) else node, {})


def is_unknown(node: Expr) -> bool:
    """Whether a node is the derivative of one bare name by another, not of entries of one."""
    if not isinstance(node, Derivative):
        return False
    body, by = node.body, node.variable
    if not (isinstance(body, Symbol) and isinstance(by, Symbol)):
        return not isinstance(by, Symbol)
    return (body.name, body.accent, body.layer) != (by.name, by.accent, by.layer)


# --- how much work -------------------------------------------------------------------------


def work(exprs: Iterable[Expr], order: Sequence[Expr], setting: Setting) -> int:
    """About how many nodes one evaluation of all meets: a sum's body once for each term.

    `order` are the nodes of all, each once.
    """
    kinds = set(map(type, order))
    if not kinds.isdisjoint((Derivative, IndexedSum, Integral)):
        return sum(_repeated(expr, setting) for expr in exprs)
    calls = [node for node in order if isinstance(node, Apply)] if Apply in kinds else ()
    return len(order) + sum(_body(call, setting) for call in calls)


def _repeated(expr: Expr, setting: Setting) -> int:
    spent: dict[Expr, int] = {}
    depth: dict[Expr, int] = {}
    for node in nodes(expr):
        below = max((depth[part] for part in node.parts), default=0)
        depth[node] = below
        if isinstance(node, (Derivative, IndexedSum, Integral)):
            depth[node] = below + 1
            spent[node] = min(BOUNDLESS, _repeats(node) * _region(node.body, spent, setting))
    if depth[expr] > _DEEPEST:
        return BOUNDLESS
    return min(BOUNDLESS, _region(expr, spent, setting))


def _region(expr: Expr, spent: Mapping[Expr, int], setting: Setting) -> int:
    """The nodes down to sums and derivatives, and what these have been found to cost."""
    if expr in spent:
        return spent[expr]
    inside = nodes(expr, spent)
    closed = {part for node in inside for part in node.parts if part in spent}
    calls = [node for node in inside if isinstance(node, Apply)]
    return len(inside) + sum(spent[c] for c in closed) + sum(_body(c, setting) for c in calls)


def _body(applied: Apply, setting: Setting) -> int:
    function = setting.functions.get(applied.head.name)
    return 6 if function is not None and function.definition is not None else 0


def _repeats(node: Expr) -> int:
    """How often the body of a sum or derivative is evaluated, a longer series counted as more."""
    if isinstance(node, Derivative):
        return 1 + node.order
    if isinstance(node, Integral):
        return _PLACES
    if isinstance(node, IndexedSum) and isinstance(node.upper, Number):
        return min(64, 1 + int(node.upper.value))
    return _TERMS
