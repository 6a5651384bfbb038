"""Text as people type it, read into an expression or refused with a caret: never guessed.

Reading imports the language and the errors and nothing else: which functions exist
is told by the `Names` that are handed in.  It evaluates nothing.
"""

from symderiv.reading.lines import Line, read, read_lines

__all__ = ["Line", "read", "read_lines"]
