"""What was kept and is not used any more is taken away: once a day, and by whoever comes first.

Only files that are named as ours are touched, whatever else lies in the folder.  A build at
the same time may find that a piece is gone, and makes it again: nothing else can happen to it.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

DAY: Final = 86_400  # seconds
_UNUSED: Final = 90 * DAY
_OF_OTHERS: Final = 14 * DAY  # another version of us may still build another site
_UNFINISHED: Final = DAY
_LARGEST: Final = 256_000_000  # bytes of all pieces together
_MARK: Final = "pruned"  # its time of change says when it was done last
_PIECE: Final = re.compile(r"(?:(?P<engine>[0-9a-f]{16})/)?[0-9a-f]{2}/[0-9a-f]{64}\.json")
_MEMO: Final = re.compile(r"engine-[0-9a-f]{16}")
_FOLDER: Final = re.compile(r"[0-9a-f]{2}|[0-9a-f]{16}")
_NEW: Final = re.compile(r"(?:(?:[0-9a-f]{16}/)?[0-9a-f]{2}/)?\.new-\w+")


class _File(NamedTuple):
    """A file of ours: when it was used last, how large it is, and after how long it goes."""

    used: float
    size: int
    path: Path
    lasts: int


@lru_cache(maxsize=4)  # in one build the folder is looked at once
def pruned_daily(folder: Path, engine: str) -> None:
    """Take away what is not used any more, if that was not done within a day."""
    mark = folder / _MARK
    with suppress(OSError):
        if mark.exists() and abs(time.time() - mark.stat().st_mtime) < DAY:
            return
        mark.touch()  # first, so that a build at the same time leaves it to this one
        prune(folder, engine)


def prune(folder: Path, engine: str, largest: int = _LARGEST) -> None:
    """Take away pieces that were not used for long, and the oldest of them beyond `largest` bytes.

    `engine` names the folder of the pieces that this version makes.
    """
    now, total = time.time(), 0
    for file in sorted(_files(folder, engine), reverse=True):  # the last used first
        total += file.size
        if now - file.used > file.lasts or total > largest:
            with suppress(OSError):
                file.path.unlink()
                total -= file.size
    for inner in sorted(_folders(folder), reverse=True):  # those inside of others first
        with suppress(OSError):  # it is not empty
            inner.rmdir()


def _files(folder: Path, engine: str) -> Iterator[_File]:
    for path in _within(folder, 2):
        name = path.relative_to(folder).as_posix()
        piece, memo, new = _PIECE.fullmatch(name), _MEMO.fullmatch(name), _NEW.fullmatch(name)
        if piece or memo or new:
            own = piece is None or piece["engine"] == engine
            with suppress(OSError):  # another build was faster
                told = path.stat(follow_symlinks=False)
                lasts = _UNFINISHED if new else _UNUSED if own else _OF_OTHERS
                yield _File(told.st_mtime, told.st_size, path, lasts)


def _within(folder: Path, deeper: int) -> Iterator[Path]:
    """The files of a folder and of those below it; no link is followed."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _within(Path(entry.path), deeper - 1) if deeper else ()
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _folders(folder: Path) -> Iterator[Path]:
    """The folders in which pieces lie or lay, each before those inside of it."""
    for outer in _named(folder):
        yield outer
        yield from _named(outer)


def _named(folder: Path) -> list[Path]:
    """The folders of ours in a folder; none where another build took it away just now."""
    with suppress(OSError), os.scandir(folder) as entries:
        inside = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        return [Path(entry.path) for entry in inside if _FOLDER.fullmatch(entry.name)]
    return []
