"""The cache stays small: what is not used goes, and nothing else.

It lies in the author's own cache folder, or in a folder that holds other things too, and several
builds may use it at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symderiv.sites import keeping
from symderiv.sites.keeping import fingerprint, kept
from symderiv.sites.pieces import HTML, Site, piece
from symderiv.sites.pruning import DAY, prune, pruned_daily
from symderiv.sites.wishes import read_line

ROOT = Path(__file__).resolve().parent.parent
OWN, OTHER = "0" * 16, "f" * 16


def laid(folder: Path, name: str, days: float, size: int = 10) -> Path:
    """A file that was used so many days ago."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    when = time.time() - days * DAY
    os.utime(path, (when, when))
    return path


def piece_name(engine: str, letter: str) -> str:
    return f"{engine}/{letter * 2}/{letter * 64}.json"


@pytest.mark.parametrize(
    ("name", "days", "stays"),
    [
        (piece_name(OWN, "a"), 89, True),
        (piece_name(OWN, "a"), 91, False),
        (piece_name(OTHER, "a"), 13, True),
        (piece_name(OTHER, "a"), 15, False),
        (f"aa/{'a' * 64}.json", 15, False),
        ("engine-" + "a" * 16, 91, False),
        ("engine-" + "a" * 16, 15, True),
        (f"{OWN}/aa/.new-abc", 0.5, True),
        (f"{OWN}/aa/.new-abc", 2, False),
        ("notes.json", 999, True),
        ("aa/notes.json", 999, True),
        (f"{OWN}/aa/{'a' * 64}.txt", 999, True),
        (f"site/aa/{'a' * 64}.json", 999, True),
        (f"{OWN}/aa/bb/{'a' * 64}.json", 999, True),
    ],
)
def test_only_what_is_ours_and_was_not_used_for_long_goes(
    tmp_path: Path, name: str, days: float, stays: bool
) -> None:
    path = laid(tmp_path, name, days)
    prune(tmp_path, OWN)

    assert path.exists() is stays


def test_beyond_a_bound_those_go_that_were_not_used_for_longest(tmp_path: Path) -> None:
    paths = {k: laid(tmp_path, piece_name(OWN, k), days, 100) for days, k in enumerate("abcd")}
    prune(tmp_path, OWN, largest=250)

    assert [k for k, path in paths.items() if path.exists()] == ["a", "b"]


def test_folders_that_are_empty_go_and_others_stay(tmp_path: Path) -> None:
    laid(tmp_path, piece_name(OTHER, "a"), 99)
    laid(tmp_path, piece_name(OWN, "b"), 1)
    laid(tmp_path, "mine/notes.txt", 99)
    prune(tmp_path, OWN)

    assert sorted(path.name for path in tmp_path.iterdir()) == [OWN, "mine"]


def test_nothing_outside_of_the_folder_is_touched(tmp_path: Path) -> None:
    outside = laid(tmp_path, f"out/aa/{'a' * 64}.json", 999)
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / OWN).symlink_to(tmp_path / "out")
    prune(cache, OWN)

    assert outside.exists()


def test_it_is_done_once_a_day(tmp_path: Path) -> None:
    old = laid(tmp_path, piece_name(OWN, "a"), 99)
    laid(tmp_path, "pruned", 0.9)
    pruned_daily.cache_clear()
    pruned_daily(tmp_path, OWN)
    assert old.exists()

    laid(tmp_path, "pruned", 1.1)
    pruned_daily.cache_clear()
    pruned_daily(tmp_path, OWN)

    assert not old.exists()
    assert time.time() - (tmp_path / "pruned").stat().st_mtime < DAY


def test_a_build_prunes_and_what_it_uses_stays(tmp_path: Path) -> None:
    """A piece that is only ever read is used all the same."""
    kept({"a": 1}, lambda: {"piece": "x"}, tmp_path)
    (path,) = tmp_path.rglob("*.json")
    other = laid(tmp_path, piece_name(OTHER, "a"), 99)
    when = time.time() - 80 * DAY
    os.utime(path, (when, when))
    (tmp_path / "pruned").unlink()
    pruned_daily.cache_clear()
    made: list[int] = []
    kept({"a": 1}, lambda: made.append(1) or {"piece": "x"}, tmp_path)  # type: ignore[func-returns-value]

    assert made == []
    assert time.time() - path.stat().st_mtime < DAY
    assert not other.exists()


def test_a_folder_that_cannot_be_read_or_is_gone_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "nowhere"):
        pruned_daily.cache_clear()
        pruned_daily(folder, OWN)


def test_builds_at_the_same_time_make_the_same_while_others_prune(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from symderiv.sites.pieces import HTML, Site, piece\n"
        "from symderiv.sites.pruning import prune\n"
        "from symderiv.sites.wishes import read_line\n"
        "for _ in range(20):\n"
        "    prune(Path(sys.argv[1]), 'x', 0)\n"
        "    html = piece(read_line('expr=x^2'), HTML, Site(cache=sys.argv[1]))\n"
        "sys.stdout.write(html)\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        )
        for _ in range(3)
    ]  # fmt: skip
    said = [process.communicate(timeout=120) for process in running]

    assert [process.returncode for process in running] == [0, 0, 0], said
    assert len({out for out, _ in said}) == 1
    assert not any(err for _, err in said)


# --- the word for everything a piece is made by --------------------------------------------------


def engine(folder: Path) -> str:
    fingerprint.cache_clear()
    return fingerprint(folder)


def test_the_engine_is_read_once_and_known_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = engine(tmp_path)
    read: list[int] = []
    monkeypatch.setattr(keeping, "_engine", lambda _: read.append(1) or "other")

    assert engine(tmp_path) == first
    assert read == []


def test_a_file_of_ours_that_changes_is_noticed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where its size and its time of change are put back to what they were."""
    ours = tmp_path / "templates"
    ours.mkdir()
    page = ours / "page.html"
    page.write_text("one")
    monkeypatch.setattr(keeping, "our_templates", lambda: ours)
    cache, found = tmp_path / "cache", [engine(tmp_path / "cache")]
    before = page.stat()
    for text in ("other", "two"):
        time.sleep(0.02)
        page.write_text(text)
        os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
        found.append(engine(cache))
    page.write_text("one")
    fingerprint.cache_clear()

    assert len({*found}) == 3
    assert engine(cache) == found[0], "the same content is the same engine"
    fingerprint.cache_clear()


def test_a_memo_that_was_damaged_is_made_again(tmp_path: Path) -> None:
    first = engine(tmp_path)
    (memo,) = tmp_path.glob("engine-*")
    for damage in (b"", b"{}", memo.read_bytes()[:-3], b"0\n" + memo.read_bytes().split(b"\n")[1]):
        memo.write_bytes(damage)
        assert engine(tmp_path) == first


def test_a_piece_is_kept_below_its_engine(tmp_path: Path) -> None:
    piece(read_line("expr=x^2"), HTML, Site(cache=str(tmp_path)))
    (path,) = tmp_path.rglob("*.json")

    assert path.parent.parent.name == fingerprint(tmp_path)[:16]
