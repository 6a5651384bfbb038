"""A handout becomes a page: its sections in their order, each derivation where it belongs.

Words come from the file, formulas and numbers from the engine; what a variant leaves out is
taken away in `withholding` before the page is made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain, count

import symderiv
from symderiv.deriving.networks.flow import Flow
from symderiv.documents.composing import compose_section, glossary
from symderiv.documents.document import (
    Block,
    Chain,
    Document,
    Folded,
    Formulas,
    Line,
    Paragraph,
    Passage,
    Prose,
    Section,
    Steps,
)
from symderiv.documents.flowing import flow_section
from symderiv.documents.showing import shown
from symderiv.documents.translating import translated
from symderiv.handouts.deriving import Deriver, Worked
from symderiv.handouts.located import meant, spelled
from symderiv.handouts.networks import answer_room, network_parts
from symderiv.handouts.parameters import Draw, put_in
from symderiv.handouts.specification import Chapter, Spec, Task
from symderiv.handouts.withholding import (
    Withholding,
    allowed,
    posed,
    secrets,
    shown_in,
    withheld_answer,
    withheld_passage,
)
from symderiv.language.expressions import Expr, Relation
from symderiv.printing.glyphs import layers_in


def compose_handout(
    spec: Spec,
    deriver: Deriver,
    draw: Draw | None = None,
    variant: str = "solution",
    name: str = "handout",
    student: str = "",
) -> Document:
    """The page of a handout in one variant; `name` begins the names of its pictures."""
    with layers_in(spec.notation.layers):  # pictures are described in words here
        page = _Page(spec, deriver, draw or {}, variant, name).document(student)
    return translated(page, spec.language)


@dataclass
class _Page:
    """One page while it is made."""

    spec: Spec
    deriver: Deriver
    draw: Draw
    variant: str
    name: str
    taken: set[str] = field(default_factory=lambda: {"rules", "derivatives"})
    titles: set[str] = field(default_factory=set)
    hidden: list[Expr] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    tasks: int = 0
    exercises: int = 0
    worked: dict[int, Worked] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    hints: dict[str, Prose] = field(default_factory=dict)

    def document(self, student: str) -> Document:
        spec = self.spec
        self.worked = {id(task): self.deriver.worked(task, self.draw) for task in spec.tasks}
        self.derived = dict(self._functions())
        derivations = [worked.derivation for worked in self.worked.values()]
        rules = glossary(derivations, self.derived)
        self.hints = {rule.id: rule.why for rule in rules if rule.why}
        sections = tuple(part for chapter in spec.chapters for part in self._chapter(chapter))
        if self.variant != "solution":
            rules = allowed(rules, self.named, self.hidden)
        return Document(
            spec.title,
            (*self._introduction(), *sections),
            glossary=rules,
            version=symderiv.__version__,
            layers=spec.notation.layers,
            primes=spec.notation.derivatives == "prime",
            byline=spec.byline,
            student=student or ("" if self.variant != "solution" else None),
        )

    def _introduction(self) -> Iterator[Passage]:
        if self.spec.text:
            yield Passage(self._anchor("introduction"), "", self._words(self.spec.text))

    def _functions(self) -> Iterator[tuple[str, str]]:
        """The functions that the page derives from their definitions, with their anchors."""
        for chapter in self.spec.chapters:
            if chapter.task is not None and chapter.task.kind == "function":
                name = self.worked[id(chapter.task)].derivation.function
                yield name, self._anchor(name)

    def _words(self, text: tuple[Prose, ...]) -> tuple[Block, ...]:
        """Paragraphs, with what was drawn put into their formulas."""
        return tuple(Paragraph(self._filled(prose)) for prose in text)

    def _filled(self, prose: Prose) -> Prose:
        return tuple(p if isinstance(p, str) else put_in(p, self.draw) for p in prose)

    def _anchor(self, words: str) -> str:
        """An anchor from words, unlike all others of the page and unlike those of steps."""
        plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "section"
        slug = re.sub(r"-s(?=\d)", "-s-", slug.removeprefix("rule-") or "section")
        found = _unlike(slug, self.taken, "{}-{}")
        self.taken.add(found)
        return found

    def _title(self, title: str) -> str:
        """A title that no other derivation of the page has: its details are named by it."""
        found = _unlike(title, self.titles, "{} ({})")
        self.titles.add(found)
        return found

    # --- sections --------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter) -> Iterator[Section | Passage]:
        title, task = chapter.title, chapter.task
        apart = task is None or task.kind == "network" or len(self.spec.chapters) == 1
        if chapter.text or (title and apart):
            anchor = self._anchor(title or "text")
            yield Passage(anchor, title, self._words(chapter.text))
            headed = False
        else:
            headed = bool(title)
        if task is not None and task.kind == "network":
            yield from self._network(task, title)
        elif task is not None:
            yield self._varied(self._section(task, title, headed), task)
        for exercise in chapter.exercises:
            yield self._exercise(exercise)

    def _section(self, task: Task, title: str, headed: bool) -> Section:
        """A derivation as it stands in the solution."""
        worked = self.worked[id(task)]
        derivation = worked.derivation
        anchor = self.derived.get(derivation.function) if task.kind == "function" else None
        anchor = anchor or self._anchor(title or "derivation")
        derived = {name: at for name, at in self.derived.items() if name != derivation.function}
        if isinstance(derivation, Flow):
            section = flow_section(derivation, anchor)
        else:
            section = compose_section(derivation, anchor, derived)
        return replace(
            section,
            title=self._title(title or section.title),
            task=(*section.task, *worth_of(task)),
            chain=_with_marks(section.chain, worked, self.spec.detail),
            remarks=(*section.remarks, *map(self._filled, task.note)),
            headed=headed,
        )

    def _varied(self, section: Section, task: Task) -> Section | Passage:
        """The section in this variant."""
        how = self._withholding(section, task)
        if how is None:
            self._name_rules(section.chain.lines)
            return section
        return withheld_passage(section, self._noted(section, how), task.stated)

    def _withholding(self, section: Section, task: Task) -> Withholding | None:
        """What this variant leaves out of the next derivation; None where it is complete."""
        number, self.tasks = self.tasks, self.tasks + 1
        lines = len(shown(section.chain, self.spec.detail))
        how = Withholding(0, self.spec.detail, task.space, self.spec.reasons)
        match self.variant:
            case "solution":
                return None
            case "hints":
                known = shown_in(section)
                return replace(how, reasons=True, hints=self.hints, known=known)
            case "faded":
                return replace(how, kept=max(lines - number, 0)) if number else None
        return how

    def _noted(self, section: Section, how: Withholding) -> Withholding:
        """The same, after it was noted what must not be said and which rules are named."""
        self.hidden += secrets(section.chain, how)
        lines = shown(section.chain, self.spec.detail)
        self._name_rules(lines[: how.kept])
        if how.reasons:
            self.named.update(reason.id for line in lines for reason in line.reasons)
        return how

    def _name_rules(self, lines: tuple[Line, ...] | list[Line]) -> None:
        waiting = list(lines)
        while waiting:
            line = waiting.pop()
            self.named.update(reason.id for reason in line.reasons)
            waiting += [inner for lemma in line.lemmas for inner in lemma.lines]

    def _network(self, task: Task, title: str) -> Iterator[Section | Passage]:
        """The parts of a network; where its derivation is not complete, without their numbers."""
        worked = self.worked[id(task)]
        flow = worked.derivation
        assert isinstance(flow, Flow)  # noqa: S101 (of its kind)
        section = self._section(task, f"{title}: the gradient" if title else "The gradient", True)
        varied = self._varied(section, task)
        name = f"{self.name}-{section.id}"
        parts = network_parts(flow, task, self.spec, name, varied)
        for part in parts:
            yield part if part is varied else replace(part, id=self._anchor(part.id))
        if varied is not section and flow.values is not None:
            yield answer_room(flow, self._anchor(f"{section.id}-value"), task.space)

    # --- exercises -------------------------------------------------------------------------

    def _exercise(self, task: Task) -> Passage:
        """A question, and its derivation folded away or withheld."""
        self.exercises += 1
        number = f"Exercise {self.exercises}"
        section = self._section(task, f"{number}: {task.title}" if task.title else number, True)
        how = self._withholding(section, task)
        if how is None:
            self._name_rules(section.chain.lines)
            answer: Block = _solution(section, number)
        else:
            stepwise = how.reasons or self.variant == "faded"
            answer = withheld_answer(section, self._noted(section, how), stepwise)
        return Passage(section.id, section.title, (*posed(section, task.stated), answer))


def _unlike(word: str, taken: set[str], pattern: str) -> str:
    """The word, with a number where it is taken."""
    numbered = (pattern.format(word, k) for k in count(2))
    return next(n for n in chain([word], numbered) if n not in taken)


def _solution(section: Section, number: str) -> Folded:
    """The result with its derivation, shut until it is wanted."""
    claim = Relation((section.claim.left, section.claim.right), ("=",))
    return Folded(
        (f"Solution of {number.lower()}",),
        (
            Formulas((claim,)),
            Paragraph(("Every line was checked: ", *section.evidence, ".")),
            Steps(section.id, section.title, section.chain),
            *map(Paragraph, section.remarks),
        ),
    )


# --- marks -----------------------------------------------------------------------------------


def worth_of(task: Task) -> Prose:
    """What a task is worth, to stand behind its question."""
    total = sum(task.marks.values(), Fraction())
    return (f" ({marks_said(total)})",) if task.marks else ()


def marks_said(marks: Fraction) -> str:
    """ "1 mark", "2.5 marks"."""
    return f"{spelled(marks)} mark{'s' * (marks != 1)}"


def _with_marks(chain: Chain, worked: Worked, detail: str) -> Chain:
    """The lines with what each of them earns; a rule's marks stand at the first line by it."""
    earned: dict[int, Fraction] = {}
    visible = {line.number for line in shown(chain, detail)}
    for name, marks in worked.task.marks.items():
        used = [line for line in chain.lines if _earns(line, name)]
        if not used:
            known = list(dict.fromkeys(r.name.lower() for li in chain.lines for r in li.reasons))
            raise worked.task.at.fail(
                ("marks", name), f"This derivation has no step by {name}.", meant(name, known)
            )
        number = next(n for n in sorted(visible) if n >= used[0].number)
        earned[number] = earned.get(number, Fraction()) + marks
    lines = tuple(
        replace(line, worth=marks_said(earned[line.number])) if line.number in earned else line
        for line in chain.lines
    )
    return replace(chain, lines=lines)


def _earns(line: Line, name: str) -> bool:
    """Whether marks for a rule, or for the answer, are earned here ("power and chain rule")."""
    if name == "answer":
        return line.last
    return any(f" and {r.name.lower()}".endswith(f" and {name.lower()}") for r in line.reasons)
