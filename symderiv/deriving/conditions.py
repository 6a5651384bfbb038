"""What must hold on the way: which conditions are worth printing, and which hold anyway.

A denominator like 1 + e^(−z) is never zero, and 0 < ŷ < 1 already says that ŷ is
not: such conditions are not printed.  Only what is certain is dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from fractions import Fraction

from symderiv.deriving.applying import rational
from symderiv.deriving.likeness import Alike
from symderiv.errors import NoRule
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
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)
from symderiv.language.patterns import join
from symderiv.language.rationals import rational_value
from symderiv.language.walks import nodes, nodes_of, symbols_in

ZERO = Number("0")


def nonzero(expr: Expr) -> Relation:
    """The condition that `expr` is not zero: of a power or a root, that its base is not; of a
    difference of two names, that they differ; of a name's logarithm, that it is not one."""
    while _is_power(expr):
        expr = expr.parts[0]
    match expr:
        case Apply(Head("log"), (Symbol() as name,)):
            return Relation((name, Number("1")), ("!=",))
        case Sum((Symbol() as one, Negative(Symbol() as other))):
            return Relation((one, other), ("!=",))
    return Relation((expr, ZERO), ("!=",))


def _is_power(expr: Expr) -> bool:
    if isinstance(expr, Power):
        exponent = expr.exponent
        return isinstance(exponent, Number) and exponent.value > 0
    return isinstance(expr, Negative) or (isinstance(expr, Apply) and expr.head.name == "sqrt")


def zero(expr: Expr) -> Relation:
    """The border at which `expr` is zero."""
    return Relation((expr, ZERO), ("=",))


def worth_saying(conditions: Iterable[Relation], setting: Setting) -> tuple[Relation, ...]:
    """The conditions that do not hold by themselves in `setting`, each once."""
    simplest = [one for condition in conditions for one in _simplest(condition)]
    needed = _each_once(c for c in simplest if not holds_anyway(c, setting))
    alike = Alike(counting=True)
    above = {c.terms[0] for c in needed if c.signs == (">",) and c.terms[1] is ZERO}
    same = {alike(expr) for expr in above}
    unequal = [c.terms[0] for c in needed if c.signs == ("!=",) and c.terms[1] is ZERO]
    return tuple(
        c
        for c in needed
        if c.signs != ("!=",)
        or not (
            (c.terms[1] is ZERO and alike(c.terms[0]) in same)
            or holds_anyway(c, setting, above)
            or any(_is_factor(c.terms[0], other) for other in unequal)
        )
    )


def _is_factor(expr: Expr, other: Expr) -> bool:
    """Whether an expression of one step, such as x − 1, divides another: that says it already."""
    line = linear(expr)
    if line is None or expr is other or not isinstance(other, Sum):
        return False
    slope, atom, level = line
    return (
        symbols_in(expr) == symbols_in(other) and rational_value(other, {atom: -level / slope}) == 0
    )


def _each_once(conditions: Iterable[Relation]) -> list[Relation]:
    """Conditions of which none says what another says in another order."""
    alike, found = Alike(counting=True), dict[object, Relation]()
    for condition in conditions:
        found.setdefault(
            (alike(condition.terms[0]), condition.signs, condition.terms[1:]), condition
        )
    return list(found.values())


def _simplest(condition: Relation) -> list[Relation]:
    """What a condition says of the factors: 3x² ≠ 0 is x ≠ 0, and |x| > 0 too."""
    if condition.signs not in (("!=",), (">",)) or condition.terms[1] is not ZERO:
        return [] if not symbols_in(condition) else [condition]
    found: list[Relation] = []
    waiting = [(condition.terms[0], condition.signs[0])]
    while waiting:
        expr, sign = waiting.pop()
        match expr:
            case _ if not symbols_in(expr):
                pass
            case Power(base, Number() as exponent) if exponent.value.denominator == 1:
                odd = exponent.value % 2 == 1
                waiting.append((base, sign if odd else "!="))
            case Absolute(operand):
                waiting.append((operand, "!="))
            case Product(factors) if sign == "!=" or rational(factors[0]) is not None:
                rest = factors if sign == "!=" else (join(Product, factors[1:]),)
                waiting += [(factor, sign) for factor in reversed(rest)]
            case Quotient(numerator, denominator) if sign == "!=" or rational(denominator):
                waiting += [(denominator, sign), (numerator, sign)]
            case Negative(operand) if sign == "!=":
                waiting.append((operand, sign))
            case _:
                found.append(Relation((expr, ZERO), (sign,)))
    return found


def stated(names: Sequence[Symbol], setting: Setting) -> tuple[Relation, ...]:
    """What the domains of these symbols say, and the ranges of those that name a function."""
    whole = (n if n in setting.where else Symbol(n.name, n.accent, n.layer) for n in names)
    pairs = zip(names, whole, strict=True)
    meant = dict.fromkeys(v if v in setting.where else n for n, v in pairs)
    known = [n for n in meant if n in setting.where or n in setting.definitions]
    return tuple(c for name in known for c in domain_of(name, setting).conditions(name))


def of_parameters(exprs: Iterable[Expr], setting: Setting) -> Iterator[Relation]:
    """What the catalogue asks of letters that a function's name or definition holds, such as the
    base of a logarithm; not that a count is one."""
    heads = {n.head.name: None for n in nodes_of(exprs) if isinstance(n, (Apply, Prime))}
    for function in filter(None, map(setting.functions.get, heads)):
        for letter, domain in function.domains.items():
            said = setting.where.get(letter, domain)
            if letter not in function.arguments and not said.integer:
                yield from said.conditions(letter)


def holds_anyway(
    condition: Relation, setting: Setting, above: Collection[Expr] = frozenset()
) -> bool:
    """Whether `u != 0`, `u > 0` or `0 < u < 1` certainly holds, by signs or by one domain.

    What stands in `above` is known to be positive.
    """
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
    if expr in positive_parts(expr, setting, above):
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


def _is_positive_line(expr: Expr, setting: Setting) -> bool:
    """Whether the domain of its one symbol makes slope·s + level positive."""
    line = linear(expr)
    if line is None:
        return False
    slope, atom, level = line
    domain, root = domain_of(atom, setting), -level / slope
    return root not in domain and _positive_beyond(domain, root, slope)


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


def positive_parts(
    expr: Expr, setting: Setting, above: Collection[Expr] = frozenset()
) -> dict[Expr, None]:
    """The nodes of `expr` that are certainly positive, by their form alone."""
    found: dict[Expr, None] = {}
    squares: dict[Expr, None] = {}  # never negative, but they may be zero
    for node in nodes(expr):
        if node in above or _is_positive(node, found, squares, setting):
            found[node] = None
        if _is_square(node, found, squares):
            squares[node] = None
    return found


def _is_positive(
    node: Expr, found: Container[Expr], squares: Container[Expr], setting: Setting
) -> bool:
    """Whether a node is positive, of whose parts it is known which are, and which are squares."""
    match node:
        case Number():
            return node.value > 0
        case Constant():
            return True
        case Apply(head, (inside,)) if head.name == "sqrt":
            return inside in found
        case IndexedSum(body, _, Number("1"), upper):
            return body in found and _at_least_one(upper, setting)
        case Symbol() | Apply():
            domain = domain_of(node, setting)
            return domain.lower is not None and domain.lower >= 0 and Fraction() not in domain
        case Sum():
            some = any(part in found for part in node.parts)
            every = all(part in found or part in squares for part in node.parts)
            return (some and every) or _is_positive_line(node, setting)
        case Product() | Quotient():
            return all(part in found for part in node.parts)
        case Power() | Absolute():
            return node.parts[0] in found
    return False


def _is_square(node: Expr, found: Container[Expr], squares: Container[Expr]) -> bool:
    """Whether a node is never negative, by its form."""
    match node:
        case Absolute():
            return True
        case Power(_, Number() as exponent):
            return exponent.value % 2 == 0
        case Product() | Quotient():
            return all(part in found or part in squares for part in node.parts)
    return False


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
        if isinstance(body, Quotient) and (below := rational(body.denominator)):
            factor, body = factor / below, body.numerator
        value = rational(body)
        if value is not None:
            level += factor * value
        elif isinstance(body, (Symbol, Apply)) and atom in (None, body):
            slope, atom = slope + factor, body
        else:
            return None
    return (slope, atom, level) if atom is not None and slope else None


def refuse_complex(expr: Expr, setting: Setting) -> None:
    """Raise `NoRule` for a logarithm or an even root of what is certainly negative.

    Such an expression has no real value, and complex branches are not for a first course.
    """
    for node in nodes(expr):
        match node:
            case Apply(head, (inside,)) if head.name in ("log", "sqrt"):
                kind = "logarithm" if head.name == "log" else "square root"
            case Power(inside, exponent) if _even_root(exponent):
                kind = "root"
            case _:
                continue
        turned = negated(inside)
        if turned in positive_parts(turned, setting):
            raise NoRule(
                f"{node} has no real value: {inside} is negative everywhere, "
                f"and the {kind} of a negative number is not real."
            )


def _even_root(exponent: Expr) -> bool:
    value = rational(exponent)
    return value is not None and value.denominator % 2 == 0


def negated(expr: Expr) -> Expr:
    """The expression with its sign turned, term by term."""
    if isinstance(expr, Sum):
        return Sum([negated(term) for term in expr.terms])
    return expr.operand if isinstance(expr, Negative) else Negative(expr)
