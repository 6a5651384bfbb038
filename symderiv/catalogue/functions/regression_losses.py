"""Losses for numbers: how far a prediction ŷ lies from what was measured, y.

Each is the loss of one sample; a mean over n samples divides all of it by n.
"""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.activations import tanh
from symderiv.catalogue.functions.elementary import log, sign
from symderiv.catalogue.functions.hyperbolic import cosh
from symderiv.language.build import absolute, cases, equal, exp, symbols

delta, beta, tau, v, y = symbols("delta beta tau v y")

mae: Function = Function(
    name="mae",
    latex=r"\mathrm{MAE}",
    also_called=("MAE", "absolute_error"),
    title="the absolute error of one sample",
    value=lambda yhat, y: absolute(yhat - y),
    slope=lambda yhat, y: sign(yhat - y),
    reach=">=0",
    at_kink={"torch": 0},
    note="Large and small errors pull with the same force: outliers count less than in the MSE.",
    source="PyTorch, torch.nn.L1Loss",
)

huber: Function = Function(
    name="huber",
    latex=r"\mathrm{Huber}",
    also_called=("Huber", "huber_loss"),
    title="the Huber loss",
    value=lambda yhat, y: cases(
        ((yhat - y) ** 2 / 2, absolute(yhat - y) <= delta),
        (delta * (absolute(yhat - y) - delta / 2), absolute(yhat - y) > delta),
    ),
    slope=lambda yhat, y: cases(
        (yhat - y, absolute(yhat - y) <= delta),
        (delta * sign(yhat - y), absolute(yhat - y) > delta),
    ),
    where={"delta": ">0"},
    reach=">=0",
    defaults={"delta": "1"},
    note="A parabola near the target and straight lines outside: the gradient is clipped at δ.",
    source="Huber, Robust estimation of a location parameter (1964)",
)

smooth_l1: Function = Function(
    name="smooth_l1",
    latex=r"\mathrm{SmoothL1}",
    also_called=("SmoothL1", "smooth_l1_loss"),
    title="the smooth L1 loss",
    value=lambda yhat, y: cases(
        ((yhat - y) ** 2 / (2 * beta), absolute(yhat - y) <= beta),
        (absolute(yhat - y) - beta / 2, absolute(yhat - y) > beta),
    ),
    slope=lambda yhat, y: cases(
        ((yhat - y) / beta, absolute(yhat - y) <= beta),
        (sign(yhat - y), absolute(yhat - y) > beta),
    ),
    where={"beta": ">0"},
    reach=">=0",
    defaults={"beta": "1"},
    note="The Huber loss divided by its width β, so that the slope outside is 1.",
    source="Girshick, Fast R-CNN (2015), equation 3",
)

log_cosh: Function = Function(
    name="log_cosh",
    latex=r"\mathrm{LogCosh}",
    also_called=("LogCosh", "logcosh"),
    title="the log-cosh loss",
    value=lambda yhat, y: log(cosh(yhat - y)),
    slope=lambda yhat, y: tanh(yhat - y),
    reach=">=0",
    note="Like half the squared error near the target and like the absolute error far away.",
    source="Chen and others, Log hyperbolic cosine loss improves VAE (2018)",
)

quantile: Function = Function(
    name="quantile",
    latex=r"\mathrm{Pinball}",
    also_called=("pinball", "Pinball", "quantile_loss"),
    title="the quantile loss",
    value=lambda yhat, y: cases((tau * (y - yhat), yhat < y), ((1 - tau) * (yhat - y), yhat >= y)),
    slope=lambda yhat, y: cases((-tau, yhat < y), (1 - tau, yhat > y)),
    where={"tau": "(0,1)"},
    reach=">=0",
    drawn={"tau": "{0.8}"},
    note="Its mean is least at the τ-quantile; τ = 1/2 gives half the absolute error.",
    source="Koenker, Bassett, Regression quantiles (1978)",
)

poisson_nll: Function = Function(
    name="poisson_nll",
    latex=r"\mathrm{PoissonNLL}",
    also_called=("PoissonNLL", "poisson_nll_loss"),
    title="the Poisson negative log-likelihood",
    value=lambda z, y: exp(z) - y * z,
    slope=lambda z, y: exp(z) - y,
    where={"y": ">=0"},
    reach=lambda w: ((w >= y - y * log(y), y > 0), (w > 0, equal(y, 0))),
    drawn={"z": "[-3,3]", "y": "{2}"},
    note="Here z is the logarithm of the rate; log y!, which does not move, is left out. The slope "
    "is the rate minus the count.",
    source="PyTorch, torch.nn.PoissonNLLLoss with log_input",
)

gaussian_nll: Function = Function(
    name="gaussian_nll",
    latex=r"\mathrm{GaussianNLL}",
    also_called=("GaussianNLL", "gaussian_nll_loss"),
    title="the Gaussian negative log-likelihood",
    value=lambda mu, y, v: log(v) / 2 + (mu - y) ** 2 / (2 * v),
    slope=lambda mu, y, v: (mu - y) / v,
    where={"v": ">0"},
    reach=lambda w: w >= log(v) / 2,
    note="Here v is the variance; a constant is left out. An error counts less where "
    "the model says that it is unsure.",
    source="Nix, Weigend, Estimating the mean and variance of the target (1994)",
)
