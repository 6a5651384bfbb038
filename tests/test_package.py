"""What is shipped: built, installed somewhere else, and used there.

A checkout hides what a wheel lacks.  So the package is built from its sdist, installed
in a fresh environment, and asked for a page in a folder that knows nothing of the
checkout.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from urllib.parse import urlparse

import pytest

import symderiv as sd

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEMPLATES = [
    path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*") if path.is_file()
]
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
OFFLINE = re.compile(
    r"No matching distribution|Could not find a version|ConnectionError|Temporary failure"
    r"|Max retries|timed out|Network is unreachable|NewConnectionError"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    for needed in ("build", "hatchling"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"this needs {needed}, which is not installed")
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        env=CLEAN,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    [path] = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True, env=CLEAN)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    done = subprocess.run(
        [scripts / "python", "-m", "pip", "install", "--quiet", "--retries", "1",
         "--disable-pip-version-check", "--no-compile", str(wheel)],
        env=CLEAN, cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if done.returncode and OFFLINE.search(done.stderr):
        pytest.skip("the package index cannot be reached, so nothing can be installed")

    assert done.returncode == 0, done.stderr
    return scripts


def test_the_version_is_said_once_and_the_same_everywhere(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert PROJECT["version"] == sd.__version__ == metadata["Version"]
    assert sd.__version__ in changes or "Unreleased" in changes


def test_the_wheel_holds_templates_and_types(wheel: Path) -> None:
    """Without py.typed a user's mypy sees nothing; without templates no page is made."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    code = {p.relative_to(ROOT).as_posix() for p in (ROOT / "symderiv").rglob("*.py")}

    assert {f"symderiv/{name}" for name in TEMPLATES} <= names
    assert code | {"symderiv/py.typed"} <= names
    assert {name.split("/")[0] for name in names} == {
        "symderiv",
        f"symderiv-{sd.__version__}.dist-info",
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_holds_what_its_tests_need(built: Path) -> None:
    [path] = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {
        *TEMPLATES,
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "Makefile",
        "pyproject.toml",
    } <= names
    assert {"tests/test_package.py", "output/handout.md", "pyproject.toml"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".venv")]


def test_the_wheel_asks_for_three_packages_and_gives_one_command(wheel: Path) -> None:
    """Each further dependency is one more thing that can break at a user's."""
    with zipfile.ZipFile(wheel) as archive:
        read = {n.rpartition("/")[2]: archive.read(n).decode() for n in archive.namelist()
                if ".dist-info/" in n and n.endswith(("METADATA", "entry_points.txt"))}  # fmt: skip
    needs = Parser().parsestr(read["METADATA"]).get_all("Requires-Dist")
    plain = {re.match(r"[\w-]+", need)[0].lower() for need in needs if "extra ==" not in need}

    assert plain == {"sympy", "jinja2", "python-flint"}
    assert "symderiv = symderiv.cli:main" in read["entry_points.txt"]


@pytest.mark.parametrize("form", ["html", "markdown", "latex", "text", "json"])
def test_an_installed_package_makes_the_same_page_as_the_checkout(
    form: str, installed: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [installed / "symderiv", "derive", "sigmoid", "-f", form],
        env=CLEAN, cwd=tmp_path, capture_output=True, timeout=60,
    )  # fmt: skip

    assert done.stderr == b""
    assert done.returncode == 0
    assert done.stdout == sd.render(sd.derive(sd.functions["sigmoid"]), form).encode()


def test_an_installed_package_uses_nothing_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    code = "import symderiv, pathlib; print(pathlib.Path(symderiv.__file__).resolve())"
    done = subprocess.run(
        [installed / "python", "-c", code],
        env=CLEAN, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert not Path(done.stdout.strip()).is_relative_to(ROOT)
    assert "site-packages" in done.stdout


# What is in the repository


def tracked() -> list[Path]:
    """The files of the repository: those git knows or would take, or all of an unpacked sdist."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def index_hosts() -> set[str]:
    """The hosts of the package indexes that this machine is set up to use, and the public ones."""
    hosts = {"files.pythonhosted" + ".org", "registry.npmjs" + ".org", "pypi" + ".org/simple"}
    done = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True
    )
    named = [v for k, v in os.environ.items() if k.endswith(("INDEX_URL", "npm_config_registry"))]
    for url in re.findall(r"https?://[^\s'\"]+", " ".join([done.stdout, *named])):
        host = urlparse(url).hostname or ""
        if "." in host and host not in ("pypi" + ".org", "127.0.0.1"):
            hosts.add(host)
    return hosts


def test_no_lock_file_and_no_index_is_in_the_repository() -> None:
    """Version bounds and no lock: the package must install from any index, at any site."""
    files = tracked()
    locks = [path.name for path in files if re.fullmatch(
        r".*\.lock|.*-lock\.(json|yaml)|requirements.*\.txt|pylock.*\.toml|npm-shrinkwrap\.json",
        path.name)]  # fmt: skip
    hosts = index_hosts()
    named = {
        f"{path.relative_to(ROOT)}: {host}"
        for path in files
        if path.suffix not in (".png", ".woff2", ".pdf")
        for host in hosts
        if host in path.read_text(encoding="utf-8", errors="replace")
    }

    assert len(files) > 50
    assert locks == []
    assert named == set()
