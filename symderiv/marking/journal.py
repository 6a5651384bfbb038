"""What is done already, line by line on the disk, so that an interrupted run goes on.

The first line says what the run is (key, version, limits): a journal of another run is
begun anew.  A line that was cut off when the power failed does not count.  What a record
holds is decided elsewhere.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

from symderiv.errors import Mistake


def digest(*texts: str) -> str:
    """One name for several texts; the same on every machine."""
    return sha256(json.dumps(texts).encode()).hexdigest()


class Journal:
    """Records by name, on the disk as soon as they are added.

    Raises `Mistake` where the file cannot be opened or written.
    """

    def __init__(self, path: Path, run: str) -> None:
        self.path, self.run = path, run
        self.records: dict[str, Any] = {}

    def __enter__(self) -> Journal:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            kept = self._kept()
            with self.path.open("wb") as file:  # without what was cut off
                file.write(kept)
            self._file = self.path.open("a", encoding="utf-8", newline="\n")
        except OSError as error:
            raise Mistake(f"{self.path} cannot be written: {error.strerror or error}.") from error
        if not kept:
            self._say({"run": self.run})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, name: str, record: Any) -> None:
        """Remember a record."""
        self.records[name] = record
        self._say({"name": name, "record": record})

    def close(self) -> None:
        """All is written elsewhere: the journal has served."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _say(self, what: Any) -> None:
        print(json.dumps(what), file=self._file, flush=True)

    def _kept(self) -> bytes:
        """The whole lines of an earlier run that was this one; fills `records`."""
        if not self.path.is_file():
            return b""
        lines = self.path.read_bytes().splitlines(keepends=True)
        if not lines or _object(lines[0]) != {"run": self.run}:
            return b""
        kept = lines[:1]
        for line in lines[1:]:
            found = _object(line)
            if not line.endswith(b"\n") or found is None or "name" not in found:
                break
            self.records[found["name"]] = found["record"]
            kept.append(line)
        return b"".join(kept)


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
