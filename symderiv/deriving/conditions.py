"""What must hold on the way: which conditions are worth printing, and which hold anyway.

A denominator like 1 + e^(−z) is never zero, and 0 < ŷ < 1 already says that ŷ is
not: such conditions are not printed.  Only what is certain is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from symderiv.deriving.applying import rational
from symderiv.judging.points import Setting
from symderiv.language.domains import REALS, Domain
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Constant,
    Expr,
    Head,
    IndexedSum,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes

ZERO = Number("0")


def nonzero(expr: Expr) -> Relation:
    """The condition that `expr` is not zero; of a difference a − b, that a is not b."""
    match expr:
        case Sum((one, Negative(other))):
            return Relation((one, other), ("!=",))
    return Relation((expr, ZERO), ("!=",))


def worth_saying(conditions: Iterable[Relation], setting: Setting) -> tuple[Relation, ...]:
    """The conditions that do not hold by themselves in `setting`, each once."""
    needed = dict.fromkeys(c for c in conditions if not holds_anyway(c, setting))
    return tuple(c for c in needed if Relation(c.terms, (">",)) not in needed or c.signs == (">",))


def stated(names: Sequence[Symbol], setting: Setting) -> tuple[Relation, ...]:
    """What the domains of these symbols say, and the ranges of those that name a function."""
    whole = (n if n in setting.where else Symbol(n.name, n.accent, n.layer) for n in names)
    pairs = zip(names, whole, strict=True)
    meant = dict.fromkeys(v if v in setting.where else n for n, v in pairs)
    known = [n for n in meant if n in setting.where or n in setting.definitions]
    conditions = [domain_of(name, setting).condition(name) for name in known]
    return tuple(condition for condition in conditions if condition is not None)


def holds_anyway(condition: Relation, setting: Setting) -> bool:
    """Whether `u != 0`, `u > 0` or `0 < u < 1` certainly holds, by signs or by one domain."""
    if condition.signs == ("<", "<"):
        low, u, high = condition.terms
        return all(
            holds_anyway(Relation((part, ZERO), (">",)), setting) for part in (u - low, high - u)
        )
    if condition.signs not in (("!=",), (">",)):
        return False
    expr = condition.terms[0]
    if condition.terms[1] is not ZERO:
        expr = expr - condition.terms[1]
    if expr in positive_parts(expr, setting):
        return True
    line = linear(expr)
    if line is None:
        return False
    slope, atom, level = line
    domain = domain_of(atom, setting)
    root = -level / slope
    if root in domain:
        return False
    return condition.signs[0] == "!=" or _positive_beyond(domain, root, slope)


def _positive_beyond(domain: Domain, root: Fraction, slope: Fraction) -> bool:
    """Whether slope·(s − root) is positive for every s of a domain that does not hold the root."""
    if slope > 0:
        return domain.lower is not None and domain.lower >= root
    return domain.upper is not None and domain.upper <= root


def domain_of(atom: Expr, setting: Setting) -> Domain:
    """Where a symbol or a function's value may lie: as stated, or the function's range."""
    if isinstance(atom, Symbol):
        definition = setting.definitions.get(atom)
        if definition is None or atom in setting.where:
            return setting.domain(atom)
        atom = definition
    function = setting.functions.get(atom.head.name) if isinstance(atom, Apply) else None
    return function.values if function is not None and function.range else REALS


def positive_parts(expr: Expr, setting: Setting) -> dict[Expr, None]:
    """The nodes of `expr` that are certainly positive, by their form alone."""
    found: dict[Expr, None] = {}
    squares: dict[Expr, None] = {}  # never negative, but they may be zero
    for node in nodes(expr):
        match node:
            case Number():
                sure = node.value > 0
            case Constant():
                sure = True
            case Apply(Head("sqrt"), (radicand,)):
                sure = radicand in found
            case IndexedSum(body, _, Number("1"), upper):
                sure = body in found and _at_least_one(upper, setting)
            case Absolute():
                squares[node] = None
                sure = False
            case Symbol() | Apply():
                domain = domain_of(node, setting)
                sure = domain.lower is not None and domain.lower >= 0 and Fraction() not in domain
            case Sum():
                sure = any(part in found for part in node.parts) and all(
                    part in found or part in squares for part in node.parts
                )
            case Product() | Quotient():
                sure = all(part in found for part in node.parts)
            case Power(base, exponent):
                sure = base in found
                if isinstance(exponent, Number) and exponent.value % 2 == 0:
                    squares[node] = None
            case _:
                sure = False
        if sure:
            found[node] = None
    return found


def _at_least_one(count: Expr, setting: Setting) -> bool:
    """Whether a sum from 1 to this number has a term."""
    value = rational(count)
    lowest = domain_of(count, setting).lower if isinstance(count, Symbol) else value
    return lowest is not None and lowest >= 1


def linear(expr: Expr) -> tuple[Fraction, Expr, Fraction] | None:
    """`expr` as slope·u + level with numbers and one symbol or function u, or None."""
    slope = level = Fraction()
    atom: Expr | None = None
    for term in expr.terms if isinstance(expr, Sum) else (expr,):
        factor, body = Fraction(1), term
        if isinstance(body, Negative):
            factor, body = -factor, body.operand
        if isinstance(body, Product) and len(body.factors) == 2:
            number = rational(body.factors[0])
            factor, body = (factor * number, body.factors[1]) if number else (factor, body)
        value = rational(body)
        if value is not None:
            level += factor * value
        elif isinstance(body, (Symbol, Apply)) and atom in (None, body):
            slope, atom = slope + factor, body
        else:
            return None
    return (slope, atom, level) if atom is not None and slope else None
