"""Words as TeX sets them: every letter that TeX would take for an order is spelled out.

Formulas never come here: they are printed from their trees.
"""

from __future__ import annotations

from collections.abc import Mapping

from symderiv.printing.glyphs import GREEK, LOWERED, RAISED

_TEX_WORDS: Mapping[str, str] = {
    **{letter: rf"$\{name}$" for name, letter in GREEK.items()},
    **{
        high: rf"\textsuperscript{{{low}}}" for high, low in zip(RAISED, "0123456789+", strict=True)
    },
    **{deep: rf"\textsubscript{{{low}}}" for deep, low in zip(LOWERED, "0123456789", strict=True)},
    "⁻": r"\textsuperscript{$-$}",
    "×": r"$\times$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "∂": r"$\partial$",
    "→": r"$\to$",
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
    "…": r"\dots{}",
}


def tex_words(text: str) -> str:
    """`text` as it must stand in a TeX document to be read as it is."""
    return "".join(_TEX_WORDS.get(ch, ch) for ch in text)
