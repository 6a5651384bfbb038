"""Balls themselves: their precision, exact numbers, and the functions that have no definition.

Here belongs what the values of an expression are made of; evaluating one stands in `balls`.

FLINT is imported when the first value is asked for: it costs 40 ms, and a derivation
that is not printed needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias
from zlib import crc32

from symderiv.catalogue.function import Function

Ball: TypeAlias = Any  # flint.arb or flint.arb_series; python-flint ships no types

KRONECKER = "kronecker"


class Undefined(ArithmeticError):
    """The expression has no (certain) value at this point."""


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
    "erf": lambda u: u.erf(),
    "sign": lambda u: _sign(u),
    "floor": lambda u: _floor(u),
}
"""How the functions that have no definition in the catalogue are evaluated."""


_SMALL = 2**53  # a whole number below this is exact in any precision
MOST_TERMS_OF_SERIES = 40


@cache
def flint() -> Any:
    """The library, imported when it is first needed."""
    import flint as library  # lazily: see the module's docstring

    return library


class precision:  # noqa: N801 (read as a verb: `with precision(128)`)
    """A context in which balls are computed with `bits` bits, and series with all their terms."""

    def __init__(self, bits: int) -> None:
        self._bits, self._context = bits, flint().ctx

    def __enter__(self) -> None:
        context = self._context
        self._before = context.prec, context.cap
        context.prec = self._bits
        context.cap = MOST_TERMS_OF_SERIES  # FLINT's own is 10: beyond, coefficients come out as 0

    def __exit__(self, *_: object) -> None:
        self._context.prec, self._context.cap = self._before


def ball(value: Fraction) -> Ball:
    """The ball of one exact number."""
    top, bottom = value.numerator, value.denominator
    if bottom == 1 and -_SMALL < top < _SMALL:
        return flint().arb(top)
    return flint().arb(flint().fmpq(top, bottom))


def series(coefficients: tuple[Ball, ...]) -> Ball:
    """The Taylor polynomial with these coefficients, exact to as many terms."""
    return flint().arb_series([*coefficients], prec=len(coefficients))


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


def compared(left: Ball, right: Ball, sign: str) -> bool | None:
    """True or False where it is certain, else None; a border point counts as uncertain for
    no sign but `=` and `!=`, because there the two balls are exact or nothing is known."""
    difference = left - right
    match sign:
        case "<" | "<=":
            difference = -difference
        case "=" | "!=":
            if difference.contains(0):
                return (sign == "=") if difference.is_zero() else None
            return sign == "!="
    if difference > 0:
        return True
    if difference < 0:
        return False
    return sign in ("<=", ">=") if difference.is_zero() else None


def coefficient(series: Ball, order: int) -> Ball:
    """The derivative of this order that a Taylor series holds."""
    value = series[order]
    for k in range(2, order + 1):
        value *= k
    return value


def rooted(radicand: Ball, degree: Ball) -> Ball:
    """The root of a whole degree; of a negative number where the degree is odd."""
    moving = isinstance(radicand, flint().arb_series)
    degree, lead = (v[0] if moving else v for v in (degree, radicand))
    if not (degree.is_exact() and degree.is_integer() and degree > 0):
        raise ValueError("a root whose degree is no whole number")
    if not moving and lead.is_zero():
        return lead
    if lead < 0 and int(degree.unique_fmpz()) % 2:
        return -((-radicand).log() / degree).exp()
    return (radicand.log() / degree).exp()


def odd_power(base: Ball, exponent: Fraction) -> Ball:
    """A power of what is not positive: an odd root of it, to a whole power; 0 stays 0."""
    if not isinstance(base, flint().arb_series) and base.is_zero() and exponent > 0:
        return base
    if exponent.denominator % 2 == 0:
        raise ValueError("an even root of a negative number")
    size = (ball(exponent) * (-base).log()).exp()
    return -size if exponent.numerator % 2 else size


def level(series: Ball) -> Ball:
    """The value of a moving quantity; one that moves has no certain side of a border."""
    still = all(c.is_zero() for c in series.coeffs()[1:])
    return series[0] if still else series[0] + flint().arb(0, 2.0**-100)
