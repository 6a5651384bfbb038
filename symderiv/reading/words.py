"""What a name means: a function, a constant, a symbol with its accent and indices, or nothing.

Here belongs every decision about one word alone, and the hints for a word that
means nothing.  In plain text a word of several letters is never taken for a product of
its letters: `wx` is a typo, a name that was not declared, or a product, and only the
person who typed it knows.  In LaTeX letters side by side are factors, unless they spell
a word that is known.  What stands around a word is the reader's business.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from symderiv.errors import Ambiguous, Reading, Unreadable
from symderiv.language.expressions import Apply, Expr, Head, Number, Symbol
from symderiv.language.indices import ACCENTS, apart, is_matrix
from symderiv.language.names import LETTERED, Names
from symderiv.reading.characters import GREEK_WORDS
from symderiv.reading.commands import FUNCTION_WORDS, MEANINGS
from symderiv.reading.tokens import CONDITION_WORDS, Token

FORMS = {
    "D": "(",
    "partial": "(",
    "transpose": "(",
    "cases": "(",
    "hadamard": "(",
    "sum": "(",
    "int": "(",
    "indicator": ("(", "[", "\\{", "_"),
}
"""Words that mean something in front of a bracket, whatever is declared, and which brackets."""

INVERTIBLE = ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth")
"""Functions whose exponent -1 is the inverse function, sin^{-1} x, by everybody's convention."""

_STANDARD = {name: Head(name) for name in FUNCTION_WORDS if name not in ("ln", "max", "min")}
_STANDARD |= {f"arc{name}": Head(f"arc{name}") for name in INVERTIBLE}
_STANDARD |= {"ln": Head("log", r"\log"), "log": Head("log", r"\log"), "abs": Head("abs")}
_STANDARD |= {"root": Head("root"), "asin": Head("arcsin"), "acos": Head("arccos")}
_STANDARD |= {"atan": Head("arctan"), "arctanh": Head("arctanh"), "sqrt": Head("sqrt")}
_STEM = re.compile(rf"([A-Za-z]|{'|'.join(GREEK_WORDS)})({'|'.join(ACCENTS)})?")
_ACCENT_AS_INDEX = re.compile(rf"_({'|'.join(ACCENTS)})(?=_|$)")
_WHOLE = re.compile(r"(.*?[A-Za-z])([0-9]*)(?:_(.*))?")
_PROSE = frozenset(
    ("and", "or", "the", "for", "is", "so", "let", "to", "by", "we", "of", "if", "as", "at", "be")
)
_LONGEST_PRODUCT = 3  # a longer run of letters in LaTeX is a word that somebody forgot to declare


class Words:
    """The meaning of words in one text under the declared names."""

    def __init__(self, text: str, names: Names) -> None:
        self._text, self._names = text, names
        self._short = [name for name in names.functions if len(name) == 1]

    def function(self, token: Token, behind: Token | None = None) -> Head | None:
        """The function of this spelling; `behind` is the token that follows, where it matters."""
        follows = behind.kind if behind else ""
        valued = follows in ("(", "[", "\\{", "primes")
        head, name = self._function(token), token.text
        kinds = self._names.kinds.get(name, "") if self._names.kinds else ""
        if "function" in kinds or ("loss" in kinds and valued):
            return head or Head(name)
        if kinds:
            return None
        if self.declared(token) is None:
            if head and follows == "_" and name in GREEK_WORDS:
                return None  # sigma_i is a deviation, or anything else with an index
            if head and name in GREEK_WORDS and name != "sigma" and not valued:
                return None  # an angle or any other quantity; sigma alone is asked about
            lettered = name in LETTERED and follows in ("(", "primes")
            return Head(name) if head is None and lettered else head
        if head and valued:
            hint = f"Write {head.name}(...) for the function, {token.raw}*(...) for a product."
            problem = f"{token.raw!r} is declared as a symbol and as a function."
            raise Unreadable(self._text, token.position, problem, hint)
        return None

    def value_below(self, entry: Symbol) -> Expr:
        """δ_{ik} as the function of two indices that it is; any other entry as it is."""
        for head in self._names.functions.values():
            of_indices = head.below == len(entry.indices) and head.latex == f"\\{entry.name}"
            if head.below > 1 and of_indices and self.is_free(entry) and not entry.layer:
                return Apply(head, entry.indices)
        return entry

    def _function(self, token: Token) -> Head | None:
        """The declared function of this spelling, or one that every reader knows."""
        if len(token.text) == 1 and token.text not in self._short:
            return None
        functions = self._names.functions
        found = functions.get(token.raw) or functions.get(token.text)
        if found is None and token.text.startswith(("log_", "ln_")):
            found = self.logarithm(token.text.partition("_")[2])
        return found or _STANDARD.get(token.text)

    def inverse(self, head: Head) -> Head:
        """The inverse of a trigonometric or hyperbolic function: of sin, arcsin."""
        name = f"arc{head.name}"
        return self._names.functions.get(name, Head(name))

    def is_lettered(self, token: Token) -> bool:
        """Whether a word is f, g or h and nothing that was declared."""
        undeclared = self._function(token) is None and self.declared(token) is None
        return undeclared and token.text in LETTERED

    def is_constant(self, token: Token) -> bool:
        """Whether a word is e or pi, and no symbol of the problem.

        Where both are in one text, the constant e is upright and the symbol italic.
        """
        if token.text == "e" and token.raw.startswith("\\"):
            return not token.raw.startswith("\\mathit")
        return token.text in ("e", "pi") and self.declared(token) is None

    def is_free(self, symbol: Symbol) -> bool:
        """Whether nothing is declared about the letter of a symbol."""
        return symbol.name not in self._names.symbols and symbol.name not in self._names.kinds

    def is_a(self, kind: str, symbol: Symbol) -> bool:
        """Whether the letter of a symbol is declared as this kind."""
        return self._names.is_a(kind, symbol.name)

    def arity(self, token: Token, head: Head) -> int | None:
        """How many arguments a function takes: one unless its names say otherwise; for an
        undeclared f, None: any number."""
        if head.name == "root":
            return 2
        return self._names.arity.get(head.name, 1 if self._function(token) else None)

    def check_count(self, token: Token, head: Head, count: int, order: int) -> None:
        """Refuse a function with more or fewer arguments than it takes; a prime takes one."""
        arity = 1 if order else self.arity(token, head)
        if arity not in (None, count):
            problem = f"{token.raw!r} takes {_counted(arity)}; here it has {_counted(count)}."
            hint = f"Arguments are separated by commas: {head.name}(x, y)." if arity != 1 else ""
            hint = hint or f"Write {head.name}(x)."
            if head.below == 1:
                hint = f"Write which entry is meant: {head.name}(z)_i."
            raise Unreadable(self._text, token.position, problem, hint)

    def may_be_function(self, symbol: Symbol, *, holds_atom: bool) -> bool:
        """Whether a symbol in front of a bracket looks like a function: f_1(...), x(y)."""
        declared = self._names.symbols.values()
        if not self.is_free(symbol) or symbol in declared:
            return False
        name = symbol.name
        return holds_atom or name in LETTERED or name in self._names.functions

    def declared(self, token: Token) -> Symbol | None:
        """The declared symbol of exactly this spelling."""
        symbols = self._names.symbols
        if not symbols:
            return None
        raw = token.raw.removeprefix("\\")
        return symbols.get(token.raw) or symbols.get(raw) or symbols.get(token.text)

    def is_word(self, token: Token) -> bool:
        """Whether a run of letters is a word that means something as a whole."""
        text = token.text
        if self.declared(token) or text in self._names.kinds or text in self._names.aliases:
            return True
        if self._function(token) or text in FORMS or text in CONDITION_WORDS:
            return True
        found = _STEM.fullmatch(text)
        return found is not None and (found[2] is not None or len(text) > 2)

    def letters(self, token: Token) -> list[Token]:
        """A run of letters in LaTeX as tokens of one letter each; refused where it is a word."""
        text, place = token.text, token.position
        if text in GREEK_WORDS and len(text) < 3:
            raise Ambiguous(
                self._text, place, f"{text!r} is a Greek letter, or a product of letters.",
                (Reading("the Greek letter", f"\\{text}"),
                 Reading("a product of letters", r" \cdot ".join(text))),
            )  # fmt: skip
        known = [*self._names.functions, *_STANDARD]
        holds = next((n for n in known if len(n) > 2 and n in text and n.isalpha()), None)
        if len(text) > _LONGEST_PRODUCT or holds or text in _PROSE:
            raise self.unknown(token)
        return [
            Token("word", letter, place + k, token.spaced and k == 0, letter)
            for k, letter in enumerate(text)
        ]

    def symbol(self, token: Token, skip: int = 0) -> Symbol:
        """The symbol that a word names, without its first `skip` letters (the d of `dyhat`)."""
        text = token.text[skip:]
        if len(text) == 1 and not self._names.symbols and not self._names.aliases:
            return Symbol(text)
        declared = self._names.symbols.get(token.raw[skip:].removeprefix("\\"))
        return declared or self._symbol(token, text)

    def layered(self, token: Token, skip: int = 0) -> Symbol:
        """As `symbol`, for a word before `[`: digits behind the name are its layer, `W1[1,1]`."""
        text = token.text[skip:]
        stem = text.rstrip("0123456789")
        if stem == text or "_" in text or text in self._names.symbols:
            return self.symbol(token, skip)
        base = self._symbol(token, stem)
        if base.layer or base.indices:
            raise self.unknown(token)
        return Symbol(base.name, base.accent, text[len(stem) :])

    def accented(self, base: Symbol, accent: str) -> Symbol:
        """A symbol under an accent, by its alias where it has one."""
        symbol = Symbol(base.name, accent)
        known = self._alias(base.name + accent) or symbol
        return Symbol(known.name, known.accent, base.layer, base.indices)

    def compound(self, base: Symbol, word: str) -> Symbol | None:
        """The declared symbol that a letter and a word below it spell: `W_{out}` is `W_out`."""
        return self._names.symbols.get(f"{base.name}{base.accent}_{word}")

    def is_differential(self, token: Token, *, above: bool = False) -> bool:
        """Whether a word reads as d and a symbol, as in `dL/dz`, and is not declared itself.

        `above` the line a function's name may stand behind the d as well, `dσ/dz`.
        """
        if token.kind != "word" or token.text[0] != "d" or token.text[1:] in ("", *ACCENTS):
            return False
        if self.declared(token) or self._function(token):
            return False
        return self.is_symbol(token, 1) or (above and self.behind_d(token) is not None)

    def behind_d(self, token: Token) -> Head | None:
        """The function whose name stands behind the d of a word."""
        return self.function(token._replace(text=token.text[1:], raw=token.raw[1:]))

    def is_known(self, token: Token) -> bool:
        """Whether a word means anything at all."""
        return (
            token.text in CONDITION_WORDS
            or self.is_symbol(token)
            or self.function(token) is not None
        )

    def head(self, name: str) -> Head:
        """The function of this name, as it is declared."""
        return self._names.functions.get(name, _STANDARD[name])

    def logarithm(self, base: str) -> Head | None:
        """The logarithm to a base that is a number or one letter: log2, log10, log_3, log_a."""
        if base == "e":
            return self._names.functions.get("log")
        lettered = base.isascii() and base.isalpha() and len(base) == 1
        if not lettered and (not base.isdigit() or int(base[:9]) < 2 or len(base) > 9):
            return None
        own = self._names.functions.get(f"log{base}")
        return own or Head(f"log_{base}", rf"\log_{{{base}}}")

    def is_d(self, token: Token) -> bool:
        """Whether a token is the d of a derivative by itself: upright, or not declared."""
        return token.kind == "d" or (
            token.kind == "word"
            and token.text == "d"
            and self.declared(token) is None
            and "d" not in self._names.kinds
        )

    def is_symbol(self, token: Token, skip: int = 0) -> bool:
        """Whether a word, without its first `skip` letters, is a symbol and nothing else."""
        word = token._replace(text=token.text[skip:], raw=token.raw[skip:])
        if self.is_constant(word) or self.function(word):
            return self.declared(word) is not None
        try:
            self.symbol(word)
        except Unreadable:
            return False
        return True

    def indices(self, token: Token, run: str, base: Symbol) -> tuple[Expr, ...]:
        """A run of letters or digits behind `_` as indices; refused where it is unclear."""
        if self._is_matrix(base) and run.isdigit() and len(run) > 2:
            readings = (
                Reading(f"the entry {run[0]}, {run[1:]}", f"{base}[{run[0]},{run[1:]}]"),
                Reading(f"the entry {run[:-1]}, {run[-1]}", f"{base}[{run[:-1]},{run[-1]}]"),
                Reading(f"the entry number {run}", f"{base}[{run}]"),
            )
            problem = f"Which entry is {run!r}?"
            raise Ambiguous(self._text, token.position, problem, readings)
        upright = token.raw.startswith("\\")
        runs = (run,) if upright else self.runs(run, base)
        return tuple(self.index(token, item) for item in runs)

    def runs(self, run: str, base: Symbol) -> tuple[str, ...]:
        """The indices of `base` that a run of letters or digits stands for."""
        return apart(run, matrix=self._is_matrix(base))

    def _is_matrix(self, base: Symbol) -> bool:
        """Whether two digits at a name are two indices: as declared, else by its letter."""
        declared = self._names.is_a("matrix", base.name)
        return declared or (is_matrix(base.name) and not self._names.is_a("variable", base.name))

    def index(self, token: Token, item: str) -> Expr:
        """One index: a number, a letter, or a word."""
        if item.isdigit():
            return Number(item)
        known = self._base(item)
        if known is None and not (item.isalpha() and len(item) <= 20):
            hint = "An index is a number or a letter, x_1, yhat_i; several in brackets, W[i,j]."
            raise Unreadable(self._text, token.position, f"{item!r} is no index.", hint)
        return known or Symbol(item)

    def unknown(self, token: Token) -> Unreadable:
        """The refusal of a word that means nothing, with the nearest that does."""
        if token.raw.startswith("\\") and token.raw[1:].isalpha():
            return self._unknown_command(token)
        if token.text.startswith(("log_", "ln_")):
            problem, hint = (
                "The base of a logarithm is a whole number from 2 on, or one letter.",
                "Write ln(x)/ln(2).",
            )
            return Unreadable(self._text, token.position, problem, hint)
        guesses = self._guesses(token.text)
        hint = "Declare it, or write one letter."
        if token.text in ACCENTS:
            hint = f"Write the accent behind its letter, in one word: y{token.text}."
            guesses = []
        if guesses:
            hint = f"Did you mean {' or '.join(guesses)}?"
        return Unreadable(self._text, token.position, f"Unknown name {token.raw!r}.", hint)

    def _unknown_command(self, token: Token) -> Unreadable:
        known = [name for name in (*MEANINGS, *self._names.functions) if name.isalpha()]
        near = get_close_matches(token.raw[1:41], known, 1, 0.7)
        hint = f"Did you mean \\{near[0]}?" if near else "Write it without this command."
        return Unreadable(self._text, token.position, f"Unknown command {token.raw!r}.", hint)

    def _symbol(self, token: Token, text: str) -> Symbol:
        if text in self._names.symbols:
            return self._names.symbols[text]
        whole = _WHOLE.fullmatch(_ACCENT_AS_INDEX.sub(r"\1", text))
        base = whole and self._base(whole[1])
        if not whole or not base:
            raise self.unknown(token)
        digits, index = whole[2], whole[3]
        if not digits and index is None:
            return base
        layered = index is not None or self._names.is_a("layered", base.name)
        if digits and layered and not base.layer:
            base, digits = Symbol(base.name, base.accent, digits, base.indices), ""
            if index is None:
                return base
        if base.indices or "_" in (index or ""):
            hint = "Several indices stand in brackets, x[1,2]."
            raise Unreadable(self._text, token.position, f"Two indices in {token.raw!r}.", hint)
        indices = self.indices(token, digits or index, base)
        return Symbol(base.name, base.accent, base.layer, indices)

    def _base(self, stem: str) -> Symbol | None:
        """A name without indices: declared, or a letter, either with an accent."""
        known = self._names.symbols.get(stem) or self._alias(stem)
        if known:
            return known
        found = _STEM.fullmatch(stem)
        if found:
            return self.accented(Symbol(found[1]), found[2]) if found[2] else Symbol(found[1])
        for accent in ACCENTS:
            bare = self._word(stem.removesuffix(accent)) if stem.endswith(accent) else None
            if bare and not (bare.accent or bare.indices or bare.layer):
                return Symbol(bare.name, accent)
        return self._word(stem)

    def _word(self, stem: str) -> Symbol | None:
        """A declared word of several letters."""
        return self._names.symbols.get(stem) or (
            Symbol(stem) if stem in self._names.kinds else None
        )

    def _alias(self, stem: str) -> Symbol | None:
        other = self._names.aliases.get(stem)
        if other is None:
            return None
        found = _STEM.fullmatch(_ACCENT_AS_INDEX.sub(r"\1", other))
        declared = self._names.symbols.get(other)
        return declared or (Symbol(found[1], found[2] or "") if found else Symbol(other))

    def _guesses(self, text: str) -> list[str]:
        if len(text) > 30:
            return []
        stem = text.partition("_")[0]
        functions = [*self._names.functions, *_STANDARD]
        for name in functions:
            if stem.startswith(name) and _STEM.fullmatch(stem[len(name) :]):
                return [f"{name}({stem[len(name) :]})"]
            if stem.endswith(name) and _STEM.fullmatch(stem[: -len(name)]):
                return [f"{stem[: -len(name)]}*{name}(...)"]
        guesses = ["*".join(stem)] if len(stem) < 4 and stem.isalpha() else []
        if text.startswith("d") and _STEM.fullmatch(text[1:]):
            guesses.append(f"D(..., {text[1:]})")
        known = [*functions, *FORMS, *self._names.symbols, *GREEK_WORDS]
        nearest = get_close_matches(stem.lower(), [k for k in known if len(k) > 1], 1, 0.7)
        return guesses + [repr(name) for name in nearest]


def _counted(count: int | None) -> str:
    return "1 argument" if count == 1 else f"{count} arguments"
