"""What the row functions of every part of the bookkeeping share: the connection they are given, and moments as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol


class Rows(Protocol):
    """As much of a DB-API connection as is used here."""

    def execute(self, statement: str, parameters: Any = ..., /) -> Any: ...


def moment_text(at: datetime) -> str:
    """UTC with microseconds: text that sorts as the moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
