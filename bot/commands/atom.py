"""/atom: a secret address under which feed readers find new facts."""

from __future__ import annotations

from bot.commands import web_address
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply

SPEC = Spec(
    name="atom",
    summary="New facts in your own feed reader, under an address of this chat's",
    usage="/atom [KIND] [TOPIC | new | off]",
    examples=("/atom", "/atom statements Turkey", "/atom new", "/atom off"),
    aliases=("rss",),
    changes=lambda _: True,
)


async def handle(command: Command, services: Services) -> Reply:
    return await web_address.handle(command, services, spec=SPEC, kind="feed")
