"""The ground of a tower: free quantities, what is known of signs and ranges, and factors.

Here stands what one region and one choice of points share among all nodes.  How nodes
are computed stands in `generators` (functions) and `towers` (everything else).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from symderiv.judging.atoms import Atom, Exponential, HalfAngle, Key, of_atom
from symderiv.judging.bounds import Bounds
from symderiv.judging.factors import Factored, factored
from symderiv.judging.preparing import is_switch
from symderiv.judging.ranges import NOT_NEGATIVE, Range, both, of_domain, rising, tangent_of_half
from symderiv.judging.regions import beside, contradictory, linear, range_of
from symderiv.judging.residues import Field, Unprovable, Value
from symderiv.judging.rings import Leaf, Root
from symderiv.judging.shared import Shared
from symderiv.language.build import E
from symderiv.language.expressions import (
    Apply,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes, nodes_of, substitute

UNDEFINED, PENDING = Value([]), Value([])
ROOTS_OF_E = 5040
_MOST_CASES = 20  # in one another
Multiple: TypeAlias = "tuple[Expr, Fraction]"
LogMultiple: TypeAlias = "tuple[Key | int, Fraction]"
Compared: TypeAlias = "dict[Expr | None, bool]"
"""What is compared with zero where a factor vanishes, None where that is not known; and whether
the border is best written so."""


@dataclass
class Basis:
    """Independent exponents or angles: what each is, its value, and its free quantity."""

    exprs: list[Expr] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    units: list[tuple[Value, ...]] = field(default_factory=list)


class Ground:
    """One region, one choice of points."""

    def __init__(self, shared: Shared, numbers: Field, facts: dict[Key, int]) -> None:
        self.shared, self._meanings, self._atoms = shared, shared.meanings, shared.atoms
        self.setting, self.field, self.facts = shared.setting, numbers, facts
        self.known: dict[Expr, Value] = {}
        self.meaning: dict[Expr, Expr] = {}
        self.used: dict[Expr, tuple[Expr, ...]] = {}
        self.demands: dict[Expr, tuple[str, Expr]] = {}
        self.requests: dict[Key, None] = {}
        self.hard: dict[Key, Compared] = {}
        self._exponents, self._angles = Basis(), Basis()
        self._leaves: dict[Expr, Leaf] = {}
        self._factored: dict[Expr, Factored] = {}
        self._factors: dict[Key, Value] = {}
        self._roots: dict[tuple[Key | int, int], Value] = {}
        self._logs: dict[Key | int, Value] = {}
        self._opaque: dict[object, Value] = {}
        self._called: list[tuple[object, tuple[Value, ...], Value]] = []
        self._index: dict[object, Value] = {}
        self._first: dict[tuple[int, ...], Expr] = {}
        self._first_width = 0
        self._indexed_width = 0
        self._halves: dict[HalfAngle, Value] = {}
        self._steps: dict[Expr, int] = {}
        self._plainer: dict[Expr, Expr | None] = {}
        self._root_atoms: dict[Atom, Root] = {}
        self._exponent_parts: dict[Expr, tuple[list[Multiple], list[LogMultiple]]] = {}
        self._sums: list[tuple[Value, Value, Basis]] = []
        self._parts_of_sums: dict[Expr, list[tuple[Expr, IndexedSum]]] = {}
        self._any_cases: set[Expr] = set()
        self._any_signs: dict[Key, Value] = {}
        self._implied: dict[Key, int] = {}
        self._sides = _sides(facts)
        self.bounds = self._bounds()

    def _bounds(self) -> Bounds:
        constant = self._meanings.constant
        return Bounds(self._meant, self._beforehand, constant, self.field.spend)

    def _meant(self, node: Expr) -> Expr | None:
        return self.meaning.get(node) or self._meanings.of(node)

    def _free(self, what: object, sign: int | None) -> Value:
        value = self._opaque.get(what)
        if value is None:
            value = self._opaque[what] = self.field.free(sign)
        return value

    def _called_with(self, what: object, values: list[Value]) -> Value:
        """A free quantity for what is only known to depend on `values`."""
        found = self._find(what, values)
        if found is None:
            found = self.field.free()
            self._called.append((what, tuple(values), found))
            self._index[_call(what, values)] = found
        return found

    def _find(self, what: object, values: list[Value]) -> Value | None:
        if self._indexed_width != self.field.width:  # points were given up
            self._indexed_width = self.field.width
            self._index = {_call(w, v): found for w, v, found in self._called}
        return self._index.get(_call(what, values))

    def _sign(self, expr: Expr, hard: bool = False) -> int | None:
        """The sign of what is not identically zero, away from where it vanishes.

        None where this region does not fix it: then it is noted what would.
        """
        factors = self.factors_of(expr)
        total = factors.sign
        if hard:
            self._note_borders(expr, factors)
        unknown = []
        for key, count in factors.odd.items():
            if count % 2:
                sign = self.sign_of(key)
                if sign is None:
                    unknown.append(key)
                else:
                    total *= sign
        return self._by_bounds(expr, total, unknown) if unknown else total

    def _note_borders(self, expr: Expr, factors: Factored) -> None:
        """Where a comparison changes: where a factor vanishes in this region, or at its ends."""
        for key in factors.powers:
            if self.shared.never_zero(key):
                continue
            if key not in self.facts and range_of(key, self._atom_range).avoids_zero:
                inside = self._names(key)
                for fact in self.facts:
                    if not inside.isdisjoint(self._names(fact)):
                        self.hard.setdefault(fact, {})[None] = False
                continue
            atoms = [self._atoms.all[n] for monomial, _ in key for n, _ in monomial]
            plain = len(factors.powers) > 1 and all(isinstance(w, Expr) for w in atoms)
            self.hard.setdefault(key, {})[expr] = not plain

    def decided(self, expr: Expr) -> Expr:
        """`expr` with each case as it is in this region."""
        for _ in range(_MOST_CASES):
            cases: dict[Expr, Expr] = {
                node: self.meaning[node]
                for node in nodes(expr)
                if node in self.meaning and is_switch(node, self.setting)
            }
            if not cases:
                break
            expr = substitute(expr, cases)
        return expr

    def _names(self, key: Key) -> set[Symbol]:
        """The symbols in a factor."""
        inside = [of_atom(self.numbered(number)) for monomial, _ in key for number, _ in monomial]
        return {node for node in nodes_of(inside) if isinstance(node, Symbol)}

    def _by_bounds(self, expr: Expr, known: int, unknown: list[Key]) -> int | None:
        """The sign that the range of `expr` has, where those of some factors are not known."""
        sign = self.bounds.of(expr).sign
        if sign is None:
            self.requests.update(dict.fromkeys(unknown))
        elif len(unknown) == 1:
            self._implied[unknown[0]] = sign * known
        return sign

    def factors_of(self, expr: Expr) -> Factored:
        """The factors of what is not identically zero."""
        if expr not in self._factored:
            self._factored[expr] = factored(self, expr)
        return self._factored[expr]

    def sign_of(self, key: Key) -> int | None:
        """The sign of a factor by the facts of the region, or by its range."""
        known = self.facts.get(key) or self._implied.get(key)
        return known or range_of(key, self._atom_range).sign

    def vanishing(self, expr: Expr) -> Iterator[Key]:
        """The factors that vanish where something does that is not zero in all of this region."""
        for key, times in self.factors_of(expr).powers.items():
            if times > 0 and not range_of(key, self._atom_range).avoids_zero:
                yield key

    def _factor(self, key: Key) -> Value:
        """The value of a factor."""
        if key not in self._factors:
            numbers = self.field
            terms = []
            for monomial, coefficient in key:
                parts = [self._atom_power(n, e) for n, e in monomial]
                terms.append(numbers.scaled(numbers.product(parts), coefficient))
            self._factors[key] = numbers.add(terms)
        return self._factors[key]

    def spend(self, amount: int) -> None:
        """Count work."""
        self.field.spend(amount)

    def step(self, angle: Expr) -> int:
        """The greatest common measure of the multiples of an angle, in twelfths."""
        return self._steps[angle]

    def finest(self, exponent: Expr, step: Fraction) -> Fraction:
        """The measure in which the multiples of an exponent are counted, now `step` as well."""
        return self._atoms.step(exponent, step)

    def constant(self, expr: Expr) -> Fraction | None:
        """The rational number that an exponent is."""
        return self._meanings.constant(expr)

    def atom(self, what: Atom) -> int:
        """The number of an atom."""
        return self._atoms.number(what)

    def numbered(self, number: int) -> Atom:
        """The atom of this number."""
        return self._atoms.all[number]

    def leaf(self, node: Expr) -> Leaf | None:
        """How a node is written over atoms; None where it comes apart."""
        if isinstance(node, (Apply, Power)) and node not in self.known:
            self.value(node)  # of a factor that was written down: looked into for the first time
        found = self._leaves.get(node)
        if found is not None:
            return found
        half = self._atoms.tangents.get(node)
        if half is not None and half.angle in self._steps:
            return ("half", half.angle, half.step)
        if self.plainer(node) is not None:
            return None
        match node:
            case Number() | Sum() | Product() | Negative() | Quotient():
                return None
            case Power(base, exponent) if base is not E:
                value = self.constant(exponent)
                if value is not None and value.denominator == 1:
                    return None
        return ("atom", self._first_like(node), None)

    def _first_like(self, node: Expr) -> Expr:
        """The first node met with the values of this one at all points: both are one atom.

        log(1 + y^2) and log(y^2 + 1) are; as with the verdict itself, that two different
        functions have the same values at 14 random points is out of the question.
        """
        value = self.known.get(node)
        if value is None or value is UNDEFINED or value is PENDING:
            return node
        if self._first_width != self.field.width:  # points were given up
            self._first_width, self._first = self.field.width, {}
        return self._first.setdefault(tuple(value.column), node)

    def _atom_power(self, number: int, exponent: Fraction) -> Value:
        match self._atoms.all[number]:
            case Exponential(what):
                unit = self._exponents.units[self._exponents.exprs.index(what)][0]
                return self._whole_power(unit, int(exponent * ROOTS_OF_E))
            case HalfAngle() as half:
                return self._whole_power(self._half(half), int(exponent))
            case Expr() as node if (value := self.value(node)) not in (UNDEFINED, PENDING):
                return self._whole_power(value, int(exponent))
        raise Unprovable("A factor from another region is not known here.")

    def _half(self, what: HalfAngle) -> Value:
        """The tangent of half of so many twelfths of an angle."""
        if what not in self._halves:
            unit = self._angles.units[self._angles.exprs.index(what.angle)]
            x, y = self.field.turns(unit[0], unit[1], what.step)
            below = self.field.inverse(self.field.add([self.field.number(Fraction(1)), x]))
            if below is None:
                raise Unprovable("The half of an angle has no tangent.")
            self._halves[what] = self.field.multiply(y, below)
        return self._halves[what]

    def _atom_range(self, number: int) -> Range:
        """Where an atom may lie in this region."""
        match self._atoms.all[number]:
            case Expr() as node:
                return self.bounds.of(node)
            case Exponential(exponent):
                if exponent in self.known and any(self.known[exponent].column):
                    self.factors_of(exponent)  # its sign says on which side of 1 the power is
                found = rising("exp", self.bounds.of(exponent))
                side = self._sides.get(number)
                return found if side is None else both(found, side)
            case HalfAngle(angle, step):
                return tangent_of_half(self.bounds.of(angle), step)
        return Range()

    def _beforehand(self, node: Expr) -> Range | None:
        """What the domain and the facts of the region say of a node."""
        if isinstance(node, Symbol):
            found = of_domain(self.setting.domain(node))
        elif isinstance(node, Number):
            return None
        else:
            found = self._by_facts(node)
        side = self._sides.get(self._atoms.find(node))
        return found if side is None else both(found, side)

    def _by_facts(self, node: Expr) -> Range:
        """What the signs of the factors of a node say, as far as these have been found."""
        factors = self._factored.get(node)
        if factors is None:
            return Range()
        total = factors.sign
        for key, count in factors.odd.items():
            if count % 2:
                total *= self.facts.get(key, 0)
        return NOT_NEGATIVE if total > 0 else -NOT_NEGATIVE if total < 0 else Range()

    @property
    def impossible(self) -> bool:
        """Whether the facts exclude one another, so that there is no such region."""
        if not self.facts:
            return False
        self.bounds, before = self._bounds(), self.bounds
        signs = ((range_of(key, self._atom_range).sign, sign) for key, sign in self.facts.items())
        found = any(known == -sign for known, sign in signs)
        found = found or contradictory(self.facts, self._atom_range)
        self.bounds = before
        return found

    def _whole_power(self, value: Value, exponent: int) -> Value:
        found = self.field.power(value, exponent)
        assert found is not None  # noqa: S101 (a unit is not zero)
        return found

    @abstractmethod
    def root(self, atom: Atom) -> Root | None:
        """What an atom is a root of; None where it is none."""

    @abstractmethod
    def plainer(self, node: Expr) -> Expr | None:
        """What stands for a node in a polynomial; None where it stands for itself."""

    @abstractmethod
    def value(self, expr: Expr) -> Value:
        """The column of `expr`, or UNDEFINED, or PENDING."""


def _sides(facts: Mapping[Key, int]) -> dict[int | None, Range]:
    """What the facts about single atoms say."""
    found: dict[int | None, Range] = {}
    for key, sign in facts.items():
        line = linear(key)
        if line is not None:
            side = beside(line[1], sign)
            found[line[0]] = both(found[line[0]], side) if line[0] in found else side
    return found


def _call(what: object, values: Iterable[Value]) -> object:
    return (what, *(tuple(value.column) for value in values))
