"""The platforms that are configured, and the people who run the bot on them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import cast

from bot.app.side import Side
from bot.commands.spec import Services
from bot.config import Settings
from bot.model import Address, Platform


def sides_of(settings: Settings, services: Services) -> list[Side]:
    """The configured platforms; the SDK of one that is not is never imported."""
    sides: list[Side] = []
    if settings.telegram:
        # httpx loads its command line (rich, pygments, click) wherever they are installed: a sixth of the whole start
        sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
        from bot.app.telegram import TelegramSide

        sides.append(TelegramSide(settings, books=services.books, members=services.members, turns=services.turns))
    if settings.slack:
        from bot.app.slack import SlackSide

        sides.append(SlackSide(settings, members=services.members))
    return sides


def private(admins: Iterable[str]) -> list[Address]:
    """Where admins are told what they must know."""
    return [
        Address(platform=cast(Platform, name.partition(":")[0]), chat=name)
        for name in sorted(admins)
        if ":-" not in name
    ]
