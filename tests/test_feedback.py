"""Feedback says what was read, what is wrong and where to go on, and runs nothing that was typed.

Verdicts and numbers are worked out apart from the engine; what somebody typed is looked
for in every format, as a reader's program would see it.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

import symderiv as sd
from symderiv.catalogue.rules import differentiation as laws
from symderiv.documents.crediting import credit_block
from symderiv.documents.feedback import compose_feedback
from symderiv.documents.rendering import page_of
from symderiv.homework.results import Check, Marked, MarkedLine, Suspicion
from symderiv.homework.rubric import Milestone, Rubric, credit
from symderiv.homework.telling import told

FORMATS = (
    ("text", ""), ("markdown", "github"), ("markdown", "plain"), ("latex", ""), ("html", ""),
    ("json", ""),
)  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</pre></details></section><h1>100 %</h1>",
    "<svg><script>alert(1)</script></svg>",
    "]]></math><svg onload=alert(1)>",
    r"\end{document}\input{/etc/passwd}",
    r"\write18{id}\immediate\openout3=x",
    "^^5cinput{/etc/passwd} % # & ~ _ $",
    "[x](javascript:alert(1)) ![y](http://example.invalid/z)",
    "```\n# Marks: 100\n```",
    "    indented\n\n# Marks: 100",
    "| a | b |\n|---|---|",
    "{{7*7}} {% include 'html/style.css' %} {# no #}",
    r"\VAR{document} \BLOCK{for x in y}",
    "\x1b[31mred\x1b]0;title\x07\x9b31m\u202egnp.exe",
    "中文 лена é 😀 \u200b\u2066",
    "'; DROP TABLE students; --",
)


@pytest.fixture(scope="module")
def slip() -> Check:
    """A wrong answer with the slip by which it comes about, put together by hand."""
    check = sd.check("D(x^2*sin(x), x)", "2*x*cos(x)")
    line = check.derivation.start
    lawful, bent = sd.read("D(x^2, x)*sin(x) + x^2*D(sin(x), x)"), sd.read("D(x^2,x)*D(sin(x),x)")
    suspicion = Suspicion(laws.product_of_derivatives, line, (), lawful, bent)
    return Check(
        "incorrect", check.truth, check.derivation, check.read,
        witness=check.witness, values=check.values, misconceptions=(suspicion,), hint=check.hint,
    )  # fmt: skip


@pytest.fixture(scope="module")
def marked(slip: Check) -> Marked:
    """A derivation that goes wrong in its second line and on from there."""
    start, read = slip.derivation.start, sd.read
    lines = (
        MarkedLine("d/dx x^2 sin x", "given", start),
        MarkedLine(
            "= 2x d/dx sin x", "wrong", read("2*x*D(sin(x), x)"),
            misconceptions=slip.misconceptions, witness=slip.witness, values=slip.values,
        ),
        MarkedLine(
            "= 2x cos x", "follows", read("2*x*cos(x)"),
            rules=(laws.product_rule,), follow_through=True,
        ),
        MarkedLine("= <b>oops", "unreadable", reason="No sense.\n  = <b>oops\n    ^\nWrite it."),
    )  # fmt: skip
    return Marked("incorrect", lines, slip.truth, slip.derivation, hint=slip.hint)


# what is said


def test_the_witness_is_put_in_with_both_values(slip: Check) -> None:
    page = sd.render(slip, "text")
    said = re.search(r"Put in x = (\S+): yours is (\S+), and it should be (\S+)\.\n", page)
    assert said
    x, yours, right = (float(value.replace("−", "-")) for value in said.groups())

    assert yours == pytest.approx(2 * x * math.cos(x), rel=1e-5)
    assert right == pytest.approx(2 * x * math.sin(x) + x * x * math.cos(x), rel=1e-5)


def test_a_misconception_is_worded_as_consistent_with_and_the_law_is_linked(slip: Check) -> None:
    page = sd.render(slip, "html")
    text = re.sub(r"<[^>]*>", "", page)

    assert "This is consistent with: product of derivatives." in text
    assert laws.product_of_derivatives.why in text
    assert '<a href="#rule-product-rule">product rule</a>' in page
    assert '<dt id="rule-product-rule">' in page


@pytest.mark.parametrize(("form", "dialect"), FORMATS)
def test_hints_grow_and_stand_before_the_solution(form: str, dialect: str, slip: Check) -> None:
    page = sd.render(slip, form, dialect=dialect)
    order = [page.index(words) for words in ("Hint 1", "Hint 2", "Hint 3", "Solution")]

    assert order == sorted(order)


def test_hints_and_solution_are_shut_until_they_are_wanted(slip: Check) -> None:
    page = sd.render(slip, "html")
    folds = re.findall(r'<details class="sd-fold"([^>]*)><summary>([^<]*)', page)

    assert [words for _, words in folds] == [
        "Hint 1, where", "Hint 2, which rule", "Hint 3, the next line", "Solution"
    ]  # fmt: skip
    assert {options for options, _ in folds} == {""}


def test_the_solution_is_the_engines_derivation_with_what_was_checked(slip: Check) -> None:
    passages = {section.id: section for section in page_of(slip).sections}
    solution = sd.render(slip, "text").partition("Solution")[2]

    assert set(passages) == {"answer", "answer-solution"}
    assert str(slip.derivation.evidence) in solution
    assert "2x sin(x) + x² cos(x)" in solution


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("D(x^2, x)", "2x", "Correct."),
        ("D(x^2, x)", "x", "Not correct."),
        ("D(x^2, x)", "2x)", "This could not be read"),
    ],
)
@pytest.mark.parametrize(("form", "dialect"), FORMATS)
def test_every_format_says_the_verdict(
    question: str, answer: str, words: str, form: str, dialect: str
) -> None:
    assert words in sd.render(sd.check(question, answer), form, dialect=dialect)


def test_a_right_value_in_another_form_is_not_called_wrong() -> None:
    check = sd.check("D(sigma(z), z)", "exp(-z)/(1+exp(-z))^2", form="in terms of sigma")
    page = sd.render(check, "text")

    assert "The value is right, but the form is not the one that was asked for." in page
    assert "The form that was asked for: in terms of sigma." in page
    assert "Not correct" not in page


def test_a_derivation_is_shown_line_by_line(marked: Marked) -> None:
    page = sd.render(marked, "text")

    assert "The first wrong line is line 2." in page
    assert re.search(r"is wrong +2x · d/dx sin\(x\)", page)
    assert re.search(r"follows from your own line by [^\n]+ 2x cos\(x\)", page)
    assert "Line 2. Put in x" in page
    assert "Line 4. No sense." in page


@pytest.mark.parametrize(("form", "dialect"), FORMATS)
def test_a_derivation_has_a_page_in_every_format(form: str, dialect: str, marked: Marked) -> None:
    page = sd.render(marked, form, dialect=dialect)

    assert "consistent with" in page
    assert "Solution" in page


@pytest.mark.parametrize("strength", range(4))
def test_feedback_gives_away_as_much_as_its_strength(strength: int) -> None:
    """0 nothing, 1 where, 2 which rule, 3 the next line and the solution."""
    check = sd.check("D(x^3*cos(2x), x)", "3x^2*cos(2x) - x^3*sin(2x)")
    page = sd.render(compose_feedback(check, strength), "text")
    told_ = told(check, strength)

    assert "Not correct." in page
    assert ("Look at d/dx cos(2x) in this line:" in page) is (strength > 0)
    assert ("inner derivative of the cosine forgotten" in page) is (strength > 1)
    assert ("inner derivative of the cosine forgotten" in told_) is (strength > 1)
    assert ("derivative of the cosine" in page) is (strength > 1)
    assert ("−sin(2x) · d/dx [2x], and not −sin(2x)" in page) is (strength > 2)
    assert ("−sin(2x) · d/dx [2x], not −sin(2x)" in told_) is (strength > 2)
    assert ("Solution" in page) is (strength > 2)


def test_a_wrong_line_that_no_rule_follows_has_its_place_as_a_hint() -> None:
    """Our own derivation goes no further than the line before: it is not begun anew."""
    marked = sd.check_lines("D(x^2*log(x), x)", ["2x*ln(x) + x", "= x*(2*ln(x) + x)"])
    page = sd.render(marked, "text")

    assert re.search(
        r"Hint 1, where:\s+Look at the step to line 2, from:\s+2x log\(x\) \+ x\n", page
    )
    assert "Hint 2" not in page


def test_the_same_slip_is_told_once() -> None:
    """dL/dyhat in the place of dL/dz: stopped on the way, another variable, a chain broken off."""
    given = {"L": "bce(yhat, y)", "yhat": "sigma(z)"}
    check = sd.check("L", "(yhat - y)/(yhat*(1 - yhat))", wrt="z", given=given)
    page = sd.render(check, "text")

    assert len(check.misconceptions) > 1
    assert page.count("consistent with") == 1


def test_how_a_text_was_read_that_has_two_readings_is_said() -> None:
    check = sd.check("D(sin(x)^2, x)", r"2\sin x \cdot (\cos x)")

    assert check.correct
    assert "it was read in the one in which it is right" in sd.render(check, "text")


def test_a_rounded_decimal_is_right_with_a_remark_and_too_few_digits_are_said() -> None:
    """2π = 6.28318…, 1/3 = 0.33333…"""
    right = sd.render(sd.check("D(pi*x^2, x)", "6.28x"), "text")
    coarse = sd.render(sd.check("D(x^3/9, x)", "0.3x^2"), "text")

    assert "It is right within the rounding of the values shown: 6.28 for 6.28319." in right
    assert "The value is right, but it shows too few digits." in coarse


# what was typed


class Page(HTMLParser):
    """The tags, attributes and words of a page, and what stands in its <pre>."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.typed = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "pre" in self.open:
            self.typed += data


@pytest.mark.parametrize("typed", HOSTILE)
def test_html_holds_what_was_typed_as_text_alone(typed: str) -> None:
    check = sd.check("D(x^2, x)", typed)
    page, clean = (
        Page(sd.render(check, "html")),
        Page(sd.render(sd.check("D(x^2, x)", "2x)"), "html")),
    )

    assert page.tags <= clean.tags
    assert page.attributes <= clean.attributes
    shown = page.typed.partition("\n")[0]
    if check.read is None and len(typed) < 40:
        wanted = re.sub(r"[\n\t]", " ", typed)
        assert shown == "".join(ch if ch.isprintable() else "·" for ch in wanted)


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_control_character_reaches_a_terminal_or_a_file(typed: str) -> None:
    """A terminal obeys escape sequences, and bidi marks turn text around."""
    check = sd.check("D(x^2, x)", typed)
    for form, dialect in FORMATS:
        page = sd.render(check, form, dialect=dialect)
        hidden = {ch for ch in page if not ch.isprintable() and ch != "\n"}

        assert hidden == set(), (form, dialect)


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("dialect", ["github", "plain"])
def test_markdown_quotes_what_was_typed_as_code(typed: str, dialect: str) -> None:
    """Below a blank line, four blanks in front: no sign in such a block means anything."""
    check = sd.check("D(x^2, x)", typed)
    if check.read is not None:
        pytest.skip("this was read, and is printed from the tree")
    lines = sd.render(check, "markdown", dialect=dialect).splitlines()
    caret = next(k for k, line in enumerate(lines) if line.strip() == "^")

    assert lines[caret - 1].startswith("    ")
    assert lines[caret - 2] == ""
    for k, line in enumerate(lines):
        if k != caret - 1:
            assert "Marks: 100" not in line
            assert not re.search(r"(?<!\\)<(script|img|svg|h1)", line)


@pytest.mark.parametrize(
    "typed", ["{{7*7}}", "{% raw %}", r"\VAR{document.title}", "{{ ''.__class__ }}"]
)
@pytest.mark.parametrize(("form", "dialect"), FORMATS)
def test_no_template_runs_what_was_typed(typed: str, form: str, dialect: str) -> None:
    page = sd.render(sd.check("D(x^2, x)", typed), form, dialect=dialect)

    shown = re.sub(r"&#\d+;", "", page.partition("</style>")[2] or page)

    assert "49" not in shown.partition("could not be read")[2]
    assert "class 'str'" not in page
    assert "Feedback on an answer" not in page.partition("could not be read")[2]


def test_json_holds_what_was_typed_as_a_string() -> None:
    said = json.loads(sd.render(sd.check("D(x^2, x)", '2x" }, {'), "json"))
    quoted = [b for b in said["sections"][0]["blocks"] if b["kind"] == "quoted"]

    assert [block["text"] for block in quoted] == ['2x" }, {']


def test_latex_sets_all_that_was_typed_and_reads_no_file(tmp_path: Path) -> None:
    """Every hostile answer in one document: pdflatex is stopped by none and runs none."""
    for tool in ("pdflatex", "pdftotext"):
        if shutil.which(tool) is None:
            pytest.skip(f"this needs {tool}")
    head, _, rest = sd.render(sd.check("D(x^2, x)", "2x)"), "latex").partition(r"\begin{document}")
    bodies = []
    for typed in HOSTILE:
        page = sd.render(sd.check("D(x^2, x)", typed), "latex")
        bodies.append(page.partition(r"\begin{document}")[2].rpartition(r"\end{document}")[0])
    assert rest
    text = head + r"\begin{document}" + "\\clearpage\n".join(bodies) + r"\end{document}"
    (tmp_path / "page.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
    done = subprocess.run([*command, "page.tex"], cwd=tmp_path, capture_output=True, timeout=120)
    log = (tmp_path / "page.log").read_text(errors="replace")

    assert done.returncode == 0, re.findall(r"^! .*(?:\n.*){3}", log, re.MULTILINE)
    assert "Missing character" not in log
    read = subprocess.run(["pdftotext", "page.pdf", "-"], cwd=tmp_path, capture_output=True)
    words = " ".join(read.stdout.decode(errors="replace").split())
    assert "root:" not in words
    assert r"\input{/etc/passwd}" in words
    assert "[U+4E2D]" in words


# marks


def _credit(what: Check | Marked, rubric: Rubric) -> list[Fraction | None]:
    return [item.marks for item in credit(what, rubric).earned]


def test_marks_are_those_of_the_rubric(slip: Check, marked: Marked) -> None:
    """Worked out by hand: what each milestone is worth, and what is kept for a slip."""
    answer = Milestone(Fraction(4))
    rule = Milestone(Fraction(2), "rule", "product rule")
    kept = {"product of derivatives": Fraction(1, 4)}

    assert _credit(slip, Rubric((answer,))) == [0]
    assert _credit(slip, Rubric((answer,), slips=kept)) == [1]
    assert _credit(sd.check("D(x^2, x)", "2x"), Rubric((answer,), slips=kept)) == [4]
    assert _credit(marked, Rubric((rule,))) == [2]
    assert _credit(marked, Rubric((rule,), follow_through=False)) == [None]


def test_an_answer_that_follows_from_ones_own_slip_earns_its_marks(marked: Marked) -> None:
    """One slip is not punished twice, where the teacher wants it so."""
    carried = Marked("incorrect", marked.lines[:3], marked.truth, marked.derivation)
    answer = Milestone(Fraction(3))

    assert _credit(carried, Rubric((answer,))) == [3]
    assert _credit(carried, Rubric((answer,), follow_through=False)) == [0]


@pytest.mark.parametrize("answer", ["2x)", ""])
def test_what_could_not_be_read_costs_nothing_before_a_person_has_looked(answer: str) -> None:
    found = credit(sd.check("D(x^2, x)", answer), Rubric((Milestone(Fraction(2)),)))

    assert found.marks is None
    assert "waits for a person" in str(credit_block(found))


def test_the_form_earns_its_own_marks() -> None:
    rubric = Rubric((Milestone(Fraction(2)), Milestone(Fraction(1), "form")))
    asked = {"form": "in terms of sigma"}
    right = sd.check("D(sigma(z), z)", "sigma(z)*(1 - sigma(z))", **asked)
    other = sd.check("D(sigma(z), z)", "exp(-z)/(1+exp(-z))^2", **asked)

    assert _credit(right, rubric) == [2, 1]
    assert _credit(other, rubric) == [2, 0]


def test_a_page_in_a_users_template_is_told_the_same(tmp_path: Path, slip: Check) -> None:
    (tmp_path / "markdown").mkdir()
    (tmp_path / "markdown" / "derivation.md").write_text(
        '{% extends "symderiv/markdown/derivation.md" %}{% block footer %}\nSheet 4\n{% endblock %}'
    )
    page = sd.render(slip, "markdown", templates=[str(tmp_path)])
    ours = sd.render(slip, "markdown").rpartition("\n---\n")[0]

    assert page == f"{ours.rstrip()}\nSheet 4\n"


def test_the_place_of_the_slip_is_marked(slip: Check) -> None:
    suspicion = slip.misconceptions[0]
    inner = replace(suspicion, line=suspicion.lawful, place=(1, 1))
    html = sd.render(compose_feedback(replace(slip, misconceptions=(inner,))), "html")
    marked = re.findall(r'class="sd-factor-1"[^>]*>(.*?)</m', html)

    assert len(marked) == 1
