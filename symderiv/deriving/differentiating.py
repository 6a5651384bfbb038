"""The laws of differentiation at work: outermost first, each inner derivative a lemma.

A derivative is taken by one rule; the derivatives that the rule leaves standing are
derived by themselves and put in.  So the work grows with the size of the expression
and not with the length of its lines, and a shared subexpression is derived once.
The work list is explicit: a thousand nested functions are no deeper than one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from itertools import permutations
from typing import TypeAlias

from symderiv.catalogue.function import Function
from symderiv.catalogue.rule import Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules import indexed
from symderiv.deriving.applying import apply, carry, derivatives_in
from symderiv.deriving.bordering import settle_borders
from symderiv.deriving.conditions import nonzero, zero
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.finishing import finish
from symderiv.deriving.indexing import index_renamed, refuse_whole_vectors, write_entry
from symderiv.deriving.integrals import differentiated
from symderiv.deriving.lines import Lines
from symderiv.deriving.moving import moves, standing_rate
from symderiv.deriving.pieces import all_closed, borders, excepted, exceptions, opened, rests, ties
from symderiv.deriving.preferring import law_of_a_name, laws_for, preferred
from symderiv.deriving.quantities import defining, naming
from symderiv.deriving.simplifying import tidy_up
from symderiv.deriving.termwise import term_by_term
from symderiv.errors import NoRule, Stuck
from symderiv.judging.points import Setting
from symderiv.language.build import subject_first
from symderiv.language.domains import REALS
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Derivative,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Prime,
    Product,
    Relation,
    Rewrite,
    Sum,
    Symbol,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import fill, join
from symderiv.language.walks import (
    Dependence,
    Place,
    may_be_same,
    nodes,
    size,
    substitute,
    symbols_in,
)

Work: TypeAlias = Generator[Derivative, Derivation, None]
"""A derivation being written: it asks for its lemmas, one derivative at a time."""

_LARGEST_REPEATED = 1_500  # nodes of a derivative that is differentiated once more
_IN_LINE = 12  # steps of a lemma that are still written in the line itself
DEFINITION, DIFFERENTIATE, SIMPLIFY = "Definition", "Differentiate", "Simplify"


class Differentiator:
    """Derives derivatives in one setting and remembers each."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._known: dict[Derivative, Derivation] = {}
        self._settled: dict[Expr, None] = {}  # written by a person, or tidied up already
        self._dependences: dict[Expr, Dependence] = {}

    def derive(self, derivative: Derivative) -> Derivation:
        """The derivation of one derivative, down to what contains none; `NoRule` where it can't."""
        known = self._known
        stack: list[tuple[Lines, Work]] = [self._begin(derivative)]
        answer: Derivation | None = known.get(derivative)
        while stack and derivative not in known:
            lines, work = stack[-1]
            try:
                asked = work.send(answer)  # type: ignore[arg-type]  # None starts a generator
            except StopIteration:
                stack.pop()
                answer = known[lines.start] = lines.done()  # type: ignore[index]
                continue
            answer = known.get(asked)
            if answer is None:
                stack.append(self._begin(asked))
        return known[derivative]

    def _begin(self, derivative: Derivative) -> tuple[Lines, Work]:
        lines = Lines(derivative, self.setting, DIFFERENTIATE)
        return lines, self._work(lines, derivative)

    def depends(self, variable: Expr) -> Dependence:
        """What depends on `variable`, through named quantities too."""
        if variable not in self._dependences:
            found = Dependence(variable, moves(self.setting), self._parameters_of)
            self._dependences[variable] = found
        return self._dependences[variable]

    def _parameters_of(self, name: str) -> Iterable[Symbol]:
        function = self.setting.functions.get(name)
        return function.parameters if function is not None else ()

    def _work(self, lines: Lines, node: Derivative) -> Work:
        """The lines of one derivative: a law, the derivatives that it leaves, what follows."""
        body, variable = node.body, node.variable
        depends = self.depends(variable)
        rate = standing_rate(node, self.setting)
        if rate is not None:
            lines.add(laws.higher_derivative, rate)
        elif not depends(body):
            lines.add(laws.constant_rule, Number("0"), letters={"c": body, "x": variable})
        elif node.order > 1 or (isinstance(body, Derivative) and depends(body)):
            yield from self._repeated(lines, node)
        elif way := preferred(node, self.setting, depends):
            yield from self._rewritten(lines, *way)
        elif isinstance(body, Symbol) and not may_be_same(body, variable):
            yield from self._named(lines, node)
        elif isinstance(body, Symbol) and body is not variable:
            write_entry(lines, body, variable)
        elif isinstance(body, Sum):
            yield from self._sum(lines, node)
        elif isinstance(body, IndexedSum):
            yield from self._indexed_sum(lines, node)
        elif isinstance(body, Apply):
            yield from self._function(lines, node)
        elif isinstance(body, Prime) and body.head.name not in self.setting.functions:
            yield from self._unknown_function(lines, node, body)
        elif isinstance(body, Cases):
            yield from self._pieces(lines, node, body)
        elif isinstance(body, Absolute) and ties((zero(body.operand),), self.setting):
            yield from self._absolute_by_cases(lines, node)
        elif isinstance(body, Integral):
            rule, after, inside = differentiated(node, body, depends)
            lemmas = () if inside is None else ((yield inside),)
            if lemmas:
                after = substitute(after, {lemmas[0].start: lemmas[0].result})
            lines.add(rule, after, letters={"x": variable}, lemmas=lemmas)
            yield from self._finish(lines, body.parts)
        else:
            yield from self._by_law(lines, node)

    def _rewritten(self, lines: Lines, rule: Rule, after: Expr, letters: dict[str, Expr]) -> Work:
        """In the preferred way: what is to be differentiated is written otherwise first."""
        lines.add(rule, after, places=((0,),), letters=letters)
        if rule.condition is not None:
            lines.require(_condition(rule.condition, letters))
        if isinstance(after, Derivative):
            lines.extend((yield after))
        else:
            yield from self._finish(lines, letters.values())

    def _by_law(self, lines: Lines, node: Derivative) -> Work:
        for rule in laws_for(node.body, self.setting.prefer):
            found = apply(rule, node, self.depends(node.variable))
            if found is not None:
                after, letters = found
                lines.add(rule, after, letters=letters)
                if rule.condition is not None:
                    lines.require(_condition(rule.condition, letters))
                yield from self._finish(lines, letters.values())
                return
        kind = type(node.body).__name__.lower()
        kind = f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
        raise NoRule(f"No rule differentiates {node.body} by {node.variable} ({kind}).")

    def _finish(self, lines: Lines, written: object) -> Work:
        """Put in the derivatives that still stand, then tidy up what is new."""
        old: dict[Expr, None] = dict.fromkeys(written)  # type: ignore[call-overload]
        asked = derivatives_in(lines.line, old)
        results: dict[Expr, Expr] = {}
        lemmas = []
        for _, derivative in asked:
            lemma = yield derivative
            results[derivative] = lemma.result
            if lemma.steps and lemma not in lemmas:
                lemmas.append(lemma)
        if len(asked) == len(lemmas) == 1 and len(lemmas[0].steps) <= _IN_LINE:
            self._in_line(lines, asked[0][0], lemmas[0], old)
        elif lemmas:
            places = tuple(place for place, _ in asked)
            _carry_out(lines, carry(lines.line, results, old), places, tuple(lemmas))
        lines.phase = SIMPLIFY
        opened = (part for result in results.values() for part in _opened(result))
        self._settled.update({**old, **dict.fromkeys(opened)})
        tidy_up(lines, self._settled)

    def _in_line(self, lines: Lines, place: Place, lemma: Derivation, old: Iterable[Expr]) -> None:
        """The steps of the only lemma, written inside the line as one does on paper."""
        around = lines.line
        lines.take_over(lemma)
        assert isinstance(lemma.start, Derivative)  # noqa: S101 (all lemmas here are)
        for step in lemma.steps:
            lines.phase = step.phase
            after = carry(around, {lemma.start: step.after}, old)
            lines.add(step.rule, after, places=(place,), letters=step.letters, lemmas=step.lemmas)

    def _sum(self, lines: Lines, node: Derivative) -> Work:
        """Constant terms drop out; the others are differentiated one by one."""
        depends = self.depends(node.variable)
        found = apply(laws.constant_term, node, depends)
        if found is not None:
            after, letters = found
            lines.add(laws.constant_term, after, letters=letters)
            lines.extend((yield after))  # type: ignore[misc]
            return
        after, bare = term_by_term(node, depends)
        lines.add(laws.sum_rule if bare else laws.linearity, after)
        written = [part for term in node.body.parts for part in (term, *term.parts)]
        yield from self._finish(lines, written)

    def _absolute_by_cases(self, lines: Lines, node: Derivative) -> Work:
        """|u| where u is 0 on a whole region: u/|u| would have no value there."""
        found = apply(laws.absolute_value_by_cases, node, self.depends(node.variable))
        assert found is not None  # noqa: S101 (it fits every absolute value)
        after, letters = found
        lines.add(laws.absolute_value_by_cases, after, letters=letters)
        lines.extend((yield after))  # type: ignore[misc]

    def _indexed_sum(self, lines: Lines, node: Derivative) -> Work:
        """Term by term; where one entry of a family moves, only its own term is left."""
        body = node.body
        assert isinstance(body, IndexedSum)  # noqa: S101 (told apart by the caller)
        if body.index in nodes(node.variable):  # sum(a_i) by a_i: one i is not the other
            body = index_renamed(body, node.variable)
            lines.add(indexed.index_renamed, Derivative(body, *_tail(node)))
        inner = Derivative(body.body, node.variable, 1, node.partial)
        after: Expr = body.with_parts((inner, *body.parts[1:]))
        lines.add(laws.derivative_of_indexed_sum, after)
        entries = [
            s
            for s in symbols_in(body.body)
            if s.indices and s is not node.variable and may_be_same(s, node.variable)
        ]
        if not entries:
            yield from self._finish(lines, body.parts)
            return
        if node.variable in symbols_in(body.body) or not isinstance(node.variable, Symbol):
            raise NoRule(f"{node.variable} stands in {body} by itself and as an entry.")
        if any(entry.indices[:1] != (body.index,) for entry in entries):
            raise NoRule(f"The entries in {body} are not counted by {body.index} alone.")
        here = substitute(body.body, {body.index: node.variable.indices[0]})
        one = Derivative(here, node.variable, 1, node.partial)
        lines.require(Relation((body.lower, node.variable.indices[0], body.upper), ("<=", "<=")))
        lines.add(laws.only_one_term, one, letters={"x": node.variable})
        lines.extend((yield one))

    def _function(self, lines: Lines, node: Derivative) -> Work:
        body = node.body
        assert isinstance(body, Apply)  # noqa: S101 (told apart by the caller)
        function = self.setting.functions.get(body.head.name)
        depends = self.depends(node.variable)
        if function is None:
            yield from self._unknown_function(lines, node, body)
            return
        if function.refused:
            raise NoRule(f"No derivative of {function.words}, {body}. {function.refused}")
        moving = any(depends(parameter) for parameter in function.parameters)
        slope = function.slope_rule_for(body)
        found = None if moving else apply(slope, node, depends)
        if found is not None and not rests(function, found[0], body, self.setting):
            after, letters = found
            after = self._at_kinks(lines, function, body, after)
            lines.add(slope, after, letters=letters)
            self._domain_of_argument(lines, function, body)
            yield from self._finish(lines, letters.values())
            return
        if function.definition is None:
            raise NoRule(f"{function.words} is known for its first argument only: {body}.")
        lines.phase = DEFINITION
        lines.add(function.defining_rule, Derivative(function.unfolded(body), *_tail(node)))
        lines.extend((yield lines.line))  # type: ignore[misc]

    def _unknown_function(self, lines: Lines, node: Derivative, body: Apply | Prime) -> Work:
        """A function of which only the name is known: its derivative is written with a prime."""
        if len(body.parts) != 1:
            raise NoRule(f"Nothing is known of {body.head.name}, which has several arguments.")
        rule, after, letters = law_of_a_name(node, body)
        lines.add(rule, after, letters=letters)
        yield from self._finish(lines, body.parts)

    def _at_kinks(self, lines: Lines, function: Function, body: Apply, after: Expr) -> Expr:
        """Note where the slope has a border, or put the convention's value there."""
        if taken := function.taken(self.setting.kinks):
            return all_closed(after, taken, body.arguments)
        lines.needs.update(dict.fromkeys(exceptions(after, body)))
        return after

    def _domain_of_argument(self, lines: Lines, function: Function, body: Apply) -> None:
        for symbol, argument in zip(function.arguments, body.arguments, strict=True):
            for condition in function.domains.get(symbol, REALS).conditions(argument):
                lines.require(condition)

    def _pieces(self, lines: Lines, node: Derivative, body: Cases) -> Work:
        held = ties(borders(opened(body, node)), self.setting)
        lines.add(laws.differentiate_pieces, opened(body, node, held))
        yield from self._finish(lines, body.values)
        slopes = lines.line
        if isinstance(slopes, Cases):
            if held or len(slopes.values) != len(body.values):
                lines.needs.update(dict.fromkeys(excepted(slopes, held)))
            else:
                settle_borders(lines, body, slopes, node.variable)

    def _repeated(self, lines: Lines, node: Derivative) -> Work:
        """A higher derivative: the one below it first, then once more."""
        body = node.body
        if node.order > 1:
            inner = Derivative(body, node.variable, node.order - 1, node.partial)
            lines.add(laws.higher_derivative, Derivative(inner, *_tail(node)))
            body = inner
        lemma = self.in_form((yield body))  # type: ignore[misc]
        if size(lemma.result) > _LARGEST_REPEATED:
            raise Stuck(f"A derivative of {node.body} grew too long to be differentiated again.")
        once = Derivative(lemma.result, *_tail(node))
        lines.add(laws.derivatives_of_the_parts, once, places=((0,),), lemmas=(lemma,))
        lines.extend((yield once))

    def in_form(self, lemma: Derivation) -> Derivation:
        """A first derivative as one writes it before it is differentiated again."""
        lines = Lines(lemma.start, self.setting, DIFFERENTIATE)
        lines.extend(lemma)
        lines.phase = SIMPLIFY
        finish(lines)
        return lines.done()

    def _named(self, lines: Lines, node: Derivative) -> Work:
        """A named quantity: through the names that stand between, or by its definition."""
        name, variable = node.body, node.variable
        assert isinstance(name, Symbol)  # noqa: S101 (told apart by the caller)
        paths = self.through_names(node)
        if paths is None:
            yield from self._defined(lines, node, self.setting.definitions[name])
            return
        after, first = paths
        lines.add(laws.chain_by_name, after, letters={"m": name, "x": variable, "y": first})
        rates: dict[Expr, None] = {}
        while asked := derivatives_in(lines.line, rates):
            place, derivative = asked[0]
            lemma = yield derivative
            rates[lemma.result] = None
            line = carry(lines.line, {derivative: lemma.result}, {})
            lines.add(laws.derivatives_of_the_parts, line, places=(place,), lemmas=(lemma,))
        lines.phase = SIMPLIFY

    def through_names(self, node: Derivative) -> tuple[Expr, Expr] | None:
        """The chain rule over the named quantities between a name and the variable, and the
        first of them; None where none stands between, or where ∂ could not tell what is held:
        the variable stands in the definition itself, or one of the names in another."""
        name, variable, definitions = node.body, node.variable, moves(self.setting)
        definition, depends = definitions[name], self.depends(variable)  # type: ignore[index]
        between = [s for s in symbols_in(definition) if s in definitions and depends(s)]
        refuse_whole_vectors(name, definition, between)
        if not between or Dependence(variable)(definition):
            return None
        for one, other in permutations(between, 2):
            if Dependence(other, definitions)(definitions[one]):
                return None
        paths = []
        for step in between:
            outer = Derivative(name, step, 1, self._several(definition))
            inner = Derivative(step, variable, 1, self._several(self._meaning(step)))
            paths.append(join(Product, (outer, inner)))
        return join(Sum, paths), between[0]

    def _defined(self, lines: Lines, node: Derivative, definition: Expr) -> Work:
        """By the definition; and where it stands again in the answer, its name is written."""
        name = node.body
        lines.phase = DEFINITION
        lines.add(defining(Rewrite(name, definition)), Derivative(definition, *_tail(node)))
        lines.extend((yield lines.line))  # type: ignore[misc]
        named = substitute(lines.line, {definition: name})
        lines.add(naming(Rewrite(definition, name)), named)

    def _meaning(self, symbol: Expr) -> Expr:
        return self.setting.definitions.get(symbol, symbol)  # type: ignore[call-overload,no-any-return]

    def _several(self, expr: Expr) -> bool:
        """Whether several quantities move in `expr`, so that its derivatives are partial."""
        return len(symbols_in(expr)) > 1


def _tail(node: Derivative) -> tuple[Expr, int, bool]:
    """Variable, order one, and d or ∂ as in `node`."""
    return node.variable, 1, node.partial


def _opened(result: Expr) -> tuple[Expr, ...]:
    """A result and its factors or terms: what stands in the line once it is put in."""
    body = result.operand if isinstance(result, Negative) else result
    return (result, body, *(body.parts if isinstance(body, (Sum, Product)) else ()))


def _condition(condition: Expr, letters: Mapping[str, Expr]) -> Relation:
    """A rule's condition with its letters filled in; a bare letter must not be zero."""
    filled = subject_first(fill(condition, letters))
    return filled if isinstance(filled, Relation) else nonzero(filled)


def _carry_out(
    lines: Lines, after: Expr, places: tuple[Place, ...], lemmas: tuple[Derivation, ...]
) -> None:
    """One line in which the derivatives at `places` are put in; a lemma of one step is named."""
    if len(lemmas) == 1 and len(lemmas[0].steps) == 1 and not lemmas[0].steps[0].lemmas:
        step = lemmas[0].steps[0]
        lines.add(step.rule, after, places=places, letters=step.letters)
    else:
        lines.add(laws.derivatives_of_the_parts, after, places=places, lemmas=lemmas)
