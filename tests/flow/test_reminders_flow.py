"""Reminders of deadlines: at the right time on the chat's clock, once, and along with the deadline when it moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from fakes.desk import commands_of
from fakes.newsroom import EDITOR, OTHER, Newsroom, drawn, due, newsroom, report, says

from bot.circulation.reminders import ReminderLoop
from bot.commands import remind
from digests.edition.reminding import days_reached, moment
from digests.model import Fact, FactQuery
from digests.store.database import Database

ANSWER = "Vesland must answer the union by February 29."
LATER = "Vesland must answer the union by March 7."
OTHERS = "The council must pay by March 9."


@pytest.fixture
async def room(database: Database) -> AsyncIterator[Newsroom]:
    async with newsroom(database) as opened:
        await opened.look()
        yield opened


def loop(room: Newsroom) -> ReminderLoop:
    return ReminderLoop(
        store=room.store,
        books=room.books,
        follows=room.follows,
        reminders=room.services.reminders,
        platforms=("telegram", "slack"),
        queued=lambda: None,
    )


async def at(room: Newsroom, *moment_at: int) -> list[str]:
    """What is said by the reminders at that moment (UTC)."""
    room.now = datetime(*moment_at, tzinfo=UTC)
    await loop(room).once(room.now)
    return [drawn(reply) for _, reply in await room.queued()]


async def deadline(room: Newsroom, sentence: str = ANSWER, day: date = date(2020, 2, 29), *, url: str = "") -> int:
    """An article with one deadline; the deadline's number."""
    article = report(sentence, title="Duties", url=url)
    fact: Fact = due(article, sentence, day)
    saved = await room.arrive(article, (fact,))
    return (await room.store.facts(FactQuery(article_id=saved)))[-1].fact.id


async def quiet(room: Newsroom, begin: int, end: int) -> None:
    settings = await room.books.settings("telegram:1")
    changed = replace(settings, quiet_from=time(begin), quiet_to=time(end))
    await room.books.change_settings("telegram:1", changed)


@pytest.mark.parametrize(
    ("hours", "zone", "when"),
    [
        (24, "UTC", (2020, 2, 28, 9)),
        (48, "Europe/Istanbul", (2020, 2, 27, 6)),
        (3, "Europe/Istanbul", (2020, 2, 28, 18)),
        (36, "UTC", (2020, 2, 27, 12)),
        (24, "America/New_York", (2020, 2, 28, 14)),
    ],
)
def test_days_before_are_told_at_nine_and_hours_count_from_midnight(
    hours: int, zone: str, when: tuple[int, int, int, int]
) -> None:
    year, month, day, hour = when
    said = datetime(year, month, day, hour, tzinfo=UTC)
    assert moment(date(2020, 2, 29), hours, zone) == said
    second = timedelta(seconds=1)
    assert days_reached(hours, zone, after=said - second, upto=said) == [date(2020, 2, 29)]
    assert days_reached(hours, zone, after=said, upto=said + timedelta(hours=23)) == []
    assert len(days_reached(hours, zone, after=said, upto=said + timedelta(days=3))) == 3


async def test_a_deadline_is_reminded_of_once(room: Newsroom) -> None:
    number = await deadline(room)
    said = await room.read(f"/remind {number} 2 days")
    assert "You are reminded on Thu 27 Feb 2020, 09:00, 2 days before Sat 29 Feb 2020." in said
    assert "Thu 27 Feb 2020, 09:00" in await room.read("/following")
    assert "Reminders" not in await room.read("/following", OTHER)
    assert await at(room, 2020, 2, 27, 8, 59) == []
    (message,) = await at(room, 2020, 2, 27, 9)
    assert ANSWER in message
    assert "in 2 days" in message
    assert await at(room, 2020, 2, 28, 9) == []


async def test_a_follow_of_deadlines_reminds_of_each(room: Newsroom) -> None:
    await room.ask("/follow deadlines Vesland remind 2 days")
    await room.ask("/follow deadlines remind 2 days", OTHER)
    await at(room, 2020, 2, 15, 12)
    await deadline(room)
    await deadline(room, OTHERS, date(2020, 3, 9))
    assert await at(room, 2020, 2, 26, 12) == []
    messages = await at(room, 2020, 2, 27, 12)
    assert [ANSWER in each for each in messages] == [True, True]
    (message,) = await at(room, 2020, 3, 7, 9)
    assert OTHERS in message


async def test_a_sleep_leaves_out_no_reminder_that_is_still_worth_it(room: Newsroom) -> None:
    await room.ask("/follow deadlines remind 2 days")
    await at(room, 2020, 2, 15, 12)
    await deadline(room)
    await deadline(room, OTHERS, date(2020, 2, 20))
    (message,) = await at(room, 2020, 2, 28, 1)
    assert ANSWER in message
    assert OTHERS not in message


async def test_one_deadline_of_two_sources_is_one_line(room: Newsroom) -> None:
    await room.ask("/follow deadlines remind 1 day")
    await at(room, 2020, 2, 15, 12)
    await deadline(room)
    article = report(ANSWER, "It rained.", title="Duties again", publisher="Volga Post")
    await room.arrive(article, (due(article, ANSWER, date(2020, 2, 29)),))
    (message,) = await at(room, 2020, 2, 28, 9)
    assert message.count(ANSWER) == 1


async def test_a_reminder_quotes_the_whole_sentence(room: Newsroom) -> None:
    sentence = "The union says it will strike unless the yards pay up by February 29."
    article = report(sentence, "It rained.", title="Duties")
    part = "the yards pay up by February 29"
    await room.ask("/follow deadlines remind 1 day")
    await at(room, 2020, 2, 15, 12)
    await room.arrive(article, (due(article, part, date(2020, 2, 29)),))
    (message,) = await at(room, 2020, 2, 28, 9)
    assert sentence in message


async def test_a_deadline_that_moves_takes_its_reminder_along(room: Newsroom) -> None:
    url = "https://levant.example/1"
    number = await deadline(room, url=url)
    await room.ask(f"/remind {number} 1 day")
    await at(room, 2020, 2, 16, 12)
    await deadline(room, LATER, date(2020, 3, 7), url=url)
    (message,) = await at(room, 2020, 2, 16, 13)
    assert "moved, and the reminder with it: from Sat 29 Feb 2020 to Sat 7 Mar 2020" in message
    assert await at(room, 2020, 2, 28, 9) == []
    (message,) = await at(room, 2020, 3, 6, 9)
    assert LATER in message


async def test_a_deadline_that_moves_moves_the_reminder_of_a_follow(room: Newsroom) -> None:
    url = "https://levant.example/1"
    await room.ask("/follow deadlines remind 1 day")
    await deadline(room, url=url)
    await at(room, 2020, 2, 16, 12)
    await deadline(room, LATER, date(2020, 3, 7), url=url)
    assert await at(room, 2020, 2, 28, 9) == []
    assert len(await at(room, 2020, 3, 6, 9)) == 1


@pytest.mark.parametrize("how", ["retracted", "gone"])
async def test_a_deadline_that_stands_no_more_ends_its_reminder_with_a_word(room: Newsroom, how: str) -> None:
    url = "https://levant.example/1"
    number = await deadline(room, url=url)
    await room.ask(f"/remind {number} 1 day")
    await at(room, 2020, 2, 16, 12)
    if how == "retracted":
        await room.store.retract(number, by="telegram:9", why="a misprint", at=room.now)
    else:
        await room.arrive(report("It rained on the hills all day.", title="Rain", url=url))
    (message,) = await at(room, 2020, 2, 16, 13)
    assert "does not stand any more (Sat 29 Feb 2020). There will be no reminder." in message
    assert await at(room, 2020, 2, 28, 9) == []


async def test_quiet_hours_hold_a_reminder_only_if_that_is_soon_enough(room: Newsroom) -> None:
    number = await deadline(room)
    other = await deadline(room, OTHERS, date(2020, 3, 9))
    await quiet(room, 20, 10)
    await room.ask(f"/remind {number} 3 hours")
    await room.ask(f"/remind {other} 2 days")
    (message,) = await at(room, 2020, 2, 28, 21)
    assert ANSWER in message  # at ten it would be due
    assert await at(room, 2020, 3, 7, 9) == []
    (message,) = await at(room, 2020, 3, 7, 10)
    assert OTHERS in message


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/remind", "/remind NUMBER"),
        ("/remind soon", "/remind NUMBER"),
        ("/remind 1 in a while", "/remind NUMBER"),
        ("/remind 99", "99"),
        ("/remind 1 off", "There was no reminder of it."),
        ("/remind 1 30 days", "Too late for a reminder 30 days before: Sat 29 Feb 2020 is in 14 days."),
    ],
)
async def test_what_cannot_be_reminded_of_is_said(room: Newsroom, typed: str, said: str) -> None:
    await deadline(room)
    assert said in await room.read(typed)


async def test_what_is_too_late_offers_what_is_not(room: Newsroom) -> None:
    await deadline(room)
    assert commands_of(await room.ask("/remind 1 30 days"))[:2] == ["/remind 1 7 days", "/remind 1 2 days"]


async def test_deadlines_and_their_evidence_offer_a_reminder(room: Newsroom) -> None:
    number = await deadline(room)
    other = await deadline(room, OTHERS, date(2020, 3, 9))
    await deadline(room, "The mayor must answer by February 16.", date(2020, 2, 16))  # a day before is today
    assert commands_of(await room.ask(f"/evidence {number}")) == [f"/remind {number} 1 day"]
    assert commands_of(await room.ask("/deadlines")) == [f"/remind {number} 1 day", f"/remind {other} 1 day"]
    room.now = datetime(2020, 3, 1, tzinfo=UTC)
    assert commands_of(await room.ask(f"/evidence {number}")) == []


async def test_a_reminder_is_changed_and_taken_away(room: Newsroom) -> None:
    number = await deadline(room)
    await room.ask(f"/remind {number} 1 day")
    await room.ask(f"/remind {number} 2 days")
    assert [each.hours for each in await room.services.reminders.reminders("telegram:1")] == [48]
    assert "No reminder of it any more." in await room.read(f"/remind {number} off")
    assert await room.services.reminders.reminders("telegram:1") == []


async def test_what_is_followed_no_more_or_muted_is_not_reminded_of(room: Newsroom) -> None:
    await room.ask("/follow deadlines remind 1 day")
    await room.ask("/mute 1 forever")
    await deadline(room)
    await at(room, 2020, 2, 15, 12)
    assert await at(room, 2020, 2, 28, 9) == []


async def test_two_processes_remind_once(room: Newsroom) -> None:
    number = await deadline(room)
    await room.ask(f"/remind {number} 1 day")
    due_now = datetime(2020, 2, 28, 9, tzinfo=UTC)
    one, two = loop(room), loop(room)
    waiting = await room.services.reminders.due(due_now)
    settings = await room.books.settings("telegram:1")
    assert [await each._remind(settings, waiting, due_now) for each in (one, two)] == [True, False]
    assert len(await room.queued()) == 1


async def test_what_is_no_deadline_is_not_reminded_of(room: Newsroom) -> None:
    article = report("Fuat Oktay spoke at length.", title="Speech")
    await room.arrive(article, (says(article, "Fuat Oktay spoke at length.", "Fuat Oktay", None),))
    assert "is no deadline that stands" in await room.read("/remind 1")
    assert commands_of(await room.ask("/evidence 1")) == []


async def test_a_group_s_reminders_are_its_admins_business(room: Newsroom) -> None:
    number = await deadline(room)
    group = replace(EDITOR, chat="telegram:-5", private=False)
    assert "Only this group's admins" in await room.read(f"/remind {number}", group)
    assert "You are reminded" in await room.read(f"/remind {number}", replace(group, role="editor"))
    assert await room.services.reminders.reminders("telegram:1") == []


async def test_a_chat_may_wait_for_so_many_and_no_more(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remind, "MOST_REMINDERS", 1)
    first, second = await deadline(room), await deadline(room, OTHERS, date(2020, 3, 9))
    await room.ask(f"/remind {first}")
    assert "1 reminders wait already" in await room.read(f"/remind {second}")
    terminal = replace(OTHER, platform="console", chat="console", user="console")
    assert "a terminal cannot be told by itself" in await room.read(f"/remind {second}", terminal)


async def test_a_correction_of_the_day_moves_the_reminder(room: Newsroom) -> None:
    number = await deadline(room)
    await room.ask(f"/remind {number} 1 day")
    await at(room, 2020, 2, 16, 12)
    found = await room.store.fact(number)
    assert found is not None
    moved = replace(found.fact, due_from=date(2020, 3, 7), due_to=date(2020, 3, 7))
    await room.store.correct(found.fact, moved, by="telegram:9", why="a misprint", at=room.now)
    (message,) = await at(room, 2020, 2, 16, 13)
    assert "from Sat 29 Feb 2020 to Sat 7 Mar 2020" in message
    assert await at(room, 2020, 2, 28, 9) == []
    assert len(await at(room, 2020, 3, 6, 9)) == 1
