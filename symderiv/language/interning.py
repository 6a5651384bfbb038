"""One node for each expression: equal ones are one object, and dead ones are forgotten.

Only the table stands here; what a node is stands in `expressions`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import ref


class _Entry(ref[Any]):
    """A weak reference that knows its key, so that a dead node leaves the table."""

    __slots__ = ("key",)
    key: tuple[Any, ...]


_table: dict[tuple[Any, ...], _Entry] = {}


_new = object.__new__
_setters: dict[type, tuple[Callable[[Any, Any], None], ...]] = {}


def _forget(entry: Any) -> None:
    key = entry.key
    if _table.get(key) is entry:
        del _table[key]


def _slots(cls: Any) -> tuple[Callable[[Any, Any], None], ...]:
    """How the slots of a class are filled: by their descriptors, a third quicker than by name."""
    found = tuple(getattr(cls, name).__set__ for name in ("parts", *cls.__match_args__))
    return _setters.setdefault(cls, found)


def intern(cls: Any, fields: tuple[Any, ...], parts: tuple[Any, ...]) -> Any:
    """The one node of this class with these fields, made if it is not there yet."""
    key = (cls, *fields)
    entry = _table.get(key)
    if entry is not None:
        node: Any = entry()
        if node is not None:
            return node
    node = _new(cls)
    for put, value in zip(_setters.get(cls) or _slots(cls), (parts, *fields)):  # noqa: B905 (the hottest line)
        put(node, value)
    made = _Entry(node, _forget)
    made.key = key
    held = _table.setdefault(key, made)
    if held is not made:  # another thread was faster, or the old node is just being forgotten
        node = held() or node
        if node is made():
            _table[key] = made
    return node
