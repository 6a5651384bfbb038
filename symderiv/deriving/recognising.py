"""By which law one line follows from another: every law is tried, by its own equation.

A step is recognised by doing it: each rule and misconception of the catalogue is
applied to the earlier line, at one place or at all of them, and where what comes out
says the same as the later line (see `likeness`) the law is named.  Rules without an
equation are recognised by what they compute, with the engine's own functions.
Whether a line is *true* is not asked here: that is for `judging`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import NamedTuple, TypeAlias

from symderiv.catalogue.gathering import Catalogue
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import algebra
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.applying import applied_to_pairs, apply, carry, fresh_places, never, put
from symderiv.deriving.computing import COMPUTED
from symderiv.deriving.differentiating import Differentiator
from symderiv.deriving.identities import perfect_square
from symderiv.deriving.likeness import Alike
from symderiv.deriving.lines import Lines
from symderiv.deriving.naming import multiplied_out
from symderiv.deriving.networks.flow import with_local_derivatives
from symderiv.deriving.pieces import all_closed
from symderiv.deriving.quantities import defining, naming
from symderiv.errors import Mistake
from symderiv.judging.points import Setting
from symderiv.language.expressions import Apply, Derivative, Expr, Number, Power, Product, Sum
from symderiv.language.patterns import Letter
from symderiv.language.walks import Place, at, nodes, substitute, symbols_in

Law: TypeAlias = Rule | Misconception
_Kind: TypeAlias = tuple[type[Expr], object]
_MOST_PLACES = 200  # places of a line that are looked at, those that changed before the others
_MOST_DERIVED = 12  # derivatives of a line that are derived to see whether they were put in
_MOST_PAIRS = 12  # times that a rule for pairs of factors is applied to one product
_MOST_TWICE = 4  # of these, how many are looked at after a second time
_MOST_MEANINGS = 36  # ways to choose symbols for letters that only a right side holds


def recognise(before: Expr, after: Expr, catalogue: Catalogue, setting: Setting) -> tuple[Law, ...]:
    """The rules and misconceptions of which one alone leads from `before` to `after`.

    First those that give `after` as it is written, then those that give it in another
    order, then laws of algebra that were read from right to left.  A misconception is
    named only where no law leads there.
    """
    known = _laws(catalogue, setting)
    step = _Step(before, after, catalogue, setting)
    found = {law: step.follows_by(law) for law in known}
    back = _Step(after, before, catalogue, setting)
    turned = [
        law
        for law in known
        if isinstance(law, Rule) and not law.differentiates and not found[law]
        if back.follows_by(law)
    ]
    ordered = sorted((law for law in known if found[law]), key=lambda law: -found[law])
    lawful = [law for law in (*ordered, *turned) if isinstance(law, Rule)]
    return tuple(lawful or ordered)


def leads(law: Law, before: Expr, after: Expr, catalogue: Catalogue, setting: Setting) -> bool:
    """Whether this one law leads from `before` to `after`, read from left to right."""
    return _Step(before, after, catalogue, setting).follows_by(law) > 0


def _laws(catalogue: Catalogue, setting: Setting) -> tuple[Law, ...]:
    """Every law there is: of the catalogue, of its functions, of the problem's own names."""
    bent = (slip for slip in catalogue.misconceptions.values() if slip.scope == "law")
    known: list[Law] = [*catalogue.rules.values(), *bent]
    for function in catalogue.functions.values():
        known.append(function.slope_rule)
        if function.definition is not None:
            known += [function.defining_rule, function.folding_rule]
    for name, meaning in setting.definitions.items():
        known += [defining(name >> meaning), naming(meaning >> name)]
    return tuple(dict.fromkeys(known))


class _Form(NamedTuple):
    """One form of a law, the letters that only its right side holds, and the kind of node that it
    fits: None for any."""

    rule: Rule
    free: tuple[Expr, ...]
    kind: _Kind | None

    def fits(self, kinds: Container[_Kind]) -> bool:
        """Whether there may be a place for it: most laws fit nowhere."""
        return self.kind is None or self.kind in kinds


@lru_cache(maxsize=1024)
def _forms(law: Law) -> tuple[_Form, ...]:
    """The law as one rule for each form."""
    if isinstance(law, Misconception):
        law = Rule(law.name, (law.form,), law.why, law.example)
    single = []
    for form in law.forms:
        left = set(nodes(form.left))
        free = [n for n in nodes(form.right) if isinstance(n, Letter) and n not in left]
        kind = None if isinstance(form.left, Letter) else _kind(form.left)
        single.append(_Form(replace(law, forms=(form,)), tuple(free), kind))
    return tuple(single)


def _kind(node: Expr) -> _Kind:
    """The kind of a node; of a function which one, of a derivative the kind of its body."""
    if isinstance(node, Derivative):
        body = node.body
        if isinstance(body, Letter):
            return Derivative, None
        return Derivative, body.head if isinstance(body, Apply) else type(body)
    return type(node), node.head if isinstance(node, Apply) else None


def _kinds(node: Expr) -> tuple[_Kind, ...]:
    """The kinds of which a node is: every derivative is one of anything, too."""
    kind = _kind(node)
    return (kind, (Derivative, None)) if isinstance(node, Derivative) else (kind,)


_Found: TypeAlias = tuple[Place, list[Expr]]


def _outermost(made: list[_Found]) -> list[_Found]:
    """Of places inside one another, the outer ones."""
    places = {place for place, _ in made}
    return [(p, new) for p, new in made if not any(p[:k] in places for k in range(len(p)))]


class _Step:
    """The step from `before` to `after`, of which a law is asked whether it leads there."""

    def __init__(self, before: Expr, after: Expr, catalogue: Catalogue, setting: Setting) -> None:
        self.before, self.after, self.setting = before, after, setting
        self.engine = Differentiator(setting)
        self.alike = Alike()
        self.conventions = {
            f.slope_rule.name: taken
            for f in catalogue.functions.values()
            if (taken := f.taken(setting.kinks))
        }

    def follows_by(self, law: Law) -> int:
        """2 where the law gives `after` as it is written, 1 where in another order, 0 if not."""
        target, best = self.alike(self.after), 0
        for line in self._lines_by(law):
            if line is self.after and line is not self.before:
                return 2
            best = best or int(self.alike(line) == target and self.before is not self.after)
        return best

    def _lines_by(self, law: Law) -> Iterator[Expr]:
        """The lines to which the law leads: at each place alone, and at all of them at once."""
        whole_line = _WHOLE_LINE.get(law)
        if whole_line is not None:
            yield from whole_line(self)
            return
        fitting = [form for form in _forms(law) if form.fits(self.kinds)]
        if not fitting and law not in COMPUTED:
            return
        forms = tuple(self._closed(fitting))
        made = [(place, new) for place in self.places if (new := self._made(law, forms, place))]
        for place, results in made:
            yield from (put(self.before, place, result) for result in results)
        if len(made) > 1:
            changed = [(place, new) for place, new in made if place in self.changed]
            for chosen in (made, changed):
                for k in range(max((len(results) for _, results in chosen), default=0)):
                    yield self._at_all(chosen, k)
                    yield self._at_all(_outermost(chosen), k)

    def _at_all(self, made: list[_Found], k: int) -> Expr:
        """The line with the law applied at all places, innermost first, by its k-th result."""
        line, done = self.before, list[Place]()
        for place, results in sorted(made, reverse=True):
            if not any(place == inner[: len(place)] for inner in done):
                line = put(line, place, results[min(k, len(results) - 1)])
                done.append(place)
        return line

    def _made(self, law: Law, forms: tuple[_Form, ...], place: Place) -> list[Expr]:
        """What the law makes of the node at a place: by each form, and by what it computes."""
        node = at(self.before, place)
        depends = self.engine.depends(node.variable) if isinstance(node, Derivative) else never
        made: list[Expr] = []
        for form in [one.rule for one in forms if one.fits(_kinds(node))]:
            result, rounds = apply(form, node, depends), 0
            while result is not None and rounds < _MOST_PAIRS:
                made.append(result[0])
                again = form.reach == "factors" and isinstance(result[0], Product)
                result, rounds = apply(form, result[0]) if again else None, rounds + 1
            for one, _ in islice(applied_to_pairs(form, node), _MOST_PAIRS):
                made.append(one)
                made += [two for two, _ in islice(applied_to_pairs(form, one), _MOST_TWICE)]
        if law.name in self.conventions and isinstance(node, Derivative):
            values, kept = self.conventions[law.name], node.body.parts
            made = [all_closed(result, values, kept) for result in made]
        computed = COMPUTED.get(law)
        return made if computed is None else [*computed(self.engine, node), *made]

    def _closed(self, forms: list[_Form]) -> Iterator[_Form]:
        """A law's forms; a letter that only the right side holds is any symbol of `after`."""
        for rule, free, kind in forms:
            names = symbols_in(self.after) if free else ()
            left, right = rule.forms[0]
            for meaning in islice(product(names, repeat=len(free)), _MOST_MEANINGS):
                filled = substitute(right, dict(zip(free, meaning, strict=True)))
                one = replace(rule, forms=(left >> filled,)) if free else rule
                yield _Form(one, free, kind)

    @cached_property
    def kinds(self) -> frozenset[_Kind]:
        """The kinds of the nodes that stand at the places."""
        found = (at(self.before, place) for place in self.places)
        return frozenset(kind for node in found for kind in _kinds(node))

    @cached_property
    def changed(self) -> Mapping[Place, None]:
        """The places whose nodes do not stand in `after`, from the root down."""
        left = {self.alike(node) for node in nodes(self.after)}
        kept = {node: None for node in nodes(self.before) if self.alike(node) in left}
        return dict.fromkeys(islice(fresh_places(self.before, kept), _MOST_PLACES))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places to look at: those that changed, then the others."""
        all_places = islice(fresh_places(self.before, ()), _MOST_PLACES)
        return tuple(islice(dict.fromkeys((*self.changed, *all_places)), _MOST_PLACES))

    def parts(self) -> Iterator[Expr]:
        """Derivatives carried out and put in: each alone, and all that no longer stand."""
        standing = [p for p in self.changed if isinstance(at(self.before, p), Derivative)]
        results: dict[Expr, Expr] = {}
        for place in standing[:_MOST_DERIVED]:
            derivative = at(self.before, place)
            assert isinstance(derivative, Derivative)  # noqa: S101 (just chosen so)
            try:
                results[derivative] = self.engine.derive(derivative).result
            except Mistake:  # no rule for it: then it was not carried out
                continue
            yield carry(self.before, {derivative: results[derivative]}, ())
        if results:
            yield carry(self.before, results, ())
        for derivative in results:  # as one writes it before it is differentiated again
            if derivative is not self.before:
                final = self.engine.in_form(self.engine.derive(derivative)).result  # type: ignore[arg-type]
                yield carry(self.before, {derivative: final}, ())

    def local(self) -> Iterator[Expr]:
        """Rates between named quantities, each put in as its own statement gives it."""
        yield with_local_derivatives(self.before, self.setting)
        yield from self.parts()

    def reordered(self) -> Iterator[Expr]:
        """The line itself, which may be written in another order."""
        yield self.before

    def computed(self) -> Iterator[Expr]:
        """The later line, if the two are the same once numbers are multiplied and added."""
        counted = Alike(counting=True)
        if counted(self.before) == counted(self.after):
            yield self.after

    def squares(self) -> Iterator[Expr]:
        """A square put for a sum that multiplies out to the same."""
        old = set(nodes(self.before))
        squares = [n for n in nodes(self.after) if isinstance(n, Power) and n not in old]
        for place in self.places if squares else ():
            node = at(self.before, place)
            if isinstance(node, Sum):
                lines = Lines(node, self.setting)
                if perfect_square(lines):
                    yield put(self.before, place, lines.line)
                wanted = self._multiplied_out(node)
                for square in squares[:_MOST_DERIVED]:
                    if square.exponent is Number("2") and self._multiplied_out(square) == wanted:
                        yield put(self.before, place, square)

    def _multiplied_out(self, node: Expr) -> object:
        return self.alike(multiplied_out(node, Lines(node, self.setting)).line)


_WHOLE_LINE: Mapping[Law, Callable[[_Step], Iterator[Expr]]] = {
    algebra.rearrange: _Step.reordered,
    algebra.arithmetic: _Step.computed,
    algebra.complete_the_square: _Step.squares,
    laws.derivatives_of_the_parts: _Step.parts,
    laws.local_derivatives: _Step.local,
}
