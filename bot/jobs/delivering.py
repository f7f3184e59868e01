"""The jobs of the chats: what is due to one is delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.jobs.base import Job


class Delivers(Protocol):
    """A platform's way out, a chat at a time (``bot.outbox.chats.Chats``)."""

    async def deliver(self, chat: str, *, worker: int) -> None: ...

    async def give_up(self, chat: str, reason: str) -> tuple[str, str]: ...


class Delivering:
    """Keys are names of chats; what stands before the colon is the platform."""

    def __init__(self, platforms: Mapping[str, Delivers]) -> None:
        self._platforms = platforms

    async def prepare(self) -> None:
        """Nothing."""

    async def do(self, job: Job) -> None:
        await self._of(job).deliver(job.key, worker=job.worker)

    async def give_up(self, job: Job, reason: str) -> tuple[str, str]:
        return await self._of(job).give_up(job.key, reason)

    def _of(self, job: Job) -> Delivers:
        return self._platforms[job.key.partition(":")[0]]
