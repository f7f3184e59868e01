"""A hundred thousand digests due at 08:00: planned, then sent to a platform that has Telegram's limits and refuses.

The clock is simulated (``fast_clock``): CPU time counts, waiting does not. Meanwhile people ask, and wait for answers.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import tempfile
import time as clocks
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import fast_clock
from bench.store import World, made_up
from bot import router
from bot.access import Door
from bot.app.services import opened
from bot.app.side import drawing
from bot.books import subscriptions
from bot.circulation.digests import Digests
from bot.commands.spec import Services
from bot.config import Settings
from bot.errors import TryLater
from bot.inbox import Inbox
from bot.model import Address, Asked, Origin, ReceivedFile, Reply
from bot.outbox.pace import is_group
from bot.outbox.sender import Outbox
from bot.render import Renderer
from bot.render.message import Message
from digests.edition.model import Schedule, Subscription
from digests.edition.schedule import due, next_at
from digests.model import Article, Part
from digests.store.sqlite.opening import connect

SUBSCRIBERS = 100_000
FEW = 1000
LATENCY = 0.02
OWED_SHARE, OWED_P99, OWED_PLANNING, OWED_MB = 0.97, 100.0, 5.0, 30.0
A_SECOND, A_MINUTE_IN_GROUPS = 30, 20
EIGHT = datetime(2020, 2, 17, 8, 0, tzinfo=UTC)
QUESTIONS = ("/who {name}", "/deadlines", "/help", "/settings", "/latest")


@dataclass
class Strict:
    """A platform that answers after ``latency`` seconds or so and refuses whatever is above its limits.

    One message in 5,000 is refused without a reason, as Telegram does under load.
    """

    latency: float
    chance: random.Random = field(default_factory=partial(random.Random, 3))
    accepted: int = 0
    refused: int = 0
    asked: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    _window: deque[float] = field(default_factory=deque)
    _chats: dict[str, deque[float]] = field(default_factory=dict)

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        clock = asyncio.get_running_loop().time
        way = self.latency * self.chance.uniform(0.3, 0.7)
        await asyncio.sleep(way)
        wait = self._wait(address.chat, clock())
        if wait > 0:
            self.refused += 1
            raise TryLater("Too Many Requests", after=wait)
        self.accepted += 1
        await asyncio.sleep(self.latency - way)
        self.more.set()
        if address.chat in self.asked:
            self.asked.pop(address.chat).set_result(clock())
        return str(self.accepted)

    async def edit(self, address: Address, message: Message, *, message_id: str) -> None:
        raise AssertionError("nothing is edited here")

    def _wait(self, chat: str, now: float) -> float:
        """0 and the message counts, or how long to wait; https://core.telegram.org/bots/faq names the limits."""
        while self._window and self._window[0] <= now - 1.0:
            self._window.popleft()
        given = self._chats.setdefault(chat, deque(maxlen=A_MINUTE_IN_GROUPS))
        if len(self._window) >= A_SECOND or (given and given[-1] > now - 0.95):
            return 1.0
        if is_group(chat) and len(given) == A_MINUTE_IN_GROUPS and given[0] > now - 60.0:
            return 60.0
        if self.chance.random() < 1 / 5000:
            return 2.0
        self._window.append(now)
        given.append(now)
        if len(self._chats) > 5000:
            self._chats = {name: times for name, times in self._chats.items() if times[-1] > now - 60.0}
        return 0.0


@dataclass(kw_only=True)
class Sent:
    """What came of it. ``seconds``: simulated; ``waits``: of questions, milliseconds; CPU milliseconds a message."""

    seconds: float
    messages: int
    refused: int
    waits: list[float]
    early_cpu: float
    late_cpu: float
    grown_mb: float


def run(console: Console) -> bool:
    """Print how planning and sending went; False where less than owed."""
    with tempfile.TemporaryDirectory(prefix="onrecord-delivery-") as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/delivery.db", access="open")
        reading, planning = fast_clock.run(planned(settings, SUBSCRIBERS))
        good = planning <= OWED_PLANNING
        console.print(
            f"Planning {SUBSCRIBERS:,} subscriptions due at once, slots and messages written: {planning:.1f} s CPU"
            f" [{'green' if good else 'red'}](owed {OWED_PLANNING:g} s)[/]; to read and decide alone {reading:.1f} s"
        )
        sent = fast_clock.run(delivered(settings, latency=LATENCY, in_doubt=1))
        good = _said(console, sent) and good
    _at_a_slow_platform(console)
    return good


def _at_a_slow_platform(console: Console) -> None:
    """What OUTBOX_IN_DOUBT is for; nothing is owed here."""
    with tempfile.TemporaryDirectory(prefix="onrecord-delivery-") as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/slow.db", access="open")
        fast_clock.run(planned(settings, 4 * FEW))
        for in_doubt in (1, 2, 4):
            sent = fast_clock.run(delivered(settings, latency=0.1, in_doubt=in_doubt, most=FEW))
            console.print(
                f"Sending to a platform that takes 100 ms an answer, {in_doubt} in doubt at most:"
                f" {100 * sent.messages / sent.seconds / A_SECOND:.1f} % of {A_SECOND} a second, {sent.refused} refused"
            )


def _said(console: Console, sent: Sent) -> bool:
    share = sent.messages / sent.seconds / A_SECOND
    cut = statistics.quantiles(sent.waits, n=100, method="inclusive")
    good = share >= OWED_SHARE and cut[98] <= OWED_P99 and sent.grown_mb <= OWED_MB
    console.print(
        f"Sending: {sent.messages:,} messages in {sent.seconds / 60:.1f} simulated min,"
        f" {100 * share:.1f} % of {A_SECOND} a second, {sent.refused} refused;"
        f" {len(sent.waits)} questions meanwhile answered in p50 {cut[49]:.0f} ms, p99 {cut[98]:.0f} ms;"
        f" memory +{sent.grown_mb:.0f} MB; CPU a message {sent.early_cpu:.2f} ms at first,"
        f" {sent.late_cpu:.2f} ms at last"
        f" [{'green' if good else 'red'}](owed {100 * OWED_SHARE:g} %, {OWED_P99:g} ms, +{OWED_MB:g} MB)"
    )
    return good


async def planned(settings: Settings, number: int) -> tuple[float, float]:
    """CPU seconds to find and decide what is due, and to do so with slots and digests written and queued."""
    await prepared(settings, [order(n) for n in range(1, number + 1)])
    async with opened(settings) as services:
        store = services.store
        begun = clocks.process_time()
        wanted = await services.subscriptions.to_plan(now=EIGHT, limit=number)
        assert len(due([each.subscription for each in wanted], EIGHT)) == number
        reading = clocks.process_time() - begun
        del wanted
        begun = clocks.process_time()
        digests = Digests(subscriptions=services.subscriptions, store=store, queued=lambda: None, now=lambda: EIGHT)
        assert await digests.once(EIGHT) == number
        return reading, clocks.process_time() - begun


async def prepared(settings: Settings, ordered: Sequence[Subscription]) -> None:
    """A few articles, and these subscriptions, in a new SQLite file."""
    world = World()
    async with opened(settings) as services:
        for n in range(5):
            await _add(services, world, n)
        connection = connect(settings.database_path)
        connection.execute("BEGIN IMMEDIATE")
        for each in ordered:
            _ordered(connection, each)
        connection.execute("COMMIT")
        connection.close()


def order(number: int) -> Subscription:
    """Somebody's daily digest at eight; every hundredth is a group's."""
    chat = f"telegram:-{number}" if number % 100 == 0 else f"telegram:{number}"
    asked = EIGHT - timedelta(hours=20)
    return Subscription(chat=chat, schedule=Schedule(at=time(8, 0)), created_at=asked, settled_at=asked)


def _ordered(rows: Any, each: Subscription) -> None:
    assert each.created_at is not None
    subscriptions.subscribe(rows, each, due_at=next_at(each, after=each.created_at), told_upto=0)


async def _add(services: Services, world: World, number: int) -> None:
    day = EIGHT.date() - timedelta(days=1)
    text, extraction = made_up(world, number, day)
    article = Article(
        text=text,
        parts=(Part(kind="body", start=0, end=len(text)),),
        content_hash=f"delivered {number}",
        title=f"Delivered {number}",
        canonical_url=f"https://example.org/{number}",
        published_day=day,
    )
    await services.store.save(article, extraction, links={})


async def delivered(settings: Settings, *, latency: float, in_doubt: int, most: int | None = None) -> Sent:
    """Send all that is queued (or ``most`` of it) while people ask."""
    loop = asyncio.get_running_loop()
    origin = loop.time()

    def now() -> datetime:
        return EIGHT + timedelta(seconds=loop.time() - origin)

    strict = Strict(latency)
    async with opened(settings) as services:
        queue = await services.books.queue()
        total = min(queue["pending"], most or queue["pending"])
        outbox = Outbox(
            books=services.deliveries,
            carriers={"telegram": strict},
            draw=drawing(Renderer()),
            now=now,
            in_doubt=in_doubt,
        )
        sending = asyncio.create_task(outbox.run())
        waits: list[float] = []
        asking = asyncio.create_task(ask(services, strict, outbox, now, waits))
        first, second, third, last = [await reached(strict, tenth * total // 10) for tenth in (1, 2, 8, 10)]
        seconds = loop.time() - origin
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await outbox.stop(seconds=5)
        await sending
    return Sent(
        seconds=seconds,
        messages=strict.accepted,
        refused=strict.refused,
        waits=waits,
        early_cpu=first.cost_until(second),
        late_cpu=third.cost_until(last),
        grown_mb=last.megabytes - first.megabytes,
    )


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far it is: messages sent, CPU milliseconds and resident memory so far."""

    messages: int
    cpu: float
    megabytes: float

    def cost_until(self, later: Mark) -> float:
        return (later.cpu - self.cpu) / max(1, later.messages - self.messages)


async def reached(strict: Strict, number: int) -> Mark:
    while strict.accepted < number:
        strict.more.clear()
        await strict.more.wait()
    return Mark(messages=strict.accepted, cpu=1000 * clocks.process_time(), megabytes=resident())


def resident() -> float:
    """The memory that this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def ask(
    services: Services, strict: Strict, outbox: Outbox, now: Callable[[], datetime], waits: list[float]
) -> None:
    """Ask every two seconds or so, each time as somebody else, and wait for the answer."""
    clock, chance, names = asyncio.get_running_loop().time, random.Random(4), World().people

    async def answer(text: str, origin: Origin, *, file: ReceivedFile | None = None) -> Reply:
        return await router.answer(text, origin, services=services, now=now(), file=file)

    inbox = Inbox(
        books=services.books,
        read={"telegram": _asked},
        answer=answer,
        door=Door(settings=Settings(access="open"), members=services.members),
        queued=outbox.wake,
        now=now,
    )
    for number in count(1):
        await asyncio.sleep(chance.expovariate(0.5))
        text = chance.choice(QUESTIONS).format(name=chance.choice(names[:50]))
        chat = f"telegram:{10_000_000 + number}"
        answered = strict.asked[chat] = asyncio.get_running_loop().create_future()
        begun = clock()
        await inbox.take("telegram", str(number), {"chat": chat, "text": text})
        waits.append(1000 * (await answered - begun))


def _asked(payload: Mapping[str, Any]) -> Asked:
    chat = payload["chat"]
    origin = Origin(platform="telegram", chat=chat, user=chat)
    return Asked(text=payload["text"], origin=origin, address=Address(platform="telegram", chat=chat))
