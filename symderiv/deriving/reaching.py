"""From a line to a form that is known beforehand: a chain of named rules between the two.

The goal is a claim (the slope in the catalogue), never an answer: every line on the way is
made by a rule.  Rules are tried forward from the line and backward from the goal, shorter
lines first, until the two searches meet; a rule read backward from the goal is a step
forward into it, so that "expand" there is "factor out" here.  The work is counted, and
where no way is found the derivation is `Stuck`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra, own_terms, pieces, powers, trigonometry
from symderiv.deriving.applying import apply, put, spots, tidy
from symderiv.deriving.combining import combine, factor_out, one_denominator
from symderiv.deriving.indexing import INDEXED, SETTLING, multiplied_out
from symderiv.deriving.likeness import Alike, Weighed
from symderiv.deriving.lines import Lines
from symderiv.deriving.pieces import merged
from symderiv.deriving.reducing import add_exponents, cancel_powers
from symderiv.deriving.simplifying import cancel, combine_like_terms, expand, expanded
from symderiv.errors import Stuck
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Apply,
    Cases,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
)
from symderiv.language.patterns import Letter, join
from symderiv.language.walks import Place, at, nodes, size
from symderiv.language.walks import replace as replace_at

_MOST_LINES = 400  # that a search looks at, from both ends together
_MOST_ATTEMPTS = 8  # to lead one sum to another term by term
_FEW_LINES = 60  # for one term of a long sum
_LONG = 24  # nodes: from here on terms are led to their goals one by one
_LARGEST = 120  # nodes: a longer line is not searched from
_ONE = Number("1")


@dataclass(frozen=True)
class Move:
    """A rule at a place that leads from `before` to `after`, with what its letters stand for."""

    rule: Rule
    before: Expr
    after: Expr
    place: Place = ()
    letters: Mapping[str, Expr] = field(default_factory=dict)


def reach(lines: Lines, goal: Expr) -> None:
    """Go on by named rules until the line is `goal`; `Stuck` where no way is found."""
    for place, wanted in _differing(lines.line, goal):
        for move in _way(at(lines.line, place), wanted, lines.setting) or ():
            after = put(lines.line, place, move.after)
            lines.add(move.rule, after, places=((*place, *move.place),), letters=move.letters)
    if isinstance(lines.line, Cases) and not isinstance(goal, Cases):
        lines.add(pieces.equal_pieces, merged(lines.line))
    if lines.line is not goal:
        raise Stuck(f"The derivative came out as {lines.line}, and no way was found to {goal}.")


def _differing(line: Expr, goal: Expr) -> list[tuple[Place, Expr]]:
    """Where two lines differ: in some of their pieces, or as a whole."""
    if isinstance(line, Cases):
        same = isinstance(goal, Cases) and line.conditions == goal.conditions
        goals = goal.values if same else [goal] * len(line.values)  # type: ignore[attr-defined]
        pairs = enumerate(zip(line.values, goals, strict=True))
        return [((k,), wanted) for k, (value, wanted) in pairs if value is not wanted]
    return [] if line is goal else [((), goal)]


def _way(start: Expr, goal: Expr, setting: Setting, fuel: int = _MOST_LINES) -> list[Move] | None:
    """A chain of moves from `start` to `goal`, None where none is found."""
    alike = Alike()
    used = _functions(goal, setting)
    ends = (_Search(start, alike, lambda e: _forward(e, setting)),
            _Search(goal, alike, lambda e: _backward(e, used)))  # fmt: skip
    long: list[Weighed] = []
    attempts = _MOST_ATTEMPTS
    for number in range(fuel):
        search, other = ends if number % 2 == 0 else ends[::-1]
        met = search.common(other)
        if met is not None:
            forward, backward = ends[0].moves(met), ends[1].moves(met)
            there, here = ends[1].lines[met], ends[0].lines[met]
            turn = [Move(algebra.rearrange, here, there)] if here is not there else []
            return [*forward, *turn, *reversed(backward)]
        fresh = search.step()
        if search is ends[0] and fuel == _MOST_LINES:
            long += [key for key in fresh if _is_as_long(search.lines[key], goal)]
        if number >= _FEW_LINES and long and attempts:
            attempts -= 1
            key = long.pop(0)
            rest = _term_by_term(ends[0].lines[key], goal, setting)
            if rest is not None:
                return [*ends[0].moves(key), *rest]
    return None


def _is_as_long(line: Expr, goal: Expr) -> bool:
    """Whether two sums have as many terms; a short sum is found by the search itself."""
    sums = isinstance(line, Sum) and isinstance(goal, Sum)
    return sums and len(line.parts) == len(goal.parts) and size(line) >= _LONG


def _term_by_term(line: Expr, goal: Expr, setting: Setting) -> list[Move] | None:
    """A chain from one sum to another of as many terms, each term led to its own goal."""
    found: list[Move] = []
    for k, wanted in enumerate(goal.parts):
        moves = _way(line.parts[k], wanted, setting, _FEW_LINES)
        if moves is None:
            return None
        for move in moves:
            after = replace_at(line, (k,), move.after)
            found.append(Move(move.rule, line, after, (k, *move.place), move.letters))
            line = after
    return found


class _Search:
    """Lines that were reached from one end, each with the move by which it was reached."""

    def __init__(self, start: Expr, alike: Alike, moves: Callable[[Expr], Iterator[Move]]) -> None:
        self._alike, self._moves = alike, moves
        key = alike(start)
        self.lines = {key: start}
        self.came: dict[Weighed, tuple[Weighed, Move] | None] = {key: None}
        self._waiting: list[tuple[int, int, Weighed]] = [(size(start), 0, key)]
        self._fresh: list[Weighed] = [key]

    def common(self, other: _Search) -> Weighed | None:
        """A line that both searches have reached, in whatever order."""
        fresh, self._fresh = self._fresh, []
        return next((key for key in fresh if key in other.lines), None)

    def step(self) -> list[Weighed]:
        """Look at the shortest line that waits; the new lines to which it leads."""
        if not self._waiting:
            return []
        _, _, key = heappop(self._waiting)
        line = self.lines[key]
        for move in self._moves(line):
            new = move.before if move.after is line else move.after
            reached = self._alike(new)
            if reached not in self.lines and size(new) <= _LARGEST:
                self.lines[reached] = new
                self.came[reached] = (key, move)
                heappush(self._waiting, (size(new), len(self.lines), reached))
                self._fresh.append(reached)
        return self._fresh

    def moves(self, key: Weighed) -> list[Move]:
        """The moves from this search's end to a line."""
        found: list[Move] = []
        came = self.came[key]
        while came is not None:
            found.append(came[1])
            came = self.came[came[0]]
        return found[::-1]


# --- what may be done to a line -----------------------------------------------------------------

_RULES = (
    own_terms.divide_by_exponential,
    own_terms.quantity_over_absolute_value,
    trigonometry.hyperbolic_tangent,
    own_terms.square_over_absolute_value,
    own_terms.square_of_fraction_with_root,
    own_terms.product_of_roots,
    own_terms.factor_before_fraction,
    own_terms.sigmoid_of_minus,
    own_terms.two_fractions,
    powers.power_of_a_product,
    algebra.multiply_into_fraction,
    algebra.fraction_of_fraction,
    algebra.minus_in_front,
    algebra.two_minus_signs,
    algebra.equal_factors,
    algebra.common_denominator,
    algebra.split_fraction,
)


_WORKS: Mapping[type[Expr], tuple[Callable[[Lines, Place], object], ...]] = {
    Sum: (combine_like_terms, combine, expand, factor_out, one_denominator),
    Negative: (factor_out,),
    Product: (cancel, cancel_powers, add_exponents),
    Quotient: (cancel, cancel_powers),
}
"""The rules without an equation, by what they are applied to."""


def _forward(line: Expr, setting: Setting) -> Iterator[Move]:
    """What the rules make of a line."""
    for place, node in spots(line):
        for rule in _RULES:
            if made := apply(rule, node):
                yield Move(rule, line, put(line, place, made[0]), place, made[1])
        for rule, new, letters in _computed(node, setting):
            yield Move(rule, line, _without_ones(put(line, place, new), line), place, letters)


def _without_ones(made: Expr, line: Expr) -> Expr:
    """A new line without an idle 1 or 0 in what is new."""
    return tidy(made, nodes(line))


def _backward(line: Expr, functions: tuple[Function, ...]) -> Iterator[Move]:
    """The lines of which the rules make this one."""
    for place, node in spots(line):
        for function in functions:
            if isinstance(node, Apply) and node.head == function.head:
                before = put(line, place, function.unfolded(node))
                yield Move(function.folding_rule, before, line, place)
        for rule in _TURNED:
            if made := apply(rule, node):
                before = put(line, place, made[0])
                yield Move(_STRAIGHT[rule.name], before, line, place, made[1])
        if isinstance(node, Product) and (terms := expanded(node)) != [node]:
            outside = [factor for factor in node.factors if not isinstance(factor, Sum)]
            letters = {"f": join(Product, outside or [_ONE])}
            yield Move(algebra.factor_out, put(line, place, Sum(terms)), line, place, letters)


def _computed(node: Expr, setting: Setting) -> Iterator[tuple[Rule, Expr, Mapping[str, Expr]]]:
    """What the rules without an equation make of a node, each in one step."""
    if isinstance(node, IndexedSum):
        for rule in SETTLING:
            yield from ((rule, new, {}) for new in INDEXED[rule](node, setting))
        yield from ((algebra.expand, new, {}) for new in multiplied_out(node, setting))
    for work in _WORKS.get(type(node), ()):
        lines = Lines(node, setting)
        work(lines, ())
        if len(lines.steps) == 1:
            yield lines.steps[0].rule, lines.line, lines.steps[0].letters
    if (terms := expanded(node)) != [node] and isinstance(node, (Negative, Product)):
        yield algebra.expand, Sum(terms), {}


def _turned(rule: Rule) -> Rule:
    """A rule read from right to left, where that binds all its letters."""
    forms = tuple(
        form.right >> form.left
        for form in rule.forms
        if _letters(form.left) <= _letters(form.right) and not isinstance(form.right, Number)
    )
    return replace(rule, forms=forms)


def _letters(side: Expr) -> set[Expr]:
    return {node for node in nodes(side) if isinstance(node, Letter)}


_TURNED = tuple(map(_turned, _RULES))
_STRAIGHT = {rule.name: rule for rule in _RULES}


def _functions(goal: Expr, setting: Setting) -> tuple[Function, ...]:
    """The functions that the goal names and that a formula without cases defines."""
    names = {node.head.name for node in nodes(goal) if isinstance(node, Apply)}
    known = (f for name, f in setting.functions.items() if name in names)
    return tuple(
        f
        for f in known
        if f.definition and not any(isinstance(n, Cases) for n in nodes(f.definition.right))
    )
