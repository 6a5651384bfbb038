"""Expressions as elements of a field: every node a column of residues over free quantities.

A variable, the exponential of each independent exponent, the logarithm of each irreducible
factor, a root, a half angle: each is a free quantity, or an algebraic one whose square is
known.  Nodes are computed children first in a loop, each once.  A node has no value here
(UNDEFINED) where a logarithm or root would have a negative argument, and waits (PENDING)
where a sign is needed that this region does not fix; then the region is split.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from symderiv.judging.atoms import Key, Parity
from symderiv.judging.ground import PENDING, UNDEFINED
from symderiv.judging.meanings import OPAQUE
from symderiv.judging.residues import Unprovable, Value
from symderiv.judging.slopes import LOG, ONE, ZERO
from symderiv.judging.sums import Sums, differences
from symderiv.language.arrays import Elementwise, Matrix
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
    Transpose,
)
from symderiv.language.integrals import Integral

_OF_MATRICES: Final[dict[type[Expr], str]] = {
    Transpose: "A transpose",
    Elementwise: "An elementwise product",
    Matrix: "A matrix",
}
_ARITHMETIC = frozenset((Number, Constant, Sum, Product, Negative, Quotient))


class Tower(Sums):
    """What functions and sums are, under whole expressions."""

    def value(self, expr: Expr) -> Value:
        """The column of `expr`, or UNDEFINED, or PENDING."""
        known, stack = self.known, [expr]
        path: dict[Expr, tuple[Expr, ...]] = {}
        while stack:
            node = stack[-1]
            if node in known:
                stack.pop()
                continue
            self.field.spend(4)
            needs = path.get(node)
            if needs is None or isinstance(node, (Cases, Indicator)):
                needs = self._needs(node)
            if needs is None:
                continue  # decided without them
            missing = [part for part in needs if part not in known]
            if missing:
                if any(part in path for part in missing):
                    raise Unprovable("A quantity is defined by itself.")
                path[node] = needs
                stack += missing[::-1]
                continue
            values = [known[part] for part in needs]
            self.used[node] = needs
            if UNDEFINED in values:
                if node in self._any_cases:
                    raise Unprovable("A case inside a sum without a value is not proved.")
                known[node] = UNDEFINED
            elif PENDING in values:
                known[node] = PENDING
            else:
                found = self._computed(node, values)
                inside = self._inside_a_sum(node, values) if found is PENDING else None
                known[node] = found if inside is None else inside
            path.pop(node, None)
        return known[expr]

    def _needs(self, node: Expr) -> tuple[Expr, ...] | None:
        if type(node) in _ARITHMETIC:  # most are
            return node.parts
        match node:
            case Absolute():
                return node.parts
            case Power(base, exponent):
                if base is E:
                    return (exponent,)
                return (base,) if self.constant(exponent) is not None else node.parts
            case Symbol() | Apply() | Prime() | Derivative() | IndexedSum():
                meaning = self._meanings.of(node)
                if meaning is None and isinstance(node, IndexedSum):
                    return (node.body, node.lower, node.upper)
                if meaning is None:
                    return () if isinstance(node, Symbol) else node.parts
                self.meaning[node] = meaning
                return (meaning, node.body) if isinstance(node, Derivative) else (meaning,)
            case Cases(values, conditions):
                return self._choose(node, values, conditions)
            case Indicator(condition):
                return self._choose(node, (ONE, ZERO), (condition, None))
            case Integral(body, _, lower, upper):
                return (body, lower, upper)
        kind = _OF_MATRICES.get(type(node), f"A {type(node).__name__}")
        raise Unprovable(f"{kind} is not proved.")

    def _computed(self, node: Expr, values: list[Value]) -> Value:
        if node in self.meaning:
            return values[0]
        match node:
            case Number():
                return self.field.number(node.value)
            case Constant("e"):
                return self._exponential(node, ONE, self.field.number(Fraction(1)))
            case Constant("pi"):
                return self._free(node, 1)
            case Symbol():
                return self._free(node, self._atom_range(self.atom(node)).sign)
            case Sum():
                return self.field.add(values)
            case Product():
                return self.field.product(values)
            case Negative():
                return self.field.scaled(values[0], -1)
            case Quotient(_, bottom):
                return self._quotient(node, bottom, values)
            case Power(base, exponent):
                return self._power(node, base, exponent, values)
            case Absolute(u):
                return self._absolute(node, u, values[0])
            case Apply() | Prime():
                return self._applied(node, values)
            case IndexedSum():
                return self._summed(node, values)
            case Integral():
                return self._called_with((Integral, node.variable), values)
            case Cases(parts, conditions):
                return self._any_case(values[: len(parts)], conditions)
            case Indicator(condition):
                return self._any_case(values[:2], (condition, None))
        raise Unprovable(f"{type(node).__name__} is not proved.")

    def _quotient(self, node: Expr, bottom: Expr, values: list[Value]) -> Value:
        inverse = self.field.inverse(values[1])
        if inverse is None:
            return UNDEFINED
        self.demands[node] = ("", bottom)
        return self.field.multiply(values[0], inverse)

    def _power(self, node: Expr, base: Expr, exponent: Expr, values: list[Value]) -> Value:
        if base is E:
            return self._exponential(node, exponent, values[0])
        constant = self.constant(exponent)
        if constant is None:
            constant = self.field.constant(values[1])
        if constant is None:
            return self._symbolic_power(node, base, exponent, values)
        if constant.denominator == 1:
            if constant < 0:
                self.demands[node] = ("", base)
            found = self.field.power(values[0], int(constant))
            return UNDEFINED if found is None else found
        if constant < 0:
            self.demands[node] = ("", base)
        return self._root(base, values[0], constant)

    def _symbolic_power(self, node: Expr, base: Expr, exponent: Expr, values: list[Value]) -> Value:
        if self.field.is_zero(values[0]):
            raise Unprovable("A power of zero with a symbol for its exponent is not proved.")
        sign = self._sign(base)
        if sign is None:
            return PENDING
        self.demands[node] = (str(id(node)), base)
        factor: Value | None = None
        if sign < 0:
            if not self._is_whole(exponent):
                return UNDEFINED
            factor = self._parity(exponent)
            if factor is PENDING:
                return PENDING
        size = self._logarithm(self.factors_of(base))
        written = Product((exponent, Apply(LOG, (base if sign > 0 else Negative(base),))))
        found = self._exponential(node, written, self.field.multiply(values[1], size))
        if factor is None or found is PENDING:
            return found
        self._leaves.pop(node, None)  # its sign is not that of an exponential
        return self.field.multiply(found, factor)

    def _is_whole(self, expr: Expr) -> bool:
        """Whether an exponent is certainly a whole number."""
        stack = [expr]
        while stack:
            node = stack.pop()
            match node:
                case Sum() | Product() | Negative():
                    stack += node.parts
                case Number() if node.value.denominator == 1:
                    pass
                case Symbol() if self._meanings.of(node) is None and self._whole(node):
                    pass
                case _:
                    return False
        return True

    def _whole(self, symbol: Symbol) -> bool:
        domain = self.setting.domain(symbol)
        return domain.integer or (
            bool(domain.members) and all(m.denominator == 1 for m in domain.members)
        )

    def _parity(self, exponent: Expr) -> Value:
        """(-1) to a whole exponent: over sums, a sign for each whole symbol."""
        factors: list[Value] = []
        for term in exponent.parts if isinstance(exponent, Sum) else (exponent,):
            body = term.operand if isinstance(term, Negative) else term
            pieces = body.parts if isinstance(body, Product) else (body,)
            names = [piece for piece in pieces if not isinstance(piece, Number)]
            number = 1
            for piece in pieces:
                if isinstance(piece, Number):
                    number *= int(piece.value)
            if number % 2 == 0:
                continue
            if not names:
                factors.append(self.field.number(Fraction(-1)))
            elif len(names) == 1 and isinstance(names[0], Symbol):
                factors.append(self._sign_of_parity(names[0]))
            else:
                raise Unprovable("The parity of this exponent is not known.")
        return PENDING if PENDING in factors else self.field.product(factors)

    def _sign_of_parity(self, symbol: Symbol) -> Value:
        """(-1)^n, which this region fixes or must be split for."""
        key: Key = ((((self.atom(Parity(symbol)), Fraction(1)),), 1),)
        sign = self.facts.get(key)
        if sign is None:
            self.requests.setdefault(key)
            return PENDING
        return self.field.number(Fraction(sign))

    def _absolute(self, node: Expr, u: Expr, value: Value) -> Value:
        if self.field.is_zero(value):
            return value
        sign = self._sign(u)
        if sign is None:
            return PENDING
        self.meaning[node] = u if sign > 0 else Negative(u)
        if sign > 0:
            return value
        negative = Negative(u)
        self.known[negative] = found = self.field.scaled(value, -1)
        return found

    def _choose(
        self, node: Expr, values: tuple[Expr, ...], conditions: tuple[Expr | None, ...]
    ) -> tuple[Expr, ...] | None:
        """What a node by cases needs, once its conditions are decided."""
        seen: list[Expr] = []
        for value, condition in zip(values, conditions, strict=True):
            holds: bool | None = True
            if condition is not None:
                if not isinstance(condition, Relation):
                    raise Unprovable("A case with such a condition is not proved.")
                compared = differences(condition)
                missing = [d for d in compared if d not in self.known]
                if missing:
                    return tuple(missing)
                seen += compared
                if any(self.known[d] is UNDEFINED for d in compared):
                    self.known[node] = UNDEFINED
                    return None
                holds = self._holds(condition, compared)
            if holds is None:
                return self._undecided(node, values, conditions)
            if holds:
                self.meaning[node] = value
                return (value, *seen)
        self.known[node] = UNDEFINED
        return None

    def _undecided(
        self, node: Expr, values: tuple[Expr, ...], conditions: tuple[Expr | None, ...]
    ) -> tuple[Expr, ...] | None:
        """All that stands in a case inside a sum; elsewhere a case waits."""
        if not self._meanings.indices.bound(node):
            self.known[node] = PENDING
            return None
        self._any_cases.add(node)
        self._ask_nothing_inside()
        compared = [differences(c) for c in conditions if isinstance(c, Relation)]
        return (*values, *(d for ds in compared for d in ds))

    def _holds(self, condition: Relation, compared: list[Expr]) -> bool | None:
        answers: list[bool | None] = []
        for difference, sign in zip(compared, condition.signs, strict=True):
            answers.append(self._compares(difference, sign))
        if False in answers:
            return False
        return None if None in answers else True

    def _compares(self, difference: Expr, sign: str) -> bool | None:
        value = self.known[difference]
        if value is PENDING:
            return None
        if self.field.is_zero(value):
            return sign in ("=", "<=", ">=")
        if sign in ("=", "!=") and self._meanings.indices.counts(difference):
            raise Unprovable("A condition on the index of a sum is not proved.")
        found = self._sign(difference, hard=True)
        if found is None:
            return None
        match sign:
            case "=" | "!=":
                return sign == "!="
            case "<" | "<=":
                return found < 0
        return found > 0

    def _applied(self, node: Expr, values: list[Value]) -> Value:
        name = node.head.name if isinstance(node, (Apply, Prime)) else ""
        if isinstance(node, Apply):
            if name == "log":
                return self._log(node, values[0])
            if name == "sqrt":
                return self._root(node.arguments[0], values[0], Fraction(1, 2))
            if name in ("sin", "cos"):
                return self._angle(node, name, values[0])
            if name in OPAQUE:
                return self._odd(node, name, values[0])
            if name in self.setting.functions:
                raise Unprovable(f"{name} is not proved: its definition is not known.")
        order = node.order if isinstance(node, Prime) else 0
        return self._called_with((name, order), values)

    def _log(self, node: Apply, value: Value) -> Value:
        u = node.arguments[0]
        if self.field.is_zero(value):
            return UNDEFINED
        sign = self._sign(u)
        if sign is None:
            return PENDING
        self.demands[node] = ("", u)
        return UNDEFINED if sign < 0 else self._logarithm(self.factors_of(u))

    def reached(self, roots: Iterable[Expr]) -> list[Expr]:
        """The nodes that the values of `roots` were computed from."""
        seen, stack = dict.fromkeys(roots), list(roots)
        while stack:
            for part in self.used.get(stack.pop(), ()):
                if part not in seen:
                    seen[part] = None
                    stack.append(part)
        return list(seen)
