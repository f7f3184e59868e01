"""/calendar: a secret address under which calendar programs find what is due."""

from __future__ import annotations

from bot.commands import web_address
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply

SPEC = Spec(
    name="calendar",
    summary="What is due, in your own calendar program, under an address of this chat's",
    usage="/calendar [TOPIC | new | off]",
    examples=("/calendar", "/calendar Turkey", "/calendar new", "/calendar off"),
    aliases=("ics", "ical"),
    changes=lambda _: True,
)


async def handle(command: Command, services: Services) -> Reply:
    return await web_address.handle(command, services, spec=SPEC, kind="calendar")
