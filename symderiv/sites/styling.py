"""The one style sheet of a site, made from the style of our own pages.

A piece stands in a column whose width and whose light or dark the host decides.  So what our
pages ask of the window is asked of the column here, lengths count in the host's letters, and
each colour is a pair of which the browser takes the one that fits the host's own scheme.
"""

from __future__ import annotations

import re
from typing import Final

from symderiv.documents.folders import template_text

NAME: Final = "symderiv.css"
_VARIABLE: Final = re.compile(r"(--sd-[\w-]+):([^;}]+)")


def site_css() -> str:
    """The style sheet as text."""
    light, dark, *rules = template_text("html/style.css").splitlines()
    shown = [_in_column(rule) for rule in rules]
    folds = map(_in_column, template_text("html/feedback.css").splitlines())
    lines = [*_colours(light, dark), *shown, *folds, template_text("html/embed.css").strip("\n")]
    return "\n".join(["/* made by symderiv fragments --css */", *lines]) + "\n"


def _in_column(rule: str) -> str:
    """A rule that looks at the column and not at the window, in the letters of the host."""
    sized = re.sub(r"@media (?=\((?:min|max)-width)", "@container sd-piece ", rule)
    return re.sub(r"(?<=\d)rem\b", "em", sized)


def _colours(light: str, dark: str) -> list[str]:
    """The colours as pairs; where a browser knows no pairs, the light ones."""
    day, night = (dict(_VARIABLE.findall(line)) for line in (light, dark))
    plain = ";".join(f"{name}:{value}" for name, value in day.items())
    pairs = ";".join(f"{name}:light-dark({value},{night[name]})" for name, value in day.items())
    return [
        f".sd-page{{{plain}}}",
        f"@supports (color:light-dark(#000,#fff)){{.sd-page{{{pairs}}}}}",
    ]
