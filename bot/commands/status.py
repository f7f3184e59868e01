"""/status: how much is in the archive, how new it is, what waits to be read or sent, which sources are in trouble.

Admins are told what could not be sent, too, and which work was given up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.commands.feeds import source_line
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply, Trouble
from digests.ingest.troubles import troubles as troubles_of

SPEC = Spec(
    name="status",
    summary="What is in the archive, what waits, which sources are in trouble",
    usage="/status",
    aliases=("stats", "counts"),
)
MOST = 5
"""Sources in trouble are told one by one so far; /feeds has them all."""


async def handle(command: Command, services: Services) -> Reply:
    counts = await services.store.counts()
    queue = await services.books.queue()
    troubles = await services.books.troubles() if command.origin.admin else []
    sending = await services.deliveries.report(now=command.asked_at)
    work, given_up = await _work(services, now=command.asked_at)
    oldest = min((way.oldest_at for way in sending.ways if way.oldest_at), default=None)
    watched = await services.store.source_counts()
    ill = await troubles_of(services.store, now=command.asked_at) if watched.sources else []
    data = {
        "articles": counts.articles,
        "facts": counts.facts,
        "people": counts.people,
        "stories": counts.stories,
        "kinds": [{"kind": kind, "count": count} for kind, count in counts.by_kind],
        "newest": counts.newest_day.isoformat() if counts.newest_day else None,
        "oldest": counts.oldest_day.isoformat() if counts.oldest_day else None,
        "sources": watched.sources,
        "paused": watched.paused,
        "unread": watched.waiting,
        "given_up": watched.given_up,
        "ill": [source_line(each.source, now=command.asked_at) for each in ill[:MOST]],
        "more_ill": max(0, len(ill) - MOST),
        "pending": queue.get("pending", 0) + queue.get("sending", 0),
        "failed": queue.get("failed", 0),
        "parked": queue.get("parked", 0),
        "oldest_minutes": int((command.asked_at - oldest).total_seconds() // 60) if oldest else 0,
        "last_minute": sum(way.last_minute for way in sending.ways),
        "unreachable": len(sending.paused),
        "troubles": [
            {"what": each.what, "reason": each.reason, "count": each.count, "day": each.last_at.date().isoformat()}
            for each in (*troubles, *(given_up if command.origin.admin else ()))
        ],
        "work": work,
        "today": command.today.isoformat(),
    }
    buttons = ((Button(label="Feeds", command="/feeds"),),) if watched.sources else ()
    return Reply(template="status", data=data, buttons=buttons)


async def _work(services: Services, *, now: datetime) -> tuple[dict[str, Any] | None, list[Trouble]]:
    """What waits for workers, and the latest of what they gave up; ``None`` where one process does everything."""
    if services.jobs is None:
        return None, []
    backlog = await services.jobs.backlog()
    parked = await services.jobs.parked(limit=MOST)
    oldest = min((each.oldest_at for each in backlog if each.oldest_at), default=None)
    told = {
        "kinds": [{"kind": each.kind, "waiting": each.waiting, "running": each.running} for each in backlog],
        "minutes": max(0, int((now - oldest).total_seconds() // 60)) if oldest else 0,
        "parked": await services.jobs.parked_count(),
    }
    return told, [
        Trouble(what=each.what, reason=f"{each.reason} (given up after {each.attempts})", count=1, last_at=each.at)
        for each in parked
        if each.at is not None
    ]
