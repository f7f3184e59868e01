"""The pages of digests: kept by what they say, gone with time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.books.pages import SqlPages
from bot.books.sql import SqlBooks
from bot.model import Reply
from digests.store.database import Database

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)
DIGEST = Reply(template="digest", data={"day": "2020-02-15", "sections": [{"name": "top", "items": []}]})
OTHER = Reply(template="digest", data={"day": "2020-02-16", "sections": []})


async def test_what_is_kept_is_found_by_its_key(database: Database) -> None:
    pages = SqlPages(database)
    key = await pages.keep_page(DIGEST, at=NOON)
    assert await pages.page(key) == DIGEST
    assert await pages.page("nothing") is None


async def test_the_same_words_have_one_page(database: Database) -> None:
    pages = SqlPages(database)
    assert await pages.keep_page(DIGEST, at=NOON) == await pages.keep_page(DIGEST, at=NOON + timedelta(days=1))
    assert await pages.keep_page(OTHER, at=NOON) != await pages.keep_page(DIGEST, at=NOON)


async def test_pages_go_with_time_counted_from_when_they_were_last_sent(database: Database) -> None:
    pages = SqlPages(database)
    old, again = await pages.keep_page(OTHER, at=NOON), await pages.keep_page(DIGEST, at=NOON)
    await pages.keep_page(DIGEST, at=NOON + timedelta(days=2))
    await SqlBooks(database).tidy(before=NOON + timedelta(days=1))
    assert await pages.page(old) is None
    assert await pages.page(again) == DIGEST


async def test_links_to_a_page_are_ended_up_to_a_moment_and_never_less_far(database: Database) -> None:
    pages = SqlPages(database)
    assert await pages.links_ended("e/12") == 0
    for until in (2000, 3000, 1000):
        await pages.end_links("e/12", until=until)
    assert (await pages.links_ended("e/12"), await pages.links_ended("e/1")) == (3000, 0)
    await SqlBooks(database).tidy(before=datetime.fromtimestamp(3000, UTC))
    assert await pages.links_ended("e/12") == 3000
    await SqlBooks(database).tidy(before=datetime.fromtimestamp(3001, UTC))
    assert await pages.links_ended("e/12") == 0
