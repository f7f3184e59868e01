"""/start: what this is and what to try first. Telegram's deep links carry a code, or a command:
``/start evidence_12``."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.access import code_in
from bot.commands import evidence, join
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply

SPEC = Spec(name="start", summary="What this is and where to begin", usage="/start", aliases=("hello", "hi"))
_EVIDENCE = re.compile(r"evidence[_-](\d{1,18})")


async def handle(command: Command, services: Services) -> Reply:
    if code_in(f"/start {command.text}"):
        return await join.handle(replace(command, name=join.SPEC.name), services)
    linked = _EVIDENCE.fullmatch(command.text)
    if linked:
        return await evidence.about(int(linked[1]), command=command, services=services)
    counts = await services.store.counts()
    data = {
        "articles": counts.articles,
        "facts": counts.facts,
        "newest": counts.newest_day.isoformat() if counts.newest_day else None,
        "today": command.today.isoformat(),
    }
    buttons = (
        (Button(label="Deadlines", command="/deadlines"), Button(label="Latest articles", command="/latest")),
        (Button(label="All commands", command="/help"),),
    )
    return Reply(template="start", data=data, buttons=buttons)
