"""A term as it is read on paper: a number, and powers above and below a fraction bar.

`2·x·√(x + 1)/(3·y²)` is the number 2/3, above the bar x to the power 1 and x + 1 to the
power 1/2, below it y to the power 2.  Powers of one base can be compared, multiplied and
divided by their exponents, and that is all of the algebra here; which of it is a step
worth a line is decided by those who ask.

An exponent is a table: `{1: 3/2}` is 3/2, `{x: 2}` is 2x, `{n: 1, 1: -1}` is n − 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from symderiv.deriving.applying import has_point, is_terminating, numeral, rational
from symderiv.deriving.likeness import Alike
from symderiv.judging.points import Setting
from symderiv.language.build import E
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Apply,
    Constant,
    Expr,
    Head,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.patterns import join
from symderiv.language.walks import nodes, symbols_in

Exponent: TypeAlias = Mapping[Expr, Fraction]
Key: TypeAlias = object

ONE = Number("1")
HALF = Fraction(1, 2)
SQRT = Head("sqrt", r"\sqrt")
_PLAIN: Exponent = {ONE: Fraction(1)}


@dataclass(frozen=True)
class Bar:
    """A number with its sign, and the factors above and below the bar, none of them a number.

    `decimal` says that the number was written with a point, and is so again.
    """

    number: Fraction
    above: tuple[Expr, ...]
    below: tuple[Expr, ...]
    decimal: bool = False

    @property
    def written(self) -> Expr:
        """The term on paper: minus sign, number, factors, and a bar where it is needed."""
        return written(self.number, self.above, self.below, decimal=self.decimal)

    def but(
        self,
        number: Fraction | None = None,
        above: Iterable[Expr] | None = None,
        below: Iterable[Expr] | None = None,
    ) -> Expr:
        """The term with something else in it, on paper."""
        return written(
            self.number if number is None else number,
            self.above if above is None else above,
            self.below if below is None else below,
            decimal=self.decimal,
        )


def written(
    value: Fraction, above: Iterable[Expr], below: Iterable[Expr] = (), *, decimal: bool = False
) -> Expr:
    """A number and factors as one term; the number with a point if `decimal`, where it ends."""
    size = abs(value)
    up = [*above]
    if decimal and size.denominator != 1 and is_terminating(size):
        up, size = [numeral(size, decimal=True), *up], Fraction(1)
    elif size.numerator != 1 or not up:
        up = [Number(str(size.numerator)), *up]
    down = [*below]
    if size.denominator != 1:
        down = [Number(str(size.denominator)), *down]
    top = _join(up)
    whole = Quotient(top, _join(down)) if down and top is not Number("0") else top
    return Negative(whole) if value < 0 else whole


def _join(factors: list[Expr]) -> Expr:
    return join(Product, factors) if len(factors) > 1 else factors[0]


_known: WeakKeyDictionary[Expr, Bar] = WeakKeyDictionary()  # a bar holds parts of its term only


def bar(term: Expr) -> Bar:
    """A term taken apart; nested bars come under one."""
    found = _known.get(term)
    if found is None:
        found = _taken_apart(term)
        if term.parts and term not in found.above:
            _known[term] = found
    return found


def _taken_apart(term: Expr) -> Bar:
    value, above, below, decimal = Fraction(1), list[Expr](), list[Expr](), False
    waiting: list[tuple[Expr, bool]] = [(term, True)]
    while waiting:
        part, up = waiting.pop()
        size = rational(part)
        if size is not None and (size or up):
            value = value * size if up else value / size
            decimal = decimal or has_point(part)
        elif isinstance(part, Negative):
            value = -value
            waiting.append((part.operand, up))
        elif isinstance(part, Product):
            waiting += [(factor, up) for factor in reversed(part.factors)]
        elif isinstance(part, Quotient):
            waiting += [(part.denominator, not up), (part.numerator, up)]
        else:
            (above if up else below).append(part)
    return Bar(value, tuple(above), tuple(below), decimal)


def has_inner_bar(term: Expr) -> bool:
    """Whether a bar stands in a product, or above or below another bar."""
    body = term.operand if isinstance(term, Negative) else term
    parts = body.parts if isinstance(body, (Product, Quotient)) else ()
    inner = [f for p in parts for f in (p.parts if isinstance(p, Product) else (p,))]
    return any(isinstance(p, Quotient) and rational(p) is None for p in inner)


class Raised(NamedTuple):
    """A factor as base and exponent; `root` says that it was written with a root's sign."""

    base: Expr
    exponent: Exponent
    root: bool = False
    factor: Expr | None = None

    @property
    def written(self) -> Expr:
        """The factor on paper, as it stood where nothing was changed."""
        if self.factor is not None:
            return self.factor
        return power(self.base, self.exponent, root=self.root)


def raised(factor: Expr) -> Raised:
    """A factor as a power: √u is u to the half, e^(2x) is e to {x: 2}, (e^x)² too."""
    return _raised(factor)._replace(factor=factor)


def _raised(factor: Expr) -> Raised:
    times, root = Fraction(1), False
    while True:
        match factor:
            case Power(base, exponent) if base is E:
                return Raised(E, {c: f * times for c, f in exponent_of(exponent).items()}, root)
            case Power(base, exponent) if times.denominator == 1:
                value = rational(exponent)
                if value is None:
                    table = {c: f * times for c, f in exponent_of(exponent).items()}
                    return Raised(base, table, root)
                if not _opens(base, value):
                    return Raised(base, {ONE: value * times}, root)
                factor, times = base, value * times
            case Apply(head, (inside,)) if head.name == "sqrt":
                return Raised(inside, {ONE: times / 2}, root=True)
            case Apply(head, (inside, Number() as degree)) if head.name == "root" and degree.value:
                return Raised(inside, {ONE: times / degree.value}, root=True)
            case _:
                return Raised(factor, {ONE: times}, root)


def _opens(base: Expr, outer: Fraction) -> bool:
    """Whether a power of this power, or root, is one power by the product of the exponents."""
    if outer.denominator != 1:
        return False
    return isinstance(base, Power) or (
        isinstance(base, Apply) and base.head.name in ("sqrt", "root")
    )


def exponent_of(expr: Expr) -> dict[Expr, Fraction]:
    """An exponent as a table: what stands in it, and how many times."""
    table: dict[Expr, Fraction] = {}
    for term in expr.terms if isinstance(expr, Sum) else (expr,):
        part = bar(term)
        core = part.but(Fraction(1)) if part.above or part.below else ONE
        table[core] = table.get(core, Fraction()) + part.number
    return {core: times for core, times in table.items() if times}


def exponent_written(exponent: Exponent) -> Expr:
    """The table as an expression; a term with a plus sign first."""
    terms = [
        _times(times, core) for core, times in sorted(exponent.items(), key=lambda e: e[1] < 0)
    ]
    return join(Sum, terms) if terms else Number("0")


def _times(times: Fraction, core: Expr) -> Expr:
    if core is ONE:
        return number(times)
    part = bar(core)
    return written(times * part.number, part.above, part.below)


def number_of(exponent: Exponent) -> Fraction | None:
    """The value of an exponent that is a number."""
    return exponent.get(ONE, Fraction()) if not set(exponent) - {ONE} else None


def is_negative(exponent: Exponent) -> bool:
    """Whether every part of an exponent carries a minus sign."""
    return bool(exponent) and all(times < 0 for times in exponent.values())


def plus(one: Exponent, other: Exponent, sign: int = 1) -> dict[Expr, Fraction]:
    """The sum (or difference) of two exponents."""
    cores = dict.fromkeys((*one, *other))
    total = {c: one.get(c, Fraction()) + sign * other.get(c, Fraction()) for c in cores}
    return {core: times for core, times in total.items() if times}


def power(base: Expr, exponent: Exponent, *, root: bool = False) -> Expr:
    """The factor with this base and exponent; a square root with its sign where `root` says so."""
    value = number_of(exponent)
    if value == 1 and base is not E:
        return base
    if value == HALF and root:
        return Apply(SQRT, (base,))
    if value is not None and root and 0 < value < 1 and value.denominator > 2:
        plain = Apply(Head("root"), (base, Number(str(value.denominator))))
        return plain if value.numerator == 1 else Power(plain, Number(str(value.numerator)))
    return Power(base, exponent_written(exponent))


class Bases:
    """Tells equal bases apart from different ones, whatever the order of their terms.

    `roots` says that the question holds a root: then √x is written so, not x^(1/2).
    """

    def __init__(self, *, roots: bool = False) -> None:
        self._alike = Alike(counting=True)
        self.roots = roots

    @classmethod
    def of(cls, setting: Setting) -> Bases:
        """The one of a problem, which remembers what it has weighed."""
        held = setting.memo.get(cls)
        if not isinstance(held, Bases):
            roots = any(map(_is_root, asked(setting.question)))
            held = setting.memo[cls] = cls(roots=roots)
        return held

    def key(self, base: Expr) -> Key:
        """The same for x + 1 and 1 + x, another for 1 − x."""
        return self._alike(base)

    def collected(self, factors: Iterable[Expr]) -> dict[Key, Raised]:
        """The factors by their bases, exponents of one base added."""
        found: dict[Key, Raised] = {}
        for factor in factors:
            one = raised(factor)
            key = self.key(one.base)
            held = found.get(key)
            if held is None:
                found[key] = one
            else:
                exponent = plus(held.exponent, one.exponent)
                found[key] = Raised(held.base, exponent, held.root or one.root)
        return found

    def weigh(self, part: Bar) -> tuple[Key, ...]:
        """The same for terms that differ by a number only."""
        total = self.signed(part)
        keys = [(key, frozenset(r.exponent.items())) for key, r in total.items() if r.exponent]
        return (frozenset(keys),)

    def signed(self, part: Bar) -> dict[Key, Raised]:
        """All bases of a term, those below the bar with negative exponents."""
        total = self.collected(part.above)
        for key, below in self.collected(part.below).items():
            held = total.get(key)
            exponent = plus(held.exponent if held else {}, below.exponent, -1)
            base, root = (held.base, held.root) if held else (below.base, False)
            total[key] = Raised(base, exponent, root or below.root)
        return total


def _is_root(node: Expr) -> bool:
    return isinstance(node, Apply) and node.head.name == "sqrt"


_VARIABLES = frozenset("tuvwxyz")


class Order:
    """The order of factors in a term: a number, π, coefficients, variables, functions, brackets.

    Within each of these the order of the question counts, of which `names` is the list.
    """

    def __init__(self, names: Iterable[Symbol] = ()) -> None:
        self._rank = {name: k for k, name in enumerate(names)}

    def __call__(self, factors: Iterable[Expr]) -> tuple[Expr, ...]:
        """The factors in order; those that are not told apart stay as they stand."""
        given = tuple(factors)
        exponential = any(isinstance(f, Power) and f.base is E for f in given)
        return tuple(sorted(given, key=lambda factor: self._place(factor, exponential)))

    def _place(self, factor: Expr, exponential: bool) -> tuple[int, int, int]:
        one = raised(factor)
        if isinstance(factor, Constant) or (isinstance(one.base, Constant) and one.base is not E):
            return 1, 0, 0
        if isinstance(one.base, Symbol):
            value = number_of(one.exponent)
            name = one.base.name
            variable = -1 if name == "n" else name[:1] in _VARIABLES
            whole = value is not None and value.denominator == 1
            return 2 if whole else 3, variable, self._rank.get(one.base, len(self._rank))
        return (5 if exponential and isinstance(one.base, Sum) else 4), 0, 0


@lru_cache(maxsize=64)
def order_of(question: Expr | None) -> Order:
    """The order of factors that follows the writing of a question."""
    return Order(symbols_in(question) if question is not None else ())


@lru_cache(maxsize=64)
def asked(question: Expr | None) -> frozenset[Expr]:
    """What a person wrote: every node of the question, which stays as it is."""
    return frozenset(nodes(question)) if question is not None else frozenset()


def taken_away(bracket: Expr, question: Expr | None) -> bool:
    """Whether the question itself takes this bracket away, alone or as a factor: −(n + d)k."""
    taken = [node.operand for node in asked(question) if isinstance(node, Negative)]
    return any(bracket is part or bracket in part.parts for part in taken)


def is_plain(factor: Expr) -> bool:
    """Whether a factor is a symbol or a power of one by a number."""
    base = factor.base if isinstance(factor, Power) else factor
    return isinstance(base, Symbol) and (
        base is factor or rational(factor.parts[1]) is not None  # x^n is none: n·x^(n−1)
    )


def degree(term: Expr) -> tuple[Fraction, Expr | None] | None:
    """The degree of a number times a power of one symbol, and the symbol."""
    part = bar(term)
    moving = [factor for factor in part.above if symbols_in(factor)]
    if part.below or len(moving) > 1:
        return None
    if not moving:
        return Fraction(), None
    one = raised(moving[0])
    degree = number_of(one.exponent)
    return (degree, one.base) if isinstance(one.base, Symbol) and degree is not None else None


def terms_of(expr: Expr) -> Iterator[Bar]:
    """The terms of a sum, or the only one."""
    return map(bar, expr.terms if isinstance(expr, Sum) else (expr,))
