"""The record of changes, on every store: reading on from the last id seen misses nothing and repeats nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from telling import TEXT, evidence, extraction, facts, telling

from digests.errors import EvidenceError
from digests.model import Extraction
from digests.store.base import Store

MORE = TEXT.replace("40 new cranes", "60 new cranes")
OTHER = TEXT.replace("harbour.example/2020/ferries", "harbour.example/2020/boats").replace("Ferry Talks", "Boat Talks")
SAYS = 'Maritime Minister Ilse Brandão said on Saturday that "the ferries will sail".'


async def test_an_empty_store_has_no_changes(store: Store) -> None:
    assert (await store.changes(0), await store.last_change()) == ([], 0)


async def test_a_saved_article_is_a_change_with_its_story_and_facts(store: Store) -> None:
    saved = await store.save(telling(), extraction(), links={})
    (change,) = await store.changes(0)
    assert (change.kind, change.article_id, change.version) == ("new", saved.article_id, 1)
    assert (change.story_id, change.first_fact) == (saved.story_id, min(saved.fact_ids))
    assert (change.at.utcoffset(), change.day) == (UTC.utcoffset(None), telling().published_day)
    assert await store.last_change() == change.id


async def test_another_text_is_a_change_that_tells_kept_facts_from_new_ones(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    kept = replace(facts()[0], evidence=evidence(SAYS, text=MORE))
    new = replace(facts()[0], evidence=evidence(SAYS[:60], text=MORE), summary="Another fact")
    second = await store.save(telling(MORE), Extraction(facts=(kept, new)), links={})
    before, change = await store.changes(0)
    assert (change.kind, change.article_id, change.version) == ("version", first.article_id, 2)
    assert [each >= change.first_fact for each in second.fact_ids] == [False, True]
    assert before.id < change.id


async def test_what_saved_nothing_is_no_change(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    await store.save(telling(), extraction(), links={})
    await store.save(telling(TEXT.replace("February 15, 2020", "February 16, 2020")), Extraction(), links={})
    with pytest.raises(EvidenceError):
        await store.save(telling(OTHER), extraction(), links={})
    assert len(await store.changes(0)) == 1


async def test_changes_are_read_on_from_the_last_one_seen(store: Store) -> None:
    for text in (TEXT, OTHER, MORE):
        await store.save(telling(text), Extraction(), links={})
    seen = await store.changes(0, limit=2)
    rest = await store.changes(seen[-1].id)
    assert [each.kind for each in (*seen, *rest)] == ["new", "new", "version"]
    assert (await store.changes(rest[-1].id), await store.last_change()) == ([], rest[-1].id)
