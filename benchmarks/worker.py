"""One reader in a process, and an environment, of its own: `python -m benchmarks.worker NAME`.

A line of JSON comes in, a line of JSON goes out.  `{"read": text}` is answered by the
values of what was read, or by why it was refused, and by the CPU seconds of this first
reading; `{"time": text}` by the CPU seconds of reading it once more.  The reader stays in
the process and has read something before, so no import and no table is counted.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
import types
import typing
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, TextIO

from benchmarks.measuring import interleaved
from benchmarks.values import values

Reader = Callable[[str], Any]
Question = dict[str, Any]
Call = Callable[[], str]
Judge = Callable[[Question], Call]

_PATIENCE = 60  # seconds for one pair; after that it counts as undecided


def symderiv() -> tuple[str, Reader, Callable[[Any], Any]]:
    """Told that it is LaTeX, as the peers always are, where no command shows it: `2(wx+b)x`."""
    from symderiv.catalogue.gathering import shipped
    from symderiv.language.expressions import Apply, Expr, Head, Power, Transpose
    from symderiv.language.walks import transform
    from symderiv.printing.sympy import to_sympy
    from symderiv.reading import read

    def spelled_out(node: Expr) -> Expr:
        """What `to_sympy` has no node for, as a function or a power."""
        match node:
            case Transpose(operand):
                return Apply(Head("transpose"), (operand,))
            case Apply(Head("root"), (operand, degree)):
                return Power(operand, 1 / degree)
            case _:
                return node

    def read_latex(text: str) -> Expr:
        return read(text if "\\" in text else f"${text}$", names)

    names = shipped().names
    title = f"symderiv {version('symderiv')}"
    return title, read_latex, lambda expr: to_sympy(transform(expr, spelled_out, {}))


def latex2sympy2() -> tuple[str, Reader, Callable[[Any], Any]]:
    """With its traps mended: one `dx` would overwrite a table that every later call reads."""
    if sys.version_info >= (3, 13):  # antlr 4.7.2 imports what Python 3.13 no longer has
        shim = types.ModuleType("typing.io")
        shim.TextIO = typing.TextIO
        sys.modules["typing.io"] = shim
    import latex2sympy2 as peer

    def read(text: str) -> Any:
        peer.set_variances({})
        return peer.latex2sympy(text)

    return f"latex2sympy2 {version('latex2sympy2')}", read, lambda result: result


def math_verify() -> tuple[str, Reader, Callable[[Any], Any]]:
    """As Math-Verify calls it, and with the options that suit this field: letters keep their case,
    a number before a fraction is a factor."""
    from latex2sympy2_extended import NormalizationConfig, latex2sympy
    from latex2sympy2_extended.latex2sympy2 import ConversionConfig

    normal = NormalizationConfig(basic_latex=True, malformed_operators=True, nits=True)
    asked = ConversionConfig(lowercase_symbols=False, interpret_as_mixed_fractions=False)

    def read(text: str) -> Any:
        return latex2sympy(text, is_real=True, normalization_config=normal, conversion_config=asked)

    names = ("math-verify", "latex2sympy2_extended")
    title = " with ".join(f"{name} {version(name)}" for name in names)
    return title, read, lambda result: result


def symderiv_judge() -> tuple[str, Judge]:
    import symderiv as sd

    def prepare(question: Question) -> Call:
        left, right = (sd.read(side) for side in question["plain"])
        return lambda: sd.compare(left, right, where=question["where"]).verdict

    return f"symderiv {version('symderiv')}", prepare


def simplify_judge() -> tuple[str, Judge]:
    """As it is mostly done: what `simplify` does not bring to 0 is taken to differ."""
    import sympy

    def prepare(question: Question) -> Call:
        left, right = _in_sympy(question)
        return lambda: "equal" if sympy.simplify(left - right) == 0 else "different"

    return f"sympy.simplify(a - b) == 0, {version('sympy')}", prepare


def equals_judge() -> tuple[str, Judge]:
    def prepare(question: Question) -> Call:
        left, right = _in_sympy(question)
        said = {True: "equal", False: "different", None: "undecided"}
        return lambda: said[left.equals(right)]

    return f"a.equals(b), SymPy {version('sympy')}", prepare


def math_verify_judge() -> tuple[str, Judge]:
    """Its `verify` on what its `parse` has read; a text that it cannot read is undecided."""
    import math_verify as peer

    def prepare(question: Question) -> Call:
        gold, answer = (peer.parse(f"${side}$") for side in question["latex"])
        if not gold or not answer:
            return lambda: "undecided"
        return lambda: "equal" if peer.verify(gold, answer) else "different"

    return f"math-verify {version('math-verify')}, verify alone", prepare


def symderiv_marker(cold: bool = False) -> tuple[str, Judge]:
    """`sd.check` of an answer in LaTeX, which it reads; of a wrong one it looks for the slip."""
    import symderiv as sd
    from symderiv.interface import problem

    posed: dict[str, Any] = {}
    said = {"correct": "equal", "incorrect": "different"}

    def prepare(question: Question) -> Call:
        asked, wrt, where, answer = (question[n] for n in ("asked", "wrt", "where", "answer"))
        if not cold and asked not in posed:
            posed[asked] = problem(asked, wrt, where=where)

        def call() -> str:
            found = posed[asked] if not cold else problem(asked, wrt, where=where)
            return said.get(sd.check(found, answer).verdict, "undecided")

        return call

    return f"symderiv {version('symderiv')}, sd.check{', cold' if cold else ''}", prepare


def math_verify_marker(cold: bool = False) -> tuple[str, Judge]:
    """Its `verify(gold, parse(answer))`; the gold answer is parsed anew where it is cold."""
    import math_verify as peer

    golds: dict[str, Any] = {}

    def prepare(question: Question) -> Call:
        gold, answer = (f"${question[name]}$" for name in ("gold", "answer"))
        if gold not in golds:
            golds[gold] = peer.parse(gold)

        def call() -> str:
            meant = peer.parse(gold) if cold else golds[gold]
            read = peer.parse(answer)
            if not meant or not read:
                return "undecided"
            return "equal" if peer.verify(meant, read) else "different"

        return call

    return (
        f"math-verify {version('math-verify')}, parse and verify{', cold' if cold else ''}",
        prepare,
    )


def symderiv_liner() -> tuple[str, Judge]:
    """`sd.check_lines` of a whole derivation, the question posed already."""
    import symderiv as sd
    from symderiv.interface import problem

    posed: dict[str, Any] = {}

    def prepare(question: Question) -> Call:
        asked, wrt, where, lines = (question[n] for n in ("asked", "wrt", "where", "lines"))
        if asked not in posed:
            posed[asked] = problem(asked, wrt, where=where)
        return lambda: sd.check_lines(posed[asked], lines).verdict

    return f"symderiv {version('symderiv')}, sd.check_lines", prepare


def _in_sympy(question: Question) -> list[Any]:
    """Both sides in SymPy, with names that are real, or positive where the domain says so."""
    import sympy

    import symderiv as sd

    where = question["where"]
    positive = {name for name, domain in where.items() if domain in (">0", "(0,1)")}
    sides = [sd.to_sympy(side) for side in question["plain"]]
    return [
        side.xreplace(
            {
                s: sympy.Symbol(s.name, real=True, positive=s.name in positive or None)
                for s in side.free_symbols
            }
        )
        for side in sides
    ]


JUDGES = {
    "symderiv": symderiv_judge,
    "simplify": simplify_judge,
    "equals": equals_judge,
    "math_verify": math_verify_judge,
    "mark": symderiv_marker,
    "mark_cold": lambda: symderiv_marker(cold=True),
    "math_verify_mark": math_verify_marker,
    "math_verify_mark_cold": lambda: math_verify_marker(cold=True),
    "mark_lines": symderiv_liner,
}
READERS = {reader.__name__: reader for reader in (symderiv, latex2sympy2, math_verify)}


def main() -> None:
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10_000)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a reader prints is no answer
    if sys.argv[2:] == ["judge"]:
        judging(sys.argv[1], answers)
        return
    title, read, to_sympy = READERS[sys.argv[1]]()
    read(r"\frac{x}{2}+1")
    _ready(title, answers)
    for line in sys.stdin:
        request = json.loads(line)
        if "time" in request:
            text = request["time"]
            answer: dict[str, Any] = {"seconds": interleaved({"": lambda: read(text)}, 1)[""]}  # noqa: B023 (called at once)
        else:
            answer = _reading(request["read"], read, to_sympy)
        print(json.dumps(answer), file=answers, flush=True)


def judging(name: str, answers: TextIO) -> None:
    """Answer piles of pairs with a verdict for each, and the CPU seconds that it took."""
    title, prepare = JUDGES[name]()
    gold, answer = r"\sin^{2}(x)", r"1 - \cos^{2}(x)"
    warm = {"plain": ["sin(x)^2", "1 - cos(x)^2"], "latex": [gold, answer], "where": {}}
    prepare({**warm, "asked": "x^3", "wrt": "x", "gold": gold, "answer": answer, "lines": [gold]})()
    _ready(title, answers)
    for line in sys.stdin:
        calls = [prepare(question) for question in json.loads(line)["judge"]]
        print(json.dumps([_judging(call) for call in calls]), file=answers, flush=True)


def _ready(title: str, answers: TextIO) -> None:
    """Say that the clock may start, with what was imported out of the collector's way.

    Each turn begins with a collection: through a heap of SymPy's size it takes 60 ms, and
    leaves none of the next call's data in the processor's cache.
    """
    gc.collect()
    gc.freeze()
    print(json.dumps({"title": title}), file=answers, flush=True)


def _judging(call: Call) -> dict[str, Any]:
    """One verdict, with SymPy's cache empty as for an answer that was not seen before."""
    if "sympy" in sys.modules:
        sys.modules["sympy.core.cache"].clear_cache()
    gc.collect()
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_PATIENCE)
    start = time.process_time()
    try:
        verdict = call()
    except Exception:
        verdict = "undecided"
    finally:
        signal.alarm(0)
    return {"verdict": verdict, "seconds": time.process_time() - start}


def _too_long(*_: object) -> None:
    raise TimeoutError


def _reading(text: str, read: Reader, to_sympy: Callable[[Any], Any]) -> dict[str, Any]:
    gc.collect()
    start = time.process_time()
    try:
        result = read(text)
    except Exception as refusal:
        return {"refused": f"{type(refusal).__name__}: {str(refusal)[:200]}"}
    answer = {"seconds": time.process_time() - start, "shown": repr(result)}
    try:
        return {**answer, "values": values(to_sympy(result))}
    except Exception as failure:  # it answered, and with something that has no value
        return {**answer, "values": values(None), "failure": repr(failure)}


if __name__ == "__main__":
    main()
