"""An article about a person whom thousands follow: from its arrival to their alerts in the outbox."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

from rich.console import Console

from bench.store import World, made_up
from bot.app.services import opened
from bot.books import follow_rows
from bot.circulation.alerts import TICK, Alerts
from bot.commands.spec import Services
from bot.config import Settings
from digests.edition.model import Follow
from digests.model import Article, Part
from digests.store.sqlite.opening import connect

FOLLOWERS = 10_000
OWED = 60.0
NOW = datetime(2020, 2, 17, 8, 0, tzinfo=UTC)


def run(console: Console) -> bool:
    """Print how long they wait; False where it is longer than owed."""
    with tempfile.TemporaryDirectory(prefix="onrecord-alerts-") as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/alerts.db", access="open")
        spent, clock = asyncio.run(alerted(settings, FOLLOWERS))
    good = spent + TICK <= OWED
    console.print(
        f"Alerts: {FOLLOWERS:,} followers of one person have theirs in the outbox {spent:.1f} CPU s after an article's"
        f" arrival, {1e3 * spent / FOLLOWERS:.2f} ms each ({clock:.1f} s by the clock; one look every {TICK:g} s)"
        f" [{'green' if good else 'red'}](owed {OWED:g} s)[/]"
    )
    return good


async def alerted(settings: Settings, followers: int) -> tuple[float, float]:
    """CPU seconds, and seconds by the clock, of the look that finds the article and tells of it."""
    world = World()
    async with opened(settings) as services:
        await arrive(services, world, {})
        (person, *_) = await services.store.people([world.people[0]])
        connection = connect(settings.database_path)
        connection.execute("BEGIN IMMEDIATE")
        for number in range(1, followers + 1):
            chat = f"telegram:{number}"
            wished = Follow(chat=chat, user=chat, kind="person", entity=person.id, label=person.name)
            follow_rows.follow(connection, wished, at=NOW)
        connection.execute("COMMIT")
        connection.close()
        alerts = Alerts(
            store=services.store,
            books=services.books,
            follows=services.follows,
            platforms=("telegram",),
            queued=lambda: None,
        )
        await alerts.once(NOW)
        await arrive(services, world, {0: person.id})
        begun, clock = time.process_time(), time.monotonic()
        told = await alerts.once(NOW + timedelta(seconds=TICK))
        assert told == followers, told
        return time.process_time() - begun, time.monotonic() - clock


async def arrive(services: Services, world: World, links: Mapping[int, int]) -> None:
    """Save an article that tells of the world's best known person; ``links``: that person's number in the store."""
    for number in count(len(links) * 1000):
        text, extraction = made_up(world, number, NOW.date())
        if any(mention.entity == 0 for mention in extraction.people):
            break
    article = Article(
        text=text,
        parts=(Part(kind="body", start=0, end=len(text)),),
        content_hash=f"alerted {number}",
        title=f"Alerted {number}",
        canonical_url=f"https://example.org/{number}",
        published_day=NOW.date(),
    )
    await services.store.save(article, extraction, links=links)
