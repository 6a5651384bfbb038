"""The common derivatives of the seed post: which there are, in which order.

Only the questions stand here; every line and every result comes out of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.strategy import derive_expression, derive_function
from symderiv.language.build import symbols

_FUNCTIONS = shipped().functions
_L, _Z, _Y, _YHAT = symbols("L z y yhat")


@dataclass(frozen=True)
class Topic:
    """One derivation of the handout: its anchor and how it comes about."""

    id: str
    derive: Callable[[], Derivation]
    function: str = ""


def _function(name: str) -> Topic:
    return Topic(name.replace("_", "-"), lambda: derive_function(_FUNCTIONS[name]), function=name)


def _through_sigmoid() -> Derivation:
    given = {_L: _FUNCTIONS["bce"](_YHAT, _Y), _YHAT: _FUNCTIONS["sigmoid"](_Z)}
    derivation = derive_expression(_L, _Z, given=given)
    note = "The sigmoid's slope is exactly what the loss divides by: the pair leaves the error."
    return replace(derivation, title="Binary cross-entropy through a sigmoid", note=note)


TOPICS: tuple[Topic, ...] = (
    *map(_function, ("sigmoid", "tanh", "relu", "mse", "mse_n", "bce")),
    Topic("bce-sigmoid", _through_sigmoid),
)
IN_TABLE = ("sigmoid", "tanh", "relu", "mse", "bce")


def derive_topics(report: Callable[[str], None] = lambda _: None) -> dict[str, Derivation]:
    """The derivations by anchor, each checked; `report` is told the anchor before each."""
    found: dict[str, Derivation] = {}
    for topic in TOPICS:
        report(topic.id)
        found[topic.id] = topic.derive().checked()
    return found
