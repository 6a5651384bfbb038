"""(e) From nothing to an answer of the command line: CPU time of whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median

from benchmarks.measuring import markdown, milliseconds, progress

ROUNDS = 15
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    'python -c "import symderiv"': ("-c", "import symderiv"),
    "symderiv --help": ("-m", "symderiv.cli", "--help"),
    'python -c "import sympy"': ("-c", "import sympy"),
}


def _cpu(arguments: tuple[str, ...]) -> float:
    """User and system seconds of one process of this interpreter."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return usage.ru_utime + usage.ru_stime


def table() -> str:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(ROUNDS + 1):
        progress(f"(e) round {turn} of {ROUNDS}")
        for name, arguments in COMMANDS.items():
            spent = _cpu(arguments)
            if turn:  # the first round writes byte code
                times[name].append(spent)
    bare = median(times["python -c pass"])
    rows = [
        [f"`{name}`", milliseconds(median(spent)), f"{median(spent) / bare:.2f}×"]
        for name, spent in times.items()
    ]
    return markdown("(e) Starting", ("command", "CPU, ms", "of bare python"), rows)
