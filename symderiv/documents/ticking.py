"""Where the ticks of an axis stand, and what is written at them.

A tick stands at one, two or five times a power of ten, a logarithmic one at a power of
ten; both are counted in whole numbers, so that no tick is written as 0.30000000000000004.
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor, log10
from typing import Final, NamedTuple

from symderiv.documents.document import Prose
from symderiv.language.expressions import Negative, Number, Power

_STEPS: Final = (1, 2, 5)
_TEN: Final = Number("10")


class Tick(NamedTuple):
    """Where it stands (on a logarithmic axis: the power of ten), and what it says."""

    place: float
    says: Prose


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> tuple[Tick, ...]:
    """At most `most` (two or more) ticks from `low` to `high`, only integers if `whole`.

    >>> [tick.says for tick in ticks(0, 1, 6)]
    [('0',), ('0.2',), ('0.4',), ('0.6',), ('0.8',), ('1',)]
    """
    step = _step(high - low, most, 0 if whole else None)
    first, last = ceil(Decimal(low) / step), floor(Decimal(high) / step)
    return tuple(Tick(float(n * step), (decimal_text(n * step),)) for n in range(first, last + 1))


def _step(length: float, most: int, least: int | None) -> Decimal:
    """The smallest of the nice steps that gives at most `most` ticks."""
    power = floor(log10(length / most))
    if least is not None:
        power = max(power, least)
    while True:
        for nice in _STEPS:
            step = Decimal(nice).scaleb(power)
            if float(step) * (most - 1) >= length:
                return step
        power += 1


def powers(low: float, high: float, most: int) -> tuple[Tick, ...]:
    """Ticks at powers of ten between the powers `low` and `high`.

    >>> [str(tick.says[0]) for tick in powers(-2, 0, 5)]
    ['10^(-2)', '10^(-1)', '1']
    """
    step = max(1, int(_step(max(high - low, 1), most, 0)))
    first, last = ceil(low / step), floor(high / step)
    return tuple(Tick(n * step, _power_of_ten(n * step)) for n in range(first, last + 1))


def _power_of_ten(power: int) -> Prose:
    if power in (0, 1):
        return ("1" if power == 0 else "10",)
    exponent = Number(str(abs(power)))
    return (Power(_TEN, exponent if power > 0 else Negative(exponent)),)


def decimal_text(value: Decimal) -> str:
    """A number without an exponent, with the sign that stands in print."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") if text.strip("-0.") else "0"
