"""What every store must stand: others that save at the same moment, savers who give up, connections that break."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from databases import again
from telling import DAY, extraction, said, telling

from bot.app.databases import open_shared
from digests.errors import StoreError
from digests.ingest.grouping import grouping
from digests.model import FactQuery, NameKeys, Person
from digests.store.base import Saved
from digests.store.connection import Connection
from digests.store.database import Database
from digests.store.postgres.database import PostgresDatabase
from digests.store.sql import SqlStore

ROSSI = {1: NameKeys(type="person", keys=("ada rossi",))}


def known(candidates: Mapping[int, Sequence[Person]]) -> Mapping[int, int]:
    """Whoever is there already under the same name."""
    return {entity: people[0].id for entity, people in candidates.items() if people}


async def saved(store: SqlStore, number: int) -> Saved:
    article, read = said("Ada Rossi", "the harbour matters", day=DAY, number=number)
    return await store.save(article, read, links={}, keys=ROSSI, linking=known, grouping=grouping(article))


async def test_two_machines_that_save_at_once_link_one_person_and_give_every_fact_its_own_number(
    database: Database,
) -> None:
    async with await again(database) as other:
        stores = SqlStore(database), SqlStore(other)
        done = await asyncio.gather(*(saved(stores[number % 2], number) for number in range(24)))
    store = stores[0]
    (person,) = await store.people(["Ada Rossi"])
    numbers = [each for one in done for each in one.fact_ids]
    assert sorted(numbers) == list(range(1, 25))
    assert sorted(each.article_id for each in done) == list(range(1, 25))
    assert len(await store.facts(FactQuery(said_by=(person.id,), limit=50))) == 24
    counts = await store.counts()
    assert (counts.articles, counts.facts, counts.people) == (24, 24, 1)
    changes = await store.changes(0)
    assert [each.article_id for each in changes] == [each.id for each in changes] == list(range(1, 25))


async def test_two_machines_that_save_the_same_text_at_once_save_it_once(database: Database) -> None:
    async with await again(database) as other:
        stores = SqlStore(database), SqlStore(other)
        done = await asyncio.gather(*(store.save(telling(), extraction(), links={}) for store in stores * 2))
    assert sorted(each.created for each in done) == [False, False, False, True]
    assert {(each.article_id, each.story_id) for each in done} == {(1, 1)}


@dataclass
class Breaks:
    """Saves, and then something happens before the transaction's end."""

    store: SqlStore
    what: str

    def __call__(self, connection: Connection) -> None:
        connection.execute("INSERT INTO people (name, type, last_day) VALUES ('Ada', 'person', '2020-02-15')")
        connection.execute(self.what)


@pytest.fixture
async def server(postgres_url: str) -> PostgresDatabase:
    return await open_shared(postgres_url)


async def people(database: Database) -> int:
    return (await SqlStore(database).counts()).people


async def test_who_gives_up_in_the_middle_of_a_save_leaves_nothing_and_holds_up_nobody(
    server: PostgresDatabase,
) -> None:
    async with server:
        store = SqlStore(server)
        saving = asyncio.create_task(server.write(Breaks(store, "SELECT pg_sleep(60)"), subject="facts"))
        while not await server.read(_sleeping):
            pass
        saving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saving
        assert await people(server) == 0
        assert (await store.save(telling(), extraction(), links={})).created
        assert not await server.read(_sleeping)


async def test_a_connection_that_breaks_in_the_middle_of_a_save_leaves_nothing(server: PostgresDatabase) -> None:
    async with server:
        store = SqlStore(server)
        with pytest.raises(StoreError):
            await server.write(Breaks(store, "SELECT pg_terminate_backend(pg_backend_pid())"), subject="facts")
        assert await people(server) == 0
        assert (await store.save(telling(), extraction(), links={})).created


async def test_a_connection_that_breaks_as_it_is_kept_is_said_to_be_in_doubt_and_not_tried_again(
    server: PostgresDatabase,
) -> None:
    """What is deferred to the end of the transaction is done by COMMIT itself."""

    def ends(connection: Connection) -> None:
        connection.execute(
            "CREATE FUNCTION end_it() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON people DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION end_it()"
        )

    tried = 0

    def add(connection: Connection) -> None:
        nonlocal tried
        tried += 1
        Breaks(SqlStore(server), "SELECT 1")(connection)

    async with server:
        await server.write(ends)
        with pytest.raises(StoreError, match="may be kept or not"):
            await server.write(add, subject="facts")
        assert tried == 1
        assert await people(server) == 0


async def test_every_statement_is_planned_for_its_values_on_new_connections_too(server: PostgresDatabase) -> None:
    """A plan for any word began with the most common one: 400 ms for a search of 1 ms at a million facts."""
    async with server, await again(server) as other:
        for _ in range(2):
            planned = await server.read(lambda rows: rows.execute("SHOW plan_cache_mode").fetchone()[0])
            assert planned == "force_custom_plan"
            await other.read(_end_all)


async def test_a_read_and_a_write_do_not_notice_that_their_connections_died_before(server: PostgresDatabase) -> None:
    async with server, await again(server) as other:
        store = SqlStore(server)
        await asyncio.gather(*(store.counts() for _ in range(12)))
        await other.read(_end_all)
        assert (await store.counts()).articles == 0
        await other.read(_end_all)
        assert (await store.save(telling(), extraction(), links={})).created
        await other.read(_end_all)
        assert len(await asyncio.gather(*(store.counts() for _ in range(12)))) == 12


def _sleeping(connection: Connection) -> int:
    found = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'"
        " AND datname = current_database()"
    )
    return int(found.fetchone()[0])


def _end_all(connection: Connection) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
