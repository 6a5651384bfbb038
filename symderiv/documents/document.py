"""What stands on a page, before any format: headings, prose with formulas, aligned lines.

Every formula is an expression, never text, so that each format prints it from the
tree.  Here belong the types; they are filled in `composing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from symderiv.language.expressions import Expr, Relation
from symderiv.language.walks import Place

if TYPE_CHECKING:
    from symderiv.documents.scene import Scene  # a scene's labels are prose

Prose: TypeAlias = tuple["str | Expr", ...]
"""Words and the formulas between them."""

Words: TypeAlias = str
"""Words of ours, which another language says in its own; a plain `str` is none (an anchor)."""


class Own(str):
    """What an author, a student or a source wrote: it is never translated."""

    __slots__ = ()


class Known(Own):
    """What stands in a file that may be a shipped one: translated as a whole where it is ours."""

    __slots__ = ()


Marks: TypeAlias = Mapping[Place, str]
"""What is coloured or struck out, by place."""

LEVELS = ("brief", "standard", "full")
NOTATIONS = ("leibniz", "prime")
"""How a derivative is written, d/dx [x²] or (x²)′."""


@dataclass(frozen=True)
class Reason:
    """The name of a rule beside a line, and the anchor where it is explained or derived."""

    name: Words
    id: str


@dataclass(frozen=True)
class Line:
    """One line of a derivation, `= expr`, with what is said about it.

    Of a chain of equations each line has its own `left` side.
    `level` is the coarsest level of detail at which it is shown; `number` and `id` never
    change with the level.  `struck` is the line before with its cancelled factors marked, which
    are listed in `cancelled`.
    `lemmas` are derivations of what was put in; `worth` says what it earns ("2 marks").
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
    phase: Words = ""
    last: bool = False
    left: Expr | None = None
    worth: Words = ""

    @property
    def whole(self) -> Expr:
        """The line by itself: its expression, or its equation."""
        if self.left is None:
            return self.expr
        return Relation((self.left, self.expr), ("=",))


@dataclass(frozen=True)
class Gap:
    """The room for a line that a student is to find: nothing of the line itself is kept.

    `height` is in centimetres; `reasons` are the names of its rules, and `hint` says why they
    hold, where the reader is to know them.
    """

    number: int
    id: str
    height: Fraction
    reasons: tuple[Words, ...] = ()
    hint: Prose = ()

    @property
    def rows(self) -> int:
        """The height in lines of writing."""
        return max(1, round(self.height / Fraction(7, 10)))


@dataclass(frozen=True)
class Chain:
    """A start and the lines that follow from it; behind them, room for those left out."""

    start: Expr
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...] = ()

    @property
    def of_equations(self) -> bool:
        """Whether each line is an equation with a left side of its own."""
        return self.lines[0].left is not None if self.lines else isinstance(self.start, Relation)


@dataclass(frozen=True)
class Equation:
    """The two sides of what is claimed: `left = right`; of two equations, left ⇒ right."""

    left: Expr
    right: Expr

    @property
    def sign(self) -> str:
        """What stands between: one equation follows from another, it does not equal it."""
        return "⇒" if isinstance(self.left, Relation) else "="


@dataclass(frozen=True)
class Section:
    """One derivation on a page.

    `evidence` says what was checked of the claim; `given` are equations; `remarks` are
    paragraphs after the derivation (kinks, a note).  One that goes on with a passage has no
    heading of its own (`headed`), though its title names it.
    """

    id: str
    title: Words
    task: Prose
    claim: Equation
    evidence: Prose
    given: tuple[Expr, ...]
    conditions: tuple[Expr, ...]
    chain: Chain
    remarks: tuple[Prose, ...] = ()
    headed: bool = True
    kind: ClassVar[str] = "derivation"


@dataclass(frozen=True)
class Paragraph:
    """Words and the formulas between them; one with a `mark` (a verdict) stands out."""

    prose: Prose
    mark: str = ""
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Formulas:
    """Equations below one another, each on a line of its own.

    `marks` are the places to be marked in each of them, or none.
    """

    equations: tuple[Expr, ...]
    marks: tuple[Marks, ...] = ()

    @property
    def marked(self) -> tuple[tuple[Expr, Marks], ...]:
        """Each equation with its marks."""
        return tuple(zip(self.equations, self.marks or ({},) * len(self.equations), strict=True))

    kind: ClassVar[str] = "formulas"


@dataclass(frozen=True)
class Table:
    """A table: what its columns hold, then row by row; the first cell names the row.

    `marks` are the colours of the first cells, and `links` the pages that these lead to, one
    for each row, or none.
    """

    head: tuple[Prose, ...]
    rows: tuple[tuple[Prose, ...], ...]
    caption: Prose = ()
    marks: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def linked_rows(self) -> tuple[tuple[Link | None, tuple[Prose, ...]], ...]:
        """Each row behind the link of its first cell."""
        return tuple(zip(self.links or (None,) * len(self.rows), self.rows, strict=True))

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


@dataclass(frozen=True)
class Named:
    """A sentence that ends in the names of rules, each linked to where it is explained."""

    prose: Prose
    reasons: tuple[Reason, ...]
    kind: ClassVar[str] = "named"


@dataclass(frozen=True)
class Link:
    """A name, and the page that is about it: of a `function`, a `rule`, of all `functions` or
    `rules`, or a section of the page `here`.  Where that page is depends on the site."""

    name: Words
    to: Literal["function", "rule", "functions", "rules", "here"]
    id: str = ""


@dataclass(frozen=True)
class Linked:
    """A sentence that ends in names, each linked to the page that is about it."""

    prose: Prose
    links: tuple[Link, ...]
    kind: ClassVar[str] = "linked"


@dataclass(frozen=True)
class Quoted:
    """A line that somebody typed and that could not be read; `caret` is where reading ended.

    It is the only text on a page that is printed as it was typed, letter by letter and escaped.
    """

    text: str
    caret: int
    kind: ClassVar[str] = "quoted"


@dataclass(frozen=True)
class Steps:
    """The lines of a derivation inside a passage; `id` begins the anchors of its lines."""

    id: str
    title: Words
    chain: Chain
    kind: ClassVar[str] = "steps"


@dataclass(frozen=True)
class Folded:
    """What a reader opens when it is wanted: shut in HTML, elsewhere below its own heading."""

    summary: Prose
    blocks: tuple[Block, ...]
    kind: ClassVar[str] = "folded"


@dataclass(frozen=True)
class Blank:
    """Room to write in, `height` centimetres high."""

    height: Fraction
    label: Words = "Room for your answer"
    kind: ClassVar[str] = "blank"

    @property
    def rows(self) -> int:
        """The height in lines of writing."""
        return max(1, round(self.height / Fraction(7, 10)))


Block: TypeAlias = (
    Paragraph | Formulas | Table | Picture | Named | Linked | Quoted | Steps | Folded | Blank
)


@dataclass(frozen=True)
class Passage:
    """What stands between derivations: a heading, and paragraphs, tables and pictures below it."""

    id: str
    title: Words
    blocks: tuple[Block, ...]
    kind: ClassVar[str] = "passage"


@dataclass(frozen=True)
class Finding:
    """One answer of a page with several derivations, and what it rests on."""

    words: Prose
    evidence: Words

    @property
    def equation(self) -> Relation | None:
        """The answer where it is one equation and no word."""
        only = self.words[0] if len(self.words) == 1 else None
        return only if isinstance(only, Relation) and only.signs == ("=",) else None


@dataclass(frozen=True)
class Row:
    """A row of the table of derivatives: name, f, f′, and the section that derives it."""

    name: Words
    value: Expr
    slope: Expr
    id: str


@dataclass(frozen=True)
class Glossed:
    """A rule in the glossary of a page: its statement, its reason, its example."""

    name: Words
    id: str
    statements: tuple[Equation, ...]
    why: Prose
    condition: Expr | None = None


@dataclass(frozen=True)
class Document:
    """A page: a title, sections, and what follows from them.

    `task` and `answers` are those of a problem that needs several derivations; `layers` are
    the brackets around the number of a layer, `()` or `[]`, and `primes` says that (x²)′ stands for
    d/dx [x²] wherever that says enough.  `byline` is what stands below the title: a course, an
    author, a date.  `student` is whose page it is, empty where a name is to be
    written, None for a page that is nobody's.  `language` is the one in which its words are.
    """

    title: Words
    sections: tuple[Section | Passage, ...]
    introduction: Prose = ()
    table: tuple[Row, ...] = ()
    glossary: tuple[Glossed, ...] = ()
    version: str = ""
    task: Prose = ()
    answers: tuple[Finding, ...] = ()
    layers: str = "()"
    primes: bool = False
    byline: tuple[str, ...] = ()
    student: str | None = None
    language: str = "en"

    @property
    def derivations(self) -> tuple[Section, ...]:
        """The sections that derive something."""
        return tuple(section for section in self.sections if isinstance(section, Section))

    @property
    def links(self) -> bool:
        """Whether it has links by name, so that its sections are places to lead to."""
        passages = (section for section in self.sections if isinstance(section, Passage))
        return any(isinstance(block, Linked) for page in passages for block in page.blocks)

    @property
    def folds(self) -> bool:
        """Whether a part of it is shut until a reader opens it, as in feedback."""
        passages = (section for section in self.sections if isinstance(section, Passage))
        return any(isinstance(block, Folded) for page in passages for block in page.blocks)

    @property
    def blanks(self) -> bool:
        """Whether something of it is left to be written in."""
        passages = (section for section in self.sections if isinstance(section, Passage))
        return any(
            isinstance(block, Blank) or (isinstance(block, Steps) and bool(block.chain.gaps))
            for page in passages
            for block in page.blocks
        )

    @property
    def worths(self) -> bool:
        """Whether a line of it says what it earns."""
        return any(line.worth for section in self.derivations for line in section.chain.lines)
