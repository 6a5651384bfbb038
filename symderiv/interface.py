"""The interface: what a person types or hands over becomes a request to the engine.

Here text, SymPy and our own expressions are told apart, and names are declared by
what a problem mentions.  No mathematics is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.strategy import derive_expression, derive_function, parameters
from symderiv.errors import Mistake, NoRule, Unreadable
from symderiv.judging.comparing import compare as _compare
from symderiv.judging.points import Setting
from symderiv.judging.verdict import Verdict
from symderiv.language.domains import read_domain
from symderiv.language.expressions import Apply, Expr, Symbol
from symderiv.language.names import Names
from symderiv.reading import Line
from symderiv.reading import read as _read
from symderiv.reading import read_lines as _read_lines

if TYPE_CHECKING:
    from symderiv.documents.document import Document

Readable: TypeAlias = "str | Expr | Any"  # text, an expression, or a SymPy expression

functions: Mapping[str, Function] = shipped().functions
rules = shipped().rules
misconceptions = shipped().misconceptions


def read(text: str, names: Names | None = None) -> Expr:
    r"""The expression that `text` spells, in LaTeX, plain text or Unicode.

    `names` declares further functions, symbols and their kinds; the catalogue's functions
    are always known.  Raises `Unreadable` with a caret and a hint where the text is no
    formula, and its child `Ambiguous` with the readings where it has several.

    >>> str(read("sigma(z)*(1 - sigma(z))"))
    'sigmoid(z)*(1 - sigmoid(z))'
    >>> str(read(r"\frac{\partial L}{\partial W^{(1)}_{11}}"))
    'partial(L, W1[1,1])'
    """
    return _read(text, _known(names))


def read_lines(text: str, names: Names | None = None) -> list[Line]:
    r"""The lines of a derivation: a chain `a = b = c`, an align block, one equation a line.

    Each line is one member, with its expression, the sign by which it hangs on the line
    before, and its place in the text.  Raises as `read` does.

    >>> lines = read_lines(r"\begin{align} (x^2)^3 &= x^{2 \cdot 3} \\ &= x^6 \end{align}")
    >>> [f"{line.sign} {line.expr}".strip() for line in lines]
    ['(x^2)^3', '= x^(2*3)', '= x^6']
    """
    return _read_lines(text, _known(names))


def _known(names: Names | None) -> Names:
    """The catalogue's names, and these."""
    return shipped().names if names is None else shipped().names | names


def derive(
    what: Readable | Function | Derivation,
    wrt: str | Expr | None = None,
    *,
    where: Mapping[str, str] | None = None,
    given: Mapping[str, Readable] | None = None,
    order: int = 1,
    kinks: str = "undefined",
    form: str = "textbook",
    prefer: str = "",
) -> Derivation:
    """The derivative of `what` (text, an expression, SymPy's, a catalogue function), by steps.

    `wrt` may be left out where there is one symbol.  `where` gives a name its domain, `given`
    defines named quantities, `order` asks for higher derivatives, `kinks` names a convention
    (`undefined`, `torch`, `jax`), `form` the form of the result (`textbook`, `expanded`,
    `factored`, `one fraction`, `as differentiated`), `prefer` one of several ways (`product`,
    `power`, `quotient`, `logarithmic`).  Raises `Unreadable`, `NoRule`, or `Mistake`.

    >>> str(derive("x*exp(x)").result)
    'exp(x)*(x + 1)'
    >>> str(derive("L", wrt="z", given={"L": "bce(yhat, y)", "yhat": "sigma(z)"}).result)
    'yhat - y'
    """
    if isinstance(what, Function):
        return derive_function(what, kinks=kinks)
    where, given = where or {}, given or {}
    declared = _declared(name for name in (*where, *given, wrt) if isinstance(name, str))
    names = Names(symbols=declared)
    return derive_expression(
        _expression(what, names),
        _variable(declared[wrt] if isinstance(wrt, str) else wrt),
        where={declared[name]: read_domain(text) for name, text in where.items()},
        given={declared[name]: _expression(value, names) for name, value in given.items()},
        order=order,
        kinks=kinks,
        form=form,
        prefer=prefer,
    )


def compare(
    left: Readable,
    right: Readable,
    *,
    where: Mapping[str, str] | None = None,
    given: Mapping[str, Readable] | None = None,
) -> Verdict:
    """Whether two expressions are equal on a domain: proved, refuted, or undecided.

    Both are text, expressions, or SymPy expressions.  `where` gives a name its domain,
    `given` says what named quantities stand for.  `verdict` is `equal` (proved; `conditions`
    say what it holds except for), `different` (`witness` is an exact point, `values` are both
    sides there), or `undecided`, which means that a person must look, and never "wrong".
    Two equations are compared side by side, left with left and right with right.

    Raises `Unreadable`, or `Mistake` where an equation meets what is none.

    >>> compare("exp(-z)/(1+exp(-z))^2", "sigma(z)*(1-sigma(z))").verdict
    'equal'
    >>> slip = compare("log(x^2)", "2*log(x)")
    >>> slip.verdict, slip.witness, slip.values
    ('different', {'x': Fraction(-1, 1)}, ('0', 'undefined'))
    >>> compare("log(x^2)", "2*log(x)", where={"x": ">0"}).verdict
    'equal'
    >>> compare("(yhat - y)*x", "(a - y)*x", given={"a": "sigma(w*x)", "yhat": "a"}).verdict
    'equal'
    """
    where, given = where or {}, given or {}
    declared = _declared([*where, *given])
    names = Names(symbols=declared)
    one, other = (_expression(side, names) for side in (left, right))
    meanings = {declared[name]: _expression(value, names) for name, value in given.items()}
    domains = {declared[name]: read_domain(text) for name, text in where.items()}
    implied = parameters((one, other, *meanings.values()), shipped())
    return _compare(one, other, Setting(functions, {**implied, **domains}, meanings))


def _variable(wrt: Expr | None) -> Symbol | None:
    """What is differentiated by; `Mistake` where it is no symbol."""
    if wrt is not None and not isinstance(wrt, Symbol):
        raise Mistake(f"One differentiates by a symbol, and {wrt} is not one.")
    return wrt


def _declared(typed: Iterable[str]) -> dict[str, Symbol]:
    """The symbols that a problem mentions, by the text in which it does."""
    return {text: _symbol(text) for text in typed}


def _symbol(text: str) -> Symbol:
    """A name as a symbol: as the reader reads it, or a word of its own."""
    try:
        symbol = read(text)
    except Unreadable:
        if text.isidentifier() and len(text) <= 40:
            return Symbol(text)
        raise
    if isinstance(symbol, Symbol):
        return symbol
    raise Unreadable(text, 0, f"{text!r} is not a name.", "A name is a letter, a word, or x_1.")


def _expression(what: Readable, names: Names) -> Expr:
    if isinstance(what, str):
        return read(what, names)
    if isinstance(what, Expr):
        return what
    return from_sympy(what)


def render(
    what: Derivation | Document,
    format: str = "text",  # noqa: A002 (the field's own word, and the design's)
    *,
    detail: str = "standard",
    dialect: str = "",
    templates: Iterable[str] = (),
) -> str:
    """A derivation or document as `text`, `markdown`, `latex`, `html` or `json`.

    `detail` is `brief`, `standard` or `full`; `dialect` a spelling of the format
    (`github` or `plain` Markdown); `templates` are folders whose blocks replace ours.
    Every step is checked first: `Broken` is raised rather than a wrong line printed.
    """
    from symderiv.documents.rendering import render as render_  # Jinja only when a page is made

    return render_(what, format, detail=detail, dialect=dialect, templates=tuple(templates))


def to_sympy(expr: Readable) -> Any:
    """The expression as a SymPy one; the catalogue's own functions are written out."""
    from symderiv.printing.sympy import to_sympy as to_sympy_  # SymPy costs 400 ms

    return to_sympy_(_expression(expr, Names()), unfold=_unfold)


def _unfold(applied: Apply) -> Expr:
    function = functions.get(applied.head.name)
    if function is None or function.definition is None:
        raise NoRule(f"SymPy has no counterpart of {applied.head.name}.")
    return function.unfolded(applied)


def from_sympy(expression: Any) -> Expr:
    """A SymPy expression as it would be written on paper."""
    from symderiv.printing.sympy import from_sympy as from_sympy_  # SymPy costs 400 ms

    return from_sympy_(expression, shipped().names)
