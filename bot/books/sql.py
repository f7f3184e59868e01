"""The books on SQLite: in the facts' file, through its one writer thread, with tables and migrations of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.books import (
    chats,
    chosen,
    conversations,
    costs,
    cursors,
    follow_rows,
    member_rows,
    outgoing,
    pages,
    platforms,
    previews,
    reminders,
    report,
    rows,
    secrets,
    shown,
    subscriptions,
    texts,
)
from bot.model import Address, ChatSettings, Incoming, Platform, Reply, Trouble
from digests.store.database import Database, Subject
from digests.store.sqlite.migrating import MigrationSet, script

if TYPE_CHECKING:
    from digests.store.connection import Connection

MIGRATIONS = MigrationSet(
    name="bot.books",
    steps=(
        ("m001_settings_inbox_outbox_buttons", script(rows.TABLES)),
        ("m002_attempts_and_parked_updates", script(rows.PARKING)),
        ("m003_cursors", script(cursors.TABLES)),
        ("m004_quiet_hours_and_digests", script(chosen.QUIET_AND_DIGESTS)),
        ("m005_members_invites_audit", script(member_rows.TABLES)),
        ("m006_heads_priorities_and_paused_chats", script(outgoing.HEADS)),
        ("m007_follows_and_alerts", script(follow_rows.TABLES)),
        ("m008_shown_digests", script(previews.TABLES)),
        ("m009_subscriptions_and_slots", script(subscriptions.TABLES)),
        ("m010_shown_facts", script(shown.TABLES)),
        ("m011_reminders", script(reminders.TABLES)),
        ("m012_language_model_costs", script(costs.TABLES)),
        ("m013_outbox_report", script(report.INDEXES)),
        ("m014_unused_digest_texts", script(subscriptions.UNUSED_TEXTS)),
        ("m015_untold_slots", script(subscriptions.UNTOLD)),
        ("m016_shared_texts", script(texts.SHARED)),
        ("m017_conversations", script(conversations.TABLES)),
        ("m018_web_pages", script(pages.TABLES)),
        ("m019_platforms_of_messages", script(platforms.COLUMN)),
        ("m020_web_secrets", script(secrets.TABLES)),
        ("m021_owners_of_updates", script(rows.OWNERS)),
        ("m022_ended_links", script(pages.ENDED)),
    ),
)


class SqlBooks:
    """``bot.books.base.Books`` on an open ``Database`` that was given ``MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def settings(self, chat: str) -> ChatSettings:
        return await self._db.read(partial(chosen.settings, chat=chat))

    async def settings_of(self, chats: Collection[str]) -> dict[str, ChatSettings]:
        found = await self._db.read(partial(chosen.settings_of, chats=chats))
        usual = ChatSettings()
        return {chat: found.get(chat, usual) for chat in chats}

    async def change_settings(self, chat: str, settings: ChatSettings) -> None:
        await self._db.write(partial(chosen.change_settings, chat=chat, chosen=settings))

    async def receive(
        self,
        platform: Platform,
        key: str,
        payload: Mapping[str, Any],
        *,
        at: datetime,
        owner: str = "",
        line: str = "",
    ) -> Incoming | None:
        work = partial(rows.receive, platform=platform, key=key, payload=payload, at=at, owner=owner, line=line)
        return await self._db.write(work, subject="inbox")

    async def is_behind(self, incoming_id: int) -> bool:
        return await self._db.read(partial(rows.is_behind, incoming_id=incoming_id))

    async def waiting(self) -> tuple[int, datetime | None]:
        return await self._db.read(rows.waiting)

    async def owners(self) -> list[str]:
        return await self._db.read(rows.owners)

    async def adopt(self, owner: str, *, by: str, platform: Platform) -> list[Incoming]:
        return await self._db.write(partial(rows.adopt, owner=owner, by=by, platform=platform), subject="inbox")

    async def unanswered(self, owner: str | None = None) -> list[Incoming]:
        return await self._db.read(partial(rows.unanswered, owner=owner))

    async def answer(self, incoming_id: int, messages: Sequence[tuple[Address, Reply]], *, at: datetime) -> list[int]:
        work = partial(rows.answer, incoming_id=incoming_id, messages=messages, at=at)
        return await self._db.write(work, subject=_of_chats(messages))

    async def begin(self, incoming_id: int) -> int:
        return await self._db.write(partial(rows.begin, incoming_id=incoming_id), subject="inbox")

    async def give_back(self, incoming_ids: Sequence[int]) -> None:
        await self._db.write(partial(rows.give_back, incoming_ids=incoming_ids), subject="inbox")

    async def park(
        self, incoming_id: int, reason: str, messages: Sequence[tuple[Address, Reply]], *, at: datetime
    ) -> list[int]:
        return await self._db.write(
            partial(rows.park, incoming_id=incoming_id, reason=reason, messages=messages, at=at)
        )

    async def move_chat(self, old: str, new: str) -> None:
        await self._db.write(partial(chats.move_chat, old=old, new=new))

    async def sent_reply(self, chat: str, message_id: str) -> Reply | None:
        return await self._db.read(partial(rows.sent_reply, chat=chat, message_id=message_id))

    async def keep_command(self, command: str, *, chat: str, user: str, at: datetime) -> str:
        work = partial(rows.keep_command, command=command, chat=chat, user=user, at=at)
        return await self._db.write(work, subject="rows")

    async def kept_command(self, token: str, *, chat: str, user: str) -> str | None:
        return await self._db.read(partial(rows.kept_command, token=token, chat=chat, user=user))

    async def queue(self) -> Mapping[str, int]:
        return await self._db.read(rows.queue)

    async def troubles(self, *, limit: int = 10) -> list[Trouble]:
        return await self._db.read(partial(rows.troubles, limit=limit))

    async def tidy(self, *, before: datetime, audit_before: datetime | None = None) -> None:
        def work(connection: Connection) -> None:
            rows.tidy(connection, before=before, audit_before=audit_before)
            subscriptions.tidy(connection, before=before)
            pages.tidy(connection, before=before)

        await self._db.write(work)


def _of_chats(messages: Sequence[tuple[Address, Reply]]) -> Subject:
    """Messages to several chats are written alone: two such, in another order, would wait for each other."""
    return "rows" if len({address.chat for address, _ in messages}) < 2 else "books"
