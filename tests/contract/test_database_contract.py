"""What every database does with the functions it is given: SQLite's file and a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.errors import StoreError
from digests.store.connection import Connection
from digests.store.database import Database
from digests.store.postgres.database import PostgresDatabase
from digests.store.sqlite.database import SqliteDatabase


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    opened: SqliteDatabase | PostgresDatabase
    if request.param == "sqlite":
        opened = await SqliteDatabase.open(tmp_path / "x.db", [])
    else:
        opened = await PostgresDatabase.open(request.getfixturevalue("postgres_url"), [])
    async with opened:
        await opened.write(_table)
        yield opened


def _table(connection: Connection) -> None:
    connection.execute("CREATE TABLE things (name TEXT PRIMARY KEY, number INTEGER NOT NULL)")


def _add(connection: Connection, name: str, number: int) -> None:
    connection.execute("INSERT INTO things (name, number) VALUES (?, ?)", (name, number))


def _all(connection: Connection) -> list[tuple[str, int]]:
    return [(row["name"], row["number"]) for row in connection.execute("SELECT * FROM things ORDER BY name")]


async def test_what_is_written_is_read(database: Database) -> None:
    await database.write(lambda rows: _add(rows, "a", 1))
    assert await database.read(_all) == [("a", 1)]


async def test_a_failure_keeps_nothing(database: Database) -> None:
    def half(connection: Connection) -> None:
        _add(connection, "a", 1)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        await database.write(half)
    assert await database.read(_all) == []


async def test_a_broken_rule_is_a_store_error_and_the_database_goes_on(database: Database) -> None:
    await database.write(lambda rows: _add(rows, "a", 1))
    with pytest.raises(StoreError):
        await database.write(lambda rows: _add(rows, "a", 2))
    assert await database.read(_all) == [("a", 1)]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError):
        await database.read(lambda rows: _add(rows, "a", 1))
    assert await database.read(_all) == []


async def test_writers_take_turns(database: Database) -> None:
    """Each reads and then writes: had two done so at once, one count would be lost."""

    def one_more(connection: Connection) -> None:
        row = connection.execute("SELECT number FROM things WHERE name = 'a'").fetchone()
        connection.execute("UPDATE things SET number = ? WHERE name = 'a'", (row["number"] + 1,))

    await database.write(lambda rows: _add(rows, "a", 0))
    await asyncio.gather(*(database.write(one_more) for _ in range(20)))
    assert await database.read(_all) == [("a", 20)]


async def test_rows_answer_by_place_name_slice_and_loop(database: Database) -> None:
    await database.write(lambda rows: _add(rows, "a", 1))

    def look(connection: Connection) -> tuple[object, ...]:
        row = connection.execute("SELECT name, number AS n FROM things WHERE name = :name", {"name": "a"}).fetchone()
        return row[0], row["n"], tuple(row[1:]), tuple(row), list(row.keys()), dict(row), len(row)

    assert await database.read(look) == ("a", 1, (1,), ("a", 1), ["name", "n"], {"name": "a", "n": 1}, 2)


async def test_many_are_written_at_once_and_text_keeps_its_signs(database: Database) -> None:
    signs = ["100 %", "a ? b", ":name", "it's", "%s", "Ö", "é", "z"]

    def many(connection: Connection) -> int:
        connection.executemany("INSERT INTO things VALUES (?, ?)", [(each, True) for each in signs])
        connection.executemany("INSERT INTO things VALUES (?, ?)", [])
        found = connection.execute("SELECT count(*) FROM things WHERE name IN ('100 %', 'a ? b', ':name')")
        return int(found.fetchone()[0])

    assert await database.write(many) == 3
    assert await database.read(_all) == [(each, 1) for each in sorted(signs)]


async def test_one_holds_a_name_until_it_lets_go(database: Database, request: pytest.FixtureRequest) -> None:
    other: SqliteDatabase | PostgresDatabase
    if isinstance(database, SqliteDatabase):
        other = await SqliteDatabase.open(database.path, [])
    else:
        other = await PostgresDatabase.open(request.getfixturevalue("postgres_url"), [])
    async with other:
        assert await database.hold("sending")
        assert await database.hold("sending"), "one's own"
        assert not await other.hold("sending")
        assert await other.hold("listening"), "another name"
        await database.let_go("sending")
        assert await other.hold("sending")


MANY = [
    ('it\'s 100 % of 5 \\ "x" : ? %s :name', 7, None),
    ("line\nfeed\ttab é \U0001f600 NUL\0", -(2**62), "[1]"),
    ("", True, "ü"),
]


@pytest.mark.parametrize("rest", ["", " ON CONFLICT DO NOTHING"])
async def test_rows_added_many_at_once_are_as_if_added_one_by_one(database: Database, rest: str) -> None:
    def work(rows: Connection) -> None:
        rows.execute("CREATE TABLE many (name TEXT PRIMARY KEY, kind TEXT, number BIGINT, fresh INTEGER, said TEXT)")
        adding = f"INSERT INTO many (name, kind, number, fresh, said) VALUES (?, 'new', ?, 1, ?){rest}"
        rows.executemany(adding, MANY)
        if rest:
            rows.executemany(adding, MANY)

    await database.write(work)
    found = await database.read(lambda rows: rows.execute("SELECT * FROM many").fetchall())
    kept = [(name.replace("\ufffd", "\0"), *each) for name, *each in found]
    assert sorted(kept) == sorted((name, "new", int(number), 1, said) for name, number, said in MANY)


async def test_one_of_many_that_cannot_be_added_takes_all_with_it(database: Database) -> None:
    adding = "INSERT INTO things (name, number) VALUES (?, ?)"
    with pytest.raises(StoreError):
        await database.write(lambda rows: rows.executemany(adding, [("a", 1), ("b", 2), ("a", 3)]))
    assert await database.read(_all) == []


async def test_bytes_are_added_many_at_once(database: Database) -> None:
    kind = "BYTEA" if isinstance(database, PostgresDatabase) else "BLOB"

    def work(rows: Connection) -> None:
        rows.execute(f"CREATE TABLE held (id BIGINT, data {kind})")
        rows.executemany("INSERT INTO held (id, data) VALUES (?, ?)", [(1, b"\x00\xff"), (2, b"")])

    await database.write(work)
    found = await database.read(lambda rows: rows.execute("SELECT data FROM held ORDER BY id").fetchall())
    assert [bytes(data) for (data,) in found] == [b"\x00\xff", b""]
