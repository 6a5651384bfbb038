"""Smooth activations: the input times something that opens like a gate, and their relatives.

The normal distribution stands here because GELU is made of it.
"""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.activations import sigmoid, tanh
from symderiv.catalogue.functions.elementary import sqrt
from symderiv.catalogue.functions.exponential_units import softplus
from symderiv.language.build import PI, absolute, exp, symbols

c = symbols("c")[0]

silu: Function = Function(
    name="silu",
    latex=r"\mathrm{SiLU}",
    also_called=("SiLU", "swish", "Swish"),
    title="the sigmoid linear unit",
    value=lambda z: z * sigmoid(z),
    slope=lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
    note="Also called swish; it falls to the left of z = −1.2785 and rises to the right of it.",
    source="Elfwing, Uchibe, Doya, Sigmoid-weighted linear units (2018), equation 5; "
    "Ramachandran, Zoph, Le, Searching for activation functions (2017)",
)

mish: Function = Function(
    name="mish",
    latex=r"\mathrm{Mish}",
    also_called=("Mish",),
    title="the Mish",
    value=lambda z: z * tanh(softplus(z)),
    slope=lambda z: tanh(softplus(z)) + z * (1 - tanh(softplus(z)) ** 2) * sigmoid(z),
    note="The input times a gate, like SiLU; the gate is the tanh of the softplus.",
    source="Misra, Mish: a self regularized non-monotonic activation function (2019)",
)

erf: Function = Function(
    name="erf",
    latex=r"\mathrm{erf}",
    title="the error function",
    slope=lambda z: 2 * exp(-(z**2)) / sqrt(PI),
    range="(-1,1)",
    note="It is defined as an integral from 0 to z, so that its slope is what is integrated.",
    source="Abramowitz, Stegun, Handbook of mathematical functions (1964), 7.1.1",
)

normal_cdf: Function = Function(
    name="normal_cdf",
    latex=r"\Phi",
    also_called=("Phi",),
    title="the standard normal distribution",
    value=lambda z: (1 + erf(z / sqrt(2))) / 2,
    slope=lambda z: exp(-(z**2) / 2) / sqrt(2 * PI),
    range="(0,1)",
    note="The probability of a value below z; its slope is the bell curve, the density.",
    source="Bishop, Pattern recognition and machine learning (2006), equation 4.114",
)

gelu: Function = Function(
    name="gelu",
    latex=r"\mathrm{GELU}",
    also_called=("GELU",),
    title="the Gaussian error linear unit",
    value=lambda z: z * normal_cdf(z),
    slope=lambda z: normal_cdf(z) + z * exp(-(z**2) / 2) / sqrt(2 * PI),
    note="The input times the probability that a standard normal value lies below it.",
    source="Hendrycks, Gimpel, Gaussian error linear units (2016)",
)

gelu_tanh: Function = Function(
    name="gelu_tanh",
    latex=r"\mathrm{GELUTanh}",
    also_called=("GELUTanh", "gelu_new"),
    title="the Gaussian error linear unit by tanh",
    value=lambda z: z * (1 + tanh(sqrt(2 / PI) * (z + c * z**3))) / 2,
    slope=lambda z: (
        (1 + tanh(sqrt(2 / PI) * (z + c * z**3))) / 2
        + z * (1 - tanh(sqrt(2 / PI) * (z + c * z**3)) ** 2) * sqrt(2 / PI) * (1 + 3 * c * z**2) / 2
    ),
    where={"c": "{0.044715}"},
    note="Differs from the exact form by less than 0.0005, with c = 0.044715.",
    source="Hendrycks, Gimpel, Gaussian error linear units (2016), section 2",
)

tanhshrink: Function = Function(
    name="tanhshrink",
    latex=r"\mathrm{TanhShrink}",
    also_called=("Tanhshrink", "TanhShrink"),
    title="the tanh shrinkage",
    value=lambda z: z - tanh(z),
    slope=lambda z: tanh(z) ** 2,
    reach="reals",
    note="Flat at 0 and steep outside: it draws what is small to zero.",
    source="PyTorch, torch.nn.Tanhshrink",
)

softsign: Function = Function(
    name="softsign",
    latex=r"\mathrm{softsign}",
    also_called=("Softsign", "SoftSign", "soft_sign"),
    title="the softsign",
    value=lambda z: z / (1 + absolute(z)),
    slope=lambda z: 1 / (1 + absolute(z)) ** 2,
    range="(-1,1)",
    note="Like tanh, but it goes to 1 and −1 as 1/|z| and not exponentially.",
    source="Turian, Bergstra, Bengio, Quadratic features and deep architectures (2009)",
)
