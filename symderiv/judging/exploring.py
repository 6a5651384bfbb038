"""A domain region by region: wherever a sign is needed, it is split in two.

Expressions are computed in one tower for each region, at points enough for whoever looks
at their values there; points that do not do (a root without a value, a prime that says
nothing of a root) are chosen anew.  What the values say is decided by who looks.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from symderiv.judging.atoms import Key
from symderiv.judging.ground import PENDING
from symderiv.judging.points import Setting
from symderiv.judging.residues import (
    FOR_ROOTS,
    SQUARE,
    FewPoints,
    Field,
    OtherPrime,
    Unprovable,
    Value,
    choose_prime,
)
from symderiv.judging.shared import Shared
from symderiv.judging.towers import Tower
from symderiv.language.build import E
from symderiv.language.expressions import (
    Apply,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes_of

_POINTS, _MOST_POINTS = 8, 1024
_REGIONS, _MOST_PRIMES = 200, 12
_ANGLES = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
_WORDLESS = frozenset((Sum, Product, Negative, Quotient, Power))


class Exploration:
    """The regions of a domain in which `exprs` are of one kind each.

    `regions` counts them.  Raises `Unprovable` where a sign cannot be found or the fuel ends.
    """

    def __init__(self, exprs: tuple[Expr, ...], setting: Setting, fuel: int) -> None:
        self.fuel, self.regions = fuel, 0
        self.shared = Shared(setting, self.spend)
        self.atoms, self.indices = self.shared.atoms, self.shared.meanings.indices
        self.exprs = tuple(self.indices.renamed(expr) for expr in exprs)
        self.order = nodes_of(self.exprs)
        self._seed = _digest(self.order, self.exprs)
        self._angles = [n for n in self.order if isinstance(n, Apply) and n.head.name in _ANGLES]
        self._width = FOR_ROOTS if any(map(_loses_points, self.order)) else _POINTS

    def spend(self, amount: int) -> None:
        """Count work."""
        self.fuel -= amount
        if self.fuel < 0:
            raise Unprovable("The fuel is spent: the expressions are too large to be proved equal.")

    def visit(self, look: Callable[[Tower, list[Value]], None]) -> None:
        """Show `look` the tower and the values of all expressions in each region.

        It may raise `FewPoints` or `OtherPrime` to see a region again, at other points.
        """
        self.spend(len(self.order))
        waiting: list[dict[Key, int]] = [{}]
        while waiting:
            facts = waiting.pop()
            self.regions += 1
            if self.regions > _REGIONS:
                raise Unprovable("There are too many regions.")
            key = self._region(facts, look)
            if key is not None:
                waiting += [{**facts, key: sign} for sign in (-1, 1)]

    def _region(
        self, facts: dict[Key, int], look: Callable[[Tower, list[Value]], None]
    ) -> Key | None:
        """Look at one region, or say by which sign it must be split."""
        width, primes = self._width, 0
        while True:
            try:
                return self._attempt(facts, look, width, primes)
            except FewPoints:
                width *= 3
                if width > _MOST_POINTS:
                    raise Unprovable("There are too many roots or exponents.") from None
            except OtherPrime:
                if primes > _MOST_PRIMES:
                    raise Unprovable(SQUARE) from None
            primes += 1

    def _attempt(
        self,
        facts: dict[Key, int],
        look: Callable[[Tower, list[Value]], None],
        width: int,
        attempt: int,
    ) -> Key | None:
        self.atoms.refined = False
        seed = blake2b(self._seed + bytes([attempt]), digest_size=32).digest()
        numbers = Field(choose_prime(seed, self.atoms.squares), width, seed, self.fuel)
        tower = Tower(self.shared, numbers, facts)
        if tower.impossible:
            return None
        before = numbers.fuel
        try:
            for angle in self._angles:
                tower.value(angle)
            values = [tower.value(expr) for expr in self.exprs]
        finally:
            self.spend(before - max(numbers.fuel, 0))
        if PENDING in values:
            return self._split(tower)
        look(tower, values)
        return None

    def _split(self, tower: Tower) -> Key:
        """The factor whose sign is to be fixed next."""
        if not tower.requests:
            raise Unprovable("A sign is needed that could not be found.")
        key = next(iter(tower.requests))
        for monomial, _ in key:
            for atom, _ in monomial:
                what = self.atoms.all[atom]
                if isinstance(what, Expr) and self.indices.bound(what):
                    raise Unprovable("A sign inside a sum over an index is not proved.")
        return key


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


def _digest(order: list[Expr], exprs: tuple[Expr, ...]) -> bytes:
    """A digest of all expressions, from their nodes and how these hang together."""
    place: dict[Expr, int] = {}
    rows: list[object] = []
    for k, node in enumerate(order):
        place[node] = k
        words = () if type(node) in _WORDLESS else _words(node)
        rows.append((type(node).__name__, words, [place[part] for part in node.parts]))
    text = repr((rows, [place[expr] for expr in exprs]))
    return blake2b(text.encode(), digest_size=32).digest()


def _words(node: Expr) -> list[object]:
    """What a node holds besides nodes."""
    own = [getattr(node, slot) for slot in node.__match_args__]
    plain = [value for value in own if isinstance(value, (str, int, tuple))]
    return [v for v in plain if not (isinstance(v, tuple) and any(isinstance(e, Expr) for e in v))]
