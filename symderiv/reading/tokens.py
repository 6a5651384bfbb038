"""Text as a list of tokens, each with its place, and the limits that hold before anything is read.

Here belongs what can be said of characters: which are numbers, names, signs and
blanks, which Unicode character is spelled how in ASCII (σ is `sigma`, ŷ is `yhat`,
x₁ is `x_1`, − is `-`), and which are refused, by their Unicode name.  What a name
means, and which token may follow which, stands elsewhere.  After this module nobody
sees a character outside ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from symderiv.errors import Unreadable

CHARACTERS, TOKENS, DIGITS = 4_000, 1_500, 40

ACCENTS = ("hat", "bar", "tilde", "dot", "vec")
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "ϵ": "epsilon", "ϑ": "theta", "ϕ": "phi", "ϱ": "rho", "ς": "sigma", "µ": "mu",
}  # fmt: skip
_MARKS = dict(zip("\u0302\u0304\u0303\u0307\u20d7", ACCENTS, strict=True))
_SIGNS = {
    "−": "-", "–": "-", "‐": "-", "‑": "-", "·": "*", "×": "*", "⋅": "*", "∙": "*",
    "÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "≥": ">=", "≠": "!=", "**": "^", "==": "=",
}  # fmt: skip
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙ", "0123456789ijkmn")
_WORDS = {"√": "sqrt", "𝟙": "indicator"}
_PRIMES = {"″": 2, "‴": 3}


class Token(NamedTuple):
    """One piece of the text.

    `kind` is number, word, layer, raised, primes, end, or the sign itself; `text` its
    spelling in ASCII; `raw` what was typed at `position`; `spaced` whether a blank
    stands before it.
    """

    kind: str
    text: str
    position: int
    spaced: bool
    raw: str


def _letters() -> str:
    """The class of letters for a regular expression, those with an accent built in among them."""
    plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + "".join(GREEK)
    composed = (unicodedata.normalize("NFC", letter + m) for letter in plain for m in _MARKS)
    return plain + "".join(ch for ch in composed if len(ch) == 1)


_LETTER = f"[{_letters()}]"
_IN_NAME = f"[{_letters()}{''.join(_MARKS)}0-9]"
_INDEX = rf"(?:_(?:\{{[^{{}}]{{0,60}}\}}|{_IN_NAME}+)|[₀-₉ᵢⱼₖₘₙ]+)"
_SCANNER = re.compile(
    rf"""
      (?P<blank>[ \t\r\n\u00a0\u2000-\u200a\u202f\u205f\u3000]+)
    | (?P<number>(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][-+−]?[0-9]++)?)
    | (?P<word>{_LETTER}{_IN_NAME}*{_INDEX}*|[√𝟙])
    | (?P<layer>\{{[A-Za-z0-9+-]{{1,20}}\}})
    | (?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]+|ⁿ)
    | (?P<primes>['’′″‴]+)
    | (?P<sign>\*\*|<=|>=|!=|==|\.\.|[-+*/^=<>()\[\],|∂−–‐‑·×⋅∙÷∕⁄≤≥≠])
    """,
    re.VERBOSE,
)
# One piece of a name that is not all ASCII: one letter, an accent, digits; `dŷ` has a d before it.
_PIECE = re.compile(
    rf"(?P<d>d?)(?P<letter>[A-Za-z{''.join(GREEK)}])"
    rf"(?P<mark>[{''.join(_MARKS)}]|{'|'.join(ACCENTS)}|)(?P<digits>[0-9]*)"
)


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, the last of kind `end`; raises Unreadable at the first bad place."""
    if len(text) > CHARACTERS:
        hint = "Split it into several formulas."
        raise Unreadable(
            text, CHARACTERS, f"A formula has at most {CHARACTERS:,} characters.", hint
        )
    tokens: list[Token] = []
    position, spaced = 0, False
    while position < len(text):
        found = _SCANNER.match(text, position)
        if found is None:
            raise _unknown(text, position)
        kind, raw = str(found.lastgroup), found.group()
        if kind == "blank":
            spaced = True
        else:
            if len(tokens) == TOKENS:
                raise Unreadable(text, position, f"A formula has at most {TOKENS:,} tokens.")
            tokens.append(_token(text, kind, raw, position, spaced))
            spaced = False
        position = found.end()
    tokens.append(Token("end", "", len(text), spaced, ""))
    return tokens


def _token(text: str, kind: str, raw: str, position: int, spaced: bool) -> Token:
    if len(raw) > DIGITS and sum(ch.isdigit() for ch in raw) > DIGITS:
        raise Unreadable(text, position, f"A number has at most {DIGITS} digits.")
    match kind:
        case "sign":
            kind = spelled = _SIGNS.get(raw, raw)
        case "word":
            spelled = _WORDS.get(raw) or _ascii_name(text, raw, position)
        case "raised":
            spelled = raw.translate(_RAISED)
        case "layer":
            spelled = raw[1:-1]
        case "primes":
            spelled = "'" * sum(_PRIMES.get(ch, 1) for ch in raw)
        case "number" if not raw.isascii() or not raw.replace(".", "").isdecimal():
            power, hint = raw.lower().replace("−", "-").split("e"), "Write {}*10^{}."
            problem = f"{raw!r} may mean a power of ten or a product with e."
            raise Unreadable(text, position, problem, hint.format(power[0], _signed(power[1])))
        case _:
            spelled = raw
    return Token(kind, spelled, position, spaced, raw)


def _signed(exponent: str) -> str:
    return f"({exponent})" if exponent.startswith("-") else exponent.removeprefix("+")


def _ascii_name(text: str, raw: str, position: int) -> str:
    """A name in ASCII, with its indices behind one `_` each: `ŷ` is `yhat`, `x₁` is `x_1`."""
    if raw.isascii() and "{" not in raw:
        return raw
    name = re.sub(r"[₀-₉ᵢⱼₖₘₙ]+", lambda m: "_" + m.group().translate(_LOWERED), raw)
    name = re.sub(r"_\{([^{}]*)\}", lambda m: "_" + "".join(m.group(1).split()), name)
    if name.isascii():
        return name
    decomposed = unicodedata.normalize("NFD", name)
    pieces = re.split(r"([_,])", decomposed)
    return "".join(_ascii_piece(piece, text, raw, position) for piece in pieces)


def _ascii_piece(piece: str, text: str, raw: str, position: int) -> str:
    if piece.isascii():
        return piece
    found = _PIECE.fullmatch(piece)
    if found is None:
        hint = "Write a product with *, as in alpha*x; one letter carries at most one accent."
        raise Unreadable(text, position, f"{raw!r} is no name: it has several letters.", hint)
    mark, letter = found["mark"], found["letter"]
    accent = _MARKS.get(mark, mark)
    return found["d"] + GREEK.get(letter, letter) + accent + found["digits"]


_HINTS = {
    "\\": "LaTeX is not read here: write sigma(z), x^2, a/b.",
    "$": "Leave the dollar signs out.",
    "{": "Use parentheses for grouping; braces only name a layer, right behind a symbol: z{2}.",
    "}": "Use parentheses for grouping; braces only name a layer, right behind a symbol: z{2}.",
    "!": "Factorials are not read; unequal is written !=.",
    ".": "A decimal has digits behind its point, 0.5; a product is written with *.",
    "_": "An index stands right behind a symbol: x_1, yhat_i.",
    "∑": "Write sum(x_j, j = 1..n).",
    "∞": "Infinity is not a number here.",
    "&": "Conditions are chains such as 0 < yhat < 1.",
    "±": "Write the two formulas apart.",
}


def _unknown(text: str, position: int) -> Unreadable:
    """The refusal of a character that formulas do not have, by its name."""
    ch = text[position]
    shown = f"{ch!r}" if ch.isascii() and ch.isprintable() else f"U+{ord(ch):04X}"
    name = unicodedata.name(ch, "a control character" if ord(ch) < 160 else "an unnamed character")
    hint = _HINTS.get(ch, "")
    if not hint and ch.isalpha():
        hint = "It may look like a letter of formulas and is another: type a Latin or Greek one."
    return Unreadable(text, position, f"This character is not read: {shown}, {name}.", hint)
