"""Prime notation: where a page's derivatives are all by one variable, (x²)′ stands for d/dx [x²].

A prime does not say by what is differentiated.  So it stands only where nobody can ask: in a
derivation, a block or a rule whose derivatives are all by the same variable, and none of
them partial.  Elsewhere (the chain rule through named quantities, networks, gradients)
Leibniz's notation stays.  Here is decided where; how a prime is spelled belongs to `printing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from symderiv.documents.document import Block, Chain, Document, Line, Passage, Picture, Section
from symderiv.language.expressions import Derivative, Expr
from symderiv.language.walks import nodes_of
from symderiv.printing.latex import latex
from symderiv.printing.primes import in_primes

_Part = TypeVar("_Part")


def in_prime_notation(page: Document) -> Document:
    """The page with primes wherever they say enough."""
    return replace(
        page,
        sections=tuple(map(_section, page.sections)),
        introduction=primed(page.introduction),
        table=tuple(map(primed, page.table)),
        glossary=tuple(map(primed, page.glossary)),
        task=primed(page.task),
        answers=tuple(map(primed, page.answers)),
    )


def _section(section: Section | Passage) -> Section | Passage:
    if isinstance(section, Section):
        return primed(section)
    return replace(section, blocks=tuple(map(_block, section.blocks)))


def _block(block: Block) -> Block:
    """A picture was measured with its labels as they are."""
    return block if isinstance(block, Picture) else primed(block)


def primed(part: _Part) -> _Part:
    """A part of a page with primes, or as it is."""
    derivatives = [node for node in nodes_of(_formulas(part)) if isinstance(node, Derivative)]
    by_one = len({node.variable for node in derivatives}) == 1
    says_enough = by_one and not any(node.partial for node in derivatives)
    return _changed(part) if says_enough else part


def _formulas(part: object) -> Iterator[Expr]:
    """Every formula in a part; pages are shallow."""
    if isinstance(part, Expr):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _formulas(item)
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            yield from _formulas(getattr(part, field.name))


def _changed(part: _Part) -> _Part:
    """The same part with each derivative in primes; places of marks stay true."""
    if isinstance(part, Expr):
        return in_primes(part)  # type: ignore[return-value]
    if isinstance(part, tuple):
        return tuple(map(_changed, part))  # type: ignore[return-value]
    if is_dataclass(part) and not isinstance(part, type):
        changes = {field.name: _changed(getattr(part, field.name)) for field in fields(part)}
        made = replace(part, **changes)
        return _told_once(made) if isinstance(made, Chain) else made  # type: ignore[return-value]
    return part


def _told_once(chain: Chain) -> Chain:
    """Without a line that looks like the one before: d/dx f(x) and f′(x) are the same in primes."""
    kept: list[Line] = []
    for line in chain.lines:
        if kept and latex(kept[-1].whole) == latex(line.whole):
            first = kept.pop()
            worth = line.worth or first.worth
            line = replace(first, level=line.level, last=line.last, worth=worth)
        kept.append(line)
    return replace(chain, lines=tuple(kept))
