"""A problem becomes a page: the question, its answers, and a section for each derivation.

The answers stand first, as on every page; what they follow from stands below.
"""

from __future__ import annotations

from dataclasses import replace

import symderiv
from symderiv.deriving.problem import Problem
from symderiv.documents.composing import compose_section, glossary
from symderiv.documents.document import Document, Finding


def compose_problem(problem: Problem, name: str = "part") -> Document:
    """A page of one problem, every step of every derivation checked; `name` begins its anchors."""
    told = [derivation for derivation in problem.checked().derivations if derivation.steps]
    sections = tuple(
        replace(compose_section(derivation, f"{name}-{k}"), title=derivation.title or problem.title)
        for k, derivation in enumerate(told, 1)
    )
    return Document(
        problem.title,
        sections,
        glossary=glossary(problem.derivations),
        version=symderiv.__version__,
        task=problem.task,
        answers=tuple(Finding(a.words, str(a.evidence)) for a in problem.answers),
    )
