"""Where the cards of a graph stand and how the arrows run between them.

The layout runs along one axis (`along`) and spreads over the other (`across`): to the
right, down the page, or to the right in several rows, which a long chain needs.  Cards
are sized here, from what they hold and how many arrows end at them.  Labels come
later: a plan only leaves them room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from symderiv.documents.blocks import NOTHING, Block
from symderiv.documents.layering import Layers, Links, Slot, centres, depths, layered, way
from symderiv.documents.placing import Segment
from symderiv.documents.scene import Box, Item, Line, Point, Rect, Role

_PAD: Final = 9.0  # between the rim of a card and what it says
_PORT: Final = 15.0  # between arrows at the side of a card
_HALF: Final = 3.5  # between an arrow and the middle of the pair
_GAP: Final = 44.0  # between two layers, at least
_APART: Final = {True: 16.0, False: 22.0}  # between two cards of a layer, upright or not
_LEAST: Final = 34.0
_ELBOW: Final = 22.0  # how far an arrow runs out of a row before it turns to the next


@dataclass(frozen=True)
class Card:
    """What a node shows, and its rim (whose place and size are found here)."""

    content: Block
    rim: Box


@dataclass(frozen=True)
class Arrow:
    """A way forward from one card to another, and back again where something returns.

    `ahead` and `back` are the labels of the two; `listed` is what stands in the list if they
    find no place.
    """

    source: str
    target: str
    role: Role
    ahead: Block = NOTHING
    back: Block = NOTHING
    listed: Block = NOTHING
    returns: bool = False

    def widths(self) -> list[float]:
        """The widths of its labels."""
        return [block.width for block in (self.ahead, self.back) if block.items]


class Flow(NamedTuple):
    """How the layout runs: down the page or to the right, and how wide a row may be."""

    upright: bool = False
    row: float = 0.0


class Pair(NamedTuple):
    """The points of an arrow forward and of the one back; of the latter none, maybe."""

    forward: list[Point]
    back: list[Point]

    def middle(self) -> list[Segment]:
        """The line between the two."""
        pairs = zip(self.forward, self.back[::-1] or self.forward, strict=True)
        return segments([((x + x2) / 2, (y + y2) / 2) for (x, y), (x2, y2) in pairs])

    def segments(self) -> list[Segment]:
        return [*segments(self.forward), *segments(self.back)]


def segments(points: Sequence[Point]) -> list[Segment]:
    """The segments of a line through points."""
    return list(pairwise(points))


class Skeleton:
    """What does not depend on any size: layers, their order, and the ways through them."""

    def __init__(self, cards: Mapping[str, Card], arrows: Sequence[Arrow]) -> None:
        self.cards, self.arrows = cards, arrows
        ends = [(arrow.source, arrow.target) for arrow in arrows]
        self.depth = depths(list(cards), ends)
        self.ways = [way(k, pair, self.depth) for k, pair in enumerate(ends)]
        self.layers, self.links = layered(list(cards), ends)
        sources, targets = (Counter(pair[side] for pair in ends) for side in (0, 1))
        self.ports = {node: max(sources[node], targets[node]) for node in cards}


class Plan:
    """Where everything stands, if the arrows `keyed` have no labels and gaps grow by `extra`."""

    def __init__(
        self, skeleton: Skeleton, flow: Flow, keyed: Collection[int], extra: float
    ) -> None:
        self.cards, self.arrows, self.flow = skeleton.cards, skeleton.arrows, flow
        self.depth, self.ways, self.layers = skeleton.depth, skeleton.ways, skeleton.layers
        self.ports = skeleton.ports
        self.across = {slot: self._across(slot) for layer in self.layers for slot in layer}
        self.middle = centres(self.layers, skeleton.links, self._spaces(), _APART[flow.upright])
        self.start = self._starts(keyed, extra)
        self.shift = self._shifts(skeleton.links)
        self.lines = [self._pair(k) for k in range(len(self.arrows))]
        self.rects = {node: self._rect(node) for node in self.cards}

    def width(self) -> float:
        """How wide the cards are, all together, without what may stand beside them."""
        return max(r.right for r in self.rects.values()) - min(r.left for r in self.rects.values())

    # sizes and places of cards

    def _across(self, slot: Slot) -> float:
        if slot.edge >= 0:
            return 2 * _HALF + 6
        block = self.cards[slot.node].content
        size = block.width if self.flow.upright else block.height
        ports = self.ports[slot.node]
        return max(size + 2 * _PAD, _PORT * ports + 6, _LEAST)

    def _spaces(self) -> dict[Slot, float]:
        """The room of each slot: alike in layers of as many that follow each other.

        So the arrows from each of them to its follower are level.
        """
        found: dict[Slot, float] = {}
        for _, run in groupby(self.layers, key=len):
            slots = [slot for layer in run for slot in layer]
            widest = max(self.across[slot] for slot in slots)
            found |= {slot: widest if slot.edge < 0 else self.across[slot] for slot in slots}
        return found

    def _thickness(self, level: int) -> float:
        blocks = [self.cards[slot.node].content for slot in self.layers[level] if slot.edge < 0]
        sizes = [block.height if self.flow.upright else block.width for block in blocks]
        return max(max(sizes) + 2 * _PAD, _LEAST)

    def _starts(self, keyed: Collection[int], extra: float) -> list[tuple[float, float]]:
        """Where each layer begins and ends along the way."""
        found: list[tuple[float, float]] = []
        place = 0.0
        for level in range(len(self.layers)):
            end = place + self._thickness(level)
            found.append((place, end))
            place = end + self._gap(level, keyed) + extra
        return found

    def _gap(self, level: int, keyed: Collection[int]) -> float:
        """The way between a layer and the next: long enough for the labels of its arrows."""
        blocks = [
            block
            for k, arrow in enumerate(self.arrows)
            if self.depth[arrow.source] == level and k not in keyed
            for block in (arrow.ahead, arrow.back)
        ]
        upright = self.flow.upright
        sizes = [(b.height + 14 if upright else b.width + 18) for b in blocks if b.items]
        return max([_GAP, *sizes])

    def _shifts(self, links: Links) -> list[Point]:
        """How far each layer is moved, along and across, so that it stands in its row."""
        first = _rows(self.start, links, self.flow.row) if self.flow.row else [0]
        shifts: list[Point] = []
        down = 0.0
        for begin, end in pairwise([*first, len(self.layers)]):
            top, bottom = _extent(self.layers[begin:end], self.middle, self.across)
            shifts += [(-self.start[begin][0], down - top)] * (end - begin)
            down += bottom - top + _GAP
        return shifts

    def _rect(self, node: str) -> Rect:
        slot, level = Slot(node), self.depth[node]
        start, end = self.start[level]
        half = self.across[slot] / 2
        first = self._point(level, start, self.middle[slot] - half)
        last = self._point(level, end, self.middle[slot] + half)
        return Rect(*first, *last)

    def _point(self, level: int, along: float, across: float) -> Point:
        right, down = self.shift[level]
        along, across = along + right, across + down
        return (across, along) if self.flow.upright else (along, across)

    # arrows

    def _pair(self, number: int) -> Pair:
        half = _HALF if self.arrows[number].returns else 0.0
        stations = self.ways[number]
        level = self.depth[stations[0].node]
        if self.shift[level] != self.shift[level + 1]:
            return Pair(self._elbow(number, half), self._elbow(number, -half)[::-1] if half else [])
        forward = self._straight(number, -half)
        return Pair(forward, self._straight(number, half)[::-1] if half else [])

    def _straight(self, number: int, aside: float) -> list[Point]:
        """The way of an arrow through the gaps between the layers, and past their cards."""
        stations = self.ways[number]
        level = self.depth[stations[0].node]
        points = [self._point(level, self.start[level][1], self._port(number, True) + aside)]
        for slot in stations[1:-1]:
            level += 1
            across = self.middle[slot] + aside
            points += [self._point(level, along, across) for along in self.start[level]]
        port = self._port(number, False) + aside
        return [*points, self._point(level + 1, self.start[level + 1][0], port)]

    def _elbow(self, number: int, aside: float) -> list[Point]:
        """The way of an arrow from the end of a row to the start of the next; left is aside."""
        level = self.depth[self.arrows[number].source]
        x, y = self._point(level, self.start[level][1], self._port(number, True))
        x2, y2 = self._point(level + 1, self.start[level + 1][0], self._port(number, False))
        row = [k for k, shift in enumerate(self.shift) if shift == self.shift[level + 1]]
        top, _ = _extent([self.layers[k] for k in row], self.middle, self.across)
        between = top + self.shift[level + 1][1] - _GAP / 2
        right, left = x + _ELBOW + aside, x2 - _ELBOW + aside
        return [
            (x, y - aside), (right, y - aside), (right, between + aside),
            (left, between + aside), (left, y2 - aside), (x2, y2 - aside),
        ]  # fmt: skip

    def _port(self, number: int, outgoing: bool) -> float:
        """Where across its side of a card an arrow ends: in the order of where it leads."""
        here, other = (0, 1) if outgoing else (-1, -2)
        card = self.ways[number][here]
        ends = [(self.middle[w[other]], k) for k, w in enumerate(self.ways) if w[here] == card]
        rank = sorted(ends).index((self.middle[self.ways[number][other]], number))
        return self.middle[card] + _PORT * (rank - (len(ends) - 1) / 2)

    # what is drawn

    def items(self) -> Iterator[Item]:
        """The arrows, and the cards over them."""
        for arrow, (forward, back) in zip(self.arrows, self.lines, strict=True):
            yield Line(tuple(forward), "muted" if arrow.role == "muted" else "ink", arrow=True)
            if back:
                yield Line(tuple(back), arrow.role, "5 3", 1.4, arrow=True)
        for node, card in self.cards.items():
            left, top, right, bottom = self.rects[node]
            width, height, inner = right - left, bottom - top, card.content
            yield replace(card.rim, x=left, y=top, width=width, height=height)
            yield from inner.at(left + (width - inner.width) / 2, top + (height - inner.height) / 2)


def _extent(
    layers: Layers, middle: Mapping[Slot, float], across: Mapping[Slot, float]
) -> tuple[float, float]:
    """From where to where some layers reach across."""
    slots = [slot for layer in layers for slot in layer]
    return (
        min(middle[slot] - across[slot] / 2 for slot in slots),
        max(middle[slot] + across[slot] / 2 for slot in slots),
    )


def _rows(start: Sequence[tuple[float, float]], links: Links, width: float) -> list[int]:
    """The layers with which rows begin: as few rows as can be, and of like width.

    A row can begin only where a single arrow leads; one row where that is not enough.
    """
    joints = [k + 1 for k, pairs in enumerate(links) if len(pairs) == 1 and pairs[0][1].edge < 0]
    best = _filled(start, joints, width)
    for percent in range(95, 30, -5):
        narrower = _filled(start, joints, width * percent / 100)
        if not narrower or len(narrower) > len(best):
            break
        best = narrower
    return best or [0]


def _filled(start: Sequence[tuple[float, float]], joints: Sequence[int], width: float) -> list[int]:
    """Rows filled one after the other; none where a row would be wider than `width`."""
    rows = [0]
    for level, (_, end) in enumerate(start):
        if end - start[rows[-1]][0] > width:
            later = [joint for joint in joints if rows[-1] < joint <= level]
            if not later or end - start[later[-1]][0] > width:
                return []
            rows.append(later[-1])
    return rows
