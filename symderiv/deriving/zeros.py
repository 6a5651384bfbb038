"""Where an expression in one variable is zero, exactly: factored first, then factor by factor.

Linear and quadratic factors, powers, exponentials (never zero), and what is a polynomial in
log x, √x or one exponential are solved; anything else is refused with the factor's name.
The factoring is a chain of named steps; that these are *all* zeros rests on the fact that a
product is zero only where a factor is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, isqrt

from symderiv.catalogue.rules import algebra
from symderiv.deriving.applying import rational
from symderiv.deriving.lines import Lines
from symderiv.deriving.monomials import (
    Monomial,
    added,
    common,
    least_denominator,
    monomial,
    terms_of,
    total,
)
from symderiv.deriving.values import exact
from symderiv.errors import Stuck
from symderiv.language.build import E, exp
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Expr,
    Head,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.walks import symbols_in

_ZERO = Number("0")
_LOG, _SQRT = Head("log", r"\log"), Head("sqrt", r"\sqrt")
_HIGHEST = 12
_LARGEST = 10**6  # of a first or last coefficient whose divisors are tried


@dataclass(frozen=True)
class Zeros:
    """Where an expression is zero, and where a factor below its fraction bar is."""

    zeros: tuple[Expr, ...]
    poles: tuple[Expr, ...]


def factor(lines: Lines, variable: Symbol) -> None:
    """Write the line as a product: one denominator, common factors out, roots split off."""
    above, below = _parted(lines.line)
    shared = common(above)
    rest = _collected(m.times(shared, -1) for m in above)
    if not below.is_one and len(above) > 1:
        over = Quotient(total(above), below.spelled())
        lines.add(algebra.one_denominator, over, letters={"h": below.spelled()})
    factors = list(_factors(rest, variable)) if len(rest) > 1 else []
    if len(above) == 1 or (shared.is_one and len(factors) == 1):
        return
    body = _joined([*shared_factors(shared), *factors])
    whole = body if below.is_one else Quotient(body, below.spelled())
    lines.add(algebra.factor_the_polynomial, whole)


def _joined(factors: list[Expr]) -> Expr:
    """A product whose minus signs stand in front, or turn a difference round."""
    numbers = [f for f in factors if rational(f) is not None]
    others = [f for f in factors if f not in numbers]
    size = Fraction(1)
    for one in numbers:
        size *= rational(one) or 1
    turned = [
        k for k, f in enumerate(others) if isinstance(f, Sum) and isinstance(f.terms[1], Negative)
    ]
    if size < 0 and turned and len(others[turned[0]].parts) == 2:
        first, second = others[turned[0]].parts
        others[turned[0]] = Sum((second.parts[0], Negative(first)))
        size = -size
    made = [*([number(abs(size))] if abs(size) != 1 else []), *others]
    body = made[0] if len(made) == 1 else Product(made)
    return Negative(body) if size < 0 else body


def shared_factors(shared: Monomial) -> list[Expr]:
    """A common factor as the first factors of a product; none where it is one."""
    if shared.is_one:
        return []
    spelled = shared.spelled()
    return list(spelled.parts) if isinstance(spelled, Product) else [spelled]


def _collected(terms: Iterable[Monomial]) -> list[Monomial]:
    """The terms multiplied out and counted together."""
    return [monomial(t) for t in terms_of(exact(total(terms)))]


def _parted(line: Expr) -> tuple[list[Monomial], Monomial]:
    """The terms above one common denominator, and that denominator."""
    terms = [monomial(t) for t in terms_of(line)]
    if len(terms) == 1:  # a quotient of sums: the numerator's terms
        (only,) = terms
        sums = [b for b, k in only.powers.items() if isinstance(b, Sum) and k == 1]
        if len(sums) == 1:
            rest = only.times(monomial(sums[0]), -1)
            terms = [rest.times(monomial(t)) for t in terms_of(sums[0])]
    below = least_denominator(terms)
    return added(m.times(below) for m in terms), below


def _factors(terms: list[Monomial], variable: Symbol) -> Iterator[Expr]:
    """The factors of a polynomial in one atom: a linear one for each rational root, the rest."""
    found = _polynomial(terms, variable)
    if found is None or found[0] is not variable:
        yield total(terms)
        return
    _, coefficients = found
    counts: dict[Expr, int] = {}
    for root in _rational_roots(coefficients):
        while len(coefficients) > 1 and _at(coefficients, root) == 0:
            coefficients = _divided(coefficients, root)
            linear = _spelled([-Fraction(root.numerator), Fraction(root.denominator)], variable)
            counts[linear] = counts.get(linear, 0) + 1
    if len(coefficients) > 1 or coefficients[0] != 1:
        rest = _spelled(coefficients, variable)
        counts = {rest: 1, **counts} if len(coefficients) == 1 else {**counts, rest: 1}
    for base, times in counts.items():
        yield base if times == 1 else Power(base, Number(str(times)))


def _polynomial(terms: list[Monomial], variable: Symbol) -> tuple[Expr, list[Fraction]] | None:
    """An atom u and the coefficients of a polynomial in it, lowest first; None for none."""
    atoms = {base for m in terms for base in m.powers if variable in symbols_in(base)}
    others = [base for m in terms for base in m.powers if base not in atoms]
    if len(atoms) != 1 or others:
        return None
    (atom,) = atoms
    degrees = [m.powers.get(atom, 0) for m in terms]
    if min(degrees) < 0 or max(degrees) > _HIGHEST:
        return None
    coefficients = [Fraction()] * (max(degrees) + 1)
    for m, degree in zip(terms, degrees, strict=True):
        coefficients[degree] += m.number
    return atom, coefficients


def _rational_roots(coefficients: list[Fraction]) -> list[Fraction]:
    """The rational roots of a polynomial, each once, from the left (by its end coefficients)."""
    scale = 1
    for c in coefficients:
        scale = scale * c.denominator // gcd(scale, c.denominator)
    whole = [int(c * scale) for c in coefficients]
    low = next((c for c in whole if c), 0)
    if not low or max(abs(low), abs(whole[-1])) > _LARGEST:
        return [Fraction()] if whole and not whole[0] else []
    tried = {Fraction()}
    for p in _divisors(abs(low)):
        for q in _divisors(abs(whole[-1])):
            tried |= {Fraction(p, q), Fraction(-p, q)}
    return sorted(root for root in tried if _at(coefficients, root) == 0)


def _divisors(n: int) -> list[int]:
    small = [k for k in range(1, isqrt(n) + 1) if n % k == 0]
    return [*small, *(n // k for k in small)]


def _at(coefficients: list[Fraction], value: Fraction) -> Fraction:
    found = Fraction()
    for c in reversed(coefficients):
        found = found * value + c
    return found


def _divided(coefficients: list[Fraction], root: Fraction) -> list[Fraction]:
    """The quotient by q·x − p, where p/q is a root (Horner's scheme)."""
    row, carried = [], Fraction()
    for c in reversed(coefficients):
        carried = carried * root + c
        row.append(carried)
    return [c / root.denominator for c in reversed(row[:-1])]


def _spelled(coefficients: list[Fraction], variable: Symbol) -> Expr:
    """A polynomial as it is written, highest power first."""
    powers: list[Mapping[Expr, int]] = [
        {variable: k} if k else {} for k in range(len(coefficients))
    ]
    terms = [Monomial(c, p) for c, p in zip(coefficients, powers, strict=True) if c][::-1]
    spelled = [m.spelled() for m in terms]
    return spelled[0] if len(spelled) == 1 else Sum(spelled)


# --- zeros ---------------------------------------------------------------------------------


def zeros_of(expr: Expr, variable: Symbol) -> Zeros:
    """The real zeros and poles of a factored expression; `Stuck` names what is not solved."""
    zeros: dict[Expr, None] = {}
    poles: dict[Expr, None] = {}
    if expr is _ZERO:
        raise Stuck("It is zero everywhere.")
    above, below = _parted(expr) if not isinstance(expr, (Product, Quotient)) else ([], None)
    parts = monomial(expr) if below is None else common(above)
    if below is not None:
        rest = total(m.times(parts, -1) for m in above)
        parts = parts.times(monomial(rest)).times(below, -1)
    for base, power in parts.powers.items():
        if variable in symbols_in(base):
            (zeros if power > 0 else poles).update(dict.fromkeys(_roots(base, variable)))
    return Zeros(tuple(z for z in zeros if z not in poles), tuple(poles))


def rational_zeros(expr: Expr, variable: Symbol) -> tuple[Expr, ...]:
    """The rational zeros of a polynomial, from the left; none of anything else."""
    found = _polynomial(_collected(monomial(t) for t in terms_of(expr)), variable)
    if found is None or found[0] is not variable:
        return ()
    return tuple(number(root) for root in _rational_roots(found[1]))


def _roots(base: Expr, variable: Symbol) -> list[Expr]:
    """Where one factor is zero."""
    match base:
        case Symbol():
            return [_ZERO]
        case Power(c, _) if c is E:
            return []
        case Power(inner, exponent) if (rational(exponent) or 0) > 0:
            return _roots(inner, variable)
        case Absolute(inner) | Apply(Head("sqrt"), (inner,)):
            return _of_sum(inner, variable)
        case Apply(Head("log"), (inner,)):
            return _of_sum(inner - 1, variable)
        case Sum():
            return _of_sum(base, variable)
    raise Stuck(f"Where {base} is zero cannot be said in finitely many exact numbers here.")


def _of_sum(node: Expr, variable: Symbol) -> list[Expr]:
    terms = added(monomial(t) for t in terms_of(node))
    shared = common(terms)
    rest = _collected(m.times(shared, -1) for m in terms)
    found = [r for b in shared.powers if variable in symbols_in(b) for r in _roots(b, variable)]
    polynomial = _polynomial(rest, variable) if len(rest) > 1 else (variable, [Fraction(1)])
    if polynomial is None:
        return [*found, *_of_two_exponentials(rest, variable)]
    atom, coefficients = polynomial
    for level in _levels(coefficients, node):
        found += _back(atom, level, variable)
    return found


def _of_two_exponentials(terms: list[Monomial], variable: Symbol) -> list[Expr]:
    """a·e^u + b·e^v is zero where e^(u − v) is −b/a."""
    parts = [(m.number, [*m.powers.items()]) for m in terms]
    match parts:
        case [(a, [(Power(c, u), 1)]), (b, [(Power(d, v), 1)])] if c is E and d is E:
            return _back(exp(exact(u - v)), number(-b / a), variable)
    raise Stuck(f"Where {total(terms)} is zero cannot be found exactly here.")


def _levels(coefficients: list[Fraction], node: Expr) -> list[Expr]:
    """The real roots of a polynomial: rational ones, then by the quadratic formula."""
    found: list[Expr] = []
    for root in _rational_roots(coefficients):
        found.append(number(root))
        while len(coefficients) > 1 and _at(coefficients, root) == 0:
            coefficients = _divided(coefficients, root)
    if len(coefficients) == 5 and not (coefficients[1] or coefficients[3]):
        squares = _levels(coefficients[::2], node)
        return found + [r for s in squares for r in _both_roots(s)]
    if len(coefficients) > 3 and not any(coefficients[1:-1]):
        return found + _pure_roots(-coefficients[0] / coefficients[-1], len(coefficients) - 1)
    if len(coefficients) > 3:
        raise Stuck(f"{node} has a factor of degree {len(coefficients) - 1} without exact roots.")
    if len(coefficients) == 3:
        c, b, a = coefficients
        inside = b * b - 4 * a * c
        if inside >= 0:
            apart = Apply(_SQRT, (number(inside),))
            found += [exact((number(-b) + s) / number(2 * a)) for s in (Negative(apart), apart)]
    return found


def _pure_roots(value: Fraction, degree: int) -> list[Expr]:
    """The real numbers whose power of this degree has a value."""
    root = exact(Power(number(abs(value)), number(Fraction(1, degree))))
    if degree % 2:
        return [Negative(root) if value < 0 else root]
    return [] if value < 0 else [Negative(root), root]


def _both_roots(square: Expr) -> list[Expr]:
    """What has this square: two numbers, or none where it is negative or no plain number."""
    value = rational(square)
    if value is None:
        raise Stuck(f"The square root of {square} is not written here.")
    if value < 0:
        return []
    root = exact(Apply(_SQRT, (square,)))
    return [exact(Negative(root)), root] if value else [_ZERO]


def _back(atom: Expr, level: Expr, variable: Symbol) -> list[Expr]:
    """Where an atom such as log x or e^(2x) has a value."""
    value = rational(level)
    match atom:
        case Symbol():
            return [level]
        case Apply(Head("log"), (inner,)):
            return _of_linear(inner, exact(exp(level)), variable)
        case Apply(Head("sqrt"), (inner,)) if value is not None:
            return _of_linear(inner, exact(level**2), variable) if value >= 0 else []
        case Power(c, exponent) if c is E and value is not None:
            if value <= 0:
                return []
            return _of_linear(exponent, exact(Apply(_LOG, (level,))), variable)
        case Sum():
            return _of_linear(atom, level, variable)
    raise Stuck(f"Where {atom} is {level} cannot be said exactly here.")


def _of_linear(inner: Expr, level: Expr, variable: Symbol) -> list[Expr]:
    """Where a·x + b has a value."""
    found = _polynomial([monomial(t) for t in terms_of(inner)], variable)
    if found is None or found[0] is not variable or len(found[1]) != 2:
        raise Stuck(f"Where {inner} is {level} cannot be said exactly here.")
    b, a = found[1]
    return [exact((level - number(b)) / number(a))]
