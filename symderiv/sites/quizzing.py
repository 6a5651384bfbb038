"""The data of a quiz: what a page without a server needs to hold an answer against.

Values, names and texts are worked out here and written as JSON into the page; the script
(`templates/html/quiz.js`) reads an answer and compares.  What the script cannot read, such as
cases and sums over an index, is not asked.  What is foreseen stands in `homework`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.deriving.derivation import Derivation
from symderiv.documents.linking import checked_base, of_reason
from symderiv.documents.phrasebook import phrasebook
from symderiv.errors import Mistake
from symderiv.homework.foreseen import Foreseen, foreseen
from symderiv.interface import derive, functions
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Constant,
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes, symbols_in
from symderiv.printing.unicode import unicode_text

FUNCTIONS: Final = frozenset((
    "exp", "log", "log2", "log10", "sqrt", "abs", "sign", "floor", "max", "min",
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan",
    "sinh", "cosh", "tanh", "coth", "sech", "csch", "arcsinh", "arccosh", "arctanh",
    "sigmoid", "relu", "softplus",
))  # fmt: skip
"""The functions that the script knows; others are sent with the question, by their definitions."""

_FORMS: Final = ("textbook", "expanded", "factored", "one fraction", "as differentiated")
_READ: Final = (
    Absolute, Apply, Constant, Negative, Number, Power, Product, Quotient, Sum, Symbol,
)  # fmt: skip
_LONGEST: Final = 2_000  # characters of a form that is sent
_SIGNS: Final = str.maketrans("−–·×⋅∙∗÷∕∣", "--*****//|")


def quiz_data(derivation: Derivation, links: str = "") -> str:
    """The data of the quiz about a derivation, as JSON; empty where the script could not judge."""
    names = tuple(_names(derivation))
    own = _functions(derivation)
    known = FUNCTIONS | {*own}
    if not (_asks_a_value(derivation) and _readable(derivation.result, known)):
        return ""
    found = foreseen(derivation, names)
    if found is None:
        return ""
    told = {
        "names": {text: k for k, name in enumerate(names) for text in _spellings(name)},
        "shown": [
            [unicode_text(name), k]
            for k, name in enumerate(names)
            if name not in derivation.setting.definitions
        ],
        "points": found.points,
        "values": [_short(value) for value in found.truth],
        "forms": [*dict.fromkeys(_forms(derivation))],
        "functions": {text: said for name, said in own.items() for text in _called(name)},
        **_told(found, checked_base(links)),
    }
    return _as_text(told)


def in_words_of(language: str, data: str) -> str:
    """The data of a quiz with what it says of misconceptions in a language that is there."""
    told, book = json.loads(data), phrasebook(language)
    for note in told["notes"]:
        note |= {key: book.best(note[key])[0] for key in ("name", "why", "law")}
    return _as_text(told)


def _as_text(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _asks_a_value(derivation: Derivation) -> bool:
    """Whether a formula is asked for, and not an equation."""
    return isinstance(derivation.start, Derivative) and not isinstance(derivation.result, Relation)


def _readable(expr: Expr, functions: Iterable[str]) -> bool:
    """Whether the script can read this; a free index would have many values at one point."""
    return all(
        isinstance(node, _READ)
        and (not isinstance(node, Apply) or node.head.name in functions)
        and not (isinstance(node, Symbol) and any(symbols_in(i) for i in node.indices))
        for node in nodes(expr)
    )


def _names(derivation: Derivation) -> Iterator[Symbol]:
    """What an answer may name: the letters of the question, and of what they stand for."""
    definitions = derivation.setting.definitions
    asked = (derivation.start, derivation.result, *definitions, *definitions.values())
    yield from dict.fromkeys(symbol for expr in asked for symbol in symbols_in(expr))


def _spellings(name: Symbol) -> Iterator[str]:
    """The ways in which a name is typed."""
    plain, shown = str(name), unicodedata.normalize("NFC", unicode_text(name))
    yield from (plain, shown)
    if name.accent and plain.isalpha():
        yield f"{name.name}_{name.accent}"
    if re.fullmatch(r"[A-Za-z]+_\d+", plain):
        yield plain.replace("_", "")


# --- functions of the question ------------------------------------------------------------------


def _functions(derivation: Derivation) -> dict[str, list[object]]:
    """What the functions in the question that the script does not know are, as names and text."""
    setting, found = derivation.setting, dict[str, list[object]]()
    waiting: list[Expr] = [derivation.start, derivation.result, *setting.definitions.values()]
    for expr in waiting:  # and, behind them, those in the definitions
        for node in nodes(expr):
            function = setting.functions.get(node.head.name) if isinstance(node, Apply) else None
            if function is None or function.name in FUNCTIONS or function.name in found:
                continue
            body = _body(function)
            if body is not None:
                found[function.name] = [[*map(str, function.arguments)], str(body)]
                waiting.append(body)
    return _closed(found)


def _body(function: Function) -> Expr | None:
    """The definition, where it is made of what the script can read."""
    try:
        body = function.unfolded(function.applied)
    except (Mistake, AttributeError):
        return None
    named = {node.head.name for node in nodes(body) if isinstance(node, Apply)}
    return body if _readable(body, named) and function.name not in named else None


def _closed(found: dict[str, list[object]]) -> dict[str, list[object]]:
    """Those of which all that stands in them is known, too."""
    word = re.compile(r"([A-Za-z_]\w*)\(")
    while True:
        known = FUNCTIONS | {*found}
        kept = {
            n: said for n, said in found.items() if known.issuperset(word.findall(str(said[1])))
        }
        if len(kept) == len(found):
            return kept
        found = kept


def _called(name: str) -> tuple[str, ...]:
    return (name, *functions[name].also_called) if name in functions else (name,)


# --- the right answer as it is written -----------------------------------------------------------


def _forms(derivation: Derivation) -> Iterator[str]:
    """The result as the solution writes it, in each of its forms, without blanks."""
    lines = [step.after for step in reversed(derivation.steps)]
    for expr in (derivation.result, *_formed(derivation), *lines):
        if not any(isinstance(node, Derivative) for node in nodes(expr)):
            texts = (str(expr), unicode_text(expr))
            yield from (normal(text) for text in texts if len(text) <= _LONGEST)


def _formed(derivation: Derivation) -> Iterator[Expr]:
    """The result in the other forms that may be asked for, where the question is all there is."""
    setting = derivation.setting
    if setting.where or setting.definitions:
        return
    for form in _FORMS:
        with suppress(Mistake):
            yield derive(derivation.start, form=form).result


def normal(text: str) -> str:
    """A text without what does not count: blanks, and the ways to write a sign (as in the
    script)."""
    told = unicodedata.normalize("NFC", text).translate(_SIGNS).replace("**", "^")
    return re.sub(r"(?<![^\W_]) | (?![^\W_])", "", re.sub(r"\s+", " ", told).strip())


# --- misconceptions ------------------------------------------------------------------------------


def _told(found: Foreseen, links: str) -> dict[str, object]:
    """The misconceptions that are foreseen, and what is said of each, once."""
    notes: dict[Misconception, int] = {}
    slips = [
        {
            "values": [None if value is None else _short(value) for value in slip.values],
            "ways": [
                [notes.setdefault(s.misconception, len(notes)) for s in way] for way in slip.ways
            ],
        }
        for slip in found.slips
    ]
    return {"slips": slips, "notes": [_note(slip, links) for slip in notes]}


def _note(slip: Misconception, links: str) -> dict[str, str]:
    """A misconception in the catalogue's own words, and the rule instead."""
    law = slip.instead
    found = of_reason(f"rule-{law.id}", "", links)
    page = "" if found.startswith("#") else found  # a page's own rules stand in its solution
    return {"name": _sentence(slip.name), "why": slip.why, "law": law.name, "link": page,
            "says": _statement(law)}  # fmt: skip


def _statement(law: Rule) -> str:
    """The law as a textbook prints it, in general letters."""
    if not law.forms:
        return ""
    left, right = law.forms[0]
    return f"{unicode_text(left)} = {unicode_text(right)}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(value: float) -> float:
    """A value to as many digits as a comparison within 1e-9 needs."""
    return float(f"{value:.12g}")
