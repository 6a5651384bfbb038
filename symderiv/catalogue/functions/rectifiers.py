"""Activations by pieces of lines: what lets through, what leaks, what clips, what shrinks.

At a border there is a kink or a jump and so no derivative.  What PyTorch and JAX return
there was read off both (PyTorch 2.13, JAX 0.10) and is read off them again by the optional
tests; a framework that is not named has no such function.
"""

from symderiv.catalogue.function import Function
from symderiv.language.build import absolute, between, cases, equal, symbols, within
from symderiv.language.expressions import Number, Quotient

alpha, lamda, theta, v = symbols("alpha lambda theta v")
sixth = Quotient(Number("1"), Number("6"))

identity: Function = Function(
    name="identity",
    latex=r"\mathrm{id}",
    also_called=("Identity", "id"),
    title="the identity",
    value=lambda z: z,
    slope=lambda z: 1,  # noqa: ARG005 (it names the argument)
    reach="reals",
    note="The activation of an output that predicts a number: it changes nothing.",
    source="PyTorch, torch.nn.Identity; JAX, jax.nn.identity",
)

leaky_relu: Function = Function(
    name="leaky_relu",
    latex=r"\mathrm{LeakyReLU}",
    also_called=("LeakyReLU", "leakyrelu"),
    title="the leaky ReLU",
    value=lambda z: cases((z, z > 0), (alpha * z, z <= 0)),
    slope=lambda z: cases((1, z > 0), (alpha, z < 0)),
    where={"alpha": "(0,1)"},
    reach="reals",
    defaults={"alpha": "0.01"},
    at_kink={"torch": alpha, "jax": 1},
    drawn={"alpha": "{0.1}"},
    note="It leaks a little of a negative input, so that its gradient is never lost altogether.",
    source="Maas, Hannun, Ng, Rectifier nonlinearities improve acoustic models (2013)",
)

prelu: Function = Function(
    name="prelu",
    latex=r"\mathrm{PReLU}",
    also_called=("PReLU", "PRelu"),
    title="the parametric ReLU",
    value=lambda z: cases((z, z > 0), (alpha * z, z <= 0)),
    slope=lambda z: cases((1, z > 0), (alpha, z < 0)),
    where={"alpha": "reals"},
    reach=lambda w: ((None, alpha > 0), (w >= 0, alpha <= 0)),
    defaults={"alpha": "0.25"},
    at_kink={"torch": alpha},
    note="The leaky ReLU with a slope that is learned, so that it is differentiated by α as well.",
    source="He, Zhang, Ren, Sun, Delving deep into rectifiers (2015), equation 1",
)

relu6: Function = Function(
    name="relu6",
    latex=r"\mathrm{ReLU6}",
    also_called=("ReLU6",),
    title="the ReLU clipped at 6",
    value=lambda z: cases((0, z < 0), (z, within(0, z, 6)), (6, z > 6)),
    slope=lambda z: cases((0, z < 0), (1, between(0, z, 6)), (0, z > 6)),
    reach="[0,6]",
    drawn={"z": "[-4,10]"},
    at_kink={"torch": 0, "jax": 0},
    note="Clipped so that its values keep their precision in arithmetic of few bits.",
    source="Krizhevsky, Convolutional deep belief networks on CIFAR-10 (2010)",
)

hardtanh: Function = Function(
    name="hardtanh",
    latex=r"\mathrm{HardTanh}",
    also_called=("Hardtanh", "HardTanh", "hard_tanh"),
    title="the hard tanh",
    value=lambda z: cases((-1, z < -1), (z, within(-1, z, 1)), (1, z > 1)),
    slope=lambda z: cases((0, z < -1), (1, between(-1, z, 1)), (0, z > 1)),
    reach="[-1,1]",
    at_kink={"torch": 0, "jax": 1},
    note="The hyperbolic tangent drawn with three straight lines.",
    source="Collobert, Large scale machine learning (2004)",
)

hardsigmoid: Function = Function(
    name="hardsigmoid",
    latex=r"\mathrm{HardSigmoid}",
    also_called=("Hardsigmoid", "HardSigmoid", "hard_sigmoid"),
    title="the hard sigmoid",
    value=lambda z: cases((0, z < -3), ((z + 3) / 6, within(-3, z, 3)), (1, z > 3)),
    slope=lambda z: cases((0, z < -3), (sixth, between(-3, z, 3)), (0, z > 3)),
    reach="[0,1]",
    at_kink={"torch": 0, "jax": 0},
    note="PyTorch 2.13 returns 0.1666666716 in the middle: its sixth is rounded to 32 bits.",
    source="Howard and others, Searching for MobileNetV3 (2019)",
)

hardswish: Function = Function(
    name="hardswish",
    latex=r"\mathrm{HardSwish}",
    also_called=("Hardswish", "HardSwish", "hard_swish", "hard_silu"),
    title="the hard swish",
    value=lambda z: cases((0, z < -3), (z * (z + 3) / 6, within(-3, z, 3)), (z, z > 3)),
    slope=lambda z: cases((0, z < -3), ((2 * z + 3) / 6, between(-3, z, 3)), (1, z > 3)),
    reach=">=-3/8",
    at_kink={"torch": (0, 1), "jax": (0, 1)},
    note="The input times its hard sigmoid; below −3/2 it falls, as the swish does.",
    source="Howard and others, Searching for MobileNetV3 (2019), section 5.2",
)

hardshrink: Function = Function(
    name="hardshrink",
    latex=r"\mathrm{HardShrink}",
    also_called=("Hardshrink", "HardShrink", "hard_shrink"),
    title="the hard shrinkage",
    value=lambda z: cases((z, z < -lamda), (0, within(-lamda, z, lamda)), (z, z > lamda)),
    slope=lambda z: cases((1, z < -lamda), (0, between(-lamda, z, lamda)), (1, z > lamda)),
    where={"lambda": ">0"},
    reach=lambda w: (equal(w, 0), absolute(w) > lamda),
    defaults={"lambda": "0.5"},
    at_kink={"torch": 0},
    note="What is small is taken for noise and put to zero; the rest is left as it is.",
    source="Donoho, Johnstone, Ideal spatial adaptation by wavelet shrinkage (1994)",
)

softshrink: Function = Function(
    name="softshrink",
    latex=r"\mathrm{SoftShrink}",
    also_called=("Softshrink", "SoftShrink", "soft_shrink", "soft_threshold"),
    title="the soft shrinkage",
    value=lambda z: cases(
        (z + lamda, z < -lamda), (0, within(-lamda, z, lamda)), (z - lamda, z > lamda)
    ),
    slope=lambda z: cases((1, z < -lamda), (0, between(-lamda, z, lamda)), (1, z > lamda)),
    where={"lambda": ">0"},
    reach="reals",
    defaults={"lambda": "0.5"},
    at_kink={"torch": 0},
    note="The step that lasso takes: everything is drawn to zero by λ.",
    source="Donoho, De-noising by soft-thresholding (1995)",
)

threshold: Function = Function(
    name="threshold",
    latex=r"\mathrm{Threshold}",
    also_called=("Threshold",),
    title="the threshold",
    value=lambda z: cases((z, z > theta), (v, z <= theta)),
    slope=lambda z: cases((1, z > theta), (0, z < theta)),
    where={"theta": "reals", "v": "reals"},
    reach=lambda w: (equal(w, v), w > theta),
    at_kink={"torch": 0},
    drawn={"theta": "{1}", "v": "{0}"},
    note="The ReLU is the case θ = v = 0.",
    source="PyTorch, torch.nn.Threshold",
)
