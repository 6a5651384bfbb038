"""Expressions as one line of Unicode, for terminals and SVG labels.

One table says how each node is spelled.  A line has no fraction bars and only few raised
characters, so more brackets stand here than on a page: a reader must never wonder what
belongs to a denominator or an exponent.  This text is for eyes; what reads back without
a doubt is the plain spelling, which belongs to `language`.
"""

from __future__ import annotations

from itertools import pairwise
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
from symderiv.printing import entrywise, layout, primes
from symderiv.printing.glyphs import (
    PRIMES,
    RELATIONS,
    condition_word,
    head_look,
    in_layer_brackets,
    layer_tokens,
    lowered,
    name_look,
    raised,
    stem_text,
)
from symderiv.printing.layout import Item, Kinds, fences
from symderiv.printing.primes import Primed

ROUND: Final = fences(("(", ")"), ("(", ")"))
_IN_SUM: Final[Kinds] = frozenset({Sum, Relation})
_UNDER_MINUS: Final[Kinds] = _IN_SUM | {Negative}
_IN_PRODUCT: Final[Kinds] = _UNDER_MINUS | {Product, Quotient, Elementwise}
_ABOVE: Final[Kinds] = _UNDER_MINUS | {Quotient, Derivative, IndexedSum, Integral, Elementwise}
_BELOW: Final[Kinds] = _ABOVE | {Product, Cases}
UNDER_SIGMA: Final[Kinds] = _UNDER_MINUS | {Quotient, Elementwise}
_ROOTS: Final[dict[Expr, str]] = {Number("3"): "∛", Number("4"): "∜"}
_SHORT: Final = 3  # digits of an exponent that are still legible when raised


def unicode_text(expr: Expr) -> str:
    """`expr` on one line.

    >>> from symderiv.language.build import D, exp, symbols
    >>> z, y, loss = symbols("z yhat L")
    >>> print(unicode_text(exp(-z) / (1 + exp(-z)) ** 2))
    e^(−z)/(1 + e^(−z))²
    >>> print(unicode_text(D(loss, y, partial=True) * D(y, z)))
    ∂L/∂ŷ · dŷ/dz
    """
    return layout.write(expr, SPELLERS)


def _guarded(node: Expr, kinds: Kinds) -> tuple[Item, ...]:
    return layout.guarded(node, kinds, ROUND)


def _number(node: Number) -> str:
    return f"({node.text})" if "/" in node.text else node.text


def _name(node: Constant | Letter) -> str:
    return name_look(node.name).text


def _symbol(node: Symbol) -> str | list[Item]:
    stem = stem_text(node.name, node.accent)
    if node.layer:
        stem += raised(in_layer_brackets("".join(token.text for token in layer_tokens(node.layer))))
    if not node.indices:
        return stem
    alone = len(node.indices) == 1
    if alone and layout.is_taken_apart(node):
        return [stem, "[", node.indices[0], "]"]
    if _is_lowered(node):
        return stem + lowered("".join(str(unicode_text(index)) for index in node.indices))
    if alone and layout.single(node.indices[0]):
        return [stem, "_", node.indices[0]]
    comma = "" if layout.needs_no_comma(node) else ","
    items: list[Item] = []
    for index in node.indices:
        items += (comma, *write_index(index))
    return [stem, "_{", *items[1:], "}"]


def _is_lowered(node: Symbol) -> bool:
    """Whether all indices are digits that stand as subscripts, without a comma."""
    numbers = (isinstance(index, Number) for index in node.indices)
    return all(numbers) and layout.needs_no_comma(node)


def write_index(index: Expr) -> list[Item]:
    """An index; the terms of a sum such as i+1 stand close."""
    if not isinstance(index, Sum):
        return [index]
    items: list[Item] = []
    for term in index.terms:
        minus = len(items) > 0 and isinstance(term, Negative)
        sign = "−" if minus else "+" if items else ""
        items += (sign, *_guarded(term.parts[0] if minus else term, _UNDER_MINUS))
    return items


def _sum(node: Sum) -> list[Item]:
    items: list[Item] = []
    apart = layout.open_sums(node.terms)
    for number, term in enumerate(node.terms):
        if number in apart:
            sign, inner = layout.signed(term, " + ", " − ") if items else ("", term)
            items += (sign, ROUND.opening, inner, ROUND.closing)
        elif items and isinstance(term, Negative):
            items += (" − ", *_guarded(term.operand, _UNDER_MINUS))
        else:
            items += (" + " if items else "", *_guarded(term, _IN_SUM))
    return items


def _negative(node: Negative) -> tuple[Item, ...]:
    return "−", *_guarded(node.operand, _UNDER_MINUS)


def _product(node: Product) -> list[Item]:
    items: list[Item] = []
    last = len(node.factors) - 1
    signs = _signs(node)
    for number, factor in enumerate(node.factors):
        if number:
            items.append(signs[number - 1])
        if number < last and type(factor) in layout.UNFINISHED:
            items += _unfinished(factor)
        else:
            items += _guarded(factor, _IN_PRODUCT)
    return items


def _signs(node: Product) -> list[str]:
    """What stands between the factors: a dot, a blank, or nothing."""
    words = layout.spelled(node.factors)
    pairs = enumerate(pairwise(node.factors), 1)
    return [" · " if number in words else _between(*pair) for number, pair in pairs]


def _between(left: Expr, right: Expr) -> str:
    if layout.needs_dot(left, right) or _runs_on(left):
        return " · "
    if _is_matrix(left) or _is_matrix(right):
        return " "  # right behind a name a bracket holds an index
    named = type(left) in layout.WITH_NAME and isinstance(right, (Apply, Prime))
    return " " if named or layout.leading_word(right) else ""


def _is_matrix(factor: Expr) -> bool:
    """Whether a factor is a matrix written out, with its transpose or exponent."""
    core = factor.parts[0] if isinstance(factor, (Power, Transpose)) else factor
    return isinstance(core, Matrix)


def _runs_on(node: Expr) -> bool:
    """Whether a neighbour would be read as part of this factor's exponent or index."""
    if isinstance(node, Power):
        return not _is_raised(node.exponent)
    return isinstance(node, Symbol) and not all(isinstance(i, Number) for i in node.indices)


def _unfinished(factor: Expr) -> tuple[Item, ...]:
    """A factor that would reach over the next one if nothing closed it."""
    if isinstance(factor, Derivative):
        return _derivative(factor, closed=True)
    return ROUND.opening, factor, ROUND.closing


def _quotient(node: Quotient) -> tuple[Item, ...]:
    over = node.numerator
    dotted = isinstance(over, Product) and not _is_undotted(over)
    closed = dotted or _ends_in_sum(over)
    above = (ROUND.opening, over, ROUND.closing) if closed else _guarded(over, _ABOVE)
    return *above, "/", *_guarded(node.denominator, _BELOW)


def _ends_in_sum(node: Expr) -> bool:
    """Whether a product ends in a sum over an index, whose reach a stroke would lengthen."""
    body = node.operand if isinstance(node, Negative) else node
    return isinstance(body, Product) and type(body.factors[-1]) in layout.UNFINISHED


def _power(node: Power) -> tuple[Item, ...]:
    base, exponent = node.base, _exponent(node.exponent)
    if layout.is_like_mark(base, node.exponent):
        exponent = ("^", ROUND.opening, node.exponent, ROUND.closing)
    if isinstance(base, Apply) and layout.raises_head(base, node.exponent):
        return head_look(base.head).text, *exponent, *write_arguments(base.arguments)
    if layout.needs_base_brackets(base):
        return ROUND.opening, base, ROUND.closing, *exponent
    return base, *exponent


def _is_raised(exponent: Expr) -> bool:
    return isinstance(exponent, Number) and exponent.text.isdigit() and len(exponent.text) <= _SHORT


def _exponent(node: Expr) -> tuple[Item, ...]:
    if isinstance(node, Number) and _is_raised(node):
        return (raised(node.text),)
    if layout.plain_look(node) or (isinstance(node, Number) and node.text.isdigit()):
        return "^", node
    return "^", ROUND.opening, node, ROUND.closing


def _apply(node: Apply) -> tuple[Item, ...]:
    if layout.is_root(node):
        return "√", *write_arguments(node.arguments)
    sign = _ROOTS.get(node.arguments[-1]) if layout.is_radical(node) else None
    if sign:
        return sign, *write_arguments(node.arguments[:1])
    if node.head.below:
        return _entry(node)
    return head_look(node.head).text, *write_arguments(node.arguments)


def _entry(node: Apply) -> tuple[Item, ...]:
    """A value with indices below."""
    arguments, indices = layout.parted(node)
    if not arguments:
        return (layout.entry(node.head.latex, indices),)
    below = [*_symbol(layout.entry("x", indices))][1:]
    return head_look(node.head).text, *write_arguments(arguments), *below


def write_arguments(arguments: tuple[Expr, ...]) -> tuple[Item, ...]:
    """The arguments of a function, between its brackets."""
    items: list[Item] = []
    for argument in arguments:
        items += (", ", argument)
    return ROUND.opening, *items[1:], ROUND.closing


def _primes(order: int) -> str:
    return PRIMES.get(order) or raised(f"({order})")


def _prime(node: Prime) -> tuple[Item, ...]:
    return head_look(node.head).text + _primes(node.order), *write_arguments((node.argument,))


def _primed(node: Primed) -> tuple[Item, ...]:
    return primes.spelled(node, _primes(node.order), lambda f: head_look(f).text, ROUND)


def _derivative(node: Derivative, *, closed: bool = False) -> tuple[Item, ...]:
    d = "∂" if node.partial else "d"
    order = raised(str(node.order)) if node.order > 1 else ""
    below: tuple[Item, ...] = ("/", d, node.variable, order)
    is_name = type(node.variable) in layout.NAMES
    if not is_name or (order and layout.needs_base_brackets(node.variable)):
        below = ("/", d, ROUND.opening, node.variable, ROUND.closing, order)
    if type(node.body) in layout.NAMES:
        return d + order, node.body, *below
    if isinstance(node.body, (Apply, Prime)) and not closed:
        return d + order, *below, " ", node.body
    return d + order, *below, " [", node.body, "]"


def _relation(node: Relation) -> list[Item]:
    items: list[Item] = []
    for sign, term in zip(("", *node.signs), node.terms, strict=True):
        items += (f" {RELATIONS[sign]} " if sign else "", *_guarded(term, layout.IN_RELATION))
    return items


def _cases(node: Cases) -> list[Item]:
    items: list[Item] = []
    for value, condition in zip(node.values, node.conditions, strict=True):
        items += ("; ", value, f" {condition_word()} ", condition)
    return ["{ ", *items[1:], " }"]


def _absolute(node: Absolute) -> tuple[Item, ...]:
    return "|", node.operand, "|"


def _transpose(node: Transpose) -> tuple[Item, ...]:
    operand = node.operand
    if layout.needs_brackets_to_turn(operand) or _runs_on(operand):
        return ROUND.opening, operand, ROUND.closing, "ᵀ"
    return operand, "ᵀ"


def _indicator(node: Indicator) -> tuple[Item, ...]:
    return "𝟙[", node.condition, "]"


def _indexed_sum(node: IndexedSum) -> tuple[Item, ...]:
    limits = ("Σ_{", node.index, "=", node.lower, "}^{", node.upper, "} ")
    return *limits, *_guarded(node.body, UNDER_SIGMA)


def _integral(node: Integral) -> tuple[Item, ...]:
    limits = ("∫_", *_bound(node.lower), "^", *_bound(node.upper), " ")
    return *limits, *_guarded(node.body, UNDER_SIGMA), " d", node.variable


def _bound(node: Expr) -> tuple[Item, ...]:
    """A bound of an integral: a name or number as it is, anything else in brackets."""
    if layout.plain_look(node) or (isinstance(node, Number) and node.text.isdigit()):
        return (node,)
    return ROUND.opening, node, ROUND.closing


def _elementwise(node: Elementwise) -> list[Item]:
    return entrywise.elementwise(
        node, " ⊙ ", ROUND, _unfinished, kinds=UNDER_SIGMA, side_by_side=_is_undotted
    )


def _is_undotted(product: Product) -> bool:
    return " · " not in _signs(product)


def _matrix(node: Matrix) -> list[Item]:
    return entrywise.matrix(node, "[[", "]]", "], [", ", ")


SPELLERS: Final[dict[type[Expr], layout.Speller]] = {
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
}
