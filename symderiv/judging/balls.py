"""The value of an expression at a point, as a ball that certainly contains it.

Evaluation knows no rule of differentiation: a derivative that still stands is read
off a Taylor series of its body (Arb's `arb_series`), a named function is evaluated
by its definition, and a case is taken only where its condition certainly holds.
Here belongs evaluation only; which points to take and what follows stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from symderiv.judging.curves import along, moved
from symderiv.judging.ordering import evaluated
from symderiv.judging.points import Setting, index_value
from symderiv.judging.primitives import (
    KRONECKER,
    MOST_TERMS_OF_SERIES,
    PRIMITIVES,
    Ball,
    ball,
    coefficient,
    compared,
    flint,
    level,
    odd_power,
    rooted,
    some_function,
)
from symderiv.judging.primitives import (
    Undefined as Undefined,
)
from symderiv.judging.quadrature import integrated
from symderiv.language.arrays import Elementwise
from symderiv.language.build import E
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
    IndexedSum,
    Indicator,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    as_expr,
)
from symderiv.language.indices import is_label
from symderiv.language.integrals import Integral
from symderiv.language.rationals import rational_value
from symderiv.language.walks import substitute, symbols_in

Way: TypeAlias = Callable[["Evaluator", Any], Ball]
Plan: TypeAlias = list[tuple[Expr, Way]]
Plans: TypeAlias = dict[Expr, Plan]
Sides: TypeAlias = dict[Expr, set[bool]]

_MOST_TERMS = 64  # of an indexed sum


class NoCase(Undefined):
    """None of the cases of a function by pieces holds here, and that is certain."""


@dataclass(eq=False)
class Evaluator:
    """Values at one point, in one precision: `number` chooses it, `setting` says where it may lie.

    With `moving`, values are Taylor series of `terms` terms in that symbol.  What has been
    found stays `known`, so that lines with parts in common share their values; `plans` are
    shared between the points.
    """

    setting: Setting
    number: int
    indices: dict[Expr, Expr] = field(default_factory=dict)
    bound: dict[Expr, Ball] = field(default_factory=dict)
    moving: Symbol | None = None
    terms: int = 1
    plans: Plans = field(default_factory=dict)
    known: dict[Expr, Ball] = field(default_factory=dict)
    alone: bool = False  # what moves with the variable stands still (∂)

    def __post_init__(self) -> None:
        self._noted: dict[Expr, Sides] = {}
        self._moved: dict[tuple[Symbol, int, bool], Evaluator] = {}

    def value(self, expr: Expr) -> Ball:
        """The ball of `expr`; `Undefined` where it has none."""
        if self.setting.definitions:
            self._names_first(expr)
        return self._planned_value(expr)

    def _planned_value(self, expr: Expr) -> Ball:
        known = self.known
        for node, way in self._plan(expr):
            if node not in known:
                known[node] = way(self, node)
        return known[expr]

    def _names_first(self, expr: Expr) -> None:
        """What the names in `expr` stand for, the innermost first: a long chain of named
        quantities, each of them used by the next, is no deeper than one."""
        stack, opened = [expr], set[Expr]()
        while stack:
            top = stack[-1]
            if top not in opened:
                opened.add(top)
                stack += self._definitions_in(top)
                continue
            stack.pop()
            if top is not expr and top not in self.known:
                self._planned_value(top)

    def _definitions_in(self, expr: Expr) -> Iterator[Expr]:
        """The definitions, not yet evaluated, of the names that stand in `expr`."""
        definitions = self.setting.definitions
        for node, _ in self._plan(expr):
            if isinstance(node, Symbol) and node not in self.bound and node is not self.moving:
                definition = definitions.get(node)
                if definition is not None and definition not in self.known:
                    yield definition

    def sides(self, expr: Expr) -> Sides:
        """Which conditions in `expr` were seen to hold, and which to fail, at this point."""
        found: Sides = {}
        if self._noted:
            for node, _ in self._plan(expr):
                _enter(found, self._noted.get(node, {}))
        return found

    def _plan(self, expr: Expr) -> Plan:
        plan = self.plans.get(expr)
        if plan is None:
            plan = self.plans[expr] = planned(expr)
        return plan

    def _within(self, node: Expr, inner: Evaluator, expr: Expr) -> Ball:
        """The value of what stands inside `node`, whose conditions are those of `node`."""
        try:
            return inner.value(expr)
        finally:
            if inner._noted:
                _enter(self._noted.setdefault(node, {}), inner.sides(expr))

    # --- numbers and names ---

    def _number(self, node: Number) -> Ball:
        return self._constant(ball(node.value))

    def _named(self, node: Constant) -> Ball:
        arb = flint().arb
        return self._constant(arb.const_e() if node.name == "e" else arb.pi())

    def _constant(self, value: Ball) -> Ball:
        return value if self.moving is None else flint().arb_series([value], prec=self.terms)

    def _symbol(self, symbol: Symbol) -> Ball:
        node = self.entry(symbol) if symbol.indices or self.indices else symbol
        bound = self.bound.get(symbol, self.bound.get(node))  # w_h of a network, ŷ_i of a sum
        if bound is not None:
            return bound
        if node is self.moving:
            return flint().arb_series([self._still.value(node), 1], prec=self.terms)
        definition = self.setting.definitions.get(node)
        if definition is not None:
            return self._within(symbol, self, definition)
        if self.setting.moves(node):
            return moved(self, node)
        return self._constant(ball(self.setting.coordinate(node, self.number)))

    @cached_property
    def _still(self) -> Evaluator:
        """The same point with nothing moving and nothing bound."""
        if self.moving is None and not self.bound:
            return self
        return self.inside({}, None, 1)

    def inside(self, bound: dict[Expr, Ball], moving: Symbol | None, terms: int) -> Evaluator:
        """The same point, with these symbols bound and this one moving."""
        point = (self.setting, self.number, self.indices)
        return Evaluator(*point, bound, moving, terms, self.plans, alone=self.alone)

    def entry(self, node: Symbol) -> Symbol:
        """An indexed symbol with numbers for its indices: ŷ_i at i = 2 is ŷ_2."""
        if node in self.indices:
            raise Undefined(f"the index {node} is not a quantity")
        if not node.indices:
            return node
        indices = tuple(map(self._index, node.indices))
        return Symbol(node.name, node.accent, node.layer, indices)

    def _index(self, index: Expr) -> Expr:
        """The number that an index is here; `i+1` at i = 2 is 3."""
        if isinstance(index, Symbol):
            word = is_label(index) and index not in self.indices
            return index if word else self.indices.get(index) or index_value(index, self.number)
        if isinstance(index, Number):
            return index
        value = self._still.value(substitute(index, {i: self._index(i) for i in symbols_in(index)}))
        if not (value.is_exact() and value.is_integer()):
            raise Undefined("an index that is no whole number")
        return as_expr(int(value.unique_fmpz()))

    # --- arithmetic ---

    def _sum(self, node: Sum) -> Ball:
        known, terms = self.known, node.terms
        total = known[terms[0]]
        for term in terms[1:]:
            total = total + known[term]
        return total

    def _product(self, node: Product) -> Ball:
        known, factors = self.known, node.factors
        total = known[factors[0]]
        for factor in factors[1:]:
            total = total * known[factor]
        return total

    def _elementwise(self, node: Elementwise) -> Ball:
        """The product, as of numbers: of what has one entry."""
        return self._product(Product(node.factors))

    def _negative(self, node: Negative) -> Ball:
        return -self.known[node.operand]

    def _quotient(self, node: Quotient) -> Ball:
        return self.divided(self.known[node.numerator], self.known[node.denominator])

    def divided(self, numerator: Ball, denominator: Ball) -> Ball:
        lead = denominator if self.moving is None else denominator[0]
        if lead.contains(0):
            raise Undefined("division by what may be zero")
        return numerator / denominator

    def _power(self, node: Power) -> Ball:
        if node.base is E:
            return self.known[node.exponent].exp()
        base, exponent = self.known[node.base], self.known[node.exponent]
        whole = exponent if self.moving is None else exponent[0]
        constant = self.moving is None or all(c.is_zero() for c in exponent.coeffs()[1:])
        if constant and whole.is_exact() and whole.is_integer():
            power = int(whole.unique_fmpz())
            if power < 0:
                return self.divided(self._constant(ball(Fraction(1))), base**-power)
            return base**power
        lead = base if self.moving is None else base[0]
        if constant and not lead > 0 and (known := rational_value(node.exponent)) is not None:
            return odd_power(base, known)
        return (exponent * base.log()).exp()

    # --- functions and derivatives ---

    def _applied(self, node: Apply) -> Ball:
        name, known = node.head.name, self.known
        if node.head.below:
            return self._entry_of(node)
        if name in PRIMITIVES:
            return PRIMITIVES[name](known[node.arguments[0]])
        arguments = [known[part] for part in node.arguments]
        if name == "root":
            return rooted(*arguments)
        function = self.setting.functions.get(name)
        if function is None and len(arguments) == 1 and not name.startswith("arc"):
            return some_function(name, arguments[0])
        if function is None or function.definition is None:
            raise Undefined(f"{name} has no definition")
        if function.vectors:  # their entries stand in the definition
            return self._within(node, self, function.unfolded(node))
        bound: dict[Expr, Ball] = dict(zip(function.arguments, arguments, strict=True))
        inner = self.inside(bound, self.moving, self.terms)
        return self._within(node, inner, function.definition.right)

    def _entry_of(self, node: Apply) -> Ball:
        """A value with indices below: δ_{ik} by itself, any other by its definition."""
        if node.head.name == KRONECKER:
            one, other = map(self._index, node.arguments)
            return self._constant(ball(Fraction(one == other)))
        function = self.setting.functions.get(node.head.name)
        if function is None or function.definition is None:
            raise Undefined(f"{node.head.name} has no definition")
        return self._within(node, self, function.unfolded(node))

    def _primed(self, node: Prime) -> Ball:
        at, inner = self.known[node.argument], Symbol("·")
        terms = node.order + (1 if self.moving is None else self.terms)
        start = flint().arb_series([at if self.moving is None else at[0], 1], prec=terms)
        moving = self.inside({inner: start}, inner, terms)
        value = self._within(node, moving, Apply(node.head, (inner,)))
        if self.moving is None:
            return coefficient(value, node.order)
        for _ in range(node.order):
            value = value.derivative()
        return value(flint().arb_series([0, *at.coeffs()[1:]], prec=self.terms))

    def _derivative(self, node: Derivative) -> Ball:
        if not isinstance(node.variable, Symbol):
            raise Undefined("a derivative by what is not a symbol")
        variable = self.entry(node.variable)
        if self.setting.moves(variable) and not node.partial:
            return along(self, node)
        if self.moving is not None and self.moving is not variable:
            raise Undefined("a mixed derivative")
        terms = self.terms + node.order
        if terms >= MOST_TERMS_OF_SERIES:
            raise Undefined("a derivative of too high an order")
        value = self._within(node, self.going(variable, terms, alone=node.partial), node.body)
        if self.moving is None:
            return coefficient(value, node.order)
        for _ in range(node.order):
            value = value.derivative()
        return value

    def going(self, variable: Symbol, terms: int, *, alone: bool = False) -> Evaluator:
        """The same point with `variable` moving, `alone` or with what moves with it."""
        key = (variable, terms, alone)
        moving = self._moved.get(key)
        if moving is None:
            moving = self._moved[key] = self.inside(self.bound, variable, terms)
            moving.alone, moving._still = self.alone or alone, self._still
        return moving

    def _summed(self, node: IndexedSum) -> Ball:
        ends = []
        for end in (node.lower, node.upper):
            value = self._within(node, self._still, end)
            if not (value.is_exact() and value.is_integer()):
                raise Undefined("a sum needs whole limits")
            ends.append(int(value.unique_fmpz()))
        if ends[1] - ends[0] >= _MOST_TERMS:
            raise Undefined("too many terms to add one by one")
        total = self._constant(ball(Fraction()))
        for k in range(ends[0], ends[1] + 1):
            inner = self.inside(self.bound, self.moving, self.terms)
            inner.indices = {**self.indices, node.index: Number(str(k))}
            total += self._within(node, inner, node.body)
        return total

    # --- cases ---

    def _relation(self, node: Relation) -> bool:
        return self._holds(node, [self.known[term] for term in node.terms], node.signs)

    def _absolute(self, node: Absolute) -> Ball:
        value = self.known[node.operand]
        positive = self._holds(node, [value, self._constant(ball(Fraction()))], (">",))
        return value if positive else -value

    def _indicator(self, node: Indicator) -> Ball:
        return self._constant(ball(Fraction(bool(self.known[node.condition]))))

    def _cases(self, node: Cases) -> Ball:
        for value, condition in zip(node.values, node.conditions, strict=True):
            if self.known[condition]:
                return self.known[value]
        raise NoCase("no case holds here")

    def _holds(self, node: Expr, terms: list[Ball], signs: tuple[str, ...]) -> bool:
        """Whether a chain of comparisons certainly holds, or certainly fails."""
        levels = [t if self.moving is None else level(t) for t in terms]
        answers = [compared(a, b, s) for a, b, s in zip(levels, levels[1:], signs, strict=False)]
        for k, (a, b) in enumerate(pairwise(levels)):
            if (a - b).is_zero():
                sides = node.parts if isinstance(node, Relation) else (*node.parts, Number("0"))
                self.setting.touch(sides[k], sides[k + 1])
        if None in answers and False not in answers:
            raise Undefined("too close to the border between two cases")
        holds = all(answers)
        self._noted[node] = {node: {holds}}
        return holds

    def _nowhere(self, node: Expr) -> Ball:
        raise Undefined(f"{type(node).__name__} has no value")


_WAYS: Mapping[type[Expr], Way] = {
    Number: Evaluator._number,
    Constant: Evaluator._named,
    Symbol: Evaluator._symbol,
    Sum: Evaluator._sum,
    Product: Evaluator._product,
    Elementwise: Evaluator._elementwise,
    Negative: Evaluator._negative,
    Quotient: Evaluator._quotient,
    Power: Evaluator._power,
    Apply: Evaluator._applied,
    Prime: Evaluator._primed,
    Derivative: Evaluator._derivative,
    IndexedSum: Evaluator._summed,
    Integral: integrated,
    Relation: Evaluator._relation,
    Cases: Evaluator._cases,
    Absolute: Evaluator._absolute,
    Indicator: Evaluator._indicator,
}


def planned(expr: Expr, order: Iterable[Expr] | None = None) -> Plan:
    """Which nodes are evaluated one after the other, and how each."""
    ways, nowhere = _WAYS, Evaluator._nowhere
    return [(node, ways.get(type(node), nowhere)) for node in evaluated(expr, order)]


def _enter(found: Sides, more: Sides) -> None:
    for condition, answers in more.items():
        found.setdefault(condition, set()).update(answers)
