"""/unfollow NUMBER or NAME: hear of it no more."""

from __future__ import annotations

from bot.commands.follow_lines import follow_line, named, which_follow
from bot.commands.managing import refused
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Button, Command, Reply

SPEC = Spec(
    name="unfollow",
    summary="Hear of it no more",
    usage="/unfollow NUMBER or NAME",
    examples=("/unfollow 3", "/unfollow Oktay"),
    changes=lambda command: bool(command.text),
)


async def handle(command: Command, services: Services) -> Reply:
    if not command.text:
        return usage(SPEC)
    if (no := await refused(command, services)) is not None:
        return no
    place = command.origin.place
    found = named(command.text, await services.follows.follows(place))
    if len(found) != 1:
        return which_follow(command.text, found, command=SPEC.name)
    gone = await services.follows.unfollow(found[0].id, chat=place)
    if gone is None:
        return which_follow(command.text, [], command=SPEC.name)
    zone = (await services.books.settings(place)).zone
    data = {
        "line": follow_line(gone, now=command.asked_at, zone=zone),
        "what": "unfollowed",
        "nobody": "",
        "told": True,
    }
    buttons = ((Button(label="All that is followed", command="/following"),),)
    return Reply(template="follow_said", data=data, buttons=buttons)
