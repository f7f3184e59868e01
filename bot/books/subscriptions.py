"""Who ordered which digest, which slots were settled, and what was sent in them.

A slot's row is written in the transaction that queues its digest, and its key (subscription, local day or hour) is
unique: whatever dies, and however many processes plan, a slot is sent once. ``due_at`` is when a subscription is to be
looked at next; it is indexed, so that a tick reads only what is due.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import lru_cache, partial
from typing import Any, Protocol, cast

from bot.books import bulk, chosen, codec
from bot.books.connection import Rows, moment_text
from bot.model import Address, ChatSettings, Platform, Reply
from digests.edition.model import Frequency, Schedule, Subscription, Wanted
from digests.edition.schedule import Due, Slot
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A digest that was sent. ``after`` and ``upto``: the changes it covers; ``before``: the day of the one before."""

    subscription: Subscription
    reply: Reply
    after: int
    upto: int
    before: date | None


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

    async def digests_of(self, chat: str, thread: str, day: date) -> list[Told]:
        """What the digests of a place said in the slots of a local day, earliest first."""
        ...


class SqlSubscriptions:
    """``Subscriptions`` on an open ``Database`` that was given ``bot.books.sql.MIGRATIONS``."""

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

    async def digests_of(self, chat: str, thread: str, day: date) -> list[Told]:
        return await self._db.read(partial(digests_of, chat=chat, thread=thread, day=day))


_ALL = "SELECT * FROM subscriptions"


def subscribe(rows: Rows, subscription: Subscription, *, due_at: datetime, told_upto: int) -> Subscription:
    """Keep an order; of two that are the same and come at once (two people in a group), the first one stands."""
    same = rows.execute(
        f"{_ALL} WHERE chat = ? AND thread = ? AND frequency = ? AND at = ? AND weekday = ? AND zone = ? AND wanted = ?"
        " AND length = ? AND language = ? AND when_empty = ? ORDER BY id LIMIT 1",
        (subscription.chat, subscription.thread, *_values(subscription)[:-1]),
    ).fetchone()
    if same is not None:
        return _one(same)
    created = subscription.created_at or due_at
    added = rows.execute(
        'INSERT INTO subscriptions (chat, thread, "user", frequency, at, weekday, zone, wanted, length,'
        " language, when_empty, paused_until, created_at, settled_at, due_at, change_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (
            *(subscription.chat, subscription.thread, subscription.user),
            *_values(subscription),
            *(moment_text(created), moment_text(subscription.settled_at or created), moment_text(due_at), told_upto),
        ),
    )
    return _one(added.fetchone())


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
    (SELECT string_agg(key, ',') FROM digest_slots WHERE subscription_id = s.id AND state = 'dropped' AND told = 0),
    (SELECT key FROM digest_slots WHERE subscription_id = s.id AND state <> 'dropped' ORDER BY key DESC LIMIT 1)
FROM subscriptions s WHERE due_at <= ? AND chat NOT IN (SELECT chat FROM paused_chats) ORDER BY due_at, id LIMIT ?
"""


def to_plan(rows: Rows, *, now: datetime, limit: int) -> list[Planned]:
    found = rows.execute(_TO_PLAN, (moment_text(now), limit)).fetchall()
    settings = chosen.settings_of(rows, {row[1] for row in found})
    usual = ChatSettings()
    return [
        Planned(
            subscription=_one(row),
            settings=settings.get(row[1], usual),
            told_upto=row[16],
            dropped=tuple(sorted(row[17].split(","))) if row[17] else (),
            last_key=row[18] or "",
        )
        for row in found
    ]


def next_plan_at(rows: Rows) -> datetime | None:
    found = rows.execute("SELECT MIN(due_at) FROM subscriptions").fetchone()
    return datetime.fromisoformat(found[0]) if found[0] else None


def settle(rows: Rows, settled: Sequence[Settled], *, at: datetime) -> list[int]:
    own = _still_open(rows, settled)
    filling = _filling(rows, own)
    _close(rows, own, filling, at=moment_text(at))
    return _fill(rows, filling, at=at)


def _still_open(rows: Rows, settled: Sequence[Settled]) -> dict[int, Settled]:
    """By subscription, what nobody else settled or changed in the meantime."""
    found = rows.execute(
        "SELECT id, settled_at FROM subscriptions WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([each.due.subscription.id for each in settled]),),
    )
    stands = dict(found.fetchall())
    own = {}
    for each in settled:
        subscription = each.due.subscription
        read_at = subscription.settled_at or subscription.created_at or each.due.settled_at
        if stands.get(subscription.id) == moment_text(read_at):
            own[subscription.id] = each
    return own


def _filling(rows: Rows, settled: Mapping[int, Settled]) -> dict[int, tuple[Settled, Slot]]:
    """Those that fill a slot which no digest was sent for."""
    filling = {number: (each, each.due.slot) for number, each in settled.items() if each.due.slot is not None}
    known = rows.execute(
        "SELECT d.subscription_id FROM json_each(?) AS j CROSS JOIN digest_slots d"
        " WHERE d.subscription_id = CAST(j.value ->> 0 AS BIGINT) AND d.key = j.value ->> 1",
        (json.dumps([(number, slot.key) for number, (_, slot) in filling.items()]),),
    )
    for (number,) in known.fetchall():
        del filling[number]
    return filling


def _close(rows: Rows, settled: Mapping[int, Settled], filling: Collection[int], *, at: str) -> None:
    """Move the subscriptions on; keep the slots that were dropped, to be told of with the next digest."""
    moved: dict[tuple[datetime, datetime, int | None], list[int]] = {}  # what is due at once mostly moves on alike
    for number, each in settled.items():
        upto = each.upto if number in filling else None
        moved.setdefault((each.due.settled_at, each.due.next_at, upto), []).append(number)
    rows.executemany(
        "UPDATE subscriptions SET settled_at = ?, due_at = ?, change_id = COALESCE(?, change_id)"
        " WHERE id IN (SELECT value FROM json_each(?))",
        [
            (moment_text(settled_at), moment_text(next_at), upto, json.dumps(numbers))
            for (settled_at, next_at, upto), numbers in moved.items()
        ],
    )
    rows.executemany(
        "INSERT INTO digest_slots (subscription_id, key, state, at, settled_at) VALUES (?, ?, 'dropped', ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(number, slot.key, moment_text(slot.at), at) for number, each in settled.items() for slot in each.due.dropped],
    )


def _fill(rows: Rows, filling: Mapping[int, tuple[Settled, Slot]], *, at: datetime) -> list[int]:
    """Queue the digests and write their slots; the ids of the outbox rows."""
    letters = {
        number: bulk.Letter(address=address_of(each.due.subscription), reply=each.reply)
        for number, (each, _) in filling.items()
        if each.reply is not None
    }
    queued = dict(zip(letters, bulk.enqueue_all(rows, list(letters.values()), at=at), strict=True))
    settled_at = moment_text(at)
    rows.executemany(
        "INSERT INTO digest_slots (subscription_id, key, state, at, settled_at, after_change, upto_change,"
        " outgoing_id, text_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(number, slot.key, "queued" if number in queued else "empty", moment_text(slot.at), settled_at),
                *(each.planned.told_upto, each.upto, *queued.get(number, (None, None))),
            )
            for number, (each, slot) in filling.items()
        ],
    )
    rows.executemany(
        "UPDATE digest_slots SET told = 1 WHERE subscription_id = ? AND key < ? AND state = 'dropped' AND told = 0",
        [
            (number, slot.key)
            for number, (each, slot) in filling.items()
            if number in queued and (each.planned.dropped or each.due.dropped)
        ],
    )
    return [outgoing_id for outgoing_id, _ in queued.values()]


def digests_of(rows: Rows, chat: str, thread: str, day: date) -> list[Told]:
    key = day.isoformat()
    found = rows.execute(
        "SELECT s.*, t.reply, d.after_change, d.upto_change, (SELECT max(e.key) FROM digest_slots e"
        " WHERE e.subscription_id = s.id AND e.key < d.key AND e.state <> 'dropped') AS before"
        " FROM subscriptions s JOIN digest_slots d ON d.subscription_id = s.id"
        " JOIN shared_texts t ON t.id = d.text_id"
        " WHERE s.chat = ? AND s.thread = ? AND d.key >= ? AND d.key < ? ORDER BY d.at, s.id",
        (chat, thread, key, f"{key}~"),
    ).fetchall()
    return [
        Told(
            subscription=_one(row),
            reply=codec.reply_of(row["reply"]),
            after=row["after_change"],
            upto=row["upto_change"],
            before=date.fromisoformat(row["before"][:10]) if row["before"] else None,
        )
        for row in found
    ]


def tidy(rows: Rows, *, before: datetime) -> None:
    """Forget the slots settled before that moment; ``/digest DAY`` then tells such a day from the archive."""
    rows.execute("DELETE FROM digest_slots WHERE settled_at < ?", (moment_text(before),))


def address_of(subscription: Subscription) -> Address:
    """Where a subscription's digests go: its chat's name begins with its platform's."""
    platform = cast(Platform, subscription.chat.partition(":")[0])
    return Address(platform=platform, chat=subscription.chat, thread=subscription.thread)


def wanted_text(wanted: Wanted) -> str:
    return json.dumps({key: value for key, value in asdict(wanted).items() if value}, ensure_ascii=False)


@lru_cache(maxsize=1024)
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
    return Subscription(
        id=row[0],
        chat=row[1],
        thread=row[2],
        user=row[3],
        schedule=_schedule(*row[4:8]),
        wanted=wanted_of(row[8]),
        length=row[9],
        language=row[10],
        when_empty=row[11],
        paused_until=datetime.fromisoformat(row[12]) if row[12] else None,
        created_at=datetime.fromisoformat(row[13]),
        settled_at=datetime.fromisoformat(row[14]),
    )


@lru_cache(maxsize=1024)
def _schedule(frequency: Frequency, at: str, weekday: int, zone: str) -> Schedule:
    return Schedule(frequency=frequency, at=time.fromisoformat(at), weekday=weekday, zone=zone)
