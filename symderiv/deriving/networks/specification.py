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
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from symderiv.catalogue.function import Function
from symderiv.catalogue.gathering import shipped
from symderiv.deriving.networks import tables
from symderiv.deriving.networks.layering import Dense, Words, network_of_layers
from symderiv.deriving.networks.network import LAYERED, REDUCTIONS, Network
from symderiv.deriving.networks.tables import Table, decimal, only, string, subtable, vector
from symderiv.errors import Mistake, Unknown, Unreadable
from symderiv.language.domains import Domain, read_domain
from symderiv.language.expressions import Derivative, Expr, Relation, Symbol
from symderiv.language.names import Names
from symderiv.language.walks import nodes
from symderiv.printing.glyphs import LAYER_BRACKETS
from symderiv.reading import read

T = TypeVar("T")
_COMMON = ("title", "remarks", "notation", "reduction", "loss", "where", "values")
_KEYS = (*_COMMON, "input", "target", "layer", "names", "statements", "sample")
_WORDS = ("input", "target", "output", "weights", "bias", "before", "after", "loss")
_LINEAR = ("linear", "identity", "none")


def read_file(path: Path) -> Network:
    """The network in a file; `Mistake` that names file and place where it cannot be read."""
    text = tables.read_text(path)
    try:
        return read_network(text)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake


def read_network(text: str) -> Network:
    """The network that a TOML text describes."""
    table = tables.parsed(text)
    only(table, _KEYS, "the file")
    network = _of_statements(table) if "statements" in table else _of_layers(table)
    network = replace(
        network,
        where=_domains(table, network.names),
        title=string(table.get("title", ""), "title"),
        remarks=tuple(tables.entries(table.get("remarks", []), "remarks", string)),
        notation=tables.one_of(table, "notation", LAYER_BRACKETS),
        reduction=tables.one_of(table, "reduction", REDUCTIONS),
    )
    _check_values(network)
    return network


def _check_values(network: Network) -> None:
    """Refuse numbers for what is not there, and numbers outside of their domain."""
    given = (*network.leaves, *network.counts, *network.inputs, *network.targets)
    for s in chain(network.values, network.where):
        if s not in given and s not in network.statements:
            known = tables.nearest(str(s), map(str, given))
            raise Mistake(f"{s} does not stand in the network.{known}")
    for s, value in chain(network.values.items(), *(t.items() for t in network.samples)):
        domain = network.domains.get(s, Domain())
        if s in network.statements:
            raise Mistake(f"{s} is computed and cannot be given a value.")
        if value not in domain:
            said = " and ".join(map(str, domain.conditions(s))) or "other values"
            raise Mistake(f"{s} cannot be {float(value):g}: the network needs {said}.")


# --- statements ------------------------------------------------------------------------------


def _of_statements(table: Table) -> Network:
    """A network whose quantities are written out, one statement each."""
    only(table, (*_COMMON, "statements"), "the file")
    written = subtable(table, "statements")
    names = _names([*written, *subtable(table, "values"), *map(str, written.values())])
    statements = _by_name(written, names, lambda v, k: _formula(string(v, k), names))
    if not statements:
        raise Mistake('[statements] is empty: write the quantities, such as z = "w*x + b".')
    loss = _symbol(string(table["loss"], "loss"), names) if "loss" in table else [*statements][-1]
    values = _by_name(subtable(table, "values"), names, decimal)
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


def _by_name(table: Table, names: Names, entry: Callable[[Any, str], T]) -> dict[Symbol, T]:
    """The entries of a table by the quantity that each key names."""
    found: dict[Symbol, T] = {}
    for key, value in table.items():
        symbol = _symbol(key, names)
        if symbol in found:
            raise Mistake(f"{symbol} is written twice, the second time as {key!r}.")
        found[symbol] = entry(value, key)
    return found


def _symbol(text: str, names: Names) -> Symbol:
    symbol = read(text, names)
    if isinstance(symbol, Symbol):
        return symbol
    raise Unreadable(text, 0, f"{text!r} is not a name.", "A name is a letter, a word, or x_1.")


def _formula(text: str, names: Names) -> Expr:
    formula = read(text, names)
    if isinstance(formula, Relation):
        hint = 'Write the name in front and the formula in quotes, z = "w*x + b".'
        raise Unreadable(text, 0, "This is an equation and not a formula.", hint)
    if any(isinstance(node, Derivative) for node in nodes(formula)):
        raise Unreadable(text, 0, "A network computes values: write no derivative here.")
    return formula


# --- layers ------------------------------------------------------------------------------------


def _of_layers(table: Table) -> Network:
    """A network of dense layers."""
    layers = table.get("layer")
    if not isinstance(layers, list) or not layers:
        raise Mistake("There is no [[layer]]: a network has layers, or [statements].")
    samples = _samples(table)
    size = subtable(table, "input").get("size", len(samples[0][0]) if samples else None)
    if size is None:
        raise Mistake("[input] needs size, the number of inputs.")
    if "loss" not in table:
        raise Mistake('The file needs loss, such as loss = "bce".')
    return network_of_layers(
        tables.whole(size, "size"),
        [_dense(layer, k) for k, layer in enumerate(layers, 1)],
        _function(string(table["loss"], "loss"), "loss"),
        words=_words(table),
        samples=samples,
        constants=_by_name(subtable(table, "values"), Names(), decimal),
    )


def _dense(table: Any, number: int) -> Dense:
    place = f"layer {number}"
    if not isinstance(table, dict):
        raise Mistake("Write each layer under [[layer]].")
    only(table, ("units", "activation", "weights", "bias", "transposed"), place)
    weights = tables.grid(table["weights"], f"W{number}") if "weights" in table else None
    if weights is not None and tables.truth(table.get("transposed", False), "transposed"):
        weights = [list(column) for column in zip(*weights, strict=True)]
    bias = vector(table["bias"], f"b{number}") if "bias" in table else None
    units = table.get("units", len(weights) if weights else None)
    if units is None:
        raise Mistake(f"{place.capitalize()} needs units, or weights with one row per unit.")
    word = string(table.get("activation", "linear"), "activation")
    activation = None if word in _LINEAR else _function(word, "activation")
    if activation is not None and len(activation.arguments) > 1:
        raise Mistake(f"{word} takes {len(activation.arguments)} arguments: it is no activation.")
    return Dense(tables.whole(units, "units"), activation, weights, bias)


def _samples(table: Table) -> list[tuple[list[Fraction], list[Fraction]]]:
    """Inputs and targets: one pair in [input] and [target], or several under [[sample]]."""
    only(subtable(table, "input"), ("size", "values"), "[input]")
    only(subtable(table, "target"), ("values",), "[target]")
    given = {p: subtable(table, p)["values"] for p in ("input", "target")
             if "values" in subtable(table, p)}  # fmt: skip
    if "sample" in table:
        if given:
            raise Mistake("Write values under [input] and [target] or under [[sample]], not both.")
        rows = table["sample"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Mistake("Write each sample under [[sample]], with input and target.")
        return [_pair(row, f"sample {k}") for k, row in enumerate(rows, 1)]
    return [_pair(given, "the file")] if given else []


def _pair(row: Table, place: str) -> tuple[list[Fraction], list[Fraction]]:
    only(row, ("input", "target"), place)
    for key in ("input", "target"):
        if key not in row:
            raise Mistake(f"{place.capitalize()} has no values for the {key}.")
    return vector(row["input"], "input"), vector(row["target"], "target")


def _words(table: Table) -> Words:
    words = {k: string(v, k) for k, v in subtable(table, "names").items()}
    only(words, _WORDS, "[names]")
    output = {"output": _symbol(words.pop("output"), Names())} if "output" in words else {}
    functions = shipped().names.functions
    for key, word in words.items():
        if not (word.isalpha() and len(word) <= 20) or word in functions:
            raise Mistake(f"[names] {key} = {word!r}: a name is a letter or a word, no function.")
    return Words(**words, **output)  # type: ignore[arg-type]


# --- what both kinds of files hold ---------------------------------------------------------------


def _function(name: str, what: str) -> Function:
    """A function of the catalogue by any of its spellings."""
    spelled = {s: f for f in shipped().functions.values() for s in (f.name, *f.also_called)}
    if name in spelled:
        return spelled[name]
    raise Unknown(f"There is no {what} {name!r}.{tables.nearest(name, spelled)}")


def _domains(table: Table, names: Names) -> dict[Symbol, Domain]:
    written = subtable(table, "where")
    return _by_name(written, names, lambda value, key: read_domain(string(value, key)))
