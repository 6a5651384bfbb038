"""A piece inside somebody else's page: Python-Markdown, superfences, CommonMark, Jinja, Jupyter.

What a theme or a parser does to our HTML nobody here can see, so the pieces must come through
byte for byte, keep to their own anchors, and need no script and no style of their own.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import Environment

import symderiv as sd
from symderiv.documents import document
from symderiv.sites import jinja
from symderiv.sites.keeping import kept
from symderiv.sites.pieces import HTML, TEXT, Site, from_page, piece, pieces
from symderiv.sites.wishes import (
    DETAILS,
    EXERCISE,
    NOTATIONS,
    Misasked,
    Wish,
    read_fence,
    read_line,
)

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SITE = Site(folder=ROOT / "examples", cache="")
FENCES = {
    "sigmoid": "function: sigmoid\nat: {z: 0.4}\nshow: [claim, steps, graph, check]",
    "relu": "function: relu\ndetail: full\nshow: [claim, steps, graph]",
    "bce-sigmoid": "expr: L\nwrt: z\ngiven: {L: bce(yhat, y), yhat: sigma(z)}\n"
    "show: [claim, steps, graph]\nid: bce-sigmoid",
    "network": "network: two_layer.toml\nwrt: W1[1,1]\nshow: [claim, steps, graph, check]",
    "implicit": "expr: x^2 + y^2 = 25\nof: y\nwrt: x",
    "mse": "function: mse",
    "rule": "glossary: chain rule",
}


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return {name: piece(read_fence(text), HTML, SITE) for name, text in FENCES.items()}


class Balanced(HTMLParser):
    """Notes an end tag that closes something else than what was opened last."""

    VOID = ("input", "br", "meta", "img", "hr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("name", FENCES)
def test_a_piece_is_one_block_without_script_and_without_style(
    made: dict[str, str], name: str
) -> None:
    """A strict content security policy forbids inline styles and scripts: a piece has none."""
    html, parser = made[name], Balanced()
    parser.feed(html)

    assert html.startswith('<div class="sd-page sd-embed">\n')
    assert html.endswith("\n</div>\n")
    assert (parser.open, parser.wrong) == ([], [])
    assert not re.search(r"<(style|script|link|iframe)|\sstyle=|\son\w+=|javascript:", html)
    assert not re.search(r"^\s|\n\n|\n[ \t]", html)
    assert "<h1" not in html
    assert html.count("<math ") == html.count("<math data-search-exclude ") > 0


@pytest.mark.parametrize("name", FENCES)
def test_every_markdown_leaves_a_piece_as_it_is(made: dict[str, str], name: str) -> None:
    """`symderiv fragments` and `inject -f html` put pieces into pages that are still converted."""
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    commonmark = pytest.importorskip("markdown_it", reason="this needs markdown-it-py")
    page = f"Before *it*.\n\n{made[name]}\nAfter *it*.\n"

    for html in (
        markdown.markdown(page),
        markdown.markdown(page, extensions=["extra", "toc", "smarty", "sane_lists"]),
        commonmark.MarkdownIt("commonmark").render(page),
    ):
        assert made[name] in html
        assert "<em>it</em>" in html.split(made[name])[1]


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


PAGE = """# Sigmoid

Text right above
```derivation
function: sigmoid
show: [claim, steps, graph]
```
and right below.

- a list

    ```derivation
    function: sigmoid
    detail: full
    ```

    1. in a list

        ~~~ derivation
        expr: x^2
        ~~~

````markdown
```derivation
function: shown as code
```
````

Code by indentation:

    ```derivation
    function: shown as code
    ```

```derivation
function: tanh
id: tanh
```
"""


def converted(text: str, *extensions: object, **options: object) -> str:
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    from symderiv.sites.python_markdown import DerivationExtension  # needs the extra

    ours = DerivationExtension(**{"cache": "", "folder": str(SITE.folder), **options})
    return str(markdown.markdown(text, extensions=[ours, *extensions]))


@pytest.mark.parametrize(
    "extensions",
    [
        (), ("fenced_code",), ("extra", "toc", "admonition"), ("pymdownx.superfences",),
        ("pymdownx.superfences", "pymdownx.details", "toc"),
    ],
    ids=str,
)  # fmt: skip
def test_fences_are_found_wherever_a_page_has_them(extensions: tuple[str, ...]) -> None:
    if any(name.startswith("pymdownx") for name in extensions):
        pytest.importorskip("pymdownx", reason="this needs pymdown-extensions")
    html = converted(PAGE, *extensions)
    links = re.findall(r'href="#([^"]+)"', html)

    assert html.count('<div class="sd-page sd-embed">') == 4
    assert html.count("shown as code") == 2
    assert "sd-mistake" not in html
    assert len(set(ids(html))) == len(ids(html))
    assert {"sd-sigmoid", "sd-sigmoid-2", "sd-sigmoid-curve-title", "sd-x-2", "tanh"} <= {
        *ids(html)
    }
    assert links
    assert {*links} <= {*ids(html)}
    assert re.search(r"<li>\s*<p>in a list</p>\s*<div class=\"sd-page", html)


@pytest.mark.parametrize("before", ["", "\n", "# T\n\n", "text\n\n"], ids=repr)
def test_a_fence_that_is_code_by_its_indentation_stays_code(before: str) -> None:
    html = converted(f"{before}    ```derivation\n    function: tanh\n    ```\n")

    assert "<pre><code>```derivation" in html
    assert "sd-embed" not in html


def test_radio_buttons_of_two_pieces_do_not_switch_one_another() -> None:
    html = converted(PAGE)
    names = re.findall(r'<input type="radio" name="([^"]+)"', html)

    assert len(set(names)) == 4


def test_the_formatter_of_superfences_gives_the_same_piece(made: dict[str, str]) -> None:
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    pytest.importorskip("pymdownx", reason="this needs pymdown-extensions")
    from symderiv.sites.python_markdown import formatter  # needs the extra

    own = {"name": "derivation", "class": "derivation", "format": formatter(cache="")}
    html = markdown.markdown(
        f"```derivation\n{FENCES['sigmoid']}\n```\n",
        extensions=["pymdownx.superfences"],
        extension_configs={"pymdownx.superfences": {"custom_fences": [own]}},
    )

    assert html.strip() == made["sigmoid"].strip()


def test_a_mistake_is_a_box_on_the_page_and_a_warning_with_its_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        html = converted("# T\n\n```derivation\n\nfunction: <b>sigmod</b>\n```\n\nafter\n")

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "line 5: There is no function" in caplog.text
    assert '<div class="sd-mistake" role="alert">' in html
    assert "<b>" not in html
    assert "&lt;b&gt;sigmod" in html
    assert "<p>after</p>" in html


def test_a_fence_in_a_quotation_is_not_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    html = converted("Text\n\n> ```derivation\n> function: sigmoid\n> ```\n")

    assert "A fence in a quotation is not read" in html
    assert "line 3" in caplog.text
    assert "sd-mistake" not in converted("Shown:\n\n    > ```derivation\n    > function: tanh\n")


def test_where_a_broken_file_of_a_network_lies_is_nobody_s_business(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("x = [1")
    with pytest.raises(Misasked, match=r"^bad\.toml: This is no TOML"):
        piece(read_fence("network: bad.toml"), site=Site(cache="", folder=tmp_path))


def test_a_fence_that_is_never_closed_is_not_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    assert "sd-mistake" in converted("```derivation\nfunction: sigmoid\n")
    assert "line 1: This fence is never closed." in caplog.text


def test_raise_ends_the_build_and_gets_through_superfences() -> None:
    """superfences swallows ordinary exceptions and shows the fence as code."""
    pytest.importorskip("pymdownx.superfences", reason="this needs pymdown-extensions")
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    from symderiv.sites.python_markdown import formatter  # needs the extra

    text = "```derivation\nfunction: sigmod\n```\n"
    own = {"name": "derivation", "class": "derivation", "format": formatter(on_error="raise")}

    with pytest.raises(Exception, match="line 2: There is no function 'sigmod'"):
        converted(text, on_error="raise")
    with pytest.raises(Exception, match="line 2: There is no function 'sigmod'"):
        markdown.markdown(
            text,
            extensions=["pymdownx.superfences"],
            extension_configs={"pymdownx.superfences": {"custom_fences": [own]}},
        )


def test_a_bug_of_ours_is_not_swallowed_by_superfences(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would show the fence as code: a page without its derivation, and no word of it."""
    pytest.importorskip("pymdownx.superfences", reason="this needs pymdown-extensions")
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    from symderiv.sites import python_markdown  # needs the extra

    def broken(*_: object, **__: object) -> str:
        raise sd.Broken("a step does not hold")

    monkeypatch.setattr(python_markdown, "piece", broken)
    own = {"name": "derivation", "class": "d", "format": python_markdown.superfence}

    with pytest.raises(Exception, match="line 1: Broken: a step does not hold"):
        markdown.markdown(
            "```derivation\nfunction: tanh\n```\n",
            extensions=["pymdownx.superfences"],
            extension_configs={"pymdownx.superfences": {"custom_fences": [own]}},
        )
    with pytest.raises(sd.Broken):
        converted("```derivation\nfunction: tanh\n```\n")


def test_an_address_of_the_glossary_that_is_none_is_told_on_the_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    html = converted("```derivation\nfunction: tanh\n```\n", links='"><script>')

    assert "No base address" in caplog.text
    assert "<script>" not in html


def test_an_option_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="on_error of symderiv is one of warn, raise"):
        converted("text", on_error="ignore")


def test_the_name_by_which_the_extension_is_switched_on_leads_to_it() -> None:
    pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, _, name = project["entry-points"]["markdown.extensions"]["symderiv"].partition(":")

    assert getattr(import_module(module), name)(cache="").getConfigs()["on_error"] == "warn"


def test_reasons_lead_to_the_glossary_of_the_site_and_it_has_what_they_lead_to() -> None:
    site = Site("/docs/", SITE.folder, "")
    html = piece(read_fence(FENCES["bce-sigmoid"]), HTML, site)
    rules = piece(read_fence("glossary: all"), HTML, SITE)
    links = re.findall(r'href="/docs/rules/#([^"]+)"', html)

    assert links
    assert {*links} <= {*ids(rules)}


@pytest.mark.parametrize(
    ("links", "depth", "seen"),
    [
        ("", 2, ""), ("/docs/", 2, "/docs/"),
        ("./", 0, "./"), ("./", 1, "../"), ("./", 2, "../../"),
        ("./rules/#", 0, "rules/#"), ("./rules/#", 2, "../../rules/#"),
        ("./rules.html#", 1, "../rules.html#"), ("https://e.org/r#", 3, "https://e.org/r#"),
    ],
)  # fmt: skip
def test_an_address_that_begins_with_a_dot_counts_from_the_root_of_the_site(
    links: str, depth: int, seen: str
) -> None:
    assert from_page(links, depth) == seen


def test_a_glossary_alone_takes_the_rules_and_the_piece_explains_the_rest() -> None:
    """A site without pages of functions must not link to them."""
    html = piece(read_fence(FENCES["bce-sigmoid"]), HTML, Site("/w.html#", SITE.folder, ""))

    assert 'href="/w.html#cancel"' in html
    assert "functions/" not in html
    assert 'href="#bce-sigmoid-rule-derivative-of-the-sigmoid"' in html
    assert 'id="bce-sigmoid-rule-derivative-of-the-sigmoid"' in html


def test_a_piece_in_prime_notation_has_no_fraction_of_differentials() -> None:
    asked = "expr: x^2*sin(x)\nnotation: prime\n"
    text = piece(read_fence(asked), TEXT, Site(cache=""))
    question = piece(read_fence(asked, EXERCISE), TEXT, Site(cache=""))
    claim = piece(read_fence(asked), ("claim", "text"), Site(cache=""))

    assert claim == "(x² sin(x))′ = 2x sin(x) + x² cos(x)"
    assert "= (x²)′ · sin(x) + x² · (sin(x))′" in text
    assert "(x²)′" in question
    assert "d/dx" not in text + question


def test_the_words_for_level_and_notation_are_those_of_our_pages() -> None:
    """`wishes` says them once more, since what is kept is shown without `documents`."""
    assert (DETAILS, NOTATIONS) == (document.LEVELS, document.NOTATIONS)


def test_the_author_s_own_id_may_stand_on_a_page_once() -> None:
    with pytest.raises(Misasked, match="stands on this page already"):
        piece(read_line("tanh id=it"), HTML, SITE, {"it"})


# --- without CSS ---------------------------------------------------------------------------------

BLOCKS = ("div", "p", "li", "ol", "ul", "section", "details", "summary", "dt", "dd", "dl", "td",
          "figure", "figcaption", "table", "tr", "th", "fieldset", "legend", "label")  # fmt: skip


class Feed(HTMLParser):
    """The lines that a reader of feeds shows: no style, no script, formulas spoken."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.inside, self.deep = "", "", 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.text += "\n"
        self.deep += tag == "details"
        if tag in ("math", "svg"):
            self.inside = self.inside or tag
            self.text += f"⟨{dict(attrs).get('alttext', '')}⟩"

    def handle_endtag(self, tag: str) -> None:
        self.deep -= tag == "details"
        self.inside = "" if tag == self.inside else self.inside
        if tag in BLOCKS:
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        lemma = "part, " if self.deep and re.fullmatch(r"\(\d+\)", data) else ""
        self.text += "" if self.inside else lemma + data.replace("\n", " ")

    @property
    def lines(self) -> list[str]:
        return [" ".join(line.split()) for line in self.text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", ["sigmoid", "relu", "bce-sigmoid", "network", "implicit", "mse"])
def test_a_reader_of_feeds_gets_the_same_in_the_same_order(made: dict[str, str], name: str) -> None:
    """CSS and scripts are off there: the task, the result, then step by step with its reason."""
    lines = Feed(made[name]).lines
    steps = [k for k, line in enumerate(lines) if re.match(r"\(\d+\)", line)]
    numbers = [int(lines[k].split(")")[0][1:]) for k in steps]
    ends = [*steps[1:], next(k for k, line in enumerate(lines) if line == "Rules used")]

    assert re.match("(Differentiate|Find) ⟨", lines[0])
    assert re.match("⟨.*⟩ (=|⇒) ⟨.*⟩|⟨.*⟩ = ⟨.*⟩", lines[1]) or "⟨" in lines[1]
    assert lines.index("Derivation") < steps[0]
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    for begin, end in zip(steps, ends, strict=True):
        said = lines[begin:end]
        assert "⟨" in " ".join(said[:3]), "the formula comes first"
        assert re.match("[A-Z]", said[2] if "⟨" in said[1] else said[1]), said


@pytest.mark.parametrize("name", FENCES)
def test_no_two_words_run_together_without_css(made: dict[str, str], name: str) -> None:
    words = " ".join(Feed(made[name]).lines)

    assert re.findall(r"(?!ReLU|BCE)\b[a-z]+[A-Z]\w*", words) == []


def test_an_exercise_in_a_feed_is_the_question_and_then_its_solution() -> None:
    site = Site(cache="", quiz=True)
    lines = Feed(piece(read_line('exercise expr="x^2*sin(x)" hint=yes'), HTML, site)).lines
    order = ["Hint", "Solution", "Derivation", "Rules used"]

    assert lines[0].startswith("Differentiate ⟨x squared times sine of x⟩")
    assert [line for line in lines if line in order] == order
    assert not any("values" in line for line in lines), "the data of the box is no text"


# --- what is kept --------------------------------------------------------------------------------


def test_what_is_kept_needs_neither_sympy_nor_flint(tmp_path: Path) -> None:
    """A site whose derivations did not change must not pay for the engine."""
    pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    script = (
        "import json, sys, markdown\n"
        "from symderiv.sites.python_markdown import DerivationExtension\n"
        "ours = DerivationExtension(cache=sys.argv[2])\n"
        "html = markdown.markdown(sys.argv[1], extensions=[ours])\n"
        "loaded = [n for n in ('sympy', 'flint', 'symderiv.deriving') if n in sys.modules]\n"
        "print(json.dumps([html, loaded]))\n"
    )
    page = "```derivation\nfunction: tanh\n```\n"
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
    assert "sd-chain" in runs[0][0]
    assert "flint" in runs[0][1]
    assert runs[1][1] == []


def test_what_is_kept_is_made_anew_when_anything_that_it_rests_on_changes(tmp_path: Path) -> None:
    network = tmp_path / "net.toml"
    network.write_text((ROOT / "examples" / "two_layer.toml").read_text())
    site = Site(folder=tmp_path, cache=str(tmp_path / "cache"))
    wish = read_fence("network: net.toml\nwrt: W1[1,1]\nshow: [check]")
    before = piece(wish, HTML, site)
    network.write_text(network.read_text().replace("0.5", "0.75"))
    after = piece(wish, HTML, site)

    assert before != after
    assert len([*(tmp_path / "cache").rglob("*.json")]) == 2


def files(folder: Path) -> list[Path]:
    """The pieces in a cache, whether their names are whole or not."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder)


def test_a_file_that_was_cut_off_or_is_something_else_is_made_again(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> dict[str, str]:
        made.append(1)
        return {"piece": "σ"}

    evil = '0\n{"piece": "evil"}'
    for damage in (None, "", "{", "[]", evil, "e3b0c442"):
        if damage is not None:
            files(tmp_path)[0].write_text(damage)
        assert kept({"a": 1}, make, tmp_path) == {"piece": "σ"}
    assert kept({"a": 1}, make, tmp_path) == {"piece": "σ"}

    assert len(made) == 6
    assert len(files(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert kept({}, lambda: {"piece": "x"}, tmp_path / "file") == {"piece": "x"}
    assert kept({}, lambda: {"piece": "x"}, None) == {"piece": "x"}


def test_builds_at_the_same_time_do_not_disturb_one_another(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from symderiv.sites.pieces import HTML, Site, piece\n"
        "from symderiv.sites.wishes import read_line\n"
        "for name in ('relu', 'tanh', 'sigmoid'):\n"
        "    sys.stdout.write(piece(read_line(name), HTML, Site(cache=sys.argv[1])))\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0] for process in running]

    assert [process.returncode for process in running] == [0, 0, 0]
    assert said[0] == said[1] == said[2]
    assert len(files(tmp_path)) == 3


def test_a_mistake_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Misasked):
        piece(read_line("sigmod"), HTML, Site(cache=str(tmp_path)))

    assert files(tmp_path) == []


def test_where_things_are_kept_is_said_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SYMDERIV_CACHE", str(tmp_path))
    assert Site().kept_in == tmp_path
    monkeypatch.setenv("SYMDERIV_CACHE", "")
    assert Site().kept_in is None
    monkeypatch.delenv("SYMDERIV_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Site().kept_in == tmp_path / "symderiv"


# --- Jinja and Jupyter ---------------------------------------------------------------------------


def test_jinja_gives_pieces_with_anchors_of_their_own() -> None:
    environment = Environment(autoescape=True)
    jinja.install(environment, cache="")
    template = environment.from_string(
        '{{ derive("sigmoid") }}{% block b %}{{ derive("sigmoid", detail="brief") }}{% endblock %}'
        '{{ derive(expr="x*y", wrt="x", where={"y": ">0"}, show=["claim"]) }}'
    )
    html = template.render()

    assert html.count('<div class="sd-page sd-embed">') == 3
    assert len(set(ids(html))) == len(ids(html))
    assert template.render() == html


def test_the_template_of_readme_works() -> None:
    environment = Environment(autoescape=True)
    jinja.install(environment, cache="")
    text = next(
        block
        for block in re.findall(r"^```jinja\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
        if "derive(" in block
    )
    html = environment.from_string(text).render()

    assert html.count('<div class="sd-page sd-embed">') == 2
    assert "<style>/* made by" in html


def test_jinja_tells_mistakes_by_the_template_s_name() -> None:
    environment = Environment(autoescape=True)
    jinja.install(environment, cache="")
    with pytest.raises(Exception, match="Did you mean 'detail'"):
        environment.from_string('{{ derive("sigmoid", detial="full") }}').render()
    jinja.install(environment, cache="", on_error="warn")

    assert "sd-mistake" in environment.from_string('{{ derive("sigmod") }}').render()


def test_a_notebook_gets_every_format_and_outputs_that_do_not_disturb_one_another() -> None:
    derivation = sd.derive("x^2*sin(x)")
    one, other = derivation._repr_mimebundle_(), derivation._repr_mimebundle_()

    assert {*one} == {"text/html", "text/latex", "text/markdown", "text/plain"}
    assert not {*ids(one["text/html"])} & {*ids(other["text/html"])}
    assert one["text/latex"].startswith("$")
    assert one["text/latex"].endswith("$")
    assert r"\begin{aligned}" in derivation._repr_markdown_()
    assert derivation._repr_latex_() == one["text/latex"]
    assert "<style>" in derivation._repr_html_()


def test_a_notebook_shows_a_problem_with_its_answers_first() -> None:
    problem = sd.gradient("x^2*y", ["x", "y"], at={"x": "1", "y": "2"})
    one, other = problem._repr_mimebundle_(), problem._repr_mimebundle_()
    html = one["text/html"].partition("</style>")[2]

    assert {*one} == {"text/html", "text/markdown", "text/plain"}
    assert not {*ids(one["text/html"])} & {*ids(other["text/html"])}
    assert html.index("Find the gradient") < html.index("sd-claim") < html.index("Derivative by x")
    assert html.count('<p class="sd-heading">Derivative by ') == 4
    assert one["text/markdown"].startswith("Find the gradient of $f(x, y) = x^{2}y$.")
    assert "Derivative by y" in one["text/plain"]
    assert problem._repr_latex_() is None
    assert "<h2" not in html


def test_a_piece_in_two_formats_is_derived_once_and_has_its_pictures(tmp_path: Path) -> None:
    wish = Wish("function", "relu", show=("claim", "graph"))
    found = pieces(wish, {"page": HTML, "text": ("markdown", "github")}, Site(cache=str(tmp_path)))

    assert {*found} == {"page", "text", "sd-relu-curve.svg"}
    assert "(sd-relu-curve.svg)" in found["text"]
