r"""What we print is read back to the very tree: plain text, and LaTeX in every dialect.

A line that symderiv prints is a line that it accepts, marks and all, so a page can be
copied into an answer.  Unicode text is for eyes and drops what a reader would need, so
its law is weaker: it is read as the tree that it shows, or refused, never as another.

`ROUND_TRIPS=20000 pytest tests/test_round_trip.py` tries more trees than the usual 300.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

import symderiv as sd
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.errors import Unreadable
from symderiv.language.expressions import Apply, Expr, Prime
from symderiv.language.names import Names
from symderiv.language.patterns import Letter
from symderiv.language.walks import Place, nodes
from symderiv.printing.glyphs import head_look
from symderiv.printing.latex import DIALECTS, latex
from symderiv.printing.unicode import unicode_text
from symderiv.reading import read, read_lines

EXAMPLES = int(os.environ.get("ROUND_TRIPS", "300"))
CLASSES = ["cancelled", "factor-1", "factor-2", "factor-1 cancelled"]
thorough = settings(
    max_examples=EXAMPLES,
    derandomize=True,  # the same trees on every machine
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def read_back(text: str, names: Names) -> Expr:
    """What the text is read as; a tree whose text passes a limit of the reader is left out."""
    try:
        return read(text, names)
    except Unreadable as refusal:
        if re.search(r"characters|tokens|\d deep", refusal.problem):
            reject()
        raise


def read_or_refused(text: str, names: Names) -> Expr | None:
    try:
        return read(text, names)
    except Unreadable:
        return None


def as_latex(text: str) -> str:
    """Between dollars where no command shows that the text is LaTeX."""
    return text if "\\" in text else f"${text}$"


def places(expr: Expr) -> Iterator[Place]:
    stack: list[tuple[Expr, Place]] = [(expr, ())]
    while stack:
        node, place = stack.pop()
        yield place
        stack += [(part, (*place, number)) for number, part in enumerate(node.parts)]


@thorough
@given(data=st.data())
def test_plain_text_reads_back(
    data: st.DataObject, expressions: st.SearchStrategy[Expr], names: Names
) -> None:
    expr = data.draw(expressions)

    assert read_back(str(expr), Names.mentioned(expr) | names) is expr


@thorough
@given(data=st.data())
def test_latex_of_every_dialect_reads_back(
    data: st.DataObject, expressions: st.SearchStrategy[Expr], names: Names
) -> None:
    """Between dollars and bare, where `w x` is not to be taken for a word of plain text."""
    expr = data.draw(expressions)
    known = Names.mentioned(expr) | names

    for text in {latex(expr, dialect=dialect) for dialect in DIALECTS}:
        assert read_back(f"${text}$", known) is expr, text
        assert read_back(text, known) is expr, text


@thorough
@given(data=st.data())
def test_marked_latex_of_every_dialect_reads_back_as_if_nothing_were_marked(
    data: st.DataObject, expressions: st.SearchStrategy[Expr], names: Names
) -> None:
    """A part struck out or coloured on a page is still there, for whoever copies the line."""
    expr = data.draw(expressions)
    everywhere = sorted(places(expr))
    chosen = data.draw(st.lists(st.sampled_from(everywhere), max_size=4, unique=True))
    marks = {place: data.draw(st.sampled_from(CLASSES)) for place in chosen}

    for text in {latex(expr, dialect=dialect, marks=marks) for dialect in DIALECTS}:
        assert read_back(f"${text}$", Names.mentioned(expr) | names) is expr, text


@thorough
@given(data=st.data())
def test_unicode_text_is_never_read_as_another_tree(
    data: st.DataObject, expressions: st.SearchStrategy[Expr], names: Names
) -> None:
    expr = data.draw(expressions)
    text = unicode_text(expr)
    again = read_or_refused(text, Names.mentioned(expr) | names)
    event("read back" if again else "refused")

    assert again in (expr, None), text


# everything that symderiv itself writes ---------------------------------------------------


@cache
def derivations() -> tuple[Derivation, ...]:
    """The derivation of every shipped function that has a definition, and all their lemmas."""
    derived = [sd.derive(f) for f in sd.functions.values() if f.definition]
    return tuple(dict.fromkeys(d for one in derived for d in one.with_lemmas()))


def lines(derivation: Derivation) -> list[Expr]:
    return [derivation.start, *(step.after for step in derivation.steps)]


@cache
def written() -> tuple[Expr, ...]:
    """Every expression of the derivations and of the catalogue in which no pattern letter is."""
    found: list[Expr] = []
    for derivation in derivations():
        found += [*lines(derivation), *derivation.conditions]
        for kink in derivation.kinks:
            found += [kink.at, kink.left, kink.right]
    for function in sd.functions.values():
        found += [function.applied, function.claim, *(function.definition or ())]
    for law in (*sd.rules.values(), *sd.misconceptions.values()):
        found += [sd.read(side) for side in law.example.split(" -> ") if side]
    for rule in sd.rules.values():
        found += [side for form in rule.forms for side in form]
        found += [rule.condition] if rule.condition else []
    lettered = (any(isinstance(node, Letter) for node in nodes(expr)) for expr in found)
    return tuple(dict.fromkeys(e for e, has in zip(found, lettered, strict=True) if not has))


def known(*exprs: Expr) -> Names:
    """The catalogue's names; where two functions print alike (both MSE), the one that is meant."""
    used = (node for expr in exprs for node in nodes(expr) if isinstance(node, (Apply, Prime)))
    meant = Names(functions={head_look(node.head).text: node.head for node in used})
    return Names.mentioned(*exprs) | shipped().names | meant


def misread(spell: Callable[[Expr], str]) -> list[str]:
    """The texts of what symderiv writes that are not read back, and what became of them."""
    wrong = []
    for expr in written():
        text = spell(expr)
        try:
            again = read(text, known(expr))
        except Unreadable as refusal:
            wrong.append(f"{text}   refused: {refusal.problem}")
        else:
            wrong += [] if again is expr else [f"{text}   read as {again}"]
    return wrong


def test_there_is_much_that_symderiv_writes() -> None:
    assert len(written()) > 60


def test_the_plain_text_of_every_line_that_we_ship_reads_back() -> None:
    assert misread(str) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_latex_of_every_line_that_we_ship_reads_back(dialect: str) -> None:
    assert misread(lambda expr: as_latex(latex(expr, dialect=dialect))) == []


def test_the_unicode_text_of_our_lines_reads_back_where_no_letters_run_together() -> None:
    """`4st` is set as textbooks do, and a word that nobody declared is no product."""
    wrong = misread(unicode_text)

    assert [row for row in wrong if "refused: Unknown name" not in row] == []
    assert len(wrong) < len(written()) / 10


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_mark_on_every_line_that_we_ship_can_be_read_through(dialect: str) -> None:
    for name in CLASSES[::3]:
        for number in range(3):

            def spell(expr: Expr, name: str = name, number: int = number) -> str:
                marks = dict.fromkeys(sorted(places(expr))[number::3], name)
                return f"${latex(expr, dialect=dialect, marks=marks)}$"

            assert misread(spell) == []


@pytest.mark.parametrize("environment", ["align*", "align", "aligned", "gather*", "split"])
def test_the_lines_of_every_derivation_come_back_from_an_aligned_block(environment: str) -> None:
    """The very thing a student pastes: each member of the chain, and where it stands."""
    for derivation in derivations():
        chain = lines(derivation)
        rows = [latex(chain[0]) + " ", *(f"= {latex(line)} " for line in chain[1:])]
        if not environment.startswith("gather"):
            rows = [rows[0], *(f"&{row}" for row in rows[1:])]
        block = r"\\ ".join(rows)
        text = rf"\begin{{{environment}}} {block}\end{{{environment}}}"
        found = read_lines(text, known(*chain))

        assert [line.expr for line in found] == chain
        assert [line.sign for line in found] == ["", *["="] * (len(chain) - 1)]
        for line in found:
            assert read(f"${text[line.position : line.end]}$", known(*chain)) is line.expr


def test_the_lines_of_every_derivation_come_back_from_plain_text() -> None:
    for derivation in derivations():
        chain = lines(derivation)
        found = read_lines("\n  = ".join(map(str, chain)), known(*chain))

        assert [line.expr for line in found] == chain
