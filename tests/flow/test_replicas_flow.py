"""Several ``serve`` on one database: each event answered once, in order, whoever dies or stands still."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
from fakes.databases import again, url_of
from fakes.slack_server import APP_TOKEN, BOT_TOKEN, ME, FakeSlack, event
from fakes.telegram_server import TOKEN, FakeTelegram, message

from bot.access import Door
from bot.app.serving import serve_until
from bot.books.deliveries import SqlDeliveries
from bot.books.sql import SqlBooks
from bot.books.sql_members import SqlMembers
from bot.books.turns import HeldTurns, Replica
from bot.chat.telegram_listening import HEADER, webhook_secret
from bot.config import Settings
from bot.inbox import Inbox
from bot.model import Address, Asked, Origin, ReceivedFile, Reply
from digests.store.database import Database

WEB_SECRET = "a secret of thirty-two characters or more"
SERVE = (
    "import asyncio; from bot.app import serve; from bot.config import load; asyncio.run(serve(load(env_file=None)))"
)
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10.0
"""A replica that dies or stands still is replaced within that time."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def on_a_socket(slack: FakeSlack, url: str, number: int) -> AsyncIterator[None]:
    """One ``serve`` of several that Slack gives events to, when its socket is there."""
    given = Settings(
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_api_base=slack.url,
        database_url=url,
        access="open",
    )
    stop = asyncio.Event()
    task = asyncio.create_task(serve_until(stop, given))
    try:
        await slack.until_connected(number)
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def test_slack_gives_each_event_to_one_of_several_sockets_or_again_to_another(
    database: Database, slack: FakeSlack
) -> None:
    url = url_of(database)
    async with on_a_socket(slack, url, 1), on_a_socket(slack, url, 2):
        for number, socket_ in enumerate((0, 1, 0)):
            asked = event("app_mention", channel=f"C{number}", text=f"<@{ME}> start")
            first = await slack.envelope("events_api", asked, socket=socket_)
            again_ = await slack.envelope("events_api", asked, socket=1 - socket_)
            await slack.until(partial({first, again_}.issubset, slack.acknowledged))
        await slack.until_posted(3)
    assert sorted(data["channel"] for _, data in slack.posted) == ["C0", "C1", "C2"]


@asynccontextmanager
async def replica(telegram: FakeTelegram, url: str) -> AsyncIterator[httpx.AsyncClient]:
    """One ``serve`` of several that Telegram's webhook may lead to."""
    given = Settings(
        telegram_bot_token=TOKEN,
        telegram_api_base=telegram.url,
        telegram_mode="webhook",
        database_url=url,
        access="open",
        web_url="https://news.example",
        web_secret=WEB_SECRET,
        web_port=free_port(),
    )
    stop = asyncio.Event()
    task = asyncio.create_task(serve_until(stop, given))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{given.web_port}", trust_env=False) as http:
            for _ in range(600):
                with suppress(httpx.TransportError):
                    if (await http.get("/readyz")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
            yield http
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def tell(http: httpx.AsyncClient, update: Mapping[str, Any]) -> int:
    secret = {HEADER: webhook_secret(WEB_SECRET, TOKEN)}
    return (await http.post("/telegram", content=json.dumps(update), headers=secret)).status_code


async def test_updates_may_come_to_any_replica_and_twice_and_are_answered_once(
    database: Database, telegram: FakeTelegram
) -> None:
    url = url_of(database)
    async with replica(telegram, url) as one, replica(telegram, url) as two:
        for number, chat in enumerate(range(10, 16), start=600):
            update = message("/start", chat=chat, user=chat, number=number)
            assert await asyncio.gather(tell(one, update), tell(two, update)) == [200, 200]
        await telegram.until_sent(6)
    assert sorted(each["chat_id"] for each in telegram.sent) == list(range(10, 16))


# what a replica leaves


class Answering:
    """Answers as told; what it was asked stands in ``asked``."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = asyncio.Event()
        self.began = asyncio.Event()

    async def __call__(self, text: str, origin: Origin, *, file: ReceivedFile | None = None) -> Reply:
        self.asked.append(text)
        self.began.set()
        await self.go.wait()
        return Reply(template="error", data={"text": text})


def read(payload: Mapping[str, Any]) -> Asked:
    origin = Origin(platform="telegram", chat="telegram:1", user="telegram:1")
    return Asked(text=payload["text"], origin=origin, address=Address(platform="telegram", chat="telegram:1"))


async def inbox(database: Database, answer: Answering, *, own: Replica | None = None) -> Inbox:
    made = own or Replica(HeldTurns(database))
    await made.begin()
    books = SqlBooks(database)
    door = Door(settings=Settings(access="open"), members=SqlMembers(database))
    return Inbox(
        books=books,
        read={"telegram": read},
        answer=answer,
        door=door,
        queued=lambda: None,
        pause=0.05,
        replica=made,
    )


async def answers(database: Database) -> list[str]:
    found = await SqlDeliveries(database).look("telegram", now=datetime.now(UTC), limit=9, besides=())
    rows = await database.read(
        lambda c: c.execute("SELECT r.reply FROM outbox o JOIN outbox_replies r USING (id) ORDER BY o.id").fetchall()
    )
    assert len(found.rows) <= len(rows)
    return [json.loads(row[0])["data"]["text"] for row in rows]


async def test_what_a_dead_replica_was_answering_is_answered_by_another(database: Database) -> None:
    dying, living = await again(database), database
    first, second = Answering(), Answering()
    second.go.set()
    dead, alive = await inbox(dying, first), await inbox(living, second)
    await alive.recover("telegram")
    await dead.recover("telegram")
    await dead.take("telegram", "1", {"text": "who?"})
    await first.began.wait()
    assert await alive.rescue() == 0, "it is being answered"
    await dying.let_go("serving-1")
    await dying.let_go("serving-2")
    assert await alive.rescue() == 1
    assert await alive.rescue() == 0
    await alive.stop(seconds=5)
    first.go.set()
    await dead.stop(seconds=5)
    assert (first.asked, second.asked) == (["who?"], ["who?"])
    assert await answers(living) == ["who?"], "the one that came back to life found it answered"
    await dying.close()


async def test_an_update_that_was_kept_though_the_database_broke_off_is_answered(database: Database) -> None:
    answer = Answering()
    answer.go.set()
    own = Replica(HeldTurns(database))
    made = await inbox(database, answer, own=own)
    await made.recover("telegram")
    await made.take("telegram", "1", {"text": "first"})
    await made.stop(seconds=5)
    books = SqlBooks(database)
    await books.receive("telegram", "2", {"text": "lost"}, at=datetime.now(UTC), owner=own.name)
    await made.take("telegram", "2", {"text": "lost"})
    assert [await made.rescue() for _ in range(3)] == [0, 1, 0]
    await made.stop(seconds=5)
    assert await answers(database) == ["first", "lost"]


async def test_two_questions_of_one_person_are_answered_in_order_at_two_replicas(database: Database) -> None:
    other = await again(database)
    slow, quick = Answering(), Answering()
    quick.go.set()
    one, two = await inbox(database, slow), await inbox(other, quick)
    await one.take("telegram", "1", {"text": "first"})
    await slow.began.wait()
    await two.take("telegram", "2", {"text": "second"})
    await asyncio.sleep(0.1)
    assert quick.asked == []
    slow.go.set()
    await quick.began.wait()
    await one.stop(seconds=5)
    await two.stop(seconds=5)
    assert await answers(database) == ["first", "second"]
    await other.close()


async def test_what_is_taken_over_goes_before_what_came_after_it(database: Database) -> None:
    dying = await again(database)
    hanging, quick = Answering(), Answering()
    quick.go.set()
    dead, alive = await inbox(dying, hanging), await inbox(database, quick)
    await alive.recover("telegram")
    await dead.take("telegram", "1", {"text": "first"})
    await hanging.began.wait()
    await alive.take("telegram", "2", {"text": "second"})
    await asyncio.sleep(0.05)
    await dying.let_go("serving-1")
    await dying.let_go("serving-2")
    assert await alive.rescue() == 1
    await alive.stop(seconds=5)
    hanging.go.set()
    await dead.stop(seconds=5)
    assert quick.asked == ["first", "second"]
    assert await answers(database) == ["first", "second"]
    await dying.close()


async def test_what_was_kept_though_the_database_broke_off_goes_before_what_came_after_it(database: Database) -> None:
    answer, own = Answering(), Replica(HeldTurns(database))
    answer.go.set()
    made = await inbox(database, answer, own=own)
    await made.recover("telegram")
    line = "telegram:1 telegram:1"
    given = {"text": "first"}
    await SqlBooks(database).receive("telegram", "1", given, at=datetime.now(UTC), owner=own.name, line=line)
    await made.take("telegram", "2", {"text": "second"})
    assert [await made.rescue() for _ in range(2)] == [0, 1]
    await made.stop(seconds=5)
    assert await answers(database) == ["first", "second"]


# processes


@asynccontextmanager
async def process(telegram: FakeTelegram, url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram.url,
        "DATABASE_URL": url,
        "ACCESS": "open",
    }
    started = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVE, env=environment, cwd=folder)
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            started.send_signal(signal.SIGCONT)
            started.kill()
        await started.wait()


async def taken_over(telegram: FakeTelegram, number: int) -> float:
    """Seconds until an update that is delivered now is written down and acknowledged."""
    began = monotonic()
    await telegram.deliver(message("/start", chat=number, user=number, number=number))
    await telegram.until(lambda: telegram.acknowledged == number + 1, seconds=60)
    return monotonic() - began


async def test_polling_is_taken_over_from_a_replica_that_is_stopped_or_killed(
    postgres_url: str, telegram: FakeTelegram, tmp_path: Path
) -> None:
    async with process(telegram, postgres_url, tmp_path) as first:
        assert await taken_over(telegram, 700) < 60
        async with process(telegram, postgres_url, tmp_path) as second:
            await telegram.until(lambda: len(telegram.called("setMyCommands")) >= 6, seconds=60)
            first.send_signal(signal.SIGSTOP)
            assert await taken_over(telegram, 701) < SECONDS
            await telegram.until(lambda: telegram.polls == 1, seconds=20)
            telegram.most_polls = 0
            first.send_signal(signal.SIGCONT)
            assert await taken_over(telegram, 702) < SECONDS
            await asyncio.sleep(1.5)
            assert telegram.most_polls == 1, "who woke up asks nothing more"
            second.kill()
            assert await taken_over(telegram, 703) < SECONDS
            await telegram.until(lambda: {each["chat_id"] for each in telegram.sent} == {700, 701, 702, 703})
    assert len(telegram.sent) == 4


async def test_polling_is_taken_over_on_one_machine_as_well(telegram: FakeTelegram, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    async with process(telegram, url, tmp_path) as first:
        assert await taken_over(telegram, 800) < 60
        async with process(telegram, url, tmp_path):
            await telegram.until(lambda: len(telegram.called("setMyCommands")) >= 6, seconds=60)
            first.kill()
            assert await taken_over(telegram, 801) < SECONDS
            await telegram.until(lambda: {each["chat_id"] for each in telegram.sent} == {800, 801})
    assert len(telegram.sent) == 2
