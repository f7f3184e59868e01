"""Who runs which group: asked of the platforms, and remembered for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from bot.access import Standing

KEPT_SECONDS = 60.0
MOST_KEPT = 10_000


class Asks(Protocol):
    async def standing(self, chat: str, user: str, /) -> Standing: ...


class AskedGroups:
    """``bot.access.Groups`` over the platforms that are served, by name."""

    def __init__(self, sides: Mapping[str, Asks], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._sides = sides
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[float, Standing]] = {}

    async def standing(self, chat: str, user: str) -> Standing:
        """What ``user`` is in ``chat``; what the platform did not say is asked again the next time."""
        now = self._clock()
        kept = self._kept.get((chat, user))
        if kept is not None and now - kept[0] < KEPT_SECONDS:
            return kept[1]
        side = self._sides.get(chat.partition(":")[0])
        found: Standing = await side.standing(chat, user) if side else "unknown"
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        if found != "unknown":
            self._kept[chat, user] = (now, found)
        return found
