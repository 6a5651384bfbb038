r"""Expressions on one line with raised and lowered letters, as the labels of pictures have them.

A picture has no MathML and no TeX, so a label is a row of runs: letters of one slant,
one size, one height.  Fractions have a slash, and so brackets stand where the line of
Unicode has them; only what that line cannot show (an index, an exponent, a layer) is
spelled here.  The same row is spelled for TeX, so that the two pictures agree.  Colours
and places never belong here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from symderiv.language.expressions import (
    Apply,
    Constant,
    Derivative,
    Expr,
    Head,
    IndexedSum,
    Power,
    Prime,
    Symbol,
    Transpose,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter
from symderiv.printing import layout
from symderiv.printing.advances import advance
from symderiv.printing.glyphs import (
    ACCENTS,
    LOWERED,
    PRIMES,
    RAISED,
    head_look,
    in_layer_brackets,
    layer_brackets,
    layer_tokens,
    name_look,
    stem_text,
)
from symderiv.printing.layout import Item
from symderiv.printing.unicode import ROUND, SPELLERS, UNDER_SIGMA, write_arguments, write_index

# private characters, which no name can hold: what is not printable is left out of names
_NAME, _UP, _LOW, _END = "\ue000", "\ue001", "\ue002", "\ue003"
_TOKEN: Final = re.compile(f"{_NAME}([^{_END}]*){_END}|([{_UP}{_LOW}{_END}])")
_SMALLER: Final = 0.72
_RISE: Final = {_UP: 0.38, _LOW: -0.2}
"""In sizes of the base: an index and an exponent of one letter stay clear of each other."""
_ASIDE: Final = 0.05  # between a slanted letter and what is raised or lowered beside it
THIN: Final = "\u2009"
_BACK: Final = 0.86
"""Of the width of a script in the table: what it is in Times, the narrowest of the fonts."""
_UPRIGHT: Final = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ∞0123456789")


class Run(NamedTuple):
    """Letters of one look.  All lengths are in sizes of the whole row (its em).

    `step` is the way from the end of the run before to the start of this one: back under
    an exponent where an index follows it, and out again behind the longer of the two.
    """

    text: str
    slanted: bool
    size: float
    rise: float
    step: float

    @property
    def width(self) -> float:
        return self.size * advance(self.text)


class _Level(NamedTuple):
    """How large and how high the letters stand, where its script began, and what is done."""

    size: float
    rise: float
    start: float
    reach: float


def runs(expr: Expr) -> tuple[Run, ...]:
    """`expr` as runs, from left to right.

    >>> from symderiv.language.build import symbols
    >>> z, = symbols("z")
    >>> [(run.text, run.size) for run in runs(z.at(2))]
    [('z', 1.0), ('2', 0.72)]
    """
    return _runs(expr, layer_brackets())


@lru_cache(maxsize=1024)
def _runs(expr: Expr, _: str) -> tuple[Run, ...]:
    """The same, remembered for each pair of brackets around layers."""
    found: list[Run] = []
    levels = [_Level(1.0, 0.0, 0.0, 0.0)]
    pen = place = 0.0  # where the last run ended, and where the next one begins
    closed: tuple[float, float] | None = None  # the script that ended right before, if one did
    for text, slanted, sign in _tokens(expr):
        level = levels[-1]
        if sign == _END:
            levels.pop()
            closed = (level.start, max(place, level.reach))
            place = closed[1] + _ASIDE * levels[-1].size
            continue
        if sign:
            start, reach = closed or (place, place)
            rise = level.rise + _RISE[sign] * level.size
            levels.append(_Level(level.size * _SMALLER, rise, start, reach))
            back = _BACK * (reach - start)
            place, closed = reach - back + (0 if back else _ASIDE), None
            continue
        run = Run(text, slanted, level.size, level.rise, round(place - pen, 4))
        found.append(run)
        pen = place = place + run.width
        closed = None
    return tuple(found)


_SMALL_PRINT: Final = re.compile(f"([{RAISED}⁻]+)|([{LOWERED}]+)")
_FULL_SIZE: Final = str.maketrans(RAISED + "⁻" + LOWERED, "0123456789+−0123456789")


def word_runs(words: str) -> tuple[Run, ...]:
    """Words as upright runs; small digits are set as in a formula, since fonts lack some.

    >>> [(run.text, run.rise) for run in word_runs("2·10⁻⁵")]
    [('2·10', 0.0), ('−5', 0.38)]
    """
    found: list[Run] = []
    start = 0
    for small in _SMALL_PRINT.finditer(words):
        found.append(Run(words[start : small.start()], False, 1.0, 0.0, 0.0))
        rise, start = _RISE[_UP if small[1] else _LOW], small.end()
        found.append(Run(small[0].translate(_FULL_SIZE), False, _SMALLER, rise, 0.0))
    found.append(Run(words[start:], False, 1.0, 0.0, 0.0))
    return tuple(run for run in found if run.text)


def _tokens(expr: Expr) -> list[tuple[str, bool, str]]:
    """Letters with their slant, and signs that open and end a script."""
    found: list[tuple[str, bool, str]] = []
    markup = layout.write(expr, _SPELLERS)
    start = 0
    for token in _TOKEN.finditer(markup):
        before, start = markup[start : token.start()], token.end()
        if before:
            found.append((_thinned(before), False, ""))
        name, sign = token.groups()
        found.append(("", False, sign) if sign else (name, _is_slanted(name), ""))
    return [*found, (_thinned(markup[start:]), False, "")] if markup[start:] else found


def _thinned(text: str) -> str:
    """The blanks around a sign are as narrow as those of TeX."""
    return text.replace(" ", THIN)


def _is_slanted(name: str) -> bool:
    """Whether a name is one letter, in whose case it stands in italics."""
    bare = [ch for ch in unicodedata.normalize("NFD", name) if not unicodedata.combining(ch)]
    return len(bare) == 1 and bare[0] not in _UPRIGHT


_TEX: Final = {
    " + ": "+", " − ": "-", " · ": r"\cdot ", ", ": ",", " ": r"\ ", "−": "-", "∂": r"\partial ",
    "′": "'", "″": "''", "‴": "'''", "⊤": r"\top ", "√": r"\surd ", "∛": r"\sqrt[3]{\,}",
    "∜": r"\sqrt[4]{\,}", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", " ≤ ": r"\le ",
    " ≥ ": r"\ge ", " ≠ ": r"\ne ", " = ": "=", " < ": "<", " > ": ">", "𝟙": r"\mathbf{1}",
    "Σ": r"\Sigma", "{": r"\{", "}": r"\}", " if ": r"\text{ if }", "[": "{[}",
    _UP: "^{", _LOW: "_{", _END: "}",
}  # fmt: skip
_SPELLED: Final = re.compile(
    "|".join([*map(re.escape, sorted(_TEX, key=len, reverse=True)), "[A-Za-z]+"])
)


def inline_latex(expr: Expr) -> str:
    r"""The same row in LaTeX, without delimiters.

    >>> from symderiv.language.build import D, symbols
    >>> y, z = symbols("yhat z")
    >>> print(inline_latex(D(y, z.at(2), partial=True)))
    \partial \hat{y}/\partial z_{2}
    """
    parts: list[str] = []
    start = 0
    markup = layout.write(expr, _SPELLERS)
    for token in _TOKEN.finditer(markup):
        parts.append(_spelled(markup[start : token.start()]))
        parts.append(_TEX[token[2]] if token[2] else _name_latex(token[1]))
        start = token.end()
    return "".join([*parts, _spelled(markup[start:])])


def _spelled(text: str) -> str:
    return _SPELLED.sub(lambda found: _TEX.get(found[0]) or rf"\mathrm{{{found[0]}}}", text)


def _name_latex(name: str) -> str:
    stem = unicodedata.normalize("NFD", name)
    accent = next((a for a, mark in ACCENTS.items() if stem.endswith(mark)), "")
    look = name_look(stem.removesuffix(ACCENTS[accent]) if accent else name)
    if accent:
        return rf"\{accent}{{{look.latex}}}"
    return look.latex + " " if look.command else look.latex


def _named(text: str) -> str:
    return _NAME + "".join(ch for ch in text if ch.isprintable()) + _END


def _head(head: Head) -> str:
    return _named(head_look(head).text)


def _letter(node: Constant | Letter) -> str:
    return _named(name_look(node.name).text)


def _script(sign: str, *items: Item) -> list[Item]:
    return [sign, *items, _END]


def _symbol(node: Symbol) -> list[Item]:
    """A name with its index and its layer, the shorter first: the pen goes back over it."""
    stem = _named(stem_text(node.name, node.accent))
    layer = "".join(_layer_token(token.text) for token in layer_tokens(node.layer))
    above = _script(_UP, in_layer_brackets(layer)) if layer else []
    comma = "" if layout.needs_no_comma(node) else ","
    inner: list[Item] = []
    for index in node.indices:
        inner += (comma, *write_index(index))
    below = _script(_LOW, *inner[1:]) if inner else []
    length = sum(len(str(item)) for item in inner)
    return [stem, *above, *below] if length > len(node.layer) + 2 else [stem, *below, *above]


def _layer_token(text: str) -> str:
    return _named(text) if text.isalpha() else text


def _power(node: Power) -> list[Item]:
    base, raised = node.base, _script(_UP, node.exponent)
    if layout.is_like_mark(base, node.exponent):
        raised = _script(_UP, ROUND.opening, node.exponent, ROUND.closing)
    if isinstance(base, Apply) and layout.raises_head(base, node.exponent):
        return [_head(base.head), *raised, *write_arguments(base.arguments)]
    if layout.needs_base_brackets(base):
        return [ROUND.opening, base, ROUND.closing, *raised]
    return [base, *raised]


def _apply(node: Apply) -> list[Item]:
    if layout.is_radical(node):
        return list(SPELLERS[Apply](node))
    if node.head.below:
        arguments, indices = layout.parted(node)
        if not arguments:
            return [layout.entry(node.head.latex, indices)]
        below = _symbol(layout.entry("x", indices))[1:]
        return [_head(node.head), *write_arguments(arguments), *below]
    return [_head(node.head), *write_arguments(node.arguments)]


def _prime(node: Prime) -> list[Item]:
    primes = [PRIMES[node.order]] if node.order in PRIMES else _script(_UP, f"({node.order})")
    return [_head(node.head), *primes, *write_arguments((node.argument,))]


def _derivative(node: Derivative) -> list[Item]:
    d = "∂" if node.partial else "d"
    order = _script(_UP, str(node.order)) if node.order > 1 else []
    below: list[Item] = [node.variable]
    is_name = type(node.variable) in layout.NAMES
    if not is_name or (order and layout.needs_base_brackets(node.variable)):
        below = [ROUND.opening, node.variable, ROUND.closing]
    if type(node.body) in layout.NAMES:
        return [d, *order, node.body, "/", d, *below, *order]
    return [d, *order, "/", d, *below, *order, " ", "[", node.body, "]"]


def _transpose(node: Transpose) -> list[Item]:
    if layout.needs_brackets_to_turn(node.operand):
        return [ROUND.opening, node.operand, ROUND.closing, *_script(_UP, "⊤")]
    return [node.operand, *_script(_UP, "⊤")]


def _indexed_sum(node: IndexedSum) -> list[Item]:
    limits = [*_script(_UP, node.upper), *_script(_LOW, node.index, "=", node.lower)]
    body = layout.guarded(node.body, UNDER_SIGMA, ROUND)
    return ["Σ", *limits, " ", *body]


def _integral(node: Integral) -> list[Item]:
    limits = [*_script(_UP, node.upper), *_script(_LOW, node.lower)]
    body = layout.guarded(node.body, UNDER_SIGMA, ROUND)
    return ["∫", *limits, " ", *body, " d", node.variable]


_SPELLERS: Final[dict[type[Expr], layout.Speller]] = {
    **SPELLERS,
    Constant: _letter,
    Letter: _letter,
    Symbol: _symbol,
    Power: _power,
    Apply: _apply,
    Prime: _prime,
    Derivative: _derivative,
    Transpose: _transpose,
    IndexedSum: _indexed_sum,
    Integral: _integral,
}
