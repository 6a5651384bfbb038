"""Expressions as MathML Core, which browsers show without any script.

One table says how each node is spelled.  Only what Chromium and Firefox both show right
is used: upright d and words as operators with their spaces said outright, brackets that
stretch around tall content only, no `menclose`, no `mathvariant` but `normal`.  Every
text is escaped.  Colours and strokes never belong here: a marked part carries a class
(`sd-cancelled`, `sd-factor-1`), and the page's CSS says what that looks like.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Final

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
    PRIMES,
    RELATIONS,
    base_of,
    condition_word,
    head_look,
    layer_brackets,
    layer_tokens,
    name_look,
)
from symderiv.printing.layout import Item, Marked, fences
from symderiv.printing.primes import Primed
from symderiv.printing.speech import speech

_LOW: Final = '<mo stretchy="false">{}</mo>'
_BAR: Final = '<mo form="{}" stretchy="{}">|</mo>'
_ROUND: Final = fences(
    (_LOW.format("("), _LOW.format(")")), ("<mrow><mo>(</mo>", "<mo>)</mo></mrow>")
)
_SQUARE: Final = fences(
    (_LOW.format("["), _LOW.format("]")), ("<mrow><mo>[</mo>", "<mo>]</mo></mrow>")
)
_BARS: Final = fences(
    ("<mrow>" + _BAR.format("prefix", "false"), _BAR.format("postfix", "false") + "</mrow>"),
    ("<mrow>" + _BAR.format("prefix", "true"), _BAR.format("postfix", "true") + "</mrow>"),
)
_ACCENTS: Final = {"hat": "ˆ", "bar": "¯", "tilde": "˜", "dot": "˙", "vec": "→"}
_MINUS: Final = "<mo>−</mo>"
_SIGN: Final = '<mo form="prefix">−</mo>'
_DOT: Final = "<mo>⋅</mo>"
_TIGHT: Final = '<mo lspace="0" rspace="0">{}</mo>'
_GAP: Final = '<mspace width="0.167em"/>'
_STRUT: Final = '<mspace height="0.7em"/>'  # the root of a low letter would hang below the line
_ALONE: Final = frozenset({Number, Constant, Letter, Symbol, Quotient, Marked})
_NO_MARKS: Final[Mapping[Place, str]] = MappingProxyType({})


def mathml(expr: Expr, *, marks: Mapping[Place, str] = _NO_MARKS, display: bool = False) -> str:
    """The markup of `expr` to stand inside a `<math>` element, as one row.

    `marks` gives places a class, written with `sd-` before it; `display` sets fractions
    and sums at full size even in a line.
    """
    if marks:
        expr = layout.marked(expr, marks, _mark)
    row = layout.write(expr, _SPELLERS)
    return f'<mrow displaystyle="true">{row}</mrow>' if display else row


def math_element(
    expr: Expr, *, marks: Mapping[Place, str] = _NO_MARKS, display: bool = False
) -> str:
    """`expr` as a `<math>` element; `alttext` is what a person would say.

    With `display` it is still an inline element, so that it can stand in a grid, but its
    fractions have full size.
    """
    style = ' displaystyle="true"' if display else ""
    alttext = escape(speech(expr, marks=marks))
    return f'<math alttext="{alttext}"{style}>{mathml(expr, marks=marks)}</math>'


def _mark(name: str) -> tuple[str, str]:
    return f'<mrow class="sd-{escape(name)}">', "</mrow>"


def _cell(node: Expr) -> tuple[Item, ...]:
    """`node` as one element, for the places that take one."""
    return (node,) if type(node) in _ALONE else ("<mrow>", node, "</mrow>")


def _number(node: Number) -> str:
    return f"<mn>{escape(node.text)}</mn>"


def _name(node: Constant | Letter) -> str:
    return _identifier(name_look(node.name).text)


def _identifier(text: str) -> str:
    """A name; LaTeX sets the capitals of Greek upright, and so do we."""
    upright = ' mathvariant="normal"' if len(text) == 1 and text in "ΓΔΘΛΞΠΣΥΦΨΩ∞" else ""
    return f"<mi{upright}>{escape(text)}</mi>"


def _symbol(node: Symbol, beside: str = "") -> str | list[Item]:
    """A name with its layer and indices; `beside` stands behind the layer."""
    stem = _identifier(name_look(node.name).text)
    if node.accent:
        accent = f'<mo stretchy="false">{_ACCENTS[node.accent]}</mo>'
        stem = f'<mover accent="true">{stem}{accent}</mover>'
    opening, closing = map(_LOW.format, layer_brackets())
    layer = f"<mrow>{opening}{_layer(node.layer)}{closing}{beside}</mrow>"
    if not node.indices:
        return f"<msup>{stem}{layer}</msup>" if node.layer else stem
    close = layout.needs_no_comma(node)
    items: list[Item] = [f"<msubsup>{stem}<mrow>" if node.layer else f"<msub>{stem}<mrow>"]
    for number, index in enumerate(node.indices):
        if number and not close:
            items.append(_TIGHT.format(","))
        items += _index(index)
    return [*items, f"</mrow>{layer}</msubsup>" if node.layer else "</mrow></msub>"]


def _index(index: Expr) -> list[Item]:
    """An index; the terms of a sum such as i+1 stand close."""
    before, inner, after = layout.opened(index)
    if not isinstance(inner, Sum):
        return [index]
    items: list[Item] = [before]
    for number, term in enumerate(inner.terms):
        opening, bare, closing = layout.opened(term)
        minus = number > 0 and isinstance(bare, Negative)
        sign = _TIGHT.format("−" if minus else "+") if number else ""
        operand = layout.guarded(bare.parts[0] if minus else bare, layout.UNDER_MINUS, _ROUND)
        items += (opening, sign, *operand, closing)
    return [*items, after]


def _layer(layer: str) -> str:
    return "".join(map(_layer_token, (token.text for token in layer_tokens(layer))))


def _layer_token(text: str) -> str:
    if text in "+−":
        return _TIGHT.format(text)
    return f"<mn>{text}</mn>" if text.isdecimal() else _identifier(text)


def _sum(node: Sum) -> list[Item]:
    items: list[Item] = []
    apart = layout.open_sums(node.terms)
    for number, term in enumerate(node.terms):
        if number in apart:
            sign, inner = layout.signed(term, "<mo>+</mo>", _MINUS) if items else ("", term)
            items += (sign, _ROUND.opening, inner, _ROUND.closing)
            continue
        before, inner, after = layout.opened(term)
        if items and isinstance(inner, Negative):
            minus = before + '<mo form="infix">−</mo>' if before else _MINUS
            items += (minus, *layout.guarded(inner.operand, layout.UNDER_MINUS, _ROUND), after)
            continue
        if items:
            items.append("<mo>+</mo>")
        items += layout.guarded(term, layout.IN_SUM, _ROUND)
    return items


def _negative(node: Negative) -> list[Item]:
    operand = layout.bare(node.operand)
    items: list[Item] = [_SIGN, *layout.guarded(node.operand, layout.UNDER_MINUS, _ROUND)]
    if layout.leading_word(operand):
        items.insert(1, _GAP)
    return items


def _product(node: Product) -> list[Item]:
    items: list[Item] = []
    last = len(node.factors) - 1
    left: Expr | None = None
    for number, factor in enumerate(node.factors):
        right = layout.bare(factor)
        if left is not None and layout.needs_dot(left, right):
            items.append(_DOT)
        elif left is not None and (layout.leading_word(right) or type(left) is Quotient):
            items.append(_GAP)
        if number < last and type(right) in layout.UNFINISHED:
            items += _unfinished(factor)
        else:
            items += layout.guarded(factor, layout.IN_PRODUCT, _ROUND)
        left = right
    return items


def _unfinished(factor: Expr) -> tuple[Item, ...]:
    """A factor that would reach over the next one if nothing closed it."""
    before, inner, after = layout.opened(factor)
    if isinstance(inner, Derivative):
        return before, *_derivative(inner, closed=True), after
    return before, _ROUND.opening, inner, _ROUND.closing, after


def _quotient(node: Quotient) -> tuple[Item, ...]:
    return "<mfrac>", *_cell(node.numerator), *_cell(node.denominator), "</mfrac>"


def _power(node: Power) -> tuple[Item, ...]:
    base, exponent = node.base, node.exponent
    raised = (*_cell(exponent), "</msup>")
    before, inner, after = layout.opened(base)
    if isinstance(inner, Apply) and layout.raises_head(inner, layout.bare(exponent)):
        name = f"<msup>{before}{_head(inner)}{after}"
        return name, *raised, before, *_arguments(inner.arguments), after
    if layout.needs_base_brackets(inner):
        fenced = (_ROUND.opening, inner, _ROUND.closing)
        return "<msup><mrow>", before, *fenced, after, "</mrow>", *raised
    return "<msup>", *_cell(base), *raised


def _head(node: Apply | Prime) -> str:
    look = head_look(node.head)
    if base := base_of(node.head):
        low = f"<mn>{base}</mn>" if base.isdigit() else f"<mi>{base}</mi>"
        return f"<msub>{_TIGHT.format('log')}{low}</msub>"
    if look.word:
        return _TIGHT.format(escape(look.text))
    return _identifier(look.text)


def _apply(node: Apply) -> tuple[Item, ...]:
    if layout.is_root(node):
        return "<msqrt>", _STRUT, node.arguments[0], "</msqrt>"
    if layout.is_radical(node):
        base, index = node.arguments
        return "<mroot><mrow>", _STRUT, base, "</mrow>", *_cell(index), "</mroot>"
    if node.head.below:
        return _entry(node)
    return _head(node), *_arguments(node.arguments)


def _entry(node: Apply) -> tuple[Item, ...]:
    """A value with indices below."""
    arguments, indices = layout.parted(node)
    if not arguments:
        return (layout.entry(node.head.latex, indices),)
    below = [*_symbol(layout.entry("x", indices))][1:]
    return "<msub><mrow>", _head(node), *_arguments(arguments), "</mrow><mrow>", *below


def _arguments(arguments: tuple[Expr, ...]) -> tuple[Item, ...]:
    items: list[Item] = []
    for argument in arguments:
        items += ("<mo>,</mo>", argument)
    return _ROUND.opening, *items[1:], _ROUND.closing


def _prime(node: Prime) -> tuple[Item, ...]:
    return _raised(_head(node), node.order), *_arguments((node.argument,))


def _raised(name: str, order: int) -> str:
    """A name, or nothing, with its primes."""
    if order in PRIMES:
        return name + _TIGHT.format(PRIMES[order])
    count = f"<mrow>{_LOW.format('(')}<mn>{order}</mn>{_LOW.format(')')}</mrow>"
    return f"<msup>{name or '<mrow></mrow>'}{count}</msup>"


def _primed(node: Primed) -> tuple[Item, ...]:
    return primes.spelled(
        node, _raised("", node.order), lambda f: _identifier(head_look(f).text), _ROUND
    )


def _derivative(node: Derivative, *, closed: bool = False) -> tuple[Item, ...]:
    d = _TIGHT.format("∂" if node.partial else "d")
    order = f"<mn>{node.order}</mn>" if node.order > 1 else ""
    above = f"<msup>{d}{order}</msup>" if order else d
    variable, body = layout.bare(node.variable), layout.bare(node.body)
    below: tuple[Item, ...] = _cell(node.variable)
    if type(variable) not in layout.NAMES or (order and layout.needs_base_brackets(variable)):
        below = ("<mrow>", _ROUND.opening, node.variable, _ROUND.closing, "</mrow>")
    if order:
        below = ("<msup>", *below, order, "</msup>")
    below = (f"<mrow>{d}", *below, "</mrow></mfrac>")
    if type(body) in layout.NAMES:
        return f"<mfrac><mrow>{above}", node.body, "</mrow>", *below
    over: tuple[Item, ...] = (f"<mfrac>{above}", *below, _GAP)
    if isinstance(body, (Apply, Prime)) and not closed:
        return *over, node.body
    return *over, _SQUARE.opening, node.body, _SQUARE.closing


def _relation(node: Relation) -> list[Item]:
    items: list[Item] = []
    for sign, term in zip(("", *node.signs), node.terms, strict=True):
        if sign:
            items.append(f"<mo>{escape(RELATIONS[sign])}</mo>")
        items += layout.guarded(term, layout.IN_RELATION, _ROUND)
    return items


def _cases(node: Cases) -> list[Item]:
    # Core has no columnalign: the page's style sets the cells of sd-cases to the left
    condition_cell = f"<mtd><mtext>{escape(condition_word())}\u00a0</mtext>"
    items: list[Item] = ['<mrow><mo form="prefix" stretchy="true">{</mo><mtable class="sd-cases">']
    for value, condition in zip(node.values, node.conditions, strict=True):
        items += ("<mtr><mtd>", value, f"</mtd>{condition_cell}", condition, "</mtd></mtr>")
    return [*items, "</mtable></mrow>"]


def _absolute(node: Absolute) -> tuple[Item, ...]:
    return _BARS.opening, node.operand, _BARS.closing


def _transpose(node: Transpose) -> tuple[Item, ...]:
    """A ⊤ in the exponent; beside a layer, as in W⁽²⁾ᵀ, and not above it."""
    before, inner, after = layout.opened(node.operand)
    if isinstance(inner, Symbol) and inner.layer:
        return before, *_symbol(inner, _TIGHT.format("⊤")), after
    body: tuple[Item, ...] = (inner,)
    if layout.needs_brackets_to_turn(inner):
        body = (_ROUND.opening, inner, _ROUND.closing)
    return "<msup><mrow>", before, *body, after, "</mrow>", _TIGHT.format("⊤"), "</msup>"


def _indicator(node: Indicator) -> tuple[Item, ...]:
    return "<mi>𝟙</mi>", _SQUARE.opening, node.condition, _SQUARE.closing


def _indexed_sum(node: IndexedSum) -> tuple[Item, ...]:
    lower = ("<mrow>", node.index, _TIGHT.format("="), node.lower, "</mrow>")
    body = layout.guarded(node.body, layout.IN_ELEMENTWISE, _ROUND)
    return "<munderover><mo>∑</mo>", *lower, *_cell(node.upper), "</munderover>", *body


def _integral(node: Integral) -> tuple[Item, ...]:
    limits = (*_cell(node.lower), *_cell(node.upper))
    body = layout.guarded(node.body, layout.UNDER_MINUS, _ROUND)
    sign = ("<msubsup><mo>∫</mo>", *limits, "</msubsup>")
    return *sign, *body, _GAP, _TIGHT.format("d"), node.variable


def _elementwise(node: Elementwise) -> list[Item]:
    return entrywise.elementwise(node, "<mo>⊙</mo>", _ROUND, _unfinished)


def _matrix(node: Matrix) -> list[Item]:
    begin, end = "<mtr><mtd>", "</mtd></mtr>"
    opening, closing = "<mrow><mo>[</mo><mtable>", "</mtable><mo>]</mo></mrow>"
    return entrywise.matrix(node, opening + begin, end + closing, end + begin, "</mtd><mtd>")


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
