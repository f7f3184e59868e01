"""What the books keep of messages that showed something: who is told, once, and nothing in between is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.books.corrections import Righted, Shown, SqlCorrections
from bot.books.deliveries import SqlDeliveries
from bot.books.sql import SqlBooks
from bot.model import Address, Outgoing, Reply
from digests.store.database import Database

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
CHAT = Address(platform="telegram", chat="telegram:7")
READER: dict[str, Any] = {"reader": "corrections", "at": NOW}


def showing(*facts: int, article: int = 0) -> Reply:
    """A reply that shows facts, and sentences of an article."""
    lines: list[dict[str, Any]] = [{"press": f"/evidence {each}", "article": 99, "quote": "x"} for each in facts]
    lines += [{"press": "/story 3", "article": article, "quotes": ["x"]}] if article else []
    return Reply(template="facts", data={"lines": lines})


@pytest.fixture
def books(database: Database) -> SqlCorrections:
    return SqlCorrections(database)


@pytest.fixture
def outbox(database: Database) -> SqlDeliveries:
    return SqlDeliveries(database)


async def queued(outbox: SqlDeliveries, reply: Reply, *, address: Address = CHAT, sent: int = 1) -> int:
    number = await outbox.enqueue(address, reply, at=NOW)
    for part in range(sent):
        assert await claimed(outbox, number)
        await outbox.part_sent(number, f"m{number}-{part}", at=NOW, last=part + 1 == sent)
    return number


async def claimed(outbox: SqlDeliveries, number: int, *, revision: int | None = None) -> bool:
    return await outbox.claim(number, owner="me", now=NOW, lease_seconds=60, revision=revision)


async def found(
    books: SqlCorrections, *facts: int, articles: tuple[int, ...] = (), since: datetime = LONG_AGO
) -> list[int]:
    return [each.outgoing_id for each in await books.showing(facts, articles, since=since)]


async def the_next(outbox: SqlDeliveries) -> list[Outgoing]:
    return (await outbox.look("telegram", now=NOW, limit=9, besides=[])).rows


def right(shown: Shown, *, notice: bool = True) -> Righted:
    after = replace(shown.reply, data={**shown.reply.data, "right": True})
    return Righted(shown=shown, after=after, notice=Reply(template="correction") if notice else None)


async def test_messages_are_found_by_what_they_showed(books: SqlCorrections, outbox: SqlDeliveries) -> None:
    first = await queued(outbox, showing(1, 2))
    second = await queued(outbox, showing(2, article=5))
    again = await queued(outbox, showing(1, 2), address=replace(CHAT, chat="telegram:8"))
    await queued(outbox, Reply(template="help"))
    assert await found(books, 1) == [first, again]
    assert await found(books, 2) == [first, second, again]
    assert await found(books, articles=(5, 99)) == [second]
    assert await found(books, 3, articles=(6,)) == []
    assert await books.shown_of([1, 2, 3]) == {1, 2}
    (shown, _) = await books.showing([1], [], since=LONG_AGO)
    assert (shown.address, shown.reply, shown.begun, shown.queued_at) == (CHAT, showing(1, 2), True, NOW)


async def test_messages_are_found_while_they_are_on_their_way_and_as_long_as_they_are_kept(
    books: SqlCorrections, outbox: SqlDeliveries
) -> None:
    waiting = await queued(outbox, showing(1), sent=0)
    begun = await queued(outbox, showing(1), address=replace(CHAT, chat="telegram:8"), sent=0)
    assert await claimed(outbox, begun)
    lost = await queued(outbox, showing(1), address=replace(CHAT, chat="telegram:9"), sent=0)
    await outbox.failed(lost, "blocked", at=NOW)
    shown = {each.outgoing_id: each.begun for each in await books.showing([1], [], since=LONG_AGO)}
    assert shown == {waiting: False, begun: True}
    await outbox.part_sent(begun, "m1", at=NOW, last=True)
    assert await found(books, 1, since=NOW + timedelta(seconds=1)) == [waiting]


async def test_a_message_is_put_right_with_its_notice_and_the_move_of_the_reader_at_once(
    books: SqlCorrections, outbox: SqlDeliveries
) -> None:
    number = await queued(outbox, showing(1), sent=2)
    assert await books.begin_at("corrections", 4) == 4
    assert await books.begin_at("corrections", 9) == 4
    (shown,) = await books.showing([1], [], since=LONG_AGO)
    assert await books.put_right([right(shown)], after=4, upto=6, **READER) == 1
    (edit,) = await the_next(outbox)
    assert (edit.edits, edit.places, edit.reply.template) == (number, (f"m{number}-0", f"m{number}-1"), "correction")
    (now,) = await books.showing([1], [], since=LONG_AGO)
    assert now.reply.data["right"] is True
    assert await books.begin_at("corrections", 0) == 6


async def test_nothing_is_written_when_the_reader_or_a_message_is_elsewhere_by_now(
    books: SqlCorrections, outbox: SqlDeliveries
) -> None:
    await queued(outbox, showing(1))
    await queued(outbox, showing(1), address=replace(CHAT, chat="telegram:8"))
    await books.begin_at("corrections", 4)
    one, two = await books.showing([1], [], since=LONG_AGO)
    assert await books.put_right([right(one)], after=3, upto=6, **READER) is None
    changed = replace(two, revision=two.revision + 1)
    assert await books.put_right([right(one), right(changed)], after=4, upto=6, **READER) is None
    assert await the_next(outbox) == []
    assert await books.showing([1], [], since=LONG_AGO) == [one, two]
    assert await books.begin_at("corrections", 0) == 4


async def test_two_that_look_at_the_same_change_tell_it_once(books: SqlCorrections, outbox: SqlDeliveries) -> None:
    await queued(outbox, showing(1))
    await books.begin_at("corrections", 4)
    (shown,) = await books.showing([1], [], since=LONG_AGO)
    assert await books.put_right([right(shown)], after=4, upto=4, **READER) == 1
    assert await books.put_right([right(shown)], after=4, upto=4, **READER) is None
    assert len(await the_next(outbox)) == 1


async def test_what_waits_is_sent_as_it_reads_now_also_by_who_has_read_it_already(
    books: SqlCorrections, outbox: SqlDeliveries
) -> None:
    number = await queued(outbox, showing(1), sent=0)
    await books.begin_at("corrections", 4)
    (held,) = await the_next(outbox)
    (shown,) = await books.showing([1], [], since=LONG_AGO)
    assert await books.put_right([right(shown, notice=False)], after=4, upto=5, **READER) == 0
    assert not await claimed(outbox, number, revision=held.revision)
    (row,) = await the_next(outbox)
    assert row.reply.data["right"] is True
    assert await claimed(outbox, number, revision=row.revision)


async def test_what_was_begun_since_it_was_looked_at_is_looked_at_again(
    books: SqlCorrections, outbox: SqlDeliveries
) -> None:
    number = await queued(outbox, showing(1), sent=0)
    await books.begin_at("corrections", 4)
    (shown,) = await books.showing([1], [], since=LONG_AGO)
    assert await claimed(outbox, number)
    assert await books.put_right([right(shown, notice=False)], after=4, upto=5, **READER) is None
    (shown,) = await books.showing([1], [], since=LONG_AGO)
    assert shown.begun


async def test_an_edit_shows_nothing_itself_and_is_forgotten_with_what_it_edits(
    database: Database, books: SqlCorrections, outbox: SqlDeliveries
) -> None:
    await queued(outbox, showing(1))
    await books.begin_at("corrections", 4)
    (shown,) = await books.showing([1], [], since=LONG_AGO)
    notice = replace(showing(1, 2), template="correction")
    await books.put_right([replace(right(shown), notice=notice)], after=4, upto=5, **READER)
    assert await found(books, 1) == [shown.outgoing_id]
    assert await books.shown_of([2]) == set()
    for row in await the_next(outbox):
        await outbox.sent(row.id, at=NOW)
    await SqlBooks(database).tidy(before=NOW + timedelta(days=1))
    assert await books.shown_of([1]) == set()
