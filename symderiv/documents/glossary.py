"""The glossary as a page: each rule with its reason, an example, what is often believed instead,
and the functions in whose derivations it is used.

The id of each section is the rule's own, so that `/rules/#chain-rule` leads to it.  The
examples are checked here again, as every line is before it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import symderiv
from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.deriving.evidence import Evidence, check
from symderiv.documents.composing import glossed, reason_of, spelled
from symderiv.documents.document import (
    Block,
    Document,
    Equation,
    Formulas,
    Link,
    Linked,
    Paragraph,
    Passage,
    Prose,
)
from symderiv.documents.usage import card_links
from symderiv.judging.points import Setting
from symderiv.language.build import equal, symbols
from symderiv.language.domains import read_domain
from symderiv.language.expressions import Expr, Relation, Symbol
from symderiv.language.walks import symbols_in
from symderiv.reading import read

_KINDS = ("Differentiation", "Algebra and identities", "Computed, without a formula")
_A, _L, _N, _Y, _Z = symbols("a L n y z")


def compose_rules(rules: Sequence[Rule]) -> Document:
    """The page of these rules: one by itself, or all of them below a list of their names."""
    passages = tuple(_passage(rule) for rule in rules)
    if len(rules) == 1:
        alone = replace(passages[0], title="")
        return Document(passages[0].title, (alone,), version=symderiv.__version__)
    words: Prose = (
        f"{len(rules)} rules. The functions below each are those whose derivation uses it, found "
        "by running the derivations of the catalogue.",
    )
    contents = Passage("contents", "", tuple(_contents(rules)))
    return Document("Rules", (contents, *passages), words, version=symderiv.__version__)


def _contents(rules: Iterable[Rule]) -> Iterator[Linked]:
    """The names of the rules, by what they are about."""
    kinds: dict[str, list[Link]] = {kind: [] for kind in _KINDS}
    for rule in rules:
        number = 2 if not rule.forms else 0 if rule.differentiates else 1
        kinds[_KINDS[number]].append(Link(rule.name, "here", rule.id))
    for kind, links in kinds.items():
        yield Linked((f"{kind}: ",), tuple(links))


def _passage(rule: Rule) -> Passage:
    entry = glossed(rule)
    return Passage(rule.id, entry.name, tuple(_blocks(rule)))


def _blocks(rule: Rule) -> Iterator[Block]:
    entry = glossed(rule)
    yield from (_statement(statement) for statement in entry.statements)
    if entry.condition is not None:
        yield Paragraph(("Where ", entry.condition, "."))
    yield Paragraph(entry.why)
    yield from _example(rule)
    for slip in shipped().misconceptions.values():
        if slip.instead is rule:
            yield Paragraph(slip_said(slip))
    links = card_links(rule.name)
    if links:
        yield Linked(("Used for: ",), links)


def _statement(statement: Equation) -> Block:
    """The law on a line of its own; of two equations, that one follows from the other."""
    if statement.sign == "=":
        return Formulas((Relation((statement.left, statement.right), ("=",)),))
    return Paragraph((statement.left, f" {statement.sign} ", statement.right))


def slip_said(slip: Misconception) -> Prose:
    """What is often believed instead of a law, and why it does not hold."""
    form = Equation(*(spelled(side) for side in (slip.form.left, slip.form.right)))
    name = f"Not: {slip.name}, "
    if form.sign == "=":
        return (name, equal(form.left, form.right), ". ", *reason_of(slip))
    return (name, form.left, f" {form.sign} ", form.right, ". ", *reason_of(slip))


def _example(rule: Rule) -> Iterator[Block]:
    """The worked example, in which each line was checked."""
    if not rule.example:
        return
    before, after = (read(side, shipped().names) for side in rule.example.split(" -> "))
    setting = example_setting((before, after))
    evidence = check(before, after, setting)
    yield Paragraph((*_lead(setting), " (", *_told(evidence), "):"))
    yield _statement(Equation(before, after))


def _told(evidence: Evidence) -> Prose:
    return tuple(evidence.said())


def _lead(setting: Setting) -> Iterator[str | Expr]:
    yield "Example"
    for k, (name, value) in enumerate(setting.definitions.items()):
        yield " where " if k == 0 else " and "
        yield equal(name, value)


def example_setting(sides: Sequence[Expr]) -> Setting:
    """What an example leaves open: counts are whole, shares add up to one, a loss is some curve."""
    names = {s for side in sides for s in symbols_in(side)}
    given: dict[Symbol, Expr] = {_L: _A**3 + _A, _A: _Z**2} if _L in names else {}
    where = {_N: read_domain("positive integer"), _Y: read_domain("probabilities over n")}
    return Setting(shipped().functions, where, given)
