r"""Words, formulas and pictures as a Typst document has them; every letter is a letter.

What somebody wrote can never be an order: in running text each sign that Typst would take
for one stands behind a backslash, elsewhere text is a string.  Formulas are printed from
their trees with what a person would say beside them; pictures stand inside the document.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from symderiv.documents.document import Picture, Table
from symderiv.documents.svg import aloud, number, scene_svg
from symderiv.documents.texts import visible
from symderiv.language.expressions import Expr
from symderiv.printing.speech import speech
from symderiv.printing.typst import string, typst

_ORDERS: Final = re.compile(
    r"[\\#$*_`<>@\[\]~=+/]"
    r"|(?<![^\W\d_])-|-(?![^\W\d_])"  # within a word a hyphen stays one
    r"|(?<=\d)\.(?!\d)|(?<=\.)\."  # a number and a stop begin a list, three stops an ellipsis
)
_DRAWN: Final = ((0x20, 0x4FF), (0x1E00, 0x214F), (0x2190, 0x23FF), (0x2500, 0x25FF))
"""What the fonts inside Typst have drawings of; PDF/UA forbids a letter without one."""


def typst_words(text: str) -> str:
    r"""`text` as it must stand in a Typst document to be read as it is.

    >>> print(typst_words("*5* of #3: well-known"))
    \*5\* of \#3: well-known
    """
    return _ORDERS.sub(lambda sign: "\\" + sign[0], drawn(text))


def typst_string(text: str) -> str:
    """`text` as a string of Typst, quotes included."""
    return string(drawn(text))


def typst_typed(text: str) -> str:
    """Text that somebody typed, letter by letter, to stand in a string."""
    return drawn(visible(text))


def drawn(text: str) -> str:
    """`text`; a letter of which there is no drawing is named by its number."""
    return "".join(map(_drawn, unicodedata.normalize("NFC", text)))


def _drawn(ch: str) -> str:
    is_drawn = any(first <= ord(ch) <= last for first, last in _DRAWN)
    return ch if is_drawn or ch in "𝟙\n" else f"[U+{ord(ch):04X}]"


def typst_inline(expr: Expr) -> str:
    """A formula in a sentence, as a call that ends where it ends."""
    return f"#sdi({typst_string(speech(expr))}, ${typst(expr)}$);"


def typst_cell(expr: Expr, mark: str) -> str:
    """A formula in a cell of a table, of full size."""
    formula = typst(expr, marks={(): mark} if mark else {})
    return f"#sdcell({typst_string(speech(expr))}, ${formula}$);"


def typst_picture(picture: Picture) -> str:
    """A picture as SVG inside the document, with what it shows in words."""
    scene = picture.wide
    words = typst_string(f"{scene.title}. {aloud(scene)}")
    return f"#sdpicture({typst_string(scene_svg(scene, 'file'))}, {number(scene.width)}, {words})"


def wordy(table: Table) -> list[int]:
    """The columns of a table that hold sentences, which may be broken into lines."""
    columns = enumerate(zip(*table.rows, strict=True))
    return [
        number
        for number, cells in columns
        if any(isinstance(part, str) and len(part) > _SENTENCE for cell in cells for part in cell)
    ]


_SENTENCE: Final = 40  # letters
