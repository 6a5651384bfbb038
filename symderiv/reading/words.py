"""What a name means: a function, a constant, a symbol with its accent and indices, or nothing.

Here belongs every decision about one word alone, and the hints for a word that
means nothing.  A word of several letters is never taken for a product of its
letters: `wx` is a typo, a name that was not declared, or a product, and only the
person who typed it knows.  What stands around a word is the reader's business.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from symderiv.errors import Unreadable
from symderiv.language.expressions import Expr, Head, Number, Symbol
from symderiv.language.names import Names
from symderiv.reading.tokens import ACCENTS, GREEK, Token

FORMS = {"D": "(", "partial": "(", "cases": "(", "sum": "(", "indicator": "(["}
"""Words that mean something in front of a bracket, whatever is declared, and which brackets."""

LETTERED = ("f", "g", "h")
"""Letters that are functions in front of a bracket, where nothing else is declared."""

_GREEK_WORDS = tuple(dict.fromkeys(GREEK.values()))
_STEM = re.compile(rf"([A-Za-z]|{'|'.join(_GREEK_WORDS)})({'|'.join(ACCENTS)})?")
_ACCENT_AS_INDEX = re.compile(rf"_({'|'.join(ACCENTS)})(?=_|$)")
_WHOLE = re.compile(r"(.*?[A-Za-z])([0-9]*)(?:_(.*))?")


class Words:
    """The meaning of words in one text under the declared names."""

    def __init__(self, text: str, names: Names) -> None:
        self._text, self._names = text, names

    def function(self, token: Token, behind: Token | None = None) -> Head | None:
        """The function of this spelling; `behind` is the token that follows, where it matters."""
        follows = behind.kind if behind else ""
        head = self._function(token)
        if self.declared(token) is None:
            lettered = token.text in LETTERED and follows in ("(", "primes")
            return Head(token.text) if head is None and lettered else head
        if head and follows in ("(", "[", "primes"):
            hint = f"Write {head.name}(...) for the function, {token.raw}*(...) for a product."
            problem = f"{token.raw!r} is declared as a symbol and as a function."
            raise Unreadable(self._text, token.position, problem, hint)
        return None

    def _function(self, token: Token) -> Head | None:
        """The declared function of this spelling, or exp and abs, which need no declaration."""
        functions = self._names.functions
        found = functions.get(token.raw) or functions.get(token.text)
        return Head(token.text) if found is None and token.text in ("exp", "abs") else found

    def is_lettered(self, token: Token) -> bool:
        """Whether a word is f, g or h and nothing that was declared."""
        undeclared = self._function(token) is None and self.declared(token) is None
        return undeclared and token.text in LETTERED

    def is_constant(self, token: Token) -> bool:
        """Whether a word is e or pi, and no symbol of the problem."""
        return token.text in ("e", "pi") and self.declared(token) is None

    def arity(self, token: Token, head: Head) -> int | None:
        """How many arguments a function takes: one unless its names say otherwise; for an
        undeclared f, None: any number."""
        return self._names.arity.get(head.name, 1 if self._function(token) else None)

    def check_count(self, token: Token, head: Head, count: int, order: int) -> None:
        """Refuse a function with more or fewer arguments than it takes; a prime takes one."""
        arity = 1 if order else self.arity(token, head)
        if arity not in (None, count):
            problem = f"{token.raw!r} takes {_counted(arity)}; here it has {_counted(count)}."
            raise Unreadable(self._text, token.position, problem)

    def may_be_function(self, token: Token, *, holds_atom: bool) -> bool:
        """Whether a symbol in front of a bracket looks like a function: f_1(...), x(y)."""
        whole = _WHOLE.fullmatch(_ACCENT_AS_INDEX.sub(r"\1", token.text))
        base = whole[1] if whole else token.text
        if self.declared(token) or base in self._names.symbols:
            return False
        stem = _STEM.fullmatch(base)
        name = stem[1] if stem else base
        return holds_atom or name in LETTERED or name in self._names.functions

    def declared(self, token: Token) -> Symbol | None:
        """The declared symbol of exactly this spelling."""
        symbols = self._names.symbols
        return symbols.get(token.raw) or symbols.get(token.text)

    def symbol(self, token: Token, skip: int = 0) -> Symbol:
        """The symbol that a word names, without its first `skip` letters (the d of `dyhat`)."""
        declared = self._names.symbols.get(token.raw[skip:])
        return declared or self._symbol(token, token.text[skip:])

    def layered(self, token: Token, skip: int = 0) -> Symbol:
        """As `symbol`, for a word before `[`: digits behind the name are its layer, `W1[1,1]`."""
        text = token.text[skip:]
        stem = text.rstrip("0123456789")
        if stem == text or "_" in text or text in self._names.symbols:
            return self.symbol(token, skip)
        base = self._symbol(token, stem)
        if base.layer or base.indices:
            raise self.unknown(token)
        return Symbol(base.name, base.accent, text[len(stem) :])

    def is_differential(self, token: Token) -> bool:
        """Whether a word reads as d and a symbol, as in `dL/dz`, and is not declared itself."""
        if token.kind != "word" or token.text[0] != "d" or token.text[1:] in ("", *ACCENTS):
            return False
        declared = self.declared(token) or self._function(token)
        return declared is None and self.is_symbol(token, 1)

    def is_symbol(self, token: Token, skip: int = 0) -> bool:
        """Whether a word, without its first `skip` letters, is a symbol and nothing else."""
        word = token._replace(text=token.text[skip:], raw=token.raw[skip:])
        if self.is_constant(word) or self._function(word):
            return False
        try:
            self.symbol(word)
        except Unreadable:
            return False
        return True

    def unknown(self, token: Token) -> Unreadable:
        """The refusal of a word that means nothing, with the nearest that does."""
        guesses = self._guesses(token.text)
        hint = "Declare it, or write one letter."
        if guesses:
            hint = f"Did you mean {' or '.join(guesses)}?"
        return Unreadable(self._text, token.position, f"Unknown name {token.raw!r}.", hint)

    def _symbol(self, token: Token, text: str) -> Symbol:
        if text in self._names.symbols:
            return self._names.symbols[text]
        whole = _WHOLE.fullmatch(_ACCENT_AS_INDEX.sub(r"\1", text))
        base = whole and self._base(whole[1])
        if not whole or not base:
            raise self.unknown(token)
        digits, index = whole[2], whole[3]
        if not digits and index is None:
            return base
        if (digits and index is not None) or base.indices:
            hint = "Several indices stand in brackets, x[1,2]."
            raise Unreadable(self._text, token.position, f"Two indices in {token.raw!r}.", hint)
        indices = tuple(self._index(token, item) for item in (digits or index).split(","))
        return Symbol(base.name, base.accent, base.layer, indices)

    def _base(self, stem: str) -> Symbol | None:
        """A name without indices: declared, or a letter, either with an accent."""
        symbols = self._names.symbols
        if stem in symbols:
            return symbols[stem]
        found = _STEM.fullmatch(stem)
        if found:
            return Symbol(found[1], found[2] or "")
        for accent in ACCENTS:
            bare = symbols.get(stem.removesuffix(accent)) if stem.endswith(accent) else None
            if bare and not (bare.accent or bare.indices or bare.layer):
                return Symbol(bare.name, accent)
        return None

    def _index(self, token: Token, item: str) -> Expr:
        if item.isdigit():
            return Number(item)
        index = self._base(item)
        if index is None:
            hint = "An index is a number or a letter, x_1, yhat_i; several in brackets, W[i,j]."
            raise Unreadable(self._text, token.position, f"{item!r} is no index.", hint)
        return index

    def _guesses(self, text: str) -> list[str]:
        if len(text) > 30:
            return []
        stem = text.partition("_")[0]
        functions = [*self._names.functions, "exp", "abs"]
        for name in functions:
            if stem.startswith(name) and _STEM.fullmatch(stem[len(name) :]):
                return [f"{name}({stem[len(name) :]})"]
            if stem.endswith(name) and _STEM.fullmatch(stem[: -len(name)]):
                return [f"{stem[: -len(name)]}*{name}(...)"]
        guesses = ["*".join(stem)] if len(stem) < 4 and stem.isalpha() else []
        if text.startswith("d") and _STEM.fullmatch(text[1:]):
            guesses.append(f"D(..., {text[1:]})")
        known = [*functions, *FORMS, *self._names.symbols, *_GREEK_WORDS]
        nearest = get_close_matches(stem.lower(), [k for k in known if len(k) > 1], 1, 0.7)
        return guesses + [repr(name) for name in nearest]


def _counted(count: int | None) -> str:
    return "1 argument" if count == 1 else f"{count} arguments"
