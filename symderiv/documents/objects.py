"""Derivations and documents as plain objects for JSON, with every formula twice: plain and LaTeX.

The keys are a promise: `start`, `result`, `conditions`, `steps` with `rule`, `before`,
`after`, `why`, `evidence`, `steps`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from symderiv.deriving.derivation import Derivation, Step
from symderiv.deriving.problem import Problem
from symderiv.documents.document import (
    Blank,
    Block,
    Chain,
    Document,
    Folded,
    Formulas,
    Linked,
    Named,
    Paragraph,
    Passage,
    Picture,
    Prose,
    Quoted,
    Steps,
    Table,
)
from symderiv.language.expressions import Expr
from symderiv.printing.latex import latex
from symderiv.printing.unicode import unicode_text

Spell: TypeAlias = Callable[[Expr], dict[str, str]]


def spell_both(expr: Expr) -> dict[str, str]:
    """A formula as it stands in JSON."""
    return {"plain": str(expr), "latex": latex(expr)}


def as_object(what: Derivation | Problem | Document, spell: Spell = spell_both) -> dict[str, Any]:
    """A derivation with its steps, a problem, or a document with its sections' claims and lines."""
    if isinstance(what, Problem):
        return _problem(what, spell)
    return _derivation(what, spell) if isinstance(what, Derivation) else _document(what, spell)


def _derivation(derivation: Derivation, spell: Spell) -> dict[str, Any]:
    return {
        "title": derivation.title,
        "start": spell(derivation.start),
        "result": spell(derivation.result),
        "conditions": [spell(c) for c in derivation.conditions],
        "kinks": [
            {"at": spell(k.at), "left": spell(k.left), "right": spell(k.right),
             "convention": k.convention, "taken": spell(k.taken) if k.taken else None,
             "smooth": k.is_smooth, "jump": [*map(spell, k.jump)] if k.jump else None,
             "unless": spell(k.unless) if k.unless else None}
            for k in derivation.kinks
        ],
        "evidence": _told(derivation.evidence.said(derivation.states)),
        "steps": [_step(step, spell, derivation.states) for step in derivation.steps],
    }  # fmt: skip


def _problem(problem: Problem, spell: Spell) -> dict[str, Any]:
    return {
        "title": problem.title,
        "task": _told(problem.task),
        "answers": [
            {
                "text": _told(answer.words),
                "formulas": [spell(part) for part in answer.words if not isinstance(part, str)],
                "evidence": str(answer.evidence),
            }
            for answer in problem.answers
        ],
        "derivations": [_derivation(derivation, spell) for derivation in problem.derivations],
    }


def _told(parts: Iterable[str | Expr]) -> str:
    """A sentence in plain text."""
    return "".join(part if isinstance(part, str) else unicode_text(part) for part in parts)


def _step(step: Step, spell: Spell, stated: Callable[[Expr], bool]) -> dict[str, Any]:
    return {
        "rule": step.rule.name,
        "before": spell(step.before),
        "after": spell(step.after),
        "why": _told(step.reason),
        "evidence": _told(step.evidence.said(stated)),
        "tag": step.tag,
        "steps": [_step(inner, spell, stated) for inner in step.steps],
    }


def _document(document: Document, spell: Spell) -> dict[str, Any]:
    return {
        "title": document.title,
        **({"byline": [*document.byline]} if document.byline else {}),
        **({"student": document.student} if document.student is not None else {}),
        "sections": [
            _passage(section, spell)
            if isinstance(section, Passage)
            else {
                "id": section.id,
                "title": section.title,
                "start": spell(section.claim.left),
                "result": spell(section.claim.right),
                "evidence": _told(section.evidence),
                "given": [spell(equation) for equation in section.given],
                "conditions": [spell(c) for c in section.conditions],
                "steps": _lines(section.chain, spell),
            }
            for section in document.sections
        ],
        "table": [
            {"name": r.name, "value": spell(r.value), "slope": spell(r.slope), "section": r.id}
            for r in document.table
        ],
    }


def _lines(chain: Chain, spell: Spell) -> list[dict[str, Any]]:
    return [
        {
            "number": line.number,
            "id": line.id,
            "rules": [reason.name for reason in line.reasons],
            "after": spell(line.whole),
            "evidence": _told(line.evidence),
            "level": line.level,
        }
        | ({"worth": line.worth} if line.worth else {})
        for line in chain.lines
    ]


def _gaps(chain: Chain, spell: Spell) -> dict[str, Any]:
    """The room for lines that were left out, where there is some."""
    gaps = [
        {
            "number": gap.number,
            "id": gap.id,
            "height": float(gap.height),
            "rules": [*gap.reasons],
            "hint": _prose(gap.hint, spell),
        }
        for gap in chain.gaps
    ]
    return {"gaps": gaps} if gaps else {}


def _passage(passage: Passage, spell: Spell) -> dict[str, Any]:
    blocks = [_block(part, spell) for part in passage.blocks]
    return {"id": passage.id, "title": passage.title, "blocks": blocks}


def _block(part: Block, spell: Spell) -> dict[str, Any]:
    """A paragraph, table or picture; prose is a list of words and formulas."""
    match part:
        case Paragraph(prose, mark):
            said: dict[str, Any] = {"prose": _prose(prose, spell)} | (
                {"mark": mark} if mark else {}
            )
        case Named(prose, reasons):
            said = {"prose": _prose(prose, spell), "rules": [reason.name for reason in reasons]}
        case Linked(prose, links):
            said = {"prose": _prose(prose, spell), "names": [link.name for link in links]}
        case Formulas(equations):
            said = {"equations": [spell(equation) for equation in equations]}
        case Table(head, rows, caption):
            said = {
                "head": [_prose(cell, spell) for cell in head],
                "rows": [[_prose(cell, spell) for cell in row] for row in rows],
                "caption": _prose(caption, spell),
            }
        case Picture(wide):
            said = {"title": wide.title, "description": wide.told(unicode_text)}
        case Quoted(text, caret):
            said = {"text": text, "caret": caret}
        case Steps():
            said = {
                "title": part.title,
                "start": spell(part.chain.start),
                "steps": _lines(part.chain, spell),
                **_gaps(part.chain, spell),
            }
        case Blank(height, label):
            said = {"height": float(height), "label": label}
        case Folded(summary, blocks):
            said = {"summary": _prose(summary, spell), "blocks": [_block(b, spell) for b in blocks]}
    return {"kind": part.kind, **said}


def _prose(prose: Prose, spell: Spell) -> list[str | dict[str, str]]:
    return [part if isinstance(part, str) else spell(part) for part in prose]
