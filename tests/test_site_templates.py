"""A site's own templates: one block replaced on every way to a piece, and noticed when changed."""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from symderiv.cli import main
from symderiv.sites import jinja
from symderiv.sites.pieces import GITHUB, HTML, Site, piece
from symderiv.sites.wishes import Misasked, read_line

ROOT = Path(__file__).resolve().parent.parent
REMARK = '{{% extends "symderiv/{}" %}}\n{{% block remarks scoped %}}<p>{}</p>\n{{% endblock %}}\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder that replaces one block of each kind of piece."""
    folder = tmp_path / "own"
    for name in ("html/embed.html", "markdown/embed.md"):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(REMARK.format(name, "Course 101"))
    return folder


def test_one_block_is_the_author_s_and_the_rest_is_ours(own: Path) -> None:
    site = Site(cache="", templates=(str(own),))
    html = piece(read_line("tanh"), HTML, site)

    assert "<p>Course 101</p>" in html
    assert "sd-chain" in html
    assert "<p>Course 101</p>" in piece(read_line("tanh"), GITHUB, site)
    assert "<p>Course 101</p>" in piece(read_line("exercise tanh"), HTML, site)
    assert "Course 101" not in piece(read_line("tanh"), HTML, Site(cache=""))


def test_a_template_that_changes_makes_its_pieces_anew(own: Path, tmp_path: Path) -> None:
    site = Site(cache=str(tmp_path / "cache"), templates=(str(own),))
    first = piece(read_line("tanh"), HTML, site)
    (own / "html" / "embed.html").write_text(REMARK.format("html/embed.html", "Course 102"))
    second = piece(read_line("tanh"), HTML, site)
    plain = piece(read_line("tanh"), HTML, Site(cache=str(tmp_path / "cache")))

    assert "Course 101" in first
    assert "Course 102" in second
    assert "Course" not in plain


def test_a_folder_that_is_none_and_a_template_that_is_wrong_are_told(own: Path) -> None:
    with pytest.raises(Misasked, match=r"no folder of templates '.*nowhere'"):
        piece(read_line("tanh"), HTML, Site(cache="", templates=(str(own / "nowhere"),)))
    (own / "html" / "embed.html").write_text("{% extends 'symderiv/html/embed.html' %}\n{{ x.y }}")
    (own / "html" / "embed.html").write_text(REMARK.format("html/embed.html", "{{ nothing }}"))
    with pytest.raises(Misasked, match=r"embed\.html, line 2, cannot be used"):
        piece(read_line("tanh"), HTML, Site(cache="", templates=(str(own),)))


def test_a_template_runs_in_the_sandbox(own: Path) -> None:
    evil = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
    (own / "html" / "embed.html").write_text(REMARK.format("html/embed.html", evil))

    with pytest.raises(Misasked, match="cannot be used"):
        piece(read_line("tanh"), HTML, Site(cache="", templates=(str(own),)))


def test_python_markdown_takes_one_folder_or_a_list(
    own: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    markdown = pytest.importorskip("markdown", reason="this needs the extra `markdown`")
    from symderiv.sites.python_markdown import DerivationExtension  # needs the extra

    monkeypatch.chdir(own.parent)
    text = "```derivation\nfunction: tanh\n```\n"
    for named in ("own", ["own"]):
        ours = DerivationExtension(cache="", templates=named)
        assert "Course 101" in markdown.markdown(text, extensions=[ours])
    with caplog.at_level(logging.WARNING):
        markdown.markdown(text, extensions=[DerivationExtension(cache="", templates=["away"])])

    assert "There is no folder of templates 'away'." in caplog.text


def test_jinja_inject_and_fragments_take_the_folder_too(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = Environment(autoescape=True)
    jinja.install(environment, cache="", templates=[str(own)])
    page = tmp_path / "page.md"
    page.write_text("<!-- symderiv: expr=x^2 -->\n<!-- /symderiv -->\n")
    main(["inject", str(page), "--templates", str(own)])
    main(["fragments", "expr=x^2", "-f", "html", "-o", str(tmp_path), "--templates", str(own)])

    assert "Course 101" in environment.from_string('{{ derive("tanh") }}').render()
    assert "Course 101" in page.read_text(encoding="utf-8")
    assert "Course 101" in (tmp_path / "x-2.html").read_text(encoding="utf-8")
    assert main(["fragments", "tanh", "--templates", str(tmp_path / "none")]) == 2
    assert main(["inject", str(page), "--templates", str(tmp_path / "none")]) == 2
    assert "There is no folder of templates" in capsys.readouterr().err


def test_sphinx_reads_pages_again_when_a_template_changes(own: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("sphinx") is None:
        pytest.skip("this needs sphinx, which is not installed")
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    told = {**os.environ, "PYTHONPATH": paths, "SYMDERIV_CACHE": str(tmp_path / "cache")}
    source = own.parent
    (source / "conf.py").write_text(
        'extensions = ["symderiv.sites.sphinx"]\nsymderiv_templates = ["own"]\n'
        'exclude_patterns = ["own", "out"]\n'
    )
    (source / "index.rst").write_text("T\n=\n\n.. derivation:: tanh\n")
    found = []
    for course in ("Course 101", "Course 102"):
        (own / "html" / "embed.html").write_text(REMARK.format("html/embed.html", course))
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", "-W", "-b", "html", ".", "out"],
            cwd=source, env=told, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found.append((source / "out" / "index.html").read_text(encoding="utf-8"))

    assert "Course 101" in found[0]
    assert "Course 102" in found[1]
