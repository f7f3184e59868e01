"""What every bookkeeping database must do: run on each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.books.base import Books
from bot.books.sql import SqlBooks
from bot.model import Address, Button, ChatSettings, Incoming, Reply, Trouble
from digests.store.database import Database

NOW = datetime(2020, 2, 16, 12, 0, tzinfo=UTC)
REPLY = Reply(
    template="who",
    data={"name": "Oktaý", "days": [date(2020, 2, 29)], "at": NOW, "nested": {"n": 1.5, "none": None}},
    buttons=((Button(label="More", command="/who Oktay 2"),),),
)


@pytest.fixture
def books(database: Database) -> Books:
    return SqlBooks(database)


async def received(books: Books, key: str) -> Incoming:
    found = await books.receive("telegram", key, {"text": "/start"}, at=NOW)
    assert found is not None
    return found


async def queued(books: Books, key: str, chat: str, *replies: Reply) -> list[int]:
    incoming = await received(books, key)
    address = Address(platform="telegram", chat=chat, thread="7")
    return await books.answer(incoming.id, [(address, reply) for reply in replies or (REPLY,)], at=NOW)


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


async def test_the_settings_of_many_chats_are_read_at_once(books: Books) -> None:
    await books.change_settings("telegram:2", ChatSettings(zone="Asia/Kathmandu"))
    found = await books.settings_of({"telegram:1", "telegram:2"})
    assert found == {"telegram:1": ChatSettings(), "telegram:2": ChatSettings(zone="Asia/Kathmandu")}


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


async def test_a_kept_command_opens_only_for_its_chat_and_user(books: Books) -> None:
    command = "/said Oktay about " + "gas " * 30
    token = await books.keep_command(command, chat="telegram:1", user="telegram:9", at=NOW)
    assert len(token.encode()) <= 60
    assert await books.keep_command(command, chat="telegram:1", user="telegram:9", at=NOW) == token
    assert await books.kept_command(token, chat="telegram:1", user="telegram:9") == command
    assert await books.kept_command(token, chat="telegram:1", user="telegram:8") is None
    assert await books.kept_command(token, chat="telegram:2", user="telegram:9") is None


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
