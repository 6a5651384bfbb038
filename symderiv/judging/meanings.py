"""What a node stands for, before anything is computed: definitions, standard functions, slopes.

tan is sin/cos, sinh a sum of exponentials, a defined name its definition, a derivative
that stands the derivative.  A node that stands for itself has no meaning here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from symderiv.errors import NoRule
from symderiv.judging.indexed import Indices, split
from symderiv.judging.points import Setting
from symderiv.judging.preparing import take_entry
from symderiv.judging.primitives import KRONECKER
from symderiv.judging.residues import Unprovable
from symderiv.judging.slopes import (
    COS,
    LOG,
    ONE,
    OUTER,
    SIN,
    SQRT,
    TWO,
    ZERO,
    Slope,
    differentiated,
    where_defined,
)
from symderiv.language.build import PI, exp
from symderiv.language.expressions import (
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
)
from symderiv.language.rationals import rational_value
from symderiv.language.walks import substitute, transform


def _sin(u: Expr) -> Expr:
    return Apply(SIN, (u,))


def _cos(u: Expr) -> Expr:
    return Apply(COS, (u,))


def _sum(*terms: Expr) -> Expr:
    return Sum(terms)


def _log(u: Expr) -> Expr:
    return Apply(LOG, (u,))


def _sqrt(u: Expr) -> Expr:
    return Apply(SQRT, (u,))


def _sinh(u: Expr) -> Expr:
    return Quotient(_sum(exp(u), Negative(exp(Negative(u)))), TWO)


def _cosh(u: Expr) -> Expr:
    return Quotient(_sum(exp(u), exp(Negative(u))), TWO)


def _arcsin(u: Expr) -> Expr:
    return Apply(Head("arcsin"), (u,))


def _arsinh(u: Expr) -> Expr:
    return _log(_sum(u, _sqrt(_sum(Power(u, TWO), ONE))))


def _arcosh(u: Expr) -> Expr:
    below, above = _sum(u, Negative(ONE)), _sum(u, ONE)
    return _log(_sum(u, Product((_sqrt(below), _sqrt(above)))))


STANDARD: Mapping[str, Callable[[Expr], Expr]] = {
    "exp": exp,
    "tan": lambda u: Quotient(_sin(u), _cos(u)),
    "cot": lambda u: Quotient(_cos(u), _sin(u)),
    "sec": lambda u: Quotient(ONE, _cos(u)),
    "csc": lambda u: Quotient(ONE, _sin(u)),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": lambda u: Quotient(_sinh(u), _cosh(u)),
    "coth": lambda u: Quotient(_cosh(u), _sinh(u)),
    "sech": lambda u: Quotient(ONE, _cosh(u)),
    "csch": lambda u: Quotient(ONE, _sinh(u)),
    "arcsinh": _arsinh,
    "arccosh": _arcosh,
    "arctanh": lambda u: Quotient(_log(Quotient(_sum(ONE, u), _sum(ONE, Negative(u)))), TWO),
    "sign": lambda u: Cases(
        (ONE, Negative(ONE), ZERO), (u > 0, u < 0, Relation((u, ZERO), ("=",)))
    ),
    "arccos": lambda u: _sum(Quotient(PI, TWO), Negative(_arcsin(u))),
    "arccot": lambda u: _sum(Quotient(PI, TWO), Negative(Apply(Head("arctan"), (u,)))),
    "arcsec": lambda u: _sum(Quotient(PI, TWO), Negative(_arcsin(Quotient(ONE, u)))),
    "arccsc": lambda u: _arcsin(Quotient(ONE, u)),
    "arccoth": lambda u: Quotient(_log(Quotient(_sum(u, ONE), _sum(u, Negative(ONE)))), TWO),
    "arcsech": lambda u: _arcosh(Quotient(ONE, u)),
    "arccsch": lambda u: _arsinh(Quotient(ONE, u)),
}
"""Functions of one argument that are others written short."""

OPAQUE = frozenset({"arcsin", "arctan", "erf"})
UNCLEAR = frozenset({"det"})

_UNFOLDING = 50  # work to put arguments into a definition
_DEEPEST = 40  # derivatives in one another


class Meanings:
    """The meanings of nodes in one setting, each found once."""

    def __init__(self, setting: Setting, spend: Callable[[int], None]) -> None:
        self.setting, self.spend = setting, spend
        self.indices = Indices()
        self.within: dict[Expr, tuple[tuple[Expr, Expr, Expr], ...]] = {}
        self._known: dict[Expr, Expr | None] = {}
        self._constants: dict[Expr, Fraction | None] = {}
        self._slopes: dict[tuple[Symbol, bool], Slope] = {}
        self._depth = 0

    def of(self, node: Expr) -> Expr | None:
        """What `node` stands for, or None where it stands for itself."""
        if node not in self._known:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise Unprovable("Derivatives stand in derivatives too deeply.")
            found = self._find(node)
            self._known[node] = None if found is None else self.indices.renamed(found)
            self._depth -= 1
        return self._known[node]

    def _find(self, node: Expr) -> Expr | None:
        match node:
            case Symbol():
                return self._defined(node)
            case IndexedSum():
                return self._split(node)
            case Apply(head, arguments):
                return self._applied(node, head.name, arguments)
            case Derivative(body, variable, order, partial):
                return self._derived(body, variable, order, held=partial)
            case Prime(head, order, u):
                return self._primed(head, order, u)
        return None

    def _defined(self, node: Symbol) -> Expr | None:
        """What a name stands for, an entry ŷ_2 by what ŷ_i is."""
        definitions = self.setting.definitions
        if node in definitions or not (node.indices and definitions):
            return definitions.get(node)
        known = dict(definitions)
        take_entry(node, known)
        return known.get(node)

    def adds_up(self, node: IndexedSum) -> bool:
        """Whether this is the sum of all entries of what is known to add up to one."""
        if not isinstance(node.body, Symbol) or node.body.indices != (node.index,):
            return False
        return node.lower is ONE and self.setting.domain(node.body).over == str(node.upper)

    def _split(self, node: IndexedSum) -> Expr | None:
        """A sum with the terms taken out with whose index something is compared."""
        body = self.indices.apart(transform(node.body, self._derivative, {}), node.index)
        found = split(node.with_parts((body, *node.parts[1:])))
        if found is None:
            return None
        self.within[node] = found.within
        return found.expr

    def _derivative(self, node: Expr) -> Expr:
        """What a derivative or a delta inside a sum is: they may compare indices."""
        if isinstance(node, Apply) and node.head.name == KRONECKER:
            return self.of(node) or node
        meaning = self.of(node) if isinstance(node, Derivative) else None
        if meaning is None or not isinstance(node, Derivative):
            return node
        return where_defined(meaning, node.body)

    def _applied(self, node: Apply, name: str, arguments: tuple[Expr, ...]) -> Expr | None:
        function = self.setting.functions.get(name)
        if function is not None and function.definition is not None:
            self.spend(_UNFOLDING)
            try:
                return function.unfolded(node)
            except (NoRule, ValueError) as problem:
                raise Unprovable(str(problem)) from problem
        if name in UNCLEAR:
            raise Unprovable(f"{name} is not proved.")
        if name in STANDARD and len(arguments) == 1:
            return STANDARD[name](arguments[0])
        if name == "root" and len(arguments) == 2:
            if not isinstance(arguments[1], Number):
                raise Unprovable("A root of a degree that is no number is not proved.")
            return Power(arguments[0], Quotient(ONE, arguments[1]))
        if name == KRONECKER and len(arguments) == 2:
            return Indicator(Relation(arguments, ("=",)))
        return None

    def _derived(self, body: Expr, variable: Expr, order: int, *, held: bool = False) -> Expr:
        """A derivative; with `held`, what moves with the variable stands still (∂)."""
        if not isinstance(variable, Symbol):
            raise Unprovable("A derivative by what is not a symbol is not proved.")
        if order > 16:
            raise Unprovable("A derivative of so high an order is not proved.")
        motion = self.setting.motion
        if motion is None or held or variable not in motion.names:
            return differentiated(body, variable, order, self._slope(variable, held).of)
        slope = self._slope(motion.by, held)
        for _ in range(order):  # along the path: dy/dx is the one rate over the other
            body = Quotient(slope.of(body), slope.of(variable))
        return body

    def _slope(self, variable: Symbol, held: bool) -> Slope:
        key = (variable, held)
        if key not in self._slopes:
            motion = self.setting.motion
            moving = motion.rates if motion and motion.by is variable and not held else {}
            rates = {s: r for s, r in moving.items() if s not in self.setting.definitions}
            self._slopes[key] = Slope(variable, self.of, self.spend, rates)
        return self._slopes[key]

    def _primed(self, head: Head, order: int, u: Expr) -> Expr | None:
        function = self.setting.functions.get(head.name)
        known = function is not None and function.definition is not None
        if not (known or head.name in STANDARD or head.name in OUTER):
            if function is not None or head.name in UNCLEAR:
                raise Unprovable(f"The derivative of {head.name} is not known.")
            return None
        inner = Symbol("·")
        return substitute(self._derived(Apply(head, (inner,)), inner, order), {inner: u})

    def constant(self, expr: Expr) -> Fraction | None:
        """The rational number that `expr` is, by its form alone."""
        if expr not in self._constants:
            self._constants[expr] = rational_value(expr)
        return self._constants[expr]


def is_constant_e(expr: Expr) -> bool:
    """Whether this is the constant e."""
    return isinstance(expr, Constant) and expr.name == "e"
