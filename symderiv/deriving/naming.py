"""The last phase: a derivative written with the function's own value, σ(z)(1 − σ(z)).

The goal is the slope that the catalogue claims.  Its form says which rule opens it: a
product with σ(z) asks for splitting that factor off, a difference from one for adding
and subtracting, a square for completing one.  Every line on the way is a rule's, and
the last line must be the claim, or the derivation is `Stuck`.
"""

from __future__ import annotations

from symderiv.catalogue.function import Function
from symderiv.catalogue.rules import algebra
from symderiv.deriving.applying import put, spots
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.lines import Lines
from symderiv.deriving.reaching import reach
from symderiv.deriving.simplifying import RuleTable, combine_like_terms, gather_numbers
from symderiv.errors import Stuck
from symderiv.language.expressions import (
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from symderiv.language.walks import Place, at, places

_ONE = Number("1")
_ROUNDS = 24


def write_in_own_terms(lines: Lines, function: Function) -> None:
    """Go on until the line is the claimed slope; nothing to do where it already is."""
    goal = function.claim
    if lines.line is goal:
        return
    if not _is_seen_through(goal, function):
        reach(lines, goal)
        return
    work: list[tuple[Place, Expr]] = [((), goal)]
    while work:
        place, wanted = work.pop()
        work.extend(_open(lines, place, wanted, function))
    assert function.definition is not None  # noqa: S101 (it is seen through)
    value = function.definition.right
    lines.rewrite(function.folding_rule, places(lines.line, lambda node: node is value))
    if lines.line is not goal:
        raise Stuck(f"The derivative of {function.words} came out as {lines.line}, not {goal}.")


def _is_seen_through(goal: Expr, function: Function) -> bool:
    """Whether the slope of a quotient is claimed through the function's own value."""
    if (
        function.definition is None
        or function.variable.indices
        or not isinstance(function.definition.right, Quotient)
    ):
        return False
    match goal:
        case Product((first, _)):
            return first is function.applied
        case Sum((one, Negative(Power(base, _)))):
            return one is _ONE and base is function.applied
    return False


def _open(lines: Lines, place: Place, wanted: Expr, function: Function) -> list[tuple[Place, Expr]]:
    """One rule towards `wanted` at `place`; what is then still wanted, and where."""
    match wanted:
        case Product((first, second)) if first is function.applied:
            lines.rewrite(algebra.split_factors, (place,))
            return [((*place, 1), second)]
        case Sum((one, Negative(rest))) if one is _ONE:
            lines.rewrite(algebra.add_and_subtract, (place,))
            lines.rewrite(algebra.split_fraction, (place,))
            lines.rewrite(algebra.equal_over_equal, ((*place, 0),))
            return [((*place, 1, 0), rest)]
        case Power(base, _) if base is function.applied:
            _complete_square(lines, place, function)
            lines.rewrite(algebra.quotient_of_squares, (place,))
    return []


def _complete_square(lines: Lines, place: Place, function: Function) -> None:
    """Show that the numerator at `place` is the square of the definition's numerator."""
    assert function.definition is not None  # noqa: S101 (told apart by the caller)
    square = Power(function.definition.right.parts[0], Number("2"))
    where = (*place, 0)
    lemma = _meeting(at(lines.line, where), square, lines)
    lines.add(
        algebra.complete_the_square,
        put(lines.line, where, square),
        places=(where,),
        letters={"f": square},
        lemmas=(lemma,),
    )


def _meeting(start: Expr, end: Expr, setting: Lines) -> Derivation:
    """From `start` to `end`: both are multiplied out, and the second way is read backwards."""
    forward, backward = multiplied_out(start, setting), multiplied_out(end, setting)
    if forward.line is not backward.line:
        raise Stuck(f"{start} and {end} do not multiply out to the same.")
    for step in reversed(backward.steps):
        forward.add(step.rule, step.before, places=step.places, letters=step.letters)
    return forward.done()


def multiplied_out(expr: Expr, setting: Lines) -> Lines:
    """`expr` with squares of sums multiplied out and like terms combined."""
    lines = Lines(expr, setting.setting, setting.phase)
    for _ in range(_ROUNDS):
        if not _MULTIPLYING.step(lines, list(spots(lines.line))):
            break
    _numbers(lines)
    if isinstance(lines.line, Sum):
        combine_like_terms(lines, ())
    return lines


_MULTIPLYING = RuleTable(
    algebra.binomial,
    algebra.inverse_exponentials,
    algebra.square_of_exponential,
)


def _numbers(lines: Lines) -> None:
    line = lines.line
    for place in places(line, lambda node: isinstance(node, Product)):
        node = at(line, place)
        assert isinstance(node, Product)  # noqa: S101
        line = put(line, place, gather_numbers(node))
    lines.add(algebra.arithmetic, line)
