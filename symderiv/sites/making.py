"""A wish becomes a document, and a document a piece of somebody else's page.

Here the engine is asked, so this module and what it imports are loaded only where a piece is
not remembered.  What the piece looks like stands in the templates `embed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import symderiv
from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Rule
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.networks.network import Network
from symderiv.documents.composing import compose, glossary
from symderiv.documents.document import Document, Passage, Section
from symderiv.documents.flowing import factors_passage, flow_section
from symderiv.documents.glossary import compose_rules
from symderiv.documents.measuring import measured_passage
from symderiv.documents.pathways import graph_passage
from symderiv.documents.portraits import portrait
from symderiv.documents.priming import primed
from symderiv.documents.rendering import render_embedded
from symderiv.documents.tracing import Traced
from symderiv.documents.translating import translated
from symderiv.documents.writing import picture_files as picture_files
from symderiv.errors import Mistake, Unknown, Unreadable
from symderiv.interface import derive, functions, rules, understood
from symderiv.language.expressions import Derivative, Expr, Relation, Symbol
from symderiv.language.walks import symbols_in
from symderiv.printing.glyphs import layers_in
from symderiv.printing.latex import latex
from symderiv.printing.mathml import math_element
from symderiv.printing.unicode import unicode_text
from symderiv.sites.exercising import Exercise, exercise, spelled_exercise
from symderiv.sites.wishes import Misasked, Wish, near

_NUMBER: Final = re.compile(r"[-\u2212]?\d{1,40}(?:\.\d{1,40}|/0*[1-9]\d{0,39})?", re.ASCII)
_BLOCKS: Final = re.compile(r'<(?:section|details class="sd-fold)(?=[ "])[^>]*')


@dataclass(frozen=True)
class Made:
    """The page of a wish, the derivation that it shows, if it shows one, and the question that
    stands before it in an exercise."""

    page: Document
    derivation: Derivation | None = None
    exercise: Exercise | None = None


def made(wish: Wish, name: str, file: Path | None = None, links: str = "") -> Made:
    """The derivation and the page of a wish, with anchors that begin with `name`.

    `file` is that of its network.  Every mistake is a `Misasked`, which knows the line of the
    fence.
    """
    try:
        found = _made(wish, name, file, links)
        return _in_language(wish, found)
    except Misasked:
        raise
    except Unreadable as mistake:
        raise Misasked(str(mistake), wish.line_of(mistake.text)) from mistake
    except Mistake as mistake:
        said = str(mistake)
        if file is not None:
            said = said.replace(str(file), wish.what)  # where it lies is nobody's business
        raise Misasked(said, wish.line_of()) from mistake


def _made(wish: Wish, name: str, file: Path | None, links: str) -> Made:
    if wish.subject == "glossary":
        found = Made(compose_rules(_rules(wish)))
    else:
        found = _single(wish, name) if file is None else _network(wish, name, file)
    found = replace(found, page=replace(found.page, primes=wish.notation == "prime"))
    return _asked(found, wish, links) if wish.exercise else found


def _asked(found: Made, wish: Wish, links: str) -> Made:
    """The same as an exercise."""
    assert found.derivation is not None  # noqa: S101 (the glossary is no exercise)
    with layers_in(found.page.layers):
        solution, question = exercise(found.page, found.derivation, wish, links)
    return Made(solution, found.derivation, question)


def _in_language(wish: Wish, found: Made) -> Made:
    """The pages in the language that is asked for, or that of the whole site."""
    try:
        language = wish.language or found.page.language
        posed = found.exercise and found.exercise.in_language(language)
        return replace(found, page=translated(found.page, language), exercise=posed)
    except Unknown as unknown:
        raise Misasked(str(unknown), wish.lines.get("language", 1)) from unknown


# --- a function or an expression -----------------------------------------------------------------


def _single(wish: Wish, name: str) -> Made:
    derivation = _derived(wish)
    _refuse_a_stranger(wish, derivation)
    page = compose(derivation, name)
    more = tuple(_around(wish, name, derivation))
    return Made(replace(page, sections=(*page.sections, *more)), derivation)


def _refuse_a_stranger(wish: Wish, derivation: Derivation) -> None:
    """A mistyped `wrt` stands nowhere in the formula, and would give a proved zero.

    A number, or one letter alone such as c⁴, may be a constant that is asked about.
    """
    start, definitions = derivation.start, derivation.setting.definitions
    if not isinstance(start, Derivative) or not wish.wrt:
        return
    known = {s for expr in (start.body, *definitions.values()) for s in symbols_in(expr)}
    asked = len(known) > (1 if wish.subject == "expr" else 0)
    if asked and start.variable not in known:
        meant = near(wish.wrt, sorted(map(str, known)))
        said = f"{wish.wrt!r} does not stand in {start.body}. {meant}"
        raise Misasked(said, wish.lines.get("wrt", 1))


def _derived(wish: Wish) -> Derivation:
    asked = {"where": dict(wish.where), "given": dict(wish.given)}
    options = {"order": wish.order, "form": wish.form, "prefer": wish.prefer}
    what: str | Expr | Function = wish.what
    wrt: str | Symbol | None = wish.wrt or None
    if wish.subject == "function":
        function = _function(wish)
        plain = options == {"order": 1, "form": "textbook", "prefer": ""}
        if plain and not (wish.wrt or wish.of or wish.where or wish.given):
            return derive(function, kinks=wish.kinks)
        what, wrt = function.applied, wrt or function.variable
    return derive(what, wrt, kinks=wish.kinks, of=wish.of or None, **asked, **options)  # type: ignore[arg-type]


def _function(wish: Wish) -> Function:
    """The catalogue's function of this name, or of one of its other names."""
    for function in functions.values():
        if wish.what in (function.name, *function.also_called):
            return function
    line = wish.line_of()
    raise Misasked(f"There is no function {wish.what!r}. {_near(wish.what)}", line)


def _near(name: str) -> str:
    said = near(name, [n for f in functions.values() for n in (f.name, *f.also_called)])
    return said if said.startswith("Did") else "`symderiv functions` lists them."


def _around(wish: Wish, name: str, derivation: Derivation) -> Iterator[Passage]:
    """The picture and the numbers, where they are to be shown."""
    if "graph" in wish.show:
        yield _picture(wish, name, derivation)
    if "check" in wish.show:
        yield measured_passage(derivation, dict(_point(wish)), wish.digits, name)


def _picture(wish: Wish, name: str, derivation: Derivation) -> Passage:
    """A function and its slope as curves; of named quantities the graph of what is computed."""
    subject = derivation.subject
    if wish.subject == "function" and wish.order == 1:
        function = _function(wish)
        drawn = portrait(Traced(function, derivation), f"{name}-curve")
        return Passage(f"{name}-graph", "", (drawn,))
    if wish.given and isinstance(subject, Symbol) and wish.order == 1:
        asked = understood([], dict(wish.where), dict(wish.given))
        network = Network(asked.given, subject, where=asked.where)
        (variable,) = {*symbols_in(derivation.start)} - {subject}
        return _titled(graph_passage(network.derive(subject, variable), wish.digits, name))
    said = "A graph is drawn of a function of the catalogue, of a network, and of quantities that"
    raise Misasked(f"{said} are named with `given`; leave it out of `show`.", wish.lines["show"])


def _titled(passage: Passage) -> Passage:
    return replace(passage, title="How the derivative flows")


def _point(wish: Wish) -> Iterator[tuple[Symbol, Fraction]]:
    """The numbers of `at`, exact."""
    for name, text in wish.at:
        (symbol,) = understood([], symbols=[name]).symbols
        if not _NUMBER.fullmatch(text.strip()):
            said = f"A point is given by numbers, such as 0.4 or 1/3, and {text!r} is none."
            raise Misasked(said, wish.lines.get("at", 1))
        if symbol is not None:
            yield symbol, Fraction(text.replace("\u2212", "-"))


def _rules(wish: Wish) -> tuple[Rule, ...]:
    """All rules of the catalogue, or the one that is named."""
    if wish.what == "all":
        return tuple(rules.values())
    if wish.what not in rules:
        said = near(wish.what, rules)
        hint = said if said.startswith("Did") else "`symderiv rules` lists them."
        raise Misasked(f"There is no rule {wish.what!r}. {hint}", wish.line_of())
    return (rules[wish.what],)


# --- a network -----------------------------------------------------------------------------------


def _network(wish: Wish, name: str, file: Path) -> Made:
    for key in ("of", "where", "given", "at", "kinks", "form", "prefer", "order"):
        if key in wish.lines:
            raise Misasked(f"{key!r} is not for a network: its file says it.", wish.lines[key])
    network = Network.from_toml(file)
    flow = network.derive(network.loss, wish.wrt or _first(network))
    with layers_in(network.notation):  # pictures are described in words here
        sections = (flow_section(flow, name), *_flowing(wish, name, flow))
    page = Document(
        flow.title, sections, glossary=glossary([flow]),
        version=symderiv.__version__, layers=network.notation,
    )  # fmt: skip
    return Made(page, flow)


def _first(network: Network) -> Symbol:
    if not network.layers:
        raise Mistake("Say by what the network's loss is differentiated, such as wrt: w.")
    return network.layers[0].weights[0][0]


def _flowing(wish: Wish, name: str, flow: Flow) -> Iterator[Section | Passage]:
    if "graph" in wish.show:
        yield graph_passage(flow, wish.digits, name)
    if "check" in wish.show:
        if flow.values is None or not flow.paths:
            said = "The network has no numbers along one path that could be checked."
            raise Misasked(said, wish.lines.get("show", 1))
        passage = factors_passage(flow, flow.values, wish.digits)
        yield replace(passage, id=f"{name}-check")


# --- the piece -----------------------------------------------------------------------------------


def spelled(
    made: Made,
    wish: Wish,
    form: tuple[str, str],
    links: str = "",
    templates: tuple[str, ...] = (),
) -> str:
    """The piece in a format and its dialect; in the format `claim` its result as one formula.

    `templates` are folders whose blocks replace ours.
    """
    if form[0] == "claim":
        return _claimed(made, form[1])
    options: dict[str, Any] = {"links": links, "templates": templates}
    text = render_embedded(made.page, form, wish.show, wish.detail, **options)
    if made.exercise is not None:
        text = spelled_exercise(made.exercise, text, form, **options)
    if form[0] != "html":
        return text
    return _closed(text if wish.subject == "glossary" else _in_no_index(text))


def _claimed(made: Made, form: str) -> str:
    """What is derived, as a formula inside a sentence."""
    if made.exercise is not None:
        raise Misasked("An exercise stands by itself, and in no sentence.")
    if made.derivation is None:
        raise Misasked("The glossary has no one result that could stand in a sentence.")
    start, result = made.derivation.start, made.derivation.result
    claim: Expr = result if isinstance(result, Relation) else Relation((start, result), ("=",))
    claim = primed(claim) if made.page.primes else claim
    with layers_in(made.page.layers):
        if form == "html":
            return _unsearched(math_element(claim)).replace("<math ", '<math class="sd-inline" ', 1)
        return f"${latex(claim, dialect='latex')}$" if form == "latex" else unicode_text(claim)


def _closed(html: str) -> str:
    """HTML that Markdown takes for one block: no blank line, and no line that is indented."""
    lines = (line.strip() for line in html.splitlines())
    return _unsearched("\n".join(line for line in lines if line)) + "\n"


def _in_no_index(html: str) -> str:
    """A derivation without its formulas is sentences with holes: no search shall show them.

    Material takes any closing tag of the same name for the end of what it leaves out, so this
    stands on blocks that hold none of their own kind outside another such block.
    """
    return _BLOCKS.sub(r"\g<0> data-search-exclude", html)


def _unsearched(html: str) -> str:
    """Formulas and pictures are left out of a site's index of words, which would list letters."""
    for tag in ("<math ", "<svg "):
        html = html.replace(tag, f"{tag}data-search-exclude ")
    return html
