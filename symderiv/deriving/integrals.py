"""The derivative of an integral: what its bounds carry, and what moves between them.

Here belongs which of the laws fits, and what it writes; the laws themselves stand in
`catalogue/rules/integration.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import integration
from symderiv.deriving.applying import tidy
from symderiv.deriving.monomials import monomial
from symderiv.errors import NoRule
from symderiv.language.expressions import Derivative, Expr, Negative, Number, Power, Product, Sum
from symderiv.language.integrals import Integral
from symderiv.language.patterns import join
from symderiv.language.walks import bound_by, nodes, size, substitute, transform

_ZERO = Number("0")


def differentiated(
    node: Derivative, body: Integral, depends: Callable[[Expr], bool]
) -> tuple[Rule, Expr, Derivative | None]:
    """The law for this integral, the line that it leads to, and the derivative that stands
    under the integral sign there, None where nothing moves between the bounds.

    Raises `NoRule` where a bound variable could be taken for another.
    """
    by, inner = node.variable, body.variable
    if inner is by or any(bound_by(n) in (by, inner) for n in nodes(body.body)):
        raise NoRule(f"Give the variable of integration in {body} a letter of its own.")
    upper, lower = body.upper, body.lower
    at_upper, at_lower = (_at_bound(body.body, inner, bound) for bound in (upper, lower))
    moves = depends(body.body)
    if upper is by and not depends(lower) and not moves:
        return integration.fundamental_theorem, at_upper, None
    terms: list[Expr] = []
    if depends(upper):
        terms.append(_times(at_upper, Derivative(upper, by, 1, node.partial)))
    if depends(lower):
        terms.append(Negative(_times(at_lower, Derivative(lower, by, 1, node.partial))))
    inside = Derivative(body.body, by, 1, True) if moves else None
    if inside:
        terms.append(Integral(inside, inner, lower, upper))
    rule = integration.under_the_integral_sign if moves else integration.moving_bounds
    return rule, join(Sum, terms) if len(terms) > 1 else terms[0], inside


def _at_bound(body: Expr, inner: Expr, bound: Expr) -> Expr:
    """The integrand at a bound; equal factors that meet there are one power, x·x² is x³."""
    return transform(substitute(body, {inner: bound}), _as_one_power, {})


def _as_one_power(node: Expr) -> Expr:
    if not isinstance(node, (Product, Power)):
        return node
    gathered = monomial(node).spelled()
    return gathered if size(gathered) < size(node) else node


def _times(height: Expr, speed: Expr) -> Expr:
    return tidy(height * speed, (height, speed))
