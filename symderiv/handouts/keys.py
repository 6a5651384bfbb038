"""The key to a handout: its questions as `symderiv check --key` reads them, with their marks.

A key holds what was asked of one student and never an answer.  Each is posed once before it is
written, so that a file that is here is a file that can be used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction

from symderiv.deriving.networks.flow import Flow
from symderiv.handouts.deriving import Deriver, Worked
from symderiv.handouts.located import spelled
from symderiv.handouts.parameters import Draw, put_in
from symderiv.handouts.specification import Spec
from symderiv.language.domains import number
from symderiv.language.expressions import Derivative, Expr
from symderiv.marking.keys import read_key

_FORMS = ("expanded", "factored", "one fraction")


class Keys:
    """Writes the keys of one handout; a question that was posed once is not posed again."""

    def __init__(self, spec: Spec, deriver: Deriver) -> None:
        self.spec, self.deriver = spec, deriver
        self._posed: set[str] = set()

    def text(self, draw: Draw) -> str:
        """The key to the handout with this draw, empty where it asks nothing that is checked."""
        questions = []
        for k, task in enumerate(self.spec.tasks, 1):
            text = "\n".join(_question(f"q{k}", self.deriver.worked(task, draw)))
            if text and text not in self._posed:
                read_key(f'title = "A key"\n{text}\n')
                self._posed.add(text)
            questions += [text] if text else []
        if not questions:
            return ""
        return "\n\n".join([f"title = {_quoted(self.spec.title)}", *questions]) + "\n"


def _question(name: str, worked: Worked) -> Iterator[str]:
    """The lines of one question; none for an equation, of which the check asks in another way."""
    task, derivation = worked.task, worked.derivation
    if not isinstance(derivation.start, Derivative):
        return
    yield f"[questions.{name}]"
    if task.title or task.kind == "network":
        yield f"title = {_quoted(task.title or derivation.title)}"
    yield f"question = {_quoted(str(derivation.start))}"
    yield "lines = true"
    if task.options.get("form") in _FORMS:
        yield f"form = {_quoted(task.options['form'])}"
    where = dict(task.options.get("where", {}))
    if where:
        yield f"where = {_inline(where)}"
    given = {name: str(value) for name, value in _given(worked)}
    yield from _rubric(task.marks)
    if given:
        yield f"[questions.{name}.given]"
        yield from (f"{_quoted(key)} = {_quoted(value)}" for key, value in given.items())


def _given(worked: Worked) -> Iterator[tuple[str, Expr]]:
    """What names stand for: definitions, and a network's statements and numbers."""
    task = worked.task
    if isinstance(worked.derivation, Flow):
        network = worked.derivation.network
        yield from ((str(name), body) for name, body in network.statements.items())
        yield from ((str(name), number(value)) for name, value in network.values.items())
    elif task.request is not None:
        values = task.request.given.values()
        named = zip(task.at.texts("given"), values, strict=True)
        yield from ((name, put_in(value, worked.draw)) for name, value in named)


def _rubric(marks: Mapping[str, Fraction]) -> Iterator[str]:
    if not marks:
        return
    rules = {name: worth for name, worth in marks.items() if name != "answer"}
    parts = [f"answer = {spelled(marks.get('answer', Fraction()))}"]
    if rules:
        listed = ", ".join(f"{_quoted(name)} = {spelled(m)}" for name, m in rules.items())
        parts.append(f"rules = {{{listed}}}")
    yield f"rubric = {{{', '.join(parts)}}}"


def _inline(table: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_quoted(k)} = {_quoted(v)}" for k, v in table.items()) + "}"


def _quoted(text: str) -> str:
    """A text in TOML: the same escapes as in JSON, and one letter more that may not stand bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
