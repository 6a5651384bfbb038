"""From what differentiation leaves to the form of a textbook, by named rules of algebra.

Two kinds of work stand here: small tidying where a rule has just put something in
(signs, units, products of fractions), and, for a whole line, attempts that are kept
only when they end in something shorter (a common denominator, cancelling).  Every
change is a step with a rule; there is none called "simplify".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from operator import itemgetter

from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import algebra
from symderiv.deriving.applying import (
    Spot,
    has_point,
    numeral,
    put,
    rational,
    spots,
    tidy,
)
from symderiv.deriving.lines import Lines
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Apply,
    Constant,
    Expr,
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
from symderiv.language.patterns import glance, join
from symderiv.language.walks import Place, at, size

_MOST_ROUNDS = 60
_MOST_TERMS = 64
_LARGEST = 150  # nodes: a longer line has no textbook form to look for


def tidy_up(lines: Lines, settled: dict[Expr, None]) -> None:
    """Apply the local rules to what is new in the line, until none fits.

    Nodes in `settled` were written by a person or tidied up before: they stay as they are,
    and what is tidied up now joins them, so that nothing is looked at twice.
    """
    for _ in range(_MOST_ROUNDS):
        found = list(spots(lines.line, settled))
        products = [spot for spot in found if type(spot[1]) is Product]
        if not (
            _SIGNS.step(lines, found)
            or any(cancel(lines, place) for place in _fractions(found))
            or _FRACTIONS.step(lines, found)
            or (products and _reorder(lines, products, gather_numbers, algebra.arithmetic))
            or _EQUAL.step(lines, found)
            or (products and _reorder(lines, products, symbol_first, algebra.rearrange))
        ):
            settled.update((node, None) for _, node in found)
            return


class RuleTable:
    """Rules in the order in which they are tried, sorted by what a glance can tell."""

    def __init__(self, *rules: Rule) -> None:
        self._rules = rules
        self._kinds: dict[type[Expr], list[tuple[int, int]]] = {}
        for rank, rule in enumerate(rules):
            for form in rule.forms:
                wanted = (rank, glance(form.left))
                self._kinds.setdefault(type(form.left), []).append(wanted)

    def step(self, lines: Lines, found: list[Spot]) -> bool:
        """One step by the first rule that fits at some of these spots; False if none does."""
        fitting: dict[int, dict[Place, None]] = {}
        for place, node in found:
            wanted = self._kinds.get(type(node))
            if wanted:
                seen = glance(node)
                for rank, bits in wanted:
                    if not bits & ~seen:
                        fitting.setdefault(rank, {})[place] = None
        return any(lines.rewrite(self._rules[k], fitting[k]) for k in sorted(fitting))


_SIGNS = RuleTable(
    algebra.two_minus_signs,
    algebra.minus_in_front,
    algebra.inverse_exponentials,
)
_EQUAL = RuleTable(algebra.equal_factors)  # after numbers: 2·x·2 is 4x, not 2²x
_FRACTIONS = RuleTable(
    algebra.fraction_of_fraction,
    algebra.multiply_into_fraction,
    algebra.difference_of_squares,
)


def _fractions(found: list[Spot]) -> Iterator[Place]:
    """Where a fraction bar stands directly in a product or quotient."""
    for place, node in found:
        if type(node) is Quotient or (type(node) is Product and Quotient in map(type, node.parts)):
            yield place


def _reorder(
    lines: Lines, products: list[Spot], order: Callable[[Product], Expr], rule: Rule
) -> bool:
    """Put the factors of these products in another order; False if all stay."""
    line, done = lines.line, []
    for place, node in sorted(products, key=itemgetter(0), reverse=True):
        new = order(node)  # type: ignore[arg-type]  # told apart by the caller
        if new is not node:
            line = put(line, place, new)
            done.append(place)
    if done:
        lines.add(rule, line, places=tuple(reversed(done)))
    return bool(done)


def symbol_first(node: Product) -> Expr:
    """x cos(x) and 2x e^(−x), not cos(x) x: before the only function, power or exponential."""
    numbers = [f for f in node.factors if rational(f) is not None]
    plain = [f for f in node.factors if _is_plain(f)]
    rest = [f for f in node.factors if f not in plain and f not in numbers]
    if len(rest) != 1 or not isinstance(rest[0], (Apply, Prime, Power)):
        return node
    ordered = (*numbers, *plain, *rest)
    return node if ordered == node.factors else Product(ordered)


def _is_plain(factor: Expr) -> bool:
    """Whether a factor is a name such as x or π, or a power of a symbol by a number."""
    base = factor.base if isinstance(factor, Power) else factor
    if isinstance(factor, Constant):
        return True
    return isinstance(base, Symbol) and (base is factor or isinstance(factor.parts[1], Number))


def gather_numbers(node: Product) -> Expr:
    """A product with its numbers multiplied and in front; itself where that changes nothing."""
    if not any(isinstance(f, (Number, Negative, Quotient)) for f in node.factors[1:]):
        return node
    factor, rest, count = Fraction(1), [], 0
    for part in node.factors:
        value = rational(part)
        if value is None:
            rest.append(part)
        else:
            factor, count = factor * value, count + 1
    if not count or (count == 1 and rational(node.factors[0]) is not None):
        return node
    decimal = any(has_point(part) for part in node.factors)
    return tidy(join(Product, (numeral(factor, decimal=decimal), *rest)), dict.fromkeys(rest))


def shorten(lines: Lines) -> None:
    """Whole-line attempts, each kept only if the line gets shorter: cancel, one fraction."""
    if size(lines.line) > _LARGEST:
        return
    top: Place = (0,) if isinstance(lines.line, Negative) else ()
    cancel(lines, top)
    if isinstance(body := at(lines.line, top), Product):
        _reorder(lines, [(top, body)], gather_numbers, algebra.arithmetic)
    _one_fraction(lines)
    cancel(lines)
    _fewer_terms(lines)


def _one_fraction(lines: Lines) -> None:
    """Bring a sum of fractions over a common denominator, expand, combine: if that is shorter."""
    line = lines.line
    if not isinstance(line, Sum) or sum(_is_fraction(t) for t in line.terms) < 2:
        return
    attempt = Lines(line, lines.setting, lines.phase)
    attempt.rewrite(algebra.common_denominator, ((),))
    expand(attempt, (0,))
    combine_like_terms(attempt, (0,))
    if size(attempt.line) < size(line):
        lines.extend(attempt.done())


def _fewer_terms(lines: Lines) -> None:
    """Combine the terms of the line, or of its numerator, expanded or not: if that is shorter."""
    line = lines.line
    place: Place = (0,) if isinstance(line, Negative) else ()
    place = (*place, 0) if isinstance(at(line, place), Quotient) else place
    for expanding in (False, True):
        attempt = Lines(line, lines.setting, lines.phase)
        if expanding:
            expand(attempt, place)
        combine_like_terms(attempt, place)
        fewer = len(at(attempt.line, place).parts) < len(at(line, place).parts)
        if size(attempt.line) < size(line) + (fewer and not expanding):
            lines.extend(attempt.done())
            return


def _is_fraction(term: Expr) -> bool:
    body = term.operand if isinstance(term, Negative) else term
    return isinstance(body, Quotient) and rational(body.denominator) is None


def expand(lines: Lines, place: Place) -> None:
    """Multiply out every bracket in the terms of the sum at `place`, in one step."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return
    done = [k for k, term in enumerate(node.terms) if expanded(term) != [term]]
    terms = [t for term in node.terms for t in expanded(term)]
    if len(terms) <= _MOST_TERMS:
        places = tuple((*place, k) for k in done) or (place,)
        lines.add(algebra.expand, put(lines.line, place, Sum(terms)), places=places)


def expanded(term: Expr) -> list[Expr]:
    """The terms that a product of sums multiplies out to, each with its sign; `[term]` if none."""
    waiting: list[Expr] = [term]
    done: list[Expr] = []
    while waiting and len(waiting) + len(done) <= _MOST_TERMS:
        part = waiting.pop()
        minus = isinstance(part, Negative)
        body = part.parts[0] if minus else part
        factors = body.factors if isinstance(body, Product) else (body,)
        k = next((k for k, f in enumerate(factors) if isinstance(f, (Sum, Negative))), None)
        if k is None:
            done.append(part)
            continue
        inner = factors[k].parts
        signs = [isinstance(t, Negative) != minus for t in inner]
        if isinstance(factors[k], Negative):
            signs = [not minus]
        cores = [t.parts[0] if isinstance(t, Negative) and len(inner) > 1 else t for t in inner]
        products = [_product((*factors[:k], core, *factors[k + 1 :])) for core in cores]
        signed = [Negative(p) if s else p for p, s in zip(products, signs, strict=True)]
        waiting.extend(reversed(signed))
    return done + waiting


def _product(factors: tuple[Expr, ...]) -> Expr:
    return tidy(join(Product, factors), dict.fromkeys(factors))


def combine_like_terms(lines: Lines, place: Place) -> None:
    """Count equal terms together, let opposite ones cancel, and begin with a positive term."""
    node = at(lines.line, place)
    if not isinstance(node, Sum):
        return
    counts: dict[frozenset[tuple[Expr, int]], Fraction] = {}
    written: dict[frozenset[tuple[Expr, int]], list[int]] = {}
    for k, term in enumerate(node.terms):
        coefficient, factors = taken_apart(term)
        key = frozenset(Counter(factors).items())
        counts[key] = counts.get(key, Fraction()) + coefficient
        written.setdefault(key, []).append(k)
    gone = [(*place, k) for key, ks in written.items() if not counts[key] for k in ks]
    kept = [
        (count, first if len(written[key]) == 1 else _times(count, taken_apart(first)[1]))
        for key, count in counts.items()
        if count and (first := node.terms[written[key][0]])
    ]
    if kept and kept[0][0] < 0:
        kept.sort(key=lambda pair: pair[0] < 0)  # stable: the positive terms, then the others
    terms = [term for _, term in kept] or [Number("0")]
    new = terms[0] if len(terms) == 1 else Sum(terms)
    merged = len(counts) < len(node.terms)
    rule = algebra.like_terms if merged or gone else algebra.rearrange
    lines.add(rule, put(lines.line, place, new), places=(place,), cancelled=tuple(gone))


def taken_apart(term: Expr) -> tuple[Fraction, tuple[Expr, ...]]:
    """A term as a number and its other factors, as written."""
    times = Fraction(1)
    while isinstance(term, Negative):
        times, term = -times, term.operand
    rest = []
    for factor in term.factors if isinstance(term, Product) else (term,):
        value = rational(factor)
        if value is None:
            rest.append(factor)
        else:
            times *= value
    return times, tuple(rest)


def number_between(one: Expr, other: Expr) -> Fraction | None:
    """The number `one` − `other` where all else cancels term by term; None where it does not."""
    counts: dict[frozenset[tuple[Expr, int]], Fraction] = {}
    terms = one.terms if isinstance(one, Sum) else (one,)
    minus = other.terms if isinstance(other, Sum) else (other,)
    for term in (*terms, *map(Negative, minus)):
        for part in expanded(term):
            coefficient, factors = taken_apart(part)
            key = frozenset(Counter(factors).items())
            counts[key] = counts.get(key, Fraction()) + coefficient
    level = counts.pop(frozenset(), Fraction())
    return None if any(counts.values()) else level


def _times(count: Fraction, factors: tuple[Expr, ...]) -> Expr:
    parts = (number(abs(count)), *factors)
    body = tidy(join(Product, parts), factors)
    return Negative(body) if count < 0 else body


def cancel(lines: Lines, place: Place = ()) -> bool:
    """Strike out factors that stand above and below a fraction bar at `place`; False if none."""
    body = at(lines.line, place)
    if not isinstance(body, (Product, Quotient)):
        return False
    above, below = _factors(body, place, upper=True), _factors(body, place, upper=False)
    struck: list[Place] = []
    for one, factor in above:
        for other, divisor in below:
            if factor is divisor and other not in struck:
                struck += [one, other]
                lines.require(Relation((factor, Number("0")), ("!=",)))
                break
    if not struck:
        return False
    gone = set(struck)
    factors = [factor for where, factor in above if where in gone]
    left = [f for where, f in above if where not in gone and f is not Number("1")]
    up = join(Product, left or [Number("1")])
    down = [f for where, f in below if where not in gone]
    new = Quotient(up, join(Product, down)) if down else up
    lines.add(
        algebra.cancel,
        put(lines.line, place, new),
        places=(place,),
        letters={"g": join(Product, factors)},
        cancelled=tuple(sorted(struck)),
    )
    return True


def _factors(body: Expr, inside: Place, *, upper: bool) -> list[tuple[Place, Expr]]:
    """The factors above (or below) the fraction bars of a product, each with its place."""
    found: list[tuple[Place, Expr]] = []
    outer = body.parts if isinstance(body, Product) else (body,)
    for k, part in enumerate(outer):
        place = (*inside, k) if isinstance(body, Product) else inside
        if isinstance(part, Quotient):
            side = part.numerator if upper else part.denominator
            place = (*place, 0 if upper else 1)
        elif upper:
            side = part
        else:
            continue
        if isinstance(side, Product):
            found.extend(((*place, n), f) for n, f in enumerate(side.factors))
        else:
            found.append((place, side))
    return found
