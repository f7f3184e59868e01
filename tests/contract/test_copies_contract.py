"""What every store must find: articles most of whose words stood in an earlier one, however they are framed."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

from digests.ingest.grouping import grouping
from digests.model import Article, Extraction
from digests.sources.file import article_from
from digests.store import near
from digests.store.base import Store
from digests.store.connection import Connection
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.opening import prepare
from digests.text.shingles import bands, runs

WORDS = [f"{one}{two}{three}" for one in ("ar", "be", "co", "du") for two in ("li", "mo", "na") for three in "aeiou"]


def sentences(seed: int, number: int = 12) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(number)]


def article(title: str, body: list[str], *, outlet: str = "Meridian Wire", url: str = "") -> Article:
    text = f"# {title}\n\n" + "\n\n".join(" ".join(body[at : at + 3]) for at in range(0, len(body), 3))
    return article_from(text, published="2020-02-15", publisher=outlet, url=url)


async def saved(store: Store, given: Article) -> int:
    return (await store.save(given, Extraction(), links={})).article_id


async def test_a_copy_under_another_headline_names_the_first_and_how_much(store: Store) -> None:
    first = await saved(store, article("Ferries stop", sentences(1)))
    body = sentences(1)
    copy = await saved(store, article("No ferry today", [*body[:11], "Nobody knows why."], outlet="Ardal Post"))
    other = await saved(store, article("Rain", sentences(2), outlet="Ardal Post"))
    found = await store.copies([first, copy, other])
    assert set(found) == {copy}
    assert (found[copy].source.article_id, found[copy].source.publisher) == (first, "Meridian Wire")
    assert 0.9 < found[copy].share < 1.0


async def test_copies_of_copies_name_the_first(store: Store) -> None:
    ids = [await saved(store, article(f"Title {number}", sentences(1), outlet=f"Outlet {number}")) for number in "123"]
    found = await store.copies(ids)
    assert {copy: each.source.article_id for copy, each in found.items()} == {ids[1]: ids[0], ids[2]: ids[0]}


async def test_half_the_words_are_no_copy_and_a_line_is_never_one(store: Store) -> None:
    await saved(store, article("Ferries stop", sentences(1)))
    mixed = await saved(store, article("Mixed", sentences(1)[:5] + sentences(3)[:7]))
    await saved(store, article("Notice", ["The museum is closed on Monday for repairs."]))
    notice = await saved(store, article("Again", ["The museum is closed on Monday for repairs."]))
    assert await store.copies([mixed, notice]) == {}


async def test_a_new_version_is_compared_anew(store: Store) -> None:
    await saved(store, article("Ferries stop", sentences(1)))
    url = "https://post.example/ferries"
    copy = await saved(store, article("No ferry", sentences(1), url=url))
    assert set(await store.copies([copy])) == {copy}
    assert await saved(store, article("Own words", sentences(4), url=url)) == copy
    assert await store.copies([copy]) == {}
    again = await saved(store, article("Theirs", sentences(4), outlet="Ardal Post"))
    assert (await store.copies([again]))[again].source.article_id == copy


async def test_a_copy_has_the_origin_of_what_it_copies(store: Store) -> None:
    wire = article("Ferries stop", [*sentences(1)[:-1], "It rains."], outlet="Meridian Wire")
    wire = replace(wire, byline="Reuters")
    first = await store.save(wire, Extraction(), links={}, grouping=grouping(wire))
    shorter = article("No ferry", sentences(1)[:8], outlet="Levant Monitor")
    await store.save(shorter, Extraction(), links={}, grouping=grouping(shorter))
    own = article("Own words", sentences(5), outlet="Volga Post")
    await store.save(own, Extraction(), links={}, grouping=grouping(own))
    story = await store.story(first.story_id)
    assert story is not None
    assert (story.articles, story.outlets, story.origins) == (3, 3, ("Reuters", "Volga Post"))


async def test_articles_from_before_there_were_bands_get_them(store: SqlStore) -> None:
    ids = [await saved(store, article(f"Title {number}", sentences(1), outlet=f"Outlet {number}")) for number in "12"]

    def bands_of(connection: Connection) -> list[tuple[int, ...]]:
        rows = connection.execute("SELECT band, article_id FROM article_bands ORDER BY band, article_id")
        return [tuple(row) for row in rows.fetchall()]

    def remove(connection: Connection) -> None:
        for table in ("article_bands", "article_copies"):
            connection.execute(f"DELETE FROM {table}")

    before = await store.database.read(bands_of)
    await store.database.write(remove)
    assert await store.copies(ids) == {}
    await store.database.write(near.renew)
    assert await store.database.read(bands_of) == before
    assert {copy: each.source.article_id for copy, each in (await store.copies(ids)).items()} == {ids[1]: ids[0]}


def test_looking_for_a_copy_stays_quick_among_many_articles(tmp_path: Path) -> None:
    connection = prepare(tmp_path / "facts.db", [FACTS])
    connection.execute("PRAGMA foreign_keys = OFF")  # bands alone, without their articles
    chance = random.Random(1)
    rows = sorted((chance.randrange(2**36), number % 2_000) for number in range(40_000))
    connection.execute("BEGIN")
    common = ((7, each) for each in range(2_000))
    connection.executemany("INSERT OR IGNORE INTO article_bands VALUES (?, ?)", common)
    connection.executemany("INSERT OR IGNORE INTO article_bands VALUES (?, ?)", rows)
    connection.execute("COMMIT")
    given = [bands(runs([f"{seed}w{at}" for at in range(300)])) for seed in range(50)]
    begun = time.process_time()
    for keys in given:
        assert len(near._near(connection, (7, *keys))) <= 4
    assert (time.process_time() - begun) / len(given) < 0.02
    connection.close()
