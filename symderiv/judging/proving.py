"""Proofs that two expressions are equal on a domain.

Both sides are computed in one tower, region by region, and compared at random points
modulo a prime, so many that unequal sides agree with a probability below 2^-252.  Wherever
a sign is needed the domain is split in two.  A proof says except where it holds: where
one side divides by zero and the other does not, and at kinks that were not looked at.
A proof is never guessed; what is not proved says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b
from itertools import product as combinations

from symderiv.judging.atoms import Key
from symderiv.judging.ground import PENDING, UNDEFINED, Shared
from symderiv.judging.nonzero import apart_from_zero
from symderiv.judging.points import Setting
from symderiv.judging.regions import linear
from symderiv.judging.residues import (
    FOR_ROOTS,
    SQUARE,
    FewPoints,
    Field,
    OtherPrime,
    Unprovable,
    choose_prime,
)
from symderiv.judging.towers import Tower
from symderiv.language.build import E
from symderiv.language.domains import REALS, number
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.integrals import Integral
from symderiv.language.walks import bound_by, nodes, nodes_of, substitute, symbols_in

FUEL = 3_000_000
_POINTS, _MOST_POINTS = 8, 1024
_REGIONS, _MEMBERS, _MOST_PRIMES = 200, 64, 12
_ANGLES = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
_WORDLESS = frozenset((Sum, Product, Negative, Quotient, Power))
ZERO = Number("0")


@dataclass(frozen=True)
class Proof:
    """Both sides are equal on the domain, except where one of the conditions fails."""

    conditions: tuple[Expr, ...]
    how: str


@dataclass(frozen=True)
class Unproved:
    """No proof, and why; `zero` is False where the difference surely does not vanish."""

    reason: str
    zero: bool | None = None


def prove(left: Expr, right: Expr, setting: Setting, fuel: int = FUEL) -> Proof | Unproved:
    """Whether `left` equals `right` on the domain of `setting`."""
    found = _Proving(left, right, setting, fuel).run()
    if isinstance(found, Unproved):
        listed = _by_members(left, right, setting, fuel)
        return found if listed is None else listed
    return found


def _by_members(left: Expr, right: Expr, setting: Setting, fuel: int) -> Proof | None:
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
        found = _Proving(*sides, setting, fuel // count).run()
        if isinstance(found, Unproved):
            return None
        conditions.update(dict.fromkeys(found.conditions))
    return Proof(tuple(conditions), "for each of the few values")


@dataclass
class _Proving:
    """One attempt to prove one pair."""

    left: Expr
    right: Expr
    setting: Setting
    fuel: int
    boundaries: int = 2
    conditions: dict[Expr, None] = field(default_factory=dict)
    hard: dict[Key, Expr | None] = field(default_factory=dict)
    excepted: set[Key] = field(default_factory=set)
    regions: int = 0

    def run(self) -> Proof | Unproved:
        """The proof, or why there is none."""
        order = nodes_of((self.left, self.right))
        self.shared = Shared(self.setting, self._spend)
        self.atoms = self.shared.atoms
        self.bound = {index for node in order if (index := bound_by(node)) is not None}
        self.seed = _digest(order, self.left, self.right)
        try:
            self._spend(len(order))
            self.angles = [n for n in order if isinstance(n, Apply) and n.head.name in _ANGLES]
            self.rooted = any(map(_loses_points, order))
            return self._all_regions()
        except Unprovable as problem:
            return Unproved(str(problem))

    def _spend(self, amount: int) -> None:
        self.fuel -= amount
        if self.fuel < 0:
            raise Unprovable("The fuel is spent: the expressions are too large to be proved equal.")

    def _all_regions(self) -> Proof | Unproved:
        waiting: list[dict[Key, int]] = [{}]
        somewhere = False
        while waiting:
            facts = waiting.pop()
            self.regions += 1
            if self.regions > _REGIONS:
                raise Unprovable("There are too many regions.")
            found = self._region(facts)
            if isinstance(found, Unproved):
                return found
            if isinstance(found, tuple):
                waiting += [{**facts, found: sign} for sign in (-1, 1)]
            else:
                somewhere |= found
        if not somewhere:
            return Unproved("Neither side has a value anywhere in the domain.")
        self._boundaries()
        return Proof(tuple(self.conditions), self._how())

    def _how(self) -> str:
        where = "" if self.regions == 1 else " in each region of the signs that matter"
        return f"as an identity in a field of functions{where}"

    def _region(self, facts: dict[Key, int]) -> Key | bool | Unproved:
        """Whether both sides are equal here; False where neither has a value; a key to split by."""
        width, primes = FOR_ROOTS if self.rooted else _POINTS, 0
        while True:
            try:
                return self._attempt(facts, width, primes)
            except FewPoints:
                width *= 3
                if width > _MOST_POINTS:
                    raise Unprovable("There are too many roots or exponents.") from None
            except OtherPrime:
                if primes > _MOST_PRIMES:
                    raise Unprovable(SQUARE) from None
            primes += 1

    def _attempt(self, facts: dict[Key, int], width: int, attempt: int) -> Key | bool | Unproved:
        seed = blake2b(self.seed + bytes([attempt]), digest_size=32).digest()
        prime = choose_prime(seed, self.atoms.squares)
        numbers = Field(prime, width, seed, self.fuel)
        tower = Tower(self.shared, numbers, facts)
        if tower.impossible:
            return False
        before = numbers.fuel
        try:
            for angle in self.angles:
                tower.value(angle)
            left, right = tower.value(self.left), tower.value(self.right)
        finally:
            self._spend(before - max(numbers.fuel, 0))
        if left is UNDEFINED and right is UNDEFINED:
            return False
        if left is PENDING or right is PENDING:
            return self._split(tower)
        if left is UNDEFINED or right is UNDEFINED:
            side = "left" if left is UNDEFINED else "right"
            return Unproved(f"In part of the domain only the {side} side is without a value.")
        if not numbers.decisive:
            raise FewPoints
        if left.column != right.column:
            return Unproved("As formulas the two sides differ.", zero=False)
        self._conditions(tower)
        for key, expr in tower.hard.items():
            self.hard.setdefault(key, expr)
        return True

    def _split(self, tower: Tower) -> Key:
        """The factor whose sign is to be fixed next."""
        if not tower.requests:
            raise Unprovable("A sign is needed that could not be found.")
        key = next(iter(tower.requests))
        for monomial, _ in key:
            for atom, _ in monomial:
                what = self.atoms.all[atom]
                inside = nodes(what) if isinstance(what, Expr) else ()
                if any(not self.bound.isdisjoint(n.parts) for n in inside):
                    raise Unprovable("A sign inside a sum over an index is not proved.")
        return key

    # --- conditions ---------------------------------------------------------------------------

    def _conditions(self, tower: Tower) -> None:
        """What only one side must not let vanish."""
        demanded = [
            dict.fromkeys(tower.demands[n] for n in tower.reached([side]) if n in tower.demands)
            for side in (self.left, self.right)
        ]
        apart = demanded[0].keys() ^ demanded[1].keys()
        if all(apart_from_zero(expr, self.setting) for _, expr in apart):
            return
        found: list[dict[tuple[str, Key], Expr | None]] = []
        for side in demanded:
            keys: dict[tuple[str, Key], Expr | None] = {}
            for tag, expr in side:
                factors = tower.factors_of(expr)
                several = [k for k, m in factors.powers.items() if m]
                for key in several:
                    alone = len(several) == 1 or not self.atoms.plain(key)
                    keys.setdefault((tag, key), expr if alone else None)
            found.append(keys)
        for one, other in (found, found[::-1]):
            for (tag, key), written in one.items():
                if (tag, key) not in other and not self.shared.never_zero(key):
                    self._except(key, written)

    def _except(self, key: Key, otherwise: Expr | None = None) -> None:
        if key in self.excepted:
            return
        self.excepted.add(key)
        if otherwise is None and not self.atoms.plain(key):
            raise Unprovable("A border cannot be written down.")
        written = self.atoms.written(key)
        expr = written if otherwise is None or isinstance(written, Symbol) else otherwise
        self.conditions.setdefault(Relation((expr, ZERO), ("!=",)))

    # --- boundaries -----------------------------------------------------------------------------

    def _boundaries(self) -> None:
        """At each kink: equal there as well, or a condition."""
        for key, expr in self.hard.items():
            if not self.shared.never_zero(key) and not self._holds_at(key):
                self._except(key, expr)

    def _holds_at(self, key: Key) -> bool:
        """Whether both sides have the same value where a factor vanishes."""
        put = self._solved(key)
        if put is None or self.boundaries == 0:
            return False
        symbol, value = put
        for side in (self.left, self.right):
            for node in nodes(side):
                if isinstance(node, (Derivative, IndexedSum, Integral)):
                    return False
        left, right = (substitute(side, {symbol: value}) for side in (self.left, self.right))
        inner = _Proving(left, right, self.setting, self.fuel // 4, self.boundaries - 1)
        found = inner.run()
        self.fuel = max(0, self.fuel - self.fuel // 4 + max(inner.fuel, 0))
        return isinstance(found, Proof) and not found.conditions

    def _solved(self, key: Key) -> tuple[Symbol, Expr] | None:
        """A symbol and what it is where a factor vanishes."""
        if self.setting.definitions:
            return None
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


def _loses_points(node: Expr) -> bool:
    """Whether this is a root that has a value only at half of the points."""
    match node:
        case Apply(head, (u,)) if head.name == "sqrt":
            return not isinstance(u, Symbol)
        case Power(base, Number() as exponent):
            return exponent.value.denominator != 1 and not isinstance(base, Symbol)
        case Power(base, Quotient() | Negative(Quotient())):
            return base is not E and not isinstance(base, Symbol)
    return False


def _digest(order: list[Expr], left: Expr, right: Expr) -> bytes:
    """A digest of both sides, from their nodes and how these hang together."""
    place: dict[Expr, int] = {}
    rows: list[object] = []
    for k, node in enumerate(order):
        place[node] = k
        words = () if type(node) in _WORDLESS else _words(node)
        rows.append((type(node).__name__, words, [place[part] for part in node.parts]))
    text = repr((rows, place[left], place[right]))
    return blake2b(text.encode(), digest_size=32).digest()


def _words(node: Expr) -> list[object]:
    """What a node holds besides nodes."""
    own = [getattr(node, slot) for slot in node.__match_args__]
    plain = [value for value in own if isinstance(value, (str, int, tuple))]
    return [v for v in plain if not (isinstance(v, tuple) and any(isinstance(e, Expr) for e in v))]
