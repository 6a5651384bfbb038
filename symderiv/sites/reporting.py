"""How a mistake in a fence reaches its author, whatever builds the site.

A warning goes to the log that the generator counts: MkDocs counts what is said below its own
logger and fails a strict build.  To end the build an exception must get through: superfences
lets only its own pass, MkDocs shows only its own without a traceback, so ours is both.
"""

from __future__ import annotations

import logging
import sys
from typing import Final, NamedTuple

from symderiv.sites.wishes import Misasked

ON_ERROR: Final = ("warn", "raise")
_NAME: Final = "DerivationFailed"
_THEIRS: Final = (
    ("mkdocs.exceptions", "BuildError"),
    ("pymdownx.superfences", "SuperFencesException"),
)


class Where(NamedTuple):
    """A file and a line in it, as far as they are known."""

    file: str
    line: int

    def __str__(self) -> str:
        if self.file and self.line:
            return f"{self.file}:{self.line}"
        return self.file or f"line {self.line}"


def report(mistake: Misasked, where: Where, on_error: str) -> None:
    """Say what is wrong and where; raise where the site asks for it."""
    said = f"{where}: {mistake}"
    if on_error == "raise":
        raise _failure()(said) from mistake
    name = "mkdocs.symderiv" if "mkdocs" in sys.modules else "symderiv.sites"
    logging.getLogger(name).warning(said)


def unswallowed(error: Exception, where: Where) -> Exception:
    """A failure that gets through to the author: ours as it is, a bug of ours with its place."""
    if type(error).__name__ == _NAME:
        return error
    return _failure()(f"{where}: {type(error).__name__}: {error}")


def _failure() -> type[Exception]:
    """An exception that whoever is at work lets through."""
    loaded = ((sys.modules.get(module), name) for module, name in _THEIRS)
    theirs = tuple(getattr(module, name) for module, name in loaded if module is not None)
    return type(_NAME, (*theirs, *(() if theirs else (Exception,))), {})
