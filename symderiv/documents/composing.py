"""A derivation becomes a section: which line at which level, what is marked, what is said.

Everything on the page is computed from the derivation; the only words typed in here
are those of a page's furniture ("Differentiate … with respect to …").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import symderiv
from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.conditions import nonzero
from symderiv.deriving.derivation import Derivation, Step
from symderiv.deriving.strategy import known_derivation
from symderiv.documents.bordering import convention, sides_said
from symderiv.documents.document import (
    Chain,
    Document,
    Equation,
    Glossed,
    Line,
    Marks,
    Prose,
    Reason,
    Row,
    Section,
)
from symderiv.language.build import symbol
from symderiv.language.expressions import Apply, Derivative, Expr, Product, Relation
from symderiv.language.patterns import Letter
from symderiv.language.walks import at, nodes, substitute

_DEEPEST = 6  # lemmas inside lemmas that a page unfolds
_VERBS = {"Values": "Find", "Factor": "Factor", "Result": "Write out"}


def compose(derivation: Derivation, name: str = "") -> Document:
    """A page of one derivation, every step of it checked; `name` is its anchor."""
    section = compose_section(derivation.checked(), name)
    return Document(
        section.title, (section,), glossary=glossary([derivation]), version=symderiv.__version__
    )


def compose_section(
    derivation: Derivation, name: str = "", derived: Mapping[str, str] | None = None
) -> Section:
    """One derivation as a section of a page.

    `derived` names the functions that are derived on the same page, with their anchors:
    a step by one of those slopes links there; any other is unfolded on the spot.
    """
    start = derivation.start
    name = name or identifier(derivation)
    slopes = _Slopes(derivation, derived or {})
    return Section(
        id=name,
        title=_title(derivation),
        task=_task(derivation),
        claim=_claim(derivation),
        evidence=tuple(derivation.evidence.said(derivation.states)),
        given=tuple(given_in(derivation)),
        conditions=derivation.conditions,
        chain=Chain(start, tuple(_lines(derivation, name, 0, slopes))),
        remarks=tuple(_remarks(derivation)),
    )


def identifier(derivation: Derivation) -> str:
    """An anchor from the name of what is differentiated."""
    return derivation.function.replace("_", "-") or "derivation"


def _title(derivation: Derivation) -> str:
    return derivation.title or "A derivative, step by step"


def _claim(derivation: Derivation) -> Equation:
    """The first and the last line; of a chain of equations, the last one alone."""
    result = derivation.result
    if isinstance(result, Relation):
        return Equation(*result.terms)
    return Equation(derivation.start, result)


def _task(derivation: Derivation) -> Prose:
    start, motion = derivation.start, derivation.setting.motion
    if isinstance(start, Relation) and motion is not None and motion.solved is not None:
        sought = _claim(derivation).left
        return ("Find ", sought, ", where ", motion.solved, " depends on ", motion.by,
                " by the equation ", start, ".")  # fmt: skip
    if not isinstance(start, Derivative):
        phase = derivation.steps[0].phase if derivation.steps else ""
        return (_VERBS.get(phase, "Simplify"), " ", start, ".")
    times = " twice" if start.order == 2 else f" {start.order} times" if start.order > 2 else ""
    return ("Differentiate ", start.body, f"{times} with respect to ", start.variable, ".")


def given_in(derivation: Derivation) -> Iterator[Expr]:
    """The definitions that the problem rests on, each as one equation down to its formula."""
    definitions = derivation.setting.definitions
    if isinstance(derivation.start, Relation):
        yield derivation.start
    for name, value in definitions.items():
        yield _equation(name, value, *_written_out(value, derivation))
    if derivation.subject not in definitions and isinstance(derivation.start, Derivative):
        written = tuple(_written_out(derivation.subject, derivation))
        if written:
            yield _equation(derivation.subject, *written)


def _written_out(expr: Expr, derivation: Derivation) -> Iterator[Expr]:
    """What a named function of names is by its definition; nothing for other expressions."""
    if isinstance(expr, Apply) and not any(argument.parts for argument in expr.arguments):
        function = derivation.setting.functions.get(expr.head.name)
        if function is not None and function.definition is not None:
            yield function.unfolded(expr)


def _equation(*sides: Expr) -> Expr:
    return Relation(sides, ("=",) * (len(sides) - 1))


class _Slopes:
    """Which functions' slopes a derivation uses, and where each of them is derived."""

    def __init__(self, derivation: Derivation, derived: Mapping[str, str]) -> None:
        functions = derivation.setting.functions.values()
        self._functions = {f.slope_rule.name: f for f in functions if f.definition is not None}
        self._derived = derived
        self.states = derivation.states

    def reasons(self, step: Step) -> Iterator[Reason]:
        """The rules to name, each linked to its derivation on this page or to the glossary."""
        for k, rule in enumerate(step.reasons):
            function = self._functions.get(rule.name)
            anchor = self._derived.get(function.name) if function else None
            yield Reason(rule.name if k else _capital(rule.name), anchor or f"rule-{rule.id}")

    def lemmas(self, step: Step) -> tuple[Derivation, ...]:
        """What was put in, and the slope that a step uses where this page does not hold it."""
        function = self._functions.get(step.rule.name)
        if function is None or function.name in self._derived:
            return step.lemmas
        known = known_derivation(function.name)
        return step.lemmas if known is None else (*step.lemmas, known.checked())


def _lines(derivation: Derivation, name: str, depth: int, slopes: _Slopes) -> Iterator[Line]:
    colours = list(_flows(derivation))
    for k, step in enumerate(derivation.steps):
        last = k + 1 == len(derivation.steps)
        following = None if last else derivation.steps[k + 1].phase
        anchor = f"{name}-s{k + 1}"
        left, right = _parted(step.after)
        yield Line(
            number=k + 1,
            id=anchor,
            expr=right,
            left=left,
            reasons=tuple(slopes.reasons(step)),
            why=step.reason,
            level=_level(step, step.phase != following),
            evidence=tuple(step.evidence.said(slopes.states)),
            marks=colours[k],
            struck=step.before if step.cancelled else None,
            struck_marks=dict.fromkeys(step.cancelled, "cancelled"),
            cancelled=tuple(dict.fromkeys(at(step.before, place) for place in step.cancelled)),
            lemmas=tuple(_chains(step, anchor, depth, slopes)),
            phase=step.phase,
            last=last,
        )


def _parted(line: Expr) -> tuple[Expr | None, Expr]:
    """An equation as its two sides; any other line as a right side alone."""
    if isinstance(line, Relation) and line.signs == ("=",):
        return line.terms[0], line.terms[1]
    return None, line


def _level(step: Step, ends_phase: bool) -> str:
    """The coarsest level at which a line is shown."""
    if ends_phase:
        return "brief"
    return "full" if step.tag else "standard"


def _chains(step: Step, anchor: str, depth: int, slopes: _Slopes) -> Iterator[Chain]:
    """What was put in, derived in turn; a function's slope is derived from its definition."""
    if depth >= _DEEPEST:
        return
    for k, lemma in enumerate(slopes.lemmas(step)):
        name = f"{anchor}-{k + 1}"
        yield Chain(lemma.start, tuple(_lines(lemma, name, depth + 1, slopes)))


def _flows(derivation: Derivation) -> Iterator[Marks]:
    """The colour of each factor of a chain rule, from where it is born to where it is cancelled."""
    owners: list[int] = []
    for step in derivation.steps:
        line = step.after
        if step.rule in (laws.chain_by_name, laws.chain_along_every_path):
            owners = list(range(1, len(line.parts) + 1)) if isinstance(line, Product) else []
        elif owners:
            owners = _owners_after(owners, step)
        yield {(k,): factor_mark(owner) for k, owner in enumerate(owners)}


def factor_mark(number: int) -> str:
    """The mark of a factor, counted from 1; beyond four the colours come again."""
    return f"factor-{(number - 1) % 4 + 1}"


def _owners_after(owners: list[int], step: Step) -> list[int]:
    """Which factor of the chain each factor of the new line belongs to; none once they merge."""
    place, after = step.place, step.after
    if not isinstance(after, Product) or not step.lemmas:
        return []
    if step.rule is laws.local_derivatives:
        return _owners_of_rates(owners, step, after)
    if len(step.places) > 1 or not place:
        return []
    grown = len(after.factors) - len(owners)
    k = place[0]
    return [*owners[:k], *([owners[k]] * (grown + 1)), *owners[k + 1 :]]


def _owners_of_rates(owners: list[int], step: Step, after: Product) -> list[int]:
    """The same where every factor was put in at once: a rate of 1 leaves no factor behind."""
    found: list[int] = []
    for owner, rate in zip(owners, step.before.parts, strict=True):
        value = next(lemma.result for lemma in step.lemmas if lemma.start.parts == rate.parts)
        count = len(value.factors) if isinstance(value, Product) else int(str(value) != "1")
        found += [owner] * count
    return found if len(found) == len(after.factors) else []


def _remarks(derivation: Derivation) -> Iterator[Prose]:
    for number, kink in enumerate(derivation.kinks):
        yield (*sides_said(kink, derivation), *convention(number, kink, derivation))
    if derivation.note:
        yield (derivation.note,)


def glossary(
    derivations: Iterable[Derivation], derived: Mapping[str, str] | None = None
) -> tuple[Glossed, ...]:
    """The rules that these derivations name beside their lines, each once, in order of use."""
    rules: dict[str, Rule] = {}
    waiting = list(derivations)
    for derivation in waiting:
        slopes = _Slopes(derivation, derived or {})
        for step in derivation.steps:
            rules.update((rule.name, rule) for rule in step.reasons if rule.name not in rules)
            waiting.extend(lemma for lemma in slopes.lemmas(step) if lemma not in waiting)
    return tuple(glossed(rule) for rule in rules.values())


def glossed(rule: Rule) -> Glossed:
    """A rule as it is printed: its letters as symbols."""
    statements = tuple(Equation(spelled(f.left), spelled(f.right)) for f in rule.forms[:1])
    condition = None if rule.condition is None else spelled(rule.condition)
    if condition is not None and not isinstance(condition, Relation):
        condition = nonzero(condition)
    return Glossed(_capital(rule.name), f"rule-{rule.id}", statements, reason_of(rule), condition)


def reason_of(rule: Rule | Misconception) -> Prose:
    """Why it holds, or what is believed: words, and its letters as symbols."""
    words, *rest = rule.why.split("${")
    why: list[str | Expr] = [words]
    for piece in rest:
        letter, _, words = piece.partition("}")
        why += [symbol(letter), words]
    return tuple(why)


def spelled(side: Expr) -> Expr:
    """A side of a law with its letters as symbols."""
    found = {node: symbol(node.name) for node in nodes(side) if isinstance(node, Letter)}
    return substitute(side, dict(found.items()))


def table(derivations: Iterable[tuple[Function, Derivation]]) -> tuple[Row, ...]:
    """The table of derivatives: each row's slope is the result of its derivation."""
    return tuple(
        Row(function_name(function), function.unfolded(function.applied), d.result, identifier(d))
        for function, d in derivations
    )


def function_name(function: Function) -> str:
    """The words "the sigmoid" as the head of a row: "Sigmoid"."""
    return _capital(function.words.removeprefix("the "))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
