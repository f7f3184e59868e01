"""The databases that the contract suites run on: SQLite's file, and a database of a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from databases import postgres, sqlite

from digests.store.sql import SqlStore

if TYPE_CHECKING:
    from digests.store.database import Database


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with all tables, of each kind."""
    if request.param == "sqlite":
        async with await sqlite(tmp_path / "kept.db") as file:
            yield file
    else:
        async with await postgres(request.getfixturevalue("postgres_url")) as server:
            yield server


@pytest.fixture
def store(database: Database) -> SqlStore:
    """The facts' store on each kind of database."""
    return SqlStore(database)
