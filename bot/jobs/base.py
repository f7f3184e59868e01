"""What a job is to whoever does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``key``: whose turn it is. ``worker``: the number of who does it, known to all while it lives.

    ``attempts``: how often it failed, or its worker died, before.
    """

    id: int
    kind: str
    key: str
    worker: int
    attempts: int = 0


class Handler(Protocol):
    """What is done for the jobs of a kind. The row decides what that is: there may be nothing to do."""

    async def prepare(self) -> None:
        """All that takes long and has nothing to do with any one job."""
        ...

    async def do(self, job: Job) -> None:
        """Do it. ``StoreError``: the database failed, it is done again; any other error is a fault of ours."""
        ...

    async def give_up(self, job: Job, reason: str) -> tuple[str, str]:
        """Tell the row that it is given up, so that nothing enqueues it again.

        The row, such as "entry 7", and the same in words.
        """
        ...
