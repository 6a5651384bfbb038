"""Proofs that two expressions are equal on a domain.

Both sides are computed in one tower, region by region, and compared at random points
modulo a prime, so many that unequal sides agree with a probability below 2^-252.  Wherever
a sign is needed the domain is split in two.  A proof says except where it holds: where
one side divides by zero and the other does not, and at kinks that were not looked at.
A proof is never guessed; what is not proved says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product as combinations

from symderiv.judging.atoms import Key
from symderiv.judging.exploring import Exploration
from symderiv.judging.ground import UNDEFINED, Compared
from symderiv.judging.indexed import in_full
from symderiv.judging.nonzero import Forms
from symderiv.judging.points import Setting
from symderiv.judging.regions import linear
from symderiv.judging.residues import FewPoints, OtherPrime, Unprovable, Value
from symderiv.judging.sums import INSIDE
from symderiv.judging.towers import Tower
from symderiv.language.domains import REALS, number
from symderiv.language.expressions import (
    Derivative,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Prime,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.integrals import Integral
from symderiv.language.walks import Dependence, nodes, substitute, symbols_in

FUEL = 3_000_000
_MEMBERS = 64
ZERO = Number("0")


@dataclass(frozen=True)
class Proof:
    """Both sides are equal on the domain, except where one of the conditions fails."""

    conditions: tuple[Expr, ...]
    how: str


@dataclass(frozen=True)
class Unproved:
    """No proof, and why; `right_lost` says that in a part of the domain only `left` has a value."""

    reason: str
    right_lost: bool = False


def prove(
    left: Expr, right: Expr, setting: Setting, fuel: int = FUEL, *, one_way: bool = False
) -> Proof | Unproved:
    """Whether `left` equals `right` on the domain of `setting`.

    With `one_way` only where `left` has a value: log x is proved to have the slope 1/x, and
    1/x need not have one only there.
    """
    found = _Proving(left, right, setting, fuel, one_way).run()
    if isinstance(found, Unproved):
        in_other_words = _by_members(left, right, setting, fuel, one_way)
        in_other_words = in_other_words or _by_terms(left, right, setting, fuel, one_way)
        return in_other_words or found
    return found


def _by_terms(left: Expr, right: Expr, setting: Setting, fuel: int, one_way: bool) -> Proof | None:
    """A proof of what stands there with the sums of a few terms written out."""
    sides = in_full(left), in_full(right)
    if sides == (left, right):
        return None
    found = _Proving(*sides, setting, fuel, one_way).run()
    return found if isinstance(found, Proof) else None


def _by_members(
    left: Expr, right: Expr, setting: Setting, fuel: int, one_way: bool
) -> Proof | None:
    """A proof value by value, where a name has only a few."""
    names = dict.fromkeys((*symbols_in(left), *symbols_in(right)))
    few = [name for name in names if setting.domain(name).members]
    lists = [setting.domain(name).members for name in few]
    count = 1
    for members in lists:
        count *= len(members)
    if not few or count > _MEMBERS or any(name in setting.definitions for name in few):
        return None
    variables = [n.variable for e in (left, right) for n in nodes(e) if isinstance(n, Derivative)]
    if setting.definitions or any(name in variables for name in few):
        return None
    conditions: dict[Expr, None] = {}
    for values in combinations(*lists):
        put: dict[Expr, Expr] = dict(zip(few, map(number, values), strict=True))
        sides = substitute(left, put), substitute(right, put)
        found = _Proving(*sides, setting, fuel // count, one_way).run()
        if isinstance(found, Unproved):
            return None
        conditions.update(dict.fromkeys(found.conditions))
    return Proof(tuple(conditions), "for each of the few values")


class _Proving:
    """One attempt to prove one pair."""

    def __init__(
        self,
        left: Expr,
        right: Expr,
        setting: Setting,
        fuel: int,
        one_way: bool = False,
        boundaries: int = 2,
    ) -> None:
        self.setting, self.one_way, self.boundaries = setting, one_way, boundaries
        self.exploration = Exploration((left, right), setting, fuel)
        self.left, self.right = self.exploration.exprs
        self.shared, self.atoms = self.exploration.shared, self.exploration.atoms
        self.indices, self.forms = self.exploration.indices, Forms(setting)
        self.conditions: dict[Expr, None] = {}
        self.hard: dict[Key, Compared] = {}
        self.excepted: set[Key] = set()
        self.somewhere = self.right_lost = False

    def run(self) -> Proof | Unproved:
        """The proof, or why there is none."""
        try:
            self.exploration.visit(self._look)
            if not self.somewhere:
                return Unproved("Neither side has a value anywhere in the domain.")
            self._boundaries()
        except Unprovable as problem:
            return Unproved(str(problem), self.right_lost)
        several = " in each region of the signs that matter" * (self.exploration.regions > 1)
        return Proof(tuple(self.conditions), f"as an identity in a field of functions{several}")

    def _look(self, tower: Tower, values: list[Value]) -> None:
        """Whether both sides are equal in one region."""
        left, right = values
        if left is UNDEFINED and (right is UNDEFINED or self.one_way):
            return
        if left is UNDEFINED or right is UNDEFINED:
            side = "left" if left is UNDEFINED else "right"
            self.right_lost = right is UNDEFINED
            raise Unprovable(f"In part of the domain only the {side} side is without a value.")
        if not (tower.field.decisive and tower.all_signs):
            raise FewPoints
        if left.column != right.column:
            if self.atoms.refined:
                raise OtherPrime  # not all was factored over the same powers of e
            raise Unprovable("As formulas the two sides differ.")
        self.somewhere = True
        self._conditions(tower)
        for key, compared in tower.hard.items():
            decided = {expr and tower.decided(expr): alone for expr, alone in compared.items()}
            self.hard[key] = self.hard.get(key, {}) | decided

    # --- conditions ---------------------------------------------------------------------------

    def _conditions(self, tower: Tower) -> None:
        """What only one side must not let vanish."""
        for node in tower.reached((self.left, self.right)):
            for limits in self.shared.meanings.within.get(node, ()):
                self._require_within(*limits)
        left, right = (
            dict.fromkeys(tower.demands[n] for n in tower.reached([side]) if n in tower.demands)
            for side in (self.left, self.right)
        )
        for one, other in ((right, left),) if self.one_way else ((left, right), (right, left)):
            apart = [demand for demand in one if demand not in other]
            if any(tag == INSIDE for tag, _ in apart):
                raise Unprovable("A border inside a sum over an index is not proved.")
            if all(self.forms.apart_from_zero(expr) for _, expr in apart):
                continue
            held = self._vanishing(other, tower)
            for demand, written in self._vanishing(one, tower).items():
                if demand not in held and not self.shared.never_zero(demand[1]):
                    self._except(demand[1], written)

    def _vanishing(
        self, demanded: Iterable[tuple[str, Expr]], tower: Tower
    ) -> dict[tuple[str, Key], Expr | None]:
        """The factors of what must not vanish, each with how it is best written."""
        keys: dict[tuple[str, Key], Expr | None] = {}
        for tag, expr in demanded:
            if tag == INSIDE:
                continue
            several = [k for k, m in tower.factors_of(expr).powers.items() if m]
            for key in several:
                alone = len(several) == 1 or not self.atoms.plain(key)
                keys.setdefault((tag, key), expr if alone else None)
        return keys

    def _require_within(self, lower: Expr, value: Expr, upper: Expr) -> None:
        """The index of a term that was taken out of a sum must be one of those summed over."""
        bounds = self.shared.bounds
        if bounds.of(value - lower).low >= 0 and bounds.of(upper - value).low >= 0:
            return
        if not self.indices.bound(Sum((lower, value, upper))):
            self.conditions.setdefault(Relation((lower, value, upper), ("<=", "<=")))
        elif self.indices.limits.get(value) != {(lower, upper)}:
            raise Unprovable("Whether an index is one of those summed over is not known.")

    def _except(self, key: Key, otherwise: Expr | None = None) -> None:
        if key in self.excepted:
            return
        self.excepted.add(key)
        if otherwise is None and not self.atoms.plain(key):
            raise Unprovable("A border cannot be written down.")
        written = self.atoms.written(key)
        expr = written if otherwise is None or isinstance(written, Symbol) else otherwise
        self.conditions.setdefault(Relation((self.indices.written(expr), ZERO), ("!=",)))

    # --- boundaries -----------------------------------------------------------------------------

    def _boundaries(self) -> None:
        """At each kink: equal there as well, or a condition."""
        held: dict[Key, tuple[Expr, ...]] = {}
        for key, compared in self.hard.items():
            if self.shared.never_zero(key):
                continue
            if self._compares_counts(key):
                self._merge(key)
            elif isinstance(found := self._at_border(key, compared), Proof):
                held[key] = found.conditions
            else:
                self._except(key, _best(compared))
        for key, conditions in held.items():
            if any(condition not in self.conditions for condition in conditions):
                self._except(key, _best(self.hard[key]))

    def _compares_counts(self, key: Key) -> bool:
        """Whether only whole numbers stand in a factor: indices, or names said to be whole."""
        atoms = [self.atoms.all[number] for monomial, _ in key for number, _ in monomial]
        entries = [node for node in self.exploration.order if isinstance(node, Symbol)]
        indices = {index for entry in entries for index in entry.indices}
        return all(
            isinstance(atom, Symbol) and (atom in indices or self.setting.domain(atom).integer)
            for atom in atoms
        )

    def _merge(self, key: Key) -> None:
        """Where two whole numbers are equal is no border: the sides must be equal there as well."""
        put = self._solved(key)
        if put is None or self.boundaries == 0:
            raise Unprovable("Where two whole numbers are equal is not proved.")
        found = self._where(*put)
        if isinstance(found, Unproved):
            symbol, value = put
            raise Unprovable(f"Where {symbol} = {value}: {found.reason}")
        self.conditions.update(dict.fromkeys(found.conditions))

    def _where(self, symbol: Symbol, value: Expr) -> Proof | Unproved:
        """Whether both sides are equal with something put in for a symbol."""
        left, right = (substitute(side, {symbol: value}) for side in (self.left, self.right))
        named = {n: substitute(e, {symbol: value}) for n, e in self.setting.definitions.items()}
        setting = replace(self.setting, definitions=named, memo={})
        share = self.exploration.fuel // 4
        inner = _Proving(left, right, setting, share, self.one_way, self.boundaries - 1)
        found = inner.run()
        self.exploration.fuel -= share - max(inner.exploration.fuel, 0)
        return found

    def _at_border(self, key: Key, compared: Compared) -> Proof | Unproved | None:
        """Whether both sides have the same value where a factor vanishes."""
        put = self._solved(key)
        if put is None or self.boundaries == 0:
            return None
        order = self.exploration.order
        if not all(self._may_put(node, b, *put) for node in order for b in compared):
            return None
        return self._where(*put)

    def _may_put(self, node: Expr, border: Expr | None, symbol: Symbol, value: Expr) -> bool:
        """Whether what holds on a border may be put in before derivatives are taken and sums
        are added: whatever moves there must stay on the border."""
        depends = Dependence(symbol, self.setting.definitions)
        if isinstance(node, Derivative):
            moving = Dependence(node.variable, self.setting.definitions)
            leaves = depends(node.variable) if border is None else moving(border)
            return not (leaves or moving(symbol) or moving(value))
        if isinstance(node, Prime):
            return not depends(node.argument)
        if isinstance(node, Integral):
            return False
        return not (isinstance(node, IndexedSum) and symbol.indices)

    def _solved(self, key: Key) -> tuple[Symbol, Expr] | None:
        """A symbol and what it is where a factor vanishes."""
        atoms = {a for monomial, _ in key for a, _ in monomial}
        if not all(isinstance(self.atoms.all[a], Symbol) for a in atoms):
            return None
        root = linear(key)
        if root is not None:
            symbol = self.atoms.all[root[0]]
            return (symbol, number(root[1])) if isinstance(symbol, Symbol) else None
        for atom in sorted(atoms):
            symbol = self.atoms.all[atom]
            holding = [(m, c) for m, c in key if any(a == atom for a, _ in m)]
            alone = len(holding) == 1 and holding[0][0] == ((atom, Fraction(1)),)
            if alone and isinstance(symbol, Symbol) and self.setting.domain(symbol) == REALS:
                rest = self.atoms.written(tuple(entry for entry in key if entry != holding[0]))
                scale = holding[0][1]
                solved = Negative(rest) if scale > 0 else rest
                size = abs(scale)
                return symbol, solved if size == 1 else solved / Number(str(size))
        return None


def _best(compared: Compared) -> Expr | None:
    """How a border is best written, if not by its factor."""
    expr, alone = next(iter(compared.items()))
    return expr if alone else None
