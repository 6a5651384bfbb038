"""What a page in HTML tells those who do not see it, and gives those who have no mouse.

A formula that a phone cannot show at once scrolls in its own cell, and a cell that scrolls is
of use to a keyboard only where it can be focused.  A heading of a table that is a formula has
its words as a label, since not every voice reads mathematics there.  How a thing looks never
belongs here.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from symderiv.documents.document import Prose
from symderiv.language.expressions import Expr
from symderiv.printing.advances import advance
from symderiv.printing.unicode import unicode_text

_ROOM = 10.0  # em of a formula: the cell of a reason's own derivation, on a screen of 360 px


def focusable(what: Expr | Prose) -> Markup:
    """The attribute of a cell that may have to scroll, for a formula or several side by side.

    A formula is at most as wide as it is on one line, where no fraction is stacked.
    """
    parts = (what,) if isinstance(what, Expr) else what
    wide = sum(advance(unicode_text(part)) for part in parts if isinstance(part, Expr))
    return Markup(' tabindex="0"') if wide > _ROOM else Markup()


def labelled(cell: Markup) -> Markup:
    """A heading of a table whose formulas have their words as a label too.

    Browsers know `alttext` for what it is only where they read formulas, not in a name.
    """
    twice = r'<math alttext="\1" aria-label="\1"'
    said = re.sub(r'<math alttext="([^"]*)"', twice, str(cell))  # of a Markup it would escape
    return Markup(said)  # noqa: S704 (escaped as it was)
