r"""Expressions as LaTeX that KaTeX, MathJax, GitHub and pdflatex all show alike.

One table says how each node is spelled; it uses amsmath's commands and nothing else,
no `\operatorname` (GitHub forbids it), no Unicode.  Dialects differ in one thing: how a
marked part is struck out or coloured.  Delimiters around the formula (`$`, `align`) and
macros for a document's head never belong here: those are the templates'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from symderiv.errors import Unknown
from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
    IndexedSum,
    Indicator,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    Transpose,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter
from symderiv.language.walks import Place
from symderiv.printing import entrywise, layout, primes
from symderiv.printing.glyphs import (
    SYMBOL_E,
    Look,
    condition_word,
    head_look,
    layer_latex,
    name_look,
    stem_latex,
)
from symderiv.printing.layout import Item, Marked, fences
from symderiv.printing.primes import Primed

DIALECTS: Final = ("portable", "github", "katex", "mathjax", "latex")
_ROUND: Final = fences(("(", ")"), (r"\left(", r"\right)"))
# `\left` alone leaves a gap, "σ (z)", and `\!` before it makes them touch in small print
_ARGUMENT: Final = fences(("(", ")"), (r"\mathopen{}\left(", r"\right)"))
_SQUARE: Final = fences(("[", "]"), (r"\mathopen{}\left[", r"\right]"))
_BODY: Final = fences((r"\left[", r"\right]"), (r"\left[", r"\right]"))
_BARS: Final = fences((r"\left|", r"\right|"), (r"\left|", r"\right|"))
_SIGNS: Final = {"=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}
_NO_MARKS: Final[Mapping[Place, str]] = MappingProxyType({})


def latex(expr: Expr, *, dialect: str = "portable", marks: Mapping[Place, str] = _NO_MARKS) -> str:
    """`expr` in LaTeX, without delimiters.

    `marks` gives places a class: `cancelled` is struck out (`\\cancel`; in the dialect
    latex `\\sdcancel`), `factor-1` keeps a colour (dialect latex: `\\sdfactor{1}`).  The
    portable dialect shows no marks.

    >>> from symderiv.language.build import exp, symbols
    >>> z, y = symbols("z yhat")
    >>> print(latex(1 / (1 + exp(-z))))
    \\frac{1}{1 + e^{-z}}
    >>> print(latex(y - z, dialect="katex", marks={(1,): "cancelled"}))
    \\hat{y} \\cancel{{} - z}
    """
    if dialect not in DIALECTS:
        raise Unknown(f"no LaTeX dialect {dialect!r}; there are {', '.join(DIALECTS)}")
    if marks:
        expr = layout.marked(expr, marks, lambda name: _mark(name, dialect))
    text = layout.write(expr, _SPELLERS)
    return layout.write(expr, _SPELLERS_BESIDE_E) if SYMBOL_E in text else text


def _mark(name: str, dialect: str) -> tuple[str, str]:
    factor = re.fullmatch(r"factor-(\d+)", name)
    if name == "cancelled" and dialect != "portable":
        return (r"\sdcancel{" if dialect == "latex" else r"\cancel{"), "}"
    if factor and dialect == "latex":
        return rf"\sdfactor{{{factor[1]}}}{{", "}"
    return "", ""


def _number(node: Number) -> str:
    return node.text if node.text.isdigit() else _unusual_number(node.text.lower())


def _unusual_number(text: str) -> str:
    if "/" in text:
        return r"\frac{{{}}}{{{}}}".format(*text.split("/"))
    return r"({} \cdot 10^{{{}}})".format(*text.split("e")) if "e" in text else text


def _name(node: Constant | Letter) -> str:
    return name_look(node.name).latex


def _upright(node: Constant) -> str:
    """A constant in a formula with a symbol e: there the number e stands upright."""
    return r"\mathrm{e}" if node.name == "e" else _name(node)


def _symbol(node: Symbol) -> str | list[Item]:
    stem = stem_latex(node.name, node.accent)
    if not node.layer and not node.parts:
        return stem
    if node.layer:
        stem = f"{stem}^{{{layer_latex(node.layer)}}}"
    if not node.indices:
        return stem
    if len(node.indices) == 1 and layout.is_taken_apart(node):
        index = node.indices[0]
        of_digits = isinstance(layout.bare(index), Number)  # a word stands upright
        return [stem, "_{{" if of_digits else "_{", index, "}}" if of_digits else "}"]
    comma = "" if layout.needs_no_comma(node) else ","
    items: list[Item] = []
    for index in node.indices:
        items += (comma, *_index(index))
    return [stem, "_{", *items[1:], "}"]


def _index(index: Expr) -> list[Item]:
    """An index; the terms of a sum such as i+1 stand close."""
    before, inner, after = layout.opened(index)
    if not isinstance(inner, Sum):
        return [index]
    items: list[Item] = [before]
    for number, term in enumerate(inner.terms):
        opening, bare, closing = layout.opened(term)
        minus = number > 0 and isinstance(bare, Negative)
        sign = "-" if minus else "+" if number else ""
        operand = layout.guarded(bare.parts[0] if minus else bare, layout.UNDER_MINUS, _ROUND)
        items += (opening, sign, *operand, closing)
    return [*items, after]


def _sum(node: Sum) -> list[Item]:
    items: list[Item] = []
    apart = layout.open_sums(node.terms)
    for number, term in enumerate(node.terms):
        kind = type(term)
        if number in apart:
            sign, inner = layout.signed(term, " + ", " - ") if items else ("", term)
            items += (sign, _ROUND.opening, inner, _ROUND.closing)
        elif items and kind is Negative:
            items.append(" - ")
            items += layout.guarded(term.parts[0], layout.UNDER_MINUS, _ROUND)
        elif items and isinstance(term, Marked) and isinstance(term.inner, Negative):
            operand = layout.guarded(term.inner.operand, layout.UNDER_MINUS, _ROUND)
            items += (" ", term.before, "{} - ", *operand, term.after)  # {}: a sign between two
        else:
            if items:
                items.append(" + ")
            if kind in layout.IN_SUM:
                items += layout.guarded(term, layout.IN_SUM, _ROUND)
            else:
                items.append(term)
    return items


def _negative(node: Negative) -> tuple[Item, ...]:
    if type(node.operand) in layout.UNDER_MINUS:
        return "-", *layout.guarded(node.operand, layout.UNDER_MINUS, _ROUND)
    return "-", node.operand


def _product(node: Product) -> list[Item]:
    items: list[Item] = []
    last = len(node.factors) - 1
    left: Expr | None = None
    words = layout.spelled(node.factors)
    for number, factor in enumerate(node.factors):
        right = layout.bare(factor) if type(factor) is Marked else factor
        if left is not None:
            items.append(r" \cdot " if number in words else _between(left, right))
        if type(right) in layout.UNFINISHED and number < last:
            items += _unfinished(factor)
        elif type(factor) in layout.IN_PRODUCT:
            items += layout.guarded(factor, layout.IN_PRODUCT, _ROUND)
        else:
            items.append(factor)
        left = right
    return items


def _between(left: Expr, right: Expr) -> str:
    if layout.needs_dot(left, right):
        return r" \cdot "
    if type(right) is not Symbol:
        word = layout.leading_word(right)
        if word is not None:
            return _air(word)
    if type(left) not in layout.WITH_NAME or layout.opens_bracket(right):
        return ""
    # between two letters a blank tells readers of plain text that they are no word
    return " " if _ends_in_command(left) or _is_letter(left) else ""


def _is_letter(node: Expr) -> bool:
    """Whether a name is one bare letter."""
    look = layout.plain_look(node)
    return look is not None and len(look.latex) == 1


def _air(word: Look) -> str:
    """The space before an upright word, unless LaTeX sets it itself."""
    return r"\," if word.latex.startswith(r"\mathrm") else ""


def _ends_in_command(node: Expr) -> bool:
    """Whether a letter right after this name would be swallowed by its command."""
    look = layout.plain_look(node)
    return look is not None and look.command


def _unfinished(factor: Expr) -> tuple[Item, ...]:
    """A factor that would reach over the next one if nothing closed it."""
    before, inner, after = layout.opened(factor)
    if isinstance(inner, Derivative):
        return before, *_derivative(inner, closed=True), after
    return before, _ROUND.opening, inner, _ROUND.closing, after


def _quotient(node: Quotient) -> tuple[Item, ...]:
    return r"\frac{", node.numerator, "}{", node.denominator, "}"


def _power(node: Power) -> tuple[Item, ...]:
    base, exponent = node.base, node.exponent
    raised = ("^{", exponent, "}")
    if layout.is_like_mark(base, exponent):
        raised = ("^{{", exponent, "}}")
    if type(base) is Constant or (type(base) is Symbol and not base.layer):
        return base, *raised
    before, inner, after = layout.opened(base)
    if isinstance(inner, Apply) and layout.raises_head(inner, layout.bare(exponent)):
        name = before + head_look(inner.head).latex + after
        return name, *raised, before, *_arguments(inner.arguments), after
    if layout.needs_base_brackets(inner):
        return before, _ROUND.opening, inner, _ROUND.closing, after, *raised
    return base, *raised


def _apply(node: Apply) -> tuple[Item, ...]:
    if layout.is_radical(node):
        return *_degree(node.arguments[1:]), "{", node.arguments[0], "}"
    if node.head.below:
        return _entry(node)
    if len(node.arguments) == 1:
        return head_look(node.head).latex, _ARGUMENT.opening, node.arguments[0], _ARGUMENT.closing
    return head_look(node.head).latex, *_arguments(node.arguments)


def _entry(node: Apply) -> tuple[Item, ...]:
    """A value with indices below."""
    arguments, indices = layout.parted(node)
    if not arguments:
        return (layout.entry(node.head.latex, indices),)
    below = [*_symbol(layout.entry("x", indices))][1:]
    return head_look(node.head).latex, *_arguments(arguments), *below


def _degree(degree: tuple[Expr, ...]) -> tuple[Item, ...]:
    """A root's sign with its degree; braces keep a `]` inside from ending it."""
    if not degree:
        return (r"\sqrt",)
    leaf = not layout.bare(degree[0]).parts
    return r"\sqrt[" if leaf else r"\sqrt[{", *degree, "]" if leaf else "}]"


def _arguments(arguments: tuple[Expr, ...]) -> tuple[Item, ...]:
    if len(arguments) == 1:
        return _ARGUMENT.opening, arguments[0], _ARGUMENT.closing
    items: list[Item] = []
    for argument in arguments:
        items += (", ", argument)
    return _ARGUMENT.opening, *items[1:], _ARGUMENT.closing


def _primes(order: int) -> str:
    return "'" * order if order <= 3 else f"^{{({order})}}"


def _prime(node: Prime) -> tuple[Item, ...]:
    return head_look(node.head).latex + _primes(node.order), *_arguments((node.argument,))


def _primed(node: Primed) -> tuple[Item, ...]:
    return primes.spelled(node, _primes(node.order), lambda f: head_look(f).latex, _ARGUMENT)


def _derivative(node: Derivative, *, closed: bool = False) -> tuple[Item, ...]:
    d = r"\partial" if node.partial else r"\mathrm{d}"
    gap = " " if node.partial and node.order == 1 else ""
    power = f"^{{{node.order}}}" if node.order > 1 else ""
    below: tuple[Item, ...] = ("}{", d, " " if node.partial else "", node.variable, power, "}")
    variable = layout.bare(node.variable)
    if type(variable) not in layout.NAMES or (power and layout.needs_base_brackets(variable)):
        below = ("}{", d, _ROUND.opening, node.variable, _ROUND.closing, power, "}")
    body = layout.bare(node.body)
    if type(body) in layout.NAMES:
        return rf"\frac{{{d}{power}{gap}", node.body, *below
    over: tuple[Item, ...] = (rf"\frac{{{d}{power}", *below)
    if isinstance(body, (Apply, Prime)) and not closed:
        word = layout.leading_word(body)
        return *over, _air(word) if word else "", node.body
    return *over, _BODY.opening, node.body, _BODY.closing


def _relation(node: Relation) -> list[Item]:
    items: list[Item] = []
    for sign, term in zip(("", *node.signs), node.terms, strict=True):
        if sign:
            items.append(f" {_SIGNS[sign]} ")
        items += layout.guarded(term, layout.IN_RELATION, _ROUND)
    return items


def _cases(node: Cases) -> list[Item]:
    items: list[Item] = [r"\begin{cases} "]
    for value, condition in zip(node.values, node.conditions, strict=True):
        items += (value, rf" & \text{{{condition_word()} }} ", condition, r" \\ ")
    return [*items[:-1], r" \end{cases}"]


def _absolute(node: Absolute) -> tuple[Item, ...]:
    if not layout.bare(node.operand).parts:
        return "|", node.operand, "|"
    # a bare bar is no bracket to TeX: it sets `|-x|` as a difference, and `|x|y|` has two readings
    return _BARS.opening, node.operand, _BARS.closing


def _transpose(node: Transpose) -> tuple[Item, ...]:
    """A ⊤ in the exponent; beside a layer, as in W⁽²⁾ᵀ, and not above it."""
    before, inner, after = layout.opened(node.operand)
    if layout.needs_brackets_to_turn(inner):
        return before, _ROUND.opening, inner, _ROUND.closing, after, r"^{\top}"
    if isinstance(inner, Symbol) and inner.layer:
        if inner.indices:
            return "{", node.operand, r"}^{\top}"
        layer = layer_latex(inner.layer)
        return before, rf"{stem_latex(inner.name, inner.accent)}^{{{layer}\top}}", after
    return node.operand, r"^{\top}"


def _indicator(node: Indicator) -> tuple[Item, ...]:
    return r"\mathbf{1}", _SQUARE.opening, node.condition, _SQUARE.closing


def _indexed_sum(node: IndexedSum) -> tuple[Item, ...]:
    body = layout.guarded(node.body, layout.IN_ELEMENTWISE, _ROUND)
    return r"\sum_{", node.index, "=", node.lower, "}^{", node.upper, "} ", *body


def _integral(node: Integral) -> tuple[Item, ...]:
    body = layout.guarded(node.body, layout.UNDER_MINUS, _ROUND)
    limits = (r"\int_{", node.lower, "}^{", node.upper, "} ")
    return *limits, *body, r" \, \mathrm{d}", node.variable


def _elementwise(node: Elementwise) -> list[Item]:
    return entrywise.elementwise(node, r" \odot ", _ROUND, _unfinished)


def _matrix(node: Matrix) -> list[Item]:
    begin, end = r"\begin{bmatrix} ", r" \end{bmatrix}"
    return entrywise.matrix(node, begin, end, r" \\ ", " & ")


def _marked(node: Marked) -> tuple[Item, ...]:
    return node.before, node.inner, node.after


_SPELLERS: Final[dict[type[Expr], layout.Speller]] = {
    Number: _number,
    Constant: _name,
    Letter: _name,
    Symbol: _symbol,
    Sum: _sum,
    Product: _product,
    Negative: _negative,
    Quotient: _quotient,
    Power: _power,
    Apply: _apply,
    Prime: _prime,
    Derivative: _derivative,
    Primed: _primed,
    Relation: _relation,
    Cases: _cases,
    Absolute: _absolute,
    Transpose: _transpose,
    Indicator: _indicator,
    IndexedSum: _indexed_sum,
    Integral: _integral,
    Elementwise: _elementwise,
    Matrix: _matrix,
    Marked: _marked,
}
_SPELLERS_BESIDE_E: Final = {**_SPELLERS, Constant: _upright}
