"""The place in the text where the reader stands, the brackets open there, and how it refuses.

Here belongs what every part of the grammar needs: taking a token, opening and
closing brackets, counting how deep they nest, and the words of a refusal.  What may
follow what stands in `reader` and `forms`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from symderiv.errors import Ambiguous, Reading, Unreadable
from symderiv.language.expressions import Expr
from symderiv.language.names import Names
from symderiv.reading.tokens import CONDITION_WORDS, TOKENS, Token, fonts
from symderiv.reading.words import Words

DEPTH = 60
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
BRACKETS = ("(", "[", "\\{")
_CLOSING = {"(": ")", "[": "]", "|": "|", "\\{": "\\}", "{": "}"}


class Cursor(ABC):
    """A position in the tokens of a text, moved forward by whatever is read."""

    at: int
    token: Token

    def __init__(self, text: str, names: Names, tokens: list[Token], *, latex: bool) -> None:
        self.text, self.words, self.tokens = text, Words(text, names), tokens
        self.by = names.by
        self.latex = latex
        self.entries = not latex or ("\\" not in text and "$" not in text)  # W[1,1] is an entry
        if latex:
            fonts(tokens, text)
            self._part_letters()
        else:
            self._part_layers()
        self._partners: dict[int, int] | None = None
        self.go_to(0)
        self.depth = 0
        self.in_bar = [False]  # for each open bracket, whether it is the first | of |x|

    def _part_letters(self) -> None:
        """In LaTeX letters side by side are factors, unless they spell a word that is known."""
        parted: list[Token] = []
        lowered = [False]  # for each open brace, whether it stands in an index
        for token in self.tokens:
            run = token.kind == "word" and len(token.raw) > 1 and token.raw.isalpha()
            if token.kind == "{":
                lowered.append(lowered[-1] or self._begins_index(parted))
            elif token.kind == "}" and len(lowered) > 1:
                lowered.pop()
            if run and token.raw.isascii() and not lowered[-1] and not self.words.is_word(token):
                parted += self._parted(token, parted)
            else:
                parted.append(token)
        if len(parted) > TOKENS + 1:
            raise self.refusal(parted[TOKENS], f"A formula has at most {TOKENS:,} tokens.",
                               "Split it up.")  # fmt: skip
        self.tokens = parted

    def _part_layers(self) -> None:
        """Behind ^ in plain text `L_j` is a layer and an index of what stands before: `z^L_j`."""
        parted: list[Token] = []
        for token in self.tokens:
            name, sign, index = token.text.partition("_")
            if parted and parted[-1].kind == "^" and sign and name in ("l", "L"):
                place = token.position
                parted.append(Token("word", name, place, token.spaced, name))
                parted.append(Token("_", "_", place + 1, False, "_"))
                kind = "number" if index.isdigit() else "word"
                token = Token(kind, index, place + 2, False, index)
            parted.append(token)
        self.tokens = parted

    def _begins_index(self, before: list[Token]) -> bool:
        """Whether a brace behind these tokens opens an index, and no condition or sum."""
        if not before or before[-1].kind != "_":
            return False
        return len(before) < 2 or before[-2].kind not in ("indicator", "sum", "number")

    def _parted(self, token: Token, parted: list[Token]) -> list[Token]:
        """The letters of a run; behind `_` and `^` only the first is raised or lowered by TeX."""
        before = parted[-1].kind if parted else ""
        if before in ("_", "^"):
            base = parted[-2].raw if len(parted) > 1 else "x"
            write = f"{base}{before}{{{token.raw}}}"
            one = rf"{base}{before}{{{token.raw[0]}}} \cdot {token.raw[1:]}"
            sign = "lowered" if before == "_" else "raised"
            readings = (Reading(f"all of it {sign}", write), Reading("only the first letter", one))
            problem = f"How much of {token.raw!r} is {sign}?"
            raise Ambiguous(self.text, token.position, problem, readings)
        return self.words.letters(token)

    @abstractmethod
    def comparison(self) -> Expr:
        """Read a chain of comparisons, or what `arithmetic` reads."""

    @abstractmethod
    def arithmetic(self) -> Expr:
        """Read a sum or anything that binds more tightly."""

    def peek(self, ahead: int = 1) -> Token:
        """A token further on (or back); beyond the text, its end (or beginning)."""
        at = self.at + ahead
        return self.tokens[at] if 0 <= at < len(self.tokens) else self.tokens[-(at > 0)]

    def take(self) -> Token:
        """The token that stands here, and one step forward; the end is never passed."""
        token = self.token
        if token.kind != "end":
            self.at += 1
            self.token = self.tokens[self.at]
        return token

    def go_to(self, at: int) -> None:
        """Stand before the token of this number."""
        self.at, self.token = at, self.tokens[at]

    def takes(self, kind: str) -> bool:
        """Whether a token of this kind stands here; if so it is taken."""
        if self.token.kind != kind:
            return False
        self.take()
        return True

    def is_condition_word(self) -> bool:
        """Whether the word of a condition stands here: if, for, otherwise."""
        return self.token.kind == "word" and self.token.text in CONDITION_WORDS

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
        if self.token.kind == wanted and self.token.text != "left":
            self.take()
            self.in_bar.pop()
            self.depth -= 1
            return
        unclosed = self.partner(self.tokens.index(opening)) == len(self.tokens) - 1
        if self.token.kind == "end" or unclosed:
            hint = f"Write {wanted!r} where it ends."
            raise self.refusal(opening, f"This {opening.kind!r} is never closed.", hint)
        closing = self.token.kind in (")", "]", "}", "\\}")
        hint = f"{wanted!r} would close the {opening.kind!r} before it." if closing else ""
        raise self.unexpected(hint)

    def replace_tokens(self, tokens: list[Token]) -> None:
        """Read these tokens instead, from the first."""
        self.tokens, self._partners = tokens, None
        self.go_to(0)

    def partner(self, at: int) -> int:
        """The number of the token that closes the bracket at `at`; without one, the last."""
        if self._partners is None:
            self._partners = _pairs(self.tokens)
        return self._partners.get(at, len(self.tokens) - 1)

    def end(self) -> None:
        """Nothing may follow but the full stop of the sentence in which LaTeX stands."""
        if self.latex and self.token.kind in (".", ",", ";") and self.peek().kind == "end":
            self.take()
        if self.token.kind != "end":
            raise self.unexpected()

    def shown(self, start: int, stop: int | None = None) -> str:
        """The text from `start` up to `stop`, or up to here, for a hint."""
        stop = self.token.position if stop is None else stop
        text = " ".join(self.text[start:stop].split())
        return text if len(text) <= 80 else f"{text[:38]}...{text[-38:]}"

    def refusal(self, token: Token, problem: str, hint: str = "") -> Unreadable:
        """The refusal of the text with the caret under `token`."""
        return Unreadable(self.text, token.position, problem, hint)

    def ambiguity(
        self,
        token: Token,
        problem: str,
        readings: Sequence[tuple[str, str]],
        span: tuple[int, int] | None = None,
    ) -> Ambiguous:
        """The question what the text at `token` means: each reading in words, and as written in
        the place of `span`."""
        ways = tuple(Reading(*reading) for reading in readings)
        return Ambiguous(self.text, token.position, problem, ways, span)

    def product(self, left: str, right: str) -> str:
        """How a product of two pieces of this text is written unmistakably."""
        return rf"{left} \cdot {right}" if self.latex else f"{left}*{right}"

    def joined(self, sign: str, left: str, right: str) -> str:
        """Two pieces of this text under a sign `/`, `⊙`, or any other for a product."""
        if sign == "⊙":
            return rf"{left} \odot {right}" if self.latex else f"hadamard({left}, {right})"
        return f"{left}/{right}" if sign == "/" else self.product(left, right)

    def unexpected(self, hint: str = "") -> Unreadable:
        """The refusal of the token that stands here, since nothing that was read needs it."""
        token = self.token
        if token.kind == "end":
            problem = "The text ends where a number, a name or a bracket should follow."
            return self.refusal(token, problem, hint or "Finish the formula, or leave its end out.")
        if token.kind == "note" or token.raw.startswith("\\text"):
            hint = "Leave remarks out; a name is one word, \\text{loss}, and is declared."
            return self.refusal(token, "Words are no part of a formula.", hint)
        if token.kind == "_" and self.peek(-1).kind == "|":
            hint = "Values at a point are not read: write the derivative itself."
        if not hint:
            hint = _UNEXPECTED.get(token.kind, "")
        if token.kind in COMPARISONS:
            hint = "A comparison stands alone, or in cases(...) and indicator(...)."
        if token.kind == "word" and not self.words.is_known(token):
            return self.words.unknown(token)
        return self.refusal(token, f"{token.raw!r} cannot stand here.", hint)


def _pairs(tokens: Sequence[Token]) -> dict[int, int]:
    """For the number of each opening bracket or bar, that of the one that closes it."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for number, token in enumerate(tokens):
        bar = token.kind == "|"
        inside = bar and waiting and tokens[waiting[-1]].kind == "|" and token.text != "left"
        closes = inside or token.kind in (")", "]", "\\}", "}", "finish") or token.text == "right"
        if closes and waiting:
            pairs[waiting.pop()] = number
        elif bar or token.kind in ("(", "[", "\\{", "{", "begin"):
            waiting.append(number)
    return pairs


_UNEXPECTED = {
    ")": "No '(' is open here.",
    "]": "No '[' is open here.",
    "}": "No '{' is open here.",
    "\\}": "No '\\{' is open here.",
    ",": "Commas separate the arguments of a function; a decimal has a point, 0.5.",
    ";": "Semicolons separate the pieces of { z if z > 0; 0 if z <= 0 }.",
    "+": "A plus stands between two terms.",
    "*": "A product needs a factor on either side.",
    "/": "A quotient needs something above and below.",
    "^": "A power needs a base.",
    "_": "An index stands behind a symbol: x_1, yhat_i.",
    "raised": "A power needs a base.",
    "⊙": "An elementwise product needs a factor on either side.",
    "∘": "Write f(g(x)) for a composition, and radians for degrees: 180 of them are pi.",
    "⊤": "A transpose stands behind a matrix, W^T.",
    "primes": "A prime stands behind a function's name, f'(x); else write D(y, x).",
    "layer": "Braces name a layer right behind a symbol, z{2}; use parentheses for grouping.",
    "{": "Braces stand behind ^ and _; use parentheses for grouping.",
    "&": "It stands between the columns of cases, matrices and align only.",
    "newline": "Several lines are read by read_lines.",
    "begin": "cases and bmatrix are read, and align by read_lines.",
    "finish": "No environment of this name is open here.",
    ".": "A decimal has digits behind its point, 0.5; a product is written with \\cdot.",
    "..": "Two points stand in sum(x_j, j = 1..n); a decimal has one.",
    "|": "Bars come in pairs, |x|; write abs(x).",
    "word": "A condition belongs to cases(value if condition, ...).",
}
