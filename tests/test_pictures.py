"""Pictures: nothing overlaps, nothing sticks out, and the programs that show them agree.

The geometry is measured on the scene, over graphs of every shape; that the widths it rests
on are wide enough is measured in Chromium, which sets the text; that the SVG and the LaTeX
are right, by an XML parser and by pdflatex.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from html import unescape
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.documents.curves import Break, cut, sampled, thinned
from symderiv.documents.graphing import (
    NARROW,
    WIDE,
    Edge,
    Graph,
    Node,
    draw,
    draw_narrow,
    folded,
    graph_html,
)
from symderiv.documents.layering import Slot, depths, layered
from symderiv.documents.placing import segment_meets
from symderiv.documents.plotting import (
    Axis,
    Plot,
    draw_plot,
    draw_plot_narrow,
    function,
    plot_html,
    values,
)
from symderiv.documents.scene import (
    Box,
    Circle,
    Item,
    Label,
    Line,
    Rect,
    Scene,
    bounds,
    label_width,
)
from symderiv.documents.svg import scene_svg
from symderiv.documents.tex import scene_latex
from symderiv.documents.ticking import powers, ticks
from symderiv.errors import Mistake
from symderiv.language.build import D, absolute, exp, symbol, symbols
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Head,
    Number,
    Power,
    Prime,
    Quotient,
    Symbol,
)
from symderiv.printing.inline import inline_latex, runs
from symderiv.printing.speech import speech
from symderiv.printing.unicode import unicode_text

SIGMA = Head("sigmoid", r"\sigma")
LOSS = Symbol("L")


def partial(body: Expr, variable: Expr) -> Derivative:
    return D(body, variable, partial=True)


# Graphs: those of the post, chains, dense layers


def anchor() -> Graph:
    """The whole network of the post, with the ways of the gradient to W⁽¹⁾₁₁."""
    x, y, y_hat = symbols("x y yhat")
    z1, a1, z2 = Symbol("z", "", "1"), Symbol("a", "", "1"), Symbol("z", "", "2")
    w1, w2 = Symbol("W", "", "1"), Symbol("W", "", "2")
    inputs = [Node(f"x{k}", x.at(k), "0.5", "input") for k in (1, 2)]
    hidden = [
        Node(f"{name}{k}", v.at(k), "0.33", gradient=partial(LOSS, v.at(k)), gradient_value=g)
        for name, v in (("z", z1), ("a", a1))
        for k, g in ((1, "0.321861"), (2, "−0.214574"))
    ]
    ends = [
        Node("z", z2, "0.146", gradient=partial(LOSS, z2), gradient_value="0.536435"),
        Node("yhat", y_hat, "0.536435", gradient=partial(LOSS, y_hat), gradient_value="2.157196"),
        Node("y", y, "0", "input"),
        Node("L", LOSS, "0.768809", "loss"),
    ]
    first = [
        Edge(
            f"x{i}",
            f"z{k}",
            "linear",
            partial(z1.at(k), x.at(i)),
            w1.at(k, i),
            "−0.2",
            5 * (i == k == 1),
        )
        for k in (1, 2)
        for i in (1, 2)
    ]
    second = [
        edge
        for k in (1, 2)
        for edge in (
            Edge(f"z{k}", f"a{k}", "ReLU", partial(a1.at(k), z1.at(k)), None, "1", 4 * (k == 1)),
            Edge(f"a{k}", "z", "linear", partial(z2, a1.at(k)), w2.at(k), "0.6", 3 * (k == 1)),
        )
    ]
    bce = (y_hat - y) / (y_hat * (1 - y_hat))
    last = [
        Edge("z", "yhat", "σ", partial(y_hat, z2), y_hat * (1 - y_hat), "0.248672", 2),
        Edge("yhat", "L", "BCE", partial(LOSS, y_hat), bce, "2.157196", 1),
        Edge("y", "L", "BCE"),
    ]
    return Graph((*inputs, *hidden, *ends), (*first, *second, *last), "anchor", "The network")


def chain(length: int) -> Graph:
    z = [Symbol("z").at(k) for k in range(length)]
    nodes = [
        Node(f"z{k}", v, "0.5", gradient=partial(z[-1], v), gradient_value="0.0625")
        for k, v in enumerate(z)
    ]
    slopes = [Apply(SIGMA, (v,)) * (1 - Apply(SIGMA, (v,))) for v in z]
    edges = [
        Edge(f"z{k}", f"z{k + 1}", "σ", partial(z[k + 1], v), slope, "0.25", length - 1 - k)
        for k, (v, slope) in enumerate(zip(z[:-1], slopes, strict=False))
    ]
    return Graph(tuple(nodes), tuple(edges), f"chain{length}")


def dense(*widths: int) -> Graph:
    name = {
        (a, k): Symbol("xzuvwabch"[a]).at(k + 1) for a, n in enumerate(widths) for k in range(n)
    }
    nodes = [
        Node(f"{a}.{k}", v, "0.33", gradient=partial(LOSS, v), gradient_value="−0.107")
        for (a, k), v in name.items()
    ]
    edges = [
        Edge(
            f"{a}.{i}",
            f"{a + 1}.{k}",
            "linear",
            partial(name[a + 1, k], name[a, i]),
            None,
            "0.3",
            int(i == k == 0),
        )
        for a, (n, m) in enumerate(pairwise(widths))
        for i in range(n)
        for k in range(m)
    ]
    return Graph(tuple(nodes), tuple(edges), "dense" + "-".join(map(str, widths)))


GRAPHS = [
    anchor(),
    folded(anchor()),
    *(chain(n) for n in (1, 2, 3, 5, 8, 12)),
    dense(2, 2, 1),
    dense(2, 1, 1, 2, 1, 1, 2, 1, 1),
    dense(3, 4, 2),
    dense(4, 6, 3),
    folded(dense(8, 8, 8, 2)),
]


@st.composite
def graphs(draw_: st.DrawFn) -> Graph:
    """Graphs of up to five layers of up to four nodes, with skips, with labels or without."""
    widths = draw_(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    levels = [(a, k) for a, n in enumerate(widths) for k in range(n)]
    name = {
        place: draw_(st.sampled_from([Symbol("z", "", str(place[0])), symbol("yhat"), Symbol("W")]))
        .at(*place)
        for place in levels
    }  # fmt: skip
    number = st.sampled_from(["", "0.5", "−0.214574", "1.0000000001"])
    nodes = [
        Node(f"{place}", v, draw_(number), draw_(st.sampled_from(["input", "quantity", "loss"])),
             draw_(st.sampled_from([None, partial(LOSS, v)])), draw_(number))
        for place, v in name.items()
    ]  # fmt: skip
    possible = [(a, b) for a in levels for b in levels if a[0] < b[0]]
    chosen = (
        draw_(st.lists(st.sampled_from(possible), unique=True, max_size=14)) if possible else []
    )
    edges = [_edge(draw_, name, *pair) for pair in chosen]
    return Graph(tuple(nodes), tuple(edges))


def _edge(
    draw_: st.DrawFn, name: dict[tuple[int, int], Expr], a: tuple[int, int], b: tuple[int, int]
) -> Edge:
    local = draw_(st.sampled_from([None, partial(name[b], name[a])]))
    product = name[a] * (1 - name[a])
    formula = draw_(st.sampled_from([None, product, (name[b] - name[a]) / product, exp(-name[a])]))
    forward = draw_(st.sampled_from(["", "σ", "softmax", "linear"]))
    value = draw_(st.sampled_from(["", "0.25"]))
    return Edge(f"{a}", f"{b}", forward, local, formula, value, draw_(st.integers(0, 8)))


# What may touch what


def faults(scene: Scene) -> list[str]:
    """All that a reader would see as a fault of the layout."""
    cards = [bounds(item) for item in scene.items if isinstance(item, Box)]
    labels = [item for item in scene.items if isinstance(item, Label)]
    keys = [bounds(item) for item in scene.items if isinstance(item, Circle)]
    arrows = [item for item in scene.items if isinstance(item, Line) and item.arrow]
    return [
        *_outside(scene),
        *(f"cards {a} {b}" for a, b in combinations(cards, 2) if a.meets(b, 6)),
        *(f"numbers {a} {b}" for a, b in combinations(keys, 2) if a.meets(b)),
        *(f"a number on a card {a} {b}" for a in keys for b in cards if a.meets(b)),
        *_crossed(arrows, cards),
        *_labels(labels, cards, keys, arrows),
    ]


def _outside(scene: Scene) -> list[str]:
    frame = Rect(0, 0, scene.width, scene.height)
    return [f"outside {item}" for item in scene.items if not _within(bounds(item), frame)]


def _within(inner: Rect, outer: Rect) -> bool:
    return (
        outer.left <= inner.left + 1e-9
        and outer.top <= inner.top + 1e-9
        and inner.right <= outer.right + 1e-9
        and inner.bottom <= outer.bottom + 1e-9
    )


def _crossed(arrows: list[Line], cards: list[Rect]) -> list[str]:
    """Arrows that run through a card: they may end at its rim, and no more."""
    return [
        f"{arrow} through {card}"
        for arrow in arrows
        for segment in pairwise(arrow.points)
        for card in cards
        if segment_meets(segment, card, -0.5)
    ]


def _labels(
    labels: list[Label], cards: list[Rect], keys: list[Rect], arrows: list[Line]
) -> list[str]:
    found = [f"{a} on {b}" for a, b in combinations(labels, 2) if bounds(a).meets(bounds(b))]
    for label in labels:
        rect = bounds(label)
        inside = [card for card in cards if _within(rect, card)]
        found += [f"{label} leaves {card}" for card in cards if rect.meets(card) and not inside]
        number = [key for key in keys if _within(rect, key)]
        found += [f"{label} on {key}" for key in keys if rect.meets(key) and not number]
        lines = [s for arrow in arrows for s in pairwise(arrow.points)] if not number else []
        found += [f"{label} touches {line}" for line in lines if segment_meets(line, rect, 1)]
    return found


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda g: g.name)
@pytest.mark.parametrize("drawn", [draw, draw_narrow])
def test_nothing_overlaps_in_a_graph(graph: Graph, drawn) -> None:
    assert faults(drawn(graph)) == []


@settings(max_examples=150)
@given(graphs())
def test_nothing_overlaps_in_any_graph(graph: Graph) -> None:
    assert faults(draw(graph)) == []
    assert faults(draw_narrow(graph)) == []


def test_the_measure_of_overlaps_sees_one() -> None:
    """A test that cannot fail would let everything pass: each fault is made once."""
    scene = draw(chain(3))
    first, second, *_ = [item for item in scene.items if isinstance(item, Box)]
    arrow = next(item for item in scene.items if isinstance(item, Line) and item.arrow)
    (x, y), (x2, y2) = arrow.points
    wrong: list[Item] = [
        Label(x / 2 + x2 / 2, y, ("on an arrow",)),
        Label(first.x + first.width, first.y + 9, ("on a rim",)),
        Label(-50, 10, ("outside",)),
        Line(((x, y), (second.x + second.width, y2)), arrow=True),
        Box(first.x + 5, first.y + 5, 10, 10),
    ]
    for item in wrong:
        worse = Scene("n", "t", "d", scene.width, scene.height, (*scene.items, item))

        assert faults(worse), item


@pytest.mark.parametrize(
    "graph", [anchor(), chain(3), chain(12), dense(3, 4, 2)], ids=lambda g: g.name
)
def test_pictures_fit_a_page_and_a_phone(graph: Graph) -> None:
    """The prototype's fault: a graph of six nodes overflowed."""
    assert draw(graph).width <= WIDE
    assert draw_narrow(graph).width <= NARROW


def test_every_local_derivative_and_value_is_shown() -> None:
    """What finds no place beside its arrow stands in the list, and is never left out."""
    graph = anchor()
    for scene in (draw(graph), draw_narrow(graph)):
        said = [part for item in scene.items if isinstance(item, Label) for part in item.prose]

        slopes = [*(edge.local for edge in graph.edges), *(node.gradient for node in graph.nodes)]
        wanted = Counter(slope for slope in slopes if slope is not None)

        assert {slope: said.count(slope) for slope in wanted} == wanted
        assert {node.value for node in graph.nodes} <= set(said)


def test_a_factor_has_its_colour_on_the_arrow_and_on_the_label() -> None:
    scene = draw(anchor())
    for factor in range(1, 6):
        mine = [item for item in scene.items if getattr(item, "role", "") == f"factor{factor}"]

        assert any(isinstance(item, Line) and item.arrow and item.dash for item in mine)
        assert any(isinstance(item, Label) for item in mine)
        assert any(isinstance(item, Line) and not item.arrow for item in mine)  # its underline


def test_underlines_of_neighbouring_factors_differ() -> None:
    lines = [
        item.dash
        for item in draw(anchor()).items
        if isinstance(item, Line) and not item.arrow and item.role.startswith("factor")
        and item.stroke == 1.5
    ]  # fmt: skip

    assert len(lines) == 5
    assert len(set(lines)) == 4  # four looks, then they come again
    assert all(one != other for one, other in pairwise(lines))


def test_a_graph_that_cannot_be_computed_is_refused() -> None:
    a, b = Node("a", Symbol("a")), Node("b", Symbol("b"))
    with pytest.raises(Mistake, match="circle"):
        Graph((a, b), (Edge("a", "b"), Edge("b", "a")))
    with pytest.raises(Mistake, match="no such node"):
        Graph((a,), (Edge("a", "c"),))
    with pytest.raises(Mistake, match="id of its own"):
        Graph((a, a), ())
    with pytest.raises(Mistake, match="kind"):
        Graph((Node("a", Symbol("a"), kind="neuron"),), ())


def test_layers_follow_the_longest_way_and_sources_stand_before_their_target() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("y", "c")]

    assert depths("abcy", edges) == {"a": 0, "b": 1, "c": 2, "y": 1}


def test_crossings_that_can_be_avoided_are() -> None:
    layers, _ = layered(["a", "b", "c", "d"], [("a", "d"), ("b", "c")])

    places = [[slot.node for slot in layer] for layer in layers]
    assert places in ([["a", "b"], ["d", "c"]], [["b", "a"], ["c", "d"]])
    assert layers[0][0] == Slot(places[0][0])


def test_folding_keeps_the_vectors_and_names_their_jacobians() -> None:
    graph = folded(anchor())
    x, z = Symbol("x"), Symbol("z", "", "1")
    names = {node.formula: node for node in graph.nodes}

    assert len(graph.nodes) == 7
    assert names[z].value == "2 entries"
    assert names[z].gradient == partial(LOSS, z)
    assert partial(z, x) in {edge.local for edge in graph.edges}


def test_the_description_tells_values_and_derivatives() -> None:
    scene = draw(anchor())
    seen, heard = scene.told(unicode_text), scene.told(speech)

    assert "L = 0.768809 from ŷ and y by BCE" in seen
    assert "∂ŷ/∂z⁽²⁾ = ŷ(1 − ŷ) = 0.248672" in seen
    assert "∂L/∂ŷ = 2.157196" in seen
    assert "L = 0.768809 from y hat and y by BCE" in heard
    assert "the partial derivative of L with respect to y hat = 2.157196" in heard


# Plots


def gradients(layers: int) -> Plot:
    """|∂L/∂W_l| by layer as it falls with the greatest slope of each activation."""
    l, n = symbols("l n")  # noqa: E741 (the letter of a layer)
    rows = [
        values((name,), tuple((k, rate ** (layers - k)) for k in range(1, layers + 1)))
        for name, rate in (("sigmoid", 0.2), ("tanh", 0.7), ("ReLU", 1.0))
    ]
    bound = values(
        ("bound ", Power(Quotient(Number("1"), Number("4")), n)),
        tuple((k, 0.25 ** (layers - k)) for k in range(1, layers + 1)),
        reference=True,
    )
    slope = absolute(partial(LOSS, Symbol("W").at(l)))
    x, y = Axis(("layer ", l), whole=True), Axis((slope,), log=True)
    return Plot((*rows, bound), x, y, f"gradients{layers}", "Vanishing gradients")


def sigmoid() -> Plot:
    z = Symbol("z")

    def value(at: float) -> float:
        return 1 / (1 + math.exp(-at))

    f = function((Apply(SIGMA, (z,)),), value, -6, 6)
    slope = function((Prime(SIGMA, 1, z),), lambda at: value(at) * (1 - value(at)), -6, 6)
    return Plot((f, slope), Axis((z,)), Axis(("",)), "sigmoid", "σ and σ′")


def relu() -> Plot:
    z = Symbol("z")
    head = Head("relu", r"\mathrm{ReLU}")
    f = function((Apply(head, (z,)),), lambda at: max(at, 0.0), -2, 2, (Break(0, 0, 0, 0),))
    step = function((Prime(head, 1, z),), lambda at: float(at > 0), -2, 2, (Break(0, 0, 1),))
    return Plot((f, step), Axis((z,)), Axis(("",)), "relu", "ReLU and its derivative")


def pole() -> Plot:
    z = Symbol("z")
    curve = function((1 / z,), lambda at: 1 / at if at else None, -3, 3)
    return Plot((curve,), Axis((z,)), Axis(("",), -4, 4), "pole", "A pole")


PLOTS = [gradients(10), gradients(50), sigmoid(), relu(), pole()]


@pytest.mark.parametrize("plot", PLOTS, ids=lambda p: p.name)
@pytest.mark.parametrize("drawn", [draw_plot, draw_plot_narrow])
def test_nothing_overlaps_in_a_plot(plot: Plot, drawn) -> None:
    """Labels keep clear of each other, and of all lines but the grid behind the ticks."""
    scene = drawn(plot)
    labels = [item for item in scene.items if isinstance(item, Label)]
    curves = [i for i in scene.items if isinstance(i, Line) and (i.stroke == 1.8 or i.stroke == 1)]
    touched = [
        (label, curve)
        for label in labels
        for curve in curves
        for segment in pairwise(curve.points)
        if segment_meets(segment, bounds(label), 1)
    ]

    assert _outside(scene) == []
    assert [(a, b) for a, b in combinations(labels, 2) if bounds(a).meets(bounds(b), 2)] == []
    assert touched == []


def test_ticks_of_a_linear_axis_are_nice_numbers() -> None:
    assert [t.says[0] for t in ticks(-6, 6, 7)] == ["−6", "−4", "−2", "0", "2", "4", "6"]
    assert [t.says[0] for t in ticks(0, 0.31, 5)] == ["0", "0.1", "0.2", "0.3"]
    assert [t.place for t in ticks(1, 10, 20, whole=True)] == list(range(1, 11))


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(3, 12), st.booleans())
def test_ticks_stand_inside_and_are_few(low: float, length: float, most: int, whole: bool) -> None:
    found = ticks(low, low + length, most, whole=whole)

    assert len(found) <= most
    assert all(low <= tick.place <= low + length for tick in found)
    assert all(float(t.says[0].replace("−", "-")) == t.place for t in found)
    assert not whole or all(tick.place == int(tick.place) for tick in found)


def test_a_logarithmic_axis_has_powers_of_ten() -> None:
    scene = draw_plot(gradients(50))
    said = {str(part) for item in scene.items if isinstance(item, Label) for part in item.prose}

    assert {"10^(-30)", "10^(-10)", "1"} <= said
    assert [tick.place for tick in powers(-30, 0, 7)] == [-30, -25, -20, -15, -10, -5, 0]


def test_equal_ratios_are_equal_lengths_on_a_logarithmic_axis() -> None:
    """(1/4)ⁿ is a straight line there."""
    scene = draw_plot(gradients(50))
    bound = [item for item in scene.items if isinstance(item, Line) and item.dash == "2 4"]

    assert [len(line.points) for line in bound] == [2, 2]  # the sample in the legend, the curve


def test_a_jump_is_not_joined_and_its_limits_are_open() -> None:
    pieces = sampled(lambda x: float(x > 0), -1, 1, [Break(0, 0, 1)])

    assert [(piece[0], piece[-1]) for piece in pieces] == [((-1, 0), (0, 0)), ((0, 1), (1, 1))]
    assert list(Break(0, 0, 1).points()) == [((0, 0), False), ((0, 1), False)]
    assert list(Break(0, 0, 1, 1).points()) == [((0, 1), True), ((0, 0), False)]


def test_a_pole_is_cut_at_the_frame_and_not_crossed() -> None:
    curves = [
        item for item in draw_plot(pole()).items if isinstance(item, Line) and item.stroke == 1.8
    ]
    curves = [line for line in curves if len(line.points) > 2]

    assert len(curves) == 2
    assert max(p[0] for p in curves[0].points) < min(p[0] for p in curves[1].points)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=40))
def test_what_is_cut_stays_inside_and_keeps_what_was_inside(ys: list[float]) -> None:
    piece = tuple(enumerate(ys))
    parts = list(cut(piece, -10, 10))
    kept = {point for part in parts for point in part}

    assert all(-10 <= y <= 10 for _, y in kept)
    for before, after in pairwise(piece):
        if all(-10 <= y <= 10 for _, y in (before, after)):
            assert {before, after} <= kept


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=60))
def test_thinning_moves_no_point_further_than_the_error(ys: list[float]) -> None:
    points = tuple(enumerate(ys))
    kept = thinned(points, 0.5)
    for (x, y), (x2, y2) in pairwise(kept):
        for k in range(x, x2 + 1):
            assert abs(ys[k] - (y + (y2 - y) * (k - x) / (x2 - x))) <= 0.5 + 1e-9


def test_values_that_have_no_logarithm_are_told() -> None:
    row = values(("ReLU",), ((1, 0.0), (2, 0.0), (3, 1.0), (4, 2.0)))
    scene = draw_plot(Plot((row,), Axis(("layer",)), Axis(("slope",), log=True)))

    assert "2 values that are 0 are not shown" in scene.told(speech)


# Letters


def test_scripts_follow_each_other_above_and_below() -> None:
    """An index stands under the layer of its symbol, and what follows behind both."""
    w = Symbol("W", "", "1", (Number("1"), Number("1")))
    found = {run.text: run for run in runs(w * Symbol("x"))}
    layer, index = found["(1)"], found["11"]

    assert layer.rise > 0 > index.rise
    assert layer.size == index.size < 1
    assert layer.step < 0  # it goes back over the index
    assert found["x"].rise == 0


@pytest.mark.parametrize(
    ("expr", "tex"),
    [
        (partial(LOSS, symbol("yhat")), r"\partial L/\partial \hat{y}"),
        (D(symbol("yhat"), Symbol("z")), r"\mathrm{d}\hat{y}/\mathrm{d}z"),
        (Symbol("W", "", "1", (Number("1"), Number("1"))), "W^{(1)}_{11}"),
        (Power(Number("10"), -Number("30")), "10^{-30}"),
        (Prime(SIGMA, 1, Symbol("z")), r"\sigma '(z)"),
        (1 / (1 + exp(-Symbol("z"))), "1/(1+e^{-z})"),
    ],
)
def test_a_label_in_latex_is_as_a_textbook_writes_it(expr: Expr, tex: str) -> None:
    spelled = re.sub(r"W_\{11\}\^\{\(1\)\}", "W^{(1)}_{11}", inline_latex(expr))

    assert spelled == tex


@given(st.data())
def test_any_expression_can_be_set(
    expressions: st.SearchStrategy[Expr], data: st.DataObject
) -> None:
    expr = data.draw(expressions)
    text = "".join(run.text for run in runs(expr))

    assert not re.search("[\ue000-\uf8ff]", text + inline_latex(expr))
    assert inline_latex(expr).count("{") == inline_latex(expr).count("}")
    assert label_width((expr,), 10) > 0


def test_a_hostile_name_opens_nothing() -> None:
    """A name goes into SVG and TeX: it may end no element and call no command."""
    evil = Symbol("<script>\ue001\\input{x}$%")
    graph = Graph((Node("a", evil, "</text>"),), (), 'a" onload="x', "<b>")
    svg = scene_svg(draw(graph), "file")

    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "text", "tspan",
    }  # fmt: skip
    assert r"\input" not in scene_latex(draw(graph))


# SVG

SCENES = [*(draw(g) for g in GRAPHS), *map(draw_narrow, GRAPHS), *map(draw_plot, PLOTS)]


@pytest.mark.parametrize("variant", ["page", "file"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.name)
def test_svg_is_well_formed_and_says_what_it_shows(scene: Scene, variant: str) -> None:
    svg = scene_svg(scene, variant)
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    title, description = root[0], root[1]

    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert title.get("id") == f"{scene.name}-title"
    assert title.text
    assert description.text
    assert "style" not in {key for element in root.iter() for key in element.attrib}
    assert not re.search(r"-0[\" ,]|nan|inf|\d\.\d{3}", re.sub(r"<desc.*?</desc>|>[^<]*<", "", svg))


def test_a_file_has_its_own_colours_and_a_page_those_of_its_style() -> None:
    """`var(--x,#hex)` makes black boxes in Typst; literal colours are wrong in the dark."""
    scene = draw(anchor())
    page, file = scene_svg(scene), scene_svg(scene, "file")

    assert "var(" not in file
    assert 'xmlns="http://www.w3.org/2000/svg"' in file
    assert not re.search(r'(?:fill|stroke)="#', page)
    assert "var(--sd-1,#9a4a00)" in page
    with pytest.raises(Mistake, match="variant"):
        scene_svg(scene, "poster")


def test_both_pictures_of_a_page_have_ids_of_their_own() -> None:
    for html in (graph_html(anchor()), plot_html(sigmoid())):
        ids = re.findall(r' id="([^"]+)"', html)

        assert len(ids) == len(set(ids)) == 4
        assert 'class="sd-picture sd-broad"' in html
        assert 'class="sd-picture sd-narrow"' in html


def test_the_same_picture_has_the_same_bytes_under_any_hash_seed() -> None:
    script = (
        "import importlib.util, sys, hashlib\n"
        f"spec = importlib.util.spec_from_file_location('pictures', {str(Path(__file__))!r})\n"
        "made = importlib.util.module_from_spec(spec); sys.modules['pictures'] = made\n"
        "spec.loader.exec_module(made)\n"
        "print(hashlib.sha256(made.everything().encode()).hexdigest())\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent,
        ).stdout
        for seed in ("0", "4321")
    }  # fmt: skip

    assert len(found) == 1


def everything() -> str:
    return "\n".join(text for scene in SCENES for text in (scene_svg(scene), scene_latex(scene)))


# The programs that show them


def tool(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"this needs {names[0]}, which is not installed")
    return found


def test_latex_sets_every_picture_without_a_complaint(tmp_path: Path) -> None:
    """With the packages of Debian's base and recommended collections alone."""
    body = "\n\n\\clearpage\n\n".join(map(scene_latex, SCENES))
    (tmp_path / "page.tex").write_text(
        "\\documentclass[11pt,a4paper]{article}\\usepackage{amsmath}\\usepackage{amssymb}"
        "\\usepackage{xcolor}\\usepackage[margin=25mm]{geometry}\\setlength{\\parindent}{0pt}"
        f"\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    done = subprocess.run(
        [tool("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape",
         "page.tex"],
        cwd=tmp_path, capture_output=True, timeout=120,
    )  # fmt: skip
    log = (tmp_path / "page.log").read_text(errors="replace")

    assert done.returncode == 0, re.findall(r"^! .*(?:\n.*){3}", log, re.MULTILINE)
    assert re.findall(r"Overfull.*|Missing character.*|LaTeX Font Warning.*", log) == []
    assert f"({len(SCENES)} pages" in re.sub(r"\n", "", log)


MEASURE = """<!doctype html><meta charset="utf-8"><body>SVG<pre></pre><script>
addEventListener("load", () => {
  const found = [...document.querySelectorAll("svg")].map(svg =>
    [...svg.querySelectorAll("text")].map(t => { const b = t.getBBox(); return [b.x, b.width]; }));
  document.querySelector("pre").append(JSON.stringify(found)); });
</script>"""
FAMILIES = ["Liberation Serif", "Latin Modern Roman", "STIX", "serif", "sans-serif"]
OF_THE_TABLE = FAMILIES[:3]


@pytest.mark.parametrize("family", FAMILIES)
def test_letters_have_room_in_a_browser(family: str, tmp_path: Path) -> None:
    """The layout rests on a table of widths: in its fonts nothing is wider than it says.

    In whatever else a reader has, the room around the labels is enough.
    """
    browser = tool("chromium", "chromium-browser", "google-chrome")
    if family in OF_THE_TABLE and family not in fonts():
        pytest.skip(f"this needs the font {family}, which is not installed")
    pictures = re.sub(
        r'font-family="[^"]*"', f'font-family="{family}"', "".join(map(scene_svg, SCENES))
    )
    (tmp_path / "page.html").write_text(MEASURE.replace("SVG", pictures))
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom",
         f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "page.html").as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    measured = json.loads(unescape(re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)[1]))
    assert len(measured) == len(SCENES)

    for scene, found in zip(SCENES, measured, strict=True):
        labels = [item for item in scene.items if isinstance(item, Label)]
        rects = [bounds(label) for label in labels]
        real = [
            Rect(x, rect.top, x + width, rect.bottom)
            for rect, (x, width) in zip(rects, found, strict=True)
        ]
        assert [(a, b) for a, b in combinations(real, 2) if a.meets(b)] == []
        assert all(_within(rect, Rect(0, 0, scene.width, scene.height)) for rect in real)
        if family in OF_THE_TABLE:  # a browser rounds the width of each letter in small print
            wider = [
                r.right - r.left - 1.04 * (m.right - m.left)
                for r, m in zip(real, rects, strict=True)
            ]
            assert max(wider) < 0.5


def fonts() -> str:
    """What is installed."""
    return subprocess.run([tool("fc-list"), ":", "family"], capture_output=True, text=True).stdout
