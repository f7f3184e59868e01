"""The workers of one process on a real PostgreSQL: what they do when it, or what they are given, fails."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from workers import until

from bot.app.databases import open_shared
from bot.books.jobs import Backlog, Parked, SqlJobs
from bot.cli import cli
from bot.cli.jobs import NONE_HERE, backlog_line, parked_line
from bot.jobs import crew as crew_module
from bot.jobs.base import Job
from bot.jobs.crew import Crew, Post, Terms
from digests.errors import StoreError
from digests.store.connection import Connection
from digests.store.postgres.database import PostgresDatabase


class Hand:
    """Does nothing but remember; what ``faults`` says of a key it raises first."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.faults: dict[str, list[Exception]] = {}
        self.faults_after: dict[str, list[Exception]] = {}
        self.begun: dict[str, asyncio.Event] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.at_once = 0
        self.most_at_once = 0

    async def prepare(self) -> None:
        """Nothing takes long here."""

    async def do(self, job: Job) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.begun.setdefault(job.key, asyncio.Event()).set()
            await asyncio.sleep(0.01)
            if self.faults.get(job.key):
                raise self.faults[job.key].pop(0)
            if job.key in self.held:
                await self.held[job.key].wait()
            if self.faults_after.get(job.key):
                raise self.faults_after[job.key].pop(0)
            self.done.append(job.key)
        finally:
            self.at_once -= 1

    async def give_up(self, job: Job, reason: str) -> tuple[str, str]:
        return f"source {job.key}", f"the source {job.key}"


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    async with await open_shared(postgres_url) as database:
        yield database


@asynccontextmanager
async def working(database: PostgresDatabase, hand: Hand, *, grace: float = 5.0) -> AsyncIterator[Crew]:
    """A crew that does ``fetch`` jobs, four at a time."""
    post = Post(queues=("fetch",), handler=hand, at_once=4)
    crew = Crew(database.url, database, {"fetch": post}, terms=Terms(silent=3.0, grace=grace))
    running = asyncio.create_task(crew.run())
    try:
        yield crew
    finally:
        crew.stop()
        await running


async def run(database: PostgresDatabase, statement: str) -> list[tuple[Any, ...]]:
    def work(rows: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in rows.execute(statement).fetchall()]

    return await database.write(work, subject="facts")


async def enqueue(database: PostgresDatabase, *keys: str) -> None:
    for key in keys:
        await run(database, f"SELECT onrecord_wake('fetch', '{key}', 0, 'key {key}', NULL)")


async def done(hand: Hand, *keys: str) -> None:
    async def so() -> bool:
        return set(keys) <= set(hand.done)

    await until(so)


async def test_connections_that_end_are_taken_anew_and_the_work_goes_on(
    shared: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand()
    async with working(shared, hand):
        await enqueue(shared, "1")
        await done(hand, "1")
        await run(
            shared,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )

        async def again() -> bool:
            try:
                await enqueue(shared, "2")
            except StoreError:
                return False
            return True

        await until(again)
        await done(hand, "1", "2")
    assert await run(shared, "SELECT count(*) FROM procrastinate_workers") == [(0,)]


async def test_a_database_that_fails_within_a_job_is_waited_for_and_counts_as_no_failure(
    shared: PostgresDatabase,
) -> None:
    hand = Hand()
    hand.faults["1"] = [StoreError("away")]
    async with working(shared, hand):
        await enqueue(shared, "1")
        await done(hand, "1")
    assert await run(shared, "SELECT count(*) FROM parked_jobs") == [(0,)]


async def test_what_a_stop_cuts_off_is_anothers_at_once(shared: PostgresDatabase) -> None:
    hand, other = Hand(), Hand()
    hand.held["1"] = asyncio.Event()
    hand.begun["1"] = asyncio.Event()
    async with working(shared, hand, grace=0.1):
        await enqueue(shared, "1")
        await asyncio.wait_for(hand.begun["1"].wait(), 30)
    assert hand.done == []
    assert await run(shared, "SELECT status::text FROM procrastinate_jobs") == [("todo",)]
    async with working(shared, other):
        await done(other, "1")


async def test_what_failed_twice_is_done_by_itself(shared: PostgresDatabase) -> None:
    hand = Hand()
    await enqueue(shared, "1", "2", "3", "4")
    await run(shared, "UPDATE procrastinate_jobs SET attempts = 2 RETURNING 1")
    async with working(shared, hand):
        await done(hand, "1", "2", "3", "4")
    assert hand.most_at_once == 1


async def test_what_waits_to_be_done_by_itself_is_not_blamed_for_a_death(shared: PostgresDatabase) -> None:
    hand = Hand()
    await enqueue(shared, "1", "2")
    await run(shared, "UPDATE procrastinate_jobs SET attempts = 2 RETURNING 1")
    hand.held = {"1": asyncio.Event(), "2": asyncio.Event()}
    async with working(shared, hand, grace=0.1):

        async def taken() -> bool:
            found = "SELECT count(*), count(args ->> 'begun') FROM procrastinate_jobs WHERE status = 'doing'"
            return await run(shared, found) == [(2, 1)]

        await until(taken)
        died = "SELECT args ->> 'key', tries FROM procrastinate_jobs JOIN onrecord_recover(-60) r"
        found = await run(shared, f"{died} ON r.key = args ->> 'key' ORDER BY tries")
    assert [row[1] for row in found] == [2, 3]
    assert found[1][0] in hand.begun
    assert found[0][0] not in hand.begun


async def test_what_was_tried_often_enough_is_parked_untried(shared: PostgresDatabase) -> None:
    hand = Hand()
    await enqueue(shared, "1")
    await run(shared, "UPDATE procrastinate_jobs SET attempts = 4 RETURNING 1")
    async with working(shared, hand):

        async def parked() -> bool:
            return await SqlJobs(shared).parked_count() == 1

        await until(parked)
    assert hand.done == []
    (given_up,) = await SqlJobs(shared).parked(limit=5)
    assert (given_up.about, given_up.attempts) == ("source 1", 5)
    assert await SqlJobs(shared).drop(given_up.id)
    assert await SqlJobs(shared).parked_count() == 0


@pytest.mark.parametrize("fault", [[], [RuntimeError("a fault")]], ids=["done", "failed"])
async def test_who_stood_still_ends_no_job_that_went_to_another(
    shared: PostgresDatabase, fault: list[Exception]
) -> None:
    hand, go = Hand(), asyncio.Event()
    hand.held["1"] = hand.held["2"] = go
    async with working(shared, hand):
        await enqueue(shared, "1")

        async def begun() -> bool:
            return "1" in hand.begun

        await until(begun)
        await run(shared, "SELECT tries FROM onrecord_recover(-60)")
        await run(shared, "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' RETURNING 1")
        hand.faults_after["1"] = list(fault)
        go.set()
        await enqueue(shared, "2")
        await done(hand, "2")
    jobs = "SELECT args ->> 'key', attempts, status::text FROM procrastinate_jobs"
    assert await run(shared, jobs) == [("1", 1, "todo")]


async def test_a_server_that_is_not_there_yet_is_waited_for(
    shared: PostgresDatabase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hand = Hand()
    opened = crew_module.App.open_async
    tries = 0

    def late(self: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError("nobody listens")
        return opened(self)

    monkeypatch.setattr(crew_module.App, "open_async", late)
    await enqueue(shared, "1")
    async with working(shared, hand):
        await done(hand, "1")
    assert "nobody listens" in caplog.text


async def test_a_job_that_another_worker_has_ended_meanwhile_is_nobodys_trouble(
    shared: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    hand = Hand()
    hand.held["1"] = asyncio.Event()
    hand.begun["1"] = asyncio.Event()
    async with working(shared, hand):
        await enqueue(shared, "1")
        await asyncio.wait_for(hand.begun["1"].wait(), 30)
        await run(shared, "DELETE FROM procrastinate_jobs RETURNING 1")
        hand.held["1"].set()
        await enqueue(shared, "2")
        await done(hand, "1", "2")
        gc.collect()
    assert not [each for each in caplog.records if each.name == "asyncio"]


def test_on_sqlite_there_are_no_jobs(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/one.db")
    done = CliRunner().invoke(cli, ["jobs"])
    assert (done.exit_code, done.output.strip()) == (0, NONE_HERE)


def test_what_waits_and_what_was_given_up_is_told_in_a_line_each() -> None:
    now = datetime(2020, 2, 15, 12, tzinfo=UTC)
    since = datetime(2020, 2, 15, 11, 59, tzinfo=UTC)
    assert backlog_line(Backlog(kind="fetch"), now=now) == "fetch: 0 waiting, 0 at work"
    told = backlog_line(Backlog(kind="fetch", waiting=2, running=1, oldest_at=since), now=now)
    assert told == "fetch: 2 waiting, 1 at work; the oldest waits for 60 s"
    given_up = Parked(
        id=3, kind="extract", about="entry 7", what="https://one.example", reason="odd", attempts=4, at=now
    )
    assert parked_line(given_up) == "given up 3  2020-02-15 12:00 UTC  extract https://one.example after 4: odd"
