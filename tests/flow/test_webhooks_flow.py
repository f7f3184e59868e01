"""Telegram's and Slack's calls on the one web server, through the real SDKs, with only the wire faked."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes.slack_server import BOT_TOKEN, ME, SECRET, FakeSlack, event, signed
from telegram_server import TOKEN, FakeTelegram, message, press

from bot.app.serving import serve_until
from bot.chat import slack as slack_chat
from bot.chat.telegram import connect, wire
from bot.chat.telegram_listening import HEADER, Listening, answer_webhook, keep_webhook, webhook_secret
from bot.config import Settings
from bot.web import site
from digests.errors import SettingsError, StoreError

WEB_SECRET = "a secret of thirty-two characters or more"
URL = "https://news.example"
TOLD = webhook_secret(WEB_SECRET, TOKEN)
Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(telegram: FakeTelegram, slack: FakeSlack, tmp_path: Path) -> Serving:
    """A server that runs as long as the block, and what a platform calls it with."""

    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        given: dict[str, Any] = {
            "telegram_bot_token": TOKEN,
            "telegram_api_base": telegram.url,
            "telegram_mode": "webhook",
            "database_url": f"sqlite:///{tmp_path}/flow.db",
            "access": "open",
            "web_url": URL,
            "web_secret": WEB_SECRET,
            "web_port": free_port(),
            **changes,
        }
        stop = asyncio.Event()
        task = asyncio.create_task(serve_until(stop, Settings(**given)))
        try:
            base = f"http://127.0.0.1:{given['web_port']}"
            async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
                await until_ready(http)
                yield http
        finally:
            stop.set()
            await asyncio.wait_for(task, 30)

    return run


async def until_ready(http: httpx.AsyncClient) -> None:
    for _ in range(600):
        with suppress(httpx.TransportError):
            if (await http.get("/readyz")).status_code == 200:
                return
        await asyncio.sleep(0.05)
    raise AssertionError("the server was never ready")


async def tell(http: httpx.AsyncClient, update: Any, *, secret: str | None = TOLD) -> int:
    """What Telegram is answered when it calls with an update."""
    headers = {} if secret is None else {HEADER: secret}
    return (await http.post("/telegram", content=json.dumps(update), headers=headers)).status_code


async def test_telegram_calls_with_an_update_and_is_answered_in_the_chat(
    telegram: FakeTelegram, serving: Serving
) -> None:
    async with serving() as http:
        await telegram.until(lambda: bool(telegram.webhook))
        assert await tell(http, message("/start")) == 200
        (sent,) = await telegram.until_sent(1)
    assert "Onrecord" in sent["shown"]
    assert telegram.webhook["url"] == f"{URL}/telegram"
    assert telegram.webhook["secret_token"] == TOLD
    assert telegram.webhook["allowed_updates"] == ["message", "callback_query"]
    assert telegram.webhook["max_connections"] == 40
    assert not telegram.webhook.get("drop_pending_updates")
    assert not telegram.called("getUpdates")


async def test_an_update_that_telegram_tells_twice_is_answered_once(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving() as http:
        for update in (message("/start", number=50), message("/start", number=50), message("/help", number=51)):
            assert await tell(http, update) == 200
        await telegram.until_sent(2)
    async with serving() as http:
        assert await tell(http, message("/start", number=50)) == 200
        assert await tell(http, message("/status", number=52)) == 200
        await telegram.until_sent(3)
    assert len(telegram.called("sendMessage")) == 3


async def test_a_pressed_buttons_spinner_is_stopped(telegram: FakeTelegram, serving: Serving) -> None:
    async with serving() as http:
        assert await tell(http, press("/help")) == 200
        await telegram.until(lambda: bool(telegram.called("answerCallbackQuery")))
        await telegram.until_sent(1)


async def test_whoever_does_not_know_the_secret_is_refused_and_nothing_is_kept(
    serving: Serving, tmp_path: Path
) -> None:
    async with serving() as http:
        for secret in (None, "", "guessed", TOLD.upper(), TOLD[:-1], f"{TOLD}0", "ü" * 32):
            headers = [] if secret is None else [(HEADER.encode(), secret.encode())]
            answer = await http.post("/telegram", content=json.dumps(message("/start")), headers=headers)
            assert (answer.status_code, answer.content) == (401, b"")
        assert (await http.get("/telegram")).status_code == 405
        assert 'onrecord_calls_total{platform="telegram",status="401"} 7.0' in (await http.get("/metrics")).text
    with sqlite3.connect(tmp_path / "flow.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM inbox").fetchone() == (0,)


ODD = {
    "nothing": (b"", 400),
    "half": (b"{", 400),
    "a list": (b"[1, 2]", 400),
    "no number": (b'{"update_id": "x"}', 400),
    "no update": (b'{"message": {}}', 400),
    "deep": (b"[" * 100_000, 400),
    "no UTF-8": (b"\xff\xfe{", 400),
    "long": (b" " * 1_000_001, 413),
    "a form nobody foresaw": (b'{"update_id": 1, "message": {"chat": 7}}', 200),
}


async def test_odd_updates_are_refused_without_a_fault(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as http:
        for name, (body, status) in ODD.items():
            answer = await http.post("/telegram", content=body, headers={HEADER: TOLD})
            assert (name, answer.status_code) == (name, status)
    assert "Traceback" not in caplog.text


async def begun(http: httpx.AsyncClient, *, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which somebody says a thousand bytes come, and sends one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", http.base_url.port)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{{".encode())
    await writer.drain()
    return reader, writer


async def test_a_stranger_who_breaks_off_is_no_fault_in_the_log(
    serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with serving() as http:
        _, writer = await begun(http, path="/telegram")
        writer.close()
        for _ in range(600):
            if "web: POST /telegram: 400" in caplog.text:
                break
            await asyncio.sleep(0.01)
    assert "web: POST /telegram: 400" in caplog.text
    assert "Traceback" not in caplog.text
    assert not [line for line in caplog.records if line.levelno >= logging.ERROR]


async def test_a_stranger_who_never_ends_a_request_is_not_listened_to_for_ever(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "SECONDS_TO_CALL", 0.1)
    async with serving() as http:
        reader, writer = await begun(http, path="/telegram")
        assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_until_the_bot_knows_its_name_telegram_is_asked_to_come_again(
    telegram: FakeTelegram, serving: Serving
) -> None:
    telegram.method_scripts["getMe"].append((500, {"description": "Internal Server Error"}))
    early: list[int] = []

    async def while_it_starts(port: int) -> None:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            while not early:
                with suppress(httpx.TransportError):
                    assert (await http.get("/readyz")).json()["telegram"] == "failed"
                    early.append(await tell(http, message("/start", number=90)))
                await asyncio.sleep(0.01)

    port = free_port()
    starting = asyncio.create_task(while_it_starts(port))
    async with serving(web_port=port) as http:
        await starting
        assert early == [503]
        assert await tell(http, message("/start", number=90)) == 200
        await telegram.until_sent(1)


async def test_going_back_to_polling_removes_the_webhook_and_keeps_what_waits(
    telegram: FakeTelegram, serving: Serving
) -> None:
    async with serving():
        await telegram.until(lambda: bool(telegram.webhook))
    assert telegram.webhook, "another replica may be called still"
    async with serving(telegram_mode="polling") as http:
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)
        assert (await http.post("/telegram", headers={HEADER: TOLD})).status_code == 404
    assert not telegram.webhook
    assert [each.get("drop_pending_updates") for each in telegram.called("deleteWebhook")] == [False]


async def called(telegram: FakeTelegram, method: str, times: int) -> None:
    await telegram.until(lambda: len(telegram.called(method)) >= times, seconds=10)


async def changing(telegram: FakeTelegram, changes: Iterable[Callable[[], None]]) -> list[dict[str, Any]]:
    """The webhooks that were set while Telegram's mind was changed so many times."""
    bot = wire(TOKEN, api_base=telegram.url)
    await connect(bot)
    task = asyncio.create_task(keep_webhook(bot, url=f"{URL}/telegram", secret=TOLD, seconds=0.01))
    try:
        for at, change in enumerate(changes, start=1):
            await called(telegram, "setWebhook", at)
            change()
        await called(telegram, "getWebhookInfo", len(telegram.called("getWebhookInfo")) + 3)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await bot.close_connections()
    return telegram.called("setWebhook")


async def test_a_webhook_that_leads_elsewhere_is_set_again(telegram: FakeTelegram) -> None:
    def elsewhere() -> None:
        telegram.webhook["url"] = "https://old.example/telegram"

    def nowhere() -> None:
        telegram.webhook = {}

    set_again = await changing(telegram, [elsewhere, nowhere, lambda: None])
    assert [each["url"] for each in set_again] == [f"{URL}/telegram"] * 3


async def test_a_webhook_that_failed_lately_is_set_again_with_the_secret(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        telegram.last_error = {"last_error_date": 4_000_000_000, "last_error_message": "Wrong response: 401"}

    def failed_once_upon_a_time() -> None:
        telegram.last_error = {"last_error_date": 1_500_000_000, "last_error_message": "Wrong response: 401"}

    with caplog.at_level(logging.WARNING):
        set_again = await changing(telegram, [fails, failed_once_upon_a_time])
    assert {each["secret_token"] for each in set_again} == {TOLD}
    assert "could not call us (Wrong response: 401)" in caplog.text
    assert TOLD not in caplog.text


async def test_an_address_that_telegram_refuses_ends_the_start_and_one_that_is_unknown_yet_does_not(
    telegram: FakeTelegram,
) -> None:
    unknown = {"description": "Bad Request: bad webhook: failed to resolve host: name is not known"}
    refused = {"description": "Bad Request: bad webhook: HTTPS URL must be provided for webhook"}
    telegram.method_scripts["setWebhook"] += [(400, unknown), (400, refused)]
    bot = wire(TOKEN, api_base=telegram.url)
    await connect(bot)
    with pytest.raises(SettingsError, match="WEB_URL: Telegram refuses"):
        await asyncio.wait_for(keep_webhook(bot, url=f"{URL}/telegram", secret=TOLD), 20)
    await bot.close_connections()


def test_the_secret_is_telegrams_to_know_and_changes_with_what_it_is_made_of() -> None:
    assert len(TOLD) == 64
    assert TOLD.isalnum()
    assert TOLD.isascii()
    assert len({TOLD, webhook_secret(f"{WEB_SECRET}!", TOKEN), webhook_secret(WEB_SECRET, "1:other")}) == 3


async def fails(*_: object) -> None:
    raise StoreError("the disk is full")


async def test_what_could_not_be_written_down_is_not_acknowledged(telegram: FakeTelegram, slack: FakeSlack) -> None:
    bot = wire(TOKEN, api_base=telegram.url)
    update = json.dumps(message("/start")).encode()
    told = await answer_webhook(Listening(bot, fails), TOLD, {HEADER: TOLD}, update)
    assert (told.status, told.body) == (503, b"")
    await bot.close_connections()
    body, headers = signed(event("app_mention", channel="C1", text=f"<@{ME}> start"))
    given = {name.lower(): value for name, value in headers.items()}
    async with slack_chat.session() as session:
        client = slack_chat.client(BOT_TOKEN, api_base=slack.url, session=session)
        bolt = slack_chat.app(client, signing_secret=SECRET, take=fails)
        told = await slack_chat.answer_events(bolt, SECRET, given, body.encode())
        early = await slack_chat.answer_events(None, SECRET, given, body.encode())
    assert (told.status, early.status) == (503, 503)


# Slack


def slack_settings(slack: FakeSlack) -> dict[str, Any]:
    return {
        "telegram_bot_token": "",
        "slack_bot_token": BOT_TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_base": slack.url,
        "slack_mode": "http",
    }


async def test_slack_calls_the_web_server_and_its_retries_are_answered_once(slack: FakeSlack, serving: Serving) -> None:
    asked = event("app_mention", channel="C1", text=f"<@{ME}> start")
    async with serving(**slack_settings(slack)) as http:
        for number in range(3):
            body, headers = signed(asked)
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
            answer = await http.post("/slack/events", content=body, headers={**headers, **again})
            assert (answer.status_code, answer.text) == (200, "")
        asked = event("app_mention", channel="C2", text=f"<@{ME}> help")
        body, headers = signed(asked)
        await http.post("/slack/events", content=body, headers=headers)
        await slack.until_posted(2)
    assert [data["channel"] for _, data in slack.posted] == ["C1", "C2"]


async def test_slack_is_refused_on_the_web_server_without_its_signature(slack: FakeSlack, serving: Serving) -> None:
    body, headers = signed(event("app_mention", channel="C1", text=f"<@{ME}> start"))
    async with serving(**slack_settings(slack)) as http:
        plain = {"Content-Type": "application/json"}
        assert (await http.post("/slack/events", content=body, headers=plain)).status_code == 401
        altered = body.replace("start", "status")
        assert (await http.post("/slack/events", content=altered, headers=headers)).status_code == 401
        challenge, headers = signed({"type": "url_verification", "challenge": "abc", "token": "x"})
        assert "abc" in (await http.post("/slack/events", content=challenge, headers=headers)).text
    assert not slack.posted


async def test_a_port_of_slacks_own_is_served_beside_the_web_server_where_it_is_set(
    slack: FakeSlack, serving: Serving
) -> None:
    port = free_port()
    async with serving(**slack_settings(slack), http_port=port), httpx.AsyncClient(trust_env=False) as http:
        body, headers = signed(event("app_mention", channel="C1", text=f"<@{ME}> start"))
        answer = await http.post(f"http://127.0.0.1:{port}/slack/events", content=body, headers=headers)
        assert answer.status_code == 200
        await slack.until_posted(1)
