"""What a student's page leaves out, and what each student gets.

A solution that shows through, be it in alt text or in an anchor, spoils a test for a whole
class; a sheet that is harder than the neighbour's is unfair.  So every file is searched for every
line that was withheld, in every spelling, and every draw is compared with the first one.
"""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import symderiv as sd
from symderiv.cli import main
from symderiv.documents.document import Chain, Document, Folded, Passage, Section, Steps
from symderiv.documents.formats import ENDINGS
from symderiv.documents.rendering import render
from symderiv.documents.showing import shown
from symderiv.errors import Mistake
from symderiv.handouts.building import Order, build
from symderiv.handouts.composing import compose_handout
from symderiv.handouts.deriving import Deriver, profile
from symderiv.handouts.drawing import Drawing, chosen, read_students
from symderiv.handouts.keys import Keys
from symderiv.handouts.parameters import Parameter, put_in
from symderiv.handouts.specification import Spec, read_spec
from symderiv.handouts.withholding import VARIANTS
from symderiv.interface import understood
from symderiv.language.expressions import Expr, Symbol, as_expr
from symderiv.language.walks import nodes
from symderiv.marking.keys import read_key
from symderiv.printing.latex import latex
from symderiv.printing.mathml import math_element
from symderiv.printing.speech import speech
from symderiv.printing.typst import typst
from symderiv.printing.unicode import unicode_text

EXAMPLES = Path(__file__).parent.parent / "examples"
HANDOUTS = ("chain_rule.md", "first_calculus.toml", "deep_learning.toml")
FORMS = ("text", "markdown", "latex", "html", "json", "typst")


@cache
def made(name: str) -> tuple[Spec, Deriver, Drawing]:
    spec = read_spec(EXAMPLES / name)
    deriver = Deriver(spec)
    return spec, deriver, Drawing(spec, deriver, "0")


@cache
def page(name: str, variant: str) -> Document:
    spec, deriver, drawing = made(name)
    return compose_handout(spec, deriver, drawing.first, variant, "sheet")


def chains(document: Document) -> Iterator[Chain]:
    """The derivations of a page in their order, folded ones too."""
    for section in document.sections:
        if isinstance(section, Section):
            yield section.chain
            continue
        for block in section.blocks:
            inner = block.blocks if isinstance(block, Folded) else (block,)
            yield from (part.chain for part in inner if isinstance(part, Steps))


@pytest.mark.parametrize("name", HANDOUTS)
def test_axe_finds_nothing_on_a_sheet(
    name: str, chromium: Callable[..., Any], tmp_path: Path
) -> None:
    """Rooms to write in, hints and marks too: wide and light, in the dark, on a phone."""
    for variant in ("student", "solution") if name == HANDOUTS[0] else ("hints",):
        sheet = tmp_path / f"{variant}.html"
        sheet.write_text(render(page(name, variant), "html"), encoding="utf-8")

        assert chromium("axe", address=sheet.as_uri()) == [], variant


# --- nothing of a solution ---------------------------------------------------------------------


def lines_in(chain: Chain) -> Iterator[Expr]:
    """Every line of a derivation, and every line of the derivations inside it."""
    for line in chain.lines:
        yield from (line.expr, line.whole, *((line.struck,) if line.struck else ()))
        for lemma in line.lemmas:
            yield from lines_in(lemma)


def asked_in(document: Document) -> set[Expr]:
    """What the questions themselves show: starts, definitions, the words of the teacher."""
    shown_: list[Expr] = [chain.start for chain in chains(document)]
    for section in document.sections:
        if isinstance(section, Section):
            shown_ += [part for part in section.task if isinstance(part, Expr)]
            shown_ += section.given
            continue
        for block in section.blocks:
            if block.kind == "paragraph":
                shown_ += [part for part in block.prose if isinstance(part, Expr)]
            elif block.kind == "formulas":
                shown_ += block.equations
            elif block.kind == "table" and section.title == "Forward pass":
                shown_ += [
                    p for row in block.rows for p in (*row[0], *row[1]) if isinstance(p, Expr)
                ]
    return {node for expr in shown_ for node in nodes(expr)}


def secrets_of(name: str) -> list[Expr]:
    """What a student's page must not say; letters and numbers alone say nothing."""
    solution = page(name, "solution")
    public = asked_in(solution)
    found = dict.fromkeys(expr for chain in chains(solution) for expr in lines_in(chain))
    return [expr for expr in found if expr.parts and expr not in public]


def spellings(expr: Expr) -> set[str]:
    """Every way in which a page could spell it, without blanks."""
    mathml = math_element(expr)
    alt = re.search(r'alttext="([^"]*)"', mathml)
    texts = [str(expr), unicode_text(expr), html.unescape(re.sub(r"<[^>]*>", "", mathml))]
    texts += [latex(expr, dialect=d) for d in ("portable", "github", "latex")]
    texts += [html.unescape(alt[1])] if alt else []
    texts += [typst(expr), speech(expr)]
    return {squeezed(text) for text in texts}


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u2061\u2062\u2009\u202f]+", "", text)


def stripped(text: str) -> Iterator[str]:
    """A file as it stands, and as one sees it: without tags, escapes and colours."""
    yield text
    if "<html" in text:
        yield html.unescape(re.sub(r"<[^>]*>", "", text))
        yield html.unescape(text)
    elif text.startswith("{"):
        yield text.replace("\\\\", "\\")
    yield re.sub(r"\\sdfactor\{\d\}|\\textcolor\{\w+\}", "", text)


@cache
def views_of(text: str) -> list[tuple[str, str]]:
    """Each view without blanks, and for each of its letters the one before and after in the view:
    a blank ends a word, though it is taken out."""
    found = []
    for view in stripped(text):
        spaced = re.sub(r"[\s\u00a0\u2061\u2062\u2009\u202f]", " ", view)
        kept = [k for k, ch in enumerate(spaced) if ch != " "]
        ends = "".join(spaced[k + 1 : k + 2] or " " for k in kept)
        begins = "".join(spaced[k - 1] if k else " " for k in kept)
        found.append(("".join(spaced[k] for k in kept), begins + "\0" + ends))
    return found


def stands(spelling: str, view: str, around: str) -> bool:
    """Whether a spelling stands in a view as it is, not as a part of a longer word or number."""
    begins, _, ends = around.partition("\0")
    at = view.find(spelling)
    while at >= 0:
        before, after = begins[at], ends[at + len(spelling) - 1]
        if not re.match(r"[\w.]", before) and not re.match(r"\w", after):
            return True
        at = view.find(spelling, at + 1)
    return False


def told(text: str, expr: Expr) -> set[str]:
    """The spellings of an expression that stand in a text, not as a part of a longer word."""
    views = views_of(text)
    return {
        spelling for spelling in spellings(expr) if any(stands(spelling, *view) for view in views)
    }


@pytest.mark.parametrize("name", HANDOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_the_search_finds_every_line_of_a_solution(name: str, form: str) -> None:
    """A search that finds nothing in a solution would find nothing in a student's page."""
    text = render(page(name, "solution"), form)
    last = [chain.lines[-1].expr for chain in chains(page(name, "solution"))]
    secret = set(secrets_of(name))

    assert len(secret) >= 20
    assert sum(expr in secret for expr in last) >= 4
    for expr in last:
        assert told(text, expr), expr


@pytest.mark.parametrize("name", HANDOUTS)
@pytest.mark.parametrize("variant", ["student", "hints"])
def test_nothing_of_a_solution_is_in_any_file_of_a_student(
    name: str, variant: str, tmp_path: Path
) -> None:
    """Every file that is written: the page, its pictures, alt text, anchors, metadata."""
    formats = tuple(form for form in FORMS)
    order = Order(EXAMPLES / name, tmp_path, formats, (variant,))
    files = list(build(order))
    secret = secrets_of(name)

    assert len(files) >= len(FORMS)
    for path in files:
        text = path.read_text(encoding="utf-8")
        leaks = {str(expr): found for expr in secret if (found := told(text, expr))}
        assert leaks == {}, path.name


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_faded_page_shows_no_line_that_it_leaves_out(name: str) -> None:
    solution, faded = page(name, "solution"), page(name, "faded")
    kept = {expr for chain in chains(faded) for expr in lines_in(chain)}
    kept |= {node for expr in kept for node in nodes(expr)} | asked_in(solution)
    hidden = [
        line.expr
        for whole, part in zip(chains(solution), chains(faded), strict=True)
        if part.gaps
        for line in whole.lines
        if line.number in {gap.number for gap in part.gaps} and line.expr.parts
    ]

    assert hidden
    for form in FORMS:
        text = render(faded, form)
        assert {str(e): told(text, e) for e in hidden if e not in kept and told(text, e)} == {}


@pytest.mark.parametrize("name", HANDOUTS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_example_is_made_in_every_format(name: str, variant: str) -> None:
    document = page(name, variant)
    text = {form: render(document, form) for form in FORMS}
    page_ids = re.findall(r'\bid="([^"]*)"', text["html"])

    assert len(page_ids) == len(set(page_ids))
    assert {f"#{i}" for i in page_ids} >= set(re.findall(r'href="(#[^"]*)"', text["html"]))
    assert "<script" not in text["html"]
    assert json.loads(text["json"])["title"] == document.title
    assert text == {form: render(document, form) for form in FORMS}
    assert ("Name: " in text["text"]) is (variant != "solution")


@pytest.mark.parametrize("name", HANDOUTS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_example_is_set_by_pdflatex(name: str, variant: str, tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("this needs pdflatex, which is not installed")
    (tmp_path / "sheet.tex").write_text(render(page(name, variant), "latex"), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")

    assert run.returncode == 0, run.stdout[-1500:]
    assert "Overfull" not in run.stdout


# --- the variants ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_student_gets_room_for_each_line_and_no_claim(name: str) -> None:
    spec = made(name)[0]
    document = page(name, "student")

    assert document.derivations == ()
    for whole, part in zip(chains(page(name, "solution")), chains(document), strict=False):
        if part.start is whole.start:
            assert part.lines == ()
            assert [g.number for g in part.gaps] == [li.number for li in shown(whole, spec.detail)]
            assert all(bool(gap.reasons) is spec.reasons for gap in part.gaps)
            assert all(gap.hint == () for gap in part.gaps)


@pytest.mark.parametrize("name", HANDOUTS)
def test_each_faded_example_leaves_out_one_more_of_its_last_lines(name: str) -> None:
    """Renkl and Atkinson 2003: complete first, then one step less each time."""
    spec = made(name)[0]
    pairs = zip(chains(page(name, "solution")), chains(page(name, "faded")), strict=True)
    for k, (whole, part) in enumerate(pairs):
        lines = [line.number for line in shown(whole, spec.detail)]
        left = max(len(lines) - k, 0)

        assert [gap.number for gap in part.gaps] == (lines[left:] if k else [])
        if k:
            assert [line.number for line in part.lines] == lines[:left]


@pytest.mark.parametrize("name", HANDOUTS)
def test_hints_name_the_reason_of_each_line_and_say_why(name: str) -> None:
    pairs = zip(chains(page(name, "solution")), chains(page(name, "hints")), strict=True)
    for whole, part in pairs:
        lines = {line.number: line for line in whole.lines}

        assert part.lines == ()
        for gap in part.gaps:
            assert gap.reasons == tuple(r.name for r in lines[gap.number].reasons)
            assert gap.hint


def test_marks_stand_at_the_line_that_earns_them() -> None:
    product, *_ = chains(page("first_calculus.toml", "solution"))

    worth = [(line.reasons[0].name, line.last, line.worth) for line in product.lines if line.worth]

    assert worth[0] == ("Product rule", False, "2 marks")
    assert worth[1:] == [(product.lines[-1].reasons[0].name, True, "1 mark")]
    assert "(3 marks)" in render(page("first_calculus.toml", "student"), "text")
    assert "[2 marks]" not in render(page("first_calculus.toml", "student"), "text")


# --- what is drawn -----------------------------------------------------------------------------


def test_a_draw_is_sha_256_and_nothing_else() -> None:
    """By hand: length and letters of seed, student, attempt and name, hashed, sixteen bytes."""
    w = Parameter("w", tuple(map(as_expr, range(-3, 4))))
    told_ = b"\0\0\0\x042026" + b"\0\0\0\x03ada" + b"\0\0\0\x010" + b"\0\0\0\x01w"

    assert chosen(w, "2026", "ada", 0) == int(sha256(told_).hexdigest()[:32], 16) % 7


def test_draws_are_spread_evenly() -> None:
    w = Parameter("w", tuple(map(as_expr, range(6))))
    counts = Counter(chosen(w, "s", f"student-{k}", 0) for k in range(6000))

    assert set(counts) == set(range(6))
    assert all(850 < count < 1150 for count in counts.values())  # five standard deviations


PUT_IN = [
    "w*x + b", "a*x^n - b/x", "2*a*x", "exp(a*x)/a", "x^2/b + a", "(x - a)^2",
    "sin(a*x)*cos(x - b)", "-a*x - b",
    "a*b*x*(x - a)", "x/(a*b)", "(a*x)/(b*x)", "-(-a*x)", "a - (b - x)", "x^(a - b)",
]  # fmt: skip


@pytest.mark.parametrize("text", PUT_IN)
@pytest.mark.parametrize("a", [-2, -1, 1, 3])
@pytest.mark.parametrize("b", [-4, -1, 1, 2])
def test_what_is_drawn_is_put_in_as_one_writes_it(text: str, a: int, b: int) -> None:
    """The same value, proved; and no factor 1, no term 0, no two signs beside one another."""
    values = {"a": a, "b": b, "w": a, "n": 3}
    expr = understood([text]).expressions[0]
    put = put_in(expr, {name: as_expr(value) for name, value in values.items()})
    given = {name: str(value) for name, value in values.items() if Symbol(name) in nodes(expr)}

    assert sd.compare(expr, put, given=given, where={"x": ">0"}).verdict == "equal"
    assert not re.search(r"(?<![\w.^(/])1\*|\+ 0|- 0|--|\+ -|- -|- \(-\d+\)", str(put))
    assert str(sd.read(str(put))) == str(put)


def test_three_hundred_students_get_problems_that_are_equally_hard() -> None:
    """Same rules, same order, same number of steps, for each problem of each student."""
    spec, deriver, drawing = made("first_calculus.toml")
    keys = Keys(spec, deriver)
    draws = {f"student-{k}": drawing.of(f"student-{k}") for k in range(300)}
    first = [profile(deriver.worked(task, drawing.first).derivation) for task in spec.tasks]
    texts = {student: keys.text(draw) for student, draw in draws.items()}

    assert len(set(map(str, draws.values()))) > 150
    for draw in draws.values():
        worked = [deriver.worked(task, draw) for task in spec.tasks]
        assert [w.profile for w in worked] == first
        assert [len(w.derivation.steps) for w in worked] == list(map(len, first))
    assert all(len(read_key(text).questions) == len(spec.tasks) for text in set(texts.values()))


def test_who_else_is_in_the_class_changes_nobodys_sheet() -> None:
    spec, deriver, drawing = made("first_calculus.toml")

    assert Drawing(spec, deriver, "0").of("ada") == drawing.of("ada")
    assert any(Drawing(spec, deriver, "1").of(n) != drawing.of(n) for n in ("ada", "emmy", "sonja"))


def test_an_impossible_draw_is_said_and_not_repeated_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one attempt alone, whoever draws the other kind of problem cannot be served."""
    monkeypatch.setattr("symderiv.handouts.drawing._ATTEMPTS", 1)
    (tmp_path / "sheet.toml").write_text(
        'title = "A"\n[parameters]\nn = "1..3"\n[[section]]\nderive = "x^n"\nwrt = "x"\n'
    )
    spec = read_spec(tmp_path / "sheet.toml")
    drawing = Drawing(spec, Deriver(spec), "0")
    names = [str(k) for k in range(40)]
    served = [name for name in names if chosen(spec.parameters[0], "0", name, 0) != 0]

    assert drawing.first["n"] is not as_expr(1)  # most draws are powers, and not x alone
    assert 0 < len(served) < len(names)
    for name in names:
        if name in served:
            assert drawing.of(name)["n"] is not as_expr(1)
        else:
            with pytest.raises(Mistake, match=rf"line 2: In 1 draws for {name} no problem .*n = "):
                drawing.of(name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ada\nemmy\n", ("ada", "emmy")),
        ("id,name\n7,Ada L.\n8,Émilie\n", ("Ada L.", "Émilie")),
        ("\ufeffStudent;x\nada;1\n", ("Student;x", "ada;1")),
        ("email,points\na@b.c,3\n\n", ("a@b.c",)),
    ],
)
def test_students_are_read_from_a_table(text: str, names: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(text, encoding="utf-8")

    assert read_students(str(tmp_path / "names.csv")) == names


@pytest.mark.parametrize("text", ["", "ada\nada\n", "name\n", 'x,"'])
def test_a_table_without_students_is_a_mistake(text: str, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(text)
    if text == 'x,"':
        assert read_students(str(tmp_path / "names.csv")) == ("x",)
    else:
        with pytest.raises(Mistake, match=r"names\.csv"):
            read_students(str(tmp_path / "names.csv"))


# --- sheets and keys ---------------------------------------------------------------------------


def test_each_student_gets_a_sheet_and_a_key_that_check_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way: build, answer each question by our own result, and mark it by the key."""
    (tmp_path / "names.csv").write_text("name\nAda Lovelace\n../emmy\n", encoding="utf-8")
    order = ["handout", str(EXAMPLES / "first_calculus.toml"), "-o", str(tmp_path / "out")]
    order += ["--students", str(tmp_path / "names.csv"), "--seed", "7", "--variant", "student"]

    assert main([*order, "-f", "text,html"]) == 0

    files = capsys.readouterr().out.split()
    keys = sorted((tmp_path / "out" / "keys").iterdir())

    assert len(files) == 6
    assert all(Path(file).is_file() and tmp_path / "out" in Path(file).parents for file in files)
    assert len(keys) == 2
    for key in keys:
        sheet = tmp_path / "out" / "sheets" / f"{key.stem}-student.txt"
        questions = read_key(key.read_text(encoding="utf-8")).questions
        text = squeezed(sheet.read_text(encoding="utf-8"))
        for question in questions.values():
            start = question.problem.question
            assert squeezed(unicode_text(start.parts[0])) in text
        answers = tmp_path / f"{key.stem}.csv"
        with answers.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["student", *questions])
            rows.writerow(["right", *(str(q.problem.truth) for q in questions.values())])
            rows.writerow(["wrong", *(f"{q.problem.truth} + 1" for q in questions.values())])
        report = tmp_path / f"report-{key.stem}"
        assert main(["check", "--key", str(key), str(answers), "-o", str(report)]) == 0
        with (report / "results.csv").open(encoding="utf-8") as file:
            found = {(r["student"], r["question"]): r for r in csv.DictReader(file)}
        for name, question in questions.items():
            assert found["right", name]["verdict"] == "correct"
            assert Fraction(found["right", name]["marks"]) == question.rubric.marks
            assert found["wrong", name]["verdict"] == "incorrect"


@pytest.mark.parametrize("name", HANDOUTS)
def test_our_own_lines_earn_every_mark_of_the_key(name: str) -> None:
    """A rubric that the solution itself does not meet would be unfair to all."""
    from symderiv.homework.rubric import credit

    spec, deriver, drawing = made(name)
    key = read_key(Keys(spec, deriver).text(drawing.first))

    assert len(key.questions) == len(spec.tasks)
    for question, task in zip(key.questions.values(), spec.tasks, strict=True):
        derivation = deriver.worked(task, drawing.first).derivation
        lines = [f"= {step.after}" for step in derivation.steps]
        marked = sd.check_lines(question.problem, lines)
        assert marked.verdict == "correct", (question.name, marked)
        assert credit(marked, question.rubric).marks == question.rubric.marks
        if task.marks:
            assert question.rubric.marks == sum(task.marks.values())


def test_a_condition_of_the_solution_is_not_given_away(tmp_path: Path) -> None:
    """dy/dx = −x/y divides by y: that y is not zero belongs to the answer, unless it is stated."""
    (tmp_path / "sheet.toml").write_text(
        'title = "A"\n[[section]]\nderive = "x^2 + y^2 = 25"\nwrt = "x"\nof = "y"\n'
        '[[section]]\nderive = "log(u)/u"\nwhere = {u = ">0"}\n'
        '[[section]]\nderive = "1/t"\nwhere = {t = "!=0"}\n'
    )
    spec = read_spec(tmp_path / "sheet.toml")
    solution = render(compose_handout(spec, Deriver(spec)), "text")
    student = render(compose_handout(spec, Deriver(spec), variant="student"), "text")

    assert "y ≠ 0" in solution
    assert "y ≠ 0" not in student
    assert "u > 0" in student
    assert "t ≠ 0" in student


def test_a_passage_of_a_page_is_never_only_hidden() -> None:
    """Withheld is what is not there: no style hides anything on a student's page."""
    for name in HANDOUTS:
        text = render(page(name, "student"), "html")
        body = text[text.index("<body") :]

        assert "<details" not in body
        assert not re.search(r"<[^>]*\shidden[\s=>]|display:none|visibility", body)
        assert "<!--" not in body
        assert isinstance(page(name, "student").sections[0], Passage)


def test_every_format_by_its_name_and_its_ending(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('title = "A"\n[[section]]\nderive = "x^2"\n')
    for form in FORMS:
        for word in (form, ENDINGS[form]):
            assert main(["handout", str(tmp_path / "s.toml"), "-o", str(tmp_path), "-f", word]) == 0
            assert (tmp_path / f"s.{ENDINGS[form]}").is_file()
            (tmp_path / f"s.{ENDINGS[form]}").unlink()


def test_what_the_question_says_is_not_given_once_more(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(
        'title = "T"\n[[section]]\nderive = "x^2 + y^2 = 25"\nof = "y"\nwrt = "x"\n',
        encoding="utf-8",
    )

    assert (
        main(["handout", str(sheet), "-o", str(tmp_path), "-f", "text", "--variant", "student"])
        == 0
    )
    text = (tmp_path / "sheet-student.txt").read_text(encoding="utf-8")
    assert text.count("x² + y² = 25") == 1
    assert "Given" not in text
