"""/invite: a one-time code that lets a person, a chat or a Slack workspace in. Admins only, where nobody else reads it.

The code stands under ``secret`` in the reply's data: the outbox forgets it when the message is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.books.members import Kind, Members
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply, Role

SPEC = Spec(
    name="invite",
    summary="A one-time code that lets somebody in",
    usage="/invite [reader | editor | admin] [chat | workspace] [DAYS days]",
    examples=("/invite", "/invite editor", "/invite chat 30 days"),
    role="admin",
)
USUAL_DAYS = 7
MOST_DAYS = 365
_DAYS = re.compile(r"(?:(?:for|days?)\s+)*(\d{1,3})\s*(?:days?|d)?", re.IGNORECASE)
_KINDS: dict[str, Kind] = {
    "person": "person",
    "chat": "chat",
    "group": "chat",
    "channel": "chat",
    "workspace": "workspace",
    "team": "workspace",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an invitation shall be."""

    kind: Kind = "person"
    role: Role = "reader"
    days: int = USUAL_DAYS

    @property
    def too_much(self) -> bool:
        """Nobody can say who will be in a chat tomorrow: all of them together are never admins."""
        return self.role == "admin" and self.kind != "person"


async def handle(command: Command, services: Services) -> Reply:
    if not (command.origin.private or command.origin.alone):
        return Reply(template="only_private", data={"command": SPEC.name})
    wanted = read(command.text)
    if wanted is None:
        return usage(SPEC, typed=command.text)
    if wanted.too_much:
        return Reply(template="invited", data={"too_much": True})
    return Reply(
        template="invited",
        data=await made(wanted, by=command.origin.user, now=command.asked_at, members=services.members),
    )


def read(text: str) -> Wanted | None:
    """What was typed; ``None`` where a word is none of ours.

    >>> read("editor for 3 days")
    Wanted(kind='person', role='editor', days=3)
    """
    kind: Kind = "person"
    role: Role = "reader"
    days = _DAYS.search(text)
    rest = (text[: days.start()] + text[days.end() :] if days else text).casefold().split()
    for word in rest:
        match word.removeprefix("--"):
            case "reader" | "editor" | "admin" as named:
                role = named
            case other if other in _KINDS:
                kind = _KINDS[other]
            case _:
                return None
    count = int(days[1]) if days else USUAL_DAYS
    return Wanted(kind=kind, role=role, days=count) if 1 <= count <= MOST_DAYS else None


async def made(wanted: Wanted, *, by: str, now: datetime, members: Members) -> dict[str, Any]:
    """An invitation as the template ``invited`` shows it."""
    until = now + timedelta(days=wanted.days)
    code = await members.invite(wanted.kind, wanted.role, by=by, at=now, until=until)
    bot = await members.bot_name("telegram")
    start = "startgroup" if wanted.kind == "chat" else "start"
    link = f"https://t.me/{bot}?{start}={code}" if bot and wanted.kind != "workspace" else ""
    return {
        "too_much": False,
        "kind": wanted.kind,
        "role": wanted.role,
        "until": until.date().isoformat(),
        "slack": bool(await members.bot_name("slack")) or wanted.kind == "workspace",
        "secret": {"code": code, "link": link},
    }
