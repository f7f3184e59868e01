"""A newsroom at work: a real database, the router, and the loops looked at by hand, on a clock that is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes.databases import sqlite
from fakes.desk import Ingest

from bot.app.services import on
from bot.books import codec
from bot.circulation.alerts import Alerts
from bot.commands.spec import Services
from bot.model import Address, Origin, Reply
from bot.render import Renderer
from bot.router import answer
from digests.model import (
    Actor,
    Article,
    Deadline,
    Evidence,
    Extraction,
    Fact,
    Figure,
    Mention,
    NameKeys,
    Span,
    Statement,
)
from digests.sources.file import article_from
from digests.store.base import Placement, StoryKept
from digests.store.database import Database

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)
TODAY = NOON.date()
EDITOR = Origin(platform="telegram", chat="telegram:1", user="telegram:1")
OTHER = Origin(platform="slack", chat="slack:D2", user="slack:U2")
RENDERER = Renderer()


@dataclass
class Newsroom:
    database: Database
    services: Services
    now: datetime = NOON
    woken: int = 0
    read_upto: int = 0
    alerts: Alerts = field(init=False)

    def __post_init__(self) -> None:
        self.store, self.books, self.follows = self.services.store, self.services.books, self.services.follows
        self.alerts = self.new_alerts()

    def new_alerts(self, follows: Any = None) -> Alerts:
        """The loop as after a restart."""
        return Alerts(
            store=self.store,
            books=self.books,
            follows=follows or self.follows,
            platforms=("telegram", "slack"),
            queued=self._woken,
        )

    def _woken(self) -> None:
        self.woken += 1

    async def ask(self, text: str, origin: Origin = EDITOR) -> Reply:
        return await answer(text, origin, services=self.services, now=self.now)

    async def read(self, text: str, origin: Origin = EDITOR) -> str:
        return drawn(await self.ask(text, origin))

    async def arrive(self, article: Article, facts: tuple[Fact, ...] = (), **more: Any) -> int:
        """Save an article; its number."""
        mentions, keys = people_of(facts)
        return (
            await self.store.save(
                article, Extraction(facts=facts, people=mentions), links=more.pop("links", {}), keys=keys, **more
            )
        ).article_id

    async def look(self) -> list[tuple[Address, Reply]]:
        """One look of the alerts at ``now``; the messages it queued."""
        await self.alerts.once(self.now)
        return await self.queued()

    async def queued(self) -> list[tuple[Address, Reply]]:
        """The messages queued since this was asked last."""
        rows = await self.database.read(
            lambda c: c.execute(
                "SELECT id, address, r.reply FROM outbox JOIN outbox_replies r USING (id) WHERE id > ? ORDER BY id",
                (self.read_upto,),
            ).fetchall()
        )
        self.read_upto = max((row[0] for row in rows), default=self.read_upto)
        return [(codec.address_of(row[1]), codec.reply_of(row[2])) for row in rows]


@dataclass
class Together:
    """Puts every article into one story."""

    words: Sequence[str] = ("flood",)
    open_for: timedelta = timedelta(days=14)
    most: int = 3

    def keys(self, *, articles: int, seen: Mapping[str, int]) -> Mapping[str, float]:
        return {"flood": 1.0}

    def place(self, near: Sequence[StoryKept], *, articles: int, seen: Mapping[str, int]) -> Placement:
        return Placement(story=near[0].id if near else None, profile="flood", keys={"flood": 1.0})


@asynccontextmanager
async def newsroom(kept: Path | Database) -> AsyncIterator[Newsroom]:
    """On an open database, or on SQLite's in a folder."""
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(await sqlite(kept / "own.db")) if isinstance(kept, Path) else kept
        services = on(own, Ingest())
        yield Newsroom(database=own, services=services)


def drawn(reply: Reply) -> str:
    return "\n".join(message.plain for message in RENDERER.render(reply, "plain"))


def report(
    *sentences: str, title: str = "A Report", day: date = TODAY, url: str = "", publisher: str = "Levant Wire"
) -> Article:
    """An article of these sentences."""
    made = article_from(f"{title}\n\n{' '.join(sentences)}", published=day.isoformat())
    return replace(made, title=title, publisher=publisher, canonical_url=url, url=url)


def there(article: Article, words: str) -> Span:
    start = article.text.index(words)
    return Span(start=start, end=start + len(words), text=words)


def actor(article: Article, name: str, entity: int | None) -> Actor:
    span = there(article, name)
    return Actor(start=span.start, end=span.end, text=name, name=name, entity=entity)


def evidence(article: Article, sentence: str) -> tuple[Evidence, ...]:
    span = there(article, sentence)
    return (Evidence(start=span.start, end=span.end, quote=sentence),)


def says(article: Article, sentence: str, name: str, entity: int | None = 1) -> Statement:
    """A statement: a sentence that begins with the speaker's name."""
    speaker = actor(article, name, entity)
    return Statement(
        evidence=evidence(article, sentence),
        summary=sentence,
        said_by=speaker,
        speaker=speaker,
        cue=None,
        content=there(article, sentence),
        style="indirect",
    )


def due(article: Article, sentence: str, day: date, name: str = "", entity: int | None = None) -> Deadline:
    return Deadline(
        evidence=evidence(article, sentence),
        summary=sentence,
        due_from=day,
        due_to=day,
        boundary="by",
        actor=actor(article, name, entity) if name else None,
        action=there(article, sentence),
        time=there(article, sentence),
    )


def counts(article: Article, sentence: str, number: str, unit: str, value: float, **more: Any) -> Figure:
    """A figure: a sentence with a number in it."""
    return Figure(
        evidence=evidence(article, sentence),
        summary=sentence,
        **{"number": there(article, number), "value": value, "qualifier": "exact", "unit": unit, **more},
    )


def people_of(facts: tuple[Fact, ...]) -> tuple[tuple[Mention, ...], dict[int, NameKeys]]:
    """Those who speak or act, as mentions."""
    found: dict[int, Mention] = {}
    for fact in facts:
        who = getattr(fact, "actor", None) or fact.said_by
        if who is not None and who.entity is not None:
            found[who.entity] = Mention(
                start=who.start,
                end=who.end,
                text=who.text,
                kind="name",
                type="person",
                name=who.name,
                entity=who.entity,
            )
    keys = {number: NameKeys(type="person", keys=(each.name,)) for number, each in found.items()}
    return tuple(found.values()), keys
