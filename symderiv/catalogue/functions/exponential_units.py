"""Activations that bend like an exponential below zero, and those that are made of logarithms.

At 0 some of them have a kink and some a slope after all: the derivation tells which.
"""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.activations import sigmoid
from symderiv.catalogue.functions.elementary import log
from symderiv.language.build import cases, exp, symbols

alpha, lamda = symbols("alpha lambda")

elu: Function = Function(
    name="elu",
    latex=r"\mathrm{ELU}",
    also_called=("ELU",),
    title="the exponential linear unit",
    value=lambda z: cases((z, z > 0), (alpha * (exp(z) - 1), z <= 0)),
    slope=lambda z: cases((1, z > 0), (alpha * exp(z), z < 0)),
    where={"alpha": ">0"},
    reach=lambda w: w > -alpha,
    defaults={"alpha": "1"},
    at_kink={"torch": alpha, "jax": alpha},
    note="With α = 1, which is the usual choice, there is no kink: the slope at 0 is 1.",
    source="Clevert, Unterthiner, Hochreiter, Exponential linear units (2016), equation 15",
)

selu: Function = Function(
    name="selu",
    latex=r"\mathrm{SELU}",
    also_called=("SELU",),
    title="the scaled exponential linear unit",
    value=lambda z: cases((lamda * z, z > 0), (lamda * alpha * (exp(z) - 1), z <= 0)),
    slope=lambda z: cases((lamda, z > 0), (lamda * alpha * exp(z), z < 0)),
    where={
        "alpha": "{1.6732632423543772848170429916717}",
        "lambda": "{1.0507009873554804934193349852946}",
    },
    reach=lambda w: w > -(lamda * alpha),
    at_kink={"torch": lamda * alpha, "jax": lamda * alpha},
    note="Its two constants, α = 1.6733 and λ = 1.0507 in short, keep mean 0 and variance 1 from "
    "layer to layer.",
    source="Klambauer, Unterthiner, Mayr, Hochreiter, Self-normalizing neural networks (2017)",
)

celu: Function = Function(
    name="celu",
    latex=r"\mathrm{CELU}",
    also_called=("CELU",),
    title="the continuously differentiable exponential linear unit",
    value=lambda z: cases((z, z > 0), (alpha * (exp(z / alpha) - 1), z <= 0)),
    slope=lambda z: cases((1, z > 0), (exp(z / alpha), z <= 0)),
    where={"alpha": ">0"},
    reach=lambda w: w > -alpha,
    defaults={"alpha": "1"},
    note="Divided by α inside, its exponential meets the line with slope 1 for every α.",
    source="Barron, Continuously differentiable exponential linear units (2017)",
)

softplus: Function = Function(
    name="softplus",
    latex=r"\mathrm{softplus}",
    also_called=("Softplus", "SoftPlus"),
    title="the softplus",
    value=lambda z: log(1 + exp(z)),
    slope=lambda z: sigmoid(z),
    range=">0",
    note="A smooth ReLU whose slope is the sigmoid.",
    source="Dugas and others, Incorporating second-order functional knowledge (2001)",
)

logsigmoid: Function = Function(
    name="logsigmoid",
    latex=r"\mathrm{logsigmoid}",
    also_called=("LogSigmoid", "log_sigmoid", "logsig"),
    title="the logarithm of the sigmoid",
    value=lambda z: log(sigmoid(z)),
    slope=lambda z: 1 - sigmoid(z),
    reach="<0",
    note="The log-probability of a yes; its slope is the probability of a no.",
    source="PyTorch, torch.nn.LogSigmoid",
)
