"""What can go wrong, told apart by whose mistake it is.

Here belong the exceptions that symderiv raises on purpose, and nothing else: no
recovery, no printing beyond the caret.  `Mistake` and its children are the
user's: they say what was read, where, and what to write instead, and the command
line ends with exit 2.  `Broken` is ours: a step that does not hold.  It is never
swallowed, because a wrong line on a page is the worst thing that we can do.
"""

from __future__ import annotations

from collections import namedtuple  # typing costs 5 ms to import

_UNSEEN = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, and blanks on the page


def _shortened(line: str) -> str:
    """A line that fits on the page, however long the name that it quotes."""
    return line if len(line) <= 240 else f"{line[:120]}...{line[-80:]}"


class Mistake(Exception):
    """Something typed or asked that symderiv cannot act on; the message says what to do."""


class Unreadable(Mistake):
    """Text that is not mathematics we can read.

    `text` is what was read, `position` a 0-based index into it, `problem` one
    sentence, `hint` what to write instead (may be empty).
    """

    def __init__(self, text: str, position: int, problem: str, hint: str = "") -> None:
        problem = _shortened(problem).replace("\\\\", "\\")  # a quoted command has one backslash
        hint = "\n".join(_shortened(line) for line in hint.splitlines())
        self.text, self.position, self.problem, self.hint = text, position, problem, hint
        super().__init__(text, position, problem, hint)

    def __str__(self) -> str:
        start = max(0, self.position - 40)
        line = self.text[start : start + 76].replace("\n", " ").replace("\t", " ")
        shown = "".join(ch if ch.isprintable() and ch not in _UNSEEN else "·" for ch in line)
        caret = " " * (self.position - start) + "^"
        hint = f"\n{self.hint}" if self.hint else ""
        return f"{self.problem}\n  {shown}\n  {caret}{hint}"


Reading = namedtuple("Reading", ["words", "write"])
"""One way to read an ambiguous text: in `words`, and how to `write` it unmistakably."""


class Ambiguous(Unreadable):
    """Text that people or systems read in different ways; it is echoed, and the person asked.

    `readings` are the ways, each in words and as it can be written unmistakably.  Each of these
    may stand in the place of `text[span[0]:span[1]]`, where a span is known.
    """

    def __init__(
        self,
        text: str,
        position: int,
        problem: str,
        readings: tuple[Reading, ...],
        span: tuple[int, int] | None = None,
    ) -> None:
        self.readings, self.span = readings, span
        lines = [f"  for {words}, write {write}" for words, write in readings]
        super().__init__(text, position, problem, "\n".join(["It may mean:", *lines]))

    def rewritten(self) -> tuple[str, ...]:
        """The text in each of its readings; none where it is not known how far they go."""
        if self.span is None or any("..." in reading.write for reading in self.readings):
            return ()
        start, end = self.span
        before, behind = self.text[:start], self.text[end:]
        return tuple(f"{before}{reading.write}{behind}" for reading in self.readings)

    def __reduce__(self) -> tuple[type[Ambiguous], tuple[object, ...]]:
        return type(self), (self.text, self.position, self.problem, self.readings, self.span)


class Unknown(Mistake):
    """A name that nothing here has: a function, a rule, a format, a level of detail."""


class NoRule(Mistake):
    """No rule differentiates this; the message names the function or the form."""


class Stuck(Mistake):
    """A derivation that was begun and cannot be brought to the form that was asked for."""


class Broken(AssertionError):
    """A step of ours whose two sides differ: a bug in symderiv, never the user's fault."""
