"""The jobs of the news side: sources that are due are looked at, entries that wait and what was handed in are read."""

from __future__ import annotations

import asyncio

from bot.jobs.base import Job
from bot.jobs.submitted import WORD, Submitted
from digests.ingest.turns import Desk, leave_entry, leave_source, look_at, read_entry


class Fetching:
    """Keys are numbers of sources."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._begun: set[int] = set()

    async def prepare(self) -> None:
        """Nothing."""

    async def do(self, job: Job) -> None:
        """Begun anew, because a worker died at it or the database failed in between, the source is taken already."""
        again = job.attempts > 0 or job.id in self._begun
        self._begun.add(job.id)
        await look_at(int(job.key), self._desk, again=again)
        self._begun.discard(job.id)

    async def give_up(self, job: Job, reason: str) -> tuple[str, str]:
        return f"source {job.key}", await leave_source(int(job.key), self._desk, reason=reason)


class Extracting:
    """Keys are "entry" and its number, or what ``Submitted`` knows."""

    def __init__(self, desk: Desk, submitted: Submitted) -> None:
        self._desk = desk
        self._submitted = submitted

    async def prepare(self) -> None:
        """Let each process load its model."""
        worker = self._desk.ingest.worker
        await asyncio.gather(*(worker.warm() for _ in range(worker.processes)))

    async def do(self, job: Job) -> None:
        if job.key.startswith(WORD):
            await self._submitted.do(job)
        else:
            await read_entry(_number(job), self._desk)

    async def give_up(self, job: Job, reason: str) -> tuple[str, str]:
        if job.key.startswith(WORD):
            return await self._submitted.give_up(job, reason)
        return job.key, await leave_entry(_number(job), self._desk, reason=reason)


def _number(job: Job) -> int:
    return int(job.key.rpartition(" ")[2])
