"""What a page shows at a level of detail: its lines, and the rules that they name.

A page on paper shows one level; in HTML the reader chooses, so that everything is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.documents.document import (
    LEVELS,
    Block,
    Chain,
    Document,
    Folded,
    Glossed,
    Line,
    Named,
    Passage,
    Section,
    Steps,
)


def shown(chain: Chain, detail: str) -> list[Line]:
    """The lines of a chain that a level of detail shows; the last one always."""
    deepest = LEVELS.index(detail)
    return [line for line in chain.lines if line.last or LEVELS.index(line.level) <= deepest]


def glossary_of(page: Document, detail: str) -> tuple[Glossed, ...]:
    """The rules of a page without those that only lines below this level name.

    At the finest level every line is explained, and nothing is left out.
    """
    if detail == LEVELS[-1]:
        return page.glossary
    blocks = [part for section in page.sections for part in _parts(section)]
    chains = [part.chain for part in blocks if isinstance(part, (Section, Steps))]
    seen = {r.id for chain in chains for line in shown(chain, detail) for r in line.reasons}
    seen |= {r.id for part in blocks if isinstance(part, Named) for r in part.reasons}
    below = {reason.id for chain in chains for line in _all(chain) for reason in line.reasons}
    return tuple(rule for rule in page.glossary if rule.id in seen or rule.id not in below)


def _parts(whole: Section | Block | Passage) -> Iterator[Section | Block]:
    """A derivation itself; of a passage its blocks, and those inside of what is folded."""
    if isinstance(whole, (Passage, Folded)):
        for block in whole.blocks:
            yield from _parts(block)
    else:
        yield whole


def _all(chain: Chain) -> Iterator[Line]:
    """Every line of a chain, and of the derivations inside them."""
    waiting = [chain]
    while waiting:
        found = waiting.pop()
        yield from found.lines
        waiting += [lemma for line in found.lines for lemma in line.lemmas]
