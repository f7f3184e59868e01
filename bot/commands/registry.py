"""All commands, in the order /help lists them. To add one: write its module, put it here."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands import start
from bot.commands.spec import Registered

COMMANDS: tuple[Registered, ...] = (Registered(spec=start.SPEC, handle=start.handle),)


def by_word(commands: tuple[Registered, ...] = COMMANDS) -> Mapping[str, Registered]:
    """Commands by every word that calls them: name and aliases."""
    return {word: each for each in commands for word in (each.spec.name, *each.spec.aliases)}
