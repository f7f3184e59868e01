"""The commands that keep and check a database, where DATABASE_URL names a PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from bot.app.databases import open_shared
from bot.books.sql import SqlBooks
from bot.cli import cli
from bot.model import ChatSettings

Run = Callable[..., Result]


@pytest.fixture
def run(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    return lambda *typed: CliRunner().invoke(cli, typed)


def test_check_names_the_server_and_what_it_holds(run: Run) -> None:
    done = run("check")
    line = done.output.splitlines()[0]
    assert line.startswith("database: ok, postgresql://")
    assert "(PostgreSQL 1" in line
    assert line.endswith(", 0 articles, 0 facts)")


@pytest.mark.parametrize(("typed", "instead"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_copies_are_made_by_the_servers_own_tools(run: Run, typed: str, instead: str) -> None:
    done = run(typed, __file__)
    assert done.exit_code == 1
    assert f"`onrecord {typed}` is for an SQLite file; with PostgreSQL: {instead} " in done.output
    assert "postgres@" not in done.output


def test_a_chat_is_forgotten_there_too(run: Run, postgres_url: str) -> None:
    async def settings(change: bool) -> ChatSettings:
        async with await open_shared(postgres_url) as database:
            if change:
                await SqlBooks(database).change_settings("telegram:-100", ChatSettings(language="tr"))
            return await SqlBooks(database).settings("telegram:-100")

    assert asyncio.run(settings(True)).language == "tr"
    done = run("forget", "telegram:-100", "--yes")
    assert done.exit_code == 0
    assert "telegram:-100: erased 1 in chat_settings" in done.output
    assert "journal (WAL)" in done.stderr
    assert asyncio.run(settings(False)) == ChatSettings()
    assert "nothing was kept" in run("forget", "telegram:-100", "--yes").output


def test_another_databases_url_is_refused_with_both_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://news:hunter22@db.example/onrecord")
    done = CliRunner().invoke(cli, ["check"])
    assert done.exit_code == 1
    assert "sqlite:///FILE" in done.output
    assert "postgresql://USER@HOST/NAME" in done.output
    assert "hunter22" not in done.output
