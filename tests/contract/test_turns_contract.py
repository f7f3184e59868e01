"""What one process of several does at a time, and what another answers when one is gone, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from databases import again

from bot.books.sql import SqlBooks
from bot.books.turns import ALONE, HeldTurns, Replica, in_turn
from bot.model import Incoming
from digests.errors import StoreError
from digests.store.database import Database
from digests.store.postgres.database import PostgresDatabase

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
SHORT = 0.4
"""Seconds of silence after which a holder counts as gone in these tests."""


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    opened = await again(database)
    yield opened
    await opened.close()


def turns(database: Database) -> HeldTurns:
    return HeldTurns(database, patience=SHORT)


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(400):
        if await happened():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never happened")


async def until_taken(mine: HeldTurns, name: str) -> None:
    await until(lambda: mine.take(name))


async def test_a_turn_is_one_process_own_until_it_ends_it(database: Database, other: Database) -> None:
    mine, theirs = turns(database), turns(other)
    assert await mine.take("polling")
    assert await mine.take("polling")
    assert not await theirs.take("polling")
    assert await theirs.take("rounds")
    await mine.end("polling")
    assert await theirs.take("polling")
    assert not await mine.take("polling")
    await mine.end("a turn it never had")


async def test_what_a_process_held_is_free_when_it_ends(database: Database) -> None:
    gone = await again(database)
    assert await turns(gone).take("polling")
    assert not await turns(database).take("polling")
    await gone.close()
    assert await turns(database).take("polling")


async def test_a_holder_that_says_it_is_there_keeps_its_turn(database: Database, other: Database) -> None:
    mine, theirs = turns(database), turns(other)
    for _ in range(12):
        assert await mine.take("polling")
        assert not await theirs.take("polling")
        await asyncio.sleep(SHORT / 6)


async def test_a_silent_holder_loses_its_turn_where_many_machines_work_and_learns_so(
    database: Database, other: Database
) -> None:
    mine, theirs = turns(database), turns(other)
    assert await mine.take("polling")
    assert await mine.take("rounds")
    if not isinstance(database, PostgresDatabase):
        await asyncio.sleep(SHORT * 2)
        assert not await theirs.take("polling"), "the kernel knows that it lives"
        return
    await until_taken(theirs, "polling")
    assert not await mine.take("polling")
    assert await mine.take("rounds"), "the connection was lost with all of its names, but nobody wanted this one"
    assert await theirs.take("polling")


async def test_work_ends_when_its_turn_is_lost_and_goes_on_elsewhere(database: Database, other: Database) -> None:
    if not isinstance(database, PostgresDatabase):
        pytest.skip("on one machine the kernel knows which processes live")
    worked: list[str] = []
    silent = asyncio.Event()

    async def work(name: str) -> None:
        worked.append(name)
        try:
            await asyncio.Event().wait()
        finally:
            worked.append(f"{name} ended")

    class Stopping:
        """The turns of a process that stands still for a while."""

        async def take(self, name: str, /) -> bool:
            if silent.is_set() and worked == ["first"]:
                await asyncio.sleep(SHORT * 3)
            return await turns(database).take(name)

        async def end(self, name: str, /) -> None:
            await turns(database).end(name)

    first = asyncio.create_task(in_turn(Stopping(), "rounds", lambda: work("first"), beat=0.05))

    async def done(number: int) -> bool:
        return len(worked) >= number

    await until(lambda: done(1))
    second = asyncio.create_task(in_turn(turns(other), "rounds", lambda: work("second"), beat=0.05))
    silent.set()
    await until(lambda: done(3))
    assert sorted(worked) == ["first", "first ended", "second"]
    for task in (first, second):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_work_that_fails_is_no_secret_and_its_turn_is_given_back(database: Database, other: Database) -> None:
    async def fails() -> None:
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        await in_turn(turns(database), "rounds", fails)
    assert await turns(other).take("rounds")


async def test_nobody_works_while_the_database_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    answers = [True, True, False, False, False, True]
    worked = 0

    class Failing:
        async def take(self, _name: str, /) -> bool:
            if answers and not answers.pop(0):
                raise StoreError("away")
            return True

        async def end(self, _name: str, /) -> None:
            """It is nobody's."""

    async def work() -> None:
        nonlocal worked
        worked += 1
        await asyncio.sleep(0.05 if worked == 1 else 0)
        await asyncio.sleep(0 if worked > 1 else 60)

    await asyncio.wait_for(in_turn(Failing(), "rounds", work, beat=0.01), 10)
    assert worked == 2
    assert "whose turn it is is not known (away)" in caplog.text
    assert caplog.text.count("(away)") == 1, "said once, not at every beat"


async def test_replicas_have_numbers_of_their_own_which_are_used_again(database: Database, other: Database) -> None:
    first, second = Replica(turns(database)), Replica(turns(other))
    await first.begin()
    await second.begin()
    assert [each.name.partition("-")[0] for each in (first, second)] == ["1", "2"]
    assert not await first.is_gone(second.name)
    assert not await second.is_gone(first.name)
    assert not await first.is_gone(first.name)
    assert await first.is_gone("")
    assert await first.is_gone("1-who-had-it-before")
    assert await first.is_gone("7-of-whom-nothing-is-known")
    await other.close()
    assert await first.is_gone(second.name)


async def test_a_replica_that_was_taken_for_dead_takes_another_number(database: Database, other: Database) -> None:
    if not isinstance(database, PostgresDatabase):
        pytest.skip("on one machine the kernel knows which processes live")
    replica = Replica(turns(database), beat=SHORT * 2.5)
    await replica.begin()
    before = replica.name
    beating = asyncio.create_task(replica.run())
    await until_taken(turns(other), "serving-1")
    keeping = asyncio.create_task(_keeps(turns(other), "serving-1"))

    async def renamed() -> bool:
        return replica.name != before

    await until(renamed)
    assert replica.name == before.replace("1-", "2-", 1)
    for task in (beating, keeping):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keeps(mine: HeldTurns, name: str) -> None:
    for _ in range(400):
        assert await mine.take(name)
        await asyncio.sleep(SHORT / 6)


async def test_a_replica_stays_what_it_is_while_the_database_does_not_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = 0

    class Away:
        async def take(self, _name: str, /) -> bool:
            nonlocal asked
            asked += 1
            if asked > 1:
                raise StoreError("away")
            return True

        async def end(self, _name: str, /) -> None:
            """It is nobody's."""

    replica = Replica(Away(), beat=0.01)
    await replica.begin()
    name = replica.name
    beating = asyncio.create_task(replica.run())

    async def several() -> bool:
        return asked > 3

    await until(several)
    beating.cancel()
    with suppress(asyncio.CancelledError):
        await beating
    assert replica.name == name
    assert "is not known (away)" in caplog.text
    assert caplog.text.count("(away)") == 1, "said once, not at every beat"


async def test_where_every_number_is_taken_no_more_can_serve() -> None:
    class Taken:
        async def take(self, _name: str, /) -> bool:
            return False

        async def end(self, _name: str, /) -> None:
            """It was not taken."""

    with pytest.raises(StoreError, match="1000 processes serve this database already"):
        await Replica(Taken()).begin()


async def test_a_process_alone_has_every_turn() -> None:
    replica = Replica(ALONE)
    assert await ALONE.take("polling")
    await ALONE.end("polling")
    assert await replica.is_gone("3-another")


# what they leave


async def received(books: SqlBooks, key: str, *, owner: str, line: str = "") -> Incoming:
    found = await books.receive("telegram", key, {"text": key}, at=NOW, owner=owner, line=line)
    assert found is not None
    return found


async def test_what_a_process_leaves_is_adopted_once(database: Database, other: Database) -> None:
    books, others = SqlBooks(database), SqlBooks(other)
    for key in ("1", "2"):
        await received(books, key, owner="1-gone")
    mine = await received(books, "3", owner="2-here")
    await books.receive("slack", "4", {}, at=NOW, owner="1-gone")
    assert sorted(await others.owners()) == ["1-gone", "2-here"]
    both = await asyncio.gather(
        books.adopt("1-gone", by="2-here", platform="telegram"), others.adopt("1-gone", by="3-too", platform="telegram")
    )
    assert sorted(each.key for some in both for each in some) == ["1", "2"]
    assert min(len(some) for some in both) == 0
    assert await books.adopt("1-gone", by="2-here", platform="telegram") == []
    assert [each.key for each in await books.unanswered()] == ["1", "2", "3", "4"]
    for each in (mine, *both[0], *both[1]):
        await books.answer(each.id, [], at=NOW)
    assert await books.owners() == ["1-gone"], "on Slack"


async def test_an_update_waits_for_those_of_its_line_that_are_not_answered(database: Database) -> None:
    books = SqlBooks(database)
    first = await received(books, "1", owner="1-a", line="chat ayna")
    same = await received(books, "2", owner="1-a", line="chat ayna")
    there = await received(books, "3", owner="2-b", line="chat ayna")
    else_ = await received(books, "4", owner="2-b", line="chat bora")
    none = await received(books, "5", owner="2-b")
    assert [each.behind for each in (first, same, there, else_, none)] == [False, True, True, False, False]
    await books.answer(first.id, [], at=NOW)
    assert await books.is_behind(there.id)
    await books.answer(same.id, [], at=NOW)
    assert not await books.is_behind(there.id)


async def test_nothing_kept_says_whose_line_it_was(database: Database) -> None:
    books = SqlBooks(database)
    await received(books, "1", owner="1-a", line="telegram:77 telegram:78")
    lines = await database.read(lambda rows: rows.execute("SELECT line FROM inbox").fetchall())
    assert len(lines[0][0]) == 32
    assert ":" not in lines[0][0]
