"""How wide letters are, so that a picture can be laid out before any browser sees it.

One table, measured from fonts: of each letter the widest advance among Liberation Serif
(the widths of Times), STIX, Latin Modern Roman and Noto Serif, upright and italic, rounded
up to a twenty-fifth of an em.  So a box that is sized with it holds its text in whichever of
these a reader has, and in TeX's Computer Modern.  Only widths belong here; where
text stands is the business of whoever draws.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_HUNDREDTHS: Final[dict[int, str]] = {
    24: "\u2009",
    32: "',.ijl′",
    36: ' !-:;ι',
    40: 'I[]ftᵀ',
    44: '"()″',
    48: 'rsζξς',
    52: '*/?\\`cz{}ετϵ∂–',
    56: '$0123456789J^eg|~λχ',
    60: 'Sakovxyγδθνυϱℓ‴ŷ',
    64: 'LZbdhpquαβηκμπρσϑΓ',
    68: 'FnΞ',
    72: 'BEPφψϕ≤≥≠𝟙',
    76: 'ACRTUVXY_ΛΣ',
    80: '&+<=>DGHKNOQωΘΠΥΦΩ−·×±',
    84: '#ΔΨ',
    88: 'w',
    92: '%∑',
    96: '@Mm√∛∜⊤',
    100: '∞…→∏',
    104: '—',
    108: 'W',
}  # fmt: skip
_WIDE: Final = 1.0
"""An em: what a letter of another script takes that is not in the table."""
_ADVANCES: Final = {
    letter: width / 100 for width, letters in _HUNDREDTHS.items() for letter in letters
}


@lru_cache(maxsize=4096)
def advance(text: str) -> float:
    """The width of `text` in em, at most; combining accents take no room.

    >>> advance("W") > advance("i")
    True
    """
    return sum(map(_advance, unicodedata.normalize("NFD", text)))


def _advance(letter: str) -> float:
    return 0.0 if unicodedata.combining(letter) else _ADVANCES.get(letter, _WIDE)
