"""Many machines, killed, stopped and cut off at random while news come in and digests go out: nothing is lost.

Replicas and workers are processes, PostgreSQL is real and loses its memory in the middle, clocks are 90 s apart from
one machine to the next. In the end everything is counted: each article, fact, slot, message and answer once, but for
one message a platform and crash at most, which is what docs/operating.md says.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic

import httpx
import pytest
from fakes.herd import ROOT, Herd, Nursery, One, Spawned, free_port, herd, nursery
from fakes.slack_server import BOT_TOKEN, SECRET, FakeSlack
from fakes.storm import LATER, PLATFORMS, Arrivals, Plan, Storm, audited, order_digests, until_done
from fakes.telegram_server import TOKEN, FakeTelegram
from fakes.wires import WEB_SECRET, Crowd, wires
from postgres_server import Server

from bot.app.databases import open_shared
from digests.store.postgres.database import PostgresDatabase
from digests.store.sql import SqlStore
from digests.watch import NewsSource

APART = 90.0
AHEAD = 150.0
"""So much the clocks of all schedulers are ahead at least: by them what is due at the end is due at once."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """``minutes``: digests are due in so many minutes in a row, ``feeds_every``: seconds between new feeds."""

    articles: int
    hosts: int
    chats: int
    serves: int
    workers: int
    questions: int
    minutes: int
    feeds_every: float
    seconds: float
    tell: float = 0.0


async def begun(
    held: Herd, size: Size, url: str, telegram: FakeTelegram, slack: FakeSlack, folder: Path, silent: float
) -> list[One]:
    """All processes; those that serve."""
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "DATABASE_URL": url,
        "ACCESS": "open",
        "RATE_PERSON": "0",
        "RATE_CHAT": "0",
        "ONRECORD_ALLOW_LOOPBACK": "yes",
        "WORKER_SILENT": f"{silent:g}",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram.url,
        "TELEGRAM_MODE": "webhook",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_BASE": slack.url,
        "SLACK_MODE": "http",
        "WEB_URL": "https://news.example",
        "WEB_SECRET": WEB_SECRET,
    }
    serving = []
    for number in range(size.serves):
        port = free_port()
        one = One(
            name=f"serve{number}",
            run="serve",
            env={**env, "WEB_PORT": str(port), "SERVE_WORKS": "deliver"},
            ahead=AHEAD + APART * number,
            port=port,
        )
        await held.start(one)
        serving.append(one)
    for number in range(size.workers):
        ahead = APART * number
        await held.start(One(name=f"worker{number}", run="fetch extract deliver", env=env, ahead=ahead))
    return serving


async def ready(one: One) -> None:
    """Wait until it answers."""
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(120):
        while True:
            with suppress(httpx.TransportError):
                if (await http.get(f"http://127.0.0.1:{one.port}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.1)


async def weathered(
    starts: Nursery | Spawned,
    size: Size,
    plan: Plan,
    *,
    seed: int,
    server: Server,
    telegram: FakeTelegram,
    slack: FakeSlack,
    folder: Path,
) -> None:
    """The whole of it."""
    rng, began = Random(seed), monotonic()
    async with AsyncExitStack() as stack:
        url = await asyncio.to_thread(server.durable)
        stack.callback(server.drop, url)
        database: PostgresDatabase = await stack.enter_async_context(await open_shared(url))
        news = await stack.enter_async_context(wires(hosts=size.hosts, articles=size.articles))
        held = await stack.enter_async_context(herd(starts))
        print(f"{monotonic() - began:.1f} s, begun")
        serving = await begun(held, size, url, telegram, slack, folder, plan.silent)
        chats = [f"telegram:{100 + n}" if n % 5 else f"slack:C{100 + n}" for n in range(size.chats)]
        this = datetime.now(UTC).replace(second=0, microsecond=0)
        await order_digests(database, chats, at=[this + timedelta(minutes=n) for n in range(size.minutes)])
        slots = size.chats + -(-size.chats // 5)
        later = (datetime.now(UTC) + timedelta(seconds=60 * size.minutes + 75)).replace(second=0, microsecond=0)
        await order_digests(database, [LATER], at=[later])
        storm = Storm(plan, Random(seed + 1), held, server)
        crowd = Crowd(serving, Random(seed + 2))
        for one in serving:
            await ready(one)
        keeping = asyncio.create_task(held.keep_up())
        stack.callback(keeping.cancel)
        print(f"{monotonic() - began:.1f} s, ready")
        blowing = asyncio.create_task(storm.run())
        asking = asyncio.create_task(_asked(crowd, size, Random(seed + 3)))
        for url_of_feed in rng.sample(list(news.feeds), len(news.feeds)):
            source = NewsSource(kind="feed", url=url_of_feed)
            await _kept(database, source)
            await asyncio.sleep(size.feeds_every)
        await asyncio.gather(blowing, asking)
        print(f"{monotonic() - began:.0f} s, all faults are over", *storm.told, sep="\n", flush=True)
        found = await until_done(url, articles=size.articles, slots=slots, seconds=size.seconds, tell=size.tell)
        seconds = monotonic() - began
        by_themselves = held.ended_by_themselves()
        audit = await audited(
            url, database, Arrivals.at(telegram, slack), articles=size.articles, slots=slots, asked=crowd.asked
        )
    print(f"{seconds:.0f} s, {held.done}, restarts: {storm.restarts}, told again: {crowd.told_again}, {audit.figures}")
    crashes = held.done["killed"] + held.done["stopped for long"] + storm.restarts * (size.serves + size.workers)
    print(f"ended by themselves: {by_themselves}", *last_words(folder), *audit.wrong, found, sep="\n")
    assert audit.wrong == []
    assert by_themselves == []
    assert audit.figures["came twice"] <= audit.figures["doubts"] <= PLATFORMS * crashes


def last_words(folder: Path) -> list[str]:
    """What processes said that ended by themselves."""
    return [
        f"{path.name}: {line}"
        for path in sorted(folder.glob("*.log"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("{")
    ]


async def _kept(database: PostgresDatabase, source: NewsSource) -> None:
    """Watch a source, though the database may be away."""
    from digests.errors import StoreError

    while True:
        try:
            await SqlStore(database).add_source(source, at=datetime.now(UTC))
            return
        except StoreError:
            await asyncio.sleep(0.3)


async def _asked(crowd: Crowd, size: Size, rng: Random) -> None:
    """People ask in ten chats side by side, in each one question after the other."""

    async def in_chat(place: int) -> None:
        chat = f"telegram:{10 + place}" if place % 2 else f"slack:C{10 + place}"
        for number in range(place, size.questions, 10):
            await crowd.ask(chat, number)
            await asyncio.sleep(rng.uniform(0.1, 0.2) * size.feeds_every * size.hosts / max(1, size.questions / 100))

    await asyncio.gather(*(in_chat(place) for place in range(10)))


@pytest.fixture
async def starts(tmp_path: Path) -> AsyncIterator[Nursery]:
    async with nursery(tmp_path) as made:
        yield made


SHORT = Size(
    articles=80, hosts=20, chats=120, serves=2, workers=2, questions=40, minutes=1, feeds_every=0.1, seconds=90
)
A_FEW = Plan(
    faults=6,
    restarts=(3,),
    pause=(0.6, 1.2),
    still=(0.3, 0.8),
    still_long=(5.0, 5.5),
    away=(0.1, 0.5),
    server_away=(0.1, 0.3),
    silent=4.0,
)

RARE = Plan(
    faults=12,
    restarts=(6,),
    pause=(8.0, 20.0),
    still=(0.5, 3.0),
    still_long=(12.0, 20.0),
    away=(0.5, 3.0),
    server_away=(0.5, 8.0),
    silent=10.0,
)


async def test_nothing_is_lost_and_nothing_doubled_beyond_one_message_a_crash(
    starts: Nursery, postgres_server: Server, telegram: FakeTelegram, slack: FakeSlack, tmp_path: Path
) -> None:
    await weathered(
        starts, SHORT, A_FEW, seed=7, server=postgres_server, telegram=telegram, slack=slack, folder=tmp_path
    )


@pytest.mark.soak
async def test_five_thousand_articles_and_digests_weather_a_fault_every_few_seconds(
    starts: Nursery, postgres_server: Server, telegram: FakeTelegram, slack: FakeSlack, tmp_path: Path
) -> None:
    size = Size(
        articles=5_000,
        hosts=100,
        chats=4_200,
        serves=2,
        workers=3,
        questions=1_000,
        minutes=4,
        feeds_every=1.5,
        seconds=1_800,
        tell=15,
    )
    plan = replace(RARE, faults=100, restarts=(20, 50, 80), pause=(2.0, 5.0), still_long=(12.0, 16.0))
    await weathered(
        starts, size, plan, seed=11, server=postgres_server, telegram=telegram, slack=slack, folder=tmp_path
    )


@pytest.mark.soak
async def test_whole_programs_with_the_processes_that_they_start_weather_it_too(
    postgres_server: Server, telegram: FakeTelegram, slack: FakeSlack, tmp_path: Path
) -> None:
    size = Size(
        articles=500,
        hosts=50,
        chats=420,
        serves=2,
        workers=2,
        questions=200,
        minutes=3,
        feeds_every=2.0,
        seconds=900,
        tell=15,
    )
    await weathered(
        Spawned(tmp_path), size, RARE, seed=13, server=postgres_server, telegram=telegram, slack=slack, folder=tmp_path
    )
