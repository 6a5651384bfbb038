"""What a student may have believed: the bent law whose derivation leads to the line written.

Our own derivation is carried out again with one law bent at one place (or wherever it is
used), then with another question answered, with the result off by a factor, with one line
miscopied, and at last with two laws bent.  A candidate counts only when the judge proves
that it gives what the student wrote; so what is said is "consistent with", likeliest first.
The candidates stand in `candidates`; here each is held against an answer.  The work is
counted, and so bounded on every machine alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rule import Misconception
from symderiv.catalogue.rules import differentiation as laws
from symderiv.errors import Mistake
from symderiv.homework.agreeing import resolved
from symderiv.homework.candidates import Candidate, Group, ways
from symderiv.homework.following import weight
from symderiv.homework.numerals import has_decimals, is_numeric, nearness
from symderiv.homework.problems import Problem
from symderiv.homework.results import Suspicion
from symderiv.homework.slips import Bend
from symderiv.judging.comparing import compare
from symderiv.judging.preparing import without_definitions
from symderiv.judging.probing import Trace, apart, nowhere_together
from symderiv.language.expressions import Derivative, Expr
from symderiv.language.walks import nodes

_FUEL: Final = 1_500  # candidates that are held against an answer
_MOST_NAMED = 4  # misconceptions that are told


class Diagnosis:
    """Why a student may have gone from `start` to `answer`, where `start` is really `truth`."""

    def __init__(self, start: Expr, answer: Expr, problem: Problem, fuel: int = _FUEL) -> None:
        self.start, self.problem = start, problem
        self.answer = resolved(answer, problem)
        self.fuel = fuel // weight(self.answer)
        self.setting = problem.setting
        self.numeric = is_numeric(self.answer) or has_decimals(self.answer)
        self.ways = ways(start, problem)

    def found(self) -> tuple[Suspicion, ...]:
        """The misconceptions with which the answer is consistent, likeliest first."""
        stages = [self._likely, self._others, self._written_out]
        if not self.numeric:  # with as many candidates some would give the number by chance
            stages += [self._lines, self._pairs]
        for stage in stages:
            named: dict[Misconception, Suspicion] = {}
            for suspicion in stage():
                named.setdefault(suspicion.misconception, suspicion)
                if len(named) == _MOST_NAMED:
                    break
            if named:
                return tuple(named.values())
        return ()

    # --- the stages ----------------------------------------------------------------------

    def _likely(self) -> Iterator[Suspicion]:
        """A law bent where we used it, another question answered, the result off by a factor."""
        bent = [*self._laws(self.ways.used)]
        yield from (found for found in bent if not found.misconception.instead.trivial)
        yield from self._told(self.ways.questions)
        if self._is_integral():
            slip = shipped().misconceptions["integrated instead"]
            yield Suspicion(slip, self.start, (), self.ways.truth, self.answer)
        yield from self._told(self.ways.results)
        yield from (found for found in bent if found.misconception.instead.trivial)

    def _others(self) -> Iterator[Suspicion]:
        """One law bent that could have been used."""
        return self._laws(self.ways.others)

    def _laws(self, groups: Iterable[Group]) -> Iterator[Suspicion]:
        """One law bent: wherever it is used, then at one place; outermost first."""
        hits: list[tuple[Bend, Candidate]] = []
        for group in groups:
            if group.everywhere is not None and self._gives(group.everywhere):
                hits.append((group.bends[0][0], group.everywhere))
            else:
                hits += [(bend, way) for bend, way in group.bends if self._gives(way)]
        named = {bend.node for bend, _ in hits if bend.slip.instead is not laws.chain_rule}
        order = {bend: k for k, bend in enumerate(self.ways.bends)}
        kept = [
            hit for hit in hits
            if hit[0].slip.instead is not laws.chain_rule or hit[0].node not in named
        ]  # fmt: skip
        kept.sort(key=lambda hit: (*_unlikely(hit[0]), order[hit[0]]))
        yield from (self._said(way) for _, way in kept)

    def _written_out(self) -> Iterator[Suspicion]:
        """One law bent after what the named quantities stand for was put in, or in the slope of
        the function whose definition the question asks about."""
        start, definitions = self.start, self.setting.definitions
        if isinstance(start, Derivative) and definitions and start.variable not in definitions:
            body = without_definitions(start.body, definitions)
            plain = start.with_parts((body, start.variable))
            yield from self._from(plain)
        if self.ways.named is not None:
            yield from self._from(self.ways.named)

    def _from(self, start: Expr) -> Iterator[Suspicion]:
        """One law bent, begun at what is only another way to write the question."""
        inner = Diagnosis(start, self.answer, self.problem)
        yield from inner._laws(inner.ways.used)

    def _lines(self) -> Iterator[Suspicion]:
        """One line miscopied, or a law of algebra bent in it."""
        return self._told(self.ways.lines)

    def _pairs(self) -> Iterator[Suspicion]:
        """Two laws bent, each at one place; or one, and the result off by a factor."""
        return self._told(self.ways.pairs)

    # --- a candidate and the answer ---------------------------------------------------------

    def _told(self, candidates: Iterable[Candidate]) -> Iterator[Suspicion]:
        for candidate in candidates:
            if self.fuel <= 0:
                return
            if self._gives(candidate):
                yield self._said(candidate)

    def _said(self, candidate: Candidate) -> Suspicion:
        """What the candidate says; of a number nothing is proved."""
        found = candidate.suspicion
        if not self.numeric:
            return found
        also = tuple(replace(second, proved=False) for second in found.also)
        return replace(found, proved=False, also=also)

    def _gives(self, candidate: Candidate) -> bool:
        """Whether a candidate gives what the student wrote, as far as the fuel reaches."""
        if self.fuel <= 0:
            return False
        self.fuel -= 1
        made = candidate.made
        if made is None:  # no rule leads on from here: then the student did not go this way
            return False
        try:
            if self.numeric:
                near = nearness(self.answer, made, self.problem)
                return near is not None and near.near
            trace = candidate.trace
            if apart(self._trace, trace) or (trace and nowhere_together(self._trace, trace)):
                return False  # what has no value where the answer has one explains nothing
            return compare(self.answer, made, self.setting).verdict == "equal"
        except Mistake:
            return False

    @cached_property
    def _trace(self) -> Trace:
        return self.ways.probe.trace(self.answer, kept=False)

    def _is_integral(self) -> bool:
        """Whether the answer has what was to be differentiated as its derivative."""
        start = self.start
        if not isinstance(start, Derivative) or start.order != 1 or self.numeric:
            return False
        back = Derivative(self.answer, start.variable, 1, start.partial)
        probe = self.ways.probe
        if apart(probe.trace(back, kept=False), probe.trace(start.body)):
            return False
        try:
            result = self.problem.engine.derive(back).result
            return compare(result, start.body, self.setting).verdict == "equal"
        except Mistake:
            return False


def _unlikely(bend: Bend) -> tuple[bool, bool, bool]:
    """What makes a slip less likely: laws that say nought or one, and laws of plain linearity,
    are seldom got wrong where another law was used as well; and more is forgotten than put in."""
    law = bend.slip.instead
    put_in = len(nodes(bend.bent)) >= len(nodes(bend.lawful))
    return law.trivial, law in _LINEAR, put_in


_LINEAR: Final = (
    laws.sum_rule, laws.negative_rule, laws.constant_multiple, laws.constant_divisor,
)  # fmt: skip
