"""A chat that is forgotten stands nowhere in the file any more, and nothing of others is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.books.chats import CHAT_TABLES
from bot.books.forgetting import SQLITE_TEXTS, _texts, erase, forget
from bot.books.sql import MIGRATIONS, SqlBooks
from bot.cli import cli
from digests.store.migrations import FACTS
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.opening import connect, prepare

if TYPE_CHECKING:
    from sqlite3 import Connection

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)
GROUP, PERSON, OTHER = "telegram:-100777888999", "telegram:777888", "telegram:7778889"
CHOSEN: dict[str, dict[str, Any]] = {
    "follows": {"kind": "person"},
    "members": {"role": "reader"},
    "outbox": {"state": "sent", "message_ids": "[]"},
    "web_secrets": {"kind": "calendar"},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "own.db"
    prepare(made, [FACTS, MIGRATIONS]).close()
    return made


@pytest.fixture
def writing(path: Path) -> Iterator[Connection]:
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        yield connection


def fill(connection: Connection, table: str, **given: Any) -> None:
    """A row with something in every column that must have it."""
    values = dict(CHOSEN.get(table, {}))
    for column in connection.execute(f"PRAGMA table_info({table})").fetchall():
        if column["name"] in given:
            values[column["name"]] = given[column["name"]]
        elif column["notnull"] and column["dflt_value"] is None and column["name"] not in values:
            values[column["name"]] = 1 if column["type"] in ("INTEGER", "REAL") else "{}"
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", list(values.values()))


def fill_all(connection: Connection, chat: str) -> None:
    for each in CHAT_TABLES:
        fill(connection, each.table, **{each.column: chat})
    address = json.dumps({"platform": "telegram", "chat": "telegram:5", "user": chat})
    fill(connection, "outbox", chat="telegram:5", address=address)
    fill(connection, "outbox", chat="telegram:5", address="{}", reply=json.dumps({"data": {"user": chat}}))
    update = {"message": {"chat": {"id": int(chat.partition(":")[2])}, "text": "/who Oktay"}}
    fill(connection, "inbox", platform="telegram", key=f"update {chat[-1]}", payload=json.dumps(update))
    fill(connection, "audit", chat="telegram:5", who=chat, did=f"/revoke {chat}")
    fill(connection, "invites", code_hash="h", kind="chat", made_by=chat)
    fill(connection, "fact_edits", kind="correct", by=chat)


def everything(path: Path) -> bytes:
    files = (path, path.with_name(f"{path.name}-wal"))
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_nothing_of_a_forgotten_chat_is_left_in_the_file(path: Path, writing: Connection) -> None:
    fill_all(writing, GROUP)
    writing.close()
    assert b"777888999" in everything(path)
    gone, emptied = erase(path, GROUP, [FACTS, MIGRATIONS], now=NOW)
    assert emptied
    assert {each.table for each in CHAT_TABLES} <= set(gone)
    assert b"777888999" not in everything(path)


def test_a_persons_name_goes_where_others_data_stays(path: Path, writing: Connection) -> None:
    fill_all(writing, PERSON)
    fill(writing, "subscriptions", chat=GROUP, user=PERSON)
    fill(writing, "chat_settings", chat=OTHER)
    fill(writing, "audit", chat=OTHER, who=OTHER, did=f"/members {OTHER}")
    forget(writing, PERSON, at=NOW)
    kept = writing.execute("SELECT chat, user FROM subscriptions").fetchall()
    assert [tuple(row) for row in kept] == [(GROUP, "forgotten")]
    assert writing.execute("SELECT count(*) FROM chat_settings WHERE chat = ?", (OTHER,)).fetchone()[0] == 1
    whose = {row["who"] for row in writing.execute("SELECT who FROM audit")}
    assert whose == {"forgotten", OTHER}
    (update,) = writing.execute("SELECT payload, done_at FROM inbox").fetchall()
    assert update["payload"] == "{}"
    assert update["done_at"]


def test_what_slack_delivered_is_emptied_however_deep_the_name_lies(writing: Connection) -> None:
    about = {"event": {"files": [{"name": "a"}], "authorizations": [{"user_id": "U777888"}], "is_bot": False}}
    fill(writing, "inbox", platform="slack", key="Ev1", payload=json.dumps(about))
    fill(writing, "inbox", platform="slack", key="Ev2", payload='{"event": {"user": "U7778889"}}')
    fill(writing, "audit", chat="slack:C1", who="slack:U1", did="x")
    assert forget(writing, "slack:U777888", at=NOW) == {"inbox": 1}
    assert [row["payload"] for row in writing.execute("SELECT payload FROM inbox WHERE key = 'Ev1'")] == ["{}"]
    assert forget(writing, "slack:U777888", at=NOW) == {}


def test_a_fault_midway_erases_nothing(path: Path, writing: Connection) -> None:
    fill(writing, "chat_settings", chat=GROUP)
    fill(writing, "inbox", platform="telegram", key="1", payload="no JSON")
    writing.close()
    with pytest.raises(ValueError, match="Expecting value"):
        erase(path, GROUP, [FACTS, MIGRATIONS], now=NOW)
    assert b"777888999" in everything(path)


def test_a_journal_that_another_program_reads_is_said_not_to_be_empty(path: Path, writing: Connection) -> None:
    fill(writing, "chat_settings", chat=GROUP)
    with closing(connect(path, readonly=True)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM chat_settings").fetchone()
        _, emptied = erase(path, GROUP, [FACTS, MIGRATIONS], now=NOW)
        assert not emptied


def test_news_is_never_looked_through(writing: Connection) -> None:
    fill(writing, "articles", id=1, title=f"Bot {PERSON} says", canonical_url="", content_hash="x")
    forget(writing, PERSON, at=NOW)
    assert writing.execute("SELECT title FROM articles").fetchone()[0] == f"Bot {PERSON} says"


def test_of_the_news_only_what_says_who_did_it_is_looked_through(tmp_path: Path) -> None:
    """A new table of the news's own must be named in ``_NEWS``."""
    with closing(prepare(tmp_path / "news.db", [FACTS])) as connection:
        assert {each.table for each in _texts(connection, SQLITE_TEXTS)} == {"changes", "fact_edits"}


async def test_old_messages_and_the_audit_log_go_after_their_own_times(path: Path, writing: Connection) -> None:
    for number, day in enumerate(("2019-01-01", "2020-01-01", "2020-02-15")):
        at = f"{day}T00:00:00.000000+00:00"
        fill(writing, "audit", at=at, who=f"telegram:{number}", chat=OTHER)
        fill(writing, "inbox", platform="telegram", key=str(number), done_at=at)
    writing.close()
    async with await SqliteDatabase.open(path, [FACTS, MIGRATIONS]) as database:
        books = SqlBooks(database)
        await books.tidy(before=NOW - timedelta(days=30), audit_before=NOW - timedelta(days=365))
        assert await database.read(lambda rows: [row[0] for row in rows.execute("SELECT key FROM inbox")]) == ["2"]
        audits = "SELECT who FROM audit ORDER BY id"
        assert len(await database.read(lambda rows: rows.execute(audits).fetchall())) == 2
        await books.tidy(before=NOW + timedelta(days=30))
        assert len(await database.read(lambda rows: rows.execute(audits).fetchall())) == 2


def test_forgetting_from_the_command_line(path: Path, writing: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.chdir(path.parent)
    fill(writing, "chat_settings", chat=GROUP)
    writing.close()
    run = CliRunner()
    assert "no name of a chat" in run.invoke(cli, ["forget", "Oktay"]).stderr
    assert run.invoke(cli, ["forget", GROUP], input="n\n").exit_code == 1
    assert b"777888999" in everything(path)
    done = run.invoke(cli, ["forget", GROUP, PERSON, "--yes"])
    assert done.stdout == f"{GROUP}: erased 1 in chat_settings\n{PERSON}: nothing was kept\n"
    assert b"777888999" not in everything(path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///none.db")
    assert "there is no database" in run.invoke(cli, ["forget", GROUP, "--yes"]).stderr
