"""What can go wrong with a database file: killed writers, full disks, other processes, wrong files."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from sqlite3 import Connection

import pytest
from pysqlite3 import dbapi2 as sqlite3
from telling import DAY, extraction, said, telling

from digests.errors import SettingsError, StoreError
from digests.model import Extraction, FactQuery
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.migrating import MigrationSet, script
from digests.store.sqlite.opening import connect

ROOT = Path(__file__).resolve().parents[2]
SEARCHES = ("fact_search", "due_search", "article_search")


async def opened(path: Path) -> SqlStore:
    return SqlStore(await SqliteDatabase.open(path, [FACTS]))


def one_line(error: Exception) -> str:
    assert "\n" not in str(error)
    return str(error)


def check_clean(path: Path) -> tuple[int, int]:
    """Nothing is damaged, nothing half saved; the numbers of articles and facts."""
    connection = connect(path)
    try:
        assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in SEARCHES:
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        articles = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        facts = connection.execute("SELECT count(*) FROM facts").fetchone()[0]
        counted = dict(connection.execute("SELECT name, value FROM counters").fetchall())
        assert counted.get("articles", 0) == articles
        assert sum(value for name, value in counted.items() if name.startswith("fact ")) == facts
        whole = "SELECT count(*) FROM articles a WHERE (SELECT count(*) FROM facts f WHERE f.article_id = a.id) <> 5"
        assert connection.execute(whole).fetchone()[0] == 0
        assert connection.execute("SELECT count(*) FROM fact_words").fetchone()[0] == facts
        return articles, facts
    finally:
        connection.close()


WRITER = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from telling import DAY, said
from digests.model import Extraction
from digests.store.sqlite.database import SqliteDatabase
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore

async def main(path, first, many):
    store = SqlStore(await SqliteDatabase.open(Path(path), [FACTS]))
    print("ready", flush=True)
    for number in range(int(first), int(first) + int(many)):
        article, read = said("Ada Rossi", "the harbour matters", day=DAY, number=number)
        await store.save(article, Extraction(people=read.people, facts=read.facts * 5), links={})
        print(number, flush=True)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


def writer(path: Path, first: int = 0, many: int = 100_000) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'fakes'}"}
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first), str(many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )


def test_a_writer_killed_in_the_middle_leaves_whole_articles_only(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    chance = random.Random(7)
    saved = 0
    for turn in range(4):
        process = writer(path, first=turn * 100_000)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(chance.randrange(3, 25)):
            process.stdout.readline()
            saved += 1
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        saved += len(rest.splitlines())
        articles, facts = check_clean(path)
        assert articles >= saved  # what was said to be saved is saved
        assert facts == 5 * articles
        saved = articles


def test_three_processes_that_start_at_once_share_one_new_database(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    processes = [writer(path, first=1000 * number, many=15) for number in range(3)]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert len(out.splitlines()) == 16
    assert check_clean(path) == (45, 225)
    connection = connect(path)
    applied = connection.execute("SELECT name FROM _sqlite_migrations").fetchall()
    assert [row[0] for row in applied] == [name for name, _ in FACTS.steps]
    connection.close()


async def test_readers_see_whole_articles_while_a_writer_adds(tmp_path: Path) -> None:
    store = await opened(tmp_path / "facts.db")

    async def write() -> None:
        for number in range(60):
            article, read = said("Ada Rossi", "the harbour matters", day=DAY, number=number)
            await store.save(article, Extraction(facts=read.facts * 5), links={})

    seen: list[int] = []

    async def read() -> None:
        while not writing.done():
            found = await store.facts(FactQuery(about="harbour", limit=1000))
            assert len(found) % 5 == 0
            seen.append(len(found))

    writing = asyncio.create_task(write())
    await asyncio.gather(writing, read(), read())
    assert seen == sorted(seen) or max(seen) <= 300
    assert len(await store.facts(FactQuery(about="harbour", limit=1000))) == 300
    await store.close()
    check_clean(tmp_path / "facts.db")


async def test_a_full_disk_saves_nothing_by_half_and_says_so(tmp_path: Path) -> None:
    store = await opened(tmp_path / "facts.db")

    pages = await store.database.read(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    store.database._writing.execute(f"PRAGMA max_page_count={pages + 30}")
    saved: list[int] = []

    async def save_many() -> None:
        for number in range(1000):
            article, read = said("Ada Rossi", "the harbour matters", day=DAY, number=number)
            await store.save(article, Extraction(facts=read.facts * 5), links={})
            saved.append(number)

    with pytest.raises(StoreError, match="disk is full") as full:
        await save_many()
    assert "free some space" in one_line(full.value)
    assert len(await store.facts(FactQuery(limit=10_000))) == 5 * len(saved)  # what was there can still be read
    await store.close()
    assert check_clean(tmp_path / "facts.db")[0] == len(saved)


FULL = """
import asyncio, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
from pathlib import Path
from digests.errors import OnrecordError
from digests.store.sqlite.database import SqliteDatabase
from digests.store.migrations import FACTS

async def main(path):
    try:
        await (await SqliteDatabase.open(Path(path), [FACTS])).close()
    except OnrecordError as error:
        print(type(error).__name__, error)

asyncio.run(main(sys.argv[1]))
"""


def test_a_disk_that_is_full_at_the_first_start_is_named(tmp_path: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "facts.db"), "20000"],
        capture_output=True,
        text=True,
        env=env,
        timeout=60,
    )
    assert done.stdout.startswith("StoreError the database"), done.stdout + done.stderr
    assert "disk" in done.stdout
    assert len(done.stdout.splitlines()) == 1


async def test_a_database_locked_by_another_program_is_named(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    store = await opened(path)
    store.database._writing.execute("PRAGMA busy_timeout=20")
    other = connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is locked") as locked:
        await store.save(telling(), extraction(), links={})
    assert "try again" in one_line(locked.value)
    assert await store.facts(FactQuery()) == []  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    assert (await store.save(telling(), extraction(), links={})).created
    await store.close()


async def test_what_raises_inside_a_transaction_undoes_it(tmp_path: Path) -> None:
    store = await opened(tmp_path / "facts.db")

    def spoil(connection: Connection) -> None:
        connection.execute("INSERT INTO people (name, type, last_day) VALUES ('Ada', 'person', '2020-02-15')")
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await store.database.write(spoil)
    assert (await store.counts()).people == 0
    await store.close()


async def test_two_sets_of_tables_live_in_one_file_and_one_transaction(tmp_path: Path) -> None:
    notes = MigrationSet(name="notes", steps=(("m001", script("CREATE TABLE notes (text TEXT)")),))
    async with await SqliteDatabase.open(tmp_path / "both.db", [FACTS, notes]) as database:
        await database.write(lambda connection: connection.execute("INSERT INTO notes VALUES ('a')").rowcount)
    more = MigrationSet(
        name="notes",
        steps=(*notes.steps, ("m002", script("ALTER TABLE notes ADD COLUMN day TEXT;\nCREATE INDEX n ON notes (day)"))),
    )
    async with await SqliteDatabase.open(tmp_path / "both.db", [more]) as database:
        rows = await database.read(lambda connection: connection.execute("SELECT text, day FROM notes").fetchall())
    assert [tuple(row) for row in rows] == [("a", None)]


async def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    bad = MigrationSet(name="bad", steps=(("m001", script("CREATE TABLE a (b);\nCREATE TABLE a (b);\n")),))
    with pytest.raises(StoreError, match="already exists"):
        await SqliteDatabase.open(path, [bad])
    connection = connect(path)
    assert (
        connection.execute("SELECT name FROM sqlite_master WHERE name IN ('a', '_sqlite_migrations')").fetchall() == []
    )
    connection.close()


async def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    newer = MigrationSet(name=FACTS.name, steps=(*FACTS.steps, ("m999_later", script("CREATE TABLE later (a)"))))
    await (await SqliteDatabase.open(path, [newer])).close()
    with pytest.raises(StoreError, match="newer version of Onrecord") as refused:
        await SqliteDatabase.open(path, [FACTS])
    assert "m999_later" in one_line(refused.value)
    assert "install" in str(refused.value)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, no database.\n" * 100)
    with pytest.raises(SettingsError, match="is not a database") as refused:
        await SqliteDatabase.open(path, [FACTS])
    assert "DATABASE_URL" in one_line(refused.value)
    assert path.read_text().startswith("These are notes")


async def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    store = await opened(path)
    for number in range(30):
        article, read = said("Ada Rossi", "the harbour matters", day=DAY, number=number)
        await store.save(article, read, links={})
    await store.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(8192, size, 4096):
            file.seek(at)
            file.write(os.urandom(2000))

    async def use() -> None:
        store = await opened(path)
        try:
            await store.facts(FactQuery(limit=1000))
            await store.save(telling(), extraction(), links={})
        finally:
            await store.close()

    with pytest.raises(StoreError, match=r"is damaged|failed") as damaged:
        await use()
    one_line(damaged.value)


async def test_the_schema_reads_well_for_a_person(tmp_path: Path) -> None:
    store = await opened(tmp_path / "facts.db")
    await store.save(telling(), extraction(), links={})

    def rows(connection: Connection, sql: str) -> list[dict[str, object]]:
        return [dict(row) for row in connection.execute(sql)]

    statement = (await store.database.read(lambda connection: rows(connection, "SELECT * FROM statements")))[0]
    assert statement["speaker"] == "Ilse Brandão"
    assert statement["cue"] == "said"
    assert statement["publisher"] == "harbour.example"
    deadline = (await store.database.read(lambda connection: rows(connection, "SELECT * FROM deadlines")))[0]
    assert (deadline["due"], deadline["actor"], deadline["action"]) == ("2020-02-29", "Dockers' Union", "answer")
    for view in ("roles", "events", "commitments", "figures", "happenings"):
        assert (
            len(await store.database.read(lambda connection, view=view: rows(connection, f"SELECT * FROM {view}"))) == 1
        )
    await store.close()


def test_a_day_far_away_still_has_a_place() -> None:
    from digests.store.queries import place

    assert place(date.max, 2**32 - 1) < 2**63
    assert place("2020-02-15", 1) > place("2020-02-14", 2**32 - 1)


async def test_a_database_that_fails_while_it_is_open_is_no_wrong_setting(tmp_path: Path) -> None:
    # a SettingsError would end the server, and show the file's name to whoever asked
    async with await SqliteDatabase.open(tmp_path / "facts.db", [FACTS]) as database:

        def unable(connection: Connection) -> None:
            raise sqlite3.OperationalError("unable to open database file")  # what SQLite says when files run out

        for use in (database.read, database.write):
            with pytest.raises(StoreError, match="cannot be opened"):
                await use(unable)
