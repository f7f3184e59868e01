"""What one process of several does at a time, and which of them are alive. (Which holds a name: ``Database.hold``.)

A holder says every second that it is there. On PostgreSQL one that was silent for ``PATIENCE`` seconds, because it is
stopped or cut off, loses what it holds; when it wakes it finds so within a second and ends what it did. On SQLite all
are on one machine, and the kernel knows who is alive.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from digests.errors import StoreError
from digests.store.database import Database

log = logging.getLogger(__name__)

BEAT = 1.0
PATIENCE = 4.0
MOST_PROCESSES = 1000


class Turns(Protocol):
    async def take(self, name: str, /) -> bool:
        """Take a turn, or keep it; ``False`` while another process has it, or has taken it from this one."""
        ...

    async def end(self, name: str, /) -> None:
        """Let another process have it."""
        ...


class HeldTurns:
    """``Turns`` of the processes that use one database."""

    def __init__(self, database: Database, *, patience: float = PATIENCE) -> None:
        self._db = database
        self._patience = patience

    async def take(self, name: str) -> bool:
        return await self._db.hold(name, patience=self._patience)

    async def end(self, name: str) -> None:
        await self._db.let_go(name)


class Alone:
    """``Turns`` of a process that is the only one."""

    async def take(self, _name: str, /) -> bool:
        return True

    async def end(self, _name: str, /) -> None:
        """Nobody waits for it."""


ALONE: Turns = Alone()


async def in_turn(turns: Turns, name: str, work: Callable[[], Awaitable[None]], *, beat: float = BEAT) -> None:
    """Do ``work`` whenever and for as long as the turn is this process's; for ever, or until ``work`` fails or ends."""
    trouble = _Trouble()
    while True:
        if await _mine(turns, name, trouble):
            doing = asyncio.ensure_future(work())
            try:
                while not doing.done() and await _mine(turns, name, trouble):
                    await asyncio.wait([doing], timeout=beat)
                if doing.done():
                    return doing.result()
                log.warning("%s: another process may do this now", name)
            finally:
                doing.cancel()
                await asyncio.wait([doing])
                await turns.end(name)
        await asyncio.sleep(beat)


async def _mine(turns: Turns, name: str, trouble: _Trouble) -> bool:
    """Whether it is this one's turn; with a database that does not answer it is nobody's."""
    try:
        found = await turns.take(name)
    except StoreError as error:
        trouble.tell("%s: whose turn it is is not known (%s)", name, error)
        return False
    trouble.lasts = False
    return found


@dataclass(slots=True)
class _Trouble:
    """A database that is away is asked at every beat: the first time is a warning, until it answers again."""

    lasts: bool = False

    def tell(self, words: str, *about: object) -> None:
        log.log(logging.DEBUG if self.lasts else logging.WARNING, words, *about)
        self.lasts = True


class Replica:
    """This process among those that serve: a number that is free again when it dies, and a word of its own.

    ``begin`` before anything is written down for it; ``run`` as a task.
    """

    def __init__(self, turns: Turns, *, beat: float = BEAT) -> None:
        self._turns = turns
        self._beat = beat
        self._word = secrets.token_hex(4)
        self._number = 0

    @property
    def name(self) -> str:
        """What rows are marked with that are this process's business."""
        return f"{self._number}-{self._word}"

    async def begin(self) -> None:
        """Take the first number that is free. Raises ``StoreError``."""
        for number in range(1, MOST_PROCESSES):
            if await self._turns.take(_turn(str(number))):
                self._number = number
                return
        raise StoreError(f"{MOST_PROCESSES} processes serve this database already")

    async def run(self) -> None:
        """Say all the time that this process is there; whoever lost its number takes another."""
        trouble = _Trouble()
        while True:
            await asyncio.sleep(self._beat)
            try:
                here = await self._turns.take(_turn(str(self._number)))
                trouble.lasts = False
                if here:
                    continue
                log.warning("this process was taken for dead; what it had not answered yet may be another's now")
                await self.begin()
            except StoreError as error:
                trouble.tell("whether this process counts as alive is not known (%s)", error)

    async def is_gone(self, name: str) -> bool:
        """Whether the process of that name is dead, or silent for so long that it counts as dead."""
        number, _, word = name.partition("-")
        if word == self._word:
            return False
        if not number or number == str(self._number):  # nobody's; or of who had this number before
            return True
        free = await self._turns.take(_turn(number))
        await self._turns.end(_turn(number))
        return free


def _turn(number: str) -> str:
    return f"serving-{number}"
