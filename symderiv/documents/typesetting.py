"""A document becomes a PDF: by the wheel `typst` (the extra `pdf`), or where it is there by LaTeX.

The same text gives the same bytes: the fonts are those inside the wheel, there is no
clock, and nothing is read but what stands in the text and, where a user has templates,
in the first folder of them (a school's logo).  The PDF has tags and alternative text and
is refused by the engine itself where it does not meet PDF/UA-1.  LaTeX, with Debian's base and
recommended packages, gives the same bytes too, and no tags.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from symderiv.errors import Mistake

WANTED = (
    "A PDF needs the wheel typst: pip install 'symderiv[pdf]'. "
    "Without it there are typst (a .typ file), latex and html, and a PDF by LaTeX (dialect latex)."
)
_NO_LATEX = "A PDF by LaTeX needs pdflatex, in Debian texlive-latex-recommended."
_PDFLATEX = (
    "pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex",
)  # fmt: skip
_PARANOID = {
    "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "openin_any": "p", "openout_any": "p",
}  # fmt: skip
_TWICE = 2  # so often TeX reads a page, until its links know where they lead
_PATIENCE = 120  # seconds


def can_typeset() -> bool:
    """Whether the wheel is installed; a folder that happens to have its name is none."""
    found = find_spec("typst")
    return found is not None and found.origin is not None


def lacking(engine: str) -> str:
    """What is missing for a PDF by `typst` or `latex`, and how it is had; else empty."""
    if engine == "latex":
        return "" if which("pdflatex") else _NO_LATEX
    return "" if can_typeset() else WANTED


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


def set_by_latex(source: str, folders: tuple[str, ...] = ()) -> bytes:
    """The PDF of a LaTeX document by pdflatex; `Mistake` where that is missing or gives up.

    It starts no programs, and reads what TeX knows and what stands in `folders`.
    """
    if lacking("latex"):
        raise Mistake(lacking("latex"))
    paths = os.pathsep.join((*map(os.path.abspath, folders), ""))  # TeX's own stand behind the last
    with tempfile.TemporaryDirectory(prefix="symderiv-") as name:
        folder = Path(name)
        (folder / "page.tex").write_text(source, encoding="utf-8")
        for _ in range(_TWICE):
            _run_latex(folder, {**os.environ, **_PARANOID, "TEXINPUTS": paths})
        return (folder / "page.pdf").read_bytes()


def _run_latex(folder: Path, environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 (ours)
            _PDFLATEX, cwd=folder, env=environment, capture_output=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise Mistake(f"pdflatex was not done after {_PATIENCE} seconds.") from error
    if done.returncode:
        said = re.search(r"^! (.*)", done.stdout.decode(errors="replace"), re.MULTILINE)
        raise Mistake(f"The PDF cannot be set: {said[1] if said else 'pdflatex failed.'}")
