"""What a problem has named, as rules: the definition of a quantity, and its name put back.

Here are the two rules that hold for one problem only; when they are used stands in
`differentiating`.
"""

from __future__ import annotations

from symderiv.catalogue.rule import Rule
from symderiv.language.expressions import Rewrite
from symderiv.printing.unicode import unicode_text


def defining(equation: Rewrite) -> Rule:
    """The definition of a named quantity as a rule."""
    return Rule(
        f"definition of {unicode_text(equation.left)}",
        (equation,),
        "Write out what it stands for.",
        "",
    )


def naming(equation: Rewrite) -> Rule:
    """The definition of a named quantity, read from right to left."""
    name, value = unicode_text(equation.right), unicode_text(equation.left)
    return Rule(f"write {name} for {value}", (equation,), f"{value} was named {name}.", "")
