"""What stands low and raised beside a name, and how it is told apart without commas.

`W_{11}` is the entry in row 1 and column 1, `x_{11}` the eleventh of many; `w_{ij}` has
two indices, `x_{max}` one.  Nobody writes commas there, so one rule says which run of
letters or digits is one index and which is several: printing and reading both follow
it, and where it would mislead, a printer sets a comma or brackets.  Here belong the rule
and questions about what may be an index; neither the spelling of an index nor its
reading does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from symderiv.language.expressions import Constant, Expr, Negative, Number, Sum, Symbol
from symderiv.language.patterns import Letter

ACCENTS: Final = ("hat", "bar", "tilde", "dot", "vec")
GREEK_WORDS: Final = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta"}
    | {"iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "varrho", "sigma"}
    | {
        "varsigma",
        "tau",
        "upsilon",
        "phi",
        "varphi",
        "chi",
        "psi",
        "omega",
        "ell",
        "infty",
        "nabla",
    }
    | {"Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"}
)
_OF_INDICES: Final = frozenset("ijklmnpq")
_OF_NAMES: Final = frozenset("fghowxyz")
_SHORT_WORDS: Final = frozenset({"in", "min", "to", "if", "or", "is", "of", "on", "at", "by", "no"})
_ONE_LETTER: Final = re.compile(rf"(?:[A-Za-z]|{'|'.join(GREEK_WORDS)})(?:{'|'.join(ACCENTS)})?")
_TRANSPOSED: Final = Symbol("T")
_LAYERS: Final = (Symbol("l"), Symbol("L"))


def is_matrix(name: str) -> bool:
    """Whether a name is that of a matrix, if nothing else is said: one capital Latin letter."""
    return len(name) == 1 and "A" <= name <= "Z"


def apart(run: str, *, matrix: bool) -> tuple[str, ...]:
    """The indices that a run of letters or digits stands for; `matrix` says what carries it.

    >>> apart("ij", matrix=False), apart("max", matrix=False), apart("11", matrix=True)
    (('i', 'j'), ('max',), ('1', '1'))
    """
    if run.isdecimal():
        several = matrix and len(run) == 2
    elif not run.isalpha() or run in _SHORT_WORDS or _ONE_LETTER.fullmatch(run):
        several = False
    else:
        several = len(run) == 2 or _OF_INDICES.issuperset(run)
    return tuple(run) if several else (run,)


def run_of(index: Expr) -> str:
    """The digits or letters of an index that is a whole number or a bare name, else nothing."""
    match index:
        case Number(text) if text.isdecimal():
            return text
        case Symbol(name, accent, "", ()) if name.isalpha():
            return name + accent
        case Letter(name) if name.isalpha():
            return name
        case _:
            return ""


def stands_alone(name: str, index: Expr) -> bool:
    """Whether the run of this index behind `name` is read as this one index and nothing else.

    Three digits behind a matrix are nobody's guess.
    """
    run = run_of(index)
    if run.isdecimal():
        return len(run) == 1 or not is_matrix(name)
    return run != "" and apart(run, matrix=is_matrix(name)) == (run,)


def stand_beside(name: str, indices: Sequence[Expr]) -> bool:
    """Whether several indices behind `name` need no comma: side by side they are read as these."""
    runs = tuple(run_of(index) for index in indices)
    return all(runs) and apart("".join(runs), matrix=is_matrix(name)) == runs


def is_index(expr: Expr) -> bool:
    """Whether this may be an index: a number, a symbol, or a symbol and a number added, `i+1`."""
    match expr:
        case Sum((Symbol(), Number() | Negative(Number()))):
            return True
        case _:
            return isinstance(expr, (Number, Symbol))


def is_label(index: Expr) -> bool:
    """Whether an index is part of a name and runs over nothing: `in`, `max`, the h_1 of δ_{h_1}.

    Nobody counts by f, g, h, o, w, x, y or z: w_x and w_h are two weights, F_x and F_y two forces.
    """
    if not isinstance(index, Symbol):
        return False
    word = len(index.name) > 1 and index.name not in GREEK_WORDS
    return word or index.name in _OF_NAMES or bool(index.accent or index.layer or index.indices)


def offset(index: Expr) -> tuple[Expr | None, Fraction]:
    """An index as what it counts from and a number: `i-1` is (i, -1), `2` is (None, 2)."""
    match index:
        case Number():
            return None, index.value
        case Sum((Symbol() as start, Number() as step)):
            return start, step.value
        case Sum((Symbol() as start, Negative(Number() as step))):
            return start, -step.value
        case _:
            return index, Fraction()


def may_be_mark(base: Expr, exponent: Expr) -> bool:
    """Whether a bare exponent may be taken for a transpose, `W^T`, or a layer, `a^l`, `a^{l-1}`."""
    if exponent is _TRANSPOSED:
        return not isinstance(base, (Number, Constant))
    return isinstance(base, Symbol) and not base.layer and offset(exponent)[0] in _LAYERS
