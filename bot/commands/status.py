"""/status: how much is in the archive, how new it is, what waits to be sent; to admins, what could not be sent."""

from __future__ import annotations

from bot.commands.spec import Services, Spec
from bot.model import Command, Reply

SPEC = Spec(
    name="status",
    summary="What is in the archive, and what waits to be sent",
    usage="/status",
    aliases=("stats", "counts"),
)


async def handle(command: Command, services: Services) -> Reply:
    counts = await services.store.counts()
    queue = await services.books.queue()
    troubles = await services.books.troubles() if command.origin.admin else []
    data = {
        "articles": counts.articles,
        "facts": counts.facts,
        "people": counts.people,
        "kinds": [{"kind": kind, "count": count} for kind, count in counts.by_kind],
        "newest": counts.newest_day.isoformat() if counts.newest_day else None,
        "oldest": counts.oldest_day.isoformat() if counts.oldest_day else None,
        "pending": queue.get("pending", 0) + queue.get("sending", 0),
        "failed": queue.get("failed", 0),
        "parked": queue.get("parked", 0),
        "troubles": [
            {"what": each.what, "reason": each.reason, "count": each.count, "day": each.last_at.date().isoformat()}
            for each in troubles
        ],
        "today": command.today.isoformat(),
    }
    return Reply(template="status", data=data)
