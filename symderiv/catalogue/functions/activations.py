"""Activation functions of neural networks: value, claimed slope, remark."""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.elementary import maximum
from symderiv.language.build import cases, exp
from symderiv.language.expressions import as_expr

sigmoid: Function = Function(
    name="sigmoid",
    latex=r"\sigma",
    also_called=("sigma", "σ", "logistic", "expit", "Sigmoid"),
    title="the sigmoid",
    value=lambda z: 1 / (1 + exp(-z)),
    slope=lambda z: sigmoid(z) * (1 - sigmoid(z)),
    range="(0,1)",
    steepest=as_expr(1) / 4,
    note="At most 1/4, at z = 0: why deep stacks of sigmoids stop learning.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.10",
)

tanh: Function = Function(
    name="tanh",
    latex=r"\tanh",
    also_called=("Tanh",),
    title="the hyperbolic tangent",
    value=lambda z: (exp(z) - exp(-z)) / (exp(z) + exp(-z)),
    slope=lambda z: 1 - tanh(z) ** 2,
    range="(-1,1)",
    steepest=1,
    note="At most 1, at z = 0; it saturates towards both sides.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.2",
)

relu: Function = Function(
    name="relu",
    latex=r"\mathrm{ReLU}",
    also_called=("ReLU", "Relu"),
    title="the rectified linear unit",
    value=lambda z: maximum(0, z),
    slope=lambda z: cases((1, z > 0), (0, z < 0)),
    reach=">=0",
    at_kink={"torch": 0, "jax": 0},
    steepest=1,
    note="Its slope is 0 or 1: a gradient passes unchanged, or not at all.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.1",
)
