"""Words as TeX sets them: every letter that TeX would take for an order is spelled out.

Formulas never come here: they are printed from their trees.
"""

from __future__ import annotations

from collections.abc import Mapping

from symderiv.printing.glyphs import GREEK

_TEX_WORDS: Mapping[str, str] = {
    **{ch: "\\" + ch for ch in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "−": "$-$",
    "′": "$'$",
    "²": r"\textsuperscript{2}",
    "σ": r"$\sigma$",
    "ŷ": r"$\hat{y}$",
    "·": r"$\cdot$",
    "≈": r"$\approx$",
    "×": r"$\times$",
    "→": r"$\to$",
    "±": r"$\pm$",
    "\u202f": r"\,",
    "—": "---",
    "…": r"\dots{}",
    "√": r"$\surd$",
    "∂": r"$\partial$",
    "″": "$''$",
    **{letter: f"$\\{name}$" for name, letter in GREEK.items()},
    **{raised: rf"\textsuperscript{{{k}}}" for k, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{low: rf"\textsubscript{{{k}}}" for k, low in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}


def tex_words(text: str) -> str:
    """`text` as it must stand in a TeX document to be read as it is."""
    return "".join(_TEX_WORDS.get(ch, ch) for ch in text)
