"""/following: what this chat follows, with a button to unfollow and to mute each, and what it will be reminded of."""

from __future__ import annotations

from typing import Any

from bot.commands.asked import read
from bot.commands.follow_lines import follow_line
from bot.commands.lines import due_line, pager
from bot.commands.remind import local
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply
from digests.model import Deadline, Event

SPEC = Spec(
    name="following",
    summary="What this chat follows and will be reminded of",
    usage="/following",
    examples=("/following",),
    aliases=("follows",),
)
SIZE = 6
_LABEL = 24


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today)
    if asked.question:
        return usage(SPEC, typed=command.text)
    follows = await services.follows.follows(command.origin.place)
    first = (asked.page - 1) * SIZE
    shown = follows[first : first + SIZE]
    zone = (await services.books.settings(command.origin.place)).zone
    lines = [follow_line(each, now=command.asked_at, zone=zone) for each in shown]
    buttons = tuple(
        (
            Button(label=f"Unfollow {_short(each['label'])}", command=f"/unfollow {each['id']}"),
            Button(label="Unmute", command=f"/mute {each['id']} off")
            if each["muted"]
            else Button(label="Mute 3 hours", command=f"/mute {each['id']} 3 hours"),
        )
        for each in lines
    )
    pages = pager("/following", page=asked.page, more=len(follows) > first + SIZE)
    waiting = await _reminders(command, services, zone=zone) if asked.page == 1 else []
    data = {"lines": lines, "count": len(follows), "page": asked.page, "reminders": waiting}
    return Reply(template="following", data=data, buttons=(*buttons, *pages))


async def _reminders(command: Command, services: Services, *, zone: str) -> list[dict[str, Any]]:
    """The next reminders that wait, with their deadlines."""
    lines = []
    for each in (await services.reminders.reminders(command.origin.place))[:SIZE]:
        found = await services.store.fact(each.fact_id)
        if found is not None and isinstance(found.fact, Deadline | Event):
            lines.append({**due_line(found, today=command.today), **local(each.at, zone)})
    return lines


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1].rstrip() + "…"
