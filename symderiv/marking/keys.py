"""The teacher's key: the questions, what is asked of their answers, and what they are worth.

A key is a TOML file; a mistake in it is the teacher's and ends the run before any answer
is looked at.  Here it is read and posed, and nothing else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from symderiv.errors import Mistake
from symderiv.homework.problems import Problem
from symderiv.homework.rubric import Milestone, Rubric
from symderiv.interface import misconceptions, problem
from symderiv.interface import rules as known_rules
from symderiv.marking.workers import Limits

_TOP: Final = {"title", "questions", "seconds", "megabytes", "hints", "solutions"}
_QUESTION: Final = {
    *("question", "wrt", "where", "given", "form", "digits", "tolerance"),
    *("title", "lines", "marks", "rubric"),
}
_RUBRIC: Final = {"answer", "form", "rules", "follow_through", "slips"}


@dataclass(frozen=True)
class Question:
    """One question: its name in the key, what is posed, and whether whole derivations come."""

    name: str
    title: str
    problem: Problem
    lines: bool = False
    rubric: Rubric = field(default_factory=Rubric)


@dataclass(frozen=True)
class Key:
    """The questions by name, in their order, and what one answer may take.

    Feedback gives hints up to a strength of `hints` (0 to 3: where, which rule, the next line),
    and the solutions.
    """

    title: str
    questions: Mapping[str, Question]
    limits: Limits = field(default_factory=Limits)
    hints: int = 3
    solutions: bool = True


def read_key(text: str) -> Key:
    """The key that a TOML text holds, every question of it posed.

    Raises `Mistake` (of which `Unreadable` and `NoRule` are kinds) with the place in the key.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"The key is no TOML: {error}.") from error
    _check_names(table, _TOP, "the key")
    questions = table.get("questions")
    if not isinstance(questions, dict) or not questions:
        raise Mistake("The key has no questions: each is a table [questions.NAME].")
    seconds, megabytes = (_count(table, name) for name in ("seconds", "megabytes"))
    limits = Limits(seconds or Limits.seconds, megabytes or Limits.megabytes)
    posed = {name: _question(name, entry) for name, entry in questions.items()}
    return Key(
        _text(table, "title", "the key") or "Answers",
        posed,
        limits,
        _count(table, "hints") if "hints" in table else 3,
        table.get("solutions", True) is True,
    )


def _question(name: str, entry: Any) -> Question:
    place = f"question {name}"
    if not isinstance(entry, dict) or "question" not in entry:
        raise Mistake(f'In the key, {place} does not say what is asked: question = "...".')
    _check_names(entry, _QUESTION, place)
    options = {word: _text(entry, word, place) for word in ("wrt", "form")}
    try:
        posed = problem(
            _text(entry, "question", place),
            options["wrt"] or None,
            where=_texts(entry, "where", place),
            given=_texts(entry, "given", place),
            form=options["form"],
            digits=_count(entry, "digits") or None,
            tolerance=entry.get("tolerance"),
        )
    except Mistake as mistake:
        raise Mistake(f"In the key, {place}: {mistake}") from mistake
    lines = entry.get("lines", False) is True
    title = _text(entry, "title", place) or name
    return Question(name, title, posed, lines, _rubric(entry, place, bool(posed.form)))


def _rubric(entry: Mapping[str, Any], place: str, formed: bool) -> Rubric:
    """Milestones: the answer, the form where one is asked for, and the rules to be used."""
    table = entry.get("rubric", {})
    if not isinstance(table, dict):
        raise Mistake(f"In the key, the rubric of {place} is no table.")
    _check_names(table, _RUBRIC, f"the rubric of {place}")
    found = [Milestone(_marks(table.get("answer", entry.get("marks", 1)), place))]
    if formed and "form" in table:
        found.append(Milestone(_marks(table["form"], place), "form"))
    for rule, worth in _named(table, "rules", known_rules, "rule", place).items():
        found.append(Milestone(worth, "rule", rule))
    slips = _named(table, "slips", misconceptions, "misconception", place)
    follows = table.get("follow_through", True) is True
    return Rubric(tuple(found), follows, slips)


def _named(
    table: Mapping[str, Any], word: str, known: Mapping[str, object], kind: str, place: str
) -> dict[str, Fraction]:
    """Marks by the names of rules or misconceptions that there are."""
    entries = table.get(word, {})
    if not isinstance(entries, dict):
        raise Mistake(f"In the key, {word} of {place} is no table of names and marks.")
    for name in entries:
        if name not in known:
            raise Mistake(f"In the key, {place} names the {kind} {name!r}, which there is not.")
    return {name: _marks(worth, place) for name, worth in entries.items()}


def _marks(worth: Any, place: str) -> Fraction:
    """Marks as written: 2, 0.5, or "1/3"."""
    try:
        found = Fraction(str(worth))
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found < 0 or isinstance(worth, bool):
        raise Mistake(f"In the key, {worth!r} are no marks ({place}).")
    return found


def _text(table: Mapping[str, Any], name: str, place: str) -> str:
    found = table.get(name, "")
    if not isinstance(found, str):
        raise Mistake(f"In the key, {name} of {place} must be a text in quotes, not {found!r}.")
    return found


def _texts(table: Mapping[str, Any], name: str, place: str) -> dict[str, str]:
    """A table of texts; a number may stand without quotes."""
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise Mistake(f"In the key, {name} of {place} must be a table of names.")
    return {key: str(value) for key, value in found.items()}


def _count(table: Mapping[str, Any], name: str) -> int:
    found = table.get(name, 0)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise Mistake(f"In the key, {name} must be a whole number, not {found!r}.")
    return found


def _check_names(table: Mapping[str, Any], known: set[str], place: str) -> None:
    for name in table:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise Mistake(f"In the key, {place} has {name!r}; there are: {listed}.")
