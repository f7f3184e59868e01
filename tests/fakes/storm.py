"""Faults by the dice: who is killed, stopped or restarted when; and an audit of all that is left in the end."""

from __future__ import annotations

import asyncio
import json
import time as clocks
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg
from databases import wrong_heads
from fakes.herd import Herd, One
from fakes.slack_server import FakeSlack
from fakes.telegram_server import FakeTelegram
from postgres_server import Server

from bot.books.subscriptions import SqlSubscriptions
from digests.edition.model import Schedule, Subscription, Wanted
from digests.store.database import Database

LATER = "telegram:99"
"""A chat whose digests are due when all is over: by a clock that is ahead they are due before."""
PLATFORMS = 2
"""A process sends on so many, and may have one message on its way on each."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many faults of which kinds, and seconds: between two, for which somebody stands still or is away."""

    faults: int
    restarts: Sequence[int]
    """Before which of the faults PostgreSQL is restarted."""
    pause: tuple[float, float]
    still: tuple[float, float]
    still_long: tuple[float, float]
    away: tuple[float, float]
    server_away: tuple[float, float]
    silent: float


@dataclass
class Storm:
    """``run`` it beside the work."""

    plan: Plan
    rng: Random
    herd: Herd
    server: Server
    restarts: int = 0
    told: list[str] = field(default_factory=list)
    _began: float = field(default_factory=clocks.monotonic)

    async def run(self) -> None:
        """All faults; when it ends everybody is up again."""
        going = set[asyncio.Task[None]]()
        for number in range(self.plan.faults):
            if number in self.plan.restarts:
                await self._restart()
            await asyncio.sleep(self.rng.uniform(*self.plan.pause))
            standing = [one for one in self.herd.all if one.pid and not one.stopped and one.name not in self._busy]
            if standing:
                one = self.rng.choice(standing)
                self._busy.add(one.name)
                going.add(asyncio.create_task(self._fault(one)))
        await asyncio.gather(*going)

    _busy: set[str] = field(default_factory=set)

    async def _fault(self, one: One) -> None:
        plan = self.plan
        try:
            match self.rng.choice(("kill", "kill", "still", "still long")):
                case "kill":
                    self._say(f"kill -9 {one.name}")
                    await self.herd.kill(one, away=self.rng.uniform(*plan.away))
                case "still":
                    seconds = self.rng.uniform(*plan.still)
                    self._say(f"stop {one.name} for {seconds:.1f} s")
                    await self.herd.stop(one, seconds=seconds, silent=plan.silent)
                case _:
                    seconds = self.rng.uniform(*plan.still_long)
                    self._say(f"stop {one.name} for {seconds:.1f} s, longer than {plan.silent:.0f}")
                    await self.herd.stop(one, seconds=seconds, silent=plan.silent)
        finally:
            self._busy.discard(one.name)

    async def _restart(self) -> None:
        away = self.rng.uniform(*self.plan.server_away)
        self._say(f"PostgreSQL is cut off for {away:.1f} s")
        self.restarts += 1
        await asyncio.to_thread(self.server.crash)
        await asyncio.sleep(away)
        await asyncio.to_thread(self.server.start)
        self._say("PostgreSQL is back")

    def _say(self, what: str) -> None:
        self.told.append(f"{clocks.monotonic() - self._began:7.1f} {what}")


async def order_digests(database: Database, chats: Sequence[str], *, at: Sequence[datetime]) -> None:
    """A digest a day for each chat, due at these moments in turn (whole minutes); every fifth chat ordered another."""
    books = SqlSubscriptions(database)
    number = 0
    for place, chat in enumerate(chats):
        for wanted in (Wanted(), Wanted(words=("harbour",)))[: 2 if place % 5 == 0 else 1]:
            moment = at[number % len(at)]
            number += 1
            schedule = Schedule(frequency="daily", at=moment.astimezone(UTC).time(), zone="UTC")
            before = moment - timedelta(hours=1)
            ordered = Subscription(chat=chat, user=chat, schedule=schedule, wanted=wanted, created_at=before)
            await books.subscribe(ordered, due_at=moment, told_upto=0)


_DUE = f"""SELECT count(*) FROM digest_slots s JOIN subscriptions u ON u.id = s.subscription_id
    WHERE u.chat <> '{LATER}'"""
OPEN = f"""SELECT
    (SELECT count(*) FROM source_entries WHERE state = 'done') AS read,
    (SELECT count(*) FROM source_entries WHERE state <> 'done') AS unread,
    ({_DUE}) AS slots,
    (SELECT count(*) FROM outbox WHERE state = 'sent') AS sent,
    (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')) AS unsent,
    (SELECT count(*) FROM inbox WHERE done_at IS NULL) AS unanswered,
    (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')) AS jobs"""


def standing(url: str) -> dict[str, int]:
    """What is done and what is not; empty while the database is away."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(OPEN)
            row = cursor.fetchone()
            assert row is not None
            assert cursor.description is not None
            return {column.name: value for column, value in zip(cursor.description, row, strict=True)}
    except psycopg.OperationalError:
        return {}


async def until_done(url: str, *, articles: int, slots: int, seconds: float, tell: float = 0.0) -> dict[str, int]:
    """Wait until nothing is open; how it stands then, or when the time is up. ``tell``: print it that often."""
    ends, next_word = clocks.monotonic() + seconds, clocks.monotonic() + tell
    while True:
        found = await asyncio.to_thread(standing, url)
        left = ("unread", "unsent", "unanswered", "jobs")
        if found and found["read"] >= articles and found["slots"] >= slots and not any(found[each] for each in left):
            return found
        if clocks.monotonic() > ends:
            return found
        if tell and clocks.monotonic() > next_word:
            next_word += tell
            print(datetime.now(UTC).time().isoformat("seconds"), found, flush=True)
        await asyncio.sleep(0.3)


@dataclass
class Arrivals:
    """What the fakes accepted, in its order: by chat, the platform's name of each message and what it says."""

    by_chat: dict[str, list[tuple[str, str]]]

    @classmethod
    def at(cls, telegram: FakeTelegram, slack: FakeSlack) -> Arrivals:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for each in telegram.sent:
            found[f"telegram:{each['chat_id']}"].append((str(each["message_id"]), each["text"]))
        for ts, (_, data) in slack.timestamps.items():
            found[f"slack:{data['channel']}"].append((ts, json.dumps([data.get("text"), data.get("blocks")])))
        return cls(found)


@dataclass
class Audit:
    """``wrong``: a line for each thing that must not be."""

    wrong: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    def same(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.wrong.append(f"{what}: {found!r} instead of {wanted!r}")


NEWS = {
    "articles": "SELECT count(*) FROM articles",
    "pages": "SELECT count(DISTINCT canonical_url) FROM articles",
    "entries with an article": "SELECT count(DISTINCT article_id) FROM source_entries WHERE state = 'done'",
    "changes": "SELECT count(*) FROM changes WHERE kind = 'new'",
    "articles with a change": "SELECT count(DISTINCT article_id) FROM changes WHERE kind = 'new'",
    "articles in a story": "SELECT count(*) FROM story_articles",
    "articles counted": "SELECT value FROM counters WHERE name = 'articles'",
    "articles of the stories": "SELECT sum(articles) FROM stories WHERE merged_into IS NULL",
}
"""Each as large as there are articles."""
NONE = {
    "articles with other facts than the rest": """SELECT count(*) FROM (SELECT a.id FROM articles a LEFT JOIN facts f
        ON f.article_id = a.id GROUP BY a.id HAVING count(f.id) < 2) AS few""",
    "facts twice": """SELECT count(*) FROM (SELECT 1 FROM facts
        GROUP BY article_id, version, kind, quote_start, quote_end, summary, detail HAVING count(*) > 1) AS twice""",
    "facts counted wrongly": """SELECT count(*) FROM (SELECT kind, count(*) AS many FROM facts
        WHERE status = 'standing' GROUP BY kind) AS f FULL JOIN counters c ON c.name = 'fact ' || f.kind
        WHERE f.many IS DISTINCT FROM c.value AND (f.kind IS NOT NULL OR c.name LIKE 'fact %')""",
    "articles twice in a story": "SELECT count(*) - count(DISTINCT article_id) FROM story_articles",
    "questions given up": "SELECT count(*) FROM inbox WHERE reason <> ''",
    "messages failed": "SELECT count(*) FROM outbox WHERE state = 'failed'",
    "jobs parked": "SELECT count(*) FROM parked_jobs",
    "slots without a digest": "SELECT count(*) FROM digest_slots WHERE state <> 'queued' OR outgoing_id IS NULL",
    "digests before their time": "SELECT count(*) FROM digest_slots WHERE at::timestamptz > clock_timestamp()",
    "questions answered twice": """SELECT count(*) FROM (SELECT 1 FROM outbox WHERE incoming_id IS NOT NULL
        GROUP BY incoming_id HAVING count(*) > 1) AS twice""",
}


async def audited(
    url: str,
    database: Database,
    arrived: Arrivals,
    *,
    articles: int,
    slots: int,
    asked: Mapping[str, Sequence[str]],
) -> Audit:
    """Count everything."""
    audit = Audit()
    with psycopg.connect(url, autocommit=True) as connection:

        def one(statement: str) -> int:
            row = connection.execute(statement.encode()).fetchone()
            assert row is not None
            return int(row[0] or 0)

        for what, statement in NEWS.items():
            audit.same(what, one(statement), articles)
        for what, statement in NONE.items():
            audit.same(what, one(statement), 0)
        audit.same("slots", one(_DUE), slots)
        audit.same("digests", one(_DUE.replace("count(*)", "count(DISTINCT s.outgoing_id)")), slots)
        audit.same("questions", one("SELECT count(*) FROM inbox"), sum(map(len, asked.values())))
        audit.figures["facts"] = one("SELECT count(*) FROM facts")
        audit.figures["doubts"] = one("SELECT coalesce(sum(doubts), 0) FROM outbox")
        rows = connection.execute(
            "SELECT o.id, o.chat, o.state, o.priority, o.message_ids, o.doubts FROM outbox o ORDER BY o.id"
        ).fetchall()
    audit.same("wrong heads", await wrong_heads(database), [])
    _messages(audit, rows, arrived)
    _answers(audit, arrived, asked)
    return audit


def _messages(audit: Audit, rows: Sequence[tuple], arrived: Arrivals) -> None:
    """Each row's parts arrived, in their order; what else arrived is the double of a row that was in doubt."""
    by_chat: dict[str, list[tuple]] = defaultdict(list)
    for row in rows:
        audit.same(f"state of row {row[0]}", row[2], "sent")
        by_chat[row[1]].append(row)
    audit.same("chats that something was sent to", set(arrived.by_chat), set(by_chat))
    twice = 0
    for chat, of_chat in by_chat.items():
        texts = dict(arrived.by_chat.get(chat, ()))
        written = {name: row for row in of_chat for name in json.loads(row[4])}
        audit.same(f"messages of {chat} that never came", set(written) - set(texts), set())
        doubtful = {texts.get(name) for name, row in written.items() if row[5]}
        extra = [text for name, text in texts.items() if name not in written]
        twice += len(extra)
        strange = Counter(extra) - Counter({text: sum(row[5] for row in of_chat) for text in doubtful})
        if strange:
            audit.wrong.append(f"{chat} was sent more than was in doubt: {list(strange)}")
        for priority in {row[3] for row in of_chat}:
            wanted = [texts.get(name) for row in of_chat if row[3] == priority for name in json.loads(row[4])]
            got = [text for text in dict.fromkeys(texts.values()) if text in set(wanted)]
            audit.same(f"order in {chat}", got, list(dict.fromkeys(wanted)))
    audit.figures["messages"] = sum(map(len, arrived.by_chat.values()))
    audit.figures["came twice"] = twice


def _answers(audit: Audit, arrived: Arrivals, asked: Mapping[str, Sequence[str]]) -> None:
    """Every question of a chat was answered, in the order in which they were asked."""
    for chat, words in asked.items():
        texts = [text for _, text in arrived.by_chat.get(chat, ())]
        first = [next((at for at, text in enumerate(texts) if each in text), -1) for each in words]
        if -1 in first:
            audit.wrong.append(
                f"{chat}: not answered: {[each for each, at in zip(words, first, strict=True) if at < 0]}"
            )
        audit.same(f"order of the answers in {chat}", first, sorted(first))
