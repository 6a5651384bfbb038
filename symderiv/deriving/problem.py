"""A problem around a derivative: derivations by name, and what follows from them.

A tangent, a gradient, the critical points: each needs derivations, and then says something
that is no line of any of them.  Here belong the types and the small chains that all of them
share (the value of a function at a point); each problem has a module of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from symderiv.catalogue.families import Functions
from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra, equations
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.evidence import Evidence
from symderiv.deriving.lines import Lines
from symderiv.deriving.notebook import Shown
from symderiv.deriving.values import exact
from symderiv.judging.points import Setting
from symderiv.judging.proving import Proof
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Head,
    Prime,
    Relation,
    Rewrite,
    Symbol,
)
from symderiv.language.walks import nodes, substitute

Words: TypeAlias = "tuple[str | Expr, ...]"
"""A sentence: words, and the formulas between them."""

DIFFERENTIATE, VALUES, RESULT = "Differentiate", "Values", "Result"


@dataclass(frozen=True)
class Answer:
    """One thing that was found, as a sentence, and what it rests on."""

    words: Words
    evidence: Evidence

    def __str__(self) -> str:
        return "".join(map(str, self.words))


@dataclass(frozen=True, eq=False)
class Problem(Shown):
    """What was asked, the answers, and the derivations that they follow from, in order.

    `result` is the answer as data: an expression, an equation, a matrix, or points.
    """

    title: str
    task: Words
    answers: tuple[Answer, ...]
    derivations: tuple[Derivation, ...]
    result: object
    remarks: tuple[Words, ...] = ()

    def __repr__(self) -> str:
        return f"<Problem {self.title}: {self.result!s:.200}>"

    def checked(self) -> Problem:
        """This problem after every step of every derivation has been checked; else `Broken`."""
        for derivation in self.derivations:
            derivation.checked()
        return self


def together(derivations: tuple[Derivation, ...]) -> Evidence:
    """The weakest evidence among derivations that an answer rests on together."""
    found = [derivation.evidence for derivation in derivations]
    moving = [e for e in found if not e.constant] or found
    return Evidence(
        min(e.points for e in moving),
        min(e.digits for e in found),
        _joined([e.proof for e in found]),
        all(e.constant for e in found),
    )


def _joined(proofs: Sequence[Proof | None]) -> Proof | None:
    """One proof of everything, with all conditions; None where one is missing."""
    conditions: dict[Expr, None] = {}
    for proof in proofs:
        if proof is None:
            return None
        conditions.update(dict.fromkeys(proof.conditions))
    return Proof(tuple(conditions), "each derivation by its own proof")


def named_function(body: Expr, variable: Symbol, setting: Setting) -> tuple[Head, Setting]:
    """A name for the function x ↦ body that is not used yet, and a setting that knows it."""
    used = {n.head.name for n in nodes(body) if isinstance(n, (Apply, Prime))}
    used |= {n.name for n in nodes(body) if isinstance(n, Symbol)} | {variable.name}
    name = next(n for n in ("f", "g", "h", "F", "G", "H", "f_of") if n not in used)
    function = Function(
        name,
        slope=lambda x: Derivative(substitute(body, {variable: x}), x),
        value=lambda x: substitute(body, {variable: x}),
    )
    functions = Functions(setting.functions).also(function)
    return Head(name), replace(setting, functions=functions, memo={})


def value_at(
    start: Expr,
    body: Expr,
    point: Mapping[Symbol, Expr],
    setting: Setting,
    title: str = "Value at the point",
) -> Derivation:
    """From `start`, such as f(2), over what `body` is there, to its exact value."""
    lines = Lines(start, setting, VALUES)
    put = substitute(body, dict(point.items()))
    rule = Rule("put in the point", (Rewrite(start, put),), "The point is put in.", "")
    lines.add(rule, put)
    lines.add(rule_for(put), exact(put))
    return lines.done(title)


def rule_for(put: Expr) -> Rule:
    """Arithmetic, or known values where a function's value is needed."""
    functions = any(isinstance(node, Apply) for node in nodes(put))
    return equations.exact_value if functions else algebra.arithmetic


def solved(equation: Relation) -> Expr:
    """The right side of an equation that is solved."""
    return equation.terms[1]
