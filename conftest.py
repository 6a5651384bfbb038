"""Modules that speak to a program of others are not collected where that is not installed."""

from importlib.util import find_spec

_EXTRAS = {
    "symderiv/sites/hosting.py": "markdown",
    "symderiv/sites/mkdocs.py": "mkdocs",
    "symderiv/sites/python_markdown.py": "markdown",
    "symderiv/sites/sphinx.py": "sphinx",
}
collect_ignore = [path for path, module in _EXTRAS.items() if find_spec(module) is None]
