"""All gradients of a network by one system, in its own process: `-m benchmarks.gradients NAME`.

A line of JSON comes in, a line of JSON goes out.  `{"time": sizes}` is answered by the CPU
seconds that the network and its gradients take, `{"values": sizes}` by the gradients at one
point.  `sizes` are the units from the input on: `[1, 1, 1]` is a chain of two layers.  All
activations are tanh, the loss is (ŷ − y)²/n; weights and biases stay symbols.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import version
from itertools import pairwise
from typing import Any
from zlib import crc32

Network = Any
Gradients = dict[str, Any]
_PATIENCE = 75  # seconds; after that a system has not ended
_TURN = 0.01  # seconds


class Ours:
    """Statements, and gradients that flow back over names."""

    title = "symderiv"

    def network(self, sizes: list[int]) -> Network:
        from symderiv.catalogue.gathering import shipped
        from symderiv.deriving.networks.layering import Dense, network_of_layers

        functions = shipped().functions
        dense = [Dense(units, functions["tanh"]) for units in sizes[1:]]
        return network_of_layers(sizes[0], dense, functions["mse"])

    def gradients(self, network: Network) -> Gradients:
        from symderiv.deriving.networks.backward import Backward

        return Backward(network).gradients

    def nodes(self, network: Network) -> tuple[int, int]:
        from symderiv.deriving.networks.backward import Backward

        return Backward(network).nodes()

    def values(self, network: Network, _: Gradients) -> dict[str, float]:
        from dataclasses import replace

        from symderiv.deriving.networks.values import Values

        named = {network.inputs[k]: f"x_{k}" for k in range(len(network.inputs))}
        named |= {network.targets[0]: "y"}
        for layer in network.layers:
            for i, (row, b) in enumerate(zip(layer.weights, layer.bias, strict=True)):
                named |= {b: f"b{layer.number}_{i}"}
                named |= {w: f"w{layer.number}_{i}_{j}" for j, w in enumerate(row)}
        given = {s: _number(name) for s, name in named.items()} | dict.fromkeys(
            network.counts, Fraction(1)
        )
        found = Values(replace(network, values=given)).gradients
        return {named[s]: float(found[s]) for s in network.parameters}


class Substituted:
    """A library that differentiates one expression, in which everything is substituted."""

    def __init__(self, library: Any, clear: Callable[[], None]) -> None:
        self.library, self.clear = library, clear
        self.title = f"{library.__name__} {version(library.__name__)}"

    def network(self, sizes: list[int]) -> Network:
        symbol, tanh = self.library.Symbol, self.library.tanh
        entering = [symbol(f"x_{j}") for j in range(sizes[0])]
        parameters = []
        for number, (inputs, units) in enumerate(pairwise(sizes), 1):
            leaving = []
            for i in range(units):
                weights = [symbol(f"w{number}_{i}_{j}") for j in range(inputs)]
                bias = symbol(f"b{number}_{i}")
                parameters += [*weights, bias]
                leaving.append(
                    tanh(sum((w * a for w, a in zip(weights, entering, strict=True)), bias))
                )
            entering = leaving
        loss = (entering[0] - symbol("y")) ** 2 / symbol("n")
        return loss, parameters

    def gradients(self, network: Network) -> Gradients:
        loss, parameters = network
        return {str(p): self.library.diff(loss, p) for p in parameters}

    def values(self, network: Network, gradients: Gradients) -> dict[str, float]:
        names = network[0].free_symbols
        at = {s: 1 if str(s) == "n" else self._rational(_number(str(s))) for s in names}
        return {name: float(found.subs(at).evalf()) for name, found in gradients.items()}

    def _rational(self, value: Fraction) -> Any:
        return self.library.Integer(value.numerator) / self.library.Integer(value.denominator)


def _number(name: str) -> Fraction:
    """A number between −1 and 1 that depends on the name alone."""
    return Fraction(crc32(name.encode()) % 2001 - 1000, 1000)


def sympy() -> Substituted:
    import sympy as library
    from sympy.core.cache import clear_cache

    return Substituted(library, clear_cache)


def symengine() -> Substituted:
    import symengine as library

    return Substituted(library, lambda: None)


SYSTEMS: dict[str, Callable[[], Ours | Substituted]] = {
    "ours": Ours,
    "sympy": sympy,
    "symengine": symengine,
}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGALRM, _too_long)
    system = SYSTEMS[sys.argv[1]]()
    system.gradients(system.network([1, 1]))
    print(json.dumps({"title": system.title}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "values" in request:
            network = system.network(request["values"])
            answer: Any = system.values(network, system.gradients(network))
        elif "nodes" in request:
            answer = Ours().nodes(Ours().network(request["nodes"]))
        else:
            answer = _timed(system, request["time"])
        print(json.dumps(answer), file=answers, flush=True)


def _timed(system: Ours | Substituted, sizes: list[int]) -> dict[str, Any]:
    """CPU seconds of the network and of its gradients: of one call, or the mean of short ones."""
    gc.collect()
    gc.freeze()
    spent, calls = [0.0, 0.0], 0
    signal.alarm(_PATIENCE)
    try:
        while sum(spent) < _TURN:
            if isinstance(system, Substituted):
                system.clear()
            start = time.process_time()
            network = system.network(sizes)
            middle = time.process_time()
            found = system.gradients(network)
            end = time.process_time()
            del network, found
            spent, calls = [spent[0] + middle - start, spent[1] + end - middle], calls + 1
    except RecursionError:
        return {"ended": "RecursionError"}
    except TimeoutError:
        return {"ended": "over a minute"}
    finally:
        signal.alarm(0)
        gc.unfreeze()
    return {"network": spent[0] / calls, "gradients": spent[1] / calls}


def _too_long(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main()
