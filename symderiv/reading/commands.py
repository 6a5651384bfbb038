r"""What each LaTeX command stands for, and which are refused, with what to write instead.

Here belongs a table and nothing else: `\cdot` is `*`, `\sigma` is the word sigma,
`\,` is a blank, `\lim` is not read.  Nothing here looks at what stands around a command.
"""

from __future__ import annotations

from typing import Final

from symderiv.language.indices import ACCENTS
from symderiv.reading.characters import GREEK_WORDS


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FUNCTION_WORDS: Final = _words(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth exp ln log max min"
)
_VARIANTS: Final = {
    f"var{name}": name for name in ("epsilon", "theta", "phi", "rho", "sigma", "kappa")
}
_ACCENTS: Final = {name: name for name in ACCENTS} | {
    "widehat": "hat", "overline": "bar", "widetilde": "tilde", "overrightarrow": "vec",
}  # fmt: skip
_SIGNS: Final = {
    "cdot": "*", "times": "*", "ast": "*", "cdotp": "*", "div": "/", "le": "<=", "leq": "<=",
    "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=",
    "lt": "<", "gt": ">", "equiv": "=", "partial": "∂", "vert": "|",
    "lbrace": "\\{", "rbrace": "\\}", "{": "\\{", "}": "\\}", "lbrack": "[", "rbrack": "]",
    "lparen": "(", "rparen": ")", "lvert": "|", "rvert": "|", "mid": "|", "\\": "newline",
    "odot": "⊙", "circ": "∘",
    "_": "_", "dd": "d", "differentialD": "d", "cr": "newline",
}  # fmt: skip
_BLANKS: Final = _words(
    ", ; : ! > | / quad qquad thinspace enspace space displaystyle textstyle scriptstyle limits"
    " nolimits left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr"
    " mathopen mathclose mathord mathbin mathrel mathstrut strut nonumber notag ensuremath"
    " medspace thickspace negthinspace negmedspace bigm Bigm hfill normalsize small large"
)
_SHOWN: Final = _words("cancel bcancel xcancel boxed sdcancel underline")
_FRACTIONS: Final = ("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac")

MEANINGS: Final[dict[str, tuple[str, str]]] = {
    **{name: ("word", name) for name in (*GREEK_WORDS, *FUNCTION_WORDS, "ell")},
    **{variant: ("word", name) for variant, name in _VARIANTS.items()},
    **{command: ("accent", accent) for command, accent in _ACCENTS.items()},
    **{command: (sign, sign) for command, sign in _SIGNS.items()},
    **dict.fromkeys(_BLANKS, ("blank", "")),
    **dict.fromkeys(_SHOWN, ("shown", "")),
    **dict.fromkeys(_FRACTIONS, ("frac", "")),
    **dict.fromkeys(("top", "intercal"), ("⊤", "⊤")),
    **dict.fromkeys(("arctg", "arctan"), ("word", "arctan")),
    "tg": ("word", "tan"),
    "sqrt": ("sqrt", ""),
    "sum": ("sum", "sum"),
    "int": ("integral", "integral"),
    "prime": ("primes", "'"),
    "dprime": ("primes", "''"),
}
"""For each command, the kind of its token and its text; `blank` leaves nothing, `shown` its
argument."""

LEFT: Final = frozenset(_words("left bigl Bigl biggl Biggl lvert"))
RIGHT: Final = frozenset(_words("right bigr Bigr biggr Biggr rvert"))

_LINES = "Write one equation in a line."
_MATRICES = "Name the matrix with a letter, or write its entries one by one, W_{11}."
REFUSED: Final[dict[str, tuple[str, str]]] = {
    "iint": ("Double integrals are not read.", "Write one integral in the other."),
    "oint": ("Integrals along a path are not read.", "Write an integral between two bounds."),
    "lim": ("Limits are not read.", "Write the expression without the limit."),
    "infty": ("Infinity is not a number here.", "Write a number, or the expression without it."),
    "prod": ("Products with an index are not read.", "Write the factors out."),
    "nabla": ("The gradient sign is not read.", "Write \\frac{\\partial L}{\\partial w} for each."),
    "binom": ("Binomial coefficients are not read.", "Write the fraction."),
    "pm": ("This sign means two formulas.", "Write the two formulas apart."),
    "mp": ("This sign means two formulas.", "Write the two formulas apart."),
    "approx": ("Approximations are not read.", "Only exact equations are read, with =."),
    "simeq": ("Approximations are not read.", "Only exact equations are read, with =."),
    "sim": ("Distributions are not read.", "Write the equation of the quantity."),
    "propto": ("Proportionality is not read.", "Write the equation with its constant."),
    "to": ("Arrows are not read.", "An equation is written with =."),
    "rightarrow": ("Arrows are not read.", "An equation is written with =."),
    "mapsto": ("Arrows are not read.", "An equation is written with =."),
    "coloneqq": ("Assignments are not read.", "A definition is written with =."),
    "gets": ("Assignments are not read.", "Give the new value a name of its own."),
    "leftarrow": ("Assignments are not read.", "An equation is written with =."),
    "Rightarrow": ("Implications are not read.", _LINES),
    "implies": ("Implications are not read.", _LINES),
    "iff": ("Equivalences are not read.", _LINES),
    "Leftrightarrow": ("Equivalences are not read.", _LINES),
    "therefore": ("Words of a proof are not read.", _LINES),
    "dots": ("Dots are not read.", "Write out what they stand for, or \\sum_{j=1}^{n} x_j."),
    "ldots": ("Dots are not read.", "Write out what they stand for, or \\sum_{j=1}^{n} x_j."),
    "cdots": ("Dots are not read.", "Write out what they stand for, or \\sum_{j=1}^{n} x_j."),
    "vdots": ("Dots are not read.", _MATRICES),
    "otimes": ("Outer products are not read.", "Write the entries one by one, a_i b_j."),
    "oplus": ("This sum is not read.", "Write +."),
    "in": ("Memberships are not read.", "A domain is given apart from the formula."),
    "notin": ("Memberships are not read.", "A domain is given apart from the formula."),
    "forall": ("Quantifiers are not read.", "A domain is given apart from the formula."),
    "|": ("Norms are not read.", "Write the sum of squares, or |x| for a number."),
    "Vert": ("Norms are not read.", "Write the sum of squares, or |x| for a number."),
    "lVert": ("Norms are not read.", "Write the sum of squares, or |x| for a number."),
    "rVert": ("Norms are not read.", "Write the sum of squares, or |x| for a number."),
    "langle": ("Angle brackets are not read.", "Write an inner product as a sum."),
    "lfloor": ("Rounding is not read.", "Write the number itself."),
    "lceil": ("Rounding is not read.", "Write the number itself."),
    "ddot": ("Two dots are not read.", "Write D(x, t, 2) for a second derivative."),
    "underbrace": ("Braces under a formula are not read.", "Leave them out."),
    "overbrace": ("Braces over a formula are not read.", "Leave them out."),
    "overset": ("Signs with text above are not read.", "Leave the text out."),
    "stackrel": ("Signs with text above are not read.", "Leave the text out."),
    "land": ("Joined conditions are not read.", "Write a chain such as 0 < x < 1."),
    "lor": ("Joined conditions are not read.", "Write one case for each condition."),
    "lg": ("This logarithm has base 2 to some and 10 to others.", "Write \\frac{\\ln x}{\\ln 2}."),
    "deg": ("Degrees are not read.", "Write radians: 180 degrees are \\pi."),
    "%": ("Percentages are not read.", "Write a fraction, \\frac{5}{100}."),
    "&": ("This sign is not read.", "Columns are parted by & alone."),
    "#": ("This sign is not read.", "Leave it out."),
    "$": ("This sign is not read.", "Leave it out."),
    "'": ("Text accents are not read.", "Write a prime without a backslash."),
    "^": ("Text accents are not read.", "Write \\hat{y}."),
    "href": ("Links are not read.", "Leave it out."),
    "newcommand": ("Definitions of commands are not read.", "Write the formula itself."),
    "def": ("Definitions of commands are not read.", "Write the formula itself."),
    "input": ("Files are not read.", "Write the formula itself."),
    "include": ("Files are not read.", "Write the formula itself."),
}  # fmt: skip
"""Commands that are known and not read: the problem in a sentence, and a hint."""

DELIMITERS: Final = ("equation", "displaymath", "math")
"""Environments that hold one formula."""

BLOCKS: Final = ("align", "aligned", "alignat", "gather", "gathered", "split", "eqnarray",
                 "multline", "flalign")  # fmt: skip
"""Environments that hold lines."""
