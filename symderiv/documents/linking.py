"""Where a link leads: an address on this page, or of a page of the same site.

A site has the glossary in the folder `rules/` and the cards of the functions in the folder
`functions/`, below one base address.  A page that knows no base leads nowhere but to itself.
A relative base names the files, since a browser that opens them from a disk shows a folder
as a list; below any other base the address of a folder is enough: `/rules/#chain-rule`.
A base that ends in # is the address of a glossary alone, as in `/notes/words.html#`; then
nothing leads to cards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import Final

from symderiv.catalogue.gathering import shipped
from symderiv.documents.document import Link
from symderiv.errors import Unknown
from symderiv.printing.typst import string

BESIDE: Final = "../"
"""The base of pages whose folder stands beside the other one."""
_BASE: Final = re.compile(r"(?:https?://[\w.-]+(?::\d+)?)?[\w./~%-]*#?", re.ASCII)


def checked_base(base: str) -> str:
    """A base address that ends in a slash or #; `Unknown` for what is no address of a site."""
    if not _BASE.fullmatch(base):
        such = "/docs/, ../, https://example.org/ or /rules/#"
        raise Unknown(f"No base address {base!r}; one is {such}.")
    return base if not base or base.endswith(("/", "#")) else f"{base}/"


def address(link: Link, base: str, ending: str) -> str:
    """The address of a link on a page with this `ending`; empty where it leads nowhere."""
    if link.to == "here":
        return f"#{link.id}"
    if not base:
        return ""
    if base.endswith("#"):
        return {"rule": f"{base}{link.id}", "rules": base.removesuffix("#")}.get(link.to, "")
    ending = "pdf" if ending in ("tex", "typ") else ending  # what a reader of these opens
    index = f"index.{ending}" if base.startswith(".") else ""
    match link.to:
        case "function":
            return f"{base}functions/{link.id}.{ending}"
        case "rule":
            return f"{base}rules/{index}#{link.id}"
        case _:
            return f"{base}{link.to}/{index}"


def of_reason(anchor: str, rules: str, base: str) -> str:
    """The address of a reason beside a line: in the glossary of the site, else of the page.

    `rules` begins the anchors of the page's own glossary.
    """
    link = _explained().get(anchor) if base else None
    there = "" if link is None else address(link, base, "html")
    return there or f"#{rules}{anchor}"


@cache
def _explained() -> dict[str, Link]:
    """The page that explains each rule, by the anchor that it has on a page of a derivation."""
    known = shipped()
    found: dict[str, Link] = {}
    for function in known.functions.values():
        rules = [] if function.is_discrete else [function.slope_rule]
        if function.definition is not None:
            rules += [function.defining_rule, function.folding_rule]
        card = Link(function.words, "function", page_name(function.name))
        found |= {f"rule-{rule.id}": card for rule in rules}
    return found | {f"rule-{r.id}": Link(r.name, "rule", r.id) for r in known.rules.values()}


def page_name(function: str) -> str:
    """The name of a function's page, without its ending, and the start of its anchors."""
    return function.replace("_", "-")


def _in_html(words: str, to: str) -> str:
    return f'<a href="{escape(to)}">{words}</a>' if to else words


def _in_markdown(words: str, to: str) -> str:
    return f"[{words}]({to})" if to else words


def _in_latex(words: str, to: str) -> str:
    if to.startswith("#"):
        return rf"\hyperref[{to[1:]}]{{{words}}}"
    safe = re.sub(r"([%#&_~])", r"\\\1", to)
    return rf"\href{{{safe}}}{{{words}}}" if to else words


def _in_typst(words: str, to: str) -> str:
    if to.startswith("#"):
        return f"#sdrule({string(to[1:])})[{words}];"
    return f"#link({string(to)})[{words}];" if to else words


SPELLED: Final[Mapping[str, Callable[[str, str], str]]] = {
    "html": _in_html,
    "md": _in_markdown,
    "tex": _in_latex,
    "typ": _in_typst,
    "txt": lambda words, _: words,
}
"""A link by the ending of the page: its words, which are escaped, and its address."""
