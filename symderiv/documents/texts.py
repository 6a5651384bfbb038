"""Words as TeX sets them: every letter that TeX would take for an order is spelled out.

Formulas never come here: they are printed from their trees.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import groupby

from symderiv.printing.glyphs import GREEK

_TEX_WORDS: Mapping[str, str] = {
    **{letter: rf"$\{name}$" for name, letter in GREEK.items()},
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "∂": r"$\partial$",
    "⊙": r"$\odot$",
    "∞": r"$\infty$",
    "√": r"$\surd$",
    **{ch: "\\" + ch for ch in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "−": "$-$",
    "′": "$'$",
    "ŷ": r"$\hat{y}$",
    "·": r"$\cdot$",
    "≈": r"$\approx$",
    "×": r"$\times$",
    "→": r"$\to$",
    "⇒": r"$\Rightarrow$",
    "±": r"$\pm$",
    "\u202f": r"\,",
    "—": "---",
    "„": ",,",
    "…": r"\dots{}",
    "⋮": r"$\vdots$",
}

_RAISED = {**dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()", strict=True)), "ⁿ": "n", "ᵀ": "T"}
_LOWERED = {
    **dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", "0123456789+-()", strict=True)),
    **dict(zip("ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aeijklmnoprstuvx", strict=True)),
}
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u20d7": "vec"}

_SETTABLE = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327"
_SIGNS = "ßæœøåłÆŒØÅŁ‘’“”–§°¿¡\u00a0"
_UNSEEN = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, and blanks on the page


def tex_words(text: str) -> str:
    """`text` as it must stand in a TeX document to be read as it is."""
    said: list[str] = []
    for kind, run in groupby(unicodedata.normalize("NFC", text), _kind):
        letters = list(run)
        if kind == "accent" and said:
            said[-1] = rf"$\{_ACCENTS[letters[0]]}{{{said[-1]}}}$"
        elif kind == "raised":
            said.append(f"$^{{{''.join(_RAISED[ch] for ch in letters)}}}$")
        elif kind == "lowered":
            said.append(f"$_{{{''.join(_LOWERED[ch] for ch in letters)}}}$")
        else:
            said += [_set(ch) for ch in letters]
    return "".join(said)


def tex_typed(text: str) -> str:
    """The same for text that must keep its blanks, one beside the other."""
    return tex_words(visible(text)).replace(" ", "~")


def visible(text: str) -> str:
    """Text as it was typed, with a dot in the place of each letter that cannot be seen."""
    return "".join(ch if ch.isprintable() and ch not in _UNSEEN else "·" for ch in text)


def _set(ch: str) -> str:
    """One letter; what pdflatex has no sign for is named by its number, and stops nothing."""
    known = _TEX_WORDS.get(ch)
    if known is not None:
        return known
    parts = unicodedata.normalize("NFD", ch)
    latin = parts[0].isascii() and all(accent in _SETTABLE for accent in parts[1:])
    return ch if latin or ch in _SIGNS else f"[U+{ord(ch):04X}]"


def _kind(ch: str) -> str:
    if ch in _ACCENTS:
        return "accent"
    if ch in _LOWERED:
        return "lowered"
    return "raised" if ch in _RAISED and ch not in _TEX_WORDS else ""
