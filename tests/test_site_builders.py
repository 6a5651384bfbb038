"""Sites as their authors build them: MkDocs and Sphinx by their own commands, seen in Chromium.

Each generator is asked in a process of its own, as an author asks it; where one is not
installed the test says so.  What README tells authors to write is what is written here.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from symderiv.documents.folders import FONT, font_data
from symderiv.sites.styling import quiz_script, site_css

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def needed(*modules: str) -> None:
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"this needs {module}, which is not installed")


def run(
    module: str, *arguments: str | Path, folder: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300,
        env={**os.environ, "PYTHONPATH": paths, "NO_MKDOCS_2_WARNING": "1", **more},
    )  # fmt: skip


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One cache for all builds of this module: it is on the way of every author."""
    return str(tmp_path_factory.mktemp("cache"))


def snippet(language: str, holding: str) -> str:
    """The block of README in this language that holds these words."""
    blocks = re.findall(rf"^(`{{3,}}){language}\n(.*?)^\1$", README, re.MULTILINE | re.DOTALL)
    return next(text for _, text in blocks if holding in text)


# --- MkDocs --------------------------------------------------------------------------------------


def mkdocs() -> None:
    needed("mkdocs", "markdown")
    if not entry_points(group="markdown.extensions", name="symderiv"):
        pytest.skip("this needs symderiv itself to be installed, with its entry point")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, cache: str) -> Path:
    """The example site, built by a strict MkDocs."""
    mkdocs()
    needed("material", "pymdownx")
    folder = tmp_path_factory.mktemp("mkdocs")
    done = run("mkdocs", "build", "--strict", "-q", "-d", folder / "site",
               folder=EXAMPLES / "site", SYMDERIV_CACHE=cache)  # fmt: skip

    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_the_example_site_has_its_derivations(site: Path) -> None:
    pages = {
        path.parent.name: path.read_text(encoding="utf-8") for path in site.rglob("index.html")
    }
    names = [
        "sigmoid",
        "tanh",
        "relu",
        "mse",
        "bce",
        "bce-sigmoid",
        "network",
        "exercises",
        "rules",
    ]

    assert {*names} <= {*pages}
    assert all("sd-embed" in pages[name] for name in names)
    assert not any("sd-mistake" in page for page in pages.values())
    assert pages["exercises"].count('class="sd-page sd-embed sd-exercise"') == 4
    assert pages["exercises"].count("data-sd-quiz") == 3, "an equation has no box"
    assert 'href="../rules/#cancel"' in pages["bce-sigmoid"]
    assert 'id="cancel"' in pages["rules"]


def test_every_link_of_a_piece_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    dead, count = [], 0
    for path in site.rglob("index.html"):
        for piece in re.findall(
            r'<div class="sd-page sd-embed">.*?\n</div>\n',
            path.read_text(encoding="utf-8"),
            re.DOTALL,
        ):
            for to in re.findall(r'<a [^>]*href="([^"]+)"', piece):
                file, _, place = to.partition("#")
                target = (path.parent / file / "index.html").resolve() if file else path
                count += 1
                if not (target.is_file() and f'id="{place}"' in target.read_text(encoding="utf-8")):
                    dead.append((path.parent.name, to))

    assert count > 200
    assert dead == []


def indexed(site: Path) -> dict[str, str]:
    """What the search of a site reads on each page."""
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    return {entry["location"]: entry["text"] for entry in index["docs"]}


def test_search_reads_a_question_and_its_answer_in_words(site: Path) -> None:
    """It would list σ, z and every digit, or sentences whose formulas are missing."""
    pages = indexed(site)

    assert (
        "Differentiate sigma of z with respect to z. the derivative of sigma of z with respect to z"
        " = sigma of z times the quantity one minus sigma of z<" in pages["sigmoid/"]
    )
    assert "Chain rule" in pages["rules/"]
    assert "Differentiate x squared times sine" in pages["exercises/"]
    assert "cosine" not in pages["exercises/"], "the answer of an exercise is folded away"
    for place, page in pages.items():
        assert {*"σ∂"}.isdisjoint(page) or place == "rules/", "a sentence there names a letter"
        assert not re.search("<(math|svg|!--)", page)


def test_without_the_plugin_search_reads_no_sentences_with_holes(
    tmp_path: Path, cache: str
) -> None:
    fresh_mkdocs(tmp_path, "extra_css")
    needed("material")
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("theme: material\n")
    done = run("mkdocs", "build", "--strict", folder=tmp_path, SYMDERIV_CACHE=cache)

    assert done.returncode == 0, done.stderr
    assert "Reciprocal rule" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "Reciprocal rule" not in " ".join(indexed(tmp_path / "site").values())


def test_the_files_of_the_example_sites_are_those_of_today() -> None:
    network = (EXAMPLES / "two_layer.toml").read_bytes()

    assert (EXAMPLES / "site" / "docs" / "two_layer.toml").read_bytes() == network
    assert (EXAMPLES / "sphinx" / "two_layer.toml").read_bytes() == network


def fresh_mkdocs(folder: Path, said: str = "plugins:") -> Path:
    """A site as `mkdocs new` makes it, with what README says."""
    mkdocs()
    assert run("mkdocs", "new", ".", folder=folder).returncode == 0
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(snippet("yaml", said))
    if said == "extra_css":
        line = re.search(r"(?m)^symderiv (fragments --css .*)$", README)
        assert line
        assert run("symderiv.cli", *line[1].split(), folder=folder).returncode == 0
    page = folder / "docs" / "index.md"
    page.write_text(page.read_text() + "\n" + snippet("markdown", "```derivation"))
    return page


@pytest.mark.parametrize("said", ["plugins:", "extra_css"])
def test_a_fresh_site_gets_a_derivation_by_following_readme(
    tmp_path: Path, cache: str, said: str
) -> None:
    fresh_mkdocs(tmp_path, said)
    done = run("mkdocs", "build", "--strict", folder=tmp_path, SYMDERIV_CACHE=cache)
    site = tmp_path / "site"
    page = (site / "index.html").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    assert 'id="sd-sigmoid-s13"' in page
    assert page.count('href="symderiv.css"') == 1
    assert (site / "symderiv.css").read_text(encoding="utf-8") == site_css()
    assert (site / FONT).read_bytes() == font_data()


def test_the_plugin_brings_the_script_only_where_it_is_allowed(tmp_path: Path, cache: str) -> None:
    page = fresh_mkdocs(tmp_path)
    page.write_text("# Q\n\n" + snippet("markdown", "```exercise"))
    config, site = tmp_path / "mkdocs.yml", tmp_path / "site"
    built = []
    for more in ("", "markdown_extensions:\n  - symderiv:\n      quiz_script: true\n"):
        config.write_text(config.read_text() + more)
        done = run("mkdocs", "build", "--strict", folder=tmp_path, SYMDERIV_CACHE=cache)
        assert done.returncode == 0, done.stderr
        html = (site / "index.html").read_text(encoding="utf-8")
        built.append((html.count("symderiv-quiz.js"), html.count("data-sd-quiz")))

    assert built == [(0, 0), (1, 1)]
    assert (site / "symderiv-quiz.js").read_text(encoding="utf-8") == quiz_script()


def test_what_an_author_has_of_ours_is_left_as_it_is(tmp_path: Path, cache: str) -> None:
    """A style sheet of the same name is the author's own, and is named once."""
    fresh_mkdocs(tmp_path)
    (tmp_path / "docs" / "symderiv.css").write_text("/* mine */")
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("extra_css: [symderiv.css]\n")
    done = run("mkdocs", "build", "--strict", folder=tmp_path, SYMDERIV_CACHE=cache)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "symderiv.css").read_text() == "/* mine */"
    assert (tmp_path / "site" / "index.html").read_text().count('href="symderiv.css"') == 1


def test_the_first_page_and_one_in_a_folder_find_the_glossary_and_their_networks(
    tmp_path: Path, cache: str
) -> None:
    """MkDocs calls the first page ./, and a site may lie below others."""
    first = fresh_mkdocs(tmp_path)
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("site_url: https://example.org/course/\n"
                   "markdown_extensions:\n  - symderiv:\n      links: ./rules/#\n")  # fmt: skip
    inner = first.parent / "sub" / "one.md"
    inner.parent.mkdir()
    shutil.copy(EXAMPLES / "two_layer.toml", inner.parent / "mine.toml")
    fences = (
        "# T\n\n```derivation\nexpr: x^2*sin(x)\n```\n\n```derivation\nnetwork: mine.toml\n```\n"
    )
    inner.write_text(fences)
    done = run("mkdocs", "build", "--strict", folder=tmp_path, SYMDERIV_CACHE=cache)
    site = tmp_path / "site"

    assert done.returncode == 0, done.stderr
    assert 'href="rules/#reciprocal-rule"' in (site / "index.html").read_text(encoding="utf-8")
    page = (site / "sub" / "one" / "index.html").read_text(encoding="utf-8")
    assert 'href="../../rules/#product-rule"' in page
    assert "sd-mistake" not in page


def test_a_mistyped_option_is_told_by_its_name(tmp_path: Path, cache: str) -> None:
    fresh_mkdocs(tmp_path)
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("markdown_extensions:\n  - symderiv:\n      link: ./rules/#\n")
    done = run("mkdocs", "build", folder=tmp_path, SYMDERIV_CACHE=cache)

    assert done.returncode != 0
    assert "symderiv has no option 'link'. Did you mean 'links'?" in done.stderr + done.stdout


@pytest.mark.parametrize("option", ["warn", "raise"])
@pytest.mark.parametrize("reader", ["fence", "superfences"])
def test_a_wrong_fence_fails_a_strict_build_with_file_and_line(
    tmp_path: Path, cache: str, option: str, reader: str
) -> None:
    """superfences swallows exceptions, MkDocs shows a traceback of most: neither may happen."""
    page = fresh_mkdocs(tmp_path)
    config = tmp_path / "mkdocs.yml"
    if reader == "superfences":
        needed("pymdownx")
        text = snippet("yaml", "superfence")
        if option == "raise":
            call = "!!python/object/apply:symderiv.sites.python_markdown.formatter [raise]"
            text = re.sub(r"!!python/name:\S+superfence", call, text)
        config.write_text("site_name: S\n" + text)
    else:
        config.write_text(
            f"site_name: S\nmarkdown_extensions:\n  - symderiv:\n      on_error: {option}\n"
        )
    lines = ["---", "title: T", "---", "", "# T", "", "```derivation", "function: sigmoid",
             "detial: full", "```", ""]  # fmt: skip
    page.write_text("\n".join(lines))
    strict = run("mkdocs", "build", "--strict", folder=tmp_path, SYMDERIV_CACHE=cache)
    plain = run("mkdocs", "build", folder=tmp_path, SYMDERIV_CACHE=cache)

    assert strict.returncode != 0
    assert "index.md:9: There is no key 'detial'. Did you mean 'detail'?" in strict.stderr
    assert "Traceback" not in strict.stderr
    assert plain.returncode == (0 if option == "warn" else 1)
    if option == "warn":
        built = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        assert '<div class="sd-mistake" role="alert">' in built
        assert "index.md:9" in built


# --- Zensical and Pelican ------------------------------------------------------------------------


def fresh_zensical(folder: Path) -> Path:
    """A site as `zensical new` makes it, with what README says."""
    needed("zensical", "markdown")
    assert run("zensical", "new", ".", folder=folder).returncode == 0
    config = folder / "zensical.toml"
    named = re.sub(r"(?m)^# extra_css = .*", 'extra_css = ["symderiv.css"]', config.read_text())
    named = named.replace(
        "[project.theme]", "[project.theme]\nfont = false"
    )  # no stranger is asked
    config.write_text(named + "\n" + snippet("toml", "project.markdown_extensions"))
    assert run("symderiv.cli", "fragments", "--css", "-o", "docs", folder=folder).returncode == 0
    page = folder / "docs" / "index.md"
    page.write_text("# S\n\n" + snippet("markdown", "```derivation"))
    return page


def test_zensical_gets_a_derivation_by_following_readme(
    tmp_path: Path, cache: str, chromium: Callable[..., Any]
) -> None:
    fresh_zensical(tmp_path)
    done = run("zensical", "build", folder=tmp_path, SYMDERIV_CACHE=cache)
    assert done.returncode == 0, done.stderr
    with served(tmp_path / "site") as origin:
        found = chromium("site", origin=origin, pages=["index.html"], scheme="dark")

    assert found == {"faults": [], "pieces": 1}


def test_zensical_says_which_page_it_converts(tmp_path: Path, cache: str) -> None:
    """The glossary's address, a network's file and the place of a mistake depend on it."""
    fresh_zensical(tmp_path)
    config, page = tmp_path / "zensical.toml", tmp_path / "docs" / "course" / "one.md"
    config.write_text(config.read_text() + 'links = "./rules/#"\n')
    page.parent.mkdir()
    shutil.copy(EXAMPLES / "two_layer.toml", tmp_path / "docs")
    asked = "---\ntitle: T\n---\n\n```derivation\nnetwork: two_layer.toml\n{}```\n"
    page.write_text(asked.format("wrt: W1[1,1]\n"))
    done = run("zensical", "build", folder=tmp_path, SYMDERIV_CACHE=cache)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "site" / "course" / "one" / "index.html").read_text(encoding="utf-8")
    page.write_text(asked.format("wtr: W1[1,1]\n"))
    wrong = run("zensical", "build", folder=tmp_path, SYMDERIV_CACHE=cache)

    assert 'href="../../rules/#chain-rule-along-every-path"' in html
    assert wrong.returncode == 1
    assert "course/one.md:7: There is no key 'wtr'. Did you mean 'wrt'?" in wrong.stderr


def test_pelican_gets_a_derivation_by_following_readme(tmp_path: Path, cache: str) -> None:
    needed("pelican", "markdown")
    said = re.search(r"`(MARKDOWN = .*?)` in `pelicanconf.py`", README)
    assert said
    settings = [
        "SITENAME = 'S'",
        "SITEURL = 'https://example.org'",
        "TIMEZONE = 'UTC'",
        "PATH = 'content'",
        said[1],
    ]
    (tmp_path / "pelicanconf.py").write_text("\n".join(settings))
    page = tmp_path / "content" / "a.md"
    page.parent.mkdir()
    head = "Title: T\nDate: 2026-01-01\n\n"
    page.write_text(head + snippet("markdown", "```derivation"))
    done = run("pelican", "--fatal", "warnings", folder=tmp_path, SYMDERIV_CACHE=cache)
    html = (tmp_path / "output" / "t.html").read_text(encoding="utf-8")
    page.write_text(head + "```derivation\nfunction: sigmoidd\n```\n")
    wrong = run(
        "pelican", "--fatal", "warnings", folder=tmp_path, SYMDERIV_CACHE=cache, COLUMNS="200"
    )  # it breaks its lines

    assert done.returncode == 0, done.stderr
    assert 'id="sd-sigmoid-s13"' in html
    assert wrong.returncode != 0
    assert "Did you mean 'sigmoid'?" in wrong.stderr + wrong.stdout


# --- Sphinx --------------------------------------------------------------------------------------


def sphinx(
    source: Path, builder: str, out: Path, cache: str, *options: str
) -> subprocess.CompletedProcess[str]:
    needed("sphinx")
    return run("sphinx", "-b", builder, *options, ".", out / builder, "-d", out / "doctrees",
               folder=source, SYMDERIV_CACHE=cache)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, cache: str) -> Path:
    """The example project, built several pages at once by a Sphinx that minds warnings."""
    folder = tmp_path_factory.mktemp("sphinx")
    source = folder / "source"
    shutil.copytree(EXAMPLES / "sphinx", source, ignore=shutil.ignore_patterns("_build"))
    for builder in ("html", "latex", "text"):
        done = sphinx(source, builder, folder, cache, "-W", "-j", "2")
        assert done.returncode == 0, done.stderr
    return folder


def test_sphinx_writes_html_latex_and_text(project: Path) -> None:
    page = (project / "html" / "index.html").read_text(encoding="utf-8")
    tex = next((project / "latex").glob("*.tex")).read_text(encoding="utf-8")
    text = (project / "text" / "index.txt").read_text(encoding="utf-8")

    assert page.count('class="sd-page sd-embed"') == 2
    assert re.search(r'href="_static/symderiv\.css\?v=\w+"', page)
    assert (project / "html" / "_static" / "symderiv.css").read_text() == site_css()
    assert re.search(r"The slope of the sigmoid is <math [^>]*>", page)
    asked = (project / "html" / "exercises.html").read_text(encoding="utf-8")
    script = project / "html" / "_static" / "symderiv-quiz.js"
    assert re.search(r'<script defer="defer" src="_static/symderiv-quiz\.js\?v=\w+">', asked)
    assert script.read_text(encoding="utf-8") == quiz_script()
    assert asked.count("data-sd-quiz") == asked.count("sd-solution") == 2
    assert tex.count(r"\sdclaim{") == 6  # its definition, and five of them
    assert r"\newcommand{\sdstep}" in tex
    assert "The slope of the sigmoid is d/dz σ(z) = σ(z)(1 − σ(z)), which this" in text
    assert "(13)            = σ(z)(1 − σ(z))" in text


def test_myst_gets_a_derivation_by_following_readme(tmp_path: Path, cache: str) -> None:
    needed("sphinx", "myst_parser")
    (tmp_path / "conf.py").write_text('extensions = ["myst_parser", "symderiv.sites.sphinx"]\n')
    (tmp_path / "index.md").write_text("# Course\n\n" + snippet("markdown", "{derivation}"))
    done = sphinx(tmp_path, "text", tmp_path / "out", cache, "-W")
    text = (tmp_path / "out" / "text" / "index.txt").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    assert "The slope of the sigmoid is d/dz σ(z) = σ(z)(1 − σ(z))." in text
    assert "(13)            = σ(z)(1 − σ(z))" in text


def test_a_page_of_sphinx_is_read_again_when_its_network_changes(
    tmp_path: Path, cache: str
) -> None:
    source = tmp_path / "source"
    shutil.copytree(EXAMPLES / "sphinx", source, ignore=shutil.ignore_patterns("_build"))
    sphinx(source, "text", tmp_path, cache)
    before = (tmp_path / "text" / "network.txt").read_text(encoding="utf-8")
    network = source / "two_layer.toml"
    network.write_text(network.read_text().replace("0.6", "0.7"))
    os.utime(network, (4e9, 4e9))
    sphinx(source, "text", tmp_path, cache)

    assert (tmp_path / "text" / "network.txt").read_text(encoding="utf-8") != before


def test_a_fresh_project_gets_a_derivation_by_following_readme(tmp_path: Path, cache: str) -> None:
    needed("sphinx")
    made = run("sphinx.cmd.quickstart", "-q", "-p", "P", "-a", "A", "--no-makefile",
               "--no-batchfile", ".", folder=tmp_path)  # fmt: skip
    assert made.returncode == 0, made.stderr
    config = tmp_path / "conf.py"
    config.write_text(config.read_text() + snippet("py", "extensions"))
    page = tmp_path / "index.rst"
    page.write_text(page.read_text() + "\n" + snippet("rst", "derivation::"))
    done = sphinx(tmp_path, "html", tmp_path / "out", cache, "-W")
    html_ = (tmp_path / "out" / "html" / "index.html").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    assert 'class="sd-page sd-embed"' in html_


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (".. derivation:: sigmod", 4, "Did you mean 'sigmoid'?"),
        (".. derivation:: sigmoid\n   :detial: full", 4, "Did you mean 'detail'?"),
        ("Of :derivation:`tanhh`.", 4, "Did you mean 'tanh'?"),
        (".. derivation:: ../net.toml", 4, "There is no file"),
        (".. derivation::", 4, "Say one of"),
    ],
)
def test_a_wrong_directive_fails_a_build_with_file_and_line(
    tmp_path: Path, cache: str, text: str, line: int, said: str
) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["symderiv.sites.sphinx"]\n')
    (tmp_path / "index.rst").write_text(f"T\n=\n\n{text}\n")
    done = sphinx(tmp_path, "html", tmp_path / "out", cache, "-W", "--keep-going")

    assert done.returncode == 1
    assert re.search(rf"index\.rst:{line}: WARNING: .*{re.escape(said)}", done.stderr)
    assert "Traceback" not in done.stderr


# --- what a reader sees --------------------------------------------------------------------------


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_site_works_in_a_browser(site: Path, scheme: str, chromium: Callable[..., Any]) -> None:
    """Levels, Why, anchors, print, a phone; no request leaves, no error, nothing for axe-core.

    Of what axe-core finds, only what lies in our pieces: the theme's own is not ours to mend.
    """
    pages = sorted(
        path.parent.relative_to(site).as_posix() + "/" for path in site.rglob("index.html")
    )
    pieces = ["bce-sigmoid/", "exercises/", "network/"]  # of every kind
    asked = [*filter(("rules/").__ne__, pages)] if scheme == "light" else pieces
    with served(site) as origin:
        found = chromium("site", origin=origin, pages=asked, scheme=scheme,
                         axe=pieces if scheme == "light" else [])  # fmt: skip

    assert len(pages) >= 10
    assert found["faults"] == []
    assert found["pieces"] >= len(asked) - 1


def test_a_derivation_works_after_the_themes_instant_navigation(
    site: Path, chromium: Callable[..., Any]
) -> None:
    with served(site) as origin:
        assert chromium("instant", origin=origin, **{"from": "sigmoid/", "to": "tanh/"}) == []


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_a_derivation_works_in_the_themes_of_mkdocs(
    tmp_path: Path, cache: str, theme: str, chromium: Callable[..., Any]
) -> None:
    """Bootstrap has rules of its own for lists, tables and the legend of a set of fields."""
    fresh_mkdocs(tmp_path).write_text("# S\n\n" + snippet("markdown", "```derivation"))
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(
            f"theme: {{name: {theme}, highlightjs: false}}  # their script is a stranger's\n"
        )
    done = run("mkdocs", "build", "--strict", folder=tmp_path, SYMDERIV_CACHE=cache)
    assert done.returncode == 0, done.stderr

    with served(tmp_path / "site") as origin:
        found = chromium("site", origin=origin, pages=["index.html"], scheme="light")

    assert found == {"faults": [], "pieces": 1}


def test_the_sphinx_project_works_in_a_browser(project: Path, chromium: Callable[..., Any]) -> None:
    with served(project / "html") as origin:
        found = [
            chromium("site", origin=origin, pages=["index.html", "network.html"], scheme=scheme,
                     axe=["index.html"] if scheme == "light" else [])
            for scheme in ("light", "dark")
        ]  # fmt: skip

    assert [part["faults"] for part in found] == [[], []]
    assert found[0]["pieces"] >= 3
