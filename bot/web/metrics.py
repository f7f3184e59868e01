"""``/metrics`` for Prometheus: what was asked and how long it took, the queue, sources, deliveries, the model's cost.

No chat, person or text is a label: whoever reads the metrics learns how much, never who or what. Counts of this process
begin at its start; everything else is read from the database, at most once in five seconds.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

from bot.books.jobs import Jobs
from bot.commands.registry import COMMANDS
from bot.commands.spec import Services
from bot.model import Reply
from digests.errors import StoreError

__all__ = ["CONTENT_TYPE", "Meter", "may_read", "outcome"]

log = logging.getLogger(__name__)

NAMES = frozenset(each.spec.name for each in COMMANDS)
OTHER = "none"
"""What was no command. (Labels are never what somebody typed.)"""
SECONDS_KEPT = 5.0
SECONDS_TO_ANSWER, SECONDS_TO_COUNT = 2.0, 6.0
"""The database answers anything at all, and then has counted: Prometheus gives up after ten seconds."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_OUTCOMES = {
    "nothing": "nothing",
    "usage": "usage",
    "unknown": "usage",
    "too_long": "usage",
    "error": "error",
    "not_allowed": "refused",
    "not_manager": "refused",
    "apology": "failed",
}


def outcome(reply: Reply) -> str:
    """What became of a question: answered, nothing, usage, refused, error (the asker's to mend) or failed (ours)."""
    return _OUTCOMES.get(reply.template, "answered")


def may_read(authorization: str, token: str) -> bool:
    """Whether a request's ``Authorization`` opens the metrics; without a token everybody's does."""
    return not token or hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


class Meter:
    """Counts what is asked; ``exposition`` adds how everything stands."""

    def __init__(self, services: Services, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._services = services
        self._now = now
        self._registry = CollectorRegistry()
        self._asked = Counter(
            "onrecord_commands",
            "What was asked, and what became of it.",
            ["command", "outcome"],
            registry=self._registry,
        )
        for name in (*NAMES, OTHER):
            self._asked.labels(name, "failed")  # a series that began above 0 would show Prometheus no increase
        self._took = Histogram(
            "onrecord_command_seconds", "Seconds to an answer.", ["command"], buckets=_BUCKETS, registry=self._registry
        )
        self._calls = Counter(
            "onrecord_calls",
            "Calls of platforms, and what they were answered.",
            ["platform", "status"],
            registry=self._registry,
        )
        self._reached = Gauge(
            "onrecord_database_up", "Whether the database answers this process in time.", registry=self._registry
        )
        self._lock = asyncio.Lock()
        self._kept = b""
        self._kept_until = 0.0

    def answered(self, command: str, reply: Reply, *, seconds: float) -> None:
        """Somebody was answered."""
        name = command if command in NAMES else OTHER
        self._asked.labels(name, outcome(reply)).inc()
        self._took.labels(name).observe(seconds)

    def called(self, platform: str, *, status: int) -> None:
        """A platform called, or somebody who said so."""
        self._calls.labels(platform, str(status)).inc()

    async def exposition(self) -> bytes:
        """All metrics as Prometheus reads them; only those of this process while the database does not answer."""
        clock = asyncio.get_running_loop().time
        async with self._lock:
            if clock() >= self._kept_until:
                standing = await self._standing()
                self._reached.set(standing is not None)
                self._kept = generate_latest(self._registry) + (generate_latest(standing) if standing else b"")
                self._kept_until = clock() + SECONDS_KEPT
            return self._kept

    async def _standing(self) -> CollectorRegistry | None:
        """How everything stands; ``None`` when the database does not say so in time."""
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                await self._services.store.last_change()
            async with asyncio.timeout(SECONDS_TO_COUNT):
                return await standing_of(self._services, now=self._now())
        except (StoreError, TimeoutError) as error:
            log.warning("metrics: without what the database knows (%s)", error or "it does not answer in time")
            return None


async def standing_of(services: Services, *, now: datetime) -> CollectorRegistry:
    """How everything stands in the database. Raises ``StoreError``."""
    gauges = _Gauges()
    await _archive(gauges, services)
    await _updates(gauges, services, now)
    await _deliveries(gauges, services, now)
    await _model(gauges, services, now)
    if services.jobs is not None:
        await _jobs(gauges, services.jobs, now)
    return gauges.registry


class _Gauges:
    """Made anew for each look, so that what is there no longer is not told any more."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._made: dict[str, Gauge] = {}

    def put(self, name: str, told: str, value: float, **labels: str) -> None:
        if name not in self._made:
            self._made[name] = Gauge(f"onrecord_{name}", told, [*labels], registry=self.registry)
        gauge = self._made[name]
        (gauge.labels(**labels) if labels else gauge).set(value)


async def _archive(gauges: _Gauges, services: Services) -> None:
    counts = await services.store.counts()
    gauges.put("articles", "Articles in the archive.", counts.articles)
    gauges.put("stories", "Stories in the archive.", counts.stories)
    for kind, count in counts.by_kind:
        gauges.put("facts", "Standing facts in the archive.", count, kind=kind)
    sources = await services.store.source_counts()
    states = {"watched": sources.sources - sources.paused, "paused": sources.paused, "failing": sources.failing}
    for state, count in states.items():
        gauges.put("sources", "Feeds and folders; those that fail are watched, too.", count, state=state)
    gauges.put("extraction_waiting", "Entries of sources still to be read.", sources.waiting)
    gauges.put("extraction_given_up", "Entries of sources that could not be read.", sources.given_up)


async def _updates(gauges: _Gauges, services: Services, now: datetime) -> None:
    count, oldest_at = await services.books.waiting()
    gauges.put("updates_waiting", "What people asked and is not answered yet.", count)
    oldest = (now - oldest_at).total_seconds() if oldest_at else 0.0
    gauges.put("updates_oldest_seconds", "Age of the oldest of it.", oldest)


async def _deliveries(gauges: _Gauges, services: Services, now: datetime) -> None:
    queue = await services.books.queue()
    for state in ("pending", "sending", "sent", "failed", "parked", "paused"):
        gauges.put("queue", "Messages by state; updates given up; chats paused.", queue.get(state, 0), state=state)
    report = await services.deliveries.report(now=now)
    for way in report.ways:
        on = {"platform": way.platform}
        oldest = (now - way.oldest_at).total_seconds() if way.oldest_at else 0.0
        gauges.put("deliveries_waiting", "Messages that wait to be sent.", way.waiting, **on)
        gauges.put("deliveries_oldest_seconds", "Age of the oldest of them.", oldest, **on)
        gauges.put("deliveries_last_minute", "Messages sent in the last minute.", way.last_minute, **on)
        gauges.put("deliveries_last_hour", "Messages sent in the last hour.", way.last_hour, **on)
    gauges.put("deliveries_doubled", "Messages that may have arrived twice after a crash.", report.doubted)


async def _jobs(gauges: _Gauges, jobs: Jobs, now: datetime) -> None:
    for each in await jobs.backlog():
        oldest = (now - each.oldest_at).total_seconds() if each.oldest_at else 0.0
        gauges.put("jobs", "Jobs of workers.", each.waiting, kind=each.kind, state="waiting")
        gauges.put("jobs", "Jobs of workers.", each.running, kind=each.kind, state="running")
        gauges.put("jobs_oldest_seconds", "Age of the oldest that waits.", oldest, kind=each.kind)
    gauges.put("jobs_parked", "Jobs given up after their retries.", await jobs.parked_count())


async def _model(gauges: _Gauges, services: Services, now: datetime) -> None:
    """The day is UTC's, as the budget's is."""
    today, prices = now.astimezone(UTC).date(), services.prices
    for days, since in (("today", today), ("ever", date.min)):
        cost = await services.costs.cost(since=since, until=today)
        price = (cost.tokens_in * prices.million_in + cost.tokens_out * prices.million_out) / 1_000_000
        gauges.put("model_requests", "Requests to the language model.", cost.requests, days=days)
        gauges.put("model_failed", "Those of them that gave nothing.", cost.failed, days=days)
        gauges.put("model_tokens_in", "Tokens that it read.", cost.tokens_in, days=days)
        gauges.put("model_tokens_out", "Tokens that it wrote.", cost.tokens_out, days=days)
        gauges.put("model_cost", "What they cost, in the prices of the settings.", price, days=days)
