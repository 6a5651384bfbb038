"""What several test modules share: names declared by hand, and trees of every kind.

Test modules cannot import one another (pytest's importlib mode), so these are
fixtures; a Hypothesis test takes the strategy as one and draws with `data.draw`.
The trees are built with `draw` alone: a failing test then shows the tree, and not the
strategy, which is 72 kB of text.

And the engines that run in node: KaTeX, MathJax, and Chromium with axe-core.  `make engines`
installs them; where they are not, a test says so, and is skipped unless SYMDERIV_ENGINES is
"required", as in CI.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.build import PI, E
from symderiv.language.expressions import (
    Absolute,
    Apply,
    Cases,
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
from symderiv.language.names import Names
from symderiv.language.walks import nodes

# no test asserts a time: a loaded machine is no failure
settings.register_profile("symderiv", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("symderiv")

_SPELLED = {
    Head("sigmoid", r"\sigma"): ("sigmoid", "sigma", "σ"),
    Head("tanh"): ("tanh",),
    Head("sin"): ("sin",),
    Head("cos"): ("cos",),
    Head("log", r"\log"): ("log", "ln"),
    Head("sqrt"): ("sqrt",),
    Head("relu", r"\mathrm{ReLU}"): ("relu", "ReLU"),
    Head("max"): ("max",),
    Head("bce"): ("bce",),
    Head("root"): ("root",),
}
_NAMES = Names(
    functions={spelling: head for head, all_ in _SPELLED.items() for spelling in all_},
    arity={head.name: 2 if head.name in ("max", "bce", "root") else 1 for head in _SPELLED},
)


@pytest.fixture(scope="session")
def names() -> Names:
    return _NAMES


@pytest.fixture(scope="session")
def expressions() -> st.SearchStrategy[Expr]:
    """Expressions in which every kind of node occurs, in names that need no declaration."""
    return _expressions()


_LETTERS = [*"abcdfghijklmnopqrstuvwxyzABDELRTWX", "alpha", "theta", "eta", "Delta"]
_LETTERED = [Head("f"), Head("g"), Head("h")]
_UNARY = [head for head in _SPELLED if _NAMES.arity[head.name] == 1] + _LETTERED
_BINARY = [head for head in _SPELLED if _NAMES.arity[head.name] == 2] + _LETTERED
_NODES = [Sum, Product, Negative, Quotient, Power, Apply, Prime, Derivative, Cases]
_NODES += [Absolute, Transpose, Indicator, IndexedSum, Integral, Elementwise, Matrix]


@st.composite
def _expressions(draw: st.DrawFn) -> Expr:
    depth = draw(st.integers(0, 5))
    return _relation(draw, depth) if draw(st.integers(0, 9)) == 9 else _tree(draw, depth)


def _tree(draw: st.DrawFn, depth: int) -> Expr:
    """A tree of at most this depth; most often a leaf, so that none grows without end."""
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return _leaf(draw)
    kind = draw(st.sampled_from(_NODES))
    if kind in (Cases, Indicator):
        return _conditional(draw, kind, depth - 1)
    count = draw(st.integers(2, 3))
    parts = [_tree(draw, depth - 1) for _ in range(count)]
    if kind in (Sum, Product, Elementwise):
        return kind(parts)
    if kind is Matrix:
        return _matrix(draw, parts)
    if kind in (Negative, Absolute, Transpose):
        return kind(parts[0])
    if kind is Quotient:
        return Quotient(*parts[:2])
    if kind is Power:
        return Power(E if count == 3 else parts[0], parts[1])
    if kind is Apply:
        heads, taken = (_UNARY, 1) if draw(st.booleans()) else (_BINARY, 2)
        return Apply(draw(st.sampled_from(heads)), tuple(parts[:taken]))
    order = draw(st.integers(1, 4))
    if kind is Prime:
        return Prime(draw(st.sampled_from(_UNARY)), order, parts[0])
    if kind is Derivative:
        variable = Apply(Head("f"), (_symbol(draw),)) if count == 3 else _symbol(draw)
        return Derivative(parts[0], variable, order, draw(st.booleans()))
    if kind is Integral:
        inside = {node for part in parts for node in nodes(part)}  # bound by no other sign
        free = (Symbol(name) for name in ("psi", "chi", "omega", "tau", "rho", "xi"))
        return Integral(parts[0], next(s for s in free if s not in inside), parts[1], parts[-1])
    return IndexedSum(parts[0], _symbol(draw), parts[1], parts[-1])


def _matrix(draw: st.DrawFn, parts: list[Expr]) -> Matrix:
    """A row, a column, one entry, or a square in which entries stand twice."""
    shapes = [[parts], [[part] for part in parts], [parts[:1]], [parts[:2], parts[-2:]]]
    return Matrix(draw(st.sampled_from(shapes)))


def _conditional(draw: st.DrawFn, kind: type[Expr], depth: int) -> Expr:
    conditions = [_relation(draw, depth) for _ in range(draw(st.integers(1, 3)))]
    if kind is Indicator:
        return Indicator(conditions[0])
    return Cases(tuple(_tree(draw, depth) for _ in conditions), tuple(conditions))


def _relation(draw: st.DrawFn, depth: int) -> Expr:
    signs = draw(
        st.lists(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), min_size=1, max_size=2)
    )
    return Relation(tuple(_tree(draw, depth) for _ in ("", *signs)), tuple(signs))


def _leaf(draw: st.DrawFn) -> Expr:
    if draw(st.booleans()):
        return _symbol(draw)
    whole = st.integers(0, 120).map(lambda n: Number(str(n)))
    return draw(whole | st.sampled_from([E, PI, *map(Number, ("0.10", ".5", "3.0", "007"))]))


def _symbol(draw: st.DrawFn, depth: int = 2) -> Symbol:
    """A symbol with an accent, a layer and indices, which may have indices of their own."""
    name = draw(st.sampled_from(_LETTERS))
    accent = draw(st.sampled_from(["", "", "hat", "bar", "tilde", "dot", "vec"]))
    if depth == 0 or draw(st.booleans()):
        return Symbol(name, accent)
    layer = draw(st.sampled_from(["", "", "1", "12", "l", "L", "l-1"]))
    count = draw(st.integers(0, 2))
    return Symbol(name, accent, layer, tuple(_index(draw, depth - 1) for _ in range(count)))


def _index(draw: st.DrawFn, depth: int) -> Expr:
    """A number, a symbol, a word, or a sum of a symbol and a number."""
    kind = draw(st.sampled_from(["symbol", "number", "symbol", "number", "word", "sum"]))
    if kind == "symbol":
        return _symbol(draw, depth)
    if kind == "word":
        return Symbol(draw(st.sampled_from(["max", "out", "in", "hx", "hid"])))
    number = Number(str(draw(st.integers(0, 120))))
    if kind == "number":
        return number
    return Sum((_symbol(draw, depth), number if draw(st.booleans()) else Negative(number)))


# --- engines -------------------------------------------------------------------------------------

_ENGINES = Path(__file__).with_name("engines")
_WAIT = 240  # seconds for one answer: longer than any, shorter than a lost build


def _missing(what: str) -> None:
    if os.environ.get("SYMDERIV_ENGINES") == "required":
        pytest.fail(f"{what}, and SYMDERIV_ENGINES says that it must be", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    """The path of the first of these programs that is installed."""

    def find(*names: str) -> str:
        found = next(filter(None, map(shutil.which, names)), None)
        if found is None:
            _missing(f"{names[0]} is not installed")
        return str(found)

    return find


class _Engines:
    """A process of node, which is asked in lines of JSON and answers in lines of JSON."""

    def __init__(self, node: subprocess.Popen[str]) -> None:
        self._node = node

    def __call__(self, engine: str, **question: Any) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        watchdog = threading.Timer(_WAIT, self._node.kill)
        watchdog.start()
        try:
            self._node.stdin.write(json.dumps({"engine": engine, **question}) + "\n")
            self._node.stdin.flush()
            answer = json.loads(self._node.stdout.readline() or '{"failed": "node has ended"}')
        finally:
            watchdog.cancel()
        assert "failed" not in answer, answer["failed"]
        return answer["found"]


def _packages() -> Path | None:
    """The folder that has every package of tests/engines/package.json."""
    wanted = json.loads((_ENGINES / "package.json").read_text(encoding="utf-8"))["dependencies"]
    folders = [str(_ENGINES.parent.parent / ".npm" / "node_modules")]
    folders += os.environ.get("NODE_PATH", "").split(os.pathsep)
    return next(
        (Path(f) for f in folders if f and all((Path(f) / name).is_dir() for name in wanted)), None
    )


@pytest.fixture(scope="session")
def engines(program: Callable[..., str]) -> Iterator[Callable[..., Any]]:
    """`engines("katex", formulas=[...])`: what an engine of tests/engines/ answers."""
    node, packages = program("node", "nodejs"), _packages()
    if packages is None:
        _missing("KaTeX, MathJax, axe-core and Playwright are not installed: make engines")
    environment = {
        **os.environ,
        "NODE_PATH": str(packages),
        "CHROMIUM": shutil.which("chromium") or shutil.which("chromium-browser") or "",
    }
    with subprocess.Popen(
        [node, str(_ENGINES / "serve.cjs")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment,
    ) as process:  # fmt: skip
        yield _Engines(process)


@pytest.fixture(scope="session")
def chromium(engines: Callable[..., Any], program: Callable[..., str]) -> Callable[..., Any]:
    """The engines that need a browser."""
    program("chromium", "chromium-browser")
    return engines
