"""What is written as a word and its parts: derivatives, cases, indicators, indexed sums.

Here belongs the reading of `D(f, x)`, `partial(f, x, 2)`, `dL/dz`, `d/dx(...)`,
`∂²L/∂w²`, `cases(z if z > 0, 0 if z <= 0)`, `indicator(z > 0)` and
`sum(x_j, j = 1..n)`.  How operands are joined stands in `reader`.
"""

from __future__ import annotations

from symderiv.language.expressions import (
    Cases,
    Derivative,
    Expr,
    IndexedSum,
    Indicator,
    Relation,
    Symbol,
)
from symderiv.language.walks import nodes
from symderiv.reading.beside import Beside
from symderiv.reading.cursor import BRACKETS
from symderiv.reading.tokens import Token

_MOST_ORDER = 99


class Forms(Beside):
    """The forms that have a grammar of their own inside their brackets."""

    def form(self) -> Expr:
        """The form whose word stands here, in front of a bracket."""
        word = self.take()
        opening = self.open()
        match word.text:
            case "D" | "partial":
                expr = self._derivative(word)
            case "cases":
                expr = self._cases()
            case "indicator":
                expr = Indicator(self._condition())
            case _:
                expr = self._indexed_sum()
        self.close(opening)
        return expr

    def _expect(self, kind: str, hint: str) -> None:
        if not self.takes(kind):
            raise self.unexpected(hint)

    def _derivative(self, word: Token) -> Expr:
        hint = f"Write {word.text}(what, variable), or {word.text}*(...) for a product."
        body = self.arithmetic()
        self._expect(",", hint)
        place = self.token
        variable = self.arithmetic()
        if not any(isinstance(node, Symbol) for node in nodes(variable)):
            raise self.refusal(place, "No derivative is taken by a number.", hint)
        order = self._order(self.take()) if self.takes(",") else 1
        return Derivative(body, variable, order, word.text == "partial")

    def _order(self, token: Token) -> int:
        """How often to differentiate, from the token that says it."""
        if not token.text.isdecimal() or not 1 <= int(token.text) <= _MOST_ORDER:
            hint = f"How often to differentiate is a whole number from 1 to {_MOST_ORDER}."
            raise self.refusal(token, f"{token.raw!r} is no number of derivatives.", hint)
        return int(token.text)

    def _cases(self) -> Expr:
        values: list[Expr] = []
        conditions: list[Expr] = []
        while not values or self.takes(","):
            values.append(self.arithmetic())
            if self.token.text != "if":
                raise self.unexpected("Write cases(value if condition, value if condition).")
            self.take()
            conditions.append(self._condition())
        return Cases(tuple(values), tuple(conditions))

    def _condition(self) -> Expr:
        place = self.token
        condition = self.comparison()
        if not isinstance(condition, Relation):
            raise self.refusal(place, "A condition compares, as in z > 0.")
        return condition

    def _indexed_sum(self) -> Expr:
        hint = "Write sum(x_j, j = 1..n)."
        body = self.arithmetic()
        self._expect(",", hint)
        if self.token.kind != "word":
            raise self.unexpected(hint)
        index = self.symbol()
        self._expect("=", hint)
        lower = self.arithmetic()
        self._expect("..", hint)
        return IndexedSum(body, index, lower, self.arithmetic())

    def differential(self) -> Expr | None:
        """A derivative as a fraction, or nothing read where a d is a letter like any other."""
        start, top = self.at, self.token
        partial = top.kind == "∂"
        body, power = self._above()
        if not self.takes("/") or not self._is_below(partial):
            if partial:
                raise self.refusal(top, "∂ stands above and below, ∂L/∂w or ∂/∂w (...).")
            self.go_to(start)
            return None
        if partial:
            self.take()
        variable = self.symbol(skip=0 if partial else 1)
        order = self._repeated(power)
        if body is None:
            body = self._differentiated()
        return Derivative(body, variable, order, partial)

    def _above(self) -> tuple[Expr | None, Token | None]:
        """What stands above, `dL`, `d`, `d²L`, `∂L`, and how often it is differentiated."""
        mark = self.token
        if mark.text not in ("d", "∂"):
            return self.symbol(skip=1), None
        self.take()
        power = None
        if self.token.kind == "raised" or (self.token.kind == "^" and self.peek().kind == "number"):
            self.takes("^")
            power = self.take()
        named = self.token.kind == "word" and (mark.kind == "∂" or power is not None)
        return (self.symbol() if named and self.words.is_symbol(self.token) else None), power

    def _is_below(self, partial: bool) -> bool:
        """Whether the variable of a fraction stands here: `dx`, `∂x`."""
        if partial:
            named = self.peek().kind == "word" and self.words.is_symbol(self.peek())
            return self.token.kind == "∂" and named
        return self.words.is_differential(self.token)

    def _repeated(self, power: Token | None) -> int:
        """The order, which stands again behind the variable, `d²L/dw²`; nothing where it is 1."""
        raised = self.token.kind in ("^", "raised")
        if power is None and raised:
            hint = "Write (dL/dw)^2 for a square, D(L, w, 2) for a second derivative."
            raise self.refusal(self.token, "Is this a square or a second derivative?", hint)
        if power is None:
            return 1
        place = self.token
        self.takes("^")
        if not raised or self.take().text != power.text:
            hint = "Write d^2L/dw^2, and for two variables partial(partial(L, v), w)."
            raise self.refusal(place, f"Above it says {power.text} times, here it does not.", hint)
        return self._order(power)

    def _differentiated(self) -> Expr:
        """What stands in brackets behind `d/dx`."""
        if self.token.kind not in BRACKETS:
            problem = "What is differentiated stands in brackets."
            raise self.refusal(self.token, problem, "Write d/dx(...).")
        opening = self.open()
        body = self.arithmetic()
        self.close(opening)
        return body
