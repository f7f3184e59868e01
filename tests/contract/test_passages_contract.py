"""Passages come from any store alike: newest first, verbatim at their offsets, of an article's newest version."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from digests.model import Article, Extraction
from digests.sources.file import article_from
from digests.store.base import Store
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.opening import prepare


def told(text: str, *, day: str, title: str = "Harbour news", url: str = "") -> Article:
    return article_from(text, title=title, published=day, url=url)


async def test_passages_are_verbatim_and_the_newest_come_first(store: Store) -> None:
    older = told("The ferry ran aground off Orta island. Nobody was hurt on board.", day="2020-02-10")
    newer = told("A ferry will sail to Orta island again on Friday, the company said.", day="2020-02-12")
    for article in (older, newer):
        await store.save(article, Extraction(), links={})
    found = await store.passages(["fer", "island", "zeppelin"])
    assert [each.source.published_day.day for each in found.found] == [12, 10]
    assert [older.text, newer.text][::-1] == [each.text for each in found.found]
    assert (found.passages, found.seen) == (2, {"fer": 2, "island": 2, "zeppelin": 0})


async def test_titles_are_searched_with_their_articles(store: Store) -> None:
    await store.save(told("It sails on Friday.", day="2020-02-10", title="Ferry back at work"), Extraction(), links={})
    assert [each.text for each in (await store.passages(["fer"])).found] == ["It sails on Friday."]


async def test_only_days_asked_for_count(store: Store) -> None:
    for day in ("2020-02-10", "2020-02-12", "2020-02-14"):
        await store.save(told(f"The ferry of {day} sailed.", day=day), Extraction(), links={})
    found = await store.passages(["fer"], since=date(2020, 2, 11), until=date(2020, 2, 12))
    assert [each.source.published_day.day for each in found.found] == [12]
    assert len((await store.passages(["fer"], limit=1)).found) == 1


async def test_a_new_version_takes_the_place_of_the_old_one(store: Store) -> None:
    url = "https://harbour.example/1"
    await store.save(told("The ferry sank in the strait.", day="2020-02-10", url=url), Extraction(), links={})
    await store.save(told("The tanker sank in the strait.", day="2020-02-10", url=url), Extraction(), links={})
    assert (await store.passages(["fer"])).found == ()
    (only,) = (await store.passages(["tank"])).found or (await store.passages(["tanker"])).found
    assert (only.text, only.source.version) == ("The tanker sank in the strait.", 2)


async def test_no_terms_find_nothing(store: Store) -> None:
    assert (await store.passages([])).found == ()


async def test_a_database_from_before_has_its_passages_too(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    before = replace(FACTS, steps=tuple(step for step in FACTS.steps if "passages" not in step[0]))
    connection = prepare(path, [before])
    connection.execute(
        "INSERT INTO articles (id, title, publisher, byline, published_day, language, url, canonical_url, content_hash,"
        " version) VALUES (1, 'Ferry', '', '', '2020-02-10', 'en', '', '', 'x', 1)"
    )
    text = "The ferry sailed."
    connection.execute(
        "INSERT INTO article_versions (article_id, version, content_hash, parts, text) VALUES (1, 1, 'x', ?, ?)",
        (f'[["body", 0, {len(text)}]]', text),
    )
    connection.commit()
    connection.close()
    store = SqlStore(await SqliteDatabase.open(path, [FACTS]))
    assert [each.text for each in (await store.passages(["fer"])).found] == [text]
    await store.close()
