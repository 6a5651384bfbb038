"""A whole derivation, line by line: what follows, what is merely true, and what is wrong.

Here belongs the order in which a line is judged; by which rules a line follows stands in
`following`, what was believed in `diagnosis`, tables of rates in `rates`.
"""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.homework.problems import Problem
from symderiv.homework.results import Marked


def check_lines(problem: Problem, lines: str | Sequence[str]) -> Marked:
    """What is said of a derivation: a text of lines, or one text for each line."""
    raise NotImplementedError
