"""Gradient, Jacobian and Hessian: every entry a partial derivative with its own derivation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symderiv.catalogue.gathering import Catalogue, shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import SIMPLIFY, Differentiator
from symderiv.deriving.finishing import finish
from symderiv.deriving.lines import Lines
from symderiv.deriving.problem import Answer, Problem, together, value_at
from symderiv.deriving.strategy import parameters
from symderiv.errors import Mistake
from symderiv.judging.points import Setting
from symderiv.language.arrays import Matrix
from symderiv.language.build import equal
from symderiv.language.domains import Domain
from symderiv.language.expressions import Apply, Derivative, Expr, Head, Symbol
from symderiv.language.walks import substitute, symbols_in
from symderiv.printing.latex import latex
from symderiv.printing.unicode import unicode_text

_MOST = 6  # names, or functions: a larger system is no page that anybody reads
_NABLA = Symbol("nabla")


def gradient(body: Expr, names: Sequence[Symbol], **options: object) -> Problem:
    """The vector of the partial derivatives of one expression."""
    asked = _Asked((body,), names, options)
    entries = [[asked.partial(body, name)] for name in asked.names]
    f = asked.letter
    return asked.problem(
        "Gradient", ("Find the gradient of ", asked.shown(f, body), "."), _NABLA * f, entries
    )


def jacobian(bodies: Sequence[Expr], names: Sequence[Symbol], **options: object) -> Problem:
    """The matrix of the partial derivatives of several expressions, a row for each."""
    asked = _Asked(tuple(bodies), names, options)
    entries = [[asked.partial(body, name) for name in asked.names] for body in bodies]
    shown = [asked.shown(asked.letter.at(k + 1), body) for k, body in enumerate(bodies)]
    words: list[str | Expr] = []
    for k, equation in enumerate(shown):
        words += [", " if k else "", equation]
    task = ("Find the Jacobian matrix of ", *words, ".")
    return asked.problem("Jacobian matrix", task, Symbol("J").at(asked.letter), entries)


def hessian(body: Expr, names: Sequence[Symbol], **options: object) -> Problem:
    """The matrix of the second partial derivatives, which is symmetric (Schwarz)."""
    asked = _Asked((body,), names, options)
    first = {name: asked.partial(body, name) for name in asked.names}
    second: dict[frozenset[Symbol], Derivation] = {}
    for one in asked.names:
        for other in asked.names:
            key = frozenset((one, other))
            if key not in second:
                second[key] = asked.partial(first[one].result, other)
    entries = [[second[frozenset((a, b))] for b in asked.names] for a in asked.names]
    f = asked.letter
    task = ("Find the Hessian matrix of ", asked.shown(f, body), ".")
    before = tuple(first.values())
    return asked.problem("Hessian matrix", task, Symbol("H").at(f), entries, before)


class _Asked:
    """One request: the names, the setting, and the derivations that it needs."""

    def __init__(
        self, bodies: tuple[Expr, ...], names: Sequence[Symbol], options: Mapping[str, object]
    ) -> None:
        known = options.get("catalogue") or shipped()
        assert isinstance(known, Catalogue)  # noqa: S101 (told apart by its type)
        where: Mapping[Symbol, Domain] = options.get("where") or {}  # type: ignore[assignment]
        self.point: Mapping[Symbol, Expr] = options.get("at") or {}  # type: ignore[assignment]
        found = tuple(dict.fromkeys(s for body in bodies for s in symbols_in(body)))
        self.names = tuple(names) or found
        if not 1 <= len(self.names) <= _MOST or not 1 <= len(bodies) <= _MOST:
            raise Mistake(f"A gradient or matrix has from 1 to {_MOST} rows and columns here.")
        missing = [name for name in self.names if self.point and name not in self.point]
        if missing:
            raise Mistake(f"Say where {missing[0]} is at the point, or give no point.")
        self.setting = Setting(known.functions, {**parameters(bodies, known), **where})
        self.engines: dict[Expr, Differentiator] = {}
        used = {s.name for s in (*found, *self.names)}
        self.letter = Symbol(next(n for n in ("f", "g", "h", "F", "G", "H") if n not in used))

    def shown(self, letter: Symbol, body: Expr) -> Expr:
        """The equation f(x, y) = body."""
        head = Head(unicode_text(letter), latex(letter))
        return equal(Apply(head, self.names), body)

    def partial(self, body: Expr, name: Symbol) -> Derivation:
        """The partial derivative; the derivative where there is one name alone."""
        several = len(self.names) > 1
        start = Derivative(body, name, 1, several)
        if body not in self.engines:  # the terms of the answer are in the order of its question
            own = replace(self.setting, question=body, memo={})
            self.engines[body] = Differentiator(own)
        engine = self.engines[body]
        lines = Lines(start, engine.setting)
        lines.extend(engine.derive(start))
        lines.phase = SIMPLIFY
        finish(lines)
        return lines.done(f"Derivative by {unicode_text(name)}")

    def problem(
        self,
        title: str,
        task: tuple[str | Expr, ...],
        left: Expr,
        entries: list[list[Derivation]],
        before: tuple[Derivation, ...] = (),
    ) -> Problem:
        listed = tuple(dict.fromkeys(d for row in entries for d in row))
        rows = Matrix([[d.result for d in row] for row in entries])
        answers = [Answer((equal(left, rows),), together(listed))]
        parts, result = (*before, *listed), rows
        if self.point:
            values = {d: self.value(d) for d in listed}
            result = Matrix([[values[d].result for d in row] for row in entries])
            words = [equal(name, self.point[name]) for name in self.names]
            at = [piece for k, w in enumerate(words) for piece in (", " if k else "", w)]
            found = together(tuple(values.values()))
            answers.append(Answer((equal(left, result), " at ", *at), found))
            parts = (*parts, *values.values())
        return Problem(title, task, tuple(answers), parts, result)

    def value(self, derivation: Derivation) -> Derivation:
        """An entry at the point."""
        start = substitute(derivation.result, dict(self.point.items()))
        found = value_at(start, derivation.result, self.point, self.setting)
        return replace(found, title=f"{derivation.title}, at the point")
