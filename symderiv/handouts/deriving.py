"""What a handout asks for is derived: each task once for each draw, with every step checked.

How hard a task is can be compared here: which rules come in which order.  What a page shows of
a derivation is decided in `composing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.network import Network
from symderiv.errors import Mistake
from symderiv.handouts.located import Path
from symderiv.handouts.parameters import Choice, Draw, put_in, used_in
from symderiv.handouts.specification import Spec, Task, catalogue_name
from symderiv.interface import derive, functions
from symderiv.language.expressions import Head, Symbol
from symderiv.language.rationals import rational_value

Profile: TypeAlias = "tuple[tuple[str, tuple[Profile, ...]], ...]"
"""The rules of a derivation in their order, each with those of its lemmas."""


@dataclass(frozen=True, eq=False)
class Worked:
    """A task, what was drawn for it, and what came out of it."""

    task: Task
    draw: Draw
    derivation: Derivation

    @property
    def profile(self) -> Profile:
        """What its difficulty is measured by."""
        return profile(self.derivation)


class Deriver:
    """Derives the tasks of one handout, and remembers what it has derived."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._used = {id(task): self._names(task) for task in spec.tasks}
        self._made: dict[tuple[object, ...], Worked | Mistake] = {}
        _check_parameters(spec, {name for names in self._used.values() for name in names})

    def _names(self, task: Task) -> tuple[str, ...]:
        """The parameters that stand in a task."""
        parameters = self.spec.parameters
        if task.kind == "function":
            return tuple(p.name for p in parameters if p.name == task.name)
        if task.kind == "network":
            return tuple(dict.fromkeys(task.options["drawn"].values()))
        return used_in(task.expressions, parameters)

    def used(self, task: Task) -> tuple[str, ...]:
        """The parameters that stand in a task."""
        return self._used[id(task)]

    def worked(self, task: Task, draw: Draw) -> Worked:
        """The derivation of a task with this draw; a `Mistake` is told with its place."""
        own = {name: draw[name] for name in self._used[id(task)]}
        key = (id(task), *own.values())
        if key not in self._made:
            try:
                self._made[key] = Worked(task, own, _derived(task, own))
            except Mistake as mistake:
                self._made[key] = task.at.told(_drawn(mistake, own), [*_places(task)])
        found = self._made[key]
        if isinstance(found, Mistake):
            raise found
        return found


def profile(derivation: Derivation) -> Profile:
    """The rules of a derivation; one function's slope is as hard as another's."""
    return tuple(
        (_RULES.get(step.rule.name, step.rule.name), tuple(map(profile, step.lemmas)))
        for step in derivation.steps
    )


_RULES = {f.slope_rule.name: "derivative of a function" for f in functions.values()
          if f.definition is not None}  # fmt: skip


def numeric(network: Network, task: Task, draw: Draw) -> Network:
    """The network with the numbers that were drawn for its quantities."""
    drawn = {}
    for symbol, name in task.options["drawn"].items():
        choice = draw[name]
        value = None if isinstance(choice, Head) else rational_value(choice)
        if value is None:
            raise Mistake(f"{name} stands for a number of the network, and {choice} is none.")
        drawn[symbol] = value
    return replace(network, values={**network.values, **drawn})


def _derived(task: Task, draw: Draw) -> Derivation:
    match task.kind:
        case "function":
            choice = draw.get(task.name)
            if choice is not None and not isinstance(choice, Head):
                raise Mistake(f"{task.name} stands for expressions and not for functions.")
            known = choice.name if choice else catalogue_name(task.name, task.at)
            return derive(functions[known], kinks=task.options["kinks"]).checked()
        case "network":
            assert task.network is not None  # noqa: S101 (of its kind)
            return gradient(numeric(task.network, task, draw), task).checked()
    request = task.request
    assert request is not None  # noqa: S101 (of its kind)
    (body,), (variable, name) = request.expressions, request.symbols
    given = zip(task.at.texts("given"), request.given.values(), strict=True)
    return derive(
        put_in(body, draw),
        variable,
        of=name,
        given={key: put_in(value, draw) for key, value in given},
        **task.options,
    ).checked()


def gradient(network: Network, task: Task) -> Flow:
    """The gradient that a task follows: by the first weight where nothing is said."""
    wrt = task.options["wrt"]
    if wrt is None:
        moving = [s for s in network.parameters if s in network.matters]
        if not moving:
            raise Mistake("The network has no parameter by which its loss could be differentiated.")
        wrt = network.layers[0].weights[0][0] if network.layers else moving[0]
    return network.derive(network.loss, wrt)


def _drawn(mistake: Mistake, draw: Draw) -> Mistake:
    """A mistake that says what was drawn when it arose."""
    if not draw:
        return mistake
    listed = ", ".join(f"{name} = {spelled(choice)}" for name, choice in draw.items())
    return Mistake(f"With {listed}: {mistake}")


def spelled(choice: Choice) -> str:
    """A choice as it is typed."""
    return choice.name if isinstance(choice, Head) else str(choice)


def _places(task: Task) -> Iterator[Path]:
    """Where a mistake of a task may stand, the likeliest first."""
    yield (task.kind,)
    yield from ((key,) for key in ("wrt", "of", "form", "prefer", "order") if key in task.at)
    for key in ("given", "where"):
        yield from ((key, name) for name in (task.at.values.get(key) or {}))


def _check_parameters(spec: Spec, used: set[str]) -> None:
    """Refuse a parameter that nothing uses, and one by which is differentiated."""
    table = spec.at.table("parameters")
    for parameter in spec.parameters:
        if parameter.name not in used:
            hint = 'It is put in where its name stands: derive = "w*x + b" for w.'
            raise table.fail(parameter.name, f"Nothing uses {parameter.name}.", hint)
    names = {p.name: p for p in spec.parameters}
    for task in spec.tasks:
        for symbol in task.request.symbols if task.request else ():
            if symbol is not None and symbol is Symbol(symbol.name) and symbol.name in names:
                problem = f"{symbol} is drawn, and one does not differentiate by it."
                raise table.fail(symbol.name, problem)
