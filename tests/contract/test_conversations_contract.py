"""What conversations are about, on a real database: each by itself, and for a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from databases import texts_of

from bot.books import chats, forgetting
from bot.books.conversations import SqlConversations, context_text, read_context
from digests.ask.context import Context
from digests.store.database import Database

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
MAYOR = Context(people=("Orsola Brandt",), who="Brandt", question="Who is Brandt?")
HARBOUR = Context(topic="the harbour", story=3, since=date(2020, 2, 14), question="Did anything change on the harbour?")


@pytest.fixture
def kept(database: Database) -> SqlConversations:
    return SqlConversations(database)


@pytest.mark.parametrize("context", [MAYOR, HARBOUR, Context()])
def test_a_context_is_read_as_it_was_written(context: Context) -> None:
    assert read_context(context_text(context)) == context


async def test_every_answer_is_found_by_its_number_and_the_last_one_by_its_thread(kept: SqlConversations) -> None:
    first = await kept.keep_context("telegram:-1", "", MAYOR, at=NOW)
    second = await kept.keep_context("telegram:-1", "", HARBOUR, at=NOW)
    assert await kept.context(first, chat="telegram:-1", now=NOW) == MAYOR
    assert await kept.context(second, chat="telegram:-1", now=NOW) == HARBOUR
    assert await kept.last_context("telegram:-1", "", now=NOW) == HARBOUR


async def test_no_chat_and_no_thread_knows_of_another(kept: SqlConversations) -> None:
    number = await kept.keep_context("slack:C1", "1.1", MAYOR, at=NOW)
    assert await kept.context(number, chat="slack:C2", now=NOW) is None
    assert await kept.last_context("slack:C1", "2.2", now=NOW) is None
    assert await kept.last_context("slack:C2", "1.1", now=NOW) is None


@pytest.mark.parametrize(("hours", "known"), [(23, True), (24, True), (25, False), (-1, False)])
async def test_after_a_day_it_is_not_known_any_more(kept: SqlConversations, hours: int, known: bool) -> None:
    number = await kept.keep_context("a", "", MAYOR, at=NOW)
    later = NOW + timedelta(hours=hours)
    assert (await kept.last_context("a", "", now=later) is not None) is known
    assert (await kept.context(number, chat="a", now=later) is not None) is known


async def test_what_is_older_than_a_day_leaves_the_database(kept: SqlConversations, database: Database) -> None:
    async def left() -> int:
        return await database.read(lambda c: c.execute("SELECT COUNT(*) FROM conversations").fetchone()[0])

    await kept.keep_context("a", "", MAYOR, at=NOW - timedelta(days=2))
    await kept.keep_context("b", "", MAYOR, at=NOW - timedelta(hours=1))
    assert await left() == 1
    await kept.tidy(now=NOW + timedelta(days=2))
    assert await left() == 0


async def test_a_conversation_goes_along_when_its_chat_moves_and_goes_when_it_is_forgotten(
    kept: SqlConversations, database: Database
) -> None:
    await kept.keep_context("telegram:-1", "", MAYOR, at=NOW)
    await database.write(lambda c: chats.move_chat(c, "telegram:-1", "telegram:-100"))
    assert await kept.last_context("telegram:-100", "", now=NOW) == MAYOR
    await database.write(lambda c: forgetting.forget(c, "telegram:-100", at=NOW, texts=texts_of(database)))
    assert await kept.last_context("telegram:-100", "", now=NOW) is None
