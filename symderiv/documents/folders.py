"""Where the files lie that belong to us and are no code: templates and style sheets."""

from __future__ import annotations

from pathlib import Path


def our_templates() -> Path:
    """In a checkout the top-level folder, in an installed package the one beside the code."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "templates"
    return checkout if checkout.is_dir() else package / "templates"


def template_text(name: str) -> str:
    """A file that templates take in, such as a style sheet, as it stands."""
    return (our_templates() / name).read_text(encoding="utf-8")
