"""What people read about the sources in a chat, and what admins change there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.desk import ADMIN, SOMEBODY, commands_of
from fakes.web_server import Site, site

from bot.app.services import opened
from bot.commands.feeds import ago
from bot.commands.spec import Services
from bot.config import Settings
from bot.model import Origin, ReceivedFile
from bot.render import Renderer
from bot.router import answer, with_file
from digests.errors import NO_DATE
from digests.watch import Entry, NewsSource, Polled

pytestmark = pytest.mark.usefixtures("warm_readers")

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)
RSS = "<rss version='2.0'><channel><title>Harbour Wire</title><item><link>https://a.example/1</link></item></channel></rss>"


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/own.db", onrecord_allow_loopback=True)
    async with opened(settings) as made:
        yield made


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as running:
        yield running


async def read(services: Services, text: str, origin: Origin = ADMIN) -> str:
    reply = await answer(text, origin, services=services, now=NOW)
    return "\n".join(message.plain for message in Renderer().render(reply, "plain"))


async def watched(services: Services, number: int, **more: object) -> NewsSource:
    source = NewsSource(url=f"https://w{number}.example/feed", title=f"Wire {number}", **more)
    return (await services.store.add_source(source, at=NOW - timedelta(days=5)))[0]


async def test_nothing_watched_says_how_to_begin(services: Services) -> None:
    said = await read(services, "/feeds", SOMEBODY)
    assert "Nothing is watched yet." in said
    assert "An editor can add a feed with /feeds add LINK" in said


async def test_each_source_shows_how_it_does_and_trouble_comes_first(services: Services) -> None:
    well = {"last_try_at": NOW, "last_success_at": NOW - timedelta(minutes=5)}
    await watched(services, 1, **well, last_new_at=NOW - timedelta(hours=3))
    await watched(services, 2, **well, last_new_at=NOW - timedelta(days=3))
    await watched(
        services,
        3,
        last_try_at=NOW,
        failures=4,
        failing_since=NOW - timedelta(days=1),
        last_error="w3.example is out of order (503)",
        next_try_at=NOW + timedelta(hours=2),
    )
    await watched(services, 4, paused=True)
    await watched(services, 5)
    await services.store.add_source(
        NewsSource(kind="folder", url="/srv/secret", failures=1, last_try_at=NOW, last_error="the folder /srv/secret"),
        at=NOW,
    )
    said = await read(services, "/feeds", SOMEBODY)
    assert "6 sources, 2 in trouble, 1 paused" in said
    assert "w3.example is out of order (503) · since 15 Feb 2020 · tried again in 2 h" in said
    assert "Reached 5 min ago, but nothing new since 3 days ago." in said
    assert "Read 5 min ago · something new 3 h ago" in said
    assert "/srv/secret" not in said
    assert said.index("3 · Wire 3") < said.index("1 · Wire 1")
    assert "To watch another one" not in said


async def test_many_sources_come_page_by_page(services: Services) -> None:
    for number in range(1, 13):
        await watched(services, number)
    reply = await answer("/feeds", SOMEBODY, services=services, now=NOW)
    assert commands_of(reply) == ["/feeds page 2"]
    said = await read(services, "/feeds page 2")
    assert "Wire 12" in said
    assert "Wire 10" not in said


async def test_what_waits_to_be_read_is_counted(services: Services) -> None:
    source = await watched(services, 1)
    entry = Entry(key="a", fingerprint="f", url="https://w1.example/1")
    await services.store.keep_polled(Polled(source=source, entries=(entry,)), at=NOW)
    assert "1 article still to be read" in await read(services, "/feeds")


async def test_admins_add_a_feed_by_its_site(services: Services, server: Site) -> None:
    home = server.put("/", '<html><head><link rel="alternate" type="application/rss+xml" href="/f"></head></html>')
    feed = server.put("/f", RSS)
    said = await read(services, f"/feeds add {home}")
    assert "Watched from now on, as number 1; 1 entry stands in it now." in said
    assert f"Harbour Wire · {feed}" in said
    assert server.paths() == ["/", "/f"]
    assert await services.store.due_sources(NOW, limit=10) == []
    (entry,) = await services.store.waiting(datetime.now(UTC))
    assert entry.url == "https://a.example/1"
    assert "That is watched already, as number 1." in await read(services, f"/feeds add {feed}")


async def test_files_without_a_date_are_named_to_those_who_can_give_one(services: Services) -> None:
    folder, _ = await services.store.add_source(NewsSource(kind="folder", url="/srv/in", title="in"), at=NOW)
    files = [Entry(key=f"/srv/in/{name}", fingerprint=name, url=f"/srv/in/{name}") for name in ("a.md", "b.md", "c.md")]
    await services.store.keep_polled(Polled(source=folder, entries=tuple(files)), at=NOW)
    for entry in await services.store.waiting(NOW):
        reason = "b.md is a picture" if "b.md" in entry.url else f"{NO_DATE}{entry.url}: say when"
        await services.store.entry_failed(entry.id, reason, retry_at=None)
    said = await read(services, "/feeds")
    assert "Without a date, and I never invent one: c.md, a.md." in said
    assert "/srv/in" not in said
    assert "Without a date" not in await read(services, "/feeds", SOMEBODY)


async def test_admins_pause_resume_and_remove(services: Services) -> None:
    source = await watched(services, 1)
    assert "Paused" in await read(services, "/feeds pause 1")
    assert (await services.store.sources())[0].paused
    assert "Watched again" in await read(services, "/feeds resume #1")
    assert await services.store.source(source.id) == replace(source, next_try_at=None)
    assert "Watched no longer" in await read(services, "/feeds remove 1")
    assert "Nothing with the number 1 is watched" in await read(services, "/feeds remove 1")


OPML = '<opml><body><outline text="A" xmlUrl="https://a.example/feed"/><outline xmlUrl="http://0x7f.1/feed"/></body></opml>'


async def test_a_list_of_feeds_is_imported_by_its_link_and_exported(services: Services, server: Site) -> None:
    assert "No feed is watched yet." in await read(services, "/export", ADMIN)
    said = await read(services, f"/import {server.put('/feeds.opml', OPML)}")
    assert "1 feed watched from now on." in said
    assert "Left out: http://0x7f.1/feed" in said
    assert "four decimal numbers" in said
    assert "1 was watched already" in await read(services, f"/import {server.url}/feeds.opml")
    said = await read(services, "/export", ADMIN)
    assert "1 feed, as a list that every feed reader can import" in said
    assert 'xmlUrl="https://a.example/feed"' in said


async def test_many_left_out_are_counted(services: Services, server: Site) -> None:
    outlines = "".join(f'<outline xmlUrl="file:///{number}"/>' for number in range(14))
    said = await read(services, f"/import {server.put('/l', f'<opml>{outlines}</opml>')}")
    assert "0 feeds watched from now on." in said
    assert "And 4 more left out." in said


@pytest.mark.parametrize(
    ("typed", "origin", "said"),
    [
        ("/import", ADMIN, "/import LINK or FILE"),
        ("/import everything", ADMIN, "/import LINK or FILE"),
        ("/import https://a.example/l", SOMEBODY, "is for admins only"),
    ],
)
async def test_an_import_wants_a_list_and_an_admin(services: Services, typed: str, origin: Origin, said: str) -> None:
    assert said in await read(services, typed, origin)


@pytest.mark.parametrize(
    ("caption", "name", "typed"),
    [
        ("", "a.pdf", "/add"),
        ("", "Feeds.OPML", "/import"),
        ("/import", "feeds.xml", "/import"),
        ("/add published 2020-02-15", "a.txt", "/add published 2020-02-15"),
        ("published 2020-02-15", "a.txt", "/add published 2020-02-15"),
        ("look what I have found", "a.txt", "/add"),
        ("/who Oktay", "a.txt", "/add"),
    ],
)
def test_dropping_a_file_means_to_add_or_to_import_it(caption: str, name: str, typed: str) -> None:
    assert with_file(caption, ReceivedFile(name=name, data=b"")) == typed


@pytest.mark.parametrize("typed", ["/feeds add https://a.example", "/feeds remove 1", "/feeds pause 1"])
async def test_others_change_nothing(services: Services, typed: str) -> None:
    await watched(services, 1)
    assert "admins only; here you are a reader" in await read(services, typed, SOMEBODY)
    assert [each.paused for each in await services.store.sources()] == [False]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/feeds add", "/feeds [add LINK"),
        ("/feeds add /srv/news", "/feeds [add LINK"),
        ("/feeds pause", "/feeds [add LINK"),
        ("/feeds pause everything", "/feeds [add LINK"),
        ("/feeds politics", "/feeds [add LINK"),
        ("/feeds add file:///etc", "only http and https"),
        ("/feeds add http://192.168.0.1/feed", "not on the public Internet"),
    ],
)
async def test_what_cannot_be_watched_is_said_so(services: Services, typed: str, said: str) -> None:
    assert said in await read(services, typed)
    assert await services.store.sources() == []


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=-3), "in 3 h"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=1200), "1,200 days ago"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(gone: timedelta, said: str) -> None:
    assert ago(gone) == said
