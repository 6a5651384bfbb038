"""The catalogue as one value, gathered from modules by a pure function.

Nothing registers itself: a rule or function is in the catalogue because it is a
value in one of the modules that are handed in, ours or a user's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.language.names import Names


@dataclass(frozen=True)
class Catalogue:
    """Every rule, misconception and function, by name."""

    rules: Mapping[str, Rule]
    misconceptions: Mapping[str, Misconception]
    functions: Mapping[str, Function]

    @property
    def names(self) -> Names:
        """What a reader may take for a function, with every spelling."""
        spelled = {
            spelling: f.head
            for f in self.functions.values()
            for spelling in (f.name, *f.also_called)
        }
        return Names(spelled, {f.name: len(f.arguments) for f in self.functions.values()})


def gather(modules: Iterable[ModuleType]) -> Catalogue:
    """The catalogue of all that these modules hold; a name declared twice is refused."""
    found: dict[type, dict[str, object]] = {Rule: {}, Misconception: {}, Function: {}}
    for module in modules:
        for value in vars(module).values():
            table = found.get(type(value))
            if table is not None and table.setdefault(value.name, value) is not value:
                raise ValueError(f"{module.__name__} declares {value.name!r} a second time")
    return Catalogue(found[Rule], found[Misconception], found[Function])  # type: ignore[arg-type]


@cache
def shipped() -> Catalogue:
    """The catalogue that symderiv ships."""
    from symderiv.catalogue.functions import (  # lazily, as below
        activations,
        bent_slopes,
        elementary,
        hyperbolic,
        losses,
    )
    from symderiv.catalogue.functions import trigonometric as angles  # lazily, as below
    from symderiv.catalogue.rules import (  # lazily: these import the types of this package
        algebra,
        bent_laws,
        differentiation,
        logarithms,
        mistaken,
        powers,
        slopes,
        trigonometry,
    )

    laws = (differentiation, slopes, algebra, powers, logarithms, trigonometry, bent_laws, mistaken)
    return gather((*laws, elementary, angles, hyperbolic, activations, losses, bent_slopes))
