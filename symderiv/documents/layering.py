"""The order of a graph: which node stands in which layer, and where across its layer.

A layer is as far down as its longest way from the start, sources stand right before
the first node that takes them.  An edge over several layers passes each of them at a
place of its own, so that it crosses no box.  Within a layer the order is the one with the
fewest crossings that barycentres find.  Sizes are numbers here; what is drawn never
matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final, NamedTuple, TypeAlias

Ends: TypeAlias = tuple[str, str]
"""Source and target of an edge."""


class Slot(NamedTuple):
    """A place in a layer: of a node, or of the edge with this number that passes there."""

    node: str
    edge: int = -1


Layers: TypeAlias = list[list[Slot]]
Links: TypeAlias = list[list[tuple[Slot, Slot]]]
"""For each pair of neighbouring layers, what is joined."""

_SWEEPS: Final = 8


def depths(nodes: Sequence[str], edges: Sequence[Ends]) -> dict[str, int]:
    """The layer of each node; nothing at all where the edges run in a circle."""
    waiting = dict.fromkeys(nodes, 0)
    for _, target in edges:
        waiting[target] += 1
    found = {node: 0 for node in nodes if not waiting[node]}
    queue = list(found)
    for node in queue:
        for target in (t for s, t in edges if s == node):
            found[target] = max(found.get(target, 0), found[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                queue.append(target)
    if len(queue) < len(waiting):
        return {}
    targets = {target for _, target in edges}
    for node in nodes:
        taken = [found[t] - 1 for s, t in edges if s == node]
        if node not in targets and taken:
            found[node] = min(taken)
    return found


def layered(nodes: Sequence[str], edges: Sequence[Ends]) -> tuple[Layers, Links]:
    """The layers in their best order, and what joins each to the next."""
    depth = depths(nodes, edges)
    layers: Layers = [[] for _ in range(max(depth.values()) + 1)]
    for node in nodes:
        layers[depth[node]].append(Slot(node))
    links: Links = [[] for _ in layers[1:]]
    for number, (source, target) in enumerate(edges):
        stations = way(number, (source, target), depth)
        for level, (slot, following) in enumerate(pairwise(stations), depth[source]):
            links[level].append((slot, following))
            if following.edge >= 0:
                layers[level + 1].append(following)
    return _ordered(layers, links), links


def way(number: int, ends: Ends, depth: Mapping[str, int]) -> list[Slot]:
    """The slots that an edge goes through, from its source to its target."""
    source, target = ends
    passed = range(depth[source] + 1, depth[target])
    return [Slot(source), *(Slot(str(level), number) for level in passed), Slot(target)]


def _ordered(layers: Layers, links: Links) -> Layers:
    """The order with the fewest crossings among those that sweeps of barycentres reach."""
    best, fewest = layers, _crossings(layers, links)
    now = layers
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        now = _swept(now, links, down=sweep % 2 == 0)
        count = _crossings(now, links)
        if count < fewest:
            best, fewest = now, count
    return best


def _swept(layers: Layers, links: Links, *, down: bool) -> Layers:
    found = [list(layer) for layer in layers]
    numbers = range(1, len(found)) if down else range(len(found) - 2, -1, -1)
    for number in numbers:
        fixed = found[number - 1 if down else number + 1]
        pairs = links[number - 1] if down else [(b, a) for a, b in links[number]]
        place = {slot: k for k, slot in enumerate(fixed)}
        found[number] = _by_barycentre(found[number], pairs, place)
    return found


def _by_barycentre(
    layer: list[Slot], pairs: list[tuple[Slot, Slot]], place: Mapping[Slot, int]
) -> list[Slot]:
    def key(item: tuple[int, Slot]) -> float:
        number, slot = item
        near = [place[a] for a, b in pairs if b == slot]
        return sum(near) / len(near) if near else float(number)

    return [slot for _, slot in sorted(enumerate(layer), key=key)]


def _crossings(layers: Layers, links: Links) -> int:
    count = 0
    for (upper, lower), pairs in zip(pairwise(layers), links, strict=True):
        above = {slot: k for k, slot in enumerate(upper)}
        below = {slot: k for k, slot in enumerate(lower)}
        places = [(above[a], below[b]) for a, b in pairs]
        count += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(places, 2))
    return count


def centres(
    layers: Layers, links: Links, sizes: Mapping[Slot, float], gap: float
) -> dict[Slot, float]:
    """Where the middle of each slot stands across its layer: near what it is joined to."""
    found: dict[Slot, float] = {}
    for layer in layers:
        found.update(_spread(layer, [0.0] * len(layer), sizes, gap))
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        numbers = range(len(layers)) if down else range(len(layers) - 1, -1, -1)
        for number in numbers:
            near = _neighbours(number, links, towards_start=down)
            wished = []
            for slot in layers[number]:
                others = [found[b] for a, b in near if a == slot]
                wished.append(sum(others) / len(others) if others else found[slot])
            found.update(_spread(layers[number], wished, sizes, gap))
    return found


def _neighbours(number: int, links: Links, *, towards_start: bool) -> list[tuple[Slot, Slot]]:
    before = [(b, a) for a, b in links[number - 1]] if number else []
    after = links[number] if number < len(links) else []
    return (before or after) if towards_start else (after or before)


def _spread(
    layer: Sequence[Slot], wished: Sequence[float], sizes: Mapping[Slot, float], gap: float
) -> dict[Slot, float]:
    """The places nearest to those wished in which the slots stand in order, `gap` apart.

    Slots that would overlap form a block, which stands at the mean of its wishes.
    """
    offsets = [0.0]
    for left, right in pairwise(layer):
        offsets.append(offsets[-1] + (sizes[left] + sizes[right]) / 2 + gap)
    blocks: list[tuple[float, int]] = []  # the sum of the wishes of a block, and how many
    for wish, offset in zip(wished, offsets, strict=True):
        blocks.append((wish - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            (a, m), (b, n) = blocks[-2:]
            blocks[-2:] = [(a + b, m + n)]
    means = [total / count for total, count in blocks for _ in range(count)]
    return {slot: mean + off for slot, mean, off in zip(layer, means, offsets, strict=True)}
