"""/mute NUMBER or NAME [3 hours | today | forever | off]: stay silent about something that is followed."""

from __future__ import annotations

import re
from datetime import datetime

from bot.commands.follow_lines import follow_line, named, which_follow
from bot.commands.managing import refused
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.commands.wishes import mute_until
from bot.model import Button, Command, Reply
from digests.edition.model import Follow

SPEC = Spec(
    name="mute",
    summary="Stay silent for a while about something that is followed",
    usage="/mute NUMBER or NAME [3 hours | today | forever | off]",
    examples=("/mute 3", "/mute 3 today", "/mute Oktay 2 days", "/mute 3 off"),
    changes=lambda command: bool(command.text),
)
USUAL = "3 hours"
_OFF = re.compile(r"(.+?)\s+(?:off|no more)", re.IGNORECASE)


async def handle(command: Command, services: Services) -> Reply:
    if not command.text:
        return usage(SPEC)
    if (no := await refused(command, services)) is not None:
        return no
    place = command.origin.place
    zone = (await services.books.settings(place)).zone
    who, said, until = read(command.text, now=command.asked_at, zone=zone)
    found = named(who, await services.follows.follows(place))
    if len(found) != 1:
        return which_follow(who, found, command=SPEC.name, rest=said)
    kept = await services.follows.mute(found[0].id, chat=place, until=until)
    if kept is None:
        return which_follow(who, [], command=SPEC.name)
    what = "unmuted" if until is None else "muted"
    data = {"line": follow_line(kept, now=command.asked_at, zone=zone), "what": what, "nobody": "", "told": True}
    return Reply(template="follow_said", data=data, buttons=_asks(kept, muted=until is not None))


def read(text: str, *, now: datetime, zone: str) -> tuple[str, str, datetime | None]:
    """What is to be muted, the time as it was said, and until when; 3 hours where none is said, ``None`` for off."""
    if off := _OFF.fullmatch(text):
        return off[1], "off", None
    words = text.split()
    for count in (3, 2, 1):
        said = " ".join(words[-count:])
        until = mute_until(said, now=now, zone=zone) if len(words) > count else None
        if until is not None:
            return " ".join(words[:-count]), said, until
    return text, USUAL, mute_until(USUAL, now=now, zone=zone)


def _asks(kept: Follow, *, muted: bool) -> tuple[tuple[Button, ...], ...]:
    if not muted:
        return ((Button(label="All that is followed", command="/following"),),)
    return (
        (
            Button(label="Unmute", command=f"/mute {kept.id} off"),
            Button(label="Today", command=f"/mute {kept.id} today"),
            Button(label="For good", command=f"/mute {kept.id} forever"),
            Button(label="Unfollow", command=f"/unfollow {kept.id}"),
        ),
    )
