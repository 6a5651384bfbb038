"""Gradients of networks in numbers, against referees that know no rule of ours.

The forward pass is written here a second time, from the file's own tables, over whatever
numbers it is handed: mpmath's, of which differences are taken, or those of PyTorch and JAX,
which differentiate it themselves (extras `torch` and `jax`; without them these tests are
skipped).  The third referee is our Taylor arithmetic, which takes the statements one by one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import isclose
from pathlib import Path
from typing import Any, TypeAlias

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from symderiv.catalogue.gathering import shipped
from symderiv.deriving.networks.differences import (
    CENTRAL,
    FORWARD,
    RICHARDSON,
    SCHEMES,
    Scheme,
    difference,
    measured,
    straddled,
)
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.numbers import Real, rounded
from symderiv.deriving.networks.specification import read_network
from symderiv.deriving.networks.values import Batch, Values
from symderiv.errors import Mistake
from symderiv.judging.balls import Evaluator
from symderiv.judging.points import Setting
from symderiv.judging.primitives import ball, precision
from symderiv.language.expressions import Expr, Symbol
from symderiv.language.walks import transform

ROOT = Path(__file__).parent.parent
FILES = [ROOT / "examples/two_layer.toml", *sorted((ROOT / "tests/networks").glob("*.toml"))]
SAMPLES = (ROOT / "tests/networks/samples.toml").read_text(encoding="utf-8")
FUNCTIONS = shipped().functions
Numbers: TypeAlias = Mapping[Symbol, Any]


# --- the forward pass, a second time -----------------------------------------------------------


@dataclass(frozen=True)
class Maths:
    """The functions of one library."""

    tanh: Callable[[Any], Any]
    sigmoid: Callable[[Any], Any]
    relu: Callable[[Any], Any]
    log: Callable[[Any], Any]

    def activation(self, name: str) -> Callable[[Any], Any]:
        return (lambda z: z) if name == "linear" else getattr(self, name)  # type: ignore[no-any-return]

    def loss(self, name: str, outputs: Sequence[Any], targets: Sequence[Any]) -> Any:
        pairs = list(zip(outputs, targets, strict=True))
        if name == "mse":
            return sum((p - y) ** 2 for p, y in pairs) / len(pairs)
        return sum(-y * self.log(p) - (1 - y) * self.log(1 - p) for p, y in pairs)


@dataclass(frozen=True)
class Case:
    """A network, and its tables as TOML gives them; `sample` counts from 0."""

    name: str
    text: str
    sample: int = 0

    @cached_property
    def network(self) -> Network:
        return read_network(self.text)

    @cached_property
    def table(self) -> dict[str, Any]:
        return tomllib.loads(self.text, parse_float=Fraction)

    @cached_property
    def values(self) -> Values:
        tables = self.network.samples
        return Values(self.network, tables[self.sample] if tables else None)

    @cached_property
    def start(self) -> dict[Symbol, Fraction]:
        """The number of each quantity that is given, as it stands in the file."""
        if "statements" in self.table:
            return {self.network.quantity(k): Fraction(v) for k, v in self.table["values"].items()}
        network, found = self.network, dict[Symbol, Fraction]()
        for layer, said in zip(network.layers, self.table["layer"], strict=True):
            names, numbers = (
                chain(*layer.weights, layer.bias),
                chain(*said["weights"], said["bias"]),
            )
            found |= zip(names, map(Fraction, numbers), strict=True)
        if "sample" in self.table:
            pair = [self.table["sample"][self.sample][part] for part in ("input", "target")]
        else:
            pair = [self.table[part]["values"] for part in ("input", "target")]
        found |= zip(network.inputs, map(Fraction, pair[0]), strict=True)
        return found | dict(zip(network.targets, map(Fraction, pair[1]), strict=True))

    def loss(self, numbers: Numbers, maths: Maths) -> Any:
        if "statements" in self.table:
            return BY_HAND[self.name]({str(s): v for s, v in numbers.items()}, maths)
        entering = [numbers[s] for s in self.network.inputs]
        for layer, said in zip(self.network.layers, self.table["layer"], strict=True):
            rows = zip(layer.weights, layer.bias, strict=True)
            before = [
                sum((numbers[w] * a for w, a in zip(row, entering, strict=True)), numbers[b])
                for row, b in rows
            ]
            entering = [maths.activation(said["activation"])(z) for z in before]
        targets = [numbers[s] for s in self.network.targets]
        return maths.loss(self.table["loss"], entering, targets)

    @property
    def moving(self) -> list[Symbol]:
        """Weights, biases and inputs; not the targets."""
        return [s for s in self.start if s not in self.network.targets]


def _recurrent(q: Mapping[str, Any], maths: Maths) -> Any:
    h = q["h_0"]
    for x in (q["x_1"], q["x_2"], q["x_3"]):
        h = maths.tanh(q["w"] * h + q["u"] * x + q["b"])
    return maths.loss("bce", [maths.sigmoid(q["v"] * h + q["c"])], [q["y"]])


def _residual(q: Mapping[str, Any], maths: Maths) -> Any:
    h = q["x"]
    for b in (q["b_1"], q["b_2"]):
        h = h + maths.tanh(q["w"] * h + b)
    return (h - q["y"]) ** 2 + q["c"] * q["w"] ** 2


BY_HAND: dict[str, Callable[[Mapping[str, Any], Maths], Any]] = {
    "recurrent": _recurrent,
    "residual": _residual,
}


def _pattern(count: int, shift: int) -> list[float]:
    return [((37 * (k + shift) + 11) % 41 - 20) / 16 for k in range(count)]


def layers(
    sizes: Sequence[int],
    activations: Sequence[str],
    loss: str,
    numbers: Callable[[int, int], list[float]] = _pattern,
    targets: Sequence[float] = (),
) -> str:
    """The file of a network of these sizes, from the input on; `numbers` gives so many of them."""
    rows = [f'loss = "{loss}"', "[input]", f"values = {numbers(sizes[0], 3)}"]
    rows += ["[target]", f"values = {targets or [0.25] * sizes[-1]}"]
    for k, activation in enumerate(activations):
        weights = [numbers(sizes[k], 5 * i + k + 1) for i in range(sizes[k + 1])]
        rows += ["[[layer]]", f"units = {sizes[k + 1]}", f'activation = "{activation}"']
        rows += [f"weights = {weights}", f"bias = {numbers(sizes[k + 1], k + 7)}"]
    return "\n".join(rows)


DEEP = layers([1] * 51, ["tanh", "sigmoid"] * 25, "mse")
WIDE = layers([2, 50, 1], ["tanh", "sigmoid"], "bce")
CASES = [
    *(Case(path.stem, path.read_text(encoding="utf-8")) for path in FILES),
    *(Case("samples", SAMPLES, k) for k in (1, 2)),
    Case("fifty layers", DEEP),
    Case("fifty units", WIDE),
]
SMOOTH = [case for case in CASES if case.name != "on_kink"]


def named(case: Case) -> str:
    return f"{case.name} {case.sample}" if case.sample else case.name


# --- referees -----------------------------------------------------------------------------------


def as_mpf(value: Real) -> mpf:
    if isinstance(value, Fraction):
        return mpf(value.numerator) / value.denominator
    return mpf(value.mid().str(80, radius=False))


MPMATH = Maths(mp.tanh, lambda z: 1 / (1 + mp.exp(-z)), lambda z: max(z, mpf(0)), mp.log)
STEP = mpf(10) ** -25


def by_differences(case: Case) -> Iterator[tuple[Symbol, mpf]]:
    """Central differences; with 100 digits their error is about 10⁻⁵⁰."""
    start = {s: as_mpf(v) for s, v in case.start.items()}
    for s in case.moving:
        above, below = (case.loss({**start, s: start[s] + h}, MPMATH) for h in (STEP, -STEP))
        yield s, (above - below) / (2 * STEP)


def by_taylor(network: Network, start: Mapping[Symbol, Fraction], wrt: Symbol) -> mpf:
    """The coefficient of ε in the loss where `wrt` moves by ε, one statement after the other."""
    counts = dict.fromkeys(network.counts, Fraction(len(network.targets)))
    with precision(512):
        known: dict[Any, Any] = {
            s: flint.arb_series([ball(v), 1] if s is wrt else [ball(v)], prec=2)
            for s, v in {**counts, **start}.items()
        }
        for name, body in network.statements.items():
            evaluator = Evaluator(Setting(FUNCTIONS), 0, bound=dict(known))
            evaluator.moving, evaluator.terms = Symbol("nothing"), 2
            known[name] = evaluator.value(transform(body, _with_count, {}))
        return as_mpf(known[network.loss][1])


def _with_count(node: Expr) -> Expr:
    """MSE by its definition, so that its n is seen."""
    return FUNCTIONS["mse"].unfolded(node) if node.parts and str(node)[:4] == "mse(" else node


# --- the gradients ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_numbers_of_a_file_belong_to_the_quantities_they_stand_for(case: Case) -> None:
    """W[i][j] is the weight of unit i for input j; a transposed one would go unnoticed later."""

    assert case.start.items() <= case.values.given.items()


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_loss_is_what_mpmath_computes(case: Case) -> None:
    with mp.workdps(100):
        loss = case.loss({s: as_mpf(v) for s, v in case.start.items()}, MPMATH)

        assert abs(as_mpf(case.values.forward[case.network.loss]) - loss) < mpf(10) ** -70


@pytest.mark.parametrize("case", SMOOTH, ids=named)
def test_every_gradient_agrees_with_finite_differences_of_mpmath(case: Case) -> None:
    found = case.values.gradients
    with mp.workdps(100):
        for s, slope in by_differences(case):
            assert abs(as_mpf(found[s]) - slope) < mpf(10) ** -40 * (1 + abs(slope)), str(s)


@pytest.mark.parametrize("case", SMOOTH, ids=named)
def test_every_gradient_agrees_with_taylor_arithmetic(case: Case) -> None:
    found = case.values.gradients
    with mp.workdps(80):
        for s in case.moving[::3] if len(case.moving) > 100 else case.moving:
            slope = by_taylor(case.network, case.start, s)
            assert abs(as_mpf(found[s]) - slope) <= mpf(10) ** -60 * abs(slope), str(s)


def close(case: Case, theirs: Mapping[Symbol, float]) -> list[str]:
    """The gradients in which a framework in float64 differs from ours."""
    ours = case.values.gradients
    return [
        f"{s}: {float(ours[s])} and {slope}"
        for s, slope in theirs.items()
        if not isclose(float(ours[s]), slope, rel_tol=1e-9, abs_tol=1e-14)
    ]


@pytest.mark.parametrize("case", CASES, ids=named)
@pytest.mark.filterwarnings("ignore")
def test_every_gradient_agrees_with_pytorch(case: Case) -> None:
    """On the kink too: PyTorch gives ReLU the slope 0 there."""
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    maths = Maths(torch.tanh, torch.sigmoid, torch.relu, torch.log)
    start = {
        s: torch.tensor(float(v), dtype=torch.float64, requires_grad=True)
        for s, v in case.start.items()
    }
    case.loss(start, maths).backward()

    assert close(case, {s: start[s].grad.item() for s in case.moving}) == []


@pytest.mark.parametrize("case", CASES, ids=named)
@pytest.mark.filterwarnings("ignore")
def test_every_gradient_agrees_with_jax(case: Case) -> None:
    """On the kink too: JAX gives ReLU the slope 0 there."""
    jax = pytest.importorskip("jax", reason="the extra `jax` is not installed")
    jax.config.update("jax_enable_x64", True)
    maths = Maths(jax.numpy.tanh, jax.nn.sigmoid, jax.nn.relu, jax.numpy.log)
    order = list(case.start)
    start = [float(case.start[s]) for s in order]
    slopes = jax.grad(lambda numbers: case.loss(dict(zip(order, numbers, strict=True)), maths))(
        start
    )
    theirs = {s: float(d) for s, d in zip(order, slopes, strict=True) if s in case.moving}

    assert close(case, theirs) == []


@pytest.mark.parametrize(("reduction", "share"), [("mean", 3), ("sum", 1)])
def test_several_samples_are_reduced_to_one_loss(reduction: str, share: int) -> None:
    """The loss of several samples is their mean, or their sum, and so is its gradient."""
    parts = [case for case in CASES if case.name == "samples"]
    batch = Batch(replace(parts[0].network, reduction=reduction))
    with mp.workdps(100):
        slopes = [dict(by_differences(case)) for case in parts]
        for s in batch.network.parameters:
            expected = mp.fsum(d[s] for d in slopes) / share
            assert abs(as_mpf(batch.gradient(s)) - expected) < mpf(10) ** -40

    assert len(parts) == 3


# --- kinks --------------------------------------------------------------------------------------

KINK = next(case for case in CASES if case.name == "on_kink")


def test_a_value_exactly_on_a_kink_is_told() -> None:
    """The numbers are exact: 3·0.1 − 0.3 is 0, which in floating point it is not."""
    text = (
        '[statements]\nz = "w*x - b"\na = "relu(z)"\nL = "a^2"\n[values]\nw = 3\nx = 0.1\nb = 0.3'
    )
    values = Values(read_network(text))

    assert 3 * 0.1 - 0.3 != 0
    assert values.on_kinks == (values.network.quantity("a"),)
    assert KINK.values.on_kinks == (KINK.network.quantity("a1[2]"),)


def test_on_the_kink_the_slope_is_the_frameworks_zero() -> None:
    """What stands before the unit on the kink gets an exact 0, what stands behind it does not."""
    at = {name: KINK.values.gradients[KINK.network.quantity(name)] for name in (
        "z1[2]", "W1[2,1]", "W1[2,2]", "b1[2]", "a1[2]", "W1[3,1]", "W1[1,1]")}  # fmt: skip
    exact = 2 * (Fraction("0.2") + Fraction("0.8") * Fraction("0.4") - Fraction("0.4"))

    assert [at[n] for n in ("z1[2]", "W1[2,1]", "W1[2,2]", "b1[2]", "W1[3,1]")] == [Fraction(0)] * 5
    assert at["a1[2]"] == exact * Fraction("-0.9")
    assert at["W1[1,1]"] == exact * Fraction("0.8") * Fraction("0.5")


@pytest.mark.parametrize(
    ("statement", "point"),
    [("abs(z)", "0"), ("relu(z)*3 + z", "0"), ("max(z, 2)", "2"), ("relu(z - 1)", "1")],
)
def test_a_kink_inside_a_statement_is_told(statement: str, point: str) -> None:
    """Not only where a statement is nothing but ReLU of a quantity."""
    text = f'[statements]\nz = "w*x"\na = "{statement}"\nL = "a^2"\n[values]\nw = 1\nx = {point}'
    beside = text.replace(f"x = {point}", "x = 0.7")

    assert [str(s) for s in Values(read_network(text)).on_kinks] == ["a"]
    assert Values(read_network(beside)).on_kinks == ()


# --- finite differences -------------------------------------------------------------------------

ORDERS = [(case, s) for case in SMOOTH[:6] for s in case.moving[:4]]


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_the_error_of_a_difference_shrinks_with_its_order(scheme: Scheme) -> None:
    """Exercise 4 of the post: O(ε) for the one-sided difference, O(ε²) for the central one."""
    expected = {"forward": 1, "central": 2, "Richardson": 4}[scheme.name]
    orders = [measured(case.values, s, scheme, Fraction(1, 10**4)).order for case, s in ORDERS]
    seen = [order for order in orders if order is not None]

    assert len(seen) > len(ORDERS) / 2
    assert scheme.order == expected
    assert all(abs(order - expected) < expected / 100 for order in seen), seen


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_a_difference_costs_the_forward_passes_that_are_counted(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The post: two for each parameter, two million for a million parameters."""
    case, passes, run = CASES[0], list[int](), Values.run
    values = Values(case.network)

    def counted(self: Values, moved: Mapping[Symbol, Real]) -> dict[Symbol, Real]:
        passes.append(1)
        return run(self, moved)

    monkeypatch.setattr(Values, "run", counted)
    if scheme is not FORWARD:
        assert values.forward  # a central difference does not use it
        passes.clear()
    for s in case.network.parameters:
        difference(values, s, scheme, Fraction(1, 100))

    assert len(passes) == scheme.cost(len(case.network.parameters))
    assert CENTRAL.cost(10**6) == 2 * 10**6
    assert (FORWARD.cost(10**6), RICHARDSON.cost(1)) == (10**6 + 1, 4)


def test_the_finite_difference_of_the_post_is_the_slope() -> None:
    """Its program moves z by ε·x; that is w by ε.  figures.md: 0.120130, not 0.120002."""
    text = '[statements]\nz = "w*x + b"\ny = "sigmoid(z)"\n[values]\nw = 0.6\nx = 0.5\nb = 0.1'
    values = Values(read_network(text))
    found = measured(values, values.network.quantity("w"), CENTRAL, Fraction(1, 10**5))

    assert f"{float(found.value):.6f}" == "0.120130"
    assert 0 < abs(float(found.error)) < 1e-11


def test_a_difference_across_a_kink_is_told() -> None:
    """At w = 0.001 a step of 0.01 passes ReLU's kink: half of the slope is lost."""
    text = '[statements]\nz = "w*x"\na = "relu(z)"\nL = "3*a"\n[values]\nw = 0.001\nx = 2'
    values = Values(read_network(text))
    w, a = values.network.quantity("w"), values.network.quantity("a")

    assert list(straddled(values, w, Fraction(1, 100))) == [a]
    assert list(straddled(values, w, Fraction(1, 10**4))) == []
    assert difference(values, w, CENTRAL, Fraction(1, 10**4)) == 6 == values.gradients[w]
    assert difference(values, w, CENTRAL, Fraction(1, 100)) == Fraction(33, 10)


def test_a_quantity_without_a_number_is_named() -> None:
    text = '[statements]\nz = "w*x + b"\nL = "z^2"\n[values]\nw = 1\nx = 2'

    with pytest.raises(Mistake, match=r"no numbers for b"):
        Values(read_network(text))


# --- random networks ----------------------------------------------------------------------------


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The file of a network of one to four layers of one to three units."""
    loss = draw(st.sampled_from(["mse", "bce"]))
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    count = len(sizes) - 1
    named = st.sampled_from(["sigmoid", "tanh", "relu", "sin", "linear"])
    activations = [draw(named) for _ in range(count - 1)]
    activations.append("sigmoid" if loss == "bce" else draw(named))
    number = st.integers(-24, 24).map(lambda k: k / 16)
    targets = [draw(st.integers(0, 16)) / 16 for _ in range(sizes[-1])]
    drawn: Callable[[int, int], list[float]] = lambda count, _: [draw(number) for _ in range(count)]  # noqa: E731
    return layers(sizes, activations, loss, drawn, targets)


@settings(max_examples=60)
@given(texts())
def test_gradients_of_random_networks_agree_with_taylor_arithmetic(text: str) -> None:
    case = Case("random", text)
    for s in case.moving if not case.values.on_kinks else ():
        with mp.workdps(80):
            slope = by_taylor(case.network, case.start, s)
            assert abs(as_mpf(case.values.gradients[s]) - slope) <= mpf(10) ** -60 * abs(slope)


# --- what is shown -------------------------------------------------------------------------------


def as_ball(text: str) -> Real:
    """A ball of hundreds of bits around this number, which does not decide a tie."""
    with precision(512):
        return ball(Fraction(text)) + ball(Fraction(1, 3)) - ball(Fraction(1, 3))


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("0.5364349", 6, "0.536435"),
        ("0.5364349", 3, "0.536"),
        ("-0.0214574", 7, "-0.0214574"),
        ("0.25", 1, "0.3"),
        ("-0.25", 1, "-0.3"),
        ("0.5", 1, "0.5"),
        ("0.5", 3, "0.500"),
        ("1", 0, "1"),
        ("2.5", 0, "3"),
        ("0.4", 0, "4*10^(-1)"),
        ("0.000123456", 3, "1.23*10^(-4)"),
        ("0.00099996", 3, "1.00*10^(-3)"),
        ("123456789012345678", 2, "1.2*10^17"),
        ("0", 3, "0"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero(value: str, digits: int, text: str) -> None:
    """Balls never decide a tie, and a tie is common: σ(0) is one half."""

    assert str(rounded(as_ball(value), digits)) == text


@pytest.mark.parametrize(("value", "text"), [("0.5", "0.5"), ("1", "1"), ("2/3", "0.667")])
def test_an_exact_number_is_shown_without_idle_zeros(value: str, text: str) -> None:

    assert str(rounded(Fraction(value), 3)) == text


def test_digits_that_are_not_certain_are_not_shown() -> None:
    wide = as_ball("2.5") + as_ball("1e-9") * flint.arb(0, 1)

    with pytest.raises(Mistake, match="not certain"):
        rounded(wide, 0)
    assert str(rounded(wide, 3)) == "2.500"


def test_forty_digits_of_a_negative_number_are_shown() -> None:
    with mp.workdps(60):
        third = -mp.sqrt(2) / 3
        shown = rounded(as_ball(mp.nstr(third, 55)), 40)

        assert str(shown) == mp.nstr(third, 40)
