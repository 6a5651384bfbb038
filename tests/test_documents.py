"""Pages in every format: the same mathematics at every level, and nothing breaks out.

A page is judged as its readers read it: the HTML by a parser, its colours by the
contrast that is left, Markdown and LaTeX by what stands on each numbered line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import symderiv as sd
from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.strategy import derive_function
from symderiv.documents.chainrule import chain_rule_handout
from symderiv.documents.composing import compose
from symderiv.documents.document import LEVELS, Document, Named, Passage, Reason
from symderiv.documents.post import derive_topics
from symderiv.documents.rendering import render
from symderiv.documents.scene import colour
from symderiv.documents.showing import glossary_of, shown
from symderiv.language.build import symbol
from symderiv.language.expressions import Symbol
from symderiv.printing.latex import latex
from symderiv.printing.speech import speech
from symderiv.printing.unicode import unicode_text

ROOT = Path(__file__).resolve().parent.parent
CSS = (ROOT / "templates" / "html" / "style.css").read_text(encoding="utf-8")
ALL = (
    ("text", ""),
    ("markdown", "github"),
    ("markdown", "plain"),
    ("latex", ""),
    ("html", ""),
    ("typst", ""),
    ("json", ""),
)
NUMBERED = [form for form in ALL if form[0] not in ("html", "typst", "json")]

DEFINED = {name: f for name, f in shipped().functions.items() if f.definition is not None}
TEXTBOOK = {  # question, and the answer of a calculus textbook
    "x^2*sin(x)": "2*x*sin(x) + x^2*cos(x)",
    "exp(-x^2)": "-2*x*exp(-x^2)",
    "log(x)/x": "(1 - log(x))/x^2",
    "tanh(x)^3": "3*tanh(x)^2*(1 - tanh(x)^2)",
    "abs(x)": "x/abs(x)",
    "x^x": "x^x*(log(x) + 1)",
    "3*x^2 + 2*x + 7": "6*x + 2",
    "f(g(x))": "f'(g(x))*g'(x)",
    "cases(x^2 if x > 0, 0 if x <= 0)": "cases(2*x if x > 0, 0 if x <= 0)",
    "1/x": "-1/x^2",
}


def _through_sigmoid() -> Derivation:
    return sd.derive("L", "z", given={"L": "bce(yhat, y)", "yhat": "sigma(z)"})


def _making(what: str | Function) -> Callable[[], Derivation]:
    return lambda: sd.derive(what)


MAKERS: dict[str, Callable[[], Derivation]] = {
    **{name: _making(function) for name, function in DEFINED.items()},
    **{text: _making(text) for text in TEXTBOOK},
    "bce through a sigmoid": _through_sigmoid,
    "second derivative": lambda: sd.derive("x^5", order=2),
}


@pytest.fixture(scope="module")
def derived() -> dict[str, Derivation]:
    return {name: make().checked() for name, make in MAKERS.items()}


@pytest.fixture(scope="module")
def post() -> Document:
    return chain_rule_handout(derive_topics())


class Page(HTMLParser):
    """What a page holds, and every fault of its markup."""

    VOID = frozenset({"meta", "input", "br", "hr", "link", "img"})
    BLOCK = frozenset({"div", "p", "ol", "ul", "dl", "table", "section", "details", "h2", "h3"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: list[str] = []
        self.rows: dict[str, str] = {}
        self.classes: set[str] = set()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if len(given) != len(attrs):
            self.faults.append(f"an attribute twice in <{tag}>")
        if "p" in self.open and tag in self.BLOCK:
            self.faults.append(f"<{tag}> inside <p>")
        if tag == "math" and not given.get("alttext"):
            self.faults.append("<math> without alttext")
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"style or script in <{tag}>")
        self._note(tag, given)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        classes = given.get("class", "").split()
        self.classes.update(classes)
        if "id" in given:
            self.ids.append(given["id"])
        if "sd-row" in classes and "id" in given:
            level = next(c for c in classes if c.startswith("sd-at-"))
            self.rows[given["id"]] = level.removeprefix("sd-at-")
        if "href" in given:
            self.links.append(given["href"])
        if tag == "summary":
            self.labels.append(given.get("aria-label", ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> where none is open")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def formats(what: Derivation | Document, detail: str = "standard") -> Iterator[tuple[str, str]]:
    for form, dialect in ALL:
        yield f"{form} {dialect}", render(what, form, detail=detail, dialect=dialect)


def numbered(form: str, page: str) -> dict[int, str]:
    """The numbered lines of the derivation itself: number, and the text of the line."""
    page = re.split(r"\n(?:\*\*Why\*\*|\\textbf\{Why\}|Why\n)", page)[0]
    pattern = {
        "text": r"^ *\((\d+)\)  (.*(?:\n {7}.*)*)",
        "markdown": r"^(.*) && \\text\{\((\d+)\) .*$",
        "latex": r"^\\sdstep\{\((\d+)\)\}(.*)$",
    }[form]
    found = re.findall(pattern, page, re.MULTILINE)
    if form == "markdown":
        return {int(number): line for line, number in found}
    return {int(number): line for number, line in found}


# The same mathematics in every format and at every level


@pytest.mark.parametrize("question", TEXTBOOK)
def test_a_page_ends_in_the_answer_of_the_textbook(
    question: str, derived: dict[str, Derivation]
) -> None:
    """Where the spelling differs, SymPy is the referee, which shares no rule with us."""
    said = json.loads(render(derived[question], "json"))["result"]["plain"]
    ours, book = sd.read(said), sd.read(TEXTBOOK[question])

    assert ours is book or (sd.to_sympy(ours) - sd.to_sympy(book)).equals(0)


@pytest.mark.parametrize("name", MAKERS)
def test_every_page_renders_in_every_format_at_every_level(
    name: str, derived: dict[str, Derivation]
) -> None:
    for detail in LEVELS:
        for form, page in formats(derived[name], detail):
            assert len(page) > 100, form


@pytest.mark.parametrize("name", MAKERS)
def test_numbers_and_formulas_of_lines_never_change_with_the_level(
    name: str, derived: dict[str, Derivation]
) -> None:
    """Who cites step 5 cites it for the reader of the short version too."""
    for form, dialect in NUMBERED:
        spell = unicode_text if form == "text" else lambda e: latex(e, dialect="portable")
        lines = compose(derived[name]).sections[0].chain.lines
        for detail in LEVELS:
            found = numbered(form, render(derived[name], form, detail=detail, dialect=dialect))
            for number, text in found.items():
                line = lines[number - 1]

                assert line.marks or spell(line.expr) in text, (form, detail, number)


@pytest.mark.parametrize("name", MAKERS)
def test_each_level_shows_all_lines_of_the_coarser_one(
    name: str, derived: dict[str, Derivation]
) -> None:
    """Going to a finer level only ever adds lines, and the last one is always there."""
    count = len(derived[name].steps)
    for form, dialect in NUMBERED:
        brief, standard, full = (
            set(numbered(form, render(derived[name], form, detail=detail, dialect=dialect)))
            for detail in LEVELS
        )

        assert brief <= standard <= full == set(range(1, count + 1))
        assert count in brief


@pytest.mark.parametrize("name", MAKERS)
def test_html_has_the_same_anchors_and_levels_whatever_is_shown_first(
    name: str, derived: dict[str, Derivation]
) -> None:
    """A permalink to a step works at every level; CSS hides rows, it never drops them."""
    pages = [Page(render(derived[name], "html", detail=detail)) for detail in LEVELS]
    chain = compose(derived[name]).sections[0].chain
    for detail in LEVELS:
        visible = [line.id for line in shown(chain, detail)]
        by_class = [
            line.id for line in chain.lines
            if LEVELS.index(pages[0].rows[line.id]) <= LEVELS.index(detail)
        ]  # fmt: skip

        assert visible == by_class
    assert pages[0].ids == pages[1].ids == pages[2].ids
    assert pages[0].rows == pages[1].rows == pages[2].rows


@pytest.mark.parametrize("name", MAKERS)
def test_claim_and_result_agree_in_all_formats(name: str, derived: dict[str, Derivation]) -> None:
    """Two formats that claim different results are worse than no page.

    JSON's plain text is the witness: it is read back, and what it says must stand in
    every other format as the claim and once more on the last line.
    """
    derivation = derived[name]
    said = json.loads(render(derivation, "json"))
    start, result = derivation.start, derivation.result

    assert said["result"]["plain"] == said["steps"][-1]["after"]["plain"] == str(result)
    assert said["start"]["plain"] == said["steps"][0]["before"]["plain"] == str(start)
    for form, dialect in NUMBERED:
        page = render(derivation, form, dialect=dialect)
        spell = {"text": unicode_text, "markdown": lambda e: latex(e, dialect="portable")}.get(
            form, latex
        )
        claim = re.split(r"\n *\(1\)  |Derivation", page)[0]

        assert spell(start) in claim
        assert spell(result) in claim
        assert spell(result) in numbered(form, page)[len(derivation.steps)]
    html = render(derivation, "html")
    claimed = re.search(
        r'class="sd-claim">.*?alttext="(.*?)".*?=</span> <math alttext="(.*?)"', html
    )
    last = re.search(
        r'sd-last" id.*?class="sd-rhs sd-formula"[^>]*><math alttext="(.*?)"', html, re.DOTALL
    )
    alt = [text.replace("&gt;", ">").replace("&lt;", "<").replace("&#x27;", "'")
           for text in (*claimed.groups(), last[1])]  # fmt: skip

    assert alt == [speech(start), speech(result), speech(result)]


def test_json_of_the_page_and_of_the_derivation_say_the_same(
    derived: dict[str, Derivation],
) -> None:
    for derivation in derived.values():
        one = json.loads(render(derivation, "json"))
        page = json.loads(render(compose(derivation), "json"))["sections"][0]

        assert (one["start"], one["result"]) == (page["start"], page["result"])
        assert [s["after"] for s in one["steps"]] == [s["after"] for s in page["steps"]]
        assert [s["number"] for s in page["steps"]] == [*range(1, len(one["steps"]) + 1)]


def test_what_json_prints_can_be_read(derived: dict[str, Derivation]) -> None:
    """The loop closes: plain text of every line reads back to the very same expression."""
    for derivation in derived.values():
        for step in derivation.steps:
            assert sd.read(str(step.after)) is step.after


# HTML


@pytest.fixture(scope="module")
def pages(derived: dict[str, Derivation], post: Document) -> dict[str, tuple[str, Page]]:
    html = {name: render(d, "html") for name, d in derived.items()}
    html["the handout"] = render(post, "html")
    return {name: (text, Page(text)) for name, text in html.items()}


NAMES = [*MAKERS, "the handout"]


@pytest.mark.parametrize("name", NAMES)
def test_html_is_well_formed(name: str, pages: dict[str, tuple[str, Page]]) -> None:
    """Browsers mend broken markup, each in its own way; RSS readers and mail do not."""
    _, page = pages[name]

    assert page.faults == []
    assert not page.tags & {"script", "iframe", "object", "embed", "form", "link", "img"}


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_is_well_formed_xml_and_has_words(
    name: str, pages: dict[str, tuple[str, Page]]
) -> None:
    """MathML that is not XML dies in e-books; a formula without alttext is silent."""
    html, _ = pages[name]
    formulas = re.findall(r"<math.*?</math>", html, re.DOTALL)

    assert formulas
    for formula in formulas:
        assert ET.fromstring(formula).get("alttext")  # noqa: S314 (our own markup)


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_every_link_leads_somewhere(
    name: str, pages: dict[str, tuple[str, Page]]
) -> None:
    _, page = pages[name]
    twice = [one for one, count in Counter(page.ids).items() if count > 1]
    lost = {link for link in page.links if link.removeprefix("#") not in page.ids}

    assert twice == []
    assert all(link.startswith("#") for link in page.links)
    assert lost == set()


@pytest.mark.parametrize("name", NAMES)
def test_summaries_are_told_apart_by_their_names(
    name: str, pages: dict[str, tuple[str, Page]]
) -> None:
    """A screen reader lists the buttons of a page: forty times "Why?" helps nobody."""
    _, page = pages[name]
    twice = [one for one, count in Counter(page.labels).items() if count > 1]

    assert all(page.labels)
    assert twice == []


@pytest.mark.parametrize("name", NAMES)
def test_no_markup_is_visible(name: str, pages: dict[str, tuple[str, Page]]) -> None:
    """A `$`, an `&` or a backslash on the page is LaTeX or a template that leaked."""
    html, page = pages[name]

    assert not re.search(r"[$&\\]", page.text)
    for leak in (
        "{{",
        "{%",
        r"\VAR",
        r"\BLOCK",
        "&amp;amp;",
        "&amp;lt;",
        "Undefined",
    ):
        assert leak not in html


@pytest.mark.parametrize("name", NAMES)
def test_classes_of_the_page_are_in_the_style_sheet(
    name: str, pages: dict[str, tuple[str, Page]]
) -> None:
    _, page = pages[name]
    known = set(re.findall(r"\.(sd-[\w-]+)", CSS)) | {
        "sd-at-brief",
        "sd-cases",
    }  # ours need no rule

    assert page.classes <= known


def test_the_style_sheet_is_small_and_keeps_to_its_own_names(post: Document) -> None:
    """A page is pasted into somebody's blog: our CSS may touch nothing there."""
    bare = re.sub(r"@media[^{]*\{|/\*.*?\*/", "", CSS)
    selectors = re.findall(r"(?:^|\})\s*([^{}@]+)\{", bare)
    outside = [
        selector for group in selectors for selector in re.split(r",(?![^(]*\))", group)
        if ".sd-" not in selector and selector.strip() != ":root"
    ]  # fmt: skip
    used = Page(render(post, "html")).classes

    assert len(CSS.encode()) < 6_000
    assert len(selectors) > 30
    assert outside == []
    pictures = {"sd-broad", "sd-narrow", "sd-picture"}
    elsewhere = {"sd-factor-3", "sd-wide", "sd-equations", *pictures}
    assert set(re.findall(r"\.(sd-[\w-]+)", CSS)) - used <= elsewhere
    assert "@import" not in CSS
    assert "url(" not in CSS


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(sd-[\w]+):(#[0-9a-f]{3,6})", block))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * d for d in colour[1:])
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


_LIGHT, _DARK = (_colours(line) for line in CSS.splitlines()[:2])
_PAIRS = [
    *product(("ink", "soft", "link", "ok"), ("page", "panel")),
    *((str(k), f"{k}t") for k in (1, 2, 3)),
    *product(("1", "2", "3"), ("page", "panel")),
    ("on", "link"),
    ("cut", "page"), ("cut", "1t"), ("cut", "2t"), ("cut", "3t"),
]  # fmt: skip


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    """Black on white is 21 : 1, and #767676 on white is the known border of 4.5 : 1."""
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), _PAIRS)
def test_every_text_stands_out_from_its_ground(mode: str, text: str, ground: str) -> None:
    """4.5 : 1 is what people with weak sight need for text; for a stroke 3 : 1."""
    colours = {**_LIGHT, "sd-page": "#ffffff"}
    if mode == "dark":
        page = re.search(r"\.sd-page\{background:(#\w+)\}", CSS)
        colours = {**_DARK, "sd-page": page[1]}

    assert len(colours) >= 14
    least = 3 if text == "cut" else 4.5
    assert contrast(colours[f"sd-{text}"], colours[f"sd-{ground}"]) >= least


_FACTORS = [f"factor{k}" for k in range(1, 7)]


@pytest.mark.parametrize("colours", [_LIGHT, _DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("role", "ground"),
    [*product(("ink", "muted"), ("ground", "panel")), *product(_FACTORS, ("ground", "panel"))],
)
def test_every_letter_of_a_picture_stands_out(
    colours: dict[str, str], role: str, ground: str
) -> None:
    text, below = (colours[colour(name).variable.removeprefix("--")] for name in (role, ground))

    assert contrast(text, below) >= 4.5


@pytest.mark.parametrize("role", ["ink", "muted", "line", "panel", "ground", *_FACTORS])
def test_a_picture_on_paper_has_the_colours_of_the_page(role: str) -> None:
    """A factor has one colour from the formula to the edge, in each format."""
    variable, paper = colour(role)

    assert _LIGHT[variable.removeprefix("--")] == paper


# Markdown


@pytest.mark.parametrize("detail", LEVELS)
@pytest.mark.parametrize("name", NAMES)
def test_github_markdown_uses_only_what_github_shows_right(
    name: str, detail: str, derived: dict[str, Derivation], post: Document
) -> None:
    """GitHub's `$$` loses backslashes to CommonMark, and `operatorname` is forbidden there."""
    page = render(derived.get(name, post), "markdown", detail=detail)
    fenced = re.findall(r"^( *)```math\n(.*?)\n\1```$", page, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^( *)```math\n.*?\n\1```$", "", page, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"\$`[^`$]+`\$", "", rest)

    assert fenced
    assert not re.search(r"(?<!\\)[`$]|\\\(|\\\[|\\begin", prose)
    assert r"\operatorname" not in page


@pytest.mark.parametrize("detail", LEVELS)
@pytest.mark.parametrize("name", NAMES)
def test_plain_markdown_uses_no_package(
    name: str, detail: str, derived: dict[str, Derivation], post: Document
) -> None:
    """Renderers without the cancel extension print the word "cancel" in red."""
    page = render(derived.get(name, post), "markdown", detail=detail, dialect="plain")
    displays = re.split(r"^ *\$\$$", page, flags=re.MULTILINE)

    assert r"\cancel" not in page
    assert r"\operatorname" not in page
    assert "`" not in page
    assert len(displays) % 2 == 1
    for display in displays[1::2]:
        assert display.count(r"\begin{aligned}") == display.count(r"\end{aligned}") == 1
        assert "$" not in display


@pytest.mark.parametrize("dialect", ["github", "plain"])
def test_lists_are_lists_in_every_markdown(dialect: str, derived: dict[str, Derivation]) -> None:
    """Python-Markdown wants a blank line before a list, and four blanks before what is in it.

    CommonMark wants four too below "10.", where the text begins one further.
    """
    for name in ("tanh", "bce"):
        page = render(derived[name], "markdown", detail="full", dialect=dialect)
        lines = page.splitlines()
        starts = [k for k, line in enumerate(lines) if re.match(r"(- |\d+\. )", line)]
        inner = re.findall(r"^( +)(?:```|\$\$|\\begin|\\end)", page, re.MULTILINE)

        assert starts
        assert all(not lines[k - 1] or k - 1 in starts for k in starts)
        assert set(inner) <= {"    "}
        assert inner or name == "bce"


@pytest.mark.parametrize("name", NAMES)
def test_braces_balance_wherever_latex_is_printed(
    name: str, derived: dict[str, Derivation], post: Document
) -> None:
    for form, dialect in ALL[1:4]:
        page = render(derived.get(name, post), form, detail="full", dialect=dialect)
        bare = re.sub(r"\\[\\{}]", "", re.sub(r"^%.*|(?<!\\)%.*", "", page, flags=re.MULTILINE))

        assert bare.count("{") == bare.count("}"), form


# Words with markup in them


WORDS = "<b>x</b> <!-- _x_ *x* `x` $x$ # 5% ~~x~~ [x](y) ![x](y) &lt; \\input{/etc/passwd} {{7*7}}"
LINES = "\n\n# heading\n\n- item\n\n```\ncode\n\\end{document}\n\n\\write18{id}"
HOSTILE = f"{WORDS}{LINES} \\VAR{{7*7}} {{% include 'x' %}} ^^41 ]]> \x1b[31m"


@pytest.fixture(scope="module")
def hostile() -> Derivation:
    """A derivation whose title, note and name of a symbol try to break out of the page."""
    x = Symbol("<b>_x_$%\\input{/etc/passwd}{{7*7}}")
    return replace(sd.derive(x**2, x), title=HOSTILE, note=HOSTILE)


def test_words_with_markup_stay_words_in_html(hostile: Derivation) -> None:
    """Every character of the words is shown, and none of them acts."""
    html = render(hostile, "html", detail="full")
    clean = Page(render(replace(hostile, title="Title", note="Note"), "html"))
    page = Page(html)

    assert page.faults == []
    assert page.tags == clean.tags
    assert page.ids == clean.ids
    assert " ".join(WORDS.split()) in page.text
    assert "49" not in page.text
    for formula in re.findall(r"<math.*?</math>", html, re.DOTALL):
        ET.fromstring(formula)  # noqa: S314 (our own markup)


@pytest.mark.parametrize("dialect", ["github", "plain"])
def test_words_with_markup_stay_words_in_markdown(hostile: Derivation, dialect: str) -> None:
    """Every character that Markdown could act on has a backslash; no line is begun."""
    page = render(hostile, "markdown", detail="full", dialect=dialect)
    clean = render(
        replace(hostile, title="T", note="N"), "markdown", detail="full", dialect=dialect
    )
    [heading] = [line for line in page.splitlines() if line.startswith("# ")]

    assert page.count("\n") == clean.count("\n")
    assert not re.search(
        r"(?<!\\)[\\`*_{}\[\]<>#|$~&](?![\\`*_{}\[\]<>#|$~&])", _unescaped(heading[2:])
    )
    assert re.sub(r"\\(.)", r"\1", heading[2:]).startswith(WORDS)
    assert "49" not in page
    assert "\x1b" not in page


def _unescaped(text: str) -> str:
    """What is left when every escaped character is taken out."""
    return re.sub(r"\\[!-/:-@\[-`{-~]", "", text)


def test_words_with_markup_stay_words_in_latex(hostile: Derivation) -> None:
    """A title that says `input` must not read a file, and `%` must not end a line."""
    page = render(hostile, "latex", detail="full")
    clean = render(replace(hostile, title="T", note="N"), "latex", detail="full")
    commands = Counter(re.findall(r"\\[a-zA-Z]+", page))
    allowed = {r"\textbackslash", r"\textasciitilde", r"\textasciicircum", r"\textless"}
    allowed |= {r"\textgreater", r"\textbar", r"\textquotedbl", r"\textasciigrave"}

    assert set(commands) - set(re.findall(r"\\[a-zA-Z]+", clean)) <= allowed
    assert commands[r"\input"] == commands[r"\write"] == 0
    assert page.count("\n") == clean.count("\n")
    assert page.count(r"\end{document}") == 1
    assert "^^" not in page
    assert "49" not in page.replace("4A00", "")


def test_words_with_markup_stay_words_in_text_and_json(hostile: Derivation) -> None:
    """A terminal acts on escape characters; JSON keeps the words exactly."""
    text = render(hostile, "text", detail="full")

    assert " ".join(WORDS.split()) in text.splitlines()[0]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert json.loads(render(hostile, "json"))["title"] == HOSTILE


def test_a_users_function_cannot_break_out_by_its_title() -> None:
    """Its title names rules: it stands beside lines, in formulas, in links and in labels."""

    def page_of(title: str, form: str, dialect: str) -> str:
        square = Function("square", lambda z: 2 * z, lambda z: z**2, title=title)
        known = replace(shipped(), functions={**shipped().functions, "square": square})
        derivation = derive_function(square, catalogue=known)
        return render(derivation, form, detail="full", dialect=dialect)

    for form, dialect in ALL[:5]:
        page, clean = (page_of(title, form, dialect) for title in (HOSTILE, "the square"))
        commands = set(re.findall(r"(?<!\\)(?:\\\\)*(\\[a-zA-Z]+)", page))
        known = set(re.findall(r"\\[a-zA-Z]+", clean))

        assert Page(page).tags == Page(clean).tags or form != "html"
        assert page.count("\n") == clean.count("\n") or form == "text"
        assert (
            form in ("text", "html") or {c for c in commands - known if "\\text" not in c} == set()
        )
        assert page.count("$$") == clean.count("$$")
        assert page.count("```") == clean.count("```") or form in ("text", "html", "latex")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", page)


@pytest.mark.parametrize("start", ["1. x", "1) x", "- x", "+ x", "=== x", "    x", "> x", "--- x"])
def test_a_note_never_begins_a_list_or_a_heading(start: str) -> None:
    """A paragraph of Markdown is told from a list by its first characters alone."""
    page = render(replace(sd.derive("x^2"), note=start), "markdown")
    [line] = [line for line in page.splitlines() if line.endswith("x") and "&" not in line]

    assert not re.match(r"\s*(\d+[.)]\s|[-+*=>#]| {4})", line)


# Ours and theirs: Broken, Unknown, Mistake


def _bent(derivation: Derivation, number: int) -> Derivation:
    """The derivation that ends with the line `number` and gets it wrong."""
    steps = list(derivation.steps)
    steps[number] = replace(steps[number], after=steps[number].after + symbol("z"))
    return replace(derivation, steps=tuple(steps[: number + 1] if number >= 0 else steps))


@pytest.mark.parametrize(("form", "dialect"), ALL)
@pytest.mark.parametrize("number", [0, 6, 11])
def test_a_wrong_step_is_never_rendered(form: str, dialect: str, number: int) -> None:
    """A wrong line on a page is the worst that we can do."""
    bent = _bent(sd.derive(sd.functions["tanh"]), number)

    with pytest.raises(sd.Broken, match="does not hold"):
        render(bent, form, dialect=dialect)


@pytest.mark.parametrize(("form", "dialect"), ALL)
def test_a_wrong_step_in_the_middle_is_found_though_the_ends_agree(form: str, dialect: str) -> None:
    """Two slips that cancel give the right answer, and a wrong derivation."""
    right = sd.derive("x^2*sin(x)")
    there = replace(right.steps[0], after=right.steps[0].after + symbol("x"))
    back = replace(right.steps[-1], before=there.after)

    with pytest.raises(sd.Broken, match="does not hold"):
        render(replace(right, steps=(there, back)), form, dialect=dialect)


@pytest.mark.parametrize(("form", "dialect"), ALL)
def test_a_wrong_step_inside_a_lemma_is_never_rendered(form: str, dialect: str) -> None:
    right = sd.derive("x^2*sin(x)")
    k = next(k for k, step in enumerate(right.steps) if step.lemmas)
    lemmas = (_bent(right.steps[k].lemmas[0], -1), *right.steps[k].lemmas[1:])
    steps = [*right.steps]
    steps[k] = replace(steps[k], lemmas=lemmas)

    with pytest.raises(sd.Broken, match="does not hold"):
        render(replace(right, steps=tuple(steps)), form, dialect=dialect)


def test_a_chain_with_a_gap_cannot_be_written_down() -> None:
    right = sd.derive("x^2*sin(x)")

    with pytest.raises(sd.Broken, match="begins with"):
        replace(right, steps=right.steps[1:])


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "json"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"detail": "everything"}, "brief, standard, full"),
        ({"dialect": "klingon"}, "klingon"),
        ({"templates": ("/nowhere",)}, "/nowhere"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    form: str, options: dict[str, str], said: str
) -> None:
    """An option that is silently ignored is believed to have worked."""
    with pytest.raises(sd.Unknown, match=said):
        sd.render(sd.derive("x^2"), form, **options)


@pytest.mark.parametrize("form", ["docx", "", "HTML", "markdown github"])
def test_an_unknown_format_is_answered_with_the_known_ones(form: str) -> None:
    with pytest.raises(sd.Unknown, match="text, markdown, latex, html, typst, pdf, json"):
        sd.render(sd.derive("x^2"), form)


# A user's own templates

PATHS = {
    "text": ("text/derivation.txt", "{%", "%}"),
    "markdown": ("markdown/derivation.md", "{%", "%}"),
    "html": ("html/derivation.html", "{%", "%}"),
    "latex": ("latex/derivation.tex", r"\BLOCK{", "}"),
}
FILTERS = {"text": "{{ %s }}", "markdown": "{{ %s }}", "html": "{{ %s }}", "latex": r"\VAR{%s}"}


def folder(tmp_path: Path, form: str, body: str) -> str:
    """A user's folder whose template for `form` holds `body`, with << >> for block marks."""
    path, opening, closing = PATHS[form]
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(body.replace("<<", opening).replace(">>", closing), encoding="utf-8")
    return str(tmp_path)


@pytest.mark.parametrize("form", PATHS)
@pytest.mark.parametrize("block", ["title", "task", "given", "remarks", "footer"])
def test_a_users_folder_replaces_one_block_and_nothing_else(
    form: str, block: str, tmp_path: Path
) -> None:
    """An extended page must follow ours when ours improves: only the block may differ."""
    path = PATHS[form][0]
    ours = folder(tmp_path / "a", form, f'<< extends "symderiv/{path}" >>')
    theirs = folder(
        tmp_path / "b", form,
        f'<< extends "symderiv/{path}" >>\n<< block {block} >>\nQQQ\n<< endblock >>\n',
    )  # fmt: skip
    derivation = sd.derive(sd.functions["bce"])
    plain, extended, replaced = (
        sd.render(derivation, form, templates=folders) for folders in ([], [ours], [theirs])
    )
    before, _, after = replaced.partition("QQQ\n")
    kept = after.strip("\n") + "\n" if after.strip() else ""

    assert extended == plain
    assert replaced.count("QQQ") == 1
    assert plain.startswith(before)
    assert plain.endswith(kept)
    assert len(before) + len(kept) < len(plain)


@pytest.mark.parametrize("form", PATHS)
def test_a_block_inside_a_section_sees_the_section(form: str, tmp_path: Path) -> None:
    body = f"""<< extends "symderiv/{PATHS[form][0]}" >>
<< block task scoped >>
QQQ {FILTERS[form] % "section.claim.right | math"} {FILTERS[form] % "super()"}
<< endblock >>
"""
    page = sd.render(sd.derive("x^2"), form, templates=[folder(tmp_path, form, body)])

    assert re.search(r"QQQ .*2", page)
    assert "Differentiate" in page


@pytest.mark.parametrize("form", PATHS)
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("<< block footer >>", "(?i)unexpected end|endblock"),
        ("<< if >>", "(?i)expected"),
        ("VAR(nonsense)", "nonsense"),
        ("VAR(document.nonsense)", "nonsense"),
        ("VAR(document | nonsense)", "nonsense"),
        ("VAR(1/0)", "(?i)zero"),
        ("VAR(range(10**9))", "(?i)range"),
        ('<< include "nowhere" >>', "nowhere"),
        ("VAR(document())", "(?i)call"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_file_and_line(
    form: str, line: str, said: str, tmp_path: Path
) -> None:
    """Who writes templates needs the place, not our stack."""
    body = "first\nsecond\n" + re.sub(r"VAR\((.*)\)$", lambda m: FILTERS[form] % m[1], line) + "\n"
    place = folder(tmp_path, form, body)

    with pytest.raises(sd.Mistake, match=said) as mistake:
        sd.render(sd.derive("x^2"), form, templates=[place])
    assert PATHS[form][0] in str(mistake.value)
    assert re.search(r"line [34]\b", str(mistake.value))


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ document.__class__.__init__.__globals__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ shown.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ '{0.__class__}'.format(document) }}",
        "{{ document.sections[0].conditions.append(1) }}",
        "{% set document.title = 'x' %}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../../../../etc/passwd' %}",
        "{% extends 'text/derivation.txt' %}",
    ],
)
def test_a_hostile_template_is_refused(body: str, tmp_path: Path) -> None:
    """Template folders travel with other people's documents: they may spell, never run."""
    with pytest.raises(sd.Mistake):
        sd.render(sd.derive("x^2"), "text", templates=[folder(tmp_path, "text", body)])


def test_a_folder_that_vanishes_is_missed_the_second_time_too(tmp_path: Path) -> None:
    place = folder(tmp_path / "mine", "text", "mine")
    derivation = sd.derive("x^2")

    assert sd.render(derivation, "text", templates=[place]) == "mine\n"
    (tmp_path / "mine" / "text" / "derivation.txt").unlink()
    (tmp_path / "mine" / "text").rmdir()
    (tmp_path / "mine").rmdir()
    with pytest.raises(sd.Unknown, match="mine"):
        sd.render(derivation, "text", templates=[place])


# Bytes

_HASHES = """
import hashlib, sys
import symderiv as sd
from symderiv.documents.rendering import render
given = {"L": "bce(yhat, y)", "yhat": "sigma(z)"}
made = [sd.derive(sd.functions["relu"]), sd.derive("L", "z", given=given), sd.derive("x^2*sin(x)")]
forms = [("text", ""), ("markdown", "github"), ("markdown", "plain"), ("latex", ""), ("html", ""),
         ("typst", ""), ("json", "")]
for d in made:
    for form, dialect in forms:
        for detail in ("brief", "standard", "full"):
            page = render(d, form, detail=detail, dialect=dialect)
            print(form, dialect, detail, hashlib.sha256(page.encode()).hexdigest())
"""


def test_the_same_bytes_under_every_hash_seed_and_locale(tmp_path: Path) -> None:
    """What is committed must come out the same on the next machine, else diffs lie."""
    said = set()
    for seed, locale in (("0", "C.UTF-8"), ("1", "C"), ("4242", "C")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale}
        said.add(
            subprocess.run(
                [sys.executable, "-c", _HASHES],
                env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
            ).stdout
        )  # fmt: skip

    assert len(said) == 1
    assert said.pop().count("\n") == 63


@pytest.mark.parametrize("detail", LEVELS)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_clean_to_the_byte(
    name: str, detail: str, derived: dict[str, Derivation], post: Document
) -> None:
    """Editors and linters strip blanks at line ends: golden files must have none."""
    for form, page in formats(derived.get(name, post), detail):
        assert page.endswith("\n"), form
        assert not page.endswith("\n\n"), form
        assert not re.search(r"[\r\t\f\v]", page), form
        assert not re.search(r"[ \u00a0]+$", page, re.MULTILINE), form
        assert not re.search(r"\n\n\n\n", page), form


def test_rendering_twice_gives_the_same_page(derived: dict[str, Derivation]) -> None:
    """No counter and no cache may show: the second page of a process is as the first."""

    def digest(name: str) -> str:
        pages = "".join(page for _, page in formats(derived[name], "full"))
        return hashlib.sha256(pages.encode()).hexdigest()

    before = [digest(name) for name in derived]
    after = [digest(name) for name in reversed(derived)]

    assert before == after[::-1]


def test_no_page_says_a_line_twice(derived: dict[str, Derivation]) -> None:
    """A line equal to the one before says nothing and looks like a mistake."""
    for derivation in derived.values():
        lines = [unicode_text(e) for e in (derivation.start, *(s.after for s in derivation.steps))]

        assert all(one != other for one, other in pairwise(lines))


def test_a_stop_stays_with_the_formula_before_it() -> None:
    """A browser may end a line behind a formula, and begin the next with a comma."""
    page = render(compose(sd.derive("f(g(x))")), "html")
    stops = re.findall(r"(.{7})</math>[,.;:]", page)

    assert stops
    assert len(stops) == len(
        re.findall(r'<span class="sd-nb"><math(?:(?!</math>).)*</math>[,.;:]+</span>', page)
    )
    assert ".sd-nb{white-space:nowrap}" in CSS


def test_paper_explains_the_rules_that_it_names_and_no_others() -> None:
    """A rule of a line inside is not listed, unless a sentence of the page leads to it."""
    page = compose(sd.derive(sd.functions["tanh"]))
    listed = {rule.id for rule in glossary_of(page, "standard")}
    below = next(rule for rule in page.glossary if rule.id not in listed)
    sentence = Named(("Remember the ",), (Reason(below.name, below.id),))
    naming = replace(page, sections=(*page.sections, Passage("more", "", (sentence,))))

    assert listed < {rule.id for rule in page.glossary}
    assert below in glossary_of(naming, "standard")
    assert glossary_of(page, "full") == page.glossary
