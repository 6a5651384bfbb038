r"""What every printer needs to know about a tree: where brackets stand and signs are needed.

The rules of mathematical typesetting that are the same on every page belong here, as
questions about nodes: does this part need brackets here, do these two factors need a
sign between them, are these brackets tall.  How a thing is spelled never does: each
format brings a table from node class to speller, and `write` runs it with a stack, so
that no depth is too deep and the work grows with the length of the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self, TypeAlias

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
from symderiv.language.indices import may_be_mark, stand_beside, stands_alone
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter
from symderiv.language.walks import Place, at, nodes, replace
from symderiv.printing.glyphs import ACCENTS, WORDS, Look, head_look, name_look
from symderiv.printing.primes import Primed

Kinds: TypeAlias = frozenset[type[Expr]]

_TALL: Final[Kinds] = frozenset({Quotient, Derivative, Cases, IndexedSum, Integral, Matrix})
_BEFORE_A_DOT: Final[Kinds] = frozenset({Derivative, Primed, Cases, Absolute})
_AFTER_A_DOT: Final[Kinds] = frozenset({Derivative, Primed, Cases, Number, Negative})
_OPEN_IN_PRODUCT: Final[Kinds] = frozenset(
    {Sum, Negative, Product, Relation, Cases, IndexedSum, Integral, Elementwise, Matrix}
)
_LIKE_FUNCTIONS: Final = frozenset(
    {"f", "g", "h", "F", "G", "H", "sigma", "phi", "varphi", "Phi", "psi"}
)
_RADICALS: Final = frozenset({("sqrt", 1), ("root", 2)})
_SPELLED: Final = re.compile(
    rf"(?=({'|'.join(sorted(WORDS, key=len, reverse=True))}|[A-Za-z](?:{'|'.join(ACCENTS)})))"
)


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
IN_PRODUCT: Final[Kinds] = UNDER_MINUS | {Product, Elementwise}
IN_ELEMENTWISE: Final[Kinds] = UNDER_MINUS | {Elementwise}
UNFINISHED: Final[Kinds] = frozenset({Derivative, IndexedSum, Integral})
AS_BASE: Final[Kinds] = IN_PRODUCT | UNFINISHED | {Quotient, Power, Primed, Transpose}
IN_RELATION: Final[Kinds] = frozenset({Relation, Marked})
NAMES: Final[Kinds] = frozenset({Symbol, Letter})
WITH_NAME: Final[Kinds] = NAMES | {Constant}
_BEGINS_A_WORD: Final[Kinds] = WITH_NAME | {Marked}
_NOWHERE: Final = frozenset[int]()


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
        if isinstance(item, str):
            put(item)
        elif isinstance(item, Edge):
            if item.opens:
                openings.append((len(written), item.tall))
                put(item.low)
                continue
            place, tall_opening = openings.pop()
            is_tall = last_tall > place
            if is_tall:
                written[place] = tall_opening
            put(item.tall if is_tall else item.low)
        else:
            kind = type(item)
            if kind in tall_kinds:
                last_tall = len(written)
            spelled = spellers[kind](item)
            if isinstance(spelled, str):
                put(spelled)
            else:
                push(spelled[::-1])
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
    """Whether a base stands in brackets: z⁽²⁾ does, since its superscript is no exponent.

    So does tanh(z) where the exponent cannot stand at the function's name.
    """
    if isinstance(node, Symbol):
        return node.layer != ""
    if isinstance(node, Apply):
        return is_word_head(node)
    return type(node) in AS_BASE or (isinstance(node, Number) and not _plain(node))


def needs_brackets_to_turn(node: Expr) -> bool:
    """Whether what is transposed stands in brackets: all but a name and a matrix does."""
    return not isinstance(node, (Symbol, Letter, Matrix))


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


def parted(node: Apply) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """The arguments in brackets and the indices below: softmax(z)_i has z and i."""
    count = len(node.arguments) - node.head.below
    return node.arguments[:count], node.arguments[count:]


def entry(name: str, indices: tuple[Expr, ...]) -> Symbol:
    """A name with these indices: δ_{ik}, or what stands below softmax(z)_i."""
    return Symbol(name.lstrip("\\"), "", "", indices)


def is_radical(node: Apply) -> bool:
    """Whether an application is written with a root's sign: √x, or the third root of x."""
    return (node.head.name, len(node.arguments)) in _RADICALS


def is_word_head(node: Apply | Prime) -> bool:
    """Whether a function's name is an upright word."""
    return head_look(node.head).word and not (isinstance(node, Apply) and is_radical(node))


def needs_no_comma(symbol: Symbol) -> bool:
    """Whether a symbol's indices, set side by side, are read as these: W₁₁, but x₁,₂."""
    return stand_beside(symbol.name, [bare(index) for index in symbol.indices])


def is_taken_apart(symbol: Symbol) -> bool:
    """Whether the one index of a symbol would be read as two: the eleventh of W is not W₁₁."""
    (index,) = map(bare, symbol.indices)
    return isinstance(index, (Number, Symbol)) and not (
        index.parts or stands_alone(symbol.name, index)
    )


def is_like_mark(base: Expr, exponent: Expr) -> bool:
    """Whether an exponent would be taken for a transpose or a layer: `W^T`, `a^l`."""
    exponent = bare(exponent)
    if isinstance(exponent, Sum) and len(exponent.terms) == 2:
        exponent = Sum(_unmarked(term) for term in exponent.terms)
    return isinstance(exponent, (Symbol, Sum)) and may_be_mark(bare(base), exponent)


def _unmarked(term: Expr) -> Expr:
    """A term without the mark around it and the one below its minus sign."""
    inner = bare(term)
    return Negative(bare(inner.operand)) if isinstance(inner, Negative) else inner


def open_sums(terms: tuple[Expr, ...]) -> frozenset[int]:
    """The numbers of the terms that end in an indexed sum whose index stands in a later term.

    Such a sum would seem to reach over what follows: it stands in brackets.
    """
    found = []
    for number, term in enumerate(terms[:-1]):
        inner = bare(term)
        inner = bare(inner.operand) if isinstance(inner, Negative) else inner
        inner = bare(inner.factors[-1]) if isinstance(inner, Product) else inner
        if isinstance(inner, IndexedSum):
            later = {part for after in terms[number + 1 :] for part in nodes(after)}
            found += [number] if bare(inner.index) in later else []
    return frozenset(found)


def signed(term: Expr, plus: str, minus: str) -> tuple[str, Expr]:
    """The sign with which a term follows others, and what stands behind it."""
    return (minus, term.operand) if isinstance(term, Negative) else (plus, term)


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
    prime, an absolute value or a word, after a function's bracket before a name, between two
    equal names, and where `f(x + 1)` would look like a function of its bracket.
    """
    first, second = _core(left), _core(right)
    before, after = type(first), type(second)
    if before in _BEFORE_A_DOT or after in _AFTER_A_DOT or type(right) is Quotient:
        return True
    if isinstance(left, Quotient):
        return not _is_coefficient(left)
    if after is Indicator:
        return before is Number  # 2𝟙 would be twenty-one
    if before is Prime or after is Prime or after is Absolute:
        return before is not Number
    if _is_word(first) or _is_word(second) or _is_differential(first):
        return True
    if isinstance(first, Apply) and after in WITH_NAME and not is_radical(first):
        return True
    if left is right and before in WITH_NAME:
        return True  # x·x, not xx
    if before not in WITH_NAME or not opens_bracket(right):
        return False
    return _is_like_function(first) or _holds_one(second)


def _core(node: Expr) -> Expr:
    """What stands below an exponent or a transpose, else the node."""
    return bare(node.parts[0]) if isinstance(node, (Power, Transpose)) else node


def _is_differential(node: Expr) -> bool:
    """Whether a factor is the letter d, which in a fraction would begin a derivative."""
    return isinstance(node, (Symbol, Letter)) and node.name == "d" and plain_look(node) is not None


def _holds_one(node: Expr) -> bool:
    """Whether a bracket around `node` would hold one name or number, as a function's does."""
    return isinstance(node, (Symbol, Letter, Constant, Number)) or (
        isinstance(node, Quotient) and all(isinstance(bare(p), Number) for p in node.parts)
    )


def spelled(factors: Sequence[Expr]) -> frozenset[int]:
    """The factors before which a sign must stand, or their letters would spell a word: s·i·n."""
    run, signs = "", _NOWHERE
    for number, factor in enumerate(factors):
        if not run and type(factor) not in _BEGINS_A_WORD:
            continue
        letter, ends = _letter(bare(factor))
        run += letter
        if ends and len(run) > 1:
            signs |= _inside_words(run, number + 1 - len(run))
        run = "" if ends else run
    return signs | _inside_words(run, len(factors) - len(run)) if len(run) > 1 else signs


def _inside_words(run: str, start: int) -> frozenset[int]:
    """Where the letters of `run`, from factor number `start` on, stand inside a word."""
    words = (found.span(1) for found in _SPELLED.finditer(run))
    return frozenset(start + k for first, end in words for k in range(first + 1, end))


def _letter(node: Expr) -> tuple[str, bool]:
    """The bare letter with which a factor begins, if any, and whether letters end there."""
    core = _core(node)
    match core:
        case Symbol(name, "", layer, parts) if not layer or core is node:
            found, ends = name, bool(layer or parts)
        case Letter(name) | Constant(name):
            found, ends = name, False
        case Apply(head) | Prime(head):
            found, ends = head_look(head).latex, True
        case _:
            return "", True
    is_letter = len(found) == 1 and found.isascii() and found.isalpha()
    return (found, ends or core is not node) if is_letter else ("", True)


def _is_word(node: Expr) -> bool:
    if not isinstance(node, (Symbol, Letter, Constant)):
        return False
    return len(node.name) > 1 and name_look(node.name).word


def _is_coefficient(node: Quotient) -> bool:
    """Whether a fraction is like 1/2 or 1/n, after which nothing is misread."""
    over, under = bare(node.numerator), bare(node.denominator)
    return isinstance(over, Number) and not under.parts and not _is_word(under)


def _is_like_function(node: Expr) -> bool:
    return isinstance(node, (Symbol, Letter)) and node.name in _LIKE_FUNCTIONS


def opens_bracket(node: Expr) -> bool:
    """Whether a factor begins with a bracket."""
    if type(node) is Transpose:
        return needs_brackets_to_turn(bare(node.operand))
    if type(node) is not Power:
        return type(node) in _OPEN_IN_PRODUCT
    base = bare(node.base)
    return needs_base_brackets(base) and not raises_head(base, bare(node.exponent))
