"""Plain text and common Unicode, read by precedence climbing into the tree that was written.

Here belongs the grammar: what binds how tightly, what stands side by side, and
where a text could be read in two ways and is therefore refused.  Nothing is ever
evaluated, rearranged or guessed.  Loosest first: chains of comparisons, sums, a
minus sign, products and quotients from left to right, powers from right to left.
An exponent and a factor may begin with a minus sign: `e^-x`, `a*-b`.

Side by side means times, where that is all it can mean: `2x`, `x y`, `(a)(b)`,
`x(1 - x)`, `sin(x) cos(x)`.  In front of a bracket, f, g and h are functions, every
other letter is a factor, unless the bracket holds one name or number: `x(y)` looks
like a function's value and is read only if x is declared.  A function without
brackets takes the one factor behind it, `log yhat`, and what follows must not
be able to belong to it.  Refused as ambiguous are among others `1/2x`, `sin 2x`,
`sin x^2`, `ln x(1-x)`, `e^2x`, `sin^-1 x`, `|a|b|c|`.

Nesting is limited to 60 levels, and each costs at most eight of Python's frames.
"""

from __future__ import annotations

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
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.names import Names
from symderiv.reading.cursor import BRACKETS, COMPARISONS
from symderiv.reading.forms import Forms
from symderiv.reading.tokens import Token
from symderiv.reading.words import FORMS

NOTHING_DECLARED = Names()


def read(text: str, names: Names = NOTHING_DECLARED) -> Expr:
    """The expression that `text` writes; raises Unreadable with the place and what to write."""
    reader = _Reader(text, names)
    if reader.token.kind == "end":
        raise Unreadable(text, 0, "There is nothing to read.", "Write a formula: x^2*sin(x).")
    try:
        expr = reader.comparison()
    except RecursionError:  # sixty levels fit: it is the caller who left too little of the stack
        problem = "This is nested too deep to be read from where the program stands."
        raise reader.refusal(reader.token, problem, "Give a name to an inner part.") from None
    reader.end()
    return expr


class _Reader(Forms):
    """The grammar: one method for each way in which operands are joined."""

    def comparison(self) -> Expr:
        """`0 < yhat < 1`, or a sum alone."""
        terms, signs = [self.arithmetic()], []
        while self.token.kind in COMPARISONS:
            signs.append(self.take().kind)
            terms.append(self.arithmetic())
        return Relation(tuple(terms), tuple(signs)) if signs else terms[0]

    def arithmetic(self) -> Expr:
        """A sum, or one term alone."""
        terms = [self.term()]
        while self.token.kind in ("+", "-"):
            minus = self.take().kind == "-"
            term = self.term()
            terms.append(Negative(term) if minus else term)
        return Sum(terms) if len(terms) > 1 else terms[0]

    def term(self) -> Expr:
        """Factors from left to right, with any minus signs in front of all of them."""
        minus, start = self.minus_signs(), self.token
        factors, slash = [self.factor()], None
        while True:
            if self.token.kind == "*":
                self.ends_bare_argument()
                self.take()
                slash = None
                factors.append(self.signed_factor())
            elif self.token.kind == "/":
                self.ends_bare_argument()
                slash = self.take()
                factors = [Quotient(_product(factors), self.denominator())]
            elif self.stands_beside(start, slash):
                factors.append(self.factor())
            else:
                return self.negated(_product(factors), minus)

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
        minus = self.minus_signs()
        return self.negated(self.factor(), minus)

    def denominator(self) -> Expr:
        """What stands below, and no derivative written as a fraction."""
        place = self.token
        below = self.signed_factor()
        if self.ending == "fraction":
            hint = "Put the derivative in brackets: a/(dL/dz)."
            raise self.refusal(place, "Two fractions run into each other.", hint)
        return below

    def factor(self) -> Expr:
        """An operand with its exponent."""
        base = self.operand()
        if self.token.kind not in ("^", "raised"):
            return base
        self.can_be_raised()
        if self.takes("^"):
            return Power(base, self.exponent())
        power = Power(base, _raised(self.take()))
        self.ending = "raised"
        if self.token.kind in ("^", "raised"):
            raise self.refusal(self.token, "Two exponents.", "Write (x^2)^3 or x^(2^3).")
        return power

    def exponent(self) -> Expr:
        """What stands behind `^`: a factor, with its own exponent and minus signs."""
        self.deepen()
        minus, place = self.minus_signs(), self.token
        exponent = self.negated(self.factor(), minus)
        if self.ending in ("bare", "bare number", "fraction"):
            raise self.refusal(place, "Where does this exponent end?", "Put it in brackets.")
        if self.ending in ("number", "symbol", "raised"):
            self.ending = "exponent"
        self.depth -= 1
        return exponent

    def operand(self) -> Expr:
        """A number, a name with what belongs to it, or something in brackets."""
        match self.token.kind:
            case "number":
                self.ending = "number"
                return Number(self.take().text)
            case "word" if self._is_name():
                return self.word()
            case "(" | "[" | "|":
                return self.bracket()
            case "∂":
                expr = self.differential()
                self.ending = "fraction"
                return expr or self.word()
            case _:
                raise self.unexpected()

    def bracket(self) -> Expr:
        """`(...)`, `[...]`, or the absolute value `|...|`."""
        opening = self.open(bar=self.token.kind == "|")
        inner = self.arithmetic()
        self.close(opening)
        self.ending = "bar" if opening.kind == "|" else "bracket"
        return Absolute(inner) if opening.kind == "|" else inner

    def word(self) -> Expr:
        """A form, a derivative as a fraction, a function, a constant or a symbol."""
        word, behind = self.token, self.peek()
        if behind.kind in FORMS.get(word.text, ()):
            expr = self.form()
            self.ending = "bracket"
            return expr
        if word.text == "d" or self.words.is_differential(word):
            fraction = self.differential()
            if fraction is not None:
                self.ending = "fraction"
                return fraction
        head = self.words.function(word, behind)
        if head is not None:
            return self.function(head)
        self.ending, self.last = "symbol", word
        self.can_be_indexed()
        if self.words.is_constant(word) and (behind.spaced or behind.kind not in ("[", "layer")):
            return Constant(self.take().text)
        return self.symbol()

    def function(self, head: Head) -> Expr:
        """A function's value: `sin(x)`, `f''(x)`, `sin^2(x)`, `log yhat`."""
        word = self.take()
        order = len(self.take().text) if self.token.kind == "primes" else 0
        power = self.function_power(word)
        if self.token.kind in BRACKETS:
            arguments = self.arguments(word)
        else:
            arguments = [self.bare_argument(word, head, order)]
        self.words.check_count(word, head, len(arguments), order)
        expr = _applied(head, order, arguments)
        return Power(expr, power) if power else expr

    def arguments(self, word: Token) -> list[Expr]:
        """The arguments in brackets, one at least."""
        opening = self.open()
        if self.token.kind in (")", "]"):
            raise self.refusal(self.token, f"{word.raw!r} stands without its argument.")
        arguments = [self.arithmetic()]
        while self.takes(","):
            arguments.append(self.arithmetic())
        self.close(opening)
        self.ending = "bracket"
        return arguments

    def bare_argument(self, word: Token, head: Head, order: int) -> Expr:
        """The one factor behind a function without brackets, `log yhat`."""
        number = self.token.kind == "number"
        begins = number or self.token.kind == "|" or self._is_name()
        if order or not begins or self.words.arity(word, head) != 1:
            hint = f"Write {word.raw}{chr(39) * order}(...)."
            raise self.refusal(word, f"{word.raw!r} stands without its argument.", hint)
        self.deepen()
        argument = self.operand()
        self.depth -= 1
        self.ending, self.last = "bare number" if number else "bare", word
        return argument

    def _is_name(self) -> bool:
        return self.token.kind == "word" and self.token.text != "if"

    def function_power(self, word: Token) -> Expr | None:
        """The exponent in `sin^2(x)`: a whole number, since `sin^-1` means two things."""
        if self.token.kind not in ("^", "raised"):
            return None
        place = self.token
        token = self.take() if self.takes("^") or place.kind == "raised" else place
        if token.kind in ("number", "raised") and token.text.isdecimal():
            return Number(token.text)
        name = word.raw
        if token.kind == "-" or token.text.startswith("-"):
            hint = f"Write arc{name}(...) for the inverse function, 1/{name}(...) for a quotient."
            problem = f"The exponent -1 behind {name!r} means two things."
            raise self.refusal(place, problem, hint)
        hint = f"Write {name}(...)^n."
        raise self.refusal(place, f"Behind {name!r} only a whole number is a power.", hint)


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


def _product(factors: list[Expr]) -> Expr:
    return Product(factors) if len(factors) > 1 else factors[0]


def _raised(token: Token) -> Expr:
    """The exponent that raised characters write: `²`, `⁻¹`, `ⁿ`."""
    digits = token.text.lstrip("+-")
    exponent: Expr = Symbol(digits) if digits == "n" else Number(digits)
    return Negative(exponent) if token.text.startswith("-") else exponent
