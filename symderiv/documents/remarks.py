"""What feedback says in several places: conditions, a witness put in, a slip, hints.

Here belong the pieces of a page; which of them a page has, and in which order, is decided
in `feedback`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, TypeAlias

from symderiv.catalogue.rule import Rule
from symderiv.documents.aligning import width
from symderiv.documents.composing import glossed, reason_of
from symderiv.documents.document import (
    Block,
    Folded,
    Formulas,
    Named,
    Paragraph,
    Prose,
    Quoted,
    Reason,
)
from symderiv.errors import Unreadable
from symderiv.homework.results import Check, Hint, MarkedLine, Suspicion, likeliest
from symderiv.language.domains import number
from symderiv.language.expressions import Expr, Negative, Number, Relation
from symderiv.language.walks import at
from symderiv.printing.unicode import unicode_text
from symderiv.reading import read

_INLINE: Final = 60  # columns: a longer formula stands on a line of its own

_CHOSEN: Final = ", with "  # before what the judge put in for functions that are only names


def where(conditions: Iterable[Expr]) -> Iterator[Block]:
    """Under which conditions it holds, if there are any."""
    listed = tuple(conditions)
    if listed:
        yield Paragraph(("This holds where ", *_listed(listed), "."))


def _listed(exprs: tuple[Expr, ...]) -> Prose:
    """Formulas with commas between them."""
    parts: list[str | Expr] = []
    for expr in exprs:
        parts += [", " if parts else "", expr]
    return tuple(part for part in parts if part != "")


def because(what: Check | MarkedLine) -> Iterator[Block]:
    """What the verdict rests on: the witness put in, where reading ended, or the reason."""
    if what.values != ("", "") and what.verdict in ("incorrect", "wrong"):
        chosen = what.reason.partition(_CHOSEN)[2]
        with_what = (f" Here {chosen}",) if chosen else ()
        yield Paragraph((*_put_in(what.witness, what.values), *with_what))
    elif what.verdict == "unreadable":
        yield from _unread(what.reason)
    elif what.reason and what.verdict not in ("correct", "follows"):
        yield Paragraph((what.reason,))


def _put_in(witness: Mapping[str, Fraction], values: tuple[str, str]) -> Prose:
    point: list[str | Expr] = []
    for name, value in witness.items():
        left = _named(name)
        spelled = number(value)
        point += [", " if point else ""]
        point += (
            [Relation((left, spelled), ("=",))] if left is not None else [f"{name} = ", spelled]
        )
    yours, truth = (_value(value) for value in values)
    start: list[str | Expr] = ["Put in ", *point, ": yours is "] if point else ["Yours is "]
    return (*start, yours, ", and it should be ", truth, ".")


def _named(name: str) -> Expr | None:
    """The quantity of this plain spelling, which reads back; None where nothing is read."""
    try:
        return read(name)
    except Unreadable:
        return None


def _value(value: str) -> str | Expr:
    """A decimal as a formula; one with a power of ten as it was computed."""
    if value == "undefined":
        return "not defined"
    digits = value.removeprefix("-")
    if not digits.replace(".", "", 1).isdecimal():
        return value.replace("-", "−")
    return Number(digits) if digits == value else Negative(Number(digits))


def _unread(reason: str) -> Iterator[Block]:
    """The problem, the line with a caret under the place, and what to write instead."""
    lines = reason.splitlines()
    k = next((k for k in range(1, len(lines)) if lines[k].strip() == "^"), 0)
    if not k:
        yield from (Paragraph((line,)) for line in lines)
        return
    shown, caret = lines[k - 1].removeprefix("  "), lines[k].removeprefix("  ").index("^")
    yield from (Paragraph((line,)) for line in lines[: k - 1])
    yield Quoted(shown, caret)
    yield from (Paragraph((line,)) for line in lines[k + 1 :])


def slips_in(suspicions: tuple[Suspicion, ...]) -> Iterator[Suspicion]:
    """Those that are named, and the second slip of those that take two."""
    for suspicion in likeliest(suspicions):
        yield suspicion
        yield from suspicion.also


# --- what may have been believed, and hints -----------------------------------------------------


def suspected(suspicions: tuple[Suspicion, ...], strength: int) -> Iterator[Block]:
    """The likeliest misconceptions with the laws instead; a hint of a strength below 2 says only
    where, and so names none."""
    words = "This is consistent with: "
    for suspicion in likeliest(suspicions) if strength > 1 else ():
        yield from _suspicion(suspicion, words)
        for other in suspicion.also:
            yield from _suspicion(other, "together with: ")
        words = "It is also consistent with: "


def _suspicion(suspicion: Suspicion, words: str) -> Iterator[Block]:
    slip = suspicion.misconception
    yield Paragraph((words, f"{slip.name}. ", *reason_of(slip)))
    if slip.instead.forms:
        yield Named(("The law instead: ",), (link(slip.instead),))


def link(rule: Rule) -> Reason:
    """The name of a rule, linked to its entry in the glossary."""
    return Reason(rule.name, f"rule-{rule.id}")


def hints(suspicions: tuple[Suspicion, ...], hint: Hint | None, strength: int) -> tuple[Block, ...]:
    """Where to look, which rule, and the next line: each shut until it is wanted.

    Where the likeliest slip has a place, they lead there, else to how one would go on.
    """
    if suspicions and suspicions[0].placed:
        folds = [*_to_the_slip((suspicions[0], *suspicions[0].also))]
    else:
        folds = [] if hint is None else [*_onward(hint)]
    return tuple(
        Folded((f"Hint {number}, {words}",), blocks)
        for number, (words, blocks) in enumerate(
            ((words, blocks) for level, words, blocks in folds if blocks and level <= strength), 1
        )
    )


def step_hint(number: int, before: Expr | None, strength: int) -> tuple[Block, ...]:
    """Where to look, if no more is known than from which line on it is wrong."""
    if before is None or not strength:
        return ()
    said = Paragraph((f"Look at the step to line {number}, from:",))
    return (Folded(("Hint 1, where",), (said, Formulas((before,)))),)


_Fold: TypeAlias = "tuple[int, str, tuple[Block, ...]]"
"""A hint: its strength, what it says in a word or two, and its blocks."""


def _onward(hint: Hint) -> Iterator[_Fold]:
    """How to go on, from a line of one's own or from the question."""
    yield 1, "where", (Paragraph(("Look at this part:",)), Formulas((hint.where,)))
    yield 2, "which rule", tuple(_law(hint.rule))
    yield 3, "the next line", (Paragraph(("The next line is:",)), Formulas((hint.next,)))


def _to_the_slip(slips: tuple[Suspicion, ...]) -> Iterator[_Fold]:
    """To the place where a law was bent, and to what it makes of that place."""
    rules = dict.fromkeys(slip.misconception.instead for slip in slips)
    yield 1, "where", tuple(b for slip in slips for b in _place(slip))
    yield 2, "which rule", tuple(b for rule in rules if rule.forms for b in _law(rule))
    yield 3, "the next line", tuple(b for slip in slips for b in _lawful(slip))


def _law(rule: Rule) -> Iterator[Block]:
    statements = tuple(Relation((s.left, s.right), ("=",)) for s in glossed(rule).statements)
    yield Named(("The rule: ",), (link(rule),))
    if statements:
        yield Formulas(statements)


def _place(slip: Suspicion) -> Iterator[Block]:
    """The part of a line, and the line with this part marked."""
    if not slip.place:
        yield from (Paragraph(("Look at this part:",)), Formulas((slip.line,)))
        return
    part = at(slip.line, slip.place)
    if _is_short(part):
        yield Paragraph(("Look at ", part, " in this line:"))
    else:
        yield from (Paragraph(("Look at this part:",)), Formulas((part,)))
        yield Paragraph(("It stands in this line:",))
    yield Formulas((slip.line,), ({slip.place: "factor-1"},))


def _lawful(slip: Suspicion) -> Iterator[Block]:
    """What the law makes of the place, and what it does not make of it."""
    law, miscopied = slip.misconception.instead.forms, slip.misconception.scope == "line"
    verb = "There should stand" if miscopied or not law else "The law makes of it"
    if _is_short(slip.lawful) and _is_short(slip.bent):
        yield Paragraph((f"{verb} ", slip.lawful, ", and not ", slip.bent, "."))
        return
    yield from (Paragraph((f"{verb}:",)), Formulas((slip.lawful,)))
    yield from (Paragraph(("And not:",)), Formulas((slip.bent,)))


def _is_short(expr: Expr) -> bool:
    return width(unicode_text(expr)) <= _INLINE
