"""Every printer by the program that reads it: printers × engines × nodes.

`SAMPLES` has every node of the language; each printer spells every sample, plain and with a
mark at each place, and hands them to its own engine in one piece.  A node without a sample
fails, and so does a printer without an engine.  What a formula should look like stands in the
tests of the printers; here it is only asked whether the engine takes it.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symderiv as sd
from symderiv import language
from symderiv.catalogue.gathering import shipped
from symderiv.documents import typesetting
from symderiv.documents.document import Document
from symderiv.documents.folders import template_text
from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.build import PI, D, E, cases, symbols, total
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
    Constant,
    Derivative,
    Expr,
    Head,
    IndexedSum,
    Indicator,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
    Transpose,
)
from symderiv.language.integrals import Integral
from symderiv.language.patterns import Letter
from symderiv.language.walks import Place, nodes
from symderiv.printing.latex import DIALECTS, latex
from symderiv.printing.mathml import math_element
from symderiv.printing.speech import speech
from symderiv.printing.typst import typst

OUTPUT = Path(__file__).resolve().parent.parent / "output"
MARK = "factor-1 cancelled"

x, y, z, n, i, j, L, W, yhat = symbols("x y z n i j L W yhat")
one, two, three = (Number(text) for text in "123")
half = Quotient(one, two)
SIGMA, F, RELU = Head("sigmoid", r"\sigma"), Head("f"), Head("relu", r"\mathrm{ReLU}")
LAYERED = Symbol("W", "", "l-1", (Number("1"), Number("12")))


def of(name: str, *arguments: Expr) -> Expr:
    return Apply(Head(name), arguments)


SAMPLES: dict[type[Expr], tuple[Expr, ...]] = {
    Number: (Number("0.50"), Number("3/4"), Number("1e-5"), Number(".5"), Number("1e400")),
    Constant: (E, PI, E**x * Symbol("e")),
    Letter: (Letter("f"), Letter("alpha"), Letter("g") * x),
    Symbol: (
        yhat, LAYERED, Symbol("loss"), Symbol("Delta"), x.at(i + 1), x.at(Symbol("max")),
        W.at(11), x.at(1, 2), x.at(i - x.at(j)), *(Symbol("x", a) for a in ("bar", "tilde", "vec")),
        Symbol("größe"), Symbol("varepsilon"),
    ),
    Sum: (x + y - z, x - (y - z), x + Negative(y / z), x + total(x.at(j), j, 1, n) + y),
    Product: (2 * x, x * Negative(y), x * of("tanh", z), half * (x + 1), two * three,
              Symbol("f") * y),
    Negative: (-x, Negative(x + y), Negative(Negative(x)), Negative(x / y)),
    Quotient: (x / y, x / (y / z), (x / y) / z, -x / (1 + E**-x)),
    Power: (x**2, (x + 1) ** n, x ** (y**z), (x / y) ** half, of("tanh", z) ** 2, LAYERED**2),
    Apply: (
        Apply(SIGMA, (x / y,)), of("log", z), of("max", x, y), of("sqrt", x + 1),
        of("root", x, three), of("root", x, n + 1), Apply(Head("softmax", "", 1), (z, i)),
        Apply(Head("delta", r"\delta", 2), (i, j)), of("log2", x), x * Apply(RELU, (z,)),
    ),
    Prime: (Prime(SIGMA, 1, z), Prime(F, 2, x), Prime(F, 3, x / y), Prime(F, 4, x),
            Prime(F, 2, x) ** 2),
    Derivative: (
        D(L, yhat, partial=True), D(y, x, 2), D(Apply(SIGMA, (z,)), z) * x, D(x / y, x),
        D(L, LAYERED, 2, partial=True), D(of("log", x), x), D(L, of("f", x)),
    ),
    Relation: (
        *(Relation((x, one), (sign,)) for sign in ("=", "!=", "<", "<=", ">", ">=")),
        Relation((one, yhat, two), ("<", "<=")),
    ),
    Cases: (cases((z, z > 0), (0, z <= 0)), 2 * cases((x / y, z > 0))),
    Absolute: (Absolute(x), Absolute(x / y), Absolute(Absolute(x) - 1), Absolute(-x)),
    Transpose: (Transpose(W), Transpose(x / y), Transpose(LAYERED), Transpose(W * x),
                Transpose(W) ** 2),
    Indicator: (Indicator(z > 0), 2 * Indicator(x / y > 0)),
    IndexedSum: (total(x.at(j), j, 1, n), total(x + 1, j, i + 1, n) / n),
    Integral: (Integral(x, x, one, two), Integral(1 / x, x, one / y, n) * 2),
    Elementwise: (Elementwise((x, y)), Elementwise((-x, y + z, Transpose(W) * x)),
                  Elementwise((x, y)) ** 2),
    Matrix: (
        Matrix([[x, y], [y, x / y]]), Matrix([[x]]), Transpose(Matrix([[x], [y]])) * z,
        Apply(SIGMA, (Matrix([[x, y]]),)),
    ),
}  # fmt: skip
EXPRESSIONS = [expr for row in SAMPLES.values() for expr in row]
EXPRESSIONS += [function.applied for function in shipped().functions.values()]
TYPED = [Symbol(name) * x for name in ("a_b&c%", "}{$#", "<b>", r"\input", '"', "-->")]
"""Names that only a program can give, which an engine may take for its own signs."""


def every_place(expr: Expr) -> Iterator[Place]:
    waiting: list[tuple[Place, Expr]] = [((), expr)]
    while waiting:
        place, node = waiting.pop()
        yield place
        waiting += [((*place, k), part) for k, part in enumerate(node.parts)]


Printer = Callable[..., str]


def spelled(printer: Printer, exprs: list[Expr]) -> list[str]:
    """Each formula, and each with a mark at every place, one at a time and all at once."""
    found = []
    for expr in exprs:
        places = [*every_place(expr)]
        found += [printer(expr), printer(expr, marks=dict.fromkeys(places, MARK))]
        found += [printer(expr, marks={place: MARK}) for place in places]
    return [*dict.fromkeys(found)]


def test_every_node_of_the_language_has_a_sample() -> None:
    """Also one that is added tomorrow, in whatever module of the language."""
    modules = [
        importlib.import_module(f"{language.__name__}.{found.name}")
        for found in pkgutil.iter_modules(language.__path__)
    ]
    classes = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Expr) and value is not Expr
    }

    assert classes == {*SAMPLES}
    for kind, row in SAMPLES.items():
        assert all(kind in map(type, nodes(expr)) for expr in row)


# --- the engines: each takes formulas, and says what is wrong with them ---------------------------


@pytest.fixture
def judges(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Callable[..., Any]]:
    """Each engine by name; it is started, or found missing, when it is asked."""

    def from_node(engine: str, fixture: str = "engines", **more: str) -> Callable[..., Any]:
        return lambda formulas: request.getfixturevalue(fixture)(engine, formulas=formulas, **more)

    return {
        "KaTeX, strict": from_node("katex"),
        "MathJax": from_node("mathjax"),
        "Chromium": from_node("mathml", "chromium", css=template_text("html/style.css")),
        "pdflatex": lambda formulas: pdflatex(
            formulas, request.getfixturevalue("program")("pdflatex"), tmp_path
        ),
        "Typst": typst_wheel,
        "a voice": a_voice,
    }


def pdflatex(formulas: list[str], program: str, folder: Path) -> list[str]:
    """In one document with the preamble of our own; Debian's base and recommended packages."""
    page = sd.render(Document("Formulas", ()), "latex")
    lines = "\n".join(rf"\par$\displaystyle {formula}$" for formula in formulas)
    text = page.replace(r"\end{document}", lines + "\n" + r"\end{document}")
    (folder / "formulas.tex").write_text(text, encoding="utf-8")
    run = subprocess.run(
        [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "formulas.tex"],
        cwd=folder, env={**os.environ, "openout_any": "p"}, capture_output=True, timeout=120,
    )  # fmt: skip
    log = (folder / "formulas.log").read_text(encoding="latin-1")
    faults = re.findall(r"^(?:! .*(?:\n.*){3}|Missing character.*)", log, re.MULTILINE)
    return faults or ([log[-2000:]] if run.returncode else [])


def typst_wheel(formulas: list[str]) -> list[str]:
    pytest.importorskip("typst", reason="the wheel typst is not installed: pip install typst")
    page = sd.render(Document("Formulas", ()), "typst")
    rows = "\n".join(f'#sdgiven("a formula", ${formula}$)' for formula in formulas)
    try:
        pdf = typesetting.typeset(page + rows)
    except sd.Mistake as mistake:
        return [str(mistake)]
    return [] if b"pdfuaid:part" in pdf else ["no tagged PDF"]


def a_voice(texts: list[str]) -> list[str]:
    """Words and numbers, with commas for pauses: no sign that a voice would leave out."""
    return [text for text in texts if not re.fullmatch(r"[\w. ]+(?:, [\w. ]+)*", text)]


# --- the table ----------------------------------------------------------------------------------


@cache
def in_dialect(dialect: str) -> Printer:
    return lambda expr, **marks: latex(expr, dialect=dialect, **marks)


PRINTERS: dict[str, Printer] = {
    **{f"LaTeX, {dialect}": in_dialect(dialect) for dialect in DIALECTS},
    "MathML": math_element,
    "Typst": typst,
    "speech": speech,
}
TABLE = [
    *((f"LaTeX, {dialect}", "KaTeX, strict") for dialect in DIALECTS),
    *((f"LaTeX, {dialect}", "MathJax") for dialect in DIALECTS if dialect != "latex"),
    *((f"LaTeX, {dialect}", "pdflatex") for dialect in ("portable", "latex")),
    ("MathML", "Chromium"),
    ("Typst", "Typst"),
    ("speech", "a voice"),
]


@pytest.mark.parametrize(("printer", "engine"), TABLE)
def test_an_engine_takes_every_node(
    printer: str, engine: str, judges: dict[str, Callable[..., Any]]
) -> None:
    typed = [] if engine == "a voice" else TYPED  # a voice is told them as they are
    formulas = spelled(PRINTERS[printer], EXPRESSIONS + typed)

    assert len(formulas) >= len(EXPRESSIONS)  # no two samples look alike
    assert judges[engine](formulas) == []


@pytest.fixture(scope="module")
def drawn(expressions: st.SearchStrategy[Expr]) -> list[Expr]:
    """Drawn first and judged in one piece: an engine is not asked tree by tree."""
    found: list[Expr] = []

    @given(data=st.data())
    def draw(data: st.DataObject) -> None:
        found.append(data.draw(expressions))

    draw()
    return found


@pytest.mark.parametrize(
    ("printer", "engine"),
    [("LaTeX, portable", "KaTeX, strict"), ("Typst", "Typst"), ("MathML", "Chromium")],
)
def test_an_engine_takes_whatever_a_generator_thinks_of(
    printer: str, engine: str, judges: dict[str, Callable[..., Any]], drawn: list[Expr]
) -> None:
    assert len(drawn) >= 100
    assert judges[engine]([PRINTERS[printer](expr) for expr in drawn]) == []


# --- what the catalogue says, and what the pages say ---------------------------------------------


def test_katex_takes_every_rule_and_every_function_of_the_catalogue(
    judges: dict[str, Callable[..., Any]],
) -> None:
    known = shipped()
    laws = [form for rule in known.rules.values() for form in rule.forms]
    laws += [slip.form for slip in known.misconceptions.values()]
    for function in known.functions.values():
        laws += filter(None, (function.definition, *function.slope_rule.forms))
    sides = [side for law in laws for side in law]
    sides += [rule.condition for rule in known.rules.values() if rule.condition]

    assert len(sides) > 500
    for dialect in DIALECTS:
        assert judges["KaTeX, strict"]([latex(side, dialect=dialect) for side in sides]) == []


PAGES = sorted(path.name for path in OUTPUT.glob("*.md"))
INLINE = re.compile(r"\$`([^`]+)`\$|(?<!\$)\$(?!\$|`)([^$\n]+)\$(?!\$)")
DISPLAYED = re.compile(r"^```math\n(.*?)^```$|^\$\$\n(.*?)^\$\$$", re.MULTILINE | re.DOTALL)


def test_katex_takes_every_formula_of_the_pages_in_markdown(
    judges: dict[str, Callable[..., Any]],
) -> None:
    """A formula of a page is set as the page sets it: aligned lines, reasons and tags with it."""
    found: dict[str, int] = {}
    formulas: set[str] = set()
    for name in PAGES:
        text = (OUTPUT / name).read_text(encoding="utf-8")
        here = ["".join(m) for pattern in (DISPLAYED, INLINE) for m in pattern.findall(text)]
        rest = INLINE.sub("", DISPLAYED.sub("", text))
        found[name] = len(here)
        formulas |= {*here}

        assert "$" not in rest.replace(r"\$", ""), name  # no formula was overlooked

    assert {name.endswith(".plain.md") for name in found} == {True, False}
    assert min(found.values()) > 5
    assert judges["KaTeX, strict"](sorted(formulas)) == []
    assert judges["MathJax"](sorted(formulas)) == []
