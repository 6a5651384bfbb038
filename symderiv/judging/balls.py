"""The value of an expression at a point, as a ball that certainly contains it.

Evaluation knows no rule of differentiation: a derivative that still stands is read
off a Taylor series of its body (Arb's `arb_series`), a named function is evaluated
by its definition, and a case is taken only where its condition certainly holds.
Here belongs evaluation only; which points to take and what follows stands beside it.

FLINT is imported when the first value is asked for: it costs 40 ms, and a derivation
that is not printed needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from symderiv.judging.points import Setting, index_value
from symderiv.judging.primitives import (
    KRONECKER,
    PRIMITIVES,
    Ball,
    Undefined,
    flint,
    some_function,
)
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
from symderiv.language.walks import nodes, substitute, symbols_in

_MOST_TERMS = 64  # of an indexed sum
MOST_TERMS_OF_SERIES = 40


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """A context in which balls are computed with `bits` bits, and series with all their terms."""
    context = flint().ctx
    cap = context.cap
    with context.workprec(bits):
        context.cap = MOST_TERMS_OF_SERIES  # FLINT's own is 10: beyond, coefficients come out as 0
        try:
            yield
        finally:
            context.cap = cap


def ball(value: Fraction) -> Ball:
    """The ball of one exact number."""
    library = flint()
    return library.arb(library.fmpq(value.numerator, value.denominator))


@dataclass
class Evaluator:
    """Values at one point: `number` chooses it, `setting` says where it may lie.

    With `moving`, values are Taylor series of `terms` terms in that symbol.
    `sides` collects which conditions were seen to hold and to fail.
    """

    setting: Setting
    number: int
    sides: dict[Expr, set[bool]] = field(default_factory=dict)
    indices: dict[Expr, Expr] = field(default_factory=dict)
    bound: dict[Expr, Ball] = field(default_factory=dict)
    moving: Symbol | None = None
    terms: int = 1

    def value(self, expr: Expr) -> Ball:
        """The ball of `expr`; `Undefined` where it has none."""
        known: dict[Expr, Ball] = {}
        for node in self._ordinary(expr):
            known[node] = self._node(node, known)
        return known[expr]

    def _ordinary(self, expr: Expr) -> list[Expr]:
        """The nodes to evaluate, children first, without those below a bound variable."""
        closed: dict[Expr, None] = {}
        stack, seen = [expr], {expr}
        while stack:
            node = stack.pop()
            if isinstance(node, (Derivative, IndexedSum, Symbol)) or self._is_whole(node):
                closed[node] = None
                continue
            fresh = [part for part in node.parts if part not in seen]
            seen.update(fresh)
            stack.extend(fresh)
        return [*closed, *nodes(expr, closed)]

    def _node(self, node: Expr, known: dict[Expr, Ball]) -> Ball:
        match node:
            case Number():
                return self._constant(ball(node.value))
            case Constant(name):
                arb = flint().arb
                return self._constant(arb.const_e() if name == "e" else arb.pi())
            case Symbol():
                return self._symbol(node)
            case Sum() | Product():
                return _folded(node, [known[part] for part in node.parts])
            case Negative(operand):
                return -known[operand]
            case Quotient(numerator, denominator):
                return self._divided(known[numerator], known[denominator])
            case Power(base, exponent):
                return self._power(base, exponent, known)
            case Apply() if self._is_whole(node):
                return self._entry_of(node)
            case Apply():
                return self._applied(node, [known[part] for part in node.parts])
            case Derivative() | Prime():
                return self._derivative(node, known)
            case IndexedSum():
                return self._summed(node)
            case Relation(terms, signs):
                return self._holds(node, [known[t] for t in terms], signs)
            case Cases(values, conditions):
                return self._case([known[v] for v in values], [known[c] for c in conditions])
            case Absolute(operand):
                positive = self._holds(
                    node, [known[operand], self._constant(ball(Fraction()))], (">",)
                )
                return known[operand] if positive else -known[operand]
            case Indicator(condition):
                return self._constant(ball(Fraction(bool(known[condition]))))
        raise Undefined(f"{type(node).__name__} has no value")

    def _constant(self, value: Ball) -> Ball:
        return value if self.moving is None else flint().arb_series([value], prec=self.terms)

    def _symbol(self, node: Symbol) -> Ball:
        node = self.entry(node)
        if node in self.bound:
            return self.bound[node]
        if node == self.moving:
            return flint().arb_series([self._still.value(node), 1], prec=self.terms)
        definition = self.setting.definitions.get(node)
        if definition is not None:
            return self.value(definition)
        return self._constant(ball(self.setting.coordinate(node, self.number)))

    @cached_property
    def _still(self) -> Evaluator:
        """The same point with nothing moving."""
        return Evaluator(self.setting, self.number, self.sides, self.indices)

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
            return self.indices.get(index) or index_value(index, self.number)
        if isinstance(index, Number):
            return index
        value = self._still.value(substitute(index, {i: self._index(i) for i in symbols_in(index)}))
        if not (value.is_exact() and value.is_integer()):
            raise Undefined("an index that is no whole number")
        return as_expr(int(value.unique_fmpz()))

    def _divided(self, numerator: Ball, denominator: Ball) -> Ball:
        lead = denominator if self.moving is None else denominator[0]
        if lead.contains(0):
            raise Undefined("division by what may be zero")
        return numerator / denominator

    def _power(self, base: Expr, exponent: Expr, known: dict[Expr, Ball]) -> Ball:
        if base is Constant("e"):
            return known[exponent].exp()
        whole = known[exponent] if self.moving is None else known[exponent][0]
        constant = self.moving is None or all(c.is_zero() for c in known[exponent].coeffs()[1:])
        if constant and whole.is_exact() and whole.is_integer():
            power = int(whole.unique_fmpz())
            if power < 0:
                return self._divided(self._constant(ball(Fraction(1))), known[base] ** -power)
            return known[base] ** power
        return (known[exponent] * known[base].log()).exp()

    def _applied(self, node: Apply, arguments: list[Ball]) -> Ball:
        name = node.head.name
        if name in PRIMITIVES:
            return PRIMITIVES[name](arguments[0])
        if name == "root":
            return self._root(*arguments)
        function = self.setting.functions.get(name)
        if function is None and len(arguments) == 1 and not name.startswith("arc"):
            return some_function(name, arguments[0])
        if function is None or function.definition is None:
            raise Undefined(f"{name} has no definition")
        inner = Evaluator(
            self.setting,
            self.number,
            self.sides,
            self.indices,
            moving=self.moving,
            terms=self.terms,
        )
        inner.bound = dict(zip(function.arguments, arguments, strict=True))
        return inner.value(function.definition.right)

    def _is_whole(self, node: Expr) -> bool:
        """Whether a function's arguments are vectors or indices, which have no value alone."""
        if not isinstance(node, Apply):
            return False
        function = self.setting.functions.get(node.head.name)
        return node.head.below > 0 or (function is not None and bool(function.vectors))

    def _entry_of(self, node: Apply) -> Ball:
        """A function of vectors or indices: δ_{ik} by itself, any other by its definition."""
        if node.head.name == KRONECKER:
            one, other = map(self._index, node.arguments)
            return self._constant(ball(Fraction(one == other)))
        function = self.setting.functions.get(node.head.name)
        if function is None or function.definition is None:
            raise Undefined(f"{node.head.name} has no definition")
        return self.value(function.unfolded(node))

    def _root(self, radicand: Ball, degree: Ball) -> Ball:
        """The root of a whole degree; of a negative number where the degree is odd."""
        degree, lead = (v if self.moving is None else v[0] for v in (degree, radicand))
        if not (degree.is_exact() and degree.is_integer() and degree > 0):
            raise Undefined("a root whose degree is no whole number")
        if lead < 0 and int(degree.unique_fmpz()) % 2:
            return -((-radicand).log() / degree).exp()
        return (radicand.log() / degree).exp()

    def _derivative(self, node: Derivative | Prime, known: dict[Expr, Ball]) -> Ball:
        if isinstance(node, Prime):
            point = self._still if self.moving is not None else self
            if self.moving is not None:
                raise Undefined("a prime inside a derivative")
            inner = Symbol("·")
            series = flint().arb_series([known[node.argument], 1], prec=node.order + 1)
            moving = Evaluator(self.setting, self.number, point.sides, self.indices)
            moving.moving, moving.terms, moving.bound = inner, node.order + 1, {inner: series}
            return _coefficient(moving.value(Apply(node.head, (inner,))), node.order)
        if not isinstance(node.variable, Symbol):
            raise Undefined("a derivative by what is not a symbol")
        variable = self.entry(node.variable)
        if self.moving is not None and self.moving != variable:
            raise Undefined("a mixed derivative")
        moving = Evaluator(self.setting, self.number, self.sides, self.indices, self.bound)
        moving.moving, moving.terms = variable, self.terms + node.order
        if moving.terms >= MOST_TERMS_OF_SERIES:
            raise Undefined("a derivative of too high an order")
        value = moving.value(node.body)
        if self.moving is None:
            return _coefficient(value, node.order)
        for _ in range(node.order):
            value = value.derivative()
        return value

    def _summed(self, node: IndexedSum) -> Ball:
        ends = []
        for end in (node.lower, node.upper):
            value = self._still.value(end)
            if not (value.is_exact() and value.is_integer()):
                raise Undefined("a sum needs whole limits")
            ends.append(int(value.unique_fmpz()))
        if ends[1] - ends[0] >= _MOST_TERMS:
            raise Undefined("too many terms to add one by one")
        total = self._constant(ball(Fraction()))
        for k in range(ends[0], ends[1] + 1):
            inner = Evaluator(
                self.setting, self.number, self.sides, {**self.indices, node.index: Number(str(k))}
            )
            inner.bound, inner.moving, inner.terms = self.bound, self.moving, self.terms
            total += inner.value(node.body)
        return total

    def _holds(self, node: Expr, terms: list[Ball], signs: tuple[str, ...]) -> bool:
        """Whether a chain of comparisons certainly holds, or certainly fails."""
        levels = [t if self.moving is None else self._level(t) for t in terms]
        answers = [_compare(a, b, s) for a, b, s in zip(levels, levels[1:], signs, strict=False)]
        for k, (a, b) in enumerate(pairwise(levels)):
            if (a - b).is_zero():
                sides = node.parts if isinstance(node, Relation) else (*node.parts, Number("0"))
                self.setting.touch(sides[k], sides[k + 1])
        if None in answers and False not in answers:
            raise Undefined("too close to the border between two cases")
        holds = all(answers)
        self.sides.setdefault(node, set()).add(holds)
        return holds

    def _level(self, series: Ball) -> Ball:
        """The value of a moving quantity; one that moves has no certain side of a border."""
        still = all(c.is_zero() for c in series.coeffs()[1:])
        return series[0] if still else series[0] + flint().arb(0, 2.0**-100)

    def _case(self, values: list[Ball], holding: list[bool]) -> Ball:
        for value, holds in zip(values, holding, strict=True):
            if holds:
                return value
        raise Undefined("no case holds here")


def _compare(left: Ball, right: Ball, sign: str) -> bool | None:
    """True or False where it is certain, else None; a border point counts as uncertain for
    no sign but `=` and `!=`, because there the two balls are exact or nothing is known."""
    difference = left - right
    match sign:
        case "<" | "<=":
            difference = -difference
        case "=" | "!=":
            if difference.contains(0):
                return (sign == "=") if difference.is_zero() else None
            return sign == "!="
    if difference > 0:
        return True
    if difference < 0:
        return False
    return sign in ("<=", ">=") if difference.is_zero() else None


def _folded(node: Expr, values: list[Ball]) -> Ball:
    total = values[0]
    for value in values[1:]:
        total = total + value if isinstance(node, Sum) else total * value
    return total


def _coefficient(series: Ball, order: int) -> Ball:
    value = series[order]
    for k in range(2, order + 1):
        value *= k
    return value
