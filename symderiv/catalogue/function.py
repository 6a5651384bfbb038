"""What a function of the catalogue is: its value, the slope that is claimed for it, its names.

The slope is a claim: a test derives it from the value.  Here belongs the type and
what can be computed from one declaration (its definition as a rule, its derivative
as a rule).  The functions themselves are values in `catalogue/functions/`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

from symderiv.catalogue.rule import Rule
from symderiv.errors import NoRule
from symderiv.language.build import D, subject_first, symbol
from symderiv.language.domains import Domain, read_domain
from symderiv.language.expressions import (
    Apply,
    Cases,
    Expr,
    Head,
    Operand,
    Rewrite,
    Symbol,
    as_expr,
)
from symderiv.language.patterns import Letter
from symderiv.language.walks import substitute, symbols_in, transform


class Reached(NamedTuple):
    """What holds of a function's values (None: they may be any reals), and where (None:
    everywhere)."""

    says: Expr | None
    where: Expr | None = None


Ranged: TypeAlias = "Expr | tuple[Expr | tuple[Expr | None, Expr], ...]"


def _stem(entry: Symbol) -> Symbol:
    """The vector of which a symbol is an entry."""
    return Symbol(entry.name, entry.accent, entry.layer)


@dataclass(frozen=True, eq=False)
class Function:
    """A named function.

    `value` gives its definition (None for one that is taken as known, such as log);
    `slope` its derivative by `by`, its first argument where nothing is said, `z_k` an entry;
    `below` says how many of its last arguments are indices (softmax(z)_i has one);
    `also_called` further spellings; `where` a domain for each argument that has one;
    `range` where its values lie, which conditions may rest on; `reach` where they lie, where no
    condition needs it, as a domain or as what holds of a value (several: one of them; a pair:
    the first where the second holds); `at_kink` what frameworks return where no
    derivative exists, one value for each such point where there are several, in the order of
    the pieces; `steepest` the least upper bound of |slope|, a number; `defaults` what
    frameworks take for a parameter where nothing is said; `title` the words for a heading;
    `drawn` where its picture is drawn, an interval for the variable and `{1}` for what is held;
    `note` one remark worth knowing; `source` where it is from; `refused` why no derivative of
    it is given.

    A parameter is a symbol of the definition that is no argument, such as the α of ELU.
    """

    name: str
    slope: Callable[..., Operand]
    value: Callable[..., Operand] | None = None
    latex: str = ""
    also_called: tuple[str, ...] = ()
    title: str = ""
    by: str = ""
    below: int = 0
    where: Mapping[str, str] = field(default_factory=dict)
    range: str = ""
    reach: str | Callable[[Expr], Ranged] = ""
    at_kink: Mapping[str, Operand | tuple[Operand, ...]] = field(default_factory=dict)
    steepest: Operand | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    drawn: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    source: str = ""
    refused: str = ""

    def __repr__(self) -> str:
        return f"<Function {self.name}>"

    def __call__(self, *arguments: Operand) -> Expr:
        """The function applied, as an expression."""
        return Apply(self.head, tuple(as_expr(a) for a in arguments))

    @cached_property
    def head(self) -> Head:
        """The name as it stands before an argument."""
        return Head(self.name, self.latex, self.below)

    @property
    def is_partial(self) -> bool:
        """Whether several quantities could move, so that its derivative is written with ∂."""
        return len(self.arguments) > 1 or bool(self.variable.indices)

    @property
    def is_discrete(self) -> bool:
        """Whether all its arguments are indices, so that nothing can be differentiated."""
        return self.below == len(self.arguments)

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

    def taken(self, framework: str) -> tuple[Expr, ...]:
        """What a framework returns at the points without derivative; empty if it is not said."""
        said = self.at_kink.get(framework, ())
        return tuple(as_expr(value) for value in (said if isinstance(said, tuple) else (said,)))

    @cached_property
    def parameters(self) -> frozenset[Symbol]:
        """The symbols of the definition that are neither arguments nor entries of arguments."""
        if self.definition is None:
            return frozenset()
        free = symbols_in(self.definition.right)
        return frozenset(s for s in free if not s.indices and s not in self.arguments)

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
        for entry in symbols_in(body):
            vector = meaning.get(_stem(entry))
            if entry.indices and vector is not None:
                if not isinstance(vector, Symbol):
                    raise NoRule(f"{self.words} takes names of vectors, and {vector} is not one.")
                meaning[entry] = vector.at(*(substitute(i, meaning) for i in entry.indices))
        found = substitute(body, meaning)
        if isinstance(found, Cases):
            return Cases(found.values, tuple(map(subject_first, found.conditions)))
        return found

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

        Where the slope is by an entry of a vector, it is claimed of its own vectors, with any
        indices.
        """
        if self.variable.indices:
            own = D(self.applied, self.variable, 1, True), self.claim
            lettered = self._lettered((*self._below, *self.variable.indices))
            form = Rewrite(*(substitute(side, lettered) for side in own))
            return Rule(f"derivative of {self.words}", (form,), f"The slope of {self.words}.", "")
        moving, x = Letter("f"), Letter("x", "variable")
        held = [Letter(str(a), "constant") for a in self.arguments[1:]]
        bare = D(self(x, *held), x) >> as_expr(self.slope(x, *held))
        inner = D(self(moving, *held), x) >> self.slope(moving, *held) * D(moving, x)
        why = f"The derivative of {self.words}, times the derivative of what is inside."
        return Rule(f"derivative of {self.words}", (bare, inner), why, "")

    def slope_rule_for(self, applied: Expr) -> Rule:
        """The slope as a rule for the vectors that stand in `applied`, under their names there."""
        names = dict(zip(self.arguments, applied.parts, strict=True))
        renamed = {own: named for own, named in names.items() if own in self.vectors}
        if not self.variable.indices or all(own is named for own, named in renamed.items()):
            return self.slope_rule

        def change(node: Expr) -> Expr:
            named = renamed.get(_stem(node)) if isinstance(node, Symbol) else None
            return named.at(*node.parts) if isinstance(named, Symbol) else node

        sides = (transform(side, change, {}) for side in self.slope_rule.forms[0])
        return replace(self.slope_rule, forms=(Rewrite(*sides),))

    @cached_property
    def vectors(self) -> tuple[Symbol, ...]:
        """The arguments that are vectors: entries of them stand in definition or slope."""
        sides = (self.definition.right, self.claim) if self.definition else (self.claim,)
        held = (self.variable, *(s for side in sides for s in symbols_in(side)))
        stems = {_stem(entry) for entry in held if entry.indices}
        return tuple(argument for argument in self.arguments if argument in stems)

    @property
    def _below(self) -> tuple[Symbol, ...]:
        """The arguments that are indices."""
        return self.arguments[len(self.arguments) - self.below :]

    def _rule(self, name: str, equation: Rewrite, why: str) -> Rule:
        letters = self._lettered(a for a in self.arguments if a not in self.vectors)
        sides = Rewrite(*(substitute(side, letters) for side in equation))
        return Rule(name, (sides,), why, "")

    def _lettered(self, symbols: Iterable[Expr]) -> dict[Expr, Expr]:
        return {symbol: Letter(str(symbol)) for symbol in symbols}

    @cached_property
    def domains(self) -> dict[Symbol, Domain]:
        """Where its arguments, and what else stands in its definition, may lie."""
        return {symbol(name): read_domain(text) for name, text in self.where.items()}

    @cached_property
    def values(self) -> Domain:
        """Where its values lie, for those who draw conclusions from it."""
        return read_domain(self.range)

    @cached_property
    def spread(self) -> Domain | None:
        """Where its values lie, None where that is not known or not said as a domain."""
        said = self.range or self.reach
        return read_domain(said) if said and isinstance(said, str) else None

    @cached_property
    def reached(self) -> tuple[Reached, ...]:
        """What holds of its values, one of these: each a formula, and where it counts."""
        said = () if isinstance(self.reach, str) else self.reach(self.applied)
        listed = said if isinstance(said, tuple) else (said,)
        return tuple(Reached(*one) if isinstance(one, tuple) else Reached(one) for one in listed)

    @cached_property
    def words(self) -> str:
        """The function in running text: "the sigmoid", or its bare name."""
        return self.title or self.name
