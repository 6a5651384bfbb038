"""A derivation while it is being written: the line so far, and steps added to it.

`Lines` is the only place where steps are made, so that each begins where the last
one ended.  It decides nothing: callers say which rule, where, and what came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symderiv.catalogue.rule import Rule
from symderiv.deriving.applying import apply, put
from symderiv.deriving.derivation import Derivation, Kink, Step
from symderiv.judging.points import Setting
from symderiv.language.expressions import Expr, Relation
from symderiv.language.walks import Place, at


class Lines:
    """The lines of one derivation, from `start` to `line`."""

    def __init__(self, start: Expr, setting: Setting, phase: str = "") -> None:
        self.start = self.line = start
        self.setting = setting
        self.phase = phase
        self.steps: list[Step] = []
        self.needs: dict[Relation, None] = {}
        self.kinks: dict[Kink, None] = {}
        self.settled: dict[Relation, None] = {}

    def add(
        self,
        rule: Rule,
        after: Expr,
        *,
        places: tuple[Place, ...] = ((),),
        letters: Mapping[str, Expr] | None = None,
        lemmas: tuple[Derivation, ...] = (),
        cancelled: tuple[Place, ...] = (),
    ) -> None:
        """The next line; a line equal to the one before it is not written."""
        if after is self.line:
            return
        step = Step(
            rule,
            self.line,
            after,
            self.setting,
            places,
            letters or {},
            lemmas,
            cancelled,
            self.phase,
        )
        self.steps.append(step)
        self.line = after

    def rewrite(self, rule: Rule, places: Iterable[Place]) -> bool:
        """One step that applies `rule` at each of these places; False where it fits nowhere."""
        line = self.line
        done: list[Place] = []
        first: Mapping[str, Expr] = {}
        for place in sorted(places, reverse=True):
            if any(place == other[: len(place)] for other in done):
                continue  # a place inside this one was rewritten: the outer one waits a line
            found = apply(rule, at(line, place))
            if found is not None:
                new, first = found
                line = put(line, place, new)
                done.append(place)
        if not done or line is self.line:
            return False
        self.add(rule, line, places=tuple(reversed(done)), letters=first)
        return True

    def extend(self, other: Derivation) -> None:
        """The steps of a derivation that starts with this line, with their phases."""
        self.steps.extend(other.steps)
        self.line = other.result
        self.take_over(other)

    def take_over(self, other: Derivation) -> None:
        """What the steps of `other` met is met here, where they are written out."""
        self.needs.update(dict.fromkeys(other.own_needs))
        self.kinks.update(dict.fromkeys(other.own_kinks))
        self.settled.update(dict.fromkeys(other.settled))

    def require(self, condition: Relation) -> None:
        """Note what must hold for the steps so far."""
        self.needs[condition] = None

    def done(self, title: str = "", note: str = "") -> Derivation:
        """The derivation as it stands."""
        return Derivation(
            self.start,
            tuple(self.steps),
            self.setting,
            title,
            note,
            tuple(self.needs),
            tuple(self.kinks),
            tuple(self.settled),
        )
