"""One answer to one question: read, judged against our own result, and looked into if wrong.

Here belongs the order of these and what is said; whether two expressions agree stands in
`agreeing`, what was believed in `diagnosis`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from symderiv.errors import Ambiguous, Unreadable
from symderiv.homework.agreeing import Agreement, agree
from symderiv.homework.diagnosis import Diagnosis
from symderiv.homework.forms import has_form
from symderiv.homework.numerals import ENOUGH
from symderiv.homework.problems import Problem
from symderiv.homework.results import Check, Hint
from symderiv.language.expressions import Expr, Relation
from symderiv.language.names import Names
from symderiv.language.walks import symbols_in
from symderiv.reading import read

_Read = TypeVar("_Read")
_MOST_READINGS = 16
_WORD = re.compile(r"(?<![A-Za-z\\_])[A-Za-z]{2,12}(?![A-Za-z_(])")
ONE_WAY: Final = (
    "This can be read in more than one way; it was read in the one in which it is right. "
    "Brackets would make it clear."
)
_EQUALS = re.compile(r"^\s*=\s*(?=[^\s=])")
_LABEL = re.compile(r"\s*[A-Za-z]\s*('+|′+)\s*(\(\s*[A-Za-z]\s*\))?\s*=")


def check(problem: Problem, answer: str | Expr) -> Check:
    """What is said of one answer; never raises for what a student typed."""
    bare = Check("unreadable", problem.truth, problem.derivation, hint=hint(problem))
    try:
        whole = read_answer(answer, problem.names) if isinstance(answer, str) else answer
    except Unreadable as unreadable:
        right = _right_reading(unreadable, bare, problem)
        return right or replace(bare, reason=str(unreadable))
    value = right_side(whole)
    if value is None:
        reason = "This is a condition and no value: write what the derivative is equal to."
        return replace(bare, read=whole, reason=reason)
    found = agree(value, problem.truth, problem)
    return _said(replace(bare, read=whole), value, found, problem)


def _right_reading(unclear: Unreadable, bare: Check, problem: Problem) -> Check | None:
    """What is said of a text that can be read in several ways, if it is right in one of them."""
    for whole in readings(unclear, lambda text: read_answer(text, problem.names), problem):
        value = right_side(whole)
        found = None if value is None else agree(value, problem.truth, problem)
        if value is not None and found is not None and found.verdict == "equal":
            return _said(replace(bare, read=whole, remark=ONE_WAY), value, found, problem)
    return None


def readings(
    unclear: Unreadable, reader: Callable[[str], _Read], problem: Problem
) -> Iterator[_Read]:
    """What `reader` makes of each way to read a text that can be read in several."""
    waiting = [*_rewritten(unclear, problem)]
    for _ in range(_MOST_READINGS):
        if not waiting:
            return
        try:
            yield reader(waiting.pop(0))
        except Unreadable as further:
            waiting += _rewritten(further, problem)


def _rewritten(unclear: Unreadable, problem: Problem) -> tuple[str, ...]:
    """A text in each of its readings; a word made of letters that stand in the question and of
    functions of them, as wx or xsinx, may be a product."""
    if isinstance(unclear, Ambiguous):
        return unclear.rewritten()
    asked = (problem.question, *problem.setting.definitions, *problem.setting.definitions.values())
    letters = {s.name for expr in asked for s in symbols_in(expr) if len(s.name) == 1}

    def spelled(word: re.Match[str]) -> str:
        return "*".join(_factors(word[0], letters, problem.names)) or word[0]

    spelled_out = _WORD.sub(spelled, unclear.text)
    return (spelled_out,) if spelled_out != unclear.text else ()


def _factors(word: str, letters: set[str], names: Names) -> list[str]:
    """The letters of a word, and the functions of a letter, one behind the other; empty where it
    is made of something else."""
    found, at = list[str](), 0
    known = [name for name in names.functions if name.isalpha() and len(name) > 1]
    while at < len(word):
        named = max((n for n in known if word.startswith(n, at)), key=len, default="")
        letter = word[at + len(named) : at + len(named) + 1]
        if letter not in letters:
            return []
        found.append(f"{named}({letter})" if named else letter)
        at += len(named) + 1
    return found


def _said(bare: Check, value: Expr, found: Agreement, problem: Problem) -> Check:
    """The agreement as a verdict, with the form and what was believed."""
    said = replace(
        bare,
        reason=found.reason,
        within=found.within,
        conditions=found.conditions,
        witness=found.witness,
        values=found.values,
    )
    match found.verdict:
        case "equal":
            form_ok: bool | None = None
            if problem.form or found.coarse or problem.digits:
                written = has_form(value, problem.form, problem.setting.definitions, problem.truth)
                form_ok = written and not found.coarse
            remark = "" if form_ok is not False else _asked_for(problem, coarse=found.coarse)
            remark = f"{bare.remark} {remark}".strip()
            return replace(said, verdict="correct", form_ok=form_ok, remark=remark)
        case "undecided":
            return replace(said, verdict="undecided")
        case _:
            slips = Diagnosis(problem.question, value, problem).found()
            return replace(said, verdict="incorrect", misconceptions=slips)


def _asked_for(problem: Problem, *, coarse: bool) -> str:
    """Which form, or how many digits, the value should have been given in."""
    if not coarse:
        return f"The form that was asked for: {problem.form}."
    digits = problem.digits or ENOUGH
    return f"At least {digits} significant digits were asked for." if problem.digits else (
        f"A rounded number shows at least {digits} significant digits."
    )  # fmt: skip


def read_answer(text: str, names: Names) -> Expr:
    """The answer as an expression; a label such as y' = may stand in front of it, or a bare =."""
    text = _EQUALS.sub("", text)
    label = _LABEL.match(text)
    try:
        return read(text, names)
    except Unreadable:
        if label is None:
            raise
        return read(text[label.end() :], names)


def right_side(answer: Expr) -> Expr | None:
    """What an answer says: of an equation or a chain its last member; None for a condition."""
    if not isinstance(answer, Relation):
        return answer
    return answer.terms[-1] if set(answer.signs) == {"="} else None


def hint(problem: Problem) -> Hint | None:
    """Where to begin, by which law, and the line that comes of it; None for a bare result."""
    if not problem.derivation.steps:
        return None
    step = problem.derivation.steps[0]
    return Hint(step.before, step.rule, step.after)
