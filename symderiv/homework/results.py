"""What is said of homework: of one answer a `Check`, of a whole derivation a `Marked`.

Here belong the types alone, frozen and printable, and what can be read off them.  How
they are found stands beside them; how they become words on a page belongs to `documents`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from symderiv.catalogue.rule import Misconception, Rule
from symderiv.deriving.derivation import Derivation
from symderiv.language.expressions import Derivative, Expr, Relation
from symderiv.language.walks import Place

Verdict: TypeAlias = Literal["correct", "incorrect", "undecided", "unreadable"]
"""Of an answer or a whole derivation; what is undecided or unreadable goes to a person."""

LineVerdict: TypeAlias = Literal[
    "given", "follows", "equal", "true", "wrong", "undecided", "unreadable"
]
"""Of one line: it repeats the question, follows from the line before by named rules, equals it
without a rule that we know, equals the truth though not the line before, is wrong (with a
witness), or could not be decided or read."""

Within: TypeAlias = Literal["", "digits", "tolerance", "values shown"]
"""How near a number is: exactly, to the digits shown, within the tolerance, or within the
rounding of the values that are shown in the problem."""


@dataclass(frozen=True)
class Suspicion:
    """A misconception with which a line is consistent, and the place where the law was bent.

    `line` is a line of ours and `place` a place in it; there the law makes `lawful` of what
    stands there, and the bent law makes `bent`.  `proved` says that the judge proved that this
    leads to what the student wrote.  `also` is a second slip, where it takes two.
    """

    misconception: Misconception
    line: Expr
    place: Place
    lawful: Expr
    bent: Expr
    proved: bool = True
    also: tuple[Suspicion, ...] = ()

    @property
    def name(self) -> str:
        """The name of the misconception."""
        return self.misconception.name

    @property
    def placed(self) -> bool:
        """Whether it says where: a law bent, or a line miscopied, at one place."""
        somewhere = bool(self.place) or self.lawful is not self.line
        return somewhere and self.misconception.scope in ("law", "line")


_NAMED: Final = 3


def likeliest(suspicions: tuple[Suspicion, ...]) -> tuple[Suspicion, ...]:
    """Those that are worth telling: where one has a place, a factor of the result says no more,
    nor does the same slip under another name."""
    placed = bool(suspicions) and suspicions[0].placed
    told = [s for s in suspicions if not placed or s.misconception.scope != "result"]
    kept = [s for k, s in enumerate(told) if s.also or all(s.bent is not t.bent for t in told[:k])]
    return tuple(kept[:_NAMED])


@dataclass(frozen=True)
class Hint:
    """A hint at three strengths: `where` to look, by which `rule` to go on, the `next` line."""

    where: Expr
    rule: Rule
    next: Expr


@dataclass(frozen=True)
class Check:
    """What is said of one answer.

    `read` is what was read of it, None where nothing could be; `truth` our own result and
    `derivation` how it is found.  `conditions` say under which the answer holds, such as
    z != 0.  `witness` gives each name a value at which the answer differs, `values` are the
    answer and the truth there.  `form_ok` says whether it has the form that was asked for,
    None where no form was asked for or the value is not right.  `misconceptions` are those
    with which the answer is consistent, likeliest first.  `reason` is one or more sentences;
    `remark` is what the student is told even of a correct answer, such as how it was read.
    """

    verdict: Verdict
    truth: Expr
    derivation: Derivation
    read: Expr | None = None
    reason: str = ""
    form_ok: bool | None = None
    within: Within = ""
    conditions: tuple[Expr, ...] = ()
    witness: Mapping[str, Fraction] = field(default_factory=dict)
    values: tuple[str, str] = ("", "")
    misconceptions: tuple[Suspicion, ...] = ()
    hint: Hint | None = None
    remark: str = ""

    def __repr__(self) -> str:
        return f"<Check {self.verdict}: {self.read!s:.200}>"

    @property
    def correct(self) -> bool:
        """Whether the value is right; `form_ok` says the rest."""
        return self.verdict == "correct"

    @property
    def feedback(self) -> str:
        """All of it in plain words, a line each, as the terminal shows it."""
        from symderiv.homework.telling import told  # here: it tells what stands in this module

        return told(self)


@dataclass(frozen=True)
class MarkedLine:
    """What is said of one line of a derivation.

    `text` is the line as typed and `read` what was read of it.  `rules` lead to it from the
    line before, several where steps were skipped.  `follow_through` says that the line is not
    true, but follows from a wrong line of the student's own, so that it is not marked again.
    `states` is the rate that a line of a table states, such as ∂L/∂z.  `misconceptions`,
    `witness`, `values`, `conditions` and `remark` are as in `Check`.
    """

    text: str
    verdict: LineVerdict
    read: Expr | None = None
    rules: tuple[Rule, ...] = ()
    misconceptions: tuple[Suspicion, ...] = ()
    follow_through: bool = False
    states: Derivative | None = None
    conditions: tuple[Expr, ...] = ()
    witness: Mapping[str, Fraction] = field(default_factory=dict)
    values: tuple[str, str] = ("", "")
    reason: str = ""
    remark: str = ""

    @property
    def shown(self) -> Expr | None:
        """What was read, with what it is said to be: ∂ŷ/∂z = 0.25 of a table of rates."""
        if self.read is None or self.states is None or isinstance(self.read, Relation):
            return self.read
        return Relation((self.states, self.read), ("=",))

    @property
    def rule(self) -> Rule | None:
        """The rule by which the line follows; None where it takes none or several."""
        return self.rules[0] if len(self.rules) == 1 else None


@dataclass(frozen=True)
class Marked:
    """What is said of a whole derivation.

    `first_wrong` is the 0-based number of the first wrong line, None where there is none.
    `verdict` is `correct` where every line holds and the last one answers the question;
    `reached` says whether the last line is the truth, whatever stands before it.
    """

    verdict: Verdict
    lines: tuple[MarkedLine, ...]
    truth: Expr
    derivation: Derivation
    reached: bool = False
    reason: str = ""
    hint: Hint | None = None

    def __repr__(self) -> str:
        return f"<Marked {self.verdict}: {len(self.lines)} lines>"

    @property
    def first_wrong(self) -> int | None:
        """The number of the first wrong line, from 0; None where none is wrong."""
        return next((k for k, line in enumerate(self.lines) if line.verdict == "wrong"), None)

    @property
    def right_through_wrong(self) -> bool:
        """Whether the right answer stands at the end of a derivation with a wrong line."""
        return self.reached and self.first_wrong is not None

    @property
    def feedback(self) -> str:
        """All of it in plain words, a line each, as the terminal shows it."""
        from symderiv.homework.telling import told  # here: it tells what stands in this module

        return told(self)
