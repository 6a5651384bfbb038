"""A piece of a page for a wish: the one call behind every generator.

It takes what is kept, and asks `making` only for what is not, so that a site whose derivations
did not change is built without SymPy and FLINT.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from html import escape
from pathlib import Path
from posixpath import normpath

from symderiv.errors import Mistake
from symderiv.sites.keeping import cache_folder, kept
from symderiv.sites.wishes import Misasked, Wish

HTML = ("html", "")
GITHUB = ("markdown", "github")
PLAIN = ("markdown", "plain")
LATEX = ("latex", "")
TEXT = ("text", "")
AUTO = "auto"


@dataclass(frozen=True)
class Site:
    """What all pages of a site have in common.

    `links` is the base address of a site with `rules/` and `functions/`, or that of a glossary
    alone where it ends in #, `folder` where files of networks lie and `beside` (inside it) that of
    the page, where they are looked for first, `cache` where pieces are kept (`auto`: the user's
    cache folder, empty: nowhere).  `quiz` says that exercises have a box for
    an answer, which the script of the site makes; `language` is that of the words where a fence
    names none; `templates` are folders whose blocks replace ours.
    """

    links: str = ""
    folder: Path | None = None
    cache: str = AUTO
    quiz: bool = False
    language: str = ""
    templates: tuple[str, ...] = ()
    beside: Path | None = None

    @property
    def kept_in(self) -> Path | None:
        """The folder of what is kept, if any."""
        if self.cache == AUTO:
            return cache_folder()
        return Path(self.cache) if self.cache else None


def from_page(links: str, depth: int) -> str:
    """The glossary's address as a page of this depth sees it; a dot is the site's root."""
    path, sign, _ = links.partition("#")
    if not path.startswith("."):
        return links
    return normpath("../" * depth + path) + "/" * (path.endswith("/") or not sign) + sign


def piece(
    wish: Wish,
    form: tuple[str, str] = HTML,
    site: Site = Site(),
    taken: Collection[str] = (),
) -> str:
    """The piece in a format; its anchors begin with a name that is not among those `taken`."""
    return pieces(wish, {"piece": form}, site, taken)["piece"]


def pieces(
    wish: Wish,
    forms: Mapping[str, tuple[str, str]],
    site: Site = Site(),
    taken: Collection[str] = (),
) -> dict[str, str]:
    """The same derivation in several formats, by the names that they are given.

    Markdown shows its pictures from files, which are there by their names.

    Raises `Misasked` with the line of the fence; a mistake is never kept.
    """
    wish = replace(wish, language=wish.language or site.language)
    if wish.exercise and not wish.quiz:
        wish = replace(wish, quiz="may" if site.quiz else "no")
    name, file = anchor(wish, taken), network_file(wish, site)
    asked = {"name": name, "forms": dict(forms), **_resting_on(wish, site, file)}

    def make() -> dict[str, str]:
        from symderiv.sites import making  # the engine, only where it is needed

        found = making.made(wish, name, file, site.links)
        try:
            options = site.links, site.templates
            texts = {k: making.spelled(found, wish, form, *options) for k, form in forms.items()}
        except Mistake as mistake:  # an address that is none, a template that cannot be used
            raise Misasked(str(mistake), wish.line_of()) from mistake
        beside = any(form[0] == "markdown" for form in forms.values())
        return texts | (making.picture_files([found.page]) if beside else {})

    return kept(asked, make, site.kept_in)


def _resting_on(wish: Wish, site: Site, file: Path | None) -> dict[str, object]:
    """All that a piece is made of but its name and its formats: files by their contents."""
    told = {key: value for key, value in asdict(wish).items() if key != "lines"}
    found: dict[str, object] = {"wish": told, "links": site.links}
    if file is not None:
        found["file"] = sha256(file.read_bytes()).hexdigest()
    if site.templates:
        found["templates"] = [
            [path.as_posix(), sha256(path.read_bytes()).hexdigest()]
            for path in template_files(wish, site)
        ]
    return found


def anchor(wish: Wish, taken: Collection[str] = ()) -> str:
    """The name that begins the anchors of a piece: the author's, else one from what is derived.

    A name of ours that is taken goes on with a number; an author's is a mistake.
    """
    if wish.id:
        if wish.id in taken:
            said = f"The id {wish.id!r} stands on this page already: each piece needs its own."
            raise Misasked(said, wish.lines.get("id", 1))
        return wish.id
    what = wish.what.rpartition("/")[2].removesuffix(".toml") if wish.subject == "network" else ""
    words = "".join(ch if ch.isascii() and ch.isalnum() else "-" for ch in what or wish.what)
    word = "-".join(filter(None, words.split("-")))[:40].rstrip("-")
    name = f"sd-{word.lower()}" if word else "sd-derivation"
    names = (name, *(f"{name}-{k}" for k in range(2, len(taken) + 2)))
    return next(free for free in names if free not in taken)


def network_file(wish: Wish, site: Site) -> Path | None:
    """The file of a wish's network: beside the page, or else in the folder of the site's sources,
    and inside that in any case."""
    if wish.subject != "network":
        return None
    root = (site.folder or Path()).resolve()
    for folder in (site.beside or root, root):
        with suppress(OSError, ValueError):  # a name that can be none
            path = (folder / wish.what).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
    near = "beside the page or " if site.beside else ""
    said = f"There is no file {wish.what!r} {near}in {root.name or root}/."
    raise Misasked(said, wish.line_of())


def template_files(wish: Wish, site: Site) -> Iterator[Path]:
    """The files in the site's folders of templates, in their order."""
    for folder in map(Path, site.templates):
        if not folder.is_dir():
            raise Misasked(f"There is no folder of templates {str(folder)!r}.", wish.line_of())
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def named_folders(named: str | Iterable[str], base: Path) -> tuple[str, ...]:
    """The folders that an author names, as one or as a list, beside the file that names them."""
    names = [named] if isinstance(named, str) else [*named]
    return tuple(str(base / name) for name in names if name)


def box(problem: str, place: str) -> str:
    """A mistake as it is shown in the place of the piece, so that nobody misses it."""
    lines = "<br>".join(escape(line).replace("  ", " &nbsp;") for line in problem.splitlines())
    where = f" ({escape(place)})" if place else ""
    return (
        f'<div class="sd-mistake" role="alert">'
        f"<p><strong>symderiv{where}:</strong></p><p><code>{lines}</code></p></div>\n"
    )
