"""The loop over what is watched: feeds on a loopback server, articles in the archive, each failure its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from sqlite3 import Connection
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner
from direct import ingest
from web_server import Site, site

from bot.app import watching
from bot.app.reach import Reach
from bot.cli import cli
from bot.cli.ingesting import said
from bot.config import Settings
from digests.errors import StoreError
from digests.ingest import loop as looped
from digests.ingest.loop import Loop, Tally
from digests.sources.fetch import Fetcher
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.opening import connect
from digests.watch import NewsSource, SourceCounts

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as made:
        yield made


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore(await SqliteDatabase.open(tmp_path / "facts.db", [FACTS]))
    yield opened
    await opened.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(loopback=True, pause=0.0, seconds=3.0) as made:
        yield made


def page(number: int, words: str = "The harbour was shut for the day, the mayor said.") -> str:
    body = f"<p>{words} It was storm number {number} of the winter, and ferries stayed in port.</p>" * 2
    return (
        f'<!doctype html><html><head><title>Storm {number}</title><meta property="article:published_time"'
        f' content="2020-02-15T08:00:00Z"></head><body><article><h1>Storm {number}</h1>{body}</article></body></html>'
    )


def feed(server: Site, name: str, numbers: range) -> str:
    """A feed of articles on the same server; its address."""
    items = "".join(
        f"<item><title>Storm {each}</title><link>{server.put(f'/{name}/{each}', page(each))}</link>"
        f"<guid>{name}-{each}</guid></item>"
        for each in numbers
    )
    return server.put(
        f"/{name}.xml", f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
    )


async def watched(store: SqlStore, *urls: str) -> None:
    for url in urls:
        await store.add_source(NewsSource(url=url), at=NOW)


async def until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    """Waits until it is so."""
    async with asyncio.timeout(seconds):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


def articles_in(store: SqlStore) -> int:
    with closing(connect(store.database.path, readonly=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])


def loop(store: Any, fetcher: Fetcher, **given: Any) -> Loop:
    return Loop(ingest(store), fetcher, clock=lambda: NOW, random=Random(1), first_pause=0.01, **given)


async def test_every_article_of_every_due_source_is_read_once(store: SqlStore, fetcher: Fetcher, server: Site) -> None:
    await watched(store, feed(server, "north", range(25)), feed(server, "south", range(25, 30)))
    told: list[Tally] = []
    tally = await loop(store, fetcher, told=told.append).once()
    assert tally == Tally(looked=2, found=30, new=30)
    assert (tally.read, tally.waiting) == (30, 0)
    assert told[-1] == tally
    assert (await store.counts()).articles == 30
    assert all(source.last_success_at == NOW and not source.last_error for source in await store.sources())
    assert await loop(store, fetcher).once() == Tally()  # nothing is due now
    assert server.paths().count("/north/3") == 1


async def test_a_look_that_ends_while_the_database_is_asked_is_not_repeated(
    store: SqlStore, fetcher: Fetcher, server: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looped, "MOST_LOOKS", 2)

    class Slow(Flaky):
        """Tells what was due some time ago."""

        async def due_sources(self, *args: Any, **given: Any) -> Any:
            due = await store.due_sources(*args, **given)
            await asyncio.sleep(0.05)
            return due

    await watched(store, *(feed(server, name, range(1)) for name in ("north", "south", "west", "east")))
    assert (await loop(Slow(store, set(), 0), fetcher).once()).looked == 4


async def test_a_source_that_fails_is_said_and_keeps_no_other_waiting(
    store: SqlStore, fetcher: Fetcher, server: Site
) -> None:
    gone = server.put("/gone.xml", "", status=503, headers={"Retry-After": "7200"})
    hung = server.drip("/hung.xml", every=0.05)
    nowhere = "http://127.0.0.1:9/feed.xml"
    no_feed = server.put("/page.xml", page(1))
    await watched(store, gone, hung, nowhere, no_feed, feed(server, "north", range(3)))
    tally = await loop(store, fetcher).once()
    assert (tally.looked, tally.new) == (5, 3)
    errors = {source.url: source for source in await store.sources() if source.failures}
    assert set(errors) == {gone, hung, nowhere, no_feed}
    for url, words in [
        (gone, "out of order (503)"),
        (hung, "did not answer in full within 3 s"),
        (nowhere, "cannot be reached"),
        (no_feed, "holds no feed"),
    ]:
        assert words in errors[url].last_error
        assert errors[url].failing_since == NOW
        next_try = errors[url].next_try_at
        assert next_try is not None
        assert next_try > NOW
    assert (await store.source_counts()).failing == 4
    late = errors[gone].next_try_at
    assert late is not None
    assert late >= NOW + timedelta(hours=2)


async def test_an_article_that_cannot_be_had_is_tried_again_later(
    store: SqlStore, fetcher: Fetcher, server: Site
) -> None:
    url = feed(server, "north", range(3))
    server.put("/north/1", "", status=500)
    await watched(store, url)
    tally = await loop(store, fetcher).once()
    assert (tally.new, tally.failed) == (2, 1)
    assert (await store.source_counts()).waiting == 1
    server.put("/north/1", page(1))
    later = Loop(ingest(store), fetcher, clock=lambda: NOW + timedelta(hours=1), random=Random(1))
    assert (await later.once()).new == 1
    assert (await store.source_counts()).waiting == 0


async def test_articles_of_a_source_that_hangs_wait_while_it_rests(
    store: SqlStore, fetcher: Fetcher, server: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looped, "PATIENCE", 0.5)
    url = feed(server, "hung", range(4))
    for number in range(4):
        server.drip(f"/hung/{number}", every=0.05)
    await watched(store, url)
    tally = await loop(store, fetcher).once()
    assert (tally.found, tally.failed) == (4, 1)
    assert (await store.source_counts()).waiting == 4


async def test_a_fault_of_ours_ends_neither_the_run_nor_a_source_in_silence(
    store: SqlStore, fetcher: Fetcher, server: Site, caplog: pytest.LogCaptureFixture
) -> None:
    made = ingest(store)

    async def broken_feed(data: bytes, url: str, *_: Any) -> Any:
        raise ZeroDivisionError("a feed nobody thought of")

    made.read_feed = broken_feed
    await watched(store, feed(server, "north", range(1)))
    await Loop(made, fetcher, clock=lambda: NOW, random=Random(1)).once()
    (source,) = await store.sources()
    assert (source.failures, source.last_error) == (1, "a feed nobody thought of")
    assert "ZeroDivisionError" in caplog.text


async def test_a_fault_with_one_article_is_said_of_that_article(
    store: SqlStore, fetcher: Fetcher, server: Site
) -> None:
    made = ingest(store)
    add = made.add_bytes

    async def broken(data: bytes, **given: Any) -> Any:
        if b"Storm 1" in data:
            raise ZeroDivisionError("an article nobody thought of")
        return await add(data, **given)

    made.add_bytes = broken
    await watched(store, feed(server, "north", range(3)))
    tally = await Loop(made, fetcher, clock=lambda: NOW, random=Random(1)).once()
    assert (tally.new, tally.failed) == (2, 1)
    assert (await store.source_counts()).given_up == 1


class Flaky:
    """A store whose database fails for a while: ``failures`` calls of ``names`` fail, then all is well."""

    def __init__(self, store: SqlStore, names: set[str], failures: int) -> None:
        self._store, self._names, self.left = store, names, failures

    def __getattr__(self, name: str) -> Any:
        real: Callable[..., Awaitable[Any]] = getattr(self._store, name)
        if name not in self._names:
            return real

        async def flaky(*args: Any, **given: Any) -> Any:
            if self.left > 0:
                self.left -= 1
                raise StoreError("the database is locked")
            return await real(*args, **given)

        return flaky


@pytest.mark.parametrize("name", ["due_sources", "waiting", "keep_polled", "save", "entry_done"])
async def test_a_database_that_fails_for_a_while_is_said_and_loses_nothing(
    store: SqlStore, fetcher: Fetcher, server: Site, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    await watched(store, feed(server, "north", range(5)))
    tally = await loop(Flaky(store, {name}, 3), fetcher).once()
    assert (await store.counts()).articles == 5
    assert (await store.source_counts()).waiting == 0
    assert tally.new + tally.known >= 5
    assert "the database is locked; trying again in" in caplog.text


async def test_a_database_that_stays_locked_ends_a_single_run_with_the_reason(
    store: SqlStore, fetcher: Fetcher, server: Site
) -> None:
    await watched(store, feed(server, "north", range(2)))
    with pytest.raises(StoreError, match="locked"):
        await loop(Flaky(store, {"save"}, 10_000), fetcher).once()
    assert (await store.source_counts()).waiting == 2


async def test_a_database_locked_by_another_program_is_waited_for(
    store: SqlStore, fetcher: Fetcher, server: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The other program holds the write lock past the busy time, then lets go."""
    await watched(store, feed(server, "north", range(2)))
    store.database._writing.execute("PRAGMA busy_timeout=50")
    other: Connection = connect(tmp_path / "facts.db")
    other.execute("BEGIN IMMEDIATE")
    running = asyncio.create_task(loop(store, fetcher).once())
    await until(lambda: "is locked" in caplog.text)
    other.execute("ROLLBACK")
    other.close()
    assert (await running).new == 2


async def test_it_runs_on_until_it_is_cancelled(
    store: SqlStore,
    fetcher: Fetcher,
    server: Site,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(looped, "TICK", 0.02)
    caplog.set_level(logging.INFO)
    running = asyncio.create_task(loop(Flaky(store, {"due_sources"}, 4), fetcher).run())
    await watched(store, feed(server, "north", range(2)))
    await until(lambda: articles_in(store) == 2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_cancelling_ends_what_is_under_way(store: SqlStore, fetcher: Fetcher, server: Site) -> None:
    asked = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.sleep(60)
        return web.Response()

    await watched(store, server.act("/hang.xml", hang))
    running = asyncio.create_task(loop(store, fetcher).run())
    async with asyncio.timeout(60):
        await asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (source,) = await store.sources()
    assert source.last_try_at is None


async def test_the_server_starts_watching_with_the_first_source_and_reads_in_processes(
    store: SqlStore, server: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "TICK", 0.02)
    settings = Settings(database_url=f"sqlite:///{tmp_path}/facts.db", onrecord_allow_loopback=True)
    flaky: Any = Flaky(store, {"sources"}, 1)
    reach = Reach(settings)
    served = asyncio.create_task(watching.watch(flaky, reach))
    await watched(store, feed(server, "north", range(1)))
    await until(lambda: articles_in(store) == 1)
    assert (await store.counts()).facts
    served.cancel()
    with pytest.raises(asyncio.CancelledError):
        await served
    await reach.close()
    (source,) = await store.latest()
    assert (source.title, source.published_day.isoformat()) == ("Storm 0", "2020-02-15")


async def test_the_command_line_says_what_a_run_did_and_what_is_in_trouble(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/facts.db")
    monkeypatch.setenv("ONRECORD_ALLOW_LOOPBACK", "yes")
    nothing = await asyncio.to_thread(CliRunner().invoke, cli, ["ingest"])
    assert (nothing.exit_code, nothing.stdout) == (
        0,
        "Nothing is watched: add a feed with `onrecord sources add URL`.\n",
    )
    await watched(store, "http://127.0.0.1:9/feed.xml")
    ran = await asyncio.to_thread(CliRunner().invoke, cli, ["ingest"])
    assert (ran.exit_code, ran.stdout) == (0, "1 of 1 sources looked at, 0 new articles\n")
    assert "127.0.0.1 cannot be reached" in ran.stderr
    assert "next try 20" in ran.stderr


def test_a_run_is_told_in_one_line() -> None:
    tally = Tally(looked=3, found=9, new=4, changed=1, known=2, failed=1)
    assert said(tally, SourceCounts(sources=5, waiting=1)) == (
        "3 of 5 sources looked at, 4 new articles, 1 changed, 2 known already, 1 could not be read,"
        " 1 wait to be tried again"
    )
