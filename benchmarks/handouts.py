"""(l) A handout of 40 derivations: CPU time per format, cold and warm, and the bytes of its page.

Cold is a new process, `symderiv handout SHEET.toml -f FORMAT`; warm is the same sheet built
again in one process, as `--watch` does: read, derived, checked and printed anew.  The peer for
bytes is KaTeX's own HTML of the same formulas, each as `renderToString` gives it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.measuring import interleaved, markdown, progress

ROUNDS = 3
FORMATS = ("text", "markdown", "latex", "html", "typst", "pdf", "json")
_NPM = Path(__file__).resolve().parent.parent / ".npm" / "node_modules"
_KATEX = """
const katex = require(process.argv[1] + "/katex");
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const bytes = (tex, output) =>
  Buffer.byteLength(katex.renderToString(tex, {output, throwOnError: true}));
const size = (output) => formulas.reduce((sum, tex) => sum + bytes(tex, output), 0);
console.log(JSON.stringify([size("html"), size("htmlAndMathml")]));
"""
EXPRESSIONS = (
    "x^3*sin(x)", "(2*x - 1)/(x^2 + 1)", "exp(-x^2/2)", "log(x^2 + 1)", "sqrt(1 + x^2)",
    "x*exp(2*x)", "sin(x)*cos(x)", "tan(x)/x", "(x^2 + 3*x)^5", "1/(1 + exp(-x))",
    "x^2*log(x)", "arctan(2*x)", "exp(x)/(1 + x)", "sin(x^2)", "cos(3*x + 1)^2",
    "x/(1 + abs(x))", "log(1 + exp(x))", "tanh(w*x + b)", "sigma(w*x + b)", "x*sigma(x)",
    "relu(w*x + b)", "(y - w*x)^2", "(w*x - y)^2 + c*w^2", "sqrt(x)*(x - 1)", "x^x",
    "2^x*x^2", "arcsin(x/2)", "sinh(x)*x", "(x - 1)/(x + 1)", "x^4 - 8*x^2 + 3",
    "exp(sin(x))", "log(sin(x))", "x*sqrt(4 - x^2)", "1/sqrt(x^2 + 1)", "sin(x)/(1 + cos(x))",
    "x^(2/3)*(x - 5)", "log(x)/x", "exp(-x)*sin(2*x)", "(1 + 1/x)^2", "x*arctan(x)",
)  # fmt: skip


def _sheet(folder: Path) -> Path:
    path = folder / "sheet.toml"
    sections = [
        f'[[section]]\ntitle = "No. {k}"\nderive = "{e}"\nwrt = "{_by(e)}"\n'
        for k, e in enumerate(EXPRESSIONS, 1)
    ]
    path.write_text('title = "Forty derivatives"\n' + "".join(sections), encoding="utf-8")
    return path


def _cold(sheet: Path, form: str, folder: Path) -> float:
    """User and system seconds of one process."""
    command = "import sys; from symderiv.cli import main; sys.exit(main())"
    arguments = ["handout", str(sheet), "-o", str(folder / "cold"), "-f", form]
    process = subprocess.Popen(
        [sys.executable, "-c", command, *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, form
    return usage.ru_utime + usage.ru_stime


def _warm(sheet: Path, form: str, folder: Path) -> Callable[[], object]:
    from symderiv.handouts.building import Order, build

    order = Order(sheet, folder / "warm", (form,), ("solution",))
    return lambda: [*build(order)]


def _sizes() -> str:
    """The bytes of every line of the derivations, as MathML and as KaTeX's HTML."""
    import symderiv
    from symderiv.printing.latex import latex
    from symderiv.printing.mathml import math_element

    lines = [step.after for e in EXPRESSIONS for step in symderiv.derive(e, _by(e)).steps]
    ours = sum(len(math_element(line, display=True).encode()) for line in lines)
    said = f"The {len(lines)} lines of the derivations take {ours:,} bytes as MathML, spoken words "
    node = shutil.which("node")
    if node is None or not (_NPM / "katex").is_dir():
        return f"{said}included; KaTeX is not installed (`make engines`)."
    done = subprocess.run(
        [node, "-e", _KATEX, str(_NPM)], input=json.dumps([latex(line) for line in lines]),
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    html, both = json.loads(done.stdout)
    return (
        f"{said}included, and {html:,} as KaTeX's HTML, {html / ours:.1f} times as many; with the "
        f"MathML that KaTeX adds for screen readers {both:,}, {both / ours:.1f} times."
    )


def _by(expression: str) -> str:
    return "w" if "w" in expression else "x"


def table() -> str:
    title = f"(l) A handout of {len(EXPRESSIONS)} derivations"
    formats = [form for form in FORMATS if form != "pdf" or find_spec("typst")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet = _sheet(folder)
        cold: dict[str, list[float]] = {form: [] for form in formats}
        for turn in range(ROUNDS):
            progress(f"(l) cold, round {turn + 1} of {ROUNDS}")
            for form in formats:
                cold[form].append(_cold(sheet, form, folder))
        progress("(l) warm")
        warm = interleaved({form: _warm(sheet, form, folder) for form in formats}, ROUNDS)
        sizes = {form: next((folder / "warm").glob(f"sheet.{_ending(form)}")).stat().st_size
                 for form in formats}  # fmt: skip
    rows = [
        [form, f"{median(cold[form]):.2f}", f"{warm[form]:.2f}", f"{sizes[form]:,}"]
        for form in formats
    ]
    return markdown(title, ("format", "cold, s", "warm, s", "bytes"), rows, _sizes())


def _ending(form: str) -> str:
    from symderiv.documents.formats import ENDINGS

    return ENDINGS[form]
