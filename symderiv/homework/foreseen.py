"""What can be told of an answer by its values alone, worked out before anybody answers.

Here belong the points, the values of the right answer there, and those of what comes out by the
known misconceptions, each as `diagnosis` names it.  Whoever holds an answer against them (a page
without a server) proves nothing; how that is said, and how the values are written, is for
`sites`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final, TypeAlias

from symderiv.deriving.derivation import Derivation
from symderiv.errors import Mistake
from symderiv.homework.candidates import Candidate, Group, ways
from symderiv.homework.diagnosis import Diagnosis
from symderiv.homework.problems import Problem, pose
from symderiv.homework.results import Suspicion, likeliest
from symderiv.judging.points import Setting
from symderiv.judging.probing import Probe, Spot, Trace
from symderiv.language.expressions import Apply, Derivative, Expr, Symbol

Values: TypeAlias = tuple[float | None, ...]
"""The values of an expression at the points; None where it has none."""

POINTS: Final = 8
ENOUGH: Final = 4  # fewer tell nothing
_SPOTS: Final[tuple[Spot, ...]] = (
    *((k, "simple") for k in range(4)),
    *((k, "dyadic") for k in range(28)),
)
"""Numbers that are easily put in by hand come first; where these have no value, others do."""
_LOWEST, _HIGHEST = 1e-4, 1e5  # values beyond lose digits in a browser's arithmetic
_SAME: Final = 1e-9
_NOUGHT: Final = 1e-25
_MOST_CANDIDATES = 240
_MOST_SLIPS = 24
_MOST_WAYS = 2


@dataclass(frozen=True)
class Slip:
    """What comes out by misconceptions, and its values at the points.

    Each of `ways` alone leads there, the likeliest first: by one misconception, or by two.
    """

    ways: tuple[tuple[Suspicion, ...], ...]
    values: Values


@dataclass(frozen=True)
class Foreseen:
    """Points at which the right answer has a value, with the values of names there."""

    points: tuple[tuple[float, ...], ...]
    truth: tuple[float, ...]
    slips: tuple[Slip, ...]


def foreseen(derivation: Derivation, names: Sequence[Symbol]) -> Foreseen | None:
    """What is foreseen of the answers to a derivation; None where too few points say anything."""
    problems = tuple(_posed(derivation))
    setting = problems[0].setting if problems else derivation.setting  # with natural domains
    spots = _telling(derivation.result, names, setting)
    if len(spots) < ENOUGH:
        return None
    probe = Probe(setting, spots)
    rows = zip(*(_floats(probe.trace(name)) for name in names), strict=True)
    points = tuple(tuple(value for value in row if value is not None) for row in rows)
    truth = tuple(v for v in _floats(probe.trace(derivation.result)) if v is not None)
    return Foreseen(points, truth, tuple(_slips(problems, probe, truth)))


def _telling(truth: Expr, names: Sequence[Symbol], setting: Setting) -> tuple[Spot, ...]:
    """The first points at which the truth and every name have values of a usual size."""
    probe = Probe(setting, _SPOTS)
    found = [_floats(probe.trace(expr)) for expr in (truth, *names)]
    if not all(found):
        return ()
    columns = zip(_SPOTS, *found, strict=True)
    usual = (spot for spot, value, *own in columns if _usual(value) and None not in own)
    return tuple(islice(usual, POINTS))


def _usual(value: float | None) -> bool:
    return value is not None and (value == 0 or _LOWEST < abs(value) < _HIGHEST)


def _floats(trace: Trace) -> Values:
    return tuple(None if ball is None else _float(ball) for ball in trace)


def _float(ball: Any) -> float | None:
    """The middle of a ball, where it is narrow enough to be a number of a browser."""
    middle, radius = float(ball.mid()), float(ball.rad())
    if abs(middle) + radius < _NOUGHT:
        return 0.0
    return middle if radius <= 1e-13 * abs(middle) and abs(middle) < 1e300 else None


# --- misconceptions ------------------------------------------------------------------------------


def _slips(problems: Sequence[Problem], probe: Probe, truth: Values) -> Iterator[Slip]:
    """What comes out by each way to go wrong, told apart from the truth and from one another."""
    found: list[Values] = [truth]
    for problem, candidate in islice(_candidates(problems), _MOST_CANDIDATES):
        made = candidate.made
        values = () if made is None else _floats(probe.trace(made))
        if made is None or sum(v is not None for v in values) < ENOUGH:
            continue
        if any(_same(values, known) for known in found):
            continue
        found.append(values)
        named = likeliest(Diagnosis(problem.question, made, problem).found())[:_MOST_WAYS]
        if named:
            yield Slip(tuple((one, *one.also) for one in named), values)
        if len(found) > _MOST_SLIPS:
            return


def _posed(derivation: Derivation) -> Iterator[Problem]:
    """The question as homework; of a function of ours its definition is asked about too."""
    start, setting = derivation.start, derivation.setting
    if not isinstance(start, Derivative):
        return
    body = start.body
    function = setting.functions.get(body.head.name) if isinstance(body, Apply) else None
    asked = [start]
    if function is not None and function.definition is not None:
        asked.append(start.with_parts((function.unfolded(body), start.variable)))
    for question in asked:
        with suppress(Mistake):  # there is no rule for it as it stands
            yield pose(question, where=setting.where, given=setting.definitions)


def _candidates(problems: Sequence[Problem]) -> Iterator[tuple[Problem, Candidate]]:
    """The ways to go wrong, in the order in which an answer is held against them."""
    known = [(problem, ways(problem.question, problem)) for problem in problems]
    for problem, way in known:
        for candidate in chain(_bent(way.used), way.questions, way.results):
            yield problem, candidate
    for problem, way in known:
        for candidate in chain(_bent(way.others), way.lines):
            yield problem, candidate


def _bent(groups: Sequence[Group]) -> Iterator[Candidate]:
    everywhere = (group.everywhere for group in groups if group.everywhere is not None)
    return chain(everywhere, (way for group in groups for _, way in group.bends))


def _same(one: Values, other: Values) -> bool:
    return all(
        a is b or (a is not None and b is not None and abs(a - b) <= _SAME * max(abs(a), abs(b)))
        for a, b in zip(one, other, strict=True)
    )
