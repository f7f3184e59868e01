"""A new version of an article puts a deadline off: all that is about it goes along, from calendars to digests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from fakes.newsroom import NOON, TODAY, Newsroom, due, newsroom, report, there
from fakes.website import Website, website
from icalendar import Calendar, Event

from bot.circulation.reminders import ReminderLoop
from digests.edition.digest import compose
from digests.edition.model import Wanted
from digests.model import Article, Deadline, Fact

FIRST = "The council must answer the ferry union by February 29."
LATER = "The council must now answer the ferry union by March 7."
FEB, MARCH = date(2020, 2, 29), date(2020, 3, 7)
URL = "https://wire.example/ferry"


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Website]:
    async with newsroom(tmp_path) as room, website(room) as made:
        yield made


def told(sentence: str, day: date) -> tuple[Article, Fact]:
    """The article as it says ``sentence``, and the deadline in it."""
    article = report("The talks stalled.", sentence, title="Ferry Talks", url=URL)
    when = sentence.partition("by ")[2].rstrip(".")
    fact: Deadline = due(article, sentence, day, "council")
    task = sentence[sentence.index("answer") :].rstrip(".")
    return article, replace(fact, action=there(article, task), time=there(article, when))


async def arrive(room: Newsroom, sentence: str, day: date) -> int:
    article, fact = told(sentence, day)
    return await room.arrive(article, (fact,))


async def entries(web: Website, url: str) -> dict[str, Event]:
    return {str(each["UID"]): each for each in Calendar.from_ical((await web.get(url)).content).walk("VEVENT")}


async def test_its_entry_in_a_calendar_moves_and_none_is_cancelled(web: Website) -> None:
    await arrive(web.room, FIRST, FEB)
    url = str((await web.room.ask("/calendar")).data["url"])
    (before,) = (await entries(web, url)).items()
    assert (before[0], before[1]["DTSTART"].dt, int(before[1]["SEQUENCE"])) == ("fact-1@news.example", FEB, 0)
    web.room.now = NOON + timedelta(hours=1)
    await arrive(web.room, LATER, MARCH)
    (after,) = (await entries(web, url)).items()
    assert (after[0], after[1]["DTSTART"].dt, int(after[1]["SEQUENCE"])) == ("fact-1@news.example", MARCH, 1)
    assert str(after[1]["STATUS"]) == "CONFIRMED"
    await arrive(web.room, FIRST, FEB)
    (back,) = (await entries(web, url)).items()
    assert (back[0], back[1]["DTSTART"].dt, int(back[1]["SEQUENCE"])) == ("fact-1@news.example", FEB, 2)


async def test_the_record_says_from_what_it_moved(web: Website) -> None:
    article_id = await arrive(web.room, FIRST, FEB)
    await arrive(web.room, LATER, MARCH)
    changes = await web.room.store.changes(0)
    assert [(each.kind, each.fact_id) for each in changes] == [("new", None), ("version", None), ("moved", 1)]
    assert (changes[-1].before, changes[-1].article_id) == (FIRST, article_id)
    read = await web.room.read("/evidence 1")
    assert "What changed from version 1 to version 2, word for word:" in read
    assert FIRST.rstrip(".") in read
    assert "March 7" in read


async def test_who_follows_deadlines_is_told_of_it_once(web: Website) -> None:
    room = web.room
    await room.look()
    await room.ask("/follow deadlines")
    await arrive(room, FIRST, FEB)
    await arrive(room, "The council must answer the ferry union by February 29. It did not.", FEB)
    told_first = await room.look()
    assert len(told_first) == 1
    room.now += timedelta(hours=2)
    await arrive(room, LATER, MARCH)
    ((_, reply),) = await room.look()
    assert LATER.rstrip(".") in str(reply.data)
    assert not await room.look()


async def test_its_reminder_moves_and_who_asked_for_it_hears_so(web: Website) -> None:
    room = web.room
    await arrive(room, FIRST, FEB)
    reminding = ReminderLoop(
        store=room.store,
        books=room.books,
        follows=room.follows,
        reminders=room.services.reminders,
        platforms=("telegram",),
        queued=lambda: None,
    )
    await reminding.once(room.now)
    await room.ask("/remind 1 2 days")
    await room.queued()
    await arrive(room, LATER, MARCH)
    await reminding.once(room.now)
    ((_, reply),) = await room.queued()
    assert (reply.template, reply.data["what"], reply.data["was"]) == ("reminder_changed", "moved", "2020-02-29")
    (kept,) = await room.services.reminders.reminders("telegram:1")
    assert (kept.fact_id, kept.at) == (1, datetime.combine(MARCH - timedelta(days=2), time(9), UTC))


async def test_a_digest_tells_it_among_what_changed(web: Website) -> None:
    room = web.room
    await arrive(room, FIRST, FEB)
    seen = await room.store.last_change()
    await arrive(room, LATER, MARCH)
    upto = await room.store.last_change()
    digest = await compose(room.store, Wanted(), after=seen, upto=upto, since=TODAY, today=TODAY)
    changed = [item for section in digest.sections for item in section.items if item.section == "changes"]
    assert [item.found[0].fact.id for item in changed] == [1]
