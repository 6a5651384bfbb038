"""The irreducible factors of a polynomial over the integers: FLINT's answer, and nothing more.

It tells the engine where to end; that the product is the polynomial again is checked as
every other step is, by balls and by the prover, which do not ask FLINT for this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from symderiv.judging.residues import flint

Monomial: TypeAlias = tuple[int, ...]
Terms: TypeAlias = Mapping[Monomial, int]

MOST_TERMS = 60
_HIGHEST = 40  # of an exponent: what a page can hold, and FLINT answers at once


def factors(terms: Terms) -> tuple[int, list[tuple[dict[Monomial, int], int]]] | None:
    """A number, and each factor with its multiplicity; None for what is too large to ask."""
    if not terms or len(terms) > MOST_TERMS or any(max(m) > _HIGHEST for m in terms):
        return None
    library = flint()
    count = len(next(iter(terms)))
    names = tuple(f"a{k}" for k in range(count))
    ring = library.fmpz_mpoly_ctx.get(names, library.Ordering.degrevlex)
    number, found = ring.from_dict(dict(terms)).factor()
    listed = [
        ({tuple(map(int, m)): int(c) for m, c in one.to_dict().items()}, int(power))
        for one, power in found
    ]
    return int(number), listed
