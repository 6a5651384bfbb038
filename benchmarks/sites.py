"""(k) A site of 500 pages with 60 derivations: CPU time of whole builds by Material for MkDocs.

The same pages are built without derivations, with them by the plugin and by the extension
alone, and with their finished HTML pasted in: what so much HTML costs, whoever made it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.measuring import markdown, progress

ROUNDS = 9
PAGES, EVERY, DERIVATIONS = 500, 8, 60
NAMES = ("sigmoid", "tanh", "relu", "mse", "bce", "softplus", "elu", "selu", "gelu", "silu")
WORDS = "Some words of a paragraph that says something about a subject. " * 12
TEXT = f"## A heading\n\n{WORDS}\n\n" * 12


def _fence(number: int) -> str:
    detail = ("brief", "standard", "full")[number % 3]
    asked = f"function: {NAMES[number % len(NAMES)]}\ndetail: {detail}\nid: d{number}\n"
    return f"```derivation\n{asked}```\n"


def _pasted(number: int) -> str:
    from symderiv.sites.pieces import HTML, Site, piece
    from symderiv.sites.wishes import read_fence

    asked = "\n".join(_fence(number).splitlines()[1:-1])
    return piece(read_fence(asked), HTML, Site(cache=""))


def _site(folder: Path, switched_on: str, derivation: Callable[[int], str]) -> Path:
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(
        f"site_name: S\ntheme: {{name: material, font: false}}\n{switched_on}\n"
    )
    for k in range(PAGES):
        number, rest = divmod(k, EVERY)
        shown = derivation(number) if not rest and number < DERIVATIONS else ""
        (docs / f"p{k}.md").write_text(f"# Page {k}\n\n{TEXT}\n{shown}", encoding="utf-8")
    return folder


def _cpu(site: Path, cache: Path) -> float:
    """User and system seconds of one build."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=site,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SYMDERIV_CACHE": str(cache), "NO_MKDOCS_2_WARNING": "1"},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, site
    return usage.ru_utime + usage.ru_stime


def table() -> str:
    title = f"(k) A site of {PAGES} pages with {DERIVATIONS} derivations"
    if find_spec("material") is None:
        return markdown(title, ("build", "CPU, s"), [], "Material for MkDocs is not installed.")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        sites = {
            "without derivations": _site(root / "none", "", lambda _: ""),
            "with derivations, warm": _site(root / "ours", "plugins: [search, symderiv]", _fence),
            "by the extension alone, warm": _site(
                root / "alone", "markdown_extensions: [symderiv]", _fence
            ),
            "their HTML pasted": _site(root / "pasted", "", _pasted),
        }
        cold = _cpu(sites["with derivations, warm"], root / "cache")
        times: dict[str, list[float]] = {site: [] for site in sites}
        for turn in range(ROUNDS):
            progress(f"(k) round {turn + 1} of {ROUNDS}")
            turned = deque(sites.items())
            turned.rotate(turn)  # whoever comes first in a round is slower
            for site, folder in turned:
                times[site].append(_cpu(folder, root / "cache"))
    bare = median(times["without derivations"])
    found = {**{site: median(spent) for site, spent in times.items()}, "and cold": cold}
    rows = [[site, f"{spent:.2f}", f"{spent / bare:.3f}×"] for site, spent in found.items()]
    return markdown(title, ("build", "CPU, s", "of without"), rows)
