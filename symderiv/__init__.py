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
    from symderiv.problems import (
        critical_points,
        gradient,
        hessian,
        inverse,
        jacobian,
        parametric,
        tangent,
    )
    from symderiv.sites.notebook import mimebundle

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
    "critical_points",
    "derive",
    "from_sympy",
    "functions",
    "gradient",
    "hessian",
    "inverse",
    "jacobian",
    "mimebundle",
    "misconceptions",
    "parametric",
    "problem",
    "read",
    "read_lines",
    "render",
    "rules",
    "tangent",
    "to_sympy",
]


_PROBLEMS = frozenset(
    ("critical_points", "gradient", "hessian", "inverse", "jacobian", "parametric", "tangent")
)
_ELSEWHERE = {"mimebundle": "sites.notebook"}


def __getattr__(name: str) -> object:
    if name in __all__:
        from importlib import import_module  # lazily: see above

        module = "problems" if name in _PROBLEMS else _ELSEWHERE.get(name, "interface")
        return getattr(import_module(f"symderiv.{module}"), name)
    raise AttributeError(f"module 'symderiv' has no attribute {name!r}")
