"""What homework is worth: marks for milestones, and what a slip costs.

A rubric is the teacher's: which milestones there are, whether lines that follow from a wrong
line of the student's own still count, and what is kept for a misconception.  What could
not be decided costs nothing here: it waits for a person.  No verdict is found here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from symderiv.homework.results import Check, Marked, MarkedLine

By: TypeAlias = Literal["answer", "form", "rule"]
"""How a milestone is reached: by the right value, by the form that was asked for, or by a line
that uses a rule."""

_WAITS = ("undecided", "unreadable")


@dataclass(frozen=True)
class Milestone:
    """Something that earns marks; `rule` names the rule of a milestone by `rule`."""

    marks: Fraction
    by: By = "answer"
    rule: str = ""

    @property
    def name(self) -> str:
        """What it is called on a page."""
        return {"answer": "the right answer", "form": "the form asked for"}.get(self.by, self.rule)


@dataclass(frozen=True)
class Rubric:
    """Milestones; `slips` says what part of the answer's marks is kept for a misconception.

    With `follow_through`, lines that follow from a wrong line of the student's own earn their
    marks, and so does an answer that such lines lead to.
    """

    milestones: tuple[Milestone, ...] = (Milestone(Fraction(1)),)
    follow_through: bool = True
    slips: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def marks(self) -> Fraction:
        """What can be earned."""
        return sum((milestone.marks for milestone in self.milestones), Fraction())


@dataclass(frozen=True)
class Earned:
    """What a milestone earned; None where a person must look first.  `why` is one sentence."""

    milestone: Milestone
    marks: Fraction | None
    why: str = ""


@dataclass(frozen=True)
class Credit:
    """What an answer or a derivation earned, milestone by milestone."""

    earned: tuple[Earned, ...]

    @property
    def marks(self) -> Fraction | None:
        """The sum; None where a part of it waits for a person."""
        found = [item.marks for item in self.earned]
        return None if None in found else sum((m for m in found if m is not None), Fraction())

    @property
    def meanwhile(self) -> Fraction:
        """The sum until a person has looked at what waits, which is counted in full: what could
        not be decided is never a deduction."""
        found = (i.milestone.marks if i.marks is None else i.marks for i in self.earned)
        return sum(found, Fraction())

    @property
    def of(self) -> Fraction:
        """What could be earned."""
        return sum((item.milestone.marks for item in self.earned), Fraction())


def credit(what: Check | Marked, rubric: Rubric) -> Credit:
    """What it is worth by this rubric."""
    return Credit(tuple(_earned(what, milestone, rubric) for milestone in rubric.milestones))


def _earned(what: Check | Marked, milestone: Milestone, rubric: Rubric) -> Earned:
    """One milestone: whole, a part, nothing, or waiting for a person."""
    if what.verdict == "correct":
        missed = milestone.by == "form" and isinstance(what, Check) and what.form_ok is False
        why = "The value is right, but not the form." if missed else ""
        return Earned(milestone, Fraction() if missed else milestone.marks, why)
    if isinstance(what, Check):
        part, why = _of_answer(what, milestone, rubric)
    else:
        part, why = _of_lines(what, milestone, rubric)
    return Earned(milestone, None if part is None else part * milestone.marks, why)


def _of_answer(check: Check, milestone: Milestone, rubric: Rubric) -> tuple[Fraction | None, str]:
    if check.verdict in _WAITS:
        return None, ""
    if milestone.by == "answer" and check.misconceptions:
        likeliest = check.misconceptions[0]
        kept = rubric.slips.get(likeliest.name, Fraction())
        if kept and not likeliest.also:
            return kept, f"Consistent with: {likeliest.name}."
    return Fraction(), ""


def _of_lines(marked: Marked, milestone: Milestone, rubric: Rubric) -> tuple[Fraction | None, str]:
    waits = any(line.verdict in _WAITS for line in marked.lines) or marked.verdict in _WAITS
    if milestone.by == "answer":
        if marked.reached:
            return Fraction(1), "Reached, though not every line holds."
        if rubric.follow_through and _carried(marked):
            return Fraction(1), "It follows from the wrong line."
    if milestone.by == "rule":
        lines = [line for line in marked.lines if _uses(line, milestone.rule)]
        if any(not line.follow_through for line in lines):
            return Fraction(1), ""
        if lines and rubric.follow_through:
            return Fraction(1), "It follows from the wrong line."
    return (None if waits else Fraction()), ""


def _carried(marked: Marked) -> bool:
    """Whether one line is wrong, and all after it, down to a last one, follow from it."""
    wrong = marked.first_wrong
    if wrong is None:
        return False
    after = marked.lines[wrong + 1 :]
    return bool(after) and all(line.follow_through for line in after)


def _uses(line: MarkedLine, rule: str) -> bool:
    """Whether it follows by the rule, also as the end of another ("power and chain rule")."""
    names = (used.name for used in line.rules)
    return line.verdict == "follows" and any(
        f" and {name}".endswith(f" and {rule}") for name in names
    )
