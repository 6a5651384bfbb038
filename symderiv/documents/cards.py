"""A page for each function of the catalogue: its value, its slope, its picture, its kinks.

The slope is the result of a derivation, which stands below; the picture is drawn from
evaluation alone, and the range was evaluated before it is said.  What a card holds is found
once, in `Card`, and laid out here as a page; as plain data it is spelled in `card_object`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import symderiv
from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.inverses import INVERSES
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation, Kink
from symderiv.deriving.evidence import check
from symderiv.deriving.inverse import derive_inverse
from symderiv.deriving.networks.numbers import rounded
from symderiv.deriving.strategy import derive_function, known_derivation
from symderiv.documents.bordering import FRAMEWORKS, NO_SLOPE, sides_said
from symderiv.documents.composing import compose_section, function_name, glossary
from symderiv.documents.document import (
    Block,
    Document,
    Finding,
    Link,
    Linked,
    Own,
    Paragraph,
    Passage,
    Prose,
    Section,
    Steps,
    Table,
)
from symderiv.documents.glossary import slip_said
from symderiv.documents.linking import page_name
from symderiv.documents.passages import decimal
from symderiv.documents.portraits import portrait
from symderiv.documents.ranging import EVERYTHING, Ranged, listed, ranged
from symderiv.documents.tracing import FAR, Traced
from symderiv.documents.usage import card_links
from symderiv.judging.points import Setting
from symderiv.language.build import D, equal, symbol
from symderiv.language.domains import Domain
from symderiv.language.expressions import Expr, Symbol, as_expr
from symderiv.printing.unicode import unicode_text

_LONGEST = 12  # characters of a number that is written out
_DIGITS = 7


@dataclass(frozen=True, eq=False)
class Card:
    """What is known of a function, each thing found when it is asked for."""

    function: Function

    @property
    def id(self) -> str:
        """The name of its page, and the start of its anchors."""
        return page_name(self.function.name)

    @cached_property
    def derivation(self) -> Derivation | None:
        """The checked derivation of the slope from the definition, where there is one."""
        function = self.function
        if function.definition is None:
            return None
        known = known_derivation(function.name) if self._shipped else derive_function(function)
        return known and known.checked()

    @property
    def _shipped(self) -> bool:
        return shipped().functions.get(self.function.name) is self.function

    @cached_property
    def traced(self) -> Traced:
        """The function as a curve."""
        return Traced(self.function, self.derivation)

    @cached_property
    def slope(self) -> Expr | None:
        """The derived slope, of a function that is taken as known the declared one."""
        if self.function.refused or self.function.is_discrete:
            return None
        return self.derivation.result if self.derivation else self.function.claim

    @cached_property
    def evidence(self) -> str:
        """What was checked of the slope."""
        function, derivation = self.function, self.derivation
        if derivation is not None:
            said = derivation.evidence.said(derivation.states)
        else:
            setting = Setting(shipped().functions, function.domains)
            said = check(self.asked, function.claim, setting).said()
        return told(said)

    @property
    def asked(self) -> Expr:
        """The derivative that the slope is."""
        function = self.function
        return D(function.applied, function.variable, partial=function.is_partial)

    @property
    def kinks(self) -> tuple[Kink, ...]:
        """The points at which the rules do not give the slope, in the order of the derivation."""
        return self.derivation.kinks if self.derivation else ()

    @cached_property
    def range(self) -> Ranged | None:
        """Where its values lie."""
        return ranged(self.traced)

    def taken(self, framework: str) -> tuple[Expr | None, ...]:
        """What a framework returns at each of the kinks, None where nothing is named."""
        if framework not in self.function.at_kink:
            return tuple(None for _ in self.kinks)
        taken = derive_function(self.function, kinks=framework).kinks
        by_place = {kink.at: kink.taken for kink in taken}
        return tuple(by_place.get(kink.at) for kink in self.kinks)


def told(prose: Iterable[str | Expr]) -> str:
    """A sentence in plain text."""
    return "".join(part if isinstance(part, str) else unicode_text(part) for part in prose)


def compose_card(function: Function, *, in_site: bool = False) -> Document:
    """The page of one function; `in_site` is one that stands beside all others."""
    card = Card(function)
    passages = (
        Passage(card.id, "", tuple(_overview(card))),
        Passage(f"{card.id}-kinks", "Kinks and jumps", tuple(_kinks(card))),
        Passage(f"{card.id}-derivation", "Derivation", tuple(_derivation(card))),
        Passage(f"{card.id}-not", "Often mistaken", tuple(_slips(card))),
        Passage(f"{card.id}-used", "See also", tuple(_used(card, in_site))),
    )
    derived = [card.derivation] if card.derivation else []
    return Document(
        function_name(function),
        tuple(passage for passage in passages if passage.blocks),
        glossary=glossary(derived or list(_by_inverse(card))),
        version=symderiv.__version__,
        task=(function.note or "Its value and its derivative.",),
        answers=tuple(_findings(card)),
    )


def _findings(card: Card) -> Iterator[Finding]:
    function = card.function
    if function.definition is not None:
        yield Finding((equal(function.applied, function.unfolded(function.applied)),), "definition")
    if card.slope is not None:
        yield Finding((equal(card.asked, card.slope),), card.evidence)


# --- the overview -------------------------------------------------------------------------------


def _overview(card: Card) -> Iterator[Block]:
    function = card.function
    if function.note and card.slope is None and function.definition is None:
        yield Paragraph((function.note,))  # elsewhere it stands above the value
    if function.refused:
        yield Paragraph(("No derivative is given. ", function.refused))
    if not function.is_discrete:
        yield portrait(card.traced, f"{card.id}-curve")
    rows = tuple(_facts(card))
    if rows:
        yield Table((("",), (function_name(function),)), rows)
    if function.source:
        yield Paragraph((f"Source: {function.source}.",))


def _facts(card: Card) -> Iterator[tuple[Prose, ...]]:
    function = card.function
    if card.range is not None:
        points = f" (checked at {card.range.points} points)"
        said = card.range.said
        yield ("Range",), said if said == EVERYTHING else (*said, points)
    where = tuple(where_said(function, card.derivation))
    if where:
        yield ("Conditions",), where
    if function.defaults:
        yield ("Unless said otherwise",), tuple(_defaults(function))
    if function.steepest is not None:
        yield ("Steepest slope",), (as_expr(function.steepest),)
    yield ("Name",), (Own(", ".join((function.name, *function.also_called))),)


def where_said(function: Function, derivation: Derivation | None) -> Iterator[str | Expr]:
    """The domains of what stands in the definition, and what the slope needs besides."""
    said = [tuple(_domain_said(name, domain)) for name, domain in function.domains.items()]
    known = {part for prose in said for part in prose}
    needs = derivation.conditions if derivation else ()
    said += [(need,) for need in needs if need not in known]
    for k, prose in enumerate(filter(None, said)):
        yield "; " if k else ""
        yield from prose


def _domain_said(name: Symbol, domain: Domain) -> Iterator[str | Expr]:
    conditions = domain.conditions(name)
    if len(domain.members) == 1:
        value = decimal(domain.members[0])
        if len(str(value)) <= _LONGEST:
            yield equal(name, value)
        else:
            yield from (name, " ≈ ", rounded(domain.members[0], _DIGITS))
    elif domain.members:
        yield from listed(name, domain)
    elif conditions:
        for k, condition in enumerate(conditions):
            yield ", " if k else ""
            yield condition
        yield ", whole" if domain.integer else ""


def _defaults(function: Function) -> Iterator[str | Expr]:
    for k, (name, value) in enumerate(function.defaults.items()):
        yield ", " if k else ""
        yield equal(symbol(name), as_number(value))


def as_number(text: str) -> Expr:
    """A default as it is declared, 0.01."""
    return decimal(Fraction(text))


# --- kinks, derivation, misconceptions, use -------------------------------------------------------


def _kinks(card: Card) -> Iterator[Block]:
    """What is true on both sides of each, and what a framework returns there by convention."""
    derivation = card.derivation
    if derivation is None or not card.kinks:
        yield from (Paragraph(said) for said in _seen(card))
        return
    yield from (Paragraph(sides_said(kink, derivation)) for kink in card.kinks)
    open_ = [kink for kink in card.kinks if not kink.is_smooth]
    if not open_:
        return
    if not card.function.at_kink:
        yield Paragraph(("No convention is named for it.",))
        return
    head: tuple[Prose, ...] = (("Convention",), *((kink.at,) for kink in open_))
    rows: list[tuple[Prose, ...]] = [
        (("undefined (the default)",), *((("no value",),) * len(open_)))
    ]
    for name, framework in FRAMEWORKS.items():
        if name in card.function.at_kink:
            values = (v for k, v in zip(card.kinks, card.taken(name), strict=True) if k in open_)
            rows.append(((f"{name}: {framework} returns",), *(_value(value) for value in values)))
    yield Table(head, tuple(rows), ("A convention is taken where it is asked for by its name.",))


def _seen(card: Card) -> Iterator[Prose]:
    """What is seen in the picture at a kink or a jump that no derivation has met."""
    if card.slope is None:
        return
    values, slopes = card.traced.breaks
    steps = {place.x: place for place in slopes}
    for place in values:
        slope, sides = steps.get(place.x), (place.left, place.right)
        if slope is None or None in sides or FAR in map(abs, filter(None, sides)):
            continue  # an end of the domain, or a pole
        at = equal(card.traced.variable, _short(place.x))
        if place.left != place.right:
            yield ("At ", at, " the function jumps from ", *_told(*sides), f". {NO_SLOPE}")
        else:
            between = _told(slope.left, slope.right)
            yield ("At ", at, " in the picture the slope goes from ", *between, f". {NO_SLOPE}")


def _told(left: float | None, right: float | None) -> Prose:
    return (_short(left or 0.0), " to ", _short(right or 0.0))


def _short(value: float) -> Expr:
    return decimal(Fraction(value).limit_denominator(1000))


def _value(value: Expr | None) -> Prose:
    return ("no value",) if value is None else (value,)


def _derivation(card: Card) -> Iterator[Block]:
    found = card.derivation or next(_by_inverse(card), None)
    if found is not None:
        section = compose_section(found, f"{card.id}-d")
        if card.derivation is None:
            yield Paragraph(tuple(_turned_round(section)))
        yield Steps(section.id, section.title, section.chain)
    elif card.slope is not None:
        yield Paragraph(("Taken as known, as in the table of derivatives of a textbook.",))


def _turned_round(section: Section) -> Iterator[str | Expr]:
    yield "The slope of the inverse follows from "
    yield section.chain.start
    for k, condition in enumerate(section.conditions):
        yield ", where " if k == 0 else ", "
        yield condition
    yield ":"


def _by_inverse(card: Card) -> Iterator[Derivation]:
    """The derivation from the function that it turns round, where the catalogue has that."""
    if card.derivation is None and card.function.name in INVERSES:
        yield derive_inverse(card.function.name).checked()


def _slips(card: Card) -> Iterator[Block]:
    if card.slope is None:
        return
    for slip in shipped().misconceptions.values():
        if slip.instead is card.function.slope_rule:
            yield Paragraph(slip_said(slip))


def _used(card: Card, in_site: bool) -> Iterator[Block]:
    if card.slope is not None:
        links = card_links(card.function.slope_rule.name)
        if links:
            yield Linked(("Its slope is used for: ",), links)
    if in_site:
        yield Linked(("",), (Link("All functions", "functions"), Link("all rules", "rules")))
