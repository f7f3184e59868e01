"""Subscriptions as replies show them, and which one is meant by a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.commands.spec import Services
from bot.model import ChatSettings, Command
from digests.edition.model import Subscription, Wanted
from digests.edition.schedule import local, next_at
from digests.store.base import Store

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FOR_GOOD = timedelta(days=3650)


def ordered_line(
    subscription: Subscription, *, now: datetime, settings: ChatSettings, thread: str, names: Mapping[int, str]
) -> dict[str, Any]:
    """A subscription as templates show it; times are those of its own zone.

    ``paused``: "" or "until" or "for good"; ``elsewhere``: where it goes, if into another topic or a thread.
    """
    schedule, wanted = subscription.schedule, subscription.wanted
    until = subscription.paused_until if subscription.paused_until and subscription.paused_until > now else None
    for_good = until is not None and until - now > _FOR_GOOD
    ends = local(until, schedule) if until and not for_good else None
    upcoming = None if for_good else local(next_at(subscription, after=now, quiet_hours=settings), schedule)
    held = upcoming is not None and upcoming != local(next_at(subscription, after=now), schedule)
    return {
        "id": subscription.id,
        "frequency": schedule.frequency,
        "time": schedule.at.strftime("%H:%M"),
        "minute": schedule.at.strftime("%M"),
        "weekday": WEEKDAYS[schedule.weekday],
        "zone": schedule.zone,
        **about_line(wanted, names),
        "length": subscription.length,
        "silent": subscription.when_empty == "silence",
        "elsewhere": _elsewhere(subscription, thread),
        "paused": ("for good" if for_good else "until") if until else "",
        "paused_day": ends.date().isoformat() if ends else "",
        "paused_time": ends.strftime("%H:%M") if ends else "",
        "held": held,
        "next_day": upcoming.date().isoformat() if upcoming else "",
        "next_time": upcoming.strftime("%H:%M") if upcoming else "",
    }


def _elsewhere(subscription: Subscription, thread: str) -> str:
    if subscription.thread == thread:
        return ""
    return "in a thread" if subscription.chat.startswith("slack:") else "in another topic"


async def lines(subscriptions: Sequence[Subscription], command: Command, services: Services) -> list[dict[str, Any]]:
    """Subscriptions of the asker's place as templates show them."""
    settings = await services.books.settings(command.origin.place)
    names = await people_names([each.wanted for each in subscriptions], services.store)
    now, thread = command.asked_at, thread_of(command)
    return [ordered_line(each, now=now, settings=settings, thread=thread, names=names) for each in subscriptions]


async def people_names(wanted: Sequence[Wanted], store: Store) -> dict[int, str]:
    """The names of those whom digests are to be about."""
    found = {}
    for number in {person for each in wanted for person in each.people}:
        person = await store.person(number)
        if person is not None:
            found[number] = person.name
    return found


def about_line(wanted: Wanted, names: Mapping[int, str]) -> dict[str, list[str]]:
    """What a digest is to be about, as templates show it."""
    return {
        "words": list(wanted.words),
        "must": list(wanted.must),
        "without": list(wanted.without),
        "people": [names.get(person, f"#{person}") for person in wanted.people],
        "sources": list(wanted.sources),
    }


def thread_of(command: Command) -> str:
    """The topic of a Telegram forum that is written in. In Slack a digest is the channel's."""
    return command.origin.thread if command.origin.platform == "telegram" else ""


def number_in(text: str) -> int | None:
    """The number of a subscription: ``7`` or ``#7``."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None
