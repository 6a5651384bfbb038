"""A page in another language: German is complete, and nothing but words changes.

`python tests/test_languages.py de` composes everything there is and prints each sentence that has
no translation yet, as it is to be written in `templates/languages/de.toml`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest

import symderiv as sd
from symderiv.cli import main
from symderiv.documents.cardindex import compose_index
from symderiv.documents.cards import compose_card
from symderiv.documents.chainrule import chain_rule_handout
from symderiv.documents.composing import compose
from symderiv.documents.document import Document, Known, Own, Paragraph, Passage, Picture
from symderiv.documents.feedback import compose_feedback
from symderiv.documents.glossary import compose_rules
from symderiv.documents.networks import anchor_network, compose_network
from symderiv.documents.phrasebook import ENGLISH, Phrasebook, check_language, languages, phrasebook
from symderiv.documents.post import derive_topics
from symderiv.documents.rendering import page_of, render
from symderiv.documents.scene import Scene, bounds
from symderiv.documents.translating import translated
from symderiv.errors import Mistake, Unknown
from symderiv.handouts.building import Order, build
from symderiv.handouts.composing import compose_handout
from symderiv.handouts.deriving import Deriver
from symderiv.handouts.drawing import Drawing
from symderiv.handouts.specification import read_spec
from symderiv.handouts.withholding import VARIANTS
from symderiv.language.build import symbols
from symderiv.language.expressions import Expr
from symderiv.sites.pieces import Site, piece
from symderiv.sites.styling import quiz_script
from symderiv.sites.wishes import Misasked, read_fence

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
TEMPLATES = HERE.parent / "templates"
GERMAN_HANDOUT = HERE / "handouts" / "ableiten.toml"
OTHERS = [language for language in languages() if language != ENGLISH]
X, Y = symbols("x y")
Pages = Iterator[tuple[str, Callable[[], Document]]]

# --- everything there is -------------------------------------------------------------------------


def catalogue_pages(every: int) -> Pages:
    """The glossaries whole, what is said of each function, and the cards of some."""
    yield "functions", lambda: compose_index(tuple(sd.functions.values()))
    yield "rules", lambda: compose_rules(tuple(sd.rules.values()))
    notes = [Paragraph((f.note,)) for f in sd.functions.values() if f.note]
    yield "notes", lambda: Document("", (Passage("notes", "", tuple(notes)),))
    for function in [*sd.functions.values()][::every]:
        yield f"card {function.name}", lambda f=function: compose_card(f, in_site=True)
        for kinks in ("undefined", *function.at_kink) if function.at_kink else ():
            yield (
                f"{function.name}, {kinks}",
                lambda f=function, k=kinks: compose(sd.derive(f, kinks=k)),
            )


def network_pages() -> Pages:
    yield "the post", lambda: chain_rule_handout(derive_topics())
    yield "the anchor network", lambda: compose_network(anchor_network())
    for path in sorted((HERE / "networks").glob("*.toml")):
        yield path.name, lambda p=path: compose_network(sd.Network.from_toml(p))


def handout_pages() -> Pages:
    for path in (EXAMPLES / "deep_learning.toml", EXAMPLES / "first_calculus.toml",
                 EXAMPLES / "chain_rule.md", GERMAN_HANDOUT):  # fmt: skip
        spec = read_spec(path)
        deriver = Deriver(spec)
        draw = Drawing(spec, deriver, "0").first
        for variant in VARIANTS:
            yield (
                f"{path.name}, {variant}",
                lambda s=spec, d=deriver, w=draw, v=variant: compose_handout(s, d, w, v),
            )


def problem_pages(every: int) -> Pages:
    for row in [*_rows("problems.txt", 5)][::every]:
        _, text, by, _, _ = row
        name, _, often = by.partition(";")[0].strip().partition(" ")
        order = {"": 1, "twice": 2, "three times": 3}[often.strip()]
        yield text, lambda t=text, n=name, o=order: compose(sd.derive(t, n, order=o))
    for question, where in AROUND:
        yield question, lambda ask=where: page_of(ask())


AROUND: list[tuple[str, Callable[[], object]]] = [
    ("gradient", lambda: sd.gradient("x^2*y", ["x", "y"], at={"x": "1", "y": "2"})),
    ("hessian", lambda: sd.hessian("x^2*y", ["x", "y"])),
    ("jacobian", lambda: sd.jacobian(["x*y", "x + y"], ["x", "y"])),
    ("tangent", lambda: sd.tangent("x^2", at={"x": "2"})),
    ("tangent of a curve", lambda: sd.tangent("x^2 + y^2 = 25", of="y", at={"x": "3", "y": "4"})),
    ("critical points", lambda: sd.critical_points("x^3 - 3*x")),
    ("a kink", lambda: sd.critical_points("abs(x)")),
    ("no extremum", lambda: sd.critical_points("x^3")),
    ("inverse", lambda: sd.inverse("x^3 + x", at="2")),
    ("parametric", lambda: sd.parametric(x="cos(t)", y="sin(t)")),
    ("implicit", lambda: sd.derive("x^2 + y^2 = 25", wrt="x", of="y", order=2)),
    ("related rates", lambda: sd.derive("x^2 + y^2 = 100", wrt="t", of="y")),
]
"""The problems around a derivative, one of each kind."""


def feedback_pages(every: int) -> Pages:
    asked = ""
    for k, (question, answer, _, _) in enumerate(_rows("answers.txt", 4)):
        asked = question or asked
        if k % every == 0:
            yield f"{asked}: {answer}", lambda q=asked, a=answer: compose_feedback(_checked(q, a))
    for path in sorted((HERE / "derivations").glob("*.txt")):
        for block in path.read_text().split("\n\n")[:: min(every, 3)]:
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if lines:
                yield lines[0], lambda rows=lines: compose_feedback(_marked(rows))


def _rows(name: str, cells: int) -> Iterator[list[str]]:
    for line in (HERE / name).read_text().splitlines():
        row = [cell.strip() for cell in line.split("|")]
        if line and not line.startswith("#") and len(row) == cells:
            yield row


def _checked(question: str, answer: str) -> sd.Check:
    text, options = _asked(question)
    return sd.check(sd.problem(text, **options), answer)


def _marked(rows: list[str]) -> sd.Marked:
    text, options = _asked(rows[0].removeprefix("?"))
    return sd.check_lines(text, [row.partition("<-")[0].strip() for row in rows[1:]], **options)


def _asked(question: str) -> tuple[str, dict]:
    text, *conditions = (part.strip() for part in question.split(";"))
    options: dict = {"where": {}, "given": {}}
    for condition in conditions:
        kind, _, rest = condition.partition(" ")
        if kind in options:
            name, _, value = rest.partition(" = ")
            options[kind][name] = value
        else:
            options[kind] = int(rest) if kind == "digits" else rest
    return text, options


KINDS = {
    "catalogue": lambda: catalogue_pages(8),
    "networks": network_pages,
    "handouts": handout_pages,
    "problems": lambda: problem_pages(24),
    "feedback": lambda: feedback_pages(24),
}


@cache
def composed(kind: str) -> list[tuple[str, Document]]:
    found = []
    for name, make in KINDS[kind]():
        try:
            found.append((name, make()))
        except Mistake:  # a row that asks for more than its text says
            continue
    return found


def missing(pages: list[tuple[str, Document]], language: str) -> dict[str, str]:
    """Each sentence that has no translation, and the page on which it stands."""
    found: dict[str, str] = {}
    for name, page in pages:
        translated(page, language, lambda sentence, n=name: found.setdefault(sentence, n))
    return found


# --- German says everything -------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_every_page_has_a_translation(language: str, kind: str) -> None:
    pages = composed(kind)

    assert len(pages) >= 9
    assert missing(pages, language) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_every_formula(language: str, kind: str) -> None:
    """A sentence that loses a formula, or says one twice, would be another sentence."""
    for name, page in composed(kind):
        assert formulas(translated(page, language)) == formulas(page), name


def formulas(part: object) -> Counter[Expr]:
    found: Counter[Expr] = Counter()
    if isinstance(part, Expr):
        found[part] += 1
    elif isinstance(part, tuple):
        for item in part:
            found += formulas(item)
    elif is_dataclass(part):
        for field in fields(part):
            found += formulas(getattr(part, field.name))
    return found


@pytest.mark.parametrize("kind", ["networks", "handouts"])
@pytest.mark.parametrize("language", OTHERS)
def test_a_translated_label_meets_nothing_in_its_picture(language: str, kind: str) -> None:
    """A picture is laid out in English; a longer label needs a shorter form under `label: `."""
    met = []
    for name, page in composed(kind):
        for before, after in zip(scenes(page), scenes(translated(page, language)), strict=True):
            for k, (old, new) in enumerate(zip(before.items, after.items, strict=True)):
                if old != new:
                    room = [bounds(item) for item in before.items[:k] + before.items[k + 1 :]]
                    grown = (bounds(new).meets(r) and not bounds(old).meets(r) for r in room)
                    met += [(name, before.name, new)] * any(grown)

    assert met == []


def scenes(page: Document) -> list[Scene]:
    pictures = [
        block
        for section in page.sections
        if isinstance(section, Passage)
        for block in section.blocks
        if isinstance(block, Picture)
    ]
    return [s for picture in pictures for s in (picture.wide, picture.narrow) if s is not None]


@pytest.mark.parametrize("language", OTHERS)
def test_the_words_of_every_template_have_a_translation(language: str) -> None:
    spoken = [
        words
        for path in TEMPLATES.rglob("*.*")
        if path.suffix in (".html", ".md", ".tex", ".txt", ".typ")
        for line in path.read_text().splitlines()
        for words in re.findall(r'"([^"]+)" \| said', line)
    ]
    levels = ["Brief", "Standard", "Every step", "Rules used"]

    assert len(spoken) > 30
    assert {*spoken, *levels} - {*phrasebook(language).words} == set()


QUIZ = (TEMPLATES / "html" / "quiz.js").read_text(encoding="utf-8")
SAID = re.compile(r'say\(\s*"((?:[^"\\]|\\.)*)"')


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_quiz_has_a_translation_in_one_form(language: str) -> None:
    """The script fills slots, and knows no forms by number."""
    said, words = SAID.findall(QUIZ), phrasebook(language).words

    assert len(said) > 30
    assert [sentence for sentence in said if not isinstance(words.get(sentence), str)] == []
    assert all(json.dumps(words[s], ensure_ascii=False) in quiz_script() for s in said)


def test_the_quiz_says_nothing_but_sentences_that_can_be_looked_up() -> None:
    """Outside of `say("..")` no text of the script has two words, or begins as a sentence does."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", QUIZ, flags=re.DOTALL)
    bare = re.sub(r"\$\{[^{}]*\}", "", SAID.sub("say(", code))
    texts = [double or tilted for double, tilted in re.findall(r'"([^"\n]*)"|`([^`]*)`', bare)]
    words = [
        text for text in texts if re.search(r"^[A-Z][a-z]+$|[A-Za-z]{2,}\W* \W*[A-Za-z]{2,}", text)
    ]

    assert len(texts) > 100
    assert words == ["use strict", "sd-said sd-said-"]
    assert code.count("say(") == len(SAID.findall(code))


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_quiz_says_of_misconceptions_has_a_translation(language: str) -> None:
    book = phrasebook(language)
    slips = [*sd.misconceptions.values()]
    said = {text for slip in slips for text in (slip.name, slip.why, slip.instead.name)}

    assert len(slips) > 100
    assert [text for text in said if book.translated(text) is None] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_slots_of_its_sentence(language: str) -> None:
    faults = []
    for english, said in phrasebook(language).words.items():
        for form in [said] if isinstance(said, str) else said.values():
            asked, filled = (Counter(re.findall(r"\{(\w+)\}", text)) for text in (english, form))
            lost = {slot for slot in asked - filled if slot[0].isdigit() or slot[0] in "nw"}
            if filled - asked or lost:
                faults.append(english)

    assert faults == []


ENGLISH_WORDS = re.compile(
    r"\b(if|the|of|is|with|where|which|derivative|by|and|it|rule|step)\b", re.IGNORECASE
)


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "typst"])
@pytest.mark.parametrize("name", ["bce-sigmoid", "relu"])
def test_no_english_is_left_on_a_german_page(name: str, form: str) -> None:
    page = render(derive_topics()[name], form, language="de", detail="full")
    start = {"html": "<h1>", "latex": r"\begin{document}", "typst": "#heading(level: 1)"}
    words = page[page.index(start.get(form, "")) :]
    if form == "html":
        words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", words)
    elif form == "typst":
        words = re.sub(r'"[^"]*"|#\w+', " ", words)
    words = re.sub(r"\\[a-zA-Z]+", " ", words)

    assert "Ableitung" in words
    assert ENGLISH_WORDS.findall(words) == []


# --- how a sentence is found ----------------------------------------------------------------------


def book(**words: object) -> Phrasebook:
    return Phrasebook({"names": ["Test"], "words": words})


def test_slots_come_in_the_order_of_the_language() -> None:
    page = a_page("Divide ", X, " by ", Y, ".")
    known = book(**{"Divide {0} by {1}.": "Durch {1} wird {0} geteilt."})

    assert known.translated("Divide \U000f0000 by \U000f0001.") == (
        "Durch \U000f0001 wird \U000f0000 geteilt."
    )
    assert formulas(page) == Counter({X: 1, Y: 1})


def test_a_number_takes_the_form_that_the_language_has_for_it() -> None:
    """Polish has three: 1 punkt, 2 punkty, 5 punktów, and 22 punkty again."""
    forms = {"1": "{n} punkt", ".*(?<!1)[234]": "{n} punkty", ".*": "{n} punktów"}
    known = book(**{"{n} points": forms, "1 point": "1 punkt"})
    said = [known.translated(f"{n} points") for n in (2, 5, 12, 22)]

    assert said == ["2 punkty", "5 punktów", "12 punktów", "22 punkty"]
    assert known.translated("1 point") == "1 punkt"


def test_words_inside_a_sentence_are_looked_up_in_turn() -> None:
    known = book(**{"follows by {w}": "folgt nach {w}", "sum rule": "Summenregel", "expand": "a"})

    assert known.translated("follows by sum rule, expand") == "folgt nach Summenregel, a"
    assert known.translated("Sum rule.") == "Summenregel."
    assert known.translated("follows by magic") is None


def test_a_list_of_formulas_is_one_slot_with_the_words_of_the_language() -> None:
    known = book(**{"for {0}": "für {0}", "or": "oder"})
    one, two, three = (chr(0xF0000 + k) for k in range(3))

    assert known.translated(f"for {one}, {two} or {three}") == f"für {one}, {two} oder {three}"


def a_page(*prose: object) -> Document:
    return Document("Rules", (Passage("a", "", (Paragraph(prose),)),))  # type: ignore[arg-type]


def test_what_an_author_wrote_stays_as_it_is() -> None:
    page = translated(a_page(Own("Solution"), X), "de")
    titled = translated(Document(Own("Rules"), ()), "de")
    shipped, other = (translated(Document(Known(t), ()), "de").title for t in ("Rules", "Rules: x"))

    assert page.sections[0].blocks[0].prose == ("Solution", X)  # type: ignore[union-attr]
    assert (page.title, titled.title, page.language) == ("Regeln", "Rules", "de")
    assert (shipped, other) == ("Regeln", "Rules: x")


def test_a_sentence_without_translation_stays_english_and_is_told() -> None:
    told: list[str] = []
    page = translated(a_page("Solution: nobody has said ", X, " before."), "de", told.append)

    assert page.sections[0].blocks[0].prose == ("Lösung: nobody has said ", X, " before.")  # type: ignore[union-attr]
    assert told == ["nobody has said {0} before."]


# --- where it is asked for ------------------------------------------------------------------------


def test_the_page_says_its_language_and_its_formulas_theirs() -> None:
    page = render(sd.derive("x^2"), "html", language="de")

    assert '<html lang="de">' in page
    assert page.count("<math ") == page.count('<math lang="en" ') > 4
    assert '#set text(lang: "de"' in render(sd.derive("x^2"), "typst", language="de")
    assert r"\usepackage[ngerman,shorthands=off]{babel}" in render(
        sd.derive("x^2"), "latex", language="de"
    )
    assert "babel" not in render(sd.derive("x^2"), "latex")


def test_an_unknown_language_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Unknown, match=r"Did you mean 'de'\? There are: en, de"):
        check_language("german")

    assert main(["derive", "x^2", "--language", "xx"]) == 2
    assert "No language 'xx'. There are: en, de" in capsys.readouterr().err
    with pytest.raises(Misasked) as raised:
        piece(read_fence("function: sigmoid\nlanguage: xx"), site=Site(cache=""))
    assert raised.value.line == 2


COMMANDS = {
    "derive": (["derive", "x^2"], "Potenzregel"),
    "network": (["network"], "Vorwärtsrechnung"),
    "rules": (["rules", "chain rule"], "Kettenregel"),
    "functions": (["functions", "sigmoid"], "Sigmoidfunktion"),
    "check": (["check", "D(x^2, x)", "2*x"], "Richtig."),
    "critical": (["critical", "x^2"], "Lokales Minimum"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_speaks_german(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    typed, word = COMMANDS[command]

    assert main([*typed, "--language", "de"]) == 0
    assert word in capsys.readouterr().out


def test_a_fence_speaks_its_own_language_or_that_of_the_site(tmp_path: Path) -> None:
    """What was kept in one language is not taken for the other."""
    site, german = (Site(cache=str(tmp_path), language=name) for name in ("", "de"))
    wish, own = read_fence("expr: x^2"), read_fence("expr: x^2\nlanguage: de")
    english = piece(wish, site=site)

    assert "Power rule" in english
    assert "Potenzregel" in piece(own, site=site)
    assert "Potenzregel" in piece(wish, site=german)
    assert piece(wish, site=site) == english
    assert 'class="sd-page sd-embed" lang="de"' in piece(own, site=site)


def test_an_exercise_is_asked_in_the_language_of_its_page() -> None:
    """The box too: its script speaks the language that the box is marked with."""
    fence = "expr: x^2*sin(x)\nlanguage: de\nhint: yes\nquiz: yes"
    posed = piece(read_fence(fence, "exercise"), site=Site(cache=""))
    words = re.sub(r"data-sd-quiz='[^']*'|alttext=\"[^\"]*\"", "", posed)

    assert 'aria-label="Lösung: Zu bestimmen ist die Ableitung von x² sin(x) nach x."' in posed
    assert ENGLISH_WORDS.findall(re.sub(r"<(?!summary)[^>]*>", " ", words)) == []
    assert '<div class="sd-quiz" lang="de"' in posed
    (notes,) = re.findall(r"data-sd-quiz='[^']*\"notes\":(.*?)}'", posed)
    assert "Produkt der Ableitungen" in notes
    assert ENGLISH_WORDS.findall(notes) == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_handout_says_in_its_file_in_which_language_it_is(variant: str, tmp_path: Path) -> None:
    order = Order(GERMAN_HANDOUT, tmp_path, ("text", "html"), (variant,))
    text, html = (path.read_text() for path in build(order) if path.suffix in (".txt", ".html"))

    assert "Name: ___" in text or variant == "solution"
    assert "Zu bestimmen ist die Ableitung von" in text
    assert ENGLISH_WORDS.findall(text) == []
    assert '<html lang="de">' in html


def test_a_handout_in_no_language_of_ours_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text('title = "A"\nlanguage = "deutsch"\n[[section]]\nderive = "x^2"\n')

    with pytest.raises(Mistake, match=r"line 2(.|\n)*Did you mean 'de'"):
        read_spec(path)


if __name__ == "__main__":
    KINDS["catalogue"] = lambda: catalogue_pages(1)
    KINDS |= {"problems": lambda: problem_pages(1), "feedback": lambda: feedback_pages(1)}
    for language_ in sys.argv[1:] or OTHERS:
        for sentence_ in SAID.findall(QUIZ):
            if sentence_ not in phrasebook(check_language(language_)).words:
                print(f'"{sentence_}" = ""  # the quiz')
        for kind_ in KINDS:
            for sentence_, page_ in missing(composed(kind_), check_language(language_)).items():
                print(f'"{sentence_}" = ""  # {page_}')
