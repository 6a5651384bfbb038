"""Nothing is left half-written, and a page finds its font beside it.

A file is written beside its place and moved there, so that an interrupted run leaves
either the old file or the new one.  What is written, and under which name, is decided by others.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from symderiv.documents.folders import FONT, font_data
from symderiv.errors import Mistake


def write_file(path: Path, page: str | bytes) -> None:
    """Write a page to `path` at once or not at all; `Mistake` where that cannot be done.

    A link is followed, and what is no file (a pipe, a device) is written to and never replaced.
    A page or a style sheet gets the font that it names beside it.
    """
    try:
        data = page.encode() if isinstance(page, str) else page
        if path.suffix in (".html", ".css") and f"url({FONT})".encode() in data:
            _put_font(path.resolve().parent / FONT)
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Mistake(f"{path} cannot be written: {reason}.") from error


def _put_font(path: Path) -> None:
    """Write the font, unless it stands there."""
    data = font_data()
    if not path.is_file() or path.read_bytes() != data:
        _replace(path, data)


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".symderiv-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
