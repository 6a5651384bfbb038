"""Which Unicode character is which ASCII spelling, and which is refused by its name.

Here belongs what can be said of single characters and of names made of them: σ is
`sigma`, ŷ is `yhat`, x₁ is `x_1`, 𝑥 is `x`, − is `-`.  What a name means stands in
`words`, how text is cut into tokens in `tokens`.
"""

from __future__ import annotations

import re
import unicodedata

from symderiv.errors import Unreadable
from symderiv.language.indices import ACCENTS

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "ϵ": "epsilon", "ϑ": "theta", "ϕ": "phi", "ϱ": "rho", "ς": "sigma", "µ": "mu", "ℓ": "ell",
}  # fmt: skip
GREEK_WORDS = tuple(dict.fromkeys(GREEK.values()))
MARKS = dict(zip("\u0302\u0304\u0303\u0307\u20d7", ACCENTS, strict=True))
SIGNS = {
    "−": "-", "–": "-", "‐": "-", "‑": "-", "·": "*", "×": "*", "⋅": "*", "∙": "*", "∗": "*",
    "÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=",
    "**": "^", "==": "=", "′": "'", "″": "''", "‴": "'''", "’": "'",
    "∣": "|", "∑": "sum", "∫": "integral", "⊙": "⊙", "∘": "∘",
}  # fmt: skip
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˡⁱʲᵏᵗᴸ⁽⁾ˣʸᶻᵃᵇ", "0123456789+-nlijktL()xyzab", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚₜₐₑₒₓ", "0123456789ijklmnptaeox", strict=True))
WORDS = {"√": "sqrt", "𝟙": "indicator", "𝟏": "indicator"}

# Mathematical letters, as copied from a PDF or a word processor: 𝑥, 𝐱, 𝜎, ℎ, ℒ.
STYLED = "\U0001d400-\U0001d7cbℎℒ"
_RAISED, _LOWERED = str.maketrans(RAISED), str.maketrans(LOWERED)
# One piece of a name that is not all ASCII: one letter, an accent, digits; `dŷ` has a d before it.
_PIECE = re.compile(
    rf"(?P<d>d?)(?P<letter>[A-Za-z{''.join(GREEK)}])"
    rf"(?P<mark>[{''.join(MARKS)}]|{'|'.join(ACCENTS)}|)(?P<digits>[0-9]*)"
)


def letters() -> str:
    """The class of letters for a regular expression, those with an accent built in among them."""
    plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + "".join(GREEK)
    composed = (unicodedata.normalize("NFC", letter + m) for letter in plain for m in MARKS)
    return plain + "".join(ch for ch in composed if len(ch) == 1) + STYLED


def lowered(raw: str) -> str:
    """Lowered characters as ASCII."""
    return raw.translate(_LOWERED)


def raised(raw: str) -> str:
    """Raised characters as ASCII."""
    return raw.translate(_RAISED)


def font(raw: str) -> str:
    """The font of a mathematical letter, `bold` or `script`; empty for the usual one."""
    if raw.isascii():
        return ""
    words = unicodedata.name(raw[0], "").lower().split()
    return next((word for word in words if word in ("bold", "script", "fraktur")), "")


def ascii_name(text: str, raw: str, position: int) -> str:
    """A name in ASCII, with its indices behind one `_` each: `ŷ` is `yhat`, `x₁` is `x_1`."""
    if raw.isascii():
        return raw
    name = re.sub(f"[{STYLED}]", lambda m: unicodedata.normalize("NFKC", m.group()), raw)
    name = re.sub(f"[{''.join(LOWERED)}]+", lambda m: "_" + lowered(m.group()), name)
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
    accent = MARKS.get(mark, mark)
    return found["d"] + GREEK.get(letter, letter) + accent + found["digits"]


_HINTS = {
    "\\": "A LaTeX command begins with a backslash and goes on with letters, such as \\sigma.",
    "$": "A formula stands between two dollar signs.",
    "!": "Factorials are not read; unequal is written !=.",
    ".": "A decimal has digits behind its point, 0.5; a product is written with *.",
    "_": "An index stands right behind a symbol: x_1, yhat_i.",
    "∞": "Infinity is not a number here.",
    "&": "Conditions are chains such as 0 < yhat < 1.",
    "±": "Write the two formulas apart.",
    "∏": "Write the factors out.",
    "∇": "Write the derivatives one by one, dL/dw.",
    "→": "An equation is written with =.",
    "⇒": "Write one equation in a line.",
    "≈": "Only exact equations are read, with =.",
    "…": "Write out what the dots stand for, or sum(x_j, j = 1..n).",
    "∈": "A domain is given apart from the formula.",
    ":": "A definition is written with =; an update gives the new value a name of its own.",
    "≔": "A definition is written with =; an update gives the new value a name of its own.",
    '"': "Quotation marks are no part of a formula; a second derivative is f''(x).",
    "#": "Leave the number sign out.",
    "@": "A product is written with *.",
    "%": "Write a percentage as a fraction, 5/100.",
    "~": "Approximations are not read.",
    "`": "Leave the backquotes out; a prime is written '.",
    "?": "Leave the question mark out.",
}


def unknown(text: str, position: int) -> Unreadable:
    """The refusal of a character that formulas do not have, by its name."""
    ch = text[position]
    shown = f"{ch!r}" if ch.isascii() and ch.isprintable() else f"U+{ord(ch):04X}"
    name = unicodedata.name(ch, "a control character" if ord(ch) < 160 else "an unnamed character")
    hint = _HINTS.get(ch, "")
    if not hint and ch.isalpha():
        hint = "It may look like a letter of formulas and is another: type a Latin or Greek one."
    elif not hint and not ch.isprintable():
        hint = "It cannot be seen: delete it, or type the formula again."
    elif not hint and ch.isnumeric():
        hint = "Type numbers with the digits 0 to 9, fractions as 1/2."
    return Unreadable(text, position, f"This character is not read: {shown}, {name}.", hint)
