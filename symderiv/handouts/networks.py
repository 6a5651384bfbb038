"""The parts of a network in a handout: all of them in a solution, the question alone elsewhere.

What each part says stands in `documents.passages` and `documents.flowing`; here is which of
them are shown, and which numbers are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.values import Values
from symderiv.documents.document import Blank, Paragraph, Passage, Section
from symderiv.documents.flowing import factors_passage, trace_passage
from symderiv.documents.passages import (
    differences_passage,
    forward_passage,
    gradients_passage,
    matrices_passage,
    network_passage,
)
from symderiv.documents.pathways import graph_passage
from symderiv.handouts.specification import Spec, Task
from symderiv.handouts.withholding import withheld_table

_Numeric: TypeAlias = Callable[[Flow, Values, int], "Passage | None"]

_NUMERIC: Mapping[str, _Numeric] = {
    "forward": lambda _, values, digits: forward_passage(values, digits),
    "factors": lambda f, values, digits: factors_passage(f, values, digits) if f.paths else None,
    "trace": lambda f, values, digits: trace_passage(f, values, digits) if f.paths else None,
    "gradients": lambda _, values, digits: gradients_passage(values, digits),
    "differences": lambda f, values, digits: differences_passage(values, f.wrt, digits),
}


def network_parts(
    flow: Flow, task: Task, spec: Spec, name: str, derivation: Section | Passage
) -> Iterator[Section | Passage]:
    """The parts of the page of a network that a task shows; `name` is that of its picture."""
    complete, digits = isinstance(derivation, Section), spec.digits
    for part in task.show:
        if part == "network":
            yield network_passage(flow.network, spec.notation.gradients)
        elif part == "derivation":
            yield derivation
        elif part == "graph" and complete:
            yield replace(graph_passage(flow, digits, name), id=f"{derivation.id}-graph")
        elif part == "matrices" and complete:
            matrices = matrices_passage(flow.network, flow.values, digits)
            yield from [matrices] if matrices else []
        elif part in _NUMERIC and (complete or part == "forward"):
            yield from _numeric(flow, task, part, digits, complete)


def _numeric(flow: Flow, task: Task, part: str, digits: int, complete: bool) -> Iterator[Passage]:
    """A part that needs numbers; one that was asked for by name cannot do without."""
    if flow.values is None:
        if "show" in task.at:
            problem = f"The part {part!r} needs a number for every input and parameter."
            raise task.at.fail("show", problem, "Write them in the network's file, or in values.")
        return
    passage = _NUMERIC[part](flow, flow.values, digits)
    if passage is not None:
        yield passage if complete else withheld_table(passage, 2)


def answer_room(flow: Flow, anchor: str, space: Fraction) -> Passage:
    """Where a student writes the number of the gradient."""
    return Passage(anchor, "", (Paragraph(("In numbers, ", flow.start, ":")), Blank(2 * space)))
