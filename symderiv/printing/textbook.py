"""What SymPy holds, written down as a textbook would: fractions, roots, a minus sign in front.

SymPy knows no quotient, no negative and no root: `a/b` is `a*b**-1` to it.  Here stands
how its nodes read on paper, in SymPy's own order of printing, and which of them the
calculus here has no word for (`NoRule`).  The way out to SymPy stands in `sympy`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from symderiv.errors import Mistake, NoRule, Unreadable
from symderiv.language.build import PI, E, exp
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Derivative,
    Expr,
    Head,
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
from symderiv.language.indices import is_index
from symderiv.language.names import Names
from symderiv.language.patterns import join
from symderiv.language.walks import symbols_in
from symderiv.printing.branches import Comparison, Condition, Logic, chain, pieces
from symderiv.reading import read

Foreign: TypeAlias = Any  # an object of SymPy, which ships no types

_Plan: TypeAlias = tuple[Sequence[Foreign], Callable[[list[Expr]], Expr]]
"""The parts of a SymPy node that must be converted first, and what is made of them then."""

_CIRCULAR: Final = ("sin", "cos", "tan", "cot", "sec", "csc")
_ANGULAR: Final = (*_CIRCULAR, "sinh", "cosh", "tanh", "coth", "sech", "csch")
FUNCTIONS: Final = MappingProxyType(
    {name: name for name in (*_ANGULAR, "exp", "log", "sqrt", "sign")}
    | {f"arc{name}": f"a{name}" for name in _ANGULAR}
    | {"max": "Max", "min": "Min", "abs": "Abs"}
)
"""Our names of the functions that SymPy has, and SymPy's."""

_OURS: Final = MappingProxyType({theirs: ours for ours, theirs in FUNCTIONS.items()})
_ALWAYS: Final = ("sin", "cos", "tanh", "log", "sqrt", "max", "min")  # need no declaration
_SIGNS: Final = MappingProxyType({"==": "="})
_SHALLOW: Final = 60  # levels: SymPy sorts by recursion, so what is deeper keeps its stored order
_MOST_DIGITS: Final = 400  # before or behind the point of a float
_HALF: Final = Fraction(1, 2)
_ONE: Final = Number("1")


@cache
def library() -> Any:
    """SymPy, imported when it is first needed: it costs 400 ms, and most derivations need none."""
    import sympy

    return sympy


def from_sympy(value: Foreign, names: Names | None = None) -> Expr:
    """A SymPy expression as a textbook writes it; `NoRule` names a class that has no place here.

    A symbol's name is read as plain text is (`yhat`, `x_1`), with what `names` declares;
    a name that cannot be read is kept as it is.  All symbols are taken as real.
    """
    if not isinstance(value, library().Basic):
        kind = type(value).__name__
        raise Mistake(f"from_sympy takes a SymPy expression, not a {kind}; read() takes text.")
    try:
        return _Inward(names or Names(), _levels(value)).convert(value)
    except RecursionError:  # conditions within conditions; expressions are no deeper than one
        raise Mistake("The conditions of this Piecewise are nested too deep.") from None


def _levels(root: Foreign) -> dict[int, int]:
    """How many levels each node has, by its identity: to compare or hash it would recurse."""
    levels: dict[int, int] = {}
    stack = [root]
    while stack:
        node = stack[-1]
        missing = [part for part in node.args if id(part) not in levels]
        if missing:
            stack.extend(missing)
            continue
        stack.pop()
        levels[id(node)] = 1 + max((levels[id(part)] for part in node.args), default=0)
    return levels


class _Inward:
    """One conversion from SymPy."""

    def __init__(self, names: Names, levels: dict[int, int]) -> None:
        self.names, self.levels = names, levels
        self.symbols: dict[Symbol, Foreign] = {}

    def convert(self, root: Foreign) -> Expr:
        """The expression of `root`, children first."""
        made: dict[int, Expr] = {}
        plans: dict[int, _Plan] = {}
        stack = [root]
        while stack:
            node = stack[-1]
            if id(node) not in plans:
                plans[id(node)] = self._plan(node)
            parts, build = plans[id(node)]
            missing = [part for part in parts if id(part) not in made]
            if missing:
                stack.extend(reversed(missing))
                continue
            stack.pop()
            made[id(node)] = build([made[id(part)] for part in parts])
        return made[id(root)]

    def _plan(self, node: Foreign) -> _Plan:
        if not node.args or node.is_Symbol:
            leaf = self._leaf(node)
            return (), lambda _: leaf
        if node.is_Add:
            return self._ordered(node), partial(join, Sum)
        if node.is_Mul:
            return self._product(node)
        if node.is_Pow:
            return self._power(node)
        return self._other(node)

    def _leaf(self, node: Foreign) -> Expr:
        sympy = library()
        if node.is_Symbol:
            return self._symbol(node, node.name)
        if node.is_Rational:
            return number(Fraction(int(node.p), int(node.q)))
        if node.is_Float:
            return _decimal(node)
        if node in (sympy.E, sympy.pi):
            return E if node is sympy.E else PI
        raise _refusal(node)

    def _symbol(self, node: Foreign, name: str) -> Symbol:
        """The symbol of that name; refused where it is not real, or is another one's as well."""
        if node.is_extended_real is False or not node.is_commutative:
            raise NoRule(f"The symbol {name} is not real.")
        try:
            found = read(name, self.names)
        except Unreadable:
            found = Symbol(name)
        symbol = found if isinstance(found, Symbol) else Symbol(name)
        self._claim(symbol, node)
        return symbol

    def _claim(self, symbol: Symbol, node: Foreign) -> None:
        if self.symbols.setdefault(symbol, node) != node:
            raise Mistake(f"Two different symbols of SymPy are both called {symbol} here.")

    def _head(self, name: str) -> Head:
        """The function of that name, as declared; the ones that need no declaration as usual."""
        declared = self.names.functions.get(name)
        return declared or Head(name, f"\\{name}" if name in _ALWAYS else "")

    def _ordered(self, node: Foreign) -> Sequence[Foreign]:
        """The terms of a sum or the factors of a product as SymPy prints them."""
        if self.levels[id(node)] > _SHALLOW:
            return node.args  # type: ignore[no-any-return]
        if node.is_Mul:
            return sorted(node.args, key=lambda factor: factor.sort_key())
        try:
            return node.as_ordered_terms()  # type: ignore[no-any-return]
        except OverflowError:  # it takes every coefficient for a float
            return node.args  # type: ignore[no-any-return]

    def _product(self, node: Foreign) -> _Plan:
        """A product, as a fraction where it has negative powers; its numbers are one number."""
        number_, above, below = Fraction(1), [], []
        for factor in self._ordered(node):
            if factor.is_Rational:
                number_ *= Fraction(int(factor.p), int(factor.q))
            elif factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
                below.append(factor)
            else:
                above.append(factor)
        powers = [Fraction(-int(factor.exp.p), int(factor.exp.q)) for factor in below]

        def build(made: list[Expr]) -> Expr:
            up, down = made[: len(above)], map(self._raised, made[len(above) :], powers)
            return _fraction(number_, up, list(down))

        return (*above, *(factor.base for factor in below)), build

    def _power(self, node: Foreign) -> _Plan:
        base, exponent = node.args
        if exponent.is_Rational:
            power = Fraction(int(exponent.p), int(exponent.q))
            return (base,), lambda made: self._raised(made[0], power)
        if base is library().E:
            return (exponent,), lambda made: exp(made[0])
        return node.args, lambda made: Power(*made)

    def _raised(self, base: Expr, power: Fraction) -> Expr:
        """A power with a number for its exponent: a root, a fraction, or itself."""
        if power < 0:
            return Quotient(_ONE, self._raised(base, -power))
        if power == _HALF:
            return Apply(self._head("sqrt"), (base,))
        return base if power == 1 else Power(base, number(power))

    def _other(self, node: Foreign) -> _Plan:
        sympy = library()
        if isinstance(node, sympy.Function | sympy.Max | sympy.Min):
            return self._function(node)
        plans: dict[Foreign, Callable[[Foreign], _Plan]] = {
            sympy.core.relational.Relational: self._relation,
            sympy.And: self._chain,
            sympy.Derivative: self._derivative,
            sympy.Subs: self._prime,
            sympy.Sum: self._sum,
            sympy.Indexed: self._entry,
        }
        for kind, plan in plans.items():
            if isinstance(node, kind):
                return plan(node)
        raise _refusal(node)

    def _function(self, node: Foreign) -> _Plan:
        sympy, kind = library(), node.func
        if isinstance(node, sympy.Piecewise):
            return self._piecewise(node)
        if kind is sympy.exp:
            return node.args, lambda made: exp(made[0])
        if kind is sympy.Abs:
            return node.args, lambda made: Absolute(made[0])
        head = self._head_of(node)
        if kind in (sympy.Max, sympy.Min):
            return node.args, partial(_nested, head)
        return node.args, lambda made: Apply(head, tuple(made))

    def _head_of(self, node: Foreign) -> Head:
        """The head of an applied function: of a bare name, or a function that is known here."""
        sympy, kind = library(), node.func
        bare = isinstance(node, sympy.core.function.AppliedUndef)
        name = kind.__name__ if bare else _OURS.get(kind.__name__, kind.__name__)
        if bare or name in _ALWAYS or name in self.names.functions:
            return self._head(name)
        raise _refusal(node)

    def _relation(self, node: Foreign) -> _Plan:
        sign = _SIGNS.get(node.rel_op, node.rel_op)
        return (node.lhs, node.rhs), lambda made: Relation(tuple(made), (sign,))

    def _condition(
        self, node: Foreign, operands: list[Foreign]
    ) -> Callable[[list[Expr]], Condition]:
        """How a condition is made of its operands, which are added to `operands`."""
        sympy, place = library(), len(operands)
        if isinstance(node, sympy.core.relational.Relational):
            operands += [node.lhs, node.rhs]
            sign = _SIGNS.get(node.rel_op, node.rel_op)
            return lambda made: Comparison(made[place], sign, made[place + 1])
        words = {sympy.And: "and", sympy.true.func: "and", sympy.Or: "or"}
        word = words.get(node.func) or {sympy.false.func: "or", sympy.Not: "not"}.get(node.func)
        if word is None:
            raise _refusal(node)
        parts = [self._condition(part, operands) for part in node.args]
        return lambda made: Logic(word, tuple(part(made) for part in parts))

    def _chain(self, node: Foreign) -> _Plan:
        operands: list[Foreign] = []
        condition = self._condition(node, operands)

        def build(made: list[Expr]) -> Expr:
            joined = condition(made)
            parts = [part for part in getattr(joined, "parts", ()) if isinstance(part, Comparison)]
            found = chain(parts) if len(parts) == len(node.args) else None
            if found is None:
                raise NoRule("An And is read where its comparisons follow on, as in 0 < z < 1.")
            return found

        return operands, build

    def _piecewise(self, node: Foreign) -> _Plan:
        operands: list[Foreign] = []
        conditions = [self._condition(piece.cond, operands) for piece in node.args]
        values = [piece.expr for piece in node.args]

        def build(made: list[Expr]) -> Expr:
            found = made[len(values) :]
            return pieces(made[: len(values)], [condition(found) for condition in conditions])

        return (*values, *operands), build

    def _derivative(self, node: Foreign) -> _Plan:
        counts = [count for _, count in node.variable_count]
        if not all(count.is_Integer for count in counts):
            raise NoRule("A Derivative of an order that is no number has no place here.")

        def build(made: list[Expr]) -> Expr:
            body, *variables = made
            for variable, count in zip(variables, counts, strict=True):
                body = Derivative(body, variable, int(count), len(symbols_in(body)) > 1)
            return body

        return (node.expr, *(variable for variable, _ in node.variable_count)), build

    def _prime(self, node: Foreign) -> _Plan:
        """`Subs(Derivative(f(x), x), x, u)` is f′(u); no other `Subs` has a place here."""
        (variable, *others), inner = node.variables, node.expr
        if others or not isinstance(inner, library().Derivative):
            raise _refusal(node)
        ((by, order), *more), applied = inner.variable_count, inner.expr
        if more or by != variable or applied.args != (variable,) or not order.is_Integer:
            raise _refusal(node)
        head = self._head_of(applied)
        return node.point, lambda made: Prime(head, int(order), made[0])

    def _sum(self, node: Foreign) -> _Plan:
        if any(len(limit) != 3 for limit in node.limits):
            raise NoRule("A Sum without limits has no place here.")
        limits = [part for limit in node.limits for part in limit]

        def build(made: list[Expr]) -> Expr:
            body = made[0]
            for k in range(1, len(made), 3):
                body = IndexedSum(body, *made[k : k + 3])
            return body

        return (node.function, *limits), build

    def _entry(self, node: Foreign) -> _Plan:
        base = self._symbol(node.base, str(node.base.label))

        def build(made: list[Expr]) -> Expr:
            if not all(map(is_index, made)):
                raise NoRule(f"The indices of {base} are numbers, symbols or sums such as i+1.")
            entry = Symbol(base.name, base.accent, base.layer, tuple(made))
            self._claim(entry, node)
            return entry

        return node.indices, build


def _fraction(coefficient: Fraction, above: list[Expr], below: list[Expr]) -> Expr:
    """A number times a product over another; the minus sign stands in front of it all."""
    up, down = abs(coefficient.numerator), coefficient.denominator
    top = join(Product, [*([Number(str(up))] if up != 1 or not above else []), *above])
    bottom = [*([Number(str(down))] if down != 1 else []), *below]
    minus = (coefficient < 0) != isinstance(top, Negative)
    if isinstance(top, Negative):
        top = top.operand
    body = Quotient(top, join(Product, bottom)) if bottom else top
    return Negative(body) if minus else body


def _nested(head: Head, made: list[Expr]) -> Expr:
    """The maximum of many as one of two, again and again: max(a, max(b, c))."""
    *others, found = made
    for other in reversed(others):
        found = Apply(head, (other, found))
    return found


def _decimal(node: Foreign) -> Expr:
    """A float as the decimal that SymPy prints."""
    value = Decimal(str(node)).normalize()
    if abs(value.adjusted()) > _MOST_DIGITS:
        raise NoRule(f"The Float {node} is too far from one to be written out.")
    size = Number(f"{abs(value):f}")
    return Negative(size) if value < 0 else size


def _refusal(node: Foreign) -> NoRule:
    return NoRule(f"SymPy's {node.func.__name__} has no place in the calculus here.")
