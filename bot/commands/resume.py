"""/resume [NUMBER]: paused digests come again, from their next time on."""

from __future__ import annotations

from bot.commands.pause import none_meant, numbered, set_pause
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply

SPEC = Spec(
    name="resume",
    summary="Let paused digests come again",
    usage="/resume [NUMBER]",
    examples=("/resume", "/resume 7"),
    changes=lambda _: True,
)


async def handle(command: Command, services: Services) -> Reply:
    number, _ = numbered(command.text)
    place = command.origin.place
    kept = await services.subscriptions.subscriptions(place)
    meant = [each for each in kept if number in (None, each.id)]
    if not meant:
        return none_meant(number)
    return await set_pause(meant, None, command, services, await services.books.settings(place))
