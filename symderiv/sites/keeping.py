"""What was made is kept: pieces by the hash of all that they are made from.

A piece is kept as a small file under a name that says everything it depends on: our own
code and templates and the versions of the libraries below, the wish, its anchor, the format, and
the bytes of a network's file.  So nothing is ever out of date, and an old file is only
unused (`pruning` takes it away).  Files are written beside their place and moved there; two
builds that make the same piece at once write the same bytes.  Neither SymPy nor FLINT is imported
for a piece that is kept.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from symderiv.documents.folders import our_templates
from symderiv.sites.pruning import DAY, pruned_daily

_BELOW: Final = ("sympy", "python-flint", "jinja2")


def cache_folder() -> Path | None:
    """Where pieces are kept: `$SYMDERIV_CACHE` (empty: nowhere), else the user's cache folder."""
    named = os.environ.get("SYMDERIV_CACHE")
    if named is not None:
        return Path(named).expanduser() if named else None
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
    engine = fingerprint(folder)
    told = json.dumps({**asked, "engine": engine}, sort_keys=True, ensure_ascii=False)
    key = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    path = folder / engine[:16] / key[:2] / f"{key}.json"
    found = _read(path)
    if found is None:
        found = make()
        _write(path, json.dumps(found, ensure_ascii=False, sort_keys=True).encode())
    pruned_daily(folder, engine[:16])
    return found


def _read(path: Path) -> dict[str, str] | None:
    """What is kept there; nothing where the file is missing, cut off, or something else.

    The first line is the hash of all that stands below it.
    """
    try:
        with path.open("rb") as file:
            told, _, body = file.read().partition(b"\n")
            used = os.fstat(file.fileno()).st_mtime
        if told != _hash(body):
            return None
        found: dict[str, str] = json.loads(body)
        if time.time() - used > DAY:
            os.utime(path)  # so that it is seen to be used
    except (OSError, ValueError):
        return None
    return found


def _write(path: Path, body: bytes) -> None:
    """Keep a file with its hash; where that cannot be done, it is made again the next time."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_hash(body) + b"\n" + body)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


def _hash(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode()


# --- what everything is made by ------------------------------------------------------------------


@lru_cache(maxsize=4)
def fingerprint(folder: Path) -> str:
    """One word for everything a piece is made by: our code, our templates, what is below us.

    To read all of it costs more than most sites' pieces (30 ms).  So the word is kept in `folder`
    with sizes and times of change of the files, by which one notices that it has to be read again.
    """
    files = dict(_ours())
    seen = _hash(json.dumps(sorted(files.items())).encode()).decode()
    path = folder / f"engine-{seen[:16]}"
    known = _read(path)
    if known is None or known.get("seen") != seen:
        known = {"seen": seen, "engine": _engine(sorted(files))}
        _write(path, json.dumps(known).encode())
    libraries = [f"{name} {_version(name)}" for name in _BELOW]
    return sha256("\n".join([known["engine"], *libraries]).encode()).hexdigest()


def _ours() -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Our files, each with its size and when it was changed, in its content and otherwise."""
    waiting = [str(Path(__file__).resolve().parent.parent), str(our_templates())]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting += [entry.path] if entry.name != "__pycache__" else []
                elif not entry.name.endswith(".pyc"):
                    told = entry.stat()
                    yield entry.path, (told.st_size, told.st_mtime_ns, told.st_ctime_ns)


def _engine(files: list[str]) -> str:
    """The hash of the content of our files, by their places below us."""
    roots = (Path(__file__).resolve().parent.parent, our_templates())
    found = sha256()
    for name in files:
        path = Path(name)
        root = next(root for root in roots if path.is_relative_to(root))
        found.update(path.relative_to(root).as_posix().encode() + b"\0")
        found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
