"""Loss functions: value, claimed slope by the prediction, domain, remark."""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.elementary import log
from symderiv.language.build import symbols, total

i, j, n = symbols("i j n")

mse: Function = Function(
    name="mse",
    latex=r"\mathrm{MSE}",
    also_called=("MSE",),
    title="the squared error of one sample",
    value=lambda yhat, y: (yhat - y) ** 2 / n,
    slope=lambda yhat, y: 2 * (yhat - y) / n,
    where={"n": "positive integer"},
    reach=">=0",
    note="One sample's share of the mean over n; for a single sample n = 1.",
    source="the chain-rule post",
)

mse_n: Function = Function(
    name="mse_n",
    latex=r"\mathrm{MSE}",
    also_called=("mean_squared_error",),
    title="the mean squared error over n samples",
    value=lambda yhat, y: 1 / n * total((yhat.at(j) - y.at(j)) ** 2, j, 1, n),
    slope=lambda yhat, y: 2 * (yhat.at(i) - y.at(i)) / n,
    by="yhat_i",
    where={"n": "positive integer"},
    reach=">=0",
    drawn={"n": "{2}", "yhat_2": "{0}", "y_1": "{1}", "y_2": "{0.5}"},
    note="Each prediction feels only its own error, divided by n.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 5.1.4",
)

bce: Function = Function(
    name="bce",
    latex=r"\mathrm{BCE}",
    also_called=("BCE", "binary_cross_entropy"),
    title="the binary cross-entropy",
    value=lambda yhat, y: -y * log(yhat) - (1 - y) * log(1 - yhat),
    slope=lambda yhat, y: (yhat - y) / (yhat * (1 - yhat)),
    where={"yhat": "(0,1)", "y": "[0,1]"},
    reach=">0",
    note="After a sigmoid its slope is what the sigmoid's own slope cancels.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2",
)
