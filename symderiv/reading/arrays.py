r"""Matrices and elementwise products: `[[a, b], [c, d]]`, `bmatrix`, `a \odot b`.

Here belongs how rows and entries are parted, `hadamard(a, b)`, and the questions that the
circled signs raise: whether `\circ` composes or multiplies, and which of two signs comes
first in `a \cdot b \odot c`.  That `W x \odot y` is (W x) ⊙ y, as textbooks have it, is said
in `reader`.
"""

from __future__ import annotations

from typing import Final

from symderiv.errors import Ambiguous
from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.expressions import Expr
from symderiv.reading.beside import BESIDE
from symderiv.reading.scripts import Scripts
from symderiv.reading.tokens import Token

MATRICES: Final = ("bmatrix", "pmatrix")
_BARE: Final = ("matrix", "smallmatrix", "array")  # without brackets of their own
_MOST: Final = 64  # rows, and entries of a row


class Arrays(Scripts):
    """A cursor that reads matrices."""

    def is_matrix(self, begin: int) -> bool:
        """Whether the environment that begins at this token is a matrix in brackets."""
        opening, before = self.tokens[begin], self._kind(begin - 1) if begin else ""
        if opening.text in MATRICES:
            return True
        closing = {"(": ")", "[": "]"}.get(before)
        closed = closing is not None and self._kind(self.partner(begin) + 1) == closing
        return closed and opening.text in _BARE and "|" not in opening.raw

    def matrix_of_environment(self, begin: Token) -> Expr:
        """What stands between `\\begin{bmatrix}`, which is taken, and its end."""
        self.deepen()
        self.in_bar.append(False)
        rows: list[list[Expr]] = []
        while not rows or self.token.kind != "finish":
            self._add_row(rows, self.token, "&")
            if not self.takes("newline"):
                break
        if self.token.kind != "finish" or self.token.text != begin.text:
            hint = f"Write \\end{{{begin.text}}}."
            raise self.refusal(begin, f"{begin.raw!r} is never ended.", hint)
        self.take()
        self.in_bar.pop()
        self.depth -= 1
        self.ending = "bracket"
        return Matrix(rows)

    def listed_matrix(self) -> Expr | None:
        """`[[a, b], [c, d]]` if that stands here; None where these brackets are only brackets."""
        if self.peek().kind != "[" or not self._is_listed():
            return None
        outer = self.open()
        rows: list[list[Expr]] = []
        while self.token.kind == "[":
            inner = self.open()
            self._add_row(rows, inner, ",")
            self.close(inner)
            if not self.takes(","):
                break
        self.close(outer)
        self.ending = "bracket"
        return Matrix(rows)

    def _is_listed(self) -> bool:
        """Whether brackets with commas stand in the bracket here, and nothing else; asked for one.

        One entry alone is a matrix with a comma behind it, `[[x],]`, as Python writes it.
        """
        at, closing, comma = self.at + 1, self.partner(self.at), False
        while self._kind(at) == "[":
            behind = self.partner(at) + 1
            comma = comma or self._has_comma(at) or self._kind(behind) == ","
            if behind == closing and not comma:
                raise self._one_entry(at)
            if behind == closing or self._kind(behind) != ",":
                return behind == closing
            at = behind + 1
        return comma and at == closing

    def _has_comma(self, opening: int) -> bool:
        at, behind = opening + 1, self.partner(opening)
        while at < behind:
            if self._kind(at) == ",":
                return True
            at = max(self.partner(at), at) + 1 if self._opens(at) else at + 1
        return False

    def _opens(self, at: int) -> bool:
        return self._kind(at) in ("(", "[", "\\{", "{", "begin")

    def _one_entry(self, inner: int) -> Ambiguous:
        entry = self._source(inner + 1, self.partner(inner))
        matrix = rf"\begin{{bmatrix}} {entry} \end{{bmatrix}}" if self.latex else f"[[{entry}],]"
        readings = (("a matrix with one entry", matrix), ("brackets", f"({entry})"))
        return self.ambiguity(self.token, "Is this a matrix, or are these brackets?", readings)

    def _add_row(self, rows: list[list[Expr]], place: Token, separator: str) -> None:
        """Read one more row; it is as long as the first, and not longer than a screen."""
        row = [self.arithmetic()]
        while self.takes(separator):
            row.append(self.arithmetic())
        if len(rows) == _MOST or len(row) > _MOST:
            problem = f"A matrix has at most {_MOST} rows and {_MOST} columns."
            raise self.refusal(place, problem, "Name it with a letter.")
        if rows and len(row) != len(rows[0]):
            problem = f"The first row has {_entries(rows[0])}, this one has {_entries(row)}."
            raise self.refusal(place, problem, "All rows of a matrix are of one length.")
        rows.append(row)

    def hadamard(self) -> Expr:
        """The arguments of `hadamard(a, b)`."""
        place, factors = self.token, [self.arithmetic()]
        while self.takes(","):
            factors.append(self.arithmetic())
        if len(factors) == 1:
            problem = "An elementwise product has two factors at least."
            raise self.refusal(place, problem, "Write hadamard(a, b).")
        return Elementwise(factors)

    def another_sign(self, start: int, sign: int) -> int:
        """The number of the sign here; asked about where it is ∘, or ⊙ beside another sign.

        `start` is the number of the term's first token, `sign` that of the sign before, or 0.
        """
        if self.token.kind == "∘":
            raise self._composed(start)
        if sign and (self.token.kind == "⊙") != (self.tokens[sign].kind == "⊙"):
            raise self._which_first(start, sign)
        return self.at

    def _which_first(self, start: int, sign: int) -> Ambiguous:
        """The question which of two signs comes first, the one of that number or the one here."""
        left, middle = self._source(start, sign), self._source(sign + 1, self.at)
        one, two, right = self.tokens[sign].raw, self.token.raw, self._right()
        readings = (
            (f"{one} first", f"({left} {one} {middle}) {two} {right}"),
            (f"{two} first", f"{left} {one} ({middle} {two} {right})"),
        )
        return self.ambiguity(self.token, f"Which comes first, {one} or {two}?", readings)

    def _composed(self, start: int) -> Ambiguous:
        """The question what `f \\circ g` means."""
        left, right = self._source(start, self.at), self._right()
        readings = (
            ("the elementwise product", self.joined("⊙", left, right)),
            ("a composition of two functions", "f(g(x))"),
        )
        return self.ambiguity(self.token, f"What does {self.token.raw!r} mean?", readings)

    def _right(self) -> str:
        """The text of the operand behind the sign here: factors side by side."""
        first = behind = self.at + 1
        while self._kind(behind) == "-":
            behind += 1
        behind = self.after(behind)
        while self._kind(behind) in BESIDE:
            behind = self.after(behind)
        return self._source(first, behind)


def _entries(row: list[Expr]) -> str:
    return "1 entry" if len(row) == 1 else f"{len(row)} entries"
