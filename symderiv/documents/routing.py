"""Cards and the arrows between them, laid out in layers so that nothing overlaps.

The layout runs along one axis (`along`) and spreads over the other (`across`); upright
means that it runs down the page.  Labels are placed beside their arrows where they fit;
those that do not fit get a number, which stands upon the arrow and in the list below.
What a card or a label says is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from symderiv.documents.blocks import NOTHING, Block, row
from symderiv.documents.layering import Links, Slot, centres, depths, layered, way
from symderiv.documents.placing import Field, Segment
from symderiv.documents.scene import Box, Circle, Item, Label, Line, Point, Rect, Role

_PAD: Final = 9.0  # between the rim of a card and what it says
_PORT: Final = 15.0  # between arrows at the side of a card
_HALF: Final = 3.5  # between an arrow and the middle of the pair
_GAP: Final = 44.0
_APART: Final = {True: 16.0, False: 22.0}
_KEY: Final = 8.0
_WIDENINGS: Final = 5


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


def routed(
    cards: Mapping[str, Card], arrows: Sequence[Arrow], *, upright: bool, width: float
) -> tuple[Item, ...]:
    """The picture of a graph, `width` wide if that can be: then fewer labels stand at arrows."""
    keyed: set[int] = {k for k, arrow in enumerate(arrows) if _is_crowded(arrow, arrows)}
    for widening in range(_WIDENINGS + 1):
        while True:
            plan = _Plan(cards, arrows, upright, keyed, widening)
            failed = plan.place_labels() or plan.too_wide(width)
            if not failed:
                break
            keyed |= failed
        if plan.place_keys():
            break
    return (*plan.items(), *_listed(arrows, keyed, plan, width))


def _is_crowded(arrow: Arrow, arrows: Sequence[Arrow]) -> bool:
    """Whether many arrows enter and leave here, so that no label would find a place."""
    into = sum(other.target == arrow.target for other in arrows)
    out_of = sum(other.source == arrow.source for other in arrows)
    return bool(_said(arrow)) and into > 1 and out_of > 1


class _Plan:
    """Where everything stands, for one choice of what is in the list."""

    def __init__(
        self,
        cards: Mapping[str, Card],
        arrows: Sequence[Arrow],
        upright: bool,
        keyed: set[int],
        widening: int,
    ) -> None:
        self.cards, self.arrows, self.upright, self.keyed = cards, arrows, upright, keyed
        ends = [(arrow.source, arrow.target) for arrow in arrows]
        self.depth = depths(list(cards), ends)
        self.ways = [way(k, pair, self.depth) for k, pair in enumerate(ends)]
        self.layers, links = layered(list(cards), ends)
        across = {slot: self._across(slot) for layer in self.layers for slot in layer}
        self.middle = centres(self.layers, links, across, _APART[upright])
        self.across = across
        self.start = self._starts(links, widening)
        self.field = Field()
        self.field.rects += [self._rect(node) for node in cards]
        self.lines = [self._lines(k) for k in range(len(arrows))]
        for forward, back in self.lines:
            self.field.segments += [*_segments(forward), *_segments(back)]
        self.labels: list[Item] = []
        self.keys: dict[int, Point] = {}

    # sizes and places of cards

    def _across(self, slot: Slot) -> float:
        if slot.edge >= 0:
            return 2 * _HALF + 6
        block = self.cards[slot.node].content
        size = block.width if self.upright else block.height
        ports = max(
            sum(arrow.source == slot.node for arrow in self.arrows),
            sum(arrow.target == slot.node for arrow in self.arrows),
        )
        return max(size + 2 * _PAD, _PORT * ports + 6, 34)

    def _thickness(self, level: int) -> float:
        blocks = [self.cards[slot.node].content for slot in self.layers[level] if slot.edge < 0]
        sizes = [block.height if self.upright else block.width for block in blocks]
        return max(sizes) + 2 * _PAD

    def _starts(self, links: Links, widening: int) -> list[tuple[float, float]]:
        """Where each layer begins and ends along the way."""
        found: list[tuple[float, float]] = []
        place = 0.0
        for level in range(len(self.layers)):
            end = place + self._thickness(level)
            found.append((place, end))
            if level < len(links):
                place = end + self._gap(level) + 20 * widening
        return found

    def _gap(self, level: int) -> float:
        """The way between a layer and the next: long enough for the labels of its arrows."""
        blocks = [
            block
            for k, arrow in enumerate(self.arrows)
            if self.depth[arrow.source] == level and k not in self.keyed
            for block in (arrow.ahead, arrow.back)
        ]
        sizes = [(b.height + 14 if self.upright else b.width + 18) for b in blocks if b.items]
        return max([_GAP, *sizes])

    def _rect(self, node: str) -> Rect:
        slot = Slot(node)
        start, end = self.start[self.depth[node]]
        half = self.across[slot] / 2
        first = self._point(start, self.middle[slot] - half)
        last = self._point(end, self.middle[slot] + half)
        return Rect(*first, *last)

    def _point(self, along: float, across: float) -> Point:
        return (across, along) if self.upright else (along, across)

    # arrows

    def _lines(self, number: int) -> tuple[list[Point], list[Point]]:
        """The points of an arrow forward and of the one back (none where nothing returns)."""
        stations = self.ways[number]
        level = self.depth[stations[0].node]
        places = [(self.start[level][1], self._port(number, outgoing=True))]
        for slot in stations[1:-1]:
            level += 1
            places += [(along, self.middle[slot]) for along in self.start[level]]
        places.append((self.start[level + 1][0], self._port(number, outgoing=False)))
        half = _HALF if self.arrows[number].returns else 0.0
        forward = [self._point(along, across - half) for along, across in places]
        back = [self._point(along, across + half) for along, across in reversed(places)]
        return forward, back if half else []

    def _port(self, number: int, *, outgoing: bool) -> float:
        """Where across its side of a card an arrow ends: in the order of where it leads."""
        stations = self.ways[number]
        here = stations[0] if outgoing else stations[-1]
        others = [
            (self.middle[w[1] if outgoing else w[-2]], k)
            for k, w in enumerate(self.ways)
            if (w[0] if outgoing else w[-1]) == here
        ]
        rank = sorted(others).index((self.middle[stations[1 if outgoing else -2]], number))
        return self.middle[here] + _PORT * (rank - (len(others) - 1) / 2)

    # labels

    def place_labels(self) -> set[int]:
        """Put each label beside its arrow; the numbers of the arrows where that failed."""
        failed: set[int] = set()
        left = -1 if self.upright else 1
        for number, arrow in enumerate(self.arrows):
            if number in self.keyed:
                continue
            forward, back = self.lines[number]
            wanted = [(arrow.ahead, forward, left), (arrow.back, back, left)]
            for block, points, side in wanted:
                if not block.items or number in failed:
                    continue
                if not self._put(block, points, side):
                    failed.add(number)
        return failed

    def _put(self, block: Block, points: Sequence[Point], side: int) -> bool:
        for hand in (side, -side):
            rect = self.field.beside(_segments(points), block.width, block.height, hand)
            if rect is not None:
                self.field.rects.append(rect)
                self.labels += block.at(rect.left, rect.top)
                return True
        return False

    def place_keys(self) -> bool:
        """Put a number upon each arrow of the list; False where one finds no place."""
        for number in sorted(self.keyed):
            forward, back = self.lines[number]
            own = [*_segments(forward), *_segments(back)]
            middle = [_midway(*pair) for pair in zip(forward, back[::-1] or forward, strict=True)]
            rect = self.field.upon(_segments(middle), 2 * _KEY, own)
            if rect is not None:
                self.field.rects.append(rect)
                self.keys[number] = ((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2)
        return len(self.keys) == len(self.keyed)

    def too_wide(self, width: float) -> set[int]:
        """The arrows whose labels go to the list next, if the picture is wider than `width`."""
        frame = self.frame()
        shown = [k for k, arrow in enumerate(self.arrows) if k not in self.keyed and _said(arrow)]
        if not shown or frame.right - frame.left <= width:
            return set()
        widest = max(max(_said(self.arrows[k])) for k in shown)
        return {k for k in shown if max(_said(self.arrows[k])) == widest}

    # what is drawn

    def items(self) -> Iterator[Item]:
        for number, arrow in enumerate(self.arrows):
            forward, back = self.lines[number]
            yield Line(tuple(forward), "muted" if arrow.role == "muted" else "ink", arrow=True)
            if back:
                yield Line(tuple(back), arrow.role, "5 3", 1.4, arrow=True)
        for node, card in self.cards.items():
            rect = self._rect(node)
            width, height = rect.right - rect.left, rect.bottom - rect.top
            yield replace(card.rim, x=rect.left, y=rect.top, width=width, height=height)
            inner = card.content
            yield from inner.at(
                rect.left + (width - inner.width) / 2, rect.top + (height - inner.height) / 2
            )
        yield from self.labels
        for number, point in self.keys.items():
            yield from _key(_number(self.keyed, number), self.arrows[number].role, point)

    def frame(self) -> Rect:
        """The rectangle around cards, arrows and labels."""
        points = [p for rect in self.field.rects for p in (rect[:2], rect[2:])]
        points += [p for segment in self.field.segments for p in segment]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return Rect(min(xs), min(ys), max(xs), max(ys))


def _midway(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _said(arrow: Arrow) -> list[float]:
    """The widths of the labels of an arrow."""
    return [block.width for block in (arrow.ahead, arrow.back) if block.items]


def _segments(points: Sequence[Point]) -> list[Segment]:
    return list(pairwise(points))


def _number(keyed: set[int], arrow: int) -> int:
    return sorted(keyed).index(arrow) + 1


def _key(number: int, role: Role, point: Point) -> Iterator[Item]:
    x, y = point
    yield Circle(x, y, _KEY, role, "ground")
    yield Label(x, y + 3.7, (str(number),), role, 10.5)


def _listed(arrows: Sequence[Arrow], keyed: set[int], plan: _Plan, width: float) -> Iterator[Item]:
    """The list of what found no place, in columns as wide as its widest line."""
    frame = plan.frame()
    rows = []
    for number in sorted(keyed):
        sign = tuple(_key(_number(keyed, number), arrows[number].role, (_KEY, _KEY)))
        mark = Block(2 * _KEY, 2 * _KEY, sign) if number in plan.keys else NOTHING
        rows.append(row(mark, arrows[number].listed, gap=7))
    if not rows:
        return
    wide = max(block.width for block in rows) + 26
    columns = max(1, min(len(rows), int((max(width, frame.right - frame.left) + 26) // wide)))
    left = (frame.left + frame.right - columns * wide + 26) / 2
    top, each = frame.bottom + 22, -(-len(rows) // columns)
    heights = [max(b.height for b in rows[k::each]) + 8 for k in range(each)]
    for number, block in enumerate(rows):
        column, line = divmod(number, each)
        down = top + sum(heights[:line]) + (heights[line] - 8 - block.height) / 2
        yield from block.at(left + column * wide, down)
