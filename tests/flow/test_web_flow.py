"""The web side over a real server on loopback: health, readiness, metrics, and how it starts and ends in ``serve``."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fakes.newsroom import NOON, newsroom, report, says
from fakes.website import SECRET, Website, website
from telegram_server import TOKEN, FakeTelegram, fake_telegram, message

from bot.app import check
from bot.app.serving import serve_until
from bot.config import Settings
from bot.model import Address, Reply
from bot.web import metrics
from bot.web.server import bound
from digests.errors import SettingsError, StoreError
from digests.model import Extraction
from digests.store.base import Store
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

SAYS = "Fuat Oktay said on Saturday that the road would be opened."
HERE = Address(platform="telegram", chat="telegram:1")


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Website]:
    async with newsroom(tmp_path) as room, website(room) as made:
        yield made


async def test_a_process_that_answers_is_healthy(web: Website) -> None:
    found = await web.get("/healthz")
    assert (found.status_code, found.text) == (200, "ok\n")


async def test_it_is_ready_while_the_database_answers_and_the_loops_run(web: Website) -> None:
    found = await web.get("/readyz")
    assert (found.status_code, found.json()) == (200, {"database": "ok", "outbox": "ok"})
    web.loops["outbox"] = False
    found = await web.get("/readyz")
    assert (found.status_code, found.json()) == (503, {"database": "ok", "outbox": "failed"})


async def test_it_is_not_ready_without_a_database(web: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails() -> int:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(type(web.room.services.store), "last_change", lambda _: fails())
    assert (await web.get("/readyz")).json()["database"] == "failed"


async def test_metrics_tell_how_much_and_never_who_or_what(web: Website) -> None:
    article = report(SAYS)
    await web.room.arrive(article, (says(article, SAYS, "Fuat Oktay"),))
    web.meter.answered("said", await web.room.ask("/said Oktay"), seconds=0.02)
    web.meter.answered("telegram:1 typed this", await web.room.ask("/said"), seconds=0.2)
    await web.room.services.deliveries.enqueue(HERE, Reply(template="error", data={"text": "x"}), at=NOON)
    await web.room.books.receive("telegram", "1", {}, at=NOON)
    web.room.now = NOON + timedelta(seconds=90)
    text = (await web.get("/metrics")).text
    assert 'onrecord_commands_total{command="said",outcome="answered"} 1.0' in text
    assert 'onrecord_commands_total{command="none",outcome="usage"} 1.0' in text
    assert 'onrecord_command_seconds_bucket{command="said",le="0.025"} 1.0' in text
    assert 'onrecord_queue{state="pending"} 1.0' in text
    assert "onrecord_updates_waiting 1.0" in text
    assert "onrecord_updates_oldest_seconds 90.0" in text
    assert 'onrecord_deliveries_oldest_seconds{platform="telegram"} 90.0' in text
    assert 'onrecord_facts{kind="statement"} 1.0' in text
    assert 'onrecord_sources{state="watched"} 0.0' in text
    assert "onrecord_extraction_waiting 0.0" in text
    assert 'onrecord_model_cost{days="today"} 0.0' in text
    assert not any(word in text for word in ("telegram:1", "Oktay", "typed this"))


async def test_metrics_are_read_from_the_database_once_in_a_while(web: Website) -> None:
    first = (await web.get("/metrics")).text
    article = report(SAYS)
    await web.room.arrive(article, (says(article, SAYS, "Fuat Oktay"),))
    assert (await web.get("/metrics")).text == first


class Mute:
    """A store that fails, or never says anything."""

    def __init__(self, *, fails: bool) -> None:
        self._fails = fails

    async def last_change(self) -> int:
        if self._fails:
            raise StoreError("the password is swordfish")
        await asyncio.Event().wait()
        return 0


@pytest.mark.parametrize("fails", [True, False])
async def test_metrics_of_the_process_are_told_without_a_database(
    web: Website, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(Prometheus gives up after ten seconds: what was counted here would be lost, too.)"""
    monkeypatch.setattr(metrics, "SECONDS_TO_ANSWER", 0.05)
    monkeypatch.setattr(metrics, "SECONDS_KEPT", 0.0)
    assert "onrecord_database_up 1.0" in (await web.get("/metrics")).text
    services = web.meter._services
    web.meter._services = replace(services, store=cast(Store, Mute(fails=fails)))
    web.meter.called("slack", status=503)
    found = await web.get("/metrics")
    assert found.status_code == 200
    assert "onrecord_database_up 0.0" in found.text
    assert 'onrecord_calls_total{platform="slack",status="503"} 1.0' in found.text
    assert "onrecord_articles" not in found.text
    assert "swordfish" not in found.text
    web.meter._services = services
    assert "onrecord_articles 0.0" in (await web.get("/metrics")).text


async def test_metrics_may_need_a_token(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room, website(room, metrics_token="sesame-sesame-1") as web:
        assert (await web.get("/metrics")).status_code == 401
        for wrong in ("Bearer sesame", "sesame-sesame-1", "Bearer ü", "Bearer"):
            request = web.http.build_request("GET", "/metrics", headers=[(b"Authorization", wrong.encode("latin-1"))])
            assert (await web.http.send(request)).status_code == 401
        assert (await web.get("/metrics", {"Authorization": "Bearer sesame-sesame-1"})).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/e",
        "/../etc/passwd",
        "/%2e%2e/%2e%2e/.env",
        "/style.css/../base.html",
        "/web/base.html",
        "//evil.example/",
        "/healthz/",
    ],
)
async def test_strangers_find_nothing_at_other_addresses(web: Website, path: str) -> None:
    found = await web.http.get(httpx.URL(str(web.http.base_url)).copy_with(raw_path=path.encode()))
    assert found.status_code == 404
    assert "There is no page at this address." in found.text


@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/style.css", "/robots.txt", "/metrics"])
async def test_every_answer_forbids_all_but_its_own_style(web: Website, path: str) -> None:
    headers = (await web.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; ")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


async def test_what_fails_says_so_and_nothing_else(web: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_: Any) -> bytes:
        raise StoreError("the password is swordfish")

    monkeypatch.setattr(type(web.meter), "exposition", fails)
    found = await web.get("/metrics")
    assert found.status_code == 503, "a balancer asks the other replica, a calendar comes again"
    assert "Please try again" in found.text
    assert "swordfish" not in found.text
    assert "content-security-policy" in found.headers


async def test_a_bug_is_answered_too_and_logged(
    web: Website, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(_: Any) -> bytes:
        raise KeyError("swordfish")

    monkeypatch.setattr(type(web.meter), "exposition", fails)
    found = await web.get("/metrics")
    assert (found.status_code, "swordfish" in found.text) == (500, False)
    assert "content-security-policy" in found.headers
    assert any(record.exc_info for record in caplog.records)


async def test_only_reading_is_possible(web: Website) -> None:
    assert (await web.http.post("/healthz")).status_code == 405
    assert (await web.http.head("/healthz")).status_code == 200


# Inside ``serve``


def settings(telegram: FakeTelegram, folder: Path, port: int) -> Settings:
    return Settings(
        telegram_bot_token=TOKEN,
        telegram_api_base=telegram.url,
        database_url=f"sqlite:///{folder}/flow.db",
        access="open",
        web_url="https://news.example",
        web_port=port,
        web_secret=SECRET,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(given: Settings) -> AsyncIterator[httpx.AsyncClient]:
    stop = asyncio.Event()
    task = asyncio.create_task(serve_until(stop, given))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{given.web_port}", trust_env=False) as http:
            yield http
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def test_the_server_answers_chats_and_browsers_and_gives_its_port_back(tmp_path: Path) -> None:
    async with fake_telegram() as telegram:
        given = settings(telegram, tmp_path, free_port())
        async with serving(given) as http:
            await telegram.deliver(message("/status"))
            await telegram.until_sent(1)
            ready = await http.get("/readyz")
            assert (ready.status_code, set(ready.json().values())) == (200, {"ok"})
            assert {"database", "outbox", "digests"} <= set(ready.json())
            counted = 'onrecord_commands_total{command="status",outcome="answered"} 1.0'
            assert counted in (await http.get("/metrics")).text
        bound("127.0.0.1", given.web_port).close()


async def test_a_port_that_is_taken_ends_the_start_with_a_line_that_says_so(tmp_path: Path) -> None:
    taken = bound("127.0.0.1", 0)
    port = taken.getsockname()[1]
    async with fake_telegram() as telegram:
        with pytest.raises(SettingsError, match=f"WEB_HOST, WEB_PORT: cannot listen at 127.0.0.1:{port}"):
            await asyncio.wait_for(serve_until(asyncio.Event(), settings(telegram, tmp_path, port)), 20)
    taken.close()


def test_an_address_of_no_interface_is_told_as_well() -> None:
    with pytest.raises(SettingsError, match="WEB_HOST"):
        bound("203.0.113.7", 0)


async def checked(folder: Path, port: int) -> tuple[bool, str]:
    """What ``onrecord check`` says of the web side."""
    said: list[str] = []
    given = Settings(
        database_url=f"sqlite:///{folder}/check.db", web_url="https://news.example", web_port=port, web_secret=SECRET
    )
    works = await check(given, say=said.append)
    return works, next(line for line in said if line.startswith("web:"))


async def test_check_says_whether_the_port_can_be_had(tmp_path: Path, web: Website) -> None:
    port = free_port()
    assert await checked(tmp_path, port) == (True, f"web:      ok, https://news.example at 127.0.0.1:{port}")
    works, said = await checked(tmp_path, web.http.base_url.port or 0)
    assert (works, said.endswith("(a server answers there)")) == (True, True)


async def test_check_says_that_somebody_else_has_the_port(tmp_path: Path) -> None:
    async def other(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        writer.close()

    async with await asyncio.start_server(other, "127.0.0.1", 0) as server:
        works, said = await checked(tmp_path, server.sockets[0].getsockname()[1])
    assert (works, "cannot listen" in said) == (False, True)


async def test_check_says_that_there_is_no_web_side(tmp_path: Path) -> None:
    said: list[str] = []
    assert await check(Settings(database_url=f"sqlite:///{tmp_path}/check.db"), say=said.append)
    assert any("not configured (WEB_URL" in line for line in said)


def address_in(html: str, part: str) -> str:
    """The path of the first link in a message of Telegram's that holds ``part``."""
    found = re.search(rf'<a href="https://news\.example({part}[^"]*)"', html)
    assert found is not None, html
    return unescape(found[1])


async def test_links_and_addresses_from_a_chat_open_on_the_web(tmp_path: Path) -> None:
    async with fake_telegram() as telegram:
        given = settings(telegram, tmp_path, free_port())
        async with serving(given) as http:
            await telegram.deliver(message("/start"))
            await telegram.until_sent(1)
            async with await SqliteDatabase.open(tmp_path / "flow.db", [FACTS]) as database:
                article = report(SAYS, day=datetime.now(UTC).date())
                facts = (says(article, SAYS, "Fuat Oktay", None),)
                await SqlStore(database).save(article, Extraction(facts=facts), links={})
            for number, (typed, part) in enumerate([("/evidence 1", "/e/1"), ("/digest", "/d/"), ("/atom", "/f/")], 2):
                await telegram.deliver(message(typed))
                sent = (await telegram.until_sent(number))[-1]
                assert sent["parse_mode"] == "HTML"
                page = await http.get(address_in(sent["text"], part))
                assert (page.status_code, "the road would be opened" in page.text) == (200, True), typed


async def test_it_ends_in_time_while_somebody_holds_a_connection(tmp_path: Path) -> None:
    async with fake_telegram() as telegram:
        given = settings(telegram, tmp_path, free_port())
        async with serving(given) as http:
            await telegram.deliver(message("/status"))
            await telegram.until_sent(1)
            await http.get("/healthz")
            _, slow = await asyncio.open_connection("127.0.0.1", given.web_port)
            slow.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")  # and never the rest
            await slow.drain()
        slow.close()
        bound("127.0.0.1", given.web_port).close()
