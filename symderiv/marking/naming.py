"""File names for students: what they are called is typed by anybody, and names a file here.

A name keeps its ASCII letters and digits; whatever else it held, two students never share
a file, and no name leads out of the folder.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

_LONGEST: Final = 60
_MARK: Final = re.compile(r"-[0-9a-f]{16}")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)\d)(?:\.|$)", re.IGNORECASE)


def file_names(students: Iterable[str]) -> dict[str, str]:
    """A name without ending for each student, unique where upper and lower case are one too.

    A name that is safe as it stands is kept; any other gets some letters of its hash, and so does
    one that looks as if it had them.

    >>> file_names(["ana", "../etc/passwd"])["ana"]
    'ana'
    """
    found = {student: _kept(student) for student in dict.fromkeys(students)}
    taken = Counter(name.lower() for name in found.values())
    return {
        student: name if _is_safe(name, student) and taken[name.lower()] == 1
        else f"{name or 'student'}-{_hash(student)}"
        for student, name in found.items()
    }  # fmt: skip


def _kept(student: str) -> str:
    kept = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "-_.@") else "-" for ch in student)
    return kept.strip(".-")[:_LONGEST].rstrip(".-")


def _is_safe(name: str, student: str) -> bool:
    return name == student and not _RESERVED.match(name) and not _MARK.fullmatch(name[-17:])


def _hash(student: str) -> str:
    return sha256(student.encode("utf-8", "backslashreplace")).hexdigest()[:16]
