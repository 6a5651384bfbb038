"""What is said of functions by pieces: at their borders, and where pieces turn out to be one.

The law of the smooth border rests on the mean value theorem: a function that is continuous
at a point, and whose slope tends to one value from both sides, has that slope there.
Source: Spivak, *Calculus*, chapter 11, theorem 7.
"""

from symderiv.catalogue.rule import Rule

smooth_border = Rule(
    "smooth border",
    (),
    why="At the border both pieces have the same value and the same slope, so the derivative "
    "exists there too.",
    example="cases(2*t if t > 0, 0 if t < 0) -> cases(2*t if t > 0, 0 if t <= 0)",
)

equal_pieces = Rule(
    "equal pieces",
    (),
    why="All pieces are the same formula, so that there is nothing to tell apart.",
    example="cases(2*t if t > 0, 2*t if t <= 0) -> 2*t",
)

signs_apart = Rule(
    "tell the signs apart",
    (),
    why="Absolute value and maximum are one formula where the variable is positive, and another "
    "where it is not.",
    example="max(0, t) + abs(t) -> cases(t + t if t > 0, -t if t <= 0)",
)
