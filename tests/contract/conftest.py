"""The databases that the contract suites run on: SQLite's file, and a database of a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from databases import database as database

from digests.store.sql import SqlStore

if TYPE_CHECKING:
    from digests.store.database import Database


@pytest.fixture
def store(database: Database) -> SqlStore:
    """The facts' store on each kind of database."""
    return SqlStore(database)
