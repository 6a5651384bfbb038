"""What students handed in, from a CSV file, JSON Lines or a folder: who, to which question, what.

Nothing is judged or dropped here: what cannot be understood becomes an answer with its
`problem`, which a person will see.  Only a file that has no answers at all is a mistake.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from symderiv.errors import Mistake

_LARGEST: Final = 2**20  # bytes of a file in a folder
_STUDENT: Final = ("student", "student id", "id", "name", "email")
_SUBMITTED: Final = "submission"


@dataclass(frozen=True)
class Answer:
    """What one student wrote to one question; `problem` says why it cannot be judged at all."""

    student: str
    question: str
    text: str
    problem: str = ""


def read_answers(path: Path, questions: Collection[str]) -> list[Answer]:
    """The answers in their order.

    A CSV file has the columns student, question, answer, or student and one column for each
    question; JSON Lines have the same keys.  A folder has a folder for each student with a
    file for each question, or, where the key has one question, a file for each student.
    Raises `Mistake` where there is nothing to read.
    """
    try:
        if path.is_dir():
            found = list(_from_folder(path, questions))
        elif path.suffix in (".jsonl", ".ndjson", ".json"):
            found = list(_from_lines(_text(path), questions))
        else:
            found = list(_from_csv(_text(path), questions))
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror or error}.") from error
    if not found:
        raise Mistake(f"There are no answers in {path}.")
    return found


def _text(path: Path) -> str:
    """The file as text; a byte that is not UTF-8 becomes a sign that no reader takes."""
    return path.read_bytes().decode("utf-8-sig", errors="replace")


# --- CSV ----------------------------------------------------------------------------------------


def _from_csv(text: str, questions: Collection[str]) -> Iterator[Answer]:
    csv.field_size_limit(2**31 - 1)  # one long answer must not stop the others
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names = [name.strip() for name in next(rows, [])]
    _check_columns(names, questions)
    for row in rows:
        if any(cell.strip() for cell in row):
            where = f"line {rows.line_num}"
            yield from _of_record(dict(zip(names, row, strict=False)), questions, where)


def _check_columns(names: list[str], questions: Collection[str]) -> None:
    lowered = [name.lower() for name in names]
    if not any(name in lowered for name in _STUDENT):
        raise Mistake(
            "The first line must name the columns: student, question, answer "
            f"(or student and {', '.join(questions)}); it is: {', '.join(names)[:200]}."
        )
    if "answer" not in lowered and not any(name in questions for name in names):
        raise Mistake(f"No column is called answer, and none is a question of the key: "
                      f"{', '.join(questions)}.")  # fmt: skip


def _of_record(record: dict[str, str], questions: Collection[str], where: str) -> Iterator[Answer]:
    """The answers in one row: one where it has a column `answer`, else one for each question."""
    cells = {name.lower(): value for name, value in record.items()}
    student = next((cells[name].strip() for name in _STUDENT if cells.get(name)), "")
    problem = "" if student else f"It is not said whose this is ({where})."
    student = student or where
    if "answer" in cells:
        question = cells.get("question", "").strip() or _only(questions)
        yield _answer(student, question, cells["answer"], questions, problem)
        return
    for name in questions:
        if name in record:
            yield _answer(student, name, record[name], questions, problem)


def _answer(
    student: str, question: str, text: str, questions: Collection[str], problem: str
) -> Answer:
    if not problem and question not in questions:
        named = f"has no question {question!r}" if question else "has several questions"
        problem = f"The key {_clean(named)}; there are: {', '.join(questions)}."
        question = _clean(question)
    return Answer(_clean(student), question, _clean(text.strip()), problem)


def _clean(text: str) -> str:
    """Text that can be written as UTF-8: half of a pair of surrogates becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _only(questions: Collection[str]) -> str:
    return next(iter(questions)) if len(questions) == 1 else ""


# --- JSON Lines and folders ---------------------------------------------------------------------


def _from_lines(text: str, questions: Collection[str]) -> Iterator[Answer]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            record = _record(line)
            where = f"line {number}"
            if record is None:
                yield Answer(where, "", _clean(line.strip()), "This line is no JSON object.")
            else:
                yield from _of_record(record, questions, where)


def _record(line: str) -> dict[str, str] | None:
    """A line as an object of texts; lists are lines below one another."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {str(name): _as_text(value) for name, value in found.items()}


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return value if isinstance(value, str) else str(value)


def _from_folder(folder: Path, questions: Collection[str]) -> Iterator[Answer]:
    """Links are not followed: what a student hands in may point anywhere."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            for inner in sorted(path.iterdir()):
                if inner.is_file() and not inner.is_symlink() and not inner.name.startswith("."):
                    yield _from_file(inner, path.name, inner.stem, questions)
        elif path.is_file():
            student, question = _owner(path.stem, questions)
            yield _from_file(path, student, question, questions)


def _owner(stem: str, questions: Collection[str]) -> tuple[str, str]:
    """Whose a file beside no other student's folder is, and to which question."""
    if stem in questions:
        return _SUBMITTED, stem
    return stem, _only(questions)


def _from_file(path: Path, student: str, question: str, questions: Collection[str]) -> Answer:
    if path.stat().st_size > _LARGEST:
        return Answer(_clean(student), question, "", "This file is larger than a megabyte.")
    return _answer(student, question, _text(path), questions, "")
