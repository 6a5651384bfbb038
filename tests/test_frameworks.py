"""Every slope of the deep-learning catalogue against PyTorch and JAX: an optional referee.

The extras `torch` and `jax` bring the frameworks; without them these tests are skipped.
Derivatives are taken by their automatic differentiation in float64, at points on both
sides of each kink and on it.  Two referees are kept, since each has slips of its own:
PyTorch's hardsigmoid and CELU hold constants that were rounded to 32 bits.
"""

# ruff: noqa: ARG005 (every counterpart takes the parameters, most have none)

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import pytest

import symderiv as sd
from symderiv.judging.balls import Evaluator
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.language.build import symbol
from symderiv.language.expressions import Expr, Number, Symbol
from symderiv.language.walks import substitute

Tensor: TypeAlias = Any
Point: TypeAlias = Mapping[Symbol, Fraction]

LINE = [Fraction(n, 8) for n in (-60, -26, -24, -12, -8, -4, -1, 0, 1, 4, 8, 12, 24, 26, 48, 60)]
SHARES = [Fraction(n, 8) for n in (1, 3, 4, 7)]
LABELS = [Fraction(-1), Fraction(1)]
PARAMETERS = {  # dyadic, so that a float holds them exactly, and the borders are met
    "alpha": "1/4", "lambda": "1/2", "theta": "1/2", "v": "-3/8", "delta": "1/2", "beta": "1/2",
    "tau": "1/4", "gamma": "2",
}  # fmt: skip
FIXED = {
    "selu": {
        "alpha": "1.6732632423543772848170429916717",
        "lambda": "1.0507009873554804934193349852946",
    },
    "gelu_tanh": {"c": "0.044715"},
}
ROUNDED = {"torch": {"hardsigmoid", "celu"}, "jax": set[str]()}


@dataclass(frozen=True, eq=False)
class At(Setting):
    """A setting at one chosen point."""

    chosen: Point = field(default_factory=dict)

    def coordinate(self, symbol: Symbol, number: int) -> Fraction:  # noqa: ARG002
        if symbol not in self.chosen and symbol.at(Number("1")) in self.chosen:
            return Fraction(1)  # the name of a vector, as in norm(a): its entries count
        return self.chosen[symbol]


def ours(slope: Expr, point: Point) -> float:
    """Our slope at a point, by balls of 128 bits."""
    with precision(128):
        return float(Evaluator(At(sd.functions, chosen=point), 0).value(slope).mid())


@cache
def slope_of(name: str, framework: str) -> Expr:
    """What symderiv says that the framework returns: its convention where there is none."""
    function = sd.functions[name]
    if function.definition is None:  # taken as known: its slope is a rule
        return sd.derive(function.applied, function.variable, kinks=framework).result
    return sd.derive(function, kinks=framework).result


def parameters(name: str) -> dict[Symbol, Fraction]:
    chosen = {**PARAMETERS, **FIXED.get(name, {})}
    return {s: Fraction(chosen[s.name]) for s in sd.functions[name].parameters}


def points(name: str) -> Iterator[dict[Symbol, Fraction]]:
    """Values for the arguments, the parameters beside them."""
    choices = {"p": SHARES, "s": LINE, "v": [Fraction(1, 2), Fraction(3)]}
    labels = {"bce": SHARES, "bce_logits": SHARES, "bce_logits_stable": SHARES}
    if name == "bce":
        choices["yhat"] = SHARES
    if name in ("hinge", "squared_hinge", "soft_margin"):
        choices["y"] = LABELS
    else:
        choices["y"] = labels.get(name, [Fraction(-1, 2), Fraction(0), Fraction(1)])
    if name == "poisson_nll":
        choices["y"] = [Fraction(0), Fraction(3)]
    arguments = sd.functions[name].arguments
    lists = [choices.get(str(argument), LINE) for argument in arguments]
    for values in product(*lists):
        yield {**dict(zip(arguments, values, strict=True)), **parameters(name)}


# --- PyTorch --------------------------------------------------------------------------------


@cache
def in_torch() -> dict[str, Callable[..., Tensor]]:
    """The functions under PyTorch's names; `p` are the parameters by name."""
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    f = torch.nn.functional
    one = {
        "identity": torch.nn.Identity(), "sigmoid": torch.sigmoid, "tanh": torch.tanh,
        "relu": f.relu, "relu6": f.relu6, "hardtanh": f.hardtanh, "hardsigmoid": f.hardsigmoid,
        "hardswish": f.hardswish, "selu": f.selu, "softplus": f.softplus, "silu": f.silu,
        "logsigmoid": f.logsigmoid, "mish": f.mish, "tanhshrink": f.tanhshrink,
        "softsign": f.softsign, "normal_cdf": torch.special.ndtr, "gelu": f.gelu,
    }  # fmt: skip
    taken = {name: (lambda z, p, g=g: g(z)) for name, g in one.items()}
    return taken | {
        "gelu_tanh": lambda z, p: f.gelu(z, approximate="tanh"),
        "leaky_relu": lambda z, p: f.leaky_relu(z, p["alpha"]),
        "prelu": lambda z, p: f.prelu(z.reshape(1), torch.tensor([p["alpha"]]).double()).sum(),
        "elu": lambda z, p: f.elu(z, p["alpha"]),
        "celu": lambda z, p: f.celu(z, p["alpha"]),
        "hardshrink": lambda z, p: f.hardshrink(z, p["lambda"]),
        "softshrink": lambda z, p: f.softshrink(z, p["lambda"]),
        "threshold": lambda z, p: f.threshold(z, p["theta"], p["v"]),
        "mae": lambda a, y, p: f.l1_loss(a, y),
        "mse": lambda a, y, p: f.mse_loss(a, y),
        "huber": lambda a, y, p: f.huber_loss(a, y, delta=p["delta"]),
        "smooth_l1": lambda a, y, p: f.smooth_l1_loss(a, y, beta=p["beta"]),
        "bce": lambda a, y, p: f.binary_cross_entropy(a, y),
        "bce_logits": lambda z, y, p: f.binary_cross_entropy_with_logits(z, y),
        "bce_logits_stable": lambda z, y, p: f.binary_cross_entropy_with_logits(z, y),
        "poisson_nll": lambda z, y, p: f.poisson_nll_loss(z, y),
        "gaussian_nll": lambda m, y, v, p: f.gaussian_nll_loss(m, y, v),
        "soft_margin": lambda s, y, p: f.soft_margin_loss(s, y),
        "nll": lambda q, p: f.nll_loss(torch.log(torch.stack([q, 1 - q])), torch.tensor(0)),
        "erf": lambda z, p: torch.erf(z),
        # no layer of PyTorch: its automatic differentiation of the formula in the paper
        "squared_hinge": lambda s, y, p: torch.clamp(1 - y * s, min=0) ** 2,
        "focal": lambda q, p: -p["alpha"] * (1 - q) ** p["gamma"] * torch.log(q),
    }


TORCH_ONE_BY_ONE = [
    "identity", "sigmoid", "tanh", "relu", "relu6", "hardtanh", "hardsigmoid", "hardswish",
    "selu", "softplus", "silu", "logsigmoid", "mish", "tanhshrink", "softsign", "normal_cdf",
    "gelu", "gelu_tanh", "leaky_relu", "prelu", "elu", "celu", "hardshrink", "softshrink",
    "threshold", "mae", "huber", "smooth_l1", "bce", "bce_logits", "bce_logits_stable",
    "poisson_nll", "gaussian_nll", "soft_margin", "nll", "erf", "squared_hinge", "focal",
]  # fmt: skip


@pytest.mark.parametrize("name", TORCH_ONE_BY_ONE)
def test_a_slope_is_what_pytorch_returns(name: str) -> None:
    """On both sides of each kink, and on it: there it is the convention that we name."""
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    g, function = in_torch()[name], sd.functions[name]
    near = 2e-7 if name in ROUNDED["torch"] else 1e-12

    for point in points(name):
        values = [
            torch.tensor(float(point[a]), dtype=torch.float64, requires_grad=a is function.variable)
            for a in function.arguments
        ]
        given = {s.name: float(point[s]) for s in function.parameters}
        g(*values, given).backward()
        said = values[function.arguments.index(function.variable)].grad.item()
        mine = ours(slope_of(name, "torch"), point)
        assert abs(said - mine) <= near * (1 + abs(mine)), (name, point)


KINKED = {  # no layer, and no convention to ask for: beside the kink alone
    "hinge": lambda torch, s, y, p: torch.clamp(1 - y * s, min=0),
    "quantile": lambda torch, a, y, p: torch.where(
        a < y, p["tau"] * (y - a), (1 - p["tau"]) * (a - y)
    ),
    "mae": lambda torch, a, y, p: torch.abs(a - y),
}


@pytest.mark.parametrize("name", KINKED)
def test_a_slope_beside_its_kink_is_what_pytorch_returns(name: str) -> None:
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    function, compared = sd.functions[name], 0

    for point in points(name):
        moving, y = (point[a] for a in function.arguments)
        if y * moving == 1 if name == "hinge" else moving == y:
            continue
        s = torch.tensor(float(moving), dtype=torch.float64, requires_grad=True)
        given = {symbol.name: float(point[symbol]) for symbol in function.parameters}
        KINKED[name](torch, s, float(y), given).backward()
        mine = ours(slope_of(name, "undefined"), point)
        assert abs(s.grad.item() - mine) <= 1e-12 * (1 + abs(mine)), (name, point)
        compared += 1

    assert compared > 10


DEFAULTS = [
    ("leaky_relu", "LeakyReLU", "negative_slope", "alpha"),
    ("prelu", "PReLU", "init", "alpha"),
    ("elu", "ELU", "alpha", "alpha"),
    ("celu", "CELU", "alpha", "alpha"),
    ("hardshrink", "Hardshrink", "lambd", "lambda"),
    ("softshrink", "Softshrink", "lambd", "lambda"),
    ("huber", "HuberLoss", "delta", "delta"),
    ("smooth_l1", "SmoothL1Loss", "beta", "beta"),
]


@pytest.mark.parametrize(("name", "layer", "keyword", "parameter"), DEFAULTS)
def test_a_default_is_the_one_of_pytorch(
    name: str, layer: str, keyword: str, parameter: str
) -> None:
    """The glossary says what a parameter is where nobody says anything."""
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    default = inspect.signature(getattr(torch.nn, layer)).parameters[keyword].default

    assert float(sd.functions[name].defaults[parameter]) == default


ROWS = {"z": ["1/2", "-5/4", "2"], "y": ["1/8", "5/8", "1/4"], "p": ["1/8", "5/8", "1/4"]}
ROWS |= {"q": ["1/2", "1/4", "1/8"], "a": ["1/2", "-5/4", "2"], "b": ["3", "1/4", "-1"]}
TORCH_VECTORS = [
    "softmax", "log_softmax", "logsumexp", "softmax_cross_entropy", "kl", "norm", "cosine",
    "cosine_loss",
]  # fmt: skip


@cache
def vectors_in_torch() -> dict[str, Callable[..., Tensor]]:
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    f = torch.nn.functional
    return {
        "softmax": lambda z, i: torch.softmax(z, 0)[i],
        "log_softmax": lambda z, i: torch.log_softmax(z, 0)[i],
        "logsumexp": lambda z: torch.logsumexp(z, 0),
        "softmax_cross_entropy": f.cross_entropy,
        "kl": lambda q, p: f.kl_div(torch.log(q), p, reduction="sum"),
        "norm": torch.linalg.vector_norm,
        "cosine": lambda a, b: f.cosine_similarity(a, b, dim=0),
        "cosine_loss": lambda a, b: f.cosine_embedding_loss(a[None], b[None], torch.tensor([1])),
    }


@pytest.mark.parametrize("name", TORCH_VECTORS)
def test_a_slope_by_an_entry_is_what_pytorch_returns(name: str) -> None:
    """The whole Jacobian of softmax: its Kronecker delta is met as 1 and as 0."""
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    function, g = sd.functions[name], vectors_in_torch()[name]
    rows = [[Fraction(t) for t in ROWS[str(v)]] for v in function.vectors]
    stem = Symbol(function.variable.name)

    for below in product(range(3), repeat=function.below):
        tensors = [torch.tensor([float(x) for x in row], dtype=torch.float64) for row in rows]
        moving = tensors[function.vectors.index(stem)].requires_grad_()
        g(*tensors, *below).backward()
        for k in range(3):
            mine = ours(numbered(function.claim, name, (*below, k)), entries(name, rows))
            assert abs(moving.grad[k].item() - mine) <= 1e-7 * (1 + abs(mine))


def numbered(claim: Expr, name: str, at: tuple[int, ...]) -> Expr:
    """A slope with numbers for its free indices."""
    function = sd.functions[name]
    free = (*function.arguments[len(function.vectors) :], *function.variable.indices)
    numbers = {index: Number(str(k + 1)) for index, k in zip(free, at, strict=True)}
    return substitute(claim, dict(numbers))


def entries(name: str, rows: list[list[Fraction]]) -> dict[Symbol, Fraction]:
    vectors = sd.functions[name].vectors
    found = {symbol("n"): Fraction(len(rows[0]))}
    for vector, row in zip(vectors, rows, strict=True):
        found |= {vector.at(k): value for k, value in enumerate(row, 1)}
    return found


# --- JAX ------------------------------------------------------------------------------------


@cache
def in_jax() -> dict[str, Callable[..., Tensor]]:
    """The functions under JAX's names."""
    jax = pytest.importorskip("jax", reason="the extra `jax` is not installed")
    jax.config.update("jax_enable_x64", True)
    n = jax.nn
    one = {
        "identity": n.identity, "sigmoid": n.sigmoid, "tanh": jax.numpy.tanh, "relu": n.relu,
        "relu6": n.relu6, "hardtanh": n.hard_tanh, "hardsigmoid": n.hard_sigmoid,
        "hardswish": n.hard_swish, "selu": n.selu, "softplus": n.softplus, "silu": n.silu,
        "logsigmoid": n.log_sigmoid, "mish": n.mish, "softsign": n.soft_sign,
        "normal_cdf": jax.scipy.stats.norm.cdf,
    }  # fmt: skip
    taken = {name: (lambda z, p, g=g: g(z)) for name, g in one.items()}
    return taken | {
        "gelu": lambda z, p: n.gelu(z, approximate=False),
        "gelu_tanh": lambda z, p: n.gelu(z, approximate=True),
        "leaky_relu": lambda z, p: n.leaky_relu(z, p["alpha"]),
        "elu": lambda z, p: n.elu(z, p["alpha"]),
        "celu": lambda z, p: n.celu(z, p["alpha"]),
    }


JAX_ONE_BY_ONE = [
    "identity", "sigmoid", "tanh", "relu", "relu6", "hardtanh", "hardsigmoid", "hardswish",
    "selu", "softplus", "silu", "logsigmoid", "mish", "softsign", "normal_cdf",
    "gelu", "gelu_tanh", "leaky_relu", "elu", "celu",
]  # fmt: skip


@pytest.mark.parametrize("name", JAX_ONE_BY_ONE)
def test_a_slope_is_what_jax_returns(name: str) -> None:
    """The second referee, with conventions of its own: leaky ReLU's slope at 0 is 1 here."""
    g, function = in_jax()[name], sd.functions[name]
    jax = pytest.importorskip("jax", reason="the extra `jax` is not installed")
    slope = jax.grad(g)

    for point in points(name):
        (z,) = (float(point[a]) for a in function.arguments)
        said = float(slope(z, {s.name: float(point[s]) for s in function.parameters}))
        mine = ours(slope_of(name, "jax"), point)
        assert abs(said - mine) <= 1e-12 * (1 + abs(mine)), (name, point)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_a_slope_by_an_entry_is_what_jax_returns(name: str) -> None:
    jax = pytest.importorskip("jax", reason="the extra `jax` is not installed")
    jax.config.update("jax_enable_x64", True)
    function = sd.functions[name]
    g = {
        "softmax": lambda z, i: jax.nn.softmax(z)[i],
        "log_softmax": lambda z, i: jax.nn.log_softmax(z)[i],
        "logsumexp": jax.nn.logsumexp,
    }[name]
    row = [Fraction(t) for t in ROWS["z"]]

    for below in product(range(3), repeat=function.below):
        said = jax.grad(g)(jax.numpy.array([float(x) for x in row]), *below)
        for k in range(3):
            mine = ours(numbered(function.claim, name, (*below, k)), entries(name, [row]))
            assert abs(float(said[k]) - mine) <= 1e-12 * (1 + abs(mine))


def test_every_convention_that_is_named_is_tested() -> None:
    """A framework's value that nobody has asked the framework about would be hearsay."""
    named = {(framework, f.name) for f in sd.functions.values() for framework in f.at_kink}
    asked = {("torch", name) for name in TORCH_ONE_BY_ONE}
    asked |= {("jax", name) for name in JAX_ONE_BY_ONE}

    assert named <= asked
