"""From router to rendered reply at ten thousand and a million facts, while a writer adds 200 a second.

CPU milliseconds of the asking process, beside those of the very SQL statements that it ran, sent raw to SQLite.
The databases are made once and kept under ``build/bench`` until the schema changes.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from bench.scoring import ROOT
from bench.store import DAYS, FACTS_AN_ARTICLE, FIRST_DAY, World, fill, made_up
from bot import router
from bot.app.reach import Reach
from bot.app.services import Adding, on
from bot.books.sql import MIGRATIONS
from bot.chat.console import ORIGIN
from bot.commands.spec import Services
from bot.config import Settings
from bot.render import Renderer
from digests.edition.digest import compose_days
from digests.edition.model import Wanted
from digests.model import Article, FactQuery, Part
from digests.store.migrations import FACTS
from digests.store.people import find_people
from digests.store.queries import fact_sql
from digests.store.saving import save
from digests.store.search import Fts5
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.store.sqlite.opening import connect, prepare

if TYPE_CHECKING:
    from sqlite3 import Connection

SIZES = (10_000, 1_000_000)
ROUNDS = 400
FACTS_A_SECOND = 200
DIGESTS = 20
OWED_P99, OWED_FACTOR, OWED_P50 = 10.0, 5.0, 2.0
TODAY = FIRST_DAY + timedelta(days=DAYS - 30)
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


def run(console: Console) -> bool:
    """Print a line for each command and size; False where what is owed at a million facts is missed."""
    good = True
    for size in SIZES:
        path = database(size)
        with subprocess.Popen([sys.executable, "-m", "bench.latency", str(path)], cwd=ROOT) as writer:
            try:
                taken = asyncio.run(measured(path))
            finally:
                writer.kill()
        for name, (whole, raw) in taken.items():
            p50, p99, raw50, raw99 = cut(whole, 50), cut(whole, 99), cut(raw, 50), cut(raw, 99)
            owed = p99 <= OWED_P99 and p50 <= max(OWED_FACTOR * raw50, OWED_P50)
            good = good and (owed or size < max(SIZES))
            console.print(
                f"Latency: {name:10} at {size:>9,} facts: p50 {p50:.2f} ms, p99 {p99:.2f} ms CPU;"
                f" its SQL raw p50 {raw50:.2f} ms, p99 {raw99:.2f} ms; {p50 / max(raw50, 1e-9):.1f}x"
                f" [{'green' if owed else 'red'}](owed p99 <= {OWED_P99:g} ms, p50 <= {OWED_FACTOR:g}x or"
                f" {OWED_P50:g} ms)"
            )
        spent, articles = asyncio.run(digested(path))
        console.print(
            f"Latency: digest of a day at {size:>9,} facts: p50 {cut(spent, 50):.0f} ms CPU, {articles:.0f} articles"
        )
    return good


def cut(taken: list[float], percent: int) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[percent - 1]


def database(size: int) -> Path:
    """A database of so many made-up facts, made if it is not there for this schema."""
    made_of = [ROOT / "digests" / "store" / "migrations.py", ROOT / "bench" / "store.py"]
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:10]
    folder = ROOT / "build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"facts-{size}-{mark}.db"
    if not path.exists():
        making = path.with_suffix(".making")
        making.unlink(missing_ok=True)
        fill(making, size)
        making.rename(path)
    return path


async def measured(path: Path) -> dict[str, tuple[list[float], list[float]]]:
    """CPU milliseconds of each command: whole, and its SQL alone."""
    world, renderer = World(), Renderer()
    names = [world.people[world.often(len(world.people))] for _ in range(ROUNDS)]
    asked = {
        "/who": [f"/who {name.split()[-1]}" for name in names],
        "/who full": [f"/who {name}" for name in names],
        "/deadlines": ["/deadlines", *(f"/deadlines page {page}" for page in range(2, 6))] * (ROUNDS // 5),
    }
    taken: dict[str, tuple[list[float], list[float]]] = {}
    async with await SqliteDatabase.open(path, [FACTS, MIGRATIONS]) as opened:
        store = Recorder(SqlStore(opened))
        services = replace(on(opened, Adding(store.store, Reach(Settings()))), store=store)
        plain = connect(path, readonly=True)
        for name, questions in asked.items():
            whole, raw = [], []
            for number, question in enumerate(questions[:20] + questions):
                store.calls.clear()
                spent = await _milliseconds(partial(_reply, question, services, renderer))
                statements = traced(plain, store.calls)
                begun = time.process_time()
                for statement in statements:
                    plain.execute(statement).fetchall()
                if number >= 20:  # the first ones warm caches
                    whole.append(spent)
                    raw.append(1000 * (time.process_time() - begun))
                await asyncio.sleep(0)
            taken[name] = whole, raw
        plain.close()
    return taken


async def digested(path: Path) -> tuple[list[float], float]:
    """CPU milliseconds of the digest of each of some days, and how many articles one has in the middle."""
    spent, articles = [], []
    async with await SqliteDatabase.open(path, [FACTS]) as opened:
        store = SqlStore(opened)
        for back in range(DIGESTS + 1):
            day = TODAY - timedelta(days=20 + back)
            begun = time.process_time()
            made = await compose_days(store, Wanted(), first=day, last=day)
            if back:  # the first one loads what chooses sentences
                spent.append(1000 * (time.process_time() - begun))
                articles.append(made.articles)
    return spent, statistics.median(articles)


async def _reply(question: str, services: Services, renderer: Renderer) -> None:
    reply = await router.answer(question, ORIGIN, services=services, now=NOW)
    assert reply.template != "apology", question
    renderer.render(reply, "telegram")


async def _milliseconds(work: Callable[[], Awaitable[None]]) -> float:
    begun = time.process_time()
    await work()
    return 1000 * (time.process_time() - begun)


class Recorder:
    """A store that remembers what it was asked."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.calls: list[tuple[str, Any]] = []

    async def facts(self, query: FactQuery) -> Any:
        self.calls.append(("facts", query))
        return await self.store.facts(query)

    async def people(self, names: Collection[str]) -> Any:
        self.calls.append(("people", names))
        return await self.store.people(names)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def traced(connection: Connection, calls: list[tuple[str, Any]]) -> list[str]:
    """The SQL statements, with their values, that answer these calls."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    for name, argument in calls:
        if name == "people":
            find_people(connection, argument)
        elif asked := fact_sql(argument, Fts5()):
            connection.execute(*asked).fetchall()
    connection.set_trace_callback(None)
    return [each for each in statements if not each.startswith("--")]


def write_on(path: Path) -> None:
    """Adds ``FACTS_A_SECOND`` facts a second, an article a transaction, until it is killed."""
    connection = prepare(path, [FACTS])
    world, number = World(seed=time.time_ns()), time.time_ns()
    while True:
        begun = time.monotonic()
        text, extraction = made_up(world, number, TODAY)
        article = Article(
            text=text,
            parts=(Part(kind="body", start=0, end=len(text)),),
            content_hash=f"written {number}",
            title=f"Written {number}",
            canonical_url=f"https://example.org/written/{number}",
            published_day=TODAY,
        )
        connection.execute("BEGIN IMMEDIATE")
        save(connection, article, extraction, links={}, keys={})
        connection.execute("COMMIT")
        number += 1
        # a process of its own that only writes: sleeping is how it keeps to its rate
        time.sleep(max(0.0, FACTS_AN_ARTICLE / FACTS_A_SECOND - (time.monotonic() - begun)))


if __name__ == "__main__":
    write_on(Path(sys.argv[1]))
