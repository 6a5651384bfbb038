"""A network from a TOML file: what may stand in it, and what is said where it does not fit.

```toml
title = "Two layers"
loss = "bce"
[input]
size = 2
values = [0.5, 0.1]
[target]
values = [0]
[[layer]]
units = 2
activation = "relu"
weights = [[0.5, -0.2], [0.3, 0.8]]     # units × inputs: one row per unit
bias = [0.1, -0.1]
```

Or, instead of layers, statements: `[statements]` with `z = "w*x + b"` and so on, and `[values]`.
Numbers keep the digits that were typed.  Nothing in the file is evaluated.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.networks.layering import Dense, Words, network_of_layers
from symderiv.deriving.networks.network import LAYERED, REDUCTIONS, Network
from symderiv.errors import Mistake, Unknown, Unreadable
from symderiv.language.domains import Domain, read_domain
from symderiv.language.expressions import Symbol
from symderiv.language.names import Names
from symderiv.printing.glyphs import LAYER_BRACKETS
from symderiv.reading import read

T = TypeVar("T")
_LONGEST = 4_000_000  # characters of a file
_COMMON = ("title", "remarks", "notation", "reduction", "loss", "where", "values")
_KEYS = (*_COMMON, "input", "target", "layer", "names", "statements", "sample")
_WORDS = ("input", "target", "output", "weights", "bias", "before", "after", "loss")
_LINEAR = ("linear", "identity", "none")


def read_file(path: Path) -> Network:
    """The network in a file; `Mistake` that names file and place where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise Mistake(f"{path} cannot be read: {reason}.") from error
    try:
        return read_network(text)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake


def read_network(text: str) -> Network:
    """The network that a TOML text describes."""
    if len(text) > _LONGEST:
        raise Mistake(f"A network's file has at most {_LONGEST} characters.")
    try:
        table = tomllib.loads(text, parse_float=_typed)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Mistake(f"This is no TOML: {error}.") from error
    _known(table, _KEYS, "the file")
    network = _of_statements(table) if "statements" in table else _of_layers(table)
    return replace(
        network,
        where=_domains(table, network.names),
        title=_string(table.get("title", ""), "title"),
        remarks=_remarks(table),
        notation=_one_of(table, "notation", LAYER_BRACKETS),
        reduction=_one_of(table, "reduction", REDUCTIONS),
    )


def _typed(text: str) -> Fraction:
    """A number with the digits that were typed: 0.1 is one tenth."""
    try:
        return Fraction(text) if len(text) <= 80 else _too_long(text)
    except ValueError:
        raise Mistake(f"{text} is no finite number.") from None


def _too_long(text: str) -> Fraction:
    raise Mistake(f"The number {text[:20]}… has too many digits.")


# --- statements ------------------------------------------------------------------------------


def _of_statements(table: Mapping[str, Any]) -> Network:
    """A network whose quantities are written out, one statement each."""
    _known(table, (*_COMMON, "statements"), "the file")
    written = _table(table, "statements")
    names = _names([*written, *_table(table, "values"), *map(str, written.values())])
    statements = {_symbol(k, names): read(_string(v, k), names) for k, v in written.items()}
    if not statements:
        raise Mistake('[statements] is empty: write the quantities, such as z = "w*x + b".')
    loss = _symbol(_string(table["loss"], "loss"), names) if "loss" in table else [*statements][-1]
    values = {_symbol(k, names): _number(v, k) for k, v in _table(table, "values").items()}
    computed = [name for name in values if name in statements]
    if computed:
        raise Mistake(f"{computed[0]} is computed and cannot be given a value.")
    return Network(
        statements,
        loss,
        values,
        inputs=tuple(s for s in values if s.name in ("x", "h")),
        targets=tuple(s for s in values if s.name in ("y", "t")),
    )


def _names(texts: Iterable[str]) -> Names:
    """The catalogue's names, and which letters have a layer: those that are written with one."""
    written = " ".join(texts)
    layered = [n for n in LAYERED if re.search(rf"(?<![A-Za-z]){n}(?=[0-9{{]|\^\{{?\()", written)]
    return shipped().names | Names(kinds=dict.fromkeys(layered, "layered"))


def _symbol(text: str, names: Names) -> Symbol:
    symbol = read(text, names)
    if isinstance(symbol, Symbol):
        return symbol
    raise Unreadable(text, 0, f"{text!r} is not a name.", "A name is a letter, a word, or x_1.")


# --- layers ------------------------------------------------------------------------------------


def _of_layers(table: Mapping[str, Any]) -> Network:
    """A network of dense layers."""
    _known(table, [k for k in _KEYS if k != "statements"], "the file")
    layers = table.get("layer")
    if not isinstance(layers, list) or not layers:
        raise Mistake("There is no [[layer]]: a network has layers, or [statements].")
    names = Names()
    samples = _samples(table)
    size = _table(table, "input").get("size", len(samples[0][0]) if samples else None)
    if size is None:
        raise Mistake("[input] needs size, the number of inputs.")
    if "loss" not in table:
        raise Mistake('The file needs loss, such as loss = "bce".')
    return network_of_layers(
        _whole(size, "size"),
        [_dense(layer, k) for k, layer in enumerate(layers, 1)],
        _function(_string(table["loss"], "loss"), "loss"),
        words=_words(table),
        samples=samples,
        constants={_symbol(k, names): _number(v, k) for k, v in _table(table, "values").items()},
    )


def _dense(table: Any, number: int) -> Dense:
    place = f"layer {number}"
    if not isinstance(table, dict):
        raise Mistake("Write each layer under [[layer]].")
    _known(table, ("units", "activation", "weights", "bias", "transposed"), place)
    weights = _grid(table["weights"], f"W{number}") if "weights" in table else None
    if weights is not None and table.get("transposed", False):
        weights = [list(column) for column in zip(*weights, strict=True)]
    bias = _vector(table["bias"], f"b{number}") if "bias" in table else None
    units = table.get("units", len(weights) if weights else None)
    if units is None:
        raise Mistake(f"{place.capitalize()} needs units, or weights with one row per unit.")
    word = _string(table.get("activation", "linear"), "activation")
    activation = None if word in _LINEAR else _function(word, "activation")
    return Dense(_whole(units, "units"), activation, weights, bias)


def _samples(table: Mapping[str, Any]) -> list[tuple[list[Fraction], list[Fraction]]]:
    """Inputs and targets: one pair in [input] and [target], or several under [[sample]]."""
    if "sample" in table:
        rows = table["sample"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Mistake("Write each sample under [[sample]], with input and target.")
        for k, row in enumerate(rows, 1):
            _known(row, ("input", "target"), f"sample {k}")
        return [
            (_given(row, "input", k), _given(row, "target", k)) for k, row in enumerate(rows, 1)
        ]
    _known(_table(table, "input"), ("size", "values"), "[input]")
    _known(_table(table, "target"), ("values",), "[target]")
    pair = [_table(table, part).get("values") for part in ("input", "target")]
    if None in pair:
        return []
    return [(_vector(pair[0], "input"), _vector(pair[1], "target"))]


def _given(row: Mapping[str, Any], key: str, number: int) -> list[Fraction]:
    if key not in row:
        raise Mistake(f"Sample {number} has no {key}.")
    return _vector(row[key], key)


def _words(table: Mapping[str, Any]) -> Words:
    words = {k: _string(v, k) for k, v in _table(table, "names").items()}
    _known(words, _WORDS, "[names]")
    output = {"output": _symbol(words.pop("output"), Names())} if "output" in words else {}
    for key, word in words.items():
        if not (word.isalpha() and len(word) <= 20):
            raise Mistake(f"[names] {key} = {word!r}: a name is a letter or a word.")
    return Words(**words, **output)  # type: ignore[arg-type]


# --- values in a table ------------------------------------------------------------------------


def _function(name: str, what: str) -> Function:
    """A function of the catalogue by any of its spellings."""
    spelled = {s: f for f in shipped().functions.values() for s in (f.name, *f.also_called)}
    if name in spelled:
        return spelled[name]
    near = get_close_matches(name, spelled, 1)
    hint = f" Did you mean {near[0]!r}?" if near else " See symderiv functions."
    raise Unknown(f"There is no {what} {name!r}.{hint}")


def _known(table: Mapping[str, Any], keys: Sequence[str], place: str) -> None:
    """Refuse a key that means nothing here, with the nearest that does."""
    for key in table:
        if key not in keys:
            near = get_close_matches(key, keys, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(keys)}."
            raise Mistake(f"{place} has no {key!r}.{hint}")


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise Mistake(f"Write [{key}] as a table.")
    return found


def _domains(table: Mapping[str, Any], names: Names) -> dict[Symbol, Domain]:
    written = _table(table, "where")
    return {_symbol(k, names): read_domain(_string(v, k)) for k, v in written.items()}


def _one_of(table: Mapping[str, Any], key: str, choices: Sequence[str]) -> str:
    """One of a few words, the first where nothing is said."""
    word = _string(table.get(key, choices[0]), key)
    if word not in choices:
        raise Mistake(f"{key} is {' or '.join(map(repr, choices))}, not {word!r}.")
    return word


def _remarks(table: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_list(table.get("remarks", []), "remarks", _string))


def _string(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise Mistake(f"{key} is a text in quotes, not {value!r}.")
    return value


def _whole(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Mistake(f"{key} is a whole number, not {value!r}.")
    return value


def _number(value: Any, key: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise Mistake(f"{key} holds {value!r}, which is no number.")
    return Fraction(value)


def _list(value: Any, key: str, entry: Callable[[Any, str], T]) -> list[T]:
    if not isinstance(value, list):
        raise Mistake(f"{key} is a list in square brackets, not {value!r}.")
    return [entry(item, key) for item in value]


def _vector(value: Any, key: str) -> list[Fraction]:
    return _list(value, key, _number)


def _grid(value: Any, key: str) -> list[list[Fraction]]:
    rows = _list(value, key, _vector)
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise Mistake(f"The rows of {key} have different lengths: {sorted(widths)}.")
    return rows
