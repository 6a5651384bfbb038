"""A whole derivation, line by line: what follows, what is merely true, and what is wrong.

Here belongs the order in which a line is judged; by which rules a line follows stands in
`following`, what was believed in `diagnosis`, how rows are read in `statements`, and what
belongs to tables of rates in `rates`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symderiv.homework.agreeing import Agreement, agree
from symderiv.homework.answers import ONE_WAY, hint
from symderiv.homework.diagnosis import Diagnosis
from symderiv.homework.following import carried_on, follows_by, slips_between
from symderiv.homework.forms import has_form
from symderiv.homework.problems import Problem
from symderiv.homework.rates import Table
from symderiv.homework.results import Hint, Marked, MarkedLine, Suspicion, Verdict
from symderiv.homework.statements import Written, written
from symderiv.language.expressions import Apply, Expr, Relation, Symbol
from symderiv.language.walks import Place

_FUEL = 400  # candidates for one wrong line


def check_lines(problem: Problem, lines: str | Sequence[str]) -> Marked:
    """What is said of a derivation: a text of lines, or one text for each line.

    Never raises for what a student typed.
    """
    marking = _Marking(problem)
    marked = (said for line in written(lines, problem) for said in marking.lines(line))
    return marking.said(tuple(marked))


class _Marking:
    """A derivation while it is marked: the line before, and what was stated so far."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.table = problem, Table(problem)
        self.target: Expr = problem.question
        self.before: Expr = problem.question
        self.sound = True  # whether the line before is true
        self.answered = False  # whether the last line about the question is the truth
        self.last: Expr | None = None

    def lines(self, line: Written) -> Iterator[MarkedLine]:
        """What is said of the next line; where it can be read in several ways, and holds in one
        of them, of the lines that it is then."""
        way = next((way for way in line.ways if all(map(self._holds, way))), ())
        for one in way:
            said = self.line(one)
            yield replace(said, remark=f"{ONE_WAY} {said.remark}".strip())
        if not way:
            yield self.line(line)

    def _holds(self, line: Written) -> bool:
        """Whether a line is equal to what it is said to be, or to the line before."""
        target = self._target_of(line)
        others = dict.fromkeys((target, self.before if target is self.target else target))
        expr = line.expr
        return expr is not None and not isinstance(expr, Relation) and any(
            agree(expr, other, self.problem).verdict == "equal" for other in others
        )  # fmt: skip

    def line(self, line: Written) -> MarkedLine:
        """What is said of the next line."""
        if line.expr is None:
            return MarkedLine(line.text, "unreadable", reason=line.problem)
        if isinstance(line.expr, Relation):
            reason = "This is a condition and no value."
            return MarkedLine(line.text, "unreadable", line.expr, reason=reason)
        self._turn(line)
        marked = self._judged(line.text, line.expr)
        if marked.verdict == "wrong" and self._restates(line):
            marked = MarkedLine(line.text, "given", line.expr)
        states = self.table.node(self.target)
        if states is not None:
            self.table.state(states, line.expr)
        self._note(line.expr, marked)
        return marked if states is None else replace(marked, states=states)

    def _restates(self, line: Written) -> bool:
        """Whether a line only says what is differentiated: y = x², before its derivative."""
        body = getattr(self.problem.question, "body", None)
        named = isinstance(line.label, (Symbol, Apply)) and not line.goes_on
        return named and line.expr is body

    def _turn(self, line: Written) -> None:
        """Where a new statement begins: what it is about."""
        target = self._target_of(line)
        anew = not line.goes_on and target is line.label and isinstance(target, Symbol)
        if anew or target is not self.target:
            self.target = self.before = target
            self.sound = True

    def _target_of(self, line: Written) -> Expr:
        """What a line is about: a rate or a named quantity that it is said to be, the question."""
        if line.goes_on:
            return self.target
        rate, label, question = self.table.node(line.label), line.label, self.problem.question
        if rate is not None:
            same = rate.body is getattr(question, "body", None)  # written with d for ∂
            return question if same and rate.variable is question.parts[1] else rate
        if isinstance(label, Symbol) and label in self.problem.setting.definitions:
            return label
        return question

    def _note(self, expr: Expr, marked: MarkedLine) -> None:
        if marked.verdict == "undecided" or (marked.verdict == "given" and expr is not self.target):
            return
        self.before = self.last = expr
        self.sound = marked.verdict in ("given", "true") or (
            marked.verdict in ("follows", "equal") and not marked.follow_through
        )
        if self.target is self.problem.question:
            self.answered = self.sound

    def _judged(self, text: str, expr: Expr) -> MarkedLine:
        """The line against the line before, and where that is of no help against the truth."""
        if expr is self.problem.question:
            return MarkedLine(text, "given", expr)
        near = agree(expr, self.before, self.problem)
        if near.verdict == "equal":
            return self._follows(text, expr, near)
        true = near if self.before is self.target else agree(expr, self.target, self.problem)
        if true.verdict == "equal":
            said = _rounding(true)
            return MarkedLine(text, "true", expr, conditions=true.conditions, remark=said)
        if true.verdict == "undecided" or (near.verdict == "undecided" and not self.sound):
            reason = (near if true.verdict != "undecided" else true).reason
            return MarkedLine(text, "undecided", expr, reason=reason)
        own = self._from_own_values(expr)
        if own is not None:
            return replace(own, text=text)
        return self._wrong(text, expr, true)

    def _follows(self, text: str, expr: Expr, near: Agreement) -> MarkedLine:
        rules = follows_by(self.before, expr, self.problem)
        return MarkedLine(
            text, "follows" if rules else "equal", expr, rules,
            follow_through=not self.sound, conditions=near.conditions, reason=near.reason,
            remark=_rounding(near),
        )  # fmt: skip

    def _from_own_values(self, expr: Expr) -> MarkedLine | None:
        """A rate that follows from the student's own rates, though it is not true."""
        rate = self.table.node(self.target)
        own = None if rate is None else self.table.own(rate)
        if own is None or agree(expr, own, self.problem).verdict != "equal":
            return None
        reason = "It follows from the values stated before."
        return MarkedLine("", "equal", expr, follow_through=True, reason=reason)

    def _wrong(self, text: str, expr: Expr, true: Agreement) -> MarkedLine:
        found = self._suspicions(expr)
        return MarkedLine(
            text, "wrong", expr, misconceptions=found,
            witness=true.witness, values=true.values, reason=true.reason,
        )  # fmt: skip

    def _suspicions(self, expr: Expr) -> tuple[Suspicion, ...]:
        """What may have been believed: one slip from line to line, else anywhere on the way."""
        direct = slips_between(self.before, expr, self.problem)
        searched = Diagnosis(self.before, expr, self.problem, _FUEL).found()
        known = {found.misconception: found for found in searched}
        place: Place = ()
        first = [
            known.get(slip) or Suspicion(slip, self.before, place, self.before, expr)
            for slip in direct
        ]
        rest = [found for found in searched if found.misconception not in direct]
        return (*first, *rest)

    def said(self, lines: tuple[MarkedLine, ...]) -> Marked:
        """What is said of the derivation as a whole."""
        problem = self.problem
        return Marked(
            self._verdict(lines), lines, problem.truth, problem.derivation,
            self.answered, self._reason(lines), self._hint(lines),
        )  # fmt: skip

    def _verdict(self, lines: tuple[MarkedLine, ...]) -> Verdict:
        verdicts = {line.verdict for line in lines}
        if "wrong" in verdicts:
            return "incorrect"
        if not lines or "unreadable" in verdicts:
            return "unreadable"
        finished = self.answered and self._finished()
        return "undecided" if "undecided" in verdicts or not finished else "correct"

    def _finished(self) -> bool:
        """Whether the last line has the form that was asked for, with no derivative left."""
        last, problem = self.last, self.problem
        if last is None or not has_form(last, "no derivative left", {}, problem.truth):
            return False
        return has_form(last, problem.form, problem.setting.definitions, problem.truth)

    def _reason(self, lines: tuple[MarkedLine, ...]) -> str:
        if not lines:
            return "There is no line to read."
        if any(line.verdict in ("wrong", "unreadable", "undecided") for line in lines):
            return ""
        return "" if self.answered and self._finished() else "The question is not answered yet."

    def _hint(self, lines: tuple[MarkedLine, ...]) -> Hint | None:
        """How to go on before the first wrong line; from the question where none is, and None
        where the line before it is as far as our own derivation goes."""
        before = self.problem.question
        for line in lines:
            if line.verdict == "wrong":
                break
            if line.read is not None and line.verdict in ("follows", "equal", "true"):
                before = before if line.follow_through else line.read
        steps = carried_on(before, self.problem)
        if steps:
            step = next((step for step in steps if not step.rule.tag), steps[0])
            return Hint(step.before, step.rule, step.after)
        return hint(self.problem) if before is self.problem.question else None


def _rounding(found: Agreement) -> str:
    """What is said of a number, or a formula with decimals, that is right within a rounding."""
    return found.reason if found.within == "values shown" else ""
