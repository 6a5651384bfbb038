"""The place in the text where the reader stands, the brackets open there, and how it refuses.

Here belongs what every part of the grammar needs: taking a token, opening and
closing brackets, counting how deep they nest, symbols with their indices, and the
words of a refusal.  What may follow what stands in `reader` and `forms`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from symderiv.errors import Unreadable
from symderiv.language.expressions import Expr, Number, Symbol
from symderiv.language.names import Names
from symderiv.reading.tokens import Token, tokenize
from symderiv.reading.words import Words

DEPTH = 60
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
BRACKETS = ("(", "[")
_CLOSING = {"(": ")", "[": "]", "|": "|"}


class Cursor(ABC):
    """A position in the tokens of a text, moved forward by whatever is read."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.words, self.tokens = text, Words(text, names), tokenize(text)
        self.go_to(0)
        self.depth = 0
        self.in_bar = [False]  # for each open bracket, whether it is the first | of |x|

    @abstractmethod
    def comparison(self) -> Expr:
        """Read a chain of comparisons, or what `arithmetic` reads."""

    @abstractmethod
    def arithmetic(self) -> Expr:
        """Read a sum or anything that binds more tightly."""

    def peek(self, ahead: int = 1) -> Token:
        """A token further on (or back); beyond the text, its end (or beginning)."""
        return self.tokens[max(0, min(self.at + ahead, len(self.tokens) - 1))]

    def take(self) -> Token:
        """The token that stands here, and one step forward; the end is never passed."""
        token = self.token
        if token.kind != "end":
            self.go_to(self.at + 1)
        return token

    def go_to(self, at: int) -> None:
        """Stand before the token of this number."""
        self.at, self.token = at, self.tokens[at]

    def takes(self, kind: str) -> bool:
        """Whether a token of this kind stands here; if so it is taken."""
        found = self.token.kind == kind
        if found:
            self.take()
        return found

    def touches(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds stands here with no blank before it."""
        return self.token.kind in kinds and not self.token.spaced

    def deepen(self) -> None:
        """One level deeper; the caller takes it back when the level is read."""
        self.depth += 1
        if self.depth > DEPTH:
            problem = f"This is nested more than {DEPTH} deep."
            raise self.refusal(self.token, problem, "Give a name to an inner part.")

    def open(self, *, bar: bool = False) -> Token:
        """Take the bracket that stands here."""
        self.deepen()
        self.in_bar.append(bar)
        return self.take()

    def close(self, opening: Token) -> None:
        """Take the bracket that closes `opening`."""
        wanted = _CLOSING[opening.kind]
        if self.token.kind == "end":
            raise self.refusal(opening, f"This {opening.kind!r} is never closed.")
        if self.token.kind != wanted:
            closing = self.token.kind in (")", "]")
            hint = f"{wanted!r} would close the {opening.kind!r} before it." if closing else ""
            raise self.unexpected(hint)
        self.take()
        self.in_bar.pop()
        self.depth -= 1

    def end(self) -> None:
        """Nothing may follow."""
        if self.token.kind != "end":
            raise self.unexpected()

    def symbol(self, skip: int = 0) -> Symbol:
        """A symbol with the layer and indices behind it; `skip` leaves out a d in front."""
        token = self.take()
        if self.touches("layer"):
            symbol = self.words.symbol(token, skip)
            if symbol.layer or symbol.indices:
                raise self.refusal(self.token, f"{token.raw!r} takes no layer.")
            symbol = Symbol(symbol.name, symbol.accent, self.take().text)
        elif self.touches("["):
            symbol = self.words.layered(token, skip)
        else:
            return self.words.symbol(token, skip)
        if not self.touches("["):
            return symbol
        if symbol.indices:
            hint = "All indices stand in one bracket, W[1,1]; a product is written with *."
            raise self.refusal(self.token, f"{token.raw!r} has an index already.", hint)
        return symbol.at(*self.indices())

    def indices(self) -> list[Expr]:
        """The indices in brackets behind a symbol: numbers and symbols."""
        opening, indices = self.open(), [self._index()]
        while self.takes(","):
            indices.append(self._index())
        if self.token.kind not in ("]", "end"):
            raise self._no_index()
        self.close(opening)
        return indices

    def _index(self) -> Expr:
        if self.token.kind == "word":
            return self.symbol()
        if self.token.kind != "number" or not self.token.text.isdecimal():
            raise self._no_index()
        return Number(self.take().text)

    def _no_index(self) -> Unreadable:
        hint = "An index is a number or a symbol, W[1,j]; a product is written with *, x*(1 - x)."
        return self.refusal(self.token, "This cannot be an index.", hint)

    def refusal(self, token: Token, problem: str, hint: str = "") -> Unreadable:
        """The refusal of the text with the caret under `token`."""
        return Unreadable(self.text, token.position, problem, hint)

    def unexpected(self, hint: str = "") -> Unreadable:
        """The refusal of the token that stands here, since nothing that was read needs it."""
        token = self.token
        if token.kind == "end":
            problem = "The text ends where a number, a name or a bracket should follow."
            return self.refusal(token, problem, hint)
        if not hint:
            hint = _UNEXPECTED.get(token.kind, "")
        if token.kind in COMPARISONS:
            hint = "A comparison stands alone, or in cases(...) and indicator(...)."
        return self.refusal(token, f"{token.raw!r} cannot stand here.", hint)


_UNEXPECTED = {
    ")": "No '(' is open here.",
    "]": "No '[' is open here.",
    ",": "Commas separate the arguments of a function; a decimal has a point, 0.5.",
    "+": "A plus stands between two terms.",
    "*": "A product needs a factor on either side.",
    "/": "A quotient needs something above and below.",
    "^": "A power needs a base.",
    "raised": "A power needs a base.",
    "primes": "A prime stands behind a function's name, f'(x); else write D(y, x).",
    "layer": "Braces name a layer right behind a symbol, z{2}; use parentheses for grouping.",
    "..": "Two points stand in sum(x_j, j = 1..n); a decimal has one.",
    "word": "It belongs to cases(value if condition, ...).",
}
