r"""Printed LaTeX in a plain dialect that another program reads.

latex2sympy2 knows fractions, powers, brackets, roots, sums and the elementary functions;
it has no ŷ, no σ(z), no ∂L/∂ŷ still to be taken, no cases.  Here a formula is respelled,
token by token and by matching braces alone: each name becomes `v_k`, and so does what it
has no word for, whose parts are respelled in turn and stand beside it.  What binds tighter
than what, where a fraction ends, what an exponent belongs to, is never judged here (but for
the sign \odot, of which it knows nothing: the terms around it are its factors): our own
reader is not used, and every text that is not known word for word is refused.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Final, NamedTuple

from symderiv.printing.glyphs import ACCENTS, GREEK, OPERATORS
from symderiv.printing.shapes import SYMBOL_E, TRANSPOSED

RELATIONS: Final = {"=": "=", r"\ne": "!=", "<": "<", r"\le": "<=", ">": ">", r"\ge": ">="}
KNOWN_FUNCTIONS: Final = frozenset(  # of one argument, which latex2sympy2 has a word for
    {"sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "log"}
    | {"arcsin", "arccos", "arctan"}
)
_TOKEN: Final = re.compile(
    r"\\(?:begin|end)\{(?:cases|bmatrix)\}|\\(?:mathrm|mathit|text|mathbf)\{[^{}]*\}|\\left[(\[|]|\\right[)\]|]"
    r"|\\(?:sd)?cancel\{|\\sdfactor\{\d+\}\{|\\mathopen\{\}|\{\}(?= -)|\{<\}"
    r"|\\[A-Za-z]+|\\.|\d*\.\d+|\d+|\S"
)
_NUMBER: Final = re.compile(r"(?!0\d|\.0+$)\d*\.?\d+")  # neither 01 nor .0
_SILENT: Final = frozenset({r"\,", r"\mathopen{}", "{}"})
_SAME: Final = {r"\left(": "(", r"\right)": ")", r"\left[": "[", r"\right]": "]", "{<}": "<"}
_PAIRS: Final = {
    "(": ")", "[": "]", "{": "}", r"\left|": r"\right|", r"\begin{cases}": r"\end{cases}",
    r"\begin{bmatrix}": r"\end{bmatrix}",
}  # fmt: skip
_CLOSINGS: Final = frozenset(_PAIRS.values())
_PLAIN: Final = frozenset(
    {*"+-()[]{}^|=", r"\cdot", r"\frac", r"\sqrt", r"\left|", r"\right|", r"\sum"}
)
_MARK: Final = re.compile(r"\\(?:sd)?cancel\{|\\sdfactor\{\d+\}\{")
_OPENING: Final = frozenset({*"([{+-^=|", r"\cdot", r"\left|"})
_TERM_BEGINS: Final = frozenset({*"([{+-", r"\left|"})
_TERM_ENDS: Final = _CLOSINGS | {"+", "-", ",", "&", r"\\"}
_AFTER_A_DERIVATIVE: Final = frozenset({"+", "-", r"\cdot", ")", "]", "}", "&"})

Tokens = Sequence[str]


class Unread(Exception):
    """Text that the other program cannot be given, or could not read; the message says why."""


class Statement(NamedTuple):
    """Sides with the signs of comparison between them; a lone expression is one side."""

    signs: tuple[str, ...]
    sides: tuple[Fragment, ...]


class Fragment(NamedTuple):
    """An expression in the plain dialect; `v_k` in it stands for the k-th of `parts`."""

    text: str
    parts: tuple[Part, ...]


class Part(NamedTuple):
    """What a `v_k` stands for: a name, or something with statements inside."""

    label: tuple[str, ...]
    inside: tuple[Statement, ...] = ()


def respell(latex: str, functions: Container[str]) -> tuple[Statement, tuple[str, ...]]:
    """A printed formula in the plain dialect, and the marks (colours, strokes) that it bore.

    `functions` are the names that stand for functions before a bracket, as `head_name`
    gives them.
    """
    tokens, marks = _unmarked(
        _apart([_SAME.get(t, t) for t in _TOKEN.findall(latex) if t not in _SILENT])
    )
    _split(tokens, ())  # all brackets are closed: latex2sympy2 stops reading at one too many
    return _statement(tokens, functions), marks


def _apart(tokens: Tokens) -> list[str]:
    """A transpose beside a layer, `W^{(2)\\top}`, in braces of its own."""
    pieces: list[str] = []
    for piece in tokens:
        if piece == r"\top" and pieces[-1:] == [")"]:
            pieces += "}", "^", "{"
        pieces.append(piece)
    return pieces


def _unmarked(tokens: Tokens) -> tuple[list[str], tuple[str, ...]]:
    """The tokens without marks and the braces that belong to them; the marks."""
    kept: list[str] = []
    marks: list[str] = []
    braces: list[bool] = []
    for piece in tokens:
        mark = _MARK.fullmatch(piece) is not None
        if mark:
            marks.append(piece)
        if mark or piece == "{":
            braces.append(mark)
        if not mark and not (piece == "}" and braces and braces.pop()):
            kept.append(piece)
    if braces:
        raise Unread("a brace is not closed")
    return kept, tuple(marks)


def _closing(tokens: Tokens, start: int) -> int:
    """Where the bracket that opens at `start` is closed."""
    waiting: list[str] = []
    for place in range(start, len(tokens)):
        piece = tokens[place]
        if piece in _PAIRS:
            waiting.append(_PAIRS[piece])
        elif piece in _CLOSINGS:
            if piece != waiting.pop():
                break
            if not waiting:
                return place
    raise Unread(f"the bracket {tokens[start]} is not closed")


def _split(tokens: Tokens, separators: Container[str]) -> tuple[list[Tokens], list[str]]:
    """The stretches between separators outside of all brackets, and those separators."""
    stretches: list[Tokens] = []
    found: list[str] = []
    start = place = 0
    while place < len(tokens):
        if tokens[place] in _CLOSINGS:
            raise Unread(f"nothing opens before {tokens[place]}")
        if tokens[place] in separators:
            stretches.append(tokens[start:place])
            found.append(tokens[place])
            start = place + 1
        place = (_closing(tokens, place) if tokens[place] in _PAIRS else place) + 1
    return [*stretches, tokens[start:]], found


def _statement(tokens: Tokens, functions: Container[str]) -> Statement:
    sides, signs = _split(tokens, RELATIONS)
    fragments = tuple(_Respelling(side, functions).fragment() for side in sides)
    return Statement(tuple(RELATIONS[sign] for sign in signs), fragments)


class _Respelling:
    """One pass over the tokens of an expression."""

    def __init__(self, tokens: Tokens, functions: Container[str]) -> None:
        self.tokens = tokens
        self.functions = functions
        self.place = 0
        self.said: list[str] = []
        self.parts: dict[Part, None] = {}
        self.circled = r"\odot" in tokens

    def fragment(self) -> Fragment:
        while self.place < len(self.tokens):
            self.step()
        return Fragment(" ".join(self.said), tuple(self.parts))

    def ahead(self, distance: int = 0) -> str:
        place = self.place + distance
        return self.tokens[place] if place < len(self.tokens) else ""

    def behind(self, *pieces: str) -> bool:
        """Whether one of these stands before the place; an empty one is the beginning."""
        return (self.tokens[self.place - 1] if self.place else "") in pieces

    def step(self) -> None:
        """The next token, and those that belong to it."""
        piece = self.ahead()
        if self.circled and self.behind("", *_TERM_BEGINS) and self.entrywise():
            return
        if piece == r"\frac" and _differential(self.ahead(2)):
            self.derivative()
        elif piece == r"\begin{cases}":
            self.cases()
        elif piece == r"\begin{bmatrix}":
            self.matrix()
        elif piece == r"\mathbf{1}" and self.ahead(1) == "[":
            self.place += 1
            self.stand_in(("indicator",), (self.group(),))
        elif piece == r"\top":
            self.place += 1
            self.stand_in(("name", TRANSPOSED))
        elif (piece == "+" and self.behind(*_OPENING, "")) or (
            piece == "-" and self.behind("+", "-", r"\cdot")
        ):
            raise Unread(f"there is a sign {piece} with nothing before it")
        elif piece == "0":  # a stranger takes -0 for 0
            self.place += 1
            self.stand_in(("number", piece))
        elif piece in _PLAIN or _NUMBER.fullmatch(piece) or (piece == "_" and self.behind(r"\sum")):
            self.say(piece)
        else:
            self.word()

    def say(self, piece: str) -> None:
        self.said.append(piece)
        self.place += 1

    def stand_in(self, label: tuple[str, ...], inside: Sequence[Tokens] = ()) -> None:
        """A `v_k` in braces: an atom, whatever stands beside it."""
        part = Part(label, tuple(_statement(tokens, self.functions) for tokens in inside))
        self.parts.setdefault(part)
        number = list(self.parts).index(part) + 1  # without braces it is read three times faster
        self.said += ("{", f"v_{number}" if number < 10 else f"v_{{{number}}}", "}")

    def group(self) -> Tokens:
        """What stands in the brackets that open here; the place moves behind them."""
        if self.ahead() not in _PAIRS:
            raise Unread(f"no bracket opens at {self.ahead() or 'the end'}")
        start, self.place = self.place, _closing(self.tokens, self.place) + 1
        return self.tokens[start + 1 : self.place - 1]

    def word(self) -> None:
        """A name, or a function with its argument."""
        start, stem = self.place, self.stem()
        behind = self.place
        called = self.tokens[start] in _COMMANDS or stem in self.functions
        primes = self.primes() if called else 0
        raised = self.raised() if called and not primes else ()
        if called and self.ahead() == "(":
            if stem in KNOWN_FUNCTIONS and not primes:
                self.said.append({"log": r"\ln"}.get(stem, f"\\{stem}"))
                self.place = behind
            else:
                self.call(("prime", stem, str(primes)) if primes else ("call", stem), raised)
        elif self.tokens[start] not in _COMMANDS:
            self.place = start
            self.stand_in(("name", self.name()))
        else:
            raise Unread(f"{stem} has no argument in brackets")

    def call(self, label: tuple[str, ...], raised: Tokens) -> None:
        """A function of arguments; an exponent at its name moves behind them."""
        arguments, _ = _split(self.group(), ",")
        self.stand_in(label, arguments)
        self.tokens = [*self.tokens[: self.place], *raised, *self.tokens[self.place :]]

    def primes(self) -> int:
        """How many primes stand here: `''`, or `^{(4)}` before a bracket."""
        start = self.place
        while self.ahead() == "'":
            self.place += 1
        order = [self.ahead(k) for k in range(6)]
        if order[:3] == ["^", "{", "("] and order[3].isdigit() and order[4:] == [")", "}"]:
            self.place += 6
            return int(order[3])
        return self.place - start

    def raised(self) -> Tokens:
        """The exponent at a function's name, `\\tanh^{2}(z)`; none where no argument follows."""
        start = self.place
        if self.ahead() == "^":
            self.place += 1
            self.group()
        if self.ahead() == "(":
            return self.tokens[start : self.place]
        self.place = start
        return ()

    def stem(self) -> str:
        """A name without what stands around it: a letter, a Greek letter, an upright word."""
        piece = self.ahead()
        self.place += 1
        bare = piece.removeprefix("\\")
        if piece in _COMMANDS or (bare != piece and bare in GREEK):
            return bare
        if piece == r"\mathit{e}":
            return SYMBOL_E
        if piece.startswith((r"\mathrm{", r"\text{")) and piece != r"\mathrm{d}":
            return piece.partition("{")[2][:-1].replace(r"\_", "_")
        if bare != piece and bare in ACCENTS:
            return f"{bare} {_whole_name(self.group())}"
        if len(piece) == 1 and piece.isalpha():
            return piece
        raise Unread(f"{piece or 'the end'} is not known")

    def name(self) -> str:
        """A name with its layer and its indices."""
        spelled = self.stem()
        if [self.ahead(k) for k in range(3)] == ["^", "{", "("]:
            start, self.place = self.place, self.place + 1
            inside = self.group()
            if _closing(inside, 0) == len(inside) - 1:
                spelled += "^({})".format("".join(inside[1:-1]).replace("\\", ""))
            else:
                self.place = start
        if self.ahead() == "_":
            self.place += 1
            spelled += "_" + "".join(_names(self.group()))
        return spelled

    def derivative(self) -> None:
        """`\\frac{d^n f}{dx^n}`, or with what is differentiated behind it."""
        self.place += 1
        over, under = self.group(), self.group()
        mark, order = _differential(over[0]), _order(over)
        rest = over[1 + 4 * (order != "1") :]
        if not under or _differential(under[0]) != mark:
            raise Unread("a derivative by nothing")
        below = under[1 : len(under) - 4 * (order != "1")]
        if order != "1" and list(under[-4:]) != ["^", "{", order, "}"]:
            raise Unread("a derivative with two orders")
        self.stand_in(("derivative", mark, order), (rest or self.body(), below))

    def body(self) -> Tokens:
        """What is differentiated: a bracket, or a function with its argument and nothing more."""
        if self.ahead() == "[":
            return self.group()
        start = self.place
        if self.ahead() == r"\sqrt":
            self.place += 1
            if self.ahead() == "[":
                self.group()
        else:
            self.stem()
            self.primes()
        self.group()
        if self.ahead() and self.ahead() not in _AFTER_A_DERIVATIVE:
            raise Unread("it is not clear where the differentiated expression ends")
        return self.tokens[start : self.place]

    def cases(self) -> None:
        inside: list[Tokens] = []
        for row in _split(self.group(), (r"\\",))[0]:
            cells = _split(row, "&")[0]
            if len(cells) != 2 or list(cells[1][:1]) != [r"\text{if }"]:
                raise Unread("a case without a condition")
            inside += cells[0], cells[1][1:]
        self.stand_in(("cases",), inside)

    def matrix(self) -> None:
        rows = [_split(row, "&")[0] for row in _split(self.group(), (r"\\",))[0]]
        width = len(rows[0])
        if any(len(row) != width for row in rows):
            raise Unread("a matrix with a row that is longer or shorter")
        self.stand_in(("matrix", str(width)), [cell for row in rows for cell in row])

    def entrywise(self) -> bool:
        """Whether a term with `\\odot` in it stood here; a `v_k` stands for it now."""
        end = self.place
        while end < len(self.tokens) and self.tokens[end] not in _TERM_ENDS:
            end = (_closing(self.tokens, end) if self.tokens[end] in _PAIRS else end) + 1
        factors, signs = _split(self.tokens[self.place : end], (r"\odot",))
        if signs:
            self.place = end
            self.stand_in(("elementwise",), factors)
        return bool(signs)


_COMMANDS: Final = frozenset(f"\\{name}" for name in OPERATORS)


def _differential(piece: str) -> str:
    return {r"\partial": "partial", r"\mathrm{d}": "d"}.get(piece, "")


def _order(over: Tokens) -> str:
    """The order of a derivative, from what follows its first d."""
    return over[3] if list(over[1:3]) == ["^", "{"] and list(over[4:5]) == ["}"] else "1"


def _whole_name(tokens: Tokens) -> str:
    names = _names(tokens)
    if len(names) != 1:
        raise Unread(f"{' '.join(tokens)} is not one name")
    return names[0]


def _names(tokens: Tokens) -> list[str]:
    """Names, numbers, signs and brackets, side by side."""
    reading = _Respelling(tokens, ())
    found: list[str] = []
    while reading.place < len(tokens):
        piece = reading.ahead()
        if piece in "{}":
            reading.place += 1
        elif piece.isdigit() or piece in ",+-()":
            found.append(piece)
            reading.place += 1
        else:
            found.append(reading.name())
    return found
