r"""Integrals with bounds: `\int_0^{x^2} \sin t \, dt`, `∫_0^x t dt`, `int(sin(t), t, 0, x^2)`.

Here belongs where the bounds stand and where the integrand ends: at the differential that
belongs to the sign, which is looked for before the integrand is read.  A variable of
integration that stands in a bound too is asked about, since it would mean two things.
"""

from __future__ import annotations

from abc import abstractmethod

from symderiv.language.expressions import Expr, Symbol
from symderiv.language.integrals import Integral
from symderiv.language.walks import nodes
from symderiv.reading.arrays import Arrays
from symderiv.reading.tokens import Token


class Integrals(Arrays):
    """A cursor that reads integrals."""

    @abstractmethod
    def argument(self) -> Expr:
        """Read a group in braces, or one token."""

    def listed_integral(self) -> Expr:
        """What stands in the brackets of `int(f, t, a, b)`."""
        place, hint = self.token, "Write int(sin(t), t, 0, x^2)."
        parts = [self.arithmetic()]
        for _ in range(3):
            if not self.takes(","):
                raise self.unexpected(hint)
            parts.append(self.arithmetic())
        body, variable, lower, upper = parts
        if not isinstance(variable, Symbol):
            raise self.refusal(place, "The variable of integration is a symbol.", hint)
        return self._integral(place, body, variable, (lower, upper))

    def big_integral(self) -> Expr:
        """`\\int_0^x f(t) \\, dt`: all between the bounds and the differential is integrated."""
        start, sign = self.at, self.take()
        bounds: dict[str, Expr] = {}
        while self.token.kind in ("_", "^") and self.token.kind not in bounds:
            kind = self.take().kind
            bounds[kind] = self._bound()
        hint = "Write \\int_0^x f(t) \\, dt." if self.latex else "Write int(f(t), t, 0, x)."
        if len(bounds) < 2:
            raise self.refusal(sign, "An integral needs its two bounds here.", hint)
        end = self.integral_end(start)
        if end is None:
            problem = "An integral says behind it by which variable it is taken."
            raise self.refusal(sign, problem, hint)
        mark = self.tokens[end]
        self.tokens[end] = mark._replace(kind="differential")
        self.deepen()
        body = self.arithmetic()
        self.depth -= 1
        if self.at != end:
            raise self.unexpected(hint)
        self.go_to(end)
        self.tokens[end] = self.token = mark
        variable = self._integration_variable(mark)
        self.ending = "bracket"
        return self._integral(sign, body, variable, (bounds["_"], bounds["^"]))

    def _bound(self) -> Expr:
        """A bound: in LaTeX a group or one token, in plain text brackets too, `∫_0^(x²)`."""
        if self.latex or self.token.kind != "(":
            return self.argument()
        opening = self.open()
        bound = self.arithmetic()
        self.close(opening)
        return bound

    def _integration_variable(self, mark: Token) -> Symbol:
        if self.words.is_d(mark):
            self.take()
            return self.symbol()
        return self.symbol(skip=1)

    def _integral(
        self, place: Token, body: Expr, variable: Symbol, bounds: tuple[Expr, Expr]
    ) -> Expr:
        if any(variable in nodes(bound) for bound in bounds):
            hint = "Give the variable of integration a letter of its own, \\int_0^x f(t) \\, dt."
            problem = f"{variable} is the variable of integration and stands in a bound."
            raise self.refusal(place, problem, hint)
        return Integral(body, variable, *bounds)
