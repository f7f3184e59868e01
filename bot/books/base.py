"""The bookkeeping protocol: settings, inbox, outbox, button tokens. Same database as the facts.

Moments are aware. A failure of the database is a ``StoreError``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.model import Address, ChatSettings, Incoming, Platform, Reply, Trouble


class Books(Protocol):
    async def settings(self, chat: str) -> ChatSettings: ...

    async def settings_of(self, chats: Collection[str]) -> dict[str, ChatSettings]:
        """The settings of each of the chats, read at once."""
        ...

    async def change_settings(self, chat: str, settings: ChatSettings) -> None: ...

    async def receive(
        self,
        platform: Platform,
        key: str,
        payload: Mapping[str, Any],
        *,
        at: datetime,
        owner: str = "",
        line: str = "",
    ) -> Incoming | None:
        """Write an update down before it is acknowledged; ``None`` when that key was received before.

        ``owner``: the process that answers it; ``line``: what is answered in the order in which it came.
        """
        ...

    async def is_behind(self, incoming_id: int) -> bool:
        """Whether something that came before it in its line is not answered yet."""
        ...

    async def waiting(self) -> tuple[int, datetime | None]:
        """How many updates are not answered yet, and when the oldest of them came."""
        ...

    async def owners(self) -> list[str]:
        """The processes that were to answer what is not answered."""
        ...

    async def adopt(self, owner: str, *, by: str, platform: Platform) -> list[Incoming]:
        """Let ``by`` answer what ``owner`` left unanswered, oldest first; what another has adopted is not among it."""
        ...

    async def unanswered(self, owner: str | None = None) -> list[Incoming]:
        """What was received and is not done, oldest first: after a crash these are answered. ``owner``: its own."""
        ...

    async def answer(self, incoming_id: int, messages: Sequence[tuple[Address, Reply]], *, at: datetime) -> list[int]:
        """Mark an update done together with the outbox rows of its answer, in one transaction; the rows' ids.

        An update that is done already gets no second answer: nothing is queued, and the list is empty.
        """
        ...

    async def begin(self, incoming_id: int) -> int:
        """Count one more start of answering an update, before the work; the starts so far. ``receive`` is the first."""
        ...

    async def give_back(self, incoming_ids: Sequence[int]) -> None:
        """Take back one start each: the work was put off in good order, it did not fail."""
        ...

    async def park(
        self, incoming_id: int, reason: str, messages: Sequence[tuple[Address, Reply]], *, at: datetime
    ) -> list[int]:
        """Give an update up: done like an answered one, with a reason that stays to be seen."""
        ...

    async def move_chat(self, old: str, new: str) -> None:
        """A chat has a new name (a Telegram group became a supergroup): all that is the chat's goes along."""
        ...

    async def sent_reply(self, chat: str, message_id: str) -> Reply | None:
        """What a message of ours said: to know what somebody replies to."""
        ...

    async def keep_command(self, command: str, *, chat: str, user: str, at: datetime) -> str:
        """A short token for a button's command too long for the platform, bound to that chat and user."""
        ...

    async def kept_command(self, token: str, *, chat: str, user: str) -> str | None: ...

    async def queue(self) -> Mapping[str, int]:
        """Outbox rows by state; updates that were given up as ``parked``, chats that nothing reaches as ``paused``."""
        ...

    async def troubles(self, *, limit: int = 10) -> list[Trouble]:
        """What was not delivered or given up, newest first; not of chats that something was delivered to since."""
        ...

    async def tidy(self, *, before: datetime, audit_before: datetime | None = None) -> None:
        """Forget what was done, sent, failed or kept before that moment; of the audit log what is older than its own.

        ``None``: the audit log is kept for ever.
        """
        ...
