"""What the rules without an equation make of a node, and what an equation cannot say.

A few laws have no fixed number of terms (the sum rule), or name something that their
left side does not hold (the quantity between two others).  Here stands, for each of
them, what it makes of one node, with the engine's own functions; that it leads from
one line to another is recognised elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import TypeAlias

from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import algebra, equations, integration, powers, trigonometry
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules import pieces as bordering
from symderiv.deriving.absolutes import told_apart
from symderiv.deriving.combining import (
    combine,
    factor_out,
    multiply_out,
    multiply_out_powers,
    one_denominator,
)
from symderiv.deriving.differentiating import Differentiator
from symderiv.deriving.factoring import factor_polynomial
from symderiv.deriving.identities import (
    absolute_values,
    known_sign,
    make_one,
    root_of_fraction,
    square_from_one,
    tangents,
    turn_bracket,
    turn_to_cancel,
)
from symderiv.deriving.indexing import INDEXED
from symderiv.deriving.integrals import differentiated
from symderiv.deriving.lines import Lines
from symderiv.deriving.networks.flow import chains
from symderiv.deriving.pieces import borders, closed, merged, opened, ties, touched, widened
from symderiv.deriving.preferring import primed_once_more
from symderiv.deriving.reducing import (
    add_exponents,
    cancel_powers,
    negative_exponents,
    power_of_a_power,
)
from symderiv.deriving.simplifying import cancel, combine_like_terms, expand
from symderiv.deriving.termwise import term_by_term
from symderiv.deriving.values import exact
from symderiv.deriving.zeros import factor
from symderiv.judging.points import Setting
from symderiv.language.expressions import (
    Apply,
    Cases,
    Derivative,
    Expr,
    IndexedSum,
    Prime,
    Product,
    Sum,
    Symbol,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import join
from symderiv.language.walks import Place, substitute, symbols_in

Made: TypeAlias = Iterator[Expr]
_Making: TypeAlias = "Callable[[Differentiator, Expr], Made]"


def _by(*works: Callable[[Lines, Place], object]) -> Callable[[Differentiator, Expr], Made]:
    """What functions of the engine that write lines make of one node, each by itself."""

    def made(engine: Differentiator, node: Expr) -> Made:
        for work in works:
            lines = Lines(node, engine.setting)
            work(lines, ())
            if lines.line is not node:
                yield lines.line

    return made


def _struck_in_part(engine: Differentiator, node: Expr) -> Made:
    """What cancels among the last factors of a product, the first ones left as they stand."""
    factors = node.factors if isinstance(node, Product) else ()
    for k in range(1, len(factors) - 1):
        lines = Lines(Product(factors[k:]), engine.setting)
        if cancel(lines):
            yield join(Product, (*factors[:k], lines.line))


def _each(*several: _Making) -> _Making:
    """What each of several makes of a node."""
    return lambda engine, node: chain.from_iterable(made(engine, node) for made in several)


def _termwise(engine: Differentiator, node: Expr) -> Made:
    """The derivative of a sum, term by term, constant factors in front."""
    if isinstance(node, Derivative) and isinstance(node.body, Sum) and node.order == 1:
        yield term_by_term(node, engine.depends(node.variable))[0]


def _outer(_: Differentiator, node: Expr) -> Made:
    """The chain rule for a function of which only the name is known."""
    match node:
        case Derivative((Apply() | Prime()) as body, variable, 1, partial) if len(body.parts) == 1:
            slope = Derivative(body.parts[0], variable, 1, partial)
            yield Product((primed_once_more(body), slope))


def _primed(_: Differentiator, node: Expr) -> Made:
    """A function's derivative by its own argument, whatever the function."""
    match node:
        case Derivative(Apply(head, (argument,)), variable, order) if argument is variable:
            yield Prime(head, order, argument)
        case Derivative(Prime(_, _, argument) as body, variable, 1) if argument is variable:
            yield primed_once_more(body)


def _through_names(engine: Differentiator, node: Expr) -> Made:
    """The chain rule over the named quantities that stand between a name and the variable."""
    definitions = engine.setting.definitions
    if isinstance(node, Derivative) and node.body in definitions:
        paths = engine.through_names(node)
        if paths is not None:
            yield paths[0]


def _along_paths(engine: Differentiator, node: Expr) -> Made:
    """The rates along every path from a name to the variable, multiplied and added up."""
    if isinstance(node, Derivative) and node.body in engine.setting.definitions:
        yield from chains(engine.setting, node)


def _one_term(_: Differentiator, node: Expr) -> Made:
    """The one term of a sum of derivatives in which the variable stands."""
    match node:
        case IndexedSum(Derivative(body, Symbol() as moving, 1, partial), index) if moving.indices:
            here = substitute(body, {index: moving.indices[0]})
            yield Derivative(here, moving, 1, partial)


def _by_pieces(engine: Differentiator, node: Expr) -> Made:
    """The derivative of each piece inside its interval."""
    if isinstance(node, Derivative) and isinstance(node.body, Cases) and node.order == 1:
        inside = opened(node.body, node)
        yield inside
        if held := ties(borders(inside), engine.setting):
            yield opened(node.body, node, held)


def _by_convention(engine: Differentiator, node: Expr) -> Made:
    """A framework's value at each border of pieces that leave it out."""
    if isinstance(node, Cases):
        functions = engine.setting.functions.values()
        values = dict.fromkeys(v for f in functions for name in f.at_kink for v in f.taken(name))
        for border in borders(node):
            yield from (closed(node, border, value) for value in values)


def _smooth(_: Differentiator, node: Expr) -> Made:
    """The borders given to one of the pieces that meet there: one border alone, or all."""
    if isinstance(node, Cases):
        every = node
        for border in borders(node):
            holding = [k for k, c in enumerate(node.conditions) if border in touched(c)]
            yield from (widened(node, border, k) for k in holding)
            every = widened(every, border, holding[0])
            yield every


def _all_equal(_: Differentiator, node: Expr) -> Made:
    """One formula for pieces that are all the same."""
    if isinstance(node, Cases):
        yield merged(node)


def _apart(_: Differentiator, node: Expr) -> Made:
    """A formula by the sign of one of its symbols."""
    if type(node) is not Cases:
        found = (told_apart(node, symbol) for symbol in symbols_in(node))
        yield from (pieces for pieces in found if pieces is not None)


def _larger(engine: Differentiator, node: Expr) -> Made:
    """The maximum of two by its definition."""
    if isinstance(node, Apply) and node.head.name == "max" and len(node.arguments) == 2:
        yield engine.setting.functions["max"].unfolded(node)


def _once_more(_: Differentiator, node: Expr) -> Made:
    """A derivative of higher order as the derivative of the one below it."""
    if isinstance(node, Derivative) and node.order > 1:
        below = Derivative(node.body, node.variable, node.order - 1, node.partial)
        yield Derivative(below, node.variable, 1, node.partial)


def _exact(_: Differentiator, node: Expr) -> Made:
    """The known value of a constant, and what is counted together around it."""
    value = exact(node)
    if value is not node:
        yield value


def _moved_bounds(engine: Differentiator, node: Expr) -> Made:
    """What the bounds of an integral carry, and what moves between them."""
    if isinstance(node, Derivative) and isinstance(node.body, Integral) and node.order == 1:
        _, after, inside = differentiated(node, node.body, engine.depends(node.variable))
        yield substitute(after, {inside: engine.derive(inside).result}) if inside else after


def _factored(engine: Differentiator, node: Expr) -> Made:
    """A polynomial as a product."""
    for variable in symbols_in(node):
        lines = Lines(node, engine.setting)
        factor(lines, variable)
        if lines.line is not node:
            yield lines.line


def _of_indices(work: Callable[[Expr, Setting], Made]) -> Callable[[Differentiator, Expr], Made]:
    return lambda engine, node: work(node, engine.setting)


COMPUTED: Mapping[Rule | Misconception, Callable[[Differentiator, Expr], Made]] = {
    laws.sum_rule: _termwise,
    laws.linearity: _termwise,
    laws.chain_rule: _outer,
    laws.prime_notation: _primed,
    laws.chain_by_name: _through_names,
    laws.chain_along_every_path: _along_paths,
    laws.only_one_term: _one_term,
    laws.differentiate_pieces: _by_pieces,
    laws.convention_at_kink: _by_convention,
    laws.higher_derivative: _once_more,
    **{rule: _of_indices(work) for rule, work in INDEXED.items()},
    bordering.smooth_border: _smooth,
    bordering.equal_pieces: _all_equal,
    bordering.signs_apart: _apart,
    algebra.larger_of_two: _larger,
    equations.exact_value: _exact,
    integration.fundamental_theorem: _moved_bounds,
    integration.moving_bounds: _moved_bounds,
    integration.under_the_integral_sign: _moved_bounds,
    algebra.factor_the_polynomial: _factored,
    algebra.like_terms: _by(combine_like_terms, combine),
    algebra.expand: _by(expand, multiply_out),
    algebra.cancel: _each(_by(cancel, cancel_powers), _struck_in_part),
    algebra.equal_factors: _by(add_exponents),
    algebra.factor_out: _by(factor_out),
    algebra.factor_the_polynomial: _by(factor_polynomial),
    algebra.turn_the_bracket: _by(turn_bracket, turn_to_cancel),
    algebra.one_denominator: _by(one_denominator),
    powers.add_exponents: _by(add_exponents),
    powers.negative_exponent: _by(negative_exponents),
    powers.multiply_out_the_power: _by(multiply_out_powers),
    powers.power_of_a_power: _by(power_of_a_power),
    trigonometry.pythagoras: _by(make_one, square_from_one),
    trigonometry.hyperbolic_tangent: _by(tangents),
    powers.square_over_the_absolute_value: _by(absolute_values),
    powers.absolute_value_of_what_is_positive: _by(known_sign),
    powers.absolute_value_of_what_is_negative: _by(known_sign),
    powers.root_of_a_fraction: _by(root_of_fraction),
    trigonometry.secant_squared: _by(make_one),
    trigonometry.hyperbola: _by(make_one),
    trigonometry.tangent: _by(tangents),
}
"""What each of these rules makes of a node; the lines that it may lead to are those."""
