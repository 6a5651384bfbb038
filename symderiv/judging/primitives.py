"""The functions that are evaluated as what they are, since the catalogue has no definition of them.

Here belongs how each is computed on a ball or a series of balls, and what stands in for a
function of which only the name is known; how an expression is walked stands in `balls`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias
from zlib import crc32

from symderiv.catalogue.function import Function

Ball: TypeAlias = Any  # flint.arb or flint.arb_series; python-flint ships no types

KRONECKER = "kronecker"


class Undefined(ArithmeticError):
    """The expression has no (certain) value at this point."""


@cache
def flint() -> Any:
    """python-flint, imported when the first value is asked for."""
    import flint as library  # lazily: see the module's docstring

    return library


PRIMITIVES: dict[str, Callable[[Ball], Ball]] = {
    "log": lambda u: u.log(),
    "sin": lambda u: u.sin(),
    "cos": lambda u: u.cos(),
    "sqrt": lambda u: u.sqrt(),
    "tan": lambda u: u.tan(),
    "cot": lambda u: u.cos() / u.sin(),
    "sec": lambda u: 1 / u.cos(),
    "csc": lambda u: 1 / u.sin(),
    "sinh": lambda u: (u.exp() - (-u).exp()) / 2,
    "cosh": lambda u: (u.exp() + (-u).exp()) / 2,
    "coth": lambda u: (u.exp() + (-u).exp()) / (u.exp() - (-u).exp()),
    "arcsin": lambda u: u.asin(),
    "arccos": lambda u: u.acos(),
    "arctan": lambda u: u.atan(),
    "arcsinh": lambda u: (u + (u * u + 1).sqrt()).log(),
    "arccosh": lambda u: (u + (u * u - 1).sqrt()).log(),
    "arctanh": lambda u: ((1 + u) / (1 - u)).log() / 2,
    "sech": lambda u: 2 / (u.exp() + (-u).exp()),
    "csch": lambda u: 2 / (u.exp() - (-u).exp()),
    "arccot": lambda u: _half_pi() - u.atan(),
    "arcsec": lambda u: (1 / u).acos(),
    "arccsc": lambda u: (1 / u).asin(),
    "arccoth": lambda u: ((u + 1) / (u - 1)).log() / 2,
    "arcsech": lambda u: (1 / u + (1 / (u * u) - 1).sqrt()).log(),
    "arccsch": lambda u: (1 / u + (1 / (u * u) + 1).sqrt()).log(),
    "sign": lambda u: _sign(u),
    "erf": lambda u: u.erf(),
    "floor": lambda u: _floor(u),
}
"""How the functions that have no definition in the catalogue are evaluated."""

KRONECKER = "kronecker"


def some_function(name: str, argument: Ball) -> Ball:
    """A smooth function to stand for one of which only the name is known, as f in f(x)."""
    shift = stand_in(name)
    return (argument + shift).sin() + argument * argument / (shift + 1)


def _half_pi() -> Ball:
    return flint().arb.pi() / 2


def _sign(argument: Ball) -> Ball:
    """1, 0 or -1, where that is certain; of a series, where it does not jump."""
    series = isinstance(argument, flint().arb_series)
    lead = argument[0] if series else argument
    if lead.contains(0) and (series or not lead.is_zero()):
        raise Undefined("too close to the jump of the sign")
    value = (lead > 0) - (lead < 0)
    return argument * 0 + value


def _floor(argument: Ball) -> Ball:
    """The whole number below, where that is certain; of a series, where it does not jump."""
    series = isinstance(argument, flint().arb_series)
    lead = argument[0] if series else argument
    below = lead.floor()
    if not below.is_exact() or (series and lead.contains_integer()):
        raise Undefined("too close to a jump of the floor")
    return argument * 0 + below


def stand_in(name: str) -> int:
    """The s of sin(u + s) + u²/(s + 1), which stands for a function of which nothing is known."""
    return 1 + crc32(name.encode()) % 97


def is_known(name: str, functions: Mapping[str, Function]) -> bool:
    """Whether a function of this name is evaluated as what it is."""
    return name in PRIMITIVES or name in functions or name in ("root", KRONECKER)
