"""What an inverse function is: of which function, on which branch, by which identity.

The slope of arcsin is not declared with this: it is derived from that of the sine.  Here
belongs the type; the entries are values in `catalogue/functions/inverses.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symderiv.catalogue.rule import Rule
from symderiv.language.expressions import Expr, Relation


@dataclass(frozen=True, eq=False)
class Inverse:
    """y = name(x) says the same as of(y) = x, where y lies on `branch`.

    `identities` write the slope of `of` by `of` itself, as cos y = √(1 − sin² y) does.
    """

    name: str
    words: str
    of: Callable[[Expr], Expr]
    branch: Callable[[Expr], Relation] | None = None
    identities: tuple[Rule, ...] = ()
