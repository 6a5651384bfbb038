"""What feedback says in several places: conditions, a witness put in, a slip, hints.

Here belong the pieces of a page; which of them a page has, and in which order, is decided
in `feedback`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final

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
from symderiv.homework.results import Check, Hint, MarkedLine, Suspicion
from symderiv.language.domains import number
from symderiv.language.expressions import Expr, Relation
from symderiv.language.walks import at, symbols_in
from symderiv.printing.unicode import unicode_text

MOST: Final = 3
"""Misconceptions that are named: the likeliest."""

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
        yield Paragraph((*_put_in(what.witness, what.values, what.read), *with_what))
    elif what.verdict == "unreadable":
        yield from _unread(what.reason)
    elif what.reason and what.verdict not in ("correct", "follows"):
        yield Paragraph((what.reason,))


def _put_in(witness: Mapping[str, Fraction], values: tuple[str, str], read: Expr | None) -> Prose:
    known = {str(name): name for name in symbols_in(read)} if read is not None else {}
    point: list[str | Expr] = []
    for name, value in witness.items():
        left = known.get(name)
        spelled = number(value)
        point += [", " if point else ""]
        point += (
            [Relation((left, spelled), ("=",))] if left is not None else [f"{name} = ", spelled]
        )
    yours, truth = (_value(value) for value in values)
    start: list[str | Expr] = ["Put in ", *point, ": yours is "] if point else ["Yours is "]
    return (*start, yours, ", and it should be ", truth, ".")


def _value(value: str) -> str:
    return "not defined" if value == "undefined" else value.replace("-", "−")


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
    for suspicion in suspicions[:MOST]:
        yield suspicion
        yield from suspicion.also


# --- what may have been believed, and hints -----------------------------------------------------


def suspected(suspicions: tuple[Suspicion, ...], strength: int) -> Iterator[Block]:
    """The likeliest misconceptions, each with the place and, as far as hints go, with the law
    (from a strength of 2 on) and what it makes of the place (3)."""
    words = "This is consistent with: "
    for suspicion in suspicions[:MOST]:
        yield from _suspicion(suspicion, words, strength)
        for other in suspicion.also:
            yield from _suspicion(other, "together with: ", strength)
        words = "It is also consistent with: "


def _suspicion(suspicion: Suspicion, words: str, strength: int) -> Iterator[Block]:
    slip = suspicion.misconception
    yield Paragraph((words, f"{slip.name}. ", *reason_of(slip)))
    if suspicion.place:
        yield Formulas((suspicion.line,), ({suspicion.place: "factor-1"},))
    if strength > 2 and width(unicode_text(suspicion.lawful)) > _INLINE:
        yield Paragraph(("The law makes this of it:",))
        yield Formulas((suspicion.lawful,))
        yield Paragraph(("And not:",))
        yield Formulas((suspicion.bent,))
    elif strength > 2:
        yield Paragraph(("Of ", at(suspicion.line, suspicion.place), " the law makes ",
                         suspicion.lawful, ", and not ", suspicion.bent, "."))  # fmt: skip
    elif not suspicion.place:
        yield Paragraph(("The place: ", suspicion.line, "."))
    if strength > 1:
        yield Named(("The law: ",), (link(slip.instead),))


def link(rule: Rule) -> Reason:
    """The name of a rule, linked to its entry in the glossary."""
    return Reason(rule.name, f"rule-{rule.id}")


def hints(hint: Hint | None, strength: int) -> tuple[Block, ...]:
    """Where to look, by which rule to go on, and the next line: each shut until it is wanted."""
    if hint is None:
        return ()
    entry = glossed(hint.rule)
    law = tuple(Relation((s.left, s.right), ("=",)) for s in entry.statements)
    named = Named(("Use the ",), (link(hint.rule),))
    place: tuple[Block, ...] = (Paragraph(("Look at this part:",)), Formulas((hint.where,)))
    following = (Paragraph(("The next line is:",)), Formulas((hint.next,)))
    given = (
        Folded(("Hint 1, where",), place),
        Folded(("Hint 2, which rule",), (named, *([Formulas(law)] if law else []))),
        Folded(("Hint 3, the next line",), following),
    )
    return given[:strength]
