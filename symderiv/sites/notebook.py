"""How a notebook shows a derivation or a problem: in every format that it may ask for."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Final

from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.flow import Flow
from symderiv.deriving.problem import Problem
from symderiv.documents.answering import compose_problem
from symderiv.documents.composing import compose, identifier
from symderiv.sites.making import Made, spelled
from symderiv.sites.pieces import HTML, PLAIN, TEXT
from symderiv.sites.styling import piece_css
from symderiv.sites.wishes import Wish

_SHOWN: Final = count(1)  # two outputs of one notebook need anchors and switches of their own
_WISH: Final = Wish("expr", "")


def mimebundle(what: Derivation | Problem) -> dict[str, str]:
    """What was derived as Jupyter's table of formats; of a problem the answers stand first.

    >>> import symderiv
    >>> sorted(mimebundle(symderiv.derive("x^2")))
    ['text/html', 'text/latex', 'text/markdown', 'text/plain']
    """
    made = _made(what)
    return {
        "text/html": f"<style>\n{piece_css()}</style>\n{spelled(made, _WISH, HTML)}",
        **({} if made.derivation is None else {"text/latex": _formula(made)}),
        "text/markdown": spelled(made, _WISH, PLAIN),
        "text/plain": spelled(made, _WISH, TEXT),
    }


def _made(what: Derivation | Problem) -> Made:
    """The page, with anchors of its own; a problem has no one formula that says it all."""
    if isinstance(what, Problem):
        return Made(compose_problem(what, f"sd-problem-out-{next(_SHOWN)}"))
    page = compose(what, f"sd-{identifier(what)}-out-{next(_SHOWN)}")
    if isinstance(what, Flow):
        page = replace(page, layers=what.network.notation)
    return Made(page, what)


def _formula(made: Made) -> str:
    return spelled(made, _WISH, ("claim", "latex"))
