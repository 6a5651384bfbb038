"""What a page says of a point without derivative: what is true there, and whose convention counts.

The words stand here; what is true was decided where the derivation was made.
"""

from __future__ import annotations

from symderiv.deriving.derivation import Derivation, Kink
from symderiv.documents.document import Prose
from symderiv.language.expressions import Derivative, Expr, Relation

FRAMEWORKS = {"torch": "PyTorch", "jax": "JAX"}
_NONE = "there is no derivative at this point."
NO_SLOPE = _NONE.capitalize()


def sides_said(kink: Kink, derivation: Derivation) -> Prose:
    """What is true on both sides of a point, and that there is no derivative, or which."""
    if kink.jump is not None:
        return _jump(kink, *kink.jump)
    slopes = _slopes(kink, derivation)
    if kink.is_smooth:
        return ("At ", kink.at, " both one-sided derivatives are ", kink.left,
                ", so the derivative exists there too.")  # fmt: skip
    if kink.unless is not None:
        return (*slopes, " Unless ", kink.unless, f" they differ, and {_NONE}")
    return (*slopes, f" They differ, so {_NONE}")


def _slopes(kink: Kink, derivation: Derivation) -> Prose:
    """The slopes on both sides; left and right only where the point is one of the variable."""
    start, (u, p) = derivation.start, kink.at.terms
    if isinstance(start, Derivative) and u is start.variable:
        return ("At ", kink.at, " the left derivative is ", kink.left,
                " and the right derivative is ", kink.right, ".")  # fmt: skip
    low, high = Relation((u, p), ("<",)), Relation((u, p), (">",))
    return ("At ", kink.at, " the slope is ", kink.left, " on the side of ", low,
            " and ", kink.right, " on the side of ", high, ".")  # fmt: skip


def _jump(kink: Kink, low: Expr, high: Expr) -> Prose:
    said: Prose = ("At ", kink.at, " the function jumps from ", low, " to ", high)
    if kink.unless is None:
        return (*said, f": it is not continuous, so {_NONE}")
    if kink.left is kink.right:
        return ("Unless ", kink.unless, " the function jumps at ", kink.at, f", and {_NONE}")
    slopes: Prose = (" where these differ; and its slope goes from ", kink.left, " to ", kink.right)
    return (*said, *slopes, f". So {_NONE}")


def convention(number: int, kink: Kink, derivation: Derivation) -> Prose:
    """What a named framework puts at the kink of this number, or what the frameworks return."""
    if kink.taken is not None:
        name = FRAMEWORKS[kink.convention]
        return (f" By the convention of {name}, the value there is ", kink.taken, ".")
    if kink.is_smooth:
        return ()
    returned = _returned(number, derivation)
    if not returned:
        return (" None is chosen here.",)
    said: list[str | Expr] = [" None is chosen here; by convention "]
    for k, (value, names) in enumerate(returned.items()):
        verb = "return" if len(names) > 1 else "returns"
        said += [" and " if k else "", f"{' and '.join(names)} {verb} ", value]
    return (*said, " there.")


def _returned(number: int, derivation: Derivation) -> dict[Expr, list[str]]:
    """Who returns what at the kink of this number, where the function is derived itself."""
    function = derivation.setting.functions.get(derivation.function)
    returned: dict[Expr, list[str]] = {}
    if function is None or derivation.subject is not function.applied:
        return returned
    for name in function.at_kink:
        values = function.taken(name)
        value = values[min(number, len(values) - 1)]
        returned.setdefault(value, []).append(FRAMEWORKS[name])
    return returned
