"""The log of a whole `onrecord serve` at INFO: everything is driven with marked texts, and none of them is in it."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from slack_server import APP_TOKEN, BOT_TOKEN, FakeSlack, event
from telegram_server import TOKEN, FakeTelegram, message, press
from test_process_flow import SERVE, ended, server, telegram_settings
from workers import log_of, until, worker

from bot.app.databases import open_shared
from bot.books.sql import SqlBooks
from bot.model import Address, Reply

MARK = "Zarathustra"
SECRET = "web-secret-" * 4
METRICS = "metrics-secret-token"
FAULTY = f"""
import bot.inbox
from bot import router
bot.inbox.TRIES_AFTER_A_FAULT = 1
outer, inner = router.answer, router._answer
async def answer(text, origin, **given):
    if "outside" in text:
        raise ValueError(f"cannot take {{text!r}} with {{given['services'].links._key}}")
    return await outer(text, origin, **given)
async def _answer(text, origin, **given):
    if "inside" in text:
        raise LookupError(text, {TOKEN!r})
    return await inner(text, origin, **given)
router.answer, router._answer = answer, _answer
{SERVE}
"""
"""A server with two faults: one that the router sees, and one outside of it; both tell all they know."""


def lines(path: Path) -> list[dict[str, Any]]:
    """Every line there is; each of them is JSON."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_no_line_holds_a_text_or_a_secret_and_all_lines_of_an_answer_have_its_id(
    telegram: FakeTelegram, slack: FakeSlack, tmp_path: Path
) -> None:
    port = free_port()
    settings = {
        **telegram_settings(telegram),
        "WEB_URL": "https://news.example",
        "WEB_PORT": str(port),
        "LOG_LEVEL": "INFO",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_BASE": slack.url,
        "WEB_SECRET": SECRET,
        "WEB_METRICS_TOKEN": METRICS,
        "RATE_CHAT": "0",
    }
    refusal = {"ok": False, "error_code": 400, "description": f"Bad Request: no such tag {MARK}"}
    telegram.scripts[28] += [(400, refusal)] * 3
    private = {"chat": {"id": "odd " + MARK}, "text": MARK, "from": None, "message_id": MARK}
    async with server(tmp_path, program=FAULTY, **settings) as process:
        await telegram.deliver(
            message(f"/who {MARK}", chat=20, user=20, number=1),
            message(f"/inside {MARK}", chat=21, user=21, number=2),
            message(f"/outside {MARK}", chat=22, user=22, number=3),
            message(f"/unknwn {MARK}", chat=23, user=23, number=4),
            message(f"/said {MARK * 60}", chat=24, user=24, number=5),
            message(f"what did {MARK} say about the road?", chat=25, user=25, number=6),
            message(f"/calendar {MARK}", chat=26, user=26, number=7),
            message(f"/subscribe {MARK} daily 08:00", chat=27, user=27, number=8),
            message(f"/about {MARK}", chat=28, user=28, number=9),
            {"update_id": 10, "message": private},
            press(f"/who {MARK}", chat=29, user=29),
        )
        await slack.until(lambda: slack.connections == 1)
        for number, text in enumerate((f"who {MARK}", f"/inside {MARK}", f"news about {MARK}")):
            asked = event("message", channel=f"D{number}", channel_type="im", text=text)
            await slack.envelope("events_api", asked)
        chats = (20, 21, 23, 24, 25, 26, 27, 29)
        await telegram.until(lambda: all(telegram.to(chat) for chat in chats) and bool(telegram.to(22)))
        await slack.until_posted(3)
        calendar = telegram.to(26)[0]["shown"].partition("/c/")[2].partition(".ics")[0]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web:
            await web.get(f"/c/{calendar}.ics")
            await web.get(f"/e/1?until=1&sign={MARK * 3}", headers={"X-Request-ID": "edge-1"})
            await web.get("/metrics", headers={"Authorization": f"Bearer {METRICS}"})
        await asyncio.wait_for(ended(process, signal.SIGTERM), 60)
    raw = log_of(tmp_path)
    told = lines(tmp_path / "log")
    assert MARK.casefold() not in raw.casefold()
    for secret in (TOKEN, TOKEN.partition(":")[2], BOT_TOKEN, APP_TOKEN, SECRET, METRICS, calendar):
        assert secret not in raw
    for number, faults in {1: 0, 2: 1, 3: 2, 4: 0}.items():
        own = [each for each in told if each.get("request") == f"telegram-{number}"]
        assert len([each for each in own if each["level"] == "error"]) == faults
        (sent,) = (each for each in own if "is sent" in each["event"])
        assert (sent["chat"], type(sent["outgoing"])) == (f"telegram:{19 + number}", int)
    tracebacks = "".join(each.get("exception", "") for each in told)
    assert "LookupError" in tracebacks
    assert "ValueError: cannot take" in tracebacks
    assert [each["request"] for each in told if "/e/{key}" in each["event"]] == ["edge-1"]
    assert any("is not understood" in each["event"] for each in told)
    assert all({"at", "level", "logger", "event"} <= each.keys() for each in told)


async def test_a_worker_on_another_machine_logs_under_the_id_of_the_question(
    postgres_url: str, telegram: FakeTelegram, tmp_path: Path
) -> None:
    address = Address(platform="telegram", chat="telegram:20")
    at = datetime.now(UTC)
    async with await open_shared(postgres_url) as database:
        books = SqlBooks(database)
        asked = await books.receive("telegram", "77", message(f"/who {MARK}", number=77), at=at)
        assert asked is not None
        await books.answer(asked.id, [(address, Reply(template="error", data={"text": MARK}))], at=at)
        given = {**telegram_settings(telegram), "LOG_LEVEL": "INFO"}
        async with worker(postgres_url, "deliver", folder=tmp_path, **given) as process:
            await telegram.until_sent(1)

            async def logged() -> bool:
                return "is sent" in log_of(tmp_path)

            await until(logged)
            await ended(process, signal.SIGTERM)
    told = lines(tmp_path / "log")
    (sent,) = (each for each in told if "is sent" in each["event"])
    assert (sent["request"], sent["chat"], sent["job"]) == ("telegram-77", "telegram:20", "deliver telegram:20")
    raw = log_of(tmp_path)
    assert MARK not in raw
    assert TOKEN not in raw
