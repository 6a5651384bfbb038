"""`symderiv inject` and `symderiv fragments`: files of other people are changed, so with care."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symderiv.cli import main
from symderiv.sites.styling import site_css

ROOT = Path(__file__).resolve().parent.parent
PAGE = """# Notes

Ours begins here.

<!-- symderiv: sigmoid detail=brief -->
anything that stood here
<!-- /symderiv -->

```markdown
<!-- symderiv: shown as code -->
```

~~~
<!-- /symderiv -->
~~~

<!-- symderiv: expr=L wrt=z given="L: bce(yhat, y), yhat: sigma(z)" show=claim,graph id=bce -->
<!-- /symderiv -->
The end.
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYMDERIV_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "page.md"
    path.write_bytes(PAGE.encode())
    return path


def outside(text: str) -> str:
    """What stands around the two pieces of the page, markers included."""
    inside = re.compile(
        r"(<!-- symderiv: (?:sigmoid|expr).*? -->\n).*?(<!-- /symderiv -->\n)", re.DOTALL
    )
    found, count = inside.subn(r"\1\2", text)

    assert count == 2
    return found


def test_a_page_gets_its_pieces_and_keeps_everything_else(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inject", str(page)]) == 0
    text = page.read_text(encoding="utf-8")

    assert "anything that stood here" not in text
    assert r"\sigma(z)(1 - \sigma(z))" in text
    assert "```math" in text
    assert outside(text) == outside(PAGE)
    assert "![" in text
    picture = (page.parent / "page-bce-picture.svg").read_text(encoding="utf-8")
    assert picture.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert capsys.readouterr().out.splitlines() == [
        str(page),
        str(page.parent / "page-bce-picture.svg"),
    ]


@pytest.mark.parametrize("form", ["github", "html"])
def test_a_piece_stays_in_the_item_of_a_list_that_holds_its_marker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    commonmark = pytest.importorskip("markdown_it", reason="this needs markdown-it-py")
    monkeypatch.setenv("SYMDERIV_CACHE", "")
    path = tmp_path / "list.md"
    path.write_text("1. One:\n\n   <!-- symderiv: tanh -->\n   <!-- /symderiv -->\n\n2. Two.\n")

    assert main(["inject", "-f", form, str(path)]) == 0
    assert main(["inject", "-f", form, "--check", str(path)]) == 0
    html = commonmark.MarkdownIt("commonmark", {"html": True}).render(path.read_text())

    assert html.count("<ol>") == 1
    assert re.search(r"Quotient rule.*</li>\s*<li>\s*<p>Two", html, re.DOTALL)


def test_injecting_twice_changes_nothing_and_check_says_so(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inject", "--check", str(page)]) == 1
    assert page.read_bytes() == PAGE.encode()
    assert f"{page} would change." in capsys.readouterr().err
    main(["inject", str(page)])
    done, when = page.read_bytes(), page.stat().st_mtime_ns
    assert main(["inject", str(page)]) == 0
    assert main(["inject", "--check", str(page)]) == 0
    assert (page.read_bytes(), page.stat().st_mtime_ns) == (done, when)
    (page.parent / "page-bce-picture.svg").unlink()
    assert main(["inject", "--check", str(page)]) == 1


def test_the_markers_and_commands_of_readme_work(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(page.parent)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (marker,) = re.findall(r"^```markdown\n(<!-- .*?)^```$", readme, re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^symderiv (inject .*)$", readme, re.MULTILINE)
    page.write_text(marker)

    assert commands == ["inject page.md", "inject --check page.md"]
    assert [main(command.split()) for command in commands] == [0, 0]
    assert "```math" in page.read_text(encoding="utf-8")


def test_pages_of_one_folder_do_not_take_each_other_s_pictures(page: Path) -> None:
    """Two pages may each have their own loss L: the picture of one is wrong on the other."""
    marker = '<!-- symderiv: expr=L wrt=z given="L: {}, y: sigma(z)" show=graph -->'
    one, other = page.with_name("one.md"), page.with_name("other page.md")
    for path, loss in ((one, "y^2"), (other, "y^3")):
        path.write_text(f"{marker.format(loss)}\n<!-- /symderiv -->\n")
    assert main(["inject", str(one)]) == 0
    assert main(["inject", str(other)]) == 0
    pictures = sorted(path.name for path in page.parent.glob("*.svg"))

    assert pictures == ["one-sd-l-picture.svg", "other-page-sd-l-picture.svg"]
    assert "(one-sd-l-picture.svg)" in one.read_text(encoding="utf-8")
    assert "(other-page-sd-l-picture.svg)" in other.read_text(encoding="utf-8")
    assert main(["inject", "--check", str(one), str(other)]) == 0


def test_two_pages_that_would_write_one_picture_are_told_apart_by_an_id(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marker = '<!-- symderiv: expr=L wrt=z given="L: {}, y: sigma(z)" show=graph -->'
    one, other = page.with_name("a b.md"), page.with_name("a-b.md")
    for path, loss in ((one, "y^2"), (other, "y^3")):
        path.write_text(f"{marker.format(loss)}\n<!-- /symderiv -->\n")

    assert main(["inject", str(one), str(other)]) == 2
    assert "give this one an id" in capsys.readouterr().err
    assert [*page.parent.glob("*.svg")] == []


def test_the_line_ends_of_a_page_stay_what_they_are(page: Path) -> None:
    page.write_bytes(b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode())
    main(["inject", str(page)])
    text = page.read_bytes()

    assert text.startswith(b"\xef\xbb\xbf# Notes\r\n")
    assert text.count(b"\n") == text.count(b"\r\n") > PAGE.count("\n")
    assert main(["inject", "--check", str(page)]) == 0


def test_pieces_may_be_html_or_plain_markdown(page: Path) -> None:
    main(["inject", "-f", "html", str(page)])
    assert '<div class="sd-page sd-embed">' in page.read_text(encoding="utf-8")
    main(["inject", "-f", "plain", str(page)])
    text = page.read_text(encoding="utf-8")

    assert "sd-embed" not in text
    assert "$$\n\\begin{aligned}" in text


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("<!-- symderiv: sigmod -->\n<!-- /symderiv -->", "1: There is no function 'sigmod'. Did"),
        (
            "\n<!-- symderiv: relu detial=full -->\n<!-- /symderiv -->",
            "2: There is no key 'detial'",
        ),
        ("<!-- symderiv: relu -->", "1: Below this marker stands no"),
        ("<!-- symderiv: relu -->\n<!-- symderiv: tanh -->\n<!-- /symderiv -->", "1: Below this"),
        ("\n\n<!-- /symderiv -->", "3: This closes a piece that was never opened."),
        ("<!-- symderiv relu -->\n<!-- /symderiv -->", "1: A marker is"),
        ("<!-- symderiv: relu\n-->\n<!-- /symderiv -->", "1: A marker is"),
        ("<!-- symderiv: 'relu -->\n<!-- /symderiv -->", '1: "\'relu" cannot be read'),
        ("<!-- symderiv: ../net.toml -->\n<!-- /symderiv -->", "1: There is no file"),
    ],
)
def test_a_mistake_in_one_file_writes_none(
    page: Path, capsys: pytest.CaptureFixture[str], marker: str, said: str
) -> None:
    """Half of a site changed is worse than none: all pages are made before one is written."""
    other = page.with_name("other.md")
    other.write_text(marker + "\n")

    assert main(["inject", str(page), str(other)]) == 2
    assert f"{other}:{said}" in capsys.readouterr().err
    assert (page.read_bytes(), other.read_text()) == (PAGE.encode(), marker + "\n")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00x", None], ids=["no text", "no file"])
def test_what_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "page.md"
    if content is not None:
        path.write_bytes(content)

    assert main(["inject", str(path)]) == 2
    assert str(path) in capsys.readouterr().err


def test_fragments_are_files_with_stable_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["sigmoid", "expr=x^2*sin(x) id=product"]
    assert main(["fragments", *names, "-o", str(tmp_path)]) == 0
    written = sorted(path.name for path in tmp_path.iterdir())
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    main(["fragments", *names, "-o", str(tmp_path)])

    assert written == [
        "product.html", "product.json", "product.md", "product.tex", "sd-sigmoid-curve.svg",
        "sigmoid.html", "sigmoid.json", "sigmoid.md", "sigmoid.tex", "symderiv-math.woff2",
        "symderiv.css", "symderiv.sty",
    ]  # fmt: skip
    assert first == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    printed = [Path(line).name for line in capsys.readouterr().out.splitlines()[:11]]
    assert sorted([*printed, "symderiv-math.woff2"]) == written  # the font of the style sheet
    assert json.loads(first["product.json"])["result"]["plain"] == "2*x*sin(x) + x^2*cos(x)"
    assert first["symderiv.css"].decode() == site_css()


def test_fragments_in_latex_are_set_by_pdflatex_with_their_package(tmp_path: Path) -> None:
    tex = shutil.which("pdflatex")
    if tex is None:
        pytest.skip("this needs pdflatex, which is not installed")
    network = ROOT / "examples" / "two_layer.toml"
    shutil.copy(network, tmp_path)
    asked = "expr=L wrt=z given='L: bce(yhat, y), yhat: sigma(z)' id=bce detail=full"
    main(
        [
            "fragments",
            "sigmoid show=claim,steps,graph",
            f"{asked} show=claim,graph,steps",
            "-f",
            "latex",
            "-o",
            str(tmp_path),
        ]
    )
    (tmp_path / "page.tex").write_text(
        "\\documentclass{article}\n\\usepackage{symderiv}\n\\begin{document}\n"
        "\\input{sigmoid}\n\\input{bce}\n\\end{document}\n"
    )
    done = subprocess.run(
        [tex, "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace",
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


def test_the_style_sheet_is_written_by_itself(tmp_path: Path) -> None:
    assert main(["fragments", "--css", "-o", str(tmp_path)]) == 0

    written = {path.name for path in tmp_path.iterdir()}

    assert written == {"symderiv.css", "symderiv-math.woff2"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name what is to be derived"),
        (["sigmod"], "Did you mean 'sigmoid'?"),
        (["sigmoid", "-f", "htm"], "Did you mean 'html'?"),
        (["sigmoid", "tanh id=sigmoid"], "Two pieces would be files named sigmoid."),
        (["tanh id=sigmoid", "sigmoid"], "Two pieces would be files named sigmoid."),
    ],
)
def test_a_mistake_of_fragments_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["fragments", *arguments, "-o", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []
