"""What a function of the catalogue is: its value, the slope that is claimed for it, its names.

The slope is a claim: a test derives it from the value.  Here belongs the type and
what can be computed from one declaration (its definition as a rule, its derivative
as a rule).  The functions themselves are values in `catalogue/functions/`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symderiv.catalogue.rule import Rule
from symderiv.errors import NoRule
from symderiv.language.build import D, symbol
from symderiv.language.domains import Domain, read_domain
from symderiv.language.expressions import Apply, Expr, Head, Operand, Rewrite, Symbol, as_expr
from symderiv.language.patterns import Letter
from symderiv.language.walks import substitute, symbols_in


@dataclass(frozen=True, eq=False)
class Function:
    """A named function.

    `value` gives its definition (None for one that is taken as known, such as log);
    `slope` its derivative by `by`, its first argument where nothing is said;
    `also_called` further spellings; `where` a domain for each argument that has one;
    `range` the open interval of its values; `at_kink` what frameworks return where no
    derivative exists; `steepest` the least upper bound of |slope|, a number; `title` the
    words for a heading; `note` one remark worth knowing;
    `source` where the definition is from.
    """

    name: str
    slope: Callable[..., Operand]
    value: Callable[..., Operand] | None = None
    latex: str = ""
    also_called: tuple[str, ...] = ()
    title: str = ""
    by: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    range: str = ""
    at_kink: Mapping[str, Operand] = field(default_factory=dict)
    steepest: Operand | None = None
    note: str = ""
    source: str = ""

    def __call__(self, *arguments: Operand) -> Expr:
        """The function applied, as an expression."""
        return Apply(self.head, tuple(as_expr(a) for a in arguments))

    @cached_property
    def head(self) -> Head:
        """The name as it stands before an argument."""
        return Head(self.name, self.latex)

    @cached_property
    def arguments(self) -> tuple[Symbol, ...]:
        """The symbols of the definition, named by the parameters of `slope`."""
        return tuple(symbol(name) for name in inspect.signature(self.slope).parameters)

    @cached_property
    def variable(self) -> Symbol:
        """The symbol by which `slope` differentiates: an argument, or with an index an entry."""
        stem, _, index = (self.by or str(self.arguments[0])).partition("_")
        return symbol(stem).at(symbol(index)) if index else symbol(stem)

    @cached_property
    def applied(self) -> Expr:
        """The function of its own symbols, σ(z)."""
        return self(*self.arguments)

    @cached_property
    def definition(self) -> Rewrite | None:
        """σ(z) and what it is defined to be, in its own symbols."""
        return Rewrite(self.applied, as_expr(self.value(*self.arguments))) if self.value else None

    @cached_property
    def claim(self) -> Expr:
        """The claimed slope in its own symbols."""
        return as_expr(self.slope(*self.arguments))

    @cached_property
    def hidden(self) -> tuple[Symbol, ...]:
        """What stands in the definition and is no argument, such as the count n in 1/n."""
        if self.definition is None or self.variable.indices:
            return ()
        return tuple(s for s in symbols_in(self.definition.right) if s not in self.arguments)

    @property
    def _defined(self) -> Rewrite:
        if self.definition is None:
            raise NoRule(f"{self.words} is taken as known: the catalogue has no definition of it.")
        return self.definition

    @cached_property
    def _entries(self) -> tuple[Symbol, ...]:
        """The entries of vectors that stand in the definition."""
        return tuple(symbol for symbol in symbols_in(self._defined.right) if symbol.indices)

    def unfolded(self, applied: Expr) -> Expr:
        """The definition with the arguments of `applied` put in."""
        body = self._defined.right
        meaning: dict[Expr, Expr] = dict(zip(self.arguments, applied.parts, strict=True))
        for entry in self._entries:
            vector = meaning.get(Symbol(entry.name, entry.accent, entry.layer))
            if vector is not None:
                if not isinstance(vector, Symbol):
                    raise NoRule(f"{self.words} takes names of vectors, and {vector} is not one.")
                meaning[entry] = vector.at(*entry.indices)
        return substitute(body, meaning)

    @cached_property
    def defining_rule(self) -> Rule:
        """The definition as a rule, from name to value."""
        return self._rule(f"definition of {self.words}", self._defined, "Write out what it is.")

    @cached_property
    def folding_rule(self) -> Rule:
        """The definition read from right to left: the value is recognised and named."""
        definition = self._defined
        return self._rule(
            f"recognise {self.words}",
            Rewrite(definition.right, definition.left),
            "This is the definition, read from right to left.",
        )

    @cached_property
    def slope_rule(self) -> Rule:
        """The claimed slope as a rule: of the bare variable, and of anything that moves.

        Where the slope is by an entry of a vector, it is claimed of its own symbols only.
        """
        if self.variable.indices:
            own = D(self.applied, self.variable) >> self.claim
            return Rule(f"derivative of {self.words}", (own,), f"The slope of {self.words}.", "")
        moving, x = Letter("f"), Letter("x", "variable")
        held = [Letter(str(a), "constant") for a in self.arguments[1:]]
        bare = D(self(x, *held), x) >> as_expr(self.slope(x, *held))
        inner = D(self(moving, *held), x) >> self.slope(moving, *held) * D(moving, x)
        why = f"The derivative of {self.words}, times the derivative of what is inside."
        return Rule(f"derivative of {self.words}", (bare, inner), why, "")

    def _rule(self, name: str, equation: Rewrite, why: str) -> Rule:
        lettered: dict[Expr, Expr] = {a: Letter(str(a)) for a in self.arguments}
        sides = Rewrite(*(substitute(side, lettered) for side in equation))
        return Rule(name, (sides,), why, "")

    @cached_property
    def domains(self) -> dict[Symbol, Domain]:
        """Where its arguments, and what else stands in its definition, may lie."""
        return {symbol(name): read_domain(text) for name, text in self.where.items()}

    @cached_property
    def values(self) -> Domain:
        """Where its values lie."""
        return read_domain(self.range)

    @cached_property
    def words(self) -> str:
        """The function in running text: "the sigmoid", or its bare name."""
        return self.title or self.name
