"""Where two lines differ: the least parts of which equality makes the lines equal.

Most steps of a derivation change one place of a long line.  Where what stood there equals
what stands there now, the lines are equal; the other way round this need not hold, so that
whoever finds the parts unequal looks at the lines again.
"""

from __future__ import annotations

from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Expr,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
)

_ENTERED = (Absolute, Apply, Cases, Negative, Power, Product, Quotient, Sum)


def differing(one: Expr, other: Expr) -> tuple[Expr, Expr]:
    """The parts of two different expressions in which alone they differ.

    Not looked into are sums over an index, on which what stands there may depend, and
    derivatives: x^2 is x for 0 and 1, and its slope is not that of x.
    """
    while one is not other and type(one) is type(other) and isinstance(one, _ENTERED):
        rests = _shortened(one.parts, other.parts)
        if isinstance(one, (Sum, Product)):
            if not all(rests):
                break
            left, right = (_joined(type(one), rest) for rest in rests)
        elif one.with_parts(other.parts) is other and len(rests[0]) == 1:
            left, right = rests[0][0], rests[1][0]
        else:
            break
        if left is one:
            break
        one, other = left, right
    return one, other


def _shortened(
    one: tuple[Expr, ...], other: tuple[Expr, ...]
) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """Both rows without what they have in common, at the same places or at their ends."""
    if len(one) == len(other):
        apart = [(a, b) for a, b in zip(one, other, strict=True) if a is not b]
        return tuple(a for a, _ in apart), tuple(b for _, b in apart)
    least = min(len(one), len(other))
    first = next((k for k in range(least) if one[k] is not other[k]), least)
    last = next(
        (k for k in range(least - first) if one[-1 - k] is not other[-1 - k]), least - first
    )
    return one[first : len(one) - last], other[first : len(other) - last]


def _joined(kind: type[Sum] | type[Product], parts: tuple[Expr, ...]) -> Expr:
    return kind(parts) if len(parts) > 1 else parts[0]
