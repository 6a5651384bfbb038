"""What a site needs besides its pieces: one style sheet, and one script where it has quizzes.

The style sheet is made from the style of our own pages.  A piece stands in a column whose width
and whose light or dark the host decides.  So what our pages ask of the window is asked of the
column here, lengths count in the host's letters, and each colour is a pair of which the browser
takes the one that fits the host's own scheme.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from symderiv.documents.folders import template_text
from symderiv.documents.phrasebook import ENGLISH, languages, phrasebook

NAME: Final = "symderiv.css"
SCRIPT: Final = "symderiv-quiz.js"
_NARROW: Final = "34"  # letters: where a column is a phone's; our own pages have wider margins
_VARIABLE: Final = re.compile(r"(--sd-[\w-]+):([^;}]+)")
_SAID: Final = re.compile(r'\bsay\(("(?:[^"\\]|\\.)*")')  # a sentence where the script says it
_NO_WORDS: Final = "const WORDS = {};"  # where it keeps them in other languages


def site_css() -> str:
    """The style sheet as text, with the font that is written beside it."""
    return f"{template_text('html/font.css')}{piece_css()}"


def piece_css() -> str:
    """The same for a page that takes it in whole, where no file stands beside."""
    light, dark, *rules = template_text("html/style.css").splitlines()
    for name in ("feedback", "embed", "exercise"):
        rules += template_text(f"html/{name}.css").splitlines()
    return "\n".join(
        [
            "/* made by symderiv fragments --css */",
            *_colours(light, dark),
            ".sd-embed.sd-page.sd-embed.sd-page{",  # as heavy as themes are
            *map(_in_column, rules),
            "}",
            *(rule.replace(".sd-page math", "math.sd-inline") for rule in rules if _is_font(rule)),
            template_text("html/mistake.css"),
        ]
    )


def quiz_script() -> str:
    """The script of the boxes below exercises, one file for a whole site and all languages."""
    script = template_text("html/quiz.js")
    sentences = tuple(dict.fromkeys(map(json.loads, _SAID.findall(script))))
    words = {name: _told_in(name, sentences) for name in languages() if name != ENGLISH}
    table = json.dumps(words, ensure_ascii=False, indent=0)
    return script.replace(_NO_WORDS, f"const WORDS = {table};")


def _told_in(language: str, sentences: Iterable[str]) -> dict[str, str]:
    """The sentences that the language has in one form, by the English ones."""
    found = ((english, phrasebook(language).words.get(english)) for english in sentences)
    return {english: said for english, said in found if isinstance(said, str)}


def _is_font(rule: str) -> bool:
    """Whether a rule sets formulas in their font; one in a sentence of the host has it too."""
    return rule.startswith(".sd-page math{")


def _in_column(rule: str) -> str:
    """A rule for what stands in a column of the host, and in the host's letters.

    All rules are nested in one for the piece, which makes them heavier than a theme's own.
    """
    asked = re.sub(r"@media (?=\((?:min|max)-width)", "@container sd-piece ", rule)
    asked = re.sub(r"(?<=-width:)40(?=\.|rem)", _NARROW, asked)
    return re.sub(r"(?<=\d)rem\b", "em", asked).replace(".sd-page", "&")


def _colours(light: str, dark: str) -> list[str]:
    """The colours as pairs; where a browser knows no pairs, the light ones."""
    day, night = (dict(_VARIABLE.findall(line)) for line in (light, dark))
    plain = ";".join(f"{name}:{value}" for name, value in day.items())
    pairs = ";".join(f"{name}:light-dark({value},{night[name]})" for name, value in day.items())
    return [
        f".sd-embed{{{plain}}}",
        f"@supports (color:light-dark(#000,#fff)){{.sd-embed{{{pairs}}}}}",
    ]
