"""Symbolic derivatives derived step by step, each line checked before it is printed.

What stands in `__all__` is the interface; everything else may move.  The parts are
loaded when they are first used, so that `import symderiv` and `symderiv --help` are
quick and neither SymPy nor FLINT is imported before it is needed.
"""

from symderiv.errors import Ambiguous, Broken, Mistake, NoRule, Stuck, Unknown, Unreadable

TYPE_CHECKING = False  # as in typing, which costs 5 ms to import
if TYPE_CHECKING:
    from symderiv.interface import (
        Network,
        check,
        check_lines,
        compare,
        derive,
        from_sympy,
        functions,
        misconceptions,
        problem,
        read,
        read_lines,
        render,
        rules,
        to_sympy,
    )
    from symderiv.judging.verdict import Verdict
    from symderiv.language.names import Names

__version__ = "0.1.0"

__all__ = [
    "Ambiguous",
    "Broken",
    "Mistake",
    "Names",
    "Network",
    "NoRule",
    "Stuck",
    "Unknown",
    "Unreadable",
    "Verdict",
    "check",
    "check_lines",
    "compare",
    "derive",
    "from_sympy",
    "functions",
    "misconceptions",
    "problem",
    "read",
    "read_lines",
    "render",
    "rules",
    "to_sympy",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        from importlib import import_module  # lazily: see above

        return getattr(import_module("symderiv.interface"), name)
    raise AttributeError(f"module 'symderiv' has no attribute {name!r}")
