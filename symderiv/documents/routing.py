"""Labels put where nothing overlaps: beside their arrows, or in a list below the graph.

Labels are tried beside their arrows; those that find no place, and those that make a
picture too wide, get a number, which stands upon the arrow and in the list.  Where even
numbers find none, the gaps grow.  What a card or a label says is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from symderiv.documents.blocks import NOTHING, Block, row
from symderiv.documents.placing import Field
from symderiv.documents.planning import Arrow, Card, Flow, Plan, Skeleton, segments
from symderiv.documents.scene import Circle, Item, Label, Point, Rect

_KEY: Final = 8.0  # the radius of a number's circle
_WIDENINGS: Final = 5
_WIDER: Final = 20.0
_MANY: Final = 48
_BETWEEN: Final = 26.0  # between the columns of the list


def routed(
    cards: Mapping[str, Card], arrows: Sequence[Arrow], *, upright: bool, width: float
) -> tuple[Item, ...]:
    """The picture of a graph, `width` wide if that can be: then fewer labels stand at arrows.

    Of more arrows than a reader can follow, only those of the chain have labels.  A picture
    that is not upright and still too wide is set in rows, if it is a chain somewhere.
    """
    if len(arrows) > _MANY:
        arrows = [
            a if a.role != "muted" else replace(a, ahead=NOTHING, back=NOTHING) for a in arrows
        ]
    skeleton = Skeleton(cards, arrows)
    everything = {k for k, arrow in enumerate(arrows) if arrow.widths()}
    keyed = {k for k, arrow in enumerate(arrows) if _is_crowded(arrow, arrows)}
    flow = Flow(upright)
    if not upright and Plan(skeleton, flow, everything, 0).width() > width:
        flow, keyed = Flow(row=width - 60), everything
    picture = _labelled(skeleton, flow, keyed, width)
    return (*picture.items(), *picture.listed(width))


def _labelled(skeleton: Skeleton, flow: Flow, keyed: set[int], width: float) -> _Picture:
    """The first arrangement in which each label or its number has a place."""
    for widening in range(_WIDENINGS + 1):
        while True:
            plan = Plan(skeleton, flow, keyed, widening * _WIDER)
            picture = _Picture(plan, keyed)
            failed = picture.too_wide(width) or picture.place_labels() or picture.too_wide(width)
            if not failed:
                break
            keyed = keyed | failed
        if picture.place_keys() or len(skeleton.arrows) > _MANY:
            break
    return picture


def _is_crowded(arrow: Arrow, arrows: Sequence[Arrow]) -> bool:
    """Whether many arrows enter and leave here, so that no label would find a place."""
    into = sum(other.target == arrow.target for other in arrows)
    out_of = sum(other.source == arrow.source for other in arrows)
    return bool(arrow.widths()) and into > 1 and out_of > 1


class _Picture:
    """A plan with its labels."""

    def __init__(self, plan: Plan, keyed: Collection[int]) -> None:
        self.plan, self.keyed = plan, sorted(keyed)
        self.field = Field()
        self.field.rects += plan.rects.values()
        for pair in plan.lines:
            self.field.segments += pair.segments()
        self.labels: list[Item] = []
        self.keys: dict[int, Point] = {}

    def place_labels(self) -> set[int]:
        """Put each label beside its arrow; the numbers of the arrows where that failed."""
        left = -1 if self.plan.flow.upright else 1
        failed = set()
        for number, arrow in enumerate(self.plan.arrows):
            if number not in self.keyed:
                forward, back = self.plan.lines[number]
                placed = self._put(arrow.ahead, forward, left)
                if not (placed and self._put(arrow.back, back, left)):
                    failed.add(number)
        return failed

    def _put(self, block: Block, points: Sequence[Point], side: int) -> bool:
        """Whether a block found a place; one that is empty needs none."""
        if not block.items:
            return True
        for hand in (side, -side):
            rect = self.field.beside(segments(points), block.width, block.height, hand)
            if rect is not None:
                self.field.rects.append(rect)
                self.labels += block.at(rect.left, rect.top)
                return True
        return False

    def too_wide(self, width: float) -> set[int]:
        """The arrows whose labels go to the list next, if the picture is wider than `width`."""
        arrows, frame = self.plan.arrows, self.frame()
        shown = [k for k, a in enumerate(arrows) if k not in self.keyed and a.widths()]
        if not shown or frame.right - frame.left <= width:
            return set()
        widest = max(max(arrows[k].widths()) for k in shown)
        return {k for k in shown if max(arrows[k].widths()) == widest}

    def place_keys(self) -> bool:
        """Put a number upon each arrow of the list; False where one finds no place."""
        for number in self.keyed:
            pair = self.plan.lines[number]
            rect = self.field.upon(pair.middle(), 2 * _KEY, pair.segments())
            if rect is not None:
                self.field.rects.append(rect)
                self.keys[number] = ((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2)
        return len(self.keys) == len(self.keyed)

    def frame(self) -> Rect:
        """The rectangle around cards, arrows and labels."""
        points = [p for rect in self.field.rects for p in (rect[:2], rect[2:])]
        points += [p for segment in self.field.segments for p in segment]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return Rect(min(xs), min(ys), max(xs), max(ys))

    def items(self) -> Iterator[Item]:
        """Arrows, cards, labels, numbers."""
        yield from self.plan.items()
        yield from self.labels
        for number, point in self.keys.items():
            yield from self._key(number, point)

    def _key(self, number: int, point: Point) -> Iterator[Item]:
        (x, y), role = point, self.plan.arrows[number].role
        yield Circle(x, y, _KEY, role, "ground")
        yield Label(x, y + 3.7, (str(list(self.keys).index(number) + 1),), role, 10.5)

    def listed(self, width: float) -> Iterator[Item]:
        """The list of what found no place, in columns as wide as its widest line."""
        numbered = sorted(self.keyed, key=lambda number: number not in self.keys)
        blocks = [self._listed(number) for number in numbered]
        if not blocks:
            return
        frame = self.frame()
        wide = max(block.width for block in blocks) + _BETWEEN
        room = max(width, frame.right - frame.left) + _BETWEEN
        columns = max(1, min(len(blocks), int(room // wide)))
        left = (frame.left + frame.right - columns * wide + _BETWEEN) / 2
        each = -(-len(blocks) // columns)
        top = frame.bottom + 22
        for line in range(each):
            shown = blocks[line::each]
            height = max(block.height for block in shown)
            for number, block in enumerate(shown):
                yield from block.at(left + number * wide, top + (height - block.height) / 2)
            top += height + 8

    def _listed(self, number: int) -> Block:
        sign = self._key(number, (_KEY, _KEY)) if number in self.keys else ()
        mark = Block(2 * _KEY, 2 * _KEY, tuple(sign))
        return row(mark, self.plan.arrows[number].listed, gap=7)
