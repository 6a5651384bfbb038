"""Expressions as SymPy's: the border at which another program begins.

`to_sympy` gives what SymPy's own constructors make of the parts (they reorder and
combine); `from_sympy`, the way back, stands in `textbook`.  Symbols are real: the
calculus here is.  No text is ever evaluated: neither `sympify` nor `parse_expr` is
called.  What a function *is* does not belong here: the caller tells it by `unfold`.

Both ways are loops.  SymPy's constructors recurse over what they are given, so a node
with more than 30 levels is built unevaluated; what SymPy can do with so deep an
expression is another matter (`sympy.diff` gives up at some hundred levels).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final, TypeAlias

from symderiv.errors import Mistake, NoRule
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
from symderiv.language.walks import nodes
from symderiv.printing.textbook import FUNCTIONS, Foreign, from_sympy, library

__all__ = ["from_sympy", "to_sympy"]

Unfold: TypeAlias = Callable[[Apply], Expr]

_EVALUATED: Final = 30  # levels; thirty roots in one another take SymPy 0.4 s, 160 take 5 s
_ENDLESS: Final = 10**9  # levels of what is never evaluated, nor anything around it
_MOST_BITS: Final = 20_000  # of a power that SymPy may compute: 9^9^9 stays as it is written
_BOUND: Final = Symbol("xi")  # by which f is differentiated where f′ stands
_RELATIONS: Final = MappingProxyType(
    {"=": "Eq", "!=": "Ne", "<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge"}
)


def to_sympy(expr: Expr, *, unfold: Unfold | None = None) -> Foreign:
    """`expr` as a SymPy expression.

    A symbol becomes the real `sympy.Symbol` of its plain text (`yhat`, `W1[1,1]`); where
    a sum runs over an index of a family, all entries of that family are entries of a
    `sympy.IndexedBase`.  `unfold` gives the definition of a function that SymPy lacks, or
    the node itself; without it such a function is a `sympy.Function` of its name.
    """
    return _Outward(unfold or (lambda node: node)).convert(expr)


def _family(symbol: Symbol) -> Symbol:
    """The symbol without its indices."""
    return Symbol(symbol.name, symbol.accent, symbol.layer)


class _Outward:
    """One conversion: what each node became, and how many levels it has."""

    def __init__(self, unfold: Unfold) -> None:
        self.unfold = unfold
        self.meanings: dict[Expr, Expr] = {}
        self.families: set[Symbol] = set()
        self.made: dict[Expr, Foreign] = {}
        self.levels: dict[Expr, int] = {}

    def convert(self, expr: Expr) -> Foreign:
        """The SymPy expression of `expr`, children first."""
        everything = self._nodes(expr)
        bound = {node.index for node in everything if isinstance(node, IndexedSum)}
        entries = (node for node in everything if isinstance(node, Symbol))
        self.families = {
            _family(entry)
            for entry in entries
            if any(not bound.isdisjoint(nodes(index)) for index in entry.indices)
        }
        for node in everything:
            below = max((self.levels[part] for part in self._parts(node)), default=0)
            self.levels[node] = 1 + below
            self.made[node] = self._node(node)
        return self.made[expr]

    def _nodes(self, expr: Expr) -> list[Expr]:
        """Every node that must be converted, definitions too, children before parents."""
        done: dict[Expr, None] = {}
        stack = [expr]
        while stack:
            missing = [part for part in self._parts(stack[-1]) if part not in done]
            if missing:
                stack.extend(reversed(missing))
            else:
                done.setdefault(stack.pop())
        return list(done)

    def _parts(self, node: Expr) -> tuple[Expr, ...]:
        """What must be converted first: a function that SymPy lacks asks for its definition."""
        if isinstance(node, Prime):
            return node.argument, Apply(node.head, (_BOUND,)), _BOUND
        if not isinstance(node, Apply) or node.head.name in FUNCTIONS:
            return node.parts
        if node not in self.meanings:
            self.meanings[node] = self.unfold(node)
        meaning = self.meanings[node]
        return node.parts if meaning is node else (meaning,)

    def _node(self, node: Expr) -> Foreign:
        try:
            return self._arithmetic(node, self.levels[node] <= _EVALUATED)
        except RecursionError:
            kind = type(node).__name__
            raise Mistake(f"SymPy cannot hold a {kind} around so many levels.") from None
        except (TypeError, ValueError, NotImplementedError) as refusal:
            reason = " ".join(str(refusal).split())
            raise NoRule(f"SymPy refuses {node}: {reason}") from refusal

    def _arithmetic(self, node: Expr, evaluate: bool) -> Foreign:
        sympy, made = library(), self.made
        match node:
            case Number():
                return sympy.Rational(node.value.numerator, node.value.denominator)
            case Constant(name):
                return {"e": sympy.E, "pi": sympy.pi}[name]
            case Symbol():
                return self._symbol(node)
            case Sum(terms):
                return sympy.Add(*(made[term] for term in terms), evaluate=evaluate)
            case Product(factors):
                return sympy.Mul(*(made[factor] for factor in factors), evaluate=evaluate)
            case Negative(operand):
                return sympy.Mul(sympy.S.NegativeOne, made[operand], evaluate=evaluate)
            case Quotient(numerator, denominator):
                inverse = sympy.Pow(made[denominator], sympy.S.NegativeOne, evaluate=evaluate)
                return sympy.Mul(made[numerator], inverse, evaluate=evaluate)
            case Power():
                return self._power(node, evaluate)
            case _:
                return self._applied(node, evaluate)

    def _symbol(self, node: Symbol) -> Foreign:
        sympy, family = library(), _family(node)
        if not node.indices or family not in self.families:
            return sympy.Symbol(str(node), real=True)
        base = sympy.IndexedBase(str(family), real=True)
        return base[tuple(self.made[index] for index in node.indices)]

    def _power(self, node: Power, evaluate: bool) -> Foreign:
        """A power; one of numbers that would fill the memory stays as written, with all around."""
        sympy, base, exponent = library(), self.made[node.base], self.made[node.exponent]
        if base is sympy.E:
            return sympy.exp(exponent, evaluate=evaluate)
        if base.is_Rational and exponent.is_Rational:
            bits = max(abs(base.p), base.q).bit_length()
            if bits * (abs(exponent.p) // exponent.q + 1) > _MOST_BITS:
                evaluate, self.levels[node] = False, _ENDLESS
        return sympy.Pow(base, exponent, evaluate=evaluate)

    def _applied(self, node: Expr, evaluate: bool) -> Foreign:
        sympy, made = library(), self.made
        match node:
            case Apply():
                return self._function(node, evaluate)
            case Absolute(operand):
                return sympy.Abs(made[operand], evaluate=evaluate)
            case Prime(head, order, argument):
                xi, inner = made[_BOUND], made[Apply(head, (_BOUND,))]
                return sympy.Subs(sympy.Derivative(inner, (xi, order)), xi, made[argument])
            case Derivative(body, variable, order):
                return sympy.Derivative(made[body], (made[variable], order))
            case IndexedSum(body, index, lower, upper):
                return sympy.Sum(made[body], (made[index], made[lower], made[upper]))
            case Integral(body, variable, lower, upper):
                return sympy.Integral(made[body], (made[variable], made[lower], made[upper]))
            case Relation():
                return self._relation(node)
            case Cases(values, conditions):
                pieces = [(made[v], made[c]) for v, c in zip(values, conditions, strict=True)]
                return sympy.Piecewise(*pieces, evaluate=evaluate)
            case Indicator(condition):
                one, zero = (sympy.S.One, made[condition]), (sympy.S.Zero, sympy.true)
                return sympy.Piecewise(one, zero, evaluate=evaluate)
            case Transpose() | Elementwise() | Matrix():
                raise NoRule(f"SymPy's symbols are numbers here; {node} has no place there.")
        raise NoRule(f"SymPy has nothing like {node} (a {type(node).__name__}).")

    def _function(self, node: Apply, evaluate: bool) -> Foreign:
        sympy, made = library(), self.made
        meaning = self.meanings.get(node, node)
        if meaning is not node:
            return made[meaning]
        if node.head.name == "root":
            raise NoRule(f"SymPy is given no root but sqrt; write {node} as a power.")
        name, arguments = node.head.name, [made[argument] for argument in node.arguments]
        if name == "sqrt" and len(arguments) == 1:
            return sympy.Pow(arguments[0], sympy.S.Half, evaluate=evaluate)
        if name in ("max", "min") or (name in FUNCTIONS and len(arguments) == 1):
            return getattr(sympy, FUNCTIONS[name])(*arguments, evaluate=evaluate)
        return sympy.Function(name)(*arguments, evaluate=evaluate)

    def _relation(self, node: Relation) -> Foreign:
        """One comparison, not evaluated (`1 = 1` stays an equation), or several joined by and."""
        sympy, terms = library(), [self.made[term] for term in node.terms]
        links = [
            getattr(sympy, _RELATIONS[sign])(left, right, evaluate=False)
            for left, sign, right in zip(terms, node.signs, terms[1:], strict=False)
        ]
        return links[0] if len(links) == 1 else sympy.And(*links, evaluate=False)
