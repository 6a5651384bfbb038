"""Which rules the derivations of the catalogue use: found by running them, never listed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.strategy import known_derivation
from symderiv.documents.document import Link
from symderiv.documents.linking import page_name


@cache
def used_by() -> dict[str, tuple[Function, ...]]:
    """The functions in whose derivation each rule is used, by the name of the rule."""
    found: dict[str, dict[Function, None]] = {}
    for function in shipped().functions.values():
        derivation = known_derivation(function.name)
        for rule in dict.fromkeys(_rules_in(derivation)) if derivation else ():
            found.setdefault(rule, {})[function] = None
    return {rule: tuple(functions) for rule, functions in found.items()}


def _rules_in(derivation: Derivation) -> Iterator[str]:
    """The names of the rules of every step, of lemmas too."""
    for part in derivation.with_lemmas():
        for step in part.steps:
            yield step.rule.name


def card_links(rule: str) -> tuple[Link, ...]:
    """The cards of the functions whose derivations use a rule."""
    return tuple(card_link(function) for function in used_by().get(rule, ()))


def card_link(function: Function) -> Link:
    """The card of a function, under its name without the article."""
    return Link(function.words.removeprefix("the "), "function", page_name(function.name))
