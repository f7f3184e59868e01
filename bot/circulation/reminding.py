"""A reminder of one deadline, as it is kept, as it is moved, and as it is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.books.reminders import Reminder
from bot.circulation.found import platform_of
from bot.commands.lines import whole_due_line
from bot.model import Address, Button, Reply
from digests.edition.model import Follow
from digests.edition.reminding import due_day, moment, reminder_key, soonest
from digests.edition.same import due_key
from digests.model import Deadline, Event, Found

MOST_LINES = 10


def address_of(reminder: Reminder) -> Address:
    return Address(platform=platform_of(reminder.chat), chat=reminder.chat, thread=reminder.thread)


def reminder_of(found: Found, follow: Follow, hours: int, zone: str) -> Reminder:
    """The reminder that a follow asks for of one deadline."""
    fact = found.fact
    assert isinstance(fact, Deadline | Event)
    return Reminder(
        chat=follow.chat,
        thread=follow.thread,
        user=follow.user,
        follow_id=follow.id,
        article_id=found.source.article_id,
        fact_id=fact.id,
        hours=hours,
        key=reminder_key(fact, hours),
        at=moment(due_day(fact), hours, zone),
    )


def replaced(reminder: Reminder, heir: Found, zone: str) -> Reminder:
    """The reminder as its deadline stands now."""
    fact = heir.fact
    assert isinstance(fact, Deadline | Event)
    if reminder.key == reminder_key(fact, reminder.hours):
        return replace(reminder, fact_id=fact.id)
    at = moment(due_day(fact), reminder.hours, zone)
    return replace(reminder, fact_id=fact.id, key=reminder_key(fact, reminder.hours), at=at)


def reminder_reply(stand: Sequence[Found], texts: Mapping[int, str], *, today: date, language: str) -> Reply:
    """What is due, the soonest first; the same deadline of several sources once.

    ``texts``: of the articles, by number: a part of a sentence ("leave unless they pay by Friday") may mislead.
    """
    once: dict[str, Found] = {}
    for each in soonest(stand):
        assert isinstance(each.fact, Deadline | Event)
        once.setdefault(due_key(each.fact), each)
    lines = [whole_due_line(each, texts, today=today) for each in list(once.values())[:MOST_LINES]]
    data = {"lines": lines, "more": len(once) - len(lines), "language": language}
    buttons = ((Button(label="All deadlines", command="/deadlines"), Button(label="Followed", command="/following")),)
    return Reply(template="reminder", data=data, buttons=buttons)
