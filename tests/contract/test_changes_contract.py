"""The record of changes, on every store: reading on from the last id seen misses nothing and repeats nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from telling import TEXT, evidence, extraction, facts, span, telling

from digests.errors import EvidenceError
from digests.model import Deadline, Extraction, FactQuery
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


LONG_AGO, FAR = datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
DUE = next(each for each in facts() if isinstance(each, Deadline))
LATER = TEXT.replace("February 29", "March 7")


def put_off() -> Deadline:
    """The deadline as a later version tells it."""
    return replace(
        DUE,
        evidence=evidence(DUE.quote.replace("February 29", "March 7"), text=LATER),
        summary="Dockers' Union must answer by 7 March",
        due_from=date(2020, 3, 7),
        due_to=date(2020, 3, 7),
        action=span("answer", text=LATER),
        time=span("March 7", text=LATER),
    )


async def test_a_deadline_that_a_version_puts_off_keeps_its_number_and_is_a_change(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    number = first.fact_ids[facts().index(DUE)]
    second = await store.save(telling(LATER), Extraction(facts=(put_off(),)), links={})
    assert second.fact_ids == (number,)
    changes = await store.changes(0)
    assert [(each.kind, each.fact_id) for each in changes] == [("new", None), ("version", None), ("moved", number)]
    assert (changes[-1].before, changes[-1].first_fact) == (DUE.summary, changes[-2].first_fact)
    (edit,) = (await store.history([number]))[number]
    assert (edit.kind, edit.by, edit.before.summary, edit.at) == ("move", "", DUE.summary, changes[-1].at)
    assert isinstance(edit.after, Deadline)
    assert edit.after.due_to == date(2020, 3, 7)
    found = await store.facts(FactQuery(kinds=("deadline",), due_since=date(2020, 3, 7)))
    assert [each.fact.id for each in found] == [number]


async def test_a_deadline_that_moved_may_move_back_and_be_gone(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    await store.save(telling(LATER), Extraction(facts=(put_off(),)), links={})
    back = await store.save(telling(TEXT + "\nMore.\n"), Extraction(facts=(DUE,)), links={})
    number = back.fact_ids[0]
    assert [each.kind for each in (await store.history([number]))[number]] == ["move", "move"]
    await store.save(telling(MORE), Extraction(), links={})
    found = await store.fact(number)
    assert found is not None
    assert found.fact.status == "corrected"


async def test_what_stands_no_more_is_told_with_when_the_last_to_go_first(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    assert await store.gone_since(LONG_AGO, limit=9) == []
    kept = replace(facts()[0], evidence=evidence(SAYS, text=MORE))
    await store.save(telling(MORE), Extraction(facts=(kept,)), links={})
    await store.retract(first.fact_ids[0], by="telegram:9", why="misheard", at=LONG_AGO)
    gone = await store.gone_since(LONG_AGO, limit=9)
    assert gone[0][0] == first.fact_ids[0]
    assert {number for number, _ in gone} == set(first.fact_ids)
    assert [at for _, at in gone] == sorted((at for _, at in gone), reverse=True)
    assert (len(await store.gone_since(LONG_AGO, limit=2)), await store.gone_since(FAR, limit=9)) == (2, [])
