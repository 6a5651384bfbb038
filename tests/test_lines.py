"""Derivations as people hand them in: chains, align blocks, one equation a line, with places."""

import pytest

import symderiv as sd
from symderiv.errors import Mistake
from symderiv.language.expressions import Symbol

ALIGN = r"""
\begin{align*}
  \sigma'(z) &= \frac{e^{-z}}{(1+e^{-z})^2} && \text{quotient rule} \\[4pt]
             &= \sigma(z)(1-\sigma(z)).
\end{align*}
"""

TEXTS = [
    ("a = b = c", ["a", "= b", "= c"]),
    ("$$ a = b $$", ["a", "= b"]),
    (r"\[ 0 < \hat{y} \le 1 \]", ["0", "< yhat", "<= 1"]),
    ("y = w*x\n\n  = x*w\nz = y", ["y", "= w*x", "= x*w", "z", "= y"]),
    ("x^2\n= x*x", ["x^2", "= x*x"]),
    (ALIGN, ["sigmoid'(z)", "= exp(-z)/(1 + exp(-z))^2", "= sigmoid(z)*(1 - sigmoid(z))"]),
    (
        r"\begin{align} z &= wx + b \\ \hat y &= \sigma(z) \end{align}",
        ["z", "= w*x + b", "yhat", "= sigmoid(z)"],
    ),
    (
        r"\begin{aligned} f &= \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases} \\ &= u"
        r" \end{aligned}",
        ["f", "= cases(x if x > 0, 0 if x <= 0)", "= u"],
    ),
    (r"a &= b \\ &= c", ["a", "= b", "= c"]),
    ("dy/dw = dy/dz · dz/dw\n= σ′(z) · x", ["D(y, w)", "= D(y, z)*D(z, w)", "= sigmoid'(z)*x"]),
]


@pytest.mark.parametrize(("text", "members"), TEXTS, ids=[ascii(row[0][:24]) for row in TEXTS])
def test_each_member_of_each_chain_is_a_line(text: str, members: list[str]) -> None:
    lines = sd.read_lines(text)

    assert [f"{line.sign} {line.expr}".strip() for line in lines] == members


@pytest.mark.parametrize("text", [text for text, _ in TEXTS], ids=[ascii(t[:24]) for t, _ in TEXTS])
def test_a_line_tells_its_place_and_can_be_read_alone(text: str) -> None:
    for line in sd.read_lines(text):
        alone = text[line.position : line.end]

        assert sd.read(alone if "\\" in alone or "\\" not in text else f"${alone}$") is line.expr


def test_a_remark_behind_a_line_is_kept_as_its_note() -> None:
    assert [line.note for line in sd.read_lines(ALIGN)] == ["", "quotient rule", ""]


MISTAKES = [
    ("= b", 0, "Nothing stands before"),
    ("a = b\nc = d)", 11, "No '(' is open"),
    ("a = b\nsin(x = d", 9, "never closed"),
    (r"\begin{align} a &= b", 0, "never closed"),
    ("", 0, "nothing to read"),
    ("a\n" * 201, 400, "at most 200 lines"),
    ("a" * 12_001, 12_000, "12,000 characters"),
]


@pytest.mark.parametrize(("text", "place", "problem"), MISTAKES, ids=[p for _, _, p in MISTAKES])
def test_a_mistake_in_a_line_is_shown_at_its_place_in_the_whole_text(
    text: str, place: int, problem: str
) -> None:
    with pytest.raises(sd.Unreadable) as refusal:
        sd.read_lines(text)

    assert problem in str(refusal.value)
    assert refusal.value.position == place


def test_read_takes_a_block_that_is_one_chain_and_refuses_two() -> None:
    assert str(sd.read(r"\begin{align} a &= b \\ &= c \end{align}")) == "a = b = c"
    with pytest.raises(sd.Unreadable, match="read_lines"):
        sd.read(r"\begin{align} a &= b \\ c &= d \end{align}")


def test_what_names_say_decides_what_nobody_could_know() -> None:
    with pytest.raises(sd.Ambiguous):
        sd.read("W^L")
    with pytest.raises(sd.Ambiguous):
        sd.read("p(t)")

    assert sd.read("W^L", sd.Names(kinds={"W": "layered"})) is Symbol("W", layer="L")
    assert str(sd.read("W^L", sd.Names(kinds={"W": "variable"}))) == "W^(L)"
    assert str(sd.read("p(t)", sd.Names(kinds={"p": "function"}))) == "p(t)"
    assert str(sd.read("p(t)", sd.Names(kinds={"p": "variable"}))) == "p*t"
    assert str(sd.read(r"w_{11}", sd.Names(kinds={"w": "matrix"}))) == "w[1,1]"
    assert str(sd.read(r"\mathcal{L}(\hat y, y)", sd.Names(kinds={"L": "loss"}))) == "L(yhat, y)"


@pytest.mark.parametrize("text", ["p", "prediction", "y_hat", "yhat", "ŷ", r"\hat{y}", r"\hat y"])
def test_all_spellings_of_a_name_are_one_symbol(text: str) -> None:
    names = sd.Names(aliases={"p": "yhat", "prediction": "yhat"})

    assert sd.read(text, names) is Symbol("y", "hat")


def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Mistake, match="layered"):
        sd.Names(kinds={"W": "layred"})


def test_the_readings_of_an_ambiguous_text_are_in_words_and_can_be_typed() -> None:
    with pytest.raises(sd.Ambiguous) as question:
        sd.read("1/2x")

    readings = question.value.readings
    assert [str(sd.read(reading.write)) for reading in readings] == ["(1/2)*x", "1/(2*x)"]
    assert all(reading.words in str(question.value) for reading in readings)
