"""Who was let out is sent nothing more of what they ordered; who is let in again hears what comes from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fakes.newsroom import EDITOR, NOON, OTHER, Newsroom, drawn, due, newsroom, report

from bot.access import Door
from bot.books.members import Joining
from bot.circulation.alerts import Alerts
from bot.circulation.digests import Digests
from bot.circulation.reminders import ReminderLoop
from bot.config import Settings
from bot.model import Origin
from digests.model import Article, Fact

ANSWER = "Vesland must answer the union by February 29."
PLATFORMS = ("telegram", "slack")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as opened:
        for each in (EDITOR, OTHER):
            await let_in(opened, each)
        yield opened


async def let_in(room: Newsroom, origin: Origin) -> None:
    members = room.services.members
    code = await members.invite("person", "reader", by="console", at=NOON, until=NOON + timedelta(days=1))
    joining = Joining(person=origin.user, chat=origin.chat, can={"person": (origin.user, "")})
    assert (await members.join(code, joining, at=NOON)).outcome == "admitted"


def door(room: Newsroom) -> Door:
    return Door(settings=Settings(), members=room.services.members, teams=lambda: frozenset({"T1"}))


async def look(room: Newsroom) -> dict[str, list[str]]:
    """What one look of all loops queues, by chat."""
    services, still = room.services, door(room).still
    await Alerts(
        store=room.store,
        books=room.books,
        follows=room.follows,
        platforms=PLATFORMS,
        queued=lambda: None,
        still=still,
    ).once(room.now)
    await ReminderLoop(
        store=room.store,
        books=room.books,
        follows=room.follows,
        reminders=services.reminders,
        platforms=PLATFORMS,
        queued=lambda: None,
        still=still,
    ).once(room.now)
    await Digests(subscriptions=services.subscriptions, store=room.store, queued=lambda: None, still=still).once(
        room.now
    )
    found: dict[str, list[str]] = {}
    for address, reply in await room.queued():
        found.setdefault(address.chat, []).append(drawn(reply))
    return found


def deadline(url: str, day: date) -> tuple[Article, tuple[Fact, ...]]:
    sentence = ANSWER.replace("29", str(day.day))
    article = report(sentence, title="Duties", url=url)
    return article, (due(article, sentence, day),)


async def test_who_was_let_out_is_sent_nothing_more(room: Newsroom) -> None:
    await look(room)
    for each in (EDITOR, OTHER):
        await room.ask("/follow Vesland", each)
        await room.ask("/subscribe daily 13:00", each)
    await room.arrive(*deadline("https://a.example/1", date(2020, 2, 28)))
    for each in (EDITOR, OTHER):
        assert "reminded" in await room.read("/remind 1 12 days", each)
    assert set(await look(room)) == {EDITOR.place, OTHER.place}

    await room.services.members.revoke(OTHER.user, by="console", at=NOON)
    await room.arrive(*deadline("https://a.example/2", date(2020, 2, 27)))
    room.now = NOON + timedelta(days=2, minutes=65)
    told = await look(room)
    assert set(told) == {EDITOR.place}
    assert len(told[EDITOR.place]) == 3  # an alert, a reminder, a digest

    await let_in(room, OTHER)
    assert OTHER.place not in await look(room)
    room.now = NOON + timedelta(days=3, minutes=65)
    assert OTHER.place in await look(room)
