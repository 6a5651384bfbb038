r"""Formulas of this field in LaTeX, each beside its meaning, built by hand in SymPy.

The meanings follow lecture notes on neural networks: `\log` is natural, a number in
brackets or parentheses above a letter is its layer, primes and d/dx are derivatives.
A name is the letter, its accent, its layer, then `_` and its indices (`W1_11`, `yhat_i`);
σ is `sigma`, and a function written as a word is named by that word in small letters.
`AMBIGUOUS` holds what people read in two ways: to be read without a question is a fault.
"""

from __future__ import annotations

from typing import Any, Final

import sympy
from sympy import (
    Abs,
    Derivative,
    Eq,
    Ge,
    Lt,
    Max,
    Piecewise,
    Rational,
    Subs,
    Sum,
    asin,
    cos,
    cosh,
    exp,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

a, b, c, h, j, m, n, t, w, x, y, z, L, W = symbols("a b c h j m n t w x y z L W")
alpha, beta, gamma, epsilon, eta, theta, mu, tau = symbols(
    "alpha beta gamma epsilon eta theta mu tau"
)
yhat, xbar, ztilde, thetahat = symbols("yhat xbar ztilde thetahat")
x1, x2, x12, xj, y1, y2, yi, yj = symbols("x_1 x_2 x_12 x_j y_1 y_2 y_i y_j")
w1, w2, wj, b1, W11, W12 = symbols("w_1 w_2 w_j b_1 W_11 W_12")
yhat1, yhat2, yhat_i, yhat_j = symbols("yhat_1 yhat_2 yhat_i yhat_j")
W1_11, W2_11, a1_1, a1, z1, z2 = symbols("W1_11 W2_11 a1_1 a1 z1 z2")
sigma, relu, bce, mse, transpose, f, g = (
    sympy.Function(name) for name in ("sigma", "relu", "bce", "mse", "transpose", "f", "g")
)
half = Rational(1, 2)


def slope(function: Any, at: Any, order: int = 1) -> Any:
    """The derivative of a function, as a function: f′(u)."""
    return Subs(Derivative(function(x), (x, order)), x, at)


def d(body: Any, variable: Any, order: int = 1) -> Any:
    return Derivative(body, (variable, order))


def indicator(condition: Any) -> Any:
    return Piecewise((1, condition), (0, True))


FORMULAS: Final[list[tuple[str, Any]]] = [
    # activations and what is made of them
    (r"\frac{1}{1+e^{-z}}", 1 / (1 + exp(-z))),
    (r"\frac{1}{1 + e^{-x}}", 1 / (1 + exp(-x))),
    (r"(1 + e^{-z})^{-1}", 1 / (1 + exp(-z))),
    (r"\frac{e^{z}}{1+e^{z}}", exp(z) / (1 + exp(z))),
    (r"\frac{e^{-z}}{(1+e^{-z})^{2}}", exp(-z) / (1 + exp(-z)) ** 2),
    (r"\frac{e^{-z}}{\left(1+e^{-z}\right)^2}", exp(-z) / (1 + exp(-z)) ** 2),
    (r"\sigma(z)", sigma(z)),
    (r"\sigma(z)(1-\sigma(z))", sigma(z) * (1 - sigma(z))),
    (r"\sigma(z)\left(1-\sigma(z)\right)", sigma(z) * (1 - sigma(z))),
    (r"\sigma(z) \cdot (1 - \sigma(z))", sigma(z) * (1 - sigma(z))),
    (r"\sigma(wx+b)", sigma(w * x + b)),
    (r"\sigma(w_1x_1+w_2x_2+b)", sigma(w1 * x1 + w2 * x2 + b)),
    (r"\sigma(-z)", sigma(-z)),
    (r"1-\sigma(z)", 1 - sigma(z)),
    (r"z\sigma(z)", z * sigma(z)),
    (r"x\sigma(\beta x)", x * sigma(beta * x)),
    (r"\tanh(z)", tanh(z)),
    (r"\tanh z", tanh(z)),
    (r"1-\tanh^2(z)", 1 - tanh(z) ** 2),
    (r"1 - \tanh(z)^2", 1 - tanh(z) ** 2),
    (r"\frac{e^z-e^{-z}}{e^z+e^{-z}}", tanh(z)),
    (r"\frac{e^{2z}-1}{e^{2z}+1}", tanh(z)),
    (r"2\sigma(2z)-1", 2 * sigma(2 * z) - 1),
    (r"\frac{\sinh(z)}{\cosh(z)}", sinh(z) / cosh(z)),
    (r"\frac{1}{\cosh^2(z)}", cosh(z) ** -2),
    (r"\max(0,z)", Max(0, z)),
    (r"\max(0, wx+b)", Max(0, w * x + b)),
    (r"\max(\alpha z,z)", Max(alpha * z, z)),
    (r"\max\{0, z\}", Max(0, z)),
    (r"\ln(1+e^{z})", log(1 + exp(z))),
    (r"\ln(1+e^x)", log(1 + exp(x))),
    (r"\frac{z}{1+|z|}", z / (1 + Abs(z))),
    (r"\frac{z}{1+\left|z\right|}", z / (1 + Abs(z))),
    (r"\frac{x}{\sqrt{1+x^2}}", x / sqrt(1 + x**2)),
    (r"e^{-z^2}", exp(-(z**2))),
    (r"\exp(-z)", exp(-z)),
    (r"\exp\left(-\frac{x^2}{2}\right)", exp(-(x**2) / 2)),
    (r"\frac{1}{1+\exp(-z)}", 1 / (1 + exp(-z))),
    # losses
    (r"\hat{y}-y", yhat - y),
    (r"(\hat{y}-y)^2", (yhat - y) ** 2),
    (r"(y-\hat{y})^2", (y - yhat) ** 2),
    (r"2(\hat{y}-y)", 2 * (yhat - y)),
    (r"\frac{1}{2}(\hat{y}-y)^2", half * (yhat - y) ** 2),
    (r"\frac{2(\hat{y} - y)}{n}", 2 * (yhat - y) / n),
    (r"\frac{\hat{y}-y}{\hat{y}(1-\hat{y})}", (yhat - y) / (yhat * (1 - yhat))),
    (r"-\frac{y}{\hat{y}}+\frac{1-y}{1-\hat{y}}", -y / yhat + (1 - y) / (1 - yhat)),
    (r"-y\ln(\hat{y})-(1-y)\ln(1-\hat{y})", -y * log(yhat) - (1 - y) * log(1 - yhat)),
    (r"-\ln(\hat{y})", -log(yhat)),
    (r"\frac{-y(1-\hat{y})+(1-y)\hat{y}}{\hat{y}(1-\hat{y})}", (yhat - y) / (yhat * (1 - yhat))),
    (r"|y-\hat{y}|", Abs(y - yhat)),
    (r"\frac{1}{2}(y_1-\hat{y}_1)^2+\frac{1}{2}(y_2-\hat{y}_2)^2",
     half * (y1 - yhat1) ** 2 + half * (y2 - yhat2) ** 2),
    (r"(\hat{y}-y)x", (yhat - y) * x),
    (r"2(wx+b-y)x", 2 * (w * x + b - y) * x),
    (r"\max(0, 1-y\hat{y})", Max(0, 1 - y * yhat)),
    # calculus homework
    (r"x^2", x**2),
    (r"3x^2+2x-1", 3 * x**2 + 2 * x - 1),
    (r"-x^2", -(x**2)),
    (r"x^{10}", x**10),
    (r"5x^4", 5 * x**4),
    (r"nx^{n-1}", n * x ** (n - 1)),
    (r"\frac{x}{y}", x / y),
    (r"\frac{1}{x}", 1 / x),
    (r"-\frac{1}{x^2}", -1 / x**2),
    (r"\frac{a}{b}\cdot\frac{c}{h}", a / b * c / h),
    (r"\frac{x^2-1}{x+1}", (x**2 - 1) / (x + 1)),
    (r"x^2\sin(x)", x**2 * sin(x)),
    (r"2x\sin(x)+x^2\cos(x)", 2 * x * sin(x) + x**2 * cos(x)),
    (r"\sin(x)\cos(x)", sin(x) * cos(x)),
    (r"\sin^2(x)+\cos^2(x)", sin(x) ** 2 + cos(x) ** 2),
    (r"\sin^2 x", sin(x) ** 2),
    (r"\cos(2\pi t)", cos(2 * pi * t)),
    (r"\tan(x)", tan(x)),
    (r"e^{x}(\sin(x)+\cos(x))", exp(x) * (sin(x) + cos(x))),
    (r"e^{2x}", exp(2 * x)),
    (r"-2xe^{-x^2}", -2 * x * exp(-(x**2))),
    (r"2^x\ln(2)", 2**x * log(2)),
    (r"x\ln(x)-x", x * log(x) - x),
    (r"\frac{\ln(x)}{x}", log(x) / x),
    (r"\sqrt{x}", sqrt(x)),
    (r"\frac{1}{2\sqrt{x}}", 1 / (2 * sqrt(x))),
    (r"\sqrt[3]{x}", x ** Rational(1, 3)),
    (r"\sqrt{x^2+y^2}", sqrt(x**2 + y**2)),
    (r"x^{\frac{1}{2}}", sqrt(x)),
    (r"|x|", Abs(x)),
    (r"\alpha x+\beta y", alpha * x + beta * y),
    (r"\theta-\eta\gamma", theta - eta * gamma),
    (r"\mu+\epsilon\tau", mu + epsilon * tau),
    (r"\frac{x-\mu}{\sqrt{\gamma+\epsilon}}", (x - mu) / sqrt(gamma + epsilon)),
    (r"(1-\beta)h+\beta m", (1 - beta) * h + beta * m),
    (r"2\times 3", 2 * sympy.Integer(3)),
    (r"0.01x", Rational(1, 100) * x),
    (r"w - \eta \cdot 2(wx - y)x", w - eta * 2 * (w * x - y) * x),
    # indices that every reader takes as part of the name
    (r"w_1x_1+w_2x_2+b", w1 * x1 + w2 * x2 + b),
    (r"w_{1}x_{1}+b_{1}", w1 * x1 + b1),
    (r"W_{11}x_1+W_{12}x_2", W11 * x1 + W12 * x2),
    (r"x_{12}", x12),
    (r"\hat{y}_i-y_i", yhat_i - yi),
    (r"(\hat{y}_i - y_i)^2", (yhat_i - yi) ** 2),
    # accents and fonts
    (r"\hat y - y", yhat - y),
    (r"\bar{x}", xbar),
    (r"\tilde{z}+1", ztilde + 1),
    (r"\hat{\theta}", thetahat),
    (r"\mathbf{x}+\boldsymbol{\theta}", x + theta),
    (r"\mathcal{L}+1", L + 1),
    # this field's logarithm, and functions without brackets
    (r"\log(x)", log(x)),
    (r"-\log(\hat{y})", -log(yhat)),
    (r"-y\log\hat{y}-(1-y)\log(1-\hat{y})", -y * log(yhat) - (1 - y) * log(1 - yhat)),
    (r"-y \log(\hat{y}) - (1-y) \log(1-\hat{y})", -y * log(yhat) - (1 - y) * log(1 - yhat)),
    (r"\log\left(1+e^{z}\right)", log(1 + exp(z))),
    (r"\log\sigma(z)", log(sigma(z))),
    (r"\sin x\cos x", sin(x) * cos(x)),
    (r"\ln x^2", log(x**2)),
    (r"\sin^{-1}(x)", asin(x)),
    (r"\exp\{-z\}", exp(-z)),
    (r"e^-z", exp(-z)),
    (r"\frac{e^-z}{(1+e^-z)^2}", exp(-z) / (1 + exp(-z)) ** 2),
    # words
    (r"\mathrm{ReLU}(z)", relu(z)),
    (r"\operatorname{ReLU}(wx+b)", relu(w * x + b)),
    (r"\text{ReLU}(z)", relu(z)),
    (r"\mathrm{BCE}(\hat{y},y)", bce(yhat, y)),
    (r"\mathrm{MSE}(\hat{y},y)+1", mse(yhat, y) + 1),
    # TeX's short ways
    (r"\frac12", half),
    (r"\frac12(\hat y-y)^2", half * (yhat - y) ** 2),
    (r"\frac1{1+e^{-z}}", 1 / (1 + exp(-z))),
    (r"\dfrac{1}{1+e^{-z}}", 1 / (1 + exp(-z))),
    (r"\tfrac{1}{2}x", half * x),
    (r"x^2y", x**2 * y),
    (r"\frac{1}{2}\,x\;y", half * x * y),
    (r"\big(1-\sigma(z)\big)\sigma(z)", sigma(z) * (1 - sigma(z))),
    (r"\bigl(1-z\bigr)^2", (1 - z) ** 2),
    (r"\displaystyle\frac{x}{2}", x / 2),
    (r"$\hat{y}-y$", yhat - y),
    (r"\[ \frac{1}{1+e^{-z}} \]", 1 / (1 + exp(-z))),
    (r"2\frac{x}{3}", 2 * x / 3),
    (r"|x||y|", Abs(x) * Abs(y)),
    (r"\lvert x\rvert", Abs(x)),
    # layers
    (r"W^{(1)}_{11}", W1_11),
    (r"W_{11}^{(1)}", W1_11),
    (r"W^{(1)}_{11}x_1+b_1", W1_11 * x1 + b1),
    (r"W^{(2)}_{11}", W2_11),
    (r"a^{(1)}_1", a1_1),
    (r"a^{[1]}", a1),
    (r"z^{[2]}", z2),
    (r"\sigma(z^{(2)})", sigma(z2)),
    (r"\sigma'(z^{(1)})", slope(sigma, z1)),
    (r"(a^{(1)})^2", a1**2),
    # derivatives
    (r"f'(x)", slope(f, x)),
    (r"f''(x)", slope(f, x, 2)),
    (r"f'(g(x))g'(x)", slope(f, g(x)) * slope(g, x)),
    (r"f'(x)g(x)+f(x)g'(x)", slope(f, x) * g(x) + f(x) * slope(g, x)),
    (r"\sigma'(z)", slope(sigma, z)),
    (r"\sigma'(z)=\sigma(z)(1-\sigma(z))",
     Eq(slope(sigma, z), sigma(z) * (1 - sigma(z)), evaluate=False)),
    (r"f^{(4)}(x)", slope(f, x, 4)),
    (r"\frac{d}{dx}(x^2)", d(x**2, x)),
    (r"\frac{d}{dx}\left[x^2\sin(x)\right]", d(x**2 * sin(x), x)),
    (r"\frac{d}{dz}\sigma(z)", d(sigma(z), z)),
    (r"\frac{\mathrm{d}}{\mathrm{d}z}\left[\frac{1}{1+e^{-z}}\right]", d(1 / (1 + exp(-z)), z)),
    (r"\frac{dy}{dx}", d(y, x)),
    (r"\frac{dL}{dw}", d(L, w)),
    (r"\frac{dL}{d\hat{y}}\cdot\frac{d\hat{y}}{dz}", d(L, yhat) * d(yhat, z)),
    (r"\frac{d^2y}{dx^2}", d(y, x, 2)),
    (r"\frac{\partial L}{\partial w}", d(L, w)),
    (r"\frac{\partial L}{\partial W}", d(L, W)),
    (r"\frac{\partial L}{\partial\hat{y}}\frac{\partial\hat{y}}{\partial z}",
     d(L, yhat) * d(yhat, z)),
    (r"\frac{\partial L}{\partial W^{(1)}_{11}}", d(L, W1_11)),
    (r"\frac{\partial\mathcal{L}}{\partial z^{(2)}}", d(L, z2)),
    (r"\partial L/\partial W", d(L, W)),
    (r"\frac{\partial L}{\partial w_1}", d(L, w1)),
    (r"w-\eta\frac{\partial L}{\partial w}", w - eta * d(L, w)),
    (r"\frac{\partial^2 L}{\partial w^2}", d(L, w, 2)),
    # cases, indicators, sums, transposes
    (r"\begin{cases} z & \text{if } z > 0 \\ 0 & \text{if } z \le 0 \end{cases}",
     Piecewise((z, z > 0), (0, True))),
    (r"\begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}", Piecewise((1, z > 0), (0, z < 0))),
    (r"\begin{cases} z, & z \geq 0 \\ \alpha z, & \text{otherwise} \end{cases}",
     Piecewise((z, z >= 0), (alpha * z, True))),
    (r"\mathbb{1}[z>0]", indicator(z > 0)),
    (r"\mathbf{1}_{z>0}", indicator(z > 0)),
    (r"\mathbb{1}_{\{z>0\}}", indicator(z > 0)),
    (r"x\cdot\mathbf{1}[wx+b>0]", x * indicator(w * x + b > 0)),
    (r"\sum_{j=1}^{n}x_j", Sum(xj, (j, 1, n))),
    (r"\sum_{j=1}^{n} w_j x_j + b", Sum(wj * xj, (j, 1, n)) + b),
    (r"\frac{1}{n}\sum_{j=1}^{n}(\hat{y}_j-y_j)^2", Sum((yhat_j - yj) ** 2, (j, 1, n)) / n),
    (r"\frac{1}{n}\sum_{j=1}^{n}\left(\hat{y}_j-y_j\right)^2",
     Sum((yhat_j - yj) ** 2, (j, 1, n)) / n),
    (r"W^T", transpose(W)),
    (r"W^\top", transpose(W)),
    # statements
    (r"y=wx+b", Eq(y, w * x + b)),
    (r"\hat{y}=\sigma(z)", Eq(yhat, sigma(z))),
    (r"0\le x", Ge(x, 0)),
    (r"x<1", Lt(x, 1)),
]  # fmt: skip

AMBIGUOUS: Final[list[str]] = [
    "1/2x",
    "a/bc",
    r"2\frac12",
    r"x^10",
    r"\ln x(1-x)",
    r"\sin 2x y",
    r"\sigma^{-1}(x)",
    "x(y)",
    r"{-e}^x",
    r"e^2x",
    r"{a+b}c",
    "W^L",
]
