"""Are two expressions equal on a domain?  Refute at a few points, prove, refute in earnest.

The order is for speed alone: most different pairs differ at the first point, most equal
ones are proved at once.  A verdict rests on balls (different) or on a proof (equal) and on
nothing else; where neither is found it is `undecided`, with the reason.  Here belongs the
order and what is said; how to refute and how to prove stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symderiv.errors import Mistake
from symderiv.judging.places import discrete
from symderiv.judging.points import Setting
from symderiv.judging.preparing import is_unknown, with_names_for_unknowns, without_definitions
from symderiv.judging.primitives import is_known, stand_in
from symderiv.judging.proving import Proof, Unproved, prove
from symderiv.judging.refuting import Search, Witness
from symderiv.judging.verdict import Verdict
from symderiv.language.expressions import Apply, Derivative, Expr, Prime, Relation
from symderiv.language.walks import nodes_of, symbols_in


def compare(left: Expr, right: Expr, setting: Setting) -> Verdict:
    """Whether `left` equals `right` in `setting`; of two equations, side by side.

    Raises `Mistake` for an equation against what is none, and for a name that is defined
    by itself.
    """
    relations = [side for side in (left, right) if isinstance(side, Relation)]
    if relations:
        return _equations(left, right, setting)
    left, right = (without_definitions(side, setting.definitions) for side in (left, right))
    if left is right:
        return Verdict("equal", "proof", reason="Both are written alike.")
    order = nodes_of((left, right))
    if any(isinstance(node, Derivative) and is_unknown(node) for node in order):
        return _with_unknowns(left, right, setting)
    return _judged(left, right, setting, order)


def _judged(left: Expr, right: Expr, setting: Setting, order: list[Expr]) -> Verdict:
    search = Search(left, right, setting, order)
    if witness := search.first():
        return _different(witness, search)
    answer = prove(left, right, replace(setting, definitions={}, memo={}))  # they are put in
    if isinstance(answer, Unproved) or search.delicate or answer.conditions:
        witness = _further(search, answer)
        if witness is not None:
            return _different(witness, search)
    if isinstance(answer, Unproved):
        return Verdict("undecided", reason=_why(answer, search))
    conditions = dict.fromkeys(answer.conditions)
    if not search.plain:
        search.borders()
        conditions |= dict.fromkeys((*_mattered(left, right, setting), *search.exceptions))
    return Verdict("equal", "proof", conditions=tuple(conditions), reason=answer.how)


def _further(search: Search, answer: Proof | Unproved) -> Witness | None:
    """A witness among further points: as many as the answer of the prover makes it worth."""
    if isinstance(answer, Unproved):
        return search.rest() or search.harder()
    return search.rest() if answer.conditions else search.around()


# --- equal ---------------------------------------------------------------------------------


def _mattered(left: Expr, right: Expr, setting: Setting) -> Iterator[Expr]:
    """What the stated domains say, where the proof does not go through without them."""
    names = [s for s in symbols_in(left - right) if s in setting.where and not discrete(s, setting)]
    if not names:
        return
    anywhere = prove(left, right, replace(setting, where={}, memo={}))
    if isinstance(anywhere, Unproved) or anywhere.conditions:
        yield from (c for name in names for c in setting.domain(name).conditions(name))


# --- different, or undecided ---------------------------------------------------------------


def _different(witness: Witness, search: Search) -> Verdict:
    point = {str(name): value for name, value in witness.point.items()}
    where = ", ".join(f"{name} = {value}" for name, value in point.items())
    one, other = (v if v != "undefined" else "not defined" for v in witness.values)
    at = f"At {where} the" if where else "The"
    chosen = "".join(f", with {name}(u) = {body}" for name, body in _stand_ins(search))
    reason = f"{at} left is {one} and the right is {other}{chosen}."
    return Verdict("different", "balls", point, witness.values, reason=reason)


def _stand_ins(search: Search) -> Iterator[tuple[str, str]]:
    """What was put in for functions of which only the name is known, as f in f(x)."""
    called = (node for node in search.order if isinstance(node, (Apply, Prime)))
    heads = dict.fromkeys(node.head.name for node in called)
    for name in heads:
        if not is_known(name, search.setting.functions):
            shift = stand_in(name)
            yield name, f"sin(u + {shift}) + u^2/{shift + 1}"


def _why(answer: Unproved, search: Search) -> str:
    if search.fuel < search.work:
        return f"This is too long to be evaluated at enough points. {answer.reason}"
    if not search.agreed:
        nowhere = "Both sides have a value at none of the points: say where the names lie."
        return f"{answer.reason} {nowhere}"
    return f"{answer.reason} They agree at {search.agreed} points, which proves nothing."


def _with_unknowns(left: Expr, right: Expr, setting: Setting) -> Verdict:
    """Where ∂L/∂z stands for something that is not given, only a proof can decide."""
    listed = nodes_of((left, right))
    unknown = next(n for n in listed if isinstance(n, Derivative) and is_unknown(n))
    named = [with_names_for_unknowns(side) for side in (left, right)]
    answer = prove(named[0], named[1], replace(setting, definitions={}, memo={}))
    if isinstance(answer, Proof):
        return Verdict("equal", "proof", conditions=answer.conditions, reason=answer.how)
    reason = f"Nothing says how {unknown.body} depends on {unknown.variable}: define it (given)."
    return Verdict("undecided", reason=reason)


# --- equations -----------------------------------------------------------------------------


def _equations(left: Expr, right: Expr, setting: Setting) -> Verdict:
    """Two equations are equal where their left sides are, and their right sides."""
    sides = [_sides(side) for side in (left, right)]
    verdicts = [compare(one, other, setting) for one, other in zip(*sides, strict=True)]
    for verdict in ("different", "undecided"):
        for found in verdicts:
            if found.verdict == verdict:
                return found
    conditions = dict.fromkeys(c for found in verdicts for c in found.conditions)
    return replace(verdicts[1], conditions=tuple(conditions))


def _sides(side: Expr) -> tuple[Expr, ...]:
    if isinstance(side, Relation) and side.signs == ("=",):
        return side.terms
    raise Mistake(f"An equation is compared with an equation alone, and {side} is none.")
