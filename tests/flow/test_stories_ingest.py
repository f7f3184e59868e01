"""Articles that come in are grouped as they are saved: reading, grouping and store together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import pytest

from digests.ingest.add import Added, add
from digests.model import Article, Extraction, NameKeys, Person
from digests.sources.file import article_from
from digests.store.base import Store
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

BODY = " ".join(
    f"Ferry crews in Port Ardal walked out on day {number} of the strike because pier {number} was closed to them."
    for number in range(20)
)
AGENCY = f"Ferry Crews in Port Ardal Walk Out\n\nBy Reuters\n\nFebruary 15, 2020\n\n{BODY}"
COPY = f"Ardal Ferries Stay in Port\n\nFebruary 16, 2020\n\n{BODY[: len(BODY) // 2]}"
OWN = """Port Ardal Ferry Strike Enters Third Day

February 17, 2020

Striking ferry crews in Port Ardal said the walked out piers would stay closed, and that the strike would go on."""
LOCUSTS = (
    "Locusts Reach Vesland\n\nFebruary 17, 2020\n\nA swarm of locusts ate maize in northern Vesland, farmers said."
)


class Nobody:
    """Reads nothing: grouping needs no facts."""

    async def extract_keyed(self, articles: Sequence[Article]) -> list[tuple[Extraction, dict[int, NameKeys]]]:
        return [(Extraction(), {}) for _ in articles]

    def link(self, extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> dict[int, int]:
        return {}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqlStore(await SqliteDatabase.open(tmp_path / "facts.db", [FACTS]))
    yield opened
    await opened.close()


async def added(store: Store, text: str, host: str) -> Added:
    return await add(article_from(text, url=f"https://{host}/story"), store=store, extract=Nobody())


async def test_articles_that_come_in_are_grouped_and_their_origins_told(store: Store) -> None:
    texts = ((AGENCY, "wire.example"), (LOCUSTS, "farm.example"), (COPY, "daily.example"), (OWN, "post.example"))
    ids = [(await added(store, text, host)).article.id for text, host in texts]
    of = await store.stories_of(ids)
    assert of[ids[0]] == of[ids[2]] == of[ids[3]] != of[ids[1]]
    story = await store.story(of[ids[0]])
    assert story is not None
    assert (story.articles, story.outlets, story.origins) == (3, 3, ("Reuters", "post.example"))
    assert story.newest.article_id == ids[3]


async def test_the_same_article_again_counts_once(store: Store) -> None:
    for _ in range(2):
        await added(store, AGENCY, "wire.example")
    (story,) = await store.stories()
    assert story.articles == 1
