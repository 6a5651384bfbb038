"""What a SymPy expression is worth at four points, so that readings can be compared.

Every process of (f) evaluates what it read with this module, and the hand-built meanings
are evaluated with it too: a name has the same number everywhere, whatever a reader calls
it (`W_{11}`, `W[1,1]`), a function that no reader knows is the same smooth function
everywhere, and a derivative of one bare name by another is a name of its own.  It imports
SymPy and nothing of symderiv: it also runs in the peers' environments.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Final

import sympy
from sympy.core.function import AppliedUndef

POINTS: Final = range(4)
_COUNTS: Final = {"n": 3, "m": 2, "N": 4}  # upper bounds of sums
_FONTS: Final = re.compile(r"mathrm|mathbf|mathcal|boldsymbol|operatorname|text|mathit|math")
_ACCENTED: Final = re.compile(r"(?<![a-z])(hat|bar|tilde|dot|vec)([A-Za-z]+)")
_KNOWN: Final = {
    "sigma": lambda u: 1 / (1 + sympy.exp(-u)),
    "relu": lambda u: sympy.Max(0, u),
    "sqrt": sympy.sqrt,
    "arcsin": sympy.asin,
}

Value = list[Any] | None


def values(expr: Any) -> list[Value]:
    """Its value at each point: real and imaginary part, or None where it has none.

    An equation or inequality has its sign and the values of both sides.
    """
    if isinstance(expr, sympy.core.relational.Relational):
        turned = expr.reversed if expr.rel_op in (">", ">=") else expr
        sides = zip(values(turned.lhs), values(turned.rhs), strict=True)
        return [[turned.rel_op, *one, *other] if one and other else None for one, other in sides]
    if not isinstance(expr, sympy.Expr):
        return [None for _ in POINTS]
    concrete = _concrete(expr)
    return [_at(concrete, point) for point in POINTS]


def agree(meant: list[Value], read: list[Value]) -> bool:
    """Whether two lists of values are the same wherever the first one has any."""
    pairs = [(one, other) for one, other in zip(meant, read, strict=True) if one]
    assert len(pairs) > 1, "a meaning must have a value at two points or more"
    return all(other is not None and _near(one, other) for one, other in pairs)


def _near(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(
        a == b if isinstance(a, str) or isinstance(b, str) else abs(a - b) < 1e-9 * (1 + abs(a))
        for a, b in zip(one, other, strict=True)
    )


def canonical(name: str) -> str:
    r"""A name without any reader's spelling: `\hat{y}_{i}`, `yhat_i` and `yhat[i]` are one."""
    name = _FONTS.sub("", name).replace("[", "_")
    name = re.sub(r"[^\w\-]|_(?=_)", "", name)
    return _ACCENTED.sub(r"\2\1", name)


def _concrete(expr: Any) -> Any:
    """The expression with canonical names, known functions, and no sum or derivative left."""
    expr = expr.replace(sympy.Indexed, lambda *of: sympy.Symbol(f"{of[0]}{list(of[1:])}"))
    symbols = {s: sympy.Symbol(canonical(s.name)) for s in expr.atoms(sympy.Symbol)}
    expr = expr.xreplace(symbols)
    expr = expr.replace(lambda node: isinstance(node, sympy.Derivative), _named_derivative)
    expr = expr.replace(lambda node: isinstance(node, AppliedUndef), _known_function)
    expr = expr.replace(lambda node: isinstance(node, sympy.Sum), _written_out)
    return expr.doit().doit()  # where f' stands at a place, the first leaves a derivative behind


def _named_derivative(node: Any) -> Any:
    """dL/dz of two names as one name; every other derivative as it is."""
    if not node.expr.is_Symbol or node.expr in node.variables:
        return node
    return sympy.Symbol(f"D_{node.expr}_{'_'.join(map(str, node.variables))}")


def _known_function(node: Any) -> Any:
    name = canonical(node.func.__name__).lower()
    name = {"sigmoid": "sigma", "loss": "l"}.get(name, name)
    if name in _KNOWN:
        return _KNOWN[name](*node.args)
    start = sympy.Rational(_hashed(name, 0))
    weighed = [(start + number) * arg for number, arg in enumerate(node.args, 1)]
    return sympy.sin(sympy.Add(*weighed)) + start


def _written_out(node: Any) -> Any:
    """A sum with all its terms; `x_j` under a sum over j becomes `x_1`, `x_2`, ..."""
    index, low, high = node.limits[0]
    high = high.subs({sympy.Symbol(name): count for name, count in _COUNTS.items()})
    if not (low.is_Integer and high.is_Integer):
        return node
    ending = f"_{index}"
    terms = []
    for number in range(int(low), int(high) + 1):
        entries = {
            s: sympy.Symbol(f"{s.name.removesuffix(ending)}_{number}")
            for s in node.function.atoms(sympy.Symbol)
            if s.name.endswith(ending)
        }
        terms.append(node.function.xreplace({**entries, index: sympy.Integer(number)}))
    return sympy.Add(*terms)


def _at(expr: Any, point: int) -> Value:
    numbers = {s: _number(s.name, point) for s in expr.free_symbols}
    try:
        value = complex(expr.xreplace(numbers).evalf(20))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return [value.real, value.imag] if value == value else None


def _number(name: str, point: int) -> Any:
    """Between 0.15 and 0.85 at the first two points, between -1.5 and 1.5 at the others."""
    if name in _COUNTS:
        return sympy.Integer(_COUNTS[name])
    share = sympy.Rational(_hashed(name, point))
    return share if point < 2 else 3 * share - sympy.Rational(3, 2)


def _hashed(name: str, point: int) -> str:
    """A fraction between 15/100 and 85/100 that depends on the name and the point alone."""
    number = int.from_bytes(sha256(f"{name} {point}".encode()).digest()[:4])
    return f"{150_000 + number % 700_000}/1000000"
