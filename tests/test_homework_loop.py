"""The loop closes: what we derive our checker accepts, and a law bent is named at its line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

import symderiv as sd
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.deriving.applying import apply, put
from symderiv.homework.problems import Problem
from symderiv.language.expressions import Derivative
from symderiv.language.walks import at

NET = {"L": "bce(yhat, y)", "yhat": "sigma(z)", "z": "w*x + b"}
QUESTIONS = [
    ("D(7*x, x)", {}),
    ("D(x^5, x)", {}),
    ("D(3 + x^4 - x, x)", {}),
    ("D(x^2*sin(x), x)", {}),
    ("D(x*exp(x)*sin(x), x)", {}),
    ("D(x/(x + 1), x)", {}),
    ("D(sin(x)/exp(x), x)", {}),
    ("D(1/(1 + exp(-z)), z)", {}),
    ("D((3*x + 1)^4, x)", {}),
    ("D(sin(x)^3, x)", {}),
    ("D(exp(-x^2), x)", {}),
    ("D(exp(x), x)", {}),
    ("D(2^x, x)", {}),
    ("D(x^sin(x), x)", {}),
    ("D(log(x^2 + 1), x)", {}),
    ("D(log(1 - x), x)", {}),
    ("D(sqrt(x^2 + 1), x)", {}),
    ("D(cos(3*x), x)", {}),
    ("D(tan(x^2), x)", {}),
    ("D(sin(x^2)*cos(3*x), x)", {}),
    ("D(sigma(3*z), z)", {}),
    ("D(tanh(2*z)^2, z)", {}),
    ("D(relu(2*z - 1), z)", {}),
    ("D(abs(x^2 - 1), x)", {}),
    ("D(f(x^2), x)", {}),
    ("D((yhat - y)^2/2, yhat)", {}),
    ("D(mse(2*t, y), t)", {}),
    ("D(bce(yhat, y), yhat)", {}),
    ("L", {"wrt": "z", "given": NET}),
    ("L", {"wrt": "w", "given": NET}),
    ("L", {"wrt": "w", "given": {"L": "(yhat - y)^2", "yhat": "tanh(z)", "z": "w*x + b"}}),
    ("L", {"wrt": "x", "given": {"L": "a*b", "a": "x^2", "b": "sin(x)"}}),
]
IDS = [f"{text} {' '.join(options)}" for text, options in QUESTIONS]


@cache
def problem(number: int) -> Problem:
    text, options = QUESTIONS[number]
    return sd.problem(text, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=IDS)
def test_our_own_derivation_passes_line_by_line(number: int) -> None:
    """A student who writes what we print loses no mark, and each step is named."""
    posed = problem(number)
    lines = [str(step.after) for step in posed.derivation.steps]

    marked = sd.check_lines(posed, [str(posed.question), *lines])

    assert marked.verdict == "correct", marked.reason
    assert [line.verdict for line in marked.lines] == ["given", *("follows" for _ in lines)]


class BentLine(NamedTuple):
    """Our derivation up to a step, and the line that comes of it with the law bent."""

    question: int
    step: int
    slip: Misconception
    line: str


ANY_QUANTITY = {"chain broken off"}  # its right side may hold any quantity on the way
SLIPS = [s for s in sd.misconceptions.values() if s.scope == "law" and s.name not in ANY_QUANTITY]


def bent_lines() -> Iterator[BentLine]:
    """Every misconception in the place of its law, wherever our derivations use the law."""
    for number in range(len(QUESTIONS)):
        posed = problem(number)
        for k, step in enumerate(posed.derivation.steps):
            node = at(step.before, step.place)
            for slip in SLIPS:
                if isinstance(node, Derivative) and slip.instead == step.rule:
                    rule = Rule(slip.name, (slip.form,), slip.why, "")
                    made = apply(rule, node, posed.engine.depends(node.variable))
                    if made is not None and made[0] is not node:
                        yield BentLine(number, k, slip, str(put(step.before, step.place, made[0])))


BENT = [*bent_lines()]


@pytest.mark.parametrize(
    "bent", BENT, ids=[f"{IDS[b.question]}-{b.step}-{b.slip.name}" for b in BENT]
)
def test_a_law_bent_is_named_at_that_very_line(bent: BentLine) -> None:
    """Line and belief: what nothing else that exists tells a teacher."""
    posed = problem(bent.question)
    lawful = [str(step.after) for step in posed.derivation.steps[: bent.step]]

    marked = sd.check_lines(posed, [*lawful, bent.line])
    line = marked.lines[-1]

    if line.verdict == "undecided":  # log(-1) is no value, wherever one looks
        assert bent.line == "log(D(1 - x, x))"
        return
    if line.verdict != "wrong":  # here the bent law happens to be true
        given = QUESTIONS[bent.question][1].get("given", {})
        assert sd.compare(bent.line, posed.question, given=given).verdict == "equal"  # type: ignore[arg-type]
        return
    assert marked.first_wrong == bent.step
    assert bent.slip in [found.misconception for found in line.misconceptions]


def test_most_laws_are_bent_somewhere() -> None:
    """The loop is worth what it covers."""

    assert len({b.slip for b in BENT}) >= 50
