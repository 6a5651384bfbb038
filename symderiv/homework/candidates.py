"""What may have gone wrong in a question, each way with what comes of it.

A law bent at one place of our own derivation or wherever it is used, two laws bent, the
result off by a factor, another question answered, one line miscopied: these are the same
whatever a student wrote, so they are worked out once for a question, as far as anybody
asked for them, and kept with it.  Which of them gives an answer is found in `diagnosis`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import combinations, islice, product
from typing import NamedTuple

from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.deriving.applying import apply, never, put, spots
from symderiv.deriving.likeness import Alike
from symderiv.errors import Mistake
from symderiv.homework.bending import Bent
from symderiv.homework.problems import Problem
from symderiv.homework.results import Suspicion
from symderiv.homework.slips import (
    MOST_PLACES,
    SLIPS,
    Bend,
    as_written,
    chain_of_a_function,
    indices_turned,
    is_hollow,
    kin,
    paths_left_out,
    trivial,
)
from symderiv.judging.probing import Probe, Trace
from symderiv.language.expressions import Derivative, Expr, Symbol
from symderiv.language.patterns import Letter, fill, match
from symderiv.language.walks import Place, nodes, places, substitute, symbols_in

_MOST_NODES = 40  # derivatives of our own derivation that are bent
_MOST_CHOICES = 36  # meanings of a letter that only the right side holds
_MOST_STARTS = 24  # lines of one problem whose ways are kept


class Candidate:
    """One way to go wrong: what comes of it, worked out once asked for, and how it is told."""

    def __init__(self, ways: Ways, make: Callable[[], Expr], tell: Callable[[], Suspicion]) -> None:
        self._ways, self._make, self._tell = ways, make, tell

    @cached_property
    def made(self) -> Expr | None:
        """What a student would have written; None where no rule leads on from the slip."""
        try:
            return self._make()
        except Mistake:
            return None

    @cached_property
    def trace(self) -> Trace:
        """Its values at a few points, by which most answers are told apart from it."""
        return self._ways.probe.trace(self.made) if self.made is not None else ()

    @cached_property
    def suspicion(self) -> Suspicion:
        """What is said of an answer that this gives."""
        return self._tell()


class Group(NamedTuple):
    """The ways to bend by one misconception: wherever it fits, where that is said, or at each."""

    everywhere: Candidate | None
    bends: tuple[tuple[Bend, Candidate], ...]


class Kept:
    """Candidates in their order, each worked out once: for whoever asks first."""

    def __init__(self, source: Iterator[Candidate]) -> None:
        self._source, self._kept = source, list[Candidate]()

    def __iter__(self) -> Iterator[Candidate]:
        number = 0
        while True:
            if number == len(self._kept):
                further = next(self._source, None)
                if further is None:
                    return
                self._kept.append(further)
            yield self._kept[number]
            number += 1


class Ways:
    """All the ways in which one may go wrong from `start`."""

    def __init__(self, start: Expr, problem: Problem) -> None:
        self.start, self.problem, self.setting = start, problem, problem.setting
        self.probe = Probe(self.setting)

    # --- our own derivation, and the laws bent in it ---------------------------------------

    @cached_property
    def engine(self) -> Bent:
        """Our own derivation, law by law."""
        return Bent(self.setting)

    @cached_property
    def _plain(self) -> Bent:
        """The same for lines that a student may have had."""
        return Bent(self.setting)

    @cached_property
    def truth(self) -> Expr:
        """What `start` is equal to."""
        try:
            return self.engine.value(self.start)
        except Mistake:
            return self.start

    @cached_property
    def used(self) -> tuple[Group, ...]:
        """The laws that our own derivation uses, bent."""
        return self._groups([bend for bend in self.bends if bend.used])

    @cached_property
    def others(self) -> tuple[Group, ...]:
        """The laws that could have been used, bent."""
        return self._groups([bend for bend in self.bends if not bend.used])

    @cached_property
    def bends(self) -> tuple[Bend, ...]:
        """Every way to bend one law at one derivative of our derivation, outermost first."""
        _, alike = self.truth, Alike()
        found: list[Bend] = []
        for node in reversed([*self.engine.first][:_MOST_NODES]):
            (law, lawful), depends = self.engine.first[node], self.engine.depends(node.variable)
            for slip in SLIPS["derivative"]:
                for right in self.closed(slip):
                    rule = Rule(slip.name, (slip.form.left >> right,), slip.why, slip.example)
                    made = apply(rule, node, depends)
                    if made is None or is_hollow(right, made[1], node.variable):
                        continue
                    if made[0] not in (node, lawful, *trivial(made[0], node)):
                        used = slip.instead in (law, *kin(law))
                        found.append(Bend(slip, rule, node, lawful, made[0], used))
            found += paths_left_out(node, law, lawful)
            own = {alike(bend.bent) for bend in found if bend.node is node}
            chained = chain_of_a_function(node, law, lawful)
            found += [bend for bend in chained if alike(bend.bent) not in own]
        return tuple(found)

    def _groups(self, bends: Sequence[Bend]) -> tuple[Group, ...]:
        grouped: dict[Misconception, list[Bend]] = {}
        for bend in bends:
            grouped.setdefault(bend.slip, []).append(bend)
        return tuple(map(self._group, grouped.values()))

    def _group(self, bends: list[Bend]) -> Group:
        singles = tuple((bend, self._candidate(bend)) for bend in bends)
        if len(bends) == 1:
            return Group(None, singles)
        rules = [bend.rule for bend in bends]
        make = partial(self._everywhere, rules)
        return Group(Candidate(self, make, partial(self._told, bends[0])), singles)

    def _candidate(self, bend: Bend) -> Candidate:
        return Candidate(self, partial(self._at, bend), partial(self._told, bend))

    def _at(self, bend: Bend) -> Expr:
        return Bent(self.setting, at={bend.node: bend.bent}).value(self.start)

    def _everywhere(self, rules: list[Rule]) -> Expr:
        return Bent(self.setting, rules).value(self.start)

    def _told(self, bend: Bend) -> Suspicion:
        """The bend, with the line of ours in which the law was used."""
        lawful, bent = as_written(bend.lawful), as_written(bend.bent)
        for derivation in self.problem.derivation.with_lemmas():
            for step in derivation.steps:
                at = next(places(step.before, lambda n: n is bend.node), None)
                if at is not None:
                    return Suspicion(bend.slip, step.before, at, lawful, bent)
        return Suspicion(bend.slip, bend.node, (), lawful, bent)

    @cached_property
    def named(self) -> Derivative | None:
        """The same question with the function named whose definition it asks about: of
        1/(1 + e^(-z)) the sigmoid; None where it is none of ours."""
        start = self.start
        if not isinstance(start, Derivative):
            return None
        for function in shipped().functions.values():
            if function.definition is None or isinstance(function.definition.right, Symbol):
                continue
            made = apply(function.folding_rule, start.body)
            if made is not None:
                return Derivative(made[0], start.variable, start.order, start.partial)
        return None

    # --- another question, another factor, another line -------------------------------------

    @cached_property
    def questions(self) -> Kept:
        """Another question answered."""
        return Kept(self._questions())

    def _questions(self) -> Iterator[Candidate]:
        start = self.start
        if not isinstance(start, Derivative):
            return
        for slip in SLIPS["question"]:
            letters = match(slip.form.left, start)
            if letters is None:
                continue
            for right in self.closed(slip):
                asked = fill(right, letters, partial=start.partial)
                if asked is not start:
                    told = partial(Suspicion, slip, start, (), self.truth, asked)
                    yield Candidate(self, partial(self._plain.value, asked), told)

    @cached_property
    def results(self) -> Kept:
        """The result off by a factor."""
        return Kept(self._results())

    def _results(self) -> Iterator[Candidate]:
        for slip in SLIPS["result"]:
            for right in self.closed(slip):
                bent = fill(right, {"f": self.truth})
                told = partial(Suspicion, slip, self.truth, (), self.truth, bent)
                yield Candidate(self, partial(self._plain.value, bent), told)

    @cached_property
    def lines(self) -> Kept:
        """One line miscopied, or a law of algebra bent in it."""
        return Kept(self._lines())

    def _lines(self) -> Iterator[Candidate]:
        for node, line in self._own_lines():
            for slip in (*SLIPS["line"], *SLIPS["algebra"]):
                for edited, (place, part), bent in self._edited(line, slip):
                    make = (
                        partial(self._plain.value, edited)
                        if node is None
                        else partial(self._with_line, node, edited)
                    )
                    yield Candidate(self, make, partial(Suspicion, slip, line, place, part, bent))

    def _with_line(self, node: Derivative, edited: Expr) -> Expr:
        return Bent(self.setting, at={node: edited}).value(self.start)

    def _own_lines(self) -> Iterator[tuple[Derivative | None, Expr]]:
        """Lines in which something may be miscopied: what each law gives, and whole lines."""
        _ = self.bends
        steps = self.problem.derivation.steps if self.start is self.problem.question else ()
        whole = dict.fromkeys((*(step.after for step in reversed(steps)), self.start, self.truth))
        yield from ((None, line) for line in whole)
        nodes_ = reversed([*self.engine.first.items()][:_MOST_NODES])
        yield from ((node, after) for node, (_, after) in nodes_)

    def _edited(
        self, line: Expr, slip: Misconception
    ) -> Iterator[tuple[Expr, tuple[Place, Expr], Expr]]:
        """The line with the slip at one place; the place and what stood there; what does now."""
        if slip.name == "transpose forgotten":
            yield from indices_turned(line)
        for right in self.closed(slip):
            rule = Rule(slip.name, (slip.form.left >> right,), slip.why, slip.example)
            for place, part in islice(spots(line), MOST_PLACES):
                made = apply(rule, part, never)
                if made is not None and made[0] is not part:
                    yield put(line, place, made[0]), (place, part), made[0]

    # --- two slips ---------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> Kept:
        """Two laws bent, each at one place; or one, and the result off by a factor."""
        return Kept(self._pairs())

    def _pairs(self) -> Iterator[Candidate]:
        for one, other in combinations(self.bends, 2):
            if one.node is not other.node and one.slip is not other.slip:
                yield Candidate(
                    self, partial(self._both, one, other), partial(self._told_both, one, other)
                )
        for bend, slip in product(self.bends, SLIPS["result"][:3]):
            yield Candidate(
                self, partial(self._off, bend, slip), partial(self._told_off, bend, slip)
            )

    def _both(self, one: Bend, other: Bend) -> Expr:
        at = {one.node: one.bent, other.node: other.bent}
        return Bent(self.setting, at=at).value(self.start)

    def _told_both(self, one: Bend, other: Bend) -> Suspicion:
        return replace(self._told(one), also=(self._told(other),))

    def _off(self, bend: Bend, slip: Misconception) -> Expr:
        return fill(slip.form.right, {"f": self._at(bend)})

    def _told_off(self, bend: Bend, slip: Misconception) -> Suspicion:
        bent = fill(slip.form.right, {"f": self.truth})
        return replace(self._told(bend), also=(Suspicion(slip, self.truth, (), self.truth, bent),))

    # --- letters ------------------------------------------------------------------------------

    def closed(self, slip: Misconception) -> Iterator[Expr]:
        """The right side, with each letter that the left lacks standing for some quantity."""
        left, right = slip.form
        held = set(nodes(left))
        free = [n for n in nodes(right) if isinstance(n, Letter) and n not in held]
        named = tuple(self.setting.definitions)
        kinds = {"count": self._counts, "named": named}
        choices = [kinds.get(letter.kind, self._quantities) for letter in free]
        for meaning in islice(product(*choices), _MOST_CHOICES):
            yield substitute(right, dict(zip(free, meaning, strict=True))) if free else right

    @cached_property
    def _quantities(self) -> tuple[Symbol, ...]:
        """What has a name in the problem, the named quantities on the way first."""
        definitions = self.setting.definitions
        used = (s for e in (self.start, *definitions.values()) for s in symbols_in(e))
        return tuple(dict.fromkeys((*definitions, *used)))

    @cached_property
    def _counts(self) -> tuple[Symbol, ...]:
        """The numbers of samples: whole numbers of the problem."""
        return tuple(s for s in self.setting.where if self.setting.domain(s).integer)


def ways(start: Expr, problem: Problem) -> Ways:
    """The ways to go wrong from `start`, kept with the problem for the next answer."""
    known = problem.ways
    found = known.pop(start, None) or Ways(start, problem)
    known[start] = found  # the last that was asked for
    if len(known) > _MOST_STARTS:
        oldest = next(iter(known))
        del known[oldest if oldest is not problem.question else [*known][1]]
    return found
