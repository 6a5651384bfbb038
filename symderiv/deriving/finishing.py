"""The form in which a textbook prints a derivative, found by trying the few ways there are.

A sum may stay as it is, have a common factor taken out, be multiplied out, or be brought
under one bar; each way is a short derivation by the steps of `reducing` and `combining`,
and the one that ends shortest is kept.  So every change is a named step, and nothing is
rewritten that does not pay.  What stands inside a function or an exponent was written by
the person who asks, and stays.
"""

from __future__ import annotations

from collections.abc import Callable

from symderiv.deriving.applying import put, rational
from symderiv.deriving.bars import Bases, bar, is_plain, power
from symderiv.deriving.combining import (
    combine,
    common_factor,
    factor_out,
    in_good_order,
    make_one,
    multiply_out,
    one_denominator,
    put_in_order,
)
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.lines import Lines
from symderiv.deriving.reducing import is_term, reduce_term
from symderiv.judging.points import Setting
from symderiv.language.expressions import Cases, Expr, Negative, Product, Quotient, Sum
from symderiv.language.walks import Place, at, size

_LARGEST = 400  # nodes: a longer line has no textbook form to look for
_DEEPEST = 8  # brackets in brackets that are looked into
_ROUNDS = 60
_INNER_BAR = 12  # what a fraction inside a fraction costs, in nodes
ALONE, FACTOR, ABOVE, BELOW = "alone", "factor", "above", "below"
"""Where a sum stands: by itself, as a factor, above a bar, below one."""


def finish(lines: Lines) -> None:
    """Bring the line to the textbook's form, step by step."""
    if size(lines.line) <= _LARGEST:
        graft(lines, (), _Finisher(lines.setting).settled(lines.line, ALONE))


def graft(lines: Lines, place: Place, other: Derivation) -> None:
    """The steps of a derivation of what stands at `place`, written in the whole line."""
    base = lines.line
    lines.take_over(other)
    for step in other.steps:
        whole = at(lines.line, place) is step.before if _reaches(lines.line, place) else False
        after = put(base, place, step.after)
        where = tuple((*place, *p) for p in step.places) if whole else ()
        struck = tuple((*place, *p) for p in step.cancelled) if whole else ()
        lines.add(
            step.rule,
            after,
            places=where or (_changed(lines.line, after),),
            letters=step.letters,
            lemmas=step.lemmas,
            cancelled=struck,
        )


def _reaches(expr: Expr, place: Place) -> bool:
    for k in place:
        if k >= len(expr.parts):
            return False
        expr = expr.parts[k]
    return True


def _changed(before: Expr, after: Expr) -> Place:
    """The smallest place of `before` that holds all that is different in `after`."""
    place: Place = ()
    while type(before) is type(after) and len(before.parts) == len(after.parts):
        pairs = zip(before.parts, after.parts, strict=True)
        different = [k for k, (one, other) in enumerate(pairs) if one is not other]
        if len(different) != 1:
            break
        place = (*place, different[0])
        before, after = before.parts[different[0]], after.parts[different[0]]
    return place


class _Finisher:
    """Finds the form of each part once."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._known: dict[tuple[Expr, str], Derivation] = {}
        self._depth = 0

    def settled(self, expr: Expr, where: str) -> Derivation:
        """The derivation of `expr` to its form, where it stands so."""
        key = (expr, where)
        if key not in self._known:
            lines = Lines(expr, self._setting)
            self._depth += 1
            if self._depth <= _DEEPEST:
                self._settle(lines, where)
            self._depth -= 1
            self._known[key] = _without_circles(lines.done())
        return self._known[key]

    def _settle(self, lines: Lines, where: str) -> None:
        if isinstance(lines.line, Cases):
            for k, value in enumerate(lines.line.values):
                graft(lines, (k,), self.settled(value, ALONE))
            return
        for _ in range(_ROUNDS):
            before = lines.line
            if isinstance(before, Sum):
                self._sum(lines, where)
            elif is_term(before):
                self._term(lines, where)
            if lines.line is before:
                return

    def _term(self, lines: Lines, where: str) -> None:
        """The factors and brackets of a term, then the term itself."""
        for _ in range(_ROUNDS):
            if not reduce_term(lines):
                break
        if where == ALONE and _bare_minus(lines.line):
            multiply_out(lines)
            return
        for place in _brackets(lines.line):
            inner = at(lines.line, place)
            done = self.settled(inner, _standing(lines.line, place))
            if done.steps:
                graft(lines, place, done)
                return

    def _sum(self, lines: Lines, where: str) -> None:
        """The terms each, like terms together, then the best of the ways."""
        for k in range(len(lines.line.parts)):
            done = self.settled(lines.line.parts[k], FACTOR)
            if done.steps:
                graft(lines, (k,), done)
                return
        if combine(lines) or make_one(lines):
            return
        ways = [way for way in (self._factored, self._opened, self._one_bar)]
        found = [self._way(lines.line, where, way) for way in ways]
        if where in (ABOVE, FACTOR):
            ordered = Lines(lines.line, self._setting)
            put_in_order(ordered)
            found.append(ordered.done())
        best = min([Lines(lines.line, self._setting).done(), *found], key=_cost(where))
        graft(lines, (), best)

    def _way(self, line: Expr, where: str, way: Callable[[Lines, str], None]) -> Derivation:
        attempt = Lines(line, self._setting)
        way(attempt, where)
        return attempt.done()

    def _factored(self, lines: Lines, where: str) -> None:
        """A common factor taken out, and the bracket that is left looked into."""
        if where != BELOW and _is_worth_factoring(lines.line, where):
            factor_out(lines)
            graft(lines, (), self.settled(lines.line, where))

    def _opened(self, lines: Lines, where: str) -> None:
        """Brackets multiplied out, like terms combined."""
        attempt = Lines(lines.line, self._setting)
        if where == BELOW or not multiply_out(attempt):
            return
        open_line = attempt.line
        while combine(attempt) or make_one(attempt):
            pass
        if attempt.line is open_line:
            return  # nothing came together: the brackets were shorter
        put_in_order(attempt)
        graft(lines, (), attempt.done())
        graft(lines, (), self.settled(lines.line, where))

    def _one_bar(self, lines: Lines, where: str) -> None:
        """One denominator for all terms."""
        if one_denominator(lines):
            graft(lines, (), self.settled(lines.line, where))


def _without_circles(derivation: Derivation) -> Derivation:
    """The derivation without steps that lead back to a line that stood before."""
    lines = [derivation.start, *(step.after for step in derivation.steps)]
    if len(set(lines)) == len(lines):
        return derivation
    kept = Lines(derivation.start, derivation.setting)
    kept.take_over(derivation)
    k = 0
    while k < len(derivation.steps):
        last = max(n for n, line in enumerate(lines) if line is lines[k])
        k = last
        if k < len(derivation.steps):
            kept.steps.append(derivation.steps[k])
            kept.line = derivation.steps[k].after
            k += 1
    return kept.done()


def _bare_minus(node: Expr) -> bool:
    return isinstance(node, Negative) and isinstance(node.operand, Sum)


def _brackets(node: Expr) -> list[Place]:
    """The places of the sums among the factors of a term, above and below its bar."""
    found: list[Place] = []
    waiting: list[tuple[Place, Expr]] = [((), node)]
    while waiting:
        place, part = waiting.pop(0)
        if isinstance(part, Sum):
            found.append(place)
        elif isinstance(part, (Product, Quotient, Negative)):
            waiting += [((*place, k), p) for k, p in enumerate(part.parts)]
    return found


def _standing(node: Expr, place: Place) -> str:
    """How the sum at this place of a term stands there."""
    for k in place:
        if isinstance(node, Quotient):
            if k == 1:
                return BELOW
            return ABOVE if rational(node.denominator) is None else FACTOR
        node = node.parts[k]
    return FACTOR


def _is_worth_factoring(node: Expr, where: str) -> bool:
    """Whether a textbook would take the common factor out here: e^x always, x only of a factor."""
    if not isinstance(node, Sum):
        return False
    parts = [bar(term) for term in node.terms]
    content, shared = common_factor(parts, Bases())
    if where != ALONE:
        return content > 1 or bool(shared) or all(part.number < 0 for part in parts)
    return any(not is_plain(power(one.base, one.exponent)) for one in shared.values())


def _has_bar(node: Expr) -> bool:
    return isinstance(node.operand if isinstance(node, Negative) else node, Quotient)


def _cost(where: str) -> Callable[[Derivation], tuple[int, int]]:
    """What a line costs a reader: its length, and fractions inside fractions."""

    def cost(way: Derivation) -> tuple[int, int]:
        line = way.result
        inner = 0
        if where in (ABOVE, BELOW) and isinstance(line, Sum):
            inner = sum(bool(bar(t).below) or bar(t).number.denominator > 1 for t in line.terms)
        taken = (
            bool(way.steps) and not isinstance(line, Sum) and (where == ABOVE or not _has_bar(line))
        )
        bonus = 3 if taken and where == ABOVE else int(taken)
        disorder = where in (ABOVE, FACTOR) and in_good_order(line) is not line
        return size(line) + _INNER_BAR * inner + disorder - bonus, len(way.steps)

    return cost
