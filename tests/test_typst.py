"""Formulas and pages in the program that sets them: the wheel typst, and poppler for its PDFs.

The engine itself refuses what is no PDF/UA-1: a formula or a picture without alternative
text, a heading that leaves out a level, a letter of which there is no drawing.
"""

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

import symderiv as sd
from symderiv.catalogue.gathering import shipped
from symderiv.cli import main
from symderiv.documents import typesetting
from symderiv.documents.chainrule import chain_rule_handout
from symderiv.documents.composing import compose
from symderiv.documents.document import Document
from symderiv.documents.networks import anchor_network, compose_network
from symderiv.documents.post import derive_topics
from symderiv.documents.rendering import render_pdf
from symderiv.documents.showing import shown
from symderiv.documents.typ import drawn, typst_string, typst_words
from symderiv.language import arrays, expressions
from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.build import D, E, absolute, cases, exp, symbols, total
from symderiv.language.expressions import (
    Apply,
    Expr,
    Head,
    Indicator,
    Negative,
    Number,
    Power,
    Prime,
    Quotient,
    Relation,
    Symbol,
    Transpose,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter
from symderiv.language.walks import nodes
from symderiv.printing.typst import string, typst

x, y, z, n, i, j, yhat, L, W = symbols("x y z n i j yhat L W")
SIGMA = Head("sigmoid", r"\sigma")
DEFINED = [name for name, f in shipped().functions.items() if f.definition is not None]

# a formula of each kind, and how a person who writes Typst would have it (but for blanks)
FORMULAS: list[tuple[Expr, str]] = [
    (Number("0.50"), "0.50"),
    (Number(".5"), '".5"'),
    (E, "e"),
    (Letter("g"), "g"),
    (yhat, "hat(y)"),
    (Symbol("loss"), '"loss"'),
    (Symbol("Delta"), "upright(Δ)"),
    (Symbol("W", "", "1", (Number("1"), Number("2"))), r"attach(W,t:\(1\),b:12)"),
    (x.at(i + 1), "attach(x,b:i+1)"),
    (x + y - z, "x+y−z"),
    (2 * x, "2x"),
    (-x, "−x"),
    (x / y, "frac(x,y)"),
    (Power(x + 1, n), r"attach(\(x+1\),t:n)"),
    (Apply(SIGMA, (x / y,)), "σlr((frac(x,y)))"),
    (Apply(Head("log"), (z,)), r'op("log")\(z\)'),
    (Apply(Head("max"), (x, y)), r'op("max")\(x\,y\)'),
    (Apply(Head("sqrt"), (x,)), "sqrt(x)"),
    (Apply(Head("root"), (x, Number("3"))), "root(3,x)"),
    (Apply(Head("softmax", "", 1), (z, i)), r'attach(op("softmax")\(z\),b:i)'),
    (Prime(Head("f"), 2, x), r"f''\(x\)"),
    (Prime(Head("f"), 4, x), r"attach(f,t:\(4\))\(x\)"),
    (D(L, yhat, partial=True), "frac(∂L,∂hat(y))"),
    (D(y, x, 2), "frac(attach(upright(d),t:2)y,upright(d)attach(x,t:2))"),
    (Relation((x, Number("0")), ("<=",)), "x≤0"),
    (cases((z, z > 0), (0, z <= 0)), 'cases(z&quad"if"z>0,0&quad"if"z≤0)'),
    (absolute(x), "abs(x)"),
    (Transpose(W), "attach(W,t:⊤)"),
    (Indicator(z > 0), r"bb(1)\[z>0\]"),
    (total(x.at(j), j, 1, n), "attach(∑,b:j=1,t:n)attach(x,b:j)"),
    (Integral(x, x, Number("0"), Number("1")), "attach(∫,b:0,t:1)xthinupright(d)x"),
    (Elementwise((x, y)), "x⊙y"),
    (Matrix([[x, y], [y, x]]), 'mat(delim:"[",x,y;y,x)'),
]
HOSTILE = [
    '#read("secret.txt")',
    '"#read("secret.txt")',
    '$#read("secret.txt")$',
    '\\"); #read("secret.txt"); ("',
    ")]}$ #panic()",
    "\\",
    '"',
    "$",
    "*/ /* // `` ``` <label> @ref",
    '#import "@preview/cetz:0.1.0"',
    "x\u202e\u0000\u2028y",
    "= a\n= b",
    "中文 🙂",
]


def compiled(source: str, root: Path | None = None) -> bytes:
    """The PDF of a document; skipped where the wheel is not installed."""
    pytest.importorskip("typst", reason="the wheel typst is not installed: pip install typst")
    return typesetting.typeset(source, (str(root),) if root else ())


def listed(formulas: list[str]) -> str:
    """A document of these formulas, in the preamble of our own pages."""
    page = sd.render(Document("Formulas", ()), "typst")
    return page + "\n".join(f'#sdgiven("a formula", ${formula}$)' for formula in formulas)


def text_of(pdf: bytes, *options: str) -> str:
    """What a reader can copy out of a PDF; italic letters of mathematics as plain ones."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    run = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return unicodedata.normalize("NFKC", run.stdout.decode())


# --- formulas -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("expr", "wanted"), FORMULAS, ids=[wanted for _, wanted in FORMULAS])
def test_a_formula_is_spelled_as_one_writes_typst(expr: Expr, wanted: str) -> None:
    assert typst(expr).replace(" ", "") == wanted


def test_the_table_has_every_kind_of_node() -> None:
    known = {**vars(expressions), **vars(arrays)}.values()
    classes = {c for c in known if isinstance(c, type) and issubclass(c, Expr)} | {Letter, Integral}
    shown = {type(node) for expr, _ in FORMULAS for node in nodes(expr)}

    assert classes - {Expr} == shown


def test_a_tall_bracket_never_grows_into_a_name_before_it() -> None:
    """`f` and `lr` side by side would be a function `flr`."""
    tall = x / y

    for head in (Head("f"), SIGMA, Head("relu", r"\mathrm{ReLU}")):
        for spelled in (typst(Apply(head, (tall,))), typst(Prime(head, 1, tall))):
            assert not re.search(r"\wlr\(", spelled)
    assert typst(x * (tall + 1)) == "x lr((frac(x ,y )+1))"


# --- what somebody typed ------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_somebody_typed_stays_a_name(name: str, tmp_path: Path) -> None:
    """In a formula it stands in a string, whatever it says; no file is read."""
    (tmp_path / "secret.txt").write_text("unguessable", encoding="utf-8")
    expr = Symbol(name) + Apply(Head(name), (x,)) + Letter(name) + Symbol("W", "", name)
    shown = drawn(typst(expr))

    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", typst(expr))

    assert not re.search(r'["#$;]', outside)
    assert "unguessable" not in text_of(compiled(listed([shown]), tmp_path))


@pytest.mark.parametrize("words", HOSTILE)
def test_words_that_somebody_wrote_stay_words(words: str, tmp_path: Path) -> None:
    """A title and a note: in running text, in a heading, in the metadata of the file."""
    (tmp_path / "secret.txt").write_text("unguessable", encoding="utf-8")
    derivation = replace(sd.derive("x^2"), title=f"T {words}", note=f"{words} N")
    pdf = sd.render(derivation, "pdf", templates=[str(tmp_path)]) if wheel() else b""
    told = text_of(pdf).replace("\u00ad", "")

    assert "unguessable" not in told
    assert plain(words) in plain(told)


def wheel() -> bool:
    pytest.importorskip("typst", reason="the wheel typst is not installed: pip install typst")
    return True


def plain(text: str) -> str:
    """The letters that can be seen, without blanks, which lines of a page change."""
    shown = drawn("".join(ch for ch in text if ch.isprintable()))
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", shown))


def test_an_unreadable_line_is_quoted_letter_by_letter() -> None:
    typed = '2x + #read("a") \\frac{$}{]'
    page = sd.check_lines("D(x^2, x)", [typed])

    assert wheel()
    assert plain(typed) in plain(text_of(sd.render(page, "pdf")))


def test_strings_end_where_they_end() -> None:
    assert string('a"b\\c\nd') == r'"a\"b\\c\nd"'
    assert string("a\u00a0b\u0007c") == '"a\u00a0bc"'
    assert typst_words("1. a -- b // c... #d") == r"1\. a \-\- b \/\/ c.\.\. \#d"


def test_every_letter_that_is_let_through_has_a_drawing() -> None:
    """PDF/UA-1 refuses a page with one letter that no font inside the wheel has."""
    letters = [chr(code) for code in range(0x20, 0x2700)]
    printable = "".join(ch for ch in letters if ch.isprintable() and drawn(ch) == ch)

    assert len(printable) > 2500
    for words in ("#{}", "#raw({})", "#heading(level: 2, {})", "#strong({})"):
        assert compiled(listed([]) + "\n" + words.format(typst_string(printable)))
    assert drawn("中") == "[U+4E2D]"


# --- pages --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages() -> dict[str, Document]:
    derivations = derive_topics(lambda _: None)
    long = sd.derive("sin(x)*cos(x)*exp(x)*log(x)*sqrt(x)*tan(x)*(x^2+1)*(x^3+x+1)", wrt="x")
    return {
        "handout": chain_rule_handout(derivations, report=lambda _: None),
        "network": compose_network(anchor_network()),
        "bce-sigmoid": derivations["bce-sigmoid"],
        "check": sd.check("D(x^2*sin(3x), x)", "2x*sin(3x) + x^2*cos(3x)"),
        "lines": sd.check_lines("D(x^2*exp(-x), x)", ["2x*exp(-x) + x^2*exp(-x)", "= )x"]),
        "implicit": sd.derive("x^2 + y^2 = 25", wrt="x", of="y", order=2),
        "critical": sd.critical_points("x^4 - 4*x^3"),
        "long": long,
    }


PAGES = ("handout", "network", "bce-sigmoid", "check", "lines", "implicit", "critical", "long")


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_becomes_a_tagged_pdf_and_stays_within_its_margins(
    name: str, detail: str, pages: dict[str, Document]
) -> None:
    """What reaches over the edge of the paper is lost; A4 is 595 points wide."""
    assert wheel()
    pdf = sd.render(pages[name], "pdf", detail=detail)
    boxes = ElementTree.fromstring(text_of(pdf, "-bbox"))  # noqa: S314 (poppler's own)
    words = [node.attrib for node in boxes.iter() if node.tag.endswith("word")]

    assert b"pdfuaid:part" in pdf
    assert words
    assert max(float(word["xMax"]) for word in words) <= 595.3 - 60
    assert min(float(word["xMin"]) for word in words) >= 60


@pytest.mark.parametrize("name", DEFINED)
def test_every_function_of_the_catalogue_has_a_pdf_that_claims_its_slope(name: str) -> None:
    derivation = sd.derive(sd.functions[name])
    pdf = sd.render(derivation, "pdf", detail="full") if wheel() else b""
    said = text_of(pdf)

    assert "proved" in said or "checked at" in said
    assert plain(derivation.title).replace("-", "") in plain(said).replace("-", "")


def test_the_text_of_a_pdf_holds_the_claim_and_every_reason() -> None:
    derivation = sd.derive(sd.functions["sigmoid"])
    said = re.sub(
        r"\s+", "", text_of(sd.render(derivation, "pdf", detail="full")) if wheel() else ""
    )

    assert said.count("σ(z)(1−σ(z))") >= 2  # the claim, and the last line
    for step in derivation.steps:
        for rule in step.reasons:
            assert rule.name.replace(" ", "").casefold() in said.casefold()


def test_formulas_say_themselves_in_words(pages: dict[str, Document]) -> None:
    assert wheel()
    pdf = sd.render(pages["network"], "pdf")
    said = [alt.decode() for alt in re.findall(rb"/Alt\s*\((.*?)\)", pdf)]

    assert "the partial derivative of L with respect to z two" in said
    assert len(said) > 100
    assert [alt for alt in said if not re.fullmatch(r"[\w., ]+", alt, re.ASCII)] == []


@pytest.mark.parametrize("seed", ["0", "4321"])
def test_the_same_page_has_the_same_bytes(seed: str) -> None:
    """Twice here, and once in a process that hashes in another order."""
    assert wheel()
    here = sd.render(sd.derive("x^2*sin(x)"), "pdf", detail="full")
    program = (
        "import sys, symderiv as sd\n"
        "sys.stdout.buffer.write(sd.render(sd.derive('x^2*sin(x)'), 'pdf', detail='full'))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    there = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )

    assert here == sd.render(sd.derive("x^2*sin(x)"), "pdf", detail="full")
    assert here == there.stdout


def test_what_is_nested_too_deep_for_the_engine_is_a_mistake_and_no_crash() -> None:
    deep: Expr = x
    for _ in range(400):
        deep = Quotient(Number("1"), Negative(deep))
    source = listed([typst(exp(deep))])

    assert wheel()
    with pytest.raises(sd.Mistake, match="cannot be set"):
        typesetting.typeset(source)


# --- templates, and the command line ------------------------------------------------------------


def test_a_users_block_replaces_ours_alone(tmp_path: Path) -> None:
    (tmp_path / "typst").mkdir()
    file = tmp_path / "typst" / "derivation.typ"
    file.write_text(
        '<% extends "symderiv/typst/derivation.typ" %>\n'
        "<% block footer %>Calculus I, sheet << 2 + 2 >><% endblock %>",
        encoding="utf-8",
    )
    derivation = sd.derive("x^2")
    page = sd.render(derivation, "typst", templates=[str(tmp_path)])
    ours = sd.render(derivation, "typst").splitlines()

    assert [line for line in page.splitlines() if line not in ours] == [
        "#let sdfooter = [Calculus I, sheet 4]"
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<< nothing >>", "nothing"),
        ("<< document.__class__ >>", "unsafe"),
        ("#panic(1)", "panicked"),
    ],
)
def test_a_users_template_that_fails_is_a_mistake(body: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "typst").mkdir()
    (tmp_path / "typst" / "derivation.typ").write_text(body, encoding="utf-8")

    assert wheel()
    with pytest.raises(sd.Mistake, match=said):
        sd.render(sd.derive("x^2"), "pdf", templates=[str(tmp_path)])


def test_a_pdf_is_written_to_a_file_and_to_a_pipe(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert wheel()
    assert main(["derive", "x^2", "-o", str(tmp_path / "page.pdf")]) == 0
    assert main(["derive", "x^2", "-f", "pdf", "-o", "-"]) == 0

    assert capfdbinary.readouterr().out == (tmp_path / "page.pdf").read_bytes()


def test_typst_is_written_as_text(tmp_path: Path) -> None:
    assert main(["derive", "x^2", "-o", str(tmp_path / "page.typ")]) == 0

    assert (tmp_path / "page.typ").read_text(encoding="utf-8").startswith("// Made by symderiv")


def test_without_the_wheel_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(typesetting, "find_spec", lambda _: None)

    with pytest.raises(sd.Mistake, match=r"pip install 'symderiv\[pdf\]'"):
        sd.render(sd.derive("x^2"), "pdf")
    for command in (["derive", "x^2"], ["handout"]):
        assert main([*command, "-f", "pdf", "-o", str(tmp_path / "made")]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert "pip install" in said.err
    assert not (tmp_path / "made").exists()


def test_without_the_wheel_the_other_formats_are_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(typesetting, "find_spec", lambda _: None)

    assert main(["handout", "-f", "pdf,text", "-o", str(tmp_path)]) == 0
    assert "pip install" in capsys.readouterr().err
    assert {path.suffix for path in tmp_path.iterdir()} == {".txt"}


# --- cards, and the report of a file of answers -------------------------------------------------


@pytest.mark.parametrize("name", ["relu", "log2", "softmax", "tanh", "huber"])
def test_a_card_is_a_pdf_that_leads_to_the_glossary(name: str, tmp_path: Path) -> None:
    assert wheel()
    assert (
        main(["functions", name, "-f", "pdf", "--links", "/docs/", "-o", str(tmp_path / "c")]) == 0
    )
    [pdf] = [path.read_bytes() for path in (tmp_path / "c").iterdir()]
    words = ElementTree.fromstring(text_of(pdf, "-bbox")).iter()  # noqa: S314 (poppler's own)

    assert b"/docs/rules/#" in pdf
    assert max(float(w.attrib["xMax"]) for w in words if w.tag.endswith("word")) <= 595.3 - 60


def test_the_glossary_is_one_pdf(tmp_path: Path) -> None:
    assert wheel()
    assert main(["rules", "-f", "pdf", "-o", str(tmp_path / "rules.pdf")]) == 0

    assert "productrule" in plain(text_of((tmp_path / "rules.pdf").read_bytes())).casefold()


def test_a_report_of_answers_is_written_as_pdf(tmp_path: Path) -> None:
    """Each student's page is put together of pieces; each piece explains its own rules."""
    assert wheel()
    folder = Path(__file__).parent.parent / "examples" / "homework"
    command = ["check", "--key", str(folder / "KEY.toml"), str(folder / "answers.csv")]

    assert main([*command, "-f", "pdf,typst", "-o", str(tmp_path)]) == 0
    students = {path.suffix for path in (tmp_path / "students").iterdir()}
    said = text_of((tmp_path / "students" / "ada.pdf").read_bytes())

    assert students == {".pdf", ".typ", ".json"}
    assert (tmp_path / "class.pdf").read_bytes().startswith(b"%PDF-")
    assert "Rules used in the solution" in said
    assert said.count("Correct.") >= 1


def test_a_report_as_pdf_is_refused_before_anything_is_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(typesetting, "find_spec", lambda _: None)
    command = ["check", "--key", "KEY.toml", "answers.csv", "-f", "html,pdf"]

    assert main([*command, "-o", str(tmp_path / "report")]) == 2
    assert "pip install" in capsys.readouterr().err
    assert not (tmp_path / "report").exists()


# --- by LaTeX ------------------------------------------------------------------------------------


def latex_engine() -> bool:
    if shutil.which("pdflatex") is None:
        pytest.skip("this needs pdflatex, which is not installed")
    return True


def test_latex_sets_a_pdf_too_and_the_same_one_twice() -> None:
    assert latex_engine()
    one, other = (sd.render(sd.derive("x^2*sin(x)"), "pdf", dialect="latex") for _ in range(2))

    assert one == other
    assert b"pdfTeX" in one
    assert "productrule" in plain(text_of(one)).casefold()


def test_a_handout_is_set_by_latex_where_that_is_asked_for(tmp_path: Path) -> None:
    """Without the wheel as well: nothing of Typst is needed."""
    assert latex_engine()
    sheet = tmp_path / "sheet.toml"
    sheet.write_text('title = "T"\n[[section]]\nderive = "x^3"\n', encoding="utf-8")

    assert main(["handout", str(sheet), "-o", str(tmp_path), "-f", "pdf", "--pdf-by", "latex"]) == 0
    assert b"pdfTeX" in (tmp_path / "sheet.pdf").read_bytes()


def test_latex_that_is_missing_or_fails_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if shutil.which("pdflatex"):
        with pytest.raises(sd.Mistake, match="cannot be set: Undefined control sequence"):
            typesetting.set_by_latex(
                r"\documentclass{article}\begin{document}\nosuch\end{document}"
            )
        with pytest.raises(sd.Mistake, match="cannot be set"):  # it reads no file of the machine's
            typesetting.set_by_latex(
                r"\documentclass{article}\begin{document}\input{/etc/passwd}\end{document}"
            )
    monkeypatch.setattr(typesetting, "which", lambda _: None)

    words = ["derive", "x^2", "-f", "pdf", "--dialect", "latex", "-o", str(tmp_path / "p")]

    assert main(words) == 2
    assert "texlive-latex-recommended" in capsys.readouterr().err


# --- where pages end -----------------------------------------------------------------------------


def pages_of(pdf: bytes) -> list[list[str]]:
    """The lines of each page as a reader sees them, without the footer."""
    texts = text_of(pdf, "-layout").split("\f")
    pages = [[line.strip() for line in text.splitlines() if line.strip()] for text in texts]
    return [page[:-1] for page in pages if page]


def words_of(pdf: bytes) -> list[list[tuple[str, float]]]:
    """The words of each page, and how far down the middle of each stands."""
    root = ElementTree.fromstring(text_of(pdf, "-bbox"))  # noqa: S314 (poppler's own)
    pages = [node for node in root.iter() if node.tag.endswith("}page")]
    return [
        [(w.text or "", (float(w.attrib["yMin"]) + float(w.attrib["yMax"])) / 2) for w in page]
        for page in pages
    ]


@pytest.mark.parametrize("drop", [0, 8, 11])
def test_a_step_is_never_split_and_keeps_its_reason(drop: int) -> None:
    """Each number stands in one line with its rule, wherever the page happens to end."""
    assert wheel()
    page = compose(sd.derive(sd.functions["tanh"]))
    pdf = render_pdf(replace(page, introduction=("Words. " * 60 * drop,)))
    pages = words_of(pdf)

    assert drop < 8 or len(pages) > 1
    for step in shown(page.sections[0].chain, "standard"):
        reason = step.reasons[0].name.split()[0]
        near = [
            abs(down - at)
            for words in pages
            for number, at in words
            for word, down in words
            if (number, word) == (f"({step.number})", reason)
        ]
        assert near, step.number  # on the same page
        assert min(near) < 40, step.number


@pytest.mark.parametrize("space", ["0.7", "1.1", "2"])
@pytest.mark.parametrize("variant", ["hints", "solution"])  # a student's room is empty
def test_a_question_stands_on_the_page_of_its_answer(
    space: str, variant: str, tmp_path: Path
) -> None:
    """Neither a heading nor a question nor what is given is the last thing on a page."""
    assert wheel()
    sheet = Path(__file__).parent.parent / "examples" / "first_calculus.toml"
    text = sheet.read_text(encoding="utf-8").replace("space = 1.2", f"space = {space}")
    (tmp_path / "sheet.toml").write_text(text, encoding="utf-8")
    words = ["handout", str(tmp_path / "sheet.toml"), "-o", str(tmp_path), "-f", "pdf"]

    assert main([*words, "--variant", variant]) == 0
    pdf = next(tmp_path.glob("*.pdf")).read_bytes()
    last = [page[-1] for page in pages_of(pdf)[:-1]]
    led = r"Exercise|Differentiate|A (product|quotient|chain)|Given|Solution|The outer"
    assert last
    assert [line for line in last if re.match(led, line)] == []
