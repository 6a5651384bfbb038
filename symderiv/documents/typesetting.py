"""A Typst document becomes a PDF, by the wheel `typst` (the extra `pdf`); no TeX is needed.

The same text gives the same bytes: the fonts are those inside the wheel, there is no
clock, and nothing is read but what stands in the text and, where a user has templates,
in the first folder of them (a school's logo).  The PDF has tags and alternative text and
is refused by the engine itself where it does not meet PDF/UA-1.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from importlib.util import find_spec

from symderiv.errors import Mistake

WANTED = (
    "A PDF needs the wheel typst: pip install 'symderiv[pdf]'. "
    "Without it there are typst (a .typ file), latex and html."
)


def can_typeset() -> bool:
    """Whether the wheel is installed; a folder that happens to have its name is none."""
    found = find_spec("typst")
    return found is not None and found.origin is not None


def check_typesetter(formats: Iterable[str]) -> None:
    """`Mistake` where a PDF is among the formats and the wheel is missing."""
    if "pdf" in formats and not can_typeset():
        raise Mistake(WANTED)


def typeset(source: str, folders: tuple[str, ...] = ()) -> bytes:
    """The PDF of a Typst document; `Mistake` where the wheel is missing or cannot set it.

    Files that `source` names are looked for in the first of `folders` and nowhere else.
    """
    check_typesetter(["pdf"])
    import typst  # here alone: it is 90 MB large, and an extra

    with tempfile.TemporaryDirectory(prefix="symderiv-") as nowhere:
        try:
            pdf, _ = typst.compile_with_warnings(
                source.encode(),
                root=folders[0] if folders else nowhere,
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards="ua-1",
                timestamp=0,
                package_path=nowhere,
                package_cache_path=nowhere,
            )
        except typst.TypstError as error:
            raise Mistake(f"The PDF cannot be set: {error.message}.") from error
    return bytes(pdf)
