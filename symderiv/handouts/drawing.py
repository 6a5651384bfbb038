"""Who gets which problem: drawn by a seed and a name, the same on every machine and for ever.

A draw is a number out of SHA-256 over seed, student, attempt and parameter; no generator of
Python's takes part.  Each student's problems take the same rules in the same order as those
that the seed alone draws; what is easier or harder is drawn again.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from symderiv.deriving.networks.tables import read_text
from symderiv.errors import Mistake
from symderiv.handouts.deriving import Deriver, Profile, spelled
from symderiv.handouts.parameters import Draw, Parameter
from symderiv.handouts.specification import Spec

_ATTEMPTS = 300  # draws for one student
_SAMPLE = 24  # draws of the seed, of which the most typical is the measure
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
    """The draws of one handout with one seed; all are as hard as `first`.

    The seed alone draws some, and the most typical of them comes first, so that nobody's sheet
    depends on who else is in the class and a factor 1 does not become everybody's.
    """

    def __init__(self, spec: Spec, deriver: Deriver, seed: str) -> None:
        self.spec, self.deriver, self.seed = spec, deriver, seed
        self.first = self._first()
        self.profiles = self._profiles(self.first)

    def _draw(self, student: str, attempts: Mapping[str, int]) -> Draw:
        return {
            p.name: p.choices[chosen(p, self.seed, student, attempts[p.name])]
            for p in self.spec.parameters
        }

    def _profiles(self, draw: Draw) -> list[Profile]:
        return [self.deriver.worked(task, draw).profile for task in self.spec.tasks]

    def _first(self) -> Draw:
        """The draw of the seed whose problems are of the commonest kind, the earliest of these."""
        found: list[tuple[Draw, list[Profile]]] = []
        failed: Mistake | None = None
        for attempt in range(_SAMPLE if self.spec.parameters else 1):
            draw = self._draw("", {p.name: attempt for p in self.spec.parameters})
            try:
                found.append((draw, self._profiles(draw)))
            except Mistake as mistake:
                failed = failed or mistake
        if failed and not found:
            raise failed
        counts = [Counter(column) for column in zip(*(kinds for _, kinds in found), strict=True)]
        return max(
            found,
            key=lambda item: sum(c[kind] for c, kind in zip(counts, item[1], strict=True)),
        )[0]

    def of(self, student: str) -> Draw:
        """What a student gets; what is easier or harder than the first is drawn again.

        Raises `Mistake` where no draw is as hard.
        """
        attempts = {p.name: 0 for p in self.spec.parameters}
        for _ in range(_ATTEMPTS):
            draw = self._draw(student, attempts)
            apart = self._apart(draw)
            if not apart:
                return draw
            for name in apart:
                attempts[name] += 1
        listed = ", ".join(f"{name} = {spelled(choice)}" for name, choice in self.first.items())
        raise self.spec.at.fail(
            "parameters",
            f"In {_ATTEMPTS} draws for {student} no problem takes the same rules as the first one "
            f"({listed}).",
            "Leave out what makes a problem easier (0, 1 and −1 often do), or take another seed.",
        )

    def _apart(self, draw: Draw) -> set[str]:
        """The parameters of the tasks that take other rules, or that cannot be derived."""
        found: set[str] = set()
        for task, wanted in zip(self.spec.tasks, self.profiles, strict=True):
            try:
                same = self.deriver.worked(task, draw).profile == wanted
            except Mistake:
                same = False
            found.update(() if same else self.deriver.used(task))
        return found


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
