"""The seam between rows and jobs, on a real PostgreSQL: who writes a row enqueues its job, in the same transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from bot.app.databases import open_shared
from bot.books.deliveries import SqlDeliveries
from bot.books.jobs import Parked, SqlJobs, park
from bot.books.submissions import IN_BULK, Read, SqlSubmissions, Submission
from bot.model import ANSWER, BULK, Address, Reply
from bot.outbox.pace import LIMITS, SECOND, SLOWER, SLOWEST, TOGETHER, Pace, is_group
from digests.store.connection import Connection
from digests.store.hosts import SqlHosts
from digests.store.postgres.database import PostgresDatabase
from digests.store.sql import SqlStore
from digests.store.turns import SqlTurns
from digests.watch import Entry, NewsSource, Polled

NOW = datetime.now(UTC)
CHAT = Address(platform="telegram", chat="telegram:7")
TEXT = Reply(template="usage", data={})
ELSEWHERE = "https://one.example/feed.xml"


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    async with await open_shared(postgres_url) as database:
        yield database


@pytest.fixture
def news(shared: PostgresDatabase) -> SqlStore:
    return SqlStore(shared)


@pytest.fixture
def outbox(shared: PostgresDatabase) -> SqlDeliveries:
    return SqlDeliveries(shared)


async def asked(database: PostgresDatabase, statement: str) -> list[tuple[Any, ...]]:
    def work(rows: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in rows.execute(statement).fetchall()]

    return await database.write(work)


async def waiting(database: PostgresDatabase) -> list[tuple[Any, ...]]:
    """The jobs, those to be done next first: queue, key and lock."""
    return await asked(
        database,
        "SELECT queue_name, args ->> 'key', lock FROM procrastinate_jobs WHERE status = 'todo'"
        " ORDER BY priority DESC, id",
    )


def entry(name: str, **more: Any) -> Entry:
    return Entry(key=name, fingerprint=name, url=f"https://one.example/{name}", **more)


async def found(news: SqlStore, *entries: Entry, **more: Any) -> NewsSource:
    """A source whose look found those entries."""
    source, _ = await news.add_source(NewsSource(url=ELSEWHERE), at=NOW)
    looked = NewsSource(id=source.id, url=ELSEWHERE, next_try_at=NOW + timedelta(minutes=15), **more)
    await news.keep_polled(Polled(source=looked, entries=entries), at=NOW)
    return looked


async def test_a_source_that_is_due_has_a_job_with_its_hosts_lock(shared: PostgresDatabase, news: SqlStore) -> None:
    source, _ = await news.add_source(NewsSource(url=ELSEWHERE), at=NOW)
    assert await waiting(shared) == [("fetch", str(source.id), "host one.example")]


async def test_entries_that_wait_have_jobs_and_a_source_that_was_looked_at_has_none(
    shared: PostgresDatabase, news: SqlStore
) -> None:
    await found(news, entry("a"), entry("b"))
    assert await waiting(shared) == [
        ("extract", "entry 1", "host one.example"),
        ("extract", "entry 2", "host one.example"),
    ]


async def test_what_is_done_or_given_up_has_no_job(shared: PostgresDatabase, news: SqlStore) -> None:
    await found(news, entry("a"), entry("b"))
    await news.entry_failed(1, "gone", retry_at=None)
    await news.entry_failed(2, "later", retry_at=NOW + timedelta(minutes=10))
    assert await waiting(shared) == []


async def test_a_paused_source_has_no_jobs_until_it_goes_on(shared: PostgresDatabase, news: SqlStore) -> None:
    source = await found(news, entry("a"))
    await news.pause_source(source.id, True)
    assert await waiting(shared) == []
    await news.pause_source(source.id, False)
    assert {queue for queue, _, _ in await waiting(shared)} == {"fetch", "extract"}


async def test_a_chat_has_one_job_whose_priority_is_that_of_what_goes_next(
    shared: PostgresDatabase, outbox: SqlDeliveries
) -> None:
    other = Address(platform="slack", chat="slack:C1")
    await outbox.enqueue(other, TEXT, at=NOW, priority=BULK)
    await outbox.enqueue(CHAT, TEXT, at=NOW, priority=BULK)
    await outbox.enqueue(CHAT, TEXT, at=NOW, priority=BULK)
    assert await waiting(shared) == [
        ("deliver-slack", "slack:C1", "chat slack:C1"),
        ("deliver-telegram", "telegram:7", "chat telegram:7"),
    ]
    await outbox.enqueue(CHAT, TEXT, at=NOW, priority=ANSWER)
    assert (await waiting(shared))[0] == ("deliver-telegram", "telegram:7", "chat telegram:7")
    assert len(await waiting(shared)) == 2


async def test_what_was_given_in_a_chat_goes_before_what_feeds_brought_and_that_before_an_import(
    shared: PostgresDatabase, news: SqlStore
) -> None:
    given = SqlSubmissions(shared)
    await given.hand_in(Submission(kind="file", name="a.txt", data=b"one"), at=NOW, priority=IN_BULK)
    await found(news, entry("a"))
    number = await given.hand_in(Submission(kind="link", url="https://one.example/b"), at=NOW)
    assert await waiting(shared) == [
        ("extract", "given 2", "host one.example"),
        ("extract", "entry 1", "host one.example"),
        ("extract", "given 1", "given 1"),
    ]
    assert await given.result(number) is None
    assert await given.to_read(1) == Submission(id=1, kind="file", name="a.txt", data=b"one")
    await given.read(number, Read(told={"title": "one"}), at=NOW)
    await given.read(1, Read(refused=("UndatedArticle", "when?")), at=NOW)
    assert await given.result(number) == Read(told={"title": "one"})
    assert await given.result(1) == Read(refused=("UndatedArticle", "when?"))
    assert await given.to_read(1) is None
    assert [key for _, key, _ in await waiting(shared)] == ["entry 1"]
    await given.hand_in(Submission(kind="text", data=b"two"), at=NOW + timedelta(days=2))
    assert await given.result(number) == Read(refused=("", "it was not read within a day"))


async def test_a_transaction_that_fails_leaves_neither_row_nor_job(shared: PostgresDatabase) -> None:
    def work(rows: Connection) -> None:
        rows.execute(
            "INSERT INTO outbox (chat, platform, address, reply, state, queued_at)"
            " VALUES ('telegram:1', 'telegram', '{}', '{}', 'pending', '')"
        )
        assert rows.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()[0] == 1
        raise LookupError

    with pytest.raises(LookupError):
        await shared.write(work)
    assert await waiting(shared) == []


async def test_what_comes_due_gets_its_job_then_and_once(
    shared: PostgresDatabase, news: SqlStore, outbox: SqlDeliveries
) -> None:
    await asked(shared, "UPDATE jobs_woken SET upto = now() - interval '1 hour' RETURNING 1")
    await found(news, entry("a"))
    await news.entry_failed(1, "later", retry_at=datetime.now(UTC) + timedelta(seconds=0.2))
    number = await outbox.enqueue(CHAT, TEXT, at=NOW, not_before=datetime.now(UTC) + timedelta(seconds=0.2))
    assert await waiting(shared) == []
    assert await asked(shared, "SELECT onrecord_wake_due() FROM pg_sleep(0.25)") == [(2,)]
    assert await asked(shared, "SELECT onrecord_wake_due()") == [(0,)]
    assert number == 1
    assert {key for _, key, _ in await waiting(shared)} == {"entry 1", "telegram:7"}


async def test_a_row_whose_job_was_lost_gets_another(
    shared: PostgresDatabase, news: SqlStore, outbox: SqlDeliveries
) -> None:
    await found(news, entry("a"))
    await outbox.enqueue(CHAT, TEXT, at=NOW)
    before = await waiting(shared)
    assert await asked(shared, "SELECT onrecord_wake_missing()") == [(0,)]
    await asked(shared, "DELETE FROM procrastinate_jobs RETURNING 1")
    assert await asked(shared, "SELECT onrecord_wake_missing()") == [(2,)]
    assert await waiting(shared) == before


async def test_the_job_of_a_dead_worker_goes_on_and_that_of_a_living_one_is_left_alone(
    shared: PostgresDatabase, news: SqlStore
) -> None:
    await found(news, entry("a"), Entry(key="b", fingerprint="b", url="https://two.example/b"))
    await asked(shared, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING 1")
    await asked(
        shared,
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING 1",
    )
    await asked(
        shared,
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = right(args ->> 'key', 1)::bigint RETURNING 1",
    )
    assert await asked(shared, "SELECT key, tries FROM onrecord_recover(30)") == [("entry 2", 1)]
    assert await waiting(shared) == [("extract", "entry 2", "extract entry 2")]
    assert await asked(shared, "SELECT key FROM onrecord_recover(30)") == []


async def test_a_source_is_taken_by_one_and_again_when_that_one_died(shared: PostgresDatabase, news: SqlStore) -> None:
    source, _ = await news.add_source(NewsSource(url=ELSEWHERE), at=NOW)
    turns = SqlTurns(shared)
    assert (await turns.take_source(source.id, now=NOW)) is not None
    assert (await turns.take_source(source.id, now=NOW)) is None
    assert (await turns.take_source(source.id, now=NOW, again=True)) is not None
    await news.pause_source(source.id, True)
    assert (await turns.take_source(source.id, now=NOW, again=True)) is None


async def test_an_entry_is_read_when_it_is_due_and_its_source_not_paused(
    shared: PostgresDatabase, news: SqlStore
) -> None:
    source = await found(news, entry("a"))
    turns = SqlTurns(shared)
    read = await turns.entry_due(1, now=NOW)
    assert read is not None
    assert read.url == "https://one.example/a"
    await news.pause_source(source.id, True)
    assert await turns.entry_due(1, now=NOW) is None


async def test_people_see_how_much_waits_and_what_was_given_up(
    shared: PostgresDatabase, news: SqlStore, outbox: SqlDeliveries
) -> None:
    jobs = SqlJobs(shared)
    await found(news, entry("a"), entry("b"))
    await asked(shared, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING 1")
    await asked(
        shared,
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1 WHERE args ->> 'key' = 'entry 1' RETURNING 1",
    )
    fetch, extract, deliver = await jobs.backlog()
    assert (fetch.kind, fetch.waiting, fetch.running, fetch.oldest_at) == ("fetch", 0, 0, None)
    assert (extract.kind, extract.waiting, extract.running) == ("extract", 1, 1)
    assert extract.oldest_at is not None
    assert abs(extract.oldest_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert deliver.waiting == 0
    given_up = Parked(kind="extract", about="entry 2", what="https://one.example/b", reason="odd", attempts=4)
    for _ in range(2):
        await shared.write(partial(park, given_up=given_up))
    (shown,) = await jobs.parked(limit=5)
    assert (shown.about, shown.what, shown.reason, shown.attempts) == ("entry 2", given_up.what, "odd", 4)
    assert await jobs.parked_count() == 1
    await news.entry_failed(2, "odd", retry_at=None)
    assert [key for _, key, _ in await waiting(shared)] == []
    assert await jobs.retry(shown.id)
    assert [key for _, key, _ in await waiting(shared)] == ["entry 2"]
    assert not await jobs.retry(shown.id)
    assert not await jobs.drop(shown.id)


async def test_a_message_and_a_source_that_were_given_up_can_be_tried_once_more(
    shared: PostgresDatabase, news: SqlStore, outbox: SqlDeliveries
) -> None:
    jobs = SqlJobs(shared)
    number = await outbox.enqueue(CHAT, TEXT, at=NOW)
    await outbox.failed(number, "odd", at=NOW)
    source = await found(news)
    assert await waiting(shared) == []
    for kind, about in (("deliver", f"message {number}"), ("fetch", f"source {source.id}")):
        given_up = Parked(kind=kind, about=about, what=about, reason="odd", attempts=1)
        await shared.write(partial(park, given_up=given_up))
    for each in await jobs.parked(limit=5):
        assert await jobs.retry(each.id)
    assert {key for _, key, _ in await waiting(shared)} == {"telegram:7", str(source.id)}


async def test_turns_at_a_host_are_a_pause_apart_whoever_takes_them(shared: PostgresDatabase) -> None:
    hosts = SqlHosts(shared)
    first, second, third = [await hosts.turn("one.example", pause=5.0) for _ in range(3)]
    assert first == 0.0
    assert 4.0 < second <= 5.0
    assert 9.0 < third <= 10.0
    assert await hosts.turn("two.example", pause=5.0) == 0.0
    await hosts.asked("two.example", pause=30.0)
    assert 29.0 < await hosts.turn("two.example", pause=5.0) <= 30.0
    await asked(shared, "UPDATE asked_hosts SET free_at = free_at - interval '1 hour' RETURNING 1")
    await asked(shared, "SELECT onrecord_forget_hosts()")
    assert await asked(shared, "SELECT count(*) FROM asked_hosts") == [(0,)]


async def slot(database: PostgresDatabase, chat: str, at: float, *, spread: bool, wait: float = 1e9) -> Any:
    """A slot of Telegram's at that moment, which is ``at`` seconds after one that is always the same."""
    group = 20 if is_group(chat) else None
    moment = datetime(2020, 2, 15, tzinfo=UTC) + timedelta(seconds=at)
    values = ("telegram", chat, 1.0, group, 30, SECOND, int(spread), wait, moment)
    return await database.write(
        lambda rows: rows.execute(
            "SELECT taken, wait, for_chat, next FROM onrecord_slot(?, ?, ?, ?::integer, ?::integer, ?, ? > 0, ?, ?)",
            values,
        ).fetchone(),
        subject="rows",
    )


async def test_slots_of_the_database_are_those_that_one_process_would_give(shared: PostgresDatabase) -> None:
    random = Random(7)
    pace = Pace(limits=LIMITS["telegram"])
    now = 1000.0
    refusals = taken = 0
    for _ in range(400):
        now += random.choice((0.0, 0.003, 0.02, 0.4))
        chat = f"telegram:{random.choice((-1, 1)) * random.randint(1, 12)}"
        spread = random.random() < 0.6
        if random.random() < 0.01:
            refusals += 1
            pace.refused(chat, now=now, wait=0.5)
            moment = datetime(2020, 2, 15, tzinfo=UTC) + timedelta(seconds=now)
            values = ("telegram", chat, 0.5, TOGETHER, SLOWER, SLOWEST - SECOND, moment)
            await shared.write(
                lambda rows, v=values: rows.execute("SELECT onrecord_refused(?, ?, ?, ?, ?, ?, ?)", v).fetchall(),
                subject="rows",
            )
        free = pace.chat_free(chat, now=now)
        at = pace.free(now=now, spread=spread)
        found = await slot(shared, chat, now, spread=spread, wait=0.0)
        if free > now:
            assert (found[0], found[2]) == (False, True)
            assert found[1] == pytest.approx(free - now, abs=1e-4)
        elif at > now + 1e-6:
            assert (found[0], found[2]) == (False, False)
            assert found[1] == pytest.approx(at - now, abs=1e-4)
        else:
            assert found[0], (found, at - now)
            pace.take(chat, now=now)
            taken += 1
            assert found[3] == pytest.approx(pace.chat_free(chat, now=now) - now, abs=1e-4)
    assert taken > 100
    assert refusals > 1
