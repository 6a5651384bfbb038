"""What an author asks for: a few `key: value` lines, or one line of words, as a `Wish`.

The lines look like YAML and are read by these few functions, so that no parser of a whole
language stands between an author and a good message.  Nothing is derived here, and neither
SymPy nor FLINT may be imported: a page whose derivations are remembered needs only this.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from symderiv.errors import Mistake

Pairs: TypeAlias = tuple[tuple[str, str], ...]
Value: TypeAlias = "str | int | Mapping[str, Any] | Sequence[Any]"

SUBJECTS: Final = ("function", "expr", "network", "glossary")
PARTS: Final = ("claim", "steps", "graph", "check")
DETAILS: Final = ("brief", "standard", "full")
NOTATIONS: Final = ("leibniz", "prime")
_TABLES: Final = ("where", "given", "at")
_NUMBERS: Final = {"order": (1, 9), "digits": (0, 30)}
_WORDS: Final = ("wrt", "of", "kinks", "form", "prefer", "detail", "id", "language", "notation")
KEYS: Final = (*SUBJECTS, *_WORDS, *_TABLES, *_NUMBERS, "show")
OF_EXERCISES: Final = ("hint", "quiz")
DERIVATION: Final = "derivation"
EXERCISE: Final = "exercise"
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")
_LONGEST: Final = 20_000  # characters of a fence
_CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}


class Misasked(Mistake):
    """A mistake in what an author wrote; `line` counts the lines of the fence from 1."""

    def __init__(self, problem: str, line: int = 1) -> None:
        self.problem, self.line = problem, line
        super().__init__(problem, line)

    def __str__(self) -> str:
        return self.problem


@dataclass(frozen=True)
class Wish:
    """One derivation that is asked for, and how it is to be shown.

    An `exercise` asks for it and folds it away; `hint` and `quiz` are `yes`, `no`, or empty for
    what the site says.
    `subject` says what `what` is: a catalogue's function, an expression, a network's file, or a
    rule of the glossary (`all` of them).
    `lines` are the lines of the fence on which the keys stand.
    """

    subject: str
    what: str
    wrt: str = ""
    of: str = ""
    kinks: str = "undefined"
    form: str = "textbook"
    prefer: str = ""
    detail: str = "standard"
    id: str = ""
    language: str = ""
    notation: str = "leibniz"
    where: Pairs = ()
    given: Pairs = ()
    at: Pairs = ()
    order: int = 1
    digits: int = 3
    show: tuple[str, ...] = ("claim", "steps")
    exercise: bool = False
    hint: str = ""
    quiz: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def line_of(self, text: str = "") -> int:
        """The line of the key whose value holds `text`; that of the subject where none does."""
        for key in (self.subject, "wrt", "of", *_TABLES):
            value = self.what if key == self.subject else getattr(self, key)
            parts = value if isinstance(value, tuple) else ((value,),)
            if text and any(text in pair for pair in parts):
                return self.lines.get(key, 1)
        return self.lines.get(self.subject, 1)


def near(word: str, known: Iterable[str]) -> str:
    """What was probably meant, as a sentence; else what there is."""
    known = list(known)
    found = get_close_matches(word, known, 1, 0.6)
    return f"Did you mean {found[0]!r}?" if found else f"There are: {', '.join(known)}."


# --- a fence -------------------------------------------------------------------------------------


def read_fence(text: str, kind: str = DERIVATION) -> Wish:
    """The wish in the lines of a fence; `Misasked` with the line where one cannot be read.

    `kind` is the name of the fence: `derivation`, or `exercise`.
    """
    if len(text) > _LONGEST:
        raise Misasked(f"A fence has at most {_LONGEST} characters.")
    return wished(_entries(text.splitlines()), kind)


def _entries(lines: Sequence[str]) -> Iterator[tuple[str, Value, int]]:
    """Each key with its value and its line; indented lines below a key are its table or list."""
    k = 0
    while k < len(lines):
        line, number = _uncommented(lines[k]), k + 1
        k += 1
        if not line.strip():
            continue
        key, value = _parted(line, number)
        if line[0] in " \t":
            raise Misasked(f"Nothing stands above {key!r} to which it could belong.", number)
        below = []
        while not value and k < len(lines) and (not lines[k].strip() or lines[k][0] in " \t-"):
            below.append((_uncommented(lines[k]).strip(), k + 1))
            k += 1
        yield key, _block(below) if any(text for text, _ in below) else value, number


def _uncommented(line: str) -> str:
    return re.sub(r"(^|\s)#.*", "", line).rstrip()


def _parted(line: str, number: int) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        raise Misasked(f"A line is `key: value`, and {line.strip()[:60]!r} has no colon.", number)
    return key.strip(), _unquoted(value.strip())


def _block(below: Sequence[tuple[str, int]]) -> Value:
    """A table of `name: value` lines, or a list of `- word` lines."""
    filled = [(text, number) for text, number in below if text]
    if all(text.startswith("- ") for text, _ in filled):
        return [_unquoted(text[2:].strip()) for text, _ in filled]
    return dict(_parted(text, number) for text, number in filled)


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted and text[0] not in text[1:-1] else text


# --- one line ------------------------------------------------------------------------------------


def read_line(text: str) -> Wish:
    """The wish in one line of words: `sigmoid detail=full`, or `expr="x^2*sin(x)" order=2`.

    Behind the word `exercise` stands one that is asked: `exercise sigmoid hint=yes`.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise Misasked(f"{text.strip()!r} cannot be read: {error}.") from error
    kind = words.pop(0) if words[:1] == [EXERCISE] else DERIVATION
    entries: list[tuple[str, Value, int]] = []
    for place, word in enumerate(words):
        key, sign, value = word.partition("=")
        if sign and (key in (*KEYS, *OF_EXERCISES) or place):
            entries.append((key, value, 1))
        elif place == 0:
            entries.append((subject_of(word), word, 1))
        else:
            raise Misasked(f"Behind the name stands key=value, and {word!r} is none.")
    return wished(entries, kind)


def subject_of(word: str) -> str:
    """What a bare word names: a file, a function by its name, or a formula."""
    if word.endswith(".toml"):
        return "network"
    return "function" if re.fullmatch(r"[A-Za-z_]\w*", word) else "expr"


# --- keys and values -----------------------------------------------------------------------------


def wished(entries: Iterable[tuple[str, Value, int]], kind: str = DERIVATION) -> Wish:
    """The wish that these keys, values and lines make; `Misasked` says what is wrong with them."""
    known = (*KEYS, *OF_EXERCISES) if kind == EXERCISE else KEYS
    found: dict[str, Any] = {"exercise": kind == EXERCISE}
    lines: dict[str, int] = {}
    for key, value, line in entries:
        if key in OF_EXERCISES and key not in known:
            raise Misasked(f"{key!r} is for an exercise: write `exercise` before all else.", line)
        if key not in known:
            raise Misasked(f"There is no key {key!r}. {near(key, known)}", line)
        if key in lines:
            raise Misasked(f"{key!r} stands here a second time.", line)
        lines[key] = line
        found[key] = _value(key, value, line)
    subjects = [key for key in SUBJECTS if found.get(key)]
    if len(subjects) != 1:
        last = lines.get(subjects[-1], 1) if subjects else 1
        raise Misasked(f"Say one of {', '.join(SUBJECTS)}: what is to be derived.", last)
    if kind == EXERCISE and subjects == ["glossary"]:
        raise Misasked(
            "An exercise derives something: the glossary is no question.", lines["glossary"]
        )
    what = found.pop(subjects[0])
    wish = Wish(subjects[0], what, lines=lines, **{k: v for k, v in found.items() if v != ""})
    if "check" in wish.show and not (wish.at or wish.subject == "network"):
        line = lines.get("show", 1)
        raise Misasked("The part 'check' needs a point, such as at: {x: 0.5}.", line)
    if wish.at and "check" not in wish.show and wish.subject != "network":
        raise Misasked("A point is for the part 'check': name it in 'show' too.", lines["at"])
    return wish


def _value(key: str, value: Value, line: int) -> object:
    """The value of a key as its kind, checked as far as that goes without mathematics."""
    if key in _TABLES:
        return tuple(_table(key, value, line))
    if key == "show":
        return tuple(_parts(value, line))
    text = str(value).strip()
    if key in _NUMBERS:
        low, high = _NUMBERS[key]
        if not re.fullmatch(r"\d{1,3}", text) or not low <= int(text) <= high:
            raise Misasked(f"{key!r} is a whole number from {low} to {high}, not {text!r}.", line)
        return int(text)
    if key in OF_EXERCISES and text not in ("", "yes", "no"):
        raise Misasked(f"{key!r} is yes or no, not {text[:60]!r}.", line)
    for kind, known in (("detail", DETAILS), ("notation", NOTATIONS)):
        if key == kind and text and text not in known:
            raise Misasked(f"There is no {key} {text!r}. {near(text, known)}", line)
    if key == "id" and text and not _ID.fullmatch(text):
        said = "An id begins with a letter and goes on with letters, digits, - and _"
        raise Misasked(f"{said}; {text[:60]!r} does not.", line)
    return text.replace("-", " ") if key == "form" else text


def _table(key: str, value: Value, line: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from ((str(name), str(said)) for name, said in value.items())
        return
    text = str(value).strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    for part in _split(text):
        name, said = _named(part)
        if not (name and said):
            such = {"where": "x: >0", "given": "a: w*x + b", "at": "x: 0.5"}[key]
            raise Misasked(f"{key!r} is a table, such as {{{such}}}; {part!r} is none.", line)
        yield name, said


def _named(part: str) -> tuple[str, str]:
    """`x: 2` or `x=2`, and `x>0` as it is written on paper."""
    found = re.fullmatch(r"([^:=<>!]+)(:|=(?!=)|(?=[<>!]))(.*)", part, re.DOTALL)
    if found is None:
        return "", ""
    return _unquoted(found[1].strip()), _unquoted(found[3].strip())


def _split(text: str) -> Iterator[str]:
    """The parts between commas that stand in no brackets and no quotes."""
    start, opened, quote = 0, 0, ""
    for k, ch in enumerate(text):
        if quote:
            quote = "" if ch == quote else quote
        elif ch in "'\"" and text[start:k].rstrip()[-1:] in (":", "=", ""):
            quote = ch
        elif ch in _CLOSERS:
            opened += 1
        elif ch in ")]}":
            opened -= 1
        elif ch == "," and opened <= 0:
            yield text[start:k].strip()
            start = k + 1
    if text[start:].strip():
        yield text[start:].strip()


def _parts(value: Value, line: int) -> Iterator[str]:
    """The parts that are to be shown, in their order on a page."""
    words = value.strip("[] ").split(",") if isinstance(value, str) else [str(w) for w in value]  # type: ignore[union-attr]
    asked = [word.strip() for word in words]
    for word in asked:
        if word not in PARTS:
            raise Misasked(f"There is no part {word!r} to show. {near(word, PARTS)}", line)
    yield from (part for part in PARTS if part in asked)
