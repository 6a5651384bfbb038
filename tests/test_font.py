"""The font of the formulas: that it is shipped, is beside each page, and has every letter.

The referee of what stands in a font is fontTools.
"""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest

import symderiv as sd
from symderiv.cli import main
from symderiv.documents.folders import FONT, font_data, our_templates
from symderiv.language.expressions import Symbol
from symderiv.printing.glyphs import GREEK
from symderiv.printing.mathml import mathml
from symderiv.sites.styling import piece_css, site_css

ttlib = pytest.importorskip("fontTools.ttLib", reason="this needs fonttools")
pytest.importorskip("brotli", reason="this needs brotli")
OUTPUT = Path(__file__).resolve().parent.parent / "output"


@pytest.fixture(scope="module")
def font() -> ttlib.TTFont:
    return ttlib.TTFont(our_templates() / "html" / "fonts" / FONT)


def test_no_radical_is_wider_than_the_smallest(font: ttlib.TTFont) -> None:
    """Chromium keeps room for the widest behind every root."""
    radical, variants = font.getBestCmap()[ord("√")], font["MATH"].table.MathVariants
    made = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(radical)]
    names = [found.VariantGlyph for found in made.MathGlyphVariantRecord]
    names += [part.glyph for part in made.GlyphAssembly.PartRecords]

    assert len(names) == 7
    assert {font["hmtx"][name][0] for name in names} == {font["hmtx"][radical][0]}


def shown(markup: str) -> set[str]:
    """The letters that a browser draws for MathML: a single letter of an `mi` is italic."""
    found: set[str] = set()
    for element in ElementTree.fromstring(markup).iter():  # noqa: S314 (our own)
        if element.tag.endswith(("mtext", "annotation")):  # words, in the page's own letters
            continue
        text = element.text or ""
        italic = element.tag.endswith("mi") and len(text) == 1 and not element.get("mathvariant")
        found |= set(slanted(text) if italic else text)
    return {letter for letter in found if not letter.isspace()}


def slanted(letter: str) -> str:
    """The mathematical italic letter, by Unicode's own table of compatible letters."""
    for code in (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)):
        if unicodedata.normalize("NFKC", chr(code)) == letter:
            return chr(code)
    return letter


def formulas() -> set[str]:
    pages = [path.read_text(encoding="utf-8") for path in sorted(OUTPUT.glob("*.html"))]
    printed = {found for page in pages for found in re.findall(r"<math.*?</math>", page, re.DOTALL)}
    laws = [form for rule in sd.rules.values() for form in rule.forms]
    laws += [function.definition for function in sd.functions.values() if function.definition]
    sides = [side for law in laws for side in (law.left, law.right)]
    letters = [Symbol(name) for name in (*GREEK, *string.ascii_letters)]
    letters.append(sd.read("1_{x > 0}"))
    return printed | {f"<math>{mathml(law)}</math>" for law in (*sides, *letters)}


def test_the_font_has_every_letter_of_every_formula(font: ttlib.TTFont) -> None:
    """A letter from another font stands at another height and weight than its neighbours."""
    wanted = {letter for markup in formulas() for letter in shown(markup)}
    missing = {letter for letter in wanted if ord(letter) not in font.getBestCmap()}

    assert {"𝑥", "𝜎", "𝟙", "∂", "′"} <= wanted
    assert missing == set()


def test_the_font_says_how_formulas_are_set_and_whose_it_is(font: ttlib.TTFont) -> None:
    """Without a table of mathematics a browser draws no tall root, and no sum of its size."""
    licence = (our_templates() / "html" / "fonts" / "OFL.txt").read_text(encoding="utf-8")

    assert font["MATH"].table.MathConstants.FractionRuleThickness.Value > 0
    assert font["MATH"].table.MathVariants.VertGlyphCount > 10
    assert "SIL Open Font License, Version 1.1" in " ".join(licence.split())
    assert "STIX Fonts Project Authors" in font["name"].getDebugName(0)
    assert len(font_data()) < 80_000


@pytest.mark.parametrize(
    "words",
    [
        ["derive", "x^2", "-f", "html", "-o", "page.html"],
        ["rules", "-f", "html", "-o", "page.html"],
        ["functions", "relu", "-f", "html", "-o", "page.html"],
        ["check", "D(x^2, x)", "2x", "-f", "html", "-o", "page.html"],
        ["fragments", "--css", "-o", "."],
    ],
    ids=lambda words: words[0],
)
def test_a_page_that_is_written_finds_its_font_beside_it(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address in a page is that of a file in the same folder."""
    monkeypatch.chdir(tmp_path)

    assert main(words) == 0
    page = next(tmp_path.glob("*.[hc][ts][ms]*")).read_text(encoding="utf-8")
    assert f"url({FONT})" in page
    assert (tmp_path / FONT).read_bytes() == font_data()


def test_what_is_taken_in_whole_asks_for_no_file() -> None:
    """In a notebook no file stands beside a piece, and a request would lead nowhere."""
    assert "url(" in site_css()
    assert "url(" not in piece_css()
