"""What goes wrong with a server or the disk is said, tried again when it is time, and recovered from."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from direct import Direct, ingest
from web_server import CERTIFICATE, Site, site

from digests.ingest.add import Added
from digests.ingest.bulk import Bulk
from digests.ingest.loop import Loop
from digests.sources.fetch import Fetcher
from digests.sources.stored import Stored
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.watch import NewsSource

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
FEED = (
    '<rss version="2.0"><channel><title>Wire</title><item><title>Quay Shut</title><link>{link}</link>'
    "<guid>1</guid></item></channel></rss>"
)
PAGE = (
    '<!doctype html><html><head><title>Quay Shut</title><meta property="article:published_time"'
    ' content="2020-02-15T08:00:00Z"></head><body><article><h1>Quay Shut</h1><p>The quay was shut for the day, the'
    " mayor said, and all ferries stayed in port until the storm had passed over the bay.</p></article></body></html>"
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore(await SqliteDatabase.open(tmp_path / "facts.db", [FACTS]))
    yield opened
    await opened.close()


async def here(*_: object) -> Sequence[str]:
    return ["127.0.0.1"]


async def nowhere(*_: object) -> Sequence[str]:
    raise OSError("Name or service not known")


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def served(made: Site, name: str = "wire.example") -> str:
    """A feed of one article under the name; its address."""
    at = made.url.replace("127.0.0.1", name)
    made.put("/quay", PAGE)
    made.put("/feed.xml", FEED.format(link=f"{at}/quay"))
    return f"{at}/feed.xml"


async def tried(store: SqlStore, fetcher: AbstractAsyncContextManager[Fetcher], *, at: datetime) -> NewsSource:
    """The source after a run of the loop."""
    async with fetcher as opened:
        await Loop(ingest(store), opened, clock=lambda: at, random=Random(1), first_pause=0.01).once()
    return (await store.sources())[0]


def quick(**given: object) -> Fetcher:
    return Fetcher(loopback=True, pause=0.0, seconds=2.0, **{"resolve": here, **given})


def hang(made: Site) -> None:
    async def handle(_: object) -> object:
        await asyncio.sleep(60)
        raise AssertionError("nobody waited that long")

    made.act("/feed.xml", handle)


@pytest.mark.parametrize(
    ("tls", "spoil", "first", "words"),
    [
        (False, None, lambda: quick(resolve=nowhere), "no such host is known"),
        (True, None, quick, "certificate that cannot be trusted"),
        (False, hang, quick, "did not answer in full within 2 s"),
        (False, lambda made: made.drip("/feed.xml", every=0.02), quick, "did not answer in full within 2 s"),
        (False, lambda made: made.put("/feed.xml", "", status=500), quick, "out of order (500)"),
        (False, lambda made: made.put("/feed.xml", FEED[:40]), quick, "damaged feed"),
    ],
    ids=["no such name", "bad certificate", "hung server", "slow loris", "out of order", "cut off"],
)
async def test_a_source_that_failed_is_said_tried_again_and_well_again(
    store: SqlStore, tls: bool, spoil: Callable[[Site], object] | None, first: Callable[[], Fetcher], words: str
) -> None:
    async with site(tls=tls) as made:
        url = served(made)
        if spoil is not None:
            spoil(made)
        await store.add_source(NewsSource(url=url), at=NOW)
        ill = await tried(store, first(), at=NOW)
        assert words in ill.last_error
        assert ill.failures == 1
        assert ill.next_try_at is not None
        assert ill.next_try_at > NOW
        served(made)
        verify = trusting() if tls else None
        assert (await tried(store, quick(verify=verify), at=NOW)).failures == 1  # it is not time yet
        well = await tried(store, quick(verify=verify), at=NOW + timedelta(minutes=10))
        assert (well.failures, well.last_error, well.failing_since) == (0, "", None)
    assert [source.title for source in await store.latest()] == ["Quay Shut"]


async def test_a_disk_that_was_full_for_a_while_costs_nothing(
    store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    def limit(pages: int) -> None:
        store.database._writing.execute(f"PRAGMA max_page_count={pages}")

    used = await store.database.read(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    limit(used + 8)
    texts = [
        f"# Report {number}\n\n15 February 2020\n\nThe port was shut for {number} hours.\n" for number in range(150)
    ]
    inputs = [Stored(name=f"{number}.md", data=text.encode()) for number, text in enumerate(texts)]
    direct = Direct()
    bulk = Bulk(store, direct, direct, pause=0.05)
    running = asyncio.create_task(collected(bulk, inputs))
    async with asyncio.timeout(30):
        while True:
            if running.done() or "the disk is full" in caplog.text:
                break
            await asyncio.sleep(0.01)
    assert not running.done()
    await store.database.write(lambda _: limit(1_000_000))
    assert [type(each) for each in await running] == [Added] * 150
    assert (await store.counts()).articles == 150


async def collected(bulk: Bulk, inputs: Sequence[Stored]) -> list[object]:
    return [each async for each in bulk.add(inputs)]
