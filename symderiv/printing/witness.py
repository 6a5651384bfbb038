"""latex2sympy2 as a witness: a reader of LaTeX that shares no code with us.

It is the only place that imports it, and it mends what is broken in its release 1.9.1.  A
reader that is right in 59 of 118 formulas and silently wrong in 21 is no reader for what
students type; over the narrow dialect of `foreign` it was never wrong.  Only text that went
through `foreign` is ever given to it.
"""

from __future__ import annotations

import re
import sys
import typing
import warnings
from fractions import Fraction
from importlib.metadata import version
from types import ModuleType
from typing import Any, Final, cast

from symderiv.errors import Mistake
from symderiv.printing.foreign import KNOWN_FUNCTIONS, Part, Statement, Unread
from symderiv.printing.shapes import Shape, name, number, power, product, total

RELEASE: Final = "1.9.1"
_SYMBOL: Final = re.compile(r"v_\{?(\d+)\}?")
_FUNCTIONS: Final = {
    **{known: known for known in KNOWN_FUNCTIONS},
    **{f"a{known[3:]}": known for known in KNOWN_FUNCTIONS if known.startswith("arc")},
    "Abs": "abs",
}


def _library() -> ModuleType:
    """latex2sympy2; `Mistake` where it is not installed, or in another release."""
    if not hasattr(typing, "io"):  # gone since Python 3.13; its antlr4 4.7.2 imports it
        stand_in = ModuleType("typing.io")
        vars(stand_in).update(IO=typing.IO, TextIO=typing.TextIO, BinaryIO=typing.BinaryIO)
        sys.modules.setdefault("typing.io", stand_in)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own, of typing.io and of its escapes
            import latex2sympy2  # lazily: an extra, and 600 ms
        if version("latex2sympy2") == RELEASE:
            return cast("ModuleType", latex2sympy2)
    except ImportError:  # the answer is the same as for another release
        pass
    raise Mistake(
        f"Proof-reading needs latex2sympy2 {RELEASE}: pip install symderiv[proofread]"
    ) from None


class Witness:
    """One run: what was read once is not read again."""

    def __init__(self) -> None:
        self._library = _library()
        self._known: dict[str, Any] = {}

    def shape(self, statement: Statement) -> Shape:
        """The shape of what is read; `Unread` where it cannot be read."""
        sides = [_shape(self.read(side.text), self._parts(side.parts)) for side in statement.sides]
        return ("relation", " ".join(statement.signs), *sides) if statement.signs else sides[0]

    def _parts(self, parts: tuple[Part, ...]) -> list[Shape]:
        return [self._part(*part) for part in parts]

    def _part(self, label: tuple[str, ...], inside: tuple[Statement, ...]) -> Shape:
        match label:
            case ("name", spelled):
                return name(spelled)
            case ("number", digits):
                return number(Fraction(digits))
            case _:
                return *label, *map(self.shape, inside)

    def read(self, text: str) -> Any:
        """Text of the plain dialect as a SymPy expression, with nothing evaluated."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> Any:
        library: Any = self._library
        # what it keeps from one formula to the next: after one `dx`, `var` is no table any more
        library.var, library.variances, library.VARIABLE_VALUES = {}, {}, {}
        library.is_real = None
        try:
            found = library.latex2sympy(f"( {text} )")  # else it ignores what it cannot read
        except Exception as refusal:  # it raises bare Exceptions, and AttributeError and others
            raise Unread(
                f"latex2sympy2 cannot read it: {str(refusal).partition(chr(10))[0]}"
            ) from None
        if not hasattr(found, "args"):
            raise Unread("latex2sympy2 does not read it as an expression")
        return found


def _shape(node: Any, parts: list[Shape]) -> Shape:
    """The shape of a SymPy expression in which `v_k` stands for the k-th part."""
    if node.is_Symbol:
        return _stand_in(node.name, parts)
    if node.is_Rational:
        return number(Fraction(int(node.p), int(node.q)))
    kind = node.func.__name__
    if kind == "Sum":
        found = _shape(node.args[0], parts)
        for limits in node.args[1:]:  # a sum of a sum is one with two limits, the inner one first
            found = ("sum", found, *(_shape(part, parts) for part in limits))
        return found
    if kind == "log" and str(node.args[1:]) == "(E,)":
        return "call", "log", _shape(node.args[0], parts)
    inside = [_shape(part, parts) for part in node.args]
    if kind in ("Add", "Mul"):
        return total(inside) if kind == "Add" else product(inside)
    if kind == "Pow":
        return power(*inside)
    if kind in _FUNCTIONS and len(inside) == 1:
        return "call", _FUNCTIONS[kind], *inside
    raise Unread(f"latex2sympy2 reads a {kind}")


def _stand_in(spelled: str, parts: list[Shape]) -> Shape:
    found = _SYMBOL.fullmatch(spelled)
    if found is None or not 1 <= int(found[1]) <= len(parts):
        raise Unread(f"latex2sympy2 reads a name {spelled}")
    return parts[int(found[1]) - 1]
