"""Who ordered which digest, which slots were settled, and what was sent in them.

A slot's row is written in the transaction that queues its digest, and its key (subscription, local day or hour) is
unique: whatever dies, and however many processes plan, a slot is sent once. ``due_at`` is when a subscription is to be
looked at next; it is indexed, so that a tick reads only what is due.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from functools import partial
from hashlib import sha256
from typing import Any, Protocol, cast

from bot.books import chosen, codec
from bot.books.connection import Rows, moment_text
from bot.books.outgoing import enqueue
from bot.model import BULK, Address, ChatSettings, Platform, Reply
from digests.edition.model import Schedule, Subscription, Wanted
from digests.edition.schedule import Due
from digests.store.database import Database

TABLES = """
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, thread TEXT NOT NULL, user TEXT NOT NULL,
    frequency TEXT NOT NULL, at TEXT NOT NULL, weekday INTEGER NOT NULL, zone TEXT NOT NULL, wanted TEXT NOT NULL,
    length TEXT NOT NULL, language TEXT NOT NULL, when_empty TEXT NOT NULL, paused_until TEXT,
    created_at TEXT NOT NULL, settled_at TEXT NOT NULL, due_at TEXT NOT NULL, change_id INTEGER NOT NULL);
CREATE INDEX subscriptions_due ON subscriptions (due_at);
CREATE INDEX subscriptions_chat ON subscriptions (chat);

CREATE TABLE digest_texts (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, reply TEXT NOT NULL);

CREATE TABLE digest_slots (
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE, key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'empty', 'dropped')), at TEXT NOT NULL, settled_at TEXT NOT NULL,
    after_change INTEGER, upto_change INTEGER, text_id INTEGER REFERENCES digest_texts (id), outgoing_id INTEGER,
    told INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (subscription_id, key)) WITHOUT ROWID;
"""
"""``change_id``: the changes up to it were told. A text that many subscriptions share is kept once."""
UNUSED_TEXTS = """
CREATE INDEX digest_slots_text ON digest_slots (text_id) WHERE text_id IS NOT NULL;
CREATE INDEX digest_slots_settled ON digest_slots (settled_at);
CREATE TRIGGER digest_text_unused AFTER DELETE ON digest_slots WHEN OLD.text_id IS NOT NULL BEGIN
    DELETE FROM digest_texts WHERE id = OLD.text_id
    AND NOT EXISTS (SELECT 1 FROM digest_slots WHERE text_id = OLD.text_id);
END;
"""
"""A text goes with the last slot that holds it: with its subscription, its chat, or with time."""
UNTOLD = """
CREATE INDEX digest_slots_untold ON digest_slots (subscription_id, key) WHERE state = 'dropped' AND told = 0;
"""
"""What was dropped and not spoken of is found without reading all slots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A subscription that is to be looked at. ``told_upto``: the last change that a digest of it has covered.

    ``dropped``: keys of its slots that were dropped and not spoken of yet. ``last_key``: of its last digest.
    """

    subscription: Subscription
    settings: ChatSettings
    told_upto: int
    dropped: tuple[str, ...] = ()
    last_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What planning decided. ``reply``: the digest to send in ``due.slot``; without one the slot passes in silence.

    ``upto``: the last change that the digest has covered; ``None`` when nothing was composed.
    """

    planned: Planned
    due: Due
    reply: Reply | None = None
    upto: int | None = None


class Subscriptions(Protocol):
    async def subscribe(self, subscription: Subscription, *, due_at: datetime, told_upto: int) -> Subscription:
        """Keep a new subscription; the same with its id."""
        ...

    async def subscriptions(self, chat: str) -> list[Subscription]:
        """A chat's subscriptions, of all its threads, oldest first."""
        ...

    async def change_subscription(self, subscription: Subscription, *, at: datetime, due_at: datetime) -> bool:
        """Overwrite a chat's subscription: its slots up to ``at`` are settled. False when the chat has none such."""
        ...

    async def unsubscribe(self, chat: str, number: int) -> bool:
        """Forget a chat's subscription and its slots. False when the chat has none of that number."""
        ...

    async def to_plan(self, *, now: datetime, limit: int) -> list[Planned]:
        """What is to be looked at by ``now``, the longest waiting first; not of chats that nothing reaches."""
        ...

    async def next_plan_at(self) -> datetime | None:
        """The earliest moment at which ``to_plan`` will find something."""
        ...

    async def settle(self, settled: Sequence[Settled], *, at: datetime) -> list[int]:
        """Write slots and queue their digests, in one transaction; the outbox rows' ids.

        What was settled or changed by somebody else in the meantime is passed over.
        """
        ...

    async def digests_of(self, chat: str, key: str) -> list[Reply]:
        """What a chat's digests said in the slots of a local day (``2020-02-15``), earliest first."""
        ...


class SqliteSubscriptions:
    """``Subscriptions`` on an open ``Database`` that was given ``bot.books.sqlite.MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def subscribe(self, subscription: Subscription, *, due_at: datetime, told_upto: int) -> Subscription:
        return await self._db.write(partial(subscribe, subscription=subscription, due_at=due_at, told_upto=told_upto))

    async def subscriptions(self, chat: str) -> list[Subscription]:
        return await self._db.read(partial(subscriptions, chat=chat))

    async def change_subscription(self, subscription: Subscription, *, at: datetime, due_at: datetime) -> bool:
        return await self._db.write(partial(change_subscription, subscription=subscription, at=at, due_at=due_at))

    async def unsubscribe(self, chat: str, number: int) -> bool:
        return await self._db.write(partial(unsubscribe, chat=chat, number=number))

    async def to_plan(self, *, now: datetime, limit: int) -> list[Planned]:
        return await self._db.read(partial(to_plan, now=now, limit=limit))

    async def next_plan_at(self) -> datetime | None:
        return await self._db.read(next_plan_at)

    async def settle(self, settled: Sequence[Settled], *, at: datetime) -> list[int]:
        return await self._db.write(partial(settle, settled=settled, at=at))

    async def digests_of(self, chat: str, key: str) -> list[Reply]:
        return await self._db.read(partial(digests_of, chat=chat, key=key))


_ALL = "SELECT * FROM subscriptions"


def subscribe(rows: Rows, subscription: Subscription, *, due_at: datetime, told_upto: int) -> Subscription:
    created = subscription.created_at or due_at
    done = rows.execute(
        "INSERT INTO subscriptions (chat, thread, user, frequency, at, weekday, zone, wanted, length, language,"
        " when_empty, paused_until, created_at, settled_at, due_at, change_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(subscription.chat, subscription.thread, subscription.user),
            *_values(subscription),
            *(moment_text(created), moment_text(subscription.settled_at or created), moment_text(due_at), told_upto),
        ),
    )
    return _one(rows.execute(f"{_ALL} WHERE id = ?", (done.lastrowid,)).fetchone())


def subscriptions(rows: Rows, chat: str) -> list[Subscription]:
    return [_one(row) for row in rows.execute(f"{_ALL} WHERE chat = ? ORDER BY id", (chat,)).fetchall()]


def change_subscription(rows: Rows, subscription: Subscription, *, at: datetime, due_at: datetime) -> bool:
    done = rows.execute(
        "UPDATE subscriptions SET frequency = ?, at = ?, weekday = ?, zone = ?, wanted = ?, length = ?, language = ?,"
        " when_empty = ?, paused_until = ?, settled_at = ?, due_at = ? WHERE id = ? AND chat = ?",
        (*_values(subscription), moment_text(at), moment_text(due_at), subscription.id, subscription.chat),
    )
    return bool(done.rowcount)


def unsubscribe(rows: Rows, chat: str, number: int) -> bool:
    found = rows.execute("SELECT 1 FROM subscriptions WHERE id = ? AND chat = ?", (number, chat)).fetchone()
    if found is None:
        return False
    rows.execute("DELETE FROM digest_slots WHERE subscription_id = ?", (number,))
    rows.execute("DELETE FROM subscriptions WHERE id = ?", (number,))
    return True


_TO_PLAN = """
SELECT s.*,
    (SELECT group_concat(key) FROM digest_slots WHERE subscription_id = s.id AND state = 'dropped' AND told = 0),
    (SELECT key FROM digest_slots WHERE subscription_id = s.id AND state <> 'dropped' ORDER BY key DESC LIMIT 1)
FROM subscriptions s WHERE due_at <= ? AND chat NOT IN (SELECT chat FROM paused_chats) ORDER BY due_at, id LIMIT ?
"""


def to_plan(rows: Rows, *, now: datetime, limit: int) -> list[Planned]:
    found = rows.execute(_TO_PLAN, (moment_text(now), limit)).fetchall()
    settings: dict[str, ChatSettings] = {}
    planned = []
    for row in found:
        subscription = _one(row)
        if subscription.chat not in settings:
            settings[subscription.chat] = chosen.settings(rows, subscription.chat)
        planned.append(
            Planned(
                subscription=subscription,
                settings=settings[subscription.chat],
                told_upto=row[16],
                dropped=tuple(sorted(row[17].split(","))) if row[17] else (),
                last_key=row[18] or "",
            )
        )
    return planned


def next_plan_at(rows: Rows) -> datetime | None:
    found = rows.execute("SELECT MIN(due_at) FROM subscriptions").fetchone()
    return datetime.fromisoformat(found[0]) if found[0] else None


def settle(rows: Rows, settled: Sequence[Settled], *, at: datetime) -> list[int]:
    queued = (_settle(rows, each, at=at) for each in settled)
    return [outgoing_id for outgoing_id in queued if outgoing_id is not None]


def _settle(rows: Rows, settled: Settled, *, at: datetime) -> int | None:
    """Close the slots of one subscription; the outbox row of its digest, if there is one."""
    due, subscription = settled.due, settled.due.subscription
    read_at = subscription.settled_at or subscription.created_at or due.settled_at
    done = rows.execute(
        "UPDATE subscriptions SET settled_at = ?, due_at = ? WHERE id = ? AND settled_at = ?",
        (moment_text(due.settled_at), moment_text(due.next_at), subscription.id, moment_text(read_at)),
    )
    if not done.rowcount:
        return None
    for slot in due.dropped:
        rows.execute(
            "INSERT INTO digest_slots (subscription_id, key, state, at, settled_at) VALUES (?, ?, 'dropped', ?, ?)"
            " ON CONFLICT DO NOTHING",
            (subscription.id, slot.key, moment_text(slot.at), moment_text(at)),
        )
    return _fill(rows, settled, at=at) if due.slot is not None else None


def _fill(rows: Rows, settled: Settled, *, at: datetime) -> int | None:
    """Write the slot of a digest and queue it, unless a digest was sent for that slot."""
    slot, subscription = settled.due.slot, settled.due.subscription
    assert slot is not None, "the caller has looked"
    state = "queued" if settled.reply is not None else "empty"
    done = rows.execute(
        "INSERT INTO digest_slots (subscription_id, key, state, at, settled_at, after_change, upto_change)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            *(subscription.id, slot.key, state, moment_text(slot.at), moment_text(at)),
            *(settled.planned.told_upto, settled.upto),
        ),
    )
    if not done.rowcount:
        return None
    if settled.upto is not None:
        rows.execute("UPDATE subscriptions SET change_id = ? WHERE id = ?", (settled.upto, subscription.id))
    if settled.reply is None:
        return None
    outgoing_id = enqueue(rows, address_of(subscription), settled.reply, at=at, priority=BULK)
    mine = (subscription.id, slot.key)
    rows.execute(
        "UPDATE digest_slots SET outgoing_id = ?, text_id = ? WHERE subscription_id = ? AND key = ?",
        (outgoing_id, _text_id(rows, codec.reply_text(settled.reply)), *mine),
    )
    rows.execute(
        "UPDATE digest_slots SET told = 1 WHERE subscription_id = ? AND key < ? AND state = 'dropped' AND told = 0",
        mine,
    )
    return outgoing_id


def _text_id(rows: Rows, text: str) -> int:
    key = sha256(text.encode()).hexdigest()
    rows.execute("INSERT INTO digest_texts (hash, reply) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, text))
    return int(rows.execute("SELECT id FROM digest_texts WHERE hash = ?", (key,)).fetchone()[0])


def digests_of(rows: Rows, chat: str, key: str) -> list[Reply]:
    found = rows.execute(
        "SELECT t.reply FROM subscriptions s JOIN digest_slots d ON d.subscription_id = s.id"
        " JOIN digest_texts t ON t.id = d.text_id WHERE s.chat = ? AND d.key >= ? AND d.key < ? ORDER BY d.at, s.id",
        (chat, key, f"{key}~"),
    ).fetchall()
    return [codec.reply_of(text) for (text,) in found]


def tidy(rows: Rows, *, before: datetime) -> None:
    """Forget the slots settled before that moment; ``/digest DAY`` then tells such a day from the archive."""
    rows.execute("DELETE FROM digest_slots WHERE settled_at < ?", (moment_text(before),))


def address_of(subscription: Subscription) -> Address:
    """Where a subscription's digests go: its chat's name begins with its platform's."""
    platform = cast(Platform, subscription.chat.partition(":")[0])
    return Address(platform=platform, chat=subscription.chat, thread=subscription.thread)


def wanted_text(wanted: Wanted) -> str:
    return json.dumps({key: value for key, value in asdict(wanted).items() if value}, ensure_ascii=False)


def wanted_of(text: str) -> Wanted:
    return Wanted(**{key: tuple(value) for key, value in json.loads(text).items()})


def _values(subscription: Subscription) -> tuple[Any, ...]:
    """What of a subscription may be changed, in the order of the columns."""
    schedule = subscription.schedule
    return (
        *(schedule.frequency, schedule.at.isoformat(timespec="minutes"), schedule.weekday, schedule.zone),
        *(wanted_text(subscription.wanted), subscription.length, subscription.language, subscription.when_empty),
        moment_text(subscription.paused_until) if subscription.paused_until else None,
    )


def _one(row: Sequence[Any]) -> Subscription:
    schedule = Schedule(frequency=row[4], at=time.fromisoformat(row[5]), weekday=row[6], zone=row[7])
    return Subscription(
        id=row[0],
        chat=row[1],
        thread=row[2],
        user=row[3],
        schedule=schedule,
        wanted=wanted_of(row[8]),
        length=row[9],
        language=row[10],
        when_empty=row[11],
        paused_until=datetime.fromisoformat(row[12]) if row[12] else None,
        created_at=datetime.fromisoformat(row[13]),
        settled_at=datetime.fromisoformat(row[14]),
    )
