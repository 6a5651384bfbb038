"""The ground of a tower: free quantities, what is known of signs and ranges, and factors.

Here stands what one region and one choice of points share among all nodes.  How nodes
are computed stands in `generators` (functions) and `towers` (everything else).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from symderiv.judging.factors import Factored, Key, Leaf, factored
from symderiv.judging.meanings import Meanings
from symderiv.judging.points import Setting
from symderiv.judging.regions import (
    NOT_NEGATIVE,
    POSITIVE,
    Range,
    linear,
    narrowed,
    of_domain,
    range_of,
)
from symderiv.judging.residues import Field, Unprovable, Value
from symderiv.language.build import E
from symderiv.language.expressions import (
    Apply,
    Constant,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)

UNDEFINED, PENDING = Value([]), Value([])
ROOTS_OF_E = 5040
TWELFTH = 12  # angles are counted in twelfths
SURELY_PRIME = 43 * 43  # what is left of a smaller number when primes up to 43 are gone


class Atoms:
    """Numbers for what factors are written over, the same in all regions of one proof."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self.all: list[object] = []

    def number(self, what: object) -> int:
        """The number of an atom."""
        if what not in self._numbers:
            self._numbers[what] = len(self.all)
            self.all.append(what)
        return self._numbers[what]


@dataclass
class Basis:
    """Independent exponents or angles: what each is, its value, and its free quantity."""

    exprs: list[object] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    units: list[tuple[Value, ...]] = field(default_factory=list)


class Ground:
    """One region, one choice of points."""

    def __init__(
        self,
        setting: Setting,
        meanings: Meanings,
        atoms: Atoms,
        numbers: Field,
        facts: dict[Key, int],
    ) -> None:
        self.setting, self._meanings, self._atoms = setting, meanings, atoms
        self.field, self.facts = numbers, facts
        self.known: dict[Expr, Value] = {}
        self.meaning: dict[Expr, Expr] = {}
        self.used: dict[Expr, tuple[Expr, ...]] = {}
        self.demands: dict[Expr, tuple[str, Expr]] = {}
        self.requests: dict[Key, None] = {}
        self.hard: dict[Key, Expr | None] = {}
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
        self._halves: dict[object, Value] = {}
        self._steps: dict[object, int] = {}
        self._ranges: dict[int, Range] = {}
        self._shown: set[object] = set()
        self._narrow()

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
        total, sure = factors.sign, True
        if hard:
            for key in factors.powers:
                atoms = [self._atoms.all[n] for monomial, _ in key for n, _ in monomial]
                plain = len(factors.powers) > 1 and all(isinstance(w, Expr) for w in atoms)
                self.hard.setdefault(key, None if plain else expr)
        for key, count in factors.odd.items():
            if count % 2:
                sign = self.sign_of(key)
                if sign is None:
                    self.requests.setdefault(key)
                    sure = False
                else:
                    total *= sign
        return total if sure else None

    def factors_of(self, expr: Expr) -> Factored:
        """The factors of what is not identically zero."""
        if expr not in self._factored:
            self._factored[expr] = factored(self, expr)
        return self._factored[expr]

    def sign_of(self, key: Key) -> int | None:
        """The sign of a factor by the facts of the region, or by its range."""
        return self.facts.get(key) or range_of(key, self._atom_range).sign

    def never_zero(self, key: Key) -> bool:
        """Whether a factor certainly has no zero in the domain."""
        found = linear(key)
        if found is not None:
            atom = self._atoms.all[found[0]]
            if isinstance(atom, Symbol) and found[1] not in self.setting.domain(atom):
                return True
        return range_of(key, self._domain_range).avoids_zero

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

    def step(self, angle: object) -> int:
        """The greatest common measure of the multiples of an angle, in twelfths."""
        return self._steps[angle]

    def constant(self, expr: Expr) -> Fraction | None:
        """The rational number that an exponent is."""
        return self._meanings.constant(expr)

    def atom(self, what: object) -> int:
        """The number of an atom."""
        return self._atoms.number(what)

    def leaf(self, node: Expr) -> Leaf | None:
        """How a node is written over atoms; None where it comes apart."""
        found = self._leaves.get(node)
        if found is not None:
            return found
        if node in self.meaning:
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
        what = self._atoms.all[number]
        if isinstance(what, tuple) and what[0] == "exp":
            unit = self._exponents.units[self._exponents.exprs.index(what[1])][0]
            return self._whole_power(unit, int(exponent * ROOTS_OF_E))
        if isinstance(what, tuple):
            return self._whole_power(self._half(what), int(exponent))
        if not isinstance(what, Expr) or what not in self.known:
            raise Unprovable("A factor from another region is not known here.")
        return self._whole_power(self.known[what], int(exponent))

    def _half(self, what: tuple[str, Expr, Fraction]) -> Value:
        """The tangent of half of so many twelfths of an angle."""
        if what not in self._halves:
            unit = self._angles.units[self._angles.exprs.index(what[1])]
            x, y = self.field.turns(unit[0], unit[1], int(what[2]))
            below = self.field.inverse(self.field.add([self.field.number(Fraction(1)), x]))
            if below is None:
                raise Unprovable("The half of an angle has no tangent.")
            self._halves[what] = self.field.multiply(y, below)
        return self._halves[what]

    def _domain_range(self, number: int) -> Range:
        """Where an atom may lie in the whole domain."""
        what = self._atoms.all[number]
        match what:
            case Symbol():
                return of_domain(self.setting.domain(what))
            case ("exp", _):
                return POSITIVE
            case Constant("pi"):
                return Range(Fraction(3), Fraction(4))
            case Apply(head, _) if head.name == "sqrt":
                return NOT_NEGATIVE
            case Power(base, exponent):
                if base is E:
                    return POSITIVE
                return Range() if self.constant(exponent) is None else NOT_NEGATIVE
        return Range()

    def _atom_range(self, number: int) -> Range:
        """Where an atom may lie in this region."""
        found = self._ranges.get(number)
        if found is not None:
            return found
        what = self._atoms.all[number]
        if isinstance(what, tuple) and what[0] == "exp" and what[1] in self.known:
            return self._range_of_exponential(what[1])
        return self._domain_range(number)

    def _range_of_exponential(self, exponent: Expr) -> Range:
        """Above or below 1, by the sign of the exponent."""
        if not any(self.known[exponent].column):
            return POSITIVE
        factors = self.factors_of(exponent)
        signs = [self.sign_of(key) for key, count in factors.odd.items() if count % 2]
        if None in signs or not all(self.never_zero(key) for key in factors.odd):
            return POSITIVE
        below = prod((factors.sign, *(s for s in signs if s))) < 0
        return Range(Fraction(0), Fraction(1)) if below else Range(Fraction(1))

    def _narrow(self) -> None:
        for key, sign in self.facts.items():
            found = linear(key)
            if found is not None:
                number, root = found
                self._ranges[number] = narrowed(self._atom_range(number), root, sign)

    @property
    def impossible(self) -> bool:
        """Whether the facts about one atom exclude one another."""
        return any(found.empty for found in self._ranges.values())

    def _whole_power(self, value: Value, exponent: int) -> Value:
        found = self.field.power(value, exponent)
        assert found is not None  # noqa: S101 (a unit is not zero)
        return found

    @abstractmethod
    def value(self, expr: Expr) -> Value:
        """The column of `expr`, or UNDEFINED, or PENDING."""


def _call(what: object, values: Iterable[Value]) -> object:
    return (what, *(tuple(value.column) for value in values))
