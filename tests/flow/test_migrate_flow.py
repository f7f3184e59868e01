"""`onrecord migrate`: all of a newsroom's database, there and back, whatever dies on the way."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from fakes.desk import Ingest
from fakes.full_tables import fill_empty
from fakes.newsroom import Newsroom
from postgres_server import Server
from pysqlite3 import dbapi2 as sqlite3

from bot.app.importing import importing
from bot.app.services import on
from bot.books.sql import MIGRATIONS
from bot.cli import cli
from bot.cli.demonstration import build
from bot.cli.moving import open_source, open_target
from digests.archive import demo_paths
from digests.errors import StoreError
from digests.store.migrations import FACTS
from digests.store.moving.move import Chunk, move
from digests.store.moving.sqlite_end import SqliteEnd
from digests.store.moving.tables import to_copy, why_rebuilt
from digests.store.postgres.database import PostgresDatabase
from digests.store.postgres.tables import FACTS as POSTGRES_FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase, path_of
from digests.store.sqlite.opening import connect, prepare

ROOT = Path(__file__).resolve().parents[2]
TYPED = (
    "/subscribe daily 08:00 Istanbul",
    "/follow Oktay",
    "/follow deadlines",
    "/settings language tr",
    "/retract 4 not said in the article",
    "/digest 2020-02-15",
)
KILLED = (
    ("INSERT", 9),
    ("row", 123),
    ("row", 40),
    ("table", 20),
    ("row", 900),
    ("index", 12),
    ("compare", 5),
    ("end", 1),
)
"""The moments, one after the other: before it is begun for good, twice within a table, between tables ..."""
Dump = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo archive, asked and ordered in; what is still empty then has made-up rows."""
    path = tmp_path_factory.mktemp("archive") / "own.db"
    asyncio.run(_live(path))
    with closing(connect(path)) as connection:
        fill_empty(connection, path)
        connection.execute("UPDATE articles SET byline = 'Nul' || char(0) || ' Byte' WHERE id = 1")
        connection.execute("DELETE FROM follows WHERE id = (SELECT max(id) FROM follows)")  # its number is never reused
    return f"sqlite:///{path}"


async def _live(path: Path) -> None:
    async with await SqliteDatabase.open(path, [FACTS, MIGRATIONS]) as database:
        services = on(database, Ingest())
        async with importing(services.store, processes=1) as ingest:
            await build(ingest, demo_paths())
        room = Newsroom(database=database, services=services, now=datetime(2020, 2, 15, 12, tzinfo=UTC))
        for typed in TYPED:
            assert (await room.ask(typed)).template != "apology", typed
        await room.look()


def dump(url: str) -> Dump:
    """All that a SQLite file holds: rows by table, numbers given, and the statements that made it."""
    with closing(connect(path_of(url))) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        wanted = [name for name in names if not why_rebuilt(name)] + ["sqlite_sequence"]
        found = {name: sorted(map(tuple, connection.execute(f"SELECT * FROM {name}")), key=repr) for name in wanted}
        found["schema"] = sorted(map(tuple, connection.execute("SELECT type, name, sql FROM sqlite_master")), key=repr)
        found["found"] = [
            tuple(row) for row in connection.execute("SELECT rowid FROM fact_search WHERE fact_search MATCH 'idlib'")
        ]
        for name in ("fact_search", "due_search", "article_search", "passage_search"):
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        return found


def without_nul(dumped: Dump) -> Dump:
    """What PostgreSQL cannot hold."""
    return {
        name: [tuple(each.replace("\0", "\ufffd") if isinstance(each, str) else each for each in row) for row in rows]
        for name, rows in dumped.items()
    }


def migrated(source: str, target: str) -> str:
    """What the command says."""
    done = CliRunner().invoke(cli, ["migrate", "--from", source, "--to", target], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def refused(source: str, target: str) -> str:
    done = CliRunner().invoke(cli, ["migrate", "--from", source, "--to", target], catch_exceptions=False)
    assert done.exit_code == 1
    return done.output


@pytest.fixture
def empty(postgres_server: Server) -> Iterator[str]:
    """A PostgreSQL database without any tables."""
    url = postgres_server.fresh(migrated=False)
    yield url
    postgres_server.drop(url)


def test_to_another_file_everything_goes_along(archive: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'other.db'}"
    said = migrated(archive, target)
    assert dump(target) == dump(archive)
    assert [name for name, rows in dump(archive).items() if not rows] == []
    assert " but " not in said
    assert said.splitlines()[-1].startswith(f"{tmp_path / 'other.db'} holds all that")
    assert (tmp_path / "other.db").stat().st_mode & 0o077 == 0


def test_to_postgresql_and_back_is_the_same_database(archive: str, empty: str, tmp_path: Path) -> None:
    migrated(archive, empty)
    target = f"sqlite:///{tmp_path / 'back.db'}"
    migrated(empty, target)
    assert dump(target) == without_nul(dump(archive))


async def test_every_quote_stands_in_its_article_there(archive: str, empty: str) -> None:
    await asyncio.to_thread(migrated, archive, empty)
    async with await SqliteDatabase.open(path_of(archive), [FACTS, MIGRATIONS]) as file:
        before = [await SqlStore(file).fact(number) for number in range(1, 1000)]
    async with await PostgresDatabase.open(empty, [POSTGRES_FACTS]) as database:
        store = SqlStore(database)
        after = [await store.fact(number) for number in range(1, 1000)]
        named = [at for at, each in enumerate(before) if each and "\0" not in each.source.byline]
        assert [after[at] for at in named] == [before[at] for at in named]
        found = [each for each in after if each]
        assert len(found) > 900
        for each in found:
            for evidence in each.fact.evidence:
                article = await store.article(evidence.article_id, version=evidence.version)
                assert article is not None
                assert article.text[evidence.start : evidence.end] == evidence.quote


def test_the_program_is_content_with_what_it_finds_there(
    archive: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated(archive, empty)
    monkeypatch.chdir(tmp_path)
    for url in (archive, empty):
        monkeypatch.setenv("DATABASE_URL", url)
        said = CliRunner().invoke(cli, ["check"], catch_exceptions=False).output
        assert "database: ok" in said
        assert re.search(r"\d\d articles, \d\d\d facts\)", said)


def shape(url: str) -> list[Any]:
    """Indexes, rules and triggers of a PostgreSQL database."""
    with psycopg.connect(url) as connection:
        return [
            connection.execute(statement).fetchall()
            for statement in (
                "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated"
                " FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
                "SELECT tgrelid::regclass::text, tgname, tgenabled"
                " FROM pg_trigger WHERE NOT tgisinternal ORDER BY 2, 1",
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
            )
        ]


def test_indexes_references_triggers_and_the_search_are_back(archive: str, postgres_url: str) -> None:
    before = shape(postgres_url)
    migrated(archive, postgres_url)
    assert shape(postgres_url) == before
    with psycopg.connect(postgres_url) as connection:
        for what in ("fact", "due", "article", "passage"):
            listed = f"SELECT word, place FROM {what}_search ORDER BY 1, 2".encode()
            copied = connection.execute(listed).fetchall()
            assert copied
            connection.execute(f"UPDATE {what}_words SET words = words".encode())  # by its trigger
            assert connection.execute(listed).fetchall() == copied


def test_what_is_added_next_gets_a_number_of_its_own(archive: str, empty: str) -> None:
    migrated(archive, empty)
    with closing(connect(path_of(archive))) as file:
        last = dict(tuple(row) for row in file.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        last["articles"] = file.execute("SELECT max(id) FROM articles").fetchone()[0]
    with psycopg.connect(empty) as connection:
        for name, number in last.items():
            found = connection.execute(f"SELECT nextval(pg_get_serial_sequence('{name}', 'id'))".encode()).fetchone()
            assert found == (number + 1,), name


def doomed(source: str, target: str, moment: str, number: int) -> int:
    script = ROOT / "tests" / "fakes" / "migrating_process.py"
    return subprocess.run(
        [sys.executable, str(script), source, target, "40", moment, str(number)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        timeout=60,
    ).returncode


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_any_moment_it_goes_on_with_the_next_start(
    kind: str, archive: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    target = f"sqlite:///{tmp_path / 'killed.db'}" if kind == "sqlite" else request.getfixturevalue("empty")
    for moment, number in KILLED[1::2] if kind == "sqlite" else KILLED:
        assert doomed(archive, target, moment, number) == -9, moment
        assert ("half of a copy" in opened(target)) == (moment != "INSERT")
    migrated(archive, target)
    assert opened(target) == ""
    back = f"sqlite:///{tmp_path / 'back.db'}"
    migrated(target, back)
    assert dump(back) == (dump(archive) if kind == "sqlite" else without_nul(dump(archive)))


def opened(url: str) -> str:
    """What is said when any other command opens the database."""

    async def opening() -> None:
        if url.startswith("sqlite"):
            (await asyncio.to_thread(prepare, path_of(url), [FACTS])).close()
        else:
            await (await PostgresDatabase.open(url, [POSTGRES_FACTS])).close()

    try:
        asyncio.run(opening())
    except StoreError as error:
        return str(error)
    return ""


def emptied(tmp_path: Path) -> tuple[Path, str]:
    """A database with all tables and nothing in them."""
    path = tmp_path / "empty.db"
    prepare(path, [FACTS, MIGRATIONS]).close()
    return path, f"sqlite:///{path}"


def test_a_full_target_and_a_missing_source_are_refused(archive: str, tmp_path: Path) -> None:
    _, empty = emptied(tmp_path)
    assert "holds something already (in alert_messages, article_bands, article_copies ...)" in refused(empty, archive)
    assert "there is no database at" in refused(f"sqlite:///{tmp_path / 'none.db'}", empty)
    assert "name the same database" in refused(archive, archive)


def test_an_empty_database_that_is_there_already_is_filled(archive: str, tmp_path: Path) -> None:
    _, empty = emptied(tmp_path)
    migrated(archive, empty)
    assert dump(empty) == dump(archive)


def test_a_source_that_is_open_elsewhere_is_refused(archive: str, tmp_path: Path) -> None:
    with closing(connect(path_of(archive))) as other:
        other.execute("SELECT count(*) FROM facts").fetchone()
        assert "another program has" in refused(archive, f"sqlite:///{tmp_path / 'other.db'}")


def test_nobody_writes_to_a_source_on_its_way(archive: str, tmp_path: Path) -> None:
    with open_source(archive), closing(connect(path_of(archive))) as other:
        other.execute("PRAGMA busy_timeout=10")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("DELETE FROM facts")
    path, empty = emptied(tmp_path)
    locked = pytest.raises(sqlite3.OperationalError, match="locked")
    with open_target(empty), closing(sqlite3.connect(str(path), timeout=0.01)) as other, locked:
        other.execute("SELECT count(*) FROM facts")


def copy_of(archive: str, tmp_path: Path) -> str:
    path = tmp_path / "source.db"
    with closing(connect(path_of(archive))) as connection:
        connection.execute(f"VACUUM INTO '{path}'")
    return f"sqlite:///{path}"


def test_a_source_that_changed_since_is_refused_or_seen(archive: str, tmp_path: Path) -> None:
    source, target = copy_of(archive, tmp_path), f"sqlite:///{tmp_path / 'target.db'}"
    assert doomed(source, target, "compare", 1) == -9
    with closing(connect(path_of(source))) as connection:
        connection.execute("UPDATE people SET name = name || '!' WHERE id = 1")
    said = refused(source, target)
    assert "is not the same as" in said
    assert "in people: it cannot be used; remove it" in said
    assert "half of a copy" in opened(target)
    with closing(connect(path_of(source))) as connection:
        connection.execute("DELETE FROM chat_settings")
    assert "was written to since its copy into" in refused(source, target)


def test_a_copy_goes_on_from_its_own_source_only(archive: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'target.db'}"
    assert doomed(archive, target, "table", 5) == -9
    _, other = emptied(tmp_path)
    assert "is another database: go on with the first one" in refused(other, target)
    migrated(copy_of(archive, tmp_path), target)  # a copy of the same database is as good
    assert dump(target) == dump(archive)


def test_a_postgresql_that_is_written_to_is_refused(postgres_url: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'other.db'}"
    with psycopg.connect(postgres_url) as writing:
        writing.execute("INSERT INTO cursors (name, value) VALUES ('x', 1)")
        assert "somebody is writing to" in refused(postgres_url, target)
    _, empty = emptied(tmp_path)
    with psycopg.connect(postgres_url, application_name="onrecord"):
        assert "Onrecord is running on" in refused(postgres_url, target)
        assert "Onrecord is running on" in refused(empty, postgres_url)
    with open_target(postgres_url):
        assert "another process is copying into" in refused(empty, postgres_url)
    with open_source(postgres_url), psycopg.connect(postgres_url) as writing:
        writing.execute("SET lock_timeout = 10")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            writing.execute("INSERT INTO cursors (name, value) VALUES ('y', 1)")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://me:geheim@127.0.0.1:9/x", "x at 127.0.0.1 cannot be reached"),
        ("postgresql://me:geheim@[::1/x", "check --to"),
        ("mysql://me:geheim@127.0.0.1/x", "name databases as sqlite:///onrecord.db or postgresql://user@host/name"),
    ],
)
def test_a_password_is_never_shown(url: str, said: str, archive: str) -> None:
    shown = refused(archive, url)
    assert said in shown
    assert "geheim" not in shown


@pytest.mark.parametrize("url", ["postgresql://me@127.0.0.1:9/x", "postgresql://me@[::1/x", "sqlite:onrecord.db"])
def test_a_wrong_address_is_put_down_to_the_option_that_gave_it(url: str, archive: str) -> None:
    for option, said in (("--to", refused(archive, url)), ("--from", refused(url, archive))):
        assert option in said
        assert "DATABASE_URL" not in said


def test_progress_is_told_to_the_end_and_large_texts_are_chunks_of_their_own(archive: str, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    target = f"sqlite:///{tmp_path / 'other.db'}"
    with open_source(archive) as here, open_target(target) as there:
        move(here, there, told=lambda done, total: told.append((done, total)), chunk=Chunk(rows=7, characters=900))
    assert told == sorted(told)
    assert len({total for _, total in told}) == 1
    assert told[-1][1] - told[-1][0] < 1000
    assert dump(target) == dump(archive)


def test_both_databases_have_the_same_tables(tmp_path: Path, postgres_url: str) -> None:
    """A new table is on both sides with the same columns, or on the list of what is built again; else this fails."""
    path, _ = emptied(tmp_path)
    with closing(connect(path)) as connection, open_target(postgres_url) as server:
        names = {table.name for table in to_copy(SqliteEnd(path, connection).tables(), server.tables())}
    assert {"facts", "outbox", "subscriptions", "changes", "counters"} <= names
