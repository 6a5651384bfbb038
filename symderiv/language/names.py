"""The names that mean something in a problem, their kinds, and how they may be typed.

Here belongs what a reader must know before it reads: which words are functions
(and how many arguments each takes), which symbols a problem declares, and what may
stand at a name: a layer, two indices, a bracket.  What a function *is* stands in the
catalogue; how text is taken apart stands in `reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symderiv.errors import Mistake
from symderiv.language.expressions import Expr, Head, Symbol

LETTERED = ("f", "g", "h")
"""Letters that are functions in front of a bracket, where nothing else is declared."""

KINDS = ("variable", "function", "layered", "matrix", "loss")


@dataclass(frozen=True)
class Names:
    """Declared names.

    `functions` maps every accepted spelling to a head, `arity` a head's name to its number
    of arguments, `symbols` a spelling to the symbol it stands for.  `kinds` says of a name
    without accent and index what it is: `variable` (never a function, takes no layer),
    `function`, `layered` (takes a layer: W1, W^{(1)}), `matrix` (two digits are two
    indices, w_{11}), `loss` (a function before a bracket, a quantity elsewhere), or two of
    them, `"layered matrix"`.  `aliases` maps another plain spelling to the one it stands
    for: `{"p": "yhat"}`.  `by` is the variable by which a prime differentiates, (x^2)' and y',
    where the text alone does not say it.  Raises Mistake for a kind that there is not.
    """

    functions: Mapping[str, Head] = field(default_factory=dict)
    arity: Mapping[str, int] = field(default_factory=dict)
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    by: Symbol | None = None

    def __post_init__(self) -> None:
        unknown = {kind for kinds in self.kinds.values() for kind in kinds.split()} - {*KINDS}
        if unknown:
            raise Mistake(f"No kind of name {min(unknown)!r}; there are: {', '.join(KINDS)}.")

    def __or__(self, other: Names) -> Names:
        """Both tables; where both declare a name, the right one counts."""
        return Names(
            {**self.functions, **other.functions},
            {**self.arity, **other.arity},
            {**self.symbols, **other.symbols},
            {**self.kinds, **other.kinds},
            {**self.aliases, **other.aliases},
            other.by or self.by,
        )

    @classmethod
    def mentioned(cls, *exprs: Expr) -> Names:
        """Names under which the text of these expressions is read back: their symbols.

        f, g and h stay free: in front of a bracket they are functions all the same.

        >>> sorted(Names.mentioned(Symbol("loss") * Symbol("y", "hat")).symbols)
        ['loss', 'y']
        """
        stems: set[str] = set()
        seen: set[Expr] = set()
        waiting = [*exprs]
        while waiting:  # indices are left out: they are read as they stand
            node = waiting.pop()
            if isinstance(node, Symbol):
                stems.add(node.name)
            elif node not in seen:
                seen.add(node)
                waiting += node.parts
        return cls(symbols={stem: Symbol(stem) for stem in sorted(stems - {*LETTERED})})

    def is_a(self, kind: str, name: str) -> bool:
        """Whether a name is declared as this kind."""
        return kind in self.kinds.get(name, "").split()
