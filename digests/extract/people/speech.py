"""Who speaks where: the contents of attributions and the bare quotations, asked by offset."""

from __future__ import annotations

from bisect import bisect_right

from digests.extract.reading import Reading

_FAR = 1 << 60


class Speech:
    """The quotations and attributions of one reading."""

    def __init__(self, reading: Reading) -> None:
        self._quotes = [(each.start, each.end) for each in reading.quotations]
        self._contents = sorted(
            (content.start, content.end, each.speaker.start, each.speaker.end)
            for each in reading.attributions
            if each.speaker is not None
            for content in each.contents
        )
        self._reach: list[int] = []
        """The furthest end of the contents up to each."""
        for _, end, _, _ in self._contents:
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def quoted(self, offset: int) -> bool:
        """Whether the offset lies in quotation marks."""
        at = bisect_right(self._quotes, (offset, _FAR)) - 1
        return at >= 0 and offset < self._quotes[at][1]

    def speaker(self, offset: int) -> tuple[int, int] | None:
        """The span of the speaker of the innermost content at the offset."""
        at = bisect_right(self._contents, (offset, _FAR, 0, 0)) - 1
        while at >= 0 and self._reach[at] > offset:
            start, end, first, last = self._contents[at]
            if start <= offset < end:
                return first, last
            at -= 1
        return None
