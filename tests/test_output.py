"""The golden documents: what lies in output/ is what the code of today writes.

They are the showroom and the record at once: a change of a rule, a printer or a
template shows in them as a diff that a person can read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from symderiv.documents.folders import FONT, font_data
from symderiv.documents.post import TOPICS
from symderiv.documents.writing import SHOWROOM, post_files

OUTPUT = Path(__file__).resolve().parent.parent / "output"
REFRESH = "run `make handout`, read the diff as a mathematician would, and commit output/"
PAGES = ("handout", "network", *(topic.id for topic in TOPICS))
PICTURES = ("neuron-picture", "gradient-picture", "vanishing-10", "vanishing-50")
NAMES = [
    *(f"{page}.{end}" for page in PAGES for _, _, end in SHOWROOM),
    *(f"{picture}.svg" for picture in PICTURES),
]


@pytest.fixture(scope="module")
def fresh() -> dict[str, str]:
    return post_files()


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_document_is_what_is_written_today(name: str, fresh: dict[str, str]) -> None:
    """Byte by byte: a golden file that may differ a little is soon believed by nobody."""
    golden = (OUTPUT / name).read_bytes() if (OUTPUT / name).exists() else b""

    if golden != fresh[name].encode():
        pytest.fail(f"output/{name} is not what is written today: {REFRESH}", pytrace=False)


def test_the_showroom_holds_every_document_and_nothing_else(fresh: dict[str, str]) -> None:
    """A document that nobody writes any more would be shown for ever."""
    files = {path.name for path in OUTPUT.iterdir() if path.is_file()}
    there = {
        name for name in files if not name.endswith(".pdf")
    }  # not stored: another every release

    assert set(fresh) == set(NAMES)
    assert there == {*NAMES, FONT}, REFRESH
    assert (OUTPUT / FONT).read_bytes() == font_data()


def test_the_documents_are_stored_as_they_are_written(fresh: dict[str, str]) -> None:
    """LF on every system, one newline at the end, readable as UTF-8."""
    for name in fresh:
        text = (OUTPUT / name).read_bytes()

        assert b"\r" not in text
        assert text.endswith(b"\n")
        assert not text.endswith(b"\n\n")
        assert text.decode()
