"""The bookkeeping protocol: settings, inbox, outbox, button tokens. Same database as the facts.

Moments are aware. A failure of the database is a ``StoreError``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.model import Address, ChatSettings, Incoming, Outgoing, Platform, Reply


class Books(Protocol):
    async def settings(self, chat: str) -> ChatSettings: ...

    async def change_settings(self, chat: str, settings: ChatSettings) -> None: ...

    async def receive(
        self, platform: Platform, key: str, payload: Mapping[str, Any], *, at: datetime
    ) -> Incoming | None:
        """Write an update down before it is acknowledged; ``None`` when that key was received before."""
        ...

    async def unanswered(self) -> list[Incoming]:
        """What was received and is not done, oldest first: after a crash these are answered."""
        ...

    async def answer(self, incoming_id: int, messages: Sequence[tuple[Address, Reply]], *, at: datetime) -> list[int]:
        """Mark an update done together with the outbox rows of its answer, in one transaction; the rows' ids."""
        ...

    async def claim(self, *, now: datetime, lease_seconds: float, limit: int = 20) -> list[Outgoing]:
        """Take pending rows that are due (and "sending" rows whose lease ran out), oldest first per chat."""
        ...

    async def part_sent(self, outgoing_id: int, message_id: str) -> None: ...

    async def sent(self, outgoing_id: int, *, at: datetime) -> None: ...

    async def retry(self, outgoing_id: int, *, not_before: datetime, reason: str) -> None: ...

    async def failed(self, outgoing_id: int, reason: str, *, at: datetime) -> None: ...

    async def keep_command(self, command: str, *, chat: str, user: str, at: datetime) -> str:
        """A short token for a button's command too long for the platform, bound to that chat and user."""
        ...

    async def kept_command(self, token: str, *, chat: str, user: str) -> str | None: ...

    async def queue(self) -> Mapping[str, int]:
        """Outbox rows by state."""
        ...
