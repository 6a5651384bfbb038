"""What a formula sounds like, as a table that a teacher can read: `spoken.txt`, row by row.

That no two formulas sound alike is tested beside the other printers, over all small trees
and over what Hypothesis finds; here over the generator that has every kind of node.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symderiv as sd
from symderiv.documents.post import derive_topics
from symderiv.documents.rendering import render
from symderiv.language.build import symbols
from symderiv.language.expressions import Expr, Number, Quotient
from symderiv.printing.latex import latex
from symderiv.printing.mathml import math_element
from symderiv.printing.speech import speech

TABLE = Path(__file__).with_name("spoken.txt")
x, y = symbols("x y")


class Row(NamedTuple):
    line: int
    kinds: dict[str, str]
    formula: str
    said: str
    why: str


def rows() -> list[Row]:
    """The rows of the table; a line that is none fails with its number."""
    found: list[Row] = []
    section, kinds = "", {}
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            section, kinds = line[2:], {}
        elif line.startswith("names:"):
            declared = line.removeprefix("names:").split(",")
            kinds = {n.strip(): k.strip() for n, _, k in (d.partition("=") for d in declared)}
        elif line.strip() and section:
            parts = re.fullmatch(r"(\S.*?) ⟶ (\S.*?) — (\S.*)", line)
            if parts is None:
                pytest.fail(f"{TABLE.name}:{number}: no '<formula> ⟶ <said> — <why>': {line!r}")
            found.append(Row(number, kinds, *parts.groups()))
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.line}: {row.formula}")
def test_a_formula_is_said_as_a_teacher_says_it(row: Row) -> None:
    assert speech(sd.read(row.formula, sd.Names(kinds=row.kinds))) == row.said


def test_the_table_says_nothing_twice() -> None:
    said = [row.said for row in rows()]

    assert len(set(said)) == len(said)


@given(data=st.data())
def test_formulas_that_look_different_sound_different(
    data: st.DataObject, expressions: st.SearchStrategy[Expr]
) -> None:
    """One that sounds like another is worse than silence: it says what is not there."""
    one, other = data.draw(expressions), data.draw(expressions)

    assert (speech(one) == speech(other)) == (latex(one) == latex(other))


@given(data=st.data())
def test_speech_is_words_and_nothing_a_voice_cannot_say(
    data: st.DataObject, expressions: st.SearchStrategy[Expr]
) -> None:
    said = speech(data.draw(expressions))

    assert re.fullmatch(r"[\w.]+(?:,? [\w.]+)*", said, re.ASCII), said


def test_a_cancelled_factor_is_said_to_be_crossed_out() -> None:
    crossed = speech(x * y / y, marks={(0, 1): "cancelled", (1,): "cancelled"})

    assert crossed == "x times crossed out y over crossed out y"
    assert speech(x * y, marks={(0,): "factor-1"}) == "x times y"


def test_a_fraction_of_large_numbers_is_said_with_over() -> None:
    large = Quotient(Number("21"), Number("25"))

    assert speech(large) == speech(Number("21/25")) == "21 over 25"
    assert speech(large * x) == speech(Number("21/25") * x)
    assert speech(Number("1e-5")) == "1 times ten to the power minus 5"


def test_no_depth_is_too_deep_to_be_said() -> None:
    deep: Expr = x
    for _ in range(5000):
        deep = 1 / (deep + y)

    assert speech(deep).count(" x") == 1


def test_every_formula_of_the_post_says_itself_in_words() -> None:
    """A screen reader is given no sign that it would leave out or read letter by letter."""
    for derivation in derive_topics(lambda _: None).values():
        page = render(derivation, "html", detail="full")
        said = re.findall(r'alttext="([^"]*)"', page)

        assert said
        assert [text for text in said if not re.fullmatch(r"[\w., ]+", text, re.ASCII)] == []


def test_mathml_and_typst_say_the_same() -> None:
    derivation = sd.derive(sd.functions["sigmoid"])
    said = speech(derivation.result)

    assert f'alttext="{said}"' in math_element(derivation.result)
    assert f'"{said}"' in render(derivation, "typst")
