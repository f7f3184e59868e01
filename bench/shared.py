"""The same commands on SQLite and on PostgreSQL at a million facts: CPU of the asking process and of the server.

The made-up facts of ``bench.latency`` are copied once by ``onrecord migrate`` into a server that stays in
``build/bench/pg``. What a backend used is read from the kernel in nanoseconds (/proc/PID/schedstat).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from rich.console import Console

from bench.latency import NOW, ROUNDS, SIZES, cut, database
from bench.postgres import Server
from bench.scoring import ROOT
from bench.store import World
from bot import router
from bot.app.databases import open_database
from bot.app.reach import Reach
from bot.app.services import Adding, on
from bot.chat.console import ORIGIN
from bot.cli.moving import open_source, open_target
from bot.commands.spec import Services
from bot.config import Settings
from bot.render import Renderer
from digests.store.moving.move import move
from digests.store.sql import SqlStore

OWED_P99 = 25.0
"""Milliseconds of CPU for /who at a million facts, on both sides together."""
WARM = 20
Spent = Callable[[], float]
"""CPU milliseconds so far."""


def run(console: Console) -> bool:
    """Print a line for each command; False where what is owed is missed."""
    path = database(max(SIZES))
    with server(ROOT / "build" / "bench" / "pg") as running:
        url = copied(path, running)
        alone = asyncio.run(measured(f"sqlite:///{path}", None))
        shared = asyncio.run(measured(url, running))
    good = True
    for name, (ours, theirs) in shared.items():
        both = [one + other for one, other in zip(ours, theirs, strict=True)]
        file, _ = alone[name]
        owed = not name.startswith("/who") or cut(both, 99) <= OWED_P99
        good = good and owed
        console.print(
            f"PostgreSQL: {name:15} at {max(SIZES):,} facts: p50 {cut(both, 50):.2f} ms, p99 {cut(both, 99):.2f} ms CPU"
            f" (of it the server p50 {cut(theirs, 50):.2f} ms, p99 {cut(theirs, 99):.2f} ms);"
            f" SQLite p50 {cut(file, 50):.2f} ms, p99 {cut(file, 99):.2f} ms"
            + (f" [{'green' if owed else 'red'}](owed p99 <= {OWED_P99:g} ms)" if name.startswith("/who") else "")
        )
    return good


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A server that keeps what is in it for the next time."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Server(folder)
    try:
        yield made
    finally:
        made.close()


def copied(path: Path, running: Server) -> str:
    """The URL of the database with what the file holds, copied if it is not there."""
    name = path.stem.replace("-", "_")
    url = running.url(name)
    with psycopg.connect(running.url("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (f"{name}_whole",)).fetchone():
            return url
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    with open_source(f"sqlite:///{path}") as here, open_target(url) as there:
        assert all(each.same for each in move(here, there))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute(f"CREATE DATABASE {name}_whole".encode())  # a mark: the copy was finished
    return url


def questions(world: World) -> dict[str, list[str]]:
    """What is asked, by command; names and words as often as they are met, so common ones often."""
    names = [world.people[world.often(len(world.people))] for _ in range(ROUNDS)]
    words = [world.some_words(1) for _ in range(ROUNDS)]
    several = [world.some_words(3) for _ in range(ROUNDS)]
    return {
        "/who": [f"/who {name.split()[-1]}" for name in names],
        "/who full": [f"/who {name}" for name in names],
        "/deadlines": ["/deadlines", *(f"/deadlines page {page}" for page in range(2, 6))] * (ROUNDS // 5),
        "/about": [f"/about {word}" for word in words],
        "/about several": [f"/about {each}" for each in several],
        "/said about": [f"/said {name} about {word}" for name, word in zip(names, words, strict=True)],
        "/numbers": [f"/numbers {word}" for word in words],
        "/latest": [f"/latest {word}" for word in words],
    }


async def measured(url: str, running: Server | None) -> dict[str, tuple[list[float], list[float]]]:
    """CPU milliseconds of each command: this process's, and the server's."""
    taken: dict[str, tuple[list[float], list[float]]] = {}
    spent = of_backends(url) if running else lambda: 0.0
    opened = await open_database(url)
    try:
        services = on(opened, Adding(SqlStore(opened), Reach(Settings())))
        renderer = Renderer()
        for name, asked in questions(World()).items():
            ours: list[float] = []
            theirs: list[float] = []
            for question in asked[:WARM] + asked:
                before, begun = spent(), time.process_time()
                await _ask(question, services, renderer)
                ours.append(1000 * (time.process_time() - begun))
                theirs.append(spent() - before)
            taken[name] = ours[WARM:], theirs[WARM:]
    finally:
        await opened.close()
    return taken


async def _ask(question: str, services: Services, renderer: Renderer) -> None:
    reply = await router.answer(question, ORIGIN, services=services, now=NOW)
    assert reply.template != "apology", question
    renderer.render(reply, "telegram")


def of_backends(url: str) -> Spent:
    """What the server has used for a database's connections so far; one that is new counts from its start."""
    looking = psycopg.connect(url, autocommit=True)
    whose = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )

    def spent() -> float:
        pids = [row[0] for row in looking.execute(whose).fetchall()]
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e6

    return spent
