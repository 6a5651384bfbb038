"""The names that mean something in a problem, and how they may be typed.

Here belongs what a reader must know before it reads: which words are functions
(and how many arguments each takes) and which symbols a problem declares.  What a
function *is* stands in the catalogue; how text is taken apart stands in `reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symderiv.language.expressions import Head, Symbol


@dataclass(frozen=True)
class Names:
    """Declared names: `functions` maps every accepted spelling to a head, `arity` a head's
    name to its number of arguments, `symbols` a spelling to the symbol it stands for."""

    functions: Mapping[str, Head] = field(default_factory=dict)
    arity: Mapping[str, int] = field(default_factory=dict)
    symbols: Mapping[str, Symbol] = field(default_factory=dict)

    def __or__(self, other: Names) -> Names:
        """Both tables; where both declare a name, the right one counts."""
        return Names(
            {**self.functions, **other.functions},
            {**self.arity, **other.arity},
            {**self.symbols, **other.symbols},
        )
