"""Somebody at a chat: types a line, reads the reply, with stores in memory and a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from fakes.conversations import memory_conversations
from fakes.members import memory_members

from bot.access import NO_GROUPS, Groups
from bot.books.base import Books
from bot.books.costs import Cost
from bot.books.members import Members
from bot.books.reminders import Reminder
from bot.books.report import Report
from bot.books.subscriptions import Told
from bot.commands.spec import AddedArticle, Prices, Services, WordsAnswers
from bot.model import ChatSettings, Origin, ReceivedFile, Reply, Trouble
from bot.render import Canvas, Renderer
from bot.router import answer
from digests.edition.model import Follow, Subscription
from digests.errors import FetchError, UndatedArticle
from digests.store.base import Store
from digests.watch import Imported

NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)
SOMEBODY = Origin(platform="telegram", chat="telegram:1", user="telegram:1")
ADMIN = Origin(platform="console", chat="console", user="console", role="admin")
RENDERER = Renderer()


class MemoryBooks:
    """The part of the books that commands use."""

    def __init__(self, queue: Mapping[str, int] | None = None, *, troubles: Sequence[Trouble] = ()) -> None:
        self.chosen: dict[str, ChatSettings] = {}
        self.rows = dict(queue or {})
        self.known = list(troubles)

    async def settings(self, chat: str) -> ChatSettings:
        return self.chosen.get(chat, ChatSettings())

    async def change_settings(self, chat: str, settings: ChatSettings) -> None:
        self.chosen[chat] = settings

    async def queue(self) -> Mapping[str, int]:
        return self.rows

    async def sent_reply(self, chat: str, message_id: str) -> None:
        """Nothing was sent."""

    async def troubles(self, *, limit: int = 10) -> list[Trouble]:
        return self.known[:limit]


class MemoryCosts:
    """The part of the costs that commands use: what was added, whichever the day."""

    def __init__(self) -> None:
        self.spent: dict[str, Cost] = {}

    async def cost(self, *, chat: str = "", since: date, until: date) -> Cost:
        if chat:
            return self.spent.get(chat, Cost())
        return Cost(requests=sum(each.requests for each in self.spent.values()))

    async def costs_by_chat(self, *, since: date, until: date, limit: int = 10) -> list[tuple[str, Cost]]:
        return sorted(self.spent.items(), key=lambda each: -each[1].tokens)[:limit]


@dataclass
class Ingest:
    """Adds nothing, remembers what it was given; text without a year has no date."""

    given: list[tuple[str, str | None]] = field(default_factory=list)
    outcome: str = "new"
    language: str = "en"
    files: list[str] = field(default_factory=list)
    kinds: tuple[tuple[str, int], ...] = (("statement", 2), ("figure", 1))

    async def add_text(self, text: str, *, published: str | None = None, url: str = "") -> AddedArticle:
        self.given.append((text, published))
        if published is None and "2020" not in text:
            raise UndatedArticle("no date")
        return AddedArticle(
            article_id=3,
            title="A Title",
            publisher="Levant Wire",
            published_day=published or "2020-02-15",
            outcome=self.outcome,
            facts_by_kind=self.kinds,
            language=self.language,
        )

    async def add_link(self, url: str, *, published: str | None = None) -> AddedArticle:
        if "closed" in url:
            raise FetchError("closed.example does not let programs in (403)")
        return await self.add_text(url, published=published)

    async def add_file(self, data: bytes, *, name: str, published: str | None = None) -> AddedArticle:
        self.files.append(name)
        return await self.add_text(data.decode(), published=published)

    async def import_list(self, data: bytes, *, name: str = "") -> Imported:
        self.files.append(name)
        return Imported(new=2, known=1, refused=(("file:///x", "only http and https addresses are fetched"),))

    async def import_link(self, url: str) -> Imported:
        return await self.import_list(b"", name=url)


@dataclass
class MemoryDeliveries:
    """The part of the outbox that commands ask."""

    found: Report = field(
        default_factory=partial(Report, ways=(), sent=0, failed_in_all=0, doubted=0, failed=(), paused=())
    )

    async def report(self, *, now: datetime) -> Report:
        return self.found


class MemoryFollows:
    """Nothing is followed."""

    async def follows(self, chat: str | None = None) -> list[Follow]:
        return []

    async def reminders(self, chat: str) -> list[Reminder]:
        return []


class MemoryPreviews:
    """The last digest of each place."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Reply] = {}

    async def keep_digest(self, chat: str, thread: str, reply: Reply, *, at: datetime) -> None:
        self.kept[chat, thread] = reply

    async def last_digest(self, chat: str, thread: str) -> Reply | None:
        return self.kept.get((chat, thread))

    async def standing(self, chat: str, thread: str) -> None:
        """Nothing is ordered."""


class MemorySubscriptions:
    """No digest is ordered."""

    async def subscriptions(self, chat: str) -> list[Subscription]:
        return []

    async def digests_of(self, chat: str, thread: str, day: date) -> list[Told]:
        return []


@dataclass
class Desk:
    store: Any
    books: Any = field(default_factory=MemoryBooks)
    members: Members = field(default_factory=memory_members)
    deliveries: Any = field(default_factory=MemoryDeliveries)
    follows: Any = field(default_factory=MemoryFollows)
    subscriptions: Any = field(default_factory=MemorySubscriptions)
    previews: Any = field(default_factory=MemoryPreviews)
    costs: Any = field(default_factory=MemoryCosts)
    conversations: Any = field(default_factory=memory_conversations)
    model: WordsAnswers | None = None
    prices: Prices = field(default_factory=Prices)
    ingest: Ingest = field(default_factory=Ingest)
    groups: Groups = NO_GROUPS
    now: datetime = NOON

    async def ask(
        self,
        text: str,
        *,
        origin: Origin = SOMEBODY,
        bot_name: str = "onrecord_bot",
        file: ReceivedFile | None = None,
    ) -> Reply:
        store: Store = self.store
        books: Books = self.books
        services = Services(
            store=store,
            books=books,
            members=self.members,
            deliveries=self.deliveries,
            follows=self.follows,
            reminders=self.follows,
            subscriptions=self.subscriptions,
            previews=self.previews,
            corrections=None,
            costs=self.costs,
            secrets=None,
            conversations=self.conversations,
            model=self.model,
            prices=self.prices,
            ingest=self.ingest,
            groups=self.groups,
        )
        reply = await answer(text, origin, services=services, now=self.now, bot_name=bot_name, file=file)
        json.dumps(dict(reply.data))  # the outbox keeps replies as JSON
        return reply

    async def read(self, text: str, *, origin: Origin = SOMEBODY, canvas: Canvas = "plain") -> str:
        """What stands on the screen after typing ``text``."""
        messages = RENDERER.render(await self.ask(text, origin=origin), canvas)
        return "\n\n".join(message.plain for message in messages)


def commands_of(reply: Reply) -> list[str]:
    """What the reply's buttons type."""
    return [button.command for row in reply.buttons for button in row]
