"""What an author asks for, in a fence or in a line: what is read, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symderiv.sites.making import made, spelled
from symderiv.sites.pieces import TEXT, Site, network_file
from symderiv.sites.wishes import Misasked, Wish, read_fence, read_line

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def test_the_fence_of_the_issue_is_read_as_it_was_meant() -> None:
    wish = read_fence(
        "function: sigmoid          # or expr: 1/(1+exp(-z)) with wrt: z\n"
        "detail: standard\n"
        "at: {z: 0.4}\n"
        "show: [claim, steps, graph, check]\n"
        "id: sigmoid\n"
    )

    assert wish == Wish(
        "function", "sigmoid", at=(("z", "0.4"),), id="sigmoid",
        show=("claim", "steps", "graph", "check"),
    )  # fmt: skip
    assert wish.lines == {"function": 1, "detail": 2, "at": 3, "show": 4, "id": 5}


@pytest.mark.parametrize(
    "text",
    [
        "expr: L\nwrt: z\ngiven: {L: bce(yhat, y), yhat: sigma(z)}\nwhere: {y: [0,1]}",
        "expr: L\nwrt: z\ngiven: L = bce(yhat, y), yhat = sigma(z)\nwhere: y=[0,1]",
        'expr: "L"\nwrt: z\n\ngiven:\n  L: bce(yhat, y)\n\n  yhat: "sigma(z)"  # remark\n'
        "where:\n  y: [0,1]",
        "expr: L\r\nwrt: z\r\ngiven: {'L': 'bce(yhat, y)', yhat: sigma(z)}\r\nwhere: {y: '[0,1]'}",
    ],
)
def test_a_table_may_be_written_in_several_ways(text: str) -> None:
    wish = read_fence(text)

    assert wish.given == (("L", "bce(yhat, y)"), ("yhat", "sigma(z)"))
    assert wish.where == (("y", "[0,1]"),)


def test_domains_are_written_as_on_paper() -> None:
    wish = read_fence("expr: log(x)/y\nwrt: x\nwhere: {x: >0, y: (0,1], z!=0}")

    assert wish.where == (("x", ">0"), ("y", "(0,1]"), ("z", "!=0"))


def test_a_line_of_words_asks_for_the_same() -> None:
    assert read_line("sigmoid detail=full show=claim,steps") == read_fence(
        "function: sigmoid\ndetail: full\nshow: [claim, steps]"
    )
    assert read_line('expr="x^2*sin(x)" order=2') == read_fence("expr: x^2*sin(x)\norder: 2")
    assert read_line("nets/two_layer.toml wrt=W1[1,1]") == read_fence(
        "network: nets/two_layer.toml\nwrt: W1[1,1]"
    )
    assert read_line("x^2*sin(x)").subject == "expr"


def derived(text: str) -> None:
    wish = read_fence(text)
    made(wish, "x", network_file(wish, Site(folder=EXAMPLES)))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("funtion: tanh", 1, "Did you mean 'function'?"),
        ("function: tanh\n\ndetail: ful", 3, "Did you mean 'full'?"),
        ("function: tanh\nnotation: primes", 2, "Did you mean 'prime'?"),
        ("function: tanh\nat: {z: 1}", 2, "for the part 'check'"),
        ("expr: x^2*y\nwrt: z", 2, "'z' does not stand in x^2*y. There are: x, y."),
        ("function: relu\nwrt: q", 2, "'q' does not stand in"),
        ('expr: L\ngiven: {L: "L + 1"}', 1, "L is defined by itself"),
        ('expr: L\ngiven: {L: "u", u: "2*L"}', 1, "is defined by itself"),
        ("function: tanh\nshow: [claim, step]", 2, "Did you mean 'steps'?"),
        ("function: sigmod", 1, "Did you mean 'sigmoid'?"),
        ("glossary: chain rul", 1, "Did you mean 'chain rule'?"),
        ("function: tanh\nexpr: x", 2, "Say one of"),
        ("detail: full", 1, "Say one of"),
        ("", 1, "Say one of"),
        ("function tanh", 1, "has no colon"),
        ("function: tanh\nfunction: relu", 2, "a second time"),
        ("function: tanh\nid: 3 x", 2, "An id begins with a letter"),
        ("expr: x^2\norder: two", 2, "a whole number"),
        ("expr: x^2\norder: 99", 2, "a whole number from 1 to 9"),
        ("  function: tanh", 1, "Nothing stands above"),
        ("function: tanh\nshow: [check]", 2, "needs a point"),
        ("# only a remark\nexpr: x^^2", 2, "'^' cannot stand here."),
        ("expr: x^2\nwhere: {x: >>2}", 2, "This is not a domain."),
        ("expr: L\nwrt: z\ngiven:\n  L: foo(z)", 3, "Unknown"),
        ("expr: x*y", 1, "by which symbol"),
        ("expr: x^2\nat: {x: much}\nshow: [check]", 2, "'much' is none"),
        ("expr: x^2\nat: {x: 1e99999999}\nshow: [check]", 2, "is none"),
        ("expr: x^2\nat: {x: 1/0}\nshow: [check]", 2, "is none"),
        ("expr: x*y\nwrt: x\nat: {x: 1}\nshow: [check]", 1, "says nothing of y"),
        ("expr: log(x)\nwhere: {x: >0}\nat: {x: -1}\nshow: [check]", 1, "outside of"),
        ("function: relu\nat: {z: 0}\nshow: [check]", 1, "no value here"),
        ("expr: x^2\nshow: [graph]", 2, "A graph is drawn of"),
        ("network: two_layer.toml\nat: {x: 1}", 2, "its file says it"),
        ("network: two_layer.toml\nwrt: V1[1,1]", 2, "The network has no quantity"),
        ("network: nothing.toml", 1, "There is no file"),
        ("network: ../pyproject.toml", 1, "There is no file"),
        ("network: /etc/passwd", 1, "There is no file"),
        ("network: " + "a" * 5000, 1, "There is no file"),
        ("expr: x\n" * 5000, 1, "at most"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(
    text: str, line: int, said: str
) -> None:
    with pytest.raises(Misasked) as found:
        derived(text)

    assert said in str(found.value)
    assert found.value.line == line


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for read in (read_fence, read_line):
        for asked in (text, f"expr: x\n{text}", f"x^2 {text}", f"expr: x\ngiven: {text}"):
            try:
                wish = read(asked)
            except Misasked:
                continue
            assert isinstance(wish, Wish)


def numbers(fence: str) -> list[str]:
    """The row of numbers that a check shows: value, quotient, and how far apart."""
    wish = read_fence(fence)
    text = spelled(made(wish, "x"), wish, TEXT)
    lines = text.splitlines()
    rule = next(k for k, line in enumerate(lines) if {*line.strip()} == {"-", " "})
    return [cell.strip() for cell in lines[rule + 1].split("   ") if cell.strip()][1:]


@pytest.mark.parametrize(
    ("fence", "function", "point", "order"),
    [
        ("function: sigmoid\nat: {z: 0.4}", lambda z: 1 / (1 + mpmath.exp(-z)), 0.4, 1),
        ("expr: x^2*sin(x)\norder: 2\nat: {x: 1/3}", lambda x: x**2 * mpmath.sin(x), 1 / 3, 2),
        ("expr: exp(2x)\norder: 3\nat: {x: 0.5}", lambda x: mpmath.exp(2 * x), 0.5, 3),
        (
            "expr: L\nwrt: z\ngiven: {L: bce(yhat, y), yhat: sigma(z)}\nat: {z: 0.4, y: 1}",
            lambda z: -mpmath.log(1 / (1 + mpmath.exp(-z))), 0.4, 1,
        ),
    ],
)  # fmt: skip
def test_the_numbers_of_a_check_are_those_of_mpmath(
    fence: str, function: object, point: float, order: int
) -> None:
    value, quotient, _ = numbers(f"{fence}\ndigits: 6\nshow: [check]")
    expected = float(mpmath.diff(function, point, order))

    assert float(value.replace("−", "-")) == pytest.approx(expected, abs=6e-7)
    assert float(quotient.replace("−", "-")) == pytest.approx(expected, abs=6e-7)


def test_a_convention_on_a_kink_is_not_passed_off_as_a_slope() -> None:
    wish = read_fence("function: relu\nkinks: torch\nat: {z: 0}\nshow: [check]")
    text = " ".join(spelled(made(wish, "x"), wish, TEXT).split())

    assert "has a kink or turns sharply" in text


@pytest.mark.parametrize("constant", ["pi^2", "c^4"])
def test_one_may_ask_for_the_derivative_of_a_constant(constant: str) -> None:
    derived(f"expr: {constant}\nwrt: x")
