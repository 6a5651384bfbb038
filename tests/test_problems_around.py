"""The problems around a derivative, row by row of `problems_around.txt`, against two referees.

The answers in the table come from textbooks or were worked out by hand.  They are compared
with ours by SymPy's numbers, which share nothing with our judge; and where a curve or a
function is at hand, mpmath takes differences of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import pytest
import sympy
from mpmath import mp, mpf

import symderiv as sd
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.problem import Problem
from symderiv.language.arrays import Matrix
from symderiv.language.expressions import Derivative, Expr, Relation, Symbol
from symderiv.language.walks import nodes, substitute

TABLE = Path(__file__).with_name("problems_around.txt")


class Row(NamedTuple):
    """One problem, its answer, and where it is from."""

    line: int
    kind: str
    problem: str
    answer: str
    source: str

    def __str__(self) -> str:
        return f"{self.line}:{self.kind} {self.problem}"

    @property
    def refused(self) -> str | None:
        """A word of the reason for which there is no answer."""
        return self.answer.removeprefix("refused: ") if "refused: " in self.answer else None


def rows() -> list[Row]:
    found = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        parts = re.fullmatch(r"(\w+) (.*\S) ⟶ (.*\S) — (\S.*)", line)
        if parts and not line.startswith("`"):
            found.append(Row(number, *parts.groups()))
    return found


ROWS = rows()
ANSWERED = [row for row in ROWS if row.refused is None]
REFUSED = [row for row in ROWS if row.refused is not None]


def pairs(text: str) -> dict[str, str]:
    return {k.strip(): v.strip() for k, _, v in (part.partition("=") for part in text.split(","))}


def asked(row: Row) -> Derivation | Problem:
    """The row's question, put through the interface that everybody uses."""
    what, *options = (part.strip() for part in row.problem.split(";"))
    order = next((int(o.split()[1]) for o in options if o.startswith("order")), 1)
    match row.kind:
        case "implicit":
            of, _, by = options[0].partition(" by ")
            return sd.derive(what, wrt=by, of=of, order=order)
        case "inverse":
            return sd.inverse(what, at=options[0] if options else None)
        case "parametric":
            return sd.parametric(x=what, y=options[0], order=order)
        case "derive":
            body, _, given = what.partition(" with ")
            names = pairs(given) if given else {}
            expression = "z" if given else body
            return sd.derive(
                expression, wrt=options[0], given={"z": body, **names} if given else None
            )
        case "tangent":
            return sd.tangent(what, at=pairs(options[0]))
        case "critical":
            return sd.critical_points(what)
    several = [part.strip() for part in re.split(r",\s+(?![^(]*\))", what)]
    names = [name.strip() for name in options[0].split(",")]
    ask = {"gradient": sd.gradient, "jacobian": sd.jacobian, "hessian": sd.hessian}[row.kind]
    return ask(several if row.kind == "jacobian" else what, names)


def found(row: Row) -> Any:
    """What we answer: the last line, or what the problem has for a result."""
    answer = asked(row)
    result = answer.result
    return result.terms[1] if isinstance(result, Relation) else result


def value(expr: Expr, point: dict[Symbol, Any]) -> Any:
    """The number that SymPy makes of an expression; a rate that stands is a name of its own."""
    rates: dict[Expr, Expr] = {
        node: Symbol(f"rate_{node.body}") for node in nodes(expr) if isinstance(node, Derivative)
    }
    formula = sd.to_sympy(substitute(expr, rates))
    put = {s: point.setdefault(s, _number(str(s))) for s in formula.free_symbols}
    return sympy.N(formula.subs(put), 30)


def _number(name: str) -> Any:
    """A number between 0.3 and 0.9 for a name."""
    return sympy.Rational(30 + sum(name.encode()) * 7 % 60, 100)


def same(one: Expr, other: Expr) -> bool:
    """Whether two expressions have the same value at three points, to 20 digits."""
    for shift in range(3):
        point: dict[Any, Any] = {}
        values = []
        for expr in (one, other):
            names = sd.to_sympy(
                substitute(expr, {n: Symbol("q") for n in nodes(expr) if isinstance(n, Derivative)})
            ).free_symbols
            for name in names:
                point.setdefault(name, _number(f"{name}{'·' * shift}"))
            values.append(value(expr, point))
        if abs(values[0] - values[1]) > sympy.Float("1e-20") * (1 + abs(values[0])):
            return False
    return True


@pytest.mark.parametrize("row", [r for r in ANSWERED if r.kind != "critical"], ids=str)
def test_the_answer_is_the_textbooks(row: Row) -> None:
    ours, theirs = found(row), sd.read(row.answer)

    if isinstance(ours, Matrix):
        assert isinstance(theirs, Matrix)
        assert ours.shape == theirs.shape
        assert all(same(a, b) for a, b in zip(ours.parts, theirs.parts, strict=True))
    else:
        assert same(ours, theirs), f"{ours} is not {theirs}"


@pytest.mark.parametrize("row", ANSWERED, ids=str)
def test_every_step_of_it_is_proved_or_supported_by_points(row: Row) -> None:
    """A wrong line would raise Broken here, in whatever derivation it stands."""
    answer = asked(row).checked()
    derivations = answer.derivations if isinstance(answer, Problem) else (answer,)

    for derivation in derivations:
        for step in derivation.steps:
            assert step.evidence.constant or step.evidence.points >= 20


@pytest.mark.parametrize("row", [r for r in ANSWERED if r.kind == "critical"], ids=str)
def test_the_critical_points_are_the_textbooks(row: Row) -> None:
    points = asked(row).result
    wanted = [] if row.answer == "none" else row.answer.split("; ")

    assert len(points) == len(wanted)
    for point, text in zip(points, wanted, strict=True):
        parts = re.fullmatch(r"(minimum|maximum|no extremum) at (\S+) value (\S+)", text)
        assert parts is not None
        assert point.kind in (parts[1], f"local {parts[1]}")
        assert same(point.at, sd.read(parts[2]))
        assert same(point.value, sd.read(parts[3]))


@pytest.mark.parametrize("row", [r for r in ANSWERED if r.kind == "critical"], ids=str)
def test_a_critical_point_is_one_by_differences(row: Row) -> None:
    """mpmath looks at the function itself on both sides of each point."""
    f = sd.to_sympy(sd.read(row.problem)).replace(_is_odd_root, _real_root)
    (x,) = f.free_symbols
    h = sympy.Rational(1, 1000)

    for point in asked(row).result:
        at = sympy.N(sd.to_sympy(point.at), 40)
        left, middle, right = (sympy.N(f.subs(x, at + k * h), 40) for k in (-1, 0, 1))
        signs = (sympy.sign(middle - left), sympy.sign(right - middle))
        assert signs == {
            "local minimum": (-1, 1), "local maximum": (1, -1),
        }.get(point.kind, (signs[0], signs[0]))  # fmt: skip


def _is_odd_root(node: Any) -> bool:
    """Whether SymPy would take the complex branch of what a textbook takes as real."""
    return bool(node.is_Pow and node.exp.is_Rational and node.exp.q % 2 and node.exp.q > 1)


def _real_root(node: Any) -> Any:
    root = sympy.real_root(node.base, node.exp.q)
    return root**node.exp.p


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_what_cannot_be_done_is_refused_with_the_reason(row: Row) -> None:
    with pytest.raises(sd.Mistake, match=row.refused):
        asked(row)


SLOPES = [r for r in ANSWERED if r.kind == "implicit" and "order" not in r.problem]
CURVES = [row for row in SLOPES if "by t" not in row.problem]


@pytest.mark.parametrize("row", CURVES, ids=str)
def test_an_implicit_derivative_is_the_slope_of_the_curve(row: Row) -> None:
    """mpmath solves the equation for y at x − h and x + h, and takes the difference."""
    text, option = (part.strip() for part in row.problem.split(";"))
    of, _, by = option.partition(" by ")
    curve = sd.read(text)
    difference = sd.to_sympy(curve.parts[0]) - sd.to_sympy(curve.parts[1])
    y, x = (sd.to_sympy(sd.read(name)) for name in (of, by))
    slope = sd.to_sympy(found(row))
    compared = 0

    with mp.workdps(30):
        for start in (mpf("0.4"), mpf("1.3"), mpf("-0.7"), mpf("2.2")):
            place = _on_curve(difference, x, y, start)
            if place is None:
                continue
            x0, y0 = place
            h = mpf(10) ** -8
            sides = [_solved(difference, x, y, x0 + s * h, y0) for s in (-1, 1)]
            if None in sides or max(abs(side - y0) for side in sides) > mpf("1e-5"):
                continue
            measured = (sides[1] - sides[0]) / (2 * h)
            claimed = sympy.N(slope.subs({x: x0, y: y0}), 25)
            assert abs(measured - claimed) < mpf(10) ** -10 * (1 + abs(measured))
            compared += 1

    assert compared > 0


def _solved(difference: Any, x: Any, y: Any, at: mpf, near: mpf) -> mpf | None:
    """y on the curve at one x, near a number; None where mpmath finds none."""

    def left(value: Any) -> Any:
        return mpmath.mpmathify(difference.subs({x: at, y: value}).evalf(28))

    try:
        root = mpmath.findroot(left, near)
    except (ValueError, ZeroDivisionError, TypeError):
        return None
    return root if abs(mpmath.im(root)) < mpf(10) ** -20 else None


def _on_curve(difference: Any, x: Any, y: Any, start: mpf) -> tuple[mpf, mpf] | None:
    """A point of the curve with a real y."""
    for near in (mpf("0.6"), mpf("1.7"), mpf("-1.2")):
        root = _solved(difference, x, y, start, near)
        if root is not None:
            return start, mpmath.re(root)
    return None


def test_the_table_holds_enough_rows_of_every_kind() -> None:
    kinds = {row.kind for row in ROWS}

    assert len(ANSWERED) >= 60
    assert len(REFUSED) >= 8
    assert kinds == {
        "implicit", "inverse", "parametric", "derive", "gradient", "jacobian", "hessian",
        "tangent", "critical",
    }  # fmt: skip
