"""The house stays as it was designed: imports point one way, nothing typed is evaluated."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "symderiv"
MODULES = sorted(PACKAGE.rglob("*.py"))
LAYERS = [
    "errors", "language", "reading", "printing", "catalogue", "judging", "deriving",
    "homework", "documents", "interface", "problems", "marking", "handouts", "sites",
    "terminal", "checking", "glossaries", "publishing", "handing", "cli",
]  # fmt: skip
# sites stand above the interface too: a fence is derived by the call that derives
# marking stands above the interface: a file of answers is checked by the call that checks one
FORBIDDEN = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "S", "__import__"}


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> list[tuple[ast.stmt, str]]:
    found: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node, node.module or ""))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    """A layer that needs one above it stands in the wrong room."""
    if path.name == "__init__.py" and path.parent == PACKAGE:
        pytest.skip("the package itself names the interface")
    here = LAYERS.index(layer(path))
    typing_only = {
        node
        for block in ast.walk(ast.parse(path.read_text()))
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    above = [
        name
        for node, name in imports(ast.parse(path.read_text()))
        if name.startswith("symderiv.") and node not in typing_only
        if LAYERS.index(name.split(".")[1]) > here
    ]

    assert above == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    """SymPy costs 400 ms and FLINT 40: neither is imported where it is not needed."""
    allowed = {
        "sympy": {"printing"},
        "flint": {"judging"},
        "jinja2": {"documents", "sites"},
        "latex2sympy2": {"printing"},  # the witness of what printing prints: an extra, 600 ms
    }
    strays = [
        name
        for _, name in imports(ast.parse(path.read_text()))
        if layer(path) not in allowed.get(name.split(".")[0], {layer(path)})
    ]

    assert strays == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_an_import_inside_a_function_says_why(path: Path) -> None:
    lines = path.read_text().splitlines()
    silent = [
        inner.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
        if not any(
            "#" in lines[k] or '"""' in lines[k]
            for k in range(max(0, inner.lineno - 4), inner.lineno)
        )
    ]

    assert silent == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_that_a_person_typed_can_be_evaluated(path: Path) -> None:
    calls = [
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
        if not (isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re")
    ]

    assert FORBIDDEN.isdisjoint(calls)


@pytest.mark.parametrize("folder", ["rules", "functions"])
def test_the_knowledge_is_values_without_control_flow(folder: str) -> None:
    """A newcomer opens these files and reads mathematics, not plumbing."""
    flow = (ast.If, ast.For, ast.While, ast.FunctionDef, ast.ClassDef, ast.Try, ast.With)
    found = [
        (path.name, type(node).__name__)
        for path in (PACKAGE / "catalogue" / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, flow)
    ]

    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_and_functions_fit_in_the_eye(path: Path) -> None:
    text = path.read_text()
    long = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        if (node.end_lineno or 0) - node.lineno + 1 > 40
        if node.name != "_parser"  # a table of options
    ]

    assert ast.get_docstring(ast.parse(text))
    assert long == []
    assert text.count("\n") <= 420


@pytest.mark.parametrize(
    "command", [["-c", "import symderiv"], ["-m", "symderiv.cli", "--help"]], ids=["import", "help"]
)
def test_starting_imports_neither_sympy_nor_flint(command: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    loaded = {line.rpartition("|")[2].strip() for line in said.stderr.splitlines()}

    assert loaded.isdisjoint({"sympy", "flint", "jinja2"})
