"""What is asked for becomes a derivation: the phases, in the order of a good teacher.

Write out the definition, differentiate outermost first, simplify by named rules, and
end in the function's own terms.  Which laws are used at each node stands in
`differentiating`; here is only the order of the phases and what a request may say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from symderiv.catalogue.families import Functions
from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import Catalogue, shipped
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules.pieces import signs_apart
from symderiv.deriving.absolutes import settle, told_apart, value_at
from symderiv.deriving.conditions import refuse_complex
from symderiv.deriving.derivation import Derivation, Kink
from symderiv.deriving.differentiating import DEFINITION, SIMPLIFY, Differentiator
from symderiv.deriving.forms import FORMS, write_in_form
from symderiv.deriving.identities import without_bars
from symderiv.deriving.indexing import settle_sums
from symderiv.deriving.lines import Lines
from symderiv.deriving.naming import write_in_own_terms
from symderiv.deriving.pieces import closed
from symderiv.deriving.preferring import WAYS
from symderiv.deriving.simplifying import shorten
from symderiv.errors import Mistake, Unknown
from symderiv.judging.points import Setting
from symderiv.language.domains import Domain, read_domain
from symderiv.language.expressions import (
    Apply,
    Cases,
    Derivative,
    Expr,
    IndexedSum,
    Relation,
    Symbol,
)
from symderiv.language.walks import nodes_of, symbols_in

OWN_TERMS = "In its own terms"
HIGHEST = 10  # each derivative grows: beyond this the work would have no bound
CONVENTIONS = ("undefined", "torch", "jax")


def derive_function(
    function: Function, *, kinks: str = "undefined", catalogue: Catalogue | None = None
) -> Derivation:
    """The derivative of a catalogue function, from its definition to the slope it claims.

    Raises `Stuck` if the definition does not lead to the claim, `NoRule` if the function
    is taken as known and so has no definition.
    """
    functions = Functions((catalogue or shipped()).functions).also(function)
    setting = Setting(functions, function.domains, kinks=_kinks(kinks))
    partial = function.is_partial
    lines = Lines(Derivative(function.applied, function.variable, 1, partial), setting, DEFINITION)
    unfolded = Derivative(function.unfolded(function.applied), function.variable, 1, partial)
    lines.add(function.defining_rule, unfolded)
    question = unfolded
    if apart := told_apart(unfolded.body, function.variable):
        question = Derivative(apart, function.variable, 1, partial)
        lines.add(signs_apart, question)
    lines.extend(Differentiator(setting).derive(question))
    lines.phase = SIMPLIFY
    shorten(lines)
    lines.phase = OWN_TERMS
    write_in_own_terms(lines, function)
    settle(lines, unfolded.body, function.variable)
    _take_convention(lines, function)
    return lines.done(f"Derivative of {function.words}", function.note)


def derive_expression(
    expr: Expr,
    variable: Symbol | None = None,
    *,
    where: Mapping[Symbol, Domain] | None = None,
    given: Mapping[Symbol, Expr] | None = None,
    order: int = 1,
    kinks: str = "undefined",
    form: str = "textbook",
    prefer: str = "",
    catalogue: Catalogue | None = None,
) -> Derivation:
    """The derivative of an expression by `variable`, which may be left out if there is one symbol.

    `given` defines named quantities, `where` bounds them, `order` repeats, `form` says how the
    result is written (`FORMS`), `prefer` by which way it is found where there are several (`WAYS`).
    """
    _known_name("form", form, tuple(FORMS))
    _known_name("way", prefer or WAYS[0], WAYS)
    known = catalogue or shipped()
    implied = parameters((expr, *(given or {}).values()), known)
    domains = {**implied, **(where or {})}
    setting = Setting(known.functions, domains, given or {}, _kinks(kinks), expr, prefer)
    start = _question(expr, variable, setting, order)
    refuse_complex(expr, setting)
    lines = Lines(start, setting)
    without_bars(lines)
    question = lines.line
    assert isinstance(question, Derivative)  # noqa: S101 (bars were taken from its body alone)
    lines.extend(Differentiator(setting).derive(question))
    lines.phase = SIMPLIFY
    settle_sums(lines)
    write_in_form(lines, form)
    if question.order == 1:
        settle(lines, question.body, question.variable)
    return lines.done()


def parameters(exprs: Sequence[Expr], catalogue: Catalogue) -> dict[Symbol, Domain]:
    """Where the parameters of the functions that are used may lie, and the limits of sums."""
    order = nodes_of(exprs)
    used = {node.head.name: None for node in order if isinstance(node, Apply)}
    functions = [catalogue.functions[name] for name in used if name in catalogue.functions]
    limits = [
        limit
        for node in order
        if isinstance(node, IndexedSum)
        for limit in (node.lower, node.upper)
        if isinstance(limit, Symbol)
    ]
    counts = dict.fromkeys(limits, read_domain("positive integer"))
    return counts | {s: d for f in functions for s, d in f.domains.items() if s not in f.arguments}


def _question(expr: Expr, variable: Symbol | None, setting: Setting, order: int) -> Derivative:
    """The derivative that is asked for, ∂ where several quantities could move."""
    if not 1 <= order <= HIGHEST:
        raise Mistake(f"The order of a derivative is a whole number from 1 to 10, not {order}.")
    if isinstance(expr, Derivative) and variable is None:
        return expr
    symbols = symbols_in(setting.definitions.get(expr, expr))  # type: ignore[call-overload]
    if variable is None:
        if len(symbols) != 1:
            names = ", ".join(str(s) for s in symbols) or "none"
            raise Mistake(f"Say by which symbol to differentiate (wrt, --wrt); there are: {names}.")
        variable = symbols[0]
    return Derivative(expr, variable, order, len(symbols) > 1)


def _known_name(kind: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise Unknown(f"No {kind} {name!r}; there are: {', '.join(known)}.")


def _kinks(kinks: str) -> str:
    if kinks not in CONVENTIONS:
        raise Unknown(f"No convention {kinks!r} for kinks; there are: {', '.join(CONVENTIONS)}.")
    return kinks


def _take_convention(lines: Lines, function: Function) -> None:
    """Put a framework's values where there is no derivative, where that is asked for by name."""
    name, values = lines.setting.kinks, function.taken(lines.setting.kinks)
    kinks = [kink for kink in lines.kinks if not kink.is_smooth]
    if not values or not kinks:
        return
    for kink, value in zip_longest(kinks, values[: len(kinks)], fillvalue=values[-1]):
        assert isinstance(kink, Kink)  # noqa: S101 (never fewer than the values)
        if isinstance(lines.line, Cases):
            lines.add(laws.convention_at_kink, closed(lines.line, kink.at, value))
        elif value_at(lines.line, kink.at) is not value:
            continue
        lines.needs.pop(Relation(kink.at.terms, ("!=",)), None)
        lines.settled[Relation(kink.at.terms, ("!=",))] = None
        del lines.kinks[kink]
        lines.kinks[replace(kink, convention=name, taken=value)] = None


@lru_cache(maxsize=256)
def known_derivation(name: str) -> Derivation | None:
    """The shipped derivation of a function by its definition, None where it has no definition."""
    function = shipped().functions.get(name)
    if function is None or function.definition is None:
        return None
    return derive_function(function)
