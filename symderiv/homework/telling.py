"""What is said of homework in plain words, for a terminal.

A page of feedback, with formulas and hints, is made in `documents`; here are a few lines of
text that say the same.  Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.homework.results import Check, Marked, MarkedLine, Suspicion
from symderiv.printing.unicode import unicode_text


def told(said: Check | Marked) -> str:
    """The verdict and its reasons, a line each."""
    return "\n".join(_answer(said) if isinstance(said, Check) else _derivation(said))


def _answer(check: Check) -> Iterator[str]:
    verdict = check.verdict
    yield (
        f"{verdict}, but not in the form that was asked for" if check.form_ok is False else verdict
    )
    if check.read is not None:
        yield f"  read: {unicode_text(check.read)}"
    if check.verdict != "correct" or check.within:
        yield from (f"  {line}" for line in check.reason.splitlines())
    if check.conditions:
        yield f"  holds for: {', '.join(map(unicode_text, check.conditions))}"
    for suspicion in check.misconceptions:
        yield from (f"  {line}" for line in _suspected(suspicion))


def _suspected(suspicion: Suspicion) -> Iterator[str]:
    slips = (suspicion, *suspicion.also)
    yield f"consistent with: {' and '.join(slip.name for slip in slips)}"
    for slip in slips:
        lawful = unicode_text(slip.lawful)
        yield f"  {slip.misconception.why}"
        yield f"  instead, by the {slip.misconception.instead.name}: {lawful}"


def _derivation(marked: Marked) -> Iterator[str]:
    first = "" if marked.first_wrong is None else f": line {marked.first_wrong + 1} is wrong"
    through = ", and the last line is right all the same" if marked.right_through_wrong else ""
    yield f"{marked.verdict}{first}{through}"
    for number, line in enumerate(marked.lines, 1):
        written = line.text.strip() if line.read is None else unicode_text(line.read)
        yield f"{number:3}. {written}"
        yield from (f"     {words}" for words in _line(line))
    if marked.reason:
        yield marked.reason


def _line(line: MarkedLine) -> Iterator[str]:
    own = ", from the wrong line before" if line.follow_through else ""
    match line.verdict:
        case "given":
            yield "the question"
        case "follows":
            yield f"follows by {', then '.join(rule.name for rule in line.rules)}{own}"
        case "equal":
            yield f"equal to the line before{own}"
        case "true":
            yield "true, though it does not follow from the line before"
        case "wrong":
            yield f"wrong: {line.reason}"
        case _:
            yield from f"{line.verdict}: {line.reason}".splitlines()
    for suspicion in line.misconceptions:
        yield from _suspected(suspicion)
