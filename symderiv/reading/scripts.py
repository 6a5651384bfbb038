"""Symbols with all that hangs on them: accents, indices, layers, the mark of a transpose.

Here belongs what `_` and `^` mean behind a symbol: `W^{(1)}_{11}` is an entry in the
first layer, `x_{i+1}` the next entry, `W^T` a transpose, `x^{2}` none of these but a power.
Whether `W^L` is a layer or a power nobody can know who was not told: it is asked.
"""

from __future__ import annotations

import re

from symderiv.errors import Unreadable
from symderiv.language.expressions import Constant, Expr, Negative, Number, Sum, Symbol
from symderiv.reading.beside import Beside
from symderiv.reading.tokens import Token

_LAYER = re.compile(r"[0-9]+|[A-Za-z]+|(?:[A-Za-z]|[0-9]+)[+-](?:[A-Za-z]|[0-9]+)")
_USUAL_LAYER = re.compile(r"[lL](?:[+-][0-9])?")


class Scripts(Beside):
    """A cursor that reads symbols whole."""

    transposed = False  # whether the mark of a transpose stood in the symbol's superscript

    def symbol(self, skip: int = 0) -> Symbol:
        """A symbol with its layer and indices; `skip` leaves out a d in front of its name."""
        place, found = self.token, self.transposable(skip)
        if self.transposed:
            raise self.refusal(
                place, "A transpose cannot stand here.", "Transpose the whole: (...)^T."
            )
        return found

    def transposable(self, skip: int = 0) -> Symbol:
        """As `symbol`, where `W^{(1)T}` may stand: the caller looks at `transposed`."""
        if self.token.kind == "accent":
            return self._accented()
        token = self.take()
        if token.kind != "word":
            raise self.refusal(token, "A symbol should stand here.", "Write a letter, x or w_1.")
        entry = self.touches("[") and self.entries
        base = self.words.layered(token, skip) if entry else self.words.symbol(token, skip)
        return self._scripted(base)

    def touches(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds stands here with no blank before it."""
        return self.token.kind in kinds and not self.token.spaced

    def _accented(self) -> Symbol:
        """`\\hat{y}`, `\\hat y`, `\\hat{y_i}`."""
        accent = self.take()
        if self.token.kind == "{":
            opening = self.open()
            inner = self.symbol()
            if self.token.kind != "}":
                hint = f"Write {accent.raw}{{x}} {accent.raw}{{y}}, or a name of its own."
                raise self.refusal(self.token, "An accent stands over one letter.", hint)
            self.close(opening)
        elif self.token.kind == "word":
            inner = self.words.symbol(self.take())
        else:
            hint = f"Write {accent.raw}{{y}}."
            raise self.refusal(self.token, "An accent stands over one letter.", hint)
        if inner.accent:
            raise self.refusal(accent, "One letter carries at most one accent.", "Use one.")
        return self._scripted(self.words.accented(inner, accent.text))

    def _scripted(self, base: Symbol) -> Symbol:
        while True:
            if self.token.kind == "_":
                base = self.lowered(base)
            elif self.touches("low"):
                token = self.take()
                base = self._indexed(base, self.words.indices(token, token.text, base))
            elif self.touches("layer"):
                base = self._layered(base, self.take().text)
            elif self.token.kind == "^":
                layer = self._layer(base)
                if layer is None:
                    return base
                base = self._layered(base, layer)
                if self.transposed:
                    return base
            elif self.touches("[") and self.entries:
                base = self._indexed(base, self._bracket_indices())
            else:
                return base

    def _layered(self, base: Symbol, layer: str) -> Symbol:
        if base.layer:
            hint = "A quantity stands in one layer: W^{(1)}_{11}, W1[1,1]."
            raise self.refusal(self.token, f"{base} has a layer already.", hint)
        return Symbol(base.name, base.accent, layer, base.indices)

    def _indexed(self, base: Symbol, indices: tuple[Expr, ...]) -> Symbol:
        if base.indices:
            hint = "All indices stand together, W[1,1]; a product is written with *."
            raise self.refusal(self.token, f"{base} has an index already.", hint)
        return base.at(*indices)

    def lowered(self, base: Symbol) -> Symbol:
        """A symbol with the index that stands behind `_`."""
        self.take()
        if base.indices:
            raise self.refusal(self.token, f"{base} has an index already.", "Write x_{1,2}.")
        token = self.token
        if token.kind == "{":
            return self._braced(base)
        if token.kind == "number" and self.latex and len(token.text) > 1:
            raise self._one_character("_")
        if token.kind not in ("number", "word"):
            raise self._no_index()
        self.take()
        return base.at(*self.words.indices(token, token.text, base))

    def _braced(self, base: Symbol) -> Symbol:
        """A symbol with its indices in braces, `W_{1j}`, `W_{1,j}`, `a_{l-1}`, `W_{out}`."""
        word, behind = self.peek(1), self.peek(2)
        if word.kind == "word" and behind.kind == "}":
            compound = self.words.compound(base, word.text)
            if compound:
                self.go_to(self.at + 3)
                return compound
        several = any(token.kind == "," for token in self.tokens[self.at : self.partner(self.at)])
        opening = self.open()
        indices: list[Expr] = []
        while not indices or self.token.kind not in ("}", "end"):
            indices += self._index_group(base, several=several)
            self.takes(",")
        self.close(opening)
        return base.at(*indices)

    def _index_group(self, base: Symbol, *, several: bool) -> list[Expr]:
        """What stands between two commas of an index: `ij`, `1j`, `l-1`, `{11}`, `10`."""
        if self.token.kind == "{":
            opening = self.open()
            found = self._index_group(base, several=True)
            self.close(opening)
            return [*found[:-1], self._moved(found[-1])]
        token = self.token
        if token.kind == "accent" or (token.kind == "word" and self.peek().kind in ("_", "^")):
            return [self._moved(self.symbol())]
        if token.kind not in ("number", "word"):
            raise self._no_index()
        self.take()
        if several:  # between commas nothing is taken apart
            return [self._moved(self._index(token))]
        found = list(self.words.indices(token, token.text, base))
        return [*found[:-1], self._moved(found[-1])]

    def _moved(self, index: Expr) -> Expr:
        """An index with a number added, `i+1`."""
        if self.token.kind not in ("+", "-"):
            return index
        minus = self.take().kind == "-"
        number = self.take()
        if number.kind not in ("number", "word") or (number.kind == "word" and not self.latex):
            raise self._no_index()
        step = self._index(number)
        return Sum((index, Negative(step) if minus else step))

    def _index(self, token: Token) -> Expr:
        if token.kind not in ("number", "word") or "." in token.text:
            raise self._no_index()
        return self.words.index(token, token.text)

    def _bracket_indices(self) -> tuple[Expr, ...]:
        """The indices of `W[1,j]`: numbers, symbols, words, and `i+1`."""
        opening = self.open()
        indices = [self._entry()]
        while self.takes(","):
            indices.append(self._entry())
        if self.token.kind not in ("]", "end"):
            raise self._no_index()
        self.close(opening)
        return tuple(indices)

    def _entry(self) -> Expr:
        token = self.token
        if token.kind == "word":
            if token.text.isalpha() and not self.words.is_symbol(token):
                self.take()
                return self._moved(self._index(token))
            return self._moved(self.symbol())
        if token.kind != "number" or not token.text.isdecimal():
            raise self._no_index()
        return Number(self.take().text)

    def _no_index(self) -> Unreadable:
        hint = "An index is a number or a symbol, W[1,j], W_{1j}; a product is written with *, "
        return self.refusal(self.token, "This cannot be an index.", hint + "x*(1 - x).")

    def _layer(self, base: Symbol) -> str | None:
        """The layer written at `^`, which is then taken; None where an exponent stands."""
        grouped = self.peek().kind == "{"
        inner = self.at + 1 + grouped
        behind = self.partner(self.at + 1) if grouped else inner + 1
        bracketed = self._kind(inner) in ("(", "[")
        last = self.partner(inner) if bracketed else behind
        layer = self._text(inner + bracketed, last)
        if not _LAYER.fullmatch(layer):
            return None
        if not bracketed:
            return self._bare_layer(base, layer, behind + grouped)
        tail = self.tokens[last + 1 : behind]
        transposed = len(tail) == 1 and self._is_transpose(tail[0])
        if not grouped and not self.words.is_a("layered", base):
            return None
        if grouped and tail and not transposed:
            return None
        if self.words.is_a("variable", base):
            raise self._layer_or_power(base, layer)
        self.transposed = transposed
        self.go_to(min((behind if grouped else last) + 1, len(self.tokens) - 1))
        return layer

    def _bare_layer(self, base: Symbol, layer: str, behind: int) -> str | None:
        """A layer without brackets, `W^l`: read if the name was declared so, else asked."""
        usual = _USUAL_LAYER.fullmatch(layer)
        if self.words.is_a("layered", base):
            if layer.isdigit():
                raise self._layer_or_power(base, layer)
            self.go_to(min(behind, len(self.tokens) - 1))
            return layer
        if usual and self.words.is_free(base) and not base.layer:
            raise self._layer_or_power(base, layer)
        return None

    def _layer_or_power(self, base: Symbol, layer: str) -> Unreadable:
        behind = self.after_argument(self.at + 1)
        entry, index = "", ""
        if self._kind(behind) == "_":
            source = self._source(behind, self.after_argument(behind + 1))
            run = source.lstrip("_").strip("{} ")
            parts = self.words.runs(run, base) if run.isalnum() else (run,)
            entry, index = f"[{','.join(parts)}]", source
        readings = (
            ("a quantity of a layer", f"{base}{{{layer}}}{entry}"),
            ("a power", f"({base}{index})^({layer})"),
        )
        problem = f"Is {layer!r} a layer (or a sample), or an exponent?"
        return self.ambiguity(self.token, problem, readings)

    def _text(self, first: int, behind: int) -> str:
        """The text of a few tokens in a row; empty where they are too many."""
        tokens = self.tokens[first:behind]
        fits = 0 < len(tokens) < 6 and all(t.kind in ("number", "word", "+", "-") for t in tokens)
        return "".join(token.text for token in tokens) if fits else ""

    def is_transpose_here(self, base: Expr) -> int:
        """The number of the token behind `^T`, `^\\top`, `^{\\top}` if that stands here, else 0."""
        grouped = self.peek().kind == "{"
        mark = self.peek(1 + grouped)
        closed = not grouped or self.peek(3).kind == "}"
        letter = mark.kind == "word" and isinstance(base, (Constant, Number))  # e^T is a power
        if letter or not closed or not self._is_transpose(mark):
            return 0
        return min(self.at + 2 + 2 * grouped, len(self.tokens) - 1)

    def _is_transpose(self, token: Token) -> bool:
        if token.kind == "⊤":
            return True
        return token.kind == "word" and token.text == "T" and self.words.is_free(Symbol("T"))

    def _one_character(self, sign: str) -> Unreadable:
        """The question how much of `x^10` TeX was meant to raise."""
        token = self.token
        whole, before = token.raw, self.shown(self.last.position, self.token.position).rstrip("^_")
        side = "raised" if sign == "^" else "lowered"
        first = f"{before}{sign}{{{whole[0]}}}"
        readings = (
            (f"all digits {side}", f"{before}{sign}{{{whole}}}"),
            (f"only the first digit {side}, as TeX sets it", rf"{first} \cdot {whole[1:]}"),
        )
        return self.ambiguity(token, f"How much of {whole!r} is {side}?", readings)
