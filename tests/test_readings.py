"""What a text means, as a table that a teacher can read: `readings.txt`, row by row.

The expected meanings are what the authors of lecture notes, papers and homework mean by
such a text; none of them was found by running a reader.  A row that fails is therefore
a misreading, and not a change to be accepted.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

import symderiv as sd

TABLE = Path(__file__).with_name("readings.txt")
PLACE = "‸"  # stands before the character at which the caret must stand


class Row(NamedTuple):
    """One row: the text, what it means, why, and under which names and in which section."""

    line: int
    section: str
    kinds: dict[str, str]
    marked: str
    meaning: str
    why: str

    @property
    def text(self) -> str:
        return self.marked.replace(PLACE, "", 1)

    @property
    def names(self) -> sd.Names:
        return sd.Names(kinds=self.kinds)

    def after(self, word: str) -> str | None:
        """What stands behind `ambiguous:` or `refused:`; None where the row says otherwise."""
        start, _, rest = self.meaning.partition(": ")
        return rest.strip() if start == word else None


def rows() -> list[Row]:
    """The rows of the table; a line that is none fails with its number."""
    found: list[Row] = []
    section, kinds = "", {}
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            section, kinds = line[2:].strip(), {}
        elif line.startswith("names:") and section:
            kinds = _kinds(line.removeprefix("names:"), number)
        elif line.strip() and section:
            parts = re.fullmatch(r"(.*\S) ⟶ (\S.*?) — (\S.*)", line)
            if parts is None or line.count(" ⟶ ") != 1:
                pytest.fail(f"{TABLE.name}:{number}: no '<text> ⟶ <meaning> — <why>': {line!r}")
            found.append(Row(number, section, kinds, *parts.groups()))
    return found


def _kinds(declared: str, number: int) -> dict[str, str]:
    """`W layered matrix; f function` as kinds: {"W": "layered matrix", "f": "function"}."""
    kinds = {}
    for part in declared.split(";"):
        name, _, kind = part.strip().partition(" ")
        if not kind:
            pytest.fail(f"{TABLE.name}:{number}: no 'name kind': {part!r}")
        kinds[name] = kind
    return kinds


ROWS = rows()
READ = [row for row in ROWS if not re.match(r"(ambiguous|refused):", row.meaning)]
AMBIGUOUS = [row for row in ROWS if row.after("ambiguous") is not None]
REFUSED = [row for row in ROWS if row.after("refused") is not None]


def each(table: list[Row]) -> pytest.MarkDecorator:
    """One test for each row, called by its line number and its text."""
    return pytest.mark.parametrize("row", table, ids=[f"{r.line}:{r.text!a}" for r in table])


def unspaced(text: str) -> str:
    return "".join(text.split())


@each(READ)
def test_a_text_means_what_its_author_means(row: Row) -> None:
    assert str(sd.read(row.text, row.names)) == row.meaning


@each(READ)
def test_the_plain_spelling_of_a_meaning_reads_back_to_the_same_tree(row: Row) -> None:
    assert sd.read(row.meaning, row.names) is sd.read(row.text, row.names)


@each(AMBIGUOUS)
def test_an_ambiguous_text_is_echoed_with_its_readings(row: Row) -> None:
    """A reading counts if it is typed as the table says, or means the same."""
    with pytest.raises(sd.Ambiguous) as question:
        sd.read(row.text, row.names)

    writes = [reading.write for reading in question.value.readings]
    offered = {unspaced(write) for write in writes}
    offered |= {unspaced(str(sd.read(write, row.names))) for write in writes}
    wanted = (row.after("ambiguous") or "").split(" / ")
    assert len(writes) > 1
    assert [spelling for spelling in wanted if unspaced(spelling) not in offered] == []
    if PLACE in row.marked:
        assert question.value.position == row.marked.index(PLACE)


@each(REFUSED)
def test_what_cannot_be_read_is_refused_with_help(row: Row) -> None:
    with pytest.raises(sd.Unreadable) as refusal:
        sd.read(row.text, row.names)

    assert not isinstance(refusal.value, sd.Ambiguous)
    assert (row.after("refused") or "").casefold() in str(refusal.value).casefold()
    if PLACE in row.marked:
        assert refusal.value.position == row.marked.index(PLACE)


def test_the_table_is_long_and_says_nothing_twice_and_gives_its_reasons() -> None:
    places = [(row.section, row.text) for row in ROWS]

    assert len(ROWS) >= 250
    assert len(READ) + len(AMBIGUOUS) + len(REFUSED) == len(ROWS)
    assert [place for place in places if places.count(place) > 1] == []
    assert [row.line for row in ROWS if len(row.why.split()) < 2] == []


def test_no_advice_is_asked_for_that_the_text_itself_holds() -> None:
    """The message shows the text: a phrase that stands in it would be found in any message."""
    texts = [(row.text.casefold(), (row.after("refused") or "").casefold()) for row in REFUSED]

    assert [text for text, advice in texts if not advice or advice in text] == []
