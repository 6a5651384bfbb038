"""What we print is read back by a stranger: latex2sympy2, which shares no code with us.

It is slow, so one run reads all of output/ and every altered copy, and the tests look at
what came of it; about half a minute.
"""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import symderiv as sd
from symderiv.cli import main
from symderiv.deriving.derivation import Derivation
from symderiv.documents.post import TOPICS, derive_topics
from symderiv.documents.proofreading import Proof, proofread, written_in
from symderiv.errors import Mistake
from symderiv.language.expressions import Apply, Expr, Prime
from symderiv.language.walks import nodes
from symderiv.printing.foreign import Unread, respell
from symderiv.printing.latex import latex
from symderiv.printing.shapes import head_name, shape_of
from symderiv.printing.witness import Witness

OUTPUT = Path(__file__).resolve().parent.parent / "output"
DOCUMENTS = [
    f"{name}.{end}"
    for name in ("handout", "network", *(topic.id for topic in TOPICS))
    for end in ("md", "plain.md", "tex", "json")
]
ALTERATIONS = 120
needs_extra = pytest.mark.skipif(
    importlib.util.find_spec("latex2sympy2") is None,
    reason="latex2sympy2 is not installed: pip install -e '.[test,proofread]'",
)


class Altered(NamedTuple):
    """A document with one character of one formula changed."""

    name: str
    line: int
    before: str
    after: str
    text: str


def formulas(name: str, derivations: dict[str, Derivation]) -> list[str]:
    """The LaTeX of the lines of a derivation, as it stands in a document of that name."""
    chosen = [derivations[name]] if name in derivations else [*derivations.values()]
    return [latex(e) for d in chosen for e in (d.start, d.result, *(s.after for s in d.steps))]


def altered(seed: int) -> Iterator[Altered]:
    """Copies of the documents, each with one character replaced, dropped or doubled."""
    dice = random.Random(seed)  # noqa: S311 (a test that can be repeated)
    derivations = derive_topics()
    spelled = {name: formulas(name.partition(".")[0], derivations) for name in DOCUMENTS}
    while True:
        name = dice.choice(DOCUMENTS)
        text = (OUTPUT / name).read_text(encoding="utf-8")
        formula = dice.choice(spelled[name])
        inside = json.dumps(formula)[1:-1] if name.endswith(".json") else formula
        places = [k for k in range(len(text)) if text.startswith(inside, k)]
        if places:
            start = dice.choice(places)
            yield changed(name, text, start, start + len(inside), dice)


def changed(name: str, text: str, start: int, end: int, dice: random.Random) -> Altered:
    """One character between start and end changed, and no blank: those mean nothing."""
    place = dice.choice([k for k in range(start, end) if text[k] != " "])
    old = text[place]
    kinds = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "+-=<>", "(){}[]", "^_&\\'|,.")
    kind = next((kind for kind in kinds if old in kind), "ABCDELRSUM")
    other = dice.choice([ch for ch in kind if ch != old])
    new = dice.choice([other, other, "", old + old])
    after = text[start:place] + new + text[place + 1 : end]
    line = text.count("\n", 0, place) + 1
    whole = text[:place] + new + text[place + 1 :]
    return Altered(name, line, text[start:end], after, whole)


def rewritten(name: str, old: str, new: str) -> str:
    """A document with the first `old` in it replaced."""
    text = (OUTPUT / name).read_text(encoding="utf-8")

    assert old in text
    return text.replace(old, new, 1)


def without_line(name: str, number: int) -> str:
    rows = (OUTPUT / name).read_text(encoding="utf-8").split("\n")
    return "\n".join(rows[: number - 1] + rows[number:])


def swapped(name: str, first: str, second: str) -> str:
    """A document in which two formulas have changed places."""
    text = (OUTPUT / name).read_text(encoding="utf-8")

    assert first in text
    assert second in text
    return text.replace(first, "\0").replace(second, first).replace("\0", second)


def wrong_copies() -> dict[str, tuple[str, str]]:
    """What else may happen to a document, by a word for it: its name, its text."""
    tex = (OUTPUT / "bce-sigmoid.tex").read_text(encoding="utf-8")
    plain = '"plain": "sigmoid(z)*(1 - sigmoid(z))"'
    return {
        "two formulas are exchanged": (
            "sigmoid.md",
            swapped("sigmoid.md", r"&= \frac{e^{-z}}{(1 + e^{-z})^{2}} &&",
                    r"&= \sigma(z)(1 - \sigma(z)) &&"),
        ),
        "a line is lost": ("tanh.tex", without_line("tanh.tex", 61)),
        "a line is added": ("mse.md", rewritten("mse.md", "{aligned}\n", "{aligned}\n&= 1\n")),
        "something follows": (
            "mse.md", (OUTPUT / "mse.md").read_text(encoding="utf-8") + "$`1 = 2`$\n"
        ),
        "a word is altered": ("bce.md", rewritten("bce.md", "Linearity", "Linearty")),
        "the plain spelling is altered": (
            "sigmoid.json", rewritten("sigmoid.json", plain, plain.replace("1", "2"))
        ),
        "another colour": ("bce-sigmoid.tex", tex.replace(r"\sdfactor{1}", r"\sdfactor{2}", 1)),
        "a formula without end": (
            "relu.md", rewritten("relu.md", r"\max(0, z)", r"\max(0, z" + "+z" * 5_000 + ")")
        ),
        "it is another document": ("mse.md", (OUTPUT / "bce.md").read_text(encoding="utf-8")),
        "it is empty": ("mse.md", ""),
    }  # fmt: skip


class Run(NamedTuple):
    """What came of the documents, of the altered ones, and of the wrong copies."""

    shown: dict[str, Proof]
    altered: list[tuple[Altered, Proof]]
    wrong: dict[str, Proof]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Everything is read in one go, since what was read once is not read again."""
    folder = tmp_path_factory.mktemp("altered")
    source = altered(2026)
    changes = [next(source) for _ in range(ALTERATIONS)]
    wrong = wrong_copies()
    paths = [OUTPUT / name for name in DOCUMENTS]
    copies = [(change.name, change.text) for change in changes] + [*wrong.values()]
    for k, (name, text) in enumerate(copies):
        paths.append(folder / str(k) / name)
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(text.encode())
    proofs = list(proofread(paths))
    rest = proofs[len(DOCUMENTS) :]
    return Run(
        dict(zip(DOCUMENTS, proofs, strict=False)),
        list(zip(changes, rest, strict=False)),
        dict(zip(wrong, rest[ALTERATIONS:], strict=True)),
    )


# What lies in output/


@needs_extra
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_formula_of_the_showroom_is_read_back_equal(name: str, run: Run) -> None:
    proof = run.shown[name]

    assert str(proof) == f"{name}  {proof.count} formulas read back, all equal"
    assert proof.count >= 8


@needs_extra
def test_no_formula_of_a_page_is_left_out(run: Run) -> None:
    """A page shows its task, its claim, what is given, and a formula a line."""
    for topic in TOPICS:
        text = (OUTPUT / f"{topic.id}.md").read_text(encoding="utf-8")
        in_prose, in_lines = text.count("$`"), text.count("&= ") + 1  # the start before the first

        assert run.shown[f"{topic.id}.md"].count == in_prose + in_lines


def test_no_document_of_the_showroom_is_left_out() -> None:
    assert [path.name for path in written_in(OUTPUT)] == DOCUMENTS


# What is not as it was


@needs_extra
def test_one_altered_character_is_noticed_wherever_it_stands(run: Run) -> None:
    """A digit, a sign, a letter, an exponent, a brace: replaced, dropped or doubled."""
    missed = [
        (change.name, change.line, change.before, change.after)
        for change, proof in run.altered
        if change.line not in {fault.line for fault in proof.faults}
    ]

    assert len(run.altered) == ALTERATIONS
    assert missed == []


@needs_extra
def test_what_stands_beside_the_altered_formula_is_still_equal(run: Run) -> None:
    """A report with fifty lines for one slip is not read."""
    assert all(len(proof.faults) == 1 for _, proof in run.altered)


@needs_extra
@pytest.mark.parametrize("what", wrong_copies())
def test_what_else_may_happen_to_a_document_is_noticed(what: str, run: Run) -> None:
    assert run.wrong[what].faults, what


@needs_extra
def test_a_fault_says_where_and_what_was_printed_and_what_was_meant(run: Run) -> None:
    change, proof = next(pair for pair in run.altered if pair[0].name.endswith(".md"))
    said = str(proof).splitlines()

    assert said[0] == f"{change.name}  {proof.count} formulas, 1 differs"
    assert said[1].startswith(f"{change.name}:{change.line}: this ")
    assert said[2].startswith("    printed:  ")
    assert change.before in said[3]
    assert len(said) == 4


# The witness and its traps


@needs_extra
def test_a_dx_in_between_does_not_break_the_next_formula() -> None:
    """In latex2sympy2 1.9.1 a `dx` overwrites the table of names, and no name is read any more."""
    witness = Witness()
    library = sys.modules["latex2sympy2"]
    witness.read("d x + 1")
    with pytest.raises(TypeError):
        library.latex2sympy("{ v_2 }")

    assert str(witness.read("{ v_1 } + 1")) == "v_1 + 1"


@needs_extra
def test_an_equation_is_never_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """latex2sympy2 answers `x^2 = y` with roots; its sides are read one by one instead."""
    witness = Witness()
    monkeypatch.delattr(sys.modules["latex2sympy2"].sympy, "solve")
    statement, _ = respell(r"x^{2} = y \le 3", ())

    assert statement.signs == ("=", "<=")
    assert witness.shape(statement) == shape_of(sd.read("x^2 = y <= 3"))


@needs_extra
@pytest.mark.parametrize("text", ["1 } + 2", "1 ] ]", "1 , 2", "+"])
def test_what_cannot_be_read_to_its_end_is_not_read(text: str) -> None:
    """latex2sympy2 stops where it does not understand, and says nothing of the rest."""
    with pytest.raises(Unread):
        Witness().read(text)


@pytest.mark.parametrize(
    "text",
    [r"\input{x}", r"\write18{id}", "x!", r"\int x", r"\foo", "x y z w $", "#", "1.", "+1", "01",
     r"\variable{x}", r"\begin{matrix} 1 \end{matrix}", "d_{", "(", ")", r"\frac{", r"\log z",
     r"\frac{\mathrm{d}}{\mathrm{d}z}x", r"\frac{\mathrm{d}}{\mathrm{d}z}\tanh(z)x", "\ud800",
     r"\begin{cases} 1 \\ 2 \end{cases}",
     r"x \circ y", r"\frac{\partial}{\mathrm{d}z}\left[z\right]"],
)  # fmt: skip
def test_text_that_we_would_not_print_never_reaches_the_witness(text: str) -> None:
    with pytest.raises(Unread):
        respell(text, {"tanh"})


@needs_extra
def test_the_witness_is_read_where_python_has_no_typing_io() -> None:
    """Python 3.13 has none; antlr4 4.7.2 imports it."""
    gone = "import sys, typing; del typing.io; del sys.modules['typing.io']\n"
    if not hasattr(__import__("typing"), "io"):
        gone = ""
    script = "from symderiv.printing.witness import Witness; print(Witness().read('1 + 2').args)"
    bare, mended = (
        subprocess.run([sys.executable, "-c", gone + line], capture_output=True, text=True)
        for line in ("import latex2sympy2", script)
    )

    assert "typing.io" in bare.stderr
    assert mended.stdout == "(1, 2)\n"


@needs_extra
def test_whatever_we_print_is_never_read_as_something_else(
    expressions: st.SearchStrategy[Expr],
) -> None:
    """The showroom holds few kinds of formulas; here are all that the printers know."""
    witness = Witness()

    @settings(
        max_examples=100, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(expressions)
    def holds(expr: Expr) -> None:
        heads = {head_name(n.head) for n in nodes(expr) if isinstance(n, (Apply, Prime))}
        text = latex(expr)
        if len(text) > 120:  # seconds each
            return
        try:
            found = witness.shape(respell(text, heads)[0])
        except Unread as unread:
            event(f"not read: {unread}")
            return

        assert found == shape_of(expr), text

    holds()


# The command


@needs_extra
def test_the_command_says_one_line_for_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["proofread", str(OUTPUT / "mse.md")])
    said = capsys.readouterr()

    assert status == 0
    assert said.out == "mse.md  10 formulas read back, all equal\n"
    assert said.err == ""


@needs_extra
def test_a_difference_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mse.md").write_text(rewritten("mse.md", r")^{2}}{n}", r")^{3}}{n}"), "utf-8")
    status = main(["proofread", "-o", str(tmp_path)])
    said = capsys.readouterr()

    assert status == 1
    assert "mse.md  10 formulas, 1 differs\n" in said.out
    assert r"printed:  \mathrm{MSE}(\hat{y}, y) = \frac{(\hat{y} - y)^{3}}{n}" in said.out
    assert said.err == ""


@needs_extra
def test_the_full_page_is_read_at_its_level(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = sd.render(sd.derive(sd.functions["mse"]), "markdown", detail="full")
    (tmp_path / "mse.md").write_text(page, "utf-8")
    status = [
        main(["proofread", "--detail", d, str(tmp_path / "mse.md")]) for d in ("full", "brief")
    ]
    first, *rest = capsys.readouterr().out.splitlines()

    assert status == [0, 1]
    assert first == "mse.md  15 formulas read back, all equal"
    assert len(rest) == 4  # a page of another length is one fault


@needs_extra
def test_json_of_any_derivation_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its plain spellings say what its LaTeX must say."""
    page = sd.render(sd.derive("sqrt(x_1) - 2.5*x_1^3", "x_1"), "json")
    (tmp_path / "mine.json").write_text(page, "utf-8")
    (tmp_path / "bent.json").write_text(page.replace("x_{1}^{2}", "x_{1}^{3}", 1), "utf-8")
    status = [main(["proofread", str(tmp_path / name)]) for name in ("mine.json", "bent.json")]
    good, bad, where, *_ = capsys.readouterr().out.splitlines()

    assert status == [0, 1]
    assert good.endswith(" formulas read back, all equal")
    assert bad.endswith(", 1 differs")
    assert where.endswith("this is not what its plain spelling says")


@needs_extra
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.md", "$x$"),
        ("sigmoid.html", "<p>"),
        ("sigmoid.txt", "x"),
        ("notes.json", "{}"),
        ("notes.json", "[" * 100_000),
        ("notes.json", "no JSON"),
        ("sigmoid.md", None),
        ("sigmoid.md", b"\xff\xfe"),
        ("sigmoid.md\0", None),
        ("", None),
    ],
)
def test_a_file_that_is_none_of_ours_is_a_mistake(
    name: str, text: str | bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    status = main(["proofread", f"{tmp_path}/{name}"])
    said = capsys.readouterr()

    assert status == 2
    assert said.out == ""
    assert said.err.startswith("symderiv: ")
    assert "Traceback" not in said.err


@needs_extra
@pytest.mark.parametrize("options", [["--detail", "huge"], ["-o", "there/is/no/folder"]])
def test_a_level_or_a_folder_that_is_not_there_is_a_mistake(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["proofread", *options]) == 2
    assert capsys.readouterr().out == ""


def test_without_the_extra_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "latex2sympy2", None)
    status = main(["proofread", str(OUTPUT / "mse.md")])
    said = capsys.readouterr()

    assert status == 2
    assert said.out == ""
    assert said.err == (
        "symderiv: Proof-reading needs latex2sympy2 1.9.1: pip install symderiv[proofread]\n"
    )


@needs_extra
def test_another_release_of_the_witness_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpinned, pip may fall back to 1.5.4, whose traps are others."""
    monkeypatch.setattr("symderiv.printing.witness.version", lambda _: "1.5.4")
    with pytest.raises(Mistake, match=r"symderiv\[proofread\]"):
        Witness()
