"""``onrecord outbox``: what is said of the queue, and what can be done about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.app.services import opened
from bot.books.deliveries import Deliveries
from bot.books.report import FailedRow, Report, Way
from bot.cli import cli
from bot.cli.queue import lines
from bot.config import Settings
from bot.model import Address, Reply

NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database of our own."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path}/own.db"
    monkeypatch.setenv("DATABASE_URL", url)
    return Settings(database_url=url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["outbox", *arguments])


def change(settings: Settings, work: Callable[[Deliveries], Coroutine[Any, Any, None]]) -> None:
    async def changed() -> None:
        async with opened(settings) as services:
            await work(services.deliveries)

    asyncio.run(changed())


def test_an_empty_queue_is_said_in_a_line(settings: Settings) -> None:
    assert run().output == "nothing waits to be sent\nin all: 0 sent, 0 failed\n"


def test_what_waits_what_failed_and_what_is_paused_is_said(settings: Settings) -> None:
    async def work(outbox: Deliveries) -> None:
        now = datetime.now(UTC)
        rows = [
            await outbox.enqueue(Address(platform="telegram", chat=f"telegram:{n}"), Reply(template="t"), at=now)
            for n in range(4)
        ]
        await outbox.sent(rows[0], at=now)
        await outbox.failed(rows[1], "message is too\x1b[2J long", at=now)
        await outbox.pause_chat("telegram:2", "blocked by the user", at=now, admins=(), due=now)

    change(settings, work)
    said = run().output
    assert "telegram: 1 waiting, 0 being sent, the oldest since " in said
    assert "1 sent within the last minute (0.0 a second), 1 in an hour" in said
    assert "in all: 1 sent, 2 failed" in said
    assert "telegram:1: message is too" in said
    assert "\x1b" not in said
    assert "paused until somebody writes there: telegram:2: blocked by the user" in said


def test_doubts_and_more_failures_than_are_shown_are_said() -> None:
    way = Way(
        platform="telegram", waiting=9, sending=1, oldest_at=NOW - timedelta(minutes=90), last_minute=1740, last_hour=9
    )
    failed = FailedRow(id=3, chat="telegram:5", reason="refused", at=NOW)
    report = Report(ways=(way,), sent=7, failed_in_all=31, doubted=2, failed=(failed,), paused=())
    assert lines(report, now=NOW) == [
        "telegram: 9 waiting, 1 being sent, the oldest since 2020-02-16 10:30:00 UTC (1 h 30 min);"
        " 1740 sent within the last minute (29.0 a second), 9 in an hour",
        "in all: 7 sent, 31 failed",
        "2 sent again after a crash: each may have arrived twice",
        "failed 3  2020-02-16 12:00:00 UTC  telegram:5: refused",
        "... and 30 more that failed before",
    ]


def test_failed_messages_are_sent_again_and_others_given_up_by_number(settings: Settings) -> None:
    async def work(outbox: Deliveries) -> None:
        address = Address(platform="telegram", chat="telegram:1")
        rows = [await outbox.enqueue(address, Reply(template="t"), at=NOW) for _ in range(2)]
        await outbox.failed(rows[0], "refused", at=NOW)

    change(settings, work)
    done = run("--retry", "1", "--drop", "2")
    assert (done.exit_code, done.output) == (0, "1 waits to be sent again\n2 is given up\n")
    missed = run("--retry", "1", "--drop", "9")
    assert missed.exit_code == 1
    assert "1 is no message that failed" in missed.output
    assert "9 is no message that waits or failed" in missed.output
