"""Sums over an index, for any number of terms.

A sum is linear: what does not count goes in front, and what is left of each term is a sum
that stands for itself, Σ_j z_j e^(z_j) as a whole.  Sums of the same thing are the same,
and what depends linearly on other things has a sum that does so as well: Σ σ(z_j) and
Σ (1 - σ(z_j)) make the number of terms.  Inside a sum the domain is not split: where a
sign is not known there it is any sign, and a root or logarithm any function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from symderiv.judging.atoms import Key, Monomial, of_atom, product
from symderiv.judging.generators import Generators
from symderiv.judging.ground import Basis
from symderiv.judging.residues import Unprovable, Value
from symderiv.judging.rings import Ring, TooLarge
from symderiv.judging.slopes import ONE, ZERO
from symderiv.language.expressions import (
    Absolute,
    Expr,
    IndexedSum,
    Quotient,
    Relation,
    Sum,
)

INSIDE = "inside a sum"
_OF_EACH = 4  # points for each choice of signs


def differences(condition: Relation) -> list[Expr]:
    """What is compared with zero in a chain of comparisons."""
    pairs = zip(condition.terms, condition.terms[1:], strict=False)
    return [a if b is ZERO else a - b for a, b in pairs]


class Sums(Generators):
    """Generators, and sums of what they generate."""

    # --- what a sum is ---

    def _summed(self, node: IndexedSum, values: list[Value]) -> Value:
        """The value of a sum whose terms have a value for each index."""
        if self.field.is_zero(values[0]):
            return values[0]
        known = self._between(node, *values[1:])
        terms = [
            self.field.multiply(self.value(outside), self._added(inside, known))
            for outside, inside in self._linear(node)
        ]
        return self.field.add(terms)

    def _between(self, node: IndexedSum, lower: Value, upper: Value) -> Basis:
        """What has been summed between these limits; to begin with, 1."""
        limits = (lower.column, upper.column)
        for low, high, basis in self._sums:
            if (low.column, high.column) == limits:
                return basis
        one = self.field.number(Fraction(1))
        gap = self.bounds.of(node.upper - node.lower)
        count = self.field.add([upper, self.field.scaled(lower, -1), one])
        unit = count if gap.low >= -1 else self.field.free()  # of fewer than no terms it is 0
        basis = Basis(values=[one], units=[(unit,)])
        self._sums.append((lower, upper, basis))
        return basis

    def _added(self, node: IndexedSum, known: Basis) -> Value:
        """The value of a sum that does not come apart; probabilities add up to one."""
        if self._meanings.adds_up(node):
            return self.field.number(Fraction(1))
        return self._sum_of(self.value(node.body), known)

    def _sum_of(self, body: Value, basis: Basis) -> Value:
        """The sum of what does not come apart."""
        numbers = self.field
        found = numbers.relation(basis.values, body)
        if found is None:
            basis.values.append(body)
            basis.units.append((numbers.free(),))
            return basis.units[-1][0]
        units = zip(found, basis.units, strict=True)
        terms = [numbers.multiply(numbers.number(c), unit) for c, (unit,) in units if c]
        return numbers.add(terms) if terms else numbers.number(Fraction())

    # --- what goes in front ---

    def _form(self, node: Expr) -> Expr | None:
        if not isinstance(node, IndexedSum):
            return super()._form(node)
        terms = []
        for outside, inside in self._linear(node):
            terms.append(product(part for part in (outside, inside) if part is not ONE))
        return Sum(terms) if len(terms) > 1 else terms[0]

    def _linear(self, node: IndexedSum) -> list[tuple[Expr, IndexedSum]]:
        """A sum as sums of what does not come apart, and what stands in front of each."""
        if node not in self._parts_of_sums:
            try:
                parts = self._taken_apart(node)
            except TooLarge:
                parts = [(ONE, node.body)]
            self._parts_of_sums[node] = [
                (outside, self._meanings.indices.name(node.with_parts((body, *node.parts[1:]))))
                for outside, body in parts
            ]
        return self._parts_of_sums[node]

    def _taken_apart(self, node: IndexedSum) -> list[tuple[Expr, Expr]]:
        ring = Ring(self, node.body)
        top, bottom = ring.fraction(node.body)
        common = top.gcd(bottom)
        top, bottom = top / common, bottom / common
        indices = self._meanings.indices
        counting = {k for k in ring.numbers if indices.runs(node.index, of_atom(self.numbered(k)))}
        terms: dict[Monomial, list[tuple[Monomial, int]]] = {}
        for monomial, coefficient in ring.terms(top):
            inside = tuple(entry for entry in monomial if entry[0] in counting)
            outside = tuple(entry for entry in monomial if entry[0] not in counting)
            terms.setdefault(inside, []).append((outside, coefficient))
        content, factors = bottom.factor()
        below: dict[bool, list[Expr]] = {True: [], False: []}
        if content != 1:
            below[False].append(self._atoms.written((((), int(content)),)))
        for factor, times in factors:
            held = ring.terms(factor)
            counts = any(number in counting for monomial, _ in held for number, _ in monomial)
            below[counts] += [self._atoms.written(tuple(held))] * int(times)
        return [
            (_over(tuple(sorted(c)), below[False], self), _over(((m, 1),), below[True], self))
            for m, c in terms.items()
        ]

    # --- signs that are not known ---

    def _inside_a_sum(self, node: Expr, values: list[Value]) -> Value | None:
        """The value of what needs a sign that no domain decides; None outside of sums."""
        if not self._meanings.indices.bound(node):
            return None
        self._ask_nothing_inside()
        if isinstance(node, Absolute):
            return self.field.multiply(values[0], self._any_sign(node.operand))
        self.demands[node] = (INSIDE, node)
        what = getattr(node, "exponent", getattr(node, "head", None))
        return self._called_with((type(node), what), values)

    def _ask_nothing_inside(self) -> None:
        """Inside a sum the domain is not split."""
        self.requests = {key: None for key in self.requests if not self._counts(key)}

    @property
    def all_signs(self) -> bool:
        """Whether each choice of the signs that are not known has been made at several points."""
        if not self._any_signs:
            return True
        choices = Counter(zip(*(v.column for v in self._any_signs.values()), strict=True))
        return min(choices.values()) >= _OF_EACH and len(choices) == 2 ** len(self._any_signs)

    def _counts(self, key: Key) -> bool:
        atoms = (self.numbered(number) for monomial, _ in key for number, _ in monomial)
        return any(self._meanings.indices.bound(of_atom(atom)) for atom in atoms)

    def _any_sign(self, expr: Expr) -> Value:
        """1 or -1, at each point one of them for each factor whose sign is not known."""
        factors = self.factors_of(expr)
        signs = [self.field.number(Fraction(factors.sign))]
        for key, count in factors.odd.items():
            if count % 2:
                known = self.sign_of(key)
                if known is not None:
                    signs.append(self.field.number(Fraction(known)))
                    continue
                if key not in self._any_signs:
                    self._any_signs[key] = self.field.sign()
                signs.append(self._any_signs[key])
        return self.field.product(signs)

    def _any_case(self, values: list[Value], conditions: Sequence[Expr | None]) -> Value:
        """A case inside a sum: each value times 1 or 0, as its condition holds or not."""
        numbers, left = self.field, self.field.number(Fraction(1))
        terms = []
        for value, condition in zip(values, conditions, strict=True):
            share = left if condition is None else self._share(condition)
            terms.append(numbers.multiply(value, share))
            left = numbers.add([left, numbers.scaled(share, -1)])
        if not numbers.is_zero(left):
            raise Unprovable("A case inside a sum is not proved where none may hold.")
        return numbers.add(terms)

    def _share(self, condition: Expr) -> Value:
        """1 where a condition holds, else 0."""
        assert isinstance(condition, Relation)  # noqa: S101 (seen when its sign was asked for)
        numbers, half = self.field, self.field.number(Fraction(1, 2))
        shares = []
        for difference, sign in zip(differences(condition), condition.signs, strict=True):
            if sign in ("=", "!="):
                if self._meanings.indices.counts(difference):
                    raise Unprovable("A condition on the index of a sum is not proved.")
                shares.append(numbers.number(Fraction(sign == "!=")))
                continue
            way = numbers.scaled(self._any_sign(difference), 1 if sign[0] == ">" else -1)
            shares.append(numbers.add([half, numbers.multiply(half, way)]))
        return numbers.product(shares)


def _over(top: Key, below: list[Expr], tower: Sums) -> Expr:
    """A polynomial over a product."""
    written = tower._atoms.written(top)
    return Quotient(written, product(below)) if below else written
