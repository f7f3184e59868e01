"""Reading what strangers wrote, in processes that can be killed: the only way in for feeds, pages and files.

``Parser`` keeps a few children warm, replaces those that die or have worked long, and turns a limit that was reached
into an ``UnreadableArticle`` that says so: the run goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TypeVar

from digests.errors import OnrecordError, UnreadableArticle
from digests.model import Article
from digests.sources.child import Answer, Child, Limits
from digests.sources.feed import Feed, read_feed
from digests.sources.file import read_bytes

T = TypeVar("T")
MOST_TASKS = 400
"""Parsers keep some memory for ever: after so many tasks a child makes room for a new one."""


class Parser:
    """``processes`` children at most, started when they are needed; close it."""

    def __init__(self, *, processes: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="parsing")
        self._turns = asyncio.Semaphore(processes)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closed = False

    async def read_article(
        self, data: bytes, *, name: str = "", published: str | None = None, url: str = "", charset: str = ""
    ) -> Article:
        """``digests.sources.file.read_bytes``, and it raises what that raises."""
        return await self.run(read_bytes_in_child, data, name, published, url, charset, shown=name)

    async def read_feed(self, data: bytes, url: str, today: date, charset: str = "") -> Feed:
        """``digests.sources.feed.read_feed``, and it raises what that raises."""
        return await self.run(read_feed, data, url, today, charset, shown=url)

    async def run(self, work: Callable[..., T], *args: object, shown: str = "") -> T:
        """``work(*args)`` in a child: a function of a module, with values that can be pickled.

        Raises ``UnreadableArticle`` when it takes more than the limits or is more than a parser can bear, and what the
        work raises on purpose. A child that had worked before and runs out of memory gets a fresh one's second look.
        """
        async with self._turns:
            answer, worn = await self._asked(work, args)
            if worn and answer.outcome in ("memory", "died") and not self._closed:
                answer, _ = await self._asked(work, args)
        if answer.outcome == "done":
            return answer.value  # type: ignore[return-value]  # what the work returned, after its trip through a pipe
        if isinstance(answer.value, OnrecordError):
            raise answer.value
        raise UnreadableArticle(f"{shown or 'this input'} {self._why(answer)}: give the article's words as plain text")

    async def _asked(self, work: Callable[..., object], args: tuple[object, ...]) -> tuple[Answer, bool]:
        """The answer, and whether the child had worked before."""
        loop = asyncio.get_running_loop()
        child = self._idle.pop() if self._idle else await loop.run_in_executor(self._threads, Child, self.limits)
        worn = child.tasks > 0
        self._busy.add(child)
        try:
            answer = await loop.run_in_executor(self._threads, child.ask, work, args)
        except BaseException:
            child.kill()  # cancelled: nobody waits for it any more
            raise
        finally:
            self._busy.discard(child)
        if child.alive and child.tasks < MOST_TASKS:
            self._idle.append(child)
        elif child.alive:
            await loop.run_in_executor(self._threads, child.close)
        return answer, worn

    def _why(self, answer: Answer) -> str:
        match answer.outcome:
            case "cpu":
                return f"takes more than {self.limits.cpu_seconds:g} s of computing to read"
            case "memory" | "died":
                return f"takes more than {self.limits.memory // 2**20} MB of memory to read"
            case "late":
                return f"was not read within {self.limits.wall_seconds:g} s"
        return f"is more than its parser can bear ({answer.value})"

    async def close(self) -> None:
        """End the children; what is under way is dropped."""
        self._closed = True
        for child in self._busy:
            child.kill()
        idle, self._idle = self._idle, []
        await asyncio.to_thread(_ended, idle)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Parser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _ended(children: list[Child]) -> None:
    for child in children:
        child.close()


def read_bytes_in_child(data: bytes, name: str, published: str | None, url: str, charset: str) -> Article:
    """``read_bytes`` with its arguments in a row, as a child is given them."""
    return read_bytes(data, name=name, published=published, url=url, charset=charset)
