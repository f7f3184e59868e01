"""The server as a process: killed, asked to end, started on what it left; and what its start costs."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from slack_server import APP_TOKEN, BOT_TOKEN, FakeSlack, event
from telegram_server import TOKEN, FakeTelegram, message

from bot.app.services import opened
from bot.config import Settings

ROOT = Path(__file__).resolve().parents[2]
SERVE = (
    "import asyncio; from bot.app import serve; from bot.config import load; asyncio.run(serve(load(env_file=None)))"
)

DEADLY = f"""
import os
from bot import router
real = router.answer
async def answer(text, origin, **given):
    if "deadly" in text:
        os._exit(9)
    return await real(text, origin, **given)
router.answer = answer
{SERVE}
"""
"""A server that an update with this word kills."""


@asynccontextmanager
async def server(tmp_path: Path, *, program: str = SERVE, **given: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """``onrecord serve`` with these settings; killed at the end if it still runs."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ACCESS": "open", **given}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/process.db"
    with (tmp_path / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, env=environment, cwd=tmp_path, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def telegram_settings(fake: FakeTelegram) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": fake.url}


async def ended(process: asyncio.subprocess.Process, number: signal.Signals) -> float:
    """Send a signal; the seconds until the process was gone."""
    began = time.monotonic()
    process.send_signal(number)
    await asyncio.wait_for(process.wait(), 60)
    return time.monotonic() - began


def crowded() -> float:
    """How many times as long all takes because more wants to run than there are processors; 1 where nothing waits."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def memory(pid: int) -> tuple[float, str]:
    """The most memory a process ever held, in MB, and the files it has mapped."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024, Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")


async def test_what_was_received_before_a_kill_is_answered_once_after_it(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/process.db")
    async with opened(settings) as services:
        asked = message("/start", number=60)
        await services.books.receive("telegram", "60", asked, at=datetime.now(UTC))
    async with server(tmp_path, **telegram_settings(telegram)):
        await telegram.until_sent(1)
        await telegram.deliver(message("/start", number=60), message("/help", number=61))
        await telegram.until_sent(2)
    assert "/deadlines" in telegram.sent[1]["shown"]


async def test_a_reply_cut_off_by_a_kill_is_sent_after_the_next_start(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.scripts[7].append("hang")
    async with server(tmp_path, **telegram_settings(telegram)) as process:
        await telegram.deliver(message("/start"))
        await telegram.until(lambda: len(telegram.called("sendMessage")) == 1)
        await ended(process, signal.SIGKILL)
    async with server(tmp_path, **telegram_settings(telegram)) as process:
        await telegram.until_sent(1)
        assert await ended(process, signal.SIGTERM) < 5
    rows = sqlite3.connect(tmp_path / "process.db").execute("SELECT state FROM outbox").fetchall()
    assert rows == [("sent",)]


async def test_kills_at_any_moment_lose_no_answer(telegram: FakeTelegram, tmp_path: Path) -> None:
    chats = range(20, 32)
    await telegram.deliver(*(message("/start", chat=chat, user=chat) for chat in chats))
    for answers in (1, 4, 8):
        async with server(tmp_path, **telegram_settings(telegram)) as process:
            await telegram.until_sent(answers)
            await ended(process, signal.SIGKILL)
    async with server(tmp_path, **telegram_settings(telegram)):
        await telegram.until(lambda: all(telegram.to(chat) for chat in chats))
    # what Telegram took and the killed process could not write down any more comes again: one message a kill at most
    assert len(telegram.sent) <= len(chats) + 3


async def test_an_update_that_kills_the_server_is_given_up_and_told(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = {**telegram_settings(telegram), "ONRECORD_ADMINS": "telegram:9"}
    await telegram.deliver(message("/who deadly", chat=20, user=20), message("/start", chat=21, user=21))
    for _ in range(3):
        async with server(tmp_path, program=DEADLY, **settings) as process:
            assert await asyncio.wait_for(process.wait(), 60) == 9
    async with server(tmp_path, program=DEADLY, **settings):
        await telegram.until(lambda: bool(telegram.to(20) and telegram.to(21)))
        await telegram.deliver(message("/status", chat=9, user=9))
        await telegram.until(lambda: bool(telegram.to(9)))
    assert "something went wrong" in telegram.to(20)[0]["shown"]
    assert "the program ended 3 times while this was being answered" in telegram.to(9)[0]["shown"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_within_five_seconds_and_keeps_what_it_could_not_send(
    telegram: FakeTelegram, tmp_path: Path, number: signal.Signals
) -> None:
    telegram.scripts[7].append("hang")
    async with server(tmp_path, **telegram_settings(telegram)) as process:
        await telegram.deliver(message("/start"), message("/help"))
        await telegram.until(lambda: len(telegram.called("sendMessage")) == 1)
        assert await ended(process, number) < 5 * crowded()
        assert process.returncode == 0
    rows = sqlite3.connect(tmp_path / "process.db").execute("SELECT state FROM outbox").fetchall()
    assert {state for (state,) in rows} <= {"sending", "pending"}


async def test_both_platforms_run_in_one_process_that_starts_lightly_and_logs_no_token(
    telegram: FakeTelegram, slack: FakeSlack, tmp_path: Path
) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    both = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_BASE": slack.url}
    async with server(tmp_path, **telegram_settings(telegram), **both, LOG_LEVEL="DEBUG") as process:
        await slack.until(lambda: slack.connections == 1)
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)
        await slack.envelope("events_api", event("message", channel="D1", channel_type="im", text="start"))
        await slack.until_posted(1)
        peak, mapped = memory(process.pid)
        await ended(process, signal.SIGTERM)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert peak < 120, f"{peak:.0f} MB"
    assert "spacy" not in mapped
    assert cpu < 6, f"{cpu:.2f} s"  # owed are 1.5 s, which make bench measures; here only that nothing heavy came in
    log = (tmp_path / "log").read_text(encoding="utf-8")
    for secret in (TOKEN, TOKEN.partition(":")[2], BOT_TOKEN, APP_TOKEN):
        assert secret not in log
    print(f"start and two answers: {cpu:.2f} s CPU, {peak:.0f} MB")


async def test_nothing_configured_names_the_settings(tmp_path: Path) -> None:
    async with server(tmp_path) as process:
        assert await process.wait() != 0
    log = (tmp_path / "log").read_text(encoding="utf-8")
    for name in ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert name in log
