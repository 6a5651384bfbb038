"""The list of all functions as a page, and a card as plain data.

What a card holds is found in `cards`; here it is laid out in one row, or spelled for JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import symderiv
from symderiv.catalogue.function import Function
from symderiv.catalogue.functions import (
    activations,
    classification_losses,
    elementary,
    exponential_units,
    gated_units,
    hyperbolic,
    losses,
    rectifiers,
    regression_losses,
    trigonometric,
    vectors,
)
from symderiv.documents.bordering import FRAMEWORKS
from symderiv.documents.cards import Card, told, where_said
from symderiv.documents.composing import function_name
from symderiv.documents.document import Document, Link, Linked, Passage, Prose, Table
from symderiv.documents.linking import page_name
from symderiv.documents.objects import Spell, spell_both
from symderiv.language.build import equal

_FAMILIES: tuple[tuple[str, ModuleType], ...] = (
    ("Elementary functions", elementary),
    ("Trigonometric functions", trigonometric),
    ("Activations of a first course", activations),
    ("Hyperbolic functions", hyperbolic),
    ("Activations by pieces of lines", rectifiers),
    ("Exponential activations", exponential_units),
    ("Smooth activations", gated_units),
    ("Losses of a first course", losses),
    ("Losses for numbers", regression_losses),
    ("Losses for yes and no", classification_losses),
    ("Functions of vectors", vectors),
)
_OTHERS = "Further functions"


def compose_index(functions: Sequence[Function]) -> Document:
    """The list of these functions by family, each with its slope, linked to its page."""
    words: Prose = (
        f"{len(functions)} functions. Each slope was derived from the definition, or checked where "
        "the function is taken as known.",
    )
    families = tuple(_family(title, members) for title, members in _sorted(functions))
    ending = Passage("see-also", "", (Linked(("See also ",), (Link("all rules", "rules"),)),))
    sections = (*families, ending)
    return Document("Functions", sections, words, version=symderiv.__version__)


def _sorted(functions: Sequence[Function]) -> Iterator[tuple[str, list[Function]]]:
    """The functions of each family; one that a module only imports belongs to an earlier one."""
    left = dict.fromkeys(functions)
    for title, module in _FAMILIES:
        members = [f for f in vars(module).values() if isinstance(f, Function) and f in left]
        for function in members:
            left.pop(function, None)
        if members:
            yield title, members
    if left:
        yield _OTHERS, list(left)


def _family(title: str, functions: Sequence[Function]) -> Passage:
    ordered = sorted(functions, key=lambda f: function_name(f).lower())
    links = tuple(Link(function_name(f), "function", page_name(f.name)) for f in ordered)
    head: tuple[Prose, ...] = (("Function",), ("Value",), ("Derivative",))
    rows = tuple(_row(Card(function)) for function in ordered)
    anchor = title.lower().replace(" ", "-")
    return Passage(anchor, title, (Table(head, rows, links=links),))


def _row(card: Card) -> tuple[Prose, ...]:
    function = card.function
    value = function.applied
    if function.definition is not None:
        value = equal(value, function.unfolded(value))
    return (function_name(function),), (value,), _slope(card)


def _slope(card: Card) -> Prose:
    """The slope, and by what it is where several quantities could move."""
    if card.slope is None:
        return ("—",)
    _ = card.evidence  # nothing is listed that was not checked
    by: Prose = (" by ", card.function.variable) if card.function.is_partial else ()
    condition = card.traced.domain.condition(card.function.variable)
    where: Prose = () if condition is None else (" where ", condition)
    return (card.slope, *by, *where)


def card_object(function: Function, spell: Spell = spell_both) -> dict[str, Any]:
    """A card as plain data for JSON."""
    card = Card(function)
    return {
        "name": function.name,
        "title": function.words,
        "also_called": list(function.also_called),
        "value": spell(function.unfolded(function.applied)) if function.definition else None,
        "applied": spell(function.applied),
        "by": spell(function.variable),
        "slope": spell(card.slope) if card.slope is not None else None,
        "evidence": card.evidence if card.slope is not None else "",
        "refused": function.refused,
        "range": told(card.range.said) if card.range else "",
        "conditions": told(where_said(function, card.derivation)),
        "defaults": dict(function.defaults),
        "kinks": [_kink_object(card, k, spell) for k in range(len(card.kinks))],
        "rules": list(dict.fromkeys(s.rule.name for s in card.derivation.steps))
        if card.derivation
        else [],
        "note": function.note,
        "source": function.source,
    }


def _kink_object(card: Card, number: int, spell: Spell) -> dict[str, Any]:
    kink = card.kinks[number]
    returned = {name: card.taken(name)[number] for name in FRAMEWORKS}
    return {
        "at": spell(kink.at),
        "left": spell(kink.left),
        "right": spell(kink.right),
        "jump": [spell(side) for side in kink.jump] if kink.jump else None,
        "unless": spell(kink.unless) if kink.unless else None,
        "smooth": kink.is_smooth,
        **{name: None if value is None else spell(value) for name, value in returned.items()},
    }
