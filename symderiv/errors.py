"""What can go wrong, told apart by whose mistake it is.

Here belong the exceptions that symderiv raises on purpose, and nothing else: no
recovery, no printing beyond the caret.  `Mistake` and its children are the
user's: they say what was read, where, and what to write instead, and the command
line ends with exit 2.  `Broken` is ours: a step that does not hold.  It is never
swallowed, because a wrong line on a page is the worst thing that we can do.
"""

from __future__ import annotations


class Mistake(Exception):
    """Something typed or asked that symderiv cannot act on; the message says what to do."""


class Unreadable(Mistake):
    """Text that is not mathematics we can read.

    `text` is what was read, `position` a 0-based index into it, `problem` one
    sentence, `hint` what to write instead (may be empty).
    """

    def __init__(self, text: str, position: int, problem: str, hint: str = "") -> None:
        self.text, self.position, self.problem, self.hint = text, position, problem, hint
        super().__init__(text, position, problem, hint)

    def __str__(self) -> str:
        start = max(0, self.position - 40)
        line = self.text[start : start + 76].replace("\n", " ").replace("\t", " ")
        shown = "".join(ch if ch.isprintable() else "·" for ch in line)
        caret = " " * (self.position - start) + "^"
        hint = f"\n{self.hint}" if self.hint else ""
        return f"{self.problem}\n  {shown}\n  {caret}{hint}"


class Unknown(Mistake):
    """A name that nothing here has: a function, a rule, a format, a level of detail."""


class NoRule(Mistake):
    """No rule differentiates this; the message names the function or the form."""


class Stuck(Mistake):
    """A derivation that was begun and cannot be brought to the form that was asked for."""


class Broken(AssertionError):
    """A step of ours whose two sides differ: a bug in symderiv, never the user's fault."""
