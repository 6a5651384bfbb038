"""The form that may be asked of an answer, beside its value.

An answer is looked at as it is written: nothing is rewritten here, and the value is not
judged.  The forms are "in terms of NAME", "factored", "expanded", "no fraction in a
fraction", "one fraction" and "no derivative left".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from symderiv.catalogue.gathering import shipped
from symderiv.errors import Unknown
from symderiv.language.build import E
from symderiv.language.expressions import (
    Apply,
    Derivative,
    Expr,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from symderiv.language.walks import nodes, symbols_in

_IN_TERMS_OF = "in terms of "


def has_form(answer: Expr, form: str, given: Mapping[Symbol, Expr], truth: Expr) -> bool:
    """Whether `answer` is written in this form; a factored one is asked for only where ours,
    `truth`, can be factored."""
    if form.startswith(_IN_TERMS_OF):
        return _in_terms_of(answer, form.removeprefix(_IN_TERMS_OF), given)
    if form == "factored" and isinstance(_without_sign(truth), Sum):
        return True
    return _FORMS[form](answer)


def known_form(form: str, question: Expr, given: Mapping[Symbol, Expr]) -> str:
    """The form by its name, in lower case, - for a blank; `Unknown` where there is none."""
    words = " ".join(form.replace("-", " ").split())
    if words.lower().startswith(_IN_TERMS_OF):
        name = words[len(_IN_TERMS_OF) :]
        found = _quantity(name, question, given)
        if found is None:
            raise Unknown(f"{name!r} is neither a function nor a quantity of this question.")
        return f"{_IN_TERMS_OF}{name}"
    if words and words.lower() not in _FORMS:
        listed = ", ".join([*_FORMS, f"{_IN_TERMS_OF}NAME"])
        raise Unknown(f"No form {form!r}; there are: {listed}.")
    return words.lower()


def _quantity(name: str, question: Expr, given: Mapping[Symbol, Expr]) -> str | Symbol | None:
    """The head of a function, or the symbol, that is called so."""
    heads = shipped().names.functions
    if name in heads:
        return heads[name].name
    known = (*given, *symbols_in(question))
    return next((s for s in known if name in (str(s), s.name)), None)


def _in_terms_of(answer: Expr, name: str, given: Mapping[Symbol, Expr]) -> bool:
    """The name stands in the answer, and what it is defined by does not stand there instead."""
    wanted, inside = _quantity(name, answer, given), nodes(answer)
    if isinstance(wanted, str):
        function = shipped().functions[wanted]
        named = any(isinstance(n, Apply) and n.head.name == wanted for n in inside)
        body = () if function.definition is None else nodes(function.definition.right)
        spelled = any(n is E for n in body) and any(n is E for n in inside)
        return named and not spelled
    if wanted is None or wanted not in symbols_in(answer):
        return False
    meaning = given.get(wanted)
    return meaning is None or meaning not in inside


def _without_sign(expr: Expr) -> Expr:
    return expr.operand if isinstance(expr, Negative) else expr


def _factored(answer: Expr) -> bool:
    """Not a sum, neither as a whole nor above a fraction bar."""
    bare = _without_sign(answer)
    if isinstance(bare, Quotient):
        bare = _without_sign(bare.numerator)
    return not isinstance(bare, Sum)


def _expanded(answer: Expr) -> bool:
    """No product has a sum as a factor, and no sum is raised to a whole power."""
    for node in nodes(answer):
        if isinstance(node, Product) and any(isinstance(_without_sign(f), Sum) for f in node.parts):
            return False
        if isinstance(node, Negative) and isinstance(node.operand, Sum):
            return False
        if isinstance(node, Power) and isinstance(node.base, Sum):
            exponent = node.exponent
            if isinstance(exponent, Number) and exponent.value.denominator == 1:
                return False
    return True


def _no_fraction_in_a_fraction(answer: Expr) -> bool:
    """Nothing above or below a fraction bar is a fraction itself."""
    bars = [node for node in nodes(answer) if isinstance(node, Quotient)]
    return not any(
        isinstance(inner, Quotient) for bar in bars for part in bar.parts for inner in nodes(part)
    )


def _one_fraction(answer: Expr) -> bool:
    """One fraction bar at the most, and it goes under everything."""
    bare = _without_sign(answer)
    parts = bare.parts if isinstance(bare, Quotient) else (bare,)
    return not any(isinstance(node, Quotient) for part in parts for node in nodes(part))


def _no_derivative_left(answer: Expr) -> bool:
    return not any(isinstance(node, Derivative) for node in nodes(answer))


_FORMS: Final[Mapping[str, Callable[[Expr], bool]]] = {
    "": lambda _: True,
    "factored": _factored,
    "expanded": _expanded,
    "no fraction in a fraction": _no_fraction_in_a_fraction,
    "one fraction": _one_fraction,
    "no derivative left": _no_derivative_left,
}
