"""Exact points inside a domain, the same on every machine and in every run.

A point gives every quantity a dyadic rational value by arithmetic on its name and
the point's number: no random generator, no clock, no hash seed.  Values come at
several scales and with both signs, so that both sides of a kink are met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from zlib import crc32

from symderiv.catalogue.function import Function
from symderiv.judging.motion import Motion
from symderiv.language.domains import REALS, Domain
from symderiv.language.expressions import Expr, Number, Symbol

_SCALES = (Fraction(1), Fraction(3), Fraction(1, 4), Fraction(8))
_STEPS = 4096


@dataclass(frozen=True, eq=False)
class Setting:
    """What a problem fixes: domains, definitions of named quantities, known functions, conventions.

    `motion` says which names move together, where that is more than the definitions say;
    `question` is the expression that was asked about, whose writing the answer follows.
    `prefer` is the way of differentiating that was asked for, where there are several.
    `memo` remembers values of lines, so that a line which ends one step and begins the
    next is evaluated once.
    """

    functions: Mapping[str, Function] = field(default_factory=dict)
    where: Mapping[Symbol, Domain] = field(default_factory=dict)
    definitions: Mapping[Symbol, Expr] = field(default_factory=dict)
    kinks: str = "undefined"
    question: Expr | None = None
    prefer: str = ""
    memo: dict[object, object] = field(default_factory=dict, repr=False)
    motion: Motion | None = None

    def __repr__(self) -> str:
        return f"<Setting of {len(self.functions)} functions, {len(self.definitions)} definitions>"

    def domain(self, symbol: Symbol) -> Domain:
        """Where `symbol` may lie: as stated for it or for the vector it is an entry of."""
        found = self.where.get(symbol)
        if found is None and symbol.indices:
            found = self.where.get(Symbol(symbol.name, symbol.accent, symbol.layer))
        return found or REALS

    def moves(self, symbol: Symbol) -> bool:
        """Whether `symbol` moves together with others, on a curve or along a path."""
        return self.motion is not None and symbol in self.motion.names

    def coordinate(self, symbol: Symbol, number: int) -> Fraction:
        """The value of `symbol` at point `number`."""
        domain = self.domain(symbol)
        if domain.over and symbol.indices:
            return self._share(symbol, domain, number)
        return coordinate(symbol, number, domain)

    def _share(self, entry: Symbol, domain: Domain, number: int) -> Fraction:
        """An entry of a vector of probabilities, so that all of them add up to one."""
        over = domain.over
        count = int(over) if over.isdecimal() else int(self.coordinate(Symbol(over), number))
        weights = {
            k: coordinate(entry.at(Number(str(k))), number, domain) for k in range(1, count + 1)
        }
        (index,) = entry.indices
        share = weights.get(int(str(index)), Fraction())
        return share / sum(weights.values())

    def touch(self, one: Expr, other: Expr) -> None:
        """Told when two sides of a comparison are exactly equal: a place may take note of it."""


def coordinate(symbol: Symbol, number: int, domain: Domain) -> Fraction:
    """The value of `symbol` at point `number`, exact and inside `domain`."""
    noise = crc32(f"{symbol}|{number}".encode())
    step = 2 * ((noise >> 8) % _STEPS) + 1
    scale = _SCALES[number % len(_SCALES)]
    if domain is REALS:  # as below, without arithmetic on fractions: this is asked most
        return Fraction(scale.numerator * (step - _STEPS), scale.denominator * _STEPS)
    share = Fraction(step, 2 * _STEPS)  # strictly between 0 and 1
    value = _inside(domain, share, scale, noise)
    while value in domain.without:
        value += Fraction(1, _STEPS)
    return value


def _inside(domain: Domain, share: Fraction, scale: Fraction, noise: int) -> Fraction:
    if domain.members:
        return domain.members[noise % len(domain.members)]
    lower, upper = domain.lower, domain.upper
    if domain.integer:
        low = lower if lower is not None else (upper - 6 if upper is not None else Fraction(-3))
        high = upper if upper is not None else low + 6
        first, last = -(-low.numerator // low.denominator), high.numerator // high.denominator
        if low == 1 and last > 2:
            first = 2  # a count of at least two samples, so that an index has somewhere to go
        return Fraction(first + noise % max(1, last - first + 1))
    if lower is not None and upper is not None:
        return lower + (upper - lower) * share
    if lower is not None:
        return lower + scale * share
    if upper is not None:
        return upper - scale * share
    return scale * (2 * share - 1)


def index_value(symbol: Symbol, number: int) -> Number:
    """The value of a free index at point `number`: 1 or 2."""
    return Number(str(1 + crc32(f"{symbol}|{number}|index".encode()) % 2))
