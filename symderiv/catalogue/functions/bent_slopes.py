"""Slopes of single functions as students get them wrong: σ′ = 1 − σ, cos′ = sin, ln′ without f′.

Here belongs every slip that bends the slope of one function of the catalogue; the law it
bends is that function's own.  Slips about the laws for all functions stand in `rules`.
"""

from symderiv.catalogue.functions.activations import relu, sigmoid, tanh
from symderiv.catalogue.functions.elementary import log, sqrt
from symderiv.catalogue.functions.losses import bce, mse
from symderiv.catalogue.functions.trigonometric import cos, sin, tan
from symderiv.catalogue.rule import Misconception
from symderiv.language.build import D
from symderiv.language.patterns import Letter, letters

f, g = letters("f g")
c, n = letters("c n", "constant")
x = Letter("x", "variable")
count = Letter("k", "count")

reciprocal_of_the_inner_derivative = Misconception(
    "logarithm differentiated to one over the inner derivative",
    D(log(f), x) >> 1 / D(f, x),
    why="Below the bar stands the inside itself; its derivative stands above.",
    example="D(log(t^2 + 1), t) -> 1/D(t^2 + 1, t)",
    instead=log.slope_rule,
)
logarithm_of_the_derivative = Misconception(
    "logarithm of the derivative",
    D(log(f), x) >> log(D(f, x)),
    why="The slope of the logarithm is a reciprocal, and no logarithm any more.",
    example="D(log(t^2 + 1), t) -> log(D(t^2 + 1, t))",
    instead=log.slope_rule,
)
natural_logarithm_taken_for_base_ten = Misconception(
    "natural logarithm taken for base ten",
    D(log(f), x) >> D(f, x) / (f * log(10)),
    why="In this field log is the natural logarithm, whose slope is 1/x without a factor.",
    example="D(log(t^2 + 1), t) -> D(t^2 + 1, t)/((t^2 + 1)*log(10))",
    instead=log.slope_rule,
)
minus_inside_a_logarithm_lost = Misconception(
    "minus inside a logarithm lost",
    D(log(c - f), x) >> D(f, x) / (c - f),
    why="The inside falls when its last term grows: its derivative has a minus.",
    example="D(log(1 - t), t) -> D(t, t)/(1 - t)",
    instead=log.slope_rule,
)

two_below_a_root_lost = Misconception(
    "two below a root lost",
    D(sqrt(f), x) >> D(f, x) / sqrt(f),
    why="A root is the power one half, and the half comes down in front.",
    example="D(sqrt(t^2 + 1), t) -> D(t^2 + 1, t)/sqrt(t^2 + 1)",
    instead=sqrt.slope_rule,
)
root_of_the_derivative = Misconception(
    "root of the derivative",
    D(sqrt(f), x) >> sqrt(D(f, x)),
    why="The root is differentiated at what stands under it; the inner derivative is a factor.",
    example="D(sqrt(t^2 + 1), t) -> sqrt(D(t^2 + 1, t))",
    instead=sqrt.slope_rule,
)

cosine_of_the_derivative = Misconception(
    "cosine of the inner derivative",
    D(sin(f), x) >> cos(D(f, x)),
    why="The angle stays as it is; its derivative is a factor.",
    example="D(sin(t^2), t) -> cos(D(t^2, t))",
    instead=sin.slope_rule,
)
tangent_as_quotient_of_derivatives = Misconception(
    "tangent differentiated above and below",
    D(tan(f), x) >> -(cos(f) / sin(f)) * D(f, x),
    why="Sine over cosine takes the quotient rule, which gives one over the squared cosine.",
    example="D(tan(3*t), t) -> -(cos(3*t)/sin(3*t))*D(3*t, t)",
    instead=tan.slope_rule,
)

sigmoid_slope_one_minus_sigmoid = Misconception(
    "sigmoid differentiated to one minus sigmoid",
    D(sigmoid(f), x) >> (1 - sigmoid(f)) * D(f, x),
    why="The slope has two factors: the sigmoid itself and what it lacks to one.",
    example="D(sigmoid(3*t), t) -> (1 - sigmoid(3*t))*D(3*t, t)",
    instead=sigmoid.slope_rule,
)
sigmoid_slope_with_a_plus = Misconception(
    "sigmoid differentiated with a plus",
    D(sigmoid(f), x) >> sigmoid(f) * (1 + sigmoid(f)) * D(f, x),
    why="The slope vanishes where the sigmoid nears one: the second factor is a difference.",
    example="D(sigmoid(3*t), t) -> sigmoid(3*t)*(1 + sigmoid(3*t))*D(3*t, t)",
    instead=sigmoid.slope_rule,
)
sigmoid_slope_with_a_square = Misconception(
    "sigmoid differentiated with a square too many",
    D(sigmoid(f), x) >> sigmoid(f) * (1 - sigmoid(f) ** 2) * D(f, x),
    why="The square belongs to the hyperbolic tangent; the sigmoid's slope has none.",
    example="D(sigmoid(3*t), t) -> sigmoid(3*t)*(1 - sigmoid(3*t)^2)*D(3*t, t)",
    instead=sigmoid.slope_rule,
)
sigmoid_slope_of_tanh = Misconception(
    "sigmoid differentiated like the hyperbolic tangent",
    D(sigmoid(f), x) >> (1 - sigmoid(f) ** 2) * D(f, x),
    why="One minus the square is the slope of the hyperbolic tangent.",
    example="D(sigmoid(3*t), t) -> (1 - sigmoid(3*t)^2)*D(3*t, t)",
    instead=sigmoid.slope_rule,
)
sigmoid_taken_for_an_exponential = Misconception(
    "sigmoid taken for its own derivative",
    D(sigmoid(f), x) >> sigmoid(f) * D(f, x),
    why="Only the exponential is its own derivative.",
    example="D(sigmoid(3*t), t) -> sigmoid(3*t)*D(3*t, t)",
    instead=sigmoid.slope_rule,
)
sigmoid_slope_at_the_activation = Misconception(
    "sigmoid's slope at the activation",
    D(sigmoid(f), x) >> sigmoid(sigmoid(f)) * (1 - sigmoid(sigmoid(f))) * D(f, x),
    why="The slope is taken at the pre-activation; in terms of the activation it is a(1 − a).",
    example="D(sigmoid(3*t), t) -> sigmoid(sigmoid(3*t))*(1 - sigmoid(sigmoid(3*t)))*D(3*t, t)",
    instead=sigmoid.slope_rule,
)
inner_derivative_of_a_sigmoid_forgotten = Misconception(
    "inner derivative of a sigmoid forgotten",
    D(sigmoid(f), x) >> sigmoid(f) * (1 - sigmoid(f)),
    why="What goes into the sigmoid moves at its own speed, which is a factor.",
    example="D(sigmoid(3*t), t) -> sigmoid(3*t)*(1 - sigmoid(3*t))",
    instead=sigmoid.slope_rule,
)

tanh_slope_without_square = Misconception(
    "tanh differentiated without the square",
    D(tanh(f), x) >> (1 - tanh(f)) * D(f, x),
    why="The slope is one minus the square: it is the same at z and at −z.",
    example="D(tanh(3*t), t) -> (1 - tanh(3*t))*D(3*t, t)",
    instead=tanh.slope_rule,
)
tanh_slope_with_a_plus = Misconception(
    "tanh differentiated with a plus",
    D(tanh(f), x) >> (1 + tanh(f) ** 2) * D(f, x),
    why="The curve flattens out on both sides, so the square is subtracted.",
    example="D(tanh(3*t), t) -> (1 + tanh(3*t)^2)*D(3*t, t)",
    instead=tanh.slope_rule,
)
tanh_slope_of_sigmoid = Misconception(
    "tanh differentiated like the sigmoid",
    D(tanh(f), x) >> tanh(f) * (1 - tanh(f)) * D(f, x),
    why="This is the slope of the sigmoid; that of tanh is one minus its square.",
    example="D(tanh(3*t), t) -> tanh(3*t)*(1 - tanh(3*t))*D(3*t, t)",
    instead=tanh.slope_rule,
)
inner_derivative_of_tanh_forgotten = Misconception(
    "inner derivative of tanh forgotten",
    D(tanh(f), x) >> 1 - tanh(f) ** 2,
    why="What goes in moves at its own speed, which is a factor.",
    example="D(tanh(3*t), t) -> 1 - tanh(3*t)^2",
    instead=tanh.slope_rule,
)

relu_slope_always_one = Misconception(
    "relu differentiated to one everywhere",
    D(relu(f), x) >> D(f, x),
    why="Where the pre-activation is negative, nothing passes: the slope there is zero.",
    example="D(relu(3*t), t) -> D(3*t, t)",
    instead=relu.slope_rule,
)
relu_value_for_its_slope = Misconception(
    "relu taken for its own slope",
    D(relu(f), x) >> relu(f) * D(f, x),
    why="The slope is 1 or 0; the value itself is no part of it.",
    example="D(relu(3*t), t) -> relu(3*t)*D(3*t, t)",
    instead=relu.slope_rule,
)
relu_input_for_its_slope = Misconception(
    "relu differentiated to its input",
    D(relu(f), x) >> f * D(f, x),
    why="The slope is 1 or 0; the input itself is no part of it.",
    example="D(relu(3*t), t) -> 3*t*D(3*t, t)",
    instead=relu.slope_rule,
)

two_of_a_squared_error_lost = Misconception(
    "two of a squared error lost",
    D(mse(f, c), x) >> mse(f, c) / (f - c) * D(f, x),
    why="The exponent two comes down in front, unless a half was written before the square.",
    example="D(mse(3*t, 5), t) -> mse(3*t, 5)/(3*t - 5)*D(3*t, t)",
    instead=mse.slope_rule,
)
squared_error_turned = Misconception(
    "squared error with prediction and target turned",
    D(mse(f, c), x) >> -2 * mse(f, c) / (f - c) * D(f, x),
    why="The error is prediction minus target: the prediction is what moves.",
    example="D(mse(3*t, 5), t) -> -2*mse(3*t, 5)/(3*t - 5)*D(3*t, t)",
    instead=mse.slope_rule,
)
inner_derivative_of_a_squared_error_forgotten = Misconception(
    "inner derivative of a squared error forgotten",
    D(mse(f, c), x) >> 2 * mse(f, c) / (f - c),
    why="The prediction depends on what moves: its own rate is a factor.",
    example="D(mse(3*t, 5), t) -> 2*mse(3*t, 5)/(3*t - 5)",
    instead=mse.slope_rule,
)

cross_entropy_with_the_sign_turned = Misconception(
    "cross-entropy with the sign turned",
    D(bce(f, c), x) >> (c - f) / (f * (1 - f)) * D(f, x),
    why="The minus signs of the definition are part of it: the loss falls towards the target.",
    example="D(bce(t, 1/3), t) -> (1/3 - t)/(t*(1 - t))*D(t, t)",
    instead=bce.slope_rule,
)
minus_of_the_second_logarithm_lost = Misconception(
    "minus of the cross-entropy's second logarithm lost",
    D(bce(f, c), x) >> (-c / f - (1 - c) / (1 - f)) * D(f, x),
    why="One minus the prediction falls when the prediction grows: minus times minus is plus.",
    example="D(bce(t, 1/3), t) -> (-(1/3)/t - (2/3)/(1 - t))*D(t, t)",
    instead=bce.slope_rule,
)
second_term_of_the_cross_entropy_left_out = Misconception(
    "second term of the cross-entropy left out",
    D(bce(f, c), x) >> -c / f * D(f, x),
    why="The term for the other class moves with the prediction too.",
    example="D(bce(t, 1/3), t) -> -(1/3)/t*D(t, t)",
    instead=bce.slope_rule,
)
denominator_of_the_cross_entropy_lost = Misconception(
    "slope of the cross-entropy taken at the pre-activation",
    D(bce(f, c), x) >> (f - c) * D(f, x),
    why="Prediction minus target is the slope by the pre-activation, behind the sigmoid's own "
    "slope; by the prediction a denominator stays.",
    example="D(bce(t, 1/3), t) -> (t - 1/3)*D(t, t)",
    instead=bce.slope_rule,
)
