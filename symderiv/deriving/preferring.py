"""Which laws are tried on a body, and where there are several ways, which a person may ask for.

A product may be had from a quotient, a power from a root, a quotient from a tangent, and
a product of many factors from its logarithm.  Here stands what a preferred way writes a
body as before it is differentiated; the differentiation itself is that of `differentiating`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules import logarithms, powers, trigonometry
from symderiv.deriving.applying import Applied, apply
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Derivative,
    Expr,
    Negative,
    Power,
    Prime,
    Product,
    Quotient,
    Symbol,
)

Rewritten = tuple[Rule, Expr, dict[str, Expr]]
"""By which rule, the derivative of what is left to take, and the rule's letters."""

_REWRITES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "": (),
    "product": (powers.quotient_as_a_product, powers.power_as_a_product),
    "power": (powers.quotient_as_a_product, powers.root_as_a_power),
    "quotient": (trigonometry.tangent_as_a_quotient,),
    "logarithmic": (
        logarithms.logarithm_of_a_product,
        logarithms.logarithm_of_a_quotient,
        logarithms.logarithm_of_an_exponential,
        logarithms.logarithm_of_a_power,
    ),
}
WAYS: Final = tuple(name for name in _REWRITES if name)


_BY_BODY: Mapping[type[Expr], tuple[Rule, ...]] = {
    Symbol: (laws.identity_rule,),
    Negative: (laws.negative_rule,),
    Product: (
        laws.constant_multiple,
        laws.product_rule_for_several_factors,
        laws.product_rule,
    ),
    Quotient: (
        laws.constant_divisor,
        laws.reciprocal_of_a_power,
        laws.reciprocal_rule,
        laws.quotient_rule,
    ),
    Power: (
        laws.exponential_rule,
        laws.exponential_chain_rule,
        laws.power_rule,
        laws.power_chain_rule,
        laws.constant_base_rule,
        laws.logarithmic_rule,
    ),
    Absolute: (laws.absolute_value_rule,),
}


_OF_RECIPROCALS = (laws.reciprocal_rule, laws.reciprocal_of_a_power)


def laws_for(body: Expr, prefer: str) -> tuple[Rule, ...]:
    """The laws to try in turn; who prefers the quotient rule takes it for a reciprocal too."""
    rules = _BY_BODY.get(type(body), ())
    if prefer == "quotient":
        return tuple(rule for rule in rules if rule not in _OF_RECIPROCALS)
    return rules


def preferred(
    node: Derivative, setting: Setting, depends: Callable[[Expr], bool]
) -> Rewritten | None:
    """The derivative written as the preferred way has it; None where it says nothing."""
    asked, prefer = setting.question, setting.prefer
    if not prefer or node.order > 1:
        return None
    if prefer == "logarithmic" and node.body is asked and not isinstance(node.body, Apply):
        return _found(
            laws.derivative_by_the_logarithm, apply(laws.derivative_by_the_logarithm, node)
        )
    for rule in _REWRITES[prefer]:
        found = apply(rule, node.body)
        if found is not None and (prefer != "power" or _is_reciprocal(node.body, depends)):
            body, letters = found
            after = Derivative(body, node.variable, node.order, node.partial)
            return rule, after, letters
    return None


def _found(rule: Rule, applied: Applied | None) -> Rewritten | None:
    return None if applied is None else (rule, *applied)


def _is_reciprocal(body: Expr, depends: Callable[[Expr], bool]) -> bool:
    """Whether only what stands below the bar moves, or it is a root."""
    return isinstance(body, Apply) or (not depends(body.parts[0]) and depends(body.parts[1]))


def primed_once_more(body: Apply | Prime) -> Prime:
    """f′(u) for f(u), and f″(u) for f′(u)."""
    return Prime(body.head, body.order + 1 if isinstance(body, Prime) else 1, body.parts[0])


def law_of_a_name(node: Derivative, body: Apply | Prime) -> tuple[Rule, Expr, dict[str, Expr]]:
    """By which rule a function is differentiated of which only the name is known: what it gives,
    and its letters."""
    (inside,) = body.parts
    slope = primed_once_more(body)
    if inside is node.variable:
        return laws.prime_notation, slope, {"x": inside}
    inner = Derivative(inside, node.variable, 1, node.partial)
    return laws.chain_rule, Product((slope, inner)), {"g": inside, "x": node.variable}
