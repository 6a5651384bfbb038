"""What was made is kept: pieces by the hash of all that they are made from.

A piece is kept as a small JSON file under a name that says everything it depends on: our own
code and templates and the versions of the libraries below, the wish, its anchor, the format, and
the bytes of a network's file.  So nothing is ever out of date, and an old file is only
unused.  Files are written beside their place and moved there; two builds that make the same
piece at once write the same bytes.  Neither SymPy nor FLINT is imported for a piece that is kept.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from symderiv.documents.folders import our_templates

_BELOW: Final = ("sympy", "python-flint", "jinja2")


def cache_folder() -> Path | None:
    """Where pieces are kept: `$SYMDERIV_CACHE` (empty: nowhere), else the user's cache folder."""
    named = os.environ.get("SYMDERIV_CACHE")
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    with suppress(RuntimeError):  # nobody is at home
        return (Path(base) if base else Path.home() / ".cache") / "symderiv"
    return None


def kept(
    asked: Mapping[str, object], make: Callable[[], dict[str, str]], folder: Path | None
) -> dict[str, str]:
    """The texts that `make` gives, from the file in which they are kept where there is one."""
    if folder is None:
        return make()
    told = json.dumps({**asked, "engine": fingerprint()}, sort_keys=True, ensure_ascii=False)
    key = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    path = folder / key[:2] / f"{key}.json"
    found = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


def _read(path: Path) -> dict[str, str] | None:
    """What is kept there; nothing where the file is missing, cut off, or something else."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        texts = told["texts"]
        if told["hash"] == _hash(texts):
            return {str(name): str(text) for name, text in texts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def _write(path: Path, texts: dict[str, str]) -> None:
    """Keep the texts; where that cannot be done, they are made again the next time."""
    told = json.dumps({"hash": _hash(texts), "texts": texts}, ensure_ascii=False, sort_keys=True)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(told)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


def _hash(texts: dict[str, str]) -> str:
    return sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """One word for everything a piece is made by: our code, our templates, what is below us."""
    package = Path(__file__).resolve().parent.parent
    found = sha256()
    for root in (package, our_templates()):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(path.relative_to(root).as_posix().encode() + b"\0")
                found.update(sha256(path.read_bytes()).digest())
    for name in _BELOW:
        with suppress(PackageNotFoundError):
            found.update(f"{name} {version(name)}".encode())
    return found.hexdigest()
