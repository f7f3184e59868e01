"""The database and all that commands use, opened for as long as it is needed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.app.databases import is_shared, open_database
from bot.app.language_model import Wording, language_model
from bot.app.model_tasks import Proposing, ShortDigests
from bot.app.reach import Reach
from bot.books.conversations import SqlConversations
from bot.books.corrections import SqlCorrections
from bot.books.costs import SqlCosts
from bot.books.deliveries import SqlDeliveries
from bot.books.follows import SqlFollows
from bot.books.jobs import SqlJobs
from bot.books.pages import SqlPages
from bot.books.previews import SqlPreviews
from bot.books.reminders import SqlReminders
from bot.books.secrets import SqlSecrets
from bot.books.sql import SqlBooks
from bot.books.sql_members import SqlMembers
from bot.books.subscriptions import SqlSubscriptions
from bot.books.turns import HeldTurns
from bot.commands.spec import AddedArticle, AddsArticles, Prices, Services
from bot.config import Settings
from digests.llm.resting import Resting
from digests.store.base import Store
from digests.store.database import Database
from digests.store.sql import SqlStore
from digests.watch import Imported, Subscribed

if TYPE_CHECKING:
    from bot.web.links import SignedLinks
    from digests.ingest.add import Added, Proposes
    from digests.ingest.service import Ingest


@asynccontextmanager
async def opened(settings: Settings, *, reach: Reach | None = None) -> AsyncIterator[Services]:
    """Store, books and ingest on the settings' database. Raises ``SettingsError`` or ``StoreError``, one line each.

    ``reach``: a way to the web that others use, too. The processes that read articles learn the model's name from the
    environment that they inherit.
    """
    async with database_of(settings) as database, furnished(database, settings, reach=reach) as services:
        yield services


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Database]:
    """The settings' database, closed with the block."""
    database = await open_database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def furnished(database: Database, settings: Settings, *, reach: Reach | None = None) -> AsyncIterator[Services]:
    """The same on a database that is open already, which stays open."""
    os.environ["SPACY_MODEL"] = settings.spacy_model
    own = Reach(settings)
    model = language_model(settings)
    words, proposes, shortens = None, None, None
    if model is not None:
        asked, costs, budget = Resting(model), SqlCosts(database), settings.llm_tokens_a_day
        words = Wording(asked, costs, budget=budget, warm=model.warm)
        proposes = Proposing(asked, costs, budget=budget) if settings.llm_proposes else None
        shortens = ShortDigests(asked, costs, budget=budget) if settings.llm_digests else None
    adding = Adding(SqlStore(database), reach or own, proposes=proposes)
    jobs = SqlJobs(database) if is_shared(settings.database_url) else None
    services = replace(on(database, adding), proposes=proposes, shortens=shortens, jobs=jobs)
    try:
        yield replace(services, model=words, prices=_prices(settings), links=_links(settings, database))
    finally:
        await adding.close()
        if model is not None:
            await model.close()
        await own.close()


def on(database: Database, ingest: AddsArticles) -> Services:
    """All that commands use, on an open database with all its tables."""
    return Services(
        store=SqlStore(database),
        books=SqlBooks(database),
        members=SqlMembers(database),
        deliveries=SqlDeliveries(database),
        follows=SqlFollows(database),
        reminders=SqlReminders(database),
        subscriptions=SqlSubscriptions(database),
        previews=SqlPreviews(database),
        corrections=SqlCorrections(database),
        costs=SqlCosts(database),
        secrets=SqlSecrets(database),
        conversations=SqlConversations(database),
        turns=HeldTurns(database),
        ingest=ingest,
    )


def _links(settings: Settings, database: Database) -> SignedLinks | None:
    if not settings.web:
        return None
    from bot.web.links import SignedLinks

    pages = SqlPages(database)
    return SignedLinks(secret=settings.web_secret, base=settings.web_url, days=settings.web_link_days, pages=pages)


def _prices(settings: Settings) -> Prices:
    return Prices(
        tokens_a_day=settings.llm_tokens_a_day if settings.llm_base_url else 0,
        million_in=settings.llm_price_in,
        million_out=settings.llm_price_out,
    )


class Adding:
    """Articles given in a chat, read by a process of its own that is started with the first of them."""

    def __init__(self, store: Store, reach: Reach, *, proposes: Proposes | None = None) -> None:
        self._store = store
        self._proposes = proposes
        self._reach = reach
        self._ingest: Ingest | None = None

    async def add_text(self, text: str, *, published: str | None = None, url: str = "") -> AddedArticle:
        """Add an article. Raises ``UserError`` saying what to do, ``StoreError`` when the database fails."""
        return shown(await self._started().add_text(text, published=published, url=url))

    async def add_link(self, url: str, *, published: str | None = None) -> AddedArticle:
        """Add the article at an address. Raises ``FetchError`` and what ``add_text`` raises."""
        return shown(await self._started().add_link(url, fetcher=self._reach.fetcher(), published=published))

    async def add_file(self, data: bytes, *, name: str, published: str | None = None) -> AddedArticle:
        """Add the article in a file. Raises what ``add_text`` raises."""
        return shown(await self._started().add_bytes(data, name=name, published=published))

    async def import_list(self, data: bytes, *, name: str = "") -> Imported:
        """Watch the feeds of an OPML list. Raises ``UnreadableFeed`` or ``UnreadableArticle`` when it is none."""
        from digests.ingest.lists import import_list

        return await import_list(data, store=self._store, now=datetime.now(UTC), name=name)

    async def import_link(self, url: str) -> Imported:
        """The same with the list at an address. Raises ``FetchError``, too."""
        found = await self._reach.fetcher().get(url)
        return await self.import_list(found.data, name=found.url)

    async def subscribe(self, url: str) -> Subscribed:
        """Watch a feed. Raises ``FetchError``, ``UnreadableFeed`` when there is none."""
        from digests.ingest.subscribing import subscribe

        return await subscribe(url, ingest=self._started(), fetcher=self._reach.fetcher(), now=datetime.now(UTC))

    async def close(self) -> None:
        """End the process, if there is one."""
        if self._ingest is not None:
            await self._ingest.worker.close()
            await self._ingest.parser.close()

    def _started(self) -> Ingest:
        if self._ingest is None:
            from digests.extract.worker import Worker
            from digests.ingest.service import Ingest
            from digests.sources.parsing import Parser

            self._ingest = Ingest(self._store, Worker(), Parser(), proposes=self._proposes)
        return self._ingest


def shown(added: Added) -> AddedArticle:
    """What became of an article, as a command tells it."""
    article = added.article
    return AddedArticle(
        article_id=article.id,
        title=article.title,
        publisher=article.publisher,
        published_day=article.published_day.isoformat() if article.published_day else "",
        outcome=added.outcome,
        facts_by_kind=added.facts_by_kind,
        language=article.language,
    )
