"""Pages as axe-core reads them in Chromium: wide and light, in the dark, and on a phone.

Handouts and sites have this test beside their own.  Nothing is excused: a rule of axe-core
that finds something is either satisfied or was wrong to be on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import symderiv as sd
from symderiv.documents.cards import compose_card
from symderiv.documents.glossary import compose_rules
from symderiv.documents.reaching import focusable, labelled
from symderiv.documents.rendering import render

OUTPUT = Path(__file__).resolve().parent.parent / "output"
LONG = "sigma(w_1*x_1 + w_2*x_2 + w_3*x_3 + b)^3*tanh(w_1*x_1 + w_2*x_2 + w_3*x_3 + b)/(1 + w_1^2)"


@pytest.mark.parametrize("name", ["network", "bce-sigmoid", "relu"])
def test_axe_finds_nothing_on_a_page_of_the_showroom(
    name: str, chromium: Callable[..., Any]
) -> None:
    """The others are made of the same parts; the whole handout alone would take a minute."""
    assert chromium("axe", address=(OUTPUT / f"{name}.html").as_uri()) == []


MADE: dict[str, Callable[[], str]] = {
    "a wrong answer": lambda: sd.render(sd.check(LONG, "x", "w_1"), "html"),
    "a right answer": lambda: sd.render(
        sd.check("D(x^2*sin(3x), x)", "2x*sin(3x) + 3x^2*cos(3x)"), "html"
    ),
    "lines with a mistake in writing": lambda: sd.render(
        sd.check_lines("D(x^2*exp(-x), x)", ["2x*exp(-x) + x^2*exp(-x)", "= )x" + "+1" * 60]),
        "html",
    ),
    "a card": lambda: render(compose_card(sd.functions["hardswish"], in_site=True), "html"),
    "the glossary": lambda: render(compose_rules([*sd.rules.values()]), "html"),
}


@pytest.mark.parametrize("name", MADE)
def test_axe_finds_nothing_on_other_pages(
    name: str, chromium: Callable[..., Any], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(MADE[name](), encoding="utf-8")

    assert chromium("axe", address=page.as_uri()) == []


def test_axe_sees_what_is_wrong(chromium: Callable[..., Any], tmp_path: Path) -> None:
    """In every view: a test that cannot fail is none."""
    page = tmp_path / "page.html"
    text = (OUTPUT / "network.html").read_text(encoding="utf-8")
    text = text.replace(' tabindex="0"', "").replace("--sd-soft:#a0a6b1", "--sd-soft:#303030")
    page.write_text(text.replace("--sd-link:#2456c4", "--sd-link:#c0c0c0"), encoding="utf-8")
    found = {fault.split(": ")[0] + " " + fault.split(": ")[1]
             for fault in chromium("axe", address=page.as_uri())}  # fmt: skip

    assert found >= {
        "light color-contrast", "dark color-contrast", "phone scrollable-region-focusable",
    }  # fmt: skip


def test_only_what_may_have_to_scroll_can_be_focused() -> None:
    """A stop of the tab key at each short formula would be a long way through a page."""
    assert focusable(sd.read("1 - sigma(z)")) == ""
    assert focusable(("Differentiate ", sd.read("x^2"), ", which is a long sentence indeed.")) == ""
    assert focusable(sd.read(LONG)) == ' tabindex="0"'
    assert focusable((sd.read("1 - sigma(z)"),) * 3) == ' tabindex="0"'


def test_a_heading_that_is_a_formula_has_a_label() -> None:
    page = (OUTPUT / "handout.html").read_text(encoding="utf-8")

    assert '<th scope="row"><math alttext="y hat" aria-label="y hat"' in page
    assert labelled("Value") == "Value"
