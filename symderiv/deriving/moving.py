"""Named quantities: what they depend on, their definitions as rules, and rates that stand.

A name is defined, or it moves without a formula, as y does on a curve: then dy/dx cannot be
carried out and is a quantity of its own.  Here belongs only what tells such names and rates
from others; the laws stand in `differentiating`.
"""

from __future__ import annotations

from collections.abc import Mapping

from symderiv.judging.points import Setting
from symderiv.language.expressions import Derivative, Expr, Symbol


def moves(setting: Setting) -> Mapping[Symbol, Expr]:
    """What each name depends on: its definition, or the quantity that it moves with."""
    motion = setting.motion
    if motion is None:
        return setting.definitions
    return {**dict.fromkeys(motion.names, motion.by), **setting.definitions}


def standing_rate(node: Derivative, setting: Setting) -> Derivative | None:
    """The rate that a derivative is, of a name without a formula; d/dx of dy/dx is d²y/dx²."""
    motion, order = setting.motion, node.order
    if motion is None or node.variable is not motion.by or node.partial:
        return None
    inner: Expr = node.body
    while isinstance(inner, Derivative) and inner.variable is motion.by and not inner.partial:
        order += inner.order
        inner = inner.body
    if isinstance(inner, Symbol) and inner in motion.names and inner not in setting.definitions:
        return Derivative(inner, motion.by, order)
    return None
