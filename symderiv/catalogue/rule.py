"""What a rule is: one equation as a textbook prints it, with its reason and its example.

Here belong the types `Rule` and `Misconception` and what can be computed from one
declaration.  The rules themselves are values in `catalogue/rules/`; how a rule is
applied to a line stands in `deriving`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from symderiv.language.expressions import Derivative, Expr, Number, Rewrite

Tag: TypeAlias = Literal["", "rearrangement", "cosmetic", "pedantic", "arithmetic"]
"""Why a step by this rule may be folded away; empty where it may not."""

Reach: TypeAlias = Literal["place", "terms", "factors"]
"""What a rule's left side meets: one place, or any two terms of a sum, or factors of a product."""


@dataclass(frozen=True)
class Rule:
    """A law: `forms[0]` is its statement, further forms are the same law with other signs.

    `why` is one or two sentences in which `${f}` stands for what the letter f meets;
    `example` is one step in plain text, `before -> after`; `condition` is what must
    hold for the letters (such as `g != 0`).  A rule without forms says in `why` what
    is computed (arithmetic, the derivatives of the parts).
    """

    name: str
    forms: tuple[Rewrite, ...]
    why: str
    example: str
    condition: Expr | None = None
    reach: Reach = "place"
    tag: Tag = ""

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def differentiates(self) -> bool:
        """Whether it is a law of differentiation, and not of algebra."""
        return any(isinstance(form.left, Derivative) for form in self.forms)

    @property
    def trivial(self) -> bool:
        """Whether it only says that something is nought or one, as the identity rule does."""
        return any(isinstance(form.right, Number) for form in self.forms)

    @property
    def id(self) -> str:
        """The name as an anchor: `product-rule`."""
        return "".join(ch if ch.isalnum() else "-" for ch in self.name.lower()).strip("-")


Scope: TypeAlias = Literal["law", "line", "question", "result"]
"""What a misconception changes: one law where it is used, a line that was right, what was
asked for, or the result as a whole."""


@dataclass(frozen=True)
class Misconception:
    """A law as it is often bent: `form` looks like a law and is not one.

    `instead` is the law that it bends.  It may not derive; it is there to be recognised.
    The left side of `form` meets what `scope` says: a derivative where the law is used, a part
    of a line, the derivative that was asked for, or the right result.  A letter that only the
    right side holds may be any quantity of the problem; of the kind `named` one that was given
    a meaning, of the kind `count` a number of samples.
    """

    name: str
    form: Rewrite
    why: str
    example: str
    instead: Rule
    scope: Scope = "law"

    def __repr__(self) -> str:
        return f"<Misconception {self.name}>"

    def __hash__(self) -> int:
        return hash(self.name)
