"""What a student may have believed: the bent law whose derivation leads to the line written.

Our own derivation is carried out again with one law bent at one place (or wherever it is
used), then with another question answered, with the result off by a factor, with one line
miscopied, and at last with two laws bent.  A candidate counts only when the judge proves
that it gives what the student wrote; so what is said is "consistent with", likeliest first.
The work is counted, and so bounded on every machine alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import combinations, islice, product
from typing import Final, NamedTuple

from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.applying import apply, never, put, spots
from symderiv.errors import Mistake
from symderiv.homework.agreeing import resolved
from symderiv.homework.bending import Bent
from symderiv.homework.following import weight
from symderiv.homework.numerals import has_decimals, is_numeric, nearness
from symderiv.homework.problems import Problem
from symderiv.homework.results import Suspicion
from symderiv.judging.comparing import compare
from symderiv.judging.preparing import without_definitions
from symderiv.language.expressions import Derivative, Expr, Sum, Symbol
from symderiv.language.patterns import Letter, fill, join, match
from symderiv.language.walks import Place, nodes, places, substitute, symbols_in

_FUEL: Final = 1_500  # candidates that are compared
_MOST_NODES = 40  # derivatives of our own derivation that are bent
_MOST_PLACES = 60  # places of one line that are miscopied
_MOST_CHOICES = 36  # meanings of a letter that only the right side holds
_MOST_NAMED = 4  # misconceptions that are told


class Bend(NamedTuple):
    """A way to bend: at `node` (or wherever it fits) the law's `lawful` becomes `bent`.

    `used` says whether our own derivation uses the very law that is bent there.
    """

    slip: Misconception
    rule: Rule
    node: Derivative
    lawful: Expr
    bent: Expr
    used: bool


class Diagnosis:
    """Why a student may have gone from `start` to `answer`, where `start` is really `truth`."""

    def __init__(self, start: Expr, answer: Expr, problem: Problem, fuel: int = _FUEL) -> None:
        self.start, self.problem = start, problem
        self.answer = resolved(answer, problem)
        self.fuel = fuel // weight(self.answer)
        self.setting = problem.setting
        self.numeric = is_numeric(self.answer) or has_decimals(self.answer)

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

    def _used(self) -> Iterator[Suspicion]:
        """One law bent that our own derivation uses there."""
        return self._laws([bend for bend in self.bends if bend.used])

    def _others(self) -> Iterator[Suspicion]:
        """One law bent that could have been used."""
        return self._laws([bend for bend in self.bends if not bend.used])

    def _laws(self, bends: Sequence[Bend]) -> Iterator[Suspicion]:
        """One law bent: wherever it is used, then at one place; outermost first."""
        hits: list[Bend] = []
        for ways in self._by_slip(bends):
            if len(ways) > 1 and self._gives(partial(self._everywhere, ways)):
                hits.append(ways[0])
            else:
                hits += [bend for bend in ways if self._gives(partial(self._at, bend))]
        hits.sort(key=lambda bend: (bend.slip.instead.trivial, bends.index(bend)))
        yield from map(self._suspicion, hits)

    def _written_out(self) -> Iterator[Suspicion]:
        """One law bent after what the named quantities stand for was put in."""
        start, definitions = self.start, self.setting.definitions
        if isinstance(start, Derivative) and definitions and start.variable not in definitions:
            body = without_definitions(start.body, definitions)
            plain = start.with_parts((body, start.variable))
            inner = Diagnosis(plain, self.answer, self.problem)
            yield from inner._used()

    def _likely(self) -> Iterator[Suspicion]:
        """A law bent where we used it, the result off by a factor, another question answered."""
        yield from self._used()
        yield from self._results()
        yield from self._questions()

    def _questions(self) -> Iterator[Suspicion]:
        """Another question answered."""
        start = self.start
        if not isinstance(start, Derivative):
            return
        for slip in _SLIPS["question"]:
            letters = match(slip.form.left, start)
            if letters is None:
                continue
            for right in self._closed(slip):
                asked = fill(right, letters, partial=start.partial)
                if asked is not start and self._gives(partial(self.engine.value, asked)):
                    yield Suspicion(slip, start, (), self.truth, asked, not self.numeric)
        if self._is_integral(start):
            slip = shipped().misconceptions["integrated instead"]
            yield Suspicion(slip, start, (), self.truth, self.answer)

    def _results(self) -> Iterator[Suspicion]:
        """The result off by a factor."""
        for slip in _SLIPS["result"]:
            for right in self._closed(slip):
                bent = fill(right, {"f": self.truth})
                if self._gives(partial(self.engine.value, bent)):
                    yield Suspicion(slip, self.truth, (), self.truth, bent, not self.numeric)

    def _lines(self) -> Iterator[Suspicion]:
        """One line miscopied, or a law of algebra bent in it."""
        for node, line in self._own_lines():
            for slip in (*_SLIPS["line"], *_SLIPS["algebra"]):
                for edited, spot, bent in self._edited(line, slip):
                    at = {} if node is None else {node: edited}
                    whole = edited if node is None else self.start
                    if self._gives(partial(Bent(self.setting, at=at).value, whole)):
                        place, part = spot
                        yield Suspicion(slip, line, place, part, bent, not self.numeric)

    def _pairs(self) -> Iterator[Suspicion]:
        """Two laws bent, each at one place; or one, and the result off by a factor."""
        singles = self.bends
        for one, other in combinations(singles, 2):
            if one.node is other.node or one.slip is other.slip:
                continue
            at = {one.node: one.bent, other.node: other.bent}
            if self._gives(partial(Bent(self.setting, at=at).value, self.start)):
                yield replace(self._suspicion(one), also=(self._suspicion(other),))
        for bend, slip in product(singles, _SLIPS["result"][:3]):
            if self._gives(partial(self._off, bend, slip)):
                also = Suspicion(slip, self.truth, (), self.truth, self.answer, not self.numeric)
                yield replace(self._suspicion(bend), also=(also,))

    def _off(self, bend: Bend, slip: Misconception) -> Expr:
        return fill(slip.form.right, {"f": self._at(bend)})

    # --- what our own derivation looks like ----------------------------------------------

    @cached_property
    def engine(self) -> Bent:
        """Our own derivation, law by law."""
        return Bent(self.setting)

    @cached_property
    def truth(self) -> Expr:
        """What `start` is equal to."""
        try:
            return self.engine.value(self.start)
        except Mistake:
            return self.start

    @cached_property
    def bends(self) -> tuple[Bend, ...]:
        """Every way to bend one law at one derivative of our derivation, outermost first."""
        _ = self.truth
        found = []
        for node in reversed([*self.engine.first][:_MOST_NODES]):
            (law, lawful), depends = self.engine.first[node], self.engine.depends(node.variable)
            for slip in _SLIPS["derivative"]:
                for right in self._closed(slip):
                    rule = Rule(slip.name, (slip.form.left >> right,), slip.why, slip.example)
                    made = apply(rule, node, depends)
                    if made is not None and made[0] not in (node, lawful, *_trivial(made[0], node)):
                        used = slip.instead in (law, *_KIN.get(law, ()))
                        found.append(Bend(slip, rule, node, lawful, made[0], used))
            found += _paths_left_out(node, law, lawful)
        return tuple(found)

    def _by_slip(self, bends: Iterable[Bend]) -> Iterator[list[Bend]]:
        grouped: dict[Misconception, list[Bend]] = {}
        for bend in bends:
            grouped.setdefault(bend.slip, []).append(bend)
        yield from grouped.values()

    def _own_lines(self) -> Iterator[tuple[Derivative | None, Expr]]:
        """Lines in which something may be miscopied: what each law gives, and whole lines."""
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
            yield from _indices_turned(line)
        for right in self._closed(slip):
            rule = Rule(slip.name, (slip.form.left >> right,), slip.why, slip.example)
            for place, part in islice(spots(line), _MOST_PLACES):
                made = apply(rule, part, never)
                if made is not None and made[0] is not part:
                    yield put(line, place, made[0]), (place, part), made[0]

    # --- candidates ----------------------------------------------------------------------

    def _at(self, bend: Bend) -> Expr:
        return Bent(self.setting, at={bend.node: bend.bent}).value(self.start)

    def _everywhere(self, bends: list[Bend]) -> Expr:
        return Bent(self.setting, [bend.rule for bend in bends]).value(self.start)

    def _gives(self, candidate: Callable[[], Expr]) -> bool:
        """Whether a candidate gives what the student wrote, as far as the fuel reaches."""
        if self.fuel <= 0:
            return False
        self.fuel -= 1
        try:
            made = candidate()
            if self.numeric:
                near = nearness(self.answer, made, self.problem)
                return near is not None and near.near
            return compare(self.answer, made, self.setting).verdict == "equal"
        except Mistake:  # no rule leads on from here: then the student did not go this way
            return False

    def _is_integral(self, start: Derivative) -> bool:
        if start.order != 1 or self.numeric:
            return False
        back = Derivative(self.answer, start.variable, 1, start.partial)
        try:
            result = self.engine.value(back)
            return compare(result, start.body, self.setting).verdict == "equal"
        except Mistake:
            return False

    def _closed(self, slip: Misconception) -> Iterator[Expr]:
        """The right side, with each letter that the left lacks standing for some quantity."""
        left, right = slip.form
        held = set(nodes(left))
        free = [n for n in nodes(right) if isinstance(n, Letter) and n not in held]
        named = tuple(self.setting.definitions)
        kinds = {"count": self.counts, "named": named}
        choices = [kinds.get(letter.kind, self.quantities) for letter in free]
        for meaning in islice(product(*choices), _MOST_CHOICES):
            yield substitute(right, dict(zip(free, meaning, strict=True))) if free else right

    @cached_property
    def quantities(self) -> tuple[Symbol, ...]:
        """What has a name in the problem, the named quantities on the way first."""
        definitions = self.setting.definitions
        used = (s for e in (self.start, *definitions.values()) for s in symbols_in(e))
        return tuple(dict.fromkeys((*definitions, *used)))

    @cached_property
    def counts(self) -> tuple[Symbol, ...]:
        """The numbers of samples: whole numbers of the problem."""
        return tuple(s for s in self.setting.where if self.setting.domain(s).integer)

    def _suspicion(self, bend: Bend) -> Suspicion:
        """The bend, with the line of ours in which the law was used."""
        for derivation in self.problem.derivation.with_lemmas():
            for step in derivation.steps:
                at = next(places(step.before, lambda n: n is bend.node), None)
                if at is not None:
                    bent = bend.bent
                    return Suspicion(
                        bend.slip, step.before, at, bend.lawful, bent, not self.numeric
                    )
        return Suspicion(bend.slip, bend.node, (), bend.lawful, bend.bent, not self.numeric)


def _trivial(bent: Expr, node: Derivative) -> Iterator[Expr]:
    """The expression itself, if it differentiates by a quantity on the way that is no other."""
    if isinstance(bent, Derivative) and bent.body is bent.variable is not node.variable:
        yield bent


_KIN: Final = {
    laws.sum_rule: (laws.constant_term,),
    laws.power_rule: (laws.power_chain_rule,),
    laws.exponential_rule: (laws.exponential_chain_rule,),
}
"""Laws of which another is a special case: a slip about that one is a slip about it."""


def _indices_turned(line: Expr) -> Iterator[tuple[Expr, tuple[Place, Expr], Expr]]:
    """A transpose forgotten, entry by entry: W₁₂ in the place of W₂₁."""
    for place, part in islice(spots(line), _MOST_PLACES):
        if isinstance(part, Symbol) and len(part.indices) == 2:
            turned = part.at(*reversed(part.indices))
            yield put(line, place, turned), (place, part), turned


def _paths_left_out(node: Derivative, law: Rule, lawful: Expr) -> Iterator[Bend]:
    """Of the paths along which a change travels through named quantities, one left out."""
    slip = shipped().misconceptions["term or path left out"]
    if law is laws.chain_by_name and isinstance(lawful, Sum):
        for k in range(len(lawful.terms)):
            kept = join(Sum, lawful.terms[:k] + lawful.terms[k + 1 :])
            yield Bend(
                slip, Rule(slip.name, (node >> kept,), slip.why, ""), node, lawful, kept, True
            )


def _kind(slip: Misconception) -> str:
    """By what a slip is found: the bent law of differentiation or of algebra, else its scope."""
    if slip.scope != "law":
        return slip.scope
    return "derivative" if isinstance(slip.form.left, Derivative) else "algebra"


_SLIPS: Final = {
    kind: tuple(slip for slip in shipped().misconceptions.values() if _kind(slip) == kind)
    for kind in ("derivative", "algebra", "line", "question", "result")
}
