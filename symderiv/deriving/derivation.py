"""What a derivation is: a start and steps, each by a rule, each checked when asked for.

A broken chain cannot be written down: every step begins with the line where the
one before it ended.  Here belong the types; which steps to take is decided in
`strategy`, `differentiating` and `simplifying`, and how a step is checked in `evidence`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symderiv.catalogue.rule import Rule, Tag
from symderiv.catalogue.rules.differentiation import derivatives_of_the_parts
from symderiv.deriving.applying import rational
from symderiv.deriving.conditions import of_parameters, stated, worth_saying
from symderiv.deriving.evidence import Evidence, check
from symderiv.deriving.notebook import Shown
from symderiv.errors import Broken
from symderiv.judging.points import Setting
from symderiv.judging.proving import Proof
from symderiv.judging.vanishing import vanishes_with
from symderiv.language.expressions import Apply, Derivative, Expr, Relation, Symbol
from symderiv.language.walks import Place, symbols_in


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One line to the next: `rule` applied at `places` of `before` gives `after`.

    `letters` is what the rule's letters stand for at the first place; `lemmas` are the
    derivations of what was put in; `cancelled` the places of `before` that are struck out.
    """

    rule: Rule
    before: Expr
    after: Expr
    setting: Setting
    places: tuple[Place, ...] = ((),)
    letters: Mapping[str, Expr] = field(default_factory=dict)
    lemmas: tuple[Derivation, ...] = ()
    cancelled: tuple[Place, ...] = ()
    phase: str = ""

    def __repr__(self) -> str:
        return f"<Step by {self.rule.name}: {self.before!s:.100} -> {self.after!s:.100}>"

    @property
    def place(self) -> Place:
        """The first place where the rule was applied."""
        return self.places[0]

    @property
    def tag(self) -> Tag:
        """Why the step may be folded away, or empty; a lemma is as telling as its steps."""
        if self.lemmas:
            telling = any(not step.tag for lemma in self.lemmas for step in lemma.steps)
            return "" if telling else "pedantic"
        return self.rule.tag

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the lemmas, one after the other."""
        return tuple(step for lemma in self.lemmas for step in lemma.steps)

    @property
    def why(self) -> str:
        """The rule's reason with its letters filled in, as plain text."""
        return "".join(p if isinstance(p, str) else str(p) for p in self.reason)

    @property
    def reason(self) -> tuple[str | Expr, ...]:
        """The rule's reason as words and the expressions between them."""
        return tuple(_filled(self.rule.why, self.letters))

    @property
    def reasons(self) -> tuple[Rule, ...]:
        """The rules to name beside the line: of a step with lemmas, the laws used in them."""
        if self.rule is not derivatives_of_the_parts:
            return (self.rule,)
        named: dict[str, Rule] = {}
        waiting = [self]
        while waiting:
            step = waiting.pop()
            if not step.lemmas:
                named.setdefault(step.rule.name, step.rule)
            for lemma in reversed(step.lemmas):
                waiting.extend(reversed(lemma.steps))
        rules = list(named.values())
        laws = [rule for rule in rules if rule.differentiates] or rules
        return tuple([rule for rule in laws if not (rule.tag or rule.trivial)] or laws)

    @property
    def evidence(self) -> Evidence:
        """How the equality of `before` and `after` was checked; `Broken` where it does not hold."""
        return check(self.before, self.after, self.setting)


def _difference(one: Expr, other: Expr) -> Expr:
    return one if rational(other) == 0 else one - other


def _filled(text: str, letters: Mapping[str, Expr]) -> Iterator[str | Expr]:
    """`text` with each `${name}` replaced by what the letter stands for (or its bare name)."""
    words, *rest = text.split("${")
    yield words
    for piece in rest:
        name, _, words = piece.partition("}")
        yield letters.get(name, Symbol(name))
        yield words


@dataclass(frozen=True)
class Kink:
    """A point to look at: without derivative, because the slopes on its two sides differ, or the
    values; or with one after all (`is_smooth`), though the rules do not reach it.

    `at` says where, as an equation u = p; `left` and `right` are the slopes on the sides u < p
    and u > p.  `jump` are the values on both sides, where these differ already.  `unless` is
    an equation between parameters under which the sides agree after all.  `taken` is the
    value that a named convention puts there, None where none is chosen.
    """

    at: Relation
    left: Expr
    right: Expr
    convention: str = "undefined"
    taken: Expr | None = None
    jump: tuple[Expr, Expr] | None = None
    unless: Relation | None = None

    @property
    def is_smooth(self) -> bool:
        """Whether both slopes are the same and nothing jumps, so that the derivative exists."""
        return self.left is self.right and self.jump is None


@dataclass(frozen=True, eq=False)
class Derivation(Shown):
    """A chain of equal lines from `start` to `result`.

    `title` and `note` are words for a page.  `own_needs` and `own_kinks` are what its own
    steps met on the way; `conditions` and `kinks` add what their lemmas met.  `settled` are
    conditions of its steps or lemmas that turned out not to be needed.
    """

    start: Expr
    steps: tuple[Step, ...]
    setting: Setting
    title: str = ""
    note: str = ""
    own_needs: tuple[Relation, ...] = ()
    own_kinks: tuple[Kink, ...] = ()
    settled: tuple[Relation, ...] = ()

    def __repr__(self) -> str:
        return f"<Derivation {self.start!s:.100} = {self.result!s:.100}, {len(self.steps)} steps>"

    def __post_init__(self) -> None:
        line = self.start
        for step in self.steps:
            if step.before is not line:
                raise Broken(f"A step begins with {step.before}, but the line before is {line}.")
            line = step.after

    @property
    def result(self) -> Expr:
        """The last line."""
        return self.steps[-1].after if self.steps else self.start

    @cached_property
    def evidence(self) -> Evidence:
        """How the equality of the first and the last line was checked."""
        proofs = [step.evidence.proof for step in self.steps]
        conditions = dict.fromkeys(c for proof in proofs if proof for c in proof.conditions)
        whole = Proof(tuple(conditions), "step by step") if all(proofs) else None
        return check(self.start, self.result, self.setting, proof=whole)

    @cached_property
    def conditions(self) -> tuple[Relation, ...]:
        """What must hold: the stated domains, and what the steps need beyond them."""
        needs = dict.fromkeys(self._needs())
        names = [*symbols_in(self.start), *self.setting.definitions]
        names += [s for value in self.setting.definitions.values() for s in symbols_in(value)]
        needed = worth_saying(needs, self.setting)
        positive = {c.terms for c in needed if c.signs == (">",)}
        known = (c for c in stated(names, self.setting) if c.terms not in positive)
        whole = (self.start, *self.setting.definitions.values())
        return tuple(dict.fromkeys((*known, *needed, *of_parameters(whole, self.setting))))

    def states(self, condition: Expr) -> bool:
        """Whether `conditions` say that `condition` holds, in these words or in others."""
        if condition in self.conditions:
            return True
        if not isinstance(condition, Relation) or condition.signs != ("!=",):
            return False
        apart = [
            _difference(one, other)
            for stated in self.conditions
            for one, other, sign in zip(stated.terms, stated.terms[1:], stated.signs, strict=False)
            if sign in ("!=", "<", ">")
        ]
        return vanishes_with(_difference(*condition.terms), apart, self.setting)

    @cached_property
    def kinks(self) -> tuple[Kink, ...]:
        """The kinks that were met."""
        found = [kink for derivation in self.with_lemmas() for kink in derivation.own_kinks]
        return tuple(dict.fromkeys(found))

    def _needs(self) -> Iterator[Relation]:
        """What the steps and lemmas need, without what is settled above them."""
        stack: list[tuple[Derivation, frozenset[Relation]]] = [(self, frozenset())]
        seen: dict[tuple[Derivation, frozenset[Relation]], None] = {}
        while stack:
            derivation, settled = stack.pop()
            settled |= frozenset(derivation.settled)
            if (derivation, settled) not in seen:
                seen[derivation, settled] = None
                yield from (need for need in derivation.own_needs if need not in settled)
                lemmas = [lemma for step in derivation.steps for lemma in step.lemmas]
                stack.extend((lemma, settled) for lemma in reversed(lemmas))

    def with_lemmas(self) -> tuple[Derivation, ...]:
        """This derivation and every lemma below it, each once."""
        seen: dict[Derivation, None] = {}
        stack = [self]
        while stack:
            derivation = stack.pop()
            if derivation not in seen:
                seen[derivation] = None
                lemmas = [lemma for step in derivation.steps for lemma in step.lemmas]
                stack.extend(reversed(lemmas))
        return tuple(seen)

    def checked(self) -> Derivation:
        """This derivation after every step, of lemmas too, has been checked; else `Broken`."""
        for derivation in self.with_lemmas():
            _ = derivation.evidence
            for step in derivation.steps:
                _ = step.evidence
        return self

    @property
    def subject(self) -> Expr:
        """What is differentiated: the body of the start where that is a derivative."""
        return self.start.body if isinstance(self.start, Derivative) else self.start

    @property
    def function(self) -> str:
        """The name of the function that is differentiated, or empty."""
        return self.subject.head.name if isinstance(self.subject, Apply) else ""
