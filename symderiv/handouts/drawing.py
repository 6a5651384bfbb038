"""Who gets which problem: drawn by a seed and a name, the same on every machine and for ever.

A draw is a number out of SHA-256 over seed, student, attempt and parameter; no generator of
Python's takes part.  Each student's problems take the same rules in the same order as those
that the seed alone draws; a draw that is easier or harder is drawn again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from symderiv.deriving.networks.tables import read_text
from symderiv.errors import Mistake
from symderiv.handouts.deriving import Deriver, Profile, spelled
from symderiv.handouts.parameters import Draw, Parameter
from symderiv.handouts.specification import Spec

_ATTEMPTS = 300
_MOST = 10_000  # students
_COLUMNS = ("student", "name", "id", "email", "e-mail", "username")


def chosen(parameter: Parameter, seed: str, student: str, attempt: int) -> int:
    """The number of a choice.

    >>> from symderiv.handouts.parameters import Parameter
    >>> from symderiv.language.expressions import as_expr
    >>> w = Parameter("w", tuple(map(as_expr, range(7))))
    >>> [chosen(w, "2026", name, 0) for name in ("ada", "emmy", "sonja")]
    [6, 4, 3]
    """
    parts = (seed, student, str(attempt), parameter.name)
    told = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)
    number = int.from_bytes(sha256(told).digest()[:16], "big")
    return number % len(parameter.choices)


class Drawing:
    """The draws of one handout with one seed; each is as hard as what the seed draws first."""

    def __init__(self, spec: Spec, deriver: Deriver, seed: str) -> None:
        self.spec, self.deriver, self.seed = spec, deriver, seed
        self.first = self._first()
        self.profiles = self._profiles(self.first)

    def _draw(self, student: str, attempt: int) -> Draw:
        return {
            p.name: p.choices[chosen(p, self.seed, student, attempt)] for p in self.spec.parameters
        }

    def _profiles(self, draw: Draw) -> list[Profile]:
        return [self.deriver.worked(task, draw).profile for task in self.spec.tasks]

    def _first(self) -> Draw:
        """The first draw of the seed that can be derived."""
        failed: Mistake | None = None
        for attempt in range(_ATTEMPTS if self.spec.parameters else 1):
            draw = self._draw("", attempt)
            try:
                self._profiles(draw)
            except Mistake as mistake:
                failed = failed or mistake
            else:
                return draw
        assert failed is not None  # noqa: S101 (no attempt succeeded)
        raise failed

    def of(self, student: str) -> Draw:
        """What a student gets; `Mistake` where no draw is as hard as the first one."""
        for attempt in range(_ATTEMPTS if self.spec.parameters else 1):
            draw = self._draw(student, attempt)
            try:
                if self._profiles(draw) == self.profiles:
                    return draw
            except Mistake:  # one that cannot be derived is drawn again
                continue
        listed = ", ".join(f"{name} = {spelled(choice)}" for name, choice in self.first.items())
        raise self.spec.at.fail(
            "parameters",
            f"In {_ATTEMPTS} draws for {student} no problem takes the same rules as the first one "
            f"({listed}).",
            "Leave out what makes a problem easier (0, 1 and −1 often do), or take another seed.",
        )


def read_students(typed: str) -> tuple[str, ...]:
    """The students: `12` stands for twelve that are numbered, all else is a CSV file of names.

    The names stand in the column `student`, `name` or `id`, or in the first one where no head
    says so.
    """
    if typed.isascii() and typed.isdigit():
        count = int(typed)
        if not 1 <= count <= _MOST:
            raise Mistake(f"--students takes 1 to {_MOST:,} students, not {count}.")
        return tuple(f"student-{k:0{len(typed)}d}" for k in range(1, count + 1))
    text = read_text(Path(typed)).removeprefix("\ufeff")
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if any(c.strip() for c in row)]
    except csv.Error as error:
        raise Mistake(f"{typed} is no table of students: {error}.") from error
    names = _names(rows)
    twice = [name for k, name in enumerate(names) if name in names[:k]][:1]
    if not names or twice or len(names) > _MOST:
        what = f"names {twice[0]!r} twice" if twice else f"holds {len(names):,} students"
        raise Mistake(f"{typed} {what}: it takes 1 to {_MOST:,} different names, one a row.")
    return names


def _names(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    if not rows:
        return ()
    head = [cell.strip().lower() for cell in rows[0]]
    column = next((head.index(name) for name in _COLUMNS if name in head), None)
    body, at = (rows, 0) if column is None else (rows[1:], column)
    cells = (" ".join(row[at].split()) if at < len(row) else "" for row in body)
    return tuple(cell for cell in cells if cell)
