"""Which sources people must be told of, here and at the foot of a digest: those that fail for long or are silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digests.sources.schedule import FAILING_AFTER, SILENT_AFTER, Trouble, trouble
from digests.store.base import Store
from digests.watch import NewsSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """``trouble``: failing (for twelve hours or more) or silent (for two days or more)."""

    source: NewsSource
    trouble: Trouble


async def troubles(store: Store, *, now: datetime, limit: int = 100) -> list[Troubled]:
    """Those that fail first, each kind by how long it has lasted; paused ones are not among them. ``now`` is aware."""
    found = await store.troubled_sources(
        failing_before=now - FAILING_AFTER, silent_before=now - SILENT_AFTER, limit=limit
    )
    told = [Troubled(source=source, trouble=trouble(source, now=now)) for source in found]
    return [each for each in told if each.trouble]
