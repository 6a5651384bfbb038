"""Derivations and documents as plain objects for JSON, with every formula twice: plain and LaTeX.

The keys are a promise: `start`, `result`, `conditions`, `steps` with `rule`, `before`,
`after`, `why`, `evidence`, `steps`.
"""

from __future__ import annotations

from typing import Any

from symderiv.deriving.derivation import Derivation, Step
from symderiv.documents.document import Document
from symderiv.language.expressions import Expr
from symderiv.printing.latex import latex
from symderiv.printing.unicode import unicode_text


def as_object(what: Derivation | Document) -> dict[str, Any]:
    """A derivation with its steps, or a document with its sections' claims and lines."""
    return _derivation(what) if isinstance(what, Derivation) else _document(what)


def _expr(expr: Expr) -> dict[str, str]:
    return {"plain": str(expr), "latex": latex(expr)}


def _derivation(derivation: Derivation) -> dict[str, Any]:
    return {
        "title": derivation.title,
        "start": _expr(derivation.start),
        "result": _expr(derivation.result),
        "conditions": [_expr(c) for c in derivation.conditions],
        "kinks": [
            {"at": _expr(k.at), "left": _expr(k.left), "right": _expr(k.right),
             "convention": k.convention, "taken": _expr(k.taken) if k.taken else None}
            for k in derivation.kinks
        ],
        "evidence": str(derivation.evidence),
        "steps": [_step(step) for step in derivation.steps],
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    return {
        "rule": step.rule.name,
        "before": _expr(step.before),
        "after": _expr(step.after),
        "why": "".join(p if isinstance(p, str) else unicode_text(p) for p in step.reason),
        "evidence": str(step.evidence),
        "tag": step.tag,
        "steps": [_step(inner) for inner in step.steps],
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "start": _expr(section.claim.left),
                "result": _expr(section.claim.right),
                "evidence": section.evidence,
                "given": [_expr(equation) for equation in section.given],
                "conditions": [_expr(c) for c in section.conditions],
                "steps": [
                    {
                        "number": line.number,
                        "id": line.id,
                        "rules": [reason.name for reason in line.reasons],
                        "after": _expr(line.expr),
                        "evidence": line.evidence,
                        "level": line.level,
                    }
                    for line in section.chain.lines
                ],
            }
            for section in document.sections
        ],
        "table": [
            {"name": r.name, "value": _expr(r.value), "slope": _expr(r.slope), "section": r.id}
            for r in document.table
        ],
    }
