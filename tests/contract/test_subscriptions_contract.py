"""What every database must do with subscriptions and their slots: once, in one transaction, for that chat only."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.books import chats
from bot.books.base import Books
from bot.books.sql import SqlBooks
from bot.books.subscriptions import Planned, Settled, SqlSubscriptions, Subscriptions, address_of
from bot.model import Address, ChatSettings, Reply
from digests.edition.model import Schedule, Subscription, Wanted
from digests.edition.schedule import decide, next_at
from digests.store.database import Database

NOW = datetime(2020, 2, 15, 12, 0, tzinfo=UTC)
EIGHT = datetime(2020, 2, 16, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
REPLY = Reply(template="digest", data={"day": "2020-02-16"})


@dataclass
class Kept:
    subscriptions: Subscriptions
    books: Books
    database: Database

    async def count(self, table: str) -> int:
        return await self.database.read(lambda rows: rows.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


@pytest.fixture
def kept(database: Database) -> Kept:
    return Kept(subscriptions=SqlSubscriptions(database), books=SqlBooks(database), database=database)


def wished(chat: str = "telegram:1", **more: object) -> Subscription:
    return Subscription(chat=chat, schedule=Schedule(), created_at=NOW, **more)


async def ordered(kept: Kept, chat: str = "telegram:1", **more: object) -> Subscription:
    new = wished(chat, **more)
    return await kept.subscriptions.subscribe(new, due_at=next_at(new, after=NOW), told_upto=5)


def sent(planned: Planned, *, now: datetime = EIGHT, reply: Reply | None = REPLY, upto: int = 9) -> Settled:
    due = decide(planned.subscription, now, planned.settings)
    return Settled(planned=planned, due=due, reply=reply, upto=upto)


async def test_a_subscription_is_kept_whole(kept: Kept) -> None:
    schedule = Schedule(frequency="weekly", at=time(7, 30), weekday=4, zone="Asia/Kathmandu")
    wanted = Wanted(words=("grain", "peace talks"), must=("Türkei",), without=("x",), people=(3,), sources=("BBC",))
    new = Subscription(
        chat="slack:C1",
        thread="15.2",
        user="slack:U1",
        schedule=schedule,
        wanted=wanted,
        length="full",
        language="de",
        when_empty="silence",
        paused_until=NOW + DAY,
        created_at=NOW,
    )
    stored = await kept.subscriptions.subscribe(new, due_at=EIGHT, told_upto=0)
    assert stored == replace(new, id=stored.id, settled_at=NOW)
    assert await kept.subscriptions.subscriptions("slack:C1") == [stored]
    assert address_of(stored) == Address(platform="slack", chat="slack:C1", thread="15.2")


async def test_the_same_ordered_by_two_at_once_is_one_subscription(kept: Kept) -> None:
    first, second = await asyncio.gather(ordered(kept, user="telegram:7"), ordered(kept, user="telegram:8"))
    assert first == second
    assert await kept.subscriptions.subscriptions("telegram:1") == [first]
    assert (await ordered(kept, thread="15")).id != first.id
    assert (await ordered(kept, length="full")).id != first.id
    assert (await ordered(kept, "telegram:2")).id != first.id


async def test_a_chat_has_only_its_own_and_those_of_another_are_unknown_to_it(kept: Kept) -> None:
    mine, theirs = await ordered(kept), await ordered(kept, "telegram:2")
    assert await kept.subscriptions.subscriptions("telegram:1") == [mine]
    assert not await kept.subscriptions.unsubscribe("telegram:1", theirs.id)
    stolen = replace(theirs, chat="telegram:1", length="full")
    assert not await kept.subscriptions.change_subscription(stolen, at=NOW, due_at=EIGHT)
    assert await kept.subscriptions.subscriptions("telegram:2") == [theirs]
    assert await kept.subscriptions.unsubscribe("telegram:2", theirs.id)
    assert await kept.subscriptions.subscriptions("telegram:2") == []


async def test_a_number_is_never_given_twice(kept: Kept) -> None:
    first = await ordered(kept)
    await kept.subscriptions.unsubscribe("telegram:1", first.id)
    assert (await ordered(kept)).id > first.id


async def test_only_what_is_due_is_planned_the_longest_waiting_first_with_its_chats_settings(kept: Kept) -> None:
    chosen = ChatSettings(zone="Europe/Istanbul", quiet_from=time(22, 0), quiet_to=time(7, 0))
    await kept.books.change_settings("telegram:2", chosen)
    later = await kept.subscriptions.subscribe(wished("telegram:3"), due_at=EIGHT + DAY, told_upto=0)
    second = await kept.subscriptions.subscribe(wished("telegram:2"), due_at=EIGHT, told_upto=7)
    first = await kept.subscriptions.subscribe(wished("telegram:1"), due_at=EIGHT - DAY, told_upto=0)
    assert await kept.subscriptions.next_plan_at() == EIGHT - DAY
    planned = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    assert [each.subscription for each in planned] == [first, second]
    assert planned[1] == Planned(subscription=second, settings=chosen, told_upto=7)
    assert await kept.subscriptions.to_plan(now=EIGHT, limit=1) == planned[:1]
    assert later not in [each.subscription for each in planned]


async def test_without_subscriptions_nothing_is_to_be_planned(kept: Kept) -> None:
    assert await kept.subscriptions.next_plan_at() is None
    assert await kept.subscriptions.to_plan(now=EIGHT, limit=5) == []


async def test_a_settled_slot_queues_its_digest_and_is_done(kept: Kept) -> None:
    await ordered(kept, thread="7")
    planned = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    assert len(await kept.subscriptions.settle([sent(each) for each in planned], at=EIGHT)) == 1
    assert await kept.subscriptions.to_plan(now=EIGHT, limit=10) == []
    assert await kept.subscriptions.next_plan_at() == EIGHT + DAY
    (again,) = await kept.subscriptions.to_plan(now=EIGHT + DAY, limit=10)
    assert (again.told_upto, again.last_key, again.dropped) == (9, "2020-02-16", ())
    address = await kept.database.read(lambda rows: rows.execute("SELECT address FROM outbox").fetchone()[0])
    assert '"thread":"7"' in address


async def test_two_who_plan_the_same_slot_send_it_once(kept: Kept) -> None:
    await ordered(kept)
    mine = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    theirs = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    assert len(await kept.subscriptions.settle([sent(each) for each in mine], at=EIGHT)) == 1
    assert await kept.subscriptions.settle([sent(each) for each in theirs], at=EIGHT) == []
    assert await kept.count("outbox") == await kept.count("digest_slots") == 1


async def test_a_day_has_one_digest_even_if_the_time_is_moved_back_after_it(kept: Kept) -> None:
    await ordered(kept)
    (planned,) = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    await kept.subscriptions.settle([sent(planned)], at=EIGHT)
    later = replace(planned.subscription, schedule=Schedule(at=time(11, 0)))
    await kept.subscriptions.change_subscription(later, at=EIGHT, due_at=EIGHT + timedelta(hours=3))
    (again,) = await kept.subscriptions.to_plan(now=EIGHT + timedelta(hours=3), limit=10)
    assert await kept.subscriptions.settle([sent(again, now=EIGHT + timedelta(hours=3))], at=EIGHT) == []
    assert await kept.count("outbox") == 1
    assert await kept.subscriptions.next_plan_at() == EIGHT + timedelta(hours=27)


async def test_what_was_changed_or_stopped_while_it_was_planned_is_passed_over(kept: Kept) -> None:
    await ordered(kept)
    gone = await ordered(kept)
    planned = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    paused = replace(planned[0].subscription, paused_until=EIGHT + DAY)
    await kept.subscriptions.change_subscription(paused, at=EIGHT, due_at=EIGHT + DAY)
    await kept.subscriptions.unsubscribe("telegram:1", gone.id)
    assert await kept.subscriptions.settle([sent(each) for each in planned], at=EIGHT) == []
    assert await kept.count("outbox") == 0


async def test_a_silent_slot_is_settled_without_a_message(kept: Kept) -> None:
    await ordered(kept)
    (planned,) = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    assert await kept.subscriptions.settle([sent(planned, reply=None)], at=EIGHT) == []
    (again,) = await kept.subscriptions.to_plan(now=EIGHT + DAY, limit=10)
    assert (again.told_upto, again.last_key) == (9, "2020-02-16")
    assert await kept.subscriptions.digests_of("telegram:1", "", date(2020, 2, 16)) == []


async def test_a_dropped_slot_is_remembered_until_a_digest_has_told_of_it(kept: Kept) -> None:
    await ordered(kept)
    late = EIGHT + timedelta(hours=20)
    (planned,) = await kept.subscriptions.to_plan(now=late, limit=10)
    assert await kept.subscriptions.settle([sent(planned, now=late, reply=None)], at=late) == []
    (second,) = await kept.subscriptions.to_plan(now=EIGHT + DAY, limit=10)
    assert (second.dropped, second.told_upto) == (("2020-02-16",), 5)
    assert len(await kept.subscriptions.settle([sent(second, now=EIGHT + DAY)], at=late)) == 1
    (third,) = await kept.subscriptions.to_plan(now=EIGHT + 2 * DAY, limit=10)
    assert third.dropped == ()


async def test_a_days_digests_can_be_read_again_and_a_shared_text_is_kept_once(kept: Kept) -> None:
    await ordered(kept)
    await ordered(kept, "telegram:2")
    planned = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    await kept.subscriptions.settle([sent(each) for each in planned], at=EIGHT)
    (told,) = await kept.subscriptions.digests_of("telegram:1", "", date(2020, 2, 16))
    assert (told.reply, told.subscription.chat, told.before) == (REPLY, "telegram:1", None)
    for chat, thread, day in (("telegram:1", "", 15), ("telegram:3", "", 16), ("telegram:1", "77", 16)):
        assert await kept.subscriptions.digests_of(chat, thread, date(2020, 2, day)) == []
    assert await kept.count("shared_texts") == 1


async def test_subscriptions_go_along_when_a_chat_gets_a_new_name(kept: Kept) -> None:
    mine = await ordered(kept, "telegram:-1")
    await kept.books.move_chat("telegram:-1", "telegram:-1001")
    assert await kept.subscriptions.subscriptions("telegram:-1001") == [replace(mine, chat="telegram:-1001")]


async def test_what_a_chat_ordered_that_nothing_reaches_waits_until_somebody_writes_there(kept: Kept) -> None:
    mine, theirs = await ordered(kept), await ordered(kept, "telegram:2")
    await kept.database.write(lambda rows: chats.pause_chat(rows, "telegram:1", "blocked", at=NOW, admins=(), due=NOW))
    found = await kept.subscriptions.to_plan(now=EIGHT, limit=9)
    assert [each.subscription.id for each in found] == [theirs.id]
    await kept.database.write(lambda rows: chats.resume_chat(rows, "telegram:1"))
    found = await kept.subscriptions.to_plan(now=EIGHT, limit=9)
    assert [each.subscription.id for each in found] == [mine.id, theirs.id]


async def test_a_text_goes_with_the_last_slot_and_message_that_hold_it(kept: Kept) -> None:
    mine, theirs = await ordered(kept), await ordered(kept, "telegram:2")
    planned = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    await kept.subscriptions.settle([sent(each) for each in planned], at=EIGHT)
    await kept.subscriptions.unsubscribe("telegram:1", mine.id)
    assert await kept.count("shared_texts") == 1
    await kept.subscriptions.unsubscribe("telegram:2", theirs.id)
    assert await kept.count("shared_texts") == 1  # of what is still on its way
    assert await kept.count("digest_slots") == 0
    await kept.database.write(lambda rows: rows.execute("DELETE FROM outbox WHERE chat = 'telegram:1'"))
    assert await kept.count("shared_texts") == 1
    await kept.database.write(lambda rows: rows.execute("DELETE FROM outbox WHERE chat = 'telegram:2'"))
    assert await kept.count("shared_texts") == 0


async def test_old_slots_are_forgotten_with_old_messages(kept: Kept) -> None:
    await ordered(kept)
    (planned,) = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    await kept.subscriptions.settle([sent(planned)], at=EIGHT)
    await kept.books.tidy(before=EIGHT)
    assert await kept.count("digest_slots") == 1
    await kept.books.tidy(before=EIGHT + timedelta(seconds=1))
    assert await kept.count("digest_slots") == 0
    assert await kept.subscriptions.next_plan_at() == EIGHT + DAY


async def test_a_chat_that_nothing_reaches_is_not_planned_until_somebody_writes_there(kept: Kept) -> None:
    await ordered(kept)
    row = ("telegram:1", "blocked", NOW.isoformat())
    await kept.database.write(lambda rows: rows.execute("INSERT INTO paused_chats VALUES (?, ?, ?)", row))
    assert await kept.subscriptions.to_plan(now=EIGHT, limit=10) == []
    await kept.database.write(lambda rows: rows.execute("DELETE FROM paused_chats"))
    (planned,) = await kept.subscriptions.to_plan(now=EIGHT, limit=10)
    assert len(await kept.subscriptions.settle([sent(planned)], at=EIGHT)) == 1
