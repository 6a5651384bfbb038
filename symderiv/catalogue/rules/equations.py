"""The laws by which an equation becomes the next: what is done to one side is done to the other.

In each of them both sides of the equation are changed alike; f, g and h may be anything.
Which of them to use, and when, is decided in `deriving`.
"""

from symderiv.catalogue.rule import Rule
from symderiv.language.build import D, equal
from symderiv.language.patterns import Letter, letters

f, g, h, k = letters("f g h k")
x = Letter("x", "variable")

differentiate_both_sides = Rule(
    "differentiate both sides",
    (equal(f, g) >> equal(D(f, x), D(g, x)),),
    why="Both sides are equal all along, so they change at the same rate.",
    example="(t + 1)^2 = t^2 + 2*t + 1 -> D((t + 1)^2, t) = D(t^2 + 2*t + 1, t)",
)

swap_sides = Rule(
    "swap the sides",
    (equal(f, g) >> equal(g, f),),
    why="An equation is read from both sides.",
    example="2*t + 2*s = 2*(t + s) -> 2*(t + s) = 2*t + 2*s",
    tag="rearrangement",
)

terms_to_the_other_side = Rule(
    "bring terms to the other side",
    (
        equal(f + g, h) >> equal(f, h - g),
        equal(f - g, h) >> equal(f, h + g),
        equal(f, g + h) >> equal(f - h, g),
    ),
    why="The same is taken away from both sides, so a term goes over with the other sign.",
    example="2*t + 2*s = 2*(t + s) -> 2*t = 2*(t + s) - 2*s",
)

multiply_both_sides = Rule(
    "multiply both sides",
    (equal(f / h, g) >> equal(f, g * h),),
    why="Both sides are multiplied by ${h}, which is not zero.",
    example="(t^2 + t)/2 = t*(t + 1)/2 -> t^2 + t = (t*(t + 1)/2)*2",
    condition=h,
)

divide_both_sides = Rule(
    "divide both sides",
    (equal(h * f, g) >> equal(f, g / h),),
    why="Both sides are divided by ${h}, which is not zero.",
    example="2*(t + s) = 2*t + 2*s -> t + s = (2*t + 2*s)/2",
    condition=h,
)

exact_value = Rule(
    "exact value",
    (),
    why="The values of roots, sines, exponentials and logarithms that are known exactly are put "
    "in, and what is left is counted together.",
    example="2*sin(pi/6) + t -> 1 + t",
)

parametric_derivative = Rule(
    "parametric derivative",
    (D(f, g) >> D(f, x) / D(g, x),),
    why="While ${x} moves, both ${f} and ${g} move, and the slope is the ratio of their rates.",
    example="D(L, a) -> D(L, z)/D(a, z)",
    condition=D(g, x),
)

extend_fraction = Rule(
    "extend the fraction",
    (f / g >> (f * h) / (g * h),),
    why="Numerator and denominator are multiplied by ${h}, which is not zero.",
    example="s/r -> (s*t)/(r*t)",
    condition=h,
)
