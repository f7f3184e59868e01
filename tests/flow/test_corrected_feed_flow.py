"""A page of a watched feed changes: the digest that told of it is edited where it was read, by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fakes.pressroom import EDITOR, Pressroom, pressroom
from fakes.telegram_server import TOKEN, FakeTelegram, fake_telegram
from fakes.web_server import Site, site

from bot.app.importing import importing
from bot.chat.telegram import Telegram, wire
from bot.circulation.digests import Digests
from bot.model import Address, Origin
from bot.outbox import pace
from digests.ingest.service import Ingest
from digests.ingest.watching import look, take
from digests.model import FactQuery
from digests.sources.fetch import Fetcher
from digests.watch import NewsSource

pytestmark = pytest.mark.usefixtures("warm_readers")

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
MORNING = datetime(2020, 2, 16, 8, tzinfo=UTC)
DUE = FactQuery(kinds=("deadline", "event"))
READER = Origin(platform="telegram", chat="telegram:7", user="telegram:7")
SAID = "Harbour Minister Clara Osei said on Saturday that {cranes} new cranes would arrive by the end of {month}."
PAGE = (
    "<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{said}</p>"
    "<p>The union of the dockers has welcomed the plan, which the parliament in Vesland passed last week.</p>"
    "<p>It was a mild winter in Vesland, and few ships were late.</p><p>Snow is rare there in any month.</p>"
    "<p>The dockers must answer by February 22, their union said in a statement on Friday.</p>"
    "</article></body></html>"
)


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as running:
        yield running


@asynccontextmanager
async def watching(server: Site, folder: Path) -> AsyncIterator[tuple[Pressroom, FakeTelegram, Ingest, Fetcher]]:
    """A feed of one page that was read, and a reader who ordered a digest."""

    async def keep(command: str, address: Address) -> str:
        return "token"

    async with fake_telegram() as telegram:
        bot = wire(TOKEN, api_base=telegram.url)
        await bot.initialize()
        async with (
            pressroom(folder, {"telegram": Telegram(bot, keep=keep)}) as press,
            importing(press.store, processes=1) as ingest,
            Fetcher(loopback=True, pause=0.0, seconds=60.0) as fetcher,
        ):
            publish(server, cranes="two", month="February")
            await press.store.add_source(NewsSource(url=server.url + "/feed"), at=NOW)
            assert "Subscribed" in await press.desk.read("/subscribe daily 08:00", origin=READER)
            await read(press, ingest, fetcher, at=NOW)
            try:
                yield press, telegram, ingest, fetcher
            finally:
                await bot.close_connections()


def publish(server: Site, *, cranes: str, month: str) -> None:
    title = f"Harbour to get {cranes} cranes"
    url = server.put("/1", PAGE.format(title=title, said=SAID.format(cranes=cranes, month=month)))
    server.put(
        "/feed",
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Harbour Wire</title><item><guid>a</guid><link>{url}"
        f"</link><title>{title}</title><pubDate>Sat, 15 Feb 2020 09:00:00 GMT</pubDate></item></channel></rss>",
    )


async def read(press: Pressroom, ingest: Ingest, fetcher: Fetcher, *, at: datetime) -> None:
    """Look at the feed and read what it brings."""
    given: dict[str, Any] = {"ingest": ingest, "fetcher": fetcher, "now": at, "random": Random(1)}
    for source in await press.store.due_sources(at):
        await look(source, **given)
    for entry in await press.store.waiting(at):
        await take(entry, **given)


async def digest(press: Pressroom, *, at: datetime) -> None:
    loop = Digests(subscriptions=press.desk.subscriptions, store=press.store, queued=press.outbox.wake, now=lambda: at)
    await loop.once(at)
    await press.settled()
    press.desk.now = at + timedelta(hours=2)


async def test_the_digest_is_edited_when_a_page_of_its_feed_changes(
    server: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pace.LIMITS, "telegram", pace.Limits(gap=0.0))
    async with watching(server, tmp_path) as (press, telegram, ingest, fetcher):
        await digest(press, at=MORNING)
        (sent,) = telegram.to(7)
        assert "two new cranes would arrive by the end of February" in sent["shown"]
        publish(server, cranes="five", month="March")
        await read(press, ingest, fetcher, at=MORNING + timedelta(days=1))
        await press.look()
        await telegram.until(lambda: bool(telegram.edited))
        await press.settled()
        assert [each["message_id"] for each in telegram.edited] == [sent["message_id"]]
        says = SAID.format(cranes="five", month="March")
        assert f"CORRECTED: the article now says “{says}”" in telegram.edited[0]["shown"]
        again = await press.desk.read("/digest 2020-02-16", origin=READER)
        assert f"CORRECTED: the article now says “{says}”" in again

        # an editor's word on what the new version says
        new = await press.store.facts(FactQuery(kinds=("statement",), about="five cranes"))
        assert new != []
        for found in new:
            await press.desk.ask(f"/retract {found.fact.id} a slip", origin=EDITOR)
        await press.look()
        await press.settled()
        assert len(telegram.edited) == 1  # nobody has read it yet


async def test_a_retracted_line_is_marked_in_the_digest_and_left_out_when_it_is_shown_again(
    server: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pace.LIMITS, "telegram", pace.Limits(gap=0.0))
    async with watching(server, tmp_path) as (press, telegram, _, _):
        await digest(press, at=MORNING)
        assert "must answer by February 22" in telegram.sent[0]["shown"]
        for found in await press.store.facts(DUE):
            await press.desk.ask(f"/retract {found.fact.id} no such date", origin=EDITOR)
        await press.look()
        await press.settled()
        assert "RETRACTED (no such date)" in telegram.edited[0]["shown"]
        again = await press.desk.read("/digest 2020-02-16", origin=READER)
        assert "Due in the next" not in again
        assert "RETRACTED" not in again
        assert "RETRACTED" not in await press.desk.read("/why 1", origin=READER)
