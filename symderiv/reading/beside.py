"""What may stand right beside a factor, and where it could be read in two ways.

Here belongs every question "a product, or part of what stands before it?": `1/2x`,
`sin x y`, `e^2x`, `x(y)`, `|a|b|c|`.  The rules look at how the last factor ends and at
the next token or two; they read nothing themselves, and they decide nothing that people
or systems decide in different ways: they list the readings.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from symderiv.errors import Ambiguous
from symderiv.language.expressions import Symbol
from symderiv.reading.cursor import BRACKETS, COMPARISONS, Cursor
from symderiv.reading.tokens import Token

Ending: TypeAlias = Literal[
    "number", "symbol", "bracket", "bar", "bare", "exponent", "fraction", "operator"
]
"""How the factor that was read last ends; `bare` is a function's argument without brackets,
`fraction` a derivative such as dL/dz, `operator` one
such as d/dx with what it differentiates not in brackets."""

BESIDE = frozenset(
    ("number", "word", "(", "[", "\\{", "{", "|", "∂", "frac", "sqrt", "sum", "integral", "accent",
     "indicator", "shown", "begin", "d")
)  # fmt: skip
_SCRIPTS = ("raised", "primes", "layer", "⊤")


BEFORE_GROUP = frozenset(
    ("(", "[", "\\{", "{", "|", ",", ";", "&", "newline", "+", "begin", *COMPARISONS)
)
BEHIND_GROUP = frozenset(
    ("end", ")", "]", "\\}", "}", "|", ",", ";", "&", "newline", "+", "-", "finish", "..",
     *COMPARISONS)
)  # fmt: skip


class Beside(Cursor):
    """A cursor that remembers how the last factor ended."""

    ending: Ending
    body_start = 0  # where that which an operator differentiates begins in the text
    last: Token  # the first token of the last symbol or power; of a bare argument, its function
    base = Symbol("x")  # the last symbol
    last_sum = -1, -1, -1, Symbol("x")  # where a sum, its body and its end stand, and its index
    raised_e = False  # whether the last power is one of e

    def stands_beside(self, start: Token, slash: Token | None) -> bool:
        """Whether a factor stands here without a sign; refused where it may mean more.

        `start` begins the product; `slash` is there if the last factor stands below it.
        """
        token = self.token
        if token.kind not in BESIDE or self.is_condition_word():
            return False
        if token.kind == "|" and (token.text == "right" or (not token.text and self.in_bar[-1])):
            return False
        if slash is not None:
            raise self._below_or_beside(start, slash)
        self.ends_bare_argument()
        if token.kind == "number":
            hint = "Write x*2 for a product, x^2 for a power, x_2 for an index."
            raise self.refusal(token, "A number cannot stand behind a factor.", hint)
        if self.ending == "exponent" and not token.spaced:
            self._in_exponent(token)
        if token.kind == "|" and not token.text and self._stands_between_bars():
            raise self._whose_bars(start)
        if token.kind in BRACKETS:
            self._before_bracket()
        return True

    def ends_bare_argument(self) -> None:
        """Behind `log x`, only another function cannot belong to the argument."""
        sign = self.token.kind if self.token.kind in ("*", "/", "⊙") else ""
        at = self.at + bool(sign)
        if self.ending == "operator":
            raise self._in_operator(sign, at)
        if self.ending != "bare":
            return
        behind = self.tokens[at]
        named = behind.kind == "word" and self.words.function(behind, self.tokens[at + 1])
        if named:
            return
        name, argument = self._bare()
        other = self.piece(at)
        whole = self.joined(sign, argument, other)
        apart = self.joined(sign, f"{name}({argument})", other)
        spoken = name.removeprefix("\\")
        readings = (
            (f"{spoken} of all of it", f"{name}({whole})"),
            (f"{spoken} of {argument} alone", apart),
        )
        problem = f"Does this belong to the argument of {name!r}?"
        span = self.last.position, self._end(self.after(at))
        raise self.ambiguity(self.token, problem, readings, span)

    def _bare(self) -> tuple[str, str]:
        """The function whose argument has no brackets, with its exponent, and the argument."""
        number = next(k for k, token in enumerate(self.tokens) if token is self.last)
        behind = self.tokens[self.after_scripts(number + 1)]
        name = self.shown(self.last.position, behind.position)
        return name, self._unbraced(self.shown(behind.position))

    def _end(self, number: int) -> int:
        """Where the text of the token before this one ends."""
        last = self.tokens[number - 1]
        return last.position + len(last.raw)

    def can_be_raised(self) -> None:
        """Refuse an exponent that may belong to the last factor or to a part of it."""
        problem = "What is raised to this power?"
        if self.ending == "bare":
            power = self._source(self.at, self.after_scripts(self.at))
            name, argument = self._bare()
            spoken = name.removeprefix("\\")
            readings = (
                (f"{spoken} of a power", f"{name}({argument}{power})"),
                (f"a power of {spoken}", f"({name}({argument})){power}"),
            )
            span = self.last.position, self._end(self.after_scripts(self.at))
            raise self.ambiguity(self.token, problem, readings, span)
        if self.ending in ("fraction", "operator"):
            hint = "Write (dL/dz)^2 for a square, D(L, z, 2) for a second derivative."
            raise self.refusal(self.token, problem, hint)

    def can_be_indexed(self) -> None:
        """Refuse `f[x]`, the value of a function to some and an entry to others."""
        word, behind = self.token, self.peek()
        single = self.peek(2).kind == "word" and self.peek(3).kind == "]"
        if behind.kind == "[" and single and self.words.is_lettered(word):
            problem = f"Is this a value of {word.raw!r}, or its index?"
            inner = self.peek(2).raw
            readings = (
                ("a value of the function", f"{word.raw}({inner})"),
                ("an entry", f"{word.raw}_{inner}"),
            )
            raise self.ambiguity(behind, problem, readings)

    def after(self, at: int) -> int:
        """The number of the token behind the factor that begins at number `at`."""
        while self._is_operator(at):
            at = self.after_argument(self.after_argument(at + 1))
        token = self.tokens[at]
        end = at
        match token.kind:
            case "(" | "[" | "\\{" | "{" | "begin" | "|":
                end = self.partner(at) + 1
            case "indicator":
                condition = at + 1 + (self._kind(at + 1) == "_")
                end = self.partner(condition) + 1
            case "frac":
                end = self.after_argument(self.after_argument(at + 1))
            case "accent" | "shown":
                end = self.after_argument(at + 1)
            case "integral":
                last = self.integral_end(at)
                return len(self.tokens) - 1 if last is None else self._behind_differential(last)
            case "sum":
                return self.after_term(self.after_scripts(at + 1))
            case "sqrt":
                optional = self.partner(at + 1) + 1 if self._kind(at + 1) == "[" else at + 1
                end = self.after_argument(optional)
            case _:
                end = min(at + 1, len(self.tokens) - 1)
        end = self.after_scripts(end)
        while token.kind == "word" and self.words.function(token, self.tokens[end]):
            token = self.tokens[end]
            if token.kind in BRACKETS:
                return self.after_scripts(self.partner(end) + 1)
            end = self.after_scripts(min(end + 1, len(self.tokens) - 1))
        return min(end, len(self.tokens) - 1)

    def integral_end(self, at: int) -> int | None:
        """The number of the differential that ends the integral which begins at number `at`."""
        waiting = 0
        while at < len(self.tokens) - 1:
            kind = self._kind(at)
            if kind in (")", "]", "\\}", "}", "finish", ",", ";", "newline", *COMPARISONS):
                return None
            if kind in ("(", "[", "\\{", "{", "begin"):
                at = self.partner(at)
            elif kind == "integral":
                waiting += 1
            elif self._is_differential(at):
                waiting -= 1
                if not waiting:
                    return at
                at = self._behind_differential(at) - 1
            at += 1
        return None

    def _is_differential(self, at: int) -> bool:
        """Whether `dt` stands here, in one word or in two."""
        token, behind = self.tokens[at], self.tokens[at + 1]
        if self.words.is_d(token):
            return behind.kind == "accent" or (
                behind.kind == "word" and self.words.is_symbol(behind)
            )
        return not self.latex and self.words.is_differential(token)

    def _behind_differential(self, at: int) -> int:
        apart = self.words.is_d(self.tokens[at])
        return self.after_scripts(at + 2) if apart else at + 1

    def _is_operator(self, at: int) -> bool:
        """Whether a fraction is `\\frac{d}{dx}`, with what it differentiates behind it."""
        if self._kind(at) != "frac" or self._kind(at + 1) != "{":
            return False
        mark, behind = self.tokens[min(at + 2, len(self.tokens) - 1)], self.partner(at + 1)
        above = mark.kind == "∂" or self.words.is_d(mark)
        return above and self.after_scripts(at + 3) == behind

    def after_term(self, at: int) -> int:
        """The number of the token behind the term that begins at number `at`."""
        while self._kind(at) in ("*", "/", "-", "⊙", "∘") or self._kind(at) in BESIDE:
            at = self.after(at)
        return at

    def after_argument(self, at: int) -> int:
        """The number of the token behind a command's argument, a group or one token."""
        return min(self.partner(at) + 1 if self._kind(at) == "{" else at + 1, len(self.tokens) - 1)

    def after_scripts(self, at: int) -> int:
        """The number of the token behind the exponents and indices that stand at `at`."""
        while True:
            kind = self._kind(at)
            if kind in ("^", "_"):
                at = self.after_argument(at + 1 + (self._kind(at + 1) == "-"))
            elif kind in _SCRIPTS:
                at += 1
            else:
                return min(at, len(self.tokens) - 1)

    def piece(self, at: int) -> str:
        """The text of the factor that begins at number `at`."""
        return self._source(at, self.after(at))

    def _kind(self, at: int) -> str:
        return self.tokens[min(at, len(self.tokens) - 1)].kind

    def _source(self, first: int, behind: int) -> str:
        """The text from one token up to, but not with, another."""
        last = self.tokens[max(behind - 1, first)]
        return self.shown(self.tokens[first].position, last.position + len(last.raw))

    def _stands_between_bars(self) -> bool:
        """Whether a bar stands before, with factors and no sign between: `|a|b` in `|a|b|c|`."""
        for number in range(self.at - 1, -1, -1):
            kind = self.tokens[number].kind
            if kind in ("|", "*", "/", "⊙", "∘", "+", "-", "=", ","):
                return kind == "|" and number < self.at - 1 and not self.tokens[number].text
        return False

    def _since(self, start: Token) -> str:
        return self.text[start.position : self.token.position]

    def _unbraced(self, argument: str) -> str:
        inner = argument[1:-1] if argument.startswith("{") and argument.endswith("}") else argument
        return inner.strip()

    def _in_exponent(self, token: Token) -> None:
        """Ask where an exponent without braces ends: `e^2x`, and `x^2y` in plain text."""
        if self.latex and (token.kind != "word" or not self.raised_e):
            return
        caret = self.text.rfind("^", 0, token.position)
        inner, other = self.shown(caret + 1), self.piece(self.at)
        before = self.shown(self.last.position, caret)
        left, right = ("{", "}") if self.latex else ("(", ")")
        readings = (
            ("all of it raised", f"{before}^{left}{self.product(inner, other)}{right}"),
            (f"{inner} alone raised", self.product(f"{before}^{left}{inner}{right}", other)),
        )
        span = self.last.position, self._end(self.after(self.at))
        raise self.ambiguity(token, "Does this belong to the exponent?", readings, span)

    def _whose_bars(self, start: Token) -> Ambiguous:
        """The question which bars of `|a|b|c|` belong together."""
        parts = self._since(start).strip().strip("|").split("|")
        rest = self.text[self.token.position :].partition("|")[2].partition("|")[0]
        names = [part.strip() for part in (*parts, rest)]
        inner = self.product(self.product(names[0], f"abs({names[1]})"), names[-1])
        outer = self.product(self.product(f"abs({names[0]})", names[1]), f"abs({names[-1]})")
        readings = (("one absolute value in another", f"abs({inner})"),
                    ("two absolute values and a factor between", outer))  # fmt: skip
        return self.ambiguity(self.token, "Which bars belong together?", readings)

    def _below_or_beside(self, start: Token, slash: Token) -> Ambiguous:
        above = self.shown(start.position, slash.position)
        below, other = self.shown(slash.position + len(slash.raw)), self.piece(self.at)
        over = above if above.isalnum() else f"({above})"
        readings = (
            (f"{other} beside the fraction", self.product(f"({above}/{below})", other)),
            (f"{other} below the line", f"{over}/({self.product(below, other)})"),
        )
        span = start.position, self._end(self.after(self.at))
        problem = "Does this stand below the fraction line?"
        return self.ambiguity(self.token, problem, readings, span)

    def _in_operator(self, sign: str, at: int) -> Ambiguous:
        """The question how far d/dx reaches."""
        other, operator = self.piece(at), self.shown(self.last.position, self.body_start)
        body = self.shown(self.body_start)
        whole = self.joined(sign, body, other)
        alone = self.joined(sign, f"({operator}({body}))", other)
        readings = (("the derivative of all of it", f"{operator}({whole})"),
                    (f"the derivative of {body} alone", alone))  # fmt: skip
        return self.ambiguity(self.token, "How far does the derivative reach?", readings)

    def _derivative_or_product(self) -> Ambiguous:
        """The question what `D_x(x^2)` means."""
        content, name = self.piece(self.at), self.shown(self.last.position)
        variables = ", ".join(str(index) for index in self.base.indices)
        readings = (
            ("the derivative", f"D({content}, {variables})"),
            ("a product", self.product(name, content)),
        )
        return self.ambiguity(self.token, f"Is {name!r} the derivative?", readings)

    def _before_bracket(self) -> None:
        """Refuse a product with a bracket that looks like the value of a function."""
        inner, closing = self.peek(1), self.peek(2)
        atom = inner.kind in ("number", "word") and closing.kind in (")", "]", "\\}")
        if self.ending == "symbol" and self.base.name == "D" and self.base.indices:
            raise self._derivative_or_product()
        if self.ending == "symbol" and self.words.may_be_function(self.base, holds_atom=atom):
            name, content = self.shown(self.last.position), self.piece(self.at)
        elif self.ending == "fraction":
            hint = "Write dL/dz*(...) for a product."
            raise self.refusal(self.token, "Is this a product, or the value of dL/dz?", hint)
        else:
            return
        readings = (
            ("a product", self.product(name, content)),
            (f"the value of a function {name}, once it is declared", f"f{content}"),
        )
        problem = f"Is this a product, or the value of a function {name!r}?"
        raise self.ambiguity(self.token, problem, readings)
