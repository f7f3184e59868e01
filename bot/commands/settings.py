"""/settings: the chat's time zone and the language of its dates."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.places import LANGUAGES, language_named, zone_named, zones_like
from bot.commands.spec import Services, Spec
from bot.model import Button, ChatSettings, Command, Reply

SPEC = Spec(
    name="settings",
    summary="This chat's time zone and language of dates",
    usage="/settings [zone CITY] [language NAME]",
    examples=("/settings", "/settings zone Istanbul", "/settings language German"),
    aliases=("setting",),
    changes=lambda command: bool(command.text),
)
_KEY = re.compile(
    r"\b(?:(time\s*zone|zone|tz|city|time)|(languages?|lang|dates?))\b\s*[:=]?\s*(?:to\s+|in\s+)?", re.IGNORECASE
)


async def handle(command: Command, services: Services) -> Reply:
    settings = await services.books.settings(command.origin.place)
    if not command.text:
        return Reply(template="settings", data=_data(settings, command.asked_at, changed=False), buttons=BUTTONS)
    changed, wrong = change(settings, command.text)
    if wrong:
        return _unknown(wrong)
    await services.books.change_settings(command.origin.place, changed)
    return Reply(template="settings", data=_data(changed, command.asked_at, changed=True))


def change(settings: ChatSettings, text: str) -> tuple[ChatSettings, str]:
    """The settings after what was typed, and the words that name neither a zone nor a language ("" if all do).

    Without a keyword the words are tried as a city, then as a language.
    """
    for kind, value in asked(text):
        zone = zone_named(value) if kind != "language" else None
        language = language_named(value) if kind != "zone" and zone is None else None
        if zone is None and language is None:
            return settings, value or text
        settings = replace(settings, zone=zone or settings.zone, language=language or settings.language)
    return settings, ""


def asked(text: str) -> list[tuple[str, str]]:
    """What was typed, as (``zone``, ``language`` or "", words).

    >>> asked("zone New York language de"), asked("Istanbul")
    ([('zone', 'New York'), ('language', 'de')], [('', 'Istanbul')])
    """
    keys = list(_KEY.finditer(text))
    if not keys or text[: keys[0].start()].strip():
        return [("", text.strip())]
    ends = [*(key.start() for key in keys[1:]), len(text)]
    return [
        ("zone" if key[1] else "language", text[key.end() : end].strip(" ,;"))
        for key, end in zip(keys, ends, strict=True)
    ]


def _data(settings: ChatSettings, now: datetime, *, changed: bool) -> dict[str, Any]:
    local = now.astimezone(ZoneInfo(settings.zone))
    return {
        "zone": settings.zone,
        "language": settings.language,
        "language_name": LANGUAGES.get(settings.language, (settings.language,))[0].capitalize(),
        "today": local.date().isoformat(),
        "time": local.strftime("%H:%M"),
        "changed": changed,
    }


BUTTONS = (
    tuple(Button(label=city, command=f"/settings zone {city}") for city in ("London", "Istanbul", "New York")),
    tuple(Button(label=name, command=f"/settings language {name}") for name in ("English", "Deutsch", "Türkçe")),
)


def _unknown(words: str) -> Reply:
    near = zones_like(words)
    buttons = tuple((Button(label=zone, command=f"/settings zone {zone}"),) for zone in near)
    return Reply(template="settings_unknown", data={"typed": words, "near": near}, buttons=buttons)
