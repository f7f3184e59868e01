"""A bulk import passes over what it had, outlives a database in trouble, and costs nobody else for one bad input."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from direct import Direct

from digests.errors import EvidenceError, StoreError
from digests.ingest.add import Added, Failed, Skipped
from digests.ingest.bulk import BATCH, Bulk, Outcome
from digests.sources.stored import Stored, Unreadable
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore(await SqliteDatabase.open(tmp_path / "facts.db", [FACTS]))
    yield opened
    await opened.close()


class Counting(Direct):
    """Counts what it is given to read."""

    def __init__(self) -> None:
        self.read = 0

    async def run(self, work: Any, *args: Any, shown: str = "") -> Any:
        self.read += 1
        return work(*args)


def given(number: int) -> Stored:
    text = f"# Report {number}\n\n15 February 2020\n\nThe port was shut for {number} hours, the mayor said.\n"
    return Stored(name=f"{number}.md", data=text.encode())


def bulk(store: Any, reader: Any, **more: Any) -> Bulk:
    return Bulk(store, reader, reader, pause=0.001, **more)


async def outcomes(made: Bulk, inputs: Any) -> list[Outcome]:
    return [each async for each in made.add(inputs)]


async def test_an_import_begun_again_reads_only_what_it_had_not(store: SqlStore) -> None:
    inputs = [given(number) for number in range(3 * BATCH)]
    assert {type(each) for each in await outcomes(bulk(store, Counting()), inputs[: 2 * BATCH])} == {Added}
    reader = Counting()
    again = await outcomes(bulk(store, reader), inputs)
    assert [type(each) for each in again] == [Skipped] * (2 * BATCH) + [Added] * BATCH
    assert reader.read == BATCH
    assert [each.article_id for each in again[:2] if isinstance(each, Skipped)] == [1, 2]
    assert (await store.counts()).articles == 3 * BATCH


async def test_another_day_given_for_it_is_another_import(store: SqlStore) -> None:
    undated = Stored(name="quay.md", data=b"# Quay\n\nThe quay was shut, the mayor said.\n")
    await outcomes(bulk(store, Direct(), published="2020-02-15"), [undated])
    (other,) = await outcomes(bulk(store, Direct(), published="2020-02-16"), [undated])
    assert isinstance(other, Added)
    assert other.outcome == "known"  # the same text is the same article, whatever day is said


async def test_what_was_saved_but_not_marked_before_a_kill_is_found_known(store: SqlStore) -> None:
    await outcomes(bulk(store, Direct(), marked=False), [given(1)])
    (again,) = await outcomes(bulk(store, Direct()), [given(1)])
    assert isinstance(again, Added)
    assert again.outcome == "known"
    (third,) = await outcomes(bulk(store, Direct()), [given(1)])
    assert isinstance(third, Skipped)


async def test_bad_inputs_are_told_in_their_place(store: SqlStore) -> None:
    inputs = [given(1), Unreadable(name="b.gz", reason="b.gz cannot be read"), Stored(name="c.md", data=b""), given(2)]
    found = await outcomes(bulk(store, Direct()), inputs)
    assert [type(each) for each in found] == [Added, Failed, Failed, Added]


async def test_inputs_are_taken_only_as_fast_as_they_are_worked_off(store: SqlStore) -> None:
    taken = 0

    def inputs() -> Iterator[Stored]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield given(number)

    running = bulk(store, Direct()).add(inputs())
    await anext(running)
    await running.aclose()
    assert taken <= (2 * Direct.processes + 3) * BATCH


class Failing:
    """A store of which one method fails so many times."""

    def __init__(self, store: SqlStore, name: str, times: int, error: Exception) -> None:
        self._store, self._name, self._left, self._error = store, name, times, error

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        if name != self._name:
            return real

        async def failing(*args: Any, **more: Any) -> Any:
            if self._left > 0:
                self._left -= 1
                raise self._error
            return await real(*args, **more)

        return failing


@pytest.mark.parametrize("name", ["imported", "unchanged", "save", "mark_imported"])
async def test_a_full_disk_is_said_and_waited_for(store: SqlStore, caplog: pytest.LogCaptureFixture, name: str) -> None:
    full = StoreError("the database cannot grow, the disk is full: free some space and try again")
    caplog.set_level(logging.WARNING)
    found = await outcomes(bulk(Failing(store, name, 3, full), Direct()), [given(number) for number in range(20)])
    assert [type(each) for each in found] == [Added] * 20
    assert caplog.text.count("the disk is full") == 3
    assert len(await store.imported([given(number).key for number in range(20)])) == 20


async def test_a_disk_that_stays_full_ends_the_import_with_the_reason(store: SqlStore) -> None:
    full = Failing(store, "save", 10_000, StoreError("the disk is full"))
    with pytest.raises(StoreError, match="the disk is full"):
        await outcomes(bulk(full, Direct()), [given(1)])


async def test_a_fact_that_does_not_hold_fails_its_article_only(store: SqlStore) -> None:
    unheld = Failing(store, "save", 1, EvidenceError("a statement rests on words that are not in its article"))
    found = await outcomes(bulk(unheld, Direct()), [given(1), given(2)])
    assert [type(each) for each in found] == [Failed, Added]
