"""What is asked: a question, what its names stand for, and our own derivation of the answer.

Here belongs the problem as one value, posed once and used for every answer to it.  What
an answer is worth is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.applying import carry, derivatives_in, rational
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.differentiating import Differentiator
from symderiv.deriving.lines import Lines
from symderiv.deriving.strategy import derive_expression, parameters
from symderiv.errors import Mistake
from symderiv.homework.forms import known_form
from symderiv.judging.points import Setting
from symderiv.language.domains import Domain
from symderiv.language.expressions import Derivative, Expr, Number, Relation, Symbol
from symderiv.language.names import Names
from symderiv.language.walks import nodes


@dataclass(frozen=True, eq=False)
class Problem:
    """A question posed: `question` has the derivative that is asked for, still to be taken.

    `derivation` is ours, `setting` holds the domains, definitions and functions, `numbers` are
    the named quantities that were given as numbers, `names` is what an answer may say.  `form`,
    `digits` (significant ones) and `tolerance` (absolute, or relative where `relative`) are
    what is asked of an answer beyond its value.
    """

    question: Expr
    derivation: Derivation
    setting: Setting
    names: Names
    numbers: Mapping[Symbol, Expr] = field(default_factory=dict)
    form: str = ""
    digits: int | None = None
    tolerance: Fraction | None = None
    relative: bool = False

    def __repr__(self) -> str:
        return f"<Problem {self.question!s:.200}>"

    @property
    def truth(self) -> Expr:
        """Our own result."""
        return self.derivation.result

    @cached_property
    def numeric(self) -> Setting:
        """The setting in which quantities that were given as numbers are these numbers."""
        definitions = {**self.setting.definitions, **self.numbers}
        return replace(self.setting, definitions=definitions, memo={})

    @cached_property
    def engine(self) -> Differentiator:
        """What derives in this problem, and remembers."""
        return Differentiator(self.setting)

    @cached_property
    def ways(self) -> dict[Expr, Any]:
        """The ways to go wrong that were worked out so far, by where they begin (`candidates`)."""
        return {}


def pose(
    question: Expr,
    variable: Symbol | None = None,
    *,
    where: Mapping[Symbol, Domain] | None = None,
    given: Mapping[Symbol, Expr] | None = None,
    form: str = "",
    digits: int | None = None,
    tolerance: str | float | Fraction | None = None,
) -> Problem:
    """The problem that a question poses; of an equation `f(x) = …` its right side is asked about.

    Raises `Mistake` where nothing says by what to differentiate, where no rule does, or where
    the form, the digits or the tolerance are none.
    """
    if digits is not None and not 1 <= digits <= 15:
        raise Mistake(f"Significant digits are a number from 1 to 15, not {digits}.")
    allowed, relative = _tolerance(tolerance)
    known, given = shipped(), given or {}
    numbers = {name: value for name, value in given.items() if _is_numeric(value)}
    formulas = {name: value for name, value in given.items() if name not in numbers}
    if isinstance(question, Relation) and question.signs == ("=",):
        question = question.terms[1]
    if isinstance(question, Derivative) and question.variable is variable:
        variable = None  # said twice, and meant once
    derivation = _derivation(question, variable, where, formulas)
    asked = derivation.start
    implied = parameters((asked, *given.values()), known)
    domains = {**_natural(derivation), **implied, **(where or {})}
    by = asked.variable if isinstance(asked, Derivative) else None
    primed = Names(by=by if isinstance(by, Symbol) else None)
    mentioned = Names.mentioned(asked, *given, *given.values()) | primed
    return Problem(
        asked, derivation, Setting(known.functions, domains, formulas), known.names | mentioned,
        numbers, known_form(form, asked, formulas), digits, allowed, relative,
    )  # fmt: skip


def _derivation(
    question: Expr,
    variable: Symbol | None,
    where: Mapping[Symbol, Domain] | None,
    given: Mapping[Symbol, Expr],
) -> Derivation:
    """Ours; of an expression with derivatives inside, each of them is taken and put in."""
    inner = [] if variable else derivatives_in(question, {})
    if not inner or isinstance(question, Derivative):
        return derive_expression(question, variable, where=where, given=given)
    lemmas = [derive_expression(one, where=where, given=given) for _, one in inner]
    lines = Lines(question, lemmas[0].setting)
    results = {lemma.start: lemma.result for lemma in lemmas}
    places = tuple(place for place, _ in inner)
    rule = laws.derivatives_of_the_parts
    lines.add(rule, carry(question, results, ()), places=places, lemmas=tuple(lemmas))
    return lines.done()


def _natural(derivation: Derivation) -> dict[Symbol, Domain]:
    """Where the question has a meaning, as far as that is said of one quantity at a time."""
    found: dict[Symbol, Domain] = {}
    for condition in derivation.conditions:
        match condition:
            case Relation((Symbol() as symbol, bound), (sign,)):
                value = rational(bound)
                if value is not None:
                    found.setdefault(symbol, _bounded(sign, value))
            case Relation((low, Symbol() as symbol, high), ("<" | "<=", "<" | "<=") as signs):
                ends, closed = (rational(low), rational(high)), (signs[0] == "<=", signs[1] == "<=")
                if None not in ends:
                    found.setdefault(symbol, Domain(*ends, closed=closed))
    return found


def _bounded(sign: str, value: Fraction) -> Domain:
    match sign:
        case ">" | ">=":
            return Domain(lower=value, closed=(sign == ">=", False))
        case "<" | "<=":
            return Domain(upper=value, closed=(False, sign == "<="))
        case "!=":
            return Domain(without=(value,))
        case _:
            return Domain(members=(value,))


def _is_numeric(value: Expr) -> bool:
    """Whether a quantity was given as a number: nothing stands in it that has a name."""
    return not any(isinstance(node, Symbol) for node in nodes(value))


def _tolerance(tolerance: str | float | Fraction | None) -> tuple[Fraction | None, bool]:
    """An absolute tolerance, or a relative one that was written with a per cent sign."""
    if tolerance is None or tolerance == "":
        return None, False
    text = str(tolerance).strip()
    relative = text.endswith("%")
    try:
        value = Fraction(text.rstrip("%").strip()) / (100 if relative else 1)
    except (ValueError, ZeroDivisionError):
        value = Fraction(-1)
    if value < 0 or len(text) > 40:
        raise Mistake(f"A tolerance is a number such as 0.01 or 1%, not {text[:40]!r}.")
    return value, relative


def is_number(expr: Expr) -> bool:
    """Whether an expression is a bare number, with a sign or a fraction bar or a point."""
    return rational(expr) is not None or isinstance(expr, Number)
