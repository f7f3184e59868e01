"""What every store must do with stories: the same tests run on each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from telling import DAY, TEXT, extraction, telling

from digests.model import Article, Extraction, FactQuery
from digests.sources.file import article_from
from digests.store.base import Placement, Saved, Store, StoryKept
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase


@dataclass
class Fixed:
    """Places an article as told: with the first story it is shown (``joins``), or alone; remembers what it saw."""

    words: Sequence[str] = ("ferry", "talks")
    joins: bool = True
    absorbs: bool = False
    origin: str = ""
    open_for: timedelta = timedelta(days=14)
    most: int = 6
    shown: list[tuple[list[int], int, dict[str, int]]] = field(default_factory=list)

    def keys(self, *, articles: int, seen: Mapping[str, int]) -> Mapping[str, float]:
        return dict.fromkeys(self.words, 0.5)

    def place(self, near: Sequence[StoryKept], *, articles: int, seen: Mapping[str, int]) -> Placement:
        self.shown.append(([each.id for each in near], articles, dict(seen)))
        assert all(each.profile == "what it remembers" for each in near)
        return Placement(
            story=near[0].id if near and self.joins else None,
            profile="what it remembers",
            keys=dict.fromkeys(self.words, 0.5),
            origin=self.origin,
            absorbed=tuple(each.id for each in near[1:]) if self.absorbs else (),
        )


def report(number: int, *, day: date = DAY, publisher: str = "Harbour Wire") -> Article:
    article = article_from(f"Report {number}\n\nFerries stay in port {number}.", published=day.isoformat())
    return replace(article, title=f"Report {number}", publisher=publisher)


async def save(store: Store, number: int, grouping: Fixed | None = None, **more: object) -> Saved:
    return await store.save(report(number, **more), Extraction(), links={}, grouping=grouping)


async def test_an_article_joins_the_story_its_grouping_says(store: Store) -> None:
    first = await save(store, 1, Fixed())
    second = await save(store, 2, Fixed(), day=DAY + timedelta(days=3), publisher="Volga Post")
    assert first.story_id == second.story_id
    story = await store.story(first.story_id)
    assert story is not None
    assert (story.articles, story.outlets, story.origins) == (2, 2, ("Harbour Wire", "Volga Post"))
    assert (story.first_day, story.last_day) == (DAY, DAY + timedelta(days=3))
    assert story.newest.article_id == second.article_id
    told = await store.story_articles(first.story_id)
    assert [(each.source.article_id, each.origin) for each in told] == [(2, "Volga Post"), (1, "Harbour Wire")]


async def test_grouping_is_shown_what_shares_its_words_and_how_often_they_stood(store: Store) -> None:
    await save(store, 1, Fixed(words=["ferry", "talks"], joins=False))
    await save(store, 2, Fixed(words=["ferry", "crane"], joins=False))
    await save(store, 3, Fixed(words=["locusts"], joins=False))
    last = Fixed(words=["ferry", "talks", "new"])
    await save(store, 4, last)
    assert last.shown == [([1, 2], 3, {"ferry": 2, "talks": 1})]


@pytest.mark.parametrize(("after", "seen"), [(14, [1]), (15, []), (-14, [1]), (-15, [])], ids=lambda value: str(value))
async def test_a_story_is_open_for_days_before_and_after(store: Store, after: int, seen: list[int]) -> None:
    await save(store, 1, Fixed())
    later = Fixed()
    await save(store, 2, later, day=DAY + timedelta(days=after))
    assert later.shown[0][0] == seen


async def test_without_grouping_an_article_is_a_story_of_its_own(store: Store) -> None:
    saved = [await save(store, number) for number in (1, 2)]
    assert saved[0].story_id != saved[1].story_id
    assert (await store.counts()).stories == 2


async def test_a_copy_counts_as_its_origin(store: Store) -> None:
    for number, publisher in enumerate(("Volga Post", "Levant Monitor", "Harbour Daily"), start=1):
        saved = await save(store, number, Fixed(origin="Reuters"), publisher=publisher)
    story = await store.story(saved.story_id)
    assert story is not None
    assert (story.outlets, story.origins) == (3, ("Reuters",))


async def test_a_merged_story_is_found_under_both_numbers(store: Store) -> None:
    one = await save(store, 1, Fixed(joins=False))
    two = await save(store, 2, Fixed(joins=False))
    three = await save(store, 3, Fixed(absorbs=True))
    assert three.story_id == one.story_id
    assert await store.story(two.story_id) == await store.story(one.story_id)
    assert await store.merged([one.story_id, two.story_id, 99]) == {two.story_id: one.story_id}
    assert await store.stories_of([1, 2, 3, 99]) == dict.fromkeys([1, 2, 3], one.story_id)
    assert [story.id for story in await store.stories()] == [one.story_id]
    assert (await store.counts()).stories == 1
    again = Fixed()
    assert (await save(store, 4, again)).story_id == one.story_id
    assert again.shown[0][0] == [one.story_id]


async def test_a_further_version_stays_in_its_story_with_its_new_day(store: Store) -> None:
    url = "https://harbour.example/1"
    first = await store.save(
        replace(report(1), canonical_url=url), Extraction(), links={}, grouping=Fixed(words=["ferry"])
    )
    newer = replace(report(11, day=DAY + timedelta(days=1)), canonical_url=url)
    second = await store.save(newer, Extraction(), links={}, grouping=Fixed(words=["locusts"]))
    assert (second.version, second.story_id) == (2, first.story_id)
    story = await store.story(first.story_id)
    assert story is not None
    assert (story.articles, story.first_day) == (1, DAY + timedelta(days=1))
    third = Fixed(words=["ferry"])
    await save(store, 3, third, day=DAY + timedelta(days=15))
    assert third.shown[0][0] == [first.story_id]


async def test_the_same_text_again_names_the_story_it_is_in(store: Store) -> None:
    first = await save(store, 1, Fixed())
    again = await save(store, 1, Fixed(joins=False))
    assert (again.created, again.story_id) == (False, first.story_id)


async def test_stories_come_newest_first_and_by_what_they_are_about(store: Store) -> None:
    for number, days in ((1, 0), (2, 20), (3, 40)):
        await save(store, number, Fixed(), day=DAY + timedelta(days=days))
    assert [story.id for story in await store.stories()] == [3, 2, 1]
    assert [story.id for story in await store.stories(limit=1, offset=1)] == [2]
    assert [story.id for story in await store.stories(about="Ferry port")] == [3, 2, 1]
    assert [story.id for story in await store.stories(about="report 2")] == [2]
    assert await store.stories(about="locusts") == []
    assert await store.stories(about="?!") == []
    assert await store.stories(limit=0) == []
    assert await store.story(77) is None
    assert await store.story_articles(77) == []


async def test_facts_are_asked_for_by_story(store: Store) -> None:
    told = await store.save(telling(), extraction(), links={}, grouping=Fixed())
    other = telling(TEXT_ELSEWHERE)
    await store.save(other, Extraction(), links={}, grouping=Fixed(joins=False))
    everything = await store.facts(FactQuery(story_id=told.story_id))
    assert {found.source.article_id for found in everything} == {told.article_id}
    assert len(everything) == len(told.fact_ids)
    assert await store.facts(FactQuery(story_id=told.story_id + 1)) == []
    words = await store.facts(FactQuery(story_id=told.story_id, about="pickets"))
    assert [found.fact.kind for found in words][:1]
    assert await store.facts(FactQuery(story_id=told.story_id + 1, about="pickets")) == []
    due = await store.facts(FactQuery(story_id=told.story_id, kinds=("deadline",), order="due"))
    assert [found.fact.kind for found in due] == ["deadline"]


TEXT_ELSEWHERE = "# Cranes Arrive\n\nFebruary 16, 2020\n\nThe cranes are here.\n"


async def test_articles_from_before_there_were_stories_are_each_their_own(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    before = replace(FACTS, steps=tuple(step for step in FACTS.steps if not step[0].endswith("_stories")))
    opened = await SqliteDatabase.open(path, [before])
    await opened.write(
        lambda connection: connection.execute(
            "INSERT INTO articles (title, publisher, byline, published_day, language, url, canonical_url, content_hash)"
            " VALUES ('Old', 'Harbour Wire', '', '2020-02-01', 'en', '', '', 'x')"
        )
    )
    await opened.close()
    store = SqlStore(await SqliteDatabase.open(path, [FACTS]))
    (story,) = await store.stories()
    assert (story.id, story.articles, story.origins, story.newest.title) == (1, 1, ("Harbour Wire",), "Old")
    assert (await store.counts()).stories == 1
    assert (await save(store, 2, Fixed())).story_id == 2
    assert (await store.counts()).stories == 2
    await store.close()


async def test_grouping_is_shown_no_more_stories_than_it_wants_those_that_share_most_first(store: Store) -> None:
    for number, words in enumerate((["ferry"], ["ferry", "talks"], ["ferry", "talks", "crane"]), start=1):
        await save(store, number, Fixed(words=words, joins=False))
    last = Fixed(words=["ferry", "talks", "crane"], most=2)
    await save(store, 4, last)
    assert last.shown[0][0] == [3, 2]


async def test_many_articles_are_told_at_once_with_story_and_origin(store: Store) -> None:
    await save(store, 1, Fixed(origin="an agency"))
    await save(store, 2, Fixed(), day=DAY + timedelta(days=3))
    await save(store, 3, Fixed(joins=False), day=DAY)
    placed = await store.placed([3, 2, 1, 99])
    assert [each.source.article_id for each in placed] == [2, 3, 1]
    assert placed[0].story_id == placed[2].story_id != placed[1].story_id
    assert [each.origin for each in placed] == ["Harbour Wire", "Harbour Wire", "an agency"]
    of_that_day = await store.published(DAY, DAY)
    assert of_that_day == placed[1:]
    assert await store.published(DAY, DAY, limit=1) == placed[1:2]
    assert await store.published(DAY + timedelta(days=4), DAY + timedelta(days=9)) == []


async def test_the_words_of_articles_are_those_that_search_knows(store: Store) -> None:
    saved = await save(store, 1)
    (placed,) = await store.placed([saved.article_id])
    words = await store.words([placed.source])
    assert {"report", "1", "ferry", "stay", "harbour", "wire"} <= words[saved.article_id]
    assert await store.words([replace(placed.source, article_id=99)]) == {}


async def test_texts_are_those_of_the_newest_versions(store: Store) -> None:
    saved = await save(store, 1)
    again = replace(report(2), canonical_url="https://wire.example/1")
    await store.save(again, Extraction(), links={})
    newer = replace(report(4), canonical_url="https://wire.example/1")
    await store.save(newer, Extraction(), links={})
    assert await store.texts([saved.article_id, 2, 99]) == {1: report(1).text, 2: newer.text}


@pytest.mark.parametrize("about", ["", "ferries"])
async def test_facts_of_several_articles_are_read_at_once(store: Store, about: str) -> None:
    for number in (1, 2, 3):
        article = replace(telling(f"{TEXT}\n\nEdition {number}."), canonical_url="")
        await store.save(article, extraction(), links={})
    asked = FactQuery(articles=(1, 3), about=about, limit=500)
    assert {each.source.article_id for each in await store.facts(asked)} == {1, 3}
