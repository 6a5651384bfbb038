"""What is written at the borders of a function by pieces, once each piece is differentiated.

What is true there is decided in `pieces`; here it becomes lines, kinks and conditions.
"""

from __future__ import annotations

from symderiv.catalogue.rules import pieces as rules
from symderiv.deriving.lines import Lines
from symderiv.deriving.pieces import borders, implied, joined, kinks, merged, smooth_borders
from symderiv.language.expressions import Cases, Expr, Relation


def settle_borders(lines: Lines, body: Cases, slopes: Cases, variable: Expr) -> None:
    """A slope after all, a kink, a jump, or no claim; `slopes` are those of the pieces."""
    setting = lines.setting
    lines.kinks.update(dict.fromkeys(kinks(body, slopes, variable, setting)))
    for border in smooth_borders(body, slopes, variable, setting):
        slopes = joined(slopes, border, body)
    lines.add(rules.smooth_border, slopes)
    for left_out in borders(slopes):
        lines.require(Relation(left_out.terms, ("!=",)))
    lines.add(rules.equal_pieces, merged(slopes))
    lines.settled.update(dict.fromkeys(implied(body, setting)))
