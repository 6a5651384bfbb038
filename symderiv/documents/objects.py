"""Derivations and documents as plain objects for JSON, with every formula twice: plain and LaTeX.

The keys are a promise: `start`, `result`, `conditions`, `steps` with `rule`, `before`,
`after`, `why`, `evidence`, `steps`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from symderiv.deriving.derivation import Derivation, Step
from symderiv.documents.document import Document
from symderiv.language.expressions import Expr
from symderiv.printing.latex import latex
from symderiv.printing.unicode import unicode_text

Spell: TypeAlias = Callable[[Expr], dict[str, str]]


def spell_both(expr: Expr) -> dict[str, str]:
    """A formula as it stands in JSON."""
    return {"plain": str(expr), "latex": latex(expr)}


def as_object(what: Derivation | Document, spell: Spell = spell_both) -> dict[str, Any]:
    """A derivation with its steps, or a document with its sections' claims and lines."""
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
        "evidence": str(derivation.evidence),
        "steps": [_step(step, spell) for step in derivation.steps],
    }  # fmt: skip


def _step(step: Step, spell: Spell) -> dict[str, Any]:
    return {
        "rule": step.rule.name,
        "before": spell(step.before),
        "after": spell(step.after),
        "why": "".join(p if isinstance(p, str) else unicode_text(p) for p in step.reason),
        "evidence": str(step.evidence),
        "tag": step.tag,
        "steps": [_step(inner, spell) for inner in step.steps],
    }


def _document(document: Document, spell: Spell) -> dict[str, Any]:
    return {
        "title": document.title,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "start": spell(section.claim.left),
                "result": spell(section.claim.right),
                "evidence": section.evidence,
                "given": [spell(equation) for equation in section.given],
                "conditions": [spell(c) for c in section.conditions],
                "steps": [
                    {
                        "number": line.number,
                        "id": line.id,
                        "rules": [reason.name for reason in line.reasons],
                        "after": spell(line.expr),
                        "evidence": line.evidence,
                        "level": line.level,
                    }
                    for line in section.chain.lines
                ],
            }
            for section in document.sections
        ],
        "table": [
            {"name": r.name, "value": spell(r.value), "slope": spell(r.slope), "section": r.id}
            for r in document.table
        ],
    }
