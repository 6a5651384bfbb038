"""A handout's file: what may stand in it, and how a mistake in it is told.

A teacher sees a mistake once, with file, line and caret and with what was meant; nothing that
anybody types ends in a traceback, and nothing of it is pasted into a page.
"""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from symderiv.cli import main
from symderiv.documents.rendering import render
from symderiv.errors import Mistake
from symderiv.handouts.building import Order, watch
from symderiv.handouts.composing import compose_handout
from symderiv.handouts.deriving import Deriver
from symderiv.handouts.drawing import Drawing
from symderiv.handouts.located import Source
from symderiv.handouts.markdown import read_markdown
from symderiv.handouts.specification import Spec, read_spec
from symderiv.handouts.toml import read_toml

EXAMPLES = Path(__file__).parent.parent / "examples"
HANDOUTS = ("chain_rule.md", "first_calculus.toml", "deep_learning.toml")
HEAD = 'title = "A sheet"\n'
SECTION = '[[section]]\ntitle = "One"\n'


def spec_of(tmp_path: Path, text: str, ending: str = "toml") -> Spec:
    path = tmp_path / f"sheet.{ending}"
    path.write_text(text, encoding="utf-8")
    return read_spec(path)


def page_of(tmp_path: Path, text: str, form: str = "text", ending: str = "toml") -> str:
    spec = spec_of(tmp_path, text, ending)
    deriver = Deriver(spec)
    return render(compose_handout(spec, deriver, Drawing(spec, deriver, "0").first), form)


MISTAKES = [
    # text, line, what is said, what was meant, what the caret points at
    ('titel = "A"\n', 1, "no 'titel'", "Did you mean 'title'?", "titel"),
    ("title = 3\n", 1, "title is a text in quotes, not 3", "", "3"),
    (HEAD + 'language = "german"\n' + SECTION, 2, "No language", "Did you mean 'de'?", "german"),
    (HEAD + 'detail = "breif"\n' + SECTION, 2, "detail cannot be 'breif'", "'brief'", "breif"),
    (HEAD + "digits = -1\n" + SECTION, 2, "digits lies between 0 and 50", "", "-1"),
    (HEAD, 1, "has no section", "[[section]]", ""),
    (SECTION + 'derive = "x^2"\n', 1, "has no title", "title =", ""),
    (HEAD + "[[section]]\n", 2, "This section is empty", "", "[[section]]"),
    (HEAD + SECTION + 'deriv = "x^2"\n', 4, "no 'deriv'", "Did you mean 'derive'?", "deriv"),
    (HEAD + SECTION + 'derive = "x^2*sin(x"\n', 4, "", "", ""),
    (HEAD + SECTION + 'derive = "x^2 + foo bar("\n', 4, "", "", ""),
    (HEAD + SECTION + 'derive = "x*y"\n', 4, "", "", "x*y"),
    (HEAD + SECTION + 'derive = "x"\nfunction = "relu"\n', 5, "One of derive", "", "relu"),
    (HEAD + SECTION + 'function = "sigmod"\n', 4, "no function 'sigmod'", "'sigmoid'", "sigmod"),
    (HEAD + SECTION + 'function = "relu"\norder = 2\n', 5, "means nothing beside", "", "2"),
    (HEAD + SECTION + 'derive = "x^2"\norder = "2"\n', 5, "order is a whole number", "", "2"),
    (HEAD + SECTION + 'derive = "x^2"\nform = "factord"\n', 5, "form", "'factored'", "factord"),
    (HEAD + SECTION + 'derive = "x"\nmarks = {"chain rul" = 2}\n', 5, "no rule", "chain rule", "2"),
    (HEAD + SECTION + 'derive = "x"\nmarks = {"chain rule" = 2}\n', 5, "no step", "identity", "2"),
    (HEAD + SECTION + 'derive = "x^2"\nwhere = {x = "=>0"}\n', 5, "", "", "=>0"),
    (HEAD + SECTION + 'derive = "x^2"\ngiven = {a = "(2"}\n', 5, "", "", ""),
    (HEAD + SECTION + 'text = "the slope $x^$ is"\n', 4, "", "", ""),
    (HEAD + SECTION + 'text = "it costs 3$ today"\n', 4, "no partner", r"\$", "$ today"),
    (HEAD + SECTION + 'exercise = ["x^2",\n "sin(", "x"]\n', 5, "", "", ""),
    (HEAD + SECTION + "exercise = [3]\n", 4, "an exercise is a table, not 3", "", "3"),
    (HEAD + SECTION + "exercise = 3\n", 4, "exercise is a list", "", "3"),
    (HEAD + SECTION + "wrt = 'x'\n", 4, "without anything to derive", "derive", "x"),
    (HEAD + SECTION + 'network = "no.toml"\n', 4, "cannot be read", "", "no.toml"),
    (HEAD + SECTION + 'network = "../../etc/passwd"\n', 4, "outside of the", "beside", ".."),
    (HEAD + SECTION + 'network = "/etc/passwd"\n', 4, "outside of the", "beside", "/etc"),
    (HEAD + '[parameters]\na = "1-3"\n' + SECTION, 3, "nothing that can be drawn", "one of", "1-3"),
    (HEAD + '[parameters]\na = "0..0 nonzero"\n' + SECTION, 3, "No number is left", "", "0..0"),
    (HEAD + '[parameters]\na = "one of: sin, 3"\n' + SECTION, 3, "mixes functions", "", "one"),
    (HEAD + '[parameters]\na = "one of: 3, (4"\n' + SECTION, 3, "", "", ""),
    (HEAD + '[parameters]\na = "1..3"\n' + SECTION + 'derive = "x"\n', 3, "Nothing uses a", "", ""),
    (HEAD + '[parameters]\nx = "1..3"\n' + SECTION + 'derive = "x"\nwrt = "x"\n', 3, "does not "
     "differentiate by it", "", ""),
    (HEAD + SECTION + 'derive = "x^2\n', 4, "This is no TOML", "", ""),
    (HEAD + "a b\n", 2, "This is no TOML", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said", "meant", "at"), MISTAKES, ids=[repr(m[0][-40:]) for m in MISTAKES]
)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(
    text: str, line: int, said: str, meant: str, at: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "sheet.toml"
    path.write_text(text, encoding="utf-8")

    assert main(["handout", str(path), "-o", str(tmp_path / "out"), "-f", "text"]) == 2

    told = capsys.readouterr().err
    first, shown, caret, *_ = told.split("\n")

    assert first.startswith(f"symderiv: {path}, line {line}: ")
    assert said in first
    assert meant in told
    assert shown[2:] == text.split("\n")[line - 1]
    assert shown[caret.index("^") :].startswith(at)
    assert not (tmp_path / "out").exists()


def test_a_caret_points_into_a_formula_where_reading_ends(tmp_path: Path) -> None:
    """Column by column: the letter after which the reader could not go on."""
    with pytest.raises(Mistake) as told:
        spec_of(tmp_path, HEAD + SECTION + 'text = """\nGood $x$, and\nbad $x + )$ here"""\n')

    lines = str(told.value).split("\n")

    assert "line 6" in lines[0]
    assert lines[1][lines[2].index("^") :].startswith(")")


MARKDOWN_MISTAKES = [
    ("# A\n\n```derivatoin\nderive: x\n```\n", 3, "Did you mean 'derivation'?"),
    ("# A\n\n```derivation\nderive: x\n", 3, "not closed"),
    ("# A\n\n```derivation\nderive x\n```\n", 4, "has no key"),
    ("# A\n\n```derivation\nderiv: x\n```\n", 4, "Did you mean 'derive'?"),
    ("# A\n\n```derivation\nderive: x\nderive: y\n```\n", 5, "written twice"),
    ("# A\n\n```derivation\nderive: x^2\nwhere: positive\n```\n", 5, "names and what they are"),
    ("# A\n\nwords $x +$ words\n", 3, ""),
    ("---\ntitle: A\n", 1, "not closed"),
    ("# A\n# B\n", 2, "written twice"),
]


@pytest.mark.parametrize(("text", "line", "said"), MARKDOWN_MISTAKES)
def test_a_mistake_in_markdown_is_told_in_the_same_way(
    text: str, line: int, said: str, tmp_path: Path
) -> None:
    with pytest.raises(Mistake) as told:
        page_of(tmp_path, text, ending="md")

    assert re.match(rf".*sheet\.md, line {line}: ", str(told.value))
    assert said in str(told.value)


def test_toml_and_markdown_are_two_spellings_of_one_handout(tmp_path: Path) -> None:
    toml = """
title = "Two spellings"
course = "Calculus"
digits = 5
[parameters]
a = "2..3"
[[section]]
title = "One"
text = "Here $u = a x$ moves."
derive = "L"
wrt = "x"
given = {L = "exp(u)", u = "a*x"}
where = {x = ">0"}
marks = {answer = 2}
exercise = [{derive = "x^3", order = 2, marks = 0.5}]
[[section]]
title = "Two"
function = "tanh"
"""
    markdown = """---
course: Calculus
digits: 5
---
# Two spellings

```parameters
a: 2..3
```

## One

Here $u = a x$ moves.

```derivation
derive: L
wrt: x
given: L = exp(u); u = a*x
where: x > 0
marks: answer = 2
```

```exercise
derive: x^3
order: 2
marks: 0.5
```

## Two

```derivation
function: tanh
```
"""
    one, other = (page_of(tmp_path, t, "json", e) for t, e in [(toml, "toml"), (markdown, "md")])

    assert one == other
    assert '"after"' in one


# --- where things stand ------------------------------------------------------------------------

NASTY = """
# a comment with "quotes" and [brackets]
title = "it's"
"quoted key" = "a # no comment"
text = '''
three 'quotes' inside'''
more = \"\"\"a \\
b\"\"\"
list = [ "one", 'two', # a comment, with ] a bracket
  ["three"], {k = "four", l.m = "five"} ]
a.b."c d" = "six"
[table.inner]  # comment
x = "seven"
[[rows]]
y = "eight"
[[rows]]
y = "nine"
[rows.sub]
z = "ten"
date = 2026-03-02
"""


def values_in(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[object, str]]:
    if isinstance(value, dict):
        return [hit for k, v in value.items() for hit in values_in(v, (*path, k))]
    if isinstance(value, list):
        return [hit for k, v in enumerate(value) for hit in values_in(v, (*path, k))]
    return [(path, value)] if isinstance(value, str) else []


@pytest.mark.parametrize("name", ["nasty", *(n for n in HANDOUTS if n.endswith("toml"))])
def test_each_text_of_a_toml_file_is_found_where_it_stands(name: str) -> None:
    """tomllib says what stands in a file, and the walk says where: they meet at every text."""
    text = NASTY if name == "nasty" else (EXAMPLES / name).read_text(encoding="utf-8")
    table = read_toml(Source(name, text), "the file")
    found = values_in(table.values)

    assert len(found) >= 10
    for path, value in found:
        spot = table.spots[path]
        if spot.verbatim:
            assert text[spot.value :].startswith(value), path
        key = next(k for k in reversed(path) if isinstance(k, str))
        assert key in text[spot.key :].split("=")[0] or isinstance(path[-1], int)
    assert sum(table.spots[path].verbatim for path, _ in found) >= len(found) - 1


def test_each_value_of_a_markdown_file_is_found_where_it_stands() -> None:
    text = (EXAMPLES / "chain_rule.md").read_text(encoding="utf-8")
    table = read_markdown(Source("chain_rule.md", text), "the file")
    found = values_in(table.values)

    assert len(found) >= 30
    for path, value in found:
        assert text[table.spots[path].value :].startswith(value), path


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_damaged_file_is_a_mistake_and_never_a_traceback(name: str, tmp_path: Path) -> None:
    """Cut off anywhere, with letters lost or put in: it is read, or a mistake says why not."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    (tmp_path / "two_layer.toml").write_text((EXAMPLES / "two_layer.toml").read_text())
    rng = random.Random(8)  # noqa: S311 (damages are not secret)
    told: list[str] = []
    for k in range(120):
        at = rng.randrange(len(text))
        damaged = (
            text[:at] if k % 3 == 0
            else text[:at] + rng.choice("\"'[]{}=$\\#\n\x00é`:;^(") + text[at:] if k % 3 == 1
            else text[:at] + text[at + rng.randrange(1, 20) :]
        )  # fmt: skip
        try:
            spec_of(tmp_path, damaged, name.rpartition(".")[2])
        except Mistake as mistake:
            told.append(str(mistake))

    assert len(told) > 10
    assert all("sheet." in line for line in told)


# --- what is on the page ----------------------------------------------------------------------


def test_words_are_escaped_and_formulas_are_printed_from_the_tree(tmp_path: Path) -> None:
    """Pasted text reads files and forges pages; here it is words."""
    words = r"<script>alert(1)</script> \input{/etc/passwd} **bold** costs 3\$ and $x^2$"
    text = HEAD + f"[[section]]\ntext = '''{words}'''\n"

    page = page_of(tmp_path, text, "html")
    tex = page_of(tmp_path, text, "latex")
    markdown = page_of(tmp_path, text, "markdown")

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page
    assert r"\input" not in tex
    assert r"\textbackslash{}input\{/etc/passwd\}" in tex
    assert r"3\$" in tex
    assert r"\*\*bold\*\*" in markdown
    assert "$`x^{2}`$" in markdown


def test_the_head_of_a_handout_stands_below_its_title(tmp_path: Path) -> None:
    text = HEAD + 'course = "C & D"\nauthor = "A. <T>"\ndate = 2026-03-02\n' + SECTION

    assert "C & D · A. <T> · 2026-03-02" in page_of(tmp_path, text, "text")
    assert "C &amp; D · A. &lt;T&gt; · 2026-03-02" in page_of(tmp_path, text, "html")
    assert r"C \& D $\cdot$ A. \textless{}T\textgreater{} $\cdot$ 2026-03-02" in page_of(
        tmp_path, text, "latex"
    )


def test_a_name_of_a_section_never_takes_an_anchor_twice(tmp_path: Path) -> None:
    rows = "".join(
        f'[[section]]\ntitle = "{t}"\nderive = "x^2"\n' for t in ("Rules", "A", "A", "A s1")
    )
    page = page_of(tmp_path, HEAD + rows + 'exercise = ["x^3"]\n', "html")
    ids = re.findall(r'\bid="([^"]*)"', page)
    labels = re.findall(r'<summary aria-label="([^"]*)"', page)

    assert len(ids) == len(set(ids))
    assert len(labels) == len(set(labels))
    assert {f"#{name}" for name in ids} >= set(re.findall(r'href="(#[^"]*)"', page))


# --- watching ----------------------------------------------------------------------------------


def test_a_handout_is_built_again_when_a_source_changes(tmp_path: Path) -> None:
    """Its own file, the network beside it; a mistake is said and waited on."""
    (tmp_path / "net.toml").write_text('[statements]\nz = "w*x"\n[values]\nw = 1\nx = 2\n')
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(HEAD + SECTION + 'network = "net.toml"\nwrt = "w"\n')
    said: list[str] = []
    built = tmp_path / "out" / "sheet.txt"

    def change(_: float, steps: list[int] = [0]) -> None:  # noqa: B006 (counts the waits)
        steps[0] += 1
        match steps[0]:
            case 2:
                (tmp_path / "net.toml").write_text(
                    '[statements]\nz = "w*x"\n[values]\nw = 1\nx = 7\n\n'
                )
            case 3:
                sheet.write_text(HEAD + SECTION + 'derive = "x^"\n')
            case 4:
                sheet.write_text(HEAD + SECTION + 'derive = "sin(x)"\n')
            case 6:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch(Order(sheet, tmp_path / "out", ("text",)), said.append, change)

    assert [("files written" in line) for line in said] == [True, True, False, True]
    assert "line 4" in said[2]
    assert "cos(x)" in built.read_text(encoding="utf-8")


def test_watching_ends_without_an_error_when_it_is_interrupted(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(HEAD + SECTION + 'derive = "x^2"\n')
    began = (  # a job in the background ignores the signal, and hands that down
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from symderiv.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", began, "handout", str(sheet), "--watch", "-f", "text", "-o"]
    with subprocess.Popen(
        [*command, str(tmp_path / "out")], stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        line = run.stderr.readline()
        run.send_signal(signal.SIGINT)
        try:
            _, rest = run.communicate(timeout=60)
        finally:
            run.kill()

    assert "2 files written" in line
    assert run.returncode == 0
    assert rest == ""
