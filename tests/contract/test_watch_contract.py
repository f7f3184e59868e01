"""What every store must do with watched sources and their entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telling import extraction, telling

from digests.ingest.troubles import troubles
from digests.store.base import Store
from digests.watch import Entry, NewsSource, Polled, SourceCounts

NOW = datetime(2020, 2, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = NewsSource(url="https://wire.example/feed", title="Wire")
ENTRY = Entry(
    key="guid-1",
    fingerprint="f1",
    url="https://wire.example/1",
    title="One",
    author="A. Writer",
    published="2020-02-15",
    content="<p>One.</p>",
)


async def watched(store: Store, source: NewsSource = FEED) -> NewsSource:
    return (await store.add_source(source, at=NOW))[0]


async def polled(store: Store, source: NewsSource, *entries: Entry, at: datetime = NOW) -> int:
    return await store.keep_polled(Polled(source=source, entries=entries), at=at)


async def test_a_source_comes_back_as_it_was_added(store: Store) -> None:
    full = replace(
        FEED,
        kind="folder",
        site="https://wire.example/",
        paused=True,
        etag='"a"',
        last_modified="Sat",
        fingerprint="f",
        failures=2,
        failing_since=NOW,
        last_error="out of order",
        last_try_at=NOW,
        last_success_at=NOW - HOUR,
        last_new_at=NOW - HOUR,
        next_try_at=NOW + HOUR,
    )
    kept, new = await store.add_source(full, at=NOW)
    assert new
    assert kept == replace(full, id=kept.id, added_at=NOW)
    assert await store.source(kept.id) == kept


async def test_one_address_is_watched_once(store: Store) -> None:
    first, new = await store.add_source(FEED, at=NOW)
    again, new_again = await store.add_source(replace(FEED, title="Other"), at=NOW + HOUR)
    assert (new, new_again) == (True, False)
    assert again == first
    assert len(await store.sources()) == 1


async def test_what_is_not_watched_is_none(store: Store) -> None:
    assert await store.source(7) is None
    assert not await store.remove_source(7)
    assert not await store.pause_source(7, True)
    assert await store.sources() == []
    assert await store.source_counts() == SourceCounts()


async def test_a_new_source_is_due_at_once_and_then_when_it_says(store: Store) -> None:
    source = await watched(store)
    assert await store.due_sources(NOW) == [source]
    await polled(store, replace(source, next_try_at=NOW + HOUR))
    assert await store.due_sources(NOW + HOUR / 2) == []
    assert [each.id for each in await store.due_sources(NOW + HOUR)] == [source.id]


async def test_the_longest_due_source_comes_first_in_any_zone(store: Store) -> None:
    zone = datetime(2020, 2, 15, 13, 30, tzinfo=UTC).astimezone().tzinfo
    late = await watched(store, replace(FEED, url="https://a.example/", next_try_at=NOW))
    early = await watched(store, replace(FEED, url="https://b.example/", next_try_at=(NOW - HOUR).astimezone(zone)))
    fresh = await watched(store, replace(FEED, url="https://c.example/"))
    assert [each.id for each in await store.due_sources(NOW)] == [fresh.id, early.id, late.id]
    assert [each.id for each in await store.due_sources(NOW, limit=1)] == [fresh.id]


async def test_a_paused_source_is_not_due_and_a_resumed_one_is_at_once(store: Store) -> None:
    source = await watched(store, replace(FEED, next_try_at=NOW + HOUR))
    assert await store.pause_source(source.id, True)
    assert await store.due_sources(NOW + 2 * HOUR) == []
    assert await store.pause_source(source.id, False)
    assert [each.id for each in await store.due_sources(NOW)] == [source.id]


async def test_sources_that_fail_for_long_or_are_silent_are_told(store: Store) -> None:
    def url(name: str) -> NewsSource:
        return replace(FEED, url=f"https://{name}.example/feed")

    well, lately, long, longer, silent, paused = [
        await watched(store, url(name)) for name in ("well", "lately", "long", "longer", "silent", "paused")
    ]
    folder = await watched(store, replace(FEED, kind="folder", url="/news"))
    for source in (well, lately, long, longer, folder):
        await polled(store, source, replace(ENTRY, key=source.url, fingerprint=source.url))
    for source, hours in ((lately, 3), (long, 13), (longer, 30), (paused, 40)):
        await polled(store, replace(source, failures=1, failing_since=NOW - hours * HOUR, last_error="hung"))
    await store.pause_source(paused.id, True)
    now = NOW + HOUR
    told = await troubles(store, now=now)
    assert [(each.source.id, each.trouble) for each in told] == [(longer.id, "failing"), (long.id, "failing")]
    later = NOW + 49 * HOUR
    told = await troubles(store, now=later)
    assert {each.source.id: each.trouble for each in told} == {
        longer.id: "failing",
        long.id: "failing",
        lately.id: "failing",
        well.id: "silent",
        silent.id: "silent",
    }
    assert len(await troubles(store, now=later, limit=2)) == 2


async def test_a_look_keeps_what_it_found(store: Store) -> None:
    source = await watched(store)
    looked = replace(
        source, etag='"b"', site="https://wire.example/", last_try_at=NOW, last_success_at=NOW, next_try_at=NOW + HOUR
    )
    assert await polled(store, looked, ENTRY) == 1
    assert await store.source(source.id) == replace(looked, last_new_at=NOW)
    (entry,) = await store.waiting(NOW)
    assert entry == replace(ENTRY, id=entry.id, source_id=source.id)


async def test_what_waits_in_some_sources_can_be_left_aside(store: Store) -> None:
    first, second = await watched(store), await watched(store, replace(FEED, url="https://b.example/"))
    await polled(store, first, ENTRY)
    await polled(store, second, ENTRY)
    assert [entry.source_id for entry in await store.waiting(NOW, apart_from={first.id})] == [second.id]
    assert await store.waiting(NOW, apart_from={first.id, second.id}) == []


async def test_what_an_admin_said_during_a_look_holds(store: Store) -> None:
    paused, removed = await watched(store), await watched(store, replace(FEED, url="https://b.example/"))
    await store.pause_source(paused.id, True)
    await store.remove_source(removed.id)
    await polled(store, replace(paused, title="After"), ENTRY)
    assert await polled(store, removed, ENTRY) == 0
    (kept,) = await store.sources()
    assert (kept.paused, kept.title) == (True, "After")
    assert await store.waiting(NOW) == []


async def test_a_source_that_moved_is_found_at_its_new_address(store: Store) -> None:
    source, other = await watched(store), await watched(store, replace(FEED, url="https://b.example/"))
    await polled(store, replace(source, url="https://new.example/feed"))
    await polled(store, replace(other, url="https://new.example/feed"))
    assert sorted(each.url for each in await store.sources()) == ["https://b.example/", "https://new.example/feed"]


async def test_an_entry_waits_once_until_it_says_something_else(store: Store) -> None:
    source = await watched(store)
    assert await polled(store, source, ENTRY, replace(ENTRY, key="guid-2", fingerprint="f2")) == 2
    touched = replace(ENTRY, published="2020-02-16")
    assert await polled(store, source, touched, at=NOW + HOUR) == 0
    (first, second) = await store.waiting(NOW)
    await store.save(telling(), extraction(), links={})
    await store.entry_done(first.id, article_id=1)
    assert await store.waiting(NOW) == [second]
    assert await polled(store, source, touched, at=NOW + HOUR) == 0
    changed = replace(ENTRY, fingerprint="f3", title="One, corrected", content="<p>Two.</p>")
    assert await polled(store, source, changed, at=NOW + HOUR) == 1
    again = (await store.waiting(NOW))[0]
    assert (again.title, again.content, again.article_id) == ("One, corrected", "<p>Two.</p>", 1)
    kept = await store.source(source.id)
    assert kept is not None
    assert kept.last_new_at == NOW + HOUR


async def test_another_guid_for_the_same_item_is_nothing_new(store: Store) -> None:
    source = await watched(store)
    await polled(store, source, ENTRY)
    assert await polled(store, source, replace(ENTRY, key="guid-after-restart")) == 0
    assert len(await store.waiting(NOW)) == 1


async def test_the_same_item_in_two_sources_waits_in_both(store: Store) -> None:
    first, second = await watched(store), await watched(store, replace(FEED, url="https://b.example/"))
    assert await polled(store, first, ENTRY) + await polled(store, second, ENTRY) == 2


async def test_an_entry_that_failed_is_tried_again_then_or_never(store: Store) -> None:
    source = await watched(store)
    await polled(store, source, ENTRY, replace(ENTRY, key="guid-2", fingerprint="f2"))
    later, never = await store.waiting(NOW)
    await store.entry_failed(later.id, "out of order (503)", retry_at=NOW + HOUR)
    await store.entry_failed(never.id, "has no such page (404)", retry_at=None)
    assert await store.waiting(NOW) == []
    assert await store.waiting(NOW + HOUR) == [replace(later, tries=1, last_error="out of order (503)")]
    assert await store.source_counts() == SourceCounts(sources=1, waiting=1, given_up=1)


async def test_entries_of_a_paused_source_wait_longer(store: Store) -> None:
    source = await watched(store)
    await polled(store, source, ENTRY)
    await store.pause_source(source.id, True)
    assert await store.waiting(NOW) == []
    await store.pause_source(source.id, False)
    assert len(await store.waiting(NOW, limit=5)) == 1


async def test_a_removed_source_takes_its_entries_along_but_not_its_articles(store: Store) -> None:
    source = await watched(store)
    await polled(store, source, ENTRY)
    (entry,) = await store.waiting(NOW)
    saved = await store.save(telling(), extraction(), links={})
    await store.entry_done(entry.id, article_id=saved.article_id)
    assert await store.remove_source(source.id)
    assert await store.source_counts() == SourceCounts()
    assert await store.article(saved.article_id) is not None


async def test_those_that_fail_come_first_and_are_counted(store: Store) -> None:
    well = await watched(store)
    failing = await watched(store, replace(FEED, url="https://b.example/", failures=3, last_error="out of order"))
    off = await watched(store, replace(FEED, url="https://c.example/", failures=3, paused=True))
    assert [each.id for each in await store.sources()] == [failing.id, well.id, off.id]
    assert [each.id for each in await store.sources(limit=1, offset=1)] == [well.id]
    assert await store.source_counts() == SourceCounts(sources=3, paused=1, failing=1)
