"""What stands on a page, before any format: headings, prose with formulas, aligned lines.

Every formula is an expression, never text, so that each format prints it from the
tree.  Here belong the types; they are filled in `composing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from symderiv.language.expressions import Expr
from symderiv.language.walks import Place

if TYPE_CHECKING:
    from symderiv.documents.scene import Scene  # a scene's labels are prose

Prose: TypeAlias = tuple["str | Expr", ...]
"""Words and the formulas between them."""

Marks: TypeAlias = Mapping[Place, str]
"""What is coloured or struck out, by place."""

LEVELS = ("brief", "standard", "full")


@dataclass(frozen=True)
class Reason:
    """The name of a rule beside a line, and the anchor where it is explained or derived."""

    name: str
    id: str


@dataclass(frozen=True)
class Line:
    """One line of a derivation, `= expr`, with what is said about it.

    `level` is the coarsest level of detail at which it is shown; `number` and `id` never
    change with the level.  `struck` is the line before with its cancelled factors marked, which
    are listed in `cancelled`.
    `lemmas` are derivations of what was put in.
    """

    number: int
    id: str
    expr: Expr
    reasons: tuple[Reason, ...]
    why: Prose
    level: str
    evidence: Prose
    marks: Marks = field(default_factory=dict)
    struck: Expr | None = None
    struck_marks: Marks = field(default_factory=dict)
    cancelled: tuple[Expr, ...] = ()
    lemmas: tuple[Chain, ...] = ()
    phase: str = ""
    last: bool = False


@dataclass(frozen=True)
class Chain:
    """A start and the lines that follow from it."""

    start: Expr
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Equation:
    """The two sides of what is claimed: `left = right`."""

    left: Expr
    right: Expr


@dataclass(frozen=True)
class Section:
    """One derivation on a page.

    `evidence` says what was checked of the claim; `given` are equations; `remarks` are
    paragraphs after the derivation (kinks, a note).
    """

    id: str
    title: str
    task: Prose
    claim: Equation
    evidence: Prose
    given: tuple[Expr, ...]
    conditions: tuple[Expr, ...]
    chain: Chain
    remarks: tuple[Prose, ...] = ()
    kind: ClassVar[str] = "derivation"


@dataclass(frozen=True)
class Paragraph:
    """Words and the formulas between them."""

    prose: Prose
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Formulas:
    """Equations below one another, each on a line of its own."""

    equations: tuple[Expr, ...]
    kind: ClassVar[str] = "formulas"


@dataclass(frozen=True)
class Table:
    """A table: what its columns hold, then row by row; the first cell names the row.

    `marks` are the colours of the first cells, one for each row, or none.
    """

    head: tuple[Prose, ...]
    rows: tuple[tuple[Prose, ...], ...]
    caption: Prose = ()
    marks: tuple[str, ...] = ()

    @property
    def marked_rows(self) -> tuple[tuple[str, tuple[Prose, ...]], ...]:
        """Each row behind the mark of its first cell."""
        return tuple(zip(self.marks or ("",) * len(self.rows), self.rows, strict=True))

    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Picture:
    """A picture, drawn once for a wide page and perhaps once more for a narrow one."""

    wide: Scene
    narrow: Scene | None = None
    caption: Prose = ()
    kind: ClassVar[str] = "picture"


Block: TypeAlias = Paragraph | Formulas | Table | Picture


@dataclass(frozen=True)
class Passage:
    """What stands between derivations: a heading, and paragraphs, tables and pictures below it."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    kind: ClassVar[str] = "passage"


@dataclass(frozen=True)
class Row:
    """A row of the table of derivatives: name, f, f′, and the section that derives it."""

    name: str
    value: Expr
    slope: Expr
    id: str


@dataclass(frozen=True)
class Glossed:
    """A rule in the glossary of a page: its statement, its reason, its example."""

    name: str
    id: str
    statements: tuple[Equation, ...]
    why: Prose
    condition: Expr | None = None


@dataclass(frozen=True)
class Document:
    """A page: a title, sections, and what follows from them.

    `layers` are the brackets around the number of a layer, `()` or `[]`.
    """

    title: str
    sections: tuple[Section | Passage, ...]
    introduction: Prose = ()
    table: tuple[Row, ...] = ()
    glossary: tuple[Glossed, ...] = ()
    version: str = ""
    layers: str = "()"

    @property
    def derivations(self) -> tuple[Section, ...]:
        """The sections that derive something."""
        return tuple(section for section in self.sections if isinstance(section, Section))
