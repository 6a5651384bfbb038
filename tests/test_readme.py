"""README is a test: every example on it is run, every command and link is there.

A ```python block is a doctest, and all blocks are one session; a ```console block is
`$ command` and what it prints, in which a line `…` stands for any lines.
"""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from symderiv.cli import main
from symderiv.handouts.withholding import VARIANTS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Each `$ command` of the console blocks with the output that is shown."""
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.strip("\n")))
    return found


def test_readme_has_examples() -> None:
    """A README whose fences this test cannot find would pass for ever."""
    fences = re.findall(r"^```(\w+)", README, re.MULTILINE)

    assert len(blocks("python")) >= 3
    assert commands()
    assert set(fences) <= {
        "python", "console", "sh", "jinja", "toml",
        "yaml", "markdown", "derivation", "exercise",  # those of sites: see test_site_builders
        "py", "rst",
    }  # fmt: skip
    assert all(">>> " in block for block in blocks("python"))


def test_every_python_example_prints_what_readme_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")  # as in a clone
    monkeypatch.chdir(tmp_path)
    text = "\n".join(f"{block}\n" for block in blocks("python"))
    example = doctest.DocTestParser().get_doctest(text, {}, "README.md", None, 0)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)

    assert result.attempted > 10
    assert result.failed == 0, "".join(said)


@pytest.mark.parametrize(("command", "shown"), commands(), ids=[c for c, _ in commands()])
def test_every_command_prints_what_readme_shows(command: str, shown: str, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")  # as in a clone
    name, *arguments = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", "symderiv.cli", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
    )
    lines = [re.escape(line) + "\n" if line != "…" else "(?:.*\n)*" for line in shown.splitlines()]

    assert name == "symderiv"
    assert re.fullmatch("".join(lines), done.stdout + done.stderr), done.stdout + done.stderr


def test_the_handout_of_readme_is_one(tmp_path: Path) -> None:
    """The TOML that a teacher copies from here is built in every variant and format."""
    (sheet,) = [block for block in blocks("toml") if "[[section]]" in block]
    (tmp_path / "sheet.toml").write_text(sheet, encoding="utf-8")
    typed = ["handout", str(tmp_path / "sheet.toml"), "-o", str(tmp_path)]

    assert main([*typed, "-f", "html,md,tex,text,json", "--variant", ",".join(VARIANTS)]) == 0
    assert "Only the solution says this." in (tmp_path / "sheet.txt").read_text(encoding="utf-8")
    assert "Only the solution" not in (tmp_path / "sheet-student.txt").read_text(encoding="utf-8")


def test_every_make_verb_of_readme_exists() -> None:
    verbs = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {verb for block in blocks("sh") for verb in re.findall(r"(?m)^make (\w+)", block)}

    assert named
    assert named <= verbs


def test_every_link_to_a_file_leads_somewhere() -> None:
    """On the first page that people open, a dead link says that nobody looks."""
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", prose)
    local = [link for link in links if "://" not in link]

    assert local
    assert [link for link in local if not (ROOT / link.partition("#")[0]).exists()] == []
