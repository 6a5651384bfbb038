"""Derivatives of this field with answers that students give: right in other words, and slips.

Each entry is the textbook's answer, where its names lie, the right answers, and the slips.
The slips are those of the literature: a factor forgotten, a sign, a rule bent, a gate on the
wrong variable.  The list is ours, and our judge was written with its like in mind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple


class Entry(NamedTuple):
    textbook: str
    right: tuple[str, ...]
    slips: tuple[str, ...]
    where: Mapping[str, str] = {}


class Answer(NamedTuple):
    textbook: str
    answer: str
    where: Mapping[str, str]
    right: bool


_S = "(1/(1 + exp(-z)))"
_RATE: Final = {"yhat": "(0,1)", "y": "(0,1)"}

ENTRIES: Final = (
    Entry(
        "sigma(z)*(1 - sigma(z))",
        (
            "exp(-z)/(1 + exp(-z))^2",
            "exp(z)/(1 + exp(z))^2",
            f"{_S} - {_S}^2",
            "1/(2 + exp(z) + exp(-z))",
            "1/(4*cosh(z/2)^2)",
            "sigma(z)*sigma(-z)",
            "(1 - tanh(z/2)^2)/4",
            "1/(1 + exp(-z))*exp(-z)/(1 + exp(-z))",
        ),
        (
            "-exp(-z)/(1 + exp(-z))^2",
            "exp(-z)/(1 + exp(-z))",
            "exp(z)/(1 + exp(-z))^2",
            "sigma(z)*(1 + sigma(z))",
            "1/(4*cosh(z)^2)",
            "sigma(z)",
        ),
    ),
    Entry(
        "1 - tanh(z)^2",
        (
            "1/cosh(z)^2",
            "4/(exp(z) + exp(-z))^2",
            "(1 - tanh(z))*(1 + tanh(z))",
            "4*exp(2*z)/(exp(2*z) + 1)^2",
            "1 - (exp(z) - exp(-z))^2/(exp(z) + exp(-z))^2",
            "4*sigma(2*z)*(1 - sigma(2*z))",
        ),
        ("1 + tanh(z)^2", "1/cosh(z^2)", "(1 - tanh(z))^2", "tanh(z)^2 - 1", "1 - tanh(z)"),
    ),
    Entry(
        "(yhat - y)/(yhat*(1 - yhat))",
        (
            "-y/yhat + (1 - y)/(1 - yhat)",
            "(y - yhat)/(yhat*(yhat - 1))",
            "(yhat - y)/(yhat - yhat^2)",
            "-(y/yhat - (1 - y)/(1 - yhat))",
            "(yhat*(1 - y) - y*(1 - yhat))/(yhat*(1 - yhat))",
        ),
        (
            "-y/yhat - (1 - y)/(1 - yhat)",
            "y/yhat + (1 - y)/(1 - yhat)",
            "(y - yhat)/(yhat*(1 - yhat))",
            "yhat - y",
            "-y*log(yhat) + (1 - y)/(1 - yhat)",
        ),
        _RATE,
    ),
    Entry(
        "1/(1 + exp(-z)) - y",
        (
            "exp(z)/(1 + exp(z)) - y",
            "sigma(z) - y",
            "(1 - y)*sigma(z) - y*(1 - sigma(z))",
            "(1 - y - y*exp(-z))/(1 + exp(-z))",
            "(1 + tanh(z/2))/2 - y",
        ),
        ("y - sigma(z)", "sigma(z)*(1 - sigma(z)) - y", "sigma(z) + y", "sigma(-z) - y"),
    ),
    Entry(
        "(sigma(w*x + b) - y)*x",
        (
            "x*sigma(w*x + b) - x*y",
            "x/(1 + exp(-w*x - b)) - x*y",
            "x*(exp(w*x + b)*(1 - y) - y)/(1 + exp(w*x + b))",
            "-x*(y - sigma(b + x*w))",
        ),
        (
            "sigma(w*x + b) - y",
            "(sigma(w*x + b) - y)*w",
            "(sigma(w*x) - y)*x",
            "x*sigma(w*x + b) - y",
        ),
    ),
    Entry(
        "(tanh(w*x + b) - y)*(1 - tanh(w*x + b)^2)*x",
        (
            "x*(tanh(w*x + b) - y)/cosh(w*x + b)^2",
            "x*(1 + tanh(w*x + b))*(1 - tanh(w*x + b))*(tanh(w*x + b) - y)",
            "-x*(y - tanh(b + w*x))*(1 - tanh(b + w*x)^2)",
        ),
        (
            "(tanh(w*x + b) - y)*x",
            "(tanh(w*x + b) - y)*(1 - tanh(w*x + b))*x",
            "(tanh(w*x + b) - y)*(1 - tanh(w*x + b)^2)*w",
            "(y - tanh(w*x + b))*(1 - tanh(w*x + b)^2)*x",
        ),
    ),
    Entry(
        "2*x*sin(x) + x^2*cos(x)",
        ("x*(2*sin(x) + x*cos(x))", "x^2*cos(x) + x*sin(x)*2", "x*sin(x) + x*(sin(x) + x*cos(x))"),
        ("2*x*cos(x)", "2*x*sin(x) - x^2*cos(x)", "2*x*sin(x) + x^2*sin(x)", "x^2*cos(x)"),
    ),
    Entry(
        "exp(x)*(x - 1)/x^2",
        (
            "exp(x)/x - exp(x)/x^2",
            "(x*exp(x) - exp(x))/x^2",
            "exp(x)*(1/x - 1/x^2)",
            "(1 - 1/x)*exp(x)/x",
        ),
        ("exp(x)", "exp(x)*(1 - x)/x^2", "exp(x)*(x + 1)/x^2", "exp(x)*(x - 1)/x"),
    ),
    Entry(
        "2*x/(1 + x^2)",
        ("1/(1 + x^2)*2*x", "2/(x + 1/x)", "1/(x + 1/x) + x/(x^2 + 1)"),
        ("1/(1 + x^2)", "2*x*log(1 + x^2)", "2/(1 + x^2)", "1/(2*x)"),
        {"x": ">0"},
    ),
    Entry(
        "-2*x*exp(-x^2)",
        ("-2*x/exp(x^2)", "exp(-x^2)*(-2*x)", "-x*exp(-x^2) - x/exp(x^2)"),
        ("exp(-x^2)", "-x^2*exp(-x^2 - 1)", "2*x*exp(-x^2)", "exp(-2*x)"),
    ),
    Entry(
        "x/sqrt(x^2 + 1)",
        ("2*x/(2*sqrt(1 + x^2))", "x*sqrt(x^2 + 1)/(x^2 + 1)", "x*(x^2 + 1)^(-1/2)"),
        ("1/(2*sqrt(x^2 + 1))", "x/(x^2 + 1)", "2*x/sqrt(x^2 + 1)", "x + 1"),
    ),
    Entry(
        "1/(2*sqrt(x))",
        ("sqrt(x)/(2*x)", "x^(-1/2)/2", "1/(sqrt(x) + sqrt(x))", "sqrt(4*x)/(4*x)"),
        ("1/sqrt(x)", "sqrt(x)/2", "-1/(2*sqrt(x))"),
        {"x": ">0"},
    ),
    Entry(
        "log(x) + 1",
        ("log(x) + x/x", "log(x*e)", "log(x^2)/2 + 1", "-log(1/x) + 1"),
        ("1/x", "log(x) + 1/x", "log(x)", "x*log(x) + 1"),
        {"x": ">0"},
    ),
    Entry(
        "1/cos(x)^2",
        ("1 + tan(x)^2", "(sin(x)^2 + cos(x)^2)/cos(x)^2", "2/(1 + cos(2*x))"),
        ("1/sin(x)^2", "-1/cos(x)^2", "1/cos(x^2)", "1 + tan(x)"),
    ),
    Entry(
        "3*(2*x + 1)^2*2",
        ("6*(2*x + 1)^2", "24*x^2 + 24*x + 6", "6*(1 + 4*x + 4*x^2)"),
        ("3*(2*x + 1)^2", "6*(2*x + 1)", "6*(4*x^2 + 1)", "24*x^2 + 6"),
    ),
    Entry(
        "exp(z)/(1 + exp(z))",
        ("1/(1 + exp(-z))", "1 - 1/(1 + exp(z))", "(1 + tanh(z/2))/2"),
        ("1/(1 + exp(z))", "exp(z)*log(1 + exp(z))", "exp(z)/(1 + exp(z))^2", "1 - exp(-z)"),
    ),
    Entry(
        "2*(w*x + b - y)*x",
        ("2*w*x^2 + 2*b*x - 2*x*y", "-2*x*(y - b - w*x)", "x*(w*x + b - y) + x*(b + w*x - y)"),
        ("2*(w*x + b - y)", "2*(w*x + b - y)*w", "(w*x + b - y)*x", "2*(y - w*x - b)*x"),
    ),
    Entry(
        "x/abs(x)",
        ("abs(x)/x", "abs(x)*x/x^2", "2*max(0, x)/x - 1"),
        ("1", "abs(x)", "x", "1/abs(x)"),
        {"x": "!=0"},
    ),
    Entry(
        "exp(x)/(1 - cosh(x))", ("2*exp(x)/(1-exp(x)) - 2*exp(x)/(1-exp(x))^2",), (), {"x": "<0"}
    ),
)


def answers() -> Iterator[Answer]:
    """Every answer with its verdict."""
    for entry in ENTRIES:
        for text in entry.right:
            yield Answer(entry.textbook, text, entry.where, True)
        for text in entry.slips:
            yield Answer(entry.textbook, text, entry.where, False)


QUESTIONS: Final = (
    ("sigma(z)", "z"),
    ("tanh(z)", "z"),
    ("-(y*log(yhat) + (1 - y)*log(1 - yhat))", "yhat"),
    ("-(y*log(sigma(z)) + (1 - y)*log(1 - sigma(z)))", "z"),
    ("-(y*log(sigma(w*x + b)) + (1 - y)*log(1 - sigma(w*x + b)))", "w"),
    ("(tanh(w*x + b) - y)^2/2", "w"),
    ("x^2*sin(x)", "x"),
    ("exp(x)/x", "x"),
    ("log(1 + x^2)", "x"),
    ("exp(-x^2)", "x"),
    ("sqrt(x^2 + 1)", "x"),
    ("sqrt(x)", "x"),
    ("x*log(x)", "x"),
    ("tan(x)", "x"),
    ("(2*x + 1)^3", "x"),
    ("log(1 + exp(z))", "z"),
    ("(w*x + b - y)^2", "w"),
    ("abs(x)", "x"),
    ("-2*log(1 - exp(x)) - 2/(1 - exp(x))", "x"),
)
"""What each entry answers: a function, and by what it is differentiated."""
