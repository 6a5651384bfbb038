"""How a notebook shows a derivation: in every format that it may ask for."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Final

from symderiv.deriving.derivation import Derivation
from symderiv.deriving.networks.flow import Flow
from symderiv.documents.composing import compose, identifier
from symderiv.sites.making import Made, spelled
from symderiv.sites.pieces import HTML, PLAIN, TEXT
from symderiv.sites.styling import piece_css
from symderiv.sites.wishes import Wish

_SHOWN: Final = count(1)  # two outputs of one notebook need anchors and switches of their own
_WISH: Final = Wish("expr", "")


def mimebundle(derivation: Derivation) -> dict[str, str]:
    """The derivation as Jupyter's table of formats.

    >>> import symderiv
    >>> sorted(mimebundle(symderiv.derive("x^2")))
    ['text/html', 'text/latex', 'text/markdown', 'text/plain']
    """
    page = compose(derivation, f"sd-{identifier(derivation)}-out-{next(_SHOWN)}")
    if isinstance(derivation, Flow):
        page = replace(page, layers=derivation.network.notation)
    made = Made(page, derivation)
    return {
        "text/html": f"<style>\n{piece_css()}</style>\n{spelled(made, _WISH, HTML)}",
        "text/latex": spelled(made, _WISH, ("claim", "latex")),
        "text/markdown": spelled(made, _WISH, PLAIN),
        "text/plain": spelled(made, _WISH, TEXT),
    }
