"""Losses for yes and no: a probability p or ŷ, a logit z, a score s, and the label y.

The label is 0 or 1 (or a probability between them) for the cross-entropies, −1 or 1 for
the margins.  Losses over many classes stand in `vectors`.
"""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.activations import sigmoid
from symderiv.catalogue.functions.elementary import log, maximum
from symderiv.catalogue.functions.exponential_units import softplus
from symderiv.language.build import absolute, cases, exp, symbols

alpha, gamma = symbols("alpha gamma")

bce_logits: Function = Function(
    name="bce_logits",
    latex=r"\mathrm{BCELogits}",
    also_called=("BCELogits", "BCEWithLogits", "bce_with_logits"),
    title="the binary cross-entropy with logits",
    value=lambda z, y: -y * log(sigmoid(z)) - (1 - y) * log(1 - sigmoid(z)),
    slope=lambda z, y: sigmoid(z) - y,
    where={"y": "[0,1]"},
    reach=">0",
    note="Prediction minus target: the sigmoid and the logarithm cancel each other's bends.",
    source="Bishop, Pattern recognition and machine learning (2006), equation 4.109",
)

bce_logits_stable: Function = Function(
    name="bce_logits_stable",
    latex=r"\mathrm{BCELogits}",
    also_called=("sigmoid_cross_entropy_with_logits",),
    title="the binary cross-entropy with logits in its stable form",
    value=lambda z, y: maximum(0, z) - y * z + softplus(-absolute(z)),
    slope=lambda z, y: sigmoid(z) - y,
    where={"y": "[0,1]"},
    reach=">0",
    note="The same function with log(1 + e^(−|z|)), the softplus of −|z|, so that no exponential "
    "grows: what libraries compute.",
    source="TensorFlow, tf.nn.sigmoid_cross_entropy_with_logits",
)

nll: Function = Function(
    name="nll",
    latex=r"\mathrm{NLL}",
    also_called=("NLL", "negative_log_likelihood"),
    title="the negative log-likelihood",
    value=lambda p: -log(p),
    slope=lambda p: -1 / p,
    where={"p": "(0,1)"},
    reach=">0",
    note="Here p is the probability that the model gave to what came true.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 5.5",
)

focal: Function = Function(
    name="focal",
    latex=r"\mathrm{Focal}",
    also_called=("Focal", "focal_loss"),
    title="the focal loss",
    value=lambda p: -alpha * (1 - p) ** gamma * log(p),
    slope=lambda p: alpha * gamma * (1 - p) ** (gamma - 1) * log(p) - alpha * (1 - p) ** gamma / p,
    where={"p": "(0,1)", "alpha": "(0,1)", "gamma": ">0"},
    reach=">0",
    defaults={"alpha": "0.25", "gamma": "2"},
    note="Here p is the probability of the true class; what is classified well counts little.",
    source="Lin, Goyal, Girshick, He, Dollár, Focal loss (2017), equation 5",
)

hinge: Function = Function(
    name="hinge",
    latex=r"\mathrm{Hinge}",
    also_called=("Hinge", "hinge_loss"),
    title="the hinge loss",
    value=lambda s, y: cases((1 - y * s, y * s < 1), (0, y * s >= 1)),
    slope=lambda s, y: cases((-y, y * s < 1), (0, y * s > 1)),
    where={"y": "{-1,1}"},
    reach=">=0",
    note="max(0, 1 − ys): only what lies within the margin or on the wrong side is learned from.",
    source="Cortes, Vapnik, Support-vector networks (1995)",
)

squared_hinge: Function = Function(
    name="squared_hinge",
    latex=r"\mathrm{SquaredHinge}",
    also_called=("SquaredHinge",),
    title="the squared hinge loss",
    value=lambda s, y: cases(((1 - y * s) ** 2, y * s < 1), (0, y * s >= 1)),
    slope=lambda s, y: cases((-2 * y * (1 - y * s), y * s < 1), (0, y * s >= 1)),
    where={"y": "{-1,1}"},
    reach=">=0",
    drawn={"s": "[-2,4]"},
    note="The square takes the kink away: at y·s = 1 the slope is 0 from both sides.",
    source="Chang, Hsieh, Lin, Coordinate descent for large-scale linear SVM (2008)",
)

soft_margin: Function = Function(
    name="soft_margin",
    latex=r"\mathrm{SoftMargin}",
    also_called=("SoftMargin", "soft_margin_loss", "logistic_loss"),
    title="the soft margin loss",
    value=lambda s, y: log(1 + exp(-y * s)),
    slope=lambda s, y: -y / (1 + exp(y * s)),
    where={"y": "{-1,1}"},
    reach=">0",
    note="The cross-entropy of a sigmoid for labels −1 and 1; a hinge without a kink.",
    source="PyTorch, torch.nn.SoftMarginLoss",
)
