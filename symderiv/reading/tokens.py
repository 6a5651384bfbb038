r"""Text as a list of tokens, each with its place, and the limits that hold before anything is read.

One tokenizer serves LaTeX, plain text and Unicode: `\cdot`, `·` and `*` are one token.
Here belongs where a token begins and ends, and TeX's own rule that `\frac12` has two
arguments of one character.  What a name means, and which token may follow which, stands
elsewhere.  After this module nobody sees a character outside ASCII, but for the signs ∂, ⊤,
⊙ and ∘.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from symderiv.errors import Ambiguous, Reading, Unreadable
from symderiv.reading.characters import (
    LOWERED,
    MARKS,
    RAISED,
    SIGNS,
    WORDS,
    ascii_name,
    font,
    letters,
    lowered,
    raised,
    unknown,
)
from symderiv.reading.commands import LEFT, MEANINGS, REFUSED, RIGHT

CHARACTERS, TOKENS, DIGITS = 4_000, 1_500, 40


class Token(NamedTuple):
    """One piece of the text.

    `kind` is number, word, layer, raised, primes, frac, sqrt, sum, integral, accent, begin, finish,
    note, indicator, d, newline, end, or the sign itself; `text` its spelling in ASCII; `raw`
    what was typed at `position`; `spaced` whether a blank stands before it.  A bar's text is
    left or right where LaTeX says so.
    """

    kind: str
    text: str
    position: int
    spaced: bool
    raw: str


_ROUND_EXPONENT = re.compile(r"\^\s*\(")
_BRACED = re.compile(r"[\^_]\s*\{|(?<!\w)\{[^{}]*\}\s*[\^_]")


def is_latex(text: str) -> bool:
    """Whether a text is LaTeX: where it has a backslash, a dollar sign or a braced exponent.

    Braces alone do not tell where an exponent stands in round brackets too, which LaTeX would
    end after the bracket: `Σ_{j=1}^{n} e^(z_j)`.
    """
    if "\\" in text or "$" in text:
        return True
    return _BRACED.search(text) is not None and _ROUND_EXPONENT.search(text) is None


_LETTER, _MARK, _LOW = f"[{letters()}]", f"[{''.join(MARKS)}]", f"[{''.join(LOWERED)}]"
_FOREIGN = f"(?:(?![A-Za-z]){_LETTER}|[A-Za-z]{_MARK})"  # one letter that ASCII does not have
_IN_NAME = f"[{letters()}{''.join(MARKS)}0-9]"
_NUMBER = r"(?P<number>(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][-+−]?[0-9]++)?)"
_UPRIGHT = "text|textrm|textit|textbf|textnormal|mathrm|mathit|mathsf|mathtt|operatorname\\*?|mbox"
_FONTS = "mathbf|boldsymbol|bm|mathcal|mathscr|mathfrak|mathbb|mathbbm|mathds|mathsf|mathit|mathrm"
_REST = r"""
    | (?P<raised>[⁺⁻]?(?:[⁰¹²³⁴-⁹]*[ⁿˡⁱʲᵏᵗˣʸᶻᵃᵇ]|[⁰¹²³⁴-⁹]+)|ᵀ)
    | (?P<low>{low})
    | (?P<raisedlayer>⁽[{raised}]{{1,12}}⁾)
    | (?P<primes>['’′″‴]+)
    | (?P<sign>\*\*|<=|>=|!=|==|\.\.|[-+*/^=<>()\[\],;|{{}}∂⊤{signs}])
    | (?P<index>_)
""".format(
    low=_LOW + "+",
    raised="".join(RAISED),
    signs="".join(sign for sign in SIGNS if len(sign) == 1),
)
_PLAIN = re.compile(
    rf"""
      (?P<blank>[ \t\r\n\u00a0\u2000-\u200a\u202f\u205f\u3000]+)
    | {_NUMBER}
    | (?P<layer>(?<={_LETTER})\{{[A-Za-z0-9+-]{{1,20}}\}})
    | (?P<word>(?:(?:d?{_FOREIGN}{_MARK}?[0-9]*|[A-Za-z](?:[A-Za-z0-9]|{_MARK})*)
               (?:_[0-9]+(?={_LETTER}_)|_{_IN_NAME}+|{_LOW}+)*|[√𝟙𝟏]))
    {_REST}""",
    re.VERBOSE,
)
_LATEX = re.compile(
    rf"""
      (?P<blank>(?:[ \t\r\n~\u00a0\u2000-\u200a\u202f\u205f\u3000]|%[^\n]*|\\[ \t\n]|
                \\math(?:open|close|ord|bin|rel)\{{\}}|(?<=end\{{array\}})\s*\\right\.|
                \\(?:label|tag\*?|color)\{{[^{{}}\\]{{0,60}}\}})+)
    | {_NUMBER}
    | (?P<word>(?:[A-Za-z]+(?!{_MARK})|{_LETTER}{_MARK}?|√)(?:{_LOW}+)?|[𝟙𝟏])
    | (?P<shown>\\(?:sdfactor|textcolor)\{{[^{{}}\\]{{0,60}}\}})
    | (?P<environment>\\(?:begin|end)\s*\{{[a-z]{{1,20}}\*?\}}(?:(?<=array\}})\{{[lcr|@ ]*\}})?)
    | (?P<upright>\\(?:{_UPRIGHT})\s*(?:\{{(?:[^{{}}\\$]|\\[_\ ,%]){{0,200}}\}}|\s[A-Za-z0-9]))
    | (?P<font>\\(?:{_FONTS})\s*(?:\{{\s*(?:[A-Za-z0-9]|\\[A-Za-z]+)\s*\}}|\s[A-Za-z0-9]|[0-9]))
    | (?P<command>\\(?:[A-Za-z]+|\\(?:\[[0-9.a-z ]{{0,9}}\])?|.))
    | (?P<align>&)
    | (?P<point>\.(?!\.))
    {_REST}""",
    re.VERBOSE | re.DOTALL,
)
CONDITION_WORDS: Final = ("if", "otherwise")
"""The words that stand before a condition, whatever was typed for them."""

_CONDITION_WORDS = dict.fromkeys(("if", "for", "when", "where", "falls"), "if")
_CONDITION_WORDS |= dict.fromkeys(("otherwise", "else", "sonst"), "otherwise")
_ARGUMENTS = {"frac": 2, "sqrt": 1, "accent": 1}
# What means the same wherever it stands, by far the most of a formula.
_SIMPLE = {sign: (sign, sign) for sign in ("+", "-", "*", "/", "^", "=", "<", ">", "(", ")", ",")}
_SIMPLE |= {"_": ("_", "_"), "&": ("&", "&"), "'": ("primes", "'")}
_SIMPLE |= {
    f"\\{name}": meaning
    for name, meaning in MEANINGS.items()
    if name.isalpha() and meaning[0] in ("word", "*", "/", "<=", ">=", "!=", "∂", "⊤")
}


def tokenize(text: str, start: int, stop: int, *, latex: bool) -> list[Token]:
    """The tokens of a part of `text`, the last of kind `end`; refuses the first bad place."""
    if stop - start > CHARACTERS:
        problem, hint = f"A formula has at most {CHARACTERS:,} characters.", "Split it up."
        raise Unreadable(text, start + CHARACTERS, problem, hint)
    return _Tokenizer(text, start, stop, latex).tokens


class _Tokenizer:
    """One pass over the text."""

    def __init__(self, text: str, start: int, stop: int, latex: bool) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.single = 0  # how many arguments of one character a command still takes
        self.groups: list[tuple[str, int]] = []  # each open brace, and `single` outside it
        self.side = "", 0  # left or right, and how many tokens stood before \left or \right
        scan = (_LATEX if latex else _PLAIN).match
        tokens, spaced = self.tokens, False
        while start < stop:
            found = scan(text, start, stop)
            if found is None:
                raise unknown(text, start)
            kind, raw = str(found.lastgroup), found.group()
            if kind == "blank":
                start, spaced = found.end(), True
                continue
            known = None if self.single else _SIMPLE.get(raw)
            if known is not None:
                token: Token | None = Token(known[0], known[1], start, spaced, raw)
            elif kind == "word" and not self.single and len(raw) <= DIGITS and raw.isascii():
                token = Token(kind, raw, start, spaced, raw)
            else:
                token = self._token(kind, raw, start, spaced)
            if token is None:
                start, spaced = found.end(), True
                continue
            if len(tokens) == TOKENS:
                problem = f"A formula has at most {TOKENS:,} tokens."
                raise Unreadable(text, start, problem, "Split it up.")
            tokens.append(token)
            start, spaced = start + len(token.raw), False
        tokens.append(Token("end", "", stop, spaced, ""))

    def _token(self, kind: str, raw: str, at: int, spaced: bool) -> Token | None:
        if kind in ("number", "word") and len(raw) > DIGITS:
            self._check_digits(raw, at)
        if self.single and kind in ("number", "word", "command", "upright", "font"):
            self.single -= 1
            if kind in ("number", "word") and raw[0].isascii():
                raw = raw[0]
        token = _SPELLERS[kind](self, raw, at)
        if token is None:
            return None
        kind, text = token
        self.single += _ARGUMENTS.get(kind, 0)
        return Token(kind, text, at, spaced, raw)

    def _check_digits(self, raw: str, at: int) -> None:
        if sum(ch.isdigit() for ch in raw) > DIGITS:
            hint = "Give the number a name."
            raise Unreadable(self.text, at, f"A number has at most {DIGITS} digits.", hint)

    def _number(self, raw: str, at: int) -> tuple[str, str]:
        if raw.replace(".", "").isdecimal():
            return "number", raw
        number, _, power = raw.lower().replace("−", "-").partition("e")
        power, sign = power.lstrip("+-"), "-" if "-" in power else ""
        readings = (
            Reading("a power of ten", f"{number}*10^({sign}{power})"),
            Reading("a product with e", f"{number}*e {sign or '+'} {power}"),
        )
        problem = f"{raw!r} may mean a power of ten or a product with e."
        raise Ambiguous(self.text, at, problem, readings)

    def _word(self, raw: str, at: int) -> tuple[str, str]:
        word = WORDS.get(raw)
        if word == "indicator":
            return "indicator", word
        return "word", word or ascii_name(self.text, raw, at)

    def _sign(self, raw: str, _at: int) -> tuple[str, str]:
        sign = SIGNS.get(raw, raw)
        if sign in ("sum", "integral"):
            return sign, sign
        if sign == "{" or (sign == "[" and self.tokens and self.tokens[-1].kind == "sqrt"):
            self.groups.append((sign, self.single + (sign == "[")))
            self.single = 0
        elif self.groups and self.groups[-1][0] + sign in ("{}", "[]"):
            self.single = max(self.groups.pop()[1] - 1, 0)
        return sign, self._side() if sign == "|" else sign

    def _side(self) -> str:
        """Which of a pair a bar is, if \\left or \\right stands right before it."""
        side, count = self.side
        return side if count == len(self.tokens) else ""

    def _command(self, raw: str, at: int) -> tuple[str, str] | None:
        name = "\\" if raw.startswith("\\\\") else raw[1:]
        if name in REFUSED:
            problem, hint = REFUSED[name]
            raise Unreadable(self.text, at, problem, hint)
        if name not in MEANINGS and not (name.isalpha() and name.isascii()):
            hint = "A command is a backslash and letters, such as \\sigma."
            raise Unreadable(self.text, at, f"Unknown command {raw!r}.", hint)
        kind, text = MEANINGS.get(name, ("word", name))
        side = "left" if name in LEFT else "right" if name in RIGHT else ""
        if kind == "|":
            return kind, side or self._side()
        if kind == "blank":
            self.side = side, len(self.tokens)
            if name == "left":
                self._no_evaluation(at + len(raw))
            return None
        return ("\\{" if text == "\\{" else kind), text

    def _no_evaluation(self, at: int) -> None:
        """Refuse `\\left. ... \\right|_{x=1}`."""
        if self.text[at : at + 1] == ".":
            hint = "Write the derivative itself; put the value in afterwards."
            raise Unreadable(self.text, at, "Values at a point are not read.", hint)

    def _environment(self, raw: str, _at: int) -> tuple[str, str]:
        kind = "begin" if raw.startswith("\\begin") else "finish"
        return kind, raw[raw.index("{") + 1 : raw.index("}")].rstrip("*")

    def _upright(self, raw: str, at: int) -> tuple[str, str]:
        """What stands in upright letters: a name, a word of a condition, or a remark."""
        inner = raw[raw.index("{") + 1 : -1] if raw.endswith("}") else raw[-1]
        inner = re.sub(r"\\([_ ,%])", r"\1", inner).strip()
        word = inner.lower().rstrip(" ,:;.")
        if word in _CONDITION_WORDS:
            return "word", _CONDITION_WORDS[word]
        if inner == "e":
            return "word", "e"
        if inner in ("d", "T"):
            return ("d", "d") if inner == "d" else ("⊤", "⊤")
        found = _PLAIN.fullmatch(inner)
        if found and found.lastgroup in ("word", "number"):
            return found.lastgroup, ascii_name(self.text, inner, at)
        return "note", inner

    def _font(self, raw: str, at: int) -> tuple[str, str]:
        """One letter in another font; a fat one stands before the condition of an indicator."""
        inner = raw.rstrip("} \t\n")
        if inner.rfind("\\") > 0:
            kind, letter = MEANINGS.get(inner[inner.rfind("\\") + 1 :], ("", ""))
            if kind == "word":
                return "word", letter
            hint = "Write the letter in its usual font."
            raise Unreadable(self.text, at, f"{raw!r} is no letter that is read.", hint)
        letter = inner[-1]
        if letter == "1" or (letter == "I" and raw.startswith("\\mathbb")):
            return "indicator", "indicator"
        if raw.startswith("\\mathbb"):
            hint = "Write the letter in its usual font."
            raise Unreadable(self.text, at, f"{raw!r} is no quantity that is read.", hint)
        if letter in ("d", "T") and raw.startswith(("\\mathrm", "\\mathsf")):
            return ("d", "d") if letter == "d" else ("⊤", "⊤")
        return "word", letter


_SPELLERS: Final[dict[str, Callable[[_Tokenizer, str, int], tuple[str, str] | None]]] = {
    "number": _Tokenizer._number,
    "word": _Tokenizer._word,
    "sign": _Tokenizer._sign,
    "command": _Tokenizer._command,
    "environment": _Tokenizer._environment,
    "upright": _Tokenizer._upright,
    "font": _Tokenizer._font,
    "low": lambda _self, raw, _at: ("low", lowered(raw)),
    "layer": lambda _self, raw, _at: ("layer", raw[1:-1]),
    "raisedlayer": lambda _self, raw, _at: ("layer", raised(raw[1:-1])),
    "raised": lambda _self, raw, _at: ("⊤", "⊤") if raw == "ᵀ" else ("raised", raised(raw)),
    "primes": lambda _self, raw, _at: ("primes", "".join(SIGNS.get(ch, "'") for ch in raw)),
    "shown": lambda _self, _raw, _at: ("shown", ""),
    "align": lambda _self, _raw, _at: ("&", "&"),
    "point": lambda _self, _raw, _at: (".", "."),
    "index": lambda _self, _raw, _at: ("_", "_"),
}


def fonts(tokens: list[Token], text: str) -> None:
    """Refuse a letter that stands in two fonts: to some these are two quantities."""
    words = [token for token in tokens if token.kind == "word"]
    if not any(_font_of(token) for token in words):
        return
    seen: dict[str, tuple[str, str]] = {}
    for token in words:
        if token.text in ("e", *CONDITION_WORDS):
            continue
        known, raw = seen.setdefault(token.text, (_font_of(token), token.raw))
        if known != _font_of(token):
            problem = f"{raw!r} and {token.raw!r} may be one quantity or two."
            raise Unreadable(text, token.position, problem, "Write one letter in one way.")


def _font_of(token: Token) -> str:
    raw = token.raw
    if raw in _SIMPLE and not raw.startswith("\\var"):
        return ""
    if raw.startswith("\\"):
        command = raw[1:].partition("{")[0].split()[0]
        styled = len(token.text) == 1 or command.startswith("var")
        return command if styled else ""
    return font(raw)
