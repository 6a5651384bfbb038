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
    "±": r"$\pm$",
    "\u202f": r"\,",
    "—": "---",
    "…": r"\dots{}",
    "⋮": r"$\vdots$",
}

_RAISED = {**dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()", strict=True)), "ⁿ": "n", "ᵀ": "T"}
_LOWERED = {
    **dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", "0123456789+-()", strict=True)),
    **dict(zip("ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aeijklmnoprstuvx", strict=True)),
}
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u20d7": "vec"}


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
            said += [_TEX_WORDS.get(ch, ch) for ch in letters]
    return "".join(said)


def _kind(ch: str) -> str:
    if ch in _ACCENTS:
        return "accent"
    if ch in _LOWERED:
        return "lowered"
    return "raised" if ch in _RAISED and ch not in _TEX_WORDS else ""
