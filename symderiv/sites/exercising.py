"""An exercise: the question of a derivation, and the derivation folded away behind it.

What the question may say is what a student's sheet says (`handouts.withholding`); what the
piece looks like stands in the templates `exercise`.  The data of a quiz is worked out in
`quizzing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from markupsafe import Markup

from symderiv.deriving.derivation import Derivation
from symderiv.documents.document import (
    Block,
    Document,
    Equation,
    Formulas,
    Glossed,
    Paragraph,
    Passage,
    Prose,
    Section,
)
from symderiv.documents.rendering import render_embedded
from symderiv.documents.showing import shown
from symderiv.documents.translating import translated
from symderiv.handouts.withholding import posed
from symderiv.language.expressions import Derivative, Expr, Relation
from symderiv.language.walks import nodes
from symderiv.printing.speech import speech
from symderiv.printing.unicode import unicode_text
from symderiv.sites.quizzing import in_words_of, quiz_data
from symderiv.sites.wishes import Misasked, Wish

_NEEDED: Final = "Rules that lead to the answer, in the order of their use:"


@dataclass(frozen=True)
class Exercise:
    """The page of a question, that of its hint, the data of its quiz, and the task as spoken."""

    question: Document
    hint: Document | None
    quiz: str
    label: str

    def in_language(self, language: str) -> Exercise:
        """The same in the words of a language."""
        if language == self.question.language:
            return self
        hint = self.hint and translated(self.hint, language)
        question = translated(self.question, language)
        quiz = self.quiz and in_words_of(language, self.quiz)
        return Exercise(question, hint, quiz, _written(question))


def exercise(
    page: Document, derivation: Derivation, wish: Wish, links: str
) -> tuple[Document, Exercise]:
    """The solution's page without the task, and what stands before it."""
    section = page.sections[0]
    if not isinstance(section, Section):
        raise Misasked("An exercise asks for a derivation.", wish.line_of())
    stated = {name for name, _ in wish.where}
    question = Passage(f"{section.id}-question", "", tuple(posed(section, stated)))
    solution = replace(page, sections=(replace(section, task=()), *page.sections[1:]))
    hint = _hint(section, page.glossary, wish) if wish.hint == "yes" else None
    return solution, Exercise(
        replace(page, sections=(question,), glossary=()),
        None if hint is None else replace(page, sections=(hint,), glossary=()),
        _quiz(derivation, wish, links),
        spoken(section.task),
    )


def _hint(section: Section, glossary: tuple[Glossed, ...], wish: Wish) -> Passage:
    """The rules that the shown lines are reached by, as the glossary states them."""
    lines = shown(section.chain, wish.detail)
    used = dict.fromkeys(reason.id for line in lines for reason in line.reasons)
    known = {rule.id: rule for rule in glossary}
    rules = [known[name] for name in used if name in known]
    laws = [rule for rule in rules if _differentiates(rule)] or rules
    blocks = [block for rule in laws for block in _law(rule)]
    return Passage(f"{section.id}-hint", "", (Paragraph((_NEEDED,)), *blocks))


def _differentiates(rule: Glossed) -> bool:
    """Whether it is a law of differentiation: how a line is tidied up needs no hint."""
    return any(isinstance(n, Derivative) for side in rule.statements for n in nodes(side.left))


def _law(rule: Glossed) -> Iterator[Block]:
    yield Paragraph((f"{rule.name}. ", *rule.why))
    if rule.statements:
        yield Formulas(tuple(map(_equation, rule.statements)))


def _equation(statement: Equation) -> Expr:
    if statement.sign == "=":
        return Relation((statement.left, statement.right), ("=",))
    return statement.right


def _quiz(derivation: Derivation, wish: Wish, links: str) -> str:
    """The data of the quiz where there is to be one: a mistake where it was asked for in vain."""
    if wish.quiz not in ("yes", "may"):
        return ""
    data = "" if wish.subject == "network" else quiz_data(derivation, links)
    if not data and wish.quiz == "yes":
        said = "A quiz asks for a formula in one line, and this answer is none that its script"
        raise Misasked(f"{said} could judge: leave 'quiz' out.", wish.lines.get("quiz", 1))
    return data


def _written(question: Document) -> str:
    """The task of a question in signs, where there are no words of its language to say it in."""
    first = question.sections[0]
    blocks = first.blocks if isinstance(first, Passage) else ()
    task = next((part.prose for part in blocks if isinstance(part, Paragraph)), ())
    return "".join(part if isinstance(part, str) else unicode_text(part) for part in task)


def spoken(prose: Prose) -> str:
    """Words and formulas as they are said aloud, for the name of what is folded."""
    return "".join(part if isinstance(part, str) else speech(part) for part in prose)


def spelled_exercise(found: Exercise, solution: str, form: tuple[str, str], **options: Any) -> str:
    """The piece in a format: the question, and below it what is folded.

    The options are those of `render_embedded`: `links` and `templates`.
    """
    hint = ""
    if found.hint is not None:
        hint = render_embedded(found.hint, form, kind="fragment", **options)
    told = {"solution": solution, "hint": hint}
    if form[0] == "html":
        told = {name: Markup(text.strip("\n")) for name, text in told.items()}  # noqa: S704 (made by our templates)
    told |= {"quiz": _quoted(found.quiz), "label": found.label}
    return render_embedded(found.question, form, kind="exercise", around=told, **options)


def _quoted(data: str) -> Markup:
    """JSON as an attribute between single quotes: its own are double ones, and many."""
    return Markup(data.translate(_ESCAPES))  # noqa: S704 (escaped)


_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;"})
