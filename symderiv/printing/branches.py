"""The conditions of a function by pieces, made to exclude one another.

SymPy's `Piecewise` takes the first condition that holds; our `Cases` says of each piece
where it holds.  Conditions that compare one quantity with numbers (or two quantities
with each other) cut the line into points and open intervals; each of them belongs to the
first piece whose condition holds there.  Here belongs this arithmetic of intervals and
nothing of SymPy, nor anything that decides about more than one quantity at a time.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Final, TypeAlias

from symderiv.errors import NoRule
from symderiv.language.domains import number
from symderiv.language.expressions import Cases, Expr, Negative, Number, Quotient, Relation

_ZERO: Final = Number("0")
_TURNED: Final = MappingProxyType(
    {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
)
_HOLDS: Final[MappingProxyType[str, Callable[[Fraction, Fraction], bool]]] = MappingProxyType(
    {
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "=": operator.eq,
        "!=": operator.ne,
    }
)


@dataclass(frozen=True)
class Comparison:
    """One comparison of two expressions."""

    left: Expr
    sign: str
    right: Expr


@dataclass(frozen=True)
class Logic:
    """Conditions joined: all of them (`and`), one of them (`or`), none of them (`not`)."""

    word: str
    parts: tuple[Condition, ...] = ()


Condition: TypeAlias = Comparison | Logic

_Cell: TypeAlias = tuple[Fraction | None, Fraction | None]
"""An open interval between two cuts (None: no end), or a point: both ends the same."""

_Subject: TypeAlias = tuple[Expr, Expr | None]
"""What is compared: one expression with numbers, or two with each other."""


def pieces(values: Sequence[Expr], conditions: Sequence[Condition]) -> Expr:
    """`values[k]` where `conditions[k]` is the first that holds, as `Cases` or the only value.

    Raises `NoRule` where the conditions compare more than one quantity.
    """
    found = [c for condition in conditions for c in _comparisons(condition)]
    if len(conditions) == 1 and isinstance(conditions[0], Comparison):
        return Cases(tuple(values), (_relation(conditions[0]),))
    subject = _subject(found[0]) if found else (_ZERO, None)
    if any(_subject(c) not in (subject, subject[::-1]) for c in found):
        raise NoRule("A Piecewise is read where all its conditions compare the same quantity.")
    cells = _cells(sorted({_directed(c, subject)[1] for c in found}))
    owned = [(_owner(conditions, _inside(cell), subject), cell) for cell in cells]
    runs: list[tuple[int, list[_Cell]]] = []
    for owner, group in groupby(owned, key=lambda pair: pair[0]):
        if owner is not None:
            runs.append((owner, [cell for _, cell in group]))
    if not runs:
        raise NoRule("None of the conditions of this Piecewise can hold.")
    if len(runs[0][1]) == len(cells):
        return values[runs[0][0]]
    runs.sort(key=lambda run: run[0])  # stable: in the order in which the pieces were given
    where = tuple(_condition(subject, run) for _, run in runs)
    return Cases(tuple(values[owner] for owner, _ in runs), where)


def _comparisons(condition: Condition) -> Iterator[Comparison]:
    waiting: list[Condition] = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Comparison):
            yield part
        else:
            waiting.extend(part.parts)


def _value(expr: Expr) -> Fraction | None:
    """The value of a number with its sign, or of a fraction of two."""
    match expr:
        case Negative(operand):
            size = _value(operand)
            return None if size is None else -size
        case Number():
            return expr.value
        case Quotient(Number() as above, Number() as below) if below.value:
            return above.value / below.value
        case _:
            return None


def _subject(comparison: Comparison) -> _Subject:
    left, right = comparison.left, comparison.right
    if _value(right) is not None:
        return left, None
    return (right, None) if _value(left) is not None else (left, right)


def _directed(comparison: Comparison, subject: _Subject) -> tuple[str, Fraction]:
    """The sign, read from the subject, and the number; two expressions: their difference and 0."""
    straight = comparison.left is subject[0]
    sign = comparison.sign if straight else _TURNED[comparison.sign]
    level = _value(comparison.right if straight else comparison.left)
    return sign, level if subject[1] is None and level is not None else Fraction()


def _true(condition: Condition, at: Fraction, subject: _Subject) -> bool:
    """Whether a condition holds where the subject has the value `at`."""
    if isinstance(condition, Comparison):
        sign, level = _directed(condition, subject)
        return _HOLDS[sign](at, level)
    answers = (_true(part, at, subject) for part in condition.parts)
    match condition.word:
        case "and":
            return all(answers)
        case "or":
            return any(answers)
        case _:
            return not any(answers)


def _owner(conditions: Sequence[Condition], at: Fraction, subject: _Subject) -> int | None:
    return next((k for k, c in enumerate(conditions) if _true(c, at, subject)), None)


def _cells(cuts: Sequence[Fraction]) -> list[_Cell]:
    """The points and open intervals into which the cuts divide the line, from left to right."""
    ends: list[Fraction | None] = [None, *cuts, None]
    cells: list[_Cell] = []
    for low, high in pairwise(ends):
        cells += [(low, high)] if high is None else [(low, high), (high, high)]
    return cells


def _inside(cell: _Cell) -> Fraction:
    low, high = cell
    if low is None:
        return Fraction() if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


def _condition(subject: _Subject, run: Sequence[_Cell]) -> Relation:
    """That the subject lies in this run of neighbouring cells."""
    low, high = run[0][0], run[-1][1]
    below = "<=" if run[0][0] == run[0][1] else "<"
    above = "<=" if run[-1][0] == run[-1][1] else "<"
    one, other = subject
    if low is None:
        assert high is not None  # noqa: S101 (a run over the whole line has no condition)
        return Relation((one, other or number(high)), (above,))
    if high is None:
        return Relation((one, other or number(low)), (_TURNED[below],))
    if low == high:
        return Relation((one, other or number(low)), ("=",))
    return Relation((number(low), one, number(high)), (below, above))


def chain(parts: Sequence[Comparison]) -> Relation | None:
    """`0 < z` and `z < 1` as one chain `0 < z < 1`; None where they do not follow on."""
    waiting = [_rising(part) for part in parts]
    first = next((p for p in waiting if all(p.left is not q.right for q in waiting)), waiting[0])
    terms, signs = [first.left], []
    while (following := next((p for p in waiting if p.left is terms[-1]), None)) is not None:
        waiting.remove(following)
        terms.append(following.right)
        signs.append(following.sign)
    return None if waiting else Relation(tuple(terms), tuple(signs))


def _rising(part: Comparison) -> Comparison:
    turned = part.sign in (">", ">=")
    return Comparison(part.right, _TURNED[part.sign], part.left) if turned else part


def _relation(part: Comparison) -> Relation:
    return Relation((part.left, part.right), (part.sign,))
