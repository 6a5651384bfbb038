"""What may stand right beside a factor, and where it could be read in two ways.

Here belongs every refusal that answers "a product, or part of what stands before
it?": `1/2x`, `sin 2x`, `e^2x`, `x(y)`, `|a|b|c|`.  The rules look at how the last
factor ends and at the next token or two; they read nothing themselves.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from symderiv.errors import Unreadable
from symderiv.reading.cursor import BRACKETS, Cursor
from symderiv.reading.tokens import Token

Ending: TypeAlias = Literal[
    "number", "symbol", "bracket", "bar", "bare", "bare number", "exponent", "raised", "fraction"
]
"""How the factor that was read last ends; `bare` is a function's argument without brackets,
`raised` an exponent in raised characters, `fraction` a derivative such as dL/dz."""

_BESIDE = ("number", "word", "(", "[", "|", "∂")


class Beside(Cursor):
    """A cursor that remembers how the last factor ended."""

    ending: Ending
    last: Token  # the word of the last symbol; behind a bare argument, of its function

    def stands_beside(self, start: Token, slash: Token | None) -> bool:
        """Whether a factor stands here without a sign; refused where it may mean more.

        `start` begins the product; `slash` is there if the last factor stands below it.
        """
        token = self.token
        if token.kind not in _BESIDE or token.text == "if":
            return False
        if token.kind == "|" and self.in_bar[-1]:
            return False
        if slash is not None:
            raise self._below_or_beside(start, slash)
        self.ends_bare_argument()
        if token.kind == "number":
            hint = "Write x*2 for a product, x^2 for a power, x_2 for an index."
            raise self.refusal(token, "A number cannot stand behind a factor.", hint)
        if self.ending == "exponent" and not token.spaced:
            caret = self.text.rfind("^", 0, token.position)
            inner = self.shown(caret + 1)
            name = self._named(token)
            hint = f"Write ^({inner}*{name}) or ^({inner})*{name}."
            raise self.refusal(token, "Does this belong to the exponent?", hint)
        if token.kind == "|" and self.ending != "bar" and "|" in self._since(start.position):
            raise self.refusal(token, "Which bars belong together?", "Write abs(x)*y.")
        if token.kind in BRACKETS:
            self._before_bracket()
        return True

    def ends_bare_argument(self) -> None:
        """Behind `log x`, only another function cannot belong to the argument."""
        if self.ending not in ("bare", "bare number"):
            return
        sign = self.token.kind if self.token.kind in ("*", "/") else ""
        behind = self.peek() if sign else self.token
        named = behind.kind == "word" and self.words.function(behind) is not None
        if named and (sign or self.ending == "bare"):
            return
        argument = self.shown(self.last.position + len(self.last.raw))
        name, sign, other = self.last.raw, sign or "*", self._named(behind)
        hint = f"Write {name}({argument}{sign}{other}) or {name}({argument}){sign}{other}."
        problem = f"Does this belong to the argument of {name!r}?"
        raise self.refusal(self.token, problem, hint)

    def can_be_raised(self) -> None:
        """Refuse an exponent that may belong to the last factor or to a part of it."""
        problem = "What is raised to this power?"
        if self.ending in ("bare", "bare number"):
            name, argument = self.last.raw, self.shown(self.last.position + len(self.last.raw))
            power = self.peek().raw if self.token.kind == "^" else self.token.text
            hint = f"Write {name}({argument}^{power}) or {name}({argument})^{power}."
            raise self.refusal(self.token, problem, hint)
        if self.ending == "fraction":
            hint = "Write (dL/dz)^2 for a square, D(L, z, 2) for a second derivative."
            raise self.refusal(self.token, problem, hint)

    def can_be_indexed(self) -> None:
        """Refuse `f[x]`, the value of a function to some and an entry to others."""
        word, behind = self.token, self.peek()
        single = self.peek(2).kind == "word" and self.peek(3).kind == "]"
        if behind.kind == "[" and single and self.words.is_lettered(word):
            hint = f"Write {word.raw}(x) for a value, {word.raw}_x for an entry."
            raise self.refusal(behind, f"Is this a value of {word.raw!r}, or its index?", hint)

    def shown(self, start: int) -> str:
        """The text from `start` up to here, short enough for a hint."""
        text = " ".join(self._since(start).split())
        return text if len(text) <= 20 else f"{text[:8]}...{text[-8:]}"

    def _since(self, start: int) -> str:
        return self.text[start : self.token.position]

    def _below_or_beside(self, start: Token, slash: Token) -> Unreadable:
        above = " ".join(self.text[start.position : slash.position].split())
        below, name = self.shown(slash.position + 1), self._named(self.token)
        above = above if len(above) <= 20 else "(...)"
        hint = f"Write ({above}/{below})*{name} or {above}/({below}*{name})."
        return self.refusal(self.token, "Does this stand below the fraction line?", hint)

    def _before_bracket(self) -> None:
        """Refuse a product with a bracket that looks like the value of a function."""
        inner, closing = self.peek(1), self.peek(2)
        atom = inner.kind in ("number", "word") and closing.kind in (")", "]")
        if self.ending == "symbol" and self.words.may_be_function(self.last, holds_atom=atom):
            name = self.last.raw
            hint = f"Write {name}*(...) for a product, or declare {name} as a function."
        elif self.ending == "fraction":
            name, hint = "dL/dz", "Write dL/dz*(...) for a product."
        elif self.ending == "raised" and self.words.is_lettered(self.peek(-2)):
            name = self.peek(-2).raw
            hint = f"Write {name}^2*(...) for a product, {name}(...)^2 for the square of a value."
        else:
            return
        problem = f"Is this a product, or the value of a function {name!r}?"
        raise self.refusal(self.token, problem, hint)

    def _named(self, token: Token) -> str:
        """How a factor that begins with this token is named in a hint."""
        if token.kind == "word" and self.words.function(token):
            return f"{token.raw}(...)"
        return {"(": "(...)", "[": "[...]", "|": "|...|"}.get(token.kind, token.raw)
