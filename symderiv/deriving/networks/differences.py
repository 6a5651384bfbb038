"""Finite differences: a gradient measured by moving one quantity and running forward again.

Forward (f(q+ε) − f(q))/ε, central (f(q+ε) − f(q−ε))/2ε, and Richardson's (4 C(ε/2) − C(ε))/3,
which takes the leading error of the central difference C away.  The numbers are exact or
balls of hundreds of bits, so that what is seen is the error of the method and not rounding.
Source: the chain-rule post; Press et al., *Numerical Recipes* (2007), section 5.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import log2

from symderiv.deriving.networks.numbers import Real, as_float, minus, over, times
from symderiv.deriving.networks.values import Values
from symderiv.language.expressions import Symbol


@dataclass(frozen=True)
class Scheme:
    """A way to take a difference: its name, its order in ε, its forward passes for one gradient.

    `shared` of the passes serve every gradient, so that a network of P parameters takes
    `shared + P·(passes − shared)`.
    """

    name: str
    order: int
    passes: int
    shared: int = 0

    def cost(self, parameters: int) -> int:
        """Forward passes for the gradient by so many parameters."""
        return self.shared + parameters * (self.passes - self.shared)


FORWARD = Scheme("forward", 1, 2, shared=1)
CENTRAL = Scheme("central", 2, 2)
RICHARDSON = Scheme("Richardson", 4, 4)
SCHEMES = (FORWARD, CENTRAL, RICHARDSON)


@dataclass(frozen=True)
class Measured:
    """A difference at one ε: its value, how far it is from the gradient, and the order seen.

    `order` is log₂ of the error at ε over the error at ε/2; None where the method is exact.
    """

    scheme: Scheme
    epsilon: Fraction
    value: Real
    error: Real
    order: float | None


def measured(values: Values, wrt: Symbol, scheme: Scheme, epsilon: Fraction) -> Measured:
    """The gradient by `wrt` as this scheme sees it, against the one that was derived."""
    exact = values.gradients[wrt]
    value, finer = (difference(values, wrt, scheme, e) for e in (epsilon, epsilon / 2))
    errors = [minus(d, exact) for d in (value, finer)]
    sizes = [abs(as_float(error)) for error in errors]
    order = log2(sizes[0] / sizes[1]) if all(sizes) else None
    return Measured(scheme, epsilon, value, errors[0], order)


def difference(values: Values, wrt: Symbol, scheme: Scheme, epsilon: Fraction) -> Real:
    """The finite difference of the loss by `wrt`."""
    if scheme is RICHARDSON:
        fine, coarse = (difference(values, wrt, CENTRAL, e) for e in (epsilon / 2, epsilon))
        return over(minus(times(fine, Fraction(4)), coarse), Fraction(3))
    ahead = _loss(values, wrt, epsilon)
    behind = _loss(values, wrt, -epsilon if scheme is CENTRAL else Fraction())
    width = 2 * epsilon if scheme is CENTRAL else epsilon
    return over(minus(ahead, behind), width)


def straddled(values: Values, wrt: Symbol, epsilon: Fraction) -> Iterator[Symbol]:
    """The statements with a kink between wrt − ε and wrt + ε: there no difference is a slope."""
    ends = [values.sides(values.run(_moved(values, wrt, step))) for step in (epsilon, -epsilon)]
    for (name, above), (_, below) in zip(*ends, strict=True):
        if above != below:
            yield name


def _loss(values: Values, wrt: Symbol, step: Fraction) -> Real:
    known = values.run(_moved(values, wrt, step)) if step else values.forward
    return known[values.network.loss]


def _moved(values: Values, wrt: Symbol, step: Fraction) -> dict[Symbol, Real]:
    return {wrt: minus(values.forward[wrt], -step)}
