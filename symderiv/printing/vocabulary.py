"""Numbers and letters as they are said: twelve, third, two halves, capital sigma.

Here belong the words for what stands alone.  How parts are joined to a sentence that
cannot be misheard stands in `speech`.
"""

from __future__ import annotations

from typing import Final

from symderiv.printing.glyphs import GREEK, layer_tokens

SIGNS: Final = {
    "=": "equals", "!=": "is not equal to", "<": "is less than", "<=": "is at most",
    ">": "is greater than", ">=": "is at least",
}  # fmt: skip
_CARDINALS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
_ORDINALS: Final = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
    "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
_PARTS: Final = ("", "", "half", "third", "quarter", *_ORDINALS[5:11])
_ENDS: Final = {1: "st", 2: "nd", 3: "rd"}
_FUNCTIONS: Final = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "sec": "secant", "csc": "cosecant",
    "cot": "cotangent", "arcsin": "arc sine", "arccos": "arc cosine", "arctan": "arc tangent",
    "sinh": "hyperbolic sine", "cosh": "hyperbolic cosine", "tanh": "hyperbolic tangent",
    "coth": "hyperbolic cotangent", "ln": "natural log", "max": "the maximum",
    "min": "the minimum", "sgn": "the sign",
}  # fmt: skip
_GREEK: Final = {
    **{letter: name for name, letter in GREEK.items()},
    "∞": "infinity", "∇": "nabla", "ℓ": "ell", "ϵ": "lunate epsilon", "ε": "epsilon",
    "ϑ": "script theta", "ϱ": "curly rho", "ς": "final sigma", "φ": "curly phi",
}  # fmt: skip


def counted(text: str) -> str:
    """A number; digits beyond twenty are left to the voice."""
    short = text.isdigit() and len(text) <= 2
    known = short and str(int(text)) == text and int(text) < len(_CARDINALS)
    return _CARDINALS[int(text)] if known else text


def ordinal(number: int) -> str:
    """The rank of a number: third, 21st."""
    if number < len(_ORDINALS):
        return _ORDINALS[number]
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else _ENDS.get(number % 10, 'th')}"


def is_ranked(text: str) -> bool:
    """Whether a whole number, four or more, is said as a rank: the fourth root."""
    return counted(text) in _CARDINALS[4:]


def in_parts(above: str, below: str) -> str:
    """A fraction of two small numbers: two thirds; empty where it has no such name."""
    over, under = counted(above), counted(below)
    if over not in _CARDINALS or under not in _CARDINALS[2 : len(_PARTS)]:
        return ""
    part = _PARTS[int(below)]
    return f"{over} {part if above == '1' else 'halves' if part == 'half' else part + 's'}"


def spoken(text: str) -> str:
    """A name: Greek letters have theirs, any other is said as it is written."""
    name = _GREEK.get(text, text)
    return f"capital {name.lower()}" if name[:1].isupper() and text != name else name


def function_name(text: str) -> str:
    """The name of a function: sine, natural log, the maximum."""
    return _FUNCTIONS.get(text) or spoken(text)


def layer_words(layer: str) -> str:
    """A layer of one word stands beside the name, `l-1` between words of its own."""
    tokens = [token.text for token in layer_tokens(layer)]
    signs = {"+": "plus", "−": "minus"}
    words = " ".join(signs.get(token) or spoken(counted(token)) for token in tokens)
    return words if len(tokens) == 1 else f"layer {words} end layer"
