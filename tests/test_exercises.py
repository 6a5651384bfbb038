"""Exercises on somebody else's page: the question is seen, the solution folded away, in every way
in which an author may ask for one.

What the box below them says is tested in `test_quizzes`.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

from symderiv.cli import main
from symderiv.sites import jinja
from symderiv.sites.making import made
from symderiv.sites.pieces import GITHUB, HTML, LATEX, TEXT, Site, network_file, piece
from symderiv.sites.styling import quiz_script
from symderiv.sites.wishes import EXERCISE, Misasked, read_fence, read_line

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLAIN = Site("/docs/", ROOT / "examples", "")
QUIZ = Site("/docs/", ROOT / "examples", "", quiz=True)
FENCES = {
    "product": "expr: x^2*sin(3x)\nhint: yes\nid: product",
    "sigmoid": "function: sigmoid\nat: {z: 0.4}\nshow: [claim, steps, graph, check]",
    "relu": "function: relu\ndetail: full\nhint: yes",
    "loss": "expr: L\nwrt: z\ngiven: {L: bce(yhat, y), yhat: sigma(z)}\nhint: yes",
    "network": "network: two_layer.toml\nwrt: W1[1,1]\nshow: [claim, steps, graph, check]",
    "implicit": "expr: x^2 + y^2 = 25\nof: y\nwrt: x\nhint: yes",
    "where": "expr: log(x)/x\nwhere: {x: >0}\nquiz: no",
}
SECRETS = {
    "product": ("cos",), "sigmoid": ("1−σ(z)",), "relu": ("1", "cases"),
    "loss": ("yˆ−y",), "network": ("∂L",), "implicit": ("−x",), "where": ("1−log",),
}  # fmt: skip


def exercise(name: str, form: tuple[str, str] = HTML, site: Site = QUIZ) -> str:
    return piece(read_fence(FENCES[name], EXERCISE), form, site)


class Page(HTMLParser):
    """The words of a piece outside and inside of its folds, as a reader without CSS sees them."""

    VOID = ("input", "br", "meta", "img", "hr")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.outside: list[str] = []
        self.inside: list[str] = []
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        if "details" not in self.open:
            self.attributes += [str(value) for name, value in attrs if name != "data-sd-quiz"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        depth = self.open.count("details")
        folded = depth > 1 or (depth and self.open[-1] != "summary")
        (self.inside if folded else self.outside).append(data)


@pytest.mark.parametrize("name", FENCES)
def test_the_question_stands_there_and_nothing_of_the_solution_beside_it(name: str) -> None:
    html = exercise(name)
    page = Page(html)
    seen = "".join(page.outside)
    folds = re.findall(r"<summary aria-label=\"(\w+): ", html)

    assert (page.open, page.wrong) == ([], [])
    assert re.match(r"\s*(Differentiate|Find)\b", seen)
    assert folds == (["Hint"] if "hint" in FENCES[name] else []) + ["Solution"]
    assert "<details open" not in html
    assert "sd-claim" not in html.partition("<details")[0]
    assert "sd-row" in html.partition('class="sd-fold sd-solution"')[2]
    assert html.count('class="sd-task"') == 0, "the question stands there once"


@pytest.mark.parametrize("name", ["product", "sigmoid", "loss", "implicit", "where"])
def test_no_formula_of_the_answer_is_outside_of_the_folds(name: str) -> None:
    wish = read_fence(FENCES[name], EXERCISE)
    found = made(wish, "x", network_file(wish, PLAIN)).derivation
    assert found is not None
    page = Page(exercise(name))
    letters = "".join("".join(page.outside).split())
    answer = SECRETS[name]

    assert all(part not in letters for part in answer), letters
    assert all(part in "".join("".join(page.inside).split()) for part in answer)


@pytest.mark.parametrize("name", FENCES)
def test_a_piece_is_one_block_without_script_and_without_style(name: str) -> None:
    html = exercise(name)

    assert html.startswith('<div class="sd-page sd-embed sd-exercise">\n')
    assert html.endswith("\n</div>\n")
    bare = re.sub(r"data-sd-quiz='[^']*'", "", html)
    assert not re.search(r"<(style|script|link|iframe)|\sstyle=|\son\w+=|javascript:", bare)
    assert not re.search(r"^\s|\n\n|\n[ \t]", html)
    assert html.count("<math ") == html.count("<math data-search-exclude ") > 0
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len({*ids})


@pytest.mark.parametrize("name", FENCES)
def test_every_markdown_leaves_a_piece_as_it_is(name: str) -> None:
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    commonmark = pytest.importorskip("markdown_it", reason="this needs markdown-it-py")
    html = exercise(name)
    page = f"Before *it*.\n\n{html}\nAfter *it*.\n"

    for done in (
        markdown.markdown(page),
        markdown.markdown(page, extensions=["extra", "toc", "smarty", "sane_lists"]),
        commonmark.MarkdownIt("commonmark").render(page),
    ):
        assert html in done


def test_a_box_is_there_only_where_site_or_fence_says_so() -> None:
    asked = {
        (site.quiz, said): "data-sd-quiz" in piece(read_line(f"exercise tanh {said}"), HTML, site)
        for site in (PLAIN, QUIZ)
        for said in ("", "quiz=yes", "quiz=no")
    }

    assert asked == {
        (False, ""): False, (False, "quiz=yes"): True, (False, "quiz=no"): False,
        (True, ""): True, (True, "quiz=yes"): True, (True, "quiz=no"): False,
    }  # fmt: skip
    assert "data-sd-quiz" not in exercise("relu"), "an answer with cases has no box"
    assert "data-sd-quiz" not in exercise("network")


def test_the_data_of_a_box_comes_through_html_as_it_was() -> None:
    """Names of misconceptions hold apostrophes, and formulas hold < and &."""

    class Data(HTMLParser):
        found = ""

        def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found = dict(attrs).get("data-sd-quiz") or self.found

    page = Data()
    page.feed(exercise("loss"))
    told = json.loads(page.found)

    assert any("'" in note["name"] + note["why"] for note in told["notes"])
    assert {note["link"].partition("#")[0] for note in told["notes"]} >= {"/docs/rules/"}
    assert told["names"]["ŷ"] == told["names"]["yhat"]


def test_a_hint_names_the_laws_of_differentiation_that_lead_to_the_answer() -> None:
    text = exercise("product", TEXT)
    hint = text.partition("Hint")[2].partition("Solution")[0]

    assert re.findall(r"^([A-Z][\w ]*?)\. ", hint, re.MULTILINE) == [
        "Product rule", "Power rule", "Derivative of the sine", "Constant multiple rule",
    ]  # fmt: skip
    assert "3" not in hint


def test_on_github_the_solution_is_folded_and_its_markdown_is_read() -> None:
    text = exercise("product", GITHUB)

    assert text.startswith("Differentiate $`x^{2}\\sin(3x)`$")
    assert text.count("<details>\n<summary>") == text.count("\n\n</details>") == 2
    assert "<summary>Solution</summary>\n\n> $`" in text


def test_where_nothing_folds_the_solution_stands_below_its_heading() -> None:
    text, latex = exercise("product", TEXT), exercise("product", LATEX)

    assert text.index("Differentiate") < text.index("Hint\n----") < text.index("Solution\n--------")
    assert latex.index(r"\textbf{Hint}") < latex.index(r"\textbf{Solution}")
    assert latex.index(r"\textbf{Solution}") < latex.index(r"\sdclaim")


def test_in_print_what_is_shut_stays_away() -> None:
    css = (ROOT / "templates" / "html" / "exercise.css").read_text()

    assert re.search(r"@media print\{[^}]*\.sd-fold:not\(\[open\]\)[^}]*\{display:none\}", css)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("funtion: tanh", 1, "Did you mean 'function'?"),
        ("function: tanh\nhnit: yes", 2, "Did you mean 'hint'?"),
        ("function: tanh\nhint: maybe", 2, "'hint' is yes or no, not 'maybe'."),
        ("function: tanh\nquiz: true", 2, "'quiz' is yes or no"),
        ("function: sigmod\nquiz: yes", 1, "Did you mean 'sigmoid'?"),
        ("glossary: chain rule", 1, "An exercise derives something"),
        ("detail: full", 1, "Say one of"),
        ("function: relu\n\nquiz: yes", 3, "leave 'quiz' out"),
        ("expr: x^2 + y^2 = 25\nof: y\nquiz: yes", 3, "leave 'quiz' out"),
        ("network: two_layer.toml\nquiz: yes", 2, "leave 'quiz' out"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(
    text: str, line: int, said: str
) -> None:
    with pytest.raises(Misasked) as found:
        piece(read_fence(text, EXERCISE), HTML, PLAIN)

    assert said in str(found.value)
    assert found.value.line == line


def test_the_keys_of_an_exercise_are_refused_in_a_derivation_with_the_way_out() -> None:
    with pytest.raises(Misasked, match="'hint' is for an exercise"):
        read_fence("function: tanh\nhint: yes")
    with pytest.raises(Misasked, match="'quiz' is for an exercise"):
        read_line("tanh quiz=yes")


# --- as authors ask for it -----------------------------------------------------------------------


def readme(language: str, holding: str) -> str:
    blocks = re.findall(rf"^(`{{3,}}){language}\n(.*?)^\1$", README, re.MULTILINE | re.DOTALL)
    return next(text for _, text in blocks if holding in text)


@pytest.mark.parametrize("reader", ["ours", "superfences"])
def test_the_fence_of_readme_is_an_exercise(reader: str) -> None:
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    from symderiv.sites.python_markdown import (  # needs the extra
        DerivationExtension,
        formatter,
    )

    text = readme("markdown", "```exercise")
    if reader == "ours":
        html = markdown.markdown(text, extensions=[DerivationExtension(cache="", quiz_script=True)])
    else:
        pytest.importorskip("pymdownx", reason="this needs pymdown-extensions")
        form = formatter(cache="", quiz_script=True)
        own = [{"name": n, "class": n, "format": form} for n in ("derivation", "exercise")]
        configs = {"pymdownx.superfences": {"custom_fences": own}}
        html = markdown.markdown(
            text, extensions=["pymdownx.superfences"], extension_configs=configs
        )

    assert html.strip() == piece(
        read_fence("expr: x^2*sin(3x)\nhint: yes\nid: product", EXERCISE),
        site=Site(cache="", quiz=True),
    ).strip()  # fmt: skip


def test_pieces_of_both_kinds_on_one_page_have_anchors_of_their_own() -> None:
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    from symderiv.sites.python_markdown import DerivationExtension  # needs the extra

    fences = "".join(
        f"```{kind}\nfunction: sigmoid\n```\n\n" for kind in ("derivation", "exercise", "exercise")
    )
    html = markdown.markdown(fences, extensions=[DerivationExtension(cache="")])
    ids = re.findall(r'\sid="([^"]+)"', html)
    links = re.findall(r'href="#([^"]+)"', html)

    assert html.count("sd-exercise") == 2
    assert len(ids) == len({*ids})
    assert {"sd-sigmoid", "sd-sigmoid-2", "sd-sigmoid-2-question", "sd-sigmoid-3"} <= {*ids}
    assert {*links} <= {*ids}


def test_a_mistake_is_a_box_on_the_page_and_a_warning_with_its_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    from symderiv.sites.python_markdown import DerivationExtension  # needs the extra

    with caplog.at_level(logging.WARNING):
        html = markdown.markdown(
            "# T\n\n```exercise\nfunction: tanh\nquizz: yes\n```\n",
            extensions=[DerivationExtension(cache="")],
        )

    assert "line 5: There is no key 'quizz'. Did you mean 'quiz'?" in caplog.text
    assert '<div class="sd-mistake" role="alert">' in html


def test_the_function_of_jinja_is_that_of_readme() -> None:
    environment = Environment(autoescape=True)
    jinja.install(environment, cache="", quiz_script=True)
    (call,) = re.findall(r"`(exercise\([^`]*\))`", README)
    html = environment.from_string("{{ " + call + ' }}{{ derive("sigmoid") }}').render()

    assert html.count("sd-exercise") == html.count("data-sd-quiz") == 1
    assert "Hint" in html
    assert 'id="sd-sigmoid-2"' in html


def test_the_marker_of_readme_puts_an_exercise_into_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMDERIV_CACHE", "")
    (marker,) = re.findall(r"`(<!-- symderiv: exercise [^`]*-->)`", README)
    page = tmp_path / "page.md"
    page.write_text(f"{marker}\n<!-- /symderiv -->\n")

    assert main(["inject", str(page)]) == 0
    assert "<summary>Solution</summary>" in page.read_text(encoding="utf-8")
    assert main(["inject", "--check", str(page)]) == 0


def test_fragments_of_an_exercise_and_the_script_are_files(tmp_path: Path) -> None:
    asked = ["fragments", "exercise tanh", "-o", str(tmp_path)]
    assert main(asked) == 0
    plain = (tmp_path / "tanh.html").read_text(encoding="utf-8")
    assert main([*asked, "--script"]) == 0
    boxed = (tmp_path / "tanh.html").read_text(encoding="utf-8")

    assert "sd-solution" in plain
    assert "data-sd-quiz" not in plain
    assert "data-sd-quiz" in boxed
    assert (tmp_path / "symderiv-quiz.js").read_text(encoding="utf-8") == quiz_script()
    assert json.loads((tmp_path / "tanh.json").read_text())["result"]["plain"] == "1 - tanh(z)^2"


def test_an_exercise_that_is_kept_needs_neither_sympy_nor_flint(tmp_path: Path) -> None:
    pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    script = (
        "import json, sys, markdown\n"
        "from symderiv.sites.python_markdown import DerivationExtension\n"
        "ours = DerivationExtension(cache=sys.argv[2], quiz_script=True)\n"
        "html = markdown.markdown(sys.argv[1], extensions=[ours])\n"
        "loaded = [n for n in ('sympy', 'flint', 'symderiv.deriving', 'symderiv.homework',\n"
        "                      'symderiv.documents.rendering', 'jinja2') if n in sys.modules]\n"
        "print(json.dumps([html, loaded]))\n"
    )
    page = "```exercise\nfunction: tanh\nhint: yes\n```\n"
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", script, page, str(tmp_path)],
                capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8",
            ).stdout
        )
        for _ in range(2)
    ]  # fmt: skip

    assert runs[0][0] == runs[1][0]
    assert "data-sd-quiz" in runs[0][0]
    assert "flint" in runs[0][1]
    assert runs[1][1] == []


def test_the_same_bytes_come_out_under_every_hash_seed() -> None:
    code = (
        "from symderiv.sites.pieces import HTML, Site, piece\n"
        "from symderiv.sites.wishes import read_line\n"
        "print(piece(read_line('exercise softplus hint=yes quiz=yes'), HTML, Site(cache='')))\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("0", "1", "7")
    }  # fmt: skip

    assert len(said) == 1
