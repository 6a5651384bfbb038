"""How a name looks: Greek letters, upright words, function names, accents, layers.

Here belongs everything that the letters of a name decide alone, in LaTeX and in Unicode
side by side, so that the formats cannot drift apart.  Nothing here knows the tree around
a name.  A name that somebody typed is always escaped here and never pasted: no name can
open a brace, call a command or end a document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final, NamedTuple

from symderiv.language import indices
from symderiv.language.expressions import Head

GREEK: Final[dict[str, str]] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ϱ",
    "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "ell": "ℓ", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "infty": "∞", "nabla": "∇",
}  # fmt: skip
OPERATORS: Final = frozenset(  # words that LaTeX itself prints upright
    {"arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim"}
    | {"exp", "gcd", "ker", "lg", "lim", "ln", "log", "max", "min", "sec", "sin", "sinh", "sup"}
    | {"tan", "tanh"}
)
WORDS: Final = (
    OPERATORS
    | indices.GREEK_WORDS
    | frozenset({"abs", "bce", "elu", "gelu", "if", "mse", "relu", "root", "sgn", "sqrt", "sum"})
)
"""Words that letters side by side must not spell: `pi` is no product of p and i."""
ACCENTS: Final = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "⃗"}

RELATIONS: Final = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
SYMBOL_E: Final = r"\mathit{e}"
PRIMES: Final = {1: "′", 2: "″", 3: "‴"}

_BY_LETTER: Final = {letter: name for name, letter in reversed(GREEK.items())}
_ESCAPES: Final = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "_": r"\_", "#": r"\#", "$": r"\$",
    "%": r"\%", "&": r"\&", "^": r"\wedge ", "~": r"\sim ", " ": r"\ ",
}  # fmt: skip
RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺"
LOWERED: Final = "₀₁₂₃₄₅₆₇₈₉"
_RAISED: Final = str.maketrans("0123456789+-−()lijknt", RAISED + "⁻⁻⁽⁾ˡⁱʲᵏⁿᵗ")
_LOWERED: Final = str.maketrans("0123456789", LOWERED)
_LOW_LETTERS: Final = str.maketrans("0123456789ijklmnptaox", LOWERED + "ᵢⱼₖₗₘₙₚₜₐₒₓ")
_WRAPPED: Final = re.compile(r"\\(?:mathrm|mathit|mathsf|mathbf|text|operatorname)\{(\w+)\}")


_BASED: Final = re.compile(r"\\log_\{(\w+)\}")


def base_of(head: Head) -> str:
    """The base that stands low behind a logarithm's name; empty for other functions."""
    found = _BASED.fullmatch(head.latex)
    return found[1] if found else ""


def lowered_base(base: str) -> str:
    """A base below the line, ₁₀; a letter behind an underscore where Unicode has none."""
    low = base.translate(_LOW_LETTERS)
    return f"_{base}" if low == base else low


class Look(NamedTuple):
    """A name in both spellings; `word` says that it stands upright, with air around it."""

    latex: str
    text: str
    word: bool
    command: bool = False
    """Whether `latex` ends in a command, which swallows a letter set right after it."""


@lru_cache(maxsize=4096)
def name_look(name: str) -> Look:
    """A name as a symbol: one letter is italic, Greek is Greek, anything longer upright."""
    name = _BY_LETTER.get(name, name)
    if name in GREEK:
        return Look(f"\\{name}", GREEK[name], False, True)
    if len(name) == 1 and name.isascii() and name.isalnum():
        return Look(name, name, False)
    inner = "".join(_ESCAPES.get(letter, letter) for letter in name if letter.isprintable())
    return Look(rf"\mathrm{{{inner}}}" if name.isascii() else rf"\text{{{inner}}}", name, True)


@lru_cache(maxsize=1024)
def head_look(head: Head) -> Look:
    """The name of a function as it stands before its argument."""
    latex = head.latex.replace(r"\operatorname", r"\mathrm")  # GitHub forbids the former
    if not latex:
        word = head.name in OPERATORS
        return Look(f"\\{head.name}", head.name, True) if word else name_look(head.name)
    if latex[1:] in OPERATORS:
        return Look(latex, latex[1:], True)
    if latex[1:] in GREEK or len(latex) == 1:
        return name_look(latex[1:] or latex)
    wrapped = _WRAPPED.fullmatch(latex)
    if wrapped:
        return Look(latex, wrapped[1], True)
    based = _BASED.fullmatch(latex)
    if based:
        return Look(latex, "log" + lowered_base(based[1]), True)
    return Look(latex, name_look(head.name).text, len(head.name) > 1)


@lru_cache(maxsize=4096)
def stem_latex(name: str, accent: str) -> str:
    """A symbol's name under its accent, in LaTeX; a symbol e is told from the number e."""
    look = SYMBOL_E if name == "e" and not accent else name_look(name).latex
    return rf"\{accent}{{{look}}}" if accent else look


@lru_cache(maxsize=4096)
def stem_text(name: str, accent: str) -> str:
    """A symbol's name under its accent, in Unicode: ŷ is one character where there is one."""
    return unicodedata.normalize("NFC", name_look(name).text + ACCENTS.get(accent, ""))


@lru_cache(maxsize=1024)
def layer_tokens(layer: str) -> tuple[Look, ...]:
    """What stands between the brackets of a layer: `1`, `l`, `l-1`."""
    tokens = re.findall(r"\d+|[^\W\d]+|.", layer)
    plain = "+-0123456789"
    return tuple(
        Look(t, t.replace("-", "−"), False) if t[0] in plain else name_look(t) for t in tokens
    )


LAYER_BRACKETS = ("()", "[]")
_layer_brackets: ContextVar[str] = ContextVar("layer_brackets", default=LAYER_BRACKETS[0])


@contextmanager
def layers_in(brackets: str) -> Iterator[None]:
    """Within it a layer is printed in these brackets: `()` for W^{(1)}, `[]` for W^{[1]}.

    Both are read as the same; which one a page shows is the author's choice.
    """
    token = _layer_brackets.set(brackets)
    try:
        yield
    finally:
        _layer_brackets.reset(token)


_condition_word: ContextVar[str] = ContextVar("condition_word", default="if")


@contextmanager
def conditions_said(word: str) -> Iterator[None]:
    """Within it this word stands before the condition of a case: the one word in our formulas."""
    token = _condition_word.set(word)
    try:
        yield
    finally:
        _condition_word.reset(token)


def condition_word() -> str:
    """What stands before the condition of a case."""
    return _condition_word.get()


def layer_brackets() -> str:
    """The pair of brackets around a layer, opening and closing."""
    return _layer_brackets.get()


def in_layer_brackets(layer: str) -> str:
    """A layer, as it is spelled, in its brackets."""
    brackets = _layer_brackets.get()
    return f"{brackets[0]}{layer}{brackets[1]}"


def layer_latex(layer: str) -> str:
    """The layer as LaTeX's superscript, brackets included."""
    spelled = " ".join(token.latex for token in layer_tokens(layer)).replace(" - ", "-")
    return in_layer_brackets(spelled)


def raised(text: str) -> str:
    """`text` in superscript characters, or `^{text}` where Unicode lacks one of them."""
    small = text.translate(_RAISED)
    same = any(a == b for a, b in zip(small, text, strict=True))
    return f"^{{{text}}}" if same else small


def lowered(digits: str) -> str:
    """Digits as subscripts."""
    return digits.translate(_LOWERED)
