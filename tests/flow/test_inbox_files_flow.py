"""Dropped files that the platform does not hand over at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes.members import memory_members

from bot.access import Door
from bot.books.sql import MIGRATIONS, SqlBooks
from bot.config import Settings
from bot.errors import TryLater, Undeliverable
from bot.inbox import Inbox
from bot.model import Address, Asked, GivenFile, Origin, ReceivedFile, Reply
from digests.store.sqlite.database import SqliteDatabase

ADMIN = "telegram:7"
DROPPED = Asked(
    text="/add",
    origin=Origin(platform="telegram", chat=ADMIN, user=ADMIN),
    address=Address(platform="telegram", chat=ADMIN),
    file=GivenFile(name="storm.md", size=9, ref="f1"),
)


@pytest.fixture
async def books(tmp_path: Path) -> AsyncIterator[SqlBooks]:
    async with await SqliteDatabase.open(tmp_path / "flow.db", [MIGRATIONS]) as opened:
        yield SqlBooks(opened)


async def saved(text: str, origin: Origin, *, file: ReceivedFile | None = None) -> Reply:
    return Reply(template="added", data={"bytes": len(file.data) if file else 0})


async def answered(books: SqlBooks, *errors: Exception) -> Reply:
    """The reply to a dropped file whose download fails with ``errors`` first."""
    left = list(errors)

    async def download(_: GivenFile) -> bytes:
        if left:
            raise left.pop(0)
        return b"The words"

    inbox = Inbox(
        books=books,
        read={"telegram": lambda _: DROPPED},
        answer=saved,
        download={"telegram": download},
        door=Door(settings=Settings(access="open", onrecord_admins=frozenset({ADMIN})), members=memory_members()),
        queued=lambda: None,
        pause=0.01,
    )
    ((_, reply),) = await inbox.messages(DROPPED)
    return reply


async def test_a_file_that_is_not_there_yet_is_asked_for_again(books: SqlBooks) -> None:
    reply = await answered(books, TryLater("429", after=0.02), TryLater("502"))
    assert (reply.template, reply.data["bytes"]) == ("added", 9)


async def test_a_file_that_does_not_come_is_told_with_what_to_do(books: SqlBooks) -> None:
    reply = await answered(books, *[TryLater("Bad Gateway")] * 5)
    assert reply.data["text"] == "storm.md could not be fetched: Bad Gateway; please send it again later"


async def test_a_file_that_is_refused_is_told_at_once(books: SqlBooks) -> None:
    reply = await answered(books, Undeliverable("File is too big"), TryLater("never reached"))
    assert reply.data["text"] == "storm.md could not be fetched: File is too big"
