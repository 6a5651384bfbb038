"""One node for each expression: equal ones are one object, and dead ones are forgotten.

Only the table stands here; what a node is stands in `expressions`.
"""

from __future__ import annotations

from typing import Any
from weakref import ref


class _Entry(ref[Any]):
    """A weak reference that knows its key, so that a dead node leaves the table."""

    __slots__ = ("key",)
    key: tuple[Any, ...]


_table: dict[tuple[Any, ...], _Entry] = {}


_new, _set = object.__new__, object.__setattr__


def _forget(entry: Any) -> None:
    key = entry.key
    if _table.get(key) is entry:
        del _table[key]


def intern(cls: Any, fields: tuple[Any, ...], parts: tuple[Any, ...]) -> Any:
    """The one node of this class with these fields, made if it is not there yet."""
    key = (cls, *fields)
    entry = _table.get(key)
    if entry is not None:
        node: Any = entry()
        if node is not None:
            return node
    node = _new(cls)
    _set(node, "parts", parts)
    for name, value in zip(cls.__match_args__, fields):  # noqa: B905 (this is the hottest line)
        _set(node, name, value)
    made = _Entry(node, _forget)
    made.key = key
    held = _table.setdefault(key, made)
    if held is not made:  # another thread was faster, or the old node is just being forgotten
        node = held() or node
        if node is made():
            _table[key] = made
    return node
