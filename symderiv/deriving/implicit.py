"""Implicit differentiation: dy/dx, and higher, from an equation that is not solved for y.

Both sides are differentiated, the equation is solved for dy/dx, and for a higher derivative
all this is done once more; what is known already is put in.  Every line is an equation that
holds along the curve, and is checked there.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from symderiv.catalogue.gathering import Catalogue, shipped
from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules import equations
from symderiv.deriving.applying import put, spots
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import DIFFERENTIATE, SIMPLIFY, Differentiator
from symderiv.deriving.fractions import lowest_terms
from symderiv.deriving.lines import Lines
from symderiv.deriving.monomials import Monomial, added, monomial, terms_of, total
from symderiv.deriving.solving import solve_for
from symderiv.deriving.strategy import HIGHEST, parameters
from symderiv.errors import Mistake
from symderiv.judging.motion import Motion
from symderiv.judging.points import Setting
from symderiv.language.build import equal
from symderiv.language.domains import Domain
from symderiv.language.expressions import (
    Derivative,
    Expr,
    Number,
    Relation,
    Rewrite,
    Sum,
    Symbol,
)
from symderiv.language.walks import Place, at, places, substitute, symbols_in

SOLVE = "Solve"


def derive_implicitly(
    curve: Expr,
    name: Symbol | None,
    by: Symbol | None,
    *,
    where: Mapping[Symbol, Domain] | None = None,
    order: int = 1,
    branch: Relation | None = None,
    identities: tuple[Rule, ...] = (),
    catalogue: Catalogue | None = None,
) -> Derivation:
    """The derivative of `name` by `by` on the curve; all other symbols are constants.

    Where `by` does not stand in the equation, all its symbols move with it, as with time.
    `branch` is what holds besides on the part of the curve that is meant, `identities`
    are laws that write the answer by what the curve knows.
    Raises `Mistake` for what is no equation with `name` in it, `Stuck` and `NoRule`.
    """
    if not isinstance(curve, Relation) or curve.signs != ("=",):
        raise Mistake(f"An equation is differentiated implicitly, and {curve} is none.")
    symbols = symbols_in(curve)
    name, by = _chosen(name, by, symbols)
    if not 1 <= order <= HIGHEST:
        raise Mistake(f"The order of a derivative is a whole number from 1 to {HIGHEST}.")
    known = catalogue or shipped()
    moving = (name,) if by in symbols else symbols
    motion = Motion(by, moving, curve, name, branch)
    domains = {**parameters((curve,), known), **(where or {})}
    setting = Setting(known.functions, domains, motion=motion)
    lines = Lines(curve, setting, DIFFERENTIATE)
    for k in range(1, order + 1):
        _once(lines, Derivative(name, by, k), identities)
    if branch is not None:
        lines.require(branch)
    return lines.done("Implicit differentiation")


def _chosen(
    name: Symbol | None, by: Symbol | None, symbols: tuple[Symbol, ...]
) -> tuple[Symbol, Symbol]:
    """The name and the variable, where only one symbol is left for the one not said."""
    free = [s for s in symbols if s not in (name, by)]
    if by is None and name is not None and len(free) == 1:
        by = free[0]
    if name is None and by is not None and len(free) == 1:
        name = free[0]
    if name is None or by is None:
        names = ", ".join(map(str, symbols)) or "none"
        raise Mistake(
            "Say which name depends (of, --of) on which (wrt, --wrt) by the equation; "
            f"there are: {names}."
        )
    if name not in symbols or name is by:
        raise Mistake(f"{name} is to depend on {by} by an equation in which both stand apart.")
    return name, by


def _once(lines: Lines, rate: Derivative, identities: tuple[Rule, ...]) -> None:
    """Differentiate both sides and solve for `rate`; the rates below it are put in."""
    known = _known(lines.line)
    engine, by = Differentiator(lines.setting), rate.variable
    lines.phase = DIFFERENTIATE
    left, right = (Derivative(side, by) for side in lines.line.parts)
    letters = dict(zip("fgx", (left.body, right.body, by), strict=True))
    lines.add(equations.differentiate_both_sides, equal(left, right), letters=letters)
    lemmas = [engine.derive(side) for side in (left, right)]
    carried = equal(*(lemma.result for lemma in lemmas))
    told = tuple(lemma for lemma in lemmas if lemma.steps)
    rule = laws.derivatives_of_the_parts
    lines.add(rule, carried, places=((0,), (1,)), lemmas=told)
    lines.phase = SOLVE
    solve_for(lines, rate)
    lines.phase = SIMPLIFY
    if known is not None:
        put_in = substitute(lines.line, {known.left: known.right})
        where = tuple(places(lines.line, lambda node: node is known.left)) or ((),)
        letters = {"f": known.left, "g": known.right}
        lines.add(putting_in(known), put_in, places=where, letters=letters)
        lowest_terms(lines, (1,))
    for identity in identities:
        lines.rewrite(identity, ((1, *place) for place, _ in spots(lines.line.parts[1])))
    use_curve(lines, (1,))


def _known(line: Expr) -> Rewrite | None:
    """What an earlier line found for a rate."""
    if isinstance(line, Relation) and isinstance(line.terms[0], Derivative):
        return Rewrite(*line.terms)
    return None


def putting_in(found: Rewrite) -> Rule:
    """What was found before, put in, as a rule."""
    return Rule("put in the rate", (found,), "${f} is ${g}, as was found above.", "")


def using(equation: Relation) -> Rule:
    """The equation of the curve as a rule."""
    why = "${f} is ${g} at every point of the curve."
    return Rule("use the equation", (Rewrite(*equation.terms),), why, "")


def use_curve(lines: Lines, place: Place) -> None:
    """Put the curve's equation in, where the line gets shorter by it or free of the name."""
    motion = lines.setting.motion
    assert motion is not None  # noqa: S101 (told apart by the caller)
    assert motion.curve is not None  # noqa: S101
    left, right = motion.curve.terms
    for one, other in ((left, right), (right, left)):
        before = at(lines.line, place)
        here = substitute(before, {one: other})
        if here is not before and motion.solved not in symbols_in(here):
            letters = {"f": one, "g": other}
            after = put(lines.line, place, here)
            lines.add(using(equal(one, other)), after, places=(place,), letters=letters)
    difference = [monomial(t) for t in terms_of(left)]
    difference += [monomial(t).times(_MINUS) for t in terms_of(right)]
    for where in places(at(lines.line, place), lambda node: isinstance(node, Sum)):
        inside = (*place, *where)
        shorter = _shorter(at(lines.line, inside), difference)
        if shorter is not None:
            letters = {"f": left, "g": right}
            after = put(lines.line, inside, shorter)
            lines.add(using(motion.curve), after, places=(inside,), letters=letters)
            lowest_terms(lines, place)
            return


_MINUS = Monomial(monomial(Number("1")).number * -1, {})


def _shorter(node: Expr, difference: list[Monomial]) -> Expr | None:
    """A sum without a multiple of the curve's difference, if it then has fewer terms."""
    terms = [monomial(t) for t in terms_of(node)]
    best: list[Monomial] | None = None
    for term, one in product(terms, difference):
        if not one.powers:
            continue
        factor = term.times(one, -1).times(_MINUS)
        left = added([*terms, *(d.times(factor) for d in difference)])
        if len(left) < len(best or terms) and all(k > 0 for m in left for k in m.powers.values()):
            best = left
    return None if best is None else total(best)
