"""Who may change what belongs to a chat: its settings, subscriptions and follows."""

from __future__ import annotations

from bot.access import may_manage
from bot.commands.spec import Services
from bot.model import Command, Reply


async def refused(command: Command, services: Services) -> Reply | None:
    """The reply to somebody who may not change what is a group's; ``None`` for those who may."""
    if await may_manage(command.origin, services.groups):
        return None
    return Reply(template="not_manager", data={"command": command.name, "platform": command.origin.platform})
