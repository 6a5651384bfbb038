"""The values of functions as people write them: `sin(x)`, `log yhat`, `sin^2 x`, `f''(x)`.

Here belongs what may stand between a function's name and its argument, and where an
argument without brackets ends.  What a word means stands in `words`.
"""

from __future__ import annotations

from abc import abstractmethod

from symderiv.errors import Unreadable
from symderiv.language.build import E
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Constant,
    Expr,
    Head,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Symbol,
)
from symderiv.reading.cursor import BRACKETS
from symderiv.reading.derivatives import Derivatives
from symderiv.reading.tokens import Token
from symderiv.reading.words import INVERTIBLE

_OPERAND = frozenset(
    ("number", "word", "|", "frac", "sqrt", "accent", "{", "∂", "indicator", "shown", "begin")
)


class Functions(Derivatives):
    """A cursor that reads the values of functions."""

    @abstractmethod
    def operand(self) -> Expr:
        """Read a number, a name with what belongs to it, or something in brackets."""

    @abstractmethod
    def bracket(self) -> Expr:
        """Read what stands in brackets or bars."""

    @abstractmethod
    def minus_signs(self) -> int:
        """Read minus signs."""

    @abstractmethod
    def negated(self, expr: Expr, minus: int) -> Expr:
        """An expression behind this many minus signs."""

    def coefficient_and_factor(self) -> Expr:
        """Numbers, and one factor behind them: `3x^2`."""
        factors = [self.factor()]
        while _is_coefficient(factors[-1]) and self._is_name():
            factors.append(self.factor())
        return product_of(factors)

    def function(self, head: Head) -> Expr:
        """A function's value: `sin(x)`, `f''(x)`, `sin^2(x)`, `log yhat`."""
        word = self.last = self.take()
        if self.token.kind == "_" and word.text in ("log", "ln"):
            head = self._to_a_base(word)
        order = self._order_of_prime(word)
        power: Expr | None = None
        if not order and self.token.kind in ("^", "raised"):
            head, power = self.function_power(word, head)
        if self.token.kind == "_":
            self._refuse_base(word)
        if self.token.kind in BRACKETS:
            arguments = self.arguments(word)
            if head.below and self.token.kind == "_":
                arguments += self.lowered(Symbol("x")).indices
        else:
            arguments = [self.bare_argument(word, head, order)]
        self.words.check_count(word, head, len(arguments), order)
        expr = _applied(head, order, arguments)
        return Power(expr, power) if power else expr

    def _to_a_base(self, word: Token) -> Head:
        """The logarithm to the base that stands low behind the word, where there is such a one."""
        grouped = self.peek().kind == "{"
        base, behind = self.peek(1 + grouped), self.after_argument(self.at + 1)
        alone = grouped or len(base.text) == 1 or not self.latex
        named = base.kind in ("number", "word")
        head = self.words.logarithm(base.text) if named and alone else None
        if head is None or behind != self.at + 2 + 2 * grouped:
            self._refuse_base(word)
        else:
            self.go_to(behind)
        return head or Head(word.text)

    def _refuse_base(self, word: Token) -> None:
        if word.text in ("log", "ln"):
            hint = "Write \\frac{\\ln x}{\\ln 2}." if self.latex else "Write ln(x)/ln(2)."
            problem = "The base of a logarithm is a whole number from 2 on, or one letter."
            raise self.refusal(self.token, problem, hint)
        hint = f"Give it a name of its own, or write {word.raw}(...)."
        raise self.refusal(self.token, f"The function {word.raw!r} takes no index.", hint)

    def _order_of_prime(self, word: Token) -> int:
        """How often a function is differentiated: f'', f^{\\prime}, f^{(4)}."""
        if self.token.kind == "primes":
            return len(self.take().text)
        if self.touches("layer"):
            return self._order(self.take())
        if self.token.kind != "^":
            return 0
        grouped = self.peek().kind == "{"
        first, behind = self.at + 1 + grouped, self.after_argument(self.at + 1)
        inside = self.tokens[first : behind - grouped]
        if inside and all(token.kind == "primes" for token in inside):
            self.go_to(behind)
            return sum(len(token.text) for token in inside)
        if len(inside) != 3 or inside[0].kind not in ("(", "[") or not grouped:
            return 0
        if inside[0].kind == "[" or inside[1].kind != "number":
            hint = (
                "Write f^{(2)}(x) for a second derivative; a layer stands at a quantity, z^{[1]}."
            )
            raise self.refusal(inside[0], f"What does this mean at {word.raw!r}?", hint)
        self.go_to(behind)
        return self._order(inside[1])

    def arguments(self, word: Token) -> list[Expr]:
        """The arguments in brackets, one at least."""
        opening = self.open()
        if self.token.kind in (")", "]", "\\}"):
            hint = f"Write {word.raw}(x)."
            raise self.refusal(self.token, f"{word.raw!r} stands without its argument.", hint)
        arguments = [self.arithmetic()]
        while self.takes(","):
            arguments.append(self.arithmetic())
        self.close(opening)
        self.ending = "bracket"
        return arguments

    def bare_argument(self, word: Token, head: Head, order: int) -> Expr:
        """The factor behind a function without brackets, `log yhat`, `sin 2x`."""
        begins = self.token.kind in _OPERAND and not self.is_condition_word()
        one = self.words.arity(word, head) == 1
        lettered = self.latex and not word.text.isalpha()
        if order or not begins or not one or lettered:
            inside = "x" if one or order else "x, y"
            hint = f"Write {word.raw}{chr(39) * order}({inside})."
            if not order and word.text in ("sigma", "f", "g", "h"):
                hint += f" If {word.raw} is a quantity and no function, declare it."
            raise self.refusal(word, f"{word.raw!r} stands without its argument.", hint)
        if word.text == "sigma" and self.token.kind == "word":
            raise self._value_or_product(word)
        self.deepen()
        factors = [self._bare_factor()]
        while _is_coefficient(factors[-1]) and self._is_name() and not self._calls():
            factors.append(self._bare_factor())
        self.depth -= 1
        self.ending, self.last = "bare", word
        return product_of(factors)

    def _bare_factor(self) -> Expr:
        """An operand; in LaTeX, where `\\sin^2 x` has its own place, with its exponent."""
        if self.token.kind == "{":
            return self._braced_argument()
        if not self.latex or self._calls():
            return self.operand()
        return self.factor()

    def _braced_argument(self) -> Expr:
        opening = self.open()
        inner = self.arithmetic()
        self.close(opening)
        return inner

    def _calls(self) -> bool:
        """Whether a function's name stands here."""
        word = self.token
        return word.kind == "word" and self.words.function(word, self.peek()) is not None

    def _value_or_product(self, word: Token) -> Unreadable:
        other = self.piece(self.at)
        readings = (
            ("the function's value", f"{word.raw}({other})"),
            ("a product, with its symbol declared", self.product("s", other)),
        )
        problem = f"Is {word.raw!r} the function, or a quantity?"
        return self.ambiguity(word, problem, readings)

    def _is_name(self) -> bool:
        kind = self.token.kind
        return (kind == "word" and not self.is_condition_word()) or kind == "accent"

    def function_power(self, word: Token, head: Head) -> tuple[Head, Expr | None]:
        """The exponent in `sin^2(x)`, and in `sin^{-1} x`, which is the inverse function."""
        place, name = self.token, word.raw
        start = self.at
        power = (
            raised_exponent(self.take()) if place.kind == "raised" else self._exponent_at_function()
        )
        if power is Negative(Number("1")):
            if head.name in INVERTIBLE:
                return self.words.inverse(head), None
            content = self._source(self.at, self.after(self.at))
            readings = (
                ("the inverse function, under a name of its own", f"g{content}"),
                ("one over the value", f"1/({name}{content})"),
            )
            problem = f"The exponent -1 behind {name!r} means two things."
            raise self.ambiguity(place, problem, readings)
        if self.words.is_lettered(word) or not isinstance(power, (Number, Symbol)):
            exponent = self._source(start, self.at)
            content = self._source(self.at, self.after(self.at))
            readings = (
                ("a power of the value", f"({name}{content}){exponent}"),
                ("the function of the function", f"{name}({name}{content})"),
            )
            problem = f"What does the exponent behind {name!r} mean?"
            raise self.ambiguity(place, problem, readings)
        return head, power

    def _exponent_at_function(self) -> Expr:
        self.take()
        if self.token.kind == "{":
            opening = self.open()
            power = self.arithmetic()
            self.close(opening)
            return power
        minus = self.minus_signs()
        token = self.token
        if self.latex and token.kind == "number" and len(token.text) > 1:
            raise self._one_character("^")
        if token.kind in BRACKETS:
            return self.negated(self.bracket(), minus)
        return self.negated(self.argument(), minus)


def _is_coefficient(factor: Expr) -> bool:
    return isinstance(factor, Number) or factor is Constant("pi")


def _applied(head: Head, order: int, arguments: list[Expr]) -> Expr:
    if order:
        return Prime(head, order, arguments[0])
    match head.name:
        case "exp":
            return Power(E, arguments[0])
        case "abs":
            return Absolute(arguments[0])
        case _:
            return Apply(head, tuple(arguments))


def product_of(factors: list[Expr]) -> Expr:
    """Factors as a product; one alone as it is."""
    return Product(factors) if len(factors) > 1 else factors[0]


def raised_exponent(token: Token) -> Expr:
    """The exponent that raised characters write: `²`, `⁻¹`, `ⁿ`, `³ˣ`."""
    shown = token.text.lstrip("+-")
    letter = shown.lstrip("0123456789")
    digits = shown.removesuffix(letter)
    parts = [*([Number(digits)] if digits else []), *([Symbol(letter)] if letter else [])]
    exponent: Expr = parts[0] if len(parts) == 1 else Product(parts)
    return Negative(exponent) if token.text.startswith("-") else exponent
