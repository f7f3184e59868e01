"""Forgetting on PostgreSQL: after it no row of any table names the chat, also none of the jobs'. (SQLite: its file.)"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from databases import everything, texts_of, wrong_heads

from bot.app.databases import open_shared
from bot.app.services import on
from bot.books.forgetting import forget
from bot.books.members import Joining
from bot.model import Address, ChatSettings, Reply
from digests.edition.model import Follow, Schedule, Subscription, Wanted
from digests.edition.schedule import next_at

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)
CHAT, OTHER = "telegram:777888999", "telegram:7778889991"
WISH = Follow(chat=CHAT, user=CHAT, kind="words", label="ferries", wanted=Wanted(words=("ferry",)))


async def test_no_row_names_a_chat_that_was_forgotten(postgres_url: str) -> None:
    async with await open_shared(postgres_url) as database:
        services = on(database, None)
        for chat in (CHAT, OTHER):
            await services.books.change_settings(chat, ChatSettings(zone="Asia/Ashgabat"))
            await services.books.keep_command("/who x", chat=chat, user=chat, at=NOW)
            update = {"message": {"chat": {"id": int(chat.partition(":")[2])}}}
            incoming = await services.books.receive("telegram", f"key {chat[-1]}", update, at=NOW)
            assert incoming is not None
            await services.deliveries.enqueue(
                Address(platform="telegram", chat=chat), Reply(template="t", data={"who": f"by {chat}"}), at=NOW
            )
            code = await services.members.invite("person", "reader", by=chat, at=NOW, until=NOW.replace(year=2021))
            await services.members.join(code, Joining(person=chat, chat=chat, can={"person": (chat, "A")}), at=NOW)
            await services.follows.follow(replace(WISH, chat=chat, user=chat), at=NOW)
            order = Subscription(chat=chat, user=chat, schedule=Schedule(), created_at=NOW)
            await services.subscriptions.subscribe(order, due_at=next_at(order, after=NOW), told_upto=0)
        asked_by = Address(platform="telegram", chat="telegram:5", user=CHAT)
        await services.deliveries.enqueue(asked_by, Reply(template="t", data={}), at=NOW)
        gone = await database.write(lambda rows: forget(rows, CHAT, at=NOW, texts=texts_of(database)))
        assert gone["outbox"] == 2
        held = await everything(database)
        assert CHAT not in held.replace(OTHER, "")
        assert held.count(OTHER) > 9
        assert await wrong_heads(database) == []
        assert await database.write(lambda rows: forget(rows, CHAT, at=NOW, texts=texts_of(database))) == {}
