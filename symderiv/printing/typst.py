r"""Expressions as Typst's mathematics, without the dollars around them.

One table says how each node is spelled, in what every Typst from 0.14 on knows: functions
(`frac`, `attach`, `op`), letters as they are, and everything with more than one letter as
a string.  A string is the only place where a typed name can stand, and it is escaped
there: no name can call a function, end the mathematics or read a file.  No sign stands
beside a string but those that need no blank there, since Typst shows that blank.  Colours
never belong here: a marked part is handed to a function, and the document says what that
looks like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from unicodedata import category

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
    RELATIONS,
    SYMBOL_E,
    base_of,
    condition_word,
    head_look,
    layer_brackets,
    layer_tokens,
    name_look,
    stem_latex,
)
from symderiv.printing.layout import Item, Marked, fences
from symderiv.printing.primes import Primed

# an escaped bracket is a letter like others; `lr` makes a pair as tall as what it holds
_ROUND: Final = fences((r"\(", r"\)"), ("lr((", "))"))
_SQUARE: Final = fences((r"\[", r"\]"), ("lr([", "])"))
_BODY: Final = fences(("lr([", "])"), ("lr([", "])"))
_ACCENTS: Final = {"hat": "hat", "bar": "macron", "tilde": "tilde", "dot": "dot", "vec": "arrow"}
_COMMA: Final = r"\, "  # a bare one would end an argument
_UPRIGHT_D: Final = "upright(d)"
_ITALIC_E: Final = "italic(e)"
_DECIMAL: Final = re.compile(r"\d+\.\d+")
_PRIMES: Final = 3  # so many are written as strokes
_CAPITALS: Final = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")  # which textbooks set upright
_NO_MARKS: Final[Mapping[Place, str]] = MappingProxyType({})


def typst(expr: Expr, *, marks: Mapping[Place, str] = _NO_MARKS) -> str:
    r"""`expr` in Typst's mathematics, without delimiters.

    `marks` gives places a class: `cancelled` is handed to `sdcancel`, `factor-2`
    to `sdfactor` with its number, which a document has to define.

    >>> from symderiv.language.build import exp, symbols
    >>> z, y = symbols("z yhat")
    >>> print(typst(1 / (1 + exp(-z))))
    frac(1,1+attach(e ,t: −z ))
    >>> print(typst(y - z, marks={(1,): "cancelled"}))
    hat(y )med sdcancel(−med z )
    """
    if marks:
        expr = layout.marked(expr, marks, _mark)
    text = layout.write(expr, _SPELLERS)
    # beside a symbol e the number e stands upright
    return layout.write(expr, _SPELLERS_BESIDE_E) if _ITALIC_E in text else text


def string(text: str) -> str:
    r"""`text` as a string of Typst, in which nothing is an order: `"a\"b"`.

    Signs for machines are left out; blanks of every width and line breaks are kept.
    """
    kept = (ch for ch in text if ch.isprintable() or ch == "\n" or category(ch) == "Zs")
    escapes = {"\\": r"\\", '"': r"\"", "\n": r"\n"}
    return '"' + "".join(escapes.get(ch, ch) for ch in kept) + '"'


def _mark(name: str) -> tuple[str, str]:
    factor = re.fullmatch(r"factor-(\d+)", name)
    if name == "cancelled":
        return "sdcancel(", ")"
    return (f"sdfactor(#{factor[1]},", ")") if factor else ("", "")


def _named(text: str) -> str:
    """A name: one letter as it is, a word in upright letters."""
    if len(text) == 1 and (text.isalnum() or text in "∞∇"):
        return f"upright({text})" if text in _CAPITALS else f"{text} "
    return string(text)


def _number(node: Number) -> str:
    return node.text if node.text.isdigit() else _unusual_number(node.text.lower())


def _unusual_number(text: str) -> str:
    if "/" in text:
        return "frac({},{})".format(*text.split("/"))
    if "e" in text:
        base, exponent = text.split("e")
        return rf"\({string(base)}⋅attach(10,t: {string(exponent.replace('-', '−'))})\)"
    return text if _DECIMAL.fullmatch(text) else string(text)


def _name(node: Constant | Letter) -> str:
    return _named(name_look(node.name).text)


def _upright(node: Constant) -> str:
    """A constant in a formula with a symbol e."""
    return "upright(e)" if node.name == "e" else _name(node)


def _stem(name: str, accent: str) -> str:
    if stem_latex(name, accent) == SYMBOL_E:
        return _ITALIC_E
    inner = _named(name_look(name).text)
    return f"{_ACCENTS[accent]}({inner})" if accent else inner


def _symbol(node: Symbol, beside: str = "") -> str | list[Item]:
    """A name with its layer and indices; `beside` stands behind the layer."""
    stem = _stem(node.name, node.accent)
    if not node.layer and not node.indices:
        return stem
    items: list[Item] = [f"attach({stem}"]
    if node.layer:
        opening, closing = (f"\\{bracket}" for bracket in layer_brackets())
        layer = "".join(_layer_token(token.text) for token in layer_tokens(node.layer))
        items.append(f",t: {opening}{layer}{closing}{beside}")
    if node.indices:
        comma = "" if layout.needs_no_comma(node) else _COMMA
        items.append(",b: ")
        for number, index in enumerate(node.indices):
            items += (comma if number else "", *_index(index))
    return [*items, ")"]


def _layer_token(text: str) -> str:
    return text if text in "+−" or text.isdecimal() else _named(text)


def _index(index: Expr) -> list[Item]:
    """An index; the terms of a sum such as i+1 stand close by themselves."""
    before, inner, after = layout.opened(index)
    if not isinstance(inner, Sum):
        return [index]
    items: list[Item] = [before]
    for number, term in enumerate(inner.terms):
        opening, bare, closing = layout.opened(term)
        minus = number > 0 and isinstance(bare, Negative)
        sign = "−" if minus else "+" if number else ""
        operand = layout.guarded(bare.parts[0] if minus else bare, layout.UNDER_MINUS, _ROUND)
        items += (opening, sign, *operand, closing)
    return [*items, after]


def _sum(node: Sum) -> list[Item]:
    items: list[Item] = []
    apart = layout.open_sums(node.terms)
    for number, term in enumerate(node.terms):
        if number in apart:
            sign, inner = layout.signed(term, "+", "−") if items else ("", term)
            items += (sign, _ROUND.opening, inner, _ROUND.closing)
            continue
        before, inner, after = layout.opened(term)
        if items and isinstance(inner, Negative):
            operand = layout.guarded(inner.operand, layout.UNDER_MINUS, _ROUND)
            # a sign inside a mark is still one between two terms
            items += (f"med {before}−med " if before else "−", *operand, after)
            continue
        items.append("+" if items else "")
        items += layout.guarded(term, layout.IN_SUM, _ROUND)
    return items


def _negative(node: Negative) -> tuple[Item, ...]:
    return "−", *layout.guarded(node.operand, layout.UNDER_MINUS, _ROUND)


def _product(node: Product) -> list[Item]:
    items: list[Item] = []
    last = len(node.factors) - 1
    left: Expr | None = None
    words = layout.spelled(node.factors)
    for number, factor in enumerate(node.factors):
        right = layout.bare(factor)
        if left is not None:
            items.append("⋅" if number in words else _between(left, right))
        if type(right) in layout.UNFINISHED and number < last:
            items += _unfinished(factor)
        else:
            items += layout.guarded(factor, layout.IN_PRODUCT, _ROUND)
        left = right
    return items


def _between(left: Expr, right: Expr) -> str:
    if layout.needs_dot(left, right):
        return "⋅"
    return "thin " if type(left) is Quotient else ""


def _unfinished(factor: Expr) -> tuple[Item, ...]:
    """A factor that would reach over the next one if nothing closed it."""
    before, inner, after = layout.opened(factor)
    if isinstance(inner, Derivative):
        return before, *_derivative(inner, closed=True), after
    return before, _ROUND.opening, inner, _ROUND.closing, after


def _quotient(node: Quotient) -> tuple[Item, ...]:
    return "frac(", node.numerator, ",", node.denominator, ")"


def _power(node: Power) -> tuple[Item, ...]:
    base, exponent = node.base, node.exponent
    raised: tuple[Item, ...] = (",t: ", exponent, ")")
    if layout.is_like_mark(base, exponent):
        raised = (",t: ", _ROUND.opening, exponent, _ROUND.closing, ")")
    before, inner, after = layout.opened(base)
    if isinstance(inner, Apply) and layout.raises_head(inner, layout.bare(exponent)):
        name = f"attach({before}{_head(inner)}{after}"
        return name, *raised, before, *_arguments(inner.arguments), after
    if layout.needs_base_brackets(inner):
        return "attach(", before, _ROUND.opening, inner, _ROUND.closing, after, *raised
    return "attach(", base, *raised


def _head(node: Apply | Prime) -> str:
    look = head_look(node.head)
    if base := base_of(node.head):
        return f'attach(op("log"),b: {_named(base) if base.isalpha() else base})'
    return f"op({string(look.text)})" if look.word else _named(look.text)


def _apply(node: Apply) -> tuple[Item, ...]:
    if layout.is_root(node):
        return "sqrt(", node.arguments[0], ")"
    if layout.is_radical(node):
        return "root(", node.arguments[1], ",", node.arguments[0], ")"
    if node.head.below:
        return _entry(node)
    return _head(node), *_arguments(node.arguments)


def _entry(node: Apply) -> tuple[Item, ...]:
    """A value with indices below."""
    arguments, indices = layout.parted(node)
    if not arguments:
        return (layout.entry(node.head.latex, indices),)
    below = [*_symbol(layout.entry("x", indices))][1:]
    return "attach(", _head(node), *_arguments(arguments), *below


def _arguments(arguments: Sequence[Expr]) -> tuple[Item, ...]:
    items: list[Item] = []
    for argument in arguments:
        items += (_COMMA, argument)
    return _ROUND.opening, *items[1:], _ROUND.closing


def _prime(node: Prime) -> tuple[Item, ...]:
    if node.order <= _PRIMES:
        return _head(node).rstrip() + "'" * node.order, *_arguments((node.argument,))
    return rf"attach({_head(node)},t: \({node.order}\))", *_arguments((node.argument,))


def _primed(node: Primed) -> tuple[Item, ...]:
    few = node.order <= _PRIMES
    mark = "'" * node.order if few else rf"attach(zws,t: \({node.order}\))"
    return primes.spelled(node, mark, lambda f: _named(head_look(f).text).rstrip(), _ROUND)


def _derivative(node: Derivative, *, closed: bool = False) -> tuple[Item, ...]:
    d = "∂" if node.partial else _UPRIGHT_D
    above = f"attach({d},t: {node.order})" if node.order > 1 else d
    variable, body = layout.bare(node.variable), layout.bare(node.body)
    below: tuple[Item, ...] = (node.variable,)
    if type(variable) not in layout.NAMES or (
        node.order > 1 and layout.needs_base_brackets(variable)
    ):
        below = (_ROUND.opening, node.variable, _ROUND.closing)
    if node.order > 1:
        below = ("attach(", *below, f",t: {node.order})")
    below = (f",{d}", *below, ")")
    if type(body) in layout.NAMES:
        return f"frac({above}", node.body, *below
    over: tuple[Item, ...] = (f"frac({above}", *below)
    if isinstance(body, (Apply, Prime)) and not closed:
        return *over, "" if layout.leading_word(body) else "thin ", node.body
    return *over, _BODY.opening, node.body, _BODY.closing


def _relation(node: Relation) -> list[Item]:
    items: list[Item] = []
    for sign, term in zip(("", *node.signs), node.terms, strict=True):
        items.append(RELATIONS[sign] if sign else "")
        items += layout.guarded(term, layout.IN_RELATION, _ROUND)
    return items


def _cases(node: Cases) -> list[Item]:
    items: list[Item] = []
    for value, condition in zip(node.values, node.conditions, strict=True):
        items += (",", value, f'&quad"{condition_word()} "', condition)
    return ["cases(", *items[1:], ")"]


def _absolute(node: Absolute) -> tuple[Item, ...]:
    return "abs(", node.operand, ")"


def _transpose(node: Transpose) -> tuple[Item, ...]:
    """A ⊤ in the exponent; beside a layer, as in W⁽²⁾ᵀ, and not above it."""
    before, inner, after = layout.opened(node.operand)
    if isinstance(inner, Symbol) and inner.layer:
        return before, *_symbol(inner, "⊤"), after
    body: tuple[Item, ...] = (inner,)
    if layout.needs_brackets_to_turn(inner):
        body = (_ROUND.opening, inner, _ROUND.closing)
    return "attach(", before, *body, after, ",t: ⊤)"


def _indicator(node: Indicator) -> tuple[Item, ...]:
    return "bb(1)", _SQUARE.opening, node.condition, _SQUARE.closing


def _indexed_sum(node: IndexedSum) -> tuple[Item, ...]:
    body = layout.guarded(node.body, layout.IN_ELEMENTWISE, _ROUND)
    return "attach(∑,b: ", node.index, "=", node.lower, ",t: ", node.upper, ")", *body


def _integral(node: Integral) -> tuple[Item, ...]:
    body = layout.guarded(node.body, layout.UNDER_MINUS, _ROUND)
    limits = ("attach(∫,b: ", node.lower, ",t: ", node.upper, ")")
    return *limits, *body, f"thin {_UPRIGHT_D}", node.variable


def _elementwise(node: Elementwise) -> list[Item]:
    return entrywise.elementwise(node, "⊙", _ROUND, _unfinished)


def _matrix(node: Matrix) -> list[Item]:
    return entrywise.matrix(node, 'mat(delim: "[",', ")", ";", ",")


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
