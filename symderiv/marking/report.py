"""From a key and a file of answers to a folder of reports: the whole run, and its files.

Equal text to the same question is judged once.  What is done is in a journal until the
report is written, so that a run that was interrupted goes on where it stopped and ends
with the same bytes.  Who judges stands in `judging`, what the tables hold in `tabulating`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import symderiv
from symderiv.documents.document import Document
from symderiv.documents.files import write_file
from symderiv.documents.formats import ENDINGS
from symderiv.documents.rendering import render_as, render_assembled
from symderiv.errors import Mistake
from symderiv.marking.answers import Answer, read_answers
from symderiv.marking.classpage import class_page
from symderiv.marking.journal import Journal, digest
from symderiv.marking.judging import HTML, Formats, failed, unjudged
from symderiv.marking.keys import Key, Question, read_key
from symderiv.marking.naming import file_names
from symderiv.marking.tabulating import Marking, gradescope, results_csv, review_csv
from symderiv.marking.workers import outcomes

JOURNAL: Final = "journal.jsonl"
COMMAND: Final = (sys.executable, "-m", "symderiv.marking.judging")


@dataclass(frozen=True)
class Report:
    """What was written: the files, how many answers there were, how many wait for a person."""

    files: tuple[Path, ...]
    answers: int
    waiting: int


def mark_file(
    key_file: Path,
    answers_file: Path,
    folder: Path,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    command: Iterable[str] = COMMAND,
    formats: Formats = HTML,
) -> Report:
    """Judge every answer in `answers_file` by the key, and write the report into `folder`.

    `progress` is told how many different answers are done, and of how many; `command` starts a
    worker; pages are written in each of the `formats`.  Raises `Mistake` for a key or a file that
    cannot be used.
    """
    text = _read(key_file)
    key = read_key(text)
    answers = read_answers(answers_file, key.questions)
    tasks = _tasks(answers, key)
    run = digest(symderiv.__version__, text, *formats)
    with Journal(folder / JOURNAL, run) as journal:
        setup = {"key": text, "formats": list(formats)}
        _judge(tasks, key, setup, journal, workers, progress, tuple(command))
        marked = tuple(_marked(answers, key, journal.records, formats))
        names = file_names(answer.student for answer in answers)
        files = _written(folder, _files(key, marked, names, journal.records, formats))
        journal.close()
    waiting = sum(one.waits for one in marked)
    return Report(tuple(files), len(answers), waiting)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise Mistake(f"{path} cannot be read: {reason}.") from error


# --- judging ------------------------------------------------------------------------------------


def _tasks(answers: Iterable[Answer], key: Key) -> dict[str, dict[str, str]]:
    """What is to be done, each thing once, question by question; by its name in the journal."""
    wanted: dict[str, list[dict[str, str]]] = {}
    for name in key.questions:
        wanted[name] = [{"question": name}]  # the solution
    for answer in answers:
        if not answer.problem:
            wanted[answer.question].append({"question": answer.question, "text": answer.text})
    return {_name(task): task for tasks in wanted.values() for task in tasks}


def _name(task: Mapping[str, str]) -> str:
    return digest(task["question"], *([task["text"]] if "text" in task else []))


def _judge(
    tasks: Mapping[str, dict[str, str]], key: Key, setup: Mapping[str, Any], journal: Journal,
    workers: int, progress: Callable[[int, int], None], command: tuple[str, ...],
) -> None:  # fmt: skip
    left = [name for name in tasks if name not in journal.records]
    done = len(tasks) - len(left)
    found = outcomes([tasks[n] for n in left], command, setup, key.limits, workers)
    with closing(found):  # an interrupted run leaves no process behind
        for outcome in found:
            name, task = left[outcome.number], tasks[left[outcome.number]]
            failure = outcome.failure
            if failure and "text" not in task:
                raise Mistake(f"The question {task['question']} cannot be derived: {failure}.")
            question = key.questions[task["question"]]
            done += 1
            journal.add(name, outcome.done or _failed(question, failure, key, setup))
            progress(done, len(tasks))


def _failed(question: Question, failure: str, key: Key, setup: Mapping[str, Any]) -> dict[str, Any]:
    return failed(question, failure, key.limits, tuple(setup["formats"]))


def _marked(
    answers: Iterable[Answer], key: Key, records: Mapping[str, Any], formats: Formats
) -> Iterator[Marking]:
    """Each answer with its record, in the order of the file; attempts are counted."""
    attempts: dict[tuple[str, str], int] = {}
    for answer in answers:
        owner = (answer.student, answer.question)
        attempts[owner] = attempts.get(owner, 0) + 1
        if answer.problem:
            question = key.questions.get(answer.question)
            record = unjudged(question, "unreadable", answer.problem, formats)
        else:
            record = records[_name({"question": answer.question, "text": answer.text})]
        yield Marking(answer, record, attempts[owner])


# --- what is written ----------------------------------------------------------------------------


def _files(
    key: Key, marked: tuple[Marking, ...], names: Mapping[str, str], records: Mapping[str, Any],
    formats: Formats,
) -> Iterator[tuple[str, str | bytes]]:  # fmt: skip
    """The files of the report by name, each with its text, or the bytes of a PDF."""
    first = _ending(formats[0])
    pages = {student: f"students/{name}{first}" for student, name in names.items()}
    yield "results.csv", results_csv(key, marked, pages)
    yield "review.csv", review_csv(key, marked, pages)
    yield "results.json", gradescope(key, marked, named=len(names) > 1)
    everyone = class_page(key, marked)
    for form in formats:
        yield f"class{_ending(form)}", render_as(form, everyone)
    for student, name in names.items():
        theirs = tuple(one for one in marked if one.answer.student == student)
        for form in formats:
            page = _student_page(key, student, theirs, records, form)
            yield f"students/{name}{_ending(form)}", page
        yield f"students/{name}.json", gradescope(key, theirs, named=False)


def _ending(form: str) -> str:
    """How a page ends in its name; what Gradescope reads has .json to itself."""
    return ".page.json" if form == "json" else f".{ENDINGS[form]}"


def _student_page(
    key: Key, student: str, marked: tuple[Marking, ...], records: Mapping[str, Any], form: str
) -> str | bytes:
    """What is said of a student's answers, the last to each question, with the solutions."""
    last = {one.answer.question: one.record for one in marked}
    used: list[Mapping[str, Any]] = []
    for name, record in last.items():
        used.append(record)
        if name in key.questions and key.solutions:
            used.append(records[_name({"question": name})])
    page = Document(f"{key.title} – {student}", (), version=symderiv.__version__)
    return render_assembled(page, [record[form] for record in used], form)


def _written(folder: Path, files: Iterable[tuple[str, str | bytes]]) -> Iterator[Path]:
    for name, text in files:
        write_file(folder / name, text)
        yield folder / name
