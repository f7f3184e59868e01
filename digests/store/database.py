"""Whichever database everything is kept in: plain functions on a connection, each run in one transaction.

The facts' store and the bot's books share a ``Database``: a function given to ``write`` may use both at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol, TypeVar

from digests.store.connection import Connection
from digests.store.search import Search

T = TypeVar("T")
Subject = Literal["facts", "books", "rows", "inbox"]
"""What a transaction writes, and so who else may write meanwhile.

``facts``, ``books``: the news side's tables or the bot's, as a whole: nobody else. The changes' numbers grow in the
order in which they are kept, so that no reader of them ever misses one that is kept late.
``rows``: rows of the bot's, each statement under a condition of its own, which is looked at again after waiting for
whoever changed the row; any number at once, but none beside ``books``. So an outbox row is claimed by one, and what
goes next to its chat is kept by triggers that lock the chat's own row first.
``inbox``: the same of updates that came in, beside everything: their keys are unique, and nobody decides by them about
anything else.
"""


class Database(Protocol):
    """Failures of the database itself are a ``StoreError`` of one line that says what to do."""

    @property
    def search(self) -> Search:
        """How words are looked up in it."""
        ...

    @property
    def lingers(self) -> float:
        """Seconds for which a process that lost a name may still be at what it had begun; 0 where only death loses."""
        ...

    async def write(self, work: Callable[[Connection], T], *, subject: Subject = "books") -> T:
        """Run ``work`` in one transaction; all of it is kept, or nothing when it raises.

        Nobody else writes on facts or books meanwhile: what ``work`` has read of them is so until it is done.
        """
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on one snapshot of the database; it cannot write."""
        ...

    async def hold(self, name: str, *, patience: float | None = None) -> bool:
        """Be the one process that holds this name; ``False`` while another does. It is let go when this one dies.

        ``patience``: where many machines work, a holder that has not called this for so many seconds loses the name
        to whoever asks next (it may be stopped, or cut off); when it calls again it learns so.
        """
        ...

    async def let_go(self, name: str) -> None:
        """Let another process hold it."""
        ...

    async def close(self) -> None:
        """Finish what is under way, then end every connection."""
        ...
