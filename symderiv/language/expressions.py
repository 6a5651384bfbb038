"""Mathematics exactly as it is written: a small closed set of frozen nodes.

A node never simplifies by itself: `2*3` stays `2*3`, `b + a` stays in that order.
Equal nodes are one object (they are interned), so `==` is `is`, hashing costs the
same at any depth, and a derivation of a thousand lines shares what its lines have
in common.  Here belong the nodes and the operators that build them; what one can
*do* with a node (print, match, evaluate, differentiate) never does: those are
functions elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, Self, TypeAlias

from symderiv.language.interning import intern

Operand: TypeAlias = "Expr | int"


class Head(NamedTuple):
    """The name of a function as it stands before its argument.

    `name` is the plain word (`sigmoid`); `latex` how it prints (`\\sigma`), by
    default upright letters.  The last `below` arguments are indices, written below:
    softmax(z)_i has one, the Kronecker delta δ_{ik} has nothing else.  What the function
    *is* stands in the catalogue.
    """

    name: str
    latex: str = ""
    below: int = 0


class Expr:
    """A node.  `parts` are its children, in the order in which they are written."""

    __slots__ = ("__weakref__", "parts")
    __match_args__: ClassVar[tuple[str, ...]] = ()
    parts: tuple[Expr, ...]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an expression is frozen")

    def with_parts(self, parts: tuple[Expr, ...]) -> Expr:  # noqa: ARG002 (a leaf has none)
        """The same node with other children, as many as before."""
        return self

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Callable[..., Expr], tuple[Any, ...]]:
        from symderiv.language.freezing import freeze, thaw  # the two modules need each other

        return thaw, (freeze(self),)

    def __str__(self) -> str:
        from symderiv.language.plain import plain  # here, since the two modules need each other

        return plain(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __add__(self, other: Operand) -> Expr:
        return _add(self, as_expr(other))

    def __radd__(self, other: int) -> Expr:
        return _add(as_expr(other), self)

    def __sub__(self, other: Operand) -> Expr:
        return _add(self, Negative(as_expr(other)))

    def __rsub__(self, other: int) -> Expr:
        return _add(as_expr(other), Negative(self))

    def __mul__(self, other: Operand) -> Expr:
        return _multiply(self, as_expr(other))

    def __rmul__(self, other: int) -> Expr:
        return _multiply(as_expr(other), self)

    def __truediv__(self, other: Operand) -> Expr:
        if isinstance(self, Negative):
            return Negative(self.operand / other)
        return Quotient(self, as_expr(other))

    def __rtruediv__(self, other: int) -> Expr:
        return as_expr(other) / self

    def __pow__(self, other: Operand) -> Expr:
        return Power(self, as_expr(other))

    def __neg__(self) -> Expr:
        return Negative(self)

    def __lt__(self, other: Operand) -> Relation:
        return Relation((self, as_expr(other)), ("<",))

    def __le__(self, other: Operand) -> Relation:
        return Relation((self, as_expr(other)), ("<=",))

    def __gt__(self, other: Operand) -> Relation:
        return Relation((self, as_expr(other)), (">",))

    def __ge__(self, other: Operand) -> Relation:
        return Relation((self, as_expr(other)), (">=",))

    def __rshift__(self, other: Operand) -> Rewrite:
        """`left >> right`: the equation of a rule, read from left to right."""
        return Rewrite(self, as_expr(other))


class Rewrite(NamedTuple):
    """An equation read from left to right: where `left` stands, `right` may stand."""

    left: Expr
    right: Expr


def as_expr(value: Operand) -> Expr:
    """An integer as a node (a negative one as the negative of a number); a node as it is."""
    if isinstance(value, Expr):
        return value
    return Number(str(value)) if value >= 0 else Negative(Number(str(-value)))


def _add(left: Expr, right: Expr) -> Expr:
    """`a + b + c` in Python builds from the left; on paper it is one sum of three terms."""
    terms = left.terms if isinstance(left, Sum) else (left,)
    return Sum((*terms, right))


def _multiply(left: Expr, right: Expr) -> Expr:
    """As `_add`; and `-a * b` is the negative of a product, as it is read on paper."""
    if isinstance(left, Negative):
        return Negative(_multiply(left.operand, right))
    factors = left.factors if isinstance(left, Product) else (left,)
    return Product((*factors, right))


class Number(Expr):
    """A number that is not negative, with its digits as typed: `3`, `0.10`."""

    __slots__ = ("text", "value")
    __match_args__ = ("text",)
    text: str
    value: Fraction

    def __new__(cls, text: str) -> Self:
        node: Self = intern(cls, (text,), ())
        if not hasattr(node, "value"):
            object.__setattr__(node, "value", Fraction(text))
        return node


class Constant(Expr):
    """A number with a name of its own: `e`, `pi`."""

    __slots__ = ("name",)
    __match_args__ = ("name",)
    name: str

    def __new__(cls, name: str) -> Self:
        return intern(cls, (name,), ())  # type: ignore[no-any-return]


class Symbol(Expr):
    """A named quantity: `z`, ŷ (accent `hat`), W⁽¹⁾₁₁ (layer `1`, indices `1, 1`), x_i.

    `accent` is empty or one of hat, bar, tilde, dot, vec; an index is a number, a
    symbol, or a sum such as i+1.
    """

    __slots__ = ("accent", "indices", "layer", "name")
    __match_args__ = ("name", "accent", "layer", "indices")
    name: str
    accent: str
    layer: str
    indices: tuple[Expr, ...]

    def __new__(
        cls, name: str, accent: str = "", layer: str = "", indices: tuple[Expr, ...] = ()
    ) -> Self:
        return intern(cls, (name, accent, layer, indices), indices)  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Symbol:
        return Symbol(self.name, self.accent, self.layer, parts)

    def at(self, *indices: Operand) -> Symbol:
        """The entry of this symbol at these indices: `yhat.at(i)` is ŷ_i."""
        return Symbol(self.name, self.accent, self.layer, tuple(as_expr(i) for i in indices))


class Sum(Expr):
    """Two or more terms, in written order; `a - b` is the sum of `a` and the negative of `b`."""

    __slots__ = ("terms",)
    __match_args__ = ("terms",)
    terms: tuple[Expr, ...]

    def __new__(cls, terms: Iterable[Expr]) -> Self:
        terms = tuple(terms)
        return intern(cls, (terms,), terms)  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Sum:
        return Sum(parts)


class Product(Expr):
    """Two or more factors, in written order."""

    __slots__ = ("factors",)
    __match_args__ = ("factors",)
    factors: tuple[Expr, ...]

    def __new__(cls, factors: Iterable[Expr]) -> Self:
        factors = tuple(factors)
        return intern(cls, (factors,), factors)  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Product:
        return Product(parts)


class Negative(Expr):
    """Minus one operand."""

    __slots__ = ("operand",)
    __match_args__ = ("operand",)
    operand: Expr

    def __new__(cls, operand: Expr) -> Self:
        return intern(cls, (operand,), (operand,))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Negative:
        return Negative(*parts)


class Quotient(Expr):
    """A fraction."""

    __slots__ = ("denominator", "numerator")
    __match_args__ = ("numerator", "denominator")
    numerator: Expr
    denominator: Expr

    def __new__(cls, numerator: Expr, denominator: Expr) -> Self:
        return intern(cls, (numerator, denominator), (numerator, denominator))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Quotient:
        return Quotient(*parts)


class Power(Expr):
    """A base with an exponent; `exp(u)` and `e^u` are both the power of the constant e."""

    __slots__ = ("base", "exponent")
    __match_args__ = ("base", "exponent")
    base: Expr
    exponent: Expr

    def __new__(cls, base: Expr, exponent: Expr) -> Self:
        return intern(cls, (base, exponent), (base, exponent))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Power:
        return Power(*parts)


class Apply(Expr):
    """A named function of one or more arguments: σ(z), max(0, z), f(x)."""

    __slots__ = ("arguments", "head")
    __match_args__ = ("head", "arguments")
    head: Head
    arguments: tuple[Expr, ...]

    def __new__(cls, head: Head, arguments: tuple[Expr, ...]) -> Self:
        return intern(cls, (head, arguments), arguments)  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Apply:
        return Apply(self.head, parts)


class Prime(Expr):
    """A function's derivative as a function: σ′(z), and f″(x) with `order` 2."""

    __slots__ = ("argument", "head", "order")
    __match_args__ = ("head", "order", "argument")
    head: Head
    order: int
    argument: Expr

    def __new__(cls, head: Head, order: int, argument: Expr) -> Self:
        return intern(cls, (head, order, argument), (argument,))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Prime:
        return Prime(self.head, self.order, *parts)


class Derivative(Expr):
    """A derivative still to be taken, d(body)/d(variable); `partial` says ∂ instead of d.

    `order` counts repeated differentiation by the same variable.
    """

    __slots__ = ("body", "order", "partial", "variable")
    __match_args__ = ("body", "variable", "order", "partial")
    body: Expr
    variable: Expr
    order: int
    partial: bool

    def __new__(cls, body: Expr, variable: Expr, order: int = 1, partial: bool = False) -> Self:
        return intern(cls, (body, variable, order, partial), (body, variable))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Derivative:
        body, variable = parts
        return Derivative(body, variable, self.order, self.partial)


class Relation(Expr):
    """A chain of comparisons, `0 < yhat < 1` or the equation `a = b`.

    `signs` has one entry fewer than `terms`; each is one of `= != < <= > >=`.
    """

    __slots__ = ("signs", "terms")
    __match_args__ = ("terms", "signs")
    terms: tuple[Expr, ...]
    signs: tuple[str, ...]

    def __new__(cls, terms: tuple[Expr, ...], signs: tuple[str, ...]) -> Self:
        return intern(cls, (terms, signs), terms)  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Relation:
        return Relation(parts, self.signs)


class Cases(Expr):
    """A function defined piece by piece: `values[k]` where `conditions[k]` holds.

    The conditions exclude one another; where none holds the function is undefined.
    """

    __slots__ = ("conditions", "values")
    __match_args__ = ("values", "conditions")
    values: tuple[Expr, ...]
    conditions: tuple[Expr, ...]

    def __new__(cls, values: tuple[Expr, ...], conditions: tuple[Expr, ...]) -> Self:
        return intern(cls, (values, conditions), (*values, *conditions))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Cases:
        half = len(parts) // 2
        return Cases(parts[:half], parts[half:])


class Absolute(Expr):
    """The absolute value |u|."""

    __slots__ = ("operand",)
    __match_args__ = ("operand",)
    operand: Expr

    def __new__(cls, operand: Expr) -> Self:
        return intern(cls, (operand,), (operand,))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Absolute:
        return Absolute(*parts)


class Transpose(Expr):
    """The transpose of a matrix or vector."""

    __slots__ = ("operand",)
    __match_args__ = ("operand",)
    operand: Expr

    def __new__(cls, operand: Expr) -> Self:
        return intern(cls, (operand,), (operand,))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Transpose:
        return Transpose(*parts)


class Indicator(Expr):
    """1 where the condition holds, 0 where it does not."""

    __slots__ = ("condition",)
    __match_args__ = ("condition",)
    condition: Expr

    def __new__(cls, condition: Expr) -> Self:
        return intern(cls, (condition,), (condition,))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> Indicator:
        return Indicator(*parts)


class IndexedSum(Expr):
    """The sum of `body` for `index` from `lower` to `upper`."""

    __slots__ = ("body", "index", "lower", "upper")
    __match_args__ = ("body", "index", "lower", "upper")
    body: Expr
    index: Expr
    lower: Expr
    upper: Expr

    def __new__(cls, body: Expr, index: Expr, lower: Expr, upper: Expr) -> Self:
        return intern(cls, (body, index, lower, upper), (body, index, lower, upper))  # type: ignore[no-any-return]

    def with_parts(self, parts: tuple[Expr, ...]) -> IndexedSum:
        return IndexedSum(*parts)
