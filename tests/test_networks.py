"""Networks in symbols: each gradient a derivation whose steps hold, and whose work stays small.

Formulas are held against values in `test_network_values`; here stand the steps, the names, the
forms that only an output takes, and how the work grows, counted in nodes and never in time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.catalogue.rules import algebra
from symderiv.catalogue.rules import differentiation as laws
from symderiv.deriving.derivation import Step
from symderiv.deriving.differentiating import Differentiator
from symderiv.deriving.evidence import check
from symderiv.deriving.networks.backward import Backward
from symderiv.deriving.networks.flow import Flow, few_paths
from symderiv.deriving.networks.layering import Dense, network_of_layers
from symderiv.deriving.networks.locals import Locals, linear
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.numbers import agree
from symderiv.deriving.networks.specification import read_network
from symderiv.deriving.networks.values import Values
from symderiv.deriving.recognising import recognise
from symderiv.errors import Mistake, Unknown, Unreadable
from symderiv.judging.points import Setting
from symderiv.language.expressions import Derivative, Expr, Negative, Number, Product, Sum, Symbol
from symderiv.language.walks import nodes

ROOT = Path(__file__).parent.parent
FILES = [ROOT / "examples/two_layer.toml", *sorted((ROOT / "tests/networks").glob("*.toml"))]
CATALOGUE = shipped()
F = CATALOGUE.functions


@cache
def network(name: str) -> Network:
    return Network.from_toml(next(path for path in FILES if path.stem == name))


def chain(depth: int, activation: str = "tanh", loss: str = "mse") -> Network:
    return network_of_layers(1, [Dense(1, F[activation])] * depth, F[loss])


def wide(units: int, outputs: int = 1) -> Network:
    return network_of_layers(2, [Dense(units, F["tanh"]), Dense(outputs, F["sigmoid"])], F["bce"])


# --- steps --------------------------------------------------------------------------------------

SHORT = {"two_layer", "recurrent", "residual"}  # all of their gradients


def moved(name: str) -> list[Symbol]:
    """The quantities by which a network's loss is derived here: all, or some of every kind."""
    found = [*Backward(network(name)).gradients]
    return found if name in SHORT else found[::4]


FLOWS = [(path.stem, str(s)) for path in FILES for s in moved(path.stem)]


@cache
def flow(name: str, wrt: str) -> Flow:
    return network(name).derive(wrt=wrt)


def steps(flow: Flow) -> Iterator[Step]:
    for derivation in flow.with_lemmas():
        yield from derivation.steps


@pytest.mark.parametrize(("name", "wrt"), FLOWS)
def test_every_step_of_a_gradient_is_checked(name: str, wrt: str) -> None:
    """A wrong line in a chain of factors would be learnt by heart."""
    flow(name, wrt).checked()

    assert not any(isinstance(n, Derivative) for n in nodes(flow(name, wrt).result))


@pytest.mark.parametrize(("name", "wrt"), FLOWS)
def test_every_step_of_a_gradient_is_recognised_by_its_own_rule(name: str, wrt: str) -> None:
    """The homework checker must accept what we print."""
    unrecognised = [
        f"{step.rule.name}: {step.before} = {step.after}"
        for step in steps(flow(name, wrt))
        if step.rule not in recognise(step.before, step.after, CATALOGUE, step.setting)
    ]

    assert unrecognised == []


@pytest.mark.parametrize(("name", "wrt"), FLOWS)
def test_the_last_line_has_the_value_of_the_gradient(name: str, wrt: str) -> None:
    """The line is made of factors, the value of δ's that flow back: two ways to one number."""
    line = flow(name, wrt)
    values = Values(network(name))
    by = values.network.quantity(wrt)
    deltas = {values.backward.delta(s): values.gradients[s] for s in values.gradients
              if s in values.network.statements}  # fmt: skip

    assert agree(values.at(line.result, {**values.forward, **deltas}), values.gradients[by])


def number_of_paths(network: Network, wrt: Symbol) -> int:
    """How many ways lead from `wrt` to the loss, counted from the loss back."""
    ways = {network.loss: 1}
    for name in reversed([*network.statements]):
        for used in network.uses[name]:
            ways[used] = ways.get(used, 0) + ways.get(name, 0)
    return ways[wrt]


@pytest.mark.parametrize(("name", "wrt"), FLOWS)
def test_all_paths_are_summed(name: str, wrt: str) -> None:
    """Written out, there is a product for each path; one statement back, one for each statement."""
    line, net = flow(name, wrt), network(name)
    by = net.quantity(wrt)
    chained = next((s.after for s in line.steps if s.rule is laws.chain_along_every_path), None)
    terms = chained.terms if isinstance(chained, Sum) else (chained,)
    expected = number_of_paths(net, by) if line.paths else len(net.users[by])

    assert len(line.paths) in (0, number_of_paths(net, by))
    assert len(terms) == expected


# --- the output and the loss in one -------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "loss", "formula"),
    [("sigmoid", "bce", "yhat - y"), ("tanh", "mse", ""), ("sigmoid", "mse", ""),
     ("relu", "mse", ""), ("tanh", "bce", "(yhat - y)*(yhat + 1)/yhat")],
)  # fmt: skip
def test_output_and_loss_collapse_only_where_something_cancels(
    activation: str, loss: str, formula: str
) -> None:
    """BCE after a sigmoid leaves ŷ − y; after tanh, 1 − ŷ² holds the factor 1 − ŷ; else nothing."""
    net = chain(2, activation, loss)
    collapsed = Locals(net).collapsed(net.layers[-1].before[0])

    assert str(collapsed.result if collapsed else "") == formula
    assert collapsed is None or algebra.cancel in [step.rule for step in collapsed.steps]


def test_a_factor_of_numbers_is_no_reason_to_collapse() -> None:
    """In L = a²/2 the 2 cancels, but not the slope of a: the chain keeps its factors."""
    net = read_network('[statements]\nz = "w*x"\na = "sigmoid(z)"\nL = "a^2/2"')

    assert [str(f.rate) for f in net.derive(wrt="w").factors] == [
        "D(L, a)",
        "D(a, z)",
        "partial(z, w)",
    ]


@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_each_of_several_outputs_collapses(outputs: int) -> None:
    net = wide(3, outputs)
    layer, gradients = net.layers[-1], Backward(net).gradients

    for z, yhat, y in zip(layer.before, layer.after, net.targets, strict=True):
        assert gradients[z].value is yhat - y


def test_the_collapsed_form_is_shared_only_by_outputs_that_read_the_same() -> None:
    """The second output has a weight in the loss, which must not be lost."""
    net = read_network(
        '[statements]\nyhat_1 = "sigmoid(u)"\nyhat_2 = "sigmoid(v)"\nu = "w*x"\nv = "c*x"\n'
        'L = "bce(yhat_1, y_1) + 3*bce(yhat_2, y_2)"'
    )
    values = {str(s): str(g.value) for s, g in Backward(net).gradients.items()}

    assert values["u"] == "yhat_1 - y_1"
    assert values["v"] == "3*(yhat_2 - y_2)"


# --- local derivatives --------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_read_off_is_what_the_engine_derives(path: Path) -> None:
    """`linear`, slopes of the catalogue and shared forms are short cuts to the same formula."""
    net = network(path.stem)
    locals_ = Locals(net)
    pairs = [(name, by) for name, used in net.uses.items() for by in used]

    for name, by in pairs:
        assert locals_.value(name, by) is locals_.derivation(name, by).result, f"{name} by {by}"


LOSSES = [
    f for f in F.values() if len(f.arguments) == 2 and not (f.variable.indices or f.head.below)
]


@pytest.mark.parametrize("loss", LOSSES, ids=lambda f: f.name)
def test_the_slope_of_a_sum_of_losses_is_what_the_engine_derives(loss: Function) -> None:
    net = read_network(f'[statements]\nL = "{loss.name}(u, s) + {loss.name}(v, t)"')
    locals_ = Locals(net)

    for by in net.uses[net.loss][:3:2]:
        derived = locals_.derivation(net.loss, by)
        assert check(locals_.value(net.loss, by), derived.result, derived.setting).points >= 24


SLOPES = [f for f in F.values() if not (f.variable.indices or f.refused)]
WRITTEN_OTHERWISE = {"erf"}  # may only shrink


@pytest.mark.parametrize("function", SLOPES, ids=lambda f: f.name)
def test_a_slope_that_is_read_off_is_what_the_engine_derives(function: Function) -> None:
    """The catalogue's claim with names put in, against a derivation."""
    names = tuple(Symbol(letter) for letter in "uvw"[: len(function.arguments)])
    body, name = function(*names), Symbol("a")
    locals_ = Locals(Network({name: body}, name))
    by = names[function.arguments.index(function.variable)]
    derived, read = locals_.derivation(name, by), locals_.value(name, by)

    assert read is derived.result or function.name in WRITTEN_OTHERWISE
    found = check(read, derived.result, derived.setting)
    assert found.points >= 24 or found.constant


def test_linear_says_no_to_what_is_not_a_sum_of_products() -> None:
    x, w, b = (Symbol(letter) for letter in "xwb")

    assert linear(w * x + b) == {w: x, x: w, b: Number("1")}
    assert linear(w * x + w * b) == {w: x + b, x: w, b: w}
    assert all(linear(e) is None for e in (x * x, x**2, -x, 2 * x, w / x, F["tanh"](x)))
    assert linear(x) == {x: Number("1")}


def test_linear_agrees_with_the_engine() -> None:
    w = [Symbol("w").at(k) for k in range(4)]
    body = w[0] * w[1] + w[2] * w[1] * w[3] + w[0] * w[3] + w[2]
    slopes = linear(body)

    assert slopes is not None
    for by, slope in slopes.items():
        derived = Differentiator(Setting(F)).derive(Derivative(body, by, 1, True)).result
        assert check(slope, derived, Setting(F)).proved


def test_a_term_is_not_the_quantity_that_it_stands_in() -> None:
    """e^u has the slope k where k = e^u; where t = e^v + r, e^v has the slope e^v and not t."""
    net = read_network('[statements]\nk = "exp(u)"\nt = "exp(v) + r"\nL = "k*t"')
    locals_ = Locals(net)
    k, t, u, v = map(net.quantity, "ktuv")

    assert locals_.value(k, u) is k
    assert str(locals_.value(t, v)) == "exp(v)"


def test_all_terms_in_which_a_quantity_stands_count() -> None:
    """u² + e^u and v³ + e^v end alike, and have other slopes."""
    net = read_network('[statements]\nt = "u^2 + exp(u) + r"\nk = "v^3 + exp(v) + r"\nL = "k*t"')
    locals_ = Locals(net)
    k, t, u, v = map(net.quantity, "ktuv")

    assert str(locals_.value(t, u)) == "2*u + exp(u)"
    assert str(locals_.value(k, v)) == "3*v^2 + exp(v)"


# --- names --------------------------------------------------------------------------------------


def test_every_gradient_has_a_name_of_its_own() -> None:
    """ŷ and x̂, z⁽¹⁾ and a⁽¹⁾ would share a δ; and one name here is taken already."""
    net = read_network(
        '[statements]\nyhat = "w*x + b"\nxhat = "v*x + c"\nz1 = "yhat*u + xhat"\n'
        'a1 = "z1*z1*v + b"\nh = "a1*w + u"\nL = "a1*z1 + yhat*xhat + h*hbar"\n'
        "[values]\nx = 0.5\nw = 0.25\nb = 0.125\nv = 1\nu = 2\nc = -1\nhbar = 3"
    )
    backward = Backward(net)
    names = [backward.delta(s) for s in net.statements]
    values = Values(net)

    assert len({*names}) == len(names)
    assert not {*names} & {*net.statements, *net.leaves}
    assert all(values.checked(s) is not None for s in values.gradients)


def test_words_below_a_name_tell_quantities_apart() -> None:
    """w_in and w_out are two weights, not one entry at two places."""
    net = read_network(
        '[statements]\nz_hid = "w_in*x + b_in"\na_hid = "tanh(z_hid)"\n'
        'z_out = "w_out*a_hid + b_out"\nL = "(z_out - y)^2"\n'
        "[values]\nx = 0.5\nw_in = 0.25\nb_in = 0.125\nw_out = 2\nb_out = -1\ny = 1"
    )
    for s in Backward(net).gradients:
        net.derive(wrt=s).checked()

    assert all(Values(net).checked(s) for s in Backward(net).gradients)


@pytest.mark.parametrize(
    "text", ["W1[1,1]", "W^{(1)}_{11}", "W1[2,1]", "b1[2]", "W2[2]", "z2", "yhat"]
)
def test_a_quantity_is_found_as_it_is_written(text: str) -> None:
    net = network("two_layer")
    s = net.quantity(text)

    assert s in (*net.statements, *net.leaves)
    assert net.quantity(str(s)) is s


@pytest.mark.parametrize("text", ["W3[1,1]", "W1[3,1]", "q", "a2"])
def test_a_quantity_that_is_not_there_is_told_with_those_that_are(text: str) -> None:
    with pytest.raises(Unreadable, match=r"no quantity .*\n.*\n.*\nIt has: "):
        network("two_layer").quantity(text)
    with pytest.raises(Unknown, match="It has: "):
        network("two_layer").quantity(Symbol("q"))


@pytest.mark.parametrize("wrt", ["y", "L"])
def test_a_gradient_that_is_none_is_refused(wrt: str) -> None:
    """By the loss itself; and by what the quantity that is asked for does not see."""
    what = "z2" if wrt == "y" else "L"

    with pytest.raises(Mistake, match=f"does not depend on {wrt}"):
        network("two_layer").derive(what, wrt=wrt)


def test_a_quantity_in_the_middle_is_derived_too() -> None:
    """∂z⁽²⁾/∂W⁽¹⁾₁₁ = W⁽²⁾₁ · ReLU′(z⁽¹⁾₁) · x₁, which the loss does not enter."""
    derived = network("two_layer").derive("z2", wrt="W1[1,1]").checked()

    assert str(derived.result) == "W2[1]*relu'(z1[1])*x_1"
    with pytest.raises(Mistake, match="is given and not computed"):
        network("two_layer").derive("x_1", wrt="W1[1,1]")


def test_a_shared_weight_keeps_local_and_total_rates_apart() -> None:
    """∂z2/∂w would be the total rate, through h_1 too; what is meant is h_1, and stands there."""
    line = flow("recurrent", "w")
    chained = next(s for s in line.steps if s.rule is laws.chain_along_every_path)

    assert str(chained.after).count("partial(L, ") == 3
    assert "partial(z{2}, w)" not in str(chained.after)
    assert "partial(z{3}, w)" not in str(chained.after)
    assert len(chained.lemmas) == 2


def test_a_weight_in_the_loss_itself_is_added() -> None:
    """Weight decay: w stands in the loss and before it."""
    net = read_network('[statements]\nz = "w*x"\nL = "(z - y)^2 + c*w^2"')

    assert str(net.derive(wrt="w").checked().result) == "2*(z - y)*x + 2*c*w"


# --- work grows with the number of statements ---------------------------------------------------


def operations(exprs: Iterable[Expr]) -> int:
    """How many different nodes stand in formulas, names and numbers left out."""
    found = {node for expr in exprs for node in nodes(expr)}
    return sum(not isinstance(node, (Symbol, Number)) for node in found)


GROWING: dict[str, tuple[Callable[[int], Network], tuple[int, ...]]] = {
    "depth": (chain, (2, 5, 10, 20, 100)),
    "depth, sigmoid and BCE": (lambda n: chain(n, "sigmoid", "bce"), (2, 5, 10, 20, 100)),
    "depth, ReLU": (lambda n: chain(n, "relu"), (2, 5, 10, 20, 100)),
    "width": (wide, (2, 10, 50)),
    "outputs": (lambda n: wide(2, n), (2, 10, 50)),
}
SIZED = [(kind, size) for kind, (_, sizes) in GROWING.items() for size in sizes]


@pytest.mark.parametrize(("kind", "size"), SIZED)
def test_the_backward_pass_has_at_most_four_nodes_for_each_forward(kind: str, size: int) -> None:
    net = GROWING[kind][0](size)
    backward = Backward(net)
    there = operations(net.statements.values())
    back = operations(gradient.value for gradient in backward.gradients.values())

    assert set(backward.gradients) == {*net.statements, *net.parameters, *net.inputs} - {net.loss}
    assert backward.nodes() == (there, back)
    assert back <= 4 * there


@pytest.mark.parametrize("kind", GROWING)
def test_the_backward_pass_grows_no_faster_than_the_network(kind: str) -> None:
    build, sizes = GROWING[kind]
    counts = [operations(g.value for g in Backward(build(k)).gradients.values()) for k in sizes]
    grown = zip(pairwise(counts), pairwise(sizes), strict=True)
    slopes = [math.log(b / a) / math.log(n / m) for (a, b), (m, n) in grown]

    assert max(slopes) < 1.1


def test_the_work_of_deriving_grows_with_the_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in nodes that are made, for a chain of 20 layers and one of 80."""
    made = []
    for depth in (20, 80):
        before = len(made_while(lambda depth=depth: Backward(chain(depth)).gradients, monkeypatch))
        made.append(before)

    assert math.log(made[1] / made[0]) / math.log(4) < 1.1


def made_while(call: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each node that is asked for."""
    import symderiv.language.expressions as module

    asked: list[int] = []
    intern = module.intern

    def counted(cls: type[Expr], *rest: object) -> object:
        asked.append(1)
        return intern(cls, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(module, "intern", counted)
        call()
    return asked


@pytest.mark.parametrize(("depth", "units"), [(10, 3), (50, 1), (50, 3)])
def test_a_gradient_of_many_layers_is_a_short_derivation(depth: int, units: int) -> None:
    """One statement back, the rest by name: a page does not grow with the number of paths."""
    dense = [Dense(units, F["tanh"])] * (depth - 1) + [Dense(1, F["sigmoid"])]
    net = network_of_layers(2, dense, F["bce"])
    line = net.derive(wrt=net.layers[0].weights[-1][0])
    if depth * units < 100:  # beyond, a check takes seconds
        line.checked()
    delta = Backward(net).delta(net.layers[0].before[-1])

    assert line.paths == ()
    assert len(line.steps) <= 4
    assert line.result is delta * net.inputs[0]


def test_paths_are_written_out_only_where_they_are_few_and_short() -> None:
    net = wide(5)
    w, b = net.layers[0].weights[0][0], net.layers[-1].bias[0]

    assert len(few_paths(net, w)) == 1
    assert len(few_paths(net, net.inputs[0])) == 0
    assert few_paths(chain(30), Symbol("W", layer="1")) == ()
    assert few_paths(net, b)[0][0] is net.loss


# --- statements ---------------------------------------------------------------------------------


def test_statements_may_stand_in_any_order() -> None:
    net = read_network('loss = "L"\n[statements]\nL = "a^2"\na = "tanh(z)"\nz = "w*x"')

    assert [str(s) for s in net.statements] == ["z", "a", "L"]


def test_what_the_loss_does_not_need_is_left_alone() -> None:
    net = read_network(
        'loss = "L"\n[statements]\nz = "w*x"\nq = "z*r"\nL = "z^2"\n[values]\nw = 1\nx = 2'
    )

    assert {str(s) for s in Backward(net).gradients} == {"z", "w", "x"}
    assert Values(net).forward[net.loss] == Fraction(4)


def test_a_minus_and_a_one_leave_no_trace() -> None:
    net = read_network('[statements]\nz = "w*x - b"\nh = "z + r"\nL = "h - y"')
    values = {str(s): g.value for s, g in Backward(net).gradients.items()}

    assert values["z"] is Number("1")
    assert values["b"] is Negative(Number("1"))
    assert str(values["w"]) == "x"
    assert not any(isinstance(v, Product) for v in values.values())
