"""Written documents are proof-read: each printed formula must come back as what was meant.

The truth is the expression in our tree, derived again; the witness is the file as it lies
there, read by latex2sympy2.  The document is laid out once more with a sign in the place of
every formula: what stands between the signs must stand in the file letter by letter, and
what stands in their place is a formula.  So none can be lost, exchanged or added unseen,
and nothing here has to know what a formula is set between in which format.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from symderiv.catalogue.gathering import shipped
from symderiv.documents.chainrule import chain_rule_handout
from symderiv.documents.composing import compose
from symderiv.documents.document import Marks
from symderiv.documents.fitting import Fault, Printed, fitted, sign
from symderiv.documents.networks import anchor_network, compose_network
from symderiv.documents.post import TOPICS, derive_topics
from symderiv.documents.rendering import check_detail, trace
from symderiv.documents.writing import SHOWROOM
from symderiv.errors import Mistake
from symderiv.language.expressions import Apply, Expr, Prime
from symderiv.language.walks import nodes
from symderiv.printing.foreign import Unread, respell
from symderiv.printing.latex import latex
from symderiv.printing.shapes import head_name, shape_of
from symderiv.printing.witness import Witness
from symderiv.reading import read

_WITH_LATEX: Final = {
    end: (form, dialect) for form, dialect, end in SHOWROOM if form in ("markdown", "latex", "json")
}
_NAMES: Final = ("handout", "network", *(topic.id for topic in TOPICS))
_WIDEST: Final = 1_000  # characters of a line in a report
_STROKES: Final = {"github": r"\cancel{", "latex": r"\sdcancel{"}


@dataclass(frozen=True)
class Proof:
    """What came of proof-reading one document."""

    name: str
    count: int
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        differ = "1 differs" if len(self.faults) == 1 else f"{len(self.faults)} differ"
        outcome = f", {differ}" if self.faults else " read back, all equal"
        rows = [f"{self.name}  {self.count} formulas{outcome}"]
        for fault in self.faults:
            rows.append(f"{self.name}:{fault.line}: {fault.because}")
            rows.append(f"    printed:  {fault.printed}")
            rows.append(f"    expected: {fault.expected}")
        return "\n".join(map(_shown, rows))


def _shown(row: str) -> str:
    """A line that a terminal takes for nothing but text."""
    return "".join(ch if ch.isprintable() else "·" for ch in row[:_WIDEST])


def written_in(folder: Path) -> list[Path]:
    """The documents with LaTeX in them that lie in a folder; `Mistake` where there is none."""
    paths = [folder / f"{name}.{end}" for name in _NAMES for end in _WITH_LATEX]
    found = [path for path in paths if path.is_file()]
    if not found:
        raise Mistake(f"There is no document to read in {folder}; symderiv handout writes them.")
    return found


def proofread(
    paths: Sequence[Path], detail: str = "standard", report: Callable[[str], None] = lambda _: None
) -> Iterator[Proof]:
    """What comes of each document; `Mistake` for a file that is none of ours.

    `report` is told before each formula how far the reading has come.
    """
    check_detail(detail)
    texts = {path: _content(path) for path in paths}
    reader = _Reader(detail, report)
    for path, text in texts.items():
        yield reader.proof(path, text)


def _content(path: Path) -> str:
    """The text of one of our documents; what is none by its name is not even opened."""
    name, end = _kind(path)
    try:
        text = path.read_bytes().decode() if end else ""
    except (OSError, ValueError) as error:
        decoding = "it is no text in UTF-8" if isinstance(error, UnicodeError) else error
        reason = getattr(error, "strerror", None) or decoding
        raise Mistake(f"{path} cannot be read: {reason}.") from error
    if name or (end and _is_ours(text)):
        return text
    endings = ", ".join(f".{end}" for end in _WITH_LATEX)
    raise Mistake(
        f"{path.name} is none of our documents: {', '.join(_NAMES)} ({endings}), "
        "or what symderiv derive -f json writes."
    )


def _kind(path: Path) -> tuple[str, str]:
    """Name and ending of a document; another JSON has no name, another file no ending either."""
    for name in _NAMES:
        if path.name.startswith(f"{name}.") and path.name[len(name) + 1 :] in _WITH_LATEX:
            return name, path.name[len(name) + 1 :]
    return "", "json" if path.suffix == ".json" else ""


def _is_ours(text: str) -> bool:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"title", "start", "result", "steps"} <= found.keys()


class _Reader:
    """One run over several documents, which share their formulas."""

    def __init__(self, detail: str, report: Callable[[str], None]) -> None:
        self.witness = Witness()
        self.derivations = derive_topics()
        self.pages = {
            "handout": chain_rule_handout(self.derivations),
            "network": compose_network(anchor_network()),
        }
        self.detail = detail
        self.report = report
        self.known: dict[tuple[str, Expr, frozenset[str]], tuple[str, Counter[str]]] = {}

    def proof(self, path: Path, text: str) -> Proof:
        name, end = _kind(path)
        printed, faults = self.formulas(name, end, text) if name else _pairs(text)
        functions = frozenset(
            head_name(node.head)
            for found in printed
            for node in nodes(found.expr)
            if isinstance(node, (Apply, Prime))
        )
        for k, formula in enumerate(printed):
            self.report(f"{path.name}: {k + 1} of {len(printed)}")
            because = self.verdict(formula, functions)
            if because:
                faults.append(_fault(formula, because))
        return Proof(path.name, len(printed), tuple(sorted(faults, key=lambda f: f.line)))

    def formulas(self, name: str, end: str, text: str) -> tuple[list[Printed], list[Fault]]:
        """The formulas of a file in order, and the lines that are not laid out as they should."""
        meant: list[tuple[Expr, Marks]] = []

        def note(expr: Expr, marks: Marks) -> str:
            meant.append((expr, marks))
            return sign(len(meant) - 1)

        derived = self.derivations
        page = self.pages.get(name) or compose(derived[name], name)
        form = _WITH_LATEX[end]
        layout = trace(derived.get(name, page), page, form, self.detail, note)
        marked = [(expr, _mark_commands(marks, form)) for expr, marks in meant]
        return fitted(text.split("\n"), layout.split("\n"), marked, form[0] == "json")

    def verdict(self, formula: Printed, functions: frozenset[str]) -> str:
        """Why a formula does not say what was meant; empty where it does."""
        key = (formula.text, formula.expr, functions)
        if key not in self.known:
            self.known[key] = self.judged(*key)
        because, marks = self.known[key]
        return because or ("" if marks == formula.marks else "its marks are not those of the step")

    def judged(self, text: str, expr: Expr, functions: frozenset[str]) -> tuple[str, Counter[str]]:
        """Why a text does not say what the expression does, and the marks that it bears."""
        if len(text) > 2 * len(latex(expr)) + 200:
            return "this is too long to be the formula", Counter()
        try:
            statement, marks = respell(text, functions)
            same = self.witness.shape(statement) == shape_of(expr)
        except Unread as unread:
            return f"this cannot be read back: {unread}", Counter()
        return "" if same else "this is read back as something else", Counter(marks)


def _fault(formula: Printed, because: str) -> Fault:
    expected = f"{latex(formula.expr)}   ({formula.expr})"
    return Fault(formula.line, formula.text, expected, because)


def _mark_commands(marks: Marks, form: tuple[str, str]) -> Counter[str]:
    """The commands that strike out and colour, as often as each must be there."""
    stroke = _STROKES.get(form[1] or form[0])
    names = (stroke if name == "cancelled" else _colour(name, form[0]) for name in marks.values())
    return Counter(name for name in names if name)


def _colour(name: str, form: str) -> str:
    return rf"\sdfactor{{{name.rpartition('-')[2]}}}{{" if form == "latex" else ""


def _pairs(text: str) -> tuple[list[Printed], list[Fault]]:
    """The formulas of any JSON of ours: its plain spellings say what its LaTeX must say.

    LaTeX that we would not print for the plain spelling is a fault, and no witness sees it.
    """
    printed: list[Printed] = []
    faults: list[Fault] = []
    place = 0
    for plain, spelled in _spelled_twice(json.loads(text)):
        place = max(place, text.find(json.dumps(spelled, ensure_ascii=False), place))
        line = text.count("\n", 0, place) + 1
        try:
            expr = read(plain, shipped().names)
        except Mistake as mistake:
            because = f"its plain spelling cannot be read: {str(mistake).splitlines()[0]}"
            faults.append(Fault(line, spelled, plain, because))
            continue
        found = Printed(line, spelled, expr, Counter())
        if latex(expr) == spelled:
            printed.append(found)
        else:
            faults.append(_fault(found, "this is not what its plain spelling says"))
    return printed, faults


def _spelled_twice(found: Any) -> Iterator[tuple[str, str]]:
    """Every pair of a plain spelling and LaTeX, in the order of the file."""
    waiting = [found]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict) and item.keys() == {"plain", "latex"}:
            yield str(item["plain"]), str(item["latex"])
        elif isinstance(item, (dict, list)):
            waiting += reversed([*item.values()] if isinstance(item, dict) else item)
