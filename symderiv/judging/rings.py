"""Polynomials over atoms, for expressions that are to be factored.

A sum becomes a fraction of two polynomials over what cannot come apart: symbols, powers
of e, tangents of half angles, logarithms, roots.  The square of a root is its radicand, so
that one polynomial stands for one function: 1 + √(1+y²)² and 2 + y² are the same.
A polynomial that is too large is not written out: a coarser answer, never a wrong one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeAlias

from symderiv.judging.atoms import Atom, Exponential, HalfAngle, Key, Monomial, common_measure
from symderiv.judging.residues import flint
from symderiv.language.expressions import Expr, Negative, Number, Power, Product, Quotient, Sum

Poly: TypeAlias = Any  # flint.fmpz_mpoly; python-flint ships no types
Leaf: TypeAlias = "tuple[str, Any, Any]"
"""What a node is over atoms: ("atom", node, None), ("exp", [(exponent, times)], None) or
("trig", angle, ("cos", twelfths)) or ("half", angle, twelfths)."""

HIGHEST = 64
_MOST_TERMS, _MOST_NODES = 600, 400


class TooLarge(Exception):
    """A polynomial that is not worth writing out."""


class Root(NamedTuple):
    """What an atom is a root of: `sign` times a factor, or a whole number; and its order."""

    radicand: Key | int
    order: int
    sign: int


class Source(Protocol):
    """What factoring asks of a tower."""

    def plainer(self, node: Expr) -> Expr | None:
        """What stands for a node; None where it stands for itself."""

    def leaf(self, node: Expr) -> Leaf | None:
        """How a node is written over atoms; None where it comes apart."""

    def root(self, atom: Atom) -> Root | None:
        """What an atom is a root of; None where it is none."""

    def atom(self, what: Atom) -> int:
        """The number of an atom."""

    def numbered(self, number: int) -> Atom:
        """The atom of this number."""

    def constant(self, expr: Expr) -> Fraction | None:
        """The rational number that an exponent is."""

    def step(self, angle: Expr) -> int:
        """The measure in which the multiples of an angle are counted."""

    def finest(self, exponent: Expr, step: Fraction) -> Fraction:
        """The measure in which the multiples of an exponent are counted, now `step` as well."""

    def spend(self, amount: int) -> None:
        """Count work."""


class Ring:
    """The polynomials over the atoms of one expression."""

    def __init__(self, source: Source, expr: Expr) -> None:
        self.source = source
        self.leaves: dict[Expr, Leaf] = {}
        self.steps: dict[Atom, Fraction] = {}
        self.roots: dict[Atom, tuple[Root, list[Atom]]] = {}  # and what is in the radicand
        self.order = self._collect(expr)
        roots = self._outer_first()
        self.atoms = {what: k for k, what in enumerate(dict.fromkeys((*roots, *self.steps)))}
        self.numbers = [source.atom(self._full(what)) for what in self.atoms]
        self.units = [
            self.steps[what] if isinstance(what, Exponential) else Fraction(1)
            for what in self.atoms
        ]
        names = tuple(f"v{k}" for k in range(max(1, len(self.atoms))))
        self.context = flint().fmpz_mpoly_ctx.get(names, "lex")
        self.one = self.context.constant(1)
        self.relations = [(k, self._relation(what)) for k, what in enumerate(roots)]

    def _full(self, what: Atom) -> Atom:
        """An atom as it is numbered: of an angle with its measure."""
        if isinstance(what, HalfAngle):
            return HalfAngle(what.angle, int(self.steps[what]))
        return what

    # --- atoms ---

    def _collect(self, expr: Expr) -> list[Expr]:
        """The nodes, children first; and the atoms with the smallest steps of each."""
        done: dict[Expr, None] = {}
        stack = [expr]
        while stack:
            node = stack[-1]
            if node in done:
                stack.pop()
                continue
            leaf = self.source.leaf(node)
            parts = () if leaf else self._parts(node)
            missing = [part for part in parts if part not in done]
            if missing:
                stack += missing
            else:
                if leaf:
                    self.leaves[node] = leaf
                    self._step(leaf)
                done[stack.pop()] = None
            if len(done) + len(stack) > _MOST_NODES:
                self.source.spend(8 * _MOST_NODES)  # what is given up was work as well
                raise TooLarge
        self.source.spend(8 * len(done))
        return list(done)

    def _parts(self, node: Expr) -> tuple[Expr, ...]:
        plainer = self.source.plainer(node)
        if plainer is not None:
            return (plainer,)
        return (node.parts[0],) if isinstance(node, Power) else node.parts

    def _step(self, leaf: Leaf) -> None:
        kind, what, how = leaf
        match kind:
            case "exp":
                for basis, times in what:
                    self._enter(Exponential(basis), times)
            case "half":
                self._enter(HalfAngle(what), Fraction(how))
            case "trig":
                self._enter(HalfAngle(what), Fraction(self.source.step(what)))
            case _:
                self._enter(what, Fraction(1))

    def _enter(self, atom: Atom, step: Fraction) -> None:
        """Take an atom in; with a root also what stands in its radicand."""
        waiting = [(atom, step)]
        while waiting:
            atom, step = waiting.pop()
            if isinstance(atom, Exponential):
                step = self.source.finest(atom.exponent, step)
            known = self.steps.get(atom)
            self.steps[atom] = abs(step) if known is None else common_measure(known, abs(step))
            root = self.source.root(atom) if known is None else None
            inside = None if root is None else self._inside(root.radicand)
            if root is not None and inside is not None:
                waiting += inside
                self.roots[atom] = root, [what for what, _ in inside]

    def _inside(self, radicand: Key | int) -> list[tuple[Atom, Fraction]] | None:
        """The atoms of a radicand; None where an angle in it is measured otherwise."""
        found: list[tuple[Atom, Fraction]] = []
        for monomial, _ in () if isinstance(radicand, int) else radicand:
            for number, exponent in monomial:
                match self.source.numbered(number):
                    case HalfAngle(angle, step):
                        if step != self.source.step(angle):
                            return None
                        found.append((HalfAngle(angle), Fraction(step)))
                    case Exponential() as what:
                        found.append((what, exponent))
                    case what:
                        found.append((what, Fraction(1)))
        return found

    def _outer_first(self) -> list[Atom]:
        """The roots, each before those in its radicand."""
        order: list[Atom] = []
        left = dict(self.roots)
        while left:
            inner = {what for _, inside in left.values() for what in inside}
            outer = [atom for atom in left if atom not in inner]
            order += outer
            left = {atom: root for atom, root in left.items() if atom in inner and outer}
        return order

    def _relation(self, what: Atom) -> Poly:
        """What vanishes: a root to its order less the radicand."""
        (radicand, order, sign), _ = self.roots[what]
        power = self.context.gen(self.atoms[what]) ** order
        if isinstance(radicand, int):
            return power - radicand
        places = {number: k for k, number in enumerate(self.numbers)}
        for monomial, coefficient in radicand:
            term = self.context.constant(sign * coefficient)
            for number, exponent in monomial:
                k = places[number]
                term *= self.context.gen(k) ** int(exponent / self.units[k])
            power -= term
        return power

    # --- polynomials ---

    def fraction(self, expr: Expr) -> tuple[Poly, Poly]:
        """Numerator and denominator."""
        known: dict[Expr, tuple[Poly, Poly]] = {}
        for node in self.order:
            top, bottom = (self._reduced(part) for part in self._node(node, known))
            known[node] = top, bottom
            if len(top) > _MOST_TERMS or len(bottom) > _MOST_TERMS:
                raise TooLarge
            self.source.spend(4 * (len(top) + len(bottom)))
        return known[expr]

    def _reduced(self, poly: Poly) -> Poly:
        """The same function, with no root to its order or higher."""
        for k, relation in self.relations:
            if poly.degrees()[k] >= relation.degrees()[k]:
                self.source.spend(8 * len(poly))
                poly = poly % relation
        return poly

    def _node(self, node: Expr, known: dict[Expr, tuple[Poly, Poly]]) -> tuple[Poly, Poly]:
        if node in self.leaves:
            return self._leaf(self.leaves[node])
        plainer = self.source.plainer(node)
        if plainer is not None:
            return known[plainer]
        match node:
            case Number():
                numerator, denominator = node.value.numerator, node.value.denominator
                return self.context.constant(numerator), self.context.constant(denominator)
            case Negative(operand):
                return -known[operand][0], known[operand][1]
            case Sum(terms):
                total = known[terms[0]]
                for term in terms[1:]:
                    total = self._added(total, known[term])
                return total
            case Product(factors):
                total = known[factors[0]]
                for factor in factors[1:]:
                    total = self._multiplied(total, known[factor])
                return total
            case Quotient(top, bottom):
                return self._multiplied(known[top], known[bottom][::-1])
            case Power(base, exponent):
                return self._power(known[base], self.source.constant(exponent))
        raise TooLarge

    def _leaf(self, leaf: Leaf) -> tuple[Poly, Poly]:
        kind, what, how = leaf
        if kind == "atom":
            return self.context.gen(self.atoms[what]), self.one
        if kind == "exp":
            top = bottom = self.one
            for basis, c in what:
                atom = Exponential(basis)
                times = c / self.steps[atom]
                power = self.context.gen(self.atoms[atom]) ** abs(int(times))
                top, bottom = (top * power, bottom) if times > 0 else (top, bottom * power)
            return top, bottom
        half = HalfAngle(what)
        which, count = how if kind == "trig" else ("tan", Fraction(how))
        times = count / self.steps[half]
        if abs(times) > 8:
            raise TooLarge
        t = self.context.gen(self.atoms[half])
        if which == "tan":
            if times != 1:
                raise TooLarge
            return t, self.one
        real, imaginary = self.one, 0 * self.one
        for _ in range(2 * abs(int(times))):
            real, imaginary = real - imaginary * t, imaginary + real * t
        if times < 0:
            imaginary = -imaginary
        return (real if which == "cos" else imaginary), (1 + t * t) ** abs(int(times))

    def _added(self, one: tuple[Poly, Poly], other: tuple[Poly, Poly]) -> tuple[Poly, Poly]:
        if one[1] == other[1]:
            return one[0] + other[0], one[1]
        self._check(one[0], other[1])
        self._check(other[0], one[1])
        self._check(one[1], other[1])
        return one[0] * other[1] + other[0] * one[1], one[1] * other[1]

    def _multiplied(self, one: tuple[Poly, Poly], other: tuple[Poly, Poly]) -> tuple[Poly, Poly]:
        self._check(one[0], other[0])
        self._check(one[1], other[1])
        return one[0] * other[0], one[1] * other[1]

    def _power(self, base: tuple[Poly, Poly], exponent: Fraction | None) -> tuple[Poly, Poly]:
        if exponent is None or exponent.denominator != 1 or abs(exponent) > HIGHEST:
            raise TooLarge
        count = abs(int(exponent))
        if any(len(p) > 1 and len(p) ** min(count, 4) * count > _MOST_TERMS * 4 for p in base):
            raise TooLarge
        top, bottom = base if exponent >= 0 else base[::-1]
        return top**count, bottom**count

    def _check(self, one: Poly, other: Poly) -> None:
        if len(one) * len(other) > 4 * _MOST_TERMS:
            raise TooLarge

    def terms(self, poly: Poly) -> list[tuple[Monomial, int]]:
        """The monomials of a polynomial and their coefficients, in order."""
        terms: list[tuple[Monomial, int]] = []
        for powers, coefficient in poly.to_dict().items():
            monomial = [
                (self.numbers[k], int(e) * self.units[k]) for k, e in enumerate(powers) if e
            ]
            terms.append((tuple(sorted(monomial)), int(coefficient)))
        return sorted(terms)

    def key(self, poly: Poly) -> tuple[Key, bool]:
        """The key of an irreducible polynomial; and whether it is that of its negative."""
        terms = self.terms(poly)
        turned = terms[-1][1] < 0
        return tuple((m, -c if turned else c) for m, c in terms), turned

    def exponential(self, key: Key) -> tuple[Fraction, Expr] | None:
        """The power of e that a factor is: how often, and its exponent; or None."""
        if len(key) != 1 or len(key[0][0]) != 1:
            return None
        number, times = key[0][0][0]
        match self.source.numbered(number):
            case Exponential(exponent):
                return times, exponent
        return None
