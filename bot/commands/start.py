"""/start: what this is and what to try first."""

from __future__ import annotations

from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply

SPEC = Spec(name="start", summary="What this is and where to begin", usage="/start", aliases=("hello", "hi"))


async def handle(command: Command, services: Services) -> Reply:
    counts = await services.store.counts()
    data = {
        "articles": counts.articles,
        "facts": counts.facts,
        "today": command.today.isoformat(),
        "newest": counts.newest_day.isoformat() if counts.newest_day else None,
    }
    buttons = (
        (Button(label="Deadlines", command="/deadlines"), Button(label="Latest articles", command="/latest")),
        (Button(label="All commands", command="/help"),),
    )
    return Reply(template="start", data=data, buttons=buttons)
