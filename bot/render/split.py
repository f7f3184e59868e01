"""Items into messages: nothing lost, no quotation cut that fits into a message.

Costs are small vectors (characters, entities or blocks) that add up; a palette says what a block costs and what a
message holds. Only a block that is larger than a message by itself is cut, and says so at the cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate

from bot.render.markup import Block, Item, Run

Cost = tuple[int, int]
CostOf = Callable[[Block], Cost]
GOES_ON = Block(kind="text", runs=(Run(text="(the quotation goes on)", style="italic"),))
WENT_ON = Block(kind="text", runs=(Run(text="(the quotation, continued)", style="italic"),))
_MARKS = 80
"""Characters kept free for the two marks of a cut quotation."""


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram and Slack count."""
    if len(text) == 1:
        return 2 if text > "\uffff" else 1
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def pack(items: Sequence[Item], *, cost: CostOf, limit: Cost) -> list[list[Item]]:
    """Items in messages, each within ``limit``: whole items first, else whole blocks, else pieces of a block."""
    cost = cache(cost)
    messages: list[list[Item]] = []
    room = (0, 0)
    for item in items:
        for part in _parts(item, cost=cost, limit=limit):
            need = _sum(part, cost)
            if not messages or not _fits(_plus(room, need), limit):
                messages.append([])
                room = (0, 0)
            messages[-1].append(part)
            room = _plus(room, need)
    return messages


def cut(block: Block, *, size: int, measure: Callable[[str], int] = units) -> list[Block]:
    """A block in pieces of at most ``size``, cut at line ends or blanks if there are any; joined they are the block.

    ``measure`` adds up: a text measures what its characters do.
    """
    if measure(block.text) <= size:
        return [block]
    pieces: list[Block] = []
    runs: list[Run] = []
    free = size
    for run in block.runs:
        for text in _slices(run.text, first=free, size=size, measure=measure):
            if measure(text) > free and runs:
                pieces.append(Block(kind=block.kind, runs=tuple(runs)))
                runs, free = [], size
            runs.append(Run(text=text, style=run.style, url=run.url, command=run.command))
            free -= measure(text)
    return [*pieces, Block(kind=block.kind, runs=tuple(runs))]


def _parts(item: Item, *, cost: CostOf, limit: Cost) -> Iterator[Item]:
    if _fits(_sum(item, cost), limit):
        yield item
        return
    held: tuple[Block, ...] = ()
    for block in item:
        for piece in _pieces(block, cost=cost, limit=limit):
            if held and not _fits(_sum((*held, *piece), cost), limit):
                yield held
                held = ()
            held = (*held, *piece)
    if held:
        yield held


def _pieces(block: Block, *, cost: CostOf, limit: Cost) -> Iterator[Item]:
    """The block, or its pieces: halved until each costs no more than a message holds."""
    if _fits(cost(block), limit):
        yield (block,)
        return
    size = max(1, limit[0] - _MARKS)
    pieces = cut(block, size=size)
    while size > 1 and not all(_fits(_sum(_marked(piece, first=False, last=False), cost), limit) for piece in pieces):
        size = max(1, size // 2)
        pieces = cut(block, size=size)
    for number, piece in enumerate(pieces):
        yield _marked(piece, first=number == 0, last=number == len(pieces) - 1)


def _marked(piece: Block, *, first: bool, last: bool) -> Item:
    if piece.kind != "quote":
        return (piece,)
    before: Item = () if first else (WENT_ON,)
    after: Item = () if last else (GOES_ON,)
    return (*before, piece, *after)


def _slices(text: str, *, first: int, size: int, measure: Callable[[str], int]) -> Iterator[str]:
    """Stretches of ``text``: the first of at most ``first`` if a word fits there, the others of at most ``size``."""
    if measure(text) <= first:
        yield text
        return
    sizes = list(accumulate((measure(character) for character in text), initial=0))
    position, room = 0, first
    while position < len(text):
        end = bisect_right(sizes, sizes[position] + max(room, 0)) - 1
        if end < len(text):
            blank = text.rfind(" ", position + (end - position) // 2, end)
            at = max(text.rfind("\n", position, end), blank) + 1
            if at <= position and room < size:
                room = size
                continue
            end = at if at > position else max(end, position + 1)
        yield text[position:end]
        position, room = end, size


def _sum(blocks: Sequence[Block], cost: CostOf) -> Cost:
    total = (0, 0)
    for block in blocks:
        total = _plus(total, cost(block))
    return total


def _plus(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1]


def _fits(cost: Cost, limit: Cost) -> bool:
    return cost[0] <= limit[0] and cost[1] <= limit[1]
