r"""What every printer needs to know about a tree: where brackets stand and signs are needed.

The rules of mathematical typesetting that are the same on every page belong here, as
questions about nodes: does this part need brackets here, do these two factors need a
sign between them, are these brackets tall.  How a thing is spelled never does: each
format brings a table from node class to speller, and `write` runs it with a stack, so
that no depth is too deep and the work grows with the length of the text alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self, TypeAlias

from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.patterns import Letter
from symderiv.language.walks import Place, at, replace
from symderiv.printing.glyphs import Look, head_look, name_look

Kinds: TypeAlias = frozenset[type[Expr]]

_TALL: Final[Kinds] = frozenset({Quotient, Derivative, Cases, IndexedSum})
_APART: Final[Kinds] = frozenset({Derivative, Cases})
_AFTER_A_DOT: Final[Kinds] = frozenset({Number, Negative, Quotient})
_OPEN_IN_PRODUCT: Final[Kinds] = frozenset({Sum, Negative, Product, Relation, Cases, IndexedSum})
_LIKE_FUNCTIONS: Final = frozenset({"f", "g", "h", "F", "G", "H", "sigma", "phi", "varphi", "psi"})


class Edge(NamedTuple):
    """One end of a pair of brackets: how it is written on one line, and around tall content."""

    low: str
    tall: str
    opens: bool


Item: TypeAlias = Expr | str | Edge
Speller: TypeAlias = Callable[[Any], str | Sequence[Item]]


class Marked(Expr):
    """A part of an expression with markup around it; it exists while a printer runs, only."""

    __slots__ = ("after", "before", "inner")
    inner: Expr
    before: str
    after: str

    def __new__(cls, inner: Expr, before: str, after: str) -> Self:
        node = object.__new__(cls)
        for name, value in (("inner", inner), ("before", before), ("after", after)):
            object.__setattr__(node, name, value)
        object.__setattr__(node, "parts", (inner,))
        return node


# Which parts stand in brackets, place by place; a marked part has to be looked into.
IN_SUM: Final[Kinds] = frozenset({Sum, Relation, Cases, Marked})
UNDER_MINUS: Final[Kinds] = IN_SUM | {Negative}
IN_PRODUCT: Final[Kinds] = UNDER_MINUS | {Product}
AS_BASE: Final[Kinds] = IN_PRODUCT | {Quotient, Power, Derivative, IndexedSum}
IN_RELATION: Final[Kinds] = frozenset({Relation, Marked})
UNFINISHED: Final[Kinds] = frozenset({Derivative, IndexedSum})
NAMES: Final[Kinds] = frozenset({Symbol, Letter})
WITH_NAME: Final[Kinds] = NAMES | {Constant}


def marked(expr: Expr, marks: Mapping[Place, str], wrap: Callable[[str], tuple[str, str]]) -> Expr:
    """`expr` with its marks put in as nodes; `wrap` spells a class name as (before, after)."""
    for place in sorted(marks, key=len, reverse=True):  # inner marks first: places stay true
        pairs = [wrap(name) for name in marks[place].split()]
        before = "".join(pair[0] for pair in pairs)
        after = "".join(pair[1] for pair in reversed(pairs))
        if before:
            expr = replace(expr, place, Marked(at(expr, place), before, after))
    return expr


class Fences(NamedTuple):
    """A pair of brackets."""

    opening: Edge
    closing: Edge


def fences(low: tuple[str, str], tall: tuple[str, str]) -> Fences:
    """A pair of brackets from its spellings on one line and around tall content."""
    return Fences(Edge(low[0], tall[0], True), Edge(low[1], tall[1], False))


def write(root: Expr, spellers: Mapping[type[Expr], Speller]) -> str:
    """The text of `root`: each node is spelled as strings, nodes and edges, left to right.

    Whether brackets are tall is known at the closing edge: it mends the opening one.
    """
    written: list[str] = []
    openings: list[tuple[int, str]] = []
    last_tall = -1
    stack: list[Item] = [root]
    pop, push, put, tall_kinds = stack.pop, stack.extend, written.append, _TALL
    while stack:
        item = pop()
        kind = type(item)
        if kind is str:
            put(item)  # type: ignore[arg-type]
        elif kind is not Edge:
            if kind in tall_kinds:
                last_tall = len(written)
            spelled = spellers[kind](item)  # type: ignore[index]
            if type(spelled) is str:
                put(spelled)
            else:
                push(spelled[::-1])
        elif item.opens:  # type: ignore[union-attr]
            openings.append((len(written), item.tall))  # type: ignore[union-attr]
            put(item.low)  # type: ignore[union-attr]
        else:
            place, opening = openings.pop()
            is_tall = last_tall > place
            if is_tall:
                written[place] = opening
            put(item.tall if is_tall else item.low)  # type: ignore[union-attr]
    return "".join(written)


def guarded(node: Expr, kinds: Kinds, pair: Fences) -> tuple[Item, ...]:
    """`node`, between brackets if it is one of `kinds`; a mark goes around the brackets."""
    if isinstance(node, Marked):
        return node.before, *guarded(node.inner, kinds, pair), node.after
    return (pair[0], node, pair[1]) if type(node) in kinds else (node,)


def opened(node: Expr) -> tuple[str, Expr, str]:
    """A node without its mark, and the mark's two ends."""
    return (node.before, node.inner, node.after) if isinstance(node, Marked) else ("", node, "")


def bare(node: Expr) -> Expr:
    """A node without its mark."""
    return node.inner if isinstance(node, Marked) else node


def needs_base_brackets(node: Expr) -> bool:
    """Whether a base stands in brackets: z⁽²⁾ does, since its superscript is no exponent."""
    if isinstance(node, Symbol):
        return node.layer != ""
    return type(node) in AS_BASE or (isinstance(node, Number) and not _plain(node))


def _plain(number: Number) -> bool:
    return "/" not in number.text and "e" not in number.text.lower()


def raises_head(base: Expr, exponent: Expr) -> bool:
    """Whether a power is written at the function's name: tanh²(z), never σ²(z)."""
    return (
        isinstance(base, Apply)
        and len(base.arguments) == 1
        and is_word_head(base)
        and isinstance(exponent, Number)
        and exponent.text.isdigit()
        and int(exponent.text) >= 2
    )


def is_root(node: Apply) -> bool:
    """Whether an application is the square root, which has a sign of its own."""
    return node.head.name == "sqrt" and len(node.arguments) == 1


def is_word_head(node: Apply | Prime) -> bool:
    """Whether a function's name is an upright word."""
    return head_look(node.head).word and not (isinstance(node, Apply) and is_root(node))


def single(index: Expr) -> bool:
    """Whether an index is one digit or letter, so that W₁₁ needs no comma."""
    if isinstance(index, Number):
        return len(index.text) == 1
    return isinstance(index, (Symbol, Letter)) and not index.parts and not _is_word(index)


def plain_look(node: Expr) -> Look | None:
    """The look of a name that stands without accent, layer and index, else None."""
    if type(node) is Symbol:
        plain = not (node.accent or node.layer or node.indices)
        return name_look(node.name) if plain else None
    return name_look(node.name) if isinstance(node, (Letter, Constant)) else None


def leading_word(node: Expr) -> Look | None:
    """The upright function name with which a factor begins (it wants air), else None."""
    if type(node) is Power:
        base = bare(node.base)
        if type(base) is Apply and raises_head(base, bare(node.exponent)):
            return head_look(base.head)
    elif isinstance(node, (Apply, Prime)) and is_word_head(node):
        return head_look(node.head)
    return None


def needs_dot(left: Expr, right: Expr) -> bool:
    """Whether a visible sign stands between two factors.

    Textbooks set factors side by side; a sign stands where the reader would see
    something else: before a number, a fraction or a negative, beside a derivative, a
    prime, an absolute value or a word, and where `f(x + 1)` would look like a function
    of its bracket.
    """
    if type(left) in _APART or type(right) in _APART:
        return True
    first = bare(left.base) if type(left) is Power else left
    second = bare(right.base) if type(right) is Power else right
    if type(second) in _AFTER_A_DOT or type(first) is Absolute:
        return True
    if type(left) is Quotient:
        return not _is_coefficient(left)
    if type(left) is Prime or type(right) is Prime or type(second) is Absolute:
        return type(left) is not Number
    if _is_word(first) or _is_word(second):
        return True
    return _is_like_function(left) and opens_bracket(right)


def _is_word(node: Expr) -> bool:
    return type(node) in WITH_NAME and len(node.name) > 1 and name_look(node.name).word  # type: ignore[attr-defined]


def _is_coefficient(node: Quotient) -> bool:
    """Whether a fraction is like 1/2 or 1/n, after which nothing is misread."""
    over, under = bare(node.numerator), bare(node.denominator)
    return isinstance(over, Number) and not under.parts and not _is_word(under)


def _is_like_function(node: Expr) -> bool:
    return type(node) in NAMES and node.name in _LIKE_FUNCTIONS  # type: ignore[attr-defined]


def opens_bracket(node: Expr) -> bool:
    """Whether a factor begins with a bracket."""
    if type(node) is not Power:
        return type(node) in _OPEN_IN_PRODUCT
    base = bare(node.base)
    if isinstance(base, Apply) and is_word_head(base):
        return not raises_head(base, bare(node.exponent))
    return needs_base_brackets(base)
