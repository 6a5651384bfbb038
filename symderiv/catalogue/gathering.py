"""The catalogue as one value, gathered from modules by a pure function.

Nothing registers itself: a rule or function is in the catalogue because it is a
value in one of the modules that are handed in, ours or a user's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from symderiv.catalogue.families import Functions
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
    functions = Functions(found[Function])  # type: ignore[arg-type]
    return Catalogue(found[Rule], found[Misconception], functions)  # type: ignore[arg-type]


@cache
def shipped() -> Catalogue:
    """The catalogue that symderiv ships; its modules are imported when it is asked for."""
    from symderiv.catalogue.functions import (  # lazily, as below
        activations,
        bent_slopes,
        classification_losses,
        elementary,
        exponential_units,
        gated_units,
        hyperbolic,
        losses,
        rectifiers,
        regression_losses,
        vectors,
    )
    from symderiv.catalogue.functions import trigonometric as angles  # lazily, as below
    from symderiv.catalogue.rules import (  # lazily: these import the types of this package
        algebra,
        bent_laws,
        differentiation,
        equations,
        identities,
        indexed,
        integration,
        logarithms,
        mistaken,
        own_terms,
        pieces,
        powers,
        slopes,
        trigonometry,
    )

    calculus = (differentiation, slopes, algebra, powers, logarithms, trigonometry)
    further = (pieces, own_terms, indexed, equations, identities, integration, bent_laws, mistaken)
    known = (elementary, angles, hyperbolic, bent_slopes)
    units = (activations, rectifiers, exponential_units, gated_units)
    errors = (losses, regression_losses, classification_losses, vectors)
    return gather((*calculus, *further, *known, *units, *errors))
