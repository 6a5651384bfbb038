"""The form in which a textbook prints a derivative, found by trying the few ways there are.

A sum may stay as it is, have a common factor taken out, be multiplied out, or be brought
under one bar; each way is a short derivation by the steps of `reducing` and `combining`,
and the one that ends shortest is kept.  So every change is a named step, and nothing is
rewritten that does not pay.  What stands inside a function or an exponent was written by
the person who asks, and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from symderiv.catalogue.rules import algebra, powers
from symderiv.deriving.applying import put, rational
from symderiv.deriving.bars import Bases, asked, bar, is_plain, taken_away
from symderiv.deriving.combining import (
    combine,
    common_factor,
    factor_out,
    in_good_order,
    is_minus_first,
    multiply_out,
    multiply_out_powers,
    one_denominator,
    plus_first,
    put_in_order,
)
from symderiv.deriving.derivation import Derivation, Step
from symderiv.deriving.factoring import share_factors
from symderiv.deriving.identities import (
    make_one,
    perfect_square,
    root_below,
    root_of_fraction,
    square_from_one,
    turn_bracket,
    without_bars,
)
from symderiv.deriving.lines import Lines
from symderiv.deriving.reducing import is_term, reduce_term
from symderiv.judging.points import Setting
from symderiv.language.expressions import Apply, Cases, Expr, Negative, Product, Quotient, Sum
from symderiv.language.walks import Place, at, size

_LARGEST = 400  # nodes: a longer line has no textbook form to look for
_DEEPEST = 8  # brackets in brackets that are looked into
_ROUNDS = 60
_INNER_BAR = 12  # what a fraction inside a fraction costs, in nodes
ALONE, TERM, FACTOR, ABOVE, BELOW, ROOT = "alone", "term", "factor", "above", "below", "root"
"""Where a sum stands: by itself, as a term of a sum or a factor, at a bar, under a root."""
CLOSED = "closed term"  # a term whose brackets are not looked into yet


def finish(lines: Lines) -> None:
    """Bring the line to the textbook's form, step by step."""
    without_bars(lines)
    line = lines.line
    if size(line) > _LARGEST:
        return
    finisher = _Finisher(lines.setting)
    if lines.setting.prefer == "logarithmic" and isinstance(line, Product):
        last = len(line.factors) - 1  # y′ is y times a sum, and stays so
        graft(lines, (last,), finisher.settled(line.factors[last], ALONE))
    else:
        graft(lines, (), _twins_joined(finisher.settled(line, ALONE)))


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
            done = self._tried(expr, where)
            if isinstance(expr, Sum) and _opens_what_it_took_out(done):
                done = min([done, self._tried(expr, where, patient=True)], key=_cost(where))
            self._known[key] = done
        return self._known[key]

    def _tried(self, expr: Expr, where: str, *, patient: bool = False) -> Derivation:
        """The way to the form; a patient one leaves the brackets in the terms for later."""
        lines = Lines(expr, self._setting)
        self._depth += 1
        if self._depth <= _DEEPEST:
            if patient:
                self._sums(lines, where)
            self._settle(lines, where)
        self._depth -= 1
        return _without_circles(lines.done())

    def _sums(self, lines: Lines, where: str) -> None:
        for _ in range(_ROUNDS):
            before = lines.line
            if isinstance(before, Sum):
                self._sum(lines, where, CLOSED)
            if lines.line is before:
                return

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
            _ = turn_bracket(lines) or multiply_out(lines)
            return
        if where not in (TERM, CLOSED) and turn_bracket(lines):
            return
        if where == CLOSED:
            return
        kept = asked(lines.setting.question)
        if any(root_of_fraction(lines, place) for place in _factors_of(lines.line, kept)):
            return
        for place in _factors_of(lines.line, kept, Sum):
            inner = at(lines.line, place)
            done = self.settled(inner, _standing(lines.line, place))
            if done.steps:
                graft(lines, place, done)
                return
        share_factors(lines)

    def _sum(self, lines: Lines, where: str, inner: str = TERM) -> None:
        """The terms each, like terms together, then the best of the ways."""
        for k, term in enumerate(lines.line.parts):
            if self._to_open(term):
                continue
            done = self.settled(term, inner)
            if done.steps:
                graft(lines, (k,), done)
                return
        if combine(lines) or make_one(lines):
            return
        ways = (
            self._factored,
            self._without_bare_minus,
            self._opened,
            self._opened_powers,
            self._one_bar,
            self._circled,
            self._in_order,
        )
        found = [self._way(lines.line, where, way) for way in ways]
        tried = [way for way in found if way.steps]
        if tried:
            as_is = Lines(lines.line, self._setting).done()
            possible = tried if any(map(self._to_open, lines.line.parts)) else [as_is, *tried]
            graft(lines, (), min(possible, key=_cost(where)))

    def _to_open(self, term: Expr) -> bool:
        """Whether a bracket stands after a minus sign that was not asked so: no textbook has it."""
        return _bare_minus(term) and not taken_away(term.parts[0], self._setting.question)

    def _way(self, line: Expr, where: str, way: Callable[[Lines, str], None]) -> Derivation:
        attempt = Lines(line, self._setting)
        way(attempt, where)
        return attempt.done()

    def _factored(self, lines: Lines, where: str) -> None:
        """A common factor taken out, and the bracket that is left looked into."""
        if where not in (BELOW, ROOT) and _is_worth_factoring(lines, where):
            factor_out(lines)
            graft(lines, (), self.settled(lines.line, where))

    def _without_bare_minus(self, lines: Lines, where: str) -> None:
        """The brackets after a minus sign opened, and nothing else."""
        for k in reversed(range(len(lines.line.parts))):
            if self._to_open(lines.line.parts[k]):
                multiply_out(lines, (k,))
                graft(lines, (), self.settled(lines.line, where))
                return

    def _opened(self, lines: Lines, where: str) -> None:
        """Brackets multiplied out, like terms combined."""
        self._multiplied(lines, where, multiply_out)

    def _opened_powers(self, lines: Lines, where: str) -> None:
        """Powers of brackets multiplied out too, like terms combined."""
        self._multiplied(lines, where, multiply_out_powers)

    def _multiplied(self, lines: Lines, where: str, work: Callable[[Lines], bool]) -> None:
        attempt = Lines(lines.line, self._setting)
        if where in (BELOW, ROOT) or not work(attempt):
            return
        open_line = attempt.line
        while combine(attempt) or make_one(attempt):
            pass
        if attempt.line is open_line:
            return  # nothing came together: the brackets were shorter
        put_in_order(attempt)
        graft(lines, (), attempt.done())
        graft(lines, (), self.settled(lines.line, where))

    def _circled(self, lines: Lines, where: str) -> None:
        """1 − sin² written as cos², where like terms come together then; or one square for all."""
        if where not in (BELOW, ROOT) and (
            square_from_one(lines) or (where == ABOVE and perfect_square(lines))
        ):
            graft(lines, (), self.settled(lines.line, where))

    def _in_order(self, lines: Lines, where: str) -> None:
        """The terms in their order: by falling powers in a bracket, a plus sign first elsewhere."""
        if where in (ABOVE, FACTOR):
            put_in_order(lines)
        elif where == ALONE:
            plus_first(lines)

    def _one_bar(self, lines: Lines, where: str) -> None:
        """One denominator for all terms."""
        attempt = Lines(lines.line, self._setting)
        one_denominator(attempt)
        if where == ROOT and root_below(bar(attempt.line), self._setting) is None:
            return
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


def _twins_joined(derivation: Derivation) -> Derivation:
    """Two steps in a row by one rule, at places that do not touch, are one line."""
    kept = Lines(derivation.start, derivation.setting)
    kept.take_over(derivation)
    for step in derivation.steps:
        last = kept.steps[-1] if kept.steps else step
        if last is not step and _twins(last, step):
            step = replace(last, after=step.after, places=(*last.places, *step.places))
            kept.steps.pop()
        kept.steps.append(step)
        kept.line = step.after
    return kept.done()


def _twins(one: Step, other: Step) -> bool:
    """Whether two steps are by one rule, whose reason names no place, at places apart."""
    if one.rule is not other.rule or one.lemmas or one.cancelled or "${" in one.rule.why:
        return False
    apart = all(p[: len(q)] != q[: len(p)] for p in one.places for q in other.places)
    return apart and all(
        _reaches(one.before, place) and at(one.before, place) is at(other.before, place)
        for place in other.places
    )


def _opens_what_it_took_out(done: Derivation) -> bool:
    """Whether a factor is taken out that is multiplied in again later: a roundabout way."""
    rules = [step.rule for step in done.steps]
    return algebra.factor_out in rules and any(
        rule in _OPENING for rule in rules[rules.index(algebra.factor_out) :]
    )


_OPENING = (algebra.expand, powers.multiply_out_the_power)


def _bare_minus(node: Expr) -> bool:
    return isinstance(node, Negative) and isinstance(node.operand, Sum)


def _factors_of(node: Expr, kept: Container[Expr], kind: type[Expr] = Apply) -> list[Place]:
    """The places of the sums (or functions) among the factors of a term, above and below its bar,
    and under roots that were not in the question."""
    found: list[Place] = []
    waiting: list[tuple[Place, Expr]] = [((), node)]
    while waiting:
        place, part = waiting.pop(0)
        if isinstance(part, kind) and (kind is Sum or part not in kept):
            found.append(place)
        if isinstance(part, (Product, Quotient, Negative)) or _is_new_root(part, kept):
            waiting += [((*place, k), p) for k, p in enumerate(part.parts)]
    return found


def _is_new_root(node: Expr, kept: Container[Expr]) -> bool:
    return isinstance(node, Apply) and node.head.name == "sqrt" and node not in kept


def _standing(node: Expr, place: Place) -> str:
    """How the sum at this place of a term stands there."""
    for k in place:
        if isinstance(node, Apply):
            return ROOT
        if isinstance(node, Quotient):
            if k == 1:
                return BELOW
            return ABOVE if rational(node.denominator) is None else FACTOR
        node = node.parts[k]
    return FACTOR


def _is_worth_factoring(lines: Lines, where: str) -> bool:
    """Whether a textbook would take the common factor out here: e^x always, x only of a factor."""
    node = lines.line
    if not isinstance(node, Sum):
        return False
    parts = [bar(term) for term in node.terms]
    content, shared = common_factor(parts, Bases.of(lines.setting))
    if where != ALONE:
        return content > 1 or bool(shared) or all(part.number < 0 for part in parts)
    return any(not is_plain(one.written) for one in shared.values())


def _spine(node: Expr) -> Iterator[Expr]:
    """The factors and terms of a line, each as often as it is written."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, (Sum, Product, Quotient, Negative)):
            waiting += part.parts


def _has_bar(node: Expr) -> bool:
    return isinstance(node.operand if isinstance(node, Negative) else node, Quotient)


def _cost(where: str) -> Callable[[Derivation], tuple[int, int]]:
    """What a line costs a reader: its length, and fractions inside fractions."""

    def cost(way: Derivation) -> tuple[int, int]:
        line = way.result
        inner = 0
        if where in (ABOVE, BELOW, ROOT) and isinstance(line, Sum):
            inner = sum(
                bool(b.below) or (b.number.denominator > 1 and not b.decimal)
                for b in map(bar, line.terms)
            )
        taken = (
            bool(way.steps) and not isinstance(line, Sum) and (where == ABOVE or not _has_bar(line))
        )
        bonus = 3 if taken and where in (ABOVE, FACTOR) else int(taken)
        disorder = where in (ABOVE, FACTOR) and in_good_order(line) is not line
        late = where == ALONE and is_minus_first(line)
        roots = sum(isinstance(n, Apply) and n.head.name == "sqrt" for n in _spine(line))
        cost = size(line) + _INNER_BAR * inner + 2 * roots
        return cost + disorder + late - bonus, len(way.steps)

    return cost
