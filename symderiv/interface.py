"""The interface: what a person types or hands over becomes a request to the engine.

Here text, SymPy and our own expressions are told apart, and names are declared by
what a problem mentions.  No mathematics is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, overload

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.derivation import Derivation
from symderiv.deriving.implicit import derive_implicitly
from symderiv.deriving.networks.network import Network as Network  # part of the interface
from symderiv.deriving.problem import Problem
from symderiv.deriving.strategy import derive_expression, derive_function, parameters
from symderiv.errors import Mistake, NoRule, Unreadable
from symderiv.homework import answers, derivations
from symderiv.homework.problems import Problem as Posed
from symderiv.homework.problems import pose
from symderiv.homework.results import Check, Marked
from symderiv.judging.comparing import compare as _compare
from symderiv.judging.points import Setting
from symderiv.judging.preparing import without_definitions
from symderiv.judging.verdict import Verdict
from symderiv.language.arrays import Matrix
from symderiv.language.domains import Domain, read_domain
from symderiv.language.expressions import Apply, Expr, Relation, Symbol
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
    of: str | Symbol | None = None,
) -> Derivation:
    """The derivative of `what` (text, an expression, SymPy's, a catalogue function), by steps.

    `wrt` may be left out where there is one symbol.  `where` gives a name its domain, `given`
    defines named quantities, `order` asks for higher derivatives, `kinks` names a convention
    (`undefined`, `torch`, `jax`), `form` the form of the result (`textbook`, `expanded`,
    `factored`, `one fraction`, `as differentiated`), `prefer` one of several ways (`product`,
    `power`, `quotient`, `logarithmic`).  Raises `Unreadable`, `NoRule`, or `Mistake`.

    An equation is differentiated implicitly and solved for the derivative of the name `of`;
    a `wrt` that does not stand in it, such as time, moves all its names.

    Raises `Unreadable`, `NoRule`, or `Mistake` with what to do.

    >>> str(derive("x*exp(x)").result)
    'exp(x)*(x + 1)'
    >>> str(derive("L", wrt="z", given={"L": "bce(yhat, y)", "yhat": "sigma(z)"}).result)
    'yhat - y'
    >>> str(derive("x^2 + y^2 = 25", wrt="x", of="y").result)
    'D(y, x) = -x/y'
    """
    if isinstance(what, Function):
        return derive_function(what, kinks=kinks)
    request = understood([what], where, given, [wrt, of])
    return _derived(request, order, kinks, form, prefer)


def _derived(asked: Request, order: int, kinks: str, form: str, prefer: str) -> Derivation:
    """The derivation that was asked for, of an expression or of an equation."""
    (expression,), (variable, name) = asked.expressions, asked.symbols
    if isinstance(expression, Relation) or name is not None:
        if asked.given or kinks != "undefined" or form != "textbook" or prefer:
            raise Mistake(
                "An equation takes no given names, no convention for kinks, no form and no way."
            )
        return derive_implicitly(expression, name, variable, where=asked.where, order=order)
    return derive_expression(
        expression,
        variable,
        where=asked.where,
        given=asked.given,
        order=order,
        kinks=kinks,
        form=form,
        prefer=prefer,
    )


class Request(NamedTuple):
    """What was asked, understood: expressions, symbols, domains, and what names stand for."""

    expressions: tuple[Expr, ...]
    symbols: tuple[Symbol | None, ...]
    where: dict[Symbol, Domain]
    given: dict[Symbol, Expr]


def understood(
    what: Iterable[Readable],
    where: Mapping[str, str] | None = None,
    given: Mapping[str, Readable] | None = None,
    symbols: Iterable[str | Expr | None] = (),
) -> Request:
    """Texts, SymPy expressions and our own as a request; every name that is mentioned counts.

    Raises `Unreadable`, and `Mistake` for a symbol that is none.
    """
    where, given, symbols = where or {}, given or {}, tuple(symbols)
    declared = _declared([n for n in (*where, *given, *symbols) if isinstance(n, str)])
    names = Names(symbols=declared)
    found = []
    for name in symbols:
        symbol = declared[name] if isinstance(name, str) else name
        if symbol is not None and not isinstance(symbol, Symbol):
            raise Mistake(f"One differentiates by a symbol, and {symbol} is not one.")
        found.append(symbol)
    return Request(
        tuple(_expression(text, names) for text in what),
        tuple(found),
        {declared[name]: read_domain(text) for name, text in where.items()},
        _stood_for(given, declared, names),
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
    one, other = (asked := understood([left, right], where, given)).expressions
    implied = parameters((one, other, *asked.given.values()), shipped())
    return _compare(one, other, Setting(functions, {**implied, **asked.where}, asked.given))


def check(
    question: Readable | Posed,
    answer: Readable,
    wrt: str | Expr | None = None,
    *,
    where: Mapping[str, str] | None = None,
    given: Mapping[str, Readable] | None = None,
    form: str = "",
    digits: int | None = None,
    tolerance: str | float | Fraction | None = None,
) -> Check:
    """What is said of one answer to a question: `D(x*sin(x), x)`, or what to differentiate.

    `where` and `given` are as for `derive`; quantities may be given as numbers.  `form` is a
    form to ask for ("factored", "expanded", "in terms of sigma", "one fraction", "no fraction
    in a fraction"), `digits` how many significant digits, `tolerance` how far a number may be
    off (0.01 or "1%").  The answer is untrusted text and never raises; a mistake in the
    question does (`Unreadable`, `NoRule`, `Mistake`).  A posed problem (`problem`) is asked
    again at once.

    >>> check("D(x*sin(x), x)", "dy/dx = sin x + x cos x").verdict
    'correct'
    >>> slip = check("x*sin(x)", "cos(x)")
    >>> slip.verdict, [found.name for found in slip.misconceptions][:1]
    ('incorrect', ['product of derivatives'])
    """
    options = {"where": where, "given": given, "form": form, "digits": digits}
    posed = problem(question, wrt, tolerance=tolerance, **options)  # type: ignore[arg-type]
    if not isinstance(answer, (str, Expr)):
        answer = from_sympy(answer)
    return answers.check(posed, answer)


def check_lines(
    question: Readable | Posed,
    lines: str | Sequence[str],
    wrt: str | Expr | None = None,
    *,
    where: Mapping[str, str] | None = None,
    given: Mapping[str, Readable] | None = None,
    form: str = "",
    digits: int | None = None,
    tolerance: str | float | Fraction | None = None,
) -> Marked:
    """What is said of a whole derivation: a text (LaTeX align, Markdown, a line each) or its lines.

    Each line is judged against the line before and against the truth; the options are those
    of `check`.

    >>> marked = check_lines("D(x*sin(x), x)", ["D(x, x)*D(sin(x), x)", "= cos(x)"])
    >>> marked.first_wrong, marked.lines[0].misconceptions[0].name
    (0, 'product of derivatives')
    >>> marked.lines[1].verdict, marked.lines[1].follow_through
    ('follows', True)
    """
    options = {"where": where, "given": given, "form": form, "digits": digits}
    posed = problem(question, wrt, tolerance=tolerance, **options)  # type: ignore[arg-type]
    return derivations.check_lines(posed, lines)


def problem(
    question: Readable | Posed,
    wrt: str | Expr | None = None,
    *,
    where: Mapping[str, str] | None = None,
    given: Mapping[str, Readable] | None = None,
    form: str = "",
    digits: int | None = None,
    tolerance: str | float | Fraction | None = None,
) -> Posed:
    """The question as a value, derived once: for many answers to it.  Options as of `check`."""
    if isinstance(question, Posed):
        return question
    where, given = where or {}, given or {}
    declared = _declared(name for name in (*where, *given, wrt) if isinstance(name, str))
    names = Names(symbols=declared)
    return pose(
        _expression(question, names),
        _variable(declared[wrt] if isinstance(wrt, str) else wrt),
        where={declared[name]: read_domain(text) for name, text in where.items()},
        given=_stood_for(given, declared, names),
        form=form,
        digits=digits,
        tolerance=tolerance,
    )


def _stood_for(
    given: Mapping[str, Readable], declared: Mapping[str, Symbol], names: Names
) -> dict[Symbol, Expr]:
    """What named quantities stand for; `Mistake` where one is defined by itself."""
    found = {declared[name]: _expression(value, names) for name, value in given.items()}
    if found:
        without_definitions(Matrix((tuple(found),)), found)  # all at once
    return found


def _variable(wrt: Expr | None) -> Symbol | None:
    """What is differentiated by; `Mistake` where it is no symbol."""
    if wrt is not None and not isinstance(wrt, Symbol):
        raise Mistake(f"One differentiates by a symbol, and {wrt} is not one.")
    return wrt


def _declared(typed: Iterable[str]) -> dict[str, Symbol]:
    """The symbols that a problem mentions, by the text in which it does."""
    return {text: _symbol(text) for text in typed}


@lru_cache(maxsize=256)
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


Renderable: TypeAlias = "Derivation | Problem | Document | Network | Check | Marked"


@overload
def render(  # type: ignore[overload-overlap]  # "pdf" is the one format that is no text
    what: Renderable,
    format: Literal["pdf"],
    *,
    detail: str = ...,
    dialect: str = ...,
    templates: Iterable[str] = ...,
    links: str = ...,
    notation: str = ...,
    language: str = ...,
) -> bytes: ...
@overload
def render(
    what: Renderable,
    format: str = ...,
    *,
    detail: str = ...,
    dialect: str = ...,
    templates: Iterable[str] = ...,
    links: str = ...,
    notation: str = ...,
    language: str = ...,
) -> str: ...
def render(
    what: Renderable,
    format: str = "text",  # noqa: A002 (the field's own word, and the design's)
    *,
    detail: str = "standard",
    dialect: str = "",
    templates: Iterable[str] = (),
    links: str = "",
    notation: str = "",
    language: str = "",
) -> str | bytes:
    """A derivation, problem, document, network or feedback in one of the formats: `text`,
    `markdown`, `latex`, `html`, `typst` or `json`, or as the bytes of a `pdf` (for which the
    extra of that name is installed).

    `detail` is `brief`, `standard` or `full`; `dialect` a spelling of the format
    (`github` or `plain` Markdown); `templates` are folders whose blocks replace ours; `links` is
    the base address of a site with the glossary (`/rules/#chain-rule`), to which reasons lead;
    `notation` is `leibniz`, d/dx [x²], or `prime`, (x²)′ wherever a prime says enough; `language`
    is that of the words, such as `de`.
    Every step is checked first: `Broken` is raised rather than a wrong line printed.
    """
    from symderiv.documents import rendering  # Jinja only when a page is made

    options: dict[str, Any] = {"detail": detail, "dialect": dialect, "links": links}
    options |= {"notation": notation, "language": language}
    if format == "pdf":
        return rendering.render_pdf(what, templates=tuple(templates), **options)
    return rendering.render(what, format, templates=tuple(templates), **options)


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
