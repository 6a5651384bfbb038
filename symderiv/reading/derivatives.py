r"""Derivatives as people write them: `D(f, x)`, `dL/dz`, `\frac{\partial L}{\partial w}`.

Here belongs the reading of every spelling of the derivative that is still to be taken; f'(x),
which is a value of another function, stands in `reader`.  `∂²f/∂x∂y` is the derivative by y,
and then by x.
"""

from __future__ import annotations

from abc import abstractmethod

from symderiv.errors import Unreadable
from symderiv.language.expressions import Apply, Derivative, Expr, Head, Prime, Symbol
from symderiv.language.walks import nodes, symbols_in
from symderiv.reading.cursor import BRACKETS
from symderiv.reading.forms import Forms
from symderiv.reading.tokens import Token

_MOST_ORDER = 99


class Derivatives(Forms):
    """A cursor that reads derivatives."""

    @abstractmethod
    def coefficient_and_factor(self) -> Expr:
        """Read numbers and one factor behind them, `3x^2`."""

    @abstractmethod
    def factor(self) -> Expr:
        """Read an operand with its exponent."""

    @abstractmethod
    def arguments(self, word: Token) -> list[Expr]:
        """Read a function's arguments in brackets."""

    def written_out(self) -> Expr:
        """`D(f, x)`, `partial(f, x, 2)`."""
        word = self.take()
        opening = self.open()
        hint = f"Write {word.text}(what, variable), or {word.text}*(...) for a product."
        body = self.arithmetic()
        self.expect(",", hint)
        place = self.token
        variable = self.arithmetic()
        if not any(isinstance(node, Symbol) for node in nodes(variable)):
            raise self.refusal(place, "No derivative is taken by a number.", hint)
        order = self._order(self.take()) if self.takes(",") else 1
        self.close(opening)
        self.ending = "bracket"
        return Derivative(body, variable, order, word.text == "partial")

    def behind_primes(self, body: Expr) -> Expr:
        """A bracket or a name behind which primes stand: `(x^2)'`, `y''`."""
        primes = self.take()
        free = symbols_in(body)
        by = self.by or (free[0] if len(free) == 1 and body is not free[0] else None)
        if by is None:
            problem = "A prime does not say by what is differentiated here."
            raise self.refusal(primes, problem, "Write D(what, variable), such as D(a*x^2, x).")
        self.ending = "bracket"
        return Derivative(body, by, len(primes.text))

    def _order(self, token: Token) -> int:
        """How often to differentiate, from the token that says it."""
        digits = token.text.isdecimal() and len(token.text) < 3
        if not digits or not 1 <= int(token.text) <= _MOST_ORDER:
            hint = f"How often to differentiate is a whole number from 1 to {_MOST_ORDER}."
            raise self.refusal(token, f"{token.raw!r} is no number of derivatives.", hint)
        return int(token.text)

    def stacked(self) -> Expr | None:
        """A derivative written with \\frac, or nothing read where it is another fraction."""
        start = self.at
        over = start + 1
        grouped = self._kind(over) == "{"
        below = self.partner(over) + 1 if grouped else over + 1
        top = self.tokens[over + grouped]
        bottom = self.tokens[min(below + 1, len(self.tokens) - 1)]
        if self._kind(below) != "{" or not (self._is_mark(top) and self._is_mark(bottom)):
            return None
        if self._kind(over + grouped + 1) in ("+", "-") or self._kind(below + 2) in ("+", "-"):
            return None
        if (top.kind == "∂") != (bottom.kind == "∂") or self._kind(below + 2) == "}":
            return None
        self.take()
        opening = self.open() if grouped else None
        self.take()
        power = self._power() if grouped else None
        body = None if self.token.kind == "}" or not grouped else self._numerator()
        if opening:
            self.close(opening)
        opening = self.open()
        variables = self._variables(top.kind == "∂")
        self.close(opening)
        return self._built(body, variables, power, top, start)

    def _is_mark(self, token: Token) -> bool:
        """Whether a token is the d or ∂ of a derivative."""
        return token.kind == "∂" or self.words.is_d(token)

    def _power(self) -> Token | None:
        """The order behind the d, `d^2`, `d^{2}`."""
        if self.token.kind == "raised":
            return self.take()
        if self.token.kind != "^":
            return None
        self.take()
        opening = self.open() if self.token.kind == "{" else None
        power = self.take()
        if opening:
            self.close(opening)
        return power

    def _numerator(self) -> Expr | Head:
        """What stands behind the d above: L, σ(z), (x^2), or a function's name alone."""
        token = self.token
        head = self.words.function(token, self.peek()) if token.kind == "word" else None
        if head and self.peek().kind == "}":
            self.take()
            return head
        body = self.term()
        if self.token.kind in ("+", "-"):
            hint = "Put what is differentiated in brackets."
            raise self.refusal(self.token, "Is the whole sum differentiated?", hint)
        return body

    def _variables(self, partial: bool) -> list[tuple[Expr, int]]:
        """The variables below, each with how often: `dx^2`, `∂x∂y`."""
        variables: list[tuple[Expr, int]] = []
        while not variables or self.token.kind not in ("}", "end"):
            if variables and not self._is_mark(self.token):
                hint = "Each variable has its sign: \\frac{\\partial^2 f}{\\partial x \\partial y}."
                raise self.refusal(self.token, "This is no variable.", hint)
            mark = self.take()
            if (mark.kind == "∂") != partial:
                raise self.refusal(mark, "d and ∂ do not mix.", "Write one of them throughout.")
            variables.append((self._variable(), self._times()))
        return variables

    def _variable(self) -> Expr:
        if self.token.kind in BRACKETS:
            opening = self.open()
            variable = self.arithmetic()
            self.close(opening)
        else:
            variable = self.symbol()
        if not any(isinstance(node, Symbol) for node in nodes(variable)):
            hint = "Write \\frac{d}{dx}."
            raise self.refusal(self.token, "No derivative is taken by a number.", hint)
        return variable

    def _times(self) -> int:
        power = self._power()
        return 1 if power is None else self._order(power)

    def _built(
        self,
        body: Expr | Head | None,
        variables: list[tuple[Expr, int]],
        power: Token | None,
        top: Token,
        start: int,
    ) -> Expr:
        times = 1 if power is None else self._order(power)
        if sum(order for _, order in variables) != times:
            hint = "The order stands above and below: \\frac{d^2 y}{dx^2}."
            problem = f"Above it says {times} times, below it does not."
            raise self.refusal(self.tokens[start], problem, hint)
        if isinstance(body, Head):
            body = Apply(body, (variables[-1][0],))
        self.ending = "fraction"
        if body is None:
            body = self._differentiated(start)
        for variable, order in reversed(variables):
            body = Derivative(body, variable, order, top.kind == "∂")
        return body

    def _differentiated(self, start: int) -> Expr:
        """What stands behind `d/dx`: brackets, or one factor with numbers before it."""
        place = self.token
        if self.token.kind in BRACKETS:
            self._bracket_is_all()
            opening = self.open()
            body = self.arithmetic()
            self.close(opening)
            self.ending = "bracket"
            return body
        if self.token.kind in ("end", ")", "]", "}", "+", "-", "*", "/", "="):
            hint = "Write what is differentiated behind it: d/dx(...)."
            raise self.refusal(place, "What is differentiated is missing.", hint)
        body = self.coefficient_and_factor()
        self.ending, self.last, self.body_start = "operator", self.tokens[start], place.position
        if self.token.kind in ("+", "-") and not isinstance(body, (Apply, Prime)):
            raise self._whole_sum(place)
        return body

    def _bracket_is_all(self) -> None:
        """Refuse `d/dx (x)^2`: of the power, or the power of the derivative."""
        behind = self.partner(self.at) + 1
        if self._kind(behind) in ("^", "raised"):
            hint = "Put all that is differentiated in brackets."
            token = self.tokens[min(behind, len(self.tokens) - 1)]
            raise self.refusal(
                token, "Is the power differentiated, or the derivative raised?", hint
            )

    def _whole_sum(self, place: Token) -> Unreadable:
        operator, body = self.shown(self.last.position, place.position), self.shown(place.position)
        sign = self.token.raw
        other = self._source(self.at + 1, self.after_term(self.at + 1))
        readings = (
            ("the derivative of the whole sum", f"{operator}({body} {sign} {other})"),
            (f"the derivative of {body} alone", f"{operator}({body}) {sign} {other}"),
        )
        return self.ambiguity(self.token, "How far does the derivative reach?", readings)

    def partial(self) -> Expr:
        """A derivative that begins with ∂, or with an upright d."""
        place = self.token
        derivative = self.differential()
        if derivative is None:
            hint = "Write \\frac{\\mathrm{d}L}{\\mathrm{d}w}."
            raise self.refusal(place, "An upright d stands in a derivative only.", hint)
        return derivative

    def no_loose_differential(self, word: Token, behind: Token) -> None:
        """Refuse `dz` in LaTeX: a product to TeX, a gradient to some, a differential to others."""
        beside = behind.kind in ("word", "accent") and not behind.spaced
        if self.latex and word.text == "d" and word.raw == "d" and beside and self.words.is_d(word):
            other = self.piece(self.at + 1)
            hint = f"Write D(L, {other}) for a derivative, d \\cdot {other} for a product."
            raise self.refusal(word, f"What does d{other} mean here?", hint)

    def differential(self) -> Expr | None:
        """A derivative with a slash, or nothing read where a d is a letter like any other."""
        start, top = self.at, self.token
        partial = top.kind == "∂"
        body, power = self._above()
        if not self.takes("/") or not self._is_below(partial):
            if partial:
                hint = "Write ∂L/∂w, or ∂/∂w (...)."
                raise self.refusal(top, "∂ stands above and below, ∂L/∂w or ∂/∂w (...).", hint)
            self.go_to(start)
            return None
        variables = self._below(partial, power, body)
        return self._built(body, variables, power, top, start)

    def _above(self) -> tuple[Expr | Head | None, Token | None]:
        """What stands above, `dL`, `d`, `d²L`, `∂L`, and how often it is differentiated."""
        mark = self.token
        if mark.kind == "word" and mark.text != "d":
            head = self.words.behind_d(mark)
            if head is None:
                return self.symbol(skip=1), None
            self.take()
            if self.token.kind in BRACKETS:
                return Apply(head, tuple(self.arguments(mark))), None
            return head, None
        self.take()
        power = None
        if self.token.kind == "raised" or (
            self.token.kind == "^" and self.peek().kind in ("number", "{")
        ):
            power = self._power()
        token = self.token
        if token.kind in BRACKETS or self._is_value(token):
            whole = self._kind(self.after(self.at)) == "/"
            return (self.factor() if whole else None), power
        if token.kind == "accent":
            return self.symbol(), power
        if token.kind != "word":
            return None, power
        beside = mark.kind in ("∂", "d") or power is not None or self.latex
        if beside and self.words.is_symbol(token):
            return self.symbol(), power
        head = self.words.function(token, self.peek())
        if beside and head and self.peek().kind == "/":
            self.take()
            return head, power
        return None, power

    def _is_value(self, token: Token) -> bool:
        """Whether the value of a function begins here, `σ(z)`."""
        called = token.kind == "word" and self.words.function(token, self.peek()) is not None
        return called and self.peek().kind in BRACKETS

    def _is_below(self, partial: bool) -> bool:
        """Whether the variable of a fraction stands here: `dx`, `∂x`."""
        token, behind = self.token, self.peek()
        named = behind.kind == "accent" or (behind.kind == "word" and self.words.is_symbol(behind))
        if partial:
            return token.kind == "∂" and named
        if self.words.is_d(token) and (self.latex or token.kind == "d"):
            return named
        return self.words.is_differential(token)

    def _below(
        self, partial: bool, power: Token | None, body: Expr | Head | None
    ) -> list[tuple[Expr, int]]:
        """The variables of a fraction with a slash: `dx`, `dx²`, `∂x∂y`."""
        variables: list[tuple[Expr, int]] = []
        while not variables or (power is not None and self._is_below(partial)):
            if partial or self._is_mark(self.token):
                self.take()
                variable = self.symbol()
            else:
                variable = self.symbol(skip=1)
            if power is None and self.token.kind in ("^", "raised"):
                raise self._square_or_second(body, variable, partial)
            variables.append((variable, self._times()))
        return variables

    def _square_or_second(
        self, body: Expr | Head | None, variable: Expr, partial: bool
    ) -> Unreadable:
        """The question what `dL/dz^2` means; where nothing stands above, the refusal."""
        problem = "Is this a square or a second derivative?"
        if not isinstance(body, Expr):
            hint = "Write d^2/dx^2 (...) for a second derivative."
            return self.refusal(self.token, problem, hint)
        first, power = Derivative(body, variable, 1, partial), self._source(
            self.at, self.after_scripts(self.at)
        )  # fmt: skip
        word = "partial" if partial else "D"
        order = power.strip("^{} ")
        readings = (
            ("a power of the derivative", f"({first}){power}"),
            ("a higher derivative", f"{word}({body}, {variable}, {order})"),
        )
        return self.ambiguity(self.token, problem, readings)
