"""Expressions as a person would read them aloud: "one over the quantity one plus e to the minus z".

One table says how each node is said, for the alternative text of formulas in HTML and
PDF.  Nothing is heard in two ways: what would reach too far is opened by "the quantity" (or
"the fraction", "the condition") and closed by "end quantity"; the last ones are left
out where the whole utterance ends, since nothing follows.  A factor stands behind
"times", so that two words side by side are a name and its layer ("z two"), a number and
what it counts ("two x"), and nothing else.  What eyes need (brackets, fraction bars) never
belongs here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    Head,
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
from symderiv.printing import layout
from symderiv.printing.glyphs import base_of, head_look, name_look
from symderiv.printing.layout import Item, Kinds, Marked
from symderiv.printing.primes import Primed
from symderiv.printing.vocabulary import (
    SIGNS,
    counted,
    function_name,
    in_parts,
    is_ranked,
    layer_words,
    ordinal,
    spoken,
)

_POWERS: Final = {"2": " squared", "3": " cubed"}
_PRIMES: Final = ("", "prime", "double prime", "triple prime")
_NO_MARKS: Final[Mapping[Place, str]] = MappingProxyType({})
_LAST_ENDS: Final = re.compile(r"(?: end (?:quantity|condition|fraction))+$")

# Which parts are said as they are, place by place; others are opened and closed.
_ATOMS: Final[Kinds] = frozenset({Number, Symbol, Constant, Letter})
_CLOSED: Final[Kinds] = _ATOMS | {
    Apply, Prime, Power, Absolute, Derivative, Primed, Integral, Indicator, Cases, Matrix,
    Transpose,
}  # fmt: skip
_ABOVE: Final[Kinds] = _CLOSED | {Product}
_UNDER_SIGMA: Final[Kinds] = _CLOSED | {Product, Quotient, Elementwise, IndexedSum}
_IN_SUM: Final[Kinds] = _UNDER_SIGMA | {Negative}
_ALONE: Final[Kinds] = _IN_SUM | {Sum}
_OPEN: Final[Kinds] = frozenset({Quotient, IndexedSum})  # an "over" may be heard at their end


def speech(expr: Expr, *, marks: Mapping[Place, str] = _NO_MARKS) -> str:
    """`expr` in words; of what is marked as `cancelled` it is said that it is crossed out.

    >>> from symderiv.language.build import D, exp, symbols
    >>> z, loss = symbols("z L")
    >>> print(speech(1 / (1 + exp(-z))))
    one over the quantity one plus e to the minus z
    >>> print(speech(D(loss, z.at(2), partial=True)))
    the partial derivative of L with respect to z sub two
    """
    if marks:
        expr = layout.marked(expr, marks, _mark)
    return _LAST_ENDS.sub("", layout.write(expr, SPELLERS))


def _mark(name: str) -> tuple[str, str]:
    return ("crossed out ", "") if name == "cancelled" else ("", "")


def _part(node: Expr, bare: Kinds) -> tuple[Item, ...]:
    """`node`, opened and closed in words unless it is one of `bare`."""
    kind = _kind(layout.bare(node))
    if kind in bare:
        return (node,)
    if kind is Quotient:
        return _as_fraction(node)
    word = "condition" if kind is Relation else "quantity"
    return f"the {word} ", node, f" end {word}"


def _as_fraction(node: Expr) -> tuple[Item, ...]:
    """A fraction that says itself where it begins and ends, so that its parts need not."""
    before, inner, after = layout.opened(node)
    if not isinstance(inner, Quotient):  # a number such as 21/25
        return "the fraction ", node, " end fraction"
    above, below = _side(inner.numerator), _side(inner.denominator)
    return before, "the fraction ", *above, " over ", *below, " end fraction", after


def _side(node: Expr) -> tuple[Item, ...]:
    """A part of such a fraction; one in which another "over" would be heard is closed."""
    inner = layout.bare(node)
    terms = inner.terms if isinstance(inner, Sum) else (inner,)
    heard = any(_kind(_unsigned(layout.bare(term))) in _OPEN for term in terms)
    return _part(node, frozenset()) if heard else _part(node, _ALONE)


def _unsigned(node: Expr) -> Expr:
    return layout.bare(node.operand) if isinstance(node, Negative) else node


def _kind(node: Expr) -> type[Expr]:
    """What a node sounds like: one half is a number, 21/25 is a fraction."""
    if isinstance(node, Quotient):
        return Number if _fraction(node) else Quotient
    if isinstance(node, Number) and "/" in node.text:
        return Number if in_parts(*node.text.split("/")) else Quotient
    return type(node)


# --- numbers and names --------------------------------------------------------------------------


def _fraction(node: Quotient) -> str:
    """Two thirds; empty where a fraction has no such name."""
    above, below = layout.bare(node.numerator), layout.bare(node.denominator)
    if not (isinstance(above, Number) and isinstance(below, Number)):
        return ""
    return in_parts(above.text, below.text)


def _number(node: Number) -> str:
    text = node.text.lower()
    if "/" in text:
        above, below = text.split("/")
        return in_parts(above, below) or f"{counted(above)} over {counted(below)}"
    if "e" in text:
        base, exponent = text.split("e")
        return f"{base} times ten to the power {exponent.replace('-', 'minus ')}"
    return counted(text)


def _name(node: Constant | Letter) -> str:
    return spoken(name_look(node.name).text)


def _symbol(node: Symbol) -> list[Item]:
    said = spoken(name_look(node.name).text)
    said = "variable e" if said == "e" and not node.accent else said
    said += " vector" if node.accent == "vec" else f" {node.accent}" if node.accent else ""
    if node.layer:
        said += f" {layer_words(node.layer)}"
    items: list[Item] = [said, *([" sub"] if node.indices else [])]
    for index in node.indices:
        items += (" ", *_index(index))
    return items


def _index(index: Expr) -> tuple[Item, ...]:
    """An index: a number or a bare name as it is."""
    inner = layout.bare(index)
    plain = layout.plain_look(inner) or (isinstance(inner, Number) and "/" not in inner.text)
    return (index,) if plain else _part(index, frozenset())


# --- arithmetic ---------------------------------------------------------------------------------


def _sum(node: Sum) -> list[Item]:
    items: list[Item] = []
    for term in node.terms:
        before, inner, after = layout.opened(term)
        if items and isinstance(inner, Negative):
            items += (" minus ", before, *_part(inner.operand, _UNDER_SIGMA), after)
        else:
            items += (" plus " if items else "", *_part(term, _IN_SUM))
    return items


def _negative(node: Negative) -> tuple[Item, ...]:
    return "minus ", *_part(node.operand, _UNDER_SIGMA)


def _product(node: Product) -> list[Item]:
    items: list[Item] = []
    for number, factor in enumerate(node.factors):
        beside = number == 1 and _counts(node.factors[0], factor)
        items.append(" " if beside else " times " if items else "")
        items += _part(factor, _CLOSED)
    return items


def _counts(left: Expr, right: Expr) -> bool:
    """Whether a number is said right before what it counts: two x."""
    first, second = layout.bare(left), layout.bare(right)
    if isinstance(second, Power):
        second = layout.bare(second.base)
    named = isinstance(second, (Symbol, Constant, Letter, Prime)) or (
        isinstance(second, Apply) and not _begins_with_the(second)
    )
    return _kind(first) is Number and named


def _begins_with_the(node: Apply) -> bool:
    return layout.is_radical(node) or _head(node.head).startswith("the ")


def _quotient(node: Quotient) -> tuple[Item, ...]:
    fraction = _fraction(node)
    if fraction:
        return (fraction,)
    above, below = _kind(layout.bare(node.numerator)), _kind(layout.bare(node.denominator))
    if above not in _ABOVE and below not in _CLOSED:
        return _as_fraction(node)
    return *_part(node.numerator, _ABOVE), " over ", *_part(node.denominator, _CLOSED)


def _power(node: Power) -> tuple[Item, ...]:
    exponent = layout.bare(node.exponent)
    before, inner, after = layout.opened(node.base)
    if isinstance(inner, Apply) and layout.raises_head(inner, exponent):
        name = _head(inner.head)
        return before, name, *_raised(node.exponent), *_arguments(inner.arguments), after
    return *_part(node.base, _ATOMS), *_raised(node.exponent)


def _raised(node: Expr) -> tuple[Item, ...]:
    """What is said of an exponent."""
    exponent = layout.bare(node)
    if isinstance(exponent, Number) and exponent.text in _POWERS:
        return (_POWERS[exponent.text],)
    if isinstance(exponent, Number) and is_ranked(exponent.text):
        return (f" to the {ordinal(int(exponent.text))}",)
    if _kind(exponent) in _ATOMS or _is_short(exponent):
        return " to the ", node
    return " to ", *_part(node, frozenset())


def _is_short(node: Expr) -> bool:
    """Whether an exponent is heard as one: minus z, two x, minus two x."""
    inner = _unsigned(node)
    if isinstance(inner, Product):
        atoms = (_kind(layout.bare(factor)) in _ATOMS for factor in inner.factors)
        return len(inner.factors) == 2 and _counts(*inner.factors) and all(atoms)
    return _kind(inner) in _ATOMS


# --- functions ----------------------------------------------------------------------------------


def _head(head: Head) -> str:
    if base := base_of(head):
        return f"log base {spoken(counted(base))}"
    return function_name(head_look(head).text)


def _apply(node: Apply) -> tuple[Item, ...]:
    if layout.is_radical(node):
        return *_root(node.arguments[1:]), *_argument(node.arguments[0])
    if node.head.below:
        return _entry(node)
    return _head(node.head), *_arguments(node.arguments)


def _root(degree: Sequence[Expr]) -> tuple[Item, ...]:
    if not degree:
        return ("the square root of ",)
    inner = layout.bare(degree[0])
    if isinstance(inner, Number) and inner.text == "3":
        return ("the cube root of ",)
    if isinstance(inner, Number) and is_ranked(inner.text):
        return (f"the {ordinal(int(inner.text))} root of ",)
    return "the root of degree ", *_part(degree[0], _ATOMS), " of "


def _entry(node: Apply) -> tuple[Item, ...]:
    """A value with indices below: softmax sub i of z."""
    arguments, indices = layout.parted(node)
    if not arguments:
        return (layout.entry(node.head.latex, indices),)
    below = [item for index in indices for item in (" ", *_index(index))]
    return _head(node.head), " sub", *below, *_arguments(arguments)


def _arguments(arguments: Sequence[Expr]) -> tuple[Item, ...]:
    if len(arguments) == 1:
        return " of ", *_argument(arguments[0])
    items: list[Item] = []
    for argument in arguments:
        items += (" and ", *_part(argument, _ATOMS))
    return " of ", *items[1:]


def _argument(node: Expr) -> tuple[Item, ...]:
    """The only argument of a function: a name, minus a name, or what ends by itself."""
    inner = layout.bare(node)
    if isinstance(inner, Negative) and _kind(layout.bare(inner.operand)) in _ATOMS:
        return (node,)
    is_call = isinstance(inner, Apply) and len(inner.arguments) == 1
    closed = is_call or isinstance(inner, (Prime, Derivative))
    return (node,) if closed else _part(node, _ATOMS)


def _prime(node: Prime) -> tuple[Item, ...]:
    known = node.order < len(_PRIMES)
    primes = _PRIMES[node.order] if known else f"with {counted(str(node.order))} primes"
    return f"{_head(node.head)} {primes}", *_arguments((node.argument,))


def _absolute(node: Absolute) -> tuple[Item, ...]:
    return "the absolute value of ", *_argument(node.operand)


# --- what is opened and closed by itself --------------------------------------------------------


def _derivative(node: Derivative) -> tuple[Item, ...]:
    order = f"{ordinal(node.order)} " if node.order > 1 else ""
    kind = "partial derivative" if node.partial else "derivative"
    body = _part(node.body, _ALONE)
    return f"the {order}{kind} of ", *body, " with respect to ", *_part(node.variable, _ATOMS)


def _integral(node: Integral) -> tuple[Item, ...]:
    lower, upper = _part(node.lower, _ATOMS), _part(node.upper, _ATOMS)
    limits = ("the integral from ", *lower, " to ", *upper, " of ")
    return *limits, *_part(node.body, _ALONE), " with respect to ", node.variable


def _indexed_sum(node: IndexedSum) -> tuple[Item, ...]:
    index, lower = _part(node.index, _ATOMS), _part(node.lower, _ATOMS)
    limits = ("the sum for ", *index, " from ", *lower, " to ", *_part(node.upper, _ATOMS))
    return *limits, " of ", *_part(node.body, _UNDER_SIGMA)


def _relation(node: Relation) -> list[Item]:
    items: list[Item] = []
    for sign, term in zip(("", *node.signs), node.terms, strict=True):
        items += (f" {SIGNS[sign]} " if sign else "", *_part(term, _ALONE))
    return items


def _cases(node: Cases) -> list[Item]:
    items: list[Item] = ["by cases "]
    for value, condition in zip(node.values, node.conditions, strict=True):
        items += (*_part(value, _ALONE), " if ", condition, ", ")
    return [*items, "end cases"]


def _indicator(node: Indicator) -> tuple[Item, ...]:
    return "the indicator of ", *_part(node.condition, frozenset())


def _transpose(node: Transpose) -> tuple[Item, ...]:
    return *_part(node.operand, _ATOMS), " transpose"


def _elementwise(node: Elementwise) -> list[Item]:
    items: list[Item] = []
    for factor in node.factors:
        items += (" elementwise times " if items else "", *_part(factor, _CLOSED))
    return items


def _matrix(node: Matrix) -> list[Item]:
    height, width = counted(str(len(node.rows))), counted(str(len(node.rows[0])))
    items: list[Item] = [f"the {height} by {width} matrix with"]
    for row in node.rows:
        items.append(" row ")
        for entry in row:
            items += (*_part(entry, _ALONE), ", ")
        items[-1] = ","
    return [*items, " end matrix"]


def _marked(node: Marked) -> tuple[Item, ...]:
    return node.before, node.inner, node.after


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
    Primed: _derivative,
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
