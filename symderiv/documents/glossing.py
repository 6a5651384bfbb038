"""Entries of the glossaries as text: a rule or a function, with what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rule import Rule
from symderiv.documents.bordering import FRAMEWORKS
from symderiv.documents.composing import glossed
from symderiv.language.build import symbol as symbol_of
from symderiv.printing.unicode import unicode_text


def rule_text(rule: Rule) -> str:
    """Statement, condition, reason, example, and the misconceptions that bend the rule."""
    return "\n".join(_rule_lines(rule))


def _rule_lines(rule: Rule) -> Iterator[str]:
    entry = glossed(rule)
    yield rule.name
    for statement in entry.statements:
        yield f"    {unicode_text(statement.left)} {statement.sign} {unicode_text(statement.right)}"
    if entry.condition is not None:
        yield f"    where {unicode_text(entry.condition)}"
    reason = "".join(p if isinstance(p, str) else unicode_text(p) for p in entry.why)
    yield from (f"    {line}" for line in wrap(reason, 84))
    if rule.example:
        yield f"    Example: {rule.example}"
    yield from _slips(rule)


def _slips(rule: Rule) -> Iterator[str]:
    """The misconceptions beside a law, each with its reason and an example."""
    for slip in shipped().misconceptions.values():
        if slip.instead is rule:
            yield f"    Not: {slip.name}. {slip.why}"
            yield f"        such as {slip.example}"


def function_text(function: Function) -> str:
    """Definition, derivative, domain, range, spellings, remark, source."""
    return "\n".join(_function_lines(function))


def _function_lines(function: Function) -> Iterator[str]:
    yield f"{function.name}: {function.words}"
    applied = unicode_text(function.applied)
    if function.definition is not None:
        yield f"    {applied} = {unicode_text(function.definition.right)}"
    by = unicode_text(function.variable)
    d = "∂" if function.is_partial else "d"
    if function.refused:
        yield f"    no derivative is given. {function.refused}"
    elif not function.is_discrete:
        yield f"    {d}/{d}{by} {applied} = {unicode_text(function.claim)}"
    for symbol, domain in function.domains.items():
        if conditions := domain.conditions(symbol):
            yield f"    where {', '.join(map(unicode_text, conditions))}"
    for name, value in function.defaults.items():
        yield f"    {unicode_text(symbol_of(name))} = {value} where nothing is said"
    for framework in function.at_kink:
        values = ", ".join(unicode_text(value) for value in function.taken(framework))
        yield f"    {FRAMEWORKS[framework]} returns {values} where there is no derivative"
    if function.range:
        yield f"    values in {function.range}"
    if function.also_called:
        yield f"    also read as {', '.join(function.also_called)}"
    yield from _slips(function.slope_rule)
    for text in (function.note, function.source and f"Source: {function.source}."):
        yield from (f"    {line}" for line in wrap(text, 84))
