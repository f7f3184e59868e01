"""What every bookkeeping database must do: run on each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.books.base import Books
from bot.books.sqlite import MIGRATIONS, SqliteBooks
from bot.model import Address, Button, ChatSettings, Incoming, Outgoing, Reply, Trouble
from digests.store.database import Database

NOW = datetime(2020, 2, 16, 12, 0, tzinfo=UTC)
REPLY = Reply(
    template="who",
    data={"name": "Oktaý", "days": [date(2020, 2, 29)], "at": NOW, "nested": {"n": 1.5, "none": None}},
    buttons=((Button(label="More", command="/who Oktay 2"),),),
)


@pytest.fixture(params=["sqlite"])
async def books(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Books]:
    async with await Database.open(tmp_path / "books.db", [MIGRATIONS]) as database:
        yield SqliteBooks(database)


async def received(books: Books, key: str) -> Incoming:
    found = await books.receive("telegram", key, {"text": "/start"}, at=NOW)
    assert found is not None
    return found


async def queued(books: Books, key: str, chat: str, *replies: Reply) -> list[int]:
    incoming = await received(books, key)
    address = Address(platform="telegram", chat=chat, thread="7")
    return await books.answer(incoming.id, [(address, reply) for reply in replies or (REPLY,)], at=NOW)


async def claimed(books: Books, *, seconds: float = 0, lease: float = 60) -> list[Outgoing]:
    return await books.claim(now=NOW + timedelta(seconds=seconds), lease_seconds=lease)


async def test_a_chat_without_settings_has_the_defaults_and_keeps_what_it_changes(books: Books) -> None:
    assert await books.settings("telegram:1") == ChatSettings()
    for zone in ("Europe/Istanbul", "Asia/Ashgabat"):
        chosen = ChatSettings(
            zone=zone, language="tr", quiet_from=time(22, 0), quiet_to=time(7, 30), length="full", when_empty="silence"
        )
        for settings in (chosen, replace(chosen, quiet_from=None, quiet_to=None)):
            await books.change_settings("telegram:1", settings)
            assert await books.settings("telegram:1") == settings
    assert await books.settings("telegram:2") == ChatSettings()


async def test_an_update_delivered_twice_is_received_once_and_platforms_do_not_share_keys(books: Books) -> None:
    first = await books.receive("telegram", "17", {"text": "ﬁrst \ud800"}, at=NOW)
    assert first is not None
    assert await books.receive("telegram", "17", {"text": "again"}, at=NOW) is None
    assert await books.receive("slack", "17", {}, at=NOW) is not None
    assert (await books.unanswered())[0] == first


async def test_an_answered_update_is_done_and_keeps_its_key(books: Books) -> None:
    incoming = await received(books, "1")
    other = await received(books, "2")
    assert await books.answer(incoming.id, [], at=NOW) == []
    assert [each.id for each in await books.unanswered()] == [other.id]
    assert await books.receive("telegram", "1", {}, at=NOW) is None


async def test_an_update_is_answered_once_only(books: Books) -> None:
    incoming = await received(books, "1")
    message = (Address(platform="telegram", chat="telegram:1"), REPLY)
    assert len(await books.answer(incoming.id, [message], at=NOW)) == 1
    assert await books.answer(incoming.id, [message], at=NOW) == []
    assert await books.queue() == {"pending": 1}


async def test_a_claimed_row_carries_its_reply_and_address_back(books: Books) -> None:
    await queued(books, "1", "telegram:1")
    (row,) = await claimed(books)
    assert row.reply == REPLY
    assert row.address == Address(platform="telegram", chat="telegram:1", thread="7")
    assert (row.state, row.attempts, row.message_ids) == ("sending", 0, ())


async def test_only_the_oldest_row_of_a_chat_is_claimed(books: Books) -> None:
    first, second = await queued(books, "1", "telegram:1", REPLY, REPLY)
    (other,) = await queued(books, "2", "telegram:2")
    assert [row.id for row in await claimed(books)] == [first, other]
    assert await claimed(books) == []
    await books.sent(first, at=NOW)
    assert [row.id for row in await claimed(books)] == [second]


async def test_a_row_put_back_holds_up_its_own_chat_only_until_it_is_due(books: Books) -> None:
    first, second = await queued(books, "1", "telegram:1", REPLY, REPLY)
    (other,) = await queued(books, "2", "telegram:2")
    await claimed(books)
    await books.retry(first, not_before=NOW + timedelta(seconds=5), reason="429")
    await books.failed(other, "blocked", at=NOW)
    assert await claimed(books, seconds=4) == []
    assert await books.next_due() == NOW + timedelta(seconds=5)
    (row,) = await claimed(books, seconds=5)
    assert (row.id, row.attempts, row.reason) == (first, 1, "429")
    await books.failed(first, "gone", at=NOW)
    assert [row.id for row in await claimed(books, seconds=5)] == [second]


async def test_a_row_left_sending_is_claimed_again_when_its_lease_is_over(books: Books) -> None:
    (row_id,) = await queued(books, "1", "telegram:1")
    await claimed(books, lease=10)
    await books.part_sent(row_id, "501", lease_until=NOW + timedelta(seconds=30))
    assert await claimed(books, seconds=29) == []
    (row,) = await claimed(books, seconds=30)
    assert row.message_ids == ("501",)


async def test_what_a_crash_left_sending_is_released_at_the_start(books: Books) -> None:
    (row_id,) = await queued(books, "1", "telegram:1")
    await claimed(books)
    assert await books.release() == 1
    assert [row.id for row in await claimed(books)] == [row_id]
    await books.release_row(row_id)
    assert [row.id for row in await claimed(books)] == [row_id]


async def test_a_row_that_cannot_be_read_is_failed_and_stops_nobody(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "books.db", [MIGRATIONS]) as database:
        books = SqliteBooks(database)
        (bad,) = await queued(books, "1", "telegram:1")
        (good,) = await queued(books, "2", "telegram:2")
        await database.write(
            lambda connection: connection.execute("UPDATE outbox SET address = '{\"from\": 1}' WHERE id = ?", (bad,))
        )
        assert [row.id for row in await claimed(books)] == [good]
        assert await books.queue() == {"failed": 1, "sending": 1}


async def test_nothing_open_means_nothing_due(books: Books) -> None:
    assert await books.next_due() is None
    (row_id,) = await queued(books, "1", "telegram:1")
    assert await books.next_due() == NOW
    await books.sent(row_id, at=NOW)
    assert await books.next_due() is None
    assert await books.queue() == {"sent": 1}


async def test_a_moved_chat_takes_its_open_rows_and_settings_along(books: Books) -> None:
    await books.change_settings("telegram:-1", ChatSettings(zone="Asia/Ashgabat"))
    await queued(books, "1", "telegram:-1")
    await books.move_chat("telegram:-1", "telegram:-1001")
    (row,) = await claimed(books)
    assert row.address.chat == "telegram:-1001"
    assert row.address.thread == "7"
    assert await books.settings("telegram:-1001") == ChatSettings(zone="Asia/Ashgabat")


async def test_what_a_message_of_ours_said_is_found_by_its_id(books: Books) -> None:
    (row_id,) = await queued(books, "1", "telegram:1")
    await books.part_sent(row_id, "501", lease_until=NOW)
    assert await books.sent_reply("telegram:1", "501") == REPLY
    assert await books.sent_reply("telegram:1", "502") is None
    assert await books.sent_reply("telegram:2", "501") is None


async def test_a_kept_command_opens_only_for_its_chat_and_user(books: Books) -> None:
    command = "/said Oktay about " + "gas " * 30
    token = await books.keep_command(command, chat="telegram:1", user="telegram:9", at=NOW)
    assert len(token.encode()) <= 60
    assert await books.keep_command(command, chat="telegram:1", user="telegram:9", at=NOW) == token
    assert await books.kept_command(token, chat="telegram:1", user="telegram:9") == command
    assert await books.kept_command(token, chat="telegram:1", user="telegram:8") is None
    assert await books.kept_command(token, chat="telegram:2", user="telegram:9") is None


async def test_what_is_done_is_forgotten_when_it_is_old_and_what_is_open_is_not(books: Books) -> None:
    (old,) = await queued(books, "1", "telegram:1")
    await books.part_sent(old, "501", lease_until=NOW)
    await books.sent(old, at=NOW)
    await queued(books, "2", "telegram:2")
    await received(books, "3")
    token = await books.keep_command("/who x", chat="telegram:1", user="telegram:9", at=NOW)
    await books.tidy(before=NOW + timedelta(days=1))
    assert await books.queue() == {"pending": 1}
    assert [each.key for each in await books.unanswered()] == ["3"]
    assert await books.kept_command(token, chat="telegram:1", user="telegram:9") is None
    assert await books.sent_reply("telegram:1", "501") is None
    assert await books.receive("telegram", "1", {}, at=NOW) is not None


async def test_every_start_of_an_update_is_counted_and_one_put_off_in_good_order_is_not(books: Books) -> None:
    incoming = await received(books, "1")
    assert (incoming.attempts, (await books.unanswered())[0].attempts) == (1, 1)
    assert [await books.begin(incoming.id) for _ in range(2)] == [2, 3]
    await books.give_back([incoming.id])
    assert (await books.unanswered())[0].attempts == 2


async def test_a_parked_update_is_done_answered_and_seen_with_its_reason(books: Books) -> None:
    incoming = await received(books, "1")
    await books.park(incoming.id, "KeyError: 'x'", [(Address(platform="telegram", chat="telegram:1"), REPLY)], at=NOW)
    assert await books.unanswered() == []
    assert await books.receive("telegram", "1", {}, at=NOW) is None
    assert await books.queue() == {"pending": 1, "parked": 1}
    assert await books.troubles() == [Trouble(what="telegram update 1", reason="KeyError: 'x'", count=1, last_at=NOW)]
    await books.tidy(before=NOW + timedelta(days=1))
    assert await books.troubles() == []


async def test_chats_that_nothing_reaches_are_named_until_something_does(books: Books) -> None:
    first, second = await queued(books, "1", "telegram:1", REPLY, REPLY)
    (other,) = await queued(books, "2", "telegram:2")
    for row_id in (first, other):
        await books.failed(row_id, "blocked", at=NOW)
    await books.failed(second, "blocked", at=NOW + timedelta(seconds=1))
    at = {each.what: each for each in await books.troubles()}
    assert (at["telegram:1"].count, at["telegram:1"].reason, at["telegram:2"].count) == (2, "blocked", 1)
    assert at["telegram:1"].last_at == NOW + timedelta(seconds=1)
    assert [each.what for each in await books.troubles(limit=1)] == ["telegram:1"]
    (later,) = await queued(books, "3", "telegram:1")
    await books.sent(later, at=NOW + timedelta(seconds=2))
    assert [each.what for each in await books.troubles()] == ["telegram:2"]
