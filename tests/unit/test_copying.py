"""A copy is the database of one moment and whole by itself; what is put back overwrites nothing."""

from __future__ import annotations

import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pysqlite3 import dbapi2 as sqlite3
from telling import extraction, telling

from bot.books.sql import MIGRATIONS
from bot.cli import cli
from digests.errors import UserError
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.copying import back_up, hindrance, in_use, look_at, put_back
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.migrating import MigrationSet
from digests.store.sqlite.opening import connect, prepare

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database with one article."""
    made = tmp_path / "own.db"
    store = SqlStore(await SqliteDatabase.open(made, [FACTS, MIGRATIONS]))
    await store.save(telling(), extraction(), links={})
    await store.close()
    return made


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.chdir(path.parent)
    return CliRunner()


def add(path: Path, number: int, *, at: str = "2030-01-01T00:00:00Z") -> None:
    with closing(connect(path)) as writing:
        writing.execute(
            "INSERT INTO articles (title, publisher, byline, published_day, language, url, canonical_url, content_hash,"
            " added_at) VALUES ('', '', '', '2020-02-15', 'en', '', '', ?, ?)",
            (f"hash {number}", at),
        )


def count(path: Path) -> int:
    with closing(connect(path, readonly=True)) as reading:
        return int(reading.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_a_copy_is_whole_by_itself_and_private(path: Path) -> None:
    seen: list[tuple[int, int]] = []
    made = back_up(path, path.with_name("copy.db"), told=lambda done, total: seen.append((done, total)))
    assert (made.articles, made.facts > 0) == (1, True)
    assert seen
    assert seen[-1][0] == seen[-1][1]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert sorted(each.name for each in path.parent.iterdir() if "copy" in each.name) == ["copy.db"]
    assert look_at(made.path).articles == 1


def test_a_copy_is_of_one_moment_while_others_write(path: Path) -> None:
    with closing(connect(path)) as bulk:
        bulk.execute("BEGIN")
        for number in range(200_000):
            bulk.execute("INSERT INTO story_words VALUES (?, 1)", (f"word {number}",))
        bulk.execute("COMMIT")
    numbers = iter(range(10**9))

    def told(copied: int, total: int) -> None:
        add(path, next(numbers))  # another connection commits between two steps of the copy

    made = back_up(path, path.with_name("copy.db"), told=told)
    assert made.articles == 1
    assert next(numbers) > 1
    assert count(path) > 2


def test_what_cannot_be_copied_is_said_and_leaves_nothing(path: Path) -> None:
    with pytest.raises(UserError, match="there is no database"):
        back_up(path.with_name("none.db"), path.with_name("copy.db"))
    with pytest.raises(UserError, match="is there already"):
        back_up(path, path)
    damaged = path.with_name("damaged.db")
    damaged.write_bytes(path.read_bytes()[:6000] + b"\x00" * 4000)
    with pytest.raises(UserError, match="damaged"):
        look_at(damaged)
    text = path.with_name("text.db")
    text.write_text("words")
    with pytest.raises(UserError, match="no database of Onrecord"):
        look_at(text)


def test_a_database_that_is_open_or_newer_is_not_replaced_unasked(path: Path) -> None:
    copy = back_up(path, path.with_name("copy.db"))
    assert not hindrance(path, copy)
    assert not hindrance(path.with_name("none.db"), copy)
    with closing(prepare(path, [FACTS, MIGRATIONS])) as held:
        held.execute("SELECT count(*) FROM articles").fetchone()
        assert in_use(path)
    assert not in_use(path)
    add(path, 1)
    against = hindrance(path, copy)
    assert (against.in_use, against.articles) == (False, 1)


def test_the_old_database_is_kept_aside_with_its_journal(path: Path) -> None:
    copy = back_up(path, path.with_name("copy.db"))
    with closing(prepare(path, [FACTS, MIGRATIONS])) as held:
        add(path, 1)
        aside = put_back(copy.path, path, [FACTS, MIGRATIONS], now=NOW)
        held.execute("SELECT 1").fetchone()
    assert aside == path.with_name("own.db.before-20200216-120000")
    assert (count(path), count(aside)) == (1, 2)
    prepare(path, [FACTS, MIGRATIONS]).close()
    assert copy.path.exists()


def test_a_damaged_database_is_replaced_without_asking(path: Path) -> None:
    copy = back_up(path, path.with_name("copy.db"))
    path.write_bytes(b"words")
    assert not hindrance(path, copy)
    aside = put_back(copy.path, path, [FACTS, MIGRATIONS], now=NOW)
    assert aside is not None
    assert (count(path), aside.read_bytes()) == (1, b"words")


def test_replacing_what_is_open_wants_to_be_told_and_says_to_restart(run: CliRunner, path: Path) -> None:
    assert run.invoke(cli, ["backup", "copy.db"]).exit_code == 0
    with closing(prepare(path, [FACTS, MIGRATIONS])) as held:
        held.execute("SELECT 1").fetchone()
        assert "another program has it open" in run.invoke(cli, ["restore", "copy.db"]).stderr
        done = run.invoke(cli, ["restore", "copy.db", "--yes"])
        assert done.exit_code == 0
        assert "Restart whatever had it open" in done.stderr
    assert count(path) == 1


def test_a_copy_from_a_newer_version_is_refused(path: Path) -> None:
    copy = back_up(path, path.with_name("copy.db"))
    older = MigrationSet(name=FACTS.name, steps=FACTS.steps[:-1])
    with pytest.raises(UserError, match="newer version"):
        put_back(copy.path, path, [older], now=NOW)
    assert count(path) == 1


def test_backup_and_restore_from_the_command_line(run: CliRunner, path: Path) -> None:
    made = run.invoke(cli, ["backup", "copy.db"])
    assert made.exit_code == 0
    assert "1 articles" in made.stdout
    assert run.invoke(cli, ["backup", "copy.db"]).exit_code == 1
    assert run.invoke(cli, ["backup", "."]).exit_code == 0
    add(path, 1)
    refused = run.invoke(cli, ["restore", "copy.db"])
    assert refused.exit_code == 1
    assert "1 articles in it are newer than the copy; --yes" in refused.stderr
    done = run.invoke(cli, ["restore", "copy.db", "--yes"])
    assert done.exit_code == 0
    assert "What was there before is" in done.stdout
    assert count(path) == 1
    path.unlink()
    assert run.invoke(cli, ["restore", "copy.db"]).exit_code == 0
    assert count(path) == 1


def test_a_disk_that_fills_up_leaves_no_half_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(Exception, match="disk is full"):
        back_up(path, path.with_name("copy.db"), told=full)
    assert [each.name for each in path.parent.iterdir() if "copy" in each.name] == []
