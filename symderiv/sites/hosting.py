"""Which page Python-Markdown converts, and where its site lies, as far as its generator says.

MkDocs and Zensical each hang that on the converter in a way of their own; others say nothing.
What is done with it belongs to `python_markdown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown import Markdown

from symderiv.sites.pieces import from_page
from symderiv.sites.reporting import Where


@dataclass(frozen=True)
class Place:
    """A page of a site.

    `root` is the folder of the file that says how the site is built, `docs` that of the sources,
    `page` the path of the page in it and `url` that from which addresses count; both are None where
    the generator says nothing.  `lines` are those that it gave to be converted.
    """

    lines: Sequence[str]
    root: Path = Path()
    docs: Path = Path()
    page: str | None = None
    url: str | None = None

    @property
    def beside(self) -> Path | None:
        """The folder in which the page lies."""
        return None if self.page is None else (self.docs / self.page).parent

    def links(self, base: str) -> str:
        """The glossary's address; one that begins with a dot counts from the site's root."""
        return base if self.url is None else from_page(base, self.url.count("/"))

    def where(self, line: int) -> Where:
        """File and line of a line of the page, counted in the file with its front matter."""
        if self.page is None:
            return Where("", line)
        return Where(self.page, line + _before(self.lines, self.docs / self.page))


def place_of(md: Markdown) -> Place:
    """The page that is being converted."""
    if "relpath" in md.treeprocessors:  # MkDocs
        known = md.treeprocessors["relpath"]
        file, config = getattr(known, "file", None), getattr(known, "config", None)
        if file is not None and config is not None:
            root = Path(config.config_file_path or "here").parent
            docs, page = Path(config.docs_dir), str(file.src_uri)
            return Place(md.lines, root, docs, page, _address(str(file.url)))
    if "rendering_context" in md.preprocessors:  # Zensical
        known = md.preprocessors["rendering_context"]
        root = Path(known.config["root_dir"])
        page = str(known.page.path)  # from which it counts our addresses, and mends them itself
        return Place(md.lines, root, root / known.config["docs_dir"], page, page)
    return Place(md.lines)


def _address(url: str) -> str:
    """The address of a page; MkDocs writes ./ for the first."""
    return "" if url == "./" else url


def _before(lines: Sequence[str], path: Path) -> int:
    """How many lines of a file stand before the page's own, such as its front matter."""
    try:
        whole = path.read_text(encoding="utf-8-sig").replace("\t", "    ").splitlines()
    except (OSError, ValueError):
        return 0
    first = next((k for k, line in enumerate(lines) if line.strip()), 0)
    body = [line.rstrip() for line in lines[first : first + 3]]
    for k in range(len(whole)):
        if [line.rstrip() for line in whole[k : k + len(body)]] == body:
            return k - first
    return 0
