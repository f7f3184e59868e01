"""From an order to the message in the outbox: on time, once, with what came since, and saying what was not sent."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes.databases import url_of
from fakes.desk import commands_of
from fakes.newsroom import Newsroom, drawn, newsroom, report, says

from bot.app.databases import open_database
from bot.books.subscriptions import SqlSubscriptions
from bot.circulation import digests as circulation
from bot.circulation.digests import BATCH, PUT_OFF, Digests
from bot.model import Origin
from digests.edition.model import Schedule, Subscription
from digests.edition.schedule import next_at
from digests.errors import StoreError
from digests.store.database import Database
from digests.store.sql import SqlStore

DAY = timedelta(days=1)
EIGHT = datetime(2020, 2, 16, 8, tzinfo=UTC)
ASIDE = "Oktay said the corridor would open on Monday."
OTHER = "Demir said the harvest was poor this year."


@pytest.fixture
async def room(database: Database) -> AsyncIterator[Newsroom]:
    async with newsroom(database) as opened:
        yield opened


def loop(room: Newsroom, **more: object) -> Digests:
    subscriptions = more.pop("subscriptions", room.services.subscriptions)
    store = more.pop("store", room.services.store)
    return Digests(subscriptions=subscriptions, store=store, queued=lambda: None, **more)


async def sent(room: Newsroom, at: datetime) -> list[str]:
    """What one look at that moment puts into the outbox, as it is read."""
    await loop(room).once(at)
    return [drawn(reply) for _, reply in await room.queued()]


async def news(room: Newsroom, sentence: str = ASIDE, *, day: datetime = EIGHT, who: str = "Oktay") -> None:
    article = report(sentence, title=f"{who} speaks", day=day.date(), url=f"https://wire.example/{who}/{day:%d%H}")
    await room.arrive(article, (says(article, sentence, who),))


async def test_an_ordered_digest_comes_at_its_hour_with_what_came_and_not_again(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00")
    await news(room)
    assert await sent(room, EIGHT - timedelta(seconds=1)) == []
    (told,) = await sent(room, EIGHT)
    assert "Digest · Sun 16 Feb 2020" in told
    assert ASIDE in told
    assert await sent(room, EIGHT + timedelta(minutes=1)) == []


async def test_the_next_digest_tells_only_what_came_since(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00")
    await news(room)
    await sent(room, EIGHT)
    (silent,) = await sent(room, EIGHT + DAY)
    assert "Nothing new since Sun 16 Feb 2020" in silent
    await news(room, OTHER, day=EIGHT + DAY, who="Demir")
    (told,) = await sent(room, EIGHT + 2 * DAY)
    assert OTHER in told
    assert ASIDE not in told


async def test_a_digest_holds_only_what_was_ordered_and_says_so(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00 harvest full")
    await news(room)
    await news(room, OTHER, who="Demir")
    (told,) = await sent(room, EIGHT)
    assert OTHER in told
    assert ASIDE not in told
    assert "Ordered · any of: harvest" in told


async def test_without_news_who_wants_silence_gets_it(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00 silent")
    assert await sent(room, EIGHT) == []
    await news(room, day=EIGHT + DAY)
    (told,) = await sent(room, EIGHT + DAY)
    assert ASIDE in told


async def test_the_first_digest_looks_back_as_far_as_the_next_ones_will(room: Newsroom) -> None:
    await news(room, OTHER, day=EIGHT - 2 * DAY, who="Demir")
    rows = "UPDATE changes SET at = ?"
    await room.database.write(lambda c: c.execute(rows, ((EIGHT - 3 * DAY).isoformat(),)))
    await news(room, day=EIGHT - DAY)
    rows = "UPDATE changes SET at = ? WHERE id = (SELECT MAX(id) FROM changes)"
    await room.database.write(lambda c: c.execute(rows, (room.now.isoformat(),)))
    await room.ask("/subscribe daily 08:00")
    (told,) = await sent(room, EIGHT)
    assert ASIDE in told
    assert OTHER not in told


async def test_after_six_hours_of_sleep_one_digest_comes_and_says_which_did_not(room: Newsroom) -> None:
    await room.ask("/subscribe hourly")
    await sent(room, EIGHT)
    await news(room)
    (told,) = await sent(room, EIGHT + timedelta(hours=6, minutes=10))
    assert ASIDE in told
    assert "5 digests before this one could not be sent in time" in told
    assert "Sun 16 Feb 2020, 09:00 to Sun 16 Feb 2020, 13:00" in told
    (next_one,) = await sent(room, EIGHT + timedelta(hours=7))
    assert "in time" not in next_one


async def test_a_stale_digest_is_not_sent_and_the_next_tells_of_it_and_its_news(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00")
    await news(room)
    assert await sent(room, EIGHT + timedelta(hours=20)) == []
    (told,) = await sent(room, EIGHT + DAY)
    assert ASIDE in told
    assert "1 digest before this one could not be sent in time" in told


async def test_quiet_hours_hold_a_digest_back_until_they_end(room: Newsroom) -> None:
    await room.ask("/settings quiet 22:00-09:30")
    await room.ask("/subscribe daily 08:00")
    assert await sent(room, EIGHT) == []
    (told,) = await sent(room, EIGHT + timedelta(minutes=90))
    assert "in time" not in told


async def test_a_paused_digest_does_not_come_and_is_not_made_up_for(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00")
    await room.ask("/pause 2 days")
    assert await sent(room, EIGHT + DAY) == []
    (told,) = await sent(room, EIGHT + 2 * DAY)
    assert "in time" not in told


async def test_each_digest_goes_where_it_was_ordered_in_its_own_language_of_dates(room: Newsroom) -> None:
    topic = Origin(platform="telegram", chat="telegram:-5", user="telegram:1", private=False, thread="9", role="editor")
    await room.ask("/subscribe daily 08:00 language German", topic)
    await room.ask("/subscribe daily 08:00", Origin(platform="slack", chat="slack:D1", user="slack:U1"))
    await loop(room).once(EIGHT)
    (forum, german), (direct, english) = await room.queued()
    assert (forum.platform, forum.chat, forum.thread) == ("telegram", "telegram:-5", "9")
    assert (direct.platform, direct.chat, direct.user) == ("slack", "slack:U1", "")
    assert "So. 16 Feb. 2020" in drawn(german)
    assert "Sun 16 Feb 2020" in drawn(english)


async def test_a_sent_digest_can_be_read_again_and_asked_about(room: Newsroom) -> None:
    direct = Origin(platform="slack", chat="slack:D1", user="slack:U1")
    await room.ask("/subscribe daily 08:00", direct)
    await news(room)
    (told,) = await sent(room, EIGHT)
    room.now = EIGHT + DAY
    assert await room.read("/digest 2020-02-16", direct) == told
    assert "1 named source speaks" in await room.read("/why 1", direct)


async def test_a_first_digest_that_is_days_late_tells_what_came_since_it_was_ordered(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00")
    await news(room)
    (told,) = await sent(room, EIGHT + 5 * DAY)
    assert ASIDE in told
    assert "5 digests before this one could not be sent in time" in told


async def test_a_sent_digest_can_be_read_at_full_length(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00 words grain")
    for who in ("Arslan", "Brandt", "Costa", "Dorn", "Ekberg", "Fell", "Gorka", "Hale", "Ivers", "Jonas"):
        await news(room, f"The grain of {who} has left the harbour, said {who}.", who=who)
    await news(room, OTHER, who="Demir")
    await loop(room).once(EIGHT)
    ((_, reply),) = await room.queued()
    room.now = EIGHT + DAY
    await news(room, "Grain was burnt in Velm.", day=EIGHT + DAY)
    full = await room.ask("/digest 2020-02-16 full")
    assert (full.template, full.data["ordered"]["words"]) == ("ordered_digest", reply.data["ordered"]["words"])
    assert OTHER not in drawn(full)
    assert "Velm" not in drawn(full)
    assert len(drawn(full)) > len(drawn(reply))
    assert commands_of(reply)[0] == "/digest 2020-02-16 full"


async def test_a_topic_is_not_shown_the_digest_of_another(room: Newsroom) -> None:
    topic = Origin(platform="telegram", chat="telegram:-5", user="telegram:1", private=False, thread="9", role="editor")
    await room.ask("/subscribe daily 08:00", topic)
    await news(room)
    (told,) = await sent(room, EIGHT)
    room.now = EIGHT + DAY
    assert await room.read("/digest 2020-02-16", topic) == told
    assert (await room.ask("/digest 2020-02-16", replace(topic, thread="4"))).template == "digest"


async def test_what_the_next_digest_would_tell_can_be_asked_for_and_is_not_used_up(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00")
    await news(room)
    await sent(room, EIGHT)
    await news(room, OTHER, day=EIGHT + DAY, who="Demir")
    room.now = EIGHT + DAY / 2
    asked = await room.read("/digest")
    assert OTHER in asked
    assert ASIDE not in asked
    (told,) = await sent(room, EIGHT + DAY)
    assert OTHER in told


async def test_every_button_of_an_ordered_digest_does_something(room: Newsroom) -> None:
    await room.ask("/subscribe daily 08:00")
    await news(room)
    await loop(room).once(EIGHT)
    ((_, reply),) = await room.queued()
    for command in commands_of(reply):
        assert (await room.ask(command)).template in ("digest", "ordered_digest", "subscriptions")


async def test_a_fault_in_one_digest_holds_up_no_other_and_is_tried_again(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    await room.ask("/subscribe daily 08:00 words grain")
    await room.ask("/subscribe daily 08:00")

    class Faulty(SqlStore):
        async def placed(self, articles: object) -> list[object]:
            raise ZeroDivisionError

    await news(room)
    with caplog.at_level(logging.CRITICAL, logger=circulation.__name__):
        assert await loop(room, store=Faulty(room.database)).once(EIGHT) == 0
    assert await sent(room, EIGHT + timedelta(minutes=1)) == []
    assert len(await sent(room, EIGHT + PUT_OFF)) == 2


async def test_a_database_that_fails_is_asked_again(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    asked = asyncio.Event()

    class Failing(SqlSubscriptions):
        async def to_plan(self, *, now: datetime, limit: int) -> list[object]:
            asked.set()
            raise StoreError("disk full")

    with caplog.at_level(logging.CRITICAL, logger=circulation.__name__):
        task = asyncio.create_task(loop(room, subscriptions=Failing(room.database), now=lambda: EIGHT).run())
        await asyncio.wait_for(asked.wait(), 5)
        assert not task.done()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_what_changes_all_the_time_does_not_keep_the_planner_busy_for_ever(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    class Restless(SqlSubscriptions):
        async def settle(self, settled: object, *, at: datetime) -> list[int]:
            return []

    await room.ask("/subscribe daily 08:00")
    with caplog.at_level(logging.CRITICAL, logger=circulation.__name__):
        assert await loop(room, subscriptions=Restless(room.database)).once(EIGHT) == 0
    assert len(await sent(room, EIGHT)) == 1


async def test_more_than_a_batch_is_planned_in_one_look(room: Newsroom) -> None:
    await many(room.database, BATCH + 5)
    woken: list[bool] = []
    planner = Digests(
        subscriptions=room.services.subscriptions, store=room.services.store, queued=lambda: woken.append(True)
    )
    assert await planner.once(EIGHT) == BATCH + 5
    assert len(woken) == 2


async def many(database: Database, count: int) -> None:
    """As many subscriptions, each of a chat of its own, due at eight."""
    subscriptions = SqlSubscriptions(database)
    one = Subscription(chat="telegram:1", schedule=Schedule(), created_at=EIGHT - DAY)
    for number in range(count):
        new = replace(one, chat=f"telegram:{number + 1}")
        await subscriptions.subscribe(new, due_at=next_at(new, after=EIGHT - DAY), told_upto=0)


def plan(url: str) -> None:
    """What a process of its own does: look once, and end."""

    async def look() -> None:
        database = await open_database(url)
        digests = Digests(subscriptions=SqlSubscriptions(database), store=SqlStore(database), queued=int)
        await digests.once(EIGHT)
        await database.close()

    asyncio.run(look())


async def test_two_processes_that_plan_at_once_send_every_digest_once(room: Newsroom) -> None:
    await many(room.database, 60)
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=plan, args=(url_of(room.database),)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, 60)
    assert [process.exitcode for process in processes] == [0, 0]
    chats = [address.chat for address, _ in await room.queued()]
    assert sorted(chats) == sorted({f"telegram:{number + 1}" for number in range(60)})
