"""Where the files lie that belong to us and are no code: templates and style sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FONT: Final = "symderiv-math.woff2"
"""The file with the letters of formulas, which pages and style sheets look for beside them."""


def our_templates() -> Path:
    """In a checkout the top-level folder, in an installed package the one beside the code."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "templates"
    return checkout if checkout.is_dir() else package / "templates"


def template_text(name: str) -> str:
    """A file that templates take in, such as a style sheet, as it stands."""
    return (our_templates() / name).read_text(encoding="utf-8")


def font_data() -> bytes:
    """The font of our formulas: the letters of this field out of STIX Two Math."""
    return (our_templates() / "html" / "fonts" / FONT).read_bytes()
