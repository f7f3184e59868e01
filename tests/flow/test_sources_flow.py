"""Sources from the command line to the record: named, looked at, read, failing, paused, exchanged as OPML."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from fakes.web_server import Site, site

from bot.app.importing import importing
from bot.app.services import opened
from bot.cli import cli
from bot.config import Settings
from digests.ingest.add import Added, Failed
from digests.ingest.service import Ingest
from digests.ingest.watching import look, take
from digests.sources.fetch import Fetcher
from digests.store.base import Store
from digests.watch import NewsSource

pytestmark = pytest.mark.usefixtures("warm_readers")

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
WORDS = "Harbour Minister Clara Osei said on Saturday that two new cranes would arrive by the end of February. "
PAGE = (
    "<!doctype html><html><head><title>{title}</title>{head}</head>"
    "<body><article><h1>{title}</h1><p>{words}</p><p>The union of the dockers has welcomed the plan.</p>"
    "</article></body></html>"
)


def rss(*items: tuple[str, str, str]) -> str:
    """A feed of items, each guid, address and title."""
    inner = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>"
        f"<pubDate>Sat, 15 Feb 2020 09:00:00 GMT</pubDate><description>{title} in short</description></item>"
        for guid, link, title in items
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Harbour Wire</title>{inner}</channel></rss>"


def page(title: str, *, head: str = "") -> str:
    return PAGE.format(title=title, head=head, words=f"{title}. {WORDS}")


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/own.db", onrecord_allow_loopback=True)


async def run(*arguments: str, settings: Settings, stdin: str = "") -> Result:
    env = {"DATABASE_URL": settings.database_url, "ONRECORD_ALLOW_LOOPBACK": "yes"}
    return await asyncio.to_thread(CliRunner(env=env).invoke, cli, arguments, input=stdin)


class Desk:
    """The store with what reads into it, at a moment of the test's choice."""

    def __init__(self, store: Store, ingest: Ingest, fetcher: Fetcher) -> None:
        self.store, self.ingest, self.fetcher = store, ingest, fetcher

    async def look(self, *, at: datetime = NOW) -> int:
        """Look at everything that is due; how many entries wait newly."""
        return sum(
            [
                await look(source, ingest=self.ingest, fetcher=self.fetcher, now=at, random=Random(1))
                for source in await self.store.due_sources(at)
            ]
        )

    async def read(self, *, at: datetime = NOW) -> list[Added | Failed]:
        """Read every article that waits."""
        return [
            await take(entry, ingest=self.ingest, fetcher=self.fetcher, now=at, random=Random(1))
            for entry in await self.store.waiting(at)
        ]


@asynccontextmanager
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    async with (
        opened(settings) as services,
        importing(services.store, processes=1) as ingest,
        Fetcher(loopback=True, pause=0.0, seconds=60.0) as fetcher,
    ):
        yield Desk(services.store, ingest, fetcher)


async def test_a_feed_is_found_through_its_site_watched_and_read_once(server: Site, settings: Settings) -> None:
    server.put("/", page("Home", head='<link rel="alternate" type="application/rss+xml" href="/feed.xml">'))
    one, two = server.put("/1", page("Cranes Promised")), server.url + "/none"
    feed = server.put(
        "/feed.xml", rss(("a", one, "Cranes Promised"), ("b", two, "Gone")), headers={"Content-Type": "text/xml"}
    )
    added = await run("sources", "add", server.url + "/", settings=settings)
    assert (added.exit_code, added.stdout) == (0, f"1  Harbour Wire  {feed}: 2 entries now\n")
    assert "watched already" in (await run("sources", "add", feed, settings=settings)).stdout
    async with desk(settings) as at:
        assert await at.look() == 0  # adding it was the first look
        read, failed = await at.read()
        assert isinstance(read, Added)
        assert (read.article.title, str(read.article.published_day)) == ("Cranes Promised", "2020-02-15")
        assert isinstance(failed, Failed)
        assert failed.reason == "127.0.0.1 has no such page (404)"
        assert await at.look(at=LATER) == 0
        assert await at.read(at=LATER) == []
        assert (await at.store.counts()).articles == 1
    assert server.paths().count("/1") == 1


async def test_a_touched_date_and_another_guid_are_nothing_new_but_another_text_is(
    server: Site, settings: Settings
) -> None:
    url = server.put("/1", page("Cranes Promised"))
    feed = server.put("/feed", rss(("a", url, "Cranes Promised")))
    async with desk(settings) as at:
        await at.store.add_source(NewsSource(url=feed), at=NOW)
        await at.look()
        await at.read()
        server.put("/feed", rss(("other", url, "Cranes Promised")).replace("Sat, 15 Feb", "Sun, 16 Feb"))
        assert await at.look(at=LATER) == 0
        server.put("/1", page("Cranes Delayed"))
        server.put("/feed", rss(("a", url, "Cranes Delayed")))
        assert await at.look(at=LATER + timedelta(hours=3)) == 1
        (changed,) = await at.read(at=LATER)
        assert isinstance(changed, Added)
        assert (changed.outcome, changed.article.version) == ("changed", 2)


async def test_an_unchanged_feed_is_asked_for_conditionally_and_not_parsed(server: Site, settings: Settings) -> None:
    url = server.put("/1", page("Cranes Promised"))
    feed = server.put("/feed", rss(("a", url, "Cranes Promised")), headers={"ETag": '"v1"'})
    async with desk(settings) as at:
        await at.store.add_source(NewsSource(url=feed), at=NOW)
        assert await at.look() == 1
        server.put("/feed", status=304)
        assert await at.look(at=LATER) == 0
        assert server.asked[-1][1]["If-None-Match"] == '"v1"'
        (source,) = await at.store.sources()
        assert (source.last_success_at, source.last_new_at, source.etag) == (LATER, NOW, '"v1"')


async def test_an_address_that_two_sources_bring_is_fetched_once(server: Site, settings: Settings) -> None:
    url = server.put("/1", page("Cranes Promised"))
    feeds = [server.put(f"/feed{number}", rss(("a", url, "Cranes Promised"))) for number in (1, 2)]
    async with desk(settings) as at:
        for feed in feeds:
            await at.store.add_source(NewsSource(url=feed), at=NOW)
        assert await at.look() == 2
        outcomes = [each.outcome for each in await at.read() if isinstance(each, Added)]
        assert outcomes == ["new", "known"]
    assert server.paths().count("/1") == 1


async def test_what_the_feed_gives_stands_in_for_a_page_that_may_not_be_read(server: Site, settings: Settings) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /1")
    text = f"&lt;p&gt;{WORDS * 4}&lt;/p&gt;&lt;p&gt;{WORDS * 4}&lt;/p&gt;"
    feed = rss(("a", server.url + "/1", "Cranes Promised")).replace("Cranes Promised in short", text)
    async with desk(settings) as at:
        await at.store.add_source(NewsSource(url=server.put("/feed", feed)), at=NOW)
        await at.look()
        (read,) = await at.read()
        assert isinstance(read, Added)
        assert (read.article.title, read.article.url) == ("Cranes Promised", server.url + "/1")
    assert "/1" not in server.paths()


async def test_a_source_that_fails_says_so_and_is_asked_more_and_more_rarely(server: Site, settings: Settings) -> None:
    feed = server.put("/feed", status=503, headers={"Retry-After": "7200"})
    async with desk(settings) as at:
        await at.store.add_source(NewsSource(url=feed, title="Harbour Wire"), at=NOW)
        assert await at.look() == 0
        (source,) = await at.store.sources()
        assert (source.failures, source.failing_since) == (1, NOW)
        assert source.next_try_at is not None
        assert source.next_try_at >= NOW + timedelta(hours=2)
        server.put("/feed", "<html>this is no feed</html>")
        await at.look(at=LATER)
        (source,) = await at.store.sources()
        assert source.failures == 2
        assert "holds no feed" in source.last_error
        server.put("/feed", rss())
        await at.look(at=LATER + timedelta(hours=1))
        (source,) = await at.store.sources()
        assert (source.failures, source.failing_since, source.last_error) == (0, None, "")


async def test_an_article_that_fails_for_now_is_tried_again(server: Site, settings: Settings) -> None:
    url = server.put("/1", status=500)
    async with desk(settings) as at:
        await at.store.add_source(NewsSource(url=server.put("/feed", rss(("a", url, "Cranes Promised")))), at=NOW)
        await at.look()
        (failed,) = await at.read()
        assert isinstance(failed, Failed)
        assert await at.store.waiting(NOW) == []
        server.put("/1", page("Cranes Promised"))
        (read,) = await at.read(at=LATER)
        assert isinstance(read, Added)


async def test_a_folder_is_watched_file_by_file(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.md").write_text(f"# Cranes Promised\n\nFebruary 15, 2020\n\n{WORDS}\n", encoding="utf-8")
    (folder / "deep" / "b.txt").write_text("No day stands here.\n", encoding="utf-8")
    for name in (".hidden.md", "picture.png"):
        (folder / name).write_bytes(b"x")
    (folder / "link.md").symlink_to("/etc/passwd")
    added = await run("sources", "add", str(folder), settings=settings)
    assert (added.exit_code, added.stdout) == (0, f"1  in  {folder}: watched now\n")
    now = datetime.now(UTC) + timedelta(minutes=1)
    async with desk(settings) as at:
        assert await at.look(at=now) == 2
        read, undated = await at.read(at=now)
        assert isinstance(read, Added)
        assert read.article.title == "Cranes Promised"
        assert isinstance(undated, Failed)
        assert "no date found" in undated.reason
        assert await at.look(at=now + timedelta(minutes=2)) == 0


async def test_sources_are_listed_paused_resumed_and_removed(server: Site, settings: Settings) -> None:
    feed = server.put("/feed", rss())
    assert "Nothing is watched yet" in (await run("sources", "list", settings=settings)).stderr
    await run("sources", "add", feed, settings=settings)
    assert (await run("sources", "list", settings=settings)).stdout.startswith(f"1  ok  Harbour Wire  {feed}  read ")
    assert (await run("sources", "pause", "1", settings=settings)).stdout == f"1  Harbour Wire  {feed}: paused\n"
    assert "1  paused  Harbour Wire" in (await run("sources", "list", settings=settings)).stdout
    assert "watched again" in (await run("sources", "resume", "1", settings=settings)).stdout
    async with desk(settings) as at:
        await at.look()
    assert "1  ok  Harbour Wire" in (await run("sources", "list", settings=settings)).stdout
    assert "watched no longer" in (await run("sources", "remove", "1", settings=settings)).stdout
    for command in ("pause", "resume", "remove"):
        done = await run("sources", command, "1", settings=settings)
        assert (done.exit_code, done.stderr) == (
            1,
            "Error: no source has the number 1: `onrecord sources list` shows them\n",
        )


async def test_what_cannot_be_watched_is_said_with_the_reason(server: Site, settings: Settings) -> None:
    nothing = server.put("/page", page("Home"))
    done = await run("sources", "add", nothing, "/no/such/folder", "http://10.0.0.1/feed", settings=settings)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "is no feed, and none was found on its site" in done.stderr
    assert "neither a folder nor a web address" in done.stderr
    assert "not on the public Internet" in done.stderr


async def test_a_feed_at_a_usual_place_is_found(server: Site, settings: Settings) -> None:
    home = server.put("/", page("Home"))
    feed = server.put("/rss", rss(("a", server.url + "/1", "Cranes")))
    assert (await run("sources", "add", home, settings=settings)).stdout == f"1  Harbour Wire  {feed}: 1 entries now\n"


async def test_lists_of_feeds_go_in_and_out(tmp_path: Path, settings: Settings) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="News"><outline text="A &amp; B" xmlUrl="https://a.example/feed"/>'
        '<outline title="C" xmlUrl="https://c.example/rss" htmlUrl="https://c.example/"/>'
        '<outline title="Inside" xmlUrl="http://0x7f.1/feed"/><outline xmlUrl="file:///etc/passwd"/>'
        "</outline></body></opml>",
        encoding="utf-8",
    )
    done = await run("sources", "import", str(opml), settings=settings)
    assert (done.exit_code, done.stdout) == (1, "2 sources new, 0 watched already\n")
    assert "four decimal numbers" in done.stderr
    assert "only http and https" in done.stderr
    out = tmp_path / "out.opml"
    await run("sources", "export", str(out), settings=settings)
    assert 'text="A &amp; B" title="A &amp; B" xmlUrl="https://a.example/feed"' in out.read_text(encoding="utf-8")
    again = await run(
        "sources", "import", "-", settings=settings, stdin=(await run("sources", "export", settings=settings)).stdout
    )
    assert (again.exit_code, again.stdout) == (0, "0 sources new, 2 watched already\n")
    wrong = await run("sources", "import", "-", settings=settings, stdin="not a list")
    assert (wrong.exit_code, "no OPML list" in wrong.stderr) == (1, True)
