"""What the judge says: equal, different, or undecided, and what it rests on.

Here belongs the answer alone, frozen and printable; how it is found stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from symderiv.language.expressions import Expr


@dataclass(frozen=True)
class Verdict:
    """Whether two expressions are equal on a domain.

    `by` is `proof` where they are equal, `balls` where they differ, else empty.
    `witness` gives each name an exact value at which they differ, `values` are both sides
    there (a decimal, or `undefined`).  `conditions` are what it holds except for or under,
    such as z != 0.  `reason` is one sentence: how it was proved, where they differ, or why
    nothing could be decided, in which case a person must look: it never means "wrong".
    """

    verdict: Literal["equal", "different", "undecided"]
    by: str = ""
    witness: Mapping[str, Fraction] = field(default_factory=dict)
    values: tuple[str, str] = ("", "")
    conditions: tuple[Expr, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}"
