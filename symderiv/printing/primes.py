"""Derivatives by the one variable of a page, written with a prime: (x²)′, σ′(z), y′.

Here belongs the node that a printer shows so, and where its prime stands.  It is a way of
showing: it is made when a page is printed, and nothing is derived or judged of it.  Whether
a prime says enough is decided by whoever knows the whole page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from symderiv.language.expressions import Apply, Derivative, Expr, Head, Symbol
from symderiv.language.interning import intern
from symderiv.language.patterns import Letter
from symderiv.language.walks import transform
from symderiv.printing.glyphs import head_look

Edge = TypeVar("Edge")  # how a printer writes one end of a pair of brackets


class Primed(Derivative):
    """A derivative that is shown with a prime; what it says is what a `Derivative` says."""

    __slots__ = ()

    def with_parts(self, parts: tuple[Expr, ...]) -> Primed:
        body, variable = parts
        return primed(body, variable, self.order, self.partial)


def primed(body: Expr, variable: Expr, order: int = 1, partial: bool = False) -> Primed:
    """`d^order(body)/d(variable)^order`, with primes at the body."""
    return intern(Primed, (body, variable, order, partial), (body, variable))  # type: ignore[no-any-return]


def in_primes(expr: Expr) -> Expr:
    """The same expression, each derivative in it with a prime."""
    return transform(expr, _primed, {})


def _primed(node: Expr) -> Expr:
    match node:
        case Derivative(body, variable, order, partial):
            return primed(body, variable, order, partial)
        case _:
            return node


def place_of_prime(node: Primed) -> Literal["name", "function", "bracket"]:
    """Where the prime stands: at y, at the σ of σ(z), or behind a bracket.

    At a function it says the slope at that place, so σ′(2z) is no derivative of σ(2z) by z.
    """
    match node.body:
        case Letter():
            return "name"
        case Symbol(layer=layer) if not layer and node.body is not node.variable:
            return "name"
        case Apply(head, (argument,)) if argument is node.variable and not head.below:
            return "bracket" if head_look(head).word or head.name == "sqrt" else "function"
        case _:
            return "bracket"


def spelled(
    node: Primed, mark: str, named: Callable[[Head], str], brackets: tuple[Edge, Edge]
) -> tuple[Expr | str | Edge, ...]:
    """What a printer writes: its own mark, name of a function, and round brackets."""
    body = node.body
    match place_of_prime(node):
        case "name":
            return body, mark
        case "function" if isinstance(body, Apply):
            return named(body.head) + mark, brackets[0], node.variable, brackets[1]
        case _:
            return brackets[0], body, brackets[1], mark
