"""By which rules a line of a student's follows from the line before, skipped steps too.

One law is recognised as it is; where steps were skipped, our own derivation is carried on
from the student's line, and the rules until it says the same are the ones that were used.
Whether the line is true is asked elsewhere.
"""

from __future__ import annotations

from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rule import Misconception, Rule
from symderiv.catalogue.rules import differentiation as laws
from symderiv.catalogue.rules import equations
from symderiv.deriving.applying import carry, derivatives_in
from symderiv.deriving.derivation import Step
from symderiv.deriving.finishing import finish
from symderiv.deriving.likeness import Alike
from symderiv.deriving.lines import Lines
from symderiv.deriving.recognising import recognise
from symderiv.errors import Mistake
from symderiv.homework.problems import Problem
from symderiv.language.expressions import Apply, Derivative, Expr, Power, Symbol
from symderiv.language.walks import nodes

_MOST_STEPS = 24  # of our own way that a student may have skipped
_SHORT = 60  # parts of a line
_HEAVY = 12  # weight of a line beyond which no rule is looked for: it may be equal all the same
_FIRST_STEPS, _LAST_STEPS = 4, 2  # lines of ours from which one more rule may lead to theirs


def follows_by(before: Expr, after: Expr, problem: Problem) -> tuple[Rule, ...]:
    """The rules that lead from line to line: one, several in their order, or none that we know."""
    if weight(after) > _HEAVY:
        return ()
    found = [law for law in _recognised(before, after, problem) if isinstance(law, Rule)]
    if found:
        return (found[0],)
    steps = carried_on(before, problem)
    alike = Alike(counting=True)
    wanted = alike(after)
    for k, step in enumerate(steps, 1):
        if alike(step.after) == wanted:
            return _named(steps[:k])
    ahead = range(1, len(steps) + 1)
    for k in dict.fromkeys((*ahead[:_FIRST_STEPS], *ahead[-_LAST_STEPS:])):
        last = [r for r in _recognised(steps[k - 1].after, after, problem) if isinstance(r, Rule)]
        if last:
            return tuple(dict.fromkeys((*_named(steps[:k]), last[0])))
    return ()


def slips_between(before: Expr, after: Expr, problem: Problem) -> tuple[Misconception, ...]:
    """The misconceptions of which one alone leads from line to line, as they are written."""
    found = () if weight(after) > _HEAVY else _recognised(before, after, problem)
    return tuple(law for law in found if isinstance(law, Misconception))


def _recognised(before: Expr, after: Expr, problem: Problem) -> tuple[Rule | Misconception, ...]:
    found = recognise(before, after, shipped(), problem.setting)
    if has_constants(before):
        return found
    return tuple(law for law in found if law != equations.exact_value)  # nothing to be put in


def has_constants(expr: Expr) -> bool:
    """Whether a value stands in it that may be known exactly, such as sin(π/6) or e⁰."""
    return any(
        isinstance(node, (Apply, Power)) and not any(isinstance(n, Symbol) for n in nodes(node))
        for node in nodes(expr)
    )


def carried_on(line: Expr, problem: Problem) -> tuple[Step, ...]:
    """The steps by which we would go on from a line; none where no rule leads on."""
    lines = Lines(line, problem.setting)
    try:
        for place, rate in derivatives_in(line, {}):
            lemma = problem.engine.derive(rate)
            if rate is line:
                lines.extend(lemma)
                break
            after = carry(lines.line, {rate: lemma.result}, ())
            lines.add(laws.derivatives_of_the_parts, after, places=(place,), lemmas=(lemma,))
        finish(lines)
    except Mistake:
        return ()
    return tuple(lines.steps[:_MOST_STEPS])


def _named(steps: tuple[Step, ...]) -> tuple[Rule, ...]:
    """The rules of these steps, each once; what only puts things in order is not named."""
    rules = dict.fromkeys(rule for step in steps for rule in step.reasons)
    return tuple([rule for rule in rules if not rule.tag] or rules)


def weight(answer: Expr) -> int:
    """How many times the work of a short answer each comparison with this one is."""
    inside = nodes(answer)
    rates = [node for node in inside if isinstance(node, Derivative)]
    deep = [rate for rate in rates if rate.order > 1 or set(rates) & set(nodes(rate.body))]
    return 1 + sum(len(node.parts) for node in inside) // _SHORT + len(rates) // 4 + 40 * len(deep)
