"""What is said of homework in plain words, for a terminal.

A page of feedback, with formulas and hints, is made in `documents`; here are a few lines of
text that say the same.  Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.homework.results import Check, Marked, MarkedLine, Suspicion, likeliest
from symderiv.language.walks import at
from symderiv.printing.unicode import unicode_text


def told(said: Check | Marked, strength: int = 3) -> str:
    """The verdict and its reasons, a line each; misconceptions from a strength of 2 on, and what
    stands there instead with 3."""
    lines = _answer(said, strength) if isinstance(said, Check) else _derivation(said, strength)
    return "\n".join(lines)


def _answer(check: Check, strength: int) -> Iterator[str]:
    verdict = check.verdict
    but = "too few digits" if check.within else "not in the form that was asked for"
    yield f"{verdict}, but {but}" if check.form_ok is False else verdict
    if check.read is not None:
        yield f"  read: {unicode_text(check.read)}"
    if check.verdict != "correct" or check.within:
        yield from (f"  {line}" for line in check.reason.splitlines())
    if check.remark:
        yield f"  {check.remark}"
    if check.conditions:
        yield f"  holds for: {', '.join(map(unicode_text, check.conditions))}"
    yield from (f"  {line}" for line in _suspected(check.misconceptions, strength))


def _suspected(suspicions: tuple[Suspicion, ...], strength: int) -> Iterator[str]:
    for suspicion in likeliest(suspicions) if strength > 1 else ():
        slips = (suspicion, *suspicion.also)
        yield f"consistent with: {' and '.join(slip.name for slip in slips)}"
        for slip in slips:
            yield f"  {slip.misconception.why}"
            yield from _instead(slip) if strength > 2 else ()


def _instead(slip: Suspicion) -> Iterator[str]:
    """The law, and what it makes of the place where it was bent."""
    law = slip.misconception.instead
    line, part, lawful, bent = map(
        unicode_text, (slip.line, at(slip.line, slip.place), slip.lawful, slip.bent)
    )
    if slip.placed and slip.misconception.scope == "line":
        yield f"  in {line} there should stand {lawful}, not {bent}"
    elif slip.placed:
        yield f"  {part} becomes {lawful}, not {bent} ({law.name})"
    elif law.forms:
        yield f"  the law instead: {law.name}"


def _derivation(marked: Marked, strength: int) -> Iterator[str]:
    first = "" if marked.first_wrong is None else f": line {marked.first_wrong + 1} is wrong"
    through = ", and the last line is right all the same" if marked.right_through_wrong else ""
    yield f"{marked.verdict}{first}{through}"
    for number, line in enumerate(marked.lines, 1):
        written = line.text.strip() if line.shown is None else unicode_text(line.shown)
        yield f"{number:3}. {written}"
        yield from (f"     {words}" for words in _line(line, strength))
    if marked.reason:
        yield marked.reason


def _line(line: MarkedLine, strength: int) -> Iterator[str]:
    own = ", from the wrong line before" if line.follow_through else ""
    match line.verdict:
        case "given":
            yield "the question"
        case "follows":
            yield f"follows by {', then '.join(rule.name for rule in line.rules)}{own}"
        case "equal":
            said = "holds" if line.states is not None else "equal to the line before"
            yield f"{said}{own}"
        case "true":
            yield "true, though it does not follow from the line before"
        case "wrong":
            yield f"wrong: {line.reason}"
        case _:
            yield from f"{line.verdict}: {line.reason}".splitlines()
    if line.remark:
        yield line.remark
    yield from _suspected(line.misconceptions, strength)
