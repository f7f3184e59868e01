"""/settings: the chat's time zone, language of dates, quiet hours, and how its digests shall be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.managing import refused
from bot.commands.places import LANGUAGES, language_named, zone_named, zones_like
from bot.commands.spec import Services, Spec
from bot.model import Button, ChatSettings, Command, Reply
from digests.edition.model import Subscription
from digests.edition.schedule import next_at
from digests.edition.times import time_in
from digests.errors import UserError

SPEC = Spec(
    name="settings",
    summary="This chat's time zone, language of dates, quiet hours, length of digests",
    usage="/settings [zone CITY] [language NAME] [quiet 22:00-07:00] [length short or full] [empty line or silence]",
    examples=("/settings", "/settings zone Istanbul", "/settings quiet 22:00-07:00", "/settings length full"),
    aliases=("setting",),
    changes=lambda command: bool(command.text),
)
_KEY = re.compile(
    r"\b(?:(?P<zone>time\s*zone|zone|tz|city|time)|(?P<language>languages?|lang|dates?)|(?P<quiet>quiet(?:\s+hours?)?)"
    r"|(?P<length>length)|(?P<empty>(?:when\s+|if\s+)?empty))\b\s*[:=]?\s*(?:to\s+|in\s+|from\s+)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b|\band\b)\s*", re.IGNORECASE)


async def handle(command: Command, services: Services) -> Reply:
    settings = await services.books.settings(command.origin.place)
    if not command.text:
        return Reply(template="settings", data=_data(settings, command.asked_at, changed=False), buttons=BUTTONS)
    if (no := await refused(command, services)) is not None:
        return no
    changed, wrong = change(settings, command.text)
    if wrong:
        return _unknown(wrong)
    await services.books.change_settings(command.origin.place, changed)
    await _let_digests_follow(settings, changed, command, services)
    return Reply(template="settings", data=_data(changed, command.asked_at, changed=True))


def change(settings: ChatSettings, text: str) -> tuple[ChatSettings, str]:
    """The settings after what was typed, and the words that name nothing known ("" if all do).

    Without a keyword the words are tried as a city, then as a language. Raises ``UserError`` for hours, lengths and
    the like that cannot be understood.
    """
    for kind, value in asked(text):
        changed = _CHANGES[kind](settings, value)
        if changed is None:
            return settings, value or text
        settings = changed
    return settings, ""


def asked(text: str) -> list[tuple[str, str]]:
    """What was typed, as (``zone``, ``language`` or another keyword or "", words).

    >>> asked("zone New York language de"), asked("Istanbul")
    ([('zone', 'New York'), ('language', 'de')], [('', 'Istanbul')])
    """
    keys = list(_KEY.finditer(text))
    if not keys or text[: keys[0].start()].strip():
        return [("", text.strip())]
    ends = [*(key.start() for key in keys[1:]), len(text)]
    return [(key.lastgroup or "", text[key.end() : end].strip(" ,;")) for key, end in zip(keys, ends, strict=True)]


def _zone(settings: ChatSettings, value: str) -> ChatSettings | None:
    zone = zone_named(value)
    return replace(settings, zone=zone) if zone else None


def _language(settings: ChatSettings, value: str) -> ChatSettings | None:
    language = language_named(value)
    return replace(settings, language=language) if language else None


def _quiet(settings: ChatSettings, value: str) -> ChatSettings:
    if value.casefold() in ("off", "no", "none", "never", "0"):
        return replace(settings, quiet_from=None, quiet_to=None)
    ends = [_time_of(part) for part in _RANGE.split(value) if part]
    if len(ends) != 2 or None in ends or ends[0] == ends[1]:
        raise UserError("From when to when? Write it like this: /settings quiet 22:00-07:00, or /settings quiet off")
    return replace(settings, quiet_from=ends[0], quiet_to=ends[1])


def _time_of(text: str) -> time | None:
    words = [*text.casefold().split(), ""]
    typed = time_in(words, bare=True)
    return typed.at if typed is not None and typed.words == len(words) - 1 else None


def _length(settings: ChatSettings, value: str) -> ChatSettings:
    match value.casefold():
        case "short":
            return replace(settings, length="short")
        case "full" | "long":
            return replace(settings, length="full")
    raise UserError("Digests are short or full: /settings length short, /settings length full")


def _empty(settings: ChatSettings, value: str) -> ChatSettings:
    match value.casefold():
        case "line" | "one line" | "a line":
            return replace(settings, when_empty="line")
        case "silence" | "silent" | "nothing":
            return replace(settings, when_empty="silence")
    raise UserError("When there is nothing new: one line (/settings empty line) or nothing (/settings empty silence)")


_CHANGES: dict[str, Callable[[ChatSettings, str], ChatSettings | None]] = {
    "zone": _zone,
    "language": _language,
    "quiet": _quiet,
    "length": _length,
    "empty": _empty,
    "": lambda settings, value: _zone(settings, value) or _language(settings, value),
}


async def _let_digests_follow(old: ChatSettings, new: ChatSettings, command: Command, services: Services) -> None:
    """What a chat chooses anew holds for the digests it has ordered, too; those in a zone of their own keep that."""
    for each in await services.subscriptions.subscriptions(command.origin.place):
        changed = followed(each, old, new)
        moved = changed.schedule != each.schedule
        settled = command.asked_at if moved else each.settled_at or command.asked_at
        due_at = next_at(changed, after=settled, quiet_hours=new)
        await services.subscriptions.change_subscription(changed, at=settled, due_at=due_at)


def followed(subscription: Subscription, old: ChatSettings, new: ChatSettings) -> Subscription:
    """A subscription after its chat's settings have changed."""
    schedule = subscription.schedule
    if schedule.zone == old.zone:
        schedule = replace(schedule, zone=new.zone)
    return replace(
        subscription,
        schedule=schedule,
        length=new.length if new.length != old.length else subscription.length,
        language=new.language if new.language != old.language else subscription.language,
        when_empty=new.when_empty if new.when_empty != old.when_empty else subscription.when_empty,
    )


def _data(settings: ChatSettings, now: datetime, *, changed: bool) -> dict[str, Any]:
    local = now.astimezone(ZoneInfo(settings.zone))
    return {
        "zone": settings.zone,
        "language": settings.language,
        "language_name": LANGUAGES.get(settings.language, (settings.language,))[0].capitalize(),
        "today": local.date().isoformat(),
        "time": local.strftime("%H:%M"),
        "quiet_from": settings.quiet_from.strftime("%H:%M") if settings.quiet_from else "",
        "quiet_to": settings.quiet_to.strftime("%H:%M") if settings.quiet_to else "",
        "length": settings.length,
        "silent": settings.when_empty == "silence",
        "changed": changed,
    }


BUTTONS = (
    tuple(Button(label=city, command=f"/settings zone {city}") for city in ("London", "Istanbul", "New York")),
    tuple(Button(label=name, command=f"/settings language {name}") for name in ("English", "Deutsch", "Türkçe")),
    (
        Button(label="Quiet 22:00 to 07:00", command="/settings quiet 22:00-07:00"),
        Button(label="Never quiet", command="/settings quiet off"),
    ),
    (
        Button(label="Short digests", command="/settings length short"),
        Button(label="Full digests", command="/settings length full"),
    ),
    (
        Button(label="Nothing new: say so", command="/settings empty line"),
        Button(label="Nothing new: silence", command="/settings empty silence"),
    ),
    (Button(label="Digests here", command="/subscribe"),),
)


def _unknown(words: str) -> Reply:
    near = zones_like(words)
    buttons = tuple((Button(label=zone, command=f"/settings zone {zone}"),) for zone in near)
    return Reply(template="settings_unknown", data={"typed": words, "near": near}, buttons=buttons)
