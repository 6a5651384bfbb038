"""Whether two equations say the same: proved side by side, or by their one common root.

An equation that is linear in dy/dx, α·dy/dx + β = 0, says that dy/dx = −β/α.  So two of
them say the same where α₁β₂ = α₂β₁, whatever x and y are, on the curve or off it; and that
is an equation without dy/dx, which the prover decides.  A step that needs the curve itself
(25 for x² + y²) is not proved here: it is checked at points of the curve.
"""

from __future__ import annotations

from symderiv.judging.meanings import Meanings
from symderiv.judging.motion import Motion, rate
from symderiv.judging.points import Setting
from symderiv.judging.proving import FUEL, Proof, prove
from symderiv.judging.refuting import Search
from symderiv.judging.residues import Unprovable
from symderiv.language.expressions import Derivative, Expr, Number, Product, Relation, Sum, Symbol
from symderiv.language.walks import nodes, substitute, transform

ZERO, ONE = Number("0"), Number("1")
_HIGHEST = 2  # the order of a rate for which a proof is looked for


def same_equation(before: Relation, after: Relation, setting: Setting) -> bool:
    """Whether there is a proof that `after` holds where `before` does."""
    if len(before.terms) != 2 or len(after.terms) != 2:
        return False
    if _both_sides_differentiated(before, after):
        return True
    for sides in (after.terms, after.terms[::-1]):
        pairs = zip(before.terms, sides, strict=True)
        if all(isinstance(prove(one, other, setting), Proof) for one, other in pairs):
            return True
    motion = setting.motion
    if motion is None or motion.solved is None:
        return _multiple(before, after, setting)
    try:
        return _same_root(before, after, motion, motion.solved, setting)
    except Unprovable:
        return False


def _both_sides_differentiated(before: Relation, after: Relation) -> bool:
    """Whether each side is the derivative of the side above, by one variable."""
    match after.terms:
        case (Derivative(left, by, order, partial), Derivative(right, other, again, also)):
            same = (by, order, partial) == (other, again, also)
            return same and (left, right) == before.terms
    return False


def _multiple(before: Relation, after: Relation, setting: Setting) -> bool:
    """Whether the two differences are equal, or opposite."""
    one, other = (side.terms[0] - side.terms[1] for side in (before, after))
    return any(isinstance(prove(one, d, setting), Proof) for d in (other, -other))


def _same_root(
    before: Relation, after: Relation, motion: Motion, name: Symbol, setting: Setting
) -> bool:
    """Whether both are linear in the highest rate of `name`, with the same root."""
    found = {node for line in (before, after) for node in nodes(_moved(line, setting))}
    rates = [rate(name, motion.by, order) for order in range(1, _HIGHEST + 1)]
    standing = [r for r in rates if r in found]
    if not standing or motion.curve is None:
        return False
    if not any(isinstance(node, Derivative) for node in nodes(before)):
        if standing[-1] is not rates[0]:
            return False
        before = _differentiated(before, motion.by)
    lines = [_moved(line, setting) for line in (before, after)]
    if len(standing) > 1 or standing[0] is not rates[0]:  # dy/dx is known from the curve
        level, slope = _linear(_moved(_differentiated(motion.curve, motion.by), setting), rates[0])
        lines = [substitute(line, {rates[0]: -level / slope}) for line in lines]
    parts = []
    for line in lines:
        level, slope = _linear(line, standing[-1])
        again = Sum((Product((slope, standing[-1])), level))
        if not isinstance(prove(line, again, setting), Proof):
            return False
        parts.append((slope, level))
    (a, b), (c, d) = parts
    for slope in (a, c):  # an equation in which the rate falls out says nothing of it
        if Search(slope, ZERO, setting).first() is None:
            return False
    return isinstance(prove(Product((a, d)), Product((c, b)), setting), Proof)


def _differentiated(line: Relation, by: Symbol) -> Relation:
    return Relation(tuple(Derivative(side, by) for side in line.terms), line.signs)


def _linear(line: Expr, unknown: Symbol) -> tuple[Expr, Expr]:
    """β and α of α·u + β, where the line is linear in u."""
    level, there = (substitute(line, {unknown: value}) for value in (ZERO, ONE))
    return level, there - level


def _moved(line: Relation, setting: Setting) -> Expr:
    """Left side minus right side, its derivatives carried out by the judge, rates as symbols."""
    fuel = [FUEL]

    def spend(amount: int) -> None:
        fuel[0] -= amount
        if fuel[0] < 0:
            raise Unprovable("The fuel is spent.")

    meanings = Meanings(setting, spend)

    def carried(node: Expr) -> Expr:
        return meanings.of(node) or node if isinstance(node, Derivative) else node

    return transform(line.terms[0] - line.terms[1], carried, {})
