"""The command line, as a shell uses it: product, messages, exit status, and no traceback.

What can be typed into a shell goes through a real process; what cannot (a null byte, a
million characters) and what would take long (hundreds of random lines) goes through `main`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import symderiv as sd
from symderiv.cli import main
from symderiv.documents.writing import post_files

COMMAND = [sys.executable, "-m", "symderiv.cli"]
OPENING = {
    "text": "A derivative, step by step\n=",
    "markdown": "# A derivative, step by step\n",
    "latex": "% Made by symderiv",
    "html": "<!doctype html>\n",
    "json": "{\n",
}


class Said(NamedTuple):
    status: int
    out: str
    err: str


def shell(*arguments: str | bytes, cwd: Path | None = None, **environment: str) -> Said:
    """The command in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def call(*arguments: str) -> Said:
    """The command in this process; argparse leaves by SystemExit, everything else returns."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as left:
            status = int(left.code or 0)
    return Said(status, out.getvalue(), err.getvalue())


def refused(said: Said) -> bool:
    """A mistake of the user's: exit 2, words on stderr, nothing on stdout, no stack."""
    return said.status == 2 and not said.out and bool(said.err) and "Traceback" not in said.err


# What each command gives


def test_help_and_version_answer() -> None:
    help_, version = shell("--help"), shell("--version")

    assert help_.status == version.status == 0
    assert all(command in help_.out for command in ("derive", "handout", "proofread"))
    assert all(command in help_.out for command in ("rules", "functions"))
    assert version.out == f"symderiv {sd.__version__}\n"


@pytest.mark.parametrize("command", ["derive", "handout", "proofread", "rules", "functions"])
def test_every_command_explains_itself(command: str) -> None:
    said = call(command, "--help")

    assert said.status == 0
    assert said.out.startswith(f"usage: symderiv {command}")


def test_derive_prints_the_page_and_nothing_else() -> None:
    """What stands on stdout can be piped into a file and be the document."""
    said = shell("derive", "x^2*sin(x)")

    assert said.status == 0
    assert said.err == ""
    assert said.out == sd.render(sd.derive("x^2*sin(x)"))


def test_a_function_of_the_catalogue_is_derived_from_its_definition() -> None:
    said = shell("derive", "sigmoid", "-f", "json")
    page = json.loads(said.out)

    assert page["result"]["plain"] == "sigmoid(z)*(1 - sigmoid(z))"
    assert page["steps"][0]["rule"] == "definition of the sigmoid"


def test_named_quantities_and_domains_reach_the_engine() -> None:
    """The seed post's collapse, typed as one line: BCE through a sigmoid is ŷ − y."""
    said = call(
        "derive", "L", "--wrt", "z", "--given", "L=bce(yhat,y)", "--given", "yhat=sigma(z)",
        "--where", "y=[0,1]", "-f", "json",
    )  # fmt: skip
    page = json.loads(said.out)

    assert page["result"]["plain"] == "yhat - y"
    assert "0 <= y <= 1" in [condition["plain"] for condition in page["conditions"]]


def test_order_kinks_dialect_and_detail_reach_the_page() -> None:
    fifth = call("derive", "x^5", "--order", "2", "-f", "json")
    relu = call("derive", "relu", "--kinks", "torch", "-f", "json")
    plain = call("derive", "x^2", "-f", "markdown", "--dialect", "plain")
    brief, full = (call("derive", "tanh", "--detail", d).out for d in ("brief", "full"))

    assert json.loads(fifth.out)["result"]["plain"] == "20*x^3"
    assert json.loads(relu.out)["kinks"][0]["taken"]["plain"] == "0"
    assert "$$" in plain.out
    assert "```" not in plain.out
    assert len(brief) < len(full)


@pytest.mark.parametrize("form", OPENING)
def test_every_format_is_printed(form: str) -> None:
    said = call("derive", "x^2", "-f", form)

    assert said.status == 0
    assert said.out.startswith(OPENING[form])
    assert said.out == sd.render(sd.derive("x^2"), form)


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.txt", "text"), ("a.md", "markdown"), ("a.tex", "latex"), ("a.html", "html"),
     ("a.json", "json"), ("README", "text"), ("b.plain.md", "markdown")],
)  # fmt: skip
def test_a_files_ending_chooses_the_format(name: str, form: str, tmp_path: Path) -> None:
    said = call("derive", "x^2", "-o", str(tmp_path / "new" / name))
    written = (tmp_path / "new" / name).read_bytes()

    assert said == Said(0, "", "")
    assert written == sd.render(sd.derive("x^2"), form).encode()


def test_the_format_that_is_named_beats_the_ending(tmp_path: Path) -> None:
    call("derive", "x^2", "-f", "latex", "-o", str(tmp_path / "page.txt"))

    assert (tmp_path / "page.txt").read_text().startswith(OPENING["latex"])


def test_an_ending_that_means_nothing_is_refused(tmp_path: Path) -> None:
    """Text in a file called page.docx is found out by whoever opens it, days later."""
    said = call("derive", "x^2", "-o", str(tmp_path / "page.docx"))

    assert refused(said)
    assert ".pdf" in said.err
    assert not [*tmp_path.iterdir()]


def test_handout_writes_the_documents_and_lists_them(tmp_path: Path) -> None:
    said = call("handout", "-o", str(tmp_path / "out"), "-f", "text, json")
    written = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}

    assert said.status == 0
    assert said.err == ""
    assert written == post_files(["text", "json"])
    assert sorted(said.out.splitlines()) == sorted(str(tmp_path / "out" / n) for n in written)


def test_templates_of_the_user_are_taken(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    body = '{% extends "symderiv/text/derivation.txt" %}{% block footer %}\nSheet 4{% endblock %}'
    (tmp_path / "text" / "derivation.txt").write_text(body)
    said = call("derive", "x^2", "--templates", str(tmp_path))

    assert said.out.endswith("\nSheet 4\n")


@pytest.mark.parametrize(("command", "table"), [("rules", sd.rules), ("functions", sd.functions)])
def test_a_glossary_lists_everything_and_shows_one_alone(
    command: str, table: dict[str, object]
) -> None:
    """A rule that the glossary forgets is a rule that nobody can look up."""
    entries = [entry.splitlines()[0] for entry in call(command).out.split("\n\n")]

    assert [entry.split(":")[0] for entry in entries] == [*table]
    for name in table:
        alone = call(command, name)

        assert alone.status == 0
        assert alone.out.splitlines()[0].split(":")[0] == name
        assert len(alone.out.splitlines()) > 1


# Mistakes of the person at the keyboard


MISTAKES: dict[str, tuple[list[str], str]] = {
    "no command": ([], "COMMAND"),
    "an unknown command": (["integrate"], "integrate"),
    "an unknown option": (["derive", "x", "--nonsense"], "nonsense"),
    "no expression": (["derive"], "expression"),
    "an empty expression": (["derive", ""], "nothing to read"),
    "a misspelt function": (["derive", "x*sigmod(x)"], "Did you mean 'sigmoid'"),
    "a misspelt catalogue entry": (["derive", "sigmod"], "Did you mean 'sigmoid'"),
    "an open bracket": (["derive", "(x+1"], "never closed"),
    "no variable": (["derive", "x*y"], "there are: x, y"),
    "no symbol at all": (["derive", "2"], "none"),
    "a variable that is none": (["derive", "x^2", "--wrt", "2x"], "not a name"),
    "an empty variable": (["derive", "x^2", "--wrt", ""], "nothing to read"),
    "an unknown domain": (["derive", "x^2", "--where", "x=banana"], "banana"),
    "a domain without its end": (["derive", "x^2", "--where", "x>"], ">"),
    "a domain without a name": (["derive", "x^2", "--where", "banana"], "yhat=(0,1)"),
    "a definition without a name": (["derive", "a", "--given", "a"], "NAME=TEXT"),
    "an unreadable definition": (["derive", "a", "--given", "a=(("], "ends where"),
    "an unknown format": (
        ["derive", "x", "-f", "docx"],
        "text, markdown, latex, html, typst, pdf, json",
    ),
    "an unknown level": (["derive", "x", "--detail", "all"], "brief, standard, full"),
    "an unknown dialect": (["derive", "x", "-f", "markdown", "--dialect", "gitlab"], "github"),
    "a dialect of nothing": (["derive", "x", "--dialect", "github"], "none"),
    "an unknown convention": (["derive", "x", "--kinks", "keras"], "undefined, torch, jax"),
    "order nought": (["derive", "x", "--order", "0"], "from 1 to 10"),
    "an order that is no number": (["derive", "x", "--order", "two"], "two"),
    "no templates": (["derive", "x", "--templates", "/nowhere"], "/nowhere"),
    "an unknown rule": (["rules", "product rul"], "Did you mean 'product rule'"),
    "an unknown function": (["functions", "sigmiod"], "Did you mean 'sigmoid'"),
    "a rule like no other": (["rules", "qqqqqqqq"], "See symderiv rules"),
    "a handout in an unknown format": (["handout", "-f", "md"], "markdown"),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_ends_with_exit_2_and_says_what_to_do(what: str) -> None:
    arguments, hint = MISTAKES[what]
    said = call(*arguments)

    assert refused(said)
    assert hint in said.err


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        (["derive", "x*sigmod(x)"], 2),
        (["derive", "sin(x)+"], 7),
        (["derive", "x^2 + $"], 6),
        (["derive", "x", "--given", "a=2*(3"], 2),
        (["rules", "product rul"], 0),
    ],
)
def test_a_caret_stands_under_the_place(arguments: list[str], column: int) -> None:
    lines = call(*arguments).err.splitlines()
    caret = next(line for line in lines if line.strip() == "^")

    assert caret.index("^") == 2 + column


def test_a_mistake_in_a_real_process_is_as_quiet() -> None:
    said = shell("derive", "x*sigmod(x)")

    assert refused(said)
    assert said.err.startswith("symderiv: ")


def test_what_is_defined_nowhere_is_the_users_mistake() -> None:
    """log(−3) has no real value at any x: that is no bug of ours, and not exit 70."""
    assert refused(call("derive", "log(-3)*x"))


# Places that cannot be written


def _unwritable(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "file.txt").write_text("kept")
    (tmp_path / "folder.txt").mkdir()
    return {
        "a folder": str(tmp_path / "folder.txt"),
        "inside a file": str(tmp_path / "file.txt" / "page.txt"),
        "a folder of the kernel": "/proc/page.txt",
        "a name that is too long": str(tmp_path / ("a" * 300 + ".txt")),
        "a name with a null byte": str(tmp_path / "a\0.txt"),
        "no name": "",
    }


@pytest.mark.parametrize(
    "what",
    ["a folder", "inside a file", "a folder of the kernel", "a name that is too long",
     "a name with a null byte", "no name"],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_named(what: str, tmp_path: Path) -> None:
    """And nothing half-written is left there."""
    place = _unwritable(tmp_path)[what]
    before = sorted(tmp_path.rglob("*")), sorted(tmp_path.parent.glob(".*"))
    said = call("derive", "x^2", "-o", place)

    assert refused(said)
    assert "cannot be written" in said.err
    assert (sorted(tmp_path.rglob("*")), sorted(tmp_path.parent.glob(".*"))) == before
    assert (tmp_path / "file.txt").read_text() == "kept"


def test_a_handout_that_cannot_be_written_is_a_mistake_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")

    assert refused(call("handout", "-f", "json", "-o", str(tmp_path / "file")))


def test_a_link_is_followed_and_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    """`-o /dev/stdout` must not turn the device into a file, even for root."""
    page = sd.render(sd.derive("x^2"))
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe.txt").read_text()))
    reader.start()
    link, pipe = (call("derive", "x^2", "-o", str(tmp_path / n)) for n in ("link.txt", "pipe.txt"))
    reader.join(10)

    assert link == pipe == Said(0, "", "")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == page
    assert (tmp_path / "pipe.txt").is_fifo()
    assert read == [page]


def test_a_written_file_can_be_read_by_others(tmp_path: Path) -> None:
    """A temporary file is private; the document must have the rights of any new file."""
    call("derive", "x^2", "-o", str(tmp_path / "page.txt"))
    (tmp_path / "other").write_text("")

    assert (tmp_path / "page.txt").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="this needs a POSIX shell")
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("{ {} functions; echo $? >&2; } | head -1", 0),
        ("{ {} derive tanh -f html; echo $? >&2; } | head -c 10", 0),
        ("{} rules > /dev/full", 2),
        ("{} derive tanh -f html > /dev/full", 2),
        ("{} rules >&-", 2),
        ("{} derive nonsens 2>&-", 2),
    ],
)
def test_a_stream_that_is_shut_makes_no_traceback(line: str, status: int) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("this needs /dev/full")
    command = line.replace("{}", " ".join(COMMAND))
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60)

    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode == status
    assert "head" not in line or done.stderr == "0\n"
    assert len(done.stdout.splitlines()) <= 1


def test_a_terminal_that_speaks_no_unicode_gets_utf8_and_no_error() -> None:
    """ŷ − y must not end in UnicodeEncodeError where the locale is C."""
    said = shell("derive", "mse", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")

    assert said.status == 0
    assert "2(ŷ − y)/n" in said.out


# What nobody types by accident


MILLION = 1_000_000
HOSTILE: dict[str, str] = {
    "a million letters": "x" * MILLION,
    "a million digits": "9" * MILLION,
    "a million plus signs": "x+" * (MILLION // 2) + "x",
    "ten thousand brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "ten thousand open brackets": "(" * 10_000,
    "ten thousand minus signs": "-" * 10_000 + "x",
    "a tower of powers": "x^" * 10_000 + "x",
    "a tower of sines": "sin(" * 10_000 + "x" + ")" * 10_000,
    "a null byte": "x\0+1",
    "control characters": "\x01\x02\x1b[31mx",
    "a bell and a backspace": "x\a\b",
    "a byte that is no UTF-8": os.fsdecode(b"\xff\xfe+x"),
    "half a surrogate pair": "\ud83d",
    "a right-to-left mark": "\u202ex^2",
    "a line separator": "x\u2028y",
    "combining marks": "x" + "\u0302" * 1_000,
    "Python": "__import__('os').system('id')",
    "Python with a lambda": "(lambda: x)()",
    "an f-string": "{x.__class__}",
    "LaTeX that reads": r"\input{/etc/passwd}",
    "LaTeX that writes": r"\write18{id}",
    "HTML": "<script>alert(1)</script>",
    "Jinja": "{{ ''.__class__ }}",
    "a shell": "$(id)`id`;id",
    "only blanks": " \t\n ",
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize(
    "where",
    [
        lambda text: ["derive", "--", text],
        lambda text: ["derive", "x", f"--wrt={text}"],
        lambda text: ["derive", "a*x", "--wrt", "x", f"--given=a={text}"],
        lambda text: ["derive", "x", f"--where=x={text}"],
        lambda text: ["rules", "--", text],
        lambda text: ["functions", "--", text],
    ],
    ids=["expression", "wrt", "given", "where", "rule", "function"],
)
def test_hostile_text_is_refused_wherever_it_is_typed(
    what: str, where: Callable[[str], list[str]]
) -> None:
    """At once, in a few lines, with nothing of it reaching the terminal as a command."""
    if HOSTILE[what].isspace() and "--where" in str(where("")):
        pytest.skip("no domain means the reals")
    said = call(*where(HOSTILE[what]))

    assert refused(said)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", said.err)
    assert len(said.err) < 2_000


@pytest.mark.parametrize("what", ["a million letters", "a null byte", "control characters"])
@pytest.mark.parametrize("option", ["--format", "--detail", "--dialect", "--kinks", "--templates"])
def test_hostile_text_in_an_option_is_refused(what: str, option: str) -> None:
    said = call("derive", "x^2", f"{option}={HOSTILE[what]}")

    assert refused(said)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", said.err)


@pytest.mark.parametrize(
    "argument", [b"\xff\xfe", b"x\xc3", b"x^2\x1b[2J", ("(" * 10_000).encode(), b"x" * 100_000]
)
@pytest.mark.parametrize("before", [[b"derive"], [b"derive", b"x", b"--wrt"], [b"rules"]])
def test_bytes_that_are_no_text_make_no_traceback(argument: bytes, before: list[bytes]) -> None:
    said = shell(*before, argument)

    assert refused(said)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", said.err)


_PIECES = [
    *"xyzw", *"0123", "3.5", *"+-*/^()()|,='!<>_{}%$\\", " ", "sin(", "exp(", "log(", "sigma(",
    "tanh(", "relu(", "abs(", "max(", "sqrt(", "x_1", "yhat", "e", "pi", "D(", "cases(", " if ",
    "sum(", r"\frac{", "\u0302", "σ", "∂", "²", "\0", "\ud800", "f(", "d/dx", "--", "-o", "-f",
]  # fmt: skip
_LEAVES = ["x", "x", "y", "2", "3", "1/2", "x^2", "a", "0", "x_1"]
_FORMS = [
    "({}+{})", "({}-{})", "({}*{})", "({})/({})", "({})^2", "({})^(-1)", "({})^x", "sin({})",
    "cos({})", "exp({})", "log({})", "tanh({})", "sigma({})", "relu({})", "abs({})", "sqrt({})",
    "max({},{})", "-({})", "f({})", "bce(sigma({}),{})",
]  # fmt: skip


def _salad(dice: random.Random) -> str:
    return "".join(dice.choice(_PIECES) for _ in range(dice.randrange(1, 14)))


def _formula(dice: random.Random, depth: int) -> str:
    if depth == 0:
        return dice.choice(_LEAVES)
    form = dice.choice(_FORMS)
    return form.format(*(_formula(dice, dice.randrange(depth)) for _ in range(form.count("{}"))))


@pytest.mark.parametrize("seed", range(20))
def test_random_text_is_derived_or_refused(seed: int) -> None:
    """Twenty times twenty lines of symbols: exit 0 or 2, whatever comes."""
    dice = random.Random(seed)  # noqa: S311 (a test that can be repeated)
    for _ in range(20):
        text = _salad(dice)
        said = call("derive", text, *dice.choice([[], ["--wrt", "x"], ["--wrt", _salad(dice)]]))

        assert said.status in (0, 2), text
        assert bool(said.out) == (said.status == 0), text
        assert "Traceback" not in said.err, text


@pytest.mark.parametrize("seed", range(20))
def test_random_formulas_are_derived_or_refused(seed: int) -> None:
    """Well-formed ones go all the way to a page; an expression without values may be refused."""
    dice = random.Random(1_000 + seed)  # noqa: S311 (a test that can be repeated)
    for _ in range(6):
        text = _formula(dice, 3)
        form = dice.choice([*OPENING])
        said = call("derive", "--wrt", "x", "-f", form, "--", text)

        assert said.status in (0, 2), (text, said.err)
        assert bool(said.out) == (said.status == 0), text
