"""What a handout's file may say: its head, its sections, and what each of them derives.

The same table comes from TOML and from Markdown.  Expressions are read here, so that a mistake
is told with its line; what is derived of them is found in `deriving`, how it is shown in
`composing`.  No formula is decided here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.specification import read_network
from symderiv.deriving.networks.tables import read_text
from symderiv.documents.document import LEVELS, Own, Prose
from symderiv.documents.phrasebook import ENGLISH, check_language, phrasebook
from symderiv.errors import Mistake, Unknown
from symderiv.handouts.located import Source, Table, meant, quoted
from symderiv.handouts.markdown import read_markdown
from symderiv.handouts.notations import Notation, read_notation
from symderiv.handouts.parameters import Parameter, read_parameters
from symderiv.handouts.prose import paragraphs
from symderiv.handouts.toml import read_toml
from symderiv.interface import Request, functions, read, rules, understood
from symderiv.language.expressions import Expr, Symbol
from symderiv.printing.glyphs import LAYER_BRACKETS

_HEAD = ("title", "course", "author", "date", "language", "detail", "digits", "notation",
         "space", "reasons", "text", "parameters", "section")  # fmt: skip
_DERIVE = ("derive", "function", "network", "wrt", "of", "where", "given", "order", "form",
           "prefer", "kinks", "values", "show", "marks", "space", "note")  # fmt: skip
_SECTION = ("title", "text", *_DERIVE, "exercise")
_ONLY = {
    "derive": ("wrt", "of", "where", "given", "order", "form", "prefer", "kinks"),
    "function": ("kinks",),
    "network": ("wrt", "values", "show"),
}
_FORMS = ("textbook", "expanded", "factored", "one fraction", "as differentiated")
_WAYS = ("", "product", "power", "quotient", "logarithmic")
_KINKS = ("undefined", "torch", "jax")
SHOWN = ("network", "forward", "derivation", "graph", "factors", "trace", "matrices",
         "gradients", "differences")  # fmt: skip
"""The parts of a network that a handout may show, in their order."""
_USUAL = {"": SHOWN[:5], "index": SHOWN[:5], "matrix": ("network", "derivation", "matrices")}
_LONGEST = 1_000_000  # characters of a file
_MOST = 200  # sections, and exercises in each


@dataclass(frozen=True, eq=False)
class Task:
    """Something to derive, and how it stands in the file (`at`, for mistakes).

    `kind` is `derive`, `function` or `network`.  `marks` are by milestone: `answer`, and the
    names of rules; `space` is the height in centimetres of each blank; `note` is read in the
    solution alone.
    """

    kind: str
    at: Table
    request: Request | None = None
    name: str = ""
    network: Network | None = None
    show: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, Fraction] = field(default_factory=dict)
    space: Fraction = Fraction(1)
    note: tuple[Prose, ...] = ()
    title: str = ""

    @property
    def stated(self) -> frozenset[str]:
        """The names of which the file states a domain."""
        return frozenset(self.options.get("where", ()))

    @property
    def expressions(self) -> tuple[Expr, ...]:
        """All that is read of it, in which parameters may stand."""
        if self.request is None:
            return ()
        return (*self.request.expressions, *self.request.given.values())


@dataclass(frozen=True, eq=False)
class Chapter:
    """One section of the file: words, what is derived, exercises."""

    title: str
    text: tuple[Prose, ...]
    task: Task | None
    exercises: tuple[Task, ...]
    at: Table


@dataclass(frozen=True, eq=False)
class Spec:
    """A whole handout as its file says it; `files` are all that were read for it."""

    title: str
    byline: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    text: tuple[Prose, ...]
    parameters: tuple[Parameter, ...]
    detail: str
    digits: int
    notation: Notation
    language: str
    reasons: bool
    files: tuple[Path, ...]
    at: Table

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Everything that is derived, in the order in which it is read."""
        return tuple(
            task
            for chapter in self.chapters
            for task in (*([chapter.task] if chapter.task else []), *chapter.exercises)
        )


def read_spec(path: Path) -> Spec:
    """The handout that a file describes; `Mistake` with file, line and what was meant."""
    if path.suffix not in (".toml", ".md"):
        raise Mistake(f"{path} is no handout: a handout is a .toml or a .md file.")
    text = read_text(path).replace("\r\n", "\n").removeprefix("\ufeff")
    if len(text) > _LONGEST:
        raise Mistake(f"{path} is too long: a handout has at most {_LONGEST:,} characters.")
    source = Source(str(path), text)
    reader = read_toml if path.suffix == ".toml" else read_markdown
    return _Reading(path, reader(source, "the handout")).spec()


class _Reading:
    """One file being read."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path, self.table = path, table
        self.files = [path]
        self.space, self.notation = Fraction(1), Notation()
        self.drawn: tuple[Parameter, ...] = ()

    def spec(self) -> Spec:
        table = self.table
        table.only(_HEAD)
        if "title" not in table or not table.string("title").strip():
            raise table.fail((), "The handout has no title.", 'Write title = "..." at the top.')
        self.space = table.number("space", Fraction(1), 0, 20)
        self.notation = read_notation(table)
        self.drawn = read_parameters(table.table("parameters"))
        chapters = tuple(table.list_of("section", lambda t, k, _: self._chapter(t, k)))
        if not chapters:
            raise table.fail((), "The handout has no section.", "Begin one with [[section]].")
        if len(chapters) > _MOST:
            raise table.fail("section", f"A handout has at most {_MOST} sections.")
        notation = self._notation(chapters)
        return Spec(
            Own(table.string("title")),
            tuple(self._byline()),
            chapters,
            paragraphs(table, "text", read),
            self.drawn,
            table.one_of("detail", LEVELS, "standard"),
            table.whole("digits", 3, 0, 50),
            notation,
            self._language(),
            table.truth("reasons"),
            tuple(dict.fromkeys(self.files)),
            table,
        )

    def _language(self) -> str:
        try:
            return check_language(self.table.string("language", ENGLISH))
        except Unknown as unknown:
            raise self.table.fail("language", str(unknown)) from unknown

    def _byline(self) -> Iterator[str]:
        for key in ("course", "author", "date"):
            value = self.table.values.get(key, "")
            if key == "date" and isinstance(value, datetime.date):
                value = value.strftime(phrasebook(self._language()).date)
            if not isinstance(value, str):
                raise self.table.fail(key, f"{key} is a text in quotes, not {quoted(value)}.")
            if value.strip():
                yield value.strip()

    def _notation(self, chapters: tuple[Chapter, ...]) -> Notation:
        """The brackets around a layer's number are those of the networks if nothing is said."""
        own = [t.network.notation for c in chapters for t in (c.task, *c.exercises)
               if t is not None and t.network is not None]  # fmt: skip
        default = own[0] if own else LAYER_BRACKETS[0]
        return replace(self.notation, layers=self.notation.layers or default)

    # --- sections --------------------------------------------------------------------------

    def _chapter(self, table: Table, number: int) -> Chapter:
        at = table.inner("section", number, "a section")
        at.only(_SECTION)
        begun = [kind for kind in _ONLY if kind in at]
        stray = [key for key in _DERIVE if key in at and not begun]
        if stray and stray != ["space"]:
            hint = "Write derive, function or network beside it."
            raise at.fail(stray[0], f"{stray[0]} stands here without anything to derive.", hint)
        exercises = at.list_of("exercise", lambda t, k, _: self._exercise(t, k))
        if len(exercises) > _MOST:
            raise at.fail("exercise", f"A section has at most {_MOST} exercises.")
        title = Own(at.string("title").strip())
        task = self._task(at, title) if begun else None
        text = paragraphs(at, "text", read)
        if not (text or task or exercises or title):
            raise at.fail((), "This section is empty.", "Give it a title, a text, or derive.")
        return Chapter(title, text, task, tuple(exercises), at)

    def _exercise(self, table: Table, number: int) -> Task:
        entry = table.values["exercise"][number]
        if isinstance(entry, str):
            path = (*table.path, "exercise", number)
            spots = {**table.spots, (*path, "derive"): table.spot(path[len(table.path) :])}
            at = Table(table.source, {"derive": entry}, spots, path, "an exercise")
        else:
            at = table.inner("exercise", number, "an exercise")
        at.only(
            ("title", *(key for key in _DERIVE if key not in ("network", *_ONLY["network"][1:])))
        )
        return self._task(at, Own(at.string("title").strip()))

    # --- what is derived -------------------------------------------------------------------

    def _task(self, at: Table, title: str) -> Task:
        kinds = [kind for kind in _ONLY if kind in at]
        if len(kinds) != 1:
            wanted = "One of derive, function and network says what is derived."
            raise at.fail(kinds[-1] if kinds else (), f"{wanted}")
        kind = kinds[0]
        for key in {key for keys in _ONLY.values() for key in keys} - {*_ONLY[kind]}:
            if key in at:
                raise at.fail(key, f"{key} means nothing beside {kind}.")
        found = Task(
            kind,
            at,
            marks=self._marks(at),
            space=at.number("space", self.space, 0, 20),
            note=paragraphs(at, "note", read),
            title=title,
        )
        return {"derive": _derive, "function": _function, "network": self._network}[kind](found)

    def _marks(self, at: Table) -> dict[str, Fraction]:
        if isinstance(at.values.get("marks"), dict):
            table = at.table("marks")
            for name in table.values:
                if name != "answer" and name not in rules:
                    problem = f"There is no rule {name[:60]!r} that could earn marks."
                    raise table.fail(name, problem, meant(name, ["answer", *rules]))
            return {name: table.number(name, Fraction(), 0, 1000) for name in table.values}
        return {"answer": at.number("marks", Fraction(), 0, 1000)} if "marks" in at else {}

    def _network(self, task: Task) -> Task:
        at = task.at
        network = self._loaded(at)
        values, drawn = self._values(at, network)
        show = at.list_of("show", _part) or list(_USUAL[self.notation.gradients])
        try:
            wrt = network.quantity(at.string("wrt")) if "wrt" in at else None
        except Mistake as mistake:
            raise at.told(mistake, [("wrt",)]) from mistake
        return replace(
            task,
            network=replace(network, values=values),
            options={"wrt": wrt, "drawn": drawn},
            show=tuple(part for part in SHOWN if part in show),
        )

    def _values(
        self, at: Table, network: Network
    ) -> tuple[dict[Symbol, Fraction], dict[Symbol, str]]:
        """The numbers of a network, and for which of them a parameter stands."""
        values, drawn = dict(network.values), {}
        names = [parameter.name for parameter in self.drawn]
        for name, value in at.table("values").values.items():
            place = ("values", name)
            try:
                symbol = network.quantity(name)
            except Mistake as mistake:
                said = str(mistake).split("\n")
                raise at.fail(place, said[0], said[-1]) from mistake
            if symbol in network.statements:
                raise at.fail(place, f"{name} is computed and has no value of its own.")
            if isinstance(value, str) and value in names:
                drawn[symbol] = value
            elif isinstance(value, bool) or not isinstance(value, (int, Fraction)):
                hint = meant(value, names) if isinstance(value, str) and names else ""
                raise at.fail(place, f"{name} is a number, not {quoted(value)}.", hint)
            else:
                values[symbol] = Fraction(value)
        return values, drawn

    def _loaded(self, at: Table) -> Network:
        """The network in a file below the folder of the handout."""
        name = at.string("network")
        folder = self.path.resolve().parent
        try:
            path = (folder / name).resolve()
        except (OSError, ValueError) as error:
            raise at.fail("network", f"{name[:60]!r} is no file's name.") from error
        if not path.is_relative_to(folder):
            hint = "Put the network's file beside the handout or in a folder below."
            raise at.fail("network", f"{name[:60]!r} lies outside of the handout's folder.", hint)
        self.files.append(path)
        try:
            return read_network(read_text(path))
        except Mistake as mistake:
            said = str(mistake).replace(str(path), name)
            raise at.fail("network", f"{name}: {said.removeprefix(name + ': ')}") from mistake


def _part(table: Table, number: int, entry: Any) -> str:
    if entry not in SHOWN:
        hint = meant(str(entry), SHOWN)
        raise table.fail(("show", number), f"A network has no part {quoted(entry)}.", hint)
    return str(entry)


def _function(task: Task) -> Task:
    name = task.at.string("function").strip()
    return replace(task, name=name, options={"kinks": task.at.one_of("kinks", _KINKS, _KINKS[0])})


def catalogue_name(name: str, at: Table) -> str:
    """The name of a function of the catalogue by any of its spellings."""
    spelled = {word: f.name for f in functions.values() for word in (f.name, *f.also_called)}
    if name not in spelled:
        problem = f"There is no function {name[:60]!r}."
        raise at.fail("function", problem, meant(name, [*spelled]))
    return spelled[name]


def _derive(task: Task) -> Task:
    at = task.at
    text, where, given = at.string("derive"), at.texts("where"), at.texts("given")
    names = [at.string(key) if key in at else None for key in ("wrt", "of")]
    try:
        request = understood([text], where, given, names)
    except Mistake as mistake:
        keys = [("derive",), ("wrt",), ("of",), *(("given", n) for n in given),
                *(("where", n) for n in where)]  # fmt: skip
        raise at.told(mistake, keys) from mistake
    options = {
        "where": where,
        "order": at.whole("order", 1, 1, 20),
        "form": at.one_of("form", _FORMS, _FORMS[0]),
        "prefer": at.one_of("prefer", _WAYS, _WAYS[0]),
        "kinks": at.one_of("kinks", _KINKS, _KINKS[0]),
    }
    return replace(task, request=request, options=options)
