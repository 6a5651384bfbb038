"""Pages in the programs that people open them with: Chromium and pdflatex.

A parser accepts what nobody can read: a line that overlaps its reason, a page that
scrolls sideways on a phone.  So the boxes are measured in a real browser (a copy of the
page gets a measuring script, the page itself has none), and the LaTeX is really set.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

import symderiv as sd
from symderiv.catalogue.gathering import shipped
from symderiv.documents.cardindex import compose_index
from symderiv.documents.cards import compose_card
from symderiv.documents.chainrule import chain_rule_handout
from symderiv.documents.document import LEVELS, Document
from symderiv.documents.feedback import compose_feedback
from symderiv.documents.glossary import compose_rules
from symderiv.documents.post import derive_topics
from symderiv.documents.rendering import render
from symderiv.documents.showing import shown

LONG = "sigma(w_1*x_1 + w_2*x_2 + w_3*x_3 + b)^3*tanh(w_1*x_1 + w_2*x_2 + w_3*x_3 + b)/(1 + w_1^2)"
WIDTHS = (360, 1280)


def tool(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"this needs {names[0]}, which is not installed")
    return found


@pytest.fixture(scope="module")
def documents() -> dict[str, Document | sd.derive]:
    derivations = derive_topics()
    return {
        "handout": chain_rule_handout(derivations),
        **derivations,
        "long": sd.derive(LONG, "w_1"),
        "feedback": compose_feedback(sd.check(LONG, LONG, "w_1")),
        "card": compose_card(sd.functions["hardswish"], in_site=True),
        "functions": compose_index([*sd.functions.values()]),
        "rules": compose_rules([*sd.rules.values()]),
    }


# Chromium

MEASURE = """
<script>
const box = e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom] };
const inside = e => { const r = document.createRange(); r.selectNodeContents(e); return box(r) };
const level = name => {
  for (const radio of document.querySelectorAll(".sd-pick-" + name)) radio.checked = true;
  const rows = [...document.querySelectorAll(".sd-row")].filter(r => r.checkVisibility());
  return {
    scroll: document.documentElement.scrollWidth, width: innerWidth,
    ids: rows.map(r => r.id).filter(id => id),
    chains: [...document.querySelectorAll(".sd-chain")].map(chain =>
      [...chain.children].filter(r => r.checkVisibility())
        .map(r => r.querySelector(":scope > .sd-eq").getBoundingClientRect().left)),
    rows: rows.map(r => ({id: r.id, box: box(r), parts: Object.fromEntries(
      [".sd-no", ".sd-left", ".sd-eq", ".sd-rhs", ".sd-reason", ".sd-why > summary"].flatMap(s => {
        const e = r.querySelector(":scope > " + s);
        const measure = s == ".sd-reason" ? inside : box;
        return e && e.checkVisibility() ? [[s, measure(e)]] : []; }))})),
    whys: [...document.querySelectorAll("details.sd-why > div")]
      .filter(d => !d.parentElement.parentElement.closest(".sd-why"))
      .map(d => d.checkVisibility() && d.getBoundingClientRect().height > 0),
    clipped: [...document.querySelectorAll(".sd-page math")].filter(m => m.checkVisibility())
      .filter(m => !m.closest(".sd-formula, .sd-scroll, p"))
      .filter(m => box(m)[2] > innerWidth + 1 || box(m)[0] < -1).length,
  };
};
addEventListener("load", () => parent.postMessage(JSON.stringify(
  {name: NAME, levels: Object.fromEntries(["brief", "standard", "full"].map(l => [l, level(l)]))}
), "*"));
</script>
"""
WRAPPER = """<!doctype html><meta charset="utf-8"><pre></pre><script>
addEventListener("message", e => document.querySelector("pre").append(e.data + "\\n"));
</script>"""


def chromium(folder: Path, page: str, *options: str) -> str:
    browser = tool("chromium", "chromium-browser", "google-chrome")
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={folder / 'profile'}", *options,
            (folder / page).as_uri(),
        ],
        capture_output=True, text=True, timeout=120, cwd=folder,
    )  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module")
def measured(
    documents: dict[str, Document], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What Chromium lays out: `handout-360` and so on, by level.

    A headless window is never narrower than 500 px, so the pages stand in frames.
    """
    tool("chromium", "chromium-browser", "google-chrome")
    folder, frames = tmp_path_factory.mktemp("pages"), []
    for name, what in documents.items():
        page = render(what, "html").replace('class="sd-fold"', 'class="sd-fold" open')
        for width in WIDTHS:
            script = MEASURE.replace("NAME", json.dumps(f"{name}-{width}"))
            (folder / f"{name}-{width}.html").write_text(
                page.replace("</body>", f"{script}</body>")
            )
            frames.append(
                f'<iframe src="{name}-{width}.html" width="{width}" height="900" '
                'style="border:0;display:block"></iframe>'
            )
    (folder / "wrapper.html").write_text(WRAPPER + "\n".join(frames))
    dom = chromium(folder, "wrapper.html", "--virtual-time-budget=20000", "--dump-dom")
    said = html.unescape(re.search(r"<pre>(.*?)</pre>", dom, re.DOTALL)[1])
    found = {row["name"]: row["levels"] for row in map(json.loads, said.strip().splitlines())}

    assert len(found) == len(WIDTHS) * len(documents)
    return found


def layouts(measured: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, levels in measured.items():
        for level, found in levels.items():
            yield name, level, found


def test_no_page_scrolls_sideways(measured: dict[str, dict[str, Any]]) -> None:
    """On a phone a long formula scrolls in its own cell, the page never."""
    wide = {
        f"{name} {level}": found["scroll"]
        for name, level, found in layouts(measured)
        if found["scroll"] > found["width"] or found["clipped"]
    }

    assert {found["width"] for _, _, found in layouts(measured)} == set(WIDTHS)
    assert wide == {}


def test_equals_signs_of_a_chain_stand_below_one_another(
    measured: dict[str, dict[str, Any]],
) -> None:
    for name, level, found in layouts(measured):
        for chain in filter(None, found["chains"]):
            assert max(chain) - min(chain) < 0.6, (name, level)


def test_nothing_in_a_row_overlaps(measured: dict[str, dict[str, Any]]) -> None:
    """The formula, its reason, its number and "Why?" each have their own place."""
    for name, level, found in layouts(measured):
        for row in found["rows"]:
            for (one, a), (other, b) in combinations(row["parts"].items(), 2):
                wide = min(a[2], b[2]) - max(a[0], b[0])
                tall = min(a[3], b[3]) - max(a[1], b[1])

                assert wide < 1 or tall < 1, (name, level, row["id"], one, other, wide, tall)


def test_no_part_of_a_row_leaves_it(measured: dict[str, dict[str, Any]]) -> None:
    for name, level, found in layouts(measured):
        for row in found["rows"]:
            left, top, right, bottom = row["box"]
            for part, (a, b, c, d) in row["parts"].items():
                inside = a > left - 1 and b > top - 1 and c < right + 1 and d < bottom + 1

                assert inside, (name, level, row["id"], part)


def test_rows_do_not_lie_on_one_another(measured: dict[str, dict[str, Any]]) -> None:
    """Rows of one chain follow one another downwards (a row in a "Why?" lies in its own)."""
    for name, level, found in layouts(measured):
        tops = [row["box"] for row in found["rows"] if re.search(r"-s\d+$", row["id"])
                and row["id"].count("-s") == 1]  # fmt: skip
        tops = [b for b in tops if b[3] > b[1]]
        for one, other in pairwise(tops):
            assert other[1] > one[3] - 1, (name, level)


def test_the_levels_hide_and_show_the_right_rows(
    measured: dict[str, dict[str, Any]], documents: dict[str, Document]
) -> None:
    """The radio buttons work without any script: CSS alone hides rows."""
    for name, what in documents.items():
        page = what if isinstance(what, Document) else None
        if page is None:
            continue
        for width in WIDTHS:
            for level in LEVELS:
                wanted = [line.id for s in page.derivations for line in shown(s.chain, level)]
                ids = measured[f"{name}-{width}"][level]["ids"]
                outer = [i for i in ids if i in {line.id for s in page.derivations
                                                  for line in s.chain.lines}]  # fmt: skip

                assert outer == wanted


def test_every_why_is_open_at_the_finest_level_only(measured: dict[str, dict[str, Any]]) -> None:
    for name, level, found in layouts(measured):
        assert found["whys"] or name.startswith(("functions-", "rules-")), name  # no steps there
        assert all(found["whys"]) if level == "full" else not any(found["whys"]), (name, level)


def test_reasons_stand_near_their_formulas(measured: dict[str, dict[str, Any]]) -> None:
    """On a wide screen the eye must not lose its row on the way to the reason."""
    for name, level, found in layouts(measured):
        if name.endswith("1280"):
            for row in found["rows"]:
                parts = row["parts"]
                if ".sd-reason" in parts:
                    middle = (parts[".sd-reason"][1] + parts[".sd-reason"][3]) / 2

                    assert row["box"][1] < middle < row["box"][3], (name, level, row["id"])


def printed(document: Any, folder: Path, *options: str) -> str:
    """What pdftotext says of the page as Chromium prints it."""
    tool("chromium", "chromium-browser", "google-chrome")
    reader = tool("pdftotext")
    (folder / "page.html").write_text(render(document, "html"))
    chromium(folder, "page.html", "--no-pdf-header-footer", f"--print-to-pdf={folder}/page.pdf")
    return subprocess.run(
        [reader, *options, "page.pdf", "-"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def test_print_shows_what_stands_behind_why(documents: dict[str, Document], tmp_path: Path) -> None:
    """Paper has no buttons: closed details would be lost."""
    text = " ".join(printed(documents["tanh"], tmp_path, "-layout").split())

    assert "Numerator differentiated times denominator" in text
    assert "Two minus signs cancel" in text  # a line of a lemma
    assert "Quotient rule" in text
    assert "Level of detail" not in text
    assert "Why?" not in text


def test_print_lays_no_words_over_words(documents: dict[str, Document], tmp_path: Path) -> None:
    """Chromium does not lengthen a line of a subgrid that a page's end divides."""
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    pages = printed(documents["handout"], tmp_path, "-bbox").split("<page ")[1:]
    over, count = [], 0
    for number, page in enumerate(pages, start=1):
        words = [
            ([float(side) for side in sides], text)
            for *sides, text in word.findall(page)
            if re.search("[A-Za-z]{4}", text)  # accents and indices do stand over letters
        ]
        count += len(words)
        for (one, first), (two, second) in combinations(words, 2):
            wide = min(one[2], two[2]) - max(one[0], two[0])
            high = min(one[3], two[3]) - max(one[1], two[1])
            if wide > 1 and high > 2:
                over.append((number, first, second))

    assert count > 1000
    assert over == []


# pdflatex

PACKAGES = {  # where Debian keeps each: texlive-latex-base or texlive-latex-recommended
    "amsmath": "base", "amssymb": "base", "graphicx": "base", "geometry": "base",
    "hyperref": "base", "xcolor": "recommended",
}  # fmt: skip
REPRODUCIBLE = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}


def typeset(text: str, folder: Path) -> tuple[bytes, str]:
    """The PDF and the log; the test fails where TeX does."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.tex").write_text(text)
    done = subprocess.run(
        [tool("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape",
         "page.tex"],
        cwd=folder, env={**os.environ, **REPRODUCIBLE}, capture_output=True, timeout=120,
    )  # fmt: skip
    log = (folder / "page.log").read_text(errors="replace")

    assert done.returncode == 0, re.findall(r"^! .*(?:\n.*){3}", log, re.MULTILINE)
    return (folder / "page.pdf").read_bytes(), log


def faults(log: str) -> list[str]:
    """What a reader would see: text in the margin, letters that are missing."""
    over = re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\).*", log)
    return [
        *(f"{points}pt too wide" for points in over if float(points) > 5),
        *re.findall(r"Missing character.*", log),
        *re.findall(r"LaTeX Warning: .*undefined.*", log),
    ]


@pytest.mark.parametrize("name", ["handout", "bce-sigmoid", "tanh", "relu", "long", "feedback"])
@pytest.mark.parametrize("detail", ["standard", "full"])
def test_latex_compiles_and_stays_within_its_margins(
    name: str, detail: str, documents: dict[str, Document], tmp_path: Path
) -> None:
    _, log = typeset(render(documents[name], "latex", detail=detail), tmp_path)

    assert faults(log) == []


def test_the_same_latex_gives_the_same_pdf(documents: dict[str, Document], tmp_path: Path) -> None:
    """No date, no random id, no path: the PDF of a colleague is the one here."""
    page = render(documents["handout"], "latex")
    one, _ = typeset(page, tmp_path / "one")
    other, _ = typeset(page, tmp_path / "another folder")

    assert one.startswith(b"%PDF-")
    assert one == other


def test_a_picture_in_latex_says_what_it_shows(
    documents: dict[str, Document], tmp_path: Path
) -> None:
    """In words, in the PDF itself, and around the picture alone."""
    pdf, _ = typeset(render(documents["handout"], "latex"), tmp_path)
    parts = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    drawn = b"".join(zlib.decompressobj().decompress(p) for p in parts if p.startswith(b"x"))
    told = [bytes.fromhex(h.decode()).decode("utf-16") for h in re.findall(rb"/Alt <(\w+)>", drawn)]

    assert drawn.count(b" BDC") == drawn.count(b"EMC") == len(told) == 4
    assert all(re.match(r"[A-Z].*\.", words, re.DOTALL) for words in told)
    assert any("the partial derivative of L with respect to z two" in words for words in told)


def test_latex_needs_only_base_and_recommended_packages(documents: dict[str, Document]) -> None:
    """Any other package must be asked for first, as cancel is."""
    page = render(documents["handout"], "latex", detail="full")
    needed = set(re.findall(r"^\\usepackage(?:\[[^\]]*\])?\{(\w+)\}", page, re.MULTILINE))
    guarded = re.findall(r"\\IfFileExists\{(\w+)\.sty\}\{\\usepackage\{(\w+)\}", page)

    assert needed == set(PACKAGES)
    assert guarded == [("cancel", "cancel")]
    assert page.count(r"\usepackage") == len(needed) + len(guarded)


def test_latex_compiles_without_the_cancel_package(
    documents: dict[str, Document], tmp_path: Path
) -> None:
    """The strike of our own must work too, whatever is installed here."""
    page = render(documents["bce-sigmoid"], "latex", detail="full")
    guarded = r"\IfFileExists{cancel.sty}"

    assert guarded in page
    _, log = typeset(page.replace(guarded, r"\IfFileExists{no-such.sty}"), tmp_path)
    assert faults(log) == []


def test_every_word_of_the_catalogue_can_be_set_by_latex(tmp_path: Path) -> None:
    """A σ in a note stops pdflatex: each reason, title and note is set once here."""
    known = shipped()
    words = [
        *(text for rule in known.rules.values() for text in (rule.name, rule.why)),
        *(slip.why for slip in known.misconceptions.values()),
        *(text for f in known.functions.values() for text in (f.words, f.note, f.source)),
    ]
    derivation = replace(sd.derive("x^2"), note=" / ".join(filter(None, words)))
    _, log = typeset(render(derivation, "latex"), tmp_path)

    assert not re.findall(r"Missing character.*", log)


def test_a_hostile_title_is_set_as_it_is_written(tmp_path: Path) -> None:
    """TeX is a programming language: a title that runs can read files of the machine."""
    title = r"\input{/etc/passwd} $x$ 100% #1 a-b ~ ^^41 {} & <b> | \end{document} \write18{id}"
    pdf, log = typeset(render(replace(sd.derive("x^2"), title=title), "latex"), tmp_path)
    (tmp_path / "page.pdf").write_bytes(pdf)

    assert "root:" not in log
    done = subprocess.run(
        [tool("pdftotext"), "page.pdf", "-"], cwd=tmp_path, capture_output=True, text=True
    )
    text = " ".join(done.stdout.split())
    assert r"\input{/etc/passwd} $x$ 100% #1 a-b" in text
    assert "<b> |" in text
    assert "root:" not in text
