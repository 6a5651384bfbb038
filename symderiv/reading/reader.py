"""LaTeX, plain text and Unicode, read by precedence climbing into the tree that was written.

Here belongs the grammar: what binds how tightly and what stands side by side.  Nothing is
ever evaluated, rearranged or guessed; where people or systems read a text in different
ways, the readings are listed and the person is asked.  Loosest first: chains of comparisons,
sums, a minus sign, products and quotients from left to right, powers from right to left.
An exponent and a factor may begin with a minus sign: `e^-x`, `a*-b`.

Side by side means times, where that is all it can mean: `2x`, `x y`, `(a)(b)`,
`x(1 - x)`, `sin(x) cos(x)`.  In front of a bracket, f, g and h are functions, every
other letter is a factor, unless the bracket holds one name or number: `x(y)` looks
like a function's value and is read only if x is declared.  Side by side binds tighter than
⊙, `W x ⊙ y`; another sign beside it is asked about.  A function without brackets takes the
one factor behind it and a number before that, `log yhat`, `sin 2x`.

Nesting is limited to 60 levels, and each costs at most ten of Python's frames.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from symderiv.errors import Unreadable
from symderiv.language.arrays import Elementwise
from symderiv.language.build import E
from symderiv.language.expressions import (
    Absolute,
    Constant,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Quotient,
    Relation,
    Sum,
    Symbol,
    Transpose,
)
from symderiv.language.names import Names
from symderiv.language.walks import nodes
from symderiv.reading.cursor import BRACKETS, COMPARISONS
from symderiv.reading.functions import Functions, product_of, raised_exponent
from symderiv.reading.marks import without_marks
from symderiv.reading.tokens import Token
from symderiv.reading.words import FORMS

NOTHING_DECLARED = Names()


_TERM_ENDS = frozenset(
    ("end", "differential", "+", "-", ")", "]", "}", ",", "newline", *COMPARISONS)
)


class Reader(Functions):
    """The grammar: one method for each way in which operands are joined."""

    def __init__(self, text: str, names: Names, tokens: list[Token], *, latex: bool) -> None:
        super().__init__(text, names, tokens, latex=latex)
        if any(token.kind == "shown" for token in tokens):
            without_marks(self)

    def whole(self) -> Expr:
        """All of the text, a chain of comparisons or what `arithmetic` reads."""
        if self.token.kind == "end":
            hint = "Write a formula: x^2*sin(x)."
            raise Unreadable(self.text, 0, "There is nothing to read.", hint)
        expr = self.bounded(self.comparison)
        self.end()
        return expr

    def bounded(self, read: Callable[[], Expr]) -> Expr:
        """What `read` reads; too little of the stack left by the caller is a refusal."""
        try:
            return read()
        except RecursionError:  # sixty levels fit
            problem = "This is nested too deep to be read from where the program stands."
            raise self.refusal(self.token, problem, "Give a name to an inner part.") from None

    def comparison(self) -> Expr:
        """`0 < yhat < 1`, or a sum alone."""
        terms, signs = [self.arithmetic()], []
        while self.token.kind in COMPARISONS:
            signs.append(self.take().kind)
            terms.append(self.arithmetic())
        return Relation(tuple(terms), tuple(signs)) if signs else terms[0]

    def arithmetic(self) -> Expr:
        """A sum, or one term alone."""
        if self.token.kind == "{":
            self._drop_empty_group()
        terms = [self.term()]
        while True:
            if self.token.kind in ("+", "-"):
                self._add(terms)
            else:
                return Sum(terms) if len(terms) > 1 else terms[0]

    def _add(self, terms: list[Expr]) -> None:
        last_sum, at = self.last_sum, self.at
        minus = self.take().kind == "-"
        term = self.term()
        if last_sum[2] == at and _is_free(last_sum[3], term):
            raise self._how_far_the_sum(last_sum[0], last_sum[1], at)
        terms.append(Negative(term) if minus else term)

    def _how_far_the_sum(self, start: int, body: int, sign: int) -> Unreadable:
        """The question whether `\\sum_i x_i + y_i`, where y has the sum's index, is all summed."""
        head, summed = self._source(start, body), self._source(body, sign)
        rest = self._source(sign, self.at)
        readings = (
            ("the sum of all of it", f"{head} ({summed} {rest})"),
            (f"the sum of {summed} alone", f"({head} {summed}) {rest}"),
        )
        problem = "How far does the sum reach? Its index stands behind it as well."
        return self.ambiguity(self.tokens[sign], problem, readings)

    def _drop_empty_group(self) -> None:
        """`{}` in front of a sign only tells TeX how much air to set."""
        while self.token.kind == "{" and self.peek().kind == "}":
            self.go_to(self.at + 2)

    def term(self) -> Expr:
        """Factors from left to right, with any minus signs in front of all of them."""
        minus = self.minus_signs() if self.token.kind == "-" else 0
        start, first = self.token, self.at
        factors, slash = [self.factor()], None
        before: list[Expr] = []  # what stands in front of the last ⊙
        sign = 0
        while True:
            kind = self.token.kind
            if kind in _TERM_ENDS:
                break
            if kind in ("*", "/", "⊙", "∘"):
                sign = self.another_sign(first, sign)
                self.ends_bare_argument()
            if kind == "*":
                self.take()
                slash = None
                factors.append(self.signed_factor())
            elif kind == "/":
                slash = self.take()
                factors = [Quotient(product_of(factors), self.denominator())]
            elif kind == "⊙":
                self.take()
                before.append(product_of(factors))
                factors, slash = [self.signed_factor()], None
            elif self.stands_beside(start, slash):
                factors.append(self.factor())
            else:
                break
        product = product_of(factors)
        product = Elementwise((*before, product)) if before else product
        return self.negated(product, minus) if minus else product

    def minus_signs(self) -> int:
        """How many minus signs stand here; each is one level of nesting until `negated`."""
        count = 0
        while self.token.kind == "-":
            self.deepen()
            self.take()
            count += 1
        return count

    def negated(self, expr: Expr, minus: int) -> Expr:
        """`expr` behind this many minus signs."""
        self.depth -= minus
        for _ in range(minus):
            expr = Negative(expr)
        return expr

    def signed_factor(self) -> Expr:
        """A factor behind `*` or `/`, which may begin with a minus sign."""
        if self.token.kind != "-":
            return self.factor()
        minus = self.minus_signs()
        return self.negated(self.factor(), minus)

    def denominator(self) -> Expr:
        """What stands below, and no derivative written as a fraction."""
        place, start = self.token, self.at
        below = self.signed_factor()
        if self.ending == "fraction" and self.tokens[start].kind != "frac":
            hint = "Put the derivative in brackets: a/(dL/dz)."
            raise self.refusal(place, "Two fractions run into each other.", hint)
        return below

    def factor(self) -> Expr:
        """An operand with its exponent."""
        place = self.token
        base = self.operand()
        if self.token.kind == "primes" and self.by and isinstance(base, Symbol):
            base = self.behind_primes(base)
        if self.transposed or self.token.kind in ("^", "⊤"):
            base = self._transposed(base)
        if self.token.kind not in ("^", "raised"):
            return base
        self.can_be_raised()
        self.raised_e = base is E
        if self.takes("^"):
            exponent = self.exponent()
            if self.token.kind == "_" and isinstance(base, Symbol) and not base.indices:
                base = self.lowered(base)
        else:
            exponent = raised_exponent(self.take())
            self.ending = "bracket"
        if self.token.kind in ("^", "raised"):
            hint = "Write x^{2^3} or (x^2)^3." if self.latex else "Write (x^2)^3 or x^(2^3)."
            raise self.refusal(self.token, "Two exponents.", hint)
        self.last = place
        return Power(base, exponent)

    def _transposed(self, base: Expr) -> Expr:
        if self.transposed:
            self.transposed = False
            base = Transpose(base)
        while True:
            if self.takes("⊤"):
                base = Transpose(base)
                continue
            behind = self.is_transpose_here(base) if self.token.kind == "^" else 0
            if not behind:
                return base
            self.go_to(behind)
            base = Transpose(base)

    def exponent(self) -> Expr:
        """What stands behind `^`: a group in braces, or a factor with its minus signs."""
        self.deepen()
        if self.token.kind == "{":
            opening = self.open()
            exponent = self.arithmetic()
            self.close(opening)
            self.ending = "bracket"
        elif self.latex:
            exponent = self._short_exponent()
        else:
            exponent = self._plain_exponent()
        self.depth -= 1
        return exponent

    def _plain_exponent(self) -> Expr:
        minus, place = self.minus_signs(), self.token
        exponent = self.negated(self.factor(), minus)
        if self.ending in ("bare", "fraction", "operator"):
            raise self.refusal(place, "Where does this exponent end?", "Put it in brackets.")
        if self.ending in ("number", "symbol"):
            self.ending = "exponent"
        return exponent

    def _short_exponent(self) -> Expr:
        """In LaTeX without braces: one character, one command, or one of these with a minus."""
        minus, token = self.minus_signs(), self.token
        if token.kind == "number" and len(token.text) > 1:
            raise self._one_character("^")
        if token.kind == "∘":
            raise self.unexpected()
        if token.kind not in ("number", "word", "frac", "accent", "sqrt"):
            hint = "Put the exponent in braces, x^{...}."
            raise self.refusal(token, "Where does this exponent end?", hint)
        simple = token.kind in ("number", "word")
        operand = self.argument() if simple else self.operand()
        self.ending = "exponent"
        return self.negated(operand, minus)

    def operand(self) -> Expr:
        """A number, a name with what belongs to it, or something in brackets."""
        kind = self.token.kind
        if kind == "word" and not self.is_condition_word():
            return self.word()
        if kind == "number":
            if self.is_indicator():
                return self.indicator()
            self.ending = "number"
            return Number(self.take().text)
        if kind in BRACKETS or kind == "|":
            return self.bracket()
        special = _SPECIAL.get(kind)
        if special is None:
            raise self.unexpected()
        return special(self)

    def bracket(self) -> Expr:
        """`(...)`, `[...]`, or the absolute value `|...|`."""
        if self.token.kind == "|" and self.token.text == "right":
            raise self.unexpected()
        matrix = self.listed_matrix() if self.token.kind == "[" else None
        if matrix is not None:
            return matrix
        opening = self.open(bar=self.token.kind == "|")
        inner = self.arithmetic()
        if self.token.kind == ",":
            self._refuse_arguments(opening)
        if opening.kind == "\\{" and self.token.kind == ".":  # \left\{ ... \right.
            self.token = self.token._replace(kind="\\}")
        self.close(opening)
        self.ending = "bar" if opening.kind == "|" else "bracket"
        if opening.kind == "(" and self.token.kind == "primes":
            return self.behind_primes(inner)
        return Absolute(inner) if opening.kind == "|" else inner

    def _refuse_arguments(self, opening: Token) -> None:
        """A comma in brackets behind a name: the value of a function that is not declared."""
        number = max(0, self.tokens.index(opening) - 1)
        name = self.tokens[number]
        if name.kind == "word" and number + 1 < len(self.tokens):
            hint = f"Declare {name.raw} as a function; f, g and h need no declaration."
            raise self.refusal(self.token, f"Is {name.raw!r} a function?", hint)

    def braces(self) -> Expr:
        """A group of LaTeX; in plain text the pieces of a function."""
        if self.latex:
            self._drop_empty_group()
            return self.group() if self.token.kind == "{" else self.operand()
        inside = self.tokens[self.at : self.partner(self.at)]
        if any(token.kind == "word" and token.text == "if" for token in inside):
            return self.braced_cases()
        raise self.unexpected()

    def struck(self) -> Expr:
        """What is struck out or boxed where TeX shows no brackets around it: refused."""
        self.take()
        if self.token.kind != "{":
            raise self.unexpected(f"Write {self.peek(-1).raw}{{...}}.")
        return self.group()

    def accented(self) -> Expr:
        """`\\hat{y}` with what hangs on it."""
        place = self.token
        symbol = self.transposable()
        self.ending, self.last, self.base = "symbol", place, symbol
        return symbol

    def derivative_or_fraction(self) -> Expr:
        """What \\frac writes."""
        return self.stacked() or self.fraction()

    def word(self) -> Expr:
        """A form, a derivative as a fraction, a function, a constant or a symbol."""
        word, behind = self.token, self.peek()
        if behind.kind in FORMS.get(word.text, ()) and self.is_form(word):
            return self.written_out() if word.text in ("D", "partial") else self.form()
        if self.words.is_d(word) or (
            not self.latex and self.words.is_differential(word, above=True)
        ):
            fraction = self.differential()
            if fraction is not None:
                return fraction
        if behind.kind in ("^", "raised") and self.words.is_lettered(word):
            behind = self.tokens[self.after_scripts(self.at + 1)]  # f^{(4)}(x)
        if word.text == "Sigma" and behind.kind == "_" and self.is_sum():
            return self.big_sum()
        head = self.words.function(word, behind)
        if head is not None:
            return self.function(head)
        if word.text == "d":
            self.no_loose_differential(word, behind)
        self.ending, self.last = "symbol", word
        if behind.kind == "[":
            self.can_be_indexed()
        if self.words.is_constant(word) and behind.kind != "_" and (
            behind.spaced or not self.entries or behind.kind not in ("[", "layer")
        ):  # fmt: skip
            return Constant(self.take().text)
        self.base = self.transposable()
        below = isinstance(self.base, Symbol) and len(self.base.indices) > 1
        return self.words.value_below(self.base) if below else self.base

    def lone_word(self) -> Expr:
        """One letter: a symbol or a constant, without what hangs on it."""
        word = self.take()
        if self.words.is_constant(word):
            return Constant(word.text)
        if self.words.function(word, self.token) is not None:
            hint = "Put it in braces: x^{\\sin(x)}."
            raise self.refusal(word, f"{word.raw!r} stands without its argument.", hint)
        return self.words.symbol(word)


def _is_free(index: Symbol, term: Expr) -> bool:
    """Whether an index stands in a term that does not sum over it itself."""
    inside = tuple(nodes(term))
    bound = any(isinstance(node, IndexedSum) and node.index is index for node in inside)
    return index in inside and not bound


_SPECIAL: Final[dict[str, Callable[[Reader], Expr]]] = {
    "{": Reader.braces,
    "frac": Reader.derivative_or_fraction,
    "sqrt": Reader.root,
    "sum": Reader.big_sum,
    "integral": Reader.big_integral,
    "accent": Reader.accented,
    "indicator": Reader.indicator,
    "shown": Reader.struck,
    "begin": Reader.environment,
    "∂": Reader.partial,
    "d": Reader.partial,
}
