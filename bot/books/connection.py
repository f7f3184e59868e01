"""What the row functions of every part of the bookkeeping share: the connection they are given, and moments as text."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from digests.store.connection import Connection

Rows = Connection
"""What row functions are given: one transaction's way to the database."""


def moment_text(at: datetime) -> str:
    """UTC with microseconds: text that sorts as the moments do."""
    return _text(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=1024)
def _text(at: datetime) -> str:
    """Of a moment in UTC: elsewhere two moments an hour apart may be equal, where a clock is put back."""
    return at.isoformat(timespec="microseconds")
