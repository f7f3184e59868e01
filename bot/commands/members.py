"""/members: who was let in, with which role and by whom; another role for one of them; what was changed by whom."""

from __future__ import annotations

import re
from typing import Any

from bot.books.members import Entry, Member
from bot.commands.asked import read
from bot.commands.lines import pager
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply, Role

SPEC = Spec(
    name="members",
    summary="Who was let in, and what was changed by whom",
    usage="/members [log | NAME reader | NAME editor | NAME admin]",
    examples=("/members", "/members log"),
    aliases=("member",),
    role="admin",
)
SIZE = 15
NAME = re.compile(r"(?:telegram:-?\d{1,18}|slack:[A-Z0-9]{1,20})", re.IGNORECASE)
_ROLES: dict[str, Role] = {"reader": "reader", "editor": "editor", "admin": "admin"}


async def handle(command: Command, services: Services) -> Reply:
    if not (command.origin.private or command.origin.alone):
        return Reply(template="only_private", data={"command": SPEC.name})
    words = command.text.split()
    if len(words) == 2 and NAME.fullmatch(words[0]) and words[1].casefold() in _ROLES:
        return await _change(named(words[0]), _ROLES[words[1].casefold()], command, services)
    asked = read(command.text, today=command.today)
    offset = (asked.page - 1) * SIZE
    match asked.question.casefold():
        case "":
            found = await services.members.members(limit=SIZE + 1, offset=offset)
            data: dict[str, Any] = {"lines": [member_line(each) for each in found[:SIZE]], "page": asked.page}
            pages = pager("/members", page=asked.page, more=len(found) > SIZE)
            return Reply(template="members", data=data, buttons=pages)
        case "log":
            entries = await services.members.log(limit=SIZE + 1, offset=offset)
            data = {"lines": [entry_line(each) for each in entries[:SIZE]], "page": asked.page}
            pages = pager("/members log", page=asked.page, more=len(entries) > SIZE)
            return Reply(template="audit", data=data, buttons=pages)
        case _:
            return usage(SPEC, typed=command.text)


async def _change(name: str, role: Role, command: Command, services: Services) -> Reply:
    if role == "admin" and not is_person(name):
        return Reply(template="invited", data={"too_much": True})
    before = await services.members.change_role(name, role, by=command.origin.user, at=command.asked_at)
    data = {"what": "changed" if before else "unknown", "name": name, "role": role}
    return Reply(template="member_said", data={**data, "called": before.called if before else ""})


def is_person(name: str) -> bool:
    """Whether a name is that of a person, not of a chat or workspace."""
    return not name.startswith(("telegram:-", "slack:C", "slack:D", "slack:G", "slack:T"))


def named(typed: str) -> str:
    """A name as it is kept: Slack's ids are upper case.

    >>> named("Slack:u1")
    'slack:U1'
    """
    platform, _, rest = typed.partition(":")
    return f"{platform.lower()}:{rest.upper()}"


def member_line(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "called": member.called,
        "role": member.role,
        "by": member.let_in_by,
        "day": member.let_in_at.date().isoformat(),
    }


def entry_line(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(timespec="minutes"),
        "day": entry.at.date().isoformat(),
        "time": entry.at.strftime("%H:%M"),
        "who": entry.who,
        "chat": entry.chat,
        "did": entry.did,
        "outcome": entry.outcome,
    }
