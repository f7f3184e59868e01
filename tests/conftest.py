"""Shared fixtures: sockets other than loopback are refused, ../shared is found or skipped with a reason."""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from postgres_server import Server
    from readers import Readers

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = ("127.", "::1", "localhost")


def pytest_collection(session: pytest.Session) -> None:
    """Before any module draws a reply: templates are compiled once a process.

    Whatever is collected stays to the end: looking through all of it for garbage, again and again, would find none.
    """
    gc.disable()
    from compiled import Compiled

    from bot import render

    compiled, environment = Compiled(), render.environment
    patch = pytest.MonkeyPatch()
    patch.setattr(render, "environment", lambda folder: compiled.given_to(environment(folder)))
    session.config.add_cleanup(patch.undo)


def pytest_collection_finish() -> None:
    """From here on garbage is collected, among what tests make."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """``no_cover`` in xdist's workers, too: there pytest-cov holds two collectors, and stopping one wakes the other."""
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    counting = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(counting)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session", autouse=True)
def _migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new SQLite database is a copy of one that was migrated for the first test that asked for such a one."""
    from migrated import Templates

    from digests.store.sqlite import database

    with pytest.MonkeyPatch.context() as patch:
        templates = Templates(tmp_path_factory.mktemp("migrated"), database.prepare)
        patch.setattr(database, "prepare", templates.prepare)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every HTTP client reads the authorities that the world trusts; here, where none is met, one of them is enough."""
    import certifi

    end = "-----END CERTIFICATE-----\n"
    first = certifi.contents().partition(end)[0] + end
    path = tmp_path_factory.mktemp("authority") / "one.pem"
    path.write_text(first, encoding="ascii", errors="ignore")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(path))
        yield


@pytest.fixture(scope="session")
def readers() -> Iterator[Readers]:
    """Processes that read articles, warm for as long as tests run."""
    from readers import Readers

    kept = Readers()
    yield kept
    kept.close()


@pytest.fixture
def warm_readers(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever reads articles in processes of its own reads them in those of earlier tests."""
    from digests.extract import worker
    from digests.sources import parsing

    monkeypatch.setattr(worker, "ProcessPoolExecutor", readers.pool)
    monkeypatch.setattr(parsing, "Child", readers.child)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared gold and bench data; tests that need it skip without it."""
    folder = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared"))
    if not (folder / "gold" / "seed").is_dir():
        pytest.skip(f"no shared data at {folder}: set ONRECORD_SHARED to the folder that holds gold/seed")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real PostgreSQL, started with the first test that asks for one."""
    from postgres_server import Server

    from bot.books.postgres_tables import BOOKS
    from bot.jobs.schema import JOBS, PROCRASTINATE
    from digests.store.postgres.tables import FACTS

    server = Server([FACTS, BOOKS, PROCRASTINATE, JOBS])
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """A database of the test's own, with all tables and nothing in them."""
    url = postgres_server.lend()
    yield url
    postgres_server.give_back(url)
