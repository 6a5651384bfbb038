"""How single laws are bent at one place, beyond what a misconception's own equation says.

Here belong the kinds of misconceptions, the ways to bend that hang on what our own
derivation does at a place, and which bent lines nobody would write.  What comes of a bent law
is worked out in `candidates`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.applying import carry, put, spots
from symderiv.language.expressions import Apply, Derivative, Expr, Number, Power, Sum, Symbol
from symderiv.language.patterns import fill, join
from symderiv.language.walks import Place, nodes

MOST_PLACES: Final = 60  # places of one line that are miscopied


class Bend(NamedTuple):
    """A way to bend: at `node` (or wherever it fits) the law's `lawful` becomes `bent`.

    `used` says whether our own derivation uses the very law that is bent there.
    """

    slip: Misconception
    rule: Rule
    node: Derivative
    lawful: Expr
    bent: Expr
    used: bool


def as_written(expr: Expr) -> Expr:
    """Without dx/dx, which nobody writes."""
    own = [n for n in nodes(expr) if isinstance(n, Derivative) and n.order == 1]
    ones: dict[Expr, Expr] = {n: Number("1") for n in own if n.body is n.variable}
    return carry(expr, ones, ()) if ones else expr


def trivial(bent: Expr, node: Derivative) -> Iterator[Expr]:
    """The expression itself, if it differentiates by a quantity on the way that is no other."""
    if isinstance(bent, Derivative) and bent.body is bent.variable is not node.variable:
        yield bent


def is_hollow(right: Expr, letters: Mapping[str, Expr], variable: Expr) -> bool:
    """Whether the bent law is about an inner derivative inside something, and there is none: of
    x² nobody writes 2·(dx/dx)."""
    for node in nodes(right):
        if isinstance(node, (Apply, Power)) and isinstance(inner := node.parts[0], Derivative):
            return letters.get(str(inner.body)) is variable
    return False


def kin(law: Rule) -> tuple[Rule, ...]:
    """Laws of which this one is a special case: a slip about them is a slip about it."""
    return _KIN.get(law, ())


_KIN: Final = {
    laws.sum_rule: (laws.constant_term,),
    laws.power_rule: (laws.power_chain_rule,),
    laws.exponential_rule: (laws.exponential_chain_rule,),
}


def indices_turned(line: Expr) -> Iterator[tuple[Expr, tuple[Place, Expr], Expr]]:
    """A transpose forgotten, entry by entry: W₁₂ in the place of W₂₁."""
    for place, part in islice(spots(line), MOST_PLACES):
        if isinstance(part, Symbol) and len(part.indices) == 2:
            turned = part.at(*reversed(part.indices))
            yield put(line, place, turned), (place, part), turned


def paths_left_out(node: Derivative, law: Rule, lawful: Expr) -> Iterator[Bend]:
    """Of the paths along which a change travels through named quantities, one left out."""
    slip = shipped().misconceptions["term or path left out"]
    if law is laws.chain_by_name and isinstance(lawful, Sum):
        for k in range(len(lawful.terms)):
            kept = join(Sum, lawful.terms[:k] + lawful.terms[k + 1 :])
            rule = Rule(slip.name, (node >> kept,), slip.why, "")
            yield Bend(slip, rule, node, lawful, kept, True)


def chain_of_a_function(node: Derivative, law: Rule, lawful: Expr) -> Iterator[Bend]:
    """The slips of the chain rule, where it is used with the slope of a function that we know."""
    body = node.body
    function = shipped().functions.get(body.head.name) if isinstance(body, Apply) else None
    if function is None or function.slope_rule != law:
        return
    bare, inside = law.forms[0], body.parts[0]
    letters = {str(p): part for p, part in zip(bare.left.parts[0].parts, body.parts, strict=True)}
    moved = node.with_parts((inside, node.variable))
    for name, taken_at in (("inner derivative forgotten", inside), (_OUTER, moved)):
        slip = shipped().misconceptions[name]
        bent = fill(bare.right, {**letters, str(bare.left.parts[0].parts[0]): taken_at})
        if bent is not lawful:
            yield Bend(
                slip, Rule(slip.name, (node >> bent,), slip.why, ""), node, lawful, bent, True
            )


_OUTER: Final = "outer derivative at the inner derivative"


def _kind(slip: Misconception) -> str:
    """By what a slip is found: the bent law of differentiation or of algebra, else its scope."""
    if slip.scope != "law":
        return slip.scope
    return "derivative" if isinstance(slip.form.left, Derivative) else "algebra"


SLIPS: Final = {
    kind: tuple(slip for slip in shipped().misconceptions.values() if _kind(slip) == kind)
    for kind in ("derivative", "algebra", "line", "question", "result")
}
