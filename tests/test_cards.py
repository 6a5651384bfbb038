"""Function cards and the glossary: every page, every picture, every link, in every format.

The pictures are held against mpmath and against the declared kinks; the site of all pages is
walked link by link.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from html.parser import HTMLParser
from itertools import combinations, pairwise
from pathlib import Path
from shutil import which
from xml.etree import ElementTree as ET

import pytest
from mpmath import mp, mpf

from symderiv import cli, functions, misconceptions, rules
from symderiv.catalogue.function import Function
from symderiv.deriving.derivation import Kink
from symderiv.documents.cardindex import compose_index
from symderiv.documents.cards import Card, compose_card
from symderiv.documents.document import Document, Linked, Passage, Picture
from symderiv.documents.glossary import compose_rules
from symderiv.documents.linking import page_name
from symderiv.documents.portraits import portrait_plot
from symderiv.documents.ranging import ranged
from symderiv.documents.rendering import render
from symderiv.documents.scene import Circle, Label, Line, Scene, bounds
from symderiv.documents.svg import scene_svg
from symderiv.documents.tracing import FAR, Traced
from symderiv.documents.usage import used_by
from symderiv.documents.writing import card_files, function_files, picture_files, rule_files
from symderiv.errors import Broken, Unknown
from symderiv.language.expressions import Cases, Expr, Symbol

ALL = list(functions.values())
DRAWN = [f for f in ALL if not f.is_discrete]
FORMATS = ("html", "markdown", "latex", "text", "json")


def named(function: Function) -> str:
    return function.name


@pytest.fixture(scope="module")
def cards() -> dict[str, Document]:
    return {f.name: compose_card(f, in_site=True) for f in ALL}


@pytest.fixture(scope="module")
def glossary() -> Document:
    return compose_rules(list(rules.values()))


@pytest.fixture(scope="module")
def site(cards: dict[str, Document], glossary: Document) -> dict[str, str]:
    """Every page of a site by its address below the base."""
    found = {f"functions/{page_name(n)}.html": render(d, "html", links="../")
             for n, d in cards.items()}  # fmt: skip
    found["functions/index.html"] = render(compose_index(ALL), "html", links="../")
    found["rules/index.html"] = render(glossary, "html", links="../")
    return found


class Page(HTMLParser):
    """The ids and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.ids += [value or ""] if name == "id" else []
            self.links += [value or ""] if name == "href" and tag == "a" else []


# every function has a card in every format


@pytest.mark.parametrize("function", ALL, ids=named)
def test_a_card_has_its_parts_in_every_format(
    function: Function, cards: dict[str, Document]
) -> None:
    """What the issue asks for: value, slope, kinks, range, names, note, and the picture."""
    page = cards[function.name]

    for form in FORMATS[:-1]:
        text = html.unescape(render(page, form))
        bare = re.sub(r"\\_", "_", re.sub(r"\\textasciitilde\{\}", "~", text))
        assert all(name in bare for name in (function.name,)), form
        assert function.definition is None or "definition" in text
        assert "Range" in text
        if form == "html":
            assert text.count("<svg ") == (2 if function in DRAWN else 0)
            assert not function.note or function.note in text
    pictures = picture_files([page])
    assert len(pictures) == (function in DRAWN)
    for name, drawing in pictures.items():
        assert f"({name})" in render(page, "markdown")
        assert "var(" not in drawing
        ET.fromstring(drawing)  # noqa: S314 (our own)


@pytest.mark.parametrize("function", ALL, ids=named)
def test_a_card_as_data_says_the_same(function: Function) -> None:
    (text,) = card_files([function], "json").values()
    said = json.loads(text)

    assert said["name"] == function.name
    assert said["also_called"] == [*function.also_called]
    assert (said["value"] is None) == (function.definition is None)
    assert (said["slope"] is None) == (bool(function.refused) or function.is_discrete)
    assert said["range"]
    for kink in said["kinks"]:
        for framework in ("torch", "jax"):
            given = framework in function.at_kink and not kink["smooth"]
            assert (kink[framework] is not None) == given


def test_a_convention_on_a_card_is_what_the_catalogue_declares() -> None:
    """PyTorch and JAX differ for the leaky ReLU; hard swish has two points with two values."""
    leaky, hard, swish = (Card(functions[n]) for n in ("leaky_relu", "hardtanh", "hardswish"))

    assert [str(v) for v in leaky.taken("torch")] == ["alpha"]
    assert [str(v) for v in leaky.taken("jax")] == ["1"]
    assert [str(v) for v in hard.taken("jax")] == ["1", "1"]
    assert [str(v) for v in swish.taken("torch")] == ["0", "1"]
    assert Card(functions["threshold"]).taken("jax") == (None,)


# pictures


def reference(function: Function, held: Mapping[Symbol, Fraction]) -> Callable[[mpf], mpf] | None:
    """The function along its variable by mpmath, from the textbook's formula; None without one."""
    number = {str(s): mpf(v.numerator) / v.denominator for s, v in held.items()}
    if function.name not in REFERENCES:
        return None
    formula = REFERENCES[function.name]
    return lambda x: formula(x, number)


def _sum(of: Callable[[int], mpf], n: int = 3) -> mpf:
    return mp.fsum(of(k) for k in range(1, n + 1))


def _logits(z: mpf, v: Mapping[str, mpf]) -> list[mpf]:
    return [mp.exp(z), mp.exp(v["z_2"]), mp.exp(v["z_3"])]


def _plain(formula: Callable[[mpf], mpf]) -> Callable[[mpf, Mapping[str, mpf]], mpf]:
    return lambda x, _: formula(x)


REFERENCES: Mapping[str, Callable[[mpf, Mapping[str, mpf]], mpf]] = {
    **{n: _plain(getattr(mp, n)) for n in (
        "log", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth",
        "sech", "csch", "erf", "floor")},
    **{f"arc{n}": _plain(getattr(mp, f"a{n}")) for n in (
        "sin", "cos", "tan", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch")},
    "log10": lambda x, _: mp.log(x, 10),
    "log2": lambda x, _: mp.log(x, 2),
    "root": lambda x, v: mp.sign(x) * mp.root(abs(x), int(v["n"])),
    "sign": lambda x, _: mp.sign(x),
    "arccot": lambda x, _: mp.pi / 2 - mp.atan(x),
    "sigmoid": lambda z, _: 1 / (1 + mp.exp(-z)),
    "relu": lambda z, _: max(z, mpf(0)),
    "max": lambda a, v: max(a, v["b"]),
    "min": lambda a, v: min(a, v["b"]),
    "leaky_relu": lambda z, v: max(z, v["alpha"] * z),
    "hardshrink": lambda z, v: z if abs(z) > v["lambda"] else mpf(0),
    "hardtanh": lambda z, _: min(max(z, mpf(-1)), mpf(1)),
    "hardswish": lambda z, _: z * min(max(z + 3, mpf(0)), mpf(6)) / 6,
    "threshold": lambda z, v: z if z > v["theta"] else v["v"],
    "elu": lambda z, v: z if z > 0 else v["alpha"] * mp.expm1(z),
    "selu": lambda z, v: v["lambda"] * (z if z > 0 else v["alpha"] * mp.expm1(z)),
    "gelu": lambda z, _: z * mp.ncdf(z),
    "silu": lambda z, _: z / (1 + mp.exp(-z)),
    "bce": lambda p, v: -v["y"] * mp.log(p) - (1 - v["y"]) * mp.log(1 - p),
    "mse": lambda p, v: (p - v["y"]) ** 2 / v["n"],
    "mse_n": lambda p, v: ((p - v["y_1"]) ** 2 + (v["yhat_2"] - v["y_2"]) ** 2) / 2,
    "quantile": lambda p, v: max(v["tau"] * (v["y"] - p), (1 - v["tau"]) * (p - v["y"])),
    "gaussian_nll": lambda m, v: (mp.log(v["v"]) + (m - v["y"]) ** 2 / v["v"]) / 2,
    "focal": lambda p, v: -v["alpha"] * (1 - p) ** v["gamma"] * mp.log(p),
    "hinge": lambda s, v: max(mpf(0), 1 - v["y"] * s),
    "logsumexp": lambda z, v: mp.log(mp.fsum(_logits(z, v))),
    "softmax": lambda z, v: mp.exp(z) / mp.fsum(_logits(z, v)),
    "log_softmax": lambda z, v: z - mp.log(mp.fsum(_logits(z, v))),
    "softmax_cross_entropy": lambda z, v: mp.log(mp.fsum(_logits(z, v))) - z,
    "cross_entropy": lambda p, v: -_sum(
        lambda k: v[f"y_{k}"] * mp.log([p, v["p_2"], v["p_3"]][k - 1])
    ),
    "kl": lambda q, v: _sum(
        lambda k: v[f"p_{k}"] * mp.log(v[f"p_{k}"] / [q, v["q_2"], v["q_3"]][k - 1])
    ),
    "norm": lambda a, v: mp.sqrt(a**2 + v["a_2"] ** 2),
    "cosine": lambda a, _: (a + 1) / mp.sqrt(2 * (a**2 + 1)),
}  # fmt: skip


def traced(function: Function) -> Traced:
    return Card(function).traced


@pytest.mark.parametrize("function", [f for f in DRAWN if f.name in REFERENCES], ids=named)
def test_curves_are_where_mpmath_has_them(function: Function) -> None:
    """The picture is drawn from our own evaluation; a stranger must see the same curves."""
    curve = traced(function)
    formula = reference(function, curve.held)
    plot = portrait_plot(curve, "p")
    value, *slopes = plot.series
    compared = 0

    assert formula is not None
    with mp.workdps(40):
        for x, y in [p for piece in value.pieces for p in piece[1:-1:7]]:
            if abs(y) < 1e6:
                assert abs(formula(mpf(x)) - y) < 1e-9 * (1 + abs(y))
                compared += 1
        for x, y in [p for s in slopes for piece in s.pieces for p in piece[20:-20:29]]:
            if abs(y) < 1e6:
                assert abs(mp.diff(formula, mpf(x), h=mpf(10) ** -15) - y) < 1e-6 * (1 + abs(y))
                compared += 1
    assert compared > 60


KINKED = [f for f in DRAWN if Card(f).kinks]


def solved(kink: Kink, held: Mapping[Symbol, Fraction], variable: Symbol) -> Fraction:
    """The place of a kink u = p, by the numbers that are held: `y*s = 1`, or `z = -lambda`."""
    left, right = kink.at.terms
    number = {**held}
    if left is variable:
        sign = -1 if str(right).startswith("-") else 1
        name = str(right).lstrip("-")
        plain = {str(s): v for s, v in number.items()}
        return sign * (plain[name] if name in plain else Fraction(name))
    factor = next(v for s, v in number.items() if str(s) in str(left))
    return Fraction(str(right)) / factor


@pytest.mark.parametrize("function", KINKED, ids=named)
def test_marks_stand_at_the_declared_kinks_and_nowhere_else(function: Function) -> None:
    """A point that is marked where nothing happens would teach a kink that is not there."""
    card = Card(function)
    curve = card.traced
    (values, slopes) = curve.breaks
    held = {str(s): v for s, v in curve.held.items()}
    kinks = [
        k for k in card.kinks
        if not k.is_smooth
        and not (k.unless and held[str(k.unless.terms[0])] == _constant(k.unless.terms[1], held))
    ]  # fmt: skip
    expected = sorted(float(solved(k, curve.held, curve.variable)) for k in kinks)

    assert [b.x for b in values] == pytest.approx(expected)
    assert [b.x for b in slopes] == pytest.approx(expected)
    for kink, mark in zip(sorted(kinks, key=lambda k: solved(k, curve.held, curve.variable)),
                          slopes, strict=True):  # fmt: skip
        sides = [_constant(side, held) for side in (kink.left, kink.right)]
        if curve.held.get(Symbol("y"), 1) < 0:
            sides.reverse()
        assert (mark.left, mark.right) == pytest.approx(tuple(map(float, sides)))
        assert mark.value is None


def _constant(expr: Expr, held: Mapping[str, Fraction]) -> Fraction:
    """A number, a held name, or what a kink's slope is made of, such as `1 - tau`."""
    text = str(expr)
    known: dict[str, Callable[[], Fraction]] = {
        "1 - tau": lambda: 1 - held["tau"],
        "lambda*alpha": lambda: held["lambda"] * held["alpha"],
    }
    if text in known:
        return known[text]()
    sign = -1 if text.startswith("-") else 1
    name = text.lstrip("-")
    return sign * (held[name] if name in held else Fraction(name))


BREAKS = {  # from any textbook: where the function itself breaks off or jumps, in the window
    "sqrt": [0], "log": [0], "arcsin": [-1, 1], "arccos": [-1, 1], "arcsec": [-1, 1],
    "arccsc": [-1, 1], "arccosh": [1], "arctanh": [-1, 1], "arccoth": [-1, 1], "arcsech": [0, 1],
    "coth": [0], "csch": [0], "arccsch": [0], "sign": [0], "floor": [-3, -2, -1, 0, 1, 2, 3],
    "max": [1], "min": [1], "nll": [0, 1], "bce": [0, 1],
}  # fmt: skip
FILLED = {  # which of these points belong to the function, with their heights
    "sqrt": [(0, 0)], "arcsin": [(-1, -mp.pi / 2), (1, mp.pi / 2)], "arccos": [(-1, mp.pi), (1, 0)],
    "arcsec": [(-1, mp.pi), (1, 0)], "arccosh": [(1, 0)], "arcsech": [(1, 0)], "sign": [(0, 0)],
    "max": [(1, 1)], "min": [(1, 1)], "nll": [(1, 0)], "log": [], "coth": [], "bce": [],
    "floor": [(k, k) for k in range(-3, 4)],
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_ends_and_jumps_stand_where_a_textbook_has_them(name: str) -> None:
    values, _ = traced(functions[name]).breaks
    filled = [p for b in values for p, closed in b.points() if closed and abs(p[1]) < FAR]

    assert [b.x for b in values] == pytest.approx(BREAKS[name])
    if name in FILLED:
        assert filled == [pytest.approx(tuple(map(float, p))) for p in FILLED[name]]


@pytest.mark.parametrize("name", ["tan", "cot", "sec", "csc"])
def test_a_pole_is_found_at_a_multiple_of_half_pi(name: str) -> None:
    values, _ = traced(functions[name]).breaks

    assert values
    for place in values:
        quarter = place.x / float(mp.pi / 2)
        assert abs(quarter - round(quarter)) < 1e-9
        assert not list(place.points()) or all(abs(p[1]) >= FAR for p, _ in place.points())


def test_a_slope_that_exists_after_all_is_not_marked() -> None:
    """With α = 1 the ELU has no kink; the softsign has a slope of 1 at 0 (both are notes)."""
    for name in ("elu", "celu", "softsign", "huber", "squared_hinge"):
        assert traced(functions[name]).breaks == ((), ()), name


@pytest.mark.parametrize("function", DRAWN, ids=named)
def test_nothing_overlaps_in_the_picture_of_a_function(
    function: Function, cards: dict[str, Document]
) -> None:
    """Labels keep clear of each other and of the curves, wide and narrow; open points are drawn
    before filled ones."""
    (picture,) = (b for s in cards[function.name].sections if isinstance(s, Passage)
                  for b in s.blocks if isinstance(b, Picture))  # fmt: skip

    for scene in (picture.wide, picture.narrow):
        assert scene is not None
        labels = [item for item in scene.items if isinstance(item, Label)]
        curves = [item for item in scene.items if isinstance(item, Line) and item.stroke == 1.8]
        rects = [bounds(label) for label in labels]
        assert [1 for a, b in combinations(rects, 2) if a.meets(b, 2)] == []
        for line in curves:
            for (x, y), (x2, y2) in pairwise(line.points):
                steps = [(x + (x2 - x) * k / 8, y + (y2 - y) * k / 8) for k in range(9)]
                assert not any(r.left < a < r.right and r.top < b < r.bottom
                               for a, b in steps for r in rects)  # fmt: skip
        assert scene.width <= (680 if scene is picture.wide else 330)
        assert all(r.left >= 0 and r.right <= scene.width for r in rects)
        assert marks_inside(scene)


def marks_inside(scene: Scene) -> bool:
    marks = [item for item in scene.items if isinstance(item, Circle)]
    return all(0 <= m.x <= scene.width and 0 <= m.y <= scene.height for m in marks)


def test_a_picture_is_the_same_in_a_page_and_in_a_file_but_for_its_colours() -> None:
    (picture,) = (b for b in compose_card(functions["relu"]).sections[0].blocks
                  if isinstance(b, Picture))  # fmt: skip
    page, file = scene_svg(picture.wide), scene_svg(picture.wide, "file")

    assert "var(--sd-1,#9a4a00)" in page
    assert "#9a4a00" in file
    assert re.findall(r' d="[^"]*"', page) == re.findall(r' d="[^"]*"', file)


# ranges


def test_a_false_range_is_never_printed() -> None:
    wrong = Function(name="wrong", slope=lambda z: 2 * z, value=lambda z: z**2, reach=">1")
    right = Function(name="right", slope=lambda z: 2 * z, value=lambda z: z**2, reach=">=0")

    with pytest.raises(Broken, match="range"):
        ranged(Traced(wrong))
    found = ranged(Traced(right))
    assert found is not None
    assert found.points == 24


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("silu", lambda z: (1 + mp.exp(-z) + z * mp.exp(-z)) / (1 + mp.exp(-z)) ** 2),
        ("gelu", lambda z: mp.ncdf(z) + z * mp.npdf(z)),
    ],
)
def test_a_lowest_value_is_where_mpmath_finds_it(name: str, slope: Callable[[mpf], mpf]) -> None:
    found = ranged(traced(functions[name]))
    place = mp.findroot(slope, -1)
    value = REFERENCES[name](place, {})

    assert found is not None
    said = "".join(map(str, found.said))
    assert f"from {mp.nstr(value, 4)}" in said or f"from {float(value):.4f}" in said
    assert f"z = {float(place):.4f}" in said


# the glossary


def test_the_glossary_has_every_rule_under_its_own_id(glossary: Document) -> None:
    ids = [section.id for section in glossary.sections]

    assert ids == ["contents", *(rule.id for rule in rules.values())]
    assert "chain-rule" in ids
    assert len(set(ids)) == len(ids)


def test_every_misconception_stands_beside_its_rule_or_its_function(
    glossary: Document, cards: dict[str, Document]
) -> None:
    said = render(glossary, "text", detail="full") + "".join(
        render(card, "text") for card in cards.values()
    )
    flat = re.sub(r"\s+", " ", said.replace("-\n", "-"))

    missing = [slip.name for slip in misconceptions.values() if f"Not: {slip.name}," not in flat]
    assert missing == []


@pytest.mark.parametrize("name", ["product rule", "quotient rule", "recognise the sigmoid"])
def test_where_a_rule_is_used_is_what_the_derivations_show(name: str) -> None:
    """Found by running them: tanh is a quotient, SiLU a product, BCE after a sigmoid neither."""
    used = {function.name for function in used_by()[name]}

    assert {"product rule": {"silu", "mish", "gelu"}, "quotient rule": {"tanh", "softsign"},
            "recognise the sigmoid": {"sigmoid", "softplus"}}[name] <= used  # fmt: skip
    assert "relu" not in used


def test_the_functions_below_a_rule_are_links_to_their_cards(site: dict[str, str]) -> None:
    page = site["rules/index.html"]
    section = page[page.index('id="quotient-rule"') :]
    section = section[: section.index("</section>")]

    assert 'href="../functions/tanh.html"' in section


# links and ids


def test_ids_are_unique_on_every_page(site: dict[str, str]) -> None:
    for name, text in site.items():
        ids = Page(text).ids
        assert len(ids) == len(set(ids)), name


def test_every_link_of_the_site_has_its_target(site: dict[str, str]) -> None:
    """A dead link in a glossary is a rule that nobody can look up."""
    ids = {name: set(Page(text).ids) for name, text in site.items()}
    followed = 0

    for name, text in site.items():
        for link in Page(text).links:
            path, _, anchor = link.partition("#")
            target = f"{path.removeprefix('../')}" if path else name
            assert target in ids, (name, link)
            assert not anchor or anchor in ids[target], (name, link)
            followed += bool(path)
    assert followed > 1000


def test_reasons_lead_to_the_glossary_where_a_base_is_named() -> None:
    """The default is the page's own glossary, as before."""
    from symderiv import derive

    derivation = derive("x*sigmoid(x)")
    plain, linked = render(derivation, "html"), render(derivation, "html", links="/docs")
    ids = {rule.id for rule in rules.values()}

    assert 'href="#rule-product-rule"' in plain
    assert "/rules/" not in plain
    assert 'href="/docs/rules/#product-rule"' in linked
    assert 'href="/docs/functions/sigmoid.html"' in linked
    assert set(re.findall(r'href="/docs/rules/#([^"]*)"', linked)) <= ids


@pytest.mark.parametrize("base", ["javascript:alert(1)", "data:x", '"><b>', "a b", "//x y", "ü"])
def test_a_base_that_is_no_address_is_refused(base: str, cards: dict[str, Document]) -> None:
    with pytest.raises(Unknown, match="base address"):
        render(cards["sigmoid"], "html", links=base)


def test_a_card_by_itself_leads_nowhere_else() -> None:
    links = Page(render(compose_card(functions["sigmoid"]), "html")).links

    assert links
    assert all(link.startswith("#") for link in links)


# files and the command line


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main([*arguments]) == 0
    return capsys.readouterr().out


def test_a_site_is_written_by_two_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folders stand beside one another, and their links hold."""
    listed = call(capsys, "functions", "-f", "html", "-o", str(tmp_path / "functions"))
    call(capsys, "rules", "-f", "html", "-o", str(tmp_path / "rules"))
    files = sorted(path.name for path in (tmp_path / "functions").glob("*.html"))

    assert len(listed.splitlines()) == len(files) == len(ALL) + 1
    assert "index.html" in files
    assert "leaky-relu.html" in files
    for path in (tmp_path / "functions" / "index.html", tmp_path / "rules" / "index.html"):
        for link in Page(path.read_text()).links:
            target = (path.parent / link.partition("#")[0]) if link[0] != "#" else path
            assert target.exists(), link


@pytest.mark.parametrize("form", FORMATS)
def test_one_card_is_printed_in_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    (expected,) = [text for name, text in card_files([functions["relu"]], form).items()
                   if not name.endswith(".svg")]  # fmt: skip

    assert call(capsys, "functions", "relu", "-f", form) == expected


def test_markdown_has_its_picture_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call(capsys, "functions", "relu", "-o", str(tmp_path / "card.md"))

    assert sorted(p.name for p in tmp_path.iterdir()) == ["card.md", "relu-curve.svg"]
    assert "](relu-curve.svg)" in (tmp_path / "card.md").read_text()


def test_a_rule_is_printed_as_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, "rules", "chain rule", "-f", "markdown")

    assert said.startswith("# Chain rule\n")
    assert "Not: inner derivative" in said


def test_pages_are_the_same_each_time() -> None:
    chosen = [functions[name] for name in ("relu", "softmax", "tan")]

    assert card_files(chosen, "html") == card_files(chosen, "html")
    assert next(iter(function_files(chosen, "html"))) == "index.html"
    assert rule_files([rules["chain rule"]], "x", "text")["x.txt"].endswith("\n")


def test_a_function_of_ones_own_has_a_card() -> None:
    """Nothing is drawn or said that was declared for ours alone."""
    own = Function(name="bump", slope=lambda z: -2 * z / (1 + z**2) ** 2,
                   value=lambda z: 1 / (1 + z**2), title="the bump")  # fmt: skip
    page = render(compose_card(own), "html")

    assert "<svg" in page
    assert "Bump" in page


def linked(page: Document) -> Iterator[Linked]:
    for section in page.sections:
        if isinstance(section, Passage):
            yield from (b for b in section.blocks if isinstance(b, Linked))


def test_a_card_names_those_who_use_its_slope(cards: dict[str, Document]) -> None:
    (users, _) = linked(cards["sigmoid"])

    assert "sigmoid linear unit" in [link.name for link in users.links]


# LaTeX


COMPILED = ("sigmoid", "hardshrink", "softmax", "arcsin", "floor", "selu", "gelu_tanh", "kronecker")


@pytest.mark.parametrize("name", [*COMPILED, "rules", "index"])
def test_latex_sets_a_card_within_its_margins(
    name: str, cards: dict[str, Document], glossary: Document, tmp_path: Path
) -> None:
    if which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    page = {"rules": glossary, "index": compose_index(ALL)}.get(name) or cards[name]
    (tmp_path / "page.tex").write_text(render(page, "latex", links="../"))
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=tmp_path, capture_output=True, timeout=120,
    )  # fmt: skip
    log = done.stdout.decode(errors="replace")

    assert done.returncode == 0, log[-2000:]
    assert "Overfull" not in log
    assert "Missing character" not in log


def test_a_claim_by_pieces_says_nothing_at_its_borders() -> None:
    """At a kink no slope is drawn, even where the claim has a value there, as sign(0) = 0."""
    mae = Card(functions["mae"])

    assert not isinstance(mae.function.claim, Cases)
    assert mae.traced.slope_at(Fraction(1)) is None


def test_a_kink_that_no_derivation_meets_is_said_all_the_same(cards: dict[str, Document]) -> None:
    """max and min break where their arguments are equal, the sign jumps at 0; no others do."""
    said = {
        name: render(card, "text").partition("Kinks and jumps")[2].partition("Derivation")[0]
        for name, card in cards.items()
        if not Card(functions[name]).kinks
    }
    flat = {name: " ".join(text.split()) for name, text in said.items() if text}

    assert set(flat) == {"max", "min", "sign"}
    assert "At a = 1 in the picture the slope goes from 0 to 1." in flat["max"]
    assert "At a = 1 in the picture the slope goes from 1 to 0." in flat["min"]
    assert "At x = 0 the function jumps from −1 to 1." in flat["sign"]
