r"""What is written as a word or a sign and its parts: sums, cases, indicators, roots, fractions.

Here belongs the reading of `cases(z if z > 0, 0 if z <= 0)` and of LaTeX's cases, of
`indicator(z > 0)`, `sum(x_j, j = 1..n)`, `\sum_{j=1}^{n} x_j`, `\frac`, `\sqrt[3]{x}`, and of
braces.  Derivatives stand in `derivatives`, how operands are joined in `reader`.
"""

from __future__ import annotations

from abc import abstractmethod

from symderiv.language.expressions import (
    Apply,
    Cases,
    Expr,
    IndexedSum,
    Indicator,
    Number,
    Quotient,
    Relation,
    Sum,
    Symbol,
    Transpose,
)
from symderiv.reading.beside import BEFORE_GROUP, BEHIND_GROUP, BESIDE
from symderiv.reading.cursor import BRACKETS, COMPARISONS
from symderiv.reading.integrals import Integrals
from symderiv.reading.tokens import Token

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_LEFT_OVER = {
    frozenset("<>"): "=",
    frozenset(("<", "=")): ">",
    frozenset((">", "=")): "<",
}
_ROW_ENDS = ("newline", "finish", "}", ")")


class Forms(Integrals):
    """The forms that have a grammar of their own inside their brackets."""

    @abstractmethod
    def term(self) -> Expr:
        """Read factors side by side."""

    def expect(self, kind: str, hint: str) -> None:
        """Take a token of this kind, which must stand here."""
        if not self.takes(kind):
            raise self.unexpected(hint)

    def argument(self) -> Expr:
        """A command's argument: a group in braces, or one token."""
        if self.token.kind == "{":
            opening = self.open()
            inner = self.comparison()
            self.close(opening)
            return inner
        token = self.token
        if token.kind not in ("number", "word"):
            raise self.unexpected(f"Write {self.peek(-1).raw}{{...}}.")
        if token.kind == "number":
            return Number(self.take().text)
        return self.lone_word()

    @abstractmethod
    def lone_word(self) -> Expr:
        """Read one letter: a symbol or a constant, without what hangs on it."""

    def group(self) -> Expr:
        """What stands in braces alone; refused where TeX shows no brackets and they matter."""
        start, before = self.at, self.peek(-1).kind
        opening = self.open()
        behind = self.partner(start)
        alone = self.after(start + 1) >= behind
        inner = self.arithmetic()
        self.close(opening)
        fits = self.at == 1 + behind and (start == 0 or before in BEFORE_GROUP)
        fits = fits or (before == "-" and not isinstance(inner, Sum))
        if not alone and not (fits and self.token.kind in BEHIND_GROUP):
            content = self.shown(opening.position + 1, self.tokens[behind].position)
            around = self.shown(opening.position, self.tokens[behind].position + 1)
            rest = self._rest(behind + 1)
            readings = (
                (f"with {content} in brackets", f"({content}){rest}"),
                ("without brackets, as TeX shows it", f"{content}{rest}"),
            )
            problem = f"TeX shows no brackets around {around}."
            raise self.ambiguity(opening, problem, readings)
        self.ending = "bracket"
        return inner

    def _rest(self, at: int) -> str:
        """What follows a group and may belong to it: an exponent, or a factor beside it."""
        if self._kind(at) in ("^", "_"):
            return self._source(at, self.after_scripts(at))
        return rf" \cdot {self.piece(at)}" if self._kind(at) in BESIDE else ""

    def fraction(self) -> Expr:
        """`\\frac{a}{b}`; a number right in front of a fraction of numbers is refused."""
        place, before = self.at, self.peek(-1)
        self.take()
        over, below = self.argument(), self.argument()
        if before.kind == "number" and isinstance(over, Number) and isinstance(below, Number):
            whole, part = before.raw, self._source(place, self.at)
            readings = (
                ("a mixed number", f"{whole} + {part}"),
                ("a product", rf"{whole} \cdot {part}"),
            )
            problem = "Is this a mixed number or a product?"
            raise self.ambiguity(self.tokens[place], problem, readings)
        self.ending = "bracket"
        return Quotient(over, below)

    def root(self) -> Expr:
        """`\\sqrt{x}`, `\\sqrt[3]{x}`."""
        self.take()
        index = None
        if self.token.kind == "[":
            opening = self.open()
            index = self.arithmetic()
            self.close(opening)
        radicand = self.argument()
        self.ending = "bracket"
        if index is None:
            return Apply(self.words.head("sqrt"), (radicand,))
        return Apply(self.words.head("root"), (radicand, index))

    def is_sum(self) -> bool:
        """Whether a capital sigma stands before `_{j=1}`."""
        inside = self.tokens[self.at + 2 : self.partner(self.at + 2)]
        return self.peek(2).kind == "{" and any(token.kind == "=" for token in inside)

    def is_form(self, word: Token) -> bool:
        """In LaTeX the letter D is a form only where its bracket holds a comma."""
        if word.text != "D" or not self.latex:
            return True
        depth = 0
        for number in range(self.at + 1, self.partner(self.at + 1)):
            kind = self.tokens[number].kind
            depth += (kind in ("(", "[", "{", "\\{")) - (kind in (")", "]", "}", "\\}"))
            if kind == "," and depth == 1:
                return True
        return False

    def form(self) -> Expr:
        """The form whose word stands here, in front of a bracket."""
        word = self.take()
        opening = self.open()
        match word.text:
            case "transpose":
                expr: Expr = Transpose(self.arithmetic())
            case "cases":
                expr = self._cases(")")
            case "hadamard":
                expr = self.hadamard()
            case "indicator":
                expr = Indicator(self._condition())
            case "int":
                expr = self.listed_integral()
            case _:
                expr = self._indexed_sum()
        self.close(opening)
        self.ending = "bracket"
        return expr

    def indicator(self) -> Expr:
        """`\\mathbf{1}[z > 0]`, `1_{z > 0}`, `\\mathbb{1}_{\\{z > 0\\}}`."""
        word = self.take()
        if self.token.kind == "_":
            self.take()
        if self.token.kind not in (*BRACKETS, "{"):
            hint = "Write \\mathbf{1}[z > 0] for an indicator; a vector of ones is not read."
            raise self.refusal(word, f"{word.raw!r} stands without a condition.", hint)
        openings = [self.open()]
        if openings[0].kind == "{" and self.token.kind in BRACKETS:
            openings.append(self.open())
        condition = self._condition()
        for opening in reversed(openings):
            self.close(opening)
        self.ending = "bracket"
        return Indicator(condition)

    def is_indicator(self) -> bool:
        """Whether the number 1 here stands before a condition, `1[z > 0]`, `1_{z > 0}`."""
        if self.token.text != "1":
            return False
        behind = self.at + 1 + (self._kind(self.at + 1) == "_")
        touching = behind > self.at + 1 or not self.tokens[behind].spaced
        if not touching or self._kind(behind) not in ("[", "{", "\\{"):
            return False
        inside = self.tokens[behind : self.partner(behind)]
        return any(token.kind in COMPARISONS for token in inside)

    def environment(self) -> Expr:
        """`\\begin{cases} ... \\end{cases}`, or a matrix."""
        matrix = self.is_matrix(self.at)
        begin, braced = self.take(), self.peek(-2).kind == "\\{"
        if matrix:
            return self.matrix_of_environment(begin)
        if not (braced and begin.text in ("array", "aligned", "matrix")) and begin.text not in (
            "cases",
            "dcases",
            "rcases",
        ):
            hint = "Read several lines with read_lines; cases are written \\begin{cases}."
            if "matrix" in begin.text or begin.text == "array":
                hint = "A matrix is written \\begin{bmatrix}; determinants and norms are not read."
            raise self.refusal(begin, f"{begin.raw!r} is not read here.", hint)
        self.deepen()
        self.in_bar.append(False)
        expr = self._cases("finish")
        if self.token.kind != "finish":
            raise self.refusal(begin, f"{begin.raw!r} is never ended.", "Write \\end{cases}.")
        self.take()
        self.in_bar.pop()
        self.depth -= 1
        self.ending = "bracket"
        return expr

    def braced_cases(self) -> Expr:
        """`{ z if z > 0; 0 if z <= 0 }`, as pages without LaTeX have it."""
        opening = self.open()
        expr = self._cases("}")
        self.close(opening)
        self.ending = "bracket"
        return expr

    def _cases(self, closing: str) -> Expr:
        values: list[Expr] = []
        conditions: list[Expr] = []
        while not values or self.token.kind != closing:
            values.append(self.arithmetic())
            conditions.append(self._piece_condition(conditions))
            if not (self._separator() and self.token.kind != "end"):
                break
        return Cases(tuple(values), tuple(conditions))

    def _separator(self) -> bool:
        """Whether another piece follows, behind a comma, a semicolon or a new line."""
        if self.token.kind in (",", ";", ".") and self.peek().kind in _ROW_ENDS:
            self.take()
        return self.takes(",") or self.takes(";") or self.takes("newline")

    def _piece_condition(self, before: list[Expr]) -> Expr:
        """The condition of one piece; `otherwise` is what the condition before leaves."""
        column = self.takes(",") and self.latex
        column = self.takes("&") or column
        place = self.token
        word = self.is_condition_word()
        if not word and not column:
            raise self.unexpected("Write cases(value if condition, value if condition).")
        word = self.is_condition_word()
        if not (word and self.take().text == "otherwise"):
            self.takes("&")
            return self._condition()
        if len(before) == 1 and isinstance(before[0], Relation) and len(before[0].signs) == 1:
            return Relation(before[0].terms, (_OPPOSITE[before[0].signs[0]],))
        left_over = self._left_over(before)
        if left_over is None:
            raise self.refusal(place, "What is left over is not clear.", "Write the condition.")
        return left_over

    def _left_over(self, before: list[Expr]) -> Expr | None:
        """What two conditions on the same terms leave: z < 0 and z > 0 leave z = 0."""
        found = [c for c in before if isinstance(c, Relation) and len(c.signs) == 1]
        if len(found) != 2 or len(before) != 2 or found[0].terms != found[1].terms:
            return None
        sign = _LEFT_OVER.get(frozenset((found[0].signs[0], found[1].signs[0])))
        return Relation(found[0].terms, (sign,)) if sign else None

    def _condition(self) -> Expr:
        place = self.token
        condition = self.comparison()
        if not isinstance(condition, Relation):
            raise self.refusal(place, "A condition compares, as in z > 0.", "Write z > 0.")
        return condition

    def _indexed_sum(self) -> Expr:
        hint = "Write sum(x_j, j = 1..n)."
        body = self.arithmetic()
        self.expect(",", hint)
        if self.token.kind != "word":
            raise self.unexpected(hint)
        index = self.symbol()
        self.expect("=", hint)
        lower = self.arithmetic()
        self.expect("..", hint)
        return IndexedSum(body, index, lower, self.arithmetic())

    def big_sum(self) -> Expr:
        """`\\sum_{j=1}^{n} body`: the body is the product that follows."""
        number, sign = self.at, self.take()
        hint = "Write \\sum_{j=1}^{n} x_j." if self.latex else "Write sum(x_j, j = 1..n)."
        if self.token.kind not in ("_", "^"):
            problem = "A sum needs its index, and from where to where it runs."
            raise self.refusal(sign, problem, hint)
        upper = None
        if self.token.kind == "^":
            self.take()
            upper = self.argument()
        self.expect("_", hint)
        opening = self.open() if self.token.kind == "{" else None
        index = self._sum_index(sign, hint)
        self.expect("=", hint)
        lower = self.arithmetic()
        if opening:
            self.close(opening)
        if upper is None:
            if not self.takes("^"):
                raise self.refusal(self.token, "A sum needs its last index.", hint)
            upper = self.argument()
        start = self.at
        body = self._sum_body()
        self.last_sum = number, start, self.at, index
        return IndexedSum(body, index, lower, upper)

    def _sum_index(self, sign: Token, hint: str) -> Symbol:
        if self.token.kind not in ("word", "accent"):
            raise self.unexpected(hint)
        index = self.symbol()
        if self.token.kind != "=":
            problem = f"The sum over {index} does not say from where to where."
            raise self.refusal(sign, problem, hint)
        return index

    def _sum_body(self) -> Expr:
        self.deepen()
        place = self.token
        body = self.term()
        self.depth -= 1
        if place.kind == "-":
            hint = "Put it in brackets, or the minus in front of the sum."
            raise self.refusal(place, "Does the minus sign stand in the sum?", hint)
        return body
