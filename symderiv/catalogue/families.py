"""Functions that come in families: the logarithm to a base, one for each base there is.

The catalogue lists the members that have a name of their own (log, log2, log10); any other is
made when it is asked for.  A family is told by the name alone; nothing is registered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar, overload

from symderiv.catalogue.function import Function
from symderiv.language.build import symbol
from symderiv.language.expressions import Apply, Expr, Head, Number, Quotient

_LOGARITHM = re.compile(r"log_(\d{1,9}|[a-df-z])")
_T = TypeVar("_T")


class Functions(dict[str, Function]):
    """Functions by name, those listed and the members of families; only the former are counted."""

    def __missing__(self, name: str) -> Function:
        made = _member(name)
        if made is None:
            raise KeyError(name)
        return made

    @overload
    def get(self, key: str, default: None = None, /) -> Function | None: ...
    @overload
    def get(self, key: str, default: _T, /) -> Function | _T: ...
    def get(self, key: str, default: _T | None = None, /) -> Function | _T | None:
        """The function of this name, listed or made."""
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (isinstance(key, str) and _member(key) is not None)

    def also(self, function: Function) -> Functions:
        """These functions and one more."""
        return Functions({**self, function.name: function})


@lru_cache(maxsize=256)
def _member(name: str) -> Function | None:
    """The member of a family that has this name: log_3, log_a."""
    found = _LOGARITHM.fullmatch(name)
    if found is None or found[1] in ("0", "1"):
        return None
    base: Expr = Number(found[1]) if found[1].isdigit() else symbol(found[1])
    return Function(
        name=name,
        latex=rf"\log_{{{found[1]}}}",
        title=f"the logarithm to base {found[1]}",
        value=lambda x: Quotient(_log(x), _log(base)),
        slope=lambda x: Quotient(Number("1"), x * _log(base)),
        where={"x": ">0"} if found[1].isdigit() else {"x": ">0", found[1]: ">0, !=1"},
        reach="reals",
        note=f"How often {found[1]} must be multiplied to give x.",
    )


def _log(u: Expr) -> Expr:
    return Apply(Head("log", r"\log"), (u,))
